/* One map's share of the layers: which are on it, in the order of the tree, filtered and marked. */
import { drawImages } from "./images.js";
import { filtersOf, LINES, namesPart, namesSource, paintsOf, partsOf, ranksPart, ranksSource } from "./look.js";
import { sourceOf } from "./shapes.js";

/** @import { Layer, MapLibre, Page, Share } from "./types" */

/** What draws shapes, and what stands above all of them; lowest first. */
const SHAPES = ["picture", "fill", "hatch", ...LINES, "dot"];
const ABOVE = ["names", "ranks"];
const KINDS = [...SHAPES, ...ABOVE];

/** Stands in for the share of a map where the browser has none. @type {Share} */
export const NO_SHARE = { map: null, async show() {}, hide() {}, restyle() {}, remake() {}, mask() {}, choose() {} };

/**
 * @param {MapLibre} map
 * @param {Page} page
 * @returns {Share}
 */
export function shareOf(map, page) {
  /** What is on the map or on its way there: by layer, what was asked for last. @type {Map<string, symbol>} */
  const there = new Map();
  /** @type {Set<string>} */
  const masked = new Set();
  drawImages(map, page);

  /** @param {Layer} layer */
  async function show(layer) {
    if (there.has(layer.id)) {
      return;
    }
    const asked = Symbol(layer.id);
    there.set(layer.id, asked);
    const rows = rowsThere(layer, page);
    const source = rows && (await sourceOf(layer, rows, page));
    // It may have been hidden, or shown with other rows, while it was unpacked.
    if (!source || there.get(layer.id) !== asked) {
      return;
    }
    map.addSource(layer.id, source);
    const above = nextAbove(map, page.layers, layer);
    partsOf(layer).forEach((part) => map.addLayer(part, above));
    if (layer.labelled) {
      map.addSource(`${layer.id}|names`, namesSource(layer));
      map.addLayer(namesPart(layer), lowest(map, "ranks"));
    }
    if (layer.ranked) {
      map.addSource(`${layer.id}|ranks`, ranksSource(layer));
      map.addLayer(ranksPart(layer));
    }
    mask(layer);
    choose(layer, layer.chosen, true);
  }

  /** @param {Layer} layer */
  function hide(layer) {
    there.delete(layer.id);
    masked.delete(layer.id);
    for (const kind of kindsOn(map, layer)) {
      map.removeLayer(`${layer.id}|${kind}`);
    }
    for (const id of [layer.id, ...pointsOn(map, layer)].filter((one) => map.getSource(one))) {
      map.removeSource(id);
    }
  }

  /** @param {Layer} layer */
  function restyle(layer) {
    const paints = paintsOf(layer);
    const filters = filtersOf(layer);
    for (const kind of kindsOn(map, layer)) {
      const id = `${layer.id}|${kind}`;
      if (kind in filters) {
        map.setFilter(id, filters[kind]);
      }
      for (const [name, value] of Object.entries(paints[kind]).filter(([key]) => key.endsWith("opacity"))) {
        map.setPaintProperty(id, name, value);
      }
    }
  }

  /** @param {Layer} layer */
  function remake(layer) {
    if (there.has(layer.id)) {
      hide(layer);
      show(layer);
    }
  }

  /** @param {Layer} layer */
  function mask(layer) {
    if (!map.getSource(layer.id) || (!layer.mask && !masked.has(layer.id))) {
      return;
    }
    const points = pointsOn(map, layer).map((source) => ({ source }));
    for (const target of [...targetsOf(layer), ...points]) {
      map.removeFeatureState(target);
      layer.mask?.forEach((asked, row) => {
        if (!asked) {
          map.setFeatureState({ ...target, id: row }, { off: true });
        }
      });
    }
    if (layer.mask) {
      masked.add(layer.id);
    } else {
      masked.delete(layer.id);
    }
  }

  /** @type {Share["choose"]} */
  function choose(layer, row, on) {
    if (row !== null && map.getSource(layer.id)) {
      targetsOf(layer).forEach((target) => map.setFeatureState({ ...target, id: row }, { chosen: on }));
    }
  }

  return { map, show, hide, restyle, remake, mask, choose };
}

/**
 * Return what says whether a row is there: in the view that is chosen, or with what it belongs to.
 * @param {Layer} layer
 * @param {Page} page
 * @returns {((row: number) => boolean) | null} null where none is
 */
function rowsThere({ facts, categories, companion, of, shape }, page) {
  if (!categories.length) {
    return null;
  }
  if (!companion) {
    return (row) => facts.category[row] >= 0;
  }
  const [owner, chosen] = page.selected ?? [];
  if (owner?.id !== of) {
    return null;
  }
  return (row) => shape.kind === "reached" || facts.owner?.[row] === chosen;
}

/**
 * Return the part of the map that a layer goes below: the nearest one above it in the tree, or else names and numbers.
 * @param {MapLibre} map
 * @param {Layer[]} layers
 * @param {Layer} layer
 */
function nextAbove(map, layers, layer) {
  const higher = layers.slice(0, layers.indexOf(layer)).reverse();
  const nearest = higher.flatMap(({ id }) => SHAPES.map((kind) => `${id}|${kind}`)).find((id) => map.getLayer(id));
  return nearest ?? lowest(map, ...ABOVE);
}

/**
 * Return the lowest part of the map of some kinds.
 * @param {MapLibre} map
 * @param {string[]} kinds
 */
function lowest(map, ...kinds) {
  /** @type {{ id: string }[]} */
  const drawn = map.getStyle().layers;
  return drawn.find(({ id }) => kinds.some((kind) => id.endsWith(`|${kind}`)))?.id;
}

/**
 * Return the sources of the names and numbers of a layer.
 * @param {MapLibre} map
 * @param {Layer} layer
 */
function pointsOn(map, layer) {
  return ABOVE.map((kind) => `${layer.id}|${kind}`).filter((id) => map.getSource(id));
}

/**
 * @param {MapLibre} map
 * @param {Layer} layer
 */
function kindsOn(map, layer) {
  return KINDS.filter((kind) => map.getLayer(`${layer.id}|${kind}`));
}

/**
 * Return where MapLibre keeps the state of a layer's features.
 * @param {Layer} layer
 */
function targetsOf(layer) {
  if (layer.shape.kind === "picture") {
    return [];
  }
  if (layer.shape.kind !== "tiles") {
    return [{ source: layer.id }];
  }
  return ["a", "o"].map((sourceLayer) => ({ source: layer.id, sourceLayer }));
}
