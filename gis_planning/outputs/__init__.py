"""Write results beside their place and put them there whole; what is not ours is never replaced.

A run writes into a folder of its own beside the target (`stage`), and under a lock (`locks`) its files go in, each in
one step (`placing`). What is in the way is ours where a run wrote it and nobody changed it since (`marks`, `book`);
anything else is kept under another name, which is told. What a killed run began is finished, or swept, by the next.
"""

from gis_planning.outputs.inputs import refuse_among, refuse_folder, refuse_inputs
from gis_planning.outputs.telling import kept_told_to
from gis_planning.outputs.writing import Wish, new_folder, remove_empty, replacing

__all__ = [
    "Wish",
    "kept_told_to",
    "new_folder",
    "refuse_among",
    "refuse_folder",
    "refuse_inputs",
    "remove_empty",
    "replacing",
]
