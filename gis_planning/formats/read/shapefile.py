"""Know what a shapefile does not say: which files belong to it, how its text is written, which names were cut."""

from __future__ import annotations

import codecs
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gis_planning.errors import SourceError
from gis_planning.formats.read import encodings
from gis_planning.formats.read.encodings import GB18030, decodes
from gis_planning.texts import Text, text

#: The files of a shapefile that matter here; there may be indexes and metadata beside them.
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
#: A field's name ends after so many bytes, wherever a character does.
NAME_BYTES = 10
#: A field's text ends after so many bytes.
TEXT_BYTES = 254
#: Language driver ids by which a .dbf says nothing: none at all, and "the code page of this computer".
_SILENT = {0x00, 0x57}
#: Ids of Chinese; the reader knows the others.
_LANGUAGES = {0x4D: GB18030, 0x7A: GB18030}
#: Code pages in a .cpg that say no more than that.
_UNSPOKEN = {"", "oem", "ansi", "system"}
#: Texts that end in the middle of a character are few, or it is another encoding.
_CUT_SHARE = 0.2
_BLOCK = 1 << 24


@dataclass(frozen=True)
class DbfField:
    """A field of a .dbf: its name in bytes, its type, where its value starts in a record, its width and decimals."""

    name: bytes
    type: str
    start: int
    width: int
    decimals: int


@dataclass(frozen=True)
class Dbf:
    """The heading of a .dbf."""

    language: int
    heading: int
    record: int
    rows: int
    fields: tuple[DbfField, ...]


def part(source: Path, suffix: str) -> Path | None:
    """Return a file of a shapefile by its suffix, None if it is not there."""
    for name in (source.stem + suffix, source.stem + suffix.upper()):
        if (found := source.with_name(name)).exists():
            return found
    return None


def read_heading(dbf: Path) -> Dbf:
    """Return the heading of a .dbf.

    Raises
    ------
    SourceError
        There is none, or it is broken.
    """
    with dbf.open("rb") as file:
        top = file.read(32)
        heading, record = int.from_bytes(top[8:10], "little"), int.from_bytes(top[10:12], "little")
        described = file.read(heading - 32) if len(top) == 32 and heading > 32 and record else b""
    fields, start = [], 1
    for at in range(0, len(described) - 31, 32):
        entry = described[at : at + 32]
        if entry[0] in (0x0D, 0x00):
            break
        fields.append(DbfField(entry[:11].split(b"\0")[0], chr(entry[11]), start, entry[16], entry[17]))
        start += entry[16]
    if not fields and heading != 33:
        raise SourceError("source.unreadable", source=dbf, reason="no fields in the heading")
    return Dbf(top[29], heading, record, int.from_bytes(top[4:8], "little"), tuple(fields))


def encoding_of(source: Path) -> tuple[str | None, tuple[Text, ...]]:
    """Return the encoding of a shapefile's text, None where its own statement or the reader's default holds.

    A .cpg is believed if it names one, and so is the .dbf. Otherwise the text tells it, if it reads well in one of
    UTF-8 and GBK only; of text in neither a warning is given. A .cpg that names GBK for text that can only be UTF-8 is
    believed as well, with a warning.

    Raises
    ------
    SourceError
        The .dbf has no heading, or its text may be in either.
    """
    dbf = part(source, ".dbf")
    if dbf is None:
        return None, ()
    stated = _stated(source)
    if stated is None and (language := read_heading(dbf).language) not in _SILENT:
        return _LANGUAGES.get(language), ()
    found = _tell(dbf)
    if stated is None:
        if not found:
            return None, () if found is None else (unknown(source),)
        if len(found) > 1:
            raise SourceError("source.encoding_open", source=source, encodings=found)
        return found[0], ()
    if stated != "UTF-8" and found == ("UTF-8",):
        return stated, (text("source.cpg_doubtful", source=source, encoding=stated),)
    return stated, ()


def unknown(source: Path) -> Text:
    """Return what to say of a shapefile whose encoding neither it nor its text tells."""
    return text("source.encoding_unknown", source=source, table=source.stem, cpg=source.with_suffix(".cpg").name)


def _stated(source: Path) -> str | None:
    """Return the encoding a .cpg names, by the name the reader knows it by."""
    cpg = part(source, ".cpg")
    if cpg is None:
        return None
    word = cpg.read_bytes()[:40].decode("ascii", "ignore").strip().strip("\x00")
    plain = word.casefold().removeprefix("ansi").removeprefix("cp").removeprefix("windows-").strip(" -_")
    if plain in _UNSPOKEN:
        return None
    if plain in {"65001", "utf8", "utf-8"}:
        return "UTF-8"
    for name in (word, f"cp{plain}"):
        try:
            found = codecs.lookup(name).name
            b"a".decode(name)
        except (LookupError, ValueError):
            # The latter is said of a name with a zero byte; and some names are of no encoding of text.
            continue
        return GB18030 if found in {"gbk", "gb2312", "gb18030", "cp936"} else found.upper()
    return None


def _tell(dbf: Path) -> tuple[str, ...] | None:
    """Return the encodings in which a .dbf's bytes give text, none where they are something else; None for ASCII."""
    heading = read_heading(dbf)
    # Names may all be cut, texts may not.
    names = b"".join(_whole(field.name, "utf-8") + b" " for field in heading.fields)
    body = names + _beyond_ascii(dbf, heading)
    if body.isascii():
        return None
    if not decodes(body):
        values = body.split(b" ")
        whole = [_whole(value, "utf-8") for value in values]
        cut = sum(one != value for one, value in zip(whole, values, strict=True))
        if cut < _CUT_SHARE * len(values) and all(map(decodes, whole)):
            body = b" ".join(whole)
    return encodings.readings(body) or _told_by_names(heading, body)


def _told_by_names(heading: Dbf, body: bytes) -> tuple[str, ...]:
    """Return the encoding that names of fields tell where the rows do not, as with words of other languages in GBK."""
    names = [_whole(field.name, GB18030) if len(field.name) == NAME_BYTES else field.name for field in heading.fields]
    fits = all(decodes(_whole(value, GB18030), GB18030) for value in body.split(b" "))
    return (GB18030,) if fits and encodings.named_in_chinese(names) else ()


def _beyond_ascii(dbf: Path, heading: Dbf, enough: int = 1 << 20) -> bytes:
    """Return the texts of a .dbf that are not ASCII, each followed by a space, until there is enough to judge."""
    texts = [field for field in heading.fields if field.type == "C"]
    found, size = [], 0
    for block in _records(dbf, heading):
        if block.isascii():
            continue
        for at in range(0, len(block), heading.record):
            record = block[at : at + heading.record]
            if record.isascii():
                continue
            for field in texts:
                value = record[field.start : field.start + field.width].rstrip(b" \0")
                if not value.isascii():
                    found.append(value + b" ")
                    size += len(value)
        if size > enough:
            break
    return b"".join(found)


def _records(dbf: Path, heading: Dbf) -> Iterator[bytes]:
    """Yield the records of a .dbf, many at a time."""
    with dbf.open("rb") as file:
        file.seek(heading.heading)
        many = max(_BLOCK // heading.record, 1)
        while block := file.read(many * heading.record):
            yield block


def column_of(dbf: Path, heading: Dbf, field: DbfField) -> list[bytes]:
    """Return the values of a field as they stand, row by row."""
    return [
        block[at + field.start : at + field.start + field.width]
        for block in _records(dbf, heading)
        for at in range(0, len(block) - heading.record + 1, heading.record)
    ]


@contextmanager
def readable(source: Path, encoding: str | None) -> Iterator[tuple[Path, tuple[Text, ...]]]:
    """Give a shapefile whose text can be decoded: itself, or a copy in which half characters are taken off.

    Programs cut names after 10 bytes and texts at the width of their field, in the middle of a character if need be.
    Names that are the same after that get a number.
    """
    dbf = part(source, ".dbf")
    if dbf is None:
        yield source, ()
        return
    heading = read_heading(dbf)
    codec = encoding or "latin-1"
    plain = [_whole(field.name, codec).decode(codec, "replace") for field in heading.fields]
    names = _names(plain, codec)
    halved = [at for at, field in enumerate(heading.fields) if _whole(field.name, codec) != field.name]
    again = [at for at, name in enumerate(names) if name != plain[at]]
    cut = _cut_values(dbf, heading, codec)
    warnings = []
    if halved or again:
        shown = [names[at] for at in sorted({*halved, *again})]
        warnings.append(text("source.names_cut", source=source, names=shown))
    if cut:
        places = [f"{row + 1} {names[at]}" for row, at, _ in cut[:5]]
        warnings.append(text("source.values_cut", source=source, count=len(cut), places=places))
    # Outside UTF-8 the reader takes half characters off by itself.
    if not (cut or again or (halved and codec == "UTF-8")):
        yield source, tuple(warnings)
        return
    with tempfile.TemporaryDirectory(prefix="gis_planning_") as name:
        copy = Path(name) / source.name
        for suffix in (".shp", ".shx", ".prj"):
            if found := part(source, suffix):
                _link(found, copy.with_suffix(suffix))
        shutil.copyfile(dbf, copy.with_suffix(".dbf"))
        with copy.with_suffix(".dbf").open("r+b") as file:
            for at, mended in enumerate(names):
                file.seek(32 + 32 * at)
                file.write(mended.encode(codec).ljust(11, b"\0")[:11])
            for row, at, value in cut:
                field = heading.fields[at]
                file.seek(heading.heading + row * heading.record + field.start)
                file.write(value.ljust(field.width))
        yield copy, tuple(warnings)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        # Another disk, or a system without links.
        shutil.copyfile(source, target)


def _names(plain: list[str], codec: str) -> list[str]:
    """Return names no two of which are alike."""
    names: list[str] = []
    taken: set[str] = set()
    for name in plain:
        names.append(name if name.casefold() not in taken else distinct(name, taken, codec))
        taken.add(names[-1].casefold())
    return names


def distinct(name: str, taken: set[str], codec: str, most: int = NAME_BYTES) -> str:
    """Return a name that fits (a shapefile) and is not taken: cut between characters, with a number if need be.

    Examples
    --------
    >>> distinct("永久基本农田面积", set(), "gbk"), distinct("永久基本农田图斑", {"永久基本农"}, "gbk")
    ('永久基本农', '永久基本_1')
    """
    for number in range(1000):
        end = f"_{number}" if number else ""
        room = most - len(end)
        stem = _whole(name.encode(codec, "replace")[:room], codec).decode(codec, "replace")
        if (stem + end).casefold() not in taken:
            return stem + end
    raise ValueError(name)


def _whole(raw: bytes, codec: str) -> bytes:
    """Return bytes without the half character at their end."""
    for lost in range(min(4, len(raw))):
        try:
            raw[: len(raw) - lost].decode(codec)
        except UnicodeDecodeError:
            continue
        return raw[: len(raw) - lost]
    return raw


def _cut_values(dbf: Path, heading: Dbf, codec: str) -> list[tuple[int, int, bytes]]:
    """Return row, field and whole characters of the texts that end in the middle of one, as long as they fill it.

    Only UTF-8 is looked at: there the reader stops at a broken text, and elsewhere it puts a sign for it.
    """
    found: list[tuple[int, int, bytes]] = []
    if codec != "UTF-8":
        return found
    first = 0
    texts = [at for at, field in enumerate(heading.fields) if field.type == "C"]
    for block in _records(dbf, heading):
        if not decodes(block):
            for offset in range(0, len(block), heading.record):
                record = block[offset : offset + heading.record]
                if decodes(record):
                    continue
                for at in texts:
                    field = heading.fields[at]
                    value = record[field.start : field.start + field.width]
                    whole = _whole(value, codec)
                    if len(whole) < len(value) and decodes(whole):
                        found.append((first + offset // heading.record, at, whole))
        first += len(block) // heading.record
    return found
