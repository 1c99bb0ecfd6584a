"""What breaches add to the frame: the menu, the deadline on the director's first page, words of the log."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import Actor
from kernel.tenancy import Kind
from modules.breaches import permissions, queries
from ui import registry
from ui.registry import TodayCard

registry.menu(
    section="settings",
    label=_("Breaches of data"),
    url_name="breaches:index",
    permission=permissions.MANAGE,
    icon="urgent",
    order=24,
    kinds={Kind.SCHOOL},
    match="breaches:",
)


def _today(*, actor: Actor) -> Iterable[TodayCard]:
    waiting = queries.to_tell(actor=actor)
    if waiting:
        first = waiting[0]
        yield TodayCard(
            gettext("Persons concerned are to be told"),
            gettext("Due {day}: {what}").format(
                day=date_format(first.due, "SHORT_DATE_FORMAT"), what=first.what
            ),
            reverse("breaches:show", args=[first.pk]),
            icon="urgent",
            urgency="now",
            count=len(waiting),
        )


registry.today(_today, permission=permissions.MANAGE, order=3)
audit.words(
    actions={
        "breaches.counted_by_vendor": _("Persons concerned in a breach counted by the vendor"),
        "breaches.noted": _("Breach of data noted"),
        "breaches.counted": _("Persons concerned in a breach counted"),
        "breaches.exported": _("List of persons concerned in a breach saved"),
        "breaches.notified": _("Persons concerned in a breach told"),
    },
    objects={"breach": _("breach of data")},
    purposes={"breaches.list": _("read the list of persons concerned in a breach")},
)
