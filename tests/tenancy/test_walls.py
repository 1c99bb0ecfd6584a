"""The first three walls, each shown by trying to climb it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from kernel import audit, clock, tenancy
from kernel.access import Actor
from kernel.errors import NoTenant
from kernel.tenancy import TenantRef
from tenants import api
from tenants.models import RollupFact, Tenant


def run(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params or None)
        return cursor.fetchall() if cursor.description else []


@pytest.mark.requirement("TEN-01")
class TestRoleWall:
    def test_stands_in_its_own_schema_under_its_own_role(self, in_school: TenantRef) -> None:
        [(user, path)] = run("SELECT current_user, current_schemas(false)")
        assert user == tenancy.role_name(in_school.schema)
        assert path == [in_school.schema]

    @pytest.mark.parametrize(
        "attack",
        [
            "SELECT * FROM {b}.identity_user",
            "SET ROLE {role}",
            "SET SESSION AUTHORIZATION {role}",
            "SELECT set_config('role', '{role}', false)",
            "SELECT * FROM public.tenants_schemastate",
            "SELECT * FROM public.tenants_ledgerentry",
            "CREATE TABLE {b}.mine (id int)",
            "CREATE SCHEMA mine",
            "UPDATE public.tenants_tenant SET name_kk = 'x'",
        ],
    )
    def test_refuses(self, in_school: TenantRef, school_b: TenantRef, attack: str) -> None:
        with pytest.raises(ProgrammingError, match=r"permission denied|must be"):
            run(attack.format(b=school_b.schema, role=tenancy.role_name(school_b.schema)))

    def test_another_search_path_finds_nothing(self, in_school: TenantRef, school_b: TenantRef) -> None:
        with pytest.raises(ProgrammingError, match=r"does not exist|permission denied"), transaction.atomic():
            run("SELECT set_config('search_path', %s, true)", school_b.schema)
            run("SELECT * FROM identity_user")

    def test_stacked_statements_are_refused(self, in_school: TenantRef, school_b: TenantRef) -> None:
        with pytest.raises(ProgrammingError, match="multiple commands"):
            run(f"SELECT %s; SELECT * FROM {school_b.schema}.identity_user", 1)


class TestClosedByDefault:
    def test_no_tenant_no_cursor(self, tenants_db: None) -> None:
        with pytest.raises(NoTenant), connection.cursor():
            pass
        with pytest.raises(NoTenant):
            list(Tenant.objects.all())

    def test_a_tenant_is_not_switched_inside_a_transaction(
        self, in_school: TenantRef, school_b: TenantRef
    ) -> None:
        with (
            pytest.raises(Exception, match="inside a transaction"),
            transaction.atomic(),
            tenancy.use(school_b),
        ):
            pass

    def test_leaves_as_it_came(self, in_school: TenantRef, school_b: TenantRef) -> None:
        with tenancy.use(school_b):
            assert tenancy.current() == school_b
        assert tenancy.current() == in_school
        assert run("SELECT current_schema()") == [(in_school.schema,)]


@pytest.mark.requirement("TEN-04")
class TestRowWall:
    def fact(self, school: TenantRef, people: int = 10) -> RollupFact:
        return RollupFact(
            school_id=school.id,
            metric="journal.quality",
            year="2026-27",
            period="q1",
            numerator=people // 2,
            denominator=people,
            people=people,
            as_of=clock.now(),
        )

    def test_a_school_writes_only_its_own_figures(self, in_school: TenantRef, school_b: TenantRef) -> None:
        self.fact(in_school).save()
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            self.fact(school_b).save()
        with tenancy.use(school_b):
            assert RollupFact.objects.count() == 0
            assert RollupFact.objects.update(numerator=0) == 0

    def test_the_authority_above_reads_them_and_the_neighbour_does_not(
        self, in_school: TenantRef, authority: TenantRef, neighbour: TenantRef, region: TenantRef
    ) -> None:
        fact = self.fact(in_school)
        fact.save()
        # Figures pass between tenants only when committed; the test reads them as the database would show them.
        assert fact.district_id is None
        fact.refresh_from_db()
        assert fact.district_id == authority.id
        assert fact.region_id == region.id
        assert fact.district_id != neighbour.id


def test_the_security_log_is_chained_and_closed(in_school: TenantRef) -> None:
    actor = Actor.system_actor("test")
    for number in range(3):
        audit.record(actor=actor, action="test.line", details={"n": number})
    assert audit.broken_links() == []
    with pytest.raises(ProgrammingError, match="permission denied"):
        run("UPDATE kernel_auditentry SET action = 'other'")
    with pytest.raises(ProgrammingError, match="permission denied"):
        run("DELETE FROM kernel_auditentry")


@pytest.mark.requirement("SIS-04")
def test_a_school_renames_itself_and_nobody_else(in_school: TenantRef, school_b: TenantRef) -> None:
    api.rename(name_kk="Жаңа мектеп", name_ru="Новая школа")
    names = {t.code: t.name_ru for t in Tenant.objects.all()}
    assert names[in_school.code] == "Новая школа"
    assert names[school_b.code] == "Школа Б"


_NEIGHBOURS = """
INSERT INTO public.tenants_tenant (id, schema_name, code, kind, mode, state, name_kk, name_ru, language, kato, db_role, created_at)
SELECT gen_random_uuid(), 's_' || lpad(n::text, 10, '0'), 'many-' || n, 'school', 'test', 'active', 'Мектеп', 'Школа', 'kk', '',
  'many_' || n, now()
FROM generate_series(1, 3000) n
"""


_ASKING = (
    "SELECT public.tenants_me()",
    "SELECT public.tenants_i_am_vendor()",
    "SELECT * FROM public.tenants_rollup_closed('journal.quality', '2026-27', 'q1', 'all')",
)


@pytest.mark.requirement("TEN-01", "TEN-06")
def test_who_asks_is_found_without_reading_the_register_through(tenants_db: None) -> None:
    """Asked by the owner, who is nobody of the register: every row would have to be read."""

    def blocks(asking: str) -> int:
        run(asking)  # what the catalogue says of the function is known from here on
        [(plans,)] = run(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {asking}")
        return int(plans[0]["Plan"]["Shared Hit Blocks"] + plans[0]["Plan"]["Shared Read Blocks"])

    with tenancy.owner(), transaction.atomic():
        few = [blocks(asking) for asking in _ASKING]
        run(_NEIGHBOURS)
        run("ANALYZE public.tenants_tenant")
        many = [blocks(asking) for asking in _ASKING]
        transaction.set_rollback(True)
    assert [now - before < 10 for before, now in zip(few, many, strict=True)] == [True] * 3, (few, many)
