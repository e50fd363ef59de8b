(function (map) {
  "use strict";
  const data = JSON.parse(document.getElementById("payload").textContent);
  const words = data.words;
  const canvas = map.options.preferCanvas;
  const frame = map.getContainer();
  const groups = new Map(), places = new Map(), index = [];

  function element(tag, className, content) {
    const made = document.createElement(tag);
    if (className) { made.className = className; }
    // Text of users is only ever set as text.
    if (content !== undefined && content !== null) { made.textContent = content; }
    return made;
  }

  function walk(steps) {
    let [x, y] = data.origin;
    const line = [];
    for (let at = 0; at < steps.length; at += 2) {
      x += steps[at];
      y += steps[at + 1];
      line.push([y / data.scale, x / data.scale]);
    }
    return line;
  }

  function shape(feature, options) {
    if (feature.t === "p") { return L.polygon(feature.g.map((rings) => rings.map(walk)), options); }
    if (feature.t === "l") { return L.polyline(feature.g.map(walk), { ...options, fill: false }); }
    return L.featureGroup(feature.g.map((point) => L.circleMarker(walk(point)[0], { ...options, radius: 4 })));
  }

  /* What is never clicked becomes one shape of each kind: thousands of buildings then cost no more than one parcel. */
  function together(features) {
    return ["p", "l", "o"].map((kind) => ({ t: kind, g: features.filter((one) => one.t === kind).flatMap((one) => one.g) })).filter((one) => one.g.length);
  }

  function pane(id, height, still) {
    const made = map.createPane(id);
    made.style.zIndex = height;
    if (still) { made.style.pointerEvents = "none"; }
    return id;
  }

  function look(layer) {
    const style = layer.style, still = Boolean(style.still);
    // One canvas for all that is clicked: of several, the upper would keep clicks from the lower.
    const own = still || !canvas ? pane(layer.id, style.z, still) : "overlayPane";
    return {
      pane: own,
      interactive: !still,
      color: style.stroke,
      weight: style.weight,
      stroke: style.weight > 0,
      dashArray: style.dash || null,
      fill: Boolean(style.fill_opacity),
      fillColor: style.fill || "none",
      fillOpacity: style.fill_opacity || 0,
      smoothFactor: 0.8,
      // Browsers print a canvas with a white ground, so all but the largest pages are drawn as shapes.
      renderer: canvas && !still ? undefined : L.svg({ pane: own, padding: 0.3 }),
    };
  }

  function popup(layer, feature) {
    const box = element("div", "popup");
    box.append(element("h3", "", feature.v[0] || (layer.id === "unserved" ? words.unnamed_patch : layer.title)));
    box.append(element("p", "kind", layer.title));
    const table = element("table"), body = element("tbody");
    feature.v.forEach(function (value, at) {
      if (at === 0 || value === null) { return; }
      const row = element("tr"), head = element("th", "", layer.labels[at]);
      head.scope = "row";
      row.append(head, element("td", "", value));
      body.append(row);
    });
    table.append(body);
    box.append(table);
    return box;
  }

  function written(layer) {
    return layer.written.map(([name, lat, lon]) => L.tooltip({
      permanent: true, direction: "center", className: "written " + layer.id, interactive: false, content: element("span", "", name),
    }).setLatLng([lat, lon]));
  }

  data.layers.forEach(function (layer) {
    const group = L.featureGroup(), options = look(layer);
    if (layer.style.still) { together(layer.features).forEach((one) => group.addLayer(shape(one, options))); }
    (layer.style.still ? [] : layer.features).forEach(function (feature) {
      const drawn = shape(feature, options);
      group.addLayer(drawn);
      if (layer.style.hatch && !canvas) {
        group.addLayer(shape(feature, { ...options, stroke: false, interactive: false, fillOpacity: 1, fillColor: `url(#hatch-${layer.style.hatch})` }));
      }
      if (!feature.v) { return; }
      const place = { layer, feature, drawn };
      drawn.bindPopup(() => popup(layer, feature), {
        maxWidth: Math.min(384, frame.clientWidth - 112), minWidth: 200, autoPanPaddingTopLeft: [56, 14], autoPanPaddingBottomRight: [14, 14],
      });
      places.set(`${layer.prefix}-${feature.n}`, place);
      if (feature.v[0]) { index.push({ name: feature.v[0], kind: layer.title, ...place }); }
      if (!canvas) {
        drawn.on("mouseover", () => drawn.setStyle({ weight: layer.style.weight + 1.6 }));
        drawn.on("mouseout", () => drawn.setStyle({ weight: layer.style.weight }));
      }
    });
    written(layer).forEach((tooltip) => group.addLayer(tooltip));
    layer.written.forEach(function ([name, lat, lon]) {
      if (!layer.features[0].v) { index.push({ name, kind: layer.title, layer, at: [lat, lon] }); }
    });
    groups.set(layer.id, group);
    if (layer.shown) { group.addTo(map); }
  });

  const numbers = L.featureGroup(data.numbers.map(function ([rank, lat, lon]) {
    const icon = L.divIcon({ className: "mark", html: element("i", "badge", rank), iconSize: [26, 26] });
    const mark = L.marker([lat, lon], { icon, alt: `${rank}`, title: `${rank}`, keyboard: true });
    return mark.on("click", () => go(`patch-${rank}`, false));
  }));
  groups.set("numbers", numbers.addTo(map));

  /* Legend: each entry is the switch of its layer. */
  function order() {
    if (!canvas) { return; }
    data.layers.forEach((layer) => { if (!layer.style.still && map.hasLayer(groups.get(layer.id))) { groups.get(layer.id).bringToFront(); } });
  }
  const switches = Array.from(document.querySelectorAll("#legend input"));
  function show(id, on) {
    if (on) { groups.get(id).addTo(map); } else { groups.get(id).remove(); }
    order();
  }
  switches.forEach((box) => {
    if (!box.checked) { show(box.dataset.layer, false); }
    box.addEventListener("change", () => show(box.dataset.layer, box.checked));
  });

  function visit(place, move) {
    const box = switches.find((one) => one.dataset.layer === place.layer.id);
    if (box && !box.checked) { box.checked = true; show(place.layer.id, true); }
    open(false);
    if (place.at) { map.setView(place.at, Math.max(map.getZoom(), 15)); return; }
    const bounds = place.drawn.getBounds();
    if (move) { map.fitBounds(bounds.pad(1.2), { maxZoom: 17, animate: false }); }
    place.drawn.openPopup(bounds.getCenter());
  }
  function go(address, move) {
    const place = places.get(address);
    if (place) { visit(place, move); }
    return Boolean(place);
  }
  document.querySelectorAll("[data-go]").forEach((button) => button.addEventListener("click", () => go(button.dataset.go, true)));

  /* Search. */
  const query = document.getElementById("query"), found = document.getElementById("found"), count = document.getElementById("count");
  function search() {
    const asked = query.value.trim().toLowerCase();
    const hits = asked ? index.filter((one) => one.name.toLowerCase().includes(asked)) : [];
    count.textContent = !asked ? "" : hits.length ? `${hits.length} ${words.search_count}` : words.search_none;
    found.replaceChildren(...hits.slice(0, 30).map(function (hit) {
      const item = element("li"), button = element("button");
      button.type = "button";
      button.append(element("span", "", hit.name.slice(0, 200)), element("b", "", hit.kind));
      button.addEventListener("click", () => visit(hit, true));
      item.append(button);
      return item;
    }));
    return hits;
  }
  query.addEventListener("input", search);
  document.getElementById("search").addEventListener("submit", function (event) {
    event.preventDefault();
    const hits = search();
    if (hits.length) { visit(hits[0], true); }
  });

  /* Controls on the map. */
  function icon(path) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", "svg"), line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    made.setAttribute("viewBox", "0 0 16 16"); made.setAttribute("width", "17"); made.setAttribute("height", "17"); made.setAttribute("aria-hidden", "true");
    line.setAttribute("d", path);
    made.append(line);
    return made;
  }
  let asked = false, ours = false;
  function whole() {
    ours = true;
    map.fitBounds(data.bounds, { padding: [14, 14], animate: false });
    ours = false;
  }
  const bar = L.control({ position: "topleft" });
  bar.onAdd = function () {
    const box = element("div", "leaflet-bar");
    [["zoom_in", "M8 3v10M3 8h10", () => map.zoomIn(1)], ["zoom_out", "M3 8h10", () => map.zoomOut(1)],
      ["whole", "M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10", whole]].forEach(function ([word, path, act]) {
      const button = element("button");
      button.type = "button";
      button.title = words[word];
      button.setAttribute("aria-label", words[word]);
      button.append(icon(path));
      button.addEventListener("click", act);
      box.append(button);
    });
    L.DomEvent.disableClickPropagation(box);
    return box;
  };
  bar.addTo(map);
  const north = L.control({ position: "topright" });
  north.onAdd = function () {
    const box = element("div", "north"), arrow = icon("M8 1.500L12 13L8 10.500L4 13z");
    arrow.setAttribute("width", "26"); arrow.setAttribute("height", "26");
    arrow.firstChild.setAttribute("fill", "currentColor");
    box.append(arrow, element("span", "", "N"));
    box.title = words.north;
    return box;
  };
  north.addTo(map);
  L.control.scale({ imperial: false, maxWidth: 160 }).addTo(map);
  map.on("popupopen", function (event) {
    const button = event.popup.getElement().querySelector(".leaflet-popup-close-button");
    if (button) { button.setAttribute("aria-label", words.close); }
  });

  /* The panel on a phone. */
  const more = document.getElementById("more");
  function open(wanted) {
    document.body.classList.toggle("open", wanted);
    more.setAttribute("aria-expanded", String(wanted));
    more.textContent = wanted ? words.less : words.more;
  }
  more.addEventListener("click", () => open(!document.body.classList.contains("open")));
  map.on("click", () => open(false));

  /* Of names and numbers that would cover each other, the more important one is seen. */
  function declutter() {
    const taken = [];
    function place(node, gap) {
      if (!node) { return; }
      node.style.visibility = "";
      const box = node.getBoundingClientRect();
      const hit = taken.some((one) => box.left < one.right + gap && box.right > one.left - gap && box.top < one.bottom + gap && box.bottom > one.top - gap);
      if (hit) { node.style.visibility = "hidden"; } else if (box.width) { taken.push(box); }
    }
    if (map.hasLayer(numbers)) { numbers.eachLayer((mark) => place(mark.getElement(), -3)); }
    [".districts", ".parks_large"].forEach((kind) => frame.querySelectorAll(".written" + kind).forEach((node) => place(node, 1)));
  }

  /* First look, paper, and addresses like #patch-3. */
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", data.alt);
  frame.setAttribute("tabindex", "0");
  function tidy() {
    frame.classList.toggle("far", map.getZoom() < 14.75);
    declutter();
  }
  map.on("zoomend", tidy);
  whole();
  tidy();
  let kept = null;
  function fit() {
    map.invalidateSize({ animate: false, pan: false });
    if (kept) { map.fitBounds(kept, { animate: false }); } else { whole(); }
  }
  const paper = window.matchMedia("print");
  paper.addEventListener("change", function () { kept = asked ? map.getBounds() : null; fit(); kept = null; });
  new ResizeObserver(function () { map.invalidateSize({ animate: false }); if (!asked) { whole(); } }).observe(frame);
  // Until somebody moves the map, it shows the whole study area, however the window changes.
  map.on("dragstart zoomstart popupopen", function () { asked = asked || !ours; });
  function follow() { if (go(location.hash.slice(1), true)) { asked = true; } }
  window.addEventListener("hashchange", follow);
  follow();
  document.documentElement.dataset.ready = "yes";
})(map_coverage);
