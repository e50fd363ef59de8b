"""The list of faults that goes back: what stands in it, ids that stay the same, and a recheck fault by fault."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import delivered
import docx
import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
from test_quality_columns import county_of

from gis_planning import cli
from gis_planning.county.opened import open_county
from gis_planning.errors import RuleError
from gis_planning.formats.database_import import import_database
from gis_planning.judging import beneath, judge, rulebook, scores
from gis_planning.maps.web import check_map
from gis_planning.reports import fault_list, landing, write_check
from gis_planning.results.faults import faults_of, ids_of, tallied
from gis_planning.results.mended import counted, with_states
from gis_planning.results.verdicts import Measured, Verdict
from gis_planning.texts import text
from gis_planning.view import quality
from gis_planning.view.quality import mended
from gis_planning.view.sheets import sheets

#: Heads that other programs read, in their order.
HEADS = ["图层", "BSM", "字段", "现值", "应为", "说明", "缺陷类", "严重程度", "乡镇", "X", "Y", "lon", "lat"]
EN = ["layer", "id", "field", "value", "should_be", "note", "class", "severity", "town", "x", "y", "lon", "lat"]
SURVEY = ("--only", "quality-survey", "--only", "quality-survey_shapes")


def planted(*, mended=()):
    """Return the patches with a fault each in 3, 4, 7 and 8, but for those that are mended."""
    patches = delivered.dltb().astype({"BSM": object})
    shapes = list(patches.geometry)
    if 3 not in mended:  # states 100 m2 too much
        patches.loc[2, ["TBMJ", "TBDLMJ"]] += 100.0
    if 4 not in mended:  # a code in no list
        patches.loc[3, "DLBM"] = "0811"
    if 7 not in mended:  # a repeated point
        corners = [(1600, 0), (1700, 0), (1700, 700), (1700, 700), (1700, 1000), (1600, 1000)]
        shapes[6] = shapely.Polygon([(delivered.EAST + x, delivered.NORTH + y) for x, y in corners])
    if 8 not in mended:  # 1 m of patch 7, 500 m long
        shapes[7] = delivered.box(1699, 0, 2000, 500)
    return patches.set_geometry(shapes)


def judged(folder, patches=None, names=None):
    """Return a delivery as a county, its clauses and its scorecard."""
    folder.mkdir(exist_ok=True)
    found = delivered.tables() | ({} if patches is None else {"DLTB": patches})
    county = county_of(folder, {name: found[name] for name in names or found})
    clauses = judge.clauses_for(county, SURVEY[1::2])
    return county, clauses, judge.check(county, clauses, keeps=False)


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    return judged(tmp_path_factory.mktemp("first"), planted())


def test_what_is_planted_is_listed_with_its_identifiers_town_and_place(first):
    faults = first[2].faults
    (code,) = faults[faults["code"] == "QS-DLTB-3104"].to_dict("records")
    assert (code["table"], code["bsm"], code["tbbh"]) == ("DLTB", delivered.bsm(1, 4), "4")
    assert (code["field"], code["value"], code["defect"], code["town"]) == ("DLBM", "0811", "B", "东风镇")
    place = shapely.Point(code["x"], code["y"])
    assert delivered.PATCHES[4][0].contains(place)
    assert delivered.DEGREES.transform(place.x, place.y) == pytest.approx((code["lon"], code["lat"]), abs=1e-9)
    (overlap,) = faults[faults["code"] == "QSG-DLTB-4201"].to_dict("records")
    assert {overlap["bsm"], overlap["other_bsm"]} == {delivered.bsm(1, 7), delivered.bsm(1, 8)}
    assert (overlap["size"], overlap["town"]) == (pytest.approx(500, abs=1e-3), "西山镇")
    assert faults["fault_id"].is_unique


def test_ids_stay_when_rows_are_reordered_and_rings_and_formats_change(first, tmp_path):
    ids = set(first[2].faults["fault_id"])
    again = planted().iloc[::-1].reset_index(drop=True)
    assert set(judged(tmp_path / "reordered", again)[2].faults["fault_id"]) == ids
    # Rings that begin elsewhere and run the other way round, with other last bits.
    rings = [np.roll(np.array(one.exterior.coords)[:-1], 1, axis=0)[::-1] for one in planted().geometry]
    turned = planted().set_geometry([shapely.Polygon(np.nextafter(ring, np.inf)) for ring in rings])
    same = set(judged(tmp_path / "turned", turned)[2].faults.query("code != 'QSG-DLTB-GRID'")["fault_id"])
    assert ids <= same
    # As shapefiles, whose widths in bytes have no faults of their own here.
    delivered.write_shapefiles(tmp_path / "shapes", delivered.tables() | {"DLTB": planted()})
    import_database(tmp_path / "shapes", tmp_path / "county", name="示例县", code="150999")
    clauses = [one for one in first[1] if one.measure != "quality.structure"]
    assert set(judge.check(open_county(tmp_path / "county"), clauses, keeps=False).faults["fault_id"]) == ids


def frame(*rows):
    """Return faults of one clause: BSM, field, place and what else is said."""
    columns = {"code": "C-1", "table": "DLTB", "other_bsm": None, "fault": "domain", "expected": None, "value": None}
    made = pd.DataFrame([columns | row for row in rows])
    return made.assign(fault_id=ids_of(made))


def point(x, y=0.0):
    return shapely.Point(500_000 + x, 4_580_000 + y)


def id_of(**more):
    return frame({"bsm": "1", "field": "DLBM", "geometry": point(0)} | more)["fault_id"][0]


def test_an_id_is_the_clause_the_table_the_bsm_and_the_field_or_else_the_place():
    assert id_of() == id_of(value="another", geometry=point(50))
    others = [{"bsm": "2"}, {"field": "DLMC"}, {"code": "C-2"}, {"table": "XZQ"}, {"other_bsm": "3"}, {}]
    assert len({id_of(**one) for one in others}) == 6
    assert id_of(bsm="2", other_bsm="3") == id_of(bsm="3", other_bsm="2")
    # Without a BSM the place counts: to 0.01 m, and whole tenths of a millimetre are never on the edge.
    assert id_of(bsm=None) != id_of(bsm=None, geometry=point(0.02))
    for x in (0.005, 0.0049, 0.015, 0.0):
        assert len({id_of(bsm=None, geometry=point(x + noise)) for noise in (-2e-6, 0.0, 2e-6)}) == 1, x
    # Which of the neighbours of a gap is named is chance.
    gap = {"fault": "gap", "field": None}
    assert id_of(**gap) == id_of(**gap, bsm="9", other_bsm="8")


def test_several_faults_that_say_the_same_have_ids_of_their_own_whatever_their_order():
    rows = [{"bsm": "1", "field": None, "geometry": point(x)} for x in (0, 5, 5, 9)]
    forward, backward = frame(*rows), frame(*rows[::-1])
    assert forward["fault_id"].is_unique
    assert sorted(forward["fault_id"]) == sorted(backward["fault_id"])
    assert len({one.partition("-")[0] for one in forward["fault_id"]}) == 1


def test_what_is_left_is_told_from_what_is_mended_and_new():
    then = frame(
        {"bsm": "1", "field": "DLBM", "geometry": point(0)},
        {"bsm": "2", "field": "DLBM", "geometry": point(0)},
        {"bsm": "3", "field": None, "geometry": point(1)},
        {"bsm": "3", "field": None, "geometry": point(2)},
        {"bsm": "5", "field": "MJ", "geometry": point(0), "code": "C-2"},
    )
    now = frame(
        {"bsm": "1", "field": "DLBM", "geometry": point(0)},
        {"bsm": "3", "field": None, "geometry": point(2)},  # one of two repeated points is left, alone now
        {"bsm": "4", "field": "DLBM", "geometry": point(0)},
        {"bsm": "6", "field": "MJ", "geometry": point(0), "code": "C-3"},
    )
    both = with_states(now, then, judged={"C-1", "C-3"}, judged_then={"C-1", "C-2"})
    assert both[0]["state"].tolist() == ["left", "left", "new", "unjudged"]
    assert dict(zip(both[1]["bsm"], both[1]["state"], strict=True)) == {"2": "mended", "3": "mended", "5": "unjudged"}
    assert counted(*both) == {"new": 1, "left": 2, "mended": 2, "unjudged": 1 + 1}


def test_a_sliver_whose_end_moved_is_left_and_one_elsewhere_is_new():
    def sliver(west, east, **more):
        return {"bsm": None, "field": None, "fault": "cover", "geometry": shapely.box(west, 0, east, 0.001)} | more

    then = frame(sliver(0, 10), sliver(20, 30), sliver(40, 50), sliver(60, 70, fault="other"))
    now = frame(sliver(0, 10.7), sliver(29, 31), sliver(29.5, 33), sliver(60, 70.5))
    both = with_states(now, then, judged={"C-1"}, judged_then={"C-1"})
    # Of two that meet one of before, the one more like it is that one; what says something else is another fault.
    assert both[0]["state"].tolist() == ["left", "left", "new", "new"]
    assert shapely.bounds(both[1]["geometry"].to_numpy())[:, 0].tolist() == [40, 60]


def run(county, out, *words, code=1):
    with pytest.raises(SystemExit) as left:
        cli.main(["check", str(county), "--out", str(out), "--lang", "zh", "--cores", "1", *words])
    assert left.value.code == code


def test_a_recheck_after_mending_says_which_faults_are_gone(first, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    county, _, scorecard = first
    run(county.folder, tmp_path / "one", *SURVEY)
    (tmp_path / "b").mkdir()
    again = county_of(tmp_path / "b", delivered.tables() | {"DLTB": planted(mended=(4, 7)).iloc[::-1]})
    capsys.readouterr()
    run(again.folder, tmp_path / "two", *SURVEY, "--compare", str(tmp_path / "one"))
    before = scorecard.faults
    # The code with the name beside it, and the point: all else is as it was.
    gone = before[(before["tbbh"] == "4") | (before["code"] == "QSG-DLTB-POINTS")]
    assert 2 <= len(gone) < len(before)
    states = json.loads((tmp_path / "two" / "scorecard.json").read_text(encoding="utf-8"))["compare"]["faults"]
    assert states == {"new": 0, "left": len(before) - len(gone), "mended": len(gone), "unjudged": 0}
    sentence = f"已整改 {len(gone)} 处、未整改 {len(before) - len(gone)} 处、新增 0 处"
    assert sentence in capsys.readouterr().out
    assert sentence in (tmp_path / "two" / "index.html").read_text(encoding="utf-8")
    rows = read_csv(tmp_path / "two" / "faults.csv")
    assert {row["问题编号"] for row in rows if row["整改状态"] == "已整改"} == set(gone["fault_id"])
    book = openpyxl.load_workbook(tmp_path / "two" / "faults.xlsx")
    assert book.sheetnames == ["问题清单", "汇总", "按错误类别", "已整改"]
    classes = book["按错误类别"]
    counts = dict(classes.iter_rows(min_row=2, max_col=2, values_only=True))
    total = counts.pop("合计")
    listed = [row[6] for row in book["问题清单"].iter_rows(min_row=2, values_only=True)]
    assert counts == {name: listed.count(name) for name in set(listed)}
    assert total == f"=SUBTOTAL(109,B2:B{len(counts) + 1})"
    (chart,) = classes._charts
    drawn = "$B$2" if len(counts) == 1 else f"$B$2:$B${len(counts) + 1}"
    assert chart.series[0].val.numRef.f == f"'按错误类别'!{drawn}"
    assert book["已整改"].max_row == 1 + len(gone)
    # The same again is the same to the byte.
    run(again.folder, tmp_path / "three", *SURVEY, "--compare", str(tmp_path / "one"))
    for name in ("faults.csv", "faults.xlsx"):
        assert (tmp_path / "three" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_recheck_of_one_family_lists_no_clause_that_it_was_not_asked_for(first, tmp_path, capsys):
    county, clauses, _ = first
    run(county.folder, tmp_path / "one", *SURVEY)
    capsys.readouterr()
    run(county.folder, tmp_path / "two", *SURVEY[2:], "--compare", str(tmp_path / "one"))
    count = sum(clause.document.id == "quality-survey" for clause in clauses)
    sentence = f"另有 {count} 项条款只在其中一次评价"
    said = capsys.readouterr().out
    assert sentence in said
    assert "0 条结论不同" in said
    page = (tmp_path / "two" / "index.html").read_text(encoding="utf-8")
    # It is no report on a county, measures nothing, and its list is one of the doors.
    assert "数据库质量检查报告" in page
    assert 'id="measurements"' not in page
    assert '<a class="button quiet" href="faults.xlsx">问题清单</a>' in page
    comparison = page[page.index('<section id="comparison">') : page.index('<section id="faults">')]
    assert sentence in comparison
    # What both judged is as it was, which is counted too, and nothing is listed.
    assert "各项结果均无变化。" in comparison
    assert "QS-DLTB-3104" not in comparison


def test_an_earlier_run_whose_faults_are_gone_is_not_compared_by_them(first, tmp_path):
    county, clauses, scorecard = first
    write_check(scorecard, clauses, tmp_path / "old", "zh", reports=())
    (tmp_path / "old" / "quality.gpkg").unlink()
    found = judge.check(county, clauses, old=tmp_path / "old")
    assert found.mended is None
    assert "没有可逐项比对" in mended(found, "zh")
    assert len(found.faults) == len(scorecard.faults)


def read_csv(file: Path):
    content = file.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(("lang", "heads"), [("zh", HEADS), ("en", EN)])
def test_the_list_has_the_promised_columns_as_csv_and_as_workbook(first, tmp_path, lang, heads):
    _, clauses, scorecard = first
    write_check(scorecard, clauses, tmp_path / "out", lang, reports=())
    rows = read_csv(tmp_path / "out" / "faults.csv")
    assert list(rows[0])[: len(heads)] == heads
    sheet = openpyxl.load_workbook(tmp_path / "out" / "faults.xlsx").worksheets[0]
    cells = list(sheet.iter_rows(values_only=True))
    assert list(cells[0])[: len(heads)] == heads
    assert len(cells) == len(rows) + 1 == len(scorecard.faults) + 1
    by_code = {row[15]: row for row in cells[1:]}
    # Eighteen digits and a code with a zero before it are texts, places are numbers.
    assert by_code["QS-DLTB-3104"][:4] == ("DLTB", delivered.bsm(1, 4), "DLBM", "0811")
    assert isinstance(by_code["QS-DLTB-3104"][9], float)
    assert by_code["QSG-DLTB-4201"][3] == "500.00 m2"
    assert sheet.auto_filter.ref.startswith("A1:")
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("landscape", 1)
    assert sheet.print_title_rows == "$1:$1"


def test_words_of_a_delivery_are_no_formulas(first, tmp_path):
    _, clauses, scorecard = first
    hostile = scorecard.faults.assign(value="=HYPERLINK(1)", bsm="+1", town="@x")
    write_check(replace(scorecard, faults=hostile), clauses, tmp_path / "out", "zh", reports=())
    (row, *_) = read_csv(tmp_path / "out" / "faults.csv")
    assert (row["现值"], row["BSM"], row["乡镇"]) == ("'=HYPERLINK(1)", "'+1", "'@x")
    sheet = openpyxl.load_workbook(tmp_path / "out" / "faults.xlsx").worksheets[0]
    assert (sheet["D2"].value, sheet["D2"].data_type) in {("=HYPERLINK(1)", "s"), ("=HYPERLINK(1)", "inlineStr")}


def test_a_delivery_without_faults_has_an_empty_list(tmp_path):
    _, clauses, scorecard = judged(tmp_path)
    assert scorecard.faults is None
    write_check(scorecard, clauses, tmp_path / "out", "zh", reports=())
    assert len((tmp_path / "out" / "faults.csv").read_text(encoding="utf-8-sig").splitlines()) == 1
    assert openpyxl.load_workbook(tmp_path / "out" / "faults.xlsx").worksheets[0].max_row == 1


def test_faults_are_tallied_by_layer_check_town_and_class(first):
    _, clauses, scorecard = first
    assert tallied(scorecard.faults)["faults"].sum() == len(scorecard.faults)
    known = {one.code: one for one in clauses}
    row = next(one for one in fault_list.tally_rows(scorecard, known, "zh") if one[2] == "QSG-DLTB-4201")
    assert (row[0], row[4], row[5], row[6]) == ("DLTB", "西山镇", "B", 1)


def test_only_takes_the_code_of_a_clause():
    clauses = rulebook.load()
    (found,) = rulebook.chosen(clauses, rules=None, only=["QSG-DLTB-GAP"])
    assert found.code == "QSG-DLTB-GAP"
    # Codes and documents add up, and a code brings nothing else of its document.
    several = rulebook.chosen(clauses, rules=None, only=["QSG-DLTB-GAP", "quality-layers"])
    assert {one.document.id for one in several if one.code != "QSG-DLTB-GAP"} == {"quality-layers"}
    with pytest.raises(RuleError, match="QSG-DLTB-GAP"):
        rulebook.chosen(clauses, rules=None, only=["QSG-DLTB-GAPP"])


def verdict(count, severity, *, whole=0):
    """Return a verdict with so many faults, some of them of a whole table."""
    offenders = gpd.GeoDataFrame(
        {"layer": "land_use", "fault": "domain", "feature": [None] * whole + ["1"] * (count - whole)},
        geometry=[None] * whole + [point(0)] * (count - whole),
        crs=delivered.CRS,
    )
    measured = Measured(float(count), "count", offenders)
    judged_as = ("quality.domain", {}, severity, "fail", "count", {"at_most": 0.0}, text("judge.missed"))
    return Verdict("C", "d", *judged_as, measured=measured)


@pytest.mark.parametrize(
    ("verdicts", "features", "score"),
    [
        ([verdict(5, "error")], 1000, 100 - 12 * 5 / 10),
        ([verdict(4, "error")], 99, 100 - 12 * 4),  # less than one unit is one
        ([verdict(4, "error")], 101, 100 - 12 * 4 / 1.01),
        ([verdict(6, "error")], 100, 100 - 60),  # the cap: 72 would be more
        ([verdict(1, "fatal", whole=1)], 100_000, 100 - 42),  # a whole table weighs in full
        ([verdict(3, "error", whole=1)], 200, 100 - 12 * (1 + 2 / 2)),
        ([verdict(9000, "warning"), verdict(1, "error")], 100, 100 - 12),  # for comparison
        ([verdict(3, "fatal", whole=3), verdict(9, "error")], 100, 0),
    ],
)
def test_scores_by_hand(verdicts, features, score):
    weighing = scores.weighing_of(None, {}, caps={}, per=None, adjustment=1.0)
    (found,) = scores.scored(verdicts, weighing, features={"d": features})
    assert found.score == pytest.approx(score)
    assert found.left_out == sum(int(one.measured.value) for one in verdicts if one.severity == "warning")


@pytest.mark.parametrize(
    ("made", "left", "score"), [(1, 2, None), (0, 1, None), (1, 1, 100 - 12), (2, 1, 100 - 24), (2, 0, 100 - 24)]
)
def test_a_score_rests_on_half_the_checks_that_count_and_says_on_how_many(made, left, score):
    fault = verdict(1, "error")
    open_ = replace(fault, outcome="not-assessed", measured=None)
    # Those for comparison are no checks a score rests on, made or not.
    beside = [verdict(7, "warning"), *[replace(open_, severity="warning")] * 9]
    weighing = scores.weighing_of(None, {}, caps={}, per=None, adjustment=1.0)
    (found,) = scores.scored([fault] * made + [open_] * left + beside, weighing, features={"d": 100})
    assert (found.score, found.made, found.checks) == (score, made, made + left)
    both = f"{made + left} 项检查只做了 {made} 项" if score is None else f"按 {made}/{made + left} 项检查计"
    assert both in quality.rests(found, "zh")
    assert landing._score(found, "zh")["beside"] == "对照项另有 7 处问题，不计分"


def test_what_was_not_delivered_is_a_line_for_each_document(tmp_path, capsys):
    county, *_ = judged(tmp_path, names=("DLTB", "XZQ"))
    capsys.readouterr()
    run(county.folder, tmp_path / "out", *SURVEY, code=0)
    lines = [one for one in capsys.readouterr().out.splitlines() if "未提供图层" in one]
    assert len(lines) == 2
    assert all("城镇村等用地" in one for one in lines)
    assert (tmp_path / "out" / "index.html").read_text(encoding="utf-8").count("未提供图层：") == 2


def test_a_word_report_has_rows_of_what_was_judged_and_a_line_of_what_was_not_delivered(tmp_path):
    _, clauses, scorecard = judged(tmp_path / "county", names=("DLTB", "XZQ"))
    write_check(scorecard, clauses, tmp_path / "out", "zh", reports=("docx",))
    paper = docx.Document(tmp_path / "out" / "report.docx")
    tables = [[cell.text for cell in row.cells] for table in paper.tables for row in table.rows]
    made = {one.code for one in scorecard.verdicts if one.outcome != "not-assessed"}
    told = {row[0] for row in tables}
    assert made <= told
    assert not told & {one.code for one in scorecard.verdicts if one.code not in made}
    # Once in the section of each document, and once for each where all is told that was not assessed.
    said = [one.text for one in paper.paragraphs if "未提供图层" in one.text]
    assert len(said) + sum("未提供图层" in " ".join(row) for row in tables) == 4


def test_the_map_opens_on_the_county_with_all_faults_listed_over_what_was_delivered(first, monkeypatch):
    _, clauses, scorecard = first
    monkeypatch.setattr(check_map, "main_map", lambda frame, layers, _: (frame, {one.id: one for one in layers}))
    known = {one.code: one for one in clauses}
    page, layers = check_map.check_map(scorecard, sheets(scorecard), known, "zh")
    placed = scorecard.faults["x"].notna().sum()
    assert (len(layers["faults"]), next(iter(layers)), page.opens_on) == (placed, "faults", "districts")
    assert all(one.shown for one in layers.values())
    # The list may hold more than the map: the map says how many.
    beside = len(scorecard.faults) - placed
    assert layers["faults"].title == ("全部问题" if not beside else f"全部问题（另有 {beside} 处没有位置，见清单）")
    lost = scorecard.faults.assign(x=[np.nan, *scorecard.faults["x"][1:]])
    (layer,) = check_map._faults(lost, "zh")
    assert (len(layer), layer.title) == (placed - 1, f"全部问题（另有 {beside + 1} 处没有位置，见清单）")
    told = {column.title: list(column.values) for column in layers["faults"].columns}
    # Of a fault without a field the present value is its size: 1 m of a patch, 500 m long.
    (at,) = [row for row, code in enumerate(told["检查项"]) if code == "QSG-DLTB-4201"]
    assert (told["现值"][at], told["应为"][at]) == ("500.00 m2", "0")
    assert {"districts", "land_use"} <= {name.removeprefix("land.") for name in layers}


def test_of_a_layer_too_large_for_the_map_the_largest_land_is_drawn_and_told(tmp_path, monkeypatch):
    for module in (beneath, check_map):
        monkeypatch.setattr(module, "MOST", 3)
    whole = delivered.dltb()
    _, clauses, scorecard = judged(tmp_path)
    drawn = scorecard.context["land_use"]
    assert sorted(drawn.area) == pytest.approx(sorted(whole.area)[-3:])
    monkeypatch.setattr(check_map, "main_map", lambda _, layers, __: {one.id: one for one in layers})
    layers = check_map.check_map(scorecard, sheets(scorecard), {one.code: one for one in clauses}, "zh")
    assert layers["land_use"].title == f"地类图斑（共 {len(whole)} 个，只画 3 个；面要素取最大的）"
    assert "只画" not in layers["districts"].title


def test_points_of_a_layer_too_large_are_taken_evenly(monkeypatch):
    monkeypatch.setattr(beneath, "MOST", 3)
    assert beneath._thinned(shapely.points(np.arange(5), 0)).tolist() == [0, 2, 4]
    lengths = [shapely.LineString([(0, 0), (length, 0)]) for length in (5, 1, 4, 2, 3)]
    assert beneath._thinned(np.array(lengths)).tolist() == [0, 2, 4]


def test_a_hundred_thousand_faults_have_ids_and_towns(first):
    rows = np.arange(100_000)
    names = [str(at) for at in rows]
    columns = {
        "layer": "land_use",
        "fault": "overlap",
        "table": "DLTB",
        "bsm": names,
        "feature": names,
        "size": rows * 1.0,
    }
    points = shapely.points(delivered.EAST + 1 + rows % 300, delivered.NORTH + 1 + rows // 300)
    measured = Measured(float(len(rows)), "count", gpd.GeoDataFrame(columns, geometry=points, crs=delivered.CRS))
    many = replace(verdict(1, "error"), measured=measured)
    found = faults_of([many], delivered.CRS, first[2].context["districts"])
    assert found["fault_id"].nunique() == len(rows)
    assert set(found["town"]) == {"东风镇"}


def test_a_small_area_does_not_read_as_zero(first, tmp_path):
    _, clauses, scorecard = first
    known = {one.code: one for one in clauses}
    tiny = scorecard.faults[scorecard.faults["fault"] == "overlap"].assign(size=0.000104)
    assert len(tiny)
    small = replace(scorecard, faults=tiny)
    assert quality.present(tiny).tolist() == ["0.0001 m2"]
    fault_list.write_csv(tmp_path / "a.csv", small, known, "en")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["value"], row["area_m2"]) == ("0.0001 m2", "0.0001")
    fault_list.write_xlsx(tmp_path / "a.xlsx", small, known, "en")
    heads, cells, *_ = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0].iter_rows()
    cell = cells[[one.value for one in heads].index("area_m2")]
    assert (cell.value, cell.number_format) == (0.000104, "#,##0.0000")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_faults_without_a_town_are_tallied_with_a_dash(first, lang):
    _, clauses, scorecard = first
    for towns in (None, float("nan"), pd.array([None] * len(scorecard.faults), dtype="str")):
        nowhere = replace(scorecard, faults=scorecard.faults.assign(town=towns))
        rows = fault_list.tally_rows(nowhere, {one.code: one for one in clauses}, lang)
        assert {row[4] for row in rows} == {"-"}
