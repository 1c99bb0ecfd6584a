"""Cells made plain: pure functions from what stands in a cell to what is meant by it.

Each takes the cell and answers a `Read`: the value and what is doubtful about it.
"""

from imports.normalise.classes import class_in, school_class, shift
from imports.normalise.dates import birth_date, day, past_day
from imports.normalise.iin import iin
from imports.normalise.names import full_name, person_name
from imports.normalise.phones import email, phone, phone_behind
from imports.normalise.text import clean, clip, number, text
from imports.normalise.words import language, sex, words, yes_no

__all__ = [
    "birth_date",
    "class_in",
    "clean",
    "clip",
    "day",
    "email",
    "full_name",
    "iin",
    "language",
    "number",
    "past_day",
    "person_name",
    "phone",
    "phone_behind",
    "school_class",
    "sex",
    "shift",
    "text",
    "words",
    "yes_no",
]
