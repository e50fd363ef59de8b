/* How large a picture is on paper, written into its PNG, which a canvas leaves open. */

/** Where the first part of every PNG ends: after its signature, its length, name, 13 bytes and checksum. */
const AFTER_HEAD = 33;
const METRE_OF_INCH = 0.0254;

/**
 * Return a PNG that says how many of its pixels lie on an inch.
 * @param {Uint8Array<ArrayBuffer>} png
 * @param {number} dots
 */
export function withDensity(png, dots) {
  const part = new Uint8Array(21);
  const view = new DataView(part.buffer);
  view.setUint32(0, 9);
  part.set(new TextEncoder().encode("pHYs"), 4);
  view.setUint32(8, Math.round(dots / METRE_OF_INCH));
  view.setUint32(12, Math.round(dots / METRE_OF_INCH));
  part[16] = 1;
  view.setUint32(17, checksum(part.subarray(4, 17)));
  const whole = new Uint8Array(png.length + part.length);
  whole.set(png.subarray(0, AFTER_HEAD));
  whole.set(part, AFTER_HEAD);
  whole.set(png.subarray(AFTER_HEAD), AFTER_HEAD + part.length);
  return whole;
}

/**
 * Return the CRC-32 of some bytes.
 * @param {Uint8Array} bytes
 */
export function checksum(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) {
      sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
    }
  }
  return (sum ^ 0xffffffff) >>> 0;
}
