"""Conventions of delivered databases: spot facts from the standards, and data that fits together."""

from __future__ import annotations

import pytest

from gis_planning.conventions import facts, kinds
from gis_planning.conventions.codes import (
    code_list,
    code_lists,
    great_class_of_use,
    levels,
    use_of_class,
    use_since_2023,
)
from gis_planning.conventions.landclasses import base, great_class
from gis_planning.conventions.structures import change_layer_of, likely, recognised, structures


@pytest.mark.parametrize(
    ("structure", "columns"),
    [
        ("DLTB", "BSM18 YSDM10 TBYBH18 TBBH8 DLBM5 DLMC60 QSXZ2 "
         "QSDWDM19 QSDWMC60 ZLDWDM19 ZLDWMC60 TBMJ "
         "KCDLBM5 KCXS KCMJ TBDLMJ GDLX2 GDPDJB2 XZDWKD TBXHDM6 TBXHMC20 ZZSXDM6 ZZSXMC20 GDDB FRDBS1 "
         "CZCSXM4 SJNF MSSM2 HDMC100 BZ255"),
        ("XZQ", "BSM18 YSDM10 XZQDM9 XZQMC100 DCMJ JSMJ MSSM2 HDMC100 BZ255"),
        ("XZQJX", "BSM18 YSDM10 JXLX6 JXXZ6 JXSM100 BZ255"),
        ("CZKFBJ", "BSM18 YSDM10 XZQDM12 XZQMC100 GHFQDM3 GHFQMC50 MJ BZ255"),
        ("CZCDYD", "BSM18 YSDM10 CZCLX4 CZCDM19 CZCMC100 CZCMJ BZ255"),
        ("STBHHX", "BSM18 YSDM10 XZQDM12 XZQMC100 SHENG SHI XIAN HXBM HXMC HXLX LXBM MJ "
         "ZRBHDMC ZRBHDJB ZRBHDLX ZRBHDFQ XTYZBLX GKCS SZXJXZQDM SZXJXZQMC BZ255"),
    ],
)  # fmt: skip
def test_columns_and_lengths_of_the_standards(structure, columns):
    found = {f"{one.name}{one.length or ''}" for one in structures()[structure].columns}
    assert found == set(columns.split())


def test_columns_of_permanent_farmland_and_of_the_target():
    farmland = {one.name: one.length for one in structures()["YJJBNTBHTB"].columns}
    assert (farmland["YJJBNTTBBH"], farmland["XZQDM"], farmland["YJJBNTTBMJ"]) == (20, 12, None)
    target = {one.name for one in structures()["GDBHMB"].columns}
    assert {"SFWHTD", "TBDLMJ", "GDPDJB"} <= target


@pytest.mark.parametrize(
    ("name", "ysdm"),
    [
        ("DLTB", "2001010100"), ("XZQ", "1000600100"), ("GHFQ", "2090020610"), ("ZXCQGHYDYH", "2090020620"),
        ("XZZTGNDW", "2090020130"), ("LSWHBHX", "2090020227"), ("HLFXKZX", "2090020229"), ("ZXCQCSLVX", "2090020232"),
        ("ZXCQCSZX", "2090020233"), ("ZXCQCSHX", "2090020234"),
    ],
)  # fmt: skip
def test_feature_codes(name, ysdm):
    assert structures()[name].ysdm == (ysdm,)


@pytest.mark.parametrize(
    ("said", "structure"),
    [
        ("DLTB", "DLTB"),
        ("dltb", "DLTB"),
        ("150821DLTB2023", "DLTB"),
        ("DLTB_H", "DLTB"),
        ("五原县DLTB", "DLTB"),
        ("main.DLTB", "DLTB"),
        ("五原县2023年度地类图斑图层", "DLTB"),
        ("永久基本农田", "YJJBNTBHTB"),
        ("YJJBNT", "YJJBNTBHTB"),
        ("永久基本农田图斑", "YJJBNTTB"),
        ("城市绿线", "ZXCQCSLVX"),
        ("五原县生态红线面", "STBHHX"),
        ("CZKFBJGX", "CZKFBJ"),
        ("LSYD_XMZDFW", "LSYD_XMZDFW"),
        ("LSYD", "LSYD"),
        ("GHFQ", "GHFQ"),
        ("中心城区规划分区", "ZXCQGHFQ"),
        ("TDGHDL", "GHDLTB"),
    ],
)
def test_names_of_tables(said, structure):
    found = recognised(said)
    assert found is not None
    assert found.name == structure


@pytest.mark.parametrize("said", ["DLTBX", "XDLTB", "roads", "", "地类", "XZQ_DLTB", "2023", "公园"])
def test_names_that_are_none_of_ours(said):
    assert recognised(said) is None


@pytest.mark.parametrize(
    ("said", "of"), [("DLTBGX", "DLTB"), ("dltbgxgc", "DLTB"), ("XZQGX", "XZQ"), ("WHHCZKFBJ", "CZKFBJ")]
)
def test_layers_of_changes_are_other_layers(said, of):
    assert recognised(said) is None
    assert change_layer_of(said).name == of


def test_two_names_of_a_table_have_to_agree():
    assert recognised("XZQ", "地类图斑") is None
    assert recognised("DLTB", "地类图斑").name == "DLTB"


def test_a_table_is_suggested_by_its_columns():
    fields = ["BSM", "YSDM", "XZQDM", "XZQMC", "GHFQDM", "GHFQMC", "MJ", "OBJECTID"]
    assert likely(fields).name in {"CZKFBJ", "GHFQ"}
    assert likely(["BSM", "MJ"]) is None


def test_fields_by_name_title_and_what_a_shapefile_leaves_of_it():
    dltb = structures()["DLTB"]
    assert dltb.fields(["DLBM", "BSM"]) == {"BSM": "BSM", "DLBM": "DLBM"}
    # Ten bytes are five signs in GBK and three in UTF-8.
    assert dltb.fields(["城镇村属性"]) == {"CZCSXM": "城镇村属性"}
    assert dltb.fields(["城镇村"]) == {"CZCSXM": "城镇村"}
    assert "TBDLMJ" not in dltb.fields(["图斑地"]) or dltb.fields(["图斑地"]) == {"TBDLMJ": "图斑地"}
    # 扣除地 is the beginning of three titles.
    assert dltb.fields(["扣除地"]) == {}
    assert structures()["CZKFBJ"].fields(["分区代码"]) == {"GHFQDM": "分区代码"}


@pytest.mark.parametrize("structure", structures().values(), ids=lambda one: one.name)
def test_structures_fit_the_rest_of_the_conventions(structure):
    columns = {one.name for one in structure.columns}
    assert len(columns) == len(structure.columns)
    for column in structure.columns:
        assert column.codes is None or column.codes in code_lists()
        assert column.names is None or column.names in columns
    for name in (structure.area, structure.net, *structure.allowed):
        assert name is None or name in columns
    if structure.net:
        assert "KCMJ" in columns
    for fill in structure.fills:
        kind = kinds()[fill.kind]
        assert kind.geometry in {structure.geometry, "any"}
        assert fill.column is None or fill.column in columns
    for column, codes in structure.allowed.items():
        own = next(one.codes for one in structure.columns if one.name == column)
        assert set(codes) <= set(code_list(own).codes)


def test_every_column_is_used_and_no_two_tables_share_a_name():
    used = {column.name for one in structures().values() for column in one.columns}
    assert set(facts("databases/columns")) == used
    named = [said for one in structures().values() for said in (one.name, one.titles["zh"], *one.names)]
    assert len(named) == len(set(named))


def test_the_survey_classes_are_whole():
    codes = code_list("DLBM").codes
    # By first level 8, 3, 4, 4, 3, 2, 2, 2, 4, 1, 9, 7 and 7 codes without a letter, and 13 with one.
    assert len(codes) == 56 + 13
    assert codes["0303"].title("zh") == "红树林地"
    assert codes["08H2A"].title("zh") == "高教用地"
    assert codes["1104K"].title("zh") == "可调整养殖坑塘"
    assert all(base(code) == code for code in codes if len(code) <= 4)
    groups = facts("landclasses")["groups"]
    assert groups["00"]["classes"] == ["0303", "0304", "0306", "0402", "0603", "1105", "1106", "1108"]


@pytest.mark.parametrize(
    ("beginning", "digits", "count"),
    [("", 2, 24), ("", 6, 40), ("13", 4, 12), ("23", 4, 7), ("08", 4, 7),
     ("0804", 6, 5), ("18", 4, 4), ("19", 4, 6), ("20", 4, 5), ("21", 4, 2), ("22", 4, 6)],
)  # fmt: skip
def test_land_and_sea_use_is_whole_to_its_third_level(beginning, digits, count):
    codes = code_list("YDYHFLDM").codes
    assert sum(code.startswith(beginning) and len(code) == digits for code in codes) == count


def test_names_at_each_level():
    assert levels("080404", "zh") == ("公共管理与公共服务用地", "教育用地", "幼儿园用地")
    assert levels("2302", "zh") == ("其他土地", "后备耕地")
    every = code_list("YDYHFLDM").codes
    assert all(len(levels(code, "en")) == len(code) // 2 for code in every)


@pytest.mark.parametrize(
    ("old", "new"),
    [("0204", "0205"), ("060102", "1207"), ("0602", "060201"), ("0603", "060202"), ("0604", "060203"),
     ("090301", "0903"), ("090302", "0903"), ("1311", "1311"), ("1312", "1311"), ("1313", "1312"), ("2202", "2206"),
     ("2302", "2303"),     ("2303", "060102"), ("0701", "0701")],
)  # fmt: skip
def test_what_2023_changed_of_2020(old, new):
    assert use_since_2023(old) == new


@pytest.mark.parametrize(
    ("survey", "use"),
    [("08H1", ["0801"]), ("05H1", ["09"]), ("0508", ["1101"]), ("0810", ["1401"]), ("0810A", ["1403"]),
     ("1108", ["0504"]),
     ("1106", ["0506"]), ("1107A", ["1311"]), ("1109", ["1311"]), ("0301K", ["0301"])],
)  # fmt: skip
def test_survey_classes_that_come_over_to_one(survey, use):
    assert list(use_of_class(survey)) == use


@pytest.mark.parametrize("survey", ["08H2", "0809", "09", "1005", "1006", "1202", "0204"])
def test_survey_classes_a_person_has_to_split(survey):
    assert len(use_of_class(survey)) > 1


def test_every_class_comes_over_to_codes_that_are_there():
    known = code_list("YDYHFLDM").codes
    for code in code_list("DLBM").codes:
        found = use_of_class(code)
        assert found, code
        assert set(found) <= set(known)
    assert use_of_class("9999") == ()


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("GDPDJB", {"1", "2", "3", "4", "5"}),
        ("GDLX", {"TT", "PD"}),
        ("CZCSXM", {"201", "201A", "202", "202A", "203", "203A", "204", "205"}),
        ("QSXZ", {"10", "20", "21", "30", "31", "32", "33", "34", "40"}),
        ("ZZSXDM", {"LS", "FLS", "LYFL", "XG", "LLJZ", "WG", "JKHF", "GCHF"}),
        ("GKBJ", {"0101", "0102", "0201", "0202", "0301", "0302", "0400", "0900"}),
        ("JSYDGZQ", {"010", "020", "030", "040"}),
        ("KCDLBM", {"1203"}),
    ],
)
def test_code_lists(name, codes):
    assert set(code_list(name).codes) == codes


def test_zones_and_facility_points():
    zones = code_list("GHFQDM").codes
    found = [zones[code].title("zh") for code in ("410", "420", "430")]
    assert found == [
        "城镇集中建设区",
        "城镇弹性发展区",
        "特别用途区",
    ]
    assert {str(number) for number in range(411, 419)} <= set(zones)
    points = code_list("GGJCSSD").codes
    assert set(points) == {f"{number:02}" for number in (*range(1, 29), 99)}
    assert points["12"].title("zh") == "集贸市场"


def test_disputed_classes_are_settings():
    assert [great_class(code, {}) for code in ("0404", "1201")] == ["agri", "built"]
    assert great_class("0404", {"0404": "unused"}) == "unused"
    assert great_class_of_use("0601", {}) == "agri"
    assert great_class_of_use("0601", {"06": "built"}) == "built"


def test_lists_that_are_not_sure_say_so():
    assert code_list("DLBM").sure == "confirmed"
    for name in ("QSXZ", "YDYHFLDM", "GHFQDM", "ZZSXDM"):
        assert code_list(name).sure == "to-confirm"
