"""The day board: opened lessons by lesson number, each in one of five states, with those who could take the open ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel import clock
from kernel.access import Actor, require
from kernel.errors import NotFound
from modules.contingent.data import ClassInfo
from modules.schedule import permissions, queries
from modules.schedule.load.data import with_part
from modules.schedule.models import Lesson
from modules.schedule.substitutions.models import Absence, Question, Substitution
from modules.schedule.substitutions.queries import candidates, choices, moving
from modules.schedule.substitutions.queries.candidates import Proposal
from modules.schedule.year import queries as year_queries
from modules.schedule.year.rules import Rings
from modules.staff import api as staff

State = Substitution.State
ASKED_AT_ONCE, IN_SIGHT = 3, 10


class Light(StrEnum):
    """What a lesson of the board says from across the room."""

    OPEN = "open"
    ASKED = "asked"
    TAKEN = "taken"
    HELD = "held"
    OFF = "off"

    @property
    def word(self) -> str:
        return str(_LIGHTS[self])

    @property
    def icon(self) -> str:
        return _ICONS[self]


_LIGHTS = {
    Light.OPEN: _("nobody yet"),
    Light.ASKED: pgettext_lazy("substitution", "asked"),
    Light.TAKEN: pgettext_lazy("substitution", "somebody takes it"),
    Light.HELD: pgettext_lazy("substitution", "held"),
    Light.OFF: _("cancelled or moved"),
}
_ICONS = {
    Light.OPEN: "alert-circle",
    Light.ASKED: "user-question",
    Light.TAKEN: "user-check",
    Light.HELD: "circle-check",
    Light.OFF: "ban",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who was asked, and the answer so far."""

    name: str
    answer: str
    until: datetime
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a lesson went."""

    day: date
    number: int


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened lesson with everything that the board and its own page show."""

    id: UUID
    lesson_id: UUID
    course_id: UUID
    date: date
    number: int
    shift: int
    start: time | None
    end: time | None
    class_label: str
    subject: str
    room: str
    teacher_id: UUID
    teacher: str
    state: str
    light: Light
    substitute: str
    note: str
    moved_to: Moved | None
    asked: tuple[Asked, ...] = ()
    proposals: tuple[Proposal, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    @property
    def is_joined(self) -> bool:
        return self.state == State.JOINED

    @property
    def first(self) -> tuple[Proposal, ...]:
        """Those whom the button asks: the best who have not said no."""
        return tuple(one for one in self.proposals if not one.has_refused)[:ASKED_AT_ONCE]

    @property
    def best(self) -> tuple[Proposal, ...]:
        """Those who stand in sight on the lesson's page."""
        return self.proposals[:IN_SIGHT]

    @property
    def others(self) -> tuple[Proposal, ...]:
        return self.proposals[IN_SIGHT:]


@dataclass(frozen=True, slots=True)
class Hour:
    """A lesson number of a shift with what it has open."""

    shift: int
    number: int
    start: time | None
    end: time | None
    lessons: tuple[Opened, ...]


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody who is absent on the day."""

    absence_id: UUID
    teacher: str
    reason: str
    since: date
    until: date | None
    from_time: time | None
    lessons: int


@dataclass(frozen=True, slots=True)
class Board:
    day: date
    hours: tuple[Hour, ...]
    away: tuple[Away, ...]
    lights: tuple[tuple[Light, int], ...]
    shifts: int

    @property
    def iso(self) -> str:
        return self.day.isoformat()


def opened_rows() -> QuerySet[Substitution]:
    """What counts: an open lesson that meanwhile got another teacher or was cancelled needs nobody."""
    gone = Q(state=State.OPEN) & (
        ~Q(lesson__teacher_id=F("teacher_id")) | ~Q(lesson__state=Lesson.State.HELD)
    )
    return Substitution.objects.exclude(state=State.WITHDRAWN).exclude(gone)


def _read(rows: QuerySet[Substitution]) -> list[Substitution]:
    asked = Question.objects.order_by("asked_at", "pk")
    return list(
        rows.select_related("lesson__course", "absence")
        .prefetch_related(Prefetch("questions", queryset=asked, to_attr="asked"))
        .order_by("shift", "number", "pk")
    )


def light_of(row: Substitution, asked: Sequence[Question], now: datetime) -> Light:
    if row.state == State.OPEN:
        return Light.ASKED if any(not one.answer and one.until > now for one in asked) else Light.OPEN
    if row.state in candidates.TAKEN:
        return Light.HELD if row.lesson.topic else Light.TAKEN
    return Light.OFF


def _shown(
    row: Substitution,
    *,
    names: Mapping[UUID, str],
    classes: Mapping[UUID, ClassInfo],
    rings: Rings,
    proposals: Sequence[Proposal] = (),
) -> Opened:
    now = clock.now()
    asked = _asked(row)
    lesson = row.lesson
    start, end = rings.at(lesson.school_class_id, row.date, row.number) or (None, None)
    school_class = classes.get(lesson.school_class_id)
    return Opened(
        id=row.pk,
        lesson_id=lesson.pk,
        course_id=lesson.course_id,
        date=row.date,
        number=row.number,
        shift=row.shift,
        start=start,
        end=end,
        class_label=with_part(school_class.label if school_class else "", lesson.group),
        subject=queries.subject_title(lesson.course),
        room=lesson.room,
        teacher_id=row.teacher_id,
        teacher=names.get(row.teacher_id, ""),
        state=row.state,
        light=light_of(row, asked, now),
        substitute=names.get(row.substitute_id, "") if row.substitute_id else "",
        note=row.note,
        moved_to=Moved(lesson.date, lesson.number) if row.state == State.MOVED else None,
        asked=tuple(
            Asked(
                names.get(one.teacher_id, ""),
                str(one.get_answer_display()) if one.answer else "",
                one.until,
                is_waiting=not one.answer and one.until > now,
            )
            for one in asked
        ),
        proposals=tuple(proposals),
    )


def _asked(row: Substitution) -> list[Question]:
    """The questions that `opened_rows` brought along."""
    asked: list[Question] = row.__dict__["asked"]
    return asked


def board(*, actor: Actor, day: date) -> Board:
    """Everything of the day. The number of reads does not grow with what is open."""
    require(actor, permissions.ARRANGE)
    rows = _read(opened_rows().filter(date=day))
    absences = list(choices.absences_on(day).order_by("since", "pk"))
    classes = queries.class_names(actor=actor, year=clock.school_year_of(day))
    rings = year_queries.rings(actor=actor, start=day, end=day, classes=classes.values())
    wants = any(row.state == State.OPEN for row in rows)
    among = candidates.colleagues(actor=actor, day=day, rings=rings) if wants else []
    names = _names(actor, rows, absences)
    shown = [
        _shown(
            row,
            names=names,
            classes=classes,
            rings=rings,
            proposals=candidates.proposals(candidates.need_of(row, rings, _asked(row)), among)
            if row.state == State.OPEN
            else (),
        )
        for row in rows
    ]
    # Lessons of one number ring at different times where a grade has bells of its own.
    hours: dict[tuple[time, int, int, time], list[Opened]] = {}
    for one in shown:
        key = (one.start or time.min, one.shift, one.number, one.end or time.min)
        hours.setdefault(key, []).append(one)
    counts = {light: sum(one.light is light for one in shown) for light in Light}
    return Board(
        day=day,
        hours=tuple(
            Hour(shift, number, here[0].start, here[0].end, tuple(here))
            for (_start, shift, number, _end), here in sorted(hours.items(), key=lambda item: item[0])
        ),
        away=tuple(
            Away(
                one.pk,
                names.get(one.teacher_id, ""),
                choices.reason_word(one.reason),
                one.since,
                one.until,
                one.from_time,
                sum(row.absence_id == one.pk for row in rows),
            )
            for one in absences
        ),
        lights=tuple(counts.items()),
        shifts=len({one.shift for one in shown}),
    )


def _names(actor: Actor, rows: Sequence[Substitution], absences: Sequence[Absence] = ()) -> dict[UUID, str]:
    ids = {one.teacher_id for one in absences}
    for row in rows:
        ids |= {row.teacher_id, *(one.teacher_id for one in _asked(row))}
        if row.substitute_id:
            ids.add(row.substitute_id)
    return {key: one.short_name for key, one in staff.teachers(actor=actor, employee_ids=ids).items()}


def opened(*, actor: Actor, substitution_id: UUID) -> tuple[Opened, Substitution]:
    """One opened lesson with all its candidates, and its row; raises NotFound."""
    require(actor, permissions.ARRANGE)
    rows = _read(opened_rows().filter(pk=substitution_id))
    if not rows:
        raise NotFound
    row = rows[0]
    classes = queries.class_names(actor=actor, year=clock.school_year_of(row.date))
    rings = year_queries.rings(actor=actor, start=row.date, end=row.date, classes=classes.values())
    proposals: Sequence[Proposal] = ()
    if row.state == State.OPEN:
        among = candidates.colleagues(actor=actor, day=row.date, rings=rings)
        proposals = candidates.proposals(candidates.need_of(row, rings, _asked(row)), among)
    names = _names(actor, rows)
    return _shown(row, names=names, classes=classes, rings=rings, proposals=proposals), row


def joinable_teachers(*, actor: Actor, substitution_id: UUID) -> list[UUID]:
    """Teachers with whose class the opened lesson's class could sit; raises NotFound."""
    __, row = opened(actor=actor, substitution_id=substitution_id)
    return [one.teacher_id for one in candidates.joinable(row, actor=actor)]


def places_for(*, actor: Actor, substitution_id: UUID) -> list[tuple[date, int]]:
    """Where the opened lesson could be moved; raises NotFound."""
    __, row = opened(actor=actor, substitution_id=substitution_id)
    return [(one.day, one.number) for one in moving.free_places(row, actor=actor)]


def next_day(*, day: date) -> date:
    """The day itself when lessons are held on it, else the next on which they are; the board opens there."""
    found = Lesson.objects.filter(date__gte=day).order_by("date").values_list("date", flat=True).first()
    return found or day


def open_ahead(*, day: date) -> tuple[date, int] | None:
    """The first day from this one on with lessons that nobody has taken yet, and how many; for the card of today."""
    rows = opened_rows().filter(date__gte=day, state=State.OPEN).order_by("date")
    return rows.values_list("date").annotate(n=Count("pk")).first()


# --- absences


@dataclass(frozen=True, slots=True)
class Teacher:
    """Somebody who can be noted as absent, with the lessons of the day."""

    id: UUID
    name: str
    lessons: int


def teachers_of_day(*, actor: Actor, day: date) -> list[Teacher]:
    """Who has lessons on the day, in Kazakh order, then all others who work here; those absent already are left out."""
    require(actor, permissions.ARRANGE)
    held: dict[UUID, int] = {}
    rows = Lesson.objects.filter(date=day, state=Lesson.State.HELD, teacher_id__isnull=False)
    for teacher in rows.values_list("teacher_id", flat=True):
        if teacher is not None:
            held[teacher] = held.get(teacher, 0) + 1
    away = set(choices.absences_on(day).values_list("teacher_id", flat=True))
    people = [
        Teacher(one.id, one.full_name, held.get(one.id, 0))
        for one in staff.employees(actor=actor)
        if one.id not in away
    ]
    return sorted(people, key=lambda one: not one.lessons)


def get_absence(*, actor: Actor, absence_id: UUID) -> Absence:
    """One absence; raises NotFound."""
    require(actor, permissions.ARRANGE)
    row = Absence.objects.filter(pk=absence_id).first()
    if row is None:
        raise NotFound
    return row


def lessons_of_absence(*, actor: Actor, absence: Absence) -> list[Opened]:
    """The lessons that the absence opened, by day and number."""
    require(actor, permissions.ARRANGE)
    rows = _read(opened_rows().filter(absence=absence))
    last = max((row.date for row in rows), default=absence.since)
    rings = year_queries.rings(actor=actor, start=absence.since, end=last)
    classes = queries.class_names(actor=actor, year=clock.school_year_of(absence.since))
    names = _names(actor, rows, [absence])
    shown = [_shown(row, names=names, classes=classes, rings=rings) for row in rows]
    return sorted(shown, key=lambda one: (one.date, one.start or time.min, one.number))


def absences_of(*, actor: Actor, teacher_id: UUID, limit: int = 5) -> list[Absence]:
    """The last absences of a teacher, for the card."""
    require(actor, permissions.ARRANGE)
    rows = Absence.objects.filter(teacher_id=teacher_id, cancelled_at=None).order_by("-since", "-pk")
    return list(rows[:limit])
