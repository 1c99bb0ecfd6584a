"""The one door to a tenant: who is served now, and the connection that can serve nobody else.

Every tenant has a PostgreSQL login role of its own; `use()` puts that role's connection in the place of
`connections["default"]`. Nothing else in the product may switch.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from asgiref.local import Local
from django.conf import settings
from django.core import signals
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.utils.translation import get_language

from kernel import iin
from kernel.db.base import DatabaseWrapper, refusals_in_words
from kernel.errors import NoTenant

__all__ = [
    "Aside",
    "Kind",
    "NoTenant",
    "Server",
    "TenantRef",
    "current",
    "current_or_none",
    "owner",
    "register",
    "use",
]

Mode = Literal["live", "demo", "test"]


class Kind(StrEnum):
    PUBLIC = "public"
    SCHOOL = "school"
    AUTHORITY = "authority"
    FAMILY = "family"
    VENDOR = "vendor"


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL other than the installation's own: another cell, or a cell as it was once (decision 0028)."""

    host: str
    port: int
    database: str
    cell: str = ""  # whose the roles' passwords are; empty for the installation's own


@dataclass(frozen=True, slots=True)
class TenantRef:
    """A tenant as the rest of the product knows it; cheap to copy, safe to keep in memory."""

    id: UUID
    code: str
    schema: str
    kind: Kind
    mode: Mode = "live"
    name_kk: str = field(default="", compare=False)
    name_ru: str = field(default="", compare=False)
    language: str = field(default="kk", compare=False)
    parent_id: UUID | None = field(default=None, compare=False)
    host: str = field(default="", compare=False)
    state: str = field(default="active", compare=False)
    server: Server | None = None  # where its schema is; None is the installation's own

    @property
    def writes(self) -> bool:
        """Whether its people and its jobs may change anything; PostgreSQL refuses them otherwise (decision 0021)."""
        return self.state in ("active", "warned")

    @property
    def name(self) -> str:
        return (self.name_ru if (get_language() or "kk").startswith("ru") else self.name_kk) or self.code

    def iin_problems(self, value: str) -> list[str]:
        """What is wrong with somebody's ИИН here: living people have no place in a demonstration, others only there.

        A test tenant takes both: it may hold a copy of a living school (DEM-02).
        """
        return iin.check(
            value,
            synthetic_allowed=self.mode != "live",
            real_allowed=self.mode != "demo",
            impossible_allowed=self.mode in SHUT_MODES,
        )

    def get_tenant_type(self) -> str:
        """What django-tenants' router asks."""
        return self.kind.value


@dataclass(frozen=True, slots=True)
class Binding:
    """How a connection signs in: as which role, and into which schema."""

    schema: str
    role: str
    kind: Kind
    as_owner: bool = False
    server: Server | None = None

    def credentials(self) -> tuple[str, str]:
        if self.as_owner:
            return settings.DB_OWNER_USER, owner_password(self.server)
        return self.role, role_password(self.role, self.server)

    def connection_options(self) -> str | None:
        """Tenant roles carry their search_path in the catalogue; the owner says it when it connects."""
        return f"-c search_path={self.schema}" if self.as_owner else None

    def address(self) -> dict[str, str]:
        """Where it connects to, in the driver's words; empty for the installation's own server."""
        if self.server is None:
            return {}
        return {"host": self.server.host, "port": str(self.server.port), "dbname": self.server.database}

    def get_tenant_type(self) -> str:
        return self.kind.value


SHUT_MODES = frozenset(
    {"test"}
)  # tenants for trials: nothing leaves them, and their made-up numbers are impossible
PUBLIC = TenantRef(id=UUID(int=0), code="public", schema="public", kind=Kind.PUBLIC)


def role_name(schema: str) -> str:
    """The login role of a schema. Roles are cluster-wide, so the database's name is part of it."""
    return f"{settings.DB_ROLE_PREFIX}_{schema}"


def role_password(role: str, server: Server | None = None) -> str:
    """Derive the role's password from the key of the cell it signs in at; it is stored nowhere."""
    key = settings.CELL_KEY.encode()
    if server is not None and server.cell:
        key = hmac.new(key, f"cell:{server.cell}".encode(), hashlib.sha256).digest()
    return hmac.new(key, f"role:{role}".encode(), hashlib.sha256).hexdigest()


def owner_password(server: Server | None = None) -> str:
    """The owner's password at the server; another cell's may be one of its own."""
    cell = server.cell if server is not None else ""
    return str(settings.CELL_OWNER_PASSWORDS.get(cell, settings.DB_OWNER_PASSWORD))


# Tests hang a transaction on every connection they touch; nothing else uses this.
on_bound: list[Callable[[DatabaseWrapper], None]] = []

_current: ContextVar[TenantRef | None] = ContextVar("tenant", default=None)
_server: ContextVar[Server | None] = ContextVar("server", default=None)
_local = Local(thread_critical=True)


def current() -> TenantRef:
    """The tenant being served. Raises NoTenant outside `use()`."""
    ref = _current.get()
    if ref is None:
        raise NoTenant
    return ref


def current_or_none() -> TenantRef | None:
    return _current.get()


@contextmanager
def at(server: Server | None) -> Iterator[None]:
    """Work at another cell inside the block: its register, its owner, its schemas. For the operator's commands only."""
    token = _server.set(server)
    try:
        yield
    finally:
        _server.reset(token)


def here() -> Server | None:
    """The cell at which one works; None is the installation's own."""
    return _server.get()


def _wrappers() -> OrderedDict[Binding, DatabaseWrapper]:
    try:
        return _local.wrappers
    except AttributeError:
        _local.wrappers = OrderedDict()
        return _local.wrappers


def _wrapper(binding: Binding) -> DatabaseWrapper:
    """This thread's connection for the binding; the least used are closed beyond the limit."""
    pool = _wrappers()
    wrapper = pool.get(binding)
    if wrapper is None:
        wrapper = DatabaseWrapper(connections.settings["default"], "default", binding)
        pool[binding] = wrapper
        surplus = len(pool) - settings.DB_CONNECTIONS_PER_THREAD
        if surplus > 0:
            free = [b for b in pool if b != binding and not (pool[b].held or pool[b].in_atomic_block)]
            for old in free[:surplus]:
                pool.pop(old).close()
    else:
        pool.move_to_end(binding)
    return wrapper


class _Standing:
    """One stay in a tenant: puts its connection in place and on leaving puts back what was there."""

    __slots__ = ("_before", "_binding", "_ref", "_token", "_wrapper")

    def __init__(self, ref: TenantRef, binding: Binding) -> None:
        self._ref = ref
        self._binding = binding
        self._wrapper: DatabaseWrapper | None = None

    def __enter__(self) -> TenantRef:
        before = connections["default"]
        if getattr(before, "binding", None) == self._binding and _current.get() == self._ref:
            return self._ref
        if before.in_atomic_block and not _only_test_transaction(before):
            raise ImproperlyConfigured("A tenant is never switched inside a transaction.")
        wrapper = _wrapper(self._binding)
        wrapper.held += 1
        self._before, self._wrapper = before, wrapper
        connections["default"] = wrapper
        self._token = _current.set(self._ref)
        if not self._ref.writes:
            wrapper.execute_wrappers.append(refusals_in_words)
        try:
            for hook in on_bound:
                hook(wrapper)
        except BaseException:
            self.__exit__()
            raise
        return self._ref

    def __exit__(self, *failure: object) -> None:
        wrapper = self._wrapper
        if wrapper is None:
            return
        found = connections["default"]
        connections["default"] = self._before
        _current.reset(self._token)
        if not self._ref.writes:
            wrapper.execute_wrappers.remove(refusals_in_words)
        wrapper.held -= 1
        if found is not wrapper:
            raise ImproperlyConfigured("Somebody else switched the tenant inside kernel.tenancy.use.")


def _only_test_transaction(wrapper: Any) -> bool:
    """Tests keep one outer transaction open on every tenant's connection, to roll all of them back."""
    blocks = getattr(wrapper, "atomic_blocks", [])
    return len(blocks) == 1 and getattr(blocks[0], "_from_testcase", False)


def use(ref: TenantRef) -> AbstractContextManager[TenantRef]:
    """Serve the tenant inside the block, on its own login role's connection.

    Raises ImproperlyConfigured inside a transaction of another tenant.
    """
    return _Standing(ref, Binding(ref.schema, role_name(ref.schema), ref.kind, server=ref.server or here()))


def register() -> AbstractContextManager[TenantRef]:
    """Read the public schema alone, with a role that has no right in any tenant."""
    return _Standing(PUBLIC, Binding("public", role_name("front"), Kind.PUBLIC, server=here()))


def owner(ref: TenantRef = PUBLIC, *, building: bool = False) -> AbstractContextManager[TenantRef]:
    """Act as the owner of the tables: migrations, provisioning and the ops CLI only, never a request.

    `building` a schema saves a connection: the owner's at hand serves, and the caller says SET LOCAL search_path in
    the same message that makes the tables.
    """
    place = PUBLIC if building else ref
    server = ref.server or here()
    binding = Binding(place.schema, settings.DB_OWNER_USER, place.kind, as_owner=True, server=server)
    return _Standing(ref, binding)


class Aside:
    """A second connection of the tenant that is served: what is written on it stands at once.

    For what must be seen while a transaction is under way on the first, whatever becomes of that: how far a load is.
    """

    __slots__ = ("_before", "_wrapper")

    def __init__(self) -> None:
        self._wrapper: DatabaseWrapper | None = None

    @property
    def is_needed(self) -> bool:
        """Whether a transaction hides what is written now."""
        now = connections["default"]
        return now.in_atomic_block and not _only_test_transaction(now)

    def __enter__(self) -> None:
        self._before = connections["default"]
        if self._wrapper is None:
            binding = self._before.binding  # type: ignore[attr-defined]
            self._wrapper = DatabaseWrapper(connections.settings["default"], "default", binding)
        connections["default"] = self._wrapper

    def __exit__(self, *failure: object) -> None:
        connections["default"] = self._before

    def close(self) -> None:
        if self._wrapper is not None:
            self._wrapper.close()
            self._wrapper = None


def close_idle(**_: object) -> None:
    """Between requests: drop broken and outlived connections of this thread."""
    for wrapper in list(_wrappers().values()):
        if not wrapper.in_atomic_block:
            wrapper.close_if_unusable_or_obsolete()


def forget(schema: str | None = None, *, server: Server | None = None) -> None:
    """Close this thread's connections: all, one schema's or one server's; one that is in use opens anew when needed."""
    pool = _wrappers()
    for binding in [b for b in pool if schema in (None, b.schema) and server in (None, b.server)]:
        if pool[binding].held:
            pool[binding].close()
        else:
            pool.pop(binding).close()


signals.request_started.connect(close_idle, dispatch_uid="kernel.tenancy.close_idle.start")
signals.request_finished.connect(close_idle, dispatch_uid="kernel.tenancy.close_idle.end")
