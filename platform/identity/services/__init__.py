"""Writes of identity, by what they touch."""
