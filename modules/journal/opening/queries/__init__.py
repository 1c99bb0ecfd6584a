"""`standing` for the saving and the grid, which stand below the rest of the journal's reads; `requests` for the pages."""
