"""Tell in a terminal how a county answers a policy: what is missed first, then what the articles rest on."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text as Plain

from gis_planning.reports.console import blank_table, clean, drawn
from gis_planning.reports.policy_rows import Row, met, rows, tally
from gis_planning.results.policy import PolicyCard
from gis_planning.texts import Lang, say

#: So many rows are told where not all are asked for, and so many warnings.
TOLD, WARNED = 12, 4


def lines(card: PolicyCard, lang: Lang, *, every: bool) -> Iterator[str]:
    """Yield what is told: counts, the targets of every county, what rows could not be used."""
    told = list(rows(card, lang))
    counts = tally(card)
    yield clean(
        say("policy.head", lang, county=card.name, title=str(card.policy["title" if lang == "zh" else "title_en"]))
    )
    said = (f"{say(f'policy.state_{state}', lang)} {count}" for state, count in counts.items() if count)
    yield say("policy.counts", lang, articles=len(card.articles), counts=say("review.comma", lang).join(said))
    yield met(told, lang)
    yield ""
    own = told if every else [row for row in told if row.answer.kind == "E"]
    own.sort(key=lambda row: ("fail", "error", "not-assessed", "pass", "info").index(row.tone) if not every else 0)
    yield from _table(own if every else own[:TOLD]).splitlines()
    if not every and len(own) > TOLD:
        yield say("summary.open_left", lang, count=len(own) - TOLD)
    yield from _warned(card, lang, every=every)


def in_a_line(card: PolicyCard, page: object, lang: Lang) -> str:
    """Return what the articles rest on in one line, and where to look."""
    said = (f"{say(f'policy.state_{state}', lang)} {count}" for state, count in tally(card).items() if count)
    return say("policy.in_a_line", lang, counts=say("review.comma", lang).join(said), page=page)


def _table(told: list[Row]) -> str:
    table = blank_table(heads=False)
    for right in (False, False, True, False, False):
        table.add_column(justify="right" if right else "left", no_wrap=True)
    for row in told:
        table.add_row(*map(Plain, (row.outcome, f"{row.article.number} {row.code}", row.value, row.target, row.title)))
    return drawn(table)


def _warned(card: PolicyCard, lang: Lang, *, every: bool) -> Iterator[str]:
    shown = card.warnings if every else card.warnings[:WARNED]
    if shown:
        yield ""
    for warning in shown:
        yield clean(warning.to(lang))
    if left := len(card.warnings) - len(shown):
        yield say("policy.more_warnings", lang, count=left)
