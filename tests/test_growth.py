"""Work and results grow with a county and no faster: counted in calls, shapes, distances and bytes, never in seconds.

A row of towns of `report_town.py` is judged and reviewed as a county of one, two and four lengths. What every county
costs alike falls out of the differences: of what grows in step with the county, the step from two lengths to four adds
twice as much as that from one to two. Where all pairs are looked at, it adds four times as much.
"""

import sys
from collections import Counter
from contextlib import contextmanager

import numpy as np
import pytest
import report_town
import shapely
import town
from shapely import affinity

from gis_planning.county.opened import open_county
from gis_planning.judging import judge, rulebook
from gis_planning.judging.projects import read_projects
from gis_planning.judging.review import clauses_for, review
from gis_planning.reports import write_check, write_review
from gis_planning.streets import reach

pytestmark = pytest.mark.slow
#: Towns in a county of one length.
TOWNS = 3
#: From one town to the next; a town is 400 m high.
STEP_M = 600.0
#: Half way between twice as much and the four times of all pairs: what is rounded up leaves some room.
MOST = 3.0
#: Looks at all it has written before it writes more, which ends where a picture has no room left.
FULL = {"maps/web/still.py _name.<locals>.<genexpr>"}
PACKAGE = "/gis_planning/"
#: What a place in the program may come to before its growth tells anything.
FEW = 200
#: The radius, the walk and a circle; the lines that projects touch.
CODES = ("GC22-1", "GW5-1", "CM-B06", "CM-C01")


def county(folder, towns):
    """Write a row of towns as a county folder."""
    layers = {}
    for name, layer in report_town.layers().items():
        of = np.repeat(np.arange(towns), len(layer))
        shapes = [affinity.translate(shape, 0, STEP_M * at) for at in range(towns) for shape in layer.geometry]
        columns = {column: list(layer[column]) * towns for column in layer.columns.drop("geometry")}
        if "id" in columns:
            columns["id"] = [f"{one}-{at}" for one, at in zip(columns["id"], of, strict=True)]
        layers[name] = town.frame(*shapes, **columns)
    return town.write(folder, layers, county='data_date = "2025-12-31"', facilities="complete = true")


def done(folder):
    clauses = [one for one in rulebook.load() if one.code in CODES]
    assert len(clauses) == len(CODES)
    opened = open_county(folder)
    write_check(judge.check(opened, clauses), clauses, folder / "check", "en", reports=())
    write_review(review(opened, read_projects(opened, []), clauses_for(opened)), folder / "review", "en")


@pytest.fixture(scope="module")
def counts(tmp_path_factory):
    """Return the counts of counties of one, two and four lengths."""
    # What is loaded and learnt once by a process is counted for none of them.
    done(county(tmp_path_factory.mktemp("first"), 1))
    found = []
    for lengths in (1, 2, 4):
        folder = county(tmp_path_factory.mktemp("county"), TOWNS * lengths)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("GIS_PLANNING_CACHE", str(folder / "kept"))
            with counting() as count:
                done(folder)
        for file in folder.glob("*/**/*.*"):
            count["bytes", file.relative_to(folder).parts[0] + file.suffix] += file.stat().st_size
        found.append(count)
    return found


@contextmanager
def counting():
    """Count, by function of ours, its calls, and what it hands to shapely and scipy's searches or gets from them."""
    count = Counter()

    def counted(function):
        def counting_one(*args, **more):
            result = function(*args, **more)
            count["elements", f"{ours()} {function.__name__}"] += held(args) + held(result)
            return result

        return counting_one

    def called(frame, event, argument):
        if event == "call" and PACKAGE in frame.f_code.co_filename:
            count["calls", name_of(frame)] += 1

    with pytest.MonkeyPatch.context() as patch:
        for name in dir(shapely):
            function = getattr(shapely, name)
            if callable(function) and not isinstance(function, type):
                patch.setattr(shapely, name, counted(function))
        for kind, name in ((shapely.STRtree, "query"), (shapely.STRtree, "query_nearest"), (reach, "dijkstra")):
            patch.setattr(kind, name, counted(getattr(kind, name)))
        sys.setprofile(called)
        try:
            yield count
        finally:
            sys.setprofile(None)


def ours():
    """Return the function of ours that asks, or that asked a library that asks."""
    frame = sys._getframe(2)
    while frame is not None and PACKAGE not in frame.f_code.co_filename:
        frame = frame.f_back
    return name_of(frame) if frame else "elsewhere"


def name_of(frame):
    return f"{frame.f_code.co_filename.rpartition(PACKAGE)[2]} {frame.f_code.co_qualname}"


def held(things):
    """Return how many elements stand in arrays, and in arrays of a list."""
    if isinstance(things, tuple | list):
        return sum(held(one) for one in things)
    return things.size if isinstance(things, np.ndarray) else 1


def steps(counts, kind):
    """Return, by place, how much a county of two lengths adds, and how much one of four adds to that."""
    once, twice, fourfold = counts
    return {
        key[1]: (twice[key] - once[key], fourfold[key] - twice[key])
        for key in fourfold
        if key[0] == kind and fourfold[key] - twice[key] > FEW
    }


@pytest.mark.parametrize("kind", ["calls", "elements"])
def test_no_place_in_the_program_does_more_than_the_county_grew(counts, kind):
    found = steps(counts, kind)
    assert len(found) > 20
    assert {place: step for place, step in found.items() if step[1] > MOST * step[0]}.keys() <= FULL


def test_files_grow_with_the_county_and_no_faster(counts):
    found = steps(counts, "bytes")
    assert found.keys() >= {"kept.npz", "check.gpkg", "check.html", "review.gpkg", "review.json"}
    assert {file: step for file, step in found.items() if step[1] > MOST * step[0]} == {}
