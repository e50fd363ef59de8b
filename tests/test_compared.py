"""What became of what an earlier run judged: new, gone, changed or the same, and how it is told."""

import json
from dataclasses import replace

import pytest
import test_review
import town

from gis_planning import texts
from gis_planning.results.compared import Change, Comparison, compare_check
from gis_planning.results.verdicts import Measured, Part, Verdict
from gis_planning.texts import text
from gis_planning.view import compared


def verdict(code, served, of, parts=()):
    measured = Measured.share(served, of, "square_metre", offenders=town.frame(), parts=parts)
    reason = text("report.reason")
    return Verdict(code, "own", "green.x", {}, "error", "fail", "share", {}, reason, measured=measured)


def earlier(folder, *verdicts):
    told = {"county": {"data_date": "2024-12-31"}, "program": {"version": "0.0.1"}, "verdicts": verdicts}
    (folder / "scorecard.json").write_text(json.dumps(told), encoding="utf-8")
    return folder


def before(code, value, unit="share", outcome="fail", **districts):
    parts = [{"name": name, "value": one} for name, one in districts.items()]
    return {"code": code, "value": value, "unit": unit, "outcome": outcome, "districts": parts}


def test_every_clause_and_district_of_either_run_is_new_gone_changed_or_the_same(tmp_path):
    old = earlier(tmp_path, before("A", 0.5, East=0.25, West=0.75, South=1.0), before("G", 7, "count", East=7))
    parts = (Part(1, 2, "East"), Part(3, 4, "West"), Part(1, 10, None))
    found = compare_check((verdict("A", 1, 2, parts), verdict("N", 1, 4)), old)
    assert (found.data_date, found.version) == ("2024-12-31", "0.0.1")
    assert [(one.code, one.place, one.kind, one.delta) for one in found.changes] == [
        ("A", None, "same", 0),
        ("A", "East", "changed", 0.25),
        ("A", "West", "same", 0),
        ("A", "", "new", None),
        ("A", "South", "gone", None),
        ("N", None, "new", None),
        # Of a clause that is judged no more only the figure of the county is told.
        ("G", None, "gone", None),
    ]
    gone = found.to_json()[-1]
    assert gone == {
        "code": "G",
        "district": None,
        "before": 7,
        "after": None,
        "outcome_before": "fail",
        "outcome_after": None,
        "delta": None,
    }


def test_an_outcome_that_turned_is_a_change(tmp_path):
    (one,) = compare_check((verdict("A", 1, 2),), earlier(tmp_path, before("A", 0.5, outcome="pass"))).changes
    assert (one.kind, one.outcome_before, one.outcome_after) == ("changed", "pass", "fail")


def test_figures_are_told_in_the_unit_of_their_clause_and_apart_where_that_is_asked(tmp_path):
    old = earlier(tmp_path, before("A", 0.800004, East=0.5), before("G", 7, "count"), before("H", 7, "of a later day"))
    part, no_district = Part(1, 2, "East"), Part(1, 2, None)
    found = compare_check((verdict("A", 4, 5, (part, no_district)),), old).changes
    whole, _, nowhere, counted, unknown = found
    assert compared.figures(whole, "en") == ("80.0004%", "80.0000%", "-0.0004 points")
    assert compared.figures(counted, "zh")[0] == "7 处"
    # What was counted in a unit that this program does not know is still told.
    assert (unknown.unit, unknown.before) == ("share", 7)
    assert [compared.place(one, "zh") for one in (whole, nowhere)] == ["全域", "不在任何分区内"]


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [
        (("甲县", "150001"), ("乙县", "150001"), "then 甲县 (150001); now 乙县 (150001)"),
        (("甲县", "150001"), ("甲县", "150002"), "then 甲县 (150001); now 甲县 (150002)"),
        (("甲县", None), ("乙县", "150002"), "then 甲县; now 乙县 (150002)"),
        (("甲县", "150001"), ("甲县", "150001"), None),
        # Of a code that one of them does not say nothing follows, and of a name that is not said.
        (("甲县", None), ("甲县", "150002"), None),
        ((None, None), ("甲县", None), None),
    ],
)
def test_a_run_of_another_county_is_told_with_both_names(then, now, told):
    said = [one.to("en") for one in Comparison(None, None, (), county=then).elsewhere(*now)]
    assert [one.split(": ")[-1] for one in said] == ([told] if told else [])


def test_check_and_review_warn_of_a_run_of_another_county(tmp_path):
    plots = test_review.parcel(*test_review.IN_TOWN)
    folders = [test_review.county(tmp_path / str(at)).folder for at in range(2)]
    file = folders[1] / "county.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("示例镇", "另一镇"), encoding="utf-8")
    plots.to_file(tmp_path / "p.gpkg")
    for command, words, name in (
        ("check", (), "scorecard.json"),
        ("review", (tmp_path / "p.gpkg",), "review.json"),
    ):
        found = []
        for folder, compare in ((folders[0], ()), (folders[0], (0,)), (folders[1], (0,))):
            out = tmp_path / f"{command}-{len(found)}"
            old = [one for _ in compare for one in ("--compare", tmp_path / f"{command}-0")]
            assert test_review.run(command, folder, *words, "--out", out, *old) in (0, 1)
            told = json.loads((out / name).read_text(encoding="utf-8"))["warnings"]
            found.append([one for one in told if "另一个县" in one])
        assert [len(one) for one in found] == [0, 0, 1]
        assert "上次为 示例镇；本次为 另一镇" in found[2][0]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("version", ["0.1.0", None])
@pytest.mark.parametrize("date", ["2024-12-31", None])
def test_a_run_that_states_no_date_is_named_in_a_sentence(date, version, lang):
    said = compared.run_named(Comparison(date, version, ()), lang)
    assert said.endswith({"zh": "。", "en": "."}[lang])
    assert "None" not in said
    assert all(one in said for one in (date, version) if one)
    # What stands for a missing date in a table is no date of which data could be.
    assert texts.say("map.no_date", "en") not in said
    assert ("日期 " in said or "data of" in said) == bool(date)


def change(code, before, after, *, place=None, outcomes=("fail", "fail"), unit="share"):
    same = (before, outcomes[0]) == (after, outcomes[1])
    return Change(code, place, "same" if same else "changed", unit, before, after, *outcomes)


def test_only_what_moved_is_told_the_worst_first_and_the_rest_is_counted():
    nowhere = (None, None)
    found = Comparison(
        "2024-12-31",
        "0.1.0",
        (
            change("still", 0.5, 0.5, outcomes=("not-assessed", "not-assessed")),
            change("also still", None, None),
            Change("gone", None, "gone", "share", 0.9, None, "fail", None),
            change("rose", 0.5, 0.75),
            change("fell a little", 0.5, 0.49),
            change("fell a little", 0.5, 0.1, place="West", outcomes=nowhere),
            change("fell a little", 0.5, 0.5, place="East", outcomes=nowhere),
            change("mended", 0.8, 0.9, outcomes=("fail", "pass")),
            change("fell", 0.538, 0.4614),
            change("more faults", 4.0, 8.0, unit="count"),
            change("broke", 0.9, 0.89, outcomes=("pass", "fail")),
        ),
    )
    ceiling = replace(verdict("more faults", 1, 2), limit={"at_most": 0})
    told = [(one.code, one.place) for one in compared.moved(found, [ceiling])]
    assert told == [
        ("broke", None),
        ("mended", None),
        ("more faults", None),
        ("fell", None),
        ("fell a little", None),
        ("fell a little", "West"),
        ("rose", None),
    ]
    assert compared.unmoved(found, "en") == "2 clauses are as before."
    assert compared.unmoved(found, "zh") == "有 2 条与上次相同。"
    assert compared.unmoved(replace(found, changes=found.changes[:1]), "en") == "Nothing has changed since."
    assert compared.unmoved(replace(found, changes=found.changes[3:5]), "en") == ""


@pytest.mark.parametrize(
    ("value", "outcome", "kind"),
    [
        (0.5 * (1 + 1e-9), "fail", "same"),
        (0.5 * (1 + 1e-9), "pass", "changed"),
        (0.5 * (1 + 1e-6), "fail", "changed"),
        (None, "fail", "changed"),
    ],
)
def test_a_figure_that_differs_in_its_last_digits_has_not_moved(tmp_path, value, outcome, kind):
    old = earlier(tmp_path, before("A", value, outcome=outcome))
    (one,) = compare_check((verdict("A", 1, 2),), old).changes
    assert (one.kind, one.outcome_after) == (kind, "fail")
    if outcome == "pass":
        assert compared.figures(one, "en") == ("50.00%", "50.00%", "0.00 points")
        assert compared.became(one, "en") == "pass → fail"
    # Other tools get what was measured.
    assert one.to_json()["before"] == value


@pytest.mark.parametrize(
    ("then", "now", "unit", "told"),
    [
        (0.18535, 0.08281, "share", ("18.54%", "8.28%", "-10.26 points")),
        (21.0, 15_210.0, "m2", ("0.0021 ha", "1.52 ha", "+1.5179 ha")),
        (1_000.0, 3_500.0, "count", ("1,000", "3,500", "+2,500")),
        (None, 3.0, "count", ("-", "3", "-")),
        (0.800004, 0.8, "share", ("80.0004%", "80.0000%", "-0.0004 points")),
    ],
)
def test_the_figures_of_a_row_add_up_for_a_reader(then, now, unit, told):
    assert compared.figures(change("A", then, now, unit=unit), "en") == told
