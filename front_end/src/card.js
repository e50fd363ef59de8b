/* The popup of what was clicked: its facts, its verdict, and what it conflicts with. */
export function cards(map, layers, page) {
  const { element, words } = page;
  let popup = null;
  function card(found, at) {
    const [layer, row] = found[at];
    const box = element("div", "popup");
    const category = layer.categories[layer.facts.category[row]];
    box.append(element("h3", "", layer.facts.name(row) || words.unnamed));
    const kind = element("p", "kind", layer.title + (layer.rules.length === 1 ? ` · ${layer.rules[0]}` : ""));
    box.append(kind);
    if (category.outcome) {
      box.append(page.verdict(category.outcome, category.title));
    } else if (layer.categories.length > 1) {
      box.append(element("p", "", category.title));
    }
    const table = element("table");
    const body = element("tbody");
    const add = (title, value) => {
      if (value === null || value === undefined || value === "") {
        return;
      }
      const line = element("tr");
      const head = element("th", "", title);
      head.scope = "row";
      line.append(head, element("td", "", value));
      body.append(line);
    };
    layer.facts.columns.slice(1).forEach((column) => add(column.title, column.get(row)));
    if (layer.facts.rule) {
      add(words.rule, page.ruleTitle(layer.facts.rule.get(row)));
    }
    if (layer.facts.town) {
      add(words.town, layer.facts.town.get(row));
    }
    table.append(body);
    box.append(table);
    conflicts(box, layer, row);
    opinions(box, layer, row);
    const steps = element("p", "steps");
    if (found.length > 1) {
      [
        ["‹", at - 1, words.before],
        ["›", at + 1, words.after],
      ].forEach(([sign, to, word], n) => {
        const button = element("button", "", sign);
        button.type = "button";
        button.setAttribute("aria-label", word);
        button.addEventListener("click", () => {
          popup.setDOMContent(card(found, (to + found.length) % found.length));
          page.choose(...found[(to + found.length) % found.length]);
        });
        steps.append(button);
        if (!n) {
          steps.append(element("span", "", `${at + 1}/${found.length}`));
        }
      });
    }
    const nearer = element("button", "", words.nearer);
    nearer.type = "button";
    nearer.addEventListener("click", () => page.fly(layer, row));
    steps.append(nearer);
    box.append(steps);
    return box;
  }
  /* Patches that belong to a project stand under it. */
  function conflicts(box, layer, row) {
    layers
      .filter((one) => one.of === layer.id && one.facts.owner)
      .forEach((other) => {
        const list = element("ul");
        for (let at = 0; at < other.facts.size; at += 1) {
          if (other.facts.owner[at] !== row) {
            continue;
          }
          const item = element("li");
          const button = element(
            "button",
            "",
            other.facts.columns
              .slice(1, 4)
              .map((one) => one.get(at))
              .filter(Boolean)
              .join(" · "),
          );
          button.type = "button";
          button.addEventListener("click", () => page.fly(other, at));
          item.append(button);
          const outcome = other.categories[other.facts.category[at]].outcome;
          if (outcome) {
            item.append(page.verdict(outcome));
          }
          list.append(item);
        }
        if (list.children.length) {
          box.append(element("h4", "", `${other.title} (${list.children.length})`), list);
        }
      });
  }
  function opinions(box, layer, row) {
    const told = layer.facts.opinions?.[row];
    if (!told?.length) {
      return;
    }
    const list = element("ul");
    told.forEach(([title, outcome, sentence]) => {
      const item = element("li");
      const head = element("b", "", title);
      item.append(head, page.verdict(outcome), element("div", "", sentence));
      list.append(item);
    });
    box.append(element("h4", "", words.opinions), list);
  }
  function show(found, place) {
    close();
    page.choose(...found[0]);
    page.speak(found[0]);
    popup = new maplibregl.Popup({
      closeButton: true,
      closeOnClick: false,
      maxWidth: "none",
      focusAfterOpen: false,
      locale: {},
    })
      .setLngLat(place)
      .setDOMContent(card(found, 0))
      .addTo(map);
    const button = popup.getElement().querySelector(".maplibregl-popup-close-button");
    if (button) {
      button.setAttribute("aria-label", words.close);
      button.title = words.close;
    }
    inside();
    popup.on("close", () => {
      popup = null;
      page.choose(null);
    });
  }
  /* A popup that does not fit moves the map, not itself. */
  function inside() {
    const own = popup.getElement().getBoundingClientRect();
    const frame = map.getContainer().getBoundingClientRect();
    const room = 10;
    const x = Math.min(0, own.left - frame.left - room) || Math.max(0, own.right - frame.right + room);
    const y = Math.min(0, own.top - frame.top - room) || Math.max(0, own.bottom - frame.bottom + room);
    if (x || y) {
      map.panBy([x, y], { animate: false });
    }
  }
  function close() {
    if (popup) {
      popup.remove();
    }
  }
  map.on("click", (event) => {
    if (page.busy()) {
      return;
    }
    const near = 4;
    const { x, y } = event.point;
    const seen = new Set();
    const found = [];
    const there = page.mapAt(x);
    const ids = layers
      .filter((one) => one.tabled)
      .flatMap((one) => ["fill", "line", "dot"].map((kind) => `${one.id}|${kind}`))
      .filter((id) => there.getLayer(id));
    const hit = there.queryRenderedFeatures([x, y], { layers: ids });
    const wide = hit.length
      ? hit
      : there.queryRenderedFeatures(
          [
            [x - near, y - near],
            [x + near, y + near],
          ],
          { layers: ids },
        );
    wide.forEach((one) => {
      const layer = layers.find((other) => other.id === one.source);
      const row = one.properties.i;
      if (layer && !seen.has(`${layer.id}.${row}`) && page.seen(layer, row)) {
        seen.add(`${layer.id}.${row}`);
        found.push([layer, row]);
      }
    });
    if (found.length) {
      show(found, event.lngLat);
    } else {
      close();
    }
    page.open(false);
  });
  // Wherever one is: who came from the table goes on from there.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !page.busy()) {
      close();
    }
  });
  return { show, close };
}
