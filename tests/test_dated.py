"""What holds on a day: figures by date, documents in force, and documents that run only where they are named."""

import json

import own_rules
import pytest
import town
from own_rules import read
from refusals import refused

from gis_planning import cli
from gis_planning.county.opened import open_county
from gis_planning.errors import RuleError
from gis_planning.judging import cases, judge, rulebook
from gis_planning.judging.dated import today
from gis_planning.reports import terminal

DOCUMENT = own_rules.DOCUMENT.replace("2026-01-01", "2020-01-01")
RADIUS = 'small_radius_m = [{ from = "2021-01-01", value = 300 }, { from = "2026-01-01", value = 250 }]'
LIMIT = """
at_least = [{ from = "2021-01-01", value = 0.50 }, { from = "2024-01-01", value = 0.55 }, { from = "9000-01-01", value = 0.9 }]
"""  # noqa: E501 - as one line in a document
CLAUSE = own_rules.CLAUSE.replace("small_radius_m = 300", RADIUS).replace("\nat_least = 0.5\n", LIMIT)


def on(day, text=DOCUMENT + CLAUSE):
    return rulebook.chosen(read(text), rules=None, as_of=day)


def folder_with(tmp_path, *documents):
    folder = town.write(tmp_path)
    (folder / "rules").mkdir()
    for at, text in enumerate(documents):
        (folder / "rules" / f"own{at}.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("day", "radius", "limit"),
    [
        ("2021-01-01", 300, 0.5),
        ("2023-12-31", 300, 0.5),
        ("2024-01-01", 300, 0.55),
        ("2025-12-31", 300, 0.55),
        ("2026-01-01", 250, 0.55),
        ("9000-01-01", 250, 0.9),
    ],
)
def test_a_figure_by_date_is_the_one_in_force(day, radius, limit):
    (one,) = on(day)
    assert (one.settings["small_radius_m"], one.limit) == (radius, {"at_least": limit})


def test_a_clause_did_not_hold_before_its_first_figure():
    assert on("2020-12-31") == ()
    later = DOCUMENT + CLAUSE.replace("2021-01-01", "2023-06-01", 1)
    assert on("2023-05-31", later) == ()
    assert len(on("2023-06-01", later)) == 1
    # Named or not, with or without a day.
    future = DOCUMENT + CLAUSE.replace("2021-01-01", "8000-01-01", 1).replace("2026-01-01", "8001-01-01", 1)
    assert rulebook.chosen(read(future), rules=["own"]) == ()


def test_without_a_day_the_newest_that_is_not_after_today_holds():
    assert today() > "2026-01-01"
    (one,) = on(None)
    assert (one.settings["small_radius_m"], one.limit) == (250, {"at_least": 0.55})


def test_the_verdict_holds_the_value_that_was_used(tmp_path):
    county = open_county(folder_with(tmp_path, DOCUMENT + CLAUSE))
    early, late = (
        judge.check(county, judge.clauses_for(county, ["own"], day), as_of=day).to_json("en")
        for day in ("2022-05-01", "2026-05-01")
    )
    assert [one["as_of"] for one in (early, late)] == ["2022-05-01", "2026-05-01"]
    assert early["verdicts"][0]["settings"]["small_radius_m"] == 300
    assert early["verdicts"][0]["limit"] == {"at_least": 0.5}
    assert early["verdicts"][0]["outcome"] == "pass"  # 42 / 82 = 0.512
    assert late["verdicts"][0]["settings"]["small_radius_m"] == 250
    assert late["verdicts"][0]["outcome"] == "fail"


def test_explain_shows_all_values_with_their_days():
    (one,) = read(DOCUMENT + CLAUSE)
    said = " ".join(terminal.clause_page(one, "en").split())
    assert ">= 50% from 2021-01-01; >= 55% from 2024-01-01; >= 90% from 9000-01-01" in said.replace("≥", ">=")
    assert "small_radius_m = 300 from 2021-01-01; 250 from 2026-01-01" in said
    assert "2024-01-01 起 >= 55%" in terminal.clause_page(one, "zh").replace("≥", ">=")
    listed = terminal.clause_list([one], "en")
    assert "= 50%" not in listed.replace("≥", "=")
    assert "55%" in listed


def test_a_list_that_is_no_figure_by_date_is_a_setting_as_before():
    tiers = next(one for one in rulebook.load() if one.measure == "green.tiered_coverage")
    assert tiers.dated == {}
    assert len(tiers.settings["tiers"]) > 1


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ('[{ from = "2021-1-1", value = 300 }]', "rules.dated_day"),
        ('[{ from = "2021-02-30", value = 300 }]', "rules.dated_day"),
        ('[{ from = "soon", value = 300 }]', "rules.dated_day"),
        ("[{ from = 2021-01-01, value = 300 }]", "rules.dated_day"),
        ("[{ from = 2021, value = 300 }]", "rules.dated_day"),
        ('[{ from = "2021-01-01" }]', "rules.dated"),
        ("[{ value = 300 }]", "rules.dated"),
        ('[{ from = "2021-01-01", value = 300, note = "x" }]', "rules.dated"),
        ('[{ from = "2021-01-01", value = 300 }, 250]', "rules.dated"),
        ('[{ from = "2021-01-01", value = 300 }, { from = "2020-01-01", value = 250 }]', "rules.dated_order"),
        ('[{ from = "2021-01-01", value = 300 }, { from = "2021-01-01", value = 250 }]', "rules.dated_order"),
        ('[{ from = "2021-01-01", value = 300 }, { from = "2026-01-01", value = -1 }]', "rules.bad_setting"),
        ('[{ from = "2021-01-01", value = 300 }, { from = "2026-01-01", value = "250" }]', "rules.bad_setting"),
        ('[{ from = "2021-01-01", value = [{ from = "2021-01-01", value = 300 }] }]', "rules.bad_setting"),
        ("[]", "rules.bad_setting"),
    ],
)
def test_a_figure_by_date_that_does_not_fit_is_refused_with_file_and_clause(value, key):
    assert RADIUS in CLAUSE
    said = refused(RuleError, key, read, DOCUMENT + CLAUSE.replace(RADIUS, f"small_radius_m = {value}"))
    assert "own.toml, OWN-1" in said


def test_a_limit_by_date_is_held_to_the_range_of_its_unit():
    for old, new in (("value = 0.9 }", "value = 90 }"), ("value = 0.50", "value = true")):
        assert old in CLAUSE
        refused(RuleError, "rules.limit_range", read, DOCUMENT + CLAUSE.replace(old, new))
    refused(RuleError, "rules.limit", read, DOCUMENT + CLAUSE + 'limit = "none"\n')
    refused(RuleError, "rules.unknown_setting", read, DOCUMENT + CLAUSE.replace("small_radius_m", "radius_m"))


def test_a_row_can_fill_a_figure_by_date():
    rows = 'for_each = [{ n = "1", most = 0.5 }, { n = "2", most = 0.6 }]\n'
    family = CLAUSE.replace('code = "OWN-1"', f'{rows}code = "OWN-{{n}}"').replace("value = 0.50", 'value = "{most}"')
    assert [one.limit["at_least"] for one in on("2022-01-01", DOCUMENT + family)] == [0.5, 0.6]


# -- what follows for projects, by day

RULE = """otherwise = [{ from = "2021-01-01", value = "conditional" }, { from = "2024-01-01", value = "fail" }]
conditional_for = [{ from = "2022-01-01", value = [] }, { from = "2026-01-01", value = ["linear"] }]
"""
LINE = own_rules.LINE_CLAUSE.replace("[clause.projects]\n", f"[clause.projects]\n{RULE}")


@pytest.mark.parametrize(
    ("day", "otherwise", "conditional_for"),
    [
        ("2022-01-01", "conditional", []),
        ("2023-12-31", "conditional", []),
        ("2024-01-01", "fail", []),
        ("2025-12-31", "fail", []),
        ("2026-01-01", "fail", ["linear"]),
        (None, "fail", ["linear"]),
    ],
)
def test_what_follows_for_projects_is_that_of_the_day(day, otherwise, conditional_for):
    (one,) = on(day, DOCUMENT + LINE)
    assert (one.projects.otherwise, one.projects.conditional_for) == (otherwise, conditional_for)
    assert (one.projects.unknown, one.projects.tolerance_width_m) == ("fail", 0.5)


def test_a_clause_did_not_hold_before_every_key_of_its_projects_has_a_value():
    assert on("2021-12-31", DOCUMENT + LINE) == ()


def test_a_case_sees_what_follows_on_its_day():
    given = "given = { projects = [{ activity = 'urban', to_m = 110 }], "
    given += "lines = [{ layer = 'ecological_redline', from_m = 100, to_m = 300 }] }\n"
    told = "".join(
        f'[[clause.case]]\nas_of = "{day}"\n{given}outcome = "{outcome}"\n'
        for day, outcome in (("2023-12-31", "conditional"), ("2024-01-01", "fail"))
    )
    found = list(cases.run(read(DOCUMENT + LINE + told)))
    assert [(one.got["outcome"], one.holds) for one in found] == [("conditional", True), ("fail", True)]
    swapped = told.replace('"conditional"', '"x"').replace('"fail"', '"conditional"').replace('"x"', '"fail"')
    assert [one.holds for one in cases.run(read(DOCUMENT + LINE + swapped))] == [False, False]
    early = told.replace("2023-12-31", "2021-12-31")
    refused(RuleError, "rules.case_too_early", read, DOCUMENT + LINE + early)


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        ('value = "fail"', 'value = "forbidden"', "rules.bad_value", "projects.otherwise"),
        # A value that no day can show is looked at as well.
        ('value = "conditional"', 'value = "forbidden"', "rules.bad_value", "projects.otherwise"),
        ('["linear"]', '["linera"]', "rules.bad_value", "projects.conditional_for"),
        ('"2024-01-01"', '"2024-02-30"', "rules.dated_day", "projects.otherwise"),
        ('"2024-01-01"', '"2020-01-01"', "rules.dated_order", "projects.otherwise"),
        (', value = "fail"', "", "rules.dated", "projects.otherwise"),
        ("otherwise =", "otherwies =", "rules.unknown_key", "projects.otherwies"),
        (
            "tolerance_area_m2 = 20",
            'tolerance_area_m2 = [{ from = "2021-01-01", value = 20 }, { from = "2025-01-01", value = 10001 }]',
            "rules.bad_value",
            "projects.tolerance_area_m2",
        ),
    ],
)
def test_what_follows_by_date_that_does_not_fit_is_refused_with_file_and_clause(old, new, key, words):
    assert old in LINE
    said = refused(RuleError, key, read, DOCUMENT + LINE.replace(old, new))
    assert "own.toml, OWN-9" in said
    assert words in said


# -- documents by day

OLD = DOCUMENT.replace('"own"', '"old"').replace('"current"', '"superseded"')
SINCE = CLAUSE.replace("OWN-1", "OLD-1")


def test_a_check_as_of_a_day_takes_the_documents_in_force_then():
    ids = lambda day: {one.document.id for one in rulebook.chosen(rulebook.load(), rules=None, as_of=day)}
    assert "green-checkup2021" in ids("2021-12-31")
    assert "green-checkup2022plus" not in ids("2021-12-31")
    assert "green-checkup2021" not in ids("2022-01-01")
    assert "green-checkup2022plus" in ids("2022-01-01")
    assert {"redline-farmland_2018"} == ids("2025-09-30") & {"redline-farmland_2018", "redline-farmland_order17"}
    assert {"redline-farmland_order17"} == ids("2025-10-01") & {"redline-farmland_2018", "redline-farmland_order17"}
    # What no authority issued holds on any day, a draft on none.
    assert ids("1950-01-01") == {"quality-layers"}
    assert "green-draft_green_plan" not in ids("2026-01-01")


def test_every_superseded_document_that_ships_says_until_when_it_held():
    papers = {clause.document.id: clause.document for clause in rulebook.load()}
    assert [one.id for one in papers.values() if one.state == "superseded" and not one.until] == []


def test_a_superseded_document_that_does_not_say_until_when_is_refused_where_it_matters():
    clauses = read(OLD + SINCE) + read(DOCUMENT + CLAUSE)
    said = refused(RuleError, "rules.no_until", rulebook.chosen, clauses, rules=None, as_of="2022-01-01")
    assert "old" in said
    assert "until" in said
    # It does not matter before it was issued, without a day, where it is named, and where others are asked for.
    codes = lambda **how: [one.code for one in rulebook.chosen(clauses, **{"rules": None, **how})]
    assert codes(as_of="2019-12-31") == []
    assert codes() == ["OWN-1"]
    assert codes(rules=["old"], as_of="2022-01-01") == ["OLD-1"]
    assert codes(only=["own"], as_of="2022-01-01") == ["OWN-1"]
    assert codes(only=["old"], as_of="2022-01-01") == ["OLD-1"]
    assert codes(projects=True, as_of="2022-01-01") == []
    for until, held in (("2023-03-01", 1), ("2022", 0), ("2023", 1), ("2022-01", 0), ("2022-02", 1)):
        dated = read(OLD + f'until = "{until}"\n' + SINCE)
        assert len(rulebook.chosen(dated, rules=None, as_of="2022-01-01")) == held, until
    for wrong in ("2022-13", "22", "2022-2023", "never", "2019", "2020-01-01"):
        refused(RuleError, "rules.bad_value", read, OLD + f'until = "{wrong}"\n' + SINCE)


def test_a_document_that_runs_when_named_is_left_out_of_a_plain_run():
    clauses = read(DOCUMENT + 'run = "named"\n' + CLAUSE)
    codes = lambda **how: [one.code for one in rulebook.chosen(clauses, **{"rules": None, **how})]
    assert codes() == codes(as_of="2022-01-01") == codes(only=["green"]) == []
    assert codes(rules=["own"]) == codes(only=["own"]) == codes(rules=["own"], only=["green"]) == ["OWN-1"]
    assert [one.code for one in rulebook.chosen(read(DOCUMENT + 'run = "always"\n' + CLAUSE), rules=None)] == ["OWN-1"]
    refused(RuleError, "rules.bad_value", read, DOCUMENT + 'run = "never"\n' + CLAUSE)
    assert "only where it is named" in terminal.clause_list(clauses, "en")
    assert "仅在指名时评价" in terminal.clause_page(clauses[0], "zh")


def run(*words):
    with pytest.raises(SystemExit) as left:
        cli.main([str(word) for word in words])
    return left.value.code


def test_check_as_of_at_the_command_line(tmp_path, capsys):
    folder = folder_with(tmp_path / "county", DOCUMENT + CLAUSE)
    out = tmp_path / "out"
    assert run("check", folder, "--only", "own", "--as-of", "2022-05-01", "--out", out, "--lang", "en") == 0
    assert "2022-05-01" in capsys.readouterr().out
    assert json.loads((out / "scorecard.json").read_text(encoding="utf-8"))["as_of"] == "2022-05-01"
    assert "2022-05-01" in (out / "index.html").read_text(encoding="utf-8")
    assert run("check", folder, "--only", "own", "--out", out, "--lang", "en") == 1
    assert json.loads((out / "scorecard.json").read_text(encoding="utf-8"))["as_of"] == today()
    capsys.readouterr()
    assert run("check", folder, "--only", "own", "--as-of", "2020-05-01", "--out", out, "--lang", "en") == 2
    assert "2020-05-01" in capsys.readouterr().err
    assert run("check", folder, "--as-of", "2022-02-30", "--out", out, "--lang", "en") == 2
    assert "2022-02-30" in capsys.readouterr().err
