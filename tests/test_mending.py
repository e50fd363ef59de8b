"""Mending a copy: what is asked for and nothing else, every feature in the ledger, nothing lost or swallowed."""

import csv

import delivered
import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from shapely import LineString, Polygon
from test_fitting import partition
from test_quality_columns import county_of, every_table

from gis_planning import cli
from gis_planning.county.opened import open_county
from gis_planning.errors import CountyError, LayerError, OutputError, SourceError
from gis_planning.judging import judge, rulebook
from gis_planning.judging.measuring import Measuring
from gis_planning.measures import topology
from gis_planning.mending.mending import Asked, asked_for, mend_county

EAST, NORTH = delivered.EAST, delivered.NORTH
CRS = "EPSG:4526"


def box(x0, y0, x1, y1):
    return shapely.box(EAST + x0, NORTH + y0, EAST + x1, NORTH + y1)


def polygon(*corners):
    return Polygon([(EAST + x, NORTH + y) for x, y in corners])


def county(folder, *shapes, layer="land_use", where="", crs=CRS, **columns):
    """Write a county of one GeoPackage of patches."""
    folder.mkdir(parents=True)
    table = {"名称": [f"图斑{n}" for n in range(len(shapes))], "DLBM": ["0103"] * len(shapes), **columns}
    frame = gpd.GeoDataFrame(table, geometry=list(shapes), crs=crs)
    pyogrio.write_dataframe(frame, folder / "a.gpkg", layer="DLTB", driver="GPKG")
    (folder / "county.toml").write_text(
        f'[county]\nname = "示例县"\ncrs = "{CRS}"\n\n[layers.{layer}]\nsource = "a.gpkg"\nlayer = "DLTB"\n{where}\n',
        encoding="utf-8",
    )
    return folder


def mend(folder, out, **asked):
    steps = mend_county(folder, out, Asked(**asked), lang="zh")
    return {
        (step.feature, step.fault): (step.action, round(step.before_m2, 4), round(step.after_m2, 4)) for step in steps
    }


def read(out, table="DLTB"):
    return gpd.read_file(out / "repaired.gpkg", layer=table)


#: A square whose ring runs back over one of its edges and returns: invalid, its area is not in doubt.
SPUR = polygon((0, 0), (100, 0), (100, 100), (100, 130), (100, 100), (0, 100))
BOW = polygon((200, 0), (210, 10), (210, 0), (200, 10))


def test_each_fault_of_each_feature_is_in_the_ledger(tmp_path):
    repeated = polygon((300, 0), (400, 0), (400, 0), (400, 100), (300, 100))
    place = county(tmp_path / "c", SPUR, BOW, repeated, box(500, 0, 600, 100), None)
    source = (place / "a.gpkg").read_bytes()
    assert mend(place, tmp_path / "out") == {
        ("1", "invalid"): ("mended", 10000, 10000),
        # What a bow tie encloses is anybody's guess.
        ("2", "invalid"): ("refused", 0, 0),
        ("3", "repeated_points"): ("mended", 10000, 10000),
        ("5", "valid_null"): ("left", 0, 0),
    }
    assert (place / "a.gpkg").read_bytes() == source
    found = read(tmp_path / "out")
    assert found["名称"].tolist() == [f"图斑{n}" for n in range(5)]
    assert found.crs.to_epsg() == 4526
    assert found.geometry[0].equals(box(0, 0, 100, 100))
    assert found.geometry[1].equals_exact(shapely.MultiPolygon([BOW]), 0) or found.geometry[1].equals_exact(BOW, 0)
    assert shapely.get_num_coordinates(found.geometry[2]) == 5
    with (tmp_path / "out" / "repairs.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    assert rows[0][:4] == ["表", "要素", "问题", "处理"]
    assert len(rows) == 5
    ledger = pyogrio.read_dataframe(tmp_path / "out" / "repaired.gpkg", layer="ledger")
    assert ledger["action"].tolist().count("mended") == 2
    # The new folder is a county; a layer that serves part of a table still does.
    assert len(open_county(tmp_path / "out").as_delivered("land_use").frame) == 5


def test_the_ledger_names_features_by_bsm_and_number_and_says_what_was_refused_and_why(tmp_path, capsys):
    numbers = {"BSM": ["150999010000000001", "150999010000000002", None], "TBBH": ["7", "=8", "9"]}
    # A bow tie encloses nothing before and something after; a line run through twice would be nothing.
    flat = polygon((300, 0), (400, 0), (350, 0))
    place = county(tmp_path / "c", SPUR, BOW, flat, **numbers)
    with pytest.raises(SystemExit):
        cli.main(["repair", str(place), "--out", str(tmp_path / "out"), "--lang", "zh"])
    with (tmp_path / "out" / "repairs.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [(one["BSM"], one["TBBH"]) for one in rows] == [
        ("150999010000000001", "7"),
        ("150999010000000002", "'=8"),
        ("", "9"),
    ]
    why = ["", "面积变化会超出容差或过半", "修复会丢失要素或改变几何类型"]
    assert [one["拒绝原因"] for one in rows] == why
    said = capsys.readouterr().out.splitlines()
    assert f"拒绝修复 DLTB：几何无效 1 处（150999010000000002）：{why[1]}" in said
    assert f"拒绝修复 DLTB：几何无效 1 处（3）：{why[2]}" in said
    # A table without these columns has them empty.
    mend(county(tmp_path / "without", SPUR), tmp_path / "other")
    with (tmp_path / "other" / "repairs.csv").open(encoding="utf-8-sig") as file:
        assert [(one["BSM"], one["TBBH"]) for one in csv.DictReader(file)] == [("", "")]


def test_those_that_hang_together_with_a_refused_neighbour_say_so(tmp_path):
    # Of the first two one loses a tenth; the strip of 10 cm that both share with the third is little for anyone.
    place = county(tmp_path / "c", box(0, 0, 100, 100), box(90, 0, 200, 100), box(0, 99.9, 200, 200))
    steps = mend_county(place, tmp_path / "out", Asked(coverage=("land_use",)), lang="zh")
    assert {step.action for step in steps} == {"refused"}
    assert sorted({step.why for step in steps}) == ["neighbour", "tolerance"]
    assert sum(step.why == "tolerance" for step in steps) == 1


def test_tables_without_faults_stay_where_they_are(tmp_path):
    place = county(tmp_path / "c", box(0, 0, 10, 10))
    assert mend(place, tmp_path / "out") == {}
    assert not (tmp_path / "out" / "repaired.gpkg").exists()
    assert 'source = "../c/a.gpkg"' in (tmp_path / "out" / "county.toml").read_text(encoding="utf-8")
    assert len(open_county(tmp_path / "out").as_delivered("land_use").frame) == 1


def test_overlaps_and_narrow_gaps_are_closed_and_wide_ones_are_not(tmp_path):
    strips = [box(0, 0, 100, 100), box(99.9, 0, 200, 100), box(200.05, 0, 300, 100), box(310, 0, 400, 100)]
    frame = [box(-10, 100, 410, 120), box(-10, -20, 410, 0), box(-10, 0, 0, 100), box(400, 0, 410, 100)]
    place = county(tmp_path / "c", *strips, *frame)
    steps = mend(place, tmp_path / "out", coverage=("land_use",), gaps_below_m=1.0)
    assert {feature for (feature, _), (action, _, _) in steps.items() if action == "mended"} <= {"1", "2", "3"}
    # Above and below them, the frame gets their new corners.
    assert {feature for (feature, _), (action, _, _) in steps.items() if action == "matched"} == {"5", "6"}
    found = read(tmp_path / "out").geometry.to_numpy()
    whole = shapely.union_all(found)
    # The gap of 10 m is still there, the one of 5 cm and the overlap of 10 cm are not; no land is counted twice.
    assert shapely.area(found).sum() == pytest.approx(420 * 140 - 10 * 100, abs=1e-6)
    assert whole.area == pytest.approx(420 * 140 - 10 * 100, abs=1e-6)
    for at in range(3, 8):
        assert found[at].equals([*strips, *frame][at])


def looped(shape):
    """Return a patch whose outline runs past a corner, returns over its longest edge and crosses it twice."""
    corners = shapely.get_coordinates(shape.exterior)
    steps = np.diff(corners, axis=0)
    at = int(np.argmax(np.hypot(*steps.T)))
    along = steps[at]
    inward = np.array([-along[1], along[0]]) / np.hypot(*along)
    if not shape.contains(shapely.Point(corners[at] + along / 2 + inward / 2)):
        inward = -inward
    loop = [corners[at] + 0.97 * along + 0.01 * inward, corners[at] + 0.98 * along - 0.01 * inward, corners[at + 1]]
    return Polygon(np.insert(corners, at + 2, loop, axis=0))


@pytest.mark.parametrize("seed", range(3))
def test_neighbours_share_every_vertex_of_what_was_mended(tmp_path, seed):
    # Where an outline crossed itself, the crossing lies a hair beside the neighbour's edge: a gap of 1e-8 m2.
    rng = np.random.default_rng(seed)
    shapes = partition(rng, 60)
    assert shapely.coverage_is_valid(shapes)
    faulty = shapes.copy()
    for at in rng.choice(len(shapes), 6, replace=False).tolist():
        faulty[at] = looped(shapes[at])
    assert (~shapely.is_valid(faulty)).sum() == 6
    place = county(tmp_path / "c", *faulty)
    steps = mend_county(place, tmp_path / "out", Asked(coverage=("land_use",)), lang="zh")
    assert {step.action for step in steps} == {"mended", "matched"}
    done = read(tmp_path / "out").geometry.to_numpy()
    assert shapely.coverage_is_valid(done)
    whole = shapely.coverage_union_all(done)
    assert shapely.get_num_interior_rings(whole) == 0
    assert whole.area == pytest.approx(shapely.area(shapes).sum(), abs=0.1)  # little is left of the loops outside
    assert [(len(found.at), narrow) for found, narrow in [topology.gaps(done)]] == [(0, 0)]


def test_a_feature_that_would_be_swallowed_is_refused_with_its_neighbours(tmp_path):
    # A sliver that lies wholly in its neighbour would vanish; elsewhere an overlap is mended.
    place = county(
        tmp_path / "c", box(0, 0, 100, 100), box(40, 40, 40.5, 60), box(300, 0, 400, 100), box(399.9, 0, 500, 100)
    )
    steps = mend(place, tmp_path / "out", coverage=("land_use",))
    assert steps["2", "coverage"][0] == "refused"
    assert {feature: steps[feature, "coverage"][0] for feature in ("3", "4") if (feature, "coverage") in steps} == {
        feature: "mended" for feature in ("3", "4") if (feature, "coverage") in steps
    }
    found = read(tmp_path / "out").geometry
    assert found[0].equals(box(0, 0, 100, 100))
    assert found[1].equals(box(40, 40, 40.5, 60))
    assert found.area[2] + found.area[3] == pytest.approx(20000, abs=1e-6)


def test_a_change_beyond_the_tolerance_is_refused(tmp_path):
    place = county(tmp_path / "c", box(0, 0, 100, 100), box(80, 0, 200, 100))
    steps = mend(place, tmp_path / "out", coverage=("land_use",))
    assert {action for action, _, _ in steps.values()} == {"refused"}
    assert not (tmp_path / "out" / "repaired.gpkg").exists()
    wide = mend(place, tmp_path / "wide", coverage=("land_use",), tolerance_share=0.5)
    assert {action for action, _, _ in wide.values()} == {"mended"}


def test_neighbours_without_a_fault_are_as_they_were(tmp_path):
    # The first has a vertex on the edge that it shares with the narrow part of the second.
    narrow = shapely.MultiPolygon([polygon((-8, 400), (0, 700), (0, 0)), box(-2000, 0, -1200, 800)])
    shapes = polygon((0, 0), (0, 300), (0, 700), (900, 700), (900, 0)), narrow
    place = county(tmp_path / "c", *shapes)
    assert mend(place, tmp_path / "out", coverage=("land_use",), gaps_below_m=1.0) == {}
    assert not (tmp_path / "out" / "repaired.gpkg").exists()


def test_a_feature_that_gives_as_much_as_it_gets_has_changed(tmp_path):
    # 200 m2 of overlap go, 200 m2 of gap come: nothing in sum, 4 % of the feature in truth.
    shapes = box(-100, 0, 2, 100), box(0, 0, 100, 100), box(102, 0, 200, 100)
    frame = box(-110, 100, 210, 110), box(-110, -10, 210, 0), box(-110, 0, -100, 100), box(200, 0, 210, 100)
    place = county(tmp_path / "c", *shapes, *frame)
    asked = {"coverage": ("land_use",), "gaps_below_m": 3.0}
    assert mend(place, tmp_path / "out", **asked) == {("2", "coverage"): ("refused", 10000, 10000)}
    assert mend(place, tmp_path / "wide", tolerance_share=0.05, **asked) == {
        ("2", "coverage"): ("mended", 10000, 10000),
        ("4", "coverage"): ("matched", 3200, 3200),
        ("5", "coverage"): ("matched", 3200, 3200),
    }


def test_stated_areas_add_up_to_the_control_area(tmp_path):
    tables = every_table()
    place = county_of(tmp_path, tables).folder
    total = float(tables["DLTB"]["TBMJ"].sum())
    control = round(total - 0.37, 2)
    steps = mend(place, tmp_path / "out", control_m2={"land_use": control}, only=("land_use",))
    found = read(tmp_path / "out")
    assert round(found["TBMJ"].sum(), 2) == control
    # No patch moves by more than its share of 37 hundredths, and one.
    assert np.abs(found["TBMJ"] - tables["DLTB"]["TBMJ"]).max() < 0.37 * tables["DLTB"]["TBMJ"].max() / total + 0.011
    assert np.allclose(found["TBDLMJ"], found["TBMJ"] - found["KCMJ"], atol=1e-6)
    assert np.allclose(found["KCMJ"], (found["TBMJ"] * found["KCXS"].fillna(0)).round(2), atol=1e-6)
    assert {fault for _, fault in steps} == {"control_area"}
    # Types and values of all other fields are as they were.
    before = pyogrio.read_info(tmp_path / "a.gpkg", layer="DLTB")
    after = pyogrio.read_info(tmp_path / "out" / "repaired.gpkg", layer="DLTB")
    assert (before["fields"].tolist(), before["dtypes"].tolist()) == (
        after["fields"].tolist(),
        after["dtypes"].tolist(),
    )
    clause = {one.code: one for one in rulebook.load()}["QS-DLTB-3106"]
    assert judge.judge(clause, Measuring(open_county(tmp_path / "out"))).outcome == "pass"


def refused(kind, key, place, out, **asked):
    with pytest.raises(kind) as caught:
        mend_county(place, out, Asked(**asked), lang="zh")
    assert caught.value.text.key == key
    assert not out.exists() or not any(out.iterdir()) or key == "osm.out_occupied"
    return str(caught.value)


def test_what_cannot_be_done_leaves_nothing(tmp_path):
    place = county(tmp_path / "c", SPUR)
    out = tmp_path / "out"
    assert "roads" in refused(CountyError, "repairs.no_layer", place, out, only=("roads",))
    refused(LayerError, "repairs.no_area", place, out, control_m2={"land_use": 1.0})
    degrees = county(tmp_path / "d", shapely.box(113, 41, 113.01, 41.01), crs="EPSG:4490")
    assert "EPSG:4490" in refused(LayerError, "repairs.degrees", degrees, out, coverage=("land_use",))
    stated = county(tmp_path / "s", box(0, 0, 10, 10), box(10, 0, 20, 10), TBMJ=[100.0, None])
    refused(LayerError, "repairs.bad_areas", stated, out, control_m2={"land_use": 200.0})
    far = county(tmp_path / "f", box(0, 0, 10, 10), TBMJ=[100.0])
    refused(LayerError, "repairs.control_far", far, out, control_m2={"land_use": 200.0})
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("x")
    refused(OutputError, "osm.out_occupied", place, tmp_path / "full")
    with pytest.raises(OutputError, match="land_use=2000000"):
        asked_for((), (), 0.0, ("land_use",), 0.01)


def test_a_layer_that_cannot_be_read_is_left_where_another_is_named(tmp_path):
    place = county(tmp_path / "c", SPUR)
    (place / "b.geojson").write_text("{", encoding="utf-8")
    with (place / "county.toml").open("a", encoding="utf-8") as told:
        told.write('[layers.parks]\nsource = "b.geojson"\n')
    out = tmp_path / "out"
    for asked in ({}, {"only": ("parks",)}):
        refused(SourceError, "source.unreadable", place, out, **asked)
    found = mend(place, out, coverage=("land_use",))
    assert found == {("1", "invalid"): ("mended", 10000, 10000), ("-", "unread"): ("left", 0, 0)}
    assert open_county(out).tables["parks"].source == "../c/b.geojson"


def test_lines_and_layers_that_share_a_table(tmp_path):
    place = county(tmp_path / "c", SPUR, box(200, 0, 300, 100), layer="residential", where="where = \"DLBM = '0103'\"")
    with (place / "county.toml").open("a", encoding="utf-8") as file:
        file.write('\n[layers.parks]\nsource = "a.gpkg"\nlayer = "DLTB"\nwhere = "DLBM = \'0810\'"\n')
    lines = gpd.GeoDataFrame(
        geometry=[LineString([(EAST, NORTH), (EAST + 5, NORTH), (EAST + 5, NORTH), (EAST + 9, NORTH)])], crs=CRS
    )
    lines.to_file(place / "b.shp")
    with (place / "county.toml").open("a", encoding="utf-8") as file:
        file.write('\n[layers.barriers]\nsource = "b.shp"\n')
    assert mend(place, tmp_path / "out") == {
        ("1", "invalid"): ("mended", 10000, 10000),
        ("0", "repeated_points"): ("mended", 0, 0),
    }
    again = open_county(tmp_path / "out")
    assert (again.tables["residential"].layer, again.tables["parks"].layer) == ("DLTB", "DLTB")
    assert again.tables["residential"].where == "DLBM = '0103'"
    assert shapely.get_num_coordinates(again.as_delivered("barriers").geometry[0]) == 3


def test_the_command(tmp_path, capsys):
    place = county(tmp_path / "c", SPUR, BOW)
    with pytest.raises(SystemExit) as left:
        cli.main(["repair", str(place), "--out", str(tmp_path / "out"), "--lang", "zh"])
    # Something was refused: a person has to look.
    assert left.value.code == 1
    assert "修复 1 处，拒绝修复 1 处" in capsys.readouterr().out
    with pytest.raises(SystemExit) as left:
        cli.main(["repair", str(place), "--out", str(tmp_path / "out"), "--lang", "en"])
    assert left.value.code == 2
