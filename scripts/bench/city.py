"""A whole check of the demo county laid side by side again and again: time, memory and files against its size.

Each town is a copy of the demo, moved so that none overlaps another. Every run is a command of its own, with its own
empty cache; memory is that of all its processes together.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from clock import machine
from processes import taken

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "layers" / "demo"
#: Towns lie in whole steps of this, so that the grid of cells falls on each alike.
STEP_M = 100.0
COLUMNS = (
    *("towns", "buildings", "facilities", "cores", "seconds", "per town", "bare kernels, s", "ratio", "memory, GB"),
    *("results.gpkg, MB", "pages, MB"),
)
POLICY_COLUMNS = ("towns", "buildings", "cores", "circles, s", "policy, s", "ratio", "policy, memory, GB")
#: The files whose layers are laid side by side; rasters and shapefiles stay behind.
BOOKS = ("county.gpkg", "register.gpkg", "projects.gpkg")
STATISTICS = "statistics.csv"


def options(words: argparse.ArgumentParser) -> None:
    """Name the options."""
    words.add_argument("--towns", type=int, nargs="+", default=[1, 4, 16], help="how many towns, for each run")
    words.add_argument("--only", nargs="*", default=["green", "circles"], help="families that are judged")
    words.add_argument("--cores", type=int, nargs="+", default=[os.cpu_count() or 1], help="for each run")
    words.add_argument("--bare", action="store_true", help="hold each run against its bare kernels as well")
    words.add_argument("--policy", action="store_true", help="time the whole policy beside the circles alone instead")
    words.add_argument("--keep", type=Path, help="make the counties in this folder, and leave them there")


def run(chosen: argparse.Namespace) -> None:
    """Print a row for each number of towns."""
    place = chosen.keep or Path(tempfile.mkdtemp())
    print(f"{machine('geopandas', 'shapely')}; {', '.join(chosen.only)}\n")
    columns = POLICY_COLUMNS if chosen.policy else COLUMNS
    print("| " + " | ".join(columns) + " |")
    print("|---" * len(columns) + "|")
    try:
        for towns in chosen.towns:
            county = tiled(towns, place / f"towns-{towns}")
            for cores in chosen.cores:
                row = _policy(county, towns, cores) if chosen.policy else _row(county, towns, cores, chosen)
                print(row, flush=True)
    finally:
        if not chosen.keep:
            shutil.rmtree(place, ignore_errors=True)


def tiled(towns: int, folder: Path) -> Path:
    """Make a county of so many towns, each the demo's, and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    layers = {(book, str(name)): pyogrio.read_dataframe(DEMO / book, layer=name)
              for book in BOOKS for name, _ in pyogrio.list_layers(DEMO / book)}  # fmt: skip
    boxes = np.array([layer.total_bounds for layer in layers.values()])
    size = np.ceil((boxes[:, 2:].max(axis=0) - boxes[:, :2].min(axis=0)) / STEP_M + 1) * STEP_M
    side = int(np.ceil(np.sqrt(towns)))
    for book in BOOKS:
        (folder / book).unlink(missing_ok=True)
    for (book, name), layer in layers.items():
        copies = [_moved(layer, size * (at % side, at // side), at) for at in range(towns)]
        file = folder / book
        pyogrio.write_dataframe(pd.concat(copies, ignore_index=True), file, layer=name, append=file.exists())
    shutil.copy(DEMO / STATISTICS, folder)
    tables = re.split(r"\n(?=\[)", (DEMO / "county.toml").read_text("utf-8"))
    (folder / "county.toml").write_text("\n".join(one for one in tables if _stays(one)), "utf-8")
    return folder


def _stays(table: str) -> bool:
    """Say whether a table of county.toml is not of a layer, or of one that is tiled."""
    source = re.search(r'^source = "(.*)"', table, re.MULTILINE)
    return not table.startswith("[layers.") or (source is not None and source[1] in BOOKS)


def _moved(layer: gpd.GeoDataFrame, by: Any, town: int) -> gpd.GeoDataFrame:
    shapes = shapely.transform(layer.geometry.to_numpy(), lambda xy: xy + by)
    moved = layer.set_geometry(gpd.GeoSeries(shapes, crs=layer.crs, index=layer.index))
    for column in ("name", "id", "park_id"):
        if town and column in moved.columns:
            told = moved[column].notna()
            moved.loc[told, column] = moved.loc[told, column].astype(str) + f" {town}"
    return moved


def _row(county: Path, towns: int, cores: int, chosen: argparse.Namespace) -> str:
    book = county / "county.gpkg"
    homes, places = (pyogrio.read_info(book, layer=name)["features"] for name in ("buildings", "facilities"))
    with tempfile.TemporaryDirectory() as folder:
        out, cache = Path(folder) / "out", {"GIS_PLANNING_CACHE": str(Path(folder) / "cache")}
        names = [word for one in chosen.only for word in ("--only", one)]
        command = [sys.executable, "-m", "gis_planning", "check", str(county), "--out", str(out), *names]
        whole = taken([*command, "--cores", str(cores)], cache)
        written = (out / "results.gpkg").stat().st_size / 1e6
        pages = sum(page.stat().st_size for page in out.glob("*.html")) / 1e6
        bare = _bare(county, chosen.only, cache) if chosen.bare else None
    sizes = f"{written:.1f} | {pages:.1f}"
    ratio = f"{bare:.1f} | {whole.seconds / bare:.2f}" if bare else "- | -"
    took = f"{whole.seconds:.1f} | {whole.seconds / towns:.2f} | {ratio} | {whole.memory / 1e9:.2f}"
    return f"| {towns} | {homes:,} | {places:,} | {cores} | {took} | {sizes} |"


def _policy(county: Path, towns: int, cores: int) -> str:
    """Return the row of the whole policy, with all it writes, beside the circles alone, each with an empty cache."""
    homes = pyogrio.read_info(county / "county.gpkg", layer="buildings")["features"]
    took = []
    for words in (("check", str(county), "--only", "circles"), ("policy", str(county))):
        with tempfile.TemporaryDirectory() as folder:
            out, cache = Path(folder) / "out", {"GIS_PLANNING_CACHE": str(Path(folder) / "cache")}
            command = [sys.executable, "-m", "gis_planning", *words, "--out", str(out), "--cores", str(cores)]
            took.append(taken(command, cache))
    circles, policy = took
    seconds = f"{circles.seconds:.1f} | {policy.seconds:.1f} | {policy.seconds / circles.seconds:.2f}"
    return f"| {towns} | {homes:,} | {cores} | {seconds} | {policy.memory / 1e9:.2f} |"


def _bare(county: Path, only: list[str], more: dict[str, str]) -> float:
    """Return the seconds of the bare kernels, in a process of their own that finds the results in the run's cache."""
    command = [sys.executable, str(Path(__file__).parent), "kernels", str(county), "--only", *only]
    told = subprocess.run(command, env=os.environ | more, stdout=subprocess.PIPE, check=True, text=True).stdout
    return float(sum(json.loads(told.splitlines()[-1]).values()))
