"""Delivered databases become county folders: a geodatabase, shapefiles in GBK, a zip; and what is refused."""

from __future__ import annotations

import json
import shutil
import tomllib
import zipfile
from pathlib import Path

import delivered
import geopandas as gpd
import pyogrio
import pytest

from gis_planning.cli import main
from gis_planning.county.opened import open_county
from gis_planning.errors import CrsError, LayerError, OutputError, SourceError
from gis_planning.formats.database_import import import_database
from gis_planning.outputs.marks import MANIFEST, mark_of, write_manifest

# The layers of a county that the invented database fills, with the features each picks.
FILLED = {
    "study_area": 2, "districts": 2, "communities": 3, "residential": 1, "parks": 1, "development_boundary": 2,
    "permanent_farmland": 1, "land_use": 9, "settlement_land": 3,
}  # fmt: skip


def run(*arguments):
    with pytest.raises(SystemExit) as left:
        main([str(one) for one in arguments])
    return left.value.code


def county_file(folder):
    return tomllib.loads((folder / "county.toml").read_text(encoding="utf-8"))


def counted(folder):
    county = open_county(folder)
    return {kind: len(county.layer(kind)) for kind in county.tables}


@pytest.fixture(scope="module")
def gdb(tmp_path_factory):
    return delivered.write_gdb(tmp_path_factory.mktemp("gdb") / f"{delivered.CODE}{delivered.NAME}2023.gdb")


def test_a_geodatabase_with_a_feature_dataset_becomes_a_county(tmp_path, gdb):
    out = tmp_path / "layers" / "mycounty"
    found = import_database(gdb, out, lang="zh")
    assert {one.kind: one.features for one in found.layers} == FILLED
    assert counted(out) == FILLED
    table = county_file(out)
    assert table["county"] == {
        "name": "示例县", "code": "150999", "crs": "EPSG:4526", "data_date": "2023", "lang": "zh",
    }  # fmt: skip
    assert table["layers"]["residential"]["where"] == "DLBM = '0701'"
    assert table["layers"]["parks"]["where"] == "DLBM IN ('0810', '0810A')"
    assert "coverage" not in table["layers"]["development_boundary"]
    # The data stay where they are.
    assert [file.name for file in out.iterdir()] == ["county.toml"]
    assert (out / table["layers"]["land_use"]["source"]).resolve() == gdb.resolve()
    comments = (out / "county.toml").read_text(encoding="utf-8")
    assert "# 只含城镇住宅用地（0701）" in comments
    assert "为全县范围" in comments


def test_the_county_can_be_judged_at_once(tmp_path, gdb):
    out = tmp_path / "mycounty"
    assert run("import", gdb, "--out", out, "--lang", "en") == 0
    code = run(
        "check", out, "--only", "green-checkup2022plus", "--only", "redline-three_lines", "--out", tmp_path / "out"
    )
    assert code in (0, 1)
    verdicts = {one["code"]: one for one in json.loads((tmp_path / "out" / "scorecard.json").read_text())["verdicts"]}
    # Boundary and farmland share an edge only; the park lies beside the housing, 300 m by 500 m.
    assert verdicts["TL-2"]["outcome"] == "pass"
    assert verdicts["GC22-1"]["denominator"] == pytest.approx(300 * 500)


def test_shapefiles_in_gbk_without_cpg(tmp_path):
    tables = delivered.tables()
    # What dBASE leaves of Chinese field names in GBK: five signs.
    chinese = {"DLBM": "地类编码", "DLMC": "地类名称", "TBMJ": "图斑面积", "TBDLMJ": "图斑地类面", "BSM": "标识码"}
    tables["DLTB"] = tables["DLTB"].rename(columns=chinese)
    tables["XZQ"] = tables["XZQ"].rename(columns={"XZQMC": "行政区名称", "XZQDM": "行政区代码"})
    delivered.write_shapefiles(tmp_path / "汇交" / "矢量", tables, cpg=False, prefix="示例县")
    out = tmp_path / "mycounty"
    found = import_database(tmp_path / "汇交", out, lang="zh")
    assert (found.name, found.code) == ("示例县", "150999")
    assert {one.kind: one.features for one in found.layers} == FILLED
    assert counted(out) == FILLED
    table = county_file(out)["layers"]
    assert table["residential"]["where"] == "\"地类编码\" = '0701'"
    assert table["districts"]["fields"] == {"name": "行政区名称", "code": "行政区代码"}
    county = open_county(out)
    assert county.layer("districts")["name"].tolist() == ["东风镇", "西山镇"]
    assert county.layer("land_use")["class"].tolist()[:3] == ["0102", "0702", "0701"]


def test_a_geopackage_and_a_single_shapefile(tmp_path):
    gpkg = delivered.write_gpkg(tmp_path / "db.gpkg")
    found = import_database(gpkg, tmp_path / "one", name="示例县")
    assert {one.kind: one.features for one in found.layers} == FILLED
    folder = delivered.write_shapefiles(tmp_path / "shp", {"DLTB": delivered.dltb()})
    found = import_database(folder / "DLTB.shp", tmp_path / "two", name="x")
    assert [one.kind for one in found.layers] == ["residential", "parks", "land_use"]
    assert (found.code, found.crs) == ("150999", "EPSG:4526")


def test_tables_are_known_by_their_alias(tmp_path):
    tables = {"t1": delivered.dltb(), "t2": delivered.towns()}
    gdb = delivered.write_gdb(tmp_path / "a.gdb", tables, aliases={"t1": "地类图斑", "t2": "行政区"})
    found = import_database(gdb, tmp_path / "out", name="x")
    assert {one.kind for one in found.layers} == {"study_area", "districts", "residential", "parks", "land_use"}
    assert counted(tmp_path / "out")["districts"] == 2


def test_a_zip_is_unpacked_into_the_folder(tmp_path, gdb):
    with zipfile.ZipFile(tmp_path / "示例县.gdb.zip", "w") as packed:
        for file in sorted(gdb.rglob("*")):
            packed.write(file, f"汇交/{gdb.name}/{file.name}")
    out = tmp_path / "mycounty"
    found = import_database(tmp_path / "示例县.gdb.zip", out)
    (tmp_path / "示例县.gdb.zip").unlink()
    assert found.name == "示例县"
    assert county_file(out)["layers"]["land_use"]["source"] == f"data/汇交/{gdb.name}"
    assert counted(out) == FILLED


def test_copies_live_without_the_delivery(tmp_path):
    delivered.write_shapefiles(tmp_path / "in" / "a")
    out = tmp_path / "mycounty"
    assert run("import", tmp_path / "in", "--out", out, "--copy") == 0
    shutil.rmtree(tmp_path / "in")
    assert counted(out) == FILLED
    assert {file.suffix for file in (out / "data" / "a").iterdir()} >= {".shp", ".shx", ".dbf", ".prj", ".cpg"}


def test_what_is_not_recognised_is_listed_with_what_it_may_be(tmp_path, capsys):
    tables = delivered.tables()
    tables["DLTBGX"] = delivered.dltb()
    tables["图层1"] = delivered.settlements()
    tables["figures"] = gpd.GeoDataFrame({"name": ["路"]}, geometry=[delivered.box(0, 0, 1, 1)], crs=delivered.CRS)
    gpkg = delivered.write_gpkg(tmp_path / "db.gpkg", tables)
    (tmp_path / "old.mdb").write_bytes(b"x")
    assert run("import", tmp_path, "--out", tmp_path / "out", "--name", "示例县", "--lang", "en") == 0
    told = capsys.readouterr().out
    lines = [line for line in told.splitlines() if line.startswith("not used:")]
    assert len(lines) == 4
    assert f"{gpkg.name}/DLTBGX (only what changed in land-use patches DLTB" in told
    assert "图层1 (its columns are those of town and village land CZCDYD" in told
    assert "figures (its name is none of the standards" in told
    assert "old.mdb (a format that is not read" in told


def test_results_of_ours_in_a_delivery_are_no_part_of_it(tmp_path, capsys):
    delivery = tmp_path / "in"
    delivered.write_shapefiles(delivery, {"DLTB": delivered.dltb()})
    (delivery / "faults.csv").write_text("code,fault\nQ1,overlap\n", encoding="utf-8")
    delivered.write_gpkg(delivery / "quality.gpkg", {"faults": delivered.towns()})
    results = ("faults.csv", "quality.gpkg")
    write_manifest(delivery / MANIFEST, {name: mark_of(delivery / name) for name in results})
    assert run("import", delivery, "--out", tmp_path / "a", "--name", "x", "--lang", "en") == 0
    assert "not used" not in capsys.readouterr().out
    # What a person has put in place of a result is none.
    delivered.write_gpkg(delivery / "quality.gpkg", {"figures": delivered.settlements()})
    assert run("import", delivery, "--out", tmp_path / "b", "--name", "x", "--lang", "en") == 0
    told = capsys.readouterr().out
    assert "quality.gpkg/figures" in told
    assert "faults.csv" not in told


def test_two_tables_for_one_layer(tmp_path):
    tables = delivered.tables()
    tables["YJJBNTTB"] = delivered.farmland().rename(columns={"YJJBNTTBMJ": "TBMJ", "YJJBNTMJ": "JBNTMJ"})
    found = import_database(delivered.write_gpkg(tmp_path / "a.gpkg", tables), tmp_path / "out", name="x", lang="en")
    by_kind = {one.kind: one.table.table for one in found.layers}
    assert by_kind["permanent_farmland"] == "YJJBNTBHTB"
    assert "YJJBNTTB" in "".join(one.to("en") for one in found.left_out)


def test_an_urban_area_is_the_study_area_and_lines_stay_complete_for_the_county(tmp_path):
    tables = delivered.tables()
    tables["城区范围"] = gpd.GeoDataFrame(
        {"BSM": ["1"], "YSDM": ["2"]}, geometry=[delivered.box(500, 0, 1000, 500)], crs=delivered.CRS
    )
    import_database(delivered.write_gpkg(tmp_path / "a.gpkg", tables), tmp_path / "out", name="x")
    table = county_file(tmp_path / "out")["layers"]
    assert table["study_area"]["layer"] == "城区范围"
    assert table["development_boundary"]["coverage"] == "districts"
    assert "coverage" not in table["land_use"]
    assert open_county(tmp_path / "out").layer("development_boundary.coverage").geometry.area.sum() == pytest.approx(
        2e6
    )


def test_facility_points_and_changes_under_maintenance(tmp_path):
    points = gpd.GeoDataFrame(
        {"BSM": ["1", "2"], "SSDM": ["08", "14"], "SSMC": ["东风小学", "公厕"]},
        geometry=[one.centroid for one in (delivered.box(0, 0, 9, 9), delivered.box(50, 0, 59, 9))],
        crs=delivered.CRS,
    )
    changes = delivered.boundary().assign(WHLX="1", WHLY="1", WHBH="1")
    tables = {"GGJCSSD": points, "WHC": changes, "XZQ": delivered.towns()}
    found = import_database(delivered.write_gpkg(tmp_path / "a.gpkg", tables), tmp_path / "out", name="x")
    assert open_county(tmp_path / "out").layer("facilities")["kind"].tolist() == ["primary_school", "toilet"]
    assert [one.to("en") for one in found.left_out] == [
        "not used: a.gpkg/WHC (only what changed in changes under maintenance WHC, not the layer itself)"
    ]


def test_a_code_that_is_not_one_is_not_guessed(tmp_path):
    tables = delivered.tables()
    tables["XZQ"].loc[1, "XZQDM"] = "150821101"
    gpkg = delivered.write_gpkg(tmp_path / "汇交.gpkg", tables)
    found = import_database(gpkg, tmp_path / "out", lang="en")
    assert (found.code, found.name) == (None, "汇交")
    told = found.to("en")
    assert "150821, 150999" in told
    assert "(working CRS EPSG:4526)" in told.splitlines()[0]
    assert "代码" not in found.to("zh").splitlines()[0]
    assert "--name" in told
    assert county_file(tmp_path / "out")["county"].get("code") is None
    given = import_database(gpkg, tmp_path / "again", name="甲", code="150821")
    assert county_file(tmp_path / "again")["county"]["code"] == given.code == "150821"


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("150821五原县2023年度县级国土空间总体规划动态维护", "五原县"),
        ("鄂尔多斯市伊金霍洛旗三调", "伊金霍洛旗"),
        ("150781满洲里市", "满洲里市"),
    ],
)
def test_the_name_stands_in_the_file(tmp_path, file, name):
    gpkg = delivered.write_gpkg(tmp_path / f"{file}.gpkg", {"XZQ": delivered.towns()})
    assert import_database(gpkg, tmp_path / "out").name == name


def test_tables_without_a_crs_are_refused_until_it_is_given(tmp_path):
    delivered.write_shapefiles(tmp_path / "in")
    for file in (tmp_path / "in").glob("*.prj"):
        file.unlink()
    with pytest.raises(CrsError) as refused:
        import_database(tmp_path / "in", tmp_path / "out")
    assert "DLTB.shp" in refused.value.to("en")
    assert "--crs" in refused.value.to("zh")
    assert not (tmp_path / "out").exists()
    import_database(tmp_path / "in", tmp_path / "out", crs="EPSG:4526", name="x")
    assert county_file(tmp_path / "out")["layers"]["land_use"]["crs"] == "EPSG:4526"
    assert counted(tmp_path / "out") == FILLED


def test_the_same_layer_twice_is_refused(tmp_path):
    delivered.write_shapefiles(tmp_path / "in" / "2022", {"DLTB": delivered.dltb()})
    delivered.write_shapefiles(tmp_path / "in" / "2023", {"DLTB": delivered.dltb()})
    with pytest.raises(LayerError) as refused:
        import_database(tmp_path / "in", tmp_path / "out")
    assert str(Path("2022") / "DLTB.shp") in refused.value.to("en")
    assert str(Path("2023") / "DLTB.shp") in refused.value.to("zh")
    assert not (tmp_path / "out").exists()


def test_deliveries_that_cannot_be_used(tmp_path):
    with pytest.raises(SourceError, match="no such file"):
        import_database(tmp_path / "none.gdb", tmp_path / "out")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match="no layer in it is recognised"):
        import_database(tmp_path / "empty", tmp_path / "out")
    for name in ("town.osm.pbf", "town.osm"):
        (tmp_path / name).write_bytes(b"")
        with pytest.raises(SourceError) as refused:
            import_database(tmp_path / name, tmp_path / "out")
        assert all("OpenStreetMap" in told and "import-osm" in told for told in map(refused.value.to, ("zh", "en")))
    (tmp_path / "numbers.csv").write_text("year,people\n2023,1000\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"tables: numbers\.csv"):
        import_database(tmp_path / "numbers.csv", tmp_path / "out")
    (tmp_path / "b.gpkg").write_bytes(b"nothing")
    with pytest.raises(SourceError, match=r"b\.gpkg"):
        import_database(tmp_path / "b.gpkg", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_files_are_never_overwritten(tmp_path, gdb):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine")
    with pytest.raises(OutputError):
        import_database(gdb, tmp_path / "out")
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["notes.txt"]
    assert run("import", gdb, "--out", tmp_path / "out", "--lang", "en") == 2


def test_names_with_signs_of_toml_do_no_harm(tmp_path):
    tables = delivered.tables()
    hostile = 'x"\n[county]\nname = "\x1b[31m'
    tables["CZKFBJ"]["XZQMC"] = hostile
    gpkg = delivered.write_gpkg(tmp_path / "a.gpkg", tables)
    found = import_database(gpkg, tmp_path / "out", lang="en")
    assert county_file(tmp_path / "out")["county"]["name"] == found.name


def test_a_table_of_the_wrong_geometry_is_not_taken(tmp_path):
    tables = delivered.tables()
    tables["STBHHX"] = delivered.towns().set_geometry(delivered.towns().boundary)
    found = import_database(delivered.write_gpkg(tmp_path / "a.gpkg", tables), tmp_path / "out", name="x")
    assert "ecological_redline" not in {one.kind for one in found.layers}
    assert "it holds lines" in "".join(one.to("en") for one in found.left_out)


def test_old_datums_and_two_zones_are_told(tmp_path):
    old = {"DLTB": delivered.dltb().to_crs("EPSG:2362")}
    found = import_database(delivered.write_gpkg(tmp_path / "a.gpkg", old), tmp_path / "out", name="x")
    assert "Xian80" in found.to("en")
    wide = delivered.towns().to_crs("EPSG:4490")
    wide.loc[1, "geometry"] = wide.geometry.iloc[1].buffer(2)
    found = import_database(delivered.write_gpkg(tmp_path / "b.gpkg", {"XZQ": wide}), tmp_path / "two", name="x")
    assert "two 3-degree zones" in found.to("en")
    assert pyogrio.list_layers(tmp_path / "b.gpkg").tolist()[0][0] == "XZQ"
