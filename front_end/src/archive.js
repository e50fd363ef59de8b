/* Tiles out of a PMTiles file that somebody picked; it is read piece by piece, never as a whole. */
import { Compression, FileSource, PMTiles, TileType } from "pmtiles";

const VERSION = 3;
const INNER = [Compression.None, Compression.Gzip];
const OUTER = [Compression.Unknown, Compression.None, Compression.Gzip];

/**
 * Open an archive; what it is not, or what the page could not unpack, is refused at once rather than tile by tile.
 * @param {File} file
 */
export async function archiveOf(file) {
  const archive = new PMTiles(new FileSource(file));
  const head = await archive.getHeader();
  if (head.specVersion !== VERSION) {
    throw new Error("format");
  }
  if (!INNER.includes(head.internalCompression) || !OUTER.includes(head.tileCompression)) {
    throw new Error("compression");
  }
  return {
    raster: head.tileType !== TileType.Mvt && head.tileType !== TileType.Mlt,
    least: head.minZoom,
    deepest: head.maxZoom,
    /** @type {(z: number, x: number, y: number) => Promise<ArrayBuffer | undefined>} */
    tile: async (z, x, y) => (await archive.getZxy(z, x, y))?.data,
  };
}
