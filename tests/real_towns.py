"""Extracts of OpenStreetMap of real towns: beside this clone, or in the folder that GIS_PLANNING_DATA names."""

import os
from pathlib import Path

import pytest

DATA = Path(os.environ.get("GIS_PLANNING_DATA", Path(__file__).parents[2] / "shared" / "data"))


def extract(name):
    """Return the extract of a town, by how its file begins; a test of a town that is not here is skipped."""
    found = sorted((DATA / "osm_towns").glob(f"{name}*.osm.pbf"))
    if not found:
        pytest.skip(f"the OpenStreetMap extract of {name} is not here (GIS_PLANNING_DATA)")
    return found[0]
