/* The streets of a page, as reached.py writes them, and how facilities are entered from them. Places are metres from an
   origin, costs metres of level walking, or metres at the speed that cars are reckoned with. */

/** @import { LonLat, ReachedFacts } from "./types" */

/**
 * @typedef {{
 *   x: Float64Array, y: Float64Array,
 *   u: Int32Array, v: Int32Array, along: Float64Array, against: Float64Array, length: Float64Array,
 *   first: Int32Array, px: Float64Array, py: Float64Array, at: Float64Array,
 *   arcs: { first: Int32Array, edge: Int32Array },
 *   ways: Way[][],
 *   barriers: Barrier[],
 * }} Streets
 * By node: x, y. By edge: its nodes, cost from u to v and back (Infinity where it is closed), length, and the first of
 * its points; by point: px, py, and how far along the edge it lies. By node, as a range of `arcs.edge`: its edges.
 */
/** @typedef {{ edge: number, offset: number, access: number }} Way */
/** @typedef {{ land: boolean, lines: [number, number][][] }} Barrier */

/**
 * @param {() => number} next
 * @param {number} step
 * @returns {Streets}
 */
export function streetsOf(next, step) {
  const [nodes, edges, facilities, ways, barriers] = many(5, next);
  const [x, y] = places(nodes, next, step);
  const u = Int32Array.from(summed(many(edges, next)));
  const v = Int32Array.from(many(edges, next), (leap, at) => u[at] + leap);
  const open = many(edges, next);
  const beyond = many(edges, next);
  const back = many(edges, next);
  const inner = many(edges, next);
  const lines = linesOf({ x, y, u, v }, inner, next, step);
  const along = new Float64Array(edges);
  const against = new Float64Array(edges);
  for (let edge = 0; edge < edges; edge += 1) {
    const forth = beyond[edge] * step + Math.round(lines.length[edge] / step) * step;
    along[edge] = open[edge] === 2 ? Infinity : forth;
    against[edge] = open[edge] === 1 ? Infinity : forth + back[edge] * step;
  }
  return {
    ...{ x, y, u, v, along, against },
    ...lines,
    arcs: arcsOf(nodes, u, v),
    ways: waysOf(many(facilities, next), ways, next, step),
    barriers: barriersOf(barriers, next, step),
  };
}

/**
 * @param {number} count
 * @param {() => number} next
 */
function many(count, next) {
  return Array.from({ length: count }, next);
}

/** @param {number[]} steps */
function summed(steps) {
  let sum = 0;
  return steps.map((one) => {
    sum += one;
    return sum;
  });
}

/**
 * @param {number} count
 * @param {() => number} next
 * @param {number} step
 */
function places(count, next, step) {
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  let [east, north] = [0, 0];
  for (let at = 0; at < count; at += 1) {
    east += next();
    north += next();
    x[at] = east * step;
    y[at] = north * step;
  }
  return [x, y];
}

/**
 * @param {Pick<Streets, "x" | "y" | "u" | "v">} nodes
 * @param {number[]} inner
 * @param {() => number} next
 * @param {number} step
 */
function linesOf({ x, y, u, v }, inner, next, step) {
  const first = new Int32Array(inner.length + 1);
  inner.forEach((count, edge) => {
    first[edge + 1] = first[edge] + count + 2;
  });
  const size = first[inner.length];
  const [px, py, at] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
  const length = new Float64Array(inner.length);
  for (let edge = 0; edge < inner.length; edge += 1) {
    const [from, to] = [first[edge], first[edge + 1] - 1];
    [px[from], py[from], px[to], py[to]] = [x[u[edge]], y[u[edge]], x[v[edge]], y[v[edge]]];
    for (let point = from + 1; point < to; point += 1) {
      px[point] = px[point - 1] + next() * step;
      py[point] = py[point - 1] + next() * step;
    }
    for (let point = from + 1; point <= to; point += 1) {
      at[point] = at[point - 1] + Math.hypot(px[point] - px[point - 1], py[point] - py[point - 1]);
    }
    length[edge] = at[to];
  }
  return { first, px, py, at, length };
}

/**
 * @param {number} nodes
 * @param {Int32Array} u
 * @param {Int32Array} v
 */
function arcsOf(nodes, u, v) {
  const first = new Int32Array(nodes + 1);
  for (const ends of [u, v]) {
    for (const node of ends) {
      first[node + 1] += 1;
    }
  }
  for (let node = 0; node < nodes; node += 1) {
    first[node + 1] += first[node];
  }
  const edge = new Int32Array(2 * u.length);
  const free = first.slice();
  for (const ends of [u, v]) {
    ends.forEach((node, at) => {
      edge[free[node]] = at;
      free[node] += 1;
    });
  }
  return { first, edge };
}

/**
 * @param {number[]} counts by facility
 * @param {number} size
 * @param {() => number} next
 * @param {number} step
 */
function waysOf(counts, size, next, step) {
  const edge = summed(many(size, next));
  const offset = many(size, next);
  const access = many(size, next);
  let from = 0;
  return counts.map((count) => {
    const own = Array.from({ length: count }, (_, at) => from + at);
    from += count;
    return own.map((at) => ({ edge: edge[at], offset: offset[at] * step, access: access[at] * step }));
  });
}

/**
 * @param {number} count
 * @param {() => number} next
 * @param {number} step
 * @returns {Barrier[]}
 */
function barriersOf(count, next, step) {
  const land = many(count, next);
  const parts = many(count, next);
  const sizes = many(
    parts.reduce((sum, one) => sum + one, 0),
    next,
  );
  let [x, y, line] = [0, 0, 0];
  return parts.map((lines, at) => ({
    land: land[at] === 1,
    lines: Array.from({ length: lines }, () => {
      line += 1;
      return Array.from({ length: sizes[line - 1] }, () => {
        x += next();
        y += next();
        return /** @type {[number, number]} */ ([x * step, y * step]);
      });
    }),
  }));
}

/**
 * Return a place in degrees.
 * @param {ReachedFacts["degrees"]} polynomial
 * @param {[number, number]} place
 * @returns {LonLat}
 */
export function degreesOf({ middle, half, power, lon, lat }, [east, north]) {
  const x = (east - middle[0]) / half[0];
  const y = (north - middle[1]) / half[1];
  /** @type {LonLat} */
  const found = [0, 0];
  let term = 0;
  for (let i = 0, byX = 1; i <= power; i += 1, byX *= x) {
    for (let j = 0, both = byX; j <= power - i; j += 1, both *= y, term += 1) {
      found[0] += lon[term] * both;
      found[1] += lat[term] * both;
    }
  }
  return found;
}
