"""The deputy checks Bolat's journal and writes what is to be put right; he answers, she marks it done."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from kernel import tenancy
from kernel.access import Actor, Role
from kernel.errors import NotAllowed, NotFound
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from modules.contingent.models import Charge
from modules.journal.models import Remark
from modules.journal.remarks import queries, services
from notify.models import Notification
from tests.factories import schedule as make

pytestmark = pytest.mark.requirement("SIS-03", "SIS-32")
ClientFor = Callable[..., Client]
TEXT = "12.11 сабағының тақырыбы жазылмаған"


@pytest.fixture
def gulnar(scene: make.Scene, actor_of: Any) -> Actor:
    """The deputy for academic work."""
    actor: Actor = actor_of(Role.DEPUTY_ACADEMIC, user_id=1003, name="Гүлнар")
    return actor


def write(scene: make.Scene, actor: Actor, **values: Any) -> Remark:
    return services.make(actor=actor, course_id=scene.course.pk, **{"text": TEXT, **values})


class TestServices:
    def test_goes_from_the_remark_to_the_mark_of_execution(
        self, scene: make.Scene, bolat: Actor, gulnar: Actor
    ) -> None:
        row = write(scene, gulnar, due_date=date(2026, 11, 30))
        assert (row.state, row.date, row.made_name) == ("open", date(2026, 11, 25), "Гүлнар")
        services.answer(actor=bolat, remark_id=row.pk, text="Жазылды")
        row = services.mark_done(actor=gulnar, remark_id=row.pk)
        assert (row.state, row.answer, row.done_name) == ("done", "Жазылды", "Гүлнар")
        again = services.mark_done(actor=gulnar, remark_id=row.pk)
        assert again.done_at == row.done_at
        acts = (
            AuditEntry.objects.filter(object_id=str(row.pk)).order_by("id").values_list("action", flat=True)
        )
        assert list(acts) == ["journal.remark.made", "journal.remark.answered", "journal.remark.done"]

    def test_the_class_teacher_reads_those_on_all_journals_of_her_class_and_answers_none(
        self, scene: make.Scene, gulnar: Actor, actor_of: Any, client_for: ClientFor
    ) -> None:
        row = write(scene, gulnar)
        leader = make.teacher("Сәтбаева", "Гүл")
        browser = client_for(Role.CLASS_TEACHER, person_id=leader.pk)
        assert browser.get(f"/journal/{scene.course.pk}/remarks/").status_code == 404
        Charge.objects.filter(school_class=scene.school_class).update(employee_id=leader.pk)
        dana = actor_of(Role.CLASS_TEACHER, person_id=leader.pk, user_id=1005)
        assert [one.pk for one in queries.remarks(dana, year=make.YEAR)] == [row.pk]
        page = browser.get(f"/journal/{scene.course.pk}/remarks/")
        assert TEXT in page.content.decode()
        assert 'name="answer"' not in page.content.decode()
        assert queries.to_put_right(actor=dana) == []
        with pytest.raises(NotFound):
            services.answer(actor=dana, remark_id=row.pk, text="Жазылды")

    def test_an_answer_that_does_not_do_comes_back(
        self, scene: make.Scene, bolat: Actor, gulnar: Actor
    ) -> None:
        row = write(scene, gulnar)
        with pytest.raises(services.RemarkOver):
            services.send_back(actor=gulnar, remark_id=row.pk)
        services.answer(actor=bolat, remark_id=row.pk, text="Ертең")
        assert queries.to_put_right(actor=bolat) == []
        assert queries.to_look_at(actor=gulnar) == 1
        services.send_back(actor=gulnar, remark_id=row.pk)
        assert [one.pk for one in queries.to_put_right(actor=bolat)] == [row.pk]
        assert queries.to_look_at(actor=gulnar) == 0

    def test_one_made_by_mistake_is_taken_back_and_stays_to_be_read(
        self, scene: make.Scene, bolat: Actor, gulnar: Actor
    ) -> None:
        row = services.take_back(actor=gulnar, remark_id=write(scene, gulnar).pk)
        assert row.state == "taken"
        for act in (
            lambda: services.answer(actor=bolat, remark_id=row.pk, text="Жазылды"),
            lambda: services.mark_done(actor=gulnar, remark_id=row.pk),
        ):
            with pytest.raises(services.RemarkOver):
                act()
        assert Remark.objects.get().text == TEXT

    def test_only_the_teacher_of_the_journal_answers(
        self, scene: make.Scene, bolat: Actor, gulnar: Actor, actor_of: Any
    ) -> None:
        row = write(scene, gulnar)
        dana = actor_of(Role.TEACHER, person_id=uuid4(), user_id=7)
        for other in (dana, gulnar):
            with pytest.raises(NotFound):
                services.answer(actor=other, remark_id=row.pk, text="Жазылды")
        services.answer(actor=bolat, remark_id=row.pk, text="Жазылды")

    def test_a_teacher_makes_no_remarks_and_a_parent_sees_none(
        self, scene: make.Scene, bolat: Actor, gulnar: Actor, actor_of: Any
    ) -> None:
        row = write(scene, gulnar)
        with pytest.raises(NotAllowed):
            write(scene, bolat)
        with pytest.raises(NotAllowed):
            services.mark_done(actor=bolat, remark_id=row.pk)
        with pytest.raises(NotAllowed):
            queries.remarks(actor_of(Role.PARENT, person_id=uuid4()))

    def test_words_and_days_are_asked_for(self, scene: make.Scene, bolat: Actor, gulnar: Actor) -> None:
        with pytest.raises(services.NothingSaid):
            write(scene, gulnar, text="  ")
        with pytest.raises(services.DueBefore):
            write(scene, gulnar, due_date=date(2026, 11, 24))
        row = write(scene, gulnar, due_date=date(2026, 11, 25))
        with pytest.raises(services.NothingSaid):
            services.answer(actor=bolat, remark_id=row.pk, text=" ")
        with pytest.raises(IntegrityError), transaction.atomic():
            Remark.objects.update(state="done")

    def test_another_schools_remark_is_not_there(
        self, scene: make.Scene, gulnar: Actor, school_b: TenantRef, actor_of: Any
    ) -> None:
        row = write(scene, gulnar)
        with tenancy.use(school_b):
            zhanna = actor_of(Role.DIRECTOR, school=school_b, user_id=9)
            with pytest.raises(NotFound):
                services.mark_done(actor=zhanna, remark_id=row.pk)
            with pytest.raises(NotFound):
                write(scene, zhanna)


class TestPages:
    def page(self, scene: make.Scene) -> str:
        return f"/journal/{scene.course.pk}/remarks/"

    def test_the_remark_and_its_answer_through_the_pages(
        self, scene: make.Scene, bolat: Actor, client_for: ClientFor
    ) -> None:
        deputy = client_for(Role.DEPUTY_ACADEMIC)
        teacher = client_for(Role.TEACHER, person_id=scene.teacher.pk)
        assert deputy.get(self.page(scene)).status_code == 200
        answer = deputy.post(f"{self.page(scene)}make/", {"text": TEXT, "due_date": "2026-11-30"})
        assert answer.status_code == 302
        row = Remark.objects.get()
        waits = f'href="/journal/{scene.course.pk}/remarks/"'
        assert waits in teacher.get("/").content.decode()
        assert Notification.objects.filter(user_id=teacher.user.pk, message="journal.remark_made").exists()  # type: ignore[attr-defined]

        html = teacher.get(self.page(scene)).content.decode()
        assert f"/journal/remarks/{row.pk}/answer/" in html
        assert "/make/" not in html
        assert f"/journal/remarks/{row.pk}/mark/" not in html
        empty = teacher.post(f"/journal/remarks/{row.pk}/answer/", {"answer": "  "})
        assert empty.status_code == 422
        assert teacher.post(f"/journal/remarks/{row.pk}/answer/", {"answer": "Жазылды"}).status_code == 302
        assert "?state=answered" in deputy.get("/").content.decode()
        assert deputy.post(f"/journal/remarks/{row.pk}/mark/", {"act": "done"}).status_code == 302
        row.refresh_from_db()
        assert row.state == "done"
        assert queries.to_put_right(actor=bolat) == []
        assert waits not in teacher.get("/").content.decode()

    def test_what_is_typed_stays_when_it_is_refused(self, scene: make.Scene, client_for: ClientFor) -> None:
        deputy = client_for(Role.DEPUTY_ACADEMIC)
        answer = deputy.post(f"{self.page(scene)}make/", {"text": TEXT, "due_date": "2026-11-01"})
        assert answer.status_code == 422
        assert TEXT in answer.content.decode()

    @pytest.mark.parametrize("language", ["kk", "ru"])
    def test_is_printed_in_the_columns_of_the_form(
        self, scene: make.Scene, bolat: Actor, gulnar: Actor, client_for: ClientFor, language: str
    ) -> None:
        row = write(scene, gulnar)
        services.answer(actor=bolat, remark_id=row.pk, text="Жазылды")
        services.mark_done(actor=gulnar, remark_id=row.pk)
        services.take_back(actor=gulnar, remark_id=write(scene, gulnar, text="Қате ескерту").pk)
        deputy = client_for(Role.DEPUTY_ACADEMIC)
        answer = deputy.get(f"{self.page(scene)}print/?lang={language}")
        assert answer.headers["Content-Type"] == "application/pdf"
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
        for wanted in (
            "7А",
            "25.11.2026",
            "Гүлнар",
            "Жазылды",
            {"kk": "Ескерту", "ru": "Замечание"}[language],
        ):
            assert wanted in text
        assert "Қате ескерту" not in text

    def test_the_list_finds_sorts_and_counts(
        self, scene: make.Scene, bolat: Actor, gulnar: Actor, client_for: ClientFor
    ) -> None:
        write(scene, gulnar)
        deputy, stranger = client_for(Role.DEPUTY_ACADEMIC), client_for(Role.TEACHER, person_id=uuid4())
        teacher = client_for(Role.TEACHER, person_id=scene.teacher.pk)
        for query in ("", "?q=тақырыбы", "?state=open", "?sort=class", "?sort=-teacher", "?group=by"):
            assert TEXT in deputy.get(f"/journal/remarks/{query}").content.decode(), query
        for query in ("?q=жоқсөз", "?state=done", "?state=late"):
            assert TEXT not in deputy.get(f"/journal/remarks/{query}").content.decode(), query
        assert TEXT in teacher.get("/journal/remarks/").content.decode()
        assert TEXT not in stranger.get("/journal/remarks/").content.decode()
        assert stranger.get(self.page(scene)).status_code == 404
        with CaptureQueriesContext(connection) as few:
            deputy.get("/journal/remarks/")
        for _each in range(5):
            write(scene, gulnar)
        with CaptureQueriesContext(connection) as more:
            deputy.get("/journal/remarks/")
        assert len(more) == len(few) <= 12
