"""Lay the conflicts of a review over the pages of its projects: hatched by outcome, with its word, in the legend."""

from __future__ import annotations

from collections.abc import Mapping

from gis_planning import units
from gis_planning.maps.print.atlas_page import Over
from gis_planning.maps.print.pen import Pen
from gis_planning.results.review import Review
from gis_planning.texts import Lang, say
from gis_planning.view.looks import styles

#: What is drawn, worst first, and the angle of its hatching: they are told apart without colour.
HATCHES = {"error": 0.0, "fail": 45.0, "conditional": 135.0, "not-assessed": 90.0}
#: Land use is still seen below.
FILLED, STROKE_MM, GAP_MM = 0.3, 0.35, 1.5


def conflicts(review: Review, lang: Lang) -> Mapping[str, tuple[Over, ...]]:
    """Return what lies on each project, by its id: an entry for each outcome, line and clause, worst first."""
    found: dict[str, list[tuple[int, Over]]] = {}
    order = list(HATCHES)
    if not len(review.patches):
        return {}
    patches = review.patches[review.patches["outcome"].isin(order)]
    for (own, outcome, line, code), rows in patches.groupby(["project_id", "outcome", "line", "code"], sort=False):
        said = {"outcome": say(f"review.outcome.{outcome}", lang), "line": review.title(line, lang)}
        area = units.bare(float(rows["area_m2"].sum()), "land_ha")
        title = say("atlas.conflict", lang, **said, code=code, ha=area)
        over = Over(title, _pen(outcome), rows.geometry.to_numpy(), say("atlas.conflict_mark", lang, **said))
        found.setdefault(own, []).append((order.index(outcome), over))
    return {own: tuple(over for _, over in sorted(each, key=lambda one: one[0])) for own, each in found.items()}


def conclusions(review: Review, lang: Lang) -> Mapping[str, str]:
    """Return what each project comes to, by its id."""
    return {
        parcel.id: say("atlas.conclusion", lang, outcome=say(f"review.outcome.{parcel.outcome}", lang))
        for parcel in review.parcels
    }


def _pen(outcome: str) -> Pen:
    colour = styles()["outcome"][outcome]["colour"]
    return Pen(colour, FILLED, colour, STROKE_MM, hatch=(HATCHES[outcome],), gap=GAP_MM)
