"""The history of marks for the deputy: who, when, from which device, from what to what and why; deletions too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
import python_calamine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel import tenancy
from kernel.access import Actor, Role
from kernel.clock import ALMATY
from kernel.errors import NotAllowed
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from modules.contingent.models import Pupil
from modules.journal.changes import queries
from modules.journal.data import YearKind
from modules.journal.models import Mark, MarkEvent, YearMark
from modules.journal.services import save_cells
from tests.factories import journal as made
from tests.factories import schedule as make
from tests.modules.journal.test_views import operation, send

pytestmark = pytest.mark.requirement("SIS-52")
ClientFor = Callable[..., Client]
SPAN = queries.span
YEAR = make.YEAR


@pytest.fixture(autouse=True)
def _any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The triggers write the database's own time, whatever the tests' clock says."""
    first = datetime(2020, 1, 1, tzinfo=ALMATY)
    monkeypatch.setattr(queries, "span", lambda year: (first, first.replace(year=2100)))


def test_a_year_is_from_august_to_august() -> None:
    first, after = SPAN("2026-27")
    assert (first.isoformat(), after.year - first.year) == ("2026-08-01T00:00:00+05:00", 1)


@pytest.fixture
def deputy(scene: make.Scene, client_for: ClientFor) -> Client:
    return client_for(Role.DEPUTY_ACADEMIC)


def save(scene: make.Scene, actor: Actor, pupil: int, new: Any, old: Any = None, **more: Any) -> None:
    one = made.op(scene.lessons[0], scene.pupils[pupil], new, old=old, **more)
    [result] = save_cells(actor=actor, course_id=scene.course.pk, operations=[one])
    assert result.status == "ok"


def test_tells_who_changed_what_from_which_device_and_why(
    scene: make.Scene, client_for: ClientFor, deputy: Client
) -> None:
    teacher = client_for(Role.TEACHER, person_id=scene.teacher.pk, surname="Ермекова", name="Болат")
    assert send(teacher, scene, operation(scene, new=4)).json()["results"][0]["status"] == "ok"
    change = operation(scene, old=4, new=9, reason="Жұмысы қайта тексерілді")
    assert send(teacher, scene, change).json()["results"][0]["status"] == "ok"
    html = deputy.get("/journal/changes/").content.decode()
    for wanted in ("Ахметова Әлия", "Ермекова Болат", "tests", "Жұмысы қайта тексерілді", "7А"):
        assert wanted in html, wanted


def test_a_cleared_cell_and_a_row_deleted_past_the_product_stand_there(
    scene: make.Scene, bolat: Actor, aigul: Actor
) -> None:
    save(scene, bolat, 0, 7)
    save(scene, bolat, 0, None, old=7)
    save(scene, bolat, 1, 5)
    Mark.objects.filter(pupil_id=scene.pupils[1].pk).delete()
    rows = queries.changes(aigul, year=YEAR)
    told = {
        (line.pupil.split()[0], line.old, line.new, line.row.source)
        for line in queries.lines(list(rows), aigul)
    }
    assert ("Ахметова", "7", "", "product") in told
    assert ("Әлиев", "5", "", "sql") in told
    assert queries.what(rows, "cleared", aigul).count() == 2
    assert queries.what(rows, "sql", aigul).count() == 1
    assert queries.what(rows, "put", aigul).count() == 2


def test_is_narrowed_to_a_journal_a_pupil_a_kind(scene: make.Scene, bolat: Actor, deputy: Client) -> None:
    save(scene, bolat, 0, 7)
    save(scene, bolat, 1, "ill", field="absence")
    first, second = "Ахметова Әлия", "Әлиев Ерлан"

    def names(query: str) -> set[str]:
        html = deputy.get(f"/journal/changes/{query}").content.decode()
        return {one for one in (first, second) if f">{one}</a>" in html}

    assert names("") == {first, second}
    assert names(f"?class={scene.school_class.pk}&subject=algebra") == {first, second}
    assert names("?subject=geometry") == set()
    assert names("?field=absence") == {second}
    assert names("?q=Ахметова") == {first}
    assert names("?q=Ерлан") == {second}
    assert names("?what=cleared") == set()
    for query in ("?sort=when", "?sort=-who", "?sort=field", "?group=who", "?what=reason"):
        assert deputy.get(f"/journal/changes/{query}").status_code == 200
    narrowed = deputy.get(f"/journal/{scene.course.pk}/changes/")
    assert names(narrowed.headers["Location"].removeprefix("/journal/changes/")) == {first, second}
    of_pupil = deputy.get(f"/journal/changes/pupil/{scene.pupils[0].pk}/")
    assert names(of_pupil.headers["Location"].removeprefix("/journal/changes/")) == {first}


def test_namesakes_are_told_apart(scene: make.Scene, bolat: Actor, deputy: Client) -> None:
    """The history of one pupil is his, not that of everybody of his name."""
    one, other = scene.pupils[:2]
    Pupil.objects.filter(pk=other.pk).update(surname=one.surname, name=one.name, patronymic=one.patronymic)
    save(scene, bolat, 0, 7)
    save(scene, bolat, 1, 4)
    narrowed = deputy.get(f"/journal/changes/pupil/{one.pk}/").headers["Location"]
    page = deputy.get(narrowed).content.decode()
    assert f"/journal/changes/pupil/{one.pk}/" in page
    assert f"/journal/changes/pupil/{other.pk}/" not in page
    assert f'value="{one.pk}" selected' in page  # and it stays when another filter is chosen
    both = deputy.get("/journal/changes/").content.decode()
    assert f"/journal/changes/pupil/{other.pk}/" in both
    assert 'name="pupil"' not in both  # thousands of names are no choice


def test_a_pupil_who_is_not_there_narrows_nothing(scene: make.Scene, bolat: Actor, deputy: Client) -> None:
    save(scene, bolat, 0, 7)
    for wrong in (str(uuid4()), "7"):
        answer = deputy.get(f"/journal/changes/?pupil={wrong}")
        assert answer.status_code == 200
        assert "Ахметова Әлия" in answer.content.decode()


def test_goes_into_excel_and_the_log(scene: make.Scene, bolat: Actor, deputy: Client) -> None:
    save(scene, bolat, 0, 7)
    answer = deputy.get("/journal/changes/export.xlsx")
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    sheet = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
    assert any("Ахметова Әлия" in map(str, row) for row in sheet.to_python())
    assert AuditEntry.objects.filter(action="journal.changes.exported").count() == 1


def test_is_closed_to_teachers_and_families_and_of_one_school(
    scene: make.Scene, bolat: Actor, aigul: Actor, client_for: ClientFor, school_b: TenantRef, actor_of: Any
) -> None:
    save(scene, bolat, 0, 7)
    teacher = client_for(Role.TEACHER, person_id=scene.teacher.pk)
    assert teacher.get("/journal/changes/").status_code == 403
    with pytest.raises(NotAllowed):
        queries.changes(bolat, year=YEAR)
    with tenancy.use(school_b):
        zhanna = actor_of(Role.DIRECTOR, school=school_b, user_id=9)
        assert list(queries.changes(zhanna, year=YEAR)) == []
    there = client_for(Role.DIRECTOR, school=school_b)
    assert there.get(f"/journal/{scene.course.pk}/changes/").status_code == 404
    assert there.get(f"/journal/changes/pupil/{scene.pupils[0].pk}/").status_code == 404
    assert there.get(f"/journal/changes/pupil/{uuid4()}/").status_code == 404


def test_asks_as_many_queries_for_one_line_as_for_many(
    scene: make.Scene, bolat: Actor, deputy: Client
) -> None:
    save(scene, bolat, 0, 7)
    deputy.get("/journal/changes/")
    with CaptureQueriesContext(connection) as few:
        deputy.get("/journal/changes/")
    for pupil in range(1, len(scene.pupils)):
        save(scene, bolat, pupil, 7)
    with CaptureQueriesContext(connection) as many:
        deputy.get("/journal/changes/")
    assert MarkEvent.objects.count() == len(scene.pupils)
    assert len(many) == len(few) <= 15


def test_words_and_marks_of_the_year_stand_there_too(scene: make.Scene, bolat: Actor, deputy: Client) -> None:
    save(scene, bolat, 0, "Жақсы түсіндірді", field="comment")
    YearMark.objects.create(course=scene.course, pupil_id=scene.pupils[1].pk, kind=YearKind.EXAM, mark="4")
    page = deputy.get("/journal/changes/").content.decode()
    for words in ("Жақсы түсіндірді", "пікір", "емтихан"):
        assert words in page
    assert "Жақсы түсіндірді" not in deputy.get("/journal/changes/?field=exam").content.decode()
