"""Measure the clauses of one run under one guard: what is lacking and what fails becomes an outcome with its reason."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from pathlib import Path

from gis_planning.analysis.work import Memory, Work
from gis_planning.county.opened import County
from gis_planning.errors import NotAssessed, PlanningError
from gis_planning.judging.on_land import doubted
from gis_planning.judging.rulebook import Clause
from gis_planning.results.verdicts import Measured, Outcome
from gis_planning.texts import Text, text


@dataclass(frozen=True)
class Failed:
    """A clause that could not be measured: its outcome, and why."""

    outcome: Outcome
    reason: Text


@dataclass
class Measuring:
    """Measures clauses on a county, what several of them share once.

    Attributes
    ----------
    keeps
        Whether the user's cache is used.
    memory
        What was worked out in this program before; shared by counties that share layers.
    """

    county: County
    keeps: bool = True
    memory: Memory = field(default_factory=Memory)
    _known: dict[str, Measured] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Tell layers fit for analysis from layers as they were delivered."""
        county, stated = self.county, {"grown_m": self.county.homes.grown_m}
        self._work = Work(county.layer, county.has, stated, keeps=self.keeps, memory=self.memory)
        self._raw = Work(county.as_delivered, county.has, keeps=self.keeps, memory=self.memory)

    def of(self, clause: Clause) -> Measured | Failed:
        """Return what a clause measures; clauses that differ only in their limit share it.

        Raises
        ------
        PlanningError
            An input or a rule cannot be used. A fault of our own code never raises.
        """
        same = repr((clause.measure, sorted(clause.layers.items()), sorted(clause.settings.items())))
        try:
            if same not in self._known:
                work = self._raw if clause.family == "quality" else self._work
                measured = work.call(clause.function, clause.layers, clause.settings)
                self._known[same] = doubted(clause, self.county, self._work, measured)
        except NotAssessed as lack:
            return Failed("not-assessed", lack.reason)
        except PlanningError:
            raise
        except Exception as fault:
            last = traceback.extract_tb(fault.__traceback__)[-1]
            where = f"{Path(last.filename).name}:{last.lineno}"
            return Failed("error", text("judge.error", fault=f"{type(fault).__name__}: {fault}", where=where))
        return self._known[same]
