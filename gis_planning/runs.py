"""Runs as Python users have them: verdicts as a table, one clause with its layers, pictures, and a folder again."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import geopandas as gpd
import pandas as pd

from gis_planning import units
from gis_planning.county.opened import County
from gis_planning.errors import RuleError, SourceError
from gis_planning.judging import judge as judging
from gis_planning.judging import projects as parcels_
from gis_planning.judging import review as reviewing
from gis_planning.judging.frames import judge_frames
from gis_planning.judging.rulebook import Clause, clause_coded, load
from gis_planning.results.opened import Saved, open_saved
from gis_planning.results.schema import OFFENDERS, Layer, described, known_columns, known_layers, restored
from gis_planning.results.surface import VALUE, Surface
from gis_planning.results.tables import BETWEEN
from gis_planning.results.verdicts import Verdict
from gis_planning.texts import Lang, say
from gis_planning.view.looks import styles

if TYPE_CHECKING:
    import folium

_VERDICT_KEYS = ("code", "document", "measure", "outcome", "value", "unit", "margin", "offenders", "message")


class Layers(Mapping[str, pd.DataFrame]):
    """Layers of results by name; land that was sorted square by square is outlined when it is asked for."""

    def __init__(self, frames: Mapping[str, pd.DataFrame], surfaces: Mapping[str, Surface]) -> None:
        self._frames = dict(frames)
        self._surfaces = dict(surfaces)

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a layer."""
        if name in self._surfaces:
            self._frames[name] = self._surfaces.pop(name).outlined(self._frames[name])
        return self._frames[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)


@dataclass(frozen=True)
class Found:
    """What a run found by one clause.

    Attributes
    ----------
    code, outcome, unit, message
        The clause, how it was judged, what its value is counted in, and why.
    value, limit, margin
        The value in its unit, the limit by its key (`at_least` ...), and how far the value is from it; positive is
        good. None where there is no number.
    layers
        Layers of results by name, as GeoDataFrames (tables without shapes as DataFrames), in the working CRS.
    schema
        What each layer is: role, columns with title, kind and unit.
    """

    code: str
    outcome: str
    unit: str
    message: str
    value: float | None
    limit: Mapping[str, float]
    margin: float | None
    layers: Mapping[str, pd.DataFrame]
    schema: Mapping[str, Layer]
    county: str = ""
    lang: Lang = "zh"

    def __repr__(self) -> str:
        value = units.written(self.value, self.unit, "en", self.limit.values())
        return f"<{self.code}: {self.outcome}, {value}>"

    @property
    def offenders(self) -> pd.DataFrame:
        """Return the features that keep the clause from being met, worst first."""
        return self.layers.get(OFFENDERS, pd.DataFrame())

    def by_role(self, role: str) -> dict[str, pd.DataFrame]:
        """Return the layers that have a role: offender, served, unserved, supply, subject ..."""
        return {name: frame for name, frame in self.layers.items() if self.schema[name].role == role}

    def explore(self) -> folium.Map:
        """Return a folium map of the layers, with legend and popups; saved, it opens with the network off."""
        from gis_planning.maps.explore import explored  # noqa: PLC0415 - folium is slow to import

        title = f"{self.county} {self.code}".strip()
        drawn = [
            (self.schema[name], frame) for name, frame in self.layers.items() if isinstance(frame, gpd.GeoDataFrame)
        ]
        return explored(title, [one for one in drawn if one[0].role != "context"], self.lang)

    def _repr_html_(self) -> str:
        """Show the clause in a notebook."""
        facts = [
            ("report.outcome", _badge(self.outcome, self.lang)),
            ("report.value", html.escape(units.written(self.value, self.unit, self.lang, self.limit.values()))),
            ("report.limit", html.escape(units.limit(self.limit, self.unit, self.lang))),
            ("report.margin", html.escape(units.margin(self.margin, self.limit, self.unit, self.lang))),
            ("report.reason", html.escape(self.message)),
        ]
        rows = "".join(f"<tr><th>{html.escape(say(key, self.lang))}</th><td>{one}</td></tr>" for key, one in facts)
        return f"<table><caption><b>{html.escape(self.code)}</b></caption>{rows}</table>"


@dataclass(frozen=True)
class Run:
    """A check of a county or a review of projects: made just now, or opened from its folder.

    Attributes
    ----------
    kind
        `check` or `review`.
    told
        What the run says, as its JSON does.
    found
        What was found by each clause.
    """

    kind: Literal["check", "review"]
    told: Mapping[str, Any]
    found: Mapping[str, Found]
    lang: Lang = "zh"
    writer: Callable[[Path], None] | None = None

    def __repr__(self) -> str:
        return f"<{self.kind} of {self.county}: {len(self)} clauses>"

    def __getitem__(self, code: str) -> Found:
        """Return what was found by a clause."""
        if code not in self.found:
            near = get_close_matches(code, self.found, n=3, cutoff=0.4)
            raise RuleError("results.no_code", code=code, near=near or list(self.found)[:3])
        return self.found[code]

    def __iter__(self) -> Iterator[Found]:
        return iter(self.found.values())

    def __len__(self) -> int:
        return len(self.found)

    @property
    def county(self) -> str:
        """Return the county's name."""
        return str(self.told["county"]["name"])

    @property
    def warnings(self) -> list[str]:
        """Return what a person should look at."""
        return list(self.told.get("warnings", ()))

    @property
    def verdicts(self) -> pd.DataFrame:
        """Return a row for every clause; of a review, for every project and clause."""
        if self.kind == "check":
            rows = [{key: verdict.get(key) for key in _VERDICT_KEYS} | {"limit": dict(verdict["limit"])}
                    for verdict in self.told["verdicts"]]  # fmt: skip
            return pd.DataFrame(rows, columns=[*_VERDICT_KEYS, "limit"])
        rows = [
            {"id": parcel["id"], "name": parcel["name"], "line": line["line"], **clause}
            for parcel in self.told["parcels"]
            for line in parcel["lines"]
            for clause in line["clauses"]
        ]
        return pd.DataFrame(rows)

    def explore(self) -> folium.Map:
        """Return a folium map of what keeps clauses from being met, clause by clause."""
        from gis_planning.maps.explore import explored  # noqa: PLC0415

        drawn = []
        for one in self:
            frame, layer = one.offenders, one.schema.get(OFFENDERS)
            if isinstance(frame, gpd.GeoDataFrame) and len(frame) and layer is not None:
                drawn.append((layer.titled(one.code), frame))
        return explored(self.county, drawn, self.lang)

    def write(self, folder: Path | str) -> None:
        """Write the run into a folder, as the command line does.

        Raises
        ------
        SourceError
            The run was opened from a folder: there is no county to write it anew from.
        OutputError
            Something is in the way; nothing was changed then.
        """
        if self.writer is None:
            raise SourceError("results.saved")
        self.writer(Path(folder))

    def _repr_html_(self) -> str:
        """Show the verdicts in a notebook."""
        heads = "".join(
            f"<th>{html.escape(say(f'report.{key}', self.lang))}</th>"
            for key in ("outcome", "clause", "value", "limit", "margin")
        )
        rows = "".join(
            f"<tr><td>{_badge(one.outcome, self.lang)}</td><td>{html.escape(one.code)}</td>"
            f"<td>{html.escape(units.written(one.value, one.unit, self.lang, one.limit.values()))}</td>"
            f"<td>{html.escape(units.limit(one.limit, one.unit, self.lang))}</td>"
            f"<td>{html.escape(units.margin(one.margin, one.limit, one.unit, self.lang))}</td></tr>"
            for one in self
        )
        return f"<table><caption><b>{html.escape(self.county)}</b></caption><tr>{heads}</tr>{rows}</table>"


def check(
    county: County,
    clauses: Iterable[Clause] | None = None,
    *,
    only: Iterable[str] = (),
    as_of: str | None = None,
    lang: Lang = "zh",
) -> Run:
    """Judge a county.

    Parameters
    ----------
    clauses
        The clauses; left out, those of the documents the county names, or all that count.
    only
        Rule documents, measure families or codes of clauses that narrow them.
    as_of
        The day whose rules count.

    Raises
    ------
    PlanningError
        An input or a rule cannot be used.

    Examples
    --------
    >>> import gis_planning as gp
    >>> run = gp.check(gp.open_county("layers/demo"), only=["green-checkup2022plus"])  # doctest: +SKIP
    >>> run["GC22-1"].value  # doctest: +SKIP
    """
    chosen = tuple(judging.clauses_for(county, only, as_of) if clauses is None else clauses)
    scorecard = judging.check(county, chosen, as_of=as_of)

    def write(folder: Path) -> None:
        from gis_planning.reports import write_check  # noqa: PLC0415

        write_check(scorecard, chosen, folder, lang)

    found = {verdict.code: _found(verdict, county.name, lang) for verdict in scorecard.verdicts}
    return Run("check", scorecard.to_json(lang), found, lang, write)


def review(
    county: County,
    parcels: gpd.GeoDataFrame | Path | str,
    *,
    activity: str | None = None,
    as_of: str | None = None,
    opinions: Iterable[str] | str = (),
    each: bool = False,
    template: Path | str | None = None,
    lang: Lang = "zh",
) -> Run:
    """Judge project parcels against a county's control lines.

    Parameters
    ----------
    parcels
        A GeoDataFrame with `id`, and `name` and `activity` where known; or a file of them.
    activity
        What projects do that do not say it themselves.
    as_of
        The day whose rules count.
    opinions
        Which projects have an opinion in the Word document when the run is written: `all`, `conflicts`, or ids. Left
        out, all; of many, those worst in conflict.
    each
        Whether each opinion is a file of the folder `opinions` when the run is written.
    template
        A Word document of the office, whose letterhead, styles and footers those that are written keep.

    Raises
    ------
    PlanningError
        An input or a rule cannot be used, an opinion is asked for on a project that is not there, or the template is no
        Word document.
    """
    from gis_planning.reports.office import office_document  # noqa: PLC0415 - slow to import
    from gis_planning.reports.opinions import asked, chosen  # noqa: PLC0415

    office = None if template is None else Path(template)
    if office is not None:
        office_document(office)  # refused before anything is judged
    land = (
        parcels_.projects_of(county, parcels)
        if isinstance(parcels, gpd.GeoDataFrame)
        else parcels_.read_projects(county, [Path(parcels)])
    )
    wanted = asked([opinions] if isinstance(opinions, str) else opinions, land["id"], land["source"].unique())
    clauses = reviewing.clauses_for(county, as_of)
    made = reviewing.review(county, land, clauses, activity=parcels_.activity_named(activity), as_of=as_of)

    def write(folder: Path) -> None:
        from gis_planning.reports import write_review  # noqa: PLC0415

        inputs = () if office is None else (office,)
        write_review(made, folder, lang, opinions=chosen(made, wanted), each=each, template=office, inputs=inputs)

    told = made.to_json(lang)
    return Run("review", told, _by_clause(told, made.patches, county.name, lang), lang, write)


def measure(code: str, *, lang: Lang = "zh", **layers: gpd.GeoDataFrame) -> Found:
    """Measure and judge by a shipped clause on plain GeoDataFrames.

    Parameters
    ----------
    code
        The clause, whose settings and limit are taken.
    layers
        By layer kind: `residential`, `parks`, `study_area`, `streets` ..., in one CRS in metres.

    Raises
    ------
    PlanningError
        There is no such clause, it takes no such layer, or the layers are not in one CRS in metres.

    Examples
    --------
    >>> import geopandas as gpd, gis_planning as gp
    >>> from shapely import box
    >>> def land(*boxes):
    ...     return gpd.GeoDataFrame(geometry=list(boxes), crs="EPSG:4526")
    >>> found = gp.measure(
    ...     "GC22-1", residential=land(box(450, 0, 650, 100)), parks=land(box(0, 0, 100, 100)),
    ...     study_area=land(box(-1000, -1000, 1000, 1000)), lang="en",
    ... )
    >>> found.outcome, round(found.value, 6)
    ('fail', 0.75)
    """
    return _found(judge_frames(clause_coded(code, load()), layers), "", lang)


def open_run(folder: Path | str, *, lang: Lang | None = None) -> Run:
    """Open the folder of a run again, one of an earlier program as well.

    Raises
    ------
    SourceError
        There is no run in it, a file of it cannot be read, or a newer program wrote it.
    """
    saved = open_saved(Path(folder))
    spoken = lang or cast("Lang", saved.told.get("lang", "zh"))
    name = str(saved.told["county"]["name"])
    if saved.kind == "review":
        patches = saved.tables.get("patches", pd.DataFrame())
        return Run("review", saved.told, _by_clause(saved.told, patches, name, spoken), spoken)
    parted = {
        table: {code: own for codes, own in frame.groupby("code", sort=False) for code in str(codes).split(BETWEEN)}
        for table, frame in saved.tables.items()
        if "code" in frame.columns
    }
    found = {verdict["code"]: _restored(verdict, parted, saved, name, spoken) for verdict in saved.told["verdicts"]}
    return Run("check", saved.told, found, spoken)


def _found(verdict: Verdict, county: str, lang: Lang) -> Found:
    measured = verdict.measured
    return Found(
        code=verdict.code,
        outcome=verdict.outcome,
        unit=verdict.unit,
        message=verdict.reason.to(lang),
        value=measured.value if measured else None,
        limit=verdict.limit,
        margin=verdict.margin,
        layers=Layers(measured.frames, measured.surfaces) if measured else {},
        schema=measured.schema if measured else {},
        county=county,
        lang=lang,
    )


def _restored(
    told: Mapping[str, Any], tables: Mapping[str, Mapping[str, pd.DataFrame]], saved: Saved, county: str, lang: Lang
) -> Found:
    """Return a verdict of a saved run, given its tables by clause; what the run does not say of them is looked up."""
    said = {layer["id"]: layer for layer in told.get("layers", ())}
    layers, schema, surfaces = {}, {}, {}
    for name, by_code in tables.items():
        if told["code"] not in by_code:
            continue
        own = by_code[told["code"]].drop(columns="code")
        # Of the layers of all clauses a table holds the columns; those of others are empty here.
        own = own.loc[:, [column for column in own.columns if column == "geometry" or own[column].notna().any()]]
        layer = restored(said[name]) if name in said else known_layers().get(name)
        if layer is None:
            continue
        keys = {column.key for column in layer.columns} if name in said else known_columns().keys()
        layers[name] = own[[column for column in own.columns if column == "geometry" or column in keys]].reset_index(
            drop=True
        )
        schema[name] = described(name, layers[name], layer)
        if VALUE in layers[name].columns and not isinstance(layers[name], gpd.GeoDataFrame):
            surfaces[name] = saved.surface(name, told["code"])
    return Found(
        code=told["code"],
        outcome=told["outcome"],
        unit=told["unit"],
        message=told["message"],
        value=told["value"],
        limit=told["limit"],
        margin=told["margin"],
        layers=Layers(layers, surfaces),
        schema=schema,
        county=county,
        lang=lang,
    )


def _by_clause(told: Mapping[str, Any], patches: pd.DataFrame, county: str, lang: Lang) -> dict[str, Found]:
    """Return what a review found by each clause: the worst outcome, and its overlap patches."""
    outcomes: dict[str, list[str]] = {}
    for parcel in told["parcels"]:
        for line in parcel["lines"]:
            for clause in line["clauses"]:
                outcomes.setdefault(clause["code"], []).append(clause["outcome"])
    found = {}
    for code, own in outcomes.items():
        pieces = patches[patches["code"] == code].drop(columns="code") if "code" in patches.columns else patches[:0]
        worst = min(own, key=list(styles()["outcome"]).index)
        counts = say("review.comma", lang).join(
            say("judge.projects_of", lang, outcome=say(f"outcome.{one}", lang), count=own.count(one))
            for one in dict.fromkeys(sorted(own, key=list(styles()["outcome"]).index))
        )
        area = float(pieces["area_m2"].sum()) if len(pieces) else 0.0
        known = [column for column in pieces.columns if column == "geometry" or column in known_columns()]
        layers = {OFFENDERS: pieces[known].reset_index(drop=True)}
        schema = {OFFENDERS: described(OFFENDERS, layers[OFFENDERS])}
        found[code] = Found(code, worst, "m2", counts, area, {"at_most": 0.0}, -area, layers, schema, county, lang)
    return found


def _badge(outcome: str, lang: Lang) -> str:
    colour = styles()["outcome"][outcome]["colour"]
    return f'<b style="color:{colour}">{html.escape(say(f"outcome.{outcome}", lang))}</b>'
