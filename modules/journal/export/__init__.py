"""Whole journals as files: a course's year, a class's journal in the form of the law, all journals of the school."""
