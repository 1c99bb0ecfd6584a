"""PgBouncer as production runs it: transactions pooled for each login role, so that no role is served another's connection."""
