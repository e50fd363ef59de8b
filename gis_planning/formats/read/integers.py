"""Keep whole numbers whole: a column of them with a gap is no column of floating point, which ends after 16 digits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gis_planning.formats.read import shapefile

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

#: Above this, not every whole number has a place of its own in floating point.
EXACT = 2**53
#: From this width on, GDAL reads whole numbers of a .dbf as floating point.
_WIDE = 19


def to_pandas(table: pa.Table, *, exact: bool = False) -> pd.DataFrame:
    """Return a table of Arrow as a frame in which whole numbers are whole.

    Parameters
    ----------
    exact
        Keep all types of Arrow, rather than those of numpy.
    """
    import pandas as pd  # noqa: PLC0415 - slow to import
    import pyarrow as pa  # noqa: PLC0415

    if exact:
        return table.to_pandas(types_mapper=pd.ArrowDtype)
    frame = table.to_pandas()
    for at, (field, column) in enumerate(zip(table.schema, table.columns, strict=True)):
        if pa.types.is_integer(field.type) and column.null_count:
            whole = column.to_pandas(types_mapper=pd.ArrowDtype).astype("Int64")
            frame.isetitem(at, whole)
    return frame


def exactly() -> dict[str, Any]:
    """Return what makes pyogrio keep a source's own types of values."""
    import pandas as pd  # noqa: PLC0415 - slow to import
    import pyarrow as pa  # noqa: PLC0415

    # Shapes come as bytes, which the reader takes over itself.
    return {
        "use_arrow": True,
        "arrow_to_pandas_kwargs": {"types_mapper": lambda one: None if pa.types.is_binary(one) else pd.ArrowDtype(one)},
    }


def gaps(frame: pd.DataFrame, info: dict[str, Any]) -> list[str]:
    """Return the fields of whole numbers that pyogrio has read as floating point."""
    return [
        str(name)
        for name, type_ in zip(info["fields"], info["dtypes"], strict=True)
        if str(type_).startswith(("int", "uint")) and name in frame.columns and frame[name].dtype.kind == "f"
    ]


def of_dbf(dbf: Path, frame: pd.DataFrame, fields: Any, *, exact: bool) -> dict[str, pd.Series]:
    """Return the columns of a shapefile that hold longer whole numbers than the reader gives, digit by digit.

    What is longer than 64 bits is text.

    Parameters
    ----------
    frame
        What was read, by the numbers of the rows.
    fields
        All fields of the table under the reader's names, in their order.
    """
    import pandas as pd  # noqa: PLC0415 - slow to import

    heading = shapefile.read_heading(dbf)
    found = {}
    for name, field in zip(fields, heading.fields, strict=False):
        if field.type not in "NF" or field.decimals or field.width < _WIDE or name not in frame.columns:
            continue
        read = frame[name].to_numpy(dtype=float, na_value=np.nan)
        if not (np.abs(read[~np.isnan(read)]) >= EXACT).any():
            continue
        raw = shapefile.column_of(dbf, heading, field)
        try:
            values = [int(raw[row]) if raw[row].strip() else None for row in frame.index]
        except ValueError:
            continue
        if all(value is None or -(2**63) <= value < 2**63 for value in values):
            whole = pd.Series(values, index=frame.index, dtype="Int64")
            found[str(name)] = whole.astype("int64[pyarrow]") if exact else whole
        else:
            words = [None if value is None else str(value) for value in values]
            found[str(name)] = pd.Series(words, index=frame.index, dtype=object)
    return found
