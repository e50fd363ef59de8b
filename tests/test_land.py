"""A boundary in zones, and vacant land: counted by hand on squares of 100 m."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import town
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_planning import geo
from gis_planning.analysis.work import applied
from gis_planning.county.opened import open_county
from gis_planning.errors import NotAssessed, RuleError
from gis_planning.judging import judge, rulebook
from gis_planning.judging.measuring import Measuring
from gis_planning.measures import boundary, vacant


def squares(*strips):
    """Strips of land 100 m high, from one easting to another."""
    return [town.box(low, 0, high, 100) for low, high in strips]


def zoned(*rows):
    return town.frame(*squares(*(row[1:] for row in rows)), zone=[row[0] for row in rows])


def faults(measured):
    return {name: round(table["area_m2"].sum()) for name, table in measured.offenders.groupby("fault")}


def test_zones_that_add_up():
    measured = boundary.zones(zoned(("410", 0, 100), ("420", 100, 250), ("430", 250, 300)))
    assert (measured.value, len(measured.offenders)) == (0, 0)
    assert measured.layers["zones"]["zone"].tolist() == ["410", "420", "430"]
    assert measured.layers["zones"]["area_m2"].round().tolist() == [10000, 15000, 5000]
    whole = boundary.area(zoned(("410", 0, 100), ("420", 100, 250), ("430", 250, 300)))
    assert whole.value == pytest.approx(measured.layers["zones"]["area_m2"].sum())


def test_every_way_in_which_zones_do_not_add_up():
    line = zoned(
        ("400", 0, 500),
        ("410", 0, 100),
        ("414", 90, 200),  # a finer code; it shares 10 m with the first
        ("420", 220, 400),  # 20 m before it are in no zone
        ("430", 400, 530),  # 30 m lie outside
    )
    measured = boundary.zones(line)
    assert faults(measured) == {"double": 1000, "no_zone": 2000, "beyond": 3000}
    assert measured.offenders["fault"].tolist() == ["beyond", "no_zone", "double"]
    assert measured.value == pytest.approx(6000, abs=1)
    assert measured.layers["zones"]["area_m2"].round().tolist() == [20000, 18000, 13000]


def test_without_an_outline_features_of_no_zone_are_land_without_one():
    measured = boundary.zones(zoned(("410", 0, 100), (None, 100, 150), ("900", 150, 160)))
    assert faults(measured) == {"no_zone": 6000}
    with pytest.raises(NotAssessed):
        boundary.zones(zoned((None, 0, 100)))
    with pytest.raises(NotAssessed):
        boundary.zones(town.frame(*squares((0, 100))))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=8, unique=True), st.randoms(use_true_random=False))
def test_zones_cut_from_one_boundary_add_up_in_any_order(cuts, random):
    cuts = sorted(cuts)
    rows = [(random.choice(["410", "420", "430"]), low * 10, high * 10) for low, high in pairwise(cuts)]
    random.shuffle(rows)
    measured = boundary.zones(zoned(*rows, ("400", cuts[0] * 10, cuts[-1] * 10)))
    assert measured.value == 0
    outline = geo.ellipsoid_area(np.array(squares((cuts[0] * 10, cuts[-1] * 10))), town.frame().crs)[0]
    assert measured.layers["zones"]["area_m2"].sum() == pytest.approx(outline, rel=1e-9)


def test_the_area_of_a_boundary_counts_every_spot_once():
    line = zoned(("410", 0, 100), ("414", 50, 200), ("430", 200, 300))
    assert boundary.area(line).value == pytest.approx(30000, abs=2)
    assert boundary.area(line, of=("410",)).value == pytest.approx(20000, abs=2)
    with pytest.raises(NotAssessed):
        boundary.area(zoned((None, 0, 100)), of=("410",))


def register(*rows):
    return town.frame(
        *squares(*((row[0], row[1]) for row in rows)), since=[row[2] for row in rows], status=[row[3] for row in rows]
    )


STOCK = (
    (0, 100, "2018", "已供"),
    (100, 300, "2023-06-30", "未供"),
    (300, 600, "2020年12月31日", " 未处置 "),
    (600, 1000, "20250101", "已处置"),
)


def test_disposal_of_the_stock():
    measured = applied(vacant.disposal, land=register(*STOCK), until="2025-12-31")
    assert (measured.value, measured.value_range) == (pytest.approx(0.5), None)
    assert measured.offenders["age_years"].tolist() == [5, 2]
    ages = measured.layers["ages"]
    assert [(None if np.isnan(one) else one) for one in ages["from_years"]] == [0, 2, 5]
    assert ages["left_m2"].round(-1).tolist() == [0, 20000, 30000]
    assert ages["disposed_m2"].round(-1).tolist() == [40000, 0, 10000]
    assert ages["area_m2"].sum() == pytest.approx(measured.denominator)
    assert ages["parcels"].sum() == 4


def test_a_state_that_is_not_known_leaves_both_answers_open():
    measured = applied(
        vacant.disposal,
        land=register(*STOCK, (1000, 1500, "2019", "研究中"), (1500, 2000, None, None)),
        until="2025-12-31",
    )
    assert measured.value_range == pytest.approx((5 / 20, 15 / 20))
    said = [note.to("zh") for note in measured.notes]
    assert any("研究中" in one for one in said)
    assert measured.layers["ages"]["from_years"].isna().sum() == 1
    with pytest.raises(NotAssessed):
        applied(vacant.disposal, land=register((0, 100, "2018", None)), until="2025-12-31")
    with pytest.raises(NotAssessed):
        applied(vacant.disposal, land=register(*STOCK)[:0], until="2025-12-31")


def test_what_is_left_by_age():
    stock = register(*STOCK)
    assert applied(vacant.left, land=stock, until="2025-12-31").value == pytest.approx(50000, abs=5)
    assert applied(vacant.left, land=stock, until="2025-12-31", at_least_years=3).value == pytest.approx(30000, abs=5)
    # On the day before, the third has not yet been five years.
    assert applied(vacant.left, land=stock, until="2025-12-30", at_least_years=5).value == 0
    assert applied(vacant.left, land=stock, until="2025-12-31", at_least_years=5).value == pytest.approx(30000, abs=5)
    undated = register(*STOCK, (1000, 1100, None, "未供"))
    assert applied(vacant.left, land=undated, until="2025-12-31", at_least_years=3).value_range == pytest.approx(
        (30000, 40000), abs=5
    )
    with pytest.raises(NotAssessed):
        applied(vacant.left, land=register((0, 100, "不详", "未供")), until="2025-12-31", at_least_years=1)
    with pytest.raises(RuleError, match="2025/12"):
        applied(vacant.left, land=stock, until="2025/12")


def test_land_drawn_twice_counts_once():
    twice = applied(
        vacant.disposal,
        land=register((0, 100, "2018", "未供"), (0, 100, "2018", "未供"), (100, 200, "2018", "已供")),
        until="2025-12-31",
    )
    assert twice.value == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("said", "years"),
    [
        ("2020", 4),
        ("2020-12-30", 5),
        ("2020.6.1", 5),
        ("2021年1月", 4),
        ("2020/12/31 00:00:00", 4),
        ("不详", None),
        ("", None),
    ],
)
def test_dates_as_registers_write_them(said, years):
    measured = applied(vacant.disposal, land=register((0, 100, said, "未供")), until="2025-12-30")
    age = measured.layers["parcels"]["age_years"][0]
    assert (None if pd.isna(age) else age) == years


CLAUSES = {one.code: one for one in rulebook.load() if one.family in ("boundary", "vacant")}
ALL_GONE = register((0, 100, "2018", "已供"), (100, 300, "2023", "已收回"))
ADDS_UP = zoned(("410", 0, 100), ("430", 100, 250))
ON_A_COUNTY = [
    ("TL-6", {"development_boundary": ADDS_UP}, "pass"),
    ("TL-6", {"development_boundary": zoned(("410", 0, 100), ("430", 90, 250))}, "fail"),
    ("TL-6", {}, "not-assessed"),
    ("TL-7", {"development_boundary": ADDS_UP}, "info"),
    ("TL-7", {}, "not-assessed"),
    ("V34-1", {"approved_unsupplied": ALL_GONE}, "pass"),
    ("V34-1", {"approved_unsupplied": register(*STOCK)}, "fail"),
    ("V34-1", {"approved_unsupplied": register((0, 100, "2018", "已供"), (100, 200, "2018", "?"))}, "not-assessed"),
    ("V34-1", {}, "not-assessed"),
    ("V34-2", {"idle_land": ALL_GONE}, "pass"),
    ("V34-2", {"idle_land": register(*STOCK)}, "fail"),
    ("V34-3", {"idle_land": register(*STOCK)}, "info"),
    ("V34-4", {"idle_land": register(*STOCK)}, "info"),
    ("V34-4", {}, "not-assessed"),
]


@pytest.mark.parametrize(("code", "layers", "outcome"), ON_A_COUNTY)
def test_clauses_on_a_county(tmp_path, code, layers, outcome):
    county = open_county(town.write(tmp_path, town.layers() | layers))
    verdict = judge.judge(CLAUSES[code], Measuring(county))
    assert verdict.outcome == outcome
    if outcome == "fail":
        assert len(verdict.measured.offenders)


def test_every_clause_of_them_is_tried():
    tried = {code for code, _, _ in ON_A_COUNTY}
    assert not set(CLAUSES) - tried, "give each clause of these families a row of ON_A_COUNTY"


def test_a_quota_of_the_county_s_own_is_a_limit_in_its_own_document(tmp_path):
    folder = town.write(tmp_path, town.layers() | {"development_boundary": ADDS_UP})
    (folder / "rules").mkdir()
    rule = """[document]
id = "own-quota"
title = "规模"
title_en = "Size"
issuer = "县"
date = "2025-01-01"
state = "current"
certainty = "confirmed"

[[clause]]
code = "OWN-Q"
text = "不超过"
text_en = "No more"
measure = "boundary.area"
unit = "m2"
layers = { line = "development_boundary" }
of = ["410"]
at_most = 9000
"""
    (folder / "rules" / "quota.toml").write_text(rule, encoding="utf-8")
    own = {one.code: one for one in rulebook.load(folder / "rules")}["OWN-Q"]
    verdict = judge.judge(own, Measuring(open_county(folder)))
    assert verdict.outcome == "fail"
    assert verdict.margin == pytest.approx(-1000, abs=2)
