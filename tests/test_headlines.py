"""What a run found in words: headings that promise no more than was counted."""

from dataclasses import replace

import pytest
import report_town

from gis_planning.reports.headlines import headlines
from gis_planning.results.verdicts import Reference
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
    assert said[0] == "2 of 8 residential buildings are not covered."
