"""What a terminal tells of a run: few lines, failures first, and nothing that was lost in reading left out."""

import re
from dataclasses import replace

import pytest
import report_town

from gis_planning.reports import summary, terminal
from gis_planning.results.compared import Change, Comparison
from gis_planning.texts import Lang, text


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return report_town.judged(tmp_path_factory.mktemp("county"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_many_clauses_are_told_in_few_lines_with_all_that_fail_first(run, lang: Lang):
    scorecard, clauses = run
    said = summary.scorecard(scorecard, clauses, lang).splitlines()
    whole = terminal.scorecard(scorecard, clauses, lang)
    assert len(whole.splitlines()) > summary.LINES
    # The one line that says where to look comes from the command.
    assert len(said) < summary.LINES
    failed = [one for one in scorecard.verdicts if one.outcome == "fail"]
    assert failed
    first = next(at for at, line in enumerate(said) if not line) + 1
    named = [line for line in said[first:] if any(f" {one.code} " in line for one in failed)]
    assert said[first] == named[0]
    must = [one for one in failed if one.severity != "warning"]
    assert all(any(f" {one.code} " in line for line in named) for one in must[: len(named)])


def test_the_counts_add_up(run):
    scorecard, clauses = run
    counts = summary.scorecard(scorecard, clauses, "en").splitlines()[1]
    total, *each = map(int, re.findall(r"(\d+)", re.sub(r"\(.*?\)", "", counts)))
    assert total == sum(each) == len(scorecard.verdicts)


def test_what_was_lost_in_reading_is_never_left_out(run):
    scorecard, clauses = run
    lost = [text("judge.error", fault=f"fault {at}", where=f"place {at}") for at in range(60)]
    said = summary.scorecard(replace(scorecard, warnings=tuple(lost)), clauses, "en")
    assert all(one.to("en") in said for one in lost)
    # Even then what fails is named.
    assert sum(line.startswith("fail") for line in said.splitlines()) > 0


def test_few_clauses_are_told_whole(run):
    scorecard, clauses = run
    few = replace(scorecard, verdicts=scorecard.verdicts[:2], warnings=())
    assert summary.scorecard(few, clauses, "zh") == terminal.scorecard(few, clauses, "zh")


def test_names_and_reasons_do_not_rewrite_the_console(run):
    scorecard, clauses = run
    said = summary.scorecard(replace(scorecard, name="县\x1b[2J\u202e"), clauses, "zh")
    assert "\x1b" not in said
    assert "\u202e" not in said


@pytest.mark.parametrize(
    ("outcomes", "en", "zh"),
    [
        (["not-assessed"], "Nothing was judged", "没有作出任何结论"),
        (["not-assessed", "info"], "Nothing was judged", "没有作出任何结论"),
        (["pass", "not-assessed"], "Nothing that was assessed fails.", "已评价的条款中没有不达标的。"),
        (["pass", "info"], "Nothing fails.", "没有不达标的条款。"),
    ],
)
def test_a_run_that_judged_nothing_does_not_read_as_all_clear(run, outcomes, en, zh):
    scorecard, clauses = run
    verdicts = tuple(replace(one, outcome=outcomes[at % len(outcomes)]) for at, one in enumerate(scorecard.verdicts))
    for lang, words in (("en", en), ("zh", zh)):
        lines = summary.scorecard(replace(scorecard, verdicts=verdicts), clauses, lang).splitlines()
        assert lines[lines.index("") + 1].startswith(words)


def test_the_largest_moves_since_an_earlier_run_are_told(run):
    scorecard, clauses = run
    figures = {
        "GG22-1": (0.18535, 0.08281),
        "GG22-2": (0.5, 0.4),
        "GG22-3": (0.5, 0.4),
        "CR-T01": (0.5, 0.49),
        "TL-1": (20_000.0, 10_000.0),
    }
    units = {one.code: one.unit for one in scorecard.verdicts}
    changes = tuple(
        Change(
            code, None, "changed" if code in figures else "same", unit, *figures.get(code, (1.0, 1.0)), "fail", "fail"
        )
        for code, unit in units.items()
    )
    held = replace(scorecard, compared=Comparison("2024-12-31", "0.1.0", changes))
    said = summary.scorecard(held, clauses, "en").splitlines()
    at = next(at for at, line in enumerate(said) if line.startswith("against the earlier run"))
    assert said[at].startswith(f"against the earlier run: 5 of {len(units)} figures moved, 0 ")
    assert said[at + 1 : at + 4] == [
        "  TL-1: 2.00 ha → 1.00 ha, -1.00 ha",
        "  GG22-1: 18.54% → 8.28%, -10.26 points",
        "  GG22-2, GG22-3: 50.00% → 40.00%, -10.00 points",
    ]
    assert "CR-T01: " not in "\n".join(said)
    assert len(said) < summary.LINES
