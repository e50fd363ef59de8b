"""Keep two runs from one place; the system releases a lock when its process ends, however it ends."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gis_planning.errors import OutputError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK = ".gis-planning.lock"
#: How long a run waits for another to put its files in place.
PATIENCE_S = 60.0
_STEP_S = 0.05
_BUSY = {errno.EAGAIN, errno.EACCES, errno.EDEADLK}


@dataclass(frozen=True)
class Lock:
    """A lock that is held; `sure` is False where the file system has none, and nobody can be kept out."""

    file: Path
    handle: int
    sure: bool

    def drop(self) -> None:
        """Release it, and leave the file."""
        with contextlib.suppress(OSError):
            os.close(self.handle)

    def remove(self) -> None:
        """Release it, and remove the file: first the file, so that nobody holds a lock on one that is gone."""
        with contextlib.suppress(OSError):
            self.file.unlink(missing_ok=True)
        self.drop()
        if sys.platform == "win32":  # where a file that is open stays
            with contextlib.suppress(OSError):
                self.file.unlink(missing_ok=True)


def take(file: Path, *, make: bool = True) -> Lock | None:
    """Return the lock on a file, which is made where it is not there; None where another run holds it."""
    handle = os.open(file, os.O_RDWR | (os.O_CREAT if make else 0), 0o666)
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        if fault.errno not in _BUSY:
            return Lock(file, handle, sure=False)
        os.close(handle)
        return None
    try:
        if os.path.samestat(os.fstat(handle), file.stat()):
            return Lock(file, handle, sure=True)
    except OSError:
        pass
    # Its last holder removed it in between.
    os.close(handle)
    return None


@contextmanager
def alone_in(folder: Path) -> Iterator[Lock]:
    """Hold the lock of a folder while files are put in place there.

    Raises
    ------
    OutputError
        Another run holds it for too long.
    """
    end = time.monotonic() + PATIENCE_S
    while (lock := take(folder / LOCK)) is None:
        if time.monotonic() > end:
            raise OutputError("outputs.busy", folder=folder)
        time.sleep(_STEP_S)
    with contextlib.suppress(OSError):
        os.write(lock.handle, str(os.getpid()).encode())
    try:
        yield lock
    finally:
        lock.remove()
