"""What a run found in words: headings that promise no more than was counted, and what has changed."""

import html
import re
from dataclasses import replace

import pytest
import report_town

from gis_planning.reports.headlines import headlines, land_wanted
from gis_planning.reports.landing import landing_page
from gis_planning.results.compared import Change, Comparison
from gis_planning.results.schema import OFFENDERS, PATCHES
from gis_planning.results.verdicts import Reference
from gis_planning.texts import text
from gis_planning.view.sheets import sheets


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    scorecard, clauses = report_town.judged(tmp_path_factory.mktemp("county"))
    return scorecard, {one.code: one for one in clauses}


def in_brief(scorecard, known, lang):
    return {one.topic: one for one in headlines(scorecard, sheets(scorecard), (), known, lang)}


def counting(scorecard, *references, people=None):
    """Return the check with these counted beside the first coverage, and so many people in each gap."""
    first = next(one for one in scorecard.verdicts if one.code == "GG22-1")
    measured = first.measured
    measured = replace(measured, references=references, offenders=measured.offenders.assign(people=people))
    return replace(scorecard, verdicts=(replace(first, measured=measured),))


def test_a_heading_says_for_whom_only_where_somebody_was_counted(run):
    scorecard, known = run
    homes, residents = Reference(6, 8, "homes"), Reference(90, 100, "population")
    for facts, people, zh, en in (
        ((), None, "缺口在哪里", "Where the gaps are"),
        ((homes,), None, "缺口在哪里、涉及多少住宅", "Where, and for how many homes"),
        ((homes, residents), None, "缺口在哪里、涉及多少人", "Where, and for whom"),
        ((homes,), 30.0, "缺口在哪里、涉及多少人", "Where, and for whom"),
    ):
        run_ = counting(scorecard, *facts, people=people)
        assert [in_brief(run_, known, lang)["where"].title for lang in ("zh", "en")] == [zh, en]
    said = in_brief(counting(scorecard, homes), known, "en")["where"].sentences
    assert said[0].startswith("By National garden city standard (2022)")
    assert said[0].endswith("(radii 300 m and 500 m): 2 of 8 residential buildings are not covered.")


def test_gaps_are_those_of_the_coverage_that_fails(run):
    scorecard, known = run
    coverages = [one for one in sheets(scorecard) if one.file and len(one.measured.offenders)]
    assert len(coverages) > 1
    for failing in coverages:
        codes = {one.code for one in failing.verdicts}
        judged = [
            replace(one, outcome="fail" if one.code in codes else "pass", severity="error", limit={"at_least": 0.8})
            for one in scorecard.verdicts
        ]
        assert in_brief(replace(scorecard, verdicts=tuple(judged)), known, "zh")["where"].page == failing.link


def test_gaps_of_a_run_held_against_an_earlier_one_are_those_of_the_coverage_that_failed_then(run):
    scorecard, known = run
    one, other = [sheet for sheet in sheets(scorecard) if sheet.file and len(sheet.measured.offenders)][:2]
    both = {verdict.code for sheet in (one, other) for verdict in sheet.verdicts}
    judged = [
        replace(v, outcome="fail" if v.code in both else "pass", severity="error", limit={"at_least": 0.8})
        for v in scorecard.verdicts
    ]
    now = replace(scorecard, verdicts=tuple(judged))
    assert in_brief(now, known, "en")["where"].page == one.link
    for failed, wanted in ((other, other), (one, one), (None, one)):
        codes = {v.code for v in failed.verdicts} if failed else set()
        changes = [
            Change(v.code, None, "same", v.unit, None, None, "fail" if v.code in codes else "pass", v.outcome)
            for v in judged
        ]
        against = replace(now, compared=Comparison("2024-12-31", "0.1.0", tuple(changes)))
        assert in_brief(against, known, "en")["where"].page == wanted.link


def since(scorecard, **moved):
    """Return the check held against an earlier run in which all is the same, but for these."""
    changes = []
    for one in scorecard.verdicts:
        same = ("same", one.unit, None, None, one.outcome, one.outcome)
        changes.append(Change(one.code, None, *moved.get(one.code.replace("-", "_"), same)))
    return replace(scorecard, compared=Comparison("2024-12-31", "0.1.0", tuple(changes)))


MOVED = {
    "GG22_2": ("changed", "share", 0.538, 0.4614, "fail", "fail"),
    "TL_1": ("changed", "m2", 20_000.0, 0.0, "fail", "pass"),
    "UB26_1": ("changed", "m2", None, 10_000.0, "not-assessed", "fail"),
}


def test_a_card_tells_what_has_changed_with_the_worst_first(run):
    scorecard, known = run
    assert "changed" not in in_brief(scorecard, known, "en")
    found = since(scorecard, **MOVED)
    told = in_brief(found, known, "en")["changed"].sentences
    rest = len(scorecard.verdicts) - len(MOVED)
    assert [one.rpartition(": ")[2] for one in told] == [
        "now 1.00 ha; not assessed → fail",
        "2.00 ha → 0.00 ha, 2.00 ha less; fail → pass",
        "53.80% → 46.14%, 7.66 points less",
        f"{rest} clauses are as before.",
    ]
    assert in_brief(found, known, "zh")["changed"].sentences[2].endswith("：53.80% → 46.14%，减少 7.66 个百分点")
    nothing = in_brief(since(scorecard), known, "en")["changed"].sentences
    assert nothing == ("Nothing has changed since.",)


def test_what_changed_in_the_layers_is_told_before_what_came_of_it(run):
    scorecard, known = run
    features = {one.layer: one.features for one in scorecard.inputs}
    found = since(scorecard, **MOVED)
    held = lambda then: replace(found, compared=replace(found.compared, features=then))
    less = in_brief(held(features | {"parks": features["parks"] + 1, "of_then": 3}), known, "zh")["changed"].sentences
    assert less[0] == f"要素数有变化的图层：公园绿地 {features['parks'] + 1} → {features['parks']}"
    same = in_brief(held(features), known, "en")["changed"].sentences
    assert same[0].endswith("not assessed → fail")


def test_the_page_lists_what_changed_alone(run):
    scorecard, known = run
    page = landing_page(since(scorecard, **MOVED), sheets(scorecard), [], known.values(), "en")
    section = page[page.index('<section id="comparison">') :].partition("</section>")[0]
    heads = re.findall(r'<tr><th scope="row">(\S+) <span class="small">([^<]+)</span></th>', section)
    assert heads == [(code, html.escape(known[code].number("en"))) for code in ("UB26-1", "TL-1", "GG22-2")]
    # An outcome that is as it was stands there once.
    assert [row.count('class="outcome') for row in section.split("<tr>")[2:]] == [2, 2, 1]
    assert f"{len(scorecard.verdicts) - len(MOVED)} clauses are as before." in section
    same = landing_page(since(scorecard), sheets(scorecard), [], known.values(), "en")
    section = same[same.index('<section id="comparison">') :].partition("</section>")[0]
    assert "<table" not in section


def test_the_page_tells_a_reason_once_with_its_clauses_and_has_no_card_of_what_was_not_assessed_at_all(run):
    scorecard, known = run
    reason = text("judge.error", fault="no parks", where="here")
    lost = [one.code for one in scorecard.verdicts if one.code.startswith("CR-")]
    verdicts = tuple(
        replace(one, outcome="not-assessed", measured=None, reason=reason) if one.code in lost else one
        for one in scorecard.verdicts
    )
    found = replace(scorecard, verdicts=verdicts)
    page = landing_page(found, sheets(found), [], known.values(), "en")
    section = page[page.index('<section id="gaps">') :].partition("</section>")[0]
    assert section.count(html.escape(reason.to("en"))) == 1
    # The reason of most clauses stands first, its codes behind a fold.
    first = section.partition("<details>")[2].partition("</details>")[0]
    summary, _, folded = first.partition("</summary>")
    assert f"{len(lost)} clauses" in summary
    assert "CR-" not in summary
    assert all(code in folded for code in lost)
    cards = page[page.index('<section id="cards"') : page.index('<section id="verdicts"')]
    title = next(one["title_en"] for one in scorecard.documents if one["id"] == "circle-rural")
    line = next(one for one in cards.splitlines() if "Nothing could be assessed of:" in one)
    assert title in line
    assert cards.count(title) == 1


def test_a_coverage_that_fails_says_how_much_more_land_that_is(run):
    scorecard, known = run
    first = next(one for one in scorecard.verdicts if one.code == "GG22-1")
    held = replace(first.measured, value=0.7, numerator=700_000.0, denominator=1_000_000.0)
    failing = replace(first, outcome="fail", limit={"at_least": 0.8}, margin=-0.1, measured=held)
    said = {
        lang: in_brief(replace(scorecard, verdicts=(failing,)), known, lang)["fails"].sentences[0]
        for lang in ("zh", "en")
    }
    assert said["zh"].endswith("尚差 10.00 个百分点，即还需覆盖约 10.00 公顷")
    assert said["en"].endswith("10.00 points short, that is about 10.00 ha more to cover")
    assert land_wanted(replace(failing, limit={"more_than": 0.75})) == pytest.approx(50_000)
    for other in (
        replace(failing, outcome="pass"),
        replace(failing, limit={"at_most": 0.5}),
        replace(failing, measured=replace(held, counted="villages")),
        replace(failing, measured=replace(held, numerator=900_000.0)),
        replace(failing, measured=None),
    ):
        assert land_wanted(other) is None
    # A share of land that nothing covers is no coverage.
    plots = replace(held, schema=dict(held.schema) | {OFFENDERS: PATCHES})
    assert land_wanted(replace(failing, measured=plots)) is None
