"""Know what a delivered database says of its county: the code, the name and the years of its data."""

from __future__ import annotations

import re
from typing import Any

import pyogrio

from gis_planning.conventions.structures import Structure
from gis_planning.formats.found import FoundTable
from gis_planning.formats.read import integers

#: Columns whose first six digits are the county's code, in the order in which they are asked.
CODE_COLUMNS = ("XZQDM", "ZLDWDM", "SZXJXZQDM", "BSM")
COUNTY_DIGITS = 6
#: Columns that name the county, for features whose code has the county's six digits only.
NAME_COLUMNS = ("XZQMC", "SZXJXZQMC", "XIAN")

_COUNTY_CODE = re.compile(r"[1-9]\d{5}")
# A county or banner, behind its prefecture where that is written; after a code also a city or a district.
_NAMED = re.compile(r"^(?:\d{6})?(?:[\u4e00-\u9fff]{2,8}?[市盟州])?([\u4e00-\u9fff]{1,8}?[县旗])")
_NAMED_AFTER_CODE = re.compile(r"^\d{6}([\u4e00-\u9fff]{1,8}?[县旗市区])")
CODED = re.compile(r"^(\d{6})(?!\d)")


def codes_of(used: list[FoundTable]) -> set[str]:
    """Return the county codes that the delivery's own columns begin with: of the column that speaks of areas first."""
    for column in CODE_COLUMNS:
        found = set()
        for table in used:
            field = structure_of(table).fields(table.fields).get(column)
            # Millions of identifiers say no more than the areas they lie in.
            if field is not None:
                found |= {str(value)[:COUNTY_DIGITS] for value in set(values_of(table, field)) if value}
        if found := {one for one in found if _COUNTY_CODE.fullmatch(one) and not one.endswith("00")}:
            return found
    return set()


def names_of(used: list[FoundTable], code: str | None) -> set[str]:
    """Return the county's names: those that stand beside its code with nothing, or only noughts, after it."""
    found = set()
    own_code = re.compile(f"{code}0*")
    for table in used:
        fields = structure_of(table).fields(table.fields)
        for column in NAME_COLUMNS:
            beside = {"XZQMC": "XZQDM", "SZXJXZQMC": "SZXJXZQDM"}.get(column)
            if column not in fields or (beside is not None and beside not in fields):
                continue
            names = values_of(table, fields[column])
            codes = [code] * len(names) if beside is None else values_of(table, fields[beside])
            pairs = {(str(said or "").strip(), str(own)) for said, own in zip(names, codes, strict=True)}
            found |= {said for said, own in pairs if said and own_code.fullmatch(own)}
    return found


def name_in(said: str) -> str | None:
    """Return the name of a county in what a file or a layer is called, None where there is none."""
    found = _NAMED.match(said) or _NAMED_AFTER_CODE.match(said)
    return found[1] if found else None


def years_of(used: list[FoundTable]) -> set[int]:
    """Return the years that the patches of the survey state."""
    table = next((one for one in used if structure_of(one).name == "DLTB"), None)
    field = structure_of(table).fields(table.fields).get("SJNF") if table else None
    if table is None or field is None:
        return set()
    values = {str(value).removesuffix(".0") for value in set(values_of(table, field)) if value is not None}
    return {int(value) for value in values if value.isdigit() and len(value) == 4}


def values_of(table: FoundTable, field: str) -> Any:
    """Return the values of one field, without reading geometry."""
    frame = pyogrio.read_dataframe(
        table.source,
        layer=table.table,
        columns=[field],
        read_geometry=False,
        encoding=table.encoding,
        **integers.exactly(),
    )
    column = frame[field].astype(object)
    return column.where(column.notna(), None).to_numpy()


def structure_of(table: FoundTable) -> Structure:
    """Return the structure of a table that was recognised."""
    assert table.structure is not None  # noqa: S101 - only recognised tables come here
    return table.structure
