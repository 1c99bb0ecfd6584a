"""Pure rules of plans: how pasted tables are read, how lines fall on lessons, how hours are counted."""
