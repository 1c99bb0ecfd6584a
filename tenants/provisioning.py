"""New schemas: a new school is claimed from stock, and the stock is made of the ledger's SQL (decision 0002)."""

from __future__ import annotations

import hashlib
import itertools
import secrets
import string
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from psycopg import sql

from kernel import clock, keys, tenancy
from kernel.access import REGISTER
from kernel.errors import DomainError
from kernel.tenancy import Kind, TenantRef
from tenants import api, roles
from tenants.models import Host, LedgerEntry, SchemaState, Tenant

PREFIX = {Kind.SCHOOL: "s", Kind.AUTHORITY: "a", Kind.FAMILY: "f", Kind.VENDOR: "v"}
# A backend remembers the plans of every schema's triggers that it ran, and goes through all of them at each change of the
# catalogue: by the thousandth schema of one connection that would be most of the time.
SCHEMAS_A_CONNECTION = 10
SPARES = {Kind.SCHOOL: 2, Kind.AUTHORITY: 0, Kind.FAMILY: 0, Kind.VENDOR: 0}

_prepared = itertools.count(1)


class CodeTaken(DomainError):
    message = "The code or the host is taken: {code}"
    code = "code_taken"


class NoneLeft(DomainError):
    message = "The prepared schemas were taken by others at this moment; try again."
    code = "none_left"


class UnknownParent(DomainError):
    message = "There is no authority with the code {code}"
    code = "unknown_parent"


def template(kind: Kind) -> TenantRef:
    """The schema on which a kind's migrations run for the first time; it serves nobody."""
    return TenantRef(id=tenancy.PUBLIC.id, code=f"template-{kind}", schema=f"template_{kind}", kind=kind)


def as_sql(text: str) -> sql.SQL:
    """SQL of the ledger as a part of a message."""
    return sql.SQL(text.rstrip().rstrip(";"))


def prepare_schema(kind: Kind) -> str:
    """Make a complete, seeded schema with its login role, waiting for a tenant; answer its name."""
    alphabet = string.ascii_lowercase + string.digits
    schema = f"{PREFIX[kind]}_{''.join(secrets.choice(alphabet) for _ in range(10))}"
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
                *(as_sql(entry.sql) for entry in entries),
                *roles.rights(schema),
            ]
        )
        seed(ref)
        SchemaState.objects.create(
            schema=schema,
            kind=kind,
            position=entries[-1].position if entries else 0,
            seeds=mark_of(kind),
            is_spare=True,
            changed_at=clock.now(),
        )
    with tenancy.owner():
        if next(_prepared) % SCHEMAS_A_CONNECTION == 0 and not connection.in_atomic_block:
            connection.close()
    return schema


def seed(ref: TenantRef) -> None:
    for one in _seeds(ref.kind):
        one(ref)


def _seeds(kind: Kind) -> Iterator[Callable[[TenantRef], None]]:
    """What each app of the kind puts into a new schema: `seed(ref)` of its seeds.py. Safe to repeat."""
    for name in settings.TENANT_TYPES[kind.value]["APPS"]:
        if find_spec(f"{name}.seeds"):
            yield import_module(f"{name}.seeds").seed


def mark_of(kind: Kind) -> str:
    """Changes when seeds, permissions or the roles' rights do: then schemas get them again, without a migration."""
    digest = hashlib.sha256()
    digest.update(repr((roles.APPEND_ONLY, roles.READ_ONLY, roles.OPEN_WHEN_READING)).encode())
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
            or host_of(code, host) == settings.FILES_HOST
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
            schema_name=f"{PREFIX[kind]}_{'0' * 10}",
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
        _stock(kind)
        with transaction.atomic():
            row.schema_name = _claimed(kind)
            row.db_role = tenancy.role_name(row.schema_name)
            row.save(force_insert=True)
            Host.objects.create(domain=host, tenant=row, is_primary=True)
    api.forget_host(host)
    return row.ref(host)


def claim(kind: Kind) -> str:
    """Take a prepared schema for good; it is made on the spot when none is in stock."""
    with tenancy.owner():
        _stock(kind)
        with transaction.atomic():
            return _claimed(kind)


def _spares(kind: Kind) -> QuerySet[SchemaState]:
    """Those in stock; a spare that a migration has not reached yet waits for it."""
    top = LedgerEntry.objects.filter(kind=kind).count()
    return SchemaState.objects.filter(kind=kind, is_spare=True, position=top).order_by("schema")


def _stock(kind: Kind) -> None:
    if not _spares(kind).exists():
        prepare_schema(kind)


def _claimed(kind: Kind) -> str:
    """A spare that is one no more when the transaction ends. Raises NoneLeft."""
    spare = _spares(kind).select_for_update(skip_locked=True).first()
    if spare is None:  # another operator was quicker
        raise NoneLeft
    spare.is_spare, spare.changed_at = False, clock.now()
    spare.save(update_fields=["is_spare", "changed_at"])
    return spare.schema
