"""The head of the school's papers: as the school was called on the day of the paper."""

from __future__ import annotations

from datetime import date

from documents import api as documents
from documents.data import Letterhead
from modules.school import queries


def head_on(day: date) -> Letterhead:
    known = queries.profile(on=day)
    return Letterhead(
        name_kk=known.name_kk,
        name_ru=known.name_ru,
        place_kk=known.address_kk,
        place_ru=known.address_ru,
        bin=known.bin,
        director=known.director,
    )


documents.letterhead(head_on)
