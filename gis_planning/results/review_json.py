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
#: excused, is its outcome where it is left out; what is substantial of an overlap is all of it. Of `uncovered_m2` the
#: project says what its lines do.
LEFT_OUT: dict[str, dict[str, Any]] = {
    "parcel": {"activity": None, "stated_area_m2": None, "overrides": [], "shared": []},
    "line": {
        "overlap_m2": None,
        "net_overlap_m2": None,
        "outside_m2": None,
        "uncovered_m2": 0.0,
        "share": None,
        "boundary_m2": 0.0,
        "unclear_m2": 0.0,
        "touches": [],
        "outcome_decided": None,
    },
    "clause": {"borderline": False},
}
#: Keys that always stand there, whatever they say.
PROMISED = {"activity", "overlap_m2", "outside_m2", "share"}


def write_review(path: Path, review: Review, lang: Lang) -> None:
    """Write a review as JSON other tools read, as it is made: UTF-8, numbers unrounded, no NaN.

    The sentence of a clause that is left out is what its table at the head says for that outcome (`messages`), else
    that of its line; where it is a number it is the one of `sentences` at this place, from 0. `left_out` says what
    other keys are.
    """
    sentences: dict[str, int] = {}
    lists = {
        "parcels": _parcels(review, sentences, lang),
        "patches": iter(review.patches.drop(columns="geometry").to_dict("records")),
        "land_classes": None if review.classes is None else iter(review.classes.to_dict("records")),
        "compare": None if review.compared is None else iter(review.compared.to_json()),
        # Filled while the projects are written, so it comes last.
        "sentences": sentences,
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
        "left_out": _left_out(review),
        "notes": [note.to(lang) for note in review.notes],
        "counts": review.counts(),
    }


def _messages(clause: Mapping[str, Any], lang: Lang) -> dict[str, str]:
    """Return what a clause says of land that is clear of its line, by outcome."""
    clear = clause["projects"].get("clear" if lang == "zh" else "clear_en")
    return {"pass": clear, "info": clear} if clear else {}


def _left_out(review: Review) -> dict[str, dict[str, Any]]:
    """Return what keys say that are left out: most projects come from the file of the first."""
    source = review.parcels[0].source if review.parcels else ""
    return {**LEFT_OUT, "parcel": LEFT_OUT["parcel"] | {"source": source}}


def _parcels(review: Review, sentences: dict[str, int], lang: Lang) -> Iterator[dict[str, Any]]:
    left_out = _left_out(review)
    messages = {clause["code"]: _messages(clause, lang) for clause in review.clauses}
    for parcel in review.parcels:
        uncovered = next((line.uncovered_m2 for line in parcel.lines if line.uncovered_m2), 0.0)
        own = {"uncovered_m2": uncovered} if uncovered else {}
        lines = []
        for line in parcel.lines:
            seen = line.overlap_m2 is not None
            known = {"uncovered_m2": uncovered if seen else None, "substantial_m2": line.overlap_m2 or 0.0}
            decided = {"outcome_decided": parcel.outcome_decided(line)}
            told = _short(_line(line, lang) | decided, left_out["line"] | known)
            lines.append(told | {"clauses": _clauses(line, messages, sentences, lang)})
        yield _short(_parcel(parcel), left_out["parcel"]) | own | {"lines": lines}


def _parcel(parcel: ParcelReview) -> dict[str, Any]:
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
        "shared": parcel.shared_json(),
    }
    if (judged := parcel.judged) != told["outcome"]:
        told["outcome_before_overrides"] = judged
    return told


def _line(line: LineReview, lang: Lang) -> dict[str, Any]:
    told = {
        "line": line.line,
        "overlap_m2": line.overlap_m2,
        "overlap_mu": None if line.overlap_m2 is None else geo.to_mu(line.overlap_m2),
        "net_overlap_m2": line.net_m2,
        "outside_m2": line.outside_m2,
        "uncovered_m2": line.uncovered_m2,
        "share": line.share,
        "pieces": line.pieces,
        "slivers": line.slivers,
        "substantial_m2": line.substantial_m2,
        "boundary_m2": line.boundary_m2,
        "unclear_m2": line.unclear_m2,
        "touches": list(line.touches),
        "outcome": line.outcome,
        "message": line.message.to(lang),
    }
    if (zero := line.outcome_zero) != line.outcome:
        told["outcome_zero_tolerance"] = zero
    return told


def _clauses(
    line: LineReview, messages: Mapping[str, Mapping[str, str]], sentences: dict[str, int], lang: Lang
) -> list[dict[str, Any]]:
    """Return the clauses of a line; a sentence of their own is noted among `sentences`."""
    said, clauses = line.message.to(lang), []
    for finding in line.findings:
        clause: dict[str, Any] = {"code": finding.code, "outcome": finding.outcome}
        if finding.outcome_zero != finding.outcome:
            clause["outcome_zero_tolerance"] = finding.outcome_zero
        if finding.borderline:
            clause["borderline"] = True
        message = finding.message.to(lang)
        if message != messages[finding.code].get(finding.outcome, said):
            clause["message"] = sentences.setdefault(message, len(sentences))
        clauses.append(clause)
    return clauses


def _short(told: dict[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is told without what is known where it is left out."""
    return {key: value for key, value in told.items() if key in PROMISED or key not in known or value != known[key]}


def _whole_parcel(
    parcel: Mapping[str, Any], told: Mapping[str, Any], clauses: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    activity = parcel.get("activity")
    # What the project says of its lines is theirs alone.
    own = {key: value for key, value in parcel.items() if key != "uncovered_m2"}
    left_out = {**told["left_out"]["line"], **{key: parcel[key] for key in parcel.keys() - own.keys()}}
    return {
        **told["left_out"]["parcel"],
        "outcome_before_overrides": parcel["outcome"],
        "activity_title": told["activities"].get(activity),
        **own,
        "lines": [_whole_line(line, left_out, told, clauses) for line in parcel["lines"]],
    }


def _whole_line(
    line: Mapping[str, Any],
    left_out: Mapping[str, Any],
    told: Mapping[str, Any],
    clauses: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    overlap = line["overlap_m2"]
    # What nobody could look at is not known to be covered either.
    unseen = {"uncovered_m2": None} if overlap is None else {}
    own = []
    for clause in line["clauses"]:
        head = clauses[clause["code"]]
        message = head["messages"].get(clause["outcome"], line["message"])
        known = {"outcome_zero_tolerance": clause["outcome"], "message": message, "cited": head["cited"]}
        stated = clause.get("message")
        named = {"message": told["sentences"][stated]} if isinstance(stated, int) else {}
        own.append({**told["left_out"]["clause"], **known, **clause, **named})
    return {
        "substantial_m2": overlap or 0.0,
        **left_out,
        **unseen,
        "outcome_zero_tolerance": line["outcome"],
        "title": told["titles"][line["line"]],
        "overlap_ha": None if overlap is None else geo.to_hectares(overlap),
        **line,
        "clauses": own,
    }
