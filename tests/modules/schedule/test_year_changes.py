"""The last change of a quarter taken back, half-years foreseen, exams in the calendar, progress of long changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from kernel.access import Actor, Role
from kernel.errors import NotFound
from kernel.tenancy import TenantRef
from modules.schedule import api
from modules.schedule.lessons import queries as days
from modules.schedule.models import Lesson, Period, SpecialDays
from modules.schedule.year import queries, services, showing
from modules.schedule.year.services import Wish
from tests.factories import journal as marks
from tests.factories import schedule as make

ClientFor = Callable[..., Client]
pytestmark = pytest.mark.requirement("SIS-14")
EARLIER = date(2026, 12, 18)


@pytest.fixture
def laid(scene: make.Scene, aigul: Actor) -> make.Scene:
    """Algebra on Tuesdays and Fridays of the whole second quarter, by the week."""
    Lesson.objects.all().delete()
    for weekday in (2, 5):
        make.slot(scene.course, weekday, 2)
    api.generate_lessons(actor=aigul, period_id=scene.quarter.id)
    return scene


def dates() -> list[date]:
    return list(Lesson.objects.filter(state="held").order_by("date").values_list("date", flat=True))


class TestTakingDatesBack:
    def test_a_shortened_quarter_gets_its_days_and_lessons_again(
        self, laid: make.Scene, aigul: Actor
    ) -> None:
        before, quarter = dates(), laid.quarter
        services.set_period_dates(
            actor=aigul,
            period_id=quarter.id,
            start=quarter.start,
            end=EARLIER,
            order_number="140",
            order_date=date(2026, 12, 1),
        )
        assert dates() == [day for day in before if day <= EARLIER] != before
        foreseen = services.foresee_taking_dates_back(actor=aigul, period_id=quarter.id)
        assert len(foreseen.added) == len(before) - len(dates())
        services.take_dates_back(actor=aigul, period_id=quarter.id)
        row = Period.objects.get(pk=quarter.id)
        assert (row.start, row.end, row.order_number) == (quarter.start, quarter.end, "")
        assert dates() == before
        # Done again it puts the change in force, with its order.
        services.take_dates_back(actor=aigul, period_id=quarter.id)
        row.refresh_from_db()
        assert (row.end, row.order_number) == (EARLIER, "140")

    def test_what_was_never_changed_has_nothing_to_take_back(self, laid: make.Scene, aigul: Actor) -> None:
        for act in (services.foresee_taking_dates_back, services.take_dates_back):
            with pytest.raises(services.NothingToTakeBack):
                act(actor=aigul, period_id=laid.quarter.id)

    def test_on_the_pages_it_is_foreseen_first_and_undone_with_a_press(
        self, laid: make.Scene, client_for: ClientFor
    ) -> None:
        deputy, quarter = client_for(Role.DEPUTY_ACADEMIC), laid.quarter
        path = f"/schedule/periods/{quarter.id}/"
        assert "take-back" not in deputy.get(path).content.decode()
        given = {
            "start": quarter.start.isoformat(),
            "end": EARLIER.isoformat(),
            "order_number": "140",
            "order_date": "2026-12-01",
            "confirmed": "1",
        }
        assert deputy.post(path, given).status_code == 302
        assert f"{path}take-back/" in deputy.get("/schedule/periods/").content.decode()  # the toast's undo
        assert f"{path}take-back/" in deputy.get(path).content.decode()
        foreseen = deputy.get(f"{path}take-back/").content.decode()
        assert "Әзірге ештеңе жазылған жоқ" in foreseen
        assert Period.objects.get(pk=quarter.id).end == EARLIER
        assert deputy.post(f"{path}take-back/").status_code == 302
        assert Period.objects.get(pk=quarter.id).end == quarter.end

    def test_only_who_sets_periods_and_only_of_this_school(
        self, laid: make.Scene, client_for: ClientFor, school_b: TenantRef
    ) -> None:
        path = f"/schedule/periods/{laid.quarter.id}/take-back/"
        assert client_for(Role.TEACHER).post(path).status_code == 403
        assert client_for(Role.DIRECTOR, school=school_b).post(path).status_code == 404
        assert client_for(Role.DIRECTOR).get(f"/schedule/periods/{uuid4()}/take-back/").status_code == 404


class TestHalfYears:
    def test_marks_that_come_or_leave_are_counted_before_it_is_written(
        self, scene: make.Scene, aigul: Actor, client_for: ClientFor
    ) -> None:
        few = make.course(scene.school_class, scene.teacher, "geography", hours=1)
        first, second = make.lessons(few, date(2026, 12, 24), count=2, number=5, every=1)
        marks.mark(second, scene.pupils[0], 9)
        end = first.date
        half = services.foresee_half(actor=aigul, period_id=scene.half.id, start=scene.half.start, end=end)
        assert (half.leaves, half.marked_leaves, half.comes) == (1, 1, 0)
        deputy, path = client_for(Role.DEPUTY_ACADEMIC), f"/schedule/periods/{scene.half.id}/"
        given = {
            "start": scene.half.start.isoformat(),
            "end": end.isoformat(),
            "order_number": "141",
            "order_date": "2026-12-01",
        }
        foreseen = deputy.post(path, given).content.decode()
        assert "Жартыжылдықтан шығады" in foreseen
        assert Period.objects.get(pk=scene.half.id).end == scene.half.end
        assert deputy.post(path, given | {"confirmed": "1"}).status_code == 302
        assert Period.objects.get(pk=scene.half.id).end == end
        assert "Жартыжылдыққа енеді" in deputy.get(f"{path}take-back/").content.decode()

    def test_a_closed_half_year_keeps_its_days(self, scene: make.Scene, aigul: Actor) -> None:
        services.close_period(actor=aigul, period_id=scene.half.id)
        with pytest.raises(services.PeriodIsClosed):
            services.set_period_dates(
                actor=aigul, period_id=scene.half.id, start=scene.half.start, end=EARLIER
            )

    def test_a_quarter_is_no_half_year(self, scene: make.Scene, aigul: Actor) -> None:
        with pytest.raises(NotFound):
            services.foresee_half(
                actor=aigul, period_id=scene.quarter.id, start=scene.quarter.start, end=EARLIER
            )


class TestExams:
    def test_the_ministry_s_days_come_with_the_year_and_reach_into_june(
        self, scene: make.Scene, aigul: Actor
    ) -> None:
        ninth = make.school_class(9, "А")
        calendar = queries.calendar(year=make.YEAR)
        day = date(2027, 6, 2)
        info = next(one for one in queries.classes_of_year(actor=aigul, year=make.YEAR) if one.id == ninth.pk)
        found = calendar.day(info, day)
        assert not found.is_school
        assert found.why is not None
        assert found.why.kind == "exams"
        shown = showing.months(calendar, who=info, classes=[info], today=day)
        cell = next(one for week in shown[-1].weeks for one in week if one and one.day == day)
        assert (cell.look, cell.letter) == ("exams", "Е")
        [one] = days.days_of_class(actor=aigul, class_id=ninth.pk, start=day, end=day)
        assert "9-сыныптың қорытынды емтихандары" in str(one.note)
        seventh = queries.classes_of_year(actor=aigul, year=make.YEAR)[0]
        assert len(showing.months(calendar, who=seventh, classes=[], today=day)) == len(shown) - 1

    def test_a_session_in_the_quarter_changes_no_lesson_and_is_said(
        self, laid: make.Scene, aigul: Actor
    ) -> None:
        before = dates()
        tuesday = date(2026, 12, 1)
        __, laying = services.declare(
            actor=aigul,
            year=make.YEAR,
            wish=Wish(kind="exams", start=tuesday, end=tuesday, grades=[7], title="Қазақ тілі емтиханы"),
        )
        assert laying.size == 0
        assert dates() == before
        [one] = days.days_of_class(actor=aigul, class_id=laid.school_class.pk, start=tuesday, end=tuesday)
        assert one.note == "Қазақ тілі емтиханы"
        assert one.lines

    def test_after_the_year_only_exams_are_declared(self, laid: make.Scene, aigul: Actor) -> None:
        june = date(2027, 6, 20)
        services.declare(
            actor=aigul, year=make.YEAR, wish=Wish(kind="exams", start=june, end=june, grades=[7])
        )
        with pytest.raises(services.OutsideYear):
            services.declare(actor=aigul, year=make.YEAR, wish=Wish(kind="frost", start=june, end=june))
        assert SpecialDays.objects.filter(kind="exams", code="").count() == 1


class TestProgress:
    def test_a_long_change_tells_its_steps(self, laid: make.Scene, aigul: Actor) -> None:
        steps: list[tuple[int, int]] = []
        services.declare(
            actor=aigul,
            year=make.YEAR,
            wish=Wish(kind="frost", start=date(2026, 12, 1), end=date(2026, 12, 11)),
            told=lambda done, total: steps.append((done, total)),
        )
        assert steps[0] == (0, 4)
        assert steps[-1] == (4, 4)
        assert [done for done, _total in steps] == sorted(done for done, _total in steps)
