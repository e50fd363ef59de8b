"""Draw one coverage measurement as a map page that opens by double click, with no network."""

from __future__ import annotations

from typing import Any

import numpy as np

from gis_planning import units
from gis_planning.maps import encode
from gis_planning.maps.assembly import assembled
from gis_planning.maps.layers import NUMBERED, Drawn, drawn_layers, label, label_points
from gis_planning.maps.templates import render
from gis_planning.results.verdicts import Scorecard
from gis_planning.texts import Lang, say
from gis_planning.view.looks import styles
from gis_planning.view.sheets import (
    Sheet,
    clickable,
    document,
    document_title,
    drawn_how,
    gauge,
    outcome_facts,
    profile,
    side_by_side,
)


def coverage_page(scorecard: Scorecard, sheet: Sheet, lang: Lang) -> str:
    """Return the map page of a sheet as HTML."""
    layers = drawn_layers(scorecard, sheet.leading, sheet.measured, lang)
    facts = _facts(scorecard, sheet, layers, lang)
    return assembled(
        "coverage",
        "page.js",
        render(__package__, "page.html.j2", lang, **facts),
        _payload(sheet, layers, facts["alt"], lang),
        lang,
        county=scorecard.name,
        document=facts["document"],
        canvas=False,
    )


def _facts(scorecard: Scorecard, sheet: Sheet, layers: list[Drawn], lang: Lang) -> dict[str, Any]:
    """Return what the panel says."""
    measured, leading = sheet.measured, sheet.leading
    parks = measured.layers["parks"]
    serving = int((parks["status"] == "serves").sum())
    value = sheet.value(lang)
    counts = {"parks": serving, "left": len(parks) - serving, "patches": len(measured.offenders)}
    return {
        "county": scorecard.name,
        "note": getattr(scorecard, "note", None),
        "warnings": [one.to(lang) for one in scorecard.warnings],
        "data_date": scorecard.data_date or say("map.no_date", lang),
        "as_of": scorecard.as_of,
        "crs": scorecard.crs,
        "version": scorecard.program["version"],
        "document": document_title(document(scorecard, leading), lang),
        "value": value,
        "bound": sheet.bound(lang),
        "truth": sheet.truth(lang),
        "outcome": outcome_facts(leading.outcome, lang),
        "gauge": gauge(sheet),
        "beside": side_by_side(sheet, lang),
        "counted": measured.denominator is not None,
        "served": units.written(measured.numerator, "m2", lang),
        "total": units.written(measured.denominator, "m2", lang),
        "clauses": [
            {
                "code": verdict.code,
                "limit": units.limit(verdict.limit, verdict.unit, lang),
                "margin": units.margin(verdict.margin, verdict.limit, verdict.unit, lang),
                "outcome": outcome_facts(verdict.outcome, lang),
            }
            for verdict in sheet.verdicts
        ],
        "profile": profile(leading.settings, lang),
        "legend": [_legend(layer) for layer in reversed(layers) if layer.legend],
        "patches": [
            {"rank": int(row["rank"]), "name": label(row["parcels"]), "area": units.written(row["area_m2"], "m2", lang)}
            for _, row in measured.offenders.head(NUMBERED).iterrows()
        ],
        "numbers": styles()["layer"]["numbers"],
        "drawn": drawn_how(clickable(measured), lang),
        "hatches": ("stripes", "grid"),
        "alt": say("map.alt", lang, county=scorecard.name, value=value, **counts),
    }


def _legend(layer: Drawn) -> dict[str, Any]:
    style = styles()["layer"][layer.look]
    line = str(layer.frame.geometry.iloc[0].geom_type).endswith("LineString") or not style.get("fill_opacity")
    return {
        "id": layer.id,
        "title": layer.title,
        "count": len(layer.frame),
        "style": style,
        "line": line,
        "shown": layer.shown,
    }


def _payload(sheet: Sheet, layers: list[Drawn], alt: str, lang: Lang) -> dict[str, Any]:
    """Return everything the page's program draws."""
    degrees = [encode.to_degrees(layer.frame) for layer in layers]
    start = encode.origin(np.concatenate(degrees))
    outline = next((layer for layer in layers if layer.id == "outline"), layers[0])
    west, south, east, north = outline.frame.geometry.to_crs(encode.DRAWN_CRS).total_bounds
    patches = sheet.measured.offenders.head(NUMBERED)
    return {
        "scale": encode.SCALE,
        "origin": start,
        "bounds": [[south, west], [north, east]],
        "alt": alt,
        "words": {word: say(f"map.{word}", lang) for word in ("unnamed_park", "unnamed_patch")},
        "numbers": [
            [int(rank), *at] for rank, at in zip(patches["rank"], label_points(patches, None), strict=True) if at
        ],
        "layers": [_layer(layer, shapes, start, outline) for layer, shapes in zip(layers, degrees, strict=True)],
    }


def _layer(layer: Drawn, degrees: Any, start: tuple[int, int], outline: Drawn) -> dict[str, Any]:
    style = styles()["layer"][layer.look]
    names = layer.frame["name"] if "name" in layer.frame.columns else [None] * len(layer.frame)
    points = label_points(layer.frame, outline.frame) if layer.written else []
    return {
        "id": layer.id,
        "title": layer.title,
        "shown": layer.shown,
        "prefix": layer.prefix,
        "labels": layer.labels,
        "style": style,
        "written": [[label(name), *at] for name, at in zip(names, points, strict=True) if label(name) and at]
        if points
        else [],
        "features": list(_features(layer, degrees, start)),
    }


def _features(layer: Drawn, degrees: Any, start: tuple[int, int]) -> Any:
    rows = layer.frame.drop(columns=layer.frame.geometry.name).to_dict("records")
    for (index, row), geometry in zip(zip(layer.frame.index, rows, strict=True), degrees, strict=True):
        shape = encode.encoded(geometry, start)
        if shape is not None:
            kind, steps = shape
            found: dict[str, Any] = {"t": kind, "g": steps}
            if layer.facts is not None:
                # Patches are known by their rank, parks by their row in the layer.
                found |= {"n": int(row.get("rank", index)), "v": layer.facts(row)}
            yield found
