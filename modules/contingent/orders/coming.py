"""Enrolment of newcomers, and the return of those who had left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.access import Actor
from kernel.errors import DomainError
from modules.contingent import queries, services
from modules.contingent.data import NewPupil
from modules.contingent.orders import common, forms
from modules.contingent.orders.common import PupilKind
from modules.orders.api import Choice, Fault, LineInfo, OrderInfo, Placeholder

_COMING = (
    common.BIRTH_DATE,
    common.IN_CLASS,
    Placeholder(
        "line.since", gettext_lazy("day of arrival"), {"kk": "23.11.2026", "ru": "23.11.2026"}, of_line=True
    ),
    Placeholder(
        "line.from",
        gettext_lazy("from where"),
        {"kk": "Шет ауданы, Ақадыр мектебі", "ru": "Шетский район, Акадырская школа"},
        of_line=True,
    ),
    Placeholder(
        "line.reason",
        gettext_lazy("reason of arrival"),
        {"kk": "Облыстың басқа ауданынан", "ru": "Из другого района области"},
        of_line=True,
    ),
    Placeholder(
        "line.slip",
        gettext_lazy("number and date of the slip"),
        {"kk": "№ 14, 20.11.2026", "ru": "№ 14, 20.11.2026"},
        of_line=True,
    ),
)


class _Coming(PupilKind):
    """What both kinds of coming share: the class, the day, from where."""

    long_lines = True
    placeholders = _COMING

    def line_form(
        self, data: Any = None, *, actor: Actor, order: OrderInfo, **options: Any
    ) -> django_forms.Form:
        initial = {"since": order.date, "citizenship": "KZ", "country": "KZ"} | (
            options.pop("initial", None) or {}
        )
        return self.line(data, classes=common.classes_to_choose(actor), initial=initial, **options)  # type: ignore[call-arg]

    def line_words(self, order: OrderInfo, *, language: str) -> Iterable[Mapping[str, str]]:
        classes = queries.classes_in(filter(None, (common.class_key(order, line) for line in order.lines)))
        for line in order.lines:
            yield {
                "line.class": common.named(classes.get(common.class_key(order, line) or UUID(int=0))),
                "line.since": common.short(common.day(line.values.get("since"))),
                "line.from": common.place_in_words(line.values),
                "line.reason": common.term("arrival", line.values.get("reason") or ""),
                "line.slip": common.slip_in_words(line.values),
            }

    def line_facts(self, order: OrderInfo, *, actor: Actor) -> Mapping[UUID, Sequence[tuple[str, str]]]:
        labels = [
            (_("Class"), "line.class"),
            (_("Day of arrival"), "line.since"),
            (_("From where"), "line.from"),
            (_("Slip"), "line.slip"),
        ]
        said = zip(order.lines, self.line_words(order, language=actor.language), strict=True)
        return {
            line.id: [(label, words[code]) for label, code in labels if words[code]] for line, words in said
        }


class Enrol(_Coming):
    code = "contingent.enrol"
    title = gettext_lazy("Enrolment")
    heading = gettext_lazy("On the enrolment of pupils")
    icon = "user-plus"
    line = forms.NewcomerLine
    chosen = False

    def subject_name(self, values: Mapping[str, Any]) -> str:
        return " ".join(values[part] for part in ("surname", "name", "patronymic") if values.get(part))

    def names(self, ids: Iterable[UUID], *, actor: Actor) -> Mapping[UUID, str]:
        return {}

    def check_lines(self, order: OrderInfo, *, actor: Actor) -> Iterator[Fault]:
        seen: set[str] = set()
        for line in order.lines:
            number = line.values.get("iin") or ""
            try:
                services.refuse_iin(number)
            except DomainError as refusal:
                yield common.fault(line, refusal)
            if number and number in seen:
                yield common.fault(line, _("the same IIN stands in the order twice"))
            seen.add(number)

    def apply(self, order: OrderInfo, *, actor: Actor) -> None:
        for line in order.lines:
            services.enrol(
                actor=actor,
                pupil=_newcomer(line),
                class_id=UUID(line.values["class_id"]),
                since=common.day(line.values["since"]) or order.date,
                order=order,
                whence=common.whereabouts(line.values),
                pupil_id=line.subject_id,
            )


class Return(_Coming):
    code = "contingent.return"
    title = gettext_lazy("Return of one who had left")
    heading = gettext_lazy("On the return of pupils who had left")
    icon = "arrow-back-up"
    line = forms.ReturnLine

    def groups(self, *, actor: Actor) -> Sequence[tuple[str, str]]:
        return ()

    def choices(self, *, actor: Actor, order: OrderInfo, text: str = "", group: str = "") -> Sequence[Choice]:
        rows = list(queries.register(actor=actor, text=text, state="gone")[: common.MOST_CHOICES])
        return [
            Choice(row.pk, row.person_name.full, _("left on {day}").format(day=common.short(row.left_date)))
            for row in rows
        ]

    def check_lines(self, order: OrderInfo, *, actor: Actor) -> Iterator[Fault]:
        pupils = queries.pupils_in(common.subject_ids(order))
        for line in order.lines:
            row, since = common.pupil_of(line, pupils), common.day(line.values.get("since"))
            if row is None or not line.values.get("class_id") or since is None:
                yield common.fault(line, _("say to which class and from what day"))
                continue
            try:
                services.refuse_return(row, since)
            except DomainError as refusal:
                yield common.fault(line, refusal)

    def apply(self, order: OrderInfo, *, actor: Actor) -> None:
        for line in order.lines:
            assert line.subject_id is not None
            services.come_back(
                actor=actor,
                pupil_id=line.subject_id,
                class_id=UUID(line.values["class_id"]),
                since=common.day(line.values["since"]) or order.date,
                order=order,
                whence=common.whereabouts(line.values),
            )


def _newcomer(line: LineInfo) -> NewPupil:
    values = {one.name: line.values.get(one.name) or "" for one in fields(NewPupil)}
    return NewPupil(**{**values, "birth_date": common.day(line.values["birth_date"])})  # type: ignore[arg-type]
