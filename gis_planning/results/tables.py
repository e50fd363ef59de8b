"""Lay the results of a check out as tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from gis_planning.results.surface import Surface, raster_name
from gis_planning.results.verdicts import Scorecard, Verdict
from gis_planning.texts import Lang

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

#: What stands between the codes of clauses that share a row.
BETWEEN = ";"


def result_tables(scorecard: Scorecard, lang: Lang) -> dict[str, pd.DataFrame]:
    """Return the verdicts, their values by district, the offenders, the result layers and the repairs."""
    import pandas as pd  # noqa: PLC0415

    told = [verdict.to_json(lang) for verdict in scorecard.verdicts]
    parts = [{"code": one["code"], **part} for one in told for part in one["districts"]]
    tables = {"verdicts": pd.DataFrame([_flat_verdict(one) for one in told]), **result_layers(scorecard)}
    if parts:
        tables["by_district"] = pd.DataFrame(parts)
    described = [
        {"code": one["code"], "layer": layer["id"], **{key: layer[key] for key in ("role", "title", "look", "by")}}
        for one in told
        for layer in one["layers"]
    ]
    columns = [
        {"code": one["code"], "layer": layer["id"], **column}
        for one in told
        for layer in one["layers"]
        for column in layer["columns"]
    ]
    for name, rows in (("result_layers", described), ("result_columns", columns)):
        if rows:
            tables[name] = pd.DataFrame(rows)
    repairs = [
        {"layer": repair.layer, "fault": repair.fault, "feature": feature}
        for repair in scorecard.repairs
        for feature in repair.features
    ]
    if repairs:
        tables["repairs"] = pd.DataFrame(repairs)
    return tables


def result_layers(scorecard: Scorecard) -> dict[str, gpd.GeoDataFrame]:
    """Return the offenders and result layers of all verdicts by name, each row with its clause's code."""
    return {name: _with_codes(own) for name, own in layers_of(scorecard).items()}


def _with_codes(own: Sequence[tuple[gpd.GeoDataFrame, list[Verdict]]]) -> gpd.GeoDataFrame:
    """Return frames as one, with the codes of their clauses behind the columns of the first."""
    import numpy as np  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    frames, codes = [frame for frame, _ in own], [codes_of(verdicts) for _, verdicts in own]
    if any("code" in frame.columns for frame in frames):
        coded = [frame.assign(code=code) for frame, code in zip(frames, codes, strict=True)]
        return pd.concat(coded, ignore_index=True)
    # Those alike first: to line columns up takes longer than all else.
    runs = [list(alike) for _, alike in groupby(frames, lambda frame: [*zip(frame.columns, frame.dtypes, strict=True)])]
    joined = [pd.concat(alike, ignore_index=True) if len(alike) > 1 else alike[0] for alike in runs]
    whole = pd.concat(joined, ignore_index=True)
    told = np.repeat(np.array(codes, dtype=object), [len(frame) for frame in frames])
    whole.insert(len(frames[0].columns), "code", pd.Series(told, dtype="str"))
    return whole


def layers_of(scorecard: Scorecard) -> dict[str, list[tuple[gpd.GeoDataFrame, list[Verdict]]]]:
    """Return by name the layers of all verdicts, each with the verdicts it belongs to.

    What lies around several clauses alike, such as their streets, stands there once.
    """
    found: dict[str, list[tuple[gpd.GeoDataFrame, list[Verdict]]]] = {}
    for verdict in scorecard.verdicts:
        measured = verdict.measured
        for name, frame in measured.frames.items() if measured else ():
            if not len(frame):
                continue
            own = found.setdefault(name, [])
            shared = measured is not None and measured.schema[name].role == "context"
            known = next((verdicts for other, verdicts in own if other is frame), None) if shared else None
            if known is None:
                own.append((frame, [verdict]))
            else:
                known.append(verdict)
    return found


def codes_of(verdicts: Sequence[Verdict]) -> str:
    """Return what stands in the column `code` of a layer of some verdicts."""
    return BETWEEN.join(verdict.code for verdict in verdicts)


def surfaces(scorecard: Scorecard) -> dict[str, Surface]:
    """Return the surfaces of all verdicts, by the layer and the clause's code."""
    return {
        raster_name(name, verdict.code): surface
        for verdict in scorecard.verdicts
        for name, surface in (verdict.measured.surfaces.items() if verdict.measured else ())
        if surface.rows
    }


def _flat_verdict(verdict: dict[str, Any]) -> dict[str, Any]:
    verdict = dict(verdict)
    limit, settings = verdict.pop("limit"), verdict.pop("settings")
    for key in ("districts", "references", "layers"):
        verdict.pop(key)
    for key in ("notes", "missing"):
        verdict[key] = "\n".join(verdict[key])
    return verdict | {"limit": json.dumps(limit), "settings": json.dumps(settings, ensure_ascii=False)}
