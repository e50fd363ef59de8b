"""Styles that QGIS opens results with: its table, its expressions, and every feature drawn by exactly what it is.

There is no QGIS here. The table and the query it is read with are those of `QgsOgrProviderMetadata::saveStyle` and
`loadStyle`; the expressions are simple enough for SQLite, which counts the features each rule would draw.
"""

import re
import sqlite3
from contextlib import closing
from xml.etree import ElementTree as ET

import pandas as pd
import pyogrio
import pytest
import report_town
from browsing import HOSTILE
from test_review import FARM, GENERAL, IN_TOWN, judged, parcel

from gis_planning.maps.qgis.qml import Rule, add_styles, equals, qml
from gis_planning.reports import write_check, write_review
from gis_planning.results.review import Override
from gis_planning.results.verdicts import OUTCOMES

#: Columns QGIS writes in this table, in its order and with its types (QGIS 3.16 to 4, GeoPackage).
COLUMNS = [
    ("id", "INTEGER"), ("f_table_catalog", "TEXT(256)"), ("f_table_schema", "TEXT(256)"),
    ("f_table_name", "TEXT(256)"), ("f_geometry_column", "TEXT(256)"), ("styleName", "TEXT(30)"), ("styleQML", "TEXT"),
    ("styleSLD", "TEXT"), ("useAsDefault", "BOOLEAN"), ("description", "TEXT"), ("owner", "TEXT(30)"),
    ("ui", "TEXT(30)"), ("update_time", "DATETIME"),
]  # fmt: skip
LOADED = """SELECT styleQML FROM layer_styles WHERE f_table_schema='' AND f_table_name=? AND f_geometry_column=?
ORDER BY CASE WHEN useAsDefault THEN 1 ELSE 2 END, update_time DESC LIMIT 1"""


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("styles")
    scorecard, clauses = report_town.judged(folder / "county")
    write_check(scorecard, clauses, folder / "out", "zh")
    return folder / "out" / "results.gpkg", scorecard


def style(book, table):
    (row,) = book.execute(LOADED, (table, "geom")).fetchall()
    return ET.fromstring(row[0])


def ask(book, table, where):
    return book.execute(f'SELECT count(*) FROM "{table}" WHERE {where}').fetchone()[0]


def test_the_table_is_the_one_qgis_makes_and_every_drawn_layer_has_a_default(results):
    path, _ = results
    with closing(sqlite3.connect(path)) as book:
        assert [(one[1], one[2]) for one in book.execute("PRAGMA table_info(layer_styles)")] == COLUMNS
        drawn = {one for (one,) in book.execute("SELECT table_name FROM gpkg_geometry_columns")}
        assert {"offenders", "parks", "served", "network", "facilities", "villages", "parcels", "gates"} <= drawn
        for table in drawn:
            assert style(book, table).find("renderer-v2").get("type") == "RuleRenderer"
        listed = book.execute("SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'").fetchall()
        assert listed == [("attributes",)]
        assert book.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert len(pyogrio.read_dataframe(path, layer="layer_styles")) == len(drawn)


def test_expressions_name_columns_that_are_there_and_take_every_feature_once(results):
    path, _ = results
    with closing(sqlite3.connect(path)) as book:
        for (table,) in book.execute("SELECT table_name FROM gpkg_geometry_columns").fetchall():
            columns = {one[1] for one in book.execute(f'PRAGMA table_info("{table}")')}
            codes = {one for (one,) in book.execute(f'SELECT DISTINCT code FROM "{table}"')}
            headings = list(style(book, table).find("renderer-v2/rules"))
            for rule in style(book, table).iter("rule"):
                assert set(re.findall(r'"(\w+)"', rule.get("filter", ""))) <= columns
            assert sum(heading.get("checkstate") != "0" for heading in headings) == 1
            counted = {}
            for heading in headings:
                own = heading.get("filter")
                inner = [rule.get("filter") for rule in heading]
                if "ELSE" in inner or None in inner:
                    taken = [one for one in inner if one not in ("ELSE", None)]
                    assert all(ask(book, table, f"{own} AND ({one})") >= 0 for one in taken)
                else:
                    one_by_one = [ask(book, table, f"{own} AND ({one})") for one in inner]
                    assert sum(one_by_one) == ask(book, table, own)
                    assert ask(book, table, f"{own} AND ({' OR '.join(f'({one})' for one in inner)})") == sum(
                        one_by_one
                    )
                counted[own] = ask(book, table, own)
            assert len(counted) == len(codes)
            assert sum(counted.values()) == ask(book, table, "1")


def test_every_rule_has_a_symbol_and_hatches_tell_gaps_without_colour(results):
    path, _ = results
    with closing(sqlite3.connect(path)) as book:
        for (table,) in book.execute("SELECT table_name FROM gpkg_geometry_columns").fetchall():
            root = style(book, table)
            used = [rule.get("symbol") for rule in root.iter("rule") if rule.get("symbol") is not None]
            symbols = root.findall("renderer-v2/symbols/symbol")
            assert set(used) == {one.get("name") for one in symbols}
            # What looks alike is one symbol.
            drawn = [
                re.sub(r"@\d+@", "@", ET.tostring(own, encoding="unicode").partition(" name=")[2]) for own in symbols
            ]
            bodies = [one.partition(" ")[2] for one in drawn]
            assert len(set(bodies)) == len(bodies)
        gaps = style(book, "offenders").findall("renderer-v2/symbols/symbol")
        assert all(one.find("layer[@class='LinePatternFill']/symbol[@type='line']") is not None for one in gaps)
        assert {one.get("type") for one in style(book, "facilities").iter("symbol")} == {"marker"}


def test_colours_are_those_of_the_pages(results):
    path, _ = results
    with closing(sqlite3.connect(path)) as book:
        (served,) = {one.get("v") for one in style(book, "served").findall(".//layer/prop[@k='color']")}
    assert served == "134,179,207,184"  # #86b3cf at 0.72


def test_a_review_opens_drawn_by_outcome(tmp_path):
    projects = pd.concat(
        [parcel(*IN_TOWN, id_="P1"), parcel(*FARM, id_="P2"), parcel(*GENERAL, activity="tourism", id_="P3")]
    )
    found = judged(tmp_path / "county", projects.reset_index(drop=True))
    write_review(found, tmp_path / "out", "zh")
    with closing(sqlite3.connect(tmp_path / "out" / "review.gpkg")) as book:
        for table in ("parcels", "patches"):
            rules = [rule.get("filter") for rule in style(book, table).iter("rule")]
            assert sum(ask(book, table, one) for one in rules) == ask(book, table, "1") > 0
        symbols = style(book, "parcels").findall("renderer-v2/symbols/symbol")
        hatched = [one.find("layer[@class='LinePatternFill']") is not None for one in symbols]
    outcomes = sorted({one.outcome for one in found.parcels}, key=OUTCOMES.index)
    assert hatched == [one not in ("pass", "info") for one in outcomes]
    assert {"fail", "pass"} <= set(outcomes)


def test_patches_that_a_person_decided_on_open_drawn_by_the_decision(tmp_path):
    decided = Override("P2", "PF25-1", "pass", "错划", "王工", "2026-03-01")
    found = judged(tmp_path / "county", parcel(*FARM, id_="P2"), overrides=[decided])
    write_review(found, tmp_path / "out", "zh")
    with closing(sqlite3.connect(tmp_path / "out" / "review.gpkg")) as book:
        drawn = {
            rule.get("label"): ask(book, "patches", rule.get("filter")) for rule in style(book, "patches").iter("rule")
        }
        farm = ask(book, "patches", "\"code\" = 'PF25-1'")
        ours = ask(book, "patches", "\"outcome\" = 'fail'")
        assert sum(drawn.values()) == ask(book, "patches", "1")
    assert farm
    assert (drawn["符合"], drawn.get("不符合", 0)) == (farm, ours - farm)


def test_titles_in_english(tmp_path):
    scorecard, clauses = report_town.judged(tmp_path / "county", documents=["green-gardencity2022"])
    write_check(scorecard, clauses, tmp_path / "out", "en")
    with closing(sqlite3.connect(tmp_path / "out" / "results.gpkg")) as book:
        words = [rule.get("label") for rule in style(book, "offenders").iter("rule")]
    assert words[0].startswith("GG22-1")
    assert not re.search("[\u4e00-\u9fff]", " ".join(words[1:]))


@pytest.mark.parametrize("words", [*HOSTILE, "a\x00b\x0bc\ud800", "'; DROP TABLE x; --", "say \"so\" \\ 'so'", "=1+1"])
def test_hostile_words_break_neither_the_style_nor_the_table(tmp_path, words):
    path = tmp_path / "x.gpkg"
    kept = words.encode("utf-8", "replace").decode().replace("\x00", "?").replace("\x0b", "?")
    points = report_town.layers()["facilities"].assign(name=[kept, "other"])
    pyogrio.write_dataframe(points, path, layer="x")
    look = {"fill": "#112233", "stroke": "#445566"}
    add_styles(path, {"x": [Rule(words, look, equals("name", kept))], "gone": [Rule("", look)]}, words)
    with closing(sqlite3.connect(path)) as book:
        root = style(book, "x")
        assert book.execute("SELECT count(*) FROM layer_styles").fetchone() == (1,)
        rule = root.find(".//rule")
        if "\\" not in kept and "\n" not in kept and "\t" not in kept:  # SQLite knows no backslash escapes
            assert ask(book, "x", rule.get("filter")) == 1
    assert len(rule.get("label")) <= 120


def test_expressions_of_qgis_escape_quotes_and_backslashes():
    assert equals('a"b', "it's\\n\n") == "\"a\"\"b\" = 'it''s\\\\n\\n'"


def test_a_table_without_rules_gets_no_style_and_numbers_are_written_whole(tmp_path):
    assert 'filter="&quot;x&quot; = 0.1"' in qml([Rule("x", None, equals("x", 0.1))], "fill")
    pyogrio.write_dataframe(pd.DataFrame({"a": [1]}), tmp_path / "t.gpkg", layer="t")
    report_town.layers()["parks"].to_file(tmp_path / "t.gpkg", layer="parks")
    add_styles(tmp_path / "t.gpkg", {"t": [Rule("t")], "parks": []}, "s")
    with closing(sqlite3.connect(tmp_path / "t.gpkg")) as book:
        assert book.execute("SELECT count(*) FROM layer_styles").fetchone() == (0,)
