import { expect, test } from "vitest";
import { checksum, withDensity } from "../src/density.js";
import { metresOfMm, nameOf, roundLength, rowsOf } from "../src/sheet.js";

test("the checksum is that of the standard", () => {
  // The check value of CRC-32 for the nine digits.
  expect(checksum(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
});

test("the density stands right after the head of a PNG", () => {
  const png = Uint8Array.from({ length: 60 }, (_, at) => at);
  const whole = withDensity(png, 300);
  expect([...whole.subarray(0, 33)]).toEqual([...png.subarray(0, 33)]);
  expect([...whole.subarray(54)]).toEqual([...png.subarray(33)]);
  expect(new TextDecoder().decode(whole.subarray(37, 41))).toBe("pHYs");
  // 300 dots to 25.4 mm are 11 811 to a metre.
  expect(new DataView(whole.buffer).getUint32(41)).toBe(11811);
});

test("a millimetre at the equator and at sixty degrees", () => {
  // At zoom 0 the equator is 512 pixels of 25.4 / 96 mm.
  expect(metresOfMm(0, 0)).toBeCloseTo(40075016.686 / (512 * (25.4 / 96)), 6);
  expect(metresOfMm(3, 60)).toBeCloseTo(metresOfMm(0, 0) / 16, 6);
});

test("lengths of scale bars are round", () => {
  expect([1234, 999, 60, 5].map(roundLength)).toEqual([1000, 500, 50, 5]);
});

test("a name of a file is one on any system", () => {
  expect(nameOf("示例县")).toBe("示例县");
  expect(nameOf('..\\a/b:c*"<d>|\u0007\u202e')).toBe("_a_b_c_d_");
  expect(nameOf(" . ")).toBe("map");
  expect([...nameOf("长".repeat(500))]).toHaveLength(60);
});

test("the legend tells what is on the map and not hidden", () => {
  const look = { fill: "#ff0000" };
  const other = { fill: "#00ff00" };
  const base = { hidden: new Set(), counted: [1, 1, 0], shape: { kind: "plain" } };
  const classes = ["甲", "乙", "丙"].map((title, at) => ({ title, look: at ? other : look }));
  const layers = [
    { ...base, id: "one", title: "一", categories: [{ title: "一", look }] },
    { ...base, id: "two", title: "二", categories: classes },
    { ...base, id: "half", title: "半", categories: classes, hidden: new Set([1]) },
    { ...base, id: "off", title: "关", categories: classes },
  ];
  const map = { getSource: (/** @type {string} */ id) => id !== "off" };
  const page = /** @type {import("../src/types").Page} */ (/** @type {unknown} */ ({ layers, map }));
  expect(rowsOf(page)).toEqual([
    { look, words: "一" },
    { look: null, words: "二" },
    { look, words: "甲" },
    { look: other, words: "乙" },
    { look, words: "半: 甲" },
  ]);
});

test("of two maps in one place the legend says which layers are on which side", () => {
  const look = { fill: "#ff0000" };
  const base = { hidden: new Set(), counted: [1], shape: { kind: "plain" } };
  const [one, two] = ["one", "two"].map((id) => ({ ...base, id, title: id, categories: [{ title: id, look }] }));
  const on = (/** @type {string} */ id) => ({ getSource: (/** @type {string} */ asked) => asked === id });
  const sides = [
    { title: "left", layers: [one] },
    { title: "right", layers: [two] },
  ];
  const swipe = { sides: () => sides, second: () => ({ map: on("two") }) };
  const made = { layers: [one, two], map: on("one"), swipe };
  expect(rowsOf(/** @type {import("../src/types").Page} */ (/** @type {unknown} */ (made)))).toEqual([
    { look: null, words: "left" },
    { look, words: "one" },
    { look: null, words: "right" },
    { look, words: "two" },
  ]);
});
