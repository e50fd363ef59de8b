"""Runs as Python users have them: made, shown, written, opened again, and those of an earlier program."""

import json
import re
import zipfile
from pathlib import Path

import folium
import geopandas as gpd
import pytest
import report_town
import test_review as reviewed
import town
from browsing import HOSTILE, skip_without_browser
from shapely import LineString

import gis_planning as gp
from gis_planning.errors import CrsError, RuleError, SourceError

LAND = town.frame(town.box(450, 0, 650, 100), name=["甲"])
PARKS = town.frame(town.box(0, 0, 100, 100), name=["公园"])
AREA = town.frame(town.box(-1000, -1000, 2000, 2000))


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    place = town.write(folder / "county", report_town.layers(), facilities="complete = true")
    found = gp.check(gp.open_county(place), only=["green-checkup2022plus", "circle-mofcom"])
    found.write(folder / "out")
    return folder, found


def test_a_run_is_a_table_of_verdicts_and_each_clause_has_its_layers(run):
    _, found = run
    table = found.verdicts.set_index("code")
    assert set(table.index) == set(found.found)
    one = found["GC22-1"]
    assert (one.value, one.unit, one.outcome) == tuple(table.loc["GC22-1", ["value", "unit", "outcome"]])
    assert one.limit == {"at_least": 0.8}
    assert one.margin == pytest.approx(one.value - 0.8)
    assert isinstance(one.offenders, gpd.GeoDataFrame)
    assert set(one.by_role("supply")) == {"parks"}
    assert one.schema["parks"]["area_m2"].unit == "m2"
    with pytest.raises(RuleError, match="GC22-1"):
        found["GC22-2"]


def test_a_saved_run_opens_as_the_one_it_was(run):
    folder, found = run
    again = gp.open_run(folder / "out")
    assert again.county == found.county
    assert list(again.verdicts["code"]) == list(found.verdicts["code"])
    for one in found:
        same = again[one.code]
        assert (same.value, same.outcome, same.unit, same.margin, dict(same.limit)) == (
            one.value, one.outcome, one.unit, one.margin, dict(one.limit),
        )  # fmt: skip
        assert {name: len(frame) for name, frame in same.layers.items()} == {
            name: len(frame) for name, frame in one.layers.items() if len(frame)
        }
        for name, layer in same.schema.items():
            told, known = layer.to_json("zh", 0), one.schema[name].to_json("zh", 0)
            columns = {row["key"]: row for row in known["columns"]}
            assert all(row == columns[row["key"]] for row in told["columns"])
            assert (layer.role, layer.look, layer.by) == (
                one.schema[name].role,
                one.schema[name].look,
                one.schema[name].by,
            )
    with pytest.raises(SourceError, match="copy the folder"):
        again.write(folder / "anew")


def test_runs_of_an_earlier_program_open(tmp_path):
    with zipfile.ZipFile(Path(__file__).parent / "saved_runs.zip") as packed:
        packed.extractall(tmp_path)
    run = gp.open_run(tmp_path / "first-check")
    one = run["GC22-1"]
    assert (one.outcome, one.value, one.unit) == ("fail", pytest.approx(1 / 3), "share")
    assert one.by_role("supply")["parks"]["name"].tolist() == ["公园", "角园"]
    assert one.offenders["area_m2"].sum() == pytest.approx(20_000)
    assert run["ER142-1"].outcome == "not-assessed"
    assert "GC22-1" in run._repr_html_()
    assert isinstance(one.explore(), folium.Map)
    review = gp.open_run(tmp_path / "first-review")
    assert review.kind == "review"
    assert set(review.verdicts["id"]) == {"P1", "P2"}
    assert set(review["ER142-1"].offenders.columns) >= {"area_m2", "geometry"}


def test_a_run_of_a_newer_program_is_refused(run, tmp_path):
    folder, _ = run
    told = json.loads((folder / "out" / "scorecard.json").read_text(encoding="utf-8"))
    assert told["schema"] == 2
    (tmp_path / "scorecard.json").write_text(json.dumps(told | {"schema": 3}), encoding="utf-8")
    with pytest.raises(SourceError, match="Update the program"):
        gp.open_run(tmp_path)
    with pytest.raises(SourceError, match="no run in this folder"):
        gp.open_run(tmp_path / "nothing")


def test_a_clause_is_measured_on_plain_frames():
    found = gp.measure("GC22-1", residential=LAND, parks=PARKS, study_area=AREA)
    # The park of a hectare serves 500 m: 600 - 450 = 150 of 200 m.
    assert found.value == pytest.approx(0.75, abs=1e-6)
    assert (found.outcome, found.layers["parks"]["tier"].tolist()) == ("fail", ["large"])
    with pytest.raises(RuleError, match=r"takes no layer road.*parks.*residential, study_area"):
        gp.measure("GC22-1", residential=LAND, parks=PARKS, study_area=AREA, road=AREA)
    with pytest.raises(CrsError, match=r"in two CRS: residential in EPSG:4526, parks in EPSG:4527"):
        gp.measure("GC22-1", residential=LAND, parks=PARKS.to_crs(4527), study_area=AREA)
    with pytest.raises(CrsError, match="set_crs"):
        gp.measure("GC22-1", residential=LAND, parks=PARKS.set_crs(None, allow_override=True), study_area=AREA)
    with pytest.raises(CrsError):
        gp.measure("GC22-1", residential=LAND.to_crs(4490), parks=PARKS.to_crs(4490), study_area=AREA.to_crs(4490))
    lacking = gp.measure("GC22-1", residential=LAND, study_area=AREA)
    assert lacking.outcome == "not-assessed"


def test_what_if_a_park_were_added():
    more = town.frame(town.box(0, 0, 100, 100), town.box(700, 0, 720, 20), name=["公园", "新园"])
    before = gp.measure("GC22-1", residential=LAND, parks=PARKS, study_area=AREA)
    after = gp.measure("GC22-1", residential=LAND, parks=more, study_area=AREA)
    assert (before.value, after.value) == (pytest.approx(0.75, abs=1e-6), 1.0)


def test_a_walked_clause_builds_its_network_of_streets():
    east, north = LAND.total_bounds[:2] - (450, 0)
    streets = town.frame(LineString([(0, 50), (650, 50)])).set_geometry(
        [LineString([(east + 100, north + 50), (east + 650, north + 50)])], crs=LAND.crs
    )
    found = gp.measure("GW5-1", residential=LAND, parks=PARKS, study_area=AREA, streets=streets)
    assert found.layers["bands"]["to_m"].notna().any()


def test_projects_in_a_frame_are_reviewed(tmp_path):
    county = reviewed.county(tmp_path / "county")
    boxes = [town.box(*reviewed.IN_TOWN), town.box(*reviewed.FARM)]
    frame = town.frame(*boxes, id=["A1", "B2"], name=["安居房", "仓库"], activity=["urban", "urban"])
    run = gp.review(gp.open_county(county.folder), frame)
    assert run.kind == "review"
    table = run.verdicts
    assert set(table["id"]) == {"A1", "B2"}
    assert {"id", "line", "code", "outcome"} <= set(table.columns)
    failed = table[(table["id"] == "B2") & (table["outcome"] == "fail")]
    assert "permanent_farmland" in set(failed["line"])
    run.write(tmp_path / "out")
    again = gp.open_run(tmp_path / "out")
    assert len(again.verdicts) == len(table)


@pytest.mark.parametrize("words", HOSTILE)
def test_values_of_users_are_text_in_notebooks(words):
    one = gp.measure("GC22-1", residential=LAND.assign(name=[words]), parks=PARKS.assign(name=[words]), study_area=AREA)
    shown = one._repr_html_() + one.explore().get_root().render()
    assert not re.search(r"<(script>window|img src=x|svg onload)", shown)


def test_the_map_of_a_notebook_opens_with_the_network_off(run, look, tmp_path):
    skip_without_browser()
    _, found = run
    found["GC22-1"].explore().save(str(tmp_path / "one.html"))
    page = look(tmp_path / "one.html")
    page.wait_for_selector("path.leaflet-interactive", state="attached")
    assert "公园" in page.inner_text("body")
    assert page.evaluate("document.querySelectorAll('path.leaflet-interactive').length") > 3
    page.evaluate(
        "[...document.querySelectorAll('path.leaflet-interactive')].pop()"
        ".dispatchEvent(new MouseEvent('click', {bubbles: true}))"
    )
    page.wait_for_selector(".leaflet-popup-content table")
