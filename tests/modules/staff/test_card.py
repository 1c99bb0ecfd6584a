"""The whole card: its lines, service with the working, the photo; who may see and change it."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import ExifTags, Image

from kernel import images, tenancy
from kernel.access import Actor, Role
from kernel.models import AuditEntry, StoredFile
from kernel.tenancy import TenantRef
from modules.school import api as school
from modules.staff import api, queries, services, terms
from modules.staff.models import Attestation, Employee, EmployeeLanguage, Leave, Position, WorkPeriod
from tests.conftest import ActorOf

ClientFor = Callable[..., Client]
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def november(school_a: TenantRef) -> Iterator[None]:
    with time_machine.travel("2026-11-23 12:00+05:00", tick=True):
        yield


@pytest.fixture
def row(school_a: TenantRef) -> Employee:
    """A teacher whose service is the worked example: 4 years 10 months 16 days before, here since 2016."""
    with tenancy.use(school_a):
        made = services.take_on(
            actor=Actor.system_actor("test"),
            employee=api.NewEmployee(
                surname="Оспанова", name="Аружан", sex="f", birth_date=date(1966, 3, 10), category="moderator",
                category_date=date(2022, 8, 25), education="bachelor",
            ),
            posts=[api.Post("teacher_subject", Decimal("1"))],
            subjects=["algebra"],
            since=date(2016, 9, 1),
        )  # fmt: skip
        WorkPeriod.objects.create(
            employee=made,
            kind="pedagogical",
            organisation="Әулие мектебі",
            post_code="teacher_subject",
            since=date(2010, 8, 15),
            until=date(2015, 6, 30),
        )
        return made


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


LINES: dict[str, dict[str, str]] = {
    "education": {"level": "master", "institution": "ҚарУ", "speciality": "Математика", "year": "2009"},
    "categories": {"category": "expert", "date": "2026-08-25", "order_number": "41-ж"},
    "courses": {"theme": "Критериалды бағалау", "hours": "80", "until": "2025-06-20", "provider": "Өрлеу"},
    "awards": {"code": "altynsarin", "date": "2020-10-04"},
    "work": {"kind": "other", "organisation": "Кітапхана", "since": "2009-07-01", "until": "2010-08-14"},
    "leaves": {"kind": "sick", "since": "2026-11-02", "until": "2026-11-06", "paper": "№ 17"},
}
WRONG: dict[str, dict[str, str]] = {
    "education": {"year": "2031"},
    "categories": {"date": "2027-08-25"},
    "courses": {"since": "2025-07-01"},
    "awards": {"name": "Басқа"},
    "work": {"until": "2009-06-30"},
    "leaves": {"until": "2026-11-01"},
}


@pytest.mark.requirement("SIS-19", screen="staff:employee")
class TestLines:
    @pytest.mark.parametrize("section", LINES)
    def test_are_added_corrected_and_removed(
        self, client_for: ClientFor, school_a: TenantRef, row: Employee, section: str
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        new, given = f"/staff/{row.pk}/{section}/new/", LINES[section]
        assert clerk.get(new).status_code == 200
        assert clerk.post(new, given | WRONG[section]).status_code == 422
        assert clerk.post(new, given).status_code == 302
        model = services.SECTIONS[section]
        with tenancy.use(school_a):
            record = model._default_manager.filter(employee=row).order_by("-pk").first()
            assert record is not None
        page = f"/staff/{row.pk}/{section}/{record.pk}/"
        assert clerk.get(page).status_code == 200
        assert clerk.post(page, given).status_code == 302
        tab = {"work": "service", "leaves": "leaves"}.get(section, "papers")
        assert str(record.pk) in text_of(clerk.get(f"/staff/{row.pk}/?tab={tab}"))
        assert clerk.post(f"{page}remove/").status_code == 302
        assert clerk.get(page).status_code == 404
        with tenancy.use(school_a):
            actions = set(AuditEntry.objects.values_list("action", flat=True))
            assert {"staff.record.added", "staff.record.removed"} <= actions

    def test_of_no_known_section_are_not_there(self, client_for: ClientFor, row: Employee) -> None:
        assert client_for(Role.SECRETARY).get(f"/staff/{row.pk}/secrets/new/").status_code == 404

    def test_of_another_card_are_not_there(
        self, client_for: ClientFor, school_a: TenantRef, row: Employee
    ) -> None:
        with tenancy.use(school_a):
            other = Employee.objects.create(surname="Б", name="А", sex="f")
            record = services.add_record(
                actor=Actor.system_actor("t"), employee_id=other.pk, section="awards", name="Грамота"
            )
        clerk = client_for(Role.SECRETARY)
        assert clerk.post(f"/staff/{row.pk}/awards/{record.pk}/remove/").status_code == 404

    def test_two_leaves_do_not_overlap(self, client_for: ClientFor, row: Employee) -> None:
        clerk = client_for(Role.SECRETARY)
        assert clerk.post(f"/staff/{row.pk}/leaves/new/", LINES["leaves"]).status_code == 302
        again = clerk.post(f"/staff/{row.pk}/leaves/new/", LINES["leaves"] | {"since": "2026-11-06"})
        assert "02.11.2026" in text_of(again)

    def test_are_the_employees_own_to_read_and_the_offices_to_change(
        self, client_for: ClientFor, row: Employee
    ) -> None:
        own = client_for(Role.TEACHER, person_id=row.pk)
        for tab in ("main", "service", "papers", "leaves"):
            assert own.get(f"/staff/{row.pk}/?tab={tab}").status_code == 200
        assert own.get(f"/staff/{row.pk}/awards/new/").status_code == 403
        assert client_for(Role.TEACHER, person_id=uuid4()).get(f"/staff/{row.pk}/").status_code == 404

    def test_change_what_the_card_says_at_its_head(self, client_for: ClientFor, row: Employee) -> None:
        clerk = client_for(Role.SECRETARY, language="ru")
        page = text_of(clerk.get(f"/staff/{row.pk}/"))
        assert "педагог-модератор, 25.08.2022" in page
        assert "25.08.2027" in page
        clerk.post(f"/staff/{row.pk}/categories/new/", LINES["categories"])
        assert "педагог-эксперт, 25.08.2026" in text_of(clerk.get(f"/staff/{row.pk}/"))

    def test_subjects_and_languages_become_what_the_form_says(
        self, client_for: ClientFor, school_a: TenantRef, row: Employee
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        page = clerk.get(f"/staff/{row.pk}/edit/")
        given = {
            "surname": "Оспанова", "name": "Аружан", "sex": "f", "birth_date": "1966-03-10", "seen": page.context["form"]["seen"].value(),
            "subject_0": "geometry", "teaching_languages": ["kk"], "known_languages": ["kk", "ru", "en"],
            "nationality": "kazakh", "second_phone": "8 701 222 33 44", "address": "Абай 5",
            "retirement_ground": "many_children",
        }  # fmt: skip
        assert clerk.post(f"/staff/{row.pk}/edit/", given).status_code == 302
        with tenancy.use(school_a):
            known = dict(EmployeeLanguage.objects.values_list("code", "teaches"))
            assert known == {"kk": True, "ru": False, "en": False}
            saved = Employee.objects.get(pk=row.pk)
            assert (saved.second_phone, saved.nationality) == ("+77012223344", "kazakh")
            assert saved.subjects.get().subject_code == "geometry"
            assert queries.retirement_of(saved) == date(2019, 3, 10)


@pytest.mark.requirement("SIS-20", screen="staff:employee")
class TestService:
    def test_is_shown_with_its_working_on_any_day(self, client_for: ClientFor, row: Employee) -> None:
        clerk = client_for(Role.SECRETARY, language="ru")
        page = text_of(clerk.get(f"/staff/{row.pk}/?tab=service"))
        assert "15 лет 1 месяц 9 дней" in page
        assert "4 года 10 месяцев 16 дней" in page
        assert "10 лет 2 месяца 23 дня" in page
        assert "14–17 лет" in page
        before = text_of(clerk.get(f"/staff/{row.pk}/?tab=service&on=2015-06-30"))
        assert "4 года 10 месяцев 16 дней" in before
        assert "10 лет 2 месяца 23 дня" not in before

    def test_a_stated_beginning_is_marked_as_such(
        self, client_for: ClientFor, school_a: TenantRef, row: Employee
    ) -> None:
        with tenancy.use(school_a):
            Employee.objects.filter(pk=row.pk).update(teaching_since=date(2009, 8, 15))
        page = text_of(client_for(Role.SECRETARY, language="ru").get(f"/staff/{row.pk}/?tab=service"))
        assert "16 лет 1 месяц 9 дней" in page
        assert "без документов" in page

    def test_child_care_counts_as_the_school_decides(
        self, in_school: TenantRef, actor_of: ActorOf, row: Employee
    ) -> None:
        director = actor_of(Role.DIRECTOR)
        Leave.objects.create(
            employee=row, kind="child_care", since=date(2018, 1, 1), until=date(2018, 12, 31)
        )
        told = queries.service_of(actor=director, employee_id=row.pk)
        assert terms.served(told.pedagogical.total) == "15 жыл 1 ай 9 күн"
        school.change_setting(actor=director, code="staff.child_care_is_pedagogical", value="")
        told = queries.service_of(actor=director, employee_id=row.pk)
        assert terms.served(told.pedagogical.total) == "14 жыл 1 ай 9 күн"
        assert terms.served(told.general.total) == "15 жыл 1 ай 9 күн"

    def test_of_all_is_a_table_on_screen_in_excel_and_on_paper(
        self, client_for: ClientFor, row: Employee
    ) -> None:
        director = client_for(Role.DIRECTOR, language="ru")
        page = text_of(director.get("/staff/service/?on=2026-11-23"))
        assert "15 лет 1 месяц 9 дней" in page
        assert director.get("/staff/service/?as=excel").content.startswith(b"PK")
        printed = director.get("/staff/service/?as=pdf&on=2026-11-23")
        assert printed.content.startswith(b"%PDF")
        assert client_for(Role.TEACHER).get("/staff/service/").status_code == 403

    def test_sorts_and_filters_the_list(
        self, client_for: ClientFor, school_a: TenantRef, row: Employee
    ) -> None:
        with tenancy.use(school_a):
            services.take_on(
                actor=Actor.system_actor("test"),
                employee=api.NewEmployee(surname="Абаева", name="Дана", sex="f"),
                posts=[api.Post("teacher_subject")],
                since=date(2025, 9, 1),
            )
        director = client_for(Role.DIRECTOR)

        def names(query: str) -> list[str]:
            return [line.label.split()[0] for line in director.get(f"/staff/?{query}").context["list"].lines]

        assert names("sort=name") == ["Абаева", "Оспанова"]
        assert names("sort=-service") == ["Оспанова", "Абаева"]
        assert names("band=14") == ["Оспанова"]
        assert names("band=1") == ["Абаева"]
        assert names("category=moderator") == ["Оспанова"]
        assert names("category=none") == ["Абаева"]

    def test_costs_the_same_for_many(
        self, client_for: ClientFor, school_a: TenantRef, row: Employee, django_assert_max_num_queries: Any
    ) -> None:
        with tenancy.use(school_a):
            for number in range(15):
                services.take_on(
                    actor=Actor.system_actor("test"),
                    employee=api.NewEmployee(
                        surname=f"Абаева{'абвгдежзиклмноп'[number]}", name="Дана", sex="f"
                    ),
                    posts=[api.Post("teacher_subject")],
                    since=date(2025, 9, 1),
                )
        director = client_for(Role.DIRECTOR)
        director.get("/staff/service/")
        with tenancy.use(school_a), django_assert_max_num_queries(16):
            queries.services(list(Employee.objects.all()))


class TestPostsFromBefore:
    given = {
        "post_code": "librarian",
        "rate": "0.5",
        "form": "main",
        "since": "2014-09-01",
        "until": "2016-08-31",
    }

    def test_are_noted_corrected_and_removed(
        self, client_for: ClientFor, school_a: TenantRef, row: Employee
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        assert clerk.post(f"/staff/{row.pk}/posts/new/", self.given).status_code == 302
        with tenancy.use(school_a):
            position = Position.objects.get(post_code="librarian")
        page = f"/staff/posts/{position.pk}/"
        assert clerk.get(page).status_code == 200
        assert clerk.post(page, self.given | {"since": "2013-09-01"}).status_code == 302
        assert "01.09.2013" in text_of(clerk.get(f"/staff/{row.pk}/"))
        assert clerk.post(f"{page}remove/").status_code == 302
        assert clerk.get(page).status_code == 404

    def test_held_twice_at_a_time_are_refused(self, client_for: ClientFor, row: Employee) -> None:
        clerk = client_for(Role.SECRETARY)
        again = self.given | {"post_code": "teacher_subject", "until": ""}
        assert clerk.post(f"/staff/{row.pk}/posts/new/", again).status_code == 422


def png(width: int = 2, height: int = 2) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = b"".join(b"\x00" + b"\x10\x20\x30" * width for _ in range(height))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"tEXt", b"Comment\x00secret place")
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def jpeg() -> bytes:
    """A photo with a camera's note in it."""
    target, notes = io.BytesIO(), Image.Exif()
    notes[ExifTags.Base.Make] = "Samsung"
    Image.new("RGB", (30, 20), "teal").save(target, "JPEG", exif=notes)
    return target.getvalue()


JPEG = jpeg()


class TestPhoto:
    def send(self, client: Client, row: Employee, content: bytes, name: str = "a.png") -> Any:
        return client.post(f"/staff/{row.pk}/photo/set/", {"photo": SimpleUploadedFile(name, content)})

    def test_is_kept_without_the_cameras_notes_and_replaced(
        self, client_for: ClientFor, school_a: TenantRef, row: Employee
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        assert clerk.get(f"/staff/{row.pk}/photo/").status_code == 404
        assert self.send(clerk, row, png()).status_code == 302
        shown = clerk.get(f"/staff/{row.pk}/photo/")
        assert shown["Content-Type"] == "image/jpeg"
        assert shown["X-Content-Type-Options"] == "nosniff"
        assert b"secret place" not in shown.content
        self.send(clerk, row, JPEG)
        shown = clerk.get(f"/staff/{row.pk}/photo/")
        assert shown["Content-Type"] == "image/jpeg"
        assert b"Exif" not in shown.content
        with tenancy.use(school_a):
            assert StoredFile.objects.filter(purpose="staff.photo").count() == 1
        assert clerk.post(f"/staff/{row.pk}/photo/drop/").status_code == 302
        assert clerk.get(f"/staff/{row.pk}/photo/").status_code == 404

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"<svg onload=alert(1)>",
            b"\x89PNG\r\n\x1a\n",
            png()[:60],
            JPEG[: len(JPEG) // 2],
            JPEG[:30],
            b"MZ" + png(),
        ],
    )
    def test_that_is_none_is_refused(
        self, client_for: ClientFor, school_a: TenantRef, row: Employee, content: bytes
    ) -> None:
        self.send(client_for(Role.SECRETARY), row, content, "a.jpg")
        with tenancy.use(school_a):
            assert Employee.objects.get(pk=row.pk).photo_id is None

    def test_of_absurd_size_is_refused(self) -> None:
        assert images.picture(png(1, 1), largest=1000).media_type == "image/png"
        huge = bytearray(png(1, 1))
        huge[16:24] = struct.pack(">II", 60_000, 60_000)
        with pytest.raises((images.NoPicture, images.TooManyPixels)):
            images.picture(bytes(huge), largest=1000)

    def test_is_not_for_colleagues_and_not_for_the_other_school(
        self, client_for: ClientFor, school_b: TenantRef, row: Employee
    ) -> None:
        self.send(client_for(Role.SECRETARY), row, png())
        assert client_for(Role.TEACHER, person_id=uuid4()).get(f"/staff/{row.pk}/photo/").status_code == 404
        assert client_for(Role.DIRECTOR, school=school_b).get(f"/staff/{row.pk}/photo/").status_code == 404


class TestDates:
    def page(self, client: Client, what: str) -> list[str]:
        return [one.name for one in client.get(f"/staff/dates/?what={what}").context["lines"]]

    def test_say_who_is_to_be_thought_of(
        self, client_for: ClientFor, school_a: TenantRef, row: Employee
    ) -> None:
        with tenancy.use(school_a):
            Employee.objects.create(surname="Абаева", name="Дана", sex="f", birth_date=date(1976, 11, 23))
            Employee.objects.create(surname="Беков", name="Аян", sex="m", birth_date=date(1964, 1, 1))
        director = client_for(Role.DIRECTOR)
        assert self.page(director, "birthdays") == ["Абаева Дана"]
        assert self.page(director, "jubilees") == ["Оспанова Аружан", "Абаева Дана"]
        assert self.page(director, "attestation") == ["Оспанова Аружан"]
        assert self.page(director, "courses") == ["Оспанова Аружан"]
        assert self.page(director, "retirement") == ["Беков Аян", "Оспанова Аружан"]
        home = text_of(director.get("/"))
        assert "Абаева Дана, 50 жыл" in home
        assert director.get("/staff/dates/?what=retirement&as=excel").content.startswith(b"PK")

    def test_a_moved_attestation_is_due_when_it_was_moved_to(
        self, client_for: ClientFor, school_a: TenantRef, row: Employee
    ) -> None:
        with tenancy.use(school_a):
            Attestation.objects.filter(employee=row).update(due_date=date(2029, 1, 1))
        assert self.page(client_for(Role.DIRECTOR), "attestation") == []

    def test_heads_are_attested_more_often(
        self, client_for: ClientFor, school_a: TenantRef, row: Employee
    ) -> None:
        with tenancy.use(school_a):
            Attestation.objects.filter(employee=row).update(category="head_second", date=date(2024, 8, 25))
        assert self.page(client_for(Role.DIRECTOR), "attestation") == ["Оспанова Аружан"]

    def test_a_fresh_course_takes_the_name_off_the_list(
        self, client_for: ClientFor, school_a: TenantRef, row: Employee
    ) -> None:
        clerk = client_for(Role.SECRETARY)
        clerk.post(f"/staff/{row.pk}/courses/new/", LINES["courses"])
        assert self.page(client_for(Role.DIRECTOR), "courses") == []

    @pytest.mark.parametrize("role", [Role.TEACHER, Role.NURSE, Role.PARENT])
    def test_are_the_offices(self, client_for: ClientFor, role: Role) -> None:
        assert client_for(role).get("/staff/dates/").status_code == 403


class TestStaffing:
    def test_says_what_is_vacant_since_when(
        self, client_for: ClientFor, school_a: TenantRef, row: Employee
    ) -> None:
        director = client_for(Role.DIRECTOR)
        given = {"post_code": "teacher_subject", "rates": "2.5", "since": "2026-09-01", "ground": "№ 12"}
        assert director.post("/staff/staffing/approve/", given).status_code == 302
        [(line, __)] = director.get("/staff/staffing/").context["lines"]
        assert (line.approved, line.held, line.vacant, line.since) == (
            Decimal("2.5"),
            Decimal(1),
            Decimal("1.5"),
            date(2026, 9, 1),
        )
        assert "1,5 мөлшерлеме" in text_of(director.get("/"))
        assert (
            director.post(
                "/staff/staffing/approve/", given | {"rates": "1", "since": "2026-11-01"}
            ).status_code
            == 302
        )
        [(line, __)] = director.get("/staff/staffing/").context["lines"]
        assert line.vacant == 0
        earlier = director.post("/staff/staffing/approve/", given | {"since": "2026-08-01"})
        assert "01.11.2026" in text_of(earlier)
        assert director.get("/staff/staffing/?as=excel").content.startswith(b"PK")

    def test_is_changed_by_few(self, client_for: ClientFor) -> None:
        given = {"post_code": "cook", "rates": "1", "since": "2026-09-01"}
        assert client_for(Role.DEPUTY_ACADEMIC).get("/staff/staffing/").status_code == 200
        assert client_for(Role.DEPUTY_ACADEMIC).post("/staff/staffing/approve/", given).status_code == 403
        assert client_for(Role.TEACHER).get("/staff/staffing/").status_code == 403

    def test_of_the_other_school_is_another(
        self, client_for: ClientFor, school_b: TenantRef, row: Employee
    ) -> None:
        assert client_for(Role.DIRECTOR, school=school_b).get("/staff/staffing/").context["lines"] == []
