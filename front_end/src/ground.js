/* What lies below: nothing, a service of the network, or tiles that somebody has on this computer. */
import { archiveOf } from "./archive.js";
import { byId, counted, option } from "./dom.js";

/** @import { Background, MapLibre, Page } from "./types" */

/** What MapLibre is told of a background. @typedef {{ attribution?: string, least?: number, deepest?: number }} Facts */

const TOKEN = /^[0-9a-zA-Z]{8,64}$/;
const OWN = "ground|";
const DEEPEST = 18;
/** A picture of one clear pixel, for tiles that are not there. */
const NOTHING = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** @param {Page} page */
export function groundOf(page) {
  const { words, data } = page;
  const select = byId("base", HTMLSelectElement);
  const note = byId("base-note", HTMLElement);
  const token = byId("token", HTMLInputElement);
  const files = byId("base-files", HTMLInputElement);
  const turned = byId("tms", HTMLInputElement);
  const opacity = byId("base-opacity", HTMLInputElement);
  const picked = pickedTiles();
  /** What is laid, for maps that come later. @type {[urls: string[][], facts: Facts]} */
  let last = [[], {}];
  // A token comes from whoever opens the page, and is never kept: not in the file, not in the browser.
  token.value = document.querySelector('meta[name="tianditu"]')?.getAttribute("content") ?? "";

  /** @param {string} text */
  function say(text, warning = false) {
    note.textContent = text;
    note.classList.toggle("warning", warning);
  }

  /**
   * @param {string[][]} urls
   * @param {Facts} facts
   */
  function lay(urls, facts = {}) {
    last = [urls, facts];
    page.shares().forEach(({ map }) => layOn(map, urls, facts, opacity.valueAsNumber / 100));
    byId("base-strength", HTMLElement).hidden = !urls.length;
  }

  function chosen() {
    return data.grounds.find(({ id }) => id === select.value);
  }

  function choose() {
    const ground = chosen();
    const folder = ground?.pick === "folder";
    byId("base-ask", HTMLElement).hidden = !ground?.token;
    byId("base-file", HTMLElement).hidden = !ground?.pick;
    byId("base-turned", HTMLElement).hidden = !folder;
    files.webkitdirectory = folder;
    files.accept = ground?.pick === "archive" ? ".pmtiles" : "";
    say(ground?.note ?? "", ground?.warning);
    if (!ground || ground.pick) {
      lay([]);
    } else if (ground.token && !TOKEN.test(token.value.trim())) {
      lay([]);
      say(words.token_wanted);
    } else {
      lay(addresses(ground, token.value.trim()), ground);
    }
  }

  async function pick() {
    const kind = chosen()?.pick;
    if (!files.files?.length) {
      return;
    }
    if (kind === "archive") {
      await pickArchive(files.files[0]);
    } else if (kind === "folder") {
      pickFolder(Array.from(files.files));
    }
  }

  /** @param {File} file */
  async function pickArchive(file) {
    let archive;
    try {
      archive = await archiveOf(file);
    } catch {
      say(words.no_pmtiles, true);
      return;
    }
    if (!archive.raster) {
      say(words.no_raster, true);
      return;
    }
    lay(picked.fromArchive(archive), archive);
    say(words.offset);
  }

  /** @param {File[]} list */
  function pickFolder(list) {
    const tiles = tilesOf(list, turned.checked);
    if (!tiles.size) {
      say(words.no_tiles, true);
      return;
    }
    const zooms = Array.from(tiles.keys(), (place) => Number(place.split("/")[0]));
    lay(picked.fromFolder(tiles), { least: Math.min(...new Set(zooms)), deepest: Math.max(...new Set(zooms)) });
    say(`${words.tiles_found.replace("{count}", counted(tiles.size))} ${words.offset}`);
  }

  function fade() {
    for (const { map } of page.shares()) {
      ownLayers(map).forEach((id) => map.setPaintProperty(id, "raster-opacity", opacity.valueAsNumber / 100));
    }
  }

  function failed() {
    const ground = chosen();
    if (ground && !ground.pick) {
      say([ground.warning ? ground.note : "", words.unreachable].filter(Boolean).join(" "), true);
    }
  }

  select.append(option("", words.blank), ...data.grounds.map(({ id, title }) => option(id, title)));
  select.addEventListener("change", choose);
  token.addEventListener("change", choose);
  opacity.addEventListener("input", fade);
  files.addEventListener("change", pick);
  turned.addEventListener("change", pick);
  return { laid: () => lay(...last), failed };
}

/**
 * @param {Background} ground
 * @param {string} token
 */
function addresses({ urls }, token) {
  return urls.map((tiles) => tiles.map((url) => url.replace("{token}", encodeURIComponent(token))));
}

/**
 * @param {MapLibre} map
 * @returns {string[]}
 */
function ownLayers(map) {
  /** @type {{ id: string }[]} */
  const layers = map.getStyle().layers;
  return layers.map(({ id }) => id).filter((id) => id.startsWith(OWN));
}

/**
 * Lay rasters below all else, instead of those that lay there.
 * @param {MapLibre} map
 * @param {string[][]} urls
 * @param {Facts} facts
 * @param {number} opacity
 */
function layOn(map, urls, { attribution = "", least = 0, deepest = DEEPEST }, opacity) {
  for (const id of ownLayers(map)) {
    map.removeLayer(id);
    map.removeSource(id);
  }
  /** @type {{ id: string }[]} */
  const layers = map.getStyle().layers;
  const lowest = layers.find(({ id }) => id !== "paper")?.id;
  urls.forEach((tiles, at) => {
    const id = `${OWN}${at}`;
    map.addSource(id, { type: "raster", tiles, tileSize: 256, attribution, minzoom: least, maxzoom: deepest });
    const paint = { "raster-opacity": opacity, "raster-fade-duration": 0 };
    map.addLayer({ id, type: "raster", source: id, paint }, lowest);
  });
}

/** Serve the tiles that somebody picked to MapLibre; every choice has addresses of its own, so that none is mistaken. */
function pickedTiles() {
  /** @type {Map<string, File>} */
  let folder = new Map();
  /** @type {Awaited<ReturnType<typeof archiveOf>> | null} */
  let archive = null;
  const nothing = Uint8Array.from(atob(NOTHING), (letter) => letter.charCodeAt(0)).buffer;
  maplibregl.addProtocol("folder", async (/** @type {{ url: string }} */ { url }) => {
    const file = folder.get(placeOf(url));
    return { data: file ? await file.arrayBuffer() : nothing.slice(0) };
  });
  maplibregl.addProtocol("archive", async (/** @type {{ url: string }} */ { url }) => {
    const [zoom, column, row] = placeOf(url).split("/").map(Number);
    return { data: (await archive?.tile(zoom, column, row)) ?? nothing.slice(0) };
  });
  return {
    /** @param {Map<string, File>} tiles */
    fromFolder: (tiles) => {
      folder = tiles;
      return [[`folder://${Date.now()}/{z}/{x}/{y}`]];
    },
    /** @param {Awaited<ReturnType<typeof archiveOf>>} opened */
    fromArchive: (opened) => {
      archive = opened;
      return [[`archive://${Date.now()}/{z}/{x}/{y}`]];
    },
  };
}

/** @param {string} url */
function placeOf(url) {
  return url.replace(/^\w+:\/\/\d+\//, "");
}

/**
 * Return the tiles of a folder by zoom, column and row; `turned` counts rows from the south.
 * @param {File[]} files
 * @param {boolean} turned
 */
function tilesOf(files, turned) {
  /** @type {Map<string, File>} */
  const tiles = new Map();
  for (const file of files) {
    const found = /(\d+)\/(\d+)\/(\d+)\.(png|jpe?g|webp)$/i.exec(file.webkitRelativePath);
    if (found) {
      const [zoom, column, row] = found.slice(1, 4).map(Number);
      tiles.set(`${zoom}/${column}/${turned ? 2 ** zoom - 1 - row : row}`, file);
    }
  }
  return tiles;
}
