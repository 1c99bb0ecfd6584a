"""How long marks settle before families hear of them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from modules.journal.settling import queries as settling
from modules.school import api as school

school.declare_setting(
    settling.MINUTES,
    _("Families hear of marks and absences after"),
    default=10,
    minimum=1,
    maximum=240,
    unit=pgettext_lazy("after a number", "minutes"),
    section=_("What families hear"),
    hint=_("What is put right within this time is told as it finally stands, or not at all."),
    source=_("Order 125, paragraph 27, wants results given to parents and names no time."),
    order=39,
)
