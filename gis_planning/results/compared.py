"""Hold a run against an earlier one: of everything that either judged, what is new, gone, changed or the same.

A check judges a clause on the county and on each district, a review judges a clause on pieces of each parcel.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from gis_planning.errors import SourceError
from gis_planning.results.drawn import patch_id, redrawn
from gis_planning.results.mended import earlier_faults, judged_codes, with_states
from gis_planning.results.opened import FILES, read_told, tables_of
from gis_planning.results.schema import OFFENDERS
from gis_planning.texts import Text, text
from gis_planning.units import units

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from gis_planning.results.verdicts import Measured, Verdict

#: What layers of a run are to its clauses that are looked at beside those of an earlier run.
SERVING = ("supply", "served", "area")
#: Of a parcel that was not submitted again (`absent`), and of a clause not judged again, nobody knows what is gone.
Kind = Literal["new", "gone", "changed", "same", "absent", "unjudged"]
#: The columns of layers of reviews that hold the ids of parcels.
_ID_OF = {"parcels": "id", "patches": "project_id"}
#: Figures as near to each other as one of these are the same.
SAME_RELATIVE, SAME_ABSOLUTE = 1e-7, 1e-9


@dataclass(frozen=True)
class Seen:
    """What one run says of one thing: of a clause on the whole county (no place), in a district, or on a parcel."""

    code: str
    place: str | None
    value: float | None
    outcome: str | None
    unit: str


@dataclass(frozen=True)
class Change:
    """What became of one thing that was judged; `patch` is the id of the piece, where it is one of a parcel.

    `redrawn` says that a piece has another outline than the one it was.
    """

    code: str
    place: str | None
    kind: Kind
    unit: str
    before: float | None
    after: float | None
    outcome_before: str | None
    outcome_after: str | None
    patch: str | None = None
    redrawn: bool = False

    @property
    def delta(self) -> float | None:
        """Return after minus before, None where one of them was not measured."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def figure_moved(self) -> bool:
        """Say whether the figure is another one; what two machines reckon otherwise in the last digits is not."""
        if self.before is None or self.after is None:
            return self.before is not self.after
        return not math.isclose(self.before, self.after, rel_tol=SAME_RELATIVE, abs_tol=SAME_ABSOLUTE)

    def to_json(self) -> dict[str, Any]:
        """Return it as other tools read it."""
        if self.patch is None:
            figures = {"before": self.before, "after": self.after}
            outcomes = {"outcome_before": self.outcome_before, "outcome_after": self.outcome_after}
            return {"code": self.code, "district": self.place, **figures, **outcomes, "delta": self.delta}
        piece = {"id": self.patch, "parcel": self.place, "code": self.code, "change": self.kind}
        areas = {"before_m2": self.before, "after_m2": self.after}
        return {**piece, **areas, "before": self.outcome_before, "after": self.outcome_after}


@dataclass(frozen=True)
class Comparison:
    """A run against an earlier one of the same kind.

    `absent` are the parcels that were not submitted again, `activities` those whose activity is another, with what it
    was and what it is; `rules` the ids of the documents of one run that are not in the other, of the earlier one and of
    this. `redrawn` are the parcels whose outline is another, None where the earlier run's outlines are not there.
    `names` are what the earlier run called its parcels, `lines` the control lines of its clauses. `shapes` are layers
    of the earlier run.
    `faults` are those of this delivery and `gone` those of the earlier one that are no more, both with their state;
    None where there is nothing to compare them by. `county` is the name and the code of the county of the earlier run,
    as far as it says them; `features` how many each of its layers had.
    """

    data_date: str | None
    version: str | None
    changes: tuple[Change, ...]
    absent: tuple[str, ...] = ()
    activities: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)
    rules: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    redrawn: tuple[str, ...] | None = ()
    names: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)
    shapes: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    faults: pd.DataFrame | None = None
    gone: pd.DataFrame | None = None
    county: tuple[str | None, str | None] = (None, None)
    features: Mapping[str, int] = field(default_factory=dict)

    def layer(self, name: str, code: str) -> gpd.GeoDataFrame | None:
        """Return a layer of the earlier run as far as it is of a clause; None where it has nothing."""
        whole = self.shapes.get(name)
        if whole is None or "code" not in whole.columns:
            return None
        frame = whole[(whole["code"] == code).to_numpy()]
        return frame.loc[:, ~frame.isna().all()] if len(frame) else None

    def elsewhere(self, name: str, code: str | None) -> tuple[Text, ...]:
        """Warn where the earlier run is of another county than this, by its name or its code."""
        was, its = self.county
        if was in (None, name) and (None in (its, code) or its == code):
            return ()
        before, now = (f"{one} ({two})" if two else str(one or two) for one, two in (self.county, (name, code)))
        return (text("results.other_county", before=before, now=now),)

    def to_json(self) -> list[dict[str, Any]]:
        """Return the changes as other tools read them."""
        return [change.to_json() for change in self.changes]


def compare_check(verdicts: Iterable[Verdict], old: Path, faults: pd.DataFrame | None = None) -> Comparison:
    """Compare verdicts with an earlier check, clause by clause and district by district, and faults one by one.

    Layers come with it: what kept clauses from being met, and what serves them.
    A figure that is as it was but for the last digits has not changed, a figure in another unit has.
    Of a clause that is judged no more only the figure of the county is told.

    Raises
    ------
    SourceError
        There is no readable `scorecard.json` in the folder.
    """
    verdicts = tuple(verdicts)
    spoken = [verdict.to_json("en") for verdict in verdicts]
    looked_at = {name for one in verdicts if one.measured is not None for name in serving(one.measured)}
    with _read(old, "check") as told:
        facts, then = _facts(told), _figures(told["verdicts"])
        before, judged_then = earlier_faults(old, told["verdicts"]), judged_codes(told["verdicts"])
    if before is not None and (faults is not None or len(before)):
        here = before.iloc[:0] if faults is None else faults
        both = with_states(here, before, judged=judged_codes(spoken), judged_then=judged_then)
        facts |= dict(zip(("faults", "gone"), both, strict=True))
    now = _figures(spoken)
    order = {code: at for at, code in enumerate(dict.fromkeys(code for code, *_ in (*now, *then)))}
    keys = [key for key in dict.fromkeys((*now, *then)) if len(key) == 1 or (key[0],) in now]
    pairs = [(then.get(key), now.get(key)) for key in sorted(keys, key=lambda key: order[key[0]])]
    return Comparison(
        **facts,
        changes=tuple(_held(before, after) for before, after in pairs),
        shapes=earlier_layers(old / FILES["check"][1], {OFFENDERS, *looked_at}),
    )


@dataclass(frozen=True)
class Submitted:
    """The parcels of a review: by their ids what they do (`parcels`) and their files, and in that order their outlines.

    A file that counts its parcels from one names them by their numbers where it is alone, and by its own name and their
    numbers beside another such file.
    """

    parcels: Mapping[str, str | None]
    outlines: gpd.GeoSeries
    sources: Mapping[str, str]

    def renamed(self, earlier: Mapping[str, str]) -> dict[str, str]:
        """Return what parcels of an earlier run, whose files are given by their ids, are called in this one."""
        mine = {(source, id_): id_ for id_, source in self.sources.items() if id_ not in earlier}
        found = {}
        for id_, source in earlier.items():
            first = f"{Path(source).stem}-"
            now = mine.get((source, first + id_)) or mine.get((source, id_.removeprefix(first)))
            if id_ not in self.parcels and now is not None:
                found[id_] = now
        return found


def compare_review(
    patches: gpd.GeoDataFrame,
    old: Path,
    submitted: Submitted,
    *,
    judged: Collection[tuple[str, str]],
    rules: Collection[str],
) -> Comparison:
    """Compare overlap patches with those of an earlier review; those that are the same are left out.

    A patch with the same id has the same land, and has changed where its verdict has. Of those left, patches of one
    project and one clause are taken for the same that changed, the largest with the largest. A patch is gone only where
    its parcel was submitted again and its clause judged again.

    Parameters
    ----------
    patches
        The patches of this review.
    old
        The folder of the earlier one.
    submitted
        The parcels of this review.
    judged
        The parcels and clauses on which this review gives a verdict.
    rules
        The ids of the documents by which this review judges.

    Raises
    ------
    SourceError
        There is no readable `review.json` in the folder.
    """
    parcels = submitted.parcels
    with _read(old, "review") as told:
        usual = told.get("left_out", {}).get("parcel", {}).get("source")
        new = submitted.renamed({str(one["id"]): str(one.get("source", usual)) for one in told["parcels"]})
        before = {_now(one["id"], new): one.get("activity") for one in told["parcels"]}
        names = {_now(one["id"], new): str(one["name"]) for one in told["parcels"] if one.get("name")}
        lines = {str(one["code"]): str(one["line"]) for one in told["patches"] if one.get("line")}
        ruled = [str(one["id"]) for one in told["documents"]]
        facts, then = _facts(told), _renamed(_pieces(told["patches"]), patches, new)
    now = _pieces(patches.drop(columns="geometry").to_dict("records"))
    shapes = earlier_layers(old / FILES["review"][1], ["parcels", "patches"])
    for name, frame in shapes.items():
        if new and (column := _ID_OF[name]) in frame.columns:
            frame[column] = [_now(one, new) for one in frame[column]]
    again = any(one in parcels for one in before)
    return Comparison(
        **facts,
        changes=tuple(one for one in _of_pieces(now, then, parcels, judged) if one.kind != "same"),
        absent=tuple(one for one in before if one not in parcels),
        activities={id_: (was, parcels[id_]) for id_, was in before.items() if id_ in parcels and was != parcels[id_]},
        rules=(tuple(one for one in ruled if one not in rules), tuple(one for one in rules if one not in ruled)),
        redrawn=redrawn(list(parcels), submitted.outlines, shapes.get("parcels")) if again else (),
        names=names,
        lines=lines,
        shapes=shapes,
    )


def _now(id_: Any, renamed: Mapping[str, str]) -> str:
    """Return what a parcel of an earlier run is called in this one."""
    return renamed.get(str(id_), str(id_))


def _renamed(then: Mapping[str, Seen], patches: gpd.GeoDataFrame, renamed: Mapping[str, str]) -> Mapping[str, Seen]:
    """Return the patches of an earlier run with the ids of this one, where a parcel is called otherwise."""
    if not renamed:
        return then
    was = {now: before for before, now in renamed.items()}
    ids = {
        patch_id(was[parcel], code, shape): id_
        for id_, parcel, code, shape in zip(
            patches["id"], patches["project_id"], patches["code"], patches.geometry, strict=True
        )
        if parcel in was
    }
    return {ids.get(id_, id_): replace(one, place=_now(one.place, renamed)) for id_, one in then.items()}


def _of_pieces(
    now: Mapping[str, Seen],
    then: Mapping[str, Seen],
    parcels: Collection[str],
    judged: Collection[tuple[str, str]],
) -> Iterator[Change]:
    """Yield what became of the patches of two reviews, those that both have first; see `compare_review`."""
    for id_ in sorted(now.keys() & then.keys()):
        moved = then[id_].outcome not in (None, now[id_].outcome)
        yield _change(then[id_], now[id_], moved=moved, patch=id_)
    new, gone = _left(now, then), _left(then, now)
    for key in sorted(new.keys() | gone.keys()):
        for after, earlier in zip_longest(new.get(key, ()), gone.get(key, ()), fillvalue=("", None)):
            one = _change(earlier[1], after[1], moved=True, patch=after[0] or earlier[0])
            if one.kind == "gone" and (key[0] not in parcels or key not in judged):
                one = replace(one, kind="unjudged" if key[0] in parcels else "absent")
            yield replace(one, redrawn=one.kind == "changed")


def serving(measured: Measured) -> list[str]:
    """Return the layers of a measurement that say what serves, as they are drawn on the map of all clauses."""
    told = [(name, measured.schema[name]) for name in measured.layers if name not in measured.surfaces]
    return [name for name, one in told if one.role in SERVING and not one.page]


def earlier_layers(file: Path, names: Collection[str]) -> dict[str, gpd.GeoDataFrame]:
    """Return those layers of an earlier run's GeoPackage that are there; none where it is gone or cannot be read.

    What changed is told by the figures of both runs; the shapes are only for looking.
    """
    import geopandas as gpd  # noqa: PLC0415 - light modules import this one

    found = {}
    try:
        for name, frame in tables_of(file, names.__contains__):
            if isinstance(frame, gpd.GeoDataFrame):
                found[name] = frame[~(frame.geometry.isna() | frame.geometry.is_empty)].reset_index(drop=True)
    except SourceError:
        return {}
    return {name: frame for name, frame in found.items() if len(frame) and frame.crs is not None}


@contextmanager
def _read(old: Path, kind: Literal["check", "review"]) -> Iterator[dict[str, Any]]:
    """Give what an earlier run says, and refuse it where it does not say what is asked for."""
    file = old / FILES[kind][0]
    try:
        yield read_told(file)
    except (KeyError, TypeError, AttributeError):
        raise SourceError("results.bad_old_run", file=file) from None


def _facts(told: Mapping[str, Any]) -> dict[str, Any]:
    county = told["county"]
    facts = {"data_date": county.get("data_date"), "version": told["program"].get("version")}
    features: Counter[str] = Counter()
    for one in told.get("inputs", ()):
        features[str(one["layer"])] += count if isinstance(count := one.get("features"), int) else 0
    return {**facts, "county": (county.get("name"), county.get("code")), "features": features}


def _figures(verdicts: Iterable[Mapping[str, Any]]) -> dict[tuple[str, ...], Seen]:
    """Return the figures of verdicts by clause, those of districts by clause and district."""
    found: dict[tuple[str, ...], Seen] = {}
    for one in verdicts:
        code, unit = one["code"], str(one.get("unit"))
        # An earlier program may have counted in what this one does not know.
        unit = unit if unit in units() else "share"
        found[code,] = Seen(code, None, one.get("value"), one.get("outcome"), unit)
        for part in one.get("districts", ()):
            found[code, part["name"]] = Seen(code, part["name"] or "", part["value"], None, unit)
    return found


def _pieces(patches: Iterable[Mapping[str, Any]]) -> dict[str, Seen]:
    """Return the overlap patches of a review by their ids."""
    return {
        one["id"]: Seen(one["code"], one["project_id"], one["area_m2"], one.get("outcome"), "m2") for one in patches
    }


def _left(these: Mapping[str, Seen], those: Mapping[str, Seen]) -> dict[tuple[str, str], list[tuple[str, Seen]]]:
    """Return the patches whose ids are only among these, by project and clause, largest first."""
    found: dict[tuple[str, str], list[tuple[str, Seen]]] = {}
    for id_, one in sorted(these.items(), key=lambda item: -(item[1].value or 0)):
        if id_ not in those:
            found.setdefault((str(one.place), one.code), []).append((id_, one))
    return found


def _held(before: Seen | None, after: Seen | None) -> Change:
    """Return what became of the figure of a clause."""
    one = _change(before, after, moved=True)
    if one.kind != "changed" or before is None or after is None:
        return one
    same = (before.outcome, before.unit) == (after.outcome, after.unit) and not one.figure_moved
    return replace(one, kind="same") if same else one


def _change(before: Seen | None, after: Seen | None, *, moved: bool, patch: str | None = None) -> Change:
    one = after or before
    assert one is not None  # noqa: S101 - a change is of something
    return Change(
        code=one.code,
        place=one.place,
        kind="new" if before is None else "gone" if after is None else "changed" if moved else "same",
        unit=one.unit,
        before=before.value if before else None,
        after=after.value if after else None,
        outcome_before=before.outcome if before else None,
        outcome_after=after.outcome if after else None,
        patch=patch,
    )
