/* The shapes of a layer as a source of MapLibre: tiles that the page holds, or features out of steps. */
import { bytesOf, inflated, jsonOf } from "./unpack.js";

/** @import { Layer, SteppedShape, TiledShape } from "./types" */

/** Parts of a feature by their dimension; each is a list of lines, which are lists of points. */
const TYPES = /** @type {const} */ ([
  ["MultiPolygon", 2],
  ["MultiLineString", 1],
  ["MultiPoint", 0],
]);

/** @type {Map<string, Promise<unknown>>} */
const opened = new Map();
/** @type {Map<string, { ranges: Map<string, [number, number]>, bytes: Uint8Array<ArrayBuffer> }>} */
const tiled = new Map();

/** Let MapLibre ask for the tiles that the page holds. */
export function serveTiles() {
  maplibregl.addProtocol("held", async (/** @type {{ url: string }} */ { url }) => {
    const [, id, place] = /^held:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
    const held = tiled.get(id);
    const range = held?.ranges.get(place);
    return { data: held && range ? await inflated(held.bytes.subarray(...range)) : new ArrayBuffer(0) };
  });
}

/**
 * Return the shapes of a layer, unpacked once for all maps of the page.
 * @param {Layer} layer
 */
export function sourceOf(layer) {
  const { shape } = layer;
  let source = opened.get(layer.id);
  if (!source) {
    source = shape.kind === "tiles" ? openTiles(layer.id, shape) : openSteps(layer, shape);
    opened.set(layer.id, source);
  }
  return source;
}

/**
 * @param {string} id
 * @param {TiledShape} shape
 */
async function openTiles(id, { body, index, least, deepest }) {
  tiled.set(id, { ranges: rangesOf(index), bytes: bytesOf(body) });
  return {
    type: "vector",
    tiles: [`held://${id}/{z}/{x}/{y}`],
    minzoom: least,
    maxzoom: deepest,
    promoteId: { a: "i", o: "i" },
  };
}

/** @param {number[]} index */
function rangesOf(index) {
  /** @type {Map<string, [number, number]>} */
  const ranges = new Map();
  for (let at = 0, from = 0; at < index.length; at += 4) {
    const [zoom, column, row, length] = index.slice(at, at + 4);
    ranges.set(`${zoom}/${column}/${row}`, [from, from + length]);
    from += length;
  }
  return ranges;
}

/**
 * @param {Layer} layer
 * @param {SteppedShape} shape
 */
async function openSteps(layer, { body, scale }) {
  /** @type {[zoom: number, ...parts: [dimension: number, ...lines: number[][]][]][]} */
  const rows = await jsonOf(body);
  const features = rows.flatMap(([zoom, ...parts], row) => {
    const properties = { i: row, v: layer.facts.category[row], z: zoom };
    const geometries = geometriesOf(parts, scale);
    if (parts.some(([dimension]) => dimension === 2)) {
      // From afar, land is a dot.
      geometries.push({ type: "Point", coordinates: [layer.facts.lon[row], layer.facts.lat[row]] });
    }
    return geometries.map((geometry) => ({ type: "Feature", id: row, properties, geometry }));
  });
  const data = { type: "FeatureCollection", features };
  return { type: "geojson", data, promoteId: "i", maxzoom: 20, tolerance: 0.2 };
}

/**
 * @param {[dimension: number, ...lines: number[][]][]} parts
 * @param {number} scale
 * @returns {{ type: string, coordinates: unknown }[]}
 */
function geometriesOf(parts, scale) {
  return TYPES.flatMap(([type, wanted]) => {
    const own = parts
      .filter(([dimension]) => dimension === wanted)
      .map(([, ...lines]) => lines.map((steps) => pointsOf(steps, scale)));
    if (!own.length) {
      return [];
    }
    const coordinates = wanted === 2 ? own : wanted === 1 ? own.flat() : own.flatMap(([points]) => points);
    return [{ type, coordinates }];
  });
}

/**
 * @param {number[]} steps
 * @param {number} scale
 */
function pointsOf(steps, scale) {
  const points = [];
  for (let at = 0, x = 0, y = 0; at < steps.length; at += 2) {
    x += steps[at];
    y += steps[at + 1];
    points.push([x / scale, y / scale]);
  }
  return points;
}
