"""Say in words what became of what an earlier run judged, for every report and page alike."""

from __future__ import annotations

from gis_planning import units
from gis_planning.results.compared import Change, Comparison
from gis_planning.texts import Lang, say


def run_named(compared: Comparison, lang: Lang) -> str:
    """Return with which run it was compared; what that run does not state is not spoken of as a figure."""
    program = say("report.by_program", lang, version=compared.version) if compared.version else ""
    if compared.data_date is None:
        return say("report.compared_with_undated", lang, program=program)
    return say("report.compared_with", lang, date=compared.data_date, program=program)


def place(change: Change, lang: Lang) -> str:
    """Return the district of a change, or that it is of the whole county."""
    if change.place is None:
        return say("report.whole", lang)
    return change.place or say("report.no_district", lang)


def figures(change: Change, lang: Lang, *, apart: bool = False) -> tuple[str, str, str]:
    """Return what it was, what it is, and the difference; told `apart`, figures that differ never look alike."""
    both = [one for one in (change.before, change.after) if one is not None] if apart else []
    before, after = (units.written(one, change.unit, lang, both) for one in (change.before, change.after))
    return before, after, units.difference(change.delta, change.unit, lang)


def kind(change: Change, lang: Lang) -> str:
    """Return what became of it, in a word."""
    return say(f"review.change.{change.kind}", lang)


def counted(compared: Comparison, lang: Lang) -> str:
    """Return how many conflict patches changed in which way since the earlier review."""
    found = [change.kind for change in compared.changes]
    said = say("review.compared", lang, **{kind: found.count(kind) for kind in ("new", "gone", "changed")})
    left = {kind: found.count(kind) for kind in ("absent", "unjudged")}
    return said + (say("review.compared_left", lang, **left) if any(left.values()) else "")
