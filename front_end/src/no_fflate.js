/* Stands in for fflate, which the reader of PMTiles falls back on in browsers that cannot inflate by themselves: those are
   turned away before any archive is opened. */

/** @returns {Uint8Array} */
export function decompressSync() {
  throw new Error("this browser cannot inflate");
}
