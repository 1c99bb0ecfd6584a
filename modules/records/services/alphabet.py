"""Writing pupils into the alphabetical book: once, under a number that is never given again."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import connection, transaction

from kernel import audit, clock
from kernel.access import Actor, require
from modules.contingent import api as contingent
from modules.contingent.data import MovementInfo
from modules.records import permissions, queries
from modules.records.models import AlphabetEntry
from modules.school import api as school

RETURNING = "records.returning_number"
SAME_NUMBER, NEW_NUMBER = "same", "new"
# The number that a paper book had given: "К-12", "К/12", "К 12".
_ON_PAPER = re.compile(r"^(?P<letter>\w)\s*[-/№ ]\s*(?P<number>\d{1,4})$")
_HOLD = "SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.records.alphabet'))"


@transaction.atomic
def write_in(*, actor: Actor, pupil_ids: Iterable[UUID] | None = None) -> int:
    """Give an entry to everybody who has come and has none; answer how many. Done twice, it does nothing.

    The number stands on the personal file: one that the card has already from a paper book is kept if it is free.
    """
    require(actor, permissions.KEEP)
    with connection.cursor() as cursor:
        cursor.execute(_HOLD)  # two who write at the same time would both find the same newcomers
    waiting = queries.unwritten(actor=actor, pupil_ids=pupil_ids)
    if not waiting:
        return 0
    ids = {one.pupil.id for one, _turn in waiting}
    files = {key: card.file_number for key, card in contingent.book_cards(actor=actor, pupil_ids=ids).items()}
    before = {row.pupil_id: row for row in AlphabetEntry.objects.filter(pupil_id__in=ids).order_by("turn")}
    taken = _Numbers()
    keeps = school.setting(RETURNING) == SAME_NUMBER
    paper = _paper_numbers([one for one, _turn in waiting], files)
    # Numbers of the paper book are taken first, so that nobody gets one of them by chance.
    waiting.sort(key=lambda pair: pair[0].pupil.id not in paper)
    fresh = []
    for one, turn in waiting:
        old = before.get(one.pupil.id) if turn > 1 and keeps else None
        if old is not None:
            letter, number = old.letter, old.number
        else:
            letter, number = taken.give(one, paper.get(one.pupil.id))
        row = AlphabetEntry(
            letter=letter,
            number=number,
            turn=turn,
            pupil_id=one.pupil.id,
            year=clock.school_year_of(one.day),
            surname=one.pupil.surname,
            name=one.pupil.name,
            patronymic=one.pupil.patronymic,
            written_at=clock.now(),
        )
        before[one.pupil.id] = row
        fresh.append(row)
    AlphabetEntry.objects.bulk_create(fresh, batch_size=1000)
    audit.record(
        actor=actor, action="records.alphabet.written", object_type="alphabet", details={"count": len(fresh)}
    )
    return len(fresh)


class _Numbers:
    """The next number of each letter, after the greatest that was ever given: the caller holds the book."""

    def __init__(self) -> None:
        self.used: dict[str, set[int]] = defaultdict(set)
        for letter, number in AlphabetEntry.objects.values_list("letter", "number"):
            self.used[letter].add(number)

    def give(self, one: MovementInfo, wanted: int | None) -> tuple[str, int]:
        letter = one.pupil.surname[:1].upper()
        used = self.used[letter]
        number = wanted if wanted and wanted not in used else max(used, default=0) + 1
        used.add(number)
        return letter, number


def _paper_numbers(newcomers: Sequence[MovementInfo], files: Mapping[UUID, str]) -> dict[UUID, int]:
    """Numbers that the cards bring from an alphabetical book on paper.

    A school that files by class or by year writes numbers like these too; there the letter is seldom that of the
    surname. So they are taken only if most of those that come together have the right letter.
    """
    found: dict[UUID, int] = {}
    strangers = 0
    for one in newcomers:
        read = _ON_PAPER.match(files.get(one.pupil.id, ""))
        if read and read["letter"].upper() == one.pupil.surname[:1].upper():
            found[one.pupil.id] = int(read["number"])
        elif read:
            strangers += 1
    return found if len(found) > strangers else {}
