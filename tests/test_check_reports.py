"""The workbook and the Word report of a check: the numbers of the JSON, and words of users that stay words."""

import json
import re
import zipfile

import geopandas as gpd
import numpy as np
import openpyxl
import pytest
import report_town
from browsing import HOSTILE
from docx import Document
from docx.oxml.ns import qn
from lxml import etree
from openpyxl.utils import get_column_letter

from gis_planning.reports import write_check
from gis_planning.reports.check_xlsx import write_xlsx
from gis_planning.reports.paper import Column as Column_
from gis_planning.reports.paper import Paper
from gis_planning.reports.workbook import SUM, Book, Column

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
    assert len(rows(book, "缺口")) == sum(len(one) for one in gaps)
    area = sum(row["面积（平方米）"] for row in rows(book, "缺口"))
    assert area == pytest.approx(sum(float(one["area_m2"].sum()) for one in gaps), rel=1e-12)
    # Of the two lists, one asks for a pharmacy: it is near every home but the farthest, and nothing else is near any.
    homes = rows(book, "住宅")
    assert len(homes) == 8
    lacks = next(head for head in homes[0] if head.startswith("CM-C01") and "缺少" in head)
    assert all("菜" in row[lacks] and "药店" not in row[lacks] for row in homes)
    villages = rows(book, "村庄")
    assert {row["村庄"] for row in villages} == {"嘎查", "远村"}
    patches = rows(book, "问题图斑")
    assert any(row["项目"] == "矿点" and row["面积（平方米）"] == pytest.approx(1600, rel=1e-6) for row in patches)


def test_geopackage_and_workbook_agree(results, book):
    out, _, _ = results
    offenders = gpd.read_file(out / "results.gpkg", layer="offenders")
    ranked = offenders[offenders["rank"].notna()]
    assert sum(row["面积（平方米）"] for row in rows(book, "缺口")) == pytest.approx(ranked["area_m2"].sum(), rel=1e-12)


def test_every_table_has_a_heading_in_view_a_filter_and_live_sums(book):
    for sheet in book:
        assert sheet.freeze_panes is not None
        assert sheet["A1"].font.bold
        assert sheet["A1"].font.name == "宋体"
        if sheet.title not in ("概况", "图表", "未评价事项"):
            assert re.fullmatch(rf"A1:[A-Z]+{len(rows(book, sheet.title)) + 1}", sheet.auto_filter.ref), sheet.title
    districts = book["分区"]
    last = districts.max_row
    assert districts[f"E{last}"].value == f"=SUBTOTAL(109,E2:E{last - 1})"
    assert districts[f"D{last}"].value == (
        f'=IF(SUBTOTAL(109,F2:F{last - 1})=0,"",SUBTOTAL(109,E2:E{last - 1})/SUBTOTAL(109,F2:F{last - 1}))'
    )
    assert districts[f"D{last}"].number_format == "0.00%"


def test_a_sheet_that_would_be_too_long_says_what_it_leaves_out(results, tmp_path, monkeypatch):
    from gis_planning.reports import workbook

    _, scorecard, known = results
    monkeypatch.setattr(workbook, "MOST_ROWS", 5)
    write_xlsx(tmp_path / "x.xlsx", scorecard, known, "en")
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx")["Verdicts"]
    last = [row[0] for row in sheet.iter_rows(values_only=True)]
    assert len(last) == 7
    assert last[-1].startswith(f"{len(scorecard.verdicts) - 5} more rows")


def test_the_overview_counts_live_and_draws_what_it_counts(book, told):
    sheet = book["概况"]
    formulas = {sheet.cell(cell.row, 1).value: cell for (cell,) in sheet["B1:B40"] if cell.data_type == "f"}
    assert formulas["不达标"].value.startswith("=COUNTIF('评价结果'!$A$2:$A$")
    said = [row["结论"] for row in rows(book, "评价结果")]
    assert set(formulas) - {"合计"} == set(said)
    where = re.search(r"\$A\$(\d+),", formulas["不达标"].value).group(1)
    assert int(where) == len(told["verdicts"]) + 1
    counted = [cell for name, cell in formulas.items() if name != "合计"]
    assert drawn(sheet) == [("概况", "B", counted[0].row, counted[-1].row)]


def drawn(sheet):
    """Return which cells the charts of a sheet show: the sheet, the column, the first and the last row of each."""
    found = []
    for chart in sheet._charts:
        (series,) = chart.series
        (name, column, first, last) = re.fullmatch(
            r"'?(.+?)'?!\$([A-Z]+)\$(\d+):\$[A-Z]+\$(\d+)", series.val.numRef.f
        ).groups()
        labels = series.cat.numRef or series.cat.strRef
        assert labels.f == series.val.numRef.f.replace(
            f"${column}$", f"${chr(ord(column) - (2 if column == 'E' else 1))}$"
        )
        found.append((name, column, int(first), int(last)))
    return found


def test_charts_show_districts_of_each_coverage_and_kinds_of_each_circle(book, told):
    """A chart refers to cells; what these hold is told by the JSON."""
    districts, verdicts = rows(book, "分区"), rows(book, "评价结果")
    circled = {"circle-mofcom", "circle-rural"}
    documents = {one["code"]: one["document"] for one in told["verdicts"]}
    by_sheet = {"分区": set(), "评价结果": set()}
    for name, column, first, last in drawn(book["图表"]):
        table = {"分区": districts, "评价结果": verdicts}[name][first - 2 : last - 1]
        assert book[name][f"{column}1"].value == {"分区": "覆盖率", "评价结果": "数值（按单位）"}[name]
        codes = [row["条款代码"] for row in table]
        by_sheet[name].add(documents[codes[0]])
        assert len({documents[code] for code in codes}) == 1
        if name == "分区":
            (code,) = set(codes)
            parts = next(one["districts"] for one in told["verdicts"] if one["code"] == code)
            assert [row["分区"] for row in table] == [part["name"] for part in parts]
        else:
            assert {row["单位"] for row in table} == {"%"}
    coverages = {documents[row["条款代码"]] for row in districts} - circled
    assert by_sheet == {"分区": coverages, "评价结果": circled}
    assert coverages


def test_every_sheet_prints_on_paper_on_its_side_with_its_heading_and_all_of_its_columns(book):
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.oddFooter.center.text == "第 &P 页，共 &N 页"
        if sheet.title not in ("概况", "图表"):
            last = f"${get_column_letter(sheet.max_column)}${sheet.max_row}"
            assert sheet.print_area == f"'{sheet.title}'!$A$1:{last}"


def test_columns_have_room_for_what_they_show_and_rows_for_their_lines(tmp_path):
    book = Book("zh")
    heads = [Column("名称", "text"), Column("面积", "m2", SUM), Column("说明", "long")]
    book.sheet("甲", heads, [["短", 999_999.0, "字" * 60], ["公园绿地服务半径", 2.5, "一\n二\n三"]])
    book.save(tmp_path / "x.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx")["甲"]
    # Eight Chinese signs are sixteen digits wide; the sum, 1,000,001.50, is longer than any of its numbers.
    assert sheet.column_dimensions["A"].width > 16
    assert len("1,000,001.50") < sheet.column_dimensions["B"].width < 20
    assert sheet.column_dimensions["C"].width < 50
    # 120 digits in a column of at most 50 take three lines of 15 points; so do three lines.
    assert [sheet.row_dimensions[row].height for row in (2, 3)] == [45, 45]
    assert sheet["C2"].alignment.wrap_text
    assert not sheet["A3"].alignment.wrap_text


def emptied(scorecard, *kept):
    """Return a scorecard whose result tables, but for some, have lost every row."""
    from dataclasses import replace

    verdicts = []
    for one in scorecard.verdicts:
        if one.measured is None:
            verdicts.append(one)
            continue
        layers = {name: layer if name in kept else layer[:0] for name, layer in one.measured.layers.items()}
        measured = replace(one.measured, layers=layers, offenders=one.measured.offenders[:0], parts=(), references=())
        verdicts.append(replace(one, measured=measured))
    return replace(scorecard, verdicts=tuple(verdicts))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_result_tables_without_a_row_end_no_report(results, tmp_path, lang):
    _, scorecard, known = results
    write_xlsx(tmp_path / "x.xlsx", emptied(scorecard), known, lang)
    # The land that was measured is never nothing.
    write_check(emptied(scorecard, "bands"), list(known.values()), tmp_path / "out", lang)
    book = openpyxl.load_workbook(tmp_path / "out" / "report.xlsx")
    assert not {"住宅", "缺口", "分区"} & set(book.sheetnames)


def test_communities_without_residents_end_no_report(results, tmp_path):
    from dataclasses import replace

    _, scorecard, known = results
    verdicts = []
    for one in scorecard.verdicts:
        layers = dict(one.measured.layers) if one.measured else {}
        if "communities" in layers:
            layers["communities"] = layers["communities"].drop(columns=["people", "people_covered"], errors="ignore")
        verdicts.append(replace(one, measured=replace(one.measured, layers=layers)) if layers else one)
    write_check(replace(scorecard, verdicts=tuple(verdicts)), list(known.values()), tmp_path / "out", "zh")
    assert (tmp_path / "out" / "report.docx").is_file()


def test_what_was_not_assessed_is_listed_with_its_reason(book, told):
    found = {(row["条款代码"], row["说明"]) for row in rows(book, "未评价事项")}
    assert {(one["code"], one["message"]) for one in told["verdicts"] if one["outcome"] == "not-assessed"} <= found
    inputs = rows(book, "数据来源")
    assert [row["SHA-256 校验值"] for row in inputs] == [one["sha256"] for one in told["inputs"]]


@pytest.fixture(scope="module")
def paper(results):
    return Document(results[0] / "report.docx")


def cells(paper):
    return [[cell.text for cell in row.cells] for table in paper.tables for row in table.rows]


def test_word_says_the_numbers_of_the_json(paper, told):
    rows = cells(paper)
    for one in told["verdicts"]:
        own = [row for row in rows if row[0] == one["code"]]
        assert own, one["code"]
        if one["unit"] == "share" and one["value"] is not None:
            assert any(f"{one['value']:.2%}" in cell for row in own for cell in row)
        for part in one["districts"]:
            if one["limit"]:
                assert any(row[0] == part["name"] and f"{part['value']:.2%}" in row for row in rows)
    words = "\n".join(one.text for one in paper.paragraphs)
    failed = next(one for one in told["verdicts"] if one["code"] == "GG22-2")
    assert (
        f"园林城市（GG22-2）：{failed['value']:.2%}，限值 ≥ 85%，尚差 {-100 * failed['margin']:.2f} 个百分点，不达标"
        in words
    )


def test_word_has_a_title_page_sections_for_documents_and_what_is_not_known(paper, told):
    heads = [one.text for one in paper.paragraphs if one.style.name == "Heading 1"]
    assert heads[0] == "一、评价结论"
    parts = [head.partition("、")[2] for head in heads[1:-4]]
    for one, part in zip(told["documents"], parts, strict=True):
        assert one["title"] in part
        assert one["topic"] in part
    assert [head.partition("、")[2] for head in heads[-4:]] == [
        "未评价事项及原因",
        "数据局限",
        "测算方法",
        "数据来源与依据",
    ]
    words = [one.text for one in paper.paragraphs]
    assert "示例镇" in words
    assert "数据日期：2025-12-31" in words
    assert "行政区划代码：150999" in words
    assert "内部工作用图，不得公开发布" in words
    assert "内部工作用图" in paper.sections[0].footer.paragraphs[0].text
    rows = cells(paper)
    for one in told["inputs"]:
        assert any(one["sha256"][:16] in row for row in rows)
    for one in told["verdicts"]:
        if one["outcome"] == "not-assessed":
            assert any(one["code"] in row[0] and row[1] == one["message"] for row in rows), one["code"]


def test_lists_of_clauses_begin_with_what_fails_and_end_with_what_is_not_known(paper, told):
    place = {word: at for at, word in enumerate(("不达标", "有条件符合", "达标", "仅测算", "程序出错", "未评价"))}
    seen = set()
    for table in paper.tables:
        head, *rows = [[cell.text for cell in row.cells] for row in table.rows]
        if head[-1] == "结论" and head[0] == "条款":
            order = [place[row[-1]] for row in rows]
            assert order == sorted(order)
            seen.update(row[-1] for row in rows)
    assert {"不达标", "达标", "未评价"} <= seen


def test_statutory_and_walking_figures_stand_side_by_side(paper, told):
    walk = next(one for one in told["verdicts"] if one["code"] == "GW5-1")
    radius = next(one for one in walk["references"] if one["key"] == "radius_coverage")
    rows = [[row[1], row[-1]] for row in cells(paper) if row[0] == "GW5-1" and len(row) == 4]
    assert rows == [["直线半径", f"{radius['value']:.2%}"], ["步行可达", f"{walk['value']:.2%}"]]


def kept(row):
    """Say whether every paragraph of a row is kept with the next."""
    return all(one.paragraph_format.keep_with_next for cell in row.cells for one in cell.paragraphs)


def test_tables_of_word_repeat_their_heading_and_short_ones_stand_on_one_page(paper):
    short = long = 0
    for table in paper.tables:
        first, *body = table.rows
        headed = bool(table._tbl.tr_lst[0].xpath("./w:trPr/w:tblHeader"))
        # Second numbers have no heading.
        body = body if headed else [first, *body]
        assert all(row._tr.xpath("./w:trPr/w:cantSplit") for row in table.rows)
        assert not headed or kept(first)
        if len(body) <= 12:
            short += len(body) > 1
            assert all(map(kept, body[:-1]))
        else:
            long += 1
            assert kept(body[0])
            assert kept(body[-2])
            assert not all(map(kept, body))
    assert short
    assert long


def test_no_code_and_no_number_of_a_table_is_broken(tmp_path):
    """Fonts are as wide as their letters: ten capitals of at most 0.75 of ten points are 2.65 cm, with 0.38 beside."""
    paper = Paper("zh")
    code, number = "DEMO-QUOTA", "1,452.58 公顷（上限值）"
    columns = [Column_("条款", 1.0, whole=True), Column_("内容", 12.0), Column_("数值", 2.0, number=True)]
    paper.table(columns, [[code, "很长的内容" * 20, number]], 10)
    paper.save(tmp_path / "x.docx")
    (table,) = Document(tmp_path / "x.docx").tables
    wide = [column.width.cm for column in table.columns]
    assert sum(wide) == pytest.approx(15.0, abs=0.02)
    assert wide[0] > 9 * 0.6 * 10 * 2.54 / 72 + 0.38
    assert wide[2] > (7 * 1.0 + 8 * 0.45) * 10 * 2.54 / 72 + 0.38
    assert table.cell(1, 0).text == code


def test_word_gives_chinese_characters_chinese_fonts(results, paper):
    assert paper.styles["Normal"].element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋"
    for level in (1, 2, 3):
        assert paper.styles[f"Heading {level}"].element.rPr.rFonts.get(qn("w:eastAsia")) == "黑体"
    with zipfile.ZipFile(results[0] / "report.docx") as archive:
        body = etree.fromstring(archive.read("word/document.xml"))
    for run in body.iter(qn("w:r")):
        words = "".join(run.itertext(qn("w:t")))
        fonts = run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
        if re.search("[\u4e00-\u9fff]", words) and fonts is not None:
            assert fonts.get(qn("w:eastAsia")) in ("仿宋", "黑体"), words
            assert fonts.get(qn("w:eastAsiaTheme")) is None


def test_every_picture_of_the_word_report_says_what_it_shows(results, paper, told):
    with zipfile.ZipFile(results[0] / "report.docx") as archive:
        body = etree.fromstring(archive.read("word/document.xml"))
    said = [one.get("descr") for one in body.iter(qn("wp:docPr"))]
    # Bars are text: what is a picture shows a clause.
    assert len(said) == len([one for one in paper.paragraphs if re.match(r"图 \d+", one.text)])
    assert said
    assert all(said)
    walk = next(one for one in told["verdicts"] if one["code"] == "GW5-1")
    assert any(f"{walk['value']:.2%}" in one and "缺口 2 处" in one for one in said)
    captions = [one.text for one in paper.paragraphs if re.match(r"图 \d+", one.text)]
    assert [int(re.match(r"图 (\d+)", one).group(1)) for one in captions] == list(range(1, len(captions) + 1))


def lengths(bar):
    """Return how much of a bar has each colour."""
    from gis_planning.reports.paper import _bar

    tabs, runs = _bar(*bar)
    stops = [0, *map(int, re.findall(r'w:pos="(\d+)"', tabs))]
    fills = re.findall(r'w:fill="(\w+)"', runs)
    assert len(fills) == len(stops) - 1
    found = {}
    for fill, long in zip(fills, np.diff(stops).tolist(), strict=True):
        found[fill] = found.get(fill, 0) + long
    return found, stops[-1]


def test_a_bar_is_as_long_as_its_share():
    from gis_planning.reports.paper import BAR_CM, BAR_MARK, MARK, Bar

    for share in (0.0, 0.25, 0.5, 1.0, 1.7, -1.0):
        found, wide = lengths(Bar(share, "#ff0000"))
        assert wide == sum(found.values()) == pytest.approx(BAR_CM / 2.54 * 1440, abs=1)
        assert found.get("FF0000", 0) == pytest.approx(wide * max(0, min(1, share)), abs=1)
    # Nothing at all is told from very little.
    assert lengths(Bar(0.0001, "#ff0000"))[0]["FF0000"] == MARK
    for mark in (0.0, 0.5, 0.75, 1.0):
        found, wide = lengths(Bar(0.5, "#ff0000", (mark, 0.6)))
        assert found[BAR_MARK] == 2 * MARK
        assert sum(found.values()) == wide


def test_page_workbook_word_and_geopackage_show_the_same_numbers(results, told, book, paper):
    from lxml import html

    out, scorecard, _ = results
    page = html.parse(str(out / "index.html")).getroot()
    shown = {}
    for row in page.iterfind(".//section[@id='verdicts']//tbody/tr"):
        code = row.find("th").text.split()[0]
        shown[code] = [" ".join(cell.text_content().split()) for cell in row.iterfind("td[@class='n']")]
    table = gpd.read_file(out / "results.gpkg", layer="verdicts").set_index("code")
    spread = {row["条款代码"]: row for row in rows(book, "评价结果")}
    word = cells(paper)
    assert set(shown) == set(table.index) == set(spread) == {one["code"] for one in told["verdicts"]}
    for one in told["verdicts"]:
        code = one["code"]
        assert table.loc[code, "outcome"] == one["outcome"]
        if one["value"] is None:
            continue
        assert table.loc[code, "value"] == pytest.approx(one["value"], rel=1e-15)
        assert spread[code]["数值（按单位）"] == pytest.approx(one["value"], rel=1e-14)
        value = shown[code][0].split()[0]
        if one["unit"] == "share":
            assert value == f"{one['value']:.2%}"
        assert any(row[0] == code and any(cell.startswith(value) for cell in row[1:]) for row in word), code
    areas = {
        layer: float(gpd.read_file(out / "results.gpkg", layer=layer)["area_m2"].sum()) for layer in ("parks", "bands")
    }
    for layer, area in areas.items():
        own = [one.measured.layers.get(layer) for one in scorecard.verdicts if one.measured]
        assert area == pytest.approx(sum(float(one["area_m2"].sum()) for one in own if one is not None), rel=1e-12)


@pytest.mark.slow
def test_a_comparison_stands_in_both_reports(results, tmp_path):
    from dataclasses import replace

    from gis_planning.results.compared import compare_check

    out, scorecard, known = results
    gone = [one for one in scorecard.verdicts if one.code != "GG22-3"]
    then = next(one for one in gone if one.code == "GG22-1")
    lost, *parts = then.measured.parts
    more = replace(then, measured=replace(then.measured, value=then.measured.value + 0.1, parts=tuple(parts)))
    now = replace(scorecard, verdicts=tuple(more if one is then else one for one in gone))
    now = replace(now, compared=compare_check(now.verdicts, out))
    write_check(now, known.values(), tmp_path / "out", "zh")
    listed = [row for row in cells(Document(tmp_path / "out" / "report.docx")) if len(row) == 7]
    changed = [row for row in listed if row[2] == "全域"]
    # A district that has no figure any more has not stayed as it was.
    assert [row[4:] for row in listed if row[0] == "GG22-1" and row[2] == lost.name] == [["-", "-", ""]]
    # Nobody asked this run for GG22-3: that is no change, and is said in a sentence.
    assert [row[0] for row in changed if row[0].startswith("GG")] == ["GG22-1"]
    once = "另有 1 项条款只在其中一次评价"
    assert any(once in one.text for one in Document(tmp_path / "out" / "report.docx").paragraphs)
    row = next(row for row in changed if row[0] == "GG22-1")
    assert row[1] == known["GG22-1"].number("zh")
    assert row[5] == "+10.00 个百分点"
    # An outcome that is as it was stands there once.
    assert row[6] == "不达标"
    spread = rows(openpyxl.load_workbook(tmp_path / "out" / "report.xlsx"), "与前次对比")
    moved, *others = spread
    assert (moved["条款代码"], moved["分区"]) == ("GG22-1", "全域")
    assert [bool(one["变化（按单位）"]) for one in others] == sorted(
        (bool(one["变化（按单位）"]) for one in others), reverse=True
    )
    assert moved["变化（按单位）"] == pytest.approx(0.1)
    write_check(
        replace(scorecard, compared=compare_check(scorecard.verdicts, out)), known.values(), tmp_path / "same", "zh"
    )
    assert any("无变化" in one.text for one in Document(tmp_path / "same" / "report.docx").paragraphs)


def test_a_county_of_which_nothing_could_be_measured_still_gets_its_reports(tmp_path):
    import town

    from gis_planning.county.opened import open_county
    from gis_planning.judging import judge, rulebook

    place = town.write(tmp_path / "county", {"study_area": town.layers()["study_area"]})
    clauses = rulebook.chosen(rulebook.load(), rules=["circle-mofcom", "redline-three_lines"])
    scorecard = judge.check(open_county(place), clauses)
    assert {one.outcome for one in scorecard.verdicts} == {"not-assessed"}
    write_check(scorecard, clauses, tmp_path / "out", "zh", reports=("docx", "xlsx", "csv", "parquet"))
    book = openpyxl.load_workbook(tmp_path / "out" / "report.xlsx")
    assert len(rows(book, "未评价事项")) == len(scorecard.verdicts)
    assert "缺口" not in book.sheetnames
    named = {row[0] for row in cells(Document(tmp_path / "out" / "report.docx"))}
    assert {one.code for one in scorecard.verdicts} <= named


def test_english_reports_hold_no_chinese_words_of_ours(results, tmp_path):
    _, scorecard, known = results
    write_check(scorecard, known.values(), tmp_path / "out", "en")
    paper = Document(tmp_path / "out" / "report.docx")
    heads = [one.text for one in paper.paragraphs if one.style.name.startswith("Heading")]
    assert heads[0] == "1. Findings"
    assert not any(re.search("[\u4e00-\u9fff]", head) for head in heads), heads
    book = openpyxl.load_workbook(tmp_path / "out" / "report.xlsx")
    assert book.sheetnames[:2] == ["Overview", "Verdicts"]
    for sheet in book:
        if sheet.title != "Overview":
            assert not any(re.search("[\u4e00-\u9fff]", str(cell.value)) for cell in sheet[1]), sheet.title


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
    paper = Document(tmp_path / "out" / "report.docx")
    assert max(len(cell) for row in cells(paper) for cell in row) <= 2_000
    with zipfile.ZipFile(tmp_path / "out" / "report.docx") as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))
    told = json.loads((tmp_path / "out" / "scorecard.json").read_text(encoding="utf-8"))
    offenders = gpd.read_file(tmp_path / "out" / "results.gpkg", layer="offenders")
    assert len(offenders) == sum(one["offenders"] for one in told["verdicts"])
