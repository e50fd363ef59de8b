"""Hold back verdicts that rest on layers in doubt: shifted as a whole, or not read whole.

What was lost cannot have been harmless because nobody has seen it. A verdict stands only where it would be the same
with all that was lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_planning import geo
from gis_planning.conventions import EARLIER, delivered_as
from gis_planning.county import place
from gis_planning.county.losses import Loss
from gis_planning.county.opened import COVERAGE, County
from gis_planning.county.shift import shifts
from gis_planning.errors import InputError, NotAssessed
from gis_planning.judging.rulebook import Clause
from gis_planning.results.verdicts import Finding, Measured, Outcome
from gis_planning.texts import LANGS, Spoken, Text, text

if TYPE_CHECKING:
    import geopandas as gpd

#: How many projects a sentence names.
NAMED = 10
#: Degrees from the meridian of its zone, half as wide again as a zone of three degrees is to either side, in which a
#: county may lie; there lengths on the plane are 0.04 % too long.
FROM_MERIDIAN = 2.25
#: Layers that are drawn along no edges of others.
UNALIGNED = frozenset({"buildings", "population", "projects"})
#: What a lost feature can do to a quantity: add to it (parks, facilities, streets), take from it (barriers, land that
#: may break a clause), or either (homes, the frame of the count).
ADDS = frozenset(
    {"parks", "park_entrances", "facilities", "streets", "compound_gates", "shelters", "pipes", "hydrants"}
)
TAKES = frozenset({"barriers", "land_use", "projects", "historic_districts", "estates", "road_red_lines", "hazards"})
#: Without the whole of it there is no county to measure.
FRAME = "study_area"
#: Layers that tell a result apart, or count it in people beside its number, and change no verdict.
TELLS = frozenset({"districts", "communities", "buildings", "population"})
#: Families of rates over land, people, buildings and pipes: what is lost of any layer can make them more or less.
RATES = frozenset({"land", "form", "ground", "heritage", "noise", "pipes", "waste", "hazards", "shelters", "services"})


def doubt_places(county: County, clauses: Iterable[Clause]) -> None:
    """Tell what speaks against where a county is said to lie, and which layers lie shifted against the others.

    A control line that lies shifted becomes one that nothing is judged by. Shifts are looked for among the polygons
    that the clauses will use; see `shift.shifts`.
    """
    if not county.tables:
        return
    around = county.around()
    box = place.joint(np.array(list(around.values())).reshape(-1, 4))
    code = county.settings.code
    if code and box is not None and (named := place.misplaced_code(code, box, county.crs)):
        county.warnings.append(text("place.code", code=code, place=named))
    used = [layer for clause in clauses if clause.family != "quality" for layer in clause.layers.values()]
    drawn = {}
    for layer in dict.fromkeys(used):
        table = county.tables.get(layer)
        if (
            table
            and table.source
            and layer.removesuffix(EARLIER) not in UNALIGNED
            and county.kind(layer).geometry == "polygon"
        ):
            # What cannot be read is told to the clause that needs it.
            with suppress(NotAssessed, InputError):
                drawn[layer] = county.layer(layer).geometry.to_numpy()  # type: ignore[union-attr]
    for layer, found in shifts(drawn).items():
        facts = {"source": county.source(layer), "layer": county.called(layer), **vars(found)}
        facts["distance_m"] = found.distance_m
        county.warnings.append(text("place.shifted", **facts))
        if county.kind(layer).control:
            county.untrusted[layer] = NotAssessed("place.line_shifted", **facts)


def note_unbounded(county: County, clauses: Iterable[Clause], projects: gpd.GeoDataFrame) -> None:
    """Tell of control lines of which nothing says for which land they were delivered, and which projects lie outside.

    Such a line counts as whole wherever a project lies.
    """
    asked = dict.fromkeys(clause.layers["line"] for clause in clauses if clause.projects is not None)
    tables = {line: county.tables[line] for line in asked if line in county.tables and not county.has(line + COVERAGE)}
    lines = [county.called(line) for line, table in tables.items() if table.source is not None]
    box = place.joint(np.array(list(county.around("projects").values())).reshape(-1, 4))
    if not lines or box is None:
        return
    beyond = projects.loc[~shapely.intersects(projects.geometry.to_numpy(), shapely.box(*box)), "id"]
    named = [*beyond.astype(str)[:NAMED], *(["..."] if len(beyond) > NAMED else [])]
    key = "projects.unbounded_beyond" if len(beyond) else "projects.unbounded"
    county.warnings.append(text(key, lines=lines, **({"count": len(beyond), "ids": named} if len(beyond) else {})))


@dataclass(frozen=True)
class Doubt:
    """What losses do to a clause.

    Attributes
    ----------
    falls
        The outcomes that become `not-assessed`.
    said
        What is said beside the number.
    homes
        The lost homes, where they are few enough for the share of the others to be told.
    number
        Whether there is a number at all: a share over what is left of a layer is no share of the county.
    """

    falls: frozenset[Outcome]
    said: tuple[Text, ...]
    homes: tuple[tuple[str, Loss], ...] = ()
    number: bool = True

    @property
    def reason(self) -> Text:
        """Return why nothing is judged."""
        return _joined(text("losses.verdict"), *self.said)


def doubt_of(clause: Clause, county: County, *, without: frozenset[str] = frozenset()) -> Doubt | None:
    """Return what the losses of a clause's layers do to its verdict; None where nothing was lost.

    Parameters
    ----------
    without
        Layers whose losses do not count here.
    """
    losses = {layer: loss for layer, loss in _losses(clause, county).items() if layer not in without}
    if not losses:
        return None
    falls: set[Outcome] = set()
    homes: list[tuple[str, Loss]] = []
    number = True
    for layer, loss in losses.items():
        is_line = layer in county.tables and county.kind(layer).control
        if clause.family in RATES and layer != FRAME and not is_line:
            falls |= {"pass", "fail"}
        elif clause.family == "quality" or layer in TAKES:
            falls |= {"pass", "conditional"}
        elif is_line:
            # More land inside the line can only add to a conflict; land outside it may lie in what was lost.
            falls |= {"pass", "conditional", "info"}
            falls |= set() if clause.settings.get("wanted") == "outside" else {"fail"}
        elif layer in ADDS:
            falls |= {"fail"}
        elif layer in TELLS:
            continue
        elif layer == FRAME or loss.share > county.settings.lost_share or clause.unit != "share":
            falls |= {"pass", "fail", "info"}
            number = False
        else:
            homes.append((layer, loss))
    said = tuple(reason for loss in losses.values() for reason in loss.reasons)
    return Doubt(frozenset(falls), said, tuple(homes), number)


def held_back(findings: tuple[Finding, ...], doubt: Doubt | None) -> tuple[Finding, ...]:
    """Return the findings on projects; those that losses leave in doubt are not assessed."""
    if doubt is None or not doubt.falls:
        return findings
    return tuple(
        _unassessed(finding, _joined(finding.message, text("losses.line"), *doubt.said))
        if finding.outcome in doubt.falls
        else finding
        for finding in findings
    )


def held_back_astray(findings: tuple[Finding, ...], astray: NDArray[np.bool_]) -> tuple[Finding, ...]:
    """Return the findings on projects; those far from all data allow nothing, and a conflict that was found stands."""
    return tuple(
        _unassessed(one, text("projects.astray")) if far and one.outcome in {"pass", "conditional", "info"} else one
        for one, far in zip(findings, astray, strict=True)
    )


def _unassessed(finding: Finding, message: Text) -> Finding:
    return replace(finding, outcome="not-assessed", outcome_zero="not-assessed", message=message)


def with_doubt(measured: Measured, doubt: Doubt | None) -> Measured:
    """Return a measurement with what losses do to its range, and what is said of them beside the number."""
    if doubt is None or measured.value is None:
        return measured
    low, high = measured.value_range or (measured.value, measured.value)
    numerator, denominator = measured.numerator, measured.denominator
    for layer, loss in doubt.homes:
        if numerator is None or not denominator:
            continue
        # Nobody knows how large a lost one was: it counts as the largest that was read.
        each = loss.largest_m2 if layer == "residential" else denominator / max(loss.total - loss.count, 1)
        lost = loss.count * each
        low, high = low * denominator / (denominator + lost), (high * denominator + lost) / (denominator + lost)
    range_ = (low, high) if doubt.homes else measured.value_range
    return replace(measured, notes=(*measured.notes, *doubt.said), value_range=range_)


def _joined(*said: Text) -> Text:
    return Spoken({lang: ("" if lang == "zh" else " ").join(one.to(lang) for one in said) for lang in LANGS})


def _losses(clause: Clause, county: County) -> Mapping[str, Loss]:
    """Return the losses of the layers a clause uses, and of those its networks are built from.

    Checks of quality judge features without a shape themselves; to them only what could not be read is lost.
    """
    quality = clause.family == "quality"
    found: dict[str, Loss] = {}
    for layer in clause.layers.values():
        for one in delivered_as(layer):
            # Land that was made from buildings lacks what they lack.
            made_from = county.tables[one].made_from if one in county.tables else None
            loss = county.losses.get(made_from or one)
            if loss is not None and (loss.unread or not quality):
                found[one] = replace(loss, left_out=()) if quality else loss
    return found


def zone_doubt(county: County) -> tuple[Text, ...]:
    """Warn where the stated working CRS is of another zone than the one in which the county lies."""
    middle = geo.meridian(county.crs) if county.settings.crs is not None else None
    frames = county.opened()
    frame = frames.get(FRAME, next(iter(frames.values()), None))
    if middle is None or frame is None or not len(frame):
        return ()
    around = np.array([shapely.box(*frame.total_bounds).centroid])
    (centre,) = geo.reproject(around, county.crs, geo.parse_crs("EPSG:4490", source="county.toml"))
    if abs(centre.x - middle) <= FROM_MERIDIAN:
        return ()
    fits = geo.crs_name(geo.default_crs(centre.x, centre.y))
    told = {"crs": geo.crs_name(county.crs), "meridian": f"{middle:g}", "lon": f"{centre.x:.2f}", "fits": fits}
    return (text("crs.far_zone", **told),)
