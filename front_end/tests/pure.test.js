import { expect, test } from "vitest";
import { partsOf, viewOf } from "../src/address.js";
import { crosses } from "../src/ruler.js";

test("a link that was cut off brings back the rest", () => {
  expect([...partsOf("at=1/2/3&town=%E5%8C%97&see=%E5%8")]).toEqual([
    ["at", "1/2/3"],
    ["town", "北"],
  ]);
  expect([...partsOf("")]).toEqual([]);
});

test("a view has to be on the map", () => {
  expect(viewOf("15.50/41.36000/114.00000")).toEqual({ zoom: 15.5, center: [114, 41.36] });
  expect([undefined, "", "a/b/c", "3/90/0", "3/0/200", "3"].map(viewOf)).toEqual(Array(6).fill(null));
});

test("an outline whose edges cross has no area", () => {
  const square = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ];
  const [a, b, c, d] = square;
  expect(crosses(square)).toBe(false);
  expect(crosses([a, c, b, d])).toBe(true);
});
