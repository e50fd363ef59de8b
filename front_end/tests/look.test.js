import { expect, test } from "vitest";
import { partsOf } from "../src/look.js";

/** @import { Layer, Look } from "../src/types" */

/** @param {Look[]} looks @param {number[]} hidden */
function linesOf(looks, hidden = []) {
  const layer = {
    ...{ id: "one", strength: 1, least_zoom: 0, shape: { kind: "steps" }, hidden: new Set(hidden) },
    categories: looks.map((look) => ({ look: { ...look, line: true }, outcome: null })),
  };
  return partsOf(/** @type {Layer} */ (/** @type {unknown} */ (layer)));
}

test("each category is dashed its own way, as the legend says", () => {
  const water = { stroke: "#0000ff", weight: 2 };
  const rail = { stroke: "#000000", weight: 2, dash: "7 5" };
  const wall = { stroke: "#aa0000", weight: 1, dash: "2 3" };
  const parts = linesOf([water, rail, wall, water]);
  expect(parts.map(({ id }) => id)).toEqual(["one|line", "one|line-2", "one|line-3"]);
  // MapLibre counts dashes in widths of the line: 7 pixels of a line 2 pixels wide are 3.5.
  expect(parts.map(({ paint }) => paint["line-dasharray"])).toEqual([undefined, [3.5, 2.5], [2, 3]]);
  const taken = parts.map(({ filter }) => filter[2]);
  expect(taken.map(([, , [, some]]) => some)).toEqual([[0, 3], [1], [2]]);
});

test("categories that are dashed alike are one part, and what is hidden is in none", () => {
  const [one, ...others] = linesOf([{ dash: "4 2" }, { dash: "4 2" }]);
  expect([one.paint["line-dasharray"], one.filter[2], others]).toEqual([[4, 2], true, []]);
  const hidden = linesOf([{}, { dash: "4 2" }, {}], [0]);
  expect(hidden.map(({ filter }) => filter[2][2][1])).toEqual([[2], [1]]);
});
