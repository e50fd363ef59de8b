"""Know what a function asks for: layers and derived layers by name, and the settings of all that it rests on."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from gis_planning import analysis

_MARK = "__derived__"


@dataclass(frozen=True)
class _Mark:
    """How a derived layer is made; see `derived`."""

    by: tuple[str, ...]
    kept: bool


@dataclass(frozen=True)
class Setting:
    """A setting of a function or of what it rests on: its type, and its value where nobody gives one."""

    name: str
    hint: Any
    default: Any

    @property
    def required(self) -> bool:
        """Say whether it has to be given."""
        return self.default is inspect.Parameter.empty


@dataclass(frozen=True)
class Asked:
    """What a function asks for.

    Attributes
    ----------
    inputs
        Its parameters for layers and derived layers, each with whether it can do without.
    own
        The settings it takes itself.
    layers
        The layers it rests on, by parameter, each with whether all can do without it.
    settings
        The settings of the function and of all it rests on.
    """

    inputs: Mapping[str, bool]
    own: tuple[str, ...]
    layers: Mapping[str, bool]
    settings: Mapping[str, Setting]


def derived(*, by: tuple[str, ...] = (), kept: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function a derived layer, asked for by its name.

    Parameters
    ----------
    by
        Settings that whoever asks gives: the parameter then receives a function of these, so that one measure can ask
        for several kinds.
    kept
        Whether it is kept in the user's cache; what only puts others together is not.
    """

    def marked(function: Callable[..., Any]) -> Callable[..., Any]:
        setattr(function, _MARK, _Mark(by, kept))
        return function

    return marked


def named(name: str) -> Callable[..., Any] | None:
    """Return the derived layer of a name; None where it is a plain layer."""
    return _all().get(name)


def given_by(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return the settings of a derived layer that whoever asks gives."""
    return getattr(function, _MARK).by if hasattr(function, _MARK) else ()


def is_kept(function: Callable[..., Any]) -> bool:
    """Say whether what a function returns is kept in the user's cache; what measures return is."""
    return not hasattr(function, _MARK) or getattr(function, _MARK).kept


@cache
def asked(function: Callable[..., Any]) -> Asked:
    """Return what a function asks for.

    Raises
    ------
    TypeError
        Two functions it rests on understand a setting differently.
    """
    hints = typing.get_type_hints(function, include_extras=True)
    parameters = inspect.signature(function).parameters.values()
    inputs = {
        parameter.name: parameter.default is None
        for parameter in parameters
        if parameter.kind is parameter.POSITIONAL_OR_KEYWORD
    }
    settings = {
        parameter.name: Setting(parameter.name, hints[parameter.name], parameter.default)
        for parameter in parameters
        if parameter.kind is parameter.KEYWORD_ONLY
    }
    own = tuple(settings)
    layers: dict[str, bool] = {}
    for name, optional in inputs.items():
        maker = named(name)
        for layer, without in {name: False}.items() if maker is None else asked(maker).layers.items():
            layers[layer] = layers.get(layer, True) and (optional or without)
        for setting in _settings_under(maker) if maker is not None else ():
            if settings.setdefault(setting.name, setting) != setting:
                raise TypeError(function.__name__, setting.name)
    return Asked(MappingProxyType(inputs), own, MappingProxyType(layers), MappingProxyType(settings))


def _settings_under(maker: Callable[..., Any]) -> list[Setting]:
    """Return the settings that a clause can give to a derived layer and to what that rests on."""
    return [one for name, one in asked(maker).settings.items() if name not in given_by(maker)]


def rests_on(function: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """Return the derived layers that a function rests on, those it asks for itself first, each once."""
    waiting, seen = [function], {function}
    while waiting:
        for name in asked(waiting.pop(0)).inputs:
            maker = named(name)
            if maker is not None and maker not in seen:
                seen.add(maker)
                waiting.append(maker)
                yield maker


@cache
def _all() -> dict[str, Callable[..., Any]]:
    found: dict[str, Callable[..., Any]] = {}
    for module in pkgutil.iter_modules(analysis.__path__, f"{analysis.__name__}."):
        for name, function in vars(importlib.import_module(module.name)).items():
            if hasattr(function, _MARK) and function.__module__ == module.name:
                if name in found:
                    raise TypeError(name)
                found[name] = function
    return found
