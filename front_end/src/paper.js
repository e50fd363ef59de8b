/* Paper: the map is drawn as large and as sharp as it is printed, waited for until nothing is missing, and printed as a
picture with its scale. Who prints from the browser's own menu gets what the screen shows: that cannot be waited for. */
export function papering(map, data, page, reveal) {
  const { words } = page;
  const stage = document.getElementById("stage");
  const printed = document.getElementById("printed");
  const paper = document.getElementById("paper");
  const told = document.getElementById("told");
  const sharp = 3;
  const patience = 20000;
  const widest = 190;
  const highest = 176;
  const millimetre = 96 / 25.4;
  let kept = null;
  function take() {
    map.redraw();
    const canvas = map.getCanvas();
    const wide = canvas.width / map.getPixelRatio();
    const ratio = canvas.width / canvas.height;
    printed.src = canvas.toDataURL();
    printed.alt = data.alt;
    stage.style.setProperty("--ratio", ratio);
    // The scale bar shrinks and grows with the picture.
    stage.style.setProperty("--shrink", (Math.min(widest, highest * ratio) * millimetre) / wide);
    paper.textContent = `${data.printed} · ${new Date().toLocaleDateString("sv")}`;
    page.layers.filter((one) => one.on).forEach(reveal);
  }
  function drawn() {
    return new Promise((resolve) => {
      const late = setTimeout(resolve, patience);
      map.once("idle", () => {
        clearTimeout(late);
        resolve();
      });
      map.triggerRepaint();
    });
  }
  async function print() {
    if (kept) {
      return;
    }
    const ratio = map.getPixelRatio();
    kept = map.getBounds();
    told.textContent = words.printing;
    document.body.classList.add("paper");
    map.setPixelRatio(Math.max(sharp, ratio));
    map.resize();
    map.fitBounds(kept, { animate: false });
    await drawn();
    take();
    try {
      await printed.decode();
    } catch (fault) {
      console.warn(fault);
    }
    told.textContent = "";
    window.print();
    document.body.classList.remove("paper");
    map.setPixelRatio(ratio);
    map.resize();
    map.fitBounds(kept, { animate: false });
    kept = null;
  }
  window.addEventListener("beforeprint", () => {
    if (!kept) {
      take();
    }
  });
  window.matchMedia("print").addEventListener("change", (event) => {
    if (event.matches && !kept) {
      take();
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
