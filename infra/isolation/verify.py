"""The trials, one after another, in a scratch database: run by `mektep isolation verify` as a process of its own.

    python -m infra.isolation.verify '{"quick": true, …}'

It prints one line of JSON on standard output and its progress on standard error.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SWITCHES = {True: 200_000, False: 5_000_000}
REQUESTS = {True: 20_000, False: 1_000_000}
LEAST_AIMED = 0.3


@dataclass(frozen=True)
class Plan:
    quick: bool
    requests: int
    switches: int
    seed: str
    is_founded: bool = False  # a copy of a database in which the tenants stand


def run(plan: Plan, say: Callable[[str], None]) -> dict[str, Any]:
    """Everything; Django is set up in the scratch database."""
    from config import api
    from infra.isolation import canaries, cells, hostile, injection, mutations, outgoing, storm, walls
    from infra.isolation import world as worlds
    from infra.isolation.visitor import Visitor
    from tenants import waves

    begun = time.monotonic()
    api.PER_MINUTE = sys.maxsize  # the trials ask more often than a person may
    if not plan.is_founded:
        say("migrating the scratch database and founding the tenants")
        waves.migrate()
        worlds.found()
    world = worlds.build(say)
    scanner = canaries.Scanner(canaries.mark_of(world.a))
    with ThreadPoolExecutor(1) as beside:
        # Mostly the server's work, in a database of its own: it is done while the others ask.
        say(f"the storm begins: {plan.switches} switches")
        blowing = beside.submit(storm.run, switches=plan.switches) if plan.switches else None
        with Visitor(scanner) as visitor:
            say("cells: every route and operation, every role")
            asked = cells.run(world, visitor, quick=plan.quick)
            say(f"{asked.cells} cells, {len(asked.deviations)} deviations")
            say("permission lines: each is removed, and a cell must turn red")
            removed = mutations.remove_each(world, visitor, quick=plan.quick)
            say(f"{removed.lines} lines; {removed.at_doors} shut a door, {removed.within} a page behind one")
            unproved = [*mutations.rights_that_differ(world), *removed.unnoticed]
            thrown = hostile.run(
                world, visitor, requests=plan.requests, seed=plan.seed, say=say, unserved=asked.unserved
            )
            say(f"{thrown.requests} hostile requests, {thrown.aimed} at rows that are there")
            outgoing.scan(world, scanner)
            say("walls: each is taken away, and its probe must notice")
            verdicts = walls.examine(world, visitor)
        say("the planted injection, A against B and B against A")
        injected = injection.attack(world.a, world.b, with_sqlmap=not plan.quick)
        # A has carried no tokens until now: it was the one to whom others' might come.
        world.planted[world.a.code] = canaries.plant(world.a)
        injected += injection.attack(world.b, world.a, with_sqlmap=False)
        weather = blowing.result() if blowing else storm.Report()
        say(f"the storm is over: {weather}")
    return {
        "cells": asked.cells,
        "deviations": len(asked.deviations) + len(thrown.deviations) + len(unproved),
        "hostile_requests": thrown.requests,
        "aimed_at_existing": thrown.aimed,
        "foreign_bytes": scanner.foreign_bytes,
        "switches": weather.switches,
        "wrong_rows": weather.wrong,
        "walls": {name: "green" if verdict.is_green else "red" for name, verdict in verdicts.items()},
        "injected": {"queries": injected.queries, "foreign_rows": injected.foreign_rows},
        "details": {
            "seed": plan.seed,
            "seconds": round(time.monotonic() - begun, 1),
            "deviations": [*asked.deviations, *thrown.deviations, *unproved][:200],
            "statuses": {
                "cells": dict(sorted(asked.statuses.items())),
                "hostile": dict(sorted(thrown.statuses.items())),
            },
            "objects_opened": len(asked.opened),
            "never_opened": asked.never_opened,
            "permission_lines": {
                "removed": removed.lines,
                "red": removed.lines - len(removed.unnoticed),
                "red_at_a_door": removed.at_doors,
                "red_within": removed.within,
                "red_in_rights_alone": removed.in_rights,
            },
            "bytes_looked_at": scanner.seen,
            "foreign": scanner.examples,
            "canaries": {
                code: {"columns": p.columns, "rows": p.rows, "cannot": p.cannot}
                for code, p in world.planted.items()
            },
            "storm": {
                "said": str(weather),
                "reads": weather.reads,
                "refused": weather.errors,
                "killed": weather.kills,
            },
            "storm_examples": weather.examples,
            "walls": {name: str(verdict) for name, verdict in verdicts.items()},
            "injected": {
                "own_rows": injected.own_rows,
                "refused": injected.refused,
                "role_changes": injected.role_changes,
                "sqlmap": injected.sqlmap,
                "examples": injected.examples,
            },
        },
    }


def faults(answer: dict[str, Any]) -> list[str]:
    """What keeps the report from being clean, in words for the operator."""
    details = answer["details"]
    found = [
        (answer["deviations"], f"{answer['deviations']} cells or requests were not answered as promised"),
        (answer["foreign_bytes"], f"{answer['foreign_bytes']} bytes of another school left"),
        (answer["wrong_rows"], f"{answer['wrong_rows']} rows of the wrong school in the storm"),
        (answer["injected"]["foreign_rows"], "the planted injection reached another school"),
        (details["injected"]["role_changes"], "the planted injection changed its role"),
        (
            not details["injected"]["own_rows"],
            "the planted injection is no hole: it brought no row of its own school",
        ),
        (
            answer["hostile_requests"]
            and answer["aimed_at_existing"] < LEAST_AIMED * answer["hostile_requests"],
            "too few hostile requests aimed at rows that are there",
        ),
        *(
            (state == "red", f"wall: {name}: {details['walls'][name]}")
            for name, state in answer["walls"].items()
        ),
    ]
    return [words for is_wrong, words in found if is_wrong]


def main() -> None:
    import django
    from django.conf import settings

    django.setup()
    plan = Plan(**json.loads(sys.argv[1]))
    begun = time.monotonic()

    # What the product would log is kept, to be looked at as anything else that leaves.
    logs = Path(settings.FILES_ROOT).parent / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream((logs / "mektep.log").open("w", encoding="utf-8"))

    def say(line: str) -> None:
        sys.stderr.write(f"{time.monotonic() - begun:7.1f} s  {line}\n")
        sys.stderr.flush()

    answer = run(plan, say)
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
