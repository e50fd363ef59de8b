"""Real towns to measure on, from the shared data beside the clone."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from gis_planning import geo, streets
from gis_planning.formats.osm import layers_of, read_extract
from gis_planning.formats.read.osm_tags import metric_crs

ROOT = Path(__file__).resolve().parents[2]


def options(words: argparse.ArgumentParser, extract: str = "porto_alegre/poa.osm.pbf") -> None:
    """Name the options that choose a town."""
    words.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the shared data")
    words.add_argument("--extract", default=extract, help="an .osm.pbf file in it")


def read(chosen: argparse.Namespace) -> tuple[dict[str, gpd.GeoDataFrame], streets.Streets]:
    """Return the layers of a town in metres and its walking network."""
    file = chosen.data / chosen.extract
    if not file.is_file():
        raise SystemExit(f"skipped: there is no {chosen.extract} in the data folder; name it with --data and --extract")
    layers = layers_of(read_extract(file))
    crs = metric_crs(layers["streets"])
    plane = {
        name: layer.set_geometry(geo.reproject(layer.geometry.to_numpy(), layer.crs, crs), crs=crs)
        for name, layer in layers.items()
        if len(layer)
    }
    return plane, streets.build(plane["streets"], barriers=plane.get("barriers"))


def copies(network: streets.Streets, count: int) -> streets.Streets:
    """Return a network many times, side by side: a region of towns that no street joins."""
    nodes, width = len(network.xy), float(np.ptp(network.xy[:, 0])) + 5000.0
    each = range(count)
    by_edge = ("length_m", "feature", "level", "structure", "walkway", "forward", "backward")
    return replace(
        network,
        xy=np.concatenate([network.xy + (n * width, 0.0) for n in each]),
        component=np.concatenate([network.component + n * len(network.island) for n in each]),
        u=np.concatenate([network.u + n * nodes for n in each]),
        v=np.concatenate([network.v + n * nodes for n in each]),
        geometry=np.concatenate(
            [shapely.transform(network.geometry, lambda xy, n=n: xy + (n * width, 0.0)) for n in each]
        ),
        island=np.tile(network.island, count),
        **{name: np.tile(getattr(network, name), count) for name in by_edge},
    )


def at_nodes(network: streets.Streets, nodes: np.ndarray) -> streets.Attached:
    """Return nodes as places."""
    edge, offset = np.zeros(len(network.xy), dtype=np.intp), np.zeros(len(network.xy))
    edge[network.v], offset[network.v] = np.arange(len(network.v)), network.length_m
    edge[network.u], offset[network.u] = np.arange(len(network.u)), 0.0
    none, state = np.zeros(len(nodes)), np.full(len(nodes), streets.ATTACHED, dtype=np.int8)
    return streets.Attached(edge[nodes], offset[nodes], none, state, 0.0)
