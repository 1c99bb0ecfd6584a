"""Finds timetables: a problem in plain data, a model, a judge of its own, and the files of FET."""
