"""What a teacher types in reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from modules.journal.reports.models import LONGEST, ClassConclusion, MentorReport, WorkAnalysis
from ui.forms import DateInput


class Seen(forms.Form):
    """A form that knows which text was on the page when it was typed."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def seen_at(self) -> datetime | None:
        try:
            return parse_datetime(self.cleaned_data["seen"])
        except ValueError:
            return None

    def has_seen(self, at: datetime | None) -> None:
        """The newer text is shown beside what was typed: it may be saved over now."""
        typed: Any = self.data
        self.data = typed = typed.copy()
        typed["seen"] = at.isoformat() if at else ""


def _text(label: Any, rows: int = 3, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST,
        required=False,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class Analysis(Seen):
    """Objectives of the plan are ticked; others are typed, one a line."""

    ticked = forms.MultipleChoiceField(
        label=_("Objectives of the plan that caused difficulty"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The others are counted as reached."),
    )
    reached = _text(_("Objectives that were reached"), hint=_("One a line."))
    hard = _text(_("Objectives that caused difficulty"), hint=_("One a line."))
    difficulties = _text(_("Difficulties of the pupils"))
    reasons = _text(_("Reasons of the difficulties"))
    correction = _text(_("What is planned to correct them"))

    def __init__(self, data: Any, *, planned: Sequence[str], said: WorkAnalysis | None) -> None:
        hard = said.hard.splitlines() if said else []
        initial: dict[str, Any] = {"seen": said.changed_at.isoformat() if said else ""}
        if said is not None:
            initial |= {name: getattr(said, name) for name in ("difficulties", "reasons", "correction")}
            initial["ticked"] = [one for one in hard if one in planned]
            initial["hard"] = "\n".join(one for one in hard if one not in planned)
            initial["reached"] = "\n".join(one for one in said.reached.splitlines() if one not in planned)
        super().__init__(data, initial=initial)
        self.planned = list(planned)
        self.fields["ticked"].choices = [(one, one) for one in planned]  # type: ignore[attr-defined]
        if planned:
            self.fields["hard"].label = _("Other objectives that caused difficulty")
            self.fields["reached"].label = _("Other objectives that were reached")
        else:
            del self.fields["ticked"]

    @property
    def said(self) -> dict[str, str]:
        """What is kept: the plan's objectives with those that were typed."""
        values = self.cleaned_data
        ticked = values.get("ticked", [])
        reached = [one for one in self.planned if one not in ticked]
        return {
            "hard": _together(ticked, values["hard"]),
            "reached": _together(reached, values["reached"]),
            **{name: values[name].strip() for name in ("difficulties", "reasons", "correction")},
        }


def _together(planned: Sequence[str], typed: str) -> str:
    lines = (line.strip() for line in (*planned, *typed.splitlines()))
    return "\n".join(dict.fromkeys(filter(None, lines)))


class Appointment(forms.Form):
    """Who is whose mentor, from which day."""

    mentor = forms.ChoiceField(label=pgettext_lazy("of a young teacher", "Mentor"))
    teacher = forms.ChoiceField(label=_("Young teacher"))
    since = forms.DateField(label=_("From the day"), widget=DateInput)

    def __init__(self, data: Any, *, teachers: Sequence[tuple[str, str]], since: date) -> None:
        super().__init__(data, initial={"since": since})
        for name in ("mentor", "teacher"):
            self.fields[name].choices = [("", "–"), *teachers]  # type: ignore[attr-defined]


class End(forms.Form):
    """The last day of a mentor."""

    until = forms.DateField(label=_("Last day"), widget=DateInput)


class Conclusion(Seen):
    """What a class teacher says of a quarter or of the year."""

    done = _text(_("Work with pupils and parents"), hint=_("Meetings, talks, visits, events of the class."))
    conclusion = _text(_("Conclusion"), rows=4)
    ahead = _text(_("What comes next"))

    def __init__(self, data: Any, *, said: ClassConclusion | None) -> None:
        initial: dict[str, Any] = {"seen": said.changed_at.isoformat() if said else ""}
        if said is not None:
            initial |= {name: getattr(said, name) for name in ("done", "conclusion", "ahead")}
        super().__init__(data, initial=initial)


class MentorWords(Seen):
    """What a mentor says of a quarter."""

    done = _text(_("What was done"), hint=_("Lessons visited, talks, help with plans and works."))
    results = _text(_("Results and difficulties"))
    advice = _text(_("What comes next"))

    def __init__(self, data: Any, *, said: MentorReport | None) -> None:
        initial: dict[str, Any] = {"seen": said.changed_at.isoformat() if said else ""}
        if said is not None:
            initial |= {name: getattr(said, name) for name in ("done", "results", "advice")}
        super().__init__(data, initial=initial)
