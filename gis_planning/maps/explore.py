"""Show layers of results on a folium map, which Python users expect: with legend and popups, and no network."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

import folium
import geopandas as gpd
import shapely
from branca.element import Element
from folium.utilities import JsCode

from gis_planning.maps.leaflet import WithLeaflet
from gis_planning.results.schema import Layer
from gis_planning.texts import Lang
from gis_planning.units import written
from gis_planning.view.legend import legend
from gis_planning.view.roles import drawable
from gis_planning.view.told import numbers_of, told

#: Shapes are drawn to about this share of the width of what is seen.
DRAWN_SHARE = 1 / 4000
POINT_PIXELS = 5
_POPUP = JsCode("function (feature, layer) { layer.bindPopup(feature.properties.told, {maxWidth: 360}); }")
_LEGEND = (
    '<div style="position:fixed;right:12px;bottom:24px;z-index:900;background:#fffffff2;padding:8px 12px;'
    'border:1px solid #8886;border-radius:4px;font:13px/1.5 sans-serif;max-width:45%%;max-height:60%%;overflow:auto">'
    "<b>%s</b>%s</div>"
)
_ENTRY = (
    '<div><span style="display:inline-block;width:14px;height:11px;margin-right:6px;background:%s;'
    'border:1.5px solid %s"></span>%s</div>'
)


def explored(title: str, layers: Sequence[tuple[Layer, Any]], lang: Lang) -> folium.Map:
    """Return a map of layers of results, the first topmost; attribute values are text, never markup."""
    shown = [(layer, frame) for layer, frame in layers if drawable(frame)]
    drawn = WithLeaflet(tiles=None, control_scale=True)
    bounds = [frame.to_crs(4326).total_bounds for _, frame in shown]
    entries: list[str] = []
    for layer, frame in reversed(shown):
        group, listed = _group(layer, frame, lang)
        group.add_to(drawn)
        entries = [*listed, *entries]
    drawn.get_root().html.add_child(Element(_braced(_LEGEND % (html.escape(title), "".join(entries)))))
    if len(shown) > 1:
        folium.LayerControl(collapsed=True).add_to(drawn)
    if bounds:
        west, south = (min(one[at] for one in bounds) for at in (0, 1))
        east, north = (max(one[at] for one in bounds) for at in (2, 3))
        drawn.fit_bounds([[south, west], [north, east]])
    return drawn


def _group(layer: Layer, frame: gpd.GeoDataFrame, lang: Lang) -> tuple[folium.FeatureGroup, list[str]]:
    sorted_ = legend(layer, frame, lang)
    title = layer.title.to(lang)
    group = folium.FeatureGroup(name=_braced(html.escape(title)))
    words = _popups(layer, frame, lang)
    entries = [f'<div style="margin-top:4px">{html.escape(title)}</div>']
    for at, one in enumerate(sorted_.classes):
        own = sorted_.of == at
        look = _look(one.look)
        features = [
            {"type": "Feature", "properties": {"told": told_}, "geometry": shapely.geometry.mapping(shape)}
            for shape, told_ in zip(_drawn(frame[own]), (words[row] for row in own.nonzero()[0]), strict=True)
            if shape is not None and not shape.is_empty
        ]
        if features:
            points = folium.CircleMarker(radius=POINT_PIXELS, **look)
            folium.GeoJson(
                {"type": "FeatureCollection", "features": features},
                style_function=lambda _, look=look: look,
                marker=points,
                on_each_feature=_POPUP,
            ).add_to(group)
        entries.append(_ENTRY % (look["fillColor"], look["color"], html.escape(one.title)))
    return group, entries


def _drawn(frame: gpd.GeoDataFrame) -> Any:
    """Return shapes in degrees, without more corners than can be seen."""
    west, south, east, north = frame.total_bounds
    plain = frame.geometry.simplify(max(east - west, north - south) * DRAWN_SHARE)
    return gpd.GeoSeries(plain, crs=frame.crs).to_crs(4326).force_2d().to_numpy()


def _popups(layer: Layer, frame: gpd.GeoDataFrame, lang: Lang) -> list[str]:
    """Return what is told of each feature as HTML, every value of it escaped."""
    facts: list[list[str]] = [[] for _ in range(len(frame))]
    for column in layer.columns:
        if column.inner or column.key not in frame.columns:
            continue
        values = frame[column.key]
        if column.kind == "number":
            said = [None if one is None else written(one, column.unit or "number", lang) for one in numbers_of(values)]
        else:
            said = told(column, values, lang)
        head = html.escape(column.title.to(lang))
        for row, one in zip(facts, said, strict=True):
            if one is not None:
                row.append(f"<tr><th style='text-align:left'>{head}&emsp;</th><td>{html.escape(one)}</td></tr>")
    return [f"<table>{''.join(rows)}</table>" for rows in facts]


def _look(look: Mapping[str, Any]) -> dict[str, Any]:
    fill = look.get("fill", "#ffffff")
    return {
        "color": look.get("stroke", fill),
        "weight": look.get("weight", 1),
        "fillColor": fill if fill != "none" else "#ffffff",
        "fillOpacity": 0 if fill == "none" else look.get("fill_opacity", 0.6),
        "fill": True,
    }


def _braced(words: str) -> str:
    """Return words that the page's template takes for words: texts of users may look like one."""
    return words.replace("{", "&#123;").replace("}", "&#125;")
