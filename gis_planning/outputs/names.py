"""Find names that no other thing has, not even without regard to case: Windows does not tell cases apart."""

from __future__ import annotations


def apart(name: str, taken: set[str], between: str = "-") -> str:
    """Return a name, with a number behind it where it is taken, and take it; `taken` holds names in small letters.

    Examples
    --------
    >>> taken = {"map"}
    >>> apart("Map", taken), apart("Map", taken), apart("plan", taken)
    ('Map-2', 'Map-3', 'plan')
    """
    found, number = name, 1
    while found.casefold() in taken:
        number += 1
        found = f"{name}{between}{number}"
    taken.add(found.casefold())
    return found
