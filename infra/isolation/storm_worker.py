"""One process in the storm: it switches between schools at random and checks every row it reads.

    python -m infra.isolation.storm_worker '{"backend": "ours", "schemas": [...], "switches": 1000, ...}'

It prints one line of JSON. `ours` is the product's backend; `stock` is django-tenants' own, as its documentation
sets it up, with the same acts under the same weather.
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol

import psycopg
from django.db import DatabaseError, InterfaceError, connection, transaction

READ = "SELECT current_user::text, current_schema()::text, school FROM canary WHERE id = 1"


class Driver(Protocol):
    """How a backend serves a school, and what it promises about the role."""

    def use(self, schema: str) -> AbstractContextManager[Any]: ...
    def settle(self) -> None: ...
    def role(self, schema: str) -> str: ...


class Ours:
    """The product: another login role's connection for each school."""

    def __init__(self, schemas: list[str]) -> None:
        import django

        django.setup()
        from uuid import UUID

        from kernel import tenancy
        from kernel.tenancy import Kind, TenantRef

        self.tenancy = tenancy
        self.refs = {
            schema: TenantRef(id=UUID(int=number + 1), code=schema, schema=schema, kind=Kind.SCHOOL)
            for number, schema in enumerate(schemas)
        }

    def use(self, schema: str) -> AbstractContextManager[Any]:
        return self.tenancy.use(self.refs[schema])

    def settle(self) -> None:
        self.tenancy.close_idle()

    def role(self, schema: str) -> str:
        return self.tenancy.role_name(schema)


class Stock:
    """django-tenants as its documentation sets it up: one account, `SET search_path` for each school."""

    def __init__(self, schemas: list[str]) -> None:
        import django
        from django.conf import settings

        settings.configure(
            DATABASES={
                "default": {
                    "ENGINE": "django_tenants.postgresql_backend",
                    "HOST": os.environ["MEKTEP_DB_HOST"],
                    "PORT": os.environ["MEKTEP_DB_PORT"],
                    "NAME": os.environ["MEKTEP_DB_NAME"],
                    "USER": os.environ["MEKTEP_DB_OWNER_USER"],
                    "PASSWORD": os.environ["MEKTEP_DB_OWNER_PASSWORD"],
                    "CONN_MAX_AGE": 600,
                    "OPTIONS": {"application_name": "mektep"},
                }
            },
            INSTALLED_APPS=["django.contrib.contenttypes", "django_tenants"],
            DATABASE_ROUTERS=["django_tenants.routers.TenantSyncRouter"],
            SHARED_APPS=["django.contrib.contenttypes", "django_tenants"],
            TENANT_APPS=["django.contrib.contenttypes"],
            TENANT_MODEL="contenttypes.ContentType",
            TENANT_DOMAIN_MODEL="contenttypes.ContentType",
            DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
            USE_TZ=True,
        )
        django.setup()

    def use(self, schema: str) -> AbstractContextManager[Any]:
        from django_tenants.utils import schema_context

        return schema_context(schema)

    def settle(self) -> None:
        from django.db import close_old_connections

        close_old_connections()

    def role(self, schema: str) -> str:
        return os.environ["MEKTEP_DB_OWNER_USER"]


DRIVERS: dict[str, Callable[[list[str]], Driver]] = {"ours": Ours, "stock": Stock}


class Sailor:
    """One thread of the storm."""

    def __init__(self, driver: Driver, plan: dict[str, Any], number: int, ashore: threading.Event) -> None:
        self.driver = driver
        self.schemas: list[str] = plan["schemas"]
        self.switches: int = plan["switches"]
        self.until_wrong: bool = plan.get("until_wrong", False)
        self.dice = random.Random(f"{plan['seed']}/{number}")
        self.seen: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.ashore = ashore
        self.acts: list[tuple[Callable[[str], None], int]] = [
            (self.read, 78),
            (self.savepoint_rolled_back, 5),
            (self.error_inside, 4),
            (self.short_patience, 1),
            (self.nested, 9),
            (self.exception_through, 3),
        ]

    def sail(self) -> None:
        acts, weights = zip(*self.acts, strict=True)
        while self.seen["switches"] < self.switches and not self.ashore.is_set():
            school = self.dice.choice(self.schemas)
            act = self.dice.choices(acts, weights)[0]
            try:
                self.seen["switches"] += 1
                with self.driver.use(school):
                    act(school)
            except (DatabaseError, InterfaceError, psycopg.Error) as error:
                self.seen[type(error).__name__] += 1
                # Most requests end here and tidy up; some code goes on with what it has.
                if self.dice.random() < 0.7:
                    self.settle()
            else:
                if self.dice.random() < 0.01:
                    self.settle()
            if self.until_wrong and self.wrong:
                self.ashore.set()

    def settle(self) -> None:
        try:
            self.driver.settle()
        except (DatabaseError, InterfaceError, psycopg.Error):
            self.seen["settle"] += 1

    # --- acts, each of which reads at least once

    def read(self, school: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(READ)
            self.check(school, cursor.fetchone())

    def check(self, school: str, row: tuple[Any, ...] | None) -> None:
        self.seen["reads"] += 1
        expected = (self.driver.role(school), school, school)
        if row != expected:
            self.wrong.append(f"wanted {expected}, got {row}")

    def savepoint_rolled_back(self, school: str) -> None:
        with transaction.atomic():
            sid = transaction.savepoint()
            with connection.cursor() as cursor:
                cursor.execute("UPDATE canary SET visits = visits + 1 WHERE id = 1")
            transaction.savepoint_rollback(sid)
            self.read(school)
            transaction.set_rollback(True)
        self.read(school)

    def error_inside(self, school: str) -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT 1 / (id - 1) FROM canary WHERE id = 1")
        except DatabaseError:
            pass
        self.read(school)

    def short_patience(self, school: str) -> None:
        patience = self.dice.choice([1, 2, 3])
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = {patience}")
                self.read(school)
                cursor.execute("SELECT pg_sleep(0.02)")
        except DatabaseError:
            pass
        self.read(school)

    def nested(self, school: str) -> None:
        other = self.dice.choice(self.schemas)
        with self.driver.use(other):
            self.seen["switches"] += 1
            self.read(other)
        self.read(school)

    def exception_through(self, school: str) -> None:
        other = self.dice.choice(self.schemas)
        try:
            with self.driver.use(other):
                self.seen["switches"] += 1
                self.read(other)
                raise LookupError
        except LookupError:
            pass
        self.read(school)


def main() -> None:
    plan = json.loads(sys.argv[1])
    driver = DRIVERS[plan["backend"]](plan["schemas"])
    ashore = threading.Event()
    sailors = [Sailor(driver, plan, number, ashore) for number in range(plan["threads"])]
    threads = [threading.Thread(target=sailor.sail) for sailor in sailors]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seen: Counter[str] = Counter()
    for sailor in sailors:
        seen += sailor.seen
    wrong = [line for sailor in sailors for line in sailor.wrong]
    answer = {
        **seen,
        "wrong": len(wrong),
        "examples": wrong[:5],
        "seconds": round(time.monotonic() - begun, 1),
    }
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
