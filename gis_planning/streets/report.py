"""Tell what became of the streets when their network was built."""

from __future__ import annotations

from dataclasses import dataclass

from gis_planning.streets.noding import SNAP_M
from gis_planning.texts import Text, text


@dataclass(frozen=True)
class Island:
    """Streets joined to one another but not to the network; `features` are positions in the streets layer."""

    component: int
    nodes: int
    length_m: float
    features: tuple[int, ...]


@dataclass(frozen=True)
class Report:
    """What became of the streets.

    Attributes
    ----------
    features
        Features delivered.
    closed
        Features closed to this mode.
    unusable_parts
        Parts that are not lines or have broken coordinates.
    zero_length_parts
        Parts of at most 1 mm, dropped.
    duplicate_parts
        Parts drawn again along the same vertices, either way round, dropped.
    overlapping_edges
        Edges that lie on another edge after noding, dropped.
    cut_by_barriers
        Edges cut, or parted from others at a junction, by barriers.
    nodes, edges, length_m
        The network as built, islands included; the length is without the straight ways across plazas.
    islands
        Longest first.
    posts, odd_posts
        Points at which streets are closed, and points of no kind that is known, which close nothing.
    plazas
        Polygons that people may cross.
    climb_m
        Rises and falls along all streets, one way; None without an elevation.
    without_elevation_m
        Streets for which the elevation has no height; they count as level.
    without_nodes
        Features that name no nodes among others that do; all are then joined where they meet.
    odd_speeds
        Features whose stated speed cannot be one.
    ferries_without_speed
        Ferries that state no speed, left out.
    tolled
        Features that ask for a toll, which costs no time.
    turns, turns_unmatched
        Forbidden turns that hold, and the positions of those that fit no junction of such streets.
    """

    features: int
    closed: int
    unusable_parts: int
    zero_length_parts: int
    duplicate_parts: int
    overlapping_edges: int
    cut_by_barriers: int
    nodes: int
    edges: int
    length_m: float
    islands: tuple[Island, ...]
    posts: int = 0
    odd_posts: int = 0
    plazas: int = 0
    climb_m: float | None = None
    without_elevation_m: float = 0.0
    without_nodes: int = 0
    odd_speeds: int = 0
    ferries_without_speed: int = 0
    tolled: int = 0
    turns: int = 0
    turns_unmatched: tuple[int, ...] = ()

    @property
    def mean_slope(self) -> float | None:
        """Return the mean slope by length, up or down (0.05 is 5 m on 100 m); None where no height is known."""
        known_m = self.length_m - self.without_elevation_m
        return None if self.climb_m is None or known_m < SNAP_M else self.climb_m / known_m

    def notes(self) -> tuple[Text, ...]:
        """Return what a reader must know; nothing where nothing was changed."""
        counts = {
            "streets.note_closed": self.closed,
            "streets.note_unusable": self.unusable_parts,
            "streets.note_zero_length": self.zero_length_parts,
            "streets.note_duplicates": self.duplicate_parts,
            "streets.note_overlaps": self.overlapping_edges,
            "streets.note_barriers": self.cut_by_barriers,
            "streets.note_posts": self.posts,
            "streets.note_odd_posts": self.odd_posts,
            "streets.note_plazas": self.plazas,
            "streets.note_without_nodes": self.without_nodes,
            "streets.note_odd_speeds": self.odd_speeds,
            "streets.note_ferries": self.ferries_without_speed,
            "streets.note_tolled": self.tolled,
            "streets.note_turns": self.turns,
        }
        notes = [text(key, count=count) for key, count in counts.items() if count]
        if self.turns_unmatched:
            some = [f"#{at + 1}" for at in self.turns_unmatched[:5]] + ["..."] * (len(self.turns_unmatched) > 5)
            notes.append(text("streets.note_turns_unmatched", count=len(self.turns_unmatched), features=some))
        if self.islands:
            length_m = sum(island.length_m for island in self.islands)
            notes.append(text("streets.note_islands", count=len(self.islands), length_m=length_m))
        if self.mean_slope is not None:
            notes.append(text("streets.note_slope", slope=self.mean_slope * 100))
        if self.without_elevation_m > SNAP_M:
            notes.append(text("streets.note_without_elevation", length_m=self.without_elevation_m))
        return tuple(notes)
