"""A measure that nobody knew before: added in measures/ with its rule alone, it is drawn, listed and printed.

The measure is thrown away after the test. Nothing in maps/, reports/ or view/ knows of it.
"""

import json
from urllib.parse import unquote

import openpyxl
import pandas as pd
import pyogrio
import pytest
import town
from browsing import facts_of_layers, payload
from docx import Document
from lxml import html

import gis_planning.measures
from gis_planning.county.opened import open_county
from gis_planning.judging import judge, rulebook
from gis_planning.reports import terminal, write_check

MEASURE = '''
"""Measure green land for each person."""

from typing import Annotated

import geopandas as gpd

from gis_planning.results.schema import Column, Layer
from gis_planning.results.verdicts import Measured
from gis_planning.texts import Spoken

KIND = Column("use", Spoken({"zh": "开放方式", "en": "opening"}), "category", says={
    "day": Spoken({"zh": "白天开放", "en": "open by day"}), "always": Spoken({"zh": "全天开放", "en": "always open"}),
})
COUNTED = Layer(
    "counted_parks", Spoken({"zh": "计入的公园", "en": "counted parks"}), "supply", "parks_small", (KIND,), by="use"
)


def area_per_person(
    parks: gpd.GeoDataFrame, population: gpd.GeoDataFrame, *, least_m2: float
) -> Annotated[Measured, "m2_per_person"]:
    """Measure the park area for each person: land of parks of `least_m2` or more over all people."""
    counted = parks[parks.geometry.area >= least_m2]
    area, people = float(counted.geometry.area.sum()), float(population["population"].sum())
    layer = counted[["name", "geometry"]].assign(
        area_m2=counted.geometry.area, use=["day", "always"] * (len(counted) // 2) + ["day"] * (len(counted) % 2)
    )
    return Measured(
        area / people, "m2_per_person", offenders=parks[parks.geometry.area < least_m2][["name", "geometry"]],
        numerator=area, denominator=people, layers={"counted_parks": layer}, schema={"counted_parks": COUNTED},
    )
'''
RULE = """
[document]
id = "trial"
title = "试用规则"
title_en = "A trial"
issuer = "试验县"
date = "2026"
state = "current"
certainty = "confirmed"

[[clause]]
code = "TRIAL-1"
number = "人均公园面积"
number_en = "Park area per person"
text = "人均公园面积不低于 12 平方米"
text_en = "At least 12 m2 of park for each person"
measure = "trial.area_per_person"
unit = "m2_per_person"
least_m2 = 1000
at_least = 12
"""


@pytest.fixture(scope="module")
def added(tmp_path_factory):
    """Yield the results of a check by a measure that is put beside the others, and taken away again."""
    folder = tmp_path_factory.mktemp("added")
    (folder / "measures").mkdir()
    (folder / "measures" / "trial.py").write_text(MEASURE, encoding="utf-8")
    gis_planning.measures.__path__.append(str(folder / "measures"))
    rulebook._measures.cache_clear()
    try:
        parks = [town.box(0, 0, 100, 60), town.box(200, 0, 300, 50), town.box(400, 0, 410, 10)]
        layers = {
            "study_area": town.frame(town.box(-100, -100, 1000, 1000)),
            "parks": town.frame(*parks, name=["东园", "西园", "角园"]),
            "population": town.frame(town.box(0, 0, 900, 900), population=[1000.0]),
        }
        place = town.write(folder / "county", layers, county='rules = ["trial"]')
        (place / "rules").mkdir()
        (place / "rules" / "trial.toml").write_text(RULE, encoding="utf-8")
        county = open_county(place)
        clauses = rulebook.chosen(rulebook.load(place / "rules"), rules=["trial"])
        scorecard = judge.check(county, clauses)
        for lang in ("zh", "en"):
            write_check(scorecard, clauses, folder / lang, lang)
        yield folder, scorecard, clauses
    finally:
        gis_planning.measures.__path__.remove(str(folder / "measures"))
        rulebook._measures.cache_clear()


def test_it_is_judged_and_described_in_the_json(added):
    folder, _, _ = added
    (told,) = json.loads((folder / "en" / "scorecard.json").read_text(encoding="utf-8"))["verdicts"]
    assert (told["outcome"], told["value"], told["unit"]) == ("fail", 11.0, "m2_per_person")
    layers = {one["id"]: one for one in told["layers"]}
    assert layers["counted_parks"]["role"] == "supply"
    assert layers["counted_parks"]["title"] == "counted parks"
    assert layers["counted_parks"]["features"] == 2
    units = {one["key"]: (one["title"], one["kind"], one["unit"]) for one in layers["counted_parks"]["columns"]}
    assert units == {
        "name": ("name", "name", None), "area_m2": ("area", "number", "m2"), "use": ("opening", "category", None),
    }  # fmt: skip


def test_it_is_drawn_with_its_legend_and_listed_in_the_table(added):
    folder, _, _ = added
    page = (folder / "zh" / "map.html").read_text(encoding="utf-8")
    layers = {one["id"]: one for one in payload(page)["layers"]}
    facts = dict(zip(layers, facts_of_layers(page), strict=True))
    drawn = layers["counted_parks.TRIAL-1"]
    assert drawn["title"] == "计入的公园"
    assert [(one["title"], one["count"]) for one in drawn["categories"]] == [("白天开放", 1), ("全天开放", 1)]
    columns = facts["counted_parks.TRIAL-1"]["columns"]
    heads = [one["title"] for one in columns]
    assert heads == ["名称", "面积（平方米）", "开放方式"]
    assert columns[1]["numbers"] == [6000, 5000]
    assert "broken.TRIAL-1" in layers


def test_it_is_printed_in_word_excel_and_terminal_with_its_unit(added):
    folder, scorecard, clauses = added
    for lang, value, short in (
        ("zh", "11.00 平方米/人", "尚差 1.00 平方米/人"),
        ("en", "11.00 m²/person", "1.00 m²/person short"),
    ):
        said = terminal.scorecard(scorecard, clauses, lang)
        assert value.replace("²", "2") in said
        assert short.replace("²", "2") in said
        paper = Document(folder / lang / "report.docx")
        words = "\n".join([*(one.text for one in paper.paragraphs), *(
            cell.text for table in paper.tables for row in table.rows for cell in row.cells
        )])  # fmt: skip
        assert value in words
        assert short in words
        assert value in (folder / lang / "index.html").read_text(encoding="utf-8")
    book = openpyxl.load_workbook(folder / "zh" / "report.xlsx")
    rows = list(book["计入的公园"].iter_rows(values_only=True))
    assert rows[0][:5] == ("条款代码", "条号", "名称", "面积（平方米）", "开放方式")
    assert [row[2:5] for row in rows[1:3]] == [("东园", 6000, "白天开放"), ("西园", 5000, "全天开放")]
    verdict = dict(zip(*list(book["评价结果"].iter_rows(values_only=True))[:2], strict=True))
    assert verdict["单位"] == "平方米/人"
    assert verdict["数值（按单位）"] == 11.0


@pytest.mark.parametrize(
    ("lang", "caption", "heads", "legend"),
    [
        (
            "zh",
            "图 1　人均公园面积（TRIAL-1）",
            ["名称", "面积（公顷）", "开放方式"],
            ["白天开放", "全天开放", "问题图斑"],
        ),
        (
            "en",
            "Figure 1. Park area per person (TRIAL-1)",
            ["name", "area (ha)", "opening"],
            ["open by day", "always open", "features that break the clause"],
        ),
    ],
)
def test_word_draws_it_and_names_the_worst_and_what_serves(added, lang, caption, heads, legend):
    folder, _, _ = added
    paper = Document(folder / lang / "report.docx")
    paragraphs = [one.text for one in paper.paragraphs]
    assert caption in paragraphs
    drawn = paragraphs[paragraphs.index(caption) - 1]
    assert [one.strip() for one in drawn.replace("\u00a0", "").split("■") if one.strip()] == legend
    picture = paper.inline_shapes[0]
    assert picture.width > picture.height > 0
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in paper.tables]
    worst, serving = (next(one for one in tables if one[0] == head) for head in (heads[:1], heads))
    assert worst[1:] == [["角园"]]
    opened = legend[:2]
    assert serving[1:] == [["东园", "0.60", opened[0]], ["西园", "0.50", opened[1]]]


def test_the_first_page_tells_its_layers_beside_its_line_and_leads_to_the_map(added):
    folder, _, _ = added
    page = html.parse(str(folder / "zh" / "index.html")).getroot()
    (line,) = page.findall(".//section[@id='measurements']//details")
    assert line.find(".//strong").text == "11.00 平方米/人"
    rows = [[" ".join(cell.text_content().split()) for cell in row] for row in line.iterfind(".//tr")]
    assert rows == [
        ["名称"], ["角园"], ["名称", "面积（公顷）", "开放方式"],
        ["东园", "0.60", "白天开放"], ["西园", "0.50", "全天开放"],
    ]  # fmt: skip
    address = line.find(".//a").get("href")
    shown = unquote(address.partition("#on=")[2]).split(",")
    drawn = {one["id"] for one in payload((folder / "zh" / "map.html").read_text(encoding="utf-8"))["layers"]}
    assert shown == ["broken.TRIAL-1", "counted_parks.TRIAL-1"]
    assert set(shown) <= drawn


def test_it_stands_in_the_geopackage_with_what_it_is(added):
    folder, _, _ = added
    file = folder / "en" / "results.gpkg"
    frame = pyogrio.read_dataframe(file, layer="counted_parks")
    assert list(frame["use"]) == ["day", "always"]
    layers = pyogrio.read_dataframe(file, layer="result_layers").set_index("layer")
    assert layers.loc["counted_parks", "role"] == "supply"
    columns = pyogrio.read_dataframe(file, layer="result_columns")
    own = columns[(columns["layer"] == "counted_parks") & (columns["key"] == "area_m2")]
    assert own[["code", "kind", "unit", "title"]].to_numpy().tolist() == [["TRIAL-1", "number", "m2", "area"]]
    assert pd.isna(columns.loc[columns["key"] == "use", "unit"]).all()
