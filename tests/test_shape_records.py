"""Shapefiles whose files tell of each other what is not so."""

import shutil
import struct
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
import town

from gis_planning.errors import SourceError
from gis_planning.formats.convert import convert
from gis_planning.formats.database import find_tables
from gis_planning.formats.read import sources, vector

E, N = 38_500_000, 4_600_000


def strip(path, widths, start=0):
    """Write a row of rectangles as a shapefile; each is named by its number."""
    places = np.cumsum([0, *widths[:-1]])
    shapes = [
        shapely.segmentize(shapely.box(E + x, N, E + x + wide, N + 50), wide)
        for x, wide in zip(places, widths, strict=True)
    ]
    frame = gpd.GeoDataFrame({"DKMC": [f"地块{start + at}" for at in range(len(widths))]}, geometry=shapes, crs=4526)
    pyogrio.write_dataframe(frame, path, encoding="UTF-8")
    return path


def words(raw):
    return struct.pack(">i", len(raw) // 2)


def reindexed(shp, places):
    """Write a .shx of these places and lengths."""
    shx = shp.with_suffix(".shx")
    raw = shx.read_bytes()[:100] + b"".join(struct.pack(">2i", at // 2, size // 2) for at, size in places)
    shx.write_bytes(raw[:24] + words(raw) + raw[28:])


def places_of(shp):
    raw = shp.with_suffix(".shx").read_bytes()[100:]
    return [(2 * at, 2 * size) for at, size in struct.iter_unpack(">2i", raw)]


def refused(shp, word):
    with pytest.raises(SourceError, match=word) as said:
        vector.read(shp)
    assert shp.name in str(said.value)


@pytest.fixture
def seven(tmp_path):
    return strip(tmp_path / "dk.shp", [30, 70, 20, 90, 40, 60, 10])


@pytest.mark.parametrize("kept", [0, 1, 6])
def test_an_index_of_fewer_shapes(seven, kept):
    reindexed(seven, places_of(seven)[:kept])
    refused(seven, "dk.shx lists")


def test_index_and_table_of_an_earlier_export_beside_new_shapes(seven, tmp_path):
    old = strip(tmp_path / "old.shp", [30, 70, 20])
    for suffix in (".shx", ".dbf"):
        shutil.copy(old.with_suffix(suffix), seven.with_suffix(suffix))
    refused(seven, "dk.shx lists 3")


def test_an_index_of_as_many_other_shapes(seven):
    places = places_of(seven)
    reindexed(seven, [(at + 8, size) for at, size in places])
    refused(seven, "dk.shx")
    reindexed(seven, [places[0]] * 7)
    refused(seven, "shape 2")
    reindexed(seven, [*places[:-1], (places[-1][0], places[-1][1] + 8)])
    refused(seven, "shape 7")


@pytest.mark.parametrize("rows", [6, 8])
def test_a_table_of_other_length(seven, tmp_path, rows):
    other = strip(tmp_path / "other.shp", [5] * rows, start=100)
    shutil.copy(other.with_suffix(".dbf"), seven.with_suffix(".dbf"))
    refused(seven, f"7 shapes.*{rows} rows")


@pytest.mark.parametrize(("suffix", "lost"), [(".shp", 1), (".shp", 200), (".shx", 8), (".dbf", 2), (".dbf", 90)])
def test_a_cut_file(seven, suffix, lost):
    file = seven.with_suffix(suffix)
    file.write_bytes(file.read_bytes()[:-lost])
    refused(seven, f"dk{suffix} is cut")


def test_shapes_that_state_more_points_than_there_are(seven):
    raw = bytearray(seven.read_bytes())
    at = places_of(seven)[3][0] + 8 + 40
    raw[at : at + 4] = struct.pack("<i", 4000)
    seven.write_bytes(raw)
    refused(seven, "shape 4")


def test_all_ways_in_refuse_it(seven, tmp_path):
    reindexed(seven, places_of(seven)[:2])
    with pytest.raises(SourceError, match=r"dk\.shp"):
        convert(seven, tmp_path / "out.gpkg")
    assert not (tmp_path / "out.gpkg").exists()
    with pytest.raises(SourceError, match=r"dk\.shp"):
        find_tables(tmp_path)
    packed = shutil.make_archive(str(tmp_path.parent / "z"), "zip", tmp_path)
    with pytest.raises(SourceError, match=r"z\.zip.*dk\.shp"):
        sources.read_source(Path(packed))


@pytest.mark.parametrize("end", [b"", b"\x1a", b"\x1a\x1a"])
def test_the_mark_of_the_end_may_be_there_or_not(seven, end):
    dbf = seven.with_suffix(".dbf")
    dbf.write_bytes(dbf.read_bytes().rstrip(b"\x1a") + end)
    assert vector.read(seven).frame["DKMC"].tolist() == [f"地块{at}" for at in range(7)]


def test_bytes_after_the_stated_length_are_nothing(seven):
    before = vector.read(seven).frame
    for suffix in (".shp", ".shx", ".dbf"):
        with seven.with_suffix(suffix).open("ab") as file:
            file.write(b"\x00\x00\x00\x08" * 9)
    assert vector.read(seven).frame.equals(before)


def test_rows_marked_as_deleted_are_left_out_and_told(seven):
    dbf = seven.with_suffix(".dbf")
    raw = bytearray(dbf.read_bytes())
    first, size = (int.from_bytes(raw[at : at + 2], "little") for at in (8, 10))
    raw[first + 2 * size] = ord("*")
    dbf.write_bytes(raw)
    read = vector.read(seven)
    assert read.frame.index.tolist() == [0, 1, 3, 4, 5, 6]
    assert read.frame.geometry.area.tolist() == [1500, 3500, 4500, 2000, 3000, 500]
    assert [(one.key, one.facts["count"], one.facts["rows"]) for one in read.warnings] == [
        ("source.deleted_rows", 1, ["3"])
    ]


def test_a_shape_that_was_moved_to_the_end_when_it_was_edited(seven):
    """The place it left keeps a record of its number, as GDAL leaves it."""
    raw, places = seven.read_bytes(), places_of(seven)
    at, size = places[1]
    raw += raw[at : at + 8 + size]
    seven.write_bytes(raw[:24] + words(raw) + raw[28:])
    reindexed(seven, [places[0], (len(raw) - 8 - size, size), *places[2:]])
    assert vector.read(seven).frame.geometry.area.tolist() == [1500, 3500, 1000, 4500, 2000, 3000, 500]


def test_no_shapes_at_all_and_shapes_that_are_none(tmp_path):
    frame = gpd.GeoDataFrame({"a": [1, 2]}, geometry=[None, shapely.box(E, N, E + 1, N + 1)], crs=4526)
    pyogrio.write_dataframe(frame, tmp_path / "n.shp")
    assert shapely.is_missing(vector.read(tmp_path / "n.shp").frame.geometry.to_numpy()).tolist() == [True, False]
    pyogrio.write_dataframe(frame.iloc[:0], tmp_path / "e.shp", geometry_type="Polygon")
    assert len(vector.read(tmp_path / "e.shp").frame) == 0


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.985])
def test_a_dbf_filled_up_with_zeros_is_refused_and_one_whose_texts_end_in_zeros_is_not(tmp_path, share):
    file = tmp_path / "z.shp"
    town.frame(*(town.box(30 * at, 0, 30 * at + 20, 20) for at in range(20)), name=["甲"] * 20).to_file(file)
    dbf = file.with_suffix(".dbf")
    whole = dbf.read_bytes()
    dbf.write_bytes(whole.replace(b" " * 9, b"\0" * 9))
    assert len(vector.read(file).frame) == 20
    dbf.write_bytes(whole[: int(len(whole) * share)].ljust(len(whole), b"\0"))
    with pytest.raises(SourceError) as caught:
        vector.read(file)
    assert caught.value.text.key == "source.rows_zeroed"
    assert "z.dbf" in str(caught.value)


@pytest.mark.parametrize("lost", [2, 7, 8, 9, 16, 40, 85])
@pytest.mark.parametrize("z", [False, True])
def test_shapes_of_which_the_end_became_zeros(tmp_path, lost, z):
    shp = strip(tmp_path / "dk.shp", [30, 70, 20])
    if z:
        frame = gpd.read_file(shp)
        pyogrio.write_dataframe(frame.set_geometry(shapely.force_3d(frame.geometry.values, 9.5)), shp)
        start, _ = places_of(shp)[-1]
        parts, points = struct.unpack("<2i", shp.read_bytes()[start + 44 : start + 52])
        lost += shp.stat().st_size - (start + 8 + 44 + 4 * parts + 16 * points)
    raw = shp.read_bytes()
    shp.write_bytes(raw[:-lost] + bytes(lost))
    refused(shp, "shape 3")
    assert len(vector.read(strip(tmp_path / "whole.shp", [30, 70, 20])).frame) == 3


def test_shapes_that_touch_the_axes_are_sound(tmp_path):
    frame = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 10, 10), shapely.box(-10, -10, 0, 0)], crs=4326)
    pyogrio.write_dataframe(frame, tmp_path / "dk.shp")
    assert len(vector.read(tmp_path / "dk.shp").frame) == 2
