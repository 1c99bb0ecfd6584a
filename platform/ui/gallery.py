"""Every component on one page, for people who build pages and for eyes that judge them. Closed on live hosts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.access import Actor
from kernel.tenancy import PUBLIC, current_or_none
from ui import registry, render
from ui.charts import Chart, Series
from ui.components import Tab
from ui.context import Reader, Shell
from ui.forms import DateInput, Switch

PEOPLE = [
    ("Ахметова Әлия Бауыржанқызы", "7А", 94, 4.8, "success"),
    ("Әбдірахманов Ғалымжан Қайратұлы", "7А", 71, 3.9, "info"),
    ("Божко Ирина Сергеевна", "7Ә", 88, 4.4, "success"),
    ("Қасымбекұлы Нұрсұлтан", "7Ә", 52, 3.1, "warning"),
    ("Ұзақбай Жансая Өмірзаққызы", "8Б", None, None, "neutral"),
]


def is_open() -> bool:
    return bool(settings.DEBUG or settings.MODE != "live")


class Enrol(forms.Form):
    """One of each kind of field."""

    surname = forms.CharField(label=gettext_lazy("Surname"), max_length=60)
    patronymic = forms.CharField(
        label=gettext_lazy("Patronymic"),
        required=False,
        help_text=gettext_lazy("As in the document, if there is one."),
    )
    school_class = forms.ChoiceField(
        label=gettext_lazy("Class"), choices=[("", "—"), ("7a", "7А"), ("7ae", "7Ә"), ("8b", "8Б")]
    )
    since = forms.DateField(label=gettext_lazy("From"), widget=DateInput, initial=date(2026, 9, 1))
    language = forms.ChoiceField(
        label=gettext_lazy("Language of study"),
        choices=[("kk", gettext_lazy("Kazakh")), ("ru", gettext_lazy("Russian"))],
        widget=forms.RadioSelect,
    )
    bus = forms.BooleanField(label=gettext_lazy("Comes by the school bus"), required=False)
    notify = forms.BooleanField(label=gettext_lazy("Tell the parents"), required=False, widget=Switch)
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    file = forms.FileField(label=gettext_lazy("Document"), required=False)


@dataclass
class SampleJob:
    """Stands for a kernel job."""

    done: int
    total: int = 240
    state: str = "running"
    message: str = ""
    kind: str = "imports.load"
    id: str = "sample"
    result: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class GalleryReader(Reader):
    """Sees a menu that leads nowhere, so that the frame can be looked at."""

    address: str = ""

    @cached_property
    def menu(self) -> list[registry.Section]:
        def line(label: str, icon: str, *, active: bool = False, tab: bool = False) -> registry.Line:
            return registry.Line(label, self.address, icon, active, tab)

        return [
            registry.Section("today", "", [line(_("Today"), "sun", active=True, tab=True)]),
            registry.Section(
                "study",
                registry.SECTIONS["study"],
                [
                    line(_("Journal"), "notebook", tab=True),
                    line(_("Timetable"), "calendar-time", tab=True),
                    line(_("Reports"), "report-analytics"),
                ],
            ),
            registry.Section(
                "people",
                registry.SECTIONS["people"],
                [line(_("Pupils"), "users", tab=True), line(_("Employees"), "briefcase")],
            ),
            registry.Section(
                "settings", registry.SECTIONS["settings"], [line(_("Roles and rights"), "shield-lock")]
            ),
        ]


class GalleryShell(Shell):
    """A frame with a person and a menu."""

    @cached_property
    def actor(self) -> Actor:
        return Actor(tenant=current_or_none() or PUBLIC, user_id=0, name="Сәрсенбаева Айгүл Маратқызы")

    @cached_property
    def reader(self) -> GalleryReader:
        return GalleryReader(
            tenant=self.actor.tenant,
            school=self.tenant.name if self.tenant else "",
            granted=frozenset(),
            address=self.request.path,
        )

    @cached_property
    def bell(self) -> registry.Bell:
        return registry.Bell(3, self.request.path)


def show(request: HttpRequest) -> HttpResponse:
    bound = Enrol({"since": "2026-09-01", "note": "…"}, auto_id="bound_%s")
    bound.is_valid()
    classes = ["7А", "7Ә", "7Б", "8А", "8Ә", "8Б", "9А"]
    context = {
        "shell": GalleryShell(request),
        "people": PEOPLE,
        "form": Enrol(),
        "bound": bound,
        "job": SampleJob(96),
        "done_job": SampleJob(240, state="done"),
        "page": Paginator(range(187), 20).get_page(request.GET.get("page", "3")),
        "tabs": [
            Tab(_("Marks"), "?tab=marks", active=True),
            Tab(_("Attendance"), "?tab=attendance", count=4),
            Tab(_("Behaviour"), "?tab=behaviour"),
        ],
        "steps": [_("File"), _("Columns"), _("Check"), _("Loading"), _("Report")],
        "cards": [
            registry.TodayCard(_("Journals not filled"), _("7А algebra, 8Б physics and others"), "#", "notebook", "now", 5),
            registry.TodayCard(_("Requests to open a quarter"), _("Answer until tomorrow"), "#", "lock-open", "soon", 2),
            registry.TodayCard(_("Meeting of teachers"), _("At 15:00 in the hall"), "#", "users-group"),
        ],
        "bar": Chart(
            "bar", _("Quality of knowledge by class"), classes, [Series(_("Quality"), [64, 58, 71, 49, 66, None, 73])],
            unit="%", note=_("Share of pupils with marks 4 and 5."),
        ),
        "stacked": Chart(
            "stacked", _("Attendance this week"), [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri")],
            [
                Series(_("ill"), [12, 14, 11, 9, 10]),
                Series(_("excused"), [3, 2, 5, 4, 3]),
                Series(_("unexcused"), [1, 0, 2, 1, 3]),
            ],
        ),
        "line": Chart(
            "line", _("Average mark by quarter"), ["I", "II", "III", "IV"],
            [Series("2025-26", [3.9, 4.0, 3.8, 4.1]), Series("2026-27", [4.0, 4.1, None, None])],
        ),
    }  # fmt: skip
    return render.page(request, "ui/gallery.html", context, help="ui/gallery")


def progress_step(request: HttpRequest) -> HttpResponse:
    """A job that ends after a few questions."""
    done = min(int(request.GET["progress"]) + 48, 240)
    job: Any = SampleJob(done, state="done" if done == 240 else "running")
    return render.progress(request, job, url=f"{request.path}?progress={done}", done_url=request.path)
