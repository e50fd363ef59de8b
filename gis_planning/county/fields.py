"""Find our fields in a delivered table, and give their values our types."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gis_planning.conventions import Kind, KindTitle, facts
from gis_planning.conventions.facilities import kinds_of
from gis_planning.errors import CountyError, FeatureError, LayerError
from gis_planning.formats.address import Source
from gis_planning.formats.read.cells import as_text
from gis_planning.formats.read.shapefile import NAME_BYTES
from gis_planning.texts import Text, text

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

#: Facilities of unknown kind that a warning names; results.gpkg lists them all.
LISTED_UNKNOWN = 10


def find_fields(
    frame: gpd.GeoDataFrame,
    kind: Kind,
    stated: Mapping[str, str],
    *,
    source: Source,
    skipped: Collection[str] = (),
    names: Sequence[str] | None = None,
) -> dict[str, str]:
    """Return the source's field for each of ours: the one county.toml names, else the first alias that is there.

    Parameters
    ----------
    stated
        Our field = their field, as county.toml names them; `skipped` ones are read by somebody else.
    names
        All fields of the table, for messages, where the frame does not hold them all.

    Raises
    ------
    CountyError
        county.toml names a field that the kind does not have.
    LayerError
        A field it names, or one the kind needs, is not in the table.
    """
    place = {"source": source, "layer": KindTitle(kind.name)}
    theirs = {str(column).lower(): str(column) for column in frame.columns if column != "geometry"}
    named = list(names or theirs.values())
    known = {field.name for field in kind.fields}
    found = {}
    for ours, name in stated.items():
        if ours in skipped:
            continue
        if ours not in known:
            near = difflib.get_close_matches(ours, known, n=3, cutoff=0.5) or sorted(known)
            raise CountyError("county.unknown_field", **place, field=ours, near=near)
        if name.lower() not in theirs:
            raise LayerError("county.missing_field", **place, field=name, fields=named)
        found[ours] = theirs[name.lower()]
    for field in kind.fields:
        aliases = [alias.lower() for alias in field.aliases]
        aliases += [cut.lower() for alias in field.aliases for cut in _cut(alias)]
        alias = next((alias for alias in aliases if alias in theirs), None)
        if field.name not in found and alias is not None:
            found[field.name] = theirs[alias]
        # What a facility is can be told by its name.
        instead = kind.name == "facilities" and "name" in found
        if field.required and field.name not in found and not instead:
            raise LayerError("county.required_field", **place, field=field.name, fields=named)
    return found


def wanted_fields(kind: Kind, stated: Mapping[str, str]) -> set[str]:
    """Return the names a table's fields may have to be one of ours, for a reader that reads no others."""
    aliases = {alias for field in kind.fields for alias in field.aliases}
    return aliases | {cut for alias in aliases for cut in _cut(alias)} | set(stated.values())


def _cut(alias: str) -> Iterator[str]:
    """Yield what a shapefile makes of a name it has no room for, by encoding.

    Examples
    --------
    >>> list(_cut("地块编号名称")), list(_cut("名称"))
    (['地块编号名', '地块编'], [])
    """
    for codec in ("gbk", "utf-8"):
        raw = alias.encode(codec)
        if len(raw) > NAME_BYTES:
            yield raw[:NAME_BYTES].decode(codec, "ignore")


def typed(column: pd.Series, kind: Kind, ours: str, source: Source) -> pd.Series:
    """Return a column with values of the field's type: text or None, True, False or None, floats.

    Raises
    ------
    FeatureError
        A field of numbers holds something else, or one of shares what is not from 0 to 1.
    """
    import pandas as pd  # noqa: PLC0415 - slow to import

    type_ = next(field.type for field in kind.fields if field.name == ours)
    if type_ not in ("number", "share"):
        # Every library's own sign for nothing becomes None once for the column, not value by value.
        said = column.astype(object).where(column.notna(), None)
        flags = facts("flags")
        values = [as_text(value) if type_ == "text" else _as_flag(value, flags) for value in said]
        return pd.Series(values, index=column.index, dtype=object)
    numbers = pd.to_numeric(column, errors="coerce")
    lost = column[numbers.isna() & column.notna() & (column.astype(str).str.strip() != "")]
    odd = column[(numbers < 0) | (numbers > 1)] if type_ == "share" else column[:0]
    for key, wrong in (("county.not_a_number", lost), ("county.not_a_share", odd)):
        if len(wrong):
            where = {"field": column.name, "feature": wrong.index[0], "value": wrong.iloc[0], "count": len(wrong)}
            raise FeatureError(key, source=source, layer=KindTitle(kind.name), **where)
    return numbers.astype(float)


def _as_flag(value: Any, flags: dict[str, Any]) -> bool | None:
    word = (as_text(value) or "").lower()
    return True if word in flags["true"] else False if word in flags["false"] else None


def names_of(frame: gpd.GeoDataFrame, name: pd.Series | None) -> Any:
    """Return how messages call each feature: its number, and its name if it has one."""
    numbers = frame.index.astype(str).to_numpy(dtype=object)
    if name is None:
        return numbers
    said = name.to_numpy()
    return np.array([f"{n} {word}" if word else n for n, word in zip(numbers, said, strict=True)], dtype=object)


def facilities_by_kind(
    columns: Mapping[str, pd.Series], frame: gpd.GeoDataFrame, source: Source
) -> tuple[pd.Series, list[Text]]:
    """Return the kind of each facility, by its kind column or its name, and which are of none that we know."""
    import pandas as pd  # noqa: PLC0415 - slow to import

    names = columns["name"].tolist() if "name" in columns else [None] * len(frame)
    found = kinds_of(columns["kind"].tolist() if "kind" in columns else None, names)
    unknown = [at for at, kind in enumerate(found) if kind is None]
    said = []
    if unknown:
        called = names_of(frame, columns.get("name"))[unknown[:LISTED_UNKNOWN]].tolist()
        more = ["..."] if len(unknown) > LISTED_UNKNOWN else []
        said.append(text("county.unknown_facilities", source=source, count=len(unknown), features=[*called, *more]))
    return pd.Series(found, index=frame.index, dtype=object), said
