"""Making the files: a class at a time, so that a school of any size fits into memory and can be stopped."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents import api as documents
from kernel import audit, clock, files, jobs
from kernel.access import Actor, Scope, require
from kernel.models import Job, StoredFile
from modules.contingent import api as contingent
from modules.contingent.data import ClassInfo, HealthLine
from modules.journal import permissions
from modules.journal.cards import queries as card_queries
from modules.journal.cards import showing as cards
from modules.journal.cards.data import ClassYear
from modules.journal.cards.papers import ReportCards
from modules.journal.export import queries, showing, workbooks
from modules.journal.export.papers import LastPages
from modules.journal.queries import Grid
from modules.journal.remarks import queries as remark_queries
from modules.journal.remarks.models import Remark
from modules.journal.services import looks
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo

PACK, PURPOSE = "journal.pack", "journal.export"
KEPT = timedelta(days=3)
TOGETHER = 4  # classes whose journals are read at once
Told = Callable[[int, int, str], None]
Journals = list[tuple[CourseInfo, list[Grid]]]


class What(StrEnum):
    """What is packed of each class."""

    JOURNALS_PDF = "journals_pdf"
    JOURNALS_EXCEL = "journals_excel"
    CARDS = "cards"
    BOOK = "book"

    @property
    def label(self) -> Any:
        return _LABELS[self.value]


_LABELS: dict[str, Any] = {
    What.JOURNALS_PDF: gettext_lazy("class journals in the form of the law (PDF)"),
    What.JOURNALS_EXCEL: gettext_lazy("class journals as spreadsheets (Excel)"),
    What.CARDS: gettext_lazy("report cards (PDF)"),
    What.BOOK: gettext_lazy("book of report cards (PDF)"),
}
OF_CLASS = "class"  # the language of instruction of each class


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. `language` is kk, ru, or that of each class."""

    year: str
    class_ids: tuple[UUID, ...]
    what: tuple[What, ...]
    language: str

    def plain(self) -> dict[str, Any]:
        """As it fits the row of a job."""
        return {
            "year": self.year,
            "class_ids": [str(one) for one in self.class_ids],
            "what": [str(one) for one in self.what],
            "language": self.language,
        }

    @staticmethod
    def of(params: dict[str, Any]) -> Wish:
        return Wish(
            params["year"],
            tuple(UUID(one) for one in params["class_ids"]),
            tuple(What(one) for one in params["what"]),
            params["language"],
        )


def ask(*, actor: Actor, wish: Wish, url: str) -> Job:
    """Put the packing into the queue; `url` is the page of archives, to which its notice leads.

    Raises NotFound for a class that is not the actor's.
    """
    require(actor, permissions.EXPORT)
    queries.chosen_classes(actor=actor, year=wish.year, class_ids=wish.class_ids)
    return jobs.start(PACK, actor=actor, url=url, **wish.plain())


def pack(*, actor: Actor, wish: Wish, told: Told) -> StoredFile:
    """One archive with the files of each class. Raises NotFound for a class that is not the actor's.

    `told` hears of each class and may raise to stop; then nothing is kept.
    """
    require(actor, permissions.EXPORT)
    classes = queries.chosen_classes(actor=actor, year=wish.year, class_ids=wish.class_ids)
    done = 0
    with tempfile.TemporaryFile(prefix="mektep-journals-") as room:
        # The parts are compressed already.
        # Closed at once when somebody stops it: the parts speak the language of their class.
        with (
            zipfile.ZipFile(room, "w", zipfile.ZIP_STORED) as archive,
            closing(_parts(actor, wish, classes)) as parts,
        ):
            for name, content, label, is_last in parts:
                if content:
                    archive.writestr(_entry(name), content)
                if is_last:
                    done += 1
                    told(done, len(classes), label)
        room.seek(0)
        content = room.read()
    with transaction.atomic():
        kept = files.store(
            actor=actor,
            name=f"{_('Journals')} {wish.year}.zip",
            content=content,
            content_type="application/zip",
            purpose=PURPOSE,
        )
        audit.record(
            actor=actor,
            action="journal.archive.made",
            object_type="archive",
            object_id=kept.pk,
            details={"year": wish.year, "classes": len(classes), "what": [str(one) for one in wish.what]},
        )
    return kept


def _entry(name: str) -> zipfile.ZipInfo:
    now = clock.now().astimezone(clock.ALMATY)
    return zipfile.ZipInfo(name, date_time=(now.year, now.month, now.day, now.hour, now.minute, now.second))


# A file: its name, its bytes, the class's label, whether the class is done.
Part = tuple[str, bytes, str, bool]


def _parts(actor: Actor, wish: Wish, classes: Sequence[ClassInfo]) -> Generator[Part, None, None]:
    for start in range(0, len(classes), TOGETHER):
        some = classes[start : start + TOGETHER]
        for language in ("kk", "ru"):
            mine = [one for one in some if _language(wish, one) == language]
            if mine:
                with translation.override(language):
                    yield from _of_some(actor, wish, mine, language)


def _language(wish: Wish, school_class: ClassInfo) -> str:
    return school_class.language if wish.language == OF_CLASS else wish.language


def _of_some(actor: Actor, wish: Wish, classes: Sequence[ClassInfo], language: str) -> Iterator[Part]:
    rooms = {
        one.school_class.id: one
        for one in card_queries.of_classes(actor=actor, year=wish.year, classes=classes)
    }
    journals = _journals(actor, wish, classes)
    remarks = _remarks(actor, journals)
    for school_class in classes:
        room = rooms.get(school_class.id)
        label = school_class.label
        mine = journals.get(school_class.id, [])
        last = showing.last_pages([one for one, __ in mine], None, None)
        if room is not None and _wants_journals(wish):
            last = showing.last_pages([one for one, __ in mine], _health(actor, school_class), remarks)
        if room is not None:
            _note_looks(actor, wish, room, mine)
        for what in wish.what:
            if room is not None:
                made = _file(actor, what, room, mine, last, language)
                yield f"{label}/{made[0]}", made[1], label, False
        yield "", b"", label, True


def _note_looks(actor: Actor, wish: Wish, room: ClassYear, journals: Journals) -> None:
    """Whose marks are taken along, in the journals and on the report cards."""
    if _wants_journals(wish):
        grids = [one for __, grids in journals for one in grids]
        looks.saw(actor=actor, pupils=looks.pupils_of(grids), purpose="journal.taken")
    if {What.CARDS, What.BOOK} & set(wish.what):
        looks.saw(actor=actor, pupils=[one.id for one in room.pupils], purpose="journal.cards.taken")


def _journals(actor: Actor, wish: Wish, classes: Sequence[ClassInfo]) -> dict[UUID, Journals]:
    if not _wants_journals(wish):
        return {}
    ids = {one.id for one in classes}
    courses = [one for one in schedule.courses(actor=actor, year=wish.year) if one.school_class_id in ids]
    found: dict[UUID, Journals] = {}
    for course, grids in queries.journals(courses=courses, year=wish.year):
        found.setdefault(course.school_class_id, []).append((course, grids))
    return found


def _wants_journals(wish: Wish) -> bool:
    return bool({What.JOURNALS_PDF, What.JOURNALS_EXCEL} & set(wish.what))


def _remarks(actor: Actor, journals: Mapping[UUID, Journals]) -> list[Remark] | None:
    """The pages of remarks that are open to the actor. Who sees those on his own subjects alone has no page to say
    that there are none; who answers for the class sees all of it."""
    if not journals or not actor.may(permissions.REMARKS):
        return None
    courses = [course.id for mine in journals.values() for course, __ in mine]
    found = remark_queries.of_courses(actor=actor, course_ids=courses)
    sees_all = actor.scopes(permissions.REMARKS) & {Scope.SCHOOL, Scope.OWN_CLASS}
    return found if found or sees_all else None


def _health(actor: Actor, school_class: ClassInfo) -> list[HealthLine] | None:
    """The health list, for whom it is open on the screen too; that it was taken along is logged as a look."""
    found = contingent.health_lines(actor=actor, class_id=school_class.id)
    if not found:
        return None
    audit.viewed(
        actor=actor,
        subject="pupil",
        subject_ids=[one.pupil.id for one in found],
        purpose="journal.class_health",
    )
    return found


def _file(
    actor: Actor, what: What, room: ClassYear, journals: Journals, last: LastPages, language: str
) -> tuple[str, bytes]:
    """A file of the class with its name, in the language in force."""
    label = room.label
    if what is What.JOURNALS_EXCEL:
        return f"{_('Class journal')} {label}.xlsx", workbooks.workbook(journals, last)
    form, data, name = {
        What.JOURNALS_PDF: lambda: (
            "journal.class_journal",
            showing.class_journal(room, journals, last),
            _("Class journal"),
        ),
        What.CARDS: lambda: (
            "journal.report_cards",
            ReportCards(room.year, cards.cards([room])),
            _("Report cards"),
        ),
        What.BOOK: lambda: ("journal.card_book", cards.book(room), _("Book of report cards")),
    }[what]()
    printed = documents.render(form, data, language=language, actor=actor)
    return f"{name} {label}.pdf", printed.content


def note_download(*, actor: Actor, file_id: UUID) -> None:
    audit.record(actor=actor, action="journal.archive.taken", object_type="archive", object_id=file_id)


def is_kept(row: Job) -> bool:
    """Whether the archive of a packing is there to be taken."""
    return bool(row.result.get("file") and row.finished_at and row.finished_at + KEPT > clock.now())


def clear(*, now: datetime) -> int:
    """Delete archives that have stood for their time; answers how many."""
    return files.delete_older(purpose=PURPOSE, before=now - KEPT)
