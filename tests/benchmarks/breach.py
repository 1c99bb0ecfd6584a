"""Whom a breach concerns, over a log of a million looks: one account, and the whole school, against their bare SQL."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection

from kernel import clock, tenancy
from kernel.access import Actor
from modules.breaches import services
from modules.breaches.data import Way
from modules.breaches.models import Breach
from tests import world
from tests.benchmarks.measure import against, take_turns

ROWS, PEOPLE, ACCOUNTS, DAYS = 1_000_000, 1_500, 120, 1_095

# Years of a school's log in the order of time, as it is written: every account looks at everybody now and then.
_LOG = """
INSERT INTO kernel_viewentry (at, actor_id, actor_name, subject, subject_id, purpose, request_id, session_id)
SELECT now() - make_interval(days => %(days)s::int) + make_interval(secs => n * (%(days)s::int * 86400.0 / %(rows)s::int)),
  n %% %(accounts)s::int + 1, 'account', 'pupil',
  lpad(to_hex((n * 7919) %% %(people)s::int), 32, '0')::uuid,
  (ARRAY['contingent.card', 'registers.list', 'contingent.card.guardians'])[n %% 3 + 1], '', n / 5000
FROM generate_series(1::bigint, %(rows)s::bigint) AS n
"""
_BARE = """
SELECT subject, subject_id, purpose, count(*), min(at), max(at) FROM kernel_viewentry
WHERE at >= %(since)s AND at < %(until)s {who} GROUP BY subject, subject_id, purpose
"""


def run() -> list[dict[str, Any]]:
    school = world.find("school-a")
    with tenancy.owner(school), connection.cursor() as cursor:
        given = {"rows": ROWS, "people": PEOPLE, "accounts": ACCOUNTS, "days": DAYS}
        cursor.execute(_LOG, given)
        cursor.execute("ANALYZE kernel_viewentry")
    tenancy.forget(school.schema)
    with tenancy.use(school):
        actor = Actor.system_actor("benchmark")
        until = clock.now() + timedelta(days=1)
        since = until - timedelta(days=DAYS + 2)
        one = _noted(actor, way=Way.ACCOUNT, user_id=7, since=since, until=until)
        everything = _noted(actor, way=Way.EVERYTHING, since=since, until=until)
        ways = {
            "one": lambda: _count(actor, one),
            "all": lambda: _count(actor, everything),
            "one_sql": lambda: _bare(since, until, "AND actor_id = 7"),
            "all_sql": lambda: _bare(since, until, ""),
        }
        taken = take_turns(ways, rounds=7, batch=1)
        everything.refresh_from_db()
        if everything.persons != PEOPLE or everything.looks != ROWS:
            raise AssertionError(f"{everything.persons} persons, {everything.looks} looks")
    title = "A breach over 1,000,000 looks:"
    return [
        against(
            f"{title} the whole school / its SQL",
            value=taken["all"],
            floor=taken["all_sql"],
            goal=3,
            unit="s",
        ),
        against(
            f"{title} one account / its SQL", value=taken["one"], floor=taken["one_sql"], goal=3, unit="ms"
        ),
    ]


def _noted(actor: Actor, **given: Any) -> Breach:
    return services.note(actor=actor, what="a stolen password", contact="the director", **given)


def _count(actor: Actor, row: Breach) -> None:
    services.count(actor=actor, breach_id=row.pk, told=lambda done, total: None)


def _bare(since: Any, until: Any, who: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_BARE.format(who=who), {"since": since, "until": until})
        cursor.fetchall()
