"""Damaged files of every format that is read by us: a result or a refusal in words, soon, and nothing else."""

import io
import shutil
import zipfile
from functools import cache

import ezdxf
import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import rasterio
import shapely
from fuzzing import CELLS, answers, damaged, examples, tell
from hypothesis import given
from hypothesis import strategies as st

from gis_planning import geo
from gis_planning.formats.osm import read_extract
from gis_planning.formats.read import boundary_points, declared, osm_tags, parcels, points, sources
from gis_planning.formats.read.graphml import read_graphml
from gis_planning.formats.read.raster import read_raster

#: What GDAL remarks on damaged files, pyogrio and rasterio pass on as warnings; no matter of ours.
pytestmark = [
    pytest.mark.filterwarnings("ignore::RuntimeWarning:pyogrio"),
    pytest.mark.filterwarnings("ignore::RuntimeWarning:gis_planning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
E, N = 38_432_300, 4_588_700
TXT = (
    "[属性描述]\n格式版本号=1.01版本\n坐标系=2000国家大地坐标系\n几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n带号=38\n"
    "精度=0.001\n转换参数=,,,,,,\n[地块坐标]\n4,1.2,1,示例地块,面,K49G062084,公共设施用地,,@\n"
    + "".join(
        f"J{at},{ring},{N - y}.000,{E + x}.000\n"
        for ring, size in ((1, 100), (2, 20))
        for at, (x, y) in enumerate([(0, 0), (size, 0), (size, size), (0, size), (0, 0)], 1)
    )
)
ROWS = [
    ["宗地号：152501-GB-001", None, "权利人", "某某公司", None],
    ["宗地面积(平方米)：", 10000, None, "坐标系", "2000国家大地坐标系"],
    ["序号", "点号", "X(m)", "Y(m)", "边长(m)"],
    *([at, f"J{at}", N - y, E + x, 100] for at, (x, y) in enumerate([(0, 0), (100, 0), (100, 100), (0, 100)], 1)),
]
POINTS = [["名称", "类型", "经度", "纬度"], ["一小", "小学", 113.2, 41.4], ["二小", "小学", "113.21", "41°24′36″"]]
KML = (
    '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>d</name>'
    '<Placemark><name>甲</name><ExtendedData><Data name="a"><value>1</value></Data></ExtendedData><Polygon>'
    "<outerBoundaryIs><LinearRing><coordinates>113,41,0 113.1,41,0 113.1,41.1,0 113,41.1,0 113,41,0</coordinates>"
    "</LinearRing></outerBoundaryIs><innerBoundaryIs><LinearRing><coordinates>113.01,41.01 113.02,41.01 113.02,41.02 "
    "113.01,41.01</coordinates></LinearRing></innerBoundaryIs></Polygon></Placemark></Document></kml>"
)
GRAPHML = (
    '<?xml version="1.0" encoding="utf-8"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    + "".join(
        f'<key id="{key}" for="all" attr.name="{key}" attr.type="string"/>'
        for key in ("x", "y", "crs", "osmid", "name", "highway", "oneway", "geometry")
    )
    + '<graph edgedefault="directed"><data key="crs">epsg:4326</data>'
    '<node id="1"><data key="x">114.0</data><data key="y">22.5</data></node>'
    '<node id="2"><data key="x">114.001</data><data key="y">22.5</data></node>'
    '<edge source="1" target="2"><data key="osmid">[1, 2]</data><data key="highway">residential</data>'
    '<data key="oneway">True</data><data key="geometry">LINESTRING (114 22.5, 114.001 22.5)</data></edge>'
    '<edge source="2" target="1"><data key="osmid">1</data><data key="highway">[\'path\', \'steps\']</data></edge>'
    "</graph></graphml>"
)
OSM = (
    "<?xml version='1.0' encoding='UTF-8'?><osm version='0.6'><bounds minlat='41.4' minlon='113.2' maxlat='41.5' "
    "maxlon='113.3'/>"
    + "".join(
        f'<node version="1" id="{at}" lat="{41.4 + y}" lon="{113.2 + x}"/>'
        for at, (x, y) in enumerate([(0, 0), (0.01, 0), (0.01, 0.01), (0, 0.01), (0.004, 0.004), (0.005, 0.005)], 1)
    )
    + '<way version="1" id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/></way>'
    '<way version="1" id="2"><nd ref="4"/><nd ref="5"/><nd ref="6"/><nd ref="4"/></way>'
    '<way version="1" id="3"><nd ref="1"/><nd ref="5"/><tag k="highway" v="residential"/></way>'
    '<relation version="1" id="1"><member type="way" ref="1" role="outer"/><member type="way" ref="2" role="inner"/>'
    '<tag k="type" v="multipolygon"/><tag k="leisure" v="park"/><tag k="name" v="公园"/></relation></osm>'
)
FRAME = gpd.GeoDataFrame(
    {"DKMC": ["甲", "乙"], "MJ": [1.5, 2.5], "SL": [1, 2**40], "RQ": ["2020-01-01", ""]},
    geometry=[
        shapely.box(E, N, E + 100, N + 100).difference(shapely.box(E + 9, N + 9, E + 20, N + 20)),
        shapely.box(E + 200, N, E + 300, N + 50),
    ],
    crs=4526,
)  # fmt: skip


def book(rows):
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    made.save(kept := io.BytesIO())
    return kept.getvalue()


@cache
def parts_of_a_book():
    """Return the parts of one workbook for all examples: it holds the time at which it was made."""
    return members(book(ROWS))


@cache
def drawing():
    """Return one drawing for all examples: it holds the time at which it was made."""
    made = ezdxf.new("R2000", units=6)
    space = made.modelspace()
    corners = [(E, N), (E + 100, N), (E + 100, N + 100), (E, N + 100)]
    space.add_lwpolyline(corners, close=True, dxfattribs={"layer": "地块"})
    space.add_lwpolyline([(x + 200, y, 0, 0, 0.5) for x, y in corners], close=True)
    space.add_text("甲", dxfattribs={"insert": (E + 50, N + 50)})
    made.write(kept := io.StringIO())
    return kept.getvalue().encode()


def written(folder, name, **options):
    FRAME.to_file(folder / name, **options)
    return (folder / name).read_bytes()


def members(raw):
    with zipfile.ZipFile(io.BytesIO(raw)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def zipped(parts):
    with zipfile.ZipFile(kept := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as made:
        for name, raw in parts.items():
            made.writestr(name, raw)
    return kept.getvalue()


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz")


def asked(room, name, raw, call, *args, **options):
    """Read a file of these bytes."""
    file = room / name
    file.write_bytes(raw)
    found = answers(call, file, *args, **options)
    for warning in getattr(found, "warnings", ()):
        assert warning.to("zh")
        assert warning.to("en")
    return found


@examples(80)
@given(raw=damaged(TXT.encode("gbk")))
def test_coordinate_txt(room, raw):
    asked(room, "p.txt", raw, parcels.read_parcels)


def lines_of(rows, separator):
    return "\n".join(separator.join("" if cell is None else str(cell) for cell in row) for row in rows)


@examples(80)
@given(raw=damaged(lines_of(ROWS, ",").encode()))
def test_separated_boundary_points(room, raw):
    asked(room, "p.csv", raw, parcels.read_parcels)


@examples(60)
@given(raw=damaged(lines_of(POINTS, "\t").encode("utf-16")), datum=st.sampled_from(["WGS84", "GCJ-02", "BD-09", "x"]))
def test_separated_points(room, raw, datum):
    asked(room, "q.tsv", raw, points.read_points, datum=datum)


@st.composite
def tables(draw, rows):
    """Give a table with cells, rows or columns that are not what they were."""
    rows = [list(row) for row in rows]
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(rows) - 1))
        way = draw(st.sampled_from(["cell", "cell", "cell", "row", "again", "gone", "beside"]))
        if way == "cell" and rows[at]:
            rows[at][draw(st.integers(0, len(rows[at]) - 1))] = draw(CELLS)
        elif way == "row":
            rows.insert(at, draw(st.lists(CELLS, max_size=6)))
        elif way == "again":
            rows.insert(at, list(draw(st.sampled_from(rows))))
        elif way == "gone" and len(rows) > 1:
            del rows[at]
        elif way == "beside":
            rows = [[*row, None, *row] for row in rows] if len(rows[0]) < 20 else rows
    return rows


def sheet(rows):
    """Return a workbook of what a sheet can hold."""
    try:
        return book(rows)
    except (ValueError, openpyxl.utils.exceptions.IllegalCharacterError):
        kept = [[cell if isinstance(cell, int | float) else repr(cell) for cell in row] for row in rows]
        return book(kept)


@examples(25)
@given(rows=tables(ROWS))
def test_sheets_of_boundary_points(room, rows):
    asked(room, "p.xlsx", sheet(rows), boundary_points.read_boundary_points)


@examples(40)
@given(rows=tables(POINTS))
def test_sheets_of_points(room, rows):
    asked(room, "q.xlsx", sheet(rows), points.read_points, datum="GCJ-02")


@examples(25)
@given(data=st.data())
def test_workbooks_whose_parts_are_damaged(room, data):
    parts = parts_of_a_book()
    name = data.draw(st.sampled_from(sorted(parts)))
    asked(room, "r.xlsx", zipped(parts | {name: data.draw(damaged(parts[name]))}), boundary_points.read_boundary_points)


@examples(60)
@given(raw=damaged(KML.encode()))
def test_kml(room, raw):
    asked(room, "k.kml", raw, parcels.read_parcels)


@examples(40)
@given(raw=damaged(zipped({"doc.kml": KML})))
def test_kmz(room, raw):
    asked(room, "k.kmz", raw, parcels.read_parcels)


@pytest.mark.slow
@examples(25)
@given(data=st.data())
def test_drawings(room, data):
    whole = drawing()
    at = whole.index(b"ENTITIES")
    raw = data.draw(st.one_of(damaged(whole), damaged(whole[at:]).map(lambda end: whole[:at] + end)))
    asked(room, "d.dxf", raw, parcels.read_parcels, crs="EPSG:4526")


@examples(80)
@given(raw=damaged(GRAPHML.encode()))
def test_networks(room, raw):
    asked(room, "n.graphml", raw, read_graphml)


@examples(60)
@given(raw=damaged(OSM.encode()))
def test_extracts(room, raw):
    found = asked(room, "o.osm", raw, read_extract)
    if found is not None:
        answers(osm_tags.layers_of, found)
        answers(osm_tags.boundaries_of, found)


@examples(80)
@given(data=st.data())
def test_shapefiles(room, data):
    folder = room / "shapes"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    if "shp" not in KEPT:
        written(folder, "dk.shp", encoding="UTF-8")
        KEPT["shp"] = {one.name: one.read_bytes() for one in folder.iterdir()}
    damages = data.draw(st.lists(st.sampled_from(sorted(KEPT["shp"])), min_size=1, max_size=2, unique=True))
    for name, raw in KEPT["shp"].items():
        (folder / name).write_bytes(data.draw(damaged(raw, 2)) if name in damages else raw)
    answers(sources.read_source, folder / "dk.shp", where=data.draw(st.sampled_from([None, "MJ > 1", "DKMC = '甲'"])))
    answers(declared.declared_fields, folder / "dk.shp")


#: Sound files, made once.
KEPT = {}


@examples(80)
@given(data=st.data(), name=st.sampled_from(["a.gpkg", "a.geojson", "a.fgb", "a.parquet", "a.zip"]))
def test_files_of_others(room, data, name):
    if name not in KEPT:
        whole = room / "whole"
        whole.mkdir(exist_ok=True)
        if name == "a.parquet":
            FRAME.to_parquet(whole / name)
        elif name == "a.zip":
            (whole / name).write_bytes(zipped({"地块/a.geojson": written(whole, "b.geojson")}))
        else:
            FRAME.to_file(whole / name)
        KEPT[name] = (whole / name).read_bytes()
    (room / name).unlink(missing_ok=True)
    asked(
        room,
        name,
        data.draw(damaged(KEPT[name])),
        sources.read_source,
        where=data.draw(st.sampled_from([None, "MJ > 1"])),
    )
    if name != "a.zip":
        answers(declared.declared_fields, room / name)


VRT = (
    '<VRTDataset rasterXSize="10" rasterYSize="5"><SRS>EPSG:4526</SRS><GeoTransform>38500000, 10, 0, 4580050, 0, -10'
    '</GeoTransform><VRTRasterBand dataType="Float32" band="1"><NoDataValue>-9999</NoDataValue><Scale>0.1</Scale>'
    '<SimpleSource><SourceFilename relativeToVRT="1">d.tif</SourceFilename><SourceBand>1</SourceBand>'
    '<SrcRect xOff="0" yOff="0" xSize="10" ySize="5"/><DstRect xOff="0" yOff="0" xSize="10" ySize="5"/></SimpleSource>'
    "</VRTRasterBand></VRTDataset>"
)
ASC = "ncols 4\nnrows 3\nxllcorner 38500000\nyllcorner 4580000\ncellsize 10\nNODATA_value -9999\n" + "1 2 3 4\n" * 3


@examples(60)
@given(data=st.data(), name=st.sampled_from(["e.vrt", "e.asc", "d.tif"]))
def test_rasters(room, data, name):
    stated = geo.parse_crs("EPSG:4526", source="-")
    if "d.tif" not in KEPT:
        north_up = rasterio.transform.from_origin(38_500_000, 4_580_050, 10, 10)
        shape = {"width": 10, "height": 5, "count": 1, "dtype": "float32", "crs": "EPSG:4526", "transform": north_up}
        with rasterio.open(room / "s.tif", "w", driver="GTiff", **shape) as made:
            made.write(np.arange(50, dtype="float32").reshape(1, 5, 10))
        KEPT.update({"d.tif": (room / "s.tif").read_bytes(), "e.vrt": VRT.encode(), "e.asc": ASC.encode()})
    (room / "d.tif").write_bytes(KEPT["d.tif"])
    area = data.draw(st.sampled_from([None, shapely.box(38_500_010, 4_580_010, 38_500_030, 4_580_030)]))
    asked(room, name, data.draw(damaged(KEPT[name])), read_raster, stated_crs=stated, area=area, area_crs=stated)


def test_refusals_are_told_in_both_languages():
    with pytest.raises(AssertionError):
        tell(points.SourceError("source.unreadable", source="a", reason="ValueError: x"))
