"""Make a layer of the main map of a layer of results: by what its schema says, and by nothing else."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from gis_planning.maps.web.layers import Category, Column, MapLayer, texts, towns_of
from gis_planning.results import schema
from gis_planning.texts import Lang, say
from gis_planning.units import units
from gis_planning.view.legend import legend
from gis_planning.view.roles import dotted
from gis_planning.view.told import numbers_of, told

#: Points are drawn so large that a finger meets them.
POINT = {"size": 3.0, "ring": 0.6}


def result_layer(
    described: schema.Layer,
    frame: gpd.GeoDataFrame,
    districts: gpd.GeoDataFrame | None,
    lang: Lang,
    *,
    id_: str,
    group: str,
) -> MapLayer:
    """Return a layer of results, of this run or of an earlier one, as the main map draws it."""
    sorted_ = legend(described, frame, lang)
    points = dotted(frame)
    looks = [dict(one.look) | (POINT if points and "size" not in one.look else {}) for one in sorted_.classes]
    area = described.role == "area"
    return MapLayer(
        id=id_,
        title=described.title.to(lang),
        group=group,
        shapes=frame.geometry,
        categories=tuple(Category(one.title, look) for one, look in zip(sorted_.classes, looks, strict=True)),
        category=sorted_.of,
        columns=columns_told(described, frame, lang),
        towns=None if area or described.role == "gate" else districts_of(frame, districts),
        tabled=not area,
        ground=area,
        measured=True,
    )


def columns_told(described: schema.Layer, frame: pd.DataFrame, lang: Lang) -> tuple[Column, ...]:
    """Return the facts of a layer as readers see them, first what a feature is called; empty columns are left out."""
    # Columns of a frame with shapes are slow to take.
    facts, name = dict(pd.DataFrame(frame).items()), described.name
    first = described[name] if name is not None and name in facts else None
    called = told(first, facts[first.key], lang) if first is not None else [None] * len(frame)
    found = [Column(say("mainmap.field_name", lang), called)]
    for column in described.columns:
        skipped = column.inner or column.kind == "district" or column.key == name or column.key not in facts
        if skipped or (values := facts[column.key]).array.isna().all():
            continue
        if column.kind in {"number", "rank"}:
            row = units()[units()[column.unit or "number"].kept]
            digits = 0 if column.kind == "rank" or row.whole else row.digits
            found.append(Column(column.head(lang), numbers_of(values), digits))
        else:
            found.append(Column(column.head(lang), told(column, values, lang)))
    return tuple(found)


def districts_of(frame: gpd.GeoDataFrame, districts: gpd.GeoDataFrame | None) -> list[str | None] | None:
    """Return the district of each feature: the one its measure says, else the one it lies in."""
    if "district" in frame.columns:
        return texts(frame["district"])
    return towns_of(frame.geometry, districts)
