/* What the page holds, unpacked when it is needed: JSON and tiles, compressed and written as text. */
export function unpacking() {
  function bytes(id) {
    const node = document.getElementById(id);
    const text = node.textContent.trim();
    const step = 4 * 65536;
    const made = new Uint8Array((text.length / 4) * 3 - (text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0));
    for (let from = 0, to = 0; from < text.length; from += step) {
      const part = atob(text.slice(from, from + step));
      for (let at = 0; at < part.length; at += 1) {
        made[to + at] = part.charCodeAt(at);
      }
      to += part.length;
    }
    node.remove(); // the text is not needed twice
    return made;
  }
  function inflated(packed) {
    return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")));
  }
  return {
    supported: typeof DecompressionStream === "function",
    bytes,
    json: async (id) => (await inflated(bytes(id))).json(),
    inflate: async (packed) => (await inflated(packed)).arrayBuffer(),
  };
}
