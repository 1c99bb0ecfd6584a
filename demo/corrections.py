"""What happens around journals after they are filled: remarks with answers, cells of the closed quarter opened, news to mothers."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import islice
from uuid import UUID, uuid4

from demo import tone
from identity import api as identity
from identity.models import User
from kernel import clock, events
from kernel.access import Actor, Role
from kernel.errors import DomainError
from modules.contingent.models import Membership, SchoolClass
from modules.journal import api as journal
from modules.journal.models import Mark, Opening, Remark, Settling
from modules.schedule import api as schedule
from modules.schedule.models import Course, Lesson

REMARKS = {
    "kk": (
        ("Соңғы екі сабақтың тақырыбы жазылмаған. Толтырыңыз.", "Тақырыптар жазылды."),
        ("Қалыптастырушы бағалар сирек қойылады: әр оқушыға аптасына кемінде бір баға қойыңыз.", ""),
        ("Үй тапсырмасы нақты емес: бет пен нөмірін көрсетіңіз.", "Нақтыланды, нөмірлері жазылды."),
        ("БЖБ талдауы журналмен сәйкес келмейді, салыстырыңыз.", ""),
    ),
    "ru": (
        ("Не записаны темы двух последних уроков. Заполните.", "Темы записаны."),
        ("Формативных оценок мало: каждому ученику хотя бы одна в неделю.", ""),
        ("Домашнее задание без номеров: укажите страницу и номера.", "Уточнено, номера указаны."),
        ("Анализ СОР расходится с журналом, сверьте.", ""),
    ),
}
REASONS = (
    "Жұмысы қайта тексерілді, балы өзгерді",
    "Оқушы ауырып келді, БЖБ кейін тапсырды",
    "Қате ұяшыққа қойылды",
)
NOT_NOW = "Парақ тексерілді, өзгеріс негізделмеген"


def keep(*, year: str) -> tuple[int, int]:
    """Answer how many remarks and how many requests there are."""
    deputies = identity.users_with_role(Role.DEPUTY_ACADEMIC) or identity.users_with_role(Role.DIRECTOR)
    if not deputies:
        return 0, 0
    deputy = identity.actor_of_user(deputies[0].id)
    accounts = dict(User.objects.exclude(person_id=None).values_list("person_id", "pk"))
    courses = [
        one
        for one in Course.objects.filter(year=year, group=0).order_by("subject_code", "pk")
        if one.teacher_id in accounts
    ]
    own = {one.pk: identity.actor_of_user(accounts[one.teacher_id]) for one in courses if one.teacher_id}
    # Whoever leads the school and teaches besides answers as a teacher does; a specialist without the right does not.
    courses = [one for one in courses if own[one.pk].may(journal.permissions.REMARKS)]
    _remarks(deputy, courses, own)
    _requests(deputy, courses, own, year)
    return Remark.objects.count(), Opening.objects.count()


def _remarks(deputy: Actor, courses: list[Course], own: dict[UUID, Actor]) -> None:
    """Of every kind: put right, answered, open, and one whose day has passed."""
    today = clock.today()
    texts = REMARKS[deputy.language if deputy.language in REMARKS else "kk"]
    algebra = [one for one in courses if one.subject_code == "algebra"][:1]
    for place, course in enumerate([*algebra, *courses[:: max(1, len(courses) // 10)]], 1):
        text, answer = texts[place % len(texts)]
        row = journal.make_remark(
            actor=deputy, course_id=course.pk, text=text, due_date=today + timedelta(days=3 + place % 5)
        )
        made = today - timedelta(days=9 - place % 8)
        Remark.objects.filter(pk=row.pk).update(date=made)
        if answer:
            journal.answer_remark(actor=own[course.pk], remark_id=row.pk, text=answer)
            if place % 4 == 0:
                journal.mark_remark_done(actor=deputy, remark_id=row.pk)
        elif place % 4 == 3:
            Remark.objects.filter(pk=row.pk).update(due_date=today - timedelta(days=2))


def _requests(deputy: Actor, courses: list[Course], own: dict[UUID, Actor], year: str) -> None:
    """Teachers ask for cells of a closed quarter: two wait, one is open, one was refused. The story's algebra asks itself."""
    closed = [one for one in schedule.periods(year=year, kind="quarter") if one.is_closed]
    if not closed:
        return
    period = closed[-1]
    asked = 0
    for course in courses[3::7]:
        if course.subject_code == "algebra" or own[course.pk].user_id == deputy.user_id:
            continue
        lessons = Lesson.objects.filter(
            course=course, state="held", date__range=(period.start, period.end)
        ).order_by("date")
        days = list(dict.fromkeys(lessons.values_list("date", flat=True)))[-2:]
        with suppress(DomainError):
            row = journal.ask_opening(
                actor=own[course.pk],
                course_id=course.pk,
                period_id=period.id,
                days=days,
                reason=REASONS[asked % len(REASONS)],
            )
            asked += 1
            if asked == 3:
                journal.allow_opening(actor=deputy, opening_id=row.pk, hours=24)
            elif asked == 4:
                journal.refuse_opening(actor=deputy, opening_id=row.pk, reason=NOT_NOW)
        if asked == 4:
            return


def tell_mothers(*, year: str, at: datetime | None = None) -> int:
    """In the algebra of the first class a mark of two of its first pupils is corrected and something is said of it, and their
    families, whose accounts stand first in the list of sign-ins, hear of it: in the running quarter. Outside a transaction."""
    classes = {one.pk: (one.grade, one.letter) for one in SchoolClass.objects.filter(year=year)}
    courses = Course.objects.filter(year=year, subject_code="algebra", teacher_id__isnull=False)
    course = min(courses, key=lambda one: (classes[one.school_class_id], one.pk), default=None)
    if course is None:
        return 0
    account = User.objects.filter(person_id=course.teacher_id).first()
    if account is None:
        return 0
    closed = [one.end for one in schedule.periods(year=year, kind="quarter") if one.is_closed]
    marks = Mark.objects.filter(
        lesson__course=course,
        lesson__date__gt=max(closed, default=date.min),
        lesson__date__lte=clock.today(),
        lesson__state="held",
        kind="fo",
        points__lt=10,
    ).order_by("-lesson__date")
    pupils = Membership.objects.filter(school_class_id=course.school_class_id, until=None)
    newest = (
        marks.filter(pupil_id=one.pupil_id).first()
        for one in pupils.order_by("pupil__surname", "pupil__name", "pk")
    )
    changed = [
        journal.Operation(
            uuid4(), one.lesson_id, one.pupil_id, "fo", "points", one.points, (one.points or 0) + 1
        )
        for one in islice(filter(None, newest), 2)
    ]
    began = clock.now()
    teacher = identity.actor_of_user(account.pk)
    journal.save_cells(actor=teacher, course_id=course.pk, operations=changed)
    for one in changed:
        journal.keep_voice(
            actor=teacher,
            course_id=course.pk,
            lesson_id=one.lesson_id,
            pupil_id=one.pupil_id,
            kind=one.kind,
            content=tone.recording(),
            seconds=tone.SECONDS,
        )
    events.deliver()
    # The marks that filled the year a moment ago are no news to anybody.
    Settling.objects.exclude(due_at=None).update(since=began)
    told = journal.tell_settled(
        actor=Actor.system_actor("demo"), at=at or clock.now() + timedelta(minutes=11)
    )
    events.deliver()
    return told
