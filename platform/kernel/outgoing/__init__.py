"""The one door outward. Outside systems are reached by the names that settings give them; an address that a person typed
is reached, if at all, by `fetch` (decision 0029)."""

from kernel.outgoing.addresses import is_public
from kernel.outgoing.guarded import Fetched, NotFetched, fetch
from kernel.outgoing.systems import Receive, Unlisted, connect, http

__all__ = ["Fetched", "NotFetched", "Receive", "Unlisted", "connect", "fetch", "http", "is_public"]
