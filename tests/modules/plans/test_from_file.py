"""Plans of many subjects from one spreadsheet: loaded, and taken back while nobody has used them."""

from __future__ import annotations

from typing import Any

import pytest

from imports import checking, repairs
from imports import services as wizard
from imports.models import ImportBatch
from kernel.access import Actor, Role
from kernel.errors import NotAllowed
from kernel.tenancy import TenantRef
from modules.plans import importers, services
from modules.plans.models import Plan
from tests.conftest import ActorOf
from tests.imports.build import table, xlsx
from tests.modules.plans.conftest import second_quarter, topics

pytestmark = pytest.mark.requirement("SIS-40")
ROW = {
    "Класс": "7",
    "Предмет": "Алгебра",
    "Язык обучения": "русский",
    "Четверть": "ІІ",
    "Тема урока": "Степень",
    "Вид": "урок",
    "Количество часов": 3,
}


@pytest.fixture
def clerk(in_school: TenantRef) -> Actor:
    return Actor.system_actor("test")


def take(actor: Actor, *lines: dict[str, Any]) -> ImportBatch:
    batch = wizard.receive(actor=actor, importer_code="plans", name="ктп.xlsx", content=xlsx(table(*lines)))
    wizard.choose_columns(actor=actor, batch_id=batch.pk, mapping=batch.mapping)
    return wizard.check(actor=actor, batch_id=batch.pk)


def load(actor: Actor, *lines: dict[str, Any]) -> ImportBatch:
    return wizard.load(actor=actor, batch_id=take(actor, *lines).pk)


def test_a_draft_open_to_colleagues_for_each_subject(clerk: Actor) -> None:
    batch = load(
        clerk,
        ROW,
        ROW | {"Четверть": 1, "Тема урока": "СОЧ за 1 четверть", "Вид": ""},
        ROW | {"Предмет": "Геометрия", "Тема урока": "Углы"},
    )
    algebra = Plan.objects.get(subject_code="algebra")
    assert topics(algebra.pk) == ["СОЧ за 1 четверть", "Степень"]
    assert [one.kind for one in algebra.lines.order_by("quarter")] == ["soch", "lesson"]
    assert (algebra.language, algebra.is_shared, algebra.state) == ("ru", True, "draft")
    services.add_lines(actor=clerk, plan_id=algebra.pk, new=second_quarter("Ещё"))
    wizard.undo(actor=clerk, batch_id=batch.pk)
    # What somebody has written in stays.
    assert [one.subject_code for one in Plan.objects.all()] == ["algebra"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Класс": "2"}, "subject_grade"),
        ({"Класс": "7А"}, "grade_unread"),
        ({"Четверть": "5"}, "quarter_unread"),
        ({"Количество часов": "много"}, "line_hours"),
    ],
)
def test_what_is_wrong_is_said_by_row(change: dict[str, Any], code: str, clerk: Actor) -> None:
    batch = take(clerk, ROW | change)
    assert code in [problem["code"] for row in batch.rows.all() for problem in row.problems]
    assert not Plan.objects.exists()


def test_a_teacher_loads_no_plans_of_the_school(actor_of: ActorOf, in_school: TenantRef) -> None:
    with pytest.raises(NotAllowed):
        take(actor_of(Role.TEACHER, user_id=7), ROW)


class TestCorrections:
    """One cell put right checks the lines of its plan and no others."""

    @pytest.fixture
    def read(self, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        numbers: list[int] = []
        real = checking.read_row

        def counted(importer: Any, source: checking.Source, memo: checking.Memo) -> Any:
            numbers.append(source.number)
            return real(importer, source, memo)

        monkeypatch.setattr(checking, "read_row", counted)
        return numbers

    def test_the_rest_of_the_file_is_left_alone(self, clerk: Actor, read: list[int]) -> None:
        lines = [
            ROW | {"Предмет": subject} for subject in ("Алгебра", "Геометрия", "Физика") for _n in range(40)
        ]
        batch = take(clerk, *lines)
        one = batch.rows.order_by("number")[50]
        read.clear()
        repairs.correct_cell(actor=clerk, batch_id=batch.pk, number=one.number, column="topic", value="Углы")
        assert 0 < len(set(read)) <= 40
        assert batch.rows.get(number=one.number).parsed["topic"] == "Углы"

    def test_the_limit_of_a_plan_is_counted_anew_where_a_line_leaves_and_where_it_comes(
        self, clerk: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(importers, "MOST_LINES", 2)
        batch = take(clerk, ROW, ROW, ROW, ROW | {"Предмет": "Геометрия"}, ROW | {"Предмет": "Геометрия"})
        numbers = list(batch.rows.order_by("number").values_list("number", flat=True))

        def over() -> list[int]:
            rows = batch.rows.order_by("number")
            return [n for n, row in enumerate(rows) if "too_many_lines" in str(row.problems)]

        assert over() == [2]
        repairs.correct_cell(
            actor=clerk, batch_id=batch.pk, number=numbers[0], column="subject", value="Геометрия"
        )
        assert over() == [4]
