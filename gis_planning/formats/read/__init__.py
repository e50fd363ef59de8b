"""Read what is delivered, one module a format, and refuse what is not what its name says."""
