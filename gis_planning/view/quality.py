"""Say in words how a delivered database is: its faults, its score, what is not there, what was mended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gis_planning.conventions import facts, kind_title
from gis_planning.results.faults import is_quality
from gis_planning.results.papers import document_name
from gis_planning.results.verdicts import QualityScore, Scorecard, Verdict
from gis_planning.texts import Lang, catalogue, say
from gis_planning.units import UNKNOWN, telling

if TYPE_CHECKING:
    from gis_planning.judging.rulebook import Clause


#: The outcome whose look the faults of a severity have.
LOOKS = {"fatal": "error", "error": "fail", "warning": "conditional"}
#: How a size is written where it is the present value, and its decimals at least, by what it is counted in.
SIZES = {"area_m2": ("{} m2", 2), "length_m": ("{} m", 4), "angle_degrees": ("{}°", 2)}


def of_delivery(scorecard: Scorecard) -> bool:
    """Say whether a run judged nothing but a delivered database: its map shows what was delivered."""
    return all(map(is_quality, scorecard.verdicts))


def report_title(scorecard: Scorecard, lang: Lang) -> str:
    """Return what the report of a run is called: of a delivered database alone, or of a county."""
    return say("quality.report" if of_delivery(scorecard) else "report.title", lang)


def not_made(verdict: Verdict) -> bool:
    """Say whether it is a check of a delivered database that was not made; most are of tables that are not there."""
    return is_quality(verdict) and verdict.outcome == "not-assessed"


def reasons(scorecard: Scorecard, known: Mapping[str, Clause], lang: Lang) -> tuple[list[str], dict[str, list[str]]]:
    """Return a line for each delivered database on what is not there, and of all else why which clauses are open."""
    lines, told = [], set()
    for title, words, codes in undelivered(scorecard, known, lang):
        told.update(codes)
        lines.append(say("quality.undelivered_line", lang, document=title, said=words))
    said: dict[str, list[str]] = {}
    for verdict in scorecard.verdicts:
        if verdict.outcome in ("not-assessed", "error") and verdict.code not in told:
            said.setdefault(verdict.reason.to(lang), []).append(verdict.code)
    return lines, said


def score(scorecard: Scorecard, one: QualityScore, lang: Lang) -> str:
    """Return the score of one document with its defects, and on how many checks it rests."""
    paper = next(document for document in scorecard.documents if document["id"] == one.document)
    words = {"document": document_name(paper, lang), "rests": rests(one, lang), "left_out": one.left_out}
    if one.score is None:
        return say("quality.unscored", lang, **words, **one.counts)
    return say("quality.score", lang, **words, score=f"{one.score:.1f}", **one.counts)


def rests(one: QualityScore, lang: Lang) -> str:
    """Return on how many checks a score rests, or that they are too few for one; those for comparison aside."""
    key = "quality.no_score" if one.score is None else "quality.rests"
    return say(key, lang, made=one.made, checks=one.checks)


def formula(one: QualityScore, lang: Lang) -> str:
    """Return how a score came about, number by number; nothing where there is none."""
    if one.score is None:
        return ""
    terms = [
        say(
            "quality.term",
            lang,
            name=name,
            cap=f"{one.caps.get(name, 100.0):g}",
            weight=f"{one.weights.get(name, 0.0):g}",
            tables=one.whole[name],
            features=count - one.whole[name],
            units=f"{one.units:.2f}",
            taken=f"{one.taken[name]:.2f}",
        )
        for name, count in one.counts.items()
        if count
    ]
    unit = say(f"quality.per_{one.per}", lang, amount=f"{one.amount:,.0f}", size=facts("defects")["units"][one.per])
    taken = " + ".join(terms) or "0"
    words = {"taken": taken, "adjustment": f"{one.adjustment:g}", "score": f"{one.score:.1f}", "unit": unit}
    return say("quality.formula", lang, **words)


def undelivered(scorecard: Scorecard, known: Mapping[str, Clause], lang: Lang) -> Iterator[tuple[str, str, list[str]]]:
    """Yield for each document what was not delivered: its title, the sentence, and the checks that were not made."""
    by_document: dict[str, list[tuple[Verdict, list[str]]]] = {}
    there = {entry.layer for entry in scorecard.inputs}
    for verdict in scorecard.verdicts:
        if not_made(verdict) and verdict.code in known:
            absent = [layer for layer in known[verdict.code].layers.values() if layer not in there]
            if absent:
                by_document.setdefault(verdict.document, []).append((verdict, absent))
    papers = {str(paper["id"]): paper for paper in scorecard.documents}
    for document, found in by_document.items():
        layers = dict.fromkeys(layer for _, absent in found for layer in absent)
        named = say("review.comma", lang).join(scorecard.titles.get(one) or kind_title(one, lang) for one in layers)
        said = say("quality.undelivered", lang, layers=named, count=len(found))
        yield document_name(papers[document], lang), said, [verdict.code for verdict, _ in found]


def mended(scorecard: Scorecard, lang: Lang) -> str:
    """Return how many faults are mended, left and new since the earlier delivery; nothing where it was not compared."""
    counts = scorecard.mended
    if counts is None:
        # Without a word nobody would know whether nothing was wrong or nothing was looked at.
        return say("quality.without_ids", lang) if scorecard.compared and scorecard.faults is not None else ""
    more = say("quality.compared_unjudged", lang, count=counts["unjudged"]) if counts["unjudged"] else ""
    return say("quality.compared", lang, **counts) + more


def reason(key: str, lang: Lang) -> str:
    """Return what is wrong in words."""
    name = f"quality.fault_{key}"
    if name not in catalogue():
        name = "quality.fault_valid_other" if key.startswith("valid_") else "quality.fault_other"
    return say(name, lang, fault=key)


def notes(faults: pd.DataFrame, lang: Lang) -> list[str]:
    """Return what is wrong in words, fault by fault: of sums of areas by how much, of codes of no unit of how many."""
    known = {key: reason(str(key), lang) for key in dict.fromkeys(faults["fault"])}
    found = [known[key] for key in faults["fault"]]
    for at in np.flatnonzero(faults["fault"].isin(["area_sums", "no_unit"]) & faults["size"].notna()):
        one = faults.iloc[at]
        if one["fault"] == "no_unit":
            units = str(one["expected"]).removeprefix("in ")
            found[at] = say(
                "quality.note_no_unit", lang, code=one["value"] or UNKNOWN, units=units, count=int(one["size"])
            )
        else:
            key = "quality.note_sum_more" if one["size"] > 0 else "quality.note_sum_less"
            by = abs(float(one["size"]))
            found[at] = say(key, lang, by=f"{by:,.{telling(by, 2)}f}")
    return found


def sized(faults: pd.DataFrame, key: str) -> pd.Series:
    """Return the size of the faults that are counted in one of `SIZES`; NaN for the others."""
    return faults["size"].astype(float).where(faults["fault"].isin(facts("defects")["sizes"][key]))


def present(faults: pd.DataFrame) -> pd.Series:
    """Return what stands there now; of a fault of geometry that is its size with its unit."""
    found = faults["value"].astype(object)
    for key, (shape, digits) in SIZES.items():
        size = sized(faults, key)
        told = [shape.format(f"{one:.{telling(one, digits)}f}") for one in size]
        found = found.where(found.notna() | size.isna(), pd.Series(told, index=faults.index, dtype=object))
    parts = faults["fault"].isin(facts("defects")["sizes"]["parts"])
    return found.where(~parts, faults["size"].astype(float).map("{:.0f}".format))


def expected(fault: str | None, words: str | None, lang: Lang) -> str | None:
    """Return what should stand there in words; figures and codes as they are."""
    if not words:
        return None
    if fault == "settlement_missing":
        return say("quality.expected_value", lang)
    if fault == "identifier":
        return say("quality.expected_signs", lang, count=words)
    if words.startswith("in "):
        return say("quality.expected_in", lang, units=words.removeprefix("in "))
    if words.startswith("not "):
        return say("quality.expected_not", lang, words=words.removeprefix("not "))
    name = f"quality.expected_{words}"
    return say(name, lang) if name in catalogue() else words
