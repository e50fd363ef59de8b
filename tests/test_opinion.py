"""The reviewer's opinion in Word: its parts and pages, files of their own, an office's template, people's decisions."""

import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace

import openpyxl
import pyogrio
import pypdf
import pytest
import test_review as reviewed
import town
from browsing import facts_of_layers
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

import gis_planning as gp
from gis_planning.county.file import read_county_file
from gis_planning.errors import CountyError, OutputError, SourceError
from gis_planning.judging.projects import read_overrides
from gis_planning.judging.shared import shared_land
from gis_planning.reports import write_review
from gis_planning.reports.opinion_files import LONGEST, file_names
from gis_planning.results.ledger import Repair

#: Two clean ones, then one in farmland and one in a core zone.
BOXES = {"A1": reviewed.IN_TOWN, "A2": (20, 120, 60, 160), "B2": reviewed.FARM, "C3": reviewed.CORE}
OFFICE = """
[opinion]
number = "示自然资审〔2026〕{id}号"
officer = "张三"
reviewer = "李四"
handling = { fail = "退回，另行选址。" }
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("opinion")
    shapes = [town.box(*box) for box in BOXES.values()]
    names = {"name": [f"项目{one}" for one in BOXES], "activity": ["urban"] * 4, "mj": [0.16, None, 0.2, None]}
    town.frame(*shapes, id=list(BOXES), **names).to_file(folder / "p.gpkg")
    town.frame(shapes[0], id=["A1"], name=["项目A1"], activity=["urban"]).to_file(folder / "one.gpkg")
    where = reviewed.county(folder / "county", extra={"land_use": reviewed.LAND_USE}).folder
    (where / "county.toml").write_text((where / "county.toml").read_text(encoding="utf-8") + OFFICE, encoding="utf-8")
    return folder, where


def written(place, out, *words, parcels="p.gpkg"):
    folder, where = place
    assert reviewed.run("review", where, folder / parcels, "--out", out, *words) in (0, 1)
    return out


@pytest.fixture(scope="module")
def out(place):
    return written(place, place[0] / "out")


def cells_of(paper):
    return [[cell.text for cell in row.cells] for one in paper.tables for row in one.rows]


def said_of(paper, id_):
    """Return the paragraphs of one project's opinion."""
    words = [one.text for one in paper.paragraphs]
    start = next(at for at, one in enumerate(words) if one == id_ or one.startswith(f"{id_}  "))
    ends = [at for at, one in enumerate(paper.paragraphs) if at > start and one.style.name == "Heading 1"]
    return words[start : ends[0]]


def printed(file, folder):
    """Return the words of each page."""
    if (office := shutil.which("soffice")) is None:
        pytest.skip("LibreOffice, which counts pages, is not installed")
    words = [office, "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to", "pdf"]
    subprocess.run([*words, "--outdir", str(folder), str(file)], check=True, capture_output=True, timeout=180)
    return [page.extract_text() for page in pypdf.PdfReader(folder / file.with_suffix(".pdf").name).pages]


def pages(file, folder):
    return len(printed(file, folder))


def test_the_summary_says_who_signs_how_many_and_what_to_do(out):
    paper = Document(out / "review.docx")
    signed, to_do, listed = ([[cell.text for cell in row.cells] for row in paper.tables[at].rows] for at in range(3))
    # A number that is each project's own stands on no document of them all.
    assert signed[0][:3] == ["编号", "", "日期"]
    assert signed[1] == ["承办人", "张三", "复核人", "李四"]
    assert to_do[1:] == [
        ["不符合", "2", "退回，另行选址。"],
        ["符合", "2", "与所审查的控制线无冲突，可办理后续手续。"],
    ]
    assert [row[0] for row in listed[1:]] == list(BOXES)
    words = "\n".join(one.text for one in paper.paragraphs)
    assert words.count("待核实：") == 1
    assert "预审分析，不作为最终法律结论" in words


def test_every_page_says_which_it_is_of_how_many(out):
    foot = Document(out / "review.docx").sections[0].footer.paragraphs[0]
    assert [one.get(qn("w:instr")) for one in foot._p.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]
    said = "".join(one.text or "" for one in foot._p.iter(qn("w:t")))
    assert said == "示例镇    第 1 页，共 1 页"


def test_lines_stand_in_three_lists_each_in_one(place, tmp_path):
    where = reviewed.county(tmp_path / "county", leave_out=["flood_line"]).folder
    out = written((place[0], where), tmp_path / "out")
    paper = Document(out / "review.docx")
    # What was not delivered makes nobody's opinion longer: a clean project stays one of few words.
    assert "涉及：全部位于城镇开发边界内。" in said_of(paper, "A1")
    told = json.loads((out / "review.json").read_text(encoding="utf-8"))
    titles = set(told["titles"].values())
    own = said_of(paper, "C3")
    clear = next(one for one in own if one.startswith("不涉及："))
    unknown = next(one for one in own if one.startswith("无数据或无法计算："))
    concerned = [one.split("：")[0] for one in own if "依据：《" in one]
    assert "：洪涝风险控制线。未提供图层：" in unknown
    named = {"clear": {one for one in titles if one in clear}, "unknown": {one for one in titles if one in unknown}}
    assert set(concerned) == {"城镇开发边界", "生态保护红线"}
    assert not named["clear"] & named["unknown"]
    assert named["clear"] | named["unknown"] | set(concerned) == titles


def test_a_pass_with_a_line_that_tells_something_is_to_heed_it(place, tmp_path):
    idle, free = town.box(710, 310, 740, 340), town.box(*BOXES["A1"])
    names = {"id": ["I", "F"], "name": ["甲", "乙"], "activity": ["urban"] * 2}
    town.frame(idle, free, **names).to_file(tmp_path / "p.gpkg")
    whole = Document(written((tmp_path, place[1]), tmp_path / "out") / "review.docx")
    heed, free = "无禁止或报批要求，请按提示办理。", "与所审查的控制线无冲突，可办理后续手续。"
    assert f"处理建议：{heed}" in said_of(whole, "I")
    assert f"处理建议：{free}" in said_of(whole, "F")
    assert {("1", heed), ("1", free)} <= {tuple(row[1:]) for row in cells_of(whole) if len(row) == 3}


def test_projects_that_ask_for_the_same_land_are_told_in_the_run_and_in_both_opinions(place, tmp_path):
    # B shares 10 m by 20 m with A; C touches B along an edge, and takes half a square metre of D.
    boxes = [(20, 20, 60, 40), (50, 20, 90, 40), (90, 20, 95, 40), (94.95, 20, 98, 30)]
    names = {"id": [*"ABCD"], "name": [*"ABCD"], "activity": ["urban"] * 4}
    town.frame(*(town.box(*one) for one in boxes), **names).to_file(tmp_path / "p.gpkg")
    out = written((tmp_path, place[1]), tmp_path / "out")
    told = json.loads((out / "review.json").read_text(encoding="utf-8"))["warnings"]
    (one,) = [warning for warning in told if "重叠" in warning]
    assert "项目 A 与 B 用地重叠" in one
    # The ellipsoid and the plane differ by a few parts in ten thousand.
    assert float(re.search(r"重叠面积 ([\d.]+) 平方米", one)[1]) == pytest.approx(200, rel=2e-3)
    whole = Document(out / "review.docx")
    for id_, other in (("A", "B"), ("B", "A"), ("C", None), ("D", None)):
        said = [words for words in said_of(whole, id_) if "用地重叠" in words]
        assert len(said) == (other is not None)
        assert all(f"项目 {other} 用地重叠" in words for words in said)


def test_of_many_projects_on_the_same_land_ten_pairs_are_told_and_how_many_more():
    # Six on one place are 6 * 5 / 2 = 15 pairs.
    land = town.frame(*(town.box(0, 0, 10 + at, 10) for at in range(6)), id=[f"P{at}" for at in range(6)])
    told = [one.to("en") for one in shared_land(land).warnings()]
    assert len(told) == 11
    # The largest two share all of the smaller: 14 m by 10 m.
    assert told[0].startswith("projects P4 and P5 overlap")
    assert told[-1] == "and 5 more overlaps of submitted projects"


def test_law_is_cited_as_law_is_and_our_codes_stand_in_the_appendix(out):
    paper = Document(out / "review.docx")
    own = "\n".join(said_of(paper, "B2"))
    law = "《中华人民共和国土地管理法》第三十五条第一款：严禁擅自占用永久基本农田；"
    (cited,) = re.findall("依据：(《永久基本农田保护红线管理办法》（自然资源部 农业农村部令第17号）、.*)", own)
    assert cited.startswith(f"《永久基本农田保护红线管理办法》（自然资源部 农业农村部令第17号）、{law}")
    codes = {clause["code"] for clause in json.loads((out / "review.json").read_text(encoding="utf-8"))["clauses"]}
    assert codes >= {"PF25-1", "UB26-1"}
    assert [code for code in codes if code in "\n".join(one.text for one in paper.paragraphs)] == []
    rows = cells_of(paper)
    for code in codes:
        assert len([row for row in rows if row[0] == code]) == 1


#: As the published texts number what the clauses say.
ARTICLES = {
    "PF25-1": (
        "（自然资源部 农业农村部令第17号）、《中华人民共和国土地管理法》第三十五条第一款",
        "(Order 17); Land Administration Law, article 35, paragraph 1",
    ),
    "FL-GL": ("《城市绿线管理办法》（建设部令第112号）第十一条第一款", "(Order 112), article 11, paragraph 1"),
    "FL-BL": ("《城市蓝线管理办法》（建设部令第145号）第十条第一项", "(Order 145), article 10 (1)"),
    "FL-PL": ("《城市紫线管理办法》（建设部令第119号）第十四条", "(Order 119), article 14"),
    "FL-YL": ("《城市黄线管理办法》（建设部令第144号）第十三条第一项", "(Order 144), article 13 (1)"),
    "VL-2": ("《闲置土地处置办法》（国土资源部令第53号）第十二条、第十四条", "(Order 53), articles 12 and 14"),
    "ER142-2": (
        "《关于加强生态保护红线管理的通知（试行）》（自然资发〔2022〕142号）一、（一）",
        "(2022, no. 142), part 1 (1)",
    ),
}


def test_articles_of_shipped_law_stand_in_the_document_in_both_languages(place, out, tmp_path):
    english = written(place, tmp_path / "out", "--lang", "en", parcels="one.gpkg")
    for at, (folder, colon) in enumerate(((out, "："), (english, ": "))):
        rows = {row[0]: row[-1] for row in cells_of(Document(folder / "review.docx"))}
        cited = {code: rows[code].split(colon)[0] for code in ARTICLES}
        assert [code for code, law in ARTICLES.items() if not cited[code].endswith(law[at])] == []


def test_an_article_is_cited_and_a_heading_of_ours_is_not(place, tmp_path):
    folder, where = place
    county = tmp_path / "county"
    shutil.copytree(where, county)
    (county / "rules").mkdir()
    rules = (
        '[document]\nid = "own"\ntitle = "某县湿地保护办法"\ntitle_en = "Wetlands"\nissuer = "某县人民政府"\n'
        'number = "某政发〔2025〕3号"\ndate = "2025-01-01"\nstate = "current"\ncertainty = "confirmed"\n'
    )
    for code, number in (("OWN-1", "第八条第二款"), ("OWN-2", "禁止占用")):
        rules += (
            f'[[clause]]\ncode = "{code}"\nnumber = "{number}"\nnumber_en = "{number}"\ntext = "不得占用耕地"\n'
            'text_en = "Keep off farmland"\nmeasure = "redlines.overlap"\nunit = "m2"\nat_most = 0\n'
            'layers = { line = "permanent_farmland" }\n[clause.projects]\nclear = "无。"\nclear_en = "None."\n'
            'touched = "占用。"\ntouched_en = "Taken."\n'
        )
    (county / "rules" / "own.toml").write_text(rules, encoding="utf-8")
    written((folder, county), tmp_path / "out")
    rows = {row[0]: row[-1] for row in cells_of(Document(tmp_path / "out" / "review.docx"))}
    assert rows["OWN-1"] == "《某县湿地保护办法》（某政发〔2025〕3号）第八条第二款：不得占用耕地"
    assert rows["OWN-2"] == "《某县湿地保护办法》（某政发〔2025〕3号）：不得占用耕地"


def test_stated_and_measured_area_stand_side_by_side_and_the_number_is_the_projects(out):
    rows = cells_of(Document(out / "review.docx"))
    measured = [row for row in rows if row[0] == "实测面积"]
    assert len(measured) == 4
    assert {row[2] for row in measured} == {"申报面积"}
    numbers = [row[1] for row in rows if row[0] == "编号" and len(row) == 4]
    assert numbers == ["", *(f"示自然资审〔2026〕{one}号" for one in BOXES)]


def test_a_stated_area_that_is_not_the_measured_one_is_told_in_the_opinion_and_of_the_run(place, tmp_path):
    _, where = place
    shapes = [town.box(*BOXES[one]) for one in ("A1", "A2")]
    frame = town.frame(*shapes, id=["R", "W"], name=["甲", "乙"], activity=["urban", None])
    frame["stated_area_ha"] = [round(shapes[0].area / 1e4, 4), round(shapes[1].area / 1e4 + 0.1, 4)]
    frame.to_file(tmp_path / "stated.gpkg")
    written((tmp_path, where), tmp_path / "out", parcels="stated.gpkg")
    paper = Document(tmp_path / "out" / "review.docx")
    right, wrong = ("\n".join(said_of(paper, one)) for one in ("R", "W"))
    assert "请核实" not in right
    assert re.search(r"申报面积比实测面积多 1,000\.\d\d 平方米", wrong)
    assert "活动类型未填写" in wrong
    told = json.loads((tmp_path / "out" / "review.json").read_text(encoding="utf-8"))
    assert [note for note in told["notes"] if "申报面积" in note] == [
        "有 1 个项目的申报面积与实测面积不符（超出取整）：W"
    ]


def test_word_and_workbook_name_the_same_lines_of_a_project(out):
    (table,) = (one for one in Document(out / "review.docx").tables if one.rows[0].cells[-1].text == "涉及")
    word = {row.cells[0].text: row.cells[-1].text for row in table.rows[1:]}
    sheet = openpyxl.load_workbook(out / "review.xlsx")["汇总"]
    heads, *rows = ([str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True))
    book = {row[0]: row[heads.index("涉及控制线")] for row in rows if row[0] in BOXES}
    assert book == {one: "" if said.startswith("无数据：") else said for one, said in word.items()}
    assert {row[heads.index("无数据或无法计算的控制线")] for row in rows if row[0] in BOXES} == {""}
    assert book["A1"] == ""
    assert "永久基本农田" in book["B2"]


def test_lines_that_were_not_delivered_are_no_lines_concerned(place, tmp_path):
    folder, _ = place
    (tmp_path / "county").mkdir()
    town.frame(town.box(0, 0, 400, 400)).to_file(tmp_path / "county" / "area.gpkg")
    (tmp_path / "county" / "county.toml").write_text(
        '[county]\nname = "某县"\nlang = "zh"\n[layers.study_area]\nsource = "area.gpkg"\n', encoding="utf-8"
    )
    written((folder, tmp_path / "county"), tmp_path / "out", parcels="one.gpkg")
    sheet = openpyxl.load_workbook(tmp_path / "out" / "review.xlsx")["汇总"]
    heads, row, *_ = ([str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True))
    assert row[heads.index("涉及控制线")] == ""
    assert "永久基本农田" in row[heads.index("无数据或无法计算的控制线")]
    (table,) = (
        one for one in Document(tmp_path / "out" / "review.docx").tables if one.rows[0].cells[-1].text == "涉及"
    )
    assert table.rows[1].cells[-1].text.startswith("无数据：")


def test_two_clean_projects_share_a_page_and_one_is_three_pages_with_its_appendix(place, out, tmp_path):
    # A page of summary, one of two clean projects, three of two in conflict at most, three of the appendix at most.
    assert pages(out / "review.docx", tmp_path) <= 8
    alone = written(place, tmp_path / "alone", parcels="one.gpkg")
    assert pages(alone / "review.docx", tmp_path) <= 3
    each = written(place, tmp_path / "each", "--each", "--opinions", "A1", parcels="one.gpkg")
    assert pages(each / "opinions" / "A1.docx", tmp_path) <= 3


@pytest.mark.slow
@pytest.mark.parametrize(("count", "long"), [(30, 1), (60, 2)])
def test_the_list_of_thirty_projects_stands_below_the_summary_and_one_that_does_not_repeats_its_head(
    count, long, place, tmp_path
):
    ids = [f"P-{number:03}" for number in range(count)]
    # Every other one lies in farmland, so that there are two verdicts and reasons.
    shapes = [town.box(*(reviewed.FARM if number % 2 else reviewed.IN_TOWN)) for number in range(count)]
    town.frame(*shapes, id=ids, name=["某某项目用地"] * count, activity=["urban"] * count).to_file(tmp_path / "p.gpkg")
    out = written(place, tmp_path / "out", "--opinions", "P-000", parcels=tmp_path / "p.gpkg")
    said = printed(out / "review.docx", tmp_path)
    on = [{number for number in ids if number in page} for page in said]
    assert set.union(*on[:long]) == set(ids)
    assert all("面积（亩）" in page for page in said[:long])
    # The first opinion begins on the page after the list: none between is empty.
    assert "P-000" in said[long]


def test_each_opinion_is_a_file_with_its_number_and_what_is_not_written_anew_is_taken_away(place, tmp_path):
    target = written(place, tmp_path / "out", "--each")
    folder = target / "opinions"
    assert sorted(one.name for one in folder.glob("*.docx")) == sorted(f"{one}.docx" for one in BOXES)
    one = Document(folder / "B2.docx")
    assert ["编号", "示自然资审〔2026〕B2号", "日期"] in [row[:3] for row in cells_of(one)]
    assert next(each.text for each in one.paragraphs if each.style.name == "Heading 1") == "B2  项目B2"
    whole = Document(target / "review.docx")
    assert not whole.inline_shapes
    assert any("4 个项目的意见各成一份文件" in each.text for each in whole.paragraphs)
    edited = (folder / "C3.docx").read_bytes() + b"signed"
    (folder / "C3.docx").write_bytes(edited)
    written(place, target, "--each", "--opinions", "A1")
    left = sorted(one.name for one in folder.glob("*.docx"))
    # What a person changed is kept under another name.
    assert left == ["A1.docx", "C3.kept-1.docx"]
    assert (folder / "C3.kept-1.docx").read_bytes() == edited
    written(place, target)
    assert sorted(one.name for one in folder.glob("*.docx")) == ["C3.kept-1.docx"]
    assert len(Document(target / "review.docx").inline_shapes) == 4
    # Of a folder in which nothing is left nothing stays; one with a file of somebody's does.
    (folder / "C3.kept-1.docx").unlink()
    written(place, target)
    assert not folder.exists()


def test_an_opinion_of_its_own_has_the_clauses_it_cites_the_layers_in_a_line_and_no_path(place, tmp_path):
    (tmp_path / "decided.csv").write_text(
        "id,code,outcome,reason,by,date\nB2,PF25-1,pass,错划,王工,2026-03-01\n", encoding="utf-8"
    )
    out = written(place, tmp_path / "out", "--each", "--overrides", tmp_path / "decided.csv")
    told = json.loads((out / "review.json").read_text(encoding="utf-8"))
    every = {one["code"] for one in told["clauses"]}
    document_of = {one["code"]: one["document"] for one in told["clauses"]}
    unsure = {one["id"]: one["title"] for one in told["documents"] if one["certainty"] == "to-confirm"}
    # A1 lies in the town and in no line; B2 in farmland beyond the boundary, by a decision on the farmland.
    for id_, wanted in (("A1", set()), ("B2", {"PF25-1"})):
        paper = Document(out / "opinions" / f"{id_}.docx")
        cited = {row[0] for row in cells_of(paper)} & every
        assert wanted <= cited
        assert len(cited) < len(every)
        assert bool(cited) == bool(wanted)
        said = [one.text for one in paper.paragraphs]
        (notice,) = [one for one in said if one.startswith("本结果为预审分析")]
        documents = {document_of[code] for code in cited}
        assert {id_ for id_, title in unsure.items() if title in notice} == documents & unsure.keys()
        (layers,) = [one for one in said if one.startswith("所用图层：")]
        assert "永久基本农田" in layers
        whole = "\n".join([*said, *(cell for row in cells_of(paper) for cell in row)])
        assert not re.search(r"\b[0-9a-f]{16}\b", whole)
    for file in ("review.json", "index.html"):
        assert str(tmp_path / "decided.csv") not in (out / file).read_text(encoding="utf-8")
    assert "decided.csv" in {one["source"] for one in told["inputs"]}


@given(st.lists(st.text(max_size=90), max_size=12))
def test_names_of_files_are_safe_on_windows_and_none_stands_twice(ids):
    names = file_names(ids)
    assert len({name.casefold() for name in names}) == len(ids)
    for name in names:
        assert name
        assert len(name) <= LONGEST + 5
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', name)
        assert name == name.strip(" .")
        name.encode()


def test_names_of_devices_and_names_that_differ_in_case_only_are_told_apart():
    assert file_names(["con", "COM1.x", "a", "A", "a-2", "a/b", "a:b", "..", "nul "]) == [
        *("_con", "_COM1.x", "a", "A-2", "a-2-2", "a_b", "a_b-2", "_", "_nul"),
    ]


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    file = tmp_path_factory.mktemp("office") / "红头.docx"
    paper = Document()
    section = paper.sections[0]
    section.header.paragraphs[0].text = "示例县自然资源局文件"
    section.footer.paragraphs[0].text = "地址：示例县中心路 1 号"
    paper.add_paragraph("签批栏")
    paper.styles["Heading 1"].font.name = "Impact"
    # A document of an office rarely has the styles of the library, and calls its own otherwise.
    for name in ("List Bullet", "Table Grid"):
        element = paper.styles[name].element
        element.getparent().remove(element)
    paper.styles["Normal"].element.set(qn("w:styleId"), "a")
    paper.save(file)
    return file


def test_an_office_keeps_its_letterhead_styles_and_footer(place, office, tmp_path):
    target = written(place, tmp_path / "out", "--template", office, "--each")
    for file in (target / "review.docx", target / "opinions" / "B2.docx"):
        paper = Document(file)
        section = paper.sections[0]
        assert [one.text for one in section.header.paragraphs] == ["示例县自然资源局文件"]
        assert [one.text for one in section.footer.paragraphs] == ["地址：示例县中心路 1 号"]
        assert paper.paragraphs[0].text == "签批栏"
        heading = next(one for one in paper.paragraphs if one.style.name == "Heading 1")
        assert heading.style.font.name == "Impact"
        assert all(run.font.name is None for run in heading.runs)
        # The tables fit the 15 cm and a quarter that the office leaves between its margins, and have lines.
        room = (section.page_width - section.left_margin - section.right_margin) / 635
        for table in paper.tables:
            assert sum(int(one.get(qn("w:w"))) for one in table._tbl.iter(qn("w:gridCol"))) <= room + 10
            assert table.style.name == "Table Grid"
        assert any(one.text.startswith("• ") for one in paper.paragraphs)
    with zipfile.ZipFile(target / "review.docx") as parts:
        assert len(set(parts.namelist())) == len(parts.namelist())
    assert pages(target / "opinions" / "B2.docx", tmp_path) <= 5


def test_python_writes_a_file_an_opinion_on_a_template_as_the_command_does(place, office, tmp_path):
    folder, where = place
    county = gp.open_county(where)
    run = gp.review(county, folder / "p.gpkg", opinions=["B2", "C3"], each=True, template=office)
    run.write(tmp_path / "out")
    opinions = tmp_path / "out" / "opinions"
    assert sorted(one.name for one in opinions.glob("*.docx")) == ["B2.docx", "C3.docx"]
    for file in (opinions / "B2.docx", tmp_path / "out" / "review.docx"):
        assert Document(file).sections[0].header.paragraphs[0].text == "示例县自然资源局文件"
    with pytest.raises(SourceError, match="p.gpkg"):
        gp.review(county, folder / "p.gpkg", template=str(folder / "p.gpkg"))
    # The office's document is read; no run writes over it.
    own = tmp_path / "own" / "review.docx"
    own.parent.mkdir()
    shutil.copyfile(office, own)
    with pytest.raises(OutputError, match="review.docx"):
        gp.review(county, folder / "one.gpkg", template=own).write(own.parent)
    assert own.read_bytes() == office.read_bytes()


def test_a_template_that_is_no_word_document_is_refused_before_anything_is_judged(place, tmp_path, capsys):
    folder, where = place
    with zipfile.ZipFile(tmp_path / "zip.docx", "w") as file:
        file.writestr("a.txt", "a")
    (tmp_path / "text.docx").write_text("红头")
    for name in ("zip.docx", "text.docx", "none.docx"):
        words = ("--template", tmp_path / name, "--out", tmp_path / "out", "--lang", "en")
        assert reviewed.run("review", where, folder / "p.gpkg", *words) == 2
        said = [one for one in capsys.readouterr().err.splitlines() if not one.startswith("... ")]
        assert len(said) == 1
        assert name in said[0]
        assert not (tmp_path / "out").exists()


def test_a_decision_changes_the_badge_and_says_so_everywhere(place, tmp_path):
    table = tmp_path / "认定.csv"
    heads = "项目编号,条款编码,认定结论,认定理由,认定人员,认定日期"
    table.write_text(f"{heads}\nA1,UB26-1,需论证或报批,边界待调整,王工,2026-03-01\n", encoding="gbk")
    assert read_overrides(table)[0].outcome == "conditional"
    target = written(place, tmp_path / "out", "--overrides", table)
    one = json.loads((target / "review.json").read_text(encoding="utf-8"))["parcels"][0]
    assert (one["outcome"], one["outcome_before_overrides"]) == ("conditional", "pass")
    decided = {line["line"]: line["outcome_decided"] for line in one["lines"] if "outcome_decided" in line}
    assert decided == {"development_boundary": "conditional"}
    sentence = "人工认定（城镇开发边界）：程序判为“符合”，认定为“需论证或报批”。理由：边界待调整（王工，2026-03-01）"
    paper = Document(target / "review.docx")
    assert sentence in said_of(paper, "A1")
    rows = cells_of(paper)
    assert ["结论", "需论证或报批（人工认定）", "活动类型", "城镇建设"] in rows
    assert ["A1", "项目A1", "2.40", "需论证或报批（人工认定）", "城镇开发边界"] in rows
    # Who has a decision is not clean: the land is told with its sums.
    assert ["农用地小计", "", "", "", "1,200.00", "0.1200", "1.80"] in rows
    assert ["其中：耕地（已扣除田坎）", "", "", "", "1,080.00", "0.1080", "1.62"] in rows
    book = openpyxl.load_workbook(target / "review.xlsx")
    heads = [cell.value for cell in book["汇总"][1]]
    row = [cell.value for cell in book["汇总"][2]]
    assert row[heads.index("结论")] == "需论证或报批（人工认定）"
    assert row[heads.index("人工认定")] == sentence
    lines = [[cell.value for cell in line[:4]] for line in book["逐线占用"].iter_rows(min_row=2, max_row=3)]
    assert ["A1", "项目A1", "城镇开发边界", "需论证或报批（人工认定）"] in lines
    page = (target / "index.html").read_text(encoding="utf-8")
    facts = next(one for one in facts_of_layers(page) if "A1" in (one.get("anchors") or []))
    column = next(one for one in reviewed.payload(page)["layers"] if one["id"] == "projects")
    assert column["categories"][facts["category"][0]]["outcome"] == "conditional"
    assert sentence in json.dumps(facts, ensure_ascii=False)


def test_a_decision_reaches_its_line_and_its_patches_and_leaves_what_was_measured(place, tmp_path):
    table = tmp_path / "decided.csv"
    table.write_text("id,code,outcome,reason,by,date\nB2,PF25-1,pass,错划,王工,2026-03-01\n", encoding="utf-8")
    target = written(place, tmp_path / "out", "--overrides", table)
    told = json.loads((target / "review.json").read_text(encoding="utf-8"))
    farmland = next(one for one in told["patches"] if one["code"] == "PF25-1")
    assert (farmland["outcome"], farmland["outcome_decided"]) == ("fail", "pass")
    assert {one["outcome_decided"] for one in told["patches"] if one["code"] != "PF25-1"} == {None}
    kept = pyogrio.read_dataframe(target / "review.gpkg", layer="patches").set_index("id").loc[farmland["id"]]
    assert (kept["outcome"], kept["outcome_decided"]) == ("fail", "pass")
    sentence = "人工认定（永久基本农田）：程序判为“不符合”，认定为“符合”。理由：错划（王工，2026-03-01）"
    heads, *rows = openpyxl.load_workbook(target / "review.xlsx")["占用图斑"].iter_rows(values_only=True)
    row = next(dict(zip(heads, one, strict=True)) for one in rows if one[0] == farmland["id"])
    assert (row["结论"], row["人工认定"]) == ("符合（人工认定）", sentence)
    page = (target / "index.html").read_text(encoding="utf-8")
    layers = {one["id"]: one for one in reviewed.payload(page)["layers"]}
    counts = {one["title"]: one["count"] for one in layers["patches"]["categories"]}
    assert counts["符合（人工认定）"] == 1
    assert counts.get("不符合", 0) == sum(
        not one["outcome_decided"] and one["outcome"] == "fail" for one in told["patches"]
    )
    facts = next(one for one in facts_of_layers(page) if "B2" in (one.get("anchors") or []))
    opinions = facts["opinions"][facts["anchors"].index("B2")]
    assert len(opinions) == len(told["parcels"][0]["lines"])
    (decided,) = [one for one in opinions if len(one) > 3]
    assert (decided[0], decided[1], decided[3]) == ("永久基本农田", "pass", "符合（人工认定）")
    assert decided[2].startswith(
        "人工认定（条款 PF25-1）：程序判为“不符合”，认定为“符合”。理由：错划（王工，2026-03-01）\n占用"
    )


def test_where_nobody_decided_on_a_patch_none_has_a_mark(out):
    told = json.loads((out / "review.json").read_text(encoding="utf-8"))
    assert told["patches"]
    assert all("outcome_decided" not in one for one in told["patches"])
    heads = next(openpyxl.load_workbook(out / "review.xlsx")["占用图斑"].iter_rows(values_only=True))
    assert "人工认定" not in heads


@pytest.mark.parametrize(
    "wrong",
    ['number = "{date}"', 'handling = { maybe = "x" }', 'handling = { error = "x" }', "officer = 3", 'signer = "x"'],
)
def test_settings_that_mean_nothing_are_refused(tmp_path, wrong):
    file = tmp_path / "county.toml"
    file.write_text(f'[county]\nname = "x"\n[opinion]\n{wrong}\n', encoding="utf-8")
    with pytest.raises(CountyError, match="opinion"):
        read_county_file(file)


def test_a_comparison_says_what_was_not_submitted_again_and_which_activities_and_rules_differ(place, tmp_path):
    folder, where = place
    town.frame(town.box(*BOXES["A1"]), id=["A1"], name=["甲"], activity=["linear"]).to_file(tmp_path / "again.gpkg")

    def told(name, *words):
        old = ("--compare", folder / "old", "--lang", "en", *words)
        written((tmp_path, where), tmp_path / name, *old, parcels="again.gpkg")
        return "\n".join(json.loads((tmp_path / name / "review.json").read_text(encoding="utf-8"))["warnings"])

    written(place, folder / "old")
    now = told("now")
    assert "3 parcels of the earlier review were not submitted again" in now
    assert "A1 (urban development, now " in now
    first = [paragraph.text for paragraph in Document(tmp_path / "now" / "review.docx").paragraphs][:5]
    assert any("Since the earlier review: " in said and "of parcels not submitted again" in said for said in first)
    assert "went by other rules" not in now
    then = told("then", "--as-of", "2025-12-31")
    assert "went by other rules" in then
    assert "only then redline-boundary_2026; only now redline-boundary_193" in then


def test_the_sentence_about_repairs_stands_on_the_page_of_their_table(tmp_path):
    found = reviewed.judged(tmp_path / "county", reviewed.parcel(*reviewed.IN_TOWN))
    mended = replace(found, repairs=(Repair("green_line", "invalid", ("1",), 2.0, 1.0),))
    write_review(mended, tmp_path / "out", "zh")
    paper = Document(tmp_path / "out" / "review.docx")
    (said,) = (one for one in paper.paragraphs if one.text.startswith("原始数据未作改动"))
    assert said.paragraph_format.keep_with_next
    assert said._p.getnext().tag.endswith("}tbl")
    assert "review.xlsx" in said.text
