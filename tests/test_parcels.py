"""Project parcels from every kind of source: their ids, their CRS, and what is refused."""

import shutil
import warnings
import zipfile

import geopandas as gpd
import pytest
import shapely
from test_boundary_points import HEAD as TABLE_HEAD
from test_boundary_points import ring as table_ring
from test_boundary_points import xlsx
from test_dxf import Sheet, square
from test_parcel_txt import HOLE, OUTER, points, txt
from test_parcel_txt import example as txt_example

from gis_planning.errors import CrsError, FeatureError, LayerError, SourceError
from gis_planning.formats.datum import from_wgs84
from gis_planning.formats.read.parcels import read_parcels

E, N = 38_432_300, 4_588_600
BOXES = [shapely.box(E, N, E + 100, N + 100), shapely.box(E + 200, N, E + 250, N + 100)]


def frame(crs="EPSG:4526", shapes=None, **columns):
    return gpd.GeoDataFrame(columns, geometry=BOXES if shapes is None else shapes, crs=crs)


def saved(folder, name="p.gpkg", **options):
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "'crs' was not provided")
        driver = "OpenFileGDB" if name.endswith(".gdb") else None
        frame(**options).to_file(folder / name, engine="pyogrio", driver=driver)
    return folder / name


def zipped(folder, *files, name="z.zip"):
    with zipfile.ZipFile(folder / name, "w") as opened:
        for file in files:
            for one in [file, *file.rglob("*")] if file.is_dir() else [file]:
                opened.write(one, one.relative_to(folder))
    return folder / name


def keys(delivered):
    return [warning.key for warning in delivered.warnings]


def refused(error, key, *args, **options):
    with pytest.raises(error) as caught:
        read_parcels(*args, **options)
    assert caught.value.text.key == key
    assert caught.value.to("zh")
    assert "/tmp/gis_planning_" not in str(caught.value)
    return str(caught.value)


# -- ids and columns


@pytest.mark.parametrize("alias", ["id", "XMBH", "项目编号", "dkbh"])
def test_the_id_is_found_by_its_aliases(tmp_path, alias):
    columns = {alias: ["A", "B"], "XMMC": ["甲", "乙"], "HDLX": ["road", None], "面积": [1.5, 2.5]}
    delivered = read_parcels(saved(tmp_path, **columns))
    found = delivered.frame
    assert list(found.columns[:3]) == ["id", "name", "activity"]
    assert found["id"].tolist() == ["A", "B"]
    assert found["name"].tolist() == ["甲", "乙"]
    assert found["activity"].tolist() == ["road", None]
    assert found["面积"].tolist() == [1.5, 2.5]
    assert found["XMMC"].tolist() == ["甲", "乙"]
    assert delivered.crs.to_epsg() == 4526
    assert delivered.warnings == ()


def test_ids_are_text_and_duplicates_are_left(tmp_path):
    assert read_parcels(saved(tmp_path, ID=[7, 7])).frame["id"].tolist() == ["7", "7"]
    assert read_parcels(saved(tmp_path, "f.gpkg", id=[7.0, 8.5])).frame["id"].tolist() == ["7", "8.5"]


def test_parcels_without_an_id_are_called_by_the_file(tmp_path):
    delivered = read_parcels(saved(tmp_path, "新区.gpkg", note=["x", "y"]))
    assert delivered.frame["id"].tolist() == ["新区-1", "新区-2"]
    assert keys(delivered) == ["parcels.without_id"]
    half = read_parcels(saved(tmp_path, "h.gpkg", XMBH=["A", None]))
    assert half.frame["id"].tolist() == ["A", "h-2"]
    # ArcGIS gives every shapefile a field Id of noughts.
    noughts = read_parcels(saved(tmp_path, "s.shp", Id=[0, 0], XMBH=["A", "B"]))
    assert noughts.frame["id"].tolist() == ["A", "B"]


# -- vector sources


@pytest.mark.parametrize("name", ["p.gpkg", "p.shp", "p.fgb", "p.gdb"])
def test_vector_sources(tmp_path, name):
    delivered = read_parcels(saved(tmp_path, name, XMBH=["A", "B"]))
    # FlatGeobuf sorts what it is given by place.
    areas = dict(zip(delivered.frame["id"], delivered.frame.area, strict=True))
    assert areas == pytest.approx({"A": 10_000, "B": 5_000}, abs=0.1)


def test_the_crs_of_a_vector_source(tmp_path):
    bare = saved(tmp_path, "b.shp", crs=None, XMBH=["A", "B"])
    assert "--crs" in refused(CrsError, "parcels.no_crs", bare)
    delivered = read_parcels(bare, crs="EPSG:4526")
    assert delivered.crs.to_epsg() == delivered.frame.crs.to_epsg() == 4526
    assert "EPSG:4526" in refused(CrsError, "parcels.crs_other_zone", bare, crs="EPSG:4525")
    refused(CrsError, "parcels.not_degrees", bare, crs="EPSG:4490")
    own = saved(tmp_path, XMBH=["A", "B"])
    assert "EPSG:4525" in refused(CrsError, "parcels.crs_conflict", own, crs="EPSG:4525")
    degrees = saved(tmp_path, "d.gpkg", shapes=[shapely.box(113, 41, 113.1, 41.1)], XMBH=["A"])
    refused(CrsError, "parcels.degrees", degrees)
    assert keys(read_parcels(saved(tmp_path, "o.gpkg", crs="EPSG:2362", XMBH=["A", "B"]))) == ["parcels.old_datum"]


@pytest.mark.parametrize(("crs", "east"), [("EPSG:4526", E), ("EPSG:4547", E - 38_000_000)])
def test_swapped_axes_of_a_vector_source(tmp_path, crs, east):
    shape = shapely.box(N, east, N + 100, east + 100)
    said = refused(CrsError, "parcels.swapped_axes", saved(tmp_path, crs=crs, shapes=[shape], XMBH=["A"]))
    assert f"x = {N}.000, y = {east}.000" in said
    assert "p.gpkg" in said


def test_a_folder_of_no_layers_names_what_lies_in_it(tmp_path):
    folder = tmp_path / "地块"
    folder.mkdir()
    assert "-" in refused(SourceError, "source.folder", folder)
    (folder / "a.txt").write_text("x", encoding="utf-8")
    assert "a.txt" in refused(SourceError, "source.folder", folder)


def test_several_tables_need_a_name(tmp_path):
    file = saved(tmp_path, XMBH=["A", "B"])
    frame(XMBH=["C", "D"]).to_file(file, layer="other", engine="pyogrio")
    assert "other" in refused(LayerError, "parcels.which_table", file)
    assert read_parcels(file, table="other").frame["id"].tolist() == ["C", "D"]
    assert "county.toml" not in refused(LayerError, "parcels.missing_table", file, table="third")


def test_what_is_no_parcel_is_refused(tmp_path):
    lines = saved(tmp_path, "l.gpkg", shapes=[BOXES[0], BOXES[1].exterior], XMBH=["A", "B"])
    assert "LineString" in refused(FeatureError, "parcels.not_areas", lines)
    refused(LayerError, "parcels.empty", saved(tmp_path, "e.gpkg", shapes=[], XMBH=[]))
    refused(SourceError, "parcels.missing", tmp_path / "none.gpkg")
    (tmp_path / "e.shp").write_bytes(b"")
    refused(SourceError, "source.empty_file", tmp_path / "e.shp")
    (tmp_path / "d.dwg").write_bytes(b"AC1027")
    refused(SourceError, "source.unread_dwg", tmp_path / "d.dwg")
    (tmp_path / "word.docx").write_bytes(b"PK\x03\x04 no")
    refused(SourceError, "source.unknown_ending", tmp_path / "word.docx")
    refused(SourceError, "parcels.datum_not_here", saved(tmp_path, XMBH=["A", "B"]), datum="GCJ-02")


# -- texts, tables, drawings


def test_a_coordinate_txt(tmp_path):
    delivered = read_parcels(txt_example(tmp_path))
    assert delivered.frame["id"].tolist() == ["1"]
    assert delivered.frame.area.tolist() == pytest.approx([11_600])
    assert delivered.crs.to_epsg() == 4526
    nameless = txt(tmp_path, "10,1.1600,,,面,,,,@", *points(OUTER, HOLE), name="无名.txt")
    assert read_parcels(nameless).frame["id"].tolist() == ["无名-1"]
    refused(LayerError, "parcels.missing_table", nameless, table="x")


def test_a_table_of_boundary_points(tmp_path):
    file = xlsx(tmp_path, ("Sheet1", [["宗地号", "A"], TABLE_HEAD, *table_ring(OUTER)]))
    assert read_parcels(file).frame["id"].tolist() == ["A"]
    bare = xlsx(tmp_path, ("Sheet1", [TABLE_HEAD, *table_ring(OUTER)]), name="b.xlsx")
    assert read_parcels(bare).frame["id"].tolist() == ["b-1"]


def test_a_drawing(tmp_path):
    sheet = Sheet()
    sheet.line(square(0, 0, 100))
    sheet.line([(E + 200, N, 1), (E + 300, N, 1)], form="xyb", layer="红线")
    sheet.text("A-1", 50, 50)
    file = sheet.save(tmp_path)
    delivered = read_parcels(file, crs="EPSG:4526")
    assert delivered.frame["id"].tolist() == ["A-1", "d-2"]
    assert list(delivered.curved) == [delivered.frame.index[1]]
    assert read_parcels(file, crs="EPSG:4526", table="红线").frame["id"].tolist() == ["d-1"]
    refused(CrsError, "dxf.no_crs", file)


# -- KML

KML = """<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>"""
PLACE = (
    "<Placemark><name>{}</name><Polygon><outerBoundaryIs><LinearRing><coordinates>"
    "{}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
)
CORNERS = [(113.2, 41.4), (113.201, 41.4), (113.201, 41.401), (113.2, 41.401), (113.2, 41.4)]


def kml(folder, name="k.kml", places=None, corners=CORNERS):
    drawn = " ".join(f"{x:.12f},{y:.12f},0" for x, y in corners)
    file = folder / name
    file.write_text(KML.format(places or PLACE.format("甲", drawn)), encoding="utf-8")
    return file


def test_kml_is_wgs84(tmp_path):
    delivered = read_parcels(kml(tmp_path))
    assert delivered.crs.to_epsg() == 4326
    assert delivered.frame["id"].tolist() == ["k-1"]
    assert delivered.frame["name"].tolist() == ["甲"]
    assert delivered.frame.geometry.iloc[0].equals_exact(shapely.Polygon(CORNERS), 1e-11)
    assert keys(delivered) == ["parcels.kml_is_wgs84", "parcels.without_id"]
    refused(CrsError, "parcels.crs_conflict", kml(tmp_path), crs="EPSG:4526")
    assert read_parcels(kml(tmp_path), datum="CGCS2000").crs.to_epsg() == 4490


def test_kmz_is_unpacked(tmp_path):
    file = zipped(tmp_path, kml(tmp_path, "doc.kml"), name="k.kmz")
    assert read_parcels(file).frame["name"].tolist() == ["甲"]
    two = zipped(tmp_path, kml(tmp_path, "a.kml"), kml(tmp_path, "b.kml"), name="two.kmz")
    refused(SourceError, "parcels.no_kml", two)


@pytest.mark.parametrize("packed", [True, False])
def test_files_of_omap_are_shifted_and_moved_back(tmp_path, packed):
    shifted = [tuple(map(float, from_wgs84(*corner, "GCJ-02"))) for corner in CORNERS]
    file = kml(tmp_path, "k.ovkml", corners=shifted)
    if packed:
        file = zipped(tmp_path, file, name="k.ovkmz")
    taken = read_parcels(file)
    assert taken.frame.geometry.iloc[0].equals_exact(shapely.Polygon(CORNERS), 1e-9)
    assert "parcels.shifted" in keys(taken)
    assert "GCJ-02" in str(taken.warnings[0])
    refused(SourceError, "parcels.unknown_datum", file, datum="Mars")
    delivered = read_parcels(file, datum="GCJ-02")
    assert "parcels.shifted" not in keys(delivered)
    assert delivered.frame.geometry.iloc[0].equals_exact(shapely.Polygon(CORNERS), 1e-9)
    unmoved = read_parcels(file, datum="WGS84").frame.geometry.iloc[0]
    assert 0.003 < unmoved.centroid.distance(shapely.Polygon(CORNERS).centroid) < 0.01


def test_kml_with_labels_or_nothing(tmp_path):
    point = "<Placemark><name>注记</name><Point><coordinates>113.2,41.4</coordinates></Point></Placemark>"
    refused(FeatureError, "parcels.not_areas", kml(tmp_path, places=point))
    assert "k.kml" in refused(FeatureError, "source.broken_geometry", kml(tmp_path, corners=CORNERS[:-1]))
    (tmp_path / "bad.kml").write_text("<kml><Document>", encoding="utf-8")
    with pytest.raises((SourceError, LayerError)) as caught:
        read_parcels(tmp_path / "bad.kml")
    assert "bad.kml" in str(caught.value)
    assert "gis_planning_" not in str(caught.value)


# -- zips


def shapefile(folder, name="a.shp", **columns):
    saved(folder, name, **(columns or {"XMBH": ["A", "B"]}))
    stem = name.removesuffix(".shp")
    return [folder / f"{stem}{part}" for part in (".shp", ".shx", ".dbf", ".prj", ".cpg")]


def test_a_zipped_shapefile(tmp_path):
    delivered = read_parcels(zipped(tmp_path, *shapefile(tmp_path)))
    assert delivered.frame["id"].tolist() == ["A", "B"]
    assert delivered.crs.to_epsg() == 4526
    assert delivered.warnings == ()


def test_a_zipped_geodatabase(tmp_path):
    file = zipped(tmp_path, saved(tmp_path, "p.gdb", XMBH=["A", "B"]), name="p.gdb.zip")
    shutil.rmtree(tmp_path / "p.gdb")
    assert read_parcels(file).frame["id"].tolist() == ["A", "B"]


def test_a_zip_of_several_needs_a_name(tmp_path):
    other = shapefile(tmp_path, "b.shp", XMBH=["C", "D"])
    file = zipped(tmp_path, *shapefile(tmp_path), *other)
    assert "a.shp, b.shp" in refused(LayerError, "parcels.which_table", file)
    for name in ("b", "b.shp"):
        delivered = read_parcels(file, table=name)
        assert delivered.frame["id"].tolist() == ["C", "D"]
        assert keys(delivered) == ["archive.left"]
    refused(LayerError, "parcels.missing_table", file, table="c")


def test_a_zip_of_a_layer_and_what_describes_it(tmp_path):
    note = tmp_path / "说明.txt"
    note.write_text("说明", encoding="utf-8")
    delivered = read_parcels(zipped(tmp_path, *shapefile(tmp_path), note))
    assert keys(delivered) == ["archive.left"]
    assert "说明.txt" in str(delivered.warnings[0])


def test_a_zipped_txt_is_named_inside_the_zip(tmp_path):
    delivered = read_parcels(zipped(tmp_path, txt(tmp_path, "8,1.2,1,甲,面,,,,@", *points(OUTER, HOLE, closed=False))))
    assert {"parcel_txt.unclosed", "parcels.area_differs"} == set(keys(delivered))
    assert all("z.zip/p.txt" in str(warning) for warning in delivered.warnings)
    broken = zipped(tmp_path, txt(tmp_path, "8,1.2,1,甲,线,,,,@", *points(OUTER)))
    assert "z.zip/p.txt, line 12" in refused(FeatureError, "parcel_txt.not_an_area", broken)


def test_zips_that_hold_nothing_or_are_broken(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    assert "a.pdf" in refused(SourceError, "archive.nothing", zipped(tmp_path, tmp_path / "a.pdf"))
    parts = shapefile(tmp_path)
    assert ".dbf" in refused(SourceError, "source.shapefile_parts", zipped(tmp_path, *parts[:2]))
    (tmp_path / "inner.zip").write_bytes(b"PK")
    refused(SourceError, "archive.nested", zipped(tmp_path, tmp_path / "inner.zip"))
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as opened:
        opened.writestr("../evil.shp", b"x")
    refused(SourceError, "archive.path", tmp_path / "evil.zip")
