/* The legend of what fills the land stands on the map too. */
import { byId, element } from "./dom.js";
import { swatch } from "./swatch.js";

/** @import { Category, Layer, Page } from "./types" */

/** So many layers are named on a narrow screen. */
const MOST = 5;

/** @param {Page} page */
export function keyOf(page) {
  const key = byId("key", HTMLElement);
  /** @type {string | undefined} */
  let shown;

  return () => {
    const filled = page.layers.find((one) => one.keyed && one.on);
    // Where nothing fills the land, a narrow screen shows what is on: its panel lies behind a button there.
    const on = filled ? [] : page.layers.filter((one) => one.on && !one.ground).slice(0, MOST);
    const steps = filled ? filled.categories : on.flatMap(alone);
    const now = JSON.stringify(steps);
    if (now !== shown) {
      shown = now;
      key.hidden = !steps.length;
      key.classList.toggle("narrow-only", !filled);
      const title = filled ? (page.view?.title ?? filled.title) : page.words.key;
      key.replaceChildren(element("p", "head", title), ...steps.map(stepOf));
    }
  };
}

/**
 * @param {Layer} layer
 * @returns {Category[]} what its features look like; where all look alike, under its own title
 */
function alone({ title, categories }) {
  return categories.length === 1 ? [{ ...categories[0], title, told: null }] : categories;
}

/** @param {Category} category */
function stepOf({ title, look, told }) {
  const step = element("p", "step");
  step.append(swatch(look), element("span", "", title), element("b", "", told));
  return step;
}
