"""Absences of teachers, the lessons they open, and who takes them."""
