"""Tell what was not assessed and why, for documents and slides alike."""

from __future__ import annotations

from collections.abc import Iterator

from gis_planning.reports.check_rows import Known
from gis_planning.results.verdicts import Scorecard
from gis_planning.texts import Lang, say
from gis_planning.view import quality

#: Codes named in one line of the limits of the data.
CODES_NAMED = 6


def unassessed(scorecard: Scorecard, known: Known, lang: Lang) -> Iterator[tuple[str, str]]:
    """Yield the code, or what stands for several, and the reason of everything that was not assessed."""
    told: set[str] = set()
    for title, said, codes in quality.undelivered(scorecard, known, lang):
        told.update(codes)
        yield title, said
    for verdict in scorecard.verdicts:
        if verdict.outcome in ("not-assessed", "error") and verdict.code not in told:
            yield verdict.code, verdict.reason.to(lang)
        for lack in verdict.measured.missing if verdict.measured else ():
            yield verdict.code, lack.to(lang)


def named(codes: list[str], lang: Lang) -> str:
    """Return the codes that something was said of; of many the first."""
    named = ", ".join(codes[:CODES_NAMED])
    if len(codes) <= CODES_NAMED:
        return named
    more = len(codes) if lang == "zh" else len(codes) - CODES_NAMED
    return say("paper.more_codes", lang, codes=named, count=more)
