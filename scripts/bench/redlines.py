"""Edge-matched parcels against a redline of many vertices, and against farmland: ours against its peers.

Totals have to be equal before a ratio is printed. Ours runs before its peers and after them; the mean of both counts.
DuckDB and SedonaDB are installed for the run, PostGIS is asked where GIS_PLANNING_TEST_PG names a server; all are asked
for the area only, without a grid and without a check.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from functools import partial
from statistics import mean
from typing import Any

import clock
import databases
import geopandas as gpd
import numpy as np
import pyproj
import shapely
from databases import Answer

from gis_planning import geo, overlay
from gis_planning.analysis.work import applied
from gis_planning.measures.redlines import overlap

CRS = "EPSG:4526"
EAST, NORTH, SIDE_M = 38_440_000.0, 4_700_000.0, 40.0
#: Both sides must agree to so much of the total; ours cuts on a grid of 0.1 mm.
AGREE = 1e-7
PARTS = ("redline", "farmland", "areas", "memory")


def options(words: argparse.ArgumentParser) -> None:
    """Say what can be chosen."""
    words.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    words.add_argument("--parcels", type=int, default=100_000)
    words.add_argument("--vertices", type=int, default=180_000)
    words.add_argument("--many", type=int, default=500_000, help="parcels of the memory run")
    words.add_argument("--runs", type=int, default=5, help="runs of each side; the median counts")
    words.add_argument("--limit", type=float, default=600.0, help="seconds after which a peer is not waited for")
    words.add_argument("--brief", action="store_true", help="leave out what takes minutes: peers given the whole line")
    words.add_argument("--no-peer", action="store_true", help="ours alone: geopandas may take ten minutes")


def run(chosen: argparse.Namespace) -> None:
    """Print the tables."""
    print(clock.machine("geopandas", "shapely", "pyproj"))
    for part in chosen.parts:
        {"redline": against_redline, "farmland": against_farmland, "areas": areas, "memory": memory}[part](chosen)


def against_redline(chosen: argparse.Namespace) -> None:
    """One control line: how much of each parcel lies in it."""
    parcels, line = parcels_of(chosen.parcels), redline(chosen.parcels, chosen.vertices)
    shapes, zone = parcels.geometry.to_numpy(), line.geometry.to_numpy()
    ours, cut = clock.timed(lambda: overlay.split(shapes, zone), chosen.runs)
    total = float(shapely.area(cut.inside).sum())
    whole, measured = clock.timed(lambda: applied(overlap, projects=parcels, line=line), chosen.runs)
    print(f"\n{len(parcels):,} parcels, redline of {shapely.get_num_coordinates(zone[0]):,} vertices: {total:,.3f} m2")
    print(f"on the ellipsoid {measured.value:,.3f} m2")
    pieces, _ = overlay.subdivide(zone, databases.PIECE_VERTICES)
    given, again = clock.timed(lambda: overlay.split(shapes, pieces), chosen.runs)
    answers = []
    if not (chosen.no_peer or chosen.brief):
        seconds, found = clock.timed(lambda: gpd.overlay(parcels, line, how="intersection"), 1)
        answers.append(Answer("geopandas.overlay (once)", seconds, float(found.area.sum())))
    if not chosen.no_peer:
        divided = {"line divided for it": pieces}
        answers += asked(shapes, divided if chosen.brief else {"whole line": zone, **divided}, chosen)
    ours = mean([ours, clock.timed(lambda: overlay.split(shapes, zone), chosen.runs)[0]])
    regrown = float(shapely.area(again.inside).sum())
    answers.append(Answer("ours, given the divided line, parts joined again", given, regrown))
    table(
        {"cut on a grid, both sides checked": ours, "measured: ellipsoid areas, pieces, labels": whole}, total, answers
    )


def against_farmland(chosen: argparse.Namespace) -> None:
    """Two sheets of as many polygons, laid across each other: every pair by itself."""
    one = parcels_of(chosen.parcels).geometry.to_numpy()
    other = shapely.transform(parcels_of(chosen.parcels, seed=5).geometry.to_numpy(), lambda at: at + (13.0, 7.0))
    ours, pieces = clock.timed(lambda: overlay.intersect(one, other), chosen.runs)
    total = float(shapely.area(pieces.geometry).sum())
    print(f"\n{len(one):,} parcels, {len(other):,} patches of farmland, {len(pieces.left):,} pairs: {total:,.3f} m2")
    answers = [] if chosen.no_peer else asked(one, {"": other}, chosen)
    ours = mean([ours, clock.timed(lambda: overlay.intersect(one, other), chosen.runs)[0]])
    table({"every pair cut on a grid and checked": ours}, total, answers)


def areas(chosen: argparse.Namespace) -> None:
    """Areas on the ellipsoid, against pyproj.Geod ring by ring."""
    parcels = parcels_of(chosen.parcels).geometry.to_numpy()
    crs = pyproj.CRS(CRS)
    ours, found = clock.timed(lambda: geo.ellipsoid_area(parcels, crs), chosen.runs)
    peer, plain = clock.timed(lambda: by_geod(parcels, crs), 1 if chosen.no_peer else chosen.runs)
    print(f"\n{len(parcels):,} parcels on the ellipsoid: {found.sum():,.3f} m2")
    answer = Answer("pyproj.Geod, edges of at most 200 m", peer, float(plain.sum()))
    table({"scale of areas, integrated": ours}, float(found.sum()), [answer])


def memory(chosen: argparse.Namespace) -> None:
    """Many parcels against three lines, in a process of its own, for its peak memory."""
    told = subprocess.run(
        [sys.executable, __file__, str(chosen.many), str(chosen.vertices)], check=True, capture_output=True, text=True
    )
    print("\n" + told.stdout.strip())


def measure_many(parcels: int, vertices: int) -> None:
    """Measure parcels against three lines and print the peak memory of this process."""
    import resource  # noqa: PLC0415 - Windows has none

    many = parcels_of(parcels)
    for seed in (2, 3, 4):
        line = redline(parcels, vertices, seed)
        seconds, measured = clock.timed(partial(applied, overlap, projects=many, line=line), 1)
        print(f"line {seed - 1}: {seconds:.1f} s, {measured.value:,.1f} m2 in {len(measured.offenders):,} pieces")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 30 if sys.platform == "darwin" else 1 << 20)
    print(f"{len(many):,} parcels, three lines of {vertices:,} vertices: peak memory {peak:.2f} GB")


def by_geod(parcels: Any, crs: pyproj.CRS) -> Any:
    """Return areas as pyproj computes them: every ring by itself, in degrees."""
    to_degrees = pyproj.Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True).transform
    points, ring = shapely.get_coordinates(geo.densify(parcels, geo.LONGEST_EDGE_M), return_index=True)
    lon, lat = to_degrees(points[:, 0], points[:, 1])
    cut = np.searchsorted(ring, np.arange(len(parcels) + 1))
    rings = (slice(cut[n], cut[n + 1]) for n in range(len(parcels)))
    return np.array([abs(geo.ELLIPSOID.polygon_area_perimeter(lon[one], lat[one])[0]) for one in rings])


def asked(one: Any, others: dict[str, Any], chosen: argparse.Namespace) -> list[Answer]:
    """Ask every database for the land that a layer shares with others."""
    answers = []
    with databases.environment() as python:
        for what, other in others.items():
            for engine in ("duckdb", "sedonadb"):
                answer = databases.packaged(python, engine, one, other, runs=chosen.runs, limit=chosen.limit)
                answers.append(Answer(f"{answer.name}, {what}".strip(", "), answer.seconds, answer.total))
    # PostGIS divides by itself, and the time counts; so it is not part of a brief run.
    for what in others if not chosen.brief else ():
        divided, layer = "divided" in what, next(iter(others.values()))
        runs = chosen.runs if divided or len(others) == 1 else 1
        given = databases.postgis(one, layer, divided=divided, runs=runs, limit=chosen.limit)
        if given:
            name = f"{given.name}, {'line divided by it' if divided else what}".strip(", ")
            answers.append(Answer(name, given.seconds, given.total))
    return answers


def table(ours: dict[str, float], total: float, answers: list[Answer]) -> None:
    """Print seconds and ratios to the first of ours; totals that differ end the run."""
    base = next(iter(ours.values()))
    print("\n| | seconds | ratio to ours |\n|---|---|---|")
    for answer in answers:
        more = "" if answer.total is not None else "more than "
        print(f"| {answer.name} | {more}{answer.seconds:.2f} | {more}{answer.seconds / base:.2f} |")
    for name, seconds in ours.items():
        print(f"| ours, {name} | {seconds:.2f} | {seconds / base:.2f} |")
    apart = {answer.name: abs(answer.total - total) / total for answer in answers if answer.total is not None}
    for name, share in apart.items():
        if share > AGREE:
            raise SystemExit(f"totals differ by {share:.1e}: {name}")
    if apart:
        print(f"\ntotals agree to {max(apart.values()):.1e}")


def parcels_of(count: int, seed: int = 1) -> gpd.GeoDataFrame:
    """Return a sheet of parcels that share their wavy edges exactly, 17 vertices each."""
    random = np.random.default_rng(seed)
    n = round(count**0.5)
    x, y = np.meshgrid(np.arange(n + 1) * SIDE_M, np.arange(n + 1) * SIDE_M)
    corner = np.stack([EAST + x + random.uniform(-8, 8, x.shape), NORTH + y + random.uniform(-8, 8, x.shape)], axis=-1)

    def edges(start: Any, end: Any) -> Any:
        along = np.linspace(0, 1, 5)[:, None]
        points = start[:, :, None] * (1 - along) + end[:, :, None] * along
        points[:, :, 1:-1] += random.uniform(-1, 1, (*start.shape[:2], 3, 2))
        return points

    across, up = edges(corner[:, :-1], corner[:, 1:]), edges(corner[:-1], corner[1:])
    sides = [across[:-1], up[:, 1:, 1:], across[1:, :, ::-1][:, :, 1:], up[:, :-1, ::-1][:, :, 1:]]
    rings = np.concatenate(sides, axis=2).reshape(n * n, -1, 2)
    return gpd.GeoDataFrame(geometry=shapely.polygons(rings), crs=CRS)


def redline(count: int, vertices: int, seed: int = 2) -> gpd.GeoDataFrame:
    """Return one multipolygon of ragged patches over a fifth of the sheet."""
    random = np.random.default_rng(seed)
    extent, across = round(count**0.5) * SIDE_M, 6
    angle = np.linspace(0, 2 * np.pi, vertices // across**2, endpoint=False)
    patches = []
    for column in range(across):
        for row in range(across):
            middle = (EAST + (column + 0.5) * extent / across, NORTH + (row + 0.5) * extent / across)
            waves = sum(random.uniform(0.01, 0.1) / k * np.sin(k * angle + random.uniform(0, 6)) for k in range(2, 60))
            reach = extent / across * (0.25 + waves) + random.uniform(-0.3, 0.3, len(angle))
            ring = np.column_stack([middle[0] + reach * np.cos(angle), middle[1] + reach * np.sin(angle)])
            patches.append(shapely.make_valid(shapely.Polygon(ring)))
    return gpd.GeoDataFrame(geometry=[shapely.union_all(patches)], crs=CRS)


if __name__ == "__main__":
    measure_many(int(sys.argv[1]), int(sys.argv[2]))
