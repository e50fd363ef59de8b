"""Land by class, homes and estates of which not everything is known: bounds counted by hand, sums that are kept."""

import numpy as np
import pandas as pd
import pytest
import shapely
import town
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planning.measures import form, land, renewal

#: Land is measured on the ellipsoid: a strip there is its square metres here but for this share.
NEAR = 1e-6
KINDS = ("0103", "0301", "0701", "1101")


def strips(*rows):
    """Land 100 m high, from one easting to another, with a class."""
    return town.frame(*(town.box(low, 0, high, 100) for _, low, high in rows), **{"class": [row[0] for row in rows]})


def keys(measured):
    return [note.key for note in measured.notes]


WHOLE = strips((None, 0, 1000))
#: 300 m of forest and 200 m of town; of 100 m nobody says what it is, and of 50 m the word is none.
LITTLE_KNOWN = strips(
    ("0301", 0, 300), (None, 300, 400), ("0701", 400, 600), ("<script>", 600, 650), ("0103", 650, 1000)
)


def test_land_of_no_known_class_may_be_of_any():
    forest = land.share_of(LITTLE_KNOWN, WHOLE, classes=("03",))
    assert forest.value == pytest.approx(0.3, rel=NEAR)
    assert forest.value_range == pytest.approx((0.3, 0.45), rel=NEAR)
    assert [note.facts["count"] for note in forest.notes] == [2]
    each = land.per_person(LITTLE_KNOWN, WHOLE, town.frame(town.box(0, 0, 1000, 100), population=[100.0]))
    assert each.value_range == pytest.approx((200, 350), rel=NEAR)


def test_land_of_no_known_class_raises_or_lowers_what_is_inside():
    # Inside are 150 of 200 m of town, and 50 m that may be.
    measured = land.inside(LITTLE_KNOWN, strips((None, 450, 650)), great="built")
    assert measured.value == pytest.approx(0.75, rel=NEAR)
    # All 150 m unknown are town: those outside alone, 150 of 300; those inside alone, 200 of 250.
    assert measured.value_range == pytest.approx((0.5, 0.8), rel=NEAR)


def test_where_every_class_is_known_nothing_is_open():
    known = strips(("0301", 0, 300), ("0701", 300, 1000))
    people = town.frame(town.box(0, 0, 1000, 100), population=[100.0])
    for measured in (
        land.share_of(known, WHOLE, classes=("03",)),
        land.inside(known, WHOLE, great="built"),
        land.per_person(known, WHOLE, people),
        land.change(known, known, classes=("0301",)),
    ):
        assert (measured.value_range, measured.notes) == (None, ())


def test_arable_land_that_may_have_been_kept():
    now, then = strips(("0103", 0, 600), (None, 600, 700), ("0701", 700, 1000)), strips(("0103", 0, 800))
    measured = land.change(now, then, classes=("0103",))
    assert measured.value == pytest.approx(600 / 800, rel=NEAR)
    assert measured.value_range == pytest.approx((600 / 800, 700 / 800), rel=NEAR)
    assert keys(measured) == ["land.only_now", "land.note_silent"]
    assert measured.notes[0].facts["ha"] == "2.00"


def test_land_drawn_twice_is_told_beside_the_land_of_one_state():
    # 20 m stand twice in the state of now, and 30 m of the earlier one are in it no more: neither hides the other.
    now, then = strips(("0103", 0, 60), ("0701", 40, 70)), strips(("0103", 0, 100))
    measured = land.change(now, then, classes=("0103",))
    assert measured.value == pytest.approx(0.6, rel=NEAR)
    assert {note.key: note.facts["ha"] for note in measured.notes} == {
        "land.only_then": "0.30",
        "land.note_twice": "0.20",
    }


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 90)), min_size=1, max_size=9),
    st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 90)), min_size=1, max_size=9),
    st.randoms(use_true_random=False),
)
def test_the_sums_of_the_matrix_are_the_land_of_both_states(now, then, shuffler):
    states = []
    for rows in (now, then):
        edges = np.concatenate([[0], np.cumsum([wide for _, wide in rows])])
        states.append([(kind, int(edges[at]), int(edges[at + 1])) for at, (kind, _) in enumerate(rows)])
    wanted = then[0][0]
    first = land.change(strips(*states[0]), strips(*states[1]), classes=(wanted,))
    metres = min(rows[-1][2] for rows in states)
    table = first.layers["changes"]
    assert table["area_m2"].sum() == pytest.approx(metres * 100, rel=NEAR)
    # A row of the table is the land that was of its class and that both states have.
    for kind, row in table.groupby("class_before")["area_m2"]:
        metres = sum(max(0, min(high, states[0][-1][2]) - low) for one, low, high in states[1] if one == kind)
        assert row.sum() == pytest.approx(metres * 100, rel=NEAR)
    for rows in states:
        shuffler.shuffle(rows)
    again = land.change(strips(*states[0]), strips(*states[1]), classes=(wanted,))
    assert again.value == pytest.approx(first.value, rel=1e-9)
    assert again.layers["changes"]["area_m2"].tolist() == pytest.approx(table["area_m2"].tolist(), rel=1e-9)


@pytest.mark.parametrize("unknown", [np.nan, -5.0])
def test_who_was_not_counted_is_told(unknown):
    people = town.frame(town.box(0, 0, 500, 100), town.box(500, 0, 1000, 100), population=[100.0, unknown])
    measured = form.population_density(WHOLE, people)
    assert measured.value == pytest.approx(1000)
    assert (keys(measured), measured.notes[0].facts["count"]) == (["land.note_uncounted"], 1)
    # Beyond the area nobody has to be counted.
    assert not form.population_density(strips((None, 0, 500)), people).notes


def test_a_house_of_unknown_floors_may_be_a_tower():
    # 900 m2 of footprint with 2 floors, 100 m2 with 8; of 100 m2 nobody knows.
    boxes = [town.box(0, 0, 90, 10), town.box(100, 0, 110, 10), town.box(120, 0, 130, 10)]
    houses = town.frame(*boxes, floors=[2.0, 8.0, np.nan], use=["住宅"] * 3)
    measured = form.low_dwellings(houses, WHOLE, most_floors=6)
    assert measured.value == pytest.approx(1800 / 2700)
    # At best its six floors are low ones; a tower has no end.
    assert measured.value_range == (0, pytest.approx(2400 / 3200))


def estates(*rows):
    year, done, homes = zip(*rows, strict=True)
    spots = [shapely.Point(town.EAST + 5000 * at, town.NORTH) for at in range(len(rows))]
    return town.frame(*spots, year=list(year), done=pd.Series(done, dtype=object), households=list(homes))


@pytest.mark.parametrize(
    ("more", "high", "note"),
    [
        ((1990.0, True, np.nan), np.inf, "renewal.note_no_households"),
        ((1990.0, None, 30.0), 130, "renewal.note_open"),
        ((np.nan, True, 20.0), 120, "renewal.note_no_year"),
        ((np.nan, None, np.nan), np.inf, "renewal.note_no_year"),
    ],
)
def test_households_that_may_be_more(more, high, note):
    measured = renewal.households(estates((1990.0, True, 100.0), more), before_year=2005)
    assert (measured.value, measured.value_range, keys(measured)) == (100, (100, high), [note])


@pytest.mark.parametrize("more", [(1990.0, False, 40.0), (2005.0, True, 40.0), (np.nan, False, 40.0)])
def test_households_that_are_no_more(more):
    assert renewal.households(estates((1990.0, True, 100.0), more), before_year=2005).value_range is None


def test_an_estate_without_a_year_leaves_its_services_open():
    register = estates((1990.0, True, 1.0), (1991.0, True, 1.0), (np.nan, True, 1.0), (np.nan, True, 1.0))
    near = town.frame(*register.geometry[[0, 2]], kind=["clinic", "clinic"])
    measured = renewal.services(register, near, before_year=2005, kinds=("clinic",), within_m=500.0)
    assert (measured.value, measured.value_range) == (0.5, (pytest.approx(1 / 3), pytest.approx(2 / 3)))
    assert len(measured.offenders) == 1


def test_households_beside_the_share_say_what_they_leave_out():
    measured = renewal.done(estates((1990.0, True, 100.0), (1991.0, False, np.nan)), before_year=2005)
    assert (measured.value, measured.value_range) == (0.5, None)
    assert keys(measured) == ["renewal.note_no_households"]
