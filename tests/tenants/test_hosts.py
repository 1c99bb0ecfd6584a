"""The hosts that are no school's: the portal, the family's host and the vendor's."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from kernel import tenancy
from kernel.access import Role
from kernel.tenancy import TenantRef
from tenants import register
from tests import world

ClientFor = Callable[..., Client]


def page(client: Client, path: str = "/", status: int = 200, **query: Any) -> str:
    response = client.get(path, query)
    assert response.status_code == status, response.content[-2000:]
    return response.content.decode()


class TestPortal:
    @pytest.fixture
    def portal(self, tenants_db: None) -> Client:
        return Client(SERVER_NAME=settings.BASE_HOST)

    def test_finds_a_school_without_kazakh_letters(self, portal: Client, school_n: TenantRef) -> None:
        html = page(portal, q="корши")
        assert "Көрші мектеп" in html
        assert f"//{school_n.host}" in html
        assert "А мектебі" not in html

    def test_every_word_must_be_there(self, portal: Client) -> None:
        assert "Көрші мектеп" in page(portal, q="мектеп КӨРШІ")
        assert "Мектеп табылмады" in page(portal, q="көрші гимназия")

    def test_narrows_to_a_district_and_to_a_region(self, portal: Client) -> None:
        html = page(portal, under="neighbour")
        assert "Көрші мектеп" in html
        assert "А мектебі" not in html
        html = page(portal, under="region")
        assert "Көрші мектеп" in html
        assert "А мектебі" in html

    def test_lists_no_authority_vendor_or_spare(self, portal: Client) -> None:
        shown = page(portal)
        assert "Жеткізуші" not in shown
        assert "/of/" not in shown

    def test_is_unharmed_by_what_people_type(self, portal: Client) -> None:
        for query in ("%", "_", "'; DROP TABLE x; --", "\x7f", "а" * 5000):
            page(portal, q=query)

    def test_speaks_russian(self, portal: Client) -> None:
        portal.cookies["lang"] = "ru"
        assert "Найдите свою школу" in page(portal)

    def test_says_when_there_are_more(self, tenants_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(register, "MOST_FOUND", 1)
        places, has_more = register.find()
        assert len(places) == 1
        assert has_more


@pytest.mark.requirement("TEN-01", "GEN-05")
class TestHostOfNobody:
    @pytest.fixture
    def stranger(self, tenants_db: None) -> Client:
        return Client(SERVER_NAME=f"nobody.{settings.BASE_HOST}", enforce_csrf_checks=True)

    @pytest.mark.parametrize("path", ["/", "/sign-in/", "/api/v1/pupils/", "/contingent/pupils/?q=a"])
    def test_says_so_whatever_is_asked(self, stranger: Client, path: str) -> None:
        for answer in (stranger.get(path), stranger.post(path)):
            assert answer.status_code == 421
            assert "Бұл мекенжайда мектеп жоқ" in answer.content.decode()

    def test_its_language_can_be_switched(self, stranger: Client) -> None:
        shown = stranger.get("/").content.decode()
        token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', shown)
        assert token is not None
        sent = {"language": "ru", "next": "/", "csrfmiddlewaretoken": token[1]}
        assert stranger.post("/ui/language", sent).status_code == 302
        assert "По этому адресу школы нет" in page(stranger, status=421)


class TestFamilyHost:
    def test_wants_a_sign_in_and_promises_nothing_it_has_not(
        self, tenants_db: None, client_for: ClientFor
    ) -> None:
        family = world.find("family")
        response = Client(SERVER_NAME=family.host).get("/")
        assert response.status_code == 302
        html = page(client_for(Role.GUARDIAN, school=family))
        assert "Әзірге мектеп байланыстырылмаған" in html


class TestVendorHost:
    def test_lists_tenants_with_their_state(
        self, vendor: TenantRef, school_a: TenantRef, client_for: ClientFor
    ) -> None:
        html = page(client_for(Role.OPERATOR, school=vendor, language="ru"))
        assert school_a.code in html
        assert "Школа А" in html
        assert "работает" in html

    def test_the_lists_of_tenants_answer_the_vendor_alone(
        self, school_a: TenantRef, authority: TenantRef, vendor: TenantRef
    ) -> None:
        for ref in (school_a, authority):
            with tenancy.use(ref):
                assert register.overview() == []
        with tenancy.use(vendor):
            rows = {row.code: row for row in register.overview()}
            assert rows["school-a"].under == "authority"
            assert rows["school-a"].position == rows["school-a"].newest > 0

    @pytest.mark.requirement("TEN-01")
    def test_the_vendor_reads_no_figures_and_no_school(self, vendor: TenantRef, school_a: TenantRef) -> None:
        with tenancy.use(vendor), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM public.tenants_rollupfact")
            assert cursor.fetchone() == (0,)
            cursor.execute("SELECT has_schema_privilege(current_user, %s, 'USAGE')", [school_a.schema])
            assert cursor.fetchone() == (False,)
