/* The address holds the view, the layers, what is asked for and what is chosen, so that a link brings all of it back. */
import { switchTo } from "./asked.js";

/** @import { askedOf } from "./asked.js" */
/** @import { viewsOf } from "./views.js" */
/** @import { Feature, Page } from "./types" */

/**
 * @param {Page} page
 * @param {ReturnType<typeof askedOf>} asked
 * @param {ReturnType<typeof viewsOf>} views
 */
export function addressOf(page, asked, views) {
  const { map, layers } = page;
  // Nothing is written before it has been read.
  let reading = true;

  function write() {
    if (reading || !map) {
      return;
    }
    const at = map.getCenter();
    const on = layers.filter((layer) => layer.on).map(({ id }) => id);
    const [left, right] = page.swipe?.chosen() ?? [];
    const parts = {
      at: `${map.getZoom().toFixed(2)}/${at.lat.toFixed(5)}/${at.lng.toFixed(5)}`,
      ...given("view", views.id()),
      on: on.join(","),
      ...given("hide", asked.refused().join(",")),
      ...given("rule", asked.rule()),
      ...given("line", asked.topic()),
      ...given("borderline", asked.borderline() && "yes"),
      ...given("town", asked.town()),
      ...given("table", page.table.layer()?.id),
      ...given("left", left),
      ...given("right", right),
      ...given("see", page.selected && `${page.selected[0].id}.${page.selected[1]}`),
    };
    const written = Object.entries(parts).map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
    history.replaceState(null, "", `#${written.join("&")}`);
  }

  function follow() {
    const hash = location.hash.slice(1);
    const named = namedIn(hash, page);
    const parts = partsOf(named ? "" : hash);
    const view = viewOf(parts.get("at"));
    const on = parts.get("on");
    reading = true;
    views.chooseBy(parts.get("view") ?? hash);
    if (on !== undefined) {
      layers.forEach((layer) => switchTo(layer, on.split(",").includes(layer.id), page));
    }
    asked.set(parts);
    if (map && view) {
      map.jumpTo(view);
    }
    page.table.open(layers.find(({ id, tabled }) => tabled && id === parts.get("table")) ?? tableAtFirst(page));
    const feature = named ?? featureOf(parts.get("see"), page) ?? views.featureAt(hash);
    if (feature) {
      page.fly(feature);
      // The link says from where it was looked at.
      if (map && view) {
        map.jumpTo(view);
      }
    }
    const sides = [parts.get("left"), parts.get("right")].filter((side) => side !== undefined);
    if (sides.length === 2) {
      page.swipe?.open(sides, Boolean(view || feature));
    }
    reading = false;
    write();
  }

  return { write, follow };
}

/**
 * @param {string} key
 * @param {string | false | null | undefined} value
 * @returns {Record<string, string>}
 */
function given(key, value) {
  return value ? { [key]: value } : {};
}

/**
 * Return the parts of an address; what is not written as it should be is left out.
 * @param {string} hash
 */
export function partsOf(hash) {
  /** @type {Map<string, string>} */
  const parts = new Map();
  for (const part of hash.split("&").filter((one) => one.includes("="))) {
    const at = part.indexOf("=");
    try {
      parts.set(part.slice(0, at), decodeURIComponent(part.slice(at + 1)));
    } catch {
      // A link that was cut off in a message still brings back the rest.
    }
  }
  return parts;
}

/**
 * @param {string | undefined} written zoom, latitude and longitude
 * @returns {{ zoom: number, center: [number, number] } | null}
 */
export function viewOf(written) {
  const [zoom, lat, lon] = (written ?? "").split("/").map(Number);
  const sound = written && Number.isFinite(zoom) && Math.abs(lat) <= 85 && Math.abs(lon) <= 180;
  return sound ? { zoom, center: [lon, lat] } : null;
}

/**
 * Return the feature that is all an address says: `#B2` is the project B2.
 * @param {string} hash
 * @param {Page} page
 * @returns {Feature | null}
 */
function namedIn(hash, page) {
  // Names may hold what parts an address: they are looked at first, and whole.
  const [[, name = ""] = []] = partsOf(`name=${hash}`);
  for (const layer of name ? page.layers : []) {
    const row = layer.facts.anchors?.indexOf(name) ?? -1;
    if (row >= 0) {
      return [layer, row];
    }
  }
  return null;
}

/**
 * @param {string | undefined} written
 * @param {Page} page
 * @returns {Feature | null}
 */
function featureOf(written, page) {
  const [, id, row] = /^(.+)\.(\d+)$/.exec(written ?? "") ?? [];
  const layer = page.layers.find((one) => one.id === id);
  return layer && Number(row) < layer.facts.size ? [layer, Number(row)] : null;
}

/**
 * Return the layer whose table is open, or else the first that is worth it: judged or ranked and on, its parts after it,
 * on, any.
 * @param {Page} page
 */
function tableAtFirst({ table }) {
  const on = table.tabled.filter((layer) => layer.on);
  const judged = on.filter((layer) => layer.ranked || layer.categories.some(({ outcome }) => outcome));
  return table.layer() ?? judged.find((layer) => !layer.of) ?? judged[0] ?? on[0] ?? table.tabled[0];
}
