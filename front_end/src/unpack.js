/* What the page holds, unpacked when it is needed: JSON and tiles, compressed and written as text. */

/** A multiple of four, so that each part of a base64 text can be read by itself. */
const PART = 4 * 65536;

/**
 * Return the bytes that a base64 text stands for.
 * @param {string} text
 */
export function decoded(text) {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const made = new Uint8Array((text.length / 4) * 3 - padding);
  for (let from = 0, to = 0; from < text.length; from += PART) {
    const part = atob(text.slice(from, from + PART));
    for (let at = 0; at < part.length; at += 1) {
      made[to + at] = part.charCodeAt(at);
    }
    to += part.length;
  }
  return made;
}

/**
 * What several layers look at, by the element that held it.
 * @type {Map<string, Uint8Array<ArrayBuffer>>}
 */
const shared = new Map();

/**
 * Return what an element of the page holds, and take the text out of the page: it is not needed twice.
 * @param {string} id
 */
export function bytesOf(id) {
  const known = shared.get(id);
  if (known) {
    return known;
  }
  const node = document.getElementById(id);
  if (node === null) {
    throw new Error(`the page holds no ${id}`);
  }
  node.remove();
  const bytes = decoded((node.textContent ?? "").trim());
  if (node.dataset.shared) {
    shared.set(id, bytes);
  }
  return bytes;
}

/** @param {Uint8Array<ArrayBuffer>} packed */
function inflating(packed) {
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")));
}

/**
 * @param {Uint8Array<ArrayBuffer>} packed
 * @returns {Promise<ArrayBuffer>}
 */
export async function inflated(packed) {
  return inflating(packed).arrayBuffer();
}

/**
 * @param {string} id
 * @returns {Promise<any>}
 */
export async function jsonOf(id) {
  return inflating(bytesOf(id)).json();
}
