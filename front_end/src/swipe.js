/* Two maps in one place, with a divider: layer against layer, or this run against an earlier one. */
import { byId, element, option } from "./dom.js";
import { emptyMap } from "./map.js";
import { shareOf } from "./share.js";

/** @import { Layer, Page, Pair, Share, Side, Swipe } from "./types" */

/** How near to the edges the divider goes, and how far a key moves it, as shares of the width. */
const EDGE = 0.02;
const STEP = 0.05;
/** The zoom to which one is taken at most where two years are opened, and the room for choices, tools and legends. */
const CLOSEST = 17.5;
const MARGIN = { top: 80, left: 70, right: 30, below: 0.3 };
/** What the address of a layer begins with whose features keep a clause from being met. */
const BROKEN = "broken.";

/**
 * @param {Page} page
 * @returns {Swipe}
 */
export function swipeOf(page) {
  const { map, layers } = page;
  const { pairs } = page.data;
  const other = byId("other", HTMLElement);
  const stage = byId("stage", HTMLElement);
  const divider = byId("divider", HTMLElement);
  const box = byId("swiping", HTMLElement);
  const left = byId("left", HTMLSelectElement);
  const right = byId("right", HTMLSelectElement);
  /** @type {Share | null} */
  let second = null;
  /** @type {Promise<void> | null} */
  let started = null;
  let chosen = false;
  let place = 0.5;
  let on = false;

  /* The left side is drawn on the first map as long as the divider is there, the right one on the second. */
  function apply() {
    if (on && second) {
      showOnly(page.first, wanted(left.value, layers, pairs), layers);
      showOnly(second, wanted(right.value, layers, pairs), layers);
    }
    page.tree.refresh();
    page.noted();
  }

  /** @param {number} to */
  function moveTo(to) {
    place = Math.max(EDGE, Math.min(1 - EDGE, to));
    const x = Math.round(place * stage.clientWidth);
    other.style.clipPath = `inset(0 0 0 ${x}px)`;
    divider.style.left = `${x}px`;
    divider.setAttribute("aria-valuenow", String(Math.round(100 * place)));
  }

  async function start() {
    const made = emptyMap({
      container: other,
      center: map.getCenter(),
      zoom: map.getZoom(),
      interactive: false,
    });
    other.style.pointerEvents = "none";
    second = shareOf(made, page);
    map.on("move", () => {
      if (on) {
        made.jumpTo({ center: map.getCenter(), zoom: map.getZoom() });
      }
    });
    new ResizeObserver(() => {
      if (on) {
        made.resize();
        moveTo(place);
      }
    }).observe(stage);
    await new Promise((resolve) => made.once("load", resolve));
    page.laid();
  }

  /** @param {boolean} asked */
  async function toggle(asked) {
    on = asked;
    document.querySelector("[data-tool=swipe]")?.setAttribute("aria-pressed", String(on));
    for (const part of [other, divider, box]) {
      part.hidden = !on;
    }
    if (!on) {
      const shown = layers.filter((layer) => layer.on);
      showOnly(page.first, shown, layers);
      page.tree.refresh();
      page.noted();
      return;
    }
    if (!chosen) {
      choose(firstChoices(layers, pairs));
    }
    started ??= start();
    await started;
    if (!on) {
      return;
    }
    second?.map.resize();
    second?.map.jumpTo({ center: map.getCenter(), zoom: map.getZoom() });
    moveTo(place);
    apply();
  }

  /** @param {string[]} sides */
  function choose(sides) {
    chosen = true;
    [left.value, right.value] = sides;
  }

  /**
   * Open on two sides that an address names; one that is not on offer changes nothing.
   * @param {string[]} sides
   * @param {boolean} placed whether the address says where to look
   */
  function open(sides, placed) {
    if (!sides.every((side) => Array.from(left.options).some(({ value }) => value === side))) {
      return;
    }
    choose(sides);
    const box = placed ? null : boxOf(differing(sides.map((side) => wanted(side, layers, pairs))));
    if (box) {
      const { below, ...margin } = MARGIN;
      const padding = { ...margin, bottom: below * stage.clientHeight };
      map.fitBounds(box, { padding, maxZoom: CLOSEST, animate: false });
    }
    toggle(true);
  }

  /** @type {(select: HTMLSelectElement, word: string) => Side} */
  const sideOf = (select, word) => ({
    title: `${word}: ${select.selectedOptions[0].textContent}`,
    layers: wanted(select.value, layers, pairs),
    classed: sideIn(select.value, pairs) !== undefined,
  });

  for (const select of [left, right]) {
    select.append(...choicesOf(page));
    select.addEventListener("change", apply);
  }
  divider.addEventListener("pointerdown", (event) => {
    divider.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  divider.addEventListener("pointermove", (event) => {
    if (divider.hasPointerCapture(event.pointerId)) {
      const frame = stage.getBoundingClientRect();
      moveTo((event.clientX - frame.left) / frame.width);
    }
  });
  divider.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (step) {
      event.preventDefault();
      moveTo(place + step);
    }
  });
  return {
    toggle,
    apply,
    open,
    chosen: () => (on ? [left.value, right.value] : []),
    // The map that is seen at a place of the window.
    at: (x) => (on && second && x > place * stage.clientWidth ? second.map : map),
    on: () => on,
    second: () => second,
    sides: () => (on && second ? [sideOf(left, page.words.left), sideOf(right, page.words.right)] : null),
    place: () => place,
    moveTo,
  };
}

/**
 * @param {Share} share
 * @param {Layer[]} shown
 * @param {Layer[]} layers
 */
function showOnly(share, shown, layers) {
  for (const layer of layers) {
    if (shown.includes(layer)) {
      share.show(layer);
    } else {
      share.hide(layer);
    }
  }
}

/** @param {Layer[]} layers */
function groupsOf(layers) {
  return [...new Set(layers.map((layer) => layer.group))];
}

/**
 * Return what can stand on a side: what is on, a whole group, or one layer.
 * @param {Page} page
 */
function choicesOf({ data, layers, words }) {
  const years = data.pairs.map(({ title, sides }) => {
    const part = element("optgroup");
    part.label = title;
    part.append(...sides.map((side) => option(side.id, side.title)));
    return part;
  });
  const groups = groupsOf(layers).map((group, at) => {
    const part = element("optgroup");
    const own = layers.filter((layer) => layer.group === group);
    part.label = group;
    if (own.length > 1) {
      part.append(option(`group ${at}`, `${group}: ${words.all}`));
    }
    part.append(...own.map((layer) => option(`layer ${layer.id}`, layer.title)));
    return part;
  });
  const earlier = layers.find((layer) => layer.earlier);
  const runs = earlier ? [option("before", earlier.group), option("after", words.this_run)] : [];
  return [option("on", words.what_is_on), ...runs, ...years, ...groups];
}

/**
 * Return the layers of a choice; what lies around stays on both sides.
 * @param {string} value
 * @param {Layer[]} layers
 * @param {Pair[]} pairs
 */
export function wanted(value, layers, pairs) {
  const side = sideIn(value, pairs);
  if (side) {
    return layers.filter(({ id, on, ground }) => side.layers.includes(id) || (on && ground));
  }
  if (value === "on") {
    return layers.filter((layer) => layer.on);
  }
  if (value === "before" || value === "after") {
    const before = value === "before";
    const asked = [...offenders(layers)[before ? 0 : 1], ...results(layers)[before ? 0 : 1]];
    const stays = (/** @type {Layer} */ { on, ground, measured }) => on && ground && !measured;
    return layers.filter((layer) => asked.includes(layer) || stays(layer));
  }
  const [, kind, id] = /^(\w+) (.*)$/s.exec(value) ?? [];
  const group = groupsOf(layers)[Number(id)];
  /** @param {Layer} layer */
  const asked = (layer) => (kind === "group" ? layer.group === group : layer.id === id);
  return layers.filter((layer) => asked(layer) || (layer.on && layer.ground));
}

/**
 * @param {string} value
 * @param {Pair[]} pairs
 */
function sideIn(value, pairs) {
  return pairs.flatMap(({ sides }) => sides).find(({ id }) => id === value);
}

/**
 * Return the layers that one side shows and the other does not.
 * @param {Layer[][]} sides
 */
export function differing([one, other]) {
  return [...one.filter((layer) => !other.includes(layer)), ...other.filter((layer) => !one.includes(layer))];
}

/**
 * Return the box in degrees of what the run worked out; null where there is nothing of it.
 * @param {Layer[]} layers
 * @returns {[[number, number], [number, number]] | null}
 */
export function boxOf(layers) {
  const box = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { facts } of layers.filter(({ measured, ground }) => measured && !ground)) {
    for (let row = 0; row < facts.size; row += 1) {
      box[0] = Math.min(box[0], facts.lon[row]);
      box[1] = Math.min(box[1], facts.lat[row]);
      box[2] = Math.max(box[2], facts.lon[row]);
      box[3] = Math.max(box[3], facts.lat[row]);
    }
  }
  return Number.isFinite(box[0])
    ? [
        [box[0], box[1]],
        [box[2], box[3]],
      ]
    : null;
}

/**
 * Return what keeps clauses from being met in the earlier run and in this one: of the clauses that are on, of all
 * where none is. One that is met today has nothing on its side.
 * @param {Layer[]} layers
 * @returns {[Layer[], Layer[]]}
 */
function offenders(layers) {
  const then = layers.filter((layer) => layer.earlier && !layer.measured);
  const today = new Set(then.map((layer) => layer.earlier));
  const now = layers.filter(({ id }) => today.has(id) || id.startsWith(BROKEN));
  const on = new Set([...then, ...now].filter((layer) => layer.on).map((layer) => layer.earlier ?? layer.id));
  /** @param {Layer} layer */
  const asked = (layer) => !on.size || on.has(layer.earlier ?? layer.id);
  return [then.filter(asked), now.filter(asked)];
}

/**
 * Return what else the earlier run and this one worked out, parks and what they serve: of what is on, each side its own.
 * @param {Layer[]} layers
 * @returns {[Layer[], Layer[]]}
 */
function results(layers) {
  const on = new Set(layers.filter((layer) => layer.on && layer.measured).map(({ id }) => id));
  const then = layers.filter(({ id, earlier, measured }) => earlier && measured && (on.has(id) || on.has(earlier)));
  return [then, layers.filter(({ id, earlier }) => on.has(id) && !earlier)];
}

/**
 * Return what the two sides show at first: two years of which any is on, the earlier run against this one, else what is
 * on against land use.
 * @param {Layer[]} layers
 * @param {Pair[]} pairs
 */
export function firstChoices(layers, pairs) {
  const on = new Set(layers.filter((layer) => layer.on && layer.measured).map(({ id }) => id));
  const years = pairs.find(({ sides }) => sides.some((side) => side.layers.some((id) => on.has(id))));
  if (years) {
    return years.sides.map(({ id }) => id);
  }
  if (layers.some((layer) => layer.earlier)) {
    return ["before", "after"];
  }
  // Land use lies lowest: it is what people hold plans and projects against.
  const against = layers.filter((layer) => !layer.on && layer.tabled).pop() ?? layers[0];
  return ["on", against ? `layer ${against.id}` : "on"];
}
