"""What tables there are here, asked so that it costs the same among a thousand schemas as in one.

Django looks through the whole catalogue for what is visible: 0.7 s at 1,000 schools, four times a migration. A schema's
own tables hang on it in pg_depend, which has an index: 3 ms.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import introspection
from django.db.backends.postgresql.introspection import TableInfo

_TABLES = """
SELECT c.relname,
       CASE WHEN c.relispartition THEN 'p' WHEN c.relkind IN ('m', 'v') THEN 'v' ELSE 't' END,
       obj_description(c.oid, 'pg_class')
FROM pg_catalog.pg_namespace n
JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_namespace'::regclass AND d.refobjid = n.oid
  AND d.classid = 'pg_catalog.pg_class'::regclass
JOIN pg_catalog.pg_class c ON c.oid = d.objid AND c.relkind IN ('f', 'm', 'p', 'r', 'v')
WHERE n.nspname = current_schema()
"""


class DatabaseIntrospection(introspection.DatabaseIntrospection):
    """The tables of the schema at hand, which is the only one that a connection of ours sees."""

    def get_table_list(self, cursor: Any) -> list[Any]:
        cursor.execute(_TABLES)
        return [TableInfo(*row) for row in cursor.fetchall() if row[0] not in self.ignored_tables]
