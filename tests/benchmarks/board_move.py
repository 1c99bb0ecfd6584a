"""A lesson dropped on the board of a school of 40 classes in two shifts, through HTTP with every colour and problem anew,
against the SQL that it needs; the same of picking a lesson up; and the page's weight."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction

from demo.timetable import Need, compose
from identity import api as identity
from identity.models import User
from identity.services import sessions
from kernel import tenancy
from kernel.access import Actor, Role
from modules.schedule.models import Course, Slot
from modules.schedule.timetabling import queries, services
from modules.schedule.timetabling.answers import Fit
from modules.schedule.timetabling.models import Timetable
from modules.schedule.year import services as year
from tests import world
from tests.benchmarks.journal_scene import Desk, replay, statements_of
from tests.benchmarks.measure import Figure, against, alone, take_turns
from tests.factories import schedule as make

CLASSES, HOURS = 40, 3
SUBJECTS = (
    "mathematics",
    "kazakh_language",
    "kazakh_literature",
    "russian_language",
    "english",
    "biology",
    "geography",
    "physics",
    "chemistry",
    "informatics",
    "physical_education",
)
SHARED_BY = 7  # classes that a teacher has: 21 hours a week


class BoardDesk(Desk):
    """The deputy's desk; what the script sends is a form, and it wants the living part alone."""

    def send(self, method: str, path: str, values: dict[str, str]) -> str:
        body = urlencode(values) if method == "POST" else ""
        query = "" if method == "POST" else urlencode(values)
        form = "application/x-www-form-urlencoded"
        status, answer = self.call(
            method, path, body.encode(), query, HTTP_HX_REQUEST="true", CONTENT_TYPE=form
        )
        if status != 200:
            raise AssertionError(f"{method} {path}: {status} {answer[:300]!r}")
        return answer.decode()


def open_board() -> tuple[BoardDesk, Timetable, int]:
    """A school of 40 classes with its week, a draft of it, and its deputy signed in."""
    school = world.find("school-a")
    with tenancy.use(school), transaction.atomic():
        make.periods()
        year.put_default_bells()
        deputy = make.teacher("Сейітова", "Айгүл")
        count = _week()
        row = services.make(actor=Actor.system_actor("benchmark"), year=make.YEAR, name="Benchmark")
        [slip] = identity.create_accounts(
            actor=Actor.system_actor("benchmark"),
            accounts=[
                identity.NewAccount(
                    person_kind="staff",
                    person_id=deputy.pk,
                    surname="Сейітова",
                    name="Айгүл",
                    roles=(Role.DEPUTY_ACADEMIC,),
                )
            ],
            password="tau-zhanyndagy-auyl",
        )
        user = User.objects.get(pk=slip.user_id)
        User.objects.filter(pk=user.pk).update(must_change_password=False)
        key, __ = sessions.begin(user=user, methods="password", device="benchmark")
    with tenancy.owner(school), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return BoardDesk(school, None, user, key, WSGIHandler()), row, count


def _week() -> int:
    """Classes, their courses and their places; answer how many lessons stand."""
    courses: dict[UUID, Course] = {}
    needs: dict[int, list[Need]] = {1: [], 2: []}
    teachers: dict[tuple[int, str, int], Any] = {}
    for n in range(CLASSES):
        shift = 1 + n // (CLASSES // 2)
        into = make.school_class(5 + n % 5, "АӘБВГҒДЕ"[n // 5])
        for code in SUBJECTS:
            key = (shift, code, n % (CLASSES // 2) // SHARED_BY)
            if key not in teachers:
                teachers[key] = make.teacher(f"Әбдірахманов{len(teachers)}", "Нұрмұхаммед")
            one = make.course(into, teachers[key], code, HOURS)
            Course.objects.filter(pk=one.pk).update(shift=shift)
            courses[one.pk] = one
            needs[shift].append(Need(one.pk, into.pk, one.teacher_id, shift, HOURS))
    placed = [place for some in needs.values() for place in compose(some, seed=7)]
    rooms = {one.school_class_id: str(100 + n) for n, one in enumerate(courses.values())}
    Slot.objects.bulk_create(
        Slot(
            course_id=one.course_id,
            weekday=one.weekday,
            number=one.number,
            room=rooms[courses[one.course_id].school_class_id],
        )
        for one in placed
    )
    return len(placed)


def run() -> list[dict[str, Any]]:
    desk, row, count = open_board()
    page = f"/schedule/timetables/{row.pk}/"
    with tenancy.use(desk.school):
        grid = queries.grid(actor=Actor.system_actor("benchmark"), row=row)
        card, places = _swapped(grid)
        seen = [row.version]
        turn = [0]

        def drop() -> None:
            turn[0] += 1
            day, number = places[turn[0] % 2]
            values = {"card": str(card), "place": f"{day}-{number}", "seen": str(seen[0]), "of": ""}
            answer = desk.send("POST", f"{page}move/", values)
            told = re.search(r'data-seen="(\d+)"', answer)
            assert told is not None
            seen[0] = int(told[1])

        def pick() -> None:
            answer = desk.send("GET", page, {"card": str(card)})
            assert answer.count('class="tt-') > len(places)

        drop()
        of_drop, of_pick = statements_of(drop), statements_of(pick)
        bare = replay(of_drop)

        def floor() -> None:
            with transaction.atomic():  # taken back, so that the board stands as the next drop saw it
                bare()
                transaction.set_rollback(True)

        times = take_turns(
            {"drop": drop, "pick": pick, "drop_sql": floor, "pick_sql": replay(of_pick)}, rounds=9, batch=5
        )
        whole = desk.call("GET", page, query=urlencode({"card": str(card)}))[1]
    title = f"Board of {CLASSES} classes, {count} lessons"
    return [
        alone(f"{title}: a drop through HTTP, all colours anew", value=times["drop"], goal=100),
        against(f"{title}: a drop / its SQL alone", value=times["drop"], floor=times["drop_sql"], goal=10.0),
        alone(f"{title}: a lesson picked up", value=times["pick"], goal=100),
        against(
            f"{title}: picked up / its SQL alone", value=times["pick"], floor=times["pick_sql"], goal=10.0
        ),
        Figure(f"{title}: queries of a drop", len(of_drop), "queries", 30).row(),
        Figure(f"{title}: the whole page", round(len(whole) / 1024, 1), "KB", 300).row(),
    ]


def _swapped(grid: Any) -> tuple[UUID, list[tuple[int, int]]]:
    """A lesson and another place of its week with which it changes to and fro."""
    for piece in grid.pieces.values():
        for place, answer in grid.answers(piece).items():
            if piece.place and answer.fit is Fit.MOVES and [one.to for one in answer.leaps] == [piece.place]:
                return piece.id, [piece.place, place]
    raise AssertionError("no two lessons of the week change places")
