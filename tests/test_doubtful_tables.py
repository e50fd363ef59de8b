"""Tables that say less, or something else, than they show: what cannot be known is refused by its cell, or told."""

import zipfile

import openpyxl
import pytest

from gis_planning.errors import FeatureError, InputError, SourceError
from gis_planning.formats.read import workbook
from gis_planning.formats.read.boundary_points import read_boundary_points
from gis_planning.formats.read.cells import Held, Unread
from gis_planning.formats.read.parcel_txt import read_parcel_txt
from gis_planning.formats.read.points import read_points
from gis_planning.formats.read.tables import decode, read_rows

SHEET = "xl/worksheets/sheet1.xml"
HEAD = ["点号", "X(m)", "Y(m)"]
NORTH, EAST = 4_600_000, 38_500_000
SQUARE = [(0, 0), (0, 60), (40, 60), (40, 0)]


def points(corners=SQUARE, first=1):
    return [[f"J{at}", NORTH + y, EAST + x] for at, (y, x) in enumerate(corners, first)]


def book(folder, *rows, merge=(), name="t.xlsx", title="Sheet1", others=(), states=()):
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for cells in merge:
        sheet.merge_cells(cells)
    for other, content in others:
        for row in content or [[None]]:
            (made[other] if other in made.sheetnames else made.create_sheet(other)).append(row)
    for one, state in states:
        made[one].sheet_state = state
    made.save(folder / name)
    return folder / name


def rewritten(file, member, change):
    """Write an Excel file anew with one part changed, as other programs would have written it."""
    with zipfile.ZipFile(file) as old:
        parts = {one: old.read(one) for one in old.namelist()}
    parts[member] = change(parts[member].decode()).encode()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for one, content in parts.items():
            new.writestr(one, content)
    return file


def refused(read, *args, **options):
    with pytest.raises(InputError) as caught:
        read(*args, **options)
    assert caught.value.to("zh")
    assert "Error:" not in str(caught.value)
    return caught.value.text.key, str(caught.value)


def keys(delivered):
    return [warning.key for warning in delivered.warnings]


# -- merged cells


def test_a_merged_value_holds_for_all_its_rows(tmp_path):
    file = book(tmp_path, ["编号", "类型"], ["A", "x"], ["B"], ["C"], ["D", "y"], merge=["B2:B4"])
    assert [cells for _, cells in read_rows(file).rows] == [["A", "x"], ["B", "x"], ["C", "x"], ["D", "y"]]
    assert isinstance(read_rows(file).rows[1][1][1], Held)


def test_a_record_over_two_rows_is_one(tmp_path):
    file = book(tmp_path, ["编号", "类型"], ["A", "x"], [], ["B", "y"], merge=["A2:A3", "B2:B3", "A1:A1"])
    assert [cells for _, cells in read_rows(file).rows] == [["A", "x"], ["B", "y"]]


def test_what_a_merged_cell_covers_is_refused(tmp_path):
    file = book(tmp_path, ["编号", "经度", "纬度"], ["A", 113.1, 41.1], ["B", 113.2, 41.2])
    rewritten(
        file, "xl/worksheets/sheet1.xml", lambda old: old.replace("</sheetData>", "</sheetData>" + merged("B2:B3"))
    )
    key, said = refused(read_points, file, datum="WGS84")
    assert key == "tables.covered"
    assert "Sheet1!B3" in said
    assert "113.2" in said


def merged(cells):
    return f'<mergeCells count="1"><mergeCell ref="{cells}"/></mergeCells>'


def test_facilities_at_one_merged_place(tmp_path):
    rows = [["名称", "经度", "纬度"], ["诊所", 113.1, 41.1], ["药店"], ["菜市场", 113.2, 41.2]]
    delivered = read_points(book(tmp_path, *rows, merge=["B2:B3", "C2:C3"]), datum="WGS84")
    assert [round(one.x, 6) for one in delivered.frame.geometry] == [113.1, 113.1, 113.2]


def test_points_merged_beside_lengths_are_no_points_twice(tmp_path):
    rows = [[*HEAD, "边长(m)"]]
    for (name, x, y), edge in zip([*points(), points()[0]], [60, 40, 60, 40, None], strict=True):
        rows += [[name, x, y, None], [None, None, None, edge]]
    merge = [f"{letter}{row}:{letter}{row + 1}" for row in range(2, 12, 2) for letter in "ABC"]
    delivered = read_boundary_points(book(tmp_path, *rows, merge=merge))
    assert delivered.frame.area.tolist() == [2_400]
    assert "boundary_points.edge" not in keys(delivered)


def test_a_northing_merged_over_two_points(tmp_path):
    rows = points([(0, 0), (0, 60), (40, 60), (40, 0)])
    rows[1][1] = rows[3][1] = None
    delivered = read_boundary_points(book(tmp_path, HEAD, *rows, merge=["B2:B3", "B4:B5"]))
    assert delivered.frame.area.tolist() == [2_400]


# -- cells whose value nobody knows


@pytest.mark.parametrize(
    ("value", "key"),
    [("=B2+40", "tables.formula"), ("#REF!", "tables.error_value"), ("#N/A", "tables.error_value")],
)
def test_a_value_that_is_not_there_is_refused_where_it_is_used(tmp_path, value, key):
    rows = points()
    rows[2][1] = value
    found, said = refused(read_boundary_points, book(tmp_path, HEAD, *rows, title="DK7"))
    assert found == key
    assert "DK7!B4" in said
    table = [["名称", "经度", "纬度", "附注"], ["诊所", 113.1, 41.1, value], ["药店", value, 41.2, None]]
    found, said = refused(read_points, book(tmp_path, *table), datum="WGS84")
    assert (found, "Sheet1!B3" in said) == (key, True)
    found, said = refused(rows_of, book(tmp_path, ["编号", "类型"], ["A", value]))
    assert (found, "Sheet1!B2" in said) == (key, True)


def rows_of(file):
    from gis_planning.judging.projects import _rows

    return _rows(file, {"id": ("编号",), "kind": ("类型",)}, lambda _: None)[1]


def test_a_value_that_is_not_there_is_told_where_it_is_not_used(tmp_path):
    delivered = read_points(
        book(tmp_path, ["名称", "经度", "纬度", "附注"], ["诊所", 113.1, 41.1, "=A1"]), datum="WGS84"
    )
    assert keys(delivered) == ["tables.not_used"]
    assert delivered.frame["附注"].tolist() == [None]


def test_a_failed_formula_in_saved_text_is_refused(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("名称,类型,经度,纬度\n诊所,#N/A,113.1,41.1\n", encoding="utf-8-sig")
    key, said = refused(read_points, file, datum="WGS84")
    assert key == "tables.error_value"
    assert "B2" in said


def test_a_length_by_a_formula_costs_nothing_but_the_comparison(tmp_path):
    rows = [[*one, "=SQRT(2)"] for one in [*points(), points()[0]]]
    delivered = read_boundary_points(book(tmp_path, [*HEAD, "边长(m)"], *rows))
    assert delivered.frame.area.tolist() == [2_400]


def test_an_empty_text_from_a_formula_is_a_value(tmp_path):
    file = book(tmp_path, ["名称", "经度", "纬度"], ["诊所", 113.1, 41.1], ["旧址", "=X", 41.2])
    rewritten(file, SHEET, lambda xml: xml.replace('<c r="B3"', '<c r="B3" t="str"'))
    assert refused(read_points, file, datum="WGS84")[0] == "points.half"


# -- long numbers


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("150999202500000017", "150999202500000017"),
        ("1.5099920250000003E+17", None),
        ("150999202500000000", None),
        ("152501", "152501"),
    ],
)
def test_long_whole_numbers_are_exact_or_refused(tmp_path, stored, shown):
    file = book(tmp_path, ["编号", "类型"], [7, "x"], [None, "y"])
    rewritten(file, "xl/worksheets/sheet1.xml", lambda xml: xml.replace("<v>7</v>", f"<v>{stored}</v>"))
    if shown is None:
        assert refused(rows_of, file)[0] == "tables.rounded"
    else:
        assert [row["id"] for _, row in rows_of(file)] == [shown, None]


def test_long_whole_numbers_in_saved_text(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("编号,类型\n150999202500000017,x\n,y\n", encoding="utf-8-sig")
    assert [row["id"] for _, row in rows_of(file)] == ["150999202500000017", None]
    file.write_text("编号,类型\n1.50999E+17,x\n", encoding="utf-8-sig")
    assert refused(rows_of, file)[0] == "tables.rounded"


# -- blocks, parts, rows


def halves(eight):
    return [[*left, *right] for left, right in zip(eight[:4], eight[4:], strict=True)]


EIGHT = [(0, 0), (0, 30), (0, 60), (20, 60), (40, 60), (40, 30), (40, 0), (20, 0)]


def test_blocks_side_by_side_are_read_in_the_order_of_their_numbers(tmp_path):
    delivered = read_boundary_points(book(tmp_path, HEAD * 2, *halves(points(EIGHT)), ["制表：甲"]))
    assert delivered.frame.area.tolist() == [2_400]
    rows = [",".join(map(str, row)) for row in (HEAD * 2, *halves(points(EIGHT)))]
    (tmp_path / "t.csv").write_text("\n".join(rows), encoding="utf-8")
    assert read_boundary_points(tmp_path / "t.csv").frame.area.tolist() == [2_400]


@pytest.mark.parametrize("first", [1, 9, None])
def test_blocks_side_by_side_without_an_order_are_refused(tmp_path, first):
    right = points(EIGHT[4:], first or 0)
    rows = [[*one, *(two if first else ["", *two[1:]])] for one, two in zip(points(EIGHT)[:4], right, strict=True)]
    key, said = refused(read_boundary_points, book(tmp_path, HEAD * 2, *rows))
    assert key == "boundary_points.side_by_side"
    assert "Sheet1:2" in said


def test_two_systems_side_by_side_are_refused(tmp_path):
    rows = [[*one, one[1] + 5, one[2] + 90] for one in points()]
    assert refused(read_boundary_points, book(tmp_path, [*HEAD, "X", "Y"], *rows))[0] == "boundary_points.side_by_side"


def test_places_side_by_side_are_refused(tmp_path):
    file = book(tmp_path, ["名称", "经度", "纬度"] * 2, ["甲", 113.1, 41.1, "乙", 113.2, 41.2])
    assert refused(read_points, file, datum="WGS84")[0] == "points.two_columns"
    fields = {"lon": "经度", "lat": "纬度"}
    assert refused(read_points, file, datum="WGS84", fields=fields)[0] == "points.twice_named"
    assert refused(rows_of, book(tmp_path, ["编号", "类型"] * 2, ["A", "x", "B", "y"]))[0] == "projects.column_again"


AWAY = [(y, x + 100) for y, x in SQUARE]


def test_numbers_that_start_anew_begin_another_ring(tmp_path):
    delivered = read_boundary_points(book(tmp_path, HEAD, *points(), *points(AWAY)))
    assert delivered.frame.area.tolist() == [4_800]
    assert "parcels.numbers_anew" in keys(delivered)
    delivered = read_parcel_txt(txt(tmp_path, [*points(), *points(AWAY)]))
    assert delivered.frame.area.tolist() == [4_800]
    assert "parcels.numbers_anew" in keys(delivered)


@pytest.mark.parametrize(
    "again",
    [points(AWAY)[:1] + points(AWAY)[:0:-1], points(AWAY)[1:], [*points(AWAY), points()[0]]],
    ids=["turned", "without the first", "closed as a whole"],
)
def test_numbers_that_come_again_without_a_beginning_are_refused(tmp_path, again):
    rows = [*points(), *again]
    assert refused(read_boundary_points, book(tmp_path, HEAD, *rows))[0] == "parcels.numbers_again"
    assert refused(read_parcel_txt, txt(tmp_path, rows))[0] == "parcels.numbers_again"


def txt(folder, rows):
    head = ["[属性描述]", "坐标系=2000国家大地坐标系", "几度分带=3", "带号=38", "[地块坐标]", ",,DK1,甲,面,,,,@"]
    lines = [f"{name},1,{x},{y}" for name, x, y in rows]
    (folder / "t.txt").write_text("\n".join([*head, *lines]), encoding="utf-8-sig")
    return folder / "t.txt"


def test_points_without_numbers_are_one_ring(tmp_path):
    rows = [["", x, y] for _, x, y in points()]
    assert read_boundary_points(book(tmp_path, HEAD, *rows)).frame.area.tolist() == [2_400]
    same = [["拐点", x, y] for _, x, y in points()]
    assert read_boundary_points(book(tmp_path, HEAD, *same)).frame.area.tolist() == [2_400]


def test_a_slip_of_a_number_in_a_ring_that_is_closed_is_no_other_ring(tmp_path):
    rows = [*points(), points()[0]]
    rows[2][0] = "J2"
    assert read_boundary_points(book(tmp_path, HEAD, *rows)).frame.area.tolist() == [2_400]


@pytest.mark.parametrize("missing", [(1,), (2,), (1, 2)])
def test_a_point_in_the_middle_without_coordinates_is_refused(tmp_path, missing):
    rows = points()
    for column in missing:
        rows[2][column] = None
    key, said = refused(read_boundary_points, book(tmp_path, HEAD, *rows))
    assert key == "boundary_points.bad_row"
    assert "Sheet1:4" in said


def test_rows_after_the_last_point_are_told(tmp_path):
    rows = [*points(), points()[0], ["合计", None, None], ["制表：甲", None, "审核：乙"]]
    delivered = read_boundary_points(book(tmp_path, HEAD, *rows))
    passed = next(one for one in delivered.warnings if one.key == "boundary_points.passed")
    assert passed.facts["places"] == ["Sheet1:7", "Sheet1:8"]


def test_rows_without_a_place_are_told(tmp_path):
    delivered = read_points(
        book(tmp_path, ["名称", "经度", "纬度"], ["甲", 113.1, 41.1], ["乙", "-", None]), datum="WGS84"
    )
    told = next(one for one in delivered.warnings if one.key == "points.without_place")
    assert (told.facts["count"], told.facts["places"]) == (1, [3])


# -- sheets and rows nobody sees


def test_hidden_sheets_are_not_read_and_named(tmp_path):
    old = ("旧", [HEAD, *points(AWAY)])
    for state in ("hidden", "veryHidden"):
        file = book(tmp_path, HEAD, *points(), points()[0], others=[old], states=[("旧", state)])
        delivered = read_boundary_points(file)
        assert delivered.frame.area.tolist() == [2_400]
        told = next(one for one in delivered.warnings if one.key == "tables.hidden_sheet")
        assert told.facts["places"] == ["旧"]
    table = [["名称", "经度", "纬度"], ["甲", 113.1, 41.1]]
    file = book(tmp_path, *table, others=[("旧", table)], states=[("旧", "hidden")])
    assert keys(read_points(file, datum="WGS84")) == ["tables.hidden_sheet"]
    file = book(
        tmp_path, ["编号"], ["A"], others=[("旧", [["编号"], ["B"]]), ("二", [["编号"]])], states=[("Sheet1", "hidden")]
    )
    plain = read_rows(file)
    assert plain.rows == [(2, ["B"])]
    assert sorted(one.key for one in plain.warnings) == ["tables.hidden_sheet", "tables.other_sheet"]


def test_hidden_rows_are_read_and_told(tmp_path):
    file = book(tmp_path, HEAD, *points(), points()[0])
    opened = openpyxl.load_workbook(file)
    opened.active.row_dimensions[4].hidden = True
    opened.save(file)
    delivered = read_boundary_points(file)
    assert delivered.frame.area.tolist() == [2_400]
    assert next(one for one in delivered.warnings if one.key == "tables.hidden_rows").facts["places"] == ["Sheet1:4"]


# -- encodings


LINES = "id,kind,lon,lat\n1,小学,113.1,41.1\n2,医院,113.2,41.2\n"


def test_words_that_are_valid_in_two_encodings(tmp_path):
    file = tmp_path / "t.csv"
    for encoding in ("gbk", "utf-8", "utf-8-sig", "utf-16"):
        file.write_bytes(LINES.encode(encoding))
        assert read_points(file, datum="WGS84").frame["kind"].tolist() == ["小学", "医院"]
    file.write_bytes(LINES.replace("医院", "谢").replace("小学", "小谢").encode("gbk"))
    key, said = refused(decode, file)
    assert key == "tables.encoding_open"
    assert "CSV UTF-8" in said


# -- files that mean harm


def test_entities_are_refused(tmp_path):
    file = book(tmp_path, ["名称", "经度", "纬度"], ["甲", 113.1, 41.1])
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    rewritten(file, SHEET, lambda xml: bomb + xml)
    key, said = refused(read_points, file, datum="WGS84")
    assert (key, SHEET in said) == ("tables.doctype", True)


def test_a_sheet_of_nothing_as_large_as_can_be_is_read_at_once(tmp_path):
    file = book(tmp_path, ["名称", "经度", "纬度"], ["甲", 113.1, 41.1])
    blank = '<row r="900000"><c r="XFD900000" s="0"/></row><row r="1048576"><c r="XFD1048576"/></row></sheetData>'
    rewritten(file, SHEET, lambda xml: xml.replace("</sheetData>", blank + merged("A3:XFD1048576")))
    assert len(read_points(file, datum="WGS84").frame) == 1


@pytest.mark.parametrize("row", [1_048_577, 2_000_000_000])
def test_a_row_that_no_sheet_has_is_refused(tmp_path, row):
    file = book(tmp_path, ["名称", "经度", "纬度"], ["甲", 113.1, 41.1])
    rewritten(
        file,
        SHEET,
        lambda xml: xml.replace("</sheetData>", f'<row r="{row}"><c r="A{row}"><v>1</v></c></row></sheetData>'),
    )
    with pytest.raises(SourceError):
        read_points(file, datum="WGS84")


def test_rows_in_disorder_are_refused(tmp_path):
    file = book(tmp_path, ["名称", "经度", "纬度"], ["甲", 113.1, 41.1], ["乙", 113.2, 41.2])
    rewritten(file, SHEET, lambda xml: xml.replace('<row r="3"', '<row r="2"'))
    assert refused(read_points, file, datum="WGS84")[0] == "tables.disordered"


def test_absurd_sizes_of_a_workbook_are_refused(tmp_path, monkeypatch):
    file = book(tmp_path, ["名称", "经度", "纬度"], ["甲", 113.1, 41.1])
    monkeypatch.setattr(workbook, "LARGEST_BYTES", 1_000)
    assert refused(read_points, file, datum="WGS84")[0] == "archive.too_large"


# -- numbers


@pytest.mark.parametrize("lon", ["113.1°", "1,13.1", "11３.1²", "113°6′", "113,1", "①13.1", "E113.1"])
def test_a_coordinate_that_is_no_plain_number_is_refused(tmp_path, lon):
    file = book(tmp_path, ["名称", "经度", "纬度"], ["甲", lon, 41.1])
    with pytest.raises(FeatureError, match=r"row 2"):
        read_points(file, datum="WGS84")


def test_full_width_numbers_are_numbers(tmp_path):
    file = book(tmp_path, ["名称", "经度", "纬度"], ["甲", "１１３．１", "　41.1 "])
    assert [(one.x, one.y) for one in read_points(file, datum="WGS84").frame.geometry] == [(113.1, 41.1)]


@pytest.mark.parametrize("x", ["4,600,040", "4600040²", "4 600 040", "4600040米"])
def test_a_northing_that_is_no_plain_number_is_refused(tmp_path, x):
    rows = points()
    rows[2][1] = x
    assert refused(read_boundary_points, book(tmp_path, HEAD, *rows))[0] == "boundary_points.bad_row"
    assert refused(read_parcel_txt, txt(tmp_path, rows))[0] == "parcel_txt.bad_point_line"


def test_the_reason_of_a_cell_goes_with_it():
    import pickle

    cell = Unread("#N/A", "tables.error_value", "S!B2")
    again = pickle.loads(pickle.dumps(cell))
    assert (again, again.key, again.place) == (cell, cell.key, cell.place)
