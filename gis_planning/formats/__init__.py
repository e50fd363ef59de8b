"""Read and write the formats that need more than a plain read, one module each."""
