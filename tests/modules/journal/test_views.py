"""Pages of the journal and the grid's own calls, through the whole of HTTP."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import python_calamine
from django.core.cache import cache
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from redis.exceptions import ConnectionError as RedisAway

from kernel import events
from kernel.access import Actor, Role
from kernel.models import AuditEntry
from modules.contingent.models import Guardian
from modules.journal import queries
from modules.journal.models import Mark, PeriodMark, SummativeWork
from modules.plans import api as plans
from modules.schedule.models import Lesson
from modules.schedule.year import services as schedule_services
from tests.factories import journal as made
from tests.factories import schedule as make

COUNTS = Path(__file__).with_name("query_counts.json")
ClientFor = Callable[..., Client]


@pytest.fixture
def browser(scene: make.Scene, client_for: ClientFor) -> Client:
    """Bolat at his browser."""
    return client_for(Role.TEACHER, person_id=scene.teacher.pk)


def address(scene: make.Scene, tail: str = "") -> str:
    return f"/journal/{scene.course.pk}/{tail}?period=q2"


def operation(scene: make.Scene, **values: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "lesson": str(scene.lessons[0].pk),
        "pupil": str(scene.pupils[0].pk),
        "kind": "fo",
        "field": "points",
        "old": None,
        "new": 8,
        "version": 0,
        "at": "2026-11-25T10:00:00+05:00",
        **values,
    }


def send(client: Client, scene: make.Scene, *operations: dict[str, Any]) -> Any:
    return client.post(
        "/journal/save/",
        json.dumps({"course": str(scene.course.pk), "operations": operations}),
        content_type="application/json",
    )


def within_budget(name: str, used: int) -> None:
    """Compare with the kept number of queries; UPDATE_QUERY_COUNTS=1 writes it anew."""
    kept = json.loads(COUNTS.read_text()) if COUNTS.exists() else {}
    if os.environ.get("UPDATE_QUERY_COUNTS"):
        kept[name] = used
        COUNTS.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n")
    assert used == kept[name], f"{name}: {used} queries, {kept[name]} were allowed"


@pytest.mark.requirement("SIS-32")
class TestGrid:
    def test_is_a_native_table_with_a_row_a_pupil_and_a_column_a_lesson(
        self, scene: make.Scene, browser: Client
    ) -> None:
        made.work(scene.lessons[1], "sor", 10)
        made.mark(scene.lessons[0], scene.pupils[0], 8)
        made.absence(scene.lessons[0], scene.pupils[0], "late")
        html = browser.get(address(scene)).content.decode()
        assert 'role="grid"' in html
        assert html.count("<tr data-pupil=") == len(scene.pupils)
        assert '<td data-v="1" data-av="1">8 к</td>' in html
        heads = re.findall(r"<th [^>]*data-kind[^>]*>", html)
        assert len(heads) == len(scene.lessons) + 2
        first, last = scene.lessons[0], scene.lessons[-1]
        assert (
            f'data-kind="fo" data-lesson="{first.pk}" data-day="{first.date}" data-min="1" data-max="10"'
            in heads[0]
        )
        assert 'data-kind="sor"' in heads[2]
        assert 'data-min="0" data-max="10"' in heads[2]
        assert f'data-lesson="{last.pk}"' in heads[-2]
        assert f'data-kind="period" data-lesson="{scene.quarter.id}"' in heads[-1]
        assert not any("data-locked" in head for head in heads)
        body = html.split("<tbody>")[1].split("</tbody>")[0].split("</tr>")[0]
        assert body.count("<td") - body.count("data-summary") == len(heads)

    def test_takes_at_most_twelve_queries_whatever_its_size(
        self, in_school: object, moment: None, client_for: ClientFor
    ) -> None:
        used = []
        for pupils, lessons, letter in ((5, 6, "Г"), (30, 50, "Д")):
            big = make.scene(pupil_count=pupils, lesson_count=lessons, letter=letter)
            for lesson in big.lessons[:5]:
                made.mark(lesson, big.pupils[0], 7)
            client = client_for(Role.TEACHER, person_id=big.teacher.pk)
            client.get(address(big))
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(address(big)).status_code == 200
            used.append(len(queries))
            print("\n".join(q["sql"][:170] for q in queries.captured_queries))
        assert used[0] == used[1] <= 12
        within_budget("grid", used[1])

    @pytest.mark.parametrize("language", ["kk", "ru"])
    def test_opens_in_both_languages(self, scene: make.Scene, browser: Client, language: str) -> None:
        browser.cookies["lang"] = language
        assert browser.get(address(scene)).status_code == 200

    def test_a_foreign_journal_is_not_there(self, scene: make.Scene, client_for: ClientFor) -> None:
        stranger = client_for(Role.TEACHER, person_id=uuid4())
        assert stranger.get(address(scene)).status_code == 404
        assert stranger.get(address(scene, "history/")).status_code in {400, 404}

    def test_a_parent_cannot_open_it(self, scene: make.Scene, client_for: ClientFor) -> None:
        mother = Guardian.objects.create(surname="Ахметова", name="Гүлнар")
        parent = client_for(Role.PARENT, person_id=mother.pk)
        for page in ("", "marks/", "print/", "export.xlsx"):
            assert parent.get(address(scene, page)).status_code == 403
        assert send(parent, scene, operation(scene)).status_code == 403

    def test_the_other_school_has_no_such_journal(
        self, scene: make.Scene, school_b: Any, client_for: ClientFor
    ) -> None:
        zhanna = client_for(Role.DIRECTOR, school=school_b)
        assert zhanna.get(address(scene)).status_code == 404

    def test_a_closed_period_locks_every_column(self, scene: make.Scene, browser: Client, aigul: Any) -> None:
        schedule_services.close_period(actor=aigul, period_id=scene.quarter.id)
        html = browser.get(address(scene)).content.decode()
        heads = re.findall(r"<th [^>]*data-kind[^>]*>", html)
        assert len(heads) == len(scene.lessons) + 1
        assert all("data-locked" in head for head in heads)

    def test_names_are_escaped(self, scene: make.Scene, browser: Client) -> None:
        Lesson.objects.filter(pk=scene.lessons[0].pk).update(topic='"><script>alert(1)</script>')
        type(scene.pupils[0]).objects.filter(pk=scene.pupils[0].pk).update(surname="<b>Ахметова")
        html = browser.get(address(scene)).content.decode()
        assert "<script>alert" not in html
        assert "<b>Ахметова" not in html


@pytest.mark.requirement("SIS-32")
class TestSave:
    def test_saves_and_answers_with_the_summary(self, scene: make.Scene, browser: Client) -> None:
        answer = send(browser, scene, operation(scene)).json()
        [result] = answer["results"]
        assert (result["status"], result["value"], result["version"]) == ("ok", 8, 1)
        assert result["summary"]["fo"] == "80"

    def test_tells_the_maximum_in_the_readers_language(self, scene: make.Scene, browser: Client) -> None:
        messages = set()
        for language in ("kk", "ru"):
            browser.cookies["lang"] = language
            [result] = send(browser, scene, operation(scene, new=11)).json()["results"]
            assert result["status"] == "refused"
            messages.add(result["message"])
        assert len(messages) == 2

    def test_shows_whose_mark_is_there_on_a_conflict(
        self, scene: make.Scene, browser: Client, client_for: ClientFor
    ) -> None:
        director = client_for(Role.DIRECTOR, surname="Серікқызы", name="Айгүл")
        send(director, scene, operation(scene, new=5))
        [result] = send(browser, scene, operation(scene, new=9)).json()["results"]
        assert (result["status"], result["value"]) == ("conflict", 5)
        assert result["by"].startswith("Серікқызы")

    @pytest.mark.parametrize(
        "broken",
        [
            {"id": "x"},
            {"lesson": None},
            {"kind": "exam"},
            {"field": "mark"},
            {"new": "8"},
            {"new": True},
            {"new": 10**9},
            {"kind": "period", "field": "absence", "new": "ill"},
        ],
    )
    def test_refuses_what_it_cannot_read(
        self, scene: make.Scene, browser: Client, broken: dict[str, Any]
    ) -> None:
        answer = send(browser, scene, operation(scene, **broken))
        assert answer.status_code == 400
        assert answer.json()["code"] == "not_understood"
        assert not Mark.objects.exists()

    @pytest.mark.parametrize("body", ["", "[]", "{}", '{"course": 1, "operations": []}', "\xff"])
    def test_refuses_broken_bodies(self, scene: make.Scene, browser: Client, body: str) -> None:
        answer = browser.post("/journal/save/", body, content_type="application/json")
        assert answer.status_code == 400

    def test_uses_few_queries_however_many_cells(self, scene: make.Scene, browser: Client) -> None:
        used = []
        for count in (1, 10):
            lesson = str(scene.lessons[count].pk)
            cells = [operation(scene, pupil=str(p.pk), lesson=lesson) for p in scene.pupils[:count]]
            send(browser, scene, operation(scene, lesson=str(scene.lessons[0].pk)))
            with CaptureQueriesContext(connection) as queries:
                results = send(browser, scene, *cells).json()["results"]
            assert {r["status"] for r in results} == {"ok"}
            used.append(len(queries))
        assert used[0] == used[1]
        within_budget("save", used[1])

    @pytest.mark.requirement("SIS-52", screen="journal:grid")
    def test_the_history_of_the_cell_is_shown(self, scene: make.Scene, browser: Client) -> None:
        send(browser, scene, operation(scene))
        send(browser, scene, operation(scene, old=8, new=9))
        answer = browser.get(
            f"/journal/{scene.course.pk}/history/",
            {"lesson": str(scene.lessons[0].pk), "pupil": str(scene.pupils[0].pk), "kind": "fo"},
        ).json()
        assert [(x["old"], x["new"]) for x in answer["items"]] == [("8", "9"), ("", "8")]
        assert all(x["by"] and x["device"] for x in answer["items"])


class TestOtherPages:
    @pytest.mark.parametrize("role", [Role.TEACHER, Role.DIRECTOR, Role.DEPUTY_ACADEMIC])
    def test_the_index_lists_the_journals(self, scene: make.Scene, client_for: ClientFor, role: Role) -> None:
        client = client_for(role, person_id=scene.teacher.pk)
        html = client.get("/journal/").content.decode()
        assert f"/journal/{scene.course.pk}/" in html
        assert "?unfilled=1" in html  # lessons before today have no topics
        assert f"/journal/{scene.course.pk}/" in client.get("/journal/?unfilled=1").content.decode()

    def test_a_leader_chooses_the_class_first(self, scene: make.Scene, client_for: ClientFor) -> None:
        director = client_for(Role.DIRECTOR)
        html = director.get("/journal/").content.decode()
        room = scene.school_class.pk
        assert f"?class={room}#class" in html
        assert f"/journal/{scene.course.pk}/" not in html
        chosen = director.get("/journal/", {"class": str(room)}).content.decode()
        assert f"/journal/{scene.course.pk}/" in chosen
        assert director.get("/journal/", {"class": "x"}).status_code == 200

    def test_the_first_page_has_the_lessons_of_the_day(
        self, scene: make.Scene, browser: Client, client_for: ClientFor
    ) -> None:
        [today] = make.lessons(scene.course, date(2026, 11, 25), count=1)
        home = browser.get("/").content.decode()
        assert "Бүгінгі сабақтар" in home
        assert f'href="/journal/{scene.course.pk}/"' in home
        today.delete()
        home = browser.get("/").content.decode()
        assert "Келесі сабақтар" in home
        idle = client_for(Role.TEACHER, person_id=uuid4(), username="idle")
        assert "абақтар:" not in idle.get("/").content.decode()

    def test_the_index_of_a_teacher_without_lessons_says_so(
        self, scene: make.Scene, client_for: ClientFor
    ) -> None:
        html = client_for(Role.TEACHER, person_id=uuid4()).get("/journal/").content.decode()
        assert f"/journal/{scene.course.pk}/" not in html

    @pytest.mark.requirement("SIS-53")
    def test_period_marks_are_given_with_a_reason_where_they_differ(
        self, scene: make.Scene, browser: Client
    ) -> None:
        made.work(scene.lessons[1], "sor", 10)
        made.work(scene.lessons[2], "soch", 25)
        pupil = scene.pupils[0]
        made.mark(scene.lessons[0], pupil, 8)
        made.mark(scene.lessons[1], pupil, 8, "sor")
        made.mark(scene.lessons[2], pupil, 22, "soch")
        page = address(scene, "marks/")
        assert browser.get(page).status_code == 200
        refused = browser.post(page, {f"final-{pupil.pk}": "5"})
        assert refused.status_code == 422
        assert not PeriodMark.objects.exists()
        done = browser.post(page, {f"final-{pupil.pk}": "5", f"reason-{pupil.pk}": "Олимпиада"})
        assert done.status_code == 302
        assert PeriodMark.objects.get().final == "5"
        assert browser.post(address(scene, "marks/accept/")).status_code == 302

    def test_period_marks_are_summed_up_as_they_are_reported(
        self, scene: make.Scene, browser: Client
    ) -> None:
        for pupil, value in zip(scene.pupils, ("5", "4", "4", "3", "2"), strict=False):
            made.final(scene.course, pupil, scene.quarter.id, value)
        browser.cookies["lang"] = "ru"
        html = browser.get(address(scene, "marks/")).content.decode()
        tally = re.sub("<[^>]+>", "", html.split('class="tally"')[1].split("</ul>")[0])
        assert "5 из 10" in tally
        assert "«4»: 2" in tally
        assert "Качество знаний: 60 %" in tally
        assert "Успеваемость: 80 %" in tally

    def test_a_reason_is_asked_for_only_beside_another_mark(self, scene: make.Scene, browser: Client) -> None:
        """The style hides the reason while the chosen option says that it is the recommended one."""
        made.mark(scene.lessons[0], scene.pupils[0], 9)
        html = browser.get(address(scene, "marks/")).content.decode()
        first = html.split(f'name="final-{scene.pupils[0].pk}"')[1].split("</select>")[0]
        assert re.findall(r'value="(\w*)" data-ok', first) == ["", "5"]
        unmarked = html.split(f'name="final-{scene.pupils[1].pk}"')[1].split("</select>")[0]
        assert unmarked.count("data-ok") == unmarked.count("<option")

    def test_a_work_can_be_taken_off_where_it_is_seen(self, scene: make.Scene, browser: Client) -> None:
        work = made.work(scene.lessons[0])
        html = browser.get(address(scene)).content.decode()
        assert f'data-dialog="drop-{work.pk}"' in html
        assert f"/works/{work.pk}/remove/?period=q2" in html

    @pytest.mark.requirement("SIS-14")
    @pytest.mark.parametrize(
        ("language", "said"),
        [("kk", "Кезең жабылған, бағалары өзгермейді."), ("ru", "Период закрыт, его оценки не меняются.")],
    )
    def test_a_period_closed_while_somebody_typed_is_told_in_words(
        self, scene: make.Scene, browser: Client, aigul: Any, language: str, said: str
    ) -> None:
        browser.cookies["lang"] = language
        pupil = scene.pupils[0]
        schedule_services.close_period(actor=aigul, period_id=scene.quarter.id)
        for page in ("marks/", "marks/accept/"):
            refused = browser.post(address(scene, page), {f"final-{pupil.pk}": "5"})
            assert refused.status_code == 422
            assert said in refused.content.decode()
        assert not PeriodMark.objects.exists()

    def test_a_work_is_added_and_removed(self, scene: make.Scene, browser: Client) -> None:
        values = {"kind": "sor", "lesson": str(scene.lessons[0].pk), "maximum": "15", "title": "Бөлшектер"}
        assert browser.post(address(scene, "works/"), values).status_code == 302
        work = SummativeWork.objects.get()
        assert (work.kind, work.maximum) == ("sor", 15)
        assert browser.post(address(scene, "works/"), {**values, "maximum": "0"}).status_code == 422
        assert browser.post(address(scene, f"works/{work.pk}/remove/")).status_code == 302
        assert not SummativeWork.objects.exists()

    def test_a_broken_rule_is_told_before_the_work_is_added(self, scene: make.Scene, browser: Client) -> None:
        last = scene.lessons[-1]
        values = {"kind": "soch", "lesson": str(last.pk), "maximum": "25"}
        told = browser.post(address(scene, "works/"), values)
        assert told.status_code == 422
        assert not SummativeWork.objects.exists()
        assert browser.post(address(scene, "works/"), {**values, "anyway": "1"}).status_code == 302
        assert SummativeWork.objects.get().kind == "soch"

    def test_the_spreadsheet_holds_marks_and_topics(self, scene: make.Scene, browser: Client) -> None:
        made.mark(scene.lessons[0], scene.pupils[0], 8)
        Lesson.objects.filter(pk=scene.lessons[0].pk).update(topic="=2+2")
        answer = browser.get(address(scene, "export.xlsx"))
        book = python_calamine.load_workbook(BytesIO(answer.content))
        rows = book.get_sheet_by_index(0).to_python()
        assert rows[4][1] == "Ахметова Әлия"
        assert rows[4][2] == 8
        assert rows[4][rows[3].index("ҚБ %")] == 80  # a number, not its picture
        assert book.get_sheet_by_index(1).to_python()[1][1] == "=2+2"
        [taken] = AuditEntry.objects.filter(action="journal.exported")
        assert (taken.object_id, taken.details["period"]) == (str(scene.course.school_class_id), "q2")

    def test_the_paper_has_the_table(self, scene: make.Scene, browser: Client) -> None:
        html = browser.get(address(scene, "print/")).content.decode()
        assert "sheet-grid" in html
        assert all(pupil.surname in html for pupil in scene.pupils)


@pytest.mark.requirement("SIS-32")
class TestTopics:
    """A topic is written in the journal's own row, and the lesson's page stays for who has no script."""

    HTMX = {"HX-Request": "true"}

    @staticmethod
    def row(scene: make.Scene) -> str:
        return f"/journal/{scene.course.pk}/topics/{scene.lessons[0].pk}/"

    def test_the_row_becomes_a_form_and_comes_back_saved(self, scene: make.Scene, browser: Client) -> None:
        form = browser.get(self.row(scene), headers=self.HTMX).content.decode()
        assert form.strip().startswith("<tr")
        assert 'name="topic"' in form
        given = {"topic": "Дәреже <қасиеттері>", "homework": "§ 12"}
        saved = browser.post(self.row(scene), given, headers=self.HTMX).content.decode()
        assert "Дәреже &lt;қасиеттері&gt;" in saved
        assert "§ 12" in saved
        assert Lesson.objects.get(pk=scene.lessons[0].pk).homework == "§ 12"

    def test_a_changed_mind_leaves_the_row_as_it_was(self, scene: make.Scene, browser: Client) -> None:
        row = browser.get(f"{self.row(scene)}?as=row", headers=self.HTMX).content.decode()
        assert f'id="lesson-{scene.lessons[0].pk}"' in row
        assert "<form" not in row

    def test_without_script_it_leads_back_to_the_journal(self, scene: make.Scene, browser: Client) -> None:
        answer = browser.post(self.row(scene), {"topic": "Дәреже", "homework": ""})
        assert answer.status_code == 302
        assert answer.headers["Location"].endswith(f"#lesson-{scene.lessons[0].pk}")

    def test_strangers_have_no_such_row(self, scene: make.Scene, client_for: ClientFor) -> None:
        stranger = client_for(Role.TEACHER, person_id=uuid4())
        assert stranger.post(self.row(scene), {"topic": "x"}, headers=self.HTMX).status_code == 404
        assert client_for(Role.PARENT, person_id=uuid4()).get(self.row(scene)).status_code == 403
        assert not Lesson.objects.filter(topic="x").exists()

    def test_a_lesson_of_another_journal_is_not_there(self, scene: make.Scene, browser: Client) -> None:
        nowhere = f"/journal/{scene.course.pk}/topics/{uuid4()}/"
        assert browser.get(nowhere, headers=self.HTMX).status_code == 404

    @pytest.mark.requirement("SIS-40")
    def test_the_topic_is_offered_from_the_plan(
        self, scene: make.Scene, bolat: Actor, browser: Client, client_for: ClientFor
    ) -> None:
        page = f"/journal/{scene.course.pk}/topics/"
        assert 'name="lesson"' not in browser.get(page).content.decode()
        plan = plans.make_plan(
            actor=bolat, year="2026-27", subject_code="algebra", grade=7, language="kk", hours=Decimal(3)
        )
        new = [plans.NewLine(quarter=2, topic=f"Тақырып {n}") for n in range(3)]
        plans.add_lines(actor=bolat, plan_id=plan.pk, new=new)
        plans.follow(actor=bolat, plan_id=plan.pk, course_ids=[scene.course.pk])
        assert 'value="Тақырып 0"' in browser.get(self.row(scene), headers=self.HTMX).content.decode()
        first, second, third = scene.lessons[:3]
        Lesson.objects.filter(pk=second.pk).update(topic="Өз тақырыбым")
        assert "Тақырып 2" in browser.get(page).content.decode()
        browser.post(page, {"lesson": [str(first.pk), str(second.pk)]})
        written = [Lesson.objects.get(pk=one.pk).topic for one in (first, second, third)]
        assert written == ["Тақырып 0", "Өз тақырыбым", ""]
        stranger = client_for(Role.TEACHER, person_id=uuid4())
        assert stranger.post(page, {"lesson": str(third.pk)}).status_code == 404

    @pytest.mark.requirement("SIS-39")
    def test_a_lesson_plan_learns_who_was_there_once_the_lesson_is_marked(self, scene: make.Scene) -> None:
        lesson = scene.lessons[0]
        assert queries.attendance_of(lesson.pk) is None
        made.mark(lesson, scene.pupils[0], 8)
        made.absence(lesson, scene.pupils[1], "ill")
        made.absence(lesson, scene.pupils[2], "late")
        assert queries.attendance_of(lesson.pk) == (len(scene.pupils) - 1, 1)

    def test_whole_columns_are_coloured_without_a_byte_in_the_cells(
        self, scene: make.Scene, browser: Client
    ) -> None:
        made.work(scene.lessons[0])
        html = browser.get(address(scene)).content.decode()
        columns = html.split("<colgroup>")[1].split("</colgroup>")[0]
        spans = [int(n) for n in re.findall(r'span="(\d+)"', columns)]
        assert sum(spans) == len(scene.lessons) + 1
        assert "jg-work" in columns


@pytest.mark.requirement("SIS-32")
def test_a_mark_is_saved_while_redis_is_away(
    scene: make.Scene, browser: Client, settings: Any, bolat: Actor
) -> None:
    """The settings are read from the database, and whoever delivers finds the news later."""
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    settings.JOB_QUEUE = "config.celery.Queue"
    with pytest.raises(RedisAway):
        cache.get("anything")
    with TestCase.captureOnCommitCallbacks(execute=True) as woken:
        answer = send(browser, scene, operation(scene))
    assert answer.status_code == 200
    assert answer.json()["results"][0]["status"] == "ok"
    assert Mark.objects.get().points == 8
    assert woken  # and what it could not tell the queue is waiting for the sweep
    assert events.waiting()[0] == 1
    page = browser.get(address(scene))
    assert page.status_code == 200
