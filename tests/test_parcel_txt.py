"""Coordinate TXT: the paper's figures, real data, every variant, every refusal, and there and back."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import refusals
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis_planning.errors import CrsError, FeatureError, LayerError, OutputError, SourceError
from gis_planning.formats.gauss_kruger import FIRST_CODES, ZONES, Zone, tell_axes, zone_of
from gis_planning.formats.read.nesting import nest
from gis_planning.formats.read.parcel_txt import read_parcel_txt, write_parcel_txt
from gis_planning.geo import ellipsoid_area

PLACES = [folder / "shared" / "data" / "parcel_txt" for folder in Path(__file__).resolve().parents]
REAL = next((place for place in PLACES if place.exists()), PLACES[0])
HEADER = {
    "格式版本号": "1.01版本",
    "数据产生单位": "某某旗自然资源局",
    "坐标系": "2000国家大地坐标系",
    "几度分带": "3",
    "投影类型": "高斯克吕格",
    "计量单位": "米",
    "带号": "38",
    "精度": "0.001",
    "转换参数": ",,,,,,",
}
HEAD = "10,1.1600,1,示例地块,面,K49G062084,公共设施用地,,@"
OUTER = [(4588700, 38432300), (4588700, 38432420), (4588600, 38432420), (4588600, 38432300)]
HOLE = [(4588660, 38432350), (4588660, 38432370), (4588640, 38432370), (4588640, 38432350)]


def points(*rings, closed=True, start=1):
    """Lines of points as the paper's example writes them, (x, y) with x the northing."""
    lines, number = [], start
    for ring, corners in enumerate(rings, 1):
        names = [f"J{number + at}" for at in range(len(corners))]
        number += len(corners)
        shown = list(zip(names, corners, strict=True))
        shown += shown[:1] if closed else []
        lines += [f"{name},{ring},{x:.3f},{y:.3f}" for name, (x, y) in shown]
    return lines


def txt(folder, *lines, header=None, encoding="gbk", newline="\r\n", name="p.txt"):
    keys = {**HEADER, **(header or {})}
    top = ["[属性描述]", *(f"{key}={value}" for key, value in keys.items() if value is not None), "[地块坐标]"]
    file = folder / name
    file.write_bytes((newline.join([*top, *lines]) + newline).encode(encoding))
    return file


def example(folder, **options):
    return txt(folder, HEAD, *points(OUTER, HOLE), **options)


def keys(delivered):
    return [warning.key for warning in delivered.warnings]


def refused(error, key, call, *args, **options):
    with pytest.raises(error) as caught:
        call(*args, **options)
    assert caught.value.text.key == key
    for lang in ("zh", "en"):
        assert caught.value.to(lang)
    return caught.value


# -- what paper and the field say


def test_the_papers_example(tmp_path):
    delivered = read_parcel_txt(example(tmp_path))
    frame = delivered.frame
    assert delivered.crs.to_epsg() == 4526
    assert delivered.encoding == "GB18030"
    assert delivered.warnings == ()
    assert list(frame.columns) == ["id", "name", "use", "land_class", "stated_area_ha", "sheet", "geometry"]
    row = frame.loc[12]
    assert list(row[:6]) == ["1", "示例地块", "公共设施用地", None, 1.16, "K49G062084"]
    assert row.geometry.area == pytest.approx(11_600.0, abs=1e-6)
    assert ellipsoid_area(frame.geometry.to_numpy(), delivered.crs)[0] == pytest.approx(11_598.694, abs=1e-3)
    assert row.geometry.bounds == (38432300, 4588600, 38432420, 4588700)
    assert len(row.geometry.interiors) == 1


@pytest.mark.skipif(not REAL.exists(), reason="the real coordinate TXT is not on this machine")
@pytest.mark.parametrize(("name", "encoding"), [("pengbu_B-R-14.txt", "UTF-8"), ("pengbu_B-R-14_gbk.txt", "GB18030")])
def test_a_real_file_gives_its_stated_area_back(name, encoding):
    delivered = read_parcel_txt(REAL / name)
    assert delivered.crs.to_epsg() == 4528
    assert delivered.encoding == encoding
    assert delivered.warnings == ()
    assert delivered.frame.geometry.is_valid.all()
    assert delivered.frame["stated_area_ha"].iloc[0] == 5.7089
    assert delivered.frame.area.iloc[0] == pytest.approx(57_089, abs=1)
    assert delivered.frame["name"].iloc[0] == "彭埠单元B/R-14地块"
    assert shapely.get_num_coordinates(delivered.frame.geometry.iloc[0]) == 66


@pytest.mark.skipif(not REAL.exists(), reason="the real coordinate TXT is not on this machine")
def test_a_real_file_with_another_zone_in_its_header_is_refused_naming_both(tmp_path):
    copy = tmp_path / "p.txt"
    copy.write_bytes((REAL / "pengbu_B-R-14.txt").read_bytes().replace("带号=40".encode(), "带号=39".encode()))
    said = refused(CrsError, "parcel_txt.zone_conflict", read_parcel_txt, copy)
    for lang in ("zh", "en"):
        assert "39" in said.to(lang)
        assert "40" in said.to(lang)


@pytest.mark.parametrize(("family", "first"), FIRST_CODES.items(), ids=str)
def test_the_codes_are_the_zones_the_registry_says(family, first):
    datum, width, prefixed = family
    names = {"CGCS2000": "CGCS2000", "Xian80": "Xian 1980", "Beijing54": "Beijing 1954"}
    for number in (ZONES[width].start, ZONES[width].stop - 1):
        crs = Zone(datum, width, number, prefixed).crs
        assert crs.name.startswith(names[datum] + " /")
        assert ("3-degree" in crs.name) == (width == 3)
        parameters = {one.name: one.value for one in crs.coordinate_operation.params}
        assert parameters["False easting"] == 500_000 + (number * 1_000_000 if prefixed else 0)
        assert parameters["Longitude of natural origin"] == number * width - (3 if width == 6 else 0)
        assert zone_of(crs) == Zone(datum, width, number, prefixed)


# -- variants


@pytest.mark.parametrize("encoding", ["gbk", "utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_encodings_and_ends_of_lines(tmp_path, encoding, newline):
    delivered = read_parcel_txt(example(tmp_path, encoding=encoding, newline=newline))
    assert delivered.frame["name"].tolist() == ["示例地块"]
    assert delivered.frame.area.iloc[0] == pytest.approx(11_600)
    assert delivered.warnings == ()


def plain(line):
    return line


POINT_VARIANTS = {
    "swapped": (lambda p: ",".join([*p[:2], p[3], p[2]]), ["parcel_txt.swapped"]),
    "no J": (lambda p: ",".join([p[0][1:], *p[1:]]), []),
    "J01": (lambda p: ",".join([f"J{int(p[0][1:]):02}", *p[1:]]), []),
    "spaces after commas": (", ".join, []),
    "tabs": ("\t".join, []),
    "spaces": (" ".join, []),
    "tabs and commas": (lambda p: f"{p[0]}\t{p[1]},{p[2]}\t,{p[3]}", []),
    "full-width commas": ("，".join, ["parcel_txt.full_width"]),
    "full-width digits": (lambda p: ",".join([p[0], "１" if p[1] == "1" else "２", *p[2:]]), ["parcel_txt.full_width"]),
    "scientific": (lambda p: ",".join([*p[:2], f"{float(p[2]):.9E}", f"{float(p[3]):.9e}"]), []),
    "two decimals": (lambda p: ",".join([*p[:2], f"{float(p[2]):.2f}", f"{float(p[3]):.4f}"]), []),
    "a comma at the end": (lambda p: ",".join(p) + ",", []),
    "scientific, too short": (lambda p: ",".join([*p[:2], f"{float(p[2]):.5E}", p[3]]), ["parcel_txt.coarse"]),
}


@pytest.mark.parametrize("variant", POINT_VARIANTS)
def test_lines_of_points_are_written_in_many_ways(tmp_path, variant):
    write, warned = POINT_VARIANTS[variant]
    lines = [write(line.split(",")) for line in points(OUTER, HOLE)]
    delivered = read_parcel_txt(txt(tmp_path, HEAD, *lines))
    assert delivered.frame.area.iloc[0] == pytest.approx(11_600)
    assert delivered.frame.geometry.iloc[0].bounds == (38432300, 4588600, 38432420, 4588700)
    assert keys(delivered) == warned


HEAD_VARIANTS = {
    "10,1.1600,1,示例地块,面,K49G062084,公共设施用地,,@": ("K49G062084", "公共设施用地", None),
    "8,1.16,1,示例地块,面,,@": (None, None, None),
    "10,1.16,1,示例地块,,,,@": (None, None, None),
    "10,,1,示例地块,面,K49G062084,公共设施用地,0809,@": ("K49G062084", "公共设施用地", "0809"),
    "10，1.1600，1，示例地块，面，，住宅，0701，＠": (None, "住宅", "0701"),
    "10,1.1600,1,示例地块,面,,用途，又一,0701,@": (None, "用途，又一", "0701"),
    "10,1.1600,1,示例地块,面,T,高标,0101,净增,水田,9,8,新增,@": ("T", "高标", "0101"),
}


@pytest.mark.parametrize("head", HEAD_VARIANTS)
def test_lines_of_parcels_are_written_in_many_ways(tmp_path, head):
    delivered = read_parcel_txt(txt(tmp_path, head, *points(OUTER, HOLE)))
    row = delivered.frame.iloc[0]
    assert (row["id"], row["name"]) == ("1", "示例地块")
    assert (row["sheet"], row["use"], row["land_class"]) == HEAD_VARIANTS[head]
    assert keys(delivered) == (["parcel_txt.full_width"] if "＠" in head else [])
    more = ["patch_type", "land_type", "quality_before", "quality_after", "remarks"]
    assert [row[name] for name in more if name in row] == (["净增", "水田", "9", "8", "新增"] if "净增" in head else [])


def test_items_beyond_those_known_are_kept(tmp_path):
    head = "10,1.1600,1,甲,面,,,,a,b,c,d,e,自定义,@"
    assert read_parcel_txt(txt(tmp_path, head, *points(OUTER, HOLE))).frame["item_14"].tolist() == ["自定义"]


def test_several_parcels_with_numbers_that_start_again_and_other_blocks(tmp_path):
    east = [(x, y + 500) for x, y in OUTER]
    lines = [HEAD, *points(OUTER, HOLE), "", "4,1.2,2,乙,面,,,,@", *points(east), "[扩展信息]", "备注一行", "a=b"]
    delivered = read_parcel_txt(txt(tmp_path, *lines))
    assert delivered.frame["id"].tolist() == ["1", "2"]
    assert delivered.frame.area.tolist() == pytest.approx([11_600, 12_000])
    assert delivered.warnings == ()


def test_duplicate_ids_are_left_to_the_caller(tmp_path):
    east = [(x, y + 500) for x, y in OUTER]
    lines = [HEAD, *points(OUTER, HOLE), "4,1.2,1,乙,面,,,,@", *points(east)]
    assert read_parcel_txt(txt(tmp_path, *lines)).frame["id"].tolist() == ["1", "1"]


def test_ring_numbers_for_parts_and_for_holes_are_decided_by_containment(tmp_path):
    east = [(x, y + 500) for x, y in OUTER]
    island = [(4588652, 38432358), (4588652, 38432362), (4588648, 38432362), (4588648, 38432358)]
    lines = points(HOLE, east, island, OUTER)
    delivered = read_parcel_txt(txt(tmp_path, "20,2.3616,1,甲,面,,,,@", *lines))
    shape = delivered.frame.geometry.iloc[0]
    assert shape.geom_type == "MultiPolygon"
    assert shape.area == pytest.approx(12_000 - 400 + 16 + 12_000)
    assert shape.is_valid
    assert delivered.warnings == ()
    assert sorted(len(part.interiors) for part in shape.geoms) == [0, 0, 1]


def test_all_rings_numbered_one_are_told_apart_by_their_closing(tmp_path):
    lines = [line.replace(",2,", ",1,") for line in points(OUTER, HOLE)]
    delivered = read_parcel_txt(txt(tmp_path, HEAD, *lines))
    assert delivered.frame.area.iloc[0] == pytest.approx(11_600)
    assert delivered.warnings == ()


def test_a_ring_that_touches_its_own_start_stays_one(tmp_path):
    bow = [(4588600, 38432300), (4588650, 38432350), (4588600, 38432350), (4588600, 38432300)]
    bow += [(4588550, 38432250), (4588600, 38432250)]
    lines = points(bow)
    shape = read_parcel_txt(txt(tmp_path, "7,,1,甲,面,,,,@", *lines)).frame.geometry.iloc[0]
    assert shape.geom_type == "Polygon"
    assert shapely.get_num_coordinates(shape) == 7


def test_unclosed_rings_are_closed_with_a_word(tmp_path):
    delivered = read_parcel_txt(txt(tmp_path, HEAD.replace("10,", "8,", 1), *points(OUTER, HOLE, closed=False)))
    assert delivered.frame.area.iloc[0] == pytest.approx(11_600)
    assert keys(delivered) == ["parcel_txt.unclosed"]
    assert delivered.warnings[0].facts["count"] == 2
    assert delivered.warnings[0].facts["places"] == [16, 20]


def test_self_crossing_rings_are_left_as_delivered(tmp_path):
    crossed = [OUTER[0], OUTER[2], OUTER[1], OUTER[3]]
    shape = read_parcel_txt(txt(tmp_path, "5,,1,甲,面,,,,@", *points(crossed))).frame.geometry.iloc[0]
    assert not shape.is_valid
    assert [(y, x) for x, y in shape.exterior.coords[:-1]] == crossed


def test_counts_and_areas_that_do_not_fit_are_told(tmp_path):
    delivered = read_parcel_txt(txt(tmp_path, HEAD.replace("10,1.1600", "12,1.1602"), *points(OUTER, HOLE)))
    assert keys(delivered) == ["parcel_txt.count", "parcels.area_differs"]
    assert "1.1602" in str(delivered.warnings[1])
    assert "1.1600" in str(delivered.warnings[1])
    # 1 m2 is within what four decimals of a hectare can say.
    assert keys(read_parcel_txt(txt(tmp_path, HEAD.replace("1.1600", "1.1601"), *points(OUTER, HOLE)))) == []


def test_points_given_twice_and_parameters_are_told(tmp_path):
    lines = points(OUTER, HOLE)
    lines.insert(1, "J1,1,4588700.000,38432300.000")
    delivered = read_parcel_txt(
        txt(tmp_path, HEAD.replace("10", "11", 1), *lines, header={"转换参数": "1.5,0,0,0,0,0,0"})
    )
    assert keys(delivered) == ["parcel_txt.parameters", "parcel_txt.twice"]


# -- the CRS


CRS_VARIANTS = [
    ({}, True, 4526),
    ({}, False, 4547),
    ({"带号": None}, True, 4526),
    ({"几度分带": None}, True, 4526),
    ({"几度分带": "三度"}, False, 4547),
    ({"带号": "第38带", "几度分带": "3.0"}, True, 4526),
    ({"坐标系": "1980西安坐标系"}, True, 2362),
    ({"坐标系": "80国家大地坐标系"}, False, 2383),
    ({"坐标系": "1954年北京坐标系"}, True, 2414),
    ({"坐标系": "北京54"}, False, 2435),
    ({"坐标系": "CGCS2000", "几度分带": "6", "带号": "19"}, False, 4508),
]


def moved(lines, by):
    cut = [line.split(",") for line in lines]
    return [",".join([*parts[:3], f"{float(parts[3]) + by:.3f}"]) for parts in cut]


@pytest.mark.parametrize(("header", "prefixed", "code"), CRS_VARIANTS)
def test_the_crs_stands_in_the_header_and_the_eastings(tmp_path, header, prefixed, code):
    lines = points(OUTER, HOLE) if prefixed else moved(points(OUTER, HOLE), -38_000_000)
    delivered = read_parcel_txt(txt(tmp_path, HEAD, *lines, header=header))
    assert delivered.crs.to_epsg() == code
    assert delivered.frame.crs == delivered.crs
    assert keys(delivered) == (["parcels.old_datum"] if code < 4490 else [])


def test_six_degree_zones_with_their_number(tmp_path):
    file = txt(tmp_path, HEAD, *moved(points(OUTER, HOLE), -19_000_000), header={"几度分带": "6", "带号": "19"})
    assert read_parcel_txt(file).crs.to_epsg() == 4497


def test_what_nobody_states_must_be_stated(tmp_path):
    bare = txt(tmp_path, HEAD, *moved(points(OUTER, HOLE), -38_000_000), header={"带号": None})
    said = refused(CrsError, "parcel_txt.no_zone", read_parcel_txt, bare)
    assert "--crs" in said.to("zh")
    assert read_parcel_txt(bare, crs="EPSG:4547").crs.to_epsg() == 4547
    refused(CrsError, "parcels.crs_no_prefix", read_parcel_txt, bare, crs="EPSG:4526")
    refused(CrsError, "parcels.crs_conflict", read_parcel_txt, bare, crs="EPSG:2383")
    nameless = example(tmp_path, header={"坐标系": "地方坐标系"})
    refused(CrsError, "parcel_txt.no_datum", read_parcel_txt, nameless)
    assert read_parcel_txt(nameless, crs="EPSG:4526").crs.to_epsg() == 4526
    refused(CrsError, "parcels.crs_other_zone", read_parcel_txt, nameless, crs="EPSG:4527")
    refused(CrsError, "geo.unknown_crs", read_parcel_txt, nameless, crs="EPSG:1")


def test_a_stated_crs_may_not_contradict_the_file(tmp_path):
    said = refused(CrsError, "parcels.crs_conflict", read_parcel_txt, example(tmp_path), crs="EPSG:4527")
    assert "EPSG:4526" in str(said)
    assert "EPSG:4527" in str(said)
    assert read_parcel_txt(example(tmp_path), crs="EPSG:4526").crs.to_epsg() == 4526


CRS_FAULTS = [
    ({"带号": "39"}, "parcel_txt.zone_conflict"),
    ({"几度分带": "6"}, "parcel_txt.width_conflict"),
    ({"带号": "三十八"}, "parcel_txt.header_value"),
    ({"计量单位": "千米"}, "parcel_txt.header_value"),
    ({"投影类型": "墨卡托"}, "parcel_txt.header_value"),
    ({"坐标系": None}, "parcel_txt.no_datum"),
]


@pytest.mark.parametrize(("header", "key"), CRS_FAULTS)
def test_headers_that_cannot_be_right(tmp_path, header, key):
    refused(CrsError, key, read_parcel_txt, example(tmp_path, header=header))


def test_two_zones_in_one_file_are_refused(tmp_path):
    east = [(x, y + 1_000_000) for x, y in OUTER]
    lines = [HEAD, *points(OUTER, HOLE), "4,1.2,2,乙,面,,,,@", *points(east)]
    refused(CrsError, "parcel_txt.two_zones", read_parcel_txt, txt(tmp_path, *lines, header={"带号": None}))
    glued = txt(tmp_path, HEAD, *points(OUTER, HOLE), "[属性描述]", "带号=39", "[地块坐标]", HEAD, *points(east))
    refused(CrsError, "parcel_txt.two_headers", read_parcel_txt, glued)


def test_axes_are_told_by_ranges_and_only_if_all_agree():
    north, east = np.array([4588700.0, 4588600.0]), np.array([38432300.0, 38432420.0])
    assert not tell_axes(north, east).swapped
    assert tell_axes(east, north).swapped
    assert tell_axes(np.array([4588700.0, 38432420.0]), np.array([38432300.0, 4588600.0])) == 1
    assert tell_axes(north, np.array([38432300.0, 432420.0])) == 1
    assert tell_axes(np.array([41.4]), np.array([113.2])) == 0
    assert tell_axes(np.array([4588700000.0]), np.array([432300000.0])) == 0
    assert tell_axes(north, np.array([50432300.0, 50432300.0])) == 0


# -- refusals


LINE_FAULTS = [
    (["J1,1,4588700.000"], FeatureError, "parcel_txt.bad_point_line"),
    (["J1,1,4588700.000,38432300.000,12.5"], FeatureError, "parcel_txt.bad_point_line"),
    (["J1,,4588700.000,38432300.000"], FeatureError, "parcel_txt.bad_point_line"),
    (["J1,1,nan,38432300.000"], FeatureError, "parcel_txt.bad_point_line"),
    (["J1,1,4588700.000,1e999"], FeatureError, "parcel_txt.bad_point_line"),
    (["J1,1,45887OO.000,38432300.000"], FeatureError, "parcel_txt.bad_point_line"),
    (["J1,1,41.4,113.2"], FeatureError, "parcel_txt.no_axes"),
    (["J1,1,38432300.0,4588700.0"], FeatureError, "parcel_txt.no_axes"),
    (["10,1.16,2,线状,线,,,,@"], FeatureError, "parcel_txt.not_an_area"),
    (["10,1.16,2,点状,点,,,,@"], FeatureError, "parcel_txt.not_an_area"),
    (["10,1.16,2,甲,乙,面,,,,@"], FeatureError, "parcel_txt.bad_parcel_line"),
    (["十,1.16,2,甲,面,,,,@"], FeatureError, "parcel_txt.bad_parcel_line"),
    (["10,1.16公顷,2,甲,面,,,,@"], FeatureError, "parcel_txt.bad_parcel_line"),
    (["@"], FeatureError, "parcel_txt.bad_parcel_line"),
    (["4,1.2,2,空,面,,,,@"], FeatureError, "parcel_txt.no_points"),
    (["J9,3,4588700,38432300", "J10,3,4588700,38432301"], FeatureError, "parcel_txt.few_points"),
    (["J9,3,4588690,38432310", "J10,3,4588690,38432320", "J11,3,4588680,38432320", "J9,3,4588690,38432310.5"],
     FeatureError, "parcel_txt.closing_moved"),
    (points([(x, y + 60) for x, y in OUTER], start=9), FeatureError, "parcel_txt.crossing"),
    ([line.replace(",1,", ",3,") for line in points(OUTER, start=9)], FeatureError, "parcel_txt.same_ring"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "error", "key"), LINE_FAULTS)
def test_bad_lines_are_named(tmp_path, lines, error, key):
    said = refused(error, key, read_parcel_txt, txt(tmp_path, HEAD, *points(OUTER, HOLE), *lines))
    assert any(str(line) in str(said) for line in range(13, 27))


def test_a_ring_that_goes_on_after_another_is_refused(tmp_path):
    a, b = points(OUTER, closed=False), points(HOLE, closed=False, start=5)
    lines = [*a[:2], *(line.replace(",1,", ",2,") for line in b), *a[2:]]
    refused(FeatureError, "parcel_txt.ring_again", read_parcel_txt, txt(tmp_path, HEAD, *lines))


def test_files_that_are_none(tmp_path):
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    refused(SourceError, "source.empty_file", read_parcel_txt, empty)
    refused(SourceError, "parcels.missing", read_parcel_txt, tmp_path / "none.txt")
    letter = tmp_path / "letter.txt"
    letter.write_text("尊敬的领导：\n现将材料报上", encoding="utf-8")
    refused(SourceError, "parcel_txt.not_parcel_txt", read_parcel_txt, letter)
    image = tmp_path / "image.txt"
    image.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe")
    refused(SourceError, "tables.encoding", read_parcel_txt, image)
    refused(LayerError, "parcel_txt.no_parcels", read_parcel_txt, txt(tmp_path))
    refused(FeatureError, "parcel_txt.no_parcel_line", read_parcel_txt, txt(tmp_path, *points(OUTER)))


# -- writing


def parcels(**columns):
    donut = shapely.Polygon([(y, x) for x, y in OUTER], [[(y, x) for x, y in HOLE]])
    east = shapely.box(38432900.1234, 4588600, 38433000, 4588700)
    far = shapely.box(38434900, 4588600, 38434910, 4588610)
    shapes = [donut, shapely.MultiPolygon([east, far])]
    return gpd.GeoDataFrame({"id": ["A-1", "A-2"], **columns}, geometry=shapes, crs="EPSG:4526")


def test_there_and_back(tmp_path):
    frame = parcels(name=["甲", None], use=["住宅", "绿地"], land_class=["0701", "1401"], sheet=["K49", ""])
    write_parcel_txt(frame, tmp_path / "o.txt", producer="某局")
    delivered = read_parcel_txt(tmp_path / "o.txt")
    back = delivered.frame
    assert delivered.warnings == ()
    assert back["id"].tolist() == ["A-1", "A-2"]
    assert back["name"].tolist() == ["甲", None]
    assert back["land_class"].tolist() == ["0701", "1401"]
    assert back["sheet"].tolist() == ["K49", None]
    assert np.abs(back["stated_area_ha"] - back.area / 1e4).max() <= 5e-5
    for ours, theirs in zip(frame.geometry, back.geometry, strict=True):
        assert shapely.symmetric_difference(ours, theirs).area < 0.05  # 100 m of edge moved by at most 0.5 mm
        assert shapely.get_num_coordinates(ours) == shapely.get_num_coordinates(theirs)


def test_what_is_written_is_what_receivers_expect(tmp_path):
    write_parcel_txt(parcels(name=["甲", "乙"]), tmp_path / "o.txt")
    content = (tmp_path / "o.txt").read_bytes()
    lines = content.decode("gbk").split("\r\n")
    assert content.count(b"\n") == content.count(b"\r\n")
    assert lines[0] == "[属性描述]"
    assert {"坐标系=2000国家大地坐标系", "几度分带=3", "带号=38", "计量单位=米", "转换参数=,,,,,,"} <= set(lines)
    at = lines.index("[地块坐标]")
    assert lines[at + 1] == "10,1.1600,A-1,甲,面,,,,@"
    assert lines[at + 2] == "J1,1,4588700.000,38432300.000"
    assert [line.split(",")[0] for line in lines[at + 2 : at + 12]] == [f"J{n}" for n in (1, 2, 3, 4, 1, 5, 6, 7, 8, 5)]
    assert [line.split(",")[1] for line in lines[at + 2 : at + 12]] == list("1111122222")
    second = lines[at + 13].split(",")
    assert second[:2] == ["J1", "1"]
    assert "38432900.123" in content.decode("gbk")


@pytest.mark.parametrize("code", [4526, 4547, 4497, 4508, 2362, 2435])
def test_every_zone_comes_back_with_the_number_in_the_easting(tmp_path, code):
    crs = pyproj.CRS.from_epsg(code)
    zone = zone_of(crs)
    easting = 432_300 + (zone.number * 1_000_000 if zone.prefixed else 0)
    shape = shapely.box(easting, 4588600, easting + 100, 4588700)
    write_parcel_txt(gpd.GeoDataFrame({"id": ["1"]}, geometry=[shape]), tmp_path / "o.txt", crs=crs)
    delivered = read_parcel_txt(tmp_path / "o.txt")
    assert zone_of(delivered.crs) == Zone(zone.datum, zone.width, zone.number, prefixed=True)
    assert delivered.frame.geometry.iloc[0].bounds[0] == zone.number * 1_000_000 + 432_300


def test_a_sign_that_gbk_lacks_is_refused_and_utf8_takes_it(tmp_path):
    frame = parcels(name=["甲", "𠮷ॐ"])
    said = refused(OutputError, "parcel_txt.not_in_gbk", write_parcel_txt, frame, tmp_path / "o.txt")
    assert "UTF-8" in said.to("zh")
    assert not (tmp_path / "o.txt").exists()
    write_parcel_txt(frame, tmp_path / "o.txt", encoding="utf-8")
    assert read_parcel_txt(tmp_path / "o.txt").frame["name"].tolist() == ["甲", "𠮷ॐ"]


def test_what_cannot_be_written_is_refused(tmp_path):
    out = tmp_path / "o.txt"
    refused(OutputError, "parcel_txt.sign_not_allowed", write_parcel_txt, parcels(name=["甲,乙", ""]), out)
    refused(OutputError, "parcel_txt.sign_not_allowed", write_parcel_txt, parcels(use=["甲\n乙", ""]), out)
    refused(OutputError, "parcel_txt.no_zone_to_write", write_parcel_txt, parcels().to_crs(4490), out)
    refused(OutputError, "parcel_txt.unknown_encoding", write_parcel_txt, parcels(), out, encoding="big5")
    refused(OutputError, "parcel_txt.cannot_write", write_parcel_txt, parcels(), tmp_path / "no" / "o.txt")
    refused(CrsError, "parcels.crs_conflict", write_parcel_txt, parcels(), out, crs="EPSG:4527")
    bare = parcels().set_crs(None, allow_override=True)
    refused(CrsError, "parcels.no_crs", write_parcel_txt, bare, out)
    for shape in (None, shapely.Point(0, 0), shapely.Polygon()):
        frame = gpd.GeoDataFrame({"id": ["1"]}, geometry=[shape], crs="EPSG:4526")
        refused(OutputError, "parcel_txt.not_a_polygon", write_parcel_txt, frame, out)


# -- anything at all


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400), st.integers(2, 60)), min_size=1, max_size=4))
def test_whatever_is_written_comes_back(tmp_path, boxes):
    shapes = [shapely.box(38432000 + x, 4588000 + y, 38432000 + x + size, 4588000 + y + size) for x, y, size in boxes]
    union = shapely.union_all(shapes)
    frame = gpd.GeoDataFrame({"id": ["1"]}, geometry=[union], crs="EPSG:4526")
    write_parcel_txt(frame, tmp_path / "o.txt")
    delivered = read_parcel_txt(tmp_path / "o.txt")
    assert delivered.frame.geometry.iloc[0].normalize().equals_exact(union.normalize(), 1e-6)
    assert delivered.warnings == ()


tokens = st.sampled_from(
    [
        "[属性描述]",
        "[地块坐标]",
        "@",
        "＠",
        ",",
        "，",
        "=",
        "带号",
        "坐标系",
        "面",
        "线",
        "J1",
        "1",
        "2",
        "-1",
        " ",
        "\t",
    ]
    + ["4588700.000", "38432300.000", "38432420", "4588600", "432300", "1e7", "nan", "\n", "\r\n", "1e-300"]
    + ["J1,1,4588700,38432300\n", "J2,1,4588700,38432420\n", "J3,1,4588600,38432420\n", HEAD + "\n"]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=200), st.lists(tokens, max_size=40).map(lambda parts: "".join(parts).encode())),
       st.booleans(), st.sampled_from([None, "EPSG:4526", "EPSG:32650"]))  # fmt: skip
def test_a_file_is_read_or_refused(tmp_path, content, headed, crs):
    file = tmp_path / "any.txt"
    top = "".join(f"{key}={value}\n" for key, value in HEADER.items()) + "[地块坐标]\n" + HEAD + "\n" if headed else ""
    file.write_bytes(top.encode() + content)
    refusals.read_or_refused(read_parcel_txt, file, crs=crs)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(1, 20)), min_size=1, max_size=6))
def test_every_ring_is_used_once(boxes):
    rings = [list(shapely.box(x, y, x + size, y + size).exterior.coords) for x, y, size in boxes]
    nesting = nest(rings)
    used = [at for shell, holes in nesting.polygons for at in (shell, *holes)] + [two for _, two in nesting.repeated]
    assert sorted(used) == list(range(len(rings)))


def test_a_text_whose_last_line_is_not_ended_is_told(tmp_path):
    whole = example(tmp_path)
    assert "tables.open_end" not in keys(read_parcel_txt(whole))
    cut = tmp_path / "cut.txt"
    cut.write_bytes(whole.read_bytes()[:-4])
    told = next(one for one in read_parcel_txt(cut).warnings if one.key == "tables.open_end")
    last = points(OUTER, HOLE)[-1][:-2]
    assert f"({whole.read_bytes().count(bytes([10]))})" in told.to("en")
    assert last.split(",")[-1] in told.to("en")
    for end in (b"\x1a", b"\r\n\x1a"):
        cut.write_bytes(whole.read_bytes() + end)
        assert "tables.open_end" not in keys(read_parcel_txt(cut))
