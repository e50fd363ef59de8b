"""Take values apart into plain arrays and a tree of JSON, and put them together again.

Nothing that is read runs: a file can only name dataclasses of ours, and these are filled field by field.
"""

from __future__ import annotations

import dataclasses
import hashlib
import importlib
import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array

Arrays = list[NDArray[Any]]
OWN = "gis_planning"


class UnpackableError(TypeError):
    """A value holds something that has no plain form: a function, a file, a library's own object."""


def packed(value: Any, elsewhere: Mapping[int, str] | None = None) -> tuple[bytes, Arrays]:
    """Return a value as JSON and the arrays it refers to. What stands in it twice is kept once.

    Parameters
    ----------
    elsewhere
        The keys of what is kept by itself, by identity: of these the key alone is kept here.

    Raises
    ------
    UnpackableError
        Something in it has no plain form.
    """
    packer = Packer(elsewhere or {})
    tree = packer.pack(value)
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode(), packer.arrays


def unpacked(tree: bytes, arrays: Sequence[NDArray[Any]], held: Callable[[str], Any] | None = None) -> Any:
    """Return the value that was packed; `held` returns what is kept by itself under a key."""
    return Unpacker(arrays, held or _nothing).unpack(json.loads(tree))


def _nothing(key: str) -> Any:
    raise KeyError(key)


def fingerprint(value: Any) -> str:
    """Return a digest of all that a value holds: equal for equal contents, whatever run or machine they come from.

    Raises
    ------
    UnpackableError
        Something in it has no plain form.
    """
    tree, arrays = packed(value)
    digest = hashlib.sha256(tree)
    for array in arrays:
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


class Packer:
    """Takes one value apart: its arrays, and what of it was seen, by identity."""

    def __init__(self, elsewhere: Mapping[int, str]) -> None:
        self.arrays: Arrays = []
        self._elsewhere = elsewhere
        self._numbers: dict[int, int] = {}
        # What is known by its identity must live as long as its number is used.
        self._alive: list[Any] = []

    def pack(self, value: Any) -> Any:
        """Return a value as JSON; what is more than plain is a table with its number and its form."""
        if value is None or isinstance(value, bool | str) or type(value) is int:
            return value
        if isinstance(value, float) and np.isfinite(value):
            return float(value)
        if id(value) in self._numbers:
            return {"again": self._numbers[id(value)]}
        if id(value) in self._elsewhere:
            return {"held": self._elsewhere[id(value)]}
        self._numbers[id(value)] = number = len(self._alive)
        self._alive.append(value)
        for name, form in FORMS.items():
            if form.fits(value):
                return {"nr": number, "form": name, "of": form.pack(self, value)}
        raise UnpackableError(type(value).__name__)

    def array(self, value: NDArray[Any]) -> int:
        """Keep an array and return its number."""
        self.arrays.append(value)
        return len(self.arrays) - 1


class Unpacker:
    """Puts one value together again."""

    def __init__(self, arrays: Sequence[NDArray[Any]], held: Callable[[str], Any]) -> None:
        self.arrays = arrays
        self._held = held
        self._known: dict[int, Any] = {}

    def unpack(self, tree: Any) -> Any:
        """Return the value of some JSON."""
        if not isinstance(tree, dict):
            return tree
        if "again" in tree:
            return self._known[tree["again"]]
        if "held" in tree:
            return self._held(tree["held"])
        self._known[tree["nr"]] = value = FORMS[tree["form"]].unpack(self, tree["of"])
        return value


class Form(NamedTuple):
    """How a kind of value is taken apart and put together."""

    fits: Callable[[Any], bool]
    pack: Callable[[Packer, Any], Any]
    unpack: Callable[[Unpacker, Any], Any]


def _is_shapes(value: Any) -> bool:
    if not (isinstance(value, np.ndarray) and value.dtype == object and value.size):
        return False
    shapes = np.asarray(shapely.is_geometry(value))
    return bool(shapes.any() and (shapes | shapely.is_missing(value)).all())


def _pack_shapes(packer: Packer, value: NDArray[np.object_]) -> Any:
    parts = [b"" if one is None else one for one in shapely.to_wkb(value.ravel())]
    ends = np.cumsum([len(part) for part in parts])
    whole = np.frombuffer(b"".join(parts), dtype=np.uint8)
    return [packer.array(whole), packer.array(ends), list(value.shape)]


def _unpack_shapes(unpacker: Unpacker, tree: Any) -> Any:
    whole, ends, shape = tree
    content = unpacker.arrays[whole].tobytes()
    parts = [content[a:b] or None for a, b in itertools.pairwise([0, *unpacker.arrays[ends].tolist()])]
    return np.asarray(shapely.from_wkb(_objects(parts))).reshape(shape)


def _objects(values: Sequence[Any]) -> NDArray[np.object_]:
    found = np.empty(len(values), dtype=object)
    for at, one in enumerate(values):
        found[at] = one
    return found


def _pack_column(packer: Packer, column: pd.Series) -> Any:
    if isinstance(column.dtype, np.dtype):
        return [None, packer.pack(column.to_numpy())]
    if isinstance(column.dtype, pd.CategoricalDtype):
        raise UnpackableError(str(column.dtype))
    return [str(column.dtype), packer.pack(np.asarray(column.array, dtype=object))]


def _unpack_column(unpacker: Unpacker, tree: Any, index: pd.Index | None = None) -> Any:
    dtype, values = tree[0], unpacker.unpack(tree[1])
    if dtype == "geometry":
        return gpd.GeoSeries(values, index=index)
    return pd.Series(values, index=index, dtype=dtype or values.dtype)


def _pack_index(packer: Packer, index: pd.Index) -> Any:
    if isinstance(index, pd.MultiIndex):
        raise UnpackableError("MultiIndex")
    name = packer.pack(index.name)
    if isinstance(index, pd.RangeIndex):
        return [name, "range", index.start, index.stop, index.step]
    return [name, "values", _pack_column(packer, index.to_series())]


def _unpack_index(unpacker: Unpacker, tree: Any) -> pd.Index:
    name = unpacker.unpack(tree[0])
    if tree[1] == "range":
        return pd.RangeIndex(*tree[2:], name=name)
    return pd.Index(_unpack_column(unpacker, tree[2]), name=name)


def _pack_table(packer: Packer, frame: pd.DataFrame) -> Any:
    columns = [[packer.pack(name), _pack_column(packer, frame[name])] for name in frame.columns]
    return [columns, _pack_index(packer, frame.index), packer.pack(dict(frame.attrs))]


def _unpack_table(unpacker: Unpacker, tree: Any) -> pd.DataFrame:
    columns, index, attrs = tree
    index = _unpack_index(unpacker, index)
    frame = pd.DataFrame({unpacker.unpack(name): _unpack_column(unpacker, one, index) for name, one in columns}, index)
    frame.attrs = unpacker.unpack(attrs)
    return frame


def _pack_layer(packer: Packer, frame: gpd.GeoDataFrame) -> Any:
    return [_pack_table(packer, frame), frame.geometry.name, packer.pack(frame.crs)]


def _unpack_layer(unpacker: Unpacker, tree: Any) -> gpd.GeoDataFrame:
    table = _unpack_table(unpacker, tree[0])
    frame = gpd.GeoDataFrame(table, geometry=tree[1], crs=unpacker.unpack(tree[2]))
    frame.attrs = table.attrs
    return frame


def _pack_instance(packer: Packer, value: Any) -> Any:
    kind = type(value)
    told = {field.name: packer.pack(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return [kind.__module__, kind.__qualname__, told]


def _unpack_instance(unpacker: Unpacker, tree: Any) -> Any:
    module, name, told = tree
    # To import what is run as a program would run it.
    if module.split(".")[0] != OWN or "__" in module:
        raise UnpackableError(module)
    kind: Any = importlib.import_module(module)
    for part in name.split("."):
        kind = getattr(kind, part)
    if not (isinstance(kind, type) and dataclasses.is_dataclass(kind)):
        raise UnpackableError(name)
    made = object.__new__(kind)
    for field, value in told.items():
        object.__setattr__(made, field, unpacker.unpack(value))
    return made


def _is(*kinds: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, kinds)


def _several(kind: Callable[..., Any], order: Callable[..., Any] = list) -> Form:
    return Form(
        _is(kind),  # type: ignore[arg-type]  # a class
        lambda packer, value: [packer.pack(one) for one in order(value)],
        lambda unpacker, tree: kind(unpacker.unpack(one) for one in tree),
    )


def _plain(fits: Callable[[Any], bool], write: Callable[[Any], Any], read: Callable[[Any], Any]) -> Form:
    return Form(fits, lambda _, value: write(value), lambda _, tree: read(tree))


def _arrays(fits: Callable[[Any], bool], write: Callable[[Any], Any], read: Callable[[Any], Any]) -> Form:
    return Form(
        fits, lambda packer, value: packer.array(write(value)), lambda unpacker, tree: read(unpacker.arrays[tree])
    )


#: By name, in the order in which a value is tried; a subclass stands before its class.
FORMS: Mapping[str, Form] = {
    "float": _plain(_is(float), str, float),
    "scalar": _arrays(_is(np.generic), np.array, lambda array: array[()]),
    "shapes": Form(_is_shapes, _pack_shapes, _unpack_shapes),
    "objects": Form(
        lambda value: isinstance(value, np.ndarray) and value.dtype == object,
        lambda packer, value: [[packer.pack(one) for one in value.ravel()], list(value.shape)],
        lambda unpacker, tree: _objects([unpacker.unpack(one) for one in tree[0]]).reshape(tree[1]),
    ),
    "array": _arrays(_is(np.ndarray), lambda value: value, lambda array: array),
    "layer": Form(_is(gpd.GeoDataFrame), _pack_layer, _unpack_layer),
    "table": Form(_is(pd.DataFrame), _pack_table, _unpack_table),
    "geometry": _arrays(
        _is(shapely.Geometry),
        lambda value: np.frombuffer(shapely.to_wkb(value), dtype=np.uint8),
        lambda array: shapely.from_wkb(array.tobytes()),
    ),
    "crs": _plain(_is(pyproj.CRS), pyproj.CRS.to_wkt, pyproj.CRS.from_wkt),
    "sparse": Form(
        _is(csr_array),
        lambda packer, value: [
            *(packer.array(one) for one in (value.data, value.indices, value.indptr)),
            list(map(int, value.shape)),
        ],
        lambda unpacker, tree: csr_array(tuple(unpacker.arrays[one] for one in tree[:3]), shape=tuple(tree[3])),
    ),
    "instance": Form(
        lambda value: dataclasses.is_dataclass(value) and type(value).__module__.split(".")[0] == OWN,
        _pack_instance,
        _unpack_instance,
    ),
    "map": Form(
        _is(Mapping),
        lambda packer, value: [[packer.pack(key), packer.pack(one)] for key, one in value.items()],
        lambda unpacker, tree: {unpacker.unpack(key): unpacker.unpack(one) for key, one in tree},
    ),
    "tuple": _several(tuple),
    "list": _several(list),
    "frozenset": _several(frozenset, sorted),
    "set": _several(set, sorted),
    "path": _plain(_is(PurePath), str, Path),
    "time": _plain(lambda value: isinstance(value, pd.Timestamp) and value is not pd.NaT, str, pd.Timestamp),
    "no_time": _plain(lambda value: value is pd.NaT, lambda _: None, lambda _: pd.NaT),
    "missing": _plain(lambda value: value is pd.NA, lambda _: None, lambda _: pd.NA),
}
