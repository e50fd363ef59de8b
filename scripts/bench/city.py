"""A whole check of the demo county laid side by side again and again: time, memory and files against its size.

Each town is a copy of the demo, moved so that none overlaps another. Every run is a command of its own, with its own
empty cache; memory is that of all its processes together.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from clock import machine

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "layers" / "demo"
#: Towns lie in whole steps of this, so that the grid of cells falls on each alike.
STEP_M = 100.0
#: What stays behind: rasters, and layers in files of their own.
LEFT = ("elevation", "population", "projects", "approved_unsupplied", "idle_land")


def options(words: argparse.ArgumentParser) -> None:
    """Name the options."""
    words.add_argument("--towns", type=int, nargs="+", default=[1, 4, 16], help="how many towns, for each run")
    words.add_argument("--only", nargs="*", default=["green", "circles"], help="families that are judged")
    words.add_argument("--cores", type=int, nargs="+", default=[os.cpu_count() or 1], help="for each run")
    words.add_argument("--keep", type=Path, help="make the counties in this folder, and leave them there")


def run(chosen: argparse.Namespace) -> None:
    """Print a row for each number of towns."""
    place = chosen.keep or Path(tempfile.mkdtemp())
    print(f"{machine('geopandas', 'shapely')}; {', '.join(chosen.only)}\n")
    print("| towns | buildings | facilities | cores | seconds | per town | memory, GB | results.gpkg, MB | pages, MB |")
    print("|---|---|---|---|---|---|---|---|---|")
    try:
        for towns in chosen.towns:
            county = tiled(towns, place / f"towns-{towns}")
            for cores in chosen.cores:
                print(_row(county, towns, cores, chosen.only), flush=True)
    finally:
        if not chosen.keep:
            shutil.rmtree(place, ignore_errors=True)


def tiled(towns: int, folder: Path) -> Path:
    """Make a county of so many towns, each the demo's, and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "county.gpkg"
    file.unlink(missing_ok=True)
    layers = {str(name): pyogrio.read_dataframe(DEMO / "county.gpkg", layer=name)
              for name, _ in pyogrio.list_layers(DEMO / "county.gpkg")}  # fmt: skip
    boxes = np.array([layer.total_bounds for layer in layers.values()])
    size = np.ceil((boxes[:, 2:].max(axis=0) - boxes[:, :2].min(axis=0)) / STEP_M + 1) * STEP_M
    side = int(np.ceil(np.sqrt(towns)))
    for name, layer in layers.items():
        copies = [_moved(layer, size * (at % side, at // side), at) for at in range(towns)]
        pyogrio.write_dataframe(pd.concat(copies, ignore_index=True), file, layer=name, append=file.exists())
    words = (DEMO / "county.toml").read_text("utf-8")
    head, *tables = words.split("\n[layers.")
    kept = [one for one in tables if one.partition("]")[0] not in LEFT and 'source = "county.gpkg"' in one]
    (folder / "county.toml").write_text("\n[layers.".join([head, *kept]) + "\n", "utf-8")
    return folder


def _moved(layer: gpd.GeoDataFrame, by: Any, town: int) -> gpd.GeoDataFrame:
    shapes = shapely.transform(layer.geometry.to_numpy(), lambda xy: xy + by)
    moved = layer.set_geometry(gpd.GeoSeries(shapes, crs=layer.crs, index=layer.index))
    for column in ("name", "id", "park_id"):
        if town and column in moved.columns:
            told = moved[column].notna()
            moved.loc[told, column] = moved.loc[told, column].astype(str) + f" {town}"
    return moved


def _row(county: Path, towns: int, cores: int, only: list[str]) -> str:
    book = county / "county.gpkg"
    homes, places = (pyogrio.read_info(book, layer=name)["features"] for name in ("buildings", "facilities"))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        names = [word for one in only for word in ("--only", one)]
        command = [sys.executable, "-m", "gis_planning", "check", str(county), "--out", str(out), *names]
        seconds, peak = _taken([*command, "--cores", str(cores)], {"GIS_PLANNING_CACHE": str(Path(folder) / "cache")})
        written = (out / "results.gpkg").stat().st_size / 1e6
        pages = sum(page.stat().st_size for page in out.glob("*.html")) / 1e6
    taken = f"{seconds:.1f} | {seconds / towns:.2f} | {peak / 1e9:.2f}"
    return f"| {towns} | {homes:,} | {places:,} | {cores} | {taken} | {written:.1f} | {pages:.1f} |"


def _taken(command: list[str], more: dict[str, str]) -> tuple[float, float]:
    """Return the seconds of a command, and the most memory that its processes took together."""
    start, peak = time.perf_counter(), 0.0
    with subprocess.Popen(command, env=os.environ | more, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run_:
        done = threading.Event()

        def watch() -> None:
            nonlocal peak
            while not done.wait(0.2):
                peak = max(peak, sum(_memory(pid) for pid in _family(run_.pid)))

        watcher = threading.Thread(target=watch)
        watcher.start()
        code = run_.wait()
        done.set()
        watcher.join()
    if code not in (0, 1):
        raise SystemExit(f"{' '.join(command)}: {code}")
    return time.perf_counter() - start, peak


def _family(pid: int) -> list[int]:
    """Return a process and those it began; on Linux."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += [int(one) for one in task.read_text().split()]
            except OSError:
                continue
    return found


def _memory(pid: int) -> float:
    """Return the memory of a process, shared pages in part."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((float(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0.0)
