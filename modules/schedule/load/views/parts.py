"""What the pages of the load have in common."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel.http import Request
from modules.staff import api as staff
from ui.components import Tab


def tabs(active: str, *, vacant: int | None = None) -> list[Tab]:
    """The five looks at the load."""
    return [
        Tab(label, reverse(f"schedule:{name}"), active=name == active, count=count or None)
        for name, label, count in (
            ("load", _("By classes"), None),
            ("load_teachers", _("Load sheet"), None),
            ("load_vacancies", _("Vacancies"), vacant),
            ("load_hours", _("Hours taught"), None),
            ("load_typical", _("Typical curricula"), None),
        )
    ]


def teacher_choices(request: Request) -> list[tuple[str, str]]:
    return [(str(one.id), one.full_name) for one in staff.employees(actor=request.actor)]


def direction_label(code: str) -> str:
    """The direction of an upper grade in words."""
    return {
        "emn": pgettext("direction of a class", "natural sciences and mathematics"),
        "ogn": pgettext("direction of a class", "society and humanities"),
    }.get(code, code)
