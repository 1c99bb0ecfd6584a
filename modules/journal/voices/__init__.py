"""Comments that are said and not written: a short recording beside a cell, heard by the pupil and the parents."""
