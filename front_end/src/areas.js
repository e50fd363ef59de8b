/* The areas around what is chosen: worked out when they are asked for, and kept while nothing else is. */

import { numbersIn } from "./numbers.js";
import { areasAround } from "./reach.js";
import { degreesOf, streetsOf } from "./streets.js";
import { bytesOf, inflated } from "./unpack.js";

/** @import { Streets } from "./streets.js" */
/** @import { LonLat, ReachedShape } from "./types" */

/** @typedef {{ row: number, area: number, coordinates: LonLat[][][] }} Drawn */

/** A number below this is told with more digits. */
const SMALL = 0.005;

/** @type {Map<string, Uint8Array<ArrayBuffer>>} */
const bodies = new Map();
/** @type {Map<string, Promise<Streets>>} */
const opened = new Map();
/** What was asked for last. @type {{ key: string, areas: Promise<Drawn[]> } | null} */
let last = null;

/**
 * Return the areas around a row of the layer that a layer belongs to, the smallest first.
 * @param {string} id
 * @param {ReachedShape} shape
 * @param {number} row
 * @param {string | undefined} view
 */
export function areasOf(id, shape, row, view) {
  const at = shape.network_of[view ?? ""] ?? 0;
  const key = `${id} ${at} ${row}`;
  if (last?.key !== key) {
    last = { key, areas: worked(id, shape, at, row) };
  }
  return last.areas;
}

/**
 * @param {string} id
 * @param {ReachedShape} shape
 * @param {number} at
 * @param {number} row
 * @returns {Promise<Drawn[]>}
 */
async function worked(id, shape, at, row) {
  const facts = shape.networks[at];
  const streets = await networkOf(id, shape, at);
  return areasAround(streets, streets.ways[row], facts).map(({ area, polygons }, nr) => ({
    row: nr,
    area,
    coordinates: polygons.map((rings) =>
      rings.map((ring) => [...ring, ring[0]].map((place) => degreesOf(facts.degrees, place))),
    ),
  }));
}

/**
 * @param {string} id
 * @param {ReachedShape} shape
 * @param {number} at
 */
function networkOf(id, { body, networks }, at) {
  const key = `${id} ${at}`;
  const bytes = bodies.get(id) ?? bytesOf(body);
  bodies.set(id, bytes);
  const from = networks.slice(0, at).reduce((sum, one) => sum + one.bytes, 0);
  const found =
    opened.get(key) ??
    inflated(bytes.subarray(from, from + networks[at].bytes)).then((numbers) =>
      streetsOf(numbersIn(new Uint8Array(numbers)), networks[at].step),
    );
  opened.set(key, found);
  return found;
}

/**
 * Write an area as reports do.
 * @param {number} area in square metres
 * @param {ReachedShape["unit"]} unit
 */
export function areaSaid(area, { times, digits, small, sign }) {
  const shown = area * times;
  const kept = shown < SMALL ? small : digits;
  const said = new Intl.NumberFormat("en", { minimumFractionDigits: kept, maximumFractionDigits: kept });
  return said.format(shown) + sign;
}
