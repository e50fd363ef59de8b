/* The popup of what was clicked: its facts, its verdict, and what it conflicts with. */
import { areaSaid, areasOf } from "./areas.js";
import { button, byId, counted, element } from "./dom.js";
import { LINES } from "./look.js";

/** @import { Feature, LonLat, MapLibre, Opinion, Page } from "./types" */

/** Pixels around a click that still hit, and that a popup keeps from the edge of the map. */
const NEAR = 4;
const ROOM = 10;
/** Stands where a number is still worked out. */
const WAITING = "…";
const QUIET = ["pass", "info"];

/**
 * Where no map can be drawn, what a popup would tell stands in the panel.
 * @param {Page} page
 */
export function cardWithoutMap(page) {
  const place = byId("chosen", HTMLElement);

  /** @param {Feature[]} found */
  function show([feature]) {
    page.choose(feature);
    page.speak(feature);
    place.replaceChildren(contentOf(feature, page));
    page.open(true);
  }
  return { show, close: () => place.replaceChildren() };
}

/** @param {Page} page */
export function cardOf(page) {
  const { map } = page;
  /** @type {MapLibre | null} */
  let popup = null;

  /**
   * @param {Feature[]} found
   * @param {LonLat} place
   */
  function show(found, place) {
    close();
    page.choose(found[0]);
    page.speak(found[0]);
    popup = opened(page, place);
    turnTo(found, 0);
    keepInside(map, popup);
    popup.on("close", () => {
      popup = null;
      page.choose(null);
    });
  }

  /**
   * Show one of the features that were found in one place.
   * @param {Feature[]} found
   * @param {number} at
   */
  function turnTo(found, at) {
    const box = contentOf(found[at], page);
    const steps = element("p", "steps");
    if (found.length > 1) {
      /** @param {number} way */
      const turn = (way) => {
        const to = (at + way + found.length) % found.length;
        turnTo(found, to);
        page.choose(found[to]);
      };
      steps.append(
        named(
          button("‹", () => turn(-1)),
          page.words.before,
        ),
        element("span", "", `${at + 1}/${found.length}`),
        named(
          button("›", () => turn(1)),
          page.words.after,
        ),
      );
    }
    steps.append(button(page.words.nearer, () => page.fly(found[at])));
    box.append(steps);
    popup.setDOMContent(box);
    nameClosing(popup, page.words.close);
  }

  function close() {
    popup?.remove();
  }

  map.on("click", (/** @type {any} */ event) => {
    if (page.busy()) {
      return;
    }
    const found = foundAt(event.point, page);
    if (found.length) {
      show(found, event.lngLat);
    } else {
      close();
    }
    page.open(false);
  });
  // Wherever the focus is: who came from the table goes on from there.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !page.busy()) {
      close();
    }
  });
  return { show, close };
}

/**
 * @param {HTMLButtonElement} made
 * @param {string} name
 */
function named(made, name) {
  made.setAttribute("aria-label", name);
  return made;
}

/**
 * @param {Page} page
 * @param {LonLat} place
 */
function opened({ map }, place) {
  return new maplibregl.Popup({
    closeButton: true,
    closeOnClick: false,
    maxWidth: "none",
    focusAfterOpen: false,
    locale: {},
  })
    .setLngLat(place)
    .setDOMContent(element("div"))
    .addTo(map);
}

/**
 * MapLibre makes the button that closes a popup anew with every content.
 * @param {MapLibre} popup
 * @param {string} name
 */
function nameClosing(popup, name) {
  const closing = popup.getElement().querySelector(".maplibregl-popup-close-button");
  closing.title = name;
  closing.setAttribute("aria-label", name);
}

/**
 * A popup that does not fit moves the map, not itself.
 * @param {MapLibre} map
 * @param {MapLibre} popup
 */
function keepInside(map, popup) {
  const own = popup.getElement().getBoundingClientRect();
  const frame = map.getContainer().getBoundingClientRect();
  const x = Math.min(0, own.left - frame.left - ROOM) || Math.max(0, own.right - frame.right + ROOM);
  const y = Math.min(0, own.top - frame.top - ROOM) || Math.max(0, own.bottom - frame.bottom + ROOM);
  if (x || y) {
    map.panBy([x, y], { animate: false });
  }
}

/**
 * Return the features in a place of the map, topmost first; where nothing is hit, those very near to it.
 * @param {{ x: number, y: number }} point
 * @param {Page} page
 */
function foundAt({ x, y }, page) {
  const there = page.mapAt(x);
  const layers = page.layers
    .filter((layer) => layer.tabled)
    .flatMap((layer) => ["ranks", "fill", ...LINES, "dot"].map((kind) => `${layer.id}|${kind}`))
    .filter((id) => there.getLayer(id));
  const low = [x - NEAR, y - NEAR];
  const high = [x + NEAR, y + NEAR];
  const hit = there.queryRenderedFeatures([x, y], { layers });
  const drawn = hit.length ? hit : there.queryRenderedFeatures([low, high], { layers });
  /** @type {Map<string, Feature>} */
  const found = new Map();
  for (const { source, properties } of drawn) {
    const layer = page.layers.find(({ id }) => source === id || source === `${id}|ranks`);
    const key = `${layer?.id}.${properties.i}`;
    if (layer && page.seen(layer, properties.i) && !found.has(key)) {
      found.set(key, [layer, properties.i]);
    }
  }
  return [...found.values()];
}

/**
 * @param {Feature} feature
 * @param {Page} page
 */
function contentOf([layer, row], page) {
  const { words } = page;
  const category = layer.categories[layer.facts.category[row]];
  const box = element("div", "popup");
  box.append(
    element("h3", "", layer.facts.name(row) || words.unnamed),
    element("p", "kind", layer.title + (layer.rules.length === 1 ? ` · ${layer.rules[0]}` : "")),
  );
  if (category.outcome) {
    box.append(page.verdict(category.outcome, category.title));
  } else if (category.title !== layer.title) {
    box.append(element("p", "", category.title));
  }
  opinions(box, [layer, row], page);
  conflicts(box, [layer, row], page);
  const table = factsTable([layer, row], page);
  box.append(table);
  reached(table, [layer, row], page);
  return box;
}

/**
 * @param {Feature} feature
 * @param {Page} page
 */
function factsTable([{ facts }, row], { words, ruleTitle }) {
  const rows = facts.columns.slice(1).map((column) => [column.title, column.get(row)]);
  if (facts.rule) {
    rows.push([words.rule, ruleTitle(facts.rule.get(row))]);
  }
  if (facts.town) {
    rows.push([words.town, facts.town.get(row)]);
  }
  const table = element("table");
  const body = element("tbody");
  body.append(...rows.filter(([, one]) => one).map(([title, value]) => factLine(title, value)));
  table.append(body);
  return table;
}

/**
 * @param {string | null} title
 * @param {string | null | undefined} value
 */
function factLine(title, value) {
  const line = element("tr");
  const head = element("th", "", title);
  head.scope = "row";
  line.append(head, element("td", "", value));
  return line;
}

/**
 * How large the areas around a feature are is told once they are worked out; room is kept for it.
 * @param {HTMLTableElement} table
 * @param {Feature} feature
 * @param {Page} page
 */
function reached(table, [layer, row], { layers, view }) {
  for (const { id, of, shape, categories } of layers) {
    if (of === layer.id && shape.kind === "reached") {
      const lines = categories.map(({ title }) => factLine(title, WAITING));
      table.tBodies[0].append(...lines);
      areasOf(id, shape, row, view?.id).then((areas) => {
        lines.forEach((line, at) => {
          if (at < areas.length) {
            line.cells[1].textContent = areaSaid(areas[at].area, shape.unit);
          } else {
            line.remove();
          }
        });
      });
    }
  }
}

/**
 * Patches that belong to a project stand under it.
 * @param {HTMLElement} box
 * @param {Feature} feature
 * @param {Page} page
 */
function conflicts(box, [layer, row], page) {
  for (const other of page.layers.filter((one) => one.of === layer.id && one.tabled)) {
    const list = element("ul");
    other.facts.owner?.forEach((owner, at) => {
      if (owner === row) {
        list.append(conflict([other, at], page));
      }
    });
    if (list.children.length) {
      box.append(element("h4", "", `${other.title} (${list.children.length})`), list);
    }
  }
}

/**
 * @param {Feature} feature
 * @param {Page} page
 */
function conflict([layer, row], page) {
  const item = element("li");
  const told = layer.facts.columns.slice(1, 4).map((column) => column.get(row));
  item.append(button(told.filter(Boolean).join(" · "), () => page.fly([layer, row])));
  const { outcome, title } = layer.categories[layer.facts.category[row]];
  if (outcome) {
    item.append(page.verdict(outcome, title));
  }
  return item;
}

/**
 * What is said of a feature. What asks nothing of anybody is folded, unless a person decided it or there is nothing else.
 * @param {HTMLElement} box
 * @param {Feature} feature
 * @param {Page} page
 */
function opinions(box, [layer, row], page) {
  const told = layer.facts.opinions?.[row];
  if (!told?.length) {
    return;
  }
  const loud = told.filter(([, outcome, , decided]) => decided || !QUIET.includes(outcome));
  const quiet = told.filter((one) => !loud.includes(one));
  box.append(element("h4", "", page.words.opinions), opinionList(loud.length ? loud : quiet, page));
  if (loud.length && quiet.length) {
    const folded = element("details");
    const head = element("summary", "", page.words.other_opinions.replace("{count}", counted(quiet.length)));
    folded.append(head, opinionList(quiet, page));
    box.append(folded);
  }
}

/**
 * @param {Opinion[]} told
 * @param {Page} page
 */
function opinionList(told, page) {
  const list = element("ul", "opinions");
  for (const [title, outcome, sentences, decided] of told) {
    const item = element("li");
    item.append(element("b", "", title), page.verdict(outcome, decided));
    item.append(...sentences.split("\n").map((sentence) => element("div", "", sentence)));
    list.append(item);
  }
  return list;
}
