"""Measure ours against peers in one run: `python scripts/bench [PART] [--help]`; without a part, coverage.

Prints tables ready for scripts/bench/README.md. Both sides compute on the same input, and where both claim to be exact
the results must agree before a ratio is printed.
"""

from __future__ import annotations

import argparse
import sys

import city
import coverage
import drive
import kernels
import quality
import reach
import reading
import redlines
import review
import rings
import run

import maps

PARTS = {
    "coverage": coverage,
    "run": run,
    "city": city,
    "kernels": kernels,
    "reach": reach,
    "drive": drive,
    "rings": rings,
    "redlines": redlines,
    "review": review,
    "reading": reading,
    "quality": quality,
    "maps": maps,
}


def main() -> None:
    """Run one benchmark; coverage if none is named."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = words.add_subparsers(dest="part")
    for name, module in PARTS.items():
        module.options(parts.add_parser(name, help=module.__doc__))
    given = sys.argv[1:]
    named = given and (given[0] in PARTS or given[0] in {"-h", "--help"})
    chosen = words.parse_args(given if named else ["coverage", *given])
    PARTS[chosen.part].run(chosen)


if __name__ == "__main__":
    main()
