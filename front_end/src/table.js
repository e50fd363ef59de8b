/* The table is the map for those who do not see it: every feature of a layer, sorted and flown to by keyboard. */
export function twin(layers, page) {
  const { element, words } = page;
  const height = 30;
  const spare = 12;
  const head = document.querySelector("#twin thead");
  const body = document.querySelector("#twin tbody");
  const scroller = document.getElementById("scroller");
  const of = document.getElementById("of");
  const told = document.getElementById("rows");
  const fold = document.getElementById("fold");
  const grid = document.getElementById("twin");
  const tabled = layers.filter((one) => one.tabled && one.facts.size);
  let layer = null;
  let rows = [];
  let key = null;
  let down = false;
  let active = 0;
  let drawn = [-1, -1];
  tabled.forEach((one) => {
    const option = element("option", "", one.title);
    option.value = one.id;
    of.append(option);
  });

  function columns() {
    const found = layer.facts.columns.map((one) => ({ ...one }));
    if (layer.categories.length > 1 || layer.categories[0].outcome) {
      found.splice(1, 0, {
        title: words.verdict_or_class,
        value: (row) => layer.facts.category[row],
        get: (row) => layer.categories[layer.facts.category[row]].title,
        outcome: (row) => layer.categories[layer.facts.category[row]].outcome,
      });
    }
    if (layer.facts.town) {
      found.push({ title: words.town, value: layer.facts.town.get, get: layer.facts.town.get });
    }
    if (layer.facts.rule) {
      found.push({ title: words.rule, value: layer.facts.rule.get, get: layer.facts.rule.get });
    }
    return found;
  }
  let shown = [];
  function open(one) {
    if (!one) {
      return;
    }
    layer = one;
    of.value = one.id;
    key = null;
    shown = columns();
    const line = element("tr");
    shown.forEach((column, at) => {
      const cell = element("th");
      const button = element("button", column.number ? "number" : "", column.title);
      cell.scope = "col";
      cell.style.width = `${column.number ? 138 : at ? 170 : 210}px`;
      cell.setAttribute("aria-sort", "none");
      button.type = "button";
      button.title = column.title;
      button.addEventListener("click", () => {
        down = key === at && !down;
        key = at;
        Array.from(line.children).forEach((other, n) =>
          other.setAttribute("aria-sort", n === at ? (down ? "descending" : "ascending") : "none"),
        );
        refresh();
      });
      cell.append(button);
      line.append(cell);
    });
    head.replaceChildren(line);
    grid.style.width = `${shown.reduce((sum, one_, at) => sum + (one_.number ? 138 : at ? 170 : 210), 0)}px`;
    refresh();
  }
  function refresh() {
    if (!layer) {
      return;
    }
    rows = [];
    for (let row = 0; row < layer.facts.size; row += 1) {
      if (page.seen(layer, row) && (!page.hits || page.hits.get(layer.id)[row])) {
        rows.push(row);
      }
    }
    if (key !== null) {
      rows = layer.facts.sorted(rows, shown[key].value, down);
    }
    told.textContent = words.rows
      .replace("{count}", rows.length.toLocaleString("en"))
      .replace("{total}", layer.facts.size.toLocaleString("en"));
    grid.setAttribute("aria-rowcount", rows.length + 1);
    active = Math.min(active, Math.max(0, rows.length - 1));
    scroller.scrollTop = 0;
    drawn = [-1, -1];
    draw();
  }
  /* Only the rows in sight stand in the page; above and below them is room for the others. */
  function draw() {
    if (!layer) {
      return;
    }
    const from = Math.max(0, Math.floor(scroller.scrollTop / height) - spare);
    const to = Math.min(rows.length, from + Math.ceil(scroller.clientHeight / height) + 2 * spare);
    if (from === drawn[0] && to === drawn[1]) {
      return;
    }
    drawn = [from, to];
    function room(size) {
      const line = element("tr", "room");
      const cell = element("td");
      cell.colSpan = shown.length;
      cell.style.height = `${size * height}px`;
      line.setAttribute("aria-hidden", "true");
      line.append(cell);
      return line;
    }
    const lines = [];
    for (let at = from; at < to; at += 1) {
      const row = rows[at];
      const line = element("tr", layer.chosen === row ? "chosen" : "");
      line.setAttribute("aria-rowindex", at + 2);
      shown.forEach((column, n) => {
        const cell = element("td", column.number ? "number" : "");
        const value = column.get(row);
        if (n === 0) {
          const button = element("button", "", value === null ? words.unnamed : value);
          button.type = "button";
          button.tabIndex = at === active ? 0 : -1;
          button.dataset.at = at;
          button.addEventListener("click", () => {
            active = at;
            page.fly(layer, row);
          });
          cell.append(button);
        } else if (column.outcome?.(row)) {
          cell.append(page.verdict(column.outcome(row), value));
        } else {
          cell.textContent = value === null ? "" : value;
        }
        cell.title = value === null ? "" : String(value).slice(0, 300);
        line.append(cell);
      });
      lines.push(line);
    }
    const held = document.activeElement && body.contains(document.activeElement);
    body.replaceChildren(
      ...(from ? [room(from)] : []),
      ...lines,
      ...(to < rows.length ? [room(rows.length - to)] : []),
    );
    if (held) {
      focus();
    }
  }
  function focus() {
    const button = body.querySelector(`button[data-at="${active}"]`);
    if (button) {
      button.focus({ preventScroll: true });
    }
  }
  body.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -rows.length, End: rows.length }[
      event.key
    ];
    if (!step) {
      return;
    }
    event.preventDefault();
    active = Math.max(0, Math.min(rows.length - 1, active + step));
    const top = active * height;
    if (top < scroller.scrollTop) {
      scroller.scrollTop = top;
    }
    if (top + 2 * height > scroller.scrollTop + scroller.clientHeight) {
      scroller.scrollTop = top + 2 * height - scroller.clientHeight;
    }
    drawn = [-1, -1];
    draw();
    focus();
  });
  scroller.addEventListener("scroll", draw);
  of.addEventListener("change", () => {
    open(layers.find((one) => one.id === of.value));
    page.noted();
  });
  function unfold(wanted) {
    fold.setAttribute("aria-expanded", String(wanted));
    scroller.hidden = !wanted;
    document.body.classList.toggle("drawn", wanted);
    drawn = [-1, -1];
    draw();
  }
  fold.addEventListener("click", () => unfold(fold.getAttribute("aria-expanded") !== "true"));
  function mark() {
    drawn = [-1, -1];
    draw();
  }
  return { open, refresh, unfold, mark, layer: () => layer, tabled };
}
