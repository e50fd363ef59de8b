/* The main map of a run: reads what the page holds and puts its parts together. */
import { addressOf } from "./address.js";
import { askedOf } from "./asked.js";
import { cardOf, cardWithoutMap } from "./card.js";
import { byId, drawing, element } from "./dom.js";
import { tablesOf } from "./facts.js";
import { layerOf } from "./forms.js";
import { groundOf } from "./ground.js";
import { firstMap } from "./map.js";
import { paperOf } from "./paper.js";
import { rulerOf } from "./ruler.js";
import { searchIn } from "./search.js";
import { serveTiles } from "./shapes.js";
import { NO_SHARE, shareOf } from "./share.js";
import { sheetOf } from "./sheet.js";
import { swipeOf } from "./swipe.js";
import { tableOf } from "./table.js";
import { addTools } from "./tools.js";
import { treeOf } from "./tree.js";
import { jsonOf } from "./unpack.js";
import { viewsOf } from "./views.js";

/** @import { Layer, MapLibre, Page, Payload, Share } from "./types" */

/** Screens on which the table is folded at first. */
const SMALL = "(max-width: 760px), (max-height: 480px)";

start();

async function start() {
  /** @type {Payload} */
  const data = await jsonOf("payload");
  const tables = tablesOf(await jsonOf("facts-of-layers"));
  const layers = data.layers.map((head, at) => layerOf(head, tables[at], data.view));
  const map = await firstMap(data);
  if (map) {
    // Whoever takes hold of the map wants the map.
    map.on("movestart", (/** @type {{ originalEvent?: Event }} */ { originalEvent }) => {
      if (originalEvent) {
        showMap(map);
      }
    });
  } else {
    byId("told", HTMLElement).textContent = data.words.no_webgl;
    showStill();
    document.documentElement.dataset.ready = "table";
  }
  const page = pageOf(data, layers, map);
  const asked = askedOf(page);
  const views = viewsOf(page, asked);
  const address = addressOf(page, asked, views);
  page.bring = views.bring;
  page.tally = asked.tally;
  page.noted = address.write;
  searchIn(page);
  openPanel(page);
  if (!map) {
    page.card = cardWithoutMap(page);
  }
  const shown = map ? addMapParts(page) : [];
  if (window.matchMedia(SMALL).matches) {
    page.table.unfold(false);
    // The map learns of its new height before a link opens a popup in it.
    map?.resize();
  }
  if (data.first && !location.hash) {
    // A page about one thing opens on it, as a link to it would.
    history.replaceState(null, "", `#see=${encodeURIComponent(data.first)}`);
  }
  address.follow();
  window.addEventListener("hashchange", address.follow);
  // For whoever opens the console.
  window.mainMap = map;
  if (map) {
    map.on("moveend", address.write);
    // A map without layers is idle too.
    await Promise.all(shown);
    map.once("idle", () => {
      sharpen(map);
      map.once("idle", () => {
        hideStill();
        document.documentElement.dataset.ready = "yes";
      });
    });
    map.triggerRepaint();
  }
}

/** @param {MapLibre} map */
function showMap(map) {
  if (!byId("still", HTMLImageElement).hidden) {
    hideStill();
    sharpen(map);
  }
}

function hideStill() {
  byId("still", HTMLImageElement).hidden = true;
}

/**
 * Draw a map with as many dots as the screen has.
 * @param {MapLibre} map
 */
function sharpen(map) {
  map.setPixelRatio(undefined);
}

/** Show the still picture in place of the map, for good. */
function showStill() {
  const picture = byId("still", HTMLImageElement);
  picture.classList.remove("waiting");
  picture.hidden = false;
}

/**
 * Return what the parts ask of one another. Parts that are made later take their places then.
 * @param {Payload} data
 * @param {Layer[]} layers
 * @param {Page["map"]} map
 */
function pageOf(data, layers, map) {
  const titles = new Map(data.rules);
  const later = () => {};
  /** @type {Omit<Page, "tree" | "table">} */
  const parts = {
    data,
    words: data.words,
    layers,
    map,
    first: NO_SHARE,
    swipe: null,
    card: { show: later, close: later },
    hits: null,
    selected: null,
    view: data.views.find(({ id }) => id === data.view),
    bring: later,
    tally: later,
    noted: later,
    laid: later,
    busy: () => false,
    shares: () => /** @type {Share[]} */ ([page.first, page.swipe?.second()].filter(Boolean)),
    seen: (layer, row) =>
      layer.facts.category[row] >= 0 &&
      !layer.hidden.has(layer.facts.category[row]) &&
      (!layer.mask || layer.mask[row] === 1),
    restyle: (layer) => page.shares().forEach((share) => share.restyle(layer)),
    turn: (layer, on) => turn(page, layer, on),
    choose: (feature) => choose(page, feature),
    fly: (feature) => fly(page, feature),
    open: (wanted) => openTo(page, wanted),
    speak: (feature) => speak(page, feature),
    mapAt: (x) => (page.swipe ? page.swipe.at(x) : map),
    verdict: (key, word) => verdict(data, key, word),
    ruleTitle: (code) => (code === null ? null : (titles.get(code) ?? code)),
  };
  const page = /** @type {Page} */ (parts);
  page.tree = treeOf(page);
  page.table = tableOf(page);
  return page;
}

/**
 * Return what is waited for: the layers that are shown at first.
 * @param {Page} page
 */
function addMapParts(page) {
  const { map } = page;
  serveTiles();
  page.first = shareOf(map, page);
  page.card = cardOf(page);
  const ruler = rulerOf(page);
  page.busy = ruler.on;
  page.swipe = swipeOf(page);
  const ground = groundOf(page);
  page.laid = ground.laid;
  map.on("error", (/** @type {{ sourceId?: string, error: unknown }} */ { sourceId, error }) => {
    if (sourceId?.startsWith("ground|")) {
      ground.failed();
    } else {
      console.error(error);
    }
  });
  addTools(page, ruler, page.swipe, paperOf(page), sheetOf(page));
  return page.layers.filter((layer) => layer.on).map((layer) => page.first.show(layer));
}

/** @param {Page} page */
function openPanel(page) {
  const only = byId("only", HTMLInputElement);
  only.addEventListener("change", () => byId("tree", HTMLElement).classList.toggle("only", only.checked));
  byId("more", HTMLElement).addEventListener("click", () => page.open(!document.body.classList.contains("open")));
}

/**
 * @param {Page} page
 * @param {boolean} wanted
 */
function openTo({ words }, wanted) {
  const more = byId("more", HTMLElement);
  document.body.classList.toggle("open", wanted);
  more.setAttribute("aria-expanded", String(wanted));
  more.textContent = wanted ? words.less : words.more;
}

/**
 * @param {Page} page
 * @param {Layer} layer
 * @param {boolean} on
 */
function turn(page, layer, on) {
  layer.on = on;
  if (page.swipe?.on()) {
    page.swipe.apply();
  } else if (on) {
    page.first.show(layer);
  } else {
    page.first.hide(layer);
  }
  page.tree.refresh();
  page.tally();
  page.noted();
}

/** @type {(page: Page, feature: Page["selected"]) => void} */
function choose(page, feature) {
  const before = page.selected;
  page.selected = feature;
  mark(page, before, false);
  mark(page, feature, true);
  page.table.mark();
  page.noted();
}

/** @type {(page: Page, feature: Page["selected"], on: boolean) => void} */
function mark(page, feature, on) {
  if (feature) {
    const [layer, row] = feature;
    layer.chosen = on ? row : null;
    page.shares().forEach((share) => share.choose(layer, row, on));
    for (const other of page.layers.filter(({ companion, of }) => companion && of === layer.id)) {
      page.shares().forEach((share) => share.remake(other));
    }
  }
}

/** @type {(page: Page, feature: NonNullable<Page["selected"]>) => void} */
function fly(page, [layer, row]) {
  if (layer.facts.category[row] < 0) {
    page.bring([layer, row]);
  }
  if (!layer.on) {
    page.turn(layer, true);
    page.tree.reveal(layer);
  }
  page.open(false);
  page.map?.jumpTo({
    center: [layer.facts.lon[row], layer.facts.lat[row]],
    zoom: Math.max(page.data.least, layer.facts.flown(row)),
  });
  page.card.show([[layer, row]], [layer.facts.lon[row], layer.facts.lat[row]]);
}

/**
 * Whoever does not see the popup is told that it is there, and of what.
 * @type {(page: Page, feature: NonNullable<Page["selected"]>) => void}
 */
function speak({ words }, [layer, row]) {
  const { title, outcome } = layer.categories[layer.facts.category[row]];
  const kind = outcome || layer.categories.length > 1 ? title : "";
  const told = [layer.facts.name(row) || words.unnamed, layer.title, kind];
  byId("spoken", HTMLElement).textContent = told.filter(Boolean).join(", ");
}

/**
 * @param {Payload} data
 * @param {string} key
 * @param {string | null} [word]
 */
function verdict(data, key, word) {
  const outcome = data.outcomes[key];
  const made = element("span", "outcome");
  made.style.setProperty("--tone", outcome.colour);
  made.append(drawing("0 0 16 16", [16, 16], [["path", { d: outcome.sign }]], "sign"), word || outcome.word);
  return made;
}
