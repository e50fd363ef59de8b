/* Two maps in one place, with a divider: layer against layer, or this run against an earlier one. */
export function swiping(map, layers, draw, page) {
  const { words, element } = page;
  const other = document.getElementById("other");
  const divider = document.getElementById("divider");
  const box = document.getElementById("swiping");
  const choices = { left: document.getElementById("left"), right: document.getElementById("right") };
  let second = null;
  let share = 0.5;
  let on = false;
  let following = false;
  const groups = Array.from(new Set(layers.map((one) => one.group)));
  Object.values(choices).forEach((select) => {
    const add = (into, value, name) => {
      const option = element("option", "", name);
      option.value = value;
      into.append(option);
    };
    add(select, "on", words.what_is_on);
    groups.forEach((group) => {
      const own = layers.filter((one) => one.group === group);
      const part = element("optgroup");
      part.label = group;
      if (own.length > 1) {
        add(part, `group ${groups.indexOf(group)}`, `${group}: ${words.all}`);
      }
      own.forEach((one) => add(part, `layer ${one.id}`, one.title));
      select.append(part);
    });
    select.addEventListener("change", () => apply());
  });
  function wanted(value) {
    if (value === "on") {
      return layers.filter((one) => one.on);
    }
    const [kind, id] = [value.slice(0, value.indexOf(" ")), value.slice(value.indexOf(" ") + 1)];
    const asked = layers.filter((one) => (kind === "group" ? one.group === groups[Number(id)] : one.id === id));
    // What lies around stays on both sides.
    return layers.filter((one) => asked.includes(one) || (one.on && one.ground));
  }
  /* The left side is drawn on the first map as long as the divider is there, the right one on the second. */
  function apply() {
    if (!on) {
      return;
    }
    [
      [page.first, choices.left.value],
      [second, choices.right.value],
    ].forEach(([share_, value]) => {
      const asked = new Set(wanted(value));
      layers.forEach((layer) => (asked.has(layer) ? share_.show(layer) : share_.hide(layer)));
    });
  }
  function place() {
    const width = other.parentElement.clientWidth;
    const x = Math.round(share * width);
    other.style.clipPath = `inset(0 0 0 ${x}px)`;
    divider.style.left = `${x}px`;
    divider.setAttribute("aria-valuenow", String(Math.round(100 * share)));
  }
  function start() {
    const made = new maplibregl.Map({
      container: other,
      style: page.emptyStyle(),
      center: map.getCenter(),
      zoom: map.getZoom(),
      attributionControl: false,
      interactive: false,
      dragRotate: false,
      pitchWithRotate: false,
      fadeDuration: 0,
      maxZoom: 22,
    });
    other.style.pointerEvents = "none";
    second = draw.onto(made);
    map.on("move", () => {
      if (on && !following) {
        following = true;
        made.jumpTo({ center: map.getCenter(), zoom: map.getZoom() });
        following = false;
      }
    });
    new ResizeObserver(() => {
      if (on) {
        made.resize();
        place();
      }
    }).observe(other.parentElement);
    return new Promise((resolve) => {
      made.once("load", resolve);
    });
  }
  async function toggle(asked) {
    on = asked;
    [other, divider, box].forEach((one) => {
      one.hidden = !on;
    });
    if (!on) {
      layers.forEach((layer) => (layer.on ? page.first.show(layer) : page.first.hide(layer)));
      return;
    }
    const earlier = layers.find((one) => one.earlier);
    if (!second) {
      choices.left.value = earlier ? `layer ${earlier.id}` : "on";
      // Land use lies lowest: it is what people hold plans and projects against.
      const against = earlier
        ? layers.find((one) => one.id === earlier.earlier)
        : layers.filter((one) => !one.on && one.tabled).pop() || layers[0];
      if (against) {
        choices.right.value = `layer ${against.id}`;
      }
      await start();
      page.laid();
    }
    second.map.resize();
    second.map.jumpTo({ center: map.getCenter(), zoom: map.getZoom() });
    place();
    apply();
  }
  function move(x) {
    const frame = other.parentElement.getBoundingClientRect();
    share = Math.max(0.02, Math.min(0.98, (x - frame.left) / frame.width));
    place();
  }
  divider.addEventListener("pointerdown", (event) => {
    divider.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  divider.addEventListener("pointermove", (event) => {
    if (divider.hasPointerCapture(event.pointerId)) {
      move(event.clientX);
    }
  });
  divider.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -0.05, ArrowRight: 0.05 }[event.key];
    if (step) {
      event.preventDefault();
      share = Math.max(0.02, Math.min(0.98, share + step));
      place();
    }
  });
  /* The map that is seen at a place of the window. */
  const at = (x) => (on && x > share * other.parentElement.clientWidth ? second.map : map);
  return { toggle, apply, at, on: () => on, second: () => second };
}
