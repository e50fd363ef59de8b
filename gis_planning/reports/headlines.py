"""Say in words what a run found: what fails, what holds, where and for whom, and what carries or lacks most.

All of it is measured; what a change would bring is not guessed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import geopandas as gpd
import pandas as pd

from gis_planning import units
from gis_planning.judging.rulebook import Clause
from gis_planning.maps.layers import park_name
from gis_planning.results.papers import document_title
from gis_planning.results.schema import GAPS, OFFENDERS
from gis_planning.results.verdicts import Reference, Scorecard, Verdict
from gis_planning.texts import Lang, say
from gis_planning.view import compared, numbers
from gis_planning.view.circle_sheets import CircleSheet
from gis_planning.view.roles import by_role, offenders
from gis_planning.view.sheets import Sheet, document, foremost, reach
from gis_planning.view.whereabouts import called

#: How many clauses, places, parks and kinds are named.
CLAUSES, PLACES, PARKS, KINDS = 8, 3, 3, 4
#: A kind that fewer homes than this reach is one that most lack.
MOST = 0.5
#: The unit of a share of land, and what its numerator and denominator count.
LAND_SHARE = ("share", "m2")

Topic = Literal["fails", "holds", "changed", "where", "alone", "lacks", "open"]


@dataclass(frozen=True)
class Headline:
    """One thing that a run found, in sentences; `page` leads to the map of it."""

    topic: Topic
    title: str
    sentences: tuple[str, ...]
    page: str | None = None


def headlines(
    scorecard: Scorecard,
    sheets: Sequence[Sheet],
    circles: Sequence[CircleSheet],
    known: Mapping[str, Clause],
    lang: Lang,
) -> list[Headline]:
    """Return what a run found, what fails first; what was not measured is not spoken of."""
    changes = scorecard.compared.changes if scorecard.compared else ()
    first = foremost(sheets, {one.code: one.outcome_before for one in changes if one.place is None})
    found = [_clauses("fails", scorecard, known, lang), _clauses("holds", scorecard, known, lang)]
    found.append(_changed(scorecard, known, lang))
    if first is not None:
        found += [_where(scorecard, first, known, lang), _alone(first, lang)]
    found += [_lacks(circles, known, lang), _open(scorecard, lang)]
    return [one for one in found if one.sentences]


def _clauses(
    topic: Literal["fails", "holds"], scorecard: Scorecard, known: Mapping[str, Clause], lang: Lang
) -> Headline:
    """Return the clauses that must be met and are, or are not; of many the first."""
    wanted = "fail" if topic == "fails" else "pass"
    own = [one for one in scorecard.verdicts if one.outcome == wanted and one.severity != "warning"]
    clean = {one.code for one in own if topic == "holds" and _nothing_wanted(one)}
    judged = [one for one in own if one.code not in clean]
    # To say that one more is left takes as much room as that one.
    named = CLAUSES if len(judged) > CLAUSES + 1 else len(judged)
    said = [_judged(scorecard, one, known, lang) for one in judged[:named]]
    if len(judged) > named:
        said.append(say("headlines.more", lang, count=len(judged) - named))
    papers: dict[str, list[str]] = {}
    for one in own:
        if one.code in clean:
            paper = document_title(document(scorecard, one), lang)
            papers.setdefault(paper, []).append((known[one.code].number(lang) if one.code in known else "") or one.code)
    for paper, kinds in papers.items():
        first = say("review.comma", lang).join(kinds[:KINDS])
        many = say("headlines.kinds_of", lang, kinds=first, count=len(kinds)) if len(kinds) > KINDS else first
        said.append(say("headlines.none_found", lang, title=paper, kinds=many))
    return Headline(topic, say(f"headlines.{topic}", lang, count=len(own)), tuple(said))


def _changed(scorecard: Scorecard, known: Mapping[str, Clause], lang: Lang) -> Headline:
    """Return what became of clauses since the earlier run, the worst first; nothing where there is none."""
    title = say("headlines.changed", lang)
    if scorecard.compared is None:
        return Headline("changed", title, ())
    verdicts = {one.code: one for one in scorecard.verdicts}
    found = [one for one in compared.moved(scorecard.compared, scorecard.verdicts) if one.place is None]
    both = [one for one in found if one.kind == "changed" and one.code in verdicts]
    said = [
        say(
            "headlines.changed_clause",
            lang,
            title=_titled(scorecard, verdicts[one.code], known, lang),
            reach=reach(verdicts[one.code].settings, lang),
            facts=compared.became(one, lang),
        )
        for one in both[:CLAUSES]
    ]
    if layers := compared.layers(scorecard, lang):
        said.insert(0, layers)
    if len(both) > CLAUSES:
        said.append(say("headlines.more", lang, count=len(both) - CLAUSES))
    if len(found) > len(both):
        said.append(say("headlines.one_run", lang, count=len(found) - len(both)))
    said += filter(None, [compared.unmoved(scorecard.compared, lang)])
    return Headline("changed", title, tuple(said))


def _titled(scorecard: Scorecard, verdict: Verdict, known: Mapping[str, Clause], lang: Lang) -> str:
    """Return the document of a clause, with its number where the document does not name it."""
    paper = document_title(document(scorecard, verdict), lang)
    number = known[verdict.code].number(lang) if verdict.code in known else ""
    return say("headlines.clause", lang, document=paper, number=number) if number and number not in paper else paper


def _judged(scorecard: Scorecard, verdict: Verdict, known: Mapping[str, Clause], lang: Lang) -> str:
    value = verdict.measured.value if verdict.measured else None
    facts = {
        "title": _titled(scorecard, verdict, known, lang),
        "reach": reach(verdict.settings, lang),
        "value": units.written(value, verdict.unit, lang, verdict.limit.values()),
        "limit": units.limit(verdict.limit, verdict.unit, lang),
        "margin": units.margin(verdict.margin, verdict.limit, verdict.unit, lang),
        "count": len(verdict.measured.offenders) if verdict.measured else 0,
    }
    if not _nothing_wanted(verdict):
        more = land_wanted(verdict)
        said = say("headlines.judged", lang, **facts)
        return said if more is None else said + say("headlines.land_wanted", lang, land=units.written(more, "m2", lang))
    # What is counted is its own number of places.
    return say("headlines.counted" if verdict.unit == "count" else "headlines.found", lang, **facts)


def land_wanted(verdict: Verdict) -> float | None:
    """Return how many m2 more must be covered for a coverage of land to meet its limit; None where none or no such."""
    measured = verdict.measured
    limit = next((verdict.limit[key] for key in ("at_least", "more_than") if key in verdict.limit), None)
    if verdict.outcome != "fail" or measured is None or limit is None or (verdict.unit, measured.counted) != LAND_SHARE:
        return None
    if measured.numerator is None or measured.denominator is None or measured.schema[OFFENDERS].look != GAPS.look:
        return None
    more = limit * measured.denominator - measured.numerator
    return more if more > 0 else None


def _nothing_wanted(verdict: Verdict) -> bool:
    """Say whether a clause allows nothing at all of what it measures."""
    return list(verdict.limit.items()) == [("at_most", 0)]


def _where(scorecard: Scorecard, sheet: Sheet, known: Mapping[str, Clause], lang: Lang) -> Headline:
    """Return how many a coverage does not reach, and the largest patches of land where they live."""
    one = offenders(sheet.measured)
    frame = one.frame
    page = sheet.link
    if one.layer.rank is None or one.layer.area is None or not len(frame):
        return Headline("where", say("headlines.where", lang), (), page)
    unreached = _unreached(sheet.measured.references, lang)
    peopled = "people" in frame and bool(pd.to_numeric(frame["people"]).gt(0).any())
    counted = "population" if peopled or "population" in unreached else next(iter(unreached), None)
    title = say(f"headlines.where_{counted}" if counted else "headlines.where", lang)
    order = ["people", one.layer.area] if peopled else [one.layer.area]
    largest = frame.sort_values(order, ascending=False, kind="stable").head(PLACES)
    places, names = [], _names(largest, one.layer.name, scorecard, lang)
    for name, (_, row) in zip(names, largest.iterrows(), strict=True):
        facts = {"name": name, "area": units.written(row[one.layer.area], "m2", lang)}
        people = row.get("people")
        lived_in = people is not None and pd.notna(people) and people > 0
        key = "headlines.patch_people" if lived_in else "headlines.patch"
        places.append(say(key, lang, **facts, **({"people": f"{people:,.0f}"} if lived_in else {})))
    by = {"title": _titled(scorecard, sheet.leading, known, lang), "reach": reach(sheet.leading.settings, lang)}
    counted_by = (say("headlines.where_of", lang, **by), *unreached.values())
    said = ("" if lang == "zh" else " ").join(counted_by)
    return Headline("where", title, (said, *places), page)


def _names(frame: gpd.GeoDataFrame, column: str | None, scorecard: Scorecard, lang: Lang) -> list[str]:
    """Return what patches are called: by their name and district, else by where they lie."""
    told = frame[column] if column in frame else pd.Series(None, index=frame.index, dtype=object)
    districts = frame["district"] if "district" in frame else pd.Series(None, index=frame.index, dtype=object)
    words = [numbers.shortened(name, 40) if isinstance(name, str) and name.strip() else None for name in told]
    found = []
    for word, district in zip(called(words, frame.geometry, scorecard.context, lang), districts, strict=True):
        inside = isinstance(district, str) and bool(district.strip())
        found.append(say("headlines.place", lang, name=word, district=district) if inside else word)
    return found


def _unreached(references: Iterable[Reference], lang: Lang) -> dict[str, str]:
    """Return how many people and homes are not reached, of those that were counted."""
    counted = {one.key: one for one in references}
    said: dict[str, str] = {}
    for key in ("population", "homes"):
        if key in counted and (left := counted[key].denominator - counted[key].numerator) > 0:
            facts = {"count": f"{left:,.0f}", "total": f"{counted[key].denominator:,.0f}"}
            said[key] = say(f"headlines.unreached_{key}", lang, **facts)
    return said


def _alone(sheet: Sheet, lang: Lang) -> Headline:
    """Return the parks that most land is served by alone."""
    supply = [one.counting for one in by_role(sheet.measured, "supply") if one.layer.counts]
    frame = next((one.frame for one in supply if "only_m2" in one.frame), None)
    title = say("headlines.alone", lang)
    if frame is None:
        return Headline("alone", title, ())
    most = frame[frame["only_m2"] > 0].sort_values("only_m2", ascending=False, kind="stable").head(PARKS)
    said = [
        say("headlines.park", lang, name=park_name(row, lang), area=units.written(row["only_m2"], "m2", lang))
        for _, row in most.iterrows()
    ]
    return Headline("alone", title, tuple(said), sheet.link)


def _lacks(circles: Sequence[CircleSheet], known: Mapping[str, Clause], lang: Lang) -> Headline:
    """Return by document the kinds that most homes do not reach, those that fewest reach first."""
    said = []
    for circle in circles:
        shares = lacking(circle, known)
        kinds = say("review.comma", lang).join(
            say("headlines.kind", lang, kind=known[one.code].number(lang) or one.code, share=f"{share:.0%}")
            for share, one in shares[:KINDS]
        )
        if kinds:
            paper = document_title(circle.document, lang)
            said.append(say("headlines.lacking", lang, document=paper, count=len(shares), kinds=kinds))
    page = circles[0].file if circles else None
    return Headline("lacks", say("headlines.lacks", lang), tuple(said), page)


def lacking(circle: CircleSheet, known: Mapping[str, Clause]) -> list[tuple[float, Verdict]]:
    """Return the kinds that most homes do not reach, each with the share that does, the lowest first."""
    shares = [(share, one) for one in circle.verdicts if (share := _homes(one)) is not None and share < MOST]
    return sorted((one for one in shares if one[1].code in known), key=lambda one: one[0])


def _homes(verdict: Verdict) -> float | None:
    """Return the share of homes that reach one kind; None of a whole list, and where homes are not known."""
    if verdict.measured is None or verdict.unit != "share" or verdict.lists_needs:
        return None
    homes: Any = next((one for one in verdict.measured.references if one.key == "homes"), None)
    return None if homes is None else homes.value


def _open(scorecard: Scorecard, lang: Lang) -> Headline:
    """Return how many clauses could not be assessed, and how many rules nobody has confirmed yet."""
    count = sum(one.outcome in ("not-assessed", "error") for one in scorecard.verdicts)
    unsure = [str(one["id"]) for one in scorecard.documents if one["certainty"] == "to-confirm"]
    said = [say("headlines.unassessed", lang, count=count)] if count else []
    if unsure:
        said.append(say("headlines.to_confirm", lang, count=len(unsure), total=len(scorecard.documents)))
    return Headline("open", say("headlines.open", lang), tuple(said))
