"""Journals on the device of their teacher, for lessons without a connection (decision 0020)."""
