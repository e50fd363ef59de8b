"""Say of a review what people decided: outcomes with their mark, of overlap patches the one after the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis_planning.results.review import Review
from gis_planning.results.verdicts import Outcome
from gis_planning.texts import Lang, say

if TYPE_CHECKING:
    import pandas as pd

#: What people made of a patch; there is no such column where nobody decided on any.
DECIDED = "outcome_decided"


def outcome_words(outcome: str, lang: Lang, *, decided: bool = False, heed: bool = False) -> str:
    """Return an outcome in words; one that a person decided says so, and one that tells something to heed."""
    words = say(f"review.outcome.{outcome}", lang)
    words = say("review.outcome_heed", lang, outcome=words) if heed else words
    return say("review.outcome_decided", lang, outcome=words) if decided else words


def patch_outcomes(review: Review) -> list[tuple[Outcome, bool]]:
    """Return the outcome of each overlap patch, with people's decisions in place of ours, and whether it is theirs."""
    patches = review.patches
    if not len(patches):
        return []
    theirs = patches[DECIDED].notna() if DECIDED in patches.columns else [False] * len(patches)
    return list(zip(standing(patches), theirs, strict=True))


def standing(patches: pd.DataFrame) -> pd.Series[Outcome]:
    """Return the outcomes of patches, with people's decisions in place of ours."""
    return patches[DECIDED].fillna(patches["outcome"]) if DECIDED in patches.columns else patches["outcome"]


def patch_decisions(review: Review, lang: Lang) -> list[str | None]:
    """Return what people decided of each overlap patch and what the program had said; empty where nobody decided."""
    if DECIDED not in review.patches.columns:
        return []
    said = {
        (parcel.id, facts["code"]): say("review.decided", lang, **facts)
        for parcel in review.parcels
        for facts in review.told_decisions(parcel, lang)
    }
    return [said.get(one) for one in zip(review.patches["project_id"], review.patches["code"], strict=True)]
