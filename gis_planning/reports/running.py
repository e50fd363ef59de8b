"""Show a check while it runs: a page that loads itself anew, and leads to the results when they are there."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from gis_planning import units
from gis_planning.judging.rulebook import Clause
from gis_planning.maps.templates import policy, render
from gis_planning.outputs.marks import manifest_of, mark_of, remember, remembered, unchanged
from gis_planning.outputs.moment import stated
from gis_planning.results.verdicts import OUTCOMES, Verdict
from gis_planning.texts import Lang, Text, say
from gis_planning.view.looks import styles
from gis_planning.view.outcomes import by_outcome

#: The name of the page.
RUNNING = "running.html"
#: The page is written so many seconds after a run began, and anew after so many; a short run has none.
FIRST_S, AGAIN_S = 3.0, 2.0


class Running:
    """The page of a run, kept up to date.

    A page of this name that no run of ours wrote is left alone, and a folder that cannot be written is told when the
    results are.
    """

    def __init__(self, folder: Path, county: str, clauses: Mapping[str, Clause], lang: Lang) -> None:
        self._folder, self._county, self._clauses, self._lang = folder, county, clauses, lang
        self._verdicts: list[Verdict] = []
        # Whether a run has a page hangs on the clock; where a moment is stated, nothing that is written does.
        self._due = math.inf if stated() else time.monotonic() + FIRST_S
        self._step, self._of = "", len(clauses)
        self._made: list[Path] = []
        #: Whether the page was written.
        self.there = False

    def seen(self, verdict: Verdict) -> None:
        """Show one more verdict."""
        self._verdicts.append(verdict)
        self._show()

    def step(self, done: Text) -> None:
        """Show what is being done."""
        self._step = done.to(self._lang)
        # Of the clauses that could be judged not all need concern this county.
        self._of = int(done.facts.get("of", self._of))
        self._show()

    def end(self) -> None:
        """Take the page away; another one stands in its place when the results are there."""
        if self.there:
            with suppress(OSError):
                (self._folder / RUNNING).unlink()
        for one in self._made:
            with suppress(OSError):
                one.rmdir()

    def _show(self) -> None:
        if time.monotonic() < self._due:
            return
        with suppress(OSError):
            if self.there or self._begun():
                page = self._folder / RUNNING
                beside = page.with_name(f".{RUNNING}.{os.getpid()}")
                facts = {"of": self._of, "step": self._step}
                beside.write_text(_page(self._county, self._verdicts, self._clauses, self._lang, **facts), "utf-8")
                remember({page: mark_of(beside)})
                os.replace(beside, page)
        self._due = time.monotonic() + AGAIN_S

    def _begun(self) -> bool:
        """Say whether the page may be written; make the folder where it is not there."""
        page = self._folder / RUNNING
        if page.exists():
            known = (manifest_of(self._folder) or {}).get(RUNNING)
            if not unchanged(page, [*([known] if known else []), *remembered(page)]):
                return False
        self._made = [one for one in (self._folder, *self._folder.parents) if not one.exists()]
        self._folder.mkdir(parents=True, exist_ok=True)
        self.there = True
        return True


@contextmanager
def running(folder: Path, county: str, clauses: Mapping[str, Clause], lang: Lang) -> Iterator[Running]:
    """Give the page of a run; where the run fails, nothing is left of it."""
    page = Running(folder, county, clauses, lang)
    try:
        yield page
    except BaseException:
        page.end()
        raise


def finished_page(county: str, lang: Lang) -> str:
    """Return the page that leads to the results whoever looked at the run."""
    return _filled(lang, county=county, whole=True, every=0)


def _page(county: str, verdicts: list[Verdict], clauses: Mapping[str, Clause], lang: Lang, **facts: object) -> str:
    looks = styles()["outcome"]
    told = {one: {"word": say(f"outcome.{one}", lang), "colour": looks[one]["colour"]} for one in OUTCOMES}
    rows = [
        {
            "code": verdict.code,
            "number": clauses[verdict.code].number(lang) if verdict.code in clauses else "",
            "outcome": told[verdict.outcome]["word"],
            "colour": told[verdict.outcome]["colour"],
            "value": units.written(
                verdict.measured.value if verdict.measured else None, verdict.unit, lang, verdict.limit.values()
            ),
            "limit": units.limit(verdict.limit, verdict.unit, lang) if verdict.limit else "",
        }
        for verdict in sorted(verdicts, key=lambda one: OUTCOMES.index(one.outcome))
    ]
    tally = [told[one.outcome] | {"count": one.verdicts} for one in by_outcome(verdicts)]
    return _filled(lang, county=county, whole=False, every=round(AGAIN_S) + 1, rows=rows, tally=tally, **facts)


def _filled(lang: Lang, **facts: object) -> str:
    mark = "<!--policy-->"
    html = render(__package__, "running.html.j2", lang, policy=mark, **facts)
    return html.replace(mark, policy(html))
