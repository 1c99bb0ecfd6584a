"""The papers of the schedule; each room declares its own."""

from modules.schedule.load import printing

__all__ = ["printing"]
