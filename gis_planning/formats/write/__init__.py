"""Write what a format can hold, and say what it cannot."""
