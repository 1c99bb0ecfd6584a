"""Departure to another place, and graduation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.api import in_words
from kernel.access import Actor
from kernel.errors import DomainError
from modules.contingent import queries, services
from modules.contingent.orders import common, forms
from modules.contingent.orders.common import PupilKind
from modules.orders.api import Fault, OrderInfo, Placeholder

_NOBODY = UUID(int=0)
LAST_DAY = Placeholder(
    "last_day",
    gettext_lazy("last day at school"),
    {"kk": "2026 жылғы 20 қараша", "ru": "20 ноября 2026 г."},
)


class _Leaving(PupilKind):
    """The last day stands in the head, the reason in each line."""

    head = forms.DepartHead

    def head_form(
        self, data: Any = None, *, actor: Actor, order: OrderInfo | None, **options: Any
    ) -> django_forms.Form:
        initial = {"last_day": order.date if order else common.today()} | (options.pop("initial", None) or {})
        return self.head(data, initial=initial, **options)

    def head_words(self, order: OrderInfo, *, language: str) -> Mapping[str, str]:
        return {"last_day": in_words(common.head_day(order, "last_day"), language)}

    def line_words(self, order: OrderInfo, *, language: str) -> Iterable[Mapping[str, str]]:
        places = queries.presents(common.subject_ids(order), on=common.head_day(order, "last_day"))
        for line in order.lines:
            place = places.get(line.subject_id or _NOBODY)
            yield {
                "line.class": common.named(place.school_class if place else None),
                "line.reason": common.term("departure", line.values.get("reason") or ""),
                "line.to": common.place_in_words(line.values),
                "line.slip": common.slip_in_words(line.values),
            }

    def line_facts(self, order: OrderInfo, *, actor: Actor) -> Mapping[UUID, Sequence[tuple[str, str]]]:
        labels = [
            (_("Class"), "line.class"),
            (_("Reason"), "line.reason"),
            (_("Where to"), "line.to"),
            (_("Slip"), "line.slip"),
        ]
        said = zip(order.lines, self.line_words(order, language=actor.language), strict=True)
        return {
            line.id: [(label, words[code]) for label, code in labels if words[code]] for line, words in said
        }

    def check_lines(self, order: OrderInfo, *, actor: Actor) -> Iterator[Fault]:
        ids, last_day = common.subject_ids(order), common.head_day(order, "last_day")
        pupils, places = queries.pupils_in(ids), queries.presents(ids, on=last_day)
        for line in order.lines:
            row = common.pupil_of(line, pupils)
            if not line.values.get("reason"):
                yield common.fault(line, _("say the reason"))
                continue
            try:
                if row is None:
                    raise services.NotInClass
                services.refuse_leaving(row, places.get(row.pk), last_day)
            except DomainError as refusal:
                yield common.fault(line, refusal)

    def apply(self, order: OrderInfo, *, actor: Actor) -> None:
        for line in order.lines:
            assert line.subject_id is not None
            services.leave(
                actor=actor,
                pupil_id=line.subject_id,
                last_day=common.head_day(order, "last_day"),
                reason=line.values["reason"],
                order=order,
                whither=common.whereabouts(line.values),
            )


class Depart(_Leaving):
    code = "contingent.depart"
    title = gettext_lazy("Departure")
    heading = gettext_lazy("On the departure of pupils")
    icon = "logout"
    line = forms.DepartLine
    long_lines = True
    placeholders = (
        common.BIRTH_DATE,
        common.IN_CLASS,
        LAST_DAY,
        Placeholder(
            "line.reason",
            gettext_lazy("reason of departure"),
            {"kk": "Облыстың басқа ауданына", "ru": "В другой район области"},
            of_line=True,
        ),
        Placeholder(
            "line.to",
            gettext_lazy("to where"),
            {"kk": "Шет ауданы, Ақадыр мектебі", "ru": "Шетский район, Акадырская школа"},
            of_line=True,
        ),
        Placeholder(
            "line.slip",
            gettext_lazy("number and date of the slip"),
            {"kk": "№ 14, 20.11.2026", "ru": "№ 14, 20.11.2026"},
            of_line=True,
        ),
    )


class Graduate(_Leaving):
    code = "contingent.graduate"
    title = gettext_lazy("Graduation")
    heading = gettext_lazy("On the graduation of pupils")
    icon = "school"
    line = forms.GraduateLine
    placeholders = (
        common.BIRTH_DATE,
        common.IN_CLASS,
        LAST_DAY,
        Placeholder(
            "line.reason",
            gettext_lazy("what was finished"),
            {"kk": "11 (12)-сыныпты бітірді", "ru": "Окончил 11 (12) класс"},
            of_line=True,
        ),
    )
