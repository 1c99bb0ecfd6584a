"""A request as the product's views meet it: inside a tenant, with the person who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

if TYPE_CHECKING:
    from kernel.access import Actor
    from kernel.tenancy import TenantRef


class Request(HttpRequest):
    """For annotations only: the middleware puts these on Django's own request.

    `actor` is never None behind `@requires` and `@signed_in`; behind `@public_view` it may be.
    """

    actor: Actor
    tenant: TenantRef
    id: str
    htmx: Any
