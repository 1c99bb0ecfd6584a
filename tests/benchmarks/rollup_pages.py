"""The pages of a district and of a region when few schools have figures, and when 7,500 have.

The district has ten schools, the region ten districts; with few, each other district has one school. The figures
are synthetic; the pages are the product's own queries, on the authority's own login role.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, connections, transaction
from django.urls import set_urlconf
from psycopg import sql

from kernel import events, jobs, tenancy
from kernel.access import REGISTER, Actor, Role
from kernel.tenancy import TenantRef
from modules.analytics.queries import authority as pages
from modules.analytics.queries.metrics import OF_PERIOD, codes
from modules.journal import api as journal
from modules.journal.services import Operation
from tenants import rollups
from tenants.rollups import Figure
from tests import world
from tests.benchmarks.measure import against, alone, take_turns
from tests.factories import schedule as make

SCHOOLS, FEW = 7_500, 19
YEAR, PERIOD = "2026-27", "q1"

# Register rows without schemas: nobody signs in there, only their figures are needed.
_TENANTS = """
INSERT INTO public.tenants_tenant
  (id, schema_name, code, kind, mode, state, name_kk, name_ru, language, kato, parent_id, db_role, created_at)
SELECT gen_random_uuid(), %(prefix)s || '_' || lpad(%(first)s::int + n || '', 10, '0'), %(kind)s || '-' || %(first)s::int + n,
       %(kind)s, 'test', 'active', 'Мектеп ' || n, 'Школа ' || n, 'kk', '', %(parent)s,
       %(kind)s || '_' || %(first)s::int + n, now()
FROM generate_series(1, %(count)s) n RETURNING id
"""
_FACTS = """
INSERT INTO public.tenants_rollupfact (school_id, metric, version, year, period, dimension, value, numerator, denominator,
                                       people, is_open, as_of)
SELECT s.id, m.metric, 1, %(year)s, %(period)s, d.dimension, d.value, 100 + abs(hashtext(s.id::text)) %% 200, 400, 120, true,
       now()
FROM unnest(%(schools)s::uuid[]) s(id), unnest(%(metrics)s::text[]) m(metric),
     (SELECT 'all' AS dimension, '' AS value UNION ALL SELECT 'grade', g::text FROM generate_series(5, 8) g
      UNION ALL SELECT 'subject', c FROM unnest(ARRAY['algebra','geometry','physics','chemistry','biology','history',
                                                      'geography','informatics']) c) d
"""


def run() -> list[dict[str, Any]]:
    region, district = world.find("region"), world.find("authority")
    # Not a school for trials: of those no figure leaves.
    school = world.found_school(mode="demo")
    rows = [_lag(school)]
    _clear()
    districts = [*_below(region), *_add(8, "authority", region.id, first=0)]
    in_each = [_add(1, "school", one, first=1000 + n)[0] for n, one in enumerate(districts)]
    _fill([*in_each, *(one for one in _below(district) if one not in in_each)])
    _fill(_add(7, "school", district.id, first=2000))
    with _copy() as few:
        others = [one for one in districts if one != district.id]
        many = (SCHOOLS - FEW) // len(others)
        for n, one in enumerate(others):
            _fill(_add(many, "school", one, first=10_000 + n * 2_000))
        rows += [
            against(
                f"{title} page, {SCHOOLS} schools with figures / {FEW}",
                value=times[True],
                floor=times[False],
                goal=1.2,
            )
            for title, ref in (("District's", district), ("Region's", region))
            if (times := _in_turns(ref, few))
        ]
    return [*rows, *_writing(school)]


@contextmanager
def _copy() -> Iterator[str]:
    """The database as it is now, kept beside: the few and the many are measured in turns, on one machine's mood."""
    many = str(settings.DATABASES["default"]["NAME"])
    tenancy.forget()
    connections["default"].close()
    with world._admin() as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(f"{many}_few"), sql.Identifier(many)
            )
        )
    try:
        yield f"{many}_few"
    finally:
        _stand_in(many)
        with world._admin() as admin:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(f"{many}_few")))


def _stand_in(database: str) -> None:
    tenancy.forget()
    world._point_at(database)


def _in_turns(ref: TenantRef, few: str) -> dict[bool, float]:
    """Medians of the page's time with many schools (True) and with few."""
    many = str(settings.DATABASES["default"]["NAME"])
    for name in (many, few):
        _stand_in(name)
        with tenancy.owner(), connection.cursor() as cursor:
            for table in ("tenant", "rollupfact", "rollupnode", "rollupfreshness"):
                cursor.execute(f"VACUUM ANALYZE public.tenants_{table}")
    set_urlconf("config.urls.authority")
    actor = Actor(
        tenant=ref,
        grants={
            p.code: p.defaults[Role.AUTHORITY_HEAD]
            for p in REGISTER.values()
            if Role.AUTHORITY_HEAD in p.defaults
        },
    )
    pools: dict[str, Any] = {}

    def page(name: str) -> None:
        tenancy._local.wrappers = pools[name]
        with tenancy.use(ref):
            if pages.board(actor=actor, year=YEAR, period=PERIOD).is_empty:
                raise AssertionError("the page shows nothing")

    for name in (few, many):
        world._point_at(name)
        pools[name] = OrderedDict()
        page(name)
    times = take_turns({"few": lambda: page(few), "many": lambda: page(many)}, rounds=40, batch=4)
    for name in (few, many):
        tenancy._local.wrappers = pools[name]
        tenancy.forget()
    return {True: times["many"], False: times["few"]}


def _writing(school: TenantRef) -> list[dict[str, Any]]:
    """One journal's change among 7,500 schools: with the sums above, and without anybody above."""

    def publish(numerator: int) -> None:
        with transaction.atomic():
            rollups.write(
                [
                    Figure(code, YEAR, "q2", numerator, 400, 120, dimension=dimension, value=value)
                    for code in codes(OF_PERIOD)
                    for dimension, value in [
                        ("all", ""),
                        ("grade", "7"),
                        ("subject", "algebra"),
                        ("language", "kk"),
                    ]
                ],
                metrics=codes(OF_PERIOD),
                year=YEAR,
                period="q2",
            )

    turn = iter(range(10**6))
    with tenancy.use(school):
        publish(next(turn))
        times = take_turns({"publish": lambda: publish(next(turn)), "fold": rollups.fold}, rounds=15, batch=4)
    return [
        alone("Figures of a changed journal: published", value=times["publish"], goal=40),
        alone("What waits, folded into district and region", value=times["fold"], goal=40),
    ]


def _lag(school: TenantRef) -> dict[str, Any]:
    """From the teacher's save to the district's sum, the queue's own waits left out."""
    with tenancy.use(school):
        system = Actor.system_actor("bench")
        scene = make.scene(pupil_count=25)
        events.deliver()
        jobs.Collected.clear()
        waits = []
        for number, pupil in enumerate(scene.pupils[:15]):
            begun = time.perf_counter()
            cell = Operation(uuid4(), scene.lessons[0].pk, pupil.pk, "fo", "points", None, 5 + number % 6)
            journal.save_cells(actor=system, course_id=scene.course.pk, operations=[cell])
            events.deliver()
            _, job_id = jobs.Collected.jobs.pop()
            jobs.run(job_id)
            waits.append(time.perf_counter() - begun)
            jobs.Collected.clear()
    with tenancy.use(world.find("authority")):
        [total] = rollups.of_node(tenancy.current().id, metrics=["journal.quality"])
        assert total.denominator == 15
    return alone("From a mark's save to the district's sum, at work", value=max(waits), goal=5000)


def _below(ref: TenantRef) -> list[UUID]:
    with tenancy.owner(), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM public.tenants_tenant WHERE parent_id = %s ORDER BY code", [ref.id])
        return [row[0] for row in cursor.fetchall()]


def _add(count: int, kind: str, parent: UUID, *, first: int) -> list[UUID]:
    with tenancy.owner(), connection.cursor() as cursor:
        cursor.execute(
            _TENANTS, {"prefix": kind[0], "first": first, "kind": kind, "count": count, "parent": parent}
        )
        return [row[0] for row in cursor.fetchall()]


def _fill(schools: list[UUID]) -> None:
    with tenancy.owner(), connection.cursor() as cursor:
        cursor.execute(
            _FACTS, {"schools": schools, "metrics": codes(OF_PERIOD), "year": YEAR, "period": PERIOD}
        )
        rollups.fold()


def _clear() -> None:
    with tenancy.owner(), connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE public.tenants_rollupfact, public.tenants_rollupnode, public.tenants_rollupdelta, "
            "public.tenants_rollupfreshness"
        )


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
