/* Paper: the map is drawn as large and as sharp as it is printed, waited for until nothing is missing, and printed as a
   picture with its scale. Who prints from the browser's own menu gets what the screen shows: that cannot be waited for. */
import { byId, element } from "./dom.js";
import { drawMaps } from "./halves.js";

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
    const { width: wide, height: high } = map.getCanvas();
    const canvas = Object.assign(element("canvas"), { width: wide, height: high });
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    drawMaps(pen, page, { left: 0, top: 0, width: wide, height: high });
    const width = wide / map.getPixelRatio();
    const ratio = wide / high;
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
    await enlarged(page, "paper", Math.max(SHARP, map.getPixelRatio()), async () => {
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
 * Draw the map as large as a class of the page makes it, do something with it, and make it as it was. A second map goes
 * with it, and the divider stays where it stands on the ground.
 * @param {Page} page
 * @param {string} size the class
 * @param {number} ratio how sharp
 * @param {() => void | Promise<void>} work
 */
export async function enlarged(page, size, ratio, work) {
  const { map, swipe } = page;
  const before = map.getPixelRatio();
  const bounds = map.getBounds();
  const place = swipe?.place() ?? 0;
  const ground = map.unproject([place * map.getContainer().clientWidth, 0]);
  document.body.classList.add(size);
  try {
    resize(page, ratio, bounds);
    swipe?.moveTo(map.project(ground).x / map.getContainer().clientWidth);
    await Promise.all(mapsSeen(page).map(drawn));
    await work();
  } finally {
    document.body.classList.remove(size);
    resize(page, before, bounds);
    swipe?.moveTo(place);
  }
}

/**
 * @param {Page} page
 * @returns {MapLibre[]}
 */
function mapsSeen({ map, swipe }) {
  const second = swipe?.on() ? swipe.second() : null;
  return second ? [map, second.map] : [map];
}

/**
 * @param {Page} page
 * @param {number} ratio
 * @param {unknown} bounds
 */
function resize(page, ratio, bounds) {
  const [first, ...others] = mapsSeen(page);
  first.setPixelRatio(ratio);
  first.resize();
  first.fitBounds(bounds, { animate: false });
  for (const other of others) {
    other.setPixelRatio(ratio);
    other.resize();
    other.jumpTo({ center: first.getCenter(), zoom: first.getZoom() });
  }
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
