"""Lay out verdicts and clauses for a console; nothing is cut off when the output is piped into a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.text import Text as Plain

from gis_planning import units
from gis_planning.conventions import facts, kind_title
from gis_planning.judging.dated import today
from gis_planning.judging.inventory import Inventory, Ready
from gis_planning.judging.rule_tables import Document
from gis_planning.judging.rulebook import Clause, method_note
from gis_planning.measures.around import Around
from gis_planning.reports.console import FIRM_BLANK, blank_table, clean, drawn, wrapped
from gis_planning.results.papers import document_name
from gis_planning.results.review import QUIET, ParcelReview, Review, unjudged
from gis_planning.results.verdicts import OUTCOMES, Scorecard, Verdict
from gis_planning.texts import Lang, Text, say
from gis_planning.view import compared, numbers, quality
from gis_planning.view.decided import outcome_words
from gis_planning.view.sheets import document

if TYPE_CHECKING:
    from gis_planning.formats.convert import Converted

#: A terminal lists so many projects, the worst; so many lines by name; and so many reasons why some were not judged.
LISTED, NAMED_LINES, REASONS = 500, 4, 8


def scorecard(scorecard: Scorecard, clauses: Iterable[Clause], lang: Lang) -> str:
    """Return the verdicts as a table, then what was not assessed and why, warnings and repairs."""
    known = {clause.code: clause for clause in clauses}
    rows = blank_table()
    for key, right in _HEADS:
        rows.add_column(
            say(f"report.{key}", lang), justify="right" if right else "left", no_wrap=key != "document", overflow="fold"
        )
    before = ""
    for verdict in scorecard.verdicts:
        rows.add_row(*map(Plain, _row(verdict, lang)), Plain(_paper(scorecard, verdict, known, lang, before)))
        before = verdict.document
    head = f"{scorecard.name}  {scorecard.data_date or ''}  {scorecard.crs}  {scorecard.as_of}".rstrip()
    lines = list(_below(scorecard, known, lang))
    return clean("\n".join([head, "", drawn(rows), *([""] if lines else []), *lines]))


def review(review: Review, lang: Lang, opinions: Text | None = None, *, listed: int | None = None) -> str:
    """Return the worst verdict of each project with the lines that gave it, who has an opinion, warnings and notes.

    Of many projects the worst `listed` are told, `LISTED` where nothing is said.
    """
    listed = listed or LISTED
    rows = blank_table()
    for key, right in (("id", False), ("project", False), ("area_mu", True), ("outcome", False), ("because", False)):
        rows.add_column(say(f"review.head_{key}", lang), justify="right" if right else "left", overflow="fold")
    for parcel in sorted(review.parcels, key=lambda one: OUTCOMES.index(one.outcome))[:listed]:
        cells = (
            parcel.id,
            parcel.other_name,
            units.bare(parcel.area_m2, "land_mu"),
            outcome_words(parcel.outcome, lang, decided=parcel.decided),
            _because(parcel, review, lang),
        )
        rows.add_row(*map(Plain, cells))
    counts = [
        say("judge.projects_of", lang, outcome=say(f"review.outcome.{one}", lang), count=n)
        for one, n in review.counts().items()
    ]
    head = f"{review.name}  {review.data_date or ''}  {review.crs}  {review.as_of}".rstrip()
    below = [*_unjudged(review, lang), *(note.to(lang) for note in (*review.notes, *review.warnings))]
    if len(review.parcels) > listed:
        below.insert(0, say("review.listed", lang, count=listed, total=f"{len(review.parcels):,}"))
    if opinions is not None:
        below.append(opinions.to(lang))
    if unknown := sum(parcel.activity is None for parcel in review.parcels):
        below.append(say("review.without_activity", lang, count=unknown, total=len(review.parcels)))
    if decided := [len(parcel.overrides) for parcel in review.parcels if parcel.overrides]:
        below.append(say("review.findings_decided", lang, count=sum(decided), projects=len(decided)))
    if review.compared:
        below.append(compared.counted(review.compared, lang))
    lines = [head, "", drawn(rows), "", say("review.comma", lang).join(counts), *below, say("review.caveat", lang)]
    return clean("\n".join(lines))


def _because(parcel: ParcelReview, review: Review, lang: Lang) -> str:
    """Return the lines that a verdict comes from, and of which people decided."""
    lines = parcel.asking or (() if parcel.outcome in QUIET else parcel.parted.unknown)
    worst = _lines([line.line for line in lines], review, lang)
    if not parcel.overrides:
        return worst
    decided = _lines([line.line for line in parcel.lines if parcel.decisions(line)], review, lang)
    return say("review.because_decided" if worst else "review.only_decided", lang, lines=worst, decided=decided)


def _lines(lines: Sequence[str], review: Review, lang: Lang) -> str:
    """Return the names of lines, of many the first."""
    comma = say("review.comma", lang)
    named = comma.join(review.title(line, lang) for line in lines[:NAMED_LINES])
    if len(lines) <= NAMED_LINES:
        return named
    count = len(lines) - (NAMED_LINES if lang == "en" else 0)
    return say("review.more_lines", lang, lines=named, count=count)


def _unjudged(review: Review, lang: Lang) -> Iterator[str]:
    """Yield why lines could not be judged, each reason once with its lines: the most frequent first."""
    for why, lines in unjudged(review, lang)[:REASONS]:
        facts = {"count": max(lines.values()), "total": len(review.parcels), "why": why}
        yield say("review.unjudged", lang, lines=_lines(list(lines), review, lang), **facts)


def around(county: str, place: tuple[float, float], found: Around, lang: Lang) -> str:
    """Return what is within 5, 10 and 15 minutes of a place, ring by ring, then what is missing."""
    table, walking = facts("rings"), found.mode == "walk"
    kinds = facts("facilities")["kinds"]

    def cost(value: float) -> str:
        return say("circles.metres" if walking else "circles.minutes", lang, value=value)

    mode = say(f"circles.mode_{found.mode}", lang)
    lines = [say("circles.around_head", lang, county=county, lon=place[0], lat=place[1], mode=mode)]
    lines.append(say("circles.access", lang, metres=found.access_m))
    for minutes, metres in zip(table["minutes"], table["walk_m"], strict=True):
        limit = cost(metres if walking else minutes)
        lines += ["", say("circles.ring", lang, minutes=minutes, limit=limit)]
        here = [one for one in found.found if one.ring_min == minutes]
        rows = blank_table(heads=False)
        for _ in range(4):
            rows.add_column(no_wrap=True, min_width=8)
        for one in sorted(here, key=lambda one: one.cost or 0.0):
            many = say("circles.many", lang, count=one.in_reach)
            rows.add_row(*map(Plain, (f"  {kinds[one.kind][lang]}", cost(one.cost or 0.0), one.name or "-", many)))
        lines.append(drawn(rows) if here else "  " + say("circles.none_here", lang))
    comma = "、" if lang == "zh" else ", "
    unknown = [kinds[one][lang] for one in found.not_held]
    below = ["", say("circles.around_not_held", lang, count=len(unknown), kinds=comma.join(unknown))] if unknown else []
    missing = [one for one in found.found if one.ring_min is None]
    if not missing:
        return clean("\n".join([*lines, "", say("circles.nothing_missing", lang), *below]))
    words = [
        say("circles.farther", lang, kind=kinds[one.kind][lang], cost=cost(one.cost))
        if one.cost
        else kinds[one.kind][lang]
        for one in missing
    ]
    lines += ["", say("circles.around_missing", lang, count=len(missing), kinds=comma.join(words)), *below]
    return clean("\n".join(lines))


def layers(inventory: Inventory, lang: Lang) -> str:
    """Return what a county holds as a table, layer by layer what is found and missing, then what can be judged."""
    rows = blank_table()
    for key, right in (("layer", False), ("source", False), ("features", True), ("geometry", False), ("crs", False),
                       ("encoding", False), ("invalid", True)):  # fmt: skip
        rows.add_column(say(f"layers.head_{key}", lang), justify="right" if right else "left", overflow="fold")
    for layer in inventory.layers:
        geometry = "\n".join(f"{type_} {count:,}" for type_, count in (layer.geometry or {}).items())
        cells = (
            _layer(layer.layer, lang),
            "\n".join(part for part in (layer.source, layer.table, layer.where) if part)
            or say("layers.none_exist", lang),
            "-" if layer.features is None else f"{layer.features:,}",
            geometry or "-",
            layer.crs or "-",
            layer.encoding or "-",
            "-" if layer.invalid is None else f"{layer.invalid + (layer.missing_geometry or 0):,}",
        )
        rows.add_row(*map(Plain, cells))
    head = f"{inventory.name}  {inventory.code or ''}  {inventory.crs or ''}".rstrip()
    below = [*_looked_at(inventory, lang), "", *_judgeable(inventory, lang)]
    return clean("\n".join([head, "", drawn(rows), "", wrapped("\n".join(below))]))


def _looked_at(inventory: Inventory, lang: Lang) -> Iterator[str]:
    """Yield what is found and missing in each layer, a line for each thing, and the layers that are absent."""
    comma = say("review.comma", lang)
    for layer in inventory.layers:
        title = _layer(layer.layer, lang)
        if layer.fault is not None:
            yield say("layers.fault", lang, layer=title, fault=layer.fault.to(lang))
        if layer.fields or layer.lacking:
            found = comma.join(f"{ours} = {theirs}" for ours, theirs in (layer.fields or {}).items()) or "-"
            missing = comma.join(layer.lacking) or "-"
            yield say("layers.fields", lang, layer=title, found=found, missing=missing)
        if layer.columns_lacking:
            lacking = comma.join(layer.columns_lacking)
            yield say("layers.columns", lang, layer=title, structure=layer.structure, columns=lacking)
        if layer.extent is not None:
            decimals = 6 if max(map(abs, layer.extent)) <= 360 else 2
            extent = " ".join(f"{value:.{decimals}f}" for value in layer.extent)
            yield say("layers.extent", lang, layer=title, extent=extent)
    if inventory.absent:
        yield say("layers.absent", lang, layers=comma.join(_layer(one, lang) for one in inventory.absent))
    for warning in inventory.warnings:
        yield say("report.warning_line", lang, warning=warning.to(lang))


def _judgeable(inventory: Inventory, lang: Lang) -> Iterator[str]:
    """Yield for each document which of its clauses can be judged, and what the others lack, the same lack once."""
    comma = say("review.comma", lang)
    by_document: dict[str, list[Ready]] = {}
    for ready in inventory.clauses:
        by_document.setdefault(ready.clause.document.id, []).append(ready)
    for document_id, inner in by_document.items():
        yield f"{inner[0].clause.document.name(lang)}  ({document_id})"
        said: dict[tuple[str, str], list[str]] = {}
        for ready in inner:
            why = say("layers.semicolon", lang).join(lack.to(lang) for lack in ready.lacks or ready.without)
            said.setdefault((ready.judgeable, why), []).append(ready.clause.code)
        for (judgeable, why), codes in said.items():
            yield "  " + say(f"layers.judgeable_{judgeable}", lang, codes=comma.join(codes), why=why)


def clause_list(clauses: Iterable[Clause], lang: Lang) -> str:
    """Return all clauses as a table, document by document."""
    found = []
    by_document: dict[str, list[Clause]] = {}
    for clause in clauses:
        by_document.setdefault(clause.document.id, []).append(clause)
    for inner in by_document.values():
        paper = inner[0].document
        state = say(f"report.state_{paper.state}", lang)
        certainty = say(f"report.certainty_{paper.certainty}", lang)
        rows = blank_table(heads=False)
        rows.add_column(no_wrap=True, min_width=14)
        rows.add_column(no_wrap=True, min_width=10)
        rows.add_column(no_wrap=True, min_width=24)
        rows.add_column(overflow="fold")
        for clause in inner:
            limit = _limit_now(clause, lang)
            own = clause.certainty != paper.certainty
            mark = f" [{say(f'report.certainty_{clause.certainty}', lang)}]" if own else ""
            rows.add_row(*map(Plain, (clause.code, limit, clause.measure, f"{clause.text(lang)}{mark}")))
        words = [paper.id, state, certainty, *([say("report.run_named", lang)] if paper.run == "named" else [])]
        found.append(f"{paper.name(lang)}  ({'; '.join(words)})\n{drawn(rows)}")
    return clean("\n\n".join(found))


def clause_page(clause: Clause, lang: Lang) -> str:
    """Return everything about one clause: what it requires, by which document, and how it is measured."""
    paper = clause.document
    needed = [layer for name, layer in clause.layers.items() if name not in clause.optional]
    optional = [layer for name, layer in clause.layers.items() if name in clause.optional]
    # The code of each row is the key of its word.
    rows = {
        "requirement": clause.text(lang),
        "number": clause.number(lang),
        "document": f"{paper.name(lang)}  ({paper.id})",
        "issuer": paper.issuer,
        "date": paper.date,
        "state": _state(paper, lang),
        "certainty": say(f"report.certainty_{clause.certainty}", lang),
        "measure": clause.measure,
        "limit": _limit(clause, lang),
        "severity": say(f"severity.{clause.severity}", lang),
        "settings": "\n".join(f"{name} = {_setting(clause, name, lang)}" for name in clause.settings),
        "layers_needed": "\n".join(_layer(layer, lang) for layer in needed),
        "layers_optional": "\n".join(_layer(layer, lang) for layer in optional),
        "note": "\n".join(note for note in (clause.note(lang), paper.remark(lang)) if note),
    }
    page = blank_table(heads=False)
    page.add_column(no_wrap=True)
    page.add_column(overflow="fold")
    for key, words in rows.items():
        if words:
            page.add_row(Plain(say(f"report.{key}", lang)), Plain(words))
    method = wrapped(method_note(clause.measure, lang))
    return clean(f"{clause.code}\n\n{drawn(page)}\n\n{say('report.methods', lang)}\n\n{method}")


def _state(paper: Document, lang: Lang) -> str:
    """Return whether a document counts: its state, the days that are known, and whether it must be named."""
    words = [say(f"report.state_{paper.state}", lang)]
    words += [say("report.in_force", lang, day=paper.in_force)] if paper.in_force else []
    words += [say("report.until", lang, day=paper.until)] if paper.until else []
    words += [say("report.run_named", lang)] if paper.run == "named" else []
    return "; ".join(words)


def _limit(clause: Clause, lang: Lang) -> str:
    """Return the limit of a clause, by date where its document gives it so."""
    key = next(iter(clause.limit), "")
    if key in clause.dated:
        return numbers.by_date(clause.dated[key], lambda value: units.limit({key: value}, clause.unit, lang), lang)
    return units.limit(clause.limit, clause.unit, lang)


def _limit_now(clause: Clause, lang: Lang) -> str:
    """Return the limit in force today; of a clause that does not hold yet, with the day from which it will."""
    return _limit(clause, lang) if clause.on(today()) is None else units.limit(clause.limit, clause.unit, lang)


def _setting(clause: Clause, name: str, lang: Lang) -> str:
    if name in clause.dated:
        return numbers.by_date(clause.dated[name], lambda value: numbers.setting(value, lang), lang)
    return numbers.setting(clause.settings[name], lang)


_HEADS = (
    ("outcome", False),
    ("clause", False),
    ("value", True),
    ("limit", True),
    ("margin", True),
    ("offenders", True),
    ("document", False),
)


def _row(verdict: Verdict, lang: Lang) -> Iterator[str]:
    measured = verdict.measured
    outcome = say(f"outcome.{verdict.outcome}", lang)
    yield f"{outcome} ({say('report.severity_warning', lang)})" if verdict.severity == "warning" else outcome
    yield verdict.code
    value = units.written(measured.value if measured else None, verdict.unit, lang, verdict.limit.values())
    bound = say(f"bound.{measured.bound}", lang) if measured else ""
    yield f"{value} ({bound})" if bound else value
    yield units.limit(verdict.limit, verdict.unit, lang)
    yield units.margin(verdict.margin, verdict.limit, verdict.unit, lang)
    yield f"{len(measured.offenders):,}" if measured else "-"


def _paper(scorecard: Scorecard, verdict: Verdict, known: Mapping[str, Clause], lang: Lang, before: str) -> str:
    """Return the document of a verdict; where it is the one before, only the number of the clause."""
    number = known[verdict.code].number(lang) if verdict.code in known else ""
    if verdict.document == before and number:
        return number
    paper = document(scorecard, verdict)
    certainty = f"[{say('report.certainty_to-confirm', lang)}]" if paper["certainty"] == "to-confirm" else ""
    words = " ".join(word for word in (document_name(paper, lang), certainty, number) if word)
    # Chinese lines may break anywhere; a break at a blank in the middle of a title would leave half of it empty.
    return words.replace(" ", FIRM_BLANK) if lang == "zh" else words


def _beside(scorecard: Scorecard, lang: Lang) -> Iterator[str]:
    """Yield how far shares stand for the county, each figure once with the codes it holds for."""
    said: dict[tuple[str, str, str], list[str]] = {}
    for verdict in scorecard.verdicts:
        for reference in verdict.measured.references if verdict.measured else ():
            if reference.doubts:
                said.setdefault((reference.title.to(lang), *numbers.beside(reference, lang)), []).append(verdict.code)
    for (title, value, sums), codes in said.items():
        shown = f"({sums})" if sums else ""
        yield say("report.beside_line", lang, code=", ".join(codes), title=title, value=value, sums=shown).rstrip()


def _quality(scorecard: Scorecard, lang: Lang) -> Iterator[str]:
    """Yield the score of each document and how it came about, then what became of the faults of an earlier delivery."""
    for one in scorecard.quality:
        yield quality.score(scorecard, one, lang)
        yield from (f"  {line}" for line in [quality.formula(one, lang)] if line)
    yield from (line for line in [quality.mended(scorecard, lang)] if line)


def _unassessed(scorecard: Scorecard, known: Mapping[str, Clause], lang: Lang) -> Iterator[str]:
    """Yield why clauses were not assessed, each reason once with the codes it holds for.

    Of delivered databases what is not there is a line for each document.
    """
    lines, said = quality.reasons(scorecard, known, lang)
    yield from lines
    for reason, codes in said.items():
        yield say("report.unassessed_line", lang, code=", ".join(codes), reason=reason)


def warned(warnings: Iterable[Text], lang: Lang) -> str:
    """Return warnings, each on a line of its own below what they go with."""
    return "".join(f"\n{say('report.warning_line', lang, warning=warning.to(lang))}" for warning in warnings)


def _below(scorecard: Scorecard, known: Mapping[str, Clause], lang: Lang) -> Iterator[str]:
    yield from _quality(scorecard, lang)
    yield from _unassessed(scorecard, known, lang)
    for key, name in (("report.missing_line", "missing"), ("report.note_line", "notes")):
        said: dict[str, list[str]] = {}
        for verdict in scorecard.verdicts:
            for note in getattr(verdict.measured, name, ()):
                said.setdefault(note.to(lang), []).append(verdict.code)
        for reason, codes in said.items():
            yield say(key, lang, code=", ".join(codes), reason=reason)
    yield from _beside(scorecard, lang)
    for warning in scorecard.warnings:
        yield say("report.warning_line", lang, warning=warning.to(lang))
    repaired: dict[str, list[str]] = {}
    for repair in scorecard.repairs:
        fault = repair.to_json(lang)
        repaired.setdefault(repair.layer, []).append(
            say("report.repair_fault", lang, count=fault["count"], fault=fault["description"])
        )
    for layer, faults in repaired.items():
        joined = say("report.joined", lang).join(faults)
        yield say("report.repair_line", lang, layer=kind_title(layer, lang), faults=joined)


def _layer(layer: str, lang: Lang) -> str:
    title = kind_title(layer, lang)
    return title if title == layer else f"{title} [{layer}]"


def converted(done: Converted, lang: Lang) -> str:
    """Return what was written where, and everything that is not as it was."""
    lines = [
        say("convert.done", lang, out=done.out, layer=layer, count=count, crs=done.crs[layer])
        for layer, count in done.counts.items()
    ]
    notes = list(dict.fromkeys(note.to(lang) for note in done.notes))
    lines.append(say("convert.not_exact" if notes else "convert.exact", lang))
    return clean("\n".join([*lines, *(f"- {note}" for note in notes)]))
