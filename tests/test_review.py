"""The review of projects: verdicts by activity, unknown land, slivers, patches over time, and its files."""

import functools
import hashlib
import json
import re

import openpyxl
import pyogrio
import pytest
import shapely
import town
from browsing import facts_of_layers, payload
from docx import Document
from docx.oxml.ns import qn

from gis_planning import cli
from gis_planning.county.opened import open_county
from gis_planning.errors import PlanningError
from gis_planning.judging import judge, rulebook
from gis_planning.judging.projects import day, read_overrides, read_projects
from gis_planning.judging.review import clauses_for, review
from gis_planning.judging.rulebook import read_document
from gis_planning.reports import write_review
from gis_planning.results.drawn import patch_id
from gis_planning.results.geopackage import write_tables
from gis_planning.results.review import review_tables
from gis_planning.results.review_json import whole

#: The line each kind of land stands for, 100 m apart so that a parcel touches only one.
LINES = {
    "development_boundary": town.frame(
        town.box(0, 0, 1000, 1000),
        town.box(1000, 0, 1200, 1000),
        town.box(1200, 0, 1400, 1000),
        zone=["410", "420", "430"],
    ),
    "ecological_redline": town.frame(
        town.box(3000, 0, 3100, 100), town.box(3100, 0, 3200, 100), name=["红线甲", "红线乙"], core=[True, False]
    ),
    "permanent_farmland": town.frame(town.box(4000, 0, 4100, 100), name=["田1"], kcxs=[0.1]),
    "green_line": town.frame(town.box(100, 100, 200, 200)),
    "blue_line": town.frame(town.box(300, 100, 400, 200)),
    "purple_line": town.frame(town.box(500, 100, 600, 200)),
    "yellow_line": town.frame(town.box(700, 100, 800, 200)),
    "heritage_line": town.frame(town.box(100, 300, 200, 400)),
    "flood_line": town.frame(town.box(300, 300, 400, 400)),
    "approved_unsupplied": town.frame(town.box(500, 300, 600, 400)),
    "idle_land": town.frame(town.box(700, 300, 800, 400)),
}
LAND_USE = town.frame(
    town.box(-5000, -5000, 50, 9000),
    town.box(50, -5000, 9000, 9000),
    **{"class": ["0103", "1004"]},
    kcxs=[0.1, None],
    ownership=["30", "20"],
    village=["东村", "东村"],
)


def county(folder, *, leave_out=(), extra=None, toml="", **layers):
    found = {
        "study_area": town.frame(town.box(-2000, -2000, 6000, 3000), name=["县域"]),
        **LINES,
        **layers,
        **(extra or {}),
    }
    place = town.write(folder, {name: one for name, one in found.items() if name not in leave_out})
    with (place / "county.toml").open("a", encoding="utf-8") as file:
        file.write(toml)
    return open_county(place)


def parcel(x0, y0, x1, y1, activity="urban", id_="P1", name="项目"):
    return town.frame(town.box(x0, y0, x1, y1), id=[id_], name=[name], activity=[activity], source=["test"])


def judged(folder, projects, **options):
    where = county(folder, leave_out=options.pop("leave_out", ()), extra=options.pop("extra", None))
    clauses = rulebook.chosen(rulebook.load(), rules=None, as_of=options.get("as_of"))
    return review(where, projects, clauses, **options)


def line(found, name, at=0):
    return next(one for one in found.parcels[at].lines if one.line == name)


IN_TOWN, OUTSIDE, ELASTIC, SPECIAL = (20, 20, 60, 60), (2000, 0, 2050, 50), (1050, 20, 1090, 60), (1250, 20, 1290, 60)
CORE, GENERAL, FARM = (3010, 10, 3050, 50), (3110, 10, 3150, 50), (4010, 10, 4050, 50)


#: By line and land: what follows for those who do one thing or another there.
FOLLOWS = {
    ("development_boundary", IN_TOWN): {"urban": "pass"},
    ("development_boundary", OUTSIDE): {
        "urban": "fail",
        "village": "conditional",
        "linear": "conditional",
        "urban_special": "conditional",
        None: "conditional",
    },
    ("development_boundary", ELASTIC): {"urban": "conditional", "linear": "pass"},
    ("development_boundary", SPECIAL): {"urban": "conditional", "agriculture": "pass"},
    ("ecological_redline", CORE): {"linear": "fail", "management": "conditional"},
    ("ecological_redline", GENERAL): {
        "urban": "fail",
        None: "fail",
        "tourism": "conditional",
        "national_major": "conditional",
    },
    ("ecological_redline", IN_TOWN): {"urban": "pass"},
    ("permanent_farmland", FARM): {
        "urban": "fail",
        None: "fail",
        "agriculture": "fail",
        "national_major": "conditional",
    },
    ("permanent_farmland", IN_TOWN): {"urban": "pass"},
    ("green_line", (110, 110, 150, 150)): {"urban": "fail", "linear": "conditional"},
    ("blue_line", (310, 110, 350, 150)): {"urban": "fail", "restoration": "conditional"},
    ("purple_line", (510, 110, 550, 150)): {"urban": "conditional"},
    ("yellow_line", (710, 110, 750, 150)): {"urban": "fail", "energy": "conditional"},
    ("heritage_line", (110, 310, 150, 350)): {"urban": "conditional"},
    ("flood_line", (310, 310, 350, 350)): {"urban": "conditional"},
    ("approved_unsupplied", (510, 310, 550, 350)): {"urban": "info"},
    ("idle_land", (710, 310, 750, 350)): {"urban": "info"},
}


#: By land, activity and line: what follows by the rules in force before the autumn of 2025, and by those since.
BY_DAY = [
    # The notice of 2018 knows no mining on permanent farmland, the order of 2025 does, if it does no damage.
    (FARM, "minerals", "permanent_farmland", "fail", "conditional"),
    (FARM, "national_major", "permanent_farmland", "conditional", "conditional"),
    (FARM, "urban", "permanent_farmland", "fail", "fail"),
    (IN_TOWN, "urban", "permanent_farmland", "pass", "pass"),
    (IN_TOWN, "urban", "development_boundary", "pass", "pass"),
    (OUTSIDE, "urban", "development_boundary", "fail", "fail"),
    (OUTSIDE, "village", "development_boundary", "conditional", "conditional"),
    (ELASTIC, "urban", "development_boundary", "conditional", "conditional"),
    (ELASTIC, "linear", "development_boundary", "pass", "pass"),
    (SPECIAL, "urban", "development_boundary", "conditional", "conditional"),
]
#: Every land above with what is done there, once.
DONE = list(
    dict.fromkeys(
        [(land, activity) for (_, land), some in FOLLOWS.items() for activity in some] + [row[:2] for row in BY_DAY]
    )
)


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory):
    """Return a function: the review of all that is done, by the rules of a day."""
    every = town.frame(
        *[town.box(*land) for land, _ in DONE],
        id=[f"P{at}" for at in range(len(DONE))],
        name=["项目"] * len(DONE),
        activity=[activity for _, activity in DONE],
        source=["test"] * len(DONE),
    )
    return functools.cache(lambda as_of=None: judged(tmp_path_factory.mktemp("all"), every, as_of=as_of))


@pytest.mark.parametrize("land", [IN_TOWN, FARM])
def test_what_follows_for_a_project_is_the_same_among_others(tmp_path, reviewed, land):
    alone, among = judged(tmp_path, parcel(*land)).parcels[0], reviewed().parcels[DONE.index((land, "urban"))]
    assert [(one.line, one.outcome, one.overlap_m2) for one in alone.lines] == [
        (one.line, one.outcome, one.overlap_m2) for one in among.lines
    ]


@pytest.mark.parametrize(
    ("name", "land", "activity", "outcome"),
    [(*place, *one) for place, some in FOLLOWS.items() for one in some.items()]
    + [(one, IN_TOWN, "urban", "pass") for one in list(LINES)[3:9]],
)
def test_what_follows_from_land_and_activity(reviewed, land, activity, name, outcome):
    assert line(reviewed(), name, DONE.index((land, activity))).outcome == outcome


def test_every_clause_for_projects_is_tried_above():
    codes = {one.code for one in rulebook.load() if one.projects and one.document.state == "current"}
    assert {one.rpartition("-")[0] for one in codes} == {"UB26", "ER142", "PF25", "FL", "CP", "VL"}


def test_no_clause_passes_a_project_on_a_line_that_is_not_there_or_not_complete(tmp_path):
    every = [one for one in rulebook.load() if one.projects]
    where = county(tmp_path / "bare", leave_out=list(LINES))
    bare = review(where, parcel(*IN_TOWN), every)
    found = {one.code: one for line_ in bare.parcels[0].lines for one in line_.findings}
    assert set(found) == {one.code for one in every}
    assert {one.outcome for one in found.values()} == {"not-assessed"}
    # All lines are there, but the data end before the project.
    short = review(county(tmp_path / "short"), parcel(20_000, 20_000, 20_050, 20_050), every)
    for line_ in short.parcels[0].lines:
        assert {one.outcome for one in line_.findings} <= {"not-assessed"}, line_.line
        assert line_.outcome == "not-assessed"


def test_the_worst_line_decides_and_the_message_holds_the_areas(tmp_path):
    found = judged(tmp_path, parcel(4050, 50, 4150, 100))
    one = found.parcels[0]
    assert one.outcome == "fail"
    farm = line(found, "permanent_farmland")
    assert farm.overlap_m2 == pytest.approx(2500, rel=1e-6)
    assert farm.net_m2 == pytest.approx(2250, rel=1e-6)
    assert farm.share == pytest.approx(0.5, rel=1e-6)
    assert "2,500.00 平方米（3.75 亩），占地块 50.00%" in farm.message.to("zh")
    assert "2,500.00 m² (3.75 mu), 50.00% of the parcel" in farm.message.to("en")
    assert found.exit_code == 1


def test_a_line_that_was_not_delivered_and_land_beyond_the_data_are_not_assessed(tmp_path):
    found = judged(tmp_path, parcel(*IN_TOWN), leave_out=["flood_line"])
    assert line(found, "flood_line").outcome == "not-assessed"
    assert found.parcels[0].outcome == "not-assessed"
    beyond = judged(tmp_path / "2", parcel(5950, 0, 6050, 50, activity="village"))
    redline = line(beyond, "ecological_redline")
    assert (redline.outcome, redline.uncovered_m2) == ("not-assessed", pytest.approx(2500, rel=1e-6))
    # What fails within the data fails, whatever lies beyond.
    both = judged(
        tmp_path / "3",
        town.frame(
            town.box(4050, 0, 4100, 50).union(town.box(5990, 0, 6050, 50)),
            id=["P"],
            name=["两块"],
            activity=["urban"],
            source=["t"],
        ),
    )
    assert line(both, "permanent_farmland").outcome == "fail"


def test_land_beyond_the_data_is_not_assessed_whatever_the_rest_may_do(tmp_path):
    # The study area, for which lines are delivered, ends at 6000: half of each parcel lies beyond it.
    found = town.frame(town.box(5950, 0, 6000, 50), kcxs=[0.0])
    half = parcel(5950, 0, 6050, 50, activity="linear")
    farm = line(judged(tmp_path, half, extra={"permanent_farmland": found}), "permanent_farmland")
    assert (farm.outcome, farm.findings[0].outcome) == ("not-assessed", "not-assessed")
    for words in ("2,500.00 平方米（3.75 亩），占地块 50.00%", "须报国务院批准", "平方米无该线数据"):
        assert words in farm.message.to("zh")
    idle = line(judged(tmp_path / "idle", half, extra={"idle_land": found}), "idle_land")
    assert idle.outcome == "not-assessed"
    assert "has to be disposed of by law first. 2,500.00 m² lie beyond" in idle.message.to("en")


@pytest.mark.parametrize("kcxs", [12.5, -0.1])
def test_ridges_given_in_percent_are_refused_and_give_no_net_area(tmp_path, kcxs):
    farm = town.frame(town.box(4000, 0, 4100, 100), town.box(4100, 0, 4200, 100), kcxs=[0.1, kcxs])
    for name in ("permanent_farmland", "land_use"):
        found = {name: farm.assign(**{"class": "0103"})}
        with pytest.raises(PlanningError) as refused:
            judged(tmp_path / name, parcel(*FARM), extra=found)
        assert refused.value.text.key == "county.not_a_share"
        assert f"1 feature, the first 2 with kcxs = {kcxs}" in refused.value.to("en")


def test_an_empty_line_says_nothing_unless_there_is_none(tmp_path):
    empty = town.frame(town.box(0, 0, 1, 1)).iloc[:0]
    found = judged(tmp_path, parcel(*IN_TOWN), extra={"flood_line": empty})
    assert line(found, "flood_line").outcome == "not-assessed"
    toml = "[layers.flood_line]\nnone_exist = true\n"
    where = county(tmp_path / "none", leave_out=["flood_line"], toml=toml)
    none = review(where, parcel(*IN_TOWN), rulebook.chosen(rulebook.load(), rules=None))
    assert line(none, "flood_line").outcome == "pass"


def test_slivers_are_borderline_and_a_tolerance_needs_a_source(tmp_path):
    sliver = parcel(3900, 0, 4000.1, 9, activity="village")
    found = line(judged(tmp_path, sliver), "permanent_farmland")
    assert (found.outcome, found.slivers, found.findings[0].borderline) == ("fail", 1, True)
    assert found.boundary_m2 == pytest.approx(0.9, rel=1e-3)
    own = rule(
        tolerance="tolerance_width_m = 0.2\ntolerance_area_m2 = 1.0\ntolerance_source = '县自然资源局〔2026〕1号'\n"
    )
    clauses = read_document(own.encode(), "own.toml")
    excused = review(county(tmp_path / "own"), sliver, clauses).parcels[0].lines[2]
    assert (excused.outcome, excused.findings[0].outcome_zero, excused.slivers) == ("pass", "fail", 1)
    with pytest.raises(PlanningError):
        read_document(rule(tolerance="tolerance_width_m = 0.2\ntolerance_area_m2 = 1.0\n").encode(), "own.toml")


def rule(line="permanent_farmland", tolerance="", activity="linear", slot="{area_m2}"):
    return f"""
[document]
id = "own"
title = "本县规定"
title_en = "Own rule"
issuer = "县政府"
date = "2026-01-01"
state = "current"
certainty = "confirmed"
[[clause]]
code = "OWN-1"
text = "不得占用"
text_en = "Keep out"
measure = "redlines.overlap"
unit = "m2"
layers = {{ line = "{line}" }}
at_most = 0
[clause.projects]
conditional_for = ["{activity}"]
clear = "未占用"
clear_en = "clear"
touched = "占用 {slot} 平方米"
touched_en = "takes {slot} m2"
{tolerance}"""


def test_a_control_line_of_the_countys_own_needs_a_table_and_a_clause_only(tmp_path):
    grass = town.frame(town.box(2000, 500, 2100, 600), name=["草场"])
    layers = {"study_area": town.frame(town.box(-2000, -2000, 6000, 3000)), **LINES, "grassland": grass}
    town.write(tmp_path, layers, grassland='kind = "control_line"')
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "own.toml").write_text(rule("grassland"), encoding="utf-8")
    where = open_county(tmp_path)
    clauses = rulebook.chosen(rulebook.load(tmp_path / "rules"), rules=None)
    found = review(where, parcel(2010, 510, 2050, 550), clauses)
    own = line(found, "grassland")
    assert (own.outcome, own.message.to("en")) == ("fail", "takes 1,600.00 m2")


@pytest.mark.parametrize("bad", [rule(activity="linera"), rule(slot="{aera_m2}"), rule(line="no such line")])
def test_a_project_rule_that_does_not_fit_is_refused_when_it_loads(bad):
    with pytest.raises(PlanningError) as refused:
        read_document(bad.encode(), "own.toml")
    assert "own.toml" in refused.value.to("en")


def test_a_county_that_names_only_green_rules_is_reviewed_by_all_in_force(tmp_path):
    place = town.write(tmp_path, {"study_area": LINES["green_line"]}, county='rules = ["green-checkup2022plus"]')
    every = {one.code for one in clauses_for(open_county(place))}
    assert {"UB26-1", "ER142-2", "PF25-1"} <= every
    place = town.write(tmp_path / "2", {"study_area": LINES["green_line"]}, county='rules = ["redline-four_lines"]')
    assert {one.code for one in clauses_for(open_county(place))} == {"FL-GL", "FL-BL", "FL-PL", "FL-YL"}


def test_rules_are_those_in_force_on_the_day(tmp_path):
    def documents(as_of):
        return {one["id"] for one in judged(tmp_path / as_of, parcel(*IN_TOWN), as_of=as_of).documents}

    assert {"redline-farmland_2018", "redline-boundary_193"} <= documents("2025-09-30")
    assert {"redline-farmland_order17", "redline-boundary_193"} <= documents("2025-10-01")
    assert {"redline-farmland_order17", "redline-boundary_2026"} <= documents("2026-02-28")
    for word in ("2026-02-28", "2026/2/28", "2026年2月28日", "20260228", "2026-02-28 08:30:00"):
        assert day(word) == "2026-02-28"
    for word in ("28.2.2026", "2026-02-30", "", "2026"):
        with pytest.raises(PlanningError):
            day(word)


def test_a_day_on_which_no_rule_was_in_force_is_refused_before_anything_is_written(tmp_path, capsys):
    where, out = county(tmp_path / "c").folder, tmp_path / "out"
    parcel(*IN_TOWN).to_file(tmp_path / "p.gpkg")
    assert run("review", where, tmp_path / "p.gpkg", "--out", out, "--as-of", "1901-01-01", "--lang", "en") == 2
    assert "no rule document that is asked for was in force" in capsys.readouterr().err
    assert not out.exists()


def test_a_review_without_clauses_can_be_written(tmp_path):
    found = review(county(tmp_path / "c"), parcel(*IN_TOWN), ())
    write_tables(tmp_path / "r.gpkg", review_tables(found, "en"))
    assert {"parcels", "lines"} <= {name for name, _ in pyogrio.list_layers(tmp_path / "r.gpkg")}


@pytest.mark.parametrize(("land", "activity", "name", "before", "since"), BY_DAY)
def test_what_follows_by_the_rules_of_an_earlier_day(reviewed, land, activity, name, before, since):
    for at, outcome in (("2025-09-30", before), ("2026-03-01", since)):
        found = reviewed(at)
        assert line(found, name, DONE.index((land, activity))).outcome == outcome
        assert found.as_of == at


def test_land_classes_sum_to_the_parcel(tmp_path):
    odd = town.frame(
        town.box(33.333, 0.1, 77.777, 33.3),
        town.box(0, 100, 49, 150),
        id=["A", "B"],
        name=["甲", "乙"],
        activity=["urban"] * 2,
        source=["t"] * 2,
    )
    found = judged(tmp_path, odd, extra={"land_use": LAND_USE})
    sums = found.classes.groupby("project_id")["area_m2"].sum()
    for one in found.parcels:
        assert sums[one.id] == pytest.approx(round(one.area_m2, 2), abs=1e-9)
    second = found.classes[found.classes["project_id"] == "B"].set_index("class")
    assert second.loc["0103", "area_m2"] == pytest.approx(2450 * 0.9, abs=0.02)
    assert second.loc["1203", "area_m2"] == pytest.approx(245, abs=0.02)
    assert (second.loc["0103", "great_class"], second.loc["0103", "arable"]) == ("agri", True)
    assert set(second["village"]) == {"东村"}


def test_a_county_says_where_a_disputed_class_belongs(tmp_path):
    grass = town.frame(town.box(0, 0, 100, 100), **{"class": ["0404"]})
    for great, line in (("agri", ""), ("unused", 'great_classes = { "0404" = "unused" }')):
        place = town.write(tmp_path / great, town.layers() | {"land_use": grass}, county=line)
        found = review(open_county(place), parcel(0, 0, 50, 50), rulebook.chosen(rulebook.load(), rules=None))
        assert found.classes["great_class"].tolist() == [great]
    wrong = town.write(tmp_path / "wrong", county='great_classes = { "9999" = "unused" }')
    with pytest.raises(PlanningError, match="9999"):
        open_county(wrong)


def test_patches_keep_their_ids_and_changes_are_told(tmp_path):
    out, again = tmp_path / "out", tmp_path / "again"
    place = county(tmp_path / "county").folder
    parcel(*FARM).drop(columns="source").to_file(tmp_path / "p.gpkg", layer="p")
    assert run("review", place, tmp_path / "p.gpkg", "--out", out) == 1
    assert run("review", place, tmp_path / "p.gpkg", "--out", again, "--compare", out) == 1
    assert json.loads((again / "review.json").read_text(encoding="utf-8"))["compare"] == []
    moved = parcel(4010, 10, 4060, 50).drop(columns="source")
    moved.to_file(tmp_path / "moved.gpkg", layer="p")
    run("review", place, tmp_path / "moved.gpkg", "--out", again, "--compare", out)
    changes = json.loads((again / "review.json").read_text(encoding="utf-8"))["compare"]
    farm = next(one for one in changes if one["code"] == "PF25-1")
    assert (farm["change"], round(farm["before_m2"]), round(farm["after_m2"])) == ("changed", 1600, 2000)
    heads, *changed = openpyxl.load_workbook(again / "review.xlsx")["变化情况"].iter_rows(max_row=3, values_only=True)
    assert heads[2:7] == ("项目名称", "控制线", "条款", "变化", "变化内容")
    assert ("项目", "永久基本农田", "PF25-1", "变化", "面积、位置或轮廓") in {row[2:7] for row in changed}
    # The same land, now for a national project: the verdict has changed, the patch has not.
    run("review", place, tmp_path / "p.gpkg", "--out", out)
    parcel(*FARM, activity="national_major").drop(columns="source").to_file(tmp_path / "major.gpkg", layer="p")
    run("review", place, tmp_path / "major.gpkg", "--out", again, "--compare", out)
    turned = json.loads((again / "review.json").read_text(encoding="utf-8"))["compare"]
    farm = next(one for one in turned if one["code"] == "PF25-1")
    assert (farm["change"], farm["before"], farm["after"]) == ("changed", "fail", "conditional")
    assert farm["before_m2"] == farm["after_m2"]
    square = town.box(0, 0, 1, 1)
    assert patch_id("P", "C", square) == patch_id("P", "C", square.reverse()) != patch_id("P", "D", square)


def run(*words):
    with pytest.raises(SystemExit) as left:
        cli.main([*map(str, words), *(() if "--lang" in words else ("--lang", "zh"))])
    return left.value.code


def test_overrides_say_what_why_who_and_when_and_stay_visible(tmp_path):
    table = tmp_path / "decided.csv"
    table.write_text(
        "地块编号,条款,结论,理由,认定人,日期\nP1,PF25-1,符合,图斑错划已更正,王工,2026-03-01\n", encoding="gbk"
    )
    found = review(
        county(tmp_path / "c"),
        parcel(*FARM),
        rulebook.chosen(rulebook.load(), rules=None),
        overrides=read_overrides(table),
    )
    one = found.parcels[0]
    assert (one.judged, one.outcome) == ("fail", "fail")  # outside the development boundary as well
    assert line(found, "permanent_farmland").outcome == "fail"
    assert one.to_json("zh")["overrides"][0]["by"] == "王工"
    assert review_tables(found, "zh")["parcels"]["decided"].tolist() == [
        "PF25-1: pass, 图斑错划已更正 (王工, 2026-03-01)"
    ]
    table.write_text("id,code,outcome,reason,by,date\nP1,PF25-1,pass,,王工,2026-03-01\n", encoding="utf-8")
    with pytest.raises(PlanningError) as refused:
        read_overrides(table)
    assert "reason" in refused.value.to("en")


DECISIONS = "id,code,outcome,reason,by,date\n"


@pytest.mark.parametrize(
    ("rows", "key", "words"),
    [
        ("P1,PF25-1,pass,错划,王工,昨天\n", "bad_override_day", ["row 2", "昨天"]),
        ("P1,PF25-1,pass,错划,王工,2026-02-30\n", "bad_override_day", ["2026-02-30"]),
        ("P1,PF25-1,error,错划,王工,2026-03-01\n", "override_outcome", ["outcome", "'error'"]),
        ("P1,PF25-1,通过,错划,王工,2026-03-01\n", "override_outcome", ["outcome", "'通过'"]),
        ("P1,PF25-1,pass,,王工,2026-03-01\n", "override_lacks", ["row 2", "reason"]),
        ("P1,PF25-1,pass,错划,王工,9999-03-01\n", "override_future", ["row 2", "9999-03-01"]),
        (
            "P1,PF25-1,pass,错划,王工,2026-03-01\nP1,PF25-1,fail,补充,李工,2026-03-02\n",
            "decided_twice",
            ["row 3", "row 2", "P1", "PF25-1"],
        ),
    ],
)
def test_decisions_that_say_too_little_or_two_things_are_refused(tmp_path, rows, key, words):
    table = tmp_path / "decided.csv"
    table.write_text(DECISIONS + rows, encoding="utf-8")
    with pytest.raises(PlanningError) as refused:
        read_overrides(table)
    assert refused.value.text.key == f"projects.{key}"
    for word in ("decided.csv", *words):
        assert word in refused.value.to("en")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("pass,,王工,2026-03-01", "第 2 行：理由 为空。"),
        ("通过,错划,王工,2026-03-01", "结论 一栏的“通过”不是可认定的结论。请填写下列之一："),
    ],
)
def test_a_decision_is_refused_in_the_words_of_its_table_and_of_the_run(tmp_path, row, told):
    table = tmp_path / "decided.csv"
    table.write_text(f"地块编号,条款,结论,理由,认定人,日期\nP1,PF25-1,{row}\n", encoding="utf-8")
    with pytest.raises(PlanningError) as refused:
        read_overrides(table)
    said = refused.value.to("zh")
    assert told in said
    assert not {"reason", "outcome", "fail", "not-assessed"} & set(re.findall("[a-z-]+", said.replace(str(table), "")))


def test_a_decision_on_nothing_names_its_table_and_what_is_wrong(tmp_path):
    table = tmp_path / "decided.csv"
    for row, which in (("P9,PF25-1", "parcel"), ("P1,PF25-9", "clause")):
        table.write_text(f"{DECISIONS}{row},pass,错划,王工,2026年3月1日\n", encoding="utf-8")
        decided = read_overrides(table)
        assert decided[0].date == "2026-03-01"
        with pytest.raises(PlanningError) as refused:
            judged(tmp_path / which, parcel(*FARM), overrides=decided)
        assert "decided.csv" in refused.value.to("en")
        assert f"its {which} is not there" in refused.value.to("en")


def test_a_terminal_names_the_lines_a_verdict_comes_from_after_the_decisions(tmp_path):
    from gis_planning.reports import terminal

    def said(name, *rows):
        table = tmp_path / f"{name}.csv"
        table.write_text(DECISIONS + "".join(f"P1,{row},错划,王工,2026-03-01\n" for row in rows), encoding="utf-8")
        found = judged(tmp_path / name, parcel(*FARM), overrides=read_overrides(table))
        whole = terminal.review(found, "zh")
        return whole, next(row for row in whole.splitlines() if row.startswith("P1"))

    whole, row = said("one", "PF25-1,pass")
    assert "不符合  城镇开发边界；人工认定：永久基本农田" in row
    assert "（人工认定）" not in row
    assert whole.count("人工认定 1 项结论，涉及 1 个项目") == 1
    whole, row = said("both", "PF25-1,pass", "UB26-1,conditional")
    assert "需论证或报批（人工认定）  城镇开发边界；人工认定：城镇开发边界、永久基本农田" in row
    assert "人工认定 2 项结论，涉及 1 个项目" in whole


def test_side_tables_that_are_none_are_called_so(tmp_path):
    (tmp_path / "folder").mkdir()
    for name, key in (("none.csv", "no_table"), ("folder", "not_a_table"), ("a.docx", "not_a_table")):
        if name == "a.docx":
            (tmp_path / name).write_bytes(b"x")
        with pytest.raises(PlanningError) as refused:
            read_overrides(tmp_path / name)
        assert refused.value.text.key == f"projects.{key}"


def test_ids_must_differ_and_activities_come_from_a_table(tmp_path):
    where = county(tmp_path / "c")
    twice = town.frame(town.box(0, 0, 9, 9), town.box(20, 0, 29, 9), id=["A", "A"], name=["甲", "乙"])
    twice.to_file(tmp_path / "twice.gpkg")
    with pytest.raises(PlanningError) as refused:
        review(where, read_projects(where, [tmp_path / "twice.gpkg"]), rulebook.chosen(rulebook.load(), rules=None))
    assert "A" in refused.value.to("zh")
    table = tmp_path / "activities.csv"
    table.write_text("id,activity\nA,线性工程\n", encoding="utf-8")
    one = town.frame(town.box(0, 0, 9, 9), id=["A"], name=["甲"])
    one.to_file(tmp_path / "one.gpkg")
    found = review(
        where,
        read_projects(where, [tmp_path / "one.gpkg"], activities=table),
        rulebook.chosen(rulebook.load(), rules=None),
    )
    assert found.parcels[0].activity == "linear"


def test_a_table_of_activities_says_whom_it_missed_and_is_an_input_with_its_hash(tmp_path):
    where = county(tmp_path / "c")
    table = tmp_path / "activities.csv"
    town.frame(town.box(0, 0, 9, 9), id=["A"], name=["甲"]).to_file(tmp_path / "one.gpkg")
    table.write_text("id,activity\nA1,线性工程\n", encoding="utf-8")
    read_projects(where, [tmp_path / "one.gpkg"], activities=table)
    assert [one.to("en") for one in where.warnings if one.key == "projects.strangers" and "A1" in one.to("en")]
    used = next(one for one in where.inputs if one.layer == "activities")
    assert (used.features, used.sha256) == (1, hashlib.sha256(table.read_bytes()).hexdigest())
    table.write_text("id,activity\nA,线性工程\nA,城镇建设\n", encoding="utf-8")
    with pytest.raises(PlanningError) as refused:
        read_projects(where, [tmp_path / "one.gpkg"], activities=table)
    assert refused.value.text.key == "projects.two_activities"


def test_an_outline_that_crosses_itself_is_refused_by_its_id_with_a_cure_that_helps(tmp_path):
    where = county(tmp_path / "c")
    x, y = town.EAST, town.NORTH
    bow = shapely.Polygon([(x, y), (x + 100, y + 100), (x + 100, y), (x, y + 100)])
    town.frame(bow, town.box(200, 0, 209, 9), id=["A-7", "B"], name=["甲", "乙"]).to_file(tmp_path / "bow.gpkg")
    with pytest.raises(PlanningError) as refused:
        read_projects(where, [tmp_path / "bow.gpkg"])
    assert refused.value.text.key == "projects.crosses_itself"
    # Two triangles of 100 by 50 m, one on either side of the crossing; wound against each other they cancel out.
    said = str(refused.value)
    assert "1 parcel has an outline that crosses itself (1 A-7)" in said
    assert "would change from 0.0 to 5,000.0 m2" in said
    assert "county.toml" not in said


def test_a_parcel_without_a_shape_is_missed_aloud(tmp_path):
    where = county(tmp_path / "c")
    two = town.frame(town.box(0, 0, 9, 9), None, id=["A", "B"], name=["甲", "乙"])
    two.to_file(tmp_path / "two.gpkg")
    assert read_projects(where, [tmp_path / "two.gpkg"])["id"].tolist() == ["A"]
    lost = next(one for one in where.warnings if one.key == "projects.without_land")
    assert "1 parcel has no shape and was NOT reviewed: B" in lost.to("en")


HOSTILE = ["=1+1", '<script>alert("x")</script>', "{{7*7}}", "长" * 10_000]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    shapes = [town.box(*IN_TOWN), town.box(*FARM), town.box(*GENERAL), town.box(3000, 0, 3200, 100)]
    town.frame(*shapes, id=HOSTILE, name=HOSTILE, activity=["urban", None, "tourism", "urban"]).to_file(
        folder / "p.gpkg"
    )
    place = county(folder / "county", extra={"land_use": LAND_USE}).folder
    assert run("review", place, folder / "p.gpkg", "--out", folder / "out") == 1
    return folder / "out"


def test_all_files_agree(files):
    told = json.loads((files / "review.json").read_text(encoding="utf-8"))
    total = sum(line["overlap_m2"] or 0 for one in told["parcels"] for line in one["lines"])
    assert total > 20_000
    book = openpyxl.load_workbook(files / "review.xlsx")
    sheet = book["逐线占用"]
    heads = [cell.value for cell in sheet[1]]
    at = heads.index("线内面积（平方米）")
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert sum(row[at] or 0 for row in rows[:-1]) == pytest.approx(total, rel=1e-12)
    assert rows[-1][at].startswith("=SUBTOTAL(109,")
    assert sheet.freeze_panes == "C2"
    summary = book["汇总"]
    assert [cell.data_type for cell in summary["A"][1:5]] == ["s"] * 4
    assert summary["A2"].value == "=1+1"
    lines = pyogrio.read_dataframe(files / "review.gpkg", layer="lines")
    assert lines["overlap_m2"].sum() == pytest.approx(total, rel=1e-12)
    parcels = pyogrio.read_dataframe(files / "review.gpkg", layer="parcels")
    assert parcels["outcome"].tolist() == [one["outcome"] for one in told["parcels"]]
    patches = pyogrio.read_dataframe(files / "review.gpkg", layer="patches")
    assert patches["area_m2"].sum() == pytest.approx(sum(one["area_m2"] for one in told["patches"]), rel=1e-12)
    classes = book["占用地类"]
    spread = [row for row in classes.iter_rows(min_row=2, values_only=True) if isinstance(row[8], int | float)]
    assert sum(row[8] for row in spread) == pytest.approx(sum(one["area_m2"] for one in told["land_classes"]), rel=1e-9)
    page = (files / "index.html").read_text(encoding="utf-8")
    heads = payload(page)["layers"]
    at = next(at for at, one in enumerate(heads) if one["id"] == "projects")
    shown = facts_of_layers(page)[at]
    outcomes = [heads[at]["categories"][one]["outcome"] for one in shown["category"]]
    assert list(zip(shown["anchors"], outcomes, strict=True)) == [
        (one["id"], one["outcome"]) for one in told["parcels"]
    ]
    mu = next(one for one in shown["columns"] if one["title"] == "面积（亩）")["numbers"]
    assert mu == [round(one["area_mu"], 2) for one in told["parcels"]]
    paper = Document(files / "review.docx")
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    for one in told["parcels"]:
        for line_ in one["lines"]:
            if line_["overlap_m2"]:
                assert f"{line_['overlap_m2']:,.2f}" in cells


def test_word_has_east_asian_fonts_a_figure_for_each_project_and_no_conclusion(files):
    paper = Document(files / "review.docx")
    assert paper.styles["Normal"].element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋"
    assert paper.styles["Heading 1"].element.rPr.rFonts.get(qn("w:eastAsia")) == "黑体"
    assert len(paper.inline_shapes) == 4
    words = "\n".join(one.text for one in paper.paragraphs)
    assert "预审分析" in words
    assert "县域" not in words
    assert HOSTILE[1] in words


def test_word_cites_articles_and_says_what_is_clear_and_what_is_net(files):
    paper = Document(files / "review.docx")
    words = "\n".join(one.text for one in paper.paragraphs)
    own, article = "《永久基本农田保护红线管理办法》（自然资源部 农业农村部令第17号）", "第三十五条第一款"
    cited = f"依据：{own}、《中华人民共和国土地管理法》{article}：严禁擅自占用永久基本农田；"
    assert cited in words
    assert "（自然资发〔2022〕142号）：自然保护地核心保护区原则上禁止人为活动" in words
    assert "不涉及：生态保护红线、永久基本农田、" in words
    # Our codes stand in the appendix alone, once each.
    assert "PF25-1" not in words
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert cells.count("PF25-1") == 1
    # That figures are to be confirmed stands once, with the rules; the figures of one of them, nowhere else.
    assert words.count("待核实：") == 1
    assert "待核实：《城镇开发边界管理办法（试行）》、" in words
    # The farm parcel is 40 m by 40 m with a tenth of it ridges: 1,440 m2 net, which are 2.16 mu.
    assert "扣除田坎后净面积 1,440.00 平方米（2.16 亩）" in words
    assert "涉及图斑：红线甲、红线乙" in words


def test_the_table_of_classes_is_the_same_in_word_excel_and_json(files):
    told = json.loads((files / "review.json").read_text(encoding="utf-8"))
    sums = {unit: round(sum(one[f"area_{unit}"] for one in told["land_classes"]), 4) for unit in ("m2", "ha", "mu")}
    parcels = told["parcels"]
    assert sums["m2"] == pytest.approx(sum(round(one["area_m2"], 2) for one in parcels), abs=1e-9)
    assert sums["ha"] == pytest.approx(sum(round(one["area_ha"], 4) for one in parcels), abs=1e-9)
    assert sums["mu"] == pytest.approx(sum(round(one["area_mu"], 2) for one in parcels), abs=1e-9)
    tables = [
        [[cell.text for cell in row.cells] for row in table.rows]
        for table in Document(files / "review.docx").tables
        if table.rows[0].cells[0].text == "地类编码"
    ]
    # Those in conflict have a table; the clean one has a sentence.
    assert len(tables) == 3
    first = tables[0]
    assert first[0] == [
        *("地类编码", "地类名称", "权属性质", "坐落单位"),
        *("面积（平方米，椭球）", "面积（公顷）", "面积（亩）"),
    ]
    assert ["合计", "", "", "", "1,600.00", "0.1600", "2.40"] in first
    # 30 of the first parcel's 40 m are field (a tenth of it ridges), 10 m are road: 1,200 and 400 m2.
    words = [one.text for one in Document(files / "review.docx").paragraphs]
    assert "占用地类：0103 旱地 1.62 亩、1004 城镇村道路用地 0.60 亩、1203 田坎 0.18 亩。" in words
    book = openpyxl.load_workbook(files / "review.xlsx")["占用地类"]
    heads = [cell.value for cell in book[1]]
    rows = list(book.iter_rows(min_row=2, max_row=book.max_row - 1, values_only=True))
    for unit, head in (("m2", first[0][4]), ("ha", first[0][5]), ("mu", first[0][6])):
        assert sum(row[heads.index(head)] for row in rows) == pytest.approx(sums[unit], abs=1e-9)


def test_the_workbook_lists_its_rules_and_the_data_with_their_hashes(files):
    book = openpyxl.load_workbook(files / "review.xlsx")
    told = json.loads((files / "review.json").read_text(encoding="utf-8"))
    rules = list(book["规则文件"].iter_rows(min_row=2, values_only=True))
    known = ("《永久基本农田保护红线管理办法》", "自然资源部 农业农村部令第17号", "2025-10-01")
    assert known in [(row[0], row[2], row[5]) for row in rules]
    assert [row[1] for row in rules] == [one["id"] for one in told["documents"]]
    sources = list(book["数据来源"].iter_rows(min_row=2, values_only=True))
    assert [row[4] for row in sources if row[4]] == [one["sha256"] for one in told["inputs"]]
    assert any("不作为最终法律结论" in row[0] for row in sources)


def test_what_is_printed_of_a_wide_sheet_can_be_read(files):
    book = openpyxl.load_workbook(files / "review.xlsx")
    for name, beyond in (("逐线占用", "扣除田坎净面积（平方米）"), ("汇总", "投影面积（平方米）")):
        sheet = book[name]
        heads = [cell.value for cell in sheet[1]]
        printed = heads[: heads.index(beyond)]
        end = sheet[1][len(printed) - 1].column_letter
        assert sheet.print_area.endswith(f"$A$1:${end}${sheet.max_row}")
        wide = sum(sheet.column_dimensions[cell.column_letter].width for cell in sheet[1][: len(printed)])
        # At so many digits in a row type of 11 points is 8 on A4; at so many 7 on A3, whatever projects are called.
        assert sheet.page_setup.paperSize in ((9, 8)[wide > 206],)
        assert wide < 333


def test_an_area_reads_the_same_in_the_sentence_the_table_the_workbook_and_the_page(tmp_path):
    found = judged(tmp_path / "county", parcel(4010, 10, 4021.7, 42.77))
    write_review(found, tmp_path / "out", "zh")
    farm = line(found, "permanent_farmland")
    metres, hectares, mu = f"{farm.overlap_m2:,.2f}", f"{farm.overlap_m2 / 1e4:.4f}", f"{farm.overlap_m2 * 0.0015:.2f}"
    assert f"{metres} 平方米（{mu} 亩）" in farm.message.to("zh")
    tables = Document(tmp_path / "out" / "review.docx").tables
    rows = [[cell.text for cell in row.cells] for table in tables for row in table.rows]
    assert [row[1:4] for row in rows if row[0] == "永久基本农田" and len(row) == 8] == [[metres, hectares, mu]]
    sheet = openpyxl.load_workbook(tmp_path / "out" / "review.xlsx")["逐线占用"]
    shapes = {cell.value: below.number_format for cell, below in zip(sheet[1], sheet[2], strict=True)}
    assert (shapes["线内面积（亩）"], shapes["线内面积（公顷）"]) == ("#,##0.00", "#,##0.0000")
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    at = next(at for at, one in enumerate(payload(page)["layers"]) if one["id"] == "projects")
    columns = facts_of_layers(page)[at]["columns"]
    assert next(one["digits"] for one in columns if one["title"] == "面积（亩）") == 2


def test_progress_names_a_line_of_the_county_as_the_county_does(tmp_path):
    town.frame(town.box(0, 0, 50, 50)).to_file(tmp_path / "grass.gpkg")
    own = f'[layers.grass]\nkind = "control_line"\ntitle = "基本草原"\nsource = "{tmp_path / "grass.gpkg"}"\n'
    where, said = county(tmp_path / "c", toml=own), []
    where.progress = said.append
    where.layer("grass")
    where.layer("green_line")
    assert [one.to("zh") for one in said[:2]] == ["正在读取 基本草原 [grass]", "正在读取 城市绿线 [green_line]"]


def test_the_verdict_at_zero_tolerance_stands_beside_every_other(files):
    sheet = openpyxl.load_workbook(files / "review.xlsx")["逐线占用"]
    heads = [cell.value for cell in sheet[1]]
    rows = list(sheet.iter_rows(min_row=2, max_row=sheet.max_row - 1, values_only=True))
    assert all(row[heads.index("零容差结论")] == row[heads.index("结论")] for row in rows)
    told = whole(json.loads((files / "review.json").read_text(encoding="utf-8")))
    assert all(line["outcome_zero_tolerance"] == line["outcome"] for one in told["parcels"] for line in one["lines"])
    by_code = {one["code"]: one for one in told["clauses"]}
    assert by_code["PF25-1"]["document"] == "redline-farmland_order17"
    assert any("移动量" in note for note in told["notes"])


def test_numbers_of_json_are_whole_and_every_line_is_there(files):
    told = json.loads((files / "review.json").read_text(encoding="utf-8"))
    assert set(told["parcels"][0]) >= {"id", "name", "area_m2", "area_mu", "outcome", "lines"}
    first = told["parcels"][0]["lines"]
    assert [one["line"] for one in first] == list(LINES)
    keys = {
        "line",
        "overlap_m2",
        "overlap_mu",
        "outside_m2",
        "share",
        "pieces",
        "slivers",
        "outcome",
        "message",
        "clauses",
    }
    assert set(first[0]) >= keys
    assert first[0]["overlap_mu"] == pytest.approx(first[0]["overlap_m2"] * 15 / 10_000)


def test_a_folder_that_cannot_be_compared_ends_the_run_before_anything_is_written(tmp_path, capsys):
    place = county(tmp_path / "county").folder
    parcel(*FARM).drop(columns="source").to_file(tmp_path / "p.gpkg")
    assert run("review", place, tmp_path / "p.gpkg", "--out", tmp_path / "out", "--compare", tmp_path / "nowhere") == 2
    assert "nowhere" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_folder_in_the_way_is_left_alone_with_what_lies_in_it(tmp_path, capsys):
    place = county(tmp_path / "county").folder
    parcel(*FARM).drop(columns="source").to_file(tmp_path / "p.gpkg")
    mine = tmp_path / "out" / "review.docx" / "mine.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine", encoding="utf-8")
    assert run("review", place, tmp_path / "p.gpkg", "--out", tmp_path / "out") == 2
    assert "review.docx" in capsys.readouterr().err
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["review.docx"]
    assert mine.read_text(encoding="utf-8") == "mine"


def test_the_countys_own_lines_are_held_apart(tmp_path):
    layers = {
        "development_boundary": town.frame(town.box(0, 0, 100, 100), zone=["410"]),
        "ecological_redline": town.frame(town.box(90, 0, 200, 100), core=[False]),
        "permanent_farmland": town.frame(town.box(100, 0, 120, 50), town.box(0, 100, 50, 150)),
        "land_use": town.frame(
            town.box(50, 0, 150, 40),
            town.box(0, 0, 50, 150),
            town.box(0, 150, 50, 170),
            town.box(90, 50, 110, 60),
            **{"class": ["0701", "0301", "0702", "1003"]},
        ),
    }
    where = open_county(town.write(tmp_path, layers))
    clauses = rulebook.chosen(rulebook.load(), rules=["redline-three_lines"])
    found = {one.code: one for one in judge.check(where, clauses).verdicts}
    values = {code: one.measured.value for code, one in found.items()}
    # Redline in the boundary 10 x 100, farmland in it none; farmland in the redline 20 x 50; housing outside 50 x 40;
    # farmland under housing 20 x 40 and under forest 50 x 50. One zone of 100 x 100 is the whole boundary. Of all
    # construction land a village of 50 x 20 and half of a road of 20 x 10 lie outside as well.
    expected = {"TL-1": 1000, "TL-2": 0, "TL-3": 1000, "TL-4": 2000, "TL-5": 3300, "TL-6": 0, "TL-7": 10000}
    expected["TL-8"] = 2000 + 1000 + 100
    assert values == pytest.approx(expected, rel=1e-6)
    outcomes = {code: one.outcome for code, one in found.items()}
    assert outcomes == {"TL-1": "fail", "TL-2": "pass", "TL-3": "fail", "TL-4": "info", "TL-5": "info"} | {
        "TL-6": "pass",
        "TL-7": "info",
        "TL-8": "info",
    }


def test_every_class_that_is_not_arable_counts_in_permanent_farmland():
    listed = next(one for one in rulebook.load() if one.code == "TL-5").settings["of"]["class"]
    # The classes of the third survey as its table prints them, but for arable land (0101 to 0103) and the ridges
    # between fields (1203). Classes with a K (可调整) are not arable today.
    printed = """
    0303 0304 0306 0402 0603 1105 1106 1108 0201 0202 0203 0204 0201K 0202K 0203K 0204K 0301 0301K 0302 0302K 0305 0307
    0307K 0401 0403 0403K 0404 05H1 0508 0601 0602 0701 0702 08H1 08H2 08H2A 0809 0810 0810A 09 1001 1002 1003 1004 1005
    1006 1007 1008 1009 1101 1102 1103 1104 1104A 1104K 1107 1107A 1109 1110 1201 1202 1204 1205 1206 1207"""
    assert sorted(listed) == sorted(printed.split())


def test_check_takes_the_worst_project_and_asks_nothing_of_projects_that_are_not_there(tmp_path):
    clauses = rulebook.chosen(rulebook.load(), rules=None, only=["redlines"])
    none = judge.check(county(tmp_path / "none"), clauses)
    assert {one.code for one in none.verdicts} == {"TL-1", "TL-2", "TL-3", "TL-4", "TL-5", "TL-8"}
    projects = town.frame(town.box(*IN_TOWN), town.box(*FARM), id=["A", "B"], activity=["urban", "urban"])
    both = judge.check(county(tmp_path / "both", extra={"projects": projects}), clauses)
    found = {one.code: one for one in both.verdicts}
    assert found["PF25-1"].outcome == "fail"
    assert found["PF25-1"].measured.value == pytest.approx(1600, rel=1e-6)
    assert found["ER142-2"].outcome == "pass"


def test_a_terminal_lists_the_worst_of_many_projects(tmp_path, monkeypatch):
    from gis_planning.reports import terminal

    monkeypatch.setattr(terminal, "LISTED", 2)
    projects = town.frame(
        *(town.box(*one) for one in (IN_TOWN, OUTSIDE, FARM)),
        id=["GOOD", "BAD1", "BAD2"],
        activity=["urban"] * 3,
        name=["甲", "乙", "丙"],
        source=["test"] * 3,
    )
    said = terminal.review(judged(tmp_path, projects), "zh")
    assert "BAD1" in said
    assert "BAD2" in said
    assert "GOOD" not in said
    assert "全部 3 个" in said


def test_land_that_cannot_be_judged_names_the_field_that_is_empty(tmp_path):
    untold = town.frame(town.box(3000, 0, 3100, 100), name=["红线甲"])
    found = judged(tmp_path, parcel(*CORE), extra={"ecological_redline": untold})
    said = [finding.message for finding in line(found, "ecological_redline").findings]
    assert any("未填写字段 core 的图斑" in one.to("zh") for one in said)
    assert any("leave core empty" in one.to("en") for one in said)
