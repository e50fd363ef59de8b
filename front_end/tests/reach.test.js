import { expect, test } from "vitest";
import { areaOf, below, holds } from "../src/contours.js";
import { areasAround, costs } from "../src/reach.js";
import { degreesOf, streetsOf } from "../src/streets.js";

/** @import { Ring } from "../src/contours.js" */
/** @import { ReachedFacts } from "../src/types" */

const STEP = 0.5;

/** @type {ReachedFacts} */
const FACTS = {
  bytes: 0,
  step: STEP,
  minutes: [5],
  limits: [300],
  cell: 10,
  factor: 1,
  longest: 200,
  degrees: { middle: [0, 0], half: [1, 1], power: 1, lon: [0, 0, 0], lat: [0, 0, 0] },
};

/**
 * @typedef {{ u: number, v: number, way?: number, beyond?: number, inner?: number[][] }} Edge
 * @typedef {{ edge: number, offset: number, access: number }} Way
 */

/**
 * Return streets of nodes in metres; edges come in the order of the nodes they start from, as reached.py writes them.
 * @param {number[][]} nodes
 * @param {Edge[]} edges
 * @param {Way[]} ways of one facility
 * @param {{ land: boolean, lines: number[][][] }[]} [barriers]
 */
function streets(nodes, edges, ways, barriers = []) {
  /** @type {(points: number[][], from?: number[]) => number[]} */
  const leaps = (points, from = [0, 0]) =>
    points.flatMap(([x, y], at) => {
      const [beforeX, beforeY] = at ? points[at - 1] : from;
      return [(x - beforeX) / STEP, (y - beforeY) / STEP];
    });
  /** @type {(values: number[]) => number[]} */
  const steps = (values) => values.map((one, at) => one - (at ? values[at - 1] : 0));
  const lines = barriers.flatMap((one) => one.lines);
  const numbers = [
    ...[nodes.length, edges.length, 1, ways.length, barriers.length],
    ...leaps(nodes),
    ...steps(edges.map(({ u }) => u)),
    ...edges.map(({ u, v }) => v - u),
    ...edges.map(({ way = 0 }) => way),
    ...edges.map(({ beyond = 0 }) => beyond / STEP),
    ...edges.map(() => 0),
    ...edges.map(({ inner = [] }) => inner.length),
    ...edges.flatMap(({ u, inner = [] }) => leaps(inner, nodes[u])),
    ways.length,
    ...steps(ways.map(({ edge }) => edge)),
    ...ways.map(({ offset }) => offset / STEP),
    ...ways.map(({ access }) => access / STEP),
    ...barriers.map(({ land }) => (land ? 1 : 0)),
    ...barriers.map((one) => one.lines.length),
    ...lines.map((line) => line.length),
    ...leaps(lines.flat()),
  ];
  let at = 0;
  const read = streetsOf(() => {
    at += 1;
    return numbers[at - 1];
  }, STEP);
  expect(at).toBe(numbers.length);
  return read;
}

/**
 * @param {ReturnType<typeof streets>} there
 * @param {Partial<ReachedFacts>} [facts]
 */
function around(there, facts = {}) {
  return areasAround(there, there.ways[0], { ...FACTS, ...facts });
}

/** @type {(polygons: Ring[][], x: number, y: number) => boolean} */
function inside(polygons, x, y) {
  return polygons.some(([outer, ...holes]) => holds(outer, [x, y]) && !holes.some((hole) => holds(hole, [x, y])));
}

const STREET = [
  [0, 0],
  [400, 0],
];
/** A street that comes back beside itself. */
const ROUND = {
  nodes: [...STREET, [400, 100], [0, 100]],
  edges: [
    { u: 0, v: 1 },
    { u: 1, v: 2 },
    { u: 2, v: 3 },
  ],
};
const AT_ITS_END = [{ edge: 0, offset: 0, access: 0 }];

test("along a street of 400 m land is reached that its length and the straight way leave over", () => {
  const [area] = around(streets(STREET, [{ u: 0, v: 1 }], AT_ITS_END));
  // To the east |x| + |y| <= 300, |y| <= 200: 80,000 m2; to the west half a disc of 200 m.
  expect(area.area / (80_000 + (Math.PI * 200 ** 2) / 2)).toBeCloseTo(1, 2);
  expect(area.minutes).toBe(5);
  expect(inside(area.polygons, 280, 5)).toBe(true);
  expect(inside(area.polygons, 310, 5)).toBe(false);
  expect(inside(area.polygons, 50, 210)).toBe(false);
});

test("a larger limit holds the smaller one, and all limits are told in their order", () => {
  const found = around(streets(STREET, [{ u: 0, v: 1 }], AT_ITS_END), { limits: [100, 200], minutes: [5, 10] });
  expect(found.map(({ minutes }) => minutes)).toEqual([5, 10]);
  // Two diamonds of half the plane, and half a disc.
  const wanted = [100, 200].map((limit) => limit ** 2 + (Math.PI * limit ** 2) / 2);
  found.forEach(({ area }, at) => expect(area / wanted[at]).toBeCloseTo(1, 1));
});

test("the way to the door and from a street's middle count", () => {
  const [area] = around(streets(STREET, [{ u: 0, v: 1 }], [{ edge: 0, offset: 200, access: 150 }]));
  // 150 m are left from the middle either way: a diamond.
  expect(area.area / (2 * 150 ** 2)).toBeCloseTo(1, 2);
});

test("land whose own street leads round about is left out, however near the facility lies", () => {
  const { nodes, edges } = ROUND;
  const [area] = around(streets(nodes, edges, AT_ITS_END));
  expect(inside(area.polygons, 100, 40)).toBe(true);
  expect(inside(area.polygons, 100, 60)).toBe(false);
  expect(inside(area.polygons, 100, -150)).toBe(true);
});

test("a street with a bend is as long as it is drawn, and ends blind", () => {
  const inner = [
    [200, 0],
    [200, 100],
  ];
  const there = streets(
    [
      [0, 0],
      [0, 100],
    ],
    [{ u: 0, v: 1, inner }],
    AT_ITS_END,
  );
  expect(there.length[0]).toBe(500);
  expect([...costs(there, there.ways[0], 1, Infinity)]).toEqual([0, 500]);
  const [area] = around(there);
  // After 300 m one stands at the second bend.
  expect(inside(area.polygons, 195, 90)).toBe(true);
  expect(inside(area.polygons, 100, 110)).toBe(false);
});

test("nobody crosses a barrier, and the area stops before it", () => {
  const wall = {
    land: false,
    lines: [
      [
        [-300, 20.5],
        [700, 20.5],
      ],
    ],
  };
  const [area] = around(streets(STREET, [{ u: 0, v: 1 }], AT_ITS_END, [wall]));
  const highest = Math.max(...area.polygons.flat(2).map(([, y]) => y));
  expect(highest).toBeLessThanOrEqual(20.5 + 1e-9);
  // All to the south, and a strip of 20.5 m to the north.
  const south = 40_000 + (Math.PI * 200 ** 2) / 4;
  const strip = 279.5 * 20.5 + 20.5 ** 2 / 2 + (200 * 20.5 - 20.5 ** 3 / 1200);
  expect(area.area / (south + strip)).toBeCloseTo(1, 1);
  expect(inside(area.polygons, 100, 15)).toBe(true);
  expect(inside(area.polygons, 100, -150)).toBe(true);
});

test("land behind a barrier is reached by the next street that no barrier lies before", () => {
  const { nodes, edges } = ROUND;
  const wall = {
    land: false,
    lines: [
      [
        [-300, 60.5],
        [390, 60.5],
      ],
    ],
  };
  const [open, barred] = [[], [wall]].map((walls) => around(streets(nodes, edges, AT_ITS_END, walls))[0].polygons);
  // The nearest street is the other one, which lies behind the wall.
  expect([open, barred].map((one) => inside(one, 100, 55))).toEqual([false, true]);
  expect(inside(barred, 100, 65)).toBe(false);
});

test("land inside a barrier is not reached, and leaves a hole", () => {
  const pond = {
    land: true,
    lines: [
      [
        [90, -80],
        [90, -40],
        [150, -40],
        [150, -80],
        [90, -80],
      ],
    ],
  };
  const [[dry], [wet]] = [[], [pond]].map((walls) => around(streets(STREET, [{ u: 0, v: 1 }], AT_ITS_END, walls)));
  expect(inside(dry.polygons, 120, -60)).toBe(true);
  expect(inside(wet.polygons, 120, -60)).toBe(false);
  expect(dry.area - wet.area).toBeGreaterThan(60 * 40);
});

test("a street that is closed one way is gone along only the other way", () => {
  const there = streets(
    [
      [0, 0],
      [100, 0],
      [200, 0],
    ],
    [
      { u: 0, v: 1, way: 1 },
      { u: 1, v: 2, way: 2, beyond: 50 },
    ],
    [{ edge: 0, offset: 100, access: 0 }],
  );
  // To the facility at node 1: from 0 along the first, from 2 against the second, which costs 50 more.
  expect([...costs(there, there.ways[0], 1, Infinity)]).toEqual([100, 0, 150]);
  const back = streets(
    [
      [0, 0],
      [100, 0],
      [200, 0],
    ],
    [
      { u: 0, v: 1, way: 2 },
      { u: 1, v: 2, way: 1 },
    ],
    [{ edge: 0, offset: 100, access: 0 }],
  );
  expect([...costs(back, back.ways[0], 1, Infinity)]).toEqual([Infinity, 0, Infinity]);
});

test("a facility without a way has no area", () => {
  expect(around(streets(STREET, [{ u: 0, v: 1 }], []))).toEqual([]);
});

test("a straight way that costs three times as much reaches a third as far", () => {
  const [area] = around(streets(STREET, [{ u: 0, v: 1 }], [{ edge: 0, offset: 200, access: 0 }]), {
    limits: [150],
    factor: 3,
    cell: 5,
  });
  expect(area.area / ((2 * 150 * 150) / 3)).toBeCloseTo(1, 2);
});

test("a ring of low values is an area with a hole, and an island in the hole is another one", () => {
  const side = 13;
  const value = Float64Array.from({ length: side * side }, (_, at) => {
    const far = Math.max(Math.abs((at % side) - 6), Math.abs(Math.floor(at / side) - 6));
    return far === 0 || far === 4 ? -1 : 1;
  });
  const polygons = below({ width: side, height: side, value }, 1, () => null);
  expect(polygons.map((rings) => rings.length).sort()).toEqual([1, 2]);
  const areas = polygons.map(([outer, ...holes]) => [areaOf(outer), ...holes.map(areaOf)]);
  const [island, ring] = areas.sort((one, other) => one.length - other.length);
  // Halfway between points: a diamond; squares of 9 by 9 and 7 by 7 with cut corners.
  expect(island).toEqual([0.5]);
  expect(ring[0]).toBeCloseTo(81 - 4 / 8, 6);
  expect(ring[1]).toBeCloseTo(-(49 - 4 / 8), 6);
});

test("places are turned into degrees by the terms of a polynomial", () => {
  // 1 + 2 y + 3 x and 4 + 5 y + 6 x of x and y from the middle.
  const polynomial = {
    middle: /** @type {[number, number]} */ ([10, 20]),
    half: /** @type {[number, number]} */ ([2, 4]),
  };
  expect(degreesOf({ ...polynomial, power: 1, lon: [1, 2, 3], lat: [4, 5, 6] }, [12, 24])).toEqual([6, 15]);
  expect(degreesOf({ ...polynomial, power: 1, lon: [1, 2, 3], lat: [4, 5, 6] }, [10, 20])).toEqual([1, 4]);
});
