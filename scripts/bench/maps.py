"""The main map of very many parcels against plain folium, in one run and one browser, and against GDAL's tile writer.

Both pages hold the same parcels with eight Chinese attributes. folium's page is given Leaflet itself in place of the
links to it, since the browser has no network. The heap is what JavaScript holds after a collection; a zoom step is
timed from the call until the map is drawn again.
"""

from __future__ import annotations

import argparse
import re
import shutil
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import clock
import folium
import geopandas as gpd
import numpy as np
import pyogrio
import redlines

from gis_planning.maps import leaflet
from gis_planning.maps.web import tiles
from gis_planning.maps.web.layers import Category, Column, MapLayer, by_value
from gis_planning.maps.web.page import Frame, main_map
from gis_planning.results.ledger import Input
from gis_planning.view.looks import outcome_look

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--use-angle=swiftshader"]
ARGUMENTS += ["--enable-unsafe-swiftshader", "--enable-precise-memory-info", "--js-flags=--expose-gc"]
READY_MS = 600_000
MB = 1e6
OUTCOMES = ("fail", "conditional", "pass", "not-assessed")
WORDS = {"fail": "不符合", "conditional": "需论证或报批", "pass": "符合", "not-assessed": "数据不足"}
# A step in and back; each is done when everything is drawn.
LEAFLET = """async () => { const map = Object.values(window).find(one => one instanceof L.Map), found = [];
for (const step of [1, -1, 1, -1]) { const start = performance.now();
map.setZoom(map.getZoom() + step, {animate: false});
await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
found.push(performance.now() - start); } return found; }"""
MAPLIBRE = """async () => { const found = [];
for (const step of [1, -1, 1, -1]) { const start = performance.now();
await new Promise(done => { mainMap.once('idle', () => done()); mainMap.jumpTo({zoom: mainMap.getZoom() + step}); });
found.push(performance.now() - start); } return found; }"""


def options(words: argparse.ArgumentParser) -> None:
    """Say what can be chosen."""
    words.add_argument("--parcels", type=int, default=100_000)
    words.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("google-chrome") or "")


def run(chosen: argparse.Namespace) -> None:
    """Print the tables."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - of the test extra

    print(clock.machine("folium", "maplibre", "pyogrio"))
    parcels = attributed(redlines.parcels_of(chosen.parcels))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        gdal = gdal_seconds(parcels, folder / "gdal.pmtiles")
        ours, html = clock.timed(lambda: main_map(frame(), [layer(parcels)], "zh"), 1)
        again = gdal_seconds(parcels, folder / "again.pmtiles")
        (folder / "map.html").write_text(html, encoding="utf-8")
        seconds, plain = clock.timed(lambda: plain_folium(parcels), 1)
        (folder / "folium.html").write_text(plain, encoding="utf-8")
        found = {}
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chosen.chromium, args=ARGUMENTS)
            print(f"Chromium {browser.version}, drawn by the processor, {len(parcels):,} parcels, 8 attributes")
            for name, step in (("folium", LEAFLET), ("map", MAPLIBRE)):
                found[name] = looked(browser, folder / f"{name}.html", step)
            browser.close()
        sizes = {name: (folder / f"{name}.html").stat().st_size / MB for name in ("folium", "map")}
    print("\n| | plain folium | main map | main map to folium |\n|---|---|---|---|")
    for what, unit, one, other in (
        ("file", "MB", sizes["folium"], sizes["map"]),
        ("JavaScript heap", "MB", found["folium"][0], found["map"][0]),
        ("zoom step", "s", found["folium"][1], found["map"][1]),
        ("opened", "s", found["folium"][2], found["map"][2]),
        ("written", "s", seconds, ours),
    ):
        print(f"| {what}, {unit} | {one:.1f} | {other:.1f} | {other / one:.2f} |")
    writer = (gdal + again) / 2
    print(f"\nGDAL's own PMTiles writer: {writer:.1f} s (before and after ours); ours to it: {ours / writer:.2f}")


def looked(browser: Any, file: Path, step: str) -> tuple[float, float, float]:
    """Return the heap in MB, the median zoom step and the time to open, in seconds."""
    page = browser.new_context(viewport={"width": 1200, "height": 800}).new_page()
    page.set_default_timeout(READY_MS)
    start = time.perf_counter()
    page.goto(file.as_uri())
    if file.stem == "map":
        page.wait_for_selector("html[data-ready=yes]", state="attached")
    else:
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    opened = time.perf_counter() - start
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.enable")
    session.send("HeapProfiler.collectGarbage")
    heap = page.evaluate("performance.memory.usedJSHeapSize") / MB
    taken = page.evaluate(step)
    page.context.close()
    return heap, median(taken) / 1000, opened


def attributed(parcels: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return parcels with what a register says of each."""
    random = np.random.default_rng(3)
    size = len(parcels)
    towns = [f"示例{name}" for name in ("北山苏木", "河北街道", "老城街道", "新城街道", "南塬镇", "东滩镇")]
    classes = ["0101 水田", "0103 旱地", "0301 乔木林地", "0401 天然牧草地", "0701 城镇住宅用地", "0602 采矿用地"]
    town = random.integers(0, len(towns), size)
    outcome = np.array(OUTCOMES)[random.choice(4, size, p=[0.02, 0.06, 0.9, 0.02])]
    return parcels.assign(
        编号=[f"150999{at:07d}" for at in range(size)],
        名称=[f"第{at % 977}号地块" for at in range(size)],
        权属单位=[f"{towns[one]}第{at % 31}村民委员会" for at, one in enumerate(town)],
        地类=np.array(classes)[random.integers(0, len(classes), size)],
        坐落=np.array(towns)[town],
        面积=np.round(parcels.area.to_numpy(), 2),
        结论=[WORDS[one] for one in outcome],
        备注=np.array(["", "现场核实", "权属争议待处理", "边界待勘测"])[random.integers(0, 4, size)],
        outcome=outcome,
    )


def layer(parcels: gpd.GeoDataFrame) -> MapLayer:
    """Return the parcels as a layer of the main map."""
    known = {one: Category(WORDS[one], outcome_look(one), one) for one in OUTCOMES}
    names = ("编号", "名称", "权属单位", "地类", "面积", "结论", "备注")
    columns = [Column(name, parcels[name].tolist(), 2 if name == "面积" else None) for name in names]
    return MapLayer(
        id="parcels",
        title="地块",
        group="图层",
        shapes=parcels.geometry,
        **by_value(parcels["outcome"].tolist(), known),
        columns=tuple(columns),
        towns=parcels["坐落"].tolist(),
        shown=True,
    )


def frame() -> Frame:
    """Return what stands around them."""
    source = Input("parcels", "parcels.gpkg", "0" * 64, 1, redlines.CRS)
    return Frame(
        "示例县", "总图", redlines.CRS, "2025-12-31", "bench", [source], ["规则"], counts=dict.fromkeys(OUTCOMES, 1)
    )


def plain_folium(parcels: gpd.GeoDataFrame) -> str:
    """Return the page folium makes of the parcels, drawn on a canvas, with Leaflet in it."""
    degrees = parcels.to_crs(4326).drop(columns="outcome")
    degrees["geometry"] = degrees.geometry.set_precision(1e-6, mode="pointwise")
    west, south, east, north = degrees.total_bounds
    shown = folium.Map(tiles=None, prefer_canvas=True)
    shown.fit_bounds([[south, west], [north, east]])
    fields = [name for name in degrees.columns if name != "geometry"]
    folium.GeoJson(degrees, popup=folium.GeoJsonPopup(fields=fields)).add_to(shown)
    html = shown.get_root().render()
    html = re.sub(r'<script src="http[^>]*></script>|<link rel="stylesheet" href="http[^>]*/>', "", html)
    return html.replace("<head>", f"<head><style>{leaflet.style()}</style><script>{leaflet.script()}</script>", 1)


def gdal_seconds(parcels: gpd.GeoDataFrame, file: Path) -> float:
    """Return how long GDAL takes to write the same zooms of the same parcels, number and verdict only."""
    plain = parcels[["geometry"]].assign(i=np.arange(len(parcels), dtype=np.int32), v=np.int32(0)).to_crs(4326)
    least = tiles.least_zoom(tuple(plain.total_bounds))
    zooms = {"MINZOOM": str(least), "MAXZOOM": str(tiles.DEEPEST)}
    writing = {"driver": "PMTiles", "layer": "parcels", "dataset_options": zooms}
    return clock.timed(lambda: pyogrio.write_dataframe(plain, file, **writing), 1)[0]
