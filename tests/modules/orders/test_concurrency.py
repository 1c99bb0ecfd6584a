"""Two directors at one moment, on two connections."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from kernel import tenancy
from kernel.access import Actor
from kernel.errors import DomainError
from kernel.tenancy import TenantRef
from modules.orders import api
from modules.orders.models import Order


def together(ref: TenantRef, *acts: Callable[[], object]) -> list[object]:
    """Run the acts at once, each on a connection of its own; answer what each gave or refused."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        with tenancy.use(ref):
            barrier.wait()
            try:
                return act()
            except DomainError as refusal:
                return refusal
            finally:
                tenancy.forget(ref.schema)

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def drafts(ref: TenantRef, count: int) -> list[api.OrderInfo]:
    with tenancy.use(ref):
        actor = Actor.system_actor("tests")
        return [
            api.draft(actor=actor, kind="orders.plain", values={"text": "Мәтін."}, executor="А")
            for _ in range(count)
        ]


def test_each_gets_one_number_and_no_gap_is_left(committed_school: Callable[..., TenantRef]) -> None:
    ref = committed_school()
    made = drafts(ref, 4)

    def sign(order: api.OrderInfo) -> Callable[[], object]:
        return lambda: api.sign(actor=Actor.system_actor("tests"), order_id=order.id).number

    assert sorted(map(str, together(ref, *(sign(one) for one in made)))) == ["1", "2", "3", "4"]
    with tenancy.use(ref):
        assert sorted(Order.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_one_draft_is_signed_once(committed_school: Callable[..., TenantRef]) -> None:
    ref = committed_school()
    [made] = drafts(ref, 1)

    def sign() -> object:
        return api.sign(actor=Actor.system_actor("tests"), order_id=made.id).number

    found = together(ref, sign, sign)
    assert sorted(type(one).__name__ for one in found) == ["NotADraft", "str"]
    with tenancy.use(ref):
        assert Order.objects.get().number == 1


def test_one_order_is_cancelled_once(committed_school: Callable[..., TenantRef]) -> None:
    ref = committed_school()
    [made] = drafts(ref, 1)
    actor = Actor  # made inside each thread: an actor belongs to its tenant
    with tenancy.use(ref):
        api.sign(actor=actor.system_actor("tests"), order_id=made.id)
        ways = [api.draft_cancellation(actor=actor.system_actor("tests"), order_id=made.id) for _ in range(2)]

    def sign(order: api.OrderInfo) -> Callable[[], object]:
        return lambda: api.sign(actor=actor.system_actor("tests"), order_id=order.id).number

    found = together(ref, *(sign(one) for one in ways))
    assert sorted(type(one).__name__ for one in found) == ["CannotBeCancelled", "str"]
    with tenancy.use(ref):
        assert sorted(n for n in Order.objects.values_list("number", flat=True) if n) == [1, 2]
