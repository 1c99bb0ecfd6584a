"""Migrations of every schema: rendered once on the template, applied as SQL in waves (decisions 0002 and 0021).

public, then the templates, then a few canaries, one in twenty, and all the others; a wave begins when the one before is
whole. A schema gets all that it lacks in one message and one transaction, with its position in the ledger: it is old
or new, never between, so a run that was killed is simply begun again. A table that somebody holds is tried again later
in the run; a schema that fails is named and the others of its wave go on.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import asdict, dataclass, field
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from psycopg import errors, sql

from kernel import clock, tenancy
from kernel.errors import DomainError
from kernel.tenancy import Kind, TenantRef
from tenants import api, provisioning, roles
from tenants.models import LedgerEntry, SchemaState, Tenant

_READS = re.compile(
    r"^\s*(SELECT|SHOW|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|SET CONSTRAINTS)\b", re.IGNORECASE
)
_MAKES = re.compile(r"\bCREATE\s+(TABLE|SEQUENCE)\b|\bADD COLUMN\b.*\bIDENTITY\b|\bSERIAL\b", re.IGNORECASE)
# Somebody held what the statement wanted; nothing is wrong with the schema.
_BUSY = (errors.LockNotAvailable, errors.DeadlockDetected)
CANARIES = 2  # of each kind
SHARE = 20  # the second wave is one in so many
_PUBLIC = "public"

Report = Callable[[str], None]


class SchemasBehind(DomainError):
    message = "Some schemas could not be brought up to date; run it again: {schemas}"
    code = "schemas_behind"

    def __init__(self, run: Run) -> None:
        super().__init__(schemas=", ".join([*run.failed, *run.held_back]))
        self.run = run


class AnotherRun(DomainError):
    message = "Another migration or restore is under way on this database."
    code = "another_run"


@dataclass(frozen=True, slots=True)
class Place:
    """A schema with how far it has come, and whether its tenant may write."""

    schema: str
    kind: str
    position: int
    mark: str
    writes: bool = True
    first: bool = False  # of those that go ahead: no living school


@dataclass(frozen=True, slots=True)
class Message:
    """What schemas of a kind at one position lack, put together once for all of them."""

    body: str
    top: int
    makes_tables: bool


@dataclass(slots=True)
class Wave:
    """A part of the schemas and what became of it."""

    name: str
    schemas: int
    behind: list[str]
    done: int = 0
    busy: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass(slots=True)
class Run:
    """What a run did, or would do."""

    recorded: dict[str, int]
    waves: list[Wave]
    held_back: list[str] = field(default_factory=list)

    @property
    def failed(self) -> list[str]:
        return [schema for wave in self.waves for schema in wave.failed]

    def told(self) -> dict[str, Any]:
        waves = [
            asdict(wave) | {"behind": len(wave.behind), "seconds": round(wave.seconds, 2)}
            for wave in self.waves
        ]
        return {"recorded": self.recorded, "waves": waves, "held_back": self.held_back}


def migrate(
    report: Report = lambda _: None,
    *,
    workers: int = 2,
    go_on: bool = False,
    lock_ms: int = 2000,
    rounds: int = 5,
    pause: float = 1.0,
) -> Run:
    """Bring public, the templates and every schema up to date. Safe to repeat and to kill.

    `go_on` begins a wave though the one before is not whole. Raises SchemasBehind at the end when a schema stayed behind,
    AnotherRun when somebody else is at it.
    """
    with alone():
        run = Run(_prepare(report), [])
        messages = _Messages()
        for name, places in _waves(_places()):
            wave = Wave(name, len(places), [one.schema for one in places if messages.lacks(one)])
            if any(before.failed for before in run.waves) and not go_on:
                run.held_back += wave.behind
                continue
            run.waves.append(wave)
            if wave.behind:
                waiting = [one for one in places if messages.lacks(one)]
                _bring(wave, waiting, messages, report, workers, lock_ms, rounds, pause)
    if run.failed or run.held_back:
        raise SchemasBehind(run)
    return run


def preview() -> Run:
    """What a run would do: migrations not yet on the templates, and the schemas that each wave would change."""
    messages = _Messages()
    recorded = {}
    for kind in provisioning.PREFIX:
        with tenancy.owner(provisioning.template(kind)):
            recorded[kind.value] = len(_lacking(kind.value)[2])
    waves = []
    for name, places in _waves(_places()):
        behind = [one.schema for one in places if recorded.get(one.kind) or messages.lacks(one)]
        waves.append(Wave(name, len(places), behind))
    return Run({kind: count for kind, count in recorded.items() if count}, waves)


# --- the schemas


def _places() -> list[Place]:
    with tenancy.owner():
        known = {row.schema_name: row for row in Tenant.objects.all()}
        rows = SchemaState.objects.exclude(kind=_PUBLIC).order_by("schema")
        return [
            Place(
                schema=row.schema,
                kind=row.kind,
                position=row.position,
                mark=row.seeds,
                writes=row.is_spare or known[row.schema].state in api.WRITING,
                first=row.schema in known and known[row.schema].mode != Tenant.Mode.LIVE,
            )
            for row in rows
            if row.is_spare or row.schema in known
        ]


def _waves(places: list[Place]) -> Iterator[tuple[str, list[Place]]]:
    """The canaries, one in SHARE, and the rest: by all schemas and not by those behind, so that a second run is in the
    same waves as the first."""
    ordered = sorted(places, key=lambda one: (not one.first, one.schema))
    canaries = [
        one
        for kind in provisioning.PREFIX
        for one in [place for place in ordered if place.kind == kind][:CANARIES]
    ]
    rest = [one for one in ordered if one not in set(canaries)]
    size = -(-len(rest) // SHARE)
    yield "canary", canaries
    yield "5 %", rest[:size]
    yield "all", rest[size:]


# --- what they lack


class _Messages:
    """The SQL that brings a schema from its position to the newest, rendered once for each position that occurs."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], Message] = {}
        with tenancy.owner():
            entries = LedgerEntry.objects.order_by("kind", "position")
            self._tops = dict.fromkeys(provisioning.PREFIX, 0) | {
                Kind(kind): position for kind, position in entries.values_list("kind", "position")
            }
        self._marks = {kind: provisioning.mark_of(kind) for kind in provisioning.PREFIX}

    def lacks(self, place: Place) -> bool:
        kind = Kind(place.kind)
        return place.position < self._tops[kind] or place.mark != self._marks[kind]

    def mark(self, place: Place) -> str:
        return self._marks[Kind(place.kind)]

    def render(self, places: Iterable[Place]) -> None:
        """Put the messages together before several connections ask for them."""
        for kind, position in {(one.kind, one.position) for one in places}:
            with tenancy.owner():
                found = LedgerEntry.objects.filter(kind=kind, position__gt=position).order_by("position")
                texts = [one.sql.rstrip().rstrip(";") for one in found]
            body = ";\n".join(texts)
            self._known[kind, position] = Message(body, self._tops[Kind(kind)], bool(_MAKES.search(body)))

    def of(self, place: Place) -> Message:
        return self._known[place.kind, place.position]


# --- a wave


def _bring(
    wave: Wave,
    waiting: list[Place],
    messages: _Messages,
    report: Report,
    workers: int,
    lock_ms: int,
    rounds: int,
    pause: float,
) -> None:
    begun = time.perf_counter()
    messages.render(waiting)
    report(f"{wave.name}: {len(waiting)} of {wave.schemas}")
    for attempt in range(rounds):
        if attempt:
            report(f"{wave.name}: {len(waiting)} are in use, tried again")
            time.sleep(pause)
        wave.busy = 0
        waiting = _once(wave, waiting, messages, report, workers, lock_ms)
        if not waiting:
            break
    for one in waiting:
        wave.failed[one.schema] = "in use for too long"
    wave.seconds = time.perf_counter() - begun
    for schema, reason in wave.failed.items():
        report(f"{schema}: stays as it was, {reason}")
    report(f"{wave.name}: {wave.done} done, {len(wave.failed)} failed, {wave.seconds:.1f} s")


def _once(
    wave: Wave, places: list[Place], messages: _Messages, report: Report, workers: int, lock_ms: int
) -> list[Place]:
    """Try every schema once, on a few connections; answer those whose tables were in use."""
    busy = []
    lanes = [places[start::workers] for start in range(min(workers, len(places)))]
    with ThreadPoolExecutor(len(lanes)) as pool:
        # A thread begins at no cell: each is told at which this run works.
        told = [pool.submit(copy_context().run, _lane, lane, messages, lock_ms) for lane in lanes]
        for lane in as_completed(told):
            for place, trouble in lane.result():
                if trouble is None:
                    wave.done += 1
                elif isinstance(trouble.__cause__, _BUSY):
                    busy.append(place)
                else:
                    wave.failed[place.schema] = f"{type(trouble).__name__}: {trouble}".strip()
    for place in places:
        tenancy.forget(place.schema)
    return busy


def _lane(places: list[Place], messages: _Messages, lock_ms: int) -> list[tuple[Place, DatabaseError | None]]:
    """Work through some schemas on one connection of the owner."""
    told: list[tuple[Place, DatabaseError | None]] = []
    try:
        for place in places:
            try:
                _replay(place, messages.of(place), messages.mark(place), lock_ms)
            except DatabaseError as trouble:  # the others are not to wait for it
                told.append((place, trouble))
            else:
                told.append((place, None))
    finally:
        tenancy.forget()
    return told


def _replay(place: Place, message: Message, mark: str, lock_ms: int) -> None:
    """Apply what the schema lacks, all of it or nothing."""
    ref = TenantRef(id=tenancy.PUBLIC.id, code=place.schema, schema=place.schema, kind=Kind(place.kind))
    is_marked = place.mark == mark
    statements: list[sql.Composable] = [
        sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(place.schema)),
        sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(f"{lock_ms}ms")),
    ]
    if message.body:
        statements.append(sql.SQL(message.body))
    if message.makes_tables or not is_marked:
        statements += roles.rights(place.schema)
        if not place.writes:
            statements += roles.closed(place.schema)
    statements.append(
        sql.SQL(
            "UPDATE public.tenants_schemastate SET position = {}, seeds = {}, changed_at = now() WHERE schema = {}"
        ).format(sql.Literal(message.top), sql.Literal(mark), sql.Literal(place.schema))
    )
    with tenancy.owner(ref, building=True), transaction.atomic():
        roles.send(statements)
        if not is_marked:
            provisioning.seed(ref)


@contextmanager
def alone() -> Iterator[None]:
    """One run at a time in a database, or one restore; a killed one frees the place with its connection. Raises AnotherRun."""
    with tenancy.owner():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(7004, 1)")
            if not cursor.fetchone()[0]:
                raise AnotherRun
        holder = connection.connection
    try:
        yield
    finally:
        if not holder.closed:
            holder.execute("SELECT pg_advisory_unlock(7004, 1)")


# --- public and the templates


def _prepare(report: Report) -> dict[str, int]:
    """Public, its rights and the templates; answer how many statements each kind's ledger has got."""
    prepare_public(report)
    return {kind.value: count for kind in provisioning.PREFIX if (count := _advance_template(kind, report))}


def prepare_public(report: Report = lambda _: None) -> None:
    """The tables of the register and the figures, and every role's rights on them."""
    roles.prepare_database()
    with tenancy.owner():
        executor, targets, plan = _lacking(_PUBLIC)
        if plan:
            executor.migrate(targets, plan)
        _open_public(report)


def _open_public(report: Report) -> None:
    """Rights on the public tables, for every role, when they have changed: their number grows with the schools."""
    mark = hashlib.sha256(repr(roles.public_mark()).encode()).hexdigest()[:16]
    state, __ = SchemaState.objects.get_or_create(
        schema=_PUBLIC, defaults={"kind": _PUBLIC, "changed_at": clock.now()}
    )
    if state.seeds == mark:
        return
    reading = Tenant.objects.exclude(state__in=api.WRITING).values_list("schema_name", flat=True)
    count = roles.open_public(reading=set(reading))
    state.seeds, state.changed_at = mark, clock.now()
    state.save(update_fields=["seeds", "changed_at"])
    report(f"public: rights of {count} roles")


def _lacking(kind: str) -> tuple[MigrationExecutor, list[tuple[str, str]], list[Any]]:
    """Of the migrations of the kind's apps and what they stand on: the last ones, and those that are not applied here.

    Django renders all tables anew for each migration, also of apps that the kind has not: those are not asked for.
    """
    labels = {one.label for one in apps.get_app_configs() if one.name in settings.TENANT_TYPES[kind]["APPS"]}
    executor = MigrationExecutor(connection)
    targets = [node for node in executor.loader.graph.leaf_nodes() if node[0] in labels]
    return executor, targets, executor.migration_plan(targets)


def _advance_template(kind: Kind, report: Report) -> int:
    ref = provisioning.template(kind)
    with tenancy.owner(), connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA IF NOT EXISTS "{ref.schema}"')
    sent: list[str] = []
    # The tables and the record of how they were made stand or fall together: SQL that is lost reaches no school.
    with tenancy.owner(ref), transaction.atomic():
        executor, targets, plan = _lacking(kind.value)
        if not plan:
            return 0
        with _recording(sent):
            executor.migrate(targets, plan)
        if not sent:
            return 0
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
    return len(sent)


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
