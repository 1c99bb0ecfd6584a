"""Lines of a card: kept with their days, read by whom they concern, every change written down with its author."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, connection, transaction
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kernel import audit, tenancy
from kernel.access import Actor, Role
from kernel.db import sealed
from kernel.errors import NotAllowed
from kernel.ids import uuid7
from kernel.models import StoredFile
from kernel.tenancy import TenantRef
from modules.contingent import services
from modules.contingent.models import (
    CardChange,
    Guardian,
    HealthGroup,
    HealthNote,
    Pupil,
    PupilAddress,
    PupilDocument,
    PupilStatus,
    SchoolClass,
)
from tests.factories.schedule import lead
from tests.modules.contingent.people import mother, new_class, new_pupil

pytestmark = pytest.mark.requirement("SIS-16")
ClientFor = Callable[..., Client]
ActorOf = Callable[..., Actor]
SEPTEMBER, NOVEMBER = date(2026, 9, 1), date(2026, 11, 20)


@pytest.fixture(autouse=True)
def november(school_a: TenantRef) -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:00+05:00", tick=True):
        yield


@pytest.fixture
def seven(school_a: TenantRef) -> SchoolClass:
    with tenancy.use(school_a):
        return new_class()


@pytest.fixture
def pupil(school_a: TenantRef, seven: SchoolClass) -> Pupil:
    with tenancy.use(school_a):
        return new_pupil(seven, guardians=(mother(),), address="Қарқаралы, Абай к-сі, 1")


@pytest.fixture
def clerk(actor_of: ActorOf) -> Actor:
    return actor_of(Role.SECRETARY, user_id=7, name="Қараған Көз")


@pytest.fixture
def nurse(actor_of: ActorOf) -> Actor:
    return actor_of(Role.NURSE, user_id=8, name="Сәуле Ахметова")


def picture(width: int = 3, height: int = 4) -> bytes:
    """A PNG with a note in it, such as phones write."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\x20\x60\xa0" * width) * height)
    note = chunk(b"tEXt", b"GPS\x0049.41,75.47")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + note + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def text_of(response: Any) -> str:
    return str(response.content.decode())


def changes(pupil: Pupil, part: str) -> list[tuple[str, dict[str, Any], str]]:
    rows = CardChange.objects.filter(pupil_id=pupil.pk, part=part).order_by("id")
    return [(one.action, one.changes, one.author_name) for one in rows]


class TestLines:
    def test_a_new_address_ends_the_one_before_and_lists_follow(
        self, school_a: TenantRef, pupil: Pupil, clerk: Actor
    ) -> None:
        with tenancy.use(school_a):
            for since, text in (
                (SEPTEMBER, "Қарқаралы, Абай к-сі, 1"),
                (NOVEMBER, "Егіндібұлақ, Бейбітшілік, 5"),
            ):
                services.add_record(
                    actor=clerk,
                    pupil_id=pupil.pk,
                    section="addresses",
                    kind="actual",
                    kato="354800000",
                    text=text,
                    distance_km=Decimal("3.5"),
                    since=since,
                )
            terms = PupilAddress.objects.order_by("since").values_list("since", "until")
            assert list(terms) == [(SEPTEMBER, date(2026, 11, 19)), (NOVEMBER, None)]
            pupil.refresh_from_db()
            assert pupil.address == "Егіндібұлақ, Бейбітшілік, 5"
            with pytest.raises(services.BeginsBefore):
                services.add_record(
                    actor=clerk,
                    pupil_id=pupil.pk,
                    section="addresses",
                    kind="actual",
                    text="Бақты",
                    since=SEPTEMBER,
                )

    def test_who_lives_far_is_seen_to_wait_for_transport(
        self, client_for: ClientFor, school_a: TenantRef, pupil: Pupil, clerk: Actor
    ) -> None:
        director, url = client_for(Role.DIRECTOR), f"/contingent/pupils/{pupil.pk}/?tab=addresses"
        director.cookies["lang"] = "kk"
        with tenancy.use(school_a):
            services.add_record(
                actor=clerk,
                pupil_id=pupil.pk,
                section="addresses",
                kind="actual",
                text="Бақты",
                distance_km=Decimal("4.5"),
                since=SEPTEMBER,
            )
        assert "Бала 4,5 км жерде тұрады" in text_of(director.get(url))
        with tenancy.use(school_a):
            services.add_record(
                actor=clerk, pupil_id=pupil.pk, section="transport", route="2", since=SEPTEMBER
            )
        assert "Бала 4,5 км" not in text_of(director.get(url))

    @pytest.mark.parametrize(
        ("section", "code"), [("needs", "special_educational_needs"), ("home", "home_education")]
    )
    def test_the_status_follows_its_paper(
        self, school_a: TenantRef, pupil: Pupil, clerk: Actor, section: str, code: str
    ) -> None:
        more = {"programme": "individual"} if section == "needs" else {}
        with tenancy.use(school_a):
            row = services.add_record(
                actor=clerk,
                pupil_id=pupil.pk,
                section=section,
                paper_number="41",
                paper_date=SEPTEMBER,
                since=SEPTEMBER,
                **more,
            )
            status = PupilStatus.objects.get()
            assert (status.code, status.since, status.until, status.ground) == (
                code,
                SEPTEMBER,
                None,
                "№ 41, 01.09.2026",
            )
            services.change_record(
                actor=clerk, pupil_id=pupil.pk, section=section, record_id=row.pk, until=NOVEMBER
            )
            assert PupilStatus.objects.get().until == NOVEMBER
            services.remove_record(actor=clerk, pupil_id=pupil.pk, section=section, record_id=row.pk)
            assert not PupilStatus.objects.exists()

    def test_each_is_added_corrected_and_removed_in_its_form(
        self, client_for: ClientFor, school_a: TenantRef, pupil: Pupil
    ) -> None:
        lines: dict[str, dict[str, str]] = {
            "documents": {"kind": "birth_certificate", "number": "0123456", "issued_date": "2013-05-01"},
            "addresses": {
                "kind": "registered",
                "text": "Абай, 1",
                "since": "2026-09-01",
                "distance_km": "4.5",
            },
            "transport": {"route": "№ 2", "stop": "Бақты", "since": "2026-09-01"},
            "needs": {
                "paper_number": "12",
                "paper_date": "2026-08-20",
                "programme": "special",
                "since": "2026-09-01",
            },
            "home": {"paper_number": "7", "paper_date": "2026-08-20", "since": "2026-09-01"},
            "health": {"group": "2", "physical_education": "preparatory", "since": "2026-09-01"},
            "notes": {"kind": "allergy", "name": "жаңғақ", "action": "103", "since": "2026-09-01"},
        }
        tabs = {"addresses": "addresses", "transport": "addresses", "needs": "statuses", "home": "statuses"}
        director = client_for(Role.DIRECTOR)
        base = f"/contingent/pupils/{pupil.pk}/"
        for section, given in lines.items():
            assert director.get(f"{base}lines/{section}/new/").status_code == 200
            assert director.post(f"{base}lines/{section}/new/", given).status_code == 302, section
            tab = tabs.get(section, "health" if section in ("health", "notes") else section)
            shown = text_of(director.get(f"{base}?tab={tab}"))
            url = next(
                part for part in shown.split('"') if f"/lines/{section}/" in part and "new" not in part
            )
            assert director.get(url).status_code == 200
            assert director.post(url, given | {"until": "2026-11-20"}).status_code == 302
            assert director.post(f"{url}remove/").status_code == 302
            assert director.get(url).status_code == 404

    def test_what_is_wrong_is_told_at_its_field_and_the_rest_stays(
        self, client_for: ClientFor, school_a: TenantRef, pupil: Pupil
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        clerk.cookies["lang"] = "kk"
        given = {
            "paper_number": "41",
            "paper_date": "2026-12-01",
            "since": "2026-09-02",
            "until": "2026-09-01",
        }
        answer = clerk.post(f"/contingent/pupils/{pupil.pk}/lines/home/new/", given)
        assert answer.status_code == 422
        form = answer.context["form"]
        assert form.errors.keys() == {"paper_date", "until"}
        assert form["paper_number"].value() == "41"
        assert "Бұл күн әлі келген жоқ" in text_of(answer)

    def test_another_schools_lines_are_not_here(
        self, client_for: ClientFor, school_a: TenantRef, school_b: TenantRef, pupil: Pupil, clerk: Actor
    ) -> None:
        with tenancy.use(school_a):
            row = services.add_record(
                actor=clerk, pupil_id=pupil.pk, section="transport", route="2", since=SEPTEMBER
            )
        stranger = client_for(Role.SECRETARY, school=school_b)
        base = f"/contingent/pupils/{pupil.pk}/lines/"
        for path in (f"{base}transport/{row.pk}/", f"{base}transport/new/", f"{base}nonsense/new/"):
            assert stranger.get(path).status_code == 404

    def test_a_part_costs_few_queries_however_many_lines(
        self, client_for: ClientFor, school_a: TenantRef, pupil: Pupil, clerk: Actor
    ) -> None:
        director, url = client_for(Role.DIRECTOR), f"/contingent/pupils/{pupil.pk}/"
        with tenancy.use(school_a):
            for n in range(20):
                services.add_record(
                    actor=clerk, pupil_id=pupil.pk, section="documents", kind="passport", number=str(n)
                )
        for tab, most in (("identity", 14), ("documents", 10), ("guardians", 11), ("changes", 10)):
            director.get(f"{url}?tab={tab}")
            with tenancy.use(school_a), CaptureQueriesContext(connection) as queries:
                assert director.get(f"{url}?tab={tab}").status_code == 200
            assert len(queries) <= most, (tab, "\n".join(q["sql"][:150] for q in queries))


class TestHistory:
    def test_a_changed_card_tells_what_was_and_who_changed_it(
        self, client_for: ClientFor, school_a: TenantRef, pupil: Pupil, clerk: Actor
    ) -> None:
        with tenancy.use(school_a):
            services.change_pupil(actor=clerk, pupil_id=pupil.pk, surname="Ахметбеков", phone="")
            assert changes(pupil, "pupil") == [
                ("changed", {"surname": ["Ахметов", "Ахметбеков"]}, "Қараған Көз")
            ]
        page = text_of(client_for(Role.DIRECTOR).get(f"/contingent/pupils/{pupil.pk}/?tab=changes"))
        assert "Ахметов</s> → Ахметбеков" in page
        assert "Қараған Көз" in page

    def test_a_guardian_of_two_children_leaves_a_line_on_both_cards(
        self, school_a: TenantRef, seven: SchoolClass, pupil: Pupil, clerk: Actor
    ) -> None:
        with tenancy.use(school_a):
            brother = new_pupil(seven, name="Арман", guardians=(mother(),))
            services.change_guardian(
                actor=clerk,
                pupil_id=pupil.pk,
                guardian_id=Guardian.objects.get().pk,
                relation="mother",
                work_place="аурухана",
            )
            for one in (pupil, brother):
                assert changes(one, "guardian") == [
                    ("changed", {"work_place": ["", "аурухана"]}, "Қараған Көз")
                ]

    def test_a_change_past_the_product_is_caught_and_names_nobody(
        self, school_a: TenantRef, pupil: Pupil
    ) -> None:
        with tenancy.use(school_a):
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('mektep.author_name', '', true)")  # as in a new transaction
                cursor.execute("UPDATE contingent_pupil SET iin = '' WHERE id = %s", [pupil.pk])
            _action, told, author = changes(pupil, "pupil")[-1]
            assert (list(told), author) == (["iin"], "")
            assert [sealed.read(Pupil._meta.get_field("iin"), one) for one in told["iin"]] == [pupil.iin, ""]

    @pytest.mark.parametrize(
        "statement", ["UPDATE contingent_cardchange SET changes = '{}'", "DELETE FROM contingent_cardchange"]
    )
    def test_nobody_in_the_school_rewrites_it(
        self, school_a: TenantRef, pupil: Pupil, statement: str
    ) -> None:
        with (
            tenancy.use(school_a),
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

    def test_an_unchanged_save_leaves_no_line(self, school_a: TenantRef, pupil: Pupil, clerk: Actor) -> None:
        with tenancy.use(school_a):
            services.change_pupil(actor=clerk, pupil_id=pupil.pk, iin=pupil.iin, surname=pupil.surname)
            Pupil.objects.update(iin=F("iin"), name=F("name"))
            assert changes(pupil, "pupil") == []

    def test_iin_and_health_stay_closed_in_it(
        self, client_for: ClientFor, school_a: TenantRef, pupil: Pupil, clerk: Actor, nurse: Actor
    ) -> None:
        before = pupil.iin
        with tenancy.use(school_a):
            services.change_pupil(actor=clerk, pupil_id=pupil.pk, iin="")
            services.add_record(
                actor=nurse, pupil_id=pupil.pk, section="notes", kind="chronic", name="астма", since=SEPTEMBER
            )
        url = f"/contingent/pupils/{pupil.pk}/?tab=changes"
        office = text_of(client_for(Role.SECRETARY).get(url))
        assert before not in office
        assert before[-4:] in office
        assert "астма" not in office
        assert "астма" in text_of(client_for(Role.DIRECTOR, username="director").get(url))


class TestHealth:
    @pytest.fixture
    def ill(self, school_a: TenantRef, pupil: Pupil, nurse: Actor) -> Pupil:
        with tenancy.use(school_a):
            services.add_record(
                actor=nurse,
                pupil_id=pupil.pk,
                section="health",
                group=3,
                physical_education="special",
                advice="алдыңғы парта",
                since=SEPTEMBER,
            )
            services.add_record(
                actor=nurse,
                pupil_id=pupil.pk,
                section="notes",
                kind="chronic",
                name="қант диабеті",
                action="тәтті беруге болмайды, анасына қоңырау шалу",
                since=SEPTEMBER,
            )
        return pupil

    def test_the_nurse_opens_health_and_nothing_else(self, client_for: ClientFor, ill: Pupil) -> None:
        nurse = client_for(Role.NURSE)
        base = f"/contingent/pupils/{ill.pk}/"
        page = text_of(nurse.get(base))
        assert "қант диабеті" in page
        # As a word: four digits may stand by chance inside an id or a token.
        assert not re.search(rf"(?<![\w-]){ill.iin[-4:]}(?![\w-])", page)
        for tab in ("identity", "documents", "addresses", "guardians", "statuses", "movement", "changes"):
            assert nurse.get(f"{base}?tab={tab}").status_code == 404, tab
        assert base in text_of(nurse.get("/contingent/pupils/"))
        assert nurse.get(f"{base}lines/notes/new/").status_code == 200
        assert nurse.get(f"{base}lines/documents/new/").status_code == 404

    def test_the_class_teacher_reads_what_to_do_and_not_the_illness(
        self, client_for: ClientFor, school_a: TenantRef, seven: SchoolClass, ill: Pupil
    ) -> None:
        teacher_id = uuid7()
        with tenancy.use(school_a):
            lead(seven, teacher_id)
        teacher = client_for(Role.CLASS_TEACHER, person_id=teacher_id)
        page = text_of(teacher.get(f"/contingent/pupils/{ill.pk}/?tab=health"))
        assert "тәтті беруге болмайды" in page
        assert "алдыңғы парта" in page
        assert "арнайы медициналық" in page
        assert "диабет" not in page
        other = client_for(Role.CLASS_TEACHER, person_id=uuid7(), username="other")
        assert other.get(f"/contingent/pupils/{ill.pk}/?tab=health").status_code == 404

    @pytest.mark.parametrize(
        "role", [Role.SECRETARY, Role.DEPUTY_ACADEMIC, Role.PSYCHOLOGIST, Role.SOCIAL_PEDAGOGUE]
    )
    def test_the_rest_of_the_staff_has_no_such_part(
        self, client_for: ClientFor, ill: Pupil, role: Role
    ) -> None:
        client = client_for(role)
        base = f"/contingent/pupils/{ill.pk}/"
        assert client.get(f"{base}?tab=health").status_code == 404
        assert "tab=health" not in text_of(client.get(base))

    def test_only_the_nurse_and_the_director_write_it(
        self, school_a: TenantRef, pupil: Pupil, clerk: Actor
    ) -> None:
        with tenancy.use(school_a):
            for section, more in (
                ("health", {"group": 1, "physical_education": "basic"}),
                ("notes", {"kind": "other", "name": "x"}),
            ):
                with pytest.raises(NotAllowed):
                    services.add_record(
                        actor=clerk, pupil_id=pupil.pk, section=section, since=SEPTEMBER, **more
                    )
            assert not HealthGroup.objects.exists()
            assert not HealthNote.objects.exists()

    def test_the_mother_reads_it_whole(self, client_for: ClientFor, school_a: TenantRef, ill: Pupil) -> None:
        with tenancy.use(school_a):
            guardian = Guardian.objects.get()
        her = client_for(Role.PARENT, person_id=guardian.pk)
        assert "қант диабеті" in text_of(her.get(f"/contingent/pupils/{ill.pk}/?tab=health"))


class TestFiles:
    def upload(self, content: bytes, name: str = "scan.pdf") -> dict[str, Any]:
        return {"kind": "passport", "number": "N1", "scan": SimpleUploadedFile(name, content)}

    def test_a_scan_is_kept_and_opened_by_those_who_may(
        self, client_for: ClientFor, school_a: TenantRef, seven: SchoolClass, pupil: Pupil
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        base = f"/contingent/pupils/{pupil.pk}/"
        pdf = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"
        assert clerk.post(f"{base}lines/documents/new/", self.upload(pdf)).status_code == 302
        with tenancy.use(school_a):
            row = PupilDocument.objects.get()
            other = new_pupil(seven, name="Арман")
        led = clerk.get(f"{base}scans/{row.pk}/")
        assert (led.status_code, led["Cache-Control"]) == (302, "no-store")
        place = urlsplit(led["Location"])
        assert place.hostname == "files.mektep.localhost"
        opened = Client(SERVER_NAME=place.hostname).get(place.path)
        assert opened.content == pdf
        assert opened["Content-Disposition"].startswith("attachment")
        with tenancy.use(school_a):
            assert audit.views_of(subject="pupil", subject_id=pupil.pk)[0].purpose == "contingent.scan"
        assert clerk.get(f"/contingent/pupils/{other.pk}/scans/{row.pk}/").status_code == 404
        assert client_for(Role.PSYCHOLOGIST).get(f"{base}scans/{row.pk}/").status_code == 403

    @pytest.mark.parametrize(
        "content",
        [
            b"MZ\x90\x00 a program",
            b"<html><script>alert(1)</script>",
            b"%PDF-1.7 /JavaScript (app.alert) %%EOF",
            b"%PDF-1.7 cut off",
            b"\xff\xd8\xff broken",
        ],
        ids=["program", "page", "lively-pdf", "cut-pdf", "broken-jpeg"],
    )
    def test_what_is_no_scan_is_refused_at_its_field(
        self, client_for: ClientFor, school_a: TenantRef, pupil: Pupil, content: bytes
    ) -> None:
        answer = client_for(Role.SECRETARY).post(
            f"/contingent/pupils/{pupil.pk}/lines/documents/new/", self.upload(content)
        )
        assert answer.status_code == 422
        assert answer.context["form"].errors.keys() == {"scan"}
        assert answer.context["form"]["number"].value() == "N1"
        with tenancy.use(school_a):
            assert not PupilDocument.objects.exists()
            assert not StoredFile.objects.exists()

    def test_a_photo_comes_without_its_notes_and_is_seen_by_those_who_see_the_card(
        self, client_for: ClientFor, school_a: TenantRef, pupil: Pupil
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        base = f"/contingent/pupils/{pupil.pk}/"
        sent = {"photo": SimpleUploadedFile("x.png", picture())}
        assert clerk.post(f"{base}photo/set/", sent).status_code == 302
        shown = clerk.get(f"{base}photo/")
        assert shown.status_code == 200
        assert b"GPS" not in shown.content
        assert shown["Cache-Control"] == "no-store"
        assert client_for(Role.NURSE).get(f"{base}photo/").status_code == 403
        assert client_for(Role.CLASS_TEACHER, person_id=uuid7()).get(f"{base}photo/").status_code == 404
        assert clerk.post(f"{base}photo/drop/").status_code == 302
        assert clerk.get(f"{base}photo/").status_code == 404
        with tenancy.use(school_a):
            assert not StoredFile.objects.exists()
            assert [one[0] for one in changes(pupil, "pupil")] == ["changed", "changed"]


@pytest.mark.requirement("SIS-16", screen="family:lookers")
class TestWhoLooked:
    def test_the_mother_reads_who_by_role_and_which_parts(
        self, client_for: ClientFor, account: Any, school_a: TenantRef, pupil: Pupil
    ) -> None:
        with tenancy.use(school_a):
            guardian = Guardian.objects.get()
        clerk = client_for(user=account(Role.SECRETARY, surname="Қараған", name="Көз"))
        for tab in ("identity", "documents", "movement"):
            clerk.get(f"/contingent/pupils/{pupil.pk}/?tab={tab}")
        her = client_for(Role.PARENT, person_id=guardian.pk, username="gulnar")
        for language, role, part in (
            ("kk", "Хатшы", "картаны ашты: құжаттар"),
            ("ru", "Секретарь", "открыта карточка: документы"),
        ):
            her.cookies["lang"] = language
            page = text_of(her.get(f"/family/{pupil.pk}/lookers/"))
            assert page.count("Қараған") == 1, "the looks of one sitting stand together"
            assert role in page
            assert part in page
