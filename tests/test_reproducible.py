"""Files to the byte: two runs of one county write the same where SOURCE_DATE_EPOCH states the moment."""

import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import delivered
import openpyxl
import pypdf
import pytest
import test_mending as mended
import test_review as reviewed
import town
from docx import Document
from pptx import Presentation

import gis_planning as gp
from gis_planning.commands import again
from gis_planning.errors import OutputError
from gis_planning.outputs import moment
from gis_planning.outputs.marks import MANIFEST
from gis_planning.results.review_json import whole, write_review

#: Reckoned by hand: 19 675 days (53 years with 13 leap days, and 317 days of 2023) and 80 000 s.
EPOCH, MOMENT = "1700000000", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
STAMP = "2023-11-14T22:13:20.000Z"
DEMO = Path(__file__).parent.parent / "layers" / "demo"
#: The command, helped by other processes from the start.
COMMAND = (
    "from gis_planning.cli import main; from gis_planning.outputs import side_by_side\n"
    "if __name__ == '__main__':\n    side_by_side.WORTHWHILE_S = 0.0; main()"
)


def commanded(folder, cores, *words):
    """Run a command with a cache of its own and the order of sets of its own."""
    facts = {"GIS_PLANNING_CORES": cores, "GIS_PLANNING_CACHE": str(folder / f"cache-{cores}"), "PYTHONHASHSEED": cores}
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *map(str, words)],
        env=os.environ | facts | {"SOURCE_DATE_EPOCH": EPOCH},
        capture_output=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr


def files_in(folder):
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def run(folder, cores, *words):
    """Return the files that a command makes in a folder."""
    out = folder / f"out-{cores}"
    commanded(folder, cores, *words, "--out", out)
    return files_in(out)


def told_apart(one, two):
    assert one
    return sorted(name for name in one.keys() | two.keys() if one.get(name) != two.get(name))


def changes_of(file):
    """Return when a GeoPackage says that its tables were changed."""
    with closing(sqlite3.connect(file)) as book:
        return [when for (when,) in book.execute("SELECT last_change FROM gpkg_contents")]


@pytest.fixture(scope="module")
def checks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checks")
    county = town.write(folder / "mytown")
    asked = ("--only", "green", "--only", "quality", "--reports", "all")
    return [run(folder, cores, "check", county, "--cores", cores, *asked) for cores in "12"]


@pytest.fixture(scope="module")
def reviews(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reviews")
    county = reviewed.county(folder / "county", extra={"land_use": reviewed.LAND_USE}).folder
    boxes = [town.box(*box) for box in (reviewed.IN_TOWN, reviewed.FARM, reviewed.CORE)]
    town.frame(*boxes, id=["A1", "B2", "C3"], name=["甲", "乙", "丙"]).to_file(folder / "p.gpkg")
    also = ("--also", "csv", "--also", "parquet", "--opinions", "conflicts")
    return [run(folder, cores, "review", county, folder / "p.gpkg", *also) for cores in "12"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["checks", "reviews"])
def test_two_runs_write_the_same_bytes_on_one_core_and_on_two(kind, request):
    one, two = request.getfixturevalue(kind)
    assert one.keys() == two.keys()
    endings = {Path(name).suffix for name in one}
    assert endings >= {".json", ".html", ".gpkg", ".docx", ".xlsx", ".csv", ".parquet"}
    assert MANIFEST in one
    assert [name for name in one if one[name] != two[name]] == []
    figures = json.loads(one.get("scorecard.json") or one["review.json"])
    assert len(figures.get("verdicts") or figures["parcels"]) >= 3


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["checks", "reviews"])
def test_the_files_state_the_moment_of_the_variable(kind, request, tmp_path):
    one, _ = request.getfixturevalue(kind)
    seen = set()
    for name, content in one.items():
        ending = Path(name).suffix
        if ending == ".docx":
            facts = Document(io.BytesIO(content)).core_properties
            assert {facts.created, facts.modified} == {MOMENT}
        elif ending == ".xlsx":
            facts = openpyxl.load_workbook(io.BytesIO(content)).properties
            assert {facts.created, facts.modified} == {MOMENT.replace(tzinfo=None)}
        elif ending == ".pptx":
            facts = Presentation(io.BytesIO(content)).core_properties
            assert {facts.created, facts.modified} == {MOMENT.replace(tzinfo=None)}
        elif ending == ".gpkg":
            (tmp_path / name).write_bytes(content)
            with closing(sqlite3.connect(tmp_path / name)) as book:
                changed = book.execute("SELECT last_change FROM gpkg_contents").fetchall()
                styled = book.execute("SELECT update_time FROM layer_styles").fetchall()
            assert len(changed) > 3
            assert styled
            assert {*changed, *styled} == {(STAMP,)}
        seen.add(ending)
        if ending in {".docx", ".xlsx", ".pptx"}:
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                assert {entry.date_time for entry in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert seen >= {".docx", ".xlsx", ".gpkg"}


@pytest.mark.slow
@pytest.mark.parametrize("ending", [".gpkg", ".shp", ".dxf", ".txt"])
def test_a_conversion_writes_the_same_bytes(ending, tmp_path):
    town.frame(town.box(0, 0, 90, 90), town.box(90, 0, 180, 90), name=["甲", "乙"]).to_file(tmp_path / "p.gpkg")
    made = [tmp_path / cores / f"p{ending}" for cores in "12"]
    for file, cores in zip(made, "12", strict=True):
        file.parent.mkdir()
        commanded(tmp_path, cores, "convert", tmp_path / "p.gpkg", file)
    assert told_apart(files_in(made[0].parent), files_in(made[1].parent)) == []
    if ending == ".gpkg":
        assert changes_of(made[0]) == [STAMP]
    elif ending == ".shp":
        # Years since 1900, the month and the day.
        assert made[0].with_suffix(".dbf").read_bytes()[1:4] == bytes([123, 11, 14])
    elif ending == ".dxf":
        # The Julian day that begins at noon of that day, and 80 000 s since its midnight.
        days = re.findall(rb"\$TDU?(?:CREATE|UPDATE)\r?\n *40\r?\n([0-9.]+)", made[0].read_bytes())
        assert [float(day) for day in days] == [pytest.approx(2_460_263 + 80_000 / 86_400, abs=1e-6)] * 4


def test_an_import_writes_the_same_bytes(tmp_path):
    delivered.write_shapefiles(tmp_path / "delivery")
    assert told_apart(*(run(tmp_path, cores, "import", tmp_path / "delivery", "--copy") for cores in "12")) == []


@pytest.mark.slow
def test_a_repair_writes_the_same_bytes(tmp_path):
    county = mended.county(tmp_path / "c", mended.SPUR)
    assert told_apart(*(run(tmp_path, cores, "repair", county) for cores in "12")) == []
    # What was mended, and the ledger.
    assert changes_of(tmp_path / "out-1" / "repaired.gpkg") == [STAMP] * 2


@pytest.mark.slow
def test_an_atlas_writes_the_same_bytes(tmp_path):
    county = town.write(tmp_path / "mytown")
    made = [tmp_path / f"{cores}.pdf" for cores in "12"]
    for file, cores in zip(made, "12", strict=True):
        commanded(tmp_path, cores, "atlas", county, "--by", "sheets", "--size", "A4", "--out", file)
    assert made[0].read_bytes() == made[1].read_bytes()
    assert pypdf.PdfReader(made[0]).metadata.creation_date == MOMENT


@pytest.mark.slow
def test_the_variable_changes_no_verdict(checks):
    # Rules are those of the day of the run, which --as-of states; not those of the moment that files state.
    one, _ = checks
    assert json.loads(one["scorecard.json"])["as_of"] >= "2026-01-01"


@pytest.mark.parametrize("words", ["2023-11-14", "-1", "1.5", " 1", "１７", "1e9", "0x10", "253402300800"])
def test_what_is_no_moment_is_refused_in_one_line_before_anything_is_read(words, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", words)
    with pytest.raises(OutputError, match="SOURCE_DATE_EPOCH"):
        moment.moment()
    county = town.write(tmp_path / "mytown")
    commands = [(name, county, "--out") for name in ("check", "review", "repair", "import")]
    for command in (*commands, ("convert", county)):
        assert reviewed.run(*command, tmp_path / "out", "--lang", "en") == 2
        (said,) = capsys.readouterr().err.splitlines()
        assert f"“{words}”" in said
    assert not (tmp_path / "out").exists()


def test_the_first_and_the_last_second_are_moments(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert moment.stamp() == "1970-01-01T00:00:00.000Z"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "253402300799")
    assert moment.today() == date(9999, 12, 31)


@pytest.mark.parametrize("words", [None, ""])
def test_without_the_variable_files_state_the_clock(words, monkeypatch):
    if words is None:
        monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    else:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", words)
    assert moment.stated() is None
    # Libraries take a variable that is empty for a number that is none.
    moment.settle()
    assert "SOURCE_DATE_EPOCH" not in os.environ
    assert abs((datetime.now(UTC) - moment.moment()).total_seconds()) < 60


def test_an_unchanged_check_is_done_again_for_another_moment(tmp_path, monkeypatch):
    county = town.write(tmp_path / "mytown")
    keys = []
    for words in ("", EPOCH, "1700000001", EPOCH):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", words)
        keys.append(again.key_of(county, tmp_path / "out", {}))
    assert keys[1] == keys[3]
    assert len(set(keys)) == 3


# -- a project a line


def test_no_project_of_the_demo_takes_more_than_four_kilobytes(tmp_path):
    from gis_planning.judging.projects import read_projects
    from gis_planning.judging.review import clauses_for, review

    county = gp.open_county(DEMO)
    found = review(county, read_projects(county, []), clauses_for(county), keeps=False)
    for lang in ("zh", "en"):
        write_review(tmp_path / "review.json", found, lang)
        words = (tmp_path / "review.json").read_text("utf-8")
        lines = [line.removesuffix(",") for line in words.splitlines() if '"lines":' in line]
        assert len(lines) == len(found.parcels) == 34
        assert max(len(line.encode()) for line in lines) <= 4096
        told = json.loads(words)
        assert [json.loads(line) for line in lines] == told["parcels"]
        # Every figure and every sentence comes back; what several clauses say stands once.
        assert whole(told)["parcels"] == json.loads(json.dumps(found.parcels_json(lang)))
        assert len(set(told["sentences"])) == len(told["sentences"]) > 0


def test_a_review_of_before_the_sentences_is_read_as_it_was_written():
    line = {
        "line": "ecological_redline", "overlap_m2": 5.0, "outside_m2": 1.0, "share": 0.5, "uncovered_m2": 2.0,
        "outcome": "fail", "message": "m", "clauses": [{"code": "A", "outcome": "fail", "message": "own"}],
    }  # fmt: skip
    clear = {**line, "uncovered_m2": 0.0, "clauses": [{"code": "A", "outcome": "pass"}]}
    told = {
        "clauses": [{"code": "A", "cited": "c", "messages": {"pass": "clear"}}],
        "titles": {"ecological_redline": "t"},
        "activities": {},
        "left_out": {
            "parcel": {"activity": None},
            "line": {"uncovered_m2": 0.0, "substantial_m2": 0.0},
            "clause": {"borderline": False},
        },
        "parcels": [{"id": "1", "source": "p", "area_m2": 6.0, "area_ha": 0.0006, "outcome": "fail",
                     "lines": [line, {key: value for key, value in clear.items() if key != "uncovered_m2"}]}],
    }  # fmt: skip
    (parcel,) = whole(told)["parcels"]
    first, second = parcel["lines"]
    assert (parcel["source"], parcel["area_ha"]) == ("p", 0.0006)
    # Of an overlap nothing was substantial where that was left out then.
    assert [one["substantial_m2"] for one in parcel["lines"]] == [0.0, 0.0]
    assert [one["uncovered_m2"] for one in parcel["lines"]] == [2.0, 0.0]
    assert [one["clauses"][0]["message"] for one in (first, second)] == ["own", "clear"]
