"""Keep the ledger of what was mended: feature by feature, what was done and why not."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path

import numpy as np

from gis_planning.county.raw import Raw
from gis_planning.outputs.moment import stamped
from gis_planning.texts import Lang, say

MENDED, LEDGER = "repaired.gpkg", "repairs.csv"
#: Table in which the ledger stands beside what was mended.
LEDGER_TABLE = "ledger"
#: Features of a refusal that are named on the console.
NAMED = 3


@dataclass(frozen=True)
class Step:
    """What became of one fault of one feature; areas are in m2, on the plane of the source or the working CRS.

    `action` is `mended`, `matched` (only vertices of a mended neighbour were added on its edges), `refused` (it is
    as it was), or `left` (there is nothing to mend it from, or the table cannot be read). `why` it was refused: it
    would have been `lost`, changed by more than the `tolerance`, a `neighbour` that it hangs together with was refused,
    or nobody can tell what is a hole in it (`holes`). `bsm` and `tbbh` are what it says in these columns, empty
    where it says nothing.
    """

    table: str
    feature: str
    fault: str
    action: str
    before_m2: float
    after_m2: float
    why: str = ""
    bsm: str = ""
    tbbh: str = ""


def identified(read: Raw, steps: Sequence[Step]) -> list[Step]:
    """Return steps with the identifier and the number of their features, as far as the table has them."""
    from gis_planning.measures.held import named  # noqa: PLC0415 - slow to import

    position = {str(one): at for at, one in enumerate(read.frame.index)}
    said = named(read, np.array([position[step.feature] for step in steps], dtype=np.intp))
    return [
        replace(step, bsm=bsm or "", tbbh=tbbh or "")
        for step, bsm, tbbh in zip(steps, said["bsm"], said["tbbh"], strict=True)
    ]


def refusals(steps: Iterable[Step], lang: Lang) -> Iterator[str]:
    """Yield a line for what was refused in a table for one reason, with the first features."""
    found: dict[tuple[str, str, str], list[Step]] = {}
    for step in steps:
        if step.action == "refused":
            found.setdefault((step.table, step.fault, step.why), []).append(step)
    for (table, fault, why), own in found.items():
        named = say("review.comma", lang).join(one.bsm or one.feature for one in own[:NAMED])
        yield say(
            "repairs.refused",
            lang,
            table=table,
            fault=say(f"repairs.fault_{fault}", lang),
            why=say(f"repairs.why_{why}", lang),
            count=len(own),
            features=named + ("…" if len(own) > NAMED else ""),
        )


def write_ledger(steps: Iterable[Step], folder: Path, lang: Lang) -> None:
    """Write the ledger as CSV, and beside what was mended as a table."""
    steps = tuple(steps)
    with (folder / LEDGER).open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(say(f"repairs.column_{field.name}", lang) for field in fields(Step))
        for step in steps:
            words = say(f"repairs.fault_{step.fault}", lang), say(f"repairs.action_{step.action}", lang)
            areas = f"{step.before_m2:.4f}", f"{step.after_m2:.4f}"
            why = say(f"repairs.why_{step.why}", lang) if step.why else ""
            named = map(_harmless, (step.bsm, step.tbbh))
            rows.writerow([_harmless(step.table), step.feature, *words, *areas, why, *named])
    if (folder / MENDED).exists():
        import pandas as pd  # noqa: PLC0415
        import pyogrio  # noqa: PLC0415

        table = pd.DataFrame([astuple(step) for step in steps], columns=[field.name for field in fields(Step)])
        with stamped():
            pyogrio.write_dataframe(table, folder / MENDED, layer=LEDGER_TABLE, driver="GPKG", append=True)


def _harmless(words: str) -> str:
    """Return words that no spreadsheet takes for a formula."""
    return f"'{words}" if words.startswith(tuple("=+-@\t\r")) else words
