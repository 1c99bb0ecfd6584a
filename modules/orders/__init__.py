"""Orders of the school: what its director puts into force, in numbered books."""
