/* The map as a picture: one map, or the two sides of a divider, as they are seen. */

/** @import { Page } from "./types" */

const EDGE = "#1c1a17";
/** How wide the divider is, and its edges, as shares of the width of the picture. */
const WIDE = 0.003;
const RIM = 0.0008;

/**
 * Draw what the maps show into a box. What a map has drawn is gone after the frame: its picture is taken at once.
 * @param {CanvasRenderingContext2D} pen
 * @param {Page} page
 * @param {{ left: number, top: number, width: number, height: number }} box
 */
export function drawMaps(pen, { map, swipe }, { left, top, width, height }) {
  map.redraw();
  pen.drawImage(map.getCanvas(), left, top, width, height);
  const second = swipe?.on() ? swipe.second() : null;
  if (!swipe || !second) {
    return;
  }
  const middle = left + swipe.place() * width;
  pen.save();
  pen.beginPath();
  pen.rect(middle, top, left + width - middle, height);
  pen.clip();
  second.map.redraw();
  pen.drawImage(second.map.getCanvas(), left, top, width, height);
  pen.restore();
  for (const [colour, wide] of /** @type {[string, number][]} */ ([
    [EDGE, WIDE + 2 * RIM],
    ["#ffffff", WIDE],
  ])) {
    pen.fillStyle = colour;
    pen.fillRect(middle - (wide * width) / 2, top, wide * width, height);
  }
}
