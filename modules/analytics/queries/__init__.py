"""Reads of figures: definitions, what modules below count, the school's own facts, and what authorities see."""
