import { expect, test } from "vitest";
import { factsOf, tablesOf } from "../src/facts.js";

/* Four rows: a name that stands for itself, an owner that repeats, an area with none in the last row. */
const TABLE = {
  columns: [
    { title: "name", text: "East Park\u001fEast\u001fWest İ Park\u001f" },
    { title: "owner", list: ["Town", "State"], numbers: [0, 1, 0, -1] },
    { title: "area", digits: 2, numbers: [1234.5, 7, 1200, null] },
  ],
  category: [0, 1, 0, 1],
  at: [11300000, 4000000, 1, -1, 0, 0, 100000, 0],
  zoom: [40, 41, 42, 43],
  town: { list: ["North"], numbers: [0, -1, 0, 0] },
};
const PLAIN = { ...TABLE, columns: [{ title: "name", text: "East Park\u001fEast\u001fWest Park\u001fpark 9" }] };

/** @param {Uint8Array} hit */
const rowsOf = (hit) => [...hit.keys()].filter((row) => hit[row]);

test("columns give every row back", () => {
  const { columns, size, town, name } = factsOf(TABLE, "en");
  expect(size).toBe(4);
  const read = columns.map(({ get }) => [0, 1, 2, 3].map(get));
  expect(read).toEqual([
    ["East Park", "East", "West İ Park", null],
    ["Town", "State", "Town", null],
    ["1,234.50", "7.00", "1,200.00", null],
  ]);
  expect([0, 1].map(town.get)).toEqual(["North", null]);
  expect(name(1)).toBe("East");
});

test("places are steps of a hundred-thousandth of a degree, zooms quarters", () => {
  const { lon, lat, flown } = factsOf(TABLE, "en");
  expect([...lon]).toEqual([113, 113.00001, 113.00001, 114.00001]);
  expect([...lat]).toEqual([40, 39.99999, 39.99999, 39.99999]);
  expect([0, 3].map(flown)).toEqual([10, 10.75]);
});

test("words are found in any column, whatever their case", () => {
  const { holding } = factsOf(PLAIN, "en");
  expect(rowsOf(holding("PARK"))).toEqual([0, 2, 3]);
  expect(rowsOf(holding("east"))).toEqual([0, 1]);
  expect(rowsOf(factsOf(TABLE, "en").holding("town"))).toEqual([0, 2]);
});

test("words do not run from one row into the next", () => {
  const { holding } = factsOf(PLAIN, "en");
  expect(rowsOf(holding("park\u001feast"))).toEqual([]);
  expect(rowsOf(holding("9"))).toEqual([3]);
});

test("a text whose length changes with its case is read row by row", () => {
  expect(rowsOf(factsOf(TABLE, "en").holding("park"))).toEqual([0, 2]);
});

test("numbers are found by how they begin, with or without commas", () => {
  const { holding } = factsOf(TABLE, "en");
  expect(rowsOf(holding("12"))).toEqual([0, 2]);
  expect(rowsOf(holding("1,234"))).toEqual([0]);
  expect(rowsOf(holding("234"))).toEqual([]);
});

test("what is not known comes last, either way, and equals keep their order", () => {
  const { sorted, columns } = factsOf(TABLE, "en");
  expect(sorted([0, 1, 2, 3], columns[2].value, false)).toEqual([1, 2, 0, 3]);
  expect(sorted([0, 1, 2, 3], columns[2].value, true)).toEqual([0, 2, 1, 3]);
  expect(sorted([0, 1, 2, 3], columns[1].value, true)).toEqual([0, 2, 1, 3]);
});

test("digits in texts are sorted as numbers", () => {
  const { sorted, columns } = factsOf(
    { ...TABLE, columns: [{ title: "n", text: "p10\u001fp9\u001fp1\u001fp100" }] },
    "en",
  );
  expect(sorted([0, 1, 2, 3], columns[0].value, false)).toEqual([2, 1, 0, 3]);
});

test("rows that have all of some topics", () => {
  const { topics } = factsOf({ ...TABLE, topics: { list: ["a", "b"], numbers: [[0], [0, 1], [], [1]] } }, "en");
  const rowsWith = (/** @type {string[]} */ ...keys) => [0, 1, 2, 3].filter(topics(keys));
  expect(rowsWith("a")).toEqual([0, 1]);
  expect(rowsWith("b", "a")).toEqual([1]);
  expect(rowsWith("a", "none")).toEqual([]);
  expect(factsOf(TABLE, "en").topics).toBeNull();
});

test("what several tables hold stands once", () => {
  const columns = [
    { title: "Name", list: ["a"], numbers: [0] },
    { title: "People", digits: 0, numbers: [7] },
  ];
  const lists = [[0], [1, 2], [48], [-1]];
  const [one, other] = tablesOf({
    columns,
    lists,
    tables: [
      { columns: [0, 1], category: 0, at: 1, zoom: 2 },
      { columns: [0], category: 3, at: 1, zoom: 2, ranks: [1] },
    ],
  });
  expect(one).toEqual({ columns, category: [0], at: [1, 2], zoom: [48] });
  expect(other).toEqual({ columns: [columns[0]], category: [-1], at: [1, 2], zoom: [48], ranks: [1] });
});
