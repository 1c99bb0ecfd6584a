"""The turning of a tenant's data key: a new generation, everything closed anew with it, the old one destroyed.

May be stopped at any moment and begun again; the school is read and written all the while (decision 0023).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

from kernel import audit, keys, tenancy
from kernel.access import Actor
from kernel.db import resealing
from kernel.tenancy import TenantRef

Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Turned:
    """How far a turn is: `destroyed` are generations that are no more, empty before its end."""

    code: str
    generation: int
    values: int
    destroyed: tuple[int, ...] = ()

    def as_dict(self) -> dict[str, object]:
        return asdict(self) | {"destroyed": list(self.destroyed)}


def begin(ref: TenantRef, *, progress: Progress = lambda _column, _rows: None) -> Turned:
    """Make a new generation, unless a turn before was not finished, and close everything anew with the newest."""
    if len(keys.ring(ref.schema).data) == 1:
        number = keys.turn(ref.schema)
        with tenancy.use(ref):
            audit.record(
                actor=Actor.system_actor("vendor.cli"),
                action="tenants.key.turned",
                object_type="data_key",
                object_id=number,
            )
    with tenancy.owner(ref):
        values = resealing.reseal(progress)
    return Turned(ref.code, keys.ring(ref.schema).newest, values)


def finish(turned: Turned, ref: TenantRef) -> Turned:
    """Destroy what is older than the newest, a minute after the turn at the earliest."""
    with tenancy.owner(ref):
        gone = resealing.finish()
    if gone:
        with tenancy.use(ref):
            audit.record(
                actor=Actor.system_actor("vendor.cli"),
                action="tenants.key.retired",
                object_type="data_key",
                object_id=turned.generation,
                details={"destroyed": gone},
            )
    return Turned(turned.code, turned.generation, turned.values, tuple(gone))
