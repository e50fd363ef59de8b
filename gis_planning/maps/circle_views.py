"""Choose what a circle page shows for each clause: its land by distance, its gaps, its numbers, and the homes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_planning import units
from gis_planning.conventions.facilities import need_title
from gis_planning.maps import encode
from gis_planning.maps.layers import label_points
from gis_planning.maps.print.ground import PLANE, painted
from gis_planning.results.verdicts import Measured, Verdict
from gis_planning.texts import Lang, say
from gis_planning.view import numbers
from gis_planning.view.looks import styles
from gis_planning.view.sheets import outcome_facts

#: Gaps of a clause that are outlined, largest first; the land of all of them is painted.
GAPS = 30
#: Gaps and areas around facilities are drawn to this precision; cells are 10 m wide.
DRAWN_M = 6.0
#: Or, what is wider, to this part of an area's width.
DRAWN_PARTS = 200


@dataclass(frozen=True)
class Drawing:
    """Where a page counts its steps from, and the land its images lie on (metres on the web's plane)."""

    start: tuple[int, int]
    bounds: tuple[float, float, float, float]


def view(verdict: Verdict, title: str, drawing: Drawing, lang: Lang) -> dict[str, Any]:
    """Return what a page needs to show one clause."""
    measured = verdict.measured
    limits = list(verdict.limit.values())
    outcome = outcome_facts(verdict.outcome, lang)
    value = units.written(measured.value if measured else None, verdict.unit, lang, limits)
    found: dict[str, Any] = {
        "code": verdict.code,
        "title": title,
        "value": value,
        "outcome": outcome["key"],
        "word": outcome["word"],
        "reason": verdict.reason.to(lang),
        "facts": _facts(verdict, value, lang),
        "notes": [],
        "image": None,
        "ramp": [],
        "gaps": [],
        "gapsLeft": 0,
        "communities": [],
        "villages": [],
    }
    if measured is None:
        return found
    found["notes"] = [note.to(lang) for note in (*measured.notes, *measured.missing)]
    bands = measured.layers.get("bands")
    if bands is not None and len(bands):
        labels, colours = ramp_of(bands, lang)
        ramp = styles()["ramp"]
        hatched = [at for at, colour in enumerate(colours) if colour == ramp["beyond"]]
        found["image"] = painted(bands.geometry, colours, drawing.bounds, hatched=hatched, stripe=ramp["stripe"])
        areas = [units.written(float(one), "m2", lang) for one in bands["area_m2"]]
        found["ramp"] = [list(row) for row in zip(labels, colours, areas, strict=True)]
    if "rank" in measured.offenders.columns:
        found["gaps"] = list(_gaps(measured.offenders, drawing, lang))
        found["gapsLeft"] = max(0, len(measured.offenders) - GAPS)
    found["communities"] = _communities(measured.layers.get("communities"), lang)
    found["villages"] = _villages(measured.layers.get("villages"), lang)
    return found


def homes_of(verdicts: Iterable[Verdict], drawing: Drawing, lang: Lang) -> dict[str, Any] | None:
    """Return the homes of a document once, and for every clause over a list what each of them lacks.

    A set gives, for every home in the order of `at`, the positions of the needs it lacks, and its distances.
    """
    sets, frame = {}, None
    for verdict in verdicts:
        homes = verdict.measured.layers.get("homes") if verdict.measured else None
        needs = ["|".join(need["kinds"]) for need in verdict.settings.get("needs", ())]
        if homes is None or "missing" not in homes.columns:
            continue
        # A need that the facility table knows nothing of has no distances.
        needs = [code for code in needs if f"d_{code.replace('|', '_')}" in homes.columns]
        if not needs:
            continue
        if frame is not None and len(homes) != len(frame):
            continue
        frame = homes if frame is None else frame
        places = {code: at for at, code in enumerate(needs)}
        lacks = [[places[one] for one in str(words).split(";") if one in places] for words in homes["missing"]]
        columns = [homes[f"d_{code.replace('|', '_')}"].to_numpy(dtype=float) for code in needs]
        # A distance beyond the limit is rounded up, one within it down, so that no miss looks met.
        distances = [
            [None if np.isnan(one) else math.ceil(one) if at in lack else math.floor(one) for at, one in enumerate(row)]
            for lack, row in zip(lacks, zip(*columns, strict=True), strict=True)
        ]
        sets[verdict.code] = {"needs": [need_title(code, lang) for code in needs], "lacks": lacks, "m": distances}
    if frame is None:
        return None
    names = [one if isinstance(one, str) else None for one in _column(frame, "name")]
    people = [None if pd.isna(one) else round(one) for one in _column(frame, "people")]
    return {"at": _points(frame, drawing), "names": names, "people": people, "sets": sets}


def facilities_of(verdicts: Iterable[Verdict], drawing: Drawing, lang: Lang) -> list[dict[str, Any]]:
    """Return every facility of a document once, with the clauses that count it and the areas around it."""
    rows: dict[Any, dict[str, Any]] = {}
    rings: dict[Any, dict[float, Any]] = {}
    for verdict in verdicts:
        layers: Mapping[str, Any] = verdict.measured.layers if verdict.measured else {}
        frame = layers.get("facilities")
        if frame is None:
            continue
        points = _points(frame, drawing)
        for at, row in enumerate(frame.drop(columns="geometry").to_dict("records")):
            entry = rows.setdefault(row["facility"], _facility(row, points[at], lang))
            entry["clauses"].append(verdict.code)
        for key, ring in _rings(layers.get("rings"), drawing, lang):
            rings.setdefault(key, {})[ring[0]] = ring
    return [entry | {"rings": list(rings.get(key, {}).values())} for key, entry in rows.items()]


def _facility(row: Mapping[str, Any], at: list[int], lang: Lang) -> dict[str, Any]:
    return {
        "at": at,
        "name": row["name"] if isinstance(row.get("name"), str) else None,
        "kind": say("circlemap.and", lang).join(need_title(one, lang) for one in _kinds(row["kind"])),
        "status": say(f"circlemap.status_{row['status']}", lang),
        # Many tables write 0 for what nobody knows.
        "capacity": f"{row['capacity']:,.0f}" if (row.get("capacity") or 0) > 0 else None,
        "outside": say("circlemap.outside", lang) if row.get("outside") is True else None,
        "clauses": [],
    }


def _kinds(kind: Any) -> list[str]:
    return kind.split(";") if isinstance(kind, str) else ["other"]


def _rings(frame: gpd.GeoDataFrame | None, drawing: Drawing, lang: Lang) -> Iterable[tuple[Any, Any]]:
    if frame is None:
        return
    width = np.maximum(DRAWN_M, np.sqrt(frame["area_m2"].to_numpy()) / DRAWN_PARTS)
    drawn = frame.set_geometry(shapely.simplify(frame.geometry.to_numpy(), width), crs=frame.crs)
    degrees = encode.to_degrees(drawn)
    for row, shape in zip(frame.drop(columns="geometry").to_dict("records"), degrees, strict=True):
        encoded = encode.encoded(shape, drawing.start)
        if encoded is not None:
            yield row["facility"], [row["minutes"], encoded[1], units.written(row["area_m2"], "m2", lang)]


def _facts(verdict: Verdict, value: str, lang: Lang) -> list[list[str]]:
    measured = verdict.measured
    found = [[say("circlemap.value", lang), value]]
    if verdict.limit:
        found.append([say("map.limit", lang), units.limit(verdict.limit, verdict.unit, lang)])
    if measured is None:
        return found
    if verdict.unit == "share" and measured.denominator and "bands" in measured.layers:
        sums = (units.written(measured.numerator, "m2", lang), units.written(measured.denominator, "m2", lang))
        found.append([say("circlemap.land", lang), say("circlemap.of", lang, part=sums[0], whole=sums[1])])
    for one in measured.references:
        known, (part, whole) = one.value is not None, (f"{one.numerator:,.0f}", f"{one.denominator:,.0f}")
        words = f" ({say('circlemap.of', lang, part=part, whole=whole)})" if known else ""
        found.append([one.title.to(lang), numbers.beside(one, lang)[0] + words])
    return found


def ramp_of(bands: gpd.GeoDataFrame, lang: Lang) -> tuple[list[str], list[str]]:
    """Return the label and the colour of every band, from near to far or from all needs met to none."""
    ramp = styles()["ramp"]
    if "present" in bands.columns:
        lacking = (bands["wanted"] - bands["present"]).to_numpy(dtype=int)
        counts = zip(bands["present"], bands["wanted"], strict=True)
        labels = [say("circlemap.present", lang, present=int(one), wanted=int(of)) for one, of in counts]
        last, most = len(ramp["lacking"]) - 1, max(int(bands["wanted"].max()) - 1, 1) if len(bands) else 1
        return labels, [ramp["lacking"][(one - 1) * last // most] if one else ramp["all"] for one in lacking]
    low, high = (bands[column].to_numpy(dtype=float) for column in ("from_m", "to_m"))
    near = [ramp["near"][min(at, len(ramp["near"]) - 1)] for at in range(len(bands))]
    colours = [ramp["beyond"] if np.isnan(end) else colour for end, colour in zip(high, near, strict=True)]
    labels = [
        say("circlemap.beyond", lang, low=f"{one:,.0f}")
        if np.isnan(end)
        else say("circlemap.band", lang, low=f"{one:,.0f}", high=f"{end:,.0f}")
        for one, end in zip(low, high, strict=True)
    ]
    return labels, colours


def _gaps(frame: gpd.GeoDataFrame, drawing: Drawing, lang: Lang) -> Iterable[dict[str, Any]]:
    frame = frame.head(GAPS)
    labels = label_points(frame)
    rows = frame.drop(columns="geometry").to_dict("records")
    drawn = frame.set_geometry(shapely.simplify(frame.geometry.to_numpy(), DRAWN_M), crs=frame.crs)
    for row, shape, at in zip(rows, encode.to_degrees(drawn), labels, strict=True):
        encoded = encode.encoded(shape, drawing.start)
        if encoded is None or at is None:
            continue
        missing = row.get("missing")
        kinds = [need_title(one, lang) for one in missing.split(";")] if isinstance(missing, str) else []
        near = row.get("nearest_m")
        yield {
            "g": encoded[1],
            "at": list(at),
            "rank": int(row["rank"]),
            "name": row["parcels"] if isinstance(row.get("parcels"), str) else None,
            "area": numbers.area(row["area_m2"], lang),
            "short": units.written(row["area_m2"], "m2", lang),
            "people": None if pd.isna(row.get("people")) else f"{row['people']:,.0f}",
            "homes": None if pd.isna(row.get("homes")) else f"{row['homes']:,.0f}",
            "nearest": row["nearest_facility"] if isinstance(row.get("nearest_facility"), str) else None,
            "distance": None if near is None or pd.isna(near) or np.isinf(near) else units.written(near, "m", lang),
            "missing": say("circlemap.and", lang).join(kinds) or None,
        }


def _communities(frame: pd.DataFrame | None, lang: Lang) -> list[list[str | None]]:
    """Return for each community its covered land, homes and people in words."""
    if frame is None:
        return []
    found = []
    for row in frame.to_dict("records"):
        words: list[str | None] = []
        for part, whole in (("covered_m2", "land_m2"), ("homes_covered", "homes"), ("people_covered", "people")):
            of = row.get(whole)
            if of is None or pd.isna(of) or not of:
                words.append(None)
            elif whole == "land_m2":
                sums = (units.written(row[part], "m2", lang), units.written(of, "m2", lang))
                words.append(f"{row[part] / of:.1%} ({say('circlemap.of', lang, part=sums[0], whole=sums[1])})")
            else:
                sums = (f"{row[part]:,.0f}", f"{of:,.0f}")
                words.append(f"{row[part] / of:.1%} ({say('circlemap.of', lang, part=sums[0], whole=sums[1])})")
        missing = row.get("missing")
        kinds = [need_title(one, lang) for one in missing.split(";") if one] if isinstance(missing, str) else []
        found.append([*words, say("circlemap.and", lang).join(kinds) or None])
    return found


def _villages(frame: pd.DataFrame | None, lang: Lang) -> list[list[Any]]:
    """Return for each village whether it is reached in time, in how many minutes, and what is nearest."""
    if frame is None:
        return []
    found = []
    for row in frame.to_dict("records"):
        minutes = row.get("minutes")
        known = minutes is not None and not pd.isna(minutes) and not np.isinf(minutes)
        nearest = row.get("nearest_facility")
        time = say("circlemap.minutes", lang, value=f"{minutes:.1f}") if known else None
        found.append([bool(row["covered"]), time, nearest if isinstance(nearest, str) else None])
    return found


def _points(frame: gpd.GeoDataFrame, drawing: Drawing) -> list[list[int]]:
    """Return where each feature is, in steps from the start of the page."""
    middle = gpd.GeoSeries(shapely.point_on_surface(frame.geometry.to_numpy()), crs=frame.crs).to_crs(encode.DRAWN_CRS)
    at = np.column_stack([middle.x, middle.y]) * encode.SCALE - np.array(drawing.start)
    return [[int(x), int(y)] for x, y in np.rint(np.nan_to_num(at))]


def _column(frame: pd.DataFrame, name: str) -> Sequence[Any]:
    return frame[name].tolist() if name in frame.columns else [None] * len(frame)


def plane_bounds(frames: Sequence[gpd.GeoDataFrame]) -> tuple[float, float, float, float]:
    """Return the land some layers lie on, on the web's plane."""
    boxes = np.array([frame.geometry.to_crs(PLANE).total_bounds for frame in frames if len(frame)])
    west, south = boxes[:, :2].min(axis=0)
    east, north = boxes[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)


def shown_first(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict a page opens with: one over a list where there is one that failed, else the first measured."""
    measured = [one for one in verdicts if one.measured is not None] or list(verdicts)
    lists = [one for one in measured if one.settings.get("needs")]
    failed = [one for one in (*lists, *measured) if one.outcome == "fail"]
    return (failed or lists or measured)[0]


def has_circles(measured: Measured | None) -> bool:
    """Say whether a measurement can be drawn on a circle page."""
    return measured is not None and bool({"bands", "villages"} & measured.layers.keys())
