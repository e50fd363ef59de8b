"""What a run writes replaces what runs wrote, and nothing else; killed or out of room, it leaves all as it was."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import docx
import geopandas as gpd
import pytest
import shapely
import town

from gis_planning import cli
from gis_planning.errors import OutputError
from gis_planning.formats.convert import convert
from gis_planning.outputs import Wish, kept_told_to, locks, marks, refuse_among, refuse_folder, refuse_inputs, replacing
from gis_planning.outputs.marks import MANIFEST

GOOD = 'rules = ["green-checkup2022plus"]'


def run(*words):
    with pytest.raises(SystemExit) as left:
        cli.main([str(word) for word in words])
    return left.value.code


def written(folder, files, **options):
    """Write files as a run does; return what it says it kept."""
    told = []
    with kept_told_to(lambda note: told.append(note.to("en"))), replacing(folder, **options) as stage:
        for name, content in files.items():
            if callable(content):
                content(stage / name)
            else:
                (stage / name).write_bytes(content)
    return told


def names(folder):
    return sorted(one.name for one in folder.iterdir())


def areas(count, size=10.0):
    shapes = [
        shapely.box(38_432_300 + 20 * at, 4_588_600, 38_432_300 + 20 * at + size, 4_588_610) for at in range(count)
    ]
    return gpd.GeoDataFrame({"name": [f"a{at}" for at in range(count)]}, geometry=shapes, crs=4526)


def book(count, size=10.0):
    return lambda file: areas(count, size).to_file(file, layer="areas", driver="GPKG")


# -- ours and not ours


def test_what_a_run_wrote_is_replaced_and_what_it_did_not_write_stays(tmp_path):
    (tmp_path / "notes.txt").write_bytes(b"mine")
    assert written(tmp_path, {"a.txt": b"1", "b.txt": b"1"}) == []
    assert written(tmp_path, {"a.txt": b"2"}) == []
    # A run that wrote less does not disown what the run before it wrote.
    assert written(tmp_path, {"b.txt": b"3"}) == []
    assert names(tmp_path) == [MANIFEST, "a.txt", "b.txt", "notes.txt"]
    assert [(tmp_path / name).read_bytes() for name in names(tmp_path)[1:]] == [b"2", b"3", b"mine"]
    told = json.loads((tmp_path / MANIFEST).read_text(encoding="utf-8"))["files"]
    assert told["b.txt"]["size"] == 1
    assert told["b.txt"]["sha256"] == "4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce"


def test_what_a_person_wrote_or_changed_is_kept_and_told(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"mine")
    told = written(tmp_path, {"a.txt": b"1", "b.txt": b"1"})
    assert len(told) == 1
    assert str(tmp_path / "a.kept-1.txt") in told[0]
    (tmp_path / "a.txt").write_bytes(b"edited")
    assert len(written(tmp_path, {"a.txt": b"2", "b.txt": b"2"})) == 1
    found = {name: (tmp_path / name).read_bytes() for name in names(tmp_path) if name != MANIFEST}
    assert found == {"a.txt": b"2", "b.txt": b"2", "a.kept-1.txt": b"mine", "a.kept-2.txt": b"edited"}
    assert written(tmp_path, {"a.txt": b"3", "b.txt": b"3"}) == []


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"program": "gis-planning", "files": {"a.txt": 7}}', None])
def test_without_a_whole_manifest_everything_is_a_strangers(tmp_path, damage):
    written(tmp_path, {"a.txt": b"1"})
    (tmp_path / MANIFEST).unlink()
    if damage is not None:
        (tmp_path / MANIFEST).write_bytes(damage)
    told = written(tmp_path, {"a.txt": b"2"})
    assert (tmp_path / "a.kept-1.txt").read_bytes() == b"1"
    assert len(told) == (1 if damage is None else 2)  # what is no manifest of ours is a file like any other
    assert written(tmp_path, {"a.txt": b"3"}) == []


def test_single_files_are_remembered_and_no_file_of_ours_lies_beside_them(tmp_path, monkeypatch):
    monkeypatch.setenv("GIS_PLANNING_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(marks, "MOST", 3)
    docs = tmp_path / "docs"
    file = docs / "a.txt"
    for at in range(3):
        assert written(docs, {"a.txt": b"%d" % at}, single=file) == []
    assert names(docs) == ["a.txt"]
    for at in range(3):
        written(docs, {f"b{at}.txt": b"1"}, single=docs / f"b{at}.txt")
    assert len(written(docs, {"a.txt": b"4"}, single=file)) == 1  # forgotten
    (tmp_path / "cache" / "written.json").write_bytes(b"\xff{")
    assert len(written(docs, {"a.txt": b"5"}, single=file)) == 1
    assert (docs / "a.kept-2.txt").read_bytes() == b"4"


def test_an_edited_report_is_kept_and_the_terminal_says_where(tmp_path, capsys):
    folder, out = town.write(tmp_path / "mytown", county=GOOD), tmp_path / "out"
    run("check", folder, "--out", out)
    report = docx.Document(out / "report.docx")
    report.add_paragraph("已与住建局商定。")
    report.save(out / "report.docx")
    edited = (out / "report.docx").read_bytes()
    (out / "scorecard.json").write_text("{}", encoding="utf-8")
    capsys.readouterr()
    run("check", folder, "--out", out, "--lang", "en")
    assert (out / "report.kept-1.docx").read_bytes() == edited
    assert (out / "scorecard.kept-1.json").read_text(encoding="utf-8") == "{}"
    assert [name for name in names(out) if ".kept-" in name] == ["report.kept-1.docx", "scorecard.kept-1.json"]
    said = capsys.readouterr().err
    assert f"kept as {out / 'report.kept-1.docx'}" in said


# -- GeoPackages


def test_a_geopackage_is_changed_when_its_tables_are(tmp_path):
    file = tmp_path / "r.gpkg"
    written(tmp_path, {"r.gpkg": book(3)})
    before = file.read_bytes()
    with sqlite3.connect(file) as viewer:
        viewer.execute("PRAGMA journal_mode=WAL")
        viewer.execute("PRAGMA journal_mode=DELETE")
        viewer.execute("UPDATE gpkg_contents SET last_change = '2030-01-01T00:00:00.000Z'")
    viewer.close()
    assert file.read_bytes() != before
    assert written(tmp_path, {"r.gpkg": book(3)}) == []
    with sqlite3.connect(file) as editor:
        editor.execute("CREATE TABLE notes (words)")
    editor.close()
    assert len(written(tmp_path, {"r.gpkg": book(3)})) == 1
    file.write_bytes(file.read_bytes()[:2000])
    assert len(written(tmp_path, {"r.gpkg": book(3)})) == 1


def left_open(file, statement):
    """Do something in a program that ends without closing, and leaves its log."""
    code = f"""
import os, sqlite3
book = sqlite3.connect({str(file)!r})
book.execute("PRAGMA journal_mode=WAL")
book.execute({statement!r})
book.commit()
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", code], check=True)
    assert file.with_name(file.name + "-wal").stat().st_size


@pytest.mark.parametrize(("asked", "ours"), [(False, False), (False, True), (True, False)])
def test_a_log_goes_with_its_geopackage(tmp_path, asked, ours):
    file = tmp_path / "o.gpkg"
    if ours:
        written(tmp_path, {"o.gpkg": book(1)}, single=file)
    else:
        book(1)(file)
    left_open(file, "UPDATE gpkg_contents SET last_change = '2030'" if ours else "CREATE TABLE notes (words)")
    told = written(tmp_path, {"o.gpkg": book(5)}, wish=Wish(asked={"o.gpkg"} if asked else ()), single=file)
    with sqlite3.connect(file) as new:
        assert new.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert new.execute("SELECT count(*) FROM areas").fetchone() == (5,)
    new.close()
    assert len(told) == (not asked and not ours)
    if told:
        # Nothing of the old one is lost: what stood in its log only is there.
        with sqlite3.connect(tmp_path / "o.kept-1.gpkg") as old:
            assert old.execute("SELECT count(*) FROM notes").fetchone() == (0,)
        old.close()
    else:
        assert names(tmp_path) == ["o.gpkg"]


def test_a_log_without_its_geopackage_is_not_applied_to_a_new_one(tmp_path):
    file = tmp_path / "o.gpkg"
    book(1)(file)
    left_open(file, "CREATE TABLE notes (words)")
    file.unlink()
    assert len(written(tmp_path, {"o.gpkg": book(5)}, single=file)) == 1
    with sqlite3.connect(file) as new:
        assert new.execute("SELECT count(*) FROM areas").fetchone() == (5,)
    new.close()
    assert (tmp_path / "o.kept-1.gpkg-wal").exists()


# -- inputs


def test_an_input_is_refused_by_any_of_its_names(tmp_path):
    areas(2).to_file(tmp_path / "a.shp")
    areas(2).to_file(tmp_path / "b.gdb", driver="OpenFileGDB", layer="b")
    areas(2).to_file(tmp_path / "c.gpkg")
    (tmp_path / "link.docx").symlink_to(tmp_path / "c.gpkg")
    os.link(tmp_path / "c.gpkg", tmp_path / "hard.gpkg")
    (tmp_path / "folder").symlink_to(tmp_path)
    read = [tmp_path / "a.shp", tmp_path / "b.gdb", tmp_path / "c.gpkg", tmp_path / "d.zip" / "e.shp"]
    (tmp_path / "d.zip").write_bytes(b"")
    bad = ["a.shp", "a.dbf", "a.cpg", "b.gdb", "b.gdb/report.docx", "c.gpkg", "link.docx", "hard.gpkg", "d.zip",
           "folder/c.gpkg", "../" + tmp_path.name + "/a.shx", "c.gpkg-wal"]  # fmt: skip
    for name in bad:
        with pytest.raises(OutputError) as caught:
            refuse_inputs([tmp_path / name], read)
        assert caught.value.text.key in {"outputs.is_input", "outputs.is_input_itself"}
    refuse_inputs([tmp_path / name for name in ("a.docx", "c.dbf", "c.html", "report.docx")], read)
    refuse_folder(tmp_path, ("report.docx", "*.html"), read)
    for folder, pattern in ((tmp_path, "link.*"), (tmp_path / "b.gdb", "x"), (tmp_path / "b.gdb" / "out", "x")):
        with pytest.raises(OutputError):
            refuse_folder(folder, (pattern,), read)


def test_every_command_refuses_to_write_over_what_it_reads(tmp_path, monkeypatch):
    folder = town.write(tmp_path / "mytown", county=GOOD)
    source = next(folder.glob("*.gpkg"))
    (folder / "out").mkdir()
    os.link(source, folder / "out" / "results.gpkg")
    os.link(source, folder / "out" / "review.gpkg")
    (folder / "atlas.pdf").symlink_to(source)
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    for words in (
        ("check", folder, "--out", folder / "out"),
        ("review", folder, source, "--out", folder / "out"),
        ("layers", folder, "--out", folder / "county.toml"),
        ("circles", folder, "--of", "communities", "--out", source),
        ("atlas", folder, "--out", folder / "atlas.pdf"),
        ("convert", source, source, "--layer", "parks", "--overwrite"),
        ("convert", source, folder / "atlas.pdf" / "a.gpkg", "--layer", "parks"),
    ):
        assert run(*words) == 2, words
        assert {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == before


def test_results_do_not_go_among_the_data_of_the_county(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    delivery = town.write(tmp_path / "delivery", county=GOOD)
    folder = tmp_path / "mytown"
    folder.mkdir()
    told = (delivery / "county.toml").read_text(encoding="utf-8")
    (folder / "county.toml").write_text(told.replace('"county.gpkg"', '"../delivery/county.gpkg"'), encoding="utf-8")
    for command in (("check", folder), ("review", folder, delivery / "county.gpkg")):
        for out in (folder, delivery):
            before = sorted(tmp_path.rglob("*"))
            assert run(*command, "--out", out, "--lang", "en") == 2
            said = capsys.readouterr().err
            assert f"{out}: this folder holds data of the county" in said
            assert "--out" in said
            assert sorted(tmp_path.rglob("*")) == before
    assert run("check", folder, "--only", "green", "--reports", "none") < 2
    assert (tmp_path / "maps" / "mytown" / "scorecard.json").exists()


def test_a_folder_that_is_read_as_a_whole_has_no_results_below_it(tmp_path):
    (tmp_path / "shp").mkdir()
    for out in (tmp_path / "shp", tmp_path / "shp" / "out"):
        with pytest.raises(OutputError, match="holds data"):
            refuse_among(out, [tmp_path / "shp"])
    (tmp_path / "a.gdb").mkdir()
    refuse_among(tmp_path / "out", [tmp_path / "shp", tmp_path / "a.gdb", tmp_path / "county.toml"])
    with pytest.raises(OutputError, match="holds data"):
        refuse_among(tmp_path, [tmp_path / "a.gdb"])


# -- convert


def test_overwrite_replaces_what_is_named_and_not_its_neighbours(tmp_path):
    areas(2).to_parquet(tmp_path / "in.parquet")
    (tmp_path / "a.dbf").write_bytes(b"a table of mine")
    with pytest.raises(OutputError, match=r"a\.dbf"):
        convert(tmp_path / "in.parquet", tmp_path / "a.shp")
    told = []
    with kept_told_to(told.append):
        convert(tmp_path / "in.parquet", tmp_path / "a.shp", overwrite=True)
    assert (tmp_path / "a.kept-1.dbf").read_bytes() == b"a table of mine"
    (tmp_path / "a.fields.csv").write_bytes(b"mine")
    with kept_told_to(told.append):
        convert(tmp_path / "in.parquet", tmp_path / "a.shp", overwrite=True)
    assert (tmp_path / "a.fields.kept-1.csv").read_bytes() == b"mine"
    assert len(told) == 2
    assert not (tmp_path / "a.fields.csv").exists()


def test_a_folder_that_is_more_than_a_geodatabase_is_not_replaced(tmp_path):
    areas(2).to_parquet(tmp_path / "in.parquet")
    convert(tmp_path / "in.parquet", tmp_path / "a.gdb")
    convert(tmp_path / "in.parquet", tmp_path / "a.gdb", overwrite=True)
    (tmp_path / "a.gdb" / "minutes.docx").write_bytes(b"mine")
    with pytest.raises(OutputError, match=r"minutes\.docx"):
        convert(tmp_path / "in.parquet", tmp_path / "a.gdb", overwrite=True)
    assert (tmp_path / "a.gdb" / "minutes.docx").read_bytes() == b"mine"
    (tmp_path / "b.gpkg").mkdir()
    with pytest.raises(OutputError):
        convert(tmp_path / "in.parquet", tmp_path / "b.gpkg", overwrite=True)


# -- killed, crowded, out of room

KILLED = """
import os, signal, sys
from pathlib import Path
from gis_planning.outputs import kept_told_to, replacing

moment, done = int(sys.argv[2]), 0
def counted(call):
    def step(*words, **options):
        global done
        done += 1
        if done == moment:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*words, **options)
    return step
for name in ("mkdir", "replace", "link", "unlink", "open"):
    setattr(os, name, counted(getattr(os, name)))
with kept_told_to(print), replacing(Path(sys.argv[1])) as stage:
    for name in "abc":
        (stage / f"{name}.txt").write_bytes(b"new " + name.encode())
print(done)
"""


def child(*words):
    return subprocess.run([sys.executable, "-c", *map(str, words)], capture_output=True, text=True, timeout=60)


def test_killed_at_any_moment_old_or_new_is_there_and_the_next_run_sweeps(tmp_path):
    moments = int(child(KILLED, tmp_path / "whole", 0).stdout.split()[-1])
    assert moments >= 10
    ends = []
    for moment in range(1, moments + 1, max(1, moments // 12)):
        out = tmp_path / str(moment)
        written(out, {f"{name}.txt": b"old " + name.encode() for name in "abc"})
        (out / "c.txt").write_bytes(b"mine")
        assert child(KILLED, out, moment).returncode == -signal.SIGKILL
        for name in "abc":
            old = b"mine" if name == "c" else b"old " + name.encode()
            assert (out / f"{name}.txt").read_bytes() in (old, b"new " + name.encode())
        assert b"mine" in [file.read_bytes() for file in out.glob("c*.txt")]
        (out / ".gis-planning-mine").mkdir()
        written(out, {"d.txt": b"later"})
        found = {file.name: file.read_bytes() for file in out.glob("*.txt")}
        ends.append(found["a.txt"])
        # All of the killed run went in, or none of it.
        assert {found[f"{name}.txt"][:3] for name in "ab"} == {found["a.txt"][:3]}
        assert found["c.txt"] == (b"mine" if found["a.txt"] == b"old a" else b"new c")
        assert (found.get("c.kept-1.txt") == b"mine") == (found["a.txt"] == b"new a")
        assert [name for name in names(out) if name.startswith(".")] == [".gis-planning-mine", MANIFEST]
    assert set(ends) == {b"old a", b"new a"}


def test_a_check_that_is_killed_while_it_writes_leaves_the_last_one_whole(tmp_path):
    folder, out = town.write(tmp_path / "mytown", county=GOOD), tmp_path / "out"
    run("check", folder, "--out", out)
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    words = [sys.executable, "-m", "gis_planning", "check", str(folder), "--out", str(out)]
    # With a moment stated no page of the run is shown, which a slow computer would leave behind.
    stated = os.environ | {"SOURCE_DATE_EPOCH": "1700000000"}
    killed = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=stated)
    until = time.monotonic() + 50
    while not list(out.glob(".gis-planning-*/new/*.gpkg")) and time.monotonic() < until and killed.poll() is None:
        time.sleep(0.01)
    killed.kill()
    assert killed.wait() == -signal.SIGKILL
    assert {file.name: file.read_bytes() for file in out.iterdir() if file.is_file()} == before
    assert len(names(out)) == len(before) + 1
    run("check", folder, "--out", out)
    assert names(out) == sorted(before)


CROWD = """
import sys, time
from pathlib import Path
from gis_planning.outputs import kept_told_to, replacing
for _ in range(15):
    with kept_told_to(print), replacing(Path(sys.argv[1])) as stage:
        for name in "abcd":
            (stage / f"{name}.txt").write_bytes(sys.argv[2].encode() * 9)
            time.sleep(0.002)
"""


def test_two_runs_at_once_are_both_whole(tmp_path):
    runs = [subprocess.Popen([sys.executable, "-c", CROWD, str(tmp_path / "out"), who], stdout=-1) for who in "xyz"]
    assert [(one.communicate()[0], one.returncode) for one in runs] == [(b"", 0)] * 3
    assert len({file.read_bytes() for file in (tmp_path / "out").glob("*.txt")}) == 1
    assert names(tmp_path / "out") == [MANIFEST, "a.txt", "b.txt", "c.txt", "d.txt"]


def test_a_run_that_waits_too_long_is_refused_and_a_dead_lock_stops_nobody(tmp_path, monkeypatch):
    (tmp_path / locks.LOCK).write_bytes(b"4711")
    assert written(tmp_path, {"a.txt": b"1"}) == []
    monkeypatch.setattr(locks, "PATIENCE_S", 0.2)
    with locks.alone_in(tmp_path), pytest.raises(OutputError) as caught:
        written(tmp_path, {"a.txt": b"2"})
    assert caught.value.text.key == "outputs.busy"
    assert names(tmp_path) == [MANIFEST, "a.txt"]
    assert (tmp_path / "a.txt").read_bytes() == b"1"


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of a file's size there")
def test_on_a_full_disk_the_file_is_named_and_nothing_is_left(tmp_path):
    areas(3000).to_parquet(tmp_path / "in.parquet")
    (tmp_path / "a.gpkg").write_bytes(b"mine")
    code = """
import resource, sys
from pathlib import Path
from gis_planning.errors import OutputError
from gis_planning.formats.convert import convert
from gis_planning.outputs import replacing
from gis_planning.results.geopackage import write_tables
import geopandas as gpd
folder = Path(sys.argv[1])
frame = gpd.read_parquet(folder / "in.parquet")
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, resource.RLIM_INFINITY))
def tables(name):
    with replacing(folder / "out") as stage:
        write_tables(stage / "results.gpkg", {"areas": frame})
def told(call, name):
    try:
        call(name)
    except OutputError as fault:
        print(fault.text.key, Path(str(fault.text.facts["file"])).name)
for name in ("a.gpkg", "b.shp", "b.gdb", "b.geojson", "b.fgb", "b.kml", "b.parquet", "b.dxf"):
    told(lambda name: convert(folder / "in.parquet", folder / name, overwrite=True), name)
told(tables, "results.gpkg")
"""
    ended = child(code, tmp_path)
    assert ended.returncode == 0, ended.stderr
    lines = [line.split() for line in ended.stdout.splitlines()]
    assert {key for key, _ in lines} == {"outputs.disk_full"}
    assert [Path(name).stem for _, name in lines] == ["a", *["b"] * 7, "results"]
    assert names(tmp_path) == ["a.gpkg", "in.parquet"]
    assert (tmp_path / "a.gpkg").read_bytes() == b"mine"


def test_a_folder_that_cannot_be_written_is_said_to_be_so(tmp_path, monkeypatch):
    open_ = os.open

    def closed(place, *words, **options):
        if str(place).startswith(str(tmp_path)):
            raise PermissionError(13, "Permission denied", str(place))
        return open_(place, *words, **options)

    monkeypatch.setattr(os, "open", closed)
    with pytest.raises(OutputError) as caught:
        written(tmp_path / "out", {"a.txt": b"1"})
    assert caught.value.text.key == "results.cannot_write"
    assert names(tmp_path) == []


def test_a_file_that_cannot_be_read_is_not_called_unwritable(tmp_path, monkeypatch, capsys):
    folder = town.write(tmp_path / "mytown", county=GOOD)
    opened = Path.open

    def closed(self, *how, **more):
        if self == folder / "county.toml":
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, *how, **more)

    monkeypatch.setattr(Path, "open", closed)
    assert run("layers", folder, "--lang", "en") == 2
    error = capsys.readouterr().err
    assert "may not be read" in error
    assert "written" not in error


def test_a_run_killed_when_all_was_in_place_takes_nothing_away(tmp_path, monkeypatch):
    from gis_planning.outputs.stage import Stage

    end = Stage.end
    monkeypatch.setattr(Stage, "end", lambda self: self.lock.drop())
    files = {"a.shp": b"new", "a.dbf": b"new"}
    for name in ("a.shp", "a.dbf", "a.sbn"):
        (tmp_path / name).write_bytes(b"old")
    wish = Wish(asked={"a.shp", "a.dbf", "a.sbn"}, gone={"a.dbf", "a.sbn"})
    written(tmp_path, files, wish=wish, single=tmp_path / "a.shp")
    assert [one.name[:14] for one in tmp_path.glob(".*")] == [".gis-planning-"]
    monkeypatch.setattr(Stage, "end", end)
    assert written(tmp_path, {"b.txt": b"1"}, single=tmp_path / "b.txt") == []
    assert {name: (tmp_path / name).read_bytes() for name in names(tmp_path)} == files | {"b.txt": b"1"}


def test_what_was_refused_is_not_put_in_place_by_the_next_run(tmp_path):
    (tmp_path / "b.txt").mkdir()
    with pytest.raises(OutputError) as caught:
        written(tmp_path, {"a.txt": b"1", "b.txt": b"1"})
    assert caught.value.text.key == "results.a_folder"
    assert names(tmp_path) == ["b.txt"]
    assert written(tmp_path, {"c.txt": b"1"}) == []
    assert names(tmp_path) == [MANIFEST, "b.txt", "c.txt"]
