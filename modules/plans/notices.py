"""Who is told of a plan: the head of the team or who approves when it comes, the author of what became of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from identity import api as identity
from kernel.access import Actor, Role
from modules.plans.models import Plan
from notify import api as notify
from tenants import reference

TOPIC = "plans"


def _declared(code: str, title: Any, body: Any = "") -> str:
    notify.message(code, topic=TOPIC, title=title, body=body, icon="calendar-stats")
    return code


notify.topic(TOPIC, _("Plans"), hint=_("A plan waits for you, was approved or came back with a remark."))
WAITS = _declared("plans.waits", _("A plan waits for you"), "{author}: {subject}, {grade}")
APPROVED = _declared("plans.approved", _("Your plan is approved"), "{subject}, {grade}")
SENT_BACK = _declared("plans.sent_back", _("Your plan came back with a remark"), "{subject}, {grade}")
REMARK = _declared("plans.remark", _("A remark on your plan"), "{subject}, {grade}")


def tell_readers(row: Plan, *, head_id: UUID | None, actor: Actor) -> None:
    """The head of the team; without one, who approves."""
    if head_id is not None:
        people = [one.id for one in identity.accounts_of([head_id]).values()]
    else:
        people = [one.id for one in identity.users_with_role(Role.DEPUTY_ACADEMIC)]
    _tell(people, WAITS, row, actor=actor)


def tell_author(row: Plan, message: str, *, actor: Actor) -> None:
    if row.author_user_id is not None:
        _tell([row.author_user_id], message, row, actor=actor)


def _tell(people: list[int], message: str, row: Plan, *, actor: Actor) -> None:
    params: dict[str, str | int] = {
        "author": row.author_name,
        "subject": reference.subject(row.subject_code).name_kk,
        "grade": row.grade,
    }
    # A worker serves no host, so it has no routes of its own.
    urlconf = str(settings.TENANT_TYPES["school"]["URLCONF"])
    page = reverse("plans:plan", args=[row.pk], urlconf=urlconf)
    notify.tell(people, TOPIC, message, params, page, actor=actor, group=f"{message}:{row.pk}")
