"""Write a review as one JSON document, a project a line, and read it: what repeats stands once at its head."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gis_planning import geo
from gis_planning.conventions.activities import activity_title
from gis_planning.results.verdicts import json_line
from gis_planning.texts import Lang

if TYPE_CHECKING:
    from gis_planning.results.review import LineReview, ParcelReview, Review

#: What a key says that is left out. What a project was judged before decisions, and what a line is judged with no piece
#: excused, is its outcome where it is left out.
LEFT_OUT: dict[str, dict[str, Any]] = {
    "parcel": {"activity": None, "stated_area_m2": None, "overrides": []},
    "line": {
        "overlap_m2": None,
        "net_overlap_m2": None,
        "outside_m2": None,
        "uncovered_m2": 0.0,
        "share": None,
        "substantial_m2": 0.0,
        "boundary_m2": 0.0,
        "unclear_m2": 0.0,
        "touches": [],
    },
    "clause": {"borderline": False},
}
#: Keys that always stand there, whatever they say.
PROMISED = {"activity", "overlap_m2", "outside_m2", "share"}


def write_review(path: Path, review: Review, lang: Lang) -> None:
    """Write a review as JSON other tools read, as it is made: UTF-8, numbers unrounded, no NaN.

    The sentence of a clause that is left out is what its table at the head says for that outcome (`messages`), else
    that of its line; `left_out` says what other keys are.
    """
    lists = {
        "parcels": _parcels(review, lang),
        "patches": iter(review.patches.drop(columns="geometry").to_dict("records")),
        "land_classes": None if review.classes is None else iter(review.classes.to_dict("records")),
        "compare": None if review.compared is None else iter(review.compared.to_json()),
    }
    head = {**review.head(lang), **_head(review, lang), "layers": review.described(lang)}
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write("{\n")
        for key, value in head.items():
            stream.write(f"{json.dumps(key)}: {json_line(value)},\n")
        for at, (key, rows) in enumerate(lists.items()):
            stream.write(f"{',' if at else ''}{json.dumps(key)}: ")
            if rows is None:
                stream.write("null\n")
                continue
            stream.write("[")
            for number, row in enumerate(rows):
                stream.write(f"{',' if number else ''}\n{json_line(row)}")
            stream.write("\n]\n")
        stream.write("}\n")


def whole(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the JSON of a review says with everything where it belongs; what an earlier program wrote is so."""
    if "left_out" not in told:
        return dict(told)
    clauses = {clause["code"]: clause for clause in told["clauses"]}
    return {**told, "parcels": [_whole_parcel(parcel, told, clauses) for parcel in told["parcels"]]}


def _head(review: Review, lang: Lang) -> dict[str, Any]:
    names = dict.fromkeys(line.line for parcel in review.parcels[:1] for line in parcel.lines)
    activities = dict.fromkeys(parcel.activity for parcel in review.parcels if parcel.activity)
    clauses = [
        {**clause, "cited": review.cited(clause["code"], lang), "messages": _messages(clause, lang)}
        for clause in review.clauses
    ]
    return {
        "clauses": clauses,
        "titles": {name: review.title(name, lang) for name in names},
        "activities": {activity: activity_title(activity, lang) for activity in activities},
        "left_out": LEFT_OUT,
        "notes": [note.to(lang) for note in review.notes],
        "counts": review.counts(),
    }


def _messages(clause: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    """Return what a clause says of land that is clear of its line, by outcome."""
    clear = clause["projects"].get("clear" if lang == "zh" else "clear_en")
    return {"pass": clear, "info": clear} if clear else {}


def _parcels(review: Review, lang: Lang) -> Iterator[dict[str, Any]]:
    messages = {clause["code"]: _messages(clause, lang) for clause in review.clauses}
    for parcel in review.parcels:
        yield _parcel(parcel, messages, lang)


def _parcel(parcel: ParcelReview, messages: Mapping[str, Mapping[str, str]], lang: Lang) -> dict[str, Any]:
    told = {
        "id": parcel.id,
        "name": parcel.name,
        "source": parcel.source,
        "activity": parcel.activity,
        "area_m2": parcel.area_m2,
        "area_ha": geo.to_hectares(parcel.area_m2),
        "area_mu": geo.to_mu(parcel.area_m2),
        "plane_area_m2": parcel.plane_area_m2,
        "stated_area_m2": parcel.stated_area_m2,
        "outcome": parcel.outcome,
        "overrides": [vars(override) for override in parcel.overrides],
    }
    if (judged := parcel.judged) != told["outcome"]:
        told["outcome_before_overrides"] = judged
    return _short(told, "parcel") | {"lines": [_line(line, messages, lang) for line in parcel.lines]}


def _line(line: LineReview, messages: Mapping[str, Mapping[str, str]], lang: Lang) -> dict[str, Any]:
    said = line.message.to(lang)
    told = {
        "line": line.line,
        "overlap_m2": line.overlap_m2,
        "overlap_mu": None if line.overlap_m2 is None else geo.to_mu(line.overlap_m2),
        "net_overlap_m2": line.net_m2,
        "outside_m2": line.outside_m2,
        "uncovered_m2": 0.0 if line.uncovered_m2 is None and line.overlap_m2 is None else line.uncovered_m2,
        "share": line.share,
        "pieces": line.pieces,
        "slivers": line.slivers,
        "substantial_m2": line.substantial_m2,
        "boundary_m2": line.boundary_m2,
        "unclear_m2": line.unclear_m2,
        "touches": list(line.touches),
        "outcome": line.outcome,
        "message": said,
    }
    if (zero := line.outcome_zero) != line.outcome:
        told["outcome_zero_tolerance"] = zero
    clauses = []
    for finding in line.findings:
        clause: dict[str, Any] = {"code": finding.code, "outcome": finding.outcome}
        if finding.outcome_zero != finding.outcome:
            clause["outcome_zero_tolerance"] = finding.outcome_zero
        if finding.borderline:
            clause["borderline"] = True
        message = finding.message.to(lang)
        if message != messages[finding.code].get(finding.outcome, said):
            clause["message"] = message
        clauses.append(clause)
    return _short(told, "line") | {"clauses": clauses}


def _short(told: dict[str, Any], kind: str) -> dict[str, Any]:
    """Return what is told without what is known where it is left out."""
    known = LEFT_OUT[kind]
    return {key: value for key, value in told.items() if key in PROMISED or key not in known or value != known[key]}


def _whole_parcel(
    parcel: Mapping[str, Any], told: Mapping[str, Any], clauses: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    activity = parcel.get("activity")
    return {
        **told["left_out"]["parcel"],
        "outcome_before_overrides": parcel["outcome"],
        "activity_title": told["activities"].get(activity),
        **parcel,
        "lines": [_whole_line(line, told, clauses) for line in parcel["lines"]],
    }


def _whole_line(
    line: Mapping[str, Any], told: Mapping[str, Any], clauses: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    overlap = line["overlap_m2"]
    # What nobody could look at is not known to be covered either.
    unseen = {"uncovered_m2": None} if overlap is None else {}
    own = []
    for clause in line["clauses"]:
        head = clauses[clause["code"]]
        message = head["messages"].get(clause["outcome"], line["message"])
        known = {"outcome_zero_tolerance": clause["outcome"], "message": message, "cited": head["cited"]}
        own.append({**told["left_out"]["clause"], **known, **clause})
    return {
        **told["left_out"]["line"],
        **unseen,
        "outcome_zero_tolerance": line["outcome"],
        "title": told["titles"][line["line"]],
        "overlap_ha": None if overlap is None else geo.to_hectares(overlap),
        **line,
        "clauses": own,
    }
