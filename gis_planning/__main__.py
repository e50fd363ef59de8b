"""Run the command line as `python -m gis_planning`."""

from gis_planning.cli import main

main()
