"""Open a county folder: its layers as delivered and as judged, or a refusal."""
