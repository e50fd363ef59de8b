"""Put the answers to a policy into words, once for page, workbook, document and terminal."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from gis_planning import units
from gis_planning.conventions import kind_title
from gis_planning.results.papers import document_number
from gis_planning.results.policy import STATES, Answer, Answered, PolicyCard
from gis_planning.results.verdicts import Stated
from gis_planning.texts import Lang, say
from gis_planning.units import UNKNOWN

#: Whose targets there are, in the order in which a county looks at them.
KINDS = ("E", "C", "R", "N")
#: Outcomes in the order in which they are counted.
TONES = ("pass", "fail", "error", "not-assessed", "info")
#: So many layers are named as the source of a number; policy.json has them all.
LAYERS = 3
#: The key of the note that says where a number was stated.
STATED = "statistics.note"


@dataclass(frozen=True)
class Row:
    """An answer in words, with the article it answers."""

    article: Answered
    answer: Answer
    code: str
    title: str
    state: str
    value: str
    target: str
    whose: str
    outcome: str
    gap: str
    trend: str
    area: str
    year: str
    source: str
    beside: str
    standard: str
    because: str
    truth: str
    notes: tuple[str, ...]

    @property
    def tone(self) -> str:
        """Return the outcome by which the row is coloured: what has no value is not assessed, whosever its target."""
        return "not-assessed" if self.answer.state == "not-assessed" else self.answer.outcome


def rows(card: PolicyCard, lang: Lang) -> Iterator[Row]:
    """Yield the answers in words, in the order of the articles."""
    titles = {str(one["id"]): one for one in card.documents}
    for article in card.articles:
        for one in article.answers:
            yield _row(article, one, titles, lang)


def tally(card: PolicyCard) -> dict[str, int]:
    """Return how many articles are in each state."""
    return {state: sum(one.state == state for one in card.articles) for state in STATES}


def met(told: Iterable[Row], lang: Lang) -> str:
    """Return in words how many targets of every county seat there are, and how many are met, missed or not assessed."""
    own = {row.code: row.tone for row in told if row.answer.kind == "E" and row.answer.applies}
    counts = Counter(own.values())
    said = [f"{say(f'outcome.{tone}', lang)} {counts[tone]}" for tone in TONES if counts[tone]]
    return say("policy.targets", lang, count=len(own), counts=say("review.comma", lang).join(said))


def lacking(told: Iterable[Row], lang: Lang) -> list[str]:
    """Return why indicators are not assessed, each reason with the indicators it holds for."""
    open_ = (row for row in told if row.answer.state == "not-assessed" and row.answer.applies)
    return _once(((row.because, row) for row in open_), "policy.lacking_of", lang)


def noted(told: Iterable[Row], lang: Lang) -> list[str]:
    """Return what is noted of indicators, each remark once, with the indicators it holds for."""
    return _once(((note, row) for row in told for note in row.notes), "policy.noted_of", lang)


def _once(said: Iterable[tuple[str, Row]], key: str, lang: Lang) -> list[str]:
    found: dict[str, dict[str, None]] = {}
    for words, row in said:
        found.setdefault(words, {})[f"{row.title} ({row.code})"] = None
    comma = say("review.comma", lang)
    return [say(key, lang, words=words, indicators=comma.join(of)) for words, of in found.items()]


def written(value: float | None, answer: Answer, lang: Lang) -> str:
    """Return a value of an answer in its unit."""
    return units.written(value, answer.unit, lang, answer.limit.values() if answer.target.get("unit") is None else ())


def _row(article: Answered, one: Answer, documents: dict[str, Any], lang: Lang) -> Row:
    return Row(
        article=article,
        answer=one,
        code=one.code,
        title=one.title.to(lang),
        state=say(f"policy.state_{one.state}", lang),
        value=written(one.value, one, lang),
        target=_target(one, lang),
        whose=say(f"policy.whose_{one.kind}", lang),
        outcome=_outcome(one, lang),
        gap=_gap(one, lang),
        trend=trend(one.years, one, lang),
        area=say("policy.county", lang) if one.area == "county" else kind_title(one.area, lang),
        year=str(one.year or UNKNOWN),
        source=_source(one, lang),
        beside=_beside(one, lang),
        standard=_standard(one, documents, lang),
        because=one.because.to(lang),
        truth=_truth(one, lang),
        # Where a stated number stands is told as its source.
        notes=tuple(note.to(lang) for note in one.notes if note.key != STATED),
    )


def _truth(one: Answer, lang: Lang) -> str:
    """Return between which values the truth lies, where the value is a bound."""
    if one.value is None or one.value_range is None:
        return ""
    low, high = (written(value, one, lang) for value in one.value_range)
    return say("map.truth" if math.isfinite(one.value_range[1]) else "map.truth_from", lang, low=low, high=high)


def _target(one: Answer, lang: Lang) -> str:
    """Return the number a policy sets, with its year; that of a share of counties with the share."""
    if not one.limit:
        return say("policy.no_target", lang)
    by = one.target.get("by")
    if said := one.target.get("said" if lang == "zh" else "said_en"):
        return say("policy.said_by", lang, said=said, by=by) if by else str(said)
    unit = str(one.target.get("unit", one.unit))
    said = units.limit(one.limit, unit, lang)
    key, value = next(iter(one.limit.items()))
    shown = units.units()[unit].of(value)
    if abs(round(shown, 2) - shown) > 1e-9 * shown:
        # A total that was set in another unit: its last decimals are those of converting.
        said = say(f"limit.{key}", lang, value=units.written(value, unit, lang))
    if one.kind == "C":
        share = f"{100 * one.target['of_counties']:.10g}%"
        said = say("policy.of_counties", lang, limit=said, share=share)
    if codes := one.target.get("together"):
        said = say("policy.together", lang, limit=said, codes=list(codes))
    return say("policy.by", lang, limit=said, by=by) if by else said


def _outcome(one: Answer, lang: Lang) -> str:
    if not one.applies:
        return say("policy.not_here", lang)
    if one.state == "not-assessed" and one.outcome == "info":
        return say("outcome.not-assessed", lang)
    if one.kind == "C" and one.meets is not None:
        return say("policy.meets" if one.meets else "policy.meets_not", lang)
    if one.kind == "R":
        return say("policy.adds", lang)
    return say(f"outcome.{one.outcome}", lang)


def _gap(one: Answer, lang: Lang) -> str:
    """Return how far it is to the target; of the region's total what the county adds, and what the region has."""
    if one.kind == "R":
        return say("policy.contributes", lang, value=contributed(one, lang)) + _region(one, lang)
    if one.gap is None:
        return UNKNOWN + _region(one, lang)
    if not one.gap:
        return say("policy.no_gap", lang)
    return units.written(one.gap, units.units()[one.unit].difference, lang) + _region(one, lang)


def contributed(one: Answer, lang: Lang) -> str:
    """Return what a county adds to the region's total, in the total's unit."""
    added = one.contributes or {}
    return units.written(added.get("value"), str(added.get("unit", one.unit)), lang)


def _region(one: Answer, lang: Lang) -> str:
    if one.region is None or one.region.get("value") is None:
        return ""
    unit = str(one.region.get("unit", one.unit))
    value = units.written(float(one.region["value"]), unit if unit in units.units() else one.unit, lang)
    return say("policy.region", lang, value=value, counties=one.region.get("counties", UNKNOWN))


def trend(years: tuple[Stated, ...], one: Answer, lang: Lang) -> str:
    """Return what is stated of several years; nothing of one."""
    if len(years) < 2:
        return ""
    return say("policy.arrow", lang).join(f"{year.year}: {written(year.value, one, lang)}" for year in years)


def _source(one: Answer, lang: Lang) -> str:
    if one.source is None:
        return UNKNOWN
    if "row" in one.source:
        return say("policy.row", lang, file=one.source["file"], row=one.source["row"])
    titles = [kind_title(layer, lang) for layer in one.source["layers"]]
    layers = say("review.comma", lang).join(titles[:LAYERS])
    more = len(titles) - LAYERS
    if more > 0:
        return say("policy.layers_more", lang, layers=layers, count=more)
    return say("policy.layers", lang, layers=layers) if layers else UNKNOWN


def _beside(one: Answer, lang: Lang) -> str:
    """Return what is stated of a number that was measured."""
    if one.beside is None:
        return ""
    stated, difference = one.beside, units.step(one.beside.value, one.value, one.unit, lang)[2]
    facts = {"value": written(stated.value, one, lang), "year": stated.year, "row": stated.row, "file": stated.file}
    return say("policy.beside", lang, difference=difference, **facts)


def _standard(one: Answer, documents: dict[str, Any], lang: Lang) -> str:
    """Return the limit of the document that an indicator is from, and what comes out by it."""
    if one.standard is None:
        return ""
    table = documents.get(str(one.standard["document"]), {})
    name = document_number(table, lang) or str(table.get("title" if lang == "zh" else "title_en", ""))
    limit = units.limit(one.standard["limit"], one.unit, lang)
    return say("policy.standard", lang, name=name, limit=limit, outcome=say(f"outcome.{one.standard['outcome']}", lang))
