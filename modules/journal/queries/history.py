"""The history of one cell, as the triggers wrote it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from identity.models import Session, User
from kernel.access import Actor
from kernel.errors import NotFound
from modules.journal.data import HistoryLine
from modules.journal.models import MarkEvent
from modules.journal.queries.journals import open_course
from modules.schedule import api as schedule


def history(
    *,
    actor: Actor,
    course_id: UUID,
    pupil_id: UUID,
    lesson_id: UUID | None = None,
    period_id: UUID | None = None,
    kind: str = "",
) -> list[HistoryLine]:
    """Every change of the cell, newest first; raises NotFound for a journal that is not the actor's."""
    open_course(actor=actor, course_id=course_id)
    rows = MarkEvent.objects.filter(pupil_id=pupil_id)
    if period_id is not None:
        rows = rows.filter(course_id=course_id, period_id=period_id)
    else:
        if not any(
            one.id == lesson_id
            for one in schedule.lessons_of_course(course_id=course_id, start=date.min, end=date.max)
        ):
            raise NotFound
        rows = rows.filter(lesson_id=lesson_id)
        if kind:
            also = ["absence"] if kind == "fo" else []
            rows = rows.filter(field__in=[kind, f"comment-{kind}", f"voice-{kind}", *also])
    found = list(rows.order_by("-id")[:100])
    names = names_of({row.by_user for row in found if row.by_user})
    sessions = Session.objects.filter(pk__in={row.by_session for row in found if row.by_session})
    devices = dict(sessions.values_list("pk", "device"))
    return [
        HistoryLine(
            at=row.at,
            action=row.action,
            field=row.field,
            old=row.old,
            new=row.new,
            by_user=row.by_user,
            by=names.get(row.by_user or 0, "") or (_("past the product") if row.source == "sql" else ""),
            device=devices.get(row.by_session or 0, ""),
            reason=row.reason,
            source=row.source,
        )
        for row in found
    ]


def names_of(user_ids: Iterable[int]) -> dict[int, str]:
    """Short names of accounts, for "who changed it"."""
    rows = User.objects.filter(pk__in=set(user_ids))
    return {row.pk: row.person_name.short for row in rows}
