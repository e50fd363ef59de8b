"""Hold clauses against a county or against project parcels: rules, verdicts, reviews."""
