"""Rooms of the school: what each is for, how many it seats, and how many classes it takes at once."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.ids import uuid7
from kernel.names import KK_COLLATION


class Room(models.Model):
    """A room as lessons name it. Closed, it stays for the lessons that were held there."""

    class Kind(models.TextChoices):
        ORDINARY = "ordinary", pgettext_lazy("kind of room", "ordinary classroom")
        PHYSICS = "physics", pgettext_lazy("kind of room", "physics laboratory")
        CHEMISTRY = "chemistry", pgettext_lazy("kind of room", "chemistry laboratory")
        BIOLOGY = "biology", pgettext_lazy("kind of room", "biology laboratory")
        INFORMATICS = "informatics", pgettext_lazy("kind of room", "informatics classroom")
        LANGUAGE = "language", pgettext_lazy("kind of room", "language classroom")
        GYMNASIUM = "gymnasium", pgettext_lazy("kind of room", "gymnasium")
        WORKSHOP = "workshop", pgettext_lazy("kind of room", "workshop")
        MUSIC = "music", pgettext_lazy("kind of room", "music classroom")
        ART = "art", pgettext_lazy("kind of room", "art classroom")
        HALL = "hall", pgettext_lazy("kind of room", "assembly hall")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("number or name of the room"), max_length=20, db_collation=KK_COLLATION)
    kind = models.CharField(
        pgettext_lazy("room", "kind"), max_length=12, choices=Kind.choices, default=Kind.ORDINARY
    )
    capacity = models.PositiveSmallIntegerField(_("seats"), null=True, blank=True)
    # Classes that may be in it at once: a large gymnasium takes two.
    classes_at_once = models.PositiveSmallIntegerField(_("classes at once"), default=1)
    building = models.CharField(_("building"), max_length=60, blank=True, db_collation=KK_COLLATION)
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], name="schedule_room_named_once"),
            models.CheckConstraint(
                name="schedule_room_sane",
                condition=models.Q(classes_at_once__gte=1, classes_at_once__lte=10)
                & (models.Q(capacity=None) | models.Q(capacity__gte=1, capacity__lte=2000)),
            ),
        ]

    def __str__(self) -> str:
        return self.name
