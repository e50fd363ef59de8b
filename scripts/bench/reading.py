"""One town out of a county of many patches: reading it alone against reading the county whole, by format."""

from __future__ import annotations

import argparse
import os
import tempfile
import uuid
from functools import partial
from pathlib import Path
from typing import Any

import clock
import geopandas as gpd
import numpy as np
import shapely

from gis_planning.conventions import kinds
from gis_planning.county.fields import wanted_fields
from gis_planning.formats.address import place_of
from gis_planning.formats.convert import convert
from gis_planning.formats.read import sources
from gis_planning.formats.read.area import Area
from gis_planning.formats.read.vector import WHOLE, Part

CRS = "EPSG:4526"
EAST, NORTH, SIDE_M = 38_440_000.0, 4_700_000.0, 40.0
#: Towns of the county, in rows and columns, and villages of a town; patches are numbered village by village.
TOWNS, VILLAGES = 4, 5
#: Fields of a land-use patch that no measure asks for.
FIELDS = ("YSDM", "TBYBH", "TBBH", "QSDWDM", "QSDWMC", "ZLDWDM", "ZLDWMC", "GDLX", "TBXHDM", "TBXHMC", "BZ")


def options(words: argparse.ArgumentParser) -> None:
    """Say what can be chosen."""
    words.add_argument("--patches", type=int, default=500_000)
    words.add_argument("--runs", type=int, default=3, help="runs of each; the median counts")
    words.add_argument("--formats", nargs="*", default=[".gpkg", ".gdb", ".shp", ".parquet"])


def run(chosen: argparse.Namespace) -> None:
    """Print the table; a server named by GIS_PLANNING_TEST_PG is tried too."""
    county = patches(chosen.patches)
    x0, y0, x1, y1 = county.total_bounds
    town = shapely.box(x0, y0, x0 + (x1 - x0) / TOWNS, y0 + (y1 - y0) / TOWNS).buffer(-1.0)
    area = Area(town, county.crs)
    columns = wanted_fields(kinds()["land_use"], {})
    expected = int(shapely.intersects(town, county.geometry.to_numpy()).sum())
    print(f"{len(county):,} patches of {shapely.get_num_coordinates(county.geometry.to_numpy()).mean():.0f} vertices")
    print(f"one town of {TOWNS**2}: {expected:,} patches")
    print(clock.machine("pyogrio", "pyarrow", "geopandas"))
    print("| source | whole, s | our columns, s | one town, s | town to whole |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        first = Path(name) / "p.parquet"
        county.to_parquet(first)
        for place in places(Path(name), chosen.formats):
            source, table = place
            convert(first, source, name=table)
            rows = [Part(), Part(columns), Part(columns, area)]
            taken = [clock.timed(partial(read, source, table, part), chosen.runs) for part in rows]
            if len(taken[2][1]) != expected:
                message = f"{source}: {len(taken[2][1]):,} patches read, {expected:,} touch the town"
                raise SystemExit(message)
            whole, ours, one = (seconds for seconds, _ in taken)
            called = source.suffix or "PostGIS"
            print(f"| {called} | {whole:.2f} | {ours:.2f} | {one:.3f} | 1/{whole / one:.0f} |")
            if not isinstance(source, Path):
                drop(source, str(table))


def read(source: Any, table: str | None, part: Part = WHOLE) -> Any:
    return sources.read_source(source, table=table if not isinstance(source, Path) else None, part=part).frame


def places(folder: Path, formats: list[str]) -> list[tuple[Any, str | None]]:
    """Return what to write to: a file of each format, and a table on the server if there is one."""
    found: list[tuple[Any, str | None]] = [(folder / f"county{suffix}", None) for suffix in formats]
    if server := os.environ.get("GIS_PLANNING_TEST_PG"):
        found.append((place_of(server), f"public.bench_{uuid.uuid4().hex[:8]}"))
    return found


def drop(address: Any, table: str) -> None:
    """Take a table off the server again."""
    from gis_planning.formats.read import postgis  # noqa: PLC0415 - only where there is a server
    from gis_planning.formats.write import postgis as postgis_write  # noqa: PLC0415 - only where there is a server

    with postgis.connected(address, writing=True) as database:
        database.run(f"DROP TABLE {table}")
        postgis_write.commit(database)


def patches(count: int, seed: int = 1) -> gpd.GeoDataFrame:
    """Return patches of 17 vertices in the order of their villages, with the fields of a land-use layer."""
    random = np.random.default_rng(seed)
    n = round(count**0.5)
    x, y = (grid.ravel() for grid in np.meshgrid(np.arange(n), np.arange(n)))
    parts = TOWNS * VILLAGES
    village = (y * parts // n) * parts + x * parts // n
    order = np.argsort(village, kind="stable")
    x, y, village = x[order], y[order], village[order]
    turns = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    radius = SIDE_M / 2 * random.uniform(0.7, 0.99, (len(x), 16))
    ring = np.stack([np.cos(turns) * radius, np.sin(turns) * radius], axis=-1)
    ring += np.stack([EAST + x * SIDE_M, NORTH + y * SIDE_M], axis=-1)[:, None, :]
    shapes = shapely.polygons(np.concatenate([ring, ring[:, :1]], axis=1))
    columns = {"BSM": np.arange(len(x)).astype(str), "DLBM": random.choice(["0101", "0301", "0701"], len(x))}
    columns |= {name: np.char.add(name, (village * 7919).astype(str)) for name in FIELDS}
    columns |= {name: random.uniform(0, 1e5, len(x)) for name in ("TBMJ", "KCMJ", "TBDLMJ", "KCXS")}
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)
