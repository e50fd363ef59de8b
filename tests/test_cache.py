"""What is kept between runs: values whole, a folder bounded and safe to damage, and nothing measured twice."""

import contextlib
import dataclasses
import os
import sqlite3
import subprocess
import sys

import circle_town
import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
import town
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from gis_planning import streets
from gis_planning.cache import packing, shelf
from gis_planning.county.opened import open_county
from gis_planning.judging.measuring import Measuring
from gis_planning.judging.rulebook import load
from gis_planning.texts import text

CLAUSES = {one.code: one for one in load()}
GREEN = [one for one in CLAUSES.values() if one.document.id in {"green-checkup2022plus", "green-gardencity2022"}]


def there_and_back(value):
    return packing.unpacked(*packing.packed(value))


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GIS_PLANNING_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "kept"


# --- values


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
)


@given(VALUES)
def test_plain_values_come_back_as_they_were(value):
    found = there_and_back(value)
    assert found == value
    assert packing.fingerprint(found) == packing.fingerprint(value)


def test_tables_come_back_with_their_types_places_and_notes():
    shapes = [shapely.Point(1, 2), None, shapely.Polygon(), shapely.box(0, 0, 1, 1)]
    frame = gpd.GeoDataFrame(
        {"name": ["甲", None, "乙", "丙"], "count": [1, 2, 3, 4], "share": [0.1, np.nan, np.inf, -0.0]},
        geometry=shapes, crs="EPSG:4526", index=[7, 5, 9, 3],
    )  # fmt: skip
    frame["touches"] = pd.Series([["a"], None, ("b", 1), []], index=frame.index, dtype=object)
    frame["day"] = pd.to_datetime(["2020-01-01", None, "2021-02-03", "2022-01-01"])
    frame["known"] = pd.array([True, None, False, True], dtype="boolean")
    frame.attrs = {"none": ("canteen",)}
    found = there_and_back(frame)
    assert isinstance(found, gpd.GeoDataFrame)
    assert (found.crs, found.attrs, found.index.tolist()) == (frame.crs, frame.attrs, [7, 5, 9, 3])
    assert found.dtypes.tolist() == frame.dtypes.tolist()
    pd.testing.assert_frame_equal(pd.DataFrame(found.drop(columns="geometry")), frame.drop(columns="geometry"))
    assert [None if one is None else one.wkt for one in found.geometry] == [
        None if one is None else one.wkt for one in shapes
    ]


def test_a_network_comes_back_whole():
    network = streets.build(town.frame(shapely.LineString([(0, 0), (100, 0), (100, 50)])))
    found = there_and_back(network)
    for one in dataclasses.fields(network):
        was, now = getattr(network, one.name), getattr(found, one.name)
        assert np.array_equal(was, now) if isinstance(was, np.ndarray) else was == now, one.name


def test_what_stands_twice_is_one_thing_again():
    shared = np.arange(3)
    first, second = there_and_back([shared, {"again": shared}])
    assert first is second["again"]
    assert len(packing.packed([shared, shared])[1]) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (np.array([1, 2]), np.array([1.0, 2.0])),
        (np.zeros((2, 3)), np.zeros((3, 2))),
        ([1, 2], (1, 2)),
        ({"a": 1}, {"a": True}),
        (town.frame(shapely.Point(0, 0)), town.frame(shapely.Point(0, 1e-9))),
        (town.frame(shapely.Point(0, 0)), town.frame(shapely.Point(0, 0)).set_crs("EPSG:4527", allow_override=True)),
        (text("outcome.fail"), text("outcome.pass")),
    ],
)  # fmt: skip
def test_what_differs_has_another_fingerprint(one, other):
    assert packing.fingerprint(one) != packing.fingerprint(other)


def test_other_things_are_packed_too():
    crs, matrix = pyproj.CRS(4526), csr_array(np.array([[0, 1.5], [2, 0]]))
    assert there_and_back(crs) == crs
    assert (there_and_back(matrix) != matrix).nnz == 0
    assert there_and_back(float("nan")) != there_and_back(float("nan"))
    assert there_and_back({"b", "a"}) == {"a", "b"}


def test_what_runs_is_not_packed():
    with pytest.raises(packing.UnpackableError):
        packing.packed({"key": len})


@pytest.mark.parametrize("named", ["os", "subprocess", "gis_planning.cli", "gis_planning.__main__"])
def test_a_file_cannot_name_what_is_no_dataclass_of_ours(named):
    kind = "Popen" if named == "subprocess" else "main"
    tree = f'{{"nr":0,"form":"instance","of":["{named}","{kind}",{{}}]}}'
    with pytest.raises((packing.UnpackableError, AttributeError)):
        packing.unpacked(tree.encode(), [])


# --- the folder


def test_a_value_is_found_again_and_by_no_other_key(cache):
    key = shelf.key_of({"function": "x"})
    shelf.save(key, {"found": np.arange(4)})
    assert shelf.load(key)["found"].tolist() == [0, 1, 2, 3]
    assert shelf.load(shelf.key_of({"function": "y"}), "nothing") == "nothing"
    assert [one.name for one in cache.iterdir()] == [f"{key}.npz"]


def test_damage_anywhere_is_noticed(cache):
    key = shelf.key_of({"function": "x"})
    shelf.save(key, {"found": np.arange(40), "name": "甲" * 40})
    (file,) = cache.iterdir()
    whole = file.read_bytes()
    wanted = shelf.load(key)
    for at in range(0, len(whole), 7):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        found = shelf.load(key)
        # A byte of a date in the archive's table may be any; whatever is read is what was written.
        assert found is None or (found["name"] == wanted["name"] and np.array_equal(found["found"], wanted["found"]))
    for size in (0, 1, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:size])
        assert shelf.load(key) is None


def test_the_folder_stays_small_and_keeps_what_was_used_last(cache, monkeypatch):
    keys = [shelf.key_of({"nr": nr}) for nr in range(4)]
    for at, key in enumerate(keys):
        shelf.save(key, np.zeros(1000))
        os.utime(cache / f"{key}.npz", (at + 1, at + 1))
    shelf.load(keys[0])
    monkeypatch.setattr(shelf, "MOST_BYTES", 27_000)
    shelf.save(shelf.key_of({"nr": 4}), np.zeros(1000))
    assert [shelf.load(key) is not None for key in keys] == [True, False, False, True]


def test_what_is_too_large_or_cannot_be_written_is_not_kept(cache, monkeypatch):
    monkeypatch.setattr(shelf, "LARGEST_BYTES", 1000)
    shelf.save("large", np.zeros(1000))
    assert not cache.exists()
    cache.parent.mkdir()
    cache.write_text("a file where the folder should be")
    shelf.save("small", np.zeros(10))
    assert shelf.load("small") is None


def test_a_full_disk_leaves_nothing_half_written(cache, monkeypatch):
    def full(file, **_):
        file.write(b"begun")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    shelf.save("small", np.zeros(10))
    assert list(cache.iterdir()) == []


def test_fingerprints_are_the_same_in_another_program():
    code = (
        "import geopandas as gpd, shapely; from gis_planning.cache.packing import fingerprint;"
        "print(fingerprint(gpd.GeoDataFrame({'a': ['x', None]}, geometry=[shapely.Point(0, 0), None], crs=4526)))"
    )
    command = [sys.executable, "-c", code]
    seeds = (os.environ | {"PYTHONHASHSEED": seed} for seed in "12")
    found = [subprocess.run(command, capture_output=True, text=True, check=True, env=one).stdout for one in seeds]
    assert found[0] == found[1]


# --- runs


def measured(folder, clauses=GREEN):
    measuring = Measuring(open_county(folder))
    found = {one.code: measuring.of(one) for one in clauses}
    return measuring.memory, found


def test_a_second_check_measures_nothing_anew(cache, tmp_path):
    folder = town.write(tmp_path / "town")
    first, before = measured(folder)
    again, after = measured(folder)
    assert {"qualifying_parks", "radius_parks", "residential_land", "radius_coverage"} <= set(first.made)
    assert again.made == []
    for code, one in before.items():
        assert packing.fingerprint(one) == packing.fingerprint(after[code])


def test_a_network_that_clauses_hand_on_is_one_table_and_is_kept_once(cache, tmp_path):
    layers = circle_town.layers()
    folder = town.write(tmp_path / "town", layers, facilities="complete = true")
    clauses = [one for one in CLAUSES.values() if one.document.id == "circle-mofcom" and "needs" in one.settings]
    assert len(clauses) > 1
    _, before = measured(folder, clauses)
    memory, after = measured(folder, clauses)
    assert memory.made == []
    for found in (before, after):
        for name in ("network", "approaches"):
            assert len({id(one.layers[name]) for one in found.values()}) == 1
    for code, one in before.items():
        assert one.value == after[code].value
        assert one.layers.keys() == after[code].layers.keys()
        assert all(one.layers[name].equals(after[code].layers[name]) for name in one.layers)


def test_what_refers_to_something_that_is_kept_no_more_is_made_anew(cache):
    table = pd.DataFrame({"a": [1, 2]})
    assert shelf.save("whole", {"table": table, "more": [table]}, {id(table): "table"})
    assert shelf.load("whole", "nothing", {}.__getitem__) == "nothing"
    assert shelf.load("whole", "nothing") == "nothing"
    found = shelf.load("whole", "nothing", {"table": table}.__getitem__)
    assert found["table"] is found["more"][0] is table


def test_with_one_park_changed_only_what_depends_on_parks_is_measured(cache, tmp_path):
    layers = town.layers()
    measured(town.write(tmp_path / "town", layers))
    parks = layers["parks"].copy()
    parks.loc[parks.index[0], "geometry"] = parks.geometry.iloc[0].buffer(5)
    changed, _ = measured(town.write(tmp_path / "town", layers | {"parks": parks}))
    assert {"qualifying_parks", "radius_parks", "radius_coverage"} <= set(changed.made)
    assert not {"residential_land", "residents", "standing"} & set(changed.made)
    assert {"residential_land"} <= set(changed.found)


def test_what_a_county_lacks_is_kept_with_its_reason(cache, tmp_path):
    layers = town.layers()
    folder = town.write(tmp_path / "town", layers | {"parks": layers["parks"].assign(**{"class": "0810"})})
    tiered = [one for one in CLAUSES.values() if one.measure == "green.tiered_coverage"]
    first, before = measured(folder, tiered)
    again, after = measured(folder, tiered)
    assert before == after
    assert "tiered_coverage" not in again.made
    assert first.made


def test_a_setting_of_the_county_is_part_of_the_key(cache, tmp_path):
    folder = town.write(tmp_path / "town")
    measuring = Measuring(open_county(folder))
    narrow = measuring.of(CLAUSES["GC22-1"])
    wide = dataclasses.replace(CLAUSES["GC22-1"], settings=CLAUSES["GC22-1"].settings | {"large_radius_m": 900.0})
    assert measuring.of(wide).value > narrow.value


def test_a_table_that_declares_its_fields_otherwise_is_checked_anew(cache, tmp_path):
    """What a file says of its fields is not in its rows: a width that was changed is seen all the same."""
    file = tmp_path / "county.gpkg"
    town.frame(town.box(0, 0, 100, 100), BSM=["1" * 18]).to_file(file, layer="DLTB")
    (tmp_path / "county.toml").write_text(
        '[county]\nname = "县"\ncode = "150999"\ncrs = "EPSG:4526"\n[layers.land_use]\nsource = "county.gpkg"\n',
        encoding="utf-8",
    )
    found = []
    for was, now in (("TEXT", "TEXT(18)"), ("TEXT(18)", "TEXT(25)")):
        with contextlib.closing(sqlite3.connect(file)) as database, database:
            database.execute("PRAGMA writable_schema = 1")
            sql = "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE name = 'DLTB'"
            database.execute(sql, (f'"BSM" {was}', f'"BSM" {now}'))
        faults = Measuring(open_county(tmp_path)).of(CLAUSES["QS-DLTB-3101"]).offenders
        found.append(faults.loc[faults["field"] == "BSM", "value"].tolist())
    assert found == [[], ["25"]]


def test_a_run_may_do_without_the_cache(cache, tmp_path):
    measuring = Measuring(open_county(town.write(tmp_path / "town")), keeps=False)
    measuring.of(CLAUSES["GC22-1"])
    assert not cache.exists()
