"""Hold still pictures to what they are of: one pen, whatever they are drawn on."""

import base64
import gzip
import io
from dataclasses import replace
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pytest
import shapely
from browsing import HOSTILE
from PIL import Image

from gis_planning.maps.print import figure
from gis_planning.maps.print.backdrop import Backdrop
from gis_planning.maps.print.canvas import Canvas
from gis_planning.maps.print.dashes import dashed, joined
from gis_planning.maps.print.pen import Pen, Picture, Window, framed, pen_of
from gis_planning.maps.print.png import png
from gis_planning.maps.print.svg import svg
from gis_planning.maps.web.layers import Column, MapLayer, one_category
from gis_planning.maps.web.still import still
from gis_planning.view.looks import styles

LOOK = {"fill": "#d9481c", "fill_opacity": 0.5, "stroke": "#9b2705", "weight": 1, "hatch": "stripes"}


def picture(**more):
    return Picture(framed((0, 0, 100, 100), 0, (100, 100)), **more)


def parcels(count, side=40.0):
    n = round(count**0.5)
    x, y = (one.ravel() + 450_000.0 for one in np.meshgrid(np.arange(n) * side, np.arange(n) * side))
    return gpd.GeoSeries(shapely.box(x, y + 4_150_000, x + side - 4, y + 4_150_000 + side - 4), crs="EPSG:4547")


def layer(shapes, names=None, **more):
    columns = (Column("名称", names or [None] * len(shapes)),)
    given = {"columns": columns, "shown": True, **one_category("地块", LOOK, len(shapes))}
    return MapLayer(**{"id": "parcels", "title": "地块", "group": "图层", "shapes": shapes} | given | more)


def still_of(*layers):
    bounds = tuple(layers[0].shapes.to_crs(4326).total_bounds)
    return gzip.decompress(base64.b64decode(still(layers, bounds))).decode()


def test_shapes_are_cut_to_the_window_and_what_is_missing_or_too_small_is_left_out():
    far, missing, wide = shapely.box(500, 500, 600, 600), None, shapely.box(-1e6, 40, 1e6, 60)
    drawn = picture(smallest=0.5)
    assert not drawn.add([far, missing, shapely.Polygon()], Pen(fill="#000000"))
    assert drawn.add([wide, shapely.box(1, 1, 1.1, 1.1)], Pen(fill="#000000"))
    (mark,) = drawn.marks
    assert shapely.total_bounds(mark.seen.areas).tolist() == [-12, 40, 112, 60]
    assert not drawn.add([], Pen(fill="#000000"))


def test_land_that_crosses_itself_is_drawn_all_the_same():
    crossed = shapely.Polygon([(-50, 0), (150, 90), (150, 0), (-50, 90)])
    drawn = picture()
    assert drawn.add([crossed, crossed.buffer(0), None], Pen(fill="#ff0000"))
    assert Image.open(io.BytesIO(png(drawn))).convert("RGB").getpixel((5, 60)) == (255, 0, 0)


@pytest.mark.parametrize(
    ("at", "colour"), [((50, 50), (255, 0, 0)), ((20, 50), (251, 249, 243)), ((50, 10), (0, 0, 255))]
)
def test_a_png_shows_land_its_holes_and_what_lies_over_it(at, colour):
    drawn = picture()
    ring = shapely.box(10, 10, 90, 70).difference(shapely.box(15, 40, 30, 60))
    drawn.add([shapely.MultiPolygon([ring])], Pen(fill="#ff0000"))
    drawn.add([shapely.LineString([(0, 90), (100, 90)])], Pen(stroke="#0000ff", width=6))
    assert Image.open(io.BytesIO(png(drawn))).convert("RGB").getpixel(at) == colour


def test_a_png_hatches_land_and_dashes_lines():
    drawn = picture()
    drawn.add([shapely.box(0, 0, 100, 40)], replace(pen_of(LOOK), stripe="#00ff00", opacity=1.0))
    drawn.add([shapely.LineString([(0, 70), (100, 70)])], Pen(stroke="#0000ff", width=4, dash=(10, 10)))
    pixels = np.asarray(Image.open(io.BytesIO(png(drawn))).convert("RGB")).astype(int)
    green = (pixels[62:98] == (0, 255, 0)).all(axis=2).mean()
    assert 0.1 < green < 0.6
    blue = (pixels[30] == (0, 0, 255)).all(axis=1)
    assert blue[[5, 15, 25]].tolist() == [True, False, True]


@pytest.mark.parametrize("layers", [5, 60])
def test_a_canvas_mixes_colours_as_pixels_do_however_many_there_are(layers):
    rng = np.random.default_rng(layers)
    canvas, plain = Canvas((40, 30), "#fbf9f3"), Image.new("RGB", (40, 30), "#fbf9f3")
    for _ in range(layers):
        where, opacity = rng.random((20, 25)) < 0.5, float(rng.choice([1.0, 0.85, 0.3]))
        colour = "#{:02x}{:02x}{:02x}".format(*rng.integers(0, 256, 3))
        canvas.paint(colour, Image.fromarray(where), (7, 4), opacity)
        mask = Image.fromarray((where * int(255 * opacity)).astype("uint8"))
        plain.paste(colour, (7, 4, 32, 24), mask)
    few = canvas.image.mode == "L"
    assert few == (layers == 5)
    assert canvas.shades().tobytes() == plain.tobytes()


def test_dashes_go_around_turns_and_begin_anew_on_each_line():
    turned, short, none = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0)], [(0.0, 9.0), (2.0, 9.0)], [(5.0, 5.0), (5.0, 5.0)]
    lines = joined([np.array(one) for one in (turned, none, short)])
    found = dashed(lines, (3, 2))
    told = [found.points[a:b].tolist() for a, b in zip(found.first, found.end, strict=True)]
    assert told == [[[0, 0], [3, 0]], [[4, 1], [4, 4]], [[0, 9], [2, 9]]]
    assert dashed(lines, ()) is lines
    assert not len(dashed(joined([]), (3, 2)).first)


def test_what_has_a_name_is_drawn_once_in_a_window():
    drawn, backdrop, pen = [], Backdrop({}), Pen(fill="#ff0000")

    def draw(on):
        drawn.append(on.window)
        on.add([shapely.box(0, 0, 50, 50)], pen)

    near = Picture(framed((0, 0, 10, 10), 0, (100, 100)))
    for on in (picture(), near, picture()):
        backdrop.lay(on, "land", draw)
        assert len(on.marks) == 1
    assert drawn == [picture().window, near.window]


def test_an_svg_turns_the_ground_upside_down_and_keeps_holes_empty():
    drawn = picture()
    drawn.add([shapely.box(0, 0, 50, 50).difference(shapely.box(10, 10, 20, 20))], pen_of(LOOK))
    shown = svg(drawn, steps=1)
    paths = [one.get("d") for one in ET.fromstring(shown).iter() if one.get("fill", "").startswith("url")]
    assert [one.count("z") for one in paths] == [2]
    assert {"50", "100"} & set(paths[0].replace("M", " ").replace("l", " ").split())
    assert all(one in shown for one in ('fill="#d9481c" fill-opacity="0.5"', 'stroke="#9b2705"'))


def test_a_still_picture_shows_what_is_shown_with_its_numbers_and_names_that_do_nothing():
    names = [*HOSTILE[:8], "甲\x00\x1f园"]
    one = layer(parcels(9, side=4000.0), names, labelled=True, ranks=[1, 2, 0, 0, 0, 0, 0, 0, 0])
    drawn = ET.fromstring(still_of(one))
    assert {one.tag.rpartition("}")[2] for one in drawn.iter()} == {"svg", "path", "pattern", "text"}
    words = {one.text for one in drawn.iter() if one.tag.endswith("text")}
    assert {"1", "2", "甲园"} <= words
    hidden = replace(one, shown=False)
    assert LOOK["fill"] not in still_of(hidden)


def test_a_still_picture_of_very_much_is_painted_and_stays_light():
    drawn = still_of(layer(parcels(9_000)))
    assert "<image" in drawn
    assert len(drawn) < 50_000


def test_a_still_picture_of_a_single_place_and_of_none_is_drawn():
    place = gpd.GeoSeries([shapely.Point(450_000, 4_150_000)], crs="EPSG:4547")
    assert 'stroke="#d9481c"' in still_of(layer(place))
    assert "<svg" in gzip.decompress(base64.b64decode(still([], (73.5, 18.0, 135.1, 53.6)))).decode()


def test_what_is_only_for_the_eye_is_left_out_where_it_would_be_dust():
    seen, dust = layer(parcels(9)), layer(parcels(4_000, side=10.0), id="dust", tabled=False)
    grey = replace(dust, **one_category("屋", {"fill": "#4d4a45", "stroke": "#4d4a45"}, len(dust)))
    drawn = still_of(seen, grey)
    assert "#d9481c" in drawn
    assert "#4d4a45" not in drawn


def test_names_of_what_is_judged_stand_below_it():
    place = parcels(1)
    names = {"names": ["甲"], "labelled": True}
    judged = layer(place, **names, **one_category("不符合", LOOK, 1, "fail"))
    heights = []
    for one in (layer(place, **names), judged):
        texts = [text for text in ET.fromstring(still_of(one)).iter() if text.text == "甲"]
        heights += [int(text.get("y")) for text in texts]
    assert heights[1] > heights[0]


def test_barriers_of_a_figure_look_as_on_every_map():
    lines = [shapely.LineString([(0, y), (90, y)]) for y in (10, 20, 30, 40, 50)]
    kinds = ["围墙", "railway", "river", None, "河"]
    picture = Picture(Window(0, 0, 1, 0, 0, 100, 100))
    figure._barriers(picture, gpd.GeoDataFrame({"kind": kinds}, geometry=lines))
    looks = styles()["layer"]
    drawn = {mark.pen.stroke: len(mark.seen.lines) for mark in picture.marks}
    named = {looks[one]["stroke"]: count for one, count in {"water": 2, "railway": 1, "wall": 1, "barrier": 1}.items()}
    assert drawn == named
    # Where no colour is seen: railways and walls are dashed, each in its own way, and the rest is not.
    assert [mark.pen.dash for mark in picture.marks] == [(), (7.0, 5.0), (2.0, 3.0), ()]
