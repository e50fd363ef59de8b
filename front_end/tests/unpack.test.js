import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { decoded, inflated } from "../src/unpack.js";

/** @param {number} size */
function bytes(size) {
  return Uint8Array.from({ length: size }, (_none, at) => (at * 7) % 256);
}

describe("base64", () => {
  // Texts are read in parts of 196,608 bytes: just under, at and just over the seam, with each padding.
  test.each([0, 1, 2, 3, 196606, 196607, 196608, 196609, 400000])("gives %i bytes back", (size) => {
    const text = Buffer.from(bytes(size)).toString("base64");
    expect(Buffer.compare(decoded(text), bytes(size))).toBe(0);
  });
});

test("what was compressed comes back", async () => {
  const packed = Uint8Array.from(gzipSync('{"name":"县"}'));
  expect(new TextDecoder().decode(await inflated(packed))).toBe('{"name":"县"}');
});

test("what was not compressed is refused", async () => {
  await expect(inflated(bytes(50))).rejects.toThrow();
});
