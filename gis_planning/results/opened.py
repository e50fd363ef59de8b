"""Open the folder of a run again: what it said, and its layers; runs of before the schema open as well."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from gis_planning.errors import SourceError
from gis_planning.results.schema import SCHEMA
from gis_planning.results.surface import Surface, raster_name, read_surface

if TYPE_CHECKING:
    import pandas as pd

#: What a folder of each kind of run holds: its figures, and its layers.
FILES: dict[Literal["check", "review"], tuple[str, str]] = {
    "check": ("scorecard.json", "results.gpkg"),
    "review": ("review.json", "review.gpkg"),
}
#: Tables beside the layers: they say what the figures say as well.
BESIDE = {"verdicts", "by_district", "repairs", "result_layers", "result_columns", "layer_styles", "lines", "clauses"}
_SQLITE = b"SQLite format 3\0"


@dataclass(frozen=True)
class Saved:
    """A run as it was written.

    Attributes
    ----------
    kind
        A check of a county, or a review of projects.
    told
        What its JSON says.
    tables
        Its layers by name, each with the code of the clause where it has one.
    file
        Where they were read from.
    """

    kind: Literal["check", "review"]
    told: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    file: Path

    def surface(self, layer: str, code: str) -> Surface:
        """Return the squares of a layer of a clause.

        Raises
        ------
        SourceError
            They are not there, or cannot be read.
        """
        from rasterio.errors import RasterioIOError  # noqa: PLC0415 - light modules import this one

        try:
            return read_surface(self.file, raster_name(layer, code))
        except (RasterioIOError, ValueError):
            raise SourceError("results.bad_old_run", file=self.file) from None


def open_saved(folder: Path) -> Saved:
    """Open the folder of a run.

    Raises
    ------
    SourceError
        There is no run in it, one of its files cannot be read, or a newer program wrote it.
    """
    for kind, (figures, layers) in FILES.items():
        if (folder / figures).is_file():
            told = read_told(folder / figures)
            if kind == "review":
                from gis_planning.results.review_json import whole  # noqa: PLC0415 - which imports what imports this

                told = whole(told)
            tables = dict(tables_of(folder / layers, lambda name: name not in BESIDE))
            return Saved(kind, told, tables, folder / layers)
    raise SourceError("results.no_run", folder=folder)


def read_told(file: Path) -> dict[str, Any]:
    """Return the JSON of a run.

    Raises
    ------
    SourceError
        It cannot be read, or a newer program wrote it.
    """
    if file.exists() and not file.is_file():
        raise SourceError("results.bad_old_run", file=file)
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SourceError("results.no_old_run", file=file) from None
    except (ValueError, RecursionError, OSError):
        raise SourceError("results.bad_old_run", file=file) from None
    if not isinstance(told, dict):
        raise SourceError("results.bad_old_run", file=file)
    schema = told.get("schema", 1)
    if not isinstance(schema, int) or schema > SCHEMA:
        raise SourceError("results.newer", file=file, schema=schema, known=SCHEMA)
    return told


def tables_of(file: Path, wanted: Callable[[str], bool]) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield those tables of a run's GeoPackage that are wanted by their name; none where it is gone.

    Raises
    ------
    SourceError
        It cannot be read.
    """
    import pyogrio  # noqa: PLC0415 - light modules import this one

    if not file.is_file():
        return
    try:
        with file.open("rb") as stream:
            # The reader would follow a file that only describes others.
            if stream.read(len(_SQLITE)) != _SQLITE:
                raise SourceError("results.bad_old_run", file=file)
        for name, _ in pyogrio.list_layers(file):
            if wanted(str(name)):
                yield str(name), pyogrio.read_dataframe(file, layer=name)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, OSError):
        raise SourceError("results.bad_old_run", file=file) from None
