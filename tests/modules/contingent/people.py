"""Rows that the tests of people need."""

from __future__ import annotations

from datetime import date
from typing import Any

from kernel import iin
from kernel.access import Actor
from modules.contingent import api, services
from modules.contingent.data import NewGuardian, NewPupil
from modules.contingent.models import Pupil, SchoolClass

SEPTEMBER = date(2026, 9, 1)
_serial = iter(range(0, 10_000, 5))


def new_class(grade: int = 7, letter: str = "А", year: str = "2026-27", **more: Any) -> SchoolClass:
    return services.open_class(
        actor=Actor.system_actor("test"), year=year, grade=grade, letter=letter, language="kk", **more
    )


def new_pupil(
    into: SchoolClass,
    surname: str = "Ахметов",
    name: str = "Ерлан",
    patronymic: str = "Болатұлы",
    sex: str = "m",
    birth_date: date = date(2013, 4, 5),
    guardians: tuple[NewGuardian, ...] = (),
    since: date = SEPTEMBER,
    **more: Any,
) -> Pupil:
    number = more.pop("iin", None)
    return services.enrol(
        actor=Actor.system_actor("test"),
        pupil=NewPupil(
            surname=surname,
            name=name,
            patronymic=patronymic,
            sex=sex,
            birth_date=birth_date,
            iin=iin.synthetic(birth_date, sex, next(_serial)) if number is None else number,
            **more,
        ),
        class_id=into.pk,
        since=since,
        guardians=guardians,
    )


def mother(**more: Any) -> NewGuardian:
    return NewGuardian(
        **{"relation": "mother", "surname": "Ахметова", "name": "Гүлнар", "phone": "+77051112233"} | more
    )


__all__ = ["SEPTEMBER", "api", "mother", "new_class", "new_pupil"]
