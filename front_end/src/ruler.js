/* Measure on the map: distances and areas with the same rule as the reports. */
import { button, byId, element } from "./dom.js";
import { measurer } from "./measure.js";

/** @import { LonLat, Page } from "./types" */

/** Pixels: a click so near to the first point closes the outline, one so near to the last is the same click again. */
const CLOSING = 12;
const SAME = 3;
const M2_OF_HA = 10000;
const MU_OF_HA = 15;
const FILL = "#2b75b8";
const LINE = "#1c4f7f";
const LAYERS = [
  part("fill", "fill", "Polygon", { "fill-color": FILL, "fill-opacity": 0.18 }),
  part("line", "line", "LineString", { "line-color": LINE, "line-width": 2.4 }),
  part("dot", "circle", "Point", {
    "circle-radius": 5,
    "circle-color": "#ffffff",
    "circle-stroke-color": LINE,
    "circle-stroke-width": 2.4,
  }),
];

/** @param {Page} page */
export function rulerOf(page) {
  const { map, words } = page;
  const box = byId("measured", HTMLElement);
  const measure = measurer(page.data.plane);
  /** @type {LonLat[]} */
  let points = [];
  let on = false;
  let closed = false;

  function draw() {
    if (!map.getSource("ruler")) {
      map.addSource("ruler", { type: "geojson", data: shapes(points, closed) });
      LAYERS.forEach((layer) => map.addLayer(layer));
    }
    map.getSource("ruler").setData(shapes(points, closed));
    box.replaceChildren(...sentences().map(lineOf));
    if (points.length) {
      box.append(button(words.measure_again, clear));
    }
  }

  /**
   * Return what is said of the line or the outline: sentences, and values by their name.
   * @returns {[name: string, value?: string][]}
   */
  function sentences() {
    if (points.length < 2) {
      return [[words.measure_start]];
    }
    /** @type {[name: string, value?: string][]} */
    const found = [[words.distance, `${said(measure.length(outline(points, closed)), 2)} m`]];
    if (closed) {
      found.push([words.area, crosses(points) ? words.crossing : areaSaid(measure.area(points))]);
    } else if (points.length > 2) {
      found.push([words.measure_close]);
    }
    found.push([measure.rule === "plane" ? words.rule_plane : words.rule_degrees]);
    return found;
  }

  /** @param {number} area_m2 */
  function areaSaid(area_m2) {
    const area_ha = area_m2 / M2_OF_HA;
    return `${said(area_m2, 2)} m² · ${said(area_ha, 4)} ha · ${said(area_ha * MU_OF_HA, 4)} ${words.mu}`;
  }

  function clear() {
    points = [];
    closed = false;
    draw();
  }

  function close() {
    closed = true;
    draw();
  }

  /** @param {boolean} wanted */
  function toggle(wanted) {
    on = wanted;
    box.hidden = !on;
    map.getCanvas().style.cursor = on ? "crosshair" : "";
    map.doubleClickZoom[on ? "disable" : "enable"]();
    clear();
  }

  /** @param {any} event */
  function clicked(event) {
    if (!on) {
      return;
    }
    if (closed) {
      clear();
    }
    /** @param {LonLat} point */
    const distance = (point) => {
      const { x, y } = map.project(point);
      return Math.hypot(x - event.point.x, y - event.point.y);
    };
    if (points.length > 2 && distance(points[0]) < CLOSING) {
      close();
      return;
    }
    if (points.length > 1 && distance(points[points.length - 1]) < SAME) {
      return;
    }
    points.push([event.lngLat.lng, event.lngLat.lat]);
    draw();
  }

  /** @param {KeyboardEvent} event */
  function pressed(event) {
    if (on && event.key === "Backspace") {
      points.pop();
      draw();
    }
    if (on && event.key === "Escape") {
      clear();
    }
  }

  map.on("click", clicked);
  map.on("dblclick", () => {
    if (on && points.length > 2 && !closed) {
      close();
    }
  });
  map.getCanvas().addEventListener("keydown", pressed);
  return { toggle, on: () => on };
}

/**
 * @param {string} id
 * @param {string} type
 * @param {string} shape
 * @param {Record<string, unknown>} paint
 */
function part(id, type, shape, paint) {
  return { id: `ruler-${id}`, type, source: "ruler", filter: ["==", ["geometry-type"], shape], paint };
}

/**
 * @param {LonLat[]} points
 * @param {boolean} closed
 */
function outline(points, closed) {
  return closed ? [...points, points[0]] : points;
}

/**
 * @param {LonLat[]} points
 * @param {boolean} closed
 */
function shapes(points, closed) {
  /** @type {[type: string, coordinates: unknown][]} */
  const found = points.map((point) => ["Point", point]);
  if (points.length > 1) {
    found.push(["LineString", outline(points, closed)]);
  }
  if (closed) {
    found.push(["Polygon", [outline(points, closed)]]);
  }
  const features = found.map(([type, coordinates]) => ({
    type: "Feature",
    properties: {},
    geometry: { type, coordinates },
  }));
  return { type: "FeatureCollection", features };
}

/**
 * @param {number} value
 * @param {number} digits
 */
function said(value, digits) {
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** @param {[name: string, value?: string]} sentence */
function lineOf([name, value]) {
  if (value === undefined) {
    return element("p", "small", name);
  }
  const line = element("p", "", `${name} `);
  line.append(element("b", "", value));
  return line;
}

/**
 * Say whether edges of a ring cross each other: such a ring has no area that could be trusted.
 * @param {LonLat[]} points
 */
export function crosses(points) {
  const ring = [...points, points[0]];
  for (let one = 0; one < points.length; one += 1) {
    for (let other = one + 2; other < points.length; other += 1) {
      const neighbours = one === 0 && other === points.length - 1;
      if (!neighbours && cut(ring[one], ring[one + 1], ring[other], ring[other + 1])) {
        return true;
      }
    }
  }
  return false;
}

/**
 * Say whether the edge from a to b and that from c to d cut each other.
 * @param {LonLat} a
 * @param {LonLat} b
 * @param {LonLat} c
 * @param {LonLat} d
 */
function cut(a, b, c, d) {
  return side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b);
}

/**
 * @param {LonLat} a
 * @param {LonLat} b
 * @param {LonLat} c
 */
function side(a, b, c) {
  return Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
}
