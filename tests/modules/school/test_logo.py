"""The logo, the signer and the seal of a school's papers: by day, like its name; the account of its bank."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pypdf import PdfReader

from demo.emblem import account_number, emblem
from documents import api as documents
from documents import registry
from documents.data import ClassList
from kernel import tenancy
from kernel.access import Actor, Role
from kernel.errors import NotAllowed
from kernel.images import NoPicture, PictureTooLarge
from kernel.tenancy import TenantRef
from modules.school import api, services
from modules.school.organisation import is_iik

ClientFor = Callable[..., Client]


@pytest.fixture(scope="module")
def picture() -> bytes:
    return emblem("7", seed=1)


@pytest.fixture
def aigul(actor_of: Callable[..., Actor]) -> Actor:
    return actor_of(Role.DIRECTOR)


def paper(actor: Actor, on: date) -> PdfReader:
    printed = documents.render(
        "documents.class_list",
        ClassList("7А", "2026–2027", "ru", "", on, ()),
        language="ru",
        actor=actor,
        on=on,
    )
    return PdfReader(BytesIO(printed.content))


def pictures(pdf: PdfReader) -> int:
    return sum(len(page.images) for page in pdf.pages)


@pytest.mark.requirement("SIS-04", screen="school:profile")
class TestPapers:
    def test_show_the_logo_from_its_day_on(self, in_school: TenantRef, aigul: Actor, picture: bytes) -> None:
        api.open_profile(actor=aigul, since=date(2020, 1, 1), name_ru="Школа имени Абая")
        with time_machine.travel("2026-09-01T10:00:00+05:00", tick=False):
            services.set_logo(actor=aigul, content=picture)
        with time_machine.travel("2026-11-01T10:00:00+05:00", tick=False):
            services.drop_logo(actor=aigul)
        found = [
            pictures(paper(aigul, on)) for on in (date(2026, 8, 31), date(2026, 9, 1), date(2026, 11, 1))
        ]
        assert found == [0, 1, 0]

    def test_name_the_signer_and_the_place_of_the_seal_as_chosen(
        self, in_school: TenantRef, aigul: Actor
    ) -> None:
        with time_machine.travel("2026-09-01T10:00:00+05:00", tick=False):
            api.open_profile(actor=aigul, since=date(2020, 1, 1), director="К. Сейдахметова")
            api.change_profile(actor=aigul, post_ru="И. о. руководителя", seal=False)
        before, after = (
            paper(aigul, on).pages[0].extract_text() for on in (date(2026, 8, 1), date(2026, 9, 1))
        )
        assert "Директор" in before
        assert "М.П." in before
        assert "И. о. руководителя" in after
        assert "М.П." not in after

    def test_of_another_school_stay_as_they_are(
        self, in_school: TenantRef, school_b: TenantRef, aigul: Actor, picture: bytes
    ) -> None:
        services.set_logo(actor=aigul, content=picture)
        with tenancy.use(school_b):
            assert registry.letterhead_on(date.max).logo == b""


@pytest.mark.requirement("SIS-04")
class TestLogo:
    def send(self, client: Client, content: bytes) -> str:
        sent = {"logo": SimpleUploadedFile("logo.png", content)}
        answer = client.post("/school/logo/set/", sent, follow=True)
        return answer.content.decode()

    def test_is_set_seen_and_taken_away(self, client_for: ClientFor, picture: bytes) -> None:
        director, teacher = client_for(Role.DIRECTOR), client_for(Role.TEACHER)
        assert teacher.get("/school/logo/").status_code == 404
        assert "/school/logo/?v=" in self.send(director, picture)
        shown = teacher.get("/school/logo/")
        assert shown["Content-Type"] == "image/png"
        assert (shown["Content-Disposition"], shown["X-Content-Type-Options"]) == ("attachment", "nosniff")
        given, seen = (Image.open(BytesIO(one)).convert("RGBA") for one in (picture, shown.content))
        assert (seen.size, seen.tobytes()) == (given.size, given.tobytes()), (
            "drawn anew, and the same to the eye"
        )
        director.post("/school/logo/set/", {"drop": "1"})
        assert teacher.get("/school/logo/").status_code == 404

    def test_what_is_no_picture_is_refused_in_words(self, client_for: ClientFor) -> None:
        director = client_for(Role.DIRECTOR, language="ru")
        assert "Это не изображение" in self.send(director, b"%PDF-1.7")
        assert director.get("/school/logo/").status_code == 404

    def test_is_for_those_who_change_the_profile(
        self, in_school: TenantRef, actor_of: Callable[..., Actor], client_for: ClientFor, picture: bytes
    ) -> None:
        with pytest.raises(NotAllowed):
            services.set_logo(actor=actor_of(Role.TEACHER), content=picture)
        assert client_for(Role.TEACHER).post("/school/logo/set/", {"drop": "1"}).status_code == 403

    def test_too_large_or_none_is_not_kept(self, in_school: TenantRef, aigul: Actor) -> None:
        with pytest.raises(PictureTooLarge):
            services.set_logo(actor=aigul, content=b"x" * (services.LARGEST_LOGO + 1))
        with pytest.raises(NoPicture):
            services.set_logo(actor=aigul, content=b"GIF89a")
        assert api.profile().logo_id is None


def test_an_account_number_is_right_by_its_check_digits() -> None:
    good = account_number(11)
    assert is_iik(good)
    assert not is_iik(good[:-1] + "2")
    assert not is_iik(good.lower())
    assert not is_iik("KZ" + "0" * 17)
