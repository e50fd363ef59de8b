/* The main map of a run: puts the pieces together, keeps what is asked for, and writes it into the address. */
import { cards } from "./card.js";
import { drawing } from "./draw.js";
import { factsOf } from "./facts.js";
import { ground } from "./ground.js";
import { papering } from "./paper.js";
import { ruler } from "./ruler.js";
import { swiping } from "./swipe.js";
import { twin } from "./table.js";
import { planted } from "./tree.js";
import { unpacking } from "./unpack.js";

(async () => {
  const unpack = unpacking();
  const told = document.getElementById("told");
  if (!unpack.supported) {
    document.getElementById("outdated").hidden = false;
    return;
  }
  const data = await unpack.json("payload");
  const words = data.words;
  const tables = await unpack.json("facts-of-layers");
  const layers = data.layers.map((one, at) => ({
    ...one,
    facts: factsOf(tables[at]),
    on: one.shown,
    strength: 1,
    hidden: new Set(),
    mask: null,
    chosen: null,
  }));
  layers.forEach((one) => {
    one.left = one.facts.size;
    one.counted = one.categories.map((category) => category.count);
  });

  function element(tag, className, content) {
    const made = document.createElement(tag);
    if (className) {
      made.className = className;
    }
    // Text of users is only ever set as text.
    if (content !== undefined && content !== null) {
      made.textContent = content;
    }
    return made;
  }
  function drawn(path, size) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    Object.entries({ viewBox: "0 0 16 16", width: size, height: size, "aria-hidden": "true" }).forEach(
      ([name, value]) => made.setAttribute(name, value),
    );
    line.setAttribute("d", path);
    made.append(line);
    return made;
  }
  function verdict(key, word) {
    const outcome = data.outcomes[key];
    const made = element("span", "outcome");
    made.style.setProperty("--tone", outcome.colour);
    const sign = drawn(outcome.sign, 16);
    sign.setAttribute("class", "sign");
    made.append(sign, document.createTextNode(word || outcome.word));
    return made;
  }
  const ruleTitles = new Map(data.rules);
  const page = { layers, element, words, verdict, hits: null, ruleTitle: (code) => ruleTitles.get(code) || code };

  /* The map. */
  page.emptyStyle = () => ({
    version: 8,
    sources: {},
    layers: [{ id: "paper", type: "background", paint: { "background-color": "#f3efe6" } }],
  });
  let map;
  try {
    map = new maplibregl.Map({
      container: "map",
      style: page.emptyStyle(),
      bounds: data.bounds,
      fitBoundsOptions: { padding: 24 },
      minZoom: Math.max(0, data.least - 0.999),
      maxZoom: 22,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      fadeDuration: 0,
      locale: { "Map.Title": data.alt },
    });
  } catch (_fault) {
    told.textContent = words.no_webgl;
    document.documentElement.dataset.ready = "table";
  }
  if (map) {
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.addControl(new maplibregl.AttributionControl({ compact: true }), "bottom-right");
    map.addControl(new maplibregl.ScaleControl({ maxWidth: 150, unit: "metric" }), "bottom-left");
    map.getCanvas().setAttribute("aria-label", data.alt);
    await new Promise((resolve) => {
      map.once("load", resolve);
    });
  }
  const draw = map ? drawing(data, layers, unpack) : null;
  page.first = draw ? draw.onto(map) : { show() {}, hide() {}, restyle() {}, mask() {}, choose() {} };

  /* What is asked for: outcomes, a rule, a town, words. */
  const boxes = Array.from(document.querySelectorAll("#outcomes input"));
  const rule = document.getElementById("rule");
  const town = document.getElementById("town");
  const query = document.getElementById("query");
  page.seen = (layer, row) => !layer.hidden.has(layer.facts.category[row]) && (!layer.mask || layer.mask[row] === 1);
  function shares() {
    return [page.first, swipe?.second()].filter(Boolean);
  }
  function narrowed() {
    const refused = new Set(boxes.filter((one) => !one.checked).map((one) => one.value));
    layers.forEach((layer) => {
      const facts = layer.facts;
      layer.hidden = new Set(
        layer.categories.map((_one, at) => at).filter((at) => refused.has(layer.categories[at].outcome)),
      );
      const byRule = rule.value && (facts.rule || layer.rules.length);
      const byTown = town.value && facts.town;
      layer.mask = null;
      if (byRule || byTown) {
        layer.mask = new Uint8Array(facts.size);
        for (let row = 0; row < facts.size; row += 1) {
          const ruled = !byRule || (facts.rule ? facts.rule.get(row) === rule.value : layer.rules.includes(rule.value));
          layer.mask[row] = ruled && (!byTown || facts.town.get(row) === town.value) ? 1 : 0;
        }
      }
      layer.counted = layer.categories.map(() => 0);
      for (let row = 0; row < facts.size; row += 1) {
        if (page.seen(layer, row)) {
          layer.counted[facts.category[row]] += 1;
        }
      }
      layer.left = layer.counted.reduce((sum, one) => sum + one, 0);
      shares().forEach((one) => {
        one.restyle(layer);
        one.mask(layer);
      });
    });
    tree.refresh();
    table.refresh();
    tally();
    noted();
  }
  function tally() {
    const judged = layers.filter((one) => one.on && one.tabled && one.categories.some((category) => category.outcome));
    const left = judged.reduce((sum, one) => sum + one.left, 0);
    const all = judged.reduce((sum, one) => sum + one.facts.size, 0);
    document.getElementById("tally").textContent = !layers.length
      ? words.no_layers
      : judged.length
        ? words.tally.replace("{count}", left.toLocaleString("en")).replace("{total}", all.toLocaleString("en"))
        : "";
  }

  /* What people do with layers and features. */
  page.turn = (layer, on) => {
    layer.on = on;
    if (swipe?.on()) {
      swipe.apply();
    } else if (on) {
      page.first.show(layer);
    } else {
      page.first.hide(layer);
    }
    tree.refresh();
    tally();
    noted();
  };
  page.restyle = (layer) => shares().forEach((one) => one.restyle(layer));
  let selected = null;
  page.choose = (layer, row) => {
    if (selected) {
      shares().forEach((one) => one.choose(selected[0], selected[1], false));
      selected[0].chosen = null;
    }
    selected = layer ? [layer, row] : null;
    if (layer) {
      layer.chosen = row;
      shares().forEach((one) => one.choose(layer, row, true));
    }
    table.mark();
    noted();
  };
  page.fly = (layer, row) => {
    const place = [layer.facts.lon[row], layer.facts.lat[row]];
    if (!layer.on) {
      page.turn(layer, true);
      tree.reveal(layer);
    }
    page.open(false);
    if (!map) {
      return;
    }
    map.jumpTo({ center: place, zoom: Math.max(data.least, layer.facts.flown(row)) });
    card.show([[layer, row]], place);
  };
  const more = document.getElementById("more");
  page.open = (wanted) => {
    document.body.classList.toggle("open", wanted);
    more.setAttribute("aria-expanded", String(wanted));
    more.textContent = wanted ? words.less : words.more;
  };
  more.addEventListener("click", () => page.open(!document.body.classList.contains("open")));

  let swipe = null;
  let measure = null;
  /* Whoever does not see the popup is told that it is there, and of what. */
  const spoken = document.getElementById("spoken");
  page.speak = ([layer, row]) => {
    const category = layer.categories[layer.facts.category[row]];
    spoken.textContent = [
      layer.facts.name(row) || words.unnamed,
      layer.title,
      category.outcome || layer.categories.length > 1 ? category.title : "",
    ]
      .filter(Boolean)
      .join(", ");
  };
  const only = document.getElementById("only");
  only.addEventListener("change", () => document.getElementById("tree").classList.toggle("only", only.checked));
  page.mapAt = (x) => (swipe ? swipe.at(x) : map);
  page.busy = () => Boolean(measure?.on());
  const tree = planted(data, layers, page);
  const table = twin(layers, page);
  const card = map ? cards(map, layers, page) : { show() {}, close() {} };

  /* Search goes over all layers and fields; what it finds is what the table shows. */
  const found = document.getElementById("found");
  const count = document.getElementById("count");
  function search() {
    const asked = query.value.trim();
    page.hits = asked ? new Map(layers.map((one) => [one.id, one.facts.holding(asked)])) : null;
    // What is called so comes before what only mentions it.
    const called = [];
    const other = [];
    const most = 30;
    const wanted = asked.toLowerCase();
    let total = 0;
    (asked ? table.tabled : []).forEach((layer) => {
      const hit = page.hits.get(layer.id);
      for (let row = 0; row < hit.length; row += 1) {
        if (!hit[row] || !page.seen(layer, row)) {
          continue;
        }
        total += 1;
        if (called.length >= most && other.length >= most) {
          continue;
        }
        const into = (layer.facts.name(row) || "").toLowerCase().includes(wanted) ? called : other;
        if (into.length < most) {
          into.push([layer, row]);
        }
      }
    });
    const hits = [...called, ...other].slice(0, most);
    count.textContent = !asked ? "" : total ? `${total.toLocaleString("en")} ${words.search_count}` : words.search_none;
    found.replaceChildren(
      ...hits.map(([layer, row]) => {
        const item = element("li");
        const button = element("button");
        button.type = "button";
        button.append(
          element("span", "", (layer.facts.name(row) || words.unnamed).slice(0, 200)),
          element("b", "", layer.title),
        );
        button.addEventListener("click", () => page.fly(layer, row));
        item.append(button);
        return item;
      }),
    );
    table.refresh();
    return hits;
  }
  query.addEventListener("input", search);
  document.getElementById("search").addEventListener("submit", (event) => {
    event.preventDefault();
    const hits = search();
    if (hits.length) {
      page.fly(...hits[0]);
    }
  });
  boxes.forEach((box) => box.addEventListener("change", narrowed));
  /* A rule that is asked for brings its layers, and takes away those of other rules. */
  rule.addEventListener("change", () => {
    const ruled = layers.filter((one) => one.rules.length);
    if (rule.value) {
      ruled.forEach((one) => {
        const mine = one.rules.includes(rule.value);
        if (mine !== one.on) {
          page.turn(one, mine);
          if (mine) {
            tree.reveal(one);
          }
        }
      });
    }
    const first = layers.find((one) => one.on && one.tabled && (one.rules.includes(rule.value) || one.facts.rule));
    if (rule.value && first) {
      table.open(first);
    }
    narrowed();
  });
  town.addEventListener("change", narrowed);

  /* The address holds the view, the layers, what is asked for and what is chosen. */
  let reading = true;
  function noted() {
    if (reading || !map) {
      return;
    }
    const at = map.getCenter();
    const parts = [
      ["at", `${map.getZoom().toFixed(2)}/${at.lat.toFixed(5)}/${at.lng.toFixed(5)}`],
      [
        "on",
        layers
          .filter((one) => one.on)
          .map((one) => one.id)
          .join(","),
      ],
    ];
    const hidden = boxes.filter((one) => !one.checked).map((one) => one.value);
    if (hidden.length) {
      parts.push(["hide", hidden.join(",")]);
    }
    if (rule.value) {
      parts.push(["rule", rule.value]);
    }
    if (town.value) {
      parts.push(["town", town.value]);
    }
    if (table.layer()) {
      parts.push(["table", table.layer().id]);
    }
    if (selected) {
      parts.push(["see", `${selected[0].id}.${selected[1]}`]);
    }
    history.replaceState(null, "", `#${parts.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join("&")}`);
  }
  page.noted = noted;
  function follow() {
    const asked = new Map(
      location.hash
        .slice(1)
        .split("&")
        .filter((one) => one.includes("="))
        .map((one) => {
          const at = one.indexOf("=");
          try {
            return [one.slice(0, at), decodeURIComponent(one.slice(at + 1))];
          } catch (_fault) {
            return ["", ""];
          }
        }),
    );
    reading = true;
    const listed = (key) => (asked.get(key) || "").split(",").filter(Boolean);
    if (asked.has("on")) {
      const on = new Set(listed("on"));
      layers.forEach((one) => {
        if (one.on !== on.has(one.id)) {
          page.turn(one, on.has(one.id));
          if (one.on) {
            tree.reveal(one);
          }
        }
      });
    }
    boxes.forEach((one) => {
      one.checked = !listed("hide").includes(one.value);
    });
    [
      [rule, "rule"],
      [town, "town"],
    ].forEach(([select, key]) => {
      select.value = asked.get(key) || "";
      if (select.selectedIndex < 0) {
        select.value = "";
      }
    });
    narrowed();
    const [zoom, lat, lon] = (asked.get("at") || "").split("/").map(Number);
    if (map && Number.isFinite(zoom) && Math.abs(lat) <= 85 && Math.abs(lon) <= 180) {
      map.jumpTo({ zoom, center: [lon, lat] });
    }
    table.open(
      layers.find((one) => one.id === asked.get("table") && one.tabled) ||
        table.layer() ||
        table.tabled.find((one) => one.on && one.categories.some((category) => category.outcome)) ||
        table.tabled.find((one) => one.on) ||
        table.tabled[0],
    );
    const see = /^(.+)\.(\d+)$/.exec(asked.get("see") || "");
    const layer = see && layers.find((one) => one.id === see[1]);
    if (layer && Number(see[2]) < layer.facts.size) {
      const [, , row] = see;
      page.fly(layer, Number(row));
      if (asked.has("at") && map) {
        map.jumpTo({ zoom, center: [lon, lat] });
      }
    }
    reading = false;
    noted();
  }

  if (map) {
    measure = ruler(map, data, page);
    swipe = swiping(map, layers, draw, page);
    const sheet = papering(map, data, page, tree.reveal);
    const base = ground(data, () => shares().map((one) => one.map), page);
    page.laid = base.laid;
    map.on("error", (event) => {
      if (event.sourceId?.startsWith("ground|")) {
        base.failed();
      } else {
        console.error(event.error);
      }
    });
    map.on("moveend", noted);
    function whole() {
      map.fitBounds(data.bounds, { padding: 24, animate: false });
    }
    const tools = document.getElementById("tools");
    const buttons = [
      ["zoom_in", "M8 3v10M3 8h10", () => map.zoomIn({ animate: false })],
      ["zoom_out", "M3 8h10", () => map.zoomOut({ animate: false })],
      ["whole", "M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10", whole],
      [
        "measure",
        "M2 11L11 2l3 3-9 9zM5 8l1.500 1.500M7.500 5.500L9 7M10 3l1.500 1.500",
        (button) => press(button, measure.toggle),
      ],
      ["swipe", "M8 2v12M5 5L2 8l3 3M11 5l3 3-3 3", (button) => press(button, swipe.toggle)],
      ["print", "M4 6V2h8v4M4 12H2V6h12v6h-2M4 9.500h8V14H4z", () => sheet.print()],
      [
        "link",
        "M7 9l2-2M6 6L3.500 8.500a2.500 2.500 0 0 0 4 4L10 10M6.500 6L9 3.500a2.500 2.500 0 0 1 4 4L10 10",
        copy,
      ],
    ];
    function press(button, work) {
      const on = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(on));
      work(on);
    }
    async function copy() {
      noted();
      let done = true;
      try {
        await navigator.clipboard.writeText(location.href);
      } catch (_fault) {
        done = false;
      }
      told.textContent = done ? words.copied : words.in_address;
      setTimeout(() => {
        told.textContent = "";
      }, 4000);
    }
    buttons.forEach(([word, path, act]) => {
      const button = element("button");
      button.type = "button";
      button.title = words[word];
      button.dataset.tool = word;
      button.setAttribute("aria-label", words[word]);
      if (["measure", "swipe"].includes(word)) {
        button.setAttribute("aria-pressed", "false");
      }
      button.append(drawn(path, 18));
      button.addEventListener("click", () => act(button));
      tools.append(button);
    });

    page.map = map;
    layers.filter((one) => one.on).forEach((one) => page.first.show(one));
  }
  if (window.matchMedia("(max-width: 760px), (max-height: 480px)").matches) {
    table.unfold(false);
  }
  follow();
  window.addEventListener("hashchange", follow);
  if (map) {
    map.once("idle", () => {
      document.documentElement.dataset.ready = "yes";
    });
    map.triggerRepaint();
  }
  window.mainMap = map; // for whoever opens the console
})();
