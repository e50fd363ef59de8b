"""Make what measures ask for from the layers of one run: each thing once, and not anew where the cache still has it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

import pandas as pd

from gis_planning.analysis.derived import asked, given_by, is_kept, named
from gis_planning.cache import shelf
from gis_planning.cache.packing import UnpackableError, fingerprint
from gis_planning.errors import NotAssessed
from gis_planning.texts import Text

#: Values of one function that a run holds in memory; the one asked for longest ago makes room.
MOST = 8
_NOTHING = object()


@dataclass(frozen=True)
class Lack:
    """What is returned in place of a value that cannot be assessed: why."""

    reason: Text


class Memory:
    """Values by the function that made them and their key, `most` of each function, and what tells layers apart."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        #: The names of what was worked out anew, and of what came out of the user's cache.
        self.made: list[str] = []
        self.found: list[str] = []
        self._values: dict[Callable[..., Any], OrderedDict[Any, Any]] = {}
        self._prints: dict[int, tuple[Any, str | int]] = {}
        self._tables: WeakValueDictionary[str, pd.DataFrame] = WeakValueDictionary()

    def value(self, function: Callable[..., Any], key: Any, make: Callable[[], Any]) -> Any:
        """Return a value, made where it is not there."""
        values = self._values.setdefault(function, OrderedDict())
        if key not in values:
            values[key] = make()
            while len(values) > self._most:
                values.popitem(last=False)
        values.move_to_end(key)
        return values[key]

    def once(self, key: str, value: Any) -> Any:
        """Return a value that is kept under a key; a table is the same one wherever it is handed on."""
        return self._tables.setdefault(key, value) if isinstance(value, pd.DataFrame) else value

    def table(self, key: str) -> Any:
        """Return a table that is kept under a key, and that something else which is kept refers to.

        Raises
        ------
        KeyError
            It is there no more.
        """
        found = self._tables.get(key)
        found = shelf.load(key, _NOTHING) if found is None else found
        if found is _NOTHING:
            raise KeyError(key)
        return self.once(key, found)

    def tables(self) -> dict[int, str]:
        """Return the keys of the tables that are kept by themselves, by identity."""
        return {id(table): key for key, table in self._tables.items()}

    def print_of(self, layer: Any, *, lasting: bool) -> str | int:
        """Return what tells a layer from others: its number in this program, or what lasts, a print of all it holds."""
        known = self._prints.get(id(layer))
        if known is None or known[0] is not layer:
            # The layer is held with its print, so that its identity is not given to another one.
            known = self._prints[id(layer)] = (layer, _print_of(layer) if lasting else id(layer))
        return known[1]


@dataclass
class Work:
    """What is worked out from the layers of one run.

    Attributes
    ----------
    layer
        Returns a layer by its name.
    has
        Says whether there is one.
    settings
        What the county states for derived layers; a clause's own settings come first.
    keeps
        Whether the user's cache is used.
    memory
        What was made in this program before.
    """

    layer: Callable[[str], Any]
    has: Callable[[str], bool]
    settings: Mapping[str, Any] = field(default_factory=dict)
    keeps: bool = True
    memory: Memory = field(default_factory=Memory)

    def call(
        self, function: Callable[..., Any], names: Mapping[str, str], settings: Mapping[str, Any], **lent: Any
    ) -> Any:
        """Return what a measure or a derived layer returns.

        Parameters
        ----------
        names
            By the parameter of a layer, anywhere among what the function rests on, the layer it receives; one that is
            not named receives the layer of its own name.
        settings
            Settings of the function and of all it rests on.
        lent
            Layers in place of the county's own, by parameter.

        Raises
        ------
        NotAssessed
            A layer is lacking, or does not hold what is needed.
        """
        return _Call(self, names, {**self.settings, **settings}, lent).value(function)


@dataclass
class _Call:
    """One call of a function, with what its parameters and settings mean throughout all that it rests on."""

    work: Work
    names: Mapping[str, str]
    settings: Mapping[str, Any]
    lent: Mapping[str, Any]
    _keys: dict[Callable[..., Any], Any] = field(default_factory=dict)

    def value(self, function: Callable[..., Any], **given: Any) -> Any:
        key = self.key(function, **given)
        found = self.work.memory.value(function, key, lambda: self._found(function, key, given))
        if isinstance(found, Lack):
            raise NotAssessed.for_reason(found.reason)
        return found

    def key(self, function: Callable[..., Any], **given: Any) -> Any:
        """Return the key of what a function returns: its name, its settings, and the keys of what it is made from.

        What has no fingerprint is known by its identity, within this run alone.
        """
        if not given and function in self._keys:
            return self._keys[function]
        inputs = [self._key_of_input(name) for name in self._received(function)]
        settings = self._settings_of(function, given)
        facts = {"function": f"{function.__module__}.{function.__qualname__}", "settings": fingerprint(settings)}
        known = all(isinstance(entry, str) for entry in inputs)
        key = shelf.key_of({**facts, "inputs": inputs}) if known else (*facts.values(), *inputs)
        if not given:
            self._keys[function] = key
        return key

    def _found(self, function: Callable[..., Any], key: Any, given: Mapping[str, Any]) -> Any:
        kept = self.work.keeps and isinstance(key, str) and is_kept(function)
        memory = self.work.memory
        found = shelf.load(key, _NOTHING, memory.table) if kept else _NOTHING
        if found is not _NOTHING:
            memory.found.append(function.__name__)
            return memory.once(key, found)
        memory.made.append(function.__name__)
        try:
            inputs = {name: self._input(name) for name in self._received(function)}
            settings = self._settings_of(function, given)
            found = function(**inputs, **settings)
        except NotAssessed as lack:
            found = Lack(lack.reason)
        # What a measure hands on of a derived layer, such as a network, is kept once, not with every clause.
        return memory.once(key, found) if kept and shelf.save(key, found, memory.tables()) else found

    def _received(self, function: Callable[..., Any]) -> list[str]:
        """Return the parameters of a function that receive something; the others are left at None."""
        return [name for name, optional in asked(function).inputs.items() if not optional or self._there(name)]

    def _there(self, name: str) -> bool:
        maker = named(name)
        layers = [name] if maker is None else [one for one, without in asked(maker).layers.items() if not without]
        return all(self._held(layer) for layer in layers)

    def _held(self, parameter: str) -> bool:
        if parameter in self.lent:
            return self.lent[parameter] is not None
        return self.work.has(self._layer_named(parameter))

    def _layer_named(self, parameter: str) -> str:
        return self.names.get(parameter, parameter)

    def _input(self, name: str) -> Any:
        maker = named(name)
        if maker is None:
            return self.lent[name] if name in self.lent else self.work.layer(self._layer_named(name))
        return partial(self.value, maker) if given_by(maker) else self.value(maker)

    def _key_of_input(self, name: str) -> Any:
        maker = named(name)
        if maker is not None:
            # A family is known by what all of its members are made from.
            return self.key(maker)
        return self.work.memory.print_of(self._input(name), lasting=self.work.keeps)

    def _settings_of(self, function: Callable[..., Any], given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the settings a function takes itself; those that only whoever asks gives where they are given."""
        wanted = asked(function)
        found = {}
        for name in wanted.own:
            if name in given_by(function):
                if given:
                    found[name] = given.get(name, wanted.settings[name].default)
            else:
                found[name] = self.settings.get(name, wanted.settings[name].default)
        return found


def _print_of(layer: Any) -> str | int:
    try:
        return fingerprint(layer)
    except UnpackableError:
        return id(layer)


def frame(*shapes: Any, **columns: list[Any]) -> Any:
    """Return a small layer of some shapes on the plane of EPSG:4526, to try a measure on."""
    import geopandas as gpd  # noqa: PLC0415 - slow to import

    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs="EPSG:4526")


def applied(function: Callable[..., Any], /, **given: Any) -> Any:
    """Return what a measure returns on plain layers.

    Parameters
    ----------
    given
        By name: the layers it rests on, and its settings and those of what it rests on.

    Raises
    ------
    TypeError
        It takes nothing of a name, or cannot do without something.
    """
    wanted = asked(function)
    layers = {name: one for name, one in given.items() if name in wanted.layers and one is not None}
    settings = {name: one for name, one in given.items() if name not in wanted.layers}
    lacking = [name for name, without in wanted.layers.items() if not without and name not in layers]
    lacking += [name for name, one in wanted.settings.items() if one.required and name not in settings]
    if wrong := [*lacking, *(name for name in settings if name not in wanted.settings)]:
        raise TypeError(function.__name__, *wrong)
    return Work(layers.__getitem__, layers.__contains__, keeps=False).call(function, {}, settings)
