"""Reads of reports. Each takes whoever asks and counts by the set: a report costs the same for one journal and for all."""
