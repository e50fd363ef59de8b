/* Barriers near a facility: which straight ways cross one, where they lie between points of a grid, and what lies in them. */
import { squaresOf } from "./squares.js";

/** @import { Box, Foot } from "./reach.js" */
/** @import { Barrier } from "./streets.js" */

/**
 * @typedef {{ left: number, bottom: number, width: number, height: number, size: number, cell: number }} Points
 * @typedef {ReturnType<typeof wallsOf>} Walls
 */

/** Places are known to half a metre: a way that ends as near to a barrier as this ends on it, or before it. */
const ENDS_M = 1;
/** A way that starts on a barrier does not cross it there. */
const STARTS = 1e-6;

/**
 * @param {Barrier[]} barriers
 * @param {Box} box
 * @param {number} side of the squares they are sorted into
 */
export function wallsOf(barriers, box, side) {
  const near = barriers.filter(({ lines }) => lines.some((line) => meets(line, box)));
  /** @type {[number, number][][]} */
  const pairs = near.flatMap(({ lines }) => lines.flatMap((line) => line.slice(1).map((to, at) => [line[at], to])));
  /** @param {(pair: [number, number][]) => number} value */
  const each = (value) => Float64Array.from(pairs, value);
  const segments = {
    size: pairs.length,
    x0: each(([[x]]) => x),
    y0: each(([[, y]]) => y),
    x1: each(([, [x]]) => x),
    y1: each(([, [, y]]) => y),
  };
  const squares = pairs.length ? squaresOf(segments, side, box) : null;

  /**
   * Return how far along a line, from 0 to 1, the first and the last barrier cross it; null where none does.
   * @param {number} fromX
   * @param {number} fromY
   * @param {number} toX
   * @param {number} toY
   * @returns {[number, number] | null}
   */
  function crossings(fromX, fromY, toX, toY) {
    if (!squares) {
      return null;
    }
    const { columns, rows, first, held, column, row } = squares;
    const [left, right] = sorted(column(fromX), column(toX), columns);
    const [low, high] = sorted(row(fromY), row(toY), rows);
    /** @type {[number, number] | null} */
    let found = null;
    for (let y = low; y <= high; y += 1) {
      for (let at = first[y * columns + left]; at < first[y * columns + right + 1]; at += 1) {
        const share = crossing(fromX, fromY, toX, toY, held[at]);
        if (share !== null) {
          found = found ? [Math.min(found[0], share), Math.max(found[1], share)] : [share, share];
        }
      }
    }
    return found;
  }

  /**
   * @param {number} fromX
   * @param {number} fromY
   * @param {number} toX
   * @param {number} toY
   * @param {number} wall
   */
  function crossing(fromX, fromY, toX, toY, wall) {
    const [alongX, alongY] = [toX - fromX, toY - fromY];
    const [wallX, wallY] = [segments.x1[wall] - segments.x0[wall], segments.y1[wall] - segments.y0[wall]];
    const [awayX, awayY] = [segments.x0[wall] - fromX, segments.y0[wall] - fromY];
    const turn = alongX * wallY - alongY * wallX;
    if (turn === 0) {
      return null;
    }
    const share = (awayX * wallY - awayY * wallX) / turn;
    const across = (awayX * alongY - awayY * alongX) / turn;
    return share >= 0 && share <= 1 && across >= 0 && across <= 1 ? share : null;
  }

  return {
    /**
     * Say whether the straight way from a spot to its street crosses a barrier.
     * @param {number} x
     * @param {number} y
     * @param {Foot} foot
     */
    crossed: (x, y, foot) => {
      const kept = 1 - ENDS_M / foot.gap;
      const found = kept > 0 ? crossings(x, y, x + kept * (foot.x - x), y + kept * (foot.y - y)) : null;
      return found !== null && found[1] > STARTS;
    },
    /**
     * Return where barriers cross the line from a point of a grid to the next one.
     * @param {number} x
     * @param {number} y
     * @param {number} cell
     * @param {boolean} upright
     */
    between: (x, y, cell, upright) => crossings(x, y, x + (upright ? 0 : cell), y + (upright ? cell : 0)),
    /**
     * Say which points of a grid lie inside barriers.
     * @param {Points} grid
     */
    wet: (grid) => {
      const found = new Uint8Array(grid.size);
      near.filter(({ land }) => land).forEach(({ lines }) => flood(lines, grid, found));
      return found;
    },
  };
}

/**
 * @param {number} one
 * @param {number} other
 * @param {number} count
 */
function sorted(one, other, count) {
  const [low, high] = one < other ? [one, other] : [other, one];
  return [Math.max(0, low), Math.min(count - 1, high)];
}

/**
 * @param {[number, number][]} line
 * @param {Box} box
 */
function meets(line, [west, south, east, north]) {
  const [x, y] = [line.map(([one]) => one), line.map(([, one]) => one)];
  /** @param {number[]} values */
  const least = (values) => values.reduce((low, one) => Math.min(low, one), Infinity);
  /** @param {number[]} values */
  const most = (values) => values.reduce((high, one) => Math.max(high, one), -Infinity);
  return least(x) <= east && most(x) >= west && least(y) <= north && most(y) >= south;
}

/**
 * Mark the points inside some rings, row by row.
 * @param {[number, number][][]} rings
 * @param {Points} grid
 * @param {Uint8Array} found
 */
function flood(rings, { left, bottom, width, height, cell }, found) {
  /** @type {number[][]} */
  const cuts = Array.from({ length: height }, () => []);
  for (const ring of rings) {
    for (let at = 0; at + 1 < ring.length; at += 1) {
      const [[fromX, fromY], [toX, toY]] = [ring[at], ring[at + 1]];
      const first = Math.max(0, Math.ceil(Math.min(fromY, toY) / cell) - bottom);
      const last = Math.min(height, Math.ceil(Math.max(fromY, toY) / cell) - bottom);
      for (let row = first; row < last; row += 1) {
        const y = (bottom + row) * cell;
        cuts[row].push(fromX + ((y - fromY) / (toY - fromY)) * (toX - fromX));
      }
    }
  }
  cuts.forEach((own, row) => {
    own.sort((one, other) => one - other);
    for (let at = 0; at + 1 < own.length; at += 2) {
      const from = Math.max(0, Math.ceil(own[at] / cell) - left);
      const to = Math.min(width, Math.floor(own[at + 1] / cell) - left + 1);
      if (to > from) {
        found.fill(1, row * width + from, row * width + to);
      }
    }
  });
}
