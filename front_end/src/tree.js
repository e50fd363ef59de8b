/* The legend is the switchboard: groups, layers with their classes, how strong each is drawn. */
export function planted(_data, layers, page) {
  const { element, words } = page;
  const root = document.getElementById("tree");
  function swatch(look) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const add = (tag, facts) => {
      const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
      Object.entries(facts).forEach(([name, value]) => node.setAttribute(name, value));
      made.append(node);
    };
    Object.entries({ viewBox: "0 0 30 18", width: 30, height: 18, class: "swatch", "aria-hidden": "true" }).forEach(
      ([name, value]) => made.setAttribute(name, value),
    );
    const filled = look.fill && look.fill !== "none" && look.fill_opacity !== 0;
    if (look.line) {
      add("path", {
        d: "M1 9H29",
        stroke: look.stroke,
        "stroke-width": Math.max(1, look.weight),
        "stroke-dasharray": look.dash || "",
        fill: "none",
      });
      return made;
    }
    if (look.point) {
      add("circle", {
        cx: 15,
        cy: 9,
        r: 5,
        fill: look.fill || look.stroke,
        stroke: look.stroke || "none",
        "stroke-width": look.ring || 0,
      });
      return made;
    }
    add("rect", {
      x: 1.5,
      y: 1.5,
      width: 27,
      height: 15,
      rx: 2,
      fill: filled ? look.fill : "none",
      "fill-opacity": look.fill_opacity === undefined ? 1 : look.fill_opacity,
      stroke: look.stroke || "none",
      "stroke-width": look.weight || 0,
      "stroke-dasharray": look.dash || "",
    });
    if (look.hatch) {
      add("path", {
        d:
          {
            grid: "M6 2l14 14M14 2l14 14M2 9l7 7M16 2L2 16M24 2L10 16M28 7l-9 9",
            level: "M2 6H28M2 12H28",
            counter: "M4 2l12 14M12 2l12 14M20 2l8 9",
          }[look.hatch] || "M10 2L2 12M18 2L6 16M26 2L14 16M28 9l-6 7",
        stroke: look.stripe || "#ffffff",
        "stroke-width": look.hatch === "grid" ? 1 : 2.4,
        fill: "none",
        "stroke-opacity": 0.8,
      });
    }
    return made;
  }
  const leaves = new Map();
  function leaf(layer) {
    const box = element("div", "leaf");
    const key = element("label", "key");
    const input = element("input");
    const many = element("b", "", layer.facts.size.toLocaleString("en"));
    box.classList.toggle("on", layer.on);
    input.type = "checkbox";
    input.checked = layer.on;
    input.dataset.layer = layer.id;
    input.addEventListener("change", () => page.turn(layer, input.checked));
    key.append(input);
    const one = layer.categories.length === 1;
    if (one) {
      key.append(swatch(layer.categories[0].look));
    }
    key.append(element("span", "", layer.title), many);
    box.append(key);
    const counts = new Map();
    if (!one) {
      const classes = element("div", "classes");
      layer.categories.forEach((category, at) => {
        const row = element("div", "key");
        const number = element("b", "", category.count.toLocaleString("en"));
        const title = element("span", "", category.outcome ? null : category.title);
        if (category.outcome) {
          title.append(page.verdict(category.outcome, category.title));
        }
        row.append(swatch(category.look), title, number);
        counts.set(at, [row, number]);
        classes.append(row);
      });
      box.append(classes);
    }
    const strength = element("label", "strength", words.opacity);
    const range = element("input");
    Object.assign(range, { type: "range", min: 0, max: 100, value: 100 * layer.strength });
    range.setAttribute("aria-label", `${words.opacity}: ${layer.title}`);
    range.addEventListener("input", () => {
      layer.strength = range.valueAsNumber / 100;
      page.restyle(layer);
    });
    strength.append(range);
    box.append(strength);
    leaves.set(layer.id, { box, input, many, counts });
    return box;
  }
  const groups = new Map();
  layers.forEach((layer) => {
    if (!groups.has(layer.group)) {
      const made = element("details");
      const head = element("summary");
      const total = element("b");
      head.append(element("span", "", layer.group), total);
      made.append(head);
      root.append(made);
      groups.set(layer.group, { made, total, layers: [] });
    }
    const group = groups.get(layer.group);
    group.layers.push(layer);
    group.made.append(leaf(layer));
    if (layer.on) {
      group.made.open = true;
    }
  });
  function refresh() {
    groups.forEach(({ total, layers: own }) => {
      total.textContent = `${own.filter((one) => one.on).length}/${own.length}`;
    });
    layers.forEach((layer) => {
      const { box, input, many, counts } = leaves.get(layer.id);
      box.classList.toggle("on", layer.on);
      input.checked = layer.on;
      many.textContent =
        layer.left === layer.facts.size
          ? layer.left.toLocaleString("en")
          : `${layer.left.toLocaleString("en")}/${layer.facts.size.toLocaleString("en")}`;
      counts.forEach(([row, number], at) => {
        row.hidden = layer.hidden.has(at);
        number.textContent = layer.counted[at].toLocaleString("en");
      });
    });
  }
  return {
    refresh,
    reveal: (layer) => {
      groups.get(layer.group).made.open = true;
    },
  };
}
