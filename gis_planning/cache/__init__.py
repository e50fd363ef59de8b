"""Keep what was computed in the user's cache folder: values as plain arrays, found by what they were computed from."""
