"""Choose which projects of a review have an opinion of their own in Word, and say so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gis_planning.errors import FeatureError
from gis_planning.results.review import QUIET, Review
from gis_planning.results.verdicts import OUTCOMES
from gis_planning.texts import Text, text

#: Up to so many projects all have an opinion where nothing is asked for; of more, so many of those in conflict do.
MOST, WORST = 500, 100

Which = Literal["all", "conflicts", "worst", "named"]


@dataclass(frozen=True)
class Asked:
    """The opinions somebody asked for: of all projects, of those in conflict, of some by their ids; or nothing said."""

    all: bool = False
    conflicts: bool = False
    ids: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Opinions:
    """The projects with an opinion by their places, in the order of the review, out of how many, and which they are."""

    places: tuple[int, ...]
    total: int
    which: Which

    @property
    def said(self) -> Text | None:
        """Return which projects have an opinion and how the others get one, None where all have."""
        if len(self.places) == self.total:
            return None
        return text(
            "review.opinions",
            count=f"{len(self.places):,}",
            total=f"{self.total:,}",
            which=text(f"review.opinions_{self.which}"),
        )


def asked(words: Iterable[str], known: Iterable[str], source: Sequence[str | Path]) -> Asked:
    """Return what the words `all`, `conflicts` and ids ask for; several may stand in one, between commas.

    Raises
    ------
    FeatureError
        A word is no id of a project.
    """
    ids = {str(one) for one in known}
    # An id may hold a comma itself.
    parts = [part for word in words for part in ([word] if word in ids else word.split(","))]
    said = [part if part in ids else part.strip() for part in parts if part.strip()]
    odd = [part for part in dict.fromkeys(said) if part not in ids and part not in {"all", "conflicts"}]
    if odd:
        raise FeatureError("review.no_such_opinion", source=list(source), ids=odd[:10], count=len(odd))
    return Asked("all" in said, "conflicts" in said, frozenset(said) & ids)


def chosen(review: Review, asked: Asked = Asked()) -> Opinions:
    """Return which projects have an opinion: those asked for, else all, or of many the worst in conflict."""
    outcomes = [parcel.outcome for parcel in review.parcels]
    total = len(outcomes)
    loud = [at for at, outcome in enumerate(outcomes) if outcome not in QUIET]
    if asked.all or (asked == Asked() and total <= MOST):
        return Opinions(tuple(range(total)), total, "all")
    if asked == Asked():
        worst = sorted(loud, key=lambda at: OUTCOMES.index(outcomes[at]))[:WORST]
        return Opinions(tuple(sorted(worst)), total, "worst" if len(loud) > WORST else "conflicts")
    named = {at for at, parcel in enumerate(review.parcels) if parcel.id in asked.ids}
    if asked.conflicts:
        return Opinions(tuple(sorted(named.union(loud))), total, "conflicts")
    return Opinions(tuple(sorted(named)), total, "named")
