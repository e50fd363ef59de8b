"""What was measured and judged: frozen, written, compared."""
