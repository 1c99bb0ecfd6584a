"""Files made into tables: what kind they are, whether they are safe, what stands in which row."""

from imports.reading.files import BadFile, Kind, kind_of
from imports.reading.headers import Heads, find_heads, signature
from imports.reading.sheets import MAX_ROWS, Table, read_tables

__all__ = [
    "MAX_ROWS",
    "BadFile",
    "Heads",
    "Kind",
    "Table",
    "find_heads",
    "kind_of",
    "read_tables",
    "signature",
]
