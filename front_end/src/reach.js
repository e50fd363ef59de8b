/* The areas from which a facility is reached within some costs, as streets/rings.py draws them: what counts for a spot is
   the straight way to its nearest street, crossing no barrier, then the way along the streets. Only streets near the
   facility are looked at. Streets are not added as strips, so that the very tips of the ways are cut. */
import { areaOf, below } from "./contours.js";
import { squaresOf } from "./squares.js";
import { wallsOf } from "./walls.js";

/** @import { Ring } from "./contours.js" */
/** @import { Segments, Squares } from "./squares.js" */
/** @import { Streets, Way } from "./streets.js" */
/** @import { Walls } from "./walls.js" */
/** @import { ReachedFacts } from "./types" */

/**
 * @typedef {{ minutes: number, area: number, polygons: Ring[][] }} Area in metres
 * @typedef {[west: number, south: number, east: number, north: number]} Box
 * @typedef {{ edge: number, share: number, gap: number, x: number, y: number }} Foot where a straight way meets a street
 */

/** Streets tried for a spot whose straight way crosses a barrier, nearest first. */
const TRIES = 64;
/** Squares of streets are as wide as this, or as cells where these are wider. */
const SQUARE_M = 50;

/**
 * Return the area for each limit, the smallest first; none where no way leads to the facility.
 * @param {Streets} streets
 * @param {Way[]} ways of the facility
 * @param {ReachedFacts} facts
 * @returns {Area[]}
 */
export function areasAround(streets, ways, facts) {
  const { limits, minutes, cell, factor, longest } = facts;
  if (!ways.length) {
    return [];
  }
  const cap = cell * Math.SQRT2 * factor;
  const cost = costs(streets, ways, factor, Math.max(...limits) + cap);
  const margin = longest + 2 * cell;
  const own = new Set(ways.map(({ edge }) => edge));
  const { u, v } = streets;
  const reached = segmentsOf(streets, (edge) => cost[u[edge]] < Infinity || cost[v[edge]] < Infinity || own.has(edge));
  const box = grown(boxOf(reached), margin);
  const wide = grown(box, margin);
  const near = segmentsOf(streets, (edge) => meets(streets, edge, wide));
  const squares = squaresOf(near, Math.max(SQUARE_M, cell), wide);
  const walls = wallsOf(streets.barriers, wide, squares.side);
  const grid = gridIn(box, cell);
  const [value, beyond] = [new Float64Array(grid.size).fill(Infinity), new Float64Array(grid.size).fill(Infinity)];
  const wet = walls.wet(grid);
  const maybe = squaresNear(squares, reached, margin);
  for (let at = 0; at < grid.size; at += 1) {
    const x = (grid.left + (at % grid.width)) * cell;
    const y = (grid.bottom + Math.floor(at / grid.width)) * cell;
    if (!wet[at] && maybe[squares.row(y) * squares.columns + squares.column(x)]) {
      const foot = footOf(x, y, near, squares, margin, walls);
      if (foot) {
        value[at] = foot.gap * factor + onward(streets, cost, ways, factor, foot);
        beyond[at] = (foot.gap - longest) * factor;
      }
    }
  }
  return limits.map((limit, at) => {
    const excess = value.map((one, spot) => Math.min(Math.max(one - limit, beyond[spot], -cap), cap));
    const rings = below({ ...grid, value: excess }, cap, (x, y, upright) =>
      walls.between((grid.left + x) * cell, (grid.bottom + y) * cell, cell, upright),
    );
    return { minutes: minutes[at], ...inMetres(rings, grid, cell) };
  });
}

/**
 * @param {Ring[][]} polygons
 * @param {{ left: number, bottom: number }} grid
 * @param {number} cell
 */
function inMetres(polygons, { left, bottom }, cell) {
  const moved = polygons.map((rings) =>
    rings.map((ring) =>
      ring.map(([x, y]) => /** @type {[number, number]} */ ([(left + x) * cell, (bottom + y) * cell])),
    ),
  );
  return { area: moved.flat().reduce((sum, ring) => sum + areaOf(ring), 0), polygons: moved };
}

/**
 * Return by node what it costs to go from there to the facility, Infinity beyond the most.
 * @param {Streets} streets
 * @param {Way[]} ways
 * @param {number} factor
 * @param {number} most
 */
export function costs({ x, u, v, along, against, length, arcs }, ways, factor, most) {
  const cost = new Float64Array(x.length).fill(Infinity);
  /** @type {{ node: number, cost: number }[]} a heap, the least first */
  const heap = [];

  /** @type {(node: number, sum: number) => void} */
  function offer(node, sum) {
    if (sum < cost[node] && sum <= most) {
      cost[node] = sum;
      push(heap, { node, cost: sum });
    }
  }

  for (const { edge, offset, access } of ways) {
    const share = shareOf(offset, length[edge]);
    offer(u[edge], access * factor + times(along[edge], share));
    offer(v[edge], access * factor + times(against[edge], 1 - share));
  }
  for (let next = pop(heap); next; next = pop(heap)) {
    const { node, cost: sum } = next;
    if (sum === cost[node]) {
      for (let at = arcs.first[node]; at < arcs.first[node + 1]; at += 1) {
        const edge = arcs.edge[at];
        // Whoever comes from the other end goes along the edge, or against it.
        if (v[edge] === node) {
          offer(u[edge], sum + along[edge]);
        }
        if (u[edge] === node) {
          offer(v[edge], sum + against[edge]);
        }
      }
    }
  }
  return cost;
}

/** @type {(heap: { node: number, cost: number }[], one: { node: number, cost: number }) => void} */
function push(heap, one) {
  let at = heap.length;
  heap.push(one);
  while (at > 0) {
    const above = (at - 1) >> 1;
    if (heap[above].cost <= one.cost) {
      break;
    }
    heap[at] = heap[above];
    at = above;
  }
  heap[at] = one;
}

/** @type {(heap: { node: number, cost: number }[]) => { node: number, cost: number } | undefined} */
function pop(heap) {
  const [first] = heap;
  const last = heap.pop();
  if (last && heap.length) {
    let at = 0;
    for (let below = 1; below < heap.length; below = 2 * at + 1) {
      if (below + 1 < heap.length && heap[below + 1].cost < heap[below].cost) {
        below += 1;
      }
      if (heap[below].cost >= last.cost) {
        break;
      }
      heap[at] = heap[below];
      at = below;
    }
    heap[at] = last;
  }
  return first;
}

/**
 * Return the cost of a part of an edge; none of a closed edge costs nothing.
 * @param {number} cost
 * @param {number} share
 */
function times(cost, share) {
  return share > 0 ? cost * share : 0;
}

/**
 * @param {number} offset
 * @param {number} length
 */
function shareOf(offset, length) {
  return length > 0 ? Math.min(Math.max(offset / length, 0), 1) : 0;
}

/**
 * Return what it costs to go on to the facility from where a straight way meets its street.
 * @param {Streets} streets
 * @param {Float64Array} cost
 * @param {Way[]} ways
 * @param {number} factor
 * @param {Foot} foot
 */
function onward({ u, v, along, against, length }, cost, ways, factor, { edge, share }) {
  let best = Math.min(cost[u[edge]] + times(against[edge], share), cost[v[edge]] + times(along[edge], 1 - share));
  for (const way of ways) {
    if (way.edge === edge) {
      const step = shareOf(way.offset, length[edge]) - share;
      const ride = step >= 0 ? times(along[edge], step) : times(against[edge], -step);
      best = Math.min(best, way.access * factor + ride);
    }
  }
  return best;
}

/**
 * @param {Streets} streets
 * @param {number} edge
 * @param {Box} box
 */
function meets({ first, px, py }, edge, [west, south, east, north]) {
  let [left, low, right, high] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = first[edge]; at < first[edge + 1]; at += 1) {
    left = Math.min(left, px[at]);
    right = Math.max(right, px[at]);
    low = Math.min(low, py[at]);
    high = Math.max(high, py[at]);
  }
  return left <= east && right >= west && low <= north && high >= south;
}

/**
 * The segments of streets, each with its edge and with how far along that it begins and ends, from 0 to 1.
 * @typedef {Segments & { edge: Int32Array, from: Float64Array, to: Float64Array }} Pieces
 */

/**
 * @param {Streets} streets
 * @param {(edge: number) => boolean} wanted
 * @returns {Pieces}
 */
function segmentsOf({ u, first, px, py, at, length }, wanted) {
  /** @type {number[]} */
  const points = [];
  /** @type {number[]} */
  const edges = [];
  for (let edge = 0; edge < u.length; edge += 1) {
    if (wanted(edge)) {
      for (let point = first[edge]; point + 1 < first[edge + 1]; point += 1) {
        points.push(point);
        edges.push(edge);
      }
    }
  }
  /** @param {(point: number, nr: number) => number} value */
  const each = (value) => Float64Array.from(points, value);
  return {
    size: points.length,
    x0: each((point) => px[point]),
    y0: each((point) => py[point]),
    x1: each((point) => px[point + 1]),
    y1: each((point) => py[point + 1]),
    edge: Int32Array.from(edges),
    from: each((point, nr) => shareOf(at[point], length[edges[nr]])),
    to: each((point, nr) => shareOf(at[point + 1], length[edges[nr]])),
  };
}

/**
 * @param {Segments} segments
 * @returns {Box}
 */
function boxOf({ x0, y0, x1, y1, size }) {
  /** @type {Box} */
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < size; at += 1) {
    box[0] = Math.min(box[0], x0[at], x1[at]);
    box[1] = Math.min(box[1], y0[at], y1[at]);
    box[2] = Math.max(box[2], x0[at], x1[at]);
    box[3] = Math.max(box[3], y0[at], y1[at]);
  }
  return box;
}

/** @type {(box: Box, by: number) => Box} */
function grown([west, south, east, north], by) {
  return [west - by, south - by, east + by, north + by];
}

/**
 * Return the points of a grid in a box, one more on each side; `left` and `bottom` count cells from the origin.
 * @param {Box} box
 * @param {number} cell
 */
function gridIn([west, south, east, north], cell) {
  const left = Math.ceil(west / cell);
  const bottom = Math.ceil(south / cell);
  const width = Math.floor(east / cell) - left + 1;
  const height = Math.floor(north / cell) - bottom + 1;
  return { left, bottom, width, height, size: width * height, cell };
}

/**
 * Say which squares may be as near to some segments as said.
 * @param {Squares} squares
 * @param {Segments} segments
 * @param {number} far
 */
function squaresNear({ columns, rows, column, row, side }, { x0, y0, x1, y1, size }, far) {
  const found = new Uint8Array(columns * rows);
  const steps = Math.ceil(far / side);
  const there = new Uint8Array(columns * rows);
  for (let at = 0; at < size; at += 1) {
    const [left, right] = [column(Math.min(x0[at], x1[at])), column(Math.max(x0[at], x1[at]))];
    const [low, high] = [row(Math.min(y0[at], y1[at])), row(Math.max(y0[at], y1[at]))];
    for (let y = low; y <= high; y += 1) {
      there.fill(1, y * columns + left, y * columns + right + 1);
    }
  }
  there.forEach((one, at) => {
    if (one) {
      const [x, y] = [at % columns, Math.floor(at / columns)];
      for (let other = Math.max(0, y - steps); other <= Math.min(rows - 1, y + steps); other += 1) {
        const from = other * columns;
        found.fill(1, from + Math.max(0, x - steps), from + Math.min(columns - 1, x + steps) + 1);
      }
    }
  });
  return found;
}

/**
 * Return where the straight way from a spot meets the nearest street that it reaches without crossing a barrier.
 * @param {number} x
 * @param {number} y
 * @param {Pieces} pieces
 * @param {Squares} squares
 * @param {number} far
 * @param {Walls} walls
 * @returns {Foot | null}
 */
function footOf(x, y, pieces, squares, far, walls) {
  let best = -1;
  let least = far;
  around(x, y, squares, far, (piece) => {
    const gap = gapTo(x, y, pieces, piece);
    if (gap < least) {
      best = piece;
      least = gap;
    }
    return least;
  });
  const found = best < 0 ? null : footOn(x, y, pieces, best);
  return found && walls.crossed(x, y, found) ? beyondBarriers(x, y, pieces, squares, far, walls) : found;
}

/** @type {typeof footOf} */
function beyondBarriers(x, y, pieces, squares, far, walls) {
  /** @type {Map<number, Foot>} */
  const byEdge = new Map();
  around(x, y, squares, far, (piece) => {
    const foot = footOn(x, y, pieces, piece);
    if (foot.gap <= far && foot.gap < (byEdge.get(foot.edge)?.gap ?? Infinity)) {
      byEdge.set(foot.edge, foot);
    }
    return far;
  });
  const sorted = [...byEdge.values()].sort((one, other) => one.gap - other.gap).slice(0, TRIES);
  return sorted.find((foot) => !walls.crossed(x, y, foot)) ?? null;
}

/**
 * Tell the segments around a spot, the nearest squares first, as far as the last one told says.
 * @param {number} x
 * @param {number} y
 * @param {Squares} squares
 * @param {number} far
 * @param {(segment: number) => number} tell
 */
function around(x, y, { column, row, columns, rows, side, first, held }, far, tell) {
  const [middle, level] = [column(x), row(y)];
  let left = far;
  // What lies in no square so far is farther away than the squares reach.
  for (let ring = 0; ring === 0 || (ring - 1) * side < left; ring += 1) {
    for (let down = Math.max(0, level - ring); down <= Math.min(rows - 1, level + ring); down += 1) {
      const whole = Math.abs(down - level) === ring;
      for (let across = middle - ring; across <= middle + ring; across += whole || !ring ? 1 : 2 * ring) {
        if (across >= 0 && across < columns) {
          const square = down * columns + across;
          for (let at = first[square]; at < first[square + 1]; at += 1) {
            left = tell(held[at]);
          }
        }
      }
    }
  }
}

/**
 * @param {number} x
 * @param {number} y
 * @param {Pieces} pieces
 * @param {number} piece
 */
function shareOn(x, y, { x0, y0, x1, y1 }, piece) {
  const alongX = x1[piece] - x0[piece];
  const alongY = y1[piece] - y0[piece];
  const whole = alongX * alongX + alongY * alongY;
  const part = whole > 0 ? ((x - x0[piece]) * alongX + (y - y0[piece]) * alongY) / whole : 0;
  return Math.min(Math.max(part, 0), 1);
}

/**
 * @param {number} x
 * @param {number} y
 * @param {Pieces} pieces
 * @param {number} piece
 */
function gapTo(x, y, pieces, piece) {
  const { x0, y0, x1, y1 } = pieces;
  const share = shareOn(x, y, pieces, piece);
  const awayX = x - x0[piece] - share * (x1[piece] - x0[piece]);
  const awayY = y - y0[piece] - share * (y1[piece] - y0[piece]);
  return Math.sqrt(awayX * awayX + awayY * awayY);
}

/**
 * @param {number} x
 * @param {number} y
 * @param {Pieces} pieces
 * @param {number} piece
 * @returns {Foot}
 */
function footOn(x, y, pieces, piece) {
  const { x0, y0, x1, y1, edge, from, to } = pieces;
  const share = shareOn(x, y, pieces, piece);
  return {
    edge: edge[piece],
    share: from[piece] + share * (to[piece] - from[piece]),
    gap: gapTo(x, y, pieces, piece),
    x: x0[piece] + share * (x1[piece] - x0[piece]),
    y: y0[piece] + share * (y1[piece] - y0[piece]),
  };
}
