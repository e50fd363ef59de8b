"""The slides of a check, read back: the numbers of the JSON, native tables and charts, fonts, and words of users."""

import io
import json
import math
import re
import zipfile

import openpyxl
import pytest
import report_town
from browsing import HOSTILE
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.util import Inches, Pt

from gis_planning.outputs.moment import VARIABLE
from gis_planning.reports import write_check
from gis_planning.reports.check_files import SLIDES
from gis_planning.reports.deck import Bar, Box, Deck, fit

WICKED = [*HOSTILE, "=cmd|'/C calc'!A0", "@SUM(1+1)", "a\x01b\x0bc", "http://example.org/x"]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("slides")
    scorecard, clauses = report_town.judged(folder / "county")
    for lang in ("zh", "en"):
        write_check(scorecard, clauses, folder / lang, lang, reports=("pptx",))
    return folder, scorecard, clauses


@pytest.fixture(scope="module")
def told(results):
    return json.loads((results[0] / "zh" / "scorecard.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module", params=["zh", "en"])
def show(request, results):
    return Presentation(results[0] / request.param / SLIDES)


@pytest.fixture(scope="module")
def chinese(results):
    return Presentation(results[0] / "zh" / SLIDES)


def kinds(slide, kind):
    return [shape for shape in slide.shapes if shape.shape_type == kind]


def words(slide):
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def maps(show):
    return [slide for slide in show.slides if kinds(slide, MSO_SHAPE_TYPE.PICTURE)]


def runs(slide):
    for shape in slide.shapes:
        frames = [shape.text_frame] if shape.has_text_frame else []
        frames += [cell.text_frame for cell in shape.table.iter_cells()] if shape.has_table else []
        yield from (run for frame in frames for paragraph in frame.paragraphs for run in paragraph.runs)


def test_every_slide_has_a_title_and_stays_on_its_paper(show):
    assert (show.slide_width, show.slide_height) == (Inches(13.333), Inches(7.5))
    assert len(show.slides) > 8
    for slide in show.slides:
        assert slide.shapes.title.text_frame.text.strip()
        for shape in slide.shapes:
            assert shape.left >= 0, shape.name
            assert shape.left + shape.width <= show.slide_width, shape.name
            assert shape.top + shape.height <= show.slide_height, shape.name


def test_chinese_stands_in_a_chinese_font_and_nothing_is_tiny(results, show):
    for name in ("zh", "en"):
        with zipfile.ZipFile(results[0] / name / SLIDES) as archive:
            theme = archive.read("ppt/theme/theme1.xml").decode()
            assert theme.count('<a:ea typeface="微软雅黑"/>') == 2
            assert "docProps/thumbnail.jpeg" not in archive.namelist()
    for slide in show.slides:
        assert {run.font.size for run in runs(slide)} <= {None, *map(Pt, (11, 14, 16, 18, 20, 40))}
        assert {run._r.rPr.get("lang") for run in runs(slide)} <= {"zh-CN", "en-US"}


def test_a_coverage_has_its_map_its_figure_and_its_districts_as_a_chart(chinese, told, results):
    shown = maps(chinese)
    assert shown
    parts = [part["value"] for one in told["verdicts"] for part in one["districts"]]
    values = {round(one, 12) for one in parts if one is not None}
    for slide in shown:
        assert kinds(slide, MSO_SHAPE_TYPE.PICTURE)[0]._element.nvPicPr.cNvPr.get("descr")
        (chart,) = [shape.chart for shape in slide.shapes if shape.has_chart]
        (plot,) = chart.plots
        drawn = dict(zip(plot.categories, plot.series[0].values, strict=True))
        assert set(drawn) <= {"西街道", "东街道", "不在任何分区内"}
        assert {round(one, 12) for one in drawn.values()} <= values
        assert list(drawn.values()) == sorted(drawn.values())
        book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))["Sheet1"]
        assert {row[0].value: row[1].value for row in book.iter_rows(min_row=2)} == pytest.approx(drawn, rel=1e-14)
        assert "%" in words(slide)


def test_gaps_are_a_table_in_the_order_of_their_rank(chinese, results):
    _, scorecard, _ = results
    found = [shape.table for slide in chinese.slides for shape in slide.shapes if shape.has_table]
    gaps = [table for table in found if table.cell(0, 0).text == "序号"]
    assert gaps
    for table in gaps:
        ranks = [table.cell(row, 0).text for row in range(1, len(table.rows))]
        assert ranks == [str(at) for at in range(1, len(ranks) + 1)]
    sizes = {min(10, len(one.measured.offenders)) for one in scorecard.verdicts if one.measured}
    assert {len(table.rows) - 1 for table in gaps} <= sizes


def test_what_could_not_be_assessed_is_told_with_its_reason(chinese, told):
    said = "\n".join(map(words, chinese.slides))
    open_ = [one for one in told["verdicts"] if one["outcome"] in {"not-assessed", "error"}]
    assert all(one["code"] in said and one["message"] in said for one in open_[:10])
    assert open_


def test_what_it_rests_on_is_one_slide(show, told):
    (slide,) = [one for one in show.slides if one.shapes.title.text_frame.text in ("数据与依据", "What this rests on")]
    assert slide == show.slides[-1]
    (table,) = [shape.table for shape in slide.shapes if shape.has_table]
    read = [[cell.text for cell in row.cells] for row in list(table.rows)[1:]]
    files = {one["source"] for one in told["inputs"]}
    assert {row[0] for row in read} == files
    assert sum(int(row[1]) for row in read) == len(told["inputs"])
    assert sum(int(row[2].replace(",", "")) for row in read) == sum(one["features"] for one in told["inputs"])
    assert {str(len(files)), str(len(told["inputs"])), str(len(told["documents"]))} <= set(
        re.findall(r"\d+", words(slide))
    )


def test_no_words_leave_their_box_and_no_cell_is_cut(show):
    """Roughly: a Chinese sign is as wide as high, others are half as wide, and a line has 1.2 heights."""
    for slide in show.slides:
        for shape in slide.shapes:
            if shape.has_text_frame and shape.text_frame.text:
                high = 0.0
                for paragraph in shape.text_frame.paragraphs:
                    sizes = {run.font.size.pt for run in paragraph.runs if run.font.size}
                    size = max(sizes, default=24 if slide != show.slides[0] else 20)
                    wide = sum(size * (1 if ord(sign) > 0x2E80 else 0.5) for sign in paragraph.text)
                    high += 1.2 * size * math.ceil(wide / (shape.width.pt or 1) or 1)
                assert high <= shape.height.pt + 1, (shape.text_frame.text, high, shape.height.pt)
            if shape.has_table:
                assert not any(cell.text.endswith("…") for cell in shape.table.iter_cells()), slide.shapes.title.text


def test_a_title_says_nothing_twice(show):
    for slide in show.slides:
        document, _, clause = slide.shapes.title.text_frame.text.partition(" · ")
        assert not clause or clause.casefold() not in document.casefold()


def test_the_same_check_gives_the_same_file(results, tmp_path, monkeypatch):
    _, scorecard, clauses = results
    monkeypatch.setenv(VARIABLE, "1700000000")
    for name in ("one", "two"):
        write_check(scorecard, clauses, tmp_path / name, "zh", reports=("pptx",))
    one, two = ((tmp_path / name / SLIDES).read_bytes() for name in ("one", "two"))
    assert one == two
    show = Presentation(io.BytesIO(one))
    assert {show.core_properties.created.year, show.core_properties.modified.year} == {2023}
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_slides_go_with_the_next_check_that_has_none(results, tmp_path):
    _, scorecard, clauses = results
    write_check(scorecard, clauses, tmp_path, "zh", reports=("pptx",))
    assert f'href="{SLIDES}"' in (tmp_path / "index.html").read_text(encoding="utf-8")
    write_check(scorecard, clauses, tmp_path, "zh", reports=())
    assert not (tmp_path / SLIDES).exists()
    assert SLIDES not in (tmp_path / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("hack", WICKED, ids=range(len(WICKED)))
def test_words_of_users_stay_words(tmp_path, hack):
    deck = Deck("zh", hack, hack)
    deck.cover(hack, [hack])
    deck.bullets(hack, [hack] * 3)
    slide = deck.slide(hack)
    deck.chart(slide, Box(1, 1, 6, 4), hack, [Bar(hack, 0.5), Bar("乙", None)])
    deck.legend(slide, Box(1, 6, 6, 0.5), [("#112233", hack)])
    deck.save(tmp_path / SLIDES)
    show = Presentation(tmp_path / SLIDES)
    (chart,) = [shape.chart for shape in show.slides[-1].shapes if shape.has_chart]
    category = str(next(iter(chart.plots[0].categories)))
    book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))["Sheet1"]
    assert book["A2"].data_type == "s"
    assert book["A2"].hyperlink is None
    assert book["A2"].value == category == fit(hack, 0.36 * 6, 14)
    assert len(category) < 40
    for slide in show.slides:
        assert not any(relation.is_external for relation in slide.part.rels.values())
        assert all(len(shape.text_frame.text) < 1300 for shape in slide.shapes if shape.has_text_frame)


def test_a_whole_check_of_hostile_names_opens(tmp_path):
    scorecard, clauses = report_town.judged(tmp_path / "county", name=lambda one: one + HOSTILE[0] + "=1+1\x01")
    write_check(scorecard, clauses, tmp_path / "out", "zh", reports=("pptx",))
    show = Presentation(tmp_path / "out" / SLIDES)
    assert any("道<scr" in str(name) for slide in maps(show) for shape in slide.shapes if shape.has_chart
               for name in shape.chart.plots[0].categories)  # fmt: skip
