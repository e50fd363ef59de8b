"""Write how layers look into a GeoPackage, as QGIS reads it: opened there, they come drawn.

QGIS takes the style of a table from the row of `layer_styles` that names the table and its geometry column, has an
empty schema and is marked as default. The style is a rule renderer; rules may hold rules, and those not shown are not
read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from gis_planning.maps.plain import plain
from gis_planning.outputs.moment import stamp

#: A pixel of a page, in millimetres of QGIS.
PIXEL_MM = 0.26
#: The size of a point, and the lines of a hatch: how thick, and how far apart, in mm.
POINT_MM = 2.4
HATCH_MM, APART_MM = 0.35, 2.0
#: The angles of the lines of each hatch.
HATCHES: Mapping[str, tuple[int, ...]] = {"stripes": (45,), "counter": (135,), "level": (0,), "grid": (0, 90)}
LONGEST_TITLE = 120
#: The columns and types that QGIS itself gives this table in a GeoPackage.
_TABLE = """CREATE TABLE IF NOT EXISTS "layer_styles" (
"id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, "f_table_catalog" TEXT(256), "f_table_schema" TEXT(256),
"f_table_name" TEXT(256), "f_geometry_column" TEXT(256), "styleName" TEXT(30), "styleQML" TEXT, "styleSLD" TEXT,
"useAsDefault" BOOLEAN, "description" TEXT, "owner" TEXT(30), "ui" TEXT(30),
"update_time" DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))"""
_CONTENTS = """INSERT INTO gpkg_contents (table_name, identifier, description, data_type, srs_id, last_change)
SELECT 'layer_styles', 'layer_styles', '', 'attributes', 0, ?
WHERE NOT EXISTS (SELECT 1 FROM gpkg_contents WHERE table_name = 'layer_styles')"""
_STYLE = """INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,
styleQML, styleSLD, useAsDefault, description, owner, update_time) VALUES ('', '', ?, ?, ?, ?, '', 1, '', '', ?)"""


@dataclass(frozen=True)
class Rule:
    """One entry of a legend: what it is called, which features it draws, and how they look.

    `look` is an entry of style.toml, None for a heading over the rules within. `where` is an expression of QGIS; empty,
    it takes every feature, and `ELSE` those that no rule beside it takes. A rule not `shown` waits to be ticked.
    """

    title: str
    look: Mapping[str, Any] | None = None
    where: str = ""
    shown: bool = True
    within: tuple[Rule, ...] = ()


def column(name: str) -> str:
    """Return a column as expressions of QGIS name it."""
    return '"' + name.replace('"', '""') + '"'


def equals(name: str, value: str | float) -> str:
    r"""Return the expression that holds where a column has a value.

    Examples
    --------
    >>> equals("code", "O'Neill\\1"), equals("present", 3)
    ('"code" = \'O\'\'Neill\\\\1\'', '"present" = 3')
    """
    if not isinstance(value, str):
        return f"{column(name)} = {_number(value)}"
    quoted = plain(value).replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n").replace("\t", "\\t")
    return f"{column(name)} = '{quoted}'"


def between(name: str, low: float | None, high: float | None) -> str:
    """Return the expression that holds from `low` to below `high`; None is no bound.

    Examples
    --------
    >>> between("area_m2", 1000, 5000.0)
    '"area_m2" >= 1000 AND "area_m2" < 5000'
    """
    bounds = ((">=", low), ("<", high))
    return " AND ".join(f"{column(name)} {sign} {_number(value)}" for sign, value in bounds if value is not None)


def qml(rules: Sequence[Rule], geometry: str) -> str:
    """Return a style of QGIS (QML); `geometry` is fill, line or marker."""
    root = ET.Element("qgis", version="3.16", styleCategories="Symbology")
    renderer = ET.SubElement(
        root, "renderer-v2", type="RuleRenderer", symbollevels="0", enableorderby="0", forceraster="0"
    )
    top = ET.SubElement(renderer, "rules", key="rules")
    symbols = ET.SubElement(renderer, "symbols")
    looks: list[Mapping[str, Any]] = []
    for at, rule in enumerate(rules):
        _rule(top, looks, rule, f"rule-{at}")
    for at, look in enumerate(looks):
        _symbol(symbols, str(at), look, geometry)
    words = ET.tostring(root, encoding="unicode")
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{words}\n"


def add_styles(path: Path, styles: Mapping[str, Sequence[Rule]], name: str) -> None:
    """Add a default style called `name` to tables of a GeoPackage; those it does not hold are left out."""
    with closing(sqlite3.connect(path)) as book, book:
        drawn = {
            table: (place, kind)
            for table, place, kind in book.execute(
                "SELECT table_name, column_name, geometry_type_name FROM gpkg_geometry_columns"
            )
        }
        book.execute(_TABLE)
        at = stamp()
        book.execute(_CONTENTS, (at,))
        for table, rules in styles.items():
            if table in drawn and rules:
                place, kind = drawn[table]
                book.execute(_STYLE, (table, place, plain(name, 30), qml(rules, _geometry(kind)), at))


def _number(value: float) -> str:
    return f"{float(value):.15g}"


def _geometry(kind: str) -> str:
    return "marker" if "POINT" in kind else "line" if "LINE" in kind or "CURVE" in kind else "fill"


def _rule(into: Any, looks: list[Mapping[str, Any]], rule: Rule, key: str) -> None:
    """Add a rule and those within it; what looks alike shares a symbol."""
    facts = {"key": key, "label": plain(rule.title, LONGEST_TITLE)}
    if rule.where:
        facts["filter"] = rule.where
    if not rule.shown:
        facts["checkstate"] = "0"
    if rule.look is not None:
        if rule.look not in looks:
            looks.append(rule.look)
        facts["symbol"] = str(looks.index(rule.look))
    own = ET.SubElement(into, "rule", facts)
    for at, inner in enumerate(rule.within):
        _rule(own, looks, inner, f"{key}-{at}")


def _symbol(into: Any, name: str, look: Mapping[str, Any], geometry: str) -> None:
    symbol = ET.SubElement(into, "symbol", name=name, type=geometry, alpha="1", clip_to_extent="1")
    if geometry == "line":
        _part(symbol, "SimpleLine", _pen(look, "line_"))
    elif geometry == "marker":
        shape = {"name": str(look.get("shape", "circle")), "size": f"{look.get('size', POINT_MM):g}", "size_unit": "MM"}
        _part(symbol, "SimpleMarker", {"color": _filled(look), **shape, **_pen(look, "outline_")})
    else:
        empty = look.get("fill", "none") == "none" or not look.get("fill_opacity", look.get("opacity", 1))
        body = {"color": _filled(look), "style": "no" if empty else "solid", **_pen(look, "outline_")}
        _part(symbol, "SimpleFill", body)
        for layer, line in enumerate(_hatch(look), 1):
            pattern = _part(symbol, "LinePatternFill", line)
            inner = ET.SubElement(pattern, "symbol", name=f"@{name}@{layer}", type="line", alpha="1")
            pen = {"line_color": line["color"], "line_style": "solid", "line_width": f"{HATCH_MM:g}"}
            _part(inner, "SimpleLine", pen | {"line_width_unit": "MM"})


def _part(symbol: Any, kind: str, facts: Mapping[str, str]) -> Any:
    """Add a layer of a symbol; this older way to write its facts is read by every QGIS since 2."""
    own = ET.SubElement(symbol, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
    for key, value in facts.items():
        ET.SubElement(own, "prop", k=key, v=value)
    return own


def _hatch(look: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    colour = _rgba(str(look.get("stripe", look["stroke"])), 1.0)
    for angle in HATCHES.get(str(look.get("hatch", "")), ()):
        yield {"angle": str(angle), "color": colour, "distance": f"{APART_MM:g}", "distance_unit": "MM"}


def _pen(look: Mapping[str, Any], prefix: str) -> dict[str, str]:
    weight = float(look.get("weight", 1))
    style = "no" if not weight else "dash" if "dash" in look else "solid"
    return {
        f"{prefix}color": _rgba(str(look["stroke"]), 1.0),
        f"{prefix}style": style,
        f"{prefix}width": f"{weight * PIXEL_MM:.2f}",
        f"{prefix}width_unit": "MM",
    }


def _filled(look: Mapping[str, Any]) -> str:
    fill = str(look.get("fill", "none"))
    return _rgba("#ffffff" if fill == "none" else fill, float(look.get("fill_opacity", look.get("opacity", 1))))


def _rgba(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"
