"""Review project parcels: read them, hold them against every control line of the county, and gather the verdicts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import repeat
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis_planning import geo
from gis_planning.conventions import kinds
from gis_planning.conventions.activities import activities, activity_of, activity_title
from gis_planning.county.opened import County
from gis_planning.errors import FeatureError, RuleError
from gis_planning.judging.doubts import doubt_of, doubt_places, held_back, held_back_astray, note_unbounded
from gis_planning.judging.findings import findings
from gis_planning.judging.measuring import Failed, Measuring, Progress, entries
from gis_planning.judging.rulebook import Clause, chosen, load
from gis_planning.judging.shared import Shared, shared_land
from gis_planning.measures.classes import class_table
from gis_planning.results.compared import Comparison, Submitted, compare_review
from gis_planning.results.drawn import patch_id
from gis_planning.results.review import (
    LineReview,
    Office,
    Override,
    ParcelReview,
    Review,
    worst,
)
from gis_planning.results.verdicts import Finding, Measured, Outcome
from gis_planning.texts import LANGS, Spoken, Text, text

#: What a line review asks of a measured project.
_ASKED = (
    *("area_m2", "overlap_m2", "outside_m2", "net_m2", "uncovered_m2", "pieces", "slivers"),
    *("substantial_m2", "boundary_m2", "unclear_m2", "touches", "unsure"),
)
#: What a clause measured, if it could, and what it finds of each project, in their order.
Judged = tuple[Measured | None, tuple[Finding, ...]]


def review(
    county: County,
    projects: gpd.GeoDataFrame,
    clauses: Iterable[Clause],
    *,
    activity: str | None = None,
    overrides: Sequence[Override] = (),
    as_of: str | None = None,
    old: Path | None = None,
    keeps: bool = True,
    progress: Progress = lambda _: None,
) -> Review:
    """Judge project parcels against the control lines of a county.

    Parameters
    ----------
    projects
        Polygons in the working CRS with `id`, `name`, `source`, and `activity` and `stated_area_m2` where known.
    clauses
        The clauses of the run; those with a project rule count.
    activity
        What projects do that do not say it themselves.
    overrides
        People's decisions, by project and clause.
    as_of
        The day whose rules count, for the record; today where left out.
    old
        The folder of an earlier review to compare with.
    keeps
        Whether what is worked out is kept in the user's cache, and taken from it.

    Raises
    ------
    PlanningError
        An input cannot be used. A fault of our own code never raises; it becomes an `error` verdict.
    """
    clauses = tuple(clause for clause in clauses if clause.projects is not None)
    projects = _known(projects, activity, county)
    shared = _shared(county, projects)
    _refuse_unknown_overrides(overrides, projects, clauses)
    measuring = Measuring(county, keeps=keeps, progress=progress)
    astray = _lend(county, clauses, projects)
    judged = {clause.code: _judged(clause, measuring, astray) for clause in clauses}
    lines = _by_line(clauses, judged, county, len(projects))
    patches = _with_decisions(_patches(clauses, judged, projects), overrides)
    classes, notes = _classes(county, projects, progress)
    # It may warn, so that it comes before what is written down.
    compared = _compared(projects, patches, judged, old, county, clauses) if old else None
    parcels = tuple(_parcels(projects, lines, overrides, shared))
    return Review(
        **entries(county, clauses, as_of),
        notes=(*_overlay_notes(clauses, judged), *notes, *_misstated(parcels)),
        clauses=tuple(_described(clause) for clause in clauses),
        parcels=parcels,
        parcels_layer=projects,
        patches=patches,
        classes=classes,
        compared=compared,
        office=Office(**county.opinion.model_dump()),
    )


def _shared(county: County, projects: gpd.GeoDataFrame) -> Shared:
    """Return what land projects share; told are also activities that nobody knows."""
    shared = shared_land(projects)
    county.warnings += [*_unknown_activities(projects), *shared.warnings()]
    return shared


def _unknown_activities(projects: gpd.GeoDataFrame) -> list[Text]:
    """Tell of activities that are stated in words nobody knows."""
    odd = projects.loc[projects["activity"].isna() & projects["activity_said"].notna(), "activity_said"]
    if not len(odd):
        return []
    return [text("review.unknown_activity", words=list(odd.unique()[:10]), known=list(activities()))]


def _misstated(parcels: Sequence[ParcelReview]) -> list[Text]:
    """Tell of projects whose stated area is not the measured one."""
    ids = [parcel.id for parcel in parcels if parcel.misstated_m2 is not None]
    return (
        [text("review.misstated", count=len(ids), ids=[*ids[:10], *(["..."] if len(ids) > 10 else [])])] if ids else []
    )


def clauses_for(county: County, as_of: str | None = None) -> tuple[Clause, ...]:
    """Return the clauses that projects of a county are held to.

    They are those of the documents the county names; a county that names none with such a clause means its checks, and
    is reviewed by all documents in force.

    Raises
    ------
    RuleError
        A document or clause cannot be used, or none was in force on the day.
    """
    known = load(county.folder / "rules")
    for rules in (county.settings.rules, None):
        if found := chosen(known, rules=rules, as_of=as_of, projects=True, confirmed=county.settings.confirmed):
            break
    if as_of and not found:
        # By no clause nothing fails: that must not look like projects with which nothing is wrong.
        raise RuleError("rules.none_in_force", day=as_of)
    return found


def lines_of(county: County) -> tuple[str, ...]:
    """Return the control lines a review names: all kinds there are, and the county's own."""
    known = [name for name, kind in kinds().items() if kind.control and name != "control_line"]
    return (*known, *(name for name, table in county.tables.items() if table.kind == "control_line"))


def _known(projects: gpd.GeoDataFrame, activity: str | None, county: County) -> gpd.GeoDataFrame:
    """Return the projects with activities of the closed list; two projects of one id are refused."""
    twice = projects["id"][projects["id"].duplicated()].unique()
    if len(twice):
        read = {Path(entry.source).name: entry.source for entry in county.inputs if entry.layer == "projects"}
        sources = [read.get(one, one) for one in projects.loc[projects["id"].isin(twice), "source"].unique()]
        raise FeatureError("review.same_id", source=sources, ids=list(twice[:10]), count=len(twice))
    said = (
        projects["activity"] if "activity" in projects.columns else pd.Series(None, index=projects.index, dtype=object)
    )
    meant = [activity if pd.isna(one) or not str(one).strip() else activity_of(str(one)) for one in said]
    return projects.assign(activity=np.array(meant, dtype=object), activity_said=said).reset_index(drop=True)


def _refuse_unknown_overrides(
    overrides: Sequence[Override], projects: gpd.GeoDataFrame, clauses: Sequence[Clause]
) -> None:
    ids, codes = set(projects["id"]), {clause.code for clause in clauses}
    for override in overrides:
        if override.parcel not in ids or override.code not in codes:
            which = text("review.override_parcel" if override.parcel not in ids else "review.override_clause")
            facts = {"parcel": override.parcel, "code": override.code, "which": which}
            raise FeatureError("review.unknown_override", source=override.source or "-", **facts)


def _lend(county: County, clauses: Sequence[Clause], projects: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Lend the projects to a county and doubt where layers lie; return which may lie astray, which no measure sees."""
    none = np.zeros(len(projects), dtype=bool)
    astray = projects.pop("astray").to_numpy(dtype=bool) if "astray" in projects.columns else none
    county.lend("projects", projects)
    doubt_places(county, clauses)
    note_unbounded(county, clauses, projects)
    return np.asarray(astray)


def _judged(clause: Clause, measuring: Measuring, astray: NDArray[np.bool_]) -> Judged:
    measured = measuring.of(clause)
    if isinstance(measured, Failed):
        return None, held_back_astray(_same(clause, measured.outcome, measured.reason, len(astray)), astray)
    doubt = doubt_of(clause, measuring.county, without=frozenset({"projects"}))
    return measured, held_back_astray(held_back(findings(clause, measured), doubt), astray)


def _same(clause: Clause, outcome: Outcome, reason: Text, size: int) -> tuple[Finding, ...]:
    return (Finding(clause.code, outcome, outcome, borderline=False, message=reason),) * size


def _by_line(
    clauses: Sequence[Clause], judged: Mapping[str, Judged], county: County, size: int
) -> dict[str, list[LineReview]]:
    """Return what is to be said of every project by each control line, those without a clause too."""
    own: dict[str, list[Clause]] = {line: [] for line in lines_of(county)}
    for clause in clauses:
        own.setdefault(clause.layers["line"], []).append(clause)
    return {line: _line_reviews(line, some, judged, county, size) for line, some in own.items()}


def _line_reviews(
    line: str,
    clauses: Sequence[Clause],
    judged: Mapping[str, Judged],
    county: County,
    size: int,
) -> list[LineReview]:
    if not clauses:
        key = "review.no_rule" if county.has(line) else "review.not_delivered"
        return [LineReview(line, "not-assessed", text(key))] * size
    # The clause over the whole line has the figures and speaks first; clauses over parts of it come after.
    ordered = sorted(clauses, key=lambda one: len(one.settings["where"]))
    whole = next((judged[clause.code][0] for clause in ordered if judged[clause.code][0] is not None), None)
    rows = repeat(None, size) if whole is None else _rows(whole.layers["parcels"])
    own = list(zip(*(judged[clause.code][1] for clause in ordered), strict=True))
    return [_line_review(line, found, row) for found, row in zip(own, rows, strict=True)]


def _rows(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield what a line review asks of each project, one by one, as plain numbers."""
    for values in zip(*(frame[name].tolist() for name in _ASKED), strict=True):
        yield dict(zip(_ASKED, values, strict=True))


def _line_review(line: str, found: tuple[Finding, ...], row: Mapping[Any, Any] | None) -> LineReview:
    outcome = worst([one.outcome for one in found])
    message = next(one.message for one in found if one.outcome == outcome)
    if row is None or row["unsure"]:
        return LineReview(line, outcome, message, findings=found)
    return LineReview(
        line=line,
        outcome=outcome,
        message=message,
        overlap_m2=row["overlap_m2"],
        outside_m2=row["outside_m2"],
        net_m2=None if math.isnan(row["net_m2"]) else row["net_m2"],
        uncovered_m2=row["uncovered_m2"],
        share=row["overlap_m2"] / row["area_m2"] if row["area_m2"] else 0.0,
        pieces=int(row["pieces"]),
        slivers=int(row["slivers"]),
        substantial_m2=row["substantial_m2"],
        boundary_m2=row["boundary_m2"],
        unclear_m2=row["unclear_m2"],
        touches=tuple(row["touches"] or ()),
        findings=found,
    )


def _parcels(
    projects: gpd.GeoDataFrame, lines: Mapping[str, list[LineReview]], overrides: Sequence[Override], shared: Shared
) -> Iterable[ParcelReview]:
    area = geo.ellipsoid_area(projects.geometry.to_numpy(), projects.crs)
    plane = shapely.area(projects.geometry.to_numpy())
    stated = projects["stated_area_m2"] if "stated_area_m2" in projects.columns else [None] * len(projects)
    columns = (projects["id"], projects["name"], projects["source"], projects["activity"], stated)
    beside = shared.by_project()
    decided: dict[str, list[Override]] = {}
    for override in overrides:
        decided.setdefault(override.parcel, []).append(override)
    for at, (id_, name, source, activity, said) in enumerate(zip(*columns, strict=True)):
        yield ParcelReview(
            id=str(id_),
            name=str(id_ if pd.isna(name) else name),
            source=str(source),
            activity=activity if isinstance(activity, str) else None,
            area_m2=float(area[at]),
            plane_area_m2=float(plane[at]),
            stated_area_m2=None if pd.isna(said) else float(said),
            lines=tuple(of_line[at] for of_line in lines.values()),
            overrides=tuple(decided.get(id_, ())),
            shared=beside.get(str(id_), ()),
        )


def _patches(
    clauses: Sequence[Clause],
    judged: Mapping[str, Judged],
    projects: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:
    """Return the overlap patches of all clauses, each with an id that lasts as long as it does not change."""
    ids = projects["id"].to_numpy(dtype=object)
    found: list[gpd.GeoDataFrame] = []
    for clause in clauses:
        measured, verdicts = judged[clause.code]
        if measured is None or not len(measured.offenders):
            continue
        patches = measured.offenders
        outcomes = np.array([verdict.outcome for verdict in verdicts], dtype=object)
        parcel = patches["parcel"].to_numpy()
        codes = [
            patch_id(str(ids[one]), clause.code, shape) for one, shape in zip(parcel, patches.geometry, strict=True)
        ]
        table = {
            "id": codes,
            "project_id": ids[parcel],
            "project": patches["project"],
            "code": clause.code,
            "line": clause.layers["line"],
            "outcome": outcomes[parcel],
            **{name: patches[name] for name in ("area_m2", "plane_area_m2", "width_m", "label")},
            "touches": ["; ".join(touch or ()) for touch in patches["touches"]],
        }
        found.append(gpd.GeoDataFrame(table, geometry=patches.geometry, crs=projects.crs))
    if not found:
        return gpd.GeoDataFrame(
            {name: [] for name in ("id", "project_id", "code", "area_m2")}, geometry=[], crs=projects.crs
        )
    return gpd.GeoDataFrame(pd.concat(found, ignore_index=True), crs=projects.crs)


def _with_decisions(patches: gpd.GeoDataFrame, overrides: Sequence[Override]) -> gpd.GeoDataFrame:
    """Return overlap patches with the outcome that people gave each, where they gave any one."""
    decided = {(override.parcel, override.code): override.outcome for override in overrides}
    given = [decided.get(one) for one in zip(patches["project_id"], patches["code"], strict=True)]
    if not any(given):
        return patches
    return patches.assign(outcome_decided=pd.Series(given, index=patches.index, dtype=object))


def _compared(
    projects: gpd.GeoDataFrame,
    patches: gpd.GeoDataFrame,
    judged: Mapping[str, Judged],
    old: Path,
    county: County,
    clauses: Sequence[Clause],
) -> Comparison:
    """Return what changed since an earlier review; told are parcels not submitted again or redrawn, and others."""
    ids = [str(one) for one in projects["id"]]
    known = {
        (id_, code)
        for code, (_, verdicts) in judged.items()
        for id_, one in zip(ids, verdicts, strict=True)
        if one.outcome not in {"not-assessed", "error"}
    }
    parcels = {id_: one if isinstance(one, str) else None for id_, one in zip(ids, projects["activity"], strict=True)}
    rules = tuple(dict.fromkeys(clause.document.id for clause in clauses))
    submitted = Submitted(parcels, projects.geometry, dict(zip(ids, map(str, projects["source"]), strict=True)))
    compared = compare_review(patches, old, submitted, judged=known, rules=rules)
    county.warnings += compared.elsewhere(county.name, county.settings.code)
    if compared.redrawn is None:
        county.warnings.append(text("review.no_outlines", source=old))
    for key, some in (("review.not_again", compared.absent), ("review.redrawn", compared.redrawn)):
        if some:
            listed = [*some[:10], *(["..."] if len(some) > 10 else [])]
            county.warnings.append(text(key, count=len(some), ids=listed))
    if other := compared.activities:
        named = [
            text("review.activity_was", id=id_, before=_named(was), after=_named(is_))
            for id_, (was, is_) in other.items()
        ]
        more = [*named[:10], *(["..."] if len(named) > 10 else [])]
        county.warnings.append(text("review.other_activities", count=len(other), ids=more))
    if any(compared.rules):
        gone, new = (list(one) or ["-"] for one in compared.rules)
        county.warnings.append(text("review.other_rules", gone=gone, new=new))
    return compared


def _named(activity: str | None) -> Text:
    """Return what readers call an activity."""
    return (
        text("review.activity_unknown")
        if activity is None
        else Spoken({lang: activity_title(activity, lang) for lang in LANGS})
    )


def _classes(
    county: County, projects: gpd.GeoDataFrame, progress: Progress
) -> tuple[pd.DataFrame | None, tuple[Text, ...]]:
    if not county.has("land_use"):
        return None, (text("review.no_land_use"),)
    progress(text("review.classes"))
    try:
        land_use: Any = county.layer("land_use")
        if "class" not in land_use.columns:
            return None, (text("review.no_class"),)
        great = county.settings.great_classes
        notes = (
            (text("review.great_classes", classes=[f"{code}={one}" for code, one in great.items()]),) if great else ()
        )
        return class_table(projects, land_use, great=great), notes
    except ArithmeticError as fault:
        return None, (text("review.classes_unsure", reason=fault),)


def _overlay_notes(clauses: Sequence[Clause], judged: Mapping[str, Judged]) -> tuple[Text, ...]:
    """Return how all cuts were made, as one note each: the largest move, and what all lines left out as rounding."""
    measured = [judged[clause.code][0] for clause in clauses if not clause.settings["where"]]
    cuts = [one.cut for one in measured if one is not None and one.cut is not None]
    if not cuts:
        return ()
    farthest = max(cuts, key=lambda one: one.moved_m)
    return replace(farthest, rounding=sum(cut.rounding for cut in cuts)).notes


def _described(clause: Clause) -> dict[str, Any]:
    return {
        "code": clause.code,
        "document": clause.document.id,
        "line": clause.layers["line"],
        "settings": dict(clause.settings),
        "limit": dict(clause.limit),
        "severity": clause.severity,
        "numbers": dict(clause.numbers),
        "texts": dict(clause.texts),
        "laws": dict(clause.laws),
        "projects": clause.projects.model_dump() if clause.projects else {},
    }
