"""Hold a delivered layer against its structure, and return what is wrong with it as a measurement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import AfterValidator

from gis_planning.conventions import KindTitle
from gis_planning.conventions.structures import LIKELY_SHARE, Structure, structures
from gis_planning.county.raw import Raw
from gis_planning.errors import NotAssessed
from gis_planning.measures.columns import blank, said
from gis_planning.results.verdicts import Measured
from gis_planning.texts import Text


@dataclass(frozen=True)
class Faults:
    """What is wrong with geometry: arrays by fault.

    Attributes
    ----------
    at, other
        The positions of the features; -1 for none.
    place
        Points, lines or polygons where it is, in the CRS of `Raw.plane`.
    size
        How large it is, in what the check counts: metres, square metres, degrees.
    reason
        Which of several faults it is.
    """

    at: NDArray[np.intp]
    place: NDArray[np.object_]
    size: NDArray[np.float64] | None = None
    other: NDArray[np.intp] | None = None
    reason: NDArray[np.object_] | None = None


def _known(name: str) -> str:
    if name and name not in structures():
        raise ValueError(", ".join(structures()))
    return name


#: The name of a structure, looked at when a clause is read; empty for the one a table is called by.
StructureName = Annotated[str, AfterValidator(_known)]


def held(layer: Raw, name: str) -> tuple[Structure, dict[str, str]]:
    """Return the structure a layer is held against and the fields its columns go by.

    Without a name it is the one the table is called by. A table that neither is called so nor has nearly all of the
    mandatory columns is another table, and is not held against it.
    """
    place = {"layer": KindTitle(layer.layer), "table": layer.table or layer.source.name}
    own = structures()[name] if name else layer.structure
    if own is None:
        raise NotAssessed("quality.no_structure", **place)
    theirs = [str(field) for field in layer.frame.columns]
    called = layer.structure is None and own.resembles(theirs) >= LIKELY_SHARE
    if layer.structure is not own and not called:
        raise NotAssessed("quality.other_table", **place, structure=own.name)
    return own, own.fields(theirs)


def field_of(layer: Raw, column: str) -> str:
    """Return the field a column goes by in a layer: its own name, or another of a standard column's names.

    Raises
    ------
    NotAssessed
        The layer has no such field.
    """
    theirs = [str(field) for field in layer.frame.columns]
    own = next((field for field in theirs if field.casefold() == column.casefold()), None)
    if own is not None:
        return own
    meant = (structure.fields(theirs).get(column) for structure in structures().values())
    found = next((field for field in meant if field is not None), None)
    return stated_field(layer, column, {} if found is None else {column: found})


def stated_field(layer: Raw, column: str | None, fields: Mapping[str, str]) -> str:
    """Return the field of a column that a check cannot do without."""
    if column is None or column not in fields:
        raise NotAssessed("quality.no_column", layer=KindTitle(layer.layer), columns=[column or "MJ"])
    return fields[column]


def measured(layer: Raw, found: pd.DataFrame, fault: str, *, notes: list[Text] | None = None) -> Measured:
    """Return the faults of a layer: counted by feature, each with its place."""
    at = found["at"].to_numpy(dtype=np.intp)
    own = at >= 0
    geometry = np.full(len(found), None, dtype=object)
    geometry[own] = layer.drawn(at[own])
    offenders = gpd.GeoDataFrame(
        {
            "layer": [layer.layer] * len(found),
            "fault": [fault] * len(found),
            **named(layer, at),
            "field": found["field"].astype(str).to_numpy(dtype=object),
            "value": found["value"].astype(str).to_numpy(dtype=object),
            "expected": found["expected"].astype(str).to_numpy(dtype=object),
        },
        geometry=geometry,
        crs=layer.working,
    )
    # A feature counts once, whatever is wrong with it; a fault of the table is one of its own.
    value = len(np.unique(at[own])) + int((~own).sum())
    return Measured(float(value), "count", offenders, notes=tuple(notes or ()))


def located(layer: Raw, faults: Faults, fault: str, expected: str, *, notes: list[Text] | None = None) -> Measured:
    """Return faults of geometry as a measurement: each counts and stands where it is, the largest first."""
    size = faults.size if faults.size is not None else np.full(len(faults.at), np.nan)
    offenders = gpd.GeoDataFrame(
        {
            "layer": [layer.layer] * len(faults.at),
            "fault": faults.reason if faults.reason is not None else [fault] * len(faults.at),
            **named(layer, faults.at, faults.other),
            "size": size,
            "expected": [expected] * len(faults.at),
        },
        geometry=layer.placed(faults.place),
        crs=layer.working,
    ).sort_values("size", ascending=False, kind="stable", na_position="last", ignore_index=True)
    return Measured(float(len(offenders)), "count", offenders, notes=tuple(notes or ()))


def named(layer: Raw, at: NDArray[np.intp], other: NDArray[np.intp] | None = None) -> dict[str, NDArray[np.object_]]:
    """Return by what the features of some faults are found again: their table, identifiers and numbers in it."""
    second = np.full(len(at), -1, dtype=np.intp) if other is None else other
    ids = pd.Series(layer.frame.index.to_numpy())
    table = layer.structure.name if layer.structure else layer.called
    bsm, tbbh = (_column(layer, column) for column in ("BSM", "TBBH"))
    return {
        "table": np.full(len(at), table, dtype=object),
        "feature": _at(ids, at),
        "bsm": _at(bsm, at),
        "tbbh": _at(tbbh, at),
        "other": _at(ids, second),
        "other_bsm": _at(bsm, second),
    }


def _column(layer: Raw, column: str) -> pd.Series | None:
    """Return a standard column of a layer, by its name or another of its names; None where there is none."""
    theirs = [str(field) for field in layer.frame.columns]
    field = next((one for one in theirs if one.casefold() == column.casefold()), None)
    if field is None and layer.structure is not None:
        field = layer.structure.fields(theirs).get(column)
    return None if field is None else layer.frame[field]


def _at(column: pd.Series | None, at: NDArray[np.intp]) -> NDArray[np.object_]:
    """Return what the features at some positions say in a column, None where they say nothing or are none (-1)."""
    found = np.full(len(at), None, dtype=object)
    there = at >= 0
    if column is not None and there.any():
        own = column.iloc[at[there]]
        words = said(own)
        words[blank(own)] = None
        found[there] = words
    return found
