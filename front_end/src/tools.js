/* The buttons beside the map. */
import { button, byId, drawing } from "./dom.js";
import { PADDING } from "./map.js";

/** @import { Page } from "./types" */

const TOLD_MS = 4000;
const SIGNS = {
  zoom_in: "M8 3v10M3 8h10",
  zoom_out: "M3 8h10",
  whole: "M2.500 6V2.500H6M10 2.500h3.500V6M13.500 10v3.500H10M6 13.500H2.500V10",
  measure: "M2 11L11 2l3 3-9 9zM5 8l1.500 1.500M7.500 5.500L9 7M10 3l1.500 1.500",
  swipe: "M8 2v12M5 5L2 8l3 3M11 5l3 3-3 3",
  print: "M4 6V2h8v4M4 12H2V6h12v6h-2M4 9.500h8V14H4z",
  save: "M8 2v8M5 7l3 3 3-3M2.500 11v2.500h11V11",
  link: "M7 9l2-2M6 6L3.500 8.500a2.500 2.500 0 0 0 4 4L10 10M6.500 6L9 3.500a2.500 2.500 0 0 1 4 4L10 10",
};

/**
 * @param {Page} page
 * @param {{ toggle: (on: boolean) => void }} ruler
 * @param {{ toggle: (on: boolean) => void }} swipe
 * @param {{ print: () => void }} paper
 * @param {{ save: () => void }} sheet
 */
export function addTools(page, ruler, swipe, paper, sheet) {
  const { map, data } = page;
  const still = { animate: false };
  byId("tools", HTMLElement).append(
    tool("zoom_in", page, () => map.zoomIn(still)),
    tool("zoom_out", page, () => map.zoomOut(still)),
    tool("whole", page, () => map.fitBounds(data.bounds, { padding: PADDING, ...still })),
    switchFor("measure", page, ruler.toggle),
    switchFor("swipe", page, swipe.toggle),
    tool("print", page, paper.print),
    tool("save", page, sheet.save),
    tool("link", page, () => copyLink(page)),
  );
}

/**
 * @param {keyof typeof SIGNS} name
 * @param {Page} page
 * @param {() => void} work
 */
function tool(name, { words }, work) {
  const made = button(null, work);
  made.title = words[name];
  made.dataset.tool = name;
  made.setAttribute("aria-label", words[name]);
  made.append(drawing("0 0 16 16", [18, 18], [["path", { d: SIGNS[name] }]]));
  return made;
}

/**
 * @param {keyof typeof SIGNS} name
 * @param {Page} page
 * @param {(on: boolean) => void} toggle
 */
function switchFor(name, page, toggle) {
  const made = tool(name, page, () => {
    const on = made.getAttribute("aria-pressed") !== "true";
    made.setAttribute("aria-pressed", String(on));
    toggle(on);
  });
  made.setAttribute("aria-pressed", "false");
  return made;
}

/** @param {Page} page */
async function copyLink({ words, noted }) {
  const told = byId("told", HTMLElement);
  noted();
  try {
    await navigator.clipboard.writeText(location.href);
    told.textContent = words.copied;
  } catch {
    told.textContent = words.in_address;
  }
  setTimeout(() => {
    told.textContent = "";
  }, TOLD_MS);
}
