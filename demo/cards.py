"""What pupils' cards hold besides names: papers, addresses, health, needs, schooling at home, transport, one divorce."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from datetime import date, timedelta
from random import Random
from typing import Any

from demo.district import SchoolPlan
from demo.people import Crowd
from identity import api as identity
from kernel import audit, clock, files
from kernel.access import Actor
from kernel.models import ViewEntry
from modules.contingent.models import (
    Guardian,
    Guardianship,
    HealthGroup,
    HealthNote,
    HomeSchooling,
    Membership,
    Pupil,
    PupilAddress,
    PupilDocument,
    PupilStatus,
    SightBan,
    SpecialNeed,
    Transport,
)
from modules.staff.models import Employee
from tenants import reference

WORK = (
    (("«Қазақтелеком» АҚ", "АО «Казахтелеком»"), ("маман", "специалист")),
    (("Аудандық аурухана", "Районная больница"), ("медбике", "медсестра")),
    (("«Талды» ШҚ", "КХ «Талды»"), ("механизатор", "механизатор")),
    (("Аудандық әкімдік", "Районный акимат"), ("бас маман", "главный специалист")),
    (("«Қарқаралы» ұлттық паркі", "Национальный парк «Каркаралинский»"), ("инспектор", "инспектор")),
    (("Жеке кәсіпкер", "Индивидуальный предприниматель"), ("", "")),
)
# Health groups I-V, and the groups of physical education that go with them.
GROUPS = ((1, 24, "basic"), (2, 55, "basic"), (3, 17, "preparatory"), (4, 3, "special"), (5, 1, "exempt"))
NOTES = (
    (
        "allergy",
        ("жаңғаққа аллергия", "аллергия на орехи"),
        ("жаңғақ беруге болмайды, анасына және 103-ке қоңырау шалу", "орехи нельзя, звонить матери и 103"),
    ),
    (
        "allergy",
        ("тозаңға аллергия", "поллиноз"),
        ("көктемде далаға шығармау", "весной не выводить на улицу"),
    ),
    (
        "chronic",
        ("бронх демікпесі", "бронхиальная астма"),
        ("ингалятор сөмкесінде, жүгірмейді", "ингалятор в портфеле, не бегать"),
    ),
    ("chronic", ("миопия", "миопия"), ("алдыңғы партаға отырғызу", "сажать за первую парту")),
    ("chronic", ("созылмалы гастрит", "хронический гастрит"), ("", "")),
)
_GRANTED = (
    "Решение Каркаралинского районного суда от 12.10.2026 № 3512-26",
    "Қарқаралы аудандық сотының 12.10.2026 № 3512-26 шешімі",
)


def fill(plan: SchoolPlan, crowd: Crowd, *, year: str) -> None:
    """Lines of all cards of the school in a few bulk inserts, signed by its secretary."""
    dice, start = crowd.random, reference.school_year(year).start
    clerk = Employee.objects.filter(positions__post_code="secretary").order_by("id").first()
    name = clerk.person_name.full if clerk else "demo"
    audit.sign(Actor.system_actor(name))
    here = Membership.objects.filter(year=year, until=None).select_related("pupil", "school_class")
    places = list(here.order_by("school_class__grade", "pupil_id"))
    pupils = [one.pupil for one in places]
    _papers(pupils, dice)
    _addresses(plan, pupils, dice)
    _health(plan, pupils, dice, start)
    _needs(plan, places, dice, start)
    _work(plan, dice)
    if pupils:
        _portrait(pupils[0], dice)


def divorce(plan: SchoolPlan, *, year: str) -> None:
    """A father with an account who may not see his daughter, and who has a son of another marriage here."""
    ties = Guardianship.objects.filter(
        pupil__memberships__year=year,
        pupil__memberships__until=None,
        pupil__memberships__school_class__grade=9,
    )
    mothers = ties.filter(relation="mother").values("pupil_id")
    accounts = identity.accounts_of(ties.values_list("guardian_id", flat=True))
    fathers = ties.filter(relation="father", pupil_id__in=mothers, guardian_id__in=list(accounts))
    tie = fathers.select_related("pupil").order_by("pupil__surname", "id").first()
    son = (
        Pupil.objects.filter(
            memberships__year=year, memberships__until=None, memberships__school_class__grade__lte=5
        )
        .exclude(pk__in=Guardianship.objects.filter(relation="father").values("pupil_id"))
        .order_by("surname", "pk")
        .first()
    )
    if tie is None or son is None:
        return
    Guardianship.objects.create(pupil=son, guardian_id=tie.guardian_id, relation="father")
    Guardianship.objects.filter(pk=tie.pk).update(lives_together=False, may_collect=False)
    SightBan.objects.create(
        pupil=tie.pupil,
        guardian_id=tie.guardian_id,
        since=date(2026, 10, 12),
        ground=_GRANTED[plan.tenant.language == "kk"],
    )


def looks(*, year: str) -> None:
    """Who of the school opened cards of the seventh class this autumn, for the parents to read."""
    people = Employee.objects.filter(positions__post_code__in=("secretary", "nurse", "psychologist"))
    posts = dict(people.values_list("id", "positions__post_code"))
    accounts = identity.accounts_of(posts)
    read = {
        "secretary": ("contingent.card", "contingent.card.documents", "contingent.card.guardians"),
        "nurse": ("contingent.card.health",),
        "psychologist": ("contingent.card", "contingent.card.statuses"),
    }
    pupils = Membership.objects.filter(year=year, until=None, school_class__grade=7)
    now, rows = clock.now(), []
    for number, pupil_id in enumerate(pupils.order_by("pupil_id").values_list("pupil_id", flat=True)):
        for person_id, account in accounts.items():
            at = now - timedelta(days=3 + (number + account.id) % 60, minutes=number % 50)
            rows += [
                ViewEntry(
                    at=at + timedelta(minutes=step),
                    actor_id=account.id,
                    actor_name=account.full_name,
                    subject="pupil",
                    subject_id=pupil_id,
                    purpose=purpose,
                )
                for step, purpose in enumerate(read[posts[person_id]])
            ]
    ViewEntry.objects.bulk_create(sorted(rows, key=lambda row: row.at))


def _in(plan: SchoolPlan, pair: tuple[str, str]) -> str:
    return pair[plan.tenant.language == "ru"]


def _papers(pupils: Iterable[Pupil], dice: Random) -> None:
    today, rows = clock.today(), []
    for one in pupils:
        born = one.birth_date
        rows.append(
            PupilDocument(
                pupil=one,
                kind=PupilDocument.Kind.BIRTH,
                number=f"{dice.randrange(10**7):07}",
                series=f"{dice.choice(('I', 'II'))}-КА",
                issued_by="АХАЖ" if dice.random() < 0.5 else "РАГС",
                issued_date=born + timedelta(days=dice.randrange(5, 40)),
            )
        )
        turned = born.replace(year=born.year + 16, day=min(born.day, 28))
        if turned < today:
            issued = min(turned + timedelta(days=dice.randrange(1, 60)), today)
            rows.append(
                PupilDocument(
                    pupil=one,
                    kind=PupilDocument.Kind.CARD,
                    number=f"{dice.randrange(10**9):09}",
                    issued_by="ҚР ІІМ / МВД РК",
                    issued_date=issued,
                    valid_until=issued.replace(year=issued.year + 10, day=min(issued.day, 28)),
                )
            )
    PupilDocument.objects.bulk_create(rows, batch_size=1000)


def _addresses(plan: SchoolPlan, pupils: Iterable[Pupil], dice: Random) -> None:
    rows, transport = [], []
    for one in pupils:
        text = one.address or f"{_in(plan, (plan.village_kk, plan.village_ru))}, {dice.randrange(1, 90)}"
        since = one.enrolled_date or one.birth_date
        far = dice.random() < 0.07
        distance = dice.randrange(31, 90) / 10 if far else dice.randrange(2, 25) / 10
        for kind in PupilAddress.Kind:
            is_actual = kind == PupilAddress.Kind.ACTUAL
            rows.append(
                PupilAddress(
                    pupil=one,
                    kind=kind,
                    kato=plan.tenant.kato,
                    text=text,
                    distance_km=distance if is_actual else None,
                    since=since,
                )
            )
        if far and dice.random() < 0.8:
            route = dice.randrange(1, 4)
            transport.append(
                Transport(pupil=one, route=f"№ {route}", stop=f"{route}-{dice.randrange(1, 6)}", since=since)
            )
    PupilAddress.objects.bulk_create(rows, batch_size=1000)
    Transport.objects.bulk_create(transport)


def _health(plan: SchoolPlan, pupils: Iterable[Pupil], dice: Random, start: date) -> None:
    rows, notes = [], []
    seen = start + timedelta(days=14)
    for one in pupils:
        group, __, education = dice.choices(GROUPS, [one[1] for one in GROUPS])[0]
        rows.append(
            HealthGroup(pupil=one, group=group, physical_education=education, since=seen, ground="026/у")
        )
        if dice.random() < (0.03 if group == 1 else 0.08 if group == 2 else 0.5):
            kind, what, action = dice.choice(NOTES)
            notes.append(
                HealthNote(pupil=one, kind=kind, name=_in(plan, what), action=_in(plan, action), since=seen)
            )
    HealthGroup.objects.bulk_create(rows, batch_size=1000)
    HealthNote.objects.bulk_create(notes)


def _needs(plan: SchoolPlan, places: list[Membership], dice: Random, start: date) -> None:
    """Ten with special needs and five taught at home in a school of 620; those whose status is known come first.

    One of those at home is of class 7Б, which has journals in a demo of every scale.
    """
    pupils = [one.pupil for one in places]
    of_seven = [one.pupil for one in places if one.school_class.grade == 7 and one.school_class.letter == "Б"]
    consultation = _in(plan, ("Қарқаралы ауданының ПМПК", "ПМПК Каркаралинского района"))
    hospital = _in(plan, ("Қарқаралы аудандық ауруханасы", "Каркаралинская районная больница"))
    for code, share, make in (
        ("special_educational_needs", 10 / 620, lambda: _need(dice, consultation)),
        ("home_education", 5 / 620, lambda: {"issued_by": hospital}),
    ):
        model: Any = SpecialNeed if code == "special_educational_needs" else HomeSchooling
        known = set(PupilStatus.objects.filter(code=code, until=None).values_list("pupil_id", flat=True))
        wanted = max(1, round(len(pupils) * share)) - len(known)
        since = _quarter_of_today(start) if model is HomeSchooling else start
        fresh = dice.sample([one for one in pupils if one.pk not in known], max(0, wanted))
        if model is HomeSchooling and of_seven and of_seven[0] not in fresh and of_seven[0].pk not in known:
            fresh.append(of_seven[0])
        lines = [
            model(
                pupil=one,
                paper_number=str(dice.randrange(10, 400)),
                paper_date=since - timedelta(days=dice.randrange(5, 90)),
                since=since,
                **make(),
            )
            for one in pupils
            if one.pk in known or one in fresh
        ]
        for line in lines if model is HomeSchooling else ():
            line.until = start + timedelta(days=267)
        model.objects.bulk_create(lines)
        papers = {line.pupil_id: line for line in lines}
        PupilStatus.objects.bulk_create(
            PupilStatus(
                pupil=one,
                code=code,
                since=since,
                until=papers[one.pk].until,
                ground=f"№ {papers[one.pk].paper_number}, {papers[one.pk].paper_date:%d.%m.%Y}",
            )
            for one in fresh
        )


def _quarter_of_today(start: date) -> date:
    """When the running quarter began: until then the children of the demo were taught in their classes."""
    quarters = reference.school_year(clock.school_year_of(start)).quarters
    return max((one.start for one in quarters if one.start <= clock.today()), default=start)


def _need(dice: Random, consultation: str) -> dict[str, Any]:
    return {"issued_by": consultation, "programme": dice.choice(SpecialNeed.Programme.values)}


def _work(plan: SchoolPlan, dice: Random) -> None:
    rows = list(Guardian.objects.order_by("id"))
    for one in rows:
        if dice.random() < 0.7:
            place, post = dice.choice(WORK)
            one.work_place, one.post = _in(plan, place), _in(plan, post)
    Guardian.objects.bulk_update(rows, ["work_place", "post"], batch_size=1000)


def _portrait(pupil: Pupil, dice: Random) -> None:
    """A head and shoulders on a plain ground: nobody's face."""
    kept = files.store(
        actor=Actor.system_actor("demo"),
        name="photo",
        content=_drawn(120, 150, dice),
        content_type="image/png",
        purpose="contingent.photo",
    )
    Pupil.objects.filter(pk=pupil.pk).update(photo_id=kept.pk)


def _drawn(width: int, height: int, dice: Random) -> bytes:
    ground = bytes(dice.randrange(170, 230) for _ in range(3))
    figure = bytes(dice.randrange(60, 130) for _ in range(3))
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            is_head = (x - 60) ** 2 + (y - 58) ** 2 < 30**2
            is_body = (x - 60) ** 2 / 46**2 + (y - 150) ** 2 / 52**2 < 1
            rows += figure if is_head or is_body else ground
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )
