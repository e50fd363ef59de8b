"""Say why something could not be written: the disk is full, the place is closed to us; never a driver's words alone."""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gis_planning.errors import OutputError
from gis_planning.texts import Text, text

#: What systems say of a disk, a share of it or a file that takes no more.
FULL = {errno.ENOSPC, errno.EFBIG, *([errno.EDQUOT] if hasattr(errno, "EDQUOT") else [])}
_PROBE = b"\0" * 1_000_000


def cannot_write(file: Path | str, fault: OSError) -> OutputError:
    """Return how a fault in writing a file is told."""
    if fault.errno in FULL:
        return OutputError("outputs.disk_full", file=file)
    return OutputError("results.cannot_write", file=file, reason=fault.strerror or fault)


def told(fault: OSError) -> Text | None:
    """Return how a fault outside of writing is told: a file cannot be read, or the disk is full; None for others."""
    if fault.errno in FULL or fault.errno == errno.EROFS:
        return cannot_write(fault.filename or tempfile.gettempdir(), fault).text
    if not fault.filename:
        return None
    return text("outputs.cannot_read", file=fault.filename, reason=fault.strerror)


@contextmanager
def faults_of(new: Path, out: Path, single: Path | None = None) -> Iterator[None]:
    """Tell faults in writing into `new` as faults of `out`, where its files are going to be; others pass.

    Raises
    ------
    OutputError
        Something could not be written.
    """
    try:
        yield
    except Exception as fault:
        file = _meant(fault, new, out) or single
        if (isinstance(fault, OSError) and fault.errno in FULL) or _is_full(new):
            # Whatever a writer says, or found when it read back what it wrote: this is why.
            raise OutputError("outputs.disk_full", file=file or out) from None
        if isinstance(fault, OSError) and (fault.filename is None or _meant(fault, new, out) is not None):
            raise cannot_write(file or out, fault) from None
        if isinstance(fault, sqlite3.Error) or type(fault).__module__.startswith("pyogrio."):
            reason = str(fault).replace(str(new), str(out))[:300]
            raise OutputError("results.cannot_write", file=file or out, reason=reason) from None
        raise


def _meant(fault: Exception, new: Path, out: Path) -> Path | None:
    """Return the file in `out` that was being written: the one the fault names, else the one written to last."""
    named = getattr(fault, "filename", None)
    if named is not None:
        with suppress(ValueError, TypeError):
            return out / Path(os.fsdecode(named)).relative_to(new).parts[0]
        return None
    with suppress(OSError):
        files = [file for file in new.iterdir() if not file.name.endswith(("-wal", "-shm", "-journal"))]
        return out / max(files, key=lambda one: one.stat().st_mtime_ns).name if files else None
    return None


def _is_full(new: Path) -> bool:
    """Try whether there is room for a little more, behind the end of the largest file."""
    probe = new.parent / "probe"
    try:
        largest = max((file.stat().st_size for file in new.rglob("*") if file.is_file()), default=0)
        with probe.open("wb") as file:
            file.seek(largest)
            file.write(_PROBE)
    except OSError as fault:
        return fault.errno in FULL
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)
    return False
