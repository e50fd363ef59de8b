/* What a layer is in the views of the page: the same rows, with other categories, facts or pictures. */
import { factsOf } from "./facts.js";

/** @import { Layer, LayerHead, Table } from "./types" */

/**
 * Return what a layer is in a view; it has the form it was made with where views make no difference.
 * @param {LayerHead & { table: Table }} layer
 * @param {string | null} view
 * @returns {Pick<Layer, "form" | "facts" | "categories" | "picture">}
 */
function formIn({ forms, form_of, table, categories, picture }, view) {
  const form = view === null ? null : (form_of[view] ?? null);
  const own = form === null ? { categories, picture } : { picture: undefined, ...forms[form] };
  return { form, ...own, facts: factsOf(table, document.documentElement.lang, form) };
}

/**
 * @param {LayerHead} head
 * @param {Table} table
 * @param {string | null} view
 * @returns {Layer}
 */
export function layerOf(head, table, view) {
  const form = formIn({ ...head, table }, view);
  return {
    ...head,
    table,
    ...form,
    on: head.shown,
    strength: 1,
    hidden: new Set(),
    mask: null,
    chosen: null,
    left: form.facts.size,
    counted: form.categories.map(({ count }) => count),
  };
}

/**
 * Give a layer the form it has in a view; say whether that is another one.
 * @param {Layer} layer
 * @param {string} view
 */
export function changed(layer, view) {
  if ((layer.form_of[view] ?? layer.form) === layer.form) {
    return false;
  }
  Object.assign(layer, formIn(layer, view));
  return true;
}

/**
 * Return a view in which a row is there.
 * @param {Layer} layer
 * @param {number} row
 */
export function viewHaving({ form_of, table }, row) {
  const found = Object.entries(form_of).find(([, form]) => (table.forms?.[form].category[row] ?? -1) >= 0);
  return found?.[0];
}
