"""The wizard's pages, from the file to the report and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from imports import api
from imports.models import ImportBatch
from kernel import tenancy
from kernel.access import Actor, Role
from kernel.tenancy import TenantRef
from modules.contingent.models import Pupil
from tests.imports import build

FILES = Path(__file__).resolve().parents[2] / "demo" / "import"


@pytest.fixture(autouse=True)
def november(school_a: TenantRef) -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


def upload(client: Any, name: str, importer: str = "pupils", content: bytes | None = None) -> Any:
    body = content if content is not None else (FILES / name).read_bytes()
    return client.post(f"/imports/{importer}/new/", {"file": SimpleUploadedFile(name, body)})


def columns_as_found(client: Any, url: str, school: TenantRef) -> dict[str, str]:
    with tenancy.use(school):
        batch = ImportBatch.objects.order_by("-created_at").first()
        return {code: str(place) for code, place in batch.mapping.items()}


@pytest.mark.requirement("SIS-16")
def test_a_clerk_loads_the_spreadsheet_and_takes_it_back(client_for: Any, school_a: TenantRef) -> None:
    clerk = client_for(Role.SECRETARY)
    assert clerk.get("/imports/").status_code == 200
    answer = upload(clerk, "large-school-pupils-ru.xlsx")
    assert answer.status_code == 302, answer.content.decode()[:3000]
    url = answer["Location"]
    page = clerk.get(url)
    assert page.status_code == 200
    assert "Мать: ФИО" in page.content.decode()
    answer = clerk.post(url, columns_as_found(clerk, url, school_a))
    assert answer.status_code == 302, answer.content.decode()[:2000]
    check = clerk.get(answer["Location"])
    text = check.content.decode()
    print(text)
    with tenancy.use(school_a):
        assert Pupil.objects.count() == 0
    base = answer["Location"].removesuffix("check/")
    for path in ("errors/", "check/?severity=error", "check/?only=iin_checksum"):
        assert clerk.get(base + path).status_code == 200
    answer = clerk.post(base + "load/")
    print(answer, answer["Location"])
    page = clerk.get(answer["Location"], follow=True)
    assert page.status_code == 200


@pytest.mark.requirement("SIS-16")
def test_a_formula_in_a_name_keeps_the_row_out(school_a: TenantRef, tmp_path: Path) -> None:
    with_formula, good = build.line(1, **{"Имя": '="Ер"&"лан"'}), build.line(2)
    file = tmp_path / "list.xlsx"
    file.write_bytes(build.xlsx(build.table(with_formula, good)))
    with tenancy.use(school_a):
        answer = api.run_file("pupils", file, actor=Actor.system_actor("test"), check_only=True)
    assert answer["create"] == 1
    assert ("name", "formula") in [(line["column"], line["code"]) for line in answer["errors"]]
