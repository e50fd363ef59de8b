"""Lay out the layers of a check as rows of a workbook: communities, gaps, offenders, kinds, villages, parks, homes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from openpyxl.utils import get_column_letter

from gis_planning import geo
from gis_planning.conventions.facilities import need_title
from gis_planning.judging.rulebook import Clause
from gis_planning.maps.layers import park_name
from gis_planning.reports.workbook import SUM, Column
from gis_planning.results.verdicts import Scorecard, Verdict
from gis_planning.texts import Lang, say

Known = Mapping[str, Clause]
Row = list[Any]
Keys = tuple[tuple[str, str], ...]

#: The columns of each table: the key of the heading, and what the column holds, marked as `headed` tells.
COMMUNITIES: Keys = (
    *(("code", "text"), ("number", "text"), ("community", "text"), ("share", "%share"), ("covered_m2", "+m2")),
    *(("land_m2", "+m2"), ("homes_covered", "+count"), ("homes", "+count"), ("people_covered", "+count")),
    *(("people", "+count"), ("missing", "long")),
)
GAPS: Keys = (
    *(("code", "text"), ("number", "text"), ("rank", "count"), ("parcels", "text"), ("district", "text")),
    *(("area_m2", "+m2"), ("area_ha", "+ha"), ("area_mu", "+mu"), ("homes", "+count"), ("people", "+count")),
    *(("missing", "long"), ("nearest", "text"), ("nearest_m", "m"), ("farthest_m", "m"), ("walk_m", "m")),
    *(("x", "number"), ("y", "number")),
)
PATCHES: Keys = (
    *(("code", "text"), ("number", "text"), ("name", "text"), ("area_m2", "+m2"), ("area_mu", "+mu")),
    *(("width_m", "width"), ("label", "text"), ("touches", "long"), ("people", "+count"), ("minutes", "minutes")),
    *(("nearest", "text"), ("x", "number"), ("y", "number")),
)
KINDS: Keys = (
    *(("code", "text"), ("number", "text"), ("kind", "text"), ("limit_m", "m"), ("facilities", "count")),
    *(("share", "share"), ("covered_m2", "m2"), ("land_m2", "m2"), ("homes_covered", "count"), ("homes", "count")),
    *(("dwellings_covered", "count"), ("dwellings", "count"), ("people_covered", "count"), ("people", "count")),
)
VILLAGES: Keys = (
    *(("code", "text"), ("number", "text"), ("village", "text"), ("people", "count"), ("reached", "text")),
    *(("minutes", "minutes"), ("nearest", "text")),
)
PARKS: Keys = (
    *(("code", "text"), ("number", "text"), ("park", "text"), ("class", "text"), ("status", "text")),
    *(("area_m2", "m2"), ("radius_m", "m"), ("serves_m2", "m2"), ("only_m2", "m2"), ("merged", "long")),
)


def headed(columns: Keys, lang: Lang) -> list[Column]:
    """Return columns by their keys.

    A plus before what a column holds sums it below; a percent sign divides the sums of the next two columns.
    """
    found = []
    for at, (key, kind) in enumerate(columns, 1):
        part, whole = (
            f"SUBTOTAL(109,{letter}2:{letter}{{last}})" for letter in map(get_column_letter, (at + 1, at + 2))
        )
        shared = f'=IF({whole}=0,"",{part}/{whole})'
        found.append(
            Column(say(f"book.column_{key}", lang), kind.lstrip("+%"), {"+": SUM, "%": shared}.get(kind[0], ""))
        )
    return found


def clause_number(verdict: Verdict, known: Known, lang: Lang) -> str:
    """Return the number of a verdict's clause in its document; nothing where the clause is not known."""
    return known[verdict.code].number(lang) if verdict.code in known else ""


def _rows(
    scorecard: Scorecard,
    known: Known,
    lang: Lang,
    layer: str,
    make: Callable[[Verdict, Mapping[str, Any]], Row | None],
) -> Iterator[Row]:
    """Return the rows of one layer, verdict by verdict, each after its clause's code and number."""
    for verdict in scorecard.verdicts:
        frame = _layer(verdict, layer)
        if frame is None:
            continue
        rows = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
        if isinstance(frame, gpd.GeoDataFrame) and len(frame):
            points = shapely.point_on_surface(frame.geometry.to_numpy())
            rows = rows.assign(x=shapely.get_x(points), y=shapely.get_y(points))
        for row in rows.to_dict("records"):
            made = make(verdict, row)
            if made is not None:
                yield [verdict.code, clause_number(verdict, known, lang), *made]


def _layer(verdict: Verdict, layer: str) -> Any:
    if verdict.measured is None:
        return None
    return verdict.measured.offenders if layer == "offenders" else verdict.measured.layers.get(layer)


def _share(row: Mapping[str, Any], part: str, whole: str) -> float | None:
    return row[part] / row[whole] if row[whole] else None


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _value(row: Mapping[str, Any], key: str) -> Any:
    value = row.get(key)
    return None if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)) else value


def _kinds(value: Any, lang: Lang) -> str | None:
    return say("circlemap.and", lang).join(need_title(one, lang) for one in value.split(";")) if _word(value) else None


def _distance(row: Mapping[str, Any], key: str, lang: Lang) -> Any:
    value = _value(row, key)
    return say("circlemap.not_reachable", lang) if isinstance(value, float) and math.isinf(value) else value


def community_rows(scorecard: Scorecard, known: Known, lang: Lang) -> Iterator[Row]:
    """Return the rows of communities with their covered land, homes and people."""

    def make(_: Verdict, row: Mapping[str, Any]) -> Row:
        sums = ("covered_m2", "land_m2", "homes_covered", "homes", "people_covered", "people")
        figures = [_value(row, key) for key in sums]
        return [_word(row["name"]), _share(row, "covered_m2", "land_m2"), *figures, _kinds(row.get("missing"), lang)]

    return _rows(scorecard, known, lang, "communities", make)


def gap_rows(scorecard: Scorecard, known: Known, lang: Lang) -> Iterator[Row]:
    """Return the rows of gaps in coverage, by rank: where, how large, with how many homes and people."""

    def make(_: Verdict, row: Mapping[str, Any]) -> Row | None:
        if "rank" not in row:
            return None
        area = float(row["area_m2"])
        return [
            int(row["rank"]),
            _word(row.get("parcels")),
            _word(row.get("district")),
            *(area, geo.to_hectares(area), geo.to_mu(area)),
            *(_value(row, "homes"), _value(row, "people")),
            _kinds(row.get("missing"), lang),
            _word(row.get("nearest_facility")) or _word(row.get("nearest_park")),
            *(_distance(row, key, lang) for key in ("nearest_m", "farthest_m", "walk_m")),
            *(row["x"], row["y"]),
        ]

    return _rows(scorecard, known, lang, "offenders", make)


def patch_rows(scorecard: Scorecard, known: Known, lang: Lang) -> Iterator[Row]:
    """Return the rows of offenders that are no gaps: conflicts with lines, villages that are not reached."""

    def make(_: Verdict, row: Mapping[str, Any]) -> Row | None:
        if "rank" in row:
            return None
        area = _value(row, "area_m2")
        touches = row.get("touches")
        return [
            _word(row.get("project")) or _word(row.get("name")),
            *(area, None if area is None else geo.to_mu(area), _value(row, "width_m")),
            say(f"review.label.{row['label']}", lang) if _word(row.get("label")) else None,
            "; ".join(map(str, touches)) if isinstance(touches, list | tuple) else _word(touches),
            _value(row, "population"),
            _distance(row, "minutes", lang),
            _word(row.get("nearest_facility")),
            *(row["x"], row["y"]),
        ]

    return _rows(scorecard, known, lang, "offenders", make)


def kind_rows(scorecard: Scorecard, known: Known, lang: Lang) -> Iterator[Row]:
    """Return the rows of facility kinds that a list asks for, with what each covers."""

    def make(_: Verdict, row: Mapping[str, Any]) -> Row:
        sums = ("covered_m2", "land_m2", "homes_covered", "homes", "dwellings_covered", "dwellings", "people_covered")
        figures = [_value(row, key) for key in (*sums, "people")]
        head = [need_title(str(row["needs"]), lang), row["limit_m"], row["facilities"]]
        return [*head, _share(row, "covered_m2", "land_m2"), *figures]

    return _rows(scorecard, known, lang, "kinds", make)


def village_rows(scorecard: Scorecard, known: Known, lang: Lang) -> Iterator[Row]:
    """Return the rows of villages with the time to what is nearest."""

    def make(_: Verdict, row: Mapping[str, Any]) -> Row:
        reached = say("gis.in_time" if row["covered"] else "gis.not_in_time", lang)
        name, nearest = _word(row["name"]), _word(row.get("nearest_facility"))
        return [name, _value(row, "population"), reached, _distance(row, "minutes", lang), nearest]

    return _rows(scorecard, known, lang, "villages", make)


def park_rows(scorecard: Scorecard, known: Known, lang: Lang) -> Iterator[Row]:
    """Return the rows of parks with what they serve."""

    def make(_: Verdict, row: Mapping[str, Any]) -> Row:
        status = say(f"map.status_{row['status']}", lang)
        sizes = [_value(row, key) for key in ("area_m2", "radius_m", "serves_m2", "only_m2")]
        return [park_name(row, lang), _word(row.get("class")), status, *sizes, _word(row.get("merged"))]

    return _rows(scorecard, known, lang, "parks", make)


def homes(scorecard: Scorecard, lang: Lang) -> tuple[list[Column], Iterable[Row]]:
    """Return the columns and rows of the homes, once for all lists they are held against.

    Each list adds two columns: how many of its kinds are near, and which are missing.
    """
    lists = [(one, _layer(one, "homes")) for one in scorecard.verdicts if one.settings.get("needs")]
    lists = [(one, frame) for one, frame in lists if frame is not None and len(frame) and "missing" in frame.columns]
    if not lists:
        return [], ()
    first = lists[0][1]
    same = [(one, frame) for one, frame in lists if len(frame) == len(first)]
    found = headed((("home", "text"), ("people", "count"), ("dwellings", "count"), ("x", "number")), lang)
    found += headed((("y", "number"),), lang)
    for one, frame in same:
        found.append(Column(say("book.column_present", lang, code=one.code, count=int(frame["wanted"].max())), "count"))
        found.append(Column(say("book.column_lacks", lang, code=one.code), "long"))
    return found, _home_rows(first, [frame for _, frame in same], lang)


def _home_rows(first: gpd.GeoDataFrame, frames: Sequence[gpd.GeoDataFrame], lang: Lang) -> Iterator[Row]:
    points = shapely.point_on_surface(first.geometry.to_numpy())
    facts = first[["name", "people", "dwellings"]].to_dict("records")
    said: dict[Any, str | None] = {}
    lacks = [[said.setdefault(words, _kinds(words, lang)) for words in frame["missing"].fillna("")] for frame in frames]
    present = [frame["present"].tolist() for frame in frames]
    for at, row in enumerate(facts):
        made: Row = [_word(row["name"]), _value(row, "people"), _value(row, "dwellings"), points[at].x, points[at].y]
        for counts, words in zip(present, lacks, strict=True):
            made += [counts[at], words[at]]
        yield made
