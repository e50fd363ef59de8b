"""Turn OpenStreetMap tags into layers of our kinds, by the tables of conventions/osm.toml.

A table of features has one row per OpenStreetMap element, a column `osm_id` ("way/123"), one column per tag we use
(None where the element does not have it) and a geometry in EPSG:4326.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from gis_planning import geo
from gis_planning.conventions import facts, kinds

if TYPE_CHECKING:
    import geopandas as gpd
    import pyproj
    from numpy.typing import NDArray

Mask = Any  # booleans, one per feature
Column = Any  # a pandas series
Values = list[str] | bool
SHAPES = {"point": ("Point",), "line": ("LineString", "MultiLineString"), "polygon": ("Polygon", "MultiPolygon")}


def layers_of(features: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers that a table of OpenStreetMap features can fill, by kind; kinds without a feature are left out.

    A layer has our field names and `osm_id`, in EPSG:4326, geometries as mapped. Text stays text. A number field keeps
    what is a plain number ("3", "2.5"); what is not ("3;4", "about 30") is left empty and counted by field in
    `layer.attrs["unread"]`. The study area and the districts are not chosen here: see `boundaries_of`.
    """
    layers: dict[str, gpd.GeoDataFrame] = {}
    here = features[~_fits(features, facts("osm")["absent"])]
    for kind, table in facts("osm")["layers"].items():
        layer = _layer(here, kind, table)
        if "near" in table:
            layer = _near(layer, layers, table["near"])
        if len(layer):
            layers[kind] = layer
    return layers


def layer_of(features: gpd.GeoDataFrame, kind: str) -> gpd.GeoDataFrame:
    """Return the layer of one kind, empty where no feature fits; it need not be near those of another kind."""
    here = features[~_fits(features, facts("osm")["absent"])]
    return _layer(here, kind, facts("osm")["layers"][kind])


def boundaries_of(features: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the polygons that may be a study area or a district.

    Returns
    -------
    GeoDataFrame
        `osm_id`, `name`, `names` (set of all names, in small letters), `level` (the admin_level as a number; NaN for a
        place that is not an administrative boundary), in EPSG:4326.
    """
    table = facts("osm")["boundaries"]
    administrative = _fits(features, table)
    rows = features[(administrative | _holds(features, "place", table["places"])) & _shaped(features, ["polygon"])]
    names = rows.reindex(columns=table["names"]).astype(object)
    spoken = [
        {part.strip().casefold() for name in row if isinstance(name, str) for part in name.split(";")}
        for row in names.to_numpy()
    ]
    level = pd.to_numeric(rows["admin_level"], errors="coerce").where(administrative[rows.index])
    found = rows[["osm_id", "geometry"]].assign(
        name=_first(rows, table["names"]), names=spoken, level=level.astype(float)
    )
    return found[found["name"].notna()].reset_index(drop=True)


@cache
def read_keys() -> tuple[str, ...]:
    """Return the tags one of which a feature must have to be read at all."""
    rules = [rule for table in facts("osm")["layers"].values() for rule in table["rules"]]
    return tuple(sorted({key for rule in [*rules, facts("osm")["boundaries"]] for key in rule["any"]} | {"place"}))


@cache
def kept_keys() -> tuple[str, ...]:
    """Return the tags that become columns: those of all conditions and fields."""
    spec = facts("osm")
    keys = {"admin_level", "place", *spec["boundaries"]["names"]}
    for condition in (spec["absent"], spec["area"], spec["boundaries"], *spec["gates"]):
        keys |= _keys(condition)
    for table in spec["layers"].values():
        conditions = [table, *table["rules"], *table.get("flags", {}).values(), *table.get("fill", [])]
        keys |= {key for condition in conditions for key in _keys(condition)}
        keys |= {key for tags in table["fields"].values() for key in tags}
    return tuple(sorted(keys))


def fits_any(features: pd.DataFrame, conditions: list[dict[str, Any]]) -> NDArray[np.bool_]:
    """Say which features fit at least one of some conditions."""
    return np.asarray(np.any([_fits(features, condition).to_numpy() for condition in conditions], axis=0))


def land_of(tags: pd.DataFrame) -> dict[str, NDArray[np.bool_]]:
    """Say for each kind of layer which elements, known by their tags alone, would be land in it."""
    found = {}
    here = ~_fits(tags, facts("osm")["absent"])
    for kind, table in facts("osm")["layers"].items():
        rules = [rule for rule in table["rules"] if "polygon" in rule.get("geometry", table["geometry"])]
        if rules:
            found[kind] = (here & _fits(tags, table)).to_numpy() & fits_any(tags, rules)
    return found


def is_area(tags: dict[str, str]) -> bool:
    """Say whether a closed way with these tags is land and not a line.

    Examples
    --------
    >>> is_area({"leisure": "park"}), is_area({"highway": "service"}), is_area({"highway": "pedestrian", "area": "yes"})
    (True, False, True)
    """
    area = facts("osm")["area"]
    return any(key in tags and _value_fits(tags[key], values) for key, values in area["any"].items()) and not any(
        key in tags and _value_fits(tags[key], values) for key, values in area["none"].items()
    )


def _layer(features: gpd.GeoDataFrame, kind: str, table: dict[str, Any]) -> gpd.GeoDataFrame:
    ours = _fits(features, table)
    taken = np.zeros(len(features), dtype=bool)
    only_lines = kinds()[kind].geometry == "line"
    outlined = np.zeros(len(features), dtype=bool)
    values: dict[str, NDArray[np.object_]] = {}
    for rule in table["rules"]:
        fits = ours & _fits(features, rule).to_numpy() & _shaped(features, rule.get("geometry", table["geometry"]))
        if table["take"] == "first" or rule.get("last"):
            fits &= ~taken
        taken |= fits
        outlined |= fits & (rule.get("outline", table.get("outline", False)) | only_lines)
        for field, value in rule.get("set", {}).items():
            _append(values.setdefault(field, np.full(len(features), None, dtype=object)), fits, value)
    rows = features[taken]
    layer = rows[["osm_id", "geometry"]].copy()
    unread: dict[str, int] = {}
    types = {field.name: field.type for field in kinds()[kind].fields}
    for field, tags in table["fields"].items():
        column = _first(rows, tags)
        if types.get(field) == "number":
            numbers = pd.to_numeric(column, errors="coerce").astype(float).where(np.isfinite)
            unread |= {field: lost} if (lost := int((numbers.isna() & column.notna()).sum())) else {}
            column = numbers
        layer[field] = column
    for field, column in values.items():
        layer[field] = column[taken]
    for field, condition in table.get("flags", {}).items():
        layer[field] = _fits(rows, condition)
    for rule in table.get("fill", []):
        for field, value in rule["set"].items():
            layer.loc[_fits(rows, rule) & layer[field].isna(), field] = value
    edges = outlined[taken] & _shaped(layer, ["polygon"])
    layer.loc[edges, "geometry"] = shapely.boundary(layer.geometry.to_numpy()[edges])
    layer = layer.reset_index(drop=True)
    layer.attrs = {"unread": unread}
    return layer


def _near(layer: gpd.GeoDataFrame, layers: dict[str, gpd.GeoDataFrame], near: dict[str, Any]) -> gpd.GeoDataFrame:
    """Keep the features that lie within a distance of the edge of another layer's features."""
    other = layers.get(near["layer"])
    if other is not None and "having" in near:
        other = other[other[near["having"]].astype(bool)]
    if other is None or not len(other) or not len(layer):
        return layer[:0]
    crs = metric_crs(other)
    edges = shapely.STRtree(shapely.boundary(geo.reproject(other.geometry.to_numpy(), other.crs, crs)))
    points = geo.reproject(layer.geometry.to_numpy(), layer.crs, crs)
    close, _ = edges.query(points, predicate="dwithin", distance=near["distance_m"])
    return layer.iloc[np.unique(close)].reset_index(drop=True)


def metric_crs(layer: gpd.GeoDataFrame) -> pyproj.CRS:
    """Return the default working CRS at the middle of a layer in degrees."""
    west, south, east, north = layer.total_bounds
    return geo.default_crs((west + east) / 2, (south + north) / 2)


def _fits(features: pd.DataFrame, condition: dict[str, Any]) -> Mask:
    fits = pd.Series(data=True, index=features.index)
    if "any" in condition:
        fits = pd.Series(data=False, index=features.index)
        for key, values in condition["any"].items():
            fits |= _holds(features, key, values)
    for key, values in condition.get("all", {}).items():
        fits &= _holds(features, key, values)
    for key, values in condition.get("none", {}).items():
        fits &= ~_holds(features, key, values)
    for key, words in condition.get("words", {}).items():
        fits &= _speaks(features, key, words)
    for key, words in condition.get("no_words", {}).items():
        fits &= ~_speaks(features, key, words)
    return fits


def _holds(features: pd.DataFrame, key: str, values: Values) -> Mask:
    # Tags have few different values: each is looked at once.
    return features[key].isin([said for said in features[key].dropna().unique() if _value_fits(said, values)])


def _value_fits(said: str, values: Values) -> bool:
    if isinstance(values, bool):
        return said != "no"
    return said in values or any(part.strip() in values for part in said.split(";"))


def _speaks(features: pd.DataFrame, key: str, words: list[str]) -> Mask:
    said = [feature for feature in features[key].dropna().unique() if any(word in feature.casefold() for word in words)]
    return features[key].isin(said)


def _shaped(features: gpd.GeoDataFrame, shapes: list[str]) -> Mask:
    return features.geometry.geom_type.isin([name for shape in shapes for name in SHAPES[shape]]).to_numpy()


def _first(rows: pd.DataFrame, tags: list[str]) -> Column:
    """Return what the first of several tags says, row by row."""
    column = rows[tags[0]].astype(object)
    for tag in tags[1:]:
        column = column.where(column.notna(), rows[tag])
    return column


def _append(column: NDArray[np.object_], fits: Mask, value: str) -> None:
    """Write a value where it fits, behind a semicolon where another stands already."""
    for row in np.flatnonzero(fits):
        said = column[row]
        if said is None:
            column[row] = value
        elif value not in said.split(";"):
            column[row] = f"{said};{value}"


def _keys(condition: dict[str, Any]) -> set[str]:
    return {key for part in ("any", "all", "none", "words", "no_words") for key in condition.get(part, {})}
