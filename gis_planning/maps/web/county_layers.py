"""Lay out the layers of a county for the main map: control lines, land use in national colours, what lies around."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis_planning import geo
from gis_planning.conventions import kind_title
from gis_planning.conventions.activities import activity_of, activity_title
from gis_planning.conventions.facilities import need_title
from gis_planning.conventions.landcolours import land_colour, land_title, told_as_use
from gis_planning.maps.layers import BARRIERS, barrier_kinds
from gis_planning.maps.web.layers import Category, Column, MapLayer, by_value, one_category, towns_of
from gis_planning.maps.web.made_once import made_once
from gis_planning.texts import Lang, catalogue, say
from gis_planning.view.looks import styles
from gis_planning.view.told import words_of

#: What lies around, topmost first, and the entry of style.toml it looks like.
AROUND = {
    "park_entrances": "gates",
    "compound_gates": "gates",
    "facilities": "facility",
    "villages": "village",
    "hazards": "hazards",
    "listed_buildings": "listed_buildings",
    "historic_districts": "historic_districts",
    "pipes": "pipes",
    "streets": "streets",
    "barriers": "barrier",
    "buildings": "buildings",
    "parks": "parks_small",
    "residential": "residential",
    "population": "community",
    "communities": "community",
    "districts": "districts",
    "study_area": "study_area",
}
#: Seen at first, whatever else is drawn.
SHOWN = ("study_area", "districts", "barriers")
#: Control lines that are seen at first where nothing else is asked.
LINES_SHOWN = ("development_boundary", "ecological_redline", "permanent_farmland")
#: Written on the map with their names.
LABELLED = ("districts", "villages", "historic_districts")
#: How columns that hold numbers are written: digits behind the point; what is not named here gets two.
DIGITS = {
    "rank": 0,
    "homes": 0,
    "people": 0,
    "population": 0,
    "households": 0,
    "dwellings": 0,
    "floors": 0,
    "capacity": 0,
}
DIGITS |= {"nearest_m": 0, "farthest_m": 0, "walk_m": 0, "straight_m": 0, "radius_m": 0, "parts": 0, "missing_count": 0}
DIGITS |= {"buffer_m": 0, "diameter_mm": 0}
DIGITS |= {"minutes": 1, "age_years": 1, "kcxs": 4}
#: Under which beginnings the codes of a column stand among the texts.
CODED = {
    "label": ("review.label.",),
    "status": ("map.status_", "map.gate_", "circlemap.status_"),
    "rung": ("map.rung_",),
    "fault": ("quality.fault_", "quality.fault_valid_"),
    "state": ("mainmap.state_",),
}
#: Looks of which points are drawn so.
DOTS = ("gates", "facility", "village", "hazards", "listed_buildings")
_POINT = {"size": 4.0, "ring": 1.6}


def county_layers(
    context: Mapping[str, gpd.GeoDataFrame],
    lines: Sequence[str],
    titles: Mapping[str, str],
    lang: Lang,
    *,
    shown: Collection[str] = LINES_SHOWN,
) -> Iterator[MapLayer]:
    """Return the layers of a county, topmost first; `lines` are its control lines, `titles` what it calls its own.

    `shown` names the control lines that are seen at first.
    """
    districts = context.get("districts")
    for name in lines:
        if name in context and len(context[name]):
            title = titles.get(name) or kind_title(name, lang)
            yield _control_line(name, context[name], title, districts, lang, shown=name in shown)
    for name, look in AROUND.items():
        frame = context.get(name)
        if isinstance(frame, gpd.GeoDataFrame) and len(frame):
            yield _around(name, frame, look, districts, lang)
    land = context.get("land_use")
    if isinstance(land, gpd.GeoDataFrame) and len(land) and "class" in land.columns:
        yield _land_use(land, districts, lang)


def columns_of(
    frame: pd.DataFrame, lang: Lang, *, first: str | None = "name", skip: Sequence[str] = ()
) -> list[Column]:
    """Return the facts of a frame as readers see them; `first` is what its features are called by."""
    facts = dict(pd.DataFrame(frame).items())
    left = [name for name in facts if name not in ("geometry", first, *skip)]
    named = words_of(facts[first]) if first in facts else [None] * len(frame)
    found = [Column(say("mainmap.field_name", lang), named)]
    return found + [made for made in (_column(name, facts[name], lang) for name in left) if made is not None]


def area_column(shapes: gpd.GeoSeries, crs: Any, lang: Lang) -> Column:
    """Return the areas of polygons on the ellipsoid, in m2."""
    return Column(say("book.column_area_m2", lang), geo.ellipsoid_area(shapes.to_numpy(), crs).tolist(), 2)


def _column(name: str, values: pd.Series, lang: Lang) -> Column | None:
    if values.array.isna().all():
        return None
    title = _title(name, lang)
    if pd.api.types.is_bool_dtype(values.dtype):
        return Column(title, [say("mainmap.yes" if value else "mainmap.no", lang) for value in values])
    if pd.api.types.is_numeric_dtype(values.dtype) and name == "year":
        # A year is a name, not a number: 2,012 is none.
        return Column(title, [None if pd.isna(one) else f"{one:.0f}" for one in values])
    if pd.api.types.is_numeric_dtype(values.dtype):
        return Column(title, _floats(values), DIGITS.get(name, 2))
    words = words_of(values)
    use = name == "class" and told_as_use(words)
    said = {one: _said(name, one, lang, use=use) for one in dict.fromkeys(words) if one is not None}
    return Column(title, [None if one is None else said[one] for one in words])


def _floats(values: pd.Series) -> list[float | None]:
    """Return the numbers of a column, None where there is none."""
    numbers, lacking = values.to_numpy(dtype=float, na_value=np.nan), values.array.isna()
    told: NDArray[Any] = np.asarray(np.where(lacking, None, numbers.astype(object))) if lacking.any() else numbers
    return list(told.tolist())


def _title(name: str, lang: Lang) -> str:
    known = catalogue()
    key = next((key for key in (f"mainmap.field_{name}", f"book.column_{name}") if key in known), None)
    return say(key, lang) if key else name


def _said(name: str, words: str, lang: Lang, *, use: bool) -> str:
    """Return a value as readers know it: codes with their names."""
    if name == "class":
        return f"{words} {land_title(words, lang, use=use) or ''}".strip()
    if name in ("kind", "missing"):
        return say("circlemap.and", lang).join(need_title(one.strip(), lang) for one in words.split(";"))
    key = next((one + words for one in CODED.get(name, ()) if one + words in catalogue()), None)
    if key:
        return say(key, lang)
    if name == "activity":
        # Of a word that stands for none the county says more than we do.
        return activity_title(known, lang) if (known := activity_of(words)) else words
    return words


def _control_line(
    name: str, frame: gpd.GeoDataFrame, title: str, districts: gpd.GeoDataFrame | None, lang: Lang, *, shown: bool
) -> MapLayer:
    look = styles()["line"].get(name, styles()["line"]["other"])
    style = {"fill": look["fill"], "fill_opacity": look["opacity"], "stroke": look["stroke"], "weight": 1.2}
    return MapLayer(
        id=f"line.{name}",
        title=title,
        group=say("mainmap.group_lines", lang),
        shapes=frame.geometry,
        **one_category(title, style, len(frame)),
        columns=(*columns_of(frame, lang), area_column(frame.geometry, frame.crs, lang)),
        towns=towns_of(frame.geometry, districts),
        shown=shown,
    )


@made_once
def _around(name: str, frame: gpd.GeoDataFrame, look: str, districts: gpd.GeoDataFrame | None, lang: Lang) -> MapLayer:
    title = kind_title(name, lang)
    style = (
        styles()["layer"][look] | ({"weight": 2.0} if name == "study_area" else {}) | (_POINT if look in DOTS else {})
    )
    still = name in ("study_area", "population")
    return MapLayer(
        id=name,
        title=title,
        group=say("mainmap.group_around", lang),
        shapes=frame.geometry,
        **(_barriers(frame, lang) if name == "barriers" else one_category(title, style, len(frame))),
        columns=tuple(columns_of(frame, lang)),
        towns=None if name in ("districts", "study_area") else towns_of(frame.geometry, districts),
        shown=name in SHOWN,
        labelled=name in LABELLED,
        tabled=not still,
        ground=name in SHOWN,
    )


def _barriers(frame: gpd.GeoDataFrame, lang: Lang) -> dict[str, Any]:
    """Return the categories of barriers: water, railways, walls and the rest."""
    known = {kind: Category(say(f"map.{kind}", lang), styles()["layer"][kind]) for kind in BARRIERS}
    return by_value(barrier_kinds(frame), known)


def _land_use(land: gpd.GeoDataFrame, districts: gpd.GeoDataFrame | None, lang: Lang) -> MapLayer:
    """Return land use in the national colours, a legend entry for each."""
    classes = words_of(land["class"])
    codes = set(classes)
    use = told_as_use(codes)
    colours = {code: land_colour(code, use=use) for code in codes}
    known: dict[int | None, Category] = {
        colour.order: Category(
            colour.title(lang), {"fill": colour.rgb, "fill_opacity": 0.85, "stroke": "#6d665c", "weight": 0.3}
        )
        for colour in sorted((colour for colour in colours.values() if colour), key=lambda one: one.order)
    }
    plain = {"fill": "#ffffff", "fill_opacity": 0.6, "stroke": "#6d665c", "weight": 0.3}
    known[None] = Category(say("mainmap.no_class", lang), plain)
    found = (colours[code] for code in classes)
    return MapLayer(
        id="land_use",
        title=kind_title("land_use", lang),
        group=say("mainmap.group_land", lang),
        shapes=land.geometry,
        **by_value([one.order if one else None for one in found], known),
        columns=(*columns_of(land, lang), area_column(land.geometry, land.crs, lang)),
        towns=towns_of(land.geometry, districts),
    )
