"""Say things to people in Chinese or English.

Every sentence a user reads stands once in a TOML file beside this module, under a key, in both languages. Code passes
the key and the facts around as a `Text` and turns it into a sentence only where somebody reads it.
"""

from __future__ import annotations

import locale
import os
import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from gis_planning.texts.hidden import without_secrets

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")
#: The name of a class of faults before what it says, as libraries write it that pass on what another one said.
_FAULT_NAME = re.compile(r"\b[A-Za-z_.]*[a-z](?:Error|Exception)\b:?\s*")


@dataclass(frozen=True)
class Text:
    """A sentence not yet spoken: its key and the facts that go into it."""

    key: str
    facts: dict[str, Any] = field(default_factory=dict)

    def to(self, lang: Lang) -> str:
        """Return the sentence in one language; facts that are texts are spoken in it too."""
        facts = {name: _spoken(fact, lang) for name, fact in self.facts.items()}
        said = catalogue()[self.key][lang]
        if ":?" in said:
            facts = {name: _Counted(fact) for name, fact in facts.items()}
        return str(said.format(**facts))

    def __str__(self) -> str:
        return self.to("en")


class _Counted:
    """A fact that knows which words go with it: `{count} {count:?street is|streets are}` says "1 street is"."""

    def __init__(self, fact: Any) -> None:
        self.fact = fact

    def __repr__(self) -> str:
        return repr(self.fact)

    def __format__(self, spec: str) -> str:
        if not spec.startswith("?"):
            return format(self.fact, spec)
        one, _, other = spec[1:].partition("|")
        return one if str(self.fact) == "1" else other


class Spoken(Text):
    """A sentence that comes with its words, for example from a rule document."""

    def __init__(self, words: dict[Lang, str]) -> None:
        super().__init__("", {str(lang): said for lang, said in words.items()})

    def to(self, lang: Lang) -> str:
        """Return the sentence in one language."""
        return str(self.facts[lang])


def text(key: str, /, **facts: Any) -> Text:
    """Return the text stored under `key`, to be filled with `facts`.

    Raises
    ------
    KeyError
        There is no such text.
    """
    if key not in catalogue():
        raise KeyError(key)
    return Text(key, facts)


def say(key: str, lang: Lang, /, **facts: Any) -> str:
    """Return the sentence stored under `key` in one language.

    Examples
    --------
    >>> say("outcome.fail", "zh")
    '不达标'
    """
    return text(key, **facts).to(lang)


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Return all texts by key, from every TOML file of this folder."""
    entries: dict[str, dict[str, str]] = {}
    for file in sorted(files(__name__).iterdir(), key=lambda item: item.name):
        if file.name.endswith(".toml"):
            for key, entry in _flat(tomllib.loads(file.read_text(encoding="utf-8"))).items():
                if key in entries:
                    raise KeyError(key)
                entries[key] = entry
    return entries


def system_lang() -> Lang:
    """Return Chinese where the operating system speaks it, else English."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    if spoken is None:
        spoken = locale.getlocale()[0] or ""
    return "zh" if spoken.lower().startswith(("zh", "chinese")) else "en"


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, dict[str, str]]:
    if "zh" in table and "en" in table:
        return {prefix: table}
    entries: dict[str, dict[str, str]] = {}
    for name, inner in table.items():
        entries |= _flat(inner, f"{prefix}.{name}" if prefix else name)
    return entries


def _spoken(fact: Any, lang: Lang) -> Any:
    if isinstance(fact, Text):
        return fact.to(lang)
    if isinstance(fact, list | tuple):
        joined = "、" if lang == "zh" else ", "
        return joined.join(str(_spoken(item, lang)) for item in fact)
    return without_secrets(reason_of(fact) if isinstance(fact, Exception) else fact)


def reason_of(fault: Exception) -> str:
    r"""Return what a library says of a fault in one line, without the names its programmers have for faults.

    Examples
    --------
    >>> reason_of(OSError("Couldn't read: TProtocolException: Invalid data\n"))
    "Couldn't read: Invalid data"
    """
    return _FAULT_NAME.sub("", " ".join(str(fault).split())).strip() or "-"
