"""Draw all circles of one rule document as a map page: choose a clause, see its land, gaps, homes and facilities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd

from gis_planning.conventions import kind_title
from gis_planning.judging.rulebook import Clause
from gis_planning.maps import encode
from gis_planning.maps.assembly import assembled
from gis_planning.maps.circle_views import (
    Drawing,
    facilities_of,
    has_circles,
    homes_of,
    plane_bounds,
    shown_first,
    view,
)
from gis_planning.maps.layers import label, label_points
from gis_planning.maps.templates import render
from gis_planning.results.verdicts import OUTCOMES, Scorecard, Verdict
from gis_planning.texts import Lang, say
from gis_planning.view.looks import styles
from gis_planning.view.sheets import (
    COVERAGE_LAYERS,
    LARGEST,
    document_title,
    drawn_how,
    file_name,
    outcome_facts,
)

#: Layers of the county around the circles, with how each looks.
CONTEXT = {
    "study_area": "study_area",
    "streets": "streets",
    "barriers": "barriers",
    "districts": "districts",
    "outline": "outline",
}
OWN_WORDS = (
    *("home", "unnamed_home", "unnamed_facility", "unnamed_gap", "gap", "rank", "area", "people", "persons", "homes"),
    *("nearest", "distance", "missing", "missing_none", "capacity", "status", "where", "ring", "facility", "community"),
    *(
        "community_land",
        "village",
        "time",
        "reached",
        "yes",
        "no",
        "comma",
        "metres",
        "not_reachable",
        "gaps_left",
        "ramp",
    ),
)


@dataclass(frozen=True)
class CircleSheet:
    """The verdicts of one document that a circle page shows, and its file."""

    document: Mapping[str, Any]
    verdicts: tuple[Verdict, ...]
    file: str


def circle_sheets(scorecard: Scorecard) -> list[CircleSheet]:
    """Return the circle pages of a scorecard: one for each document of which anything can be drawn."""
    found = []
    for document in scorecard.documents:
        verdicts = tuple(one for one in scorecard.verdicts if one.document == document["id"])
        drawn = [one for one in verdicts if one.measured and not one.measured.layers.keys() >= COVERAGE_LAYERS]
        if any(has_circles(one.measured) for one in drawn):
            found.append(CircleSheet(document, verdicts, file_name(str(document["id"]), set())))
    return found


def circle_page(scorecard: Scorecard, sheet: CircleSheet, clauses: Mapping[str, Clause], lang: Lang) -> str:
    """Return the circle page of a document as HTML."""
    layers = _context(scorecard, sheet)
    drawing, degrees = _drawing(layers)
    named = zip(layers, degrees, strict=True)
    around = [_layer(name, frame, shapes, drawing, lang) for (name, frame), shapes in named]
    titles = {one.code: _title(one, clauses.get(one.code), lang) for one in sheet.verdicts}
    views = [view(one, titles[one.code], drawing, lang) for one in sheet.verdicts]
    homes, facilities = homes_of(sheet.verdicts, drawing, lang), facilities_of(sheet.verdicts, drawing, lang)
    clickable = len(facilities) + (len(homes["at"]) if homes else 0)
    if clickable > LARGEST:
        homes = None  # they stand on the main map
    first = shown_first(sheet.verdicts)
    tally = circle_tally(sheet, lang)["counts"]
    document = document_title(sheet.document, lang)
    alt = say(
        "circlemap.alt",
        lang,
        county=scorecard.name,
        document=document,
        tally=say("circlemap.and", lang).join(f"{one['word']} {one['count']}" for one in tally),
        facilities=len(facilities),
    )
    payload = {
        "scale": encode.SCALE,
        "origin": drawing.start,
        "bounds": _corners(degrees[-1]),
        "imageBounds": _image_corners(drawing),
        "alt": alt,
        "words": {word: say(f"circlemap.{word}", lang, minutes="{minutes}", count="{count}") for word in OWN_WORDS},
        "layers": around,
        "looks": {name: styles()["layer"][name] for name in ("gap", "home", "facility", "community", "village")},
        "ramp": styles()["ramp"],
        "first": first.code,
        "views": views,
        "homes": homes,
        "facilities": facilities,
        "communities": _named(sheet, "communities", drawing),
        "villages": _named(sheet, "villages", drawing),
    }
    facts = {
        "county": scorecard.name,
        "note": scorecard.note,
        "warnings": [one.to(lang) for one in scorecard.warnings],
        "data_date": scorecard.data_date or say("map.no_date", lang),
        "as_of": scorecard.as_of,
        "crs": scorecard.crs,
        "version": scorecard.program["version"],
        "document": document,
        "tally": tally,
        "clauses": [
            {
                "code": one.code,
                "title": titles[one.code],
                "value": shown["value"],
                "outcome": outcome_facts(one.outcome, lang),
                "first": one is first,
            }
            for one, shown in zip(sheet.verdicts, views, strict=True)
        ],
        "drawn": drawn_how(clickable, lang),
        "has": {
            "homes": homes is not None,
            "facilities": bool(facilities),
            "communities": bool(payload["communities"]),
            "villages": bool(payload["villages"]),
        },
        "looks": styles()["layer"],
        "ramp": styles()["ramp"],
        "context": [(one["id"], one["title"], one["style"]) for one in around],
    }
    return assembled(
        "circles",
        "circle.js",
        render(__package__, "circle.html.j2", lang, **facts),
        payload,
        lang,
        county=scorecard.name,
        document=document,
        canvas=len(facilities) > LARGEST,
    )


def circle_tally(sheet: CircleSheet, lang: Lang) -> dict[str, Any]:
    """Return how the verdicts of a circle page turned out, for the page that links to it."""
    outcomes = [one.outcome for one in sheet.verdicts]
    counts = [outcome_facts(one, lang) | {"count": outcomes.count(one)} for one in OUTCOMES if one in outcomes]
    return {"file": sheet.file, "title": document_title(sheet.document, lang), "counts": counts}


def _title(verdict: Verdict, clause: Clause | None, lang: Lang) -> str:
    return (clause.number(lang) if clause else "") or verdict.code


def _context(scorecard: Scorecard, sheet: CircleSheet) -> list[tuple[str, gpd.GeoDataFrame]]:
    """Return the layers of the county that hold anything, bottom first; the last one is what the page looks at."""
    known = dict(scorecard.context)
    villages = _layer_of(sheet, "villages")
    looked_at = known.get("study_area")
    if looked_at is None or (villages is not None and not any(_has(one, "bands") for one in sheet.verdicts)):
        looked_at = villages if villages is not None else known.get("districts")
        known.pop("study_area", None)
    found = [(name, known[name]) for name in CONTEXT if name in known and len(known[name])]
    return [*found, ("outline", looked_at)] if looked_at is not None else found


def _has(verdict: Verdict, layer: str) -> bool:
    return verdict.measured is not None and layer in verdict.measured.layers


def _layer_of(sheet: CircleSheet, layer: str) -> gpd.GeoDataFrame | None:
    layers = [one.measured.layers for one in sheet.verdicts if one.measured is not None]
    return next((one[layer] for one in layers if layer in one and len(one[layer])), None)


def _drawing(layers: list[tuple[str, gpd.GeoDataFrame]]) -> tuple[Drawing, list[Any]]:
    degrees = [encode.to_degrees(frame) for _, frame in layers]
    return Drawing(encode.origin(degrees[-1]), plane_bounds([layers[-1][1]])), degrees


def _corners(degrees: Any) -> list[list[float]]:
    series = gpd.GeoSeries(degrees, crs=encode.DRAWN_CRS)
    west, south, east, north = series.total_bounds
    return [[south, west], [north, east]]


def _image_corners(drawing: Drawing) -> list[list[float]]:
    west, south, east, north = drawing.bounds
    corners = gpd.GeoSeries.from_xy([west, east], [south, north], crs=3857).to_crs(encode.DRAWN_CRS)
    return [[point.y, point.x] for point in corners]


def _layer(name: str, frame: gpd.GeoDataFrame, shapes: Any, drawing: Drawing, lang: Lang) -> dict[str, Any]:
    features = [{"t": one[0], "g": one[1]} for shape in shapes if (one := encode.encoded(shape, drawing.start))]
    written: list[Any] = []
    if name == "districts" and "name" in frame.columns:
        points = label_points(frame)
        written = [[label(words), *at] for words, at in zip(frame["name"], points, strict=True) if label(words) and at]
    title = say("circlemap.outline", lang) if name == "outline" else kind_title(name, lang)
    return {
        "id": name,
        "title": title,
        "style": styles()["layer"][CONTEXT[name]],
        "features": features,
        "written": written,
    }


def _named(sheet: CircleSheet, layer: str, drawing: Drawing) -> list[dict[str, Any]]:
    """Return the communities or villages of a document once."""
    frame = _layer_of(sheet, layer)
    if frame is None:
        return []
    found = []
    for name, shape in zip(frame["name"], encode.to_degrees(frame), strict=True):
        encoded = encode.encoded(shape, drawing.start) or ("p", [])
        found.append({"t": encoded[0], "g": encoded[1], "name": name if isinstance(name, str) else None})
    return found
