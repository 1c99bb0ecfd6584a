"""Which apps have tables in the schema at hand, and that a row is used only where it comes from."""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.models import Model
from django_tenants.routers import TenantSyncRouter

from kernel.db import stamps


class Router(TenantSyncRouter):
    """django-tenants' answer to what is migrated where, none where nobody is served, and the check of rows."""

    def db_for_read(self, model: type[Model], instance: Model | None = None, **hints: Any) -> None:
        if instance is not None:
            stamps.check(instance)

    db_for_write = db_for_read

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **hints: Any
    ) -> bool | None:
        if getattr(connections[db], "binding", None) is None:
            return False
        return super().allow_migrate(db, app_label, model_name, **hints)
