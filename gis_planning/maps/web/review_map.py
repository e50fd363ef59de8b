"""Choose what the main map of a review shows: projects by verdict, conflicts, control lines, the county's layers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import geopandas as gpd

from gis_planning import geo
from gis_planning.conventions.activities import activity_title
from gis_planning.maps.web.county_layers import county_layers
from gis_planning.maps.web.layers import Category, Column, MapLayer, by_value, one_category, towns_of
from gis_planning.maps.web.page import frame_of, main_map
from gis_planning.results.review import ParcelReview, Review
from gis_planning.results.verdicts import OUTCOMES
from gis_planning.texts import Lang, say
from gis_planning.view.looks import outcome_look

#: Up to so many projects the page holds what is said of each; of more, the workbook does.
MOST_OPINIONS = 5_000


def review_map(review: Review, lang: Lang, *, leads: bool) -> str:
    """Return the main map of a review as HTML; `leads` says that it is the page to open first."""
    names = [line.line for line in review.parcels[0].lines] if review.parcels else []
    layers = [*_review_layers(review, lang), *county_layers(review.context, names, review.titles, lang)]
    codes = dict.fromkeys(review.patches["code"]) if len(review.patches) else {}
    known = {str(one["code"]): one for one in review.clauses}
    frame = frame_of(
        review,
        say("review.title", lang),
        input_titles={one.layer: review.title(one.layer, lang) for one in review.inputs},
        documents=[
            f"{one['title'] if lang == 'zh' else one['title_en']} {one.get('number') or ''}".strip()
            for one in review.documents
        ],
        caveat=say("review.caveat", lang),
        dated=say("review.as_of", lang, day=review.as_of) if leads else None,
        rules=[(code, _rule(code, known, review, lang)) for code in codes],
        counts={str(key): count for key, count in review.counts().items()},
        notes=[note.to(lang) for note in (*review.notes, *review.warnings)],
        files=[(name, name) for name in ("review.docx", "review.xlsx", "review.gpkg", "review.json")],
        words="review.outcome",
    )
    return main_map(frame, layers, lang)


def _rule(code: str, known: dict[str, Any], review: Review, lang: Lang) -> str:
    clause = known.get(code, {})
    return "  ".join(str(one) for one in (code, review.title(str(clause.get("line", "")), lang)) if one)


def _review_layers(review: Review, lang: Lang) -> Iterator[MapLayer]:
    districts = review.context.get("districts")
    towns = towns_of(review.parcels_layer.geometry, districts)
    if len(review.patches):
        yield _patches(review, towns, lang)
    yield _projects(review, towns, lang)
    yield from _earlier(review, lang)


def _outcomes(lang: Lang) -> dict[str, Category]:
    return {one: Category(say(f"review.outcome.{one}", lang), outcome_look(one), one) for one in OUTCOMES}


def _projects(review: Review, towns: list[str | None] | None, lang: Lang) -> MapLayer:
    parcels = review.parcels
    few = len(parcels) <= MOST_OPINIONS
    columns = [
        Column(say("review.column_project", lang), [_named(one) for one in parcels]),
        Column(say("review.column_area_m2", lang), [one.area_m2 for one in parcels], 2),
        Column(say("review.column_area_mu", lang), [geo.to_mu(one.area_m2) for one in parcels], 4),
        Column(say("review.column_activity", lang), [_activity(one, lang) for one in parcels]),
        Column(say("review.column_source", lang), [one.source for one in parcels]),
    ]
    for at, line in enumerate(parcels[0].lines if parcels else ()):
        title = review.title(line.line, lang)
        overlaps = [one.lines[at].overlap_m2 for one in parcels]
        if any(overlaps):
            columns.append(Column(say("mainmap.overlap", lang, line=title), [value or None for value in overlaps], 2))
    return MapLayer(
        id="projects",
        title=say("mainmap.projects", lang),
        group=say("mainmap.group_review", lang),
        shapes=review.parcels_layer.geometry,
        **by_value([one.outcome for one in parcels], _outcomes(lang)),
        columns=tuple(columns),
        towns=towns,
        shown=True,
        labelled=True,
        opinions=[_opinions(one, review, lang) for one in parcels] if few else None,
    )


def _named(parcel: ParcelReview) -> str:
    """Return a project's id and name, once where they are the same."""
    return parcel.id if parcel.name in (None, parcel.id) else f"{parcel.id} {parcel.name}".strip()


def _activity(parcel: ParcelReview, lang: Lang) -> str:
    return activity_title(parcel.activity, lang) if parcel.activity else say("review.activity_unknown", lang)


def _opinions(parcel: ParcelReview, review: Review, lang: Lang) -> Sequence[tuple[str, str, str]]:
    """Return what is said of a project: a person's decisions first, then every line that is more than a pass."""
    found: list[tuple[str, str, str]] = [
        (
            one.code,
            one.outcome,
            say("review.override_note", lang, **vars(one) | {"outcome": say(f"review.outcome.{one.outcome}", lang)}),
        )
        for one in parcel.overrides
    ]
    told = [line for line in parcel.lines if line.overlap_m2 or line.outcome not in ("pass", "info")]
    return found + [(review.title(line.line, lang), line.outcome, line.message.to(lang)) for line in told]


def _patches(review: Review, towns: list[str | None] | None, lang: Lang) -> MapLayer:
    patches = review.patches
    row = {parcel.id: at for at, parcel in enumerate(review.parcels)}
    owner = [row[one] for one in patches["project_id"]]
    known = {
        one: Category(category.title, outcome_look(one) | {"fill_opacity": 0.75, "size": 3.5}, one)
        for one, category in _outcomes(lang).items()
    }
    names = [_named(review.parcels[at]) for at in owner]
    columns = (
        Column(say("review.column_project", lang), names),
        Column(say("review.column_line", lang), [review.title(one, lang) for one in patches["line"]]),
        Column(say("review.column_area_m2", lang), patches["area_m2"].tolist(), 2),
        Column(say("review.column_label", lang), [say(f"review.label.{one}", lang) for one in patches["label"]]),
        Column(say("review.column_width_m", lang), patches["width_m"].tolist(), 2),
        Column(say("mainmap.patch_id", lang), patches["id"].tolist()),
    )
    return MapLayer(
        id="patches",
        title=say("review.figure_patch", lang),
        group=say("mainmap.group_review", lang),
        shapes=patches.geometry,
        **by_value(patches["outcome"].tolist(), known),
        columns=columns,
        rule=patches["code"].tolist(),
        rules=tuple(dict.fromkeys(patches["code"])),
        towns=None if towns is None else [towns[at] for at in owner],
        shown=True,
        of=("projects", owner),
    )


def _earlier(review: Review, lang: Lang) -> Iterator[MapLayer]:
    """Return the projects and conflicts of an earlier review."""
    look = {"fill": "#8a8375", "fill_opacity": 0.5, "stroke": "#4a453d", "weight": 1.4, "hatch": "counter", "size": 3.5}
    for name, this in (("patches", "patches"), ("parcels", "projects")):
        frame = review.earlier.get(name)
        if frame is None or not len(frame):
            continue
        ids = frame["project_id"] if "project_id" in frame.columns else frame["id"]
        columns = [Column(say("review.column_project", lang), [str(one) for one in ids])]
        if "area_m2" in frame.columns:
            columns.append(Column(say("review.column_area_m2", lang), _floats(frame, "area_m2"), 2))
        if "outcome" in frame.columns:
            words = [say(f"review.outcome.{one}", lang) if one in OUTCOMES else None for one in frame["outcome"]]
            columns.append(Column(say("review.column_outcome", lang), words))
        title = say("review.figure_patch" if name == "patches" else "mainmap.projects", lang)
        yield MapLayer(
            id=f"earlier.{this}",
            title=title,
            group=say("mainmap.group_earlier_review", lang),
            shapes=frame.geometry,
            **one_category(title, look, len(frame)),
            columns=tuple(columns),
            earlier=this,
        )


def _floats(frame: gpd.GeoDataFrame, name: str) -> list[float | None]:
    return [None if one != one else float(one) for one in frame[name]]  # noqa: PLR0124 - NaN is not itself
