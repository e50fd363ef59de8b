"""Tell at the terminal which cases of a rule document hold, and what came out otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gis_planning.judging.cases import CaseResult
from gis_planning.judging.rulebook import Clause
from gis_planning.texts import Lang, say


def by_document(clauses: Iterable[Clause]) -> list[list[Clause]]:
    """Return clauses document by document, in the order in which they come."""
    found: dict[str, list[Clause]] = {}
    for clause in clauses:
        found.setdefault(clause.document.id, []).append(clause)
    return list(found.values())


def document_page(clauses: Sequence[Clause], results: Sequence[CaseResult], lang: Lang) -> str:
    """Return what became of the cases of one document: a line for the whole, and lines for each that does not hold."""
    document = clauses[0].document.id
    if not results:
        return say("cases.none", lang, document=document)
    wrong = [result for result in results if not result.holds]
    key, counts = "cases.all_hold", {"document": document, "count": len(results)}
    if wrong:
        key, counts = "cases.some_fail", counts | {"wrong": len(wrong)}
    without = [clause.code for clause in clauses if not clause.cases]
    lines = [say(key, lang, **counts), *(_failed(one, lang) for one in wrong)]
    if without:
        lines.append(say("cases.without", lang, codes=without))
    return "\n".join(lines)


def _failed(result: CaseResult, lang: Lang) -> str:
    remark = result.case.remark(lang)
    facts = {"code": result.code, "case": result.number, "note": say("cases.note", lang, note=remark) if remark else ""}
    expected = {key: result.expected[key] for key in result.wrong}
    got = {key: result.got.get(key) for key in result.wrong}
    reason = result.reason.to(lang)
    if not result.got:
        return say("cases.town_refused", lang, **facts, expected=_listed(expected, lang), reason=reason)
    told = {"expected": _listed(expected, lang), "got": _listed(got, lang), "reason": reason}
    return say("cases.fails", lang, **facts, **told)


def _listed(values: Mapping[str, Any], lang: Lang) -> str:
    return ", ".join(f"{key} = {_said(key, value, lang)}" for key, value in values.items())


def _said(key: str, value: Any, lang: Lang) -> str:
    if value is None:
        return say("cases.nothing", lang)
    # As it is written in the document, so that it can be searched for; enough digits to see how it differs.
    return str(value) if key == "outcome" else f"{value:.10g}"
