start(map_review, function (map, page) {
  "use strict";
  const { data, words, index, element, shape, together, look } = page;
  const groups = new Map();

  function sign(outcome) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", "svg"), line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    made.setAttribute("viewBox", "0 0 16 16"); made.setAttribute("class", "sign"); made.setAttribute("aria-hidden", "true");
    line.setAttribute("d", outcome.sign);
    made.append(line);
    return made;
  }
  function verdict(key, large) {
    const outcome = data.outcomes[key], made = element("span", "outcome " + (large ? "big " : "") + key);
    made.style.setProperty("--tone", outcome.colour);
    made.append(sign(outcome), document.createTextNode(outcome.word));
    return made;
  }

  /* Control lines, then projects in the colour of their verdict, then the land in conflict. */
  data.lines.forEach(function (line, at) {
    const options = look({ id: line.id, style: { ...line.style, z: 320 + at, still: true } });
    groups.set(line.id, L.featureGroup(together(line.features).map((one) => shape(one, options))).addTo(map));
  });
  const projects = L.featureGroup().addTo(map), patches = L.featureGroup().addTo(map);
  groups.set("patches", patches);
  const plain = look({ id: "projects", style: { fill: "#ffffff", fill_opacity: 0.35, stroke: "#000000", weight: 2.2, z: 420 } });
  const still = look({ id: "patches", style: { fill: "#d9481c", fill_opacity: 0.55, stroke: "#7d1d04", weight: 1, z: 430, still: true } });
  data.parcels.forEach(function (parcel, at) {
    const tone = data.outcomes[parcel.outcome].colour;
    parcel.drawn = shape({ t: "p", g: parcel.g }, { ...plain, color: tone, fillColor: tone });
    parcel.drawn.on("click", (event) => { L.DomEvent.stopPropagation(event); open(at, false); });
    parcel.marks = data.patches.filter((one) => one.parcel === at).flatMap(function (one) {
      const base = shape({ t: "p", g: one.g }, { ...still, fillColor: one.outcome === "fail" ? "#d9481c" : "#e3a02c" });
      return [base, shape({ t: "p", g: one.g }, { ...still, stroke: false, fillOpacity: 1, fillColor: "url(#hatch-stripes)" })];
    });
    index.push({ name: `${parcel.id} ${parcel.name}`, kind: data.outcomes[parcel.outcome].word, visit: () => open(at, true) });
  });

  /* The table: filtered by verdict, line and words, sorted by any column; it is the map for those who do not see it. */
  const query = document.getElementById("query"), wanted = document.getElementById("line"), rows = document.querySelector("#table tbody");
  const boxes = Array.from(document.querySelectorAll("#outcomes input")), heads = Array.from(document.querySelectorAll("#table button"));
  const rank = Object.keys(data.outcomes);
  let key = null, down = false;
  const values = { id: (one) => one.id, project: (one) => one.name, area_mu: (one) => one.mu, outcome: (one) => rank.indexOf(one.outcome) };
  function chosen() {
    const words_ = query.value.trim().toLowerCase(), kinds = boxes.filter((one) => one.checked).map((one) => one.value);
    const found = data.parcels.map((parcel, at) => [parcel, at]).filter(([parcel]) => kinds.includes(parcel.outcome)
      && (!words_ || `${parcel.id} ${parcel.name}`.toLowerCase().includes(words_))
      && (!wanted.value || parcel.lines.some((line) => line.line === wanted.value && (line.touched || !["pass", "info"].includes(line.outcome)))));
    if (key) {
      found.sort(function ([one], [other]) {
        const a = values[key](one), b = values[key](other);
        const order = typeof a === "number" ? a - b : a.localeCompare(b, document.documentElement.lang, { numeric: true });
        return down ? -order : order;
      });
    }
    return found;
  }
  function refresh() {
    const found = chosen();
    projects.clearLayers();
    patches.clearLayers();
    found.forEach(([parcel]) => { projects.addLayer(parcel.drawn); parcel.marks.forEach((one) => patches.addLayer(one)); });
    rows.replaceChildren(...found.map(function ([parcel, at]) {
      const row = element("tr"), name = element("button", "", parcel.name);
      name.type = "button";
      name.addEventListener("click", () => open(at, true));
      const cells = [element("td", "", parcel.id), element("td"), element("td", "number", parcel.mu.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 })), element("td")];
      cells[1].append(name);
      cells[3].append(verdict(parcel.outcome, false));
      row.append(...cells);
      return row;
    }));
    document.getElementById("count").textContent = words.shown.replace("{count}", found.length).replace("{total}", data.parcels.length);
  }
  boxes.forEach((box) => box.addEventListener("change", refresh));
  wanted.addEventListener("change", refresh);
  query.addEventListener("input", refresh);
  heads.forEach((head) => head.addEventListener("click", function () {
    down = key === head.dataset.key && !down;
    key = head.dataset.key;
    heads.forEach((one) => one.closest("th").setAttribute("aria-sort", one === head ? (down ? "descending" : "ascending") : "none"));
    refresh();
  }));

  /* One opinion. */
  const opinion = document.getElementById("opinion"), list = document.getElementById("list");
  function pairs(into, facts) { into.replaceChildren(...facts.flatMap(([name, value]) => [element("dt", "", name), element("dd", "", value)])); }
  function open(at, move) {
    const parcel = data.parcels[at];
    opinion.hidden = false;
    list.hidden = true;
    document.getElementById("opinion-title").textContent = `${parcel.id} ${parcel.name}`;
    document.getElementById("opinion-outcome").replaceChildren(verdict(parcel.outcome, true));
    pairs(document.getElementById("opinion-facts"), parcel.facts);
    pairs(document.getElementById("opinion-classes"), parcel.classes);
    const told = parcel.lines.map(function (line) {
      const item = element("li"), head = element("p", "", null);
      head.append(element("b", "", line.title), verdict(line.outcome, false));
      item.append(head, element("p", "", line.message + (line.codes.length ? ` (${line.codes.join(", ")})` : "")));
      if (line.borderline) { item.append(element("p", "small", words.borderline)); }
      return item;
    });
    document.getElementById("opinion-lines").replaceChildren(...parcel.overrides.map((one) => element("li", "decided", one)), ...told);
    history.replaceState(null, "", "#" + encodeURIComponent(parcel.id));
    page.touched();
    if (move) { map.fitBounds(parcel.drawn.getBounds().pad(0.8), { maxZoom: 17.5, animate: false }); }
    data.parcels.forEach((one) => one.drawn.setStyle({ weight: one === parcel ? 5 : 2.2 }));
    document.getElementById("panel").scrollTop = 0;
    if (!move) { page.open(true); }
  }
  function close() {
    opinion.hidden = true;
    list.hidden = false;
    history.replaceState(null, "", location.pathname + location.search);
    data.parcels.forEach((one) => one.drawn.setStyle({ weight: 2.2 }));
  }
  document.getElementById("back").addEventListener("click", close);

  document.querySelectorAll("#legend input").forEach((box) => box.addEventListener("change", function () {
    if (box.checked) { groups.get(box.dataset.layer).addTo(map); } else { groups.get(box.dataset.layer).remove(); }
  }));
  refresh();
  function follow() {
    const at = data.parcels.findIndex((one) => one.id === decodeURIComponent(location.hash.slice(1)));
    if (at >= 0) { open(at, true); }
  }
  window.addEventListener("hashchange", follow);
  follow();
  page.ready();
});
