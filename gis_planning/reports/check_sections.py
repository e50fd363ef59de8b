"""Lay out what a Word report says of one rule document: its verdicts, a figure, who is covered and who is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gis_planning import units
from gis_planning.maps.layers import NUMBERED
from gis_planning.maps.print.backdrop import Backdrop
from gis_planning.maps.print.figure import clause_figure
from gis_planning.reports.check_rows import Known
from gis_planning.reports.paper import Bar, Cell, Column, Paper, Toned
from gis_planning.reports.unassessed import named
from gis_planning.results.papers import topic
from gis_planning.results.schema import OFFENDERS
from gis_planning.results.verdicts import Measured, Reference, Scorecard, Verdict
from gis_planning.texts import Lang, say
from gis_planning.view import numbers, quality
from gis_planning.view.brief import Told, brief, part_of
from gis_planning.view.circle_sheets import CircleSheet, shown_first
from gis_planning.view.looks import styles
from gis_planning.view.outcomes import judged_first
from gis_planning.view.roles import Shown, by_role, has_roles, offenders
from gis_planning.view.sheets import Sheet, profile
from gis_planning.view.told import told

#: Groups, subjects and overlap patches named in the document; the workbook names all.
NAMED = 20
SMALL = 9
#: The width of a column of bars, in cm.
BAR_WIDE = 4.7
#: The width of the text, and of columns by what they hold: shares of it, where together they are wider or narrower.
TEXT_WIDE = 16.0
WIDE = {"rank": 1.3, "name": 3.6, "district": 3.0, "number": 1.9}
WORDS_WIDE = 4.4


@dataclass(frozen=True)
class Section:
    """What one rule document was judged on: its verdicts, its coverage maps, and its circle page if it has one."""

    scorecard: Scorecard
    verdicts: tuple[Verdict, ...]
    sheets: tuple[Sheet, ...]
    circle: CircleSheet | None
    known: Known
    lang: Lang
    backdrop: Backdrop


def write_section(paper: Paper, section: Section, figures: Iterator[int]) -> None:
    """Write the section of one rule document; `figures` numbers its figures."""
    _verdicts(paper, section)
    for sheet in section.sheets:
        if sheet.file is not None:
            _measurement(paper, section, sheet, figures)
    if section.circle is not None:
        _circle(paper, section, figures)
    for sheet in section.sheets:
        if sheet.file is None and sheet.tells and not (section.circle is not None and _circled(sheet)):
            _measurement(paper, section, sheet, figures)
    _patches(paper, section)


def _circled(sheet: Sheet) -> bool:
    """Say whether the circle of a document tells a measurement."""
    return any(has_roles(sheet.measured, role) for role in ("band", "subject"))


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


def bar(share: float | None, limits: Sequence[float] = (), colour: str = "") -> Bar:
    """Return a bar for a share, with lines at its limits."""
    return Bar(share or 0.0, colour or styles()["layer"]["served"]["stroke"], tuple(limits))


def _verdicts(paper: Paper, section: Section) -> None:
    """Write the table of the verdicts and a sentence on each; checks of a delivery that were not made are told in few.

    Deliveries are seldom whole: the table would have a row for each check of each table that is not there.
    """
    lang = section.lang
    judged = judged_first(one for one in section.verdicts if not quality.not_made(one))
    shares = all(verdict.unit == "share" for verdict in judged)
    columns = [Column(say("paper.head_clause", lang), 2.3, whole=True), Column(say("paper.head_title", lang), 4.0)]
    if shares:
        columns += [Column("", BAR_WIDE), Column(say("paper.head_value", lang), 3.0, number=True)]
    else:
        columns += [Column(say("paper.head_value", lang), 4.5, number=True)]
        columns += [Column(say("report.limit", lang), 3.2, number=True)]
    columns.append(Column(say("report.outcome", lang), 2.0, whole=True))
    rows: list[list[Cell]] = []
    for one in judged:
        row: list[Cell] = [one.code, title_of(one, section.known, lang)]
        if shares:
            limits = list(one.limit.values())
            row += [bar(one.measured.value, limits) if one.measured else "", value_of(one, lang)]
        else:
            row += [value_of(one, lang), units.limit(one.limit, one.unit, lang)]
        rows.append([*row, toned(one, lang)])
    if rows:
        paper.table(columns, rows)
    sentences = (_sentence(one, section) for one in judged)
    for words in (*filter(None, sentences), *_not_made(section)):
        paper.bullet(words)


def _not_made(section: Section) -> Iterator[str]:
    """Yield why checks of a delivery were not made: what is not there in one line, each other reason once."""
    left = tuple(filter(quality.not_made, section.verdicts))
    lines, said = quality.reasons(replace(section.scorecard, verdicts=left), section.known, section.lang)
    yield from lines
    for reason, codes in said.items():
        yield say("report.unassessed_line", section.lang, code=named(codes, section.lang), reason=reason)


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
    if verdict.measured.denominator and verdict.unit == "share" and has_roles(verdict.measured, "served"):
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


def headed(section: Section, verdicts: Sequence[Verdict]) -> str:
    """Return what is measured in a few words, and after it the codes of the clauses that are held against it."""
    lang = section.lang
    document = next(one for one in section.scorecard.documents if one["id"] == verdicts[0].document)
    # Clauses that share a measurement differ in their limit, and are called by it: a grade, a class of town.
    shared = topic(document, lang) if len(verdicts) > 1 else ""
    words = shared or title_of(verdicts[0], section.known, lang)
    codes = say("review.comma", lang).join(verdict.code for verdict in verdicts)
    return say("paper.with_codes", lang, title=words[:1].upper() + words[1:], codes=codes)


def _figure(
    paper: Paper, section: Section, verdict: Verdict, figures: Iterator[int], also: Sequence[Verdict] = ()
) -> None:
    lang = section.lang
    drawn = clause_figure(section.backdrop, verdict, lang)
    if drawn is None or verdict.measured is None:
        return
    title = headed(section, also or [verdict])
    worst, gaps = offenders(verdict.measured).layer, len(verdict.measured.offenders)
    facts = {"county": section.scorecard.name, "title": title, "value": value_of(verdict, lang)}
    counts = say("paper.gap_count", lang, count=gaps)
    if worst.rank is None and not has_roles(verdict.measured, "subject"):
        counts = say("paper.layer_count", lang, title=worst.title, count=f"{gaps:,}")
    paper.picture(drawn.png, say("paper.figure_alt", lang, **facts, counts=counts))
    paper.legend(drawn.legend)
    caption = say("paper.figure", lang, number=next(figures), title=title)
    if worst.rank is not None and gaps:
        caption += (
            say("paper.stop", lang) + say("paper.space", lang) + say("paper.numbered", lang, count=min(NUMBERED, gaps))
        )
    paper.middle(caption, SMALL)


def _measurement(paper: Paper, section: Section, sheet: Sheet, figures: Iterator[int]) -> None:
    """Write one measurement: its figure, its districts, its second numbers, and tables of its layers."""
    lang, measured = section.lang, sheet.measured
    paper.heading(headed(section, sheet.verdicts), 2)
    rules = profile(sheet.leading.settings, lang)
    # The figure, or what there is in its place, stands below these lines on their page.
    with paper.together():
        if rules:
            paper.text(say("paper.semicolon", lang).join(rules) + say("paper.stop", lang))
        for words in filter(None, (sheet.truth(lang), sheet.assumed(lang))):
            paper.text(words)
    _figure(paper, section, sheet.leading, figures, sheet.verdicts)
    if sheet.leading.unit == "share":
        _districts(paper, sheet, lang)
    _references(paper, measured.references, lang)
    _tables(paper, section, measured)


def _references(paper: Paper, references: Sequence[Reference], lang: Lang) -> None:
    """Write second numbers as bars."""
    if not references:
        return
    paper.heading(say("paper.references", lang), 3)
    rows: list[list[Cell]] = [
        [
            reference.title.to(lang),
            bar(reference.value, colour="#8a8375"),
            *numbers.beside(reference, lang),
        ]
        for reference in references
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
                bar(part.value, limits),
                numbers.percent(part.value, sheet.limits),
                Bar(land / most, _red()),
                area,
            ]
        )
    total = sheet.measured
    whole = (total.denominator or 0) - (total.numerator or 0)
    name = say("report.whole", lang)
    rows.append([name, bar(total.value, limits), sheet.value(lang), "", units.written(whole, "m2", lang)])
    columns = [Column(say("report.district", lang), 2.6), Column(say("report.coverage", lang), BAR_WIDE)]
    columns += [Column("", 1.6, number=True), Column(say("paper.share_of_left", lang), BAR_WIDE)]
    columns.append(Column("", 2.4, number=True))
    paper.table(columns, rows, SMALL)


def _tables(paper: Paper, section: Section, measured: Measured, *, ranked: bool = False) -> None:
    """Write what a measurement says of groups, what keeps it from being met, and what serves.

    `ranked`: offenders that nothing ranks are told elsewhere.
    """
    for one in by_role(measured, "group"):
        if one.layer.tabled and len(one.frame):
            _group(paper, one, section.lang)
    worst = offenders(measured)
    if worst.layer.rank is not None or not ranked:
        _first(paper, section, worst)
    for one in by_role(measured, "supply"):
        if one.layer.tabled and len(one.frame):
            _first(paper, section, one)


def _first(paper: Paper, section: Section, one: Shown) -> None:
    """Name the first features of a layer, in the columns that its schema tells."""
    if not len(one.frame):
        return
    lang = section.lang
    columns = brief(one, lang, NUMBERED, section.scorecard.context)
    if not columns:
        return
    paper.heading(one.layer.head(lang), 3)
    _table(paper, columns, lang)
    key = "paper.rows_left" if one.layer.rank is None else "paper.gaps_left"
    paper.text(say(key, lang, count=f"{len(one.frame):,}"), SMALL)


def _table(paper: Paper, told_: Sequence[Told], lang: Lang) -> None:
    """Write columns of a layer; what is a part of something stands as a bar with its share."""
    widths: list[float] = []
    columns: list[Column] = []
    cells: list[list[Any]] = []
    for one in told_:
        if one.shares is None:
            widths.append(WIDE.get(one.column.kind, WORDS_WIDE))
            columns.append(Column(one.title, 0.0, number=one.number))
            cells.append(one.cells)
            continue
        widths += [BAR_WIDE, WIDE["number"]]
        columns += [Column(say("paper.coverage_of", lang), 0.0), Column("", 0.0, number=True)]
        cells += [[bar(share) for share in one.shares], [numbers.percent(share) for share in one.shares]]
    scale = TEXT_WIDE / sum(widths)
    sized = [Column(one.title, wide * scale, number=one.number) for one, wide in zip(columns, widths, strict=True)]
    paper.table(sized, [list(row) for row in zip(*cells, strict=True)], SMALL)


def _circle(paper: Paper, section: Section, figures: Iterator[int]) -> None:
    """Write the circle of a document: a figure of what matters most, its list one by one, and who is left."""
    assert section.circle is not None  # noqa: S101 - the caller's promise, for the type checker
    verdict, lang = _most_telling(section.circle.verdicts), section.lang
    if verdict.measured is None:
        return
    paper.heading(headed(section, [verdict]), 2)
    _figure(paper, section, verdict, figures)
    _references(paper, [reference for reference in verdict.measured.references if reference.doubts], lang)
    _tables(paper, section, verdict.measured, ranked=True)
    _subjects(paper, section)


def _most_telling(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict to draw: one that failed, one over a list, else the one with the least coverage."""
    first = shown_first(verdicts)
    if first.outcome == "fail" or first.lists_needs:
        return first
    shares = {
        verdict.code: (verdict.measured.value, verdict)
        for verdict in verdicts
        if verdict.measured and verdict.unit == "share" and verdict.measured.value is not None
    }
    return min(shares.values(), key=lambda one: one[0], default=(0.0, first))[1]


def _group(paper: Paper, one: Shown, lang: Lang) -> None:
    """Name the groups: those that lack most where the layer says of what, else one by one."""
    lacking = one.layer.lacking
    if lacking is not None:
        if lacking in one.frame.columns:
            _lacking(paper, one, lang)
        return
    columns = brief(one, lang, NAMED if one.drawable else None)
    paper.heading(one.layer.head(lang), 3)
    _table(paper, columns, lang)


def _lacking(paper: Paper, one: Shown, lang: Lang) -> None:
    """Name the groups that lack most: residents who are not covered."""
    part = one.layer[str(one.layer.lacking)]
    # Where nobody was counted, there is nobody to lack anything.
    if part.of not in one.frame.columns or not one.frame[part.of].fillna(0).sum():
        return
    left = (one.frame[part.of] - one.frame[part.key]).to_numpy(dtype=float)
    order = np.argsort(-np.where(np.isfinite(left), left, -np.inf), kind="stable")
    order = order[np.nan_to_num(left[order]) > 0][:NAMED]
    if not len(order):
        return
    frame, left = one.frame.iloc[order], left[order]
    paper.heading(one.layer.head(lang), 3)
    called = one.layer[str(one.layer.name)]
    names = [word or units.UNKNOWN for word in told(called, frame[called.key], lang)]
    rows: list[list[Cell]] = []
    for name, share, amount in zip(names, part_of(part, frame) or [], left, strict=True):
        words = units.bare(float(amount), part.unit or "number")
        rows.append([name, bar(share), numbers.percent(share), Bar(float(amount / left.max()), _red()), words])
    columns = [Column(called.brief_head(lang), 3.0), Column(say("paper.coverage_of", lang), BAR_WIDE)]
    columns += [Column("", 1.8, number=True), Column(part.brief_head(lang), BAR_WIDE)]
    columns.append(Column("", 1.8, number=True))
    paper.table(columns, rows, SMALL)


def _subjects(paper: Paper, section: Section) -> None:
    """Name each subject of which some clauses say no (villages that are not reached), with the clauses it misses."""
    lang = section.lang
    missed: dict[str, list[str]] = {}
    found = [
        (one, verdict)
        for verdict in section.verdicts
        for one in (by_role(verdict.measured, "subject") if verdict.measured else ())
        if one.layer.told_by_flag is not None and one.layer.name is not None
    ]
    for one, verdict in found:
        no = ~one.frame[one.layer.told_by_flag].to_numpy(dtype=bool)
        for name in one.frame.loc[no, one.layer.name]:
            missed.setdefault(_word(name) or "-", []).append(title_of(verdict, section.known, lang))
    if not found:
        return
    layer = found[0][0].layer
    paper.heading(layer.head(lang), 3)
    if not missed:
        paper.text(say("paper.villages_none", lang))
        return
    comma = say("review.comma", lang)
    ranked = sorted(missed.items(), key=lambda one: -len(one[1]))[:NAMED]
    rows = [[name, f"{len(titles)}", comma.join(titles)] for name, titles in ranked]
    columns = [Column(layer[str(layer.name)].brief_head(lang), 4.0), Column("", 1.4, number=True)]
    paper.table([*columns, Column(say("paper.head_lacks", lang), 10.6)], rows, SMALL)


def _patches(paper: Paper, section: Section) -> None:
    """Name the largest overlap patches."""
    lang = section.lang
    joint = [
        (verdict.code, offenders(verdict.measured))
        for verdict in section.verdicts
        if verdict.measured and verdict.measured.schema[OFFENDERS].joint
    ]
    found = [(area, code, name, label) for code, one in joint for area, name, label in _pieces(one, lang)]
    if not found:
        return
    layer = joint[0][1].layer
    paper.heading(layer.head(lang), 2)
    rows = [
        [code, name, label, *(units.bare(area, unit) for unit in ("land_m2", "land_mu"))]
        for area, code, name, label in sorted(found, key=lambda one: -one[0])[:NAMED]
    ]
    columns = [Column(say("paper.head_clause", lang), 2.6, whole=True), Column(say("paper.head_project", lang), 5.8)]
    columns += [Column(say("book.column_label", lang), 2.4), Column(say("book.column_area_m2", lang), 2.8, number=True)]
    paper.table([*columns, Column(say("book.column_area_mu", lang), 2.4, number=True)], rows, SMALL)
    paper.text(say("paper.rows_left", lang, count=f"{len(found):,}"), SMALL)


def _pieces(one: Shown, lang: Lang) -> Iterator[tuple[float, str, str]]:
    """Yield the area, the name and the class of each piece of land."""
    layer, size = one.layer, len(one.frame)
    columns = [layer[key] if key in one.frame.columns else None for key in (layer.name or "", layer.by or "")]
    names, labels = (told(column, one.frame[column.key], lang) if column else [None] * size for column in columns)
    for amount, name, label in zip(one.frame[layer.area], names, labels, strict=True):
        yield float(amount), name or units.UNKNOWN, label or units.UNKNOWN


def _red() -> str:
    return str(styles()["layer"]["unserved"]["fill"])


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
