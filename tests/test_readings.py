"""What a reader might leave out, shorten or decide: features, digits of numbers, and which rings are holes."""

import contextlib
import json
import sqlite3
import struct

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
import town

from gis_planning.county.opened import open_county
from gis_planning.county.repair import mend
from gis_planning.errors import FeatureError, SourceError
from gis_planning.formats.convert import convert
from gis_planning.formats.read import vector, windings
from gis_planning.formats.read.area import Area
from gis_planning.formats.read.integers import to_pandas
from gis_planning.formats.read.vector import Part
from gis_planning.formats.write.compare import _same

E, N = 38_500_000, 4_600_000
#: Two that are the same number in floating point.
IDS = [621_102_198_407_210_017, 621_102_198_407_210_018, None]
FORMATS = ["p.gpkg", "p.shp", "p.gdb", "p.geojson", "p.fgb", "p.parquet"]


def box(x, y, wide, high=None, *, ccw=True):
    return shapely.box(E + x, N + y, E + x + wide, N + y + (high or wide), ccw=ccw)


def frame(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4526)


# -- whole numbers


@pytest.fixture(scope="module")
def numbered(tmp_path_factory):
    """Parcels whose ids are whole numbers of 18 digits, one of them missing, in every format."""
    folder = tmp_path_factory.mktemp("numbered")
    parcels = frame([box(50 * at, 0, 40) for at in range(3)], DKBH=pd.array(IDS, dtype="Int64"), n=[1, 2, 3])
    pyogrio.write_dataframe(parcels, folder / "p.gpkg", driver="GPKG")
    for name in FORMATS[1:]:
        options = (
            {"driver": "OpenFileGDB", "TARGET_ARCGIS_VERSION": "ARCGIS_PRO_3_2_OR_LATER"} if name == "p.gdb" else {}
        )
        if name == "p.parquet":
            parcels.to_parquet(folder / name)
        else:
            pyogrio.write_dataframe(parcels, folder / name, **options)
    return folder


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("exact", [False, True])
def test_long_whole_numbers_beside_a_missing_one(numbered, name, exact):
    read = vector.read(numbered / name, part=Part(exact=exact)).frame.sort_values("n")
    assert [None if one is pd.NA else one for one in read["DKBH"].tolist()] == IDS
    assert read["n"].tolist() == [1, 2, 3]
    found = vector.read(numbered / name, where=f"DKBH = {IDS[1]}").frame
    assert found["DKBH"].tolist() == IDS[1:2]
    assert found["n"].tolist() == [2]


@pytest.mark.parametrize("name", FORMATS)
def test_long_whole_numbers_within_an_area(numbered, name):
    land = Area(box(55, 5, 100), vector.parse_crs("EPSG:4526", source="-"))
    read = vector.read(numbered / name, part=Part(["DKBH"], land)).frame
    assert {str(one) for one in read["DKBH"]} == {str(IDS[1]), "<NA>"}


def test_numbers_of_19_digits_and_more_in_a_shapefile(tmp_path):
    """GDAL takes a field of numbers from 19 signs on for floating point."""
    ids = ["9007199254740993", "6211021984072100170", "62110219840721001702"]
    for most, expected in ((2, [int(ids[0]), int(ids[1])]), (3, ids)):
        file = tmp_path / f"w{most}.shp"
        pyogrio.write_dataframe(frame([box(9 * at, 0, 5) for at in range(most)], a=range(most)), file)
        head = struct.pack("<BBBBIHH", 3, 124, 1, 1, most, 65, 21) + bytes(20)
        field = b"DKBH".ljust(11, b"\0") + b"N" + bytes(4) + bytes([20, 0]) + bytes(14)
        rows = b"".join(b" " + one.rjust(20).encode() for one in ids[:most])
        file.with_suffix(".dbf").write_bytes(head + field + b"\r" + rows + b"\x1a")
        assert vector.read(file).frame["DKBH"].tolist() == expected
        assert vector.read(file, part=Part(exact=True)).frame["DKBH"].tolist() == expected


def test_whole_numbers_of_a_database_stay_whole():
    import pyarrow as pa

    read = to_pandas(pa.table({"a": pa.array(IDS), "b": pa.array([1, 2, 3]), "c": pa.array([1.5, None, 2.0])}))
    assert [str(one) for one in read["a"]] == [str(IDS[0]), str(IDS[1]), "<NA>"]
    assert [str(one) for one in read.dtypes] == ["Int64", "int64", "float64"]


def test_a_whole_number_and_the_float_nearest_to_it_are_two():
    assert not _same(IDS[0], float(IDS[0]))
    assert _same(12, 12.0)


def test_a_layer_of_our_own_keeps_its_numbers(tmp_path):
    layers = town.layers()
    count = len(layers["parks"])
    layers["parks"]["park_id"] = pd.array([IDS[0] + at for at in range(count - 1)] + [None], dtype="Int64")
    parks = open_county(town.write(tmp_path, layers)).layer("parks")
    assert parks["park_id"].dropna().tolist() == [str(IDS[0] + at) for at in range(count - 1)]


# -- features


@pytest.fixture
def five(tmp_path):
    pyogrio.write_dataframe(frame([box(10 * at, 0, 5) for at in range(5)], n=range(5)), tmp_path / "f.gpkg")
    return tmp_path / "f.gpkg"


def change(file, sql):
    with contextlib.closing(sqlite3.connect(file)) as opened:
        opened.execute(sql)
        opened.commit()


def test_a_geopackage_that_states_fewer_features_than_it_has(five, tmp_path):
    change(five, "UPDATE gpkg_ogr_contents SET feature_count = 2")
    with pytest.raises(SourceError, match=r"f\.gpkg.* 5 features"):
        vector.read(five)
    assert convert(five, tmp_path / "o.fgb").counts == {"f": 5}


def test_an_old_spatial_index_loses_nothing(five):
    land = Area(box(-5, -5, 27), vector.parse_crs("EPSG:4526", source="-"))
    change(five, "DELETE FROM rtree_f_geom WHERE id > 1")
    assert vector.read(five, part=Part(area=land)).frame["n"].tolist() == [0, 1, 2]


def test_geojson_features_that_the_driver_drops_or_cannot_read(tmp_path):
    square = {"type": "Polygon", "coordinates": [[[111, 40], [112, 40], [112, 41], [111, 40]]]}
    one = {"type": "Feature", "properties": {"n": 1}, "geometry": square}
    file = tmp_path / "j.geojson"
    for odd in (7, {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": "x"}}):
        file.write_text(json.dumps({"type": "FeatureCollection", "features": [one, odd]}))
        with pytest.raises((SourceError, FeatureError), match=r"j\.geojson"):
            vector.read(file)
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [one, one | {"geometry": None}]}))
    assert len(vector.read(file).frame) == 2


def test_convert_tells_features_without_a_shape(tmp_path):
    pyogrio.write_dataframe(frame([box(0, 0, 5), None, shapely.Polygon()], n=[1, 2, 3]), tmp_path / "n.gpkg")
    notes = convert(tmp_path / "n.gpkg", tmp_path / "o.gpkg").notes
    assert [one.facts["count"] for one in notes if one.key == "convert.without_shape"] == [2]


# -- holes

LAND = box(0, 0, 3000)
HOLE = box(500, 500, 200)  # 0.4 % of the land


def doubtful(*areas):
    return sorted(windings.doubts(np.array(areas, dtype=object)))


def test_a_part_inside_a_part_is_open_whatever_its_share():
    small = box(500, 500, 1.1)
    inside = [shapely.MultiPolygon([LAND, HOLE]), shapely.MultiPolygon([small, LAND])]
    touching = shapely.MultiPolygon([LAND, box(0, 500, 200)])
    within_rounding = shapely.MultiPolygon([LAND, box(-0.0001, 500, 200)])
    collection = shapely.GeometryCollection([LAND, HOLE])
    assert collection.is_valid
    assert doubtful(*inside, touching, within_rounding, collection) == [0, 1, 2, 3, 4]


def test_what_has_one_reading_is_as_it_was():
    holed = LAND.difference(HOLE)
    sound = [
        holed,
        shapely.MultiPolygon([holed, box(600, 600, 50)]),  # an island
        shapely.MultiPolygon([LAND, box(4000, 0, 9)]),
        shapely.MultiPolygon([LAND, box(3000, 0, 50)]),  # they share an edge
        shapely.MultiPolygon([LAND, box(2990, 0, 50)]),  # they overlap
        shapely.MultiPolygon([LAND, LAND]),
        shapely.MultiPolygon([LAND, box(500, 500, 0.9)]),  # 0.81 m2
        shapely.Polygon(LAND.exterior.coords, [box(2900, 0, 200).exterior.coords]),  # a hole over the edge
        shapely.Polygon([(E, N), (E + 50, N), (E + 50, N + 50), (E + 90, N + 50), (E + 50, N + 50), (E, N + 50)]),
        shapely.Polygon([(E, N), (E + 9, N + 9), (E + 9, N), (E, N + 9)]),  # a bow tie is two triangles
    ]
    assert doubtful(*sound) == []


def test_rings_that_are_open():
    loop = [(0, 0), (900, 0), (900, 40), (880, 40), (880, -5), (3000, -5), (3000, 3000), (0, 3000)]
    assert doubtful(
        shapely.Polygon([(E + x, N + y) for x, y in loop]),  # 20 m x 40 m are gone round twice
        shapely.Polygon(LAND.exterior, [HOLE.exterior, box(550, 550, 20).exterior]),
        shapely.Polygon(HOLE.exterior, [LAND.exterior]),
        shapely.Polygon(LAND.exterior, [LAND.exterior]),
    ) == [0, 1, 2, 3]


def test_analyses_refuse_what_has_two_readings():
    facts = {
        "layer": "parks",
        "source": "p.gpkg",
        "wanted": "polygon",
        "curved": {},
        "to_working": lambda shapes: shapes,
    }
    shapes = np.array([LAND, shapely.MultiPolygon([LAND, HOLE])], dtype=object)
    with pytest.raises(FeatureError, match=r"p\.gpkg.*\(7 b\).*part 2 lies inside part 1"):
        mend(shapes, np.array(["6 a", "7 b"]), **facts)
    assert len(mend(shapes[:1], np.array(["6 a"]), **facts).geometry) == 1


def write_rings(path, rings):
    """Write a shapefile of one feature with its rings as they run."""
    pyogrio.write_dataframe(frame([LAND], n=[1]), path)
    points = np.concatenate([shapely.get_coordinates(ring.exterior) for ring in rings])
    sizes = [len(ring.exterior.coords) for ring in rings]
    bounds = np.concatenate([points.min(axis=0), points.max(axis=0)]).astype("<f8").tobytes()
    content = struct.pack("<i", 5) + bounds + struct.pack("<2i", len(rings), len(points))
    content += np.cumsum([0, *sizes[:-1]]).astype("<i4").tobytes() + points.astype("<f8").tobytes()
    record = struct.pack(">2i", 1, len(content) // 2)
    for suffix, body in ((".shp", record + content), (".shx", struct.pack(">2i", 50, len(content) // 2))):
        head = path.with_suffix(suffix).read_bytes()[:24] + struct.pack(">i", 50 + len(body) // 2)
        path.with_suffix(suffix).write_bytes(head + struct.pack("<2i", 1000, 5) + bounds + bytes(32) + body)


def rings(*ways):
    """Return shell and hole of two areas, each ring the way round that is asked."""
    places = [(0, 0, 3000), (500, 500, 200), (5000, 0, 3000), (5500, 500, 200)]
    return [box(*place, ccw=way) for place, way in zip(places, ways, strict=False)]


@pytest.mark.parametrize("ways", [(True, True), (False, False), (True,) * 4, (False,) * 4, (False, False, False, True)])
def test_a_shapefile_whose_hole_runs_as_its_shell_is_never_decided(tmp_path, ways):
    write_rings(tmp_path / "r.shp", rings(*ways))
    read = vector.read(tmp_path / "r.shp")
    assert doubtful(*read.frame.geometry) == [0]
    convert(tmp_path / "r.shp", tmp_path / "r.gpkg")
    assert doubtful(*vector.read(tmp_path / "r.gpkg").frame.geometry) == [0]


@pytest.mark.parametrize("ways", [(False, True), (False, True, False, True)])
def test_holes_that_run_the_other_way_are_holes(tmp_path, ways):
    write_rings(tmp_path / "r.shp", rings(*ways))
    read = vector.read(tmp_path / "r.shp")
    assert read.frame.geometry.is_valid.all()
    assert read.frame.geometry.area.iloc[0] == len(ways) / 2 * (9_000_000 - 40_000)
    assert not read.warnings


def test_repair_leaves_to_people_what_has_two_readings(tmp_path):
    from gis_planning.mending.mending import Asked, mend_county

    layers = town.layers()
    park = layers["parks"].geometry.iloc[0]
    point = park.representative_point()
    hole = shapely.box(point.x - 1, point.y - 1, point.x + 1, point.y + 1)
    layers["parks"] = layers["parks"].set_geometry([shapely.MultiPolygon([park, hole]), *layers["parks"].geometry[1:]])
    steps = mend_county(town.write(tmp_path / "c", layers), tmp_path / "out", Asked(only=("parks",)), lang="en")
    assert [(one.fault, one.action) for one in steps] == [("invalid", "refused")]
