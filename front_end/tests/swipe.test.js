import { expect, test } from "vitest";
import { boxOf, differing, firstChoices, wanted } from "../src/swipe.js";

/** @import { Layer, Pair } from "../src/types" */

const LAYERS = /** @type {Layer[]} */ (
  /** @type {unknown} */ ([
    { id: "broken.A", on: true },
    { id: "broken.B", on: false },
    { id: "broken.NEW", on: false },
    { id: "earlier.A", earlier: "broken.A", on: false },
    { id: "earlier.B", earlier: "broken.B", on: false },
    { id: "earlier.MENDED", earlier: "broken.MENDED", on: false },
    { id: "area.A", on: true, ground: true, measured: true },
    { id: "parks.A", on: false, ground: false, measured: true },
    { id: "earlier.parks.A", earlier: "parks.A", on: false, ground: false, measured: true },
    { id: "barriers", on: true, ground: true, measured: false },
    { id: "land_use", on: false, ground: false },
    { id: "then.Y", on: false, ground: false, measured: true, facts: { size: 2, lon: [3, 1], lat: [5, 7] } },
    { id: "now.Y", on: false, ground: false, measured: true, facts: { size: 1, lon: [2], lat: [9] } },
    { id: "line.old", on: false, ground: false, facts: { size: 1, lon: [90], lat: [80] } },
  ])
);
/** @type {Pair[]} */
const PAIRS = [
  {
    title: "Y",
    sides: [
      { id: "then Y", title: "earlier", layers: ["then.Y", "line.old"] },
      { id: "now Y", title: "today", layers: ["now.Y", "line.old"] },
    ],
  },
];

/** @param {string} value @param {string[]} on */
const shown = (value, on) =>
  wanted(
    value,
    LAYERS.map((layer) => ({ ...layer, on: layer.ground || on.includes(layer.id) })),
    PAIRS,
  ).map(({ id }) => id);

test("the earlier run stands on its side with the clauses that are on, without what this run worked out", () => {
  expect(shown("before", ["broken.A"])).toEqual(["earlier.A", "barriers"]);
  expect(shown("after", ["broken.A"])).toEqual(["broken.A", "area.A", "barriers"]);
});

test("what is mended or new stands on one side only, and all clauses where none is on", () => {
  expect(shown("before", ["earlier.MENDED"])).toEqual(["earlier.MENDED", "barriers"]);
  expect(shown("after", ["earlier.MENDED"])).toEqual(["area.A", "barriers"]);
  expect(shown("before", ["broken.NEW"])).toEqual(["barriers"]);
  expect(shown("after", ["broken.NEW"])).toEqual(["broken.NEW", "area.A", "barriers"]);
  expect(shown("before", [])).toEqual(["earlier.A", "earlier.B", "earlier.MENDED", "barriers"]);
  expect(shown("after", [])).toEqual(["broken.A", "broken.B", "broken.NEW", "area.A", "barriers"]);
});

test("parks and what they serve stand on both sides where today's are on, each as its run counted them", () => {
  expect(shown("before", ["broken.A", "parks.A"])).toEqual(["earlier.A", "earlier.parks.A", "barriers"]);
  expect(shown("after", ["broken.A", "parks.A"])).toEqual(["broken.A", "area.A", "parks.A", "barriers"]);
  expect(shown("before", ["broken.A", "earlier.parks.A"])).toEqual(["earlier.A", "earlier.parks.A", "barriers"]);
  expect(shown("after", ["broken.A", "earlier.parks.A"])).toEqual(["broken.A", "area.A", "barriers"]);
});

test("two years stand on their sides whatever is on, with the lines they go by beneath", () => {
  expect(shown("then Y", ["broken.A"])).toEqual(["area.A", "barriers", "then.Y", "line.old"]);
  expect(shown("now Y", [])).toEqual(["area.A", "barriers", "now.Y", "line.old"]);
});

test("the divider opens on two years where any of them is on", () => {
  /** @param {string} id */
  const opened = (id) =>
    firstChoices(
      LAYERS.map((layer) => ({ ...layer, on: layer.id === id })),
      PAIRS,
    );
  expect(opened("now.Y")).toEqual(["then Y", "now Y"]);
  expect(opened("line.old")).toEqual(["before", "after"]);
});

test("one is taken to what was worked out, not to the lines", () => {
  const sides = ["then Y", "now Y"].map((side) => wanted(side, LAYERS, PAIRS));
  expect(differing(sides).map(({ id }) => id)).toEqual(["then.Y", "now.Y"]);
  expect(boxOf(differing(sides))).toEqual([
    [1, 5],
    [3, 9],
  ]);
  expect(boxOf(LAYERS.slice(-1))).toBe(null);
});
