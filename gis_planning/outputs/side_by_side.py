"""Make the files of a run side by side: this process makes some, processes beside it others.

What writes files is Python, which one process runs on one core. A process beside this one starts while the run still
measures, so that it is ready when there is something to write.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

#: Makes one file of a run: what all of them are made of, and the name.
Make = Callable[[Any, str], None]
#: More processes than this find nothing to do: the longest file takes as long as all others together.
MOST = 3
#: A run that is sooner over than this needs no help.
WORTHWHILE_S = 2.0


class Beside:
    """Processes beside this one, or none: they are begun when a run turns out to take long."""

    def __init__(self, count: int = 0, needs: tuple[str, ...] = ()) -> None:
        self._count, self._needs = count, needs
        self._pool: ProcessPoolExecutor | None = None
        self._since = time.monotonic()

    def step(self) -> None:
        """Begin them if the run has taken long enough; they import at once what they need."""
        if self._pool is None and self._count and time.monotonic() - self._since > WORTHWHILE_S:
            context = multiprocessing.get_context("spawn")
            facts = (os.getpid(), self._needs)
            self._pool = ProcessPoolExecutor(self._count, mp_context=context, initializer=_begun, initargs=facts)
            for _ in range(self._count):
                self._pool.submit(os.getpid)

    def end(self) -> None:
        """End them."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def make(self, make: Make, whole: Any, names: Iterable[str], told: Callable[[str], None]) -> None:
        """Make files by name, in this order, side by side.

        Parameters
        ----------
        make
            A function of a module, which makes one of them.
        whole
            What all of them are made of; processes beside this one get a copy.
        told
            Is told each name before it is begun.

        Raises
        ------
        Exception
            What the first file that failed raised; no other is begun then.
        """
        left, lock = deque(names), threading.Lock()

        def next_one() -> str | None:
            with lock:
                if not left:
                    return None
                name = left.popleft()
                told(name)
                return name

        with self._copy(whole, len(left)) as copy, ThreadPoolExecutor(self._count or 1) as feeders:
            fed = [feeders.submit(self._feed, make, copy, next_one, left) for _ in range(self._count) if copy]
            try:
                while (name := next_one()) is not None:
                    make(whole, name)
                for one in fed:
                    for name in one.result():
                        make(whole, name)
            finally:
                left.clear()

    def _feed(self, make: Make, copy: Path | None, next_one: Callable[[], str | None], left: deque[str]) -> list[str]:
        """Have one process make files until none is left; return what it died over."""
        assert self._pool is not None  # noqa: S101 - nothing is fed without
        while (name := next_one()) is not None:
            try:
                self._pool.submit(_made_beside, make, str(copy), name).result()
            except BrokenExecutor:
                # Whatever ended it, often too little memory, this process makes the file alone.
                return [name]
            except BaseException:
                left.clear()
                raise
        return []

    @contextmanager
    def _copy(self, whole: Any, names: int) -> Iterator[Path | None]:
        """Give a file that only our own processes read, with what they make files of; None where there are none."""
        if self._pool is None or names < 2:
            yield None
            return
        with tempfile.TemporaryDirectory(prefix="gis-planning-") as folder:
            file = Path(folder) / "run"
            with file.open("wb") as stream:
                pickle.dump(whole, stream, protocol=pickle.HIGHEST_PROTOCOL)
            yield file


@contextmanager
def beside(cores: int, needs: Iterable[str] = ()) -> Iterator[Beside]:
    """Give processes for all cores but the one that this process uses."""
    side = Beside(min(cores - 1, MOST), tuple(needs))
    try:
        yield side
    finally:
        side.end()


def _begun(parent: int, needs: tuple[str, ...]) -> None:
    # The process that is asked to stop stops those beside it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    for name in needs:
        import_module(name)


def _end_with(parent: int) -> None:
    """End this process where the one that began it is gone, however it went."""
    process = multiprocessing.parent_process()
    if process is not None and process.pid == parent:
        process.join()
        os._exit(1)


def _made_beside(make: Make, copy: str, name: str) -> None:
    make(_whole(copy), name)


@lru_cache(maxsize=1)
def _whole(copy: str) -> Any:
    with Path(copy).open("rb") as stream:
        return pickle.load(stream)  # noqa: S301 - our own process wrote it, into a folder that only it can read
