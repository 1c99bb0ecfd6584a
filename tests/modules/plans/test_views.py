"""The pages of plans: what each shows, and how far by plain forms alone."""

from __future__ import annotations

import io
import json
from typing import Any
from uuid import uuid4

import docx
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel.access import Actor, Role
from modules.plans import queries, services
from modules.plans.data import NewLine, State
from modules.plans.models import LessonPlan, Line, Plan, Remark, Stage
from tests.conftest import ClientFor
from tests.modules.plans.conftest import Scene, new_plan, second_quarter, topics
from tests.modules.plans.test_reading import KK, RU

pytestmark = pytest.mark.requirement("SIS-24", "SIS-40")


@pytest.fixture
def teacher(client_for: ClientFor, scene: Scene) -> Client:
    return client_for(Role.TEACHER, person_id=scene.teacher.pk, language="ru")


@pytest.fixture
def office(client_for: ClientFor, scene: Scene) -> Client:
    return client_for(Role.DEPUTY_ACADEMIC, language="ru")


def words(response: Any) -> str:
    return str(response.content.decode())


class TestLists:
    @pytest.mark.parametrize(
        "query", ["", "q=алгебра", "q=ермек", "whose=mine", "grade=7&subject=algebra", "state=draft"]
    )
    def test_plans_are_found(self, query: str, teacher: Client, bolat: Actor) -> None:
        plan = new_plan(bolat, *second_quarter("A"))
        assert f"/plans/{plan.pk}/" in words(teacher.get(f"/plans/?{query}"))

    @pytest.mark.parametrize(
        "query", ["q=физика", "whose=colleagues", "grade=8", "state=approved", "year=2025-26"]
    )
    def test_and_narrowed(self, query: str, teacher: Client, bolat: Actor) -> None:
        plan = new_plan(bolat, *second_quarter("A"))
        assert f"/plans/{plan.pk}/" not in words(teacher.get(f"/plans/?{query}"))

    def test_lesson_plans_too(self, teacher: Client, bolat: Actor) -> None:
        [line] = queries.lines_of(new_plan(bolat, *second_quarter("Дәреже")).pk)
        row = services.start_lesson_plan(actor=bolat, line=line)
        assert f"/plans/lessons/{row.pk}/" in words(teacher.get("/plans/lessons/?q=дәреж"))
        assert f"/plans/lessons/{row.pk}/" not in words(teacher.get("/plans/lessons/?q=сан"))


class TestMaking:
    def test_what_one_teaches_without_a_plan_is_a_press_away(self, teacher: Client, scene: Scene) -> None:
        page = words(teacher.get("/plans/new/"))
        assert "?subject=algebra&amp;grade=7&amp;hours=3" in page
        made = teacher.post(
            "/plans/new/",
            {
                "subject": "algebra",
                "grade": "7",
                "language": "kk",
                "hours": "3",
                "name": "",
                "begin": "paste",
            },
        )
        plan = Plan.objects.get()
        assert made.headers["Location"] == f"/plans/{plan.pk}/paste/"
        assert queries.followers(plan.pk) == [scene.course.pk]
        assert "?subject=algebra" not in words(teacher.get("/plans/new/"))

    def test_a_subject_that_the_grade_has_not_is_said_at_the_field(self, teacher: Client) -> None:
        given = {"subject": "algebra", "grade": "2", "language": "kk", "hours": "3"}
        answer = teacher.post("/plans/new/", given)
        assert answer.status_code == 422
        assert "такого предмета нет" in words(answer)

    def test_from_a_colleagues(self, teacher: Client, gulnar: Actor) -> None:
        source = new_plan(gulnar, *second_quarter("A", "B"))
        services.share_plan(actor=gulnar, plan_id=source.pk, shared=True)
        page = words(teacher.get("/plans/new/?subject=algebra&grade=7&hours=3"))
        assert f'value="{source.pk}"' in page
        given = {"subject": "algebra", "grade": "7", "language": "kk", "hours": "3", "source": str(source.pk)}
        teacher.post("/plans/new/", given)
        assert topics(Plan.objects.exclude(pk=source.pk).get().pk) == ["A", "B"]


class TestPasting:
    def test_it_is_read_shown_corrected_and_then_written(self, teacher: Client, bolat: Actor) -> None:
        plan = new_plan(bolat)
        address = f"/plans/{plan.pk}/paste/"
        page = words(teacher.post(address, {"text": RU, "step": "read"}))
        assert "Степень с натуральным показателем" in page
        assert topics(plan.pk) == []
        rows = dict.fromkeys(("take-3", "take-4", "take-5"), "1")
        given = {
            "text": RU,
            "step": "add",
            **rows,
            "topic-3": "Степень",
            "kind-4": "repetition",
            "hours-4": "3",
        }
        answer = teacher.post(address, given)
        assert answer.status_code == 302
        assert topics(plan.pk) == [
            "Степень",
            "Свойства степени",
            "Суммативное оценивание за раздел «Степень»",
        ]
        second = Line.objects.get(topic="Свойства степени")
        assert (second.kind, second.hours, second.section) == ("repetition", 3, "7.1А Степень")

    def test_the_meaning_of_a_column_can_be_changed(self, teacher: Client, bolat: Actor) -> None:
        plan = new_plan(bolat)
        given = {"text": KK, "step": "read", "column-1": "topic", "column-2": "note", "quarter": "2"}
        page = words(teacher.post(f"/plans/{plan.pk}/paste/", given))
        assert "Дәреже" in page
        assert '<option value="note" selected>' in page

    @pytest.mark.parametrize("text", ["", "просто слова", "одна\nстрока\n"])
    def test_what_is_no_table_is_said(self, text: str, teacher: Client, bolat: Actor) -> None:
        plan = new_plan(bolat)
        assert teacher.post(f"/plans/{plan.pk}/paste/", {"text": text, "step": "read"}).status_code == 422

    def test_markup_in_a_table_stays_text(self, teacher: Client, bolat: Actor) -> None:
        plan = new_plan(bolat)
        text = "Тема\tЧасы\n<script>alert(1)</script>\t1\n"
        assert "<script>alert" not in words(
            teacher.post(f"/plans/{plan.pk}/paste/", {"text": text, "step": "read"})
        )


class TestTable:
    def test_without_the_script_the_whole_form_is_saved_and_the_act_done(
        self, teacher: Client, bolat: Actor
    ) -> None:
        plan = new_plan(bolat, *second_quarter("A", "B"))
        [a, b] = queries.lines_of(plan.pk)
        page = words(teacher.get(f"/plans/{plan.pk}/"))
        assert f'name="topic-{a.pk}"' in page
        # The frame stands around it: the menu, the head, what may be done.
        assert page.count("<h1") == 1
        assert f"/plans/{plan.pk}/send/" in page
        given = {
            "seen": plan.revision,
            f"topic-{a.pk}": "Дәреже",
            f"hours-{b.pk}": "2",
            "act": "add",
            "line": str(a.pk),
        }
        answer = teacher.post(f"/plans/{plan.pk}/lines/", given)
        assert answer.headers["Location"].startswith(f"/plans/{plan.pk}/?line=")
        assert topics(plan.pk) == ["Дәреже", "", "B"]
        # The same page sent once more is stale: nothing is overwritten.
        teacher.post(f"/plans/{plan.pk}/lines/", given)
        assert topics(plan.pk) == ["Дәреже", "", "B"]

    def test_the_script_sends_fields_and_gets_the_table_after_an_act(
        self, teacher: Client, bolat: Actor
    ) -> None:
        plan = new_plan(bolat, *second_quarter("A"))
        [a] = queries.lines_of(plan.pk)
        change = {"line": str(a.pk), "field": "topic", "old": "A", "new": "Дәреже"}
        said = teacher.post(f"/plans/{plan.pk}/lines/", {"changes": json.dumps([change])}).json()
        assert said["conflicts"] == []
        assert "table" not in said
        stale = change | {"new": "Басқа"}
        said = teacher.post(
            f"/plans/{plan.pk}/lines/", {"changes": json.dumps([stale]), "act": "undo"}
        ).json()
        assert said["conflicts"][0]["theirs"] == "Дәреже"
        assert ">A</textarea>" in said["table"]
        for wrong in ("[", '[{"line": "x"}]', json.dumps([change | {"field": "plan_id"}])):
            assert teacher.post(f"/plans/{plan.pk}/lines/", {"changes": wrong}).status_code == 422

    def test_an_approved_plan_is_read_only(self, teacher: Client, office: Client, bolat: Actor) -> None:
        plan = new_plan(bolat, *second_quarter("A"))
        teacher.post(f"/plans/{plan.pk}/send/")
        assert f"/plans/{plan.pk}/" in words(office.get("/plans/waiting/"))
        office.post(f"/plans/{plan.pk}/approve/")
        page = words(teacher.get(f"/plans/{plan.pk}/"))
        assert "<textarea" not in page
        said = teacher.post(f"/plans/{plan.pk}/lines/", {"changes": "[]", "act": "add-1"})
        assert said.status_code == 422
        teacher.post(f"/plans/{plan.pk}/version/")
        assert Plan.objects.filter(version=2, state=State.DRAFT).exists()

    def test_a_hundred_lines_cost_as_many_queries_as_one(self, teacher: Client, bolat: Actor) -> None:
        counted = []
        for count in (1, 100):
            plan = new_plan(bolat, *second_quarter(*map(str, range(count))))
            teacher.get(f"/plans/{plan.pk}/")
            with CaptureQueriesContext(connection) as asked:
                answer = teacher.get(f"/plans/{plan.pk}/")
            counted.append(len(asked))
        assert counted[0] == counted[1] <= 15
        assert len(answer.content) < 320_000


class TestDates:
    def test_classes_are_ticked_and_the_lessons_shown(
        self, teacher: Client, bolat: Actor, scene: Scene
    ) -> None:
        plan = new_plan(bolat, *second_quarter("Дәреже", "Көпмүше"))
        address = f"/plans/{plan.pk}/dates/"
        assert "Дәреже" not in words(teacher.get(address))
        teacher.post(address, {"course": str(scene.course.pk)})
        page = words(teacher.get(address))
        assert "Көпмүше" in page
        assert "04.11" in page
        teacher.post(address, {})
        assert queries.followers(plan.pk) == []

    def test_remarks_and_answers(self, teacher: Client, office: Client, bolat: Actor) -> None:
        plan = new_plan(bolat, *second_quarter("A"))
        teacher.post(f"/plans/{plan.pk}/send/")
        assert office.post(f"/plans/{plan.pk}/remarks/", {"text": ""}).status_code == 422
        office.post(f"/plans/{plan.pk}/remarks/", {"text": "Где СОР?", "back": "1"})
        remark = Remark.objects.get()
        assert "Где СОР?" in words(teacher.get(f"/plans/{plan.pk}/remarks/"))
        teacher.post(f"/plans/{plan.pk}/send/")
        assert Plan.objects.get().state == State.DRAFT
        teacher.post(f"/plans/remarks/{remark.pk}/answer/", {"text": "Добавила"})
        teacher.post(f"/plans/{plan.pk}/send/")
        assert Plan.objects.get().state == State.OFFICE


class TestPapers:
    def test_the_plan_on_paper_in_word_and_in_excel(
        self, teacher: Client, bolat: Actor, scene: Scene
    ) -> None:
        plan = new_plan(
            bolat, NewLine(quarter=1, topic="#Дәреже $x$ [a|b]", section="7.1А"), *second_quarter("B")
        )
        services.follow(actor=bolat, plan_id=plan.pk, course_ids=[scene.course.pk])
        for language in ("kk", "ru"):
            assert teacher.get(f"/plans/{plan.pk}/paper.pdf?lang={language}").content.startswith(b"%PDF")
        document = docx.Document(io.BytesIO(teacher.get(f"/plans/{plan.pk}/paper.docx?lang=ru").content))
        [table] = document.tables
        assert [cell.text for cell in table.rows[0].cells] == [
            "№", "Раздел / Сквозные темы", "Тема урока", "Цели обучения", "Количество часов", "Сроки", "Примечание",
        ]  # fmt: skip
        assert [cell.text for cell in table.rows[2].cells][1:5] == ["7.1А", "#Дәреже $x$ [a|b]", "", "1"]
        assert table.rows[4].cells[5].text == "02.11"
        assert teacher.get(f"/plans/{plan.pk}/paper.xlsx").content.startswith(b"PK")
        assert teacher.get("/plans/excel/").content.startswith(b"PK")
        assert teacher.get("/plans/lessons/excel/").content.startswith(b"PK")


@pytest.mark.requirement("SIS-39", "MOB-01")
class TestLessonPlans:
    @pytest.fixture
    def row(self, bolat: Actor, scene: Scene) -> LessonPlan:
        plan = new_plan(bolat, *second_quarter("Дәреже", objectives="7.1.2.1", section="7.1А"))
        [line] = queries.lines_of(plan.pk)
        return services.start_lesson_plan(
            actor=bolat, line=line, course_id=scene.course.pk, lesson_id=scene.lessons[0].pk
        )

    def form(self, row: LessonPlan, **more: str) -> dict[str, str]:
        given = {"seen_revision": str(row.revision), "topic": row.topic, "section": row.section, "do": "save"}
        for n, one in enumerate(queries.stages(row.pk)):
            given |= {f"s{n}-part": one.part, f"s{n}-minutes": str(one.minutes or "")}
        return given | more

    def test_begun_from_a_line_and_its_lesson(self, teacher: Client, bolat: Actor, scene: Scene) -> None:
        plan = new_plan(bolat, *second_quarter("Дәреже", objectives="7.1.2.1"))
        services.follow(actor=bolat, plan_id=plan.pk, course_ids=[scene.course.pk])
        [line] = queries.lines_of(plan.pk)
        address = f"/plans/lines/{line.pk}/lesson/?course={scene.course.pk}&lesson={scene.lessons[0].pk}"
        assert address.replace("&", "&amp;") in words(teacher.get(f"/plans/{plan.pk}/dates/"))
        assert "Дәреже" in words(teacher.get(address))
        given = {"course": str(scene.course.pk), "lesson": str(scene.lessons[0].pk), "source": ""}
        made = teacher.post(f"/plans/lines/{line.pk}/lesson/", given)
        row = LessonPlan.objects.get()
        assert made.headers["Location"] == f"/plans/lessons/{row.pk}/"
        assert (row.topic, row.objectives, row.day) == ("Дәреже", "7.1.2.1", scene.lessons[0].date)
        assert [(one.part, one.minutes) for one in queries.stages(row.pk)] == [
            ("start", 5),
            ("middle", 35),
            ("end", 5),
        ]

    def test_stages_are_added_and_removed_with_what_was_typed(self, teacher: Client, row: LessonPlan) -> None:
        address = f"/plans/lessons/{row.pk}/"
        page = words(teacher.post(address, self.form(row, do="add", **{"s1-teacher": "Түсіндіреді"})))
        assert 'name="s3-part"' in page
        assert "Түсіндіреді" in page
        page = words(teacher.post(address, self.form(row, do="drop-0", **{"s1-teacher": "Түсіндіреді"})))
        assert 'name="s2-part"' not in page
        assert "Түсіндіреді" in page
        assert Stage.objects.count() == 3

    def test_saved_whole_and_never_over_somebody_elses(self, teacher: Client, row: LessonPlan) -> None:
        address = f"/plans/lessons/{row.pk}/"
        given = self.form(
            row, **{"s1-teacher": "Түсіндіреді", "purpose": "Дәрежені біледі", "reflection": "Уақыт аз"}
        )
        assert teacher.post(address, given).status_code == 302
        row.refresh_from_db()
        assert (row.purpose, row.reflection) == ("Дәрежені біледі", "Уақыт аз")
        assert queries.stages(row.pk)[1].teacher == "Түсіндіреді"
        stale = teacher.post(address, given | {"purpose": "Басқа"})
        assert stale.status_code == 422
        assert "Басқа" in words(stale)
        row.refresh_from_db()
        assert row.purpose == "Дәрежені біледі"
        assert teacher.post(address, given | {"topic": ""}).status_code == 422
        assert teacher.post(address, given | {"s0-minutes": "999"}).status_code == 422

    def test_a_colleague_reads_and_copies_what_is_open(
        self, teacher: Client, client_for: ClientFor, gulnar: Actor, row: LessonPlan
    ) -> None:
        colleague = client_for(Role.TEACHER, person_id=gulnar.person_id, language="ru")
        address = f"/plans/lessons/{row.pk}/"
        assert colleague.get(address).status_code == 404
        teacher.post(f"{address}share/", {"shared": "1"})
        page = words(colleague.get(address))
        assert "<textarea" not in page
        assert colleague.post(address, self.form(row)).status_code == 404
        assert colleague.post(f"{address}delete/").status_code == 404
        colleague.get(f"{address}copy/")
        made = colleague.post(f"{address}copy/", {"lesson": ""})
        copy = LessonPlan.objects.get(copied_from_id=row.pk)
        assert made.headers["Location"] == f"/plans/lessons/{copy.pk}/"
        assert (copy.author_id, copy.is_shared, copy.day) == (gulnar.person_id, False, None)
        assert len(queries.stages(copy.pk)) == 3
        assert len(queries.stages(row.pk)) == 3

    def test_a_copy_for_another_lesson(self, teacher: Client, row: LessonPlan, scene: Scene) -> None:
        page = words(teacher.get(f"/plans/lessons/{row.pk}/copy/"))
        ahead = scene.lessons[11]
        assert f"{scene.course.pk}/{ahead.pk}" in page
        teacher.post(f"/plans/lessons/{row.pk}/copy/", {"lesson": f"{scene.course.pk}/{ahead.pk}"})
        assert LessonPlan.objects.get(copied_from_id=row.pk).day == ahead.date
        wrong = teacher.post(f"/plans/lessons/{row.pk}/copy/", {"lesson": f"{scene.course.pk}/{uuid4()}"})
        assert wrong.status_code == 404

    def test_on_paper_in_the_orders_rows(self, teacher: Client, row: LessonPlan) -> None:
        for language in ("kk", "ru"):
            paper = teacher.get(f"/plans/lessons/{row.pk}/paper.pdf?lang={language}")
            assert paper.content.startswith(b"%PDF")
        document = docx.Document(
            io.BytesIO(teacher.get(f"/plans/lessons/{row.pk}/paper.docx?lang=kk").content)
        )
        head, course = document.tables
        assert head.rows[0].cells[0].text == "Бөлім"
        assert head.rows[3].cells[0].text == "Сынып: 7А"
        assert [cell.text for cell in course.rows[0].cells] == [
            "Сабақтың кезеңі / Уақыты", "Педагогтің әрекеті", "Оқушының әрекеті", "Бағалау", "Ресурстар",
        ]  # fmt: skip

    def test_deleted(self, teacher: Client, row: LessonPlan) -> None:
        teacher.post(f"/plans/lessons/{row.pk}/delete/")
        assert not LessonPlan.objects.exists()
        assert not Stage.objects.exists()


class TestTeams:
    def test_kept_by_the_office(self, office: Client, scene: Scene) -> None:
        assert office.post("/plans/teams/new/", {"name": "", "head": ""}).status_code == 422
        given = {"name": "Математика", "head": str(scene.teacher.pk), "subjects": ["algebra", "geometry"]}
        assert office.post("/plans/teams/new/", given).status_code == 302
        page = words(office.get("/plans/teams/"))
        assert "Математика" in page
        team = queries.team_of("geometry")
        assert team is not None
        office.post(f"/plans/teams/{team.pk}/", given | {"subjects": ["physics"]})
        assert queries.team_of("physics") == team
        office.post(f"/plans/teams/{team.pk}/drop/")
        assert queries.team_of("physics") is None
