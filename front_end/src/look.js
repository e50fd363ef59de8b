/* How a layer looks on the map: one value for each category, filters for what is asked for. */

/** @import { Layer, Look } from "./types" */

/** An expression of MapLibre. @typedef {any} Expression */

const OFF = ["boolean", ["feature-state", "off"], false];
const CHOSEN = ["boolean", ["feature-state", "chosen"], false];
const MARKED = "#111111";
const PLAIN = "#333333";
/** The names of the parts that draw lines: more ways to dash them no layer has. */
export const LINES = ["line", "line-2", "line-3", "line-4", "line-5", "line-6"];
/** Layers of more features have their names only near by. */
const MANY_NAMES = 200;

/**
 * Return a value by category; one for all where they agree.
 * @param {Layer} layer
 * @param {(look: Look, at: number) => unknown} value
 * @returns {Expression}
 */
function byCategory(layer, value) {
  const values = layer.categories.map(({ look }, at) => value(look, at));
  const last = values[values.length - 1];
  if (values.every((one) => one === last)) {
    return last;
  }
  return ["match", ["get", "v"], ...values.slice(0, -1).flatMap((one, at) => [at, one]), last];
}

/**
 * @param {Expression} value
 * @param {number} strength
 */
function times(value, strength) {
  return Array.isArray(value) ? ["*", value, strength] : value * strength;
}

/** @param {Expression} value */
function unlessOff(value) {
  return ["case", OFF, 0, value];
}

/**
 * @param {Expression} marked
 * @param {Expression} value
 */
function whenChosen(marked, value) {
  return ["case", CHOSEN, marked, value];
}

/** @param {Look} look */
function fillOf(look) {
  return look.fill && look.fill !== "none" ? look.fill : null;
}

/**
 * @param {Layer} layer
 * @returns {Record<string, Record<string, Expression>>}
 */
export function paintsOf(layer) {
  const { strength } = layer;
  const stroke = byCategory(layer, (look) => look.stroke || fillOf(look) || PLAIN);
  const solid = byCategory(layer, (look) => (fillOf(look) ? (look.fill_opacity ?? 1) : 0));
  const seen = unlessOff(strength);
  const line = {
    "line-color": whenChosen(MARKED, stroke),
    "line-width": whenChosen(
      4,
      byCategory(layer, (look) => look.weight || 0),
    ),
    "line-opacity": seen,
  };
  return {
    fill: {
      "fill-color": byCategory(layer, (look) => fillOf(look) || "rgba(0,0,0,0)"),
      "fill-opacity": unlessOff(times(solid, strength)),
      "fill-antialias": false,
    },
    hatch: {
      "fill-pattern": byCategory(layer, (look, at) => (look.hatch ? `hatch|${layer.id}|${at}` : "")),
      "fill-opacity": seen,
    },
    ...Object.fromEntries(linesOf(layer).map(({ kind, dash }) => [kind, { ...line, ...dash }])),
    dot: dotPaint(layer, stroke, seen),
    picture: { "raster-opacity": strength },
    names: { "icon-opacity": seen },
    ranks: { "icon-opacity": seen },
  };
}

/**
 * @param {Layer} layer
 * @param {Expression} stroke
 * @param {Expression} seen
 */
function dotPaint(layer, stroke, seen) {
  const radius = byCategory(layer, (look) => look.size || 2);
  const ring = byCategory(layer, (look) => look.ring || 0);
  return {
    "circle-color": byCategory(layer, (look) => fillOf(look) || look.stroke || PLAIN),
    "circle-radius": grown(layer.least_zoom, (part) => whenChosen(7, times(radius, part))),
    "circle-opacity": seen,
    "circle-stroke-color": whenChosen(MARKED, stroke),
    "circle-stroke-width": whenChosen(2.5, ring),
    "circle-stroke-opacity": seen,
  };
}

/**
 * Dots that are seen only near by are small at first.
 * @param {number} least
 * @param {(part: number) => Expression} radius
 */
function grown(least, radius) {
  return least ? ["interpolate", ["linear"], ["zoom"], least, radius(0.6), least + 2.5, radius(1.3)] : radius(1);
}

/**
 * What is seen of a layer: land from its zoom on, before it a dot; and only the categories asked for.
 * @param {Layer} layer
 * @returns {Record<string, Expression>}
 */
export function filtersOf(layer) {
  const { categories, hidden } = layer;
  const shown = [...categories.keys()].filter((at) => !hidden.has(at));
  const wanted = shown.length === categories.length ? true : isOneOf(shown);
  const land = ["==", ["geometry-type"], "Polygon"];
  const point = ["==", ["geometry-type"], "Point"];
  return {
    fill: ["all", land, wanted],
    hatch: ["all", land, isOneOf(shown.filter((at) => categories[at].look.hatch))],
    ...Object.fromEntries(
      linesOf(layer).map(({ kind, of }) => [
        kind,
        [
          "all",
          ["!=", ["geometry-type"], "Point"],
          of.length === categories.length ? wanted : isOneOf(both(of, shown)),
        ],
      ]),
    ),
    dot: ["all", point, [">", ["get", "z"], ["zoom"]], wanted],
    names: wanted,
    ranks: wanted,
  };
}

/** @type {(some: number[], others: number[]) => number[]} */
function both(some, others) {
  return some.filter((one) => others.includes(one));
}

/** @param {number[]} categories */
function isOneOf(categories) {
  return ["in", ["get", "v"], ["literal", categories]];
}

/** @param {Layer} layer */
function judged(layer) {
  return layer.categories.some((category) => category.outcome);
}

/**
 * Return the layers of MapLibre that draw one of ours, lowest first.
 * @param {Layer} layer
 */
export function partsOf(layer) {
  const paints = paintsOf(layer);
  if (layer.shape.kind === "picture") {
    return [{ id: `${layer.id}|picture`, type: "raster", source: layer.id, paint: paints.picture }];
  }
  const filters = filtersOf(layer);
  const tiled = layer.shape.kind === "tiles";
  /**
   * @param {string} kind
   * @param {string} type
   * @param {Record<string, unknown>} more
   */
  const part = (kind, type, more = {}) => ({
    id: `${layer.id}|${kind}`,
    type,
    source: layer.id,
    ...(tiled ? { "source-layer": kind === "dot" ? "o" : "a" } : {}),
    filter: filters[kind],
    paint: paints[kind],
    minzoom: layer.least_zoom,
    ...more,
  });
  const hatched = layer.categories.some(({ look }) => look.hatch);
  // Of dots in one place the worst is seen: categories come worst first.
  const worstOnTop = judged(layer) ? { layout: { "circle-sort-key": ["-", 0, ["get", "v"]] } } : {};
  const fill = part("fill", "fill");
  const lines = linesOf(layer).map(({ kind }) => part(kind, "line", { layout: { "line-join": "round" } }));
  const dot = part("dot", "circle", worstOnTop);
  // What has nothing to draw would cost time all the same.
  const { look } = layer.categories[0];
  if (look.point || look.line) {
    return look.point ? [dot] : lines;
  }
  return [fill, ...(hatched ? [part("hatch", "fill", { minzoom: 10 })] : []), ...lines, dot];
}

/**
 * MapLibre dashes all lines of a part alike: a part for each way to dash them that the categories have; it counts dashes
 * in widths of the line.
 * @param {Layer} layer
 * @returns {{ kind: string, of: number[], dash: Record<string, number[]> }[]} categories by the name of their part
 */
function linesOf({ categories }) {
  /** @type {Map<string, number[]>} */
  const ways = new Map();
  for (const [at, { look }] of categories.entries()) {
    const way = look.dash ? dashOf(look).join(" ") : "";
    ways.set(way, [...(ways.get(way) ?? []), at]);
  }
  return [...ways.values()].map((of, at) => {
    const { look } = categories[of[0]];
    return {
      kind: LINES[at],
      of,
      dash: /** @type {Record<string, number[]>} */ (look.dash ? { "line-dasharray": dashOf(look) } : {}),
    };
  });
}

/** @param {Look} look */
function dashOf({ dash = "", weight }) {
  return dash.split(" ").map((length) => Number(length) / Math.max(1, weight || 1));
}

/** @param {Layer} layer */
export function namesPart(layer) {
  return {
    id: `${layer.id}|names`,
    type: "symbol",
    source: `${layer.id}|names`,
    filter: filtersOf(layer).names,
    paint: paintsOf(layer).names,
    minzoom: layer.facts.size > MANY_NAMES ? 13 : 0,
    layout: {
      "icon-image": ["concat", `name|${layer.id}|`, ["to-string", ["get", "i"]]],
      "icon-padding": 3,
      // What is judged stays in sight: its name stands below it.
      ...(judged(layer) ? { "icon-anchor": "top", "icon-offset": [0, 5] } : {}),
      "symbol-sort-key": ["get", "i"],
    },
  };
}

/** @param {Layer} layer */
export function namesSource({ facts, categories }) {
  const rows = [];
  for (let row = 0; row < facts.size; row += 1) {
    if (categories[facts.category[row]]?.named && facts.name(row)) {
      rows.push(row);
    }
  }
  return pointsOf(facts, rows);
}

/** @param {Layer} layer */
export function ranksPart(layer) {
  return {
    id: `${layer.id}|ranks`,
    type: "symbol",
    source: `${layer.id}|ranks`,
    filter: filtersOf(layer).ranks,
    paint: paintsOf(layer).ranks,
    layout: {
      "icon-image": ["concat", `rank|${layer.id}|`, ["to-string", ["get", "i"]]],
      // Of numbers that would cover each other the more important one is seen.
      "icon-padding": -3,
      "symbol-sort-key": ["get", "i"],
    },
  };
}

/** @param {Layer} layer */
export function ranksSource({ facts }) {
  const rows = [...facts.category.keys()].filter((row) => facts.ranks?.[row] && facts.category[row] >= 0);
  return pointsOf(facts, rows);
}

/**
 * @param {Layer["facts"]} facts
 * @param {number[]} rows
 */
function pointsOf(facts, rows) {
  const features = rows.map((row) => ({
    type: "Feature",
    properties: { i: row, v: facts.category[row] },
    geometry: { type: "Point", coordinates: [facts.lon[row], facts.lat[row]] },
  }));
  return { type: "geojson", data: { type: "FeatureCollection", features }, promoteId: "i" };
}
