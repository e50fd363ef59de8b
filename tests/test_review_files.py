"""The files of large reviews: who has an opinion, how long a project's line is, and hostile words in what is XML."""

import io
import json
import math

import openpyxl
import pytest
import test_review as reviewed
import town
from docx import Document
from PIL import Image

import gis_planning as gp
from gis_planning.commands.progress import _lines
from gis_planning.errors import FeatureError
from gis_planning.maps.plain import plain
from gis_planning.reports import opinions, write_review
from gis_planning.reports.paper import Bar, Column, Paper, Toned
from gis_planning.reports.workbook import Book
from gis_planning.reports.workbook import Column as Heading
from gis_planning.results.review_json import whole
from gis_planning.texts import text

#: What would be markup, what XML cannot hold, and what it would not give back as it was.
HOSTILE = ["<w:p/>&amp;", "a\x00b\x0b\ud800\ufffe", "say \"so\" 'now'", "]]><!--", " two  blanks ", "one\ntwo\tthree"]
BOXES = {"A1": reviewed.IN_TOWN, "B,2": reviewed.FARM, "C3": reviewed.CORE, "D4": (20, 120, 60, 160)}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("large")
    shapes = [town.box(*box) for box in BOXES.values()]
    frame = town.frame(*shapes, id=list(BOXES), name=[f"项目{one}" for one in BOXES], activity=["urban"] * len(BOXES))
    frame.to_file(folder / "p.gpkg")
    return reviewed.county(folder / "county", extra={"land_use": reviewed.LAND_USE}).folder, folder / "p.gpkg"


def reviewed_with(place, out, *words):
    county, parcels = place
    return reviewed.run("review", county, parcels, "--out", out, *words)


def headings(folder):
    found = [one.text for one in Document(folder / "review.docx").paragraphs if one.style.name == "Heading 1"]
    return [one.split("  ")[0] for one in found if "  " in one]


def listed(paper):
    """Return the ids in the table of all projects."""
    (table,) = (one for one in paper.tables if one.rows[0].cells[-1].text in {"涉及", "because of"})
    return [row.cells[0].text for row in table.rows][1:]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), list(BOXES)),
        (("--opinions", "all"), list(BOXES)),
        (("--opinions", "conflicts"), ["B,2", "C3"]),
        (("--opinions", "D4"), ["D4"]),
        (("--opinions", "C3, A1"), ["A1", "C3"]),
        (("--opinions", "B,2", "--opinions", "A1"), ["A1", "B,2"]),
        (("--opinions", "conflicts,A1"), ["A1", "B,2", "C3"]),
    ],
)
def test_those_have_an_opinion_that_were_asked_for(place, tmp_path, capsys, words, expected):
    assert reviewed_with(place, tmp_path / "out", *words) == 1
    assert headings(tmp_path / "out") == expected
    paper = Document(tmp_path / "out" / "review.docx")
    assert len(paper.inline_shapes) == len(expected)
    # The table at the beginning has all of them, whoever has an opinion.
    assert listed(paper) == list(BOXES)
    left = len(BOXES) - len(expected)
    assert ("--opinions all" in capsys.readouterr().out) == bool(left)
    assert any(f"另有 {left} 个项目未单列意见" in one.text for one in paper.paragraphs) == bool(left)


@pytest.mark.parametrize(
    ("asked", "expected"), [((), list(BOXES)), ("conflicts", ["B,2", "C3"]), (["B,2", "A1"], ["A1", "B,2"])]
)
def test_python_asks_for_opinions_as_the_command_does(place, tmp_path, asked, expected):
    county, parcels = place
    run = gp.review(gp.open_county(county), parcels, opinions=asked)
    run.write(tmp_path / "out")
    assert headings(tmp_path / "out") == expected
    assert set(run.verdicts["id"]) == set(BOXES)
    with pytest.raises(FeatureError, match="NOBODY"):
        gp.review(gp.open_county(county), parcels, opinions=["NOBODY"])


def test_an_id_of_no_project_is_refused_before_anything_is_judged(place, tmp_path, capsys):
    assert reviewed_with(place, tmp_path / "out", "--opinions", "A1,NOBODY", "--lang", "en") == 2
    said = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("... ")]
    assert len(said) == 1
    assert "NOBODY" in said[0]
    assert "A1" not in said[0]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("most", "worst", "expected", "which"),
    [
        (4, 1, list(BOXES), None),
        (3, 2, ["B,2", "C3"], "those in conflict"),
        (3, 1, ["B,2"], "the worst of those in conflict"),
    ],
)
def test_of_many_projects_the_worst_have_an_opinion(place, tmp_path, monkeypatch, capsys, most, worst, expected, which):
    monkeypatch.setattr(opinions, "MOST", most)
    monkeypatch.setattr(opinions, "WORST", worst)
    monkeypatch.setattr("gis_planning.reports.review_docx.LISTED", 3)
    reviewed_with(place, tmp_path / "out", "--lang", "en")
    assert headings(tmp_path / "out") == expected
    said = capsys.readouterr().out
    assert (which is None) == ("--opinions" not in said)
    if which:
        assert f"{len(expected)} of 4 projects: {which}" in said
    assert listed(Document(tmp_path / "out" / "review.docx")) == expected


def test_words_are_ids_before_they_are_lists():
    asked = opinions.asked(["B,2", " A1 , conflicts"], BOXES, ["p.gpkg"])
    assert asked == opinions.Asked(conflicts=True, ids=frozenset({"A1", "B,2"}))
    with pytest.raises(FeatureError, match=r"p\.gpkg: .*1 id .*: 2\."):
        opinions.asked(["A1,2"], BOXES, ["p.gpkg"])


@pytest.fixture(scope="module")
def written(place, tmp_path_factory):
    from gis_planning.county.opened import open_county
    from gis_planning.judging.projects import read_projects
    from gis_planning.judging.review import clauses_for, review

    folder = tmp_path_factory.mktemp("written")
    county = open_county(place[0])
    found = review(county, read_projects(county, [place[1]]), clauses_for(county), keeps=False)
    write_review(found, folder, "zh")
    return found, folder / "review.json"


def test_a_project_is_a_line_and_what_repeats_stands_once(written):
    found, file = written
    text = file.read_text(encoding="utf-8")
    told = json.loads(text)
    lines = [line.removesuffix(",") for line in text.splitlines()]
    own = [line for line in lines if line.startswith('{"id":') and '"lines":' in line]
    assert [json.loads(line) for line in own] == told["parcels"]
    assert max(len(line.encode()) for line in own) <= 4096
    # Nothing that a rule says of land that is clear stands with a clause of a project.
    clear = next(one for one in told["parcels"] if one["id"] == "A1")
    assert all(set(clause) == {"code", "outcome"} for line in clear["lines"] for clause in line["clauses"])
    promised = {"line", "overlap_m2", "overlap_mu", "outside_m2", "share", "pieces", "slivers", "outcome", "message"}
    for one in told["parcels"]:
        assert set(one) >= {"id", "name", "activity", "area_m2", "area_mu", "outcome", "lines"}
        assert all(set(line) >= {*promised, "clauses"} for line in one["lines"])
    assert found.parcels


def test_a_project_that_is_called_by_its_id_is_so_once(place, tmp_path, capsys):
    frame = town.frame(*[town.box(*box) for box in BOXES.values()], id=list(BOXES), name=["A1", "乙", "丙", "丁"])
    frame.to_file(tmp_path / "p.gpkg")
    reviewed_with((place[0], tmp_path / "p.gpkg"), tmp_path / "out", "--lang", "zh", "-v")
    (table,) = (
        one for one in Document(tmp_path / "out" / "review.docx").tables if one.rows[0].cells[-1].text == "涉及"
    )
    assert [row.cells[1].text for row in table.rows][1:] == ["", "乙", "丙", "丁"]
    assert sum(line.count("A1") for line in capsys.readouterr().out.splitlines() if "A1" in line and "│" in line) <= 1


def test_what_is_left_out_is_put_back(written):
    found, file = written
    told = whole(json.loads(file.read_text(encoding="utf-8")))
    expected = json.loads(json.dumps(found.to_json("zh")))
    assert told["parcels"] == expected["parcels"]
    assert {key: told[key] for key in expected if key != "clauses"} == {
        key: value for key, value in expected.items() if key != "clauses"
    }
    # What an earlier program wrote is whole already.
    assert whole(expected) == expected


def test_words_of_users_are_words_in_word(tmp_path):
    paper = Paper("zh")
    for words in HOSTILE:
        paper.title(words)
        paper.heading(words, 1)
        paper.text(words)
        paper.bullet(words)
    paper.legend([("#d9481c", words) for words in HOSTILE])
    picture = io.BytesIO()
    Image.new("RGB", (2, 2)).save(picture, "PNG")
    for words in HOSTILE:
        paper.picture(picture.getvalue(), words)
    bars = [[words, Toned(words, "#d9481c"), Bar(0.5, "#d9481c")] for words in HOSTILE]
    paper.table([Column("<b>", 4), Column("&", 4, number=True), Column("", 4)], bars)
    paper.save(tmp_path / "paper.docx")
    read = Document(tmp_path / "paper.docx")
    expected = [plain(words) for words in HOSTILE]
    for style in ("Heading 1", "List Bullet"):
        assert [one.text for one in read.paragraphs if one.style.name == style] == expected
    assert [one.text for one in read.paragraphs if one.text in expected] == [
        words for words in expected for _ in range(4)
    ]
    (table,) = read.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["<b>", "&", ""],
        *([words, words, "\t\t\u200b"] for words in expected),
    ]
    said = [one._inline.docPr.get("descr") for one in read.inline_shapes]
    assert said == expected
    assert len({one._inline.docPr.get("id") for one in read.inline_shapes}) == len(said)
    # Pictures that look alike are one file.
    assert len({one._inline.graphic.graphicData.pic.blipFill.blip.embed for one in read.inline_shapes}) == 1


def test_cells_hold_what_they_were_given(tmp_path):
    values = [*HOSTILE, "=1+1", "", "a\rb", True, 0, 1e-300, 0.1 + 0.2, math.nan, math.inf, None]
    book = Book("en")
    book.sheet("A", [Heading("<a>", "text"), Heading("n", "m2")], [[value, 1.5] for value in values])
    book.sheet("B", [Heading("b", "m2", "=SUM({letter}2:{letter}{last})")], ([one] for one in (1.0, 2.0)), count=2)
    book.save(tmp_path / "book.xlsx")
    read = openpyxl.load_workbook(tmp_path / "book.xlsx")
    assert read.sheetnames == ["A", "B"]
    cells = [row[0] for row in read["A"].iter_rows(min_row=2)]
    empty = {"", None}
    for value, cell in zip(values, cells, strict=True):
        if value is None or value == "" or (isinstance(value, float) and not math.isfinite(value)):
            assert cell.value in empty
        else:
            assert cell.value == (plain(value) if isinstance(value, str) else value)
            assert isinstance(cell.value, bool) == isinstance(value, bool)
    assert cells[values.index("=1+1")].data_type == "s"
    assert [row[0].value for row in read["B"].iter_rows()] == ["b", 1.0, 2.0, "=SUM(A2:A3)"]
    with pytest.raises(TypeError):
        book.write(read["A"], [object()])


def test_where_there_is_no_terminal_a_run_has_at_most_25_lines(place, tmp_path, capsys):
    reviewed_with(place, tmp_path / "out")
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("... ")]
    assert 12 <= len(told) <= 25
    assert told[-1] == f"... 正在写出 {tmp_path / 'out'}"


@pytest.mark.parametrize("steps", [1, 12, 13, 40, 5_000])
def test_of_many_steps_the_first_and_ever_fewer_are_told(steps):
    told = []
    progress = _lines(told.append)
    every = [text("cli.importing", source=at) for at in range(steps)]
    for step in every:
        progress(step)
    progress(text("cli.writing", folder="out"))
    assert told[:12] == [*every, told[-1]][:12]
    assert told[-1].key == "cli.writing"
    assert len(told) == steps + 1 if steps <= 12 else 13 <= len(told) <= 25
    at = [every.index(step) for step in told[12:-1]]
    assert at == sorted(set(at))
