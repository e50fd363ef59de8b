"""CRS choice and areas; values from standards and from pyproj.Geod, an engine of its own."""

import numpy as np
import pyproj
import pytest
import shapely

from gis_planning import geo

GK38 = pyproj.CRS("EPSG:4526")


@pytest.mark.parametrize(
    ("lon", "lat", "epsg"),
    [(101.1, 42, 4522), (107.4, 40.7, 4524), (111.7, 40.8, 4525), (117.4, 49.6, 4527), (119, 42.3, 4528),
     (126, 50, 4530), (73.5, 40, 4513), (136.4, 48, 4533), (2.3, 48.8, 32631), (-51.2, -30, 32722),
     (136.6, 35, 32653), (180, 10, 32660)],
)  # fmt: skip
def test_default_working_crs(lon, lat, epsg):
    assert geo.default_crs(lon, lat).to_epsg() == epsg


def test_ellipsoid_area_of_the_published_parcel():
    # The invented parcel of 120 m x 100 m with a hole of 20 m x 20 m, away from the central meridian: plane area 11 600
    # m2, ellipsoid area 11 598.694 m2 (computed with pyproj.Geod on dense vertices).
    parcel = shapely.box(38432300, 4588600, 38432420, 4588700) - shapely.box(38432350, 4588640, 38432370, 4588660)
    wound = shapely.Polygon(parcel.exterior.coords[::-1], [ring.coords for ring in parcel.interiors])
    for one in (parcel, wound, shapely.Polygon(parcel.exterior, [ring.coords[::-1] for ring in parcel.interiors])):
        assert geo.ellipsoid_area(np.array([one]), GK38)[0] == pytest.approx(11_598.694, abs=5e-4)


def test_ellipsoid_area_against_geod_on_dense_vertices():
    ring = shapely.Point(38_600_000, 4_600_000).buffer(2_000, quad_segs=64)
    parts = shapely.MultiPolygon([ring, shapely.box(38_610_000, 4_600_000, 38_620_000, 4_600_500)])
    dense = shapely.segmentize(parts, 5.0)
    back = pyproj.Transformer.from_crs(GK38, 4490, always_xy=True).transform
    geod = pyproj.Geod(ellps="GRS80")
    expected = sum(
        abs(geod.geometry_area_perimeter(shapely.transform(p, lambda c: np.column_stack(back(*c.T))))[0])
        for p in dense.geoms
    )
    # 100 to 120 km from the central meridian the plane is 240 to 360 ppm too large.
    found = geo.ellipsoid_area(np.array([parts]), GK38)[0]
    assert found == pytest.approx(expected, abs=0.01)
    assert 240e-6 < parts.area / found - 1 < 360e-6


def test_buffer_moves_no_share_by_1e_5():
    circle = geo.buffer(shapely.Point(0, 0), 500.0)
    assert abs(circle.area / (np.pi * 500**2) - 1) < 1e-5


def test_the_same_crs_with_other_axes_is_not_converted():
    points = np.array([shapely.Point(38_500_000, 4_600_000)])
    assert geo.reproject(points, pyproj.CRS("EPSG:4526"), GK38) is points


def test_coordinates_without_a_place_are_refused():
    with pytest.raises(ValueError, match="outside"):
        geo.reproject(np.array([shapely.Point(500, 500)]), pyproj.CRS("EPSG:4326"), GK38)


def test_densifying_does_not_mend():
    # GEOS densifies polygons through a buffer of 0, which drops one wing of a bow tie.
    bow_tie = shapely.Polygon([(0, 0), (1000, 1000), (1000, 0), (0, 1000)])
    both = shapely.MultiPolygon([shapely.box(0, 0, 900, 10), shapely.box(2000, 0, 2010, 10)])
    dense = geo.densify(
        np.array([bow_tie, both, shapely.LineString([(0, 0), (900, 0)]), None, shapely.Point(1, 1)]), 200
    )
    assert not dense[0].is_valid
    assert dense[0].exterior.length == pytest.approx(bow_tie.exterior.length)
    # Two sides of 1 000 m in 5 steps, two diagonals of 1 414 m in 8.
    assert len(dense[0].exterior.coords) == 2 * 5 + 2 * 8 + 1
    assert dense[1].equals(both)
    assert len(dense[2].coords) == 6
    assert dense[3] is None


def test_a_zone_spelled_out_by_another_program_is_that_zone():
    spelled = (
        'PROJCS["{}",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",'
        '6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["{}"],'
        'PARAMETER["False_Easting",38500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",{}],'
        'PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    )
    assert geo.same_crs(pyproj.CRS(spelled.format("CGCS2000_3_Degree_GK_Zone_38", "Gauss_Kruger", "114.0")), GK38)
    assert not geo.same_crs(pyproj.CRS(spelled.format("CGCS2000_3_Degree_GK_Zone_38", "Gauss_Kruger", "117.0")), GK38)
