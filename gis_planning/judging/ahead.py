"""Measure clauses in processes beside this one, which leave what they find in the user's cache."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from gis_planning.analysis.derived import asked
from gis_planning.county.opened import open_county
from gis_planning.errors import PlanningError
from gis_planning.judging.measuring import Measuring
from gis_planning.judging.rulebook import Clause
from gis_planning.outputs.side_by_side import Beside


@dataclass(frozen=True)
class Ahead:
    """The clauses of a run on a county."""

    folder: Path
    clauses: tuple[Clause, ...]

    @cached_property
    def measuring(self) -> Measuring:
        """Return what measures them in another process."""
        return Measuring(open_county(self.folder))

    @cached_property
    def coded(self) -> dict[str, Clause]:
        """Return the clauses by code."""
        return {clause.code: clause for clause in self.clauses}


def measure_ahead(
    clauses: Sequence[Clause],
    measuring: Measuring,
    side: Beside,
    *,
    own: Callable[[str], object],
    told: Callable[[str], None],
) -> None:
    """Measure clauses side by side, each measurement once: this process the first of them, the others the last.

    What others measured is not handed over but kept, and found there like that of an earlier run.

    Parameters
    ----------
    own
        Judges one here, by its code.
    told
        Is told the code of each before it is begun.
    """
    first = {measuring.same(clause): clause.code for clause in reversed(clauses)}
    once = [clause for clause in clauses if first[measuring.same(clause)] == clause.code]
    # What rests on much that many share comes first here; the others begin with what rests on little.
    names = [one.code for one in sorted(once, key=lambda one: -len(asked(one.function).layers))]
    side.share(_measure, Ahead(measuring.county.folder, tuple(clauses)), names, own=own, told=told, meeting=True)


def _measure(ahead: Ahead, code: str) -> None:
    try:
        ahead.measuring.of(ahead.coded[code])
    except PlanningError:
        # The run meets the same fault in its turn, and tells it.
        return
