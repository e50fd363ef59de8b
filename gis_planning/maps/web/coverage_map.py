"""Choose what the page of a coverage shows: what serves, what it reaches, what it does not, and what lies around."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np

from gis_planning import units
from gis_planning.conventions import kind_title
from gis_planning.maps.layers import NUMBERED, label, park_name
from gis_planning.maps.web.county_layers import county_layers
from gis_planning.maps.web.layers import SEEN_M, Category, Column, MapLayer, by_value, one_category
from gis_planning.maps.web.page import frame_of, main_map
from gis_planning.maps.web.result_layers import POINT, result_layer
from gis_planning.maps.web.views import Gap, Limit, View
from gis_planning.results.papers import document_name
from gis_planning.results.schema import OFFENDERS
from gis_planning.results.verdicts import Scorecard
from gis_planning.texts import Lang, say
from gis_planning.view.looks import styles
from gis_planning.view.roles import by_role, drawable, offenders
from gis_planning.view.sheets import BROKEN, SPOTS, Sheet, address, document, gauge, profile, side_by_side

#: Topmost first: roles of results, and layers of the county among them.
HEIGHT = (
    *("gate", "gap", "buildings", "offender", "supply", "districts"),
    *("historic_districts", "served", "band", "area", "barriers", "streets", "study_area"),
)
#: Layers of the county that can be clicked and searched; the others are for the eye.
TOLD = ("districts", "historic_districts")
#: What a page shows at first of results; the rest can be ticked.
SHOWN = ("gap", "gate", "offender", "supply", "served", "area")


def coverage_map(scorecard: Scorecard, sheet: Sheet, lang: Lang) -> str:
    """Return the page of a coverage as HTML."""
    layers = list(_layers(scorecard, sheet, lang))
    title = document_name(document(scorecard, sheet.leading), lang)
    frame = frame_of(
        scorecard,
        title,
        input_titles={entry.layer: kind_title(entry.layer, lang) for entry in scorecard.inputs},
        documents=[title],
        notes=[warning.to(lang) for warning in scorecard.warnings],
        files=[("index.html", "index.html"), ("map.html", say("mainmap.title", lang))],
        views=[_view(scorecard, sheet, [layer.id for layer in layers if layer.shown], lang)],
    )
    return main_map(frame, layers, lang)


def _layers(scorecard: Scorecard, sheet: Sheet, lang: Lang) -> Iterator[MapLayer]:
    around = {name: scorecard.context[name] for name in HEIGHT if name in scorecard.context}
    county = {layer.id: _around(layer) for layer in county_layers(around, (), {}, lang)}
    for height in HEIGHT:
        if height in county:
            yield county[height]
        else:
            yield from _results(scorecard, sheet, height, lang)


def _around(layer: MapLayer) -> MapLayer:
    seen = replace(layer, shown=True, ground=True, drawn_m=SEEN_M)
    return seen if layer.id in TOLD else replace(seen, tabled=False, columns=(), towns=None)


def _results(scorecard: Scorecard, sheet: Sheet, role: str, lang: Lang) -> Iterator[MapLayer]:
    """Return the layers of a role as the page draws them."""
    code, districts = sheet.leading.code, scorecard.context.get("districts")
    found = [offenders(sheet.measured)] if role == "offender" else by_role(sheet.measured, role)
    group = say("mainmap.group_coverage", lang, code=code)
    for one in (one for one in found if drawable(one.frame)):
        id_ = address(BROKEN if one.name == OFFENDERS else one.name, code)
        made = result_layer(one.layer, sheet.measured.outlined(one.name), districts, lang, id_=id_, group=group)
        made = replace(made, rules=(code,), shown=role in SHOWN, drawn_m=SEEN_M)
        if role == "offender":
            title, look = say("map.unserved", lang), styles()["layer"]["unserved"]
            made = replace(
                made,
                title=title,
                ranks=[at if at <= NUMBERED else 0 for at in range(1, len(made) + 1)],
                **one_category(title, look, len(made)),
            )
        if role == "gate":
            made = replace(made, **_by_origin(one.frame, lang))
        if role == "supply":
            names = [park_name(row, lang) for _, row in one.frame.iterrows()]
            made = _named_where_large(replace(made, columns=(Column(made.columns[0].title, names), *made.columns[1:])))
        yield made


def _by_origin(gates: gpd.GeoDataFrame, lang: Lang) -> dict[str, Any]:
    """Return the categories of gates: by how they are known, those that no street comes near for themselves."""
    look = styles()["layer"]["gates"] | POINT
    known = {rung: Category(say(f"map.rung_{rung}", lang), look) for rung in dict.fromkeys(gates["rung"])}
    known["unattached"] = Category(say("map.gate_unattached", lang), styles()["layer"]["unattached"] | POINT)
    return by_value(gates["rung"].where(gates["status"] != "unattached", "unattached").tolist(), known)


def _named_where_large(layer: MapLayer) -> MapLayer:
    """Write the names of large parks alone: those of all would cover the land that is not served."""
    large = styles()["layer"]["parks_large"]
    categories = tuple(replace(category, named=dict(category.look) == large) for category in layer.categories)
    return replace(layer, categories=categories, labelled=True)


def _view(scorecard: Scorecard, sheet: Sheet, shown: list[str], lang: Lang) -> View:
    measured, leading = sheet.measured, sheet.leading
    served, total = (units.written(one, "m2", lang) for one in (measured.numerator, measured.denominator))
    supply = by_role(measured, "supply")[0]
    serving = len(supply.counting.frame)
    counts = {"parks": serving, "left": len(supply.frame) - serving, "patches": len(measured.offenders)}
    broken, parks = (address(name, leading.code) for name in (BROKEN, supply.name))
    counted = profile(leading.settings, lang)
    return View(
        id=leading.code,
        title=leading.code,
        outcome=leading.outcome,
        value=sheet.value(lang),
        alt=say("map.alt", lang, county=scorecard.name, value=sheet.value(lang), **counts),
        bound=sheet.bound(lang),
        truth=sheet.truth(lang),
        gauge=gauge(sheet),
        beside=side_by_side(sheet, lang),
        limits=[
            Limit(
                verdict.code,
                units.limit(verdict.limit, verdict.unit, lang),
                units.margin(verdict.margin, verdict.limit, verdict.unit, lang),
                verdict.outcome,
            )
            for verdict in sheet.verdicts
        ],
        sums=[say("map.served_of", lang, served=served, total=total)] if measured.denominator is not None else [],
        facts=[(say("map.profile", lang), counted)] if counted else [],
        layers=shown,
        gaps=_gaps(sheet, broken, lang),
        heading=say("map.largest", lang),
        # Patches are known by their rank, parks by their row in the layer.
        spots={SPOTS["offender"]: (broken, 1), SPOTS["supply"]: (parks, 0)},
    )


def _gaps(sheet: Sheet, layer: str, lang: Lang) -> list[Gap]:
    """Return the largest patches of land that nothing serves; they stand in the order of their rank."""
    frame = sheet.measured.offenders.head(NUMBERED)
    columns = zip(np.arange(len(frame)), frame["rank"], frame["parcels"], frame["area_m2"], strict=True)
    unnamed = say("map.unnamed_patch", lang)
    return [
        Gap(layer, int(row), int(rank), label(name) or unnamed, units.written(area, "m2", lang))
        for row, rank, name, area in columns
    ]
