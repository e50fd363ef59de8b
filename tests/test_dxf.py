"""Drawings: closed polylines, arcs, blocks, labels, layers; what is left out is told, what cannot lie there refused."""

import math

import ezdxf
import pytest
import shapely
from refusals import refused

from gis_planning.errors import CrsError, FeatureError, LayerError, PlanningError, SourceError
from gis_planning.formats.read.dxf import read_dxf

E, N = 38_432_300.0, 4_588_600.0


def square(x, y, side):
    """A square by its lower left corner, from the corner of the sheet."""
    return [(E + x, N + y), (E + x + side, N + y), (E + x + side, N + y + side), (E + x, N + y + side)]


class Sheet:
    """A drawing to put things into, of an old version or a new one."""

    def __init__(self, version="R2010", encoding=None):
        self.document = ezdxf.new(version, units=6)
        if encoding:
            self.document.encoding = encoding
        self.space = self.document.modelspace()
        self.old = version == "R12"

    def line(self, points, *, closed=True, layer="地块", space=None, form="xy"):
        space = space if space is not None else self.space
        if self.old:
            made = space.add_polyline2d(points, close=closed, format=form, dxfattribs={"layer": layer})
        else:
            made = space.add_lwpolyline(points, close=closed, format=form, dxfattribs={"layer": layer})
        return made.dxf.handle

    def text(self, words, x, y, **more):
        self.space.add_text(words, dxfattribs={"layer": "注记", "insert": (E + x, N + y), **more})

    def save(self, folder):
        self.document.saveas(folder / "d.dxf")
        return folder / "d.dxf"

    def read(self, folder, crs="EPSG:4526", **options):
        return read_dxf(self.save(folder), crs=crs, **options)


def keys(delivered):
    return [warning.key for warning in delivered.warnings]


@pytest.mark.parametrize(("version", "encoding"), [("R12", None), ("R2000", "gbk"), ("R2010", None), ("R2018", None)])
def test_closed_polylines_are_parcels_with_holes_and_labels(tmp_path, version, encoding):
    sheet = Sheet(version, encoding)
    handle = sheet.line(square(0, 0, 100))
    hole = sheet.line(square(20, 20, 20))
    sheet.line([*square(300, 0, 50), (E + 300.0005, N)], closed=False)
    sheet.text("A-01", 60, 80)
    sheet.text("住宅用地", 60, 60)
    sheet.text("乙地块", 320, 20)
    sheet.text("在空洞里", 30, 30)
    sheet.text("在外面", 200, 30)
    delivered = sheet.read(tmp_path)
    frame = delivered.frame
    assert frame["id"].tolist() == ["A-01", "乙地块"]
    assert frame["name"].tolist() == ["A-01 住宅用地", "乙地块"]
    assert frame["layer"].tolist() == ["地块", "地块"]
    assert frame["handle"].tolist()[0] == handle
    assert frame.area.tolist() == pytest.approx([9_600, 2_500], abs=0.1)
    assert frame.geometry.iloc[0].bounds == (E, N, E + 100, N + 100)
    assert delivered.crs.to_epsg() == 4526
    assert keys(delivered) == ["dxf.holes"]
    assert hole in str(delivered.warnings[0])


def test_a_word_of_latin_letters_is_no_number_of_a_parcel(tmp_path):
    sheet = Sheet()
    sheet.line(square(0, 0, 100))
    for words, y in (("XM-001", 80), ("urban", 60), ("住宅", 40)):
        sheet.text(words, 60, y)
    frame = sheet.read(tmp_path).frame
    assert (frame["id"].tolist(), frame["name"].tolist()) == (["XM-001"], ["XM-001 urban 住宅"])


@pytest.mark.parametrize("version", ["R12", "R2010"])
def test_bulges_are_arcs_with_their_true_area(tmp_path, version):
    sheet = Sheet(version)
    sheet.line([(E, N, 1), (E + 100, N, 1)], form="xyb")  # a circle of 50 m
    sheet.line([(E + 200, N, -0.5), (E + 300, N, 0), (E + 300, N + 90, 0), (E + 200, N + 90, 0)], form="xyb")
    delivered = sheet.read(tmp_path)
    circle, tub = delivered.frame.geometry
    assert delivered.curved[1] == pytest.approx(math.pi * 50**2, abs=1e-6)
    assert circle.area == pytest.approx(math.pi * 50**2, rel=1e-4)
    rim = shapely.get_coordinates(circle) - (E + 50, N)
    assert abs(shapely.length(shapely.linestrings(rim)) - math.pi * 100) < 0.02
    assert abs((rim**2).sum(axis=1) ** 0.5 - 50).max() < 1e-6
    # An arc with the tangent 0.5 sags by 0.25 of its chord; negative is to the right, out of a ring that runs left ...
    radius = 100 * (1 + 0.25) / (4 * 0.5)
    angle = 4 * math.atan(0.5)
    segment = radius**2 / 2 * (angle - math.sin(angle))
    assert delivered.curved[2] == pytest.approx(9_000 - segment, abs=1e-6)
    # ... that is, the edge from west to east bends to the north, into the parcel.
    assert tub.bounds[1] == pytest.approx(N, abs=1e-6)
    assert not shapely.contains_xy(tub, E + 250, N + 24)
    assert shapely.contains_xy(tub, E + 250, N + 26)


def test_blocks_are_taken_apart_on_the_layer_they_were_put_on(tmp_path):
    sheet = Sheet()
    block = sheet.document.blocks.new("B")
    sheet.line([(0, 0), (10, 0), (10, 10), (0, 10)], layer="0", space=block)
    outer = sheet.document.blocks.new("C")
    outer.add_blockref("B", (100, 0), dxfattribs={"layer": "0"})
    put = sheet.space.add_blockref("B", (E, N), dxfattribs={"layer": "地块", "xscale": 2, "yscale": 2, "rotation": 30})
    sheet.space.add_blockref("C", (E, N), dxfattribs={"layer": "红线"})
    rows = sheet.space.add_blockref("B", (E, N + 500), dxfattribs={"layer": "地块", "row_count": 2, "row_spacing": 50})
    delivered = sheet.read(tmp_path)
    frame = delivered.frame
    assert frame["layer"].tolist() == ["地块", "地块", "地块", "红线"]
    assert frame["handle"].tolist()[:3] == [put.dxf.handle, rows.dxf.handle, rows.dxf.handle]
    assert frame.area.tolist() == pytest.approx([400, 100, 100, 100], abs=1e-3)
    assert frame.geometry.iloc[3].bounds == pytest.approx((E + 100, N, E + 110, N + 10))
    assert keys(delivered) == ["dxf.layers"]
    assert sheet.read(tmp_path, layer="红线").frame["layer"].tolist() == ["红线"]
    assert "地块" in refused(LayerError, "parcels.missing_table", sheet.read, tmp_path, layer="不存在")


def test_a_mirrored_polyline_lies_where_it_is_seen(tmp_path):
    sheet = Sheet()
    points = [(-x, y) for x, y in square(0, 0, 100)]
    sheet.space.add_lwpolyline(points, close=True, dxfattribs={"layer": "地块", "extrusion": (0, 0, -1)})
    assert sheet.read(tmp_path).frame.geometry.iloc[0].bounds == pytest.approx((E, N, E + 100, N + 100))


def test_what_is_left_out_is_told(tmp_path):
    sheet = Sheet()
    sheet.line(square(0, 0, 100))
    sheet.line(square(0, 0, 100))
    opened = sheet.line(square(200, 0, 50), closed=False)
    flat = sheet.line([(E, N), (E + 5, N)])
    sheet.space.add_polyline3d([(x, y, 12.0) for x, y in square(300, 0, 50)], close=True, dxfattribs={"layer": "地块"})
    sheet.space.add_line((E, N), (E + 1, N))
    sheet.space.add_circle((E, N), 10)
    # GDAL gives up a drawing that has a spline with nothing but points it goes through.
    sheet.space.add_spline([(E + 900, N), (E + 950, N + 10), (E + 930, N + 40)])
    sheet.space.add_hatch().paths.add_polyline_path(square(0, 0, 100), is_closed=True)
    delivered = sheet.read(tmp_path)
    assert delivered.frame.area.tolist() == pytest.approx([10_000, 2_500])
    assert not delivered.frame.geometry.has_z.any()
    assert set(keys(delivered)) == {"dxf.open", "dxf.too_few", "dxf.others", "dxf.twice"}
    said = {warning.key: str(warning) for warning in delivered.warnings}
    assert opened in said["dxf.open"]
    assert flat in said["dxf.too_few"]
    for kind in ("LINE 1", "CIRCLE 1", "SPLINE 1", "HATCH 1"):
        assert kind in said["dxf.others"]


def test_polylines_that_cross_stay_two_parcels(tmp_path):
    sheet = Sheet()
    sheet.line(square(0, 0, 100))
    sheet.line(square(50, 50, 100))
    crossed = square(300, 0, 50)
    sheet.line([crossed[0], crossed[2], crossed[1], crossed[3]])
    delivered = sheet.read(tmp_path)
    assert delivered.frame.area.tolist()[:2] == pytest.approx([10_000, 10_000])
    assert delivered.frame.geometry.is_valid.tolist() == [True, True, False]


def scaled(points, by=1.0, east=0.0):
    return [((x + east) * by, y * by) for x, y in points]


def test_the_crs_must_be_stated_and_must_fit(tmp_path):
    sheet = Sheet()
    sheet.line(square(0, 0, 100))
    assert "--crs" in refused(CrsError, "dxf.no_crs", sheet.read, tmp_path, crs=None)
    assert "EPSG:4526" in refused(CrsError, "parcels.crs_other_zone", sheet.read, tmp_path, crs="EPSG:4527")
    assert "EPSG:4526" in refused(CrsError, "parcels.crs_other_zone", sheet.read, tmp_path, crs="EPSG:4547")
    refused(CrsError, "geo.unknown_crs", sheet.read, tmp_path, crs="EPSG:1")
    refused(FeatureError, "dxf.nowhere", sheet.read, tmp_path, crs="EPSG:4490")
    bare = Sheet()
    bare.line(scaled(square(0, 0, 100), east=-38_000_000))
    assert "EPSG:4547" in refused(CrsError, "parcels.crs_no_prefix", bare.read, tmp_path, crs="EPSG:4526")
    assert bare.read(tmp_path, crs="EPSG:4547").frame.area.tolist() == [10_000]
    assert keys(bare.read(tmp_path, crs="EPSG:2383")) == ["parcels.old_datum"]


def test_millimetres_frames_and_swapped_axes(tmp_path):
    tiny = Sheet()
    tiny.line(scaled(square(0, 0, 100), by=1000.0))
    assert "0.001" in refused(FeatureError, "dxf.millimetres", tiny.read, tmp_path)
    framed = Sheet()
    framed.line(square(0, 0, 100))
    handle = framed.line([(0, 0), (420, 0), (420, 297), (0, 297)], layer="图框")
    assert handle in refused(FeatureError, "dxf.nowhere", framed.read, tmp_path)
    assert len(framed.read(tmp_path, layer="地块").frame) == 1
    swapped = Sheet()
    swapped.line([(y, x) for x, y in square(0, 0, 100)])
    delivered = swapped.read(tmp_path)
    assert keys(delivered) == ["dxf.swapped"]
    assert delivered.frame.geometry.iloc[0].bounds == (E, N, E + 100, N + 100)


def test_files_that_are_none(tmp_path):
    sheet = Sheet()
    sheet.space.add_line((E, N), (E + 1, N))
    assert "LINE 1" in refused(LayerError, "dxf.no_closed", sheet.read, tmp_path)
    refused(SourceError, "parcels.missing", read_dxf, tmp_path / "none.dxf")
    (tmp_path / "e.dxf").write_bytes(b"")
    refused(SourceError, "source.empty_file", read_dxf, tmp_path / "e.dxf")
    for name, content in (
        ("text", b"hello\nworld\n"),
        ("noise", bytes(range(256)) * 8),
        ("dwg", b"AC1027" + bytes(90)),
    ):
        file = tmp_path / f"{name}.dxf"
        file.write_bytes(content)
        refused(SourceError, "dxf.unreadable", read_dxf, file)


def test_a_damaged_drawing_is_mended_with_a_word_but_no_number_is_guessed(tmp_path, capfd):
    sheet = Sheet("R12")
    sheet.line(square(0, 0, 100))
    content = sheet.save(tmp_path).read_bytes()
    file = tmp_path / "damaged.dxf"
    file.write_bytes(content.replace(b"38432400.0", b"384&2400.0", 1))
    said = refused(FeatureError, "dxf.bad_number", read_dxf, file, crs="EPSG:4526")
    assert "384&2400.0" in said
    file.write_bytes(content[: content.index(b"EOF")])
    delivered = read_dxf(file, crs="EPSG:4526")
    assert keys(delivered) == ["dxf.recovered"]
    assert delivered.frame.area.tolist() == [10_000]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.95])
def test_a_drawing_cut_short_is_read_or_refused(tmp_path, share):
    sheet = Sheet()
    sheet.line(square(0, 0, 100))
    content = sheet.save(tmp_path).read_bytes()
    (tmp_path / "cut.dxf").write_bytes(content[: int(len(content) * share)])
    try:
        said = str(len(read_dxf(tmp_path / "cut.dxf", crs="EPSG:4526").frame))
    except PlanningError as fault:
        said = fault.to("zh")
    assert said


# -- what can be seen


def told(delivered, key):
    return next(str(warning) for warning in delivered.warnings if warning.key == key)


def losses(delivered):
    return {one.reason.key: one.count for one in delivered.lost}


@pytest.mark.parametrize("state", ["off", "freeze"])
def test_layers_that_are_off_or_frozen_are_not_read_unless_named(tmp_path, state):
    sheet = Sheet()
    getattr(sheet.document.layers.add("旧方案"), state)()
    sheet.line(square(0, 0, 100))
    for x in (200, 400):
        sheet.line(square(x, 0, 50), layer="旧方案")
    sheet.space.add_text("旧-1", dxfattribs={"layer": "旧方案", "insert": (E + 50, N + 50)})
    delivered = sheet.read(tmp_path)
    assert delivered.frame.area.tolist() == [10_000]
    assert delivered.frame["name"].tolist() == [None]
    assert "3 objects" in told(delivered, "dxf.hidden")
    assert "旧方案: LWPOLYLINE 2" in told(delivered, "dxf.hidden")
    # A scheme that was switched off is none of what is delivered.
    assert not delivered.lost
    named = sheet.read(tmp_path, layer="旧方案")
    assert named.frame.area.tolist() == [2_500, 2_500]
    assert named.frame["id"].tolist() == [None, None]
    for one in sheet.space.query("LWPOLYLINE[layer=='地块']"):
        sheet.space.delete_entity(one)
    assert "旧方案: LWPOLYLINE 2" in refused(LayerError, "dxf.none_seen", sheet.read, tmp_path)


@pytest.mark.parametrize("version", ["R12", "R2010"])
def test_what_is_invisible_is_not_read(tmp_path, version):
    sheet = Sheet(version)
    sheet.line(square(0, 0, 100))
    sheet.line(square(200, 0, 50))
    sheet.space[-1].dxf.invisible = 1
    delivered = sheet.read(tmp_path)
    if version == "R12":
        # That version knows no such mark.
        assert len(delivered.frame) == 2
    else:
        assert delivered.frame.area.tolist() == [10_000]
        assert losses(delivered) == {"dxf.hidden": 1}


def test_blocks_on_layers_that_cannot_be_seen(tmp_path):
    sheet = Sheet()
    for name, state in (("冻结", "freeze"), ("关闭", "off")):
        getattr(sheet.document.layers.add(name), state)()
    block = sheet.document.blocks.new("B")
    sheet.line([(0, 0), (10, 0), (10, 10), (0, 10)], layer="0", space=block)
    sheet.line([(20, 0), (30, 0), (30, 10), (20, 10)], layer="地块", space=block)
    sheet.line([(40, 0), (50, 0), (50, 10), (40, 10)], layer="冻结", space=block)
    for y, layer in ((0, "红线"), (100, "冻结"), (200, "关闭")):
        sheet.space.add_blockref("B", (E, N + y), dxfattribs={"layer": layer})
    delivered = sheet.read(tmp_path)
    # A frozen insertion hides all of a block, one that is off only what takes its layer.
    assert delivered.frame["layer"].tolist() == ["红线", "地块", "地块"]
    assert [shape.bounds[1] - N for shape in delivered.frame.geometry] == [0, 0, 200]
    said = told(delivered, "dxf.hidden")
    for words in ("4 objects", "冻结: LWPOLYLINE 2", "冻结: INSERT 1", "关闭: LWPOLYLINE 1"):
        assert words in said
    assert not delivered.lost


def test_of_a_clipped_block_no_polyline_is_read(tmp_path):
    from ezdxf.xclip import XClip

    sheet = Sheet()
    block = sheet.document.blocks.new("底图")
    sheet.line([(0, 0), (100, 0), (100, 100), (0, 100)], layer="宗地", space=block)
    put = sheet.space.add_blockref("底图", (E, N), dxfattribs={"layer": "0"})
    clip = XClip(put)
    clip.set_block_clipping_path([(0, 0), (50, 50)])
    sheet.line(square(300, 0, 50))
    said = refused(FeatureError, "dxf.clipped", sheet.read, tmp_path)
    assert put.dxf.handle in said
    assert "底图" in said
    # It is no fault of the layer that is meant, nor where the clip is switched off.
    assert sheet.read(tmp_path, layer="地块").frame.area.tolist() == [2_500]
    clip.disable_clipping()
    assert sorted(sheet.read(tmp_path).frame.area) == [2_500, 10_000]


def test_sheets_references_and_missing_blocks_are_told(tmp_path):
    sheet = Sheet()
    sheet.line(square(0, 0, 100))
    sheet.line(square(200, 0, 50), space=sheet.document.layout("Layout1"))
    sheet.document.add_xref_def("other.dwg", "外部")
    sheet.space.add_blockref("外部", (E, N))
    sheet.space.add_blockref("没有", (E, N))
    delivered = sheet.read(tmp_path)
    assert delivered.frame.area.tolist() == [10_000]
    assert "LWPOLYLINE 1" in told(delivered, "dxf.paper")
    assert "外部" in told(delivered, "dxf.absent")
    assert "没有" in told(delivered, "dxf.absent")
    assert losses(delivered) == {"dxf.absent": 2}
    # What is referred to has layers of its own.
    assert not sheet.read(tmp_path, layer="地块").lost


def test_what_encloses_land_without_being_a_polyline_is_lost(tmp_path):
    sheet = Sheet()
    sheet.line(square(0, 0, 100))
    here, elsewhere = {"layer": "地块"}, {"layer": "文物"}
    circle = sheet.space.add_circle((E + 300, N), 50, dxfattribs=here)
    sheet.space.add_circle((E + 300, N), 50, dxfattribs=elsewhere)
    round_ = sheet.space.add_spline(dxfattribs=here)
    round_.set_closed([(E, N, 0), (E + 50, N, 0), (E + 50, N + 50, 0), (E, N + 50, 0)])
    sheet.space.add_open_spline([(E, N, 0), (E + 50, N, 0), (E + 50, N + 50, 0), (E, N + 50, 0)], dxfattribs=here)
    opened = sheet.line(square(500, 0, 50), closed=False)
    sign = sheet.document.blocks.new("点")
    sign.add_circle((0, 0), 1)
    sheet.space.add_blockref("点", (E, N), dxfattribs=here)
    delivered = sheet.read(tmp_path)
    assert losses(delivered) == {"dxf.open": 1, "dxf.areas": 2}
    said = told(delivered, "dxf.areas")
    assert f"CIRCLE {circle.dxf.handle}" in said
    assert f"SPLINE {round_.dxf.handle}" in said
    assert opened in told(delivered, "dxf.open")
    assert "CIRCLE 3" in told(delivered, "dxf.others")
    # All types are counted, however many there are.
    assert told(delivered, "dxf.others").count("SPLINE 2") == 1


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (r"{\fSimSun|b0|i0|c134;甲\P地块}", "甲 地块"),
        (r"{\C1;\H2.5x;A-01}", "A-01"),
        (r"\U+7532\U+4E59 {\LB-2\l}; 完", "甲乙 B-2; 完"),
        (r"\M+5BCD7\M+5D2D2", "甲乙"),
    ],
)
def test_orders_in_texts_are_no_names(tmp_path, words, name):
    sheet = Sheet()
    sheet.line(square(0, 0, 100))
    sheet.space.add_mtext(words, dxfattribs={"insert": (E + 50, N + 50)})
    assert sheet.read(tmp_path).frame["name"].tolist() == [name]
