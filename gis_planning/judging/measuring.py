"""Measure the clauses of one run under one guard: what is lacking and what fails becomes an outcome with its reason."""

from __future__ import annotations

import platform
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from gis_planning import geo
from gis_planning.analysis.work import Memory, Work
from gis_planning.county.opened import County
from gis_planning.errors import NotAssessed, PlanningError
from gis_planning.judging.dated import today
from gis_planning.judging.doubts import zone_doubt
from gis_planning.judging.on_land import doubted
from gis_planning.judging.rulebook import Clause
from gis_planning.results.verdicts import Measured, Outcome
from gis_planning.texts import Text, text

#: Libraries whose version can change a number.
LIBRARIES = ("geopandas", "numpy", "pyogrio", "pyproj", "rasterio", "shapely")

#: The setting in which a measure of land receives the classes that the county puts elsewhere.
DISPUTED = "great_classes"

Progress = Callable[[Text], None]


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
    progress
        Is told what is being done.
    """

    county: County
    keeps: bool = True
    memory: Memory = field(default_factory=Memory)
    progress: Progress = lambda _: None
    _known: dict[str, Measured] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Tell layers fit for analysis from layers as they were delivered."""
        self.county.progress = self.progress
        county, stated = self.county, {"grown_m": self.county.homes.grown_m}
        self._work = Work(county.layer, county.has, stated, keeps=self.keeps, memory=self.memory)
        self._raw = Work(county.as_delivered, county.has, keeps=self.keeps, memory=self.memory)

    def same(self, clause: Clause) -> str:
        """Return what clauses have in common that share a measurement."""
        return repr((clause.measure, sorted(clause.layers.items()), sorted(clause.settings.items())))

    def of(self, clause: Clause) -> Measured | Failed:
        """Return what a clause measures; clauses that differ only in their limit share it.

        Raises
        ------
        PlanningError
            An input or a rule cannot be used. A fault of our own code never raises.
        """
        same = self.same(clause)
        try:
            if same not in self._known:
                work = self._raw if clause.family == "quality" else self._work
                measured = work.call(clause.function, clause.layers, self._settings(clause))
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

    def _settings(self, clause: Clause) -> dict[str, Any]:
        """Return the settings of a clause; where sources dispute a land class, the county says where it belongs."""
        own = dict(clause.settings)
        if own.get(DISPUTED) == ():
            own[DISPUTED] = tuple(sorted(self.county.settings.great_classes.items()))
        return own


def entries(county: County, clauses: Iterable[Clause], as_of: str | None) -> dict[str, Any]:
    """Return what every run writes down of its county, its rules and its program; see `Ledger`."""
    documents = {clause.document.id: clause.document.model_dump() for clause in clauses}
    return {
        "name": county.name,
        "code": county.settings.code,
        "data_date": county.settings.data_date,
        "crs": geo.crs_name(county.crs) if county.settings.crs or county.tables else "",
        "as_of": as_of or today(),
        "program": program(),
        "inputs": tuple(county.inputs),
        "repairs": tuple(county.repairs),
        "warnings": (*county.warnings, *zone_doubt(county)),
        "documents": tuple(documents.values()),
        "note": county.settings.remark(),
        "context": county.opened(),
        "titles": county.titles,
        "grounds": county.grounds,
    }


def program() -> dict[str, str]:
    """Return our version and those of what computes: program, Python, libraries, GEOS, PROJ and GDAL."""
    import pyogrio  # noqa: PLC0415
    import pyproj  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    try:
        own = version("gis-planning")
    except PackageNotFoundError:
        own = "source"
    found = {"name": "gis-planning", "version": own, "python": platform.python_version()}
    found |= {name: version(name) for name in LIBRARIES}
    gdal = ".".join(str(part) for part in pyogrio.__gdal_version__)
    return found | {"geos": shapely.geos_version_string, "proj": pyproj.proj_version_str, "gdal": gdal}
