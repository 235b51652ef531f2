"""Programs that are too large for source: run in levels, by machine code or by NumPy."""
