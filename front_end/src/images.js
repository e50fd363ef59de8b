/* Images of the map: hatches, numbers, and names, since there is no server for letters. */

/** @import { Layer, MapLibre, Page } from "./types" */

/** Both are drawn for screens of twice as many pixels. */
const SHARP = { pixelRatio: 2 };
const SIZE = 16;
const LONGEST_NAME = 24;
const BADGE = { size: 50, ring: 4 };
const LETTERS = { font: 26, height: 40, margin: 7, halo: 7 };
/** @type {Record<string, [number, number, number, number][]>} */
const HATCHES = {
  stripes: [
    [-8, 8, 8, -8],
    [-8, 24, 24, -8],
    [8, 24, 24, 8],
  ],
  counter: [
    [-8, 8, 8, 24],
    [-8, -8, 24, 24],
    [8, -8, 24, 8],
  ],
  level: [
    [0, 4, 16, 4],
    [0, 12, 16, 12],
  ],
  grid: [
    [0, 0, 16, 16],
    [0, 16, 16, 0],
  ],
};

/**
 * Draw images when a map first asks for them; their names say what they are.
 * @param {MapLibre} map
 * @param {Page} page
 */
export function drawImages(map, page) {
  map.on("styleimagemissing", (/** @type {{ id: string }} */ { id }) => {
    const [kind, layerId, number] = id.split("|");
    const layer = page.layers.find((one) => one.id === layerId);
    if (!layer || map.hasImage(id)) {
      return;
    }
    if (kind === "name") {
      map.addImage(id, nameOf(layer, Number(number), page), SHARP);
    }
    if (kind === "rank") {
      const { look } = layer.categories[layer.facts.category[Number(number)]];
      map.addImage(id, badge(layer.facts.ranks?.[Number(number)] ?? 0, look.stroke || "#9b2705"), SHARP);
    }
    if (kind === "hatch") {
      const { look } = layer.categories[Number(number)];
      map.addImage(id, hatched(look.hatch ?? "", look.stripe || "#ffffff"), SHARP);
    }
  });
}

/**
 * Outcomes are written as letters too, for those who do not see colours.
 * @param {Layer} layer
 * @param {number} row
 * @param {Page} page
 */
function nameOf(layer, row, page) {
  const category = layer.categories[layer.facts.category[row]];
  const name = layer.facts.name(row) ?? "";
  if (!category.outcome) {
    return written(name, category.look.stroke || "#2b2721");
  }
  const { code, colour } = page.data.outcomes[category.outcome];
  return written(`${code} ${name}`, colour);
}

/**
 * @param {string} kind
 * @param {string} colour
 */
function hatched(kind, colour) {
  const pen = penOf(SIZE, SIZE);
  pen.strokeStyle = colour;
  pen.lineWidth = kind === "grid" ? 2 : 5;
  pen.globalAlpha = 0.75;
  pen.beginPath();
  for (const [fromX, fromY, toX, toY] of HATCHES[kind] ?? HATCHES.stripes) {
    pen.moveTo(fromX, fromY);
    pen.lineTo(toX, toY);
  }
  pen.stroke();
  return pen.getImageData(0, 0, SIZE, SIZE);
}

/**
 * @param {string} text
 * @param {string} colour
 */
function written(text, colour) {
  const words = text.length > LONGEST_NAME ? `${text.slice(0, LONGEST_NAME - 1)}…` : text;
  const font = `600 ${LETTERS.font}px ${getComputedStyle(document.documentElement).getPropertyValue("--font")}`;
  const middle = LETTERS.height / 2 + 1;
  const probe = penOf(1, 1);
  probe.font = font;
  const width = Math.ceil(probe.measureText(words).width) + 2 * LETTERS.margin;
  const pen = penOf(width, LETTERS.height);
  Object.assign(pen, { font, textBaseline: "middle", lineJoin: "round", lineWidth: LETTERS.halo });
  pen.strokeStyle = "rgba(255,254,250,.92)";
  pen.strokeText(words, LETTERS.margin, middle);
  pen.fillStyle = colour;
  pen.fillText(words, LETTERS.margin, middle);
  return pen.getImageData(0, 0, width, LETTERS.height);
}

/**
 * @param {number} rank
 * @param {string} colour
 */
function badge(rank, colour) {
  const { size, ring } = BADGE;
  const pen = penOf(size, size);
  const middle = size / 2;
  pen.beginPath();
  pen.arc(middle, middle, middle - ring, 0, 2 * Math.PI);
  pen.fillStyle = "#ffffff";
  pen.fill();
  // A rim of paper, so that it is seen on land of its own colour.
  pen.strokeStyle = "#ffffff";
  pen.lineWidth = 2 * ring;
  pen.stroke();
  pen.strokeStyle = colour;
  pen.lineWidth = ring;
  pen.stroke();
  const font = `700 ${LETTERS.font - 3}px ${getComputedStyle(document.documentElement).getPropertyValue("--font")}`;
  Object.assign(pen, { font, fillStyle: colour, textAlign: "center", textBaseline: "middle" });
  pen.fillText(String(rank), middle, middle + 1);
  return pen.getImageData(0, 0, size, size);
}

/**
 * @param {number} width
 * @param {number} height
 */
function penOf(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (pen === null) {
    throw new Error("this browser cannot draw");
  }
  return pen;
}
