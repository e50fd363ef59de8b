"""What spares overlays work: parcels that no outline comes near, and windows of big polygons."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planning import overlay
from gis_planning.overlay import cuts, outlines, windows

EAST, NORTH = 38_500_000.0, 4_600_000.0


def star(random, reach, corners):
    x, y = EAST + random.uniform(0, reach), NORTH + random.uniform(0, reach)
    angle = np.sort(random.uniform(0, 2 * np.pi, corners))
    away = reach * random.uniform(0.2, 1, corners)
    return shapely.make_valid(shapely.Polygon(np.column_stack([x + away * np.cos(angle), y + away * np.sin(angle)])))


def stars(seed, count, reach, corners=40):
    random = np.random.default_rng(seed)
    return overlay.polygons_of(np.array([star(random, reach, corners) for _ in range(count)], dtype=object))[0]


def land(seed, count, reach, side):
    random = np.random.default_rng(seed)
    x, y = EAST + random.uniform(-reach, 2 * reach, count), NORTH + random.uniform(-reach, 2 * reach, count)
    return shapely.box(x, y, x + random.uniform(side / 100, side, count), y + random.uniform(side / 100, side, count))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4), st.sampled_from([0.01, 3.0, 1000.0, 1e6]), st.integers(3, 300))
def test_a_region_lies_on_one_side_of_every_polygon(seed, count, reach, corners):
    parcels, polygons = land(seed, 400, reach, reach / 20), stars(seed, count, reach, corners)
    region = outlines.regions(shapely.bounds(parcels), polygons)
    for polygon in polygons:
        shapely.prepare(polygon)
        far = region > 0
        assert not shapely.intersects(polygon.boundary, parcels[far]).any()
        inside = shapely.covers(polygon, parcels)
        for one in np.unique(region[far]):
            assert len(set(inside[region == one])) == 1


def test_most_parcels_are_far_from_outlines():
    parcels = land(1, 4000, 1000.0, 20.0)
    region = outlines.regions(shapely.bounds(parcels), stars(1, 1, 1000.0))
    assert (region > 0).mean() > 0.7


def test_a_raster_that_would_be_full_or_too_fine_is_not_drawn(monkeypatch):
    parcels, polygons = land(1, 400, 1000.0, 20.0), stars(1, 1, 1000.0)
    monkeypatch.setattr(outlines, "MOST_STROKES", 10)
    assert not outlines.regions(shapely.bounds(parcels), polygons).any()
    assert not outlines.regions(shapely.bounds(land(1, 400, 1e-7, 1e-8)), polygons).any()


def same_near(polygons, of, bounds, shapes, window):
    boxes = shapely.box(*bounds.T)
    for function in (shapely.intersection, shapely.difference):
        expected, found = function(boxes, polygons[of]), function(boxes, shapes[window])
        assert shapely.area(found) == pytest.approx(shapely.area(expected), abs=1e-4)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 3))
def test_a_window_shows_all_of_a_polygon_that_is_near(seed, count):
    polygons, parcels = stars(seed, count, 1000.0, 1500), land(seed, 100, 1000.0, 60.0)
    which, of = shapely.STRtree(polygons).query(parcels, predicate="intersects")
    bounds = shapely.bounds(parcels[which])
    shapes, window = windows.windows(polygons, of, bounds, 0.1)
    valid = shapely.is_valid(shapes)[window]
    assert valid.mean() > 0.9
    same_near(polygons, of[valid], bounds[valid], shapes, window[valid])


@pytest.mark.parametrize("fails", [lambda *_: overlay.EMPTY, lambda shape, *_: shape, "raises"])
def test_clipping_that_loses_land_is_found_out(monkeypatch, fails):
    def raises(*_):
        raise shapely.GEOSException("IllegalArgumentException")

    monkeypatch.setattr(shapely, "clip_by_rect", raises if fails == "raises" else fails)
    polygons, parcels = stars(5, 1, 1000.0, 3000), land(5, 100, 1000.0, 60.0)
    which, of = shapely.STRtree(polygons).query(parcels, predicate="intersects")
    bounds = shapely.bounds(parcels[which])
    shapes, window = windows.windows(polygons, of, bounds, 0.1)
    same_near(polygons, of, bounds, shapes, window)


def test_windows_of_a_long_outline_are_small():
    pond = np.array([shapely.Point(EAST, NORTH).buffer(1000, quad_segs=10_000)])
    parcels = shapely.buffer(shapely.points(shapely.get_coordinates(pond[0].exterior)[::40]), 5)
    shapes, window = windows.windows(pond, np.zeros(len(parcels), dtype=int), shapely.bounds(parcels), 0.1)
    assert shapely.get_num_coordinates(shapes).max() <= windows.VERTICES + 10
    same_near(pond, np.zeros(len(parcels), dtype=int), shapely.bounds(parcels), shapes, window)


def test_parcels_are_cut_with_the_polygon_where_a_window_is_invalid(monkeypatch):
    tie = shapely.Polygon([(-50, -50), (50, 50), (50, -50), (-50, 50)])
    monkeypatch.setattr(cuts, "windows", lambda polygons, of, bounds, margin: (np.array([tie]), of * 0))
    cut = overlay.split([shapely.box(0, 0, 10, 10)], [shapely.box(5, -5, 20, 20)])
    assert [shapely.area(side)[0] for side in (cut.inside, cut.outside)] == pytest.approx([50, 50])


def test_parcels_over_one_another_share_a_window():
    polygons, parcels = stars(6, 1, 1000.0, 3000), np.full(500, shapely.box(EAST, NORTH, EAST + 1000, NORTH + 1000))
    shapes, _ = windows.windows(polygons, np.zeros(500, dtype=int), shapely.bounds(parcels), 0.1)
    assert len(shapes) == 1


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 3), st.sampled_from([30, 1000]))
def test_split_and_intersect_agree_with_plain_shapely(seed, count, corners):
    zone, parcels = stars(seed, count, 1000.0, corners), land(seed, 150, 1000.0, 60.0)
    cut, whole = overlay.split(parcels, zone), shapely.union_all(zone)
    near = 500 * overlay.GRID_M
    assert shapely.area(cut.inside) == pytest.approx(shapely.area(shapely.intersection(parcels, whole)), abs=near)
    assert shapely.area(cut.outside) == pytest.approx(shapely.area(shapely.difference(parcels, whole)), abs=near)
    assert not shapely.is_empty(cut.inside[shapely.covers(whole, parcels)]).any()
    pieces = overlay.intersect(parcels, zone)
    table = np.zeros((len(parcels), len(zone)))
    table[pieces.left, pieces.right] = shapely.area(pieces.geometry)
    plain = shapely.area(shapely.intersection(parcels[:, None], zone[None, :]))
    assert table == pytest.approx(plain, abs=near)
    assert (table[plain > near] > 0).all()


def test_one_polygon_at_several_positions():
    pond = shapely.Point(EAST, NORTH).buffer(500, quad_segs=500)
    parcels = land(8, 3000, 500.0, 60.0)
    pieces = overlay.intersect(parcels, [pond, pond])
    first, second = (shapely.area(pieces.geometry[pieces.right == one]) for one in (0, 1))
    assert first.tolist() == second.tolist()
    assert first.sum() == pytest.approx(shapely.area(shapely.intersection(parcels, pond)).sum(), abs=0.1)
    cut = overlay.split(parcels, [pond, pond])
    assert shapely.area(cut.inside) == pytest.approx(shapely.area(shapely.intersection(parcels, pond)), abs=0.05)
