"""Gülnar and Erlan hear of changed lessons and of days that differ; nobody hears of another's child."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from identity.models import User
from kernel import events, tenancy
from kernel.access import Actor, Role
from kernel.clock import ALMATY
from kernel.tenancy import TenantRef
from modules.contingent.models import Guardian, Guardianship, Pupil, SightBan
from modules.schedule.lessons import services as lessons
from modules.schedule.models import BellSet, Course, GroupMember, Lesson
from modules.schedule.substitutions import services as standing_in
from modules.schedule.substitutions.models import Substitution
from modules.schedule.year import services as year
from modules.schedule.year.services import Wish
from notify.models import Notification
from notify.queries import notes
from tests.factories import schedule as make

MOMENT = datetime(2026, 11, 25, 10, 0, tzinfo=ALMATY)
DAY = date(2026, 11, 26)
Accounts = Callable[..., User]
pytestmark = pytest.mark.requirement("SIS-25", "MOB-11")


@pytest.fixture
def scene(in_school: TenantRef) -> Iterator[make.Scene]:
    with time_machine.travel(MOMENT, tick=True):
        yield make.scene()


@pytest.fixture
def aigul(scene: make.Scene, actor_of: Callable[..., Actor]) -> Actor:
    return actor_of(Role.DIRECTOR, user_id=1002, name="Айгүл")


def mother_of(child: Pupil, surname: str) -> Guardian:
    made = Guardian.objects.create(surname=surname, name="Гүлнар")
    Guardianship.objects.create(pupil=child, guardian=made, relation="mother")
    return made


@pytest.fixture
def gulnar(scene: make.Scene, account: Accounts) -> User:
    """The mother of Erlan, with an account."""
    return account(Role.PARENT, person_id=mother_of(scene.pupils[1], "Әлиева").pk)


@pytest.fixture
def lesson(scene: make.Scene) -> Lesson:
    """Algebra tomorrow, the second lesson."""
    Lesson.objects.filter(date=DAY).delete()
    return Lesson.objects.create(
        course=scene.course,
        school_class_id=scene.school_class.pk,
        teacher_id=scene.teacher.pk,
        date=DAY,
        number=2,
    )


def told(user: User, language: str = "kk") -> list[tuple[str, str]]:
    """Titles and texts as the person reads them."""
    events.deliver()
    rows = Notification.objects.filter(user_id=user.pk).order_by("created_at")
    with translation.override(language):
        return [(one.title, one.body) for one in notes(rows)]


class TestLessons:
    def test_a_cancelled_lesson_is_told_with_its_reason_in_the_reader_s_language(
        self, lesson: Lesson, gulnar: User, aigul: Actor
    ) -> None:
        lessons.cancel(actor=aigul, lesson_id=lesson.pk, reason="Семинар")
        assert told(gulnar) == [
            ("Ерлан, 26 қараша: сабақтар өзгерді", "2. Алгебра: болмайды: Семинар"),
        ]
        assert told(gulnar, "ru") == [
            ("Ерлан, 26 ноября: уроки изменились", "2. Алгебра: отменён: Семинар"),
        ]

    def test_changes_of_a_day_stand_in_one_message(
        self, scene: make.Scene, lesson: Lesson, gulnar: User, aigul: Actor
    ) -> None:
        other = Lesson.objects.create(
            course=make.course(scene.school_class, None, "physics"),
            school_class_id=scene.school_class.pk,
            date=DAY,
            number=4,
        )
        lessons.cancel(actor=aigul, lesson_id=lesson.pk, reason="Семинар")
        assert len(told(gulnar)) == 1
        lessons.cancel(actor=aigul, lesson_id=other.pk, reason="Семинар")
        [(__, text)] = told(gulnar)
        assert "Алгебра" in text
        assert "Физика" in text
        lessons.restore(actor=aigul, lesson_id=lesson.pk)
        lessons.restore(actor=aigul, lesson_id=other.pk)
        [(__, text)] = told(gulnar)
        assert text == "Барлық сабақ қайтадан кестедегідей"

    def test_a_moved_lesson_is_told_on_both_days_and_leads_there(
        self, lesson: Lesson, gulnar: User, aigul: Actor
    ) -> None:
        friday = DAY + timedelta(days=1)
        lessons.move(actor=aigul, lesson_id=lesson.pk, day=friday, number=6, room="", reason="Семинар")
        events.deliver()
        texts = dict(told(gulnar))
        assert "27 қараша, 6-сабаққа көшірілді" in texts["Ерлан, 26 қараша: сабақтар өзгерді"]
        assert "26 қараша, 2-сабақтан көшірілді" in texts["Ерлан, 27 қараша: сабақтар өзгерді"]
        urls = set(Notification.objects.filter(user_id=gulnar.pk).values_list("url", flat=True))
        assert {url.partition("?day=")[2] for url in urls} == {"2026-11-26", "2026-11-27"}

    @pytest.mark.requirement("SIS-11")
    def test_another_teacher_and_the_way_back_are_told(
        self, scene: make.Scene, lesson: Lesson, gulnar: User, aigul: Actor
    ) -> None:
        marat = make.teacher("Маратов", "Марат")
        make.course(scene.school_class, marat, "physics")
        standing_in.note_absence(
            actor=aigul, teacher_id=scene.teacher.pk, since=DAY, until=DAY, reason="sick"
        )
        assert told(gulnar) == [], "an open lesson is no news yet"
        row = Substitution.objects.get(lesson=lesson)
        standing_in.assign(actor=aigul, substitution_id=row.pk, substitute_id=marat.pk)
        [(__, text)] = told(gulnar)
        assert text.startswith("2. Алгебра: басқа мұғалім: Маратов")
        standing_in.reopen(actor=aigul, substitution_id=row.pk)
        [(__, text)] = told(gulnar)
        assert "Маратов" not in text

    def test_the_pupil_hears_it_and_no_other_family(
        self, scene: make.Scene, lesson: Lesson, gulnar: User, aigul: Actor, account: Accounts
    ) -> None:
        erlan = account(Role.PUPIL, person_id=scene.pupils[1].pk)
        eighth = make.school_class(8, "Б")
        stranger = account(Role.PARENT, person_id=mother_of(make.pupils(eighth, 1)[0], "Бөтен").pk)
        classmate = account(Role.PARENT, person_id=mother_of(scene.pupils[2], "Байжанова").pk)
        lessons.cancel(actor=aigul, lesson_id=lesson.pk, reason="Семинар")
        assert told(stranger) == []
        assert [title for title, __ in told(erlan)] == ["Ерлан, 26 қараша: сабақтар өзгерді"]
        assert [title for title, __ in told(classmate)] == ["Нұрлан, 26 қараша: сабақтар өзгерді"]

    def test_a_guardian_under_a_ban_or_without_an_open_account_hears_nothing(
        self, scene: make.Scene, lesson: Lesson, gulnar: User, aigul: Actor, account: Accounts
    ) -> None:
        father = Guardian.objects.create(surname="Әлиев", name="Бауыржан")
        Guardianship.objects.create(pupil=scene.pupils[1], guardian=father, relation="father")
        SightBan.objects.create(
            pupil=scene.pupils[1], guardian=father, since=date(2026, 11, 1), ground="Сот шешімі"
        )
        banned = account(Role.PARENT, person_id=father.pk)
        blocked = account(Role.PARENT, person_id=mother_of(scene.pupils[1], "Апайқызы").pk)
        User.objects.filter(pk=blocked.pk).update(is_active=False)
        lessons.cancel(actor=aigul, lesson_id=lesson.pk, reason="Семинар")
        assert told(banned) == told(blocked) == []
        assert len(told(gulnar)) == 1

    def test_only_the_group_that_is_taught_hears_it(
        self, scene: make.Scene, gulnar: User, aigul: Actor, account: Accounts
    ) -> None:
        course = Course.objects.create(
            year=make.YEAR,
            school_class_id=scene.school_class.pk,
            subject_code="foreign_language",
            group=1,
            hours_per_week=3,
        )
        GroupMember.objects.create(course=course, pupil_id=scene.pupils[2].pk, since=date(2026, 9, 1))
        classmate = account(Role.PARENT, person_id=mother_of(scene.pupils[2], "Байжанова").pk)
        row = Lesson.objects.create(
            course=course, school_class_id=scene.school_class.pk, group=1, date=DAY, number=5
        )
        lessons.cancel(actor=aigul, lesson_id=row.pk, reason="Семинар")
        assert told(gulnar) == []
        assert len(told(classmate)) == 1

    def test_what_is_over_is_no_news(self, scene: make.Scene, gulnar: User, aigul: Actor) -> None:
        [past] = make.lessons(scene.course, date(2026, 11, 24), count=1, number=6)
        lessons.cancel(actor=aigul, lesson_id=past.pk, reason="Семинар")
        assert told(gulnar) == []

    def test_whoever_silenced_the_topic_is_left_alone(
        self, lesson: Lesson, gulnar: User, aigul: Actor, actor_of: Callable[..., Actor]
    ) -> None:
        from notify import services as choosing

        choosing.choose(actor=actor_of(Role.PARENT, user_id=gulnar.pk), topics_on=[])
        lessons.cancel(actor=aigul, lesson_id=lesson.pk, reason="Семинар")
        assert told(gulnar) == []

    def test_the_other_school_hears_nothing(
        self, lesson: Lesson, gulnar: User, aigul: Actor, school_b: TenantRef
    ) -> None:
        lessons.cancel(actor=aigul, lesson_id=lesson.pk, reason="Семинар")
        assert len(told(gulnar)) == 1
        with tenancy.use(school_b):
            events.deliver()
            assert not Notification.objects.exists()


@pytest.mark.requirement("SIS-14")
class TestDays:
    def test_a_frost_day_is_told_to_families_and_to_the_staff_of_the_classes(
        self, scene: make.Scene, gulnar: User, aigul: Actor, account: Accounts
    ) -> None:
        bolat = account(Role.TEACHER, person_id=scene.teacher.pk)
        eighth = make.school_class(8, "Б")
        other_teacher = make.teacher("Ғабитова", "Гүлжан")
        make.course(eighth, other_teacher)
        gulzhan = account(Role.TEACHER, person_id=other_teacher.pk)
        stranger = account(Role.PARENT, person_id=mother_of(make.pupils(eighth, 1)[0], "Бөтен").pk)
        frost, __ = year.declare(
            actor=aigul,
            year=make.YEAR,
            wish=Wish(kind="frost", start=DAY, end=DAY, grades=[7], title="Қатты аяз"),
        )
        assert told(gulnar) == [("7А, 26 қараша: Сабақ жоқ: қатты аяз", "")]
        assert told(bolat) == [("26 қараша: Сабақ жоқ: қатты аяз", "Сыныптар: 7А")]
        assert told(stranger) == told(gulzhan) == []
        year.take_back(actor=aigul, special_id=frost.id)
        assert told(gulnar) == [("7А, 26 қараша: Сабақтар әдеттегідей болады", "")]
        assert told(bolat) == [("26 қараша: Сабақтар әдеттегідей болады", "Сыныптар: 7А")]

    def test_shortened_days_are_told_and_an_order_number_is_not(
        self, scene: make.Scene, gulnar: User, aigul: Actor
    ) -> None:
        bells = BellSet.objects.create(name="Қысқа", is_on_call=True)
        wish = Wish(kind="short", start=DAY, end=DAY + timedelta(days=1), bell_set_id=bells.pk)
        short, __ = year.declare(actor=aigul, year=make.YEAR, wish=wish)
        assert told(gulnar) == [("7А, 26–27 қараша: Қысқартылған сабақтар", "")]
        Notification.objects.all().delete()
        year.change(
            actor=aigul,
            special_id=short.id,
            wish=Wish(
                kind="short",
                start=DAY,
                end=DAY + timedelta(days=1),
                bell_set_id=bells.pk,
                order_number="118-Ө",
            ),
        )
        assert told(gulnar) == []

    def test_a_class_that_is_let_out_of_the_days_hears_that(
        self, scene: make.Scene, gulnar: User, aigul: Actor
    ) -> None:
        make.school_class(8, "Б")
        frost, __ = year.declare(
            actor=aigul, year=make.YEAR, wish=Wish(kind="frost", start=DAY, end=DAY, grades=[7, 8])
        )
        told(gulnar)
        year.change(actor=aigul, special_id=frost.id, wish=Wish(kind="frost", start=DAY, end=DAY, grades=[8]))
        assert told(gulnar) == [("7А, 26 қараша: Сабақтар әдеттегідей болады", "")]

    def test_the_message_opens_the_child_of_its_class(
        self, scene: make.Scene, aigul: Actor, client_for: Callable[..., Client]
    ) -> None:
        eighth = make.school_class(8, "Б")
        mother = mother_of(scene.pupils[1], "Әлиева")
        second = make.pupils(eighth, 1)[0]
        Guardianship.objects.create(pupil=second, guardian=mother, relation="mother")
        phone = client_for(Role.PARENT, person_id=mother.pk)
        for room, child in ((scene.school_class, scene.pupils[1]), (eighth, second)):
            html = phone.get(f"/family/?room={room.pk}&day={DAY}").content.decode()
            assert f"/family/{child.pk}/?day=" in html


@pytest.mark.requirement("MOB-11", screen="family:child")
class TestFirstPage:
    def test_coming_changes_stand_on_it_and_in_the_day(
        self, scene: make.Scene, lesson: Lesson, aigul: Actor, client_for: Callable[..., Client]
    ) -> None:
        mother = mother_of(scene.pupils[1], "Әлиева")
        phone = client_for(Role.PARENT, person_id=mother.pk)
        friday = DAY + timedelta(days=1)
        lessons.move(actor=aigul, lesson_id=lesson.pk, day=friday, number=6, room="", reason="Семинар")
        first = phone.get("/family/").content.decode()
        assert "Алдағы өзгерістер" in first
        assert "27 қараша, 6-сабаққа көшірілді" in first
        day = phone.get(f"/family/{scene.pupils[1].pk}/?day={DAY}").content.decode()
        assert "27 қараша, 6-сабаққа көшірілді" in day[day.index('id="day"') :]
        day = phone.get(f"/family/{scene.pupils[1].pk}/?day={friday}").content.decode()
        assert "26 қараша, 2-сабақтан көшірілді" in day[day.index('id="day"') :]
