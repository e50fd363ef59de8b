"""Hold how a county answers a policy: article by article, what was measured or stated, against whose target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from gis_planning.results.ledger import Ledger
from gis_planning.results.verdicts import Outcome, Scorecard, Severity, Stated, Verdict
from gis_planning.texts import Lang, Text

#: Where an article's numbers come from; the least complete of its indicators counts.
State = Literal["measured", "stated", "no-test", "not-assessed"]
#: The most complete first.
STATES: tuple[State, ...] = ("measured", "stated", "not-assessed", "no-test")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an indicator says of a county.

    Attributes
    ----------
    target
        Whose target it is held against (`kind` R, E, C or N), the number, the unit and the year.
    outcome
        By the target; `info` where it is not the county's to meet.
    because
        Why it is not assessed, or why nothing is judged.
    year, source
        Of the value: the year it shows, and the layers and files, or the file and row, that it comes from.
    years
        What a table states, by year.
    beside
        What a table states of a number that was measured, and the difference.
    value_range
        Between which numbers the truth lies, where the value is a bound.
    by
        The code of the clause that measured it, where that is another than the one that a table would state.
    optional
        Whether its article is answered without it.
    applies
        Whether it asks anything of the county: a table may say that it does not.
    contributes, meets
        What the county adds to a total of the region; whether it is one of the counties that a share asks for.
    standard
        The limit of the document that the indicator is from, and the outcome by it.
    region
        The total of the region, where a file of one was given.
    """

    code: str
    title: Text
    text: Text
    document: str
    measure: str
    unit: str
    area: str
    severity: Severity
    target: Mapping[str, Any]
    state: State
    outcome: Outcome
    because: Text
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    value_range: tuple[float, float] | None = None
    counted: str | None = None
    gap: float | None = None
    year: int | None = None
    source: Mapping[str, Any] | None = None
    years: tuple[Stated, ...] = ()
    beside: Stated | None = None
    contributes: Mapping[str, Any] | None = None
    meets: bool | None = None
    applies: bool = True
    by: str | None = None
    optional: bool = False
    standard: Mapping[str, Any] | None = None
    region: Mapping[str, Any] | None = None
    verdict: Verdict | None = None
    notes: tuple[Text, ...] = ()

    @property
    def kind(self) -> str:
        """Return whose target it is."""
        return str(self.target["kind"])

    @property
    def limit(self) -> dict[str, float]:
        """Return the target's number as a clause states its limit."""
        return {
            key: self.target[key] for key in ("at_least", "more_than", "at_most", "less_than") if key in self.target
        }

    @property
    def difference(self) -> float | None:
        """Return what was measured less what is stated."""
        return None if self.beside is None or self.value is None else self.value - self.beside.value

    def to_json(self, lang: Lang) -> dict[str, Any]:
        """Return it as other tools read it."""
        found: dict[str, Any] = {
            "code": self.code,
            "title": self.title.to(lang),
            "text": self.text.to(lang),
            "document": self.document,
            "measure": self.measure,
            "measured_by": self.by,
            "optional": self.optional,
            "state": self.state,
            "value": self.value,
            "unit": self.unit,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "range": self.value_range,
            "area": self.area,
            "year": self.year,
            "target": dict(self.target),
            "outcome": self.outcome,
            "applies": self.applies,
            "severity": self.severity,
            "gap": self.gap,
            "because": self.because.to(lang),
            "source": dict(self.source) if self.source else None,
            "years": [one.to_json() for one in self.years],
            "offenders": len(self.verdict.measured.offenders) if self.verdict and self.verdict.measured else 0,
            "notes": [note.to(lang) for note in self.notes],
        }
        if self.beside is not None:
            found["stated"] = self.beside.to_json() | {"difference": self.difference}
        if self.kind == "R":
            found["contributes"] = dict(self.contributes or {})
        if self.kind == "C":
            found["meets"] = self.meets
        if self.standard is not None:
            found["standard"] = dict(self.standard)
        if self.region is not None:
            found["region"] = dict(self.region)
        return found


@dataclass(frozen=True)
class Answered:
    """An article and the answers to it; `why` says why nothing of it can be tested, where nothing can."""

    number: int
    title: Text
    text: Text
    why: Text | None
    answers: tuple[Answer, ...] = ()

    @property
    def state(self) -> State:
        """Return the most complete state that holds for all its indicators but those it is answered without."""
        asked = [one.state for one in self.answers if one.applies and not one.optional]
        return max(asked, key=STATES.index) if asked else "no-test"

    def to_json(self, lang: Lang) -> dict[str, Any]:
        """Return it as other tools read it."""
        return {
            "number": self.number,
            "title": self.title.to(lang),
            "text": self.text.to(lang),
            "state": self.state,
            "why": self.why.to(lang) if self.why else None,
            "indicators": [one.to_json(lang) for one in self.answers],
        }


@dataclass(frozen=True, kw_only=True)
class PolicyCard(Ledger):
    """How a county answers a policy, with everything needed to defend it later.

    `scorecard` has the verdicts on the indicators that were measured, for maps.
    """

    policy: Mapping[str, Any]
    articles: tuple[Answered, ...]
    scorecard: Scorecard
    type: str | None = None
    region: Mapping[str, Any] | None = None
    rows: tuple[Mapping[str, Any], ...] = field(default=())

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Return all answers, in the order of the articles."""
        return tuple(one for article in self.articles for one in article.answers)

    @property
    def exit_code(self) -> int:
        """Return 2 where our own code failed, 1 where a target of every county is missed (warnings aside), else 0."""
        if any(one.outcome == "error" for one in self.answers):
            return 2
        return int(any(one.outcome == "fail" and one.severity != "warning" for one in self.answers))

    def to_json(self, lang: Lang) -> dict[str, Any]:
        """Return it as other tools read it."""
        head = self.head(lang)
        return {
            **head,
            "county": head["county"] | {"type": self.type},
            "policy": {"document": self.policy["id"], **self.policy},
            "region": dict(self.region) if self.region else None,
            "clauses": [article.to_json(lang) for article in self.articles],
            "rows": [dict(row) for row in self.rows],
        }
