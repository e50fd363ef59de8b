"""Cases of redlines, boundaries and vacant land: what is no number matters too, and a county's own lines have cases."""

import copy

import pytest
from own_rules import DOCUMENT, LINE_CLAUSE, read
from test_cases import AS_SHIPPED, MEMORY, SHIPPED

from gis_planning.conventions.activities import activities
from gis_planning.errors import RuleError
from gis_planning.judging import cases, rulebook
from gis_planning.judging.clause_rows import expanded
from gis_planning.judging.rule_tables import ProjectRule

#: The clauses of each document, those of families one by one.
CLAUSES = {name: expanded(table["clause"], table.get("each", {}), name) for name, table in SHIPPED.items()}
DOCUMENTS = [name for name in SHIPPED if name.startswith(("redline-", "vacant-"))]


def bound(name, at, **changed):
    """Return a clause of a shipped document as it would be with something changed."""
    clause = copy.deepcopy(CLAUSES[name][at]) | changed
    return rulebook.bind_document({"document": SHIPPED[name]["document"], "clause": [clause]}, name)[0]


def broken(clause):
    return [case.number for case in clause.cases if not cases.tried(clause, case, MEMORY).holds]


def outcome_for(rule, activity):
    rule = ProjectRule.model_validate(rule)
    if activity in rule.pass_for:
        return "pass"
    return "conditional" if activity in rule.conditional_for else rule.otherwise


def rule_changes():
    """Yield every activity taken off its list, and every other answer to the two questions the lists leave open.

    Where nothing follows but a hint (`limit = "none"`) the rule's answers are never asked for.
    """
    for name in DOCUMENTS:
        for at, entry in enumerate(CLAUSES[name]):
            rule = entry.get("projects")
            if rule is None or entry.get("limit") == "none":
                continue
            for key in ("pass_for", "conditional_for"):
                for one in rule.get(key, []):
                    changed = rule | {key: [other for other in rule[key] if other != one]}
                    if outcome_for(changed, one) != outcome_for(rule, one):
                        yield name, at, f"{key} - {one}", changed
            listed = {*rule.get("pass_for", []), *rule.get("conditional_for", [])}
            # Where every activity is listed, or is one that means the same, nothing else is left.
            for key in ("unknown", "otherwise") if {*activities()} - listed else ("unknown",):
                for other in sorted({"fail", "conditional", "pass"} - {rule.get(key, "fail")}):
                    yield name, at, f"{key} = {other}", rule | {key: other}


CHANGES = list(rule_changes())


@pytest.mark.parametrize(
    ("name", "at", "said", "rule"), CHANGES, ids=[f"{one[0]}-{one[1]}-{one[2]}" for one in CHANGES]
)
def test_what_follows_for_projects_is_tried(name, at, said, rule):
    assert broken(bound(name, at, projects=rule))


@pytest.mark.parametrize("name", ["redline-boundary_193", "redline-boundary_2026"])
@pytest.mark.parametrize(("at", "zone"), [(1, "430"), (2, "420")])
def test_zones_are_tried(name, at, zone):
    assert broken(bound(name, at, where={"zone": [zone]}))


def test_the_core_of_the_redline_is_tried():
    assert broken(bound("redline-ecology_142", 0, where={}))
    assert broken(bound("redline-ecology_142", 1, where={"core": ["true"]}))


@pytest.mark.parametrize("at", [2, 3])
@pytest.mark.parametrize("moved", ["2025-12-30", "2026-01-01"])
def test_the_day_up_to_which_years_are_counted_is_tried(at, moved):
    assert broken(bound("vacant-inner_mongolia2023", at, until=moved))


def test_nothing_breaks_where_nothing_is_changed():
    assert not any(broken(one) for name in DOCUMENTS for one in AS_SHIPPED[name].values())


# -- a county's own rules

OWN = (
    LINE_CLAUSE.replace("OWN-9", "OWN-1")
    .replace("ecological_redline", "grassland")
    .replace("width_m = 0.5", "width_m = 0.2")
    .replace("area_m2 = 20", "area_m2 = 1")
)


def case(end_m, outcome, wide_m=10.0, more=""):
    project = f'projects = [{{ activity = "urban", to_m = {end_m} }}]'
    line = f'lines = [{{ layer = "grassland", from_m = 100, to_m = 300, wide_m = {wide_m} }}]'
    return f'\n[[clause.case]]\ngiven = {{ {project}, {line}{more} }}\noutcome = "{outcome}"\n'


#: A piece of 0.95 m2 is small enough, one of 1.05 m2 is not; both are 0.1 m wide. Of those 2 m long, twice the area
#: over the perimeter is 0.42 / 2.21 = 0.190 m and 0.46 / 2.23 = 0.206 m.
TOLERATED = case(100.095, "pass") + case(100.105, "fail") + case(100.21, "pass", 2.0) + case(100.23, "fail", 2.0)


def held(text):
    return [one.holds for one in cases.run(read(text))]


def test_a_tolerance_is_tried_on_both_sides():
    assert held(DOCUMENT + OWN + TOLERATED) == [True] * 4
    for old, new, wrong in [
        ("width_m = 0.2", "width_m = 0.18", 2),
        ("width_m = 0.2", "width_m = 0.22", 3),
        ("area_m2 = 1", "area_m2 = 0.9", 0),
        ("area_m2 = 1", "area_m2 = 1.1", 1),
    ]:
        assert [at for at, one in enumerate(held(DOCUMENT + OWN.replace(old, new) + TOLERATED)) if not one] == [wrong]


def test_a_line_of_the_countys_own_may_lack_or_be_said_not_to_exist():
    lacking = case(110, "not-assessed", more=', not_delivered = ["grassland"]')
    nothing = (
        '\n[[clause.case]]\ngiven = { projects = [{ to_m = 10 }], none_exist = ["grassland"] }\noutcome = "pass"\n'
    )
    assert held(DOCUMENT + OWN + lacking + nothing) == [True, True]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"grassland", from', '"grasslands", from', ["given.lines.0.layer", "grasslands != grassland"]),
        ('"grassland", from', '"parks", from', ["given.lines.0.layer", "parks != "]),
        ("to_m = 110", "to_m = 110, not_delivered = 1", ["given.projects.0 cannot say 'not_delivered'"]),
        ("lines = ", 'not_delivered = ["gras"], lines = ', ["given.not_delivered", "gras != grassland"]),
        ("lines = ", 'none_exist = ["grassland"], lines = ', ["none_exist: grassland"]),
        ("lines = ", 'none_exist = ["land_use"], lines = ', ["given.none_exist", "land_use != "]),
        ("from_m = 100", "from_m = 300", ["given.lines.0", "from_m >= to_m"]),
        ("wide_m = 10.0", "wide_m = 0", ["given.lines.0.wide_m"]),
    ],
)
def test_what_cannot_stand_in_a_case_is_refused(old, new, told):
    stated = case(110, "fail")
    assert old in stated
    with pytest.raises(RuleError) as caught:
        read(DOCUMENT + OWN + stated.replace(old, new, 1))
    assert all(words in str(caught.value) for words in ("OWN-1, case 1", *told)), str(caught.value)
