"""What the director is told."""

from __future__ import annotations

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
