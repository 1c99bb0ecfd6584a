"""Which apps have tables in the schema at hand: django-tenants' answer, and none where nobody is served."""

from __future__ import annotations

from typing import Any

from django.db import connections
from django_tenants.routers import TenantSyncRouter


class Router(TenantSyncRouter):
    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **hints: Any
    ) -> bool | None:
        if getattr(connections[db], "binding", None) is None:
            return False
        return super().allow_migrate(db, app_label, model_name, **hints)
