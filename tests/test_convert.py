"""Converting between formats: what comes back is what went in, and what cannot is said or refused."""

import csv
import datetime as dt
import os
import subprocess
import sys
import uuid
import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import oracle
import pandas as pd
import pyarrow as pa
import pyogrio
import pyproj
import pytest
import shapely
from test_postgis import psql, schema  # noqa: F401 - a fixture

from gis_planning.errors import CrsError, InputError, LayerError, OutputError, SourceError
from gis_planning.formats.address import parse_address
from gis_planning.formats.convert import convert
from gis_planning.formats.datum import from_wgs84
from gis_planning.formats.read import sources
from gis_planning.formats.read.vector import Part
from gis_planning.geo import same_crs

E, N = 38_432_300.123456789, 4_588_600.987654321
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SHAPES = [
    shapely.Polygon(
        [(E, N), (E + 100, N), (E + 100, N + 100), (E, N + 100)],
        [[(E + 10, N + 10), (E + 10, N + 20), (E + 20, N + 20)]],
    ),
    shapely.MultiPolygon([shapely.box(E + 200, N, E + 210, N + 10), shapely.box(E + 220, N, E + 230, N + 10)]),
    None,
]
#: Fields by type, each with a missing value, an empty or extreme one, and Chinese.
FIELDS = {
    "整数": pa.array([2**31 - 1, None, -7], pa.int32()),
    "面积": pa.array([0.1, None, 38432300.123456789]),
    "名称": pa.array(["甲园", None, "<b>'; DROP TABLE x; --\"\n&amp;"]),
}
FORMATS = ["a.gpkg", "a.shp", "a.gdb", "a.geojson", "a.fgb", "a.parquet"]


def table(fields=FIELDS, shapes=SHAPES, crs="EPSG:4526"):
    plain = pa.table(fields).to_pandas(types_mapper=pd.ArrowDtype).reindex(range(len(shapes)))
    return gpd.GeoDataFrame(plain, geometry=np.array(shapes, dtype=object), crs=crs)


def parquet(folder, *args, name="data.parquet", **options):
    table(*args, **options).to_parquet(folder / name)
    return folder / name


def back(out, **options):
    return sources.read_source(out, part=Part(exact=True), **options)


def keys(done):
    return {note.key for note in done.notes}


def refused(error, key, *args, **options):
    with pytest.raises(error) as caught:
        convert(*args, **options)
    assert caught.value.text.key == key
    assert caught.value.to("zh")
    said = str(caught.value)
    assert "gis_planning_" not in said
    return said


def same(one, other, tolerance=0.0):
    """Say whether shapes are the same but for the order of points, and parts of one."""
    for a, b in zip(one, other, strict=True):
        if a is None or b is None:
            assert a is b is None
            continue
        plain = [
            shapely.normalize(shapely.MultiPolygon([shape]) if shape.geom_type == "Polygon" else shape)
            for shape in (a, b)
        ]
        assert plain[0].equals_exact(plain[1], tolerance), (a.wkt, b.wkt)
    return True


# -- round trips


@pytest.mark.parametrize("name", FORMATS)
def test_there_and_back_everything_is_as_it_was(tmp_path, name):
    source = parquet(tmp_path)
    done = convert(source, tmp_path / name)
    assert done.counts == {"data": 3}
    read = back(tmp_path / name)
    assert same_crs(read.crs, pyproj.CRS(4526))
    assert list(read.frame.columns) == ["整数", "面积", "名称", "geometry"]
    for field, values in FIELDS.items():
        assert [None if one is pd.NA else one for one in read.frame[field]] == values.to_pylist()
    assert same(SHAPES, read.frame.geometry, 1e-4 if name == "a.gdb" else 1e-8)
    assert keys(done) - {"convert.rounded"} == {"convert.without_shape"}
    assert name == "a.gdb" or "convert.rounded" not in keys(done)
    again = convert(tmp_path / name, tmp_path / "again.parquet")
    assert again.counts == {"data" if name in {"a.gpkg", "a.gdb", "a.geojson", "a.fgb"} else "a": 3}
    assert same(read.frame.geometry, back(tmp_path / "again.parquet").frame.geometry)


MORE = {
    "大数": pa.array([2**53 + 1, None], pa.int64()),
    "日期": pa.array([dt.date(2024, 2, 29), None]),
    "时刻": pa.array([dt.datetime(2024, 2, 29, 12, 30, 1, 500_000), None]),  # noqa: DTZ001 - a time without a zone,
    "世界时": pa.array([dt.datetime(2024, 2, 29, 12, 30, 1, tzinfo=dt.UTC), None]),
    "是": pa.array([True, None]),
    "字节": pa.array([b"\x00\xff", None]),
    "空": pa.array(["", None]),
    "表": pa.array([["a", "b"], None]),
}


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("a.gpkg", {"时刻", "表"}),
        ("a.parquet", {"表"}),
        ("a.shp", {"时刻", "世界时", "字节", "表"}),
        ("a.gdb", {"大数", "日期", "世界时", "是", "表"}),
        ("a.geojson", {"字节", "表"}),
        ("a.fgb", {"日期", "表"}),
        ("a.kml", {"大数", "日期", "时刻", "世界时", "字节", "表"}),
    ],
)
def test_types_a_format_lacks_are_said_and_their_values_kept(tmp_path, name, changed):
    done = convert(parquet(tmp_path, MORE, SHAPES[:2]), tmp_path / name)
    told = {note.facts["field"] for note in done.notes if note.key == "convert.type_changed"}
    assert told == changed
    first = back(tmp_path / name).frame.iloc[0]
    assert str(first["大数"]) == str(2**53 + 1)
    assert str(first["日期"])[:10] == "2024-02-29"
    assert str(first["时刻"])[:10] == "2024-02-29"
    assert str(first["表"]).replace("'", '"') == '["a", "b"]'
    assert first["是"] in (True, 1)
    emptied = {note.facts["field"] for note in done.notes if note.key == "convert.emptied"}
    assert emptied == ({"空"} if name == "a.shp" else set())
    assert [note.facts["unit"] for note in done.notes if note.key == "convert.moments"] == ["s"] * (name == "a.gdb")


def test_shapefile_names_are_cut_between_signs_and_told(tmp_path):
    fields = {
        "永久基本农田面积": pa.array([1]),
        "永久基本农田图斑": pa.array([2]),
        "BSM": pa.array([3]),
        "bsm": pa.array([4]),
    }
    done = convert(parquet(tmp_path, fields, SHAPES[:1]), tmp_path / "a.shp")
    assert {"convert.renamed", "convert.fields_file"} <= keys(done)
    assert (tmp_path / "a.cpg").read_text() == "GBK"
    read = back(tmp_path / "a.shp")
    assert list(read.frame.columns) == ["永久基本农", "永久基本_1", "BSM", "bsm_1", "geometry"]
    assert read.encoding == "GB18030"
    with (tmp_path / "a.fields.csv").open(encoding="utf-8-sig", newline="") as side:
        assert list(csv.reader(side))[1:] == [
            ["永久基本农", "永久基本农田面积"], ["永久基本_1", "永久基本农田图斑"], ["bsm_1", "bsm"]
        ]  # fmt: skip


def test_shapefile_text_in_gbk_or_utf8(tmp_path):
    source = parquet(tmp_path, {"名": pa.array(["𠮷家"])}, SHAPES[:1])
    assert "convert.utf8" in keys(convert(source, tmp_path / "a.shp"))
    assert back(tmp_path / "a.shp").frame["名"].tolist() == ["𠮷家"]
    assert "𠮷" in refused(OutputError, "convert.sign", source, tmp_path / "b.shp", encoding="GBK")
    refused(OutputError, "convert.encoding", source, tmp_path / "b.shp", encoding="KOI8-R")
    long = parquet(tmp_path, {"名": pa.array(["汉" * 127])}, SHAPES[:1])
    convert(long, tmp_path / "c.shp")
    long = parquet(tmp_path, {"名": pa.array(["汉" * 128])}, SHAPES[:1])
    assert "256" in refused(OutputError, "convert.long_text", long, tmp_path / "d.shp")
    assert sorted(one.name[0] for one in tmp_path.iterdir() if one.suffix == ".shp") == ["a", "c"]


@pytest.mark.parametrize("crs", [4526, 4547, 4490, 4326, 4497, 4508, 32649])
@pytest.mark.parametrize("name", [*FORMATS, "b.gpkg"])
def test_the_crs_goes_along(tmp_path, name, crs):
    point = gpd.GeoSeries([shapely.Point(113.2, 41.4)], crs=4326).to_crs(crs).iloc[0]
    source = parquet(tmp_path, {}, [point], crs=f"EPSG:{crs}")
    convert(source, tmp_path / name)
    assert same_crs(back(tmp_path / name).crs, pyproj.CRS(crs))


def test_zones_with_and_without_their_number_differ_by_it_and_nothing_else(tmp_path):
    source = parquet(tmp_path, {}, [shapely.box(E, N, E + 5000, N + 5000), shapely.Point(E, N, 12.5)][:1])
    convert(source, tmp_path / "a.gpkg", to_crs="EPSG:4547")
    read = back(tmp_path / "a.gpkg")
    assert read.crs.to_epsg() == 4547
    assert read.frame.geometry.iloc[0].bounds == pytest.approx((E - 38e6, N, E - 38e6 + 5000, N + 5000), abs=1e-8)
    assert shapely.get_num_coordinates(read.frame.geometry.iloc[0]) == 5
    done = convert(source, tmp_path / "b.gpkg", to_crs="EPSG:4490")
    expected = pyproj.Transformer.from_crs(4526, 4490, always_xy=True).transform(E, N)
    corners = shapely.get_coordinates(back(tmp_path / "b.gpkg").frame.geometry.iloc[0])
    assert np.abs(corners - expected).sum(axis=1).min() < 1e-12
    assert next(note.facts["added"] for note in done.notes if note.key == "convert.reprojected") == 96


@pytest.mark.parametrize("crs", [2414, 2362, 4214, 4610])
def test_old_datums_are_flagged_and_never_guessed(tmp_path, crs):
    point = gpd.GeoSeries([shapely.Point(114.2, 41.4)], crs=4326).to_crs(crs).iloc[0]
    source = parquet(tmp_path, {}, [point], crs=f"EPSG:{crs}")
    for target in ("EPSG:4490", "EPSG:4526", "EPSG:4326"):
        refused(CrsError, "convert.old_datum", source, tmp_path / "a.gpkg", to_crs=target)
    refused(CrsError, "convert.old_datum", source, tmp_path / "a.kml")
    assert "parcels.old_datum" in keys(convert(source, tmp_path / "a.gpkg"))
    assert back(tmp_path / "a.gpkg").crs.to_epsg() == crs
    new = parquet(tmp_path, {}, [shapely.Point(114.2, 41.4)], crs="EPSG:4490")
    refused(CrsError, "convert.old_datum", new, tmp_path / "b.gpkg", to_crs=f"EPSG:{crs}")


def test_kml_is_in_degrees_of_wgs84(tmp_path):
    fields = {
        "id": pa.array(["甲-1", "乙"]),
        "name": pa.array(["甲", "<b>&</b>"]),
        "整数": pa.array([1, None], pa.int32()),
    }
    done = convert(parquet(tmp_path, fields, SHAPES[:2]), tmp_path / "a.kml")
    assert {"convert.reprojected", "convert.datum_changed"} <= keys(done)
    read = back(tmp_path / "a.kml")
    assert read.crs.to_epsg() == 4326
    assert read.frame["Name"].tolist() == ["甲", "<b>&</b>"]
    assert "甲-1" in read.frame.astype(str).to_numpy()
    lon, lat = pyproj.Transformer.from_crs(4526, 4490, always_xy=True).transform(E, N)
    corners = shapely.get_coordinates(read.frame.geometry.iloc[0])
    assert np.abs(corners - (lon, lat)).sum(axis=1).min() < 1e-12
    text = (tmp_path / "a.kml").read_text(encoding="utf-8")
    assert f"{lon:.9f}" in text
    refused(CrsError, "convert.kml_crs", tmp_path / "data.parquet", tmp_path / "b.kml", to_crs="EPSG:4526")
    shifted = tmp_path / "o.ovkml"
    moved = from_wgs84(lon, lat, "GCJ-02")
    coordinates = f"<coordinates>{float(moved[0])!r},{float(moved[1])!r}</coordinates>"
    shifted.write_text(f"<kml><Document><Placemark><Point>{coordinates}</Point></Placemark></Document></kml>")
    done = convert(shifted, tmp_path / "o.gpkg")
    assert "parcels.shifted" in keys(done)
    point = back(tmp_path / "o.gpkg").frame.geometry.iloc[0]
    assert (point.x, point.y) == pytest.approx((lon, lat), abs=1e-9)


def test_txt_and_dxf_hold_parcels_and_what_they_are_called(tmp_path):
    fields = {"DKBH": pa.array(["A-1", "A-2"]), "名称": pa.array(["甲", "乙"]), "面积": pa.array([1.5, 2.5])}
    source = parquet(tmp_path, fields, SHAPES[:2])
    done = convert(source, tmp_path / "a.txt")
    assert {"convert.left_out", "convert.rounded"} <= keys(done)
    read = back(tmp_path / "a.txt")
    assert read.frame["id"].tolist() == ["A-1", "A-2"]
    assert read.frame["name"].tolist() == ["甲", "乙"]
    assert same(SHAPES[:2], read.frame.geometry, 0.0006)
    assert read.crs.to_epsg() == 4526
    done = convert(source, tmp_path / "a.dxf")
    assert {"convert.dxf_crs", "convert.left_out"} <= keys(done)
    read = back(tmp_path / "a.dxf", crs="EPSG:4526")
    assert len(read.frame) == 3
    assert read.frame["id"].dropna().tolist() == ["A-1", "A-2"]
    assert read.frame.geometry.area.sum() == pytest.approx(10_000 - 50 + 200, abs=1e-6)
    bounds = read.frame.geometry.total_bounds
    assert bounds == pytest.approx(shapely.total_bounds(SHAPES[:2]), abs=1e-9)
    refused(OutputError, "parcel_txt.not_a_polygon", parquet(tmp_path, {}, SHAPES), tmp_path / "b.txt")
    degrees = parquet(tmp_path, {}, [shapely.box(113, 41, 113.1, 41.1)], crs="EPSG:4490")
    refused(OutputError, "parcel_txt.no_zone_to_write", degrees, tmp_path / "b.txt")
    assert not (tmp_path / "b.txt").exists()


# -- what cannot be kept


def test_shapes_of_several_kinds_and_heights(tmp_path):
    mixed = [shapely.Point(E, N), shapely.LineString([(E, N), (E + 1, N)]), shapely.Point(E, N, 5)]
    source = parquet(tmp_path, {}, mixed)
    for name in ("a.shp", "a.gdb"):
        assert "Point 2, LineString 1" in refused(OutputError, "convert.mixed", source, tmp_path / name).replace(
            "LineString 1, Point 2", "Point 2, LineString 1"
        )
    convert(source, tmp_path / "a.gpkg")
    read = back(tmp_path / "a.gpkg").frame.geometry
    assert [one.geom_type for one in read] == ["Point", "LineString", "Point"]
    assert read.iloc[2].z == 5
    done = convert(parquet(tmp_path, {}, [mixed[0], mixed[2]]), tmp_path / "z.shp")
    assert keys(done) == {"convert.heights_added"}
    done = convert(parquet(tmp_path, {}, [shapely.from_wkt("POINT M (1 2 3)")], crs="EPSG:4490"), tmp_path / "m.gpkg")
    assert keys(done) == {"convert.measures"}


def test_a_number_too_big_for_a_shapefile_is_refused(tmp_path):
    source = parquet(tmp_path, {"大": pa.array([1e300])}, SHAPES[:1])
    assert "1e+300" in refused(OutputError, "convert.changed", source, tmp_path / "a.shp")
    assert [one.name for one in tmp_path.iterdir()] == ["data.parquet"]


def test_an_invalid_shape_is_kept_or_refused_but_never_another(tmp_path):
    bow_tie = shapely.Polygon([(E, N), (E + 10, N + 10), (E + 10, N), (E, N + 10)])
    nested = shapely.MultiPolygon([shapely.box(E, N, E + 10, N + 10), shapely.box(E + 2, N + 2, E + 4, N + 4)])
    given_up = set()
    for shape in (bow_tie, nested):
        source = parquet(tmp_path, {}, [shape])
        for name in ("x.gpkg", "x.parquet", "x.fgb", "x.shp", "x.gdb", "x.kml"):
            try:
                convert(source, tmp_path / name, overwrite=True)
            except OutputError as fault:
                given_up.add((name, fault.text.key))
                continue
            read = back(tmp_path / name).frame
            if name != "x.kml":
                assert same([shape], read.geometry, 1e-4)
    assert given_up <= {("x.shp", "convert.moved"), ("x.gdb", "convert.moved"), ("x.kml", "convert.moved")}


# -- whole or nothing


@pytest.mark.parametrize("name", ["a.gpkg", "a.shp", "a.gdb", "a.parquet", "a.txt"])
def test_nothing_is_replaced_unless_asked(tmp_path, name):
    source = parquet(tmp_path, {}, SHAPES[:1])
    convert(source, tmp_path / name)
    before = sorted(one.name for one in tmp_path.iterdir())
    assert name in refused(OutputError, "convert.there", source, tmp_path / name)
    two = parquet(tmp_path, {}, SHAPES[:2], name="two.parquet")
    convert(two, tmp_path / name, overwrite=True)
    assert len(back(tmp_path / name).frame) == 2
    assert sorted(one.name for one in tmp_path.iterdir() if one.name != "two.parquet") == before


@pytest.mark.parametrize("last", [2, 4, 5])
def test_what_was_there_is_there_again_if_a_step_fails(last, tmp_path, monkeypatch):
    source = parquet(tmp_path, {}, SHAPES[:1])
    convert(source, tmp_path / "a.shp")
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    replace, count = os.replace, []

    def failing(place, target):
        if Path(target).parent == tmp_path:
            count.append(place)
            if len(count) == last:
                raise PermissionError(13, "open")
        return replace(place, target)

    monkeypatch.setattr(os, "replace", failing)
    two = tmp_path / "data.parquet"
    assert "another program" in refused(OutputError, "results.target_open", two, tmp_path / "a.shp", overwrite=True)
    monkeypatch.undo()
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == before


def test_several_layers_go_where_several_fit(tmp_path):
    for layer in ("DLTB", "XZQ"):
        pyogrio.write_dataframe(table({}, SHAPES[:1]), tmp_path / "in.gpkg", layer=layer, append=layer == "XZQ")
    done = convert(tmp_path / "in.gpkg", tmp_path / "out.gdb")
    assert done.counts == {"DLTB": 1, "XZQ": 1}
    assert len(back(tmp_path / "out.gdb", table="XZQ").frame) == 1
    assert "DLTB, XZQ" in refused(LayerError, "source.which_table", tmp_path / "in.gpkg", tmp_path / "a.shp")
    refused(OutputError, "convert.one_name", tmp_path / "in.gpkg", tmp_path / "a.gdb", name="x")
    convert(tmp_path / "in.gpkg", tmp_path / "a.shp", layer="XZQ")
    done = convert(tmp_path / "in.gpkg", tmp_path / "b.gpkg", layer="XZQ", name="行政区 '\"x")
    assert list(done.counts) == ["行政区 '\"x"]
    assert len(back(tmp_path / "b.gpkg", table="行政区 '\"x").frame) == 1


def test_only_some_features(tmp_path):
    source = parquet(tmp_path, {"名": pa.array(["甲", "乙"])}, SHAPES[:2])
    convert(source, tmp_path / "a.gpkg", where="名 = '乙'")
    assert back(tmp_path / "a.gpkg").frame["名"].tolist() == ["乙"]
    land = parquet(tmp_path, {}, [shapely.box(E - 5, N - 5, E + 5, N + 5)], name="land.parquet")
    convert(source, tmp_path / "b.gpkg", within=land)
    assert back(tmp_path / "b.gpkg").frame["名"].tolist() == ["甲"]


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("x.gpkg", b"SQLite format 3\x00" + b"\xff" * 200, SourceError),
        ("x.gpkg", b"nothing", SourceError),
        ("x.parquet", b"PAR1" + b"\x00" * 50, SourceError),
        ("x.shp", b"\x00\x00\x27\x0a" + b"\x00" * 96, SourceError),
        ("x.kml", b"<kml><Document>", InputError),
        ("x.geojson", b"{", SourceError),
        ("x.zip", b"PK\x03\x04", SourceError),
        ("x.gdb.zip", b"PK", SourceError),
        ("x.dxf", b"0\nSECTION", InputError),
        ("x.txt", b"hello", InputError),
        ("x.mdb", b"x", SourceError),
        ("x.gpkg", b"", SourceError),
        ("nothing.gpkg", None, SourceError),
        ("x.csv", b"a,b\n1,2\n", InputError),
    ],
)
def test_broken_sources_end_with_one_message_and_nothing_written(tmp_path, name, content, error):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(error) as caught:
        convert(tmp_path / name, tmp_path / "out.gpkg")
    assert name in str(caught.value)
    assert caught.value.to("zh")
    assert not (tmp_path / "out.gpkg").exists()
    assert [one.name for one in tmp_path.iterdir()] == ([name] if content is not None else [])


def test_a_source_without_crs_is_not_guessed(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyogrio.write_dataframe(table({}, SHAPES[:1]).set_crs(None, allow_override=True), tmp_path / "in.shp")
    refused(CrsError, "parcels.no_crs", tmp_path / "in.shp", tmp_path / "a.gpkg")
    refused(CrsError, "parcels.crs_other_zone", tmp_path / "in.shp", tmp_path / "a.gpkg", crs="EPSG:4527")
    refused(CrsError, "parcels.not_degrees", tmp_path / "in.shp", tmp_path / "a.gpkg", crs="EPSG:4490")  # fmt: skip
    convert(tmp_path / "in.shp", tmp_path / "a.gpkg", crs="EPSG:4526")
    assert back(tmp_path / "a.gpkg").crs.to_epsg() == 4526


def test_places_that_cannot_be_written(tmp_path):
    source = parquet(tmp_path, {}, SHAPES[:1])
    assert ".gpkg" in refused(OutputError, "convert.unknown_format", source, tmp_path / "a.mdb")
    (tmp_path / "file").write_text("x")
    refused(OutputError, "results.cannot_write", source, tmp_path / "file" / "a.gpkg")


# -- databases


def test_into_postgis_and_back(tmp_path, schema):  # noqa: F811
    database = parse_address(oracle.postgis())
    source = parquet(
        tmp_path, FIELDS | {one: pa.concat_arrays([MORE[one], pa.nulls(1, MORE[one].type)]) for one in MORE}
    )
    hostile = "表\"'; DROP TABLE x; --"
    done = convert(source, database, name=f"{schema}.{hostile}")
    assert {note.facts["field"] for note in done.notes if note.key == "convert.type_changed"} == {"表"}
    assert "@" not in str(done.out)
    found = psql(f'SELECT DISTINCT ST_SRID(geom) FROM {schema}."表""\'; DROP TABLE x; --" WHERE geom IS NOT NULL')
    assert found == "4526"
    convert(database, tmp_path / "back.parquet", layer=f"{schema}.{hostile}")
    read = back(tmp_path / "back.parquet").frame
    for field, values in FIELDS.items():
        assert [None if one is pd.NA else one for one in read[field]] == values.to_pylist()
    assert read["空"].tolist()[0] == ""
    assert read["大数"].tolist()[0] == 2**53 + 1
    assert same(SHAPES, read.geometry)
    refused(OutputError, "postgis.table_there", source, database, name=f"{schema}.{hostile}")
    convert(parquet(tmp_path, {}, SHAPES[:1]), database, name=f"{schema}.{hostile}", overwrite=True)
    assert len(sources.read_source(database, table=f"{schema}.{hostile}").frame) == 1


def test_a_database_gets_all_layers_or_none(tmp_path, schema):  # noqa: F811
    database = parse_address(oracle.postgis())
    for layer in ("one", "two"):
        pyogrio.write_dataframe(table({}, SHAPES[:1]), tmp_path / "in.gpkg", layer=layer, append=layer == "two")
    psql(f"CREATE VIEW {schema}.two AS SELECT 1 AS a")
    refused(OutputError, "postgis.no_table", tmp_path / "in.gpkg", database, name=f"{schema}.*")
    assert (
        psql(f"SELECT count(*) FROM pg_class WHERE relname = 'one' AND relnamespace = '{schema}'::regnamespace") == "0"
    )
    psql(f"DROP VIEW {schema}.two")
    convert(tmp_path / "in.gpkg", database, name=f"{schema}.*")
    assert psql(f"SELECT count(*) FROM {schema}.one, {schema}.two") == "1"
    refused(OutputError, "postgis.no_schema", tmp_path / "in.gpkg", database, name=f"no{uuid.uuid4().hex}.*")
    refused(OutputError, "postgis.long_name", tmp_path / "in.gpkg", database, layer="one", name=f"{schema}.{'长' * 22}")
    odd = pyproj.CRS("+proj=tmerc +lon_0=113.7 +x_0=500000 +ellps=GRS80")
    source = parquet(tmp_path, {}, [shapely.Point(5e5, 4.5e6)], crs=odd)
    refused(OutputError, "postgis.no_srid", source, database, name=f"{schema}.odd")


# -- real files, and the command


@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason="the shared real data are not beside this clone")
@pytest.mark.parametrize("name", ["a.gpkg", "a.shp", "a.gdb", "a.parquet", "a.kml"])
def test_real_files(tmp_path, name):
    files = [
        DATA / "lancaster_ugb" / "LancasterGreenSpace.geojson",
        next((DATA / "inner_mongolia_admin").rglob("*.geojson"), None)
        or next((DATA / "inner_mongolia_admin").rglob("*.json")),
        *sorted((DATA / "cnig_plans").rglob("*ZONE_URBA*.shp"))[:1],
        *sorted((DATA / "parcel_txt").rglob("*.txt"))[:2],
    ]
    given_up = []
    for file in files:
        out = tmp_path / file.stem / name
        try:
            done = convert(file, out)
        except OutputError as fault:
            given_up.append((file.name, fault.text.key))
            continue
        assert sum(done.counts.values()) == len(sources.read_source(file).frame)
    assert not given_up


def test_the_command(tmp_path):
    source = parquet(tmp_path, {"永久基本农田面积": pa.array([1])}, SHAPES[:1])
    command = [sys.executable, "-m", "gis_planning", "convert", str(source), str(tmp_path / "a.shp"), "--lang", "zh"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert "永久基本农田面积 → 永久基本农" in done.stdout
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 2
    assert "已经存在" in done.stderr


def test_a_crs_made_for_land_elsewhere_is_said(tmp_path):
    # Zone 38 is 112.5 to 115.5 degrees east; a square on its edge is in it, one in the Alps is not.
    for name, west, told in (("alps", 9.5, True), ("edge", 115.45, False), ("next", 115.6, True)):
        land = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.box(west, 41.0, west + 0.1, 41.1)], crs=4490)
        land.to_file(tmp_path / f"{name}.gpkg")
        done = convert(tmp_path / f"{name}.gpkg", tmp_path / f"{name}_out.gpkg", to_crs="EPSG:4526")
        said = [note.to("en") for note in done.notes if note.key == "convert.out_of_use"]
        assert bool(said) is told, name
        if name == "alps":
            assert "9.50° to 9.60°" in said[0]
            assert "EPSG:4526 is made for (112.50° to 115.50°" in said[0]
