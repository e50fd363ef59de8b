"""Say what a county holds, what it lacks, and which clauses can be judged on it; nothing is judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import shapely

from gis_planning import geo
from gis_planning.conventions import Kind, KindTitle, delivered_as, kinds
from gis_planning.conventions.structures import recognised
from gis_planning.county.fields import find_fields
from gis_planning.county.opened import COVERAGE, County
from gis_planning.errors import InputError, LayerError, NotAssessed
from gis_planning.formats.read import points, raster
from gis_planning.formats.read.vector import Delivered
from gis_planning.judging.doubts import doubt_places
from gis_planning.judging.rulebook import Clause
from gis_planning.results.schema import SCHEMA
from gis_planning.texts import Lang, Text, text

Progress = Callable[[Text], None]
Judgeable = Literal["yes", "partly", "no"]


@dataclass(frozen=True)
class Held:
    """One layer of a county as it was delivered.

    Attributes
    ----------
    source, table, where
        As county.toml names them; None where there is nothing of it in the county.
    features, geometry
        How many features, and how many of each geometry type.
    invalid, missing_geometry
        Features whose geometry is not valid, and those that have none.
    crs, extent, encoding
        As the source states them, or county.toml does; the extent is in that CRS.
    fields
        Our fields and the source's for them.
    lacking
        Our fields that are not in the source.
    structure, columns_lacking
        The layer of a delivered database it is by its name, and the mandatory columns of that which are not in it.
    fault
        Why it cannot be used; None where it can.
    """

    layer: str
    source: str | None = None
    table: str | None = None
    where: str | None = None
    features: int | None = None
    geometry: Mapping[str, int] | None = None
    invalid: int | None = None
    missing_geometry: int | None = None
    crs: str | None = None
    extent: tuple[float, float, float, float] | None = None
    encoding: str | None = None
    fields: Mapping[str, str] | None = None
    lacking: tuple[str, ...] = ()
    structure: str | None = None
    columns_lacking: tuple[str, ...] = ()
    fault: Text | None = None

    def to_json(self, lang: Lang) -> dict[str, Any]:
        """Return the layer as other tools read it; keys without a value are left out."""
        said = {key: value for key, value in vars(self).items() if value not in (None, ())}
        return said | ({"fault": self.fault.to(lang)} if self.fault else {})


@dataclass(frozen=True)
class Ready:
    """Whether a clause can be judged; `lacks` is what it cannot do without, `without` what it would also use."""

    clause: Clause
    lacks: tuple[Text, ...]
    without: tuple[Text, ...]

    @property
    def judgeable(self) -> Judgeable:
        """Say whether it can be judged: in full, in part, or not at all."""
        return "no" if self.lacks else "partly" if self.without else "yes"

    def to_json(self, lang: Lang) -> dict[str, Any]:
        """Return it as other tools read it."""
        return {
            "code": self.clause.code,
            "document": self.clause.document.id,
            "judgeable": self.judgeable,
            "lacks": [lack.to(lang) for lack in self.lacks],
            "without": [one.to(lang) for one in self.without],
        }


@dataclass(frozen=True)
class Inventory:
    """What a county holds and what can be judged on it.

    Attributes
    ----------
    layers
        Its layers, in the order of county.toml.
    absent
        The layer kinds that the clauses ask for and the county does not deliver.
    clauses
        Every clause of the county's rule documents.
    """

    name: str
    code: str | None
    crs: str | None
    layers: tuple[Held, ...]
    absent: tuple[str, ...]
    clauses: tuple[Ready, ...]
    warnings: tuple[Text, ...] = ()

    @property
    def exit_code(self) -> int:
        """Return 2 where a layer cannot be used, else 0."""
        return 2 if any(layer.fault is not None for layer in self.layers) else 0

    def to_json(self, lang: Lang) -> dict[str, Any]:
        """Return the inventory as other tools read it."""
        return {
            "schema": SCHEMA,
            "county": {"name": self.name, "code": self.code},
            "crs": self.crs,
            "layers": [layer.to_json(lang) for layer in self.layers],
            "absent": list(self.absent),
            "clauses": [clause.to_json(lang) for clause in self.clauses],
            "warnings": [warning.to(lang) for warning in self.warnings],
        }


def take(county: County, clauses: Iterable[Clause], *, progress: Progress = lambda _: None) -> Inventory:
    """Look at every layer of a county and at what some clauses need.

    A layer that cannot be used is listed with its fault and does not end the look. What is asked of delivered databases
    is left out where the county comes from none.
    """
    clauses = tuple(clause for clause in clauses if clause.document.subject == "county" or county.from_database)
    county.progress = progress
    unusable: dict[str, Text] = {}
    layers = []
    for layer in county.tables:
        held, lack = _held(county, layer)
        layers.append(held)
        if lack is not None:
            unusable[layer] = lack
    # Without a working CRS nothing lies anywhere; the layers have told why.
    with suppress(InputError):
        doubt_places(county, clauses)
    # Checks of quality judge a layer as it was delivered, fit for analysis or not.
    unreadable = {layer.layer: layer.fault for layer in layers if layer.fault is not None and layer.features is None}
    asked = dict.fromkeys(one for clause in clauses for layer in clause.layers.values() for one in delivered_as(layer))
    absent = tuple(kind for kind in kinds() if kind in asked and not county.has(kind))
    try:
        crs = geo.crs_name(county.crs)
    except InputError:
        crs = None
    return Inventory(
        name=county.name,
        code=county.settings.code,
        crs=crs,
        layers=tuple(layers),
        absent=absent,
        clauses=tuple(
            _ready(clause, county, unreadable if clause.family == "quality" else unusable) for clause in clauses
        ),
        warnings=tuple(county.warnings),
    )


def _held(county: County, layer: str) -> tuple[Held, Text | None]:
    """Return what is known of a layer, and why no clause can use it."""
    table, kind = county.tables[layer], county.kind(layer)
    held = Held(layer=layer, source=table.source, table=table.layer, where=table.where)
    if table.source is None:
        return held, None
    grid = Path(table.source).suffix.lower() in raster.SUFFIXES and "raster" in kind.geometry
    lack = None
    try:
        if not grid:
            held = _looked_at(held, county.raw(layer), county, kind)
        county.layer(layer)
        if grid:
            read = next(entry for entry in county.inputs if entry.layer == layer)
            held = _replaced(held, crs=read.crs, features=read.features)
    except InputError as fault:
        held, lack = _replaced(held, fault=fault.text), fault.text
    except NotAssessed as reason:
        lack = reason.reason
    return held, lack


def _looked_at(held: Held, delivered: Delivered, county: County, kind: Kind) -> Held:
    frame, table = delivered.frame, county.tables[held.layer]
    geometry = frame.geometry.to_numpy()
    none = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    bounds = shapely.bounds(geometry[~none])
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    structure = recognised(delivered.table or Path(table.source or "").stem)
    columns = structure.fields(frame.columns) if structure else {}
    try:
        placed = points.COORDINATES if table.datum else ()
        fields = find_fields(frame, kind, table.fields, source=Path(table.source or ""), skipped=placed)
    except LayerError:
        fields = {}  # said again, as the layer's fault, when it is used
    return _replaced(
        held,
        table=delivered.table or held.table,
        features=len(frame),
        geometry=dict(Counter(one.geom_type for one in geometry[~none])),
        invalid=int((~shapely.is_valid(geometry[~none])).sum()),
        missing_geometry=int(none.sum()),
        crs=geo.crs_name(delivered.crs) if delivered.crs is not None else table.crs,
        extent=(*bounds[:, :2].min(axis=0).tolist(), *bounds[:, 2:].max(axis=0).tolist()) if len(bounds) else None,
        encoding=delivered.encoding or _stated_encoding(county.folder / (table.source or "")),
        fields=fields,
        lacking=tuple(field.name for field in kind.fields if field.name not in fields),
        structure=structure.name if structure else None,
        columns_lacking=tuple(
            column.name
            for column in (structure.columns if structure else ())
            if column.mandatory and column.name not in columns
        ),
    )


def _stated_encoding(source: Path) -> str | None:
    """Return the encoding that stands in the file beside a shapefile."""
    file = source.with_suffix(".cpg")
    if source.suffix.lower() != ".shp" or not file.is_file():
        return None
    return file.read_bytes()[:40].decode("ascii", "replace").strip() or None


def _ready(clause: Clause, county: County, unusable: Mapping[str, Text]) -> Ready:
    """Say whether a clause can be judged; what projects are held to needs projects only when they are reviewed."""
    needed: dict[str, Text | None] = {}
    wished: dict[str, Text | None] = {}
    for parameter, layer in clause.layers.items():
        if clause.projects is not None and layer == "projects":
            continue
        into = wished if parameter in clause.optional else needed
        # Of what a network is built from, only the first it cannot do without.
        for at, part in enumerate(delivered_as(layer)):
            name = _behind(part, county)
            if name in unusable or not county.has(name):
                (into if at == 0 else wished)[name] = unusable.get(name)
    return Ready(clause, _said(needed), _said(wished))


def _said(lacks: Mapping[str, Text | None]) -> tuple[Text, ...]:
    """Return what is said of layers: those that were not delivered together, those that cannot be used one by one."""
    absent = [KindTitle(layer) for layer, fault in lacks.items() if fault is None]
    faults = tuple(fault for fault in lacks.values() if fault is not None)
    return (text("layers.not_delivered", layers=absent), *faults) if absent else faults


def _behind(layer: str, county: County) -> str:
    """Return the layer that says where a control line is complete; of any other layer, itself."""
    name = layer.removesuffix(COVERAGE)
    if name == layer:
        return layer
    stated = county.tables[name].coverage if name in county.tables else None
    return "study_area" if stated is None else stated if stated in county.tables else name


def _replaced(held: Held, **known: Any) -> Held:
    return Held(**(vars(held) | known))
