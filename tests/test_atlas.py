"""The atlas: national sheet numbers, what its pages say, true lengths on paper, fonts, and hostile names."""

import math
import subprocess
import sys
import unicodedata

import geopandas as gpd
import numpy as np
import pypdf
import pypdfium2
import pyproj
import pytest
import shapely
from PIL import Image

from gis_planning.cli import main
from gis_planning.conventions.codes import code_list
from gis_planning.conventions.landcolours import land_colour, told_as_use
from gis_planning.county.opened import open_county
from gis_planning.errors import CountyError, LayerError, OutputError
from gis_planning.judging import projects, review
from gis_planning.maps.print import typefaces
from gis_planning.maps.print.atlas import write_atlas
from gis_planning.maps.print.atlas_page import LAND_OPACITY, convergence, round_scale
from gis_planning.maps.print.graticule import SERIES, sheet_at, sheets_over
from gis_planning.maps.web.county_layers import county_layers

CRS = "EPSG:4526"
EAST, NORTH = 38_460_000, 4_590_000
SCRIPT = "<script>alert(1)</script> (a) \\ ) Tj"
HOSTILE = [SCRIPT, "右\u202e左 \x07甲乙", "😀𠮷镇", "长" * 10_000]


@pytest.mark.parametrize(
    ("lon", "lat", "scale", "number"),
    [
        # 114°33'45" E, 39°22'30" N, worked by hand: 22.5' + 3° of 4° up from 36° N, 33.75' east of 114° E.
        (114.5625, 39.375, 1_000_000, "J50"),
        (114.5625, 39.375, 500_000, "J50B001001"),
        (114.5625, 39.375, 250_000, "J50C001001"),
        (114.5625, 39.375, 100_000, "J50D002002"),
        (114.5625, 39.375, 50_000, "J50E004003"),
        (114.5625, 39.375, 25_000, "J50F008005"),
        (114.5625, 39.375, 10_000, "J50G015010"),
        # The sheet that the parcel file of the standard names for its parcel.
        (113.19, 41.43, 10_000, "K49G062084"),
        (113.19, 41.43, 5_000, "K49H124167"),
        # The first sheet of a millionth map and the last.
        (108.0, 43.999, 10_000, "K49G001001"),
        (113.999, 40.0, 10_000, "K49G096096"),
        (-0.001, 0.0, 1_000_000, "A30"),
    ],
)
def test_sheet_numbers(lon, lat, scale, number):
    sheet = sheet_at(lon, lat, scale)
    assert sheet.number == number
    assert sheet.west <= lon < sheet.east
    assert sheet.south <= lat < sheet.north


def test_sheets_of_a_series_tile_the_ground():
    for scale in SERIES:
        sheets = list(sheets_over(113.9, 39.9, 114.1, 40.1, scale))
        assert len({one.number for one in sheets}) == len(sheets)
        for one in sheets:
            assert sheet_at((one.west + one.east) / 2, (one.south + one.north) / 2, scale) == one
        boxes = [shapely.box(one.west, one.south, one.east, one.north) for one in sheets]
        union = shapely.union_all(boxes)
        assert union.covers(shapely.box(113.9, 39.9, 114.1, 40.1))
        assert union.area == pytest.approx(sum(box.area for box in boxes), rel=1e-12)
    # 3'45" by 2'30".
    sheet = sheet_at(113.19, 41.43, 10_000)
    assert (sheet.east - sheet.west, sheet.north - sheet.south) == pytest.approx((3.75 / 60, 2.5 / 60))
    for lon, lat, scale in ((10, 61, 10_000), (10, -1, 10_000), (10, 10, 20_000)):
        with pytest.raises(ValueError, match="no sheet"):
            sheet_at(lon, lat, scale)


def test_convergence_is_that_of_the_formula():
    # To first order, the difference of longitude times the sine of latitude.
    for x in (38_420_000, 38_470_000, 38_560_000):
        lon, lat = pyproj.Transformer.from_crs(CRS, 4490, always_xy=True).transform(x, 4_600_000)
        assert convergence(pyproj.CRS(CRS), x, 4_600_000) == pytest.approx(
            (lon - 114) * math.sin(math.radians(lat)), abs=2e-4
        )


def test_scales_are_round_and_never_too_large():
    for needed in (1, 999, 1_001, 7_600, 12_345, 99_999, 500_000):
        found = round_scale(needed)
        assert needed <= found <= needed * 1.5
        assert f"{found:.0f}".rstrip("0") in {"1", "15", "2", "25", "3", "4", "5", "6", "8"}


@pytest.mark.parametrize(
    ("code", "colour"),
    [("0102", "#f5f8dc"), ("0301K", "#68b167"), ("0304", "#65cdaa"), ("0701", "#ffff2d"), ("1101", "#338ec0"),
     ("1109", "#006380"), ("0810A", "#acffcf"), ("1006", "#d8d79f"), ("05H1", "#ff0000")],
)  # fmt: skip
def test_national_colours(code, colour):
    assert land_colour(code).rgb == colour


@pytest.mark.parametrize(
    ("code", "colour"),
    [("0101", "#f5f8dc"), ("0506", "#65cdaa"), ("0601", "#d8d79f"), ("070102", "#ffff2d"), ("080403", "#ff85c9"),
     ("0901", "#ff0000"), ("100101", "#bb9674"), ("1207", "#a3a3a3"), ("1403", "#acffcf"), ("1701", "#338ec0")],
)  # fmt: skip
def test_national_colours_of_land_and_sea_use(code, colour):
    assert land_colour(code, use=True).rgb == colour


def test_every_code_is_told_by_the_list_it_comes_from():
    for name, use in (("DLBM", False), ("YDYHFLDM", True)):
        codes = [code for code in code_list(name).codes if len(code) > 2]
        assert told_as_use(codes) is use
    assert not told_as_use([])
    assert not told_as_use([None, 3, "公园"])


@pytest.mark.parametrize("kind", ["land_use", "planned_use"])
def test_land_delivered_by_its_use_has_the_names_and_colours_of_its_own_list(tmp_path, kind):
    folder = tmp_path / "c"
    county_of(folder)
    west = [shapely.box(EAST + 1000 * n, NORTH, EAST + 1000 * (n + 1), NORTH + 3000) for n in range(8)]
    codes = ["0601", "070102", "1402", "100101", "0101", "0304", "1207", "1701"]
    gpd.GeoDataFrame({"YDYHFLDM": codes}, geometry=west, crs=CRS).to_file(folder / "use.gpkg")
    toml = (folder / "county.toml").read_text(encoding="utf-8")
    section = '[layers.land_use]\nsource = "county.gpkg"\nlayer = "land_use"\n'
    assert section in toml
    changed = toml.replace(section, f'[layers.{kind}]\nsource = "use.gpkg"\n')
    (folder / "county.toml").write_text(changed, encoding="utf-8")
    file, _ = write_atlas(open_county(folder), tmp_path, "zh")
    words = unicodedata.normalize("NFKC", "".join(page.extract_text() for page in pypdf.PdfReader(file).pages))
    for title in ("农业设施建设用地", "城镇住宅用地", "工业用地", "耕地", "林地", "城镇村道路用地", "陆地水域"):
        assert title in words
    assert "湿地" not in words  # 0304 is a wetland of the survey only


def test_the_main_map_says_what_a_code_is_by_its_own_list():
    lots = [shapely.box(EAST + n, NORTH, EAST + n + 1, NORTH + 1) for n in range(4)]
    land = gpd.GeoDataFrame({"class": ["0601", "070102", "1402", "1701"]}, geometry=lots, crs=CRS)
    (drawn,) = county_layers({"land_use": land}, (), {}, "zh")
    named = [drawn.categories[at].title for at in drawn.category]
    assert named == ["农业设施建设用地", "城镇住宅用地", "其他或无地类", "陆地水域"]
    assert [one.values for one in drawn.columns][1] == [
        "0601 农村道路",
        "070102 二类城镇住宅用地",
        "1402 防护绿地",
        "1701 河流水面",
    ]


def county_of(folder, names=("甲镇", "乙镇"), *, toml="", crs=CRS):
    """Write a county of districts 4 km wide side by side, all of it forest, and two projects."""
    folder.mkdir(parents=True, exist_ok=True)
    boxes = [shapely.box(EAST + 4000 * n, NORTH, EAST + 4000 * (n + 1), NORTH + 3000) for n in range(len(names))]
    store = folder / "county.gpkg"
    gpd.GeoDataFrame({"name": list(names)}, geometry=boxes, crs=crs).to_file(store, layer="districts")
    gpd.GeoDataFrame({"DLBM": ["0301"], "DLMC": [names[0]]}, geometry=[shapely.union_all(boxes)], crs=crs).to_file(
        store, layer="land_use"
    )
    lots = [shapely.box(EAST + 1000, NORTH + 1000, EAST + 1200, NORTH + 1100), shapely.Point(EAST, NORTH).buffer(50)]
    gpd.GeoDataFrame({"id": ["P-1", names[0]], "name": [names[-1], None]}, geometry=lots, crs=crs).to_file(
        store, layer="projects"
    )
    tables = "".join(
        f'[layers.{name}]\nsource = "county.gpkg"\nlayer = "{name}"\n' for name in ("districts", "land_use", "projects")
    )
    (folder / "county.toml").write_text(
        f'[county]\nname = "试验县"\ncrs = "{crs}"\ndata_date = "2026-01-31"\n{tables}{toml}', encoding="utf-8"
    )
    return open_county(folder)


def atlas(tmp_path, lang="zh", **options):
    names = options.pop("names", ("甲镇", "乙镇"))
    file, count = write_atlas(county_of(tmp_path / "county", names), tmp_path / "out", lang, **options)
    read = pypdf.PdfReader(file)
    assert len(read.pages) == count
    return read, file


def words_at(page):
    """Return every piece of text with the place where it starts, in millimetres."""
    found = []

    def visit(words, _cm, at, _font, _size):
        found.extend([(words.strip(), at[4] / 72 * 25.4, at[5] / 72 * 25.4)] if words.strip() else [])

    page.extract_text(visitor_text=visit)
    return found


@pytest.mark.slow
def test_pages_say_what_they_show(tmp_path):
    read, _ = atlas(tmp_path)
    index, first, second = (page.extract_text() for page in read.pages)
    for words in ("试验县国土空间规划图集", "甲镇", "乙镇", "1:30,000", "第 1 页，共 3 页"):
        assert words in index
    # 4 km by 3 km: 1 200 ha, 18 000 mu on the plane; the ellipsoid's area is 20 ppm off so near the central meridian.
    for words in ("甲镇", "内部工作用图", "图例", "林地", "2026-01-31", "EPSG:4526", "1,199.9", "第 2 页，共 3 页"):
        assert words in first
    assert "乙镇" in second
    assert [entry.title for entry in read.outline] == ["分幅索引", "甲镇", "乙镇"]
    read, _ = atlas(tmp_path, "en", by="projects")
    text = read.pages[1].extract_text()
    for words in ("Project P-1 乙镇", "For internal use", "this project", "Page 2 of 3", "forest land"):
        assert words in text
    read, _ = atlas(tmp_path, by="sheets")
    shown = [entry.title for entry in read.outline][1:]
    to_degrees = pyproj.Transformer.from_crs(CRS, 4490, always_xy=True).transform
    x = [EAST + 1 + step * 100 for step in range(80)]
    corners = {sheet_at(*to_degrees(one, y), 10_000).number for one in x for y in (NORTH + 1, NORTH + 2999)}
    assert {title.split()[-1] for title in shown} == corners


@pytest.mark.parametrize("size", ["A3", "A4"])
def test_lengths_on_paper_are_lengths_on_the_ground(tmp_path, size):
    read, _ = atlas(tmp_path, size=size)
    page = read.pages[1]
    wide, high = (float(side) / 72 * 25.4 for side in page.mediabox[2:])
    assert (wide, high) == pytest.approx({"A3": (420, 297), "A4": (297, 210)}[size], abs=0.01)
    words = words_at(page)
    scale = next(int(one.removeprefix("1:").replace(",", "")) for one, _, _ in words if one.startswith("1:"))
    # The scale bar: from under 0 to under the figure before the unit; a figure's width is taken off on both sides.
    [unit] = [(one, x, y) for one, x, y in words if one.endswith((" 千米", " 米"))]
    figure = unit[0].split()[0]
    [nought] = [(x, y) for one, x, y in words if one == "0" and abs(y - unit[2]) < 0.1]
    metres = float(figure) * (1000 if unit[0].endswith("千米") else 1)
    face = typefaces.typefaces()[0]
    type_mm = 2.4 * (1.3 if size == "A3" else 1.0)
    shift = (face.width(figure, type_mm) - face.width("0", type_mm)) / 2
    assert (unit[1] + shift - nought[0]) / 1000 * scale == pytest.approx(metres, rel=1e-3)
    # The grid: kilometres along the lower edge.
    ticks = sorted((float(one), x) for one, x, y in words if one.startswith("3846") and y < 30)
    assert len(ticks) >= 2
    step = (ticks[-1][0] - ticks[0][0]) * 1000
    assert (ticks[-1][1] - ticks[0][1]) / 1000 * scale == pytest.approx(step, abs=0.004 * step)


def test_land_is_where_it_should_be_in_its_colour(tmp_path):
    _, file = atlas(tmp_path, by="towns", size="A4")
    page = pypdfium2.PdfDocument(file)[1]
    image = page.render(scale=2).to_pil().convert("RGB")
    # In the middle of the map, away from grid, words and edges, there is forest; above the county there is paper.
    at = lambda x, y: image.getpixel((round(x / 25.4 * 144), round((210 - y) / 25.4 * 144)))
    expected = [round(255 - LAND_OPACITY * (255 - int("68b167"[n : n + 2], 16))) for n in (0, 2, 4)]
    middle = (8 + (297 - 16 - 62 - 3) / 2, 13.5 + (210 - 16 - 14 - 5.5) / 2)
    found = [at(middle[0] + dx, middle[1] + dy) for dx in (-31, -17, 13, 29) for dy in (-21, 11, 23)]
    assert max(abs(a - b) for one in found for a, b in zip(one, expected, strict=True)) <= 2
    assert at(middle[0] + 3, 210 - 8 - 14 - 2) == (255, 255, 255)


def test_fonts_are_embedded_and_only_what_is_needed(tmp_path):
    read, file = atlas(tmp_path)
    for page in read.pages:
        for font in page["/Resources"]["/Font"].values():
            facts = font.get_object()
            assert facts["/BaseFont"].split("+")[1].startswith("Atlas-")
            assert "/FontFile2" in facts["/FontDescriptor"]
            assert "/ToUnicode" in facts
    assert file.stat().st_size < 300_000


def test_a_cut_font_keeps_its_signs():
    from fontTools.ttLib import TTFont

    for face in typefaces.typefaces():
        small = TTFont(face.subset("Small", ["规划图幅", "Ay"]))
        signs = small.getBestCmap()
        assert {ord(one) for one in "规划图幅Ay0"} <= signs.keys()
        assert len(small.getGlyphOrder()) < 120
        for sign in "规A":
            wide = small["hmtx"][signs[ord(sign)]][0] / small["head"].unitsPerEm
            assert wide == pytest.approx(face.width(sign, 1.0))
            assert small["glyf"][signs[ord(sign)]].numberOfContours > 0


def test_words_that_are_too_long_are_cut_where_one_more_sign_has_no_room():
    face = typefaces.typefaces()[0]
    for words in ("国土空间规划图集", "AyilWM规划地理信息", "长" * 10_000):
        for most in (6.0, 13.0, 17.5):
            cut = face.cut(words, 3.0, most)
            assert cut.endswith("…")
            assert words.startswith(cut[:-1])
            longer = words[: len(cut)] + "…"
            assert face.width(cut, 3.0) <= most < face.width(longer, 3.0)
    assert face.cut("规划", 3.0, face.width("规划", 3.0)) == "规划"
    # The mark alone stays where nothing has room, and a single sign is not made another.
    assert (face.cut("规划", 3.0, 0.1), face.cut("规", 3.0, 0.1)) == ("…", "规")


def test_the_same_county_gives_the_same_file(tmp_path):
    once, again = (atlas(tmp_path / name)[1].read_bytes() for name in ("a", "b"))
    assert once == again


@pytest.mark.slow
def test_pictures_are_the_pages_at_300_dots_to_an_inch(tmp_path):
    county = county_of(tmp_path / "county", [*"甲乙丙"])
    file, _ = write_atlas(county, tmp_path / "out", "zh", size="A4")
    folder, count = write_atlas(county, tmp_path / "out", "zh", size="A4", form="png")
    pictures = sorted(folder.glob("*.png"))
    assert [one.name for one in pictures] == [f"atlas-{at:03d}.png" for at in range(1, count + 1)]
    assert count == 4
    for at, one in enumerate(pictures):
        with Image.open(one) as picture:
            # 297 mm by 210 mm at 300 dots to 25.4 mm.
            assert picture.size == pytest.approx((297 / 25.4 * 300, 210 / 25.4 * 300), abs=1)
            assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.02)
            small = np.asarray(picture.convert("L").resize((297, 210)), dtype=float)
        page = pypdfium2.PdfDocument(file)[at].render(scale=2).to_pil().convert("L").resize((297, 210))
        assert np.abs(small - np.asarray(page, dtype=float)).mean() < 3
        assert small.std() > 10


def test_pictures_of_an_earlier_series_go_and_those_of_others_stay(tmp_path):
    write_atlas(county_of(tmp_path / "long", [*"甲乙丙"]), tmp_path / "out", "zh", size="A4", form="png")
    (tmp_path / "out" / "atlas-099.png").write_bytes(b"not ours")
    write_atlas(county_of(tmp_path / "short", ["甲", "乙"]), tmp_path / "out", "zh", size="A4", form="png")
    named = {one.name for one in (tmp_path / "out").glob("*.png")}
    assert named == {"atlas-001.png", "atlas-002.png", "atlas-003.png", "atlas-099.png"}


def test_pictures_need_a_folder(tmp_path):
    with pytest.raises(OutputError, match="--out"):
        write_atlas(county_of(tmp_path / "county"), tmp_path / "maps.pdf", "en", form="png")


def test_hostile_names_are_text_and_nothing_else(tmp_path):
    read, file = atlas(tmp_path, names=HOSTILE)
    text = "\n".join(page.extract_text() for page in read.pages)
    assert SCRIPT in text
    assert "右左 甲乙" in text.replace("\n", " ")
    assert "/JavaScript" not in str(read.trailer["/Root"])
    assert not any("/AA" in page or "/Annots" in page for page in read.pages)
    document = pypdfium2.PdfDocument(file)
    assert all(document[number].render(scale=0.2).to_pil().getbbox() for number in range(len(document)))
    write_atlas(open_county(tmp_path / "county"), tmp_path / "lots.pdf", "en", by="projects")
    assert SCRIPT in pypdf.PdfReader(tmp_path / "lots.pdf").pages[2].extract_text()


@pytest.mark.slow
def test_many_pages_have_an_index_that_goes_on(tmp_path):
    read, _ = atlas(tmp_path, names=[f"第{n}镇" for n in range(1, 141)], size="A4")
    pages = [page.extract_text() for page in read.pages]
    assert len(pages) == 140 + 3
    for number in (1, 29, 60, 140):
        listed = [text for text in pages[:3] if f"第{number}镇" in text]
        assert listed
        assert f"第{number}镇" in pages[number + 2]


def test_what_cannot_be_drawn_is_refused_in_one_sentence(tmp_path, monkeypatch):
    county = county_of(tmp_path / "county")
    monkeypatch.setattr("gis_planning.maps.print.atlas.MOST_SHEETS", 1)
    with pytest.raises(CountyError, match="more than"):
        write_atlas(county, tmp_path / "out", "en", by="sheets", sheet_scale=5_000)
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "county.toml").write_text(f'[county]\nname = "x"\ncrs = "{CRS}"\n', encoding="utf-8")
    with pytest.raises(CountyError, match="no layer"):
        write_atlas(open_county(bare), tmp_path / "out", "en", by="sheets")
    with pytest.raises(LayerError, match="no districts"):
        write_atlas(open_county_without(county), tmp_path / "out", "en", by="towns")
    assert not (tmp_path / "out").exists()


def test_a_layer_with_a_shape_of_two_readings_is_left_out_and_told(tmp_path):
    county = county_of(tmp_path / "county")
    x, y = EAST + 500, NORTH + 500
    bow = shapely.Polygon([(x, y), (x + 900, y + 900), (x + 900, y), (x, y + 700)])
    gpd.GeoDataFrame({"DLBM": ["0301"]}, geometry=[bow], crs=CRS).to_file(
        county.folder / "county.gpkg", layer="land_use", mode="w"
    )
    county = open_county(county.folder)
    file, _ = write_atlas(county, tmp_path / "out", "en")
    [told] = [one for one in county.warnings if one.key == "atlas.left_out"]
    assert "land use" in told.to("en")
    assert "not drawn" in told.to("en")
    for page in pypdf.PdfReader(file).pages[1:]:
        assert "land use (not drawn)" in page.extract_text()


def open_county_without(county):
    fresh = open_county(county.folder)
    fresh.tables = {name: table for name, table in fresh.tables.items() if name != "districts"}
    return fresh


def test_a_machine_without_a_chinese_font_gets_one_sentence(tmp_path, monkeypatch):
    monkeypatch.delenv(typefaces.CHOICE, raising=False)
    monkeypatch.setattr(typefaces, "_folders", lambda: [tmp_path])
    monkeypatch.setattr(typefaces.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(OutputError, match="fonts-noto-cjk") as told:
        write_atlas(county_of(tmp_path / "county"), tmp_path / "out", "en")
    assert "pip install noto-cjk-sans-otc" in told.value.to("zh")
    # A Latin font, and a file that is no font, are no help.
    latin = tmp_path / "notes.ttf"
    latin.write_bytes(b"no font at all")
    monkeypatch.setenv(typefaces.CHOICE, str(latin))
    with pytest.raises(OutputError, match="notes.ttf"):
        typefaces.typefaces()


@pytest.mark.slow
def test_on_the_command_line(tmp_path):
    county_of(tmp_path / "county")
    call = [sys.executable, "-m", "gis_planning", "atlas", str(tmp_path / "county"), "--lang", "en", "--out"]
    done = subprocess.run([*call, str(tmp_path / "maps.pdf"), "--size", "A4"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "3 pages" in done.stdout
    lots = gpd.GeoDataFrame({"id": ["L7"]}, geometry=[shapely.box(EAST, NORTH, EAST + 90, NORTH + 60)], crs=CRS)
    lots.to_file(tmp_path / "lots.gpkg")
    done = subprocess.run(
        [*call, str(tmp_path / "folder"), "--parcels", str(tmp_path / "lots.gpkg")], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "L7" in pypdf.PdfReader(tmp_path / "folder" / "atlas.pdf").pages[1].extract_text()
    asked = ["--size", "A4", "--format", "png"]
    done = subprocess.run([*call, str(tmp_path / "pictures"), *asked], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "pictures").glob("*.png"))) == 3
    done = subprocess.run([*call, str(tmp_path / "x"), "--parcels", "nowhere.shp"], capture_output=True, text=True)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) <= 4


def judged(tmp_path, **more):
    """Review two projects: the western one lies half on farmland, the other on none."""
    county_of(tmp_path / "county")
    farm = shapely.box(EAST + 1000, NORTH + 1000, EAST + 1100, NORTH + 1100)
    gpd.GeoDataFrame({"name": ["田"]}, geometry=[farm], crs=CRS).to_file(tmp_path / "county" / "farm.gpkg")
    toml = tmp_path / "county" / "county.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8") + '[layers.permanent_farmland]\nsource = "farm.gpkg"\n', encoding="utf-8"
    )
    county = open_county(tmp_path / "county")
    lots = projects.read_projects(county, ())
    found = review.review(county, lots, review.clauses_for(county), activity="urban")
    file, _ = write_atlas(county, tmp_path, "zh", by="projects", projects=lots, review=found, **more)
    return pypdf.PdfReader(file), found, file


def test_pages_of_projects_show_what_they_conflict_with(tmp_path):
    read, found, file = judged(tmp_path, size="A4")
    pages = [unicodedata.normalize("NFKC", page.extract_text()) for page in read.pages[1:]]
    first = next(words for words in pages if "项目 P-1" in words)
    (patch,) = found.patches[found.patches["line"] == "permanent_farmland"].itertuples()
    # 100 m by 100 m of the 200 m of the lot; the ellipsoid's hectare is the plane's to some ten-thousandths here.
    assert patch.area_m2 == pytest.approx(10_000, rel=2e-3)
    assert f"不符合:永久基本农田(PF25-1){patch.area_m2 / 10_000:.4f}公顷" in "".join(first.split())
    assert "结论(预审):不符合" in "".join(first.split())
    other = next(words for words in pages if "项目 甲镇" in words)
    assert "永久基本农田(PF25-1)" not in other
    at = next(n for n, words in enumerate(pages) if words is first)
    picture = pypdfium2.PdfDocument(file)[at + 1].render(scale=1).to_pil().convert("RGB")
    red, green, blue = np.moveaxis(np.asarray(picture), -1, 0)
    assert ((red > 150) & (green < 120) & (blue < 110)).sum() > 200


def test_the_command_reviews_the_projects_it_draws(tmp_path, capsys):
    county_of(tmp_path / "county")
    with pytest.raises(SystemExit) as left:
        main(["atlas", str(tmp_path / "county"), "--by", "projects", "--lang", "zh", "--out", str(tmp_path / "a.pdf")])
    assert left.value.code == 0
    words = "".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "a.pdf").pages)
    assert "结论" in words
