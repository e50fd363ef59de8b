"""A layer from every kind of source: the same parks whatever they come in, whole or a part, and what is refused."""

import shutil
import struct
import warnings
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import pytest
import shapely
import town
from test_boundary_points import HEAD, xlsx
from test_boundary_points import ring as table_ring
from test_dxf import Sheet, square
from test_parcel_txt import OUTER, points, txt

from gis_planning.county.opened import open_county
from gis_planning.errors import CountyError, CrsError, InputError, LayerError, SourceError
from gis_planning.formats.convert import convert
from gis_planning.formats.datum import from_wgs84
from gis_planning.formats.read import shapefile, vector
from gis_planning.formats.read.area import Area
from gis_planning.formats.read.vector import Part

LONG = "永久基本农田图斑编号"


def county(folder, kind, **options):
    """Write the town with one layer from another source."""
    layers = town.layers()
    layers.pop(kind, None)
    table = "\n".join(f"{key} = '{value}'" for key, value in options.items())
    return open_county(town.write(folder, layers, **{kind: table}))


def parks(folder, name, **options):
    """Convert the town's parks to some format."""
    town.layers()["parks"].to_file(folder / "parks.gpkg", engine="pyogrio")
    convert(folder / "parks.gpkg", folder / name, **options)
    return folder / name


def zipped(folder, name, *files):
    with zipfile.ZipFile(folder / name, "w") as opened:
        for file in files:
            for one in [file, *file.rglob("*")] if file.is_dir() else [file]:
                opened.write(one, one.relative_to(folder))
    return folder / name


def looks_right(read, tolerance=1e-6):
    assert sorted(read["name"]) == ["口袋公园", "长公园"]
    assert sorted(read.geometry.area) == pytest.approx([800, 100_000], rel=tolerance)


# -- every format as a county layer


@pytest.mark.parametrize("name", ["p.gpkg", "p.shp", "p.gdb", "p.fgb", "p.geojson", "p.parquet", "p.kml"])
def test_what_is_written_reads_as_a_layer(tmp_path, name):
    parks(tmp_path, name)
    looks_right(county(tmp_path, "parks", source=name).layer("parks"), 1e-5)


def test_zips_of_a_shapefile_and_a_geodatabase(tmp_path):
    parks(tmp_path, "p.shp")
    zipped(tmp_path, "s.zip", *(tmp_path / f"p{part}" for part in shapefile.PARTS))
    looks_right(county(tmp_path / "a", "parks", source="../s.zip").layer("parks"))
    parks(tmp_path, "p.gdb")
    parks(tmp_path, "q.gpkg")
    zipped(tmp_path, "p.gdb.zip", tmp_path / "p.gdb")
    read = county(tmp_path / "b", "parks", source="../p.gdb.zip", layer="parks")
    looks_right(read.layer("parks"), 1e-5)
    assert read.inputs[0].table == "parks"
    assert "p.gdb.zip" in read.inputs[0].source
    with pytest.raises(LayerError, match=r"p\.gdb"):
        county(tmp_path / "c", "parks", source="../p.gdb.zip", layer="DLTB").layer("parks")


@pytest.mark.parametrize("packed", [False, True])
def test_ovkml_is_moved_back_from_gcj02_with_a_warning(tmp_path, packed):
    true = town.layers()["parks"].to_crs(4326)
    moved = shapely.transform(true.geometry.to_numpy(), lambda ones: np.column_stack(from_wgs84(*ones.T, "GCJ-02")))
    true.set_geometry(moved).to_file(tmp_path / "q.gpkg", engine="pyogrio")
    convert(tmp_path / "q.gpkg", tmp_path / "q.kml")
    (tmp_path / "q.kml").rename(tmp_path / "q.ovkml")
    name = zipped(tmp_path, "q.ovkmz", tmp_path / "q.ovkml").name if packed else "q.ovkml"
    read = county(tmp_path, "parks", source=name)
    looks_right(read.layer("parks"), 1e-5)
    middle = read.layer("parks").geometry.union_all().centroid
    assert middle.distance(town.layers()["parks"].geometry.union_all().centroid) < 0.01
    assert "parcels.shifted" in {one.key for one in read.warnings}
    stated = county(tmp_path, "parks", source=name, datum="WGS84")
    assert stated.layer("parks").geometry.union_all().centroid.distance(middle) > 300
    with pytest.raises(SourceError, match="Mars"):
        county(tmp_path, "parks", source=name, datum="Mars").layer("parks")


def test_parcels_of_surveys_are_layers_too(tmp_path):
    txt(tmp_path, "4,1.2,1,甲,面,,,,@", *points(OUTER, closed=False))
    read = county(tmp_path, "projects", source="p.txt", lies_outside=True).layer("projects")
    assert read["id"].tolist() == ["1"]
    sheet = Sheet()
    sheet.line(square(0, 0, 100))
    drawing = sheet.save(tmp_path)
    found = county(tmp_path, "projects", source=drawing.name, crs="EPSG:4526", lies_outside=True).layer("projects")
    assert found.geometry.area.tolist() == pytest.approx([10_000])
    with pytest.raises(CrsError, match="EPSG:4547"):
        county(tmp_path, "projects", source=drawing.name).layer("projects")
    book = xlsx(tmp_path, ("Sheet1", [HEAD, *table_ring(OUTER)]))
    found = county(tmp_path, "projects", source=book.name, crs="EPSG:4526", lies_outside=True).layer("projects")
    assert len(found) == 1


# -- shapefiles as they come


def dbf(folder, fields, rows, *, codec, cpg=None, language=0, name="s.shp"):
    """Write a shapefile whose .dbf is put together byte by byte; fields are names in bytes and widths."""
    shapes = gpd.GeoDataFrame({"a": range(len(rows))}, geometry=[shapely.box(0, 0, 1, 1)] * len(rows), crs=4526)
    pyogrio.write_dataframe(shapes, folder / name, encoding="UTF-8")
    entries = b"".join(
        raw[:10].ljust(11, b"\0") + b"C" + b"\0" * 4 + bytes([width, 0]) + b"\0" * 14 for raw, width in fields
    )
    length = 1 + sum(width for _, width in fields)
    head = struct.pack("<BBBBIHH", 3, 124, 1, 1, len(rows), 33 + 32 * len(fields), length)
    head += b"\0" * 17 + bytes([language]) + b"\0" * 2
    body = b"".join(
        b" " + b"".join(value.encode(codec)[:width].ljust(width) for value, (_, width) in zip(row, fields, strict=True))
        for row in rows
    )
    (folder / name).with_suffix(".dbf").write_bytes(head + entries + b"\r" + body + b"\x1a")
    (folder / name).with_suffix(".cpg").unlink(missing_ok=True)
    if cpg is not None:
        (folder / name).with_suffix(".cpg").write_text(cpg)
    return folder / name


@pytest.mark.parametrize("codec", ["gbk", "utf-8"])
@pytest.mark.parametrize("cpg", ["right", None, "", "OEM", "ANSI 936"])
@pytest.mark.parametrize("language", [0, 0x57])
def test_chinese_names_and_values_whatever_the_code_page_says(tmp_path, codec, cpg, language):
    if cpg == "ANSI 936" and codec == "utf-8":
        pytest.skip("that would be a wrong statement, which is believed")
    stated = {"gbk": "GBK", "utf-8": "UTF-8"}[codec] if cpg == "right" else cpg
    fields = [("名称".encode(codec), 20), (LONG.encode(codec), 30)]
    file = dbf(tmp_path, fields, [("呼和浩特市", "编号一"), ("", "二")], codec=codec, cpg=stated, language=language)
    read = vector.read(file)
    cut = LONG[:5] if codec == "gbk" else LONG[:3]
    assert list(read.frame.columns) == ["名称", cut, "geometry"]
    assert read.frame["名称"].tolist()[0] == "呼和浩特市"
    assert read.frame[cut].tolist() == ["编号一", "二"]
    keys = [one.key for one in read.warnings]
    assert keys == (["source.names_cut"] if codec == "utf-8" else [])  # in GBK five signs fill the ten bytes


def test_names_cut_in_the_middle_of_a_sign_and_twice_the_same(tmp_path):
    for codec in ("gbk", "utf-8"):
        names = [f"A{LONG}".encode(codec), f"A{LONG}面积".encode(codec), "MC".encode(codec)]
        file = dbf(tmp_path, [(name, 10) for name in names], [("1", "2", "3")], codec=codec, cpg=codec.upper())
        read = vector.read(file)
        assert len(set(read.frame.columns)) == 4
        assert read.frame.iloc[0].tolist()[:3] == ["1", "2", "3"]
        assert [one.key for one in read.warnings] == ["source.names_cut"]
        assert read.frame.columns[1] in str(read.warnings[0])


def test_values_cut_in_the_middle_of_a_sign_are_said(tmp_path):
    file = dbf(tmp_path, [(b"MC", 10)], [("呼和浩特市",), ("甲",)], codec="utf-8", cpg="UTF-8")
    read = vector.read(file)
    assert read.frame["MC"].tolist() == ["呼和浩", "甲"]
    assert [one.key for one in read.warnings] == ["source.values_cut"]
    assert "1 MC" in str(read.warnings[0])


def test_other_languages_and_wrong_statements(tmp_path):
    french = dbf(tmp_path, [(b"NOM", 20)], [("Forêt de Sancoins",), ("Zone à été",)], codec="latin-1", language=0x57)
    assert vector.read(french).frame["NOM"].tolist() == ["Forêt de Sancoins", "Zone à été"]
    wrong = dbf(tmp_path, [(b"MC", 20)], [("呼和浩特市",)], codec="gbk", cpg="UTF-8")
    with pytest.raises(SourceError, match=r"\.cpg"):
        vector.read(wrong)
    doubtful = dbf(tmp_path, [(b"MC", 20)], [("呼和浩特市区",)], codec="utf-8", cpg="GBK")
    assert "source.cpg_doubtful" in [one.key for one in vector.read(doubtful).warnings]
    (tmp_path / "s.dbf").write_bytes(b"\x03")
    with pytest.raises(SourceError, match="s.dbf"):
        vector.read(doubtful)
    (tmp_path / "s.dbf").unlink()
    with pytest.raises(SourceError, match=r"\.dbf"):
        vector.read(doubtful)


def test_an_alias_is_found_under_what_a_shapefile_made_of_it(tmp_path, monkeypatch):
    from gis_planning.conventions import Field, Kind
    from gis_planning.county.fields import find_fields

    kind = Kind("parks", "polygon", (Field("name", "text", (LONG,)),), {"zh": "x", "en": "x"})
    for cut in (LONG, "永久基本农", "永久基"):
        frame = gpd.GeoDataFrame({cut: ["x"]}, geometry=[shapely.Point(0, 0)])
        assert find_fields(frame, kind, {}, source=tmp_path) == {"name": cut}
    frame = gpd.GeoDataFrame({"永久": ["x"]}, geometry=[shapely.Point(0, 0)])
    assert find_fields(frame, kind, {}, source=tmp_path) == {}


# -- by columns and by area


def test_only_columns_that_are_ours_are_read_and_messages_name_them_all(tmp_path):
    layers = town.layers()
    layers["parks"]["MJ"] = 1.0
    layers["parks"]["备注"] = "x" * 100
    read = open_county(town.write(tmp_path, layers))
    columns = set(read.layer("parks").columns)
    assert read._needed("parks", read.kind("parks")).frame.columns.tolist() == ["name", "class", "geometry"]
    assert "备注" in read.raw("parks").frame.columns
    assert columns == {"name", "class", "geometry"}
    folder = tmp_path / "b"
    layers["parks"].to_file(tmp_path / "x.gpkg", engine="pyogrio")
    others = {kind: one for kind, one in town.layers().items() if kind != "parks"}
    table = "source = '../x.gpkg'\nfields = { name = 'nothing' }"
    wrong = open_county(town.write(folder, others, parks=table))
    with pytest.raises(LayerError, match="备注"):
        wrong.layer("parks")


GRID = [shapely.box(38_432_000 + 10 * x, 4_588_000 + 10 * y, 38_432_010 + 10 * x, 4_588_010 + 10 * y)
        for y in range(120) for x in range(100)]  # fmt: skip


@pytest.fixture(scope="module")
def patches(tmp_path_factory):
    """12,000 patches in every format that reads by area."""
    folder = tmp_path_factory.mktemp("patches")
    frame = gpd.GeoDataFrame({"DLBM": ["0101"] * len(GRID), "n": range(len(GRID))}, geometry=GRID, crs=4526)
    frame.to_file(folder / "p.gpkg", engine="pyogrio")
    for name in ("p.parquet", "p.shp", "p.gdb"):
        convert(folder / "p.gpkg", folder / name)
    frame.to_parquet(folder / "plain.parquet")
    return folder


@pytest.mark.parametrize("name", ["p.gpkg", "p.parquet", "plain.parquet", "p.shp", "p.gdb"])
@pytest.mark.parametrize("crs", [4526, 4490])
def test_the_features_that_touch_an_area_each_whole(patches, name, crs):
    land = gpd.GeoSeries([shapely.Point(38_432_500, 4_588_605).buffer(26)], crs=4526)
    expected = {at for at, one in enumerate(GRID) if one.intersects(land.iloc[0])}
    moved = land.to_crs(crs)
    read = vector.read(patches / name, part=Part(["n"], Area(moved.iloc[0], moved.crs)))
    assert set(read.frame["n"]) == expected
    assert list(read.frame.columns) == ["n", "geometry"]
    assert read.names == ("DLBM", "n")
    assert read.frame.geometry.area.tolist() == pytest.approx([100.0] * len(expected), abs=1e-2)
    whole = vector.read(patches / name).frame
    assert whole.loc[read.frame.index, "n"].tolist() == read.frame["n"].tolist()


def test_a_layer_within_the_study_area(tmp_path):
    layers = town.layers()
    far = layers["parks"].iloc[:1].copy()
    far["name"] = "县外公园"
    far.geometry = far.geometry.translate(20_000, 0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        all_parks = gpd.GeoDataFrame(pd.concat([layers.pop("parks"), far], ignore_index=True))
    all_parks.to_file(tmp_path / "all.gpkg", engine="pyogrio")
    table = "source = '../all.gpkg'\nwithin = 'study_area'"
    read = open_county(town.write(tmp_path / "a", layers, parks=table))
    looks_right(read.layer("parks"))
    assert [(one.features, one.within) for one in read.inputs if one.layer == "parks"] == [(2, "study_area")]
    assert len(read.raw("parks").frame) == 2
    all_parks.iloc[2:].to_file(tmp_path / "far.gpkg", engine="pyogrio")
    lonely = open_county(town.write(tmp_path / "b", layers, parks=table.replace("all", "far")))
    assert len(lonely.layer("parks")) == 0
    assert "county.nothing_within" in {one.key for one in lonely.warnings}
    file = open_county(town.write(tmp_path / "c", layers, parks=table.replace("study_area", "../far.gpkg")))
    assert len(file.layer("parks")) == 1
    for kind, within in (("study_area", "parks"), ("parks", "parks")):
        one = {name: layer for name, layer in town.layers().items() if name != kind}
        broken = town.write(tmp_path / f"d{kind}", one, **{kind: f"source = '../all.gpkg'\nwithin = '{within}'"})
        with pytest.raises(CountyError, match="within"):
            open_county(broken).layer(kind)


def test_an_area_needs_a_crs(tmp_path, patches):
    shutil.copy(patches / "p.shp", tmp_path / "p.shp")
    for part in (".dbf", ".shx", ".cpg"):
        shutil.copy((patches / "p.shp").with_suffix(part), tmp_path / f"p{part}")
    area = Area(shapely.box(38_432_000, 4_588_000, 38_432_005, 4_588_005), pyproj.CRS(4526))
    with pytest.raises(CrsError, match="none is guessed"):
        vector.read(tmp_path / "p.shp", part=Part(area=area))
    assert len(vector.read(tmp_path / "p.shp", part=Part(area=area, crs=area.crs)).frame) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [("p.kml", b"<kml"), ("p.ovkmz", b"PK\x03\x04"), ("p.dxf", b"x"), ("p.txt", b"x"), ("p.gdb.zip", b"PK")],
)
def test_broken_layers_are_refused_by_their_name(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=name):
        county(tmp_path, "parks", source=name, crs="EPSG:4526").layer("parks")


@pytest.mark.parametrize("name", ["p.shp", "p.gdb", "p.geojson", "p.fgb", "p.gpkg", "p.parquet"])
def test_a_condition_may_name_a_field_that_is_none_of_ours(tmp_path, name):
    """A layer is read by its own columns; GDAL finds nothing by a field that it was not told to read."""
    town.layers()["parks"].assign(STAND=[1, 2]).to_file(tmp_path / "parks.gpkg", engine="pyogrio")
    if name != "p.gpkg":
        convert(tmp_path / "parks.gpkg", tmp_path / name)
    else:
        shutil.copy(tmp_path / "parks.gpkg", tmp_path / name)
    table = {"layer": "parks"} if name in ("p.gdb", "p.gpkg") else {}
    where = county(tmp_path / "county", "parks", source=(tmp_path / name).as_posix(), where="stand > 1", **table)
    kept = where.layer("parks")
    assert len(kept) == 1
    assert "STAND" not in kept.columns


# -- text that is valid in two encodings


def test_words_whose_bytes_are_letters_in_utf8_too(tmp_path):
    rows = [("小学",), ("医院",), ("小学",)]
    read = vector.read(dbf(tmp_path, [(b"MC", 20)], rows, codec="gbk"))
    assert read.frame["MC"].tolist() == ["小学", "医院", "小学"]
    open_ = dbf(tmp_path, [(b"MC", 20)], [("小谢",)], codec="gbk")
    with pytest.raises(SourceError, match=r"\.cpg"):
        vector.read(open_)
    open_.with_suffix(".cpg").write_text("GBK")
    assert vector.read(open_).frame["MC"].tolist() == ["小谢"]


ACCENTED = [("São José",), ("Zone à été",)]


def test_names_of_fields_tell_gbk_where_the_rows_hold_other_words(tmp_path):
    read = vector.read(dbf(tmp_path, [("名称".encode("gbk"), 20)], ACCENTED, codec="gb18030"))
    assert read.frame["名称"].tolist() == ["São José", "Zone à été"]


def test_an_encoding_that_nothing_tells_is_said_with_its_cure(tmp_path):
    file = dbf(tmp_path, [("Größe".encode("latin-1"), 20)], ACCENTED, codec="latin-1")
    assert [one.key for one in vector.read(file).warnings] == ["source.encoding_unknown"]
    with pytest.raises(SourceError, match=r"s\.cpg") as refused:
        vector.read(file, part=vector.Part(exact=True))
    assert refused.value.text.key == "source.encoding_unknown"
    assert "use_arrow" not in str(refused.value)
