"""Rule documents: every clause has a passing and a failing case; what does not fit is refused when it loads."""

import os
import re

import circle_town as circle
import pytest
import town
from own_rules import CLAUSE, DOCUMENT, LINE_CLAUSE, read

from gis_planning.analysis import serving
from gis_planning.county.opened import open_county
from gis_planning.errors import PlanningError, RuleError
from gis_planning.judging import judge, rulebook
from gis_planning.judging.measuring import Measuring
from gis_planning.measures import green

CLAUSES = {clause.code: clause for clause in rulebook.load()}
RADIUS = {
    code: one for code, one in CLAUSES.items() if one.measure in ("green.radius_coverage", "green.tiered_coverage")
}
#: Clauses of control lines are tried in test_review.py, those of a boundary's zones and vacant land in test_land.py,
#: those of quality in test_quality_columns.py.
WALKED = {
    code: one
    for code, one in CLAUSES.items()
    if code not in RADIUS
    and one.family in ("green", "circles")
    # Land that is no homes has towns of its own, in its cases.
    and one.layers.get("residential", "residential") == "residential"
}

# A town in which every resident lives beside a park of every class and size, and one with no park at all.
GOOD = {"parks": town.frame(
    town.box(0, 0, 2000, 90), town.box(0, 450, 2000, 500), town.box(0, 910, 2000, 1000), town.box(-2000, 0, -1000, 600),
    name=["甲园", "乙园", "丙园", "丁园"], **{"class": ["G11", "G12", "G13", "G11"]},
)}  # fmt: skip
BARE = {"parks": town.frame(town.box(0, 0, 10, 10), name=["丁园"], **{"class": ["G11"]})}
NONE_HISTORIC = {"historic_districts": "none_exist = true"}


def verdict(tmp_path, code, change):
    county = open_county(town.write(tmp_path, town.layers() | change, **NONE_HISTORIC))
    return judge.judge(CLAUSES[code], Measuring(county))


LIMITED = [code for code, clause in RADIUS.items() if clause.limit]
UNLIMITED = [code for code, clause in RADIUS.items() if not clause.limit]


@pytest.mark.parametrize("code", LIMITED)
def test_every_clause_has_a_passing_and_a_failing_case(tmp_path, code):
    good, bad = verdict(tmp_path / "good", code, GOOD), verdict(tmp_path / "bad", code, BARE)
    assert good.outcome == "pass"
    assert good.margin >= 0
    assert bad.outcome == "fail"
    assert bad.margin < 0
    assert len(bad.measured.offenders) > 0


@pytest.mark.parametrize("code", UNLIMITED)
def test_a_clause_without_limit_is_measured_and_not_judged(tmp_path, code):
    one = verdict(tmp_path, code, GOOD)
    assert one.outcome == "info"
    assert 0 < one.measured.value <= 1


# The town of tests/town.py under each radius profile, by hand: Long Park (100 000 m2) serves 40 000 m2 of Row; Pocket
# Park (800 m2) adds 2 000 m2 where the floor is 400 m2. A slip of a figure (0.3 m for 300 m) shows here.
BY_HAND = {
    "GC21-1": 40_000,
    "GC22-1": 42_000,
    "GG16-1": 40_000,
    "GG22-1": 40_000,
    "GG22-2": 40_000,
    "GG22-3": 40_000,
    "GB55014-1": 40_000,
    "GB50563-3": 40_000,
    "GB50563-2": 40_000,
    "GB50563-1": 40_000,
    # Long Park is G11 of 10 ha: 1 200 m in GB/T 51346 (all of Row and Straddle), 500 m in the draft.
    "GB51346-1": 80_000,
    "GD-1": 40_000,
}


@pytest.mark.parametrize("code", list(RADIUS))
def test_every_green_profile_on_the_counted_town(tmp_path, code):
    one = verdict(tmp_path, code, {})
    assert one.measured.numerator == pytest.approx(BY_HAND[code], abs=1e-3)
    assert one.measured.denominator == pytest.approx(82_000, abs=1e-3)


# A street town in which everything daily life needs stands amid 30 m by 30 m of homes, with a park beside them; and
# the same town with nothing. Where no clause of a document sets a limit, its value is 1 in one and 0 in the other.
def street_town(folder, kinds):
    layers = circle.layers(kinds=kinds)
    layers["residential"] = town.frame(town.box(490, 0, 520, 30), name=["街区"], population=[100])
    layers["study_area"] = town.frame(town.box(0, -100, 1000, 200), name=["建成区"])
    layers["villages"] = town.frame(circle.at(480, 10), name=["嘎查"])
    park = town.box(530, -30, 560, 0) if kinds is None else town.box(-3000, 0, -2970, 30)
    layers["parks"] = town.frame(park, name=["公园"])
    # The table is whole: what it does not hold is not there.
    return open_county(town.write(folder, layers, facilities="complete = true"))


@pytest.fixture(scope="module")
def street_towns(tmp_path_factory):
    return street_town(tmp_path_factory.mktemp("good"), None), street_town(tmp_path_factory.mktemp("bare"), "other")


@pytest.mark.parametrize("code", list(WALKED))
def test_every_walked_clause_has_a_town_that_has_it_all_and_one_that_has_nothing(street_towns, code):
    good, bare = (judge.judge(CLAUSES[code], Measuring(one)) for one in street_towns)
    limited = bool(CLAUSES[code].limit)
    assert good.outcome == ("pass" if limited else "info"), good.reason
    if CLAUSES[code].measure == "circles.capacity":
        assert good.measured.value == 500  # 50 places for 100 people
    else:
        assert good.measured.value == 1
    assert bare.outcome == ("fail" if limited else "info"), bare.reason
    assert bare.measured.value == 0


def test_the_rule_documents_name_their_distances():
    metres = {code: one.settings.get("limit_m") for code, one in CLAUSES.items() if one.document.id == "circle-tdt1063"}
    # TD/T 1063: 5, 10 and 15 minutes are 300, 500 and 1 000 m; the hospital is a radius of 2 km.
    assert metres["C1063-1"] == metres["C1063-6"] == 500
    assert metres["C1063-4"] == 300
    assert [metres[f"C1063-{n}"] for n in (2, 3, 5, 7, 8)] == [1000] * 5
    assert metres["C1063-10"] == 2000


def test_a_missing_layer_is_not_assessed(tmp_path):
    layers = town.layers()
    del layers["parks"]
    one = judge.judge(CLAUSES["GC22-1"], Measuring(open_county(town.write(tmp_path, layers))))
    assert one.outcome == "not-assessed"
    assert one.measured is None
    assert "parks" in one.reason.to("en")
    assert "公园绿地" in one.reason.to("zh")


def test_a_bound_settles_one_side_only(tmp_path):
    mixed = town.frame(town.box(0, 0, 2000, 1000), **{"class": ["0810"]})
    assert verdict(tmp_path / "a", "GC22-1", {"parks": mixed}).outcome == "not-assessed"
    little = town.frame(town.box(0, 0, 100, 1000), **{"class": ["0810"]})
    assert verdict(tmp_path / "b", "GC22-1", {"parks": little}).outcome == "fail"
    no_historic = open_county(town.write(tmp_path / "c", town.layers() | GOOD))
    assert judge.judge(CLAUSES["GG16-1"], Measuring(no_historic)).outcome == "pass"
    # No park has a size that only historic districts let count: nothing is open.
    nothing_open = judge.judge(CLAUSES["GG16-1"], Measuring(open_county(town.write(tmp_path / "d"))))
    assert nothing_open.outcome == "fail"
    assert nothing_open.measured.bound == "exact"
    assert nothing_open.measured.missing
    # A long strip of 1 500 m2 right beside all of Row and Straddle may count or not: from 40/82 to more than 80 %.
    strip = [town.box(0, 0, 100, 1000), town.box(300, 201, 800, 204), town.box(900, 901, 1300, 904.5)]
    open_ = {"parks": town.frame(*strip, name=["长公园", "带甲", "带乙"])}
    one = judge.judge(CLAUSES["GG16-1"], Measuring(open_county(town.write(tmp_path / "e", town.layers() | open_))))
    assert one.outcome == "not-assessed"
    assert one.measured.bound == "lower"
    assert one.measured.value_range == pytest.approx((40 / 82, 80 / 82))
    # One strip alone cannot lift it over 80 %: a fail for certain.
    little = {"parks": open_["parks"].iloc[:2]}
    one = judge.judge(CLAUSES["GG16-1"], Measuring(open_county(town.write(tmp_path / "f", town.layers() | little))))
    assert one.outcome == "fail"
    assert one.measured.value_range == pytest.approx((40 / 82, 60 / 82))


def test_a_fault_of_our_own_code_is_an_error_verdict(tmp_path, monkeypatch):
    monkeypatch.setattr(serving, "_by_size", lambda *_: 1 / 0)
    one = judge.judge(CLAUSES["GC22-1"], Measuring(open_county(town.write(tmp_path)), keeps=False))
    assert one.outcome == "error"
    assert "ZeroDivisionError" in one.reason.to("en")


def test_clauses_that_differ_in_their_limit_measure_once(tmp_path, monkeypatch):
    calls = []
    real = green.coverage
    monkeypatch.setattr(green, "coverage", lambda *args: calls.append(1) or real(*args))
    chosen = [CLAUSES[code] for code in ("GG22-1", "GG22-2", "GG22-3")]
    scorecard = judge.check(open_county(town.write(tmp_path)), chosen, keeps=False)
    assert len(scorecard.verdicts) == 3
    assert len(calls) == 1


def test_a_countys_own_document_needs_no_code(tmp_path):
    folder = town.write(tmp_path)
    (folder / "rules").mkdir()
    (folder / "rules" / "own.toml").write_text(DOCUMENT + CLAUSE, encoding="utf-8")
    clauses = rulebook.chosen(rulebook.load(folder / "rules"), rules=["own"], only=())
    (one,) = judge.check(open_county(folder), clauses).verdicts
    assert one.outcome == "pass"  # 42 / 82 = 0.512
    assert one.margin == pytest.approx(42 / 82 - 0.5)


#: By what stands in the document: what does not fit in its place, and what is said of it.
REFUSED = {
    "min_area_m2": {"min_aera_m2": "no setting 'min_aera_m2'.*min_area_m2"},
    "min_area_m2 = 400\n": {"": "min_area_m2 is missing"},
    "min_area_m2 = 400": {
        "min_area_m2 = '400'": "min_area_m2 = '400'",
        "min_area_m2 = -400": "min_area_m2 = -400",
        "min_area_m2 = nan": "min_area_m2 = nan",
    },
    "at_least = 0.5\n": {"": "exactly one limit"},
    "at_least = 0.5": {
        "at_least = 0.5\nmore_than = 0.5": "exactly one limit",
        "at_least = 0.5\nlimit = 'none'": "exactly one limit",
        "limit = 'some'": "exactly one limit",
        "at_least = 50": "outside the range",
        "at_least = true": "outside the range",
        "at_least = 0.5\nlayers = { park = 'parks' }": "no layer 'park'.*parks",
        "at_least = 0.5\nlayers = { parks = 'a b' }": "no layer 'a b'",
        "at_least = 0.5\ncounts = ['parc']": "counts",
        "at_least = 0.5\nseverity = 'mild'": "severity",
    },
    'unit = "share"': {
        'unit = "m2"': "unit is 'm2'",
        'unit = "percent"': "the unit is 'percent', its measure returns 'share'",
    },
    "green.radius_coverage": {"green.radius_covrage": "no measure.*green.radius_coverage"},
    'text_en = "the county\'s own target"\n': {"": "text_en is missing"},
    'state = "current"': {'state = "valid"': "state", 'stat = "current"': "no key 'stat'"},
    "[[clause]]": {"[[clauses]]": "no key 'clauses'"},
    "[document]": {"[document": "not valid TOML"},
}


@pytest.mark.parametrize(
    ("old", "new", "words"), [(old, *one) for old, news in REFUSED.items() for one in news.items()]
)
def test_what_does_not_fit_is_refused_when_it_loads(old, new, words):
    text = DOCUMENT + CLAUSE
    assert old in text
    with pytest.raises(RuleError, match=words) as refusal:
        read(text.replace(old, new, 1))
    assert "own.toml" in str(refusal.value)


def test_a_document_without_clauses_and_a_code_used_twice_are_refused(tmp_path):
    with pytest.raises(RuleError, match="no \\[\\[clause"):
        read(DOCUMENT)
    (tmp_path / "own.toml").write_text(DOCUMENT + CLAUSE.replace("OWN-1", "GC22-1"), encoding="utf-8")
    with pytest.raises(RuleError, match="GC22-1.*green-checkup2022plus"):
        rulebook.load(tmp_path)
    (tmp_path / "own.toml").write_text(DOCUMENT.replace('"own"', '"green-checkup2021"') + CLAUSE, encoding="utf-8")
    with pytest.raises(RuleError, match="green-checkup2021"):
        rulebook.load(tmp_path)


def test_which_clauses_a_run_takes():
    clauses = tuple(CLAUSES.values())
    ids = lambda **how: {one.document.id for one in rulebook.chosen(clauses, **how)}
    everything = ids(rules=None, only=())
    assert "green-checkup2022plus" in everything
    assert not everything & {"green-checkup2021", "green-gardencity2016", "green-draft_green_plan"}
    assert ids(rules=["green-checkup2021"], only=()) == {"green-checkup2021"}
    assert ids(rules=None, only=["green-gardencity2016"]) == {"green-gardencity2016"}
    assert ids(rules=["green-checkup2021"], only=["green"]) == {"green-checkup2021"}
    with pytest.raises(RuleError, match="no rule document 'green-checkup'.*green-checkup2021"):
        ids(rules=["green-checkup"], only=())
    with pytest.raises(RuleError, match="gren.*green"):
        ids(rules=None, only=["gren"])


@pytest.mark.parametrize("code", list(CLAUSES))
def test_every_clause_says_where_it_is_from_and_every_measure_how_it_measures(code):
    clause = CLAUSES[code]
    assert clause.document.issuer
    assert clause.text("zh")
    assert clause.text("en")
    assert clause.document.certainty == "confirmed" or clause.document.remark("zh")
    assert "Examples" not in rulebook.method_note(clause.measure, "en")
    assert len(rulebook.method_note(clause.measure, "zh")) > 50


# -- values that cannot be

OWN = (
    """[document]
id = "own"
title = "本县规定"
title_en = "Own rule"
issuer = "某县人民政府"
date = "2024-03"
in_force = "2024-05-01"
until = ""
state = "current"
certainty = "confirmed"
"""
    + LINE_CLAUSE
)


def test_the_own_document_as_it_is_written_is_read(tmp_path):
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    clause = next(one for one in rulebook.load(tmp_path) if one.code == "OWN-9")
    assert clause.projects.tolerance_width_m == 0.5


WRONG = {
    "tolerance_width_m = 0.5": [f"tolerance_width_m = {one}" for one in ("inf", "nan", "-1", "true", '"1"', "1e9")],
    "tolerance_area_m2 = 20": [f"tolerance_area_m2 = {one}" for one in ("inf", "nan", "-0.1", "[1]", "1e300")],
    "at_most = 0": [f"at_most = {one}" for one in ("inf", "nan", "-1", "true", '"0"', "1" + "0" * 400)],
    'in_force = "2024-05-01"': [
        f"in_force = {one}" for one in ('"soon"', '"2024-5-1"', '"2024-02-30"', "2024", '"20240501"')
    ],
    'until = ""': [f'until = "{one}"' for one in ("never", "2024-05-01", "1999-01-01")],
    'date = "2024-03"': [f'date = "{one}"' for one in ("soon", "2024-13", "24", "2024-03-32")],
    "{area_m2} m2 (": [
        *("{area_m2.__class__} (", "{area_m2:>999999999} (", "{area_m2!r} (", "{} (", "{0} (", "{nope} (", "{ ("),
        *("{area_m2[0]} (", "{share:{area_m2}} ("),
    ],
    'unit = "m2"': ['unit = "m2"\nseverity = "mild"'],
    'state = "current"': ['state = "maybe"'],
    'code = "OWN-9"': ["code = 9"],
}


@pytest.mark.parametrize(
    ("old", "new"),
    [(old, new) for old, news in WRONG.items() for new in news],
)
def test_a_value_that_cannot_be_is_refused_with_file_and_clause(tmp_path, old, new):
    assert old in OWN
    (tmp_path / "own.toml").write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(RuleError, match=r"own\.toml") as caught:
        rulebook.load(tmp_path)
    assert caught.value.to("zh")


@pytest.mark.parametrize(
    "content",
    [
        "clause = [1]\n[document]\n",
        "a = " + "[" * 5000,
        "a" + ".a" * 200_000 + " = 1",
        "x = 1" + "0" * 5000,
        "#" * (1 << 21),
        "[document]\nid = " + "{a = " * 40 + "1" + "}" * 40,
    ],
)
def test_documents_nobody_writes_are_refused_soon(tmp_path, content):
    (tmp_path / "own.toml").write_text(content, encoding="utf-8")
    with pytest.raises(PlanningError, match=r"own\.toml"):
        rulebook.load(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are made differently here")
def test_a_document_that_is_a_pipe(tmp_path):
    os.mkfifo(tmp_path / "own.toml")
    with pytest.raises(PlanningError, match=r"own\.toml"):
        rulebook.load(tmp_path)


def test_documents_are_called_by_their_title_once_and_by_a_number_that_is_one():
    documents = {clause.document.id: clause.document for clause in rulebook.load()}
    for paper in documents.values():
        assert not paper.number or re.search(r"\d", paper.number), paper.id
        assert not paper.number or paper.number not in paper.title
        for lang, title in (("zh", paper.title), ("en", paper.title_en)):
            name = paper.name(lang)
            assert name.count(title) == 1
            assert "《《" not in name
            assert lang == "zh" or name.isascii() or "–" in name
    assert documents["redline-boundary_2026"].name("zh") == "《城镇开发边界管理办法（试行）》"
    order = "《永久基本农田保护红线管理办法》（自然资源部 农业农村部令第17号）"
    assert documents["redline-farmland_order17"].name("zh") == order
    assert documents["circle-gb50180"].name("zh").endswith("（GB 50180-2018）：配套设施服务半径")


def test_a_code_like_no_other_is_answered_in_a_few_words():
    with pytest.raises(RuleError) as told:
        rulebook.clause_coded("DEMO-GRASS", rulebook.load())
    for lang in ("zh", "en"):
        said = told.value.to(lang)
        assert len(said) < 400
        assert "--county COUNTY" in said
