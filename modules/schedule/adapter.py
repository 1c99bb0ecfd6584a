"""What is in an employee's hands, as the staff asks for it through its port; bound in the settings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.access import Actor
from modules.contingent import api as contingent
from modules.schedule import api, permissions
from modules.staff.data import Duty


class Duties:
    """Serves modules.staff.ports.Duties."""

    def held(self, *, actor: Actor, employee_ids: Sequence[UUID], on: date) -> list[Duty]:
        year = contingent.current_year()
        return [
            *self._classes(actor, employee_ids, year, on),
            *self._courses(actor, employee_ids, year),
        ]

    def _classes(self, actor: Actor, ids: Sequence[UUID], year: str, on: date) -> list[Duty]:
        charges = contingent.charges(actor=actor, employee_ids=ids, year=year, on=on)
        return [
            Duty(
                employee_id=one.employee_id,
                kind=one.duty_label,
                what=f"{one.class_label} ({one.group})" if one.group else one.class_label,
                url=reverse("contingent:school_class", args=[one.class_id]),
            )
            for one in charges
        ]

    def _courses(self, actor: Actor, ids: Sequence[UUID], year: str) -> list[Duty]:
        leads_on = actor.may(permissions.SET_LOAD)
        return [
            Duty(
                employee_id=one.teacher_id,
                kind=_("lessons"),
                what=one.title,
                url=reverse("schedule:load_assign", args=[one.id]) if leads_on else "",
            )
            for one in api.courses(actor=actor, year=year, teacher_ids=ids)
            if one.teacher_id
        ]
