"""Tell a run in a few lines: what fails first, what was not assessed, what was lost in reading, where to look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set

from rich.cells import cell_len, set_cell_size
from rich.text import Text as Plain

from gis_planning import units
from gis_planning.conventions import kind_title
from gis_planning.judging.rulebook import Clause
from gis_planning.reports import terminal
from gis_planning.reports.console import WIDTH, blank_table, clean, drawn
from gis_planning.results.compared import Change
from gis_planning.results.papers import document_name
from gis_planning.results.review import Review
from gis_planning.results.verdicts import Outcome, Scorecard, Verdict
from gis_planning.texts import Lang, Text, say
from gis_planning.view import compared, quality
from gis_planning.view.outcomes import counted
from gis_planning.view.sheets import document

#: A run is told in so many lines, the one that says where to look among them.
LINES = 25
#: Of what fails at least so many are named; of the reasons why others were not assessed so many.
NAMED, REASONS = 5, 4
#: Of the figures that moved since an earlier run the largest are told.
MOVED = 3
#: What has to be looked at, worst first.
_OPEN = ("error", "fail", "conditional")
#: A title has at least so much of a line.
LEAST = 24


def scorecard(scorecard: Scorecard, clauses: Iterable[Clause], lang: Lang, *, most: int = LINES) -> str:
    """Return a check in at most so many lines, unless more was lost in reading: that is never left out.

    What is told whole in so few lines is told whole.
    """
    clauses = list(clauses)
    whole = terminal.scorecard(scorecard, clauses, lang)
    if whole.count("\n") + 2 <= most:
        return whole
    known = {clause.code: clause for clause in clauses}
    head = f"{scorecard.name}  {scorecard.data_date or ''}  {scorecard.crs}  {scorecard.as_of}".rstrip()
    below = [
        *_unassessed(scorecard, known, lang),
        *_scores(scorecard, lang),
        *_moved(scorecard, lang),
        *_read(scorecard, lang),
    ]
    below.append(say("summary.more", lang))
    # The head, what is counted, two blank lines and the line that says where to look.
    room = max(NAMED, most - 5 - len(below))
    lines = [head, _counted(scorecard, lang), "", *_rows(scorecard, known, room, lang), "", *below]
    return clean("\n".join(lines))


def review(review: Review, lang: Lang, opinions: Text | None = None) -> str:
    """Return a review in at most `LINES` lines, with the worst projects, unless more was lost in reading."""
    whole = terminal.review(review, lang, opinions)
    if (more := whole.count("\n") + 2 - LINES) <= 0 or len(review.parcels) <= NAMED:
        return whole
    # Two more lines say how many are listed, and where the others are.
    listed = max(NAMED, min(len(review.parcels), terminal.LISTED) - more - 2)
    return "\n".join([terminal.review(review, lang, opinions, listed=listed), say("summary.more", lang)])


def _counted(scorecard: Scorecard, lang: Lang) -> str:
    """Return how many clauses came out how, apart where a clause is only there for comparison."""
    return say("summary.counts", lang, total=len(scorecard.verdicts), counts=counted(scorecard.verdicts, lang))


def _rows(scorecard: Scorecard, known: Mapping[str, Clause], room: int, lang: Lang) -> Iterator[str]:
    """Yield a line for each verdict that has to be looked at; those for comparison last, and of many the first."""
    open_ = [one for one in scorecard.verdicts if one.outcome in _OPEN]
    open_.sort(key=lambda one: (one.severity == "warning", _OPEN.index(one.outcome)))
    if not open_:
        yield _none_open({one.outcome for one in scorecard.verdicts}, lang)
        return
    shown = open_ if len(open_) <= room else open_[: room - 1]
    rows = blank_table(heads=False)
    for right in (False, False, True, True, True, False):
        rows.add_column(justify="right" if right else "left", no_wrap=True)
    cells = [list(_cells(one, lang)) for one in shown]
    # What numbers leave of a line is the title's.
    most = max(LEAST, WIDTH - sum(max(map(cell_len, column)) + 2 for column in zip(*cells, strict=True)))
    for one, told in zip(shown, cells, strict=True):
        rows.add_row(*map(Plain, (*told, _titled(scorecard, one, known, most, lang))))
    yield from drawn(rows).splitlines()
    if left := len(open_) - len(shown):
        yield say("summary.open_left", lang, count=left)


def _none_open(outcomes: Set[Outcome], lang: Lang) -> str:
    """Return that nothing fails; where clauses were not judged it must not read as if all were well."""
    if "pass" not in outcomes:
        return say("summary.none_judged", lang)
    return say("summary.none_open_of_judged" if "not-assessed" in outcomes else "summary.none_open", lang)


def _cells(verdict: Verdict, lang: Lang) -> Iterator[str]:
    outcome = say(f"outcome.{verdict.outcome}", lang)
    yield f"{outcome} ({say('report.severity_warning', lang)})" if verdict.severity == "warning" else outcome
    yield verdict.code
    value = verdict.measured.value if verdict.measured else None
    yield units.written(value, verdict.unit, lang, verdict.limit.values())
    yield units.limit(verdict.limit, verdict.unit, lang)
    yield units.margin(verdict.margin, verdict.limit, verdict.unit, lang)


def _titled(scorecard: Scorecard, verdict: Verdict, known: Mapping[str, Clause], most: int, lang: Lang) -> str:
    """Return the document and the number of a clause, no wider than so many cells."""
    number = known[verdict.code].number(lang) if verdict.code in known else ""
    title = document_name(document(scorecard, verdict), lang)
    room = most - cell_len(number) - 1
    return f"{_cut(title, room)} {number}" if number and room >= LEAST // 2 else _cut(number or title, most)


def _unassessed(scorecard: Scorecard, known: Mapping[str, Clause], lang: Lang) -> Iterator[str]:
    """Yield why clauses were not assessed, the reason of most clauses first; of many reasons the first."""
    lines, said = quality.reasons(scorecard, known, lang)
    yield from lines
    order = sorted(said.items(), key=lambda one: -len(one[1]))
    shown = order if len(order) <= REASONS else order[: REASONS - 1]
    for reason, codes in shown:
        yield say("summary.unassessed", lang, count=len(codes), codes=_first(codes, lang), reason=reason)
    if left := order[len(shown) :]:
        yield say("summary.unassessed_left", lang, count=sum(len(codes) for _, codes in left), reasons=len(left))


def _first(codes: list[str], lang: Lang) -> str:
    """Return codes, of many the first three."""
    more = "…" if len(codes) > 3 else ""
    return say("review.comma", lang).join(codes[:3]) + more


def _scores(scorecard: Scorecard, lang: Lang) -> Iterator[str]:
    yield from (quality.score(scorecard, one, lang) for one in scorecard.quality)
    if mended := quality.mended(scorecard, lang):
        yield mended


def _moved(scorecard: Scorecard, lang: Lang) -> Iterator[str]:
    """Yield what became of clauses since the earlier run, where it was held against one."""
    if not scorecard.compared:
        return
    county = [one for one in compared.judged_twice(scorecard.compared) if one.place is None]
    turned = [one for one in county if one.outcome_before != one.outcome_after]
    moved = [one for one in county if one.kind == "changed" and one.figure_moved]
    yield say(
        "summary.moved", lang, total=len(county), moved=len(moved), turned=len(turned), named=_turned(turned, lang)
    )
    yield from _largest(moved, lang)
    if once := compared.left_out(scorecard.compared, lang):
        yield once


def _largest(moved: list[Change], lang: Lang) -> Iterator[str]:
    """Yield the figures that moved most, each once with the clauses it is of."""
    said: dict[tuple[str, str, str], list[str]] = {}
    for one in compared.largest_first(one for one in moved if one.delta is not None):
        said.setdefault(compared.figures(one, lang), []).append(one.code)
    for (before, after, by), codes in list(said.items())[:MOVED]:
        yield say("summary.moved_one", lang, code=_first(codes, lang), before=before, after=after, by=by)


def _turned(turned: list[Change], lang: Lang) -> str:
    """Return clauses whose outcome is another one, of many the first three."""
    none = say("summary.no_outcome", lang)
    told = [
        say(
            "summary.turned",
            lang,
            code=one.code,
            before=say(f"outcome.{one.outcome_before}", lang) if one.outcome_before else none,
            after=say(f"outcome.{one.outcome_after}", lang) if one.outcome_after else none,
        )
        for one in turned[:3]
    ]
    return say("summary.named", lang, named=say("review.comma", lang).join(told)) if told else ""


def _read(scorecard: Scorecard, lang: Lang) -> Iterator[str]:
    """Yield what was lost, left out or taken for granted in reading, each thing once, and what was repaired."""
    yield from _packed([one.to(lang) for one in scorecard.warnings], lang)
    repaired: Counter[str] = Counter()
    for repair in scorecard.repairs:
        repaired[kind_title(repair.layer, lang)] += repair.to_json(lang)["count"]
    if repaired:
        told = (say("summary.repaired_in", lang, layer=layer, count=count) for layer, count in repaired.items())
        yield say("summary.repaired", lang, layers=say("review.comma", lang).join(told))


def _packed(warnings: list[str], lang: Lang) -> Iterator[str]:
    """Yield warnings, each once, as many on a line as fit whole."""
    line = ""
    for warning in dict.fromkeys(warnings):
        longer = say("report.joined", lang).join([line, warning]) if line else warning
        if line and cell_len(say("report.warning_line", lang, warning=longer)) > WIDTH:
            yield say("report.warning_line", lang, warning=line)
            longer = warning
        line = longer
    if line:
        yield say("report.warning_line", lang, warning=line)


def _cut(title: str, most: int) -> str:
    """Return a title that is no wider than so many cells; the whole of it stands on the page."""
    return title if cell_len(title) <= most else f"{set_cell_size(title, max(most - 3, 0)).rstrip()}..."
