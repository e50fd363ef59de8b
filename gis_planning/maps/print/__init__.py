"""Draw for paper: sheets, figures of documents, sketches."""
