/* Draw layers on a map: sources out of the page, colours by category, hatches, names as images. */
export function drawing(data, layers, unpack) {
  const opened = new Map();
  const tiles = new Map();

  /* Shapes, unpacked once for all maps of the page. */
  function open(layer) {
    if (!opened.has(layer.id)) {
      opened.set(layer.id, layer.shape.kind === "tiles" ? openTiles(layer) : openSteps(layer));
    }
    return opened.get(layer.id);
  }
  async function openTiles(layer) {
    const found = new Map();
    const index = layer.shape.index;
    const bytes = unpack.bytes(layer.shape.body);
    for (let at = 0, from = 0; at < index.length; at += 4) {
      found.set(`${index[at]}/${index[at + 1]}/${index[at + 2]}`, [from, from + index[at + 3]]);
      from += index[at + 3];
    }
    tiles.set(layer.id, { found, bytes });
    return {
      type: "vector",
      tiles: [`held://${layer.id}/{z}/{x}/{y}`],
      minzoom: layer.shape.least,
      maxzoom: layer.shape.deepest,
      promoteId: { a: "i", o: "i" },
    };
  }
  async function openSteps(layer) {
    const features = await unpack.json(layer.shape.body);
    const scale = layer.shape.scale;
    const made = [];
    function line(steps) {
      const points = [];
      for (let at = 0, x = 0, y = 0; at < steps.length; at += 2) {
        x += steps[at];
        y += steps[at + 1];
        points.push([x / scale, y / scale]);
      }
      return points;
    }
    features.forEach(([zoom, ...parts], row) => {
      const properties = { i: row, v: layer.facts.category[row], z: zoom };
      const add = (type, coordinates) =>
        made.push({ type: "Feature", id: row, properties, geometry: { type, coordinates } });
      [
        ["MultiPolygon", 2],
        ["MultiLineString", 1],
        ["MultiPoint", 0],
      ].forEach(([type, dimension]) => {
        const own = parts.filter((one) => one[0] === dimension).map((one) => one.slice(1).map(line));
        if (own.length) {
          add(type, dimension === 2 ? own : own.flatMap((one) => (dimension ? one : one[0])));
        }
      });
      if (parts.some((one) => one[0] === 2)) {
        add("Point", [layer.facts.lon[row], layer.facts.lat[row]]);
      }
    });
    return {
      type: "geojson",
      data: { type: "FeatureCollection", features: made },
      promoteId: "i",
      maxzoom: 20,
      tolerance: 0.2,
    };
  }
  maplibregl.addProtocol("held", async (asked) => {
    const [, id, place] = /^held:\/\/([^/]+)\/(.+)$/.exec(asked.url);
    const held = tiles.get(id);
    const range = held.found.get(place);
    return { data: range ? await unpack.inflate(held.bytes.subarray(...range)) : new ArrayBuffer(0) };
  });

  /* Images: hatches, and names, since there is no server for letters. */
  const SIZE = 16;
  function hatch(kind, colour) {
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d");
    canvas.width = canvas.height = SIZE;
    pen.strokeStyle = colour;
    pen.lineWidth = kind === "grid" ? 2 : 5;
    const lines = {
      stripes: [
        [-8, 8, 8, -8],
        [-8, 24, 24, -8],
        [8, 24, 24, 8],
      ],
      counter: [
        [-8, 8, 8, 24],
        [-8, -8, 24, 24],
        [8, -8, 24, 8],
      ],
      level: [
        [0, 4, 16, 4],
        [0, 12, 16, 12],
      ],
      grid: [
        [0, 0, 16, 16],
        [0, 16, 16, 0],
      ],
    };
    pen.globalAlpha = 0.75;
    pen.beginPath();
    (lines[kind] || lines.stripes).forEach(([a, b, c, d]) => {
      pen.moveTo(a, b);
      pen.lineTo(c, d);
    });
    pen.stroke();
    return pen.getImageData(0, 0, SIZE, SIZE);
  }
  const font = getComputedStyle(document.documentElement).getPropertyValue("--font");
  function written(text, colour) {
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    const words = text.length > 24 ? `${text.slice(0, 23)}…` : text;
    pen.font = `600 26px ${font}`;
    canvas.width = Math.ceil(pen.measureText(words).width) + 14;
    canvas.height = 40;
    Object.assign(pen, {
      font: `600 26px ${font}`,
      textBaseline: "middle",
      lineJoin: "round",
      lineWidth: 7,
      strokeStyle: "rgba(255,254,250,.92)",
      fillStyle: colour,
    });
    pen.strokeText(words, 7, 21);
    pen.fillText(words, 7, 21);
    return pen.getImageData(0, 0, canvas.width, canvas.height);
  }
  function images(map) {
    map.on("styleimagemissing", (event) => {
      const [kind, id, key] = event.id.split("|");
      const layer = layers.find((one) => one.id === id);
      if (!layer || map.hasImage(event.id)) {
        return;
      }
      if (kind === "name") {
        // Outcomes are written as letters too, for those who do not see colours.
        const category = layer.categories[layer.facts.category[Number(key)]];
        const outcome = category.outcome && data.outcomes[category.outcome];
        map.addImage(
          event.id,
          written(
            (outcome ? `${outcome.code} ` : "") + layer.facts.name(Number(key)),
            outcome ? outcome.colour : category.look.stroke || "#2b2721",
          ),
          { pixelRatio: 2 },
        );
      }
      if (kind === "hatch") {
        const look = layer.categories[Number(key)].look;
        map.addImage(event.id, hatch(look.hatch, look.stripe || "#ffffff"), { pixelRatio: 2 });
      }
    });
  }

  /* Style: one value for each category. */
  const off = ["boolean", ["feature-state", "off"], false];
  const chosen = ["boolean", ["feature-state", "chosen"], false];
  function by(layer, value) {
    const values = layer.categories.map((one) => value(one.look));
    if (values.every((one) => one === values[0])) {
      return values[0];
    }
    return ["match", ["get", "v"], ...values.flatMap((one, at) => [at, one]).slice(0, -2), values[values.length - 1]];
  }
  function times(value, strength) {
    return Array.isArray(value) ? ["*", value, strength] : value * strength;
  }
  function alive(value) {
    return ["case", off, 0, value];
  }
  const filled = (look) => (look.fill && look.fill !== "none" ? look.fill : null);
  function paints(layer, strength) {
    const fill = by(layer, (look) => filled(look) || "rgba(0,0,0,0)");
    const stroke = by(layer, (look) => look.stroke || filled(look) || "#333333");
    const solid = by(layer, (look) => (filled(look) ? (look.fill_opacity === undefined ? 1 : look.fill_opacity) : 0));
    const dot = by(layer, (look) => filled(look) || look.stroke || "#333333");
    return {
      fill: { "fill-color": fill, "fill-opacity": alive(times(solid, strength)), "fill-antialias": false },
      hatch: {
        "fill-pattern": by(layer, (look) =>
          look.hatch ? `hatch|${layer.id}|${layer.categories.findIndex((one) => one.look === look)}` : "",
        ),
        "fill-opacity": alive(strength),
      },
      line: {
        "line-color": ["case", chosen, "#111111", stroke],
        "line-width": ["case", chosen, 4, by(layer, (look) => look.weight || 0)],
        "line-opacity": alive(strength),
      },
      dot: {
        "circle-color": dot,
        "circle-radius": ["case", chosen, 7, by(layer, (look) => look.size || 2)],
        "circle-opacity": alive(strength),
        "circle-stroke-color": ["case", chosen, "#111111", stroke],
        "circle-stroke-width": ["case", chosen, 2.5, by(layer, (look) => look.ring || 0)],
        "circle-stroke-opacity": alive(strength),
      },
      names: { "icon-opacity": alive(strength) },
    };
  }
  const type = (name) => ["==", ["geometry-type"], name];
  /* What is seen of a layer: land from its zoom on, before it a dot; and only the categories asked for. */
  function filters(layer) {
    const shown = layer.categories.map((_one, at) => at).filter((at) => !layer.hidden.has(at));
    const wanted = shown.length === layer.categories.length ? true : ["in", ["get", "v"], ["literal", shown]];
    const hatched = layer.categories.map((_one, at) => at).filter((at) => layer.categories[at].look.hatch);
    return {
      fill: ["all", type("Polygon"), wanted],
      hatch: ["all", type("Polygon"), ["in", ["get", "v"], ["literal", hatched.filter((at) => !layer.hidden.has(at))]]],
      line: ["all", ["!=", ["geometry-type"], "Point"], wanted],
      dot: ["all", type("Point"), [">", ["get", "z"], ["zoom"]], wanted],
      names: wanted,
    };
  }
  function parts(layer, strength) {
    const paint = paints(layer, strength);
    const filter = filters(layer);
    const tiled = layer.shape.kind === "tiles";
    const made = [];
    function add(kind, type_, extra) {
      made.push({
        id: `${layer.id}|${kind}`,
        type: type_,
        source: layer.id,
        ...(tiled ? { "source-layer": kind === "dot" ? "o" : "a" } : {}),
        filter: filter[kind],
        paint: paint[kind],
        ...extra,
      });
    }
    add("fill", "fill");
    if (layer.categories.some((one) => one.look.hatch)) {
      add("hatch", "fill", { minzoom: 10 });
    }
    const dashes = layer.categories.map((one) => one.look.dash).filter(Boolean);
    const dashed = dashes.length === layer.categories.length;
    add("line", "line", {
      layout: { "line-join": "round" },
      paint: {
        ...paint.line,
        ...(dashed
          ? {
              "line-dasharray": dashes[0]
                .split(" ")
                .map((one) => Number(one) / Math.max(1, layer.categories[0].look.weight || 1)),
            }
          : {}),
      },
    });
    // Of dots in one place the worst is seen: categories come worst first.
    add(
      "dot",
      "circle",
      layer.categories.some((one) => one.outcome) ? { layout: { "circle-sort-key": ["-", 0, ["get", "v"]] } } : {},
    );
    return made;
  }
  function nameParts(layer, strength) {
    // What is judged stays in sight: its name stands below it.
    const judged = layer.categories.some((one) => one.outcome);
    return {
      id: `${layer.id}|names`,
      type: "symbol",
      source: `${layer.id}|names`,
      filter: filters(layer).names,
      paint: paints(layer, strength).names,
      minzoom: layer.facts.size > 200 ? 13 : 0,
      layout: {
        "icon-image": ["concat", `name|${layer.id}|`, ["to-string", ["get", "i"]]],
        "icon-padding": 3,
        ...(judged ? { "icon-anchor": "top", "icon-offset": [0, 5] } : {}),
        "symbol-sort-key": ["get", "i"],
      },
    };
  }
  function namePoints(layer) {
    const features = [];
    for (let row = 0; row < layer.facts.size; row += 1) {
      if (layer.facts.name(row)) {
        features.push({
          type: "Feature",
          properties: { i: row, v: layer.facts.category[row] },
          geometry: { type: "Point", coordinates: [layer.facts.lon[row], layer.facts.lat[row]] },
        });
      }
    }
    return { type: "geojson", data: { type: "FeatureCollection", features }, promoteId: "i" };
  }

  /* One map's share of it: which layers are on it, in the order of the tree. */
  function onto(map) {
    images(map);
    const there = new Set();
    const masked = new Set();
    async function show(layer) {
      if (there.has(layer.id)) {
        return;
      }
      there.add(layer.id);
      const source = await open(layer);
      if (!there.has(layer.id) || map.getSource(layer.id)) {
        return;
      }
      map.addSource(layer.id, source);
      const above =
        layers
          .slice(0, layers.indexOf(layer))
          .reverse()
          .map((one) => `${one.id}|fill`)
          .find((id) => map.getLayer(id)) || map.getStyle().layers.find((one) => one.id.endsWith("|names"))?.id;
      parts(layer, layer.strength).forEach((part) => map.addLayer(part, above));
      if (layer.labelled) {
        map.addSource(`${layer.id}|names`, namePoints(layer));
        map.addLayer(nameParts(layer, layer.strength));
      }
      mask(layer);
      choose(layer, layer.chosen, true);
    }
    function each(layer, work) {
      ["fill", "hatch", "line", "dot", "names"].forEach((kind) => {
        if (map.getLayer(`${layer.id}|${kind}`)) {
          work(`${layer.id}|${kind}`, kind);
        }
      });
    }
    function hide(layer) {
      there.delete(layer.id);
      masked.delete(layer.id);
      each(layer, (id) => map.removeLayer(id));
      [layer.id, `${layer.id}|names`].forEach((id) => {
        if (map.getSource(id)) {
          map.removeSource(id);
        }
      });
    }
    function restyle(layer) {
      const paint = paints(layer, layer.strength);
      const filter = filters(layer);
      each(layer, (id, kind) => {
        map.setFilter(id, filter[kind]);
        Object.entries(paint[kind])
          .filter(([name]) => name.endsWith("opacity"))
          .forEach(([name, value]) => map.setPaintProperty(id, name, value));
      });
    }
    function places(layer) {
      return layer.shape.kind === "tiles"
        ? ["a", "o"].map((sourceLayer) => ({ source: layer.id, sourceLayer }))
        : [{ source: layer.id }];
    }
    function mask(layer) {
      if (!map.getSource(layer.id)) {
        return;
      }
      const targets = [
        ...places(layer),
        ...(map.getSource(`${layer.id}|names`) ? [{ source: `${layer.id}|names` }] : []),
      ];
      if (!masked.has(layer.id) && !layer.mask) {
        return;
      }
      targets.forEach((target) => {
        map.removeFeatureState(target);
        for (let row = 0; layer.mask && row < layer.facts.size; row += 1) {
          if (!layer.mask[row]) {
            map.setFeatureState({ ...target, id: row }, { off: true });
          }
        }
      });
      if (layer.mask) {
        masked.add(layer.id);
      } else {
        masked.delete(layer.id);
      }
    }
    function choose(layer, row, on) {
      if (row === null || row === undefined || !map.getSource(layer.id)) {
        return;
      }
      places(layer).forEach((target) => map.setFeatureState({ ...target, id: row }, { chosen: on }));
    }
    return { map, show, hide, restyle, mask, choose, there };
  }
  return { onto };
}
