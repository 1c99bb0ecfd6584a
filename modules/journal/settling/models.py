"""The table of pupils whose families have something to hear when the wait is over."""

from __future__ import annotations

from django.db import models


class Unsettled(models.Model):
    """Something of the pupil's changed in a journal since `since`, and his family has not heard of it yet."""

    pupil_id = models.UUIDField(primary_key=True)
    since = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.pupil_id} {self.due_at}"
