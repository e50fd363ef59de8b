"""Polygons are fitted together where they overlap or gape; all others stay, bit by bit."""

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Polygon
from shapely.affinity import rotate, translate

from gis_planning.measures import topology
from gis_planning.mending.fitting import fitted, matched

E, N = 38_432_000.0, 4_588_000.0
NONE = np.array([], dtype=object)


def at(*corners):
    return Polygon([(E + x, N + y) for x, y in corners])


def box(x0, y0, x1, y1):
    return shapely.box(E + x0, N + y0, E + x1, N + y1)


def array(*shapes):
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    return found


def fit(*shapes, gaps_below_m=0.0, others=NONE):
    own = array(*shapes)
    done, changed = fitted(own, others, gaps_below_m)
    for was, now, moved in zip(own, done, changed, strict=True):
        assert moved or now is was
    return done, np.flatnonzero(changed).tolist()


#: A has a vertex halfway along the edge it shares with B, whose part here is long and narrow.
A = at((0, 0), (0, 300), (0, 700), (900, 700), (900, 0))
B = MultiPolygon([at((-8, 400), (0, 700), (0, 0)), box(-2000, 0, -1200, 800)])


def test_a_vertex_that_a_neighbour_lacks_is_no_fault():
    for shapes in ((A, B), (B, A), (A, B, box(900, 0, 1000, 700))):
        for gap in (0.0, 1.0):
            assert fit(*shapes, gaps_below_m=gap)[1] == []


def test_an_overlap_elsewhere_leaves_them():
    far = box(3000, 0, 3100, 100), box(3099, 0, 3200, 100)
    done, changed = fit(A, B, *far)
    assert changed
    assert set(changed) <= {2, 3}
    assert shapely.area(done[2:]).sum() == pytest.approx(20_000)
    # The overlap on a side of one of them.
    beside = box(899, 0, 1000, 700)
    done, changed = fit(A, B, beside)
    assert 1 not in changed
    assert shapely.area(done).sum() == pytest.approx(B.area + 1000 * 700, abs=1e-6)


def test_an_overlap_right_beside_the_vertex_is_mended():
    # A notch of 2 m around the vertex that B lacks: it is in both.
    notched = at((0, 0), (0, 290), (-1, 300), (0, 310), (0, 700), (900, 700), (900, 0))
    assert shapely.intersection(notched, B).area == pytest.approx(10)
    for shapes in ((notched, B), (B, notched)):
        done, changed = fit(*shapes)
        assert changed
        assert shapely.intersection(*done).area == 0
        assert shapely.union_all(done).area == pytest.approx(shapely.union_all(shapes).area, abs=1e-6)
        for was, now in zip(shapes, done, strict=True):
            assert shapely.symmetric_difference(was, now).area <= 10 + 1e-6


def test_the_longest_border_decides():
    # Of the overlap, 1 m by 100 m, the first has the three sides that its own land lies at.
    done, changed = fit(box(0, 0, 100, 300), box(99, 100, 200, 200))
    assert changed == [1]
    assert done[1].equals(box(100, 100, 200, 200))


def test_of_two_that_are_the_same_the_first_stays():
    done, changed = fit(box(0, 0, 10, 10), box(0, 0, 10, 10), box(10, 0, 20, 10))
    assert changed == [1]
    assert done[1].is_empty


def test_narrow_gaps_are_filled_and_land_of_others_is_no_gap():
    sides = box(-10, -10, 110, 0), box(-10, 100, 110, 110), box(-10, 0, 50, 100), box(50.2, 0, 110, 100)
    assert fit(*sides)[1] == []
    assert fit(*sides, gaps_below_m=0.1)[1] == []
    done, changed = fit(*sides, gaps_below_m=0.3)
    assert changed == [2]
    assert done[2].equals(box(-10, 0, 50.2, 100))
    assert fit(*sides, gaps_below_m=0.3, others=array(box(50, 0, 50.2, 100)))[1] == []


def partition(rng, cells):
    """Cut a turned square into random convex pieces, and join some of them; no two overlap, none is missing."""
    points = shapely.MultiPoint(rng.uniform(0, 1000, (cells, 2)))
    square = shapely.box(0, 0, 1000, 1000)
    pieces = shapely.intersection(shapely.get_parts(shapely.voronoi_polygons(points, extend_to=square)), square)
    turned = [translate(rotate(one, 17, origin=(0, 0)), E, N) for one in pieces if one.area > 1]
    return array(*turned)


def with_own_vertices(rng, shapes):
    """Give each polygon vertices on its edges that its neighbours lack."""
    found = []
    for one in shapes:
        corners = shapely.get_coordinates(one.exterior)
        share = rng.uniform(0.1, 0.9, len(corners) - 1)[:, None]
        extra = corners[:-1] + share * (corners[1:] - corners[:-1])
        use = rng.random(len(extra)) < 0.6
        found.append(Polygon(np.insert(corners, np.flatnonzero(use) + 1, extra[use], axis=0)))
    return array(*found)


@pytest.mark.parametrize("seed", range(12))
def test_random_partitions_stay_and_their_overlaps_are_mended(seed):
    rng = np.random.default_rng(seed)
    shapes = with_own_vertices(rng, partition(rng, 40))
    assert fit(*shapes)[1] == []
    # Some grow by a metre over their neighbours.
    grown = shapes.copy()
    some = rng.choice(len(shapes), 4, replace=False)
    grown[some] = shapely.buffer(shapes[some], 1.0, join_style="mitre")
    done, changed = fit(*grown)
    assert changed
    faults, unsure = topology.overlaps(done, 1e-4, 1e-6)
    assert (len(faults.at), unsure) == (0, 0)
    whole = shapely.union_all(grown).area
    assert shapely.union_all(done).area == pytest.approx(whole, abs=1e-3)
    assert shapely.area(done).sum() == pytest.approx(whole, abs=1e-3)
    # Nobody gives or gets other land than what overlapped.
    contested = shapely.union_all(
        [shapely.intersection(grown[a], grown[b]) for a in some for b in range(len(grown)) if a != b], grid_size=1e-4
    )
    moved = shapely.symmetric_difference(grown, done)
    assert shapely.area(shapely.difference(moved, shapely.buffer(contested, 0.001))).max() < 1e-3
    assert shapely.is_valid(done).all()
    # What fits after the vertices of the changed ones were given to their neighbours has no new holes.
    noded, got = matched(done, grown, np.isin(np.arange(len(done)), changed))
    assert not set(np.flatnonzero(got)) & set(changed)
    assert shapely.area(shapely.symmetric_difference(noded, done)).max() < 1e-3
    assert (shapely.get_num_coordinates(noded[got]) > shapely.get_num_coordinates(done[got])).all()
