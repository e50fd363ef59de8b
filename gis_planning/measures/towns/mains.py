"""Draw the towns of pipes for the measures of who lives near them."""

from __future__ import annotations

from gis_planning.measures.towns.pipes import Given, draw

__all__ = ["Given", "draw"]
