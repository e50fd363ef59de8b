"""Number the national map sheets: trapezoids of longitude and latitude, numbered from the millionth map down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

#: Of each scale: the letter in its numbers, and into how many rows and columns it divides a sheet of the millionth map,
#: which is 6 degrees wide and 4 high (GB/T 13989-2012).
SERIES = {
    1_000_000: ("A", 1),
    500_000: ("B", 2),
    250_000: ("C", 4),
    100_000: ("D", 12),
    50_000: ("E", 24),
    25_000: ("F", 48),
    10_000: ("G", 96),
    5_000: ("H", 192),
}
WIDE, HIGH = 6.0, 4.0
#: North of this sheets of several columns are printed together; no county reaches it.
NORTH = 60.0


@dataclass(frozen=True)
class MapSheet:
    """One sheet of a national series: its number, and its bounds in degrees."""

    number: str
    scale: int
    west: float
    south: float
    east: float
    north: float


def sheet_at(lon: float, lat: float, scale: int) -> MapSheet:
    """Return the sheet of a series that a place lies on; a place on an edge lies on the sheet east or north of it.

    Raises
    ------
    ValueError
        The place lies south of the equator, beyond 60 degrees or outside -180 to 180, or there is no such series.

    Examples
    --------
    >>> sheet_at(113.19, 41.43, 10_000).number
    'K49G062084'
    >>> sheet_at(116.4, 39.9, 1_000_000).number
    'J50'
    """
    if scale not in SERIES or not (0 <= lat < NORTH and -180 <= lon < 180):
        message = f"no sheet of 1:{scale} at {lon}, {lat}"
        raise ValueError(message)
    letter, parts = SERIES[scale]
    # Counted in whole sheets of the series: degrees times parts are exact where degrees are.
    column, row = int((lon + 180) * parts / WIDE), int(lat * parts / HIGH)
    return _sheet(column, row, scale, letter, parts)


def sheets_over(west: float, south: float, east: float, north: float, scale: int) -> Iterator[MapSheet]:
    """Return the sheets that cover a rectangle of degrees, from the north-west, row by row."""
    letter, parts = SERIES[scale]
    first, last = sheet_at(west, south, scale), sheet_at(east, north, scale)
    columns = [round((one.west + 180) * parts / WIDE) for one in (first, last)]
    rows = [round(one.south * parts / HIGH) for one in (first, last)]
    for row in range(rows[1], rows[0] - 1, -1):
        for column in range(columns[0], columns[1] + 1):
            yield _sheet(column, row, scale, letter, parts)


def _sheet(column: int, row: int, scale: int, letter: str, parts: int) -> MapSheet:
    band, zone = row // parts, column // parts
    number = f"{chr(ord('A') + band)}{zone + 1:02d}"
    if parts > 1:
        number += f"{letter}{parts - row % parts:03d}{column % parts + 1:03d}"
    west, south = column * WIDE / parts - 180, row * HIGH / parts
    return MapSheet(number, scale, west, south, (column + 1) * WIDE / parts - 180, (row + 1) * HIGH / parts)
