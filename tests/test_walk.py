"""Walking to parks by hand: which gates, how far, and what the radius counts that nobody reaches."""

import circle_town as circle
import numpy as np
import pandas as pd
import pytest
import shapely
import town

from gis_planning import streets
from gis_planning.analysis.ways import gates_of_areas
from gis_planning.analysis.work import applied
from gis_planning.measures import green

SIZES = {"min_area_m2": 400, "small_limit_m": 300, "large_area_m2": 5000, "large_limit_m": 500}
PARK = town.box(400, -100, 600, 0)  # 20 000 m2 along the south side of Main Street


def walk(parks, network=None, *, entrances=None, **options):
    layers = circle.layers()
    network = circle.network() if network is None else network
    on = {"residential": layers["residential"], "study_area": layers["study_area"], "network": network}
    return applied(green.walk_coverage, **on, parks=parks, park_entrances=entrances, **(SIZES | options))


def rungs(area, *, entrances=None, table=None, **options):
    network = circle.network(table) if table is not None else circle.network()
    found = gates_of_areas(network, np.array([area], dtype=object), entrances, max_access_m=200, **options)
    return found.rung[0], len(found.points)


def test_a_street_along_the_edge_is_entered_from():
    assert rungs(PARK)[0] == "crossings"


def test_every_rung_of_the_ladder():
    inner = town.box(450, 20, 550, 90)
    surveyed = town.frame(circle.at(500, 20), park_id=["P"])
    assert rungs(inner, entrances=surveyed) == ("given", 1)
    named = town.frame(circle.at(480, 60), park_id=["P"])  # inside, far from the edge, but it says whose it is
    assert rungs(inner, entrances=named, ids=np.array(["P"], dtype=object)) == ("given", 1)
    mapped = town.frame(circle.at(500, 20), osm_id=["node/1"])
    assert rungs(inner, entrances=mapped) == ("osm", 1)
    path = town.frame(circle.line((0, 0), (1000, 0)), circle.line((500, 0), (500, 150)))
    assert rungs(inner, table=path) == ("crossings", 2)
    bridge = path.assign(bridge=[False, True])
    assert rungs(inner, table=bridge)[0] == "perimeter"  # the bridge does not lead in, the lawn is 20 m from the street
    assert rungs(inner)[0] == "perimeter"
    assert rungs(town.box(450, 60, 550, 130)) == ("virtual", 4)
    assert rungs(town.box(450, 250, 550, 300)) == ("unreachable", 0)
    # A surveyed gate without a street is not replaced by a guess.
    far = town.frame(circle.at(500, 250))
    assert rungs(town.box(450, 60, 550, 250), entrances=far)[0] == "unreachable"


def test_an_entrance_without_an_id_is_that_of_the_park_beside_it():
    """Also of a park without one, where others have ids; pandas says nothing with None, NaN or NA."""
    near = [circle.at(500, 20), circle.at(700, 20), circle.at(900, 60)]
    areas = np.array([town.box(450, 20, 550, 90), town.box(650, 20, 750, 90), town.box(850, 20, 950, 90)], dtype=object)
    for nothing in (None, float("nan"), pd.NA):
        entrances = town.frame(*near, park_id=[nothing, nothing, "C"])
        ids = np.array([nothing, nothing, "C"], dtype=object)
        found = gates_of_areas(circle.network(), areas, entrances, max_access_m=200, ids=ids)
        assert [str(one) for one in found.rung] == ["given", "given", "given"]
        assert sorted(found.ways.owner.tolist()) == [0, 1, 2]


def test_land_on_foot_beside_the_radius():
    parks = town.frame(PARK, name=["滨河公园"])
    measured = walk(parks)
    radius = measured.references[0]
    assert radius.key == "radius_coverage"
    plain = circle.layers()
    same = applied(
        green.radius_coverage, residential=plain["residential"], parks=parks, study_area=plain["study_area"],
        min_area_m2=400, small_radius_m=300, large_area_m2=5000,
        large_radius_m=500,
    )  # fmt: skip
    assert radius.numerator == pytest.approx(same.numerator, rel=1e-12)
    # On foot from both ends of the park's front and all along it: |x - 500| - 100 + y <= 500 holds for all but corners.
    assert measured.value <= radius.value + 1e-9
    assert measured.numerator == pytest.approx(200_000 - 2 * (100**2) / 2, rel=0.01)
    assert measured.layers["parks"]["rung"].tolist() == ["crossings"]
    gap = measured.layers["detour_gap"]
    inside = measured.layers["service_areas"].geometry.union_all()
    assert all(shapely.intersects(one, inside) for one in gap.geometry)


def test_a_river_makes_the_detour_gap():
    parks = town.frame(PARK, name=["滨河公园"])
    river = town.frame(circle.line((300, -100), (300, 300)))
    measured = walk(parks, circle.network(barriers=river))
    gap = measured.layers["detour_gap"]
    # West of the river nobody gets across: 300 x 200 m, all of it within 500 m of the park.
    assert gap["area_m2"].iloc[0] == pytest.approx(60_000, rel=0.01)
    assert np.isnan(gap["walk_m"].iloc[0])
    assert gap["straight_m"].iloc[0] == pytest.approx(100, abs=1)
    assert gap["rank"].tolist() == list(range(1, len(gap) + 1))
    assert any(note.key == "circles.detour" for note in measured.notes)


def test_sizes_decide_how_far():
    parks = town.frame(town.box(0, -30, 30, 0), town.box(970, -100, 1000, 0), name=["小", "更小"])
    near = walk(parks, min_area_m2=1000, small_limit_m=100)  # 900 m2 does not count, 3 000 m2 serves 100 m
    assert 0 < near.numerator < 20_000
    assert near.layers["parks"].set_index("name")["status"].to_dict() == {"小": "too_small", "更小": "serves"}


# --- slope: a plane that rises to the east


class Plane:
    """Heights of a plane on 10 m cells around the town."""

    def __init__(self, slope):
        columns = np.arange(200)
        self.band = np.tile(columns * 10.0 * slope, (100, 1))
        self.transform = (10.0, 0.0, town.EAST - 500, 0.0, -10.0, town.NORTH + 500)
        self.crs = circle.layers()["streets"].crs


def test_walking_up_a_plane_costs_what_tobler_says_and_down_less():
    slope = 0.1
    network = circle.network(elevation=Plane(slope))
    up, down = np.exp(3.5 * (0.15 - 0.05)), np.exp(3.5 * (0.05 - 0.05))
    assert network.forward.sum() == pytest.approx(1000 * up, rel=1e-3)
    assert network.backward.sum() == pytest.approx(1000 * down, rel=1e-3)
    level = circle.network(elevation=Plane(0.0))
    assert level.forward.sum() == pytest.approx(1000, abs=1e-6)
    # Driving does not look at it.
    drive = streets.build(circle.layers()["streets"], mode="drive", elevation=Plane(slope))
    plain = streets.build(circle.layers()["streets"], mode="drive")
    assert drive.forward.tolist() == plain.forward.tolist()


def test_going_and_coming_differ_on_a_slope():
    network = circle.network(elevation=Plane(0.1))
    shop, home = ([shapely.Point(town.EAST + x, town.NORTH)] for x in (900, 100))
    sources, targets = (streets.attach(network, np.array(one, dtype=object)) for one in (shop, home))
    there = streets.nearest(network, sources, targets, trip="to_source").distance_m[0]
    back = streets.nearest(network, sources, targets, trip="from_source").distance_m[0]
    assert there == pytest.approx(800 * np.exp(0.35), rel=1e-3)
    assert back == pytest.approx(800, rel=1e-3)


def test_streets_without_a_height_are_level_and_said_so():
    high = Plane(0.1)
    high.band[:, 100:] = np.nan
    network = circle.network(elevation=high)
    assert network.report.without_elevation_m == pytest.approx(500, abs=30)
    assert any(note.key == "streets.note_without_elevation" for note in network.report.notes())
