"""The list of classes, declared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Length
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from kernel import audit
from kernel.access import Actor
from kernel.http import path_to
from kernel.names import kazakh_order
from modules.contingent import permissions, queries
from modules.contingent.models import SchoolClass
from registers.api import Column, Filter, Group, Register, Total, place
from ui import render
from ui.drawn import badge
from ui.markup import markup


@dataclass(frozen=True, slots=True)
class _Line:
    """A class as the list shows it."""

    row: Any
    teacher: str

    @property
    def is_over(self) -> bool:
        return bool(self.row.capacity) and self.row.pupils > self.row.capacity


def _prepare(rows: Sequence[Any], actor: Actor) -> list[_Line]:
    names = queries.leader_names((row.class_teacher_id for row in rows if row.class_teacher_id), actor=actor)
    return [_Line(row, names.get(row.class_teacher_id, "")) for row in rows]


def _label(line: Any) -> Any:
    return markup('<a href="{}">{}</a>', path_to("contingent:school_class", line.row.pk), line.row.label)


def _pupils(line: _Line) -> Any:
    places = markup(' <span class="muted">/ {}</span>', line.row.capacity) if line.row.capacity else ""
    over = markup(" {}", badge(_("over"), "warning")) if line.is_over else ""
    return markup("{}{}{}", line.row.pupils, places, over)


def _teacher(line: _Line) -> Any:
    return line.teacher or badge(_("none"), "warning")


def by_teacher(rows: Any, actor: Actor) -> list[Combinable]:
    names = queries.teachers_of(rows, actor=actor)
    return [
        place(
            [str(key) for key in sorted(names, key=lambda key: kazakh_order(names[key]))], "class_teacher_id"
        )
    ]


def counted(count: int) -> str:
    return ngettext("%(n)s class", "%(n)s classes", count) % {"n": count}


def _direction_label(code: str) -> str:
    return str(SchoolClass.Direction(code).label) if code else _("without a direction")


# What the lists of classes and of their leaders have in common; their lines have a class as `row`.
CLASS = Column(
    code="class",
    label=gettext_lazy("Class"),
    value=lambda line: line.row.label,
    show=_label,
    sort=("grade", Length("letter"), "letter"),
    main=True,
)
LANGUAGE = Column(
    code="language",
    label=gettext_lazy("Language"),
    value=lambda line: line.row.get_language_display(),
    sort=("language",),
    quiet=True,
)
SHIFT = Column(
    code="shift",
    label=gettext_lazy("Shift"),
    value=lambda line: line.row.shift,
    kind="number",
    sort=("shift",),
)
FILTERS = (
    Filter(
        code="grade",
        label=gettext_lazy("Grade"),
        choices=lambda actor: [(str(n), str(n)) for n in range(12)],
        narrow=lambda rows, value, actor: rows.filter(grade=value),
    ),
    Filter(
        code="language",
        label=gettext_lazy("Language of teaching"),
        choices=lambda actor: SchoolClass.Language.choices,
        narrow=lambda rows, value, actor: rows.filter(language=value),
    ),
    Filter(
        code="shift",
        label=gettext_lazy("Shift"),
        choices=lambda actor: [(str(n), str(n)) for n in (1, 2, 3)],
        narrow=lambda rows, value, actor: rows.filter(shift=value),
    ),
)
GROUPS = (
    Group(
        code="grade",
        label=gettext_lazy("grade"),
        by={"by_grade": F("grade")},
        name=lambda grade: _("grade {n}").format(n=grade),
    ),
    Group(
        code="language",
        label=gettext_lazy("language of teaching"),
        by={"by_language": F("language")},
        name=lambda code: str(SchoolClass.Language(code).label),
    ),
    Group(
        code="shift",
        label=pgettext_lazy("gather by", "shift"),
        by={"by_shift": F("shift")},
        name=lambda shift: _("shift {n}").format(n=shift),
    ),
)


CLASSES = Register(
    code="contingent.classes",
    title=gettext_lazy("Classes"),
    icon="users-group",
    url="contingent:classes",
    export_url="contingent:classes_excel",
    permission=permissions.LISTS,
    export_permission=permissions.EXPORT,
    exported=audit.exports(action="contingent.classes.exported", object_type="class"),
    around=lambda request: {"year": render.school_year(request)},
    rows=queries.class_rows,
    prepare=_prepare,
    counted=counted,
    sort="class",
    search=queries.classes_called,
    near=queries.classes_nearly_called,
    search_label=lambda actor: _("Class, room or class teacher"),
    empty_text=gettext_lazy(
        "Classes open by themselves when the list of pupils is loaded. The office opens others one by one."
    ),
    columns=(
        CLASS,
        Column(
            code="pupils",
            label=gettext_lazy("Pupils"),
            value=lambda line: line.row.pupils,
            show=_pupils,
            kind="number",
            sort=("pupils",),
        ),
        LANGUAGE,
        SHIFT,
        Column(
            code="direction",
            label=gettext_lazy("Direction"),
            value=lambda line: line.row.get_direction_display(),
            sort=("direction",),
        ),
        Column(
            code="teacher",
            label=gettext_lazy("Class teacher"),
            value=lambda line: line.teacher,
            show=_teacher,
            sort=by_teacher,
        ),
        Column(
            code="room", label=gettext_lazy("Home room"), value=lambda line: line.row.room, sort=("room",)
        ),
        Column(
            code="joined",
            label=gettext_lazy("Joined with"),
            value=lambda line: line.row.set_code,
            sort=("set_code",),
            shown=False,
        ),
        Column(
            code="grade",
            label=gettext_lazy("Grade"),
            value=lambda line: line.row.grade,
            kind="number",
            sort=("grade",),
            shown=False,
        ),
        Column(
            code="kind",
            label=gettext_lazy("Kind of class"),
            value=lambda line: line.row.get_kind_display(),
            sort=("kind",),
            shown=False,
        ),
        Column(
            code="places",
            label=gettext_lazy("Places"),
            value=lambda line: line.row.capacity,
            kind="number",
            sort=("capacity",),
            shown=False,
        ),
    ),
    filters=(
        *FILTERS,
        Filter(
            code="kind",
            label=gettext_lazy("Kind of class"),
            choices=lambda actor: SchoolClass.Kind.choices,
            narrow=lambda rows, value, actor: rows.filter(kind=value),
        ),
        Filter(
            code="direction",
            label=gettext_lazy("Direction"),
            choices=lambda actor: SchoolClass.Direction.choices,
            narrow=lambda rows, value, actor: rows.filter(direction=value),
        ),
        Filter(
            code="wants",
            label=gettext_lazy("To see to"),
            choices=lambda actor: [
                ("teacher", _("without a class teacher")),
                ("over", _("more pupils than places")),
                ("free", _("with free places")),
            ],
            narrow=lambda rows, value, actor: queries.wanting(rows, value),
        ),
    ),
    groups=(
        *GROUPS,
        Group(
            code="direction",
            label=pgettext_lazy("gather by", "direction"),
            by={"by_direction": F("direction")},
            name=_direction_label,
        ),
    ),
    totals=(
        Total(code="pupils", label=gettext_lazy("pupils"), value=Sum("pupils")),
        Total(
            code="kazakh",
            label=pgettext_lazy("classes", "taught in Kazakh"),
            value=Count("pk", filter=Q(language="kk")),
        ),
        Total(
            code="russian",
            label=pgettext_lazy("classes", "taught in Russian"),
            value=Count("pk", filter=Q(language="ru")),
        ),
    ),
)
