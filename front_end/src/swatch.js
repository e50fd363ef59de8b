/* How a class of a layer looks, in the small: for the legend. */
import { drawing } from "./dom.js";

/** @import { Look } from "./types" */

const HATCHES = {
  stripes: "M10 2L2 12M18 2L6 16M26 2L14 16M28 9l-6 7",
  counter: "M4 2l12 14M12 2l12 14M20 2l8 9",
  level: "M2 6H28M2 12H28",
  grid: "M6 2l14 14M14 2l14 14M2 9l7 7M16 2L2 16M24 2L10 16M28 7l-9 9",
};

/** @param {Look} look */
export function swatch(look) {
  const parts = look.line ? [lineSign(look)] : look.point ? [dotSign(look)] : landSign(look);
  return drawing("0 0 30 18", [30, 18], parts, "swatch");
}

/**
 * @param {Look} look
 * @returns {[string, Record<string, unknown>]}
 */
function lineSign({ stroke, weight = 0, dash = "" }) {
  return [
    "path",
    { d: "M1 9H29", stroke, "stroke-width": Math.max(1, weight), "stroke-dasharray": dash, fill: "none" },
  ];
}

/**
 * @param {Look} look
 * @returns {[string, Record<string, unknown>]}
 */
function dotSign({ fill, stroke, ring = 0 }) {
  return ["circle", { cx: 15, cy: 9, r: 5, fill: fill || stroke, stroke: stroke || "none", "stroke-width": ring }];
}

/**
 * @param {Look} look
 * @returns {[string, Record<string, unknown>][]}
 */
function landSign(look) {
  /** @type {[string, Record<string, unknown>]} */
  const land = [
    "rect",
    {
      ...{ x: 1.5, y: 1.5, width: 27, height: 15, rx: 2 },
      fill: (look.fill_opacity !== 0 && look.fill) || "none",
      "fill-opacity": look.fill_opacity ?? 1,
      stroke: look.stroke || "none",
      "stroke-width": look.weight ?? 0,
      "stroke-dasharray": look.dash || "",
    },
  ];
  if (!look.hatch) {
    return [land];
  }
  const d = HATCHES[/** @type {keyof typeof HATCHES} */ (look.hatch)] ?? HATCHES.stripes;
  const width = look.hatch === "grid" ? 1 : 2.4;
  const hatch = { d, stroke: look.stripe || "#ffffff", "stroke-width": width, fill: "none", "stroke-opacity": 0.8 };
  return [land, ["path", hatch]];
}
