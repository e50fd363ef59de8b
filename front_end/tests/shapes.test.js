import { expect, test } from "vitest";
import { rowsOf } from "../src/shapes.js";

/** Write numbers as varints.py does. @param {number[]} numbers */
function written(numbers) {
  const bytes = [];
  for (const number of numbers) {
    let left = number < 0 ? -2 * number - 1 : 2 * number;
    for (; left > 127; left = Math.floor(left / 128)) {
      bytes.push((left % 128) + 128);
    }
    bytes.push(left);
  }
  return new Uint8Array(bytes);
}

test("features come back from their steps, which go on from one to the next", () => {
  const land = [12, 1, 2, 1, 4, 1130000000, 410000000, 100, 0, 0, -300, -100, 300];
  const nothing = [24, 0];
  const point = [3, 1, 0, 1, 1, -5, 5];
  const [first, second, third] = rowsOf(written([...land, ...nothing, ...point]), 3, 10_000_000);
  expect(first.zoom).toBe(12);
  expect(first.parts).toEqual([
    {
      dimension: 2,
      lines: [
        [
          [113, 41],
          [113.00001, 41],
          [113.00001, 40.99997],
          [113, 41],
        ],
      ],
    },
  ]);
  expect(second.parts).toEqual([]);
  expect(third.parts[0].lines).toEqual([[[112.9999995, 41.0000005]]]);
});
