"""A policy answered on tiny counties: whose target it is, where a number is from, and what is never made up."""

import json
import re
from dataclasses import replace
from importlib.resources import files

import openpyxl
import pytest
import town
from docx import Document

from gis_planning import cli
from gis_planning.errors import RuleError
from gis_planning.judging import policies, rulebook
from gis_planning.results.policy import STATES

CLAUSES = rulebook.load()
POLICY = policies.policy(CLAUSES)
HEAD = "指标,年份,数值,单位,范围,来源,县\n"

#: The targets of the plan, typed from it: article, indicator, whose, number, year.
TARGETS = [
    (3, "P3-1", "R", "at_least", 1.2e12, 2025),
    (3, "P3-2", "R", "at_least", 0.30, 2025),
    (7, "P7-1", "R", "at_least", 135_000_000, 2025),
    (7, "P7-2", "R", "at_least", 0.5, 2025),
    (8, "P8-1", "R", "at_least", 0.20, 2025),
    (11, "SV-6", "E", "at_least", 1.0, 2025),
    (16, "P16-1", "E", "at_most", 0.0, 2025),
    (16, "P16-2", "E", "at_least", 0.93, 2025),
    (17, "RN-2", "R", "at_least", 770_000, 2025),
    (17, "P17-1", "R", "at_least", 30_000, 2025),
    (18, "P18-1", "E", "at_least", 1.0, 2025),
    (18, "P18-2", "E", "at_least", 1.0, 2025),
    (20, "P20-1", "C", "at_least", 1.0, 2025),
    (20, "P20-2", "R", "at_least", 0.95, 2025),
    (20, "P20-3", "R", "at_least", 0.85, 2025),
    (20, "P20-4", "R", "at_least", 0.55, 2025),
    (21, "P21-1", "R", "at_least", 0.55, 2025),
    (21, "CM-A01", "R", "at_least", 4.5, 2025),
    (21, "P21-3", "E", "at_least", 1.0, 2025),
    (23, "P23-1", "C", "at_least", 1.0, 2025),
    (26, "P26-1", "E", "at_least", 1.0, 2025),
    (27, "P27-1", "E", "at_least", 1.0, 2025),
    (28, "P28-1", "E", "at_least", 0.95, 2025),
    (28, "P28-2", "E", "at_least", 1.0, 2025),
    (34, "V34-1", "R", "at_least", 679_400 * 2000 / 3, 2025),
    (34, "V34-2", "R", "at_least", 679_400 * 2000 / 3, 2025),
    (34, "TL-7", "E", "more_than", 0.0, 2025),
    (37, "P37-1", "E", "at_least", 1.0, 2025),
]


def run(*words):
    with pytest.raises(SystemExit) as left:
        cli.main([str(word) for word in words])
    return left.value.code


def answered(folder, *rows, layers=None, county='code = "150999"\ndata_date = "2025-06-30"', more=(), **tables):
    """Return the exit code and what policy.json says of a town with some rows of statistics."""
    place = town.write(folder / "county", layers, county=county, **tables)
    if rows:
        (place / "stat.csv").write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
        with (place / "county.toml").open("a", encoding="utf-8") as file:
            file.write('[statistics]\nsource = "stat.csv"\n')
    lang = () if "--lang" in more else ("--lang", "zh")
    code = run("policy", place, "--out", folder / "out", *lang, *more)
    return code, json.loads((folder / "out" / "policy.json").read_text(encoding="utf-8"))


def indicators(told):
    return {one["code"]: one for clause in told["clauses"] for one in clause["indicators"]}


# -- what the plan asks for


def test_the_plan_has_its_37_articles_and_its_targets():
    assert [article.number for article in POLICY.articles] == list(range(1, 38))
    found = [
        (article.number, one.code, one.target.kind, *next(iter(one.target.limit.items())), one.target.by)
        for article in POLICY.articles
        for one in article.indicators
        if one.target.kind != "N"
    ]
    assert len(found) == len(TARGETS)
    for mine, plan in zip(sorted(found), sorted(TARGETS), strict=True):
        assert mine[:4] == plan[:4]
        assert mine[4] == pytest.approx(plan[4], rel=1e-12)
        assert mine[5] == plan[5]
    shares = {one.code: one.target.of_counties for article in POLICY.articles for one in article.indicators}
    assert (shares["P20-1"], shares["P23-1"]) == (0.2, 1.0)


def test_an_article_has_indicators_or_says_why_not_in_both_languages():
    for article in POLICY.articles:
        assert bool(article.indicators) != bool(article.why)
        assert bool(article.why) == bool(article.why_en)
        for words in (article.title, article.text):
            assert re.search("[\u4e00-\u9fff]", words)
        assert article.title_en.isascii()
    assert [article.number for article in POLICY.articles if article.why] == [1, 33, 36]


def test_its_documents_run_only_where_they_are_named():
    county_documents = {clause.document.id for clause in rulebook.chosen(CLAUSES, rules=None)}
    for name in ("policy-inner_mongolia2023", "indicators-tdt1063", "roads-gbt51328", "seats-ministries2021"):
        assert name not in county_documents
        named = rulebook.chosen(CLAUSES, rules=[name])
        assert {clause.document.id for clause in named} == {name}


def test_a_family_that_only_named_documents_have_is_told_where_it_is(tmp_path, capsys):
    place = town.write(tmp_path / "county")
    assert run("check", place, "--only", "roads", "--out", tmp_path / "out") == 2
    assert "roads-gbt51328" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert run("check", place, "--only", "roads-plan", "--out", tmp_path / "out") == 0


def test_articles_that_do_not_fit_are_refused(tmp_path):
    shipped = (files("gis_planning") / "rules" / "policy-inner_mongolia2023.toml").read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    for before, after, said in [
        ('code = "V34-1", target', 'code = "V34-9", target', "V34-9"),
        ('kind = "E", at_most = 0.0', 'kind = "E"', "target"),
        ('kind = "C", at_least = 1.0, of_counties = 0.2', 'kind = "C", at_least = 1.0', "target"),
        ('kind = "E", at_least = 0.93', 'kind = "E", at_least = 93.0', "93.0"),
        ("number = 2\n", "number = 1\n", "article 1"),
    ]:
        assert before in shipped
        text = shipped.replace(before, after, 1).replace("policy-inner_mongolia2023", "own", 1)
        own.write_text(re.sub(r"\n\[each\].*", "\n", text, flags=re.DOTALL) + OWN, encoding="utf-8")
        with pytest.raises(RuleError) as refused:
            policies.policy(CLAUSES, tmp_path, "own")
        assert said in str(refused.value.text.to("en"))
    with pytest.raises(RuleError):
        policies.policy(CLAUSES, tmp_path, "nobody")


OWN = """[[clause]]
code = "X-1"
text = "x"
text_en = "x"
measure = "statistics.stated"
unit = "share"
limit = "none"
"""


# -- whose target it is, and where a number is from


def test_a_county_that_states_nothing_passes_nothing(tmp_path):
    code, told = answered(tmp_path)
    found = indicators(told)
    assert code == 0
    assert {one["outcome"] for one in found.values()} <= {"info", "not-assessed"}
    assert all(one["value"] is None for one in found.values() if one["measure"].startswith("statistics."))
    for one in found.values():
        assert {"target", "unit", "area", "value", "outcome", "source", "year"} <= one.keys()
        assert one["state"] in STATES
    assert [clause["number"] for clause in told["clauses"]] == list(range(1, 38))
    assert told["schema"] == 2
    assert told["policy"]["document"] == "policy-inner_mongolia2023"


def test_only_a_target_of_every_seat_is_met_or_missed(tmp_path):
    code, told = answered(
        tmp_path,
        "P16-2,2024,94,%,,住建局,",
        "P28-1,2024,0.949,share,,住建局,",
        "P20-2,2024,80,%,,教育局,",
        "P20-1,2024,是,是/否,,教育局,",
        "P23-1,2024,no,,,民政局,",
        "P14-3,2024,7,处,,住建局,",
        "新能源装机,2024,52,万千瓦,,能源局,",
    )
    found = indicators(told)
    assert code == 1
    assert (found["P16-2"]["outcome"], found["P16-2"]["value"], found["P16-2"]["gap"]) == ("pass", 0.94, 0.0)
    assert (found["P28-1"]["outcome"], found["P28-1"]["gap"]) == ("fail", pytest.approx(0.001))
    assert found["P16-2"]["source"] == {"file": "stat.csv", "row": 2, "source": "住建局"}
    assert (found["P16-2"]["state"], found["P16-2"]["year"]) == ("stated", 2024)
    # 80 % of 95 % is no failure of the county: the target is the region's.
    assert (found["P20-2"]["outcome"], found["P20-2"]["contributes"]) == ("info", {"value": 0.8, "unit": "gross_rate"})
    assert found["P7-1"]["contributes"] == {"value": 520_000.0, "unit": "kw"}
    assert [(found[one]["outcome"], found[one]["meets"]) for one in ("P20-1", "P23-1")] == [
        ("info", True),
        ("info", False),
    ]
    assert found["P28-4"]["outcome"] == "not-assessed"
    assert (found["P14-3"]["outcome"], found["P14-3"]["target"]) == ("info", {"kind": "N"})
    states = {clause["number"]: clause["state"] for clause in told["clauses"]}
    assert (states[1], states[16], states[18]) == ("no-test", "not-assessed", "not-assessed")


def test_the_newest_year_up_to_the_target_counts(tmp_path):
    rows = ("P28-1,2022,91,%,,,", "P28-1,2026,97,%,,,", "P28-1,2024,94,%,,,", "P16-2,2027,99,%,,,")
    _, told = answered(tmp_path, *rows)
    found = indicators(told)
    assert (found["P28-1"]["value"], found["P28-1"]["year"], found["P28-1"]["outcome"]) == (0.94, 2024, "fail")
    assert [(one["year"], one["value"]) for one in found["P28-1"]["years"]] == [(2022, 0.91), (2024, 0.94)]
    assert (found["P16-2"]["state"], found["P16-2"]["outcome"]) == ("not-assessed", "not-assessed")
    assert "2025" in found["P16-2"]["because"]


@pytest.mark.parametrize(
    ("row", "told_as"),
    [
        ("P28-1,2024,95,share,,,", "95"),
        ("P28-1,2024,95,,,,", "-"),
        ("P28-1,2024,0.95,%,,,", "0.95"),
        ("P28-1,2024,95,公里,,,", "公里"),
        ("P28-1,去年,95,%,,,", "去年"),
        ("P28-1,2024,很高,%,,,", "很高"),
        ("P28-1,2024,95,%,某地,,", "某地"),
        ("P28-1,2024,95,%,县域,,", "县域"),
        ("P28-1,2024,95,%,,,\nP28-1,2024,96,%,,,", "3"),
    ],
)
def test_a_row_that_cannot_be_used_is_told_and_decides_nothing(tmp_path, row, told_as):
    _, told = answered(tmp_path, row)
    one = indicators(told)["P28-1"]
    assert (one["value"], one["outcome"]) == (None, "not-assessed")
    said = [warning for warning in told["warnings"] if "stat.csv" in warning]
    assert len(said) == 1
    assert told_as in said[0]
    assert "2" in said[0]


def test_a_gross_rate_may_be_above_one(tmp_path):
    _, told = answered(tmp_path, "P20-2,2024,101.5,%,,,", "ED-5,2024,85,比例,,,")
    found = indicators(told)
    assert (found["P20-2"]["value"], found["P20-2"]["unit"]) == (1.015, "gross_rate")
    assert found["ED-5"]["value"] is None


def test_percent_in_the_cell_and_rows_of_others(tmp_path):
    _, told = answered(
        tmp_path,
        "污水处理率,2024,95%,,,,150999",
        "P16-2,2024,99,%,,,150998",
        "P16-2,2024,88,%,,,150999101",
        "P99-9,2024,1,个,,,",
    )
    found = indicators(told)
    assert found["P28-1"]["value"] == 0.95
    assert found["P16-2"]["value"] is None
    assert any("P99-9" in warning for warning in told["warnings"])
    assert any("2" in warning and "stat.csv" in warning for warning in told["warnings"])


def test_what_is_measured_is_judged_and_what_is_stated_stands_beside_it(tmp_path):
    layers = town.layers() | {
        "streets": town.frame(
            *(shapely_line(0, at, 2000, at) for at in (50, 550)), **{"class": ["secondary", "tertiary"]}
        ),
        "urban_area": town.frame(town.box(0, 0, 1000, 1000)),
    }
    rows = ("R51328-1,2024,2.5,公里/平方公里,城区,,",)
    _, told = answered(tmp_path, *rows, layers=layers)
    found = indicators(told)
    density, whole = found["R51328-1"], found["R51328-1S"]
    # 2 x 1 km in 1 km2, and 2 x 2 km in 2 km2.
    assert (density["value"], density["area"], density["unit"]) == (pytest.approx(2.0), "urban_area", "km_per_km2")
    assert (whole["value"], whole["area"]) == (pytest.approx(2.0), "study_area")
    assert density["stated"]["value"] == 2.5
    assert density["stated"]["difference"] == pytest.approx(-0.5)
    assert (density["state"], density["outcome"], density["year"]) == ("measured", "info", 2025)
    assert density["standard"]["outcome"] == "fail"
    assert density["source"]["layers"] == ["streets", "urban_area", "districts"]


def test_what_cannot_be_measured_may_be_stated(tmp_path):
    _, told = answered(tmp_path, "RN-1,2024,60,%,,,", "RN-2,2024,1200,户,,,")
    found = indicators(told)
    assert (found["RN-1"]["state"], found["RN-1"]["value"]) == ("stated", 0.6)
    assert found["RN-2"]["contributes"] == {"value": 1200.0, "unit": "households"}


def test_land_put_to_use_is_told_in_square_metres(tmp_path):
    layers = town.layers() | {
        "idle_land": town.frame(town.box(0, 0, 100, 60), town.box(200, 0, 300, 40), status=["已处置", "未处置"])
    }
    _, told = answered(tmp_path, layers=layers)
    one = indicators(told)["V34-2"]
    assert (one["value"], one["outcome"], one["severity"]) == (pytest.approx(0.6), "info", "warning")
    assert one["contributes"]["unit"] == "m2"
    assert one["contributes"]["value"] == pytest.approx(6000, rel=1e-6)


def test_how_much_of_the_policy_is_answered_is_an_indicator_itself(tmp_path):
    # What article 16 asks of registers tells more; it is answered without them.
    _, told = answered(tmp_path, "P16-1,2024,0,公里,,,", "P16-2,2024,94,%,,,")
    one = indicators(told)["P35-1"]
    states = [clause["state"] for clause in told["clauses"] if clause["indicators"] and clause["number"] != 35]
    answered_ = sum(state in ("measured", "stated") for state in states)
    assert (one["numerator"], one["denominator"]) == (answered_, len(states))
    assert {clause["number"] for clause in told["clauses"] if clause["state"] == "stated"} == {16}
    optional = [one["state"] for one in told["clauses"][15]["indicators"] if one["optional"]]
    assert set(optional) == {"not-assessed"}


def test_what_a_register_measures_is_judged_and_what_is_stated_of_the_same_stands_beside_it(tmp_path):
    pipes = town.frame(
        shapely_line(0, 0, 1000, 0), shapely_line(0, 10, 600, 10), kind=["热力", "热力"], year=["2001", None]
    )
    layers = town.layers() | {"urban_area": town.frame(town.box(-2000, -2000, 2000, 2000)), "pipes": pipes}
    code, told = answered(tmp_path, "P16-1,2024,3.5,公里,,供热公司,", "P16-2,2024,94,%,,,", layers=layers)
    one = indicators(told)["P16-1"]
    assert (one["measured_by"], one["state"], one["outcome"]) == ("PI-7", "measured", "fail")
    assert one["value"] == pytest.approx(1.0, abs=1e-3)
    assert one["stated"]["value"] == 3.5
    assert one["stated"]["difference"] == pytest.approx(-2.5, abs=1e-3)
    # The second says no year: it may be as old.
    assert one["range"] == [pytest.approx(1.0, abs=1e-3), pytest.approx(1.6, abs=1e-3)]
    assert "1.60 公里" in (tmp_path / "out" / "index.html").read_text("utf-8")
    assert one["title"] == "超龄供热管网"
    assert "PI-7" not in indicators(told)
    assert code == 1
    # Where it measures nothing, what is stated counts.
    silent = town.frame(shapely_line(0, 0, 1000, 0), kind=[None], year=["2001"])
    _, told = answered(tmp_path / "silent", "P16-1,2024,0,公里,,供热公司,", layers=layers | {"pipes": silent})
    one = indicators(told)["P16-1"]
    assert (one["measured_by"], one["state"], one["value"], one["outcome"]) == (None, "stated", 0.0, "pass")


def test_an_indicator_is_measured_by_a_clause_that_is_there_and_in_its_unit(tmp_path):
    place = town.write(tmp_path / "county", town.layers())
    own = place / "rules" / "own.toml"
    own.parent.mkdir()
    words = ("[document]", 'id = "policy-own"', 'title = "自定"', 'issuer = "x"', 'date = "2026"', 'state = "current"')
    article = ("[[article]]", "number = 1", *(f'{key} = "一"' for key in ("title", "title_en", "text", "text_en")))
    clause = ("[[clause]]", 'code = "OWN-1"', 'number = "一"', 'text = "一"', 'measure = "statistics.stated"')
    for wrong in ("PI-777", "PI-8"):
        asked = f'indicators = [{{ code = "OWN-1", measured = "{wrong}" }}]'
        lines = (*words, 'certainty = "confirmed"', *article, asked, *clause, 'unit = "km"', 'limit = "none"', "")
        own.write_text("\n".join(lines), "utf-8")
        assert run("policy", place, "--document", "policy-own", "--out", tmp_path / "out") == 2
        assert not (tmp_path / "out").exists()


def test_a_figure_from_memory_decides_nothing_until_it_is_confirmed(tmp_path):
    layers = town.layers() | {
        "urban_area": town.frame(town.box(0, 0, 1000, 1000)),
        "facilities": town.frame(town.box(400, 400, 600, 600).centroid, kind=["bus_stop"]),
        "streets": town.frame(shapely_line(0, 50, 1000, 50)),
    }
    _, told = answered(tmp_path / "a", layers=layers)
    assert indicators(told)["R51328-2"]["standard"]["outcome"] == "info"
    confirmed = 'code = "150999"\nconfirmed = ["R51328-2"]'
    _, told = answered(tmp_path / "b", layers=layers, county=confirmed)
    assert indicators(told)["R51328-2"]["standard"]["outcome"] == "fail"


def test_totals_of_a_region_stand_beside_its_targets(tmp_path):
    region = {"schema": 2, "totals": [{"code": "P3-1", "value": 1.3e12, "counties": 101, "missing": []}]}
    file = tmp_path / "region.json"
    file.write_text(json.dumps(region))
    _, told = answered(tmp_path, "P3-1,2024,120,亿元,,,", more=("--region", file))
    assert indicators(told)["P3-1"]["region"]["value"] == 1.3e12
    assert "13,000" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    file.write_text(json.dumps({"schema": 2}))
    assert run("policy", tmp_path / "county", "--out", tmp_path / "out2", "--region", file) == 2
    file.write_text(json.dumps(region | {"schema": 99}))
    assert run("policy", tmp_path / "county", "--out", tmp_path / "out2", "--region", file) == 2
    assert not (tmp_path / "out2").exists()


def test_a_table_that_is_none_ends_the_run_before_anything_is_written(tmp_path, capsys):
    place = town.write(tmp_path / "county")
    with (place / "county.toml").open("a", encoding="utf-8") as file:
        file.write('[statistics]\nsource = "stat.csv"\n')
    assert run("policy", place, "--out", tmp_path / "out") == 2
    (place / "stat.csv").write_text("指标,年份,数值\nP28-1,2024,95\n", encoding="utf-8")
    assert run("policy", place, "--out", tmp_path / "out") == 2
    assert "stat.csv" in capsys.readouterr().err
    # Rows told apart by county, and a county without a code.
    (place / "stat.csv").write_text(HEAD + "P28-1,2024,95,%,,,150999\n", encoding="utf-8")
    assert run("policy", place, "--out", tmp_path / "out") == 2
    assert not (tmp_path / "out").exists()


def test_a_county_of_statistics_alone_is_answered(tmp_path):
    code, told = answered(tmp_path, "P28-1,2024,96,%,,,", layers={})
    assert code == 0
    assert indicators(told)["P28-1"]["outcome"] == "pass"
    place = tmp_path / "bare"
    place.mkdir()
    (place / "county.toml").write_text('[county]\nname = "x"\n[statistics]\nsource = "s.csv"\n', encoding="utf-8")
    (place / "s.csv").write_text(HEAD + "P28-1,2024,94,%,,,\n", encoding="utf-8")
    assert run("policy", place, "--out", tmp_path / "bare-out", "--lang", "en") == 1


@pytest.mark.parametrize(("type_", "told_as"), [("农产品主产区", "farming"), ("shrinking", "shrinking")])
def test_types_of_counties(tmp_path, type_, told_as):
    _, told = answered(tmp_path, county=f'type = "{type_}"')
    assert told["county"]["type"] == told_as


# -- what is written


def test_all_files_say_the_same(tmp_path):
    hostile = '<script>alert(1)</script>"=1+1'
    _, told = answered(
        tmp_path, f"P28-1,2024,95.5,%,,{hostile},".replace('"', ""), "P16-2,2023,90,%,,,", "P16-2,2024,94,%,,,"
    )
    out = tmp_path / "out"
    found = indicators(told)
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert 'id="row-2"' in page
    assert "2023: 90.00% → 2024: 94.00%" in page
    sheet = openpyxl.load_workbook(out / "policy.xlsx").worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    code = heads.index("代码")
    rows = {row[code]: row for row in sheet.iter_rows(min_row=2, values_only=True) if row[code]}
    assert rows.keys() == found.keys()
    assert rows["P28-1"][heads.index("数值")] == pytest.approx(95.5)
    assert rows["P28-1"][heads.index("结果")] == "达标"
    assert rows["P16-1"][heads.index("结果")] == "未评价"
    numbers = {row[0] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert numbers >= set(range(1, 38))
    words = "\n".join(
        cell.text for table in Document(str(out / "policy.docx")).tables for row in table.rows for cell in row.cells
    )
    assert "95.50%" in words
    crate = json.loads((out / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    named = {one["@id"] for one in crate["@graph"]}
    assert {"policy.json", "policy.xlsx", "policy.docx", "index.html", "./", "#run"} <= named
    root = next(one for one in crate["@graph"] if one["@id"] == "./")
    assert {part["@id"] for part in root["hasPart"]} <= {file.name for file in out.iterdir()}


def test_english_is_english(tmp_path):
    answered(tmp_path, "P28-1,2024,95.5,%,,,", more=("--lang", "en"))
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    body = re.sub(r"<style>.*?</style>|<details id=\"stated\">.*?</details>", "", page, flags=re.DOTALL)
    chinese = set(re.findall("[\u4e00-\u9fff]+", body))
    assert chinese <= {"示例镇"}


def test_a_run_can_be_repeated_over_its_own_results(tmp_path):
    answered(tmp_path, "P28-1,2024,95.5,%,,,")
    assert run("policy", tmp_path / "county", "--out", tmp_path / "out") == 0
    assert not [file for file in (tmp_path / "out").iterdir() if "kept" in file.name]


# -- the workbook to fill in


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_workbook_reads_back(tmp_path, lang):
    place = town.write(tmp_path / "county", county='code = "150999"')
    file = place / "stat.xlsx"
    assert run("statistics", file, place, "--lang", lang) == 0
    with (place / "county.toml").open("a", encoding="utf-8") as toml:
        toml.write('[statistics]\nsource = "stat.xlsx"\n')
    # Nobody filled it in: it states nothing.
    assert run("policy", place, "--out", tmp_path / "empty", "--lang", lang) == 0
    told = json.loads((tmp_path / "empty" / "policy.json").read_text(encoding="utf-8"))
    assert all(one["state"] != "stated" for one in indicators(told).values())
    assert not [warning for warning in told["warnings"] if "stat.xlsx" in warning]
    # Filled with its own examples, every row is understood.
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    keys = ("indicator", "title", "year", "value", "unit", "area", "source", "county", "articles", "meaning", "example")
    column = {key: at for at, key in enumerate(keys, 1)}
    filled = 0
    for row in range(2, sheet.max_row + 1):
        example = sheet.cell(row, column["example"]).value
        if sheet.cell(row, column["indicator"]).value and example is not None:
            sheet.cell(row, column["year"], 2024)
            sheet.cell(row, column["value"], example)
            filled += 1
    book.save(file)
    run("policy", place, "--out", tmp_path / "full", "--lang", lang)
    told = json.loads((tmp_path / "full" / "policy.json").read_text(encoding="utf-8"))
    assert not [warning for warning in told["warnings"] if "stat.xlsx" in warning]
    assert len(told["rows"]) == filled
    stated = {code: one for code, one in indicators(told).items() if one["state"] == "stated"}
    assert stated["P28-1"]["value"] == pytest.approx(0.962)
    assert stated["P7-2"]["value"] == pytest.approx(0.52)
    assert sheet.data_validations.count > 5


@pytest.mark.parametrize(("said", "value"), [("是", 1.0), ("否", 0.0), ("No", 0.0), ("1", 1.0), ("yes", 1.0)])
def test_yes_and_no_are_words(tmp_path, said, value):
    _, told = answered(tmp_path, f"P18-1,2024,{said},是/否,,,")
    assert indicators(told)["P18-1"]["value"] == value


@pytest.mark.parametrize(("said", "unit"), [("0.5", "是/否"), ("也许", ""), ("100", "%"), ("1", "比例")])
def test_what_is_neither_yes_nor_no_is_told(tmp_path, said, unit):
    _, told = answered(tmp_path, f"P18-1,2024,{said},{unit},,,")
    assert (indicators(told)["P18-1"]["value"], indicators(told)["P18-1"]["outcome"]) == (None, "not-assessed")
    assert len([one for one in told["warnings"] if "stat.csv" in one]) == 1


def test_values_of_the_workbook_are_numbers_or_words(tmp_path):
    assert run("statistics", tmp_path / "own.xlsx", "--lang", "zh") == 0
    sheet = openpyxl.load_workbook(tmp_path / "own.xlsx").worksheets[0]
    rows = {sheet.cell(row, 1).value: f"D{row}" for row in range(2, sheet.max_row + 1)}

    def asked(code):
        return [one.formula1 for one in sheet.data_validations.dataValidation if rows[code] in one.sqref]

    assert asked("P18-1") == ['"是,否,不适用"']
    assert len(asked("P28-1")) == 1
    assert "不适用" in asked("P28-1")[0]
    # A formula is meant for the first cell of its range.
    whole = next(one for one in sheet.data_validations.dataValidation if rows["P28-1"] in one.sqref)
    assert f"ISNUMBER({str(whole.sqref).split()[0].split(':')[0]})" in asked("P28-1")[0]


def test_what_layers_give_is_not_asked_for(tmp_path):
    assert run("statistics", tmp_path / "plain.xlsx", "--lang", "en") == 0
    layers = town.layers() | {"estates": town.frame(town.box(0, 0, 9, 9), year=[1990.0], done=["是"])}
    place = town.write(tmp_path / "county", layers)
    assert run("statistics", tmp_path / "own.xlsx", place, "--lang", "en") == 0
    asked = {
        name: {row[0] for row in openpyxl.load_workbook(tmp_path / name).worksheets[0].iter_rows(values_only=True)}
        for name in ("plain.xlsx", "own.xlsx")
    }
    assert "P28-1" in asked["plain.xlsx"]
    assert "R51328-1" not in asked["plain.xlsx"]
    assert "R51328-1" in asked["own.xlsx"]
    assert "RN-1" not in asked["own.xlsx"]
    assert run("statistics", tmp_path / "own.csv") == 2


def shapely_line(x0, y0, x1, y1):
    import shapely

    return shapely.LineString([(town.EAST + x0, town.NORTH + y0), (town.EAST + x1, town.NORTH + y1)])


def test_a_target_stands_in_for_no_limit_of_the_clause():
    clause = next(one for one in CLAUSES if one.code == "P28-1")
    assert not clause.limit
    assert replace(clause, limit={"at_least": 0.95}).limit == {"at_least": 0.95}
