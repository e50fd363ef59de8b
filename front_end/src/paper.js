/* Paper: the map is drawn as large and as sharp as it is printed, waited for until nothing is missing, and printed as a
   picture with its scale. Who prints from the browser's own menu gets what the screen shows: that cannot be waited for. */
import { byId } from "./dom.js";

/** @import { MapLibre, Page } from "./types" */

const SHARP = 3;
const PATIENCE_MS = 20000;
/** What the sheet leaves for the picture. */
const WIDEST_MM = 190;
const HIGHEST_MM = 176;
const PIXELS_OF_MM = 96 / 25.4;

/** @param {Page} page */
export function paperOf(page) {
  const { map, words, data } = page;
  const stage = byId("stage", HTMLElement);
  const printed = byId("printed", HTMLImageElement);
  const told = byId("told", HTMLElement);
  let printing = false;

  function take() {
    map.redraw();
    const canvas = map.getCanvas();
    const width = canvas.width / map.getPixelRatio();
    const ratio = canvas.width / canvas.height;
    printed.src = canvas.toDataURL();
    printed.alt = data.alt;
    stage.style.setProperty("--ratio", String(ratio));
    // The scale bar shrinks and grows with the picture.
    const shrink = (Math.min(WIDEST_MM, HIGHEST_MM * ratio) * PIXELS_OF_MM) / width;
    stage.style.setProperty("--shrink", String(shrink));
    byId("paper", HTMLElement).textContent = `${data.printed} · ${new Date().toLocaleDateString("sv")}`;
    page.layers.filter((layer) => layer.on).forEach(page.tree.reveal);
  }

  async function print() {
    if (printing) {
      return;
    }
    printing = true;
    told.textContent = words.printing;
    await enlarged(map, "paper", Math.max(SHARP, map.getPixelRatio()), async () => {
      take();
      await printed.decode().catch(console.warn);
      told.textContent = "";
      window.print();
    });
    printing = false;
  }

  function takeUnlessPrinting() {
    if (!printing) {
      take();
    }
  }

  window.addEventListener("beforeprint", takeUnlessPrinting);
  window.matchMedia("print").addEventListener("change", ({ matches }) => {
    if (matches) {
      takeUnlessPrinting();
    }
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "p") {
      event.preventDefault();
      print();
    }
  });
  return { print };
}

/**
 * Draw the map as large as a class of the page makes it, do something with it, and make it as it was.
 * @param {MapLibre} map
 * @param {string} size the class
 * @param {number} ratio how sharp
 * @param {() => void | Promise<void>} work
 */
export async function enlarged(map, size, ratio, work) {
  const before = map.getPixelRatio();
  const bounds = map.getBounds();
  document.body.classList.add(size);
  try {
    resize(map, ratio, bounds);
    await drawn(map);
    await work();
  } finally {
    document.body.classList.remove(size);
    resize(map, before, bounds);
  }
}

/**
 * @param {MapLibre} map
 * @param {number} ratio
 * @param {unknown} bounds
 */
function resize(map, ratio, bounds) {
  map.setPixelRatio(ratio);
  map.resize();
  map.fitBounds(bounds, { animate: false });
}

/**
 * Wait until all of a map is drawn, but not for ever.
 * @param {MapLibre} map
 * @returns {Promise<void>}
 */
function drawn(map) {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, PATIENCE_MS);
    map.once("idle", () => {
      clearTimeout(late);
      resolve();
    });
    map.triggerRepaint();
  });
}
