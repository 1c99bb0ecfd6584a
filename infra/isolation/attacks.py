"""The hand-written list: what somebody types who has found a hole in school A and wants the rows of school B.

`{b}` is the schema of school B, `{role}` its login role, `{db}` the database. Each is put in place of a surname inside
quotes; the hole answers with the rows of one statement.
"""

from __future__ import annotations

from collections.abc import Iterator

# Proof that the hole is a hole: these must bring rows of A itself.
OWN = (
    "' OR '1'='1",
    "' OR 1=1 -- ",
    "x' UNION SELECT username FROM identity_user -- ",
    "x' UNION SELECT surname || ' ' || name FROM contingent_pupil -- ",
)

# What is read of B, by each of the ways below.
_TARGETS = (
    ("{b}.identity_user", "username"),
    ("{b}.contingent_pupil", "surname"),
    ("{b}.contingent_guardian", "surname"),
    ("{b}.staff_employee", "surname"),
    ("{b}.kernel_auditentry", "action"),
    ("{b}.notify_notification", "id::text"),
    ("{b}.identity_session", "key_hash"),
    ("{b}.journal_markevent", "id::text"),
)
_WAYS = (
    "x' UNION SELECT {column} FROM {table} -- ",
    "x' UNION ALL SELECT string_agg({column}, ',') FROM {table} -- ",
    "x' OR surname IN (SELECT {column} FROM {table}) -- ",
    "x' OR EXISTS (SELECT 1 FROM {table} WHERE length({column}) > 0) -- ",
    "x' UNION SELECT query_to_xml('SELECT {column} FROM {table}', true, false, '')::text -- ",
    "x' UNION SELECT table_to_xml('{table}'::regclass, true, false, '')::text -- ",
    "x' UNION SELECT json_agg(t)::text FROM (TABLE {table}) t -- ",
    "x' UNION SELECT CASE WHEN (SELECT count(*) FROM {table}) > 0 THEN 'yes' ELSE 'no' END -- ",
    "x' UNION SELECT (xpath('//text()', query_to_xml('SELECT {column} FROM {table}', true, true, '')))[1]::text -- ",
    "x' UNION (WITH t AS (SELECT {column} AS c FROM {table}) SELECT c FROM t) -- ",
    "x' UNION SELECT (SELECT {column} FROM {table} LIMIT 1)::int::text -- ",
    "x' UNION SELECT t.{column} FROM contingent_pupil p, LATERAL (SELECT * FROM {table}) t -- ",
)
# Statements that would change who one is, or what one may.
_STACKED = (
    "SET ROLE {role}",
    "SET SESSION AUTHORIZATION {role}",
    "RESET ROLE",
    "SET search_path = {b}",
    "SELECT set_config('search_path', '{b}', false)",
    "GRANT USAGE ON SCHEMA {b} TO PUBLIC",
    "ALTER ROLE {role} PASSWORD 'x'",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "CREATE ROLE helper SUPERUSER",
    "ALTER TABLE public.tenants_rollupfact DISABLE ROW LEVEL SECURITY",
    "DROP POLICY school_own ON public.tenants_rollupfact",
    "CREATE TEMP TABLE loot AS SELECT * FROM {b}.identity_user",
    "CREATE FUNCTION pg_temp.f() RETURNS text LANGUAGE sql AS 'SELECT username FROM {b}.identity_user LIMIT 1'",
    "CREATE FUNCTION pg_temp.g() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT username FROM {b}.identity_user LIMIT 1'",
    "DO $x$ BEGIN EXECUTE 'SET ROLE {role}'; END $x$",
    "DO $x$ BEGIN PERFORM set_config('role', '{role}', false); END $x$",
    "COPY {b}.identity_user TO STDOUT",
    "COPY (SELECT * FROM {b}.identity_user) TO '/tmp/loot'",
    "COPY contingent_pupil (surname) FROM '/etc/passwd'",
    "COPY contingent_pupil (surname) FROM PROGRAM 'id'",
    "CREATE EXTENSION dblink",
    "CREATE EXTENSION postgres_fdw",
    "CREATE EXTENSION file_fdw",
    "CREATE EXTENSION plpython3u",
    "CREATE EXTENSION adminpack",
    "LOAD 'auto_explain'",
    "ALTER SYSTEM SET log_statement = 'all'",
    "LISTEN everything",
    "PREPARE p AS SELECT username FROM {b}.identity_user",
    "DECLARE c CURSOR FOR SELECT username FROM {b}.identity_user",
    "EXPLAIN ANALYZE SELECT username FROM {b}.identity_user",
    "SECURITY LABEL ON SCHEMA {b} IS 'x'",
    "REASSIGN OWNED BY {role} TO CURRENT_USER",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {role} GRANT SELECT ON TABLES TO PUBLIC",
    "CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw",
    "ALTER DATABASE {db} SET search_path = {b}",
    "LOCK TABLE {b}.identity_user",
    "TRUNCATE {b}.identity_user",
    "ANALYZE {b}.identity_user",
    "VACUUM {b}.identity_user",
    "COMMENT ON TABLE {b}.identity_user IS 'x'",
)
# Expressions that need no second statement.
_SINGLE = (
    "x' UNION SELECT set_config('role', '{role}', false) -- ",
    "x' UNION SELECT set_config('session_authorization', '{role}', false) -- ",
    "x' UNION SELECT set_config('search_path', '{b}', false) UNION SELECT username FROM identity_user WHERE false -- ",
    "x' UNION SELECT set_config('row_security', 'off', false) UNION SELECT value FROM public.tenants_rollupfact -- ",
    "x' UNION SELECT value FROM public.tenants_rollupfact -- ",
    "x' UNION SELECT school_id::text FROM public.tenants_rollupfreshness WHERE school_id <> public.tenants_me() -- ",
    "x' UNION SELECT metric FROM public.tenants_rollupnode -- ",
    "x' UNION SELECT metric FROM public.tenants_rollupdelta -- ",
    "x' UNION SELECT sql FROM public.tenants_ledgerentry -- ",
    "x' UNION SELECT schema FROM public.tenants_schemastate -- ",
    "x' UNION SELECT encode(sealed, 'hex') FROM public.tenants_envelopecontent -- ",
    "x' UNION SELECT sender_id::text FROM public.tenants_envelope WHERE public.tenants_me() NOT IN (sender_id, receiver_id) -- ",
    "x' UNION SELECT code FROM public.tenants_overview() -- ",
    "x' UNION SELECT counts::text FROM public.tenants_isolationrun -- ",
    "x' UNION SELECT query_to_xml('SET ROLE {role}', true, false, '')::text -- ",
    "x' UNION SELECT query_to_xml('SELECT set_config(''role'', ''{role}'', false)', true, false, '')::text -- ",
    "x' UNION SELECT schema_to_xml('{b}', true, false, '')::text -- ",
    "x' UNION SELECT database_to_xml(true, false, '')::text -- ",
    "x' UNION SELECT word FROM ts_stat('SELECT to_tsvector(username) FROM {b}.identity_user') -- ",
    "x' UNION SELECT most_common_vals::text FROM pg_stats WHERE schemaname = '{b}' -- ",
    "x' UNION SELECT histogram_bounds::text FROM pg_stats WHERE schemaname = '{b}' -- ",
    "x' UNION SELECT stavalues1::text FROM pg_statistic -- ",
    "x' UNION SELECT rolpassword FROM pg_authid -- ",
    "x' UNION SELECT passwd FROM pg_shadow -- ",
    "x' UNION SELECT query FROM pg_stat_activity WHERE usename = '{role}' -- ",
    "x' UNION SELECT column_default FROM information_schema.columns WHERE table_schema = '{b}' -- ",
    "x' UNION SELECT view_definition FROM information_schema.views WHERE table_schema = '{b}' -- ",
    "x' UNION SELECT grantee FROM information_schema.role_table_grants WHERE table_schema = '{b}' -- ",
    "x' UNION SELECT pg_read_file('/etc/passwd') -- ",
    "x' UNION SELECT pg_read_file('base/1/1259') -- ",
    "x' UNION SELECT encode(pg_read_binary_file('PG_VERSION'), 'hex') -- ",
    "x' UNION SELECT pg_ls_dir('.') -- ",
    "x' UNION SELECT name FROM pg_ls_logdir() -- ",
    "x' UNION SELECT name FROM pg_ls_waldir() -- ",
    "x' UNION SELECT pg_current_logfile() -- ",
    "x' UNION SELECT lo_import('/etc/passwd')::text -- ",
    "x' UNION SELECT lo_export(1, '/tmp/loot')::text -- ",
    "x' UNION SELECT encode(lo_get(1), 'hex') -- ",
    "x' UNION SELECT dblink_connect('dbname={db} user={role}') -- ",
    "x' UNION SELECT t.u FROM dblink('dbname={db} user={role}', 'SELECT username FROM {b}.identity_user') AS t(u text) -- ",
    "x' UNION SELECT pg_try_advisory_lock(1)::text -- ",
    "x' UNION SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE usename = '{role}' -- ",
    "x' UNION SELECT pg_cancel_backend(pid)::text FROM pg_stat_activity WHERE usename = '{role}' -- ",
    "x' UNION SELECT pg_reload_conf()::text -- ",
    "x' UNION SELECT pg_get_viewdef('{b}.identity_user'::regclass) -- ",
    "x' UNION SELECT pg_size_pretty(pg_table_size('{b}.identity_user')) -- ",
    "x' UNION SELECT currval('{b}.identity_user_id_seq')::text -- ",
    "x' UNION SELECT last_value::text FROM {b}.identity_user_id_seq -- ",
    "x' UNION SELECT setval('{b}.identity_user_id_seq', 1)::text -- ",
    "x' UNION SELECT public.tenants_rename('x', 'x')::text FROM {b}.identity_user -- ",
    "x' UNION SELECT public.tenants_node_add(gen_random_uuid(), gen_random_uuid(), f, 1)::text FROM public.tenants_rollupfact f -- ",
    "x' UNION SELECT setting FROM pg_settings WHERE name LIKE '%password%' AND current_user = '{role}' -- ",
    "x' UNION SELECT setconfig::text FROM pg_db_role_setting s JOIN {b}.identity_user u ON true -- ",
    "x' UNION SELECT pg_logical_emit_message(false, 'x', 'x')::text -- ",
    "x' UNION SELECT data FROM pg_logical_slot_peek_changes('x', NULL, NULL) -- ",
    "x' UNION SELECT pg_export_snapshot() FROM {b}.identity_user -- ",
    "x' UNION (WITH w AS (UPDATE {b}.identity_user SET username = 'x' RETURNING username) SELECT username FROM w) -- ",
    "x' UNION (WITH w AS (UPDATE pg_settings SET setting = '{role}' WHERE name = 'role' RETURNING setting) SELECT setting FROM w) -- ",
    "x' UNION SELECT has_table_privilege('{role}', '{b}.identity_user', 'SELECT')::text WHERE current_user = '{role}' -- ",
    "x' UNION SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = '{b}'::regnamespace AND current_user = '{role}' -- ",
    "x' UNION SELECT amname FROM pg_am, {b}.identity_user -- ",
    "x' UNION SELECT cursor_to_xml('c', 1, true, false, '')::text -- ",
)  # fmt: skip
_SEPARATORS = ("'; {statement}; -- ",)
AT_LEAST = 150


def attacks(**names: str) -> Iterator[str]:
    """Every attack against the school with these names."""
    for table, column in _TARGETS:
        for way in _WAYS:
            yield way.format(table=table.format(**names), column=column)
    for statement in _STACKED:
        for separator in _SEPARATORS:
            yield separator.format(statement=statement.format(**names))
    for attack in _SINGLE:
        yield attack.replace("{b}", names["b"]).replace("{role}", names["role"]).replace("{db}", names["db"])
