"""Read the parcels of a review, and the tables that go with them: activities, and people's decisions."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
from numpy.typing import NDArray

from gis_planning import geo
from gis_planning.conventions import KindTitle, kinds
from gis_planning.conventions.activities import activities, activity_of, activity_of_use
from gis_planning.county.file import LayerTable
from gis_planning.county.opened import County
from gis_planning.errors import CrsError, FeatureError, InputError, LayerError, RepairError, SourceError
from gis_planning.formats.address import Source
from gis_planning.formats.read import opening
from gis_planning.formats.read.cells import refuse_unread
from gis_planning.formats.read.parcels import read_parcels
from gis_planning.formats.read.sources import fingerprint
from gis_planning.formats.read.tables import SUFFIXES, read_rows
from gis_planning.formats.read.vector import Delivered
from gis_planning.judging.dated import today
from gis_planning.results.ledger import Input
from gis_planning.results.review import Override
from gis_planning.results.verdicts import OUTCOMES
from gis_planning.texts import LANGS, Text, say, text

#: Names of the columns of the side tables, without regard to case.
ID = ("id", "XMBH", "项目编号", "地块编号", "DKBH", "XMDM", "编号", "地块", "项目代码")
ACTIVITY = ("activity", "HDLX", "活动类型")
DECISION = {
    "parcel": ("parcel", *ID),
    "code": ("code", "条款", "条款编号", "条款编码", "规则编号"),
    "outcome": ("outcome", "结论", "认定结论", "认定结果", "人工结论"),
    "reason": ("reason", "理由", "认定理由", "认定依据", "原因"),
    "by": ("by", "认定人", "认定人员", "姓名", "审查人", "复核人", "承办人"),
    "date": ("date", "日期", "认定日期", "认定时间"),
}
#: The outcomes that people give; a fault of our code is none of theirs.
DECIDED = tuple(outcome for outcome in OUTCOMES if outcome != "error")


def read_projects(
    county: County,
    sources: Sequence[Source],
    *,
    crs: str | None = None,
    table: str | None = None,
    activities: Path | None = None,
    progress: Callable[[Text], None] = lambda _: None,
) -> gpd.GeoDataFrame:
    """Return the parcels of some files in the county's working CRS, repaired, every repair listed.

    Parameters
    ----------
    sources
        Files of parcels; without any, the county's own layer `projects`.
    crs
        The CRS of sources that state none.
    table
        The table, sheet or file inside each source, where there are several.
    activities
        A table of activities by id, for parcels that do not say theirs.

    Returns
    -------
    geopandas.GeoDataFrame
        `id`, `name`, `source`, `activity`, `stated_area_m2`, `astray` (it lies far from the county and from all the
        others) and the geometry.

    Raises
    ------
    InputError
        A source cannot be read as parcels, or is empty.
    """
    frames = _told_apart([_read(county, source, crs, table, progress) for source in sources], sources, county)
    if not sources:
        own: Any = county.layer("projects")
        frames = [own.assign(source=county.tables["projects"].source, astray=False)]
    found = _together(frames, county)
    if not len(found):
        raise LayerError("projects.empty", source=[str(source) for source in sources])
    if activities is not None:
        found["activity"] = _filled(found, activities, county)
        county.inputs.append(table_input("activities", activities))
    return _with_activities(found, county)


def _told_apart(
    read: Sequence[tuple[gpd.GeoDataFrame, bool]], sources: Sequence[Source], county: County
) -> list[gpd.GeoDataFrame]:
    """Return the parcels of several files; those that several files count from one go by their file and their number.

    Each table comes with whether its ids only count its parcels.

    Raises
    ------
    FeatureError
        Two such files have the same name.
    """
    frames = [frame for frame, _ in read]
    counted = [at for at, (_, counts) in enumerate(read) if counts]
    times = Counter(id_ for at in counted for id_ in set(frames[at]["id"]))
    again = [at for at in counted if any(times[id_] > 1 for id_ in frames[at]["id"])]
    if not again:
        return frames
    names = Counter(sources[at].stem for at in again)
    if same := [str(sources[at]) for at in again if names[sources[at].stem] > 1]:
        raise FeatureError("projects.same_file_name", source=same)
    listed = [str(sources[at]) for at in again]
    first = f"{sources[again[0]].stem}-{frames[again[0]]['id'].iloc[0]}"
    more = ["..."] if len(listed) > 10 else []
    county.warnings.append(text("projects.told_apart", source=[*listed[:10], *more], count=len(listed), first=first))
    return [
        frame.assign(id=f"{source.stem}-" + frame["id"]) if at in again else frame
        for at, (frame, source) in enumerate(zip(frames, sources, strict=True))
    ]


def projects_of(county: County, parcels: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return parcels of a table in memory as `read_projects` returns those of files.

    Parameters
    ----------
    parcels
        Polygons in a stated CRS, with `id` (their number where there is none), `name` and `activity` where known.

    Raises
    ------
    InputError
        They have no CRS, are not areas, or lie elsewhere.
    """
    source = Path("parcels")
    if parcels.crs is None:
        raise CrsError("frames.no_crs", name=str(source))
    own = parcels.reset_index(drop=True)
    ids = own["id"].astype(str) if "id" in own.columns else pd.Series([str(at + 1) for at in own.index])
    columns = {"id": ids, "name": own["name"] if "name" in own.columns else ids}
    columns |= {one: own[one] for one in ("activity", "use") if one in own.columns}
    frame = gpd.GeoDataFrame(columns, geometry=own.geometry.to_numpy(), crs=parcels.crs)
    found = _taken(county, source, Delivered(frame, pyproj.CRS(parcels.crs), None, None, {}, ()))
    return _with_activities(_together([found], county), county)


def _together(frames: Sequence[gpd.GeoDataFrame], county: County) -> gpd.GeoDataFrame:
    """Return the parcels of several tables as one, with the columns that a review asks for."""
    columns = ("id", "name", "source", "activity", "use", "stated_area_m2", "astray", "geometry")
    whole = pd.concat([frame.reindex(columns=[*columns]) for frame in frames], ignore_index=True)
    return gpd.GeoDataFrame(whole, geometry="geometry", crs=county.crs)


def _with_activities(found: gpd.GeoDataFrame, county: County) -> gpd.GeoDataFrame:
    """Return parcels with their activities, those that say a use with what it stands for."""
    found["activity"] = pd.Series(_by_use(found, county), index=found.index, dtype=object)
    return found.drop(columns="use")


def table_input(name: str, source: Path) -> Input:
    """Return a side table as an input of the run: its file with its hash and how many rows it has.

    It goes by its name alone, for where an office keeps its decisions is nobody's business who reads an opinion.
    """
    return Input(name, source.name, fingerprint(source), len(read_rows(source).rows), "-")


def read_overrides(source: Path, told: Callable[[Text], None] = lambda _: None) -> tuple[Override, ...]:
    """Return people's decisions from a table; every one must say what, why, who and when.

    Raises
    ------
    InputError
        A column or a value is missing, an outcome is none that people give, a date is none or in the future, or a
        clause is decided twice for one parcel.
    """
    words = {say(f"review.outcome.{one}", lang): one for one in DECIDED for lang in LANGS}
    found: dict[tuple[str | None, str | None], int] = {}
    decisions = []
    names, rows = _rows(source, DECISION, told)
    for number, row in rows:
        if lacking := [names[column] for column, value in row.items() if not value]:
            raise FeatureError("projects.override_lacks", source=source, row=number, lacking=lacking)
        outcome = words.get(row["outcome"] or "", row["outcome"])
        if outcome not in DECIDED:
            odd = {"column": names["outcome"], "word": row["outcome"]}
            known = [text(f"review.outcome.{one}") for one in DECIDED]
            raise FeatureError("projects.override_outcome", source=source, row=number, outcomes=known, **odd)
        if (made := _iso_day(row["date"] or "")) is None:
            raise FeatureError("projects.bad_override_day", source=source, row=number, date=row["date"])
        if made > today():
            late = {"column": names["date"], "date": row["date"]}
            raise FeatureError("projects.override_future", source=source, row=number, today=today(), **late)
        key = row["parcel"], row["code"]
        if key in found:
            facts = {"parcel": key[0], "code": key[1], "before": found[key]}
            raise FeatureError("projects.decided_twice", source=source, row=number, **facts)
        found[key] = number
        decisions.append(Override(**{**row, "outcome": outcome, "date": made}, source=source.name))  # type: ignore[arg-type]
    return tuple(decisions)


def activity_named(word: str | None) -> str | None:
    """Return the activity an option names.

    Raises
    ------
    InputError
        There is no such activity.
    """
    found = activity_of(word)
    if word is not None and found is None:
        near = difflib.get_close_matches(word, activities(), n=3) or list(activities())
        raise InputError("projects.unknown_activity", word=word, near=near)
    return found


def day(word: str | None) -> str | None:
    """Return a day an option names, as an ISO date.

    Raises
    ------
    InputError
        It is no date.
    """
    if word is None:
        return None
    if (found := _iso_day(word)) is None:
        raise InputError("projects.bad_day", word=word)
    return found


def _iso_day(word: str) -> str | None:
    """Return a day as an ISO date, however its year, month and day are set apart; None if it is none.

    A time of day after it, which spreadsheets add, is left out.
    """
    plain = re.sub(r"[ T]\d{1,2}:\d{2}.*$", "", word.strip())
    parts = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", plain, re.ASCII)
    try:
        return (date(*map(int, parts.groups())) if parts else date.fromisoformat(plain)).isoformat()
    except ValueError:
        return None


def _read(
    county: County, source: Source, crs: str | None, inner: str | None, progress: Callable[[Text], None]
) -> tuple[gpd.GeoDataFrame, bool]:
    """Return the parcels of a source, and whether their ids only count them within it."""
    progress(text("projects.reading", source=source))
    delivered = read_parcels(source, crs=crs, table=inner, fields=county.project_fields)
    frame = _taken(county, source, delivered)
    digest = delivered.sha256 or fingerprint(source)
    own = geo.crs_name(delivered.crs) if delivered.crs is not None else "-"
    county.inputs.append(Input("projects", str(source), digest, len(delivered.frame), own, delivered.table))
    return frame, delivered.counted


def _taken(county: County, source: Source, delivered: Delivered) -> gpd.GeoDataFrame:
    """Return delivered parcels fit for review; those that vanish on the way are told."""
    assert delivered.crs is not None  # noqa: S101 - read_parcels refuses parcels without one
    table = LayerTable(source=str(source))
    try:
        frame = county.fitted("projects", table, kinds()["projects"], source, delivered, delivered.crs)
    except RepairError as fault:
        # A tolerance in county.toml is for the county's own layers, no cure for these.
        raise FeatureError("projects.crosses_itself", **fault.text.facts) from None
    if not len(frame):
        raise LayerError("county.empty_layer", source=source, layer=KindTitle("projects"), where="-")
    frame["astray"] = _astray(county, frame, source, delivered.called(source))
    county.warnings += delivered.warnings
    if lost := delivered.frame.index.difference(frame.index).tolist():
        # A parcel that vanishes from a review without a word would be taken for one that touches nothing.
        named = [str(one) for one in delivered.frame["id"].reindex(lost[:10])]
        ids = [*named, *(["..."] if len(lost) > len(named) else [])]
        county.warnings.append(text("projects.without_land", source=source, count=len(lost), ids=ids))
    if "stated_area_ha" in delivered.frame.columns:
        frame["stated_area_m2"] = delivered.frame["stated_area_ha"].reindex(frame.index) * geo.SQUARE_METRES_PER_HECTARE
    return frame.assign(source=source.name)


def _astray(county: County, frame: gpd.GeoDataFrame, source: Source, table: str) -> NDArray[np.bool_]:
    """Say which parcels lie far from the county and from all the others; they are told.

    Raises
    ------
    CrsError
        All of them do.
    FeatureError
        One lies so far away that nobody knows its area.
    """
    try:
        far = county.far_away("projects", frame, source, table)
    except CrsError as fault:
        # A file of the command line has no table in county.toml that could say that this is right.
        raise CrsError("projects.elsewhere", **fault.text.facts) from None
    if not far.any():
        return far
    facts = {"source": source, "count": int(far.sum()), "ids": [str(one) for one in frame["id"][far][:10]]}
    if np.isnan(geo.ellipsoid_area(frame.geometry.to_numpy()[far], frame.crs, where_known=True)).any():
        raise FeatureError("projects.beyond", **facts)
    county.warnings.append(text("projects.far_away", **facts))
    return far


def _filled(projects: gpd.GeoDataFrame, source: Path, county: County) -> list[str | None]:
    """Return the projects' activities, those they do not say taken from a side table.

    Rows for parcels that are not there are told: a mistyped id would leave its parcel without an activity.
    """
    said: dict[str | None, str | None] = {}
    for number, row in _rows(source, {"id": ID, "activity": ACTIVITY}, county.warnings.append)[1]:
        if said.setdefault(row["id"], row["activity"]) != row["activity"]:
            raise FeatureError("projects.two_activities", source=source, row=number, parcel=row["id"])
    if strangers := [str(one) for one in said if one not in set(projects["id"])]:
        listed = [*strangers[:10], *(["..."] if len(strangers) > 10 else [])]
        county.warnings.append(text("projects.strangers", source=source, count=len(strangers), ids=listed))
    own = [one if isinstance(one, str) and one.strip() else None for one in projects["activity"]]
    return [one or said.get(id_) for one, id_ in zip(own, projects["id"], strict=True)]


def _by_use(projects: gpd.GeoDataFrame, county: County) -> list[str | None]:
    """Return the projects' activities, those nobody says told by their land use where it can only be one."""
    own = [one if isinstance(one, str) and one.strip() else None for one in projects["activity"]]
    uses = [one.strip() if isinstance(one, str) and one.strip() else None for one in projects["use"]]
    found = [one or activity_of_use(use) for one, use in zip(own, uses, strict=True)]
    open_ = [use for use, activity in zip(uses, found, strict=True) if use is not None and activity is None]
    if read := [use for use, said, activity in zip(uses, own, found, strict=True) if use and activity and not said]:
        county.warnings.append(text("projects.by_use", count=len(read), uses=list(dict.fromkeys(read))[:10]))
    if open_:
        county.warnings.append(text("projects.unknown_use", count=len(open_), uses=list(dict.fromkeys(open_))[:10]))
    return found


def _rows(
    source: Path, columns: dict[str, tuple[str, ...]], told: Callable[[Text], None]
) -> tuple[dict[str, str], list[tuple[int, dict[str, str | None]]]]:
    """Return what a side table calls our columns, and its rows under our names, each with its number."""
    if not source.exists():
        raise SourceError("projects.no_table", source=source)
    if source.is_dir() or source.suffix.lower() not in SUFFIXES:
        raise SourceError("projects.not_a_table", source=source)
    opening.look(source)
    table = read_rows(source)
    plain = [str(name or "").strip().casefold() for name in table.heading]
    at = {}
    for column, aliases in columns.items():
        position = next((plain.index(aliase.casefold()) for aliase in aliases if aliase.casefold() in plain), None)
        names = [one or "-" for one in table.heading]
        if position is None:
            raise SourceError("projects.missing_column", source=source, column=aliases, columns=names)
        if plain.count(plain[position]) > 1:
            raise SourceError("projects.column_again", source=source, column=names[position])
        at[column] = position
    for warning in table.warnings:
        told(warning)
    rows = [(row, {column: _cell(cells, at[column], source) for column in at}) for row, cells in table.rows]
    return {column: str(table.heading[position]).strip() for column, position in at.items()}, rows


def _cell(cells: list[str | None], position: int, source: Path) -> str | None:
    cell = cells[position] if position < len(cells) else None
    refuse_unread(cell, source)
    return (cell or "").strip() or None
