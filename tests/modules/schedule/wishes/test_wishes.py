"""Rules, demands of subjects and weeks of teachers, through services and pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from kernel import tenancy
from kernel.access import Actor, Role
from kernel.errors import NotAllowed, NotFound
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from modules.schedule.models import BusyTime, CourseWish, HourWish, RuleLevel, SubjectWish
from modules.schedule.timetabling import queries as timetabling
from modules.schedule.timetabling import services as variants
from modules.schedule.timetabling.answers import Fit
from modules.schedule.wishes import queries, rules, services
from modules.schedule.wishes.rules import Doubles, Level, SubjectDemand
from tests.factories import schedule as make
from tests.modules.schedule.wishes.test_calendars import at, calendar

PAGES = "/schedule/timetables/"


@pytest.fixture
def deputy(scene: make.Scene, client_for: Callable[..., Client]) -> Client:
    return client_for(Role.DEPUTY_ACADEMIC)


class TestRules:
    @pytest.mark.requirement("SIS-15", screen="schedule:timetable_rules")
    def test_a_card_is_weighed_and_taken_back(self, deputy: Client) -> None:
        page = f"{PAGES}rules/"
        assert "set by the school" not in deputy.get(page, headers={"accept-language": "en"}).content.decode()
        assert deputy.post(f"{page}gaps/", {"level": "rather"}).status_code == 302
        assert queries.levels() == {"gaps": Level.RATHER}
        assert RuleLevel.objects.count() == 1
        deputy.post(f"{page}gaps/?level=must")
        assert not RuleLevel.objects.exists()
        assert AuditEntry.objects.filter(action="schedule.rule.weighed").count() == 2

    @pytest.mark.parametrize(
        ("code", "level"), [("nothing", "off"), ("gaps", "heavy"), ("home_room", "little")]
    )
    def test_what_is_no_rule_or_weight_is_not_found(self, deputy: Client, code: str, level: str) -> None:
        assert deputy.post(f"{PAGES}rules/{code}/", {"level": level}).status_code == 404

    def test_a_fixed_rule_always_holds(self, aigul: Actor) -> None:
        with pytest.raises(services.AlwaysHolds):
            services.weigh(actor=aigul, code="shift", level=Level.OFF)

    def test_every_card_has_words_in_both_languages(self, deputy: Client) -> None:
        for language in ("kk", "ru"):
            deputy.cookies["lang"] = language
            shown = deputy.get(f"{PAGES}rules/").content.decode()
            for card in rules.CARDS.values():
                with translation.override("en"):
                    english = str(card.words)
                assert f">{english}<" not in shown, (language, card.code)


class TestSubjects:
    @pytest.mark.requirement("SIS-15", screen="schedule:timetable_subject")
    def test_a_subject_asks_and_asks_no_more(self, deputy: Client) -> None:
        page = f"{PAGES}subjects/algebra/"
        given = {"difficulty": "13", "room_kind": "informatics", "first": "2", "last": "4"}
        assert deputy.post(page, given | {"last": "1"}).status_code == 422
        assert deputy.post(page, given).status_code == 302
        assert queries.subject_demands() == {"algebra": SubjectDemand(13, "informatics", 2, 4, is_own=True)}
        assert "2–4" in deputy.get(f"{PAGES}subjects/").content.decode()
        usual = rules.usual_demand("algebra")
        deputy.post(
            page,
            {"difficulty": str(usual.difficulty), "room_kind": usual.room_kind, "first": "", "last": ""},
        )
        assert not SubjectWish.objects.exists()

    def test_courses_have_double_lessons(self, deputy: Client, scene: make.Scene, aigul: Actor) -> None:
        page = f"{PAGES}subjects/algebra/"
        assert deputy.post(f"{page}doubles/", {f"doubles-{scene.course.pk}": "always"}).status_code == 302
        assert CourseWish.objects.get().doubles == "always"
        assert "7А" in deputy.get(page).content.decode()
        deputy.post(f"{page}doubles/", {f"doubles-{scene.course.pk}": "never"})
        assert not CourseWish.objects.exists()
        with pytest.raises(NotFound):
            services.set_doubles(
                actor=aigul, year=make.YEAR, subject_code="algebra", doubles={uuid4(): Doubles.ALWAYS}
            )

    def test_a_subject_that_is_not_taught_is_not_there(self, deputy: Client) -> None:
        assert deputy.get(f"{PAGES}subjects/physics/").status_code == 404


class TestWeeks:
    @pytest.mark.requirement("SIS-15", screen="schedule:timetable_week")
    def test_hours_are_ticked_shown_on_the_board_and_unticked(
        self, deputy: Client, scene: make.Scene, aigul: Actor
    ) -> None:
        page = f"{PAGES}teachers/{scene.teacher.pk}/"
        given = {"cannot": ["1-1-1", "9-1-1", "x"], "rather_not": ["1-1-1", "2-1-3"]}
        assert deputy.post(page, given).status_code == 302
        found = {(one.weekday, one.number, one.is_demand) for one in HourWish.objects.all()}
        assert found == {(1, 1, True), (2, 3, False)}
        shown = deputy.get(page).content.decode()
        assert shown.count(" checked") == 2
        row = variants.make(actor=aigul, year=make.YEAR, name="Жаңа")
        grid = timetabling.grid(actor=aigul, row=row)
        piece = next(iter(grid.pieces.values()))
        assert [grid.day_off(piece, place) is not None for place in ((1, 1), (2, 3), (1, 2))] == [
            True,
            True,
            False,
        ]
        deputy.post(page, {})
        assert not HourWish.objects.exists()

    def test_the_board_is_as_firm_as_the_rule_weighs(self, scene: make.Scene, aigul: Actor) -> None:
        row = variants.make(actor=aigul, year=make.YEAR, name="Жаңа")
        HourWish.objects.create(
            year=make.YEAR, teacher_id=scene.teacher.pk, weekday=1, shift=1, number=1, is_demand=True
        )

        def fit() -> Fit:
            grid = timetabling.grid(actor=aigul, row=row)
            return grid.answer(next(iter(grid.pieces.values())), (1, 1)).fit

        assert fit() is Fit.IMPOSSIBLE
        services.weigh(actor=aigul, code="away", level=Level.VERY)
        assert fit() is Fit.WISH
        services.weigh(actor=aigul, code="away", level=Level.OFF)
        assert fit() is Fit.FITS

    def test_busy_times_close_the_lessons_that_run_then(
        self, deputy: Client, scene: make.Scene, aigul: Actor
    ) -> None:
        page = f"{PAGES}teachers/{scene.teacher.pk}/"
        assert (
            deputy.post(f"{page}busy/", {"weekday": "2", "start": "9:00", "end": "8:00"}).status_code == 422
        )
        assert (
            deputy.post(f"{page}busy/", {"weekday": "2", "start": "8:30", "end": "9:10"}).status_code == 302
        )
        closed = queries.closed_hours(year=make.YEAR, bells=timetabling.bells())[scene.teacher.pk]
        assert {key for key in closed if key[1] == 1} == {(2, 1, 1), (2, 1, 2)}
        assert set(closed.values()) == {"elsewhere"}
        assert "08:30–09:10" in deputy.get(f"{PAGES}days/").content.decode()
        row = BusyTime.objects.get()
        assert deputy.post(f"{PAGES}busy/{row.pk}/drop/").status_code == 302
        assert deputy.post(f"{PAGES}busy/{row.pk}/drop/").status_code == 404

    def test_a_calendar_gives_hours_and_nothing_else(self, deputy: Client, scene: make.Scene) -> None:
        page = f"{PAGES}teachers/{scene.teacher.pk}/calendar/"
        content = calendar(at(date(2026, 11, 30), "03:00", "03:45") + "\r\nSUMMARY:9В · Физика")
        BusyTime.objects.create(
            year=make.YEAR,
            teacher_id=scene.teacher.pk,
            weekday=3,
            start=time(9),
            end=time(10),
            source="calendar",
        )

        def send(body: bytes) -> Any:
            return deputy.post(page, {"file": SimpleUploadedFile("other.ics", body)})

        assert send(b"PK").status_code == 422
        assert send(calendar()).status_code == 422
        assert BusyTime.objects.get().weekday == 3  # a calendar that was refused changes nothing
        assert send(content).status_code == 302
        row = BusyTime.objects.get()
        assert (row.weekday, row.start, row.end, row.source) == (1, time(8), time(8, 45), "calendar")
        entry = AuditEntry.objects.get(action="schedule.busy.read")
        assert "Физика" not in str(entry.details)

    def test_the_week_of_nobody_is_not_there(self, deputy: Client) -> None:
        assert deputy.get(f"{PAGES}teachers/{uuid4()}/").status_code == 404
        assert deputy.get(f"{PAGES}teachers/", {"teacher": "x"}).status_code == 302

    def test_the_list_costs_no_more_with_more_teachers(
        self, deputy: Client, django_assert_max_num_queries: Callable[..., Any]
    ) -> None:
        for n in range(12):
            key = make.teacher(f"Т{n}").pk
            HourWish.objects.create(year=make.YEAR, teacher_id=key, weekday=1, shift=1, number=1)
            BusyTime.objects.create(year=make.YEAR, teacher_id=key, weekday=1, start=time(9), end=time(10))
        deputy.get(f"{PAGES}days/")
        with django_assert_max_num_queries(22):
            deputy.get(f"{PAGES}days/")


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_pages_speak_both_languages(deputy: Client, scene: make.Scene, language: str) -> None:
    deputy.cookies["lang"] = language
    for page in ("rules/", "subjects/", "subjects/algebra/", "days/", f"teachers/{scene.teacher.pk}/"):
        shown = deputy.get(f"{PAGES}{page}")
        assert shown.status_code == 200, page
        for english in ("Save", "Rules", "Difficulty", "Cannot teach", "Weeks of teachers", "Double lessons"):
            assert f">{english}<" not in shown.content.decode(), (page, english)


@pytest.mark.parametrize("role", [Role.TEACHER, Role.SECRETARY, Role.PARENT, Role.PUPIL])
def test_others_read_and_write_no_wishes(
    scene: make.Scene, client_for: Callable[..., Client], role: Role
) -> None:
    client = client_for(role)
    for page in ("rules/", "subjects/", f"teachers/{scene.teacher.pk}/"):
        assert client.get(f"{PAGES}{page}").status_code == 403
    assert client.post(f"{PAGES}rules/gaps/", {"level": "off"}).status_code == 403


def test_services_refuse_a_teacher(scene: make.Scene, bolat: Actor) -> None:
    key = {"actor": bolat, "year": make.YEAR, "teacher_id": scene.teacher.pk}
    for attempt in (
        lambda: services.weigh(actor=bolat, code="gaps", level=Level.OFF),
        lambda: services.ask_of_subject(
            actor=bolat, subject_code="algebra", demand=SubjectDemand(5, "ordinary")
        ),
        lambda: services.set_hours(**key, cannot=[], rather_not=[]),
        lambda: services.add_busy(**key, weekday=1, start=time(8), end=time(9)),
        lambda: services.take_calendar(**key, content=b""),
        lambda: services.drop_busy(actor=bolat, busy_id=uuid4()),
        lambda: services.set_doubles(actor=bolat, year=make.YEAR, subject_code="algebra", doubles={}),
    ):
        with pytest.raises(NotAllowed):
            attempt()


@pytest.mark.requirement("TEN-01")
def test_teachers_and_busy_times_of_another_school_are_not_there(deputy: Client, school_b: TenantRef) -> None:
    with tenancy.use(school_b):
        theirs = make.teacher("Басқа").pk
        busy = BusyTime.objects.create(
            year=make.YEAR, teacher_id=theirs, weekday=1, start=time(9), end=time(10)
        )
    page = f"{PAGES}teachers/{theirs}/"
    assert deputy.get(page).status_code == 404
    assert deputy.post(page, {"cannot": "1-1-1"}).status_code == 404
    assert deputy.post(f"{page}busy/", {"weekday": "1", "start": "8:00", "end": "9:00"}).status_code == 404
    assert deputy.post(f"{PAGES}busy/{busy.pk}/drop/").status_code == 404
    assert not HourWish.objects.exists()
