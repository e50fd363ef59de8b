"""Reading a county folder: what is found, what is repaired and said, what is refused with one clear message."""

import hashlib
import os
import re
import shutil
import warnings

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
import town
from rasterio.transform import from_origin

from gis_planning import geo
from gis_planning.county.file import stated_lang
from gis_planning.county.opened import open_county
from gis_planning.errors import CountyError, CrsError, FeatureError, InputError, LayerError, NotAssessed, SourceError


def with_layer(folder, kind, one, **options):
    """Write the town with one layer replaced by a file of its own."""
    layers = town.layers()
    layers.pop(kind, None)
    return town.write(
        folder, layers, **{kind: "\n".join([f"source = '{one}'", *(f"{k} = {v}" for k, v in options.items())])}
    )


def test_a_county_opens_by_its_folder_or_its_file_as_text_or_path(tmp_path):
    folder = town.write(tmp_path)
    for place in (folder, str(folder), str(folder / "county.toml")):
        assert open_county(place).folder == folder


@pytest.mark.parametrize(("value", "said"), [('"open"', "access_no"), ('"closed"', "GraphML")])
def test_access_no_is_a_setting_of_networks_alone(tmp_path, value, said):
    folder = with_layer(tmp_path, "streets", "county.gpkg", access_no=value)
    with pytest.raises(InputError, match=said):
        open_county(folder).layer("streets")


def test_layers_come_in_the_working_crs_with_our_names(tmp_path):
    county = open_county(town.write(tmp_path))
    residential = county.layer("residential")
    assert residential.crs.to_epsg() == 4526
    assert list(residential["name"]) == ["长排", "方院", "骑界"]
    assert county.layer("residential") is residential
    assert [one.layer for one in county.inputs] == ["residential"]
    first = county.inputs[0]
    assert first.features == 3
    assert first.crs == "EPSG:4526"
    assert first.sha256 == hashlib.sha256((tmp_path / "county.gpkg").read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("name", "driver"),
    [
        ("p.gpkg", "GPKG"),
        ("p.shp", "ESRI Shapefile"),
        ("p.gdb", "OpenFileGDB"),
        ("p.fgb", "FlatGeobuf"),
        ("p.geojson", "GeoJSON"),
    ],
)
def test_every_vector_format_gives_the_same_park(tmp_path, name, driver):
    parks = town.layers()["parks"]
    crs = "EPSG:4326" if driver == "GeoJSON" else town.CRS
    options = {"encoding": "UTF-8"} if name.endswith("shp") else {}
    if driver == "GeoJSON":
        options["COORDINATE_PRECISION"] = 12
    pyogrio.write_dataframe(parks.to_crs(crs), tmp_path / name, driver=driver, **options)
    read = open_county(with_layer(tmp_path, "parks", name)).layer("parks")
    assert sorted(read["name"]) == ["口袋公园", "长公园"]
    assert sorted(read["class"]) == ["G11", "G14"]
    assert sorted(read.geometry.area) == pytest.approx([800, 100_000], rel=1e-6)


def test_geoparquet_with_a_condition(tmp_path):
    town.layers()["parks"].to_parquet(tmp_path / "p.parquet")
    read = open_county(with_layer(tmp_path, "parks", "p.parquet", where="\"name = '长公园'\"")).layer("parks")
    assert list(read["name"]) == ["长公园"]
    with pytest.raises(LayerError, match="does not fit"):
        open_county(with_layer(tmp_path / "b", "parks", "../p.parquet", where='"nom = 1"')).layer("parks")


@pytest.mark.parametrize(("encoding", "cpg"), [("GBK", True), ("GBK", False), ("UTF-8", True), ("UTF-8", False)])
def test_chinese_shapefiles_with_and_without_cpg(tmp_path, encoding, cpg):
    parks = town.layers()["parks"].rename(columns={"name": "名称", "class": "DLBM"})
    pyogrio.write_dataframe(parks, tmp_path / "p.shp", driver="ESRI Shapefile", encoding=encoding)
    dbf = bytearray((tmp_path / "p.dbf").read_bytes())
    dbf[29] = 0
    (tmp_path / "p.dbf").write_bytes(dbf)
    if not cpg:
        (tmp_path / "p.cpg").unlink()
    county = open_county(with_layer(tmp_path, "parks", "p.shp"))
    assert sorted(county.layer("parks")["name"]) == ["口袋公园", "长公园"]


def test_fields_by_alias_by_mapping_and_by_condition(tmp_path):
    parks = town.layers()["parks"].rename(columns={"name": "gongyuan", "class": "YDYHFLDM"})
    parks.to_file(tmp_path / "p.gpkg", layer="p")
    county = open_county(
        with_layer(tmp_path, "parks", "p.gpkg", fields='{ name = "GongYuan" }', where="\"YDYHFLDM = 'G11'\"")
    )
    read = county.layer("parks")
    assert list(read["name"]) == ["长公园"]
    assert list(read["class"]) == ["G11"]


def test_population_raster_becomes_cells_with_people(tmp_path):
    values = np.array([[10, -1], [0, 4.5]], dtype="float32")
    profile = {
        "driver": "GTiff",
        "width": 2,
        "height": 2,
        "count": 1,
        "dtype": "float32",
        "nodata": -1,
        "crs": town.CRS,
    }
    with rasterio.open(
        tmp_path / "pop.tif", "w", **profile, transform=from_origin(town.EAST, town.NORTH + 200, 100, 100)
    ) as raster:
        raster.write(values, 1)
    cells = open_county(with_layer(tmp_path, "population", "pop.tif")).layer("population")
    assert cells["population"].tolist() == [10.0, 4.5]
    assert cells.geometry.iloc[0].equals(town.box(0, 100, 100, 200))
    assert cells.geometry.iloc[1].equals(town.box(100, 0, 200, 100))


def test_working_crs_by_default_is_the_zone_of_the_place(tmp_path):
    folder = town.write(tmp_path)
    file = folder / "county.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('crs = "EPSG:4526"\n', "", 1), encoding="utf-8")
    assert open_county(folder).crs.to_epsg() == 4526


def test_a_layer_in_degrees_keeps_its_area_and_one_in_another_zone_is_said(tmp_path):
    parks = town.layers()["parks"]
    parks.to_crs(4490).to_file(tmp_path / "p.gpkg", layer="p")
    read = open_county(with_layer(tmp_path / "a", "parks", "../p.gpkg")).layer("parks")
    assert sorted(read.geometry.area) == pytest.approx([800, 100_000], rel=1e-6)
    parks.to_crs(4525).to_file(tmp_path / "q.gpkg", layer="q")
    county = open_county(with_layer(tmp_path / "b", "parks", "../q.gpkg"))
    assert sorted(county.layer("parks").geometry.area) == pytest.approx([800, 100_000], rel=1e-6)
    assert [warning.key for warning in county.warnings] == ["crs.other_zone"]
    parks.to_crs(3857).to_file(tmp_path / "r.gpkg", layer="r")
    county = open_county(with_layer(tmp_path / "c", "parks", "../r.gpkg"))
    county.layer("parks")
    assert [warning.key for warning in county.warnings] == ["crs.web_mercator_source"]


def test_long_edges_bend_between_crs_and_are_densified():
    # A 3 km edge straight in degrees leaves the chord on the plane by about 0.2 m at its middle (standards, C.10).
    edge = shapely.LineString([(113.0, 41.0), (113.036, 41.0)])
    degrees, plane = geo.parse_crs("EPSG:4490", source="-"), geo.parse_crs("EPSG:4526", source="-")
    moved = geo.reproject(np.array([edge]), degrees, plane)[0]
    middle = geo.reproject(np.array([shapely.Point(113.018, 41.0)]), degrees, plane)[0]
    chord = shapely.LineString([moved.coords[0], moved.coords[-1]])
    assert 0.1 < chord.distance(middle) < 0.4
    assert moved.distance(middle) < 1e-3


def test_repairs_are_counted_and_listed_with_the_area_they_changed(tmp_path):
    spiked = shapely.Polygon([(0, 0), (100, 0), (100, 100), (50, 100), (50, 120), (50, 100), (0, 100)])
    spiked = shapely.transform(spiked, lambda p: p + [town.EAST, town.NORTH])
    high = shapely.force_3d(town.box(0, 0, 10, 10), 5.0)
    touching = town.box(0, 0, 100, 100).union(town.box(0, 0, 0, 0))
    parks = town.frame(spiked, high, None, shapely.Polygon(), touching, name=["刺", "高", "空", "无", "好"])
    parks.to_file(tmp_path / "p.gpkg", layer="p")
    county = open_county(with_layer(tmp_path, "parks", "p.gpkg"))
    read = county.layer("parks")
    assert list(read["name"]) == ["刺", "高", "好"]
    found = {repair.fault: repair for repair in county.repairs}
    assert len(found["null"].features) + len(found.get("empty", found["null"]).features) >= 2
    assert found["z"].features == ("2 高",)
    assert found["invalid"].features == ("1 刺",)
    assert found["invalid"].area_before_m2 == pytest.approx(10_000)
    assert found["invalid"].area_after_m2 == pytest.approx(10_000)
    # The raw view still holds everything as delivered.
    assert len(county.raw("parks").frame) == 5


def test_curves_are_straightened_and_said(tmp_path):
    # A full circle of radius 100 m, drawn as two arcs.
    east, north = town.EAST + 500, town.NORTH + 500
    points = [(east - 100, north), (east, north + 100), (east + 100, north), (east, north - 100), (east - 100, north)]
    ring = ", ".join(f"{x} {y}" for x, y in points)
    (tmp_path / "p.csv").write_text(f'name,WKT\nround,"CURVEPOLYGON(CIRCULARSTRING({ring}))"\n')
    county = open_county(with_layer(tmp_path, "parks", "p.csv", crs='"EPSG:4526"'))
    area = county.layer("parks").geometry.area.iloc[0]
    (repair,) = [one for one in county.repairs if one.fault == "curve"]
    assert repair.area_before_m2 == pytest.approx(np.pi * 100**2, rel=1e-9)
    assert repair.area_after_m2 == pytest.approx(area)
    assert area == pytest.approx(np.pi * 100**2, rel=2e-3)


def test_a_layer_of_which_there_is_nothing_can_be_said_so(tmp_path):
    county = open_county(town.write(tmp_path, historic_districts="none_exist = true"))
    assert len(county.layer("historic_districts")) == 0


def test_what_was_not_delivered_is_not_assessed(tmp_path):
    county = open_county(town.write(tmp_path))
    with pytest.raises(NotAssessed, match="streets"):
        county.layer("streets")


def bow_tie(x=0):
    return shapely.transform(
        shapely.Polygon([(x, 0), (x + 100, 100), (x + 100, 0), (x, 100)]), lambda p: p + [town.EAST, town.NORTH]
    )


REFUSED_GEOMETRY = [
    ("wrong type", [shapely.Point(town.EAST, town.NORTH)], LayerError, "is Point"),
    ("a bow tie", [bow_tie()], FeatureError, "too much"),
]


@pytest.mark.parametrize(("what", "geometry", "error", "words"), REFUSED_GEOMETRY)
def test_geometry_that_cannot_be_trusted_is_refused(tmp_path, what, geometry, error, words):
    town.frame(*geometry, name=["坏"]).to_file(tmp_path / "p.gpkg", layer="p")
    with pytest.raises(error, match=words) as refusal:
        open_county(with_layer(tmp_path, "parks", "p.gpkg")).layer("parks")
    message = str(refusal.value)
    assert "p.gpkg" in message
    assert "parks" in message
    assert "坏" in message


def test_coordinates_that_are_no_numbers_are_refused(tmp_path):
    with np.errstate(invalid="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        broken = shapely.Polygon([(town.EAST, town.NORTH), (town.EAST + 1, town.NORTH), (np.nan, town.NORTH + 1)])
        town.frame(broken, name=["坏"]).to_file(tmp_path / "p.gpkg", layer="p")
    with pytest.raises(FeatureError, match="not numbers.*坏"):
        open_county(with_layer(tmp_path, "parks", "p.gpkg")).layer("parks")


def test_a_bow_tie_may_be_allowed(tmp_path):
    town.frame(bow_tie()).to_file(tmp_path / "p.gpkg", layer="p")
    county = open_county(with_layer(tmp_path, "parks", "p.gpkg", repair_tolerance="1.0"))
    assert county.layer("parks").geometry.area.sum() == pytest.approx(5000)


@pytest.mark.parametrize(
    ("crs", "words"),
    [("EPSG:4490", "degrees"), ("EPSG:3857", "web Mercator"), ("EPSG:2263", "metres"), ("EPSG:99999", "not known")],
)
def test_working_crs_that_cannot_measure_is_refused(tmp_path, crs, words):
    folder = town.write(tmp_path)
    file = folder / "county.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("EPSG:4526", crs), encoding="utf-8")
    with pytest.raises(CrsError, match=words):
        open_county(folder).layer("parks")


def test_a_source_without_crs_is_refused_unless_county_toml_states_it(tmp_path):
    with pytest.warns(UserWarning, match="crs"):
        town.layers()["parks"].set_crs(None, allow_override=True).to_file(tmp_path / "p.shp", encoding="UTF-8")
    with pytest.raises(CrsError, match=r"p\.shp.*no coordinate reference system"):
        open_county(with_layer(tmp_path / "a", "parks", "../p.shp")).layer("parks")
    county = open_county(with_layer(tmp_path / "b", "parks", "../p.shp", crs='"EPSG:4526"'))
    assert len(county.layer("parks")) == 2


def test_two_different_crs_are_refused(tmp_path):
    with pytest.raises(CrsError, match="EPSG:4526.*EPSG:4527"):
        open_county(town.write(tmp_path, parks='crs = "EPSG:4527"')).layer("parks")


def test_degrees_under_a_metric_crs_are_refused_and_the_other_way_round(tmp_path):
    parks = town.layers()["parks"]
    parks.to_crs(4490).set_crs(town.CRS, allow_override=True).to_file(tmp_path / "p.gpkg", layer="p")
    with pytest.raises(CrsError, match="look like degrees"):
        open_county(with_layer(tmp_path / "a", "parks", "../p.gpkg")).layer("parks")
    parks.set_crs(4490, allow_override=True).to_file(tmp_path / "q.gpkg", layer="q")
    with pytest.raises(CrsError, match="no degrees"):
        open_county(with_layer(tmp_path / "b", "parks", "../q.gpkg")).layer("parks")


def test_a_layer_far_away_is_refused(tmp_path):
    parks = town.moved({"parks": town.layers()["parks"]}, 0, 900_000)["parks"]
    parks.to_file(tmp_path / "p.gpkg", layer="p")
    county = open_county(with_layer(tmp_path, "parks", "p.gpkg"))
    with pytest.raises(CrsError, match="p.gpkg, table p.*899 km away.*lies_outside"):
        county.layer("parks")
    county.layer("study_area")


@pytest.mark.parametrize("layer", ["residential", "study_area"])
def test_an_empty_residential_layer_is_refused_and_an_empty_park_layer_is_not(tmp_path, layer):
    county = open_county(town.write(tmp_path, **{layer: "where = \"name = 'x'\"", "parks": "where = \"name = 'x'\""}))
    assert len(county.layer("parks")) == 0
    with pytest.raises(LayerError, match="no usable feature"):
        county.layer(layer)


@pytest.mark.parametrize(
    ("table", "error", "words"),
    [
        ("source = 'no.gpkg'", SourceError, "no such file"),
        ("source = 'county.gpkg'", LayerError, "several tables"),
        ("source = 'county.gpkg'\nlayer = 'gone'", LayerError, "no table 'gone'.*parks"),
        ("source = 'county.gpkg'\nlayer = 'parks'\nfields = { name = 'nom' }", LayerError, "no field 'nom'.*name"),
        ("source = 'county.gpkg'\nlayer = 'parks'\nfields = { nam = 'name' }", CountyError, "knows no field 'nam'"),
        ("source = 'county.gpkg'\nlayer = 'parks'\nwhere = 'nom = 1'", LayerError, "does not fit"),
        ("source = 'fake.gpkg'", SourceError, "name says gpkg"),
        ("source = 'fake.shp'", SourceError, "name says shp"),
        ("source = 'fake.parquet'", SourceError, "name says parquet"),
        ("source = 'fake.geojson'", SourceError, "the name says geojson"),
        ("source = 'empty.gpkg'", SourceError, "0 bytes"),
        ("source = 'lone.shp'", SourceError, r"lacks .shx, .dbf"),
        ("source = 'a.mdb'", SourceError, r"\.mdb.*export"),
        ("source = 'a.dwg'", SourceError, "DXF"),
        ("source = 'a.rar'", SourceError, "Unpack"),
        ("source = 'a.wl'", SourceError, "MapGIS"),
        ("source = 'a.wp'", SourceError, "MapGIS"),
        ("source = 'a.xls'", SourceError, "xlsx"),
    ],
)
def test_sources_that_cannot_be_used_are_refused(tmp_path, table, error, words):
    for name in (
        "fake.gpkg",
        "fake.shp",
        "fake.parquet",
        "fake.geojson",
        "a.mdb",
        "a.dwg",
        "a.rar",
        "a.wl",
        "a.wp",
        "a.xls",
    ):
        (tmp_path / name).write_text("this is no such file, whatever it is called")
    (tmp_path / "empty.gpkg").touch()
    (tmp_path / "lone.shp").write_bytes(b"\x00\x00\x27\x0a" + bytes(100))
    layers = town.layers()
    folder = town.write(tmp_path, layers)
    file = folder / "county.toml"
    file.write_text(file.read_text(encoding="utf-8") + f"[layers.green_line]\n{table}\n", encoding="utf-8")
    with pytest.raises(error, match=words) as refusal:
        open_county(folder).layer("green_line")
    assert "green_line" in str(refusal.value) or tmp_path.name in str(refusal.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[county]\nname = 'x'\nnmae = 'y'", "no key 'county.nmae'.*name"),
        ("[county]\ncode = '1'", "county.name is missing"),
        ("[county]\nname = 'x'\n[layers.parkes]\nsource = 'a'", "no layer kind 'parkes'.*parks"),
        ("[county]\nname = 'x'\n[layers.parks]\nsurce = 'a'", "no key 'layers.parks.surce'.*source"),
        ("[county]\nname = 'x'\n[layers.parks]\nwhere = 'a'", "layers.parks.source is missing"),
        ("[county]\nname = 'x'\nlang = 'fr'", "county.lang = 'fr'"),
        ("[county\nname = 'x'", "not valid TOML"),
        ("[county]\nname = 'x'\n[layer.parks]\nsource = 'a'", "no key 'layer'"),
    ],
)
def test_county_toml_that_cannot_be_used_is_refused(tmp_path, content, words):
    (tmp_path / "county.toml").write_text(content, encoding="utf-8")
    with pytest.raises(CountyError, match=words) as refusal:
        open_county(tmp_path)
    assert "county.toml" in str(refusal.value)


def test_no_county_toml_and_wrong_encoding(tmp_path):
    with pytest.raises(CountyError, match="no such file"):
        open_county(tmp_path)
    (tmp_path / "county.toml").write_bytes("[county]\nname = '示例'".encode("gbk"))
    with pytest.raises(CountyError, match="not UTF-8"):
        open_county(tmp_path)
    (tmp_path / "county.toml").write_bytes("\ufeff[county]\nname = '示例'\nlang = 'zh'".encode())
    assert open_county(tmp_path).name == "示例"
    assert stated_lang(tmp_path) == "zh"


def test_a_number_that_is_none_is_refused_with_its_feature(tmp_path):
    homes = town.layers()["residential"].assign(households=["12", "many", ""])
    homes.to_file(tmp_path / "r.gpkg", layer="r")
    with pytest.raises(FeatureError, match="households = 'many'") as refusal:
        open_county(with_layer(tmp_path, "residential", "r.gpkg")).layer("residential")
    assert "feature 2" in str(refusal.value)


def test_an_own_control_line_needs_no_code(tmp_path):
    layers = town.layers()
    layers["grassland"] = town.frame(town.box(0, 0, 10, 10), name=["基本草原"])
    county = open_county(town.write(tmp_path, layers, grassland='kind = "control_line"'))
    assert list(county.layer("grassland")["name"]) == ["基本草原"]


def test_every_refusal_speaks_chinese_too(tmp_path):
    with pytest.raises(InputError) as refusal:
        open_county(tmp_path)
    assert "文件不存在" in refusal.value.to("zh")


def test_sources_are_found_from_the_county_folder_not_from_here(tmp_path, monkeypatch):
    folder = town.write(tmp_path / "a")
    other = tmp_path / "b"
    shutil.copytree(folder, other)
    monkeypatch.chdir(tmp_path)
    assert len(open_county(other / "county.toml").layer("parks")) == 2
    assert isinstance(open_county(other).layer("parks"), gpd.GeoDataFrame)


def test_a_point_table_is_placed_by_its_stated_datum(tmp_path):
    # The middle of the town, written as GCJ-02 would show it: some hundred metres off, and brought back.
    from gis_planning.formats.datum import from_wgs84

    here = gpd.GeoSeries([shapely.Point(town.EAST + 500, town.NORTH + 500)], crs=town.CRS).to_crs(4326)[0]
    lon, lat = from_wgs84(here.x, here.y, "GCJ-02")
    (tmp_path / "f.csv").write_bytes(f"名称,类型,经度,纬度\n便民店,convenience_store,{lon!s},{lat!s}\n".encode("gbk"))
    county = open_county(with_layer(tmp_path / "a", "facilities", "../f.csv", datum='"GCJ-02"'))
    (point,) = county.layer("facilities").geometry
    assert point.distance(shapely.Point(town.EAST + 500, town.NORTH + 500)) < 0.01
    assert list(county.layer("facilities")["kind"]) == ["convenience_store"]
    as_wgs84 = open_county(with_layer(tmp_path / "b", "facilities", "../f.csv", datum='"WGS84"'))
    assert 100 < as_wgs84.layer("facilities").geometry.iloc[0].distance(point) < 700
    with pytest.raises(SourceError, match="datum"):
        open_county(with_layer(tmp_path / "c", "facilities", "../f.csv")).layer("facilities")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('url = "https://t.example.cn/{z}/{x}/{y}.png?tk=abc"', "no token may stand here"),
        ('url = "https://t.example.cn/{z}/{x}.png"', "such as https://"),
        ('url = "javascript:alert(1)//{x}{y}{z}"', "such as https://"),
        ('url = "https://a.cn/{x}/{y}/{z}; script-src *"', "such as https://"),
        ('url = "https://a.cn/{x}/{y}/{z}"\ndeepest = 99', "ground.0.deepest"),
        ('urll = "x"', "ground.0.urll"),
    ],
)
def test_a_background_that_is_none_or_holds_a_token_is_refused(tmp_path, words, said):
    (tmp_path / "county.toml").write_text(
        f'[county]\nname = "甲"\n[[ground]]\ntitle = "影像"\n{words}\n', encoding="utf-8"
    )
    with pytest.raises(CountyError, match=re.escape(said)):
        open_county(tmp_path)


@pytest.mark.parametrize(
    "table",
    [
        *(f"[quality]\nadjustment = {value}" for value in ("inf", "nan", "-1", "0", "true", '"1"')),
        *(f"[quality.weights]\nA = {value}" for value in ("inf", "nan", "-1", "true")),
        *(
            f"[layers.green_line]\nsource = 'x.gpkg'\nrepair_tolerance = {value}"
            for value in ("nan", "inf", "2", "true")
        ),
        "[[ground]]\ntitle = 'x'\nurl = 'https://t.example.cn/{z}/{x}/{y}.png'\ndeepest = true",
        "x = " + "[" * 5000,
        "x = " + "{a = " * 40 + "1" + "}" * 40,
        "a" + ".a" * 200_000 + " = 1",
        "#" * (1 << 21),
    ],
)
def test_county_files_that_cannot_be_are_refused_soon(tmp_path, table):
    folder = town.write(tmp_path, town.layers())
    file = folder / "county.toml"
    file.write_text(file.read_text(encoding="utf-8") + f"\n{table}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"county\.toml"):
        open_county(folder)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are made differently here")
def test_a_county_file_that_is_a_pipe(tmp_path):
    os.mkfifo(tmp_path / "county.toml")
    with pytest.raises(InputError, match=r"county\.toml"):
        open_county(tmp_path)
    assert stated_lang(tmp_path) is None
