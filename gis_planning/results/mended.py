"""Hold the faults of a delivery against those of an earlier one: which are mended, which are left, which are new."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gis_planning.results.faults import COLUMNS, FILE, PLACE_M, STATES, TABLE
from gis_planning.results.opened import tables_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

#: What faults say that no feature's BSM tells apart.
_SAYING = ("code", "table", "field", "fault")


def with_states(
    now: pd.DataFrame, then: pd.DataFrame, *, judged: Collection[str], judged_then: Collection[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the faults of both runs with their `state`: of the earlier one only those that are no more.

    Faults with one id are the same. Of those left over, faults of one clause on one feature and field are taken for
    the same that moved: an overlap that became smaller is left, not mended and new. So are faults that no feature's BSM
    tells, of one clause, table and field, that say the same of land that meets: what was put right beside a sliver may
    move its end by more than ids allow. A fault is mended only where its clause was judged again, and new only where it
    was judged before; else it is `unjudged`.

    Parameters
    ----------
    now, then
        Faults as `faults_of` gives them.
    judged, judged_then
        The clauses on which this run and the earlier one have a verdict.
    """
    same_now, same_then = _matched(now["fault_id"], then["fault_id"])
    subject_now, subject_then = (one["fault_id"].str.partition("-")[0] for one in (now, then))
    moved_now, moved_then = _matched(subject_now[~same_now], subject_then[~same_then])
    same_now[~same_now], same_then[~same_then] = moved_now, moved_then
    met_now, met_then = _met(now[~same_now], then[~same_then])
    same_now[~same_now], same_then[~same_then] = met_now, met_then
    before, again = now["code"].isin(judged_then), then["code"].isin(judged)
    state = np.select([same_now, before], ["left", "new"], "unjudged").astype(object)
    gone = np.where(again, "mended", "unjudged").astype(object)
    return now.assign(state=state), then.assign(state=gone)[~same_then].reset_index(drop=True)


def counted(*faults: pd.DataFrame | None) -> dict[str, int]:
    """Return how many faults are in each state."""
    found = [one["state"] for one in faults if one is not None]
    return {state: sum(int((one == state).sum()) for one in found) for state in STATES}


def judged_codes(verdicts: Collection[Mapping[str, Any]]) -> set[str]:
    """Return the clauses of a run that were judged, from what its JSON says."""
    return {str(one["code"]) for one in verdicts if one.get("outcome") not in ("not-assessed", "error")}


def earlier_faults(folder: Path, verdicts: Collection[Mapping[str, Any]]) -> pd.DataFrame | None:
    """Return the faults of an earlier run, from its folder; None where it had some and they have no ids, or are gone.

    Raises
    ------
    SourceError
        Their file cannot be read.
    """
    import pandas as pd  # noqa: PLC0415 - light modules import this one

    found = dict(tables_of(folder / FILE, TABLE.__eq__)).get(TABLE)
    if found is not None and set(COLUMNS) <= set(found.columns):
        # Versions before this numbered them from 1.
        return found if len(found) and isinstance(found["fault_id"].iloc[0], str) else None
    had = any(str(one.get("measure")).startswith("quality.") and one.get("offenders") for one in verdicts)
    return None if had else pd.DataFrame(columns=list(COLUMNS), dtype=object)


def _matched(one: pd.Series, other: pd.Series) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which of some keys are among others, and the other way round; a key that is there twice matches two."""
    import pandas as pd  # noqa: PLC0415

    first, second = (
        pd.MultiIndex.from_arrays([keys.astype(object), keys.groupby(keys).cumcount()]) for keys in (one, other)
    )
    return first.isin(second), second.isin(first)


def _met(now: pd.DataFrame, then: pd.DataFrame) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which faults that no BSM tells have one of the other run that says the same where they are, each one."""
    import shapely  # noqa: PLC0415 - light modules import this one

    found = np.zeros(len(now), dtype=bool), np.zeros(len(then), dtype=bool)
    if not (len(now) and len(then) and "geometry" in now and "geometry" in then):
        return found
    rows, others = (np.flatnonzero(one["bsm"].fillna("") == "") for one in (now, then))
    shapes, before = (np.asarray(one["geometry"], dtype=object)[at] for one, at in ((now, rows), (then, others)))
    first, second = shapely.STRtree(before).query(shapes, predicate="dwithin", distance=PLACE_M)
    alike = np.ones(len(first), dtype=bool)
    for column in _SAYING:
        said, said_then = (one[column].fillna("").astype(str).to_numpy() for one in (now, then))
        alike &= said[rows[first]] == said_then[others[second]]
    first, second = first[alike], second[alike]
    apart = np.abs(shapely.bounds(shapes[first]) - shapely.bounds(before[second])).max(axis=1, initial=0.0)
    for at in np.argsort(apart, kind="stable"):
        one, other = rows[first[at]], others[second[at]]
        if not found[0][one] and not found[1][other]:
            found[0][one] = found[1][other] = True
    return found
