"""All homes to all hospitals by car and on foot, with forbidden turns, in the demo county laid side by side."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from city import tiled
from clock import machine, timed

from gis_planning import streets

MODES = ("walk", "drive")


def options(words: argparse.ArgumentParser) -> None:
    """Name the options."""
    words.add_argument("--towns", type=int, default=16, help="how many demo counties lie side by side")
    words.add_argument("--turns", type=float, default=0.05, help="the share of junctions with a forbidden turn")
    words.add_argument("--runs", type=int, default=5, help="runs of each; the median counts")


def run(chosen: argparse.Namespace) -> None:
    """Print a row for each thing that is done, on foot, by car, and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        book = tiled(chosen.towns, Path(folder)) / "county.gpkg"
        layers = {name: pyogrio.read_dataframe(book, layer=name) for name in ("streets", "buildings", "facilities")}
    drawn = layers["streets"].assign(id=[str(number) for number in range(len(layers["streets"]))])
    plain = {mode: streets.build(drawn, mode=mode) for mode in MODES}
    turns = forbidden(plain["drive"], drawn, chosen.turns)
    networks = plain | {"drive": streets.build(drawn, mode="drive", turn_restrictions=turns)}
    if networks["drive"].report.turns_unmatched:
        raise SystemExit("some turns were not understood")
    hospitals = layers["facilities"][layers["facilities"]["kind"] == "hospital"].geometry.centroid
    homes = layers["buildings"].geometry.centroid
    rows: dict[str, list[float]] = {"build": [], "attach": [], "nearest": [], "each hospital": []}
    for mode in MODES:
        network = networks[mode]
        more: dict[str, Any] = {"turn_restrictions": turns} if mode == "drive" else {}
        rows["build"].append(timed(lambda mode=mode, more=more: streets.build(drawn, mode=mode, **more), 3)[0])
        seconds, (doors, beds) = timed(lambda it=network: [streets.attach(it, one) for one in (homes, hospitals)], 3)
        rows["attach"].append(seconds)
        rows["nearest"].append(timed(lambda n=network, b=beds, d=doors: streets.nearest(n, b, d), chosen.runs)[0])
        rows["each hospital"].append(timed(lambda n=network, b=beds, d=doors: apart(n, b, d), chosen.runs)[0])
    junctions = f"{len(networks['drive'].xy):,} nodes, {len(turns):,} forbidden turns"
    print(machine("scipy", "numpy", "shapely") + "\n")
    print(f"{chosen.towns} demo counties: {len(homes):,} homes, {len(hospitals)} hospitals; {junctions}.\n")
    print("| | on foot, s | by car, s | ratio |\n|---|---|---|---|")
    for name, (foot, car) in (
        rows | {"all but building": [sum(t) for t in zip(*list(rows.values())[1:], strict=True)]}
    ).items():
        print(f"| {name} | {foot:.3f} | {car:.3f} | {car / foot:.2f} |")


def apart(network: streets.Streets, hospitals: streets.Attached, homes: streets.Attached) -> Any:
    """Return the cost of every home's way to every hospital."""
    each = np.arange(len(hospitals))
    return np.array([streets.nearest(network, hospitals.take([one]), homes).distance_m for one in each])


def forbidden(network: streets.Streets, drawn: gpd.GeoDataFrame, share: float) -> gpd.GeoDataFrame:
    """Return a forbidden turn, from one arm into another, at some junctions of three arms and more."""
    random = np.random.default_rng(7)
    node, edge = np.r_[network.u, network.v], np.tile(np.arange(len(network.u)), 2)
    ends = pd.DataFrame({"node": node, "id": drawn["id"].to_numpy()[network.feature[edge]]}).drop_duplicates()
    arms = ends.groupby("node")["id"].agg(list)
    arms = arms[arms.str.len() >= 3]
    arms = arms.iloc[np.sort(random.choice(len(arms), int(share * len(arms)), replace=False))]
    pairs = [random.choice(ids, 2, replace=False) for ids in arms]
    columns = {"from_id": [one for one, _ in pairs], "to_id": [other for _, other in pairs], "kind": "no_left_turn"}
    return gpd.GeoDataFrame(columns, geometry=shapely.points(network.xy[arms.index]), crs=network.crs)
