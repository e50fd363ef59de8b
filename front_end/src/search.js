/* Search goes over all layers and fields; what it finds is what the table shows. */
import { button, byId, counted, element } from "./dom.js";

/** @import { Feature, Page } from "./types" */

const MOST = 30;
const LONGEST_NAME = 200;

/** @param {Page} page */
export function searchIn(page) {
  const { words } = page;
  const query = byId("query", HTMLInputElement);
  const count = byId("count", HTMLElement);

  function search() {
    const wanted = query.value.trim().toLowerCase();
    page.hits = wanted ? new Map(page.layers.map((layer) => [layer.id, layer.facts.holding(wanted)])) : null;
    const { total, best } = bestOf(page, wanted);
    count.textContent = !wanted ? "" : total ? `${counted(total)} ${words.search_count}` : words.search_none;
    byId("found", HTMLElement).replaceChildren(...best.map((feature) => itemOf(feature, page)));
    page.table.refresh();
    return best;
  }

  query.addEventListener("input", search);
  byId("search", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    const [first] = search();
    if (first) {
      page.fly(first);
    }
  });
}

/**
 * Return how many features are found and the first of them: what is called so comes before what only mentions it. Of what
 * the chosen view does not show, what is called so is found too, each name once.
 * @param {Page} page
 * @param {string} wanted
 */
function bestOf(page, wanted) {
  /** @type {Feature[]} */
  const called = [];
  /** @type {Feature[]} */
  const mentioning = [];
  /** @type {Map<string, Feature>} */
  const elsewhere = new Map();
  let total = 0;
  for (const layer of page.table.tabled) {
    page.hits?.get(layer.id)?.forEach((hit, row) => {
      const there = layer.facts.category[row] >= 0;
      if (!hit || (there && !page.seen(layer, row))) {
        return;
      }
      total += there ? 1 : 0;
      // Names are read only as long as there is room for more.
      if (called.length < MOST || mentioning.length < MOST) {
        const name = (layer.facts.name(row) ?? "").toLowerCase();
        const list = name.includes(wanted) ? called : mentioning;
        if (there && list.length < MOST) {
          list.push([layer, row]);
        } else if (!there && list === called && elsewhere.size < MOST) {
          elsewhere.set(`${layer.id} ${name}`, elsewhere.get(`${layer.id} ${name}`) ?? [layer, row]);
        }
      }
    });
  }
  const best = [...called, ...elsewhere.values(), ...mentioning].slice(0, MOST);
  return { total: total + elsewhere.size, best };
}

/**
 * @param {Feature} feature
 * @param {Page} page
 */
function itemOf([layer, row], page) {
  const item = element("li");
  const link = button(null, () => page.fly([layer, row]));
  const name = layer.facts.name(row) || page.words.unnamed;
  link.append(element("span", "", name.slice(0, LONGEST_NAME)), element("b", "", layer.title));
  item.append(link);
  return item;
}
