"""The wizard's pages, from the file to the report and back."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import python_calamine
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from imports import services
from imports.models import ImportBatch
from kernel import jobs, tenancy
from kernel.access import Role
from kernel.tenancy import TenantRef
from modules.contingent.models import Pupil
from tests.imports import unlike
from tests.imports.build import line, table, xlsx

FILES = Path(__file__).resolve().parents[2] / "demo" / "import"
ClientFor = Callable[..., Client]


@pytest.fixture(autouse=True)
def november(school_a: TenantRef) -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


def upload(client: Client, content: bytes, name: str = "тізім.xlsx", importer: str = "pupils") -> Any:
    return client.post(f"/imports/{importer}/new/", {"file": SimpleUploadedFile(name, content)})


def to_check(client: Client, school: TenantRef, content: bytes) -> str:
    """Upload, take the columns as they were found; answer the address of the file."""
    answer = upload(client, content)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    with tenancy.use(school):
        mapping = ImportBatch.objects.order_by("-created_at").first().mapping
    answer = client.post(answer["Location"], {code: str(place) for code, place in mapping.items()})
    assert answer.status_code == 302
    assert answer["Location"].endswith("/check/")
    return answer["Location"].removesuffix("check/")


def pupils(school: TenantRef) -> int:
    with tenancy.use(school):
        return Pupil.objects.count()


@pytest.mark.requirement("SIS-16")
class TestStory:
    def test_a_clerk_loads_a_small_file_and_takes_it_back(
        self, client_for: ClientFor, school_a: TenantRef
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        base = to_check(clerk, school_a, xlsx(table(line(1), line(2, Имя="Ержан", Класс="13Ё"))))
        page = clerk.get(base + "check/").content.decode()
        assert "13Ё" in page
        assert pupils(school_a) == 0
        cell = {"row": "3", "column": "class", "value": "7Б"}
        fragment = clerk.post(base + "cell/", cell, headers={"HX-Request": "true"})
        assert fragment.status_code == 200
        assert "<html" not in fragment.content.decode()
        assert clerk.post(base + "load/")["Location"].endswith("/report/")
        assert pupils(school_a) == 2
        # A school that is still starting reads under the report what comes next.
        report = clerk.get(base + "report/").content.decode()
        assert "/school/start/#" in report
        assert clerk.get(base + "undo/").status_code == 200
        assert clerk.post(base + "undo/").status_code == 302
        assert pupils(school_a) == 0
        assert clerk.get("/imports/").status_code == 200

    def test_a_large_file_loads_in_a_job_with_progress(
        self, client_for: ClientFor, school_a: TenantRef
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        base = to_check(clerk, school_a, (FILES / "large-school-pupils-ru.xlsx").read_bytes())
        assert clerk.post(base + "load/")["Location"].endswith("/progress/")
        assert clerk.get(base + "progress/").status_code == 200
        with tenancy.use(school_a):
            batch = ImportBatch.objects.get()
            assert batch.state == "loading"
            done = jobs.run(batch.job_id)
        assert (done.state, done.result["create"]) == ("done", 908)
        assert clerk.get(base + "progress/")["Location"].endswith("/report/")
        assert clerk.post(base + "load/")["Location"].endswith(base.rsplit("/", 2)[1] + "/")
        assert pupils(school_a) == 908

    def test_a_job_that_fails_leaves_the_file_where_it_was(
        self, client_for: ClientFor, school_a: TenantRef, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        monkeypatch.setattr(services, "INLINE_LOAD", 0)
        base = to_check(clerk, school_a, xlsx(table(line(1))))
        clerk.post(base + "load/")

        def broken(*args: Any, **kwargs: Any) -> None:
            raise RuntimeError

        monkeypatch.setattr("modules.contingent.importers.pupils.loading._places", broken)
        with tenancy.use(school_a):
            batch = ImportBatch.objects.get()
            assert jobs.run(batch.job_id).state == "failed"
            batch.refresh_from_db()
            assert batch.state == "checked"
        assert pupils(school_a) == 0


class TestFile:
    @pytest.mark.parametrize(
        ("content", "word"), [(b"", "бос"), (b"%PDF-1.4", "PDF"), (b"PK\x03\x04 cut", "бүлінген")]
    )
    def test_a_wrong_file_comes_back_with_the_reason(
        self, client_for: ClientFor, content: bytes, word: str
    ) -> None:
        answer = upload(client_for(Role.SECRETARY), content)
        assert answer.status_code == 422
        assert word in answer.content.decode()

    @pytest.mark.parametrize("importer", ["pupils", "staff", "classes", "guardians", "load", "quarters"])
    @pytest.mark.parametrize("language", ["kk", "ru"])
    def test_the_template_loads_as_it_is(
        self, client_for: ClientFor, school_a: TenantRef, importer: str, language: str
    ) -> None:
        clerk = client_for(Role.DIRECTOR)
        content = clerk.get(f"/imports/{importer}/template/{language}/").content
        answer = upload(clerk, content, importer=importer)
        assert answer.status_code == 302
        with tenancy.use(school_a):
            batch = ImportBatch.objects.get()
            from imports import declaration

            assert set(batch.mapping) == {c.code for c in declaration.importer(importer).columns}

    def test_the_file_of_errors_says_them_and_keeps_formulas_text(
        self, client_for: ClientFor, school_a: TenantRef
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        base = to_check(clerk, school_a, xlsx(table(line(1, Имя="=1+1"), line(2))))
        content = clerk.get(base + "errors/").content
        rows = (
            python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
            .get_sheet_by_index(0)
            .to_python()
        )
        assert len(rows) == 2
        assert "формула" in rows[1][-2].lower()
        assert rows[1][-1] == "2"


class TestColumns:
    def test_one_column_of_the_file_serves_one_of_ours(
        self, client_for: ClientFor, school_a: TenantRef
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        url = upload(clerk, xlsx(table(line(1))))["Location"]
        answer = clerk.post(url, {"surname": "1", "name": "1", "class": "6", "iin": "0"})
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"name"}

    def test_what_one_column_says_whole_is_not_asked_for_in_parts(
        self, client_for: ClientFor, school_a: TenantRef
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        content = xlsx([["ФИО ученика", "ИИН", "Класс"], ["Ахметов Ерлан", "1", "7А"]])
        answer = clerk.get(upload(clerk, content)["Location"])
        lines = {one["field"].name: one["needed"] for one in answer.context["lines"]}
        assert lines == {"iin": False, "full_name": False, "class": False}

    def test_a_file_can_be_thrown_away(self, client_for: ClientFor, school_a: TenantRef) -> None:
        clerk = client_for(Role.SECRETARY)
        base = to_check(clerk, school_a, xlsx(table(line(1))))
        assert clerk.post(base + "discard/").status_code == 302
        assert clerk.get(base + "check/").status_code == 404


@pytest.mark.requirement("SIS-16")
class TestMemory:
    def test_the_usual_file_goes_straight_to_the_check_which_says_so(
        self, client_for: ClientFor, school_a: TenantRef
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        to_check(clerk, school_a, xlsx(table(line(1))))
        answer = upload(clerk, xlsx(table(line(2))))
        assert answer["Location"].endswith("/check/")
        page = clerk.get(answer["Location"]).content.decode()
        base = answer["Location"].removesuffix("check/")
        assert f'action="{base}forget/"' in page
        assert clerk.post(base + "forget/")["Location"].endswith("/columns/")
        assert upload(clerk, xlsx(table(line(3))))["Location"].endswith("/columns/")

    def test_sheets_can_be_chosen(self, client_for: ClientFor, school_a: TenantRef) -> None:
        clerk = client_for(Role.SECRETARY)
        content = unlike.xlsx({"бір": table(line(1)), "екі": table(line(2))})
        base = upload(clerk, content)["Location"].removesuffix("columns/")
        page = clerk.get(base + "columns/").content.decode()
        assert page.count('name="sheets"') == 2
        assert clerk.post(base + "sheets/", {"sheets": []}).status_code == 422
        assert clerk.post(base + "sheets/", {"sheets": ["бір", "екі"]}).status_code == 302
        with tenancy.use(school_a):
            assert ImportBatch.objects.get().taken == ["бір", "екі"]


@pytest.mark.requirement("SIS-16")
class TestRepairs:
    def test_a_press_is_undone_by_a_press(self, client_for: ClientFor, school_a: TenantRef) -> None:
        clerk = client_for(Role.SECRETARY)
        base = to_check(clerk, school_a, xlsx(table(line(1, Фамилия="АХМЕТОВ"), line(2, Фамилия="СЕРІКОВ"))))
        assert 'action="' + base + 'undo-last/"' not in clerk.get(base + "check/").content.decode()
        clerk.post(base + "accept/", {"column": "surname", "code": "letter_case"})
        page = clerk.get(base + "check/").content.decode()
        assert 'action="' + base + 'undo-last/"' in page
        assert "letter_case" not in page
        fragment = clerk.post(base + "undo-last/", headers={"HX-Request": "true"}).content.decode()
        assert "letter_case" in fragment
        assert clerk.post(base + "undo-last/").status_code == 422


class TestBorders:
    @pytest.mark.parametrize("role", [Role.TEACHER, Role.PARENT, Role.PUPIL, Role.NURSE])
    def test_is_closed_to_others(self, client_for: ClientFor, role: Role) -> None:
        client = client_for(role)
        for path in ("/imports/", "/imports/pupils/new/", "/imports/pupils/template/kk/"):
            assert client.get(path).status_code == 403

    def test_another_schools_file_is_not_here(
        self, client_for: ClientFor, school_a: TenantRef, school_b: TenantRef
    ) -> None:
        base = to_check(client_for(Role.SECRETARY), school_a, xlsx(table(line(1))))
        zhanna = client_for(Role.DIRECTOR, school=school_b)
        for path in ("check/", "columns/", "errors/", "report/"):
            assert zhanna.get(base + path).status_code == 404
        for path in ("load/", "sheets/", "forget/", "undo-last/", "cell/", "accept/", "discard/"):
            assert zhanna.post(base + path).status_code == 404
        assert pupils(school_a) == 0
        assert pupils(school_b) == 0
