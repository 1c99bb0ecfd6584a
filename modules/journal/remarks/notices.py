"""The teacher hears of a remark and of its end, whoever made it hears of the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from identity import api as identity
from kernel.access import Actor
from modules.journal import permissions
from modules.journal.remarks.models import Remark
from modules.schedule.data import CourseInfo
from notify import api as notify
from tenants import reference

TOPIC = "journal.remarks"


def _words(params: Mapping[str, Any]) -> Mapping[str, Any]:
    subject = reference.subjects().get(str(params.get("subject", "")))
    return {**params, "subject": subject.name} if subject else params


def _declared(code: str, title: Any) -> str:
    body = "{class}, {subject}: {text}"
    notify.message(code, topic=TOPIC, title=title, body=body, icon="message", values=_words)
    return code


notify.topic(
    TOPIC,
    _("Remarks on journals"),
    hint=_("A remark on your journal, an answer to yours, a remark put right."),
    permission=permissions.REMARKS,
)
MADE = _declared("journal.remark_made", _("A remark on your journal"))
ANSWERED = _declared("journal.remark_answered", _("{name} has answered your remark"))
DONE = _declared("journal.remark_done", _("Your remark is marked as put right"))


def tell_teacher(row: Remark, message: str, course: CourseInfo, *, actor: Actor) -> None:
    if course.teacher_id is not None:
        people = [one.id for one in identity.accounts_of([course.teacher_id]).values()]
        _tell(people, message, row, course, row.text, actor)


def tell_maker(row: Remark, course: CourseInfo, *, actor: Actor) -> None:
    if row.made_by is not None:
        _tell([row.made_by], ANSWERED, row, course, row.answer, actor)


def _tell(people: list[int], message: str, row: Remark, course: CourseInfo, text: str, actor: Actor) -> None:
    params: dict[str, str | int] = {
        "class": course.class_label,
        "subject": course.subject_code,
        "text": text if len(text) <= 150 else f"{text[:149]}…",
        "name": actor.name,
    }
    page = f"{_path('journal:remarks_of', row.course_id)}#remark-{row.pk}"
    notify.tell(people, TOPIC, message, params, page, actor=actor, group=f"{message}:{row.pk}")


def _path(name: str, *ids: UUID) -> str:
    # A worker serves no host, so it has no routes of its own.
    return reverse(name, args=ids, urlconf=str(settings.TENANT_TYPES["school"]["URLCONF"]))
