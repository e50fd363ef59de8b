"""Checks of a delivered layer of many patches, against the bare calls of shapely that any check of a coverage needs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import clock
import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from redlines import CRS, parcels_of

from gis_planning import geo
from gis_planning.county.raw import Raw
from gis_planning.judging import rulebook
from gis_planning.measures.quality import topology as quality_topology

#: The documents whose clauses on land use are the catalogue.
DOCUMENTS = {"quality-survey", "quality-survey_shapes"}


def options(words: argparse.ArgumentParser) -> None:
    """Name the options."""
    words.add_argument("--patches", type=int, default=100_000)
    words.add_argument("--runs", type=int, default=3, help="runs of each side; the median counts")


def run(chosen: argparse.Namespace) -> None:
    """Print the table."""
    frame = patches(chosen.patches)
    shapes = frame.geometry.to_numpy()
    bare, _ = clock.timed(
        lambda: (shapely.coverage_is_valid(shapes), shapely.coverage_invalid_edges(shapes)), chosen.runs
    )
    both, found = clock.timed(lambda: topology(frame), chosen.runs)
    clauses = catalogue()
    whole, counts = clock.timed(lambda: [checked(clause, layer(frame)) for clause in clauses], chosen.runs)
    if any(found) or any(counts):
        raise SystemExit(f"faults where there are none: {found} {counts}")
    # Faults cost more: a hundredth of the patches is moved by a decimetre.
    moved = frame.copy()
    moved.loc[::100, "geometry"] = shapely.transform(moved.geometry.to_numpy()[::100], lambda xy: xy + 0.1)
    worse = moved.geometry.to_numpy()
    bare_worse, _ = clock.timed(
        lambda: (shapely.coverage_is_valid(worse), shapely.coverage_invalid_edges(worse)), chosen.runs
    )
    both_worse, faults = clock.timed(lambda: topology(moved), chosen.runs)
    print(clock.machine("shapely", "geopandas"))
    print(f"\n{len(frame):,} patches; {len(clauses)} checks; moved: {faults[0]:,.0f} overlaps, {faults[1]:,.0f} gaps\n")
    print("| patches | seconds | ratio |\n|---|---|---|")
    rows = [
        ("bare coverage_is_valid and coverage_invalid_edges", bare, bare),
        ("ours: overlaps and gaps", both, bare),
        (f"ours: the whole catalogue, {len(clauses)} checks", whole, bare),
        ("bare, one patch in 100 moved by 14 cm", bare_worse, bare_worse),
        ("ours: its overlaps and gaps, each with its land", both_worse, bare_worse),
    ]
    for name, seconds, against in rows:
        print(f"| {name} | {seconds:.2f} | {seconds / against:.2f} |")


def coverage_calls(shapes: Any) -> Any:
    """Ask shapely whether polygons fit together, and where not."""
    return shapely.coverage_is_valid(shapes), shapely.coverage_invalid_edges(shapes)


def patches(count: int) -> gpd.GeoDataFrame:
    """Return edge-matched patches with the columns of DLTB, everything in them right."""
    frame = parcels_of(count)
    number = np.arange(len(frame))
    areas = np.round(geo.ellipsoid_area(frame.geometry.to_numpy(), pyproj.CRS(CRS)), 2)
    codes = pd.Series(number).map("150999100201{:06d}".format)
    columns: dict[str, Any] = {
        "BSM": codes, "YSDM": "2001010100", "TBBH": number.astype(str), "DLBM": "0103", "DLMC": "旱地", "QSXZ": "30",
        "QSDWDM": "1509991002010000000", "QSDWMC": "甲嘎查", "ZLDWDM": "1509991002010000000", "ZLDWMC": "甲嘎查",
        "TBMJ": areas, "KCDLBM": None, "KCXS": 0.0, "KCMJ": 0.0, "TBDLMJ": areas, "GDLX": "PD", "GDPDJB": "2",
        "ZZSXDM": "LS", "ZZSXMC": "种植粮食作物", "FRDBS": "0", "CZCSXM": None, "SJNF": 2023, "MSSM": "00",
    }  # fmt: skip
    return gpd.GeoDataFrame(columns, geometry=frame.geometry.to_numpy(), crs=CRS)


def layer(frame: gpd.GeoDataFrame) -> Raw:
    """Return the patches as a layer that was just read."""
    crs = pyproj.CRS(CRS)
    return Raw("land_use", frame, crs, crs, Path("county.gpkg"), "DLTB", "150999")


def topology(frame: gpd.GeoDataFrame) -> tuple[float, float]:
    """Return how many overlaps and gaps there are."""
    own = layer(frame)
    return quality_topology.overlap(own).value, quality_topology.gap(own).value


def catalogue() -> list[rulebook.Clause]:
    """Return the clauses that look at the layer of patches alone, whose file need not be read again."""
    found = [
        one for one in rulebook.load() if one.document.id in DOCUMENTS and list(one.layers.values()) == ["land_use"]
    ]
    return [one for one in found if one.measure != "quality.structure"]


def checked(clause: rulebook.Clause, own: Raw) -> int:
    """Return how many faults a clause finds; coordinates in doubles are finer than any grid, and not asked for."""
    if clause.measure == "quality.precision":
        clause.function(own, **clause.settings)
        return 0
    return int(clause.function(own, **clause.settings).value)
