"""Write the opinion on one project: the verdict and what to do, a map, and the lines in three lists with the law."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, NamedTuple

from gis_planning import units
from gis_planning.conventions.activities import activity_title
from gis_planning.conventions.landclasses import class_title, ownership_title
from gis_planning.maps.print.figure import project_figure
from gis_planning.reports.paper import Cell, Column, Paper, Toned
from gis_planning.results.review import QUIET, LineReview, ParcelReview, Review, named_once
from gis_planning.texts import Lang, say
from gis_planning.view.decided import outcome_words, standing
from gis_planning.view.looks import styles

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

#: The size of tables and of what stands beside them in points, and the columns of tables with their widths, in cm.
SIZE, TEXT = 9, 10.5
FACTS = (1.9, 7.0, 1.9, 5.2)
FINDINGS = {
    "line": 2.7,
    "overlap_m2": 2.25,
    "overlap_ha": 1.75,
    "overlap_mu": 1.65,
    "outside_m2": 2.15,
    "share": 1.8,
    "pieces": 1.4,
    "outcome": 2.3,
}
CLASSES = {
    "class": 3.0,
    "class_name": 2.5,
    "ownership": 2.3,
    "village": 2.6,
    "area_m2": 2.2,
    "area_ha": 1.7,
    "area_mu": 1.7,
}
#: The units in which land is told, in their order.
LAND = ("land_m2", "land_ha", "land_mu")
#: Features of a line, and projects on the same land, that are named; the workbook names all features.
NAMED = 8
#: The width of the figure of a clean project, which has half a page.
SMALL_CM = 10.0


class Own(NamedTuple):
    """The rows of each project among the patches and among the land classes, by its id."""

    patches: Mapping[Any, Any]
    classes: Mapping[Any, Any]


def owned(review: Review) -> Own:
    """Return which rows of the tables of a review are whose."""
    patches = review.patches.groupby("project_id", sort=False).indices
    return Own(patches, {} if review.classes is None else review.classes.groupby("project_id", sort=False).indices)


def write_opinion(paper: Paper, review: Review, at: int, own: Own, lang: Lang, *, new_page: bool = False) -> None:
    """Write the opinion on one project; that on one from which nothing follows is short, and on one page."""
    parcel = review.parcels[at]
    clean = not parcel.overrides and all(line.outcome in QUIET for line in parcel.parted.concerned)
    with paper.together():
        paper.heading(named_once(parcel.id, parcel.name, "  "), 1, new_page=new_page)
        _facts(paper, review, parcel, lang)
        paper.text(say("review.handle", lang, handling=review.office.handled(parcel.advised, lang)), TEXT)
        _doubtful(paper, parcel, lang)
        _shared(paper, parcel, lang)
        picture, seen = _figure(review, at, review.patches.iloc[own.patches.get(parcel.id, [])])
        alt = say("review.figure_alt", lang, parcel=named_once(parcel.id, parcel.name))
        paper.picture(picture, alt, SMALL_CM if clean else paper.wide_cm)
        _legend(paper, review, seen, lang)
    with paper.together() if clean else nullcontext():
        if review.classes is not None and clean:
            _short_classes(paper, review.classes.iloc[own.classes.get(parcel.id, [])], lang)
        _concerned(paper, review, parcel, lang, clean=clean)
        clear = say("review.comma", lang).join(review.title(line.line, lang) for line in parcel.parted.clear)
        paper.text(say("review.list_clear", lang, lines=clear or say("review.list_none", lang)), TEXT)
    # The last block of what is kept together.
    _unknown(paper, review, parcel, lang)
    if review.classes is not None and not clean:
        _classes(paper, review.classes.iloc[own.classes.get(parcel.id, [])], lang)


def cited_codes(parcel: ParcelReview) -> set[str]:
    """Return the clauses whose law the opinion on a project cites, and those on which people decided."""
    lines = parcel.parted.concerned
    cited = {finding.code for line in lines for finding in line.findings if finding.outcome not in QUIET}
    return cited | {override.code for override in parcel.overrides}


def outcome_cell(outcome: str, lang: Lang, *, decided: bool = False, heed: bool = False) -> Toned:
    """Return an outcome as a cell, in its colour; see `outcome_words`."""
    return Toned(outcome_words(outcome, lang, decided=decided, heed=heed), styles()["outcome"][outcome]["colour"])


def verdict_cell(parcel: ParcelReview, lang: Lang) -> Toned:
    """Return the verdict on a project as a cell."""
    return outcome_cell(parcel.outcome, lang, decided=parcel.decided, heed=parcel.advised != parcel.outcome)


def table(
    paper: Paper,
    heads: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    widths: Sequence[float],
    numbers: Collection[int] = (),
    whole: Collection[int] = (),
    size: float = SIZE,
) -> None:
    """Add a table; `numbers` are the columns whose cells stand to the right, `whole` those of codes, never broken.

    `size` is that of its type in points.
    """
    heads = heads or [""] * len(widths)
    both = enumerate(zip(heads, widths, strict=True))
    columns = [Column(head, width, at in numbers, at in whole) for at, (head, width) in both]
    paper.table(columns, rows, size)


def _facts(paper: Paper, review: Review, parcel: ParcelReview, lang: Lang) -> None:
    activity = activity_title(parcel.activity, lang) if parcel.activity else say("review.activity_unknown", lang)
    stated = parcel.stated_area_m2
    said = (
        say("review.not_stated", lang)
        if stated is None
        else say("review.area_m2", lang, m2=units.bare(stated, "land_m2"))
    )
    facts: list[tuple[str, Cell]] = [
        ("outcome", verdict_cell(parcel, lang)),
        ("activity", activity),
        ("measured", _area(parcel.area_m2, lang)),
        ("stated", said),
        ("plane", say("review.area_m2", lang, m2=units.bare(parcel.plane_area_m2, "land_m2"))),
        ("source", parcel.source),
    ]
    if "{id}" in review.office.number:
        facts.append(("number", review.office.number_of(parcel.id)))
    cells = [(say(f"review.fact_{key}", lang), cell) for key, cell in facts]
    if len(cells) % 2:
        cells.append(("", ""))
    table(paper, [], [(*one, *two) for one, two in zip(cells[::2], cells[1::2], strict=True)], widths=FACTS)


def _doubtful(paper: Paper, parcel: ParcelReview, lang: Lang) -> None:
    """Write what of the facts of a project is to be looked into: no activity, an area that is not as stated."""
    if parcel.activity is None:
        paper.bullet(say("review.activity_missing", lang), TEXT)
    if (apart := parcel.misstated_m2) is not None:
        facts = {"m2": units.bare(abs(apart), "land_m2"), "share": f"{abs(apart) / parcel.area_m2:.2%}"}
        paper.bullet(say("review.misstated_more" if apart > 0 else "review.misstated_less", lang, **facts), TEXT)


def _shared(paper: Paper, parcel: ParcelReview, lang: Lang) -> None:
    """Write which other projects ask for some of the same land."""
    for other, area in parcel.shared[:NAMED]:
        paper.bullet(say("review.shared_with", lang, other=other, m2=units.bare(area, "land_m2")), TEXT)
    if more := parcel.shared[NAMED:]:
        paper.bullet(say("review.shared_more", lang, count=len(more)), TEXT)


def _concerned(paper: Paper, review: Review, parcel: ParcelReview, lang: Lang, *, clean: bool) -> None:
    """Write of the lines that concern a project how much of it lies where, what follows, and by which law."""
    lines = parcel.parted.concerned
    if not lines:
        paper.text(say("review.list_concerned", lang, lines=say("review.list_none", lang)), TEXT)
    elif clean:
        # Nothing follows from these: their sentences say it all.
        said = dict.fromkeys(line.message.to(lang) for line in lines)
        paper.text(say("review.list_concerned", lang, lines=("" if lang == "zh" else " ").join(said)), TEXT)
    else:
        paper.heading(say("review.concerned", lang), 2)
        heads = [say(f"review.column_{key}", lang) for key in FINDINGS]
        rows = [_line(line, parcel, review, lang) for line in lines]
        table(paper, heads, rows, widths=tuple(FINDINGS.values()), numbers={1, 2, 3, 4, 5, 6})
        for line in lines:
            _remarks(paper, review, line, lang)
    for facts in review.told_decisions(parcel, lang):
        paper.bullet(say("review.decided", lang, **facts), TEXT)


def _unknown(paper: Paper, review: Review, parcel: ParcelReview, lang: Lang) -> None:
    """Write of the lines of which nothing is known why, those of one reason together."""
    said: dict[str, list[str]] = {}
    for line in parcel.parted.unknown:
        said.setdefault(line.message.to(lang), []).append(review.title(line.line, lang))
    lacking = [
        say("review.lacks", lang, lines=say("review.comma", lang).join(titles), message=message)
        for message, titles in said.items()
    ]
    listed = "\n".join(lacking) or say("review.list_none", lang)
    paper.text(say("review.list_unknown", lang, lines=listed), TEXT)


def _remarks(paper: Paper, review: Review, line: LineReview, lang: Lang) -> None:
    """Write what the clauses of a line say, each sentence once with the law that it follows from."""
    said: dict[str, list[str]] = {}
    for finding in line.findings:
        if finding.outcome not in QUIET or finding.message.to(lang) == line.message.to(lang):
            # Nothing follows from law for land that may be there.
            law = [] if finding.outcome in QUIET else [review.law(finding.code, lang)]
            said.setdefault(finding.message.to(lang), []).extend(law)
    title = review.title(line.line, lang)
    for message, laws in (said or {line.message.to(lang): []}).items():
        sentence = say("review.says", lang, line=title, message=message)
        cited = say("review.cited_all", lang).join(dict.fromkeys(laws))
        paper.bullet(say("review.by_law", lang, finding=sentence, law=cited) if cited else sentence, TEXT)
    if line.touches and line.outcome not in QUIET:
        # Features that are called alike are one name.
        called = list(dict.fromkeys(line.touches))
        names = say("review.comma", lang).join(called[:NAMED])
        if len(called) > NAMED:
            names = say("review.more", lang, listed=names, count=len(called) - NAMED * (lang == "en"))
        paper.bullet(say("review.touches", lang, names=names), TEXT)
    if line.slivers:
        areas = {
            name: units.bare(getattr(line, f"{name}_m2"), "land_m2") for name in ("substantial", "boundary", "unclear")
        }
        paper.bullet(
            say("review.sliver_note", lang, line=title, pieces=line.pieces, slivers=line.slivers, **areas), TEXT
        )
    if line.outcome_zero != line.outcome:
        outcome = say(f"review.outcome.{line.outcome_zero}", lang)
        paper.bullet(say("review.zero_note", lang, line=title, outcome=outcome), TEXT)
    if any(finding.borderline for finding in line.findings):
        paper.bullet(say("review.borderline_note", lang), TEXT)


def _line(line: LineReview, parcel: ParcelReview, review: Review, lang: Lang) -> tuple[Cell, ...]:
    return (
        review.title(line.line, lang),
        *(units.bare(line.overlap_m2, unit) for unit in LAND),
        units.bare(line.outside_m2, "land_m2"),
        f"{line.share:.2%}" if line.share is not None else units.UNKNOWN,
        units.UNKNOWN if line.overlap_m2 is None else str(line.pieces),
        outcome_cell(parcel.outcome_of(line), lang, decided=bool(parcel.decisions(line))),
    )


def _short_classes(paper: Paper, own: pd.DataFrame, lang: Lang) -> None:
    """Write in one sentence which classes of land a project takes, the largest first."""
    sums = own.fillna({"class": ""}).groupby("class")["area_mu"].sum().sort_values(ascending=False, kind="stable")
    named = [
        (f"{code} {class_title(str(code), lang) or ''}".strip() or say("review.no_patch", lang), mu)
        for code, mu in sums.items()
    ]
    listed = say("review.comma", lang).join(f"{name} {mu:,.2f} {say('review.mu', lang)}" for name, mu in named)
    if listed:
        paper.text(say("review.list_classes", lang, classes=listed), TEXT)


def _classes(paper: Paper, own: pd.DataFrame, lang: Lang) -> None:
    """Write which classes of land a project takes, by ownership and village, each great class with its sum."""
    if not len(own):
        return
    paper.heading(say("review.sheet_classes", lang), 2)
    rows: list[tuple[Cell, ...]] = []
    for great, of_great in own.fillna({"great_class": ""}).groupby("great_class", sort=False):
        rows += [_class_row(row, lang) for row in of_great.to_dict("records")]
        name = say(f"review.great.{great}", lang) if great else say("review.no_patch", lang)
        rows.append((say("review.subtotal", lang, name=name), "", "", "", *_sums(of_great)))
    rows.append((say("review.total", lang), "", "", "", *_sums(own)))
    if own["arable"].any():
        rows.append((say("review.of_it_arable", lang), "", "", "", *_sums(own[own["arable"].astype(bool)])))
    heads = [say(f"review.column_{key}", lang) for key in CLASSES]
    table(paper, heads, rows, widths=tuple(CLASSES.values()), numbers={4, 5, 6})


def _class_row(row: Mapping[Any, Any], lang: Lang) -> tuple[Cell, ...]:
    words = (row["class"], class_title(row["class"], lang), ownership_title(row["ownership"], lang) or row["ownership"])
    areas = (f"{row['area_m2']:,.2f}", f"{row['area_ha']:,.4f}", f"{row['area_mu']:,.2f}")
    return (*(word or "-" for word in (*words, row["village"])), *areas)


def _sums(rows: pd.DataFrame) -> tuple[str, str, str]:
    square_metres, hectares, mu = (float(rows[f"area_{unit}"].sum()) for unit in ("m2", "ha", "mu"))
    return f"{square_metres:,.2f}", f"{hectares:,.4f}", f"{mu:,.2f}"


def _figure(review: Review, at: int, patches: gpd.GeoDataFrame) -> tuple[bytes, tuple[str, ...]]:
    parcel = review.parcels_layer.geometry.iloc[at]
    loud = patches[standing(patches).isin(["fail", "conditional"])] if len(patches) else patches
    names = [line.line for line in review.parcels[at].lines]
    lines = {name: review.context[name] for name in names if name in review.context}
    return project_figure(parcel, lines, loud.geometry.to_numpy(), ground=review.context.get("streets"))


def _legend(paper: Paper, review: Review, seen: Sequence[str], lang: Lang) -> None:
    """Write the colours of the figure in words, each beside a square of it."""
    looks = styles()["line"]
    marks = [(looks.get(name, looks["other"])["stroke"], review.title(name, lang)) for name in seen]
    own = [("#000000", say("review.figure_parcel", lang)), ("#d9481c", say("review.figure_patch", lang))]
    paper.legend([*own, *marks])


def _area(square_metres: float, lang: Lang) -> str:
    return say("review.area", lang, **{unit.removeprefix("land_"): units.bare(square_metres, unit) for unit in LAND})
