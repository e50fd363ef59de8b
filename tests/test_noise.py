"""Homes near roads and railways, against plain loops, and what nobody knows."""

import numpy as np
import pytest
import shapely
import town

from gis_planning.errors import NotAssessed
from gis_planning.measures import noise

SOURCES = ({"of": ("trunk",), "within_m": 55.0}, {"of": ("primary", "railway"), "within_m": 30.0})
REACH = {"trunk": 55.0, "primary": 30.0, "railway": 30.0}


def line(x0, y0, x1, y1):
    return shapely.LineString([(town.EAST + x0, town.NORTH + y0), (town.EAST + x1, town.NORTH + y1)])


def near(houses, streets, barriers=None):
    return noise.homes_near(houses, streets, barriers, sources=SOURCES)


def random_town(seed):
    draw = np.random.default_rng(seed)
    ends = draw.uniform(0, 800, (14, 4))
    classes = draw.choice(np.array(["trunk", "primary", "residential", None], dtype=object), 14).tolist()
    streets = town.frame(*(line(*one) for one in ends), tunnel=(draw.random(14) < 0.2).tolist(), **{"class": classes})
    rails = town.frame(line(0, 500, 800, 480), line(0, 0, 800, 5), kind=["railway", "river"])
    at = draw.uniform(0, 800, (80, 2))
    uses = draw.choice(["居住", "商业", ""], 80).tolist()
    return town.frame(*(town.box(x, y, x + 10, y + 8) for x, y in at), use=uses), streets, rails


@pytest.mark.parametrize("seed", range(15))
def test_homes_are_counted_as_by_plain_loops(seed):
    houses, streets, rails = random_town(seed)
    roads = [
        (shape, kind) for shape, kind, hidden in zip(streets.geometry, streets["class"], streets["tunnel"], strict=True)
        if not hidden
    ] + list(zip(rails.geometry, rails["kind"], strict=True))  # fmt: skip
    least = most = homes = 0
    options = []
    for house, use in zip(houses.geometry, houses["use"], strict=True):
        sure = any(kind in REACH and house.distance(shape) <= REACH[kind] for shape, kind in roads)
        may = sure or any(not isinstance(kind, str) and house.distance(shape) <= 55 for shape, kind in roads)
        options.append((use, sure, may))
        if use == "居住":
            homes += 1
            least += sure
            most += may
    found = near(houses, streets, rails)
    assert (found.numerator, found.denominator) == (least, homes)
    # A building of no use is a home wherever that makes the share less, or more.
    possible = sum(use == "" and not sure for use, sure, _ in options)
    might = sum(use == "" and may for use, _, may in options)
    low, high = found.value_range
    assert low == pytest.approx(least / (homes + possible))
    assert high == pytest.approx((most + might) / (homes + might))
    mixed = near(houses[::-1], streets[::-1], rails[::-1])
    assert (mixed.value, mixed.value_range) == (found.value, found.value_range)


def test_offenders_come_nearest_first_and_railways_are_optional():
    houses = town.frame(town.box(0, 20, 10, 30), town.box(0, 5, 10, 10), use=["居住", "住宅"])
    found = near(houses, town.frame(line(-9, 0, 99, 0), **{"class": ["primary"]}))
    assert found.value_range is None
    assert found.offenders["straight_m"].tolist() == pytest.approx([5, 20])


@pytest.mark.parametrize(
    ("use", "kind", "key"), [("商业", "trunk", "no_homes"), ("居住", None, "no_classes"), ("居住", " ", "no_classes")]
)
def test_what_was_not_delivered_is_never_a_pass(use, kind, key):
    with pytest.raises(NotAssessed) as refused:
        near(town.frame(town.box(0, 0, 9, 9), use=[use]), town.frame(line(0, 0, 9, 0), **{"class": [kind]}))
    assert refused.value.reason.key == f"noise.{key}"
