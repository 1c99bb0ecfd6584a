"""Writes of reports: what a teacher says of a work, who is whose mentor, what a mentor says of a quarter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import Conflict, DomainError, NotFound
from modules.journal import permissions
from modules.journal.models import SummativeWork
from modules.journal.reports.models import ClassConclusion, MentorReport, Mentorship, WorkAnalysis
from modules.journal.reports.queries.ground import Span
from modules.journal.reports.queries.rooms import classes_of
from modules.journal.reports.queries.works import writes_analysis
from modules.schedule import api as schedule
from modules.staff import api as staff

SAID = ("reached", "hard", "difficulties", "reasons", "correction")


class WrittenMeanwhile(Conflict):
    message = _(
        "Somebody has changed this text meanwhile. What you typed is here; look at theirs before you save."
    )
    code = "written_meanwhile"


@transaction.atomic
def save_analysis(
    *, actor: Actor, work_id: UUID, said: Mapping[str, str], seen: datetime | None
) -> WorkAnalysis:
    """Keep what the teacher says of the work; `seen` is when the text that was shown was written.

    Raises NotAllowed, NotFound for another's journal, WrittenMeanwhile.
    """
    require(actor, permissions.SET_MARKS)
    # Two who save together: the second waits here, then is told.
    work = (
        SummativeWork.objects.select_for_update(of=("self",))
        .select_related("lesson")
        .filter(pk=work_id)
        .first()
    )
    if work is None:
        raise NotFound
    course = schedule.course(actor=actor, course_id=work.lesson.course_id)
    if not writes_analysis(actor, course.teacher_id):
        raise NotFound
    row = WorkAnalysis.objects.filter(work=work).first()
    if (row.changed_at if row else None) != seen:
        raise WrittenMeanwhile
    row = row or WorkAnalysis(work=work)
    for name in SAID:
        setattr(row, name, said[name])
    row.author_name, row.changed_at = actor.name, clock.now()
    if row._state.adding:
        row.save(force_insert=True)
    else:
        row.save(update_fields=[*SAID, "author_name", "changed_at"])
    audit.record(actor=actor, action="journal.work.analysed", object_type="work", object_id=work_id)
    return row


# --- the class teacher

CONCLUDED = ("done", "conclusion", "ahead")


@transaction.atomic
def conclude(
    *, actor: Actor, class_id: UUID, span: Span, said: Mapping[str, str], seen: datetime | None
) -> ClassConclusion:
    """Keep what the class teacher says of the period; raises NotAllowed, NotFound for another's class, WrittenMeanwhile."""
    require(actor, permissions.CONCLUDE)
    if not any(one.id == class_id and one.concludes for one in classes_of(actor=actor, span=span)):
        raise NotFound
    words: dict[str, Any] = {name: said[name].strip() for name in CONCLUDED}
    words |= {"author_name": actor.name, "changed_at": clock.now()}
    # Two who save together: the second waits here, then is told.
    row, is_new = ClassConclusion.objects.select_for_update().get_or_create(
        school_class_id=class_id, period=span.code, defaults=words
    )
    if not is_new:
        if row.changed_at != seen:
            raise WrittenMeanwhile
        for name, value in words.items():
            setattr(row, name, value)
        row.save(update_fields=list(words))
    audit.record(
        actor=actor,
        action="journal.class_report.concluded",
        object_type="class",
        object_id=class_id,
        details={"year": span.year, "period": span.code},
    )
    return row


# --- mentors


class MentorOfOneself(DomainError):
    message = _("Nobody is a mentor of oneself.")
    code = "mentor_of_oneself"


class HasMentor(DomainError):
    message = _("This teacher has a mentor already: end that first.")
    code = "has_mentor"


class EndsBeforeItBegins(DomainError):
    message = _("The last day is before the first.")
    code = "ends_before_it_begins"


@transaction.atomic
def appoint_mentor(*, actor: Actor, mentor_id: UUID, teacher_id: UUID, since: date) -> Mentorship:
    """Give the young teacher a mentor; raises NotAllowed, NotFound, MentorOfOneself or HasMentor."""
    require(actor, permissions.CONTROL)
    if mentor_id == teacher_id:
        raise MentorOfOneself
    if len(staff.teachers(actor=actor, employee_ids=[mentor_id, teacher_id])) != 2:
        raise NotFound
    made, is_new = Mentorship.objects.get_or_create(
        teacher_id=teacher_id, until=None, defaults={"mentor_id": mentor_id, "since": since}
    )
    if not is_new:
        raise HasMentor
    audit.record(actor=actor, action="journal.mentor.appointed", object_type="employee", object_id=teacher_id)
    return made


@transaction.atomic
def end_mentorship(*, actor: Actor, mentorship_id: UUID, until: date) -> None:
    """The last day on which the mentor answers for the teacher; raises NotFound, EndsBeforeItBegins."""
    require(actor, permissions.CONTROL)
    row = Mentorship.objects.select_for_update().filter(pk=mentorship_id).first()
    if row is None:
        raise NotFound
    if until < row.since:
        raise EndsBeforeItBegins
    row.until = until
    row.save(update_fields=["until"])
    audit.record(actor=actor, action="journal.mentor.ended", object_type="employee", object_id=row.teacher_id)


MENTOR_SAID = ("done", "results", "advice")


@transaction.atomic
def save_mentor_report(
    *, actor: Actor, mentorship_id: UUID, period_id: UUID, said: Mapping[str, str], seen: datetime | None
) -> MentorReport:
    """Keep what the mentor says of a quarter of the term; raises NotFound for another's, WrittenMeanwhile."""
    require(actor, permissions.VIEW)
    pair = Mentorship.objects.select_for_update().filter(pk=mentorship_id).first()
    if pair is None or actor.person_id is None or pair.mentor_id != actor.person_id:
        raise NotFound
    period = schedule.period(period_id=period_id)
    if period.end < pair.since or (pair.until is not None and period.start > pair.until):
        raise NotFound
    row = MentorReport.objects.filter(mentorship=pair, period_id=period.id).first()
    if (row.changed_at if row else None) != seen:
        raise WrittenMeanwhile
    row = row or MentorReport(mentorship=pair, period_id=period.id)
    for name in MENTOR_SAID:
        setattr(row, name, said[name])
    row.changed_at = clock.now()
    if row._state.adding:
        row.save(force_insert=True)
    else:
        row.save(update_fields=[*MENTOR_SAID, "changed_at"])
    audit.record(
        actor=actor, action="journal.mentor.reported", object_type="employee", object_id=pair.teacher_id
    )
    return row
