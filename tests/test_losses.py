"""What a layer lost holds verdicts back: homes, parks, control lines, and what can only add or only take."""

import pytest
import town
from shapely import affinity

from gis_planning.county.losses import Loss
from gis_planning.county.opened import open_county
from gis_planning.formats.read.vector import Lost
from gis_planning.judging import doubts, judge, rulebook
from gis_planning.judging.projects import read_projects
from gis_planning.judging.review import review
from gis_planning.texts import text

CLAUSE = next(one for one in rulebook.load() if one.code == "GC22-1")  # at least 80 % within 300 m and 500 m


def homes(served, unserved, lost=0):
    """Homes of 20 m x 20 m: served ones beside Long Park, unserved ones out of reach, and some without a shape."""
    near = [town.box(110 + 22 * (at % 15), 22 * (at // 15), 130 + 22 * (at % 15), 22 * (at // 15) + 20)
            for at in range(served)]  # fmt: skip
    far = [town.box(900 + 22 * (at % 15), 22 * (at // 15), 920 + 22 * (at % 15), 22 * (at // 15) + 20)
           for at in range(unserved)]  # fmt: skip
    shapes = [*near, *far, *[None] * lost]
    return town.frame(*shapes, name=[f"h{at}" for at in range(len(shapes))])


def judged(folder, layers, county="", clause=CLAUSE):
    opened = open_county(town.write(folder, layers, county=county))
    card = judge.check(opened, [clause])
    return card, card.verdicts[0]


@pytest.mark.parametrize(
    ("served", "unserved", "lost", "outcome"),
    [
        (190, 10, 0, "pass"),
        (190, 10, 2, "pass"),  # 190 of 202 at least
        (162, 38, 2, "pass"),  # 162 of 202 is 80.2 %
        (161, 39, 2, "not-assessed"),  # 161 of 200 is 80.5 %, 161 of 202 is 79.7 %
        (159, 41, 2, "fail"),  # 161 of 202 at most is 79.7 %
        (159, 40, 2, "not-assessed"),  # 159 of 199 is 79.9 %, 161 of 201 is 80.1 %
        (100, 100, 2, "fail"),
        (190, 10, 3, "not-assessed"),  # 3 of 203 is more than 1 %
        (100, 100, 3, "not-assessed"),
    ],
)
def test_a_share_of_homes_stands_only_with_every_lost_home_unserved(tmp_path, served, unserved, lost, outcome):
    layers = town.layers() | {"residential": homes(served, unserved, lost)}
    card, verdict = judged(tmp_path, layers)
    assert verdict.outcome == outcome
    told = "\n".join(one.to("en") for one in card.warnings)
    assert (f"{lost} of {served + unserved + lost} features have no shape" in told) is (lost > 0)
    if 0 < lost <= 2:
        assert verdict.measured.value == pytest.approx(served / (served + unserved))
        assert any("have no shape" in note.to("en") for note in verdict.measured.notes)
    # A share over what is left of a layer is no share of the county.
    assert (verdict.measured is None) is (lost == 3)


def test_how_many_homes_may_be_lost_is_a_setting(tmp_path):
    layers = town.layers() | {"residential": homes(190, 10, 3)}
    assert judged(tmp_path / "more", layers, "lost_share = 0.02")[1].outcome == "pass"
    layers = town.layers() | {"residential": homes(190, 10, 1)}
    assert judged(tmp_path / "none", layers, "lost_share = 0")[1].outcome == "not-assessed"


def test_an_empty_shape_is_lost_like_a_missing_one(tmp_path):
    import shapely

    frame = homes(19, 1)
    frame.loc[19, "geometry"] = shapely.Polygon()
    card, verdict = judged(tmp_path, town.layers() | {"residential": frame})
    assert verdict.outcome == "not-assessed"
    assert "1 of 20 features has no shape (no. 20)" in card.warnings[0].to("en")


@pytest.mark.parametrize(("served", "outcome"), [(19, "pass"), (9, "not-assessed")])
def test_a_lost_park_can_only_add(tmp_path, served, outcome):
    layers = town.layers() | {"residential": homes(served, 20 - served)}
    layers["parks"] = town.frame(*layers["parks"].geometry, None, name=["a", "b", "c"], **{"class": ["G11"] * 3})
    card, verdict = judged(tmp_path, layers)
    assert verdict.outcome == outcome
    assert verdict.measured is not None
    assert "table parks: 1 of 3 features has no shape" in card.warnings[0].to("en")


def test_buildings_count_beside_the_number_unless_the_land_is_made_from_them(tmp_path):
    county = open_county(town.write(tmp_path))
    county.losses["buildings"] = lost(5)
    assert doubts.doubt_of(CLAUSE, county).falls == set()
    made = county.tables["residential"].model_copy(update={"source": None, "made_from": "buildings"})
    county.tables = {**county.tables, "residential": made}
    assert doubts.doubt_of(CLAUSE, county).falls == {"pass", "fail", "info"}


@pytest.mark.parametrize(
    ("code", "layer"),
    [("W82-1", "facilities"), ("HZ-3", "buildings"), ("S51143-2", "population"), ("SV-1", "population")],
)
def test_what_may_make_a_rate_better_or_worse_leaves_neither_a_pass_nor_a_fail(tmp_path, code, layer):
    # An incinerator, a home in danger or a person that was lost would make the figure worse.
    clause = next(one for one in rulebook.load() if one.code == code)
    county = open_county(town.write(tmp_path, town.layers() | {layer: homes(2, 2)}))
    county.losses[layer] = lost(1)
    assert doubts.doubt_of(clause, county).falls >= {"pass", "fail"}


def test_districts_only_tell_parts(tmp_path):
    layers = town.layers() | {"residential": homes(19, 1)}
    layers["districts"] = town.frame(*layers["districts"].geometry, None, name=["a", "b", "c"])
    card, verdict = judged(tmp_path, layers)
    assert verdict.outcome == "pass"
    assert len(card.warnings) == 1


# -- control lines

REDLINE = [town.box(0, 0, 100, 100), None]
BOUNDARY = [town.box(0, 0, 300, 300), None]


def line_outcomes(folder, shapes, parcel, document, line, **columns):
    layers = {"study_area": town.layers()["study_area"], line: town.frame(*shapes, **columns)}
    county = open_county(town.write(folder, layers))
    town.frame(parcel, id=["P1"]).to_file(folder / "p.gpkg")
    clauses = [one for one in rulebook.load() if one.document.id == document and one.projects]
    found = review(county, read_projects(county, [folder / "p.gpkg"]), clauses, activity="urban")
    return next(one for one in found.parcels[0].lines if one.line == line), found


@pytest.mark.parametrize(
    ("parcel", "whole", "lost"),
    [
        (town.box(10, 10, 50, 50), "fail", "fail"),  # a conflict found stands
        (town.box(500, 10, 550, 50), "pass", "not-assessed"),  # it may lie in what was lost
    ],
)
def test_a_redline_that_lost_a_feature_passes_nobody(tmp_path, parcel, whole, lost):
    sound, _ = line_outcomes(tmp_path / "a", REDLINE[:1], parcel, "redline-ecology_142", "ecological_redline")
    assert sound.outcome == whole
    found, result = line_outcomes(tmp_path / "b", REDLINE, parcel, "redline-ecology_142", "ecological_redline")
    assert found.outcome == lost
    assert found.overlap_m2 == sound.overlap_m2
    told = [one.to("en") for one in result.warnings]
    assert any("table ecological_redline: 1 of 2 features has no shape (no. 2)" in one for one in told)
    if lost == "not-assessed":
        assert "was not read whole" in found.message.to("en")
        assert "未能完整读入" in found.message.to("zh")


@pytest.mark.parametrize("parcel", [town.box(10, 10, 50, 50), town.box(500, 10, 550, 50)])
def test_a_development_boundary_that_lost_a_feature_is_not_assessed(tmp_path, parcel):
    """Land outside what is left may lie in what was lost."""
    columns = {"zone": ["410", "410"]}
    found, _ = line_outcomes(tmp_path, BOUNDARY, parcel, "redline-three_lines", "development_boundary", **columns)
    assert found.outcome == "not-assessed"


def test_a_line_that_lost_a_far_feature_passes_nobody(tmp_path):
    shapes = [REDLINE[0], affinity.translate(REDLINE[0], 700_000)]
    clear = town.box(500, 10, 550, 50)
    found, _ = line_outcomes(tmp_path, shapes, clear, "redline-ecology_142", "ecological_redline")
    assert found.outcome == "not-assessed"


# -- what a reader could not give


def lost(many):
    return Loss((Lost(many, ("3",), text("losses.line")),), (), 100, 400.0)


@pytest.mark.parametrize(
    ("layer", "falls"),
    [
        ("streets", {"fail"}),
        ("facilities", {"fail"}),
        ("compound_gates", {"fail"}),
        ("barriers", {"pass", "conditional"}),
        ("study_area", {"pass", "fail", "info"}),
        ("communities", set()),
    ],
)
def test_what_each_layer_can_do(tmp_path, layer, falls):
    clause = next(one for one in rulebook.load() if one.measure == "circles.kind_coverage")
    county = open_county(town.write(tmp_path))
    assert doubts.doubt_of(clause, county) is None
    county.losses[layer] = lost(2)
    doubt = doubts.doubt_of(clause, county)
    used = {one for layer in clause.layers.values() for one in (rulebook_built(layer) or (layer,))}
    assert (doubt is not None) is (layer in used)
    if doubt is not None:
        assert doubt.falls == falls


def rulebook_built(layer):
    from gis_planning.conventions import kinds

    return kinds()[layer].built_from if layer in kinds() else ()


def test_quality_passes_nothing_that_could_not_be_read(tmp_path):
    clause = next(one for one in rulebook.load() if one.measure == "quality.valid")
    layer = next(iter(clause.layers.values()))
    county = open_county(town.write(tmp_path))
    county.losses[layer] = lost(1)
    assert "pass" in doubts.doubt_of(clause, county).falls
    # Features without a shape are judged by checks of their own.
    county.losses[layer] = Loss((), lost(1).unread, 100, 400.0)
    assert doubts.doubt_of(clause, county) is None
