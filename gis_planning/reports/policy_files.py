"""Write how a county answers a policy: figures, matrix, document, page and map, and what the folder holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from gis_planning.judging.rulebook import Clause
from gis_planning.maps.web.check_map import check_map
from gis_planning.outputs import Wish, replacing
from gis_planning.outputs.moment import moment
from gis_planning.reports.policy_docx import write_docx
from gis_planning.reports.policy_page import map_address, policy_page
from gis_planning.reports.policy_xlsx import write_xlsx
from gis_planning.results.papers import document_name
from gis_planning.results.policy import PolicyCard
from gis_planning.results.verdicts import Scorecard, write_json
from gis_planning.texts import Lang, Text, say, text
from gis_planning.view.looks import styles
from gis_planning.view.roles import drawable
from gis_planning.view.sheets import Sheet, address, sheets

FIGURES, MATRIX, WORD, INDEX, MAP, CRATE = (
    *("policy.json", "policy.xlsx", "policy.docx", "index.html", "map.html", "ro-crate-metadata.json"),
)
POLICY_FILES = (FIGURES, MATRIX, WORD, CRATE, "*.html")
#: Layers that every map of an indicator shows.
AROUND = ("study_area", "districts")


def write_policy(
    card: PolicyCard,
    clauses: Iterable[Clause],
    out: Path,
    lang: Lang,
    *,
    inputs: Collection[Path] = (),
    progress: Callable[[Text], None] = lambda _: None,
    shown: Mapping[str, str] | None = None,
    years: Mapping[str, str] | None = None,
) -> None:
    """Write the files of a policy.

    Parameters
    ----------
    inputs
        The files that the run read.
    shown
        Addresses of maps of another run that show some indicators already, by code; the map shows the others.
    years
        Addresses of those of these maps that show two years side by side.

    Raises
    ------
    OutputError
        Something is in the way; nothing was changed then.
    """
    known = {clause.code: clause for clause in clauses}
    with replacing(out, Wish(inputs)) as stage:
        progress(text("cli.drawing", page=FIGURES))
        write_json(stage / FIGURES, card.to_json(lang))
        drawn = card.scorecard if shown is None else _apart_from(card.scorecard, shown, known)
        found = sheets(drawn)
        maps = addresses(found)
        if maps:
            progress(text("cli.drawing", page=MAP))
            _write(stage / MAP, check_map(drawn, found, known, lang, papers=(WORD, MATRIX)))
        maps = {**maps, **(shown or {})}
        _write(stage / INDEX, policy_page(card, maps, {**year_addresses(found), **(years or {})}, lang))
        progress(text("cli.drawing", page=MATRIX))
        write_xlsx(stage / MATRIX, card, lang)
        progress(text("cli.drawing", page=WORD))
        write_docx(stage / WORD, card, lang)
        names = sorted(file.name for file in stage.iterdir())
        _write(stage / CRATE, json.dumps(crate(card, names, lang), ensure_ascii=False, indent=1) + "\n")


def _apart_from(scorecard: Scorecard, shown: Mapping[str, str], clauses: Mapping[str, Clause]) -> Scorecard:
    """Return the verdicts that no other map shows, around them only where the county lies.

    Beneath two years lie the lines by which they are compared.
    """
    left = replace(scorecard, verdicts=tuple(one for one in scorecard.verdicts if one.code not in shown))
    compared = [sheet.leading.code for sheet in sheets(left) if sheet.two_years]
    asked = {layer for code in compared if code in clauses for layer in clauses[code].layers.values()}
    kept = {*AROUND, *(asked & styles()["line"].keys())}
    return replace(left, context={name: frame for name, frame in scorecard.context.items() if name in kept})


def year_addresses(found: Iterable[Sheet], page: str = MAP) -> dict[str, str]:
    """Return the address, on a map, of each indicator that shows two years side by side."""
    told = ((sheet, sheet.years_address(page)) for sheet in found)
    return {verdict.code: place for sheet, place in told if place for verdict in sheet.verdicts}


def addresses(found: Iterable[Sheet], page: str = MAP) -> dict[str, str]:
    """Return the address, on a map, of each indicator that has anything to be seen."""
    maps: dict[str, str] = {}
    for sheet in found:
        code, measured = sheet.leading.code, sheet.measured
        layers = [address("broken", code)] if drawable(measured.offenders) else []
        layers += [
            address(name, code)
            for name, frame in measured.layers.items()
            if drawable(frame) and not measured.schema[name].page
        ]
        if layers:
            maps |= {verdict.code: map_address(page, [*layers, *AROUND]) for verdict in sheet.verdicts}
    return maps


def crate(card: PolicyCard, names: Iterable[str], lang: Lang) -> dict[str, Any]:
    """Return what the folder holds as RO-Crate 1.1: its files, what they were made from, by which program."""
    about = say("policy.crate", lang, county=card.name, title=document_name(card.policy, lang))
    files = [{"@id": name, "@type": "File", "encodingFormat": _FORMATS[name.rpartition(".")[2]]} for name in names]
    read = [
        {"@id": f"#input-{at}", "@type": "Dataset", "name": entry.layer, "identifier": f"sha256:{entry.sha256}",
         "description": entry.source}
        for at, entry in enumerate(card.inputs, 1)
    ]  # fmt: skip
    program = {
        "@id": "#program",
        "@type": "SoftwareApplication",
        "name": card.program["name"],
        "softwareVersion": card.program["version"],
    }
    made = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": about,
        "endTime": moment().isoformat(),
        "instrument": {"@id": "#program"},
        "object": [{"@id": one["@id"]} for one in read],
        "result": [{"@id": one["@id"]} for one in files],
    }
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": about,
        "description": about,
        "datePublished": moment().date().isoformat(),
        "license": say("map.internal", lang),
        "hasPart": [{"@id": one["@id"]} for one in files],
        "mentions": {"@id": "#run"},
    }
    head = {
        "@id": CRATE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    graph = [head, root, made, program, *files, *read]
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}


_FORMATS = {
    "json": "application/json",
    "html": "text/html",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def _write(file: Path, content: str) -> None:
    file.write_text(content, encoding="utf-8", errors="replace", newline="\n")
