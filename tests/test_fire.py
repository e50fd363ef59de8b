"""Fire engines: land shared out along a road by hand, and what the turnout takes away."""

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
    sites = measured.layers["sites"].set_index("name")["land_m2"]
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
    other = again.layers["sites"].set_index("name")["land_m2"]
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
