"""How the installation is: each check says ok, warning or fault, and what to do about it."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Max

from kernel import clock, feeds, tenancy
from kernel.access import REGISTER
from kernel.tenancy import Kind
from kernel.uploads import AntivirusAway, antivirus
from tenants import api, provisioning, waves
from tenants.models import Backup, SchemaState, Tenant

OK, WARNING, FAULT = "ok", "warning", "fault"
OLDEST_SERVER = 160000
OLDEST_BACKUP = timedelta(days=2)
OLDEST_PYTHON = (3, 11)
MOST_APART = 2.0  # seconds between the machine's clock and the database's
LONGEST_WAIT = timedelta(minutes=5)
QUEUES = ("work", "events")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the answer. `advice` is empty when all is well."""

    check: str
    state: str
    found: str
    advice: str = ""

    def told(self) -> dict[str, str]:
        return asdict(self)


Check = Callable[[], Iterator[Finding]]
_CHECKS: dict[str, Check] = {}


def check(name: str) -> Callable[[Check], Check]:
    """Declare a check; rooms with services of their own (backups, keys) add theirs."""

    def decorate(run: Check) -> Check:
        if name in _CHECKS:
            raise ValueError(f"the check {name} is declared twice")
        _CHECKS[name] = run
        return run

    return decorate


def examine() -> Iterator[Finding]:
    """Every check in the order of its declaration; one that breaks is a fault of its own and the next goes on."""
    for name, run in _CHECKS.items():
        try:
            yield from run()
        except Exception as failure:  # whatever breaks is the finding
            yield Finding(
                name,
                FAULT,
                f"{type(failure).__name__}: {failure}".strip(),
                "See to it first; other checks may depend on it.",
            )


def _one(sql: str, *values: Any) -> Any:
    with tenancy.owner(), connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchone()[0]


@check("configuration")
def _configuration() -> Iterator[Finding]:
    keys = {"secret key": settings.SECRET_KEY, "cell key": settings.CELL_KEY}
    weak = [name for name, value in keys.items() if len(str(value)) < 32]
    live = settings.MODE == "live"
    if weak:
        yield Finding(
            "keys",
            FAULT if live else WARNING,
            f"short: {', '.join(weak)}",
            "Give at least 32 characters from a random source.",
        )
    elif keys["secret key"] == keys["cell key"]:
        yield Finding(
            "keys",
            FAULT if live else WARNING,
            "one key for both",
            "Give MEKTEP_CELL_KEY a value of its own: the roles' passwords come of it.",
        )
    else:
        yield Finding("keys", OK, "present")
    if settings.DEBUG:
        yield Finding("debug", FAULT if live else WARNING, "on", "Set MEKTEP_DEBUG=0.")
    if live and not settings.HTTPS:
        yield Finding("https", FAULT, "off", "Set MEKTEP_HTTPS=1 behind the proxy that ends TLS.")
    yield Finding("mode", OK, settings.MODE)
    homeless = [code for code in REGISTER if not code.partition(".")[2]]
    if homeless:
        yield Finding("permissions", FAULT, ", ".join(homeless), "A permission's code is module.name.")


@check("versions")
def _versions() -> Iterator[Finding]:
    python = sys.version_info[:3]
    shown = ".".join(map(str, python))
    if python < OLDEST_PYTHON:
        yield Finding("python", FAULT, shown, "Install Python 3.11 or newer.")
    else:
        yield Finding("python", OK, shown)
    number, version = int(_one("SHOW server_version_num")), str(_one("SHOW server_version"))
    if number < OLDEST_SERVER:
        # 15 and older: vacuumdb takes the square of the number of tables, an index waits for the disk when made.
        yield Finding(
            "postgresql",
            WARNING,
            version,
            "Move to PostgreSQL 16 or newer before there are hundreds of schools.",
        )
    else:
        yield Finding("postgresql", OK, version)
    known = _one("SELECT array_agg(extname::text) FROM pg_extension")
    lacking = {"pg_trgm", "btree_gist"} - set(known)
    if lacking:
        yield Finding(
            "extensions",
            FAULT,
            f"lacking: {', '.join(sorted(lacking))}",
            "Run mektep migrate as the owner of the database.",
        )
    else:
        yield Finding("extensions", OK, "pg_trgm, btree_gist")
    if _one("SELECT count(*) FROM pg_collation WHERE collname = 'kk-x-icu'"):
        yield Finding("collation", OK, "kk-x-icu")
    else:
        yield Finding(
            "collation", FAULT, "no kk-x-icu", "Use a PostgreSQL built with ICU: names could not be sorted."
        )
    locks = int(_one("SHOW max_locks_per_transaction"))
    if locks < 256:
        yield Finding(
            "locks",
            WARNING,
            f"max_locks_per_transaction = {locks}",
            "Set 1024: a school has hundreds of tables, and destroying one locks them all.",
        )
    fsync = _one("SHOW fsync")
    if fsync != "on":
        yield Finding(
            "fsync",
            FAULT if settings.MODE == "live" else WARNING,
            fsync,
            "Set fsync = on: a power cut would lose schools.",
        )


@check("clocks")
def _clocks() -> Iterator[Finding]:
    before = time.time()
    database = float(_one("SELECT extract(epoch FROM clock_timestamp())"))
    apart = abs(database - (before + time.time()) / 2)
    if apart > MOST_APART:
        yield Finding(
            "clocks",
            FAULT,
            f"{apart:.1f} s apart",
            "Start chrony or ntpd on this machine and on the database's.",
        )
    else:
        yield Finding("clocks", OK, f"{apart * 1000:.0f} ms apart")


@check("disks")
def _disks() -> Iterator[Finding]:
    for name, path in (
        ("files", Path(settings.FILES_ROOT)),
        ("temporary", Path(tempfile.gettempdir())),
    ):
        while not path.exists():
            path = path.parent
        usage = shutil.disk_usage(path)
        free = usage.free / usage.total
        found = f"{usage.free / 1024**3:.1f} GB free, {free:.0%}"
        if free < 0.05:
            yield Finding(f"disk {name}", FAULT, found, f"Make room at {path} at once.")
        elif free < 0.15:
            yield Finding(f"disk {name}", WARNING, found, f"Make room at {path} or enlarge it.")
        else:
            yield Finding(f"disk {name}", OK, found)
        if not os.access(path, os.W_OK):
            yield Finding(
                f"disk {name}",
                FAULT,
                f"{path} cannot be written",
                "Give it to the user that the product runs as.",
            )


@check("antivirus")
def _antivirus() -> Iterator[Finding]:
    if settings.ANTIVIRUS == "off":
        yield Finding(
            "antivirus",
            WARNING,
            "off",
            "Set MEKTEP_ANTIVIRUS=live and MEKTEP_CLAMD_URL: files are kept unscanned.",
        )
        return
    try:
        antivirus.scan(b"doctor")
    except AntivirusAway:
        yield Finding(
            "antivirus",
            FAULT,
            "does not answer",
            "Start clamd at MEKTEP_CLAMD_URL; meanwhile files stay in quarantine.",
        )
        return
    if settings.ANTIVIRUS == "sim":
        yield Finding("antivirus", WARNING, "a simulator", "It protects nobody: for demos and tests alone.")
    else:
        yield Finding("antivirus", OK, "answers")


@check("redis")
def _redis() -> Iterator[Finding]:
    if "redis" not in str(settings.CACHES["default"]["BACKEND"]).lower():
        yield Finding(
            "redis",
            WARNING,
            "not configured",
            "Set MEKTEP_REDIS_URL: without it nothing runs in the background.",
        )
        return
    client = redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_timeout=3)
    try:
        client.ping()
    except redis.RedisError as failure:
        yield Finding(
            "redis",
            FAULT,
            type(failure).__name__,
            "Start Redis; meanwhile nothing is lost, the outbox waits.",
        )
        return
    yield Finding("redis", OK, "answers")
    for queue in QUEUES:
        waiting = int(client.llen(queue))
        if waiting > 1000:
            yield Finding(
                f"queue {queue}",
                WARNING,
                f"{waiting} messages",
                "Start more workers, or look why they stand.",
            )
        else:
            yield Finding(f"queue {queue}", OK, f"{waiting} messages")
    # Each worker listens on a control channel of its own.
    workers = client.pubsub_numpat() or len(client.pubsub_channels("*pidbox*"))
    if workers:
        yield Finding("workers", OK, f"{workers} listen")
    else:
        yield Finding(
            "workers", FAULT, "none listens", "Start a worker: python -m celery -A config.celery worker."
        )


@check("register")
def _register() -> Iterator[Finding]:
    vendors = api.all_active(Kind.VENDOR)
    if vendors:
        yield Finding("vendor", OK, vendors[0].code)
    else:
        yield Finding(
            "vendor",
            WARNING,
            "no vendor tenant",
            "Create one: until then the operator's acts are in no security log.",
        )
    behind = [schema for wave in waves.preview().waves for schema in wave.behind]
    if behind:
        yield Finding("schemas", FAULT, f"{len(behind)} behind, {behind[0]} first", "Run mektep migrate.")
    else:
        yield Finding("schemas", OK, "up to date")
    with tenancy.owner():
        spares = SchemaState.objects.filter(is_spare=True, kind=Kind.SCHOOL).count()
        stray = (
            SchemaState.objects.filter(is_spare=False)
            .exclude(kind="public")
            .exclude(schema__in=Tenant.objects.values("schema_name"))
            .count()
        )
    if spares < provisioning.SPARES[Kind.SCHOOL]:
        yield Finding(
            "spares",
            WARNING,
            f"{spares} prepared schemas",
            "A worker makes them within a minute; see that one runs.",
        )
    else:
        yield Finding("spares", OK, f"{spares} prepared schemas")
    if stray:
        yield Finding(
            "strays",
            WARNING,
            f"{stray} schemas of nobody",
            "A creation was broken off: look at tenants_schemastate.",
        )


@check("outbox")
def _outbox() -> Iterator[Finding]:
    oldest, whose = None, ""
    failed = 0
    for ref in api.all_active():
        with tenancy.owner(ref, building=True), connection.cursor() as cursor:
            try:
                cursor.execute(
                    f'SELECT min(at), count(*) FILTER (WHERE attempts >= 10) FROM "{ref.schema}".kernel_outboxevent'  # noqa: S608 - a name of the register
                    " WHERE delivered_at IS NULL"
                )
            except DatabaseError:
                continue  # its schema is behind, which has been told
            at, given_up = cursor.fetchone()
        failed += given_up
        if at is not None and (oldest is None or at < oldest):
            oldest, whose = at, ref.code
    late = oldest is not None and clock.now() - oldest > LONGEST_WAIT
    if failed:
        yield Finding(
            "events given up",
            WARNING,
            f"{failed}",
            "Their handlers fail: the log names them as event.failed.",
        )
    if oldest is not None and late:
        minutes = int((clock.now() - oldest).total_seconds() // 60)
        yield Finding(
            "outbox", FAULT, f"{whose} waits for {minutes} minutes", "Start a worker, or look at its log."
        )
    else:
        yield Finding("outbox", OK, "nothing waits long")


@check("backups")
def _backups() -> Iterator[Finding]:
    with tenancy.owner():
        newest = dict(
            Backup.objects.filter(act=Backup.Act.TAKEN, outcome="ok")
            .values_list("tenant_id")
            .annotate(newest=Max("at"))
        )
        with connection.cursor() as cursor:
            # A restore works in r_…, and puts what it replaces aside as o_… until its transaction ends.
            cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname ~ '^[ro]_[0-9a-f]{10}$'")
            left = cursor.fetchone()[0]
    limit = clock.now() - OLDEST_BACKUP
    late = [ref.code for ref in api.all_open() if newest.get(ref.id, limit) <= limit]
    if late:
        yield Finding(
            "backups",
            WARNING,
            f"{len(late)} tenants without one of the last {OLDEST_BACKUP.days * 24} hours, {late[0]} first",
            "See that a worker runs at night, or run mektep backup night.",
        )
    else:
        yield Finding("backups", OK, "every tenant has a fresh one")
    if left:
        yield Finding(
            "restores",
            WARNING,
            f"{left} schemas of a restore that was broken off",
            "Drop those in r_… and o_….",
        )


@check("feeds")
def _feeds() -> Iterator[Finding]:
    down = []
    for ref in api.all_open():
        with tenancy.use(ref):
            down += [
                f"{ref.code} {place.feed}: {place.fault}"
                for place, __ in feeds.standing()
                if place.failing_since
            ]
    if down:
        yield Finding(
            "feeds", FAULT, f"{len(down)} down, {down[0]}", "The lines wait here; see mektep audit feeds."
        )
    else:
        yield Finding("feeds", OK, "the security log leaves the cell")


@check("archive")
def _archive() -> Iterator[Finding]:
    """Whether every moment of the last hours could be reached; nothing to say where the cell has no archive."""
    if "tenants.archive" not in settings.PORTS:
        if settings.MODE == "live":
            yield Finding(
                "archive",
                WARNING,
                "none",
                "Set MEKTEP_ARCHIVE: without it a school goes back to last night only.",
            )
        return
    handed, failed = _one(
        "SELECT ARRAY[last_archived_time, CASE WHEN last_failed_time > coalesce(last_archived_time, '-infinity')"
        " THEN last_failed_time END] FROM pg_stat_archiver"
    )
    since = f"{handed:%d.%m.%Y %H:%M}" if handed else "never"
    if failed is not None or handed is None:
        yield Finding(
            "archive",
            FAULT,
            f"WAL last handed over {since}",
            "Run mektep cell configure, see the server's log.",
        )
    elif clock.now() - handed > LONGEST_WAIT:
        yield Finding(
            "archive",
            WARNING,
            f"WAL last handed over {since}",
            "Nothing was written since, or the archive lags.",
        )
    else:
        yield Finding("archive", OK, "WAL is handed over")
    with tenancy.owner():
        whole = Backup.objects.filter(tenant_id=tenancy.PUBLIC.id, outcome="ok")
        last = dict(whole.values_list("act").annotate(newest=Max("at")))
    for act, limit, command in (
        (Backup.Act.TAKEN, OLDEST_BACKUP, "backup"),
        (Backup.Act.DRILLED, timedelta(days=8), "drill"),
    ):
        at = last.get(act)
        if at is None or clock.now() - at > limit:
            found = f"last {at:%d.%m.%Y}" if at else "never"
            yield Finding(
                f"cell {command}", WARNING, found, f"See that its timer runs, or run mektep cell {command}."
            )
        else:
            yield Finding(f"cell {command}", OK, f"{at:%d.%m.%Y %H:%M}")
