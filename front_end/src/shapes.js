/* The shapes of a layer as a source of MapLibre: tiles that the page holds, or features out of steps. */
import { areasOf } from "./areas.js";
import { numbersIn } from "./numbers.js";
import { pictured } from "./pictures.js";
import { bytesOf, inflated } from "./unpack.js";

/** @import { Layer, Page, PicturedShape, ReachedShape, SteppedShape, TiledShape } from "./types" */

/** @typedef {{ dimension: number, lines: number[][][] }} Part lines are lists of points */

/** What parts of a feature are by their dimension. */
const TYPES = /** @type {const} */ ([
  ["MultiPolygon", 2],
  ["MultiLineString", 1],
  ["MultiPoint", 0],
]);

/** @typedef {{ zoom: number, parts: Part[] }} Row */

/** @type {Map<string, Promise<Row[]>>} */
const opened = new Map();
/** @type {Map<string, { ranges: Map<string, [number, number]>, bytes: Uint8Array<ArrayBuffer> }>} */
const tiled = new Map();
/** @type {Map<string, Promise<ImageBitmap>>} */
const pictures = new Map();

/** Let MapLibre ask for the tiles and the pictures that the page holds. */
export function serveTiles() {
  maplibregl.addProtocol("held", async (/** @type {{ url: string }} */ { url }) => {
    const [, id, place] = /^held:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
    const held = tiled.get(id);
    const range = held?.ranges.get(place);
    return { data: held && range ? await inflated(held.bytes.subarray(...range)) : new ArrayBuffer(0) };
  });
  maplibregl.addProtocol("picture", async (/** @type {{ url: string }} */ { url }) => {
    // MapLibre closes what it is done with.
    const picture = await pictures.get(url);
    return { data: picture ? await createImageBitmap(picture) : new ArrayBuffer(0) };
  });
}

/**
 * Return a layer as a source of MapLibre, with those rows that are there; what is unpacked is kept for the next time.
 * @param {Layer} layer
 * @param {(row: number) => boolean} there
 * @param {Page} page
 */
export async function sourceOf(layer, there, page) {
  const { shape } = layer;
  if (shape.kind === "tiles") {
    return tilesOf(layer.id, shape);
  }
  if (shape.kind === "reached") {
    return reachedOf(layer, shape, page);
  }
  return shape.kind === "picture" ? pictureOf(layer, shape) : stepsOf(layer, shape, there);
}

/**
 * @param {Layer} layer
 * @param {ReachedShape} shape
 * @param {Page} page
 */
async function reachedOf({ id }, shape, { selected, view }) {
  const areas = selected ? await areasOf(id, shape, selected[1], view?.id) : [];
  // The smallest lies on top.
  const features = [...areas].reverse().map(({ row, coordinates }) => ({
    type: "Feature",
    id: row,
    properties: { i: row, v: row, z: 0 },
    geometry: { type: "MultiPolygon", coordinates },
  }));
  const data = { type: "FeatureCollection", features };
  return { type: "geojson", data, promoteId: "i", maxzoom: 20, tolerance: 0.2 };
}

/**
 * @param {Layer} layer
 * @param {PicturedShape} shape
 */
function pictureOf({ picture = "", categories }, { bounds: [west, south, east, north] }) {
  const url = `picture://${picture}`;
  if (!pictures.has(url)) {
    pictures.set(url, pictured(bytesOf(picture), categories));
  }
  const corners = [
    [west, north],
    [east, north],
    [east, south],
    [west, south],
  ];
  return { type: "image", url, coordinates: corners };
}

/**
 * @param {string} id
 * @param {TiledShape} shape
 */
function tilesOf(id, { body, index, least, deepest }) {
  if (!tiled.has(id)) {
    tiled.set(id, { ranges: rangesOf(index), bytes: bytesOf(body) });
  }
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
 * @param {(row: number) => boolean} there
 */
async function stepsOf(layer, shape, there) {
  const rows = await rowsIn(layer, shape);
  const features = rows.flatMap(({ zoom, parts }, row) => {
    if (!there(row)) {
      return [];
    }
    const properties = { i: row, v: layer.facts.category[row], z: zoom };
    const geometries = geometriesOf(parts);
    if (layer.tabled && parts.some(({ dimension }) => dimension === 2)) {
      // From afar, land that can be clicked is a dot.
      geometries.push({ type: "Point", coordinates: [layer.facts.lon[row], layer.facts.lat[row]] });
    }
    return geometries.map((geometry) => ({ type: "Feature", id: row, properties, geometry }));
  });
  const data = { type: "FeatureCollection", features };
  return { type: "geojson", data, promoteId: "i", maxzoom: 20, tolerance: 0.2 };
}

/**
 * @param {Layer} layer
 * @param {SteppedShape} shape
 */
function rowsIn(layer, { body, scale }) {
  const known = opened.get(layer.id);
  const rows = known ?? inflated(bytesOf(body)).then((bytes) => rowsOf(new Uint8Array(bytes), layer.facts.size, scale));
  opened.set(layer.id, rows);
  return rows;
}

/**
 * @param {Part[]} parts
 * @returns {{ type: string, coordinates: unknown }[]}
 */
function geometriesOf(parts) {
  return TYPES.flatMap(([type, wanted]) => {
    const own = parts.filter(({ dimension }) => dimension === wanted).map(({ lines }) => lines);
    if (!own.length) {
      return [];
    }
    const coordinates = wanted === 2 ? own : wanted === 1 ? own.flat() : own.flatMap(([points]) => points);
    return [{ type, coordinates }];
  });
}

/**
 * Return the features that shapes.py wrote: steps from point to point, whole parts of a degree.
 * @param {Uint8Array} bytes
 * @param {number} size
 * @param {number} scale
 * @returns {Row[]}
 */
export function rowsOf(bytes, size, scale) {
  const next = numbersIn(bytes);
  let x = 0;
  let y = 0;
  const point = () => {
    x += next();
    y += next();
    return [x / scale, y / scale];
  };
  const line = () => times(next(), point);
  const part = () => ({ dimension: next(), lines: times(next(), line) });
  const feature = () => ({ zoom: next(), parts: times(next(), part) });
  return times(size, feature);
}

/**
 * @template T
 * @param {number} count
 * @param {() => T} make
 * @returns {T[]}
 */
function times(count, make) {
  return Array.from({ length: count }, make);
}
