"""Tables of a geodatabase that were cut, filled with zeros or mixed are refused; sound and edited ones are not."""

import shutil

import pyproj
import pytest
import town

from gis_planning.errors import SourceError
from gis_planning.formats.read import vector
from gis_planning.formats.read.area import Area

ROWS = 9


def frame(count=ROWS, name="甲"):
    return town.frame(*(town.box(30 * at, 0, 30 * at + 20, 20) for at in range(count)), name=[name * 5] * count)


@pytest.fixture
def gdb(tmp_path):
    """Write two tables; the first is of the files a00000009.*."""
    file = tmp_path / "d.gdb"
    for name in ("areas", "others"):
        frame().to_file(file, layer=name, driver="OpenFileGDB")
    return file


def refused(file, key, table="areas"):
    with pytest.raises(SourceError) as caught:
        vector.read(file, table=table)
    assert caught.value.text.key == key
    assert str(file) in str(caught.value)
    assert caught.value.to("zh")
    return str(caught.value)


def test_a_sound_table_is_read_and_one_beside_a_damaged_one_too(gdb):
    assert len(vector.read(gdb, table="areas").frame) == ROWS
    (gdb / "a0000000a.gdbtable").write_bytes(b"")
    assert len(vector.read(gdb, table="areas").frame) == ROWS
    assert "a0000000a.gdbtable" in refused(gdb, "source.gdb_cut", "others")


def without_third_row(gdb):
    """Take the third row out of the index, as the program does that deletes it; the table's count is another matter."""
    index = gdb / "a00000009.gdbtablx"
    whole = bytearray(index.read_bytes())
    width = whole[12]
    whole[16 + 2 * width : 16 + 3 * width] = bytes(width)
    index.write_bytes(bytes(whole))


def test_rows_that_were_added_later_and_rows_that_were_deleted_are_sound(gdb):
    frame(3, "丙丙").to_file(gdb, layer="areas", driver="OpenFileGDB", mode="a")
    assert len(vector.read(gdb, table="areas").frame) == ROWS + 3
    without_third_row(gdb)
    rows = gdb / "a00000009.gdbtable"
    whole = bytearray(rows.read_bytes())
    whole[4:8] = (ROWS + 2).to_bytes(4, "little")
    rows.write_bytes(bytes(whole))
    assert len(vector.read(gdb, table="areas").frame) == ROWS + 2


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
@pytest.mark.parametrize("ending", ["gdbtable", "gdbtablx"])
def test_a_cut_file_is_refused(gdb, ending, share):
    file = gdb / f"a00000009.{ending}"
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(SourceError) as caught:
        vector.read(gdb, table="areas")
    assert str(gdb) in str(caught.value)


def test_rows_filled_up_with_zeros_are_refused(gdb):
    file = gdb / "a00000009.gdbtable"
    whole = file.read_bytes()
    middle = len(whole) * 2 // 3
    file.write_bytes(whole[:middle].ljust(len(whole), b"\0"))
    assert file.name in refused(gdb, "source.gdb_cut")


def test_files_of_several_exports_and_lost_ones_are_refused(gdb, tmp_path):
    other = tmp_path / "o.gdb"
    frame(ROWS - 2, "乙乙").to_file(other, layer="areas", driver="OpenFileGDB")
    for ending in ("gdbtable", "gdbtablx"):
        file = gdb / f"a00000009.{ending}"
        whole = file.read_bytes()
        shutil.copyfile(other / file.name, file)
        with pytest.raises(SourceError) as caught:
            vector.read(gdb, table="areas")
        assert caught.value.text.key in {"source.gdb_cut", "source.gdb_disagrees"}
        file.write_bytes(whole)
    (gdb / "a00000009.gdbtablx").unlink()
    assert "a00000009.gdbtablx" in refused(gdb, "source.gdb_lacks")


def test_a_spatial_index_of_another_export_hides_nothing(gdb, tmp_path):
    west = town.frame(*(town.box(-30 * at - 900, 0, -30 * at - 880, 20) for at in range(ROWS)), name=["乙"] * ROWS)
    west.to_file(tmp_path / "o.gdb", layer="areas", driver="OpenFileGDB")
    land = Area(town.box(35, 5, 100, 15), pyproj.CRS(town.CRS))
    part = vector.Part(area=land, crs=pyproj.CRS(town.CRS))
    # Of the squares at 0, 30, 60, 90 the land meets three.
    assert vector.read(gdb, table="areas", part=part).frame.index.tolist() == [2, 3, 4]
    shutil.copyfile(tmp_path / "o.gdb" / "a00000009.spx", gdb / "a00000009.spx")
    assert vector.read(gdb, table="areas", part=part).frame.index.tolist() == [2, 3, 4]


def test_one_row_fewer_in_the_index_is_told_with_both_numbers(gdb):
    without_third_row(gdb)
    assert "lists 8 rows, the table states 9" in refused(gdb, "source.gdb_disagrees")
    assert len(vector.read(gdb, table="others").frame) == ROWS


def test_an_index_whose_end_is_zeros_hides_no_rows(gdb):
    index = gdb / "a00000009.gdbtablx"
    whole = index.read_bytes()
    index.write_bytes(whole[:-16] + bytes(16))
    assert "holds 9 features, but its reader gives 0" in refused(gdb, "source.features_missing")
