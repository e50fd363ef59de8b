"""Name every fault a user can cause, where it lies, and its cure.

::

    PlanningError            anything we refuse, with one clear message
        InputError           a fault of what was delivered; ends the run with exit code 2
            CountyError      county.toml itself
            SourceError      a file, folder or database that cannot be read
            LayerError       a table inside it: empty, the wrong geometry type, a field that is not there
                ManyTablesError   there are several, and none is named
                NoTableError      the one that is named is not there
                HeadingsError     it has none of the headings by which it is read
            FeatureError     single features: broken coordinates
                RepairError       a repair would change too much
            CrsError         a coordinate reference system that is missing or cannot be used
        RuleError            a clause that does not fit its measure; ends the run with exit code 2
        OutputError          a result that cannot be written; ends the run with exit code 2
    NotAssessed              something needed was not delivered: a verdict, not a refusal
"""

from __future__ import annotations

from typing import Any, Self

from gis_planning.texts import Lang, Text, text


class PlanningError(Exception):
    """Anything we refuse. `key` names a sentence of the text catalogue, `facts` fill it."""

    def __init__(self, key: str, /, **facts: Any) -> None:
        self.text = text(key, **facts)
        super().__init__(key)

    def saying(self, said: Text) -> Self:
        """Return a fault of the same kind with another message."""
        return type(self)(said.key, **said.facts)

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


class ManyTablesError(LayerError):
    """There are several tables, and none is named."""


class NoTableError(LayerError):
    """There is no table of the name that is given."""


class HeadingsError(LayerError):
    """A table has none of the headings by which it is read."""


class FeatureError(InputError):
    """Single features cannot be used as they are."""


class RepairError(FeatureError):
    """A repair would change a feature too much."""


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

    @classmethod
    def for_reason(cls, reason: Text) -> Self:
        """Return a lack whose reason is a sentence that is there already."""
        return cls(reason.key, **reason.facts)

    def __str__(self) -> str:
        return self.reason.to("en")
