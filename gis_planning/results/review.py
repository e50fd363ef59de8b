"""Hold the review of project parcels, frozen, and write it as JSON and GeoPackage; numbers never rounded."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from gis_planning import geo
from gis_planning.conventions.activities import activity_title
from gis_planning.results.ledger import Ledger
from gis_planning.results.papers import document_cited, document_number
from gis_planning.results.schema import Column, Layer, described
from gis_planning.results.verdicts import OUTCOMES, Finding, Outcome
from gis_planning.texts import Lang, Text, say, text

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

#: The number of an article, which is cited; a heading is not.
ARTICLE = re.compile(r"第.+?[条款项]")


#: Outcomes that ask nothing of anybody.
QUIET: tuple[Outcome, ...] = ("pass", "info")
#: A stated area that is farther from the measured one than this, in m2 and as a share of it, was not only rounded.
MISSTATED_M2, MISSTATED = 1.0, 0.001


@dataclass(frozen=True)
class Override:
    """A person's decision that stands beside ours: on which project and clause, what, why, who and when.

    `source` is the table it comes from.
    """

    parcel: str
    code: str
    outcome: Outcome
    reason: str
    by: str
    date: str
    source: str = ""


@dataclass(frozen=True)
class Office:
    """What the office that reviews writes on an opinion: its number, who, and by outcome what is to be done.

    What is empty is written by hand; where nothing is said of an outcome, ours stands. A number that holds `{id}` is
    each project's own.
    """

    number: str = ""
    officer: str = ""
    reviewer: str = ""
    handling: Mapping[str, str] = field(default_factory=dict)

    def number_of(self, parcel: str | None) -> str:
        """Return the number of the opinion on a project, or on all (None)."""
        if parcel is None and "{id}" in self.number:
            return ""
        return self.number.replace("{id}", parcel or "")

    def handled(self, outcome: str, lang: Lang) -> str:
        """Return what is to be done with a project of some outcome."""
        return self.handling.get(outcome) or say(f"review.handling.{outcome}", lang)


class Lines(NamedTuple):
    """The lines of a project: those that concern it, those that do not, and those of which nothing is known."""

    concerned: tuple[LineReview, ...]
    clear: tuple[LineReview, ...]
    unknown: tuple[LineReview, ...]


@dataclass(frozen=True, slots=True)
class LineReview:
    """One control line and one project: how much of it lies where, and the verdicts.

    Areas are in m2 on the ellipsoid. `net_m2` is the overlap without what is not farmed, None where the line does not
    say. Where the line was not delivered everything but `line`, `outcome` and `message` is empty.
    """

    line: str
    outcome: Outcome
    message: Text
    overlap_m2: float | None = None
    outside_m2: float | None = None
    net_m2: float | None = None
    uncovered_m2: float | None = None
    share: float | None = None
    pieces: int = 0
    slivers: int = 0
    substantial_m2: float = 0.0
    boundary_m2: float = 0.0
    unclear_m2: float = 0.0
    touches: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def outcome_zero(self) -> Outcome:
        """Return the outcome with no piece excused, however narrow; that of the line where nothing was judged."""
        return worst([finding.outcome_zero for finding in self.findings]) if self.findings else self.outcome

    @property
    def concerns(self) -> bool:
        """Say whether the project lies in the line, or the line asks something of it."""
        return bool(self.overlap_m2 or self.pieces) or self.outcome in ("fail", "conditional")

    def to_json(self, lang: Lang) -> dict[str, Any]:
        """Return the line as other tools read it."""
        return {
            "line": self.line,
            "overlap_m2": self.overlap_m2,
            "overlap_ha": None if self.overlap_m2 is None else geo.to_hectares(self.overlap_m2),
            "overlap_mu": None if self.overlap_m2 is None else geo.to_mu(self.overlap_m2),
            "net_overlap_m2": self.net_m2,
            "outside_m2": self.outside_m2,
            "uncovered_m2": self.uncovered_m2,
            "share": self.share,
            "pieces": self.pieces,
            "slivers": self.slivers,
            "substantial_m2": self.substantial_m2,
            "boundary_m2": self.boundary_m2,
            "unclear_m2": self.unclear_m2,
            "touches": list(self.touches),
            "outcome": self.outcome,
            "outcome_zero_tolerance": self.outcome_zero,
            "message": self.message.to(lang),
            "clauses": [
                {
                    "code": finding.code,
                    "outcome": finding.outcome,
                    "outcome_zero_tolerance": finding.outcome_zero,
                    "borderline": finding.borderline,
                    "message": finding.message.to(lang),
                }
                for finding in self.findings
            ],
        }


@dataclass(frozen=True)
class ParcelReview:
    """One project with what every line says of it; its outcome is the worst of them, or what a person decided.

    `shared` are other projects of the review that ask for some of its land, by their ids, with that land in m2.
    """

    id: str
    name: str
    source: str
    activity: str | None
    area_m2: float
    plane_area_m2: float
    stated_area_m2: float | None
    lines: tuple[LineReview, ...]
    overrides: tuple[Override, ...] = ()
    shared: tuple[tuple[str, float], ...] = ()

    @property
    def other_name(self) -> str:
        """Return the name where it says more than the id beside it."""
        return "" if self.name == self.id else self.name

    @property
    def judged(self) -> Outcome:
        """Return the worst outcome of the lines, whatever people decided."""
        return worst([line.outcome for line in self.lines])

    @property
    def outcome(self) -> Outcome:
        """Return the worst outcome, with people's decisions in place of ours."""
        return worst([self.outcome_of(line) for line in self.lines]) if self.overrides else self.judged

    @property
    def advised(self) -> Outcome:
        """Return the outcome whose advice fits: a pass with a line that tells something is to heed what it tells."""
        tells = any(line.concerns and self.outcome_of(line) == "info" for line in self.lines)
        return "info" if self.outcome == "pass" and tells else self.outcome

    @property
    def decided(self) -> bool:
        """Say whether people's decisions made its outcome another."""
        return self.outcome != self.judged

    def outcome_of(self, line: LineReview) -> Outcome:
        """Return the outcome of a line, with people's decisions in place of ours."""
        if not self.decisions(line):
            return line.outcome
        decided = {override.code: override.outcome for override in self.overrides}
        return worst([decided.get(finding.code, finding.outcome) for finding in line.findings])

    def outcome_decided(self, line: LineReview) -> Outcome | None:
        """Return the outcome that people's decisions gave a line, None where they say nothing of it."""
        return self.outcome_of(line) if self.decisions(line) else None

    def decisions(self, line: LineReview) -> tuple[Override, ...]:
        """Return what people decided of a line."""
        codes = {finding.code for finding in line.findings} if self.overrides else ()
        return tuple(override for override in self.overrides if override.code in codes)

    @property
    def parted(self) -> Lines:
        """Return the lines in three lists; each line stands in one."""
        concerned = tuple(line for line in self.lines if line.concerns)
        rest = [line for line in self.lines if not line.concerns]
        clear = tuple(line for line in rest if line.outcome in QUIET)
        return Lines(concerned, clear, tuple(line for line in rest if line.outcome not in QUIET))

    @property
    def asking(self) -> tuple[LineReview, ...]:
        """Return the lines that ask something of the project, as people decided, the worst first.

        Where none does, those that tell something to heed. A line of which nothing is known asks nothing.
        """
        wanted = [one for one in OUTCOMES if one not in QUIET] if self.advised != "info" else ["info"]
        found = [line for line in self.parted.concerned if self.outcome_of(line) in wanted]
        return tuple(sorted(found, key=lambda line: OUTCOMES.index(self.outcome_of(line))))

    @property
    def misstated_m2(self) -> float | None:
        """Return how far the stated area is from the measured one, None where that is rounding.

        Registers state the area on the ellipsoid, surveys of projects that on the plane: the nearer of both counts.
        """
        if self.stated_area_m2 is None:
            return None
        apart = min((self.stated_area_m2 - one for one in (self.area_m2, self.plane_area_m2)), key=abs)
        return apart if abs(apart) > max(MISSTATED_M2, MISSTATED * self.area_m2) else None

    def shared_json(self) -> list[dict[str, Any]]:
        """Return the other projects that ask for some of its land, as other tools read it."""
        return [{"parcel": other, "area_m2": area} for other, area in self.shared]

    def to_json(self, lang: Lang) -> dict[str, Any]:
        """Return the project as other tools read it."""
        return {
            "id": self.id,
            "name": self.name,
            "source": self.source,
            "activity": self.activity,
            "activity_title": activity_title(self.activity, lang) if self.activity else None,
            "area_m2": self.area_m2,
            "area_ha": geo.to_hectares(self.area_m2),
            "area_mu": geo.to_mu(self.area_m2),
            "plane_area_m2": self.plane_area_m2,
            "stated_area_m2": self.stated_area_m2,
            "outcome": self.outcome,
            "outcome_before_overrides": self.judged,
            "overrides": [vars(override) for override in self.overrides],
            "shared": self.shared_json(),
            "lines": [line.to_json(lang) | {"outcome_decided": self.outcome_decided(line)} for line in self.lines],
        }


@dataclass(frozen=True, kw_only=True)
class Review(Ledger):
    """All verdicts on a set of projects, with everything needed to defend them later.

    `patches` holds every overlap patch with a stable id; `classes` the land-class table (a row for each project,
    class, ownership and village), None where the county delivers no land use; `parcels_layer` the projects as drawn.
    """

    notes: tuple[Text, ...]
    clauses: tuple[Mapping[str, Any], ...]
    parcels: tuple[ParcelReview, ...]
    parcels_layer: gpd.GeoDataFrame
    patches: gpd.GeoDataFrame
    classes: pd.DataFrame | None
    office: Office = field(default_factory=Office)
    _cited: dict[Lang, dict[str, str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def cited(self, code: str, lang: Lang) -> str:
        """Return where a clause stands: the number of its document, its article and its code."""
        return self._citations(lang)[code]

    def law(self, code: str, lang: Lang) -> str:
        """Return a clause as law is cited: title and number of its document, the article, and its words."""
        clause = next(clause for clause in self.clauses if clause["code"] == code)
        document = next(document for document in self.documents if document["id"] == clause["document"])
        return _law(clause, document, lang)

    def told_decisions(self, parcel: ParcelReview, lang: Lang) -> list[dict[str, str]]:
        """Return what people decided of a project: of which line and clause, before, after, why, who and when."""
        return [
            {
                "line": self.title(line.line, lang),
                "code": override.code,
                "before": say(f"review.outcome.{finding.outcome}", lang),
                "outcome": say(f"review.outcome.{override.outcome}", lang),
                "reason": override.reason,
                "by": override.by,
                "date": override.date,
            }
            for line in parcel.lines
            for override in parcel.decisions(line)
            for finding in line.findings
            if finding.code == override.code
        ]

    def unconfirmed(self, lang: Lang, some: Collection[str] | None = None) -> list[str]:
        """Return how the documents are cited whose figures or words are still to be held against the original.

        They are those of some documents, by their ids, or of all (None).
        """
        unsure = [document for document in self.documents if document["certainty"] == "to-confirm"]
        return [document_cited(document, lang) for document in unsure if some is None or document["id"] in some]

    def _citations(self, lang: Lang) -> Mapping[str, str]:
        """Return where all clauses stand, put into words once: every finding of every project asks for it."""
        if lang not in self._cited:
            documents = {document["id"]: document for document in self.documents}
            self._cited[lang] = {
                clause["code"]: _citation(clause, documents[clause["document"]], lang) for clause in self.clauses
            }
        return self._cited[lang]

    @property
    def exit_code(self) -> int:
        """Return 2 where our own code failed, 1 where a project failed, else 0."""
        outcomes = {parcel.outcome for parcel in self.parcels}
        return 2 if "error" in outcomes else int("fail" in outcomes)

    def advice(self) -> list[tuple[Outcome, Outcome, int]]:
        """Return the outcomes, worst first, each with the outcome whose advice fits and how many projects have both."""
        found = Counter((parcel.outcome, parcel.advised) for parcel in self.parcels)
        return [(*both, found[both]) for both in sorted(found, key=lambda both: [*map(OUTCOMES.index, both)])]

    def counts(self) -> dict[Outcome, int]:
        """Return how many projects have each outcome, worst first."""
        outcomes = [parcel.outcome for parcel in self.parcels]
        return {outcome: outcomes.count(outcome) for outcome in OUTCOMES if outcome in outcomes}

    def parcels_json(self, lang: Lang) -> list[dict[str, Any]]:
        """Return the projects as other tools read them, lines with their titles."""
        return list(self.each_parcel(lang))

    def each_parcel(self, lang: Lang) -> Iterator[dict[str, Any]]:
        """Yield the projects as other tools read them, one by one: a hundred thousand at once fill the memory."""
        cited = self._citations(lang)
        titles = {line.line: self.title(line.line, lang) for parcel in self.parcels[:1] for line in parcel.lines}
        for parcel in self.parcels:
            told = parcel.to_json(lang)
            for line in told["lines"]:
                line["title"] = titles[line["line"]]
                for clause in line["clauses"]:
                    clause["cited"] = cited[clause["code"]]
            yield told

    def to_json(self, lang: Lang) -> dict[str, Any]:
        """Return the review as other tools read it."""
        return {
            **self.head(lang),
            "clauses": [dict(clause) for clause in self.clauses],
            "notes": [note.to(lang) for note in self.notes],
            "counts": self.counts(),
            "parcels": self.parcels_json(lang),
            "patches": self.patches.drop(columns="geometry").to_dict("records"),
            "land_classes": None if self.classes is None else self.classes.to_dict("records"),
            "compare": self.compared.to_json() if self.compared else None,
            "layers": self.described(lang),
        }

    def described(self, lang: Lang) -> list[dict[str, Any]]:
        """Return what the layers of the review are: projects, overlap patches, classes of the land taken."""
        import pandas as pd  # noqa: PLC0415 - results are imported by light modules

        # Every project has the same facts: the first tells which.
        facts = pd.DataFrame(columns=[*(_plain(self.parcels[0].to_json(lang)) if self.parcels else ()), "decided"])
        frames = {"parcels": (facts, len(self.parcels)), "patches": (self.patches, len(self.patches))}
        if self.classes is not None:
            frames["land_classes"] = (self.classes, len(self.classes))
        own = reviewed_layers()
        return [
            described(name, frame, own[name]).to_json(lang, size)
            for name, (frame, size) in frames.items()
            if size or name != "patches"
        ]


def _citation(clause: Mapping[str, Any], document: Mapping[str, Any], lang: Lang) -> str:
    number = document_number(document, lang) or document_cited(document, lang)
    facts = {"number": number, "article": clause["numbers"][lang]}
    return say("review.cited" if facts["article"] else "review.cited_whole", lang, code=clause["code"], **facts)


def _law(clause: Mapping[str, Any], document: Mapping[str, Any], lang: Lang) -> str:
    # A number may be a heading of ours, which no reader finds in the law.
    article = clause["numbers"][lang] if ARTICLE.match(clause["numbers"]["zh"]) else ""
    law = clause["laws"].get(lang) or document_cited(document, lang)
    facts = {"law": law, "article": article, "words": clause["texts"][lang]}
    return say("review.law_article" if article else "review.law", lang, **facts)


@cache
def reviewed_layers() -> dict[str, Layer]:
    """Return what is this kind of run's own of its layers."""
    says: dict[str, Text] = {outcome: text(f"review.outcome.{outcome}") for outcome in OUTCOMES}
    outcome = (Column("outcome", text("column.outcome"), "category", says=says),)
    return {
        "parcels": Layer("parcels", text("layer.projects"), "subject", "verdict", outcome, by="outcome"),
        "patches": Layer("patches", text("layer.patches"), "offender", "verdict", outcome, by="outcome"),
        "land_classes": Layer("land_classes", text("layer.land_classes"), "group"),
    }


def unjudged(review: Review, lang: Lang) -> list[tuple[str, Counter[str]]]:
    """Return why lines could not be judged, each reason with its lines and how many projects of each."""
    found: dict[str, Counter[str]] = {}
    for parcel in review.parcels:
        for line in parcel.lines:
            if line.outcome == "not-assessed":
                found.setdefault(line.message.to(lang), Counter())[line.line] += 1
    return sorted(found.items(), key=lambda one: -max(one[1].values()))


def named_once(id_: str, name: str | None, between: str = " ") -> str:
    """Return a project's id and name, once where they are the same or there is no name."""
    return id_ if name in (None, "", id_) else f"{id_}{between}{name}"


def worst(outcomes: Sequence[Outcome]) -> Outcome:
    """Return the worst of some outcomes; `info` where there are none."""
    return min(outcomes, key=OUTCOMES.index, default="info")


def review_tables(review: Review, lang: Lang) -> dict[str, pd.DataFrame]:
    """Return the projects with their outcomes, the verdicts by line and clause, the patches and the land classes."""
    import pandas as pd  # noqa: PLC0415 - results are imported by light modules

    parcels, lines, clauses = _Columns(), _Columns(), _Columns()
    for told, parcel in zip(review.each_parcel(lang), review.parcels, strict=True):
        decided = (
            f"{override.code}: {override.outcome}, {override.reason} ({override.by}, {override.date})"
            for override in parcel.overrides
        )
        parcels.add(_plain(told) | {"decided": "; ".join(decided) or None})
        for line in told["lines"]:
            lines.add({"parcel": told["id"], **_plain(line)} | {"touches": "; ".join(line["touches"])})
            for clause in line["clauses"]:
                clauses.add({"parcel": told["id"], "line": line["line"], **clause})
    layer = review.parcels_layer[["geometry"]].reset_index(drop=True)
    tables: dict[str, pd.DataFrame] = {"parcels": layer.join(pd.DataFrame(parcels.values))}
    tables |= {"lines": pd.DataFrame(lines.values), "clauses": pd.DataFrame(clauses.values)}
    if len(review.patches):
        tables["patches"] = review.patches
    if review.classes is not None:
        tables["land_classes"] = review.classes
    return tables


class _Columns:
    """A table put together row by row, held by its columns; all rows have the same."""

    def __init__(self) -> None:
        self.values: dict[str, list[Any]] = {}

    def add(self, row: Mapping[str, Any]) -> None:
        """Add a row."""
        if not self.values:
            self.values = {key: [] for key in row}
        for key, value in row.items():
            self.values[key].append(value)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a row fits into a table."""
    return {key: value for key, value in row.items() if not isinstance(value, list)}
