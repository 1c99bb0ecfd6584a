"""Two years of a school's order books: who came, went over, left and came back, and the school's daily matters.

Through the product's own doors, each order on its own day: the demo's clock is put there while it is signed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from demo.people import Crowd
from kernel import clock
from kernel.access import REGISTER, Actor, Role
from kernel.tenancy import TenantRef
from modules.contingent import api as contingent
from modules.contingent.data import Newcomer, NewPupil, Whereabouts
from modules.contingent.models import Movement, PeriodDecision, Pupil, SchoolClass
from modules.orders import api as orders
from modules.staff.models import Employee
from tenants import reference

MAIN = (
    ((9, 1), "Мектептің жұмыс тәртібі туралы", "О режиме работы школы",
     "1. Сабақтың басталу уақыты 08:00 болып бекітілсін.\n2. Кезекшілік кестесі бекітілсін."),
    ((9, 3), "Ұстаздардың кезекшілігі туралы", "О дежурстве педагогов",
     "1. Педагогтердің бірінші тоқсандағы кезекшілік кестесі бекітілсін."),
    ((9, 15), "Тегін тамақтандыруды ұйымдастыру туралы", "Об организации бесплатного питания",
     "1. Тегін тамақ алатын оқушылардың тізімі бекітілсін.\n2. Бракераж комиссиясы құрылсын."),
    ((10, 20), "Күзгі каникулды өткізу туралы", "О проведении осенних каникул",
     "1. Күзгі каникул кезіндегі іс-шаралар жоспары бекітілсін."),
    ((11, 10), "Қысқы маусымға дайындық туралы", "О подготовке к зимнему сезону",
     "1. Ғимараттың жылу жүйесі тексерілсін."),
    ((2, 16), "Оқушылар олимпиадасы туралы", "О школьной олимпиаде",
     "1. Пәндік олимпиаданың мектепішілік кезеңі өткізілсін."),
    ((4, 20), "Қорытынды аттестаттауға дайындық туралы", "О подготовке к итоговой аттестации",
     "1. Емтихан комиссиялары құрылсын."),
)  # fmt: skip


GROUNDS = {
    "application": {"kk": "ата-ананың өтініші", "ru": "заявление родителя"},
    "application_and_slip": {
        "kk": "ата-ананың өтініші, келу талоны",
        "ru": "заявление родителя, талон о прибытии",
    },
    "doctors": {"kk": "ДКК қорытындысы", "ru": "заключение ВКК"},
    "council": {"kk": "педагогикалық кеңестің шешімі", "ru": "решение педагогического совета"},
}


@contextmanager
def on_day(day: date) -> Iterator[None]:
    """Stand in a day of the past, at ten in the morning."""
    kept = clock.now, clock.today
    moment = datetime.combine(day, time(10), tzinfo=clock.ALMATY)
    clock.now, clock.today = (lambda: moment), (lambda: day)
    try:
        yield
    finally:
        clock.now, clock.today = kept


def keep(ref: TenantRef, crowd: Crowd, *, year: str, last_year: str) -> int:
    """Fill the books of both years up to today; answer how many orders that were. The caller stands in the school."""
    director = _director(ref)
    taken = set(Pupil.objects.exclude(iin="").values_list("iin", flat=True))
    book = _Book(director, crowd, taken)
    first, second = int(last_year[:4]), int(year[:4])
    acts: list[tuple[date, Callable[[date], object]]] = []
    for start in (first, second):
        for (month, number), title_kk, title_ru, text in MAIN:
            day = _workday(date(start if month >= 8 else start + 1, month, number))
            acts.append((day, _plain(director, title_kk, title_ru, text)))
    acts += book.of_years(first, second, year=year, last_year=last_year)
    today = clock.today()
    done = 0
    for day, act in sorted(acts, key=lambda pair: pair[0]):
        if day <= today:
            with on_day(day):
                act(day)
            done += 1
    book.leave_a_draft(year)
    _decide_on_the_last_comer(director, year)
    return done


LATE = {
    "kk": "Тоқсан ортасында келді, бағасын бұрынғы мектебі қояды",
    "ru": "Прибыл в середине четверти, отметку ставит прежняя школа",
}


def _decide_on_the_last_comer(director: Actor, year: str) -> None:
    """Whoever came last within the running quarter is attested for it where he was before."""
    span = next(
        (one for one in reference.school_year(year).quarters if one.start <= clock.today() <= one.end), None
    )
    if span is None:
        return
    came = Movement.objects.filter(direction="in", date__gt=span.start, date__lte=clock.today())
    last = came.filter(pupil__left_date=None).order_by("-date", "-id").first()
    if last is not None:
        PeriodDecision.objects.create(
            pupil_id=last.pupil_id,
            year=year,
            quarter=span.number,
            attested_here=False,
            note=LATE[director.language],
            decided_at=clock.now(),
            decided_by_id=director.user_id,
            decided_by_name=director.name,
        )


class _Book:
    """The story of a few children over two years; those who are not there yet are passed over."""

    def __init__(self, director: Actor, crowd: Crowd, taken: set[str]) -> None:
        self.director, self.crowd, self.taken = director, crowd, taken
        self.who: dict[str, UUID] = {}

    def say(self, ground: str) -> str:
        return GROUNDS[ground][self.director.language]

    def of_years(
        self, first: int, second: int, *, year: str, last_year: str
    ) -> list[tuple[date, Callable[[date], object]]]:
        old, now = _classes(last_year), _classes(year)
        return [
            (_workday(date(*day)), act)
            for day, act in (
                ((first, 9, 5), self.enrol("А", old(3), "arr_other_region", "Павлодар облысы")),
                ((first, 9, 8), self.enrol("Б", old(5), "arr_same_district", "Қарқаралы ауданы")),
                ((first, 10, 13), self.move("Б", old(5, 1))),
                ((first, 12, 15), self.enrol("В", old(6), "arr_kandas", "")),
                ((first + 1, 1, 12), self.depart("А", "dep_same_region", "Шет ауданы", "Ақадыр мектебі")),
                ((first + 1, 3, 2), self.leave("В")),
                ((first + 1, 4, 6), self.come_from_leave("В", old(6))),
                ((first + 1, 5, 26), self.promote({"Б": now(6), "В": now(7)}, second)),
                ((second, 9, 4), self.enrol("Г", now(3), "arr_same_district", "Қарқаралы ауданы")),
                ((second, 9, 7), self.enrol("Д", now(6), "arr_other_region", "Астана қаласы")),
                ((second, 10, 19), self.come_back("А", now(4))),
                ((second, 11, 9), self.depart("Д", "dep_abroad", "", "")),
                ((second, 11, 16), self.move("Б", now(6, 1), cancel_on=_workday(date(second, 11, 18)))),
            )
        ]

    def enrol(self, key: str, into: SchoolClass | None, reason: str, place: str) -> Callable[[date], object]:
        def act(day: date) -> None:
            if into is None:
                return
            family = self.crowd.family()
            child = self.crowd.child(
                born=day.year - 6 - into.grade, family=family, father=self.crowd.given_name(family, "m")
            )
            while child.iin in self.taken:
                child = self.crowd.child(born=day.year - 6 - into.grade, family=family, father="Серік")
            self.taken.add(child.iin)
            newcomer = Newcomer(
                pupil=NewPupil(
                    surname=child.surname, name=child.name, patronymic=child.patronymic, sex=child.sex,
                    birth_date=child.birth_date, iin=child.iin, citizenship="KZ",
                ),
                class_id=into.pk,
                since=day,
                whence=Whereabouts(reason=reason, country="KZ", region=place, slip_number=str(self.crowd.random.randrange(5, 90)), slip_date=day - timedelta(days=2)),
            )  # fmt: skip
            made = contingent.draft_enrolment(
                actor=self.director, newcomers=[newcomer], ground=self.say("application_and_slip")
            )
            self.who[key] = orders.sign(actor=self.director, order_id=made.id).lines[0].subject_id or UUID(
                int=0
            )

        return act

    def move(
        self, key: str, into: SchoolClass | None, *, cancel_on: date | None = None
    ) -> Callable[[date], object]:
        def act(day: date) -> None:
            if into is None or key not in self.who:
                return
            made = self._sign("contingent.move", key, {}, {"since": day, "class_id": into.pk})
            if cancel_on and cancel_on <= _NOW():
                with on_day(cancel_on):
                    by = orders.draft_cancellation(
                        actor=self.director, order_id=made.id, ground="ата-ананың өтініші"
                    )
                    orders.sign(actor=self.director, order_id=by.id)

        return act

    def depart(self, key: str, reason: str, district: str, school: str) -> Callable[[date], object]:
        def act(day: date) -> None:
            line = {
                "reason": reason,
                "country": "KZ" if district else "RU",
                "district": district,
                "organisation": school,
            }
            if key in self.who:
                self._sign("contingent.depart", key, line, {"last_day": day})

        return act

    def leave(self, key: str) -> Callable[[date], object]:
        def act(day: date) -> None:
            if key in self.who:
                values = {"since": day, "until": day + timedelta(days=60)}
                self._sign("contingent.leave", key, {}, values, ground="doctors")

        return act

    def come_from_leave(self, key: str, into: SchoolClass | None) -> Callable[[date], object]:
        def act(day: date) -> None:
            if into is not None and key in self.who:
                self._sign("contingent.leave_end", key, {"class_id": into.pk}, {"since": day})

        return act

    def promote(self, into: dict[str, SchoolClass | None], start: int) -> Callable[[date], object]:
        def act(day: date) -> None:
            lines = [
                orders.NewLine(self.who[key], "", {"class_id": one.pk})
                for key, one in into.items()
                if one is not None and key in self.who
            ]
            if lines:
                orders.draft_and_sign(
                    actor=self.director,
                    kind="contingent.promote",
                    lines=lines,
                    values={"since": date(start, 9, 1)},
                    ground=self.say("council"),
                )

        return act

    def come_back(self, key: str, into: SchoolClass | None) -> Callable[[date], object]:
        def act(day: date) -> None:
            if into is not None and key in self.who:
                line = {"class_id": into.pk, "since": day, "reason": "arr_restored", "country": "KZ"}
                self._sign("contingent.return", key, line, {})

        return act

    def leave_a_draft(self, year: str) -> None:
        """Something waits for the director's signature."""
        into = _classes(year)(3, 1)
        if into is None or "Г" not in self.who:
            return
        made = orders.draft(
            actor=self.director,
            kind="contingent.move",
            lines=[orders.NewLine(self.who["Г"], self._name("Г"), {})],
            values={"since": clock.today(), "class_id": into.pk},
            ground=self.say("application"),
        )
        orders.submit(actor=self.director, order_id=made.id)

    def _name(self, key: str) -> str:
        return contingent.pupil(actor=self.director, pupil_id=self.who[key]).full_name

    def _sign(
        self,
        kind: str,
        key: str,
        line: dict[str, Any],
        values: dict[str, Any],
        *,
        ground: str = "application",
    ) -> orders.OrderInfo:
        return orders.draft_and_sign(
            actor=self.director,
            kind=kind,
            lines=[orders.NewLine(self.who[key], "", line)],
            values=values,
            ground=self.say(ground),
        )


_NOW = clock.today


def _plain(director: Actor, title_kk: str, title_ru: str, text: str) -> Callable[[date], object]:
    return lambda _day: orders.draft_and_sign(
        actor=director,
        kind="orders.plain",
        lines=(),
        values={"text": text},
        title_kk=title_kk,
        title_ru=title_ru,
        language="kk",
    )


def _director(ref: TenantRef) -> Actor:
    """The director as an actor; the account is made later, so the rights are those of a new school's director."""
    row = Employee.objects.filter(positions__post_code="director", left_date=None).order_by("id").first()
    grants = {p.code: p.defaults[Role.DIRECTOR] for p in REGISTER.values() if Role.DIRECTOR in p.defaults}
    return Actor(
        tenant=ref,
        name=row.person_name.full if row else "",
        roles=frozenset({Role.DIRECTOR.value}),
        grants=grants,
        language=ref.language,
    )


def _classes(year: str) -> Callable[..., SchoolClass | None]:
    rows = list(SchoolClass.objects.filter(year=year).order_by("grade", "letter"))

    def find(grade: int, place: int = 0) -> SchoolClass | None:
        """The class of the grade by its place among the parallel ones."""
        parallel = [row for row in rows if row.grade == grade]
        return parallel[place] if place < len(parallel) else None

    return find


def _workday(day: date) -> date:
    """The day, or the Monday after it."""
    return day + timedelta(days=max(0, 8 - day.isoweekday()) if day.isoweekday() > 5 else 0)
