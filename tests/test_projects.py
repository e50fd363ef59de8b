"""Projects of a county's list: which close a gap, by hand on one street."""

import circle_town as circle
import pytest
import town

from gis_planning.analysis.work import applied
from gis_planning.errors import NotAssessed
from gis_planning.measures import projects


def lot(from_m, to_m, south=0, north=10):
    return town.box(from_m, south, to_m, north)


def closing(*shapes, limit_m=300, brings, facilities="pharmacy", **more):
    """Homes lie along 1,000 m of street, 200 m deep; the only facility stands at 500 m."""
    lots = town.frame(*shapes, brings=brings, **({"id": [chr(65 + at) for at in range(len(shapes))]} | more))
    layers = circle.layers(kinds=facilities)
    on = {name: layers[name] for name in ("residential", "facilities", "study_area")}
    return applied(projects.closing, **on, network=circle.network(), projects=lots, limit_m=limit_m, cell_m=2)


def rows(measured):
    return measured.layers["closing"].set_index(["project_id", "kind"])


def test_what_a_project_adds_is_counted_by_hand():
    # From the west end of the street, 300 m: a triangle of 300 m by 200 m cut at the top, less what 500 m reaches.
    measured = closing(lot(0, 1), lot(499, 501), brings=["pharmacy", "pharmacy"])
    assert (measured.value, measured.numerator, measured.denominator) == (0.5, 1.0, 2.0)
    assert measured.offenders["project_id"].tolist() == ["B"]
    found = rows(measured)
    # The diamond about 500: |x - 500| + y <= 300, y <= 200: 80,000 m2 of 200,000.
    assert found["reached_before"].tolist() == pytest.approx([0.4, 0.4], abs=0.004)
    # From 1 m on: y <= 301 - x, y <= 200: 40,000 + 200 m2, of which a corner at 200 to 301 m is in the diamond already:
    # y <= x - 200 and y <= 301 - x, a triangle 101 m wide and 50.5 m high.
    added = 200 * 101 + 200 * 200 / 2 - 101 * 50.5 / 2
    assert found.loc[("A", "pharmacy"), "added_m2"] == pytest.approx(added, rel=0.01)
    # All 1,000 people live in one home, at its middle: 300 m from neither.
    assert found["people"].tolist() == [0, 0]
    assert found.loc[("A", "pharmacy"), "reached"] == pytest.approx(0.4 + added / 200_000, abs=0.004)
    # Each by itself: another of the same takes nothing from the first.
    again = closing(lot(0, 1), lot(0, 1), brings=["pharmacy", "pharmacy"])
    assert again.value == 1
    assert rows(again)["added_m2"].nunique() == 1


def test_the_order_of_projects_and_of_their_parcels_is_nothing():
    shapes, brings, ids = (
        [lot(0, 1), lot(900, 901), lot(499, 501)],
        ["药店", "pharmacy;药店", "pharmacy"],
        ["A", "A", "B"],
    )
    whole = closing(*shapes, brings=brings, id=ids)
    turned = closing(*shapes[::-1], brings=brings[::-1], id=ids[::-1])
    assert whole.value == turned.value == 0.5
    assert rows(whole).drop(columns="geometry").equals(rows(turned).drop(columns="geometry"))
    # Two parcels of one project reach what each does.
    parts = [rows(closing(one, brings=["药店"]))["added_m2"].iloc[0] for one in shapes[:2]]
    assert rows(whole).loc[("A", "pharmacy"), "added_m2"] == pytest.approx(sum(parts))


def test_what_nobody_knows_is_left_out_and_told():
    measured = closing(lot(0, 1), lot(1, 2), lot(2, 3), brings=["pharmacy", "文创体验", None])
    assert (measured.value, measured.denominator) == (1.0, 1.0)
    assert [note.facts["features"] for note in measured.notes if note.key == "projects.note_unread"] == [["文创体验"]]
    far = closing(lot(0, 1), lot(9000, 9001), brings=["pharmacy", "pharmacy"])
    assert (far.value, far.denominator) == (1.0, 1.0)
    assert next(note for note in far.notes if note.key == "projects.note_aside").facts["projects"] == ["B"]
    # The county states that it has no clinic: then one more is something.
    assert closing(lot(0, 1), brings=["clinic"]).value == 1


def test_no_number_comes_from_nothing():
    with pytest.raises(NotAssessed, match="brings"):
        closing(lot(0, 1), brings=[None])
    with pytest.raises(NotAssessed, match="brings"):
        closing(lot(0, 1), brings=["文创体验"])
    with pytest.raises(NotAssessed, match="A"):
        closing(lot(9000, 9001), brings=["pharmacy"])
    layers = circle.layers(kinds="pharmacy")
    unknown = layers["facilities"]
    unknown.attrs.clear()
    on = {"residential": layers["residential"], "study_area": layers["study_area"], "facilities": unknown}
    lots = town.frame(lot(0, 1), id=["A"], brings=["clinic"])
    with pytest.raises(NotAssessed):
        applied(projects.closing, **on, network=circle.network(), projects=lots, limit_m=300)
    with pytest.raises(NotAssessed):
        applied(projects.closing, **on, projects=lots.assign(brings="pharmacy"), limit_m=300)
