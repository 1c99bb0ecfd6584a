"""The report on isolation: what was tried against the walls between schools, and what came of it."""
