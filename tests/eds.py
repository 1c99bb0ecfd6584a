"""The made-up authority and its people, for all tests of signing. Its keys are made once for a worker."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache

from integrations.eds_simulator.authority import Authority, Holder, KeyPair
from kernel import iin

AT = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
BOLAT = Holder(iin.synthetic(date(1985, 3, 12), "m", 101), "Ермекова", "Болат", "Серікұлы")
AIGUL = Holder(iin.synthetic(date(1978, 7, 1), "f", 202), "Серікқызы", "Айгүл")


@cache
def authority() -> Authority:
    return Authority(at=AT)


@cache
def stranger() -> Authority:
    """Another root, of the same name: only the key tells it from ours."""
    return Authority(at=AT)


def key(kind: str = "sign") -> KeyPair:
    """Bolat's keys, by what is special about them."""
    return _made(kind)


@cache
def _made(kind: str) -> KeyPair:
    ours = authority()
    match kind:
        case "auth":
            return ours.person(BOLAT, purpose="auth")
        case "expired":
            return ours.person(BOLAT, since=AT - timedelta(days=400), until=AT - timedelta(days=1))
        case "early":
            return ours.person(BOLAT, since=AT + timedelta(days=1))
        case "curve":
            return ours.person(BOLAT, curve=True)
        case "short":
            return ours.person(BOLAT, key_size=1024)
        case "aigul":
            return ours.person(AIGUL)
        case "stranger":
            return stranger().person(BOLAT)
    return ours.person(BOLAT)
