"""Lists that programs keep and read again: what runs wrote, databases, passwords and services; and what would grow."""

import json
import sqlite3
import tracemalloc
import zipfile

import pytest
from fuzzing import answers, damaged, examples
from hypothesis import given

from gis_planning.county import place
from gis_planning.formats.condition import checked
from gis_planning.formats.read import parcel_txt, postgis_access, sources, tables, toml_text, vector
from gis_planning.outputs import marks
from gis_planning.outputs.book import content_of

LIST = {"program": "gis-planning", "files": {"a.html": {"size": 3, "sha256": "ab" * 32, "content": None}}}
PASSWORDS = "db.example:5432:county:gis:geheim\n*:*:*:*:x\n# a word\n[::1]:5432:a\\:b:c:d\n"
SERVICES = "[county]\nhost=10.1.2.3\nport=5432\ndbname=county\n\n[other]\nhost=db.example\n"


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    return tmp_path_factory.mktemp("lists")


@examples(80)
@given(raw=damaged(json.dumps(LIST).encode()))
def test_what_runs_wrote(room, raw):
    (room / marks.MANIFEST).write_bytes(raw)
    (room / "a.html").write_bytes(b"abc")
    known = marks.manifest_of(room)
    assert known is None or all(isinstance(one, marks.Mark) for one in known.values())
    # A damaged list makes strangers of files, never files of ours of strangers.
    assert not marks.unchanged(room / "a.html", (known or {}).values())


@pytest.fixture(scope="module")
def book(room):
    with sqlite3.connect(room / "sound.gpkg") as opened:
        opened.execute("CREATE TABLE gpkg_contents (table_name, data_type, identifier, description, srs_id)")
        opened.execute("CREATE TABLE parks (fid INTEGER PRIMARY KEY, name TEXT)")
        opened.executemany("INSERT INTO parks (name) VALUES (?)", [(f"p{at}",) for at in range(40)])
    return (room / "sound.gpkg").read_bytes()


@pytest.mark.parametrize("cut", range(0, 12_288, 1_777))
def test_a_database_that_was_cut_is_not_taken_for_the_whole_one(room, book, cut):
    (room / "cut.gpkg").write_bytes(book[:cut])
    whole = content_of(room / "sound.gpkg")
    assert whole is not None
    assert content_of(room / "cut.gpkg") != whole
    assert not marks.unchanged(room / "cut.gpkg", [marks.mark_of(room / "sound.gpkg")])


def planned(file, raw, variable, stated):
    file.write_bytes(raw)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(variable, str(file))
        answers(postgis_access.plan, stated)


@examples(60)
@given(raw=damaged(PASSWORDS.encode()))
def test_password_files(room, raw):
    planned(room / "pgpass", raw, "PGPASSFILE", {"host": "db.example", "user": "gis", "dbname": "county"})


@examples(60)
@given(raw=damaged(SERVICES.encode()))
def test_service_files(room, raw):
    planned(room / "services", raw, "PGSERVICEFILE", {"service": "county"})


def growing(room):
    """Files of a few kilobytes that a careless reader makes many megabytes of, each with its reader."""
    entities = "".join(f'<!ENTITY e{at} "{"&e" + str(at - 1) + ";" if at else "x"}{"y" * 9}">' for at in range(60))
    bomb = room / "bomb.kml"
    bomb.write_text(f'<?xml version="1.0"?><!DOCTYPE kml [{entities}]><kml>&e59;</kml>', encoding="utf-8")
    with zipfile.ZipFile(room / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 300_000_000)
    deep = room / "deep.geojson"
    deep.write_text('{"type":"FeatureCollection","features":' + "[" * 40_000 + "]" * 40_000 + "}", encoding="utf-8")
    nested = room / "nested.toml"
    nested.write_text("a = " + "[" * 40_000, encoding="utf-8")
    rings = room / "rings.txt"
    rings.write_text("[地块坐标]\n" + "4,1,1,a,面,,,,@\n" * 3_000, encoding="gbk")
    yield lambda: sources.read_source(bomb)
    yield lambda: tables.read_rows(room / "bomb.xlsx")
    yield lambda: vector.read(deep)
    yield lambda: toml_text.read(nested)
    yield lambda: parcel_txt.read_parcel_txt(rings)
    yield lambda: checked("(" * 9_000 + "1=1", room / "x.gpkg")


def test_nothing_small_grows(room):
    for call in growing(room):
        tracemalloc.start()
        answers(call)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert most < 200_000_000


def test_boxes_without_number_or_end():
    import numpy as np

    boxes = np.array([[np.nan] * 4, [np.inf] * 4, [-np.inf, 0, np.inf, 1], [0, 0, 1, 1], [1e150, 0, 1e150, 1]])
    far = place.far_from(boxes, 10.0)
    assert far.tolist() == [False, False, False, False, True]
    assert place.joint(boxes[:2]) is None
