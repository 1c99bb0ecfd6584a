"""Writes of reports: what a teacher says of a work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import Conflict, NotFound
from modules.journal import permissions
from modules.journal.models import SummativeWork
from modules.journal.reports.models import WorkAnalysis
from modules.journal.reports.queries.works import writes_analysis
from modules.schedule import api as schedule

SAID = ("reached", "hard", "difficulties", "reasons", "correction")


class WrittenMeanwhile(Conflict):
    message = _(
        "Somebody has changed this analysis meanwhile. What you typed is here; look at theirs before you save."
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
