"""Schemas, roles and migrations: a new school is claimed from stock, an old one replays the ledger.

A migration runs once, by Django, on the template schema of each kind; the SQL it sent is kept in the ledger and
applied to every other schema of that kind in one message and one transaction (decision 0002).
"""

from __future__ import annotations

import hashlib
import re
import secrets
import string
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands.migrate import Command as Migrate  # django-tenants has another "migrate"
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from kernel import clock, keys, tenancy
from kernel.access import REGISTER
from kernel.errors import DomainError
from kernel.tenancy import Kind, TenantRef
from tenants import api, roles
from tenants.models import Host, LedgerEntry, SchemaState, Tenant

_PREFIX = {Kind.SCHOOL: "s", Kind.AUTHORITY: "a", Kind.FAMILY: "f", Kind.VENDOR: "v"}
_READS = re.compile(
    r"^\s*(SELECT|SHOW|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|SET CONSTRAINTS)\b", re.IGNORECASE
)
SPARES = {Kind.SCHOOL: 2, Kind.AUTHORITY: 0, Kind.FAMILY: 0, Kind.VENDOR: 0}


class CodeTaken(DomainError):
    message = "The code or the host is taken: {code}"
    code = "code_taken"


class SchemasBehind(DomainError):
    message = "Some schemas could not be brought up to date; run it again: {schemas}"
    code = "schemas_behind"


class UnknownParent(DomainError):
    message = "There is no authority with the code {code}"
    code = "unknown_parent"


def template(kind: Kind) -> TenantRef:
    """The schema on which a kind's migrations run for the first time; it serves nobody."""
    return TenantRef(id=tenancy.PUBLIC.id, code=f"template-{kind}", schema=f"template_{kind}", kind=kind)


def migrate(report: Callable[[str], None] = lambda _: None) -> None:
    """Bring the public schema, the templates and then every tenant up to date. Safe to repeat."""
    roles.prepare_database()
    with tenancy.owner():
        call_command(Migrate(), verbosity=0, interactive=False)
        roles.open_public()
    for kind in _PREFIX:
        _advance_template(kind, report)
    failed = []
    for state in _behind():
        try:
            _replay(state, report)
        except DatabaseError as failure:  # one school's trouble does not keep the others back
            failed.append(state.schema)
            report(f"{state.schema}: stays at {state.position}, {type(failure).__name__}: {failure}")
    if failed:
        raise SchemasBehind(schemas=", ".join(failed))


def _advance_template(kind: Kind, report: Callable[[str], None]) -> None:
    ref = template(kind)
    with tenancy.owner():
        _create_schema(ref.schema)
    # The tables and the record of how they were made stand or fall together: SQL that is lost reaches no school.
    with tenancy.owner(ref), transaction.atomic():
        pending = MigrationExecutor(connection).migration_plan(
            MigrationExecutor(connection).loader.graph.leaf_nodes()
        )
        apps = {name.rsplit(".", 1)[-1] for name in settings.TENANT_TYPES[kind.value]["APPS"]}
        if not any(m.app_label in apps or m.app_label in ("otp_totp", "otp_static") for m, _ in pending):
            return
        sent: list[str] = []
        with _recording(sent):
            call_command(Migrate(), verbosity=0, interactive=False)
        if not sent:
            return
        last = LedgerEntry.objects.filter(kind=kind).count()
        LedgerEntry.objects.create(
            kind=kind,
            position=last + 1,
            app="*",
            name=f"wave-{last + 1}",
            sql="\n;\n".join(sent) + "\n;",  # a statement may end with a comment
            at=clock.now(),
        )
    report(f"{kind}: {len(sent)} statements recorded")


@contextmanager
def _recording(sent: list[str]) -> Iterator[None]:
    """Collect every statement that changes something, with its values written in."""
    connection.ensure_connection()
    quoter = psycopg.ClientCursor(connection.connection)

    def keep(execute: Any, statement: Any, params: Any, many: bool, context: Any) -> Any:
        result = execute(statement, params, many, context)
        text = statement if isinstance(statement, str) else statement.as_string(connection.connection)
        if not _READS.match(text):
            for row in params if many else [params]:
                sent.append((quoter.mogrify(text, row) if row else text).strip().rstrip(";"))
        return result

    with connection.execute_wrapper(keep):
        yield


def _behind() -> list[SchemaState]:
    with tenancy.owner():
        top = {k.value: LedgerEntry.objects.filter(kind=k).count() for k in _PREFIX}
        marks = {k.value: _seed_mark(k) for k in _PREFIX}
        return [
            s
            for s in SchemaState.objects.order_by("schema")
            if s.position < top.get(s.kind, 0) or s.seeds != marks[s.kind]
        ]


def _replay(state: SchemaState, report: Callable[[str], None]) -> None:
    """Apply what the schema lacks, all of it or nothing."""
    ref = TenantRef(id=tenancy.PUBLIC.id, code=state.schema, schema=state.schema, kind=Kind(state.kind))
    with tenancy.owner(ref), transaction.atomic():
        entries = list(
            LedgerEntry.objects.filter(kind=state.kind, position__gt=state.position).order_by("position")
        )
        if entries:
            roles.send(
                [
                    sql.SQL("SET LOCAL lock_timeout = '2s'"),
                    *(_as_sql(entry.sql) for entry in entries),
                    *roles.rights(state.schema),
                ]
            )
        _seed(ref)
        position = entries[-1].position if entries else state.position
        SchemaState.objects.filter(schema=state.schema).update(
            position=position, seeds=_seed_mark(ref.kind), changed_at=clock.now()
        )
    tenancy.forget(state.schema)
    report(f"{state.schema}: at {position}")


def _as_sql(text: str) -> sql.SQL:
    return sql.SQL(text.rstrip().rstrip(";"))


def _create_schema(schema: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')


def prepare_schema(kind: Kind) -> str:
    """Make a complete, seeded schema with its login role, waiting for a tenant; answer its name."""
    alphabet = string.ascii_lowercase + string.digits
    schema = f"{_PREFIX[kind]}_{''.join(secrets.choice(alphabet) for _ in range(10))}"
    ref = TenantRef(id=tenancy.PUBLIC.id, code=schema, schema=schema, kind=kind)
    # The key first: a key without a schema is a small file, a schema without a key would be closed for ever.
    keys.make(schema)
    with tenancy.owner(ref, building=True), transaction.atomic():
        entries = list(LedgerEntry.objects.filter(kind=kind).order_by("position"))
        roles.send(
            [
                sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)),
                sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(schema)),
                *roles.new(schema),
                *(_as_sql(entry.sql) for entry in entries),
                *roles.rights(schema),
            ]
        )
        _seed(ref)
        SchemaState.objects.create(
            schema=schema,
            kind=kind,
            position=entries[-1].position if entries else 0,
            seeds=_seed_mark(kind),
            is_spare=True,
            changed_at=clock.now(),
        )
    return schema


def _seed(ref: TenantRef) -> None:
    for seed in _seeds(ref.kind):
        seed(ref)


def _seeds(kind: Kind) -> Iterator[Callable[[TenantRef], None]]:
    """What each app of the kind puts into a new schema: `seed(ref)` of its seeds.py. Safe to repeat."""
    for name in settings.TENANT_TYPES[kind.value]["APPS"]:
        if find_spec(f"{name}.seeds"):
            yield import_module(f"{name}.seeds").seed


def _seed_mark(kind: Kind) -> str:
    """Changes when the seeds or the register of permissions do: then schemas are seeded again, without a migration."""
    digest = hashlib.sha256()
    for name in settings.TENANT_TYPES[kind.value]["APPS"]:
        found = find_spec(f"{name}.seeds")
        if found and found.origin:
            digest.update(Path(found.origin).read_bytes())
    for permission in sorted(REGISTER.values(), key=str):
        given = sorted((role, sorted(scopes)) for role, scopes in permission.defaults.items())
        digest.update(f"{permission} {given} {sorted(permission.ceiling)}".encode())
    return digest.hexdigest()[:16]


def refill_spares() -> int:
    """Bring the stock of prepared schemas to its size; answer how many were made."""
    made = 0
    for kind, wanted in SPARES.items():
        with tenancy.owner():
            have = SchemaState.objects.filter(kind=kind, is_spare=True).count()
        for _ in range(max(0, wanted - have)):
            prepare_schema(kind)
            made += 1
    return made


def draft(
    *,
    code: str,
    kind: Kind,
    name_kk: str,
    name_ru: str,
    mode: str = "live",
    parent: str = "",
    language: str = "kk",
    kato: str = "",
    host: str = "",
) -> Tenant:
    """The row of a tenant that may be created so, not yet saved; raises what `create_tenant` does."""
    with tenancy.owner():
        if (
            Tenant.objects.filter(code=code).exists()
            or Host.objects.filter(domain=host_of(code, host)).exists()
        ):
            raise CodeTaken(code=code)
        parent_row = Tenant.objects.filter(code=parent, kind=Kind.AUTHORITY).first() if parent else None
        if parent and parent_row is None:
            raise UnknownParent(code=parent)
        row = Tenant(
            code=code,
            kind=kind,
            mode=mode,
            name_kk=name_kk,
            name_ru=name_ru,
            language=language,
            kato=kato,
            parent=parent_row,
            created_at=clock.now(),
            schema_name=f"{_PREFIX[kind]}_{'0' * 10}",
            db_role=code,
        )
        row.full_clean(exclude=["db_role", "schema_name"])
    return row


def host_of(code: str, host: str = "") -> str:
    """The host name of a new tenant: the one named, else its code under the installation's own name."""
    return host or f"{code}.{settings.BASE_HOST}"


def create_tenant(
    *,
    code: str,
    kind: Kind,
    name_kk: str,
    name_ru: str,
    mode: str = "live",
    parent: str = "",
    language: str = "kk",
    kato: str = "",
    host: str = "",
) -> TenantRef:
    """Give a new tenant a prepared schema and a host; the schema is made on the spot when none is in stock.

    Raises CodeTaken, UnknownParent and ValidationError. `host` defaults to the code under the installation's own name.
    """
    with tenancy.owner():
        row = draft(
            code=code,
            kind=kind,
            name_kk=name_kk,
            name_ru=name_ru,
            mode=mode,
            parent=parent,
            language=language,
            kato=kato,
            host=host,
        )
        host = host_of(code, host)
        # A spare that a migration has not reached yet waits for it.
        top = LedgerEntry.objects.filter(kind=kind).count()
        spares = SchemaState.objects.filter(kind=kind, is_spare=True, position=top).order_by("schema")
        if not spares.exists():
            prepare_schema(kind)
        with transaction.atomic():
            spare = spares.select_for_update(skip_locked=True).first()
            if spare is None:  # another operator was quicker
                raise CodeTaken(code=code)
            spare.is_spare, spare.changed_at = False, clock.now()
            spare.save(update_fields=["is_spare", "changed_at"])
            row.schema_name, row.db_role = spare.schema, tenancy.role_name(spare.schema)
            row.save(force_insert=True)
            Host.objects.create(domain=host, tenant=row, is_primary=True)
    api.forget_host(host)
    return row.ref(host)
