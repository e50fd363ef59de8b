"""Say in words what became of what an earlier run judged, for every report and page alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from gis_planning import units
from gis_planning.conventions import kind_title
from gis_planning.results.compared import Change, Comparison
from gis_planning.results.verdicts import OUTCOMES, Scorecard, Verdict
from gis_planning.texts import Lang, say

#: The first ids of projects that a sentence names.
FIRST = 5
#: Areas of patches that differ by no more are the same to a reader.
SAME_M2 = 0.01


def run_named(compared: Comparison, lang: Lang) -> str:
    """Return with which run it was compared; what that run does not state is not spoken of as a figure."""
    program = say("report.by_program", lang, version=compared.version) if compared.version else ""
    if compared.data_date is None:
        return say("report.compared_with_undated", lang, program=program)
    return say("report.compared_with", lang, date=compared.data_date, program=program)


def judged_twice(compared: Comparison) -> tuple[Change, ...]:
    """Return what became of the clauses that both checks judged; one that was not asked for has not changed."""
    once = _judged_once(compared)
    return tuple(change for change in compared.changes if change.code not in once)


def left_out(compared: Comparison, lang: Lang) -> str:
    """Return how many clauses only one of the two checks judged; nothing where both judged the same."""
    count = len(_judged_once(compared))
    return say("report.judged_once", lang, count=count) if count else ""


def _judged_once(compared: Comparison) -> set[str]:
    return {one.code for one in compared.changes if one.place is None and one.kind in ("new", "gone")}


def place(change: Change, lang: Lang) -> str:
    """Return the district of a change, or that it is of the whole county."""
    if change.place is None:
        return say("report.whole", lang)
    return change.place or say("report.no_district", lang)


def figures(change: Change, lang: Lang) -> tuple[str, str, str]:
    """Return what it was, what it is, and the difference of the two as they are written.

    Figures that moved never look alike, those that did not always do.
    """
    after = change.after if change.figure_moved else change.before
    return units.step(change.before, after, change.unit, lang)


def outcomes(change: Change) -> list[str | None]:
    """Return what a clause came out as, once where that is as it was, else before and after; nothing of a district."""
    both: list[str | None] = [one if one in OUTCOMES else None for one in (change.outcome_before, change.outcome_after)]
    return [] if not any(both) else both[:1] if both[0] == both[1] else both


def moved(compared: Comparison, verdicts: Iterable[Verdict]) -> list[Change]:
    """Return what is not as it was, each clause with its districts, the worst clause first.

    Outcomes that turned stand before figures that moved, what became worse before what became better, and the largest
    change first. Whether more is worse is told by the limits of the verdicts; of what has no limit less is. What only
    one of the runs judged is counted by `left_out`.
    """
    ceilings = {one.code for one in verdicts if not {"at_most", "less_than"}.isdisjoint(one.limit)}
    by_code: dict[str, list[Change]] = {}
    for one in judged_twice(compared):
        if one.kind != "same":
            by_code.setdefault(one.code, []).append(one)

    def rank(one: Change) -> tuple[bool, int, float]:
        return (one.place is not None, *_grave(one, more_is_worse=one.code in ceilings))

    told = [sorted(changes, key=rank) for changes in by_code.values()]
    return [one for changes in sorted(told, key=lambda changes: rank(changes[0])) for one in changes]


def _grave(one: Change, *, more_is_worse: bool) -> tuple[int, float]:
    """Return the rank of a change, the worst the lowest, and how large it is, the largest the lowest."""
    if one.kind != "changed":
        return 4, 0.0
    delta, size = (one.figure_moved and one.delta) or 0.0, _size(one)
    if one.outcome_before != one.outcome_after:
        worse = _severe(one.outcome_after) < _severe(one.outcome_before)
        return (0 if worse else 1), -size
    return (2 if delta and (delta > 0) == more_is_worse else 3), -size


def _size(one: Change) -> float:
    """Return how far a figure moved, of figures that are no share as a part of the larger one."""
    whole = 1.0 if one.unit == "share" else max(abs(one.before or 0.0), abs(one.after or 0.0)) or 1.0
    return abs(one.delta or 0.0) / whole if one.figure_moved else 0.0


def largest_first(changes: Iterable[Change]) -> list[Change]:
    """Return changes with what is another first, the largest first; what is as it was keeps its order behind."""
    return sorted(changes, key=lambda one: (one.kind == "same", -_size(one)))


def _severe(outcome: str | None) -> int:
    """Return the place of an outcome, the worst first; one that this program does not know is taken for no trouble."""
    return list(OUTCOMES).index("pass" if outcome not in OUTCOMES else outcome)


def layers(scorecard: Scorecard, lang: Lang) -> str:
    """Return which layers of both runs have more or fewer features than they had; empty where none has."""
    then = scorecard.compared.features if scorecard.compared else {}
    now: Counter[str] = Counter()
    for one in scorecard.inputs:
        now[one.layer] += one.features
    told = [
        say(
            "headlines.layer",
            lang,
            layer=scorecard.titles.get(layer) or kind_title(layer, lang),
            before=f"{then[layer]:,}",
            after=f"{count:,}",
        )
        for layer, count in now.items()
        if layer in then and then[layer] != count
    ]
    return say("headlines.layers", lang, layers=say("review.comma", lang).join(told)) if told else ""


def unmoved(compared: Comparison, lang: Lang) -> str:
    """Return how many clauses are as they were, in words; nothing where none is."""
    twice = judged_twice(compared)
    codes = {one.code for one in twice}
    changed = {one.code for one in twice if one.kind != "same"}
    if not changed:
        return say("paper.unchanged", lang)
    return say("report.unmoved", lang, count=len(codes - changed)) if codes - changed else ""


def became(change: Change, lang: Lang) -> str:
    """Return what a clause was and is: its figure where that moved, and its outcome where that turned."""
    said = []
    before, after, by = figures(change, lang)
    if change.delta and change.figure_moved:
        key = "headlines.less" if change.delta < 0 else "headlines.more_than_before"
        said.append(say(key, lang, before=before, after=after, size=by.lstrip("+-")))
    elif change.figure_moved:
        said.append(say("headlines.was" if change.after is None else "headlines.now", lang, before=before, after=after))
    if change.outcome_before != change.outcome_after:
        none = say("summary.no_outcome", lang)
        both = (change.outcome_before, change.outcome_after)
        before, after = (say(f"outcome.{one}", lang) if one in OUTCOMES else none for one in both)
        said.append(say("headlines.became", lang, before=before, after=after))
    return say("report.joined", lang).join(said)


def kind(change: Change, lang: Lang) -> str:
    """Return what became of it, in a word."""
    return say(f"review.change.{change.kind}", lang)


def briefly(compared: Comparison, lang: Lang) -> str:
    """Return with which run a review was compared, how many patches changed, which projects are absent or redrawn."""
    said = counted(compared, lang)
    told = [say("review.since", lang, run=run_named(compared, lang), counts=said[:1].upper() + said[1:])]
    for key, ids in (("review.first_absent", compared.absent), ("review.first_redrawn", compared.redrawn or ())):
        if ids:
            more = say("review.and_more", lang, count=len(ids) - FIRST) if len(ids) > FIRST else ""
            told.append(say(key, lang, count=len(ids), ids=say("review.comma", lang).join(ids[:FIRST]) + more))
    return ("" if lang == "zh" else " ").join(told)


def what(change: Change, lang: Lang) -> str:
    """Return what of an overlap patch has changed: its area, its verdict, its outline; nothing of one seen once."""
    if change.kind != "changed":
        return ""
    found = {
        "area": abs(change.delta or 0.0) > SAME_M2,
        "outcome": change.outcome_before != change.outcome_after,
        "outline": change.redrawn,
    }
    return say("review.comma", lang).join(say(f"review.changed_{one}", lang) for one, so in found.items() if so)


def counted(compared: Comparison, lang: Lang) -> str:
    """Return how many overlap patches changed in which way since the earlier review."""
    found = [change.kind for change in compared.changes]
    said = say("review.compared", lang, **{kind: found.count(kind) for kind in ("new", "gone", "changed")})
    left = [(kind, found.count(kind)) for kind in ("absent", "unjudged")]
    parts = [say(f"review.left_{kind}", lang, count=count) for kind, count in left if count]
    return said + (say("review.compared_left", lang, parts=say("review.comma", lang).join(parts)) if parts else "")
