"""Measure quantities from layers: one module per family, one pure function per measure, found by name.

A measure takes layers by position and settings by keyword. A parameter called like a layer kind receives that layer; a
clause may hand it another one. Parameters with a default of None are layers it can do without. The unit stands in the
return annotation; `AnyUnit` is measured in the one that the clause says, which is told as the setting `unit`.
"""

from __future__ import annotations

from typing import Annotated

from gis_planning.results.verdicts import Measured

Share = Annotated[Measured, "share"]
Count = Annotated[Measured, "count"]
Per1000 = Annotated[Measured, "per_1000"]
SquareMetres = Annotated[Measured, "m2"]
Metres = Annotated[Measured, "m"]
Minutes = Annotated[Measured, "min"]
Kilometres = Annotated[Measured, "km"]
SquareKm = Annotated[Measured, "km2"]
KmPerKm2 = Annotated[Measured, "km_per_km2"]
M2PerPerson = Annotated[Measured, "m2_per_person"]
PerKm2 = Annotated[Measured, "per_km2"]
Households = Annotated[Measured, "households"]
Ratio = Annotated[Measured, "number"]
AnyUnit = Annotated[Measured, "any"]
