"""Know the code lists of delivered databases: codes, their names, and how one classification comes over to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from gis_planning.conventions import facts
from gis_planning.conventions.landclasses import great_class
from gis_planning.texts import Lang

Sure = Literal["confirmed", "to-confirm"]

#: Files of code lists; the survey's classes and the ownership stand in landclasses.toml.
FILES = ("code_lists/survey", "code_lists/plan", "code_lists/land_sea_use")
#: Digits of the three levels of the classification of land and sea use.
LEVELS = (2, 4, 6)


@dataclass(frozen=True)
class Code:
    """One code: its name in both languages, and other names that deliveries give it."""

    code: str
    titles: Mapping[str, str]
    also: tuple[str, ...] = ()

    def title(self, lang: Lang) -> str:
        """Return what readers call it."""
        return self.titles[lang]

    def fits(self, name: str) -> bool:
        """Say whether a delivered name is one of its own.

        Examples
        --------
        >>> code_list("ZZSXDM").codes["LS"].fits("粮食")
        True
        """
        return name in (self.titles["zh"], *self.also)


@dataclass(frozen=True)
class CodeList:
    """A list of codes; `sure` says how far it can be trusted, `open` that other codes are no fault."""

    name: str
    titles: Mapping[str, str]
    sure: Sure
    open: bool
    notes: Mapping[str, str]
    codes: Mapping[str, Code]

    def title(self, lang: Lang) -> str:
        """Return what readers call the list."""
        return self.titles[lang]


@cache
def code_lists() -> dict[str, CodeList]:
    """Return all code lists by the name of the field they belong to.

    Examples
    --------
    >>> [one.title("zh") for one in code_lists()["DLBM"].codes.values() if one.code.startswith("0201")]
    ['果园', '可调整果园']
    """
    survey = facts("landclasses")
    found = {
        "DLBM": _list("DLBM", survey["DLBM"] | {"codes": survey["classes"] | survey["lettered"]}),
        "QSXZ": _list("QSXZ", survey["QSXZ"] | {"codes": survey["ownership"]}),
    }
    for file in FILES:
        found |= {name: _list(name, table) for name, table in facts(file).items() if "codes" in table}
    return found


def code_list(name: str) -> CodeList:
    """Return one code list; raises KeyError where there is none."""
    return code_lists()[name]


def levels(code: str, lang: Lang) -> tuple[str, ...]:
    """Return the names of a land-and-sea-use code from the first level down to its own.

    Examples
    --------
    >>> levels("080404", "zh")
    ('公共管理与公共服务用地', '教育用地', '幼儿园用地')
    """
    known = code_list("YDYHFLDM").codes
    return tuple(known[code[:n]].title(lang) for n in LEVELS if n <= len(code) and code[:n] in known)


def use_of_class(code: str) -> tuple[str, ...]:
    """Return the land-and-sea-use codes a class of the survey comes over to; of several, a person has to choose.

    Examples
    --------
    >>> use_of_class("0702"), use_of_class("1005"), use_of_class("0201K")
    (('0703',), ('120801', '120802', '120803'), ('0201',))
    """
    table: dict[str, list[str]] = facts("code_lists/land_sea_use")["survey"]
    return tuple(table.get(code, table.get(code[:4], [])))


def use_since_2023(code: str) -> str:
    """Return the code of 2023 for a code of the trial edition of 2020; most stayed the same.

    Examples
    --------
    >>> use_since_2023("090302"), use_since_2023("2302"), use_since_2023("0701")
    ('0903', '2303', '0701')
    """
    changes: list[dict[str, str]] = facts("code_lists/land_sea_use")["changes"]
    return next((change["new"] for change in changes if change["old"] == code), code)


def great_class_of_use(code: str, settings: Mapping[str, str]) -> str | None:
    """Return `agri`, `built` or `unused` for a code of land and sea use.

    It is the great class of the classes of the survey that come over to it.
    `settings` puts codes elsewhere, by their beginning; sources differ on 06 (farm tracks and farm facilities).
    None for sea, for land kept free (16), and where the classes it takes do not agree.

    Examples
    --------
    >>> great_class_of_use("060102", {}), great_class_of_use("060102", {"06": "built"})
    ('agri', 'built')
    >>> great_class_of_use("070101", {}), great_class_of_use("17", {}), great_class_of_use("16", {})
    ('built', None, None)
    """
    stated = next((settings[code[:n]] for n in sorted(LEVELS, reverse=True) if code[:n] in settings), None)
    if stated is not None:
        return stated
    table: dict[str, list[str]] = facts("code_lists/land_sea_use")["survey"]
    for n in sorted(LEVELS, reverse=True):
        beginning = code[:n]
        found = {great_class(own, {}) for own, uses in table.items() if any(use.startswith(beginning) for use in uses)}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _list(name: str, table: dict[str, Any]) -> CodeList:
    codes = {
        code: Code(code, {"zh": entry["zh"], "en": entry["en"]}, tuple(entry.get("also", ())))
        for code, entry in table["codes"].items()
    }
    titles = {"zh": table["zh"], "en": table["en"]}
    notes = {"zh": table.get("note", ""), "en": table.get("note_en", "")}
    return CodeList(name, titles, table["sure"], table.get("open", False), notes, codes)
