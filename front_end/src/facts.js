/* The facts of a layer: columns to read, to sort and to search, and where each feature is. */

/** @import { Facts, ListedTexts, SearchedColumn, SharedTables, Table, Texts, Value, WrittenColumn } from "./types" */

/** What stands between the texts of a column, and how many steps of a place make a degree; both as in facts.py. */
const BETWEEN = "\u001f";
const PLACES = 100000;
/** Steps of a zoom. */
const QUARTERS = 4;

/**
 * Return the tables of all layers; what several of them hold stands once.
 * @param {SharedTables} written
 * @returns {Table[]}
 */
export function tablesOf({ tables, columns, lists }) {
  return tables.map((table) => ({
    ...table,
    columns: table.columns.map((at) => columns[at]),
    category: lists[table.category],
    at: lists[table.at],
    zoom: lists[table.zoom],
  }));
}

/**
 * @param {Table} table
 * @param {string} lang
 * @param {number | null} [form]
 * @returns {Facts}
 */
export function factsOf(table, lang, form = null) {
  const own = table.forms?.[form ?? -1];
  const { category } = own ?? table;
  const size = category.length;
  const told = own ? own.told.map((at) => table.columns[at]) : table.columns;
  const columns = told.map((written) => columnOf(written, size, lang));
  const collator = new Intl.Collator(lang, { numeric: true });
  return {
    size,
    columns,
    category: Int16Array.from(category),
    ...placesOf(table),
    holding: (words) => holding(columns, words.toLowerCase(), size),
    sorted: (rows, value, down) => sorted(rows, value, down, collator),
    flown: (row) => table.zoom[row] / QUARTERS,
    rule: table.rule ? listed(table.rule) : null,
    town: table.town ? listed(table.town) : null,
    ranks: table.ranks ?? null,
    owner: table.owner ? Int32Array.from(table.owner) : null,
    opinions: table.opinions ?? null,
    topics: table.topics ? askedIn(table.topics) : null,
    anchors: table.anchors ?? null,
    name: (row) => (columns.length ? columns[0].get(row) : null),
  };
}

/**
 * Return what says of some topics whether a row has all of them.
 * @param {{ list: string[], numbers: number[][] }} topics
 * @returns {Facts["topics"]}
 */
function askedIn({ list, numbers }) {
  return (keys) => {
    const wanted = keys.map((key) => list.indexOf(key));
    return (row) => wanted.every((one) => numbers[row].includes(one));
  };
}

/** @param {Table} table */
function placesOf(table) {
  const size = table.category.length;
  const lon = new Float64Array(size);
  const lat = new Float64Array(size);
  let x = 0;
  let y = 0;
  for (let row = 0; row < size; row += 1) {
    x += table.at[2 * row];
    y += table.at[2 * row + 1];
    lon[row] = x / PLACES;
    lat[row] = y / PLACES;
  }
  return { lon, lat };
}

/**
 * @param {WrittenColumn} written
 * @param {number} size
 * @param {string} lang
 * @returns {SearchedColumn}
 */
function columnOf(written, size, lang) {
  const column = filledColumn(written, size, lang);
  const { absent } = written;
  return absent ? { ...column, get: (row) => column.get(row) ?? absent } : column;
}

/**
 * @param {WrittenColumn} written
 * @param {number} size
 * @param {string} lang
 * @returns {SearchedColumn}
 */
function filledColumn(written, size, lang) {
  if ("digits" in written) {
    const numbers = "steps" in written ? summed(written.steps) : written.numbers;
    return numberColumn({ ...written, numbers });
  }
  if ("several" in written) {
    return severalColumn(written, lang.startsWith("zh") ? "、" : ", ");
  }
  const texts = "list" in written ? listed(written) : running(written.text, size);
  return { title: written.title, number: false, value: texts.get, ...texts };
}

/**
 * Return the numbers that are written as steps from the one before.
 * @param {(number | null)[]} steps
 */
function summed(steps) {
  let sum = 0;
  return steps.map((step) => {
    sum += step ?? 0;
    return step === null ? null : sum;
  });
}

/**
 * Numbers are found by how they begin; commas do not count.
 * @param {{ title: string, digits: number, numbers: (number | null)[] }} written
 * @returns {SearchedColumn}
 */
function numberColumn({ title, digits, numbers }) {
  const said = new Intl.NumberFormat("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  /** @param {number} row */
  const get = (row) => {
    const value = numbers[row];
    return value === null ? null : said.format(value);
  };
  return {
    title,
    number: true,
    value: (row) => numbers[row],
    get,
    mark: (wanted, hit) => {
      if (/^[\d.,-]+$/.test(wanted)) {
        const start = wanted.replaceAll(",", "");
        markRows(hit, (row) => (get(row) ?? "").replaceAll(",", "").startsWith(start));
      }
    },
  };
}

/**
 * Several texts to a row; rows are sorted by how many they have.
 * @param {{ title: string, list: string[], numbers: number[][] }} written
 * @param {string} comma
 * @returns {SearchedColumn}
 */
function severalColumn({ title, list, numbers }, comma) {
  return {
    title,
    number: false,
    value: (row) => numbers[row].length,
    get: (row) => numbers[row].map((one) => list[one]).join(comma) || null,
    mark: (wanted, hit) => {
      const good = list.map((text) => text.toLowerCase().includes(wanted));
      markRows(hit, (row) => numbers[row].some((one) => good[one]));
    },
  };
}

/**
 * Texts that repeat: each is looked at once, however many rows have it.
 * @param {ListedTexts} written
 */
function listed({ list, numbers: given }) {
  const numbers = Int32Array.from(given);
  return {
    /** @param {number} row */
    get: (row) => (numbers[row] < 0 ? null : list[numbers[row]]),
    /**
     * @param {string} wanted
     * @param {Uint8Array} hit
     */
    mark: (wanted, hit) => {
      const good = list.map((text) => text.toLowerCase().includes(wanted));
      if (good.includes(true)) {
        markRows(hit, (row) => numbers[row] >= 0 && good[numbers[row]]);
      }
    },
  };
}

/**
 * Texts that do not repeat stand in one long text, which is searched in one go.
 * @param {string} text
 * @param {number} size
 */
function running(text, size) {
  const starts = startsOf(text, size);
  /** @param {number} row */
  const get = (row) => text.slice(starts[row], starts[row + 1] - 1) || null;
  return {
    get,
    /**
     * @param {string} wanted
     * @param {Uint8Array} hit
     */
    mark: (wanted, hit) => {
      const small = text.toLowerCase();
      // A text whose length changes with its case cannot be told by places; such texts are rare and read row by row.
      if (small.length !== text.length) {
        markRows(hit, (row) => (get(row) ?? "").toLowerCase().includes(wanted));
        return;
      }
      let row = 0;
      for (let at = small.indexOf(wanted); at >= 0; at = small.indexOf(wanted, starts[row + 1])) {
        while (starts[row + 1] <= at) {
          row += 1;
        }
        if (at + wanted.length < starts[row + 1]) {
          hit[row] = 1;
        }
      }
    },
  };
}

/**
 * @param {string} text
 * @param {number} size
 */
function startsOf(text, size) {
  const starts = new Uint32Array(size + 1);
  let from = 0;
  for (let row = 0; row < size; row += 1) {
    starts[row] = from;
    const end = text.indexOf(BETWEEN, from);
    from = (end < 0 ? text.length : end) + 1;
  }
  starts[size] = from;
  return starts;
}

/**
 * @param {Uint8Array} hit
 * @param {(row: number) => boolean} holds
 */
function markRows(hit, holds) {
  for (let row = 0; row < hit.length; row += 1) {
    if (holds(row)) {
      hit[row] = 1;
    }
  }
}

/**
 * Mark the rows of which some column holds the words.
 * @param {SearchedColumn[]} columns
 * @param {string} wanted in small letters
 * @param {number} size
 */
function holding(columns, wanted, size) {
  const hit = new Uint8Array(size);
  for (const column of columns) {
    column.mark(wanted, hit);
  }
  return hit;
}

/**
 * Sort rows by a value; what is not known comes last, either way, and equal rows keep their order.
 * @param {number[]} rows
 * @param {(row: number) => Value} value
 * @param {boolean} down
 * @param {Intl.Collator} collator
 */
function sorted(rows, value, down, collator) {
  const turn = down ? -1 : 1;
  const keyed = rows.map((row) => ({ row, key: value(row) ?? null }));
  keyed.sort((one, other) => {
    if (one.key === other.key) {
      return one.row - other.row;
    }
    if (one.key === null || other.key === null) {
      return one.key === null ? 1 : -1;
    }
    return turn * compared(one.key, other.key, collator) || one.row - other.row;
  });
  return keyed.map(({ row }) => row);
}

/**
 * @param {string | number} one
 * @param {string | number} other
 * @param {Intl.Collator} collator
 */
function compared(one, other, collator) {
  if (typeof one === "number" && typeof other === "number") {
    return one - other;
  }
  return collator.compare(String(one), String(other));
}
