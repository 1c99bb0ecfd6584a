"""Writing of what journals have besides marks. A change that overtook another's is refused, and nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import Actor
from kernel.errors import Conflict, DomainError, NotFound
from modules.contingent import api as contingent
from modules.journal.kinds import queries
from modules.journal.kinds.data import Area, Stage
from modules.journal.kinds.models import Description, DevelopmentLevel, Programme
from modules.journal.kinds.rules import journal_of_course
from modules.journal.services import PeriodIsClosed, look_at_sheets
from modules.schedule import api as schedule

LONGEST = 1000


class WrittenMeanwhile(Conflict):
    message = _("{name} has written here meanwhile: “{text}”. Put both together and save again.")
    code = "written_meanwhile"


class NoWordsHere(DomainError):
    message = _("Marks are given to the pupil here: no words are asked.")
    code = "no_words_here"


class NoOwnProgramme(DomainError):
    message = _("In this journal pupils have no programmes of their own.")
    code = "no_own_programme"


class EndsBeforeItBegins(DomainError):
    message = _("The last day is before the first one.")
    code = "ends_before_it_begins"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to stand of a pupil; `seen` is the version that the page showed."""

    pupil_id: UUID
    text: str
    seen: int


def describe(
    *, actor: Actor, course_id: UUID, period_id: UUID, wishes: Sequence[Wish]
) -> dict[UUID, DomainError]:
    """Write the words, each pupil's by itself; answer what was refused. Raises NotFound, PeriodIsClosed.

    What says the same as stands changes nothing, so that a page saved twice writes once.
    """
    course = queries.opened(actor=actor, course_id=course_id)
    period = schedule.period(period_id=period_id)
    if period.year != course.year or period.kind != course.period_kind:
        raise NotFound
    if period.is_closed:
        raise PeriodIsClosed
    lines = {one.pupil_id: one for one in queries.described(actor=actor, course=course, period=period)}
    refused: dict[UUID, DomainError] = {}
    written = 0
    for wish in wishes:
        line = lines.get(wish.pupil_id)
        text = wish.text.strip()[:LONGEST]
        if line is None:
            refused[wish.pupil_id] = NoWordsHere()
        elif text == line.words.text:
            continue
        elif wish.seen != line.words.version:
            refused[wish.pupil_id] = _overtaken(line.words)
        elif _write(actor, course.id, period.id, wish.pupil_id, text, line.words.version + 1):
            written += 1
        else:
            now = queries.words_of(course_ids=[course.id], period_ids=[period.id])
            refused[wish.pupil_id] = _overtaken(now[course.id, wish.pupil_id])
    if written:
        audit.record(
            actor=actor,
            action="journal.described",
            object_type="class",
            object_id=course.school_class_id,
            details={"subject": course.subject_code, "period": period.code, "count": written},
        )
        # They stand on the sheet: one that was signed before the period was opened again says so at once.
        look_at_sheets(actor=actor, course_id=course.id, period_id=period.id)
    return refused


def _overtaken(stands: queries.Words) -> WrittenMeanwhile:
    return WrittenMeanwhile(name=stands.by or "–", text=stands.text or "–")


def _write(actor: Actor, course_id: UUID, period_id: UUID, pupil_id: UUID, text: str, version: int) -> bool:
    """Whether the version was ours to write: the constraint lets nobody write the same one twice."""
    try:
        with transaction.atomic():
            Description.objects.create(
                course_id=course_id,
                period_id=period_id,
                pupil_id=pupil_id,
                text=text,
                version=version,
                set_by=actor.user_id,
                set_by_name=actor.system or actor.name,
            )
    except IntegrityError:
        return False
    return True


# --- programmes of a pupil's own


@transaction.atomic
def set_programme(
    *, actor: Actor, course_id: UUID, pupil_id: UUID, aims: str, is_marked: bool, since: date
) -> Programme:
    """Let the pupil learn by a programme of his own from the day on; the one before ends the day before.

    Raises NotFound, NoOwnProgramme, EndsBeforeItBegins.
    """
    course = queries.opened(actor=actor, course_id=course_id)
    if not journal_of_course(course).may_have_programmes:
        raise NoOwnProgramme
    if pupil_id not in queries.pupils_between(actor=actor, course=course, start=since, end=date.max):
        raise NotFound
    row = _running(course_id, pupil_id)
    if row is not None and row.since > since:
        raise EndsBeforeItBegins
    if row is not None and row.since == since:
        row.aims, row.is_marked = aims, is_marked
        row.save(update_fields=["aims", "is_marked"])
    else:
        if row is not None:
            row.until = since - timedelta(days=1)
            row.save(update_fields=["until"])
        row = Programme.objects.create(
            course_id=course.id, pupil_id=pupil_id, aims=aims, is_marked=is_marked, since=since
        )
    audit.record(
        actor=actor,
        action="journal.programme.set",
        object_type="pupil",
        object_id=pupil_id,
        details={"subject": course.subject_code, "marks": is_marked, "since": since.isoformat()},
    )
    return row


@transaction.atomic
def end_programme(*, actor: Actor, course_id: UUID, pupil_id: UUID, until: date) -> None:
    """End the pupil's programme with the day. Raises NotFound, EndsBeforeItBegins."""
    course = queries.opened(actor=actor, course_id=course_id)
    row = _running(course_id, pupil_id)
    if row is None:
        raise NotFound
    if until < row.since:
        raise EndsBeforeItBegins
    row.until = until
    row.save(update_fields=["until"])
    audit.record(
        actor=actor,
        action="journal.programme.ended",
        object_type="pupil",
        object_id=pupil_id,
        details={"subject": course.subject_code, "until": until.isoformat()},
    )


def _running(course_id: UUID, pupil_id: UUID) -> Programme | None:
    rows = Programme.objects.select_for_update().filter(course_id=course_id, pupil_id=pupil_id, until=None)
    return rows.first()


# --- development of preschool children


class NoSuchLevel(DomainError):
    message = _("There is no such level of development.")
    code = "no_such_level"


class NotedMeanwhile(Conflict):
    message = _("Somebody else has noted the development of this class meanwhile. Look at the levels again.")
    code = "noted_meanwhile"


@dataclass(frozen=True, slots=True)
class Seen:
    """The level that a child is to have in an area; `seen` is the version that the page showed."""

    pupil_id: UUID
    area: str
    level: int | None
    seen: int


def note_development(*, actor: Actor, class_id: UUID, stage: str, seen: Sequence[Seen]) -> int:
    """Note levels of the class at a stage, all or none; answer how many have changed.

    Raises NotFound, NoSuchLevel, NotedMeanwhile.
    """
    queries.preschool_class(actor=actor, class_id=class_id)
    known_areas = {str(one) for one in Area}
    if stage not in {str(one) for one in Stage}:
        raise NotFound
    if any(one.area not in known_areas or one.level not in {None, 1, 2, 3} for one in seen):
        raise NoSuchLevel
    terms = contingent.terms_in_class(actor=actor, class_id=class_id, start=date.min, end=date.max)
    if not {one.pupil_id for one in seen} <= {one.id for one in terms}:
        raise NotFound
    stands = queries.development(class_id=class_id, stage=stage)
    rows = []
    for one in seen:
        now = stands.get((stage, one.pupil_id, one.area), queries.Look())
        if one.level == now.level:
            continue
        if one.seen != now.version:
            raise NotedMeanwhile
        rows.append(
            DevelopmentLevel(
                school_class_id=class_id,
                stage=stage,
                area=one.area,
                pupil_id=one.pupil_id,
                level=one.level,
                version=now.version + 1,
                set_by=actor.user_id,
                set_by_name=actor.system or actor.name,
            )
        )
    if not rows:
        return 0
    try:
        with transaction.atomic():
            DevelopmentLevel.objects.bulk_create(rows)
            audit.record(
                actor=actor,
                action="journal.development.noted",
                object_type="class",
                object_id=class_id,
                details={"stage": stage, "count": len(rows)},
            )
    except IntegrityError as overtaken:
        raise NotedMeanwhile from overtaken
    return len(rows)
