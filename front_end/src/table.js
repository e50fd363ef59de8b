/* The table is the map for those who do not see it: every feature of a layer, sorted and flown to by keyboard. */
import { button, byId, counted, element, option } from "./dom.js";

/** @import { Column, Layer, Page } from "./types" */

/** Pixels of a row, and how many rows are kept above and below those in sight. */
const HEIGHT = 30;
const SPARE = 12;
const LONGEST_HINT = 300;
const PAGE = 8;
/** Pixels of columns: of names, of numbers, of the rest. */
const WIDTHS = { name: 210, number: 138, text: 170 };

/** @param {Page} page */
export function tableOf(page) {
  const { words } = page;
  const head = byId("twin-head", HTMLTableSectionElement);
  const body = byId("twin-body", HTMLTableSectionElement);
  const grid = byId("twin", HTMLTableElement);
  const scroller = byId("scroller", HTMLElement);
  const choice = byId("of", HTMLSelectElement);
  const told = byId("rows", HTMLElement);
  const fold = byId("fold", HTMLButtonElement);
  const tabled = page.layers.filter((one) => one.tabled && one.facts.size);
  /** @type {Layer | null} */
  let layer = null;
  /** @type {Column[]} */
  let columns = [];
  /** @type {number[]} */
  let rows = [];
  /** The column that rows are sorted by, and which way. @type {number | null} */
  let key = null;
  let down = false;
  /** Where in the table the keyboard is, and from where to where rows are drawn. */
  let active = 0;
  let drawn = [-1, -1];

  /** @param {Layer | undefined} wanted */
  function open(wanted) {
    if (!wanted) {
      return;
    }
    layer = wanted;
    choice.value = wanted.id;
    key = null;
    columns = columnsOf(wanted, words);
    const line = element("tr");
    line.append(...columns.map((column, at) => heading(column, at, () => sortBy(at, line))));
    head.replaceChildren(line);
    grid.style.width = `${columns.reduce((sum, column, at) => sum + widthOf(column, at), 0)}px`;
    refresh();
  }

  /**
   * @param {number} at
   * @param {HTMLTableRowElement} line
   */
  function sortBy(at, line) {
    down = key === at && !down;
    key = at;
    Array.from(line.children).forEach((cell, n) => {
      cell.setAttribute("aria-sort", n !== at ? "none" : down ? "descending" : "ascending");
    });
    refresh();
  }

  function refresh() {
    if (!layer) {
      return;
    }
    rows = rowsOf(layer, page);
    if (key !== null) {
      rows = layer.facts.sorted(rows, columns[key].value, down);
    }
    told.textContent = words.rows
      .replace("{count}", counted(rows.length))
      .replace("{total}", counted(layer.facts.size));
    grid.setAttribute("aria-rowcount", String(rows.length + 1));
    active = Math.min(active, Math.max(0, rows.length - 1));
    scroller.scrollTop = 0;
    redraw();
  }

  function redraw() {
    drawn = [-1, -1];
    draw();
  }

  /* Only the rows in sight stand in the page; above and below them is room for the others. */
  function draw() {
    if (!layer) {
      return;
    }
    const from = Math.max(0, Math.floor(scroller.scrollTop / HEIGHT) - SPARE);
    const to = Math.min(rows.length, from + Math.ceil(scroller.clientHeight / HEIGHT) + 2 * SPARE);
    if (from === drawn[0] && to === drawn[1]) {
      return;
    }
    drawn = [from, to];
    const lines = [];
    for (let at = from; at < to; at += 1) {
      lines.push(lineOf(layer, at));
    }
    const focused = body.contains(document.activeElement);
    body.replaceChildren(...room(from), ...lines, ...room(rows.length - to));
    if (focused) {
      focus();
    }
  }

  /** @param {number} size how many rows are left out */
  function room(size) {
    if (!size) {
      return [];
    }
    const line = element("tr", "room");
    const cell = element("td");
    cell.colSpan = columns.length;
    cell.style.height = `${size * HEIGHT}px`;
    line.setAttribute("aria-hidden", "true");
    line.append(cell);
    return [line];
  }

  /**
   * @param {Layer} owner
   * @param {number} at
   */
  function lineOf(owner, at) {
    const row = rows[at];
    const line = element("tr", owner.chosen === row ? "chosen" : "");
    line.setAttribute("aria-rowindex", String(at + 2));
    line.append(...columns.map((column, n) => (n === 0 ? nameCell(owner, at, column) : cellOf(column, row))));
    return line;
  }

  /**
   * The name of a feature is a button that flies there.
   * @param {Layer} owner
   * @param {number} at
   * @param {Column} column
   */
  function nameCell(owner, at, column) {
    const row = rows[at];
    const name = column.get(row);
    const cell = hinted(column, name);
    const link = button(name === null ? words.unnamed : name, () => {
      active = at;
      page.fly([owner, row]);
    });
    link.tabIndex = at === active ? 0 : -1;
    link.dataset.at = String(at);
    cell.append(link);
    return cell;
  }

  /**
   * @param {Column} column
   * @param {number} row
   */
  function cellOf(column, row) {
    const value = column.get(row);
    const cell = hinted(column, value);
    const outcome = column.outcome?.(row);
    if (outcome) {
      cell.append(page.verdict(outcome, value));
    } else {
      cell.textContent = value ?? "";
    }
    return cell;
  }

  function focus() {
    const link = body.querySelector(`button[data-at="${active}"]`);
    if (link instanceof HTMLButtonElement) {
      link.focus({ preventScroll: true });
    }
  }

  /** @param {KeyboardEvent} event */
  function moved(event) {
    const step = stepOf(event.key, rows.length);
    if (!step) {
      return;
    }
    event.preventDefault();
    active = Math.max(0, Math.min(rows.length - 1, active + step));
    const top = active * HEIGHT;
    if (top < scroller.scrollTop) {
      scroller.scrollTop = top;
    }
    // The heading covers the first row.
    if (top + 2 * HEIGHT > scroller.scrollTop + scroller.clientHeight) {
      scroller.scrollTop = top + 2 * HEIGHT - scroller.clientHeight;
    }
    redraw();
    focus();
  }

  /** @param {boolean} wanted */
  function unfold(wanted) {
    fold.setAttribute("aria-expanded", String(wanted));
    scroller.hidden = !wanted;
    document.body.classList.toggle("drawn", wanted);
    redraw();
  }

  choice.append(...tabled.map((one) => option(one.id, one.title)));
  choice.addEventListener("change", () => {
    open(tabled.find((one) => one.id === choice.value));
    page.noted();
  });
  body.addEventListener("keydown", moved);
  scroller.addEventListener("scroll", draw);
  fold.addEventListener("click", () => unfold(fold.getAttribute("aria-expanded") !== "true"));
  return { open, refresh, unfold, mark: redraw, layer: () => layer, tabled };
}

/**
 * Return the columns of a layer: its facts, the verdict or class behind the name, town and rule at the end.
 * @param {Layer} layer
 * @param {Record<string, string>} words
 * @returns {Column[]}
 */
function columnsOf(layer, words) {
  const { facts, categories } = layer;
  /** @type {Column[]} */
  const columns = [...facts.columns];
  if (categories.length > 1 || categories[0]?.outcome) {
    columns.splice(1, 0, {
      title: words.verdict_or_class,
      value: (row) => facts.category[row],
      get: (row) => categories[facts.category[row]].title,
      outcome: (row) => categories[facts.category[row]].outcome,
    });
  }
  if (facts.town) {
    columns.push({ title: words.town, value: facts.town.get, get: facts.town.get });
  }
  if (facts.rule) {
    columns.push({ title: words.rule, value: facts.rule.get, get: facts.rule.get });
  }
  return columns;
}

/**
 * Return the rows that are asked for by filters and by the search.
 * @param {Layer} layer
 * @param {Page} page
 */
function rowsOf(layer, page) {
  const hit = page.hits?.get(layer.id);
  const rows = [];
  for (let row = 0; row < layer.facts.size; row += 1) {
    if (page.seen(layer, row) && (!hit || hit[row])) {
      rows.push(row);
    }
  }
  return rows;
}

/**
 * @param {Column} column
 * @param {number} at
 * @param {() => void} sort
 */
function heading(column, at, sort) {
  const cell = element("th");
  const sorter = button(column.title, sort, column.number ? "number" : "");
  cell.scope = "col";
  cell.style.width = `${widthOf(column, at)}px`;
  cell.setAttribute("aria-sort", "none");
  sorter.title = column.title;
  cell.append(sorter);
  return cell;
}

/**
 * Make a cell that tells its whole text to whoever points at it.
 * @param {Column} column
 * @param {string | null} value
 */
function hinted(column, value) {
  const cell = element("td", column.number ? "number" : "");
  cell.title = (value ?? "").slice(0, LONGEST_HINT);
  return cell;
}

/**
 * @param {Column} column
 * @param {number} at
 */
function widthOf(column, at) {
  return column.number ? WIDTHS.number : at && !column.outcome ? WIDTHS.text : WIDTHS.name;
}

/**
 * Return how many rows a key leads away; 0 for keys that lead nowhere.
 * @param {string} key
 * @param {number} count
 */
function stepOf(key, count) {
  /** @type {Record<string, number>} */
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE, Home: -count, End: count };
  return steps[key] ?? 0;
}
