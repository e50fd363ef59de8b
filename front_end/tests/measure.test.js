/* Expected values come from PROJ: areas of the ellipsoid, and geodesics between vertices every 5 m along the edge. */
import { describe, expect, test } from "vitest";
import { measurer } from "../src/measure.js";

const GAUSS_KRUEGER = { lat0: 0, lon0: 114, k0: 1, east0: 38500000, north0: 0, a: 6378137, rf: 298.257222101 };
const UTM = { lat0: 0, lon0: 111, k0: 0.9996, east0: 500000, north0: 0, a: 6378137, rf: 298.257223563 };
const PARCEL = [
  [115.43775061064403, 41.52610268696575],
  [115.44976838894586, 41.52775247582467],
  [115.44274166631294, 41.53504362181008],
];
const TOWN = [
  [113.77746028611149, 36.112505560134075],
  [113.88843406200415, 36.1098794070566],
  [113.8950627028742, 36.289962001695955],
];
const BOX = [
  [113, 40],
  [113.01, 40],
  [113.01, 40.01],
  [113, 40.01],
];

/**
 * @param {number} found
 * @param {number} wanted
 */
function agrees(found, wanted) {
  expect(Math.abs(found / wanted - 1)).toBeLessThan(1e-9);
}

describe.each([
  ["a parcel in Gauss-Krueger", GAUSS_KRUEGER, PARCEL, 459835.8055607574, 1019.6217784503251],
  ["a town in UTM", UTM, TOWN, 99917680.31049564, 9995.987730909403],
  ["a box in degrees", null, BOX, 948099.2124816258, 853.938569592399],
])("%s", (_name, frame, ring, area, edge) => {
  const measure = measurer(frame);

  test("has PROJ's area", () => agrees(measure.area(ring), area));

  test("has the length of its straight edge", () => agrees(measure.length(ring.slice(0, 2)), edge));

  test("is measured alike whichever way it is wound and wherever it begins", () => {
    agrees(measure.area([...ring].reverse()), area);
    agrees(measure.area([...ring.slice(1), ring[0]]), area);
    agrees(measure.area([...ring, ring[0]]), area);
  });
});

test("nothing, a point and an edge have no area; nothing and a point have no length", () => {
  const measure = measurer(GAUSS_KRUEGER);
  expect([0, 1, 2].map((count) => measure.area(PARCEL.slice(0, count)))).toEqual([0, 0, 0]);
  expect([0, 1].map((count) => measure.length(PARCEL.slice(0, count)))).toEqual([0, 0]);
});

test("the plane is PROJ's, there and back", () => {
  const measure = measurer(GAUSS_KRUEGER);
  const [x, y] = measure.plane(115.4, 41.5);
  expect(x).toBeCloseTo(38616896.077441394, 7);
  expect(y).toBeCloseTo(4597049.08801274, 7);
  const [lon, lat] = measure.degrees(x, y);
  expect(lon).toBeCloseTo(115.4, 12);
  expect(lat).toBeCloseTo(41.5, 12);
});

test("without a plane there are no coordinates of one", () => {
  const measure = measurer(null);
  expect([measure.rule, measure.plane(113, 40), measure.degrees(1, 2)]).toEqual(["degrees", null, null]);
});
