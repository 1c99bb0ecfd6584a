"""The pages of the books: what each shows, and to whom."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlparse
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel import clock, tenancy
from kernel.access import Actor, Role
from kernel.models import ViewEntry
from kernel.tenancy import TenantRef
from modules.contingent.models import Guardian, Pupil
from modules.records import services
from modules.records.models import Certificate
from modules.records.services.certificates import address_of
from tests.conftest import ActorOf, ClientFor
from tests.modules.contingent.people import mother, new_class, new_pupil
from tests.modules.records.test_movement import enrolled

pytestmark = pytest.mark.usefixtures("in_school")
TOKEN = "A" * 22


@pytest.fixture
def pupil() -> Pupil:
    return new_pupil(new_class(), guardians=(mother(),), address="Орталық көшесі 17")


@pytest.fixture
def office(client_for: ClientFor) -> Client:
    return client_for(Role.SECRETARY)


def looks() -> list[tuple[UUID, str]]:
    return list(ViewEntry.objects.order_by("id").values_list("subject_id", "purpose"))


def words(response: Any) -> str:
    return str(response.content.decode())


class TestAlphabet:
    def test_the_page_the_paper_and_the_workbook(
        self, office: Client, secretary: Actor, pupil: Pupil
    ) -> None:
        services.write_in(actor=secretary)
        page = words(office.get("/records/alphabet/"))
        assert "А/1" in page
        assert pupil.person_name.full in page
        for language in ("kk", "ru"):
            paper = office.get(f"/records/alphabet/?as=pdf&letter=А&lang={language}")
            assert paper.content.startswith(b"%PDF")
        assert office.get("/records/alphabet/?as=excel").content.startswith(b"PK")

    def test_newcomers_are_written_in_by_a_press(self, office: Client, pupil: Pupil) -> None:
        assert office.post("/records/alphabet/write/").status_code == 302
        assert "А/1" in words(office.get("/records/alphabet/"))

    @pytest.mark.requirement("SIS-44")
    def test_fifty_lines_cost_as_much_as_one(self, office: Client, secretary: Actor) -> None:
        seven = new_class()
        counted = []
        for many in (1, 20):
            for _each in range(many):
                new_pupil(seven)
            services.write_in(actor=secretary)
            office.get("/records/alphabet/")
            with CaptureQueriesContext(connection) as asked:
                office.get("/records/alphabet/")
            counted.append(len(asked))
        assert counted[0] == counted[1] <= 15

    @pytest.mark.requirement("SIS-44")
    def test_whoever_opens_it_is_seen_by_the_parents(
        self, office: Client, client_for: ClientFor, secretary: Actor, pupil: Pupil, school_b: TenantRef
    ) -> None:
        other = new_pupil(new_class(8), surname="Қасымов")
        services.write_in(actor=secretary)
        office.get("/records/alphabet/?letter=Қ")
        assert looks() == [(other.pk, "records.alphabet")]
        office.get("/records/alphabet/")
        assert looks() == [(other.pk, "records.alphabet"), (pupil.pk, "records.alphabet")]
        # Leafing there and back is one look; a quarter of an hour later it is another, and so is another person's.
        office.get("/records/alphabet/?q=а")
        assert len(looks()) == 2
        client_for(Role.SOCIAL_PEDAGOGUE).get("/records/alphabet/?letter=А")
        with time_machine.travel(clock.now() + timedelta(minutes=15), tick=True):
            office.get("/records/alphabet/?letter=А")
        assert looks()[2:] == [(pupil.pk, "records.alphabet")] * 2
        guardian = Guardian.objects.get()
        family = client_for(Role.PARENT, person_id=guardian.pk, language="ru")
        assert "алфавитной книге" in words(family.get(f"/family/{pupil.pk}/lookers/"))
        with tenancy.use(school_b):
            assert not ViewEntry.objects.exists()

    @pytest.mark.requirement("SIS-44")
    def test_who_takes_it_away_has_seen_all_that_is_in_it(
        self, office: Client, secretary: Actor, pupil: Pupil
    ) -> None:
        new_pupil(new_class(8), surname="Қасымов")
        services.write_in(actor=secretary)
        for shape in ("excel", "pdf"):
            office.get(f"/records/alphabet/?as={shape}&letter=А")
        assert looks() == [(pupil.pk, "records.alphabet.taken")]

    def test_a_social_pedagogue_reads_and_does_not_write(self, client_for: ClientFor, pupil: Pupil) -> None:
        reader = client_for(Role.SOCIAL_PEDAGOGUE)
        assert reader.get("/records/alphabet/").status_code == 200
        assert reader.post("/records/alphabet/write/").status_code == 403


class TestMovement:
    @pytest.mark.requirement("SIS-45")
    def test_the_page_the_names_the_paper_and_the_workbook(
        self, office: Client, director: Actor, pupil: Pupil
    ) -> None:
        enrolled(director, new_class(8).pk, date(2026, 11, 10))
        for address in ("/records/movement/", "/records/movement/?by=quarters&term=q2"):
            page = words(office.get(address))
            assert "8А" in page
            assert "tone-danger" not in page
        names = words(office.get("/records/movement/names/?way=in&term=m11"))
        assert "Жұмабекова Аружан" in names
        assert pupil.surname not in names
        for language in ("kk", "ru"):
            assert office.get(f"/records/movement/?as=pdf&lang={language}").content.startswith(b"%PDF")
        assert office.get("/records/movement/?as=excel").content.startswith(b"PK")

    def test_an_empty_school(self, office: Client) -> None:
        assert office.get("/records/movement/").status_code == 200
        assert office.get("/records/movement/names/?class=x&grade=y").status_code == 200
        assert office.get("/records/movement/?as=pdf").status_code == 200


class TestPersonalFile:
    @pytest.mark.requirement("GEN-02")
    @pytest.mark.parametrize("language", ["kk", "ru"])
    def test_is_printed_in_both_languages(
        self, language: str, office: Client, secretary: Actor, pupil: Pupil
    ) -> None:
        services.write_in(actor=secretary)
        paper = office.get(f"/records/pupils/{pupil.pk}/file.pdf?lang={language}")
        assert paper.content.startswith(b"%PDF")

    def test_of_another_school_is_not_there(self, office: Client, school_b: TenantRef) -> None:
        with tenancy.use(school_b):
            other = new_pupil(new_class())
        assert office.get(f"/records/pupils/{other.pk}/file.pdf").status_code == 404


class TestCertificates:
    def test_two_presses_on_the_card_give_the_paper(self, office: Client, pupil: Pupil) -> None:
        card = words(office.get(f"/contingent/pupils/{pupil.pk}/"))
        assert f"/records/pupils/{pupil.pk}/certificate/now/" in card
        answer = office.post(f"/records/pupils/{pupil.pk}/certificate/now/", {"language": "ru"}, follow=True)
        assert answer.content.startswith(b"%PDF")
        assert Certificate.objects.get().language == "ru"

    def test_a_class_at_once(self, office: Client, pupil: Pupil) -> None:
        seven = pupil.memberships.get().school_class_id
        other = new_pupil(pupil.memberships.get().school_class, surname="Оспанов")
        page = words(office.get(f"/records/classes/{seven}/certificates/"))
        assert other.person_name.full in page
        refused = office.post(
            f"/records/classes/{seven}/certificates/", {"language": "kk", "destination": "bank"}
        )
        assert refused.status_code == 422
        made = office.post(
            f"/records/classes/{seven}/certificates/",
            {"language": "kk", "destination": "bank", "pupil": [str(pupil.pk), str(other.pk)]},
            follow=True,
        )
        assert "Оспанов" in words(made)
        assert Certificate.objects.count() == 2
        file = office.get(f"{made.request['PATH_INFO']}?{made.request['QUERY_STRING']}&lang=kk")
        assert file.content.startswith(b"%PDF")

    def test_an_own_place_must_be_named(self, office: Client, pupil: Pupil) -> None:
        address = f"/records/pupils/{pupil.pk}/certificate/"
        refused = office.post(address, {"language": "kk", "destination": "other"})
        assert refused.status_code == 422
        done = office.post(
            address, {"language": "kk", "destination": "other", "destination_words": "мұражайға"}, follow=True
        )
        assert "мұражайға" in words(done)

    def test_the_register_finds_and_exports(self, office: Client, secretary: Actor, pupil: Pupil) -> None:
        services.issue(actor=secretary, pupil_ids=[pupil.pk], wanted=services.Wanted(language="kk"))
        for query in ("", "?q=Ахм", "?q=1", "?state=issued"):
            assert pupil.surname in words(office.get(f"/records/certificates/{query}"))
        assert pupil.surname not in words(office.get("/records/certificates/?q=Жоқ"))
        assert office.get("/records/certificates/?as=excel").content.startswith(b"PK")

    def test_withdrawing_wants_a_reason(self, office: Client, secretary: Actor, pupil: Pupil) -> None:
        [row] = services.issue(actor=secretary, pupil_ids=[pupil.pk], wanted=services.Wanted(language="kk"))
        address = f"/records/certificates/{row.pk}/withdraw/"
        assert office.post(address, {"reason": ""}).status_code == 422
        assert office.post(address, {"reason": "қате"}).status_code == 302
        assert Certificate.objects.get().state == "withdrawn"

    def test_unknown_ones_are_not_there(self, office: Client) -> None:
        for path in ("", "paper.pdf"):
            assert office.get(f"/records/certificates/{uuid4()}/{path}").status_code == 404
        for act in ("withdraw", "decline"):
            assert office.post(f"/records/certificates/{uuid4()}/{act}/", {"reason": "x"}).status_code == 404


class TestFamily:
    @pytest.fixture
    def phone(self, pupil: Pupil, client_for: ClientFor) -> Client:
        return client_for(Role.PARENT, person_id=Guardian.objects.get().pk)

    def test_a_mother_orders_and_the_office_issues(self, phone: Client, office: Client, pupil: Pupil) -> None:
        address = f"/records/children/{pupil.pk}/"
        assert (
            f"{address}" in words(phone.get(f"/family/{pupil.pk}/")) or phone.get(address).status_code == 200
        )
        assert phone.post(address, {"language": "kk", "destination": "bank"}).status_code == 302
        again = phone.post(address, {"language": "kk", "destination": "bank"})
        assert again.status_code == 422
        row = Certificate.objects.get()
        assert str(row.pk) in words(office.get("/records/certificates/"))
        assert (
            office.post("/records/certificates/ordered/", {"certificate": [str(row.pk)]}).status_code == 302
        )
        assert phone.get(f"/records/certificates/{row.pk}/paper.pdf").content.startswith(b"%PDF")
        assert phone.get(f"/records/certificates/{row.pk}/").status_code == 403

    def test_another_child_is_not_there(self, phone: Client) -> None:
        other = new_pupil(new_class(8))
        assert phone.get(f"/records/children/{other.pk}/").status_code == 404

    def test_a_declined_order_says_why(self, phone: Client, office: Client, pupil: Pupil) -> None:
        phone.post(f"/records/children/{pupil.pk}/", {"language": "kk", "destination": "bank"})
        row = Certificate.objects.get()
        assert office.get(f"/records/certificates/{row.pk}/").status_code == 200
        office.post(f"/records/certificates/{row.pk}/decline/", {"reason": "Басқа құжат керек"})
        assert "Басқа құжат керек" in words(phone.get(f"/records/children/{pupil.pk}/"))


@pytest.mark.requirement("GEN-02")
class TestVerifying:
    @pytest.fixture
    def row(self, secretary: Actor, pupil: Pupil) -> Certificate:
        return services.issue(actor=secretary, pupil_ids=[pupil.pk], wanted=services.Wanted(language="kk"))[0]

    def test_the_square_leads_to_a_page_without_sign_in(
        self, row: Certificate, pupil: Pupil, client_for: ClientFor
    ) -> None:
        address = urlparse(address_of(row.token or ""))
        assert address.hostname == tenancy.current().host
        answer = client_for().get(address.path)
        page = words(answer)
        assert answer.status_code == 200
        assert "А••• Е. Б." in page
        for secret in (pupil.surname, pupil.name, pupil.iin, str(pupil.pk), pupil.address, "2013"):
            assert secret not in page
        assert answer.headers["X-Robots-Tag"].startswith("noindex")
        assert answer.headers["Cache-Control"] == "no-store"

    def test_withdrawn_and_forged_ones_say_so(
        self, row: Certificate, secretary: Actor, client_for: ClientFor, school_b: TenantRef
    ) -> None:
        stranger = client_for()
        address = f"/records/genuine/{row.token}/"
        genuine = words(stranger.get(address))
        services.withdraw(actor=secretary, certificate_id=row.pk, reason="құпия себеп")
        withdrawn = words(stranger.get(address))
        assert "tone-success" in genuine or "alert" in genuine
        assert genuine != withdrawn
        assert "құпия себеп" not in withdrawn
        forged = stranger.get(f"/records/genuine/{TOKEN}/")
        assert forged.status_code == 404
        assert row.class_label not in words(forged)
        elsewhere = client_for(school=school_b).get(address)
        assert elsewhere.status_code == 404

    def test_whoever_tries_many_links_is_stopped(self, client_for: ClientFor) -> None:
        stranger = client_for()
        answers = [stranger.get(f"/records/genuine/{TOKEN}/").status_code for _each in range(31)]
        assert answers[:30] == [404] * 30
        assert answers[30] == 429


@pytest.mark.parametrize(
    ("role", "opens"),
    [
        (Role.DIRECTOR, {"alphabet", "movement", "certificates"}),
        (Role.DEPUTY_ACADEMIC, {"alphabet", "movement", "certificates"}),
        (Role.SECRETARY, {"alphabet", "movement", "certificates"}),
        (Role.DEPUTY_UPBRINGING, {"alphabet", "movement"}),
        (Role.SOCIAL_PEDAGOGUE, {"alphabet", "movement"}),
        (Role.TEACHER, set()),
        (Role.CLASS_TEACHER, set()),
        (Role.PARENT, set()),
        (Role.PUPIL, set()),
        (Role.OBSERVER, set()),
    ],
)
def test_who_opens_which_book(role: Role, opens: set[str], client_for: ClientFor, actor_of: ActorOf) -> None:
    client = client_for(role)
    pages = ("alphabet", "movement", "certificates")
    assert {one for one in pages if client.get(f"/records/{one}/").status_code == 200} == opens
