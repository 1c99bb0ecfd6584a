"""Lines of the card go along with the child; health stays, and who might not see her may not in the new school."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import transaction

from kernel import tenancy
from kernel.access import Actor
from kernel.clock import ALMATY
from modules.contingent import api as contingent
from modules.contingent import services
from modules.contingent.models import (
    HealthGroup,
    Pupil,
    PupilAddress,
    PupilDocument,
    PupilStatus,
    SightBan,
    SpecialNeed,
)
from modules.transfers import reading
from tests.modules.transfers.conftest import World

pytestmark = pytest.mark.requirement("SIS-16", "SIS-18")
SEPTEMBER = date(2026, 9, 1)


def fill(pupil_id: UUID) -> None:
    lines: dict[str, dict[str, Any]] = {
        "documents": {"kind": "birth_certificate", "number": "0123456", "issued_date": date(2013, 5, 1)},
        "addresses": {"kind": "actual", "kato": "354800000", "text": "Орталық көшесі 17", "since": SEPTEMBER},
        "needs": {
            "paper_number": "41",
            "paper_date": SEPTEMBER,
            "programme": "individual",
            "since": SEPTEMBER,
        },
        "health": {"group": 3, "physical_education": "special", "since": SEPTEMBER, "advice": "ҚҰПИЯ"},
    }
    for section, values in lines.items():
        services.add_record(actor=Actor.system_actor("tests"), pupil_id=pupil_id, section=section, **values)


def test_the_new_school_has_them_with_the_order(world: World, aiaru: UUID) -> None:
    village, large = world.village, world.large
    with tenancy.use(village.ref), transaction.atomic():
        fill(aiaru)
    asked = large.ask(village)
    world.deliver()
    village.agree(asked.pk, aiaru)
    world.deliver()
    village.sign(asked.pk)
    world.deliver()
    came = large.the(asked.pk).dossier
    assert came is not None
    assert "ҚҰПИЯ" not in str(came)
    card = reading.card_of(came)
    assert card is not None
    with tenancy.use(large.ref):
        told = str(reading.tables(card, came["parts"], whole_iin=False))
    for words in ("0123456", "сот шешімі № 7", "№ 41"):
        assert words.removeprefix("№ ") in told
    large.take_in(asked.pk)
    with time_machine.travel(datetime(2026, 11, 25, 9, 0, tzinfo=ALMATY)):
        large.sign(asked.pk)
        world.deliver()
        with tenancy.use(large.ref):
            girl = Pupil.objects.get()
            assert girl.address == "Орталық көшесі 17"
            assert PupilDocument.objects.get().number == "0123456"
            assert PupilAddress.objects.get().kato == "354800000"
            assert SpecialNeed.objects.get().programme == "individual"
            assert "special_educational_needs" in PupilStatus.objects.values_list("code", flat=True)
            assert not HealthGroup.objects.exists()
            ban = SightBan.objects.get()
            assert (ban.guardian.name, ban.since, ban.ground) == ("Серік", SEPTEMBER, "сот шешімі № 7")


@pytest.mark.parametrize(
    "content",
    [
        {"documents": 5, "addresses": ["x"], "needs": {"a": 1}},
        {"documents": [{"kind": "spell", "number": "1"}, {"kind": "passport", "number": "9" * 99}]},
        {"addresses": [{"kind": "actual", "text": "Абай", "since": "not a day"}]},
        {"health": [{"group": 1, "physical_education": "basic", "since": "2026-09-01"}]},
    ],
    ids=["other-shapes", "other-codes", "no-date", "health-is-not-taken"],
)
def test_what_is_not_in_order_is_left(world: World, aiaru: UUID, content: dict[str, Any]) -> None:
    with tenancy.use(world.village.ref), transaction.atomic():
        services.take_lines(actor=Actor.system_actor("tests"), pupil_id=aiaru, content=content)
        assert not PupilDocument.objects.exists()
        assert not PupilAddress.objects.exists()
        assert not HealthGroup.objects.exists()
        assert contingent.lines_of_card(actor=Actor.system_actor("tests"), pupil_id=aiaru).keys() == {
            "version",
            "bans",
        }
