"""Layers by their own names become a county, what nobody can tell a draft; the guide and its workbook tell the rest."""

from __future__ import annotations

import re
import tomllib

import delivered
import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely

from gis_planning.cli import main
from gis_planning.conventions import kinds
from gis_planning.conventions.layer_names import meant
from gis_planning.county.opened import open_county
from gis_planning.formats.database_import import import_database

LEFT, RIGHT = delivered.box(0, 0, 300, 300), delivered.box(300, 0, 500, 300)


def run(*arguments):
    with pytest.raises(SystemExit) as left:
        main([str(one) for one in arguments])
    return left.value.code


def shapes(*geometries, crs=delivered.CRS, **columns):
    rows = columns or {"MC": [f"{at}" for at in range(len(geometries))]}
    return gpd.GeoDataFrame(rows, geometry=list(geometries), crs=crs)


def written(folder, **frames):
    """Write shapefiles by their names into a folder; a name that is no word is given by `**`."""
    folder.mkdir(exist_ok=True)
    for name, frame in frames.items():
        frame.to_file(folder / f"{name}.shp", encoding="utf-8")
    return folder


def county_file(folder):
    return (folder / "county.toml").read_text(encoding="utf-8")


def uncommented(text, kind=None):
    """Return county.toml with its drafts taken up, and a kind chosen where the draft leaves it open."""
    taken = re.sub(r"^# (?=\[layers\.|\w+ = )", "", text, flags=re.M)
    return taken.replace("[layers.KIND]", f"[layers.{kind}]")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("居住用地", "residential"), ("公园绿地", "parks"), ("道路", "streets"), ("研究范围", "study_area"),
        ("兴趣点", "facilities"), ("示例县公园绿地_2023", "parks"), ("五原县2022年度居住用地面", "residential"),
        ("鄂尔多斯市伊金霍洛旗道路", "streets"), ("150821_streets", "streets"), ("ＰＯＩ", "facilities"),
        ("Parks (2023)", "parks"), ("社区（嘎查村）", "communities"), ("ROADS-v2", "streets"), ("乡镇", "districts"),
    ],
)  # fmt: skip
def test_names_of_layers(name, kind):
    assert meant(name) == (kind,)


@pytest.mark.parametrize("name", ["规划道路草图", "公园绿地 副本", "学校", "图层1", "", "2023", "县道"])
def test_names_that_are_nobodys(name):
    assert meant(name) == ()


def test_every_kind_goes_by_its_key_and_its_titles():
    for kind in kinds().values():
        if not kind.built_from and kind.name != "control_line":
            assert {meant(one) for one in (kind.name, *kind.titles.values())} == {(kind.name,)}


def test_files_by_their_names_become_layers(tmp_path):
    place = written(
        tmp_path / "in",
        研究范围=shapes(delivered.box(0, 0, 500, 300)),
        居住用地_2023=shapes(LEFT),
        公园绿地=shapes(RIGHT),
        roads=shapes(shapely.LineString([(delivered.EAST, delivered.NORTH), (delivered.EAST + 500, delivered.NORTH)])),
    )
    (place / "兴趣点.csv").write_text(
        "名称,类型,经度_wgs84,纬度_wgs84\n东风小学,小学,114.002,41.352\n便民药店,药店,114.003,41.352\n",
        encoding="utf-8",
    )
    with rasterio.open(
        place / "DEM.tif", "w", driver="GTiff", width=2, height=2, count=1, dtype="float32", crs=delivered.CRS,
        transform=rasterio.Affine(100, 0, delivered.EAST, 0, -100, delivered.NORTH + 200),
    ) as grid:  # fmt: skip
        grid.write(np.ones((1, 2, 2), "float32"))
    found = import_database(place, tmp_path / "out", name="x", lang="zh")
    assert {one.kind: one.features for one in found.layers} == {
        "study_area": 1, "residential": 1, "elevation": 0, "parks": 1, "streets": 1, "facilities": 2,
    }  # fmt: skip
    assert (found.drafts, found.left_out) == (0, ())
    county = open_county(tmp_path / "out")
    assert county.layer("facilities")["kind"].tolist() == ["primary_school", "pharmacy"]
    assert len(county.layer("streets")) == 1
    assert county.layer("residential").geometry.area.sum() == pytest.approx(300 * 300)


def test_what_is_not_recognised_is_a_draft_to_be_uncommented(tmp_path):
    place = written(tmp_path / "in", 规划道路草图=shapes(LEFT.boundary), 图层1=shapes(LEFT, RIGHT))
    found = import_database(place, tmp_path / "out", name="x", lang="en")
    text = county_file(tmp_path / "out")
    assert (found.layers, found.drafts) == ((), 2)
    assert tomllib.loads(text).keys() == {"county"}
    assert "图层1.shp: polygons, features: 2, fields: MC" in text
    # One kind is likely and stands there already; for the other a person has to choose.
    assert "# [layers.streets]" in text
    taken = tomllib.loads(uncommented(text, "barriers"))["layers"]
    assert taken["streets"]["source"].endswith("规划道路草图.shp")
    (tmp_path / "out" / "county.toml").write_text(uncommented(text, "barriers"), encoding="utf-8")
    county = open_county(tmp_path / "out")
    assert (len(county.layer("streets")), len(county.layer("barriers"))) == (1, 2)


def test_where_two_fit_none_is_taken(tmp_path):
    place = written(
        tmp_path / "in", 道路=shapes(LEFT.boundary), roads=shapes(RIGHT.boundary), 大门=shapes(LEFT.centroid)
    )
    found = import_database(place, tmp_path / "out", name="x", lang="en")
    assert (found.layers, found.drafts) == ((), 3)
    text = county_file(tmp_path / "out")
    assert text.count("# [layers.streets]") == 2
    assert "several layers: park entrances [park_entrances], compound gates [compound_gates]" in text
    assert "# [layers.KIND]" in text


def test_a_name_whose_geometry_does_not_fit_is_a_draft(tmp_path):
    found = import_database(
        written(tmp_path / "in", 公园绿地=shapes(LEFT.centroid)), tmp_path / "out", name="x", lang="en"
    )
    assert (found.layers, found.drafts) == ((), 1)


def test_a_layer_by_its_name_stands_in_place_of_what_is_picked_from_the_survey(tmp_path):
    tables = delivered.tables() | {"居住用地": shapes(LEFT, RIGHT), "研究范围": shapes(LEFT), "开发边界": shapes(LEFT)}
    found = import_database(delivered.write_gpkg(tmp_path / "a.gpkg", tables), tmp_path / "out", name="x", lang="en")
    layers = tomllib.loads(county_file(tmp_path / "out"))["layers"]
    assert layers["residential"]["layer"] == "居住用地"
    assert "where" not in layers["residential"]
    assert layers["study_area"]["layer"] == "研究范围"
    # The standard's own table is this layer and no other.
    assert layers["development_boundary"]["layer"] == "CZKFBJ"
    assert "development boundary [development_boundary] is taken from a.gpkg/CZKFBJ already" in found.to("en")


def test_points_without_a_datum_wait_for_one(tmp_path):
    (tmp_path / "POI.csv").write_text("name,kind,lon,lat\n东风小学,小学,111.0,41.35\n", encoding="utf-8")
    found = import_database(tmp_path / "POI.csv", tmp_path / "open", lang="en")
    assert (found.layers, found.drafts) == ((), 1)
    assert '# datum = ""' in county_file(tmp_path / "open")
    assert run("import", tmp_path / "POI.csv", "--out", tmp_path / "out", "--datum", "GCJ-02", "--lang", "en") == 0
    assert tomllib.loads(county_file(tmp_path / "out"))["layers"]["facilities"]["datum"] == "GCJ-02"
    assert len(open_county(tmp_path / "out").layer("facilities")) == 1
    assert run("import", tmp_path / "POI.csv", "--out", tmp_path / "no", "--datum", "北京54", "--lang", "en") == 2


def test_a_layer_without_the_field_it_needs_is_a_draft_that_says_so(tmp_path):
    place = written(tmp_path / "in", 项目用地=shapes(LEFT), 居住用地=shapes(RIGHT))
    found = import_database(place, tmp_path / "out", name="x", lang="en")
    assert [one.kind for one in found.layers] == ["residential"]
    assert "lacks the field id" in county_file(tmp_path / "out")


def test_a_drawn_name_cannot_break_out_of_a_draft(tmp_path):
    frame = shapes(LEFT).rename(columns={"MC": "x\n[county]\nname = 'z'"})
    import_database(delivered.write_gpkg(tmp_path / "a.gpkg", {"图层": frame}), tmp_path / "out", name="x")
    assert tomllib.loads(county_file(tmp_path / "out"))["county"]["name"] == "x"
