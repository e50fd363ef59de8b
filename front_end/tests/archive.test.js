/* A PMTiles file as its specification lays it out: one image for all tiles of zoom 0 to 3. */
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { archiveOf } from "../src/archive.js";

const IMAGE = Buffer.from("an image");

function archive({ version = 3, inner = 2, outer = 1, type = 2 } = {}) {
  // One entry: the first number, how often it repeats (1 + 4 + 16 + 64), its length, its offset and one.
  const directory = gzipSync(Buffer.from([1, 0, 85, IMAGE.length, 1]));
  const metadata = gzipSync("{}");
  const head = Buffer.alloc(127);
  head.write("PMTiles");
  head.writeUInt8(version, 7);
  const at = 127 + directory.length;
  [127, directory.length, at, metadata.length, 0, 0, at + metadata.length, IMAGE.length, 85, 1, 1].forEach((one, n) => {
    head.writeBigUInt64LE(BigInt(one), 8 + 8 * n);
  });
  Buffer.from([1, inner, outer, type, 0, 3]).copy(head, 96);
  return Object.assign(new Blob([head, directory, metadata, IMAGE]), { name: "tiles.pmtiles" });
}

test("tiles come out of the file, and none from where there are none", async () => {
  const { raster, least, deepest, tile } = await archiveOf(archive());
  expect([raster, least, deepest]).toEqual([true, 0, 3]);
  expect(Buffer.from(await tile(3, 7, 7)).toString()).toBe("an image");
  expect(await tile(4, 0, 0)).toBeUndefined();
});

test("vector tiles are no background", async () => {
  expect((await archiveOf(archive({ type: 1 }))).raster).toBe(false);
});

test.each([{ version: 2 }, { inner: 3 }, { outer: 4 }])("what the page cannot unpack is refused: %o", async (fault) => {
  await expect(archiveOf(archive(fault))).rejects.toThrow();
});

test("another file is refused", async () => {
  const file = Object.assign(new Blob(["nothing of the kind".repeat(20)]), { name: "a" });
  await expect(archiveOf(file)).rejects.toThrow();
});
