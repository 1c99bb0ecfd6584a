"""The school's year: days that differ from the ordinary, bells, and what a change of them does to lessons."""
