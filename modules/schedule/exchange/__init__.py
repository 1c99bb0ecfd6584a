"""Timetables come in from files of other programs, go out on paper and in files, and are laid side by side."""
