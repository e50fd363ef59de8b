"""Read the street networks that OSMnx writes: GraphML, without OSMnx or networkx."""

from __future__ import annotations

import ast
import contextlib
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import numpy as np
import pyproj
import shapely

from gis_planning.errors import CrsError, SourceError
from gis_planning.formats.read.osm_file import columns_of
from gis_planning.formats.read.osm_tags import layer_of
from gis_planning.formats.read.vector import Delivered, look_before_reading
from gis_planning.geo import ELLIPSOID, parse_crs, reproject
from gis_planning.texts import Text, text

if TYPE_CHECKING:
    import geopandas as gpd

#: The first of the values OSMnx writes where it has merged ways: ['steps', 'footway'].
FIRST = re.compile(r"""\[\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^,\]]*))""")
#: What a street without a class is called while it is looked at.
NO_CLASS = "road"

#: Streets named in a warning, at most.
MOST_NAMES = 5

Data = dict[str, str]


@dataclass(frozen=True)
class _Edge:
    """One directed edge: its nodes, its data, its line from the first node to the second."""

    one: str
    other: str
    data: Data
    line: Any

    @property
    def one_way(self) -> bool:
        """Say whether the edge is of a one-way street, or partly of one."""
        return "True" in self.data.get("oneway", "")


class _NoDoctype(ET.TreeBuilder):
    """Builds the tree, and stops where a document type is declared."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise _DoctypeError(name, pubid, system)


class _DoctypeError(Exception):
    """A document type is declared."""


def read_graphml(path: Path | str, *, crs: str | None = None, access_no_closed: bool = False) -> Delivered:
    """Read an OSMnx network as a table of streets.

    Parameters
    ----------
    path
        A file written by `osmnx.save_graphml` (any version); other GraphML whose nodes have `x` and `y` is read too.
    crs
        The CRS that county.toml states; taken where the one in the file cannot be read.
    access_no_closed
        Where the file keeps no key `foot`: whether walkers are shut out of streets with access=no. Networks for walking
        hold such streets where only cars are shut out, and have lost what would tell them apart.

    Returns
    -------
    Delivered
        Lines with the fields of the streets layer: `name`, `class`, `level`, `bridge`, `tunnel`, `foot`, `access`,
        `oneway`, by the tables of conventions/osm.toml; of several values (OSMnx merges ways) the first. `graph_from`
        and `graph_to` name the nodes a street joins; nodes between which an edge has no length are one. The two
        directions of a street are one line, drawn in the direction that comes first in the file, with `oneway` "no"; a
        street of which there is one direction only, and which says so, has "yes", along its line. An edge without a
        geometry is straight. The CRS is the graph's, None where it states none.

    Raises
    ------
    SourceError
        The file is missing or empty, no XML, declares a document type, or is no network.
    CrsError
        The graph's CRS is unknown, and none is stated.
    """
    path = Path(path)
    look_before_reading(path)
    graph, names = _graph(path)
    own, warnings = _crs_of(_data(graph, names).get("crs"), crs, path)
    edges = _joined(list(_edges(graph, names, _nodes(graph, names, path), path)))
    if not edges:
        raise SourceError("graphml.broken", source=path, reason=text("graphml.no_edges"))
    merged = _merged(edges)
    streets = _streets(merged, own)
    if "foot" not in names.values():
        placed = streets.set_crs(own or (parse_crs(crs, source=str(path)) if crs else None))
        warnings += _no_access(streets, placed, merged, path, closed=access_no_closed)
    return Delivered(streets, own, None, None, {}, warnings)


def _no_access(
    streets: gpd.GeoDataFrame, placed: gpd.GeoDataFrame, merged: list[tuple[_Edge, bool]], path: Path, *, closed: bool
) -> tuple[Text, ...]:
    """Let walkers into streets with access=no of a file without `foot`, unless they are closed; return what to say."""
    shut = streets["access"].eq("no").to_numpy()
    if not shut.any():
        return ()
    if not closed:
        motorroad = np.array([edge.data.get("motorroad") == "yes" for edge, _ in merged])
        streets.loc[shut & ~motorroad, "foot"] = None
    called = streets["name"].fillna(streets["osm_id"]).fillna("-")[shut].astype(str).unique()
    told = {"source": path, "count": int(shut.sum()), "length_m": _metres(placed[shut]), "some": _some(called)}
    return (text("graphml.access_no_closed" if closed else "graphml.access_no", **told),)


def _crs_of(given: str | None, stated: str | None, path: Path) -> tuple[pyproj.CRS | None, tuple[Text, ...]]:
    """Return the CRS a graph states, and what is to be said of it.

    OSMnx before 1.0 wrote what it handed to pyproj: a table of PROJ's words, or {'init': 'epsg:4326'}.
    """
    if not given:
        return None, ()
    words: Any = given
    if given.startswith("{"):
        with contextlib.suppress(ValueError, SyntaxError):
            table = ast.literal_eval(given)
            words = table["init"] if isinstance(table, dict) and set(table) - {"no_defs", "type"} == {"init"} else table
    elif found := re.fullmatch(r"\+?init=(\S+)(\s+\+(no_defs|type=crs))*", given.strip(), re.IGNORECASE):
        words = found[1]
    try:
        return parse_crs(words, source=str(path)), ()
    except (CrsError, TypeError):
        if stated is None:
            raise CrsError("geo.unknown_crs", source=path, crs=given) from None
        return None, (text("graphml.old_crs", source=path, crs=given, stated=stated),)


def _metres(streets: gpd.GeoDataFrame) -> float:
    """Return the length of lines on the ellipsoid; on the plane where the CRS is not known."""
    lines = streets.geometry.to_numpy()
    if streets.crs is None:
        return float(shapely.length(lines).sum())
    degrees = reproject(lines, streets.crs, pyproj.CRS("EPSG:4326"))
    return float(sum(ELLIPSOID.geometry_length(line) for line in degrees))


def _some(names: Any) -> str:
    return ", ".join(names[:MOST_NAMES]) + (" ..." if len(names) > MOST_NAMES else "")


def _graph(path: Path) -> tuple[ET.Element, dict[str, str]]:
    """Return the element `graph` and the names of the data by key; namespaces are dropped."""
    try:
        root = ET.parse(path, ET.XMLParser(target=_NoDoctype())).getroot()  # noqa: S314 - see the import
    except _DoctypeError:
        raise SourceError("graphml.broken", source=path, reason=text("graphml.doctype")) from None
    except (ET.ParseError, ValueError, LookupError) as fault:  # broken XML; an encoding that is unknown or does not fit
        raise SourceError("graphml.broken", source=path, reason=text("graphml.not_xml", reason=fault)) from None
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    graph = root.find("graph")
    if root.tag != "graphml" or graph is None:
        raise SourceError("graphml.broken", source=path, reason=text("graphml.no_edges"))
    return graph, {key.get("id", ""): key.get("attr.name", "") for key in root.iter("key")}


def _data(element: ET.Element, names: dict[str, str]) -> Data:
    """Return what is written of a graph, node or edge; of several values the first, nothing for nothing."""
    found = {names.get(one.get("key", ""), ""): _first((one.text or "").strip()) for one in element.findall("data")}
    return {name: value for name, value in found.items() if value not in {"", "None", "nan"}}


def _first(value: str) -> str:
    if not value.startswith("["):
        return value
    if "True" in value and "False" in value:
        return value  # directions: both
    found = FIRST.match(value)
    return next((group for group in found.groups() if group is not None), "").strip() if found else value


def _nodes(graph: ET.Element, names: dict[str, str], path: Path) -> dict[str, tuple[float, float]]:
    places = {}
    for node in graph.iter("node"):
        data, name = _data(node, names), node.get("id", "")
        try:
            place = float(data["x"]), float(data["y"])
        except (KeyError, ValueError):
            place = math.nan, math.nan
        if not (math.isfinite(place[0]) and math.isfinite(place[1])):
            raise SourceError("graphml.broken", source=path, reason=text("graphml.bad_node", node=name))
        places[name] = place
    return places


def _edges(
    graph: ET.Element, names: dict[str, str], places: dict[str, tuple[float, float]], path: Path
) -> Iterator[_Edge]:
    for edge in graph.iter("edge"):
        one, other = edge.get("source", ""), edge.get("target", "")
        for node in (one, other):
            if node not in places:
                raise SourceError("graphml.broken", source=path, reason=text("graphml.lost_node", node=node))
        data = _data(edge, names)
        if "geometry" in data:
            line = shapely.from_wkt(data["geometry"], on_invalid="ignore")
            if line is None or line.geom_type != "LineString" or line.is_empty:
                reason = text("graphml.bad_line", one=one, other=other)
                raise SourceError("graphml.broken", source=path, reason=reason)
            if one != other and line.coords[0] == places[other] and line.coords[-1] == places[one]:
                line = line.reverse()
        else:
            line = shapely.LineString([places[one], places[other]])
        yield _Edge(one, other, data, line)


def _joined(edges: list[_Edge]) -> list[_Edge]:
    """Return the edges that have a length; nodes between which one has none are one node."""
    kept = [edge for edge in edges if edge.line.length > 0]
    if len(kept) == len(edges):
        return edges
    same: dict[str, str] = {}

    def first(node: str) -> str:
        while node in same:
            node = same[node]
        return node

    for edge in edges:
        one, other = sorted((first(edge.one), first(edge.other)))
        if not edge.line.length and one != other:
            same[other] = one
    return [replace(edge, one=first(edge.one), other=first(edge.other)) for edge in kept]


def _merged(edges: list[_Edge]) -> list[tuple[_Edge, bool]]:
    """Return each street once, and whether it runs one way.

    Edges along the same vertices between the same nodes are a street's two directions; a street that was mapped twice
    has two of each.
    """
    lines = np.array([edge.line for edge in edges], dtype=object)
    keys = shapely.to_wkb(shapely.normalize(shapely.force_2d(lines))).tolist()
    along: dict[tuple[bytes, frozenset[str]], list[_Edge]] = {}
    for key, edge in zip(keys, edges, strict=True):
        along.setdefault((key, frozenset((edge.one, edge.other))), []).append(edge)
    found = []
    for group in along.values():
        forth = [one for one in group if _same_direction(one.line, group[0].line)]
        back = [one for one in group if not _same_direction(one.line, group[0].line)]
        found += [(one, False) for one, _ in zip(forth, back, strict=False)]
        paired = min(len(forth), len(back))
        found += [(one, one.one_way) for one in (*forth[paired:], *back[paired:])]
    return found


def _same_direction(line: Any, other: Any) -> bool:
    """Say whether two lines along the same vertices run the same way; of a closed one its ends do not tell."""
    if line.is_closed:
        return bool(shapely.is_ccw(line) == shapely.is_ccw(other))
    return bool(line.coords[0] == other.coords[0])


def _streets(merged: list[tuple[_Edge, bool]], crs: pyproj.CRS | None) -> gpd.GeoDataFrame:
    """Return streets with our fields, in the order of the file."""
    import geopandas as gpd  # noqa: PLC0415 - slow to import

    tags = [
        edge.data | {"highway": edge.data.get("highway", NO_CLASS), "oneway": "yes" if one_way else "no"}
        for edge, one_way in merged
    ]
    features = gpd.GeoDataFrame(columns_of(tags), geometry=[edge.line for edge, _ in merged], crs=crs)
    features.insert(0, "osm_id", np.arange(len(merged)))
    layer = layer_of(features, "streets")
    rows = layer.pop("osm_id").to_numpy()
    layer.loc[["highway" not in merged[row][0].data for row in rows], "class"] = None
    layer.insert(0, "osm_id", [merged[row][0].data.get("osmid") for row in rows])
    layer["graph_from"] = [merged[row][0].one for row in rows]
    layer["graph_to"] = [merged[row][0].other for row in rows]
    return layer
