"""What is opened: regular files of the format their ending names, and nothing that a file's content points to."""

import json
import os
import shutil
import socket
import sqlite3
import zipfile

import geopandas as gpd
import pytest
import shapely
import town

from gis_planning.errors import InputError, PlanningError, SourceError
from gis_planning.formats.convert import convert
from gis_planning.formats.database import find_tables
from gis_planning.formats.database_import import import_database
from gis_planning.formats.read import opening, points, sources, vector
from gis_planning.formats.read.parcels import read_parcels
from gis_planning.judging.projects import read_overrides
from gis_planning.results.compared import compare_check

posix = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes and links are made differently here")


def land(**columns):
    return town.frame(town.box(0, 0, 100, 100), town.box(200, 0, 300, 100), **{"XMBH": ["甲1", "乙2"], **columns})


def refused(key, call, *args, **options):
    with pytest.raises(InputError) as caught:
        call(*args, **options)
    assert caught.value.text.key == key, caught.value
    assert caught.value.to("zh")
    return str(caught.value)


@pytest.fixture
def secret(tmp_path):
    """A table elsewhere on the computer."""
    place = tmp_path / "elsewhere"
    place.mkdir()
    shape = town.box(0, 0, 100, 100).wkt
    (place / "staff.csv").write_text(f'XMBH,WKT\nPRIVATE,"{shape}"\n', encoding="utf-8")
    return place / "staff.csv"


def virtual(secret):
    return (
        f'<OGRVRTDataSource><OGRVRTLayer name="staff"><SrcDataSource>{secret}</SrcDataSource>'
        '<LayerSRS>EPSG:4526</LayerSRS><GeometryField encoding="WKT" field="WKT"/></OGRVRTLayer></OGRVRTDataSource>'
    )


ENDINGS = [*opening.DRIVERS, ".ovkml", ".txt", ".dxf", ".parquet", ".gml", ".vrt", ".tab", ".x"]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("before", ["", "\ufeff{} ", "<!-- x -->\n"])
def test_a_description_of_another_file_is_read_under_no_ending(tmp_path, secret, ending, before):
    file = tmp_path / f"p{ending}"
    file.write_text(before + virtual(secret), encoding="utf-8")
    for call in (lambda: read_parcels(file, crs="EPSG:4526"), lambda: convert(file, tmp_path / "o.gpkg")):
        with pytest.raises(PlanningError) as caught:
            call()
        assert "PRIVATE" not in str(caught.value)
    assert not (tmp_path / "o.gpkg").exists()


def test_an_algorithm_that_reads_another_file_is_no_geojson(tmp_path, secret):
    file = tmp_path / "p.geojson"
    told = {"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read {secret} ! edit --crs EPSG:4526"}
    file.write_text(json.dumps(told), encoding="utf-8")
    assert "p.geojson" in refused("source.leads_elsewhere", read_parcels, file)


def test_a_service_is_not_asked(tmp_path):
    """A file of a service names a server; none may be asked because a file says so."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/wfs"
        for ending in ("geojson", "kml", "gpkg", "csv"):
            file = tmp_path / f"p.{ending}"
            file.write_text(f"<OGRWFSDataSource><URL>{url}</URL></OGRWFSDataSource>", encoding="utf-8")
            with pytest.raises(PlanningError):
                read_parcels(file, crs="EPSG:4526")
        with pytest.raises(TimeoutError):
            server.accept()


def test_the_driver_is_that_of_the_ending(tmp_path):
    """A FlatGeobuf called .geojson is readable, and not what its name says."""
    land().to_file(tmp_path / "p.fgb", driver="FlatGeobuf")
    (tmp_path / "p.fgb").rename(tmp_path / "p.geojson")
    refused("source.not_what_it_says", read_parcels, tmp_path / "p.geojson")
    refused("source.not_what_it_says", opening.refuse_driver, tmp_path / "a.gpkg", "OGR_VRT")
    assert opening.refuse_driver(tmp_path / "a.GPKG", "GPKG") is None
    land().to_file(tmp_path / "p.gml", driver="GML")
    assert ".gml" in refused("source.unknown_ending", read_parcels, tmp_path / "p.gml")


@pytest.mark.parametrize(
    ("name", "key", "cure"),
    [
        ("p.dbf", "shapefile_part", ".shp"),
        ("p.PRJ", "shapefile_part", ".shp"),
        ("p.tif", "raster_here", "elevation"),
        ("p.graphml", "network_here", "streets"),
    ],
)
def test_a_file_that_is_no_layer_is_called_by_what_it_is(tmp_path, name, key, cure):
    (tmp_path / name).write_bytes(b"anything")
    assert cure in refused(f"source.{key}", vector.read, tmp_path / name)


def test_sound_files_are_read_under_all_their_endings(tmp_path):
    frame = land()
    for name, driver in (("a.gpkg", "GPKG"), ("b.shp", None), ("c.fgb", None), ("d.mif", "MapInfo File"),
                         ("e.gdb", "OpenFileGDB"), ("f.sqlite", "SQLite")):  # fmt: skip
        frame.to_file(tmp_path / name, driver=driver, engine="pyogrio")
        assert len(read_parcels(tmp_path / name).frame) == 2
    degrees = frame.to_crs(4490)
    for name, driver in (("g.geojson", "GeoJSON"), ("h.json", "GeoJSON"), ("i.geojsonl", "GeoJSONSeq")):
        degrees.to_crs(4326).to_file(tmp_path / name, driver=driver, engine="pyogrio")
        assert len(read_parcels(tmp_path / name).frame) == 2
    marked = tmp_path / "j.geojson"
    marked.write_bytes(b"\xef\xbb\xbf\n " + (tmp_path / "g.geojson").read_bytes())
    assert len(read_parcels(marked).frame) == 2


def test_a_folder_of_one_shapefile_is_read_like_it(tmp_path):
    (tmp_path / "d").mkdir()
    land().to_file(tmp_path / "d" / "地块.shp", encoding="utf-8", engine="pyogrio")
    assert read_parcels(tmp_path / "d").frame["id"].tolist() == ["甲1", "乙2"]
    land().to_file(tmp_path / "d" / "x.shp", engine="pyogrio")
    assert "地块" in refused("parcels.which_table", read_parcels, tmp_path / "d")
    assert len(read_parcels(tmp_path / "d", table="x").frame) == 2


def test_tables_made_by_code_and_views_that_reach_out(tmp_path, secret):
    file = tmp_path / "p.gpkg"
    land().to_file(file)
    with sqlite3.connect(file) as opened:
        # An index of shapes is a virtual table too, and a plain view reads only its own tables.
        opened.execute("CREATE VIEW v AS SELECT fid, XMBH FROM p")
    opened.close()
    assert len(read_parcels(file, table="p").frame) == 2
    for statement in (
        f"CREATE VIRTUAL TABLE w USING VirtualOGR('{secret}')",
        "CREATE VIEW w AS SELECT ogr_geocode(1) AS g",
    ):
        copy = tmp_path / "q.gpkg"
        shutil.copyfile(file, copy)
        with sqlite3.connect(copy) as opened:
            opened.execute("PRAGMA writable_schema = ON")
            kind = "view" if "VIEW" in statement else "table"
            opened.execute("INSERT INTO sqlite_master VALUES (?, 'w', 'w', 0, ?)", (kind, statement))
        opened.close()
        assert "q.gpkg" in refused("source.made_elsewhere", read_parcels, copy, table="p")


@posix
@pytest.mark.parametrize(
    "ending", ["gpkg", "shp", "geojson", "csv", "xlsx", "txt", "dxf", "kml", "zip", "parquet", "gdb", "fgb"]
)
def test_what_is_no_file_is_refused_at_once(tmp_path, ending):
    pipe, device, loop = (tmp_path / f"{name}.{ending}" for name in ("pipe", "device", "loop"))
    os.mkfifo(pipe)
    device.symlink_to("/dev/zero")
    loop.symlink_to(loop)
    folder = tmp_path / f"folder.{ending}"
    folder.mkdir()
    for one in (pipe, device, loop, folder):
        for call in (read_parcels, sources.read_source, find_tables):
            if call is find_tables and ending not in {"gpkg", "shp", "geojson", "fgb", "gdb"}:
                continue
            with pytest.raises(InputError) as caught:
                call(one)
            assert one.name in str(caught.value)


@posix
def test_links_to_files_are_files(tmp_path):
    land().to_file(tmp_path / "p.gpkg")
    (tmp_path / "link.gpkg").symlink_to(tmp_path / "p.gpkg")
    assert len(read_parcels(tmp_path / "link.gpkg").frame) == 2
    (tmp_path / "wrong.gpkg").symlink_to(tmp_path / "none.gpkg")
    refused("parcels.missing", read_parcels, tmp_path / "wrong.gpkg")


@posix
def test_parts_of_a_source_that_are_no_files(tmp_path):
    land().to_file(tmp_path / "p.shp", engine="pyogrio")
    for ending in (".prj", ".dbf", ".cpg"):
        part = tmp_path / f"p{ending}"
        kept = part.read_bytes()
        part.unlink()
        os.mkfifo(part)
        assert f"p{ending}" in refused("source.not_regular", read_parcels, tmp_path / "p.shp")
        part.unlink()
        part.write_bytes(kept)
    land().to_file(tmp_path / "p.gdb", driver="OpenFileGDB", engine="pyogrio")
    part = next(one for one in (tmp_path / "p.gdb").iterdir() if one.suffix == ".gdbtable")
    shutil.move(part, tmp_path / "outside")
    part.symlink_to(tmp_path / "outside")
    assert part.name in refused("source.link_out", read_parcels, tmp_path / "p.gdb")


@posix
def test_side_tables_and_earlier_runs_that_are_no_files(tmp_path):
    os.mkfifo(tmp_path / "a.csv")
    refused("source.not_regular", read_overrides, tmp_path / "a.csv")
    refused("source.not_regular", points.read_points, tmp_path / "a.csv", datum="WGS84")
    os.mkfifo(tmp_path / "scorecard.json")
    refused("results.bad_old_run", compare_check, (), tmp_path)
    (tmp_path / "scorecard.json").unlink()
    for told in (
        "[]",
        '{"verdicts": [1]}',
        '{"verdicts": [{"code": "a", "districts": 3}], "program": {}, "county": {}}',
        "[" * 9999,
    ):
        (tmp_path / "scorecard.json").write_text(told, encoding="utf-8")
        refused("results.bad_old_run", compare_check, (), tmp_path)


def test_a_name_that_means_another_file_to_the_library(tmp_path):
    land().to_file(tmp_path / "a.gpkg")
    (tmp_path / "a.gpkg").rename(tmp_path / "x!y.gpkg")
    assert "x!y.gpkg" in refused("source.bad_name", read_parcels, tmp_path / "x!y.gpkg")
    refused("parcels.missing", read_parcels, tmp_path / "a\0b.gpkg")
    for prefix in ("/vsicurl/http://127.0.0.1:9/a.gpkg", "/vsizip/a.zip/a.gpkg"):
        refused("parcels.missing", read_parcels, type(tmp_path)(prefix))


@posix
def test_links_in_a_delivery_are_told_and_not_followed(tmp_path):
    delivery = tmp_path / "d"
    (delivery / "a").mkdir(parents=True)
    parts = {"BSM": ["1"], "DLBM": ["0101"], "TBMJ": [10_000.0]}
    town.frame(town.box(0, 0, 100, 100), **parts).to_file(delivery / "DLTB.shp", engine="pyogrio")
    town.frame(town.box(0, 0, 100, 100), XZQMC=["甲"]).to_file(tmp_path / "XZQ.shp", engine="pyogrio")
    (delivery / "a" / "round").symlink_to(delivery, target_is_directory=True)
    for one in tmp_path.glob("XZQ.*"):
        (delivery / one.name).symlink_to(one)
    done = import_database(delivery, tmp_path / "new")
    assert [one.kind for one in done.layers] == ["land_use"]
    said = done.to("en")
    assert "round (a link" in said
    assert "XZQ.shp (a link" in said
    (delivery / "DLTB.dbf").rename(tmp_path / "DLTB.dbf")
    (delivery / "DLTB.dbf").symlink_to(tmp_path / "DLTB.dbf")
    assert "DLTB.dbf" in refused("source.link_out", import_database, delivery, tmp_path / "newer")


@pytest.mark.parametrize("damage", ["cut", "deep", "words", "encoding"])
def test_a_damaged_prj_is_named_with_its_cure(tmp_path, damage):
    land().to_file(tmp_path / "p.shp", engine="pyogrio")
    prj = tmp_path / "p.prj"
    whole = prj.read_bytes()
    prj.write_bytes({
        "cut": whole[: len(whole) // 2],
        "deep": b"PROJCS[" * 5000,
        "words": whole.replace(b"6378137", b"inf"),
        "encoding": whole.replace(b"China_2000", "国家".encode("gb18030")).replace(b"CGCS", "大地".encode("gb18030")),
    }[damage])  # fmt: skip
    said = refused("source.bad_crs", read_parcels, tmp_path / "p.shp")
    assert "p.prj" in said
    assert "--crs" in said


def test_a_file_that_may_not_be_read_is_not_called_unwritable(tmp_path, monkeypatch):
    land().to_file(tmp_path / "p.gpkg")

    def closed(*_, **__):
        raise PermissionError(13, "Permission denied", "p.gpkg")

    monkeypatch.setattr(type(tmp_path), "open", closed)
    assert "Permission denied" in refused("source.no_access", read_parcels, tmp_path / "p.gpkg")


def test_an_excel_bomb(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as book, book.open("x.xml", "w") as member:
        for _ in range(300):
            member.write(bytes(1 << 20))
    refused("source.book_too_large", read_parcels, tmp_path / "a.xlsx")


def test_broken_geopackages_are_refused_in_words(tmp_path):
    land().to_file(tmp_path / "p.gpkg")
    whole = (tmp_path / "p.gpkg").read_bytes()
    for size in (16, 100, 1024, 4096, len(whole) // 2, len(whole) - 4096):
        (tmp_path / "p.gpkg").write_bytes(whole[:size])
        with pytest.raises(SourceError, match=r"p\.gpkg"):
            read_parcels(tmp_path / "p.gpkg")


def test_frames_are_what_they_were(tmp_path):
    frame = gpd.GeoDataFrame({"XMBH": ["a"]}, geometry=[shapely.box(0, 0, 1, 1)], crs=4490)
    frame.to_file(tmp_path / "p.gpkg")
    assert sources.read_source(tmp_path / "p.gpkg").frame.geometry.iloc[0].equals(frame.geometry.iloc[0])
