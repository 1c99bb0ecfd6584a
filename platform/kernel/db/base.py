"""The database backend that knows one tenant, or none at all.

A wrapper is bound for life to one login role and one schema. Switching the school is putting another wrapper
in the place of `connections["default"]` (see kernel.tenancy): no SET is ever sent, so no SET can be lost.
The wrapper that Django makes by itself is bound to nothing and refuses to connect.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError
from django.db.backends.postgresql import base
from psycopg.errors import InsufficientPrivilege

from kernel.db.introspection import DatabaseIntrospection
from kernel.errors import NoTenant, ReadOnly


def is_refused_by_rights(failure: BaseException) -> bool:
    """Whether PostgreSQL refused because the role has not the right."""
    return isinstance(failure, ProgrammingError) and isinstance(failure.__cause__, InsufficientPrivilege)


def refusals_in_words(execute: Any, statement: Any, params: Any, many: bool, context: Any) -> Any:
    """Where a tenant only reads: turn the refusal of its rights into the one that every form knows how to show."""
    try:
        return execute(statement, params, many, context)
    except ProgrammingError as failure:
        if is_refused_by_rights(failure):
            raise ReadOnly from failure
        raise


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL as one role sees it; `binding` says which, None means nobody."""

    introspection_class = DatabaseIntrospection

    def __init__(self, settings_dict: dict[str, Any], alias: str = "default", binding: Any = None) -> None:
        super().__init__(settings_dict, alias)
        self.binding = binding
        self.held = 0  # how many stays of kernel.tenancy.use hold it now

    # django-tenants asks these of a connection.
    @property
    def schema_name(self) -> str:
        return self.binding.schema if self.binding else ""

    @property
    def tenant(self) -> Any:
        if self.binding is None:
            raise NoTenant
        return self.binding

    def set_tenant(self, *args: object, **kwargs: object) -> None:
        raise ImproperlyConfigured("Switch schools with kernel.tenancy.use only.")

    set_schema = set_schema_to_public = set_tenant

    def get_connection_params(self) -> dict[str, Any]:
        if self.binding is None:
            raise NoTenant
        params = super().get_connection_params()
        params |= self.binding.address()
        params["user"], params["password"] = self.binding.credentials()
        options = self.binding.connection_options()
        if options:
            params["options"] = options
        return params

    def connect(self) -> None:
        if self.binding is None:
            raise NoTenant
        super().connect()

    def _cursor(self, name: str | None = None) -> Any:
        if self.binding is None:
            raise NoTenant
        return super()._cursor(name)  # type: ignore[misc]

    def chunked_cursor(self) -> Any:
        if self.binding is None:
            raise NoTenant
        return super().chunked_cursor()

    def is_usable(self) -> bool:
        """After an error: forget prepared statements too, so that a changed table costs one refusal, not all."""
        if self.connection is None:
            return False
        try:
            with self.connection.cursor() as cursor:
                cursor.execute("DEALLOCATE ALL")
        except self.Database.Error:
            return False
        return True
