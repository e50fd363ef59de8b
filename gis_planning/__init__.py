"""Judge a county's plans and layers: coverage, circles, compliance, quality and maps.

>>> import gis_planning as gp
>>> county = gp.open_county("layers/mycounty")  # doctest: +SKIP
>>> run = gp.check(county, only=["green"])  # doctest: +SKIP
>>> run.verdicts, run["GC22-1"].offenders  # doctest: +SKIP
>>> run.write("maps/mycounty")  # doctest: +SKIP
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "Clause": "judging.rulebook",
    "County": "county.opened",
    "Found": "runs",
    "InputError": "errors",
    "Measured": "results.verdicts",
    "NotAssessed": "errors",
    "PlanningError": "errors",
    "RuleError": "errors",
    "Run": "runs",
    "Scorecard": "results.verdicts",
    "Verdict": "results.verdicts",
    "check": "runs",
    "chosen": "judging.rulebook",
    "load": "judging.rulebook",
    "measure": "runs",
    "open_county": "county.opened",
    "open_run": "runs",
    "review": "runs",
}

__all__ = [  # noqa: PLE0604 - a list of strings, held in one place
    *_HOMES
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that starting stays quick."""
    if name in _HOMES:
        return getattr(import_module(f"gis_planning.{_HOMES[name]}"), name)
    raise AttributeError(name)
