"""Services, homes and land of a seat by what registers say: counted by hand where cases of clauses do not reach."""

import numpy as np
import pandas as pd
import pytest
import shapely
import town

from gis_planning.analysis.work import applied
from gis_planning.errors import NotAssessed, RuleError
from gis_planning.measures import form, land, projects, renewal, services


def rows(*stated):
    columns = ["indicator", "year", "value", "unit", "area", "source", "row"]
    table = pd.DataFrame([[*one, "", "", at] for at, one in enumerate(stated, 2)], columns=columns)
    table.attrs = {"file": "stat.csv", "crs": town.CRS}
    return table


def spots(*places, **columns):
    points = [shapely.Point(town.EAST + x, town.NORTH + y) for x, y in places]
    return town.frame(*points, **columns)


WEST, EAST = town.box(0, 0, 1000, 1000), town.box(1000, 0, 2000, 1000)
DISTRICTS = town.frame(WEST, EAST, name=["西", "东"])


def test_places_for_children_by_district():
    schools = spots(
        (10, 10), (20, 20), (1500, 10), (1600, 10),
        kind=["primary_school", "primary_school;middle_school", "primary_school", "primary_school"],
        capacity=[np.nan, 200.0, np.nan, np.nan], classes=[6.0, 12.0, 4.0, np.nan],
    )  # fmt: skip
    people = town.frame(WEST, EAST, children=[400.0, 500.0])
    measured = services.places(
        schools, DISTRICTS, people, kind="primary_school", per_class=45, children="children_primary"
    )
    # 6 x 45 + 200 in the west, 4 x 45 in the east, and one school that says nothing.
    assert (measured.numerator, measured.denominator) == (650, 900)
    assert [(part.name, part.numerator, part.denominator) for part in measured.parts] == [
        ("西", 470, 400),
        ("东", 180, 500),
    ]
    assert measured.offenders[["name", "lacking"]].to_numpy().tolist() == [["东", 320.0]]
    assert measured.value_range == (650 / 900, float("inf"))
    stated = services.places(
        schools, statistics=rows(("小学适龄儿童", "2024", "0.1", "万人")), kind="primary_school", per_class=45,
        children="children_primary",
    )  # fmt: skip
    assert stated.denominator == 1000
    with pytest.raises(NotAssessed):
        services.places(schools, kind="primary_school", per_class=45, children="children_primary")
    with pytest.raises(RuleError):
        services.places(schools, kind="primary_school", per_class=45, children="nobody")


def test_sizes_of_sites():
    sites = town.frame(
        town.box(0, 0, 100, 40), town.box(200, 0, 300, 30), town.box(400, 0, 500, 40), town.box(600, 0, 700, 50),
        kind=["kindergarten"] * 4, floor_m2=[2300.0, 2300.0, 2100.0, np.nan], land_m2=[np.nan, np.nan, 9000.0, np.nan],
    )  # fmt: skip
    measured = services.site_sizes(sites, kind="kindergarten", floor_m2=2200, land_m2=3500)
    # The first is as large as it is drawn; the second lacks land, the third floor; nobody knows that of the fourth.
    assert (measured.numerator, measured.value_range) == (1, (0.25, 0.5))
    assert len(measured.offenders) == 2


def test_villages_that_say_nothing_leave_the_share_open():
    villages = spots((0, 0), (9, 0), (18, 0), name=["甲", "乙", "丙"], gas=pd.Series([True, None, False], dtype=object))
    measured = services.villages_with(villages, field="gas")
    assert (measured.value, measured.value_range) == (
        pytest.approx(1 / 3),
        (pytest.approx(1 / 3), pytest.approx(2 / 3)),
    )
    assert measured.offenders["name"].tolist() == ["丙"]
    with pytest.raises(NotAssessed):
        services.villages_with(villages, field="bus")
    with pytest.raises(RuleError):
        services.villages_with(villages, field="name")


def test_land_for_each_station():
    stations = spots((10, 10), (3000, 10), kind=["fire_station", "fire_station"])
    assert services.land_each(stations, DISTRICTS, kind="fire_station").value == 2
    with pytest.raises(NotAssessed):
        services.land_each(stations[1:], DISTRICTS, kind="fire_station")


def test_people_and_floor_of_a_town():
    area = town.frame(WEST)
    people = town.frame(town.box(0, 0, 2000, 1000), population=[14_000.0])
    assert form.population_density(area, people).value == pytest.approx(7000)
    stated = form.population_density(area, None, rows(("常住人口", "2024", "0.8", "万人")))
    assert stated.value == 8000
    assert stated.notes[-1].facts["row"] == 2
    houses = town.frame(town.box(0, 0, 100, 10), town.box(0, 20, 10, 30), floors=[6.0, np.nan], use=["住宅", "住宅"])
    ratio = form.floor_ratio(houses, town.frame(town.box(0, 0, 100, 100)))
    assert (ratio.value, ratio.value_range) == (pytest.approx(0.61), (pytest.approx(0.61), float("inf")))
    with pytest.raises(NotAssessed):
        form.floor_ratio(houses, town.frame(town.box(0, 0, 100, 100)), least_known=0.95)
    low = form.low_dwellings(houses, area, most_floors=5, least_known=0.9)
    assert (low.value, low.value_range) == (0, (0, pytest.approx(500 / 6500)))


def test_estates_of_which_little_is_known():
    register = spots(
        *((at, 0) for at in range(5)), year=[1990.0, 1991.0, 1992.0, np.nan, 2010.0],
        done=pd.Series([True, False, None, True, True], dtype=object), households=[100.0, 50.0, 30.0, 20.0, 9.0],
    )  # fmt: skip
    measured = renewal.done(register, before_year=2005)
    assert measured.value == pytest.approx(1 / 3)
    # At best the one that says nothing is done and the one without a year is old; at worst neither helps.
    assert measured.value_range == (pytest.approx(1 / 3), pytest.approx(3 / 4))
    assert (measured.references[0].numerator, measured.references[0].denominator) == (100, 180)
    assert renewal.households(register, before_year=2005).value == 100
    with pytest.raises(NotAssessed):
        renewal.services(register, spots((0, 0), kind=["clinic"]), before_year=1950, kinds=("clinic",), within_m=9)


def test_classes_of_land_are_checked():
    fields = town.frame(WEST, **{"class": ["0103K"]})
    assert land.share_of(fields, town.frame(WEST, EAST), classes=("01",)).value == pytest.approx(0.5, rel=1e-6)
    for wrong in ({}, {"classes": ("01",), "great": "built"}, {"great": "towns"}):
        with pytest.raises(RuleError):
            land.share_of(fields, town.frame(WEST), **wrong)
    with pytest.raises(NotAssessed):
        land.inside(fields, town.frame(WEST), great="built")
    with pytest.raises(NotAssessed):
        land.per_person(fields, town.frame(WEST), great="agri")


def test_parks_that_may_be_verges_are_an_upper_bound():
    greens = town.frame(town.box(0, 0, 100, 100), **{"class": ["0810"]})
    people = town.frame(WEST, population=[100.0])
    measured = applied(form.park_land, parks=greens, area=town.frame(WEST), population=people)
    assert (measured.value, measured.value_range) == (100, (0, 100))


def test_projects_of_one_id_are_one():
    lots = town.frame(town.box(0, 0, 10, 10), town.box(5, 0, 15, 10), town.box(14, 0, 20, 10), id=["A", "A", "B"])
    found = projects.doubled(lots)
    assert (found.value, len(found.offenders)) == (2, 1)
    assert projects.located(lots, rows(("清单项目数", "2024", "4", "项"))).value == 0.5
    with pytest.raises(NotAssessed):
        projects.located(lots, rows(("清单项目数", "2024", "1", "项")))
