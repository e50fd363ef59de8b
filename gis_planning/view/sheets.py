"""Group verdicts into sheets: clauses that differ only in their limit share one measurement, one map, one headline."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import quote

from gis_planning import units
from gis_planning.outputs.names import apart
from gis_planning.results.verdicts import Measured, Scorecard, Verdict
from gis_planning.texts import Lang, say
from gis_planning.view import numbers
from gis_planning.view.looks import styles
from gis_planning.view.roles import by_role, drawable, has_roles

#: A measurement of these roles is a coverage: it leads where there is one.
COVERAGE = ("served", "area", "supply")
#: A coverage with these layers has a page of its own; any other is drawn on the main map.
COVERAGE_LAYERS = {"served", "service_areas", "parks"}
#: Layers of these roles are told in a section of their own.
TOLD = ("group", "supply", "served", "band", "area", "gap")
#: What a page of a coverage has to click beside its gaps.
CLICKED = ("served", "supply", "gap", "gate")
#: A coverage with more features to click is drawn on the main map, in vector tiles, and has no page of its own.
LARGEST = 5_000
#: The main map of a run, and the roles of the layers on it that show a clause, beside what is broken.
MAIN = "map.html"
BROKEN = "broken"
ON_MAIN = ("supply", "served", "area", "group", "band", "gap")
#: What pages of their own call the features of a role.
#: Which of two years stands on which side of a map.
SIDES = {"left": "then", "right": "now"}
SPOTS = {"offender": "patch", "supply": "park"}
LONGEST_STEM = 60
#: The note of a figure on residential land that was made from buildings.
MADE = "homes.made"


@dataclass(frozen=True)
class Sheet:
    """One measurement with all verdicts on it; `file` is its map page, None where there is nothing to draw.

    A coverage with too many features for a page of its own is `large`: its `file` is the main map.
    """

    measured: Measured
    verdicts: tuple[Verdict, ...]
    file: str | None

    @property
    def leading(self) -> Verdict:
        """Return the verdict for the headline: the first one that is more than a comparison."""
        return next(
            (verdict for verdict in self.verdicts if verdict.limit and verdict.severity != "warning"), self.verdicts[0]
        )

    @property
    def limits(self) -> list[float]:
        """Return all limits the measurement is held against."""
        return [value for verdict in self.verdicts for value in verdict.limit.values()]

    @property
    def large(self) -> bool:
        """Say whether it is drawn on the main map."""
        return self.file == MAIN

    @property
    def link(self) -> str | None:
        """Return the address of its map, None where there is nothing to draw."""
        if self.file is None or not self.large:
            return None if self.file is None else quote(self.file)
        return self.on_main

    @property
    def on_main(self) -> str:
        """Return the address of the main map with its layers on."""
        own = [one.name for one in by_role(self.measured, *ON_MAIN) if one.drawable and not one.layer.page]
        shown = ",".join(address(name, self.leading.code) for name in (BROKEN, *own))
        return f"{MAIN}#on={quote(shown, safe='')}"

    def on_side(self, year: str) -> list[str]:
        """Return the addresses of its layers that show one of two years, `then` or `now`, or both."""
        code, schema = self.leading.code, self.measured.schema
        drawn = [name for name, frame in self.measured.layers.items() if drawable(frame)]
        return [address(name, code) for name in drawn if schema[name].side in (year, "both")]

    @property
    def two_years(self) -> bool:
        """Say whether it shows what stood in an earlier year beside what stands now."""
        layers, schema = self.measured.layers, self.measured.schema
        return any(schema[name].side in ("then", "now") and drawable(frame) for name, frame in layers.items())

    def years_address(self, page: str = MAIN) -> str | None:
        """Return the address of a map with the two years that it compares side by side, None where there are none."""
        if not self.two_years:
            return None
        own = [address(BROKEN, self.leading.code), *self.on_side("then"), *self.on_side("now")]
        on = ",".join(dict.fromkeys([*own, "study_area", "districts"]))
        sides = "".join(f"&{side}={year}%20{plain(self.leading.code)}" for side, year in SIDES.items())
        return f"{page}#on={quote(on, safe='')}{sides}"

    @property
    def tells(self) -> bool:
        """Say whether it has more to tell than its number and its offenders."""
        return any(len(one.table) and not one.layer.page for one in by_role(self.measured, *TOLD))

    def spot(self, role: Literal["offender", "supply"], number: int) -> str | None:
        """Return the address of an offender, by its rank, or of what serves, by its row, on the map."""
        if self.link is None or not self.large:
            return None if self.link is None else f"{self.link}#{SPOTS[role]}-{number}"
        name = BROKEN if role == "offender" else by_role(self.measured, role)[0].name
        row = number - 1 if role == "offender" else number
        return f"{self.link}&see={quote(address(name, self.leading.code), safe='')}.{row}"

    def value(self, lang: Lang) -> str:
        """Return the value as the reader sees it."""
        return units.written(self.measured.value, self.leading.unit, lang, self.limits)

    def bound(self, lang: Lang) -> str:
        """Return the word for a value that is only a bound, nothing for an exact one."""
        return say(f"bound.{self.measured.bound}", lang)

    def truth(self, lang: Lang) -> str | None:
        """Return between which values the truth lies, None where the value is exact."""
        if self.measured.bound == "exact" or self.measured.value_range is None:
            return None
        low, high = (units.written(one, self.leading.unit, lang) for one in self.measured.value_range)
        return say("map.truth", lang, low=low, high=high)

    def assumed(self, lang: Lang) -> str | None:
        """Return what the figure rests on that nobody delivered: residential land that was made from buildings."""
        made = next((one.to(lang) for one in self.measured.notes if one.key == MADE), None)
        return None if made is None else made[:1].upper() + made[1:] + say("paper.stop", lang)


def sheets(scorecard: Scorecard) -> list[Sheet]:
    """Return the measurements of a scorecard in the order of their first clause."""
    groups: dict[int, list[Verdict]] = {}
    for verdict in scorecard.verdicts:
        if verdict.measured is not None:
            groups.setdefault(id(verdict.measured), []).append(verdict)
    found: list[Sheet] = []
    taken: set[str] = set()
    for verdicts in groups.values():
        measured = verdicts[0].measured
        assert measured is not None  # noqa: S101 - for the type checker; only measured verdicts are grouped
        covers = has_roles(measured, *COVERAGE)
        paged = measured.layers.keys() >= COVERAGE_LAYERS and clickable(measured) <= LARGEST
        file = MAIN if covers and not paged else None
        file = file_name(verdicts[0].code, taken) if covers and file is None else file
        found.append(Sheet(measured, tuple(verdicts), file))
    return found


def clickable(measured: Measured) -> int:
    """Return how many features a page of a coverage would have to click."""
    return len(measured.offenders) + sum(len(one.table) for one in by_role(measured, *CLICKED))


def address(layer: str, code: str) -> str:
    """Return the address on the main map of a layer that belongs to a clause; a county's codes may hold anything.

    Examples
    --------
    >>> address("broken", "GC22-1"), address("broken", "a/b c")
    ('broken.GC22-1', 'broken.a_b_c')
    """
    return f"{layer}.{plain(code)}"


def plain(code: str) -> str:
    """Return a code as addresses have it."""
    return re.sub(r"[^\w-]+", "_", code)


def document(scorecard: Scorecard, verdict: Verdict) -> Mapping[str, Any]:
    """Return the document of a verdict."""
    return next(one for one in scorecard.documents if one["id"] == verdict.document)


def profile(settings: Mapping[str, Any], lang: Lang) -> list[str]:
    """Return in words which parks serve how far."""
    found = [_tier(tier, lang) for tier in settings.get("tiers", ())]
    walked = "large_limit_m" in settings
    if "large_area_m2" in settings:
        least, large = settings["min_area_m2"], settings["large_area_m2"]
        far, near = (settings[f"{size}_{'limit' if walked else 'radius'}_m"] for size in ("large", "small"))
        found.append(_serve("large", lang, area=large, radius=far))
        if least < large:
            found.append(_serve("small", lang, least=least, area=large, radius=near))
        if settings.get("historic_min_area_m2") is not None:
            historic = settings["historic_min_area_m2"]
            found.append(_serve("historic", lang, area=historic, radius=settings["small_radius_m"]))
    if "square" in settings.get("counts", ()):
        found.append(say("map.profile_square", lang))
    if settings.get("merge_gap_m"):
        found.append(say("map.profile_gap", lang, gap=f"{settings['merge_gap_m']:g}"))
    return [*found, say("map.profile_walk" if walked else "map.profile_line", lang)] if found else []


def foremost(sheets: Sequence[Sheet], before: Mapping[str, str | None] = MappingProxyType({})) -> Sheet | None:
    """Return the coverage a short report speaks of: the first that misses what must be met, else the first of all.

    One that missed it in an earlier run already, whose outcomes by code are given, comes before others: both runs then
    speak of the same coverage, and their figures can be held against each other.
    """
    drawn = [sheet for sheet in sheets if sheet.file]
    missed = [sheet for sheet in drawn if any(one.outcome == "fail" for one in _binding(sheet))]
    still = [sheet for sheet in missed if any(before.get(one.code) == "fail" for one in _binding(sheet))]
    return next(iter((*still, *missed, *drawn)), None)


def _binding(sheet: Sheet) -> list[Verdict]:
    """Return the verdicts that are not for comparison only."""
    return [one for one in sheet.verdicts if one.severity != "warning"]


def reach(settings: Mapping[str, Any], lang: Lang) -> str:
    """Return in a few words how far what serves may be, so that figures for other distances are told apart.

    Nothing where a clause names no such distance.
    """
    way = "walk" if "large_limit_m" in settings else "radius"
    kind = "limit" if way == "walk" else "radius"
    far = {tier["radius_m"] for tier in settings.get("tiers", ())}
    far |= {settings[key] for size in ("small", "large") if (key := f"{size}_{kind}_m") in settings}
    if not far:
        return ""
    several = len(far) > 1
    key = {"walk": "walks" if several else "walk", "radius": "radii" if several else "radius"}[way]
    near, most = (units.written(one, "m", lang) for one in (min(far), max(far)))
    return say(f"headlines.{key}", lang, near=near, far=most)


def outcome_facts(outcome: str, lang: Lang) -> dict[str, str]:
    """Return how an outcome is shown: its word, its colour and its drawn sign."""
    return {"key": outcome, "word": say(f"outcome.{outcome}", lang), **styles()["outcome"][outcome]}


def gauge(sheet: Sheet) -> dict[str, Any] | None:
    """Return a bar for a share: how full it is and where its limits stand, in percent of its length."""
    if sheet.leading.unit != "share" or sheet.measured.value is None:
        return None
    marks = sorted({round(value * 100, 4) for value in sheet.limits})
    low, high = (_along(value) for value in sheet.measured.value_range or (0.0, 0.0))
    return {
        "filled": f"{_along(sheet.measured.value):.3f}",
        "marks": marks,
        "from": f"{low:.3f}",
        "wide": f"{high - low:.3f}",
    }


def side_by_side(sheet: Sheet, lang: Lang) -> dict[str, Any] | None:
    """Return the straight-line figure beside the walking one, and the land between them; None where only one is."""
    measured = sheet.measured
    radius = next((reference for reference in measured.references if reference.statutory), None)
    gaps = by_role(measured, "gap")
    if radius is None or not gaps or radius.value is None or measured.value is None:
        return None
    rows = [
        {"name": say(f"map.by_{way}", lang), "value": numbers.percent(value), "filled": f"{_along(value):.3f}"}
        for way, value in (("radius", radius.value), ("walk", measured.value))
    ]
    return {"rows": rows, "gap": units.written(float(gaps[0].frame[gaps[0].layer.area].sum()), "m2", lang)}


def _along(share: float) -> float:
    return max(0.0, min(1.0, share)) * 100


def _tier(tier: Mapping[str, Any], lang: Lang) -> str:
    sizes = {"area": f"{tier['min_area_m2']:,.0f}", "radius": f"{tier['radius_m']:,.0f}"}
    return say("map.profile_tier", lang, park_class=tier["park_class"], **sizes)


def _serve(tier: str, lang: Lang, **sizes: float) -> str:
    return say(f"map.profile_{tier}", lang, **{name: f"{value:,.0f}" for name, value in sizes.items()})


def file_name(code: str, taken: set[str]) -> str:
    """Return a file name made from a code; a county's own codes may hold anything."""
    stem = "map-" + (re.sub(r"[^\w-]+", "_", code).strip("_")[:LONGEST_STEM] or "clause")
    return f"{apart(stem, taken)}.html"
