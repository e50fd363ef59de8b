"""Hazards: treated or not, and what stands where they threaten; held against plain loops, and what nobody knows."""

import math

import geopandas as gpd
import numpy as np
import pytest
import shapely
import town

from gis_planning.conventions.facilities import NONE
from gis_planning.errors import NotAssessed, RuleError
from gis_planning.measures import hazards

GEOLOGICAL = ("landslide", "debris_flow")
BUFFERS = ({"kind": "landslide", "buffer_m": 50.0}, {"kind": "debris_flow", "buffer_m": 100.0})
KINDS = ["滑坡", "landslide", "泥石流", "断层", None, "其他"]
TREATED = ["未治理", "否", "2021", "2019年", "是", None, "待定"]
MEANS = {"未治理": "no", "否": "no", "2021": "yes", "2019年": "yes", "是": "yes", None: "?", "待定": "?"}
IS = {"滑坡": "landslide", "landslide": "landslide", "泥石流": "debris_flow", "断层": "fault", None: "", "其他": ""}
USES = ["居住", "商业", "车库", "", "住宅"]


def spot(x, y):
    return shapely.Point(town.EAST + x, town.NORTH + y)


def register(*rows, **columns):
    """Return hazards of (x, kind, treated) on a line."""
    spots = [spot(x, 0) for x, _, _ in rows]
    return town.frame(*spots, kind=[kind for _, kind, _ in rows], treated=[said for _, _, said in rows], **columns)


def house(x, use="居住"):
    return town.box(x, -5, x + 10, 5), use


def homes_in(found, houses, **settings):
    return hazards.homes_in(
        found, town.frame(*(shape for shape, _ in houses), use=[use for _, use in houses]), buffers=BUFFERS, **settings
    )


def random_town(seed):
    draw = np.random.default_rng(seed)
    at = draw.uniform(0, 1500, (25, 2))
    shapes = []
    for x, y in at:
        roll = draw.random()
        line = shapely.LineString([spot(x, y), spot(x + draw.uniform(10, 90), y + 30)])
        land = town.box(x, y, x + draw.uniform(5, 60), y + draw.uniform(5, 60))
        shapes.append(spot(x, y) if roll < 0.4 else line if roll < 0.6 else land)
    found = town.frame(*shapes, kind=draw.choice(np.array(KINDS, dtype=object), 25).tolist())
    found["treated"] = draw.choice(np.array(TREATED, dtype=object), 25).tolist()
    found["buffer_m"] = draw.choice([math.nan, 0.0, 20.0, 70.0], 25, p=[0.6, 0.1, 0.2, 0.1])
    corners = draw.uniform(0, 1500, (80, 2))
    houses = town.frame(*(town.box(x, y, x + 9, y + 7) for x, y in corners), use=draw.choice(USES, 80).tolist())
    houses["dwellings"] = draw.choice([0.0, 12.0, math.nan], 80, p=[0.5, 0.1, 0.4])
    schools = town.frame(*(spot(x, y) for x, y in draw.uniform(0, 1500, (40, 2))), kind=["primary_school"] * 40)
    return found, houses, schools


def word(said):
    return said if isinstance(said, str) else None


def state_of(shape, found, counts):
    """Return whether hazards threaten a shape: for sure, perhaps, or only treated ones do."""
    by_kind = {one["kind"]: one["buffer_m"] for one in BUFFERS}
    sure = perhaps = done = False
    for row in found.itertuples():
        kind = IS[word(row.kind)]
        if kind not in (*by_kind, ""):
            continue
        far = row.buffer_m if row.buffer_m >= 0 else by_kind.get(kind, 100.0)
        if shape.distance(row.geometry) > far:
            continue
        said = MEANS[word(row.treated)] if counts == "untreated" else "no"
        sure |= bool(kind) and said == "no"
        perhaps |= said == "?" or (not kind and said == "no")
        done |= bool(kind) and said == "yes"
    return sure, perhaps, done


@pytest.mark.parametrize("counts", ["untreated", "all"])
@pytest.mark.parametrize("seed", range(12))
def test_homes_and_schools_are_counted_as_by_plain_loops(seed, counts):
    found, houses, schools = random_town(seed)
    told = [state_of(shape, found, counts) for shape in houses.geometry]
    rows = list(zip(houses["use"], houses["dwellings"], told, strict=True))
    lived_in = [use in ("居住", "住宅") or dwellings > 0 for use, dwellings, _ in rows]
    sure = sum(home and one[0] for home, (_, _, one) in zip(lived_in, rows, strict=True))
    open_ = sum(
        (home and one[1] and not one[0]) or (not home and use == "" and (one[0] or one[1]))
        for home, (use, _, one) in zip(lived_in, rows, strict=True)
    )
    measured = hazards.homes_in(found, houses, buffers=BUFFERS, counts=counts)
    assert measured.value == len(measured.offenders) == sure
    assert measured.value_range == ((sure, sure + open_) if open_ else None)
    if counts == "untreated":
        either = sum(home and (one[0] or one[2]) for home, (_, _, one) in zip(lived_in, rows, strict=True))
        only = sum(home and one[2] and not one[0] for home, (_, _, one) in zip(lived_in, rows, strict=True))
        beside = [(one.numerator, one.denominator) for one in measured.references]
        assert beside == ([(only, either)] if either else [])
    turned = hazards.homes_in(found[::-1], houses[::-1], buffers=BUFFERS, counts=counts)
    assert (turned.value, turned.value_range) == (measured.value, measured.value_range)
    assert sorted(turned.offenders["straight_m"]) == sorted(measured.offenders["straight_m"])
    told = [state_of(shape, found, counts) for shape in schools.geometry]
    measured = hazards.facilities_in(found, schools, kinds=("primary_school",), buffers=BUFFERS, counts=counts)
    sure, open_ = sum(one[0] for one in told), sum(one[1] and not one[0] for one in told)
    assert measured.value == len(measured.offenders) == sure
    assert measured.value_range == ((sure, sure + open_) if open_ else None)


@pytest.mark.parametrize("seed", range(12))
def test_treated_ones_are_counted_as_by_plain_loops(seed):
    found, _, _ = random_town(seed)
    rows = [(IS[word(kind)], MEANS[word(said)]) for kind, said in zip(found["kind"], found["treated"], strict=True)]
    own = [said for kind, said in rows if kind in GEOLOGICAL]
    maybe = [said for kind, said in rows if not kind]
    # Every way in which the open ones can turn out, by number.
    shares = [
        (own.count("yes") + silent + good) / (len(own) + good + bad)
        for silent in range(own.count("?") + 1)
        for good in range(maybe.count("yes") + maybe.count("?") + 1)
        for bad in range(maybe.count("no") + maybe.count("?") + 1)
        if good + bad <= len(maybe)
    ]
    measured = hazards.treated(found, kinds=GEOLOGICAL)
    assert (measured.numerator, measured.denominator) == (own.count("yes"), len(own))
    low, high = measured.value_range or (measured.value, measured.value)
    assert (low, high) == (pytest.approx(min(shares)), pytest.approx(max(shares)))
    assert len(measured.offenders) == len(own) - own.count("yes")
    turned = hazards.treated(found[::-1], kinds=GEOLOGICAL)
    assert (turned.value, turned.value_range) == (measured.value, measured.value_range)
    count = hazards.left(found, kinds=GEOLOGICAL)
    most = own.count("no") + own.count("?") + maybe.count("no") + maybe.count("?")
    assert count.value == len(count.offenders) == own.count("no")
    assert (count.value_range or (count.value, count.value)) == (own.count("no"), most)


def test_what_threatens_is_told_with_the_homes():
    found = register((0, "滑坡", "否"), (500, "泥石流", "否"), (900, "滑坡", "2020"), name=["甲坡", "乙沟", "丙坡"])
    measured = homes_in(found, [house(40), house(560), house(910), house(50.1)])
    assert measured.value == 2
    assert measured.offenders[["hazard", "treatment", "straight_m"]].to_numpy().tolist() == [
        ["landslide", "untreated", 40.0],
        ["debris_flow", "untreated", 60.0],
    ]
    assert measured.layers["hazards"]["treatment"].tolist() == ["untreated", "untreated", "treated"]
    assert homes_in(found, [house(40), house(560), house(910)], counts="all").value == 3


def test_the_distance_of_the_register_goes_before_that_of_the_kind():
    found = register((0, "滑坡", "否"), (500, "滑坡", "否"), buffer_m=[0.0, 80.0])
    measured = homes_in(found, [house(0.1), house(580), house(580.1)])
    assert measured.offenders["straight_m"].tolist() == [80.0]


def test_people_are_spread_over_the_floor_of_their_cell():
    found = register((0, "滑坡", "否"))
    people = town.frame(town.box(0, -50, 100, 50), town.box(100, -50, 200, 50), population=[90.0, 10.0])
    shapes = [house(40)[0], house(60)[0], house(150)[0]]
    houses = town.frame(*shapes, use=["居住"] * 3, floors=[2.0, 1.0, 6.0])
    (only,) = (
        one
        for one in hazards.homes_in(found, houses, people, buffers=BUFFERS).references
        if one.key == "people_threatened"
    )
    # 200 of 300 m2 of floor of the first cell are in the home that is threatened.
    assert (only.numerator, only.denominator) == (pytest.approx(60.0), 100.0)


def test_where_buildings_were_not_surveyed_there_may_be_more_homes():
    houses = town.frame(house(40)[0], use=["居住"])

    def found(west, said="否"):
        surveyed = town.frame(town.box(west, -100, 200, 100))
        return hazards.homes_in(register((0, "滑坡", said)), houses, None, surveyed, buffers=BUFFERS).value_range

    assert found(-50) is None
    assert found(-49.9) == (1.0, math.inf)
    assert found(1) == (1.0, math.inf)
    assert found(1, "2020") is None


def test_a_county_that_states_it_has_none():
    none = gpd.GeoDataFrame({"name": []}, geometry=[], crs=town.CRS)
    none.attrs[NONE] = ("landslide", "debris_flow", "flood_spot")
    houses = town.frame(town.box(0, 0, 9, 9), use=["居住"])
    measured = hazards.homes_in(none, houses, buffers=BUFFERS)
    assert (measured.value, measured.value_range) == (0.0, None)
    assert "has no hazard" in measured.notes[0].to("en")
    assert hazards.left(none, kinds=("flood_spot",)).value == 0
    with pytest.raises(NotAssessed, match="none is of these kinds"):
        hazards.treated(none, kinds=GEOLOGICAL)
    none.attrs.clear()
    with pytest.raises(NotAssessed, match="none is of these kinds"):
        hazards.homes_in(none, houses, buffers=BUFFERS)


def test_what_nobody_knows_is_no_pass():
    silent = register((0, "滑坡", None), (500, None, "否"), (900, "滑坡", "2020"))
    measured = homes_in(silent, [house(20), house(560), house(700)])
    assert (measured.value, measured.value_range) == (0.0, (0.0, 2.0))
    assert homes_in(silent, [house(905, ""), house(20, "")]).value_range == (0.0, 1.0)
    with pytest.raises(NotAssessed, match="none of 1 hazards says"):
        hazards.treated(register((0, "滑坡", None)), kinds=GEOLOGICAL)
    with pytest.raises(NotAssessed, match="none is of these kinds"):
        hazards.left(register((0, "滑坡", "否")), kinds=("flood_spot",))
    # One that states no kind may be the spot that floods.
    with pytest.raises(NotAssessed, match="none is of these kinds"):
        hazards.left(register((0, None, "否")), kinds=("flood_spot",))
    with pytest.raises(NotAssessed, match="no building"):
        homes_in(silent, [])
    schools = town.frame(spot(0, 0), kind=["primary_school"])
    with pytest.raises(NotAssessed, match="hospital"):
        hazards.facilities_in(silent, schools, kinds=("hospital",), buffers=BUFFERS)


@pytest.mark.parametrize(
    "buffers",
    [(*BUFFERS, BUFFERS[0]), ({"kind": "landslide", "buffer_m": -1.0},)],
)
def test_distances_that_cannot_be_are_refused(buffers):
    with pytest.raises(RuleError, match="each kind of hazard once"):
        hazards.homes_in(register((0, "滑坡", "否")), town.frame(house(0)[0]), buffers=buffers)


def test_a_kind_that_is_none_is_refused():
    with pytest.raises(RuleError, match="no kind of hazard storm"):
        hazards.left(register((0, "滑坡", "否")), kinds=("storm",))


@pytest.mark.parametrize(
    ("said", "is_treated"),
    [("2021", True), (2021.0, True), ("2021-06", True), ("2021年6月", True), (" 已治理 ", True), ("1", True), (1, True)]
    + [("2027年计划治理", False), ("0", False), ("3000", False), ("12", False)],
)
def test_words_and_years_of_treatment(said, is_treated):
    found = register((0, "滑坡", said), (9, "滑坡", "否"))
    assert hazards.treated(found, kinds=GEOLOGICAL).numerator == is_treated


def test_a_register_is_read_under_the_names_it_has_in_an_office(tmp_path):
    from gis_planning.county.opened import open_county

    layers = town.layers()
    office = gpd.GeoDataFrame(
        {
            "隐患点编号": ["1", "2"],
            "灾害类型": ["滑坡", "崩塌"],
            "治理情况": ["2021", "未治理"],
            "影响半径": [60, None],
        },
        geometry=[spot(100, 100), spot(900, 100)],
        crs=town.CRS,
    )
    office.to_file(tmp_path / "地灾点.gpkg", layer="hazards")
    layers["study_area"].to_file(tmp_path / "area.gpkg")
    (tmp_path / "county.toml").write_text(
        f'[county]\nname = "县"\ncrs = "{town.CRS}"\n[layers.study_area]\nsource = "area.gpkg"\n'
        '[layers.hazards]\nsource = "地灾点.gpkg"\n[layers.shelters]\nnone_exist = true\n',
        encoding="utf-8",
    )
    county = open_county(tmp_path / "county.toml")
    measured = hazards.treated(county.layer("hazards"), kinds=("landslide", "collapse"))
    assert (measured.value, measured.value_range) == (0.5, None)
    assert county.layer("hazards")["buffer_m"].tolist()[0] == 60
    assert county.layer("shelters").attrs[NONE] == ("emergency", "fixed", "central")
