"""Hold the columns of a delivered table against its structure: what is empty, in no list, or does not add up.

Every check takes a table as it was delivered and the fields its columns go by, and returns what is wrong: a row for
each fault with the position of its feature, the field, the value and what was expected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis_planning.conventions.codes import code_list
from gis_planning.conventions.structures import Column, Structure
from gis_planning.formats.read.declared import Declared

#: What a fault table holds; `at` is the position of the feature, -1 for a fault of the table itself.
COLUMNS = ("at", "field", "value", "expected")
#: Codes of `expected` are cut here; lists are long.
MOST_EXPECTED = 12
#: Bytes that a sign of a width in bytes may take (UTF-8).
MOST_BYTES = 3
#: The widest text that a .dbf can hold.
DBF_WIDTH = 254


def no_faults() -> pd.DataFrame:
    """Return a fault table without faults."""
    return pd.DataFrame({"at": np.zeros(0, dtype=np.intp), **{name: np.zeros(0, dtype=object) for name in COLUMNS[1:]}})


def together(found: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return fault tables as one, by feature."""
    some = [one for one in found if len(one)]
    if not some:
        return no_faults()
    return pd.concat(some, ignore_index=True).sort_values("at", kind="stable", ignore_index=True)


def blank(column: pd.Series) -> NDArray[np.bool_]:
    """Return where a column says nothing: no value, or a text of blanks."""
    none: NDArray[np.bool_] = column.isna().to_numpy(dtype=bool)
    if column.dtype != object and not isinstance(column.dtype, pd.StringDtype):
        return none
    empty: NDArray[np.bool_] = none | (column.astype(str).str.strip() == "").to_numpy(dtype=bool)
    return empty


def said(column: pd.Series) -> NDArray[np.object_]:
    """Return the values of a column as text, numbers without needless decimals, nothing as an empty text."""
    place, known = pd.factorize(column)
    texts = np.array([*map(_text, known), ""], dtype=object)  # nothing has the place -1
    found: NDArray[np.object_] = texts[place]
    return found


def structure(
    declared: Mapping[str, Declared], fields: Mapping[str, str], own: Structure, *, bytes_: bool
) -> pd.DataFrame:
    """Return the columns that are not there, are of another type or of another length than a table declares.

    Where widths are in bytes, as in shapefiles, a text may have up to three for each sign, and the widest that a .dbf
    can hold stands for all that are wider.
    """
    rows = []
    for column in own.columns:
        field = fields.get(column.name)
        if field is None:
            if column.mandatory:
                rows.append((-1, column.name, "", "column"))
            continue
        is_ = declared[field]
        if is_.type != column.type:
            rows.append((-1, field, is_.type, column.type))
        elif column.length is not None and is_.width is not None:
            most = column.length * MOST_BYTES if bytes_ else column.length
            least = min(column.length, DBF_WIDTH) if bytes_ else column.length
            if not least <= is_.width <= most:
                rows.append((-1, field, str(is_.width), str(column.length)))
    return _table(rows)


def mandatory(frame: pd.DataFrame, fields: Mapping[str, str], own: Structure) -> pd.DataFrame:
    """Return the features that say nothing in a mandatory column that is there."""
    found = []
    for column in own.columns:
        if column.mandatory and column.name in fields:
            field = fields[column.name]
            found.append(_faults(frame, field, blank(frame[field]), "value"))
    return together(found)


def domain(frame: pd.DataFrame, fields: Mapping[str, str], own: Structure) -> pd.DataFrame:
    """Return the values that are in no code list, where the list is closed; feature codes are one for a table."""
    found = []
    for column in own.columns:
        allowed = _allowed(column, own)
        if allowed is not None and column.name in fields:
            field = fields[column.name]
            bad = ~blank(frame[field]) & ~pd.Series(said(frame[field])).isin(allowed).to_numpy()
            found.append(_faults(frame, field, bad, _some(allowed)))
    return together(found)


def code_names(frame: pd.DataFrame, fields: Mapping[str, str], own: Structure) -> pd.DataFrame:
    """Return the names that are not those of the code beside them; a code that is in no list has none."""
    found = []
    for column in own.columns:
        if column.names is None or column.name not in fields or column.names not in fields:
            continue
        codes = code_list(next(one.codes for one in own.columns if one.name == column.names) or "").codes
        field = fields[column.name]
        pairs = pd.DataFrame({"code": said(frame[fields[column.names]]), "name": said(frame[field])})
        for (code, name), rows in pairs.groupby(["code", "name"]).indices.items():
            if name.strip() and code in codes and not codes[code].fits(name):
                found.append(_faults(frame, field, np.isin(np.arange(len(frame)), rows), codes[code].title("zh")))
    return together(found)


def unique(frame: pd.DataFrame, field: str) -> pd.DataFrame:
    """Return the features whose value another has too; those without a value are left to `mandatory`."""
    values = pd.Series(said(frame[field]))
    return _faults(frame, field, (values.duplicated(keep=False) & ~blank(frame[field])).to_numpy(), "unique")


def length(frame: pd.DataFrame, field: str, signs: int) -> pd.DataFrame:
    """Return the values that do not have just so many signs."""
    values = pd.Series(said(frame[field]))
    return _faults(frame, field, (values.str.len() != signs).to_numpy() & ~blank(frame[field]), str(signs))


def prefix(frame: pd.DataFrame, field: str, code: str) -> pd.DataFrame:
    """Return the codes that do not begin with the county's."""
    values = pd.Series(said(frame[field]))
    return _faults(frame, field, ~values.str.startswith(code).to_numpy() & ~blank(frame[field]), f"{code}...")


def ranges(frame: pd.DataFrame, fields: Mapping[str, str], own: Structure) -> pd.DataFrame:
    """Return the numbers out of their range, and what should be a number and is none."""
    found = []
    for column in own.columns:
        if column.name not in fields or column.type not in {"number", "integer"}:
            continue
        field = fields[column.name]
        values, none = numbers(frame[field]), blank(frame[field])
        found.append(_faults(frame, field, np.isnan(values) & ~none, "number"))
        values = np.where(unstated(frame, fields, column), np.nan, values)
        for limit, sign, bad in (
            (column.at_least, ">=", np.less),
            (column.at_most, "<=", np.greater),
            (column.more_than, ">", np.less_equal),
        ):
            if limit is not None:
                found.append(_faults(frame, field, bad(values, limit) & ~np.isnan(values), f"{sign} {limit:g}"))
    return together(found)


def unstated(frame: pd.DataFrame, fields: Mapping[str, str], column: Column) -> NDArray[np.bool_]:
    """Return where a 0 says nothing: a number that applies to some codes only, beside another code."""
    found = np.zeros(len(frame), dtype=bool)
    for other, beginning in column.applies.items():
        if column.name in fields and other in fields:
            codes = pd.Series(said(frame[fields[other]])).str.strip()
            elsewhere = (codes != "") & ~codes.str.startswith(beginning)
            found |= (numbers(frame[fields[column.name]]) == 0) & elsewhere.to_numpy(dtype=bool)
    return found


def net_area(
    frame: pd.DataFrame, fields: Mapping[str, str], own: Structure, tolerance_m2: float
) -> pd.DataFrame | None:
    """Return the features whose net area is not the gross area less the deduction; None where a column is missing."""
    needed = (own.area, "KCMJ", own.net)
    if any(name is None or name not in fields for name in needed):
        return None
    gross, deducted, net = (numbers(frame[fields[str(name)]]) for name in needed)
    right = gross - np.nan_to_num(deducted)
    # The last digit of two decimals is worth as much as the tolerance, and floats are not exact.
    bad = np.abs(net - right) > tolerance_m2 + 1e-6
    faults = _faults(frame, fields[str(own.net)], bad, "")
    faults["expected"] = [f"{value:.2f}" for value in right[bad]]
    return faults


def numbers(column: pd.Series) -> NDArray[np.float64]:
    """Return a column as numbers; what is none is not a number."""
    found: NDArray[np.float64] = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    return found


def settlement_codes(frame: pd.DataFrame, kind_field: str, code_field: str) -> pd.DataFrame:
    """Return the codes of settlements that have not 19 signs, or go below the county (201) or the town (202)."""
    kinds, codes = pd.Series(said(frame[kind_field])), pd.Series(said(frame[code_field]))
    bad = (codes.str.len() != 19).to_numpy(copy=True)
    for kind, digits in (("201", 6), ("202", 9)):
        finer = codes.str[digits:].str.strip("0") != ""
        bad |= (kinds.str.startswith(kind) & finer).to_numpy()
    return _faults(frame, code_field, bad & ~blank(frame[kind_field]), "19")


def settlement_classes(
    frame: pd.DataFrame, class_field: str, kind_field: str, rules: Mapping[str, Any]
) -> pd.DataFrame:
    """Return the patches whose settlement code does not go with their class: `only` some classes, or `never` some."""
    classes, kinds = pd.Series(said(frame[class_field])), pd.Series(said(frame[kind_field]))
    base = classes.str[:4]
    found = []
    for kind, rule in rules.items():
        own = (kinds == kind).to_numpy()
        if "only" in rule:
            bad, expected = own & ~base.isin(list(rule["only"])).to_numpy(), _some(rule["only"])
        else:
            bad, expected = own & base.isin(list(rule["never"])).to_numpy(), f"not {_some(rule['never'])}"
        found.append(_faults(frame, class_field, bad, expected))
    return together(found)


def settlement_missing(
    frame: pd.DataFrame, class_field: str, kind_field: str, beginnings: Iterable[str]
) -> pd.DataFrame:
    """Return the patches of classes that stand in settlements only and name none."""
    classes = pd.Series(said(frame[class_field]))
    needed = classes.str.startswith(tuple(beginnings)).to_numpy()
    return _faults(frame, kind_field, needed & blank(frame[kind_field]), "CZCSXM")


def not_in(frame: pd.DataFrame, field: str, allowed: Iterable[str]) -> pd.DataFrame:
    """Return the features whose value is none of some."""
    allowed = tuple(allowed)
    bad = ~pd.Series(said(frame[field])).isin(allowed).to_numpy()
    return _faults(frame, field, bad, _some(allowed))


def _allowed(column: Column, own: Structure) -> tuple[str, ...] | None:
    if column.name == "YSDM":
        return own.ysdm or None
    if column.name in own.allowed:
        return own.allowed[column.name]
    if column.codes is None or code_list(column.codes).open:
        return None
    return tuple(code_list(column.codes).codes)


def _faults(frame: pd.DataFrame, field: str, bad: NDArray[np.bool_], expected: str) -> pd.DataFrame:
    at = np.flatnonzero(bad)
    if not len(at):
        return no_faults()
    values = said(frame[field].iloc[at])
    return pd.DataFrame({"at": at, "field": field, "value": values, "expected": expected})


def _table(rows: list[tuple[int, str, str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(COLUMNS)) if rows else no_faults()


def _some(allowed: Iterable[str]) -> str:
    listed = [str(one) for one in allowed]
    return " ".join([*listed[:MOST_EXPECTED], *(["..."] if len(listed) > MOST_EXPECTED else [])])


def _text(value: Any) -> str:
    # Fifteen digits are what was typed; the sixteenth is the computer's.
    return f"{value:.15g}" if isinstance(value, float | np.floating) else str(value)
