"""Choose what the main map of a check shows: what keeps clauses from being met, coverage, the county's layers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd

from gis_planning.conventions import kind_title
from gis_planning.judging.beneath import MOST
from gis_planning.judging.rulebook import Clause
from gis_planning.maps.qgis.styles import verdict_line
from gis_planning.maps.web.county_layers import columns_of, county_layers
from gis_planning.maps.web.layers import Category, Column, MapLayer, by_value, one_category, towns_of
from gis_planning.maps.web.page import frame_of, main_map
from gis_planning.maps.web.pairs import pairs
from gis_planning.maps.web.result_layers import POINT, columns_told, districts_of, result_layer
from gis_planning.results.compared import SERVING, serving
from gis_planning.results.faults import is_quality
from gis_planning.results.papers import document_name
from gis_planning.results.schema import OFFENDERS
from gis_planning.results.verdicts import OUTCOMES, Scorecard
from gis_planning.texts import Lang, catalogue, say
from gis_planning.view.legend import base_look
from gis_planning.view.looks import outcome_look, styles
from gis_planning.view.quality import LOOKS, expected, notes, of_delivery, present
from gis_planning.view.roles import drawable
from gis_planning.view.sheets import Sheet, address, document
from gis_planning.view.told import words_of

#: The layers that are as large as the county.
COUNTY = ("study_area", "districts")
#: What a layer is to its clause, topmost first: land lies below what stands on it.
HEIGHT = (
    "offender",
    "gate",
    "supply",
    "subject",
    "doubt",
    "gap",
    "unserved",
    "served",
    "group",
    "band",
    "area",
    "context",
)


def check_map(
    scorecard: Scorecard,
    sheets: Sequence[Sheet],
    clauses: Mapping[str, Clause],
    lang: Lang,
    *,
    papers: Sequence[str] = (),
) -> str:
    """Return the main map of a check as HTML; `papers` are files beside it that it names."""
    layers = list(_layers(scorecard, sheets, clauses, lang))
    shown = {code for layer in layers for code in layer.rules}
    outcomes = [verdict.outcome for verdict in scorecard.verdicts]
    whole = next((layer.id for layer in layers if layer.id in COUNTY), None) if of_delivery(scorecard) else None
    frame = frame_of(
        scorecard,
        say("mainmap.title", lang),
        input_titles={entry.layer: kind_title(entry.layer, lang) for entry in scorecard.inputs},
        documents=[document_name(one, lang) for one in scorecard.documents],
        rules=[
            (verdict.code, verdict_line(verdict, clauses, lang))
            for verdict in scorecard.verdicts
            if verdict.code in shown
        ],
        counts={outcome: outcomes.count(outcome) for outcome in OUTCOMES if outcome in outcomes},
        opens_on=whole,
        pairs=pairs(scorecard, sheets, clauses, {layer.id for layer in layers}, lang),
        notes=[warning.to(lang) for warning in scorecard.warnings],
        files=[(name, name) for name in ("index.html", *papers)],
    )
    return main_map(frame, layers, lang)


def _layers(
    scorecard: Scorecard, sheets: Sequence[Sheet], clauses: Mapping[str, Clause], lang: Lang
) -> Iterator[MapLayer]:
    districts = scorecard.context.get("districts")
    around = county_layers(scorecard.context, _control_lines(scorecard), scorecard.titles, lang)
    county = [replace(one, question=say("mainmap.question_county", lang)) for one in around]
    if of_delivery(scorecard):
        county = [replace(_told_thinned(one, scorecard, lang), shown=True) for one in county]
    judged = [sheet for sheet in sheets if drawable(sheet.measured.offenders)]
    first = next((one for one in judged if one.leading.outcome == "fail"), judged[0] if judged else None)
    if "projects" in scorecard.context:
        projects = _projects(scorecard.context["projects"], districts, lang)
        yield replace(projects, question=say("mainmap.question_redlines", lang))
    if scorecard.faults is not None:
        for one in _faults(scorecard.faults, lang):
            yield replace(one, question=say("mainmap.question_quality", lang))
    for sheet in judged:
        # Of a delivery all is shown that goes back, of a county what is worst.
        shown = sheet is first or is_quality(sheet.leading)
        broken = _offenders(scorecard, sheet, clauses, districts, lang, shown=shown)
        yield replace(broken, question=_question(sheet, clauses, lang))
    yield from _earlier(scorecard, sheets, lang)
    for sheet in sheets:
        for one in _results(scorecard, sheet, districts, lang, shown=sheet is first):
            yield replace(one, question=_question(sheet, clauses, lang))
    yield from county


def _question(sheet: Sheet, clauses: Mapping[str, Clause], lang: Lang) -> str:
    """Return the question that a measurement answers, by the family of its clause."""
    clause = clauses.get(sheet.leading.code)
    # A measure of strangers may belong to a family of its own.
    key = f"mainmap.question_{clause.family}" if clause else ""
    return say(key, lang) if key in catalogue() else ""


def _told_thinned(layer: MapLayer, scorecard: Scorecard, lang: Lang) -> MapLayer:
    """Return a layer that says how many of its features are drawn, where that is not all of them."""
    name = layer.id.removeprefix("line.")
    count = max((one.features for one in scorecard.inputs if one.layer == name), default=0)
    if not len(layer) <= MOST < count:
        return layer
    told = say("mainmap.thinned", lang, layer=layer.title, shown=f"{len(layer):,}", count=f"{count:,}")
    return replace(layer, title=told)


def _control_lines(scorecard: Scorecard) -> list[str]:
    known = [name for name in styles()["line"] if name != "other" and name in scorecard.context]
    own = [name for name in scorecard.titles if name in scorecard.context and name not in known]
    return [*known, *own]


def _faults(faults: gpd.GeoDataFrame, lang: Lang) -> Iterator[MapLayer]:
    """Return all faults of a delivery in one list, each a dot: most of them are too small to be seen as they are."""
    placed = faults[np.isfinite(faults["x"]) & np.isfinite(faults["y"])]
    if not len(placed):
        return
    known = {
        severity: Category(say(f"quality.severity_{severity}", lang), dict(outcome_look(look)) | POINT)
        for severity, look in LOOKS.items()
    }
    told = {
        "fault_id": placed["fault_id"],
        "note": notes(placed, lang),
        "layer": placed["table"],
        "id": placed["bsm"],
        "field": placed["field"],
        "value": present(placed),
        "should_be": [expected(*one, lang) for one in zip(placed["fault"], placed["expected"], strict=True)],
        "clause": placed["code"],
    }
    beside = len(faults) - len(placed)
    title = say("quality.all_faults_but", lang, count=beside) if beside else say("quality.all_faults", lang)
    yield MapLayer(
        id="faults",
        title=title,
        group=say("quality.all_faults", lang),
        shapes=gpd.GeoSeries(gpd.points_from_xy(placed["x"], placed["y"]), crs=faults.crs),
        **by_value(placed["severity"].tolist(), known),
        columns=tuple(
            Column(say(f"quality.list_{key}", lang), words_of(pd.Series(one, dtype=object)))
            for key, one in told.items()
        ),
        rules=tuple(dict.fromkeys(placed["code"])),
        rule=placed["code"].tolist(),
        towns=words_of(placed["town"]),
        shown=True,
        # No fault bears a number, but the table opens on a layer that could.
        ranks=[0] * len(placed),
        anchors=placed["fault_id"].tolist(),
    )


def _offenders(
    scorecard: Scorecard,
    sheet: Sheet,
    clauses: Mapping[str, Clause],
    districts: gpd.GeoDataFrame | None,
    lang: Lang,
    *,
    shown: bool,
) -> MapLayer:
    verdict = sheet.leading
    codes = tuple(verdict.code for verdict in sheet.verdicts)
    number = clauses[verdict.code].number(lang) if verdict.code in clauses else ""
    title = f"{number}  {', '.join(codes)}  {sheet.value(lang)}".strip()
    group = document_name(document(scorecard, verdict), lang)
    described, frame = sheet.measured.schema[OFFENDERS], sheet.measured.outlined(OFFENDERS)
    made = result_layer(described, frame, districts, lang, id_=address("broken", verdict.code), group=group)
    # All of them break the clause: one colour for what the filter of outcomes takes together.
    look = base_look(described) | {"size": 3.5}
    alike = one_category(say(f"outcome.{verdict.outcome}", lang), look, len(made), verdict.outcome)
    return replace(made, title=title, rules=codes, shown=shown, **alike)


def _results(
    scorecard: Scorecard, sheet: Sheet, districts: gpd.GeoDataFrame | None, lang: Lang, *, shown: bool
) -> Iterator[MapLayer]:
    """Return the layers of a measurement beside its offenders, but those that are drawn on the page of their clause."""
    code = sheet.leading.code
    names = [
        name
        for name, frame in sheet.measured.layers.items()
        if drawable(frame) and not sheet.measured.schema[name].page
    ]
    for name in sorted(names, key=lambda one: HEIGHT.index(sheet.measured.schema[one].role)):
        described = sheet.measured.schema[name]
        served = described.role in (*SERVING, "gate")
        group = (
            say("mainmap.group_coverage", lang, code=code)
            if served
            else document_name(document(scorecard, sheet.leading), lang)
        )
        frame = sheet.measured.outlined(name)
        made = result_layer(described, frame, districts, lang, id_=address(name, code), group=group)
        title = made.title if served else f"{code} {made.title}"
        yield replace(made, title=title, shown=shown and served and described.role != "gate")


def _projects(frame: gpd.GeoDataFrame, districts: gpd.GeoDataFrame | None, lang: Lang) -> MapLayer:
    look = {"fill": "#ffffff", "fill_opacity": 0.25, "stroke": "#37322b", "weight": 1.8}
    title = kind_title("projects", lang)
    return MapLayer(
        id="projects",
        title=title,
        group=say("mainmap.group_projects", lang),
        shapes=frame.geometry,
        **one_category(title, look, len(frame)),
        columns=tuple(columns_of(frame, lang)),
        towns=towns_of(frame.geometry, districts),
        labelled=True,
    )


def _earlier(scorecard: Scorecard, sheets: Sequence[Sheet], lang: Lang) -> Iterator[MapLayer]:
    """Return what kept the same clauses from being met in an earlier run, and what served, to be held against this one.

    A clause that nothing breaks any more is among them: that it is mended is what is looked for.
    """
    compared = scorecard.compared
    if compared is None:
        return
    dated = compared.data_date is not None
    group = say("mainmap.group_earlier" if dated else "mainmap.group_earlier_undated", lang, date=compared.data_date)
    for sheet in sheets:
        if (frame := compared.layer(OFFENDERS, sheet.leading.code)) is not None:
            yield _broken_then(sheet, frame, lang, group)
    for sheet in sheets:
        code, measured = sheet.leading.code, sheet.measured
        for name in serving(measured):
            if (frame := compared.layer(name, code)) is not None:
                id_ = f"earlier.{address(name, code)}"
                made = result_layer(measured.schema[name], frame, None, lang, id_=id_, group=group)
                yield replace(made, title=f"{code} {made.title}", earlier=address(name, code))


def _broken_then(sheet: Sheet, frame: gpd.GeoDataFrame, lang: Lang, group: str) -> MapLayer:
    """Return what kept a clause from being met in an earlier run."""
    look = dict(styles()["layer"]["unserved"]) | {
        "fill": "#8a8375",
        "stroke": "#4a453d",
        "hatch": "counter",
        "size": 3.5,
    }
    return MapLayer(
        id=address("earlier", sheet.leading.code),
        title=sheet.leading.code,
        group=group,
        shapes=frame.geometry,
        **one_category(say("mainmap.earlier", lang), look, len(frame)),
        columns=columns_told(sheet.measured.schema[OFFENDERS], frame, lang),
        towns=districts_of(frame, None),
        earlier=address("broken", sheet.leading.code),
    )
