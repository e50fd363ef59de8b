"""Make a county of layers in hand: it has no folder, and nothing else can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from gis_planning.conventions import kinds
from gis_planning.county.file import CountyFile, CountyTable
from gis_planning.county.opened import County
from gis_planning.county.raw import Raw
from gis_planning.streets import Streets


def lent(
    name: str, crs: str, layers: Mapping[str, Any], wanted: Iterable[str], network: Callable[[str], Streets]
) -> County:
    """Return a county that is lent some layers.

    Parameters
    ----------
    layers
        By kind: tables, or tables as delivered (`Raw`).
    wanted
        The layers that will be asked for: networks among them are built, where there is what they are built of.
    network
        Builds a network.
    """
    county = County(Path(), CountyFile(county=CountyTable(name=name, crs=crs)))
    for layer, table in layers.items():
        if isinstance(table, Raw):
            county.lend_delivered(layer, table)
        else:
            county.lend(layer, table)
    for layer in sorted(wanted):
        if layer in kinds() and kinds()[layer].geometry == "network" and county.has(layer):
            county.lend(layer, network(layer))
    return county
