"""The story of a visit: asked, granted for fewer hours, entered once, looked at, ended at once; and all that is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from identity.models import Session, User, Visit
from identity.services import visits
from kernel import clock, tenancy
from kernel.access import Role
from kernel.errors import NotAllowed
from kernel.models import AuditEntry
from kernel.tenancy import TenantRef
from modules.support.data import State
from modules.support.models import Asking, SupportRequest
from modules.support.services import answering, asking
from notify.models import Notification
from tenants import register
from tests.conftest import PASSWORD, Accounts, ClientFor
from tests.modules.support.conftest import PURPOSE, Scene

pytestmark = pytest.mark.requirement("SUP-01", "SEC-04")


def ticket_of(scene: Scene, row: SupportRequest) -> str:
    return scene.way(row).partition("ticket=")[2]


def test_the_director_is_told_and_lets_in_for_fewer_hours_and_rights(scene: Scene) -> None:
    row = scene.ask("contingent.lists", "contingent.card", hours=4)
    with tenancy.use(scene.school):
        assert Notification.objects.filter(user_id=scene.director.pk, message="support.asked").exists()
    scene.grant(row, hours=1, codes=["contingent.lists", "contingent.edit", "journal.view"])
    with tenancy.use(scene.school):
        visit = Visit.objects.get(request_id=row.pk)
        assert visit.codes == ["contingent.lists"]
        assert visit.until - visit.opened_at == timedelta(hours=1)
    with tenancy.use(scene.vendor):
        row.refresh_from_db()
        assert (row.state, row.codes) == (State.GRANTED, ["contingent.lists"])
        assert abs(row.until - visit.until) < timedelta(milliseconds=1)  # a letter keeps thousandths


def test_no_more_hours_than_the_school_allows(scene: Scene) -> None:
    row = scene.ask(hours=8)
    with tenancy.use(scene.school), pytest.raises(visits.TooLongVisit):
        answering.grant(actor=scene.head(), asking_id=row.pk, hours=9, codes=row.codes)
    with tenancy.use(scene.vendor), pytest.raises(asking.TooManyHours):
        asking.ask(
            actor=scene.support(), school_id=scene.school.id, purpose=PURPOSE, codes=row.codes, hours=9
        )


def test_a_refusal_carries_its_word_and_opens_nothing(scene: Scene) -> None:
    row = scene.ask()
    with tenancy.use(scene.school):
        answering.refuse(actor=scene.head(), asking_id=row.pk, word="Өзіміз таптық")
        with pytest.raises(answering.AlreadyAnswered):
            answering.grant(actor=scene.head(), asking_id=row.pk, hours=1, codes=row.codes)
        assert not Visit.objects.exists()
    scene.deliver()
    with tenancy.use(scene.vendor):
        row.refresh_from_db()
        assert (row.state, row.word) == (State.REFUSED, "Өзіміз таптық")
        with pytest.raises(asking.NotOpen):
            asking.way_in(actor=scene.support(), request_id=row.pk)


def test_the_way_in_opens_once_for_two_minutes(scene: Scene, client_for: ClientFor, monkeypatch: Any) -> None:
    row = scene.ask()
    scene.grant(row)
    ticket = ticket_of(scene, row)
    first, second = client_for(school=scene.school), client_for(school=scene.school)
    assert first.get("/visit/", {"ticket": ticket}).status_code == 200  # looking uses nothing up
    assert first.post("/visit/", {"ticket": ticket}).status_code == 302
    assert first.get("/support/visit/").status_code == 200
    assert second.post("/visit/", {"ticket": ticket}).status_code == 403
    late = ticket_of(scene, row)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=3))
    assert second.post("/visit/", {"ticket": late}).status_code == 403


def test_a_new_way_in_ends_the_session_before(scene: Scene, client_for: ClientFor) -> None:
    row = scene.ask()
    scene.grant(row)
    clients = [client_for(school=scene.school) for _each in range(2)]
    for client in clients:
        assert client.post("/visit/", {"ticket": ticket_of(scene, row)}).status_code == 302
    assert clients[0].get("/support/visit/").status_code == 302
    assert clients[1].get("/support/visit/").status_code == 200
    with tenancy.use(scene.school):
        assert Session.objects.filter(user__person_kind="visitor", ended_at=None).count() == 1


def test_the_grant_is_one_persons_and_one_schools(
    scene: Scene, account: Accounts, client_for: ClientFor, school_b: TenantRef
) -> None:
    row = scene.ask()
    scene.grant(row)
    colleague = account(Role.SUPPORT, school=scene.vendor, username="colleague", person_kind="official")
    with tenancy.use(scene.vendor):
        from identity import api as identity

        with pytest.raises(NotAllowed):
            asking.way_in(actor=identity.actor_of_user(colleague.pk), request_id=row.pk)
    ticket = ticket_of(scene, row)
    assert client_for(school=school_b).post("/visit/", {"ticket": ticket}).status_code == 403
    forged = ticket[:-1] + ("0" if ticket[-1] != "0" else "1")
    assert client_for(school=scene.school).post("/visit/", {"ticket": forged}).status_code == 403


def test_the_banner_stands_on_every_page(scene: Scene) -> None:
    client = scene.visitor("contingent.view", "contingent.lists", "staff.lists")
    for path in ("/support/visit/", "/contingent/pupils/", "/contingent/classes/", "/staff/"):
        text = client.get(path).content.decode()
        assert PURPOSE in text, path
        assert "/support/visit/leave/" in text, path
        assert "Оспанов" in text, path


def test_revoked_at_once(scene: Scene, client_for: ClientFor) -> None:
    client = scene.visitor("contingent.view", "contingent.lists")
    assert client.get("/contingent/pupils/").status_code == 200
    head = client_for(user=scene.director, school=scene.school)
    assert head.post(f"/support/{client.asking_id}/end/").status_code == 302  # type: ignore[attr-defined]
    led = client.get("/contingent/pupils/")
    assert led.headers["Location"].startswith("/sign-in/?over=visit&")
    assert "Кіру аяқталды." in client.get(led.headers["Location"]).text
    scene.deliver()
    with tenancy.use(scene.vendor):
        row = SupportRequest.objects.get()
        assert (row.state, row.ended_by, row.secret, row.pages) == (State.ENDED, "director", "", 1)
        with pytest.raises(asking.NotOpen):
            asking.way_in(actor=scene.support(), request_id=row.pk)


def test_nobody_visits_a_school_that_only_reads(scene: Scene, monkeypatch: Any) -> None:
    """There a visit could not be ended, so none goes on."""
    client = scene.visitor("contingent.view", "contingent.lists")
    monkeypatch.setattr(type(scene.school), "writes", property(lambda ref: ref.kind.value != "school"))
    assert client.get("/contingent/pupils/").status_code == 302


def test_the_visitor_leaves(scene: Scene) -> None:
    client = scene.visitor("contingent.view", "contingent.lists")
    assert client.post("/support/visit/leave/").status_code == 302
    assert client.get("/contingent/pupils/").status_code == 302
    with tenancy.use(scene.school):
        assert Visit.objects.get().ended_by == "visitor"


def test_over_when_its_time_is(scene: Scene, monkeypatch: Any) -> None:
    client = scene.visitor("contingent.view", "contingent.lists", hours=1)
    now = clock.now()
    for minutes in range(10, 60, 10):  # never left alone
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: now + timedelta(minutes=minutes))
        assert client.get("/contingent/pupils/").status_code == 200
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=61))
    assert client.get("/contingent/pupils/").status_code == 302
    with tenancy.use(scene.vendor):
        assert SupportRequest.objects.get().state_at(clock.now()) == State.ENDED


def test_the_account_of_a_visit_is_nobodys_and_stands_in_no_list(scene: Scene, client_for: ClientFor) -> None:
    scene.visitor("contingent.view", "contingent.lists")
    head = client_for(user=scene.director, school=scene.school)
    with tenancy.use(scene.school):
        user = User.objects.get(person_kind="visitor")
        assert not user.has_usable_password()
    assert "Бақыт" not in head.get("/accounts/").content.decode()
    for act in ("", "reset/", "restore/", "block/"):
        answer = head.post(f"/accounts/{user.pk}/{act}") if act else head.get(f"/accounts/{user.pk}/")
        assert answer.status_code == 404, act
    stranger = client_for(school=scene.school)
    for password in (PASSWORD, ""):
        answer = stranger.post("/sign-in/", {"username": user.username, "password": password})
        assert answer.status_code == 422


def test_the_director_sees_what_is_looked_at(scene: Scene, client_for: ClientFor) -> None:
    client = scene.visitor("contingent.view", "contingent.lists")
    client.get("/contingent/pupils/")
    head = client_for(user=scene.director, school=scene.school)
    page = head.get(f"/support/{client.asking_id}/").content.decode()  # type: ignore[attr-defined]
    assert "/contingent/pupils/" in page
    fragment = head.get(f"/support/{client.asking_id}/", headers={"HX-Request": "true"})  # type: ignore[attr-defined]
    assert "<html" not in fragment.content.decode()
    assert "/contingent/pupils/" in fragment.content.decode()


def test_another_school_knows_nothing_of_it(scene: Scene, client_for: ClientFor, school_b: TenantRef) -> None:
    row = scene.ask()
    zhanna = client_for(Role.DIRECTOR, school=school_b)
    assert zhanna.get(f"/support/{row.pk}/").status_code == 404
    for act in ("grant", "refuse", "end"):
        assert zhanna.post(f"/support/{row.pk}/{act}/", {"hours": "1"}).status_code == 404, act


def test_only_a_vendor_may_ask_and_only_the_asked_school_may_answer(
    scene: Scene, school_b: TenantRef
) -> None:
    body = {
        "request_id": uuid4(),
        "surname": "Ш",
        "name": "Б",
        "visitor_ref": uuid4(),
        "purpose": PURPOSE,
        "codes": ["contingent.lists"],
        "hours": 1,
        "asked_at": clock.now(),
    }
    with tenancy.use(school_b):
        scene.letters.send(to=scene.school.id, kind="support.asked.v1", body=body, actor=scene.head())
    scene.deliver()
    with tenancy.use(scene.school):
        assert not Asking.objects.exists()
    row = scene.ask()
    answer = {
        "request_id": row.pk,
        "granted": True,
        "codes": ["contingent.lists"],
        "until": clock.now() + timedelta(hours=1),
        "secret": "0" * 64,
    }
    with tenancy.use(school_b):
        scene.letters.send(to=scene.vendor.id, kind="support.answered.v1", body=answer, actor=scene.head())
    scene.deliver()
    with tenancy.use(scene.vendor):
        row.refresh_from_db()
        assert row.state == State.WAITING


def test_a_letter_out_of_shape_is_told_and_changes_nothing(scene: Scene) -> None:
    with tenancy.use(scene.vendor):
        scene.letters.send(
            to=scene.school.id, kind="support.asked.v1", body={"request_id": "x"}, actor=scene.support()
        )
    scene.deliver()
    with tenancy.use(scene.school):
        assert AuditEntry.objects.filter(action="tenants.letter.malformed", outcome="refused").exists()
        assert not Asking.objects.exists()


def test_withdrawn_before_the_answer(scene: Scene) -> None:
    row = scene.ask()
    with tenancy.use(scene.vendor):
        asking.withdraw(actor=scene.support(), request_id=row.pk)
    scene.deliver()
    with tenancy.use(scene.school):
        assert Asking.objects.get().state == State.WITHDRAWN
        with pytest.raises(answering.AlreadyAnswered):
            answering.grant(actor=scene.head(), asking_id=row.pk, hours=1, codes=row.codes)


def test_the_vendors_pages(scene: Scene, client_for: ClientFor) -> None:
    client = client_for(user=scene.baqyt, school=scene.vendor)
    assert client.get("/requests/").status_code == 200
    page = client.post("/requests/ask/school-a/", {"purpose": PURPOSE, "hours": "1"})
    assert page.status_code == 422
    assert client.post("/requests/ask/school-a/").status_code == 422, "sent with nothing at all"
    both = client.post("/requests/ask/school-a/", {"purpose": "қысқа", "hours": "1"})
    assert len(both.context["form"].errors) == 2, "what is not ticked is told together with what is too short"
    kept = client.post(
        "/requests/ask/school-a/", {"purpose": "қысқа", "hours": "3", "code": ["contingent.lists"]}
    ).content.decode()
    assert kept.count('<details class="form-part" open>') == 1, (
        "the section with the tick stands open, no other"
    )
    assert 'value="contingent.lists" checked' in kept
    sent = client.post(
        "/requests/ask/school-a/", {"purpose": PURPOSE, "hours": "1", "code": ["contingent.lists"]}
    )
    assert sent.status_code == 302
    scene.deliver()
    with tenancy.use(scene.vendor):
        row = SupportRequest.objects.get()
    assert client.post(f"/requests/{row.pk}/enter/").status_code == 422
    scene.grant(row)
    page = client.post(f"/requests/{row.pk}/enter/").content.decode()
    assert f"{scene.school.host}" in page
    assert "ticket=" in page


def test_what_the_director_ticked_stays_after_a_refusal(scene: Scene, client_for: ClientFor) -> None:
    row = scene.ask("contingent.lists", "contingent.card", hours=4)
    director = client_for(Role.DIRECTOR)
    page = director.post(f"/support/{row.pk}/grant/", {"hours": "3"})
    assert page.status_code == 422
    text = page.content.decode()
    assert " checked" not in text
    assert '<option value="3" selected>' in text


def test_what_was_refused_is_not_called_lent(scene: Scene, client_for: ClientFor) -> None:
    row = scene.ask("contingent.lists")
    director = client_for(Role.DIRECTOR, language="ru")
    director.post(f"/support/{row.pk}/refuse/", {"word": ""})
    text = director.get(f"/support/{row.pk}/").content.decode()
    assert "Запрошенные права" in text
    assert "Выданные права" not in text


def test_a_copy_for_trials_is_not_offered(scene: Scene, client_for: ClientFor, monkeypatch: Any) -> None:
    found, _more = register.find(query="мектебі")
    [place] = [one for one in found if one.ref.id == scene.school.id]
    real = replace(place, ref=replace(place.ref, mode="live"))
    copy = replace(place, ref=replace(place.ref, mode="test", code="school-a-test"))
    monkeypatch.setattr(tenancy, "SHUT_MODES", {"test"})
    client = client_for(user=scene.baqyt, school=scene.vendor)
    monkeypatch.setattr(register, "find", lambda **asked: ([copy, real], False))
    text = client.get("/requests/ask/", {"q": "мектебі"}).content.decode()
    assert "/requests/ask/school-a/" in text
    assert "school-a-test" not in text
