"""Put blocks of points that stand side by side on a page below each other, where their numbers prove the order."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from gis_planning.errors import FeatureError
from gis_planning.formats.read.workbook import Row

#: Returns which columns a heading names, and where.
Places = Callable[[Sequence[str | None]], list[tuple[str, int]]]


def unfolded(rows: list[Row], places: Places, source: Path, title: str) -> list[Row]:
    """Return the rows of a sheet with every block in the columns of the first, each page's blocks in their order.

    Raises
    ------
    FeatureError
        The numbers of the points do not go on from one block to the next, so that their order is not told.
    """
    found: list[Row] = []
    pending: list[Row] = []
    blocks: list[dict[str, int]] = []
    for row, cells in rows:
        named = places(cells)
        if {"x", "y"} <= {role for role, _ in named}:
            found += _below(pending, blocks, source, title)
            found.append((row, cells))
            pending, blocks = [], _blocks(named)
        else:
            pending.append((row, cells))
    return found + _below(pending, blocks, source, title)


def _blocks(named: Sequence[tuple[str, int]]) -> list[dict[str, int]]:
    """Return the columns of each block of a heading; a block begins where a column comes again."""
    blocks: list[dict[str, int]] = []
    for role, at in named:
        if not blocks or role in blocks[-1]:
            blocks.append({})
        blocks[-1][role] = at
    return [block for block in blocks if {"x", "y"} & block.keys()]


def _below(rows: list[Row], blocks: Sequence[dict[str, int]], source: Path, title: str) -> list[Row]:
    if len(blocks) < 2:
        return rows
    first, *others = blocks
    start = min(at for block in others for at in block.values())
    whole = [(row, cells[:start]) for row, cells in rows if _holds(cells, first)]
    for block in others:
        for row, cells in rows:
            if _holds(cells, block):
                moved: list[str | None] = [None] * (max(first.values()) + 1)
                for role, at in first.items():
                    moved[at] = _cell(cells, block.get(role))
                whole.append((row, moved))
    if not whole:
        return rows
    rest = [(row, cells) for row, cells in rows if not any(_holds(cells, block) for block in blocks)]
    numbers = [_point_number(cells, first) for _, cells in whole]
    if not all({"x", "y"} <= block.keys() for block in blocks) or not _goes_on(numbers):
        place = whole[0][0]
        raise FeatureError("boundary_points.side_by_side", source=source, place=f"{title}:{place}" if title else place)
    return whole + rest


def _goes_on(numbers: Sequence[int | None]) -> bool:
    """Say whether numbers go up by one; the last may be the first again, which closes the ring."""
    known = [number for number in numbers if number is not None]
    rest = known[:-1] if len(known) > 2 and known[-1] == known[0] else known
    return len(known) == len(numbers) and rest == list(range(rest[0], rest[0] + len(rest)))


def _holds(cells: Sequence[str | None], block: dict[str, int]) -> bool:
    return any((_cell(cells, block.get(role)) or "").strip() for role in ("x", "y"))


def _cell(cells: Sequence[str | None], at: int | None) -> str | None:
    return cells[at] if at is not None and at < len(cells) else None


def _point_number(cells: Sequence[str | None], columns: dict[str, int]) -> int | None:
    """Return the number of a point, by its name or else its row's number."""
    for role in ("point", "number"):
        digits = re.search(r"(\d+)\D*$", _cell(cells, columns.get(role)) or "")
        if digits:
            return int(digits[1])
    return None
