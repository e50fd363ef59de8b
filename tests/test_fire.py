"""Fire engines: land shared out along a road by hand, and what the turnout takes away."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
import town
from shapely import LineString, Point

from gis_planning import streets
from gis_planning.analysis.work import applied, frame
from gis_planning.errors import NotAssessed, RuleError
from gis_planning.measures import circles, fire

WIDE, CELL = 400, 50
SIZES = ({"grades": ["一级"], "km2": 7.0}, {"grades": ["二级"], "km2": 4.0}, {"grades": ["小型"], "km2": 2.0})


def road(length):
    return streets.build(frame(LineString([(0, 0), (length, 0)]), **{"class": ["primary"]}), mode="drive")


def shared_out(length, places, grades, order=None):
    order = list(range(len(places))) if order is None else order
    land = frame(shapely.box(0, -WIDE / 2, length, WIDE / 2))
    spots = [Point(places[at], 0) for at in order]
    stations = frame(*spots, kind=["fire_station"] * len(spots), grade=[grades[at] for at in order],
                     name=[str(at) for at in order])  # fmt: skip
    return applied(
        fire.duty_areas, residential=land, facilities=stations, study_area=land, network=road(length),
        max_access_m=500, cell_m=CELL, sizes=SIZES,
    )  # fmt: skip


def by_hand(length, places):
    """Half way to the neighbours on either side, to the ends of the road beyond the outermost."""
    order = np.argsort(places)
    at = np.array(places, dtype=float)[order]
    edges = np.r_[0.0, (at[:-1] + at[1:]) / 2, length]
    own = np.empty(len(at))
    own[order] = np.diff(edges) * WIDE
    return own


@pytest.mark.parametrize("seed", range(5))
def test_each_station_has_the_land_that_it_reaches_first(seed):
    random = np.random.default_rng(seed)
    length = int(random.integers(20, 60)) * 1000
    places = sorted(random.choice(length // 1000, random.integers(2, 6), replace=False) * 1000 + 500)
    grades = random.choice(["一级", "二级", "小型"], len(places)).tolist()
    measured = shared_out(length, places, grades)
    sites = measured.layers["sites"].set_index("name")["duty_m2"]
    wanted = by_hand(length, places)
    for at, area in enumerate(wanted):
        # The middle between two stations falls into a row of cells, of which either may have one.
        assert sites[str(at)] == pytest.approx(area, abs=CELL * WIDE)
    limits = np.array([{"一级": 7e6, "二级": 4e6, "小型": 2e6}[grade] for grade in grades])
    clear = np.abs(wanted - limits) > 2 * CELL * WIDE
    if clear.all():
        assert measured.numerator == (wanted < limits).sum()
        assert set(measured.offenders["name"]) == {str(at) for at in np.flatnonzero(wanted > limits)}
    assert sites.sum() == pytest.approx(length * WIDE, rel=1e-9)
    again = shared_out(length, places, grades, order=random.permutation(len(places)).tolist())
    other = again.layers["sites"].set_index("name")["duty_m2"]
    assert again.numerator == measured.numerator
    assert other.sort_index().to_numpy() == pytest.approx(sites.sort_index().to_numpy(), abs=CELL * WIDE)


def test_a_station_without_a_grade_is_open_between_the_least_and_the_most():
    # 12 km and 400 m wide: 4.8 km2 each, more than a small station may have and less than one of the first grade.
    measured = shared_out(24_000, [6000, 18_000], ["一级", None])
    assert (measured.numerator, measured.value_range) == (1.0, (0.5, 1.0))
    with pytest.raises(NotAssessed):
        shared_out(24_000, [6000, 18_000], [None, "特勤"])


@pytest.mark.parametrize(("turnout_min", "driven_m"), [(0.5, 4500), (1, 4000), (3, 2000), (4.5, 500)])
def test_the_turnout_takes_its_minutes_from_the_way(turnout_min, driven_m):
    length = 8000
    facts = {
        "residential": frame(shapely.box(0, -5, length, 5)), "facilities": frame(Point(0, 0), kind=["fire_station"]),
        "study_area": frame(shapely.box(0, -50, length, 50)), "network": road(length), "trip": "from_source",
    }  # fmt: skip
    found = applied(fire.in_time, **facts, respond_min=5, turnout_min=turnout_min)
    # A primary road is driven at 60 km/h: a kilometre a minute.
    assert found.value == pytest.approx(driven_m / length, abs=CELL / length)
    same = applied(circles.kind_coverage, **facts, kind="fire_station", limit_min=5 - turnout_min)
    assert found.value == same.value


@pytest.mark.parametrize("turnout_min", [5, 6])
def test_a_turnout_that_leaves_no_time_is_refused(turnout_min):
    land = frame(shapely.box(0, -5, 1000, 5))
    with pytest.raises(RuleError):
        applied(
            fire.in_time, residential=land, facilities=frame(Point(0, 0), kind=["fire_station"]), study_area=land,
            network=road(1000), trip="from_source", respond_min=5, turnout_min=turnout_min,
        )  # fmt: skip


def test_a_table_without_stations_is_no_pass():
    land = frame(shapely.box(0, -5, 1000, 5))
    with pytest.raises(NotAssessed):
        applied(fire.duty_areas, residential=land, facilities=frame(Point(0, 0), kind=["market"]), study_area=land,
                network=road(1000), sizes=SIZES)  # fmt: skip


def test_grades_are_read_from_the_columns_of_an_office(tmp_path):
    from gis_planning.county.opened import open_county

    stations = town.frame(Point(town.EAST, town.NORTH), SSLX=["消防站"], DJ=["一级"])
    place = town.write(tmp_path / "county", town.layers() | {"facilities": stations})
    assert open_county(place).layer("facilities")["grade"].tolist() == ["一级"]


# --- land across lines, streets that are closed, tall buildings


def cross(seed):
    """A crooked net of roads over a square, two stations, and homes all over it."""
    random = np.random.default_rng(seed)
    at = np.stack(np.meshgrid(np.arange(7), np.arange(7), indexing="ij"), -1) * 600.0 + random.uniform(
        -90, 90, (7, 7, 2)
    )
    lines = [LineString(lane) for lane in (*at, *at.swapaxes(0, 1))]
    roads = frame(*lines, **{"class": random.choice(["primary", "residential"], len(lines)).tolist()},
                  name=[f"R{n}" for n in range(len(lines))])  # fmt: skip
    spots = random.uniform(100, 3500, (300, 2))
    land = frame(shapely.box(-200, -200, 3900, 3900))
    return {
        "study_area": land, "residential": land, "streets": roads, "network": streets.build(roads, mode="drive"),
        "facilities": frame(*shapely.points(random.uniform(300, 3300, (2, 2))), kind=["fire_station"] * 2,
                            grade=["特勤", "二级"]),
        "buildings": frame(*shapely.box(spots[:, 0], spots[:, 1], spots[:, 0] + 1, spots[:, 1] + 1), use=["居住"] * 300,
                           floors=random.choice([3.0, 12.0, np.nan], 300)),
        "max_access_m": 500, "respond_min": 4, "turnout_min": 1, "cell_m": 200,
    }  # fmt: skip


def minutes(facts, network, stations):
    """Minutes by car from the nearest of some stations to every building, by the network alone."""
    stations = streets.attach(network, stations.geometry.to_numpy(), max_access_m=500)
    spots = shapely.point_on_surface(facts["buildings"].geometry.to_numpy())
    homes = streets.attach(network, spots, max_access_m=500)
    return streets.nearest(network, stations, homes, trip="from_source").distance_m / 1000, homes


@pytest.mark.parametrize("seed", range(3))
def test_closings_are_those_that_closing_each_street_finds(seed):
    facts = cross(seed)
    found = applied(fire.closings, **facts, at_least_homes=3)
    network = facts["network"]
    before, homes = minutes(facts, network, facts["facilities"])
    stations = streets.attach(network, facts["facilities"].geometry.to_numpy(), max_access_m=500).edge
    worst = 0
    for edge in set(range(len(network.u))) - set(stations.tolist()):
        shut = network.forward.copy()
        shut[edge] = np.inf
        after, _ = minutes(facts, replace(network, forward=shut, backward=shut), facts["facilities"])
        worst = max(worst, int(((before <= 3) & (after > 3) & (homes.edge != edge)).sum()))
    assert found.value == len(found.offenders) > 0
    assert (found.offenders["homes"] >= 3).all()
    assert found.offenders["homes"].is_monotonic_decreasing
    # Homes on the closed street itself are lost where both its ends are: those are not in the plain count.
    assert found.offenders["homes"].max() >= worst >= 3
    assert set(found.offenders["name"]) <= set(facts["streets"]["name"])


@pytest.mark.parametrize("seed", range(3))
def test_tall_buildings_are_those_that_the_able_station_reaches(seed):
    facts = cross(seed)
    del facts["streets"]
    found = applied(fire.tall_in_time, **facts, grades=("特勤",), floors=10)
    near, _ = minutes(facts, facts["network"], facts["facilities"].iloc[:1])
    floors = facts["buildings"]["floors"].to_numpy()
    tall, silent = floors >= 10, np.isnan(floors)
    assert (found.numerator, found.denominator) == ((tall & (near <= 3)).sum(), tall.sum())
    assert len(found.offenders) == (tall & (near > 3)).sum()
    low = (tall & (near <= 3)).sum() / (tall.sum() + (silent & (near > 3)).sum())
    high = (tall | silent) & (near <= 3)
    assert found.value_range == pytest.approx((low, high.sum() / (tall.sum() + (silent & (near <= 3)).sum())))
    # A station that states no grade may have the means.
    facts["facilities"]["grade"] = ["特勤", None]
    both, _ = minutes(facts, facts["network"], facts["facilities"])
    opened = applied(fire.tall_in_time, **facts, grades=("特勤",), floors=10)
    assert opened.value == found.value
    assert opened.value_range[1] >= (tall & (both <= 3)).sum() / tall.sum() - 1e-9


def test_land_beyond_a_river_by_hand():
    # 4 km by 4 km; a river from edge to edge at a quarter, a railway that ends in the middle, a lake, a wall.
    land = frame(shapely.box(0, 0, 4000, 4000))
    roads = frame(LineString([(0, 2000), (4000, 2000)]), bridge=[True], **{"class": ["primary"]})
    walls = frame(LineString([(1000, 0), (1000, 4000)]), LineString([(3000, 0), (3000, 2000)]),
                  shapely.box(2000, 2500, 2500, 3500), LineString([(3500, -99), (3500, 4100)]),
                  kind=["河流", "铁路", "水面", "围墙"])  # fmt: skip
    facts = {
        "study_area": land, "residential": land, "streets": roads, "barriers": walls, "cell_m": 100,
        "facilities": frame(Point(100, 2000), kind=["fire_station"], name=["西站"]), "max_access_m": 2500,
        "network": streets.build(roads, barriers=walls, mode="drive"),
    }  # fmt: skip
    words = ("河流", "铁路", "水面")
    found = applied(fire.parted, **facts, barrier_kinds=words, least_km2=1)
    assert found.value == 1
    reached = found.layers["sites"]["duty_m2"].iloc[0]
    assert found.offenders["across_m2"].iloc[0] == pytest.approx(reached - 4e6)
    # A river that stops short of the edge can be gone round.
    facts["barriers"] = walls.assign(geometry=[LineString([(1000, 0), (1000, 3900)]), *walls.geometry[1:]])
    assert applied(fire.parted, **facts, barrier_kinds=words, least_km2=0.1).value == 0
    with pytest.raises(NotAssessed) as lack:
        applied(fire.parted, **facts, barrier_kinds=("城墙",), least_km2=1)
    assert lack.value.reason.key == "fire.nothing_parts"


def test_parts_of_a_county_are_no_sides_of_anything():
    # Two parts of a study area, one station for both, and a railway beside the one.
    land = frame(shapely.box(0, 0, 1000, 1000), shapely.box(2000, 0, 3000, 1000))
    roads = frame(LineString([(0, 500), (3000, 500)]), **{"class": ["primary"]})
    found = applied(
        fire.parted, study_area=land, residential=land, streets=roads, cell_m=100, max_access_m=900,
        barriers=frame(LineString([(1500, 0), (1500, 1000)]), kind=["铁路"]), least_km2=0.1, barrier_kinds=("铁路",),
        facilities=frame(Point(100, 500), kind=["fire_station"]), network=streets.build(roads, mode="drive"),
    )  # fmt: skip
    assert (found.value, found.layers["sites"]["across_m2"].tolist()) == (0, [0.0])


def test_nothing_is_said_of_what_nobody_knows():
    facts, plain = cross(0), {"floors": 10, "grades": ("特勤",)}
    driven = {key: value for key, value in facts.items() if key != "streets"}
    with pytest.raises(NotAssessed) as lack:
        applied(fire.tall_in_time, **{**driven, "buildings": facts["buildings"].drop(columns="floors")}, **plain)
    assert lack.value.reason.key == "fire.no_floors"
    with pytest.raises(NotAssessed) as lack:
        applied(fire.tall_in_time, **driven, **{**plain, "floors": 40})
    assert lack.value.reason.key == "fire.none_tall"
    with pytest.raises(RuleError):
        applied(fire.tall_in_time, **driven, floors=10, grades=())
    with pytest.raises(NotAssessed) as lack:
        applied(fire.closings, **{**facts, "facilities": frame(Point(0, 0), kind=["market"])}, at_least_homes=1)
    assert lack.value.reason.key == "circles.kind_not_held"
    with pytest.raises(RuleError):
        applied(fire.closings, **{**facts, "turnout_min": 4}, at_least_homes=1)
