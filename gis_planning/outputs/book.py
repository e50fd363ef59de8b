"""Tell what a GeoPackage holds, whatever its header says: a program that only looked at it may have touched that."""

from __future__ import annotations

import hashlib
import marshal
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

#: Endings of files that SQLite writes.
BOOKS = (".gpkg", ".sqlite", ".db")
#: Files beside such a file that belong to it: its log, the index of that, and what undoes a broken write.
LOGS = ("-wal", "-shm", "-journal")
#: Tables that follow from others, and change when nothing did.
_DERIVED = ("sqlite_", "rtree_", "gpkg_ogr_contents")
#: Of the list of tables, its extents and the time of the last change follow from the tables themselves.
_LISTED = "table_name, data_type, identifier, description, srs_id"
_ROWS = 2000


def is_book(file: Path) -> bool:
    """Say whether SQLite writes files of this name."""
    return file.suffix.lower() in BOOKS


def logs_of(file: Path) -> list[Path]:
    """Return the logs that lie beside a file; without that file they are nobody's, and spoil the next of its name."""
    found = [file.with_name(file.name + ending) for ending in LOGS] if is_book(file) else []
    return [one for one in found if one.exists() or one.is_symlink()]


def has_unread_log(file: Path) -> bool:
    """Say whether there may be more in a file than stands in it."""
    return any(log.stat().st_size for log in logs_of(file) if not log.name.endswith("-shm"))


def content_of(file: Path) -> str | None:
    """Return the digest of all tables with their rows; None where it is no GeoPackage that can be read."""
    if not is_book(file):
        return None
    try:
        with _opened(file) as book:
            return _digest(book)
    except (sqlite3.Error, OSError, ValueError):
        return None


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    """Open a file without touching it; one with a log is read in a copy, to which the log is applied."""
    if not has_unread_log(file):
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as book:
            yield book
        return
    with tempfile.TemporaryDirectory(prefix="gis-planning-") as folder:
        for one in (file, *logs_of(file)):
            if not one.name.endswith("-shm"):
                shutil.copyfile(one, Path(folder) / one.name)
        with closing(sqlite3.connect(Path(folder) / file.name)) as book:
            yield book


def _digest(book: sqlite3.Connection) -> str:
    digest = hashlib.sha256()
    tables = book.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    book.text_factory = bytes
    for name, sql in tables:
        if name.casefold().startswith(_DERIVED) or sql.upper().startswith("CREATE VIRTUAL"):
            continue
        digest.update(f"{name}\0{sql}\0".encode("utf-8", "surrogateescape"))
        for rows in _rows(book, name):
            digest.update(marshal.dumps(rows, 2))
    return digest.hexdigest()


def quoted(name: str) -> str:
    """Return the name of a table or a column as SQL has it."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _rows(book: sqlite3.Connection, name: str) -> Iterator[list[tuple[object, ...]]]:
    """Give the rows of a table in the order in which they were written."""
    chosen = f"SELECT {_LISTED if name == 'gpkg_contents' else '*'} FROM {quoted(name)}"  # noqa: S608 - quoted
    try:
        cursor = book.execute(f"{chosen} ORDER BY rowid")
    except sqlite3.OperationalError:  # a table in the order of its key
        cursor = book.execute(chosen)
    while rows := cursor.fetchmany(_ROWS):
        yield rows
