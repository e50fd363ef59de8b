"""Layers shifted as a whole against those they were drawn along; and drawings that only look as if they were."""

import itertools

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
import town
from shapely import affinity

from gis_planning.county.opened import open_county
from gis_planning.county.shift import shifts
from gis_planning.formats.datum import from_wgs84
from gis_planning.judging import judge, rulebook

DEGREES = pyproj.Transformer.from_crs(town.CRS, "EPSG:4326", always_xy=True)


def cells(side, count, seed=7):
    """An irregular net: the Voronoi cells of `count` points in a square, as cadastral parcels are irregular."""
    rng = np.random.default_rng(seed)
    points = shapely.multipoints(rng.uniform(0, side, (count, 2)))
    square = shapely.box(0, 0, side, side)
    found = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=square))
    return np.array([affinity.translate(one & square, town.EAST, town.NORTH) for one in found], dtype=object)


def parts(net, side):
    """The net's cells in three bands from west to east, each as one layer of a few merged polygons."""
    x = shapely.get_x(shapely.centroid(net)) - town.EAST
    return [np.array([shapely.union_all(net[(x > low) & (x <= high)])], dtype=object)
            for low, high in ((0, side * 0.4), (side * 0.4, side * 0.7), (side * 0.7, side))]  # fmt: skip


def moved(shapes, dx, dy):
    return np.array([affinity.translate(one, dx, dy) for one in shapes], dtype=object)


@pytest.mark.parametrize("shift", [(60.0, -25.0), (-512.0, 231.0), (3.0, 690.0)])
def test_a_shift_is_found_with_its_size(shift):
    net = cells(4000, 150)
    found = shifts({"a": net, "b": moved(net[20:110], *shift)})["b"]
    assert (found.east_m, found.north_m) == pytest.approx(shift, abs=0.5)
    assert found.share > 0.9


@pytest.mark.parametrize("shift", [(0, 0), (1.0, 1.0), (30.0, 20.0), (800.0, 0.0)])
def test_what_is_sound_a_little_off_or_out_of_reach_is_no_shift(shift):
    """Below 50 m edges of two surveys differ, above 700 m no known datum lies."""
    net = cells(4000, 150)
    assert shifts({"a": net, "b": moved(net[20:110], *shift)}) == {}


def test_web_map_coordinates_are_found_though_their_shift_is_no_constant():
    """GCJ-02 under a CGCS2000 label, over 12 km: within a window of 5 km it changes by metres."""
    net = cells(12_000, 700)
    west, middle, east = parts(net, 12_000)

    def as_if_true(points):
        lon, lat = DEGREES.transform(points[:, 0], points[:, 1])
        return np.column_stack(DEGREES.transform(*from_wgs84(lon, lat, "GCJ-02"), direction="INVERSE"))

    gcj = shapely.transform(middle, as_if_true)
    off = shapely.get_coordinates(gcj).mean(axis=0) - shapely.get_coordinates(middle).mean(axis=0)
    found = shifts({"west": west, "middle": gcj, "east": east})
    # West and east touch nothing but the middle: which of them lies off nobody can tell, so all three are in doubt.
    assert set(found) == {"west", "middle", "east"}
    assert found["middle"].east_m == pytest.approx(off[0], abs=15)
    assert found["middle"].north_m == pytest.approx(off[1], abs=15)
    assert shifts({"west": west, "middle": middle, "east": east}) == {}


def test_a_regular_fishnet_is_no_evidence():
    net = np.array([shapely.box(x, y, x + 100, y + 100) for x in range(0, 3000, 100) for y in range(0, 3000, 100)])
    assert shifts({"a": net, "b": moved(net, 50, 60)}) == {}
    assert shifts({"a": net, "b": moved(net[100:400], 60, 50)}) == {}
    few = np.array([shapely.box(x, y, x + 300, y + 300) for x in range(0, 900, 300) for y in range(0, 900, 300)])
    assert shifts({"a": few, "b": moved(few, 60, 70)}) == {}


def test_strips_along_one_road_are_no_evidence():
    """Strips on both sides of a straight road fit after any move along it."""
    rng = np.random.default_rng(3)
    ends = np.cumsum(rng.uniform(50, 400, 30))
    north = np.array([shapely.box(a, 20, b, 120) for a, b in itertools.pairwise(ends)])
    road = np.array([shapely.box(-500, 100, ends[-1] + 500, 108)])
    assert shifts({"road": road, "strips": moved(north, 0, -90)}) == {}


def test_a_layer_of_few_corners_far_apart_is_looked_at_in_larger_windows():
    net = cells(16_000, 60)
    assert set(shifts({"a": net, "b": moved(net[10:16], 300, 200)})) >= {"b"}
    assert shifts({"a": net, "b": net[10:16]}) == {}


def test_layers_that_share_nothing_are_not_shifted():
    assert shifts({"a": cells(4000, 150, seed=1), "b": cells(4000, 150, seed=2)}) == {}
    assert shifts({"a": cells(4000, 150)}) == {}
    assert shifts({"a": cells(4000, 150), "b": np.array([None, shapely.Polygon()], dtype=object)}) == {}


def test_half_of_a_layer_drawn_along_others_is_enough_and_a_third_is_not():
    net = cells(4000, 300)
    own = cells(4000, 300, seed=11)
    for many, is_found in ((110, True), (45, False)):
        mixed = np.concatenate([net[:many], moved(own[:100], 0, 0)])
        assert ("b" in shifts({"a": net, "b": moved(mixed, 210, -130)})) is is_found


def test_a_shifted_control_line_is_not_assessed_and_another_layer_is_told(tmp_path):
    net = cells(4000, 150)
    west, middle, east = parts(net, 4000)

    def frame(shapes):
        return gpd.GeoDataFrame({"name": ["x"] * len(shapes)}, geometry=list(shapes), crs=town.CRS)

    inside = shapely.point_on_surface(middle[0]).buffer(10)
    layers = {
        "ecological_redline": frame(moved(middle, 400, 300)),
        "permanent_farmland": frame(west),
        "development_boundary": frame(east).assign(zone="410"),
        "projects": frame([inside]).assign(id="P1"),
    }
    county = open_county(town.write(tmp_path, layers, county='rules = ["redline-three_lines"]'))
    card = judge.check(county, rulebook.chosen(rulebook.load(), rules=["redline-three_lines"]))
    said = {one.code: one for one in card.verdicts if "redline" in str(one.settings) or one.measured is None}
    assert said
    assert all(one.outcome == "not-assessed" for one in said.values())
    told = "\n".join(one.to("en") for one in card.warnings)
    assert "shifted as a whole by 500 m (+400 m east, +300 m north)" in told
    sound = open_county(town.write(tmp_path / "sound", {**layers, "ecological_redline": frame(middle)}))
    assert judge.check(sound, rulebook.chosen(rulebook.load(), rules=["redline-three_lines"])).warnings == ()
