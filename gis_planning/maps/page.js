start(map_coverage, function (map, page) {
  "use strict";
  const { data, words, frame, index, element, shape, together, look } = page;
  const groups = new Map(), places = new Map();

  function popup(layer, feature) {
    const heading = feature.v[0] || (layer.id === "unserved" ? words.unnamed_patch : layer.title);
    return page.card(heading, layer.title, feature.v.map((value, at) => [layer.labels[at], at ? value : null]));
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
      if (layer.style.hatch) {
        group.addLayer(shape(feature, { ...options, stroke: false, interactive: false, fillOpacity: 1, fillColor: `url(#hatch-${layer.style.hatch})` }));
      }
      if (!feature.v) { return; }
      const place = { layer, feature, drawn };
      drawn.bindPopup(() => popup(layer, feature), page.popping());
      places.set(`${layer.prefix}-${feature.n}`, place);
      if (feature.v[0]) { index.push({ name: feature.v[0], kind: layer.title, visit: () => visit(place, true) }); }
      drawn.on("mouseover", () => drawn.setStyle({ weight: layer.style.weight + 1.6 }));
      drawn.on("mouseout", () => drawn.setStyle({ weight: layer.style.weight }));
    });
    written(layer).forEach((tooltip) => group.addLayer(tooltip));
    layer.written.forEach(function ([name, lat, lon]) {
      if (!layer.features[0].v) { index.push({ name, kind: layer.title, visit: () => visit({ layer, at: [lat, lon] }, true) }); }
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
  const switches = Array.from(document.querySelectorAll("#legend input"));
  function show(id, on) {
    if (on) { groups.get(id).addTo(map); } else { groups.get(id).remove(); }
  }
  switches.forEach((box) => {
    if (!box.checked) { show(box.dataset.layer, false); }
    box.addEventListener("change", () => show(box.dataset.layer, box.checked));
  });

  function visit(place, move) {
    const box = switches.find((one) => one.dataset.layer === place.layer.id);
    if (box && !box.checked) { box.checked = true; show(place.layer.id, true); }
    page.open(false);
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
  function tidy() {
    frame.classList.toggle("far", map.getZoom() < 14.75);
    declutter();
  }
  map.on("zoomend", tidy);
  tidy();
  function follow() { if (go(location.hash.slice(1), true)) { page.touched(); } }
  window.addEventListener("hashchange", follow);
  follow();
  page.ready();
});
