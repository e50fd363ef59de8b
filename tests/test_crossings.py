"""Following outlines from crossing to crossing, against plain shapely pair by pair."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planning import overlay
from gis_planning.overlay import crossings, cuts
from gis_planning.overlay.crossings import traced


def patch(random, size, corners=9, hole=False):
    """A polygon with whole coordinates around a random point, seldom convex."""
    x, y = random.uniform(-size, size, 2)
    angle = np.sort(random.uniform(0, 2 * np.pi, corners))
    reach = size * random.uniform(0.3, 1, corners)
    shell = np.round(np.column_stack([x + reach * np.cos(angle), y + reach * np.sin(angle)]))
    one = shapely.Polygon(shell)
    pond = shapely.Polygon(np.round((shell - (x, y)) * 0.4 + (x, y)))
    if hole and one.is_valid and pond.is_valid:
        one = one.difference(pond)
    whole = (shapely.get_coordinates(one) % 1 == 0).all()
    return one if one.is_valid and one.geom_type == "Polygon" and one.area > 0 and whole else None


def patches(seed, count, size, **shape):
    random = np.random.default_rng(seed)
    drawn = [patch(random, size, **shape) for _ in range(count)]
    return np.array([one for one in drawn if one], dtype=object)


def agree(left, right):
    """Trace every pair, hold what is given against shapely, and return which were given."""
    which, piece = (grid.ravel() for grid in np.meshgrid(np.arange(len(left)), np.arange(len(right)), indexing="ij"))
    cut = traced(left, right, which, piece, both=True)
    a, b = left[which], right[piece]
    # A right one that touches itself in a point may leave a ring that does; callers look at that.
    plain = cut.plain & shapely.is_valid(cut.shared) & shapely.is_valid(cut.rest)
    near = 1e-6 * shapely.length(a[plain])
    for sides, function in ((cut.shared, shapely.intersection), (cut.rest, shapely.difference)):
        expected = function(a[plain], b[plain])
        assert (abs(shapely.area(sides[plain]) - shapely.area(expected)) <= near).all()
        assert (shapely.area(shapely.symmetric_difference(sides[plain], expected, grid_size=1e-6)) <= near).all()
    assert cut.rest_area[plain] == pytest.approx(shapely.area(cut.rest[plain]), rel=1e-12)
    return plain, a, b


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([3, 8, 30, 1000, 10**8]), st.booleans())
def test_what_is_given_is_what_shapely_finds(seed, size, hole):
    left, right = patches(seed, 6, size), patches(seed + 1, 8, size, hole=hole, corners=14)
    if len(left) and len(right):
        agree(left, right)


def test_outlines_that_cross_plainly_are_given():
    left, right = patches(1, 40, 10**6), patches(2, 40, 10**6, corners=200)
    plain, a, b = agree(left, right)
    inside = shapely.covers(a, b)
    crossing = shapely.crosses(shapely.boundary(a), shapely.boundary(b))
    assert crossing.sum() > 300
    assert (plain == (crossing & ~inside)).all()


def test_the_way_rings_run_does_not_matter():
    left, right = patches(3, 10, 10**6), patches(4, 10, 10**6, hole=True)
    forward, _, _ = agree(left, right)
    for one, other in ((shapely.reverse(left), right), (left, shapely.reverse(right))):
        backward, _, _ = agree(one, other)
        assert (backward == forward).all()
    assert forward.any()


@pytest.mark.parametrize(
    "other",
    [
        shapely.box(10, 0, 20, 10),  # along an edge
        shapely.box(5, 5, 10, 20),  # along a part of one
        shapely.Polygon([(10, 5), (20, 0), (20, 10)]),  # a corner on an edge
        shapely.Polygon([(5, 5), (20, 20), (20, 0)]),  # an edge through a corner
        shapely.box(2, 2, 4, 4),  # an island
        shapely.box(-5, -5, 15, 15),  # around
        shapely.box(30, 30, 40, 40),  # apart
        shapely.MultiPolygon([shapely.box(5, 2, 20, 4), shapely.box(2, 6, 3, 7)]),  # across, and an island
        shapely.box(-5, -5, 15, 15).difference(shapely.box(2, 2, 4, 4)),  # around, but for a pond
    ],
)
def test_what_is_not_plain_is_left_to_others(other):
    cut = traced(np.array([shapely.box(0, 0, 10, 10)]), np.array([other]), np.array([0]), np.array([0]), both=True)
    assert cut.plain.tolist() == [False]


def test_a_hole_in_the_left_one_is_left_to_others():
    ring = shapely.box(0, 0, 10, 10).difference(shapely.box(4, 4, 6, 6))
    cut = traced(np.array([ring]), np.array([shapely.box(5, -5, 20, 20)]), np.array([0]), np.array([0]), both=True)
    assert cut.plain.tolist() == [False]


def test_pairs_with_too_many_edges_to_look_at_are_left_to_others(monkeypatch):
    left, right = patches(1, 20, 10**6), patches(2, 20, 10**6, corners=200)
    every, _, _ = agree(left, right)
    monkeypatch.setattr(crossings, "MOST_FOUND", 1000)
    some, _, _ = agree(left, right)
    assert 0 < some.sum() < every.sum()
    assert not (some & ~every).any()


def test_several_pieces_of_one_pair():
    comb = shapely.union_all([shapely.box(5, -5, 9, 15), *(shapely.box(1, y, 6, y + 1) for y in (1, 4, 7))])
    left, right = np.array([shapely.box(2, 0, 4, 10)]), np.array([comb])
    cut = traced(left, right, np.array([0]), np.array([0]), both=True)
    assert cut.plain.all()
    assert (cut.shared[0].geom_type, shapely.area(cut.shared[0])) == ("MultiPolygon", 6)
    assert shapely.get_num_geometries(cut.rest[0]) == 4
    assert shapely.area(cut.rest[0]) == cut.rest_area[0] == 14


@pytest.mark.parametrize("wrong", ["swollen", "lost", "bow tie"])
def test_a_wrong_tracing_is_found_out(monkeypatch, wrong):
    sound = cuts.traced

    def lies(left, right, which, piece, *, both):
        cut = sound(left, right, which, piece, both=both)
        assert cut.plain.all()
        cut.shared[:] = {
            "swollen": shapely.buffer(cut.shared, 1000),
            "lost": np.array([overlay.EMPTY]),
            "bow tie": shapely.polygons([[(0, 0), (10**5, 10**5), (10**5, 0), (0, 10**5)]]),
        }[wrong]
        return cut

    monkeypatch.setattr(cuts, "traced", lies)
    parcel, zone = shapely.box(0, 0, 10, 10), shapely.Polygon([(5, -3), (30, -3), (30, 17), (5, 17)])
    cut = overlay.split([parcel], [zone])
    assert [shapely.area(side)[0] for side in (cut.inside, cut.outside)] == pytest.approx([50, 50])
    assert shapely.area(overlay.intersect([parcel], [zone]).geometry).tolist() == pytest.approx([50])
