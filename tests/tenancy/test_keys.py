"""Wall 5: nothing of a school's people stands in its database, or among its files, that its key does not close.

A school is filled with planted numbers, phones, illnesses, papers and addresses by the ways that clerks use; then every
row of every table and every file is read as their owner would.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from identity import api as identity
from imports import services as imports
from kernel import crypto, files, keys, tenancy
from kernel.access import Actor, Role
from kernel.db import resealing, sealed
from kernel.tenancy import TenantRef
from modules.contingent import queries, services
from modules.contingent.data import NewGuardian
from modules.contingent.models import CardChange, Guardian, HealthNote, Pupil, PupilDocument, SchoolClass
from modules.orders import api as orders
from modules.staff.models import Education, Employee
from modules.transfers.models import Transfer
from tenants import rotation
from tests.imports.build import line, number, table, xlsx

pytestmark = [pytest.mark.requirement("TEN-01"), pytest.mark.requirement("SEC-04")]

PLANTED = {
    "ИИН of a pupil": "100101700011",
    "ИИН of a pupil, before": "100101700022",
    "ИИН of a guardian": "800101800013",
    "ИИН of an employee": "750505700014",
    "ИИН in a file": number(serial=4321),
    "ИИН in an order": "120404700016",
    "ИИН of a child on the way": "130505700017",
    "phone of a guardian": "+77015550101",
    "second phone of a guardian": "+77015550102",
    "phone of an employee": "+77015550103",
    "phone in a file": "7015550104",
    "phone in an order": "+77015550105",
    "address": "Жасыл желек 17",
    "address of a line": "Көктерек 23",
    "e-mail": "planted@mail.kz",
    "illness": "бронх демікпесі",
    "what to do": "ингалятор қалтасында",
    "document": "043215678",
    "conclusion": "ПМПК-7788",
    "diploma": "ЖБ-Б 0112233",
    "dossier": "гемофилия",
}


def fill(ref: TenantRef) -> None:
    told = PLANTED
    with tenancy.use(ref), transaction.atomic():
        clerk = Actor.system_actor("test")
        school_class = SchoolClass.objects.create(
            year=queries.current_year(), grade=5, letter="А", language="kk"
        )
        pupil = Pupil.objects.create(
            surname="Серікова",
            name="Айша",
            sex="f",
            birth_date=date(2015, 1, 1),
            iin=told["ИИН of a pupil, before"],
        )
        pupil.iin = told["ИИН of a pupil"]
        pupil.address = told["address"]
        pupil.save(update_fields=["iin", "address"])
        mother = services.link_guardian(
            actor=clerk,
            pupil_id=pupil.pk,
            guardian=NewGuardian(
                relation="mother", surname="Серікова", name="Гүлнар", phone=told["phone of a guardian"],
                second_phone=told["second phone of a guardian"], email=told["e-mail"],
            ),
        ).guardian  # fmt: skip
        mother.iin = told["ИИН of a guardian"]
        mother.save(update_fields=["iin"])
        for section, values in {
            "documents": {"kind": "birth_certificate", "number": told["document"]},
            "addresses": {"kind": "actual", "text": told["address of a line"], "since": date(2026, 9, 1)},
            "notes": {"kind": "allergy", "name": told["illness"], "action": told["what to do"], "since": date(2026, 9, 1)},
            "needs": {
                "paper_number": told["conclusion"], "paper_date": date(2026, 9, 1), "programme": "general",
                "since": date(2026, 9, 1),
            },
        }.items():  # fmt: skip
            services.add_record(actor=clerk, pupil_id=pupil.pk, section=section, **values)
        employee = Employee.objects.create(
            surname="Омаров", name="Болат", sex="m", iin=told["ИИН of an employee"], phone=told["phone of an employee"],
        )  # fmt: skip
        Education.objects.create(employee=employee, diploma=told["diploma"])
        identity.create_account(
            actor=clerk, surname="Серікова", name="Гүлнар", person_kind="guardian", person_id=mother.pk,
            phone=told["phone of a guardian"], roles=[Role.PARENT],
        )  # fmt: skip
        batch = imports.receive(
            actor=clerk, importer_code="pupils", name="a.xlsx",
            content=xlsx(table(line(1, ИИН=told["ИИН in a file"], **{"Мать: ФИО": "Ахметова Гүлнар", "Мать: телефон": f"8{told['phone in a file']}"}))),
        )  # fmt: skip
        imports.choose_columns(actor=clerk, batch_id=batch.pk, mapping=batch.mapping)
        imports.check(actor=clerk, batch_id=batch.pk)
        imports.load(actor=clerk, batch_id=batch.pk)
        orders.draft(
            actor=clerk,
            kind="contingent.enrol",
            lines=[
                orders.NewLine(
                    subject_id=None,
                    subject="Нұрлан Дана",
                    values={
                        "iin": told["ИИН in an order"],
                        "phone": told["phone in an order"],
                        "class_id": str(school_class.pk),
                    },
                )
            ],
        )
        Transfer.objects.create(
            side="in", state="asked", partner_kk="Б", partner_ru="Б", iin=told["ИИН of a child on the way"], grade=5,
            ground="residence", asked_on=date(2026, 9, 1), arrival_date=date(2026, 9, 2), valid_until=date(2026, 9, 9),
            dossier={"parts": {"health": told["dossier"]}},
        )  # fmt: skip


def rows(ref: TenantRef) -> dict[str, list[str]]:
    """Every row of the school's tables as PostgreSQL writes it out."""
    with tenancy.owner(ref), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [ref.schema])
        found = {}
        for (name,) in cursor.fetchall():
            cursor.execute(f"SELECT t::text FROM {ref.schema}.{name} t ORDER BY 1")
            found[name] = [text for (text,) in cursor.fetchall()]
        return found


def seen(words: dict[str, str], found: dict[str, list[str]]) -> set[tuple[str, str]]:
    """Which planted words stand where, as they are or as bytes."""
    return {
        (table, what)
        for what, word in words.items()
        for table, texts in found.items()
        for text in texts
        if word in text or word.encode().hex() in text or word.encode("unicode-escape").decode() in text
    }


def stored(ref: TenantRef) -> list[bytes]:
    return [
        path.read_bytes() for path in (Path(settings.FILES_ROOT) / ref.schema).rglob("*") if path.is_file()
    ]


@pytest.fixture
def school(
    committed_school: Callable[..., TenantRef], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> TenantRef:
    monkeypatch.setattr(settings, "FILES_ROOT", tmp_path)
    ref = committed_school(mode="test")
    fill(ref)
    return ref


def test_a_dump_of_the_database_tells_nothing_of_people(school: TenantRef) -> None:
    found = rows(school)
    assert found["contingent_cardchange"], "the history was written too"
    assert found["imports_importchange"], "the file was loaded"
    with tenancy.use(school):
        # What is looked for was there to be found: every planted word is read by the product.
        assert (
            Pupil.objects.filter(iin__in=[PLANTED["ИИН of a pupil"], PLANTED["ИИН in a file"]]).count() == 2
        )
        assert HealthNote.objects.get().name == PLANTED["illness"]
        assert PupilDocument.objects.get().number == PLANTED["document"]
    assert seen(PLANTED, found) == set()


def test_the_files_tell_nothing_either(school: TenantRef) -> None:
    kept = stored(school)
    assert kept, "the file of the import is kept"
    with tenancy.use(school):
        row = files.StoredFile.objects.get(purpose="imports")
        assert files.read(file_id=row.pk, purpose="imports")[1].startswith(b"PK")
    assert not any(content.startswith(b"PK") for content in kept)


def told_of_addresses() -> list[str]:
    """What the history says the pupil's address was, one after the other."""
    field = Pupil._meta.get_field("address")
    rows = CardChange.objects.filter(part="pupil", changes__has_key="address").order_by("id")
    return [sealed.read(field, row.changes["address"][1]) for row in rows]


def test_the_history_is_read_in_words(school: TenantRef) -> None:
    with tenancy.use(school):
        assert told_of_addresses() == [PLANTED["address"], PLANTED["address of a line"]]


def test_with_the_key_everything_is_gone_and_the_database_is_as_it_was(school: TenantRef) -> None:
    before = hashlib.sha256(repr(rows(school)).encode()).hexdigest()
    with tenancy.use(school):
        pupil_id = Pupil.objects.get(iin=PLANTED["ИИН of a pupil"]).pk
        token = crypto.signer("test").sign("a")
    keys.destroy(school.schema)
    assert hashlib.sha256(repr(rows(school)).encode()).hexdigest() == before
    with tenancy.use(school):
        for ask in (
            lambda: Pupil.objects.get(pk=pupil_id),
            lambda: list(Guardian.objects.values_list("phone")),
            lambda: Pupil.objects.filter(iin=PLANTED["ИИН of a pupil"]).exists(),
            lambda: HealthNote.objects.get(),
            lambda: files.read(
                file_id=files.StoredFile.objects.values_list("pk", flat=True)[0], purpose="imports"
            ),
            lambda: crypto.signer("test").unsign(token),
            lambda: Pupil.objects.create(
                surname="А",
                name="Б",
                sex="m",
                birth_date=date(2015, 1, 1),
                iin=PLANTED["ИИН of a pupil, before"],
            ),
        ):
            with pytest.raises(keys.KeyUnavailable):
                ask()
    with pytest.raises(keys.KeyUnavailable):
        keys.turn(school.schema)


class TestTurning:
    def test_closes_everything_anew_and_changes_nothing_that_is_read(
        self, school: TenantRef, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(resealing, "BATCH", 2)
        with tenancy.use(school):
            histories = CardChange.objects.count()
        turned = rotation.begin(school)
        assert turned.generation == 2
        assert turned.values > 20
        texts = "".join(text for texts in rows(school).values() for text in texts)
        assert "(1." not in texts
        assert ",1." not in texts
        assert '"1.' not in texts
        monkeypatch.setattr(resealing, "SETTLES_IN", resealing.timedelta(0))
        done = rotation.finish(turned, school)
        assert done.destroyed == (1,)
        with tenancy.use(school):
            assert CardChange.objects.count() == histories, "no change of a card"
            pupil = Pupil.objects.get(iin=PLANTED["ИИН of a pupil"])
            assert pupil.address == PLANTED["address of a line"]
            assert told_of_addresses() == [PLANTED["address"], PLANTED["address of a line"]]
            row = files.StoredFile.objects.get(purpose="imports")
            assert files.read(file_id=row.pk, purpose="imports")[1].startswith(b"PK")

    def test_goes_on_where_it_was_stopped(self, school: TenantRef, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(resealing, "BATCH", 2)
        steps = iter(range(4))

        def stop(_column: str, _rows: int) -> None:
            if next(steps, None) is None:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            rotation.begin(school, progress=stop)
        with tenancy.use(school):
            pupil = Pupil.objects.get(iin=PLANTED["ИИН of a pupil"])
            assert pupil.address == PLANTED["address of a line"], "half is read too"
        turned = rotation.begin(school)
        assert turned.generation == 2, "no third generation"
        monkeypatch.setattr(resealing, "SETTLES_IN", resealing.timedelta(0))
        assert rotation.finish(turned, school).destroyed == (1,)

    def test_waits_until_no_process_remembers_the_older_key(self, school: TenantRef) -> None:
        waited: list[float] = []
        rotation.begin(school)
        with tenancy.owner(school):
            resealing.finish(wait=waited.append)
        assert [30 < seconds <= 60 for seconds in waited] == [True]
