"""Say what daily life needs, as a clause lists it."""

from __future__ import annotations

from typing_extensions import TypedDict  # the one of typing cannot be validated before Python 3.12


class Need(TypedDict):
    """Something daily life needs: any of some kinds within a distance."""

    kinds: tuple[str, ...]
    limit_m: float
