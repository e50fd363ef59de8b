"""The overlay core: conservation, the pairs known to fool GEOS, and agreement with plain shapely."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity

from gis_planning import overlay


def grid(n, size=10.0, gap=0.0):
    x, y = np.meshgrid(np.arange(n) * (size + gap), np.arange(n) * (size + gap))
    return shapely.box(x.ravel(), y.ravel(), x.ravel() + size, y.ravel() + size)


def star(x, y, radius, points=400, seed=1):
    random = np.random.default_rng(seed)
    angle = np.linspace(0, 2 * np.pi, points, endpoint=False)
    reach = radius * random.uniform(0.4, 1.0, points)
    return shapely.Polygon(np.column_stack([x + reach * np.cos(angle), y + reach * np.sin(angle)]))


def test_split_agrees_with_plain_shapely():
    parcels, zone = grid(30), overlay.dissolve([star(150, 150, 140), star(40, 40, 60, seed=2)])
    cut = overlay.split(parcels, zone)
    plain = shapely.area(shapely.intersection(parcels, shapely.union_all(zone)))
    assert shapely.area(cut.inside) == pytest.approx(plain, abs=40 * overlay.GRID_M)
    both = shapely.area(cut.inside) + shapely.area(cut.outside)
    assert both == pytest.approx(shapely.area(parcels), abs=40 * overlay.GRID_M)
    assert 0 < cut.moved_m <= overlay.GRID_M / np.sqrt(2) + 1e-9


def test_intersect_agrees_with_plain_shapely_pair_by_pair():
    left, right = grid(20), [star(100, 100, 90), star(60, 100, 70, seed=3), shapely.box(1000, 0, 1001, 1)]
    pieces = overlay.intersect(left, right)
    found = {(i, j): area for i, j, area in zip(pieces.left, pieces.right, shapely.area(pieces.geometry), strict=True)}
    plain = {(i, j): shapely.intersection(a, b).area for i, a in enumerate(left) for j, b in enumerate(right)}
    expected = {pair: area for pair, area in plain.items() if area > 0}
    assert found == pytest.approx(expected, abs=40 * overlay.GRID_M)


def test_a_parcel_over_several_cuts_of_a_big_zone_is_one_piece():
    pond = shapely.Point(300, 0).buffer(90, quad_segs=900)
    zone = [shapely.Point(0, 0).buffer(1000, quad_segs=5000).difference(pond)]
    pieces, owner = overlay.subdivide(zone)
    assert len(pieces) > 20
    assert shapely.get_num_coordinates(pieces).max() <= overlay.PIECE_VERTICES
    assert set(owner) == {0}
    assert shapely.area(pieces).sum() == pytest.approx(zone[0].area, rel=1e-12)
    inside = overlay.split([shapely.box(-150, -150, 150, 150)], zone).inside[0]
    assert inside.geom_type == "Polygon"
    assert inside.area == pytest.approx(90_000)


@pytest.mark.slow
def test_edges_that_coincide_but_for_rounding_do_not_make_a_conflict():
    # libgeos/geos#1344 and shapely#1871: GEOS may call touching parcels a 100 % overlap. A family of such pairs: a
    # rectangle, turned and moved to survey coordinates, against its neighbour across a shared edge.
    random = np.random.default_rng(0)
    parcels, neighbours = [], []
    for angle in random.uniform(0, 90, 3000):
        east, north = random.uniform(38_400_000, 38_600_000), random.uniform(4_500_000, 4_600_000)
        turn = lambda one: affinity.translate(affinity.rotate(one, angle, origin=(0, 0)), east, north)  # noqa: B023
        parcels.append(turn(shapely.box(0, 0, 11.3, 11.3)))
        neighbours.append(turn(shapely.box(11.3, -3.7, 30, 20)))
    for parcel, neighbour in zip(parcels, neighbours, strict=True):
        cut = overlay.split([parcel], [neighbour])
        assert shapely.area(cut.inside)[0] < 1e-3
        assert shapely.area(cut.outside)[0] == pytest.approx(parcel.area, abs=46 * overlay.GRID_M)


@pytest.mark.slow
def test_neighbours_with_vertices_of_their_own_on_the_shared_edge_share_nothing():
    random, n = np.random.default_rng(7), 20_000
    angle, width, height = random.uniform(0, 2 * np.pi, n), random.uniform(1, 60, n), random.uniform(1, 60, n)
    east, north = 38_400_000 + 200.0 * np.arange(n), random.uniform(4_500_000, 4_600_000, n)
    along = np.sort(random.uniform(0, 1, (3, n)), axis=0)

    def turned(*corners):
        x, y = (np.array([corner[axis] * np.ones(n) for corner in corners]) for axis in (0, 1))
        sin, cos = np.sin(angle), np.cos(angle)
        return shapely.polygons(np.stack([x * cos - y * sin + east, x * sin + y * cos + north], axis=-1).swapaxes(0, 1))

    parcels = turned((0, 0), (width, 0), (width, height), (0, height))
    neighbours = turned((90, 0), (90, height), (width, height), *((width, height * t) for t in along[::-1]), (width, 0))
    assert len(overlay.intersect(parcels, neighbours).left) == 0
    for deep in (0.001, 0.01, 1.0):
        over = turned((90, -1), (90, height + 1), (width - deep, height + 1), (width - deep, -1))
        found = overlay.intersect(parcels, over)
        assert found.left.tolist() == found.right.tolist() == list(range(n))
        outline = 2 * (width + height)
        assert (abs(shapely.area(found.geometry) - deep * height) < outline * overlay.GRID_M).all()


def test_a_needle_thinner_than_the_grid_is_cut_too():
    # On the grid the needle has no width, which is no valid polygon.
    needle = shapely.Polygon([(0, 0), (10, 0), (10, 5), (30, 5), (30, 5.00001), (10, 5.00001), (10, 10), (0, 10)])
    cut = overlay.split([needle], [shapely.box(5, -1, 50, 11)])
    assert shapely.area(cut.inside)[0] == pytest.approx(50, abs=needle.length * overlay.GRID_M)
    assert shapely.area(cut.outside)[0] == pytest.approx(50, abs=needle.length * overlay.GRID_M)


def test_a_failure_of_geos_is_cut_again_on_the_grid(monkeypatch):
    sound = shapely.difference

    def fails(a, b, **grid):
        if not grid:
            raise shapely.GEOSException("TopologyException")
        return sound(a, b, **grid)

    monkeypatch.setattr(shapely, "difference", fails)
    cut = overlay.split([shapely.box(0, 0, 10, 10)], [shapely.box(5, 0, 20, 20)])
    assert [shapely.area(side)[0] for side in (cut.inside, cut.outside)] == pytest.approx([50, 50])


def test_a_cut_that_loses_area_is_tried_on_coarser_grids_and_never_becomes_a_number(monkeypatch):
    broken = shapely.intersection

    def lossy(a, b, grid_size=None):
        return np.full(len(a), overlay.EMPTY) if grid_size in (None, 1e-4) else broken(a, b, grid_size=grid_size)

    monkeypatch.setattr(shapely, "intersection", lossy)
    inside = overlay.split([shapely.box(0, 0, 10, 10)], [shapely.box(5, 0, 20, 20)]).inside
    assert shapely.area(inside)[0] == pytest.approx(50)
    # On a grid of a millimetre a corner at 0.0004 m goes to 0, which is told.
    moved = overlay.split([shapely.box(0.0004, 0, 10, 10)], [shapely.box(5, 0, 20, 20)]).moved_m
    assert moved == pytest.approx(0.0004)
    monkeypatch.setattr(shapely, "intersection", lambda a, b, grid_size=None: np.full(len(a), overlay.EMPTY))
    with pytest.raises(ArithmeticError, match="conserve"):
        overlay.split([shapely.box(0, 0, 10, 10)], [shapely.box(5, 0, 20, 20)])
    marked = overlay.split(
        [shapely.box(0, 0, 10, 10), shapely.box(30, 0, 40, 1)], [shapely.box(5, 0, 20, 20)], leave_unsure=True
    )
    assert marked.unsure.tolist() == [True, False]


def test_touching_and_empty_and_nothing():
    cut = overlay.split([shapely.box(0, 0, 1, 1), overlay.EMPTY], [shapely.box(1, 0, 2, 1)])
    assert shapely.area(cut.inside).tolist() == [0, 0]
    assert shapely.area(cut.outside).tolist() == [1, 0]
    assert len(overlay.dissolve([None, overlay.EMPTY])) == 0
    none = overlay.split([shapely.box(0, 0, 1, 1)], np.array([], dtype=object))
    assert shapely.area(none.outside).tolist() == [1]
    assert len(overlay.intersect(np.array([], dtype=object), [shapely.box(0, 0, 1, 1)]).left) == 0


rectangles = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(1, 8), st.integers(1, 8)), min_size=1, max_size=12
).map(lambda rows: [shapely.box(x, y, x + w, y + h) for x, y, w, h in rows])


@settings(max_examples=150, deadline=None)
@given(rectangles)
def test_dissolving_and_disentangling_keep_the_land(boxes):
    union = shapely.union_all(boxes)
    assert shapely.area(overlay.dissolve(boxes)).sum() == pytest.approx(union.area)
    apart = overlay.without_overlap(boxes)
    assert len(apart) == len(boxes)
    assert shapely.area(apart).sum() == pytest.approx(union.area)
    assert shapely.union_all(apart).symmetric_difference(union).area < 1e-9


@settings(max_examples=100, deadline=None)
@given(rectangles, rectangles)
def test_inside_and_outside_are_the_parcel(parcels, zone):
    united = overlay.dissolve(zone)
    cut = overlay.split(parcels, united)
    assert shapely.area(cut.inside) + shapely.area(cut.outside) == pytest.approx(shapely.area(parcels))
    whole = shapely.union_all(zone)
    for parcel, inside in zip(parcels, cut.inside, strict=True):
        assert inside.area == pytest.approx(parcel.intersection(whole).area, abs=1e-9)
    copy = overlay.split(united, united)
    assert shapely.area(copy.inside).sum() == pytest.approx(whole.area)
    assert shapely.area(copy.outside).sum() == pytest.approx(0, abs=1e-9)
