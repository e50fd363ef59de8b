"""A check of the very same files is not done again, and is whenever anything is new."""

import pytest
import town

from gis_planning.cli import main
from gis_planning.commands import again
from gis_planning.judging import judge
from gis_planning.outputs.stage import new_stage


def run(*words):
    with pytest.raises(SystemExit) as left:
        main([str(word) for word in words])
    return left.value.code


@pytest.fixture
def judged(monkeypatch, tmp_path):
    """How often a county was judged."""
    monkeypatch.setattr(again, "LONG_S", 0.0)
    monkeypatch.setenv("GIS_PLANNING_CACHE", str(tmp_path / "cache"))
    calls = []
    original = judge.check
    monkeypatch.setattr(judge, "check", lambda *args, **more: (calls.append(1), original(*args, **more))[1])
    return calls


@pytest.fixture
def county(tmp_path):
    return town.write(tmp_path / "mytown")


def test_the_same_files_are_judged_once(judged, county, tmp_path, capsys):
    out = tmp_path / "out"
    code = run("check", county, "--out", out)
    first = capsys.readouterr().out
    before = {file.name: file.stat().st_mtime_ns for file in out.iterdir()}
    assert run("check", county, "--out", out) == code
    second = capsys.readouterr().out
    assert second.startswith(first.rstrip())
    assert "--afresh" in second
    assert len(judged) == 1
    assert {file.name: file.stat().st_mtime_ns for file in out.iterdir()} == before


@pytest.mark.parametrize("what", ["asked", "afresh", "layer", "rule", "result", "gone", "elsewhere"])
def test_whatever_is_new_is_judged(what, judged, county, tmp_path):
    out, more = tmp_path / "out", []
    run("check", county, "--out", out)
    if what == "asked":
        more = ["--reports", "none"]
    elif what == "afresh":
        more = ["--afresh"]
    elif what == "layer":
        town.write(county, town.layers() | {"parks": town.frame(town.box(0, 0, 90, 90))})
    elif what == "rule":
        (county / "rules").mkdir()
        (county / "rules" / "note.txt").write_text("new")
    elif what == "result":
        with (out / "index.html").open("a") as page:
            page.write("<!-- changed -->")
    elif what == "gone":
        (out / "report.xlsx").unlink()
    else:
        out = tmp_path / "other"
    run("check", county, "--out", out, *more)
    assert len(judged) == 2


def test_what_lies_elsewhere_or_in_a_database_is_looked_at(county, tmp_path):
    out = tmp_path / "out"
    data = tmp_path / "data"
    data.mkdir()
    (data / "lines.shp").write_bytes(b"1")
    (data / "lines.dbf").write_bytes(b"1")
    words = (county / "county.toml").read_text("utf-8")
    (county / "county.toml").write_text(words + '\n[layers.blue_line]\nsource = "../data/lines.shp"\n', "utf-8")
    first = again.key_of(county, out, {})
    assert first == again.key_of(county / "county.toml", out, {})
    # The parts of a shapefile that county.toml does not name count too.
    (data / "lines.dbf").write_bytes(b"2")
    assert again.key_of(county, out, {}) != first
    (county / "county.toml").write_text(words + '\n[layers.blue_line]\nsource = "postgresql://there/x"\n', "utf-8")
    assert again.key_of(county, out, {}) is None


def test_what_a_killed_run_left_is_swept_where_nothing_is_done_again(judged, county, tmp_path):
    out = tmp_path / "out"
    run("check", county, "--out", out)
    whole = sorted(file.name for file in out.iterdir())
    killed = new_stage(out)
    killed.lock.drop()
    assert sorted(file.name for file in out.iterdir()) != whole
    run("check", county, "--out", out)
    assert len(judged) == 1
    assert sorted(file.name for file in out.iterdir()) == whole
