"""For how many days a teacher's device keeps journals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from modules.journal.offline import queries as offline
from modules.school import api as school

school.declare_setting(
    offline.DAYS,
    _("A teacher's device keeps opened journals for"),
    default=14,
    minimum=0,
    maximum=31,
    unit=pgettext_lazy("after a number", "days"),
    section=_("Work without a connection"),
    hint=_(
        "They open and take marks without a connection. Signing out removes them from the device. 0: nothing is kept."
    ),
    source=_("The school answers for data on its teachers' devices."),
    order=42,
)
