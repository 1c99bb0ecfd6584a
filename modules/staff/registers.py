"""The list of employees, declared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import F, Sum
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from kernel import audit, clock
from kernel.access import Actor
from kernel.http import path_to
from kernel.names import kazakh_order
from modules.staff import permissions, queries, terms
from modules.staff.data import EmployeeInfo
from modules.staff.models import Employee
from modules.staff.rules.service import Service
from registers.api import Column, Filter, Group, Persons, Register, Total, parts_of_name, place
from ui.drawn import avatar, badge, under
from ui.markup import markup


class _Batch:
    """What the cells of one page ask for, read once for all its rows when the first cell asks."""

    def __init__(self, rows: Sequence[Employee], actor: Actor) -> None:
        self.rows = rows
        self.actor = actor
        self.all_cards = actor.reaches_school(permissions.CARD)

    @cached_property
    def services(self) -> dict[UUID, Service]:
        return queries.services(self.rows)

    @cached_property
    def schooling(self) -> dict[UUID, list[str]]:
        return queries.educations(self.rows)


@dataclass(frozen=True, slots=True)
class _Line:
    """An employee as the list shows her."""

    row: Employee
    one: EmployeeInfo
    batch: _Batch

    @property
    def is_open(self) -> bool:
        return self.batch.all_cards or self.batch.actor.person_id == self.one.id

    @property
    def posts(self) -> str:
        return ", ".join(terms.post_name(post.code) for post in self.one.posts)

    @property
    def subjects(self) -> str:
        return ", ".join(terms.subject_name(code) for code in self.one.subjects)

    @property
    def category(self) -> str:
        return terms.category_name(self.row.category)  # type: ignore[attr-defined]

    @property
    def served(self) -> str:
        return terms.served(self.batch.services[self.row.pk].pedagogical.total)


def _prepare(rows: Sequence[Employee], actor: Actor) -> list[_Line]:
    ready = queries.add_posts(list(rows))
    batch = _Batch(ready, actor)
    return [_Line(row, queries.info(row), batch) for row in ready]


def _name(line: _Line) -> Any:
    name: Any = line.one.full_name
    if line.is_open:
        name = markup('<a href="{}">{}</a>', path_to("staff:employee", line.one.id), name)
    left = markup(" {}", badge(_("dismissed"), "neutral")) if line.one.left_date else ""
    return markup('<span class="gap-line">{}{}{}</span>', avatar(line.one.full_name), name, left)


def _posts(line: _Line) -> Any:
    return under(line.posts, line.category) if line.category else line.posts


def _counted(count: int) -> str:
    return ngettext("%(n)s employee", "%(n)s employees", count) % {"n": count}


# --- what is reckoned, not stored: then all of the list are read


def _served(rows: Any) -> dict[UUID, Service]:
    return queries.services(list(rows.order_by()))


def _in_band(rows: Any, band: str, _actor: Actor) -> Any:
    served, today = _served(rows), clock.today()
    pedagogues = queries.are_pedagogues(served, today)
    return rows.filter(
        pk__in=[
            key
            for key, told in served.items()
            if str(queries.pay_band(told, is_pedagogue=key in pedagogues)[0]) == band
        ]
    )


def _by_service(rows: Any, _actor: Actor) -> list[Combinable]:
    served = _served(rows)
    return [place([str(key) for key in sorted(served, key=lambda key: served[key].pedagogical.total)], "pk")]


def _by_post() -> dict[str, Combinable]:
    codes = sorted(
        (code for code, _name in terms.posts()), key=lambda code: kazakh_order(terms.post_name(code))
    )
    return {"by_place": place(codes, "main_post"), "by_post": F("main_post")}


def _by_category() -> dict[str, Combinable]:
    return {
        "by_place": place([code for code, _name in terms.categories()], "category"),
        "by_category": F("category"),
    }


def _retires(line: _Line) -> date | None:
    return queries.retirement_of(line.row)


EMPLOYEES = Register(
    code="staff.employees",
    steady=True,
    title=gettext_lazy("Employees"),
    icon="users",
    url="staff:employees",
    act_url="staff:act_on_employees",
    export_url="staff:excel",
    permission=permissions.LISTS,
    export_permission=permissions.EXPORT,
    exported=audit.exports(action="staff.employees.exported", object_type="employee"),
    of=Persons("employee"),
    rows=queries.register_rows,
    prepare=_prepare,
    counted=_counted,
    search=queries.named,
    near=queries.nearly_named,
    search_label=lambda actor: _("Full name"),
    empty_text=gettext_lazy("One by one with a login slip, or all at once from a spreadsheet."),
    columns=(
        Column(
            code="name",
            label=gettext_lazy("Full name"),
            value=lambda line: line.one.full_name,
            show=_name,
            sort=queries.ORDER[:-1],
            main=True,
        ),
        Column(
            code="post",
            label=gettext_lazy("Post"),
            value=lambda line: line.posts,
            show=_posts,
            quiet=True,
        ),
        Column(code="subject", label=gettext_lazy("Subject"), value=lambda line: line.subjects, quiet=True),
        Column(
            code="rate",
            label=gettext_lazy("Rate"),
            value=lambda line: line.row.rates,
            kind="number",
            sort=("rates",),
        ),
        Column(
            code="service",
            label=gettext_lazy("Pedagogical service"),
            value=lambda line: line.served,
            sort=_by_service,
            permission=permissions.OVERVIEW,
        ),
        Column(
            code="retires",
            label=gettext_lazy("Retirement age"),
            value=_retires,
            kind="date",
            permission=permissions.OVERVIEW,
        ),
        Column(
            code="category",
            label=gettext_lazy("Qualification category"),
            value=lambda line: line.category,
            sort=("category",),
            shown=False,
        ),
        Column(
            code="category_date",
            label=gettext_lazy("Category given on"),
            value=lambda line: line.row.category_date,
            kind="date",
            sort=("category_date",),
            shown=False,
        ),
        Column(
            code="education",
            label=gettext_lazy("Education"),
            value=lambda line: "\n".join(line.batch.schooling.get(line.row.pk, [])),
            shown=False,
            permission=permissions.OVERVIEW,
        ),
        *parts_of_name(lambda line: line.one),
        Column(
            code="birth_date",
            label=gettext_lazy("Date of birth"),
            value=lambda line: line.row.birth_date,
            kind="date",
            sort=("birth_date",),
            shown=False,
            permission=permissions.OVERVIEW,
        ),
        Column(
            code="phone",
            label=gettext_lazy("Phone"),
            value=lambda line: line.row.phone if line.is_open else "",
            shown=False,
            permission=permissions.CARD,
        ),
    ),
    filters=(
        Filter(
            code="post",
            label=gettext_lazy("Post"),
            choices=lambda actor: terms.posts(),
            narrow=lambda rows, value, actor: queries.in_post(rows, value),
        ),
        Filter(
            code="subject",
            label=gettext_lazy("Subject"),
            choices=lambda actor: terms.subjects(),
            narrow=lambda rows, value, actor: queries.teaching(rows, value),
        ),
        Filter(
            code="category",
            label=gettext_lazy("Qualification category"),
            choices=lambda actor: [("none", _("none")), *terms.categories()],
            narrow=lambda rows, value, actor: rows.filter(category="" if value == "none" else value),
        ),
        Filter(
            code="band",
            label=gettext_lazy("Length of service"),
            choices=lambda actor: terms.bands(),
            narrow=_in_band,
            permission=permissions.OVERVIEW,
        ),
        Filter(
            code="state",
            label=gettext_lazy("Who"),
            choices=lambda actor: [
                ("here", _("work here")),
                ("away", _("on leave today")),
                ("left", _("have been dismissed")),
                ("all", _("all together")),
            ],
            narrow=lambda rows, value, actor: queries.of_state(rows, value),
            default="here",
        ),
    ),
    groups=(
        Group(
            code="post",
            label=gettext_lazy("post"),
            by=_by_post,
            name=lambda _place, code: terms.post_name(code) if code else _("without a post today"),
        ),
        Group(
            code="category",
            label=gettext_lazy("qualification category"),
            by=_by_category,
            name=lambda _place, code: terms.category_name(code) or _("none"),
        ),
        Group(
            code="sex",
            label=pgettext_lazy("gather by", "sex"),
            by={"by_sex": F("sex")},
            name=lambda code: str(Employee.Sex(code).label),
        ),
    ),
    totals=(Total(code="rates", label=gettext_lazy("rates"), value=Sum("rates"), digits=2),),
)
