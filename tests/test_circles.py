"""Circles by hand: land on cells, homes exactly, people to the person, gates, tiers, outside, villages, capacity."""

import circle_town as circle
import numpy as np
import pandas as pd
import pytest
import shapely
import town
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planning import streets
from gis_planning.analysis.cells import cells_of
from gis_planning.analysis.demand import whole_numbers
from gis_planning.analysis.derived import asked
from gis_planning.analysis.mosaic import mosaic_of
from gis_planning.analysis.work import applied
from gis_planning.conventions.facilities import NONE
from gis_planning.errors import NotAssessed, RuleError
from gis_planning.measures import circle_places, circles


def coverage(layers=None, *, network=None, **given_settings):
    layers = circle.layers() | (layers or {})
    network = circle.network(layers["streets"]) if network is None else network
    chosen = {"kind": "pharmacy", "limit_m": 300} | given_settings
    named = {name: one for name, one in layers.items() if name in asked(circles.kind_coverage).layers}
    return applied(circles.kind_coverage, **named, network=network, **chosen)


def buildings(*points, **columns):
    shapes = [shapely.box(p[0] - 5, p[1] - 5, p[0] + 5, p[1] + 5) for p in points]
    shapes = [town.box(*one.bounds) for one in shapes]
    return town.frame(*shapes, **({"use": ["居住"] * len(points)} | columns))


def value_of(measured, key):
    return next(one for one in measured.references if one.key == key)


# --- land


def test_land_on_foot_is_the_diamond():
    # Integral of 2 (300 - y) over y from 0 to 200: 80 000 m2 of 200 000.
    measured = coverage()
    assert measured.denominator == pytest.approx(200_000)
    assert measured.numerator == pytest.approx(80_000, rel=0.026)
    finer = coverage(cell_m=2.5)
    assert abs(finer.numerator - 80_000) < abs(measured.numerator - 80_000) + 1
    assert finer.numerator == pytest.approx(80_000, rel=0.007)
    assert any(note.key == "circles.halved" for note in measured.notes)


def test_a_straight_radius_needs_no_streets():
    layers = circle.layers()
    on = {name: layers[name] for name in ("residential", "facilities", "study_area")}
    measured = applied(circles.kind_coverage, **on, kind="pharmacy", limit_m=200, distance="straight", cell_m=5)
    assert measured.numerator == pytest.approx(np.pi * 200**2 / 2, rel=0.005)
    with pytest.raises(NotAssessed):
        applied(circles.kind_coverage, **on, kind="pharmacy", limit_m=200)


def test_gaps_and_bands_add_up_to_the_land():
    measured = coverage()
    assert measured.offenders["area_m2"].sum() + measured.numerator == pytest.approx(200_000, abs=1e-3)
    assert measured.layers["bands"]["area_m2"].sum() == pytest.approx(200_000, abs=1e-3)
    assert measured.offenders["people"].sum() == pytest.approx(
        1000 - value_of(measured, "population").numerator, abs=1e-9
    )
    assert measured.offenders["rank"].tolist() == [1, 2]
    assert measured.offenders["nearest_facility"].tolist() == ["综合点"] * 2


def test_districts_and_communities_are_sums():
    halves = town.frame(town.box(0, -100, 500, 300), town.box(500, -100, 1000, 300), name=["西", "东"])
    measured = coverage({"districts": halves, "communities": halves})
    assert sum(part.numerator for part in measured.parts) == pytest.approx(measured.numerator)
    assert [part.denominator for part in measured.parts] == pytest.approx([100_000, 100_000])
    table = measured.layers["communities"]
    assert table["covered_m2"].sum() == pytest.approx(measured.numerator)
    assert table["people"].sum() == pytest.approx(1000)


@settings(max_examples=25, deadline=None)
@given(st.floats(3, 40), st.floats(-30, 30), st.floats(10, 300), st.floats(10, 300))
def test_cells_add_up_to_the_land(size, turn, wide, high):
    land = shapely.affinity.rotate(shapely.box(0, 0, wide, high), turn)
    ring = shapely.difference(land, shapely.affinity.scale(land, 0.5, 0.5))
    cells = cells_of(np.array([ring], dtype=object), size)
    assert cells.area_m2.sum() == pytest.approx(ring.area, rel=1e-9)
    group = (cells.middle_xy[:, 0] > wide / 2).astype(int)
    found = mosaic_of(cells).patches(cells, group)
    assert shapely.area(found.shapes).sum() == pytest.approx(ring.area, rel=1e-6)


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(st.floats(20, 700), st.floats(0, 300))
def test_more_distance_and_more_facilities_never_cover_less(limit, more):
    near, far = coverage(limit_m=limit), coverage(limit_m=limit + more)
    assert near.value <= far.value
    both = pd.concat([circle.layers()["facilities"], town.frame(circle.at(100, 0), name=["乙"], kind=["pharmacy"])])
    assert coverage({"facilities": both.reset_index(drop=True)}, limit_m=limit).value >= near.value


# --- homes and people


def test_homes_have_their_own_exact_distance():
    homes = buildings((300, 100), (299.999, 100), (500, 150), (800, 0))
    measured = coverage({"buildings": homes})
    found = value_of(measured, "homes")
    # 200 + 100 = 300 counts; a millimetre more does not; 150; 300 counts.
    assert (found.numerator, found.denominator) == (3, 4)


def test_people_are_spread_over_floor_area_to_the_person():
    zone = town.frame(town.box(0, -100, 1000, 300), population=[100])
    homes = buildings((450, 20), (900, 20), (20, 20), floors=[1, 6, 2])
    measured = coverage({"buildings": homes, "population": zone})
    people = value_of(measured, "population")
    # One floor, six and two: 11, 67 and 22 of 100 people.
    assert (people.numerator, people.denominator) == (11, 100)


def test_people_without_a_home_go_to_residential_land_or_are_counted_as_placeless():
    zones = town.frame(town.box(0, 0, 1000, 200), town.box(0, -100, 1000, 0), population=[70, 7])
    measured = coverage({"population": zones, "buildings": buildings((5000, 5000))})
    assert value_of(measured, "population").denominator == 70
    assert any(note.key == "circles.people_without_home" and note.facts["count"] == 7 for note in measured.notes)


spots = st.lists(st.tuples(st.integers(1, 999), st.integers(1, 199)), max_size=8)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(spots, st.integers(0, 5000), st.integers(0, 5000), st.integers(5, 700))
def test_the_covered_and_the_others_are_all_people_to_the_person(somewhere, west, east, limit):
    halves = town.frame(town.box(0, -100, 500, 300), town.box(500, -100, 1000, 300), population=[west, east])
    layers = {"population": halves, "buildings": buildings((100, 100), (900, 100), *somewhere)}
    measured = coverage(layers, limit_m=limit)
    people = value_of(measured, "population")
    assert people.denominator == west + east
    # Home by home, by its own distance, whole people all of them.
    layers |= circle.layers()
    homes = applied(
        circles.completeness, residential=layers["residential"], facilities=layers["facilities"],
        study_area=layers["study_area"], network=circle.network(), buildings=layers["buildings"],
        population=halves, needs=needs("pharmacy", limit_m=limit),
    ).layers["homes"]  # fmt: skip
    lived = homes["people"].to_numpy(dtype=float)
    near = (homes["d_pharmacy"] <= limit).to_numpy()
    np.testing.assert_array_equal(lived, np.round(lived))
    assert (lived[near].sum(), lived[~near].sum()) == (people.numerator, people.denominator - people.numerator)
    np.testing.assert_array_equal(near, (homes["missing"] == "").to_numpy())
    # And the gaps list every one of the others.
    assert measured.offenders["people"].sum() == people.denominator - people.numerator


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(spots, st.integers(20, 600), st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_a_zone_more_matters(somewhere, limit, random):
    blocks = [(100 * n, 0, 100 * n + 100, 200) for n in range(10)]
    layers = circle.layers() | {
        "residential": town.frame(*(town.box(*one) for one in blocks), name=[f"街区{n}" for n in range(10)]),
        "facilities": town.frame(
            *(circle.at(x, -20) for x in (130, 480, 870)), name=["甲", "乙", "丙"], kind="pharmacy"
        ),
        "streets": town.frame(
            circle.line((0, 0), (1000, 0)), circle.line((300, 0), (300, 200)), circle.line((800, 200), (800, 0))
        ),
        "population": town.frame(town.box(0, -100, 400, 300), town.box(400, -100, 1000, 300), population=[700, 811]),
        "buildings": buildings((100, 100), (900, 100), *somewhere),
    }
    other = {
        name: one.iloc[random.sample(range(len(one)), len(one))].reset_index(drop=True) for name, one in layers.items()
    }
    other = {name: one.set_crs("EPSG:4527", allow_override=True) for name, one in town.moved(other, 1e6, 0).items()}
    found = [coverage(one, limit_m=limit) for one in (layers, other)]
    for key in ("numerator", "denominator"):
        one, same = ([getattr(part, key) for part in (it, *it.references)] for it in found)
        assert one == pytest.approx(same, rel=1e-9)
    ranked = [it.offenders[["area_m2", "people", "homes"]].to_numpy() for it in found]
    np.testing.assert_allclose(*ranked, rtol=1e-6, atol=1e-6)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.floats(0, 1000)), min_size=1, max_size=60))
def test_whole_numbers_keep_every_total(rows):
    group = np.array([one for one, _ in rows])
    weight = np.array([amount for _, amount in rows])
    whole = np.bincount(group, weights=weight, minlength=5)
    total = np.round(whole).astype(np.int64)
    amount = weight / np.where(whole > 0, whole, 1)[group] * total[group]
    counts = whole_numbers(amount, group, np.where(whole > 0, total, 0))
    assert np.bincount(group, weights=counts, minlength=5) == pytest.approx(np.where(whole > 0, total, 0))
    assert (np.abs(counts - amount) <= 1 + 1e-6).all()


def test_a_use_that_is_no_home_is_none_and_unknown_ones_count_on_residential_land():
    homes = buildings((500, 50), (500, 150), (500, -50), use=["商业", "yes", "yes"])
    assert value_of(coverage({"buildings": homes}), "homes").denominator == 1


# --- ways


def test_what_no_street_reaches_is_listed_and_not_covered():
    far = {"residential": town.frame(town.box(0, 201, 1000, 280), name=["山上"])}
    measured = coverage(far | {"buildings": buildings((500, 250))})
    assert measured.value == 0
    assert measured.layers["unattached"]["what"].tolist() == ["home"]
    lost = [note for note in measured.notes if note.key == "circles.unattached"]
    assert lost[0].facts["homes"] == 1
    shop = town.frame(circle.at(500, -90), name=["坡下店"], kind=["pharmacy"])
    nobody = coverage({"facilities": shop}, max_access_m=80)
    assert nobody.layers["facilities"]["status"].tolist() == ["unattached"]
    assert any(note.key == "circles.facilities_unattached" for note in nobody.notes)


def test_a_river_stops_those_behind_it():
    river = town.frame(circle.line((400, -100), (400, 300)))
    network = circle.network(barriers=river)
    measured = coverage(network=network)
    # East of x = 400: 300 - y to the east, 100 to the west: sum over y of min(100, 300 - y) + (300 - y).
    assert measured.numerator == pytest.approx(20_000 + 40_000, rel=0.02)


def test_a_gated_compound_is_left_by_its_gate():
    block = {"residential": town.frame(town.box(400, 20, 600, 120), name=["小区"], gated=[True])}
    homes = {"buildings": buildings((500, 50))}
    free = coverage(block | homes, limit_m=60)
    assert value_of(free, "homes").numerator == 1
    gate = {"compound_gates": town.frame(circle.at(400, 50))}
    # 100 to the gate, 50 to the street, 100 along it.
    assert value_of(coverage(block | homes | gate, limit_m=249), "homes").numerator == 0
    assert value_of(coverage(block | homes | gate, limit_m=250), "homes").numerator == 1


def test_a_polygon_serves_from_its_edge_and_from_its_gates_where_it_has_some():
    hospital = {"facilities": town.frame(town.box(400, -90, 600, -10), name=["医院"], kind=["hospital"])}
    homes = {"buildings": buildings((700, 0))}
    # From the south-east corner of the street side, (600, -10): 100 along the street and 10.
    assert value_of(coverage(hospital | homes, kind="hospital", limit_m=110), "homes").numerator == 1
    assert value_of(coverage(hospital | homes, kind="hospital", limit_m=109), "homes").numerator == 0
    gate = {"compound_gates": town.frame(circle.at(400, -10))}
    measured = coverage(hospital | homes | gate, kind="hospital", limit_m=309)
    assert value_of(measured, "homes").numerator == 0
    assert measured.layers["facilities"]["access"].tolist() == ["gates"]
    assert value_of(coverage(hospital | homes | gate, kind="hospital", limit_m=310), "homes").numerator == 1


# --- kinds, tiers, outside


def test_kinds_may_be_several_at_one_place_and_a_kind_without_a_row_is_none():
    shop = {"facilities": town.frame(circle.at(500, 0), name=["店"], kind=["pharmacy;clinic"])}
    assert coverage(shop, kind="clinic").value == coverage(shop).value > 0
    assert coverage(shop, kind=None, kinds=("market", "clinic")).value == coverage(shop).value
    with pytest.raises(NotAssessed, match="fresh-food|market"):
        coverage(shop, kind="market")
    shop["facilities"].attrs[NONE] = ("market",)
    none = coverage(shop, kind="market")
    assert none.value == 0
    assert "菜市场" in next(note for note in none.notes if note.key == "circles.none_of_kind").to("zh")
    with pytest.raises(RuleError, match="farmacy"):
        coverage(shop, kind="farmacy")
    with pytest.raises(RuleError, match="kind"):
        coverage(shop, kinds=("clinic",))
    with pytest.raises(RuleError, match="limit_min"):
        coverage(shop, limit_m=None, limit_min=5)


def test_a_tier_that_is_not_stated_leaves_an_upper_bound():
    unstated = coverage(tier=5.0)
    assert unstated.bound == "upper"
    assert unstated.value_range[0] == 0
    stated = circle.layers()["facilities"].assign(tier=15.0)
    assert coverage({"facilities": stated}, tier=15.0).bound == "exact"
    other = coverage({"facilities": stated}, tier=5.0)
    assert other.value == 0
    assert other.layers["facilities"]["status"].tolist() == ["other_tier"]


def test_homes_that_depend_on_a_facility_outside_are_counted():
    table = town.frame(circle.at(100, 0), circle.at(1000, 0), name=["里", "外"], kind=["pharmacy"] * 2)
    small = {"study_area": town.frame(town.box(0, -100, 990, 300)), "facilities": table}
    homes = {"buildings": buildings((150, 10), (900, 10))}
    measured = coverage(small | homes)
    assert value_of(measured, "homes").numerator == 2
    assert value_of(measured, "outside_homes").numerator == 1


# --- completeness, villages, capacity


def needs(*kinds, limit_m=300.0):
    return tuple({"kinds": (kind,), "limit_m": limit_m} for kind in kinds)


def complete(facilities, layers=None, **options):
    layers = circle.layers() | (layers or {})
    named = {name: layers.get(name) for name in ("residential", "study_area", "districts", "communities", "buildings")}
    return applied(circles.completeness, **named, facilities=facilities, network=circle.network(), **options)


def test_completeness_says_what_each_home_lacks():
    shops = town.frame(circle.at(0, 0), circle.at(1000, 0), name=["甲", "乙"], kind=["pharmacy", "market"])
    homes = {"buildings": buildings((100, 10), (500, 10), (900, 10))}
    whole = town.frame(town.box(0, -100, 1000, 300), name=["社区"])
    measured = complete(shops, homes | {"communities": whole}, needs=needs("pharmacy", "market"))
    assert measured.value == 0
    assert measured.layers["homes"]["missing"].tolist() == ["market", "pharmacy;market", "pharmacy"]
    assert measured.layers["homes"]["d_pharmacy"].tolist() == pytest.approx([110, 510, 910])
    assert measured.layers["kinds"]["facilities"].tolist() == [1, 1]
    assert set(measured.offenders["missing"]) == {"market", "pharmacy;market", "pharmacy"}
    assert measured.layers["communities"]["missing"].tolist() == ["pharmacy;market"]
    one_is_enough = complete(shops, homes, needs=needs("pharmacy", "market"), at_least_kinds=1)
    assert one_is_enough.value == pytest.approx(0.4, abs=0.01)  # two half diamonds of 40 000 m2
    assert one_is_enough.layers["bands"]["area_m2"].sum() == pytest.approx(200_000, abs=1e-3)
    with pytest.raises(RuleError):
        complete(shops, needs=needs("pharmacy"), at_least_kinds=2)


def test_completeness_is_no_more_than_the_coverage_of_each_kind():
    shops = town.frame(circle.at(300, 0), circle.at(500, 0), name=["甲", "乙"], kind=["pharmacy", "market"])
    both = complete(shops, needs=needs("pharmacy", "market"))
    each = [coverage({"facilities": shops}, kind=kind).value for kind in ("pharmacy", "market")]
    assert both.value <= min(each)
    assert both.value >= sum(each) - 1


def test_villages_are_counted_by_driving_time():
    roads = town.frame(circle.line((0, 0), (30_000, 0)), **{"class": ["国道"]})
    drive = streets.build(roads, mode="drive")
    villages = town.frame(circle.at(10_000, 0), circle.at(25_000, 0), circle.at(5000, 2000), name=["甲", "乙", "丙"])
    hospital = town.frame(circle.at(0, 0), name=["医院"], kind=["hospital"])
    on = {"facilities": hospital, "drive_network": drive}
    measured = applied(circles.village_coverage, **on, villages=villages, kind="hospital", limit_min=10)
    assert measured.layers["villages"]["minutes"].tolist()[:2] == pytest.approx([10, 25])
    assert (measured.numerator, measured.denominator) == (1, 3)
    assert measured.offenders["name"].tolist() == ["丙", "乙"]  # the one no road reaches first
    # 国道 at 60 km/h: a metre of the road costs a metre; the hospital stands at its start.
    network, approaches = (measured.layers[name] for name in ("network", "approaches"))
    assert network[["length_m", "forward_m", "backward_m", "mode"]].to_numpy().tolist() == [[30_000] * 3 + ["drive"]]
    assert approaches[["facility", "edge", "offset_m", "access_m"]].to_numpy().tolist() == [[0, 0, 0, 0]]
    assert measured.schema["network"].role == measured.schema["approaches"].role == "context"
    with pytest.raises(NotAssessed):
        applied(circles.village_coverage, **on, villages=villages[:0], kind="hospital", limit_min=10)


def test_capacity_is_shared_among_those_who_reach_it():
    layers = circle.layers()
    homes = buildings((100, 10), (500, 10), floors=[1, 3])
    zone = town.frame(town.box(0, -100, 1000, 300), population=[400])
    shops = town.frame(circle.at(0, 0), circle.at(500, 0), name=["甲", "乙"], kind=["childcare"] * 2, capacity=[10, 20])
    on = {"residential": layers["residential"], "study_area": layers["study_area"], "network": circle.network()}
    on |= {"buildings": homes, "population": zone}
    measured = applied(circle_places.capacity, **on, facilities=shops, kind="childcare", limit_m=300)
    assert measured.value == pytest.approx(30 / 400 * 1000)
    table = measured.layers["homes"]
    assert table["people"].tolist() == [100, 300]
    # 10 places for the 100 at x = 100, 20 for the 300 at x = 500.
    assert table["access_2sfca"].tolist() == pytest.approx([100, 20 / 300 * 1000])
    assert (table["people"] * table["access_2sfca"]).sum() / 1000 == pytest.approx(30)
    assert (table["people"] * table["access_e2sfca"]).sum() / 1000 == pytest.approx(30)
    with pytest.raises(NotAssessed):
        applied(circle_places.capacity, **on, facilities=shops.drop(columns="capacity"), kind="childcare")


# --- lists with kinds that the table does not hold


def listed(kinds, stated=(), **chosen):
    """Return the completeness of three needs within 300 m where the facility is of some kinds."""
    layers = circle.layers(kinds=kinds)
    layers["facilities"].attrs[NONE] = tuple(stated)
    needs = [{"kinds": (one,), "limit_m": 300} for one in ("pharmacy", "clinic")]
    needs.append({"kinds": ("market", "supermarket"), "limit_m": 300})
    return applied(
        circles.completeness,
        residential=layers["residential"],
        facilities=layers["facilities"],
        study_area=layers["study_area"],
        network=circle.network(),
        needs=tuple(needs),
        **chosen,
    )


def test_a_list_with_a_kind_that_is_not_known_is_not_assessed_and_the_others_stand_beside():
    whole = listed("pharmacy;clinic;market")  # of a need with two kinds one will do
    assert whole.value == pytest.approx(
        0.4, abs=0.011
    )  # half a diamond of 300 m cut at 200 m: 80 of 200, on cells of 10 m
    found = listed("pharmacy;clinic")
    assert (found.value, found.numerator, found.parts) == (None, None, ())
    assert found.undecided.key == "circles.needs_not_held"
    [beside] = found.references
    assert (beside.key, beside.facts, beside.value) == ("other_kinds", {"kinds": 2, "of": 3}, whole.value)
    assert "3 类中的 2 类" in beside.title.to("zh")
    assert set(found.layers["homes"]["missing"]) == {""}


def test_what_the_county_states_to_be_absent_counts_as_none():
    found = listed("pharmacy;clinic", stated=("market", "supermarket"))
    assert (found.value, found.undecided) == (0.0, None)
    assert "circles.none_of_kind" in [note.key for note in found.notes]
    assert listed("pharmacy;clinic", stated=("market",)).value is None  # of supermarkets nobody knows


def test_where_some_of_a_list_are_enough_what_is_not_known_leaves_a_range():
    enough = listed("pharmacy;clinic", at_least_kinds=2)
    assert (enough.value, enough.bound) == (pytest.approx(0.4, abs=0.011), "exact")
    short = listed(
        "pharmacy", at_least_kinds=2
    )  # of two needs one may be met anywhere: 2 - 2 = 0 needs are known to fail
    assert short.value_range == (0.0, 1.0)


def test_a_list_of_which_nothing_is_known_is_not_assessed():
    with pytest.raises(NotAssessed, match="3 of the 3"):
        listed("other")
