"""Work shared between processes: the same results, and nothing lost when one of them fails."""

import os
import signal
import time
from pathlib import Path

import pytest
import town

from gis_planning.commands.check import Asked, check_county
from gis_planning.outputs import side_by_side
from gis_planning.outputs.side_by_side import beside
from gis_planning.outputs.writing import replacing
from gis_planning.reports.running import RUNNING, Running
from gis_planning.texts import text


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(side_by_side, "WORTHWHILE_S", 0.0)


def note(folder, name):
    """Say which process did a thing."""
    (Path(folder) / name).write_text(str(os.getpid()))
    if name == "slow":
        time.sleep(0.5)


def fail(folder, name):
    if name == "bad":
        raise ValueError(name)
    note(folder, name)


def die(folder, name):
    # Only a process beside this one dies.
    if os.getpid() != int((Path(folder) / "parent").read_text()):
        os.kill(os.getpid(), signal.SIGTERM)
    note(folder, name)


def test_things_are_shared_and_each_is_done_once(tmp_path):
    told = []
    names = ["slow", *(f"thing-{at}" for at in range(30))]
    with beside(2) as side:
        side.step()
        side.share(note, str(tmp_path), names, told=told.append)
    assert sorted(told) == sorted(names)
    doers = {name: (tmp_path / name).read_text() for name in names}
    # Whoever had the slow one left the others to the other.
    assert len(set(doers.values())) == 2


def test_one_core_does_all_itself(tmp_path):
    with beside(1) as side:
        side.step()
        side.share(note, str(tmp_path), ["a", "b"])
    assert {(tmp_path / name).read_text() for name in "ab"} == {str(os.getpid())}


def test_what_fails_anywhere_is_raised_and_no_more_is_begun(tmp_path):
    with beside(2) as side:
        side.step()
        with pytest.raises(ValueError, match="bad"):
            side.share(fail, str(tmp_path), ["slow", "bad", *(f"thing-{at}" for at in range(500))])
    assert len(list(tmp_path.iterdir())) < 500


def test_what_a_process_died_over_is_done_here(tmp_path):
    (tmp_path / "parent").write_text(str(os.getpid()))
    names = [f"thing-{at}" for at in range(6)]
    with beside(2) as side:
        side.step()
        side.share(die, str(tmp_path), names)
    assert {(tmp_path / name).read_text() for name in names} == {str(os.getpid())}


# -- the page of a run


def page(folder):
    return Running(folder, "示例<县>", {}, "zh")


@pytest.fixture
def soon(monkeypatch):
    monkeypatch.setattr("gis_planning.reports.running.FIRST_S", 0.0)
    monkeypatch.setattr("gis_planning.reports.running.AGAIN_S", 0.0)


@pytest.mark.usefixtures("soon")
def test_the_page_counts_and_is_gone_with_a_run_that_failed(tmp_path):
    folder = tmp_path / "maps" / "town"
    shown = page(folder)
    shown.step(text("judge.clause", done=3, of=7, code="GC22-1", measure="green.radius_coverage"))
    words = (folder / RUNNING).read_text("utf-8")
    assert "3/7" in words
    assert "示例&lt;县&gt;" in words
    assert "0/7" in words
    assert 'http-equiv="refresh"' in words
    shown.end()
    assert not (tmp_path / "maps").exists()


@pytest.mark.usefixtures("soon")
def test_the_page_leads_to_the_results_once_they_are_there_whatever_else_is_written(tmp_path):
    place, out = town.write(tmp_path / "county", town.layers()), tmp_path / "out"
    check_county(place, Asked(only=("green",), policy=True, reports=()), out=out, lang="en", look="cli.look_demo")
    assert (out / "policy" / "policy.json").is_file()
    assert 'content="0; url=index.html"' in (out / RUNNING).read_text("utf-8")


@pytest.mark.usefixtures("soon")
def test_a_page_of_that_name_that_is_not_ours_is_left_alone(tmp_path):
    (tmp_path / RUNNING).write_text("mine")
    shown = page(tmp_path)
    shown.step(text("cli.writing", folder=tmp_path))
    shown.end()
    assert (tmp_path / RUNNING).read_text() == "mine"


@pytest.mark.usefixtures("soon")
def test_the_page_gives_way_to_what_the_run_wrote(tmp_path):
    shown = page(tmp_path)
    shown.step(text("cli.writing", folder=tmp_path))
    with replacing(tmp_path) as stage:
        (stage / RUNNING).write_text("whole")
    assert (tmp_path / RUNNING).read_text() == "whole"
    assert not list(tmp_path.glob("*kept*"))
