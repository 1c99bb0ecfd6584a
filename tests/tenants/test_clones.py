"""A school copied for trials: nobody real is left in it, and nothing leaves it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import DatabaseError, connection, transaction
from django.test import Client
from typer.testing import CliRunner

from identity.models import Session, User
from kernel import audit, clock, events, feeds, files, iin, jobs, keys, ports, tenancy
from kernel.access import Actor
from kernel.models import AuditEntry, OutboxEvent, StoredFile, ViewEntry
from kernel.tenancy import TenantRef
from modules.contingent.models import CardChange, Guardian, Guardianship, Membership, Pupil
from modules.staff.models import Employee
from notify import services as notices
from tenants import api, post, rollups
from tenants.cli import app
from tenants.clones import making, services
from tenants.clones.pseudonyms import Pseudonyms
from tenants.contents import reading
from tenants.models import Clone, Envelope, RollupFact, Tenant
from tests import world
from tests.factories import schedule as factory

pytestmark = pytest.mark.requirement("DEM-02", "TEN-05")
PICTURE = making.placeholder() + b"of somebody"
# Names that no list has: whatever of them is found in a copy came from the source.
PEOPLE = [
    ("Зерделібаев", "Қаһармантай", "Толыбекұлы", "m"),
    ("Зерделібаева", "Сәулешжан", "Толыбекқызы", "f"),
]
FATHER = ("Зерделібаев", "Толыбектай", "Әзімханұлы")
TEACHER = ("Шыңғырлауова", "Бәтишахан", "Мұстақымқызы")
NUMBERS = [iin.synthetic(date(2012, 3, 4), "m", 4242), iin.synthetic(date(2013, 5, 6), "f", 4343)]
FATHERS_NUMBER = "800102301239"
PHONES = ["+77015557788", "+77017778899"]
EMAIL = "zerdelibaev@example.kz"
WORDS = "Зерделібаевтың анасына қоңырау шалу керек"


@pytest.fixture(autouse=True)
def doors_are_shut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kernel.tenancy.SHUT_MODES", frozenset({"test"}))


@pytest.fixture(scope="module")
def source(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TenantRef]:
    """No test changes it."""
    patch = pytest.MonkeyPatch()
    patch.setattr(configured, "FILES_ROOT", tmp_path_factory.mktemp("stored"))
    with django_db_blocker.unblock():
        ref = world.found_school(mode="demo")
        _fill(ref)
        yield ref
        world.raze(ref)
    patch.undo()


def _fill(ref: TenantRef) -> None:
    with tenancy.use(ref), transaction.atomic():
        actor = Actor.system_actor("tests")
        head = factory.teacher(TEACHER[0], TEACHER[1])
        Employee.objects.filter(pk=head.pk).update(patronymic=TEACHER[2], sex="f", phone=PHONES[1])
        room = factory.school_class(7, "А", head=head)
        factory.pupils(room, 10)
        father = Guardian.objects.create(
            surname=FATHER[0], name=FATHER[1], patronymic=FATHER[2], iin=FATHERS_NUMBER, phone=PHONES[0],
            email=EMAIL, work_place="Зерделібаев шаруа қожалығы",
        )  # fmt: skip
        for (surname, name, patronymic, sex), number in zip(PEOPLE, NUMBERS, strict=True):
            one = Pupil.objects.create(
                surname=surname, name=name, patronymic=patronymic, sex=sex, iin=number,
                birth_date=date(2012, 3, 4) if sex == "m" else date(2013, 5, 6), address=WORDS, phone=PHONES[0],
                photo_id=files.store(
                    actor=actor, name=f"{surname}.png", content=PICTURE, content_type="image/png", purpose="contingent.photo"
                ).pk,
            )  # fmt: skip
            Membership.objects.create(pupil=one, school_class=room, year=factory.YEAR, since=date(2026, 9, 1))
            Guardianship.objects.create(pupil=one, guardian=father, relation="father")
            audit.viewed(actor=actor, subject="pupil", subject_ids=[one.pk], purpose="tests")
        files.store(
            actor=actor,
            name="a.pdf",
            content=WORDS.encode(),
            content_type="application/pdf",
            purpose="orders",
        )
        user = User.objects.create(
            username="zerdelibaev", surname=FATHER[0], name=FATHER[1], patronymic=FATHER[2], phone=PHONES[0],
            person_kind="guardian", person_id=father.pk, password="pbkdf2$secret", created_at=clock.now(),
        )  # fmt: skip
        Session.objects.create(
            user=user, tenant_id=ref.id, key_hash="5" * 64, created_at=clock.now(), seen_at=clock.now(),
            expires_at=clock.now() + timedelta(hours=1),
        )  # fmt: skip
        audit.record(actor=actor, action="tests.done", details={"who": FATHER[0]})


@contextmanager
def copied(source: TenantRef, code: str) -> Iterator[TenantRef]:
    made = services.clone(source, f"{code}-{source.code[-8:]}")
    world.COMMITTED.add(made.ref.schema)
    try:
        yield api.refreshed(made.ref)
    finally:
        forget(made.ref)


@pytest.fixture(scope="module")
def clone(source: TenantRef) -> Iterator[TenantRef]:
    """For tests that only read it."""
    with copied(source, "trial") as ref:
        yield ref


@pytest.fixture
def own_clone(source: TenantRef) -> Iterator[TenantRef]:
    """For tests that change it."""
    with copied(source, "busy") as ref:
        yield ref


def forget(ref: TenantRef) -> None:
    with tenancy.owner():
        Clone.objects.filter(tenant_id=ref.id).delete()
    world.raze(ref)


def everything(ref: TenantRef) -> str:
    """All that the tenant's tables say, opened; but for its own log."""
    with tenancy.owner(ref), transaction.atomic():
        return "\n".join(
            line
            for shape in reading.shapes(ref.schema).values()
            if shape.table not in ("kernel_keypair", "kernel_auditentry")
            for line in reading.texts(ref.schema, shape)
        ).casefold()


REAL = [
    *{part for *name, _sex in PEOPLE for part in name},
    *FATHER,
    *TEACHER,
    *NUMBERS,
    FATHERS_NUMBER,
    *PHONES,
    EMAIL,
    "zerdelibaev",
    "pbkdf2$secret",
    "5" * 64,
]


class TestNobodyReal:
    def test_no_table_has_a_name_a_number_a_phone_or_an_address_of_the_source(
        self, source: TenantRef, clone: TenantRef
    ) -> None:
        before, after = everything(source), everything(clone)
        assert [one for one in REAL if one.casefold() not in before] == []
        assert [one for one in REAL if one.casefold() in after] == []
        assert WORDS.casefold() not in after
        with tenancy.use(source):
            rows = [*Pupil.objects.all(), *Employee.objects.all(), *Guardian.objects.all()]
        for row in rows:  # the common names of lists too: whoever is there is somebody else
            for part in (row.surname, row.name, row.patronymic):
                assert not part or f'"{part.casefold()}"' not in after, part

    def test_nor_the_raw_tables_which_are_sealed_with_other_keys(
        self, source: TenantRef, clone: TenantRef
    ) -> None:
        assert keys.ring(source.schema).root != keys.ring(clone.schema).root
        with tenancy.owner(), connection.cursor() as cursor:
            cursor.execute(f'SELECT count(*) FROM "{source.schema}".contingent_pupil a JOIN "{clone.schema}".contingent_pupil b '
                           "ON b.iin = a.iin AND a.iin <> ''")  # fmt: skip
            assert cursor.fetchone() == (0,)

    def test_nor_the_store_of_files(self, source: TenantRef, clone: TenantRef) -> None:
        with tenancy.use(clone):
            stored = list(StoredFile.objects.all())
            assert {one.purpose for one in stored} == {"contingent.photo"}
            for one in stored:
                assert files.read(file_id=one.pk, purpose=one.purpose)[1] == making.placeholder()

    def test_numbers_cannot_be_and_days_of_birth_keep_their_order(
        self, source: TenantRef, clone: TenantRef
    ) -> None:
        born = {}
        for ref in (source, clone):
            with tenancy.use(ref):
                born[ref.code] = dict(Pupil.objects.exclude(birth_date=None).values_list("pk", "birth_date"))
                numbers = [one for one in Pupil.objects.values_list("iin", flat=True) if one]
        for number in numbers:
            assert iin.check(number, synthetic_allowed=True) == ["checksum"]
            assert clone.iin_problems(number) == []
        before, after = born[source.code], born[clone.code]
        assert sorted(before, key=lambda pk: (before[pk], pk)) == sorted(
            after, key=lambda pk: (after[pk], before[pk], pk)
        )
        assert all(abs((before[pk] - after[pk]).days) <= 45 for pk in before)

    def test_shapes_stay_families_classes_and_lengths(self, source: TenantRef, clone: TenantRef) -> None:
        with tenancy.use(source):
            pupils, tied = (
                Pupil.objects.count(),
                set(Guardianship.objects.values_list("pupil_id", "guardian_id")),
            )
        with tenancy.use(clone):
            assert Pupil.objects.count() == pupils
            assert set(Guardianship.objects.values_list("pupil_id", "guardian_id")) == tied
            boy, girl = Pupil.objects.filter(pk__in=[one for one, __ in tied]).order_by("-sex")
            father = Guardian.objects.get()
            assert girl.surname == f"{boy.surname}а"
            assert father.surname == boy.surname
            assert len(boy.address) == len(WORDS)
            assert boy.phone == father.phone
            assert boy.phone.startswith("+7000")
            assert father.email.endswith("@example.invalid")
            user = User.objects.get(person_id=father.pk)
            assert (user.surname, user.name) == (father.surname, father.name)
            assert user.password == "!"

    def test_histories_logs_ways_in_and_news_are_gone(self, clone: TenantRef) -> None:
        with tenancy.use(clone):
            for model in (CardChange, ViewEntry, Session, OutboxEvent):
                assert not model.objects.exists(), model
            assert not AuditEntry.objects.filter(action="tests.done").exists()

    def test_another_copy_has_other_people(self, source: TenantRef, clone: TenantRef) -> None:
        with tenancy.use(clone):
            ones = set(Pupil.objects.values_list("pk", "surname", "name"))
        with copied(source, "again") as again, tenancy.use(again):
            assert ones != set(Pupil.objects.values_list("pk", "surname", "name"))

    def test_people_are_told_alike_wherever_their_name_stands(self) -> None:
        known = Pseudonyms()
        row = {"id": 1, "surname": FATHER[0], "name": FATHER[1], "patronymic": FATHER[2]}
        known.meet(row)
        known.acquaint(row)
        told = known.told(row, {"surname": "surname", "name": "name", "patronymic": "patronymic"})
        assert known.full_name(" ".join(FATHER)) == f"{told['surname']} {told['name']} {told['patronymic']}"
        short = f"{FATHER[0]}\u00a0{FATHER[1][0]}.\u00a0{FATHER[2][0]}."
        assert known.full_name(short).startswith(told["surname"])
        assert known.json({"who": " ".join(FATHER[:2]), "kind": "enrol", "n": [3, None]})["kind"] == "enrol"
        assert FATHER[0] not in str(known.json([{"said": f"{FATHER[0]} келді"}]))


class Loud:
    """An adapter that would send."""

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **options: Any) -> None:
            import socket

            socket.create_connection(("192.0.2.1", 9), timeout=0.1)

        return call


WATCH: list[list[str]] = []


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if WATCH and event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        WATCH[-1].append(f"{event} {arguments[1:]}")


sys.addaudithook(_hear)


@contextmanager
def watched() -> Iterator[list[str]]:
    """Every connection that this process opens; the database's own client is not among them."""
    WATCH.append([])
    try:
        yield WATCH[-1]
    finally:
        WATCH.pop()


class TestNothingLeaves:
    @pytest.fixture(autouse=True)
    def loud_ports(self, settings: Any) -> None:
        loud = f"{__name__}.Loud"
        settings.PORTS = settings.PORTS | {
            "documents.signature_verifier": loud,
            "notify.push": loud,
            "notify.email": loud,
            "contingent.national_register": loud,
        }

    def test_the_watch_hears_what_would_be_sent(self, source: TenantRef) -> None:
        with watched() as heard, tenancy.use(source), pytest.raises(OSError):
            ports.adapter("notify.push").send()
        assert heard

    def test_every_port_that_leads_out_is_off_and_a_new_one_too(
        self, clone: TenantRef, settings: Any
    ) -> None:
        with tenancy.use(clone):
            for port in settings.PORTS:
                assert ports.is_off(port) == (port not in settings.PORTS_WITHIN)
            with pytest.raises(ports.OnlyForTrials):
                ports.adapter("contingent.national_register")
            assert notices.outside_channels() == []

    def test_every_job_pulse_and_delivery_opens_no_connection(
        self, own_clone: TenantRef, settings: Any
    ) -> None:
        settings.SECURITY_FEEDS = {"outside": f"{__name__}.OutsideFeed"}
        with watched() as heard, tenancy.use(own_clone):
            actor = Actor.system_actor("tests")
            user_id = User.objects.values_list("pk", flat=True).first()
            with transaction.atomic():
                notices.tell([user_id], "jobs", "jobs.done", {"kind": "tests", "reason": ""}, actor=actor)
            jobs.discover()
            for name, declared in jobs.REGISTER.items():
                if declared.permission is None and not _parameters(declared.run):
                    with transaction.atomic():
                        row = jobs.start(name, actor=actor)
                    jobs.run(row.pk)
            events.deliver()
            post.collect()
            jobs.beat()
            feeds.forward()
        assert heard == []

    def test_no_letter_goes_out_and_none_comes_in(self, source: TenantRef, clone: TenantRef) -> None:
        for ref in (source, clone):
            with tenancy.use(ref):
                post.ensure_keys()
        for sender, receiver, why in (
            (clone, source, ports.OnlyForTrials),
            (source, clone, post.NoSuchAddress),
        ):
            with tenancy.use(sender), pytest.raises(why), transaction.atomic():
                post.send(to=receiver.id, kind="tests.v1", body={}, actor=Actor.system_actor("tests"))
        with tenancy.owner():
            assert not Envelope.objects.filter(sender_id__in=[source.id, clone.id]).exists()

    def test_it_counts_in_no_district(self, source: TenantRef, clone: TenantRef) -> None:
        assert clone.parent_id is None
        figure = rollups.Figure("contingent.pupils", factory.YEAR, "now", 12, 1, 12)
        with tenancy.use(clone), transaction.atomic():
            assert (
                rollups.write([figure], metrics=["contingent.pupils"], year=factory.YEAR, period="now") == 0
            )
        with tenancy.owner():
            assert not RollupFact.objects.filter(school_id=clone.id).exists()

    def test_faults_are_not_told_outside(self, clone: TenantRef) -> None:
        from config import faults

        assert faults.scrub({}, {}) == {}
        with tenancy.use(clone):
            assert faults.scrub({}, {}) is None

    def test_every_page_says_what_it_is(self, clone: TenantRef, settings: Any) -> None:
        settings.ALLOWED_HOSTS = ["*"]
        for language, words in (("kk", "Сынақ режимі"), ("ru", "Тестовый режим")):
            client = Client(headers={"host": clone.host})
            client.cookies["lang"] = language
            page = client.get("/sign-in/", follow=True)
            assert words in page.content.decode()


class OutsideFeed(Loud):
    leaves_the_cell = True


def _parameters(run: Callable[..., Any]) -> list[str]:
    import inspect

    return [
        name
        for name, one in inspect.signature(run).parameters.items()
        if one.kind is one.KEYWORD_ONLY and one.default is one.empty
    ]


class TestTheTenant:
    def test_stays_for_trials_whoever_asks(self, clone: TenantRef) -> None:
        assert clone.mode == "test"
        with tenancy.owner(), pytest.raises(DatabaseError, match="for trials"), transaction.atomic():
            Tenant.objects.filter(pk=clone.id).update(mode="live")

    def test_show_tells_of_what_it_is_a_copy(self, source: TenantRef, clone: TenantRef) -> None:
        known = services.known_of(clone)
        assert known is not None
        assert (known["of"], known["persons"], known["until"]) == (source.code, "pseudonyms", "")
        shown = CliRunner().invoke(app, ["tenant", "show", clone.code])
        assert "pseudonyms" in shown.stdout
        assert services.known_of(source) is None

    def test_nothing_is_left_of_one_that_failed(
        self, source: TenantRef, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(making.filling, "loose_ends", lambda schema: {"a.b": 1})
        with pytest.raises(making.filling.LooseEnds):
            services.clone(source, "broken-trial")
        assert api.by_code("broken-trial") is None
        with tenancy.owner():
            assert not Tenant.objects.filter(code="broken-trial").exists()

    def test_a_copy_is_not_copied(self, clone: TenantRef) -> None:
        with pytest.raises(services.NotCopied):
            services.clone(clone, "of-a-copy")

    def test_the_command_wants_the_mode_said_and_gives_the_director_a_way_in(self, source: TenantRef) -> None:
        refused = CliRunner().invoke(app, ["tenant", "clone", source.code, "some-trial"])
        assert (refused.exit_code, refused.stdout) == (1, "")
        tried = CliRunner().invoke(
            app, ["tenant", "clone", source.code, "some-trial", "--test-mode", "--dry-run"]
        )
        assert tried.exit_code == 0, tried.output
        assert api.by_code("some-trial") is None


class TestRealPersons:
    def test_want_two_different_approvals_and_a_letter(self, source: TenantRef) -> None:
        for approved_by, letter in ((["dana"], "1"), (["dana", " Dana"], "1"), (["dana", "ermek"], " ")):
            with pytest.raises(services.TwoApprovals):
                services.clone(source, "exact", real_persons=True, approved_by=approved_by, letter=letter)
        assert api.by_code("exact") is None

    def test_live_72_hours_without_histories_and_ways_in(
        self, source: TenantRef, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        code = f"exact-{source.code[-8:]}"
        done = CliRunner().invoke(
            app,
            ["tenant", "clone", source.code, code, "--test-mode", "--real-persons", "--approved-by", "dana",
             "--approved-by", "ermek", "--letter", "7 of 28.11.2026", "--json"],
        )  # fmt: skip
        assert done.exit_code == 0, done.output
        ref = api.by_code(code)
        assert ref is not None
        world.COMMITTED.add(ref.schema)
        try:
            with tenancy.use(ref):
                assert Pupil.objects.filter(surname=PEOPLE[0][0], iin=NUMBERS[0]).exists()
                assert not Session.objects.exists()
                assert not CardChange.objects.exists()
                assert User.objects.get(surname=FATHER[0]).password == "!"
                assert ports.is_shut()
            assert services.expire() == []
            later = clock.now() + timedelta(hours=73)
            monkeypatch.setattr(services.clock, "now", lambda: later)
            assert services.expire() == [code]
            gone = api.by_code(code)
            assert gone is not None
            assert gone.state == "destroyed"
            assert ref.schema not in keys.known()
        finally:
            with tenancy.owner():
                Clone.objects.filter(tenant_id=ref.id).delete()
                connection.cursor().execute(
                    "DELETE FROM public.tenants_passage WHERE tenant_id = %s", [ref.id]
                )
                connection.cursor().execute("DELETE FROM public.tenants_host WHERE tenant_id = %s", [ref.id])
                connection.cursor().execute("DELETE FROM public.tenants_tenant WHERE id = %s", [ref.id])

    def test_the_log_names_who_approved(self, source: TenantRef, vendor: TenantRef) -> None:
        tried = CliRunner().invoke(
            app,
            [
                "tenant",
                "clone",
                source.code,
                "exact-2",
                "--test-mode",
                "--real-persons",
                "--approved-by",
                "dana",
            ],
        )
        assert tried.exit_code == 1
        assert "two different people" in tried.stderr
