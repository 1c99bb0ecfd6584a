"""What people were told, and what they do not want to be told."""

from __future__ import annotations

from django.db import models

from kernel.ids import uuid7


class Notification(models.Model):
    """One message to one person. `count` grows while an unread one of the same group is told again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user_id = models.BigIntegerField()
    topic = models.CharField(max_length=40)
    message = models.CharField(max_length=80)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    group = models.CharField(max_length=120, blank=True)
    count = models.PositiveIntegerField(default=1)
    actor_name = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user_id", "group"],
                name="notify_one_unread_of_a_group",
                condition=models.Q(read_at=None) & ~models.Q(group=""),
            )
        ]
        indexes = [
            models.Index(fields=["user_id", "-created_at"], name="notify_of_user"),
            models.Index(fields=["user_id"], name="notify_unread", condition=models.Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.message} to {self.user_id}"


class Preference(models.Model):
    """A person's own choice for a topic in a channel; without a row the topic is told."""

    user_id = models.BigIntegerField()
    topic = models.CharField(max_length=40)
    channel = models.CharField(max_length=20, default="app")
    is_on = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user_id", "topic", "channel"], name="notify_choice_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.topic} {self.channel} {self.is_on}"
