"""How sure figures are: what stands from memory decides nothing until a county has confirmed it."""

import json

import pytest
import town
from own_rules import CLAUSE, DOCUMENT, LINE_CLAUSE, read

from gis_planning.cli import main
from gis_planning.county.opened import open_county
from gis_planning.errors import RuleError
from gis_planning.judging import judge
from gis_planning.results import review_json

LINE = "ecological_redline"
FROM_MEMORY = 'certainty = "from-memory"\n'


def opened(folder, text, *, county=""):
    place = town.write(folder, county=county)
    (place / "rules").mkdir()
    (place / "rules" / "own.toml").write_text(text, encoding="utf-8")
    return open_county(place)


def run(*words):
    with pytest.raises(SystemExit) as ended:
        main([str(word) for word in words])
    return ended.value.code


def judged(folder, text, *, county=""):
    held = opened(folder, text, county=f'rules = ["own"]\n{county}')
    (verdict,) = judge.check(held, judge.clauses_for(held)).verdicts
    return verdict


def with_certainty(word):
    return CLAUSE + f'certainty = "{word}"\n'


@pytest.mark.parametrize("limit", [0.01, 0.99])
def test_a_limit_from_memory_is_shown_with_its_margin_and_decides_nothing(tmp_path, limit):
    text = DOCUMENT + with_certainty("from-memory").replace("at_least = 0.5", f"at_least = {limit}")
    sure = judged(tmp_path / "sure", text.replace(FROM_MEMORY, ""))
    assert sure.outcome == ("pass" if limit == 0.01 else "fail")
    verdict = judged(tmp_path / "memory", text)
    assert (verdict.outcome, verdict.limit, verdict.margin) == ("info", {"at_least": limit}, sure.margin)
    assert "OWN-1" in verdict.reason.to("en")
    assert "confirmed" in verdict.reason.to("zh")
    told = judged(tmp_path / "confirmed", text, county='confirmed = ["OWN-1"]')
    assert (told.outcome, told.reason.to("en")) == (sure.outcome, sure.reason.to("en"))


def test_a_whole_document_from_memory_and_a_clause_of_it_that_is_sure(tmp_path):
    document = DOCUMENT.replace('certainty = "confirmed"', 'certainty = "from-memory"')
    assert "from-memory" in document
    assert judged(tmp_path / "all", document + CLAUSE).outcome == "info"
    assert judged(tmp_path / "one", document + with_certainty("confirmed")).outcome == "pass"


def test_a_clause_to_be_confirmed_in_a_sure_document_is_judged_and_marked(tmp_path):
    verdict = judged(tmp_path, DOCUMENT + with_certainty("to-confirm"))
    assert verdict.outcome == "pass"
    assert verdict.reason.to("zh").endswith("（限值待核实）")
    assert verdict.reason.to("en").endswith("(limit to be confirmed)")


def test_a_code_that_is_none_cannot_be_confirmed(tmp_path):
    held = opened(tmp_path, DOCUMENT + CLAUSE, county='confirmed = ["OWN-7"]')
    with pytest.raises(RuleError, match="OWN-7") as refused:
        judge.clauses_for(held)
    assert "OWN-1" in str(refused.value)


def test_a_certainty_that_is_none_is_refused():
    with pytest.raises(RuleError, match="certainty"):
        read(DOCUMENT + with_certainty("rather"))


def test_projects_neither_break_nor_meet_a_limit_from_memory(tmp_path):
    on, off = town.box(0, 0, 40, 40), town.box(300, 0, 340, 40)
    lines = {
        "projects": town.frame(on, off, id=["A", "B"]),
        LINE: town.frame(town.box(-100, -100, 20, 90)),
    }
    memory = LINE_CLAUSE.replace("at_most = 0\n", f"at_most = 0\n{FROM_MEMORY}")
    outcomes = {}
    for name, clause, county in (
        ("sure", LINE_CLAUSE, ""),
        ("memory", memory, ""),
        ("told", memory, 'confirmed = ["OWN-9"]'),
    ):
        place = town.write(tmp_path / name, town.layers() | lines, county=f'rules = ["own"]\n{county}')
        (place / "rules").mkdir()
        (place / "rules" / "own.toml").write_text(DOCUMENT + clause, encoding="utf-8")
        assert run("review", place, "--out", tmp_path / "out" / name, "--lang", "en") == (name != "memory")
        told = review_json.whole(json.loads((tmp_path / "out" / name / "review.json").read_text(encoding="utf-8")))
        outcomes[name] = [line["outcome"] for one in told["parcels"] for line in one["lines"] if line["line"] == LINE]
    assert outcomes == {"sure": ["fail", "pass"], "memory": ["info", "info"], "told": ["fail", "pass"]}


def test_commands_tell_what_a_limit_from_memory_is(tmp_path, capsys):
    held = opened(tmp_path, DOCUMENT + with_certainty("from-memory"))
    assert run("list", "--county", held.folder, "--lang", "en") == 0
    assert "[not held against the document]" in capsys.readouterr().out
    assert run("check", held.folder, "--only", "own", "--out", tmp_path / "out", "--lang", "en") == 0
    (told,) = json.loads((tmp_path / "out" / "scorecard.json").read_text(encoding="utf-8"))["verdicts"]
    assert (told["outcome"], told["limit"]) == ("info", {"at_least": 0.5})
    assert told["margin"] is not None
