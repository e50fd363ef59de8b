"""Write a review as a workbook: a summary, a sheet of lines, of patches and of land classes; totals stay live."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from gis_planning import geo, units
from gis_planning.conventions.activities import activity_title
from gis_planning.conventions.landclasses import class_title, ownership_title
from gis_planning.reports.entries import write_sheets
from gis_planning.reports.workbook import SUM, Book, Column, Tones
from gis_planning.results.compared import Comparison
from gis_planning.results.review import ParcelReview, Review
from gis_planning.results.verdicts import OUTCOMES
from gis_planning.texts import Lang, say
from gis_planning.view import compared
from gis_planning.view.decided import outcome_words, patch_decisions, patch_outcomes


def write_xlsx(path: Path, review: Review, lang: Lang) -> None:
    """Write a review as a workbook.

    Areas stand unrounded in their cells, with the unit in the heading of the column; sums are formulas. Texts of users
    are texts, whatever they begin with.
    """
    book = Book(lang)
    _summary(book, review, lang)
    _lines(book, review, lang)
    _patches(book, review, lang)
    if review.classes is not None:
        _classes(book, review, lang)
    if review.compared is not None:
        _changes(book, review, review.compared, lang)
    read = say("review.caveat", lang) + say("review.data_date", lang, date=review.data_date or say("map.no_date", lang))
    said = [note.to(lang) for note in (*review.notes, *review.warnings)]
    write_sheets(book, review, lang, below=(say("review.as_of", lang, day=review.as_of), read, *said))
    book.save(path)


def _summary(book: Book, review: Review, lang: Lang) -> None:
    columns = [("id", "text"), ("project", "text"), ("activity", "text"), ("outcome", "text"), ("area_m2", "m2")]
    columns += [("area_ha", "ha"), ("area_mu", "mu"), ("stated_area_m2", "m2")]
    columns += [("lines_touched", "long"), ("lines_unknown", "long"), ("override", "long")]
    if overlapping := any(parcel.shared for parcel in review.parcels):
        columns.append(("shared", "long"))
    printed = len(columns)
    columns += [("plane_area_m2", "m2"), ("source", "text")]
    rows = [
        [
            parcel.id,
            parcel.name,
            activity_title(parcel.activity, lang) if parcel.activity else say("review.activity_unknown", lang),
            outcome_words(parcel.outcome, lang, decided=parcel.decided),
            parcel.area_m2,
            geo.to_hectares(parcel.area_m2),
            geo.to_mu(parcel.area_m2),
            parcel.stated_area_m2,
            say("review.comma", lang).join(review.title(line.line, lang) for line in parcel.asking),
            say("review.comma", lang).join(review.title(line.line, lang) for line in parcel.parted.unknown),
            "; ".join(say("review.decided", lang, **facts) for facts in review.told_decisions(parcel, lang)),
            *([_shared(parcel, lang)] if overlapping else ()),
            parcel.plane_area_m2,
            parcel.source,
        ]
        for parcel in review.parcels
    ]
    tones = [parcel.outcome for parcel in review.parcels]
    sums = ("area_m2", "area_ha", "area_mu", "plane_area_m2")
    _sheet(book, "summary", columns, rows, lang, sums=sums, tones=(3, tones), printed=printed)


def _shared(parcel: ParcelReview, lang: Lang) -> str:
    """Return which other projects ask for some of a project's land, and for how much, as its opinion says it."""
    return say("review.cited_all", lang).join(
        say("review.shared_cell", lang, other=other, m2=units.bare(area, "land_m2")) for other, area in parcel.shared
    )


def _lines(book: Book, review: Review, lang: Lang) -> None:
    columns = [("id", "text"), ("project", "text"), ("line", "text"), ("outcome", "text"), ("overlap_m2", "m2")]
    columns += [("overlap_mu", "mu"), ("overlap_ha", "ha"), ("share", "share"), ("outside_m2", "m2")]
    columns += [("pieces", "count"), ("message", "long"), ("basis", "long")]
    # What an opinion has is printed; all in one row would be too small to read.
    printed = len(columns)
    columns += [("net_m2", "m2"), ("uncovered_m2", "m2"), ("slivers", "count"), ("substantial_m2", "m2")]
    columns += [("boundary_m2", "m2"), ("unclear_m2", "m2"), ("borderline", "text"), ("zero", "text")]
    columns += [("touches", "long")]
    tones = [parcel.outcome_of(line) for parcel in review.parcels for line in parcel.lines]
    sums = ("overlap_m2", "overlap_mu", "overlap_ha", "net_m2", "substantial_m2", "boundary_m2", "unclear_m2")
    rows = _line_rows(review, lang)
    _sheet(book, "lines", columns, rows, lang, sums=sums, tones=(3, tones), count=len(tones), printed=printed)


def _line_rows(review: Review, lang: Lang) -> Iterator[list[Any]]:
    """Yield a row for each project and line; what many rows have in common is put into words once."""
    outcomes = {outcome: say(f"review.outcome.{outcome}", lang) for outcome in OUTCOMES}
    titles = {line.line: review.title(line.line, lang) for parcel in review.parcels[:1] for line in parcel.lines}
    borderline, between = say("review.borderline", lang), say("review.cited_all", lang)
    bases: dict[tuple[str, ...], str] = {}
    for parcel in review.parcels:
        for line in parcel.lines:
            overlap = line.overlap_m2
            codes = tuple(finding.code for finding in line.findings)
            if codes not in bases:
                bases[codes] = between.join(review.cited(code, lang) for code in codes)
            yield [
                parcel.id,
                parcel.name,
                titles[line.line],
                outcome_words(decided, lang, decided=True)
                if (decided := parcel.outcome_decided(line))
                else outcomes[line.outcome],
                overlap,
                None if overlap is None else geo.to_mu(overlap),
                None if overlap is None else geo.to_hectares(overlap),
                line.share,
                line.outside_m2,
                line.pieces,
                line.message.to(lang),
                bases[codes],
                line.net_m2,
                line.uncovered_m2,
                line.slivers,
                line.substantial_m2,
                line.boundary_m2,
                line.unclear_m2,
                borderline if any(finding.borderline for finding in line.findings) else None,
                outcomes[line.outcome_zero],
                "; ".join(line.touches),
            ]


def _patches(book: Book, review: Review, lang: Lang) -> None:
    columns = [("patch", "text"), ("id", "text"), ("project", "text"), ("line", "text"), ("clause", "text")]
    columns += [("outcome", "text"), ("area_m2", "m2"), ("area_mu", "mu"), ("width_m", "width"), ("label", "text")]
    columns += [("touches", "long")]
    outcomes, told = patch_outcomes(review), patch_decisions(review, lang)
    if told:
        columns.append(("override", "long"))
    rows: list[list[Any]] = []
    for at, row in enumerate(review.patches.drop(columns="geometry").to_dict("records")):
        outcome, decided = outcomes[at]
        rows.append(
            [
                row["id"],
                row["project_id"],
                row["project"],
                review.title(row["line"], lang),
                row["code"],
                outcome_words(outcome, lang, decided=decided),
                row["area_m2"],
                geo.to_mu(row["area_m2"]),
                row["width_m"],
                say(f"review.label.{row['label']}", lang),
                row["touches"],
                *told[at : at + 1],
            ]
        )
    _sheet(book, "patches", columns, rows, lang, sums=("area_m2", "area_mu"), tones=(5, [one for one, _ in outcomes]))


def _classes(book: Book, review: Review, lang: Lang) -> None:
    columns = [("id", "text"), ("project", "text"), ("great_class", "text"), ("class", "text"), ("class_name", "text")]
    columns += [("arable", "text"), ("ownership", "text"), ("village", "text"), ("area_m2", "m2"), ("area_ha", "ha")]
    columns += [("area_mu", "mu")]
    names = {parcel.id: parcel.name for parcel in review.parcels}
    rows = [
        [
            row["project_id"],
            names.get(row["project_id"]),
            say(f"review.great.{row['great_class']}", lang) if row["great_class"] else say("review.no_patch", lang),
            row["class"],
            class_title(row["class"], lang),
            say("review.is_arable", lang) if row["arable"] else None,
            ownership_title(row["ownership"], lang) or row["ownership"],
            row["village"],
            row["area_m2"],
            row["area_ha"],
            row["area_mu"],
        ]
        for row in (review.classes.to_dict("records") if review.classes is not None else ())
    ]
    _sheet(book, "classes", columns, rows, lang, sums=("area_m2", "area_ha", "area_mu"))


def _changes(book: Book, review: Review, found: Comparison, lang: Lang) -> None:
    columns = [("patch", "text"), ("id", "text"), ("project", "text"), ("line", "text"), ("clause", "text")]
    columns += [("change", "text"), ("what", "text"), ("before_m2", "m2"), ("after_m2", "m2"), ("before", "text")]
    columns += [("after", "text")]
    names = {**found.names, **{parcel.id: parcel.name for parcel in review.parcels}}
    lines = {**found.lines, **{str(clause["code"]): str(clause["line"]) for clause in review.clauses}}
    rows = [
        [
            one.patch,
            one.place,
            names.get(one.place or ""),
            review.title(lines[one.code], lang) if one.code in lines else None,
            one.code,
            compared.kind(one, lang),
            compared.what(one, lang),
            one.before,
            one.after,
            say(f"review.outcome.{one.outcome_before}", lang) if one.outcome_before else None,
            say(f"review.outcome.{one.outcome_after}", lang) if one.outcome_after else None,
        ]
        for one in found.changes
    ]
    _sheet(book, "changes", columns, rows, lang, sums=("before_m2", "after_m2"))


def _sheet(
    book: Book,
    name: str,
    columns: Sequence[tuple[str, str]],
    rows: Iterable[Sequence[Any]],
    lang: Lang,
    *,
    sums: Sequence[str] = (),
    tones: tuple[int, Sequence[str]] | None = None,
    count: int | None = None,
    printed: int | None = None,
) -> None:
    heads = [Column(say(f"review.column_{key}", lang), kind, SUM if key in sums else "") for key, kind in columns]
    title, toned = say(f"review.sheet_{name}", lang), Tones(*tones) if tones else None
    book.sheet(title, heads, rows, tones=toned, count=count, printed=printed)
