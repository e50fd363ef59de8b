"""Areas on the ellipsoid: against pyproj.Geod, and against the official formula of 2008, written here for itself."""

from fractions import Fraction
from functools import cache

import numpy as np
import pyproj
import pytest
import shapely
from shapely import affinity

from gis_planning import geo

A, F = 6_378_137.0, 1 / 298.257222101
E2 = F * (2 - F)
GEOD = pyproj.Geod(ellps="GRS80")  # the axes of CGCS2000
GK38 = "EPSG:4526"


def area(polygon, crs=GK38):
    return geo.ellipsoid_area(np.array([polygon], dtype=object), pyproj.CRS(crs))[0]


@cache
def degrees(crs):
    crs = pyproj.CRS(crs)
    return pyproj.Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True).transform


def rings(polygon, step):
    """Return the rings of all parts with vertices every step, and +1 for a shell or -1 for a hole."""
    for part in getattr(polygon, "geoms", [polygon]):
        for sign, ring in [(1, part.exterior), *((-1, hole) for hole in part.interiors)]:
            yield sign, shapely.get_coordinates(shapely.segmentize(ring, step)).T


def by_geod(polygon, crs=GK38, step=20.0):
    found = 0.0
    for sign, (x, y) in rings(polygon, step):
        found += sign * abs(GEOD.polygon_area_perimeter(*degrees(crs)(x, y))[0])
    return found


def by_formula(polygon, crs=GK38, step=5.0):
    """Add up trapezoids between each edge and a meridian, as the circular of 2008 prescribes (series to e8)."""
    e2, e4, e6, e8 = E2, E2**2, E2**3, E2**4
    k = [
        1 + 3 / 6 * e2 + 30 / 80 * e4 + 35 / 112 * e6 + 630 / 2304 * e8,
        1 / 6 * e2 + 15 / 80 * e4 + 21 / 112 * e6 + 420 / 2304 * e8,
        3 / 80 * e4 + 7 / 112 * e6 + 180 / 2304 * e8,
        1 / 112 * e6 + 45 / 2304 * e8,
        5 / 2304 * e8,
    ]
    b2 = (A * (1 - F)) ** 2
    found = 0.0
    for sign, (x, y) in rings(polygon, step):
        lon, lat = np.radians(degrees(crs)(x, y))
        width = (lon[1:] - lon[0] + (lon[:-1] - lon[0])) / 2
        half, mean = np.diff(lat) / 2, (lat[1:] + lat[:-1]) / 2
        strip = sum((-1) ** n * k[n] * np.sin((2 * n + 1) * half) * np.cos((2 * n + 1) * mean) for n in range(5))
        found += sign * abs((2 * b2 * width * strip).sum())
    return found


@pytest.mark.parametrize("north", [2_000_000, 4_600_000, 5_900_000, 8_000_000])
@pytest.mark.parametrize("off", [0, 60_000, 130_000, -250_000])
@pytest.mark.parametrize("side", [50, 1_000, 9_000])
def test_both_engines_agree_from_the_central_meridian_to_far_outside_the_zone(off, north, side):
    square = affinity.rotate(shapely.box(0, 0, side, side), 17)
    parcel = affinity.translate(square, 38_500_000 + off, north)
    # Degrees have steps of 1 nm on the ground: along the outline, a few 1e-9 of the side.
    assert area(parcel) == pytest.approx(by_formula(parcel), rel=2e-10 + 4e-9 / side)
    assert area(parcel) == pytest.approx(by_geod(parcel, step=5.0), rel=1e-9, abs=2e-4)


def star(x, y, reach, points, seed=3):
    random = np.random.default_rng(seed)
    angle = np.linspace(0, 2 * np.pi, points, endpoint=False)
    radius = reach * random.uniform(0.6, 1.0, points)
    return shapely.Polygon(np.column_stack([x + radius * np.cos(angle), y + radius * np.sin(angle)]))


def test_a_county_of_20_000_km2():
    county = star(38_560_000, 4_650_000, 98_000, 3_000)
    assert county.area == pytest.approx(20e9, rel=0.05)
    assert area(county) == pytest.approx(by_geod(county, step=100.0), rel=1e-10)
    # The same land in parts, each measured with polynomials of its own.
    cells = [
        shapely.box(x, y, x + 20_000, y + 20_000)
        for x in range(38_460_000, 38_660_000, 20_000)
        for y in range(4_550_000, 4_750_000, 20_000)
    ]
    parts = shapely.intersection(np.array(cells), county)
    assert geo.ellipsoid_area(parts, pyproj.CRS(GK38)).sum() == pytest.approx(area(county), rel=1e-11)


@pytest.mark.parametrize(
    ("crs", "x", "y", "reach", "step"),
    [
        ("EPSG:32632", 700_000, 8_900_000, 20_000, 20),  # Svalbard, 80 N
        ("EPSG:32720", 400_000, 6_500_000, 20_000, 20),  # south of the equator
        ("EPSG:2154", 400_000, 6_800_000, 150_000, 50),  # Lambert's cone
        ("EPSG:3035", 5_000_000, 2_000_000, 50_000, 50),  # an equal-area plane
        ("EPSG:2263", 980_000, 200_000, 60_000, 100),  # feet
        ("EPSG:32601", 100_000, 7_200_000, 30_000, 20),  # beyond 180 degrees
        ("EPSG:3413", 3_000, -4_000, 20_000, 20),  # round the pole
    ],
)
def test_other_planes(crs, x, y, reach, step):
    land = star(x, y, reach, 400)
    assert area(land, crs) == pytest.approx(by_geod(land, crs, step), rel=1e-9)


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4258"])
def test_edges_straight_in_degrees(crs):
    for reach, step in ((0.001, 1e-5), (0.05, 1e-4), (1.0, 2e-4)):
        land = star(113.2, 41.4, reach, 60)
        assert area(land, crs) == pytest.approx(by_geod(land, crs, step), rel=1e-9)


def test_grads_from_paris():
    # EPSG:4807 counts in grads from Paris: a square of 0.1 grad is one of 0.09 degrees.
    land = shapely.box(0, 50, 0.1, 50.1)
    assert area(land, "EPSG:4807") == pytest.approx(area(shapely.box(2, 45, 2.09, 45.09), "EPSG:4258"), rel=1e-9)


def test_an_equal_area_plane_needs_no_correction():
    # PROJ's own series for this plane is good to 3e-10.
    assert area(star(4_500_000, 3_000_000, 90_000, 500), "EPSG:3035") == pytest.approx(
        star(4_500_000, 3_000_000, 90_000, 500).area, rel=1e-9
    )


def test_a_hole_is_taken_off_however_it_is_wound_and_parts_add_up():
    shell, hole = star(38_630_000, 4_600_000, 4_000, 90), shapely.Point(38_630_000, 4_600_000).buffer(900)
    expected = by_geod(shell, step=5.0) - by_geod(hole, step=5.0)
    for outer in (shell.exterior, shell.exterior.reverse()):
        for inner in (hole.exterior, hole.exterior.reverse()):
            assert area(shapely.Polygon(outer, [inner])) == pytest.approx(expected, rel=1e-10)
    far = affinity.translate(hole, 60_000, 90_000)
    both = shapely.MultiPolygon([shapely.Polygon(shell.exterior, [hole.exterior]), far])
    assert area(both) == pytest.approx(expected + by_geod(far, step=5.0), rel=1e-10)


def plane(polygon):
    """Return the plane area of the very coordinates, in exact fractions."""
    x, y = ([Fraction(value) for value in axis] for axis in shapely.get_coordinates(polygon).T)
    return float(abs(sum(x[i] * y[i + 1] - x[i + 1] * y[i] for i in range(len(x) - 1)) / 2))


@pytest.mark.parametrize("width", [1.0, 1e-2, 1e-3])
def test_a_sliver_loses_no_digits(width):
    # No engine that goes through degrees can tell: they have steps of 1 nm. The scale of a square about the sliver can.
    def placed(*box):
        return affinity.translate(affinity.rotate(shapely.box(*box), 31, origin=(0, 0)), 38_627_000, 4_601_000)

    sliver, about = placed(-400, -width / 2, 400, width / 2), placed(-500, -500, 500, 500)
    # Along the sliver the scale bends by 400 m squared over 3 R2, over the square by as much.
    assert area(sliver) / plane(sliver) == pytest.approx(by_formula(about) / plane(about), rel=1e-8)
    wide = placed(-400, -1, 400, 1)
    assert area(sliver) / plane(sliver) == pytest.approx(area(wide) / plane(wide), rel=1e-10)


def test_what_covers_no_land_has_no_area():
    square = shapely.box(38_500_000, 4_600_000, 38_500_100, 4_600_100)
    nothing = [None, shapely.Polygon(), shapely.LineString([(0, 0), (1, 1)]), square]
    found = geo.ellipsoid_area(np.array(nothing, dtype=object), pyproj.CRS(GK38))
    assert found[:3].tolist() == [0, 0, 0]
    assert found[3] == area(square)
    assert len(geo.ellipsoid_area(np.array([], dtype=object), pyproj.CRS(GK38))) == 0


def test_a_polygon_has_one_area_whatever_is_measured_beside_it():
    parcels = np.array([star(38_400_000 + 3_000 * n, 4_600_000, 20.0 * (n + 1), 30, seed=n) for n in range(60)])
    crs = pyproj.CRS(GK38)
    together = geo.ellipsoid_area(parcels, crs)
    assert together.tolist() == [geo.ellipsoid_area(parcels[[n]], crs)[0] for n in range(60)]


def test_land_where_the_plane_breaks_off_is_refused():
    half_a_world = shapely.box(-9_000_000, -9_900_000, 9_000_000, 9_900_000)
    with pytest.raises(ValueError, match="not smooth"):
        area(half_a_world, "EPSG:32632")
    with pytest.raises(ValueError, match="datum"):
        area(
            shapely.box(0, 0, 1, 1),
            pyproj.CRS('ENGCRS["site",EDATUM["site"],CS[Cartesian,2],AXIS["x",east],AXIS["y",north],UNIT["metre",1]]'),
        )


def test_land_counts_however_deep_it_lies_in_a_collection():
    near, far = (
        shapely.box(38_500_000, 4_600_000, 38_500_100, 4_600_100),
        shapely.box(38_500_200, 4_600_000, 38_500_300, 4_600_050),
    )
    nested = shapely.GeometryCollection([shapely.MultiPolygon([near, far]), shapely.Point(0, 0), shapely.Polygon()])
    assert area(shapely.GeometryCollection([nested])) == area(near) + area(far)


def test_what_is_missing_or_empty_has_no_area():
    found = geo.ellipsoid_area(np.array([None, shapely.Polygon(), shapely.MultiPolygon()]), pyproj.CRS(GK38))
    assert found.tolist() == [0, 0, 0]
