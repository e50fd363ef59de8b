"""Hold what was measured and judged, and write it; everything frozen, numbers never rounded."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from gis_planning.results.ledger import Ledger
from gis_planning.results.mended import counted
from gis_planning.results.schema import OFFENDERS, Layer, described
from gis_planning.texts import Lang, Text, text

if TYPE_CHECKING:
    import geopandas as gpd

    from gis_planning.results.surface import Surface

Outcome = Literal["error", "fail", "not-assessed", "conditional", "pass", "info"]
Severity = Literal["fatal", "error", "warning"]
Bound = Literal["exact", "upper", "lower", "between"]


#: References that say how far a share can stand for the county; shown wherever the share is.
_DOUBTS = ("homes_on_land", "land_from_buildings", "drawn_land", "other_kinds")

#: Worst first.
OUTCOMES: tuple[Outcome, ...] = ("error", "fail", "not-assessed", "conditional", "pass", "info")


@dataclass(frozen=True)
class Counted:
    """A share kept as what it is made of, so that shares are never averaged."""

    numerator: float
    denominator: float

    @property
    def value(self) -> float | None:
        """Return numerator over denominator, None where there is nothing to share."""
        return self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True)
class Part(Counted):
    """The same quantity in one district; `name` is None for land in no district."""

    name: str | None


@dataclass(frozen=True)
class Reference(Counted):
    """A second number for comparison, never judged: the same coverage counted in people or dwellings.

    `facts` fill its title, `unit` says what it counts where the key does not.
    """

    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    unit: str | None = None

    @property
    def title(self) -> Text:
        """Return what it is called."""
        return text(f"reference.{self.key}", **self.facts)

    @property
    def doubts(self) -> bool:
        """Say whether it tells how far the figure can stand for the county: it is shown wherever the figure is."""
        return self.key in _DOUBTS

    @property
    def statutory(self) -> bool:
        """Say whether it is the straight-line figure of what was walked."""
        return self.key == "radius_coverage"

    def to_json(self) -> dict[str, Any]:
        """Return it as other tools read it."""
        return _counted(self, {"key": self.key, **({"unit": self.unit} if self.unit else {}), **self.facts})


@dataclass(frozen=True)
class Stated:
    """A number that a table states: for which year, and where it stands there.

    `numerator` and `denominator` are there where it was divided out of two of them.
    """

    value: float
    year: int
    file: str
    row: int
    source: str = ""
    numerator: float | None = None
    denominator: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as other tools read it."""
        return {key: value for key, value in vars(self).items() if value not in (None, "")}


@dataclass(frozen=True)
class Cut:
    """How exactly land was cut: the grid it was cut on, the largest move onto it, and the pieces left as rounding."""

    grid_m: float
    moved_m: float
    rounding: int = 0

    @property
    def notes(self) -> tuple[Text, ...]:
        """Return what a reader must know of it."""
        moved = text("redlines.note_grid", grid_mm=self.grid_m * 1000, moved_mm=self.moved_m * 1000)
        if not self.rounding:
            return (moved,)
        return moved, text("redlines.note_rounding", count=self.rounding, width_mm=self.grid_m * 2000)


@dataclass(frozen=True)
class Measured:
    """What a measure returns: the quantity, what is wrong where, and how far the number can be trusted.

    Attributes
    ----------
    value, unit, numerator, denominator
        The quantity. A share is its numerator over its denominator, both in m2. No value: what was measured does not
        stand for the county, for the reason that `undecided` gives; it is then among the references.
    value_range
        The lowest and the highest value the truth can have, where the data leave it open: green that may not be park
        was counted, or parks that may count were not. None where the value is exact.
    offenders
        The features that keep the quantity from being better, worst first, in the working CRS.
    parts
        The quantity by district, as sums.
    references
        Second, labelled numbers.
    notes
        What a reader must know.
    counted
        The unit of numerator and denominator; None where they have different ones, or are the value itself.
    cut
        How exactly land was cut, where it was; the notes tell it too.
    missing
        Parts that could not be assessed, each with the reason.
    layers
        Result layers by name, in the working CRS, for maps and GIS.
    surfaces
        By the name of a layer that is a table without shapes: the squares whose numbers its rows tell of.
    area
        What a rate is divided by: `urban_area`, `study_area` ..., where the measure knows better than the clause.
    stated
        The numbers of a table that the value comes from or could come from, by year; the last one is the value.
    schema
        What each layer is, the offenders among them. A measure states what is its own; the rest is looked up, and a
        layer or column that nothing is known of is a ValueError.
    """

    value: float | None
    unit: str
    offenders: gpd.GeoDataFrame
    numerator: float | None = None
    denominator: float | None = None
    value_range: tuple[float, float] | None = None
    parts: tuple[Part, ...] = ()
    references: tuple[Reference, ...] = ()
    notes: tuple[Text, ...] = ()
    missing: tuple[Text, ...] = ()
    layers: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    surfaces: Mapping[str, Surface] = field(default_factory=dict)
    undecided: Text | None = None
    schema: Mapping[str, Layer] = field(default_factory=dict)
    cut: Cut | None = None
    counted: str | None = None
    area: str | None = None
    stated: tuple[Stated, ...] = ()

    def __post_init__(self) -> None:
        """Complete what is known of each layer."""
        frames = {OFFENDERS: self.offenders, **self.layers}
        schema = {name: described(name, frame, self.schema.get(name)) for name, frame in frames.items()}
        object.__setattr__(self, "schema", schema)

    @classmethod
    def share(cls, numerator: float, denominator: float, counted: str, **more: Any) -> Measured:
        """Return a share, of whatever is counted; more is told as by the class itself."""
        value = numerator / denominator
        return cls(value, "share", numerator=numerator, denominator=denominator, counted=counted, **more)

    @property
    def frames(self) -> dict[str, Any]:
        """Return all layers by name, the offenders first."""
        return {OFFENDERS: self.offenders, **self.layers}

    def outlined(self, name: str) -> Any:
        """Return a layer with shapes, also where it is a surface."""
        return self.surfaces[name].outlined(self.layers[name]) if name in self.surfaces else self.frames[name]

    def undecided_by(self, reason: Text, *references: Reference) -> Measured:
        """Return what is left of a measurement that may not stand for the county; `references` say what was measured.

        The same share in homes, in people and by district goes with it.
        """
        return replace(
            self,
            value=None,
            numerator=None,
            denominator=None,
            value_range=None,
            parts=(),
            references=references,
            undecided=reason,
        )

    @property
    def bound(self) -> Bound:
        """Say how the value relates to the truth: `upper` where that can only be lower, `lower` the other way round."""
        if self.value_range is None or self.value_range[0] == self.value_range[1]:
            return "exact"
        low, high = self.value_range
        return "upper" if self.value == high else "lower" if self.value == low else "between"


@dataclass(frozen=True)
class Verdict:
    """A clause judged on a county."""

    code: str
    document: str
    measure: str
    settings: Mapping[str, Any]
    severity: Severity
    outcome: Outcome
    unit: str
    limit: Mapping[str, float]
    reason: Text
    margin: float | None = None
    measured: Measured | None = None

    @property
    def lists_needs(self) -> bool:
        """Say whether it is over a list of needs."""
        return bool(self.settings.get("needs"))

    def to_json(self, lang: Lang) -> dict[str, Any]:
        """Return the verdict as other tools read it."""
        m = self.measured
        return {
            "code": self.code,
            "document": self.document,
            "measure": self.measure,
            "settings": dict(self.settings),
            "severity": self.severity,
            "outcome": self.outcome,
            "value": m.value if m else None,
            "unit": self.unit,
            "bound": m.bound if m else None,
            "range": m.value_range if m else None,
            "numerator": m.numerator if m else None,
            "denominator": m.denominator if m else None,
            "limit": dict(self.limit),
            "margin": self.margin,
            "offenders": len(m.offenders) if m else 0,
            "message": self.reason.to(lang),
            "districts": [_counted(part, {"name": part.name}) for part in (m.parts if m else ())],
            "references": [reference.to_json() for reference in (m.references if m else ())],
            "notes": [note.to(lang) for note in (m.notes if m else ())],
            "missing": [note.to(lang) for note in (m.missing if m else ())],
            "layers": [m.schema[name].to_json(lang, len(frame)) for name, frame in m.frames.items()] if m else [],
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """A clause judged on a project parcel.

    `outcome_zero` is the outcome where no sliver is excused; `borderline` marks an outcome that twice the tolerance (or
    the label's width, where no tolerance is set) would turn.
    """

    code: str
    outcome: Outcome
    outcome_zero: Outcome
    borderline: bool
    message: Text


@dataclass(frozen=True)
class QualityScore:
    """The score of a delivered database by one document, from 0 to 100; None where too little was assessed.

    What faults cost goes by class of defect, and by how many features or km2 there are.
    """

    document: str
    score: float | None
    #: Faults by class, those of them that are of a whole table, and those for comparison, which are not among them.
    counts: Mapping[str, int]
    whole: Mapping[str, int]
    left_out: int
    #: By class: the points that a fault costs, the most that the class takes off, and what it took off.
    weights: Mapping[str, float]
    caps: Mapping[str, float]
    taken: Mapping[str, float]
    #: What that is divided by.
    adjustment: float
    #: How many checks there are, and how many of them could not be assessed.
    clauses: int
    unassessed: int
    #: Those that are not for comparison, and how many of them were made: what the score rests on.
    checks: int
    made: int
    #: Whether faults of features are counted per `feature` or `km2`, how many of these there are, how many units it is.
    per: str
    amount: float
    units: float

    def to_json(self) -> dict[str, Any]:
        """Return the score as other tools read it."""
        return dict(vars(self))


@dataclass(frozen=True, kw_only=True)
class Scorecard(Ledger):
    """All verdicts of a county, with everything needed to defend them later."""

    verdicts: tuple[Verdict, ...]
    quality: tuple[QualityScore, ...] = ()
    #: The faults of a delivered database, one by one (`faults_of`); None where there are none.
    faults: gpd.GeoDataFrame | None = None

    @property
    def mended(self) -> dict[str, int] | None:
        """Return how many faults are new, left, mended and not judged twice; None where they were not compared."""
        old = self.compared
        return None if old is None or old.faults is None else counted(old.faults, old.gone)

    @property
    def exit_code(self) -> int:
        """Return 2 where our own code failed, 1 where a clause failed (warnings aside), else 0."""
        if any(verdict.outcome == "error" for verdict in self.verdicts):
            return 2
        failed = (verdict for verdict in self.verdicts if verdict.outcome == "fail")
        return int(any(verdict.severity != "warning" for verdict in failed))

    def to_json(self, lang: Lang) -> dict[str, Any]:
        """Return the scorecard as other tools read it."""
        old = self.compared
        return {
            **self.head(lang),
            "verdicts": [verdict.to_json(lang) for verdict in self.verdicts],
            "quality": [score.to_json() for score in self.quality],
            "compare": {
                "data_date": old.data_date,
                "version": old.version,
                "changes": old.to_json(),
                "faults": self.mended,
            }
            if old
            else None,
        }


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON other tools read: UTF-8, numbers unrounded, no NaN."""
    path.write_text(json.dumps(_plain(content), ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def json_line(value: Any) -> str:
    """Return a value as JSON on one line, as `write_json` has it."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError):
        return json.dumps(_plain(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _counted(counted: Counted, label: dict[str, Any]) -> dict[str, Any]:
    return label | {"value": counted.value, "numerator": counted.numerator, "denominator": counted.denominator}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if hasattr(value, "item"):
        return _plain(value.item())
    return value
