"""Journals that are kept otherwise than by marks: words of first-graders, programmes of pupils' own, preschool levels,
and the lessons of clubs, of an elective, of a child at home and of correction.
"""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from identity.models import User
from kernel import clock
from kernel.access import Actor
from kernel.errors import DomainError
from modules.contingent.models import Membership, SchoolClass
from modules.journal.models import Absence, Description, DevelopmentLevel, Mark, Programme
from modules.schedule import api as schedule
from modules.schedule.models import Course, GroupMember, Lesson, Period
from modules.staff.models import Employee
from tenants import reference

_READING = {
    "kk": (
        "Буындап дұрыс оқиды, оқығанын өз сөзімен айтады. Жазғанда әріп биіктігіне мән беру керек.",
        "Мәтінді еркін оқиды, сұраққа толық жауап береді. Үйде күн сайын 10 минут оқуды жалғастырсын.",
        "Әріптерді таниды, кейбір буындарда тоқтап қалады. Қысқа сөздерді дауыстап оқу көмектеседі.",
        "Белсенді тыңдайды, әңгіме құрай алады. Көшіріп жазуда ұқыпты.",
    ),
    "ru": (
        "Читает по слогам верно, пересказывает своими словами. На письме нужно следить за высотой букв.",
        "Читает бегло, отвечает полно. Дома полезно продолжать чтение по 10 минут в день.",
        "Знает буквы, в некоторых слогах останавливается. Помогает чтение коротких слов вслух.",
        "Внимательно слушает, составляет рассказ по картинке. Списывает аккуратно.",
    ),
}
_COUNTING = {
    "kk": (
        "20 көлемінде сенімді санайды, есептің шартын түсінеді. Ондықтан аттап қосуды пысықтау керек.",
        "Сандарды салыстырады, қосу мен азайтуды тірекпен орындайды.",
        "Есепті тез шығарады, шешімін түсіндіре алады. Қосымша тапсырмаларға қызығады.",
    ),
    "ru": (
        "Уверенно считает в пределах 20, понимает условие задачи. Нужно закрепить переход через десяток.",
        "Сравнивает числа, складывает и вычитает с опорой.",
        "Решает быстро, объясняет решение. Интересуется дополнительными заданиями.",
    ),
}
_REST = {
    "kk": (
        "Сабаққа ынтасымен қатысады, тапсырманы соңына дейін орындайды.",
        "Топта жақсы жұмыс істейді, ережені сақтайды.",
        "Тапсырманы мұғалімнің көмегімен орындайды, біртіндеп өз бетімен істей бастады.",
    ),
    "ru": (
        "Занимается с интересом, доводит задание до конца.",
        "Хорошо работает в группе, соблюдает правила.",
        "Выполняет задания с помощью учителя, постепенно становится самостоятельнее.",
    ),
}
_KINDS = {"mathematics": _COUNTING}
_LETTERS = ("literacy", "language", "literature", "reading")


def live(*, actor: Actor, year: str, seed: int) -> int:
    """Fill the journals; answer how many texts were written of first-graders."""
    dice = random.Random(seed)  # noqa: S311 - the demo's chance
    _own_programmes(year)
    _preschool(year, dice)
    _lessons(actor, year, dice)
    return _words(year, dice)


def _words(year: str, dice: random.Random) -> int:
    """The whole first quarter; of the running one what the first subject's teachers have written so far."""
    accounts = dict(User.objects.exclude(person_id=None).values_list("person_id", "pk"))
    names = {one.pk: one.person_name.short for one in Employee.objects.all()}
    classes = {one.pk: one for one in SchoolClass.objects.filter(year=year, grade=1)}
    pupils: dict[UUID, list[UUID]] = {key: [] for key in classes}
    for class_id, pupil_id in Membership.objects.filter(school_class_id__in=classes, until=None).values_list(
        "school_class_id", "pupil_id"
    ):
        pupils[class_id].append(pupil_id)
    today = clock.today()
    begun = Period.objects.filter(year=year, start__lte=today).order_by("start")
    quarters = [one for one in begun if one.kind == "quarter"][:2]
    rows = []
    for course in Course.objects.filter(school_class_id__in=classes, kind="core").order_by("subject_code"):
        bank = _KINDS.get(course.subject_code) or (
            _READING if any(part in course.subject_code for part in _LETTERS) else _REST
        )
        texts = bank[classes[course.school_class_id].language]
        if schedule.course(actor=Actor.system_actor("demo"), course_id=course.pk).period_kind != "quarter":
            continue
        for period in quarters:
            is_over = period.end < today
            if not is_over and course.subject_code != "mathematics":
                continue
            day = min(period.end, today - timedelta(days=1))
            for place, pupil_id in enumerate(pupils[course.school_class_id]):
                if is_over or place % 2:
                    rows.append(
                        Description(
                            course=course,
                            period=period,
                            pupil_id=pupil_id,
                            text=dice.choice(texts),
                            set_by=accounts.get(course.teacher_id) if course.teacher_id else None,
                            set_by_name=names.get(course.teacher_id, "") if course.teacher_id else "",
                            set_at=datetime.combine(day, time(16, 20), clock.ALMATY),
                        )
                    )
    return len(Description.objects.bulk_create(rows, batch_size=2000))


def _own_programmes(year: str) -> None:
    """One pupil is marked by criteria of his own since the year began, one learns without marks from today on."""
    courses = Course.objects.filter(year=year, kind="core", group=0)
    for grade in (3, 5):
        class_ = SchoolClass.objects.filter(year=year, grade=grade).order_by("letter").first()
        if class_ is None:
            continue
        course = courses.filter(school_class_id=class_.pk, subject_code="mathematics").first()
        place = Membership.objects.filter(school_class=class_, until=None).order_by("pupil__surname").last()
        if course is None or place is None:
            continue
        is_first = grade == 3
        is_kazakh = class_.language == "kk"
        Programme.objects.create(
            course=course,
            pupil_id=place.pupil_id,
            is_marked=is_first,
            since=reference.school_year(year).start if is_first else clock.today(),
            aims=(
                "100 көлеміндегі сандармен төрт амал, тірек кестелермен. Жазбаша жұмыс көлемі екі есе аз."
                if is_kazakh
                else "Четыре действия с числами до 100 с опорными таблицами. Объём письменной работы вдвое меньше."
            ),
        )


def _preschool(year: str, dice: random.Random) -> None:
    """Levels at the start of the year."""
    areas = [code for code, _label in DevelopmentLevel._meta.get_field("area").flatchoices]
    rows = [
        DevelopmentLevel(
            school_class_id=place.school_class_id,
            pupil_id=place.pupil_id,
            stage="start",
            area=area,
            level=dice.choice((1, 1, 2, 2, 2, 3)),
        )
        for place in Membership.objects.filter(school_class__year=year, school_class__grade=0, until=None)
        for area in areas
    ]
    DevelopmentLevel.objects.bulk_create(rows)


_TOPICS = {
    "club": ("Шахмат ойынының ережелері", "Дебют негіздері", "Екі жүрісті есептер", "Турнир"),
    "elective": ("Читаем диаграммы", "Проценты вокруг нас", "Задачи на движение", "Практикум"),
    "home": ("Көпмүшелерді қосу", "Қысқаша көбейту формулалары", "Теңдеулер", "Қайталау"),
    "correction": ("Дыбыстарды ажырату", "Сөздің буын құрамы", "Сөйлем құрау", "Мәтінмен жұмыс"),
}


def _lessons(actor: Actor, year: str, dice: random.Random) -> None:
    """Clubs, the elective, the child at home and correction meet after the last lesson; some are missed."""
    _elective(actor, year)
    quarter = schedule.current_period(year=year)
    courses = list(Course.objects.filter(year=year, kind__in=list(_TOPICS)).order_by("kind", "pk"))
    if quarter is None or quarter.is_closed or not courses:
        return
    turns: dict[str, int] = {}
    for course in courses:
        turn = turns.setdefault(course.set_code or str(course.pk), len(turns))
        with suppress(DomainError):
            schedule.set_slots(actor=actor, course_id=course.pk, places=[(turn % 5 + 1, 8)])
    schedule.generate_lessons(actor=actor, period_id=quarter.id, course_ids=[one.pk for one in courses])
    kinds = {one.pk: one.kind for one in courses}
    held = Lesson.objects.filter(course_id__in=kinds, date__lte=clock.today()).order_by("date")
    members: dict[UUID, list[UUID]] = {}
    for course_id, pupil_id in GroupMember.objects.filter(course_id__in=kinds, until=None).values_list(
        "course_id", "pupil_id"
    ):
        members.setdefault(course_id, []).append(pupil_id)
    missed, given = [], []
    accounts = dict(User.objects.exclude(person_id=None).values_list("person_id", "pk"))
    for n, lesson in enumerate(held):
        lesson.topic = _TOPICS[kinds[lesson.course_id]][n % 4]
        lesson.save(update_fields=["topic"])
        there = members.get(lesson.course_id, [])
        if kinds[lesson.course_id] == "home":
            at = datetime.combine(lesson.date, time(15, 40), clock.ALMATY)
            by = accounts.get(lesson.teacher_id) if lesson.teacher_id else None
            given += [
                Mark(lesson=lesson, pupil_id=one, kind="fo", points=dice.randint(6, 10), set_by=by, set_at=at)
                for one in there
            ]
        elif len(there) > 1:
            missed.append(Absence(lesson=lesson, pupil_id=dice.choice(there), code="ill"))
    Absence.objects.bulk_create(missed)
    Mark.objects.bulk_create(given)


def _elective(actor: Actor, year: str) -> None:
    """One in a class that is taught algebra."""
    known = Course.objects.filter(year=year, subject_code="algebra", teacher_id__isnull=False)
    course = known.order_by("pk").last()
    if course is None or course.teacher_id is None:
        return
    into = SchoolClass.objects.get(pk=course.school_class_id)
    made = schedule.add_course(
        actor=actor,
        school_class_id=into.pk,
        subject_code="facultative",
        hours=Decimal(1),
        teacher_id=course.teacher_id,
        kind="elective",
        name="Функционалдық сауаттылық" if into.language == "kk" else "Функциональная грамотность",
    )
    pupils = Membership.objects.filter(school_class=into, until=None).order_by("pupil__surname")[:12]
    since = reference.school_year(year).start
    GroupMember.objects.bulk_create(
        GroupMember(course_id=made.id, pupil_id=one.pupil_id, since=since) for one in pupils
    )
