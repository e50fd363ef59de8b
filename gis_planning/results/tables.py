"""Lay the results of a check out as tables, and write tables into a GeoPackage, every shape once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gis_planning.results.rasters import write_surfaces
from gis_planning.results.surface import Surface, raster_name
from gis_planning.results.verdicts import Scorecard
from gis_planning.texts import Lang

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

#: Ends of the names of the two tables of which a layer is a view: its rows, and the shapes they name by number.
ROWS, SHAPES = "_rows", "_shapes"
#: The column by which a row names its shape.
_SHAPE = "shape_number"


def result_tables(scorecard: Scorecard, lang: Lang) -> dict[str, pd.DataFrame]:
    """Return the verdicts, their values by district, the offenders, the result layers and the repairs."""
    import pandas as pd  # noqa: PLC0415

    told = [verdict.to_json(lang) for verdict in scorecard.verdicts]
    parts = [{"code": one["code"], **part} for one in told for part in one["districts"]]
    tables = {"verdicts": pd.DataFrame([_flat_verdict(one) for one in told]), **result_layers(scorecard)}
    if parts:
        tables["by_district"] = pd.DataFrame(parts)
    described = [
        {"code": one["code"], "layer": layer["id"], **{key: layer[key] for key in ("role", "title", "look", "by")}}
        for one in told
        for layer in one["layers"]
    ]
    columns = [
        {"code": one["code"], "layer": layer["id"], **column}
        for one in told
        for layer in one["layers"]
        for column in layer["columns"]
    ]
    for name, rows in (("result_layers", described), ("result_columns", columns)):
        if rows:
            tables[name] = pd.DataFrame(rows)
    repairs = [
        {"layer": repair.layer, "fault": repair.fault, "feature": feature}
        for repair in scorecard.repairs
        for feature in repair.features
    ]
    if repairs:
        tables["repairs"] = pd.DataFrame(repairs)
    return tables


def result_layers(scorecard: Scorecard) -> dict[str, gpd.GeoDataFrame]:
    """Return the offenders and result layers of all verdicts by name, each row with its clause's code."""
    import pandas as pd  # noqa: PLC0415

    found: dict[str, list[gpd.GeoDataFrame]] = {}
    for verdict in scorecard.verdicts:
        if verdict.measured:
            for name, frame in verdict.measured.frames.items():
                if len(frame):
                    found.setdefault(name, []).append(frame.assign(code=verdict.code))
    return {name: pd.concat(frames, ignore_index=True) for name, frames in found.items()}


def surfaces(scorecard: Scorecard) -> dict[str, Surface]:
    """Return the surfaces of all verdicts, by the layer and the clause's code."""
    return {
        raster_name(name, verdict.code): surface
        for verdict in scorecard.verdicts
        for name, surface in (verdict.measured.surfaces.items() if verdict.measured else ())
        if surface.rows
    }


def write_tables(path: Path, tables: Mapping[str, pd.DataFrame], rasters: Mapping[str, Surface] | None = None) -> None:
    """Write tables, with and without geometry, and surfaces into one GeoPackage.

    Where shapes of a layer stand in it again and again, for one clause and another, each is written once, and the layer
    is a view of rows and shapes, which GDAL and QGIS read as they read a table.
    """
    import geopandas as gpd  # noqa: PLC0415 - results is imported by light modules
    import pyogrio  # noqa: PLC0415

    for name, frame in tables.items():
        shared = _shared(frame) if isinstance(frame, gpd.GeoDataFrame) else None
        parts = {name: frame} if shared is None else {name + SHAPES: shared[0], name + ROWS: shared[1]}
        for part, table in parts.items():
            spatial = {} if shared is None else {"SPATIAL_INDEX": "NO"}
            # Said aloud, for beside tables that are not listed GDAL would not list these either.
            form = spatial if isinstance(table, gpd.GeoDataFrame) else {"ASPATIAL_VARIANT": "GPKG_ATTRIBUTES"}
            pyogrio.write_dataframe(table, path, layer=part, driver="GPKG", append=path.exists(), **form)
        if shared is not None:
            _view(path, name, list(frame.columns.drop(frame.geometry.name)), set(shared[0].columns))
    write_surfaces(path, rasters or {})


def _shared(frame: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, pd.DataFrame] | None:
    """Return the shapes of a layer with what is always said of each, and its rows, which name them by number.

    None where too few rows share a shape.
    """
    import geopandas as gpd  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    geometry = frame.geometry.to_numpy()
    number, kinds = pd.factorize(pd.Series(shapely.to_wkb(geometry), dtype=object))
    if len(kinds) * 3 > len(frame) * 2:
        return None
    first = np.flatnonzero((number >= 0) & ~pd.Series(number).duplicated().to_numpy())
    rows = pd.DataFrame(frame.drop(columns=frame.geometry.name))

    def same_for_each(values: pd.Series) -> bool:
        if not values.map(pd.api.types.is_hashable).all():
            return False
        return len(pd.DataFrame({0: number, 1: values}).drop_duplicates()) == len(kinds)

    same = [column for column in rows.columns if (number >= 0).all() and same_for_each(rows[column])]
    shapes = gpd.GeoDataFrame(rows[same].iloc[first].reset_index(drop=True), geometry=geometry[first], crs=frame.crs)
    return shapes, rows.drop(columns=same).assign(**{_SHAPE: number + 1})


def _view(path: Path, name: str, columns: list[str], of_shapes: set[str]) -> None:
    """Make a layer of its rows and shapes, and let it alone be listed."""
    shapes, rows = (_quoted(name + end) for end in (SHAPES, ROWS))
    chosen = ", ".join(f"{'s' if one in of_shapes else 'r'}.{_quoted(one)}" for one in columns)
    with closing(sqlite3.connect(path)) as book, book:
        run = book.execute
        run(
            f"CREATE VIEW {_quoted(name)} AS SELECT r.fid AS OGC_FID, s.geom AS geom, {chosen} "  # noqa: S608 - quoted
            f"FROM {rows} r LEFT JOIN {shapes} s ON s.fid = r.{_SHAPE}"
        )
        for table in ("gpkg_geometry_columns", "gpkg_contents"):
            (told,) = run(f"SELECT * FROM {table} WHERE table_name = ?", (name + SHAPES,)).fetchall()  # noqa: S608
            run(f"DELETE FROM {table} WHERE table_name IN (?, ?)", (name + SHAPES, name + ROWS))  # noqa: S608
            at = [row[1] for row in run(f"PRAGMA table_info({table})")]
            told = [
                name if column in {"table_name", "identifier"} else value
                for column, value in zip(at, told, strict=True)
            ]
            run(f"INSERT INTO {table} VALUES ({', '.join('?' * len(told))})", told)  # noqa: S608
        run("DELETE FROM gpkg_ogr_contents WHERE table_name IN (?, ?)", (name + SHAPES, name + ROWS))


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _flat_verdict(verdict: dict[str, Any]) -> dict[str, Any]:
    verdict = dict(verdict)
    limit, settings = verdict.pop("limit"), verdict.pop("settings")
    for key in ("districts", "references", "layers"):
        verdict.pop(key)
    for key in ("notes", "missing"):
        verdict[key] = "\n".join(verdict[key])
    return verdict | {"limit": json.dumps(limit), "settings": json.dumps(settings, ensure_ascii=False)}
