"""Sites that handle waste and what stands near: held against plain loops, and what nobody knows."""

import math

import numpy as np
import pytest
import shapely
import town

from gis_planning.errors import NotAssessed, RuleError
from gis_planning.measures import waste

STEPS = ({"below_t": 150.0, "apart_m": 10.0}, {"below_t": 450.0, "apart_m": 15.0}, {"apart_m": 30.0})
LAND = town.frame(town.box(0, 0, 1000, 1000))
USES = ["居住", "商业", "车库", "", "住宅"]


def spot(x, y):
    return shapely.Point(town.EAST + x, town.NORTH + y)


def stations(*shapes, kind="transfer_station", tonnes=None, **columns):
    sizes = {} if tonnes is None else {"tonnes_per_day": [math.nan if one is None else float(one) for one in tonnes]}
    return town.frame(*shapes, kind=[kind] * len(shapes), **sizes, **columns)


def apart(sites, houses, land=LAND):
    return waste.apart(sites, houses, land, kind="transfer_station", steps=STEPS)


def homes_near(plants, houses, land=LAND, within_m=60.0):
    return waste.homes_near(plants, houses, land, kind="incinerator", within_m=within_m)


def random_town(seed):
    """Return sites, points and polygons of any size or none, and buildings that may stand on them."""
    draw = np.random.default_rng(seed)
    corners = draw.uniform(-20, 1000, (12, 2))
    shapes = [
        spot(x, y) if draw.random() < 0.5 else town.box(x, y, x + draw.uniform(5, 40), y + draw.uniform(5, 40))
        for x, y in corners
    ]
    tonnes = draw.choice([0.0, 80.0, 150.0, 300.0, 450.0, 900.0, math.nan], len(shapes))
    sites = town.frame(*shapes, kind=draw.choice(["transfer_station", "incinerator;transfer_station"], len(shapes)))
    sites["tonnes_per_day"] = tonnes
    near = corners[draw.integers(0, len(corners), 60)] + draw.uniform(-60, 60, (60, 2))
    houses = town.frame(*(town.box(x, y, x + 9, y + 7) for x, y in near), use=draw.choice(USES, 60).tolist())
    houses["dwellings"] = draw.choice([0.0, 12.0, math.nan], 60, p=[0.4, 0.2, 0.4])
    return sites, houses


def judged(site, tonnes, houses, land):
    """Return whether one site keeps its distance: yes, no, or None."""
    others = []
    for house in houses:
        if site.geom_type == "Point" and house.intersects(site):
            continue
        if site.geom_type == "Polygon" and house.intersection(site).area >= 1:
            continue
        others.append(house.distance(site))
    straight = min(others, default=math.inf)
    around = land.exterior.distance(site) if land.covers(site) else 0.0
    if tonnes > 0:
        least = most = 10 if tonnes < 150 else 15 if tonnes < 450 else 30
    else:
        least, most = 10, 30
    if straight < least:
        return False
    return True if min(straight, around) >= most else None


@pytest.mark.parametrize("seed", range(30))
def test_stations_are_judged_as_by_plain_loops(seed):
    sites, houses = random_town(seed)
    used = [house for house, use in zip(houses.geometry, houses["use"], strict=True) if use != "车库"]
    land = LAND.geometry[0]
    pairs = zip(sites.geometry, sites["tonnes_per_day"], strict=True)
    said = [judged(site, tonnes, used, land) for site, tonnes in pairs]
    found = apart(sites, houses)
    assert (found.numerator, found.denominator) == (said.count(True), len(said))
    assert len(found.offenders) == said.count(False)
    assert found.layers["sites"]["unsure"].tolist() == [one is None for one in said]
    open_ = said.count(None)
    assert found.value_range == ((found.value, (said.count(True) + open_) / len(said)) if open_ else None)
    turned = apart(sites[::-1], houses[::-1])
    assert (turned.value, turned.value_range) == (found.value, found.value_range)
    assert sorted(turned.offenders["straight_m"]) == sorted(found.offenders["straight_m"])


@pytest.mark.parametrize("seed", range(30))
def test_homes_are_counted_as_by_plain_loops(seed):
    sites, houses = random_town(seed)
    plants = [one for one, kind in zip(sites.geometry, sites["kind"], strict=True) if "incinerator" in kind]
    rows = zip(houses.geometry, houses["use"], houses["dwellings"], strict=True)
    near = [(use, dwellings) for home, use, dwellings in rows if any(home.distance(one) < 60 for one in plants)]
    homes = [use for use, dwellings in near if use in ("居住", "住宅") or dwellings > 0]
    perhaps = [use for use, dwellings in near if use == "" and not dwellings > 0]
    land = town.frame(town.box(-900, -900, 3000, 3000))
    found = homes_near(sites, houses, land)
    assert found.value == len(found.offenders) == len(homes)
    assert found.value_range == ((len(homes), len(homes) + len(perhaps)) if perhaps else None)
    turned = homes_near(sites[::-1], houses[::-1], land)
    assert (turned.value, turned.value_range) == (found.value, found.value_range)


def test_what_is_too_near_is_told():
    sites = stations(spot(500, 500), spot(700, 700), tonnes=[200, None], name=["东站", "西站"])
    houses = town.frame(
        town.box(512, 495, 522, 505),
        town.box(704, 695, 714, 705),
        town.box(471, 495, 481, 505),
        name=["甲", None, "乙"],
    )
    found = apart(sites, houses).offenders
    assert found[["name", "straight_m", "limit_m", "building"]].to_numpy().tolist() == [
        ["西站", 4.0, 10.0, "#1"],
        ["东站", 12.0, 15.0, "甲"],
    ]
    assert found["size_t"].tolist()[1] == 200


def test_a_station_in_a_building_has_the_next_one_for_neighbour():
    house = town.box(490, 490, 510, 510)
    other = town.box(519, 490, 530, 510)
    inside = stations(spot(500, 500), tonnes=[80])
    assert apart(inside, town.frame(house)).value == 1
    assert apart(inside, town.frame(house, town.box(511, 490, 520, 510))).value == 1
    assert apart(inside, town.frame(house, town.box(509.9, 490, 520, 510))).value == 0
    drawn = stations(town.box(480, 480, 510, 520), tonnes=[80])
    assert apart(drawn, town.frame(house, other)).offenders["straight_m"].tolist() == [9.0]
    # It touches the site, or shares a sliver that is drawing: no building of the site's own.
    for west in (510, 509.99):
        beside = apart(drawn, town.frame(house, town.box(west, 490, 520, 510)))
        assert beside.offenders["straight_m"].tolist() == [0.0]


def test_a_size_that_is_not_stated_leaves_the_middle_open():
    def one(straight, **columns):
        return apart(
            stations(spot(500, 500), spot(100, 100), tonnes=[columns.get("tonnes"), 80]),
            town.frame(town.box(500 + straight, 490, 560, 510)),
        )

    assert one(9.99).value == 0.5
    assert one(9.99).value_range is None
    assert (one(20).value, one(20).value_range) == (0.5, (0.5, 1.0))
    assert (one(30).value, one(30).value_range) == (1.0, None)
    assert one(20, tonnes=0).value_range == (0.5, 1.0)
    assert one(20, tonnes=math.inf).value_range == (0.5, 1.0)


def test_where_nothing_was_surveyed_nothing_passes():
    far, houses = spot(2000, 500), town.frame(town.box(10, 10, 20, 20))
    found = apart(stations(far, spot(500, 500), spot(995, 500), tonnes=[80, 80, 80]), houses)
    assert (found.value, found.value_range) == (pytest.approx(1 / 3), (pytest.approx(1 / 3), 1.0))
    plants = stations(far, kind="incinerator")
    assert homes_near(plants, houses).value_range == (0.0, math.inf)
    with pytest.raises(NotAssessed, match="none of 1 sites"):
        apart(stations(far, tonnes=[80]), houses)
    for measure, sites in ((apart, stations(far, tonnes=[80])), (homes_near, plants)):
        with pytest.raises(NotAssessed, match="no building"):
            measure(sites, houses[:0])
        with pytest.raises(NotAssessed):
            measure(stations(far, kind="market"), houses)


def test_a_county_that_states_it_has_none():
    none = stations(spot(1, 1), kind="market")
    none.attrs["none"] = ("incinerator", "transfer_station")
    houses = town.frame(town.box(10, 10, 20, 20), use=["居住"])
    assert (homes_near(none, houses).value, homes_near(none, houses).value_range) == (0.0, None)
    with pytest.raises(NotAssessed, match="no facility"):
        apart(none, houses)


@pytest.mark.parametrize(
    "steps",
    [
        (),
        ({"below_t": 150.0, "apart_m": 10.0},),
        ({"below_t": 450.0, "apart_m": 15.0}, {"below_t": 150.0, "apart_m": 10.0}, {"apart_m": 30.0}),
        ({"apart_m": 30.0}, {"apart_m": 10.0}),
    ],
)
def test_steps_that_do_not_follow_one_another_are_refused(steps):
    sites, houses = stations(spot(500, 500), tonnes=[80]), town.frame(town.box(10, 10, 20, 20))
    with pytest.raises(RuleError, match="smallest first"):
        waste.apart(sites, houses, LAND, kind="transfer_station", steps=steps)


@pytest.mark.parametrize("seed", range(4))
def test_streets_with_toilets_against_points_along_them(seed):
    draw = np.random.default_rng(seed)
    ends = draw.uniform(0, 1000, (14, 2, 2)) + (town.EAST, town.NORTH)
    classes = draw.choice(["primary", "次干路", "residential", None], 14)
    roads = town.frame(*shapely.linestrings(ends), **{"class": classes.tolist()}, name=[f"R{n}" for n in range(14)])
    spots = draw.uniform(-200, 1200, (5, 2))
    toilets = town.frame(
        *(spot(x, y) for x, y in spots), kind=["toilet", "toilet;market", "toilet", "market", "toilet"]
    )
    found = waste.streets_near(
        roads, toilets, LAND, kind="toilet", classes=("primary", "次干路"), within_m=250.0
    )  # fmt: skip
    whole = near = silent = 0.0
    land = LAND.geometry.iloc[0]
    for line, said in zip(roads.geometry, classes, strict=True):
        for step in np.arange(0.25, line.length, 0.5):
            here = line.interpolate(step)
            if not land.contains(here):
                continue
            silent += 0.5 * (said is None)
            if said in ("primary", "次干路"):
                whole += 0.5
                near += 0.5 * any(toilets.geometry.iloc[at].distance(here) <= 250 for at in (0, 1, 2, 4))
    assert found.denominator == pytest.approx(whole, abs=8)
    assert found.numerator == pytest.approx(near, abs=8)
    assert found.offenders["length_m"].sum() == pytest.approx(found.denominator - found.numerator, abs=0.2)
    told = [note.facts["length_m"] for note in found.notes if note.key == "waste.note_no_class"]
    assert sum(told) == pytest.approx(silent, abs=8)
    again = waste.streets_near(
        roads.iloc[::-1], toilets.iloc[::-1], LAND, kind="toilet", classes=("primary", "次干路"), within_m=250.0
    )
    assert again.value == pytest.approx(found.value, abs=1e-9)


def test_a_street_drawn_twice_has_one_length():
    road = shapely.LineString([(town.EAST, town.NORTH), (town.EAST + 1000, town.NORTH)])
    roads = town.frame(road, road, **{"class": ["primary", "primary"]})
    toilets = town.frame(spot(0, 0), kind=["toilet"])
    asked = {"kind": "toilet", "classes": ("Primary",), "within_m": 400.0}
    land = town.frame(town.box(-10, -10, 1010, 1000))
    found = waste.streets_near(roads, toilets, land, **asked)
    assert (found.numerator, found.denominator) == (pytest.approx(400), pytest.approx(1000))
    with pytest.raises(NotAssessed):
        waste.streets_near(
            roads.drop(columns="class"), toilets, LAND, kind="toilet", classes=("primary",), within_m=9.0
        )
    with pytest.raises(NotAssessed):
        waste.streets_near(roads, toilets, land, **asked | {"kind": "market"})
