"""Count verdicts by their outcome, those apart that are only there for comparison."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gis_planning.results.verdicts import OUTCOMES, Outcome, Verdict
from gis_planning.texts import Lang, say

#: Outcomes in the order in which a list is read: an open clause says least, though it may hide the worst.
_READ: tuple[Outcome, ...] = ("fail", "conditional", "pass", "info", "error", "not-assessed")


class Tally(NamedTuple):
    """How many verdicts have an outcome, and how many of them are for comparison: warnings, which nothing hangs on."""

    outcome: Outcome
    verdicts: int
    beside: int

    def told(self, lang: Lang) -> str:
        """Return it in words."""
        key = "summary.count_beside" if self.beside else "summary.count"
        return say(key, lang, outcome=say(f"outcome.{self.outcome}", lang), count=self.verdicts, beside=self.beside)


def by_outcome(verdicts: Iterable[Verdict]) -> Iterator[Tally]:
    """Yield the outcomes that there are, worst first."""
    found = Counter((verdict.outcome, verdict.severity == "warning") for verdict in verdicts)
    for outcome in OUTCOMES:
        beside = found[outcome, True]
        if count := found[outcome, False] + beside:
            yield Tally(outcome, count, beside)


def judged_first(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Return verdicts as readers look for them: what fails, what passes, then what could not be assessed.

    What is alike keeps its order.
    """
    return sorted(verdicts, key=lambda verdict: _READ.index(verdict.outcome))


def counted(verdicts: Iterable[Verdict], lang: Lang) -> str:
    """Return how many verdicts came out how, in words."""
    return say("review.comma", lang).join(one.told(lang) for one in by_outcome(verdicts))
