"""Land of projects in control lines: counted by hand, by PostGIS, and by what must hold for any shapes."""

import dataclasses

import numpy as np
import oracle
import pytest
import shapely
import town
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity

from gis_planning import geo, overlay
from gis_planning.analysis.work import applied
from gis_planning.measures.redlines import overlap
from gis_planning.overlay import cuts

#: m2 on the ellipsoid over m2 on the plane where the town lies, on the central meridian: 1 to 1e-9.
EXACT = 1e-6


def row(measured, at=0):
    return measured.layers["parcels"].iloc[at]


def measure(parcels, line, **options):
    coverage = options.pop("coverage", None)
    on = {"projects": town.frame(*parcels), "line": town.frame(*line, **options.pop("fields", {}))}
    return applied(overlap, **on, line_coverage=coverage, **options)


def test_a_quarter_of_a_parcel():
    measured = measure([town.box(0, 0, 100, 100)], [town.box(75, -50, 300, 300)])
    one = row(measured)
    assert measured.value == pytest.approx(2500, rel=EXACT)
    assert one["overlap_m2"] + one["outside_m2"] == pytest.approx(one["area_m2"], rel=1e-12)
    assert (one["pieces"], one["slivers"], one["plane_area_m2"]) == (1, 0, 10_000)
    assert measured.offenders["label"].tolist() == ["substantial"]


def test_parcels_that_share_an_edge_or_lie_in_a_hole_touch_nothing():
    hole = shapely.Polygon(town.box(200, 0, 400, 200).exterior, [town.box(250, 50, 350, 150).exterior])
    line = [town.box(100, 0, 200, 100), hole]
    measured = measure([town.box(0, 0, 100, 100), town.box(250, 50, 350, 150)], line)
    assert measured.layers["parcels"]["overlap_m2"].tolist() == [0, 0]
    assert len(measured.offenders) == 0


def test_a_parcel_equal_to_the_line_is_all_in_it_without_slivers():
    shape = affinity.rotate(town.box(0, 0, 130, 70), 33)
    measured = measure([shape], [shape])
    one = row(measured)
    assert one["overlap_m2"] == one["area_m2"]
    assert (one["pieces"], one["slivers"], one["outside_m2"]) == (1, 0, 0)


def test_overlapping_polygons_of_a_line_count_once():
    measured = measure([town.box(0, 0, 100, 100)], [town.box(0, 0, 60, 100), town.box(40, 0, 100, 100)])
    assert measured.value == pytest.approx(10_000, rel=EXACT)
    assert row(measured)["pieces"] == 1


def test_pieces_and_touches_are_those_of_the_line():
    fields = {"name": ["甲", "乙", "丙"]}
    line = [town.box(10, 0, 20, 200), town.box(50, 0, 60, 200), town.box(300, 0, 400, 100)]
    one = row(measure([town.box(0, 0, 100, 100)], line, fields=fields))
    assert (one["pieces"], one["touches"]) == (2, ["甲", "乙"])


@pytest.mark.parametrize(
    ("depth", "height", "label"),
    [(0.1, 8, "boundary"), (0.1, 60, "unclear"), (0.9, 0.9, "unclear"), (5, 60, "substantial")],
)
def test_slivers_are_labelled_by_width_then_area_and_none_is_lost(depth, height, label):
    measured = measure([town.box(0, 0, 100, 100)], [town.box(100 - depth, 0, 200, height)])
    assert measured.offenders["label"].tolist() == [label]
    assert measured.value == pytest.approx(depth * height, rel=1e-3)
    assert row(measured)[f"{label}_m2"] == pytest.approx(measured.value)
    assert row(measured)["slivers"] == int(2 * depth * height / (2 * (depth + height)) < 0.2)


def test_land_outside_a_line_that_wants_projects_inside():
    measured = measure([town.box(0, 0, 100, 100)], [town.box(-50, -50, 70, 200)], wanted="inside")
    assert measured.value == pytest.approx(3000, rel=EXACT)
    assert row(measured)["overlap_m2"] == pytest.approx(7000, rel=EXACT)
    assert measured.offenders.geometry.iloc[0].equals(town.box(70, 0, 100, 100))


def test_land_beyond_the_data_is_neither_inside_nor_outside():
    coverage = town.frame(town.box(-500, -500, 60, 500))
    one = row(measure([town.box(0, 0, 100, 100)], [town.box(-50, -50, 30, 200)], coverage=coverage, wanted="inside"))
    assert one["uncovered_m2"] == pytest.approx(4000, rel=EXACT)
    assert one["overlap_m2"] == pytest.approx(3000, rel=EXACT)
    assert one["outside_m2"] == pytest.approx(3000, rel=EXACT)
    assert one["touched_m2"] == pytest.approx(3000, rel=EXACT)


def test_only_features_of_a_kind_and_those_that_do_not_say():
    fields = {"core": [True, False, None]}
    line = [town.box(0, 0, 10, 100), town.box(10, 0, 30, 100), town.box(90, 0, 100, 100)]
    one = row(measure([town.box(0, 0, 100, 100)], line, fields=fields, where={"core": ("true",)}))
    assert one["overlap_m2"] == pytest.approx(1000, rel=EXACT)
    assert one["unknown_m2"] == pytest.approx(1000, rel=EXACT)
    nobody_says = row(measure([town.box(0, 0, 100, 100)], line, where={"core": ("true",)}))
    assert (nobody_says["overlap_m2"], nobody_says["unknown_m2"]) == (0, pytest.approx(4000, rel=EXACT))


def test_net_area_leaves_out_the_ridges():
    fields = {"kcxs": [0.1, 0.0]}
    one = row(
        measure(
            [town.box(0, 0, 100, 100)], [town.box(0, 0, 50, 100), town.box(50, 0, 80, 100)], fields=fields, net=True
        )
    )
    assert one["net_m2"] == pytest.approx(5000 * 0.9 + 3000, rel=EXACT)
    assert np.isnan(row(measure([town.box(0, 0, 100, 100)], [town.box(0, 0, 50, 100)], net=True))["net_m2"])


def test_what_cannot_be_cut_is_marked_and_gives_no_number(monkeypatch):
    def nothing(left, right, **options):
        del right, options
        return np.full(len(left), overlay.EMPTY)

    monkeypatch.setattr(shapely, "difference", nothing)
    measured = measure([town.box(0, 0, 100, 100), town.box(500, 0, 600, 100)], [town.box(50, 0, 200, 100)])
    assert measured.layers["parcels"]["unsure"].tolist() == [True, False]
    assert measured.value == 0
    assert measured.value_range == (0, pytest.approx(10_000, rel=EXACT))


def test_land_that_cannot_be_told_from_land_beyond_the_data_is_marked_too(monkeypatch):
    split = overlay.split

    def doubtful(parcels, zone, **options):
        assert options["leave_unsure"]
        return dataclasses.replace(split(parcels, zone, **options), unsure=np.array([True, False]))

    monkeypatch.setattr(overlay, "split", doubtful)
    parcels = [town.box(0, 0, 100, 100), town.box(500, 0, 600, 100)]
    measured = measure(parcels, [town.box(50, 0, 200, 100)], coverage=town.frame(town.box(-9, -9, 999, 999)))
    assert measured.layers["parcels"]["unsure"].tolist() == [True, False]
    assert measured.value == 0


def test_a_redline_of_200_000_vertices_cuts_like_plain_shapely():
    angle = np.linspace(0, 2 * np.pi, 200_000, endpoint=False)
    random = np.random.default_rng(3)
    reach = 5000 + 300 * np.sin(40 * angle) + random.uniform(-0.5, 0.5, len(angle))
    line = shapely.Polygon(
        np.column_stack([town.EAST + 6000 + reach * np.cos(angle), town.NORTH + 6000 + reach * np.sin(angle)])
    )
    x, y = random.uniform(0, 12_000, (2, 400))
    parcels = [town.box(a, b, a + 90, b + 60) for a, b in zip(x, y, strict=True)]
    measured = measure(parcels, [line])
    cut = shapely.intersection(parcels, line)
    plain = shapely.area(cut)
    assert measured.layers["parcels"]["overlap_m2"].to_numpy() == pytest.approx(plain, rel=1e-5, abs=300 * 1e-4)
    # A parcel that the line crosses once is one piece, however often the line was subdivided.
    parts = shapely.get_num_geometries(cut) * (plain > 0.1)
    assert measured.layers["parcels"]["pieces"].to_numpy()[plain > 0.1] == pytest.approx(parts[plain > 0.1])


def test_the_largest_move_is_told():
    # On a grid of 0.1 mm the corner at 0.04 mm moves by 0.04 mm to either side, that is by 0.04 * sqrt(2) mm.
    parcels = town.frame(town.box(0, 0, 100, 100))
    line = town.frame(town.box(50.00004, -50.00004, 150, 150))
    note = next(one for one in applied(overlap, projects=parcels, line=line).notes if one.key == "redlines.note_grid")
    assert note.facts["moved_mm"] == pytest.approx(0.04 * 2**0.5, abs=2e-5)
    assert "no vertex moved by more than 0.057 mm" in note.to("en")


def test_areas_and_pieces_against_postgis():
    random = np.random.default_rng(11)

    def stars(count, size):
        found = []
        for x, y in random.uniform(0, 3000, (count, 2)):
            angle = np.sort(random.uniform(0, 2 * np.pi, 24))
            reach = size * random.uniform(0.3, 1, 24)
            found.append(
                shapely.Polygon(
                    np.column_stack([town.EAST + x + reach * np.cos(angle), town.NORTH + y + reach * np.sin(angle)])
                ).buffer(0)
            )
        return [one for one in found if one.geom_type == "Polygon"]

    parcels, line = stars(300, 60), stars(60, 250)
    sql = """
    SELECT p.id, ST_Area(ST_Intersection(p.geom, l.g, 0.0001))
    FROM parcels p, (SELECT ST_UnaryUnion(ST_Collect(geom), 0.0001) AS g FROM line) l ORDER BY p.id"""
    rows = np.array(oracle.query({"parcels": parcels, "line": line}, sql))
    measured = measure(parcels, line)
    plane = np.zeros(len(parcels))
    np.add.at(plane, measured.offenders["parcel"].to_numpy(), measured.offenders["plane_area_m2"].to_numpy())
    assert plane == pytest.approx(rows[:, 1], abs=400 * 2 * overlay.GRID_M)


shapes = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(1, 30), st.integers(1, 30), st.integers(0, 89)),
    min_size=1,
    max_size=6,
).map(lambda rows: [affinity.rotate(town.box(x, y, x + w, y + h), turn) for x, y, w, h, turn in rows])


@settings(max_examples=60, deadline=None)
@given(shapes, shapes)
def test_inside_and_outside_are_the_parcel_and_agree_with_plain_shapely(parcels, line):
    measured = measure(parcels, line)
    table = measured.layers["parcels"]
    whole = shapely.union_all(line)
    for parcel, (_, one) in zip(parcels, table.iterrows(), strict=True):
        slack = (parcel.length + whole.length) * 2 * overlay.GRID_M
        assert one["overlap_m2"] == pytest.approx(parcel.intersection(whole).area, abs=slack)
        assert one["overlap_m2"] + one["outside_m2"] == pytest.approx(one["area_m2"], abs=1e-9)
    outside = measure(parcels, line, wanted="inside").layers["parcels"]["touched_m2"]
    assert (outside + table["overlap_m2"]).to_numpy() == pytest.approx(table["area_m2"].to_numpy(), abs=1)


@settings(max_examples=30, deadline=None)
@given(shapes, shapes, st.integers(-5000, 5000), st.booleans())
def test_moving_turning_and_winding_change_nothing(parcels, line, east, reverse):
    def moved(ones):
        shifted = [affinity.translate(one, east, 2 * east) for one in ones]
        return [shapely.reverse(one) if reverse else one for one in shifted]

    before, after = measure(parcels, line), measure(moved(parcels), moved(line))
    slack = sum(one.length for one in (*parcels, *line)) * 2 * overlay.GRID_M
    assert after.offenders["plane_area_m2"].sum() == pytest.approx(before.offenders["plane_area_m2"].sum(), abs=slack)


@settings(max_examples=30, deadline=None)
@given(shapes)
def test_a_copy_of_a_layer_is_all_in_it(parcels):
    table = measure(parcels, parcels).layers["parcels"]
    assert table["overlap_m2"].to_numpy() == pytest.approx(table["area_m2"].to_numpy(), rel=1e-12)
    assert (table["pieces"] == 1).all()
    assert (table["slivers"] == 0).all()


def test_merging_parcels_keeps_the_total():
    line = [affinity.rotate(town.box(150, 30, 700, 260), 17)]
    columns = [town.box(x, 0, x + 50, 300) for x in range(0, 800, 50)]
    parts, whole = measure(columns, line), measure([town.box(0, 0, 800, 300)], line)
    assert parts.value == pytest.approx(whole.value, abs=2000 * overlay.GRID_M)


def test_ellipsoid_area_of_a_piece_is_less_than_its_plane_area_away_from_the_meridian():
    far = [affinity.translate(town.box(0, 0, 1000, 1000), 120_000, 0)]
    measured = measure(far, far)
    # 1 + x2 / R2 for the scale squared, 120 km from the central meridian.
    assert measured.value * (1 + (120_500 / 6_371_000) ** 2) == pytest.approx(1_000_000, rel=5e-6)
    assert measured.value == geo.ellipsoid_area(np.array(far, dtype=object), measured.offenders.crs)[0]


def test_farmland_that_cannot_be_cut_apart_puts_those_near_it_in_doubt(monkeypatch):
    split = cuts.split

    def doubtful(parcels, zone, **options):
        assert options["leave_unsure"]
        return dataclasses.replace(split(parcels, zone, **options), unsure=np.array([True]))

    monkeypatch.setattr(cuts, "split", doubtful)
    line = [town.box(0, 0, 100, 100), town.box(50, 0, 200, 100), town.box(500, 0, 600, 100)]
    parcels = [town.box(60, 10, 80, 20), town.box(510, 10, 520, 20)]
    measured = measure(parcels, line, fields={"kcxs": [0.1, 0.2, 0.5]}, net=True)
    frame = measured.layers["parcels"]
    assert frame["unsure"].tolist() == [True, False]
    assert frame["net_m2"][1] == pytest.approx(100 * 0.5, rel=EXACT)
    assert measured.value == pytest.approx(100, rel=EXACT)
