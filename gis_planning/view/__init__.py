"""What every page and report shares: numbers and units in words, and the sheets of a run."""
