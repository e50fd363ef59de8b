"""Say what may stand in a case of a clause, and refuse what could not be tried."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError, field_validator
from pydantic_core import PydanticCustomError

from gis_planning.errors import RuleError
from gis_planning.judging.rule_tables import RuleTable, checked, day_or_nothing, is_finite
from gis_planning.measures import towns
from gis_planning.texts import Lang

#: What a case may say of the verdict beside its outcome, all of them numbers.
NUMBERS = ("value", "limit", "margin", "numerator", "denominator", "offenders")


class CaseTable(RuleTable):
    """One `[[clause.case]]`: what is given of a tiny town, and the verdict the clause has to give there."""

    given: dict[str, Any]
    outcome: Literal["fail", "not-assessed", "conditional", "pass", "info"]
    value: float | None = None
    limit: float | None = None
    margin: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    offenders: int | None = None
    as_of: str = ""
    note: str = ""
    note_en: str = ""

    _as_of = field_validator("as_of")(day_or_nothing)

    @field_validator(*NUMBERS)
    @classmethod
    def _finite(cls, value: float | None) -> float | None:
        if value is not None and not is_finite(value):
            raise PydanticCustomError("finite", "{value}", {"value": str(value)[:40]})
        return value

    def remark(self, lang: Lang) -> str:
        """Return what the case shows, in one language."""
        return self.note_en or self.note if lang == "en" else self.note


@dataclass(frozen=True)
class Case:
    """A case, its town understood by the family of the measure; `number` counts the cases of a clause from 1."""

    number: int
    town: towns.Town
    expected: CaseTable


def cases_of(stated: Any, family: str, layers: Iterable[str], file: str, code: str) -> tuple[Case, ...]:
    """Return the cases of a clause.

    Parameters
    ----------
    layers
        What the clause is measured on: a control line of the county's own among them may stand in its cases.

    Raises
    ------
    RuleError
        A case cannot be tried, named with file, clause and number.
    """
    if not isinstance(stated, list) or not all(isinstance(one, dict) for one in stated):
        raise RuleError("rules.case_form", file=file, code=code)
    if stated and family not in towns.families():
        raise RuleError("rules.no_town", file=file, code=code, family=family, known=list(towns.families()))
    return tuple(_case(number, one, family, tuple(layers), file, code) for number, one in enumerate(stated, start=1))


def _case(number: int, stated: dict[str, Any], family: str, layers: tuple[str, ...], file: str, code: str) -> Case:
    expected = checked(CaseTable, stated, file, f"{code} [case {number}]")
    place = {"file": file, "code": code, "case": number}
    try:
        return Case(number, towns.understood(family, expected.given, layers), expected)
    except ValidationError as fault:
        first = min(fault.errors(), key=lambda one: one["type"] != towns.UNKNOWN_FACT)
        inside = ".".join(str(step) for step in ("given", *first["loc"]))
        if first["type"] == towns.UNKNOWN_FACT:
            facts = first["ctx"]
            raise RuleError("rules.unknown_fact", **place, inside=inside, **facts) from None
        raise RuleError("rules.bad_fact", **place, key=inside, reason=first["msg"]) from None
