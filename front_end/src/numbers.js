/* Whole numbers as varints.py writes them: seven bits to a byte, the lowest bit of the number is its sign. */

/**
 * Return what reads one number after the other, as varints.py wrote them.
 * @param {Uint8Array} bytes
 */
export function numbersIn(bytes) {
  let at = 0;
  return () => {
    let value = 0;
    let worth = 1;
    for (; bytes[at] > 127; at += 1) {
      value += (bytes[at] - 128) * worth;
      worth *= 128;
    }
    value += bytes[at] * worth;
    at += 1;
    return value % 2 ? -(value + 1) / 2 : value / 2;
  };
}
