"""A coverage whose layers and columns nobody knows by name is told as one of those that are known: by roles alone."""

from dataclasses import replace

import pytest
import report_town
from docx import Document
from lxml import html

from gis_planning.reports import write_check
from gis_planning.results.verdicts import Measured


def renamed(measured: Measured) -> Measured:
    """Return a measurement whose layers bear other names, but for what they say of themselves."""
    names = {name: f"our_{name}" for name in measured.layers}
    schema = {names.get(name, name): replace(one, id=names.get(name, name)) for name, one in measured.schema.items()}
    return replace(measured, layers={names[name]: frame for name, frame in measured.layers.items()}, schema=schema)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("roles")
    scorecard, clauses = report_town.judged(folder / "county", documents=["green-gardencity2022"])
    write_check(scorecard, clauses, folder / "known", "zh")
    known = {id(one.measured): renamed(one.measured) for one in scorecard.verdicts if one.measured}
    verdicts = [replace(one, measured=known.get(id(one.measured))) for one in scorecard.verdicts]
    write_check(replace(scorecard, verdicts=tuple(verdicts)), clauses, folder / "other", "zh")
    return folder


def test_word_says_the_same_of_it(results):
    known, other = (Document(results / name / "report.docx") for name in ("known", "other"))
    assert [one.text for one in known.paragraphs] == [one.text for one in other.paragraphs]
    cells = [[cell.text for table in one.tables for row in table.rows for cell in row.cells] for one in (known, other)]
    assert cells[0] == cells[1]
    assert len(known.inline_shapes) == len(other.inline_shapes)


def test_the_first_page_says_the_same_of_it_and_leads_to_the_main_map(results):
    known, other = (html.parse(str(results / name / "index.html")).getroot() for name in ("known", "other"))
    for place in ("header", "section[@id='measurements']"):
        words = [" ".join(one.find(f".//{place}").text_content().split()) for one in (known, other)]
        assert words[0] == words[1]
    drawn = [[one.get("d") for one in page.iterfind(".//figure//path")] for page in (known, other)]
    assert drawn[0] == drawn[1]
    links = {one.get("href") for one in other.iterfind(".//section[@id='measurements']//a")}
    assert links
    assert all(one.startswith("map.html#on=broken.GG22-1") for one in links)
