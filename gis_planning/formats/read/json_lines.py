"""Refuse a sequence of GeoJSON features (one a line) with a line that is none; its reader passes over such lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from gis_planning.errors import SourceError

#: What begins a record where they may have line ends in them (RFC 8142).
_BEGIN = b"\x1e"


def refuse_broken(source: Path) -> None:
    """Refuse a file one of whose records is no JSON, as the last one of a file that was cut.

    Raises
    ------
    SourceError
        With the line.
    """
    for line, record in _records(source):
        try:
            json.loads(record)
        except ValueError:
            raise SourceError("source.line_cut", source=source, line=line) from None


def _records(source: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the records with the number of the line on which each begins."""
    with source.open("rb") as file:
        marked = file.read(4).removeprefix(b"\xef\xbb\xbf").startswith(_BEGIN)
        file.seek(0)
        begun, record = 1, b""
        for number, line in enumerate(file, 1):
            # Zeros are no blanks here: they fill up what was not copied.
            plain = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if (plain.startswith(_BEGIN) or not marked) and record.strip():
                yield begun, record
                record = b""
            if not record.strip():
                begun, record = number, b""
            record += plain.removeprefix(_BEGIN)
        if record.strip():
            yield begun, record
