"""Letters between schools: what the receiver alone can read, and what everybody else meets who tries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.db import DatabaseError, ProgrammingError, connection, transaction

from kernel import audit, clock, crypto, jobs, tenancy
from kernel.access import Actor
from kernel.models import KeyPair, TakenLetter
from kernel.tenancy import TenantRef
from tenants import post
from tenants.models import Envelope, EnvelopeContent, PublicKey
from tenants.post import Letter
from tests.tenancy.canaries import found_in_public

KIND = "tests.told.v1"
SECRET = "Қожахметова Айару 140512750018"

pytestmark = pytest.mark.requirement("TEN-01", "TEN-02")


@pytest.fixture
def heard() -> Iterator[list[Letter]]:
    """The letters that the receiver's handler got."""
    got: list[Letter] = []

    def listen(letter: Letter, *, actor: Actor) -> None:
        assert actor.system
        if letter.body.get("boom"):
            raise RuntimeError("boom")
        got.append(letter)

    post.HANDLERS[KIND] = listen
    yield got
    del post.HANDLERS[KIND]


@pytest.fixture
def schools(three_schools: tuple[TenantRef, TenantRef, TenantRef]) -> tuple[TenantRef, TenantRef, TenantRef]:
    """Sender, receiver and a third one; letters of other tests' schools are taken from the post."""
    as_owner("DELETE FROM public.tenants_envelope")
    as_owner("DELETE FROM public.tenants_envelopecontent")
    return three_schools


def send(by: TenantRef, to: TenantRef, **body: Any) -> Any:
    with tenancy.use(by), transaction.atomic():
        return post.send(
            to=to.id, kind=KIND, body=body or {"told": SECRET}, actor=Actor.system_actor("tests")
        )


def collect(ref: TenantRef) -> int:
    with tenancy.use(ref):
        return post.collect()


def as_owner(statement: str, *values: Any) -> list[Any]:
    with tenancy.owner(), connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


class TestDelivery:
    def test_arrives_whole_and_is_gone_from_the_post(self, schools: Any, heard: list[Letter]) -> None:
        sender, receiver, __ = schools
        letter_id = send(sender, receiver)
        assert found_in_public(SECRET, "Айару", "140512750018") == []
        assert found_in_public("Школа А"), "the search finds what is there"
        assert collect(receiver) == 1
        assert heard[0].body == {"told": SECRET}
        assert heard[0].sender == sender
        assert heard[0].id == letter_id
        assert as_owner("SELECT count(*) FROM public.tenants_envelope") == [(0,)]
        assert as_owner("SELECT count(*) FROM public.tenants_envelopecontent") == [(0,)]

    def test_wakes_the_receiver_by_its_name_alone(self, schools: Any, heard: list[Letter]) -> None:
        sender, receiver, __ = schools
        send(sender, receiver)
        assert jobs.Collected.deliveries == [receiver]

    def test_a_fact_that_is_undone_takes_its_letter_back(self, schools: Any, heard: list[Letter]) -> None:
        sender, receiver, __ = schools
        with tenancy.use(sender), pytest.raises(KeyError), transaction.atomic():
            post.send(to=receiver.id, kind=KIND, body={}, actor=Actor.system_actor("tests"))
            raise KeyError
        assert collect(receiver) == 0

    def test_comes_in_the_order_of_writing(self, schools: Any, heard: list[Letter]) -> None:
        sender, receiver, __ = schools
        for number in range(6):
            send(sender, receiver, number=number)
        assert collect(receiver) == 6
        assert [one.body["number"] for one in heard] == list(range(6))

    def test_waits_when_the_handler_fails_and_the_others_go_on(
        self, schools: Any, heard: list[Letter]
    ) -> None:
        sender, receiver, __ = schools
        send(sender, receiver, boom=True)
        send(sender, receiver, number=2)
        assert collect(receiver) == 1
        assert len(heard) == 1
        with tenancy.use(sender):
            assert Envelope.objects.count() == 1

    def test_a_kind_of_a_later_release_waits_for_ours(self, schools: Any) -> None:
        sender, receiver, __ = schools
        send(sender, receiver)
        assert collect(receiver) == 0
        with tenancy.use(receiver):
            assert Envelope.objects.count() == 1

    def test_what_nobody_takes_in_time_goes(self, schools: Any, heard: list[Letter]) -> None:
        sender, receiver, __ = schools
        send(sender, receiver)
        with time_machine.travel(clock.now() + post.LASTS + timedelta(days=1)):
            cache.clear()
            assert collect(receiver) == 0
        assert heard == []
        assert as_owner("SELECT count(*) FROM public.tenants_envelopecontent") == [(0,)]

    def test_is_taken_back_while_it_waits(self, schools: Any, heard: list[Letter]) -> None:
        sender, receiver, __ = schools
        letter_id = send(sender, receiver)
        with tenancy.use(sender):
            assert post.on_the_way([letter_id]) == {letter_id}
            assert post.take_back(letter_id)
            assert not post.take_back(letter_id)
        assert collect(receiver) == 0
        assert as_owner("SELECT count(*) FROM public.tenants_envelopecontent") == [(0,)]

    def test_refuses_a_school_that_is_not_there(self, schools: Any) -> None:
        with tenancy.use(schools[0]), transaction.atomic(), pytest.raises(post.NoSuchAddress):
            post.send(to=uuid4(), kind=KIND, body={}, actor=Actor.system_actor("tests"))

    def test_sizes_say_little(self, schools: Any, heard: list[Letter]) -> None:
        sender, receiver, __ = schools
        send(sender, receiver, told="а")
        send(sender, receiver, told="б" * 9000)
        sizes = as_owner("SELECT DISTINCT octet_length(sealed) FROM public.tenants_envelopecontent")
        assert len(sizes) == 1


class TestThirdSchool:
    def test_sees_no_cover_and_no_content(self, schools: Any) -> None:
        sender, receiver, third = schools
        letter_id = send(sender, receiver)
        with tenancy.use(third):
            assert Envelope.objects.count() == 0
            assert EnvelopeContent.objects.count() == 0
            assert not post.take_back(letter_id)
            assert Envelope.objects.filter(pk=letter_id).delete()[0] == 0
        assert collect(third) == 0
        with tenancy.use(receiver):
            assert Envelope.objects.count() == 1

    def test_cannot_write_in_anothers_name(self, schools: Any) -> None:
        sender, receiver, third = schools
        with (
            tenancy.use(third),
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
        ):
            Envelope(
                sender_id=sender.id,
                receiver_id=receiver.id,
                sender_key=1,
                receiver_key=1,
                expires_on=clock.today(),
            ).save(force_insert=True)

    def test_cannot_put_its_bytes_under_anothers_cover(self, schools: Any) -> None:
        sender, receiver, third = schools
        letter_id = send(sender, receiver)
        with tenancy.use(third), pytest.raises(DatabaseError), transaction.atomic():
            EnvelopeContent(envelope_id=letter_id, sealed=b"x" * 16500).save(force_insert=True)

    def test_cannot_publish_a_key_for_another(self, schools: Any) -> None:
        sender, __, third = schools
        with (
            tenancy.use(third),
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
        ):
            PublicKey.objects.create(tenant_id=sender.id, number=9, sealing=b"x" * 32, signing=b"y" * 32)

    def test_cannot_open_with_its_own_keys_even_with_the_bytes_in_hand(self, schools: Any) -> None:
        sender, receiver, third = schools
        send(sender, receiver)
        [(sealed,)] = as_owner("SELECT sealed FROM public.tenants_envelopecontent")
        with tenancy.use(receiver):
            cover = Envelope.objects.get()
        with tenancy.use(third), pytest.raises(crypto.Unreadable):
            crypto.unseal(
                bytes(sealed),
                cover=post._bytes_of(cover),
                to=post._private(1),
                by=post._public(sender.id)[1],  # type: ignore[index]
            )

    def test_keys_copied_into_its_schema_stay_locked(self, schools: Any) -> None:
        __, receiver, third = schools
        with tenancy.use(receiver):
            stolen = bytes(KeyPair.objects.get().private)
        with tenancy.use(third):
            KeyPair.objects.create(number=2, private=stolen, made_at=clock.now(), retired_at=clock.now())
            with pytest.raises(crypto.Unreadable):
                post._private(2)
            KeyPair.objects.filter(number=2).delete()


class TestSender:
    def test_cannot_fetch_the_bytes_nor_open_them(self, schools: Any) -> None:
        sender, receiver, __ = schools
        letter_id = send(sender, receiver)
        with tenancy.use(sender):
            cover = Envelope.objects.get(pk=letter_id)
            assert EnvelopeContent.objects.count() == 0
            [(sealed,)] = as_owner("SELECT sealed FROM public.tenants_envelopecontent")
            with pytest.raises(crypto.Unreadable):
                crypto.unseal(
                    bytes(sealed),
                    cover=post._bytes_of(cover),
                    to=post._private(1),
                    by=post._public(sender.id)[1],  # type: ignore[index]
                )

    def test_cannot_change_what_is_sent(self, schools: Any) -> None:
        sender, receiver, __ = schools
        send(sender, receiver)
        for attack in (
            "UPDATE public.tenants_envelope SET expires_on = expires_on + 900",
            "UPDATE public.tenants_envelopecontent SET sealed = sealed",
            "DELETE FROM public.tenants_envelopecontent",
            "UPDATE public.tenants_publickey SET signing = sealing",
        ):
            with (
                tenancy.use(sender),
                pytest.raises(ProgrammingError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(attack)

    def test_a_thousand_waiting_letters_are_enough(self, schools: Any) -> None:
        sender, receiver, __ = schools
        with (
            tenancy.use(sender),
            pytest.raises(DatabaseError, match="too many letters"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "INSERT INTO public.tenants_envelope (id, sender_id, receiver_id, sender_key, receiver_key, expires_on)"
                " SELECT gen_random_uuid(), %s, %s, 1, 1, current_date FROM generate_series(1, 1001)",
                [sender.id, receiver.id],
            )


class TestForgery:
    """Somebody with the owner's rights on the public tables alters what is on its way."""

    @pytest.mark.parametrize(
        "alteration",
        [
            "UPDATE public.tenants_envelopecontent SET sealed = set_byte(sealed, 3000, 255 - get_byte(sealed, 3000))",
            "UPDATE public.tenants_envelopecontent SET sealed = set_byte(sealed, 10, 255 - get_byte(sealed, 10))",
            "UPDATE public.tenants_envelopecontent SET sealed = substr(sealed, 1, 16390)",
            "UPDATE public.tenants_envelope SET expires_on = expires_on + 1",
            "UPDATE public.tenants_envelope SET sender_key = 7",
            "UPDATE public.tenants_envelope SET sender_id = '{third}'",
            "UPDATE public.tenants_envelope SET receiver_key = 7",
        ],
    )
    def test_altered_letters_are_refused_and_told_to_the_log(
        self, schools: Any, heard: list[Letter], alteration: str
    ) -> None:
        sender, receiver, third = schools
        send(sender, receiver)
        as_owner(alteration.format(third=third.id, sender=sender.id))
        assert collect(receiver) == 0
        assert heard == []
        with tenancy.use(receiver):
            assert Envelope.objects.count() == 0
            assert (audit.entries()[0].action, audit.entries()[0].outcome) == (
                "tenants.letter.refused",
                "unreadable",
            )

    def test_a_letter_of_another_hand_is_refused(self, schools: Any, heard: list[Letter]) -> None:
        """The public key of the sender was exchanged: what he had signed is his no more."""
        sender, receiver, third = schools
        send(sender, receiver)
        [(own,)] = as_owner("SELECT signing FROM public.tenants_publickey WHERE tenant_id = %s", sender.id)
        [(other,)] = as_owner("SELECT signing FROM public.tenants_publickey WHERE tenant_id = %s", third.id)
        change = "UPDATE public.tenants_publickey SET signing = %s WHERE tenant_id = %s"
        as_owner(change, bytes(other), sender.id)
        try:
            assert collect(receiver) == 0
            assert heard == []
        finally:
            as_owner(change, bytes(own), sender.id)

    def test_a_letter_put_back_is_not_taken_twice(self, schools: Any, heard: list[Letter]) -> None:
        sender, receiver, __ = schools
        send(sender, receiver)
        [cover] = as_owner("SELECT * FROM public.tenants_envelope")
        [content] = as_owner("SELECT * FROM public.tenants_envelopecontent")
        collect(receiver)
        as_owner("INSERT INTO public.tenants_envelope VALUES (%s, %s, %s, %s, %s, %s)", *cover)
        as_owner("INSERT INTO public.tenants_envelopecontent VALUES (%s, %s)", *content)
        assert collect(receiver) == 0
        assert len(heard) == 1
        with tenancy.use(receiver):
            assert audit.entries()[0].outcome == "replayed"
            assert TakenLetter.objects.count() == 1

    def test_a_letter_put_back_under_another_number_is_refused(
        self, schools: Any, heard: list[Letter]
    ) -> None:
        sender, receiver, __ = schools
        send(sender, receiver)
        [cover] = as_owner("SELECT * FROM public.tenants_envelope")
        [(__, sealed)] = as_owner("SELECT * FROM public.tenants_envelopecontent")
        collect(receiver)
        fresh = uuid4()
        as_owner("INSERT INTO public.tenants_envelope VALUES (%s, %s, %s, %s, %s, %s)", fresh, *cover[1:])
        as_owner("INSERT INTO public.tenants_envelopecontent VALUES (%s, %s)", fresh, sealed)
        assert collect(receiver) == 0
        assert len(heard) == 1

    def test_a_letter_turned_to_another_reader_is_refused(self, schools: Any, heard: list[Letter]) -> None:
        sender, receiver, third = schools
        send(sender, receiver)
        as_owner("UPDATE public.tenants_envelope SET receiver_id = %s", third.id)
        assert collect(third) == 0
        assert heard == []


class TestKeys:
    @pytest.fixture
    def schools(self, committed_school: Callable[..., TenantRef]) -> tuple[TenantRef, ...]:
        """Schools of these tests' own, since their keys change."""
        made = (committed_school(), committed_school())
        for ref in made:
            with tenancy.use(ref):
                post.ensure_keys()
        return made

    def test_a_new_generation_seals_and_the_old_one_still_opens(
        self, schools: Any, heard: list[Letter]
    ) -> None:
        sender, receiver = schools
        send(sender, receiver, number=1)
        for ref in (sender, receiver):
            with tenancy.use(ref):
                assert post.renew_keys(actor=Actor.system_actor("tests")) == 2
        send(sender, receiver, number=2)
        assert collect(receiver) == 2
        assert [one.body["number"] for one in heard] == [1, 2]

    def test_an_old_private_key_is_destroyed_when_nothing_can_be_on_its_way(self, schools: Any) -> None:
        sender, *__ = schools
        with tenancy.use(sender):
            post.renew_keys(actor=Actor.system_actor("tests"))
            post.collect()
            assert KeyPair.objects.count() == 2
            with time_machine.travel(clock.now() + post.LASTS + timedelta(days=2)):
                cache.clear()
                post.collect()
            assert [one.number for one in KeyPair.objects.all()] == [2]

    def test_are_made_once(self, schools: Any) -> None:
        sender, *__ = schools
        with tenancy.use(sender):
            assert post.ensure_keys() == post.ensure_keys() == 1
            assert PublicKey.objects.filter(tenant_id=sender.id).count() == 1


class TestTwoWorkers:
    """A sweep and a wake-up meet at one letter box, each on a connection of its own."""

    def test_take_a_letter_once(
        self, schools: Any, heard: list[Letter], django_db_blocker: pytest.FixtureRequest
    ) -> None:
        sender, receiver, __ = schools
        for number in range(4):
            send(sender, receiver, number=number)
        together = Barrier(3, timeout=30)

        def work(_number: int) -> int:
            with django_db_blocker.unblock():
                try:
                    with tenancy.use(receiver):
                        together.wait()
                        return post.collect()
                finally:
                    tenancy.forget()

        with ThreadPoolExecutor(3) as pool:
            done = list(pool.map(work, range(3)))
        assert sum(done) == 4
        assert sorted(one.body["number"] for one in heard) == [0, 1, 2, 3]
        with tenancy.use(receiver):
            assert TakenLetter.objects.count() == 4
            assert "tenants.letter.refused" not in {one.action for one in audit.entries()}
