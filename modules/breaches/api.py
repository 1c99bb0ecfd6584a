"""The door: note a breach and count whom it concerns."""

from modules.breaches.data import Way
from modules.breaches.services import count, note

__all__ = ["Way", "count", "note"]
