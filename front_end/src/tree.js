/* The legend is the switchboard: groups, layers with their classes, how strong each is drawn. */
import { byId, counted, drawing, element } from "./dom.js";

/** @import { Layer, Look, Page } from "./types" */

const HATCHES = {
  stripes: "M10 2L2 12M18 2L6 16M26 2L14 16M28 9l-6 7",
  counter: "M4 2l12 14M12 2l12 14M20 2l8 9",
  level: "M2 6H28M2 12H28",
  grid: "M6 2l14 14M14 2l14 14M2 9l7 7M16 2L2 16M24 2L10 16M28 7l-9 9",
};

/** @param {Page} page */
export function treeOf(page) {
  const leaves = page.layers.map((layer) => leafOf(layer, page));
  /** @type {Map<string, { root: HTMLDetailsElement, total: HTMLElement, layers: Layer[] }>} */
  const groups = new Map();

  /** @param {string} title */
  function groupOf(title) {
    const known = groups.get(title);
    if (known) {
      return known;
    }
    const root = element("details");
    const head = element("summary");
    const total = element("b");
    head.append(element("span", "", title), total);
    root.append(head);
    byId("tree", HTMLElement).append(root);
    const made = { root, total, layers: [] };
    groups.set(title, made);
    return made;
  }

  // What the page is about comes first, whatever lies above it on the map.
  const theirs = page.layers.find(({ numbered }) => numbered);
  if (theirs) {
    groupOf(theirs.group);
  }
  for (const [at, layer] of page.layers.entries()) {
    const group = groupOf(layer.group);
    group.layers.push(layer);
    group.root.append(leaves[at].root);
    group.root.open ||= layer.on;
  }

  function refresh() {
    for (const { total, layers } of groups.values()) {
      total.textContent = `${layers.filter((layer) => layer.on).length}/${layers.length}`;
    }
    for (const leaf of leaves) {
      leaf.refresh();
    }
  }

  return {
    refresh,
    /** @param {Layer} layer */
    reveal: (layer) => {
      groupOf(layer.group).root.open = true;
    },
  };
}

/**
 * @param {Layer} layer
 * @param {Page} page
 */
function leafOf(layer, page) {
  const root = element("div", "leaf");
  const key = element("label", "key");
  const box = element("input");
  const many = element("b");
  box.type = "checkbox";
  box.dataset.layer = layer.id;
  box.addEventListener("change", () => page.turn(layer, box.checked));
  key.append(box);
  const single = layer.categories.length === 1;
  if (single) {
    key.append(swatch(layer.categories[0].look));
  }
  key.append(element("span", "", layer.title), many);
  root.append(key);
  const rows = single ? [] : classRows(layer, page);
  if (!single) {
    const classes = element("div", "classes");
    classes.append(...rows.map(({ row }) => row));
    root.append(classes);
  }
  root.append(strengthOf(layer, page));

  function refresh() {
    const { left, facts } = layer;
    root.classList.toggle("on", layer.on);
    box.checked = layer.on;
    many.textContent = left === facts.size ? counted(left) : `${counted(left)}/${counted(facts.size)}`;
    rows.forEach(({ row, number }, at) => {
      row.hidden = layer.hidden.has(at);
      number.textContent = counted(layer.counted[at]);
    });
  }
  refresh();
  return { root, refresh };
}

/**
 * @param {Layer} layer
 * @param {Page} page
 */
function classRows(layer, page) {
  return layer.categories.map(({ title, outcome, look }) => {
    const row = element("div", "key");
    const number = element("b");
    const name = element("span", "", outcome ? null : title);
    if (outcome) {
      name.append(page.verdict(outcome, title));
    }
    row.append(swatch(look), name, number);
    return { row, number };
  });
}

/**
 * @param {Layer} layer
 * @param {Page} page
 */
function strengthOf(layer, page) {
  const { words } = page;
  const label = element("label", "strength", words.opacity);
  const range = element("input");
  Object.assign(range, { type: "range", min: 0, max: 100, value: 100 * layer.strength });
  range.setAttribute("aria-label", `${words.opacity}: ${layer.title}`);
  range.addEventListener("input", () => {
    layer.strength = range.valueAsNumber / 100;
    page.restyle(layer);
  });
  label.append(range);
  return label;
}

/** @param {Look} look */
function swatch(look) {
  const parts = look.line ? [lineSign(look)] : look.point ? [dotSign(look)] : landSign(look);
  return drawing("0 0 30 18", [30, 18], parts, "swatch");
}

/**
 * @param {Look} look
 * @returns {[string, Record<string, unknown>]}
 */
function lineSign({ stroke, weight = 0, dash = "" }) {
  return [
    "path",
    { d: "M1 9H29", stroke, "stroke-width": Math.max(1, weight), "stroke-dasharray": dash, fill: "none" },
  ];
}

/**
 * @param {Look} look
 * @returns {[string, Record<string, unknown>]}
 */
function dotSign({ fill, stroke, ring = 0 }) {
  return ["circle", { cx: 15, cy: 9, r: 5, fill: fill || stroke, stroke: stroke || "none", "stroke-width": ring }];
}

/**
 * @param {Look} look
 * @returns {[string, Record<string, unknown>][]}
 */
function landSign(look) {
  /** @type {[string, Record<string, unknown>]} */
  const land = [
    "rect",
    {
      ...{ x: 1.5, y: 1.5, width: 27, height: 15, rx: 2 },
      fill: (look.fill_opacity !== 0 && look.fill) || "none",
      "fill-opacity": look.fill_opacity ?? 1,
      stroke: look.stroke || "none",
      "stroke-width": look.weight ?? 0,
      "stroke-dasharray": look.dash || "",
    },
  ];
  if (!look.hatch) {
    return [land];
  }
  const d = HATCHES[/** @type {keyof typeof HATCHES} */ (look.hatch)] ?? HATCHES.stripes;
  const width = look.hatch === "grid" ? 1 : 2.4;
  const hatch = { d, stroke: look.stripe || "#ffffff", "stroke-width": width, fill: "none", "stroke-opacity": 0.8 };
  return [land, ["path", hatch]];
}
