"""Tell what was in the way of new files and is kept under another name, to whoever runs the program."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from gis_planning.texts import Text, system_lang

_listener: ContextVar[Callable[[Text], None] | None] = ContextVar("listener", default=None)


@contextmanager
def kept_told_to(listener: Callable[[Text], None]) -> Iterator[None]:
    """Have what is kept told to a function; where there is none, in a notebook, it is a warning of Python's."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def tell(notes: list[Text]) -> None:
    """Tell what is kept."""
    listener = _listener.get()
    for note in notes:
        if listener is not None:
            listener(note)
        else:
            warnings.warn(note.to(system_lang()), stacklevel=2)
