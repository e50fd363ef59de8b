"""Read rule documents, bind each clause to its measure, and refuse what does not fit when it loads.

A document is one TOML file; a clause is one `[[clause]]` table in it, or one row of a table with `for_each`. Documents
are found, never listed: those that ship stand in `rules/`, a county's own in the folder `rules` beside its county.toml.
Codes are unique over all of them.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from gis_planning import measures
from gis_planning.analysis.derived import asked, given_by, rests_on
from gis_planning.conventions import EARLIER, kinds
from gis_planning.errors import RuleError
from gis_planning.formats.read import opening, toml_text
from gis_planning.judging.case_tables import Case, cases_of
from gis_planning.judging.clause_rows import expanded
from gis_planning.judging.dated import Steps, holds, is_dated, steps_of, table_steps, today, value_on
from gis_planning.judging.rule_tables import Certainty, ClauseTable, Document, ProjectRule, checked, is_finite, nearest
from gis_planning.results.verdicts import Measured, Severity
from gis_planning.texts import Lang, catalogue, say
from gis_planning.units import units

#: What a measure returns whose unit its clause says.
ANY_UNIT = "any"
#: The parameter `line_coverage` receives the land for which the layer given to `line` is complete.
COVERAGE = "_coverage"
#: The parameter `land_use_earlier` receives the land use of an earlier year.
BEFORE = "_earlier"
#: Settings that a measure is told of its clause: the unit, where it measures in any; code and titles; the area.
TOLD = ("unit", "called", "area")
#: What a document holds; articles are those of a policy, which `policies` reads.
TABLES = ("document", "clause", "each", "article")
LIMITS = ("at_least", "more_than", "at_most", "less_than")
CLAUSE_KEYS = {
    "code",
    "number",
    "number_en",
    "law",
    "law_en",
    "text",
    "text_en",
    "measure",
    "unit",
    "severity",
    "certainty",
    "layers",
    "area",
    "limit",
    "note",
    "note_en",
    "projects",
    "case",
    *LIMITS,
}


@dataclass(frozen=True)
class Clause:
    """What a document requires of a measure, bound to it.

    `layers` gives for every layer parameter of the measure the layer it receives; `optional` names the parameters it
    can do without; `settings` holds every setting, defaults included. `limit` is empty where the document sets none.
    `laws` says how its law is cited, in two languages, empty where its document says it.
    `projects` says what follows for a project that breaks the clause, None where a county is judged as a whole. `dated`
    has the settings and the limit that the document gives by date, all of their values, and under `projects` that table
    as it is from each day on; see `on`. `cases` are the tiny towns on which it is tried. `certainty` says how sure its
    figures are, and `decides` whether they decide anything; see `unless_confirmed`. `area` is what a rate is
    divided by.
    """

    code: str
    document: Document
    measure: str
    function: Callable[..., Measured]
    unit: str
    severity: Severity
    layers: Mapping[str, str]
    optional: frozenset[str]
    settings: Mapping[str, Any]
    limit: Mapping[str, float]
    numbers: Mapping[str, str]
    texts: Mapping[str, str]
    notes: Mapping[str, str]
    laws: Mapping[str, str] = field(default_factory=dict)
    projects: ProjectRule | None = None
    dated: Mapping[str, Steps] = field(default_factory=dict)
    cases: tuple[Case, ...] = ()
    certainty: Certainty = "confirmed"
    decides: bool = True
    area: str = "study_area"

    def on(self, day: str) -> Clause | None:
        """Return the clause with the figures in force on a day, None where it did not hold yet."""
        if not all(holds(steps, day) for steps in self.dated.values()):
            return None
        now = {key: value_on(steps, day) for key, steps in self.dated.items()}
        return replace(
            self,
            settings={key: now.get(key, value) for key, value in self.settings.items()},
            limit={key: now.get(key, value) for key, value in self.limit.items()},
            projects=now.get("projects", self.projects),
        )

    def unless_confirmed(self, confirmed: Collection[str]) -> Clause:
        """Return the clause by what a county has confirmed: any other whose figure is from memory decides nothing."""
        return self if self.certainty != "from-memory" or self.code in confirmed else replace(self, decides=False)

    def number(self, lang: Lang) -> str:
        """Return the clause's number or heading in its document, in one language."""
        return self.numbers[lang]

    def text(self, lang: Lang) -> str:
        """Return what is required, in one language."""
        return self.texts[lang]

    def note(self, lang: Lang) -> str:
        """Return what a reader should know about the clause, in one language."""
        return self.notes[lang]

    @property
    def family(self) -> str:
        """Return the family of the measure: `green`, `circles` ..."""
        return self.measure.partition(".")[0]


def load(own: Path | None = None) -> tuple[Clause, ...]:
    """Return the clauses of all rule documents that ship and of a folder of one's own.

    Parameters
    ----------
    own
        A folder of rule documents; it may add documents and codes, never replace one.

    Raises
    ------
    RuleError
        A document or clause that cannot be used, named with its file.
    """
    clauses = list(_shipped())
    for file in sorted(own.glob("*.toml")) if own and own.is_dir() else ():
        clauses += read_file(file)
    seen: dict[str, str] = {}
    documents: dict[str, Document] = {}
    for clause in clauses:
        if clause.code in seen:
            raise RuleError("rules.same_code", code=clause.code, one=seen[clause.code], other=clause.document.id)
        seen[clause.code] = clause.document.id
        if documents.setdefault(clause.document.id, clause.document) is not clause.document:
            raise RuleError("rules.same_document", document=clause.document.id)
    return tuple(clauses)


def chosen(
    clauses: Iterable[Clause],
    *,
    rules: list[str] | None,
    only: Iterable[str] = (),
    as_of: str | None = None,
    projects: bool = False,
    confirmed: Collection[str] = (),
) -> tuple[Clause, ...]:
    """Return the clauses of a run, with the figures in force on its day.

    Parameters
    ----------
    rules
        The documents the county names; None for all current ones.
    only
        Rule documents, measure families or codes of clauses that narrow the run; a document or clause named here counts
        whatever the state of the document.
    as_of
        A day (ISO date): the documents in force then, rather than the current ones.
    projects
        Take only the clauses that projects are held to.
    confirmed
        The codes of clauses whose figures stand from memory and were confirmed by the county.

    Raises
    ------
    RuleError
        A name or a code is unknown, or a document is superseded and does not say until when it held.
    """
    clauses, only = tuple(clauses), tuple(only)
    documents = {clause.document.id for clause in clauses}
    families = {clause.family for clause in clauses}
    codes = {clause.code for clause in clauses}
    for name in rules or ():
        if name not in documents:
            raise RuleError("rules.unknown_document", name=name, near=nearest(name, documents))
    for name in only:
        if name not in documents | families | codes:
            raise RuleError("rules.unknown_family", name=name, near=nearest(name, documents | families | codes))
    for code in confirmed:
        if code not in codes:
            raise RuleError("rules.unknown_confirmed", code=code, near=nearest(code, codes))
    named = {name for name in only if name in documents} | set(rules or ())
    wanted = [
        clause
        for clause in clauses
        if (clause.projects is not None or not projects)
        and (not only or not {clause.family, clause.document.id, clause.code}.isdisjoint(only))
        and (clause.document.id in named or clause.code in only or (rules is None and _holds(clause.document, as_of)))
    ]
    for clause in wanted if as_of else ():
        document = clause.document
        if document.id in named or clause.code in only:
            continue
        if document.state == "superseded" and not document.until:
            raise RuleError("rules.no_until", document=document.id, title=document.title, day=as_of)
    held = (clause.on(as_of or today()) for clause in wanted)
    return tuple(clause.unless_confirmed(confirmed) for clause in held if clause is not None)


def _holds(document: Document, as_of: str | None) -> bool:
    """Say whether a document that nobody names counts."""
    if document.run == "named":
        return False
    return document.state == "current" if as_of is None else document.holds_on(as_of)


def read_file(file: Path) -> list[Clause]:
    """Return the clauses of one rule document of a county's own, or of a changed copy of one that ships."""
    return read_document(opening.content_of(file, toml_text.LARGEST_BYTES + 1), str(file))


def read_document(content: bytes, file: str) -> list[Clause]:
    """Return the clauses of one rule document, each bound to its measure."""
    try:
        table = toml_text.parse(content, file)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise RuleError("rules.not_toml", file=file, reason=fault) from None
    return bind_document(table, file)


def bind_document(table: dict[str, Any], file: str) -> list[Clause]:
    """Return the clauses of one rule document that was parsed."""
    if unknown := set(table) - set(TABLES):
        raise RuleError("rules.unknown_key", file=file, code="-", key=min(unknown), near=list(TABLES))
    document = checked(Document, table.get("document", {}), file, "document")
    if not isinstance(table.get("clause"), list) or not table["clause"]:
        raise RuleError("rules.no_clause", file=file)
    if not all(isinstance(entry, dict) for entry in table["clause"]):
        raise RuleError("rules.no_clause", file=file)
    clauses = [_bind(entry, document, file) for entry in expanded(table["clause"], table.get("each", {}), file)]
    counted = Counter(clause.code for clause in clauses)
    if twice := [code for code, count in counted.items() if count > 1]:
        raise RuleError("rules.code_twice", file=file, code=twice[0])
    return clauses


def clause_coded(code: str, clauses: Iterable[Clause]) -> Clause:
    """Return the clause with a code; a code in the wrong case is understood."""
    known = {clause.code.upper(): clause for clause in clauses}
    if code.upper() not in known:
        raise RuleError("rules.unknown_code", code=code, near=nearest(code.upper(), known))
    return known[code.upper()]


def measure_named(name: str) -> Callable[..., Measured]:
    """Return a measure by its name, `family.function`; raises KeyError where there is none."""
    return _measures()[name]


def method_note(name: str, lang: Lang) -> str:
    """Return how a measure measures, as printed in reports: its docstring, or the Chinese note beside it.

    The derived layers that it rests on follow, each with its settings.
    """
    note = (inspect.getdoc(measure_named(name)) or "").partition("\nExamples\n")[0].strip()
    if lang == "zh" and f"method.{name}" in catalogue():
        note = say(f"method.{name}", lang)
    below = [_told(maker, lang) for maker in rests_on(measure_named(name))]
    return "\n".join([note, "", say("derived.heading", lang), "", *below]) if below else note


def _told(maker: Callable[..., Any], lang: Lang) -> str:
    """Return what a derived layer is, and the settings that a clause can give it."""
    name, given = maker.__name__, [one for one in asked(maker).own if one not in given_by(maker)]
    says = say(f"derived.{name}", lang)
    if not given:
        return say("derived.plain", lang, name=name, says=says)
    return say("derived.line", lang, name=name, says=says, settings=", ".join(given))


@cache
def _measures() -> dict[str, Callable[..., Measured]]:
    found = {}
    for module in pkgutil.walk_packages(measures.__path__, f"{measures.__name__}."):
        family = importlib.import_module(module.name)
        for name, function in vars(family).items():
            own = inspect.isfunction(function) and function.__module__ == family.__name__ and not name.startswith("_")
            if own and _unit_of(function) is not None:
                # A family of several modules is a folder, or the modules say whose they are.
                inner = module.name.removeprefix(f"{measures.__name__}.").split(".")
                found[f"{getattr(family, 'FAMILY', inner[0])}.{name}"] = function
    return found


@cache
def _shipped() -> tuple[Clause, ...]:
    clauses: list[Clause] = []
    for file in sorted((files("gis_planning") / "rules").iterdir(), key=lambda item: item.name):
        if file.name.endswith(".toml"):
            clauses += read_document(file.read_bytes(), f"rules/{file.name}")
    return tuple(clauses)


def _bind(entry: dict[str, Any], document: Document, file: str) -> Clause:
    code = str(entry.get("code", "?"))
    place = {"file": file, "code": code}
    table, rules = _clause_table(entry, place)
    try:
        function = measure_named(table.measure)
    except KeyError:
        raise RuleError(
            "rules.unknown_measure", **place, measure=table.measure, near=nearest(table.measure, _measures())
        ) from None
    if _unit_of(function) not in {table.unit, ANY_UNIT} or table.unit not in units():
        raise RuleError("rules.wrong_unit", **place, unit=table.unit, right=_unit_of(function))
    inputs = asked(function).layers
    dated = {
        key: steps_of(value, key, place)
        for key, value in entry.items()
        if (key not in CLAUSE_KEYS or key in LIMITS) and is_dated(value)
    }
    # What is given by date is first taken with its first value; `on` puts the others in.
    entry = {key: dated[key][0][1] if key in dated else value for key, value in entry.items()}
    given = {key: value for key, value in entry.items() if key not in CLAUSE_KEYS}
    titles = dict.fromkeys((table.number, table.number_en or table.number))
    told = {"unit": table.unit, "called": [code, *titles], "area": table.area or ""}
    given |= {name: told[name] for name in TOLD if name in asked(function).settings}
    settings = _settings(function, given, place)
    dated = {key: _checked_steps(function, key, steps, table.unit, place) for key, steps in dated.items()}
    layers = _layers(table, inputs, place)
    clause = Clause(
        code=code,
        document=document,
        measure=table.measure,
        function=function,
        unit=table.unit,
        severity=table.severity,
        layers=layers,
        optional=frozenset(name for name, without in inputs.items() if without),
        settings=settings,
        limit=_limit(entry, table.unit, place),
        numbers={"zh": table.number, "en": table.number_en or table.number},
        texts={"zh": table.text, "en": table.text_en},
        notes={"zh": table.note, "en": table.note_en},
        laws={"zh": table.law, "en": table.law_en or table.law},
        projects=table.projects,
        dated=dated | rules,
        certainty=table.certainty or document.certainty,
        area=table.area or layers.get("area", "county" if set(layers.values()) <= {"statistics"} else "study_area"),
        cases=cases_of(entry.get("case", []), table.measure.partition(".")[0], layers.values(), file, code),
    )
    for case in clause.cases:
        if case.expected.as_of and clause.on(case.expected.as_of) is None:
            raise RuleError("rules.case_too_early", **place, case=case.number, day=case.expected.as_of)
    return clause.on(today()) or clause


def _layers(table: ClauseTable, inputs: Mapping[str, bool], place: dict[str, str]) -> dict[str, str]:
    """Return the layer that each parameter of the measure receives, or refuse one that nobody has."""
    for parameter, layer in table.layers.items():
        if parameter not in inputs:
            raise RuleError("rules.unknown_layer", **place, layer=parameter, near=nearest(parameter, inputs))
        if not layer.isidentifier():
            raise RuleError("rules.unknown_layer", **place, layer=layer, near=nearest(layer, kinds()))
    layers = {name: table.layers.get(name, name) for name in inputs}
    for name in [entry for entry in inputs if entry.endswith(BEFORE)]:
        layers[name] = f"{layers.get(name.removesuffix(BEFORE), name.removesuffix(BEFORE))}{EARLIER}"
    for name in [entry for entry in inputs if entry.endswith(COVERAGE)]:
        layers[name] = f"{layers[name.removesuffix(COVERAGE)]}.coverage"
    coverages = {layer for layer in layers.values() if layer.endswith((".coverage", EARLIER))}
    for layer in set(layers.values()) - set(table.layers.values()) - set(kinds()) - coverages:
        raise RuleError("rules.unknown_layer", **place, layer=layer, near=nearest(layer, kinds()))
    return layers


def _clause_table(entry: dict[str, Any], place: dict[str, str]) -> tuple[ClauseTable, dict[str, Steps]]:
    """Return a clause's own keys, and its project rule by date where that is given so."""
    own = {key: value for key, value in entry.items() if key in ClauseTable.model_fields}
    stated = own.get("projects")
    steps, since = table_steps(stated if isinstance(stated, dict) else {}, "projects", place)
    if not steps:
        return checked(ClauseTable, own, **place), {}
    tables = {day: checked(ClauseTable, own | {"projects": rule}, **place) for day, rule in steps}
    rules = tuple((day, table.projects) for day, table in tables.items() if day >= since)
    return tables[since], {"projects": rules}


def _settings(function: Callable[..., Measured], given: dict[str, Any], place: dict[str, str]) -> dict[str, Any]:
    wanted = asked(function).settings
    settings = {name: _setting(function, name, value, place) for name, value in given.items()}
    for name, setting in wanted.items():
        if name not in settings and setting.required:
            raise RuleError("rules.missing_setting", **place, setting=name)
        settings.setdefault(name, setting.default)
    return {name: settings[name] for name in wanted}


def _setting(function: Callable[..., Measured], name: str, value: Any, place: dict[str, str]) -> Any:
    """Return one setting as the measure takes it, or refuse it."""
    wanted = asked(function).settings
    if name not in wanted:
        raise RuleError("rules.unknown_setting", **place, setting=name, near=nearest(name, wanted))
    try:
        setting = _adapter(function, name).validate_python(_tuples(value), strict=True)
    except ValidationError as fault:
        reason = fault.errors()[0]["msg"]
        raise RuleError("rules.bad_setting", **place, setting=name, value=value, reason=reason) from None
    if any(number < 0 or not is_finite(number) for number in _numbers(value)):
        raise RuleError("rules.bad_setting", **place, setting=name, value=value, reason="< 0")
    return setting


@cache
def _adapter(function: Callable[..., Measured], name: str) -> TypeAdapter[Any]:
    return TypeAdapter(asked(function).settings[name].hint)


def _checked_steps(
    function: Callable[..., Measured], key: str, steps: Steps, unit: str, place: dict[str, str]
) -> tuple[tuple[str, Any], ...]:
    """Return a figure by date with every value held against what its key takes."""
    if key in LIMITS:
        return tuple((day, _limit({key: value}, unit, place)[key]) for day, value in steps)
    return tuple((day, _setting(function, key, value, place)) for day, value in steps)


def _limit(entry: dict[str, Any], unit: str, place: dict[str, str]) -> dict[str, float]:
    stated = {key: entry[key] for key in LIMITS if key in entry}
    none = entry.get("limit")
    if none not in (None, "none") or (none == "none") == bool(stated) or len(stated) > 1:
        raise RuleError("rules.limit", **place)
    highest = units()[unit].highest
    for key, value in stated.items():
        number = isinstance(value, int | float) and not isinstance(value, bool) and is_finite(value)
        if not number or value < 0 or (highest is not None and value > highest):
            raise RuleError("rules.limit_range", **place, key=key, value=value, unit=unit)
    return {key: float(value) for key, value in stated.items()}


def _unit_of(function: Callable[..., Any]) -> str | None:
    hint = function.__annotations__.get("return")
    hint = getattr(measures, hint, None) if isinstance(hint, str) else hint
    return next(iter(getattr(hint, "__metadata__", ())), None)


def _tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _tuples(one) for name, one in value.items()}
    return tuple(_tuples(one) for one in value) if isinstance(value, list) else value


def _numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [number for one in value.values() for number in _numbers(one)]
    if isinstance(value, list | tuple):
        return [number for one in value for number in _numbers(one)]
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []
