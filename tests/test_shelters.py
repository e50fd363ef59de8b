"""Shelters: what of them is usable, who reaches one, whether they hold those who come; and what nobody knows."""

import math
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pytest
import shapely
import town

from gis_planning.analysis.derived import asked
from gis_planning.analysis.work import applied
from gis_planning.conventions.facilities import NONE
from gis_planning.errors import NotAssessed, RuleError
from gis_planning.measures import shelters

AREA = town.frame(town.box(0, 0, 4000, 4000))
#: Nothing that threatens: delivered, and empty.
DRY = town.frame()
SAFE = town.frame(kind=[], treated=[])


def spot(x, y):
    return shapely.Point(town.EAST + x, town.NORTH + y)


def homes(*rows):
    """Return parcels of 10 m by 10 m with people, by the middle of each."""
    return town.frame(
        *(town.box(x - 5, y - 5, x + 5, y + 5) for x, y, _ in rows), population=[float(n) for *_, n in rows]
    )


def measured(measure, found, people, *, hazards=SAFE, flood_line=DRY, network=None, elevation=None, **settings):
    there = {"shelters": found, "study_area": AREA, "population": people, "residential": people, "network": network}
    there |= {"hazards": hazards, "flood_line": flood_line, "elevation": elevation}
    own = {key: layer for key, layer in there.items() if layer is not None and key in asked(measure).layers}
    return applied(measure, **own, **settings)


def area(found, people=None, **more):
    """Return the usable area of shelters, as the numerator of what each person has."""
    return measured(shelters.per_person, found, homes((10, 10, 100)) if people is None else people, **more)


def test_what_is_usable_by_hand():
    flood = town.frame(town.box(0, 0, 1000, 50))
    # 100 m by 100 m, half of it below the flood line; wholly below; a strip of it is left that is too small.
    found = town.frame(
        town.box(100, 0, 200, 100), town.box(300, 0, 400, 50), town.box(500, 0, 600, 55), name=["甲", "乙", "丙"]
    )
    told = area(found, flood_line=flood)
    assert (told.value, told.numerator, told.denominator) == (50.0, 5000.0, 100.0)
    assert told.value_range is None
    assert told.offenders["name"].tolist() == ["乙", "丙"]
    assert told.layers["shelters"]["drowned"].tolist() == [False, True, False]
    assert told.layers["shelters"]["usable_m2"].tolist() == [5000.0, 0.0, 0.0]
    assert "乙" in next(one for one in told.notes if one.key == "shelters.note_drowned").to("zh")


def test_a_flood_that_cuts_a_shelter_in_two_leaves_parts_that_count_by_themselves():
    flood = town.frame(town.box(150, 0, 180, 900))
    # To the west 50 m by 10 m are 500 m2, too small; to the east 120 m by 10 m are 1,200.
    assert area(town.frame(town.box(100, 0, 300, 10)), flood_line=flood).numerator == pytest.approx(1200)


def test_points_have_what_they_state_and_nothing_in_a_flood():
    flood = town.frame(town.box(0, 0, 100, 100))
    found = town.frame(
        *(spot(*at) for at in ((50, 50), (500, 50), (600, 50), (700, 50))), usable_m2=[900.0, 700.0, 599.0, math.nan]
    )
    told = area(found, flood_line=flood)
    # One that states no area has at least nothing, and nobody knows how much.
    assert (told.value, told.value_range) == (7.0, (7.0, math.inf))
    found["area_m2"] = [1.0, 1.0, 1.0, 2000.0]
    assert area(found, flood_line=flood).value_range == (7.0, 27.0)
    found["capacity"] = [10.0, 10.0, 10.0, 100.0]
    held = measured(shelters.holds, found, homes((10, 10, 1000)), flood_line=flood, per_person_m2=2.0)
    assert (held.numerator, held.value_range) == (110.0, None)


def test_a_hazard_takes_off_what_it_covers_unless_it_is_treated():
    found = town.frame(town.box(0, 0, 100, 100))

    def left(said, **more):
        bad = town.frame(town.box(0, 0, 50, 100), kind=["滑坡"], treated=[said], **more)
        told = area(found, hazards=bad)
        return told.numerator, told.value_range

    assert left("否") == (5000.0, None)
    assert left("2020") == (10000.0, None)
    assert left(None) == (5000.0, (50.0, 100.0))
    spots = town.frame(spot(0, 50), kind=["滑坡"], treated=["否"])
    assert area(found, hazards=spots).numerator == 10000
    spots["buffer_m"] = [20.0]
    assert area(found, hazards=spots).numerator == pytest.approx(10000 - math.pi * 200, rel=1e-3)


def test_what_was_not_looked_at_leaves_the_lower_end_open():
    found = town.frame(town.box(0, 0, 100, 100))
    assert area(found).value_range is None
    assert area(found, flood_line=None).value_range == (0.0, 100.0)
    assert area(found, hazards=None).value_range == (0.0, 100.0)
    # A register that holds floods says where they are.
    floods = town.frame(town.box(500, 0, 600, 10), kind=["洪水"], treated=["否"])
    assert area(found, flood_line=None, hazards=floods).value_range is None


def terrain(percent, *, steep_from=0.0, known_to=400.0):
    """Heights of 10 m cells that rise by so many percent to the east of a line, and are level before it."""
    east = np.arange(-5.0, 500.0, 10.0)
    heights = np.where(east > steep_from, (east - steep_from) * percent / 100, 0.0)
    band = np.tile(np.where(east < known_to, heights, np.nan), (50, 1))
    transform = (10.0, 0.0, town.EAST - 10, 0.0, -10.0, town.NORTH + 400)
    return SimpleNamespace(band=band, transform=transform, crs=DRY.crs)


@pytest.mark.parametrize(
    ("ground", "usable_m2", "looked"),
    [
        (terrain(10), 10000.0, True),
        (terrain(20), 0.0, True),
        # Of 100 m half is steep, then four fifths.
        (terrain(20, steep_from=50.0), 10000.0, True),
        (terrain(20, steep_from=20.0), 0.0, True),
        (terrain(20, known_to=20.0), 10000.0, False),
        (None, 10000.0, False),
    ],
)
def test_slopes_are_those_of_the_ground_where_none_is_stated(ground, usable_m2, looked):
    found = town.frame(town.box(0, 0, 100, 100))
    told = area(found, elevation=ground)
    assert told.numerator == usable_m2
    assert ("shelters.note_no_slope" not in {one.key for one in told.notes}) == looked
    # What is stated goes before it, and of a point nobody knows the ground it takes.
    assert area(found.assign(slope=[3.0]), elevation=ground).numerator == 10000
    assert area(town.frame(spot(300, 50), usable_m2=[900.0]), elevation=ground).numerator == 900


def test_slopes_count_where_they_are_stated():
    found = town.frame(town.box(0, 0, 100, 100), town.box(200, 0, 300, 100), slope=[15.0, 15.1])
    assert area(found).numerator == 10000
    notes = [one.key for one in area(found.drop(columns="slope")).notes]
    assert "shelters.note_no_slope" in notes
    assert "shelters.note_no_slope" not in [one.key for one in area(found).notes]


def test_kinds_and_places():
    found = town.frame(
        town.box(0, 0, 100, 100), town.box(200, 0, 300, 100), town.box(400, 0, 500, 100), town.box(9000, 0, 9100, 100)
    )
    found["kind"], found["capacity"] = ["固定", "紧急避难场所", None, "固定"], [1000.0, math.nan, math.nan, math.nan]
    held = measured(shelters.holds, found, homes((10, 10, 50000)), kinds=("fixed", "central"), per_person_m2=2.0)
    # The second is for hours, the third may be fixed (5,000 more), the fourth lies outside the study area.
    assert (held.numerator, held.denominator, held.value_range) == (1000.0, 50000.0, (0.02, 0.12))
    assert held.layers["shelters"]["shelter"].tolist() == ["fixed", "unknown"]
    few = measured(shelters.holds, found[:1], homes((10, 10, 400)), kinds=("fixed",), per_person_m2=2.0)
    assert (few.value, few.numerator) == (1.0, 400.0)
    with pytest.raises(NotAssessed, match="none of 1 shelters"):
        area(found[1:2], kinds=("central",))
    with pytest.raises(RuleError, match="no kind of shelter tent"):
        area(found, kinds=("tent",))


def test_each_goes_to_the_nearest_once_and_full_ones_are_told():
    found = town.frame(town.box(0, 0, 40, 20), town.box(1000, 0, 1040, 20), name=["西", "东"])
    people = homes((140, 10, 2000), (440, 10, 300), (600, 10, 500), (3000, 3000, 9000))
    told = measured(shelters.room, found, people, within_m=500, per_person_m2=0.5)
    # 800 m2 hold 1,600: 2,300 come to the west and 500 to the east, whose nearest that is; nobody comes from afar.
    assert (told.numerator, told.denominator) == (2100.0, 2800.0)
    assert told.offenders[["name", "people", "places", "lacking"]].to_numpy().tolist() == [
        ["西", 2300.0, 1600.0, 700.0]
    ]
    turned = measured(shelters.room, found[::-1], people[::-1], within_m=500, per_person_m2=0.5)
    assert (turned.value, turned.value_range) == (told.value, told.value_range)
    with pytest.raises(NotAssessed, match="nobody lives within 50 m"):
        measured(shelters.room, found, people, within_m=50, per_person_m2=0.5)


def test_a_shelter_of_unknown_size_leaves_open_who_finds_room_only_where_people_may_come():
    def one(x):
        found = town.frame(town.box(0, 0, 40, 20), spot(x, 10))
        told = measured(shelters.room, found, homes((140, 10, 100)), within_m=500, per_person_m2=0.5)
        return told.value, told.value_range

    assert one(300) == (1.0, (0.0, 1.0))
    assert one(3000) == (1.0, None)


def random_town(seed):
    draw = np.random.default_rng(seed)
    shapes = []
    for x, y in draw.uniform(100, 3800, (14, 2)):
        land = town.box(x, y, x + draw.uniform(10, 90), y + draw.uniform(10, 90))
        shapes.append(spot(x, y) if draw.random() < 0.3 else land)
    found = town.frame(*shapes, kind=draw.choice(["固定", "紧急", "中心"], 14).tolist())
    flat = np.array([shape.geom_type == "Polygon" for shape in shapes])
    found["usable_m2"] = np.where(flat & (draw.random(14) < 0.6), math.nan, draw.choice([300.0, 700.0, 2500.0], 14))
    found["capacity"] = draw.choice([math.nan, 200.0, 2000.0], 14)
    found["slope"] = draw.choice([math.nan, 3.0, 20.0], 14, p=[0.5, 0.4, 0.1])
    flood = town.frame(*(town.box(x, y, x + 300, y + 200) for x, y in draw.uniform(0, 3800, (10, 2))))
    bad = town.frame(*(town.box(x, y, x + 150, y + 150) for x, y in draw.uniform(0, 3800, (14, 2))))
    bad["kind"], bad["treated"] = "滑坡", draw.choice(["否", "2020"], 14)
    # On a grid, so that no two homes share a place.
    middles = draw.permutation([(x, y) for x in range(50, 4000, 130) for y in range(50, 4000, 130)])[:120]
    people = homes(*((x, y, int(n)) for (x, y), n in zip(middles, draw.integers(1, 400, 120), strict=True)))
    return found, flood, bad, people


def usable_of(found, flood, bad):
    """Return by plain loops what of each shelter is usable."""
    water = [*flood.geometry, *(row.geometry for row in bad.itertuples() if row.treated == "否")]
    result = []
    for row in found.itertuples():
        stated = math.inf if math.isnan(row.usable_m2) else row.usable_m2
        if row.geometry.geom_type == "Point":
            wet = any(row.geometry.intersects(one) for one in water)
            size = 0.0 if wet or stated < 600 else stated
        else:
            rest = row.geometry
            for one in water:
                rest = rest.difference(one)
            size = min(sum(part.area for part in shapely.get_parts(rest) if part.area >= 600), stated)
        result.append(0.0 if row.slope > 15 else size)
    return result


@pytest.mark.parametrize("seed", range(12))
def test_all_of_it_is_as_by_plain_loops(seed):
    found, flood, bad, people = random_town(seed)
    usable, there = usable_of(found, flood, bad), {"flood_line": flood, "hazards": bad}
    total = people["population"].sum()
    told = measured(shelters.per_person, found, people, **there)
    assert told.denominator == pytest.approx(total)
    assert told.numerator == pytest.approx(sum(usable), abs=0.05)
    stated = [math.inf if math.isnan(one) else one for one in found["capacity"]]
    places = [min(one / 0.5, most) for one, most in zip(usable, stated, strict=True)]
    come, near = [0.0] * len(found), 0.0
    for home, count in zip(people.geometry, people["population"], strict=True):
        far = [(home.centroid.distance(shape), at) for at, shape in enumerate(found.geometry) if usable[at] > 0]
        if min(far)[0] <= 500:
            come[min(far)[1]] += count
            near += count
    reached = measured(shelters.near, found, people, **there, within_m=500, distance="straight")
    assert (reached.numerator, reached.denominator) == (near, total)
    room = measured(shelters.room, found, people, **there, within_m=500, per_person_m2=0.5)
    held = sum(min(one, most) for one, most in zip(come, places, strict=True))
    assert (room.numerator, room.denominator) == (pytest.approx(held, abs=0.2), near)
    full = sum(one > most + 0.2 for one, most in zip(come, places, strict=True))
    assert len(room.offenders) == full
    for measure, settings in ((shelters.near, {"distance": "straight"}), (shelters.room, {"per_person_m2": 0.5})):
        one = measured(measure, found, people, **there, within_m=500, **settings)
        turned = measured(measure, found[::-1], people[::-1], **there, within_m=500, **settings)
        assert (turned.value, turned.value_range) == (pytest.approx(one.value), one.value_range)


def test_on_foot_is_farther_than_straight():
    from gis_planning import streets

    # Out along one street, across, and back along the other: 300 m straight are 900 m on foot.
    line = shapely.LineString([spot(100, 100), spot(400, 100), spot(400, 400), spot(100, 400)])
    network = streets.build(town.frame(line))
    found, people = town.frame(town.box(60, 80, 100, 120)), homes((100, 400, 30), (350, 100, 10))
    settings = {"network": network, "within_m": 500}
    assert measured(shelters.near, found, people, **settings).value == 0.25
    assert measured(shelters.near, found, people, **settings, distance="straight").value == 1.0
    with pytest.raises(NotAssessed, match="street"):
        measured(shelters.near, found, people, within_m=500)


def test_nobody_counted_and_no_shelter():
    found, nobody = town.frame(town.box(0, 0, 100, 100)), town.frame(town.box(5, 5, 15, 15))
    for measure, settings in (
        (shelters.per_person, {}),
        (shelters.holds, {"per_person_m2": 2.0}),
        (shelters.near, {"within_m": 500, "distance": "straight"}),
        (shelters.room, {"within_m": 500, "per_person_m2": 0.5}),
    ):
        with pytest.raises(NotAssessed, match="nobody counted"):
            measured(measure, found, nobody, **settings)
        with pytest.raises(NotAssessed, match="none of 0 shelters"):
            measured(measure, found[:0], homes((10, 10, 5)), **settings)
    none = gpd.GeoDataFrame({"name": []}, geometry=[], crs=town.CRS)
    none.attrs[NONE] = ("emergency", "fixed", "central")
    assert area(none).value == 0
    assert "has no shelter" in area(none).notes[-1].to("en")
    assert measured(shelters.near, none, homes((10, 10, 5)), within_m=500, distance="straight").value == 0
