"""Draw results as interactive map pages and print sheets; nothing is computed here."""
