"""Say what a page tells of one clause: its figure, its limits, its facts, its largest gaps, which layers show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Limit:
    """What a figure is held against: the clause, its limit and the margin in words, the outcome."""

    code: str
    limit: str
    margin: str
    outcome: str


@dataclass(frozen=True)
class Gap:
    """A feature that is listed beside the map: its layer and row there, its rank, what it is called, and how large."""

    layer: str
    row: int
    rank: int
    name: str
    brief: str


@dataclass(frozen=True)
class View:
    """What a page says of one clause, or of several that share a measurement.

    Attributes
    ----------
    id, title
        Its address in links, and its name where there are several to choose from.
    outcome, value, bound, truth
        How it was judged, the figure, the word for a figure that is only a bound, and between what the truth lies.
    gauge, beside
        See `sheets.gauge` and `sheets.side_by_side`.
    limits
        What the figure is held against.
    sums
        Sentences below the figure.
    facts
        Further facts: what each is called, and its lines.
    notes
        Sentences below the legend.
    layers
        The ids of the layers that show it.
    gaps, heading
        What is listed, largest first, and what stands above the list.
    left
        A sentence below the list, of what is not listed.
    spots
        What addresses of the page stand for: by their word, the layer and the number of its first row.
    alt
        What the map tells those who do not see it.
    """

    id: str
    title: str
    outcome: str
    value: str
    alt: str
    bound: str = ""
    truth: str | None = None
    gauge: Mapping[str, Any] | None = None
    beside: Mapping[str, Any] | None = None
    limits: Sequence[Limit] = ()
    sums: Sequence[str] = ()
    facts: Sequence[tuple[str, Sequence[str]]] = ()
    notes: Sequence[str] = ()
    layers: Sequence[str] = ()
    gaps: Sequence[Gap] = ()
    heading: str = ""
    left: str = ""
    spots: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    def payload(self) -> dict[str, Any]:
        """Return what the page's programs need of it; its words stand in the page."""
        return {
            "id": self.id,
            "title": self.title,
            "layers": list(self.layers),
            "spots": dict(self.spots),
            "alt": self.alt,
        }
