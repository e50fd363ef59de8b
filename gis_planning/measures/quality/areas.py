"""Measure whether the areas that delivered layers state close; part of the family `quality`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import shapely

from gis_planning import geo
from gis_planning.conventions import KindTitle
from gis_planning.conventions.structures import Structure
from gis_planning.county.raw import Raw
from gis_planning.errors import NotAssessed
from gis_planning.measures import Count, SquareMetres, columns
from gis_planning.measures.held import StructureName, held, measured, stated_field
from gis_planning.results.verdicts import Measured
from gis_planning.texts import text


def stated_area(
    layer: Raw, *, name: StructureName = "", tolerance_m2: float = 1.0, tolerance_share: float = 0.0
) -> Count:
    """Count the features whose stated area is not the area of their geometry on the CGCS2000 ellipsoid.

    Edges are straight in the CRS of the source. Features without a stated area, and those whose geometry is missing or
    not valid, have no area to compare; they are left to `mandatory` and `valid`, and noted here.

    `value` is the stated area, `expected` the computed one.

    Parameters
    ----------
    tolerance_m2, tolerance_share
        What a stated area may differ, in m2 or as a share of the area, whichever is more.

    Notes
    -----
    Source: closure of areas in the checks of the survey; the tolerance is a setting, no text with one was found.

    Examples
    --------
    A hectare on the meridian of its zone, stated as one and as one and a half:

    >>> from shapely import box
    >>> hectare = box(38_500_000, 4_600_000, 38_500_100, 4_600_100)
    >>> table = Raw.sample("DLTB", geometry=[hectare] * 2, TBMJ=[10_000.0, 15_000.0])
    >>> stated_area(table).offenders["expected"].tolist()
    ['10000.00']
    """
    own, fields = held(layer, name)
    field = stated_field(layer, own.area, fields)
    stated = columns.numbers(layer.frame[field])
    geometry = layer.geometry
    polygon = np.isin(shapely.get_type_id(geometry), (3, 6))
    fit = polygon & shapely.is_valid(geometry) & ~shapely.is_empty(geometry)
    computed = np.full(len(stated), np.nan)
    computed[fit] = geo.ellipsoid_area(geometry[fit], layer.crs, where_known=True)
    beyond = np.flatnonzero(fit & np.isnan(computed))
    known = fit & ~np.isnan(stated) & ~np.isnan(computed)
    within = np.maximum(tolerance_m2, tolerance_share * np.nan_to_num(computed))
    bad = known & (np.abs(np.nan_to_num(stated) - np.nan_to_num(computed)) > within)
    at = np.flatnonzero(bad)
    found = pd.DataFrame(
        {
            "at": at,
            "field": field,
            "value": columns.said(layer.frame[field].iloc[at]),
            "expected": [f"{value:.2f}" for value in computed[at]],
        }
    )
    without = int((~known).sum())
    notes = [text("quality.not_compared", count=without)] if without else []
    if len(beyond):
        features = [*(str(one) for one in layer.frame.index[beyond[:5]]), *(["..."] if len(beyond) > 5 else [])]
        notes.append(
            text("quality.beyond_projection", layer=KindTitle(layer.layer), count=len(beyond), features=features)
        )
    return measured(layer, found, "stated_area", notes=notes)


def net_area(layer: Raw, *, name: StructureName = "", tolerance_m2: float = 0.01) -> Count:
    """Count the features whose net area is not the patch's area less what is deducted (ridges, paths, ditches).

    TBDLMJ = TBMJ - KCMJ; an empty deduction is none.

    `expected` is the right net area.

    Parameters
    ----------
    tolerance_m2
        What may be lost in rounding.

    Examples
    --------
    >>> table = Raw.sample("DLTB", TBMJ=[100.0, 100.0], KCMJ=[10.0, 10.0], TBDLMJ=[90.0, 91.0])
    >>> net_area(table).offenders["expected"].tolist()
    ['90.00']
    """
    own, fields = held(layer, name)
    found = columns.net_area(layer.frame, fields, own, tolerance_m2)
    if found is None:
        missing = [one for one in (own.area, "KCMJ", own.net) if one not in fields]
        raise NotAssessed("quality.no_column", layer=KindTitle(layer.layer), columns=missing)
    return measured(layer, found, "net_area")


def area_sums(
    patches: Raw,
    areas: Raw,
    *,
    name: StructureName = "",
    of: StructureName = "",
    digits: int,
    tolerance_m2: float = 0.01,
) -> Count:
    """Count the areas whose stated area is not the sum of the stated areas of what lies in them, by code.

    Patches belong to the area whose code their own begins with. Codes that lead to no area are counted too.

    `value` is the stated area and `size` by how much the sum is more (less where negative): which of the two is wrong
    is not known. Of a code that leads to no area, the fault stands at the first patch that has it, `value` is the code
    and `size` the number of patches with it.

    Parameters
    ----------
    patches
        The finer layer: patches of villages, villages of towns.
    areas
        The coarser one.
    name, of
        The structures of the two (DLTB of CJDCQ, CJDCQ of XZQ); left out: those their tables are called by.
    digits
        How many digits of the code name an area: 12 a village, 9 a town.
    tolerance_m2
        What a sum may differ.

    Notes
    -----
    Source: patches, villages and towns of the survey have to add up to the county's control area.
    """
    (fine, fine_fields), (coarse, coarse_fields) = held(patches, name), held(areas, of)
    own, code = _code_and_area(patches, fine, fine_fields), _code_and_area(areas, coarse, coarse_fields)
    codes = _codes(patches, own[0], digits)
    summed = pd.Series(columns.numbers(patches.frame[own[1]])).groupby(codes).sum()
    stated = pd.DataFrame({"code": _codes(areas, code[0], digits), "area": columns.numbers(areas.frame[code[1]])})
    total = stated.groupby("code")["area"].transform("sum")
    right = stated["code"].map(summed).fillna(0.0)
    # Sums of a hundred thousand patches lose digits of their own.
    slack = tolerance_m2 + 1e-9 * right.abs() + 1e-6
    bad = ((total - right).abs() > slack).to_numpy()
    at = np.flatnonzero(bad)
    found = pd.DataFrame(
        {
            "at": at,
            "field": code[1],
            "value": [f"{value:.2f}" for value in total.to_numpy()[at]],
            "expected": "",
        }
    )
    sums = measured(areas, found, "area_sums")
    sums.offenders["size"] = (right - total).to_numpy()[at]
    lost = _lost(patches, own[0], codes, set(stated["code"]), coarse.name)
    if not len(lost.offenders):
        return sums
    offenders = pd.concat([sums.offenders, lost.offenders], ignore_index=True) if len(at) else lost.offenders
    return replace(sums, value=float(len(offenders)), offenders=offenders)


def control_area(layer: Raw, *, control_m2: float, name: StructureName = "") -> SquareMetres:
    """Measure how far the stated areas of a layer are, in sum, from the county's control area, in m2.

    The control area is a figure of the county, so that a clause with it stands in the county's own document. Features
    that state no area are not in the sum, and noted.

    Parameters
    ----------
    layer
        The layer as it was delivered: towns, villages or patches.
    control_m2
        The control area in m2.

    Returns
    -------
    Measured
        Square metres; the numerator is the sum, the denominator the control area. There are no offenders: no single
        feature is wrong.
    """
    own, fields = held(layer, name)
    _, field = _code_and_area(layer, own, fields)
    stated = columns.numbers(layer.frame[field])
    total = float(np.nansum(stated))
    without = int(np.isnan(stated).sum())
    none = measured(layer, columns.no_faults(), "control_area")
    return replace(
        none,
        value=abs(round(total - control_m2, 4)),
        unit="m2",
        numerator=total,
        denominator=control_m2,
        notes=(text("quality.without_area", count=without),) if without else (),
    )


def _code_and_area(layer: Raw, own: Structure, fields: Mapping[str, str]) -> tuple[str, str]:
    """Return the fields of the code of the unit and of the area that counts towards the sums."""
    code = next((fields[one] for one in ("ZLDWDM", "XZQDM") if one in fields), None)
    area = "DCMJ" if "DCMJ" in fields else own.area
    if code is None:
        raise NotAssessed("quality.no_column", layer=KindTitle(layer.layer), columns=["ZLDWDM"])
    return code, stated_field(layer, area, fields)


def _lost(layer: Raw, field: str, codes: pd.Series, known: set[str], units: str) -> Measured:
    """Return the codes that lead to no unit: each at the first feature that has it, with how many have it."""
    away = codes[~codes.isin(known)]
    first = away[~away.duplicated()].sort_values()
    found = pd.DataFrame(
        {"at": first.index.to_numpy(dtype=np.intp), "field": field, "value": first, "expected": f"in {units}"}
    )
    lost = measured(layer, found, "no_unit")
    lost.offenders["size"] = first.map(away.value_counts()).to_numpy(dtype=float)
    return lost


def _codes(layer: Raw, field: str, digits: int) -> pd.Series:
    return pd.Series(columns.said(layer.frame[field])).str[:digits]
