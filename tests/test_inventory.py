"""`gis-planning layers`: what is there, what is missing, what can be judged."""

from __future__ import annotations

import json

import delivered
import geopandas as gpd
import pytest
import shapely
import town

from gis_planning.cli import main
from gis_planning.county.opened import open_county
from gis_planning.formats.database_import import import_database
from gis_planning.judging import inventory, rulebook


def run(*arguments):
    with pytest.raises(SystemExit) as left:
        main([str(one) for one in arguments])
    return left.value.code


def look(folder, *documents):
    county = open_county(folder)
    clauses = [one for one in rulebook.load(folder / "rules") if one.document.id in documents]
    return inventory.take(county, clauses)


def by_layer(found):
    return {one.layer: one for one in found.layers}


def test_what_a_town_holds(tmp_path):
    found = look(town.write(tmp_path / "town"), "green-checkup2022plus")
    parks = by_layer(found)["parks"]
    assert (parks.features, parks.geometry, parks.invalid, parks.crs) == (2, {"Polygon": 2}, 0, "EPSG:4526")
    assert parks.extent == (town.EAST, town.NORTH, town.EAST + 1920, town.NORTH + 1000)
    assert parks.fields == {"name": "name", "class": "class"}
    assert parks.lacking == ("park_id", "open")
    assert found.crs == "EPSG:4526"
    assert found.exit_code == 0
    (ready,) = found.clauses
    assert (ready.judgeable, ready.lacks) == ("partly", ())
    assert "historic districts" in ready.without[0].to("en")
    assert found.absent == ("buildings", "population", "historic_districts")


def test_a_clause_lacks_what_it_needs(tmp_path):
    layers = town.layers()
    del layers["parks"]
    found = look(town.write(tmp_path / "town", layers), "green-checkup2022plus", "redline-ecology_142")
    states = {one.clause.code: one for one in found.clauses}
    assert states["GC22-1"].judgeable == "no"
    assert [one.to("en") for one in states["GC22-1"].lacks] == ["not delivered: parks and green land [parks]"]
    # What projects are held to waits for projects, and for its line.
    assert states["ER142-1"].judgeable == "no"
    assert [one.to("zh") for one in states["ER142-1"].lacks] == ["未提供：生态保护红线 [ecological_redline]"]
    layers = town.layers() | {"ecological_redline": town.frame(town.box(0, 0, 50, 50), name=["红线"])}
    ready = look(town.write(tmp_path / "lined", layers), "redline-ecology_142").clauses
    assert {one.judgeable for one in ready} == {"yes"}


def test_faults_are_listed_and_do_not_end_the_look(tmp_path, capsys):
    layers = town.layers()
    bow_tie = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    bow_tie = shapely.affinity.translate(bow_tie, town.EAST, town.NORTH)
    layers["residential"].geometry = [bow_tie, None, layers["residential"].geometry.iloc[2]]
    folder = town.write(
        tmp_path / "town", layers, streets='source = "none.shp"', green_line='source = "county.gpkg"\nlayer = "parks"'
    )
    found = look(folder, "green-checkup2022plus", "green-tdt1063_walk5")
    held = by_layer(found)
    assert "none.shp" in held["streets"].fault.to("en")
    assert (held["residential"].invalid, held["residential"].missing_geometry) == (1, 1)
    assert held["green_line"].fault is None
    states = {one.clause.code: one for one in found.clauses}
    # A bow tie that mending would change too much is no residential land to count on.
    assert states["GC22-1"].judgeable == "no"
    assert "none.shp" in "".join(one.to("en") for one in states["GW5-1"].lacks)
    assert found.exit_code == 2
    assert run("layers", folder, "--lang", "en") == 2
    told = capsys.readouterr().out
    assert "streets: cannot be used." in told
    assert "cannot be judged: GC22-1" in told


def test_an_empty_line_and_one_of_which_there_is_none(tmp_path):
    layers = town.layers() | {"green_line": town.frame(name=[])}
    folder = town.write(tmp_path / "town", layers, blue_line="none_exist = true")
    found = look(folder, "redline-four_lines")
    states = {one.clause.code: one for one in found.clauses}
    assert "none_exist" in states["FL-GL"].lacks[0].to("en")
    assert states["FL-BL"].judgeable == "yes"
    assert by_layer(found)["blue_line"].source is None
    # An empty line is what was delivered, not a fault of the input.
    assert found.exit_code == 0


def test_columns_of_a_delivered_database(tmp_path):
    tables = delivered.tables()
    tables["DLTB"] = tables["DLTB"].drop(columns=["TBBH", "SJNF"])
    delivered.write_shapefiles(tmp_path / "in", tables, cpg=False)
    import_database(tmp_path / "in", tmp_path / "county", name="示例县")
    held = by_layer(look(tmp_path / "county"))
    assert held["land_use"].structure == "DLTB"
    assert held["land_use"].columns_lacking == ("TBBH", "SJNF")
    assert held["land_use"].encoding == "GB18030"  # told by its bytes
    delivered.write_shapefiles(tmp_path / "stated", tables)
    import_database(tmp_path / "stated", tmp_path / "other", name="示例县")
    assert by_layer(look(tmp_path / "other"))["land_use"].encoding == "GB18030"  # GBK
    assert held["districts"].columns_lacking == ()
    # The village a green patch lies in is no name of a park.
    assert held["parks"].fields == {"class": "DLBM"}
    assert held["residential"].where == "DLBM = '0701'"


def test_checks_of_quality_need_no_layer_that_is_fit_for_analysis(tmp_path):
    tables = delivered.tables()
    bow_tie = shapely.affinity.translate(
        shapely.Polygon([(0, 0), (900, 900), (900, 0), (0, 900)]), town.EAST, town.NORTH
    )
    tables["DLTB"].geometry = [bow_tie, *tables["DLTB"].geometry[1:]]
    import_database(delivered.write_gpkg(tmp_path / "a.gpkg", tables), tmp_path / "county", name="x")
    found = look(tmp_path / "county", "quality-survey", "redline-three_lines")
    states = {one.clause.code: one.judgeable for one in found.clauses}
    assert by_layer(found)["land_use"].fault is not None
    assert (states["QS-DLTB-3104"], states["TL-4"], states["TL-2"]) == ("yes", "no", "yes")
    # A county that comes from no database is not asked for one.
    assert look(town.write(tmp_path / "town"), "quality-survey").clauses == ()


def test_json_and_both_languages(tmp_path, capsys):
    hostile = '</script>\x1b[31m"'
    layers = town.layers()
    layers["parks"] = layers["parks"].rename(columns={"name": "名称"})
    folder = town.write(tmp_path / "town", layers, parks="fields = { park_id = '名称' }")
    (folder / "county.toml").write_text(
        (folder / "county.toml").read_text(encoding="utf-8").replace("示例镇", "示例\\u001b[31m镇"), encoding="utf-8"
    )
    assert run("layers", folder, "--out", tmp_path / "new" / "layers.json", "--lang", "zh") == 0
    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert "可以评价" in told
    assert "条款会用到但未提供" in told
    content = json.loads((tmp_path / "new" / "layers.json").read_text(encoding="utf-8"))
    assert {one["layer"] for one in content["layers"]} == set(layers)
    assert all(one["judgeable"] in ("yes", "partly", "no") for one in content["clauses"])
    assert {one["code"] for one in content["clauses"]} >= {"GC22-1", "TL-1"}
    assert run("layers", folder, "--lang", "en") == 0
    assert "can be judged" in capsys.readouterr().out
    assert hostile not in told


def test_a_county_that_cannot_be_opened(tmp_path, capsys):
    assert run("layers", tmp_path / "none", "--lang", "en") == 2
    assert "county.toml" in capsys.readouterr().err


def test_nothing_at_all(tmp_path):
    (tmp_path / "county.toml").write_text('[county]\nname = "x"\n', encoding="utf-8")
    found = look(tmp_path, "green-checkup2022plus")
    assert (found.layers, found.crs, found.clauses[0].judgeable) == ((), None, "no")


def test_a_frame_without_a_crs_is_a_fault(tmp_path):
    folder = town.write(tmp_path / "town")
    gpd.GeoDataFrame({"name": ["x"]}, geometry=[town.box(0, 0, 1, 1)], crs=town.CRS).to_file(folder / "line.shp")
    (folder / "line.prj").unlink()
    text = (folder / "county.toml").read_text(encoding="utf-8")
    (folder / "county.toml").write_text(text + '[layers.green_line]\nsource = "line.shp"\n', encoding="utf-8")
    held = by_layer(look(folder, "redline-four_lines"))["green_line"]
    assert (held.features, held.crs) == (1, None)
    assert "--crs" not in held.fault.to("en")
    assert "crs = " in held.fault.to("en")
