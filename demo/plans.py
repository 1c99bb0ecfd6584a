"""Plans of a school in November: one approved and taught by, some on their way, and lesson plans of the story's teacher."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import yaml

from demo.order_books import on_day
from identity import api as identity
from identity.models import User
from kernel import clock
from kernel.access import REGISTER, Actor, Role
from kernel.tenancy import TenantRef
from modules.contingent.models import SchoolClass
from modules.plans import api as plans
from modules.plans.models import Line
from modules.schedule.models import Course, Lesson
from tenants import reference

# What becomes of the plan of each subject, and a word that its reader has.
SUBJECTS = (
    ("algebra", "approved"),
    ("geometry", "draft"),
    ("physics", "office"),
    ("history_of_kazakhstan", "team"),
    ("geography", "back"),
    ("biology", "shared"),
)
WEEKS = (8, 8, 10, 8)
TEAMS = (
    ("Математика және информатика", ("mathematics", "algebra", "geometry", "informatics")),
    ("Жаратылыстану пәндері", ("physics", "chemistry", "biology", "natural_science", "science")),
    (
        "Қоғамдық-гуманитарлық пәндер",
        ("history_of_kazakhstan", "world_history", "geography", "basics_of_law"),
    ),
)
# A topic is taught for three lessons.
TURNS = {
    "kk": ("{}", "{}. Жаттығулар орындау", "{}. Қорытындылау"),
    "ru": ("{}", "{}. Решение упражнений", "{}. Обобщение"),
}
WORDS = {
    "kk": {
        "unit": "{grade}.{n}{letter} бөлім", "again": "Өткенді қайталау", "sor": "«{unit}» бөлімі бойынша жиынтық бағалау",
        "soch": "{n}-тоқсан бойынша жиынтық бағалау", "reserve": "Резерв сағаты",
    },
    "ru": {
        "unit": "Раздел {grade}.{n}{letter}", "again": "Повторение пройденного", "sor": "Суммативное оценивание за раздел «{unit}»",
        "soch": "Суммативное оценивание за {n} четверть", "reserve": "Резервный час",
    },
}  # fmt: skip
STAGES = {
    "kk": (
        ("start", 7, "Сәлемдеседі, үй тапсырмасын тексереді. «Миға шабуыл»: өткен тақырып бойынша 5 сұрақ қояды.",
         "Сұрақтарға жауап береді, сабақтың мақсатын өздері тұжырымдайды.", "Ауызша мадақтау", "Слайд, тақта"),
        ("middle", 30, "Жаңа тақырыпты мысалмен түсіндіреді. Деңгейлік тапсырмалар ұсынады, жұптық жұмысты ұйымдастырады.",
         "Дәптерге жазады, есептерді жұппен шығарады, бірін-бірі тексереді.", "Дескриптор бойынша, 10 балл", "Оқулық, үлестірмелі қағаздар"),
        ("end", 8, "Сабақты қорытындылайды, үй тапсырмасын түсіндіреді.", "«Бағдаршам» арқылы кері байланыс береді.",
         "Өзін-өзі бағалау", "Стикерлер"),
    ),
    "ru": (
        ("start", 7, "Приветствует, проверяет домашнее задание. «Мозговой штурм»: 5 вопросов по пройденной теме.",
         "Отвечают на вопросы, сами формулируют цель урока.", "Похвала", "Слайд, доска"),
        ("middle", 30, "Объясняет новую тему на примере. Даёт разноуровневые задания, ведёт работу в парах.",
         "Записывают, решают задачи в парах, проверяют друг друга.", "По дескриптору, 10 баллов", "Учебник, карточки"),
        ("end", 8, "Подводит итог, объясняет домашнее задание.", "Дают обратную связь «Светофор».", "Самооценивание", "Стикеры"),
    ),
}  # fmt: skip
AROUND = {
    "kk": ("Тақырыптың негізгі ұғымдарын біледі және есеп шығаруда қолданады.",
           "А деңгейі: үлгі бойынша; В деңгейі: өз бетінше; С деңгейі: шығармашылық тапсырма. Үлгерімі төмен оқушыларға тірек сызба беріледі.",
           "Жұптық жұмысқа уақыт аз болды, келесі сабақта басынан жалғастырамыз."),
    "ru": ("Знают основные понятия темы и применяют их при решении задач.",
           "Уровень А: по образцу; В: самостоятельно; С: творческое задание. Слабым ученикам – опорная схема.",
           "На работу в парах не хватило времени, продолжим в начале следующего урока."),
}  # fmt: skip


@dataclass(frozen=True)
class _Author:
    actor: Actor
    courses: list[Course]
    grade: int
    language: str


def keep(ref: TenantRef, *, year: str) -> int:
    """Make the plans; answer how many lines they have. The caller stands in the school."""
    office = _office(ref)
    _teams(office)
    count = 0
    for subject, fate in SUBJECTS:
        author = _author(ref, subject, year)
        if author is None:
            continue
        count += _plan(author, subject, fate, year=year, office=office)
    return count


def _plan(author: _Author, subject: str, fate: str, *, year: str, office: Actor) -> int:
    hours = author.courses[0].hours_per_week
    first_day = date(int(year[:4]), 8, 25)
    with on_day(min(first_day, clock.today())):
        plan = plans.make_plan(
            actor=author.actor,
            year=year,
            subject_code=subject,
            grade=author.grade,
            language=author.language,
            hours=hours,
        )
        lines = list(_lines(subject, author.grade, author.language, hours, few=fate == "draft"))
        plans.add_lines(actor=author.actor, plan_id=plan.pk, new=lines)
    if fate != "draft":
        plans.follow(actor=author.actor, plan_id=plan.pk, course_ids=[one.pk for one in author.courses])
    if fate in ("approved", "office", "team", "back"):
        with on_day(min(first_day + timedelta(days=2), clock.today())):
            sent = plans.send(actor=author.actor, plan_id=plan.pk)
            if sent.state == "team" and fate != "team":
                plans.agree(actor=office, plan_id=plan.pk)
            if fate == "back":
                plans.send_back(actor=office, plan_id=plan.pk, text=_said(author.language))
            if fate == "approved":
                plans.approve(actor=office, plan_id=plan.pk)
    if fate == "shared":
        plans.share_plan(actor=author.actor, plan_id=plan.pk, shared=True)
    if fate == "approved":
        for course in author.courses:
            _tell_topics(course)
        _lesson_plans(author, plan.pk)
    return len(lines)


def _said(language: str) -> str:
    if language == "ru":
        return "Во второй четверти нет СОЧ, а цели обучения стоят не у всех тем. Поправьте, пожалуйста."
    return "Екінші тоқсанда ТЖБ жоқ, оқу мақсаттары барлық тақырыпта көрсетілмеген. Түзетіңізші."


def _lines(subject: str, grade: int, language: str, hours: Decimal, *, few: bool) -> Iterator[plans.NewLine]:
    """A year of the subject: units of the quarter, a СОР after each half of it, a СОЧ, repetition and reserve."""
    topics = [pair[language == "ru"] for pair in _topics()[subject]]
    words, turns = WORDS[language], TURNS[language]
    n = 0
    for quarter, weeks in enumerate(WEEKS, 1):
        total = int(hours * weeks) - (2 if few and quarter == 2 else 0)
        unit = words["unit"].format(grade=grade, n=quarter, letter="АВСД"[quarter - 1])
        middle = total // 2
        for place in range(1, total + 1):
            kind, topic = "lesson", ""
            if place == 1:
                kind, topic = "repetition", words["again"]
            elif place == middle or (place == total - 2 and hours >= 2):
                kind, topic = "sor", words["sor"].format(unit=unit)
            elif place == total - 1:
                kind, topic = "soch", words["soch"].format(n=quarter)
            elif place == total:
                kind, topic = "reserve", words["reserve"]
            objectives = ""
            if kind == "lesson":
                base = topics[(n // 3) % len(topics)]
                topic = turns[n % 3].format(base)
                objectives = f"{grade}.{quarter}.{1 + n // 9 % 4}.{1 + n // 3 % 6}"
                n += 1
            yield plans.NewLine(quarter=quarter, kind=kind, section=unit, topic=topic, objectives=objectives)


def _topics() -> dict[str, list[list[str]]]:
    return yaml.safe_load((Path(__file__).parent / "topics.yaml").read_text(encoding="utf-8"))


def _tell_topics(course: Course) -> None:
    """Held lessons were taught by the plan; the last two wait for their topic."""
    planned = plans.planned_topics(course_id=course.pk)
    held = list(
        Lesson.objects.filter(course=course, date__lt=clock.today(), state="held").order_by("date", "number")
    )
    for lesson in held[:-2]:
        if lesson.pk in planned:
            lesson.topic = planned[lesson.pk].topic
    for lesson in held[-2:]:
        lesson.topic = ""
    Lesson.objects.bulk_update(held, ["topic"])


def _lesson_plans(author: _Author, plan_id: UUID) -> None:
    """Lesson plans of last week and of the days ahead; one is open to colleagues."""
    course = author.courses[0]
    planned = plans.planned_topics(course_id=course.pk)
    around = Lesson.objects.filter(course=course, state="held", date__gte=clock.today() - timedelta(days=7))
    purpose, differentiation, reflection = AROUND[author.language]
    for lesson in around.order_by("date", "number")[:5]:
        if lesson.pk not in planned:
            continue
        line = Line.objects.select_related("plan").get(pk=planned[lesson.pk].line_id)
        row = plans.start_lesson_plan(actor=author.actor, line=line, course_id=course.pk, lesson_id=lesson.pk)
        values = plans.LessonPlanValues(
            topic=row.topic,
            section=row.section,
            objectives=row.objectives,
            purpose=purpose,
            differentiation=differentiation,
            reflection=reflection if lesson.date < clock.today() else "",
            stages=[plans.StageValues(*one) for one in STAGES[author.language]],
        )
        plans.save_lesson_plan(actor=author.actor, lesson_plan_id=row.pk, values=values, seen=0)
        plans.share_lesson_plan(actor=author.actor, lesson_plan_id=row.pk, shared=lesson.date < clock.today())


# --- people


def _author(ref: TenantRef, subject: str, year: str) -> _Author | None:
    """The teacher of the subject in the first seventh class, with all her courses of it in that grade and language."""
    classes = {one.pk: one for one in SchoolClass.objects.filter(year=year, grade=7).order_by("letter")}
    rows = Course.objects.filter(year=year, subject_code=subject, school_class_id__in=classes, group__lte=2)
    found = [one for one in rows.exclude(teacher_id=None) if one.lessons.exists()]
    found.sort(key=lambda one: (list(classes).index(one.school_class_id), one.group))
    if not found or subject not in _topics():
        return None
    first = found[0]
    language = classes[first.school_class_id].language
    mine = [
        one
        for one in found
        if one.teacher_id == first.teacher_id and classes[one.school_class_id].language == language
    ]
    account = User.objects.filter(person_id=first.teacher_id).order_by("pk").first()
    if account is None:
        return None
    name = account.person_name.full
    actor = _actor(
        ref, Role.TEACHER, user_id=account.pk, name=name, person_id=first.teacher_id, person_kind="staff"
    )
    return _Author(actor, mine, 7, language)


def _office(ref: TenantRef) -> Actor:
    account = next(iter(identity.users_with_role(Role.DEPUTY_ACADEMIC)), None)
    return _actor(
        ref,
        Role.DEPUTY_ACADEMIC,
        user_id=account.id if account else None,
        name=account.full_name if account else "Директордың орынбасары",
    )


def _teams(office: Actor) -> None:
    """Each team is headed by a teacher of one of its subjects."""
    known = reference.subjects()
    taken: set[UUID] = set()
    for name, subjects in TEAMS:
        codes = [code for code in subjects if code in known]
        heads = (
            Course.objects.filter(subject_code__in=codes)
            .exclude(teacher_id=None)
            .exclude(teacher_id__in=taken)
        )
        head = heads.order_by("-year", "-school_class_id").values_list("teacher_id", flat=True).first()
        if head is not None:
            taken.add(head)
            plans.save_team(actor=office, name=name, subjects=codes, head_id=head)


def _actor(ref: TenantRef, role: Role, **who: object) -> Actor:
    grants = {p.code: scopes for p in REGISTER.values() if (scopes := p.defaults.get(role))}
    return Actor(tenant=ref, roles=frozenset({str(role)}), grants=grants, language=ref.language, **who)  # type: ignore[arg-type]
