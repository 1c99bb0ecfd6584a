"""Journals that are kept otherwise than by marks of lessons: which kind a journal is, and what each kind has besides the grid.

`rules.journal_of` decides it for the whole module.
"""
