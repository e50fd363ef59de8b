/* The legend of what fills the land stands on the map too. */
import { byId, element } from "./dom.js";
import { swatch } from "./swatch.js";

/** @import { Category, Layer, Page, Side } from "./types" */

/** @param {Page} page */
export function keyOf(page) {
  const key = byId("key", HTMLElement);
  /** @type {string | undefined} */
  let shown;

  return () => {
    const sides = page.swipe?.sides();
    const filled = page.layers.find((one) => one.keyed && one.on);
    const parts = sides
      ? sides.map(partOf)
      : filled
        ? [filledPart(filled, page), restPart(filled, page)]
        : [onPart(page)];
    const now = JSON.stringify(parts);
    if (now !== shown) {
      shown = now;
      key.hidden = !parts.some(({ steps }) => steps.length);
      key.classList.toggle("narrow-only", !sides && !filled);
      key.classList.toggle("sides", Boolean(sides));
      key.replaceChildren(...parts.map(drawnPart));
    }
  };
}

/** @typedef {{ title: string, steps: Category[], narrow?: boolean }} Part */

/** @type {(layer: Layer, page: Page) => Part} */
function filledPart(layer, { view }) {
  return { title: view?.title ?? layer.title, steps: layer.categories };
}

/** A narrow screen shows the rest below it. @type {(filled: Layer, page: Page) => Part} */
function restPart(filled, { layers }) {
  return { ...partOf({ title: "", layers: layers.filter((one) => one.on && one !== filled) }), narrow: true };
}

/** Where nothing fills the land, a narrow screen shows what is on: its panel lies behind a button there. @param {Page} page @returns {Part} */
function onPart({ layers, words }) {
  return partOf({ title: words.key, layers: layers.filter((one) => one.on) });
}

/**
 * @param {Side} side
 * @returns {Part} what is seen, what lies around last
 */
function partOf({ title, layers, classed }) {
  // What is seen only around what is chosen is told by its popup.
  const there = layers.filter((one) => !one.companion);
  const around = there.filter((one) => one.ground);
  return { title, steps: [...there.filter((one) => !one.ground), ...around].flatMap(classed ? classesSeen : alone) };
}

/** @param {Part} part */
function drawnPart({ title, steps, narrow }) {
  const part = element("div", narrow ? "part narrow-only" : "part");
  part.append(...(title ? [element("p", "head", title)] : []), ...steps.map(stepOf));
  return part;
}

/**
 * @param {Layer} layer
 * @returns {Category[]} what its features look like; where all look alike, under its own title
 */
function alone(layer) {
  const seen = classesSeen(layer);
  return layer.categories.length === 1 ? seen.map((one) => ({ ...one, title: layer.title, told: null })) : seen;
}

/**
 * Return the classes of a layer that its map shows.
 * @param {Layer} layer
 */
export function classesSeen({ categories, hidden, counted, shape }) {
  // Land that a picture fills is not counted class by class.
  const filled = shape.kind === "picture";
  return categories.filter((_, at) => !hidden.has(at) && (filled || counted[at] !== 0));
}

/** @param {Category} category */
function stepOf({ title, look, told }) {
  const step = element("p", "step");
  step.append(swatch(look), element("span", "", title), element("b", "", told));
  return step;
}
