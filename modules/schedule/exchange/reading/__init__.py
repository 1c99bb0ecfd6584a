"""Files of timetables made into lessons: a wall sheet, FET, aSc. Nothing here knows the school's tables.

What a file holds beside lessons, or what we cannot take, is told in `Reading.told`; nothing goes in silence.
"""

from modules.schedule.exchange.reading.files import read, read_program
from modules.schedule.exchange.reading.lines import Line, Reading, Vocabulary

__all__ = ["Line", "Reading", "Vocabulary", "read", "read_program"]
