/* The legend is the switchboard: groups, layers with their classes, how strong each is drawn. */
import { byId, counted, element } from "./dom.js";
import { keyOf } from "./key.js";
import { swatch } from "./swatch.js";

/** @import { Layer, Page } from "./types" */

/** @param {Page} page */
export function treeOf(page) {
  const key = keyOf(page);
  const leaves = page.layers.map((layer) => leafOf(layer, page));
  /** @type {Map<string, Headed & { question: Headed | null }>} */
  const groups = new Map();

  /** @type {Map<string, Headed>} */
  const questions = new Map();

  /** What layers answer one question stands together. @param {string} title */
  function questionOf(title) {
    const made = questions.get(title) ?? headed(title, "question");
    if (!questions.has(title)) {
      questions.set(title, made);
      byId("tree", HTMLElement).append(made.root);
    }
    return made;
  }

  /** @param {Layer} layer */
  function groupOf({ question, group }) {
    const name = `${question}\n${group}`;
    const known = groups.get(name);
    if (known) {
      return known;
    }
    const made = { ...headed(group), question: question ? questionOf(question) : null };
    (made.question?.root ?? byId("tree", HTMLElement)).append(made.root);
    groups.set(name, made);
    return made;
  }

  /** @param {Layer} layer */
  function open(layer) {
    const { root, question } = groupOf(layer);
    root.open = true;
    if (question) {
      question.root.open = true;
    }
  }

  // What the page is about comes first, whatever lies above it on the map.
  const theirs = page.layers.find(({ ranked }) => ranked);
  if (theirs) {
    groupOf(theirs);
  }
  for (const [at, layer] of page.layers.entries()) {
    const group = groupOf(layer);
    group.layers.push(layer);
    group.question?.layers.push(layer);
    group.root.append(leaves[at].root);
    if (layer.on) {
      open(layer);
    }
  }

  function refresh() {
    for (const { total, layers } of [...groups.values(), ...questions.values()]) {
      total.textContent = `${layers.filter((layer) => layer.on).length}/${layers.length}`;
    }
    for (const leaf of leaves) {
      leaf.refresh();
    }
    key();
  }

  page.map?.on("zoomend", () => leaves.forEach((leaf) => leaf.hint()));

  return {
    refresh,
    /** @param {Layer} layer */
    reveal: (layer) => open(layer),
  };
}

/**
 * @typedef {{ root: HTMLDetailsElement, total: HTMLElement, layers: Layer[] }} Headed
 * @param {string} title
 * @returns {Headed} what folds, headed by a title and a total
 */
function headed(title, look = "") {
  const root = element("details", look);
  const head = element("summary");
  const total = element("b");
  head.append(element("span", "", title), total);
  root.append(head);
  return { root, total, layers: [] };
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
  const far = element("p", "small hint", page.words.near);
  box.type = "checkbox";
  box.dataset.layer = layer.id;
  box.addEventListener("change", () => page.turn(layer, box.checked));
  const strength = strengthOf(layer, page);
  /** @type {ReturnType<typeof classRows>} */
  let rows = [];
  /** @type {Layer["categories"] | null} */
  let drawn = null;

  /* What a layer is made of may be another with every view. */
  function draw() {
    // What it is called says what one class is, unless that is another with every view.
    const single = layer.categories.length === 1 && (!layer.forms.length || layer.categories[0].title === layer.title);
    key.replaceChildren(
      box,
      ...(single ? [swatch(layer.categories[0].look)] : []),
      element("span", "", layer.title),
      many,
    );
    rows = single ? [] : classRows(layer, page);
    const classes = element("div", "classes");
    classes.append(...rows.map(({ row }) => row));
    root.replaceChildren(key, far, ...(single ? [] : [classes]), strength);
    drawn = layer.categories;
  }

  function hint() {
    far.hidden = !page.map || !layer.on || page.map.getZoom() >= layer.least_zoom;
  }

  function refresh() {
    const { left, facts } = layer;
    if (layer.categories !== drawn) {
      draw();
    }
    root.hidden = !layer.categories.length;
    root.classList.toggle("on", layer.on);
    box.checked = layer.on;
    const whole = left === facts.size ? counted(left) : `${counted(left)}/${counted(facts.size)}`;
    many.textContent = ["picture", "reached"].includes(layer.shape.kind) ? "" : whole;
    rows.forEach(({ row, number }, at) => {
      row.hidden = layer.hidden.has(at);
      number.textContent = layer.categories[at].told ?? counted(layer.counted[at]);
    });
    hint();
  }
  refresh();
  return { root, refresh, hint };
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
