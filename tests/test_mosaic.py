"""Outlines made of shared edges against the exact overlay, on land of many shapes."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import pytest
import rasterio
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gis_planning import overlay
from gis_planning.analysis import mosaic
from gis_planning.analysis.cells import cells_of, quarters_of
from gis_planning.analysis.mosaic import mosaic_of
from gis_planning.results.geopackage import write_tables
from gis_planning.results.rasters import write_surfaces
from gis_planning.results.surface import Surface, read_surface


def patches_of(land, group, size=10.0):
    cells = cells_of(np.array(land, dtype=object), size)
    return cells, mosaic_of(cells).patches(cells, np.asarray(group(cells), dtype=np.intp))


def picture_of(surface):
    return surface.at(*np.indices((surface.rows, surface.columns)))


def surface_of(picture, left, top, crs):
    row, column = np.nonzero(picture)
    return Surface.of(10.0, left + column, top - 1 - row, picture[row, column], crs)


def united(cells, chosen):
    return shapely.union_all(overlay.dissolve(cells.geometry(np.flatnonzero(chosen))))


@pytest.fixture
def no_help(monkeypatch):
    """Outlines come from edges alone: the exact overlay does not step in."""
    monkeypatch.setattr(mosaic, "_united", lambda _: pytest.fail("edges did not tell the outline"))


@settings(max_examples=60, deadline=None)
@example(turn=-18.0, shift=0.0, size=7.3, seed=126, share=0.875)
@example(turn=-17.0, shift=0.0, size=7.3, seed=254, share=0.875)
@example(turn=-15.5, shift=208.25, size=7.3, seed=743, share=0.5)
@given(
    turn=st.floats(-40, 40),
    shift=st.floats(-500, 500),
    size=st.sampled_from([7.3, 10.0, 25.0]),
    seed=st.integers(0, 10_000),
    share=st.floats(0.05, 0.95),
)
def test_any_grouping_is_outlined_as_the_overlay_does(turn, shift, size, seed, share):
    block = shapely.box(shift, -90, shift + 170, 110)
    court = shapely.affinity.scale(block, 0.4, 0.5)
    parcels = [shapely.difference(block, court), shapely.box(shift + 170, -60, shift + 260, 80), court]
    land = [shapely.affinity.rotate(one, turn, origin=(shift, 0)) for one in parcels]
    draw = np.random.default_rng(seed)
    cells, found = patches_of(land, lambda some: np.where(draw.random(len(some)) < share, 0, -1), size)
    chosen = found.of_cell >= 0
    # What the exact overlay had to draw may come in parts that are less than a rounding apart.
    assert np.isin(shapely.get_type_id(found.shapes), (3, 6)).all()
    assert shapely.is_valid(found.shapes).all()
    # No edge is moved farther than what is taken for one point.
    moved = mosaic.SAME_M * shapely.length(cells.geometry(np.flatnonzero(chosen)))
    assert shapely.area(found.shapes).sum() == pytest.approx(cells.area_m2[chosen].sum(), abs=1e-6 + moved.sum())
    assert (
        shapely.symmetric_difference(shapely.union_all(found.shapes), united(cells, chosen)).area < 1e-3 + moved.sum()
    )


def test_squares_that_touch_at_a_corner_are_two_patches(no_help):
    squares = [shapely.box(0, 0, 10, 10), shapely.box(10, 10, 20, 20)]
    _, found = patches_of(squares, lambda some: np.zeros(len(some)))
    assert sorted(shapely.area(found.shapes)) == pytest.approx([100, 100])


def test_a_hole_that_touches_the_outline_is_a_hole(no_help):
    # Three by three squares without the middle and one corner: both empty squares touch at a corner.
    def group(some):
        column, row = some.column, some.row
        return np.where(((column == 1) & (row == 1)) | ((column == 2) & (row == 2)), -1, 0)

    _, found = patches_of([shapely.box(0, 0, 30, 30)], group)
    assert shapely.is_valid(found.shapes).all()
    assert [len(one.interiors) for one in found.shapes] == [1]
    assert found.shapes[0].area == pytest.approx(700)


def test_two_holes_that_touch_at_a_corner_stay_two(no_help):
    def group(some):
        return np.where((some.column == some.row) & (some.column > 0) & (some.column < 3), -1, 0)

    _, found = patches_of([shapely.box(0, 0, 40, 40)], group)
    assert shapely.is_valid(found.shapes).all()
    assert sorted(shapely.Polygon(ring).area for ring in found.shapes[0].interiors) == pytest.approx([100, 100])


def test_parcels_that_share_part_of_an_edge_are_one_patch(no_help):
    # The corners of one stand in the middle of the other's edge, off the grid.
    parcels = [shapely.box(3, 3, 47, 47), shapely.box(47, 11, 66, 29)]
    _, found = patches_of(parcels, lambda some: np.zeros(len(some)))
    assert len(found.shapes) == 1
    assert found.shapes[0].area == pytest.approx(44 * 44 + 19 * 18)
    # Corners that only the grid made are gone: two boxes side by side have twelve.
    assert shapely.get_num_coordinates(found.shapes[0]) <= 13


def test_groups_side_by_side_are_patches_of_their_own(no_help):
    cells, found = patches_of([shapely.box(0, 0, 40, 20)], lambda some: np.where(some.column < 1, 3, 8))
    assert found.group.tolist() in ([3, 8], [8, 3])
    assert dict(zip(found.group.tolist(), shapely.area(found.shapes), strict=True)) == pytest.approx({3: 200, 8: 600})
    assert (found.of_cell >= 0).all()
    assert len(cells) == 8


def test_a_square_in_two_parts_joins_no_patches(no_help):
    # A slit from below leaves the lower square in two parts, which only the upper one joins.
    land = shapely.difference(shapely.box(0, 0, 10, 20), shapely.box(4, -1, 6, 11))
    cells, found = patches_of([land], lambda some: np.where(some.row == 0, 0, -1))
    assert len(cells) == 2
    assert shapely.area(found.shapes).tolist() == pytest.approx([40, 40])
    _, found = patches_of([land], lambda some: np.zeros(len(some)))
    assert shapely.area(found.shapes).tolist() == pytest.approx([178])


def test_nothing_chosen_is_no_patch():
    _, found = patches_of([shapely.box(0, 0, 40, 20)], lambda some: np.full(len(some), -1))
    assert len(found.shapes) == 0


def test_a_square_of_a_surface_has_the_value_of_its_largest_cell():
    # Two parcels share the square: 10 m by 7 m and 10 m by 3 m.
    cells = cells_of(np.array([shapely.box(0, 0, 10, 7), shapely.box(0, 7, 10, 10)], dtype=object), 10.0)
    surface = cells.surface(np.array([1, 2]), "EPSG:4526")
    assert picture_of(surface).tolist() == [[1]]


def test_a_surface_lies_where_its_squares_are():
    surface = Surface.of(10.0, np.array([3, 5]), np.array([-2, 0]), np.array([1, 7]), "EPSG:4526")
    assert picture_of(surface).tolist() == [[0, 0, 7], [0, 0, 0], [1, 0, 0]]
    assert {value: shape.bounds for value, shape in surface.shapes.items()} == {
        1: (30.0, -20.0, 40.0, -10.0),
        7: (50.0, 0.0, 60.0, 10.0),
    }
    with pytest.raises(ValueError, match="300"):
        Surface.of(10.0, np.array([0]), np.array([0]), np.array([300]), "EPSG:4526")


def test_surfaces_are_read_again_as_they_were_written(tmp_path):
    draw = np.random.default_rng(3)
    file = tmp_path / "results.gpkg"
    # Wider than a tile; two lie alike, of which the second has a tile without land, and one lies elsewhere.
    pictures = [draw.integers(0, 5, (700, 900)).astype(np.uint8) for _ in range(2)]
    pictures[1][1:-1, 600:-1] = 0
    crs = pyproj.CRS("EPSG:4526")
    made = {f"bands_C-{at}": surface_of(one, 3846840, 457632, crs) for at, one in enumerate(pictures)}
    made["bands_C-2"] = surface_of(pictures[0][:40, :50], 3846000, 457632, crs)
    write_surfaces(file, made)
    for name, surface in made.items():
        again = read_surface(file, name)
        assert (picture_of(again) == picture_of(surface)).all()
        assert (again.size_m, again.left, again.top) == (surface.size_m, surface.left, surface.top)
    with rasterio.open(f"GPKG:{file}:bands_C-1") as source:
        assert source.nodata == 0
        assert source.crs == "EPSG:4526"


def test_towns_far_apart_take_no_more_room_than_side_by_side():
    column = np.array([0, 1, 100_000])
    surface = Surface.of(10.0, column, np.array([0, 0, 90_000]), np.array([1, 2, 2]), pyproj.CRS("EPSG:4526"))
    assert len(surface.squares) == 2
    assert surface.at(np.array([90_000, 90_000, 0, 5, -1]), np.array([0, 1, 100_000, 5, 0])).tolist() == [1, 2, 2, 0, 0]
    assert {value: shape.area for value, shape in surface.shapes.items()} == {1: 100.0, 2: 200.0}


def test_shapes_that_stand_again_and_again_are_written_once(tmp_path):
    land = [shapely.box(at, 0, at + 10, 10).buffer(3, 64) for at in range(20)]
    names = [f"村{at}" for at in range(20)]
    once = gpd.GeoDataFrame({"name": names, "homes": range(20)}, geometry=land, crs="EPSG:4526")
    parts = [once.assign(code=f"C-{at}", value=np.arange(20) * at, lists="a;b") for at in range(30)]
    frame = pd.concat(parts, ignore_index=True)
    file = tmp_path / "results.gpkg"
    write_tables(file, {"communities": frame, "verdicts": pd.DataFrame({"code": ["C-1"]})})
    assert sorted(name for name, _ in pyogrio.list_layers(file)) == ["communities", "verdicts"]
    again = gpd.read_file(file, layer="communities")
    assert_geodataframe_equal(again[frame.columns], frame, check_dtype=False)
    # Thirty times the shapes, and less than twice the size of one.
    write_tables(tmp_path / "one.gpkg", {"communities": parts[0]})
    shapes = shapely.to_wkb(once.geometry.to_numpy())
    assert file.stat().st_size - (tmp_path / "one.gpkg").stat().st_size < 5 * sum(map(len, shapes))


def test_lots_that_do_not_touch_give_the_same_outlines(monkeypatch):
    draw = np.random.default_rng(4)
    land = [shapely.affinity.rotate(shapely.box(x, 0, x + 63, 81), 7 + x) for x in (0, 140, 280, 420)]
    land += [
        shapely.affinity.translate(
            land[1], *(shapely.get_coordinates(land[1])[1] - shapely.get_coordinates(land[1])[0])
        )
    ]
    group = draw.integers(-1, 2, 10_000)
    cells, whole = patches_of(land, lambda some: group[: len(some)], 10.0)
    monkeypatch.setattr(mosaic, "TOGETHER", 40)
    assert len(mosaic._apart(cells)) > 2
    lots = mosaic_of(cells).patches(cells, group[: len(cells)])
    assert len(lots.shapes) == len(whole.shapes)
    for number in (0, 1):
        one, other = (shapely.union_all(found.shapes[found.group == number]) for found in (whole, lots))
        assert shapely.symmetric_difference(one, other).area == pytest.approx(0, abs=1e-6)


def test_quarters_of_some_cells_tell_of_all(monkeypatch):
    land = np.array([shapely.affinity.rotate(shapely.box(0, 0, 400, 300), 12)], dtype=object)
    cells = cells_of(land, 10.0)
    every = quarters_of(cells)
    assert every.area_m2.sum() == pytest.approx(cells.area_m2.sum())
    monkeypatch.setattr("gis_planning.analysis.cells.QUARTERED", 100)
    some = quarters_of(cells)
    assert len(some.cells) <= 100
    assert some.area_m2.sum() == pytest.approx(cells.area_m2[some.cells].sum())
    near = {tuple(np.round(xy, 6)) for xy in every.middle_xy}
    assert {tuple(np.round(xy, 6)) for xy in some.middle_xy} <= near
