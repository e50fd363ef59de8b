"""Know the street network: build it once, attach places to its edges, measure how far it is along them."""

from gis_planning.streets.attach import ATTACHED, BEHIND_BARRIER, NO_PLACE, TOO_FAR, Attached, attach
from gis_planning.streets.graph import Streets, build
from gis_planning.streets.reach import Nearest, Trip, counts, nearest, within
from gis_planning.streets.report import Island, Report
from gis_planning.streets.rings import rings, rings_of_each
from gis_planning.streets.traffic import Mode

__all__ = [
    "ATTACHED",
    "BEHIND_BARRIER",
    "NO_PLACE",
    "TOO_FAR",
    "Attached",
    "Island",
    "Mode",
    "Nearest",
    "Report",
    "Streets",
    "Trip",
    "attach",
    "build",
    "counts",
    "nearest",
    "rings",
    "rings_of_each",
    "within",
]
