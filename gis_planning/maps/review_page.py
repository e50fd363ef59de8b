"""Draw a review as the page to open first: projects on the control lines, every verdict, sources and rules."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_planning import geo
from gis_planning.conventions.activities import activity_title
from gis_planning.conventions.landclasses import class_title
from gis_planning.maps import encode
from gis_planning.maps.assembly import assembled
from gis_planning.maps.templates import render
from gis_planning.results.review import LineReview, ParcelReview, Review, compared_words
from gis_planning.results.verdicts import OUTCOMES
from gis_planning.texts import Lang, say
from gis_planning.view import numbers
from gis_planning.view.looks import styles
from gis_planning.view.sheets import drawn_how

#: Control lines are drawn so far around the projects.
AROUND_M = 3_000.0
OWN_WORDS = ("patch", "shown", "all_lines", "borderline", "none_touched", "decided", "hint")
COLUMNS = ("id", "project", "area_mu", "outcome")


def review_page(review: Review, lang: Lang) -> str:
    """Return the page of a review as HTML; it opens by double click, with no network."""
    view = _view(review.parcels_layer)
    degrees = encode.to_degrees(review.parcels_layer)
    start = encode.origin(degrees)
    lines = [_line(name, review, view, start, lang) for name in _drawn(review)]
    parcels = [
        _parcel(parcel, shape, start, review, lang) for parcel, shape in zip(review.parcels, degrees, strict=True)
    ]
    patches = list(_patches(review, start, lang))
    counts = [_outcome(one, lang) | {"count": count} for one, count in review.counts().items()]
    alt = say(
        "review.alt",
        lang,
        county=review.name,
        total=len(parcels),
        counts=say("review.comma", lang).join(f"{one['word']} {one['count']}" for one in counts),
    )
    bounds = gpd.GeoSeries(degrees, crs=encode.DRAWN_CRS).total_bounds.tolist()
    payload = {
        "scale": encode.SCALE,
        "origin": start,
        "bounds": [[bounds[1], bounds[0]], [bounds[3], bounds[2]]],
        "alt": alt,
        "words": {word: say(f"review.page_{word}", lang, count="{count}", total="{total}") for word in OWN_WORDS},
        "outcomes": {one: _outcome(one, lang) for one in OUTCOMES},
        "lines": lines,
        "parcels": parcels,
        "patches": patches,
        "heads": {key: say(f"review.column_{key}", lang) for key in ("line", "outcome", "area_m2", "width_m", "label")},
    }
    facts = {
        "county": review.name,
        "as_of": review.as_of,
        "data_date": review.data_date or say("map.no_date", lang),
        "crs": review.crs,
        "version": review.program["version"],
        "counts": counts,
        "lines": [{**one, "features": []} for one in lines],
        "columns": [(key, say(f"review.column_{key}", lang)) for key in COLUMNS],
        "kinds": [(line, review.title(line, lang)) for line in _named(review)],
        "compared": compared_words(review, lang),
        "inputs": [{**vars(one), "title": review.title(one.layer, lang)} for one in review.inputs],
        "documents": [
            {**document, "name": document["title"] if lang == "zh" else document["title_en"]}
            for document in review.documents
        ],
        "notes": [note.to(lang) for note in (*review.notes, *review.warnings)],
        "short": numbers.SHORT_SHA,
        "drawn": drawn_how(len(parcels) + len(patches), lang),
    }
    return assembled(
        "review",
        "review.js",
        render(__package__, "review.html.j2", lang, **facts),
        payload,
        lang,
        county=review.name,
        document=say("review.title", lang),
        canvas=False,
    )


def _outcome(outcome: str, lang: Lang) -> dict[str, str]:
    return {"key": outcome, "word": say(f"review.outcome.{outcome}", lang), **styles()["outcome"][outcome]}


def _named(review: Review) -> list[str]:
    return [line.line for line in review.parcels[0].lines] if review.parcels else []


def _drawn(review: Review) -> list[str]:
    return [name for name in _named(review) if name in review.context and len(review.context[name])]


def _view(parcels: gpd.GeoDataFrame) -> Any:
    x0, y0, x1, y1 = parcels.total_bounds
    return shapely.box(x0 - AROUND_M, y0 - AROUND_M, x1 + AROUND_M, y1 + AROUND_M)


def _line(name: str, review: Review, view: Any, start: tuple[int, int], lang: Lang) -> dict[str, Any]:
    frame = review.context[name]
    geometry = frame.geometry.to_numpy()
    near = geometry[np.sort(shapely.STRtree(geometry).query(view, predicate="intersects"))]
    clipped = gpd.GeoDataFrame(geometry=shapely.intersection(near, view), crs=frame.crs)
    shapes = [encode.encoded(one, start) for one in encode.to_degrees(clipped)]
    look = styles()["line"].get(name, styles()["line"]["other"])
    style = {"fill": look["fill"], "fill_opacity": look["opacity"], "stroke": look["stroke"], "weight": 1.2}
    return {
        "id": name,
        "title": review.title(name, lang),
        "style": style,
        "features": [{"t": one[0], "g": one[1]} for one in shapes if one],
    }


def _parcel(parcel: ParcelReview, shape: Any, start: tuple[int, int], review: Review, lang: Lang) -> dict[str, Any]:
    encoded = encode.encoded(shape, start) or ("p", [])
    activity = activity_title(parcel.activity, lang) if parcel.activity else say("review.activity_unknown", lang)
    facts = [
        [say("review.column_activity", lang), activity],
        [say("review.column_area_m2", lang), numbers.area(parcel.area_m2, lang)],
        [say("review.column_plane_area_m2", lang), f"{parcel.plane_area_m2:,.2f}"],
        [say("review.column_source", lang), parcel.source],
    ]
    return {
        "g": encoded[1],
        "id": parcel.id,
        "name": parcel.name,
        "outcome": parcel.outcome,
        "judged": parcel.judged,
        "mu": geo.to_mu(parcel.area_m2),
        "facts": facts,
        "lines": [_finding(line, review, lang) for line in parcel.lines],
        "classes": _classes(parcel, review.classes, lang),
        "overrides": [
            say(
                "review.override_note",
                lang,
                **vars(one) | {"outcome": say(f"review.outcome.{one.outcome}", lang)},
            )
            for one in parcel.overrides
        ],
    }


def _finding(line: LineReview, review: Review, lang: Lang) -> dict[str, Any]:
    return {
        "line": line.line,
        "title": review.title(line.line, lang),
        "outcome": line.outcome,
        "message": line.message.to(lang),
        "borderline": any(one.borderline for one in line.findings),
        "codes": [one.code for one in line.findings if one.outcome == line.outcome],
        "touched": bool(line.overlap_m2),
    }


def _classes(parcel: ParcelReview, classes: pd.DataFrame | None, lang: Lang) -> list[list[str]]:
    """Return the land classes of a project, largest first."""
    if classes is None:
        return []
    own = classes[classes["project_id"] == parcel.id].fillna({"class": ""})
    sums = own.groupby("class")["area_mu"].sum().sort_values(ascending=False)
    found = []
    for code, area in sums.items():
        name = f"{code} {class_title(str(code), lang) or ''}".strip() or say("review.no_patch", lang)
        found.append([name, f"{area:,.2f}"])
    return found


def _patches(review: Review, start: tuple[int, int], lang: Lang) -> Any:
    if not len(review.patches):
        return
    rows = review.patches.drop(columns="geometry").to_dict("records")
    places = {parcel.id: at for at, parcel in enumerate(review.parcels)}
    for row, shape in zip(rows, encode.to_degrees(review.patches), strict=True):
        encoded = encode.encoded(shape, start)
        if encoded is None or row["outcome"] not in ("fail", "conditional"):
            continue
        yield {
            "g": encoded[1],
            "parcel": places[row["project_id"]],
            "outcome": row["outcome"],
            "title": review.title(row["line"], lang),
            "line": row["line"],
            "area": numbers.area(row["area_m2"], lang),
            "width": f"{row['width_m']:,.2f}",
            "label": say(f"review.label.{row['label']}", lang),
            "id": row["id"],
        }
