"""Layers by their own names become a county, what nobody can tell a draft; the guide and its workbook tell the rest."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import delivered
import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import rasterio
import shapely
from pyproj import CRS

from gis_planning.cli import main
from gis_planning.conventions import facts, kinds
from gis_planning.conventions.activities import activity_of
from gis_planning.conventions.codes import code_list, code_lists
from gis_planning.conventions.facilities import kinds_of
from gis_planning.conventions.layer_names import meant
from gis_planning.conventions.structures import structures
from gis_planning.conventions.values import value_list
from gis_planning.county.opened import open_county
from gis_planning.formats.database_import import import_database
from gis_planning.formats.read.boundary_points import read_boundary_points
from gis_planning.formats.read.points import told_datums
from gis_planning.judging.guide import guide
from gis_planning.judging.rulebook import load
from gis_planning.reports import guide as laid_out
from gis_planning.texts import LANGS, say

ROOT = Path(__file__).parent.parent

LEFT, RIGHT = delivered.box(0, 0, 300, 300), delivered.box(300, 0, 500, 300)


def run(*arguments):
    with pytest.raises(SystemExit) as left:
        main([str(one) for one in arguments])
    return left.value.code


def shapes(*geometries, crs=delivered.CRS, **columns):
    rows = columns or {"MC": [f"{at}" for at in range(len(geometries))]}
    return gpd.GeoDataFrame(rows, geometry=list(geometries), crs=crs)


def written(folder, **frames):
    """Write shapefiles by their names into a folder; a name that is no word is given by `**`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        frame.to_file(folder / f"{name}.shp", encoding="utf-8")
    return folder


def county_file(folder):
    return (folder / "county.toml").read_text(encoding="utf-8")


def uncommented(text, kind=None):
    """Return county.toml with its drafts taken up, and a kind chosen where the draft leaves it open."""
    taken = re.sub(r"^# (?=\[layers\.|\w+ = )", "", text, flags=re.M)
    return taken.replace("[layers.KIND]", f"[layers.{kind}]")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("居住用地", "residential"), ("公园绿地", "parks"), ("道路", "streets"), ("研究范围", "study_area"),
        ("兴趣点", "facilities"), ("示例县公园绿地_2023", "parks"), ("五原县2022年度居住用地面", "residential"),
        ("鄂尔多斯市伊金霍洛旗道路", "streets"), ("150821_streets", "streets"), ("ＰＯＩ", "facilities"),
        ("Parks (2023)", "parks"), ("社区（嘎查村）", "communities"), ("ROADS-v2", "streets"), ("乡镇", "districts"),
    ],
)  # fmt: skip
def test_names_of_layers(name, kind):
    assert meant(name) == (kind,)


@pytest.mark.parametrize("name", ["规划道路草图", "公园绿地 副本", "学校", "图层1", "", "2023", "县道"])
def test_names_that_are_nobodys(name):
    assert meant(name) == ()


def test_every_kind_goes_by_its_key_and_its_titles():
    for kind in kinds().values():
        if kind.is_delivered and kind.name != "control_line":
            assert {meant(one) for one in (kind.name, *kind.titles.values())} == {(kind.name,)}


def test_files_by_their_names_become_layers(tmp_path):
    place = written(
        tmp_path / "in",
        研究范围=shapes(delivered.box(0, 0, 500, 300)),
        居住用地_2023=shapes(LEFT),
        公园绿地=shapes(RIGHT),
        roads=shapes(shapely.LineString([(delivered.EAST, delivered.NORTH), (delivered.EAST + 500, delivered.NORTH)])),
    )
    (place / "兴趣点.csv").write_text(
        "名称,类型,经度_wgs84,纬度_wgs84\n东风小学,小学,114.002,41.352\n便民药店,药店,114.003,41.352\n",
        encoding="utf-8",
    )
    with rasterio.open(
        place / "DEM.tif", "w", driver="GTiff", width=2, height=2, count=1, dtype="float32", crs=delivered.CRS,
        transform=rasterio.Affine(100, 0, delivered.EAST, 0, -100, delivered.NORTH + 200),
    ) as grid:  # fmt: skip
        grid.write(np.ones((1, 2, 2), "float32"))
    found = import_database(place, tmp_path / "out", name="x", lang="zh")
    assert {one.kind: one.features for one in found.layers} == {
        "study_area": 1, "residential": 1, "elevation": 0, "parks": 1, "streets": 1, "facilities": 2,
    }  # fmt: skip
    assert (found.drafts, found.left_out) == (0, ())
    county = open_county(tmp_path / "out")
    assert county.layer("facilities")["kind"].tolist() == ["primary_school", "pharmacy"]
    assert len(county.layer("streets")) == 1
    assert county.layer("residential").geometry.area.sum() == pytest.approx(300 * 300)


def test_what_is_not_recognised_is_a_draft_to_be_uncommented(tmp_path):
    place = written(tmp_path / "in", 规划道路草图=shapes(LEFT.boundary), 图层1=shapes(LEFT, RIGHT))
    found = import_database(place, tmp_path / "out", name="x", lang="en")
    text = county_file(tmp_path / "out")
    assert (found.layers, found.drafts) == ((), 2)
    assert tomllib.loads(text).keys() == {"county"}
    assert "图层1.shp: polygons, features: 2, fields: MC" in text
    # One kind is likely and stands there already; for the other a person has to choose.
    assert "# [layers.streets]" in text
    taken = tomllib.loads(uncommented(text, "barriers"))["layers"]
    assert taken["streets"]["source"].endswith("规划道路草图.shp")
    (tmp_path / "out" / "county.toml").write_text(uncommented(text, "barriers"), encoding="utf-8")
    county = open_county(tmp_path / "out")
    assert (len(county.layer("streets")), len(county.layer("barriers"))) == (1, 2)


def test_where_two_fit_none_is_taken(tmp_path):
    place = written(
        tmp_path / "in", 道路=shapes(LEFT.boundary), roads=shapes(RIGHT.boundary), 大门=shapes(LEFT.centroid)
    )
    found = import_database(place, tmp_path / "out", name="x", lang="en")
    assert (found.layers, found.drafts) == ((), 3)
    text = county_file(tmp_path / "out")
    assert text.count("# [layers.streets]") == 2
    assert "several layers: park entrances [park_entrances], compound gates [compound_gates]" in text
    assert "# [layers.KIND]" in text


def test_a_name_whose_geometry_does_not_fit_is_a_draft(tmp_path):
    found = import_database(
        written(tmp_path / "in", 公园绿地=shapes(LEFT.centroid)), tmp_path / "out", name="x", lang="en"
    )
    assert (found.layers, found.drafts) == ((), 1)
    assert "by its name parks and green land [parks], but it holds points" in county_file(tmp_path / "out")


def test_files_of_one_name_in_two_folders_are_told_apart(tmp_path):
    written(tmp_path / "in" / "a", 公园绿地=shapes(LEFT))
    written(tmp_path / "in" / "b", 公园绿地=shapes(LEFT.centroid))
    found = import_database(tmp_path / "in", tmp_path / "out", name="x", lang="en")
    assert [(one.kind, one.table.source.parent.name) for one in found.layers] == [("parks", "a")]
    assert (found.drafts, len(found.left_out)) == (1, 1)


def test_rasters_are_copied_with_what_belongs_to_them(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "DEM.asc").write_text(
        "ncols 2\nnrows 2\nxllcorner 38500000\nyllcorner 4580000\ncellsize 100\n1 1\n1 1\n", encoding="ascii"
    )
    (tmp_path / "in" / "DEM.prj").write_text(CRS(delivered.CRS).to_wkt("WKT1_ESRI"), encoding="ascii")
    import_database(tmp_path / "in", tmp_path / "out", name="x", copy=True)
    assert {file.name for file in (tmp_path / "out" / "data").iterdir()} == {"DEM.asc", "DEM.prj"}
    assert tomllib.loads(county_file(tmp_path / "out"))["layers"] == {"elevation": {"source": "data/DEM.asc"}}


def test_texts_and_numbers_beside_layers_are_told_and_are_no_drafts(tmp_path):
    place = written(tmp_path / "in", 居住用地=shapes(LEFT))
    (place / "说明.txt").write_text("数据说明\n", encoding="utf-8")
    (place / "area.osm.pbf").write_bytes(b"x")
    (place / "人数统计.csv").write_text("年份,人数\n2023,1000\n", encoding="utf-8")
    found = import_database(place, tmp_path / "out", name="x", lang="en")
    assert ([one.kind for one in found.layers], found.drafts, len(found.left_out)) == (["residential"], 0, 3)
    assert "import-osm" in found.to("en")


def test_lines_are_not_taken_for_complete_in_districts_of_unknown_extent(tmp_path):
    tables = {"研究范围": shapes(LEFT), "乡镇": shapes(LEFT, RIGHT), "STBHHX": shapes(RIGHT)}
    import_database(delivered.write_gpkg(tmp_path / "a.gpkg", tables), tmp_path / "out", name="x")
    layers = tomllib.loads(county_file(tmp_path / "out"))["layers"]
    assert layers.keys() == {"study_area", "districts", "ecological_redline"}
    assert "coverage" not in layers["ecological_redline"]


def test_a_layer_by_its_name_stands_in_place_of_what_is_picked_from_the_survey(tmp_path):
    tables = delivered.tables() | {"居住用地": shapes(LEFT, RIGHT), "研究范围": shapes(LEFT), "开发边界": shapes(LEFT)}
    found = import_database(delivered.write_gpkg(tmp_path / "a.gpkg", tables), tmp_path / "out", name="x", lang="en")
    layers = tomllib.loads(county_file(tmp_path / "out"))["layers"]
    assert layers["residential"]["layer"] == "居住用地"
    assert "where" not in layers["residential"]
    assert layers["study_area"]["layer"] == "研究范围"
    # The standard's own table is this layer and no other.
    assert layers["development_boundary"]["layer"] == "CZKFBJ"
    assert "development boundary [development_boundary] is taken from a.gpkg/CZKFBJ already" in found.to("en")


def test_points_without_a_datum_wait_for_one(tmp_path):
    (tmp_path / "POI.csv").write_text("name,kind,lon,lat\n东风小学,小学,111.0,41.35\n", encoding="utf-8")
    found = import_database(tmp_path / "POI.csv", tmp_path / "open", lang="en")
    assert (found.layers, found.drafts) == ((), 1)
    assert '# datum = ""' in county_file(tmp_path / "open")
    assert run("import", tmp_path / "POI.csv", "--out", tmp_path / "out", "--datum", "GCJ-02", "--lang", "en") == 0
    assert tomllib.loads(county_file(tmp_path / "out"))["layers"]["facilities"]["datum"] == "GCJ-02"
    assert len(open_county(tmp_path / "out").layer("facilities")) == 1
    assert run("import", tmp_path / "POI.csv", "--out", tmp_path / "no", "--datum", "北京54", "--lang", "en") == 2


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        ("经度,纬度", ()), ("经度（CGCS2000）,纬度（CGCS2000）", ("CGCS2000",)), ("lng_gcj02,lat_gcj02", ("GCJ-02",)),
        ("百度经度,百度纬度", ("BD-09",)), ("lon_wgs84,lat_wgs84,lon_gcj02,lat_gcj02", ("WGS84", "GCJ-02")),
    ],
)  # fmt: skip
def test_columns_tell_the_datum(tmp_path, heading, told):
    row = ",".join(["114.001", "41.352"] * (heading.count(",") // 2 + 1))
    (tmp_path / "a.csv").write_text(f'名称,{heading}\n"东风\n小学",{row}\n', encoding="utf-8")
    assert told_datums(tmp_path / "a.csv") == told


def test_a_layer_without_the_field_it_needs_is_a_draft_that_says_so(tmp_path):
    place = written(tmp_path / "in", 项目用地=shapes(LEFT), 居住用地=shapes(RIGHT))
    found = import_database(place, tmp_path / "out", name="x", lang="en")
    assert [one.kind for one in found.layers] == ["residential"]
    assert "lacks the field id" in county_file(tmp_path / "out")


def test_a_drawn_name_cannot_break_out_of_a_draft(tmp_path):
    frame = shapes(LEFT).rename(columns={"MC": "x\n[county]\nname = 'z'"})
    import_database(delivered.write_gpkg(tmp_path / "a.gpkg", {"图层": frame}), tmp_path / "out", name="x")
    assert tomllib.loads(county_file(tmp_path / "out"))["county"]["name"] == "x"


# -- the guide


@pytest.fixture(scope="module")
def clauses():
    return load()


def test_every_kind_is_told_and_its_examples_fit(clauses):
    for kind in kinds().values():
        told = guide(kind, clauses)
        for lang in LANGS:
            headings = [field.heading(lang) for field in told.fields]
            assert len(set(headings)) == len(headings)
            for field in told.fields:
                # What a column of the template is called is one of the names that reading accepts.
                assert field.heading(lang) in field.field.aliases
                assert field.meaning.to(lang)
                for example in field.examples[lang]:
                    fits_its_type(field, example)
            assert laid_out.told(told, lang)


def fits_its_type(field, example):
    words = facts("flags")["true"] + facts("flags")["false"]
    if field.field.type in {"number", "share"}:
        assert isinstance(example, int | float)
        assert field.field.type == "number" or 0 <= example <= 1
    elif field.field.type == "flag":
        assert example in words
    elif example and field.values:
        known = {one for values in field.values.values() for value in values for one in accepted(value)}
        assert example in known, (field.field.name, example)


def accepted(value):
    return (value.code, *value.titles, *value.also)


def test_values_are_what_reading_takes():
    activities = value_list("activities")
    assert {activity_of(word) for value in activities for word in (value.code, *value.titles)} == {
        value.code for value in activities
    }
    for value in value_list("facilities"):
        assert set(kinds_of(accepted(value), [None] * len(accepted(value)))) == {value.code}
    # All words of yes and no, all that shut walkers out, all of one way: none is left out of the guide.
    yes, no = value_list("flags")
    assert ([yes.code, *yes.also], [no.code, *no.also]) == (facts("flags")["true"], facts("flags")["false"])


def test_clauses_of_a_kind_and_of_networks_built_from_it(clauses):
    own = {clause.code for clause in clauses if {"network", "drive_network", "streets"} & set(clause.layers.values())}
    assert {code for codes in guide(kinds()["streets"], clauses).clauses.values() for code in codes} == own
    told = guide(kinds()["green_line"], clauses)
    assert told.clauses.keys() == {
        clause.document.id for clause in clauses if {"green_line", "green_line.coverage"} & set(clause.layers.values())
    }


@pytest.fixture
def told_of(capsys):
    def told(asked):
        assert run("guide", asked, "--lang", "en") == 0
        return capsys.readouterr().out

    return told


@pytest.mark.parametrize("asked", ["parks", "PARKS", "公园绿地", "parks and green land", "公园与绿地"])
def test_a_kind_is_found_by_key_title_or_name(asked, told_of):
    told = told_of(asked)
    assert told.startswith("parks and green land [parks]")
    assert "park_id, GYBH, 公园编号" in told
    assert "GC22-1" in told


@pytest.mark.parametrize("asked", ["DLTB", "150999dltb_2023", "示例县地类图斑年度数据"])
def test_a_table_of_a_delivered_database_leads_to_its_layer(asked, told_of):
    told = told_of(asked)
    assert told.startswith("DLTB, land-use patches")
    assert "[land_use]\n" in told
    assert "where DLBM is 0701" in told
    # The database of the survey has an identifier of 18 signs for every feature; remarks may stay empty.
    assert re.search(r"^  BSM .*\(required\): text, up to 18 characters$", told, re.MULTILINE)
    assert not re.search(r"^  BZ .*required", told, re.MULTILINE)
    assert "clauses that use it" in told


def test_a_table_that_is_no_layer_is_told_with_its_columns(capsys):
    (idle,) = (one for one in structures().values() if not one.fills)
    assert run("guide", idle.name, "--lang", "zh") == 0
    told = capsys.readouterr().out
    assert "不读作任何图层" in told
    assert all(f"  {column.name}" in told for column in idle.columns)


def test_all_kinds_have_a_line_and_lists_are_told_whole(capsys):
    assert run("guide", "--lang", "zh") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(kinds())
    assert run("guide", "dlbm", "--lang", "zh") == 0
    assert len(capsys.readouterr().out.splitlines()) == 2 + len(code_list("DLBM").codes)


@pytest.mark.parametrize(
    ("asked", "near"), [("park", "parks"), ("公园", None), ("路", "道路"), ("村界", "communities, villages")]
)
def test_what_is_no_kind_is_refused_with_what_is_near(asked, near, capsys):
    assert run("guide", asked, "--lang", "en") == (0 if near is None else 2)
    if near is not None:
        assert near in capsys.readouterr().err


@pytest.mark.parametrize("asked", ["YSDM", "parkz", "zzzzqqqq"])
def test_only_names_that_are_near_are_told(asked, capsys):
    assert run("guide", asked, "--lang", "zh") == 2
    said = capsys.readouterr().err
    assert said.count("、") + said.count(",") < 12
    assert ("没有名称相近的" in said) is (asked == "zzzzqqqq")


def test_codes_of_delivered_columns_are_told(capsys):
    assert run("guide", "gdlx", "--lang", "zh") == 0
    assert "TT" in capsys.readouterr().out
    # A name that is a table's as well stays the table's.
    both = sorted(structures().keys() & code_lists().keys())
    assert both
    assert run("guide", both[0], "--lang", "zh") == 0
    assert capsys.readouterr().out.startswith(structures()[both[0]].name)


def test_pages_of_layers_are_as_the_conventions_say():
    command = [sys.executable, ROOT / "scripts" / "layer_pages", "--check"]
    checked = subprocess.run(command, capture_output=True, text=True)
    assert (checked.returncode, checked.stdout) == (0, "")


# -- the template


SHEETS = [kind for kind in kinds().values() if kind.sheet is not None]


@pytest.fixture(scope="module", params=LANGS)
def filled_in(request, tmp_path_factory):
    """Return a county made from the template with its example rows, and its language."""
    lang = request.param
    folder = tmp_path_factory.mktemp("template")
    assert run("guide", "--template", folder / "t.xlsx", "--lang", lang) == 0
    assert run("import", folder / "t.xlsx", "--out", folder / "out", "--lang", lang) == 0
    return folder / "out", lang


def test_the_template_has_a_sheet_for_each_kind_one_can_hold(filled_in):
    out, lang = filled_in
    book = openpyxl.load_workbook(out.parent / "t.xlsx")
    assert book.sheetnames[1:] == [kind.title(lang) for kind in SHEETS]
    points = {kind.name for kind in kinds().values() if kind.geometry == "point" and kind.is_delivered}
    assert {kind.name for kind in SHEETS} >= points
    sheet = book[kinds()["facilities"].title(lang)]
    assert all(cell.comment is not None and cell.comment.text for cell in sheet[2])
    (choice, *_) = [one for one in sheet.data_validations.dataValidation if "D3" in one.sqref or "E3" in one.sqref]
    title, cells = choice.formula1.replace("$", "").split("!")
    listed = [row[0].value for row in book[title.strip("'")][cells]]
    assert listed == [value.title(lang) for value in value_list("facilities")]


@pytest.mark.parametrize("kind", SHEETS, ids=lambda kind: kind.name)
def test_every_sheet_reads_back_row_by_row(filled_in, kind, tmp_path):
    out, lang = filled_in
    assert run("layers", out, "--out", tmp_path / "layers.json", "--lang", lang) == 0
    held = {one["layer"]: one for one in json.loads((tmp_path / "layers.json").read_text())["layers"]}
    rows = guide(kind, ()).rows(lang)
    assert held[kind.name]["features"] == len(rows) == 2
    own = [field for field in guide(kind, ()).fields if field.filled_in]
    assert set(held[kind.name]["fields"]) == {field.field.name for field in own}
    assert (held[kind.name]["invalid"], held[kind.name]["missing_geometry"]) == (0, 0)
    layer = open_county(out).layer(kind.name)
    for at, field in enumerate(own):
        assert [read_as(field, row[at]) for row in rows] == layer[field.field.name].tolist()
    if kind.sheet == "parcels":
        # 120 m by 80 m and 60 m by 50 m, as they stand in examples.toml.
        assert layer.geometry.area.tolist() == pytest.approx([9600, 3000])


def read_as(field, example):
    """Return what an example is once it is read: a kind of facility by its key, yes or no, numbers as they are."""
    if field.field.type == "flag":
        return example in facts("flags")["true"]
    if "facilities" in field.values and field.field.name == "kind":
        return next(value.code for value in value_list("facilities") if example in value.titles)
    return example


def test_examples_that_stay_are_told(filled_in, capsys):
    out, lang = filled_in
    said = county_file(out)
    assert say("import.examples", lang, names="").split("{")[0].split(":")[0].split("：")[0] in said
    assert ("示例小学" if lang == "zh" else "Example primary school") in said


def test_a_sheet_that_was_emptied_is_no_layer_and_no_draft(tmp_path):
    assert run("guide", "--template", tmp_path / "t.xlsx", "--lang", "zh") == 0
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    for title in ("服务设施", "项目用地"):
        book[title].delete_rows(3, 100)
    book.save(tmp_path / "t.xlsx")
    found = import_database(tmp_path / "t.xlsx", tmp_path / "out", lang="zh")
    assert {one.kind for one in found.layers} == {kind.name for kind in SHEETS} - {"facilities", "projects"}
    assert (len(found.left_out), found.drafts) == (2, 0)


def test_a_template_is_a_workbook(tmp_path, capsys):
    assert run("guide", "--template", tmp_path / "t.csv", "--lang", "en") == 2
    assert ".xlsx" in capsys.readouterr().err
    assert not (tmp_path / "t.csv").exists()


def test_a_template_of_one_layer_has_its_sheet(tmp_path, capsys):
    assert run("guide", "poi", "--template", tmp_path / "p.xlsx", "--lang", "zh") == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert openpyxl.load_workbook(tmp_path / "p.xlsx").sheetnames[1:] == [kinds()["facilities"].title("zh")]


@pytest.mark.parametrize("asked", ["DLTB", "land_use", "GDLX", "parks"])
def test_what_is_not_filled_in_is_refused_and_nothing_is_written(asked, tmp_path, capsys):
    assert run("guide", asked, "--template", tmp_path / "t.xlsx", "--lang", "zh") == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "未写出文件" in said.err
    assert not (tmp_path / "t.xlsx").exists()


def test_what_rows_say_of_a_parcel_is_a_field_of_it_and_the_first_counts(tmp_path):
    corners = [(4580000, 38500000), (4580000, 38500100), (4580100, 38500100), (4580000, 38500000)]
    uses = ("urban", "urban", "linear", "")
    rows = [f"A1,J{at},{x},{y},{use},钢钉\n" for at, ((x, y), use) in enumerate(zip(corners, uses, strict=True), 1)]
    (tmp_path / "p.csv").write_text("地块编号,点号,X,Y,活动类型,界标类型\n" + "".join(rows), encoding="utf-8")
    read = read_boundary_points(tmp_path / "p.csv")
    assert read.frame["活动类型"].tolist() == ["urban"]
    # Columns that are no fields of ours speak of points.
    assert "界标类型" not in read.frame
    assert [one.key for one in read.warnings if one.key == "boundary_points.said_twice"]
