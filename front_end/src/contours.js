/* The area of a grid where values are at most 0, by marching squares, as streets/contours.py draws it. */

/**
 * A grid of points: value by row and column, and the first column and row in cells.
 * @typedef {{ width: number, height: number, value: Float64Array }} Grid
 */
/** @typedef {[number, number][]} Ring in cells from the first point */
/** @typedef {(x: number, y: number, upright: boolean) => [number, number] | null} Barred where the first and the last
    barrier cross the line from a point to the next one, from 0 to 1 */

/** A contour keeps this share of a cell away from the points, so that it never touches itself there. */
const APART = 1e-4;

// By the corners inside (1 lower left, 2 lower right, 4 upper right, 8 upper left): the sides (0 below, 1 right, 2 above,
// 3 left) from which and to which the contour runs, the inside on its left. 16 and 17 are 5 and 10 joined in the middle.
/** @type {number[][]} */
const TURNS = [
  [],
  [0, 3],
  [1, 0],
  [1, 3],
  [2, 1],
  [0, 3, 2, 1],
  [2, 0],
  [2, 3],
  [3, 2],
  [0, 2],
  [1, 0, 3, 2],
  [1, 2],
  [3, 1],
  [0, 1],
  [3, 0],
  [],
  [0, 1, 2, 3],
  [3, 0, 1, 2],
];

/**
 * Return polygons: lists of rings, the outer one first. The outermost points of the grid are outside.
 * @param {Grid} grid
 * @param {number} cap the most by which neighbours differ where nothing leaps
 * @param {Barred} barred
 * @returns {Ring[][]}
 */
export function below({ width, height, value }, cap, barred) {
  /** @type {Map<number, number>} */
  const after = new Map();
  for (let y = 0; y + 1 < height; y += 1) {
    for (let x = 0; x + 1 < width; x += 1) {
      const at = y * width + x;
      const turns = TURNS[kindOf(value, at, width)];
      const sides = [2 * at, 2 * (at + 1) + 1, 2 * (at + width), 2 * at + 1];
      for (let turn = 0; turn < turns.length; turn += 2) {
        after.set(sides[turns[turn]], sides[turns[turn + 1]]);
      }
    }
  }
  /** @type {Ring[]} */
  const rings = [];
  while (after.size) {
    const [start] = after.keys();
    /** @type {Ring} */
    const ring = [];
    for (let line = start, to = after.get(line); to !== undefined; line = to, to = after.get(line)) {
      ring.push(crossing(line, { width, height, value }, cap, barred));
      after.delete(line);
    }
    rings.push(ring);
  }
  return grouped(rings);
}

/**
 * @param {Float64Array} value
 * @param {number} at
 * @param {number} width
 */
function kindOf(value, at, width) {
  const [a, b, c, d] = [value[at], value[at + 1], value[at + width + 1], value[at + width]];
  const code = (a <= 0 ? 1 : 0) + (b <= 0 ? 2 : 0) + (c <= 0 ? 4 : 0) + (d <= 0 ? 8 : 0);
  const bound = (code === 5 || code === 10) && a + b + c + d <= 0;
  return bound ? (code === 5 ? 16 : 17) : code;
}

/**
 * Return where the contour crosses a line of the grid; before a barrier, where one lies between.
 * @param {number} line
 * @param {Grid} grid
 * @param {number} cap
 * @param {Barred} barred
 * @returns {[number, number]}
 */
function crossing(line, { width, value }, cap, barred) {
  const at = line >> 1;
  const upright = line % 2 === 1;
  const [x, y] = [at % width, Math.floor(at / width)];
  const [one, two] = [value[at], value[at + (upright ? width : 1)]];
  const between = barred(x, y, upright);
  let share = one / (one - two);
  if (between) {
    const [low, high] = between;
    share = one <= 0 ? low * (-one / cap) : 1 - (1 - high) * (-two / cap);
  }
  share = Math.min(Math.max(share, APART), 1 - APART);
  return upright ? [x, y + share] : [x + share, y];
}

/**
 * Give each hole to the smallest outer ring around it; outer rings run anticlockwise.
 * @param {Ring[]} rings
 */
function grouped(rings) {
  const told = rings.map((ring) => ({ ring, area: areaOf(ring) }));
  const outer = told.filter(({ area }) => area > 0).sort((one, other) => one.area - other.area);
  const polygons = outer.map(({ ring }) => [ring]);
  for (const { ring } of told.filter(({ area }) => area < 0)) {
    const around = outer.findIndex((one) => holds(one.ring, ring[0]));
    polygons[around]?.push(ring);
  }
  return polygons;
}

/**
 * Return the area of a ring, more than 0 where it runs anticlockwise.
 * @param {Ring} ring
 */
export function areaOf(ring) {
  let doubled = 0;
  ring.forEach(([x, y], at) => {
    const [toX, toY] = ring[(at + 1) % ring.length];
    doubled += x * toY - toX * y;
  });
  return doubled / 2;
}

/**
 * Say whether a ring goes round a place.
 * @param {Ring} ring
 * @param {[number, number]} place
 */
export function holds(ring, [x, y]) {
  let inside = false;
  ring.forEach(([fromX, fromY], at) => {
    const [toX, toY] = ring[(at + 1) % ring.length];
    if (fromY > y !== toY > y && x < fromX + ((y - fromY) / (toY - fromY)) * (toX - fromX)) {
      inside = !inside;
    }
  });
  return inside;
}
