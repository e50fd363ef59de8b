"""What is around one place, and networks that are built once."""

import shutil

import circle_town as circle
import numpy as np
import pytest
import shapely
import town

from gis_planning import cli
from gis_planning.county import open_county
from gis_planning.errors import FeatureError
from gis_planning.measures.around import around
from gis_planning.streets import store

PLACE = shapely.Point(town.EAST + 100, town.NORTH + 40)


def run(*words):
    try:
        cli.main(list(words))
    except SystemExit as end:
        return end.code
    return None


def test_what_is_around_a_place_by_hand():
    shops = town.frame(
        circle.at(300, 0), circle.at(500, 30), circle.at(1000, 0), name=["药房", "菜场", "学校"],
        kind=["pharmacy", "market;supermarket", "primary_school"],
    )  # fmt: skip
    found = around(PLACE, circle.network(), shops)
    by_kind = {one.kind: one for one in found.found}
    assert found.access_m == pytest.approx(40)
    # 40 + 200; 40 + 400 + 30; 40 + 900.
    assert [by_kind[kind].cost for kind in ("pharmacy", "market", "primary_school")] == pytest.approx([240, 470, 940])
    assert [by_kind[kind].ring_min for kind in ("pharmacy", "supermarket", "primary_school")] == [5, 10, 15]
    assert by_kind["bank"].name is None
    assert "bank" in found.missing
    assert "pharmacy" not in found.missing
    with pytest.raises(FeatureError):
        around(shapely.Point(town.EAST, town.NORTH + 201), circle.network(), shops)


@pytest.fixture
def county(tmp_path, monkeypatch):
    monkeypatch.setenv("GIS_PLANNING_CACHE", str(tmp_path / "cache"))
    layers = circle.layers(kinds="pharmacy")
    return town.write(tmp_path / "county", layers)


def at(county, x, y):
    import pyproj

    lon, lat = pyproj.Transformer.from_crs(town.CRS, 4326, always_xy=True).transform(town.EAST + x, town.NORTH + y)
    return f"{lon},{lat}"


def test_the_command_answers_and_builds_the_network_once(county, capsys):
    assert run("circles", str(county), "--at", at(county, 400, 0), "--lang", "zh") == 0
    first = capsys.readouterr()
    assert "药店" in first.out
    assert "100 米" in first.out
    assert "正在构建" in first.err
    assert run("circles", str(county), "--at", at(county, 400, 0), "--lang", "en") == 0
    second = capsys.readouterr()
    assert "pharmacy" in second.out
    assert "missing within 15 minutes" in second.out
    assert "building" not in second.err
    assert "streets" not in second.err  # not even read


@pytest.mark.parametrize("words", ["here", "41.3,113.9,2", "190,41", "41.3"])
def test_words_that_are_no_place_are_refused(county, capsys, words):
    assert run("circles", str(county), "--at", words, "--lang", "en") == 2
    assert "not a longitude" in capsys.readouterr().err


def test_a_place_with_latitude_first_is_told_so(county, capsys):
    lon, lat = at(county, 400, 0).split(",")
    assert run("circles", str(county), "--at", f"{float(lat)},{float(lon) - 90}", "--lang", "en") == 2
    assert "longitude comes first" in capsys.readouterr().err


def test_a_kept_network_is_the_one_that_was_built(county):
    built = open_county(county).layer("network")
    again = open_county(county).network("network")
    for name in ("xy", "u", "v", "length_m", "forward", "backward", "component", "feature"):
        assert np.array_equal(getattr(built, name), getattr(again, name)), name
    assert shapely.equals_exact(built.geometry, again.geometry, 0).all()
    assert again.report == built.report


def test_other_streets_are_another_network_and_a_broken_cache_is_built_anew(county):
    network = open_county(county).layer("network")
    assert network.report.length_m == pytest.approx(1000)
    layers = circle.layers() | {"streets": town.frame(circle.line((0, 0), (600, 0)), name=["主街"])}
    shutil.rmtree(county)
    town.write(county, layers)
    assert open_county(county).layer("network").report.length_m == pytest.approx(600)
    for file in store.folder().glob("*.npz"):
        file.write_bytes(b"PK broken")
    assert open_county(county).layer("network").report.length_m == pytest.approx(600)


def test_facilities_without_a_kind_are_sorted_by_name_and_unknown_ones_listed(tmp_path):
    layers = circle.layers()
    names = ["第一小学", "阳光驾校", "百姓大药房"]
    layers["facilities"] = town.frame(circle.at(0, 0), circle.at(10, 0), circle.at(20, 0), name=names)
    county = open_county(town.write(tmp_path, layers))
    kinds = county.layer("facilities")["kind"]
    assert kinds.isna().tolist() == [False, True, False]
    assert kinds.tolist()[::2] == ["primary_school", "pharmacy"]
    assert "阳光驾校" in county.warnings[0].to("zh")
    assert "1 facilities" in county.warnings[0].to("en")
