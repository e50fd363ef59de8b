/* The maps of the page, still empty. */

/** @import { MapLibre, Payload } from "./types" */

const MOST_ZOOM = 22;
export const PADDING = 24;
/** Dots to a pixel while the still picture stands before the map: where the processor draws, dots are what takes time. */
const UNSEEN = 0.25;

/**
 * @param {Record<string, unknown>} options
 * @returns {MapLibre}
 */
export function emptyMap(options) {
  return new maplibregl.Map({
    style: {
      version: 8,
      sources: {},
      layers: [{ id: "paper", type: "background", paint: { "background-color": "#f3efe6" } }],
    },
    maxZoom: MOST_ZOOM,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: 0,
    ...options,
  });
}

/**
 * Return the map of the page once it is there; null where the browser has no WebGL.
 * @param {Payload} data
 * @returns {Promise<MapLibre | null>}
 */
export async function firstMap({ bounds, least, alt }) {
  let map;
  try {
    map = emptyMap({
      container: "map",
      bounds,
      fitBoundsOptions: { padding: PADDING },
      minZoom: Math.max(0, least - 0.999),
      touchPitch: false,
      // A page that a link leads into has no still picture: its map is seen from the start.
      pixelRatio: location.hash.length > 1 ? undefined : UNSEEN,
      locale: { "Map.Title": alt },
    });
  } catch {
    return null;
  }
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibregl.AttributionControl({ compact: true }), "bottom-right");
  map.addControl(new maplibregl.ScaleControl({ maxWidth: 150, unit: "metric" }), "bottom-left");
  map.getCanvas().setAttribute("aria-label", alt);
  await new Promise((resolve) => map.once("style.load", resolve));
  return map;
}
