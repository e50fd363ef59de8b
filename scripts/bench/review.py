"""A review of many projects with all its files, against reading the control lines and cutting every project by them."""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
from pathlib import Path

import clock
import geopandas as gpd
import numpy as np
import shapely

from gis_planning import overlay
from gis_planning.county.opened import open_county
from gis_planning.judging import projects
from gis_planning.judging import review as reviewing
from gis_planning.reports import write_review
from gis_planning.results.review import Review

DEMO = Path(__file__).resolve().parents[2] / "layers" / "demo"
#: What projects do, by turns; one in four does not say it.
ACTIVITIES = ("urban", "linear", "agriculture", None)
#: How far corners stray, as a share of a lot, and how much of its width a lot that stands alone keeps.
ASTRAY, ALONE = 0.2, 0.5


def options(words: argparse.ArgumentParser) -> None:
    """Name the options."""
    words.add_argument("--projects", type=int, default=6_000)
    words.add_argument("--runs", type=int, default=3, help="runs of each side; the median counts")


def run(chosen: argparse.Namespace) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "projects.gpkg"
        lots(chosen.projects).to_file(file, layer="projects", driver="GPKG")
        # What the first of anything has to import is no part of either side.
        write_review(judged(file), Path(folder) / "warm", "zh")
        bare, cut = clock.timed(lambda: bare_cut(file), chosen.runs)
        held, found = clock.timed(lambda: judged(file), chosen.runs)
        written, _ = clock.timed(lambda: write_review(found, Path(folder) / "out", "zh"), chosen.runs)
        size = (Path(folder) / "out" / "review.json").stat().st_size
    told = {line.line: line.overlap_m2 is not None for line in found.parcels[0].lines}
    if sum(told.values()) != cut:
        raise SystemExit(f"the bare cut took {cut} lines, the review {sum(told.values())}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1024)
    print(clock.machine("shapely", "geopandas", "pyogrio"))
    counts = ", ".join(f"{count:,} {outcome}" for outcome, count in found.counts().items())
    print(f"\n{len(found.parcels):,} projects: {counts}; {len(found.patches):,} patches; JSON {size / 1e6:.1f} MB\n")
    print(f"| {len(found.parcels):,} projects, {cut} control lines | seconds | ratio |\n|---|---|---|")
    rows = (
        ("bare: all control lines read, every project cut by each", bare),
        ("ours: read, judged by all clauses, land classes", held),
        ("ours: JSON, GeoPackage, workbook, Word and map written", written),
        ("ours, altogether", held + written),
    )
    for name, seconds in rows:
        print(f"| {name} | {seconds:.2f} | {seconds / bare:.1f} |")
    print(f"\npeak memory {peak:,.0f} MB")


def bare_cut(file: Path) -> int:
    """Read projects and all control lines, and cut; return how many lines there are."""
    county = open_county(DEMO)
    land = projects.read_projects(county, [file]).geometry.to_numpy()
    lines = [name for name in reviewing.lines_of(county) if county.has(name)]
    for name in lines:
        overlay.intersect(land, county.layer(name).geometry.to_numpy(), grid_m=overlay.GRID_M, leave_unsure=True)
    return len(lines)


def judged(file: Path) -> Review:
    """Review projects from nothing."""
    county = open_county(DEMO)
    land = projects.read_projects(county, [file])
    return reviewing.review(county, land, reviewing.clauses_for(county), keeps=False)


def lots(count: int) -> gpd.GeoDataFrame:
    """Return lots all over the demo county, always the same: blocks of neighbours that touch, and single lots."""
    districts = gpd.read_file(DEMO / "county.gpkg", layer="districts")
    west, south, east, north = districts.total_bounds
    rows = int(np.ceil(np.sqrt(count * (north - south) / (east - west))))
    columns = int(np.ceil(count / rows))
    x, y = np.meshgrid(np.linspace(west, east, columns + 1), np.linspace(south, north, rows + 1), indexing="ij")
    chance = np.random.default_rng(7)
    x += chance.uniform(-ASTRAY, ASTRAY, x.shape) * (east - west) / columns
    y += chance.uniform(-ASTRAY, ASTRAY, y.shape) * (north - south) / rows
    at, up = (one[:count] for one in np.divmod(np.arange(rows * columns), rows))
    corners = ((at, up), (at + 1, up), (at + 1, up + 1), (at, up + 1), (at, up))
    rings = np.stack([np.stack([x[one], y[one]], axis=-1) for one in corners], axis=1)
    middle = rings[:, :4].mean(axis=1, keepdims=True)
    alone = ((at // 3 + up // 3) % 2 == 1)[:, None, None]
    shapes = shapely.polygons(np.round(np.where(alone, middle + (rings - middle) * ALONE, rings), 3))
    number = np.arange(count)
    facts = {
        "id": [f"P{one:06d}" for one in number],
        "name": [f"地块 {one}" for one in number],
        "activity": [ACTIVITIES[one % len(ACTIVITIES)] for one in number],
    }
    return gpd.GeoDataFrame(facts, geometry=shapes, crs=districts.crs)
