"""Know the classes of the land survey: their names, their great class, and what is arable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gis_planning.conventions import facts
from gis_planning.texts import Lang

GREAT = ("agri", "built", "unused")


def base(code: str | None) -> str | None:
    """Return the class a code belongs to; letters after it say more and change nothing. None for no class of ours.

    Examples
    --------
    >>> base("0201K"), base("08H2A"), base("0909"), base("x")
    ('0201', '08H2', '09', None)
    """
    known: dict[str, Any] = facts("landclasses")["classes"]
    plain = (code or "").strip().upper()
    return next((one for one in (plain, plain[:4], plain[:2]) if one in known), None)


def class_title(code: str | None, lang: Lang) -> str | None:
    """Return what readers call a class."""
    own = base(code)
    return None if own is None else str(facts("landclasses")["classes"][own][lang])


def great_class(code: str | None, settings: Mapping[str, str]) -> str | None:
    """Return `agri`, `built` or `unused`; `settings` puts disputed classes elsewhere.

    Examples
    --------
    >>> great_class("0404", {}), great_class("0404", {"0404": "unused"}), great_class("1004", {})
    ('agri', 'unused', 'built')
    """
    own = base(code)
    return None if own is None else settings.get(own, str(facts("landclasses")["classes"][own]["great"]))


def is_arable(code: str | None) -> bool:
    """Say whether a class is arable land."""
    return base(code) in facts("landclasses")["arable"]


def ownership_title(code: str | None, lang: Lang) -> str | None:
    """Return what readers call an ownership (QSXZ)."""
    entry = facts("landclasses")["ownership"].get((code or "").strip())
    return None if entry is None else str(entry[lang])
