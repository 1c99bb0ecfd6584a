"""Report cards: whose they are, what stands on them, and the files made of them."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pypdf import PdfReader

from kernel.access import Actor, Role
from kernel.clock import ALMATY
from kernel.errors import NotAllowed, NotFound
from kernel.models import AuditEntry, ViewEntry
from kernel.tenancy import TenantRef
from modules.contingent.models import Guardian, Guardianship, Membership, SightBan
from modules.journal import rules
from modules.journal.cards import queries, showing
from modules.journal.cards.data import ClassYear
from modules.journal.models import PeriodMark
from modules.journal.rules import Options
from modules.schedule.models import Course, GroupMember
from modules.transfers.models import Transfer
from tests.conftest import ActorOf, ClientFor
from tests.factories import journal as made
from tests.factories import schedule as make

pytestmark = pytest.mark.requirement("SIS-26", "SIS-46")


@pytest.fixture
def marked(scene: make.Scene) -> make.Scene:
    """Two quarters of algebra for everybody, the first half-year of world history, a pass in music."""
    spans = make.periods()
    scene.others["history"] = make.course(scene.school_class, scene.teacher, "world_history", 1)
    scene.others["pe"] = make.course(scene.school_class, scene.teacher, "physical_education", 3)
    for one in scene.pupils:
        for code in ("q1", "q2"):
            made.final(scene.course, one, spans[code].id, "4")
            made.final(scene.others["pe"], one, spans[code].id, "pass")
        made.final(scene.others["history"], one, spans["h1"].id, "5")
    return scene


def finish(scene: make.Scene, pupil: Any, *, third: str = "5", fourth: str = "5") -> None:
    """The rest of the pupil's year."""
    spans = make.periods()
    made.final(scene.course, pupil, spans["q3"].id, third)
    made.final(scene.course, pupil, spans["q4"].id, fourth)
    made.final(scene.others["history"], pupil, spans["h2"].id, "4")
    for code in ("q3", "q4"):
        made.final(scene.others["pe"], pupil, spans[code].id, "pass")


def room(actor: Actor, scene: make.Scene) -> ClassYear:
    school_class = queries.open_class(actor=actor, class_id=scene.school_class.pk)
    [found] = queries.of_classes(actor=actor, year=make.YEAR, classes=[school_class])
    return found


def lines(actor: Actor, scene: make.Scene, pupil: Any) -> dict[str, tuple[Any, ...]]:
    found = room(actor, scene)
    card = showing.card(found, next(one for one in found.pupils if one.id == pupil.pk))
    codes = dict(
        zip((one.title for one in found.subjects), (one.key[0] for one in found.subjects), strict=True)
    )
    return {codes[one.subject]: (one.marks, one.annual, one.final) for one in card.lines}


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


class TestTheYearsMark:
    @pytest.mark.parametrize(
        ("marks", "annual"),
        [
            (["4", "4", "5", "5"], "5"),
            (["3", "4", "3", "4"], "4"),
            (["4", "4", "5", None], None),
            (["4", "na", "5", "5"], None),
            (["exempt", "4", "4", "4"], "4"),
            (["exempt", "exempt"], "exempt"),
            (["pass", "pass"], "pass"),
            (["pass", "fail"], "fail"),
            ([], None),
        ],
    )
    def test_it_stands_when_every_period_has_its_mark(
        self, marks: list[str | None], annual: str | None
    ) -> None:
        assert rules.YearMarks(tuple(marks)).settled(Options()) == annual

    def test_a_half_year_without_a_mark_is_the_mean_of_its_quarters(self) -> None:
        given = {("quarter", 1): "3", ("quarter", 2): "4", ("half_year", 2): "5"}
        assert rules.YearMarks.of(given, {}).periods == ("4", "5")
        passed = {("quarter", 1): "pass", ("quarter", 2): "pass", ("half_year", 2): "pass"}
        assert rules.YearMarks.of(passed, {}).result(Options()) == "pass"

    def test_periods_before_the_pupil_came_are_not_asked_of_him(self) -> None:
        given = {("quarter", 3): "5", ("quarter", 4): "4"}
        assert rules.YearMarks.of(given, {}, first_quarter=3).result(Options()) == "5"
        assert rules.YearMarks.of(given, {}, first_quarter=2).result(Options()) is None
        brought = given | {("quarter", 1): "2", ("quarter", 2): "2"}
        assert rules.YearMarks.of(brought, {}, first_quarter=3).result(Options()) == "3"

    @pytest.mark.parametrize(
        ("later", "result"),
        [({}, "4"), ({"exam": "2"}, "3"), ({"exam": "5"}, "4")],
    )
    def test_the_exam_makes_another_mark_count(self, later: dict[str, str], result: str) -> None:
        given = {("quarter", n): "4" for n in rules.QUARTERS}
        assert rules.YearMarks.of(given, later).result(Options()) == result
        del given["quarter", 4]
        assert rules.YearMarks.of(given, later).result(Options()) is None

    def test_a_two_counts_until_the_work_after_the_year_is_written(self) -> None:
        given = {("quarter", n): "2" for n in rules.QUARTERS}
        assert rules.YearMarks.of(given, {}).result(Options()) == "2"
        assert rules.YearMarks.of(given, {"year": "4"}).result(Options()) == "3"


class TestTheCard:
    def test_quarters_half_years_and_passes_stand_in_their_places(
        self, marked: make.Scene, aigul: Actor
    ) -> None:
        finish(marked, marked.pupils[0])
        with translation.override("ru"):
            found = lines(aigul, marked, marked.pupils[0])
        assert found["algebra"] == (("4", "4", "5", "5"), "5", "5")
        assert found["world_history"] == (("5", "4"), "5", "5")
        assert found["physical_education"][1] == "зачёт"

    def test_a_year_that_runs_has_no_annual_mark(self, marked: make.Scene, aigul: Actor) -> None:
        assert lines(aigul, marked, marked.pupils[0])["algebra"] == (("4", "4", "", ""), "", "")

    def test_in_grades_with_exams_the_final_mark_waits_for_them(
        self, marked: make.Scene, aigul: Actor
    ) -> None:
        grade_9(marked)
        finish(marked, marked.pupils[0])
        assert lines(aigul, marked, marked.pupils[0])["algebra"][1:] == ("5", "")

    def test_an_exam_stands_on_the_card_and_makes_the_final_mark(
        self, marked: make.Scene, aigul: Actor
    ) -> None:
        """The other subjects have their final marks once the council has decided; the book counts the final one."""
        pupil = marked.pupils[0]
        grade_9(marked)
        finish(marked, pupil)
        made.year_mark(marked.course, pupil, "exam", "2")
        assert lines(aigul, marked, pupil)["algebra"] == (("4", "4", "5", "5"), "5", "4")
        assert lines(aigul, marked, pupil)["world_history"][2] == ""
        found = room(aigul, marked)
        card = showing.card(found, found.pupils[[one.id for one in found.pupils].index(pupil.pk)])
        assert [one.exam for one in card.lines if one.exam] == ["2"]
        assert any("экзамен" in one for one in ru_notes(found, pupil.pk))
        algebra = [one.key[0] for one in found.subjects].index("algebra")
        row = next(one for one in showing.table(found, showing.YEAR).rows if one.pupil_id == pupil.pk)
        assert row.cells[algebra].text == "4"
        decide(marked, pupil, grade=10)
        assert lines(aigul, marked, pupil)["world_history"][2] == "5"
        assert ru_notes(room(aigul, marked), pupil.pk) == ()

    def test_a_work_after_a_two_changes_the_final_mark_and_says_so(
        self, marked: make.Scene, aigul: Actor
    ) -> None:
        pupil, spans = marked.pupils[0], make.periods()
        for code in ("q3", "q4"):
            made.final(marked.course, pupil, spans[code].id, "2")
        PeriodMark.objects.filter(course=marked.course, pupil_id=pupil.pk).update(final="2")
        made.year_mark(marked.course, pupil, "year", "4")
        assert lines(aigul, marked, pupil)["algebra"][1:] == ("2", "3")
        assert any("Алгебра" in one for one in ru_notes(room(aigul, marked), pupil.pk))

    def test_grade_1_has_no_marks_and_says_why(self, marked: make.Scene, aigul: Actor) -> None:
        marked.school_class.grade = 1
        marked.school_class.save(update_fields=["grade"])
        found = room(aigul, marked)
        card = showing.card(found, found.pupils[0])
        assert (card.is_graded, card.lines, len(card.notes)) == (False, (), 1)

    def test_a_subject_of_another_group_is_not_on_it(self, marked: make.Scene, aigul: Actor) -> None:
        """Informatics is taught to one pupil only so far; nobody else has its line."""
        course = make.course(marked.school_class, marked.teacher, "informatics", 2)
        GroupMember.objects.create(course=course, pupil_id=marked.pupils[0].pk, since=date(2026, 9, 1))
        assert "informatics" in lines(aigul, marked, marked.pupils[0])
        assert "informatics" not in lines(aigul, marked, marked.pupils[1])

    def test_a_club_is_not_on_it(self, marked: make.Scene, aigul: Actor) -> None:
        Course.objects.filter(pk=marked.others["history"].pk).update(kind="club", name="Шахмат")
        assert "world_history" not in lines(aigul, marked, marked.pupils[0])

    def test_marks_of_the_class_before_go_along(self, marked: make.Scene, aigul: Actor) -> None:
        """Who changed the class inside the year has the marks of both."""
        spans, mover = make.periods(), marked.pupils[0]
        other = make.school_class(7, "Ә", head=marked.teacher)
        Membership.objects.filter(pupil=mover).update(until=date(2026, 11, 20))
        Membership.objects.create(pupil=mover, school_class=other, year=make.YEAR, since=date(2026, 11, 21))
        taught = make.course(other, marked.teacher)
        made.final(taught, mover, spans["q3"].id, "3")
        [found] = queries.of_pupils(actor=aigul, year=make.YEAR, pupil_ids=[mover.pk])
        assert found.label == "7Ә"
        assert [found.pupils[0].marks["algebra", ""].at(n) for n in rules.QUARTERS] == ["4", "4", "3", None]
        assert mover.pk not in {one.id for one in room(aigul, marked).pupils}

    def test_days_and_lessons_missed_are_counted_by_quarter(self, marked: make.Scene, aigul: Actor) -> None:
        """Of the day with two lessons one is missed; the day with one lesson is missed whole; late is not missed."""
        pupil, (first, second, third, *_more) = marked.pupils[0], marked.lessons
        make.lessons(marked.others["pe"], first.date, count=1, number=4)
        made.absence(first, pupil, "ill")
        made.absence(second, pupil, "unexcused")
        made.absence(third, pupil, "late")
        found = next(one for one in room(aigul, marked).pupils if one.id == pupil.pk)
        second_quarter = found.missed_in(2)
        assert (second_quarter.days, second_quarter.lessons, second_quarter.ill) == (1, 2, 1)
        assert found.missed_in(1).lessons == 0
        assert found.missed_of_year == second_quarter

    def test_the_decision_of_the_council_follows_from_the_next_class(
        self, marked: make.Scene, aigul: Actor
    ) -> None:
        up, again = marked.pupils[:2]
        for pupil, grade in ((up, 8), (again, 7)):
            decide(marked, pupil, grade=grade)
        found = room(aigul, marked)
        with translation.override("ru"):
            said = {one.id: showing.card(found, one) for one in found.pupils}
        assert (said[up.pk].decision, said[up.pk].order) == (
            "переведён(а) в 8 класс",
            "приказ № 17-о от 31.05.2027",
        )
        assert said[again.pk].decision == "оставлен(а) в 7 классе на повторный год"
        assert said[marked.pupils[2].pk].decision == ""

    def test_marks_of_the_school_before_stand_where_ours_have_none(
        self, marked: make.Scene, aigul: Actor
    ) -> None:
        [newcomer] = make.pupils(marked.school_class, 1, since=date(2026, 11, 10))
        made.final(marked.course, newcomer, make.periods()["q2"].id, "5")
        arrived(newcomer.pk, {"q1": "3", "q2": "2"})
        with translation.override("ru"):
            found = room(aigul, marked)
            mine = next(one for one in found.pupils if one.id == newcomer.pk)
            card = showing.card(found, mine)
        algebra = next(one for one in card.lines if one.marks[0])
        assert algebra.marks == ("3*", "5", "", "")
        assert card.notes == ("* оценка прежней школы: Школа соседей",)

    def test_papers_that_cannot_be_read_do_not_hold_the_card_up(
        self, marked: make.Scene, aigul: Actor
    ) -> None:
        [newcomer] = make.pupils(marked.school_class, 1, since=date(2026, 11, 10))
        arrived(newcomer.pk, {"qx": "3"})
        assert newcomer.pk in {one.id for one in room(aigul, marked).pupils}


def grade_9(scene: make.Scene) -> None:
    scene.school_class.grade = 9
    scene.school_class.save(update_fields=["grade"])


def ru_notes(found: ClassYear, pupil_id: UUID) -> tuple[str, ...]:
    with translation.override("ru"):
        return showing.card(found, next(one for one in found.pupils if one.id == pupil_id)).notes


def decide(scene: make.Scene, pupil: Any, *, grade: int) -> None:
    """The class of the next year, with the order of the council's decision."""
    following = make.SchoolClass.objects.create(year="2027-28", grade=grade, letter="А", language="kk")
    Membership.objects.create(
        pupil=pupil,
        school_class=following,
        year="2027-28",
        since=date(2027, 9, 1),
        order_number="17-о",
        order_date=date(2027, 5, 31),
    )


def arrived(pupil_id: UUID, marks: dict[str, str]) -> None:
    periods = [
        {"code": code, "fo": [], "sor": [], "soch": [], "final": mark, "percent": None}
        for code, mark in marks.items()
    ]
    school = {
        "school_kk": "Көрші мектеп",
        "school_ru": "Школа соседей",
        "year": make.YEAR,
        "subjects": [{"code": "algebra", "periods": periods}],
        "missed": {},
    }
    Transfer.objects.create(
        side="in",
        state="arrived",
        partner_kk="Көрші мектеп",
        partner_ru="Школа соседей",
        pupil_id=pupil_id,
        grade=7,
        ground="paper",
        asked_on=date(2026, 11, 1),
        arrival_date=date(2026, 11, 10),
        arrived_on=date(2026, 11, 10),
        valid_until=date(2026, 11, 30),
        dossier={"parts": {"journal.marks": {"version": 1, "schools": [school]}}},
    )


class TestWhoseCards:
    @pytest.fixture
    def dana(self, marked: make.Scene, actor_of: ActorOf) -> Actor:
        """The class teacher of 7А."""
        return actor_of(Role.CLASS_TEACHER, person_id=marked.teacher.pk, user_id=1003)

    @pytest.fixture
    def gulnar(self, marked: make.Scene, actor_of: ActorOf) -> Actor:
        """The mother of the first pupil."""
        mother = Guardian.objects.create(surname="Ахметова", name="Гүлнар")
        Guardianship.objects.create(pupil=marked.pupils[0], guardian=mother, relation="mother")
        return actor_of(Role.PARENT, person_id=mother.pk, person_kind="guardian", user_id=1004)

    def test_the_class_teacher_has_her_class_and_no_other(self, marked: make.Scene, dana: Actor) -> None:
        other = make.school_class(8, "Б")
        [stranger] = make.pupils(other, 1)
        assert [one.label for one in queries.classes_to_open(actor=dana, year=make.YEAR)] == ["7А"]
        assert len(room(dana, marked).pupils) == 10
        with pytest.raises(NotFound):
            queries.open_class(actor=dana, class_id=other.pk)
        with pytest.raises(NotFound):
            queries.open_pupil(actor=dana, pupil_id=stranger.pk)

    def test_she_sees_earlier_years_of_her_pupils(self, marked: make.Scene, dana: Actor) -> None:
        before = make.SchoolClass.objects.create(year="2025-26", grade=6, letter="А", language="kk")
        for one in marked.pupils[:3]:
            Membership.objects.create(
                pupil=one,
                school_class=before,
                year="2025-26",
                since=date(2025, 9, 1),
                until=date(2026, 8, 31),
            )
        make.schedule.open_year(actor=Actor.system_actor("tests"), year="2025-26")
        school_class = queries.open_class(actor=dana, class_id=marked.school_class.pk)
        assert queries.years_of_class(actor=dana, school_class=school_class) == [make.YEAR, "2025-26"]
        [found] = queries.of_room(actor=dana, school_class=school_class, year="2025-26")
        assert (found.label, len(found.pupils)) == ("6А", 3)
        # The class of then is not hers today; its pupils are.
        with pytest.raises(NotFound):
            queries.open_class(actor=dana, class_id=before.pk)

    def test_a_mother_has_her_own_child_until_she_is_banned(self, marked: make.Scene, gulnar: Actor) -> None:
        own, stranger = marked.pupils[:2]
        assert queries.open_pupil(actor=gulnar, pupil_id=own.pk).id == own.pk
        with pytest.raises(NotFound):
            queries.open_pupil(actor=gulnar, pupil_id=stranger.pk)
        with pytest.raises(NotFound):
            queries.open_class(actor=gulnar, class_id=marked.school_class.pk)
        SightBan.objects.create(
            pupil=own, guardian_id=gulnar.person_id, since=date(2026, 11, 1), ground="сот шешімі"
        )
        with pytest.raises(NotFound):
            queries.open_pupil(actor=gulnar, pupil_id=own.pk)

    def test_a_pupil_has_his_own(self, marked: make.Scene, actor_of: ActorOf) -> None:
        erlan = actor_of(Role.PUPIL, person_id=marked.pupils[1].pk, person_kind="pupil")
        assert queries.open_pupil(actor=erlan, pupil_id=marked.pupils[1].pk)
        with pytest.raises(NotFound):
            queries.open_pupil(actor=erlan, pupil_id=marked.pupils[0].pk)

    @pytest.mark.parametrize("role", [Role.LIBRARIAN, Role.NURSE, Role.DEPUTY_FACILITIES])
    def test_others_of_the_staff_have_none(self, role: Role, marked: make.Scene, actor_of: ActorOf) -> None:
        with pytest.raises(NotAllowed):
            queries.open_class(actor=actor_of(role), class_id=marked.school_class.pk)

    def test_the_neighbours_have_nothing(
        self, marked: make.Scene, school_b: TenantRef, client_for: ClientFor
    ) -> None:
        zhanna = client_for(Role.DIRECTOR, school=school_b)
        for address in (
            f"/journal/cards/classes/{marked.school_class.pk}/",
            f"/journal/cards/pupils/{marked.pupils[0].pk}/",
            f"/journal/cards/pupils/{marked.pupils[0].pk}/card.pdf",
        ):
            assert zhanna.get(address).status_code == 404


class TestPages:
    @pytest.fixture
    def dana(self, marked: make.Scene, client_for: ClientFor) -> Client:
        return client_for(Role.CLASS_TEACHER, person_id=marked.teacher.pk)

    def test_the_table_of_the_class_in_few_queries(self, marked: make.Scene, dana: Client) -> None:
        address = f"/journal/cards/classes/{marked.school_class.pk}/?period=q1"
        dana.get(address)
        with CaptureQueriesContext(connection) as few:
            page = dana.get(address)
        assert page.status_code == 200
        assert page.content.decode().count('<th scope="row">') == 10
        make.pupils(marked.school_class, 20)
        with CaptureQueriesContext(connection) as more:
            dana.get(address)
        assert len(more) == len(few) <= 22

    def test_the_card_of_a_pupil_is_a_look_that_the_parents_can_read(
        self, marked: make.Scene, dana: Client
    ) -> None:
        page = dana.get(f"/journal/cards/pupils/{marked.pupils[0].pk}/")
        assert page.status_code == 200
        look = ViewEntry.objects.get(subject_id=marked.pupils[0].pk)
        assert look.purpose == "journal.card"

    @pytest.mark.parametrize("language", ["kk", "ru"])
    def test_the_cards_of_the_class_as_one_file(
        self, language: str, marked: make.Scene, dana: Client
    ) -> None:
        answer = dana.get(f"/journal/cards/classes/{marked.school_class.pk}/cards.pdf?lang={language}")
        assert answer.headers["Content-Type"] == "application/pdf"
        pages = PdfReader(io.BytesIO(answer.content)).pages
        assert len(pages) == 10
        text = pages[0].extract_text()
        assert "Ахметова Әлия" in text
        assert ("Үлгерім табелі" if language == "kk" else "Табель успеваемости") in text
        told = AuditEntry.objects.get(action="journal.cards.exported")
        assert told.details == {"as": "cards", "year": make.YEAR, "count": 10}
        assert ViewEntry.objects.filter(purpose="journal.cards.taken").count() == 10

    def test_the_book_as_paper_and_as_a_workbook(self, marked: make.Scene, dana: Client) -> None:
        import python_calamine

        finish(marked, marked.pupils[0])
        address = f"/journal/cards/classes/{marked.school_class.pk}/"
        text = text_of(dana.get(f"{address}book.pdf?lang=ru").content)
        assert "Книга учёта табелей успеваемости, 7А класс" in text
        sheets = python_calamine.CalamineWorkbook.from_filelike(
            io.BytesIO(dana.get(f"{address}book.xlsx").content)
        )
        assert len(sheets.sheet_names) == 5
        rows = sheets.get_sheet_by_index(0).to_python()
        assert rows[0][1:3] != ["", ""]
        assert 5.0 in rows[1]

    def test_the_mother_prints_her_childs(self, marked: make.Scene, client_for: ClientFor) -> None:
        mother = Guardian.objects.create(surname="Ахметова", name="Гүлнар")
        Guardianship.objects.create(pupil=marked.pupils[0], guardian=mother, relation="mother")
        gulnar = client_for(Role.PARENT, person_id=mother.pk)
        own = f"/journal/cards/pupils/{marked.pupils[0].pk}/"
        assert gulnar.get("/journal/cards/").headers["Location"] == own
        assert gulnar.get(own).status_code == 200
        assert gulnar.get(f"{own}card.pdf").content[:4] == b"%PDF"
        assert gulnar.get(f"/journal/cards/pupils/{marked.pupils[1].pk}/card.pdf").status_code == 404
        assert not ViewEntry.objects.exists()

    def test_a_file_wants_the_password_again_after_a_while(self, marked: make.Scene, dana: Client) -> None:
        with time_machine.travel(datetime(2026, 11, 25, 15, 0, tzinfo=ALMATY)):
            answer = dana.get(f"/journal/cards/classes/{marked.school_class.pk}/cards.pdf")
        assert answer.headers.get("Content-Type") != "application/pdf"

    def test_a_class_that_is_not_there_is_not_found(self, dana: Client) -> None:
        assert dana.get(f"/journal/cards/classes/{uuid4()}/").status_code == 404


def test_the_school_is_read_in_as_few_statements_as_a_class(marked: make.Scene, aigul: Actor) -> None:
    for letter in "ӘБВ":
        other = make.school_class(7, letter)
        make.course(other, None)
        make.pupils(other, 5)
    one = queries.classes_to_open(actor=aigul, year=make.YEAR)[:1]
    queries.of_classes(actor=aigul, year=make.YEAR, classes=one)
    with CaptureQueriesContext(connection) as of_one:
        queries.of_classes(actor=aigul, year=make.YEAR, classes=one)
    every = queries.classes_to_open(actor=aigul, year=make.YEAR)
    with CaptureQueriesContext(connection) as of_all:
        found = queries.of_classes(actor=aigul, year=make.YEAR, classes=every)
    assert [len(each.pupils) for each in found] == [10, 5, 5, 5]
    assert len(of_all) == len(of_one) <= 8
