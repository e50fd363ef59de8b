"""The workbook and the Word report of a check: the numbers of the JSON, and words of users that stay words."""

import json
import re

import geopandas as gpd
import openpyxl
import pytest
import report_town
from browsing import HOSTILE

from gis_planning.reports import write_check
from gis_planning.reports.check_xlsx import write_xlsx

WICKED = [*HOSTILE, "=cmd|'/C calc'!A0", "@SUM(1+1)", "a\x01b\x0bc", "-2+3"]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    scorecard, clauses = report_town.judged(folder / "county", county='code = "150999"\nnote = "示例数据"')
    write_check(scorecard, clauses, folder / "out", "zh")
    return folder / "out", scorecard, {one.code: one for one in clauses}


@pytest.fixture(scope="module")
def told(results):
    return json.loads((results[0] / "scorecard.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def book(results):
    return openpyxl.load_workbook(results[0] / "report.xlsx")


def rows(book, sheet):
    """Return the rows of a sheet by heading, without the line of sums."""
    heads, *found = book[sheet].iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in found if not str(row[0]).startswith(("合计", "total"))]


def test_verdicts_of_the_workbook_are_those_of_the_json(book, told):
    found = {row["条款代码"]: row for row in rows(book, "评价结果")}
    assert list(found) == [one["code"] for one in told["verdicts"]]
    for one in told["verdicts"]:
        row = found[one["code"]]
        for key, head in (
            ("value", "数值（按单位）"),
            ("margin", "差距（按单位，正值为优）"),
            ("numerator", "达到（按计量单位）"),
            ("denominator", "总量（按计量单位）"),
        ):
            assert row[head] == (None if one[key] is None else pytest.approx(one[key], rel=1e-14)), (one["code"], key)
        low, high = one["range"] or (None, None)
        assert (row["可能的最低值"], row["可能的最高值"]) == pytest.approx((low, high))
        assert row["说明"] == one["message"]
        assert row["问题图斑（个）"] == (one["offenders"] if one["value"] is not None else None)


def test_a_share_that_misses_its_limit_by_little_does_not_look_met(results, tmp_path):
    from dataclasses import replace

    _, scorecard, known = results
    first = next(one for one in scorecard.verdicts if one.code == "GG22-2")
    near = replace(first, measured=replace(first.measured, value=0.899996), limit={"at_least": 0.9}, margin=-0.000004)
    write_xlsx(tmp_path / "x.xlsx", replace(scorecard, verdicts=(near,)), known, "zh")
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx")["评价结果"]
    assert sheet["E2"].value == 0.899996
    assert sheet["E2"].number_format == "0.0000%"


def test_districts_communities_gaps_and_homes_are_all_there(book, told, results):
    _, scorecard, _ = results
    parts = [(one["code"], part) for one in told["verdicts"] for part in one["districts"]]
    found = rows(book, "分区")
    assert [(row["条款代码"], row["分区"]) for row in found] == [(code, part["name"]) for code, part in parts]
    assert [row["覆盖率"] for row in found] == pytest.approx([part["value"] for _, part in parts])
    left = [part["denominator"] - part["numerator"] for _, part in parts]
    assert [row["未达到（按计量单位）"] for row in found] == pytest.approx(left)
    gaps = [one.measured.offenders for one in scorecard.verdicts if one.measured and "rank" in one.measured.offenders]
    assert len(rows(book, "缺口排序")) == sum(len(one) for one in gaps)
    area = sum(row["面积（平方米）"] for row in rows(book, "缺口排序"))
    assert area == pytest.approx(sum(float(one["area_m2"].sum()) for one in gaps), rel=1e-12)
    # Of the two lists, one asks for a pharmacy: it is near every home but the farthest, and nothing else is near any.
    homes = rows(book, "住宅缺项")
    assert len(homes) == 8
    lacks = next(head for head in homes[0] if head.startswith("CM-C01") and "缺少" in head)
    assert all("菜" in row[lacks] and "药店" not in row[lacks] for row in homes)
    villages = rows(book, "村庄")
    assert {row["村庄"] for row in villages} == {"嘎查", "远村"}
    patches = rows(book, "问题图斑")
    assert any(row["名称"] == "矿点" and row["面积（平方米）"] == pytest.approx(1600, rel=1e-6) for row in patches)


def test_geopackage_and_workbook_agree(results, book):
    out, _, _ = results
    offenders = gpd.read_file(out / "results.gpkg", layer="offenders")
    ranked = offenders[offenders["rank"].notna()]
    assert sum(row["面积（平方米）"] for row in rows(book, "缺口排序")) == pytest.approx(
        ranked["area_m2"].sum(), rel=1e-12
    )


def test_every_table_has_a_heading_in_view_a_filter_and_live_sums(book):
    for sheet in book:
        assert sheet.freeze_panes is not None
        assert sheet["A1"].font.bold
        assert sheet["A1"].font.name == "宋体"
        if sheet.title not in ("概况", "未评价事项"):
            assert re.fullmatch(rf"A1:[A-Z]+{len(rows(book, sheet.title)) + 1}", sheet.auto_filter.ref), sheet.title
    districts = book["分区"]
    last = districts.max_row
    assert districts[f"E{last}"].value == f"=SUBTOTAL(109,E2:E{last - 1})"
    assert districts[f"D{last}"].value == (
        f'=IF(SUBTOTAL(109,F2:F{last - 1})=0,"",SUBTOTAL(109,E2:E{last - 1})/SUBTOTAL(109,F2:F{last - 1}))'
    )
    assert districts[f"D{last}"].number_format == "0.00%"


def test_the_overview_counts_live_and_has_a_chart_of_the_districts(book, told):
    sheet = book["概况"]
    formulas = {sheet.cell(cell.row, 1).value: cell.value for (cell,) in sheet["B1:B40"] if cell.data_type == "f"}
    assert formulas["不达标"].startswith("=COUNTIF('评价结果'!$A$2:$A$")
    said = [row["结论"] for row in rows(book, "评价结果")]
    assert set(formulas) - {"合计"} == set(said)
    where = re.search(r"\$A\$(\d+),", formulas["不达标"]).group(1)
    assert int(where) == len(told["verdicts"]) + 1
    (chart,) = sheet._charts
    place = chart.series[0].val.numRef.f
    first, last = map(int, re.findall(r"\$D\$(\d+)", place))
    drawn = rows(book, "分区")[first - 2 : last - 1]
    assert {row["条款代码"] for row in drawn} == {"GC22-1"}
    assert [row["分区"] for row in drawn] == ["西街道", "东街道"]


def test_what_was_not_assessed_is_listed_with_its_reason(book, told):
    found = {(row["条款代码"], row["说明"]) for row in rows(book, "未评价事项")}
    assert {(one["code"], one["message"]) for one in told["verdicts"] if one["outcome"] == "not-assessed"} <= found
    inputs = rows(book, "输入数据")
    assert [row["SHA-256 校验值"] for row in inputs] == [one["sha256"] for one in told["inputs"]]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_words_of_users_break_no_report_and_are_never_formulas(tmp_path, lang):
    at = iter(range(10_000))
    scorecard, clauses = report_town.judged(
        tmp_path / "county",
        name=lambda _: WICKED[next(at) % len(WICKED)].replace("\x01", "?").replace("\x0b", "?"),
        documents=["green-gardencity2022", "circle-mofcom", "redline-ecology_142"],
    )
    write_check(scorecard, clauses, tmp_path / "out", lang)
    book = openpyxl.load_workbook(tmp_path / "out" / "report.xlsx")
    ours = re.compile(r"=(SUBTOTAL\(109|COUNTIF\('|SUM\(B|IF\(SUBTOTAL)")
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert ours.match(cell.value), cell.value
                assert not isinstance(cell.value, str) or len(cell.value) <= 32_767
