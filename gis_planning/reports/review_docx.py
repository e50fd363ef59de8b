"""Write a review as Word documents that can be signed out: a summary, an opinion for each project, an appendix."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from gis_planning import units
from gis_planning.reports.entries import write_sources
from gis_planning.reports.opinion_docx import (
    SIZE,
    TEXT,
    Own,
    cited_codes,
    outcome_cell,
    owned,
    table,
    verdict_cell,
    write_opinion,
)
from gis_planning.reports.opinions import Opinions
from gis_planning.reports.paper import Paper
from gis_planning.results.review import QUIET, Review
from gis_planning.texts import Lang, say
from gis_planning.view import compared

#: Up to so many projects all stand in the table at the beginning; of more, those with an opinion.
LISTED = 1_000
#: The widths of tables in cm: who signs, what to do, the rules, and the projects, whose verdicts are longer in English.
SIGNED, TO_DO, RULES = (1.8, 6.2, 1.8, 6.2), (3.3, 1.4, 11.3), (2.4, 2.6, 11.0)
OVERVIEW = {"zh": (1.8, 4.0, 1.9, 2.6, 5.7), "en": (1.7, 3.3, 1.6, 3.7, 5.7)}
#: More projects than these stand in smaller type (Chinese size six), and closer: some thirty fit below the summary.
ROOMY, CLOSE = 20, 7.5


def write_docx(
    path: Path,
    review: Review,
    lang: Lang,
    opinions: Opinions,
    *,
    template: Path | None = None,
    apart: bool = False,
) -> None:
    """Write a review as a Word document with East-Asian fonts set: a summary, the opinions chosen, an appendix.

    Where there are more than `LISTED` projects, those without an opinion stand in the workbook only, and the document
    says how many.

    Parameters
    ----------
    template
        A Word document of the office, whose letterhead, styles and footers are kept.
    apart
        Whether opinions stand in files of their own; the document has its summary and its appendix then.

    Raises
    ------
    SourceError
        The template is no Word document.
    """
    paper = _opened(review, lang, template)
    with paper.together():
        _signed(paper, review, None, lang)
        _summary(paper, review, opinions, lang, apart=apart)
    everyone = range(len(review.parcels))
    _overview(paper, review, everyone if len(everyone) <= LISTED else opinions.places, lang)
    if not apart:
        own = owned(review)
        for number, at in enumerate(opinions.places):
            # A break in a paragraph of its own would leave a page empty where the list ends at the foot of one.
            write_opinion(paper, review, at, own, lang, new_page=number == 0 and len(review.parcels) > 1)
    _appendix(paper, review, lang)
    paper.save(path)


def write_one(path: Path, review: Review, at: int, own: Own, lang: Lang, *, template: Path | None = None) -> None:
    """Write the opinion on one project as a document of its own, with its number and what is cited in it.

    Raises
    ------
    SourceError
        The template is no Word document.
    """
    paper = _opened(review, lang, template)
    parcel = review.parcels[at]
    clauses = [clause for clause in review.clauses if clause["code"] in cited_codes(parcel)]
    _signed(paper, review, parcel.id, lang)
    paper.text(_read(review, lang, {clause["document"] for clause in clauses}), TEXT)
    write_opinion(paper, review, at, own, lang)
    _short_appendix(paper, review, clauses, lang)
    paper.save(path)


def _opened(review: Review, lang: Lang, template: Path | None) -> Paper:
    paper = Paper(lang, template)
    paper.page_numbers(review.name)
    paper.title(say("review.title", lang))
    paper.middle(f"{review.name}    {say('review.as_of', lang, day=review.as_of)}")
    return paper


def _read(review: Review, lang: Lang, documents: Collection[str] | None = None) -> str:
    """Return how the document is to be read: what it is not, of which day the data, which rules are unconfirmed.

    The rules are those of some documents, by their ids, or of all (None).
    """
    said = [
        say("review.caveat", lang),
        say("review.data_date", lang, date=review.data_date or say("map.no_date", lang)),
    ]
    if unsure := review.unconfirmed(lang, documents):
        said.append(say("review.unconfirmed", lang, rules=say("review.comma", lang).join(unsure)))
    return "".join(said)


def _signed(paper: Paper, review: Review, parcel: str | None, lang: Lang) -> None:
    """Write the number, who made and who checked it, and the date; what nobody states is filled in by hand."""
    words = {key: say(f"review.fact_{key}", lang) for key in ("number", "date", "officer", "reviewer")}
    office = review.office
    rows = [
        (words["number"], office.number_of(parcel), words["date"], say("review.date_by_hand", lang)),
        (words["officer"], office.officer, words["reviewer"], office.reviewer),
    ]
    table(paper, [], rows, widths=SIGNED)


def _summary(paper: Paper, review: Review, opinions: Opinions, lang: Lang, *, apart: bool) -> None:
    """Write how many projects came out how, and what is to be done with them."""
    counts = [f"{say(f'review.outcome.{one}', lang)} {count}" for one, count in review.counts().items()]
    listed = say("review.comma", lang).join(counts)
    said = [say("review.counts", lang, total=len(review.parcels), counts=listed)]
    if apart:
        said.append(say("review.apart", lang, count=f"{len(opinions.places):,}"))
    elif left_out := len(review.parcels) - len(opinions.places):
        said.append(say("review.left_out", lang, count=f"{left_out:,}"))
    paper.text(("" if lang == "zh" else " ").join(said), TEXT)
    if review.compared is not None:
        paper.text(compared.briefly(review.compared, lang), TEXT)
    rows = [
        (outcome_cell(outcome, lang, heed=advised != outcome), f"{count:,}", review.office.handled(advised, lang))
        for outcome, advised, count in review.advice()
    ]
    heads = [say(f"review.head_{key}", lang) for key in ("outcome", "count", "handling")]
    table(paper, heads, rows, widths=TO_DO, numbers={1})
    paper.text(_read(review, lang), TEXT)


def _overview(paper: Paper, review: Review, shown: Sequence[int], lang: Lang) -> None:
    """Write projects as one table: the project, its area, the verdict and the lines it comes from."""
    rows = []
    for at in shown:
        parcel = review.parcels[at]
        area = units.bare(parcel.area_m2, "land_mu")
        because = _some([review.title(line.line, lang) for line in parcel.asking], lang)
        if not because and parcel.outcome not in QUIET:
            lacking = [review.title(line.line, lang) for line in parcel.parted.unknown]
            because = say("review.no_data_of", lang, lines=_some(lacking, lang))
        rows.append((parcel.id, parcel.other_name, area, verdict_cell(parcel, lang), because))
    heads = [say(f"review.head_{key}", lang) for key in ("id", "project", "area_mu", "outcome", "because")]
    table(paper, heads, rows, widths=OVERVIEW[lang], numbers={2}, whole={0}, size=SIZE if len(rows) <= ROOMY else CLOSE)


def _some(titles: Sequence[str], lang: Lang) -> str:
    """Return the first of some titles and how many more there are, so that a row has two lines."""
    listed = say("review.comma", lang).join(titles[:2])
    if len(titles) <= 3:
        return say("review.comma", lang).join(titles)
    return say("review.more", lang, listed=listed, count=len(titles) - 2 * (lang == "en"))


def _appendix(paper: Paper, review: Review, lang: Lang) -> None:
    """Write by which rules it was judged, with our codes, and from which data."""
    paper.heading(say("review.appendix", lang), 1, new_page=True)
    _rules(paper, review, review.clauses, lang)
    write_sources(paper, review, lang, "review.repairs_hint")
    for note in (*review.notes, *review.warnings):
        paper.bullet(note.to(lang), TEXT)
    _made(paper, review, lang)


def _short_appendix(paper: Paper, review: Review, clauses: Sequence[Mapping[str, Any]], lang: Lang) -> None:
    """Write what an opinion on one project cites, and which layers were used; the rest stands with the summary."""
    paper.heading(say("review.appendix", lang), 1)
    if clauses:
        _rules(paper, review, clauses, lang)
    used = dict.fromkeys(review.title(entry.layer, lang) for entry in review.inputs)
    paper.text(say("review.layers_used", lang, layers=say("review.comma", lang).join(used)), TEXT)
    _made(paper, review, lang)


def _rules(paper: Paper, review: Review, clauses: Sequence[Mapping[str, Any]], lang: Lang) -> None:
    paper.heading(say("review.rules", lang), 2)
    rows = [
        (clause["code"], review.title(clause["line"], lang), review.law(clause["code"], lang)) for clause in clauses
    ]
    heads = [say(f"review.column_{key}", lang) for key in ("clause", "line", "basis")]
    table(paper, heads, rows, widths=RULES, whole={0})


def _made(paper: Paper, review: Review, lang: Lang) -> None:
    libraries = (
        f"{title} {review.program[name]}" for name, title in (("geos", "GEOS"), ("proj", "PROJ"), ("gdal", "GDAL"))
    )
    words = f"{review.program['version']} ({', '.join(libraries)})"
    paper.text(say("review.made_with", lang, program=words, crs=review.crs), TEXT)
