"""Judge a county's plans and layers: coverage, circles, compliance, quality and maps.

>>> import gis_planning
>>> county = gis_planning.open_county("layers/mycounty")  # doctest: +SKIP
>>> clauses = gis_planning.chosen(gis_planning.load(), rules=county.settings.rules, only=["green"])  # doctest: +SKIP
>>> gis_planning.check(county, clauses).verdicts  # doctest: +SKIP
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "Clause": "judging.rulebook",
    "County": "county.opened",
    "InputError": "errors",
    "Measured": "results.verdicts",
    "NotAssessed": "errors",
    "PlanningError": "errors",
    "RuleError": "errors",
    "Scorecard": "results.verdicts",
    "Verdict": "results.verdicts",
    "check": "judging.judge",
    "chosen": "judging.rulebook",
    "load": "judging.rulebook",
    "open_county": "county.opened",
    "write_check": "reports",
}

__all__ = [  # noqa: PLE0604 - a list of strings, held in one place
    *_HOMES
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that starting stays quick."""
    if name in _HOMES:
        return getattr(import_module(f"gis_planning.{_HOMES[name]}"), name)
    raise AttributeError(name)
