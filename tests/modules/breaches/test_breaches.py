"""A password was on a desk: whose data were seen and changed, by which way, and nobody else's."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from python_calamine import load_workbook

from kernel import audit, clock, jobs, tenancy
from kernel.access import Actor, Role
from kernel.errors import NotAllowed
from kernel.jobs import Cancelled
from kernel.models import AuditEntry, ViewEntry
from kernel.tenancy import TenantRef
from modules.breaches import queries, services
from modules.breaches.data import Way
from modules.breaches.models import Breach, Concerned
from modules.contingent.models import Guardian, Guardianship, Pupil
from tests.conftest import ActorOf, ClientFor

pytestmark = pytest.mark.requirement("SEC-04", "SUP-06")


def child(surname: str, *, iin: str = "") -> Pupil:
    return Pupil.objects.create(
        surname=surname, name="Дана", sex="f", birth_date=datetime(2014, 3, 1).date(), iin=iin
    )


def thief(actor_of: ActorOf, **more: Any) -> Actor:
    made = actor_of(Role.SECRETARY, user_id=77, name="Салтанат")
    return Actor(**{name: getattr(made, name) for name in made.__slots__} | more)  # type: ignore[arg-type]


def noted(actor: Actor, **more: Any) -> Breach:
    now = clock.now()
    given = {
        "way": Way.ACCOUNT,
        "user_id": 77,
        "since": now - timedelta(days=3),
        "until": now + timedelta(minutes=1),
        "what": "Құпиясөз үстелде жатқан",
        "contact": "Директор, +7 700",
    }
    return services.note(actor=actor, **(given | more))


def counted(actor: Actor, **more: Any) -> Breach:
    row = noted(actor, **more)
    return services.count(actor=actor, breach_id=row.pk, told=lambda done, total: None)


@pytest.fixture
def director(in_school: TenantRef, actor_of: ActorOf) -> Actor:
    return actor_of(Role.DIRECTOR, user_id=1, name="Айгүл Серікқызы")


def names(row: Breach, actor: Actor) -> dict[str, tuple[int, int]]:
    found = queries.persons(list(queries.lines(row)), actor=actor)
    return {one.name.split()[0]: (one.looks, one.changes) for one in found}


def test_whose_data_were_seen_and_changed(director: Actor, actor_of: ActorOf) -> None:
    seen, changed, other = child("Көрінген"), child("Өзгерген"), child("Бөтен")
    salta = thief(actor_of)
    for _twice in range(2):
        audit.viewed(actor=salta, subject="pupil", subject_ids=[seen.pk], purpose="contingent.card")
    audit.record(actor=salta, action="contingent.pupil.changed", object_type="pupil", object_id=changed.pk)
    audit.record(actor=salta, action="contingent.pupils.exported", object_type="pupil", object_id="")
    audit.viewed(actor=director, subject="pupil", subject_ids=[other.pk], purpose="contingent.card")
    row = counted(director)
    assert names(row, director) == {"Көрінген": (2, 0), "Өзгерген": (0, 1)}
    assert (row.persons, row.looks, row.changes) == (2, 2, 1)
    assert AuditEntry.objects.filter(action="breaches.counted", object_id=str(row.pk)).exists()


def test_one_session_and_one_token(director: Actor, actor_of: ActorOf) -> None:
    first, second, third = child("Бірінші"), child("Екінші"), child("Үшінші")
    for one, way in ((first, {"session_id": 5}), (second, {"session_id": 6}), (third, {"token_id": 9})):
        audit.viewed(
            actor=thief(actor_of, **way), subject="pupil", subject_ids=[one.pk], purpose="contingent.card"
        )
    assert set(names(counted(director, way=Way.SESSION, way_id=5), director)) == {"Бірінші"}
    assert set(names(counted(director, way=Way.TOKEN, way_id=9), director)) == {"Үшінші"}
    assert len(names(counted(director), director)) == 3


def test_the_whole_school_in_a_time(director: Actor, actor_of: ActorOf) -> None:
    one = child("Жалғыз")
    audit.viewed(actor=thief(actor_of), subject="pupil", subject_ids=[one.pk], purpose="contingent.card")
    row = counted(director, way=Way.EVERYTHING, user_id=None)
    assert set(names(row, director)) == {"Жалғыз"}
    before = clock.now() - timedelta(days=2)
    row = counted(director, way=Way.EVERYTHING, user_id=None, since=before - timedelta(days=1), until=before)
    assert row.persons == 0
    assert row not in queries.to_tell(actor=director)


def test_a_breach_that_concerns_nobody_asks_nothing_of_the_director(
    director: Actor, client_for: ClientFor
) -> None:
    row = noted(director)
    client, page = client_for(Role.DIRECTOR), f"/breaches/{row.pk}/"
    assert "бір жұмыс күні ішінде" in client.get(page).text, "until it is counted it may concern anybody"
    assert row in queries.to_tell(actor=director)
    services.count(actor=director, breach_id=row.pk, told=lambda done, total: None)
    text = client.get(page).text
    assert "Ешкімнің деректеріне" in text
    assert "бір жұмыс күні ішінде" not in text
    assert "/notified/" not in text
    assert row not in queries.to_tell(actor=director)


def test_changes_of_the_card_are_found_where_the_trigger_wrote_them(director: Actor) -> None:
    row = child("Карточка")
    audit.sign(director)
    row.surname = "Картасы"
    row.save(update_fields=["surname"])
    found = counted(director, user_id=director.user_id)
    codes = set(Concerned.objects.filter(breach=found).values_list("code", flat=True))
    assert "contingent.card_changed" in codes


def test_counting_again_counts_anew_and_days_add_up(director: Actor, actor_of: ActorOf) -> None:
    one = child("Тілім")
    salta = thief(actor_of)
    audit.viewed(actor=salta, subject="pupil", subject_ids=[one.pk], purpose="contingent.card")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_viewentry (at, actor_id, actor_name, subject, subject_id, purpose, request_id)"
            " SELECT at - interval '2 days', actor_id, actor_name, subject, subject_id, purpose, '' FROM kernel_viewentry"
        )
    row = counted(director)
    services.count(actor=director, breach_id=row.pk, told=lambda done, total: None)
    line = Concerned.objects.get(breach=row)
    assert line.times == 2
    assert line.last_at - line.first_at == timedelta(days=2)


def test_a_look_that_began_shortly_before_the_window_counts(director: Actor, actor_of: ActorOf) -> None:
    """The page stayed open, and what was leafed to meanwhile has no line of its own."""
    one, early = child("Ашық"), child("Бұрын")
    salta, now = thief(actor_of), clock.now()

    def look(who: Pupil, at: datetime) -> None:
        with time_machine.travel(at, tick=False):
            audit.viewed(
                actor=salta, subject="pupil", subject_ids=[who.pk], purpose="journal.page", leafing=True
            )

    look(early, now - timedelta(minutes=31))
    look(one, now - timedelta(minutes=25))
    look(one, now - timedelta(minutes=17))
    assert ViewEntry.objects.filter(subject_id=one.pk).count() == 1
    row = counted(director, since=now - timedelta(minutes=20))
    assert set(names(row, director)) == {"Ашық"}


def test_an_act_and_a_history_of_one_name_add_up(director: Actor) -> None:
    row = child("Екі жерде")
    audit.sign(director)
    row.surname = "Екеуі"
    row.save(update_fields=["surname"])
    audit.record(actor=director, action="contingent.card_changed", object_type="pupil", object_id=row.pk)
    found = counted(director, user_id=director.user_id)
    line = Concerned.objects.get(breach=found, code="contingent.card_changed")
    assert line.times == 2


def test_it_can_be_stopped(director: Actor) -> None:
    def stop(done: int, total: int) -> None:
        raise Cancelled

    row = noted(director)
    with pytest.raises(Cancelled):
        services.count(actor=director, breach_id=row.pk, told=stop)
    row.refresh_from_db()
    assert row.counted_at is None


def test_only_the_director_and_in_order(director: Actor, actor_of: ActorOf) -> None:
    with pytest.raises(NotAllowed):
        noted(actor_of(Role.DEPUTY_ACADEMIC))
    now = clock.now()
    with pytest.raises(services.WindowInDisorder):
        noted(director, since=now, until=now - timedelta(days=1))


@pytest.mark.parametrize(
    ("noted_at", "due"),
    [(datetime(2026, 11, 27, 15), date(2026, 11, 30)), (datetime(2026, 11, 30, 2), date(2026, 12, 1))],
    ids=["over the week's end", "at night, when it is yesterday in London"],
)
def test_told_within_one_working_day(director: Actor, noted_at: datetime, due: date) -> None:
    with time_machine.travel(noted_at.replace(tzinfo=clock.ALMATY), tick=False):
        row = noted(director)
    assert row.due == due


def test_told_once(director: Actor) -> None:
    row = noted(director)
    services.notified(actor=director, breach_id=row.pk)
    services.notified(actor=director, breach_id=row.pk)
    assert AuditEntry.objects.filter(action="breaches.notified").count() == 1


def test_the_pages_the_job_and_the_workbook(
    school_a: TenantRef, client_for: ClientFor, actor_of: ActorOf, after_commit: Any
) -> None:
    client = client_for(Role.DIRECTOR)
    with tenancy.use(school_a):
        one = child("Анықталған", iin="140301600018")
        mother = Guardian.objects.create(surname="Анасы", name="Гүл", phone="+77011234567")
        Guardianship.objects.create(pupil=one, guardian=mother, relation="mother")
        audit.viewed(
            actor=thief(actor_of, user_id=client.user.pk),  # type: ignore[attr-defined]
            subject="pupil",
            subject_ids=[one.pk],
            purpose="contingent.card",
        )
    assert client.get("/breaches/").status_code == 200
    assert "Айгүл" in client.get("/breaches/", {"q": "Айгүл"}).content.decode()
    page = f"/breaches/new/?user={client.user.pk}"  # type: ignore[attr-defined]
    assert "session:" in client.get(page).content.decode()
    now = clock.now().astimezone(clock.ALMATY)
    given = {
        "way": "account",
        "since": (now - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"),
        "until": (now + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"),
        "what": "Құпиясөз үстелде жатқан",
        "contact": "Директор, +7 700",
    }
    assert client.post(page, given | {"what": ""}).status_code == 422
    turned = client.post(page, given | {"since": given["until"], "until": given["since"]})
    assert "until" in turned.context["form"].errors
    assert "Құпиясөз үстелде жатқан" in turned.content.decode()
    answer = client.post(page, given)
    assert answer.status_code == 302
    with tenancy.use(school_a):
        row = Breach.objects.get()
        assert row.job_id is not None
    asked = {"headers": {"HX-Request": "true"}}
    assert "/count/" not in client.get(answer.headers["Location"]).content.decode(), "it is being counted"
    with tenancy.use(school_a):
        assert jobs.run(row.job_id).state == "done"
    told = client.get(answer.headers["Location"], **asked)
    assert told.status_code == 286
    assert "<html" not in told.content.decode(), "the answer to the bar of progress is the bar, not the page"
    text = client.get(answer.headers["Location"]).content.decode()
    assert "Анықталған" in text
    russian = client_for(Role.DIRECTOR, language="ru").get("/breaches/").content.decode()
    assert "Учётная запись: " in russian, (
        "the way is told in the reader's language, not in that of who noted it"
    )
    assert "140301600018" in text
    assert "+77011234567" in text
    book = load_workbook(io.BytesIO(client.get(f"/breaches/{row.pk}/persons.xlsx").content))
    first = book.get_sheet_by_index(0).to_python()[1]
    assert first[0].startswith("Анықталған")
    assert first[3] == "140301600018"
    assert "+7\u00a0701\u00a0123\u00a045\u00a067" in first[4]
    assert "Құпиясөз үстелде" in book.get_sheet_by_index(1).to_python()[1][0]
    assert f'action="/breaches/{row.pk}/notified/"' in text
    assert client.post(f"/breaches/{row.pk}/notified/").status_code == 302
    assert "/notified/" not in client.get(f"/breaches/{row.pk}/").content.decode()
    with tenancy.use(school_a):
        assert ViewEntry.objects.filter(purpose="breaches.list", subject_id=one.pk).exists()


def test_another_schools_breach_is_not_there(
    director: Actor, client_for: ClientFor, school_b: TenantRef
) -> None:
    row = noted(director)
    zhanna = client_for(Role.DIRECTOR, school=school_b)
    for path in ("", "persons.xlsx"):
        assert zhanna.get(f"/breaches/{row.pk}/{path}").status_code == 404
    for act in ("notified", "count"):
        assert zhanna.post(f"/breaches/{row.pk}/{act}/").status_code == 404


def test_every_list_of_people_tells_whose_rows_it_shows(school_a: TenantRef, client_for: ClientFor) -> None:
    client = client_for(Role.DIRECTOR)
    with tenancy.use(school_a):
        one = child("Тізімдегі")
    client.get("/contingent/pupils/")
    client.get("/contingent/pupils/")
    with tenancy.use(school_a):
        looks = ViewEntry.objects.filter(purpose="registers.list", subject_id=one.pk)
        assert looks.count() == 1  # to leaf there and back is one look
        assert looks.get().session_id is not None
        looked = looks.get().actor_id
    assert looked == client.user.pk  # type: ignore[attr-defined]
