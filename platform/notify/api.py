"""The door: tell people, and what a page shows of what they were told."""

from kernel.access import Actor
from notify.data import Bell, Note
from notify.queries import latest, unread
from notify.registry import message, topic
from notify.services import mark_read, tell

__all__ = ["Bell", "Note", "bell", "latest", "mark_read", "message", "tell", "topic", "unread"]


def bell(*, actor: Actor) -> Bell:
    """What the head of every page shows: how many are unread, and where they are."""
    from django.urls import reverse

    return Bell(unread(actor=actor), reverse("notify:notifications"), reverse("notify:bell"))
