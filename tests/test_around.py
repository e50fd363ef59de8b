"""What is around one place, and networks that are built once."""

import shutil
import signal
import subprocess
import sys

import circle_town as circle
import numpy as np
import pytest
import shapely
import town

from gis_planning import circles_at, cli
from gis_planning.cache import shelf
from gis_planning.conventions.facilities import NONE
from gis_planning.county.opened import open_county
from gis_planning.errors import FeatureError, SourceError
from gis_planning.measures.around import around

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
    assert "bank" in found.not_held
    shops.attrs[NONE] = ("bank",)
    assert "bank" not in around(PLACE, circle.network(), shops).not_held
    with pytest.raises(FeatureError):
        around(shapely.Point(town.EAST, town.NORTH + 201), circle.network(), shops)


def test_what_no_circle_asks_for_is_told_where_it_is_and_never_missing():
    """A railway station is found; nobody lacks an incinerator or an airport within 15 minutes."""
    shops = town.frame(circle.at(200, 0), name=["站"], kind=["railway_station"])
    found = around(PLACE, circle.network(), shops)
    assert "railway_station" in [one.kind for one in found.found if one.ring_min == 5]
    assert not {"incinerator", "airport", "city", "motorway_ramp", "transfer_station"} & set(found.missing)
    assert "kindergarten" in found.missing


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
    assert "nobody can tell whether there is one" in " ".join(second.out.split())
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


def test_without_streets_it_says_what_is_missing(tmp_path, capsys):
    place = tmp_path / "bare"
    town.write(place, {name: one for name, one in circle.layers().items() if name != "streets"})
    for words in (("--at", "114.0,41.3"), ("--of", "facilities", "--out", str(tmp_path / "r.gpkg"))):
        assert run("circles", str(place), *words, "--lang", "zh") == 2
        assert "未提供图层：道路" in capsys.readouterr().err
    assert not (tmp_path / "r.gpkg").exists()


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
    for file in shelf.folder().glob("*.npz"):
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
    assert "1 facility" in county.warnings[0].to("en")


def test_the_areas_around_a_place_and_around_all_facilities_are_written(county, tmp_path, capsys):
    import geopandas as gpd

    out = tmp_path / "areas" / "here.gpkg"
    assert run("circles", str(county), "--at", at(county, 500, 0), "--out", str(out)) == 0
    areas = gpd.read_file(out)
    assert areas["minutes"].tolist() == [5, 10, 15]
    assert areas["limit_m"].tolist() == [300, 500, 1000]
    # Beside a straight street land within d on foot is |x| + y <= d, cut at 200 m from the street.
    assert areas.geometry[0].area == pytest.approx(2 * (300**2 - 100**2), rel=0.01)
    assert areas.geometry[1].contains(areas.geometry[0])
    every = tmp_path / "all.geojson"
    assert run("circles", str(county), "--of", "facilities", "--out", str(every), "--lang", "en") == 0
    assert f"written to {every}" in capsys.readouterr().out
    found = gpd.read_file(every)
    assert found.crs.to_epsg() == 4326
    assert set(found["kind"]) == {"pharmacy"}
    assert found.groupby("name")["minutes"].apply(list).map(len).eq(3).all()
    assert not list(tmp_path.rglob(".writing-*"))


@pytest.fixture
def shops(tmp_path, monkeypatch):
    """A county with 150 pharmacies along Main Street."""
    monkeypatch.setenv("GIS_PLANNING_CACHE", str(tmp_path / "cache"))
    layers = circle.layers(kinds="pharmacy")
    spots = [circle.at(x, 0) for x in np.linspace(1, 999, 150)]
    layers["facilities"] = town.frame(*spots, name=[f"{n}" for n in range(150)], kind=["pharmacy"] * 150)
    return town.write(tmp_path / "county", layers)


def test_how_far_the_areas_of_many_are_is_told_line_by_line(shops, tmp_path, capsys):
    out = tmp_path / "all.gpkg"
    assert run("circles", str(shops), "--of", "facilities", "--out", str(out), "--lang", "en") == 0
    lines = capsys.readouterr().err.splitlines()
    assert all(line.startswith("... ") for line in lines)
    assert len(lines) <= 25
    drawn = [line for line in lines if line.endswith(" of 150 places")]
    # 32 places at a time, whichever are done first.
    assert len(drawn) == 5
    assert drawn[-1] == "... drawing areas: 150 of 150 places"
    assert lines[-1] == "... writing: 450 of 450 areas"


@pytest.mark.parametrize("ending", ["gpkg", "geojson"])
def test_areas_written_some_at_a_time_are_those_written_at_once(shops, tmp_path, monkeypatch, ending):
    import geopandas as gpd
    from geopandas.testing import assert_geodataframe_equal

    found = []
    for at_once in (1_000, 200):
        monkeypatch.setattr(circles_at, "AT_ONCE", at_once)
        out = tmp_path / f"{at_once}.{ending}"
        assert run("circles", str(shops), "--of", "facilities", "--out", str(out)) == 0
        found.append(gpd.read_file(out))
    assert len(found[0]) == 450
    assert_geodataframe_equal(*found)


#: Runs the command; every block of areas takes a while, and the first to be drawn says so.
SLOWLY = """
import signal, sys, time
# Whoever runs the tests in the background has it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
from gis_planning import circles_at, cli
from gis_planning.analysis import rings
drawn = sys.modules["gis_planning.streets.rings"]
at_once = drawn.with_strips
def with_strips(*given):
    time.sleep(0.3)
    print("drawing", flush=True)
    return at_once(*given)
drawn.with_strips, drawn.TOGETHER = with_strips, 2
cli.main(sys.argv[1:])
"""


def test_a_drawing_that_is_interrupted_leaves_no_file(shops, tmp_path):
    out = tmp_path / "areas" / "all.gpkg"
    words = ["circles", str(shops), "--of", "facilities", "--out", str(out), "--lang", "en"]
    with subprocess.Popen([sys.executable, "-c", SLOWLY, *words], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        # 75 blocks are drawn, two at a time, in 0.9 seconds or more each; those not begun are left.
        assert process.wait(timeout=60) not in (0, None)
    assert not out.parent.exists()


def test_a_writing_that_is_interrupted_leaves_what_was_there(shops, tmp_path, monkeypatch):
    out = tmp_path / "all.gpkg"
    assert run("circles", str(shops), "--of", "facilities", "--out", str(out)) == 0
    before = out.read_bytes()
    monkeypatch.setattr(circles_at, "AT_ONCE", 200)

    def stopped(step):
        if step.key == "circles.rings_writing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        circles_at.draw(shops, "facilities", out, mode="walk", progress=stopped)
    assert out.read_bytes() == before
    assert sorted(tmp_path.glob("*")) == [out, tmp_path / "cache", tmp_path / "county"]


def test_what_to_draw_and_where_is_said_or_refused(county, tmp_path, capsys):
    assert run("circles", str(county), "--lang", "en") == 2
    assert "--at LON,LAT" in capsys.readouterr().err
    assert run("circles", str(county), "--of", "facilities", "--lang", "zh") == 2
    assert "--out" in capsys.readouterr().err
    assert run("circles", str(county), "--of", "facilities", "--out", str(tmp_path / "a.shp"), "--lang", "en") == 2
    assert ".geojson" in capsys.readouterr().err
    assert not (tmp_path / "a.shp").exists()


def test_streets_come_from_an_osmnx_network_and_from_an_extract(tmp_path):
    import test_graphml
    from test_graphml import NODES

    layers = circle.layers(kinds="pharmacy")
    folder = town.write(tmp_path / "county", layers)
    import pyproj

    to_degrees = pyproj.Transformer.from_crs(town.CRS, 4326, always_xy=True)
    places = dict(zip(NODES, [(0, 0), (500, 0), (1000, 0), (1000, 200)], strict=True))
    nodes = {name: to_degrees.transform(town.EAST + x, town.NORTH + y) for name, (x, y) in places.items()}
    edges = [(a, b, {"highway": "residential"}) for a, b in (("1", "2"), ("2", "1"), ("2", "3"), ("3", "4"))]
    (folder / "net.graphml").write_text(test_graphml.graphml(edges, nodes), encoding="utf-8")
    file = folder / "county.toml"
    words = file.read_text(encoding="utf-8")
    head, _, tail = words.partition("[layers.streets]")
    rest = tail[tail.index("\n[") :] if "\n[" in tail else ""
    file.write_text(f'{head}[layers.streets]\nsource = "net.graphml"\n{rest}', encoding="utf-8")
    network = open_county(folder).layer("network")
    assert network.report.length_m == pytest.approx(1200, abs=0.1)
    file.write_text(f'{head}[layers.streets]\nsource = "net.graphml"\nwhere = "a = 1"\n{rest}', encoding="utf-8")
    with pytest.raises(SourceError, match="where"):
        open_county(folder).layer("network")
    nodes_xml = "".join(f'<node id="{n}" lon="{x}" lat="{y}"/>' for n, (x, y) in nodes.items())
    way = '<way id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/></way>'
    square = (
        '<way id="2"><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="2"/>'
        '<tag k="highway" v="pedestrian"/><tag k="area" v="yes"/></way>'
    )
    osm = f'<?xml version="1.0"?><osm version="0.6">{nodes_xml}{way}{square}</osm>'
    (folder / "map.osm").write_text(osm, encoding="utf-8")
    file.write_text(f'{head}[layers.streets]\nsource = "map.osm"\n{rest}', encoding="utf-8")
    network = open_county(folder).layer("network")
    assert network.report.plazas == 1
    assert network.report.length_m == pytest.approx(1000 + 200 + np.hypot(500, 200), abs=0.2)
