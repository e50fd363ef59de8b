"""The demo county: invented, small, made by its script, and judged as planted."""

import subprocess
import sys
from pathlib import Path

import pyogrio
import pytest
import shapely

from gis_planning.conventions import kinds
from gis_planning.county.opened import open_county
from gis_planning.judging import judge, rulebook
from gis_planning.judging.measuring import Measuring
from gis_planning.judging.projects import read_projects
from gis_planning.judging.review import review

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "layers" / "demo"


@pytest.fixture(scope="module")
def demo():
    return open_county(DEMO)


def test_it_is_small_and_says_that_it_is_invented(demo):
    assert sum(file.stat().st_size for file in DEMO.iterdir()) < 11_000_000
    assert "虚构" in demo.settings.note
    assert "示例" in demo.name
    readme = (DEMO / "README.md").read_text(encoding="utf-8")
    assert "虚构" in readme
    assert "invented" in readme


def test_every_layer_can_be_read_without_a_repair(demo):
    for layer in demo.tables:
        assert layer.removesuffix(".earlier") in kinds() or demo.tables[layer].kind == "control_line"
        one = demo.layer(layer)
        if hasattr(one, "geometry"):
            assert one.crs.to_epsg() == 4526
            assert len(one) > 0
    assert not demo.repairs
    assert not demo.warnings


@pytest.mark.slow
def test_the_script_makes_what_is_committed(tmp_path):
    subprocess.run([sys.executable, str(ROOT / "scripts" / "make_demo.py"), "--out", str(tmp_path)], check=True)
    assert {file.name for file in tmp_path.iterdir()} == {file.name for file in DEMO.iterdir()}
    for file in ("county.gpkg", "projects.gpkg"):
        for table, _ in pyogrio.list_layers(DEMO / file):
            new = pyogrio.read_dataframe(tmp_path / file, layer=table)
            old = pyogrio.read_dataframe(DEMO / file, layer=table)
            assert len(new) == len(old), table
            assert list(new.columns) == list(old.columns), table
            assert new.geometry.area.sum() == pytest.approx(old.geometry.area.sum(), rel=1e-6, abs=1), table
            assert new.geometry.length.sum() == pytest.approx(old.geometry.length.sum(), rel=1e-4, abs=1), table


def test_parks_are_what_was_planted(demo):
    clauses = {clause.code: clause for clause in rulebook.load()}
    verdict = judge.judge(clauses["GC22-1"], Measuring(demo))
    parks = verdict.measured.layers["parks"]
    by_name = parks.dropna(subset="name").set_index("name")
    split = by_name[by_name["park_id"] == "PK-SPLIT"]
    assert list(split["parts"]) == [2]
    assert split["area_m2"].iloc[0] >= 5000
    halves = demo.layer("parks")
    assert (halves[halves["park_id"] == "PK-SPLIT"].geometry.area < 5000).all()
    assert by_name.loc[[name for name in by_name.index if "桃园" in name], "parts"].tolist() == [2]
    assert set(parks[parks["name"].isna()]["status"]) == {"verge"}
    assert all(
        by_name.loc[name, "status"] == "verge" for name in by_name.index if "防护林带" in name or "绿化带" in name
    )
    area = shapely.union_all(demo.layer("study_area").geometry.to_numpy())
    assert not by_name.loc["东郊森林公园"].geometry.intersects(area)
    assert by_name.loc["东郊森林公园", "serves_m2"] > 0
    assert verdict.outcome == "pass"
    assert judge.judge(clauses["GB55014-1"], Measuring(demo)).outcome == "fail"
    sizes = parks[parks["status"].isin(["serves", "too_small"])]["area_m2"]
    for low, high in (
        (0, 400),
        (400, 2000),
        (2000, 5000),
        (5000, 10_000),
        (10_000, 50_000),
        (50_000, 100_000),
        (100_000, 200_000),
        (500_000, 1e7),
    ):
        assert ((sizes >= low) & (sizes < high)).any(), (low, high)


def test_the_land_use_is_a_true_coverage(demo):
    land = demo.layer("land_use").geometry.to_numpy()
    assert shapely.coverage_is_valid(land)
    assert not list(shapely.union_all(land).interiors)


def test_the_control_lines_are_in_order(demo):
    lines = [
        demo.layer(one).geometry.union_all()
        for one in ("ecological_redline", "permanent_farmland", "development_boundary")
    ]
    for at, one in enumerate(lines):
        for other in lines[at + 1 :]:
            assert one.intersection(other).area < 1e-3


def test_the_projects_hold_lawful_and_planted_ones(demo):
    projects = demo.layer("projects")
    assert 30 <= len(projects) <= 36
    assert projects["id"].is_unique
    assert projects["activity"].isna().sum() >= 1


#: What was drawn into the demo's projects, and what a reviewer should find.
PLANTED = {
    "XM-013": ("fail", "ecological_redline"),
    "XM-014": ("fail", "ecological_redline"),
    "XM-015": ("fail", "permanent_farmland"),
    "XM-016": ("fail", "permanent_farmland"),
    "XM-017": ("fail", "permanent_farmland"),
    "XM-019": ("conditional", "flood_line"),
    "XM-020": ("conditional", "purple_line"),
    "XM-021": ("fail", "green_line"),
    "XM-022": ("fail", "blue_line"),
    "XM-023": ("fail", "yellow_line"),
    "XM-024": ("fail", "development_boundary"),
    "XM-025": ("conditional", "development_boundary"),
    "XM-026": ("fail", "green_line"),
    "XM-028": ("fail", "development_boundary"),
    "XM-029": ("fail", "ecological_redline"),
    "XM-031": ("not-assessed", "flood_line"),
}


def test_a_review_finds_what_was_planted_in_the_projects():
    county = open_county(DEMO)
    clauses = rulebook.chosen(rulebook.load(county.folder / "rules"), rules=None)
    found = review(county, read_projects(county, []), clauses)
    by_id = {one.id: {line.line: line for line in one.lines} for one in found.parcels}
    for id_, (outcome, line) in PLANTED.items():
        assert by_id[id_][line].outcome == outcome, id_
    lawful = [one.id for one in found.parcels if one.id not in PLANTED]
    assert {one.outcome for one in found.parcels if one.id in lawful} == {"pass", "conditional"}
    # An exact edge, a hole of the redline and a hole that is the heritage line touch nothing.
    assert by_id["XM-018"]["permanent_farmland"].overlap_m2 == 0
    assert by_id["XM-030"]["ecological_redline"].overlap_m2 == 0
    assert by_id["XM-028"]["heritage_line"].overlap_m2 == 0
    assert by_id["XM-029"]["ecological_redline"].share == 1
    assert found.title("basic_grassland", "zh") == "基本草原"
    assert by_id["XM-010"]["basic_grassland"].outcome == "conditional"
