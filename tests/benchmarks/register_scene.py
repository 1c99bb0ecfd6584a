"""A school of a thousand pupils in its classes, or of three thousand people, with its secretary signed in."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction

from identity import api as identity
from identity.models import User
from identity.services import sessions
from kernel import clock, iin, tenancy
from kernel.access import Actor, Role
from modules.contingent.models import Membership, Pupil, SchoolClass
from modules.staff.models import Employee
from tests import world
from tests.benchmarks.journal_scene import Desk

SURNAMES = [
    "Ахметов",
    "Қожахметов",
    "Сәдуақасов",
    "Нұрпейісов",
    "Жұмабаев",
    "Әбдірахманов",
    "Оспанов",
    "Тілеубергенов",
    "Байжанов",
    "Сейітқали",
    "Омаров",
    "Серікбаев",
    "Мұхамеджанов",
    "Ибраев",
    "Ысқақов",
    "Қасымов",
    "Ким",
    "Петров",
    "Иванова",
    "Төлегенқызы",
    "Һарунов",
    "Іңкәров",
    "Өмірзақ",
    "Ғалымов",
]
NAMES = [
    "Нұрсұлтан",
    "Айгерім",
    "Ерлан",
    "Дана",
    "Әлихан",
    "Іңкәр",
    "Мұхаммед",
    "Алима",
    "Жанерке",
    "Нұрлан",
    "Бекзат",
    "Аружан",
    "Аяулым",
    "Темірлан",
    "Санжар",
    "Дамир",
    "Мадина",
    "Томирис",
    "Айсұлтан",
    "Диас",
    "Ұлжан",
    "Гүлнар",
    "Жания",
    "Амина",
    "Асылым",
    "Рамазан",
    "Ерасыл",
    "Алихан",
    "Ислам",
    "Сергей",
    "Анна",
]
PATRONYMICS = ["Болатұлы", "Серікқызы", "Қуанышұлы", "Талғатқызы", "Ерланұлы", "Маратқызы"]
LETTERS = "АӘБВ"


def open_office(*, pupils: int, employees: int) -> Desk:
    """Write the people into school A and sign its secretary in."""
    school = world.find("school-a")
    dice = random.Random(7)
    with tenancy.use(school), transaction.atomic():
        year = clock.school_year_of(clock.today())
        since = date(int(year[:4]), 9, 1)
        classes = [
            SchoolClass(year=year, grade=grade, letter=letter, language="kk" if letter in "АӘ" else "ru")
            for grade in range(1, 12)
            for letter in LETTERS
        ]
        SchoolClass.objects.bulk_create(classes)
        children = []
        for number in range(pupils):
            born = date(since.year - 7 - number % 11, 1, 1) + timedelta(days=number % 330)
            sex = "mf"[number % 2]
            children.append(
                Pupil(**_name(dice), sex=sex, birth_date=born, iin=iin.synthetic(born, sex, number % 9000))
            )
        Pupil.objects.bulk_create(children)
        Membership.objects.bulk_create(
            Membership(pupil=one, school_class=classes[n % len(classes)], year=year, since=since)
            for n, one in enumerate(children)
        )
        Employee.objects.bulk_create(Employee(**_name(dice), sex="mf"[n % 2]) for n in range(employees))
        [slip] = identity.create_accounts(
            actor=Actor.system_actor("benchmark"),
            accounts=[
                identity.NewAccount(
                    person_kind="staff",
                    person_id=None,
                    surname="Әбілова",
                    name="Салтанат",
                    roles=(Role.SECRETARY,),
                )
            ],
            password="tau-zhanyndagy-auyl",
        )
        user = User.objects.get(pk=slip.user_id)
        User.objects.filter(pk=user.pk).update(must_change_password=False)
        key, __ = sessions.begin(user=user, methods="password", device="benchmark")
    with tenancy.owner(school), connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # only an owner's counts
    return Desk(school, None, user, key, WSGIHandler())


def _name(dice: random.Random) -> dict[str, Any]:
    return {
        "surname": dice.choice(SURNAMES),
        "name": dice.choice(NAMES),
        "patronymic": dice.choice(PATRONYMICS),
    }
