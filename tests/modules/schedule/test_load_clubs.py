"""A club of several classes is one hour of one teacher; hours at home and correction stand in the sheet, no child's name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import translation

from kernel.access import Actor, Role
from kernel.errors import NotAllowed, NotFound
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from modules.contingent.models import SchoolClass
from modules.schedule.load import printing, queries, services
from modules.schedule.models import Course, GroupMember, Lesson
from tests.factories import schedule as make

ClientFor = Callable[..., Client]
AHEAD = date(2026, 12, 3)
pytestmark = pytest.mark.requirement("SIS-10")


@pytest.fixture
def eighth(scene: make.Scene) -> SchoolClass:
    made = make.school_class(8, "Б")
    make.pupils(made, 2)
    return made


@pytest.fixture
def club(scene: make.Scene, aigul: Actor) -> Course:
    """Robotics of 7А: two hours of Bolat's on Thursdays, with one lesson behind and one ahead."""
    made = services.add_course(
        actor=aigul,
        school_class_id=scene.school_class.pk,
        subject_code="informatics",
        hours=2,
        teacher_id=scene.teacher.pk,
        kind="club",
        name="Робототехника",
    )
    row = Course.objects.get(pk=made.id)
    make.slot(row, 4, 8)
    for day in (date(2026, 11, 19), AHEAD):
        Lesson.objects.create(
            course=row,
            school_class_id=row.school_class_id,
            group=row.group,
            teacher_id=row.teacher_id,
            date=day,
            number=8,
        )
    services.set_members(actor=aigul, course_id=row.pk, pupil_ids=[scene.pupils[0].pk])
    return row


def hours(actor: Actor, who: UUID) -> Decimal:
    return queries.hours_of(actor=actor, year=make.YEAR, teacher_id=who)


class TestClubOfSeveralClasses:
    def test_each_class_has_a_line_and_the_teacher_the_hours_once(
        self, scene: make.Scene, club: Course, eighth: SchoolClass, aigul: Actor
    ) -> None:
        before = hours(aigul, scene.teacher.pk)
        made = Course.objects.get(pk=services.add_class(actor=aigul, course_id=club.pk, class_id=eighth.pk))
        club.refresh_from_db()
        assert made.set_code == club.set_code != ""
        assert hours(aigul, scene.teacher.pk) == before
        [row] = [one for one in queries.sheet(actor=aigul, year=make.YEAR) if one.id == scene.teacher.pk]
        assert "7А + 8Б" in {one.classes for one in row.joined}
        # Both are held at once by one teacher; what was before the day stays the first class's alone.
        lessons = Lesson.objects.filter(course=made)
        assert [(one.date, one.number, one.teacher_id) for one in lessons] == [(AHEAD, 8, scene.teacher.pk)]
        assert made.slots.count() == 1
        assert AuditEntry.objects.filter(action="schedule.club.widened").count() == 1

    def test_each_line_has_pupils_of_its_own_class(
        self, scene: make.Scene, club: Course, eighth: SchoolClass, aigul: Actor
    ) -> None:
        made = services.add_class(actor=aigul, course_id=club.pk, class_id=eighth.pk)
        line, pupils = queries.circle(actor=aigul, course_id=made)
        services.set_members(actor=aigul, course_id=made, pupil_ids=[pupils[0][0].id, scene.pupils[1].pk])
        inside = set(GroupMember.objects.filter(course_id=made).values_list("pupil_id", flat=True))
        assert inside == {pupils[0][0].id}
        assert line.class_label == "8Б"

    def test_clubs_of_other_subjects_at_the_same_time_do_not_meet(
        self, scene: make.Scene, club: Course, eighth: SchoolClass, aigul: Actor
    ) -> None:
        own = services.add_course(
            actor=aigul,
            school_class_id=eighth.pk,
            subject_code="music",
            hours=1,
            kind="club",
            name="Хор",
        )
        row = Course.objects.get(pk=own.id)
        Lesson.objects.create(course=row, school_class_id=eighth.pk, group=row.group, date=AHEAD, number=8)
        made = services.add_class(actor=aigul, course_id=club.pk, class_id=eighth.pk)
        assert Lesson.objects.filter(course_id=made).count() == 1

    def test_refusals(
        self, scene: make.Scene, club: Course, eighth: SchoolClass, aigul: Actor, bolat: Actor
    ) -> None:
        home = services.add_course(
            actor=aigul,
            school_class_id=scene.school_class.pk,
            subject_code="algebra",
            hours=2,
            kind="home",
            pupil_id=scene.pupils[3].pk,
        )
        other_year = SchoolClass.objects.create(year="2025-26", grade=6, letter="А", language="kk")
        for course_id, class_id, refusal in (
            (home.id, eighth.pk, services.NotForManyClasses),
            (club.pk, scene.school_class.pk, services.ClassIsInAlready),
            (club.pk, other_year.pk, services.OtherYear),
            (scene.course.pk, eighth.pk, NotFound),
        ):
            with pytest.raises(refusal):
                services.add_class(actor=aigul, course_id=course_id, class_id=class_id)
        with pytest.raises(NotAllowed):
            services.add_class(actor=bolat, course_id=club.pk, class_id=eighth.pk)

    def test_on_the_page(
        self,
        club: Course,
        eighth: SchoolClass,
        client_for: ClientFor,
        school_b: TenantRef,
    ) -> None:
        deputy, path = client_for(Role.DEPUTY_ACADEMIC), f"/schedule/courses/{club.pk}/"
        assert "Басқа сыныптардың оқушылары" in deputy.get(f"{path}pupils/").content.decode()
        assert deputy.post(f"{path}classes/", {"school_class": str(uuid4())}).status_code == 302
        assert Course.objects.filter(school_class_id=eighth.pk).count() == 0
        added = deputy.post(f"{path}classes/", {"school_class": str(eighth.pk)})
        made = Course.objects.get(school_class_id=eighth.pk)
        assert str(made.pk) in added.headers["Location"]
        assert f"/courses/{made.pk}/pupils/" in deputy.get(f"{path}pupils/").content.decode()
        foreign = client_for(Role.DIRECTOR, school=school_b)
        assert foreign.post(f"{path}classes/", {"school_class": str(eighth.pk)}).status_code == 404
        assert client_for(Role.TEACHER).post(f"{path}classes/").status_code == 403


class TestHomeAndCorrectionInTheSheet:
    def test_they_are_named_by_kind_and_counted_and_no_child_is_named(
        self, scene: make.Scene, aigul: Actor, client_for: ClientFor
    ) -> None:
        for kind, subject, count in (("home", "algebra", 2), ("correction", "kazakh_language", 1)):
            services.add_course(
                actor=aigul,
                school_class_id=scene.school_class.pk,
                subject_code=subject,
                hours=count,
                teacher_id=scene.teacher.pk,
                kind=kind,
                pupil_id=scene.pupils[1].pk,
            )
        with translation.override("kk"):
            paper = printing.load_sheet(actor=aigul, year=make.YEAR, on=date(2026, 11, 25))
            [row] = [one for one in paper.teachers if one.name.startswith("Ермекова")]
            subjects = [one.subject for one in row.rows]
        assert "Алгебра, үйде" in subjects
        assert "Қазақ тілі, түзету" in subjects
        assert scene.pupils[1].surname not in str(paper)
        assert paper.kinds == "Үйде оқыту: 2; Түзету сабақтары: 1"
        html = client_for(Role.DIRECTOR).get("/schedule/load/teachers/").content.decode()
        assert "Алгебра, үйде" in html
        assert "Сыныптардың оқу жоспарынан тыс" in html
