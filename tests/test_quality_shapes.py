"""Geometry of delivered layers: for every check a case that passes and one that fails, with the fault where it is."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import delivered
import geopandas as gpd
import numpy as np
import oracle
import pandas as pd
import pyogrio
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Point, Polygon
from test_quality_columns import county_of, every_table

from gis_planning import cli
from gis_planning.county.opened import open_county
from gis_planning.county.raw import Raw
from gis_planning.errors import PlanningError
from gis_planning.judging import judge, rulebook, scores
from gis_planning.judging.measuring import Measuring
from gis_planning.measures.quality import shapes, topology

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
CRS = pyproj.CRS("EPSG:4526")
EAST, NORTH = delivered.EAST, delivered.NORTH
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the shared real data are not beside this clone")


def raw(*geometries, crs=CRS, working=CRS, name="DLTB", curved=None):
    frame = gpd.GeoDataFrame(geometry=[at(one) for one in geometries], crs=crs)
    return Raw("land_use", frame, crs, working, Path("county.gpkg"), name, "150999", curved or {})


def at(geometry):
    """Move from the origin of the drawing to where a county lies."""
    return None if geometry is None else shapely.transform(geometry, lambda xy: xy + (EAST, NORTH))


def box(x0, y0, x1, y1):
    return shapely.box(x0, y0, x1, y1)


def polygon(*shell, holes=()):
    return Polygon(shell, holes)


SQUARE = box(0, 0, 100, 100)
RIGHT = [SQUARE, box(100, 0, 200, 100), polygon((200, 0), (300, 0), (300, 100), (200, 100))]
SPIKED = polygon((0, 0), (10, 0), (10, 10), (5.01, 10), (5, 20), (4.99, 10), (0, 10))
FIVE_DEGREES = polygon((0, 0), (100, 0), (100, 100 * np.tan(np.radians(5))))
TOUCHING = polygon((0, 0), (100, 0), (100, 100), (0, 100), holes=[[(0, 50), (20, 40), (20, 60)]])

#: What is wrong, how it is counted, and where, by hand.
CASES = [
    ("valid", [polygon((0, 0), (10, 10), (10, 0), (0, 10))], {}, [(5, 5)], [None]),
    ("valid", [polygon((0, 0), (9, 0), (9, 9), holes=[[(20, 20), (21, 20), (21, 21)]])], {}, [(20, 20)], [None]),
    ("multipart", [MultiPolygon([box(0, 0, 1, 1), box(5, 5, 6, 6), box(8, 8, 9, 9)])], {}, [None], [3]),
    ("holes", [SQUARE - box(10, 10, 12, 12) - box(50, 50, 51, 51)], {}, [(11, 11), (50.5, 50.5)], [4, 1]),
    ("self_touch", [TOUCHING], {}, [(0, 50)], [None]),
    ("self_touch", [MultiPolygon([box(0, 0, 10, 10), box(10, 10, 20, 20)])], {}, [(10, 10)], [None]),
    ("repeated_points", [polygon((0, 0), (50, 0), (50, 0), (50, 50))], {}, [(50, 0)], [0]),
    ("repeated_points", [LineString([(0, 0), (3, 4), (3, 4), (9, 9)])], {}, [(3, 4)], [0]),
    ("short_edges", [polygon((0, 0), (50, 0), (50, 0.005), (40, 50))], {}, [(50, 0.0025)], [0.005]),
    ("short_lines", [LineString([(0, 0), (1.5, 0)])], {}, [(0.75, 0)], [1.5]),
    ("spikes", [SPIKED], {}, [(5, 20)], [2 * np.degrees(np.arctan(0.001))]),
    # The spike is where the ring starts.
    (
        "spikes", [polygon((5, 20), (4.99, 10), (0, 10), (0, 0), (10, 0), (10, 10), (5.01, 10), (5, 20))], {},
        [(5, 20)], [0.1145912],
    ),
    ("acute_angles", [FIVE_DEGREES], {}, [(0, 0)], [5]),
    ("fragments", [box(0, 0, 3, 3)], {}, [(1.5, 1.5)], [9]),
    ("narrow", [box(0, 0, 100, 0.1)], {}, [(50, 0.05)], [20 / 200.2]),
    ("slivers", [box(0, 0, 100, 2)], {}, [(50, 1)], [200]),
    ("duplicates", [SQUARE, polygon((100, 100), (100, 0), (0, 0), (0, 100))], {}, [(50, 50)], [10000]),
    ("precision", [polygon((0, 0), (10, 0), (10.00005, 10), (0, 10))], {}, [(10.00005, 10)], [0.5]),
    ("overlap", [SQUARE, box(90, 0, 190, 100), box(180, 0, 290, 50)], {}, [(95, 50), (185, 25)], [1000, 500]),
    ("gap", [box(0, 0, 30, 10), box(0, 20, 30, 30), box(0, 10, 10, 20), box(20, 10, 30, 20)], {}, [(15, 15)], [100]),
    # A millimetre wide, between neighbours that do not match.
    (
        "gap", [box(0, 0, 30, 10), box(0, 10, 10, 20), box(10.001, 10, 30, 20), box(0, 20, 30, 30)], {},
        [(10.0005, 15)], [0.01],
    ),
    ("dangles", [LineString([(0, 0), (10, 0)]), LineString([(10, 0), (20, 0)])], {}, [(0, 0), (20, 0)], [None, None]),
]  # fmt: skip


def function(name):
    return getattr(shapes, name, None) or getattr(topology, name)


@pytest.mark.parametrize(("name", "geometries", "options", "places", "sizes"), CASES)
def test_every_fault_is_found_where_it_is(name, geometries, options, places, sizes):
    measured = function(name)(raw(*RIGHT[1:], *geometries) if name != "overlap" else raw(*geometries), **options)
    if name in ("dangles", "gap"):
        measured = function(name)(raw(*geometries), **options)
    assert measured.value == len(places), measured.offenders
    for place, size in zip(places, sizes, strict=True):
        near = [
            n for n, one in enumerate(measured.offenders.geometry)
            if place is None or shapely.distance(shapely.point_on_surface(one), at(Point(place))) < 1e-3
            or shapely.distance(shapely.centroid(one), at(Point(place))) < 1e-3
        ]  # fmt: skip
        assert near, measured.offenders.geometry.tolist()
        if size is not None:
            assert any(measured.offenders["size"][n] == pytest.approx(size, rel=1e-3, abs=1e-6) for n in near)


@pytest.mark.parametrize("name", sorted({case[0] for case in CASES} - {"dangles"}))
def test_what_is_right_passes(name):
    assert function(name)(raw(*RIGHT)).value == 0


def test_lines_that_meet_are_right():
    ring = [LineString([(0, 0), (10, 0)]), LineString([(10, 0), (10, 10), (0, 0)])]
    assert topology.dangles(raw(*ring, LineString([(20, 0), (25, 0), (25, 5), (20, 0)]))).value == 0
    # An end may meet another line in its middle.
    assert topology.dangles(raw(*ring, LineString([(5, 0), (5, -5)]))).value == 1


@pytest.mark.filterwarnings("ignore:invalid value")
def test_geometry_that_is_none_is_a_fault_of_its_own_and_disturbs_no_check():
    odd = [None, Polygon(), shapely.from_wkt("LINESTRING (nan 0, 1 0, 1 1)"), SQUARE]
    measured = shapes.valid(raw(*odd))
    assert sorted(measured.offenders["fault"]) == ["valid_coordinates", "valid_empty", "valid_null"]
    assert measured.offenders["feature"].tolist() == ["0", "1", "2"]
    for name in sorted({case[0] for case in CASES}):
        assert function(name)(raw(*odd)).value == (3 if name == "valid" else 0), name
    for name in sorted({case[0] for case in CASES}):
        assert function(name)(raw()).value == 0, name
        assert function(name)(raw(None)).value == (name == "valid"), name


@pytest.mark.parametrize(
    ("code", "faults"),
    [
        ("EPSG:4526", []), ("EPSG:4547", []), ("EPSG:4490", []), ("EPSG:4498", []),
        ("EPSG:4326", ["crs_datum", "crs_projection"]),
        ("EPSG:32650", ["crs_datum"]), ("EPSG:2362", ["crs_datum"]), ("EPSG:3857", ["crs_datum", "crs_projection"]),
    ],
)  # fmt: skip
def test_crs(code, faults):
    frame = gpd.GeoDataFrame(geometry=[Point(0, 0)], crs=code)
    one = Raw("land_use", frame, pyproj.CRS(code), CRS, Path("a.gpkg"), None, None)
    assert sorted(shapes.crs(one).offenders["fault"]) == faults


def test_curves_are_told_by_the_reader():
    assert shapes.curves(raw(SQUARE)).value == 0
    measured = shapes.curves(raw(SQUARE, box(0, 0, 1, 1), curved={1: 78.5}))
    assert (measured.offenders["feature"].tolist(), measured.offenders["size"].tolist()) == (["1"], [78.5])


def test_degrees_are_measured_in_metres():
    crs = pyproj.CRS("EPSG:4490")
    move = pyproj.Transformer.from_crs(CRS, crs, always_xy=True).transform
    squares = [
        shapely.transform(at(one), lambda xy: np.column_stack(move(*xy.T))) for one in (SQUARE, box(90, 0, 190, 100))
    ]
    one = Raw("land_use", gpd.GeoDataFrame(geometry=squares, crs=crs), crs, CRS, Path("a.gpkg"), "DLTB", None)
    measured = topology.overlap(one)
    assert measured.offenders["size"].tolist() == pytest.approx([1000], rel=1e-6)
    assert shapes.fragments(one).value == 0
    assert shapes.precision(one).value == 2


@pytest.mark.parametrize(("width", "gaps", "noted"), [(5e-8, 0, 1), (4e-6, 1, 0), (1e-4, 1, 0)])
def test_a_hole_narrower_than_coordinates_hold_is_noted_and_any_other_is_a_gap(width, gaps, noted):
    # A vertex that the neighbour above lacks lies a hair below its edge.
    low = polygon((0, 0), (30, 0), (30, 10), (25, 10), (15, 10 - width), (5, 10), (0, 10))
    measured = topology.gap(raw(low, box(0, 10, 30, 20)))
    assert measured.value == len(measured.offenders) == gaps
    assert [one.facts["count"] for one in measured.notes if one.key == "quality.note_rounding"] == [1] * noted


def test_an_island_in_a_hole_is_no_gap():
    ring = box(0, 0, 100, 100) - box(20, 20, 80, 80)
    alone = topology.gap(raw(ring, box(40, 40, 60, 60)))
    assert (alone.value, alone.offenders["size"].tolist()) == (1, [3600 - 400])
    assert topology.gap(raw(ring, box(20, 20, 80, 80))).value == 0
    assert alone.offenders["feature"].tolist() == ["0"]


def test_cover():
    patches, whole = raw(box(0, 0, 50, 100), box(50, 0, 120, 100)), raw(SQUARE, name="XZQ")
    measured = topology.cover(patches, whole)
    assert (measured.value, measured.offenders["size"].tolist()) == (1, [2000])
    assert measured.offenders["feature"].tolist() == ["1"]
    assert topology.cover(whole, patches).value == 0
    holed = topology.cover(whole, raw(SQUARE - box(10, 10, 20, 20) - box(70, 70, 75, 75)))
    assert sorted(holed.offenders["size"]) == [25, 100]
    assert (
        topology.cover(whole, patches, above_m2=3000).value == topology.cover(patches, whole, above_m2=3000).value == 0
    )


def test_lines_off_the_edges_of_their_polygons():
    along, off = LineString([(0, 0), (100, 0), (100, 100)]), LineString([(0, 100), (0, 60), (5, 50), (0, 40), (0, 0)])
    measured = topology.on_edges(raw(along, off), raw(SQUARE))
    assert (measured.value, measured.offenders["feature"].tolist()) == (1, ["1"])
    assert measured.offenders["size"][0] == pytest.approx(2 * np.hypot(5, 10), abs=0.01)
    assert topology.on_edges(raw(LineString([(500, 0), (600, 0)])), raw(SQUARE)).value == 1


def test_invalid_polygons_take_part_and_it_is_said():
    bow = polygon((0, 0), (10, 10), (10, 0), (0, 10))
    measured = topology.overlap(raw(bow, box(5, 0, 20, 10)))
    assert measured.offenders["size"].tolist() == pytest.approx([25])
    assert "1 invalid" in measured.notes[0].to("en")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 99), min_size=1, max_size=6, unique=True), st.integers(1, 9), st.integers(0, 7))
def test_a_patch_that_is_moved_leaves_a_gap_and_an_overlap(cuts, far, which):
    edges = [0, *sorted(cuts), 100]
    strips = [box(low, 10, high, 20) for low, high in pairwise(edges)]
    frame = [box(-10, 0, 110, 10), box(-10, 20, 110, 30), box(-10, 10, 0, 20), box(100, 10, 110, 20)]
    assert topology.overlap(raw(*frame, *strips)).value == topology.gap(raw(*frame, *strips)).value == 0
    moved = which % len(strips)
    shift = far / 1000
    strips[moved] = shapely.transform(strips[moved], lambda xy: xy + (shift, 0))
    overlaps, gaps = topology.overlap(raw(*frame, *strips)), topology.gap(raw(*frame, *strips))
    assert (overlaps.value, gaps.value) == (1, 1)
    assert overlaps.offenders["size"][0] == pytest.approx(10 * shift, rel=1e-5)
    assert gaps.offenders["size"][0] == pytest.approx(10 * shift, rel=1e-5)
    # An independent engine marks edges of just the polygons that are told to overlap.
    marked = shapely.coverage_invalid_edges(np.array([at(one) for one in [*frame, *strips]]))
    named = {int(overlaps.offenders[field][0]) for field in ("feature", "other")}
    assert named <= set(np.flatnonzero(~shapely.is_empty(marked)).tolist())


@pytest.mark.parametrize("seed", range(3))
def test_overlaps_and_gaps_are_those_that_postgis_finds(seed):
    """Patches of a grid with shaken corners, some of them moved: pairs and holes by ST_Intersection and ST_Union."""
    rng = np.random.default_rng(seed)
    corner = np.stack(np.meshgrid(np.arange(13), np.arange(13), indexing="ij"), -1) * 100.0
    corner += rng.uniform(-30, 30, corner.shape)
    rings = np.stack([corner[:-1, :-1], corner[1:, :-1], corner[1:, 1:], corner[:-1, 1:]], axis=2).reshape(-1, 4, 2)
    patches = shapely.polygons(np.round(rings, 3))
    some = rng.choice(len(patches), 20, replace=False)
    shift = np.round(rng.uniform(-0.5, 0.5, (20, 2)), 3)
    for one, by in zip(some.tolist(), shift, strict=True):
        patches[one] = shapely.transform(patches[one], lambda xy, by=by: xy + by)
    moved = np.array([at(one) for one in patches])
    layer = raw(*patches)
    found, holes = topology.overlap(layer), topology.gap(layer)
    pairs = """SELECT a.id, b.id, ST_Area(ST_Intersection(a.geom, b.geom)) FROM p a JOIN p b
        ON a.id < b.id AND ST_Intersects(a.geom, b.geom) AND ST_Area(ST_Intersection(a.geom, b.geom)) > 1e-4"""
    theirs = {(int(one), int(other)): area for one, other, area in oracle.query({"p": moved}, pairs + ";")}
    rows = found.offenders
    named = zip(rows["feature"].astype(int), rows["other"].astype(int), strict=True)
    ours = dict(zip(named, rows["size"], strict=True))
    assert {pair: area for pair, area in ours.items() if area > 1e-4} == pytest.approx(theirs, abs=1e-4)
    gaps = """SELECT ST_Area(ST_BuildArea(ST_InteriorRingN(g, n)))
        FROM (SELECT (ST_Dump(ST_Union(geom))).geom g FROM p) u, generate_series(1, ST_NumInteriorRings(g)) n
        ORDER BY 1 DESC;"""
    holes_there = [row[0] for row in oracle.query({"p": moved}, gaps)]
    big = [area for area in holes_there if area > 1e-4]
    assert [one for one in holes.offenders["size"] if one > 1e-4] == pytest.approx(big, abs=1e-4)
    assert len(ours) > 20
    assert len(big) > 5


def test_two_layers_that_fit_in_themselves_lie_one_over_the_other():
    coarse = [box(25 * i, 25 * j, 25 * i + 25, 25 * j + 25) for i in range(4) for j in range(4)]
    fine = [box(20 * i, 20 * j, 20 * i + 20, 20 * j + 20) for i in range(5) for j in range(5)]
    measured = topology.overlap(raw(*coarse, *fine))
    # Every spot lies in one of each; a cell of 25 m meets the cells of 20 m in two rows and two columns.
    assert measured.offenders["size"].sum() == pytest.approx(100 * 100)
    assert measured.value == 64
    assert topology.gap(raw(*coarse, *fine)).value == 0


# --- the clauses on a delivered database


CLAUSES = {
    one.code: one for one in rulebook.load() if one.document.id in {"quality-survey_shapes", "quality-plan_shapes"}
}


def lines():
    """Boundary lines of two areas side by side, from node to node."""
    nodes = [(1000, 0), (2000, 0), (2000, 1000), (1000, 1000), (0, 1000), (0, 0)]
    moved = [(EAST + x, NORTH + y) for x, y in nodes]
    shapes_ = [LineString([moved[0], moved[3]]), LineString(moved[:4]), LineString([*moved[3:], moved[0]])]
    table = {"BSM": [delivered.bsm(9, n) for n in range(3)], "YSDM": ["1000600200"] * 3, "JXLX": ["640200"] * 3}
    return gpd.GeoDataFrame(
        table | {"JXXZ": ["600001"] * 3, "JXSM": [None] * 3, "BZ": [None] * 3}, geometry=shapes_, crs=CRS
    )


def tables():
    return every_table() | {"XZQJX": lines(), "CJDCQJX": lines()}


@pytest.fixture(scope="module")
def right(tmp_path_factory):
    return county_of(tmp_path_factory.mktemp("right"), tables())


@pytest.mark.parametrize("code", list(CLAUSES))
def test_every_clause_passes_on_what_is_right(right, code):
    verdict = judge.judge(CLAUSES[code], Measuring(right))
    assert (verdict.outcome, verdict.measured.value) == ("pass", 0), verdict.measured.offenders


def spoiled():
    """Return the tables with a hole and a spike in the grassland."""
    found = tables()
    patches = found["DLTB"].copy()
    grass = patches.geometry[5]
    # A sliver taken from the grassland: a gap of 2 m by 100 m within it, and a spike at its upper edge.
    spike = [(EAST + 1300.05, NORTH + 1000), (EAST + 1300, NORTH + 1010), (EAST + 1299.95, NORTH + 1000)]
    shell = [grass.exterior.coords[k] for k in range(4)]
    top = max(range(4), key=lambda k: (shell[k][1], shell[k][0]))
    order = shell[top:] + shell[:top]
    if order[1][1] < order[0][1]:
        order = [order[0], *order[:0:-1]]
    hole = shapely.box(EAST + 1200, NORTH + 400, EAST + 1300, NORTH + 402)
    patches.loc[5, "geometry"] = Polygon([order[0], *spike, *order[1:]]) - hole
    found["DLTB"] = patches
    return found


def test_what_is_planted_is_found_and_nothing_else(tmp_path):
    county = county_of(tmp_path, spoiled())
    verdicts = {code: judge.judge(one, Measuring(county)) for code, one in CLAUSES.items() if "-DLTB" in code}
    failed = {code: verdict.measured.value for code, verdict in verdicts.items() if verdict.outcome != "pass"}
    assert failed == {
        "QSG-DLTB-SPIKES": 1,
        "QSG-DLTB-GAP": 1,
        "QSG-XZQ-IN-DLTB": 1,
        "QSG-CJDCQ-IN-DLTB": 1,
        "QSG-DLTB-IN-XZQ": 1,  # the spike
        "QSG-DLTB-IN-CJDCQ": 1,
    }


def with_every_fault():
    """Return the patches with one fault of every kind; what is cut out of a patch is a patch of its own."""
    patches = spoiled()["DLTB"]
    own = list(patches.geometry)
    corners = [*own[5].exterior.coords][:-1]
    first = next(n for n, one in enumerate(corners) if np.allclose(one, (EAST + 1000, NORTH)))
    corners = corners[first:] + corners[:first]
    if not np.allclose(corners[1], (EAST + 1600, NORTH)):
        corners = [corners[0], *corners[:0:-1]]
    moved = [(EAST + x, NORTH) for x in (1300, 1300.005, 1400.00005)]
    own[5] = Polygon([corners[0], *moved, *corners[1:]], [ring.coords for ring in own[5].interiors])
    own[6] = at(polygon((1600, 0), (1700, 0), (1700, 700), (1700, 700), (1700, 1000), (1600, 1000)))
    own[8] = at(MultiPolygon([box(1700, 500, 1800, 1000), box(1900, 500, 2000, 1000)]))
    square, diamond = box(100, 100, 103, 103), polygon((0, 400), (20, 390), (40, 400), (20, 410))
    own[0] = own[0] - at(square) - at(diamond)
    strip = box(600, 700, 600.1, 850)
    own[4] = own[4] - at(strip)
    wedge = polygon((0, 800), (300, 800), (300, 800 + 300 * round(np.tan(np.radians(5)), 4)))
    own[1] = at(polygon((300, 800), (500, 800), (500, 1000), (0, 1000), (0, 800), wedge.exterior.coords[2]))
    more = [at(one) for one in (box(1800, 500, 1900, 1000), square, diamond, strip, wedge)]
    rows = pd.concat([patches, patches.iloc[[8, 0, 0, 4, 1, 3, 3]]], ignore_index=True)
    return rows.set_geometry([*own, *more, own[3], None], crs=delivered.CRS)


def test_a_delivery_with_one_fault_of_every_kind_shows_just_these(tmp_path):
    county = county_of(tmp_path, tables() | {"DLTB": with_every_fault()})
    verdicts = [judge.judge(one, Measuring(county)) for code, one in CLAUSES.items() if "-DLTB" in code]
    failed = [one for one in verdicts if one.outcome == "fail"]
    found = {one.code.removeprefix("QSG-").removeprefix("DLTB-"): one.measured.value for one in failed}
    assert found == {
        "VALID": 1, "TOUCH": 1, "PARTS": 1, "POINTS": 1, "TWICE": 1, "SPIKES": 1, "ACUTE": 1, "4601": 1, "NARROW": 1,
        "SLIVER": 1, "EDGES": 1, "GRID": 1, "GAP": 1,
        "4201": 1,  # the patch that is there twice
        "IN-XZQ": 1, "IN-CJDCQ": 1, "XZQ-IN-DLTB": 1, "CJDCQ-IN-DLTB": 1,  # the spike, and the gap
    }  # fmt: skip


def test_scores_and_faults_are_written(tmp_path):
    county = county_of(tmp_path, spoiled())
    words = ["--only", "quality-survey_shapes", "--out", str(tmp_path / "out"), "--lang", "zh"]
    with pytest.raises(SystemExit) as left:
        cli.main(["check", str(county.folder), *words])
    assert left.value.code == 1
    told = json.loads((tmp_path / "out" / "scorecard.json").read_text(encoding="utf-8"))
    (score,) = told["quality"]
    # Five faults of class B, by the weights of 2009 on fewer than 100 features; the spike is only for comparison.
    assert (score["counts"], score["left_out"], score["score"]) == ({"A": 0, "B": 5, "C": 0}, 1, 100 - 5 * 12)
    layers = {name for name, _ in pyogrio.list_layers(tmp_path / "out" / "quality.gpkg")}
    assert {"faults", "areas", "scores", "layer_styles"} <= layers
    faults = gpd.read_file(tmp_path / "out" / "quality.gpkg", layer="faults")
    assert len(faults) == 6
    assert set(faults.geom_type) == {"Point"}
    spike = faults[faults["fault"] == "spikes"].iloc[0]
    assert shapely.distance(spike.geometry, Point(EAST + 1300, NORTH + 1010)) < 1e-6
    assert (spike["reason"], spike["defect"], spike["feature"]) == ("折返", "C", "6")
    areas = gpd.read_file(tmp_path / "out" / "quality.gpkg", layer="areas").set_index("code").geometry.area
    assert areas["QSG-DLTB-GAP"] == pytest.approx(200, rel=1e-6)
    assert "40.0" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


def test_weights_are_the_county_s(tmp_path):
    county = county_of(tmp_path, spoiled())
    stated = (county.folder / "county.toml").read_text(encoding="utf-8")
    clauses = [one for one in CLAUSES.values() if one.document.id == "quality-survey_shapes"]

    def score(words):
        (county.folder / "county.toml").write_text(f"{stated}\n[quality]\n{words}\n", encoding="utf-8")
        (found,) = judge.check(open_county(county.folder), clauses).quality
        return found.score

    # Five faults of class B in the shapes of a county of 2 km2.
    assert score('edition = "program"\nadjustment = 2.0') == 100 - 5 * 4 / 2
    assert score("weights = { B = 2.5 }") == 100 - 5 * 2.5
    assert score("caps = { B = 59.9 }") == pytest.approx(100 - 59.9)
    assert score("caps = { B = 60.1 }") == 100 - 5 * 12
    km2 = sum(delivered.area(one) for one in delivered.towns().geometry) / 1e6
    assert score('per = "km2"') == pytest.approx(100 - 5 * 12 / km2, abs=1e-6)
    with pytest.raises(PlanningError, match="2009"):
        score('edition = "1999"')
    with pytest.raises(PlanningError, match="per"):
        score('per = "town"')
    # Where nothing was assessed there is no score.
    missing = [replace(one, outcome="not-assessed", measured=None) for one in judge.check(county, clauses[:3]).verdicts]
    weighing = scores.weighing_of(None, {}, caps={}, per=None, adjustment=1.0)
    assert scores.scored(missing, weighing, features={})[0].score is None


# --- real deliveries


@needs_data
def test_the_zones_of_a_real_plan_overlap():
    (file,) = (DATA / "cnig_plans" / "241800432_PLUi_20200128").rglob("*ZONE_URBA*.shp")
    frame = gpd.read_file(file)
    crs = pyproj.CRS(frame.crs)
    one = Raw("planning_zones", frame, crs, crs, file, None, None)
    measured = topology.overlap(one, above_m2=0.01)
    # By geopandas: every pair that shares more than 0.01 m2.
    shapes_ = shapely.make_valid(frame.geometry.to_numpy())
    left, right = shapely.STRtree(shapes_).query(shapes_, predicate="intersects")
    left, right = left[left < right], right[left < right]
    area = shapely.area(shapely.intersection(shapes_[left], shapes_[right]))
    assert measured.value == (area > 0.01).sum() == 45
    assert measured.offenders["size"].sum() == pytest.approx(area[area > 0.01].sum(), rel=1e-6)
    assert topology.overlap(one).value > 45


@needs_data
def test_banners_overlap():
    frame = gpd.read_file(DATA / "inner_mongolia_admin" / "inner_mongolia_counties.geojson")
    crs = pyproj.CRS("EPSG:4326")
    one = Raw(
        "districts",
        frame.set_crs(crs, allow_override=True),
        crs,
        pyproj.CRS("EPSG:4526"),
        Path("a.geojson"),
        None,
        None,
    )
    assert shapes.valid(one).value == 2
    assert 230 <= topology.overlap(one).value <= 250


@needs_data
def test_invalid_green_polygons_of_a_real_county():
    frame = gpd.read_file(DATA / "lancaster_ugb" / "LancasterGreenSpace.geojson")
    one = Raw("parks", frame, pyproj.CRS(frame.crs), pyproj.CRS("EPSG:32618"), Path("a.geojson"), None, None)
    measured = shapes.valid(one)
    assert measured.value == 253
    assert measured.offenders.geometry.notna().all()
