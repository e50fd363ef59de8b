/* Segments of a plane by the squares they touch, so that those near a place are found at once. */

/**
 * @typedef {{ x0: Float64Array, y0: Float64Array, x1: Float64Array, y1: Float64Array, size: number }} Segments
 */

/** A segment is taken to be in the squares beside a corner that it passes as near as this. */
const NEAR_M = 1e-6;

/**
 * @param {Segments} segments
 * @param {number} side
 * @param {[west: number, south: number, east: number, north: number]} box
 */
export function squaresOf({ x0, y0, x1, y1, size }, side, [west, south, east, north]) {
  const columns = Math.max(1, Math.ceil((east - west) / side));
  const rows = Math.max(1, Math.ceil((north - south) / side));

  /**
   * @param {number} segment
   * @param {(square: number) => void} tell
   */
  function each(segment, tell) {
    const [fromX, toX] = x0[segment] < x1[segment] ? [x0[segment], x1[segment]] : [x1[segment], x0[segment]];
    const left = Math.max(0, Math.floor((fromX - west) / side));
    const right = Math.min(columns - 1, Math.floor((toX - west) / side));
    const slope = toX > fromX ? (y1[segment] - y0[segment]) / (x1[segment] - x0[segment]) : 0;
    for (let column = left; column <= right; column += 1) {
      let [low, high] = [y0[segment], y1[segment]];
      if (toX > fromX) {
        const enter = Math.max(fromX, west + column * side);
        const leave = Math.min(toX, west + (column + 1) * side);
        low = y0[segment] + slope * (enter - x0[segment]);
        high = y0[segment] + slope * (leave - x0[segment]);
      }
      const bottom = Math.max(0, Math.floor((Math.min(low, high) - NEAR_M - south) / side));
      const top = Math.min(rows - 1, Math.floor((Math.max(low, high) + NEAR_M - south) / side));
      for (let row = bottom; row <= top; row += 1) {
        tell(row * columns + column);
      }
    }
  }

  const first = new Int32Array(columns * rows + 1);
  for (let segment = 0; segment < size; segment += 1) {
    each(segment, (square) => {
      first[square + 1] += 1;
    });
  }
  for (let square = 0; square < columns * rows; square += 1) {
    first[square + 1] += first[square];
  }
  const held = new Int32Array(first[columns * rows]);
  const free = first.slice();
  for (let segment = 0; segment < size; segment += 1) {
    each(segment, (square) => {
      held[free[square]] = segment;
      free[square] += 1;
    });
  }
  return {
    side,
    first,
    held,
    columns,
    rows,
    /** @param {number} x */
    column: (x) => Math.floor((x - west) / side),
    /** @param {number} y */
    row: (y) => Math.floor((y - south) / side),
  };
}

/** @typedef {ReturnType<typeof squaresOf>} Squares */
