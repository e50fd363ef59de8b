/* Measure on the map: distances and areas with the same rule as the reports. */
import { measurer } from "./measure.js";

export function ruler(map, data, page) {
  const { element, words } = page;
  const box = document.getElementById("measured");
  const measure = measurer(data.plane);
  let points = [];
  let on = false;
  let closed = false;
  function shape() {
    const features = points.map((at) => ({
      type: "Feature",
      properties: {},
      geometry: { type: "Point", coordinates: at },
    }));
    if (points.length > 1) {
      features.push({
        type: "Feature",
        properties: {},
        geometry: { type: "LineString", coordinates: closed ? [...points, points[0]] : points },
      });
    }
    if (closed) {
      features.push({
        type: "Feature",
        properties: {},
        geometry: { type: "Polygon", coordinates: [[...points, points[0]]] },
      });
    }
    return { type: "FeatureCollection", features };
  }
  const said = (value, digits) =>
    value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  /* Edges that cross each other have no area that could be trusted. */
  function crosses() {
    const ring = [...points, points[0]];
    const side = (a, b, c) => Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
    for (let one = 0; one < points.length; one += 1) {
      for (let other = one + 2; other < points.length; other += 1) {
        if (one === 0 && other === points.length - 1) {
          continue;
        }
        const [a, b, c, d] = [ring[one], ring[one + 1], ring[other], ring[other + 1]];
        if (side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b)) {
          return true;
        }
      }
    }
    return false;
  }
  function draw() {
    if (!map.getSource("ruler")) {
      map.addSource("ruler", { type: "geojson", data: shape() });
      map.addLayer({
        id: "ruler-fill",
        type: "fill",
        source: "ruler",
        filter: ["==", ["geometry-type"], "Polygon"],
        paint: { "fill-color": "#2b75b8", "fill-opacity": 0.18 },
      });
      map.addLayer({
        id: "ruler-line",
        type: "line",
        source: "ruler",
        filter: ["==", ["geometry-type"], "LineString"],
        paint: { "line-color": "#1c4f7f", "line-width": 2.4 },
      });
      map.addLayer({
        id: "ruler-dot",
        type: "circle",
        source: "ruler",
        filter: ["==", ["geometry-type"], "Point"],
        paint: {
          "circle-radius": 5,
          "circle-color": "#ffffff",
          "circle-stroke-color": "#1c4f7f",
          "circle-stroke-width": 2.4,
        },
      });
    }
    map.getSource("ruler").setData(shape());
    const lines = [];
    if (points.length < 2) {
      lines.push([words.measure_start]);
    } else {
      lines.push([words.distance, `${said(measure.length(closed ? [...points, points[0]] : points), 2)} m`]);
      if (closed) {
        const area = crosses() ? null : measure.area(points);
        lines.push([
          words.area,
          area === null
            ? words.crossing
            : `${said(area, 2)} m² · ${said(area / 10000, 4)} ha · ${said((area * 15) / 10000, 4)} ${words.mu}`,
        ]);
      } else if (points.length > 2) {
        lines.push([words.measure_close]);
      }
      lines.push([measure.rule === "plane" ? words.rule_plane : words.rule_degrees]);
    }
    box.replaceChildren(
      ...lines.map(([name, value], at) => {
        const line = element("p", value === undefined ? "small" : "", value === undefined ? name : `${name} `);
        if (value !== undefined) {
          line.append(element("b", "", value));
        }
        line.dataset.at = at;
        return line;
      }),
    );
    if (points.length) {
      const again = element("button", "", words.measure_again);
      again.type = "button";
      again.addEventListener("click", clear);
      box.append(again);
    }
  }
  function clear() {
    points = [];
    closed = false;
    draw();
  }
  function toggle(wanted) {
    on = wanted;
    box.hidden = !on;
    map.getCanvas().style.cursor = on ? "crosshair" : "";
    map.doubleClickZoom[on ? "disable" : "enable"]();
    clear();
  }
  map.on("click", (event) => {
    if (!on) {
      return;
    }
    if (closed) {
      clear();
    }
    const first = points.length > 2 && map.project(points[0]);
    const last = points.length > 1 && map.project(points[points.length - 1]);
    if (first && Math.hypot(first.x - event.point.x, first.y - event.point.y) < 12) {
      closed = true;
      draw();
      return;
    }
    if (last && Math.hypot(last.x - event.point.x, last.y - event.point.y) < 3) {
      return;
    }
    points.push([event.lngLat.lng, event.lngLat.lat]);
    draw();
  });
  map.on("dblclick", () => {
    if (on && points.length > 2 && !closed) {
      closed = true;
      draw();
    }
  });
  map.getCanvas().addEventListener("keydown", (event) => {
    if (!on) {
      return;
    }
    if (event.key === "Backspace") {
      points.pop();
      draw();
    }
    if (event.key === "Escape") {
      clear();
    }
  });
  return {
    toggle,
    on: () => on,
    set: (given, whole) => {
      points = given;
      closed = whole;
      draw();
    },
  };
}
