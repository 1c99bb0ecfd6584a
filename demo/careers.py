"""Lives of the staff: where they studied and worked, categories, courses, awards, leaves; the orders of this autumn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from demo.district import SchoolPlan
from demo.order_books import on_day
from demo.people import Crowd
from identity import api as identity
from kernel import clock
from kernel.access import Role
from modules.contingent.models import Charge, SchoolClass
from modules.orders import api as orders
from modules.staff.models import (
    Attestation,
    Award,
    Education,
    Employee,
    EmployeeLanguage,
    Leave,
    Position,
    Staffing,
    Training,
    WorkPeriod,
)
from modules.staff.rules.ages import later
from modules.staff.rules.service import Kind
from tenants import reference

UNIVERSITIES = (
    ("Е. А. Бөкетов атындағы Қарағанды университеті", "Карагандинский университет имени Е. А. Букетова"),
    ("Абай атындағы Қазақ ұлттық педагогикалық университеті", "КазНПУ имени Абая"),
    ("Л. Н. Гумилёв атындағы Еуразия ұлттық университеті", "ЕНУ имени Л. Н. Гумилёва"),
    ("Ж. А. Тәшенов атындағы университет", "Университет имени Ж. А. Ташенева"),
)
COLLEGES = (
    ("Қарқаралы аграрлық-техникалық колледжі", "Каркаралинский аграрно-технический колледж"),
    ("Қарағанды гуманитарлық колледжі", "Карагандинский гуманитарный колледж"),
)
SCHOOLS_BEFORE = (
    ("Егіндібұлақ орта мектебі", "Егиндыбулакская средняя школа"),
    ("№ 14 жалпы білім беретін мектеп, Қарағанды", "Общеобразовательная школа № 14, Караганда"),
    ("Балқаш қаласының № 5 мектебі", "Школа № 5 города Балхаша"),
    ("Қоянды орта мектебі", "Кояндинская средняя школа"),
)
ELSEWHERE = (
    ("Қарқаралы аудандық мәдениет үйі", "Каркаралинский районный дом культуры"),
    ("«Талды» ШҚ", "КХ «Талды»"),
    ("Аудандық кітапхана", "Районная библиотека"),
)
COURSES = (
    ("Критериалды бағалау жүйесі", "Система критериального оценивания"),
    ("Инклюзивті білім беру", "Инклюзивное образование"),
    ("Функционалдық сауаттылықты дамыту", "Развитие функциональной грамотности"),
    ("Сабақта жасанды интеллект құралдарын қолдану", "Инструменты искусственного интеллекта на уроке"),
    ("Пән мұғалімдерінің біліктілігін арттыру", "Повышение квалификации учителей-предметников"),
)
PROVIDERS = ("«Өрлеу» БАҰО", "НЗМ ПШО", "АО НЦПК «Өрлеу»")
AWARDS = (
    "district_diploma",
    "district_diploma",
    "regional_diploma",
    "altynsarin",
    "honorary_worker",
    "best_pedagogue",
)
LADDER = ("teacher", "moderator", "expert", "researcher", "master")


def live(plan: SchoolPlan, crowd: Crowd, *, year: str) -> None:
    """Give everybody on the staff a past, and the school its staffing table."""
    dice = crowd.random
    people = list(Employee.objects.prefetch_related("positions", "subjects").order_by("id"))
    _celebrate(crowd, people)
    for one in people:
        _before(one, dice, plan.tenant.language)
        _papers(one, dice, plan)
    _absences(people, dice)
    _approve(reference.school_year(year).start)
    _charges(year, dice)


def _in(language: str, pair: tuple[str, str]) -> str:
    return pair[1] if language == "ru" else pair[0]


def _celebrate(crowd: Crowd, people: Sequence[Employee]) -> None:
    """Somebody has a birthday today, somebody a jubilee this week; the number follows the day."""
    today = clock.today()
    for one, days, age in zip(people[2::5], (0, 2, 4), (50, 37, 60), strict=False):
        born = later(today + timedelta(days=days), years=-age)
        one.birth_date, one.iin = born, crowd.number(born, one.sex)
        one.teaching_since = max(later(born, years=22), one.teaching_since or date.min)
        one.save(update_fields=["birth_date", "iin", "teaching_since"])


def _before(one: Employee, dice: Random, language: str) -> None:
    """The work book: earlier schools, sometimes other work or the army, then this school."""
    began = one.teaching_since or date(clock.today().year - dice.randrange(1, 8), 9, 1)
    today = clock.today()
    here = began
    if (today - began).days > 4 * 365 and dice.random() < 0.7:
        here = date(dice.randrange(began.year + 2, today.year), 9, 1)
        left = date(here.year, 6, 30) if dice.random() < 0.6 else here - timedelta(days=1)
        WorkPeriod.objects.create(
            employee=one,
            kind=Kind.PEDAGOGICAL,
            organisation=_in(language, dice.choice(SCHOOLS_BEFORE)),
            post=_in(language, ("мұғалім", "учитель")),
            post_code="teacher_subject",
            since=began,
            until=left,
            ground=_in(language, ("еңбек кітапшасы", "трудовая книжка")),
        )
        if dice.random() < 0.25 and (left - began).days > 900:
            begun = began + timedelta(days=400)
            WorkPeriod.objects.create(
                employee=one,
                kind=Kind.PEDAGOGICAL,
                organisation=_in(language, dice.choice(COLLEGES)),
                post=_in(language, ("оқытушы, 0,5 мөлшерлеме", "преподаватель, 0,5 ставки")),
                since=begun,
                until=begun + timedelta(days=365),
                ground=_in(language, ("еңбек шарты", "трудовой договор")),
            )
    young = one.birth_date.year + 19 if one.birth_date else began.year - 3
    if one.sex == "m" and dice.random() < 0.5:
        WorkPeriod.objects.create(
            employee=one,
            kind=Kind.MILITARY,
            since=date(young, 5, 10),
            until=date(young + 1, 5, 9),
            ground=_in(language, ("әскери билет", "военный билет")),
        )
    elif dice.random() < 0.15:
        WorkPeriod.objects.create(
            employee=one,
            kind=Kind.OTHER,
            organisation=_in(language, dice.choice(ELSEWHERE)),
            post=_in(language, ("маман", "специалист")),
            since=date(young + 2, 2, 1),
            until=min(date(young + 3, 6, 30), began - timedelta(days=1)),
        )
    main = max(one.positions.all(), key=lambda p: p.rate, default=None)
    if main is not None and here < main.since:
        main.since = here
        main.save(update_fields=["since"])


def _papers(one: Employee, dice: Random, plan: SchoolPlan) -> None:
    """Diplomas, categories, courses, awards, languages."""
    language, today = plan.tenant.language, clock.today()
    began = one.teaching_since or today
    Education.objects.filter(employee=one).delete()
    is_pedagogue = any(
        reference.terms("posts")[p.post_code].extra.get("pedagogical") for p in one.positions.all()
    )
    subject = next((s.subject_code for s in one.subjects.all()), "")
    speciality = reference.subjects()[subject].name_ru if subject and language == "ru" else ""
    if subject and language != "ru":
        speciality = reference.subjects()[subject].name_kk
    place = UNIVERSITIES if is_pedagogue or dice.random() < 0.4 else COLLEGES
    Education.objects.create(
        employee=one,
        level=("bachelor" if began.year > 2006 else "specialist") if place is UNIVERSITIES else "tvet",
        institution=_in(language, dice.choice(place)),
        speciality=speciality,
        diploma=f"ЖБ-Б {dice.randrange(10**7):07d}",
        year=min(began.year, today.year),
    )
    if is_pedagogue and dice.random() < 0.12:
        Education.objects.create(
            employee=one,
            level="master",
            institution=_in(language, dice.choice(UNIVERSITIES)),
            speciality=speciality,
            diploma=f"ЖООКБ-М {dice.randrange(10**6):06d}",
            year=min(began.year + 4, today.year),
        )
    own, *more = ("ru", "kk") if language == "ru" else ("kk", "ru")
    EmployeeLanguage.objects.bulk_create(
        [
            EmployeeLanguage(employee=one, code=own, teaches=is_pedagogue),
            *(EmployeeLanguage(employee=one, code=code) for code in more),
            *([EmployeeLanguage(employee=one, code="en")] if dice.random() < 0.2 else []),
        ]
    )
    one.nationality = "kazakh" if one.patronymic.endswith(("ұлы", "қызы")) else "russian"
    village = plan.village_ru if language == "ru" else plan.village_kk
    street = "ул. Абая" if language == "ru" else "Абай к-сі"
    one.address = f"{village}, {street}, {dice.randrange(1, 120)}"
    one.save(update_fields=["nationality", "address"])
    if is_pedagogue:
        _growth(one, dice, began, language)


def _growth(one: Employee, dice: Random, began: date, language: str) -> None:
    """How a pedagogue rose, what courses there were, what was given for it."""
    today = clock.today()
    last = Attestation.objects.filter(employee=one).order_by("-date").first()
    if last is None and (today - began).days > 3 * 365:
        given = date(today.year - dice.randrange(0, 6), 8, 25)
        last = Attestation.objects.create(
            employee=one, category=dice.choice(LADDER[:4]), date=min(given, today)
        )
    elif last is not None and last.date and later(last.date, years=5) < today and dice.random() < 0.85:
        # Most were attested again in time; a few are late.
        last.date = date(today.year - dice.randrange(1, 5), 8, 25)
        last.save(update_fields=["date"])
    step = LADDER.index(last.category) if last and last.category in LADDER else 0
    if last is not None:
        last.order_number = f"{dice.randrange(20, 260)}-ж"
        last.save(update_fields=["order_number"])
    for place, code in enumerate(reversed(LADDER[1:step]), 1):
        before = later(last.date, years=-4 * place) if last and last.date else None
        if before and before > began:
            Attestation.objects.create(
                employee=one, category=code, date=before, order_number=f"{dice.randrange(20, 260)}-ж"
            )
    for _ in range(dice.choice((0, 1, 1, 2, 3))):
        ended = today - timedelta(days=dice.randrange(60, 365 * 5))
        if ended > began:
            Training.objects.create(
                employee=one,
                theme=_in(language, dice.choice(COURSES)),
                provider=dice.choice(PROVIDERS),
                hours=dice.choice((36, 72, 80, 80, 120)),
                since=ended - timedelta(days=12),
                until=ended,
                certificate=f"№ {dice.randrange(10**6):06d}",
            )
    if (today - began).days > 8 * 365 and dice.random() < 0.4:
        Award.objects.create(
            employee=one,
            code=dice.choice(AWARDS),
            date=date(dice.randrange(began.year + 5, today.year), 10, 5),
            order_number=f"{dice.randrange(1, 400)}",
        )


def _absences(people: Sequence[Employee], dice: Random) -> None:
    """Last summer's leaves; somebody is ill today, somebody is with a small child."""
    today = clock.today()
    summer = date(today.year if today.month > 8 else today.year - 1, 6, 10)
    for one in people:
        if dice.random() < 0.8:
            Leave.objects.create(employee=one, kind="annual", since=summer, until=summer + timedelta(days=55))
    for one, kind, before, after in (
        (people[len(people) // 2], "sick", 3, 4),
        (next((p for p in people[5:] if p.sex == "f"), people[0]), "child_care", 200, 500),
    ):
        Leave.objects.create(
            employee=one,
            kind=kind,
            since=max(today - timedelta(days=before), summer + timedelta(days=56)),
            until=today + timedelta(days=after),
        )


def _approve(since: date) -> None:
    """The staffing table: what is held, and a little more where people are missing."""
    held: dict[str, Decimal] = {}
    for code, rate in Position.objects.filter(until=None).values_list("post_code", "rate"):
        held[code] = held.get(code, Decimal(0)) + rate
    missing = {
        "teacher_subject": Decimal("1.5"),
        "psychologist": Decimal("0.5"),
        "speech_therapist": Decimal(1),
    }
    Staffing.objects.bulk_create(
        Staffing(
            post_code=code, rates=held.get(code, Decimal(0)) + missing.get(code, Decimal(0)), since=since
        )
        for code, __ in reference.terms("posts").items()
        if code in held or code in missing
    )


def _charges(year: str, dice: Random) -> None:
    """A class teacher changed in the autumn; the educators lead groups of the smallest."""
    start = reference.school_year(year).start
    day = start + timedelta(days=40)
    changed = Charge.objects.filter(school_class__year=year, school_class__grade=6).order_by("id").first()
    if changed is not None and day < clock.today():
        other = (
            Charge.objects.filter(school_class__year=year, school_class__grade=5)
            .exclude(employee_id=changed.employee_id)
            .first()
        )
        if other is not None:
            changed.until = day - timedelta(days=1)
            changed.save(update_fields=["until"])
            Charge.objects.create(
                school_class=changed.school_class,
                employee_id=other.employee_id,
                duty=Charge.Duty.CLASS_TEACHER,
                since=day,
                order_number="41-ж",
            )
    educators = list(
        Employee.objects.filter(positions__post_code__in=("educator", "teacher_preschool")).distinct()
    )
    youngest = list(SchoolClass.objects.filter(year=year, grade__lte=1).order_by("grade", "letter"))
    for place, row in enumerate(youngest[: max(2, len(educators) * 2)]):
        if educators:
            Charge.objects.create(
                school_class=row,
                employee_id=educators[place % len(educators)].pk,
                duty=Charge.Duty.EDUCATOR,
                group=f"{place // 2 + 1}-топ" if row.grade else "",
                since=start,
            )


def sign_orders(crowd: Crowd) -> None:
    """This autumn's orders on staff, each on its own day, and drafts that wait for the director."""
    directors = identity.users_with_role(Role.DIRECTOR)
    clerks = identity.users_with_role(Role.SECRETARY)
    teachers = list(
        Employee.objects.filter(positions__post_code="teacher_subject", positions__until=None)
        .exclude(leaves__until__gte=clock.today())
        .distinct()
        .order_by("surname", "id")[:4]
    )
    if not directors or len(teachers) < 4:
        return
    director = identity.actor_of_user(directors[0].id)
    clerk = identity.actor_of_user(clerks[0].id) if clerks else director
    today = clock.today()
    first, second, third, fourth = teachers
    person = crowd.adult(born=(1996, 2003))
    newcomer = {
        "surname": person.surname,
        "name": person.name,
        "patronymic": person.patronymic,
        "sex": person.sex,
        "iin": person.iin,
        "birth_date": person.birth_date,
        "phone": person.phone,
        "post_0": "laboratory_assistant",
        "rate_0": "1",
        "form": "main",
        "education": "bachelor",
    }
    past: list[tuple[int, str, dict[str, object], UUID, str, dict[str, object]]] = [
        (
            45,
            "staff.hire",
            {},
            UUID(int=crowd.random.getrandbits(128), version=4),
            f"{person.surname} {person.name} {person.patronymic}".strip(),
            newcomer | {"since": today - timedelta(days=45)},
        ),
        (
            30,
            "staff.part_time",
            {"since": today - timedelta(days=30)},
            second.pk,
            second.person_name.full,
            {"post": "laboratory_assistant", "rate": "0.5", "form": "internal"},
        ),
        (
            6,
            "staff.leave",
            {"kind": "unpaid"},
            first.pk,
            first.person_name.full,
            {"since": today + timedelta(days=7), "until": today + timedelta(days=11)},
        ),
    ]
    for before, kind, values, subject_id, name, line in past:
        with on_day(today - timedelta(days=before)):
            orders.draft_and_sign(
                actor=director, kind=kind, values=values, lines=[orders.NewLine(subject_id, name, line)]
            )
    waiting = orders.draft(
        actor=clerk,
        kind="staff.transfer",
        values={"since": today + timedelta(days=14)},
        lines=[orders.NewLine(third.pk, third.person_name.full, {"post": "teacher_subject", "rate": "1.25"})],
    )
    orders.submit(actor=clerk, order_id=waiting.id)
    orders.draft(
        actor=clerk,
        kind="staff.leave",
        values={"kind": "study"},
        lines=[
            orders.NewLine(
                fourth.pk,
                fourth.person_name.full,
                {"since": today + timedelta(days=20), "until": today + timedelta(days=34)},
            )
        ],
    )
