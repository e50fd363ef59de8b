/* Read one tile after the other out of a PMTiles file (version 3) that somebody picked; nothing is loaded whole. */
async function pmtiles(file, unpack) {
  "use strict";
  async function read(from, length) { return new Uint8Array(await file.slice(from, from + length).arrayBuffer()); }
  const head = new DataView((await read(0, 127)).buffer);
  const long = (at) => Number(head.getBigUint64(at, true));
  if (head.byteLength < 127 || head.getUint8(0) !== 0x50 || head.getUint8(1) !== 0x4d || head.getUint8(7) !== 3) { throw new Error("format"); }
  const inner = head.getUint8(97), outer = head.getUint8(98), type = head.getUint8(99);
  if (![1, 2].includes(inner) || ![0, 1, 2].includes(outer)) { throw new Error("compression"); }
  const plain = async (bytes, how) => (how === 2 ? new Uint8Array(await unpack.inflate(bytes)) : bytes);
  async function directory(from, length) {
    const bytes = await plain(await read(from, length), inner);
    let at = 0;
    function number() {
      let value = 0, scale = 1, byte = 0;
      do { byte = bytes[at]; at += 1; value += (byte & 127) * scale; scale *= 128; } while (byte & 128);
      return value;
    }
    const size = number(), entries = [];
    for (let n = 0, id = 0; n < size; n += 1) { id += number(); entries.push({ id }); }
    entries.forEach((one) => { one.run = number(); });
    entries.forEach((one) => { one.length = number(); });
    entries.forEach((one, n) => { const value = number(); one.offset = value ? value - 1 : entries[n - 1].offset + entries[n - 1].length; });
    return entries;
  }
  const root = await directory(long(8), long(16)), leaves = new Map();
  /* Tiles are numbered along a Hilbert curve, zoom by zoom. */
  function numbered(z, x, y) {
    let id = (4 ** z - 1) / 3, a = x, b = y;
    for (let side = 2 ** (z - 1); side >= 1; side /= 2) {
      const right = (a & side) > 0 ? 1 : 0, up = (b & side) > 0 ? 1 : 0;
      id += side * side * ((3 * right) ^ up);
      if (!up) {
        if (right) { a = side - 1 - (a & (side - 1)); b = side - 1 - (b & (side - 1)); }
        [a, b] = [b, a];
      }
    }
    return id;
  }
  function nearest(entries, id) {
    let low = 0, high = entries.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (entries[middle].id <= id) { low = middle; } else { high = middle - 1; }
    }
    const one = entries[low];
    return one && one.id <= id && (one.run === 0 || id < one.id + one.run) ? one : null;
  }
  async function tile(z, x, y) {
    const id = numbered(z, x, y);
    let entries = root;
    for (let depth = 0; depth < 4; depth += 1) {
      const one = nearest(entries, id);
      if (!one) { return null; }
      if (one.run) { return (await plain(await read(long(56) + one.offset, one.length), outer)).buffer; }
      if (!leaves.has(one.offset)) { leaves.set(one.offset, await directory(long(40) + one.offset, one.length)); }
      entries = leaves.get(one.offset);
    }
    return null;
  }
  return { tile, raster: type !== 1, least: head.getUint8(100), deepest: head.getUint8(101) };
}
