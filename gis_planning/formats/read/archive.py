"""Unpack zips without falling for what a zip can do: names that lead elsewhere, links, zips in zips, absurd sizes."""

from __future__ import annotations

import lzma
import re
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath

from gis_planning.errors import InputError, SourceError
from gis_planning.formats.read.deliveries import check_file
from gis_planning.formats.read.vector import Delivered
from gis_planning.texts import Text

#: A county's whole database fits; a zip bomb does not.
LARGEST_BYTES = 4 * 1024**3
#: Coordinates shrink to a fifth, an empty table to a hundredth; a bomb to a thousandth.
HIGHEST_RATIO = 200
#: Below this size the ratio says nothing: a small table of blanks shrinks as well as a bomb.
RATIO_FROM_BYTES = 64 * 1024**2
MOST_FILES = 10_000

NESTED = {".zip", ".rar", ".7z", ".kmz", ".ovkmz", ".gz", ".tar", ".tgz"}
#: What file managers leave in a zip.
_LITTER = re.compile(r"(^|/)(__MACOSX|\.DS_Store|Thumbs\.db|desktop\.ini)(/|$)", re.IGNORECASE)
_BLOCK = 1 << 20
#: What the standard library raises on a broken zip, by the part that is broken.
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, RuntimeError, ValueError, OSError)


@contextmanager
def unpacked(source: Path) -> Iterator[Path]:
    """Unpack a zip into a folder that lives as long as the context; refusals from inside name the zip instead.

    Raises
    ------
    SourceError
        It is no zip, is broken, encrypted, too large, or holds names that lead out of the folder, links or archives.
    """
    check_file(source)
    with tempfile.TemporaryDirectory(prefix="gis_planning_") as name:
        folder = Path(name)
        try:
            with zipfile.ZipFile(source) as opened:
                for member, target in _plan(opened, source):
                    _extract(opened, member, folder / target)
        except _BROKEN as fault:
            raise SourceError("archive.broken", source=source, reason=fault) from None
        try:
            yield folder
        except InputError as fault:
            raise fault.saying(outside(fault.text, folder, source)) from None


def outside(said: Text, folder: Path, source: Path) -> Text:
    """Return a sentence that names files by where they lie in the zip, not by where they were unpacked."""

    def seen(fact: object) -> object:
        if isinstance(fact, Path):
            return Path(str(fact).replace(str(folder), str(source)))
        if isinstance(fact, list | tuple):
            return [seen(one) for one in fact]
        if isinstance(fact, Text):
            return outside(fact, folder, source)
        return fact if isinstance(fact, int | float) else str(fact).replace(str(folder), str(source))

    return Text(said.key, {name: seen(fact) for name, fact in said.facts.items()})


def told_outside(delivered: Delivered, folder: Path, source: Path) -> Delivered:
    """Return a layer whose warnings, and reasons of what was lost, name files by where they lie in the zip."""
    lost = tuple(replace(one, reason=outside(one.reason, folder, source)) for one in delivered.lost)
    return replace(
        delivered, warnings=tuple(outside(warning, folder, source) for warning in delivered.warnings), lost=lost
    )


def refuse_bomb(members: Sequence[zipfile.ZipInfo], source: Path, *, largest: int | None = None) -> None:
    """Refuse a zip of too many members, or one that unpacks to more than anybody delivers.

    Raises
    ------
    SourceError
        With how many or how large.
    """
    if len(members) > MOST_FILES:
        raise SourceError("archive.too_many", source=source, count=len(members), most=MOST_FILES)
    size, packed = (sum(getattr(member, part) for member in members) for part in ("file_size", "compress_size"))
    if size > (largest or LARGEST_BYTES) or (size > RATIO_FROM_BYTES and size > HIGHEST_RATIO * max(packed, 1)):
        raise SourceError("archive.too_large", source=source, size_mb=size / 1e6, packed_mb=packed / 1e6)


def _plan(opened: zipfile.ZipFile, source: Path) -> list[tuple[zipfile.ZipInfo, PurePosixPath]]:
    """Return which members to unpack, and where; refuse the whole zip if one of them is not to be trusted."""
    members = opened.infolist()
    refuse_bomb(members, source)
    plan, taken = [], set()
    for member in members:
        target = _target(member, source)
        if target is None:
            continue
        if str(target).casefold() in taken:
            raise SourceError("archive.twice", source=source, member=target)
        taken.add(str(target).casefold())
        plan.append((member, target))
    if not plan:
        raise SourceError("archive.empty", source=source)
    return plan


def _target(member: zipfile.ZipInfo, source: Path) -> PurePosixPath | None:
    """Return where a member goes inside the folder, None for folders and litter."""
    name = _name(member)
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or any(sign in name for sign in ":\x00") or not name.strip("/. "):
        raise SourceError("archive.path", source=source, member=name[:80])
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise SourceError("archive.link", source=source, member=name[:80])
    if name.endswith("/") or kind == stat.S_IFDIR or _LITTER.search(name):
        return None
    target = PurePosixPath(*(part for part in parts if part not in {"", "."}))
    if member.flag_bits & 1:
        raise SourceError("archive.encrypted", source=source, member=target)
    if target.suffix.lower() in NESTED:
        raise SourceError("archive.nested", source=source, member=target)
    return target


def _name(member: zipfile.ZipInfo) -> str:
    """Return the name of a member with / between folders; without a mark names are GBK, or whatever they can be."""
    name = member.orig_filename
    if not member.flag_bits & 0x800:
        raw = name.encode("cp437")
        for encoding in ("utf-8", "gb18030", "cp437"):
            try:
                name = raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            break
    return name.replace("\\", "/")


def _extract(opened: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(member) as packed, target.open("wb") as file:
        # The reader never gives more than the size that was added up, whatever lies behind it.
        shutil.copyfileobj(packed, file, _BLOCK)
