/* The map as a picture to save: an A4 sheet of 300 dots to an inch with title, legend, scale, north arrow and sources. */
import { withDensity } from "./density.js";
import { byId } from "./dom.js";
import { drawMaps } from "./halves.js";
import { classesSeen } from "./key.js";
import { enlarged } from "./paper.js";
import { swatch } from "./swatch.js";

/** @import { Layer, Look, MapLibre, Page } from "./types" */

const DOTS = 300;
const MM_OF_INCH = 25.4;
/** Pixels of the screen to an inch of paper, as browsers count. */
const SCREEN_DOTS = 96;
/** In millimetres: the sheet, the map on it (as .sheet of main.css makes it), and the column of the legend. */
const SHEET = { width: 297, height: 210 };
const MAP = { left: 10, top: 27, width: 209, height: 164 };
const SIDE = { left: 224, top: 27, width: 63, height: 164 };
const INK = "#1c1a17";
const FAINT = "#66615a";
const VEIL = "#ffffffd8";
/** The height of a row of the legend in millimetres, and the least that is still read. */
const ROW = 5.6;
const LEAST_ROW = 3.4;
const EQUATOR_M = 40075016.686;
const TILE = 512;
const LONGEST_NAME = 60;
const LONGEST_LINE = 400;
const KEPT_MS = 60000;

/** A row of the legend: a class has its look, a layer of several classes heads them. */
/** @typedef {{ look: Look | null, words: string }} Row */
/** @typedef {{ x: number, y: number, size: number, room: number, colour?: string, bold?: boolean }} Place */

/** @param {Page} page */
export function sheetOf(page) {
  const { words } = page;
  const told = byId("told", HTMLElement);
  let saving = false;

  async function save() {
    if (saving) {
      return;
    }
    saving = true;
    told.textContent = words.saving;
    try {
      const canvas = document.createElement("canvas");
      await enlarged(page, "sheet", DOTS / SCREEN_DOTS, () => draw(canvas, page));
      download(await pngOf(canvas), `${nameOf(`${headsOf(page)[0]} ${page.view?.id ?? ""}`)}.png`);
    } finally {
      told.textContent = "";
      saving = false;
    }
  }
  return { save };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Page} page
 */
async function draw(canvas, page) {
  const { map, data } = page;
  canvas.width = Math.round((SHEET.width * DOTS) / MM_OF_INCH);
  canvas.height = Math.round((SHEET.height * DOTS) / MM_OF_INCH);
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.scale(canvas.width / SHEET.width, canvas.height / SHEET.height);
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, SHEET.width, SHEET.height);
  drawMaps(pen, page, MAP);
  pen.strokeStyle = INK;
  pen.lineWidth = 0.4;
  pen.strokeRect(MAP.left, MAP.top, MAP.width, MAP.height);
  const [title, below] = headsOf(page);
  const room = SHEET.width - 2 * MAP.left;
  const day = new Date().toLocaleDateString("sv");
  write(pen, title, { x: MAP.left, y: 16.5, size: 7, room, bold: true });
  write(pen, below, { x: MAP.left, y: 23.4, size: 4, room, colour: FAINT });
  write(pen, `${data.printed} · ${day}`, { x: MAP.left, y: 196.5, size: 3, room });
  write(pen, data.sources, { x: MAP.left, y: 201.5, size: 3, room, colour: FAINT });
  arrow(pen);
  bar(pen, metresOfMm(map.getZoom(), map.getCenter().lat));
  await legend(pen, rowsOf(page));
}

/**
 * Return the title of the sheet and the line below it: what the page is about, its view, and the figure of that.
 * @param {Page} page
 */
function headsOf({ view }) {
  const [county, paper, value] = ["#title h1", "#title .document", ".view:not([hidden]) .value"].map(
    (one) => document.querySelector(one)?.textContent?.trim() ?? "",
  );
  return [county, [...new Set([paper, view?.title, value])].filter(Boolean).join(" · ")];
}

/**
 * Return what the legend says: the layers that are on the map, with those of their classes that are not hidden; of two
 * maps in one place, which layers are on which side.
 * @param {Page} page
 * @returns {Row[]}
 */
export function rowsOf({ layers, map, swipe }) {
  const sides = swipe?.sides();
  /** @param {Layer[]} some @param {MapLibre} on */
  const rows = (some, on) => some.filter(({ id }) => on.getSource(id)).flatMap(rowsOfLayer);
  if (!sides) {
    return rows(layers, map);
  }
  const maps = [map, swipe?.second()?.map];
  return sides.flatMap(({ title, layers: own }, at) => [{ look: null, words: title }, ...rows(own, maps[at])]);
}

/**
 * @param {Layer} layer
 * @returns {Row[]}
 */
function rowsOfLayer(layer) {
  const { title } = layer;
  const seen = classesSeen(layer);
  if (seen.length === 1) {
    const [{ look, title: own }] = seen;
    return [{ look, words: own === title || !own ? title : `${title}: ${own}` }];
  }
  const classes = seen.map(({ look, title: own }) => ({ look, words: own }));
  return classes.length ? [{ look: null, words: title }, ...classes] : [];
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Row[]} rows
 */
async function legend(pen, rows) {
  const high = Math.max(LEAST_ROW, Math.min(ROW, SIDE.height / Math.max(1, rows.length)));
  const most = Math.floor(SIDE.height / high);
  const shown = rows.length > most ? [...rows.slice(0, most - 1), { look: null, words: "…" }] : rows;
  const signs = await Promise.all(shown.map(({ look }) => look && imageOf(look)));
  for (const [at, { words }] of shown.entries()) {
    const y = SIDE.top + (at + 0.7) * high;
    const sign = signs[at];
    const indent = sign ? 1.2 * high + 1.6 : 0;
    if (sign) {
      pen.drawImage(sign, SIDE.left, y - 0.58 * high, 1.2 * high, 0.72 * high);
    }
    write(pen, words, { x: SIDE.left + indent, y, size: 0.58 * high, room: SIDE.width - indent, bold: !sign });
  }
}

/**
 * @param {Look} look
 * @returns {Promise<HTMLImageElement>}
 */
async function imageOf(look) {
  const drawn = swatch(look);
  // As large as it is drawn on the sheet, so that it is as sharp.
  drawn.setAttribute("width", "120");
  drawn.setAttribute("height", "72");
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(drawn))}`;
  await image.decode();
  return image;
}

/** @param {CanvasRenderingContext2D} pen */
function arrow(pen) {
  const x = MAP.left + MAP.width - 9;
  const y = MAP.top + 5;
  pen.fillStyle = VEIL;
  pen.fillRect(x - 5, y - 2, 10, 18);
  pen.fillStyle = INK;
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(x + 3, y + 9.5);
  pen.lineTo(x, y + 7.6);
  pen.lineTo(x - 3, y + 9.5);
  pen.fill();
  write(pen, "N", { x: x - 1.4, y: y + 14, size: 4, room: 9, bold: true });
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} metres on the ground to a millimetre of paper
 */
function bar(pen, metres) {
  const length = roundLength((MAP.width / 4) * metres);
  const wide = length / metres;
  const x = MAP.left + 5;
  const y = MAP.top + MAP.height - 5;
  const words = length >= 1000 ? `${length / 1000} km` : `${length} m`;
  const scale = Number((metres * 1000).toPrecision(2)).toLocaleString("en");
  pen.fillStyle = VEIL;
  pen.fillRect(x - 2, y - 8.5, Math.max(wide, 36) + 4, 10.5);
  pen.fillStyle = INK;
  pen.lineWidth = 0.25;
  pen.fillRect(x, y - 1.6, wide / 2, 1.6);
  pen.strokeRect(x, y - 1.6, wide, 1.6);
  write(pen, `${words}   ≈ 1:${scale}`, { x, y: y - 3.4, size: 3.2, room: 60 });
}

/**
 * Return how many metres of the ground are a millimetre of paper in the middle of a map.
 * @param {number} zoom
 * @param {number} latitude
 */
export function metresOfMm(zoom, latitude) {
  const pixel = (EQUATOR_M * Math.cos((latitude * Math.PI) / 180)) / (TILE * 2 ** zoom);
  return (pixel * SCREEN_DOTS) / MM_OF_INCH;
}

/**
 * Return the longest round length that fits.
 * @param {number} longest in metres
 */
export function roundLength(longest) {
  const power = 10 ** Math.floor(Math.log10(longest));
  return Math.max(...[1, 2, 5].map((one) => one * power).filter((one) => one <= longest));
}

/**
 * Write a line, cut where there is no room for more.
 * @param {CanvasRenderingContext2D} pen
 * @param {string} words
 * @param {Place} place
 */
function write(pen, words, { x, y, size, room, colour = INK, bold = false }) {
  pen.font = `${bold ? 700 : 400} ${size}px ${getComputedStyle(document.body).fontFamily}`;
  pen.fillStyle = colour;
  let signs = [...words.replace(/\s+/g, " ")].slice(0, LONGEST_LINE);
  while (signs.length > 1 && pen.measureText(signs.join("")).width > room) {
    signs = [...signs.slice(0, signs.at(-1) === "…" ? -2 : -1), "…"];
  }
  pen.fillText(signs.join(""), x, y);
}

/** @param {HTMLCanvasElement} canvas */
async function pngOf(canvas) {
  /** @type {Blob | null} */
  const plain = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!plain) {
    throw new Error("the browser made no picture of the sheet");
  }
  return new Blob([withDensity(new Uint8Array(await plain.arrayBuffer()), DOTS)], { type: "image/png" });
}

/**
 * Return words as the name of a file on any system.
 * @param {string} words
 */
export function nameOf(words) {
  const plain = words.replace(/[\\/:*?"<>|\p{Cc}\p{Cf}]+/gu, "_");
  return (
    [...plain]
      .slice(0, LONGEST_NAME)
      .join("")
      .replace(/^[.\s]+|[.\s]+$/g, "") || "map"
  );
}

/**
 * @param {Blob} blob
 * @param {string} name
 */
function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}
