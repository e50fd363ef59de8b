"""Point tables: datums there and back, every way to write a table, every refusal, and names sorted into kinds."""

import datetime as dt
import re
import warnings
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pyogrio
import pyproj
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis_planning.conventions import facts
from gis_planning.conventions.facilities import facility_kinds, kinds_of, type_of
from gis_planning.errors import FeatureError, InputError, LayerError, SourceError
from gis_planning.formats.datum import BOX, DATUMS, from_wgs84, plausible, to_wgs84
from gis_planning.formats.read.points import read_points
from gis_planning.formats.read.tables import read_rows

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "osm_towns"
CRS = pyproj.CRS.from_epsg(4526)
GEOD = pyproj.Geod(ellps="WGS84")
MIDNIGHT, NOON = dt.datetime(2025, 1, 2), dt.datetime(2025, 1, 2, 12)  # noqa: DTZ001 - Excel has no zones
HEAD = "名称,经度,纬度"
ROW = "利民药店,113.2,41.4"


def csv(folder, *lines, name="p.csv", encoding="utf-8"):
    file = folder / name
    file.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return file


def xlsx(folder, rows, *, sheets=("Sheet1",), name="p.xlsx"):
    book = openpyxl.Workbook()
    book.active.title = sheets[0]
    for title in sheets[1:]:
        book.create_sheet(title)
    for row in rows:
        book[sheets[-1]].append(row)
    book.save(folder / name)
    return folder / name


def read(file, **options):
    return read_points(file, **{"datum": "WGS84", **options})


def places(delivered):
    return {row: point and (point.x, point.y) for row, point in delivered.frame.geometry.items()}


# -- datums


def test_the_published_pairs_of_tiananmen():
    """The pairs that the public converters print as their example, for 116.404, 39.915."""
    assert np.allclose(from_wgs84(116.404, 39.915, "GCJ-02"), (116.41024449916938, 39.91640428150164), atol=1e-12)
    as_gcj = to_wgs84(116.404, 39.915, "GCJ-02")
    assert np.allclose(from_wgs84(*as_gcj, "BD-09"), (116.41036949371029, 39.92133699351021), atol=1e-9)
    # They go back in one pass, which leaves some centimetres; ours is exact.
    as_bd = to_wgs84(116.404, 39.915, "BD-09")
    assert np.allclose(from_wgs84(*as_bd, "GCJ-02"), (116.39762729119315, 39.90865673957631), atol=1e-6)
    assert np.allclose(as_gcj, (116.39775550083061, 39.91359571849836), atol=2e-6)


china = st.tuples(st.floats(73.5, 135), st.floats(18, 53.5))


@given(china, st.sampled_from(DATUMS))
def test_there_and_back_is_exact(place, datum):
    assert np.allclose(from_wgs84(*to_wgs84(*place, datum), datum), place, rtol=0, atol=1e-11)
    assert np.allclose(to_wgs84(*from_wgs84(*place, datum), datum), place, rtol=0, atol=1e-11)


@given(china)
def test_the_shift_is_hundreds_of_metres_and_no_fold(place):
    gcj, bd = from_wgs84(*place, "GCJ-02"), from_wgs84(*place, "BD-09")
    assert 10 < GEOD.inv(*place, *gcj)[2] < 720
    assert 600 < GEOD.inv(*gcj, *bd)[2] < 1_300
    east, north = from_wgs84([place[0], place[0] + 1e-4, place[0]], [place[1], place[1], place[1] + 1e-4], "BD-09")
    assert east[1] > east[0]
    assert north[2] > north[0]


def test_inner_mongolia_is_shifted_by_what_surveyors_see():
    lon, lat = np.array([113.2, 111.7, 119.7]), np.array([41.4, 40.8, 49.2])
    assert (GEOD.inv(lon, lat, *from_wgs84(lon, lat, "GCJ-02"))[2] > 300).all()


@given(st.floats(-180, 180), st.floats(-90, 90), st.sampled_from(DATUMS))
def test_outside_the_box_nothing_is_shifted(lon, lat, datum):
    west, south, east, north = BOX
    if not (west - 0.1 <= lon <= east + 0.1 and south - 0.1 <= lat <= north + 0.1):
        assert tuple(map(float, to_wgs84(lon, lat, datum))) == (lon, lat)
        assert tuple(map(float, from_wgs84(lon, lat, datum))) == (lon, lat)


def test_cgcs2000_is_wgs84_and_missing_stays_missing():
    assert tuple(map(float, to_wgs84(113.2, 41.4, "CGCS2000"))) == (113.2, 41.4)
    lon, _ = to_wgs84([np.nan, 113.2], [np.nan, 41.4], "BD-09")
    assert np.isnan(lon[0])
    assert 113.18 < lon[1] < 113.2
    assert len(to_wgs84([], [], "GCJ-02")[0]) == 0


# -- plausibility


def street_town(pitch_m=2_000.0):
    """A cross of straight streets every `pitch_m`, points on them every 50 m; in the working CRS, and in WGS84."""
    east, north = 38_433_000.0, 4_584_000.0
    at = np.arange(0, 10_001, pitch_m)
    streets = [shapely.LineString([(east + x, north), (east + x, north + 10_000)]) for x in at]
    streets += [shapely.LineString([(east, north + y), (east + 10_000, north + y)]) for y in at]
    along = np.arange(0, 10_001, 50.0)
    places_m = [(x, y) for x in at for y in along] + [(x, y) for x in along for y in at]
    xy = np.array(places_m) + (east, north)
    lon, lat = pyproj.Transformer.from_crs(CRS, 4326, always_xy=True).transform(xy[:, 0], xy[:, 1])
    return np.array(streets), np.array([shapely.Point(one) for one in zip(lon, lat, strict=True)])


@pytest.mark.parametrize("true", ["WGS84", "GCJ-02", "BD-09"])
@pytest.mark.parametrize("stated", DATUMS)
def test_a_wrong_datum_is_found(true, stated):
    streets, points = street_town()
    delivered = from_wgs84(shapely.get_x(points), shapely.get_y(points), true)
    fit = plausible(shapely.points(*to_wgs84(*delivered, stated)), stated, streets, CRS, source="p.csv")
    assert set(fit.medians_m) == {"WGS84", "GCJ-02", "BD-09"}
    assert fit.medians_m[true] < 0.01
    if ("WGS84" in {true} and stated in {"WGS84", "CGCS2000"}) or true == stated:
        assert fit.warning is None
    else:
        assert fit.medians_m["WGS84" if stated == "CGCS2000" else stated] > 100
        assert true in fit.warning.to("zh")
        assert f"probably {true}" in fit.warning.to("en")


def test_few_points_must_be_far_off_and_nothing_to_compare_is_no_warning():
    streets, points = street_town(pitch_m=200.0)
    few = shapely.points(*from_wgs84(shapely.get_x(points[:9]), shapely.get_y(points[:9]), "GCJ-02"))
    fit = plausible(few, "WGS84", streets, CRS, source="p.csv")
    assert fit.warning is None
    assert plausible(points[:0], "WGS84", streets, CRS, source="p.csv").medians_m == {}
    assert plausible([None], "WGS84", streets, CRS, source="p.csv").warning is None
    assert plausible(points, "WGS84", streets[:0], CRS, source="p.csv").warning is None


def test_a_thousand_points_and_parcels():
    streets, points = street_town(200.0)
    assert len(points) > 2_000
    parcels = shapely.buffer(streets, 5.0)
    assert plausible(points, "CGCS2000", parcels, CRS, source="p.csv").medians_m["WGS84"] == 0.0


@pytest.mark.skipif(not SHARED.exists(), reason="the shared OpenStreetMap towns are not here")
@pytest.mark.parametrize("name", ["liechtenstein_20130803.osm.pbf", "andorra.osm.pbf"])
def test_real_shops_and_streets_tell_the_datum(name):
    """Real facilities and streets, moved as a whole to Inner Mongolia."""
    points, streets = real_town(SHARED / name)
    for true in ("WGS84", "GCJ-02", "BD-09"):
        delivered = from_wgs84(shapely.get_x(points), shapely.get_y(points), true)
        for stated in ("WGS84", "GCJ-02", "BD-09"):
            read_as = shapely.points(*to_wgs84(*delivered, stated))
            fit = plausible(read_as, stated, streets, CRS, source="p.csv")
            if true == stated:
                assert fit.warning is None
            assert min(fit.medians_m, key=fit.medians_m.get) == true


def real_town(source):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        points = pyogrio.read_dataframe(source, layer="points")
        lines = pyogrio.read_dataframe(source, layer="lines", columns=["highway"])
    points = points[points["other_tags"].fillna("").str.contains('"amenity"|"shop"')]
    metric = points.estimate_utm_crs()
    points, lines = points.to_crs(metric).geometry, lines[lines["highway"].notna()].to_crs(metric).geometry
    middle = points.union_all().centroid
    east, north = 38_433_000.0 - middle.x, 4_584_000.0 - middle.y
    moved = gpd.GeoSeries(points.translate(east, north).to_numpy(), crs=CRS).to_crs(4326)
    return moved.to_numpy(), lines.translate(east, north).to_numpy()


# -- every way to write a table


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "，"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_separators(tmp_path, encoding, separator, end):
    text = end.join(line.replace(",", separator) for line in (HEAD, ROW, "好邻居便利店,113.25,41.45"))
    (tmp_path / "p.csv").write_bytes(text.encode(encoding))
    delivered = read(tmp_path / "p.csv")
    assert list(delivered.frame.columns) == ["名称", "经度", "纬度", "geometry"]
    assert list(delivered.frame["名称"]) == ["利民药店", "好邻居便利店"]
    assert places(delivered) == {2: (113.2, 41.4), 3: (113.25, 41.45)}
    expected = {"utf-8-sig": "UTF-8", "gbk": "GB18030"}.get(encoding, encoding.upper())
    assert (delivered.encoding, delivered.table, delivered.crs.to_epsg()) == (expected, None, 4326)


def test_everything_stays_as_it_was_delivered(tmp_path):
    lines = [
        "代码, 名称 ,lon,lat,备注,备注,,geometry",
        '007,"a,b",113.20,41.4,=1+1,<b>x</b>,,POINT(0 0)',
        "",
        '008,"两\n行",113.3,41.4,  空格 ,,y,',
        "009,无位置,,,,,,",
        "010,横线,-,—,,,,",
        "011,零,0,0.000,,,,",
        "012,短",
        ",,,,,,,",
    ]
    delivered = read(csv(tmp_path, *lines))
    frame = delivered.frame
    assert list(frame.columns[:-1]) == ["代码", "名称", "lon", "lat", "备注", "备注_2", "column_7", "geometry_2"]
    assert list(frame.index) == [2, 4, 5, 6, 7, 8]
    assert list(frame["代码"]) == ["007", "008", "009", "010", "011", "012"]
    assert frame.loc[2, ["名称", "lon", "备注", "备注_2", "geometry_2"]].tolist() == [
        "a,b", "113.20", "=1+1", "<b>x</b>", "POINT(0 0)",
    ]  # fmt: skip
    assert frame.loc[4, ["名称", "备注", "备注_2"]].tolist() == ["两\n行", "  空格 ", None]
    assert [row for row, place in places(delivered).items() if place is None] == [5, 6, 7, 8]


@pytest.mark.parametrize(
    ("head", "row", "datum"),
    [
        ("lon,lat", "113.2,41.4", "WGS84"),
        ("Longitude,Latitude", "113.2,41.4", "CGCS2000"),
        ("lat,lng", "41.4,113.2", "WGS84"),
        ("X,Y", "113.2,41.4", "WGS84"),
        ("经度（°）,纬度(°)", "113.2,41.4", "WGS84"),
        ("东经,北纬", "１１３．２,+41.40", "WGS84"),
        ("name,location", 'a,"113.2,41.4"', "WGS84"),
        ("name;坐标", "a;113.2，41.4", "WGS84"),
        ("name;坐标", "a;(113.2 41.4)", "WGS84"),
        ("location", '"113.2, 41.4"', "WGS84"),
        ("x,y,经度,纬度", "38433000,4584000,113.2,41.4", "WGS84"),
        ("lon_gcj02,lat_gcj02,lon_wgs84,lat_wgs84", "0,0,113.2,41.4", "WGS84"),
        ("lon_gcj02,lat_gcj02,经度,纬度", "0,0,113.2,41.4", "WGS84"),
        ("wgs84_lon,wgs84_lat", "113.2,41.4", "CGCS2000"),
        ("经度(WGS84),纬度(WGS84)", "113.2,41.4", "WGS84"),
    ],
)
def test_columns_of_coordinates(tmp_path, head, row, datum):
    assert places(read(csv(tmp_path, head, row), datum=datum)) == {2: (113.2, 41.4)}


def test_columns_named_in_county_toml(tmp_path):
    file = csv(tmp_path, "名称,E,N,P", "a,113.2,41.4,113.3 41.5")
    assert places(read(file, fields={"lon": "e", "lat": "N", "name": "名称"})) == {2: (113.2, 41.4)}
    assert places(read(file, fields={"location": "P"})) == {2: (113.3, 41.5)}
    for fields in ({"lon": "E", "lat": "北"}, {"lon": "E"}):
        with pytest.raises(LayerError, match=r"there are: 名称, E, N, P"):
            read(file, fields=fields)


def test_titles_above_the_heading(tmp_path):
    lines = ["某县服务设施一览表,,", "", "填表人：张三,2025,", HEAD, ROW]
    assert places(read(csv(tmp_path, *lines))) == {5: (113.2, 41.4)}


def test_a_row_with_full_width_commas_among_others(tmp_path):
    delivered = read(csv(tmp_path, HEAD, ROW, "a，113.3，41.5"))
    assert places(delivered) == {2: (113.2, 41.4), 3: (113.3, 41.5)}


@pytest.mark.parametrize("datum", DATUMS)
def test_points_come_in_wgs84(tmp_path, datum):
    lon, lat = from_wgs84(113.2, 41.4, datum)
    place = places(read(csv(tmp_path, "lon,lat", f"{float(lon)!r},{float(lat)!r}"), datum=datum))[2]
    assert place == pytest.approx((113.2, 41.4), abs=1e-11)


def test_excel(tmp_path):
    rows = [
        ["一览表"], [], ["名称", "编码", "经度", "纬度", "日期", "开放", "式"],
        ["利民药店", 150928, 113.2, 41.4, MIDNIGHT, True, "=1+1"],
        [],
        ["<script>", 12.5, "113.3", "41.5", NOON, None, None, "旁注"],
        ["无", 3.0],
    ]  # fmt: skip
    delivered = read(xlsx(tmp_path, rows))
    frame = delivered.frame
    assert delivered.table == "Sheet1"
    assert places(delivered) == {4: (113.2, 41.4), 6: (113.3, 41.5), 7: None}
    assert frame.loc[4].tolist()[:7] == ["利民药店", "150928", "113.2", "41.4", "2025-01-02", "TRUE", None]
    assert frame.loc[6].tolist()[:8] == ["<script>", "12.5", "113.3", "41.5", "2025-01-02 12:00:00", None, None, "旁注"]
    assert frame.loc[7, "编码"] == "3"


def test_excel_sheets(tmp_path):
    file = xlsx(tmp_path, [["lon", "lat"], [113.2, 41.4]], sheets=("说明", "设施"))
    assert places(read(file, table="设施")) == {2: (113.2, 41.4)}
    with pytest.raises(LayerError, match="说明, 设施"):
        read(file)
    with pytest.raises(LayerError, match="no table 'x'"):
        read(file, table="x")
    with pytest.raises(LayerError, match="no rows"):
        read(file, table="说明")


def test_a_condition(tmp_path):
    file = csv(tmp_path, "Name,name,类型,lon,lat", "a,b,药店,113.2,41.4", "c,d,学校,113.3,41.4")
    assert places(read(file, where="类型 = '学校'")) == {3: (113.3, 41.4)}
    assert len(read(file, where="name_2 = 'b'").frame) == 1
    with pytest.raises(LayerError, match="does not fit"):
        read(file, where="nom = 1")


# -- refusals


@pytest.mark.parametrize(
    ("lines", "error", "match"),
    [
        (["名称,地址", "a,b"], LayerError, r"no columns .* there are: 名称, 地址"),
        ([HEAD], LayerError, "no rows"),
        (["", " , "], LayerError, "no rows"),
        ([HEAD, ROW, "b,113°12′,41.4"], FeatureError, "row 3: '113°12′' in column '经度' is no coordinate"),
        ([HEAD, ROW, "b,113.2,nan1"], FeatureError, "row 3: 'nan1' in column '纬度'"),
        ([HEAD, "b,1_13,41.4"], FeatureError, "row 2"),
        ([HEAD, "b,inf,41.4"], FeatureError, "row 2: 'inf'"),
        ([HEAD, "b,=1+112,41.4"], FeatureError, "row 2: '=1[+]112'"),
        ([HEAD, ROW, "b,113.2,", "c,113.2,"], FeatureError, r"row 3: only one .*2 such rows"),
        ([HEAD, ROW, ROW, "b,41.4,113.2"], FeatureError, "row 4: longitude 41.4 and latitude 113.2 seem to be swapped"),
        ([HEAD, ROW, ROW, "b,1132,41.4"], FeatureError, "row 4: longitude 1132, latitude 41.4 is no place"),
        ([HEAD, ROW, ROW, "b,113,-91"], FeatureError, "row 4: longitude 113, latitude -91 is no place"),
        (["X(m),Y(m)", "4584000,38433000"], FeatureError, "row 2: .* probably metres .* X is often the northing"),
        (["经度,lng,纬度", "1,1,1"], LayerError, "several columns .*: 经度, lng, 纬度"),
        (["lon_gcj02,lat_gcj02", "113.2,41.4"], LayerError, "datum is WGS84, .* another .lon_gcj02, lat_gcj02"),
        ([HEAD, ROW, "a,路,口,113.2,41.4"], FeatureError, "row 3: it has 5 cells, the heading has 3"),
        ([HEAD, ROW, '"a,113.2,41.4'], FeatureError, "row 3: a quotation mark"),
        ([HEAD, ROW, '"a"b,113.2,41.4'], FeatureError, "row 3: a quotation mark"),
        (["名称,location", 'a,"113.2"'], FeatureError, "row 2: only one"),
        (["名称,location", 'a,"113.2,41.4,5"'], FeatureError, "row 2: '113.2,41.4,5'"),
        ([HEAD, "\x00,1,1"], SourceError, "neither UTF-8 nor GB18030"),
    ],
)
def test_tables_that_are_refused(tmp_path, lines, error, match):
    with pytest.raises(error, match=match) as caught:
        read(csv(tmp_path, *lines))
    assert "p.csv" in caught.value.to("zh")
    assert re.search("[\u4e00-\u9fff]{4}", caught.value.to("zh"))


def test_the_datum_must_be_stated(tmp_path):
    file = csv(tmp_path, HEAD, ROW)
    with pytest.raises(SourceError, match="WGS84, CGCS2000, GCJ-02, BD-09") as caught:
        read_points(file, datum=None)
    assert "county.toml" in caught.value.to("zh")
    with pytest.raises(SourceError, match="'wgs 72' is not known"):
        read_points(file, datum="wgs 72")


def test_files_that_are_no_table(tmp_path):
    for name, content, match in [
        ("p.csv", b"", "empty"),
        ("p.csv", b"\xff\xff\xff", "neither"),
        ("p.csv", b"PK\x03\x04 a workbook", "something else"),
        ("p.xlsx", b"\xd0\xcf\x11\xe0 an encrypted workbook", "something else"),
        ("p.xls", b"old", "old Excel format"),
        ("p.json", b"{}", "no point table"),
    ]:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(SourceError, match=match):
            read(tmp_path / name)
    with zipfile.ZipFile(tmp_path / "p.xlsx", "w") as archive:
        archive.writestr("x", "y")
    with pytest.raises(SourceError, match="cannot be read"):
        read(tmp_path / "p.xlsx")
    with pytest.raises(SourceError, match="no such file"):
        read(tmp_path / "none.csv")
    with pytest.raises(LayerError, match="no table 'x'"):
        read(csv(tmp_path, HEAD, ROW), table="x")


cells = st.one_of(
    st.sampled_from(["113.2", "41.4", "", "lon", "lat", "location", '"', "，", "=A1", "-", "1e999", "91", "4584000"]),
    st.text(max_size=6),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(cells, max_size=5), max_size=6),
    st.sampled_from([HEAD, "location", "lon;lat", ""]),
    st.sampled_from([",", ";", "\t", "，", '"', "\r"]),
    st.sampled_from(["utf-8", "gb18030", "utf-16"]),
    st.sampled_from(DATUMS),
)
def test_any_text_is_read_or_refused_in_our_words(tmp_path, rows, head, separator, encoding, datum):
    text = "\n".join([head, *(separator.join(row) for row in rows)])
    (tmp_path / "h.csv").write_bytes(b" " + text.encode(encoding, "replace"))
    try:
        frame = read(tmp_path / "h.csv", datum=datum).frame
    except InputError as fault:
        said = fault.to("zh") + fault.to("en")
        frame = None
    if frame is None:
        assert "h.csv" in said
        return
    assert frame.index.is_unique
    assert frame.columns.is_unique
    assert (frame.geometry.isna() | shapely.is_valid(frame.geometry.to_numpy())).all()


@given(st.binary(max_size=80))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_read_or_refused_in_our_words(tmp_path, content):
    for name in ("b.csv", "b.xlsx"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError):
            read(tmp_path / name)


# -- kinds


NAMES = {
    "kindergarten": (["蒙古族幼儿园", "第一小学附属幼儿园", "Sunshine Kindergarten"],
                     ["童星早教幼儿园培训中心", "幼儿园路五金店"]),
    "primary_school": (["第一中心小学", "白音村小学（东校区）", "Hill Primary School"],
                       ["小学路建材城", "小学生作文辅导", "小学培训"]),
    "middle_school": (["察右后旗第二中学", "集宁一中", "North Middle School"],
                      ["市高级中学", "中学驾校", "一中心办公楼"]),
    "primary_school;middle_school": (["九年一贯制学校"], ["九年制培训"]),
    "childcare": (["小太阳托育中心", "社区托儿所", "Bright Nursery"], ["育婴师培训学校", "Green Plant Nursery"]),
    "elderly_care": (["朝阳社区日间照料中心", "嘎查幸福院", "Senior Centre"], ["养老保险服务", "幸福院有限公司"]),
    "nursing_home": (["旗敬老院", "夕阳红养老院", "Oak Nursing Home"], ["儿童福利院", "养老院有限公司"]),
    "clinic": (["新区社区卫生服务中心", "土牧尔台镇卫生院", "王氏诊所", "Town Clinic"],
               ["爱心宠物诊所", "张牙科诊所", "医美门诊部", "卫生监督所", "Smile Dental Clinic"]),
    "hospital": (["旗人民医院", "蒙医医院", "妇幼保健院", "County Hospital"],
                 ["宠物医院", "口腔医院", "手机医院", "Animal Hospital"]),
    "pharmacy": (["利民大药房", "百姓药店", "人民医院药房", "Corner Pharmacy"], ["农药店", "兽药店"]),
    "cultural_centre": (["文化活动中心", "旗图书馆", "草原书屋", "Public Library"],
                        ["图书馆路停车", "文化传媒有限公司"]),
    "sports_ground": (["全民体育中心", "全民健身中心", "灯光篮球场", "Town Stadium"],
                      ["体育用品店", "体育场路宾馆", "活力健身中心", "体育馆健身房"]),
    "football_pitch": (["笼式足球场", "Football Pitch 2"], ["足球培训"]),
    "fitness_ground": (["健身广场", "社区室外健身点", "Outdoor Gym"], ["健身房", "健身器材店"]),
    "market": (["新世纪菜市场", "农贸市场", "老王蔬菜店", "Farmers' Market"],
               ["农贸市场大排档建材", "建材综合市场", "五金综合市场", "市场监督管理局"]),
    "supermarket": (["金鼎超市", "联华生活超市", "City Supermarket"], ["建材超市", "房产超市"]),
    "convenience_store": (["好邻居便利店", "校园小卖部", "Corner Shop"], ["成人用品便利店"]),
    "breakfast_shop": (["老李早餐", "天津包子铺", "Breakfast Hut"], ["包子机设备", "Rose Bed and Breakfast"]),
    "restaurant": (["草原饭店", "兰州拉面", "Blue Restaurant"], ["餐饮设备", "火锅食材"]),
    "canteen": (["社区食堂", "第一中学食堂", "Staff Canteen"], ["食堂承包公司"]),
    "laundry": (["洁丰干洗店", "Sunny Laundry"], ["洗衣机专卖", "水洗厂"]),
    "hairdresser": (["阿明理发", "丝域美发", "Tom's Barber Shop"], ["美发用品", "美容美发学校"]),
    "repair_shop": (["家电维修", "修鞋摊", "Shoe Repair"], ["汽车维修", "农机修理", "Auto Repair"]),
    "print_shop": (["文苑打字复印", "天天照相馆", "Copy Shop"], ["婚纱摄影", "印刷厂图文"]),
    "housekeeping": (["阳光家政", "Housekeeping Plus"], ["家政培训学校"]),
    "parcel_point": (["菜鸟驿站", "中通快递", "Parcel Locker 3"], ["快递物流园", "草原驿站"]),
    "post_office": (["中国邮政", "白音邮政支局", "Post Office"], ["邮政管理局"]),
    "bank": (["中国农业银行", "邮政储蓄银行", "农村信用社", "Bank of China"],
             ["爱心银行", "River Bank", "Riverbank"]),
    "recycling_point": (["废品收购站", "再生资源回收点", "Recycling Point"], ["再生资源产业园", "黄金回收站"]),
    "waste_point": (["垃圾转运站", "垃圾分类投放点", "Waste Collection"], ["垃圾填埋场垃圾处理", "垃圾袋垃圾分类"]),
    "toilet": (["公厕", "人民公园公共厕所", "Public Toilets"], ["卫生间用品"]),
    "community_service": (["向阳社区党群服务中心", "白音嘎查委员会", "朝阳居委会", "Community Service Station"],
                          ["社区服务快递", "物业社区服务"]),
    "employment_service": (["零工市场", "就业服务中心", "Job Centre"], ["人才市场劳务派遣"]),
    "police": (["城关派出所", "警务室", "Police Station"], ["Police Academy", "派出所路"]),
    "fire_station": (["旗消防救援大队", "Fire Station"], ["消防器材", "消防站设备"]),
    "shelter": (["应急避难场所", "Emergency Shelter"], ["避难场所器材"]),
    "bus_stop": (["第一小学公交站", "Bus Stop 12"], ["公交公司"]),
    "charging_station": (["国网充电站", "EV Charging"], ["充电桩销售"]),
    "parking": (["人民医院停车场", "Car Park"], ["停车场管理公司"]),
}  # fmt: skip
CASES = [(name, kind, True) for kind, (good, _) in NAMES.items() for name in good]
CASES += [(name, kind, False) for kind, (_, bad) in NAMES.items() for name in bad]


#: What serves a county from afar or by lorry is told by its kind alone: its names stand on too many other things.
BY_LABEL = {"transfer_station", "incinerator", "motorway_ramp", "railway_station", "airport", "city"}


def test_each_kind_has_names_it_takes_and_names_it_rejects():
    table = facts("facilities")
    assert {kind for one in NAMES for kind in one.split(";")} == set(facility_kinds()) - {"other", *BY_LABEL}
    assert {one["kind"] for one in table["names"]} == set(NAMES)
    assert all(one["accept"] and one["reject"] for one in table["names"])
    assert all(entry.keys() == {"zh", "en", "labels"} for entry in table["kinds"].values())


@pytest.mark.parametrize(("name", "kind", "taken"), CASES)
def test_names(name, kind, taken):
    assert (type_of([name]) == [kind]) is taken


def test_no_label_stands_for_two_kinds():
    seen = {}
    for kind, entry in facts("facilities")["kinds"].items():
        for label in {label.casefold() for label in (kind, entry["zh"], entry["en"], *entry["labels"])}:
            assert seen.setdefault(label, kind) == kind, label


def test_every_kind_openstreetmap_gives_is_on_the_list():
    given_kinds = {one["set"]["kind"] for one in facts("osm")["layers"]["facilities"]["rules"] if "set" in one}
    assert given_kinds <= set(facility_kinds())


def test_brackets_case_width_and_what_is_closed():
    assert type_of(["阳光商贸（原利民药店）", "利民药店(暂停营业)", "ＢＡＮＫ"]) == [None, None, "bank"]
    assert type_of(["实验小学家属院", "", None, "（药店）"]) == [None] * 4
    assert type_of(["商铺", "龙腾小区", "天意广告"]) == [None] * 3


def test_a_kind_column_counts_before_the_name():
    stated = ["pharmacy", "Clinic；养老院", "药店;小学", "pharmcy", "菜市场或生鲜超市", None, "other", " 超市 "]
    names = ["实验小学"] * len(stated)
    assert kinds_of(stated, names) == [
        "pharmacy", "clinic;nursing_home", "pharmacy;primary_school", "primary_school", "market", "primary_school",
        "other", "supermarket",
    ]  # fmt: skip
    assert kinds_of(None, ["甲", "乙药店"]) == [None, "pharmacy"]


@given(st.lists(st.none() | st.text(max_size=20), max_size=5))
def test_any_name_has_kinds_of_the_list_or_none(names):
    for kind in kinds_of(names, names):
        assert kind is None or set(kind.split(";")) <= set(facility_kinds())


@pytest.mark.parametrize(("end", "told"), [("", True), ("\n", False), ("\r\n", False), ("\r", True)])
def test_a_last_line_that_is_not_ended_is_told(tmp_path, end, told):
    (tmp_path / "p.csv").write_bytes(f"{HEAD}\n{ROW}\n好邻居便利店,113.25,41.4{end}".encode())
    (tmp_path / "q.csv").write_bytes(f"项目编号,项目类型\nA-1,住宅\nA-2,商{end}".encode())
    words = read(tmp_path / "p.csv").warnings + read_rows(tmp_path / "q.csv").warnings
    assert [one.key for one in words] == ["tables.open_end"] * 2 * told
    if told:
        assert "41.4" in str(words[0])
        assert "商" in str(words[1])
        assert "3" in str(words[1])
