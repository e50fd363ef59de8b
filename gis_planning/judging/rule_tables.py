"""Say what may stand in the tables of a rule document, and refuse what could make a rule hold never or always."""

from __future__ import annotations

import difflib
import math
import re
import string
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from gis_planning.conventions.activities import activities
from gis_planning.errors import RuleError
from gis_planning.results.papers import OURS, document_name
from gis_planning.results.verdicts import Severity
from gis_planning.texts import Lang

State = Literal["current", "superseded", "draft"]
#: How sure figures are; those that stand from memory decide nothing until a county has confirmed them.
Certainty = Literal["confirmed", "to-confirm", "from-memory"]
#: What a rate can be divided by; they differ, and every rate names its own.
Area = Literal["study_area", "development_boundary", "county", "urban_area", "town_area", "built_up_area"]
#: What the sentences of a project rule may hold.
SLOTS = {"area_m2", "area_mu", "area_ha", "share", "parcel_m2"}
#: A tolerance excuses what drawing leaves over: wider or larger than this no sliver is.
WIDEST_M, LARGEST_M2 = 100.0, 10_000.0
Metres = Annotated[float, Field(ge=0, le=WIDEST_M)]
SquareMetres = Annotated[float, Field(ge=0, le=LARGEST_M2)]
#: So many names are listed where none looks like the one that is not known.
LISTED = 12
#: When something was issued is known to the day, the month or the year, or as a span of years; when it ceased, not so.
_ISSUED = re.compile(r"(\d{4})(-\d{4}|-\d{2}|-\d{2}-\d{2})?", re.ASCII)
_CEASED = re.compile(r"(\d{4})(-\d{2}|-\d{2}-\d{2})?", re.ASCII)


def is_day(word: str) -> bool:
    """Say whether a text is an ISO date, to the day.

    Examples
    --------
    >>> is_day("2025-06-01"), is_day("2025-06-31"), is_day("20250601"), is_day("soon")
    (True, False, False, False)
    """
    try:
        return date.fromisoformat(word).isoformat() == word
    except ValueError:
        return False


def day_or_nothing(word: str) -> str:
    """Return a text that is an ISO date or empty; refuse any other."""
    if word and not is_day(word):
        raise PydanticCustomError("day", "{value} != YYYY-MM-DD", {"value": repr(word)[:40]})
    return word


def is_finite(number: float) -> bool:
    """Say whether a number can be reckoned with."""
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


class RuleTable(BaseModel):
    """A table that holds what it may, of the types it should be, and nothing else."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Document(RuleTable):
    """Who requires something, where and since when; `certainty` says how sure the figures are.

    `title` is the one on the paper, `topic` what of it is judged, in a few words, where that is not the whole.
    `number` is the one the authority gave it, nothing where there is none. `subject` says of what: of the county, or of
    the delivered database it comes from. `in_force` and `until` (the day it ceased) let a run be as of a day; where
    only the month or the year is known, `until` says that, and the document held to the end of the one before. `run`
    keeps a document that must be named out of a plain run.
    """

    id: str
    title: str
    title_en: str
    topic: str = ""
    topic_en: str = ""
    issuer: str
    number: str = ""
    number_en: str = ""
    date: str
    in_force: str = ""
    until: str = ""
    state: State
    certainty: Certainty
    subject: Literal["county", "database"] = "county"
    run: Literal["always", "named"] = "always"
    note: str = ""
    note_en: str = ""

    _in_force = field_validator("in_force")(day_or_nothing)

    @field_validator("date", "until")
    @classmethod
    def _known_so_far(cls, value: str, about: ValidationInfo) -> str:
        found = (_ISSUED if about.field_name == "date" else _CEASED).fullmatch(value)
        whole = found is not None and ("-" not in value or len(value) == len("2002-2006") or is_day(f"{value}-01"[:10]))
        if value and not whole:
            raise PydanticCustomError("day", "{value} != YYYY-MM-DD, YYYY-MM, YYYY", {"value": repr(value)[:40]})
        return value

    @model_validator(mode="after")
    def _in_order(self) -> Document:
        if self.until and self.until <= (self.in_force or self.date):
            raise PydanticCustomError("day", "until <= in_force")
        return self

    def holds_on(self, day: str) -> bool:
        """Say whether the document was in force on a day; a draft never is, what no authority issued always."""
        if self.issuer == OURS:
            return self.state != "draft"
        return self.state != "draft" and (self.in_force or self.date) <= day and (not self.until or day < self.until)

    def name(self, lang: Lang) -> str:
        """Return how the document is called in one language: title, number, and what of it is judged."""
        return document_name(self.model_dump(), lang)

    def remark(self, lang: Lang) -> str:
        """Return the note in one language."""
        return self.note if lang == "zh" else self.note_en


class ProjectRule(RuleTable):
    """What follows for a project that breaks a clause, by what it does; and the sentences that say so.

    `tolerance_width_m` and `tolerance_area_m2` excuse pieces that are both narrower and smaller; they are unset unless
    the county has a source for them. Sentences may hold `{area_m2}`, `{area_mu}`, `{area_ha}`, `{share}` and
    `{parcel_m2}`.
    """

    pass_for: list[str] = []
    conditional_for: list[str] = []
    otherwise: Literal["fail", "conditional", "pass", "info"] = "fail"
    unknown: Literal["fail", "conditional", "pass", "info"] = "fail"
    tolerance_width_m: Metres | None = None
    tolerance_area_m2: SquareMetres | None = None
    tolerance_source: str = ""
    clear: str
    clear_en: str
    touched: str
    touched_en: str
    conditional: str = ""
    conditional_en: str = ""

    @field_validator("pass_for", "conditional_for")
    @classmethod
    def _known(cls, value: list[str]) -> list[str]:
        if unknown := [one for one in value if one not in activities()]:
            raise PydanticCustomError("activity", "{names}", {"names": ", ".join(unknown)})
        return value

    @field_validator("clear", "clear_en", "touched", "touched_en", "conditional", "conditional_en")
    @classmethod
    def _slots(cls, value: str) -> str:
        slots = [one[1:] for one in string.Formatter().parse(value) if one[1] is not None]
        # Numbers come written; how wide or in what form is not for the sentence to say.
        wrong = sorted({str(name) for name, form, turned in slots if name not in SLOTS or form or turned})
        if wrong:
            raise PydanticCustomError("slot", "{names}", {"names": ", ".join(f"{{{name}}}" for name in wrong)})
        return value

    @model_validator(mode="after")
    def _sourced(self) -> ProjectRule:
        stated = self.tolerance_width_m is not None, self.tolerance_area_m2 is not None
        if any(stated) and not (all(stated) and self.tolerance_source):
            raise PydanticCustomError("tolerance", "tolerance_width_m, tolerance_area_m2, tolerance_source")
        return self

    def sentence(self, outcome: str, lang: Lang) -> str:
        """Return the sentence for an outcome, its slots still open."""
        said = {"pass": self.clear, "conditional": self.conditional or self.touched}.get(outcome, self.touched)
        english = {"pass": self.clear_en, "conditional": self.conditional_en or self.touched_en}
        return said if lang == "zh" else english.get(outcome, self.touched_en)


class ClauseTable(RuleTable):
    """One `[[clause]]`, its limit and its measure's settings aside.

    `law` says how the law it stands in is cited, where title and number of the document do not. `certainty` is that of
    its own figures, where it is another than its document's. `area` is what a rate is divided by, where the layer of
    the measure called `area` does not say it.
    """

    code: str
    number: str = ""
    number_en: str = ""
    law: str = ""
    law_en: str = ""
    text: str
    text_en: str
    measure: str
    unit: str
    severity: Severity = "error"
    layers: dict[str, str] = {}
    area: Area | None = None
    note: str = ""
    note_en: str = ""
    certainty: Certainty | None = None
    projects: ProjectRule | None = None


def checked(model: type[RuleTable], table: Any, file: str, code: str) -> Any:
    """Return a table of a document as its model, or refuse it with file and clause.

    Raises
    ------
    RuleError
        It holds what it may not, or lacks what it must have.
    """
    try:
        return model.model_validate(table)
    except ValidationError as fault:
        # A misspelt key is also a missing one; the misspelling says more.
        first = min(fault.errors(), key=lambda one: one["type"] != "extra_forbidden")
        key = ".".join(str(step) for step in first["loc"])
        if first["type"] == "extra_forbidden":
            near = nearest(key, model.model_fields)
            raise RuleError("rules.unknown_key", file=file, code=code, key=key, near=near) from None
        raise RuleError("rules.bad_value", file=file, code=code, key=key, reason=first["msg"]) from None


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names that look most like one; where none does, all of them, or the first of very many."""
    known = sorted(known)
    few = known if len(known) <= LISTED else [*known[:LISTED], "..."]
    return difflib.get_close_matches(name, known, n=4, cutoff=0.4) or few
