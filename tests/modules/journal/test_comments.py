"""A teacher's words beside a cell: kept as marks are, read by the family, and by nobody of another school."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from kernel.access import Actor, Role
from kernel.models import OutboxEvent
from modules.contingent.models import Guardian, Guardianship
from modules.journal import queries, services
from modules.journal.models import Comment, Mark, MarkEvent
from modules.schedule.models import Lesson
from modules.schedule.year import services as schedule_services
from tests.factories import journal as made
from tests.factories import schedule as make

ClientFor = Callable[..., Client]
WORDS = "Теңдеуді дұрыс шешті, жауабын тексерсін."


@pytest.fixture
def browser(scene: make.Scene, client_for: ClientFor) -> Client:
    """Bolat at his browser."""
    return client_for(Role.TEACHER, person_id=scene.teacher.pk)


def said(lesson: Lesson, pupil: Any, new: str | None, **more: Any) -> services.Operation:
    return made.op(lesson, pupil, new, field="comment", **more)


def save(actor: Actor, scene: make.Scene, *operations: services.Operation) -> list[services.Result]:
    return services.save_cells(actor=actor, course_id=scene.course.pk, operations=operations)


def send(client: Client, scene: make.Scene, **values: Any) -> Any:
    operation = {
        "id": str(uuid4()),
        "lesson": str(scene.lessons[0].pk),
        "pupil": str(scene.pupils[0].pk),
        "kind": "fo",
        "field": "comment",
        "old": None,
        "new": WORDS,
        **values,
    }
    body = json.dumps({"course": str(scene.course.pk), "operations": [operation]})
    return client.post("/journal/save/", body, content_type="application/json")


@pytest.mark.requirement("MOB-03", "SIS-32")
class TestComments:
    def test_stand_beside_the_mark_and_leave_it_alone(self, scene: make.Scene, bolat: Actor) -> None:
        lesson, pupil = scene.lessons[0], scene.pupils[0]
        results = save(bolat, scene, made.op(lesson, pupil, 8), said(lesson, pupil, WORDS))
        assert [(one.status, one.value, one.version) for one in results] == [("ok", 8, 1), ("ok", WORDS, 1)]
        assert Mark.objects.get().points == 8
        assert Comment.objects.get().text == WORDS

    def test_are_news_to_nobody_who_counts(self, scene: make.Scene, bolat: Actor) -> None:
        save(bolat, scene, said(scene.lessons[0], scene.pupils[0], WORDS))
        assert not OutboxEvent.objects.exists()

    def test_stay_in_the_history_with_their_words(self, scene: make.Scene, bolat: Actor) -> None:
        lesson, pupil = scene.lessons[0], scene.pupils[0]
        save(bolat, scene, said(lesson, pupil, WORDS))
        save(bolat, scene, said(lesson, pupil, None, old=WORDS))
        lines = queries.history(
            actor=bolat, course_id=scene.course.pk, pupil_id=pupil.pk, lesson_id=lesson.pk, kind="fo"
        )
        assert [(one.field, one.old, one.new) for one in lines] == [
            ("comment-fo", WORDS, None),
            ("comment-fo", None, WORDS),
        ]
        assert [one.by_user for one in lines] == [1001, 1001]

    def test_changed_past_the_product_are_noted_as_such(self, scene: make.Scene, bolat: Actor) -> None:
        save(bolat, scene, said(scene.lessons[0], scene.pupils[0], WORDS))
        with connection.cursor() as cursor:
            cursor.execute("UPDATE journal_comment SET text = 'Басқа сөз'")
        Comment.objects.all().delete()
        lines = MarkEvent.objects.exclude(action="insert").order_by("id")
        assert [(x.action, x.old, x.new, x.source, x.by_user) for x in lines] == [
            ("update", WORDS, "Басқа сөз", "sql", None),
            ("delete", "Басқа сөз", None, "sql", None),
        ]

    def test_are_done_once_however_often_they_are_sent(self, scene: make.Scene, bolat: Actor) -> None:
        lesson, pupil = scene.lessons[0], scene.pupils[0]
        first = said(lesson, pupil, WORDS)
        save(bolat, scene, first)
        save(bolat, scene, said(lesson, pupil, None, old=WORDS))
        assert save(bolat, scene, first)[0].status == "ok"
        assert Comment.objects.get().text is None

    def test_of_a_colleague_are_told_and_not_overwritten(
        self, scene: make.Scene, bolat: Actor, aigul: Actor
    ) -> None:
        lesson, pupil = scene.lessons[0], scene.pupils[0]
        save(aigul, scene, said(lesson, pupil, "Жарайсың"))
        [result] = save(bolat, scene, said(lesson, pupil, WORDS))
        assert (result.status, result.value) == ("conflict", "Жарайсың")
        assert Comment.objects.get().text == "Жарайсың"

    def test_stand_beside_a_work_apart_from_the_lesson(self, scene: make.Scene, bolat: Actor) -> None:
        lesson, pupil = scene.lessons[0], scene.pupils[0]
        [refused] = save(bolat, scene, said(lesson, pupil, WORDS, kind="sor"))
        assert refused.status == "refused"
        made.work(lesson, "sor", 20)
        save(bolat, scene, said(lesson, pupil, WORDS, kind="sor"), said(lesson, pupil, "Белсенді"))
        assert dict(Comment.objects.values_list("kind", "text")) == {"sor": WORDS, "fo": "Белсенді"}

    @pytest.mark.parametrize("text", ["   ", "а" * 501])
    def test_say_something_and_not_too_much(self, scene: make.Scene, bolat: Actor, text: str) -> None:
        [result] = save(bolat, scene, said(scene.lessons[0], scene.pupils[0], text))
        assert result.status == "refused"
        assert "500" in result.message
        assert not Comment.objects.exists()

    def test_of_blanks_are_refused_by_the_database_too(self, scene: make.Scene) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Comment.objects.create(lesson=scene.lessons[0], pupil_id=scene.pupils[0].pk, kind="fo", text="  ")

    def test_are_given_where_no_marks_are(
        self, in_school: object, moment: None, client_for: ClientFor, actor_of: Callable[..., Actor]
    ) -> None:
        first = make.scene(grade=1, letter="А")
        teacher = actor_of(Role.TEACHER, person_id=first.teacher.pk, user_id=1001)
        lesson, pupil = first.lessons[0], first.pupils[0]
        mark, words = save(teacher, first, made.op(lesson, pupil, 8), said(lesson, pupil, WORDS))
        assert (mark.status, words.status) == ("refused", "ok")

    def test_of_a_closed_quarter_stand(self, scene: make.Scene, bolat: Actor, aigul: Actor) -> None:
        schedule_services.close_period(actor=aigul, period_id=scene.quarter.id)
        [result] = save(bolat, scene, said(scene.lessons[0], scene.pupils[0], WORDS))
        assert result.status == "locked"

    def test_are_not_written_into_a_foreign_journal(
        self, scene: make.Scene, school_b: Any, client_for: ClientFor
    ) -> None:
        stranger = client_for(Role.TEACHER, person_id=uuid4())
        assert send(stranger, scene).status_code == 404
        assert send(client_for(Role.DIRECTOR, school=school_b), scene).status_code == 404
        assert not Comment.objects.exists()

    def test_a_pupil_with_a_comment_has_a_trace(self, scene: make.Scene, bolat: Actor) -> None:
        pupil, other = scene.pupils[:2]
        save(bolat, scene, said(scene.lessons[0], pupil, WORDS))
        assert queries.pupils_in_journals([pupil.pk, other.pk]) == {pupil.pk}


@pytest.mark.requirement("MOB-03", "SIS-32", screen="journal:grid")
class TestPage:
    def test_brings_the_comments_of_the_period(self, scene: make.Scene, browser: Client) -> None:
        assert send(browser, scene).json()["results"][0]["status"] == "ok"
        answer = browser.get(f"/journal/{scene.course.pk}/?period=q2")
        place = [str(scene.lessons[0].pk), str(scene.pupils[0].pk), "fo", 1, WORDS]
        assert answer.context["props"]["comments"] == [tuple(place)]

    def test_shows_their_history(self, scene: make.Scene, browser: Client) -> None:
        send(browser, scene)
        place = {"lesson": str(scene.lessons[0].pk), "pupil": str(scene.pupils[0].pk), "kind": "fo"}
        [line] = browser.get(f"/journal/{scene.course.pk}/history/", place).json()["items"]
        assert (line["field"], line["old"], line["new"]) == ("comment-fo", "", WORDS)
        assert line["by"]

    @pytest.mark.parametrize("new", [5, "а" * 2001, "а\0", ["а"]])
    def test_refuses_what_is_no_comment(self, scene: make.Scene, browser: Client, new: Any) -> None:
        assert send(browser, scene, new=new).status_code == 400

    def test_a_period_mark_has_none(self, scene: make.Scene, browser: Client) -> None:
        assert send(browser, scene, kind="period").status_code == 400


@pytest.mark.requirement("MOB-03", "MOB-11", screen="family:child")
class TestFamily:
    def test_the_mother_reads_the_words_about_her_child_alone(
        self, scene: make.Scene, bolat: Actor, client_for: ClientFor
    ) -> None:
        child, other = scene.pupils[:2]
        lesson = scene.lessons[-1]
        save(
            bolat,
            scene,
            made.op(lesson, child, 8),
            said(lesson, child, WORDS),
            said(lesson, other, "Үй жұмысын орындамады"),
            said(scene.lessons[-2], child, "Сабақта белсенді болды"),
        )
        mother = Guardian.objects.create(surname="Ахметова", name="Гүлнар")
        Guardianship.objects.create(pupil=child, guardian=mother, relation="mother")
        client = client_for(Role.PARENT, person_id=mother.pk)
        page = client.get(f"/family/{child.pk}/").content.decode()
        subject = client.get(f"/family/{child.pk}/{scene.course.pk}/").content.decode()
        for html in (page, subject):
            assert WORDS in html
            assert "Сабақта белсенді болды" in html  # with no mark beside it
            assert "Үй жұмысын орындамады" not in html

    def test_a_comment_taken_back_is_read_no_more(
        self, scene: make.Scene, bolat: Actor, client_for: ClientFor
    ) -> None:
        child = scene.pupils[0]
        save(bolat, scene, said(scene.lessons[-1], child, WORDS))
        save(bolat, scene, said(scene.lessons[-1], child, None, old=WORDS))
        pupil = client_for(Role.PUPIL, person_id=child.pk)
        assert WORDS not in pupil.get(f"/family/{child.pk}/").content.decode()


@pytest.mark.requirement("SIS-53", screen="journal:grid")
class TestNeeded:
    def ask(self, client: Client, scene: make.Scene, pupil: Any) -> Any:
        place = {"period": "q2", "pupil": str(pupil)}
        return client.get(f"/journal/{scene.course.pk}/needed/", place)

    def test_counts_what_the_coming_soch_must_bring(self, scene: make.Scene, browser: Client) -> None:
        pupil = scene.pupils[0]
        made.mark(scene.lessons[0], pupil, 8)
        made.work(scene.lessons[1], "sor", 20)
        made.mark(scene.lessons[1], pupil, 16, kind="sor")
        made.work(scene.lessons[-1], "soch", 30)
        found = self.ask(browser, scene, pupil.pk).json()
        # FO and SOR of 80 % bring 20 each; a 5 (from 84.5) wants 44.5 more of the 50 that the SOCH weighs: 26.7 of 30.
        assert [(one["mark"], one["text"]) for one in found["works"]] == [
            ("3", "қазірдің өзінде бар"),
            ("4", "ТЖБ-ның 30 балынан 15 балл"),
            ("5", "ТЖБ-ның 30 балынан 27 балл"),
        ]
        assert "30" in found["note"]

    def test_says_that_the_mark_follows_when_the_soch_is_written(
        self, scene: make.Scene, browser: Client
    ) -> None:
        made.work(scene.lessons[1], "soch", 30)
        made.mark(scene.lessons[1], scene.pupils[0], 27, kind="soch")
        assert self.ask(browser, scene, scene.pupils[0].pk).json()["works"] == []

    def test_knows_the_pupils_of_the_journal_alone(
        self, scene: make.Scene, browser: Client, school_b: Any, client_for: ClientFor
    ) -> None:
        pupil = scene.pupils[0].pk
        assert self.ask(browser, scene, uuid4()).status_code == 404
        assert self.ask(browser, scene, "nobody").status_code == 400
        assert self.ask(client_for(Role.TEACHER, person_id=uuid4()), scene, pupil).status_code == 404
        assert self.ask(client_for(Role.DIRECTOR, school=school_b), scene, pupil).status_code == 404
        assert self.ask(client_for(Role.PARENT), scene, pupil).status_code == 403
