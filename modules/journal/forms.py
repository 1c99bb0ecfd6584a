"""Forms of the journal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from kernel import clock
from modules.journal.data import KIND_LABELS
from modules.journal.queries import Column
from ui.forms import offer


class Work(forms.Form):
    """A summative work put at one of the period's lessons."""

    kind = forms.ChoiceField(label=_("Work"), choices=[])
    lesson = forms.ChoiceField(label=_("Lesson"), choices=[])
    maximum = forms.IntegerField(label=_("Maximum points"), min_value=1, max_value=100)
    title = forms.CharField(label=_("Unit or theme"), max_length=200, required=False)

    def __init__(
        self, *args: Any, columns: list[Column], kinds: list[str], bounds: tuple[int, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        taken = {c.lesson_id for c in columns if c.kind != "fo"}
        free = [c for c in columns if c.kind == "fo" and c.lesson_id not in taken and not c.is_cancelled]
        offer(self, "kind", [(k, KIND_LABELS[k]) for k in kinds])
        offer(
            self,
            "lesson",
            [
                (
                    c.lesson_id,
                    f"{formats.date_format(c.day, 'D, d.m.Y')} · {c.topic}"
                    if c.topic
                    else formats.date_format(c.day, "D, d.m.Y"),
                )
                for c in free
            ],
        )
        # A work is put in shortly before it is held, or right after.
        near = min(free, key=lambda c: abs((c.day - clock.today()).days), default=None)
        self.fields["lesson"].initial = near.lesson_id if near else None
        low, high = bounds
        if (low, high) != (1, 100):
            self.fields["maximum"].help_text = _("SOR: from {low} to {high} points").format(
                low=low, high=high
            )
