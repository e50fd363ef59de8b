"""Lay out how a county answers a policy as a page: a card, the articles with filters, the evidence; no script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from gis_planning.conventions import kind_title
from gis_planning.judging.rulebook import method_note
from gis_planning.maps.templates import policy as security
from gis_planning.maps.templates import render
from gis_planning.reports.policy_rows import KINDS, Row, contributed, lacking, met, rows, tally
from gis_planning.results.papers import document_name
from gis_planning.results.policy import STATES, Answered, PolicyCard
from gis_planning.texts import Lang, say
from gis_planning.view import numbers
from gis_planning.view.looks import styles

#: What stands for the policy of a page until its scripts are known.
_NO_POLICY = "POLICY"
#: A line of several years is so wide and high.
WIDE, HIGH = 60, 18


def policy_page(card: PolicyCard, maps: Mapping[str, str], years: Mapping[str, str], lang: Lang) -> str:
    """Return the page.

    Parameters
    ----------
    maps, years
        The address of the map of each indicator that has one, and of that with two years side by side.
    """
    told = list(rows(card, lang))
    html = render(
        __package__,
        "policy.html.j2",
        lang,
        policy=_NO_POLICY,
        county=card.name,
        title=numbers.shortened(card.name, 120),
        cited=document_name(card.policy, lang),
        note=card.note and card.note.to(lang),
        code=card.code,
        type=say(f"policy.type_{card.type}", lang) if card.type else "",
        data_date=card.data_date or say("map.no_date", lang),
        crs=card.crs,
        as_of=card.as_of,
        tally=[
            {"key": state, "word": say(f"policy.state_{state}", lang), "count": count}
            for state, count in tally(card).items()
            if count
        ],
        cards=[one for kind in ("E", "C", "R") if (one := _card(kind, told, lang))["rows"]],
        states=_choices("state", STATES, "s", lang),
        kinds=_choices("kind", KINDS, "k", lang),
        articles=[_article(article, told, maps, years, lang) for article in card.articles],
        targets=met(told, lang),
        lacking=lacking(told, lang),
        has_map=any(address.startswith("map.html") for address in maps.values()),
        stated=card.rows,
        inputs=[{**vars(entry), "title": kind_title(entry.layer, lang)} for entry in card.inputs],
        warnings=[warning.to(lang) for warning in card.warnings],
        program=card.program,
        short=numbers.SHORT_SHA,
        methods=dict(_methods(told, lang)),
    )
    return html.replace(_NO_POLICY, security(html), 1)


def _choices(name: str, keys: Iterable[str], sign: str, lang: Lang) -> list[dict[str, str]]:
    """Return what a filter offers; the first choice, which is all, leaves nothing out."""
    every = {"key": "all", "word": say("policy.all", lang), "only": ""}
    own = [{"key": key, "word": say(f"policy.{name}_{key}_all", lang), "only": f".{sign}-{key}"} for key in keys]
    return [every, *own]


def _card(kind: str, told: Iterable[Row], lang: Lang) -> dict[str, Any]:
    own = [row for row in told if row.answer.kind == kind]
    rows = [_row(row, {}, lang) for row in own]
    if kind == "R":
        rows = [told_ | {"value": contributed(row.answer, lang)} for told_, row in zip(rows, own, strict=True)]
    return {"title": say(f"policy.card_{kind}", lang), "rows": rows}


def _article(
    article: Answered, told: Iterable[Row], maps: Mapping[str, str], years: Mapping[str, str], lang: Lang
) -> dict[str, Any]:
    own = [row for row in told if row.article is article]
    judged = [row for row in own if row.answer.kind == "E" and row.answer.state != "not-assessed"]
    return {
        # What is missed is in view; the rest is a list to be opened.
        "open": any(row.answer.outcome in ("fail", "error") for row in judged),
        "chips": list({row.tone: _outcome(row) for row in judged}.values()),
        "number": article.number,
        "title": article.title.to(lang),
        "text": article.text.to(lang),
        "key": article.state,
        "state": say(f"policy.state_{article.state}", lang),
        "why": article.why.to(lang) if article.why else "",
        "rows": [_row(row, maps, lang) | {"years": years.get(row.answer.by or row.code, "")} for row in own],
    }


def _row(row: Row, maps: Mapping[str, str], lang: Lang) -> dict[str, Any]:
    one = row.answer
    return {
        "number": row.article.number,
        "code": row.code,
        "title": row.title,
        "state": one.state,
        "kind": one.kind,
        "value": row.value,
        "target": row.target,
        "whose": row.whose,
        "whose_short": say(f"policy.short_{one.kind}", lang),
        "outcome": _outcome(row),
        "gap": row.gap,
        "trend": row.trend,
        "spark": _spark([year.value for year in one.years]),
        "area": row.area,
        "year": row.year,
        "source": row.source,
        "link": f"#row-{one.source['row']}" if one.source and "row" in one.source else "",
        "beside": row.beside,
        "standard": row.standard,
        "notes": [word for word in (row.truth, *row.notes) if word],
        "because": "" if one.value is not None else row.because,
        "map": maps.get(one.by or row.code, ""),
    }


def _outcome(row: Row) -> dict[str, str]:
    look = styles()["outcome"][row.tone]
    return {"key": row.tone, "word": row.outcome, "colour": look["colour"], "sign": look["sign"]}


def _spark(values: list[float]) -> str:
    """Return the points of a small line through the values of several years; nothing of one."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    step, room = (WIDE - 4) / (len(values) - 1), HIGH - 6
    heights = (HIGH - 3 - room * ((value - low) / (high - low) if high > low else 0.5) for value in values)
    return " ".join(f"{2 + at * step:.1f},{height:.1f}" for at, height in enumerate(heights))


def _methods(told: Iterable[Row], lang: Lang) -> Iterable[tuple[str, list[str]]]:
    for name in dict.fromkeys(row.answer.measure for row in told if row.answer.measure != "policy.answered"):
        note = method_note(name, lang)
        yield name, [one for one in note.split("\n\n") if one.strip()]


def map_address(page: str, layers: Iterable[str]) -> str:
    """Return the address of a map with some layers on."""
    return f"{page}#on=" + quote(",".join(layers), safe="")
