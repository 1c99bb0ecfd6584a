"""Single lessons cancelled, moved and added; weeks, months, papers; personal calendars."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel import tenancy
from kernel.access import Actor, Role
from kernel.errors import NotAllowed, NotFound
from kernel.tenancy import TenantRef
from modules.schedule import api as schedule
from modules.schedule.lessons import calendars, services
from modules.schedule.lessons import queries as days
from modules.schedule.load import queries as load
from modules.schedule.models import Feed, Lesson, LessonChange
from modules.schedule.services import ClassBusy, TeacherBusy
from modules.schedule.year import services as year
from modules.schedule.year.services import Wish
from tests.factories import journal as marks
from tests.factories import schedule as make

ClientFor = Callable[..., Client]
FREE = date(2026, 12, 3)


@pytest.fixture
def lesson(scene: make.Scene) -> Lesson:
    """A lesson to come, in December."""
    row = scene.lessons[-1]
    assert row.date > date(2026, 11, 25)
    return row


@pytest.mark.requirement("SIS-25")
class TestChanges:
    def test_a_cancelled_lesson_keeps_its_topic_and_its_reason(self, lesson: Lesson, aigul: Actor) -> None:
        Lesson.objects.filter(pk=lesson.pk).update(topic="Жұп функция")
        services.cancel(actor=aigul, lesson_id=lesson.pk, reason="Семинар")
        services.cancel(actor=aigul, lesson_id=lesson.pk, reason="Семинар")
        lesson.refresh_from_db()
        assert (lesson.state, lesson.topic) == ("cancelled", "Жұп функция")
        change = LessonChange.objects.get(lesson=lesson)
        assert (change.what, change.reason, change.user_name) == ("cancelled", "Семинар", "Айгүл")

    def test_no_reason_no_change(self, lesson: Lesson, aigul: Actor) -> None:
        with pytest.raises(services.ReasonWanted):
            services.cancel(actor=aigul, lesson_id=lesson.pk, reason=" ")
        lesson.refresh_from_db()
        assert lesson.state == "held"

    def test_a_lesson_with_marks_was_held(self, scene: make.Scene, lesson: Lesson, aigul: Actor) -> None:
        marks.mark(lesson, scene.pupils[0], 8)
        with pytest.raises(services.LessonHasMarks):
            services.cancel(actor=aigul, lesson_id=lesson.pk, reason="Семинар")
        with pytest.raises(services.LessonHasMarks):
            services.move(actor=aigul, lesson_id=lesson.pk, day=FREE, number=5, room="", reason="Семинар")

    def test_moves_and_remembers_where_it_was(self, lesson: Lesson, aigul: Actor) -> None:
        was = (lesson.date, lesson.number)
        services.move(actor=aigul, lesson_id=lesson.pk, day=FREE, number=6, room="12", reason="Семинар")
        lesson.refresh_from_db()
        assert (lesson.date, lesson.number, lesson.room, lesson.is_by_hand) == (FREE, 6, "12", True)
        change = LessonChange.objects.get(lesson=lesson)
        assert (change.what, change.from_date, change.from_number) == ("moved", *was)

    def test_the_place_that_a_moved_lesson_left_says_where_it_went_and_is_not_laid_anew(
        self, scene: make.Scene, lesson: Lesson, aigul: Actor
    ) -> None:
        was = (lesson.date, lesson.number)
        make.slot(scene.course, lesson.date.isoweekday(), lesson.number)
        services.move(actor=aigul, lesson_id=lesson.pk, day=FREE, number=6, room="", reason="Семинар")
        schedule.generate_lessons(actor=aigul, period_id=scene.quarter.id, course_ids=[scene.course.pk])
        left = Lesson.objects.get(course=scene.course, date=was[0], number=was[1])
        assert (left.state, left.moved_to_id) == ("cancelled", lesson.pk)
        # It is no second lesson: neither of the journal nor of the hours taught.
        listed = schedule.lessons_of_course(
            course_id=scene.course.pk, start=scene.quarter.start, end=scene.quarter.end
        )
        assert left.pk not in {one.id for one in listed}
        assert lesson.pk in {one.id for one in listed}
        [held] = load.held_hours(actor=aigul, year=make.YEAR, code="q2", on=scene.quarter.end)
        assert (held.laid, held.cancelled) == (len(listed), 0)
        for refused in (
            lambda: services.restore(actor=aigul, lesson_id=left.pk),
            lambda: services.move(
                actor=aigul, lesson_id=left.pk, day=FREE, number=5, room="", reason="Семинар"
            ),
        ):
            with pytest.raises(services.WasMoved):
                refused()
        services.move(actor=aigul, lesson_id=lesson.pk, day=was[0], number=was[1], room="", reason="Қайтты")
        [row] = Lesson.objects.filter(course=scene.course, date=was[0], number=was[1])
        assert (row.pk, row.is_by_hand, row.state) == (lesson.pk, False, "held")

    def test_a_week_says_where_a_lesson_went_and_whence_it_came(
        self, scene: make.Scene, lesson: Lesson, aigul: Actor
    ) -> None:
        was = lesson.date
        services.move(actor=aigul, lesson_id=lesson.pk, day=FREE, number=6, room="", reason="Семинар")
        [left] = days.day_of_class(actor=aigul, class_id=scene.school_class.pk, day=was)
        assert (left.fate, left.other) == ("moved", (FREE, 6))
        came = next(
            one
            for one in days.day_of_class(actor=aigul, class_id=scene.school_class.pk, day=FREE)
            if one.number == 6
        )
        assert (came.fate, came.other, came.why) == ("came", (was, left.number), "Семинар")

    def test_is_not_put_where_the_class_the_teacher_or_the_room_is_taken(
        self, scene: make.Scene, lesson: Lesson, aigul: Actor
    ) -> None:
        geometry = make.course(scene.school_class, None, "geometry")
        Lesson.objects.create(course=geometry, school_class_id=scene.school_class.pk, date=FREE, number=1)
        elsewhere = make.course(make.school_class(8, "Б"), scene.teacher, "algebra")
        Lesson.objects.create(
            course=elsewhere,
            school_class_id=elsewhere.school_class_id,
            teacher_id=scene.teacher.pk,
            date=FREE,
            number=2,
        )
        third = make.course(make.school_class(9, "В"), None, "algebra")
        Lesson.objects.create(
            course=third, school_class_id=third.school_class_id, date=FREE, number=3, room="12"
        )
        for number, room, refusal in ((1, "", ClassBusy), (2, "", TeacherBusy), (3, "12", services.RoomBusy)):
            with pytest.raises(refusal):
                services.move(
                    actor=aigul, lesson_id=lesson.pk, day=FREE, number=number, room=room, reason="Семинар"
                )
        lesson.refresh_from_db()
        assert lesson.date != FREE

    def test_a_group_and_its_class_are_not_taught_at_once(
        self, scene: make.Scene, lesson: Lesson, aigul: Actor
    ) -> None:
        group = make.course(scene.school_class, None, "foreign_language")
        Lesson.objects.create(
            course=group, school_class_id=scene.school_class.pk, group=1, date=FREE, number=1
        )
        with pytest.raises(ClassBusy):
            services.move(actor=aigul, lesson_id=lesson.pk, day=FREE, number=1, room="", reason="Семинар")

    def test_nothing_is_put_on_a_day_off(self, scene: make.Scene, aigul: Actor) -> None:
        with pytest.raises(services.NoSchoolThen) as refused:
            services.add(
                actor=aigul,
                course_id=scene.course.pk,
                day=date(2026, 12, 16),
                number=1,
                room="",
                reason="Қосымша",
            )
        assert "16.12.2026" in str(refused.value)

    def test_an_extra_lesson_stands_in_the_week_with_its_reason(
        self, scene: make.Scene, aigul: Actor
    ) -> None:
        made = services.add(
            actor=aigul,
            course_id=scene.course.pk,
            day=date(2026, 12, 5),
            number=3,
            room="",
            reason="Олимпиада",
        )
        week = days.week_of_class(actor=aigul, class_id=scene.school_class.pk, day=date(2026, 12, 5))
        assert [(one.lesson_id, one.why) for one in week[5].lines] == [(made.pk, "Олимпиада")]

    def test_a_cancelled_lesson_comes_back_only_to_a_free_place(
        self, scene: make.Scene, lesson: Lesson, aigul: Actor
    ) -> None:
        services.cancel(actor=aigul, lesson_id=lesson.pk, reason="Семинар")
        geometry = make.course(scene.school_class, None, "geometry")
        other = Lesson.objects.create(
            course=geometry,
            school_class_id=scene.school_class.pk,
            date=lesson.date,
            number=lesson.number,
        )
        with pytest.raises(ClassBusy):
            services.restore(actor=aigul, lesson_id=lesson.pk)
        other.delete()
        services.restore(actor=aigul, lesson_id=lesson.pk)
        lesson.refresh_from_db()
        assert lesson.state == "held"

    def test_lessons_of_a_closed_quarter_stand(self, scene: make.Scene, lesson: Lesson, aigul: Actor) -> None:
        year.close_period(actor=aigul, period_id=scene.quarter.id)
        with pytest.raises(services.LessonOfClosedPeriod):
            services.cancel(actor=aigul, lesson_id=lesson.pk, reason="Семинар")

    def test_a_teacher_changes_no_lesson_and_another_school_has_none(
        self,
        lesson: Lesson,
        bolat: Actor,
        school_b: TenantRef,
        actor_of: Callable[..., Actor],
    ) -> None:
        with pytest.raises(NotAllowed):
            services.cancel(actor=bolat, lesson_id=lesson.pk, reason="Семинар")
        with tenancy.use(school_b), pytest.raises(NotFound):
            zhanna = actor_of(Role.DIRECTOR, school=school_b)
            services.cancel(actor=zhanna, lesson_id=lesson.pk, reason="Семинар")


class TestPages:
    def test_the_deputy_cancels_moves_and_adds(
        self, scene: make.Scene, lesson: Lesson, client_for: ClientFor
    ) -> None:
        deputy = client_for(Role.DEPUTY_ACADEMIC)
        page = f"/schedule/lessons/{lesson.pk}/"
        assert deputy.post(f"{page}cancel/", {"reason": ""}).status_code == 422
        assert deputy.post(f"{page}cancel/", {"reason": "Семинар"}).status_code == 302
        assert "Семинар" in deputy.get(page).content.decode()
        assert deputy.post(f"{page}restore/").status_code == 302
        given = {"day": "2026-12-03", "number": "6", "room": "", "reason": "Семинар"}
        assert deputy.post(f"{page}move/", given | {"day": "2026-12-16"}).status_code == 422
        assert deputy.post(f"{page}move/", given).status_code == 302
        extra = given | {"course": str(scene.course.pk), "number": "7"}
        assert deputy.post(f"/schedule/classes/{scene.school_class.pk}/add/", extra).status_code == 302
        assert Lesson.objects.filter(date=FREE).count() == 2

    @pytest.mark.parametrize("language", ["kk", "ru"])
    @pytest.mark.requirement("SIS-27", screen="schedule:class_month")
    def test_months_weeks_papers_and_workbooks_open(
        self, scene: make.Scene, lesson: Lesson, client_for: ClientFor, language: str
    ) -> None:
        marks.work(lesson, "sor")
        Lesson.objects.filter(pk=lesson.pk).update(room="305")
        teacher = client_for(Role.TEACHER, person_id=scene.teacher.pk)
        teacher.cookies["lang"] = language
        month, day = f"{lesson.date:%Y-%m}", lesson.date.isoformat()
        of_class = f"/schedule/classes/{scene.school_class.pk}/"
        shown = teacher.get(f"{of_class}month/?month={month}").content.decode()
        assert ("БЖБ" if language == "kk" else "СОР") in shown
        for page in (
            f"/schedule/courses/{scene.course.pk}/month/?month={month}",
            f"/schedule/rooms/305/?day={day}",
            f"{of_class}?day={day}",
            f"/schedule/?day={day}",
        ):
            assert teacher.get(page).status_code == 200, page
            kinds = {"pdf": b"%PDF", "excel": b"PK"}
            for kind, start in kinds.items():
                answer = teacher.get(f"{page}&as={kind}")
                assert answer.content.startswith(start), (page, kind)
        assert teacher.get("/schedule/rooms/999/").status_code == 404

    @pytest.mark.requirement("SIS-26")
    def test_an_earlier_year_reads_as_it_was(
        self, scene: make.Scene, client_for: ClientFor, aigul: Actor
    ) -> None:
        from modules.contingent.models import SchoolClass

        old = SchoolClass.objects.create(year="2025-26", grade=6, letter="А", language="kk")
        year.open_year(actor=aigul, year="2025-26")
        course = make.course(old, scene.teacher, "mathematics")
        make.lessons(course, date(2026, 3, 2), count=3)
        page = client_for(Role.DIRECTOR).get(f"/schedule/classes/{old.pk}/").content.decode()
        assert "Математика" in page
        assert "2025-26" in page


class TestCost:
    def test_a_week_costs_the_same_for_one_lesson_and_for_many(self, scene: make.Scene, aigul: Actor) -> None:
        def cost() -> int:
            with CaptureQueriesContext(connection) as caught:
                days.week_of_class(actor=aigul, class_id=scene.school_class.pk, day=scene.lessons[0].date)
            return len(caught)

        few = cost()
        for number in (3, 4, 5):
            make.lessons(
                make.course(scene.school_class, None, ["", "", "", "geometry", "physics", "biology"][number]),
                scene.lessons[0].date,
                count=4,
                number=number,
            )
        assert cost() == few
        assert few <= 10

    def test_a_month_costs_no_more_than_a_week(self, scene: make.Scene, aigul: Actor) -> None:
        with CaptureQueriesContext(connection) as caught:
            days.days_of_class(
                actor=aigul, class_id=scene.school_class.pk, start=date(2026, 11, 1), end=date(2026, 11, 30)
            )
        assert len(caught) <= 10


@pytest.mark.requirement("MOB-04")
class TestFeed:
    def make_feed(self, client: Client, page: str = "/schedule/feed/") -> str:
        shown = client.post(page).content.decode()
        address = shown.partition('value="http')[2].partition('"')[0]
        assert address.endswith(".ics")
        return address[address.index("/schedule/") :]

    def test_a_teacher_reads_his_lessons_without_signing_in(
        self, scene: make.Scene, lesson: Lesson, client_for: ClientFor
    ) -> None:
        teacher = client_for(Role.TEACHER, person_id=scene.teacher.pk)
        address = self.make_feed(teacher)
        Lesson.objects.filter(pk=lesson.pk).update(state="cancelled")
        answer = client_for().get(address)
        assert answer.headers["Content-Type"].startswith("text/calendar")
        text = answer.content.decode().replace("\r\n ", "")
        assert "7А · Алгебра" in text
        assert "STATUS:CANCELLED" in text
        assert all(len(line.encode()) <= 75 for line in answer.content.decode().split("\r\n"))
        for one in scene.pupils:
            assert one.surname not in text

    def test_the_address_is_shown_once_and_a_new_one_stops_the_old(
        self, scene: make.Scene, client_for: ClientFor
    ) -> None:
        teacher, reader = client_for(Role.TEACHER, person_id=scene.teacher.pk), client_for()
        first = self.make_feed(teacher)
        assert ".ics" not in teacher.get("/schedule/feed/").content.decode()
        second = self.make_feed(teacher)
        assert reader.get(first).status_code == 404
        assert reader.get(second).status_code == 200
        assert not Feed.objects.filter(digest__in=[first, second]).exists()
        assert teacher.post("/schedule/feed/", {"revoke": "1"}).status_code == 302
        assert reader.get(second).status_code == 404

    def test_of_a_blocked_account_nothing_is_read(self, scene: make.Scene, client_for: ClientFor) -> None:
        from identity.models import User

        address = self.make_feed(client_for(Role.TEACHER, person_id=scene.teacher.pk))
        User.objects.filter(person_id=scene.teacher.pk).update(is_active=False)
        assert client_for().get(address).status_code == 404

    def test_another_school_does_not_know_the_secret(
        self, scene: make.Scene, client_for: ClientFor, school_b: TenantRef
    ) -> None:
        address = self.make_feed(client_for(Role.TEACHER, person_id=scene.teacher.pk))
        assert client_for(school=school_b).get(address).status_code == 404

    @pytest.mark.requirement("MOB-11")
    def test_a_pupil_has_the_lessons_of_the_class_and_nobody_elses_child_is_found(
        self, scene: make.Scene, client_for: ClientFor
    ) -> None:
        pupil = client_for(Role.PUPIL, person_id=scene.pupils[0].pk, person_kind="pupil")
        text = client_for().get(self.make_feed(pupil)).content.decode().replace("\r\n ", "")
        assert "SUMMARY:Алгебра" in text
        assert "7А" not in text
        assert pupil.get(f"/schedule/feed/{scene.pupils[1].pk}/").status_code == 404
        assert pupil.get(f"/schedule/feed/{uuid4()}/").status_code == 404

    @pytest.mark.parametrize("given", [{}, {"revoke": "1"}], ids=["made", "revoked"])
    def test_who_sees_a_child_by_office_has_no_calendar_of_the_child(
        self, scene: make.Scene, client_for: ClientFor, given: dict[str, str]
    ) -> None:
        page = f"/schedule/feed/{scene.pupils[0].pk}/"
        for person in (client_for(Role.TEACHER, person_id=scene.teacher.pk), client_for(Role.DIRECTOR)):
            assert person.get(page).status_code == 404
            assert person.post(page, given).status_code == 404
        assert not Feed.objects.exists()

    def test_commas_and_long_words_are_written_as_calendars_read_them(
        self, scene: make.Scene, aigul: Actor
    ) -> None:
        year.declare(
            actor=aigul,
            year=make.YEAR,
            wish=Wish(kind="frost", start=FREE, end=FREE, title="Аяз, боран; " + "қатты " * 12),
        )
        found = days.days_of_class(actor=aigul, class_id=scene.school_class.pk, start=FREE, end=FREE)
        text = calendars.ical(found, host="school.test", is_teachers=False).decode()
        assert "\\, боран\\;" in text.replace("\r\n ", "")
        assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


class TestSpecialPages:
    @pytest.mark.requirement("SIS-14", screen="schedule:special_add")
    def test_foreseen_first_then_declared_then_taken_back(
        self, scene: make.Scene, client_for: ClientFor
    ) -> None:
        deputy = client_for(Role.DEPUTY_ACADEMIC)
        day = scene.lessons[-1].date.isoformat()
        given = {"start": day, "end": "", "whom": "grades", "grades": ["7"], "title": "Аяз"}
        page = "/schedule/days/?kind=frost"
        foreseen = deputy.post(page, given)
        assert foreseen.status_code == 200
        assert Lesson.objects.filter(state="cancelled").count() == 0
        assert 'name="grades" value="7"' in foreseen.content.decode()
        assert deputy.post(page, given | {"confirmed": "1"}).status_code == 302
        assert Lesson.objects.filter(state="cancelled").count() == 1
        shown = deputy.get("/schedule/periods/").content.decode()
        from modules.schedule.models import SpecialDays

        row = SpecialDays.objects.get(kind="frost")
        assert f"/schedule/days/{row.pk}/" in shown
        assert deputy.get(f"/schedule/days/{row.pk}/").status_code == 200
        assert deputy.get(f"/schedule/days/{row.pk}/take-back/").status_code == 200
        assert deputy.post(f"/schedule/days/{row.pk}/take-back/").status_code == 302
        assert Lesson.objects.filter(state="cancelled").count() == 0
        assert deputy.post(f"/schedule/days/{row.pk}/put-back/").status_code == 302
        assert Lesson.objects.filter(state="cancelled").count() == 1

    def test_nothing_typed_is_lost_when_the_days_are_refused(
        self, scene: make.Scene, client_for: ClientFor
    ) -> None:
        given = {"start": "2027-08-01", "end": "", "whom": "all", "title": "Жазғы боран"}
        answer = client_for(Role.DIRECTOR).post("/schedule/days/?kind=frost", given)
        assert answer.status_code == 422
        assert "Жазғы боран" in answer.content.decode()
        assert client_for(Role.DIRECTOR, username="d2").get("/schedule/days/?kind=x").status_code == 404

    def test_bells_are_made_shown_changed_and_removed(self, scene: make.Scene, client_for: ClientFor) -> None:
        from modules.schedule.models import BellSet

        deputy = client_for(Role.DEPUTY_ACADEMIC)
        given = {
            "name": "Қысқа күн",
            "is_on_call": "on",
            "first": "1 08:00–08:30\n2 08.35-09.05",
            "second": "",
        }
        assert deputy.post("/schedule/bells/new/", given | {"first": "1 сегіз"}).status_code == 422
        assert deputy.post("/schedule/bells/new/", given).status_code == 302
        made = BellSet.objects.get()
        assert made.times.count() == 2
        assert "08:35" in deputy.get("/schedule/bells/").content.decode()
        assert deputy.get(f"/schedule/bells/{made.pk}/").status_code == 200
        assert deputy.get("/schedule/days/?kind=short").status_code == 200
        assert deputy.post(f"/schedule/bells/{made.pk}/drop/").status_code == 302
        usual = {"first": "1 08:30–09:15", "second": ""}
        assert deputy.post("/schedule/bells/usual/", usual).status_code == 302
        assert "08:30" in deputy.get("/schedule/bells/").content.decode()

    def test_a_long_change_is_the_work_of_a_job(
        self, scene: make.Scene, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from kernel import jobs
        from kernel.models import Job
        from modules.schedule.year import views

        monkeypatch.setattr(views, "MANY", 0)
        deputy = client_for(Role.DEPUTY_ACADEMIC)
        day = scene.lessons[-1].date.isoformat()
        given = {
            "start": day,
            "end": day,
            "whom": "classes",
            "classes": [str(scene.school_class.pk)],
            "title": "",
        }
        foreseen = deputy.post("/schedule/days/?kind=quarantine", given).content.decode()
        assert 'name="many"' in foreseen
        started = deputy.post("/schedule/days/?kind=quarantine", given | {"confirmed": "1", "many": "1"})
        assert "/periods/changes/" in started.headers["Location"]
        assert deputy.get(started.headers["Location"]).status_code == 200
        done = jobs.run(Job.objects.get(kind="schedule.change_year").pk)
        assert done.state == "done", done.message
        assert Lesson.objects.get(date=day).state == "cancelled"
