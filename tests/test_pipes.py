"""Pipes and hydrants: counted by hand, held against plain loops on random towns, and on what surveys get wrong."""

import itertools
import math
import random
import time

import numpy as np
import pytest
import town
from shapely import LineString, Point

from gis_planning.analysis import pipes as known
from gis_planning.analysis.work import frame
from gis_planning.county.opened import open_county
from gis_planning.errors import NotAssessed, RuleError
from gis_planning.measures import mains, pipes

EAST, NORTH = town.EAST, town.NORTH
LAND = frame(town.box(0, 0, 1000, 1000))
WIDE = frame(town.box(-5000, -5000, 6000, 6000))
KINDS = ("rain", "sewage", "combined", "gas", "heating", "water")


def survey(*lines, **columns):
    """Return pipes by their corners, in metres from the town's corner."""
    return frame(*(spots(line) for line in lines), **{key: list(words) for key, words in columns.items()})


def spots(line):
    return LineString([(EAST + x, NORTH + y) for x, y in line])


def spot(x, y):
    return Point(EAST + x, NORTH + y)


def east(y, low, high):
    return [(low, y), (high, y)]


# -- kinds and years


def test_words_of_surveys_are_understood():
    words = ["给水", "WS", "雨水管", "雨污合流", "供热给水", "natural_gas", "中水", "HS", None, "氧气", " 污水 "]
    found = known.kinds_of(survey(*[east(0, 0, 9)] * len(words), kind=words)).tolist()
    assert found == [
        "water", "sewage", "rain", "combined", "heating", "gas", "reclaimed", "combined", "", "", "sewage",
    ]  # fmt: skip
    assert known.unknown_words(survey(*[east(0, 0, 9)] * len(words), kind=words)) == ["氧气"]


def test_years_are_read_off_numbers_and_dates():
    years = ["2008", "2008-05-01", 2010.0, "2010.0", "20081", "08", "0", "9999", None, "约2008年"]
    found = known.years_of(survey(*[east(0, 0, 9)] * len(years), year=years))
    assert [None if math.isnan(one) else one for one in found] == [2008, 2008, 2010, 2010] + [None] * 6


# -- length and age


def test_length_is_that_in_the_area_once():
    own = survey(east(50, -100, 400), east(50, 300, 500), east(80, 0, 300), kind=["污水", "污水", "燃气"])
    assert pipes.length(own, LAND, kinds=("sewage",)).value == pytest.approx(0.5)
    # A pipe of another kind in the same trench is a pipe of its own.
    both = survey(east(50, 0, 400), east(50, 0, 400), kind=["污水", "燃气"])
    assert pipes.length(both, LAND, kinds=("gas",)).value == pytest.approx(0.4)
    assert pipes.length(both, LAND, kinds=("gas", "sewage")).value == pytest.approx(0.4)
    told = pipes.length(own[::-1].reset_index(drop=True), LAND, kinds=("sewage",))
    assert told.value == pytest.approx(0.5)


@pytest.mark.parametrize("seed", range(20))
def test_old_pipes_are_as_by_plain_loops(seed):
    rng = random.Random(seed)
    rows = [
        (
            rng.choice(["热力", "热力", "供热", "给水", None, "氧气"]),
            rng.choice([None, "1995", "2009-01", "2010", "2011", "2024", "0"]),
            rng.choice([None, None, "2009", "2015", "2026"]),
            rng.randrange(100, 900),
        )
        for _ in range(12)
    ]
    rows.append(("热力", "2000", None, 100))
    own = survey(
        *(east(10 + 20 * at, 50, 50 + row[3]) for at, row in enumerate(rows)),
        kind=[row[0] for row in rows],
        year=[row[1] for row in rows],
        renewed=[row[2] for row in rows],
    )
    sure = perhaps = 0.0
    for kind, year, renewed, metres in rows:
        if kind == "给水":
            continue
        since = [int(one[:4]) for one in (year, renewed if renewed != "2026" else None) if one and one != "0"]
        is_old = 2025 - max(since) >= 15 if since else None
        if kind in ("热力", "供热"):
            sure += metres if is_old else 0
            perhaps += metres if is_old is None else 0
        elif is_old is not False:
            perhaps += metres
    found = pipes.old(own, LAND, kinds=("heating",), by_year=2025, old_years=15)
    assert found.value == pytest.approx(sure / 1000)
    assert (found.value_range or (found.value, found.value)) == pytest.approx((sure / 1000, (sure + perhaps) / 1000))
    assert found.offenders["length_m"].sum() == pytest.approx(sure)
    order = list(range(len(own)))
    rng.shuffle(order)
    turned = pipes.old(own.iloc[order].reset_index(drop=True), LAND, kinds=("heating",), by_year=2025, old_years=15)
    assert turned.value == pytest.approx(found.value)


def test_what_says_nothing_never_passes():
    undated = survey(east(9, 0, 100), kind=["热力"])
    dated = survey(
        east(9, 0, 100), east(19, 0, 100), east(29, 0, 50), kind=["热力", "热力", None], year=["2024", None, None]
    )
    with pytest.raises(NotAssessed, match="states its year"):
        pipes.old(undated, LAND, kinds=("heating",), by_year=2025, old_years=15)
    found = pipes.old(dated, LAND, kinds=("heating",), by_year=2025, old_years=15)
    assert (found.value, found.value_range) == (0.0, pytest.approx((0.0, 0.15)))
    assert [str(note) for note in found.notes] == [
        "1 pipe states no kind that is known: it may be of any",
        "1 pipe states no year: it may be old",
    ]
    for bad in (survey(east(9, 0, 9), kind=["电力"]), survey(east(9, 0, 9)), undated[:0]):
        for measure in (pipes.length, mains_homes):
            with pytest.raises(NotAssessed, match="none of this kind"):
                measure(bad, LAND, kinds=("heating",))
    with pytest.raises(RuleError, match="no kind of pipe"):
        pipes.length(undated, LAND, kinds=("steam",))
    with pytest.raises(RuleError, match="names no kind"):
        pipes.length(undated, LAND, kinds=())


def mains_homes(own, land, kinds):
    return mains.homes(own, land, frame(town.box(10, 10, 20, 20), use=["居住"]), land, kinds=kinds, within_m=50)


def test_unknown_words_are_named_in_one_message():
    own = survey(*(east(9 + at, 0, 9) for at in range(8)), kind=["污水", *"甲乙丙丁戊己", "甲"])
    notes = [note.to("zh") for note in pipes.length(own, LAND, kinds=("sewage",)).notes]
    assert len([note for note in notes if "7 条" in note]) == 1
    assert len([note for note in notes if "无法识别的管线类型" in note and "..." in note]) == 1


# -- streets


def covered(street, lines, within_m):
    """Return the metres of a straight eastward street beside pipes that run east, by looking at every half metre."""
    (x0, y), (x1, _) = street
    steps = np.arange(x0 + 0.25, x1, 0.5)
    return 0.5 * sum(
        any(abs(a[1] - y) <= within_m and min(a[0], b[0]) <= x <= max(a[0], b[0]) for a, b in lines) for x in steps
    )


@pytest.mark.parametrize("seed", range(20))
def test_streets_with_drains_are_as_by_plain_loops(seed):
    rng = random.Random(seed)
    roads = [east(100 * at + 50, 0, rng.randrange(200, 900)) for at in range(8)]
    rows = []
    for road in roads:
        for _ in range(rng.randrange(4)):
            low = rng.randrange(0, 800)
            y = road[0][1] + rng.choice([-21, -12, 0, 5, 19, 30])
            line = east(y, low, low + rng.randrange(1, 400))
            rows.append(
                (line if rng.random() < 0.5 else line[::-1], rng.choice(["雨水", "污水", "合流", "燃气", None]))
            )
    rows += [([(x, -100), (x, 1200)], "雨水") for x in (33, 333)]  # what crosses has no length
    rows.append((east(50, 0, 40), "污水"))
    own = survey(*(row[0] for row in rows), kind=[row[1] for row in rows])
    streets = frame(*(spots(road) for road in roads))

    def by_hand(*words):
        lines = [line for line, word in rows if word in words and line[0][1] == line[1][1]]
        return sum(covered(road, lines, 20) for road in roads)

    total = sum(road[1][0] for road in roads)
    drains, words = ("rain", "sewage", "combined"), ("雨水", "污水", "合流")
    found = pipes.streets_with(streets, own, LAND, kinds=drains, within_m=20)
    assert (found.numerator, found.denominator) == pytest.approx((by_hand(*words), total))
    assert found.offenders["length_m"].sum() == pytest.approx(total - by_hand(*words))
    upper = by_hand(*words, None) / total
    assert (found.value_range or (found.value, found.value))[1] == pytest.approx(upper)
    rain = pipes.streets_with(streets, own, LAND, kinds=("rain",), of=drains, within_m=20)
    assert (rain.numerator, rain.denominator) == pytest.approx((by_hand("雨水"), by_hand(*words)))
    low, high = rain.value_range or (rain.value, rain.value)
    assert low <= rain.value <= high
    turned = pipes.streets_with(
        streets[::-1].reset_index(drop=True), own[::-1].reset_index(drop=True), LAND, kinds=drains, within_m=20
    )
    assert turned.value == pytest.approx(found.value)
    assert turned.offenders["length_m"].sum() == pytest.approx(found.offenders["length_m"].sum())


def test_which_streets_count():
    lines = [spots(east(100 * at + 50, 0, 100)) for at in range(6)]
    streets = frame(
        *lines,
        **{
            "class": ["primary", "Motorway", "footway", "primary", "primary", "primary"],
            "bridge": [None, None, None, True, None, None],
            "level": [0, 0, 0, 0, 1, None],
        },
    )
    own = survey(east(50, 0, 100), kind=["雨水"])
    found = pipes.streets_with(streets, own, LAND, kinds=("rain",), within_m=20, without=("motorway",))
    assert (found.numerator, found.denominator) == (100, 200)
    with pytest.raises(NotAssessed, match="no street"):
        pipes.streets_with(streets[1:3], own, LAND, kinds=("rain",), within_m=20, without=("motorway",))


def test_a_pipe_follows_its_street_around_a_corner_on_either_side():
    street = frame(spots([(100, 100), (300, 100), (300, 300)]))
    for line in ([(100, 110), (290, 110), (290, 300)], [(100, 90), (310, 90), (310, 300)]):
        found = pipes.streets_with(street, survey(line, kind=["污水"]), LAND, kinds=("sewage",), within_m=15)
        assert found.value == pytest.approx(1.0)


def test_a_street_drawn_twice_counts_once_and_pieces_are_joined():
    street = frame(spots(east(50, 0, 400)), spots(east(50, 0, 400)[::-1]))
    pieces = survey(*(east(55, at, at + 50) for at in range(0, 200, 50)), east(60, 190, 300), kind=["雨水"] * 5)
    found = pipes.streets_with(street, pieces, LAND, kinds=("rain",), within_m=10)
    assert (found.numerator, found.denominator) == pytest.approx((300, 400))
    assert found.offenders["length_m"].tolist() == pytest.approx([100])


# -- ends and slopes


@pytest.mark.parametrize("seed", range(20))
def test_loose_ends_are_as_by_plain_loops(seed):
    rng = random.Random(seed)
    grid = [(100 * x, 100 * y) for x in range(6) for y in range(6)]
    rows = []
    for _ in range(25):
        a, b = rng.sample(grid, 2)
        shift = rng.choice([0, 0, 0.3, 2, 30])
        rows.append(([(a[0] + shift, a[1]), b], rng.choice(["雨水", "污水", "燃气", None])))
    own = survey(*(row[0] for row in rows), kind=[row[1] for row in rows])
    system = {"雨水": "drain", "污水": "drain", "燃气": "gas", None: None}
    expected = []
    for at, (line, kind) in enumerate(rows):
        if kind not in ("雨水", "污水"):
            continue
        for end in line:
            others = [
                own.geometry[k].distance(spot(*end))
                for k, (_, other) in enumerate(rows)
                if k != at and system[other] in ("drain", None)
            ]
            if min(others, default=math.inf) > 0.5:
                near = min(others, default=math.inf)
                expected.append(near if near <= 50 else math.inf)
    found = pipes.loose_ends(own, kinds=("rain", "sewage"), tolerance_m=0.5)
    assert found.value == len(expected)
    assert found.offenders["nearest_m"].fillna(math.inf).tolist() == pytest.approx(sorted(expected))


def test_slopes_open_and_turned():
    flat = [east(10 * at, 0, 9) for at in range(6)]
    own = survey(
        *flat,
        kind=["雨水", "污水", "合流", "雨水", None, "燃气"],
        level_in=[9.0, 9.0, 8.0, np.nan, 5.0, 1.0],
        level_out=[8.0, 9.5, 9.0, 8.0, 6.0, 9.0],
        flow=[None, "", "1", None, None, None],
    )
    found = pipes.against_slope(own, kinds=("rain", "sewage", "combined"))
    # Falls, rises, is turned and falls, and one lacks a level; the one of no kind rises, if it is a drain.
    assert (found.numerator, found.denominator) == (2, 4)
    assert found.value_range == pytest.approx((2 / 5, 3 / 4))
    assert found.offenders[["level_in", "level_out", "rise_m"]].to_numpy().tolist() == [[9.0, 9.5, 0.5]]
    assert pipes.against_slope(own, kinds=("sewage",), tolerance_m=0.5).value == 1
    with pytest.raises(NotAssessed, match="levels at both ends"):
        pipes.against_slope(survey(flat[0], kind=["雨水"]), kinds=("rain",))


# -- who is near


@pytest.mark.parametrize("seed", range(20))
def test_homes_are_near_as_by_plain_loops(seed):
    rng = random.Random(seed)
    rows = [
        ([(rng.randrange(1000), rng.randrange(1000)) for _ in range(3)], rng.choice(["污水", "合流", "给水", None]))
        for _ in range(5)
    ] + [(east(500, 100, 300), "污水")]
    own = survey(*(row[0] for row in rows), kind=[row[1] for row in rows])
    corners = list(itertools.product(range(-200, 1200, 95), range(-200, 1200, 95)))
    uses = [rng.choice(["居住", "商业", "", "车库"]) for _ in corners]
    houses = frame(*(town.box(x, y, x + 10, y + 8) for x, y in corners), use=uses)
    surveyed = frame(town.box(-150, -150, 900, 1200))
    some = whole = open_ = worse = better = 0
    for shape, use in zip(houses.geometry, uses, strict=True):
        if use not in ("居住", "") or not LAND.geometry[0].contains(shape.representative_point()):
            continue
        near = any(
            shape.distance(line) <= 60
            for line, (_, kind) in zip(own.geometry, rows, strict=True)
            if kind in ("污水", "合流")
        )
        maybe = any(
            shape.distance(line) <= 60 for line, (_, kind) in zip(own.geometry, rows, strict=True) if kind is None
        )
        land = surveyed.geometry[0]
        unsure = not near and (maybe or not land.contains(shape) or shape.distance(land.boundary) <= 60)
        if use:
            some, whole, open_ = some + near, whole + 1, open_ + unsure
        else:
            worse, better = worse + (not near), better + (near or unsure)
    found = mains.homes(own, surveyed, houses, LAND, kinds=("sewage", "combined"), within_m=60)
    assert (found.numerator, found.denominator) == (some, whole)
    assert len(found.offenders) == whole - some - open_
    bounds = (some / (whole + worse), (some + open_ + better) / (whole + better))
    assert (found.value_range or (found.value, found.value)) == pytest.approx(bounds)
    turned = mains.homes(own[::-1], surveyed, houses[::-1], LAND, kinds=("sewage", "combined"), within_m=60)
    assert (turned.value, turned.value_range) == (found.value, found.value_range)


@pytest.mark.parametrize("seed", range(10))
def test_hydrants_are_near_and_apart_as_by_plain_loops(seed):
    rng = random.Random(seed)
    at = [(rng.randrange(1000), rng.randrange(1000)) for _ in range(25)]
    works = [rng.choice([True, True, None, False]) for _ in at]
    own = frame(*(spot(*one) for one in at), works=works)
    houses = frame(*(town.box(x, y, x + 10, y + 8) for x in range(5, 990, 70) for y in range(5, 990, 70)))
    good = [spot(*one) for one, said in zip(at, works, strict=True) if said is not False]
    near = [min(house.distance(one) for one in good) for house in houses.geometry]
    found = mains.hydrants(own, WIDE, houses, LAND, within_m=150)
    assert (found.numerator, found.denominator) == (sum(one <= 150 for one in near), len(near))
    assert found.offenders["nearest_m"].tolist() == pytest.approx(
        sorted((one for one in near if one > 150), reverse=True)
    )
    apart = [min(one.distance(other) for other in good if other is not one) for one in good]
    spaced = mains.spacing(own, within_m=120)
    assert (spaced.numerator, spaced.denominator) == (sum(one <= 120 for one in apart), len(good))
    assert mains.spacing(own[::-1], within_m=120).value == spaced.value


def test_hydrants_that_are_none():
    house = frame(town.box(100, 100, 110, 110))
    for own in (frame(spot(100, 100), works=[False]), frame(spot(1, 1))[:0]):
        with pytest.raises(NotAssessed, match="no hydrant that works"):
            mains.hydrants(own, WIDE, house, LAND, within_m=150)
        with pytest.raises(NotAssessed, match="no hydrant that works"):
            mains.spacing(own, within_m=120)
    with pytest.raises(NotAssessed, match="but one"):
        mains.spacing(frame(spot(1, 1), spot(1, 1)), within_m=120)
    with pytest.raises(NotAssessed, match="no building"):
        mains.hydrants(frame(spot(1, 1)), WIDE, house[:0], LAND, within_m=150)
    with pytest.raises(NotAssessed, match="of none of 1"):
        mains.hydrants(frame(spot(900, 900)), LAND, frame(town.box(5, 5, 15, 15)), LAND, within_m=150)


def test_villages_and_built_land():
    own = survey(east(0, -2000, 3000), east(700, -2000, 3000), kind=["给水", None])
    far = frame(spot(100, 300), spot(100, 301), spot(100, 500), spot(100, -2000))
    found = mains.villages(own, WIDE, far, kinds=("water",), within_m=300)
    assert (found.numerator, found.denominator) == (1, 4)
    # The third is near a pipe of no kind.
    assert found.value_range == (0.25, 0.5)
    assert sorted(found.offenders["nearest_m"]) == [301, 2000]
    with pytest.raises(NotAssessed, match="no village"):
        mains.villages(own, WIDE, far[:0], kinds=("water",), within_m=300)
    fields = frame(town.box(0, 0, 500, 400), town.box(500, 0, 900, 400), **{"class": ["0701", "0103"]})
    land = mains.land(own, WIDE, fields, LAND, kinds=("water",), within_m=100)
    assert land.value == pytest.approx(0.25, rel=1e-4)
    assert land.value_range is None
    # Within 100 m of the edge of what was surveyed nobody knows of pipes beyond: the upper 50 m of the land.
    beside = mains.land(own, frame(town.box(-5000, -5000, 6000, 450)), fields, LAND, kinds=("water",), within_m=100)
    assert beside.value_range == pytest.approx((0.25, 0.375), rel=1e-4)
    with pytest.raises(NotAssessed, match="no built land"):
        mains.land(own, WIDE, fields[1:], LAND, kinds=("water",), within_m=100)


@pytest.mark.slow
def test_many_pipes_are_measured_in_seconds():
    rows, size = 400, 50
    lines = [spots(east(2 * at, 18 * k, 18 * k + 18)) for at in range(rows) for k in range(size)]
    own = frame(*lines, kind=["污水", "雨水"] * (len(lines) // 2))
    streets = frame(*(spots(east(25 * at + 1, 0, 900)) for at in range(30)))
    begin = time.perf_counter()
    found = pipes.length(own, LAND, kinds=("sewage",))
    assert found.value == pytest.approx(rows * size / 2 * 18 / 1000)
    drained = pipes.streets_with(streets, own, LAND, kinds=("rain", "sewage"), within_m=10)
    assert drained.value == pytest.approx(1.0)
    # Every line of pieces has two ends.
    assert pipes.loose_ends(own, kinds=("rain", "sewage"), tolerance_m=0.5).value == 2 * rows
    assert time.perf_counter() - begin < 60


# -- delivered layers


def test_a_survey_is_opened_by_its_columns(tmp_path):
    layers = town.layers()
    own = survey(east(50, 0, 400), east(80, 0, 300), kind=["污水", None]).rename(columns={"kind": "管线类型"})
    own = own.assign(
        建设年代=["2008-05", ""], 管径=[300, 200], 起点管底高程=[9.0, 8.0], 终点管底高程=[8.5, 7.9], 材质="PE"
    )
    spots_ = frame(spot(1, 1), spot(2, 2), 是否完好=["是", "否"])
    county = open_county(town.write(tmp_path, layers | {"pipes": own, "hydrants": spots_}))
    read = county.layer("pipes")
    assert known.kinds_of(read).tolist() == ["sewage", ""]
    assert known.years_of(read).tolist()[0] == 2008
    assert read["diameter_mm"].tolist() == [300, 200]
    assert (read["level_in"].tolist(), read["level_out"].tolist()) == ([9.0, 8.0], [8.5, 7.9])
    assert county.layer("hydrants")["works"].tolist() == [True, False]


def test_lengths_by_material_and_decade_add_up():
    lines = [LineString([(town.EAST, town.NORTH + 9 * n), (town.EAST + 100 + n, town.NORTH + 9 * n)])
             for n in range(5)]  # fmt: skip
    layer = town.frame(*lines, kind=["污水"] * 5, material=["PE", "PE", "混凝土", None, "PE"],
                       year=[2001.0, 2009.0, 1998.0, np.nan, 2011.0])  # fmt: skip
    found = pipes.length(layer, town.frame(town.box(-9, -9, 999, 999)), kinds=("sewage",))
    table = found.layers["materials"]
    rows = {(row.material, row.decade): (row.pipes, row.length_m) for row in table.itertuples()}
    assert rows == {
        ("PE", "2000"): (2, pytest.approx(201)), ("PE", "2010"): (1, pytest.approx(104)),
        ("混凝土", "1990"): (1, pytest.approx(102)), ("", ""): (1, pytest.approx(103)),
    }  # fmt: skip
    assert table["length_m"].sum() / 1000 == pytest.approx(found.value)
