"""The door: tell people, and what a page shows of what they were told."""

from notify.data import Note
from notify.queries import latest, unread
from notify.registry import message, topic
from notify.services import mark_read, tell

__all__ = ["Note", "latest", "mark_read", "message", "tell", "topic", "unread"]
