"""Know what pipes carry and since when, how much of them lies on some land, and along which streets they run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis_planning import geo
from gis_planning.analysis.lines import singled, within
from gis_planning.conventions import facts
from gis_planning.errors import RuleError
from gis_planning.geo import Flags, Floats, Geometries, Index
from gis_planning.texts import Lang, Text, say, text

#: Years that a survey may state; 0 and 9999 stand for none.
YEARS = (1850, 2100)
#: A pipe that lies along a street for no more than this crosses it.
CROSSES_M = 0.01
#: How many words that are no kinds a note names.
NAMED = 5
#: Pairs of a street and a pipe that are looked at together, for the memory that land beside streets takes.
AT_ONCE = 20_000
#: A word that holds several of our words is of the first of these kinds: 雨污合流, 供热给水.
ORDER = ("combined", "reclaimed", "heating", "sewage", "rain", "gas", "water", "power", "telecom")


class Named(Text):
    """Kinds of pipes, spoken in the reader's language."""

    def __init__(self, kinds: tuple[str, ...]) -> None:
        super().__init__("pipes.kinds", {"kinds": list(kinds)})

    def to(self, lang: Lang) -> str:
        """Return the titles."""
        return say("circles.any_of", lang).join(say(f"guide.value_pipes_{kind}", lang) for kind in self.facts["kinds"])


def kinds_of(pipes: gpd.GeoDataFrame) -> NDArray[Any]:
    """Return what each pipe carries (conventions/pipes.toml), empty where it says nothing that we know.

    Examples
    --------
    >>> words = ["污水管", "WS", "雨污合流", None, "氧气"]
    >>> kinds_of(gpd.GeoDataFrame({"kind": words}, geometry=[shapely.Point(0, 0)] * 5)).tolist()
    ['sewage', 'sewage', 'combined', '', '']
    """
    if "kind" not in pipes.columns:
        return np.full(len(pipes), "", dtype=object)
    number, every = pd.factorize(pipes["kind"])
    titles = np.array([*(_kind(str(word).strip().casefold()) for word in every), ""], dtype=object)
    return np.asarray(titles[number])


def unknown_words(pipes: gpd.GeoDataFrame) -> list[str]:
    """Return the words for kinds that we do not know, each once."""
    said = pd.Series(pipes["kind"]).dropna().unique() if "kind" in pipes.columns else []
    return sorted({str(word).strip() for word in said if str(word).strip() and not _kind(str(word).strip().casefold())})


def refuse_unknown_kinds(kinds: Iterable[str]) -> None:
    """Refuse a clause that names kinds of pipes that do not exist.

    Raises
    ------
    RuleError
        A kind is not in the closed list, or none is named.
    """
    known = facts("pipes")["kinds"]
    if not tuple(kinds):
        raise RuleError("pipes.no_kinds", known=sorted(known))
    for one in kinds:
        if one not in known:
            raise RuleError("pipes.unknown_kind", kind=one, known=sorted(known))


def chosen(pipes: gpd.GeoDataFrame, kinds: tuple[str, ...]) -> tuple[Flags, Flags]:
    """Say which pipes are of some kinds, and which may be, because they state none that we know.

    Raises
    ------
    RuleError
        There is no such kind.
    """
    refuse_unknown_kinds(kinds)
    said = kinds_of(pipes)
    return np.isin(said.astype(str), kinds), np.asarray(said == "", dtype=bool)


def notes(pipes: gpd.GeoDataFrame, silent: Flags, undated: Flags | None = None) -> tuple[Text, ...]:
    """Return what a reader must know of pipes: how many state no kind or year, and which words are no kinds."""
    found = list(counted("pipes.note_no_kind", silent))
    if words := unknown_words(pipes):
        found.append(text("pipes.note_words", words=[*words[:NAMED], *(["..."] if len(words) > NAMED else [])]))
    return (*found, *counted("pipes.note_no_year", undated))


def counted(key: str, some: Flags | None) -> tuple[Text, ...]:
    """Return a note on how many pipes are so, nothing where none is."""
    return (text(key, count=int(some.sum())),) if some is not None and some.any() else ()


def years_of(pipes: gpd.GeoDataFrame, field: str = "year") -> Floats:
    """Return the years that pipes state, as numbers or as the beginning of a date; NaN where they state none."""
    if field not in pipes.columns:
        return np.full(len(pipes), np.nan)
    number, every = pd.factorize(pipes[field])
    stated = pd.Series([str(word) for word in every], dtype=object).str.extract(r"^\s*(\d{4})(?!\d)", expand=False)
    year = np.append(pd.to_numeric(stated, errors="coerce").to_numpy(dtype=float), np.nan)[number]
    return np.where((year >= YEARS[0]) & (year <= YEARS[1]), year, np.nan)


def systems_of(pipes: gpd.GeoDataFrame) -> NDArray[Any]:
    """Return the system of each pipe, empty for one of no kind."""
    kinds = kinds_of(pipes)
    for system, own in facts("pipes")["systems"].items():
        kinds[np.isin(kinds.astype(str), own)] = system
    return kinds


def backward(pipes: gpd.GeoDataFrame) -> Flags:
    """Say in which pipes water runs from the end of the line to its beginning."""
    if "flow" not in pipes.columns:
        return np.zeros(len(pipes), dtype=bool)
    said = pipes["flow"].fillna("").astype(str).str.strip().str.casefold().str.removesuffix(".0")
    return np.asarray(said.isin(facts("pipes")["flow"]["against"]), dtype=bool)


def says(pipes: gpd.GeoDataFrame, field: str) -> Flags:
    """Say which pipes state a field in a way that can be read."""
    if field == "kind":
        return np.asarray(kinds_of(pipes) != "", dtype=bool)
    if field == "year":
        return np.isfinite(years_of(pipes))
    if field not in pipes.columns:
        return np.zeros(len(pipes), dtype=bool)
    if pd.api.types.is_numeric_dtype(pipes[field].dtype):
        return np.asarray(pipes[field].fillna(0) > 0, dtype=bool)
    return np.asarray(pipes[field].fillna("").astype(str).str.strip() != "", dtype=bool)


def laid_by(pipes: gpd.GeoDataFrame, by_year: int) -> Floats:
    """Return the year from which each pipe's age counts: that of its renewal, where that came not after a year."""
    laid, renewed = years_of(pipes), years_of(pipes, "renewed")
    return np.asarray(np.fmax(laid, np.where(renewed <= by_year, renewed, np.nan)))


def clipped(pipes: gpd.GeoDataFrame, chosen: Flags, land: Geometries) -> tuple[Geometries, Index]:
    """Return what of some pipes lies on land, every stretch once, and the row of each piece."""
    rows = np.flatnonzero(chosen)
    parts, owner = singled(pipes.geometry.to_numpy()[rows]) if len(rows) else (np.empty(0, dtype=object), rows)
    if not len(parts):
        return np.empty(0, dtype=object), np.empty(0, dtype=np.intp)
    pieces, line = within(parts, land)
    return pieces, rows[owner[line]]


def together(pieces: Geometries, row: Index) -> tuple[Index, Geometries, Floats]:
    """Return the pieces of each row as one shape, with the row and its length; rows that have none are left out."""
    parts, piece = geo.singles(pieces)
    rows, group = np.unique(row[piece], return_inverse=True)
    order = np.argsort(group, kind="stable")
    shapes = shapely.multilinestrings(parts[order], indices=group[order])
    metres = np.bincount(group, weights=shapely.length(parts), minlength=len(rows)).astype(float)
    return rows, shapes, metres


def runs_along(lines: Geometries, pipes: Geometries, within_m: float) -> tuple[Index, Floats, Floats]:
    """Return from where to where, in metres along it, a pipe lies beside each of some lines; overlaps are joined.

    A pipe lies beside a line between the feet of what of it is within a distance: one that only crosses it has no
    length there.

    Examples
    --------
    >>> street = np.array([shapely.LineString([(0, 0), (100, 0)])], dtype=object)
    >>> along = shapely.LineString([(20, 5), (70, 5)])
    >>> across = shapely.LineString([(90, -9), (90, 9)])
    >>> line, low, high = runs_along(street, np.array([along, across], dtype=object), 10)
    >>> line.tolist(), low.tolist(), high.tolist()
    ([0], [20.0], [70.0])
    """
    parts, _ = geo.singles(pipes)
    line, pipe = shapely.STRtree(parts).query(lines, predicate="dwithin", distance=within_m)
    pieces, pair = geo.singles(_beside(lines, line, parts[pipe], within_m))
    xy, vertex = shapely.get_coordinates(pieces, return_index=True)
    line = line[pair]
    foot = shapely.line_locate_point(lines[line[vertex]], shapely.points(xy))
    low, high = np.full(len(pieces), np.inf), np.full(len(pieces), -np.inf)
    np.minimum.at(low, vertex, foot)
    np.maximum.at(high, vertex, foot)
    line, low, high = _joined(line, low, high)
    some = high - low > CROSSES_M
    return line[some], low[some], high[some]


def between(lines: Geometries, line: Index, low: Floats, high: Floats) -> Geometries:
    """Return the stretches of single lines from one metre along them to another.

    Examples
    --------
    >>> bent = np.array([shapely.LineString([(0, 0), (10, 0), (10, 10)])], dtype=object)
    >>> between(bent, np.array([0]), np.array([4.0]), np.array([13.0]))[0].wkt
    'LINESTRING (4 0, 10 0, 10 3)'
    """
    xy, of = shapely.get_coordinates(lines, return_index=True)
    step = np.hypot(*np.diff(xy, axis=0, prepend=xy[:1]).T) * (np.diff(of, prepend=-1) == 0)
    run = np.cumsum(step)
    start = np.searchsorted(of, np.arange(len(lines)))
    run -= run[start][of] if len(start) else 0.0
    size = np.bincount(of, minlength=len(lines))
    # Every corner of a stretch's line, of which those between its ends stay.
    stretch = np.repeat(np.arange(len(line)), size[line])
    corner = np.arange(len(stretch)) - np.repeat(np.cumsum(size[line]) - size[line], size[line]) + start[line][stretch]
    inner = (run[corner] > low[stretch]) & (run[corner] < high[stretch])
    ends = shapely.get_coordinates(shapely.line_interpolate_point(np.r_[lines[line], lines[line]], np.r_[low, high]))
    owner = np.r_[np.arange(len(line)), np.arange(len(line)), stretch[inner]]
    at = np.r_[low, high, run[corner[inner]]]
    order = np.lexsort((at, owner))
    return shapely.linestrings(np.r_[ends, xy[corner[inner]]][order], indices=owner[order])


def gaps(lines: Geometries, line: Index, low: Floats, high: Floats) -> tuple[Index, Floats, Floats]:
    """Return from where to where lines are not covered by joined stretches, which come in order."""
    every, length = np.arange(len(lines)), shapely.length(lines)
    owner = np.r_[every, line]
    begins = np.r_[np.zeros(len(lines)), high]
    order = np.lexsort((begins, owner))
    ends = np.r_[low, length]
    ends = ends[np.lexsort((ends, np.r_[line, every]))]
    owner, begins = owner[order], begins[order]
    some = ends - begins > 0
    return owner[some], begins[some], ends[some]


def _kind(word: str) -> str:
    """Return the kind that a word in small letters means."""
    table: dict[str, list[str]] = {
        kind: [one.casefold() for one in words] for kind, words in facts("pipes")["kinds"].items()
    }
    for kind, words in table.items():
        if word in words:
            return kind
    return next((kind for kind in ORDER if any(not one.isascii() and one in word for one in table[kind])), "")


def _beside(lines: Geometries, line: Index, pipes: Geometries, within_m: float) -> Geometries:
    """Return what of pipes is within a distance of their lines, a block of lines after the other."""
    order = np.argsort(line, kind="stable")
    found = np.empty(len(line), dtype=object)
    for start in range(0, len(line), AT_ONCE):
        some = order[start : start + AT_ONCE]
        own, which = np.unique(line[some], return_inverse=True)
        found[some] = shapely.intersection(pipes[some], geo.buffer(lines[own], within_m)[which])
    return found


def _joined(line: Index, low: Floats, high: Floats) -> tuple[Index, Floats, Floats]:
    """Return stretches of lines in order, those that overlap or touch as one."""
    order = np.lexsort((low, line))
    line, low, high = line[order], low[order], high[order]
    if not len(line):
        return line, low, high
    # Each line lies behind the one before it on one long axis, so that no stretch reaches into the next line's.
    shift = line * (float(high.max()) + 1.0)
    reached = np.maximum.accumulate(high + shift)
    first = np.r_[True, (low + shift)[1:] > reached[:-1]]
    at = np.flatnonzero(first)
    return line[at], low[at], np.maximum.reduceat(high, at)


def by_material(shown: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the length of pipes by material and decade of laying, in m, the longest first; "" is what none states.

    Examples
    --------
    >>> pipes = gpd.GeoDataFrame(
    ...     {"material": ["PE", "PE ", None], "year": [2004.0, 2009.0, np.nan], "length_m": [100.0, 50.0, 7.0]},
    ...     geometry=[shapely.Point()] * 3,
    ... )
    >>> by_material(pipes).to_numpy().tolist()
    [['PE', '2000', 2, 150.0], ['', '', 1, 7.0]]
    """
    stated = shown["material"].map(lambda one: "" if pd.isna(one) else str(one).strip())
    decade = shown["year"].map(lambda one: "" if pd.isna(one) else f"{int(one) // 10 * 10}")
    rows = pd.DataFrame({"material": stated, "decade": decade, "length_m": shown["length_m"]})
    found = rows.groupby(["material", "decade"], sort=True)["length_m"].agg(["size", "sum"]).reset_index()
    found.columns = pd.Index(["material", "decade", "pipes", "length_m"])
    return found.sort_values("length_m", ascending=False, kind="stable", ignore_index=True)
