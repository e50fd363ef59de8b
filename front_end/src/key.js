/* The legend of what fills the land stands on the map too. */
import { byId, element } from "./dom.js";
import { swatch } from "./swatch.js";

/** @import { Category, Page } from "./types" */

/** @param {Page} page */
export function keyOf(page) {
  const key = byId("key", HTMLElement);
  /** @type {Category[] | undefined} */
  let shown;

  return () => {
    const layer = page.layers.find((one) => one.keyed && one.on);
    const categories = layer?.categories ?? [];
    if (categories !== shown) {
      shown = categories;
      key.hidden = !categories.length;
      key.replaceChildren(element("p", "head", page.view?.title ?? layer?.title), ...categories.map(stepOf));
    }
  };
}

/** @param {Category} category */
function stepOf({ title, look, told }) {
  const step = element("p", "step");
  step.append(swatch(look), element("span", "", title), element("b", "", told));
  return step;
}
