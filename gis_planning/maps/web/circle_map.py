"""Put the circle page of a rule document together: choose a clause, see its land, its gaps, homes and facilities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import shapely

from gis_planning import units
from gis_planning.conventions import kind_title
from gis_planning.judging.rulebook import Clause
from gis_planning.maps.layers import NUMBERED, label
from gis_planning.maps.web import circle_layers
from gis_planning.maps.web.circle_layers import GAPS, Drawn
from gis_planning.maps.web.county_layers import county_layers
from gis_planning.maps.web.layers import SEEN_M, MapLayer
from gis_planning.maps.web.page import frame_of, main_map
from gis_planning.maps.web.painted import PLANE
from gis_planning.maps.web.reached import MOST_STREETS
from gis_planning.maps.web.views import Gap, View
from gis_planning.results.papers import document_name
from gis_planning.results.verdicts import Scorecard, Verdict
from gis_planning.texts import Lang, say
from gis_planning.view import numbers
from gis_planning.view.circle_sheets import CircleSheet, outcomes_of, shown_first
from gis_planning.view.sheets import LARGEST

#: Layers of the county around, topmost first; painted land lies above the last.
AROUND = ("districts", "streets", "barriers", "study_area")


def circle_map(scorecard: Scorecard, sheet: CircleSheet, clauses: Mapping[str, Clause], lang: Lang) -> str:
    """Return the circle page of a document as HTML."""
    drawn = Drawn(sheet.verdicts, say("circlemap.group", lang), lang)
    gaps, rows = circle_layers.gaps(drawn) or (None, {})
    homes, facilities = circle_layers.homes(drawn), circle_layers.facilities(drawn, scorecard.context.get("barriers"))
    clickable = sum(map(len, (*facilities[:1], *([homes] if homes else []))))
    left = clickable > LARGEST
    if left:
        homes = None
    villages, communities = circle_layers.villages(drawn), circle_layers.communities(drawn)
    own = [gaps, *facilities[:1], homes, villages, *facilities[1:], communities]
    layers = [one for one in own if one is not None]
    views = [_view(verdict, clauses, gaps, rows.get(verdict.code, []), lang) for verdict in sheet.verdicts]
    document = document_name(sheet.document, lang)
    counts = outcomes_of(sheet)
    listed = say("circlemap.and", lang).join(f"{say(f'outcome.{one}', lang)} {count}" for one, count in counts.items())
    shown = {"tally": listed, "facilities": len(facilities[0]) if facilities else 0}
    alt = say("circlemap.alt", lang, county=scorecard.name, document=document, **shown)
    frame = frame_of(
        scorecard,
        document,
        input_titles={entry.layer: kind_title(entry.layer, lang) for entry in scorecard.inputs},
        documents=[document],
        notes=[
            *(warning.to(lang) for warning in scorecard.warnings),
            say("circlemap.drawn_note", lang),
            *([say("circlemap.homes_left", lang, count=f"{clickable:,}", most=f"{LARGEST:,}")] if left else []),
            *(
                say("circlemap.streets_left", lang, count=f"{count:,}", most=f"{MOST_STREETS:,}")
                for count in circle_layers.left_out(drawn)
            ),
        ],
        files=[("index.html", "index.html"), ("map.html", say("mainmap.title", lang))],
        opens_on="villages" if villages is not None and not drawn.painted else "study_area",
        tally=counts,
        first=shown_first(sheet.verdicts).code,
        views=[replace(view, alt=alt) for view in views],
    )
    land = circle_layers.land(drawn, _box(scorecard, drawn))
    return main_map(frame, [*layers, *_around(scorecard, land, lang)], lang)


def _box(scorecard: Scorecard, drawn: Drawn) -> gpd.GeoSeries:
    """Return the box of the land that is painted: the study area, or all there is of painted land."""
    study = scorecard.context.get("study_area")
    frames = (
        [study] if study is not None and len(study) else [one.outlined("bands") for _, one, _ in drawn.having("bands")]
    )
    boxes = [shapely.box(*frame.geometry.to_crs(PLANE).total_bounds) for frame in frames]
    return gpd.GeoSeries([shapely.box(*shapely.total_bounds(boxes))] if boxes else [], crs=PLANE)


def _around(scorecard: Scorecard, land: MapLayer | None, lang: Lang) -> Iterator[MapLayer]:
    """Yield what lies around for the eye, and the painted land above the land that is looked at."""
    there = {name: scorecard.context[name] for name in AROUND if name in scorecard.context}
    county = {layer.id: layer for layer in county_layers(there, (), {}, lang)}
    for name in AROUND:
        if name == "study_area" and land is not None:
            yield land
        if name in county:
            columns = county[name].columns[:1] if county[name].labelled else ()
            seen = replace(county[name], shown=True, ground=True, drawn_m=SEEN_M, tabled=False)
            yield replace(seen, columns=columns, towns=None)


def _view(verdict: Verdict, clauses: Mapping[str, Clause], gaps: MapLayer | None, rows: list[int], lang: Lang) -> View:
    measured, clause = verdict.measured, clauses.get(verdict.code)
    limits = list(verdict.limit.values())
    left = max(0, len(measured.offenders) - GAPS) if measured is not None and rows else 0
    return View(
        id=verdict.code,
        title=(clause.number(lang) if clause else "") or verdict.code,
        outcome=verdict.outcome,
        value=units.written(measured.value if measured else None, verdict.unit, lang, limits),
        alt="",
        sums=[verdict.reason.to(lang)],
        facts=list(_facts(verdict, lang)),
        notes=[note.to(lang) for note in (*measured.notes, *measured.missing)] if measured else [],
        gaps=_gaps(verdict, gaps, rows, lang) if gaps else [],
        heading=say("circlemap.largest_gaps", lang),
        left=say("circlemap.gaps_left", lang, count=f"{left:,}") if left else "",
    )


def _facts(verdict: Verdict, lang: Lang) -> Iterator[tuple[str, list[str]]]:
    measured = verdict.measured
    if verdict.limit:
        yield say("map.limit", lang), [units.limit(verdict.limit, verdict.unit, lang)]
    if measured is None:
        return
    if verdict.unit == "share" and measured.denominator and "bands" in measured.layers:
        part, whole = (units.written(one, "m2", lang) for one in (measured.numerator, measured.denominator))
        yield say("circlemap.land", lang), [say("circlemap.of", lang, part=part, whole=whole)]
    for reference in measured.references:
        words = ""
        if reference.value is not None:
            sums = {"part": f"{reference.numerator:,.0f}", "whole": f"{reference.denominator:,.0f}"}
            words = f" ({say('circlemap.of', lang, **sums)})"
        yield reference.title.to(lang), [numbers.beside(reference, lang)[0] + words]


#: What is told of a gap.
_OF_A_GAP = ("rank", "parcels", "area_m2", "people")


def _gaps(verdict: Verdict, gaps: MapLayer, rows: list[int], lang: Lang) -> list[Gap]:
    """Return the gaps of a clause that have a number on the map."""
    if verdict.measured is None:
        return []
    unnamed = say("circlemap.unnamed_gap", lang)
    facts = verdict.measured.offenders
    told = [facts[name].head(len(rows)).tolist() if name in facts else [None] * len(rows) for name in _OF_A_GAP]
    return [
        Gap(gaps.id, row, int(rank), label(parcels) or unnamed, _brief(area, people, lang))
        for row, rank, parcels, area, people in zip(rows, *told, strict=True)
        if rank <= NUMBERED
    ]


def _brief(area_m2: float, people: float | None, lang: Lang) -> str:
    area = units.written(area_m2, "m2", lang)
    if pd.isna(people):
        return area
    return f"{area} · {people:,.0f} {say('circlemap.persons', lang)}"
