"""Remarks on journals in the frame: the menu and the cards of who is to answer or to check."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kernel.access import Actor, Role
from modules.journal import permissions
from modules.journal.remarks import queries as remarks
from modules.journal.remarks.registers import is_late
from ui import registry


def remarks_waiting(*, actor: Actor) -> Iterator[registry.TodayCard]:
    """For a teacher: remarks on her journals; for who made them: answers to look at."""
    found = remarks.to_put_right(actor=actor)
    if found:
        first = found[0]
        yield registry.TodayCard(
            title=_("Remarks on your journals"),
            text=first.text if len(first.text) <= 90 else f"{first.text[:89]}…",
            url=reverse("journal:remarks_of", args=[first.course_id])
            if len({one.course_id for one in found}) == 1
            else f"{reverse('journal:remarks')}?state=open",
            icon="message",
            urgency="now" if any(is_late(one) for one in found) else "soon",
            count=len(found),
        )
    if actor.may(permissions.MAKE_REMARKS) and (answers := remarks.to_look_at(actor=actor)):
        yield registry.TodayCard(
            title=_("Answers to your remarks"),
            text=ngettext(
                "{count} answer waits for the mark of execution",
                "{count} answers wait for the mark of execution",
                answers,
            ).format(count=answers),
            url=f"{reverse('journal:remarks')}?state=answered",
            icon="checks",
            count=answers,
        )


registry.menu(
    section="journals",
    label=_("Remarks on journals"),
    url_name="journal:remarks",
    permission=permissions.REMARKS,
    icon="message",
    order=60,
    match="journal:remark",
    daily={Role.DIRECTOR, Role.DEPUTY_ACADEMIC},
)
registry.today(remarks_waiting, permission=permissions.REMARKS)
