"""The bare kernels of a check, each done once and alone: what no program that gives the same results can leave out.

Reading, one network, attachments, one pass over cells, one nearest pass a kind of facility, one bulk write of the
tables that the whole run writes, and one map page. Nothing is kept, and nothing is judged within the time.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio

from gis_planning.analysis.access import approach
from gis_planning.analysis.demand import demand
from gis_planning.analysis.derived import asked
from gis_planning.analysis.distances import nearest
from gis_planning.analysis.facilities import facility_doors
from gis_planning.analysis.ways import demand_ways, park_gates
from gis_planning.analysis.work import Work
from gis_planning.conventions import kinds
from gis_planning.county.networks import built
from gis_planning.county.opened import County, open_county
from gis_planning.judging import judge
from gis_planning.judging.rulebook import Clause
from gis_planning.maps.web.check_map import check_map
from gis_planning.results.tables import result_tables
from gis_planning.view.sheets import sheets

NETWORK = "network"


def options(words: argparse.ArgumentParser) -> None:
    """Name the options."""
    words.add_argument("county", type=Path)
    words.add_argument("--only", nargs="*", default=["green", "circles"], help="families whose clauses are meant")


def run(chosen: argparse.Namespace) -> None:
    """Print the seconds of each kernel as JSON."""
    print(json.dumps(bare(chosen.county, chosen.only)))


def bare(folder: Path, only: Iterable[str]) -> dict[str, float]:
    """Return the seconds of each kernel."""
    seconds: dict[str, float] = {}

    def timed(name: str, kernel: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        found = kernel()
        seconds[name] = time.perf_counter() - start
        return found

    county = open_county(folder)
    clauses = judge.clauses_for(county, tuple(only), None)
    timed("reading", lambda: _read(county, clauses))
    network = timed("network", lambda: built(NETWORK, {one: county.layer(one) for one in _ways(county)}))
    work = Work(lambda name: network if name == NETWORK else county.layer(name), county.has, keeps=False)
    timed("cells", lambda: work.call(demand, {}, {}))
    timed("attachments", lambda: _attached(work, clauses))
    reached = work.call(approach, {}, {})
    timed("nearest", lambda: [nearest(reached, kinds=(kind,)) for kind in _kinds(county)])
    # The rest is about what the whole run found, which is worked out outside the time.
    scorecard = judge.check(open_county(folder), clauses)
    tables = result_tables(scorecard, "zh")
    with tempfile.TemporaryDirectory() as place:
        timed("bulk write", lambda: _write(tables, Path(place) / "tables.gpkg"))
    known = {clause.code: clause for clause in clauses}
    timed("map page", lambda: check_map(scorecard, sheets(scorecard), known, "zh"))
    return seconds


def _read(county: County, clauses: Iterable[Clause]) -> None:
    """Read every layer that the clauses take."""
    named = (clause.layers.get(one, one) for clause in clauses for one in asked(clause.function).layers)
    for name in dict.fromkeys(named):
        if county.has(name) and not name.endswith(NETWORK):
            county.layer(name)


def _ways(county: County) -> list[str]:
    return [one for one in kinds()[NETWORK].built_from if county.has(one)]


def _attached(work: Work, clauses: Iterable[Clause]) -> None:
    """Find the ways onto the streets of land, homes and facilities, and of the parks of the first clause that asks."""
    for one in (demand_ways, facility_doors):
        work.call(one, {}, {})
    walked = next((one for one in clauses if park_gates.__name__ in asked(one.function).inputs), None)
    if walked is not None:
        work.call(park_gates, walked.layers, walked.settings)


def _kinds(county: County) -> list[str]:
    """Return the kinds of facilities there are."""
    stated = county.layer("facilities")["kind"].dropna()
    return sorted({kind for said in stated.unique() for kind in str(said).split(";")})


def _write(tables: dict[str, Any], file: Path) -> None:
    """Write tables as they are."""
    for name, table in tables.items():
        plain = {} if isinstance(table, gpd.GeoDataFrame) else {"ASPATIAL_VARIANT": "GPKG_ATTRIBUTES"}
        pyogrio.write_dataframe(table, file, layer=name, append=file.exists(), **plain)
