"""From the first day to the last: a contract that ends, a school that only reads, one that is closed, archived, destroyed.

What a state forbids is refused by PostgreSQL itself, and said kindly; what a school had is there again when it is resumed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from psycopg.errors import InsufficientPrivilege
from typer.testing import CliRunner, Result

from config import celery
from identity.models import User
from kernel import clock, events, files, jobs, memo, tenancy
from kernel.access import Actor, Role
from kernel.errors import ReadOnly
from kernel.models import AuditEntry, Job, OutboxEvent
from kernel.tenancy import TenantRef
from tenants import api, cli, roles
from tenants.lifecycle import leaving, rules, services
from tenants.models import Contract, Passage, Tenant
from tests import world
from tests.architecture.routes import routes
from tests.conftest import PASSWORD, Accounts, ClientFor
from tests.modules.contingent.people import new_class

pytestmark = pytest.mark.requirement("TEN-05", "SUP-08")
State = Tenant.State
NEW_CLASS = {"grade": "5", "letter": "ә", "language": "kk", "shift": "1", "kind": "general"}
LETTER = "№ 7, 01.11.2026"


@pytest.fixture
def school(committed_school: Callable[..., TenantRef]) -> Iterator[TenantRef]:
    cache.clear()
    memo.clear_all()
    jobs.Collected.clear()
    ref = committed_school()
    yield ref
    api.forget_host()


def mektep(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, ["tenant", *arguments])


def now(ref: TenantRef) -> TenantRef:
    """The tenant as the register has it."""
    found = api.by_code(ref.code)
    assert found is not None
    return found


def suspend(ref: TenantRef, to: str = "read_only") -> TenantRef:
    services.suspend(code=ref.code, to=to, letter=LETTER)
    return now(ref)


class TestRules:
    contract = Contract(since=date(2026, 1, 1), until=date(2026, 12, 31), warning_days=30, read_only_days=90)

    @pytest.mark.parametrize(
        ("day", "state"),
        [
            ("2026-01-01", State.ACTIVE),
            ("2026-12-01", State.ACTIVE),
            ("2026-12-02", State.WARNED),
            ("2026-12-31", State.WARNED),
            ("2027-01-01", State.READ_ONLY),
            ("2027-03-31", State.READ_ONLY),
            ("2027-04-01", State.CLOSED),
            ("2030-01-01", State.CLOSED),
        ],
    )
    def test_the_contract_brings_each_state_on_its_day(self, day: str, state: str) -> None:
        assert rules.state_on(self.contract, date.fromisoformat(day)) == state

    def test_says_what_comes_next_and_when(self) -> None:
        assert rules.next_step(self.contract, date(2026, 12, 5)) == rules.Step(
            State.READ_ONLY, date(2027, 1, 1)
        )
        assert rules.next_step(self.contract, date(2027, 5, 1)) is None

    def test_steps_of_no_days_are_left_out(self) -> None:
        bare = Contract(since=date(2026, 1, 1), until=date(2026, 12, 31), warning_days=0, read_only_days=0)
        assert [one.state for one in rules.steps(bare)] == [State.ACTIVE, State.CLOSED]
        assert rules.state_on(bare, date(2026, 12, 31)) == State.ACTIVE

    def test_without_a_contract_it_works(self) -> None:
        assert rules.state_on(None, date(2040, 1, 1)) == State.ACTIVE


class TestTheWall:
    """Reading only is refused by the rights of the role: no session, no statement gets round it."""

    @pytest.mark.parametrize(
        "attack",
        [
            "INSERT INTO contingent_schoolclass (year) VALUES ('2026-27')",
            "UPDATE contingent_pupil SET surname = 'x'",
            "DELETE FROM journal_mark",
            "TRUNCATE contingent_pupil CASCADE",
            "UPDATE identity_user SET is_active = true",
            "UPDATE identity_user SET username = 'x'",
            "INSERT INTO identity_userrole (user_id, role_id) VALUES (1, 1)",
            "UPDATE kernel_auditentry SET action = 'x'",
            "DELETE FROM kernel_outboxevent",
            "INSERT INTO public.tenants_rollupfact (metric) VALUES ('x')",
            "DELETE FROM public.tenants_envelope",
            "SELECT public.tenants_rename('x', 'x')",
            "UPDATE public.tenants_tenant SET state = 'active'",
            "INSERT INTO public.tenants_contract (number) VALUES ('x')",
        ],
    )
    def test_postgresql_refuses(self, school: TenantRef, attack: str) -> None:
        suspend(school)
        # The caller's own look at the tenant is an old one: nothing of ours stands between it and the server.
        with tenancy.use(school), connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = off")
            with pytest.raises(ProgrammingError) as refused, transaction.atomic():
                cursor.execute(attack)
        assert isinstance(refused.value.__cause__, InsufficientPrivilege)

    def test_the_role_writes_the_few_tables_that_are_named_and_no_others(self, school: TenantRef) -> None:
        suspend(school)
        with tenancy.owner(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT table_name FROM information_schema.column_privileges WHERE grantee = %s"
                " AND table_schema = %s AND privilege_type IN ('INSERT', 'UPDATE')"
                " UNION SELECT table_name FROM information_schema.table_privileges WHERE grantee = %s"
                " AND table_schema = %s AND privilege_type IN ('DELETE', 'TRUNCATE')",
                [tenancy.role_name(school.schema), school.schema] * 2,
            )
            assert {row[0] for row in cursor.fetchall()} == set(roles.OPEN_WHEN_READING)

    def test_the_neighbour_writes_as_before(
        self, school: TenantRef, committed_school: Callable[..., TenantRef]
    ) -> None:
        other = committed_school()
        suspend(school)
        with tenancy.use(other):
            new_class()

    def test_all_rights_are_back_as_they_were(self, school: TenantRef) -> None:
        before = rights_of(school)
        for to in ("read_only", "closed"):
            suspend(school, to)
            assert rights_of(school) != before
            services.resume(code=school.code)
            assert rights_of(school) == before
        with tenancy.use(now(school)):
            new_class()


def rights_of(ref: TenantRef) -> list[tuple[str, str, str]]:
    """Every right of the tenant's role on tables and their columns."""
    role = tenancy.role_name(ref.schema)
    with tenancy.owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text, '', c.relacl::text FROM pg_class c WHERE c.relacl::text LIKE %s"
            " UNION ALL SELECT a.attrelid::regclass::text, a.attname, a.attacl::text FROM pg_attribute a"
            " WHERE a.attacl::text LIKE %s ORDER BY 1, 2",
            [f"%{role}=%"] * 2,
        )
        return [
            (table, column, item)
            for table, column, acl in cursor.fetchall()
            for item in acl.strip("{}").split(",")
            if item.strip('"').startswith(f"{role}=")
        ]


class TestReadingOnly:
    def test_a_form_says_so_and_shows_what_was_typed(
        self, school: TenantRef, client_for: ClientFor, tenants_db: None
    ) -> None:
        clerk = client_for(Role.SECRETARY, school=school)
        suspend(school)
        answer = clerk.post("/contingent/classes/new/", NEW_CLASS)
        assert answer.status_code == 422
        assert str(ReadOnly.message) in answer.content.decode()
        assert answer.context["form"]["letter"].value() == "ә"

    def test_people_sign_in_and_read(
        self, school: TenantRef, account: Accounts, client_for: ClientFor, tenants_db: None
    ) -> None:
        account(Role.TEACHER, school=school, username="aigul")
        with tenancy.use(school):
            User.objects.update(must_change_password=False)
        suspend(school)
        browser = client_for(school=school)
        entered = browser.post("/sign-in/", {"username": "aigul", "login": "aigul", "password": PASSWORD})
        assert entered.status_code == 302
        assert browser.get("/contingent/").status_code == 200
        assert browser.post("/sign-out/").status_code == 302

    def test_every_page_opens(self, school: TenantRef, client_for: ClientFor, tenants_db: None) -> None:
        """No page writes by the way what it may not; the few that say so say it in words."""
        director = client_for(Role.DIRECTOR, school=school)
        with tenancy.use(school):
            new_class()
        suspend(school)
        broken = []
        for route in routes("school"):
            if route.is_ninja or "<" in route.path or not may_get(route.view):
                continue
            answer = director.get(route.address)
            if answer.status_code >= 500 or answer.status_code == 422:
                broken.append((route.name, answer.status_code))
        assert broken == []

    def test_the_news_waits_and_comes_when_it_is_resumed(self, school: TenantRef) -> None:
        with tenancy.use(school), transaction.atomic():
            jobs.start("staff.close_logins", actor=Actor.system_actor("tests"))
            events.publish(celebrated(), actor=Actor.system_actor("tests"))
        suspend(school)
        celery.deliver(schema=school.schema)
        with tenancy.use(now(school)):
            [row] = Job.objects.all()
            assert jobs.run(row.pk).state == Job.State.WAITING
            with pytest.raises(ReadOnly):
                jobs.start("staff.close_logins", actor=Actor.system_actor("tests"))
        jobs.Collected.clear()
        assert services.resume(code=school.code).jobs_woken == 1
        assert [job_id for __, job_id in jobs.Collected.jobs] == [row.pk]
        with tenancy.use(now(school)):
            assert jobs.run(row.pk).state == Job.State.DONE
            assert OutboxEvent.objects.filter(delivered_at=None).count() >= 1
        celery.deliver(schema=school.schema)
        with tenancy.use(now(school)):
            assert not OutboxEvent.objects.filter(delivered_at=None).exists()

    def test_a_stale_process_is_told_in_words_too(
        self, school: TenantRef, client_for: ClientFor, tenants_db: None
    ) -> None:
        clerk = client_for(Role.SECRETARY, school=school)
        assert clerk.get("/").status_code == 200  # the process remembers the school as working
        stale = api.by_host(school.host)
        suspend(school)
        api._by_host[school.host] = (1e12, stale)
        answer = clerk.post("/contingent/classes/new/", NEW_CLASS)
        assert answer.status_code == 422
        assert answer.context["message"] == str(ReadOnly.message)
        assert api.by_host(school.host).state == State.READ_ONLY  # type: ignore[union-attr]


def may_get(view: object) -> bool:
    from django.test import RequestFactory

    try:
        return view(RequestFactory().head("/")).status_code != 405  # type: ignore[operator]
    except Exception:  # it wants more than that
        return True


def celebrated() -> events.Event:
    from kernel.jobs import JobFinished

    return JobFinished(job_id="1", kind="tests", state="done", user_id=None, url="", message="")


class TestClosed:
    def test_the_director_takes_the_lists_along_and_nobody_else_comes_in(
        self, school: TenantRef, client_for: ClientFor, tenants_db: None
    ) -> None:
        director = client_for(Role.DIRECTOR, school=school, username="director")
        teacher = client_for(Role.TEACHER, school=school, username="teacher")
        suspend(school, "closed")
        page = director.get("/school/contract/")
        assert page.status_code == 200
        assert page.context["lists"]
        for __, url in page.context["lists"]:
            assert director.get(url).status_code == 200, url
        assert director.get("/help/school/contract/").status_code in (200, 404)
        for path in ("/", "/contingent/", "/journal/", "/school/settings/"):
            assert director.get(path).status_code in (403, 404), path
            assert teacher.get(path).status_code in (403, 404), path
        assert teacher.get("/school/contract/").status_code == 403
        assert teacher.get("/api/v1/openapi.json").status_code == 403
        assert teacher.post("/sign-out/").status_code == 302

    def test_only_the_vendor_opens_it_again(
        self, school: TenantRef, tenants_db: None, client_for: ClientFor
    ) -> None:
        teacher = client_for(Role.TEACHER, school=school)
        suspend(school, "closed")
        assert teacher.get("/").status_code == 403
        services.resume(code=school.code)
        assert teacher.get("/").status_code == 200


class TestContract:
    def test_the_clock_moves_the_school_and_a_payment_brings_it_back(self, school: TenantRef) -> None:
        today = clock.today()
        services.contract(code=school.code, until=today + timedelta(days=100), number="12/26")
        states = []
        for days in (0, 75, 101, 200):
            services.follow(today + timedelta(days=days))
            states.append(now(school).state)
        assert states == ["active", "warned", "read_only", "closed"]
        with tenancy.use(now(school)):
            told = list(
                AuditEntry.objects.filter(action="tenants.state.changed")
                .order_by("id")
                .values_list("details", flat=True)
            )
        assert [one["to"] for one in told] == ["warned", "read_only", "closed"]
        assert services.contract(code=school.code, until=today + timedelta(days=465)).state == "active"
        with tenancy.use(now(school)):
            new_class()

    def test_what_was_done_by_hand_is_left_alone_by_the_clock(self, school: TenantRef) -> None:
        services.contract(code=school.code, until=clock.today() + timedelta(days=100))
        suspend(school)
        services.follow()
        assert now(school).state == "read_only"
        services.contract(code=school.code, until=clock.today() + timedelta(days=200))
        assert now(school).state == "read_only"
        services.resume(code=school.code)
        assert now(school).state == "active"

    def test_a_school_whose_contract_is_over_is_not_resumed(self, school: TenantRef) -> None:
        services.contract(code=school.code, since=date(2020, 1, 1), until=date(2020, 12, 31))
        refused = mektep("resume", school.code)
        assert refused.exit_code == 1
        assert "2020-12-31" in refused.stderr
        assert now(school).state == "closed"

    def test_staff_see_until_when_and_families_do_not(
        self, school: TenantRef, client_for: ClientFor, tenants_db: None
    ) -> None:
        until = clock.today() + timedelta(days=9)
        services.contract(code=school.code, until=until)
        shown = f"{until:%d.%m.%Y}"
        teacher = client_for(Role.TEACHER, school=school, username="teacher", language="ru")
        parent = client_for(Role.PARENT, school=school, username="parent", language="ru")
        assert shown in teacher.get("/", follow=True).content.decode()
        assert shown not in parent.get("/", follow=True).content.decode()

    def test_a_school_reads_its_own_contract_and_no_other(
        self, school: TenantRef, committed_school: Callable[..., TenantRef]
    ) -> None:
        other = committed_school()
        services.contract(code=school.code, until=clock.today() + timedelta(days=300), number="own")
        services.contract(code=other.code, until=clock.today() + timedelta(days=300), number="other")
        with tenancy.use(school):
            assert [one.number for one in Contract.objects.all()] == ["own"]
            assert {one.tenant_id for one in Passage.objects.all()} == {school.id}


class TestTheEnd:
    def test_from_reading_to_the_archive_and_back(
        self, school: TenantRef, client_for: ClientFor, tenants_db: None
    ) -> None:
        with tenancy.use(school):
            room = new_class()
        assert mektep("archive", school.code, "--letter", LETTER).exit_code == 1  # it works
        suspend(school)
        assert mektep("archive", school.code, "--letter", LETTER).exit_code == 0
        answer = client_for(school=school).get("/")
        assert answer.status_code == 410
        assert mektep("resume", school.code).exit_code == 0
        with tenancy.use(now(school)):
            assert type(room).objects.filter(pk=room.pk).exists()
            new_class(letter="Б")

    def test_nothing_is_left_but_a_line(
        self, school: TenantRef, tmp_path: Path, settings: object, vendor: TenantRef
    ) -> None:
        settings.FILES_ROOT = tmp_path  # type: ignore[attr-defined]
        with tenancy.use(school):
            files.store(
                actor=Actor.system_actor("tests"),
                name="a.txt",
                content=b"a",
                content_type="text/plain",
                purpose="t",
            )
            cache.set(f"t:{school.schema}:x", 1, 60)
        suspend(school)
        refused = mektep("destroy", school.code, "--letter", LETTER, "--confirm", school.code)
        assert (refused.exit_code, now(school).state) == (1, "read_only")
        mektep("archive", school.code, "--letter", LETTER)
        assert mektep("destroy", school.code, "--letter", LETTER).exit_code == 1
        tried = mektep("destroy", school.code, "--letter", LETTER, "--dry-run", "--json")
        assert set(json.loads(tried.stdout)["gone"]) == set(leaving.names())
        done = mektep("destroy", school.code, "--letter", LETTER, "--confirm", school.code, "--json")
        assert done.exit_code == 0, done.output
        assert list(json.loads(done.stdout)["gone"]) == leaving.names()
        assert not list(tmp_path.iterdir())
        assert cache.get(f"t:{school.schema}:x") is None
        with tenancy.owner(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT count(*) FROM pg_namespace WHERE nspname = %s),"
                " (SELECT count(*) FROM pg_roles WHERE rolname = %s),"
                " (SELECT count(*) FROM public.tenants_host WHERE tenant_id = %s)",
                [school.schema, tenancy.role_name(school.schema), school.id],
            )
            assert cursor.fetchone() == (0, 0, 0)
            [*__, last] = Passage.objects.filter(tenant_id=school.id).order_by("id")
        assert (last.state, last.letter) == ("destroyed", LETTER)
        again = mektep("destroy", school.code, "--letter", LETTER, "--confirm", school.code, "--json")
        assert set(json.loads(again.stdout)["gone"].values()) == {"nothing was left"}

    def test_a_break_between_two_steps_loses_nothing_and_the_next_try_ends_it(
        self, school: TenantRef, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        suspend(school)
        services.archive(code=school.code, letter=LETTER)
        monkeypatch.setitem(leaving._STEPS, "letters", (40, lambda ref: 1 / 0))
        with pytest.raises(ZeroDivisionError):
            services.destroy(code=school.code, letter=LETTER)
        assert now(school).state == "archived"
        monkeypatch.undo()
        assert services.destroy(code=school.code, letter=LETTER).state == "destroyed"

    def test_a_living_school_rests_before_it_goes(self, committed_school: Callable[..., TenantRef]) -> None:
        school = committed_school(mode="live")
        suspend(school)
        services.archive(code=school.code, letter=LETTER)
        with pytest.raises(services.WrongState, match="rests"):
            services.destroy(code=school.code, letter=LETTER)

    def test_the_vendors_own_tenant_stays(self, vendor: TenantRef, authority: TenantRef) -> None:
        with pytest.raises(services.WrongState):
            services.suspend(code="vendor", to="closed", letter=LETTER)


class TestHost:
    def test_the_new_name_answers_and_the_old_one_does_not(
        self, school: TenantRef, client_for: ClientFor, tenants_db: None, settings: object
    ) -> None:
        host = f"renamed.{settings.BASE_HOST}"  # type: ignore[attr-defined]
        assert mektep("rename-host", school.code, host).exit_code == 0
        assert Client(SERVER_NAME=host).get("/sign-in/").status_code == 200
        assert client_for(school=school).get("/sign-in/").status_code == 421

    @pytest.mark.parametrize("host", ["no_such_host", "school.example.com", "-x", ""])
    def test_a_name_that_cannot_be_is_refused(self, school: TenantRef, host: str) -> None:
        assert mektep("rename-host", "--", school.code, host).exit_code == 1


def test_show_tells_all_and_names_nobody(school: TenantRef) -> None:
    services.contract(code=school.code, until=clock.today() + timedelta(days=10), number="12/26")
    told = json.loads(mektep("show", school.code, "--json").stdout)
    assert (told["state"], told["contract"]["number"], told["next"]["state"]) == (
        "warned",
        "12/26",
        "read_only",
    )
    assert told["position"] == told["newest"]
    assert mektep("show", "nobody").exit_code == 1


class TestDemo:
    def test_a_demo_school_gets_an_empty_schema_and_keeps_its_place(
        self, committed_school: Callable[..., TenantRef]
    ) -> None:
        school = committed_school(mode="demo")
        with tenancy.use(school):
            new_class()
        fresh = services.renew(code=school.code)
        world.COMMITTED.add(fresh.schema)
        try:
            assert (fresh.id, fresh.host) == (school.id, school.host)
            assert fresh.schema != school.schema
            with tenancy.use(fresh):
                new_class()
            with tenancy.owner(), connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [school.schema])
                assert cursor.fetchone() == (0,)
        finally:
            world.raze(fresh)

    @pytest.mark.parametrize("mode", ["live", "test"])
    def test_nothing_else_is_ever_emptied(
        self, committed_school: Callable[..., TenantRef], mode: str
    ) -> None:
        school = committed_school(mode=mode)
        with pytest.raises(services.WrongState, match="demo"):
            services.renew(code=school.code)
        assert now(school).schema == school.schema


@pytest.mark.requirement("TEN-05")
class TestTheVendorsList:
    def test_finds_sorts_narrows_and_saves(
        self, school: TenantRef, vendor: TenantRef, client_for: ClientFor, tenants_db: None
    ) -> None:
        until = clock.today() + timedelta(days=400)
        services.contract(code=school.code, until=until)
        operator = client_for(Role.OPERATOR, school=vendor, language="ru")
        page = operator.get("/", {"q": school.code}).content.decode()
        assert school.host in page
        assert f"{until:%d.%m.%Y}" in page
        assert "neighbour." not in page
        assert school.host not in operator.get("/", {"state": "closed"}).content.decode()
        assert operator.get("/", {"sort": "-until"}).status_code == 200
        saved = operator.get("/tenants/excel/")
        assert (saved.status_code, saved.content[:2]) == (200, b"PK")

    def test_other_kinds_read_no_contract_but_their_own(
        self, school: TenantRef, authority: TenantRef, vendor: TenantRef
    ) -> None:
        services.contract(code=school.code, until=clock.today() + timedelta(days=400))
        with tenancy.use(authority):
            assert not Contract.objects.exists()
        with tenancy.use(vendor):
            assert [one.tenant_id for one in Contract.objects.all()] == [school.id]
