"""What the director is told."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from modules.support import permissions
from notify import api as notify

TOPIC, ASKED = "support", "support.asked"

notify.topic(
    TOPIC,
    _("Visits of support"),
    hint=_("The vendor’s support asks to be let in."),
    permission=permissions.GRANT,
)
notify.message(
    ASKED, topic=TOPIC, title=_("Support asks to be let in: {person}"), body="{purpose}", icon="eye"
)


def page_of(asking_id: UUID) -> str:
    """The page of the request; letters are taken in where no host says which routes there are."""
    urlconf = str(settings.TENANT_TYPES["school"]["URLCONF"])
    return reverse("support:asking", args=[asking_id], urlconf=urlconf)
