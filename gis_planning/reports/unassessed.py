"""Tell what was not assessed and why, each reason once, for the page, documents and slides alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gis_planning.reports.check_rows import Known
from gis_planning.results.verdicts import Scorecard
from gis_planning.texts import Lang, say
from gis_planning.view import quality

#: Codes named in one line of the limits of the data.
CODES_NAMED = 6


@dataclass(frozen=True)
class Lack:
    """One reason why clauses were not assessed, or only in part; `title` is the document, where it is one of that."""

    reason: str
    codes: tuple[str, ...]
    title: str = ""
    partly: bool = False

    def of(self, lang: Lang) -> str:
        """Return of what it is said: of a document, or of clauses, of many the first."""
        return self.title or named(self.codes, lang)


def unassessed(scorecard: Scorecard, known: Known, lang: Lang) -> list[Lack]:
    """Return why what was not assessed, the reason of most clauses first; what lacks only in part comes last."""
    absent = [Lack(said, tuple(codes), title) for title, said, codes in quality.undelivered(scorecard, known, lang)]
    _, reasons = quality.reasons(scorecard, known, lang)
    parts: dict[str, list[str]] = {}
    for verdict in scorecard.verdicts:
        for lack in verdict.measured.missing if verdict.measured else ():
            parts.setdefault(lack.to(lang), []).append(verdict.code)
    whole = sorted(reasons.items(), key=lambda one: -len(one[1]))
    return [
        *absent,
        *(Lack(reason, tuple(codes)) for reason, codes in whole),
        *(Lack(reason, tuple(dict.fromkeys(codes)), partly=True) for reason, codes in parts.items()),
    ]


def named(codes: Sequence[str], lang: Lang) -> str:
    """Return the codes that something was said of; of many the first."""
    named = ", ".join(codes[:CODES_NAMED])
    if len(codes) <= CODES_NAMED:
        return named
    more = len(codes) if lang == "zh" else len(codes) - CODES_NAMED
    return say("paper.more_codes", lang, codes=named, count=more)
