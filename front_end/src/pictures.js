/* Pictures that fill land: each class in its own colour, hatched here, since stripes would make them twice as heavy. */

/** @import { Category } from "./types" */

/** So wide a stripe, so far apart, in pixels. */
const STRIPE = 3;
const APART = 9;

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {Category[]} categories
 */
export async function pictured(bytes, categories) {
  const image = await createImageBitmap(new Blob([bytes]));
  const { width, height } = image;
  const pen = new OffscreenCanvas(width, height).getContext("2d");
  const hatched = categories.filter(({ look }) => look.hatch && look.fill);
  if (!hatched.length || pen === null) {
    return image;
  }
  pen.drawImage(image, 0, 0);
  const drawn = pen.getImageData(0, 0, width, height);
  const pixels = new Uint32Array(drawn.data.buffer);
  for (const { look } of hatched) {
    hatch(pixels, width, pixelOf(look.fill ?? ""), pixelOf(look.stripe ?? "#ffffff"));
  }
  return createImageBitmap(drawn);
}

/**
 * Turn pixels of a colour on slanted stripes into those of another.
 * @param {Uint32Array} pixels
 * @param {number} width
 * @param {number} from
 * @param {number} to
 */
export function hatch(pixels, width, from, to) {
  for (let at = 0; at < pixels.length; at += 1) {
    if (pixels[at] === from && ((at % width) + Math.floor(at / width)) % APART < STRIPE) {
      pixels[at] = to;
    }
  }
}

/**
 * Return a colour as the number that a pixel of it is: all processors that browsers run on read the least byte first.
 * @param {string} colour as #rrggbb
 */
export function pixelOf(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
