"""The lists of plans and of lesson plans, declared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kernel import audit, clock
from kernel.access import Actor
from kernel.http import path_to
from modules.plans import permissions, queries
from modules.plans.data import STATE_LABELS, STATE_TONES, State
from modules.plans.models import LessonPlan, Plan
from registers.api import Column, Filter, Register
from tenants import reference
from ui.drawn import badge
from ui.markup import markup


def subject_name(code: str) -> str:
    known = reference.subjects().get(code)
    return known.name if known else code


def title_of(plan: Plan | LessonPlan) -> str:
    """Subject and grade, with what tells the plan from others."""
    base = f"{subject_name(plan.subject_code)}, {plan.grade}"
    return f"{base} · {plan.name}" if isinstance(plan, Plan) and plan.name else base


def _by_subject() -> Any:
    """Subjects in the curriculum's order."""
    order = [When(subject_code=code, then=Value(n)) for n, code in enumerate(reference.subjects())]
    return Case(*order, default=Value(len(order)), output_field=IntegerField())


@dataclass(frozen=True, slots=True)
class _Line:
    row: Plan
    is_mine: bool

    @property
    def title(self) -> str:
        return title_of(self.row)


def _prepare(rows: Sequence[Plan], actor: Actor) -> list[_Line]:
    return [_Line(row, row.author_id is not None and row.author_id == actor.person_id) for row in rows]


def _name(line: _Line) -> Any:
    mine = markup(" {}", badge(_("mine"), "info")) if line.is_mine else ""
    return markup('<a href="{}">{}</a>{}', path_to("plans:plan", line.row.pk), line.title, mine)


def _state(line: _Line) -> Any:
    state = line.row.state
    return badge(str(STATE_LABELS[state]), STATE_TONES[State(state)])


def _search(rows: Any, text: str, _actor: Actor) -> Any:
    words = text.lower().split()[:5]
    for word in words:
        codes = [
            code
            for code, one in reference.subjects().items()
            if word in one.name_kk.lower() or word in one.name_ru.lower()
        ]
        hit = Q(author_name__icontains=word) | Q(subject_code__in=codes)
        hit |= Q(topic__icontains=word) if rows.model is LessonPlan else Q(name__icontains=word)
        rows = rows.filter(hit | Q(grade=int(word)) if word.isdecimal() and len(word) < 3 else hit)
    return rows


def _whose(rows: Any, value: str, actor: Actor) -> Any:
    return (
        rows.filter(author_id=actor.person_id) if value == "mine" else rows.exclude(author_id=actor.person_id)
    )


def _subjects(_actor: Actor) -> list[tuple[str, str]]:
    return [(code, one.name) for code, one in reference.subjects().items()]


def _years(_actor: Actor) -> list[tuple[str, str]]:
    return [(code, code) for code in reversed(list(reference.school_years()))]


def this_year() -> str:
    year, known = clock.school_year_of(clock.today()), list(reference.school_years())
    return year if year in known else known[-1]


def _rows(actor: Actor) -> Any:
    return queries.plans(actor=actor).annotate(place=_by_subject())


def _plans_exported(*, actor: Actor, count: int, columns: Sequence[str]) -> None:
    audit.record(actor=actor, action="plans.plans.exported", object_type="plan", details={"count": count})


def _lesson_plans_exported(*, actor: Actor, count: int, columns: Sequence[str]) -> None:
    audit.record(
        actor=actor, action="plans.lesson_plans.exported", object_type="lesson_plan", details={"count": count}
    )


WHOSE = Filter(
    code="whose",
    label=gettext_lazy("Whose"),
    choices=lambda actor: [("mine", _("mine")), ("colleagues", _("of colleagues"))],
    narrow=_whose,
)
SUBJECT = Filter(
    code="subject",
    label=gettext_lazy("Subject"),
    choices=_subjects,
    narrow=lambda rows, value, actor: rows.filter(subject_code=value),
)
GRADE = Filter(
    code="grade",
    label=gettext_lazy("Grade"),
    choices=lambda actor: [(str(n), str(n)) for n in range(12)],
    narrow=lambda rows, value, actor: rows.filter(grade=int(value)),
)
YEAR = Filter(
    code="year",
    label=gettext_lazy("School year"),
    choices=_years,
    narrow=lambda rows, value, actor: rows.filter(year=value),
    default=this_year,
)

PLANS = Register(
    code="plans.plans",
    title=gettext_lazy("Plans"),
    icon="calendar-stats",
    url="plans:index",
    permission=permissions.VIEW,
    rows=_rows,
    search=_search,
    search_label=lambda actor: _("Subject, grade or author"),
    prepare=_prepare,
    counted=lambda n: ngettext("%(n)s plan", "%(n)s plans", n) % {"n": n},
    sort="title",
    export_url="plans:excel",
    export_permission=permissions.VIEW,
    exported=_plans_exported,
    empty_text=gettext_lazy(
        "A plan is pasted from Excel or Word, or begun from last year's or a colleague's."
    ),
    columns=(
        Column(
            code="title",
            label=gettext_lazy("Plan"),
            value=lambda line: line.title,
            show=_name,
            sort=("place", "grade", "name", "-version"),
            main=True,
        ),
        Column(
            code="author",
            label=gettext_lazy("Author"),
            value=lambda line: line.row.author_name,
            sort=("author_name",),
            quiet=True,
        ),
        Column(
            code="state",
            label=gettext_lazy("State"),
            value=lambda line: str(STATE_LABELS[line.row.state]),
            show=_state,
            sort=("state",),
            quiet=True,
        ),
        Column(
            code="hours",
            label=gettext_lazy("Hours a week"),
            value=lambda line: line.row.hours_per_week,
            kind="number",
            sort=("hours_per_week",),
        ),
        Column(
            code="language",
            label=gettext_lazy("Language"),
            value=lambda line: _("Kazakh") if line.row.language == "kk" else _("Russian"),
            sort=("language",),
        ),
        Column(
            code="approved",
            label=gettext_lazy("Approved on"),
            value=lambda line: line.row.approved_on,
            kind="date",
            sort=("approved_on",),
        ),
        Column(
            code="version",
            label=gettext_lazy("Version"),
            value=lambda line: line.row.version,
            kind="number",
            sort=("version",),
            shown=False,
        ),
    ),
    filters=(
        YEAR,
        WHOSE,
        SUBJECT,
        GRADE,
        Filter(
            code="state",
            label=gettext_lazy("State"),
            choices=lambda actor: [(str(code), label) for code, label in STATE_LABELS.items()],
            narrow=lambda rows, value, actor: rows.filter(state=value),
        ),
    ),
)


def _lesson_rows(actor: Actor) -> Any:
    return queries.lesson_plans(actor=actor).annotate(place=_by_subject())


def _topic(row: LessonPlan) -> Any:
    return markup('<a href="{}">{}</a>', path_to("plans:lesson_plan", row.pk), row.topic)


LESSON_PLANS = Register(
    code="plans.lesson_plans",
    title=gettext_lazy("Lesson plans"),
    icon="notebook",
    url="plans:lesson_plans",
    permission=permissions.VIEW,
    rows=_lesson_rows,
    search=_search,
    search_label=lambda actor: _("Topic, subject or author"),
    counted=lambda n: ngettext("%(n)s lesson plan", "%(n)s lesson plans", n) % {"n": n},
    sort="-changed",
    export_url="plans:lesson_plans_excel",
    export_permission=permissions.VIEW,
    exported=_lesson_plans_exported,
    empty_text=gettext_lazy("A lesson plan is begun from a line of a plan: open the plan and its dates."),
    columns=(
        Column(
            code="topic",
            label=gettext_lazy("Topic"),
            value=lambda row: row.topic,
            show=_topic,
            sort=("topic",),
            main=True,
        ),
        Column(
            code="subject",
            label=gettext_lazy("Subject"),
            value=title_of,
            sort=("place", "grade"),
            quiet=True,
        ),
        Column(
            code="day", label=gettext_lazy("Lesson on"), value=lambda row: row.day, kind="date", sort=("day",)
        ),
        Column(
            code="author",
            label=gettext_lazy("Author"),
            value=lambda row: row.author_name,
            sort=("author_name",),
        ),
        Column(
            code="changed",
            label=gettext_lazy("Changed on"),
            value=lambda row: row.changed_at.astimezone(clock.ALMATY).date(),
            kind="date",
            sort=("changed_at",),
        ),
    ),
    filters=(YEAR, WHOSE, SUBJECT, GRADE),
)
