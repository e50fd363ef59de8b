"""Tables of boundary points: every way they are laid out, what does not fit, every refusal."""

import openpyxl
import pytest
import refusals
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis_planning.errors import CrsError, FeatureError, LayerError, SourceError
from gis_planning.formats.read.boundary_points import read_boundary_points
from gis_planning.formats.read.boundary_table import area_m2

HEAD = ["序号", "点号", "X(m)", "Y(m)", "边长(m)"]
# 120 m by 100 m, as in the example of the coordinate TXT.
OUTER = [(4588700, 38432300), (4588700, 38432420), (4588600, 38432420), (4588600, 38432300)]
HOLE = [(4588660, 38432350), (4588660, 38432370), (4588640, 38432370), (4588640, 38432350)]
EDGES = [120, 100, 120, 100]
TAKEN = "boundary_points.datum_taken"


def ring(corners, edges=None, *, start=1, closed=True):
    names = [f"J{start + at}" for at in range(len(corners))]
    edges = edges or [None] * len(corners)
    rows = [
        [at, name, x, y, edge] for at, (name, (x, y), edge) in enumerate(zip(names, corners, edges, strict=True), 1)
    ]
    return [*rows, [len(rows) + 1, names[0], *corners[0], None]] if closed else rows


def xlsx(folder, *sheets, name="p.xlsx"):
    """Write sheets given as (title, rows)."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(folder / name)
    return folder / name


def one(folder, *rows):
    return xlsx(folder, ("Sheet1", rows))


def csv(folder, *rows, separator=",", encoding="utf-8", name="p.csv"):
    file = folder / name
    text = "\n".join(separator.join("" if cell is None else str(cell) for cell in row) for row in rows) + "\n"
    file.write_bytes(text.encode(encoding))
    return file


def keys(delivered):
    return [warning.key for warning in delivered.warnings]


def refused(error, key, *args, **options):
    return refusals.refused(error, key, read_boundary_points, *args, **options)


LABELS = [
    ["界址点成果表"],
    ["宗地号：152501-GB-001", None, "权利人", "某某公司", None],
    ["宗地面积(平方米)：", 11600, None, "坐标系", "2000国家大地坐标系"],
]


def test_a_sheet_with_its_labels(tmp_path):
    file = one(
        tmp_path, *LABELS, HEAD, *ring(OUTER, EDGES), *ring(HOLE, start=5), ["制表：张三", None, "校核：", "李四"]
    )
    delivered = read_boundary_points(file)
    row = delivered.frame.iloc[0]
    assert delivered.crs.to_epsg() == 4526
    assert keys(delivered) == ["boundary_points.passed"]
    assert (row["id"], row["owner"], row["stated_area_ha"]) == ("152501-GB-001", "某某公司", 1.16)
    assert row.geometry.area == pytest.approx(11_600)
    assert row.geometry.bounds == (38432300, 4588600, 38432420, 4588700)


def between(corners, edges):
    """Rows as CAD writes them: the length of an edge stands in a row of its own between two points."""
    for at, (point, edge) in enumerate(zip(ring(corners), [*edges, None], strict=True)):
        yield point
        if edge is not None:
            yield [None, None, None, None, edge if at >= 0 else None]


def test_lengths_between_the_rows_and_a_heading_of_two_rows(tmp_path):
    heading = [["序号", "点号", "坐标", None, "边长"], [None, None, "x(m)", "y(m)", None]]
    delivered = read_boundary_points(one(tmp_path, *heading, *between(OUTER, EDGES)))
    assert keys(delivered) == [TAKEN]
    wrong = read_boundary_points(one(tmp_path, *heading, *between(OUTER, [120, 101.5, 120, 100])))
    assert keys(wrong) == [TAKEN, "boundary_points.edge"]
    assert "101.500" in str(wrong.warnings[1])
    assert "100.000" in str(wrong.warnings[1])


@pytest.mark.parametrize("edges", [EDGES, [100, 120, 100, 120]], ids=["edge after", "edge before"])
def test_a_length_may_belong_to_the_edge_after_or_before(tmp_path, edges):
    assert keys(read_boundary_points(one(tmp_path, HEAD, *ring(OUTER, edges)))) == [TAKEN]
    edges = [edges[0] + 0.5, *edges[1:]]
    assert keys(read_boundary_points(one(tmp_path, HEAD, *ring(OUTER, edges)))) == [TAKEN, "boundary_points.edge"]


@pytest.mark.parametrize(
    ("separator", "encoding"), [(",", "gbk"), ("\t", "utf-16"), (";", "utf-8-sig"), ("，", "utf-8")]
)
def test_csv_of_all_kinds(tmp_path, separator, encoding):
    rows = [["宗地号", "A-1"], HEAD, *ring(OUTER, EDGES)]
    delivered = read_boundary_points(csv(tmp_path, *rows, separator=separator, encoding=encoding))
    assert delivered.frame["id"].tolist() == ["A-1"]
    assert delivered.frame.area.tolist() == [12_000]
    assert keys(delivered) == [TAKEN]


def test_a_parcel_column_filled_once_as_merged_cells_are(tmp_path):
    east = [(x, y + 500) for x, y in OUTER]
    rows = [["甲" if at == 0 else None, *row] for at, row in enumerate(ring(OUTER, EDGES))]
    rows += [["乙" if at == 0 else None, *row] for at, row in enumerate(ring(east, closed=False))]
    delivered = read_boundary_points(one(tmp_path, ["地块编号", *HEAD], *rows))
    assert delivered.frame["id"].tolist() == ["甲", "乙"]
    assert delivered.frame.area.tolist() == [12_000, 12_000]
    assert keys(delivered) == [TAKEN, "boundary_points.unclosed"]


def test_a_sheet_for_each_parcel_and_one_that_is_none(tmp_path):
    east = [(x, y + 500) for x, y in OUTER]
    file = xlsx(
        tmp_path,
        ("封面", [["某某项目"]]),
        ("甲", [HEAD, *ring(OUTER, EDGES)]),
        ("乙", [["宗地号", "B-2"], HEAD, *ring(east)]),
        ("空", []),
    )
    delivered = read_boundary_points(file)
    assert delivered.frame["id"].tolist() == ["甲", "B-2"]
    assert keys(delivered) == ["boundary_points.sheet_skipped", TAKEN]
    assert read_boundary_points(file, table="乙").frame["id"].tolist() == ["B-2"]
    assert "甲" in refused(LayerError, "parcels.missing_table", file, table="丙")


@pytest.mark.parametrize("sheets", ["one", "two"])
@pytest.mark.parametrize("repeated", [True, False])
def test_pages_of_a_parcel_are_joined(tmp_path, sheets, repeated):
    rows = ring(OUTER, EDGES)
    label = [["宗地号", "A-1"]]
    first, second = [*label, HEAD, *rows[:2]], [*label, HEAD, *rows[1 if repeated else 2 :]]
    if sheets == "one":
        file = one(tmp_path, *first, ["第1页 共2页"], *second)
    else:
        file = xlsx(tmp_path, ("1", first), ("2", second))
    delivered = read_boundary_points(file)
    assert delivered.frame["id"].tolist() == ["A-1"]
    assert delivered.frame.area.tolist() == [12_000]
    assert keys(delivered) == ["boundary_points.pages", TAKEN]


def test_parcels_under_each_other_in_one_sheet(tmp_path):
    east = [(x, y + 500) for x, y in OUTER]
    file = one(tmp_path, ["宗地号", "A"], HEAD, *ring(OUTER), ["宗地号", "B"], HEAD, *ring(east))
    assert read_boundary_points(file).frame["id"].tolist() == ["A", "B"]


def test_a_column_of_ring_numbers(tmp_path):
    rows = [[*row, 1] for row in ring(OUTER, closed=False)] + [[*row, 2] for row in ring(HOLE, closed=False)]
    delivered = read_boundary_points(one(tmp_path, [*HEAD, "圈号"], *rows))
    assert delivered.frame.area.tolist() == [11_600]
    assert keys(delivered) == [TAKEN, "boundary_points.unclosed"]


def test_swapped_columns_are_told_by_their_range(tmp_path):
    rows = [[at, name, y, x, edge] for at, name, x, y, edge in ring(OUTER, EDGES)]
    delivered = read_boundary_points(one(tmp_path, HEAD, *rows))
    assert delivered.frame.geometry.iloc[0].bounds == (38432300, 4588600, 38432420, 4588700)
    assert keys(delivered) == ["boundary_points.swapped", TAKEN]


def test_self_crossing_rings_are_left_as_delivered(tmp_path):
    crossed = [OUTER[0], OUTER[2], OUTER[1], OUTER[3]]
    assert not read_boundary_points(one(tmp_path, HEAD, *ring(crossed))).frame.geometry.is_valid.any()


def test_the_crs_is_told_or_stated(tmp_path):
    bare = [(x, y - 38_000_000) for x, y in OUTER]
    file = one(tmp_path, HEAD, *ring(bare))
    assert "--crs" in refused(CrsError, "parcels.no_crs", file)
    delivered = read_boundary_points(file, crs="EPSG:4547")
    assert delivered.crs.to_epsg() == 4547
    assert keys(delivered) == []
    assert "EPSG:4547" in refused(CrsError, "parcels.crs_no_prefix", file, crs="EPSG:4526")
    full = xlsx(tmp_path, ("Sheet1", [*LABELS, HEAD, *ring(OUTER)]), name="full.xlsx")
    assert "EPSG:4526" in refused(CrsError, "parcels.crs_conflict", full, crs="EPSG:4527")
    assert "EPSG:4526" in refused(
        CrsError, "parcels.crs_other_zone", one(tmp_path, HEAD, *ring(OUTER)), crs="EPSG:4527"
    )
    old = read_boundary_points(one(tmp_path, HEAD, *ring(OUTER)), crs="EPSG:2362")
    assert keys(old) == ["parcels.old_datum"]
    both = [*ring(OUTER), *ring([(x, y + 1_000_000) for x, y in OUTER])]
    assert "38, 39" in refused(CrsError, "boundary_points.two_zones", one(tmp_path, HEAD, *both))


AREAS = {
    "宗地面积(平方米) 11600": 11_600,
    "宗地面积（m²） 11600.00": 11_600,
    "面积 17.40亩": 11_600,
    "面积 1.16 公顷": 11_600,
    "面积(ha) 1.16": 11_600,
    "面积 11600": None,
    "面积(m2, 亩) 11600 17.4": None,
    "面积 平方米": None,
}


@pytest.mark.parametrize("told", AREAS)
def test_areas_need_one_number_and_one_unit(told):
    assert area_m2(told) == (None if AREAS[told] is None else pytest.approx(AREAS[told]))


def test_a_stated_area_is_compared(tmp_path):
    rows = [HEAD, *ring(OUTER)]
    assert keys(read_boundary_points(one(tmp_path, ["宗地面积", "18.00亩"], *rows))) == [TAKEN]
    wrong = read_boundary_points(one(tmp_path, ["宗地面积", 11600, "平方米"], *rows))
    assert keys(wrong) == [TAKEN, "parcels.area_differs"]
    assert "1.2000" in str(wrong.warnings[1])
    assert keys(read_boundary_points(one(tmp_path, ["宗地面积", 11600], *rows))) == [TAKEN, "boundary_points.no_unit"]


ROW_FAULTS = [
    (["5", "J5", "45887OO", 38432300], FeatureError, "boundary_points.bad_row"),
    (["5", "J5", None, 38432300], FeatureError, "boundary_points.bad_row"),
    (["5", "J5", 41.4, 113.2], FeatureError, "boundary_points.no_axes"),
    (["5", "J5", 38432300, 4588700], FeatureError, "boundary_points.no_axes"),
]


@pytest.mark.parametrize(("row", "error", "key"), ROW_FAULTS)
def test_bad_rows_are_named(tmp_path, row, error, key):
    assert "Sheet1:7" in refused(error, key, one(tmp_path, HEAD, *ring(OUTER), row))


def test_rings_that_are_none(tmp_path):
    two = [*ring(OUTER), *ring([(x, y + 60) for x, y in OUTER])]
    assert "Sheet1:2" in refused(FeatureError, "boundary_points.crossing", one(tmp_path, HEAD, *two))
    refused(FeatureError, "boundary_points.same_ring", one(tmp_path, HEAD, *ring(OUTER), *ring(OUTER)))
    refused(FeatureError, "boundary_points.few_points", one(tmp_path, HEAD, *ring(OUTER[:2])))


def test_files_that_are_none(tmp_path):
    (tmp_path / "e.csv").write_bytes(b"")
    refused(SourceError, "source.empty_file", tmp_path / "e.csv")
    refused(SourceError, "parcels.missing", tmp_path / "none.xlsx")
    (tmp_path / "t.xlsx").write_text("点号,X,Y", encoding="utf-8")
    refused(SourceError, "source.not_what_it_says", tmp_path / "t.xlsx")
    (tmp_path / "x.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    refused(SourceError, "source.unread_xls", tmp_path / "x.xls")
    refused(LayerError, "boundary_points.no_columns", csv(tmp_path, ["名称", "经度", "纬度"], ["a", 113, 41]))
    refused(LayerError, "boundary_points.no_points", csv(tmp_path, HEAD))
    refused(LayerError, "boundary_points.no_columns", one(tmp_path))


cells = st.one_of(
    st.none(),
    st.text(max_size=6),
    st.sampled_from(
        ["点号", "X", "Y", "边长", "地块编号", "圈号", "宗地面积(亩)", "坐标系", "1954", '"', "38432300.5"]
    ),
    st.sampled_from([4588700, 4588600.5, 38432300, 38432420.25, 432300, 1, 100.0]),
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(cells, max_size=6), max_size=8), st.booleans(), st.sampled_from([None, "EPSG:4526", "EPSG:32650"])
)
def test_a_table_is_read_or_refused(tmp_path, rows, headed, crs):
    if headed:
        rows = [HEAD, *ring(OUTER[:3]), *rows]
    file = tmp_path / "any.csv"
    text = "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in rows) + "\n"
    file.write_bytes(text.encode("utf-8", "replace"))
    refusals.read_or_refused(read_boundary_points, file, crs=crs)
