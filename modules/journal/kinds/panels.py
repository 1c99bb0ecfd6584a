"""Journals of every kind in the frame: their menu, a class's journal, words that a period's end still lacks."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kernel.access import Actor, Role
from kernel.errors import NotFound
from kernel.http import path_to
from modules.journal import permissions
from modules.journal.kinds import queries as kinds
from modules.journal.kinds.queries import classbook
from ui import registry


def words_waiting(*, actor: Actor) -> Iterator[registry.TodayCard]:
    """In a period's last days: texts on pupils without marks that the teacher has not written."""
    texts, journals, course_id = kinds.unwritten(actor=actor)
    if texts and course_id:
        url = path_to("journal:words", course_id) if journals == 1 else reverse("journal:index")
        yield registry.TodayCard(
            title=_("Progress in words"),
            text=ngettext(
                "{count} text is not written: the period is ending",
                "{count} texts are not written: the period is ending",
                texts,
            ).format(count=texts),
            url=url,
            icon="message",
            urgency="soon",
            count=texts,
        )


def to_class_journal(*, actor: Actor, class_id: UUID, **_more: object) -> str:
    """On a class's page: the class's journal, for whom it is open."""
    try:
        classbook.opened(actor=actor, class_id=class_id)
    except NotFound:
        return ""
    return render_to_string("journal/kinds/_to_class.html", {"class_id": class_id})


registry.menu(
    section="journals",
    label=_("Journals by kind"),
    url_name="journal:journals",
    permission=permissions.VIEW,
    icon="list-details",
    order=50,
    match="journal:journals",
    daily={Role.DIRECTOR, Role.DEPUTY_ACADEMIC, Role.DEPUTY_UPBRINGING, Role.DEPUTY_PROFILE},
)
registry.menu(
    section="journals",
    label=_("Preschool development"),
    url_name="journal:monitoring",
    permission=permissions.DEVELOPMENT,
    icon="mood-kid",
    order=55,
    match="journal:monitoring",
    daily={Role.EDUCATOR},
)
registry.today(words_waiting, permission=permissions.SET_MARKS)
registry.panel("contingent.class", to_class_journal, permission=permissions.VIEW, order=10)
