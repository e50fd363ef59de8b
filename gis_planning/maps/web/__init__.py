"""The main map of a run: every layer on one page of any size, with table, search, filters and tools."""
