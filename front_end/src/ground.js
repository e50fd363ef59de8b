/* What lies below: nothing, a service of the network, or tiles that somebody has on this computer. */
import { archiveOf } from "./archive.js";

export function ground(data, maps, page) {
  const { element, words } = page;
  const select = document.getElementById("base");
  const note = document.getElementById("base-note");
  const ask = document.getElementById("base-ask");
  const token = document.getElementById("token");
  const pick = document.getElementById("base-file");
  const files = document.getElementById("base-files");
  const turned = document.getElementById("tms");
  const strong = document.getElementById("base-strength");
  const opacity = document.getElementById("base-opacity");
  const held = { folder: new Map(), archive: null };
  // A token comes from whoever opens the page, and is never kept: not in the file, not in the browser.
  const given = document.querySelector('meta[name="tianditu"]');
  token.value = given ? given.content : "";
  [["", words.blank], ...data.grounds.map((one) => [one.id, one.title])].forEach(([value, title]) => {
    const option = element("option", "", title);
    option.value = value;
    select.append(option);
  });

  function say(text, warning) {
    note.textContent = text;
    note.classList.toggle("warning", Boolean(warning));
  }
  function remove(map) {
    (map.getStyle().layers || [])
      .filter((one) => one.id.startsWith("ground|"))
      .forEach((one) => map.removeLayer(one.id));
    Object.keys(map.getStyle().sources)
      .filter((id) => id.startsWith("ground|"))
      .forEach((id) => map.removeSource(id));
  }
  let last = [[], {}];
  function lay(urls, facts) {
    last = [urls, facts];
    maps().forEach((map) => {
      remove(map);
      const first = map.getStyle().layers.find((one) => one.id !== "paper")?.id;
      urls.forEach((tiles, at) => {
        map.addSource(`ground|${at}`, {
          type: "raster",
          tiles,
          tileSize: 256,
          attribution: facts.attribution || "",
          minzoom: facts.least || 0,
          maxzoom: facts.deepest || 18,
        });
        map.addLayer(
          {
            id: `ground|${at}`,
            type: "raster",
            source: `ground|${at}`,
            paint: { "raster-opacity": opacity.valueAsNumber / 100, "raster-fade-duration": 0 },
          },
          first,
        );
      });
    });
    strong.hidden = !urls.length;
  }
  function chosen() {
    return data.grounds.find((one) => one.id === select.value);
  }
  function apply() {
    const one = chosen();
    ask.hidden = !one?.token;
    pick.hidden = !one?.pick;
    files.webkitdirectory = Boolean(one && one.pick === "folder");
    files.accept = one && one.pick === "archive" ? ".pmtiles" : "";
    document.getElementById("base-turned").hidden = !(one && one.pick === "folder");
    say(one ? one.note || "" : "", one?.warning);
    if (!one || one.pick) {
      lay([], {});
      return;
    }
    if (one.token && !/^[0-9a-zA-Z]{8,64}$/.test(token.value.trim())) {
      lay([], {});
      say(words.token_wanted);
      return;
    }
    lay(
      one.urls.map((tiles) => tiles.map((url) => url.replace("{token}", encodeURIComponent(token.value.trim())))),
      one,
    );
    if (one.warning) {
      say(one.note, true);
    }
  }
  select.addEventListener("change", apply);
  token.addEventListener("change", apply);
  opacity.addEventListener("input", () =>
    maps().forEach((map) =>
      map
        .getStyle()
        .layers.filter((one) => one.id.startsWith("ground|"))
        .forEach((one) => map.setPaintProperty(one.id, "raster-opacity", opacity.valueAsNumber / 100)),
    ),
  );
  files.addEventListener("change", picked);
  turned.addEventListener("change", picked);
  async function picked() {
    const one = chosen();
    if (!one || !files.files.length) {
      return;
    }
    if (one.pick === "archive") {
      try {
        held.archive = await archiveOf(files.files[0]);
      } catch (_fault) {
        say(words.no_pmtiles, true);
        return;
      }
      if (!held.archive.raster) {
        say(words.no_raster, true);
        return;
      }
      lay([[`archive://${Date.now()}/{z}/{x}/{y}`]], held.archive);
      say(words.offset);
      return;
    }
    held.folder = new Map();
    const zooms = new Set();
    Array.from(files.files).forEach((file) => {
      const found = /(\d+)\/(\d+)\/(\d+)\.(png|jpe?g|webp)$/i.exec(file.webkitRelativePath);
      if (!found) {
        return;
      }
      const zoom = Number(found[1]);
      const row = turned.checked ? 2 ** zoom - 1 - Number(found[3]) : Number(found[3]);
      zooms.add(zoom);
      held.folder.set(`${zoom}/${Number(found[2])}/${row}`, file);
    });
    if (!held.folder.size) {
      say(words.no_tiles, true);
      return;
    }
    lay([[`folder://${Date.now()}/{z}/{x}/{y}`]], { least: Math.min(...zooms), deepest: Math.max(...zooms) });
    say(`${words.tiles_found.replace("{count}", held.folder.size.toLocaleString("en"))} ${words.offset}`);
  }
  const nothing = Uint8Array.from(
    atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="),
    (sign) => sign.charCodeAt(0),
  ).buffer;
  const place = (url) => url.replace(/^\w+:\/\/\d+\//, "");
  maplibregl.addProtocol("folder", async (asked) => {
    const file = held.folder.get(place(asked.url));
    return { data: file ? await file.arrayBuffer() : nothing.slice(0) };
  });
  maplibregl.addProtocol("archive", async (asked) => ({
    data: (await held.archive.tile(...place(asked.url).split("/").map(Number))) || nothing.slice(0),
  }));
  function failed() {
    const one = chosen();
    if (one && !one.pick) {
      say([one.warning ? one.note : "", words.unreachable].filter(Boolean).join(" "), true);
    }
  }
  return { laid: () => lay(...last), failed };
}
