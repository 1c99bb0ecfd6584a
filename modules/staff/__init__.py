"""Employees of the school: posts, rates and the subjects they teach."""
