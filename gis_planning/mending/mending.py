"""Mend a copy of a county's layers: what is asked for and nothing else, feature by feature, with a ledger.

The sources are never touched. Tables in which something was mended are written whole into one new GeoPackage, their
fields, ids and CRS as they were; all others stay where they are.
"""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis_planning import geo
from gis_planning.conventions import KindTitle
from gis_planning.county.inputs import files_apart_from
from gis_planning.county.opened import County, open_county
from gis_planning.county.raw import Raw
from gis_planning.county.repair import TOLERANCE_M2, TOLERANCE_SHARE
from gis_planning.errors import CountyError, LayerError, OutputError, SourceError
from gis_planning.formats.read import windings
from gis_planning.formats.read.sources import read_source
from gis_planning.formats.read.vector import Part
from gis_planning.formats.write.folder import made_whole, write_county_file
from gis_planning.formats.write.vector import write_table
from gis_planning.formats.write.writable import fit, format_of
from gis_planning.measures import shapes as checks
from gis_planning.measures import topology
from gis_planning.measures.remainders import rounded
from gis_planning.mending.fitting import fitted, matched
from gis_planning.mending.ledger import MENDED, Step, identified, write_ledger
from gis_planning.texts import Lang, Text, text

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

#: Sources whose tables can be written again as they are.
SUFFIXES = {".shp", ".gpkg", ".gdb", ".geojson", ".json", ".fgb", ".parquet", ".geoparquet"}


@dataclass(frozen=True)
class Asked:
    """What is to be mended.

    Attributes
    ----------
    only
        The layers, all if empty.
    coverage
        Layers whose polygons are to fit together without overlap; overlaps go to the neighbour with the longest border.
    gaps_below_m
        In these layers, gaps narrower than this are closed as well.
    control_m2
        By layer: the control area that the stated areas are to add up to.
    tolerance_share
        A feature whose area would change by more than this share (or by 1 m2, whichever is more) is left as it was; in
        a coverage, one of which more than this would change hands.
    """

    only: tuple[str, ...] = ()
    coverage: tuple[str, ...] = ()
    gaps_below_m: float = 0.0
    control_m2: Mapping[str, float] | None = None
    tolerance_share: float = TOLERANCE_SHARE

    @property
    def named(self) -> frozenset[str]:
        """Return the layers of which something is asked by their names."""
        return frozenset((*self.only, *self.coverage, *(self.control_m2 or {})))


def mend_county(
    folder: Path, out: Path, asked: Asked, *, lang: Lang, progress: Callable[[Text], None] = lambda _: None
) -> tuple[Step, ...]:
    """Write a copy of a county with its geometry mended, and return the ledger.

    Repeated vertices are removed and invalid geometries made valid (the structure of their rings is kept). Layers under
    `coverage` are fitted together. Mending a group of neighbours is refused as a whole where it would be refused for
    one of them, for half of it would leave new gaps. Where layers are named, another that cannot be read is left.

    Raises
    ------
    InputError
        The county cannot be read, or a layer is not there, cannot be read or cannot be mended so.
    OutputError
        `out` holds files, or cannot be written; nothing is left then.
    """
    county = open_county(folder)
    files_apart_from(out, county)
    _refuse_unknown(county, asked)
    steps: list[Step] = []
    with made_whole(out) as beside:
        moved: dict[tuple[str, str | None], str] = {}
        for (source, table), layers in _tables(county, asked).items():
            progress(text("cli.reading", layer=KindTitle(layers[0])))
            try:
                read = _read(county, layers[0])
            except SourceError:
                if not asked.named or asked.named.intersection(layers):
                    raise
                steps.append(Step(table or Path(source).name, "-", "unread", "left", 0.0, 0.0))
                continue
            mended, found = _mended(read, layers, asked)
            adjusted, more = _adjusted(read, mended, layers, asked)
            steps += identified(read, [*found, *more])
            if any(step.action == "mended" for step in (*found, *more)):
                progress(text("repairs.writing", table=read.called))
                moved[source, table] = _write(replace(read, frame=adjusted), beside / MENDED, moved.values())
        write_ledger(steps, beside, lang)
        _write_county(county, beside, out, moved)
    return tuple(steps)


def _refuse_unknown(county: County, asked: Asked) -> None:
    for layer in sorted(asked.named):
        if layer not in county.tables:
            raise CountyError("repairs.no_layer", file=county.folder / "county.toml", layer=layer)


def _tables(county: County, asked: Asked) -> dict[tuple[str, str | None], list[str]]:
    """Return the tables that can be mended and the layers each serves, whatever part of it each takes."""
    found: dict[tuple[str, str | None], list[str]] = {}
    for layer, table in county.tables.items():
        wanted = not asked.only or layer in asked.named
        if wanted and table.source is not None and Path(table.source).suffix.lower() in SUFFIXES:
            found.setdefault((table.source, table.layer), []).append(layer)
    return found


def _read(county: County, layer: str) -> Raw:
    """Return a whole table as it was delivered, with the types of its fields."""
    table = county.tables[layer]
    source = county.folder / str(table.source)
    delivered = read_source(source, table=table.layer, part=Part(exact=True))
    stated = geo.parse_crs(table.crs, source=str(county.folder / "county.toml")) if table.crs else None
    crs = delivered.crs or stated
    if crs is None:
        raise LayerError("repairs.no_crs", source=source, layer=KindTitle(layer))
    return Raw(layer, delivered.frame, crs, county.crs, source, delivered.table, county.settings.code, delivered.curved)


def _mended(read: Raw, layers: list[str], asked: Asked) -> tuple[gpd.GeoDataFrame, list[Step]]:
    """Return a table with its geometry mended, and what was done."""
    shapes: Any = np.array(read.geometry, dtype=object)
    steps = [_step(read, at, fault, "left") for at, fault in _hopeless(read)]
    for fault, mend in (("repeated_points", _without_repeats), ("invalid", _made_valid)):
        at = np.flatnonzero(_has(fault, shapes))
        if not len(at):
            continue
        done = mend(shapes[at])
        before, after = _areas(read, shapes[at]), _areas(read, done)
        why = _objections(shapes[at], done, before, after, asked.tolerance_share)
        why[_two_readings(read, shapes[at])] = "holes"
        kept = why == ""
        shapes[at[kept]] = done[kept]
        for one, no, was, now in zip(at.tolist(), why, before.tolist(), after.tolist(), strict=True):
            steps.append(_step(read, one, fault, "refused" if no else "mended", was, now, why=no))
    if any(layer in asked.coverage for layer in layers):
        shapes, more = _fitted(read, shapes, asked)
        steps += more
    return read.frame.set_geometry(shapes, crs=read.frame.crs), steps


def _hopeless(read: Raw) -> list[tuple[int, str]]:
    """Return the features with no geometry, or none that can be read."""
    faults = checks.invalid(read.plane)
    reasons: Any = faults.reason
    none = shapely.is_missing(read.plane) & ~shapely.is_missing(read.geometry)
    return [
        (int(at), "valid_coordinates" if none[at] else str(reason))
        for at, reason in zip(faults.at, reasons, strict=True)
        if reason in ("valid_null", "valid_empty")
    ]


def _has(fault: str, shapes: Any) -> NDArray[np.bool_]:
    if fault == "invalid":
        there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
        bounds = np.isfinite(shapely.bounds(shapes)).all(axis=1)
        found: NDArray[np.bool_] = there & bounds & ~shapely.is_valid(shapes)
        return found
    found = np.zeros(len(shapes), dtype=bool)
    found[checks.repeated_points(shapes, 0.0).at] = True
    return found


def _without_repeats(shapes: Any) -> Any:
    return shapely.remove_repeated_points(shapes, 0.0)


def _made_valid(shapes: Any) -> Any:
    return shapely.make_valid(shapes, method="structure", keep_collapsed=False)


def _fitted(read: Raw, shapes: Any, asked: Asked) -> tuple[Any, list[Step]]:
    """Return polygons fitted together; groups in which one would be lost or changed too much are as they were."""
    if not (read.crs.is_projected and read.plane_crs is read.crs):
        raise LayerError("repairs.degrees", source=read.source, layer=KindTitle(read.layer), crs=geo.crs_name(read.crs))
    at = np.flatnonzero((shapely.get_dimensions(shapes) == 2) & ~shapely.is_empty(shapes) & shapely.is_valid(shapes))
    own = shapes[at]
    if not len(own):
        return shapes, []
    others = topology.land(np.delete(shapes, at))[0]
    done, moved = fitted(own, others, asked.gaps_below_m)
    before, after = shapely.area(own), shapely.area(done)
    # What counts is the land that changes hands: a feature that gives as much as it gets is not the same.
    change = shapely.area(shapely.symmetric_difference(own, done))
    why = _objections(own, done, before, before + change, asked.tolerance_share)
    group = _groups(own, done, np.flatnonzero(moved))
    refused = np.isin(group, group[moved & (why != "")]) & moved
    why[refused & (why == "")] = "neighbour"
    kept = moved & ~refused
    delivered: Any = np.array(read.geometry, dtype=object)[at]
    # Where an outline crossed itself, making it valid has left vertices that neighbours lack, too.
    done, got = matched(np.where(kept, done, own), delivered, kept | (own != delivered))
    noded = got & ~kept
    after[got] = shapely.area(done[got])
    shapes = shapes.copy()
    shapes[at[kept | noded]] = done[kept | noded]
    became = {"matched": noded, "mended": kept, "refused": refused}
    steps = [
        _step(
            read,
            int(at[one]),
            "coverage",
            action,
            before[one],
            after[one],
            why=why[one] if action == "refused" else "",
        )
        for one in np.flatnonzero(noded | moved).tolist()
        for action, which in became.items()
        if which[one]
    ]
    return shapes, steps


def _groups(own: Any, done: Any, moved: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return by polygon the group of neighbours whose changes hang together; those that did not change are alone."""
    changed = shapely.symmetric_difference(own[moved], done[moved])
    one, other = shapely.STRtree(changed).query(changed, predicate="intersects")
    links = coo_array((np.ones(len(one), dtype=np.int8), (moved[one], moved[other])), shape=(len(own),) * 2)
    found: NDArray[np.intp] = connected_components(links, directed=False)[1].astype(np.intp)
    return found


def _adjusted(
    read: Raw, frame: gpd.GeoDataFrame, layers: list[str], asked: Asked
) -> tuple[gpd.GeoDataFrame, list[Step]]:
    """Return a table whose stated areas add up to the control area; what rounding leaves goes to largest remainders.

    Net areas follow: the deduction is the share of the new area, and the net area the rest.
    """
    import pandas as pd  # noqa: PLC0415

    wanted = {(asked.control_m2 or {}).get(layer) for layer in layers} - {None}
    if not wanted:
        return frame, []
    control = float(wanted.pop() or 0.0)
    own = read.structure
    found = own.fields(map(str, frame.columns)) if own is not None else {}
    if own is None or own.area not in found:
        raise LayerError("repairs.no_area", source=read.source, layer=KindTitle(read.layer))
    stated = pd.to_numeric(frame[found[own.area]], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    if np.isnan(stated).any() or (stated <= 0).any() or control <= 0:
        raise LayerError("repairs.bad_areas", source=read.source, layer=KindTitle(read.layer), field=found[own.area])
    change = abs(control / stated.sum() - 1)
    if change > asked.tolerance_share:
        raise LayerError(
            "repairs.control_far", source=read.source, layer=KindTitle(read.layer), total=stated.sum(), control=control
        )
    group = np.zeros(len(stated), dtype=np.intp)
    new = rounded(stated * (control / stated.sum()), group, np.array([control]))
    frame = frame.copy()
    _set(frame, found[own.area], new)
    if {"KCXS", "KCMJ"} <= found.keys() and own.net in found:
        share = pd.to_numeric(frame[found["KCXS"]], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        deducted = np.round(new * np.nan_to_num(share), 2)
        _set(frame, found["KCMJ"], deducted)
        _set(frame, found[str(own.net)], np.round(new - deducted, 2))
    changed = np.flatnonzero(np.abs(new - stated) > 1e-9)
    return frame, [_step(read, int(at), "control_area", "mended", float(stated[at]), float(new[at])) for at in changed]


def _set(frame: pd.DataFrame, field: str, values: NDArray[np.float64]) -> None:
    import pandas as pd  # noqa: PLC0415

    frame[field] = pd.array(values, dtype=frame[field].dtype)


def _areas(read: Raw, shapes: Any) -> NDArray[np.float64]:
    """Return areas in square metres, on the plane in which the layer is looked at."""
    import geopandas as gpd  # noqa: PLC0415

    plane = replace(read, frame=gpd.GeoDataFrame(geometry=shapes)).plane
    found: NDArray[np.float64] = np.nan_to_num(shapely.area(plane))
    return found


def _two_readings(read: Raw, shapes: Any) -> list[int]:
    """Return the positions of shapes of which nobody can tell what is a hole in them; those are for people to mend."""
    import geopandas as gpd  # noqa: PLC0415

    return list(windings.doubts(replace(read, frame=gpd.GeoDataFrame(geometry=shapes)).plane))


def _objections(shapes: Any, done: Any, before: Any, after: Any, share: float) -> NDArray[np.object_]:
    """Return why shapes are not to be replaced, from both shapes and both areas; empty where nothing is against it."""
    against = [~_same_kind(shapes, done), ~_within_tolerance(before, after, share)]
    found: NDArray[np.object_] = np.select(against, ["lost", "tolerance"], "").astype(object)
    return found


def _same_kind(before: Any, after: Any) -> NDArray[np.bool_]:
    same: NDArray[np.bool_] = shapely.get_dimensions(before) == shapely.get_dimensions(after)
    same &= ~shapely.is_empty(after) & (shapely.get_type_id(after) != 7)
    return same


def _within_tolerance(before: Any, after: Any, share: float) -> NDArray[np.bool_]:
    allowed = np.maximum(TOLERANCE_M2, share * np.maximum(before, after))
    # What vanishes, or is swallowed by a neighbour, is lost however small it was.
    found: NDArray[np.bool_] = (np.abs(after - before) <= np.minimum(allowed, 0.5 * np.maximum(before, 1e-12))) | (
        before == after
    )
    return found


def _step(
    read: Raw, at: int, fault: str, action: str, before: float = 0.0, after: float = 0.0, *, why: str = ""
) -> Step:
    after = before if action == "refused" else after
    return Step(read.called, str(read.frame.index[at]), fault, action, before, after, why)


def _write(read: Raw, file: Path, taken: Any) -> str:
    """Write a whole table with its fields and CRS; return its name."""
    name = own = read.called
    number = 1
    while name in taken:
        number += 1
        name = f"{own}_{number}"
    format_ = format_of(file)
    fitted = fit(read.frame, format_, file, codec="utf-8")
    write_table(fitted, read.crs, file, name=name, format_=format_, codec="utf-8", out=file)
    return name


def _write_county(county: County, folder: Path, out: Path, moved: Mapping[tuple[str, str | None], str]) -> None:
    """Write county.toml again: what was mended comes from the new file, the rest from where it lies."""
    told = tomllib.loads((county.folder / "county.toml").read_text(encoding="utf-8-sig"))
    tables: dict[str, dict[str, Any]] = {name: table for name, table in told.items() if name != "layers"}
    for layer, table in told.get("layers", {}).items():
        entry = dict(table)
        source, inner = county.tables[layer].source, county.tables[layer].layer
        if source is not None and (source, inner) in moved:
            entry |= {"source": MENDED, "layer": moved[source, inner]}
        elif source is not None and "://" not in source:
            entry["source"] = _relative((county.folder / source).resolve(), out.resolve())
        for key in ("coverage", "within"):
            if entry.get(key) and entry[key] not in county.tables:
                entry[key] = _relative((county.folder / entry[key]).resolve(), out.resolve())
        tables[f"layers.{layer}"] = entry
    write_county_file(folder, tables)
    if (county.folder / "rules").is_dir():
        shutil.copytree(county.folder / "rules", folder / "rules")


def _relative(source: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(source, folder)).as_posix()
    except ValueError:  # another drive
        return source.as_posix()


def asked_for(
    only: tuple[str, ...], coverage: tuple[str, ...], gaps_below_m: float, control: tuple[str, ...], tolerance: float
) -> Asked:
    """Return what the words of the command line ask for.

    Raises
    ------
    OutputError
        A control area is not written as LAYER=M2.
    """
    totals = {}
    for words in control:
        layer, _, total = words.partition("=")
        try:
            totals[layer.strip()] = float(total)
        except ValueError:
            raise OutputError("repairs.bad_control", words=words) from None
    return Asked(only, coverage, gaps_below_m, totals, tolerance)
