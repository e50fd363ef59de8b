"""What a submission says of its activities, and what of an earlier one it does not say again."""

import json

import browsing
import openpyxl
import pandas as pd
import pytest
import shapely
import town
from docx import Document
from test_parcel_txt import points, txt
from test_review import FARM, IN_TOWN, OUTSIDE, county, judged, parcel, run

from gis_planning.conventions.activities import activity_of_use
from gis_planning.errors import CountyError, FeatureError
from gis_planning.judging.projects import read_projects
from gis_planning.reports import terminal
from gis_planning.results.drawn import differ
from gis_planning.results.review_json import whole


def delivered(folder, *boxes, **columns):
    frame = town.frame(*(town.box(*one) for one in boxes), id=[f"P{at + 1}" for at in range(len(boxes))], **columns)
    frame.to_file(folder / "p.gpkg", layer="p")
    return folder / "p.gpkg"


def told(where, key):
    return [one.facts for one in where.warnings if one.key == key]


@pytest.mark.parametrize("head", ["用地性质", "项目类型", "YDXZ"])
def test_a_land_use_that_is_one_activity_is_taken_and_told(tmp_path, head):
    where = county(tmp_path / "c")
    uses = ["农村宅基地", "公路用地（1207）", "工业用地", None]
    boxes = [(100 * at, 0, 100 * at + 50, 50) for at in range(4)]
    found = read_projects(where, [delivered(tmp_path, *boxes, **{head: uses})])
    assert found["activity"].tolist() == ["village", "linear", None, None]
    assert told(where, "projects.by_use")[0]["count"] == 2
    assert told(where, "projects.unknown_use") == [{"count": 1, "uses": ["工业用地"]}]


def test_what_is_said_of_the_activity_goes_before_the_land_use(tmp_path):
    where = county(tmp_path / "c")
    table = tmp_path / "a.csv"
    table.write_text("项目编号,活动类型\nP2,生态修复\n", encoding="utf-8-sig")
    boxes = [(100 * at, 0, 100 * at + 50, 50) for at in range(3)]
    file = delivered(tmp_path, *boxes, 活动类型=["城镇建设", None, None], 用地性质=["农村宅基地"] * 3)
    found = read_projects(where, [file], activities=table)
    assert found["activity"].tolist() == ["城镇建设", "生态修复", "village"]


@pytest.mark.parametrize(
    "use", ["工业用地", "商业用地", "交通运输用地", "特殊用地", "建设用地", "旅游", "道路", "", None]
)
def test_a_land_use_that_may_be_several_activities_is_none(use):
    assert activity_of_use(use) is None


def test_one_activity_merged_over_the_rows_of_its_projects(tmp_path):
    where = county(tmp_path / "c")
    file = delivered(tmp_path, *[(100 * at, 0, 100 * at + 50, 50) for at in range(3)])
    book = openpyxl.Workbook()
    for row in (["项目编号", "活动类型"], ["P1", "管护"], ["P2"], ["P3"]):
        book.active.append(row)
    book.active.merge_cells("B2:B4")
    book.create_sheet("附").append(["x"])
    book.active = 0
    book.save(tmp_path / "a.xlsx")
    assert read_projects(where, [file], activities=tmp_path / "a.xlsx")["activity"].tolist() == ["管护"] * 3
    assert told(where, "tables.other_sheet")[0]["read"] == "Sheet"


def test_parcels_without_an_activity_are_counted_in_the_terminal(tmp_path):
    both = pd.concat([parcel(*OUTSIDE, activity=None), parcel(*IN_TOWN, id_="P2")], ignore_index=True)
    found = judged(tmp_path / "c", both)
    assert "1 of 2 parcels has no known activity" in terminal.review(found, "en")
    assert "2 个地块中有 1 个活动类型未知" in terminal.review(found, "zh")
    assert "activity" not in terminal.review(judged(tmp_path / "d", parcel(*IN_TOWN)), "en")


def test_only_what_was_submitted_and_judged_again_is_cured(tmp_path, capsys):
    place, out, again = county(tmp_path / "county").folder, tmp_path / "out", tmp_path / "again"
    both = pd.concat([parcel(*FARM), parcel(4060, 10, 4080, 50, id_="P2")], ignore_index=True)
    both.drop(columns="source").to_file(tmp_path / "both.gpkg", layer="p")
    run("review", place, tmp_path / "both.gpkg", "--out", out)
    # P1 has moved away from the farmland, and P2 is not there any more.
    parcel(*IN_TOWN).drop(columns="source").to_file(tmp_path / "one.gpkg", layer="p")
    capsys.readouterr()
    run("review", place, tmp_path / "one.gpkg", "--out", again, "--compare", out)
    said = capsys.readouterr().out
    written = json.loads((again / "review.json").read_text(encoding="utf-8"))
    farm = {one["parcel"]: one["change"] for one in written["compare"] if one["code"] == "PF25-1"}
    assert farm == {"P1": "gone", "P2": "absent"}
    assert "未再提交" in said
    assert any("P2" in one for one in written["warnings"])
    rows = openpyxl.load_workbook(again / "review.xlsx")["变化情况"].iter_rows(min_row=2, values_only=True)
    assert ("P2", "项目", "本次未再提交", None) in {(row[1], row[2], row[5], row[6]) for row in rows}
    first = [one.text for one in Document(again / "review.docx").paragraphs][:5]
    assert any("本次未再提交的项目 1 个：P2。范围有改动的项目 1 个：P1。" in one for one in first)
    assert not any("未能判定的 0 处" in one for one in first)
    # The farmland is not delivered any more, so that nothing is known of P1 either.
    bare = county(tmp_path / "bare", leave_out=["permanent_farmland"]).folder
    run("review", bare, tmp_path / "one.gpkg", "--out", again, "--compare", out)
    written = json.loads((again / "review.json").read_text(encoding="utf-8"))["compare"]
    assert {one["parcel"]: one["change"] for one in written if one["code"] == "PF25-1"} == {
        "P1": "unjudged",
        "P2": "absent",
    }


def test_a_project_that_moved_is_told_even_where_its_areas_are_nearly_the_same(tmp_path):
    place, out, again = county(tmp_path / "county").folder, tmp_path / "out", tmp_path / "again"
    file = place / "county.toml"
    dated = file.read_text(encoding="utf-8").replace("[county]\n", '[county]\ndata_date = "2025-06-01"\n')
    file.write_text(dated, encoding="utf-8")
    both = pd.concat([parcel(*FARM), parcel(*IN_TOWN, id_="P2")], ignore_index=True).drop(columns="source")
    both.to_file(tmp_path / "then.gpkg", layer="p")
    both.geometry = [shapely.affinity.translate(both.geometry[0], 0, 45), both.geometry[1].reverse()]
    both.to_file(tmp_path / "now.gpkg", layer="p")
    run("review", place, tmp_path / "then.gpkg", "--out", out)
    run("review", place, tmp_path / "now.gpkg", "--out", again, "--compare", out)
    warned = json.loads((again / "review.json").read_text(encoding="utf-8"))["warnings"]
    layers = browsing.payload((again / "index.html").read_text(encoding="utf-8"))["layers"]
    of = "（数据日期 2025-06-01）"
    assert {one["title"] for one in layers if one["id"].startswith("earlier.")} == {
        f"上次审查的项目{of}",
        f"上次审查的占用图斑{of}",
    }
    assert [one for one in warned if "范围与上次审查不同" in one and one.endswith("：P1")]
    rows = openpyxl.load_workbook(again / "review.xlsx")["变化情况"].iter_rows(min_row=2, values_only=True)
    assert ("P1", "永久基本农田", "变化", "位置或轮廓") in {(row[1], row[3], row[5], row[6]) for row in rows}
    # Without the outlines of then nobody knows, and that is said.
    (out / "review.gpkg").unlink()
    run("review", place, tmp_path / "now.gpkg", "--out", again, "--compare", out)
    warned = json.loads((again / "review.json").read_text(encoding="utf-8"))["warnings"]
    assert any("缺少上次审查的 review.gpkg" in one for one in warned)


def test_outlines_differ_by_more_than_coordinates_are_rounded_to():
    square = town.box(0, 0, 100, 100)
    assert not differ(square, shapely.segmentize(square, 7).normalize())
    assert not differ(square, town.box(0, 0, 100, 100.0005))
    # A notch of little land, and much land along one side.
    assert differ(square, square - town.box(0, 0, 2, 0.02))
    assert differ(square, town.box(0, 0, 100, 100.005))


def test_fields_of_parcels_are_stated_once_for_all_files_and_a_name_is_not_said_twice(tmp_path):
    towns = town.frame(town.box(*IN_TOWN), town.box(*OUTSIDE), MUNI=["东镇", "西镇"])
    towns.to_file(tmp_path / "towns.gpkg", layer="t")
    plain = county(tmp_path / "plain")
    assert read_projects(plain, [tmp_path / "towns.gpkg"])["id"].tolist() == ["towns-1", "towns-2"]
    said = next(one for one in plain.warnings if one.key == "parcels.without_id").to("zh")
    assert '[layers.projects] 中写明：fields = { id = "字段名", name = "字段名" }。现有字段：MUNI' in said
    stated = county(tmp_path / "c", toml='[layers.projects]\nfields = { id = "muni", name = "MUNI" }\n')
    assert not stated.has("projects")
    assert read_projects(stated, [delivered(tmp_path, IN_TOWN)])["id"].tolist() == ["P1"]
    run("review", stated.folder, tmp_path / "towns.gpkg", "--out", tmp_path / "out")
    heads = [one.text for one in Document(tmp_path / "out" / "review.docx").paragraphs if "Heading 1" in one.style.name]
    assert "东镇" in heads
    with pytest.raises(CountyError, match="nam"):
        county(tmp_path / "d", toml='[layers.projects]\nfields = { nam = "MUNI" }\n')
    with pytest.raises(CountyError, match="parks.source"):
        county(tmp_path / "e", toml='[layers.parks]\nfields = { name = "MUNI" }\n')


def applied(folder, name, at, number="1"):
    """A coordinate TXT of one applicant, with one square whose southern corner stands so far east."""
    corners = [(town.NORTH + x, town.EAST + y) for x, y in ((0, at), (40, at), (40, at + 40), (0, at + 40))]
    return txt(folder, f"5,0.16,{number},用地,面,,,,@", *points(corners), name=name)


def test_parcels_that_several_files_number_from_one_go_by_their_file(tmp_path):
    where = county(tmp_path / "c")
    files = [applied(tmp_path, "甲.txt", 0), applied(tmp_path, "乙.txt", 100), applied(tmp_path, "丙.txt", 200, "XM-9")]
    assert read_projects(where, files)["id"].tolist() == ["甲-1", "乙-1", "XM-9"]
    # Messages name a file as the user gave it.
    named = [str(file) for file in files[:2]]
    assert told(where, "projects.told_apart") == [{"source": named, "count": 2, "first": "甲-1"}]
    out = tmp_path / "out"
    run("review", where.folder, *files[:2], "--out", out, "--each")
    assert {one.name for one in (out / "opinions").glob("*.docx")} == {"甲-1.docx", "乙-1.docx"}
    # A file alone keeps its numbers; where the names of files are the same, nothing tells parcels apart.
    assert read_projects(where, files[:1])["id"].tolist() == ["1"]
    (tmp_path / "x").mkdir()
    with pytest.raises(FeatureError, match="x/甲.txt"):
        read_projects(where, [files[0], applied(tmp_path / "x", "甲.txt", 100)])


def test_a_file_that_counts_its_parcels_is_known_alone_and_beside_another(tmp_path, capsys):
    where, out, again, alone = county(tmp_path / "c"), tmp_path / "out", tmp_path / "again", tmp_path / "alone"
    first, second = applied(tmp_path, "甲.txt", FARM[0]), applied(tmp_path, "乙.txt", 100)
    run("review", where.folder, first, "--out", out)
    run("review", where.folder, first, second, "--out", again, "--compare", out)
    run("review", where.folder, first, "--out", alone, "--compare", again)
    said = capsys.readouterr().out
    for folder, own in ((again, "甲-1"), (alone, "1")):
        told = json.loads((folder / "review.json").read_text(encoding="utf-8"))
        assert any(one["code"] == "PF25-1" and one["project_id"] == own for one in told["patches"])
        # The same land by the same clause is no change, whatever the parcel is called.
        assert {one["parcel"] for one in told["compare"]} <= {"乙-1"}
        assert not any("范围与上次审查不同" in one for one in told["warnings"])
    assert "上次审查的地块中有 1 个本次未再提交，其占用图斑是否消除不得而知：乙-1" in said
    assert said.count("本次未再提交，其") == 1


def test_land_that_two_projects_ask_for_is_told_alike_in_every_file(tmp_path):
    where, out = county(tmp_path / "c"), tmp_path / "out"
    run("review", where.folder, applied(tmp_path, "甲.txt", 0), applied(tmp_path, "乙.txt", 25), "--out", out)
    told = whole(json.loads((out / "review.json").read_text(encoding="utf-8")))
    beside = {
        one["id"]: [(other["parcel"], round(other["area_m2"], 2)) for other in one["shared"]] for one in told["parcels"]
    }
    assert beside == {"甲-1": [("乙-1", 600.0)], "乙-1": [("甲-1", 600.0)]}
    heads, *rows = openpyxl.load_workbook(out / "review.xlsx")["汇总"].iter_rows(values_only=True)
    assert [row[heads.index("与其他项目重叠")] for row in rows[:2]] == [
        "乙-1（600.00 平方米）",
        "甲-1（600.00 平方米）",
    ]
    words = "\n".join(one.text for one in Document(out / "review.docx").paragraphs)
    assert "与同批提交的项目 乙-1 用地重叠，重叠面积 600.00 平方米" in words


def test_stated_ids_that_are_double_are_refused_with_both_files_and_the_cure(tmp_path, capsys):
    where = county(tmp_path / "c")
    files = [applied(tmp_path, f"{name}.txt", at, "XM-9") for name, at in (("甲", 0), ("乙", 100))]
    assert run("review", where.folder, *files, "--out", tmp_path / "out") == 2
    said = capsys.readouterr().err
    assert all(word in said for word in (*map(str, files), "XM-9", "第三项"))
