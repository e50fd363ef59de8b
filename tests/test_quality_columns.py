"""Attributes of delivered databases: what is right passes, and each planted fault is found where it was planted.

The invented database of delivered.py is right in everything; a test spoils one thing and says which features are found.
"""

from __future__ import annotations

import delivered
import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import pytest
import shapely

from gis_planning.conventions.structures import structures
from gis_planning.county.opened import open_county
from gis_planning.county.raw import Raw
from gis_planning.errors import NotAssessed, RuleError
from gis_planning.formats.database_import import import_database
from gis_planning.formats.read.declared import Declared, declared_fields
from gis_planning.formats.read.sources import read_source
from gis_planning.judging import judge, rulebook
from gis_planning.judging.measuring import Measuring
from gis_planning.measures import columns
from gis_planning.measures.quality import areas, settlements
from gis_planning.measures.quality import columns as quality
from gis_planning.view import quality as view

CRS = pyproj.CRS(delivered.CRS)
CLAUSES = {one.code: one for one in rulebook.load() if one.document.id in {"quality-survey", "quality-plan"}}
LAYERS = {
    "DLTB": "land_use", "XZQ": "districts", "CJDCQ": "communities", "CZCDYD": "settlement_land",
    "CZKFBJ": "development_boundary", "YJJBNTBHTB": "permanent_farmland", "STBHHX": "ecological_redline",
    "GDBHMB": "farmland_target", "GHFQ": "planning_zones",
}  # fmt: skip


def raw(frame, table="DLTB", *, code="150999", source="county.gpkg", crs=CRS):
    from pathlib import Path

    return Raw("land_use", frame, crs, CRS, Path(source), table, code)


def spoiled(**changes):
    """Return the patches with some values changed: field = {number of the patch: value}."""
    frame = delivered.dltb().astype({"BSM": object})
    for field, values in changes.items():
        frame[field] = frame[field].astype(object)
        for number, value in values.items():
            frame.loc[number - 1, field] = value
    return frame


def found(measured):
    """Return the patches with a fault, by number, with field, value and what was expected."""
    rows = measured.offenders
    return [
        (None if pd.isna(one.feature) else int(one.feature) + 1, one.field, one.value, one.expected)
        for one in rows.itertuples()
    ]


RIGHT = [
    quality.mandatory, quality.domain, quality.code_name, quality.value_range, quality.unique, quality.identifier,
    areas.stated_area, areas.net_area,
]  # fmt: skip


@pytest.mark.parametrize("measure", RIGHT, ids=lambda one: one.__name__)
def test_what_is_right_has_no_faults(measure):
    measured = measure(raw(delivered.dltb()))
    assert (measured.value, measured.unit, len(measured.offenders)) == (0, "count", 0)


def test_a_fault_has_its_place():
    measured = quality.domain(raw(spoiled(DLBM={4: "0811"})))
    (row,) = measured.offenders.to_dict("records")
    assert row["geometry"].equals(delivered.PATCHES[4][0])
    assert (row["layer"], row["fault"], row["feature"]) == ("land_use", "domain", "3")
    assert measured.offenders.crs == CRS
    # Features drawn in another CRS come back in the working one.
    other = raw(spoiled(DLBM={4: "0811"}).to_crs("EPSG:4490"), crs=pyproj.CRS("EPSG:4490"))
    (place,) = quality.domain(other).offenders.geometry
    assert place.distance(delivered.PATCHES[4][0]) == 0
    assert place.area == pytest.approx(100_000, abs=0.1)


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"DLBM": {1: "0102 ", 3: "070"}}, [(1, "DLBM", "0102 "), (3, "DLBM", "070")]),
        ({"QSXZ": {2: "50"}}, [(2, "QSXZ", "50")]),
        ({"CZCSXM": {8: "202B"}}, [(8, "CZCSXM", "202B")]),
        ({"GDPDJB": {1: "6"}, "ZZSXDM": {9: "ls"}}, [(1, "GDPDJB", "6"), (9, "ZZSXDM", "ls")]),
        ({"KCDLBM": {9: "1202"}}, [(9, "KCDLBM", "1202")]),
        ({"YSDM": {5: "2001010200"}}, [(5, "YSDM", "2001010200")]),
        # Numbers where codes belong: 102 is not 0102, but 2 may be a slope grade.
        ({"DLBM": {1: 102}, "GDPDJB": {1: 2.0}}, [(1, "DLBM", "102")]),
        # Nothing, and blanks, are no code that is not in the list.
        ({"DLBM": {1: None, 2: "  "}, "QSXZ": {3: np.nan}}, []),
        # Lists that may go on.
        ({"MSSM": {1: "07"}, "FRDBS": {1: "9"}}, []),
    ],
)
def test_codes_out_of_their_list(changes, faults):
    measured = quality.domain(raw(spoiled(**changes)))
    assert [one[:3] for one in found(measured)] == faults
    assert measured.value == len({one[0] for one in faults})


def test_lists_that_are_not_sure_are_named():
    sure = quality.domain(raw(spoiled(DLBM={1: "x"})))
    assert sure.notes == ()
    unsure = quality.domain(raw(spoiled(DLBM={1: "x"}, QSXZ={2: "50"}, ZZSXDM={1: "x"})))
    assert unsure.notes[0].to("zh").startswith("以下代码表尚待核实，其错误请对照原文：权属性质、种植属性")
    assert "ownership, what is grown" in unsure.notes[0].to("en")


def test_a_table_may_use_some_zones_only():
    boundary = delivered.boundary()
    boundary.loc[1, ["GHFQDM", "GHFQMC"]] = ["100", "生态保护区"]
    measured = quality.domain(raw(boundary, "CZKFBJ"))
    assert found(measured) == [(2, "GHFQDM", "100", "410 420 430")]
    boundary["YSDM"] = "2090020610"
    assert quality.domain(raw(boundary, "GHFQ")).value == 0


def test_names_that_are_not_those_of_their_codes():
    frame = spoiled(DLMC={1: "水田", 4: "公园绿地", 5: None}, ZZSXMC={1: "粮食"}, DLBM={7: "9999"})
    measured = quality.code_name(raw(frame))
    # 粮食 is another name of LS, nothing is no wrong name, and 9999 has none.
    assert found(measured) == [(1, "DLMC", "水田", "水浇地"), (4, "DLMC", "公园绿地", "公园与绿地")]
    assert measured.value == 2


def test_empty_mandatory_columns():
    frame = spoiled(TBBH={2: "", 3: " "}, TBMJ={3: None}, BZ={1: None})
    measured = quality.mandatory(raw(frame))
    assert [one[:2] for one in found(measured)] == [(2, "TBBH"), (3, "TBBH"), (3, "TBMJ")]
    assert measured.value == 2


def test_a_column_that_is_not_there_is_the_structures_fault(tmp_path):
    frame = delivered.dltb().drop(columns=["TBBH", "BZ"])
    assert quality.mandatory(raw(frame)).value == 0
    delivered.write_gpkg(tmp_path / "a.gpkg", {"DLTB": frame})
    measured = quality.structure(raw(frame, source=tmp_path / "a.gpkg"))
    # BZ may be missing, TBBH may not.
    assert found(measured) == [(None, "TBBH", "", "column")]
    assert measured.offenders.geometry.isna().all()


def test_types_and_lengths(tmp_path):
    frame = delivered.dltb()
    pyogrio.write_dataframe(frame, tmp_path / "a.gpkg", layer="DLTB", driver="GPKG")
    import sqlite3

    with sqlite3.connect(tmp_path / "a.gpkg") as opened:
        script = opened.execute("SELECT sql FROM sqlite_master WHERE name = 'DLTB'").fetchone()[0]
        for column in structures()["DLTB"].columns:
            if column.length:
                script = script.replace(f'"{column.name}" TEXT', f'"{column.name}" TEXT({column.length})')
        opened.execute("PRAGMA writable_schema = 1")
        opened.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'DLTB'", (script,))
    assert declared_fields(tmp_path / "a.gpkg", "DLTB")["DLBM"] == Declared("text", 5)
    measured = quality.structure(raw(frame, source=tmp_path / "a.gpkg"))
    assert found(measured) == []
    assert measured.notes == ()
    with sqlite3.connect(tmp_path / "a.gpkg") as opened:
        script = script.replace('"DLBM" TEXT(5)', '"DLBM" TEXT(4)').replace('"TBMJ" REAL', '"TBMJ" TEXT')
        opened.execute("PRAGMA writable_schema = 1")
        opened.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'DLTB'", (script,))
    measured = quality.structure(raw(frame, source=tmp_path / "a.gpkg"))
    assert found(measured) == [(None, "DLBM", "4", "5"), (None, "TBMJ", "text", "number")]
    assert found(quality.structure(raw(frame, source=tmp_path / "a.gpkg"), lengths=False)) == [
        (None, "TBMJ", "text", "number")
    ]


def test_widths_of_shapefiles_are_bytes(tmp_path):
    own, fields = structures()["CZKFBJ"], {"BSM": "BSM", "GHFQMC": "GHFQMC"}
    widths = {"BSM": Declared("text", 18), "GHFQMC": Declared("text", 100)}
    missing = {"YSDM", "XZQDM", "XZQMC", "GHFQDM", "MJ"}
    assert set(columns.structure(widths, fields, own, bytes_=True)["field"]) == missing
    assert set(columns.structure(widths, fields, own, bytes_=False)["field"]) == missing | {"GHFQMC"}
    widths["GHFQMC"] = Declared("text", 151)
    assert "GHFQMC" in set(columns.structure(widths, fields, own, bytes_=True)["field"])
    delivered.write_shapefiles(tmp_path, {"CZKFBJ": delivered.boundary()})
    declared = declared_fields(tmp_path / "CZKFBJ.shp")
    assert (declared["BSM"], declared["MJ"].type) == (Declared("text", 80), "number")


@pytest.mark.parametrize(("width", "wrong"), [(254, False), (253, True)])
def test_the_widest_text_of_a_shapefile_stands_for_wider_ones(tmp_path, width, wrong):
    # A column is made as wide as its longest text.
    frame = delivered.dltb().assign(BZ="x" * width)
    delivered.write_shapefiles(tmp_path, {"DLTB": frame})
    assert declared_fields(tmp_path / "DLTB.shp")["BZ"] == Declared("text", width)
    offenders = quality.structure(raw(frame, source=tmp_path / "DLTB.shp"), name="DLTB").offenders
    assert ("BZ" in set(offenders["field"])) is wrong


def test_widths_of_geodatabases(tmp_path):
    pyogrio.set_gdal_config_options({"OPENFILEGDB_DEFAULT_STRING_WIDTH": "18"})
    try:
        delivered.write_gdb(tmp_path / "a.gdb", {"DLTB": delivered.dltb()})
    finally:
        pyogrio.set_gdal_config_options({"OPENFILEGDB_DEFAULT_STRING_WIDTH": None})
    declared = declared_fields(tmp_path / "a.gdb", "DLTB")
    assert declared["BSM"] == Declared("text", 18)
    assert (declared["TBMJ"].type, declared["SJNF"].type) == ("number", "integer")
    measured = quality.structure(raw(delivered.dltb(), source=tmp_path / "a.gdb"))
    wrong = {one[1] for one in found(measured)}
    # Of the texts, those of 18 signs are right.
    assert wrong == {one.name for one in structures()["DLTB"].columns if one.length not in (None, 18)}


def test_without_widths_a_note_says_so(tmp_path):
    delivered.write_gpkg(tmp_path / "a.gpkg", {"DLTB": delivered.dltb()})
    measured = quality.structure(raw(delivered.dltb(), source=tmp_path / "a.gpkg"))
    assert measured.value == 0
    assert "no widths" in measured.notes[0].to("en")


def test_identifiers():
    frame = spoiled(BSM={2: delivered.bsm(1, 1), 5: "15099901", 6: None, 7: None})
    measured = quality.unique(raw(frame))
    assert [one[:3] for one in found(measured)] == [
        (1, "BSM", delivered.bsm(1, 1)), (2, "BSM", delivered.bsm(1, 1)),
    ]  # fmt: skip
    assert measured.value == 2
    assert [one[:3] for one in found(quality.identifier(raw(frame)))] == [(5, "BSM", "15099901")]
    # Two empty identifiers are two empty ones, not one twice.
    assert quality.mandatory(raw(frame)).value == 2


def test_unique_in_a_field_of_ones_own():
    frame = gpd.GeoDataFrame({"编号": ["a", "b", "a"]}, geometry=[shapely.Point(0, 0)] * 3, crs=CRS)
    assert quality.unique(raw(frame, "roads"), field="编号").value == 2
    with pytest.raises(NotAssessed, match="no column 名称"):
        quality.unique(raw(frame, "roads"), field="名称")


def test_codes_of_another_county():
    frame = spoiled(ZLDWDM={1: "1508211002010000000", 2: None})
    measured = quality.county_code(raw(frame), field="ZLDWDM")
    assert found(measured) == [(1, "ZLDWDM", "1508211002010000000", "150999...")]
    with pytest.raises(NotAssessed, match="states no code"):
        quality.county_code(raw(frame, code=None), field="ZLDWDM")


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"TBMJ": {1: 0.0, 2: -1}}, [(1, "TBMJ", "0", "> 0"), (2, "TBMJ", "-1", "> 0")]),
        ({"KCXS": {9: 1.1, 1: -0.1}}, [(1, "KCXS", "-0.1", ">= 0"), (9, "KCXS", "1.1", "<= 1")]),
        ({"SJNF": {3: 23}, "GDDB": {1: 16}}, [(1, "GDDB", "16", "<= 15"), (3, "SJNF", "23", ">= 1984")]),
        ({"TBMJ": {4: "约100"}}, [(4, "TBMJ", "约100", "number")]),
        ({"KCXS": {9: 1.0, 1: 0}, "TBMJ": {2: None}}, []),
    ],
)
def test_numbers_out_of_range(changes, faults):
    assert found(quality.value_range(raw(spoiled(**changes)))) == faults


def test_a_grade_of_0_outside_of_arable_land_says_nothing():
    # Patches 1 and 9 are arable; a table that says no class leaves nobody to tell.
    measured = quality.value_range(raw(spoiled(GDDB=dict.fromkeys((1, 2, 5), 0) | {3: 16})))
    assert found(measured) == [(1, "GDDB", "0", ">= 1"), (3, "GDDB", "16", "<= 15")]
    assert [(one.key, one.facts) for one in measured.notes] == [("quality.note_zeros", {"field": "GDDB", "count": 2})]
    bare = quality.value_range(raw(spoiled(GDDB={2: 0}).drop(columns="DLBM")))
    assert (found(bare), bare.notes) == ([(2, "GDDB", "0", ">= 1")], ())


@pytest.mark.parametrize("none", [b"*", b" "])
def test_what_a_shapefile_leaves_empty_is_no_value_and_a_written_0_is_one(tmp_path, none):
    frame = delivered.dltb()[["DLBM", "TBMJ", "GDDB", "geometry"]].reset_index(drop=True)
    frame.loc[0, "GDDB"] = 0  # arable
    pyogrio.write_dataframe(frame, tmp_path / "DLTB.shp")
    table = (tmp_path / "DLTB.dbf").read_bytes()
    assert b"*" in table
    (tmp_path / "DLTB.dbf").write_bytes(table.replace(b"*", none))
    back = read_source(tmp_path / "DLTB.shp").frame
    assert back["GDDB"].isna().tolist() == frame["GDDB"].isna().tolist()
    measured = quality.value_range(raw(back.set_crs(CRS, allow_override=True)))
    assert (found(measured), measured.notes) == ([(1, "GDDB", "0", ">= 1")], ())  # features are counted from one


def test_the_area_of_the_geometry():
    right = delivered.dltb()["TBMJ"]
    frame = spoiled(TBMJ={1: right[0] + 1.5, 2: right[1] - 0.5, 3: None})
    measured = areas.stated_area(raw(frame))
    assert [(one[0], one[1]) for one in found(measured)] == [(1, "TBMJ")]
    assert float(measured.offenders["expected"].iloc[0]) == pytest.approx(right[0], abs=0.011)
    assert "1 feature " in measured.notes[0].to("en")
    assert areas.stated_area(raw(frame), tolerance_m2=0.1).value == 2
    assert areas.stated_area(raw(frame), tolerance_m2=0.1, tolerance_share=1e-2).value == 0


def test_the_plane_area_is_not_the_stated_one():
    # 1 degree from the meridian the plane is some 170 ppm too large: 40 hectares by 68 m2.
    frame = delivered.dltb()
    east = gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=frame.translate(83_000, 0), crs=CRS)
    east["TBMJ"] = [round(one.area, 2) for one in east.geometry]
    measured = areas.stated_area(raw(east))
    assert measured.value == 9
    excess = [float(row.value) - float(row.expected) for row in measured.offenders.itertuples()]
    assert excess[0] == pytest.approx(400_000 * 170e-6, rel=0.1)


def test_geometry_that_is_none_is_no_area():
    frame = delivered.dltb()
    bow_tie = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    frame.geometry = [bow_tie, None, shapely.Polygon(), *frame.geometry[3:]]
    measured = areas.stated_area(raw(frame))
    assert measured.value == 0
    assert "3 features" in measured.notes[0].to("en")
    # What is wrong with attributes of such features is found all the same.
    frame["DLBM"] = "x"
    assert quality.domain(raw(frame)).value == 9


def test_net_areas():
    right = delivered.dltb()["TBDLMJ"]
    frame = spoiled(TBDLMJ={9: right[8] + 0.02, 1: right[0] + 0.01}, KCMJ={2: None})
    measured = areas.net_area(raw(frame))
    assert found(measured) == [(9, "TBDLMJ", f"{right[8] + 0.02:.2f}", f"{right[8]:.2f}")]
    with pytest.raises(NotAssessed, match="no column KCMJ"):
        areas.net_area(raw(frame.drop(columns="KCMJ")))


def sums(patches, villages, **settings):
    return areas.area_sums(raw(patches), raw(villages, "CJDCQ"), digits=12, **settings)


def test_patches_add_up_to_villages_and_villages_to_towns():
    assert sums(delivered.dltb(), delivered.villages()).value == 0
    towns = areas.area_sums(raw(delivered.villages(), "CJDCQ"), raw(delivered.towns(), "XZQ"), digits=9)
    assert towns.value == 0
    right = delivered.villages()["DCMJ"]
    patches = spoiled(TBMJ={3: delivered.dltb()["TBMJ"][2] - 0.02})
    measured = sums(patches, delivered.villages())
    # Which of the two is wrong is not known: by how much they differ is told, not what either should be.
    assert found(measured) == [(2, "DCMJ", f"{right[1]:.2f}", "")]
    assert measured.offenders["size"].tolist() == [pytest.approx(-0.02, abs=1e-6)]
    assert sums(patches, delivered.villages(), tolerance_m2=0.02).value == 0


def test_patches_of_a_village_that_is_not_there_are_counted():
    patches = spoiled(ZLDWDM={8: "1509991029990000000", 9: "1509991029990000000"})
    right = delivered.villages()["DCMJ"]
    measured = sums(patches, delivered.villages())
    # Village C lacks two patches, and 102999 has them and is no village: told once, at the first of them.
    assert found(measured) == [(3, "DCMJ", f"{right[2]:.2f}", ""), (8, "ZLDWDM", "150999102999", "in CJDCQ")]
    assert measured.value == 2
    lost = measured.offenders.iloc[1]
    assert (lost["table"], lost["bsm"], lost["geometry"]) == ("DLTB", patches["BSM"][7], delivered.PATCHES[8][0])
    less = -sum(delivered.dltb()["TBMJ"][7:9])
    assert measured.offenders["size"].tolist() == [pytest.approx(less, abs=0.006), 2]
    told = measured.offenders.assign(value=measured.offenders["value"].astype(object))
    assert view.notes(told, "zh") == [
        f"面积汇总与上级不符：其下要素面积之和比所填面积少 {-less:,.2f} 平方米",
        "代码 150999102999 在 CJDCQ 中没有对应单位；有此代码的要素共 2 个，此为其首个",
    ]
    assert "found in no unit of CJDCQ; 2 features have it" in view.notes(told, "en")[1]
    words = [view.expected(one.fault, one.expected, "zh") for one in measured.offenders.itertuples()]
    assert words == [None, "CJDCQ 中的代码"]
    # Without any village at fault, the code alone is told.
    alone = delivered.villages()
    alone.loc[2, "DCMJ"] = round(right[2] + less, 2)
    assert [one[1] for one in found(sums(patches, alone))] == ["ZLDWDM"]


def test_the_control_area_of_the_county():
    total = sum(delivered.towns()["DCMJ"])
    measured = areas.control_area(raw(delivered.towns(), "XZQ"), control_m2=total + 0.05)
    assert (measured.unit, measured.value) == ("m2", pytest.approx(0.05, abs=1e-6))
    assert (measured.numerator, measured.denominator) == (pytest.approx(total), total + 0.05)
    assert areas.control_area(raw(delivered.dltb()), control_m2=total).value == pytest.approx(0, abs=1e-4)
    without = areas.control_area(raw(spoiled(TBMJ={1: None})), control_m2=total)
    assert without.value == pytest.approx(delivered.dltb()["TBMJ"][0], abs=1e-3)
    assert "1 feature " in without.notes[0].to("en")


RULES = CLAUSES["QS-DLTB-5103"].settings["rules"]


@pytest.mark.parametrize(
    ("dlbm", "czcsxm", "wrong"),
    [
        ("0601", "201A", False), ("0602", "201A", True), ("0701", "203A", True), ("0602", "204", False),
        ("1201", "204", False), ("0601", "204", True), ("09", "205", False), ("0701", "205", True),
        ("1001", "203", True), ("1006", "203", True), ("1101", "203", True), ("1004", "203", False),
        ("1006", "202", True), ("1003", "202", False), ("0810A", "202", False), ("0101", None, False),
    ],
)  # fmt: skip
def test_town_codes_and_classes(dlbm, czcsxm, wrong):
    frame = spoiled(DLBM={1: dlbm}, CZCSXM={1: czcsxm})
    measured = settlements.settlement_class(raw(frame), rules=RULES)
    assert measured.value == int(wrong)
    assert [one[0] for one in found(measured)] == [1] * wrong


@pytest.mark.parametrize(
    ("dlbm", "missing"),
    [("05H1", True), ("0601", True), ("0702", True), ("08H2A", True), ("09", True), ("1004", True), ("1005", True),
     ("1201", True), ("1006", False), ("0101", False), ("1202", False)],
)  # fmt: skip
def test_classes_that_need_a_town_code(dlbm, missing):
    classes = CLAUSES["QS-DLTB-5104"].settings["classes"]
    measured = settlements.settlement_missing(raw(spoiled(DLBM={1: dlbm}, CZCSXM={1: " "})), classes=classes)
    assert [(one[0], one[1]) for one in found(measured)] == [(1, "CZCSXM")] * missing


@pytest.mark.parametrize(
    ("kind", "code", "wrong"),
    [
        ("201", "1509990000000000000", False), ("201", "1509991000000000000", True),
        ("202", "1509991000000000000", False), ("202A", "1509991002010000000", True),
        ("203", "1509991002010000000", False), ("203", "150999100201", True), ("204", None, True), (None, "x", False),
    ],
)  # fmt: skip
def test_codes_of_settlements(kind, code, wrong):
    frame = delivered.settlements()
    frame.loc[1, ["CZCLX", "CZCDM"]] = [kind, code]
    measured = settlements.settlement_code(raw(frame, "CZCDYD"))
    assert [one[0] for one in found(measured)] == [2] * wrong


def test_a_table_of_another_kind_is_not_held_against_the_standard():
    parks = gpd.GeoDataFrame({"name": ["x"]}, geometry=[shapely.Point(0, 0)], crs=CRS)
    with pytest.raises(NotAssessed, match="is not a delivered DLTB"):
        quality.domain(raw(parks, "parks"), name="DLTB")
    with pytest.raises(NotAssessed, match="no standard name"):
        quality.domain(raw(parks, "parks"))
    # A table under another name that has the columns is one.
    assert quality.domain(raw(spoiled(DLBM={1: "x"}), "图层1"), name="DLTB").value == 1
    with pytest.raises(NotAssessed, match="is not a delivered DLTB"):
        quality.domain(raw(delivered.dltb(), "GDBHMB"), name="DLTB")


def test_chinese_field_names():
    frame = spoiled(DLBM={1: "x"}).rename(columns={"DLBM": "地类编码", "DLMC": "地类名称"})
    assert found(quality.domain(raw(frame)))[0][1] == "地类编码"
    assert quality.allowed(raw(frame), field="DLBM", values=("0102",)).value == 9


def test_hostile_values_stay_text():
    evil = '</script><b>"\x1b[31m'
    measured = quality.domain(raw(spoiled(DLBM={1: evil})))
    assert measured.offenders["value"].tolist() == [evil]


def test_a_misspelt_structure_is_refused_when_the_clause_is_read():
    text = (
        '[document]\nid = "x"\ntitle = "x"\ntitle_en = "x"\nissuer = "x"\ndate = "2026-01-01"\nstate = "current"\n'
        'certainty = "to-confirm"\n[[clause]]\ncode = "X-1"\ntext = "x"\ntext_en = "x"\nmeasure = "quality.domain"\n'
        'unit = "count"\nlayers = { layer = "land_use" }\nname = "DLBT"\nat_most = 0\n'
    )
    with pytest.raises(RuleError, match="DLBT"):
        rulebook.read_document(text.encode(), "x.toml")
    (clause,) = rulebook.read_document(text.replace("DLBT", "DLTB").encode(), "x.toml")
    assert clause.settings == {"name": "DLTB"}


# Every clause on the right database, and on one with a fault planted for it. What is planted, by measure: the values
# put into the first feature of the clause's layer (or left out), and the number of faults that makes.
def zones():
    shapes = [delivered.box(0, 0, 1000, 1000), delivered.box(1000, 0, 2000, 1000)]
    table = {
        "BSM": [delivered.bsm(7, 1), delivered.bsm(7, 2)], "YSDM": ["2090020610"] * 2, "XZQDM": ["150999"] * 2,
        "XZQMC": ["示例县"] * 2, "GHFQDM": ["300", "540"], "GHFQMC": ["农田保护区", "牧业发展区"],
        "MJ": [delivered.area(one) for one in shapes],
    }  # fmt: skip
    return delivered.frame(table, shapes)


def redline():
    shape = delivered.box(1600, 0, 1700, 1000)
    table = {
        "BSM": [delivered.bsm(8, 1)], "YSDM": ["x"], "XZQDM": ["150999"], "XZQMC": ["示例县"], "HXMC": ["河流"],
        "HXLX": ["水源涵养"], "ZRBHDFQ": [None], "MJ": [delivered.area(shape)],
    }  # fmt: skip
    return delivered.frame(table, [shape])


def target():
    own = delivered.dltb().iloc[[0, 8]].reset_index(drop=True)
    return own.drop(columns=["XZDWKD", "CZCSXM", "MSSM", "HDMC"])


def every_table():
    return delivered.tables() | {"GHFQ": zones(), "STBHHX": redline(), "GDBHMB": target()}


FIRST = {
    "DLTB": "DLBM",
    "CZCDYD": "CZCLX",
    "CZKFBJ": "GHFQDM",
    "YJJBNTBHTB": "DLBM",
    "GDBHMB": "DLBM",
    "GHFQ": "GHFQDM",
}
NAMES = {"DLTB": "DLMC", "CZKFBJ": "GHFQMC", "YJJBNTBHTB": "DLMC", "GDBHMB": "DLMC", "GHFQ": "GHFQMC"}


def planted(clause, tables):
    """Spoil the tables for a clause; return how many faults that makes."""
    name = clause.code.split("-")[1]
    own, frame, measure = structures()[name], tables[name], clause.measure.removeprefix("quality.")
    if measure == "structure":
        tables[name] = frame.drop(columns=["BSM"])
        return 1
    frame = frame.astype({one: object for one in frame.columns if one != "geometry"})
    tables[name] = frame
    field = clause.settings.get("field", "BSM")
    values = {
        "domain": (FIRST.get(name), "?"), "code_name": (NAMES.get(name), "?"), "mandatory": ("BSM", None),
        "value_range": (own.area, -1.0), "identifier": ("BSM", "1"), "county_code": (field, "150821"),
        "stated_area": (own.area, 7.0), "net_area": (own.net, 7.0), "allowed": (field, "0301"),
        "settlement_code": ("CZCDM", "1"), "settlement_class": ("CZCSXM", "205"),
    }  # fmt: skip
    if measure == "unique":
        tables[name] = pd.concat([frame, frame.iloc[[0]]], ignore_index=True)
        return 2
    if measure == "area_sums":
        frame.loc[0, own.area if name == "DLTB" else "DCMJ"] = 7.0
        return 1
    if measure == "settlement_missing":
        frame.loc[1, "CZCSXM"] = None
        return 1
    column, value = values[measure]
    if column not in frame.columns:
        frame[column] = None
    frame.loc[0, column] = value
    return 1


def county_of(tmp_path, tables):
    for name, frame in tables.items():
        whole = {one: "Int32" for one in ("GDDB", "SJNF") if one in frame.columns}
        tables[name] = frame.infer_objects().astype(whole)
    gpkg = delivered.write_gpkg(tmp_path / "a.gpkg", tables)
    import_database(gpkg, tmp_path / "county", name="示例县", code="150999")
    return open_county(tmp_path / "county")


@pytest.fixture(scope="module")
def right(tmp_path_factory):
    return county_of(tmp_path_factory.mktemp("right"), every_table())


@pytest.mark.parametrize("code", list(CLAUSES))
def test_every_clause_passes_on_what_is_right_and_finds_what_is_planted(tmp_path, right, code):
    clause = CLAUSES[code]
    good = judge.judge(clause, Measuring(right))
    assert (good.outcome, good.measured.value) == ("pass", 0), good.measured.offenders
    tables = every_table()
    count = planted(clause, tables)
    bad = judge.judge(clause, Measuring(county_of(tmp_path, tables)))
    assert (bad.outcome, bad.measured.value) == ("fail", count), bad.reason


def test_severities():
    by_measure = {one.measure: one.severity for one in CLAUSES.values()}
    assert by_measure["quality.structure"] == "fatal"
    assert CLAUSES["QP-YJJBNTBHTB-ARABLE"].severity == "warning"
    assert {
        severity for measure, severity in by_measure.items() if measure not in ("quality.structure", "quality.allowed")
    } == {"error"}


def test_a_layer_that_was_not_delivered_is_not_assessed(tmp_path):
    county = county_of(tmp_path, {"XZQ": delivered.towns()})
    assert judge.judge(CLAUSES["QS-DLTB-3104"], Measuring(county)).outcome == "not-assessed"
    assert judge.judge(CLAUSES["QS-XZQ-BSM"], Measuring(county)).outcome == "pass"


def test_only_counties_from_a_database_are_asked_for_one(tmp_path, right):
    import town

    clauses = [CLAUSES["QS-DLTB-3104"], *(one for one in rulebook.load() if one.code == "GC22-1")]
    assert [one.code for one in judge.check(right, clauses).verdicts] == ["QS-DLTB-3104", "GC22-1"]
    other = open_county(town.write(tmp_path / "town"))
    assert [one.code for one in judge.check(other, clauses).verdicts] == ["GC22-1"]
    # Asked for nothing else, it is told why it cannot be judged.
    assert judge.check(other, clauses[:1]).verdicts[0].outcome == "not-assessed"


def test_inputs_of_both_views_are_written_down_once(right):
    right.layer("land_use")
    right.as_delivered("land_use")
    assert [one.layer for one in right.inputs].count("land_use") == 1


def test_a_delivery_with_planted_faults_shows_exactly_those(tmp_path, capsys):
    import json

    from gis_planning.cli import main

    tables = delivered.tables()
    evil = "</script><b>"
    tables["DLTB"] = spoiled(
        DLBM={3: "0799"}, DLMC={6: evil}, BSM={2: delivered.bsm(1, 1)}, TBBH={5: None}, KCXS={9: 1.5},
        CZCSXM={4: None, 8: "203A"}, TBDLMJ={7: 1.0},
    )  # fmt: skip
    whole = {"GDDB": "Int32", "SJNF": "Int32"}
    tables["DLTB"] = tables["DLTB"].infer_objects().astype(whole)
    tables["CZCDYD"].loc[0, "CZCDM"] = delivered.VILLAGES["B"][0] + "0" * 7
    tables["CZKFBJ"].loc[1, ["GHFQDM", "GHFQMC"]] = ["500", "乡村发展区"]
    delivered.write_shapefiles(tmp_path / "in", tables, cpg=False)
    import_database(tmp_path / "in", tmp_path / "county", name="示例县", code="150999")
    with pytest.raises(SystemExit) as left:
        main(["check", str(tmp_path / "county"), "--only", "quality", "--out", str(tmp_path / "out"), "--lang", "en"])
    assert left.value.code == 1
    card = json.loads((tmp_path / "out" / "scorecard.json").read_text(encoding="utf-8"))
    # Widths of these shapefiles are the writer's own, so that the structure is not at issue here.
    failed = {
        one["code"]: one["value"]
        for one in card["verdicts"]
        if one["outcome"] == "fail" and not one["code"].endswith("-3101")
    }
    assert failed == {
        "QS-DLTB-3104": 1, "QS-DLTB-3104N": 1, "QS-DLTB-3105": 1, "QS-DLTB-3106": 1, "QS-DLTB-BSM": 2,
        "QS-DLTB-NET": 1, "QS-DLTB-5104": 1, "QS-CZCDYD-5102": 1, "QP-CZKFBJ-3104": 1,
    }  # fmt: skip
    assert not [one for one in card["verdicts"] if one["outcome"] == "error"]
    offenders = gpd.read_file(tmp_path / "out" / "results.gpkg", layer="offenders")
    places = {
        code: sorted(int(one) + 1 for one in rows["feature"].dropna()) for code, rows in offenders.groupby("code")
    }
    assert places["QS-DLTB-3104"] == [3]
    assert places["QS-DLTB-BSM"] == [1, 2]
    assert places["QS-DLTB-5104"] == [4]
    assert places["QS-DLTB-NET"] == [7]
    named = offenders[offenders["code"] == "QS-DLTB-3104N"].iloc[0]
    assert (named["value"], named["expected"]) == (evil, "天然牧草地")
    assert named.geometry.equals(delivered.PATCHES[6][0])
    assert evil not in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "QS-DLTB-3104N" in capsys.readouterr().out
