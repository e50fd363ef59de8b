"""Read policies: rule documents whose articles name the indicators that answer them, each with its target.

An article asks for something of a region, of every county or of some; an indicator is a clause of a rule document, of
this one or another. What an article asks for stands in `[[article]]` tables beside the clauses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from gis_planning.errors import RuleError
from gis_planning.formats.read import opening, toml_text
from gis_planning.judging.rule_tables import Document, RuleTable, checked, nearest
from gis_planning.judging.rulebook import LIMITS, Clause
from gis_planning.texts import Lang
from gis_planning.units import units

#: Whose a target is: the whole region's, every county seat's, that of a share of the counties, nobody's.
TargetKind = Literal["R", "E", "C", "N"]
#: The indicator that a policy's own scorecard answers: how much of the policy is.
ANSWERED = "answered"
POLICY = "policy-inner_mongolia2023"


class Target(RuleTable):
    """The number a policy sets for an indicator, and for whom.

    `by` is the year it is to be met in. Of a total of the region (R) `unit` is the unit of the total, where it is not
    that of the clause, and `together` are the other clauses that add to the same total; of a share of counties (C)
    `of_counties` is that share. `said` are words that readers see in place of the number.
    """

    kind: TargetKind = "N"
    at_least: float | None = Field(default=None, ge=0)
    more_than: float | None = Field(default=None, ge=0)
    at_most: float | None = Field(default=None, ge=0)
    less_than: float | None = Field(default=None, ge=0)
    by: int | None = Field(default=None, ge=1900, le=2100)
    unit: str | None = None
    of_counties: float | None = Field(default=None, gt=0, le=1)
    together: list[str] | None = None
    said: str | None = None
    said_en: str | None = None

    @property
    def limit(self) -> dict[str, float]:
        """Return the number as a clause states its limit."""
        return {key: value for key in LIMITS if (value := getattr(self, key)) is not None}

    @model_validator(mode="after")
    def _whole(self) -> Target:
        if len(self.limit) != (self.kind != "N"):
            raise PydanticCustomError(
                "target", "kind {kind}: {limits}", {"kind": self.kind, "limits": list(self.limit)}
            )
        if (self.of_counties is not None) != (self.kind == "C"):
            raise PydanticCustomError("target", "kind {kind}: of_counties (C)", {"kind": self.kind})
        if (self.unit is not None or self.together is not None) and self.kind != "R":
            raise PydanticCustomError("target", "kind {kind}: unit, together (R)", {"kind": self.kind})
        if self.unit is not None and self.unit not in units():
            raise PydanticCustomError("target", "unit {unit}", {"unit": self.unit})
        return self

    def to_json(self) -> dict[str, Any]:
        """Return it as other tools read it."""
        return self.model_dump(exclude_none=True)


class Indicator(RuleTable):
    """A clause that answers an article, and the article's target for it; `answered` is the scorecard's own.

    `measured` is the clause that measures from layers what this one takes from the table: where it has a value that one
    is judged, and the stated one stands beside it. An article is answered without those that are `optional`, which tell
    more where a county has registers.
    """

    code: str
    target: Target = Target()
    measured: str = ""
    optional: bool = False
    is_: Literal["clause", "answered"] = Field(default="clause", alias="is")


class Article(RuleTable):
    """An article: its number, what it asks for, and its indicators; or why it asks for nothing that can be tested."""

    number: int = Field(ge=1)
    title: str
    title_en: str
    text: str
    text_en: str
    why: str = ""
    why_en: str = ""
    indicators: list[Indicator] = Field(default_factory=list)

    @model_validator(mode="after")
    def _tested_or_not(self) -> Article:
        if bool(self.indicators) == bool(self.why):
            raise PydanticCustomError("article", "indicators | why")
        return self

    def called(self, lang: Lang) -> str:
        """Return its title."""
        return self.title if lang == "zh" else self.title_en

    def asks(self, lang: Lang) -> str:
        """Return what it asks for."""
        return self.text if lang == "zh" else self.text_en

    def untested(self, lang: Lang) -> str:
        """Return why nothing of it can be tested; nothing where something can."""
        return self.why if lang == "zh" else self.why_en


@dataclass(frozen=True)
class Policy:
    """A policy: its document and its articles."""

    document: Document
    articles: tuple[Article, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the codes of the clauses that answer it, each once."""
        codes = (code for one in self.indicators for code in (one.code, one.measured) if code)
        return tuple(dict.fromkeys(codes))

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """Return what answers its articles, but for the scorecard's own."""
        return tuple(one for article in self.articles for one in article.indicators if one.is_ == "clause")

    @property
    def to_state(self) -> tuple[str, ...]:
        """Return the codes of the clauses whose numbers a table may be asked for."""
        return tuple(dict.fromkeys(one.code for one in self.indicators if not one.optional))

    def articles_of(self) -> dict[str, tuple[int, ...]]:
        """Return the articles that each clause answers, by its code."""
        found: dict[str, tuple[int, ...]] = {}
        for article in self.articles:
            for one in article.indicators:
                found[one.code] = (*found.get(one.code, ()), article.number)
        return found


def policy(clauses: Iterable[Clause], own: Path | None = None, name: str = POLICY) -> Policy:
    """Return a policy by its document's id, one that ships or one of a county's own folder of rules.

    Raises
    ------
    RuleError
        There is none of that name, or an article cannot be used: it names a clause that nobody knows, is there twice,
        or asks for what its target does not fit.
    """
    found = {}
    shipped = sorted((files("gis_planning") / "rules").iterdir(), key=lambda item: item.name)
    for file in (*shipped, *(sorted(own.glob("*.toml")) if own and own.is_dir() else ())):
        if file.name.endswith(".toml"):
            content = opening.content_of(file) if isinstance(file, Path) else file.read_bytes()
            if b"[[article]]" in content:
                table = toml_text.parse(content, file.name)
                document = checked(Document, table["document"], file.name, "document")
                found[document.id] = document, table["article"], f"rules/{file.name}"
    if name not in found:
        raise RuleError("rules.unknown_document", name=name, near=nearest(name, found))
    document, tables, source = found[name]
    articles = tuple(checked(Article, table, source, f"article {table.get('number', '?')}") for table in tables)
    _refuse_unfit(articles, {clause.code: clause for clause in clauses}, source)
    return Policy(document, articles)


def _refuse_unfit(articles: tuple[Article, ...], clauses: dict[str, Clause], file: str) -> None:
    """Refuse numbers that are there twice, clauses that are not there, and targets outside a unit's range."""
    seen: set[int] = set()
    for article in articles:
        place = {"file": file, "code": f"article {article.number}"}
        if article.number in seen:
            raise RuleError("rules.code_twice", **place)
        seen.add(article.number)
        for one in article.indicators:
            if one.is_ == ANSWERED:
                continue
            for code in filter(None, (one.code, one.measured)):
                if code not in clauses:
                    raise RuleError("rules.unknown_indicator", **place, indicator=code, near=nearest(code, clauses))
            if one.measured and clauses[one.measured].unit != clauses[one.code].unit:
                both = [one.code, one.measured]
                raise RuleError("rules.measured_unit", **place, codes=both, units=[clauses[code].unit for code in both])
            unit = one.target.unit or clauses[one.code].unit
            highest = units()[unit].highest
            for key, value in one.target.limit.items():
                if highest is not None and value > highest:
                    raise RuleError("rules.limit_range", **place, key=key, value=value, unit=unit)
