"""Lay out what a Word report says of one rule document: its verdicts, a figure, who is covered and who is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from gis_planning import geo, units
from gis_planning.conventions.facilities import need_title
from gis_planning.maps.circle_page import CircleSheet
from gis_planning.maps.circle_views import shown_first
from gis_planning.maps.layers import NUMBERED
from gis_planning.maps.print.figure import clause_figure
from gis_planning.reports.check_rows import Known
from gis_planning.reports.paper import Bar, Cell, Column, Paper, Toned
from gis_planning.results.verdicts import DOUBTS, Reference, Scorecard, Verdict
from gis_planning.texts import Lang, say
from gis_planning.view import numbers
from gis_planning.view.looks import styles
from gis_planning.view.sheets import Sheet, profile

#: Communities, villages and conflicts named in the document; the workbook names all.
NAMED = 20
SMALL = 9
#: The width of a column of bars, in cm.
BAR_WIDE = 4.7


@dataclass(frozen=True)
class Section:
    """What one rule document was judged on: its verdicts, its coverage maps, and its circle page if it has one."""

    scorecard: Scorecard
    verdicts: tuple[Verdict, ...]
    sheets: tuple[Sheet, ...]
    circle: CircleSheet | None
    known: Known
    lang: Lang


def write_section(paper: Paper, section: Section, figures: Iterator[int]) -> None:
    """Write the section of one rule document; `figures` numbers its figures."""
    _verdicts(paper, section)
    for sheet in section.sheets:
        _coverage(paper, section, sheet, figures)
    if section.circle is not None:
        _circle(paper, section, figures)
    _conflicts(paper, section)


def title_of(verdict: Verdict, known: Known, lang: Lang) -> str:
    """Return what readers call a clause: its number or heading, else its code."""
    return (known[verdict.code].number(lang) if verdict.code in known else "") or verdict.code


def value_of(verdict: Verdict, lang: Lang) -> str:
    """Return the value of a verdict, and whether it is only a bound."""
    measured = verdict.measured
    value = units.written(measured.value if measured else None, verdict.unit, lang, verdict.limit.values())
    bound = say(f"bound.{measured.bound}", lang) if measured else ""
    return say("paper.bounded", lang, value=value, bound=bound) if bound else value


def toned(verdict: Verdict, lang: Lang) -> Toned:
    """Return the outcome of a verdict in its colour."""
    return Toned(say(f"outcome.{verdict.outcome}", lang), styles()["outcome"][verdict.outcome]["colour"])


def bar(name: str, share: float | None, lang: Lang, limits: Sequence[float] = (), colour: str = "") -> Bar:
    """Return a bar for a share, with lines at its limits."""
    value = numbers.percent(share, limits)
    said = {"name": name, "value": value, "limits": ", ".join(numbers.percent(one) for one in limits)}
    words = say("paper.bar_limits" if limits else "paper.bar_share", lang, **said)
    return Bar(share or 0.0, colour or styles()["layer"]["served"]["stroke"], words, tuple(limits))


def _verdicts(paper: Paper, section: Section) -> None:
    lang = section.lang
    shares = [one for one in section.verdicts if one.unit == "share"]
    columns = [Column(say("paper.head_clause", lang), 2.3), Column(say("paper.head_title", lang), 4.0)]
    if len(shares) == len(section.verdicts):
        columns += [Column("", BAR_WIDE), Column(say("paper.head_value", lang), 3.0, number=True)]
    else:
        columns += [Column(say("paper.head_value", lang), 4.5, number=True)]
        columns += [Column(say("report.limit", lang), 3.2, number=True)]
    columns.append(Column(say("report.outcome", lang), 2.0))
    rows: list[list[Cell]] = []
    for one in section.verdicts:
        title = title_of(one, section.known, lang)
        row: list[Cell] = [one.code, title]
        if len(shares) == len(section.verdicts):
            limits = list(one.limit.values())
            row += [bar(title, one.measured.value, lang, limits) if one.measured else "", value_of(one, lang)]
        else:
            row += [value_of(one, lang), units.limit(one.limit, one.unit, lang)]
        rows.append([*row, toned(one, lang)])
    paper.table(columns, rows)
    for one in section.verdicts:
        words = _sentence(one, section)
        if words:
            paper.bullet(words)


def _sentence(verdict: Verdict, section: Section) -> str | None:
    """Return a verdict in words; None for what was only measured."""
    lang = section.lang
    facts = {"code": verdict.code, "title": title_of(verdict, section.known, lang)}
    facts["outcome"] = say(f"outcome.{verdict.outcome}", lang)
    if verdict.outcome in ("not-assessed", "error") or (verdict.measured is None and verdict.outcome != "info"):
        return say("paper.open", lang, **facts, reason=verdict.reason.to(lang))
    if not verdict.limit or verdict.measured is None:
        return None
    more = [say("paper.comparison", lang)] if verdict.severity == "warning" else []
    if verdict.measured.denominator and verdict.unit == "share" and "served" in verdict.measured.layers:
        land = (verdict.measured.numerator, verdict.measured.denominator)
        served, total = (units.written(one, "m2", lang) for one in land)
        more.insert(0, say("map.served_of", lang, served=served, total=total) + say("paper.stop", lang))
    facts |= {
        "value": value_of(verdict, lang),
        "limit": units.limit(verdict.limit, verdict.unit, lang),
        "margin": units.margin(verdict.margin, verdict.limit, verdict.unit, lang),
        "more": say("paper.space", lang).join(more),
    }
    return say("paper.judged", lang, **facts).strip()


def _figure(paper: Paper, section: Section, verdict: Verdict, figures: Iterator[int]) -> None:
    lang = section.lang
    drawn = clause_figure(section.scorecard, verdict, lang)
    if drawn is None or verdict.measured is None:
        return
    title = f"{title_of(verdict, section.known, lang)} ({verdict.code})"
    gaps = len(verdict.measured.offenders)
    facts = {"county": section.scorecard.name, "title": title, "value": value_of(verdict, lang)}
    paper.picture(drawn.png, say("paper.figure_alt", lang, **facts, counts=say("paper.gap_count", lang, count=gaps)))
    paper.legend(drawn.legend)
    caption = say("paper.figure", lang, number=next(figures), title=title)
    if "rank" in verdict.measured.offenders.columns and gaps:
        caption += (
            say("paper.stop", lang) + say("paper.space", lang) + say("paper.numbered", lang, count=min(NUMBERED, gaps))
        )
    paper.middle(caption, SMALL)


def _coverage(paper: Paper, section: Section, sheet: Sheet, figures: Iterator[int]) -> None:
    """Write one measurement of land served by parks."""
    lang, measured = section.lang, sheet.measured
    paper.heading(f"{title_of(sheet.leading, section.known, lang)} ({sheet.leading.code})", 2)
    rules = profile(sheet.leading.settings, lang)
    if rules:
        paper.text(say("paper.semicolon", lang).join(rules) + say("paper.stop", lang))
    if sheet.truth(lang):
        paper.text(str(sheet.truth(lang)))
    _figure(paper, section, sheet.leading, figures)
    _districts(paper, sheet, lang)
    _references(paper, measured.references, lang)
    _gaps(paper, sheet.leading, lang)


def _references(paper: Paper, references: Sequence[Reference], lang: Lang) -> None:
    """Write second numbers as bars."""
    if not references:
        return
    paper.heading(say("paper.references", lang), 3)
    rows: list[list[Cell]] = [
        [
            one.title.to(lang),
            bar(one.title.to(lang), one.value, lang, colour="#8a8375"),
            *numbers.beside(one, lang),
        ]
        for one in references
    ]
    widths = (Column("", 5.4), Column("", 4.7), Column("", 2.0, number=True), Column("", 3.9, number=True))
    paper.table(widths, rows, SMALL)


def _districts(paper: Paper, sheet: Sheet, lang: Lang) -> None:
    """Write coverage by district as bars, and beside it how much of the land that is left lies in each."""
    parts = sheet.measured.parts
    if not parts:
        return
    paper.heading(say("paper.by_district", lang), 3)
    left = [part.denominator - part.numerator for part in parts]
    most = max(left) or 1.0
    limits = sorted(set(sheet.limits))
    rows: list[list[Cell]] = []
    for part, land in zip(parts, left, strict=True):
        name = part.name or say("report.no_district", lang)
        area = units.written(land, "m2", lang)
        rows.append(
            [
                name,
                bar(name, part.value, lang, limits),
                numbers.percent(part.value, sheet.limits),
                Bar(land / most, _red(), say("paper.bar_share", lang, name=name, value=area)),
                area,
            ]
        )
    total = sheet.measured
    whole = (total.denominator or 0) - (total.numerator or 0)
    name = say("report.whole", lang)
    rows.append([name, bar(name, total.value, lang, limits), sheet.value(lang), "", units.written(whole, "m2", lang)])
    columns = [Column(say("report.district", lang), 2.6), Column(say("report.coverage", lang), BAR_WIDE)]
    columns += [Column("", 1.6, number=True), Column(say("paper.share_of_left", lang), BAR_WIDE)]
    columns.append(Column("", 2.4, number=True))
    paper.table(columns, rows, SMALL)


def _gaps(paper: Paper, verdict: Verdict, lang: Lang) -> None:
    """Name the largest gaps."""
    gaps = verdict.measured.offenders if verdict.measured else pd.DataFrame()
    if "rank" not in gaps.columns or not len(gaps):
        return
    paper.heading(say("paper.gaps", lang), 3)
    rows = []
    for row in gaps.drop(columns="geometry").head(NUMBERED).to_dict("records"):
        missing = row.get("missing")
        near = row.get("nearest_park", row.get("nearest_facility"))
        kinds = say("circlemap.and", lang).join(need_title(one, lang) for one in missing.split(";")) if missing else ""
        people = row.get("people")
        rows.append(
            [
                str(int(row["rank"])),
                _word(row.get("parcels")) or say("map.unnamed_patch", lang),
                _word(row.get("district")) or "-",
                f"{geo.to_hectares(row['area_m2']):,.2f}",
                "-" if people is None or pd.isna(people) else f"{people:,.0f}",
                kinds or _word(near) or "-",
            ]
        )
    lacking = "missing" in gaps.columns
    columns = [
        Column(say("report.rank", lang), 1.3),
        Column(say("report.parcels", lang), 3.6),
        Column(say("report.district", lang), 3.0),
        Column(say("book.column_area_ha", lang), 1.9, number=True),
        Column(say("book.column_people", lang), 1.8, number=True),
        Column(say("book.column_missing" if lacking else "book.column_nearest", lang), 4.4),
    ]
    paper.table(columns, rows, SMALL)
    paper.text(say("paper.gaps_left", lang, count=f"{len(gaps):,}"), SMALL)


def _circle(paper: Paper, section: Section, figures: Iterator[int]) -> None:
    """Write the circle of a document: a figure of what matters most, its list one by one, and who is left."""
    assert section.circle is not None  # noqa: S101 - the caller's promise, for the type checker
    verdict, lang = _most_telling(section.circle.verdicts), section.lang
    if verdict.measured is None:
        return
    paper.heading(f"{title_of(verdict, section.known, lang)} ({verdict.code})", 2)
    _figure(paper, section, verdict, figures)
    layers = verdict.measured.layers
    _references(paper, [one for one in verdict.measured.references if one.key in DOUBTS], lang)
    _kinds(paper, layers.get("kinds"), lang)
    _communities(paper, layers.get("communities"), lang)
    _gaps(paper, verdict, lang)
    _villages(paper, section)


def _most_telling(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict to draw: one that failed, one over a list, else the one with the least coverage."""
    first = shown_first(verdicts)
    if first.outcome == "fail" or first.settings.get("needs"):
        return first
    shares = {
        one.code: (one.measured.value, one)
        for one in verdicts
        if one.measured and one.unit == "share" and one.measured.value is not None
    }
    return min(shares.values(), key=lambda one: one[0], default=(0.0, first))[1]


def _kinds(paper: Paper, kinds: pd.DataFrame | None, lang: Lang) -> None:
    if kinds is None:
        return
    paper.heading(say("paper.kinds", lang), 3)
    rows: list[list[Cell]] = []
    for row in kinds.to_dict("records"):
        name = need_title(str(row["needs"]), lang)
        share = row["covered_m2"] / row["land_m2"] if row["land_m2"] else None
        rows.append([name, f"{row['facilities']:,.0f}", bar(name, share, lang), numbers.percent(share)])
    columns = [Column(say("paper.head_kind", lang), 6.0), Column(say("paper.head_facilities", lang), 2.6, number=True)]
    columns += [Column(say("paper.coverage_of", lang), 4.9), Column("", 2.5, number=True)]
    paper.table(columns, rows, SMALL)


def _communities(paper: Paper, communities: pd.DataFrame | None, lang: Lang) -> None:
    """Name the communities with most residents who are not covered."""
    # Where nobody was counted, the table has no residents at all.
    if communities is None or "people" not in communities or not communities["people"].fillna(0).sum():
        return
    frame = pd.DataFrame(communities.drop(columns="geometry", errors="ignore"))
    frame = frame.assign(left=frame["people"] - frame["people_covered"]).sort_values(
        "left", ascending=False, kind="stable"
    )
    frame = frame[frame["left"] > 0].head(NAMED)
    if not len(frame):
        return
    paper.heading(say("paper.who", lang), 3)
    most = float(frame["left"].max())
    rows: list[list[Cell]] = []
    for row in frame.to_dict("records"):
        name = _word(row["name"]) or "-"
        left = f"{row['left']:,.0f}"
        share = row["people_covered"] / row["people"] if row["people"] else None
        left_bar = Bar(row["left"] / most, _red(), say("paper.bar_share", lang, name=name, value=left))
        rows.append([name, bar(name, share, lang), numbers.percent(share), left_bar, left])
    columns = [Column(say("paper.head_community", lang), 3.0), Column(say("paper.coverage_of", lang), BAR_WIDE)]
    columns += [Column("", 1.8, number=True), Column(say("paper.head_people_left", lang), BAR_WIDE)]
    columns.append(Column("", 1.8, number=True))
    paper.table(columns, rows, SMALL)


def _villages(paper: Paper, section: Section) -> None:
    """Name each village that is not reached in time, with the clauses it misses."""
    lang = section.lang
    missed: dict[str, list[str]] = {}
    measured = [one for one in section.verdicts if one.measured and "villages" in one.measured.layers]
    for verdict in measured:
        villages = verdict.measured.layers["villages"] if verdict.measured else pd.DataFrame()
        for name in villages.loc[~villages["covered"].to_numpy(dtype=bool), "name"]:
            missed.setdefault(_word(name) or "-", []).append(title_of(verdict, section.known, lang))
    if not measured:
        return
    paper.heading(say("paper.villages", lang), 3)
    if not missed:
        paper.text(say("paper.villages_none", lang))
        return
    comma = say("review.comma", lang)
    ranked = sorted(missed.items(), key=lambda one: -len(one[1]))[:NAMED]
    rows = [[name, f"{len(titles)}", comma.join(titles)] for name, titles in ranked]
    columns = [Column(say("paper.head_village", lang), 4.0), Column("", 1.4, number=True)]
    paper.table([*columns, Column(say("paper.head_lacks", lang), 10.6)], rows, SMALL)


def _conflicts(paper: Paper, section: Section) -> None:
    """Name the largest conflicts with control lines."""
    lang = section.lang
    found = [
        (float(row["area_m2"]), one, row)
        for one in section.verdicts
        if one.measured and "label" in one.measured.offenders.columns
        for row in one.measured.offenders.drop(columns="geometry").to_dict("records")
    ]
    if not found:
        return
    paper.heading(say("paper.patches", lang), 2)
    rows = [
        [
            one.code,
            _word(row.get("project")) or "-",
            say(f"review.label.{row['label']}", lang),
            f"{area:,.2f}",
            f"{geo.to_mu(area):,.2f}",
        ]
        for area, one, row in sorted(found, key=lambda one: -one[0])[:NAMED]
    ]
    columns = [Column(say("paper.head_clause", lang), 2.6), Column(say("paper.head_project", lang), 5.8)]
    columns += [Column(say("book.column_label", lang), 2.4), Column(say("book.column_area_m2", lang), 2.8, number=True)]
    paper.table([*columns, Column(say("book.column_area_mu", lang), 2.4, number=True)], rows, SMALL)
    paper.text(say("paper.gaps_left", lang, count=f"{len(found):,}"), SMALL)


def _red() -> str:
    return str(styles()["layer"]["unserved"]["fill"])


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
