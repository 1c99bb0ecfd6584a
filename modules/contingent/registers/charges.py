"""The list of class teachers and educators, declared: a line for each class, so that one without a leader is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kernel import audit
from kernel.access import Actor
from kernel.http import path_to
from modules.contingent import permissions, queries
from modules.contingent.models import Charge
from modules.contingent.registers.classes import CLASS, FILTERS, GROUPS, LANGUAGE, SHIFT, by_teacher, counted
from registers.api import Column, Filter, Register, Total
from ui import render
from ui.drawn import badge, button
from ui.markup import markup


@dataclass(frozen=True, slots=True)
class _Line:
    """A class with who answers for it."""

    row: Any
    teacher: str
    educators: str
    may_appoint: bool


def _prepare(rows: Sequence[Any], actor: Actor) -> list[_Line]:
    if not rows:
        return []
    charges = queries.charges(actor=actor, year=rows[0].year)
    names = queries.leader_names({key for row in rows for key in row.leader_ids}, actor=actor)
    educators = {
        row.pk: "; ".join(
            f"{names.get(one.employee_id, '')} ({one.group})" if one.group else names.get(one.employee_id, "")
            for one in charges
            if one.class_id == row.pk
            and one.duty == Charge.Duty.EDUCATOR
            and one.employee_id in row.leader_ids
            and (one.is_running or one.until is None)
        )
        for row in rows
    }
    may_appoint = actor.may(permissions.APPOINT)
    return [_Line(row, names.get(row.class_teacher_id, ""), educators[row.pk], may_appoint) for row in rows]


def _teacher(line: _Line) -> Any:
    shown: Any = line.teacher or badge(_("none"), "warning")
    if not line.may_appoint:
        return shown
    way = path_to("contingent:appoint", line.row.pk)
    return markup("{} {}", shown, button(_("Appoint"), href=way, size="sm", kind="ghost", icon="user-plus"))


CHARGES = Register(
    code="contingent.charges",
    title=gettext_lazy("Class teachers and educators"),
    icon="user-star",
    url="contingent:charges",
    export_url="contingent:charges_excel",
    permission=permissions.LISTS,
    export_permission=permissions.EXPORT,
    exported=audit.exports(action="contingent.charges.exported", object_type="class"),
    around=lambda request: {"year": render.school_year(request)},
    rows=queries.led_rows,
    prepare=_prepare,
    counted=counted,
    sort="class",
    search=queries.classes_led_by,
    near=queries.classes_nearly_led_by,
    search_label=lambda actor: _("Class or name"),
    empty_text=gettext_lazy("There are no classes in this year yet"),
    columns=(
        CLASS,
        Column(
            code="teacher",
            label=gettext_lazy("Class teacher"),
            value=lambda line: line.teacher,
            show=_teacher,
            sort=by_teacher,
        ),
        Column(
            code="since",
            label=gettext_lazy("Since"),
            value=lambda line: line.row.led_since,
            kind="date",
            sort=("led_since",),
        ),
        Column(code="educators", label=gettext_lazy("Educators"), value=lambda line: line.educators),
        replace(LANGUAGE, shown=False),
        replace(SHIFT, shown=False),
    ),
    filters=(
        *FILTERS,
        Filter(
            code="led",
            label=gettext_lazy("Leaders"),
            choices=lambda actor: [
                ("nobody", _("without a class teacher")),
                ("educators", _("with educators")),
            ],
            narrow=lambda rows, value, actor: (
                queries.without_teacher(rows) if value == "nobody" else queries.with_educators(rows)
            ),
        ),
    ),
    groups=GROUPS,
    totals=(
        Total(
            code="nobody",
            label=pgettext_lazy("classes", "without a class teacher"),
            value=Count("pk", filter=Q(class_teacher_id=None)),
        ),
    ),
)
