"""Share the work of a run between processes: this one does some of it, others beside it the rest.

Most of a run is Python, which one process runs on one core. What is shared is done by name, and the results lie in
files: those that a run writes, or what it keeps in the cache.
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
from functools import lru_cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

from gis_planning.cores import collect_rarely

#: Does one thing of several: what all of them are about, and the name.
Do = Callable[[Any, str], None]
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

    def step(self, *, long: bool = False) -> None:
        """Begin them if the run has taken long enough, or is sure to; they import at once what they need."""
        if self._pool is None and self._count and (long or time.monotonic() - self._since > WORTHWHILE_S):
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

    def share(
        self,
        do: Do,
        whole: Any,
        names: Iterable[str],
        *,
        own: Callable[[str], Any] | None = None,
        told: Callable[[str], None] = lambda _: None,
        meeting: bool = False,
    ) -> None:
        """Do some things by name, in this order, side by side.

        Parameters
        ----------
        do
            A function of a module, which does one of them.
        whole
            What all of them are about; processes beside this one get a copy.
        own
            Does one in this process, where that is not done by `do`.
        told
            Is told each name before it is begun.
        meeting
            Whether the processes beside this one begin at the end.

        Raises
        ------
        Exception
            What the first that failed raised; no other is begun then.
        """
        left, lock = deque(names), threading.Lock()

        def next_one(*, last: bool) -> str | None:
            with lock:
                if not left:
                    return None
                name = left.pop() if last else left.popleft()
                told(name)
                return name

        own = own or partial(do, whole)
        with self._copy(whole, len(left)) as copy, ThreadPoolExecutor(self._count or 1) as feeders:
            theirs = partial(next_one, last=meeting)
            fed = [feeders.submit(self._feed, do, copy, theirs, left) for _ in range(self._count) if copy]
            try:
                while (name := next_one(last=False)) is not None:
                    own(name)
                for one in fed:
                    for name in one.result():
                        own(name)
            finally:
                left.clear()

    def _feed(self, do: Do, copy: Path | None, next_one: Callable[[], str | None], left: deque[str]) -> list[str]:
        """Have one process do things until none is left; return what it died over."""
        assert self._pool is not None  # noqa: S101 - nothing is fed without
        while (name := next_one()) is not None:
            try:
                self._pool.submit(_done_beside, do, str(copy), name).result()
            except BrokenExecutor:
                # Whatever ended it, often too little memory, this process does it alone.
                return [name]
            except BaseException:
                left.clear()
                raise
        return []

    @contextmanager
    def _copy(self, whole: Any, names: int) -> Iterator[Path | None]:
        """Give a file that only our own processes read, with what their work is about; None where there are none."""
        if self._pool is None or names < 2:
            yield None
            return
        with tempfile.TemporaryDirectory(prefix="gis-planning-") as folder:
            file = Path(folder) / "run"
            with file.open("wb") as stream:
                pickle.dump(whole, stream, protocol=pickle.HIGHEST_PROTOCOL)
            yield file


@contextmanager
def beside(cores: int, needs: Iterable[str] = (), *, at_once: bool = False) -> Iterator[Beside]:
    """Give processes for all cores but the one that this process uses; `at_once` where a run is sure to take long."""
    side = Beside(min(cores - 1, MOST), tuple(needs))
    try:
        side.step(long=at_once)
        yield side
    finally:
        side.end()


def _begun(parent: int, needs: tuple[str, ...]) -> None:
    # The process that is asked to stop stops those beside it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    collect_rarely()
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    for name in needs:
        import_module(name)


def _end_with(parent: int) -> None:
    """End this process where the one that began it is gone, however it went."""
    process = multiprocessing.parent_process()
    if process is not None and process.pid == parent:
        process.join()
        os._exit(1)


def _done_beside(do: Do, copy: str, name: str) -> None:
    do(_whole(copy), name)


@lru_cache(maxsize=1)
def _whole(copy: str) -> Any:
    with Path(copy).open("rb") as stream:
        return pickle.load(stream)  # noqa: S301 - our own process wrote it, into a folder that only it can read
