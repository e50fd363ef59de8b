"""Services of which registers state little or nothing: two towns side by side, 1 km2 each, counted by hand."""

import numpy as np
import pandas as pd
import pytest
import shapely
import town
from shapely import Point

from gis_planning import geo
from gis_planning.conventions.facilities import NONE
from gis_planning.errors import NotAssessed, RuleError
from gis_planning.formats.read.raster import Raster
from gis_planning.measures import services

SQUARES = (town.box(0, 0, 1000, 1000), town.box(1000, 0, 2000, 1000))


def at(x, y=500.0):
    return Point(town.EAST + x, town.NORTH + y)


def towns():
    return town.frame(*SQUARES, name=["West", "East"])


def sites(*rows, none=()):
    """Facilities, each as its kind, where it is, and what it states."""
    frame = town.frame(*(where if isinstance(where, shapely.Geometry) else at(where) for _, where, _ in rows))
    stated = pd.DataFrame([{"kind": kind, **more} for kind, _, more in rows])
    found = frame.assign(**{name: stated[name].to_numpy() for name in stated.columns})
    found.attrs[NONE] = none
    return found


def schools(*rows):
    return sites(*(("primary_school", where, more) for where, more in rows))


def children(*numbers):
    return town.frame(*SQUARES[: len(numbers)], children=list(numbers))


def table(*rows):
    frame = pd.DataFrame(
        [[name, year, value, unit, "", "", number] for number, (name, year, value, unit) in enumerate(rows, 2)],
        columns=["indicator", "year", "value", "unit", "area", "source", "row"],
    )
    frame.attrs = {"file": "stat.csv", "crs": town.CRS}
    return frame


def offered(facilities, **layers):
    return services.places(facilities, **layers, kind="primary_school", per_class=45, children="children_primary")


def said(measured):
    return " ".join(note.to("en") for note in measured.notes)


def refused(call, words):
    with pytest.raises(NotAssessed) as caught:
        call()
    assert words in caught.value.reason.to("en")
    assert caught.value.reason.to("zh") != caught.value.reason.to("en")


# -- places for children


def test_places_are_the_capacity_else_classes():
    # 12 x 45 = 540 in the west for 600 children; 500 in the east, where the classes do not count, for 400.
    measured = offered(
        schools((500, {"classes": 12}), (1500, {"capacity": 500, "classes": 2})),
        districts=towns(),
        population=children(600, 400),
    )
    assert (measured.numerator, measured.denominator, measured.value) == (1040, 1000, 1.04)
    assert measured.value_range is None
    assert [(one.name, one.numerator, one.denominator) for one in measured.parts] == [
        ("West", 540, 600),
        ("East", 500, 400),
    ]
    short = measured.offenders[["name", "children", "places", "lacking"]]
    assert short.to_numpy().tolist() == [["West", 600, 540, 60]]


def test_the_district_that_lacks_most_comes_first():
    measured = offered(
        schools((500, {"capacity": 90}), (1500, {"capacity": 50})), districts=towns(), population=children(100, 100)
    )
    assert measured.offenders[["name", "lacking"]].to_numpy().tolist() == [["East", 50], ["West", 10]]


def test_just_enough_places_is_no_lack():
    measured = offered(schools((500, {"capacity": 100})), districts=towns(), population=children(100))
    assert (measured.value, len(measured.offenders)) == (1, 0)


def test_what_a_district_with_a_school_of_unknown_size_lacks_is_not_sure():
    measured = offered(
        schools((500, {"capacity": None}), (500, {"capacity": 100}), (1500, {"capacity": 300})),
        districts=towns(),
        population=children(600, 400),
    )
    assert measured.value == 0.4
    assert measured.value_range == (0.4, np.inf)
    assert measured.bound == "lower"
    lacking = measured.offenders[["name", "lacking", "unsure"]].to_numpy().tolist()
    assert lacking == [["West", 500, True], ["East", 100, False]]
    assert "1 schools state neither" in said(measured)


@pytest.mark.parametrize("nothing", [{"capacity": 0}, {"classes": 0}, {"capacity": -5}, {}, {"capacity": None}])
def test_a_school_that_states_nothing_has_no_places_that_anybody_knows(nothing):
    refused(lambda: offered(schools((500, nothing)), population=children(100)), "no school")


def test_children_that_are_not_counted_leave_the_ratio_open_downwards():
    measured = offered(
        schools((500, {"capacity": 300}), (1500, {"capacity": 300})), districts=towns(), population=children(400, None)
    )
    assert (measured.value, measured.value_range, measured.bound) == (1.5, (0, 1.5), "upper")
    assert measured.offenders["name"].tolist() == ["West"]
    assert [one.name for one in measured.parts] == ["West"]
    assert "1 polygons" in said(measured)


def test_children_of_the_table_where_no_polygon_states_any():
    rows = table(("children_primary", "2023", "900", "人"), ("小学适龄儿童", "2024", "0.1", "万人"))
    for population in (None, children(None, None), town.frame(*SQUARES, population=[5.0, 5.0])):
        measured = offered(schools((500, {"classes": 20})), districts=towns(), population=population, statistics=rows)
        assert (measured.value, measured.denominator, measured.value_range) == (0.9, 1000, None)
        assert (measured.parts, len(measured.offenders)) == ((), 0)
        assert "stat.csv" in said(measured)


def test_a_raster_of_people_says_nothing_of_children():
    grid = Raster(np.ones((2, 2)), (100.0, 0.0, town.EAST, 0.0, -100.0, town.NORTH), geo.parse_crs(town.CRS, source=""))
    refused(lambda: offered(schools((500, {"classes": 20})), population=grid), "children of primary school age")


def test_nobody_counted_the_children():
    here = schools((500, {"classes": 20}))
    refused(lambda: offered(here), "children of primary school age")
    refused(lambda: offered(here, population=children(0, 0)), "nobody counted")
    refused(lambda: offered(here, statistics=table(("residents", "2024", "9", "人"))), "children of primary")
    with pytest.raises(NotAssessed):  # a row that cannot be used is no number
        offered(here, statistics=table(("children_primary", "2024", "many", "人")))


def test_no_row_of_the_kind_is_no_lack_but_the_county_may_say_that_there_is_none():
    shops = sites(("market", 500, {"capacity": 90}))
    refused(lambda: offered(shops, population=children(100)), "primary")
    shops.attrs[NONE] = ("primary_school",)
    measured = offered(shops, districts=towns(), population=children(100))
    assert (measured.value, measured.offenders["lacking"].tolist()) == (0, [100])


def test_an_input_that_is_not_known_is_refused():
    with pytest.raises(RuleError):
        services.places(schools((500, {"classes": 2})), kind="primary_school", per_class=45, children="pupil")


def test_twice_the_children_is_half_the_ratio():
    here = schools((500, {"classes": 3}), (1500, {"classes": 4}))
    one, two = (offered(here, population=children(70 * by, 30 * by)) for by in (1, 2))
    assert one.value == pytest.approx(2 * two.value, rel=1e-12)


# -- sizes


def test_sizes_of_sites():
    shops = sites(
        ("kindergarten", 100, {"floor_m2": 2200, "land_m2": 3500}),
        ("kindergarten", 200, {"floor_m2": 2199, "land_m2": 3500}),
        ("kindergarten", 300, {"floor_m2": 2200, "land_m2": 3400}),
        ("market", 400, {"floor_m2": 1, "land_m2": 1}),
        ("kindergarten;childcare", 500, {"floor_m2": 9000, "land_m2": 9000}),
    )
    measured = services.site_sizes(shops, kind="kindergarten", floor_m2=2200, land_m2=3500)
    assert (measured.value, measured.numerator, measured.denominator) == (0.5, 2, 4)
    columns = ["floor_m2", "site_m2", "floor_lacking_m2", "site_lacking_m2"]
    assert measured.offenders[columns].to_numpy().tolist() == [[2199, 3500, 1, 0], [2200, 3400, 0, 100]]
    assert len(measured.layers["sites"]) == 4


def test_a_polygon_states_its_land_where_the_table_does_not():
    yard = town.box(0, 0, 70, 50)  # 3 500 m2
    drawn = sites(("kindergarten", yard, {"land_m2": None}), ("kindergarten", yard, {"land_m2": 3400}))
    measured = services.site_sizes(drawn, kind="kindergarten", land_m2=3500)
    assert measured.value == 0.5
    assert measured.offenders["site_m2"].tolist() == [3400]
    assert measured.offenders["floor_lacking_m2"].isna().all()  # no floor was asked for


@pytest.mark.parametrize("nothing", [None, 0, -3])
def test_a_size_that_is_not_stated_may_be_enough(nothing):
    shops = sites(*(("childcare", 100, {"floor_m2": size}) for size in (260, 90, nothing, nothing)))
    measured = services.site_sizes(shops, kind="childcare", floor_m2=200)
    assert (measured.value, measured.value_range) == (0.25, (0.25, 0.75))
    assert measured.offenders["floor_m2"].tolist() == [90]
    assert measured.offenders["floor_lacking_m2"].tolist() == [110]
    assert "2 do not say it" in said(measured)


def test_too_little_floor_is_too_small_whatever_the_land():
    shops = sites(("kindergarten", 100, {"floor_m2": 90}), ("kindergarten", 200, {"floor_m2": 9000}))
    measured = services.site_sizes(shops, kind="kindergarten", floor_m2=2200, land_m2=3500)
    assert (measured.value, measured.value_range) == (0, (0, 0.5))
    assert len(measured.offenders) == 1


def test_sizes_that_nobody_states():
    refused(lambda: services.site_sizes(sites(("clinic", 1, {})), kind="clinic", floor_m2=150), "states the size")
    refused(lambda: services.site_sizes(sites(("market", 1, {})), kind="clinic", floor_m2=150), "clinic")
    # Of none a share is not asked.
    none = sites(("market", 1, {}), none=("clinic",))
    refused(lambda: services.site_sizes(none, kind="clinic", floor_m2=150), "no facility")


# -- sites of several uses


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ([("childcare;canteen;clinic", 0, {})], 1),
        ([("childcare;canteen", 0, {})], 0),
        ([("childcare", 0, {}), ("canteen", 0.6, {}), ("clinic", 1.2, {})], 1),  # each within 1 m of the next
        ([("childcare", 0, {}), ("canteen", 0, {}), ("canteen;childcare", 0, {})], 0),  # two kinds, often
        ([("childcare;canteen", 0, {}), ("clinic", 1.5, {})], 0),
        ([("childcare;bus_stop", 0, {"name": "Stop"}), ("clinic;bus_stop", 20, {"name": "Stop"})], 0),
    ],
)
def test_sites_of_several_uses(rows, count):
    measured = services.multi_use(sites(*rows))
    assert measured.value == count == len(measured.layers["sites"])
    again = services.multi_use(sites(*rows[::-1]))
    assert again.value == count


def test_a_site_tells_its_kinds_and_how_many_rows_tell_none():
    measured = services.multi_use(
        sites(("clinic", 0, {}), ("canteen;childcare", 0, {}), (None, 0, {}), (None, 900, {}))
    )
    assert measured.layers["sites"]["kind"].tolist() == ["canteen;childcare;clinic"]
    assert "2 facilities do not tell" in said(measured)


def test_a_table_that_tells_no_kind_has_no_count():
    refused(lambda: services.multi_use(sites((None, 0, {}))), "none of 1")
    refused(lambda: services.multi_use(town.frame(at(0), name=["x"])), "none of 1")


# -- who has one


def test_towns_with_a_facility():
    shops = sites(("clinic", 10, {}), ("clinic", 900, {}), ("market", 1500, {}))
    measured = services.areas_with(shops, towns(), kind="clinic")
    assert (measured.value, measured.numerator, measured.denominator) == (0.5, 1, 2)
    assert measured.offenders["name"].tolist() == ["East"]
    assert services.areas_with(shops, towns(), kinds=("clinic", "market")).value == 1


@pytest.mark.parametrize(("within_m", "share"), [(99, 0), (100, 0.5), (101, 0.5)])
def test_villages_that_are_points_have_what_is_near(within_m, share):
    villages = town.frame(at(0), at(5000), name=["A", "B"])
    assert services.areas_with(sites(("clinic", 100, {})), villages, kind="clinic", within_m=within_m).value == share


def test_points_with_nothing_said_of_reach_are_not_without():
    villages = town.frame(at(0), at(5000), name=["A", "B"])
    refused(lambda: services.areas_with(sites(("clinic", 100, {})), villages, kind="clinic"), "within_m")


def test_what_was_not_surveyed_is_not_lacking():
    shops = sites(("market", 1500, {}))
    refused(lambda: services.areas_with(shops, towns(), kind="clinic"), "clinic")
    refused(lambda: services.areas_with(shops, towns()[:0], kind="market"), "no town")
    shops.attrs[NONE] = ("clinic",)
    assert services.areas_with(shops, towns(), kind="clinic").value == 0
    for wrong in ({}, {"kind": "clinic", "kinds": ("market",)}, {"kind": "clinnic"}):
        with pytest.raises(RuleError):
            services.areas_with(shops, towns(), **wrong)


# -- what villages state


def villages(*answers, field="gas"):
    spots = [at(100 * number) for number in range(len(answers))]
    return town.frame(*spots, name=[f"V{number}" for number in range(len(answers))], **{field: list(answers)})


@pytest.mark.parametrize("field", ["tap_water", "gas", "mobile_5g", "bus"])
def test_villages_that_have_it(field):
    measured = services.villages_with(villages(True, True, True, False, field=field), field=field)
    assert (measured.value, measured.value_range) == (0.75, None)
    assert measured.offenders["name"].tolist() == ["V3"]


def test_a_village_that_does_not_say_may_have_it():
    measured = services.villages_with(villages(True, False, None, None), field="gas")
    assert (measured.value, measured.value_range) == (0.25, (0.25, 0.75))
    assert measured.offenders["name"].tolist() == ["V1"]
    assert "2 do not say it" in said(measured)


def test_villages_that_say_nothing():
    refused(lambda: services.villages_with(villages(None, None), field="gas"), "none of 2")
    refused(lambda: services.villages_with(villages(True, field="bus"), field="gas"), "none of 1")
    refused(lambda: services.villages_with(villages()[:0], field="gas"), "none of 0")
    with pytest.raises(RuleError):
        services.villages_with(villages(True), field="name")


# -- land for each


def test_land_for_each_in_the_area():
    stations = sites(("fire_station", 500, {}), ("fire_station", 1500, {}), ("fire_station", 9000, {}))
    measured = services.land_each(stations, towns(), kind="fire_station")
    assert (measured.value, measured.numerator, measured.denominator) == (1, 2, 2)
    refused(lambda: services.land_each(sites(("fire_station", 9000, {})), towns(), kind="fire_station"), "no facility")
