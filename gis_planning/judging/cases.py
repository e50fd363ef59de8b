"""Try clauses on their cases: tiny towns, judged by the very function that judges a county."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from gis_planning.analysis.work import Memory
from gis_planning.county import networks
from gis_planning.county.lent import lent
from gis_planning.county.opened import County
from gis_planning.errors import InputError, RuleError
from gis_planning.judging.case_tables import NUMBERS, Case, CaseTable
from gis_planning.judging.judge import judge
from gis_planning.judging.measuring import Measuring
from gis_planning.judging.rulebook import Clause
from gis_planning.measures import towns
from gis_planning.results.verdicts import Verdict
from gis_planning.texts import Text

#: A number holds when it is off by no more than this share of the expected one: coordinates are rounded somewhere.
TOLERANCE = 1e-6
#: What is expected to be 0 may be off by this much.
ZERO = 1e-9
#: Values of one function that are held for the towns to come: many clauses share a town.
MOST = 256


@dataclass(frozen=True)
class CaseResult:
    """What a clause gave on one of its cases, and the reason why, or why the town was refused.

    `expected` and `got` are outcome and numbers by their key, those that the case states. `got` has None where there is
    no such number, and is empty where the town was refused.
    """

    code: str
    document: str
    case: CaseTable
    number: int
    expected: Mapping[str, Any]
    got: Mapping[str, Any]
    reason: Text

    @property
    def wrong(self) -> tuple[str, ...]:
        """Return what came out otherwise: keys of `expected`."""
        return tuple(key for key, value in self.expected.items() if not _same(value, self.got.get(key)))

    @property
    def holds(self) -> bool:
        """Say whether everything came out as expected."""
        return not self.wrong


def run(clauses: Iterable[Clause], memory: Memory | None = None) -> Iterator[CaseResult]:
    """Try clauses on all of their cases, one after the other; no file is read or written.

    Parameters
    ----------
    memory
        What was worked out before: clauses that differ only in their limit measure once.

    Raises
    ------
    RuleError
        A measure refuses the settings of its clause.
    """
    memory = Memory(MOST) if memory is None else memory
    for clause in clauses:
        for case in clause.cases:
            yield tried(clause, case, memory)


def tried(clause: Clause, case: Case, memory: Memory) -> CaseResult:
    """Try a clause on one case; see `run`."""
    about = case.expected
    expected = about.model_dump(include={"outcome", *NUMBERS}, exclude_none=True)
    result = partial(CaseResult, clause.code, clause.document.id, about, case.number, expected)
    # On a day on which it does not hold a clause was refused when it was read.
    dated = (clause.on(about.as_of) if about.as_of else None) or clause
    county = county_of(clause.family, case.town, frozenset(clause.layers.values()))
    try:
        verdict = judge(dated, Measuring(county, keeps=False, memory=memory))
    except RuleError as fault:
        place = {"document": clause.document.id, "code": clause.code, "case": case.number}
        raise RuleError("cases.refused", **place, reason=fault.text) from None
    except InputError as fault:
        return result({}, fault.text)
    return result(_told(verdict), verdict.reason)


def county_of(family: str, town: towns.Town, wanted: frozenset[str]) -> County:
    """Return a county that is lent the layers of a town; it has no folder, and nothing else can be read.

    Parameters
    ----------
    wanted
        The layers a clause will ask for: networks are built where they are among them.
    """
    words = town.model_dump_json(by_alias=True)
    return lent("case", towns.CRS, _layers(family, words), wanted, partial(_network, family, words))


# Clauses share towns, and what measures derive from a layer is kept as long as the layer: so towns are kept a while.
@lru_cache(maxsize=64)
def _layers(family: str, town: str) -> Mapping[str, Any]:
    return towns.drawn(family, towns.restored(family, town))


@lru_cache(maxsize=64)
def _network(family: str, town: str, layer: str) -> Any:
    return networks.built(layer, _layers(family, town))


def _told(verdict: Verdict) -> dict[str, Any]:
    """Return what a case may say of a verdict."""
    measured = verdict.measured
    return {
        "outcome": verdict.outcome,
        "value": measured.value if measured else None,
        "limit": next(iter(verdict.limit.values()), None),
        "margin": verdict.margin,
        "numerator": measured.numerator if measured else None,
        "denominator": measured.denominator if measured else None,
        "offenders": len(measured.offenders) if measured else None,
    }


def _same(expected: Any, got: Any) -> bool:
    if isinstance(expected, str) or got is None:
        return bool(expected == got)
    return math.isclose(expected, got, rel_tol=TOLERANCE, abs_tol=ZERO)
