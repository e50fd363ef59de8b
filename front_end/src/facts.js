/* The facts of a layer: columns to read, to sort and to search, and where each feature is. */
export function factsOf(table) {
  const between = "\u001f";
  const places = 100000;
  const size = table.zoom.length;
  let x = 0;
  let y = 0;
  const lon = new Float64Array(size);
  const lat = new Float64Array(size);
  for (let row = 0; row < size; row += 1) {
    x += table.at[2 * row];
    y += table.at[2 * row + 1];
    lon[row] = x / places;
    lat[row] = y / places;
  }
  const zoom = Uint8Array.from(table.zoom);
  const category = Uint16Array.from(table.category);

  function listed(one) {
    const numbers = Int32Array.from(one.numbers);
    return { list: one.list, numbers, get: (row) => (numbers[row] < 0 ? null : one.list[numbers[row]]) };
  }
  function written(one) {
    const starts = new Uint32Array(size + 1);
    let from = 0;
    for (let row = 0; row < size; row += 1) {
      starts[row] = from;
      const end = one.text.indexOf(between, from);
      from = (end < 0 ? one.text.length : end) + 1;
    }
    starts[size] = from;
    return { text: one.text, starts, get: (row) => one.text.slice(starts[row], starts[row + 1] - 1) || null };
  }
  const columns = table.columns.map((one) => {
    if (one.numbers && !one.list) {
      const digits = one.digits;
      const values = one.numbers;
      const said = new Intl.NumberFormat("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
      return {
        title: one.title,
        number: true,
        value: (row) => values[row],
        get: (row) => (values[row] === null ? null : said.format(values[row])),
      };
    }
    const held = one.list ? listed(one) : written(one);
    return { title: one.title, number: false, value: held.get, ...held };
  });

  /* The rows whose texts hold some words; a list is searched once for each of its texts, a long text in one go. */
  function holding(words) {
    const wanted = words.toLowerCase();
    const hit = new Uint8Array(size);
    columns.forEach((one) => {
      if (one.list) {
        const good = one.list.map((text) => text.toLowerCase().includes(wanted));
        if (good.includes(true)) {
          for (let row = 0; row < size; row += 1) {
            if (one.numbers[row] >= 0 && good[one.numbers[row]]) {
              hit[row] = 1;
            }
          }
        }
      } else if (one.text !== undefined) {
        const text = one.text.toLowerCase();
        // A text whose length changes with its case cannot be told by places; such ones are rare and read row by row.
        if (text.length !== one.text.length) {
          for (let row = 0; row < size; row += 1) {
            if ((one.get(row) || "").toLowerCase().includes(wanted)) {
              hit[row] = 1;
            }
          }
          return;
        }
        let row = 0;
        for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at)) {
          while (one.starts[row + 1] <= at) {
            row += 1;
          }
          if (at + wanted.length < one.starts[row + 1]) {
            hit[row] = 1;
          }
          at = one.starts[row + 1];
        }
      } else if (/^[\d.,-]+$/.test(wanted)) {
        for (let row = 0; row < size; row += 1) {
          if ((one.get(row) || "").replaceAll(",", "").startsWith(wanted.replaceAll(",", ""))) {
            hit[row] = 1;
          }
        }
      }
    });
    return hit;
  }
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  function sorted(rows, value, down) {
    const turn = down ? -1 : 1;
    const keyed = rows.map((row) => [value(row), row]);
    keyed.sort(([one, a], [other, b]) => {
      if (one === other) {
        return a - b;
      }
      if (one === null || one === undefined) {
        return 1;
      } // what is not known comes last, either way
      if (other === null || other === undefined) {
        return -1;
      }
      const order = typeof one === "number" ? one - other : collator.compare(one, other);
      return turn * order || a - b;
    });
    return keyed.map((one) => one[1]);
  }
  return {
    size,
    columns,
    category,
    lon,
    lat,
    zoom,
    holding,
    sorted,
    flown: (row) => zoom[row] / 4,
    rule: table.rule ? listed(table.rule) : null,
    town: table.town ? listed(table.town) : null,
    owner: table.owner ? Int32Array.from(table.owner) : null,
    opinions: table.opinions || null,
    name: (row) => (columns.length ? columns[0].get(row) : null),
  };
}
