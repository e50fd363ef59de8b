"""Write a review as a Word document that can be signed out: one opinion for each project, with a map figure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gis_planning import geo
from gis_planning.conventions.activities import activity_title
from gis_planning.conventions.landclasses import class_title, ownership_title
from gis_planning.maps.print.figure import project_figure
from gis_planning.reports.entries import write_sources
from gis_planning.reports.opinions import QUIET, Opinions
from gis_planning.reports.paper import Cell, Column, Paper, Toned
from gis_planning.results.review import LineReview, Review
from gis_planning.texts import Lang, say
from gis_planning.view.looks import styles

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

#: Up to so many projects all stand in the table at the beginning; of more, those with an opinion.
LISTED = 1_000
#: The size of tables in points, and the columns of findings and of land classes with their widths, in cm.
SIZE = 9
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
#: Features of a line that are named; the workbook names all.
NAMED = 8


def write_docx(path: Path, review: Review, lang: Lang, opinions: Opinions) -> None:
    """Write a review as a Word document with East-Asian fonts set, the opinions that were chosen.

    Where there are more than `LISTED` projects, those without an opinion stand in the workbook only, and the document
    says how many.
    """
    paper = Paper(lang)
    paper.title(say("review.title", lang))
    paper.middle(f"{review.name}    {say('review.as_of', lang, day=review.as_of)}")
    paper.text(say("review.caveat", lang) + say("review.data_date", lang, date=review.data_date or "-"))
    counts = [f"{say(f'review.outcome.{one}', lang)} {count}" for one, count in review.counts().items()]
    listed = say("review.comma", lang).join(counts)
    paper.text(say("review.counts", lang, total=len(review.parcels), counts=listed))
    everyone = range(len(review.parcels))
    if left_out := len(everyone) - len(opinions.places):
        paper.text(say("review.left_out", lang, count=f"{left_out:,}"))
    _overview(paper, review, everyone if len(everyone) <= LISTED else opinions.places, lang)
    own = _owned(review)
    for at in opinions.places:
        _opinion(paper, review, at, own, lang)
    _sources(paper, review, lang)
    paper.save(path)


def _overview(paper: Paper, review: Review, shown: Sequence[int], lang: Lang) -> None:
    """Write projects as one table: the project, its area, the verdict and the lines it comes from."""
    rows = []
    for at in shown:
        parcel = review.parcels[at]
        worst = [line for line in parcel.lines if line.outcome == parcel.judged and parcel.judged not in QUIET]
        because = say("review.comma", lang).join(review.title(one.line, lang) for one in worst)
        area = f"{geo.to_mu(parcel.area_m2):,.2f}"
        rows.append((parcel.id, parcel.name, area, _outcome(parcel.outcome, lang), because))
    heads = [say(f"review.head_{key}", lang) for key in ("id", "project", "area_mu", "outcome", "because")]
    _table(paper, heads, rows, widths=(2.4, 4.4, 2.2, 2.6, 4.4), numbers={2})


def _outcome(outcome: str, lang: Lang) -> Toned:
    return Toned(say(f"review.outcome.{outcome}", lang), styles()["outcome"][outcome]["colour"])


class _Own(NamedTuple):
    """The rows of each project among the patches and among the land classes, by its id."""

    patches: Mapping[Any, Any]
    classes: Mapping[Any, Any]


def _owned(review: Review) -> _Own:
    patches = review.patches.groupby("project_id", sort=False).indices
    return _Own(patches, {} if review.classes is None else review.classes.groupby("project_id", sort=False).indices)


def _opinion(paper: Paper, review: Review, at: int, own: _Own, lang: Lang) -> None:
    parcel = review.parcels[at]
    paper.heading(f"{parcel.id}  {parcel.name}", 1, new_page=True)
    activity = activity_title(parcel.activity, lang) if parcel.activity else say("review.activity_unknown", lang)
    facts: list[tuple[str, Cell]] = [
        (say("review.column_outcome", lang), _outcome(parcel.outcome, lang)),
        (say("review.column_activity", lang), activity),
        (say("review.column_area_m2", lang), _area(parcel.area_m2, lang)),
        (say("review.column_plane_area_m2", lang), f"{parcel.plane_area_m2:,.2f}"),
        (say("review.column_source", lang), parcel.source),
    ]
    if parcel.stated_area_m2 is not None:
        facts.insert(4, (say("review.column_stated_area_m2", lang), f"{parcel.stated_area_m2:,.2f}"))
    _table(paper, [], facts, widths=(5.0, 11.0))
    picture, seen = _figure(review, at, review.patches.iloc[own.patches.get(parcel.id, [])])
    paper.picture(picture, say("review.figure_alt", lang, id=parcel.id, name=parcel.name))
    _legend(paper, review, seen, lang)
    paper.heading(say("review.findings", lang), 2)
    concerned = [line for line in parcel.lines if line.outcome != "info" or line.overlap_m2]
    rows = [_line(line, review, lang) for line in concerned]
    heads = [say(f"review.column_{key}", lang) for key in FINDINGS]
    _table(paper, heads, rows, widths=tuple(FINDINGS.values()), numbers={1, 2, 3, 4, 5, 6})
    for line in concerned:
        if _speaks(line) and not _lacks(line):
            _remarks(paper, review, line, lang)
    _lacking(paper, review, [line for line in concerned if _lacks(line)], lang)
    if clear := [line.message.to(lang) for line in concerned if not _speaks(line)]:
        sentences = ("" if lang == "zh" else " ").join(dict.fromkeys(clear))
        paper.bullet(say("review.clear", lang, sentences=sentences))
    for override in parcel.overrides:
        outcome = say(f"review.outcome.{override.outcome}", lang)
        paper.bullet(say("review.override_note", lang, **vars(override) | {"outcome": outcome}))
    if review.classes is not None:
        _classes(paper, review.classes.iloc[own.classes.get(parcel.id, [])], lang)


def _speaks(line: LineReview) -> bool:
    """Say whether a line needs more than its sentence that nothing was found."""
    return line.outcome not in QUIET or bool(line.overlap_m2)


def _lacks(line: LineReview) -> bool:
    """Say whether all there is to say of a line is that it could not be judged."""
    return (
        line.outcome == "not-assessed"
        and not line.overlap_m2
        and len({finding.message.to("zh") for finding in line.findings}) < 2
    )


def _lacking(paper: Paper, review: Review, lines: Sequence[LineReview], lang: Lang) -> None:
    """Write of lines that could not be judged why, those of one reason together."""
    said: dict[str, list[str]] = {}
    for line in lines:
        said.setdefault(line.message.to(lang), []).append(review.title(line.line, lang))
    for message, titles in said.items():
        listed = say("review.comma", lang).join(titles)
        paper.bullet(say("review.lacking", lang, lines=listed, message=message))


def _remarks(paper: Paper, review: Review, line: LineReview, lang: Lang) -> None:
    """Write what the clauses of a line say, each sentence once with the articles it follows from."""
    said: dict[str, list[str]] = {}
    for finding in line.findings:
        if finding.outcome not in QUIET or finding.message.to(lang) == line.message.to(lang):
            said.setdefault(finding.message.to(lang), []).append(review.cited(finding.code, lang))
    title = review.title(line.line, lang)
    for message, cited in (said or {line.message.to(lang): []}).items():
        codes = say("review.cited_all", lang).join(cited) or "-"
        paper.bullet(say("review.finding", lang, line=title, message=message, codes=codes))
    if line.touches and line.outcome not in QUIET:
        names = say("review.comma", lang).join(line.touches[:NAMED])
        if len(line.touches) > NAMED:
            names = say("review.more", lang, listed=names, count=len(line.touches) - NAMED * (lang == "en"))
        paper.bullet(say("review.touches", lang, names=names))
    if line.slivers:
        areas = {name: f"{getattr(line, f'{name}_m2'):,.2f}" for name in ("substantial", "boundary", "unclear")}
        paper.bullet(say("review.sliver_note", lang, line=title, pieces=line.pieces, slivers=line.slivers, **areas))
    if line.outcome_zero != line.outcome:
        outcome = say(f"review.outcome.{line.outcome_zero}", lang)
        paper.bullet(say("review.zero_note", lang, line=title, outcome=outcome))
    if any(finding.borderline for finding in line.findings):
        paper.bullet(say("review.borderline_note", lang))


def _line(line: LineReview, review: Review, lang: Lang) -> tuple[Cell, ...]:
    known = line.overlap_m2 is not None
    return (
        review.title(line.line, lang),
        f"{line.overlap_m2:,.2f}" if known else "-",
        f"{geo.to_hectares(line.overlap_m2 or 0):,.4f}" if known else "-",
        f"{geo.to_mu(line.overlap_m2 or 0):,.2f}" if known else "-",
        f"{line.outside_m2:,.2f}" if line.outside_m2 is not None else "-",
        f"{line.share:.2%}" if line.share is not None else "-",
        str(line.pieces) if known else "-",
        _outcome(line.outcome, lang),
    )


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
    _table(paper, heads, rows, widths=tuple(CLASSES.values()), numbers={4, 5, 6})


def _class_row(row: Mapping[Any, Any], lang: Lang) -> tuple[Cell, ...]:
    words = (row["class"], class_title(row["class"], lang), ownership_title(row["ownership"], lang) or row["ownership"])
    areas = (f"{row['area_m2']:,.2f}", f"{row['area_ha']:,.4f}", f"{row['area_mu']:,.2f}")
    return (*(word or "-" for word in (*words, row["village"])), *areas)


def _sums(rows: pd.DataFrame) -> tuple[str, str, str]:
    square_metres, hectares, mu = (float(rows[f"area_{unit}"].sum()) for unit in ("m2", "ha", "mu"))
    return f"{square_metres:,.2f}", f"{hectares:,.4f}", f"{mu:,.2f}"


def _figure(review: Review, at: int, patches: gpd.GeoDataFrame) -> tuple[bytes, tuple[str, ...]]:
    parcel = review.parcels_layer.geometry.iloc[at]
    loud = patches[patches["outcome"].isin(["fail", "conditional"])] if "outcome" in patches.columns else patches
    names = [line.line for line in review.parcels[at].lines]
    lines = {name: review.context[name] for name in names if name in review.context}
    return project_figure(parcel, lines, loud.geometry.to_numpy(), ground=review.context.get("streets"))


def _legend(paper: Paper, review: Review, seen: Sequence[str], lang: Lang) -> None:
    """Write the colours of the figure in words, each beside a square of it."""
    looks = styles()["line"]
    marks = [(looks.get(name, looks["other"])["stroke"], review.title(name, lang)) for name in seen]
    own = [("#000000", say("review.figure_parcel", lang)), ("#d9481c", say("review.figure_patch", lang))]
    paper.legend([*own, *marks])


def _sources(paper: Paper, review: Review, lang: Lang) -> None:
    paper.heading(say("review.sheet_sources", lang), 1, new_page=True)
    write_sources(paper, review, lang)
    paper.heading(say("review.rules", lang), 1)
    for document in review.documents:
        title = document["title"] if lang == "zh" else document["title_en"]
        certainty = say("review.to_confirm", lang) if document["certainty"] == "to-confirm" else ""
        number = "" if document["number"] in title else document["number"]
        said = (title, number, document["in_force"] or document["date"], certainty)
        paper.bullet("  ".join(one for one in said if one))
    for note in (*review.notes, *review.warnings):
        paper.bullet(note.to(lang))
    words = ", ".join(f"{name} {review.program[name]}" for name in ("version", "geos", "proj", "gdal"))
    paper.text(say("review.made_with", lang, program=words, crs=review.crs))


def _table(
    paper: Paper,
    heads: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    widths: Sequence[float],
    numbers: Collection[int] = (),
) -> None:
    """Add a table; `numbers` are the columns whose cells stand to the right."""
    heads = heads or [""] * len(widths)
    columns = [Column(head, width, at in numbers) for at, (head, width) in enumerate(zip(heads, widths, strict=True))]
    paper.table(columns, rows, SIZE)


def _area(square_metres: float, lang: Lang) -> str:
    sizes = {"ha": f"{geo.to_hectares(square_metres):,.4f}", "mu": f"{geo.to_mu(square_metres):,.2f}"}
    return say("review.area", lang, m2=f"{square_metres:,.2f}", **sizes)
