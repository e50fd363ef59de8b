"""Choose what the page of a review shows: projects by verdict with opinions, overlap patches, what lies around."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import geopandas as gpd
import pandas as pd

from gis_planning import geo
from gis_planning.conventions.activities import activity_title
from gis_planning.conventions.landclasses import class_title
from gis_planning.maps.web.county_layers import county_layers
from gis_planning.maps.web.layers import Category, Column, MapLayer, Opinion, by_value, one_category, towns_of
from gis_planning.maps.web.page import frame_of, main_map
from gis_planning.results.papers import document_name
from gis_planning.results.review import QUIET, LineReview, ParcelReview, Review, named_once, unjudged
from gis_planning.results.verdicts import OUTCOMES, Finding
from gis_planning.texts import Lang, say
from gis_planning.view import compared
from gis_planning.view.decided import outcome_words, patch_decisions, patch_outcomes
from gis_planning.view.looks import outcome_look

#: Up to so many projects the page holds what is said of each; of more, the workbook does.
MOST_OPINIONS = 5_000


def review_map(review: Review, lang: Lang) -> str:
    """Return the page of a review as HTML: everything there is to know of it, on one main map."""
    names = [line.line for line in review.parcels[0].lines] if review.parcels else []
    touched = {line.line for parcel in review.parcels for line in parcel.lines if line.overlap_m2}
    around = county_layers(review.context, names, review.titles, lang, shown=touched)
    layers = [*_review_layers(review, lang), *around]
    codes = dict.fromkeys(review.patches["code"]) if len(review.patches) else {}
    known = {str(clause["code"]): clause for clause in review.clauses}
    date = review.data_date or say("map.no_date", lang)
    frame = frame_of(
        review,
        say("review.title", lang),
        input_titles={entry.layer: review.title(entry.layer, lang) for entry in review.inputs},
        documents=[_document(document, lang) for document in review.documents],
        caveat=f"{say('review.caveat', lang)} {say('map.data_date', lang)}: {date}",
        dated=say("review.as_of", lang, day=review.as_of),
        rules=[(code, _rule(code, known, review, lang)) for code in codes],
        topics=[(name, review.title(name, lang)) for name in names],
        borderline=any(finding.borderline for parcel in review.parcels for finding in _findings(parcel)),
        compared=compared.counted(review.compared, lang) if review.compared else None,
        remarks=list(_remarks(review, lang)),
        opens_on="projects",
        opens_at="projects.0" if len(review.parcels) == 1 else None,
        counts={str(key): count for key, count in review.counts().items()},
        notes=[note.to(lang) for note in (*review.notes, *review.warnings)],
        files=[(name, name) for name in ("review.docx", "review.xlsx", "review.gpkg", "review.json")],
        words="review.outcome",
    )
    return main_map(frame, layers, lang)


def _document(document: Mapping[str, Any], lang: Lang) -> str:
    """Return how a document is called, since when it is in force, and whether its figures are certain."""
    unsure = say("review.to_confirm", lang) if document.get("certainty") == "to-confirm" else ""
    known = (document_name(document, lang), document.get("in_force") or document.get("date"), unsure)
    return " ".join(str(one) for one in known if one)


def _remarks(review: Review, lang: Lang) -> Iterator[str]:
    """Yield which lines could not be judged and why: first of all those that were not delivered."""
    for why, lines in unjudged(review, lang):
        listed = say("review.comma", lang).join(review.title(line, lang) for line in lines)
        facts = {"count": max(lines.values()), "total": len(review.parcels)}
        yield say("review.unjudged", lang, lines=listed, why=why, **facts)


def _rule(code: str, known: dict[str, Any], review: Review, lang: Lang) -> str:
    clause = known.get(code, {})
    return "  ".join(str(one) for one in (code, review.title(str(clause.get("line", "")), lang)) if one)


def _review_layers(review: Review, lang: Lang) -> Iterator[MapLayer]:
    districts = review.context.get("districts")
    towns = towns_of(review.parcels_layer.geometry, districts)
    if len(review.patches):
        yield _patches(review, towns, lang)
    yield _projects(review, towns, lang)
    yield from _earlier(review, lang)


def _outcomes(lang: Lang) -> dict[tuple[str, bool], Category]:
    """Return what outcomes look like, those that people decided apart: the legend counts them by themselves."""
    return {
        (outcome, decided): Category(outcome_words(outcome, lang, decided=decided), outcome_look(outcome), outcome)
        for outcome in OUTCOMES
        for decided in (False, True)
    }


def _projects(review: Review, towns: list[str | None] | None, lang: Lang) -> MapLayer:
    parcels = review.parcels
    few = len(parcels) <= MOST_OPINIONS
    columns = [
        Column(say("review.column_project", lang), [_named(parcel) for parcel in parcels]),
        Column(say("review.column_area_mu", lang), [geo.to_mu(parcel.area_m2) for parcel in parcels], 2),
        Column(say("review.column_lines_touched", lang), [_loud(parcel, review, lang) for parcel in parcels]),
        Column(say("review.column_activity", lang), [_activity(parcel, lang) for parcel in parcels]),
        Column(say("review.column_area_m2", lang), [parcel.area_m2 for parcel in parcels], 2),
        Column(say("review.column_plane_area_m2", lang), [parcel.plane_area_m2 for parcel in parcels], 2),
    ]
    if any(parcel.stated_area_m2 is not None for parcel in parcels):
        stated = Column(say("review.column_stated_area_m2", lang), [parcel.stated_area_m2 for parcel in parcels], 2)
        columns.insert(5, stated)
    if any(parcel.overrides for parcel in parcels):
        columns.insert(
            1, Column(say("review.column_override", lang), [_decided(parcel, review, lang) for parcel in parcels])
        )
    if review.classes is not None:
        columns.append(Column(say("review.sheet_classes", lang), _classes(parcels, review.classes, lang)))
    for at, line in enumerate(parcels[0].lines if parcels else ()):
        title = review.title(line.line, lang)
        overlaps = [parcel.lines[at].overlap_m2 for parcel in parcels]
        if any(overlaps):
            columns.append(Column(say("mainmap.overlap", lang, line=title), [value or None for value in overlaps], 2))
    columns.append(Column(say("review.column_source", lang), [parcel.source for parcel in parcels]))
    return MapLayer(
        id="projects",
        title=say("mainmap.projects", lang),
        group=say("mainmap.group_review", lang),
        shapes=review.parcels_layer.geometry,
        **by_value([(parcel.outcome, parcel.decided) for parcel in parcels], _outcomes(lang)),
        columns=tuple(columns),
        towns=towns,
        shown=True,
        labelled=True,
        opinions=[_opinions(parcel, review, lang) for parcel in parcels] if few else None,
        topics=[_topics(parcel) for parcel in parcels],
        anchors=[parcel.id for parcel in parcels],
    )


def _named(parcel: ParcelReview) -> str:
    """Return what readers call a project."""
    return named_once(parcel.id, parcel.name).strip()


def _decided(parcel: ParcelReview, review: Review, lang: Lang) -> str | None:
    """Return what people decided of a project, and what the program had said."""
    return "\n".join(say("review.decided", lang, **facts) for facts in review.told_decisions(parcel, lang)) or None


def _activity(parcel: ParcelReview, lang: Lang) -> str:
    return activity_title(parcel.activity, lang) if parcel.activity else say("review.activity_unknown", lang)


def _findings(parcel: ParcelReview) -> Iterator[Finding]:
    return (finding for line in parcel.lines for finding in line.findings)


def _concerned(parcel: ParcelReview) -> list[LineReview]:
    """Return the lines that have to do with a project: it lies in them, they are more than a pass, or were decided."""
    return [line for line in parcel.lines if line.overlap_m2 or line.outcome not in QUIET or parcel.decisions(line)]


def _loud(parcel: ParcelReview, review: Review, lang: Lang) -> str | None:
    """Return the lines that ask for something, as the workbook has them."""
    return say("review.comma", lang).join(review.title(line.line, lang) for line in parcel.asking) or None


def _topics(parcel: ParcelReview) -> list[str]:
    """Return the lines of a project, the clauses that do not pass or were decided, and whether any is borderline."""
    decided = {override.code for override in parcel.overrides}
    codes = [one.code for one in _findings(parcel) if one.outcome not in QUIET or one.code in decided]
    borderline = any(finding.borderline for finding in _findings(parcel))
    return [*(line.line for line in _concerned(parcel)), *codes, *(["borderline"] if borderline else [])]


def _classes(parcels: Sequence[ParcelReview], classes: pd.DataFrame, lang: Lang) -> list[str | None]:
    """Return the land classes of each project with their areas in mu, largest first."""
    sums = classes.fillna({"class": ""}).groupby(["project_id", "class"])["area_mu"].sum()
    found: dict[str, list[str]] = {}
    for (id_, code), area in sums.sort_values(ascending=False).items():
        name = f"{code} {class_title(str(code), lang) or ''}".strip() or say("review.no_patch", lang)
        found.setdefault(id_, []).append(f"{name} {area:,.2f} {say('review.mu', lang)}")
    comma = say("review.cited_all", lang)
    return [comma.join(found.get(parcel.id, ())) or None for parcel in parcels]


def _opinions(parcel: ParcelReview, review: Review, lang: Lang) -> list[Opinion]:
    """Return what is said of a project: every line, the worst first; what a person decided stands with its line."""
    lines = [(line, parcel.outcome_of(line)) for line in parcel.lines]
    lines.sort(key=lambda one: OUTCOMES.index(one[1]))
    told = review.told_decisions(parcel, lang) if parcel.overrides else []
    found: list[Opinion] = []
    for line, outcome in lines:
        decided = {override.code for override in parcel.decisions(line)}
        said = [say("review.override_note", lang, **facts) for facts in told if facts["code"] in decided]
        # The badge of a line that was decided; the page never folds one that has its own.
        badge = (outcome_words(outcome, lang, decided=True),) if said else ()
        found.append((review.title(line.line, lang), outcome, "\n".join([*said, _opinion(line, review, lang)]), *badge))
    return found


def _opinion(line: LineReview, review: Review, lang: Lang) -> str:
    """Return what the clauses say of a line, each sentence once with the articles it follows from."""
    said: dict[str, list[str]] = {line.message.to(lang): []}
    for finding in line.findings:
        message = finding.message.to(lang)
        if finding.outcome not in QUIET or message in said:
            said.setdefault(message, []).append(review.cited(finding.code, lang))
    between = say("review.cited_all", lang)
    sentences = [
        say("review.sentence", lang, message=message, codes=between.join(cited)) if cited else message
        for message, cited in said.items()
    ]
    if any(finding.borderline for finding in line.findings):
        sentences.append(say("review.borderline_why", lang))
    return "\n".join(sentences)


def _patches(review: Review, towns: list[str | None] | None, lang: Lang) -> MapLayer:
    patches = review.patches
    row = {parcel.id: at for at, parcel in enumerate(review.parcels)}
    owner = [row[one] for one in patches["project_id"]]
    known = {
        one: replace(category, look={**category.look, "fill_opacity": 0.75, "size": 3.5})
        for one, category in _outcomes(lang).items()
    }
    names = [_named(review.parcels[at]) for at in owner]
    columns = (
        Column(say("review.column_project", lang), names),
        Column(say("review.column_line", lang), [review.title(one, lang) for one in patches["line"]]),
        Column(say("review.column_area_m2", lang), patches["area_m2"].tolist(), 2),
        Column(say("review.column_label", lang), [say(f"review.label.{one}", lang) for one in patches["label"]]),
        Column(say("review.column_width_m", lang), patches["width_m"].tolist(), 3),
        *([Column(say("review.column_override", lang), told)] if (told := patch_decisions(review, lang)) else []),
        *_changes(review, lang),
        Column(say("review.column_patch", lang), patches["id"].tolist()),
    )
    return MapLayer(
        id="patches",
        title=say("layer.patches", lang),
        group=say("mainmap.group_review", lang),
        shapes=patches.geometry,
        **by_value(patch_outcomes(review), known),
        columns=columns,
        rule=patches["code"].tolist(),
        rules=tuple(dict.fromkeys(patches["code"])),
        towns=None if towns is None else [towns[at] for at in owner],
        shown=True,
        of=("projects", owner),
        topics=_patch_topics(review, owner),
    )


def _patch_topics(review: Review, owner: Sequence[int]) -> list[list[str]]:
    """Return the line and the clause of each overlap patch, and whether that verdict is borderline."""
    doubtful = [{finding.code for finding in _findings(parcel) if finding.borderline} for parcel in review.parcels]
    rows = zip(review.patches["line"], review.patches["code"], owner, strict=True)
    return [[line, code, *(["borderline"] if code in doubtful[at] else [])] for line, code, at in rows]


def _changes(review: Review, lang: Lang) -> list[Column]:
    """Return what became of each overlap patch since the earlier review, where there is one."""
    if review.compared is None:
        return []
    known = {one.patch: compared.kind(one, lang) for one in review.compared.changes}
    return [Column(say("review.column_change", lang), [known.get(one) for one in review.patches["id"]])]


def _earlier(review: Review, lang: Lang) -> Iterator[MapLayer]:
    """Return the projects and overlap patches of an earlier review; all of them say that they are not of today."""
    old = review.compared
    of = say("mainmap.earlier_of", lang, date=old.data_date) if old is not None and old.data_date else ""
    look = {"fill": "#8a8375", "fill_opacity": 0.5, "stroke": "#4a453d", "weight": 1.4, "hatch": "counter", "size": 3.5}
    for name, this in (("patches", "patches"), ("parcels", "projects")):
        frame = old.shapes.get(name) if old is not None else None
        if old is None or frame is None or not len(frame):
            continue
        ids = frame["project_id"] if "project_id" in frame.columns else frame["id"]
        called = [named_once(str(one), old.names.get(str(one))) for one in ids]
        columns = [Column(say("review.column_project", lang), called)]
        if "area_m2" in frame.columns:
            columns.append(Column(say("review.column_area_m2", lang), _floats(frame, "area_m2"), 2))
        if "outcome" in frame.columns:
            words = [say(f"review.outcome.{one}", lang) if one in OUTCOMES else None for one in frame["outcome"]]
            columns.append(Column(say("review.column_outcome", lang), words))
        title = say(f"mainmap.earlier_{this}", lang, of=of)
        yield MapLayer(
            id=f"earlier.{this}",
            title=title,
            group=say("mainmap.group_earlier_review", lang, of=of),
            shapes=frame.geometry,
            **one_category(title, look, len(frame)),
            columns=tuple(columns),
            earlier=this,
        )


def _floats(frame: gpd.GeoDataFrame, name: str) -> list[float | None]:
    return [None if one != one else float(one) for one in frame[name]]  # noqa: PLR0124 - NaN is not itself
