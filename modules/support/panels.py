"""What visits add to the frame: menus of both hosts, the director's card, the banner over every page of a visitor."""

from __future__ import annotations

from collections.abc import Iterable

from django.template.defaultfilters import date
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from identity import api as identity
from kernel import audit
from kernel.access import Actor
from kernel.tenancy import Kind
from modules.support import permissions, queries
from ui import registry
from ui.registry import Strip, TodayCard

_BRIEF = 100  # signs

registry.menu(
    section="settings",
    label=_("Visits of support"),
    url_name="support:index",
    permission=permissions.GRANT,
    icon="eye",
    order=23,
    kinds={Kind.SCHOOL},
    match="support:",
)
registry.menu(
    section="platform",
    label=_("Requests to schools"),
    url_name="desk:index",
    permission=permissions.ASK,
    icon="eye",
    order=20,
    kinds={Kind.VENDOR},
    match="desk:",
    tab=True,
)
identity.also_open("support:leave", home="support:visit")


def _today(*, actor: Actor) -> Iterable[TodayCard]:
    if found := queries.waiting(actor=actor):
        yield TodayCard(
            gettext("Support asks to be let in"),
            f"{found[0].person}: {found[0].purpose}",
            reverse("support:asking", args=[found[0].pk]) if len(found) == 1 else reverse("support:index"),
            icon="eye",
            urgency="now",
            count=len(found),
        )
    if here := [one for one in identity.guests(ended_at=None) if one.is_open]:
        yield TodayCard(
            gettext("Support is in the school"),
            ngettext("{n} visit is open", "{n} visits are open", len(here)).format(n=len(here))
            + f" · {here[0].person}",
            reverse("support:index"),
            icon="eye",
            urgency="soon",
            count=len(here),
        )


def _sentence(purpose: str) -> str:
    """Short, for it stands over every page; the visit's first page has it whole."""
    text = Truncator(purpose).chars(_BRIEF)
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _banner(*, actor: Actor) -> Iterable[Strip]:
    """Who looks, why and until when, over every page of the visit."""
    if actor.visit_id is None:
        return
    visit = queries.own_visit(actor=actor)
    text = gettext(
        "Visit of support: {person}, {organisation}. Purpose: {purpose} Until {time}. "
        "Only reading; every page is written down and seen by the director."
    ).format(
        person=visit.person,
        organisation=visit.organisation,
        purpose=_sentence(visit.purpose),
        time=date(timezone.localtime(visit.until), "H:i"),
    )
    yield Strip(text, "warning", reverse("support:leave"), pgettext("a visit", "End now"), posts=True)


registry.today(_today, permission=permissions.GRANT, order=4)
registry.strip(_banner)
audit.words(
    actions={
        "support.asked": _("School asked to let support in"),
        "support.withdrawn": _("Request of support withdrawn"),
        "support.way_taken": _("Way into a school taken by a grant"),
        "support.answered": _("School answered the request of support"),
        "support.ended": _("Visit of support to a school ended"),
        "support.asking_came": _("Support asked to be let in"),
        "support.asking_withdrawn": _("Support withdrew its request"),
        "support.granted": _("Request of support granted"),
        "support.refused": _("Request of support refused"),
    },
    objects={
        "support_request": _("request of support"),
        "support_asking": _("request of support in the school"),
    },
)
