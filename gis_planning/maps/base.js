/* Unpacks what the page draws, then runs its program on it. A browser from before 2023 may not be able to. */
async function start(map, program) {
  "use strict";
  if (!window.DecompressionStream) { document.getElementById("outdated").hidden = false; return; }
  const packed = Uint8Array.from(atob(document.getElementById("payload").textContent), (sign) => sign.charCodeAt(0));
  const data = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
  program(map, atlas(map, data));
}

/* What every map page of ours does: shapes out of steps, popups, search, controls, a panel that folds on phones. */
function atlas(map, data) {
  "use strict";
  const words = data.words;
  const canvas = map.options.preferCanvas;
  const frame = map.getContainer();
  const index = [];

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

  /* A popup: a heading, what it is of, and rows of a label and a value. Values of nothing are left out. */
  function card(heading, kind, rows) {
    const box = element("div", "popup");
    box.append(element("h3", "", heading));
    box.append(element("p", "kind", kind));
    const table = element("table"), body = element("tbody");
    rows.forEach(function ([label, value]) {
      if (value === null || value === undefined) { return; }
      const row = element("tr"), head = element("th", "", label);
      head.scope = "row";
      row.append(head, element("td", "", value));
      body.append(row);
    });
    table.append(body);
    box.append(table);
    return box;
  }
  function popping() {
    return { maxWidth: Math.min(384, frame.clientWidth - 112), minWidth: 200, autoPanPaddingTopLeft: [56, 14], autoPanPaddingBottomRight: [14, 14] };
  }

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

  /* Search over what pages put into the index; each entry knows how to be visited. */
  const query = document.getElementById("query"), found = document.getElementById("found"), count = document.getElementById("count");
  function search() {
    const asked = query.value.trim().toLowerCase();
    const hits = asked ? index.filter((one) => one.name.toLowerCase().includes(asked)) : [];
    count.textContent = !asked ? "" : hits.length ? `${hits.length} ${words.search_count}` : words.search_none;
    found.replaceChildren(...hits.slice(0, 30).map(function (hit) {
      const item = element("li"), button = element("button");
      button.type = "button";
      button.append(element("span", "", hit.name.slice(0, 200)), element("b", "", hit.kind));
      button.addEventListener("click", () => hit.visit());
      item.append(button);
      return item;
    }));
    return hits;
  }
  query.addEventListener("input", search);
  document.getElementById("search").addEventListener("submit", function (event) {
    event.preventDefault();
    const hits = search();
    if (hits.length) { hits[0].visit(); }
  });

  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", data.alt);
  frame.setAttribute("tabindex", "0");
  let kept = null;
  function fit() {
    map.invalidateSize({ animate: false, pan: false });
    if (kept) { map.fitBounds(kept, { animate: false }); } else { whole(); }
  }
  whole();
  const paper = window.matchMedia("print");
  paper.addEventListener("change", function () { kept = asked ? map.getBounds() : null; fit(); kept = null; });
  new ResizeObserver(function () { map.invalidateSize({ animate: false }); if (!asked) { whole(); } }).observe(frame);
  // Until somebody moves the map, it shows the whole study area, however the window changes.
  map.on("dragstart zoomstart popupopen", function () { asked = asked || !ours; });

  function ready() { document.documentElement.dataset.ready = "yes"; }
  function touched() { asked = true; }
  return { data, words, canvas, frame, index, element, walk, shape, together, look, card, popping, open, whole, touched, ready };
}
