"""СОР and СОЧ over the lessons of a quarter: what the order forbids, where each may stand, and days on which it is broken."""
