"""Random stories of three people on four devices, told to the journal and to a simple model of it: no difference.

`MEKTEP_JOURNAL_RUNS=10000` tells so many new ones instead of the same few, `MEKTEP_JOURNAL_SEED` those of a number again.
"""

from __future__ import annotations

import os
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pprint import pformat

import pytest
from django.db import transaction

from kernel.tenancy import TenantRef
from tests.conftest import ActorOf
from tests.modules.journal.model import stories
from tests.modules.journal.model.world import Act, Ground, World

ASKED = os.environ.get("MEKTEP_JOURNAL_RUNS")
RUNS = int(ASKED or "150")
SEED = int(os.environ.get("MEKTEP_JOURNAL_SEED") or (time.time() if ASKED else 1))

# Stories in which nobody meets anybody prove nothing: these are to be heard often.
ANSWERS = [
    *(
        f"{field} {status}"
        for field in ("points", "absence", "comment", "period")
        for status in ("ok", "conflict", "locked", "refused")
    ),
    "met",
    "not there",
]

Tell = Callable[[list[Act]], "str | None"]


@pytest.fixture
def heard() -> Counter[str]:
    """How often the journal gave each answer."""
    return Counter()


@pytest.fixture
def tell(in_school: TenantRef, moment: None, actor_of: ActorOf, heard: Counter[str]) -> Tell:
    """Tell one story; answer with what went wrong in it. Nothing of it stays."""
    ground = Ground.lay(actor_of)

    def told(acts: list[Act]) -> str | None:
        try:
            with transaction.atomic():
                world = World(ground)
                for act in acts:
                    world.do(act)
                world.compare()
                transaction.set_rollback(True)
        except Exception:
            return traceback.format_exc(limit=-3)
        heard.update(world.heard)
        return None

    return told


@pytest.mark.requirement("SIS-32", "SIS-36", "SIS-52", "MOB-12")
def test_no_story_tells_the_journal_from_its_model(tell: Tell, heard: Counter[str]) -> None:
    for number in range(SEED, SEED + RUNS):
        acts = stories.story(number)
        if tell(acts):
            acts = stories.shortest(acts, lambda fewer: tell(fewer) is not None)
            pytest.fail(f"MEKTEP_JOURNAL_SEED={number}\n{pformat(acts)}\n{tell(acts)}", pytrace=False)
    seldom = {name: heard[name] for name in ANSWERS if heard[name] < RUNS // 30}
    assert not seldom, dict(heard)
    print(f"{RUNS} stories from {SEED}: {dict(heard)}")
