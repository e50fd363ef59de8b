"""Judge one clause on plain tables: what a notebook has in hand, without a county folder."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pyproj

from gis_planning import geo
from gis_planning.conventions import delivered_as
from gis_planning.county import networks
from gis_planning.county.lent import lent
from gis_planning.county.raw import Raw
from gis_planning.errors import CrsError, RuleError
from gis_planning.judging.judge import judge
from gis_planning.judging.measuring import Measuring
from gis_planning.judging.rulebook import Clause
from gis_planning.results.verdicts import Verdict


def judge_frames(clause: Clause, layers: Mapping[str, Any]) -> Verdict:
    """Judge a clause on GeoDataFrames, by the settings and the limit of its document.

    Parameters
    ----------
    layers
        By layer kind (`residential`, `parks`, `study_area` ...) or by the name of the measure's parameter; columns
        have our names. A network is built of `streets`, `barriers` and `elevation`. All are in one CRS in metres.

    Raises
    ------
    RuleError
        The clause takes no such layer.
    CrsError
        A layer has no CRS, another one than the others, or one that is not in metres.
    """
    wanted = _wanted(clause)
    named: dict[str, Any] = {}
    for name, frame in layers.items():
        layer = clause.layers.get(name, name)
        if layer not in wanted:
            raise RuleError("frames.unknown", code=clause.code, name=name, known=list(wanted))
        if frame is not None:
            named[layer] = frame
    crs = _crs_of(named)
    tables = named
    if clause.family == "quality":
        tables = {layer: _delivered(layer, frame, crs) for layer, frame in named.items()}
    network = partial(networks.built, layers=named)
    county = lent(clause.code, crs, tables, clause.layers.values(), network)
    return judge(clause, Measuring(county, keeps=False))


def _delivered(layer: str, frame: Any, crs: str) -> Raw:
    return Raw(layer, frame, frame.crs, pyproj.CRS(crs), Path(layer), layer, None, {})


def _wanted(clause: Clause) -> dict[str, None]:
    """Return the layers that can be given: those the clause takes, and what its networks are built of."""
    found: dict[str, None] = {}
    for layer in clause.layers.values():
        found |= dict.fromkeys(delivered_as(layer))
    return found


def _crs_of(layers: Mapping[str, Any]) -> str:
    """Return the one CRS of some layers, as a name that reads back."""
    first = ""
    for name, frame in layers.items():
        crs = getattr(frame, "crs", None)
        if crs is None:
            raise CrsError("frames.no_crs", name=name)
        if first and not geo.same_crs(layers[first].crs, crs):
            names = {"one": geo.crs_name(layers[first].crs), "other": geo.crs_name(crs)}
            raise CrsError("frames.two_crs", first=first, name=name, **names)
        first = first or name
    if not first:
        return "EPSG:4526"
    found = geo.working_crs(layers[first].crs.to_wkt(), source=first)
    return found.to_wkt()
