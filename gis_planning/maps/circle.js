start(map_circles, function (map, page) {
  "use strict";
  const { data, words, canvas, frame, index, element, shape, together, look } = page;
  const groups = new Map(), views = new Map(data.views.map((view) => [view.code, view]));
  const picked = Array.from(document.querySelectorAll("#clauses input"));
  let shown = null;

  function point(at) { return [(at[1] + data.origin[1]) / data.scale, (at[0] + data.origin[0]) / data.scale]; }
  function style(name) { return look({ id: name, style: data.looks[name] }); }

  /* The county around. */
  data.layers.forEach(function (layer) {
    const options = look({ ...layer, style: { ...layer.style, still: true } });
    const group = L.featureGroup(together(layer.features).map((one) => shape(one, options)));
    layer.written.forEach(([name, lat, lon]) => group.addLayer(L.tooltip({
      permanent: true, direction: "center", className: "written " + layer.id, interactive: false, content: element("span", "", name),
    }).setLatLng([lat, lon])));
    groups.set(layer.id, group.addTo(map));
  });

  /* What changes with the clause. */
  map.createPane("ground").style.zIndex = 345;
  map.getPane("ground").style.pointerEvents = "none";
  const looks = { gap: style("gap"), facility: style("facility"), community: style("community"), village: style("village"), home: style("home") };
  map.createPane("rings").style.zIndex = 426;
  map.getPane("rings").style.pointerEvents = "none";
  const drawn = { renderer: L.svg({ pane: "rings", padding: 0.3 }), pane: "rings", interactive: false };
  ["ground", "gap", "home", "facility", "community", "village"].forEach((id) => groups.set(id, L.featureGroup()));
  const rings = L.featureGroup().addTo(map);

  /* Homes: one set of dots, coloured by what the chosen list misses there. */
  function setOf(view) {
    if (!data.homes) { return null; }
    return data.homes.sets[view.code] || data.homes.sets[Object.keys(data.homes.sets)[0]];
  }
  function tone(missing, wanted) {
    const last = data.ramp.lacking.length - 1;
    return missing ? data.ramp.lacking[Math.floor((missing - 1) / Math.max(wanted - 1, 1) * last)] : data.ramp.all;
  }
  function homeCard(at) {
    const set = setOf(shown), lacks = set.lacks[at];
    const rows = [[words.missing, lacks.length ? lacks.map((one) => set.needs[one]).join(words.comma) : words.missing_none],
      [words.people, data.homes.people[at] === null ? null : `${data.homes.people[at]}`]];
    set.needs.forEach((need, one) => rows.push([need, set.m[at][one] === null ? words.not_reachable : `${set.m[at][one].toLocaleString("en")} ${words.metres}`]));
    return page.card(data.homes.names[at] || words.unnamed_home, words.home, rows);
  }
  const dots = data.homes ? data.homes.at.map(function (at, position) {
    const dot = L.circleMarker(point(at), { ...looks.home, radius: 3.2 });
    dot.bindPopup(() => homeCard(position), page.popping());
    groups.get("home").addLayer(dot);
    return dot;
  }) : [];

  /* Facilities: those the chosen clause counts; a click draws the areas around. */
  function ringsOf(facility) {
    rings.clearLayers();
    facility.rings.slice().sort((one, other) => other[0] - one[0]).forEach(function ([minutes, shapes], at, all) {
      rings.addLayer(shape({ t: "p", g: shapes }, { ...drawn, color: "#5b2a86", weight: 2, dashArray: ["1 0", "7 4", "2 4"][all.length - 1 - at], fillColor: "#7d4fb0", fillOpacity: 0.13 }));
    });
  }
  function facilityCard(facility) {
    return page.card(facility.name || words.unnamed_facility, facility.kind, [[words.status, facility.status], [words.capacity, facility.capacity], [words.where, facility.outside],
      ...facility.rings.map(([minutes, , area]) => [words.ring.replace("{minutes}", minutes), area])]);
  }
  const marks = data.facilities.map(function (facility) {
    const mark = L.circleMarker(point(facility.at), { ...looks.facility, radius: 6 });
    mark.bindPopup(() => facilityCard(facility), page.popping());
    mark.on("popupopen", () => ringsOf(facility));
    mark.on("popupclose", () => rings.clearLayers());
    if (facility.name) { index.push({ name: facility.name, kind: facility.kind, visit: () => visit("facility", mark, facility.clauses) }); }
    return mark;
  });
  if (data.homes) {
    const known = new Set();
    data.homes.names.forEach(function (name, at) {
      if (name && !known.has(name)) { known.add(name); index.push({ name, kind: words.home, visit: () => visit("home", dots[at], null) }); }
    });
  }

  function place(kind, one, rows) {
    const made = shape(one, looks[kind]);
    made.bindPopup(() => page.card(one.name || words[kind], words[kind], rows()), page.popping());
    groups.get(kind).addLayer(made);
    if (one.name) { index.push({ name: one.name, kind: words[kind], visit: () => visit(kind, made, null) }); }
    return made;
  }
  data.communities.forEach((one, at) => place("community", one, function () {
    const facts = shown.communities[at] || [];
    return [[words.community_land, facts[0]], [words.homes, facts[1]], [words.people, facts[2]], [words.missing, facts[3]]];
  }));
  const villages = data.villages.map((one, at) => place("village", one, function () {
    const facts = shown.villages[at] || [];
    return [[words.time, facts[1]], [words.reached, facts.length ? (facts[0] ? words.yes : words.no) : null], [words.nearest, facts[2]]];
  }));

  function visit(kind, made, clauses) {
    if (clauses && !clauses.includes(shown.code)) { choose(clauses[0]); }
    const box = switches.find((one) => one.dataset.layer === kind);
    if (box && !box.checked) { box.checked = true; groups.get(kind).addTo(map); }
    page.open(false);
    page.touched();
    if (made.getLatLng) { map.setView(made.getLatLng(), Math.max(map.getZoom(), 15.5), { animate: false }); made.openPopup(); return; }
    const bounds = made.getBounds();
    map.fitBounds(bounds.pad(0.6), { maxZoom: 17, animate: false });
    made.openPopup(bounds.getCenter());
  }

  /* The key to the painted land stands on the map. */
  const key = L.control({ position: "bottomright" }), ramp = element("div");
  ramp.id = "ramp";
  ramp.setAttribute("role", "group");
  ramp.setAttribute("aria-label", words.ramp);
  key.onAdd = () => ramp;
  key.addTo(map);

  /* Choosing a clause. */
  function rows(list, into) {
    into.replaceChildren(...list.flatMap(([name, value]) => [element("dt", "", name), element("dd", "", value)]));
  }
  function gapCard(gap) {
    return page.card(gap.name || words.unnamed_gap, words.gap, [[words.rank, `${gap.rank}`], [words.area, gap.area], [words.people, gap.people], [words.homes, gap.homes],
      [words.missing, gap.missing], [words.nearest, gap.nearest], [words.distance, gap.distance]]);
  }
  function choose(code) {
    const view = shown = views.get(code);
    map.closePopup();
    rings.clearLayers();
    picked.forEach((box) => { box.checked = box.value === code; });
    const title = document.getElementById("view-title");
    title.textContent = view.title;
    document.getElementById("value").textContent = view.value;
    document.getElementById("view-reason").textContent = view.reason;
    const label = picked.find((box) => box.value === code).closest("label"), list_ = document.getElementById("clauses");
    if (label.offsetTop < list_.scrollTop || label.offsetTop + label.offsetHeight > list_.scrollTop + list_.clientHeight) { list_.scrollTop = label.offsetTop - 60; }
    document.getElementById("view-outcome").replaceChildren(label.querySelector(".outcome").cloneNode(true));
    document.querySelector("#view-outcome .outcome").className = "outcome big " + view.outcome;
    rows(view.facts, document.getElementById("view-facts"));
    document.getElementById("view-notes").replaceChildren(...view.notes.map((note) => element("li", "", note)));
    ramp.replaceChildren(element("p", "head", view.title), ...view.ramp.map(function ([name, colour, area]) {
      const row = element("p", "step"), box = element("i");
      box.style.background = colour === data.ramp.beyond ? `repeating-linear-gradient(-45deg, ${data.ramp.stripe} 0 2px, ${colour} 2px 6px)` : colour;
      row.append(box, element("span", "", name), element("b", "", area));
      return row;
    }));
    ramp.hidden = !view.ramp.length;
    groups.get("ground").clearLayers();
    if (view.image) { groups.get("ground").addLayer(L.imageOverlay(view.image, data.imageBounds, { pane: "ground", className: "cells", alt: "" })); }
    groups.get("gap").clearLayers();
    const list = document.querySelector("#patches ol"), entries = [];
    view.gaps.forEach(function (gap) {
      const made = shape({ t: "p", g: gap.g }, looks.gap);
      made.bindPopup(() => gapCard(gap), page.popping());
      groups.get("gap").addLayer(made);
      if (gap.rank > 10) { return; }
      const icon = L.divIcon({ className: "mark", html: element("i", "badge", gap.rank), iconSize: [22, 22] });
      const mark = L.marker(gap.at, { icon, alt: `${gap.rank}`, title: `${gap.rank}`, keyboard: true });
      groups.get("gap").addLayer(mark.on("click", () => made.openPopup(mark.getLatLng())));
      const item = element("li"), button = element("button");
      button.type = "button";
      button.append(element("i", "badge", gap.rank), element("span", "", gap.name || words.unnamed_gap), element("b", "", gap.people ? `${gap.short} · ${gap.people} ${words.persons}` : gap.short));
      button.addEventListener("click", () => visit("gap", made, null));
      item.append(button);
      entries.push(item);
    });
    list.replaceChildren(...entries);
    document.getElementById("patches").hidden = !entries.length;
    document.getElementById("key-gap").hidden = !view.gaps.length;
    document.getElementById("key-ground").hidden = !view.image;
    document.getElementById("gaps-left").textContent = view.gapsLeft ? words.gaps_left.replace("{count}", view.gapsLeft) : "";
    const set = setOf(view);
    dots.forEach((dot, at) => dot.setStyle({ fillColor: tone(set.lacks[at].length, set.needs.length) }));
    groups.get("facility").clearLayers();
    data.facilities.forEach((facility, at) => { if (facility.clauses.includes(code)) { groups.get("facility").addLayer(marks[at]); } });
    villages.forEach(function (made, at) {
      const facts = view.villages[at];
      made.setStyle({ fillColor: !facts ? "#b9bdae" : facts[0] ? data.ramp.all : data.ramp.lacking[data.ramp.lacking.length - 1] });
    });
    if (canvas) { ["community", "gap", "village", "home", "facility"].forEach((id) => { if (map.hasLayer(groups.get(id))) { groups.get(id).bringToFront(); } }); }
  }
  picked.forEach((box) => box.addEventListener("change", function () { history.replaceState(null, "", "#" + encodeURIComponent(box.value)); choose(box.value); }));

  const switches = Array.from(document.querySelectorAll("#legend input"));
  switches.forEach(function (box) {
    const group = groups.get(box.dataset.layer);
    if (box.checked) { group.addTo(map); } else { group.remove(); }
    box.addEventListener("change", () => { if (box.checked) { group.addTo(map); } else { group.remove(); } });
  });
  function follow() {
    const code = decodeURIComponent(location.hash.slice(1));
    choose(views.has(code) ? code : shown ? shown.code : data.first);
  }
  window.addEventListener("hashchange", follow);
  follow();
  /* From afar dots would cover the land they stand on. */
  function tidy() {
    const zoom = map.getZoom();
    frame.classList.toggle("far", zoom < 13.5);
    const near = zoom > 14.75, hint = document.getElementById("near");
    if (hint) { hint.hidden = near; }
    dots.forEach((dot) => dot.setStyle({ stroke: zoom > 15.5, fillOpacity: near ? 0.95 : 0 }).setRadius(zoom > 16.5 ? 5 : zoom > 15.5 ? 3.2 : 1.6));
    marks.forEach((mark) => mark.setRadius(zoom > 15 ? 6.5 : zoom > 13.5 ? 4.2 : 3.2));
  }
  map.on("zoomend", tidy);
  tidy();
  page.ready();
});
