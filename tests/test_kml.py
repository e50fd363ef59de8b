"""A KML is read whole: rings, parts, values; what is not read is told, what would be a guess is refused."""

import zipfile

import pytest
import refusals

from gis_planning.errors import FeatureError, SourceError
from gis_planning.formats.read.sources import read_source

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
KML = (
    HEAD + '<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2">'
    "<Document>{}</Document></kml>"
)
LINK = "<NetworkLink><name>外挂</name><Link><href>https://a.example/b.kml</href></Link></NetworkLink>"


def ring(x, y, side):
    corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]
    words = " ".join(f"{113 + a / 1000:.6f},{41 + b / 1000:.6f},0" for a, b in corners)
    return f"<LinearRing><coordinates>{words}</coordinates></LinearRing>"


def polygon(x, y, side, *inner, outer=""):
    return f"<Polygon><outerBoundaryIs>{ring(x, y, side)}{outer}</outerBoundaryIs>{''.join(inner)}</Polygon>"


def place(content, name="甲"):
    return f"<Placemark><name>{name}</name>{content}</Placemark>"


def read(folder, content, name="k.kml", **options):
    (folder / name).write_text(KML.format(content), encoding="utf-8")
    return read_source(folder / name, **options)


def keys(delivered):
    return [warning.key for warning in delivered.warnings if warning.key != "parcels.kml_is_wgs84"]


def refused(error, key, *args, **options):
    return refusals.refused(error, key, read, *args, **options)


def thousandths(delivered):
    """Return the areas of what was read, in squares of a thousandth of a degree."""
    return [round(one.area * 1e6, 3) for one in delivered.frame.geometry]


HOLES = [(10, 10, 5), (50, 50, 6), (80, 10, 7)]


@pytest.mark.parametrize(
    "inner",
    [
        [HOLES],
        [HOLES[:2], HOLES[2:]],
        [[one] for one in HOLES],
    ],
)
def test_all_rings_of_an_inner_boundary_are_holes(tmp_path, inner):
    boundaries = [f"<innerBoundaryIs>{''.join(ring(*one) for one in some)}</innerBoundaryIs>" for some in inner]
    delivered = read(tmp_path, place(polygon(0, 0, 100, *boundaries)))
    assert thousandths(delivered) == [10_000 - 25 - 36 - 49]
    assert len(delivered.frame.geometry.iloc[0].interiors) == 3
    assert not keys(delivered)
    assert not delivered.lost


def test_several_outer_rings_are_refused_by_name(tmp_path):
    assert "甲" in refused(FeatureError, "kml.outer_rings", tmp_path, place(polygon(0, 0, 9, outer=ring(20, 20, 9))))


@pytest.mark.parametrize(
    "shapes",
    [
        "{0}{1}{2}",
        "<MultiGeometry>{0}{1}{2}</MultiGeometry>",
        "<MultiGeometry>{0}<MultiGeometry>{1}<MultiGeometry>{2}</MultiGeometry></MultiGeometry></MultiGeometry>",
        "<MultiGeometry>{0}</MultiGeometry><MultiGeometry>{1}</MultiGeometry>{2}",
    ],
)
def test_all_polygons_of_a_placemark_are_parts(tmp_path, shapes):
    drawn = shapes.format(*(polygon(30 * at, 0, 10 + at) for at in range(3)))
    delivered = read(tmp_path, place(drawn) + place(polygon(200, 0, 5), "乙"))
    assert thousandths(delivered) == [100 + 121 + 144, 25]
    assert delivered.frame.geometry.iloc[0].geom_type == "MultiPolygon"
    assert delivered.frame["Name"].tolist() == ["甲", "乙"]
    assert not keys(delivered)


def test_rings_and_tracks_are_lines(tmp_path):
    track = "<gx:Track><when>2020-01-01</when><when>2020-01-02</when><gx:coord>113 41 0</gx:coord><gx:coord>114 41 0</gx:coord></gx:Track>"  # noqa: E501
    delivered = read(tmp_path, place(ring(0, 0, 10)) + place(track) + place(f"<gx:MultiTrack>{track}</gx:MultiTrack>"))
    assert [one.length for one in delivered.frame.geometry] == pytest.approx([0.04, 1, 1])
    assert not keys(delivered)


def test_links_are_not_followed_and_told(tmp_path):
    delivered = read(tmp_path, LINK + place(polygon(0, 0, 10)))
    assert keys(delivered) == ["kml.links"]
    assert [(one.count, one.features) for one in delivered.lost] == [(1, ("外挂 (https://a.example/b.kml)",))]
    assert "https://a.example/b.kml" in refused(SourceError, "kml.only_links", tmp_path, LINK)


def test_pictures_and_models_are_no_features(tmp_path):
    box = "<LatLonBox><north>42</north><south>41</south><east>114</east><west>113</west></LatLonBox>"
    picture = f"<GroundOverlay><name>影像</name><Icon><href>a.png</href></Icon>{box}</GroundOverlay>"
    model = "<Model><Location><longitude>113</longitude><latitude>41</latitude></Location></Model>"
    delivered = read(tmp_path, picture + place(model, "楼") + place(polygon(0, 0, 10)))
    assert keys(delivered) == ["kml.overlays", "kml.models"]
    assert "楼" in str(delivered.warnings[-1])
    # A feature without a shape is in the frame.
    assert delivered.frame["Name"].tolist() == ["楼", "甲"]
    assert not delivered.lost


def test_what_the_reader_does_not_know_is_counted(tmp_path):
    lower = place(polygon(0, 0, 5)).replace("Placemark", "placemark")
    delivered = read(tmp_path, lower + place(polygon(20, 0, 5)) + place(polygon(40, 0, 5)))
    assert keys(delivered) == ["kml.lost", "kml.parts"]
    assert [one.count for one in delivered.lost] == [1]
    hidden = read(tmp_path, place("<visibility>0</visibility>" + polygon(0, 0, 10)))
    assert keys(hidden) == ["kml.hidden"]
    assert thousandths(hidden) == [100]


def test_only_the_folder_that_is_meant_is_read_and_none_is_lost(tmp_path):
    folder = "<Folder><name>{}</name>{}</Folder>"
    content = folder.format("现状", place(polygon(0, 0, 5))) + folder.format("规划", place(polygon(0, 0, 9)))
    delivered = read(tmp_path, content, table="规划")
    assert thousandths(delivered) == [81]
    assert not keys(delivered)


@pytest.mark.parametrize(
    "words",
    [
        "113,41 114;41 114,42 113,41",
        "113,41 abc 114,41 114,42 113,41",
        "113,41 114 114,42 113,41",
        "113.0,41.0,0 nan,41,0 114,42,0 113,41,0",
        # The latitude first.
        "41,113 41,114 42,114 41,113",
        "38432300,4588600 38432400,4588600 38432400,4588700 38432300,4588600",
        # Commas for points.
        "113,5,41,5 114,5,41,5 114,5,42,5 113,5,41,5",
    ],
)
def test_coordinates_that_would_be_a_guess_are_refused_by_name(tmp_path, words):
    drawn = polygon(0, 0, 5)
    bad = drawn.replace(drawn[drawn.index("113") : drawn.index("</coordinates>")], words)
    said = refused(FeatureError, "kml.coordinates", tmp_path, place(polygon(0, 0, 5), "好") + place(bad, "坏"))
    assert "坏" in said
    assert "好" not in said


@pytest.mark.parametrize("between", [", ", " ,", ",\n"])
def test_blanks_between_numbers_leave_no_doubt(tmp_path, between):
    drawn = polygon(0, 0, 10)
    assert thousandths(read(tmp_path, place(drawn.replace(",", between)))) == [100]
    assert thousandths(read(tmp_path, place(drawn.replace(",0 ", ", ").replace(",0<", ",<")))) == [100]


SCHEMA = '<Schema name="S" id="s"><SimpleField type="string" name="XMBH"/></Schema>'


def test_values_are_kept_with_and_without_a_schema(tmp_path):
    data = '<ExtendedData><SchemaData schemaUrl="#s"><SimpleData name="{}">A-1</SimpleData></SchemaData></ExtendedData>'
    plain = '<ExtendedData><Data name="XMBH"><value>A-1</value></Data></ExtendedData>'
    for head, extended, name in (
        (SCHEMA, data.format("XMBH"), "XMBH"),
        ("", data.format("XMBH"), "XMBH"),
        (SCHEMA, data.format("DKMC"), "DKMC"),
        ("", plain, "XMBH"),
        (SCHEMA, plain, "XMBH"),
        (SCHEMA, plain.replace("XMBH", "DKMC"), "DKMC"),
    ):
        delivered = read(tmp_path, head + place(extended + polygon(0, 0, 10)))
        assert delivered.frame[name].tolist() == ["A-1"]
    long = "长" * 200
    delivered = read(tmp_path, SCHEMA + place(plain.replace("A-1", long) + polygon(0, 0, 10)))
    assert delivered.frame["XMBH"].tolist() == [long]


def test_files_beside_the_main_one_are_told(tmp_path):
    for name, content in (("doc.kml", LINK + place(polygon(0, 0, 5))), ("b.kml", place(polygon(0, 0, 9)) * 3)):
        (tmp_path / name).write_text(KML.format(content), encoding="utf-8")
    (tmp_path / "style.kml").write_text(KML.format("<Style/>"), encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "k.kmz", "w") as packed:
        packed.write(tmp_path / "doc.kml", "doc.kml")
        packed.write(tmp_path / "b.kml", "files/b.kml")
        packed.write(tmp_path / "style.kml", "style.kml")
    delivered = read_source(tmp_path / "k.kmz")
    assert thousandths(delivered) == [25]
    assert keys(delivered) == ["kml.links", "kml.beside"]
    assert [(one.count, one.features[0]) for one in delivered.lost][1] == (3, "files/b.kml")
    for one in (*delivered.warnings, *(lost.reason for lost in delivered.lost)):
        assert "gis_planning_" not in str(one)
        assert "k.kmz" in str(one)


def test_a_file_in_gbk_and_one_that_is_no_plain_xml(tmp_path):
    content = KML.format(place(polygon(0, 0, 10))).replace("UTF-8", "GBK")
    (tmp_path / "g.kml").write_bytes(content.encode("gbk"))
    delivered = read_source(tmp_path / "g.kml")
    assert delivered.frame["Name"].tolist() == ["甲"]
    bomb = KML.format(place("&b;")).replace("<kml", '<!DOCTYPE k [<!ENTITY b "c">]><kml')
    (tmp_path / "b.kml").write_text(bomb, encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        read_source(tmp_path / "b.kml")
    assert caught.value.text.key == "kml.doctype"
