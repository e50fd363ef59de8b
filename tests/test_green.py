"""The statutory measure on the hand-counted town; the working stands in tests/town.py."""

import numpy as np
import pytest
import shapely
import town
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity

from gis_planning.analysis.work import applied
from gis_planning.errors import LayerError, NotAssessed, RuleError
from gis_planning.measures.green import tiered_coverage


def parts(measured):
    return {part.name: (round(part.numerator, 3), round(part.denominator, 3)) for part in measured.parts}


def with_parks(*geometries, **columns):
    return town.layers() | {"parks": town.frame(*geometries, **columns)}


def test_town_as_counted():
    measured = town.measure(town.layers())
    assert measured.numerator == pytest.approx(42_000, abs=1e-6)
    assert measured.denominator == pytest.approx(82_000, abs=1e-6)
    assert measured.value == pytest.approx(42 / 82, abs=1e-12)
    assert parts(measured) == {"西街道": (40_000, 70_000), "东街道": (2_000, 12_000)}
    assert measured.bound == "exact"


def test_floor_of_2000_m2_drops_the_pocket_park():
    measured = town.measure(town.layers(), min_area_m2=2000)
    assert measured.numerator == pytest.approx(40_000, abs=1e-6)
    status = measured.layers["parks"].set_index("name")["status"].to_dict()
    assert status == {"长公园": "serves", "口袋公园": "too_small"}


def test_unserved_patches_are_ranked_with_their_nearest_park():
    # Row's rest: 600..800 x 100..200 = 20 000 m2, nearest edge 500 m from Long Park, farthest corner 700 m.
    # Straddle: 900..1100 x 800..900 = 20 000 m2, 800 m from Long Park; its corner (1100, 800) is
    # sqrt(800^2 + 360^2) = 877.27 m from Pocket Park's corner (1900, 440), nearer than Long Park's 1000 m.
    patches = town.measure(town.layers()).offenders
    assert list(patches["rank"]) == [1, 2]
    by_name = patches.set_index("parcels")
    assert by_name.loc["长排", "area_m2"] == pytest.approx(20_000, abs=1e-6)
    assert by_name.loc["长排", "nearest_park"] == "长公园"
    assert by_name.loc["长排", "nearest_m"] == pytest.approx(500, abs=1e-6)
    assert by_name.loc["长排", "farthest_m"] == pytest.approx(700, abs=1e-6)
    assert by_name.loc["骑界", "nearest_m"] == pytest.approx(800, abs=1e-6)
    # The farthest corner is the one whose nearest park is farthest: (1100, 900): min(1000, hypot(800, 460)) = 922.82.
    assert by_name.loc["骑界", "farthest_m"] == pytest.approx(np.hypot(800, 460), abs=1e-6)


def test_what_each_park_serves_alone():
    parks = town.measure(town.layers()).layers["parks"].set_index("name")
    assert parks["serves_m2"].to_dict() == pytest.approx({"长公园": 40_000, "口袋公园": 2_000})
    # A twin of Long Park, 10 m to its west, serves x <= 490 too: only 490..600 of Row depends on Long Park.
    twin = with_parks(town.box(0, 0, 100, 1000), town.box(-110, 0, -10, 1000), name=["长公园", "孪生"])
    parks = town.measure(twin).layers["parks"].set_index("name")
    assert parks["serves_m2"].to_dict() == pytest.approx({"长公园": 40_000, "孪生": 29_000})
    assert parks["only_m2"].to_dict() == pytest.approx({"长公园": 11_000, "孪生": 0})


def test_park_outside_the_study_area_serves_land_inside():
    outside = with_parks(town.box(-200, 0, -100, 1000), name=["界外"])
    # 500 m from x = -100 reaches x = 400: 200 x 100 of Row.
    assert town.measure(outside).numerator == pytest.approx(20_000, abs=1e-6)


def test_land_outside_the_study_area_and_land_drawn_twice_do_not_count():
    double = town.layers()
    double["residential"] = town.frame(
        town.box(200, 100, 800, 200), town.box(700, 100, 900, 200), town.box(1900, 900, 2100, 1000)
    )
    # 200..900 x 100 once = 70 000; of the last parcel 100 x 100 lie inside.
    assert town.measure(double).denominator == pytest.approx(80_000, abs=1e-6)


def test_a_park_split_by_a_road_is_one_park_by_its_id():
    halves = [town.box(0, 0, 40, 100), town.box(60, 0, 100, 100)]  # 4 000 m2 each: together large, apart small
    apart = town.measure(with_parks(*halves))
    together = town.measure(with_parks(*halves, park_id=["P1", "P1"], name=["东园", "西园"]))
    # Row lies above the park, at y 100..200, so what is served ends at the arc around the park's corner (100, 100):
    # y 100..200 above the park's corner (100, 100): served x <= 100 + sqrt(R^2 - (y - 100)^2), integrated over 100 m.
    assert together.numerator == pytest.approx(under_arc(500) - 100 * 100, rel=1e-5)
    assert apart.numerator == pytest.approx(under_arc(300) - 100 * 100, rel=1e-5)
    parks = together.layers["parks"]
    assert list(parks["parts"]) == [2]
    assert parks["area_m2"].tolist() == [8000]
    assert any(note.key == "green.merged" for note in together.notes)


def under_arc(radius, height=100.0):
    """Area between the arc of a circle and its centre's vertical line, over a height: worked out by integration."""
    return (height * np.sqrt(radius**2 - height**2) + radius**2 * np.arcsin(height / radius)) / 2


@pytest.mark.parametrize(
    ("second", "gap_m", "merged"),
    [
        (town.box(50, 0, 100, 80), 0, True),  # a shared edge, other names
        (town.box(50, 80, 100, 160), 0, False),  # a shared corner only
        (town.box(50.0005, 0, 100, 80), 0, True),  # an edge that came apart by half a millimetre
        (town.box(50.02, 0, 100, 80), 0, False),  # a gap of 2 cm
        (town.box(60, 0, 110, 80), 10, True),  # a gap of 10 m with merge_gap_m = 10
        (town.box(60.01, 0, 110, 80), 10, False),
        (town.box(20, 0, 100, 80), 0, True),  # overlapping outlines
        (town.box(10, 10, 20, 20), 0, True),  # one inside the other
    ],
)
def test_parts_without_an_id_join_by_a_shared_edge(second, gap_m, merged):
    parks = with_parks(town.box(0, 0, 50, 80), second, name=["甲园", "乙园"])
    layer = town.measure(parks, merge_gap_m=gap_m).layers["parks"]
    assert len(layer) == (1 if merged else 2)
    union = town.box(0, 0, 50, 80).union(second).area
    assert layer["area_m2"].sum() == pytest.approx(union if merged else 4000 + second.area, rel=1e-4)


def test_parts_with_different_ids_stay_apart_though_they_share_an_edge():
    layer = town.measure(with_parks(town.box(0, 0, 50, 80), town.box(50, 0, 100, 80), park_id=["A", "B"])).layers[
        "parks"
    ]
    assert len(layer) == 2


@pytest.mark.parametrize(
    ("area", "status"), [(399.9, "too_small"), (400, "serves"), (4999.9, "serves"), (5000, "serves")]
)
def test_thresholds_include_their_own_value(area, status):
    layer = town.measure(with_parks(town.box(0, 0, 10, area / 10))).layers["parks"]
    assert list(layer["status"]) == [status]
    if status == "serves":
        assert list(layer["radius_m"]) == [500 if area >= 5000 else 300]


@pytest.mark.parametrize(
    ("code", "counts", "status"),
    [
        ("G11", ("park",), "serves"),
        ("1401", ("park",), "serves"),
        ("G2", ("park", "square"), "not_park"),
        ("1402", ("park", "square"), "not_park"),
        ("XG", ("park", "square"), "not_park"),
        ("G3", ("park",), "square"),
        ("1403", ("park", "square"), "serves"),
        ("0810A", ("park",), "square"),
        ("0701", ("park",), "unknown"),
        (None, ("park",), "unknown"),
    ],
)
def test_which_class_counts(code, counts, status):
    parks = with_parks(
        town.box(0, 0, 100, 1000), town.box(1900, 0, 1990, 90), name=["甲", "乙"], **{"class": [code, "G11"]}
    )
    layer = town.measure(parks, counts=counts).layers["parks"].set_index("name")
    assert layer.loc["甲", "status"] == status


def test_survey_class_0810_needs_a_name_an_id_or_a_flag():
    boxes = [town.box(0, 200 * n, 100, 200 * n + 100) for n in range(5)]
    parks = with_parks(
        *boxes,
        name=["人民公园", None, "公园与绿地", "铁路防护林带", None],
        park_id=[None, None, None, None, "P9"],
        **{"class": ["0810"] * 5},
    )
    measured = town.measure(parks)
    assert sorted(measured.layers["parks"]["status"]) == ["serves", "serves", "verge", "verge", "verge"]
    assert measured.bound == "exact"


def test_survey_class_0810_without_any_name_is_an_upper_bound():
    measured = town.measure(with_parks(town.box(0, 0, 100, 1000), **{"class": ["0810"]}))
    assert measured.bound == "upper"
    assert measured.numerator == pytest.approx(40_000, abs=1e-6)
    assert [note.key for note in measured.notes] == ["green.upper_bound"]


def test_closed_green_does_not_count():
    parks = with_parks(town.box(0, 0, 100, 1000), open=np.array([False], dtype=object), **{"class": ["G11"]})
    measured = town.measure(parks)
    assert measured.numerator == 0
    assert list(measured.layers["parks"]["status"]) == ["closed"]


def test_no_parks_is_zero_and_said():
    measured = town.measure(town.layers() | {"parks": town.layers()["parks"].iloc[:0]})
    assert measured.value == 0
    assert len(measured.offenders) == 3
    assert [note.key for note in measured.notes] == ["green.no_park_qualifies"]


def test_small_parks_of_historic_districts():
    # 1 200 m2 beside Row: below the floor of 2 000, above the historic 1 000.
    old = with_parks(town.box(160, 100, 190, 140), name=["古园"])
    without = town.measure(old, min_area_m2=2000, historic_min_area_m2=1000)
    assert without.value == 0
    assert without.bound == "lower"
    assert [note.key for note in without.missing] == ["green.no_historic_districts"]
    old["historic_districts"] = town.frame(town.box(150, 90, 300, 300))
    within = town.measure(old, min_area_m2=2000, historic_min_area_m2=1000)
    assert within.bound == "exact"
    assert within.numerator > 0
    old["historic_districts"] = town.frame(town.box(180, 90, 300, 300))  # a third of the park only
    assert town.measure(old, min_area_m2=2000, historic_min_area_m2=1000).numerator == 0


def test_references_count_people_and_dwellings():
    people = town.layers()
    people["population"] = town.frame(
        town.box(500, 100, 700, 200),  # half served by Long Park
        town.box(-100, 500, 100, 600),  # half outside the study area; the rest served
        population=[100.0, 40.0],
    )
    people["buildings"] = town.frame(
        town.box(590, 110, 600, 120),
        town.box(610, 110, 620, 120),
        town.box(2100, 0, 2110, 10),
        dwellings=[3.0, 5.0, 7.0],
    )
    people["residential"]["households"] = [60.0, 2.0, 20.0]
    found = {one.key: (one.numerator, one.denominator) for one in town.measure(people).references}
    assert found["population"] == pytest.approx((70, 120))
    assert found["dwellings"] == (3, 8)
    assert found["residential_households"] == pytest.approx((42, 82))


def test_gaps_tell_the_people_on_their_land_where_people_were_counted():
    counted = town.layers()
    assert "people" not in town.measure(counted).offenders
    cell = town.box(500, 0, 700, 200)
    counted["population"] = town.frame(cell, town.box(5000, 0, 5100, 100), population=[100.0, 40.0])
    gaps = town.measure(counted).offenders
    shared = shapely.area(shapely.intersection(gaps.geometry.to_numpy(), cell)) / cell.area
    assert shared.sum() > 0
    assert gaps["people"].tolist() == pytest.approx((100 * shared).tolist())


def test_land_outside_all_districts_is_a_part_of_its_own():
    west_only = town.layers()
    west_only["districts"] = west_only["districts"].iloc[:1]
    assert parts(town.measure(west_only)) == {"西街道": (40_000, 70_000), None: (2_000, 12_000)}


def test_no_residential_land_in_the_study_area_is_refused():
    elsewhere = town.layers() | {"study_area": town.frame(town.box(5000, 5000, 6000, 6000))}
    with pytest.raises(LayerError, match="no residential land"):
        town.measure(elsewhere)


def test_crossed_tiers_are_refused():
    with pytest.raises(RuleError, match="crossed"):
        town.measure(town.layers(), min_area_m2=6000)


def test_radii_by_class():
    parks = town.layers()["parks"]
    on = {name: town.layers()[name] for name in ("residential", "study_area")}
    tiers = (
        {"park_class": "G11", "min_area_m2": 100_000, "radius_m": 300},
        {"park_class": "G11", "min_area_m2": 500_000, "radius_m": 3000},
    )
    # 300 m from x = 100: Row 200..400 -> 20 000 m2; G14 has no tier.
    assert applied(tiered_coverage, **on, parks=parks, tiers=tiers).numerator == pytest.approx(20_000, abs=1e-6)
    with pytest.raises(NotAssessed, match="CJJ/T 85"):
        applied(tiered_coverage, **on, parks=parks.assign(**{"class": "0810"}), tiers=tiers)


# Invariants: whatever the town, these hold.

coordinate = st.integers(0, 40).map(lambda n: n * 50.0)
size = st.integers(1, 8).map(lambda n: n * 25.0)
boxes = st.lists(st.tuples(coordinate, coordinate, size, size), min_size=1, max_size=8)


def land(rectangles):
    return town.frame(*(town.box(x, y, x + w, y + h) for x, y, w, h in rectangles))


def any_town(homes, parks):
    return {"study_area": town.frame(town.box(0, 0, 2200, 2200)), "residential": land(homes), "parks": land(parks)}


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(boxes, boxes, boxes)
def test_coverage_grows_with_radius_and_with_parks_and_adds_up(homes, parks, more):
    measured = town.measure(any_town(homes, parks))
    wider = town.measure(any_town(homes, parks), small_radius_m=400, large_radius_m=700)
    richer = town.measure(any_town(homes, parks + more))
    slack = 1e-6 * measured.denominator
    assert measured.numerator <= wider.numerator + slack
    assert measured.numerator <= richer.numerator + slack
    unserved = measured.layers["unserved"].geometry.area.sum()
    assert measured.numerator + unserved == pytest.approx(measured.denominator, rel=1e-9)
    assert measured.offenders["area_m2"].sum() == pytest.approx(unserved, rel=1e-6, abs=1e-3)
    assert measured.denominator == pytest.approx(shapely.union_all(land(homes).geometry.to_numpy()).area, rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(boxes, boxes, st.randoms())
def test_order_winding_and_a_move_by_a_zone_change_nothing(homes, parks, random):
    measured = town.measure(any_town(homes, parks))
    random.shuffle(homes)
    random.shuffle(parks)
    other = any_town(homes, parks)
    other["residential"] = other["residential"].set_geometry(
        [shapely.Polygon(g.exterior.coords[::-1]) for g in other["residential"].geometry]
    )
    same = town.measure(town.moved(other, 1_000_000.0, 0.0))
    assert same.numerator == pytest.approx(measured.numerator, rel=1e-7, abs=1e-3)
    assert same.denominator == pytest.approx(measured.denominator, rel=1e-9)


@settings(max_examples=20, deadline=None)
@given(boxes, boxes)
def test_the_300_m_set_lies_inside_the_500_m_set(homes, parks):
    args = {"min_area_m2": 0, "large_area_m2": 0}
    near = town.measure(any_town(homes, parks), **args, small_radius_m=300, large_radius_m=300)
    far = town.measure(any_town(homes, parks), **args, small_radius_m=500, large_radius_m=500)
    rest = shapely.difference(
        shapely.union_all(near.layers["served"].geometry.to_numpy()),
        shapely.union_all(far.layers["served"].geometry.to_numpy()),
    )
    assert rest.area < 1e-3


@settings(max_examples=20, deadline=None)
@given(boxes, boxes)
def test_against_the_plain_slow_way(homes, parks):
    """The obviously right computation: buffer every park by itself, unite, intersect with the united homes."""
    measured = town.measure(
        any_town(homes, parks), min_area_m2=0, large_area_m2=0, small_radius_m=300, large_radius_m=300
    )
    zone = shapely.union_all([g.buffer(300, quad_segs=512) for g in land(parks).geometry])
    plain = shapely.union_all(land(homes).geometry.to_numpy()).intersection(zone).area
    # 512 segments a quarter against our 256: the arcs differ by at most 300 m x 5e-6.
    assert measured.numerator == pytest.approx(plain, rel=1e-5, abs=5)


def test_rotation_changes_nothing():
    turned = {
        name: one.set_geometry([affinity.rotate(g, 30, origin=(town.EAST, town.NORTH)) for g in one.geometry])
        for name, one in town.layers().items()
    }
    assert town.measure(turned).value == pytest.approx(42 / 82, rel=1e-6)  # turned coordinates meet the grid elsewhere


def test_unserved_land_without_a_name_has_none():
    layers = town.layers()
    layers["residential"]["name"] = ["长排", float("nan"), None]
    found = town.measure(layers)
    assert set(found.offenders["parcels"].fillna("")) == {"长排", ""}
