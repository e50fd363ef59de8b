/* What the page says of a clause, one at a time, and the layers that show it; its gaps are buttons that fly there. */
import { switchTo } from "./asked.js";
import { byId } from "./dom.js";
import { changed, viewHaving } from "./forms.js";

/** @import { askedOf } from "./asked.js" */
/** @import { Feature, Page, View } from "./types" */

/** Pixels of the list that are seen above what is chosen. */
const ABOVE = 60;

/**
 * @param {Page} page
 * @param {ReturnType<typeof askedOf>} asked
 */
export function viewsOf(page, asked) {
  const { data, layers } = page;
  const { views } = data;
  const parts = /** @type {HTMLElement[]} */ (Array.from(document.querySelectorAll("[data-view]")));
  const choices = /** @type {HTMLInputElement[]} */ (Array.from(document.querySelectorAll("#views input")));
  const theirs = new Set(views.flatMap((view) => view.layers));

  /* What is chosen is seen among the others; the panel stays where it is. */
  function scroll() {
    const label = choices.find(({ checked }) => checked)?.closest("label");
    const list = label?.parentElement;
    if (label && list && (label.offsetTop < list.scrollTop || bottomOf(label) > list.scrollTop + list.clientHeight)) {
      list.scrollTop = label.offsetTop - ABOVE;
    }
  }

  /** @param {View} view */
  function choose(view) {
    if (view === page.view) {
      return;
    }
    page.view = view;
    for (const part of parts) {
      part.hidden = part.dataset.view !== view.id;
    }
    for (const choice of choices) {
      choice.checked = choice.value === view.id;
    }
    scroll();
    page.card.close();
    for (const layer of layers.filter(({ id }) => theirs.has(id))) {
      switchTo(layer, view.layers.includes(layer.id), page);
    }
    for (const layer of layers.filter((one) => changed(one, view.id))) {
      asked.recount(layer);
      page.shares().forEach((share) => share.remake(layer));
    }
    page.tree.refresh();
    const ranked = layers.find((layer) => layer.on && layer.tabled && layer.ranked);
    page.table.open(page.table.layer()?.on ? (page.table.layer() ?? undefined) : ranked);
    data.alt = view.alt;
    page.map?.getCanvas().setAttribute("aria-label", view.alt);
    page.noted();
  }

  /** @param {string | undefined} id */
  function chooseBy(id) {
    // A code may hold anything; the browser writes some of it as %20.
    const view = views.find((one) => one.id === id || encodeURI(one.id) === id || encodeURIComponent(one.id) === id);
    if (view) {
      choose(view);
    }
    return Boolean(view);
  }

  /**
   * Go where a short address such as patch-3 leads; what is called so by the view that is seen comes first.
   * @param {string} address
   * @returns {Feature | null}
   */
  function featureAt(address) {
    const [, word, number] = /^([a-z]+)-(\d+)$/.exec(address) ?? [];
    const view = [page.view, ...views].find((one) => one && word in one.spots);
    if (!view) {
      return null;
    }
    const [id, first] = view.spots[word];
    const layer = layers.find((one) => one.id === id);
    const row = Number(number) - first;
    if (!layer || row < 0 || row >= layer.facts.size) {
      return null;
    }
    choose(view);
    return [layer, row];
  }

  scroll();
  // On a phone the list is hidden until it is asked for.
  byId("more", HTMLElement).addEventListener("click", scroll);
  for (const choice of choices) {
    choice.addEventListener("change", () => chooseBy(choice.value));
  }
  for (const gap of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".gaps button"))) {
    const layer = layers.find(({ id }) => id === gap.dataset.layer);
    if (layer) {
      gap.addEventListener("click", () => page.fly([layer, Number(gap.dataset.row)]));
    }
  }
  return {
    chooseBy,
    /** @type {Page["bring"]} */
    bring: ([layer, row]) => {
      chooseBy(viewHaving(layer, row));
    },
    featureAt,
    /** What the address has to say of it: nothing where there is no choice. */
    id: () => (views.length > 1 && page.view ? page.view.id : null),
  };
}

/** @param {HTMLElement} label */
function bottomOf(label) {
  return label.offsetTop + label.offsetHeight;
}
