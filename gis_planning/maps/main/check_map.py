"""Choose what the main map of a check shows: what keeps clauses from being met, coverage, the county's layers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np

from gis_planning.conventions import kind_title
from gis_planning.judging.rulebook import Clause
from gis_planning.maps.gis_styles import lacking_colour, outcome_look, verdict_line
from gis_planning.maps.layers import park_name, park_tiers, tier_title
from gis_planning.maps.main.county_layers import columns_of, county_layers
from gis_planning.maps.main.layers import Category, MapLayer, by_value, one_category, towns_of
from gis_planning.maps.main.page import frame_of, main_map
from gis_planning.results.verdicts import OUTCOMES, Scorecard
from gis_planning.texts import Lang, say
from gis_planning.view.looks import styles
from gis_planning.view.sheets import Sheet, address, document, document_title

#: Layers of a coverage that are drawn beside its offenders, topmost first.
COVERAGE = ("gates", "parks", "served", "service_areas")
_NEEDLESS = ("district", "parcel", "plane_area_m2")


def check_map(scorecard: Scorecard, sheets: Sequence[Sheet], clauses: Mapping[str, Clause], lang: Lang) -> str:
    """Return the main map of a check as HTML."""
    layers = list(_layers(scorecard, sheets, clauses, lang))
    shown = {code for layer in layers for code in layer.rules}
    outcomes = [verdict.outcome for verdict in scorecard.verdicts if verdict.code in shown]
    frame = frame_of(
        scorecard,
        say("mainmap.title", lang),
        input_titles={one.layer: kind_title(one.layer, lang) for one in scorecard.inputs},
        documents=[document_title(one, lang) for one in scorecard.documents],
        rules=[(one.code, verdict_line(one, clauses, lang)) for one in scorecard.verdicts if one.code in shown],
        counts={one: outcomes.count(one) for one in OUTCOMES if one in outcomes},
        notes=[one.to(lang) for one in scorecard.warnings],
        files=[("index.html", "index.html"), ("report.docx", "report.docx"), ("report.xlsx", "report.xlsx")],
    )
    return main_map(frame, layers, lang)


def _layers(
    scorecard: Scorecard, sheets: Sequence[Sheet], clauses: Mapping[str, Clause], lang: Lang
) -> Iterator[MapLayer]:
    districts = scorecard.context.get("districts")
    lines = _control_lines(scorecard)
    county = list(county_layers(scorecard.context, lines, scorecard.titles, lang))
    offenders = [(sheet, sheet.measured.offenders) for sheet in sheets]
    judged = [sheet for sheet, frame in offenders if isinstance(frame, gpd.GeoDataFrame) and len(frame)]
    first = next((one for one in judged if one.leading.outcome == "fail"), judged[0] if judged else None)
    if "projects" in scorecard.context:
        yield _projects(scorecard.context["projects"], districts, lang)
    for sheet in judged:
        yield _offenders(scorecard, sheet, clauses, districts, lang, shown=sheet is first)
    yield from _earlier(scorecard, judged, lang)
    for sheet in sheets:
        if sheet.file is not None or "served" in sheet.measured.layers:
            yield from _coverage(sheet, districts, lang, shown=sheet is first)
    for sheet in sheets:
        if "present" in sheet.measured.layers.get("homes", ()):
            yield _homes(scorecard, sheet, lang)
    yield from county


def _control_lines(scorecard: Scorecard) -> list[str]:
    known = [name for name in styles()["line"] if name != "other" and name in scorecard.context]
    own = [name for name in scorecard.titles if name in scorecard.context and name not in known]
    return [*known, *own]


def _first(frame: gpd.GeoDataFrame) -> str | None:
    """Return the column that says what an offender is called."""
    return next((one for one in ("parcels", "project", "name") if one in frame.columns), None)


def _towns(frame: gpd.GeoDataFrame, districts: gpd.GeoDataFrame | None) -> list[str | None] | None:
    """Return the district of each offender: the one its measure says, else the one it lies in."""
    if "district" in frame.columns:
        return [one if isinstance(one, str) else None for one in frame["district"]]
    return towns_of(frame.geometry, districts)


def _offenders(
    scorecard: Scorecard,
    sheet: Sheet,
    clauses: Mapping[str, Clause],
    districts: gpd.GeoDataFrame | None,
    lang: Lang,
    *,
    shown: bool,
) -> MapLayer:
    frame, verdict = sheet.measured.offenders, sheet.leading
    codes = tuple(one.code for one in sheet.verdicts)
    title = f"{', '.join(codes)}  {sheet.value(lang)}"
    number = clauses[verdict.code].number(lang) if verdict.code in clauses else ""
    look = styles()["layer"]["unserved"] if "rank" in frame.columns else outcome_look("fail")
    word = say(f"outcome.{verdict.outcome}", lang)
    return MapLayer(
        id=address("broken", verdict.code),
        title=f"{number}  {title}".strip(),
        group=document_title(document(scorecard, verdict), lang),
        shapes=frame.geometry,
        **one_category(word, dict(look) | {"size": 3.5}, len(frame), verdict.outcome),
        columns=tuple(columns_of(frame, lang, first=_first(frame), skip=_NEEDLESS)),
        rules=codes,
        towns=_towns(frame, districts),
        shown=shown,
    )


def _coverage(sheet: Sheet, districts: gpd.GeoDataFrame | None, lang: Lang, *, shown: bool) -> Iterator[MapLayer]:
    """Return the layers of one coverage: parks by tier, served land, service areas, gates."""
    group = say("mainmap.group_coverage", lang, code=sheet.leading.code)
    for name in COVERAGE:
        frame = sheet.measured.layers.get(name)
        if frame is None or not len(frame):
            continue
        categories = one_category(
            say(f"mainmap.{name}", lang), styles()["layer"][name if name != "parks" else "parks_small"], len(frame)
        )
        columns = columns_of(
            frame, lang, first="park" if name == "gates" else "name", skip=("district", "plane_area_m2")
        )
        if name == "parks":
            categories = _tiers(frame, sheet, lang)
            columns[0] = replace(columns[0], values=[park_name(row, lang) for _, row in frame.iterrows()])
        yield MapLayer(
            id=address(name, sheet.leading.code),
            title=say(f"mainmap.{name}", lang),
            group=group,
            shapes=frame.geometry,
            **categories,
            columns=tuple(columns),
            towns=towns_of(frame.geometry, districts) if name in ("parks", "served") else None,
            shown=shown and name != "gates",
            tabled=name != "service_areas",
            ground=name == "service_areas",
        )


def _homes(scorecard: Scorecard, sheet: Sheet, lang: Lang) -> MapLayer:
    """Return the homes of a list of facilities, by how many of its kinds each has in reach."""
    frame, verdict = sheet.measured.layers["homes"], sheet.leading
    look = dict(styles()["layer"]["home"]) | {"size": 3.0, "ring": 0.6}
    known = {}
    for present, wanted in sorted(set(zip(frame["present"], frame["wanted"], strict=True)), reverse=True):
        title = say("circlemap.present", lang, present=int(present), wanted=int(wanted))
        known[present] = Category(title, look | {"fill": lacking_colour(int(wanted - present), int(wanted))})
    plain = frame[["name", "people", "dwellings", "missing", "geometry"]]
    return MapLayer(
        id=address("homes", verdict.code),
        title=f"{verdict.code} {say('circlemap.homes_by_missing', lang)}",
        group=document_title(document(scorecard, verdict), lang),
        shapes=frame.geometry,
        **by_value(frame["present"].tolist(), known),
        columns=tuple(columns_of(plain, lang)),
    )


def _tiers(parks: gpd.GeoDataFrame, sheet: Sheet, lang: Lang) -> dict[str, Any]:
    tiers = park_tiers(parks, sheet.leading.settings)
    order = ("large", "small", "historic", "too_small", "excluded")
    known = {
        tier: Category(tier_title(tier, parks[tiers == tier], lang), styles()["layer"][f"parks_{tier}"])
        for tier in order
        if (tiers == tier).any()
    }
    return by_value(tiers.tolist(), known)


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


def _earlier(scorecard: Scorecard, judged: Sequence[Sheet], lang: Lang) -> Iterator[MapLayer]:
    """Return what kept the same clauses from being met in an earlier run, to be held against this one."""
    old = scorecard.earlier
    if old is None or "code" not in old.columns:
        return
    codes = old["code"].to_numpy()
    date = scorecard.compared.data_date if scorecard.compared else None
    group = say("mainmap.group_earlier", lang, date=date or say("map.no_date", lang))
    look = dict(styles()["layer"]["unserved"]) | {
        "fill": "#8a8375",
        "stroke": "#4a453d",
        "hatch": "counter",
        "size": 3.5,
    }
    for sheet in judged:
        frame = old[np.isin(codes, [sheet.leading.code])]
        frame = frame.loc[:, ~frame.isna().all()] if len(frame) else frame
        if not len(frame):
            continue
        yield MapLayer(
            id=address("earlier", sheet.leading.code),
            title=sheet.leading.code,
            group=group,
            shapes=frame.geometry,
            **one_category(say("mainmap.earlier", lang), look, len(frame)),
            columns=tuple(columns_of(frame, lang, first=_first(frame), skip=(*_NEEDLESS, "code"))),
            towns=_towns(frame, None),
            earlier=address("broken", sheet.leading.code),
        )
