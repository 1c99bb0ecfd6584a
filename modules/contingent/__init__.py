"""Pupils, their guardians, classes, and who was in which class when."""
