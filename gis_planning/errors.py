"""Name every fault a user can cause, where it lies, and its cure.

::

    PlanningError            anything we refuse, with one clear message
        InputError           a fault of what was delivered; ends the run with exit code 2
            CountyError      county.toml itself
            SourceError      a file, folder or database that cannot be read
            LayerError       a table inside it: missing, empty, the wrong geometry type, a field that is not there
            FeatureError     single features: broken coordinates, a repair that would change too much
            CrsError         a coordinate reference system that is missing or cannot be used
        RuleError            a clause that does not fit its measure; ends the run with exit code 2
        OutputError          a result that cannot be written; ends the run with exit code 2
    NotAssessed              something needed was not delivered: a verdict, not a refusal
"""

from __future__ import annotations

from typing import Any

from gis_planning.texts import Lang, Text, text


class PlanningError(Exception):
    """Anything we refuse. `key` names a sentence of the text catalogue, `facts` fill it."""

    def __init__(self, key: str, /, **facts: Any) -> None:
        self.text = text(key, **facts)
        super().__init__(key)

    def to(self, lang: Lang) -> str:
        """Return the message in one language."""
        return self.text.to(lang)

    def __str__(self) -> str:
        return self.text.to("en")


class InputError(PlanningError):
    """A fault of what was delivered."""


class CountyError(InputError):
    """county.toml cannot be used."""


class SourceError(InputError):
    """A file, folder or database cannot be read."""


class LayerError(InputError):
    """A table is missing, empty, of the wrong geometry type, or lacks a field."""


class FeatureError(InputError):
    """Single features cannot be used as they are."""


class CrsError(InputError):
    """A coordinate reference system is missing or cannot be used."""


class RuleError(PlanningError):
    """A clause does not fit its measure, or a rule document cannot be read."""


class OutputError(PlanningError):
    """A result cannot be written."""


class NotAssessed(Exception):  # noqa: N818 - a verdict, not a fault
    """Something a measure needs was not delivered; the verdict is `not-assessed` with this reason."""

    def __init__(self, key: str, /, **facts: Any) -> None:
        self.reason: Text = text(key, **facts)
        super().__init__(key)

    def __str__(self) -> str:
        return self.reason.to("en")
