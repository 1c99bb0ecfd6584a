"""Movement inside the school: to another class, into the next year, for a repeated year, on academic leave and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from documents.api import in_words
from kernel.access import Actor
from kernel.errors import DomainError
from modules.contingent import queries, services
from modules.contingent.data import Step
from modules.contingent.orders import common, forms
from modules.contingent.orders.common import PupilKind
from modules.orders.api import Choice, Fault, OrderInfo, Placeholder

_NOBODY = UUID(int=0)


class _ToClass(PupilKind):
    """Every line leads to a class, from the day of the head on."""

    placeholders: tuple[Placeholder, ...] = (
        common.BIRTH_DATE,
        common.FROM_CLASS,
        common.TO_CLASS,
        common.SINCE,
    )

    def head_form(
        self, data: Any = None, *, actor: Actor, order: OrderInfo | None, **options: Any
    ) -> django_forms.Form:
        initial = {"since": self.first_day(order)} | (options.pop("initial", None) or {})
        if issubclass(self.head, forms.WithClasses):
            options["classes"] = common.classes_to_choose(actor)
        return self.head(data, initial=initial, **options)

    def first_day(self, order: OrderInfo | None) -> Any:
        return order.date if order else common.today()

    def line_form(
        self, data: Any = None, *, actor: Actor, order: OrderInfo, **options: Any
    ) -> django_forms.Form:
        return self.line(data, classes=common.classes_to_choose(actor), **options)  # type: ignore[call-arg]

    def head_words(self, order: OrderInfo, *, language: str) -> Mapping[str, str]:
        return {"since": in_words(common.head_day(order), language)}

    def line_words(self, order: OrderInfo, *, language: str) -> Iterable[Mapping[str, str]]:
        targets = [common.class_key(order, line) for line in order.lines]
        classes = queries.classes_in(filter(None, targets))
        left = self.left_places(order)
        for line, target in zip(order.lines, targets, strict=True):
            place = left.get(line.subject_id or _NOBODY)
            yield {
                "line.from_class": common.named(place.school_class if place else None),
                "line.to_class": common.named(classes.get(target or _NOBODY)),
            }

    def left_places(self, order: OrderInfo) -> Mapping[UUID, Any]:
        coming = queries.coming_places(common.subject_ids(order), on=common.head_day(order))
        return {pupil_id: places[0] for pupil_id, places in coming.items()}

    def line_facts(self, order: OrderInfo, *, actor: Actor) -> Mapping[UUID, Sequence[tuple[str, str]]]:
        said = zip(order.lines, self.line_words(order, language=actor.language), strict=True)
        labels = [(_("from the class"), "line.from_class"), (_("to the class"), "line.to_class")]
        return {
            line.id: [(label, words[code]) for label, code in labels if words[code]] for line, words in said
        }


class Move(_ToClass):
    code = "contingent.move"
    title = pgettext_lazy("order", "Move to another class")
    heading = gettext_lazy("On the move of pupils to another class")
    icon = "switch-horizontal"
    head = forms.MoveHead
    line = forms.MoveLine

    def check_lines(self, order: OrderInfo, *, actor: Actor) -> Iterator[Fault]:
        since = common.head_day(order)
        places = queries.coming_places(common.subject_ids(order), on=since)
        classes = queries.classes_in(filter(None, (common.class_key(order, line) for line in order.lines)))
        for line in order.lines:
            into = classes.get(common.class_key(order, line) or _NOBODY)
            if into is None:
                yield common.fault(line, _("say to which class"))
                continue
            of_year = (one for one in places.get(line.subject_id or _NOBODY, ()) if one.year == into.year)
            try:
                services.refuse_move(next(of_year, None), into, since)
            except DomainError as refusal:
                yield common.fault(line, refusal)

    def apply(self, order: OrderInfo, *, actor: Actor) -> None:
        for line in order.lines:
            target = common.class_key(order, line)
            assert target is not None
            assert line.subject_id is not None
            services.move(
                actor=actor,
                pupil_id=line.subject_id,
                class_id=target,
                since=common.head_day(order),
                reason=order.values.get("reason") or "in_other_class",
                order=order,
            )


class _Passing(_ToClass):
    """Into a class of the next school year."""

    head = forms.NextYearHead
    line = forms.NextYearLine
    reason: str

    def first_day(self, order: OrderInfo | None) -> Any:
        return queries.first_day(queries.next_year(queries.current_year()))

    def left_places(self, order: OrderInfo) -> Mapping[UUID, Any]:
        return queries.latest_places(common.subject_ids(order))

    def check_lines(self, order: OrderInfo, *, actor: Actor) -> Iterator[Fault]:
        ids, since = common.subject_ids(order), common.head_day(order)
        pupils, latest, leaves = (
            queries.pupils_in(ids),
            queries.latest_places(ids),
            queries.running_leaves(ids),
        )
        classes = queries.classes_in(filter(None, (common.class_key(order, line) for line in order.lines)))
        for line in order.lines:
            row = common.pupil_of(line, pupils)
            into = classes.get(common.class_key(order, line) or _NOBODY)
            if into is None:
                yield common.fault(line, _("say to which class"))
                continue
            try:
                if row is None or row.left_date is not None:
                    raise services.NotInClass
                services.refuse_passing(latest.get(row.pk), into, since, is_away=row.pk in leaves)
            except DomainError as refusal:
                yield common.fault(line, refusal)

    def apply(self, order: OrderInfo, *, actor: Actor) -> None:
        steps = [
            Step(line.subject_id, target)
            for line in order.lines
            if line.subject_id and (target := common.class_key(order, line))
        ]
        services.pass_on(
            actor=actor, steps=steps, since=common.head_day(order), reason=self.reason, order=order
        )


class Promote(_Passing):
    """Made by the passing of the whole school into the next year; a single pupil may be passed later by hand."""

    code = "contingent.promote"
    title = gettext_lazy("Passing into the next class")
    heading = gettext_lazy("On the passing of pupils into the next class")
    icon = "arrow-up"
    reason = "in_promoted"


class Repeat(_Passing):
    code = "contingent.repeat"
    title = gettext_lazy("Repeating a year")
    heading = gettext_lazy("On the repeating of a school year")
    icon = "refresh"
    reason = "in_repeat"


class Leave(PupilKind):
    code = "contingent.leave"
    title = gettext_lazy("Academic leave")
    heading = gettext_lazy("On academic leave")
    icon = "clock"
    head = forms.LeaveHead
    placeholders = (
        common.BIRTH_DATE,
        common.IN_CLASS,
        common.SINCE,
        Placeholder(
            "until",
            gettext_lazy("until what day"),
            {"kk": "2027 жылғы 1 қыркүйек", "ru": "1 сентября 2027 г."},
        ),
    )

    def head_form(
        self, data: Any = None, *, actor: Actor, order: OrderInfo | None, **options: Any
    ) -> django_forms.Form:
        initial = {"since": order.date if order else common.today()} | (options.pop("initial", None) or {})
        return self.head(data, initial=initial, **options)

    def head_words(self, order: OrderInfo, *, language: str) -> Mapping[str, str]:
        until = common.day(order.values.get("until"))
        return {
            "since": in_words(common.head_day(order), language),
            "until": in_words(until, language) if until else "",
        }

    def line_words(self, order: OrderInfo, *, language: str) -> Iterable[Mapping[str, str]]:
        places = queries.presents(common.subject_ids(order), on=common.head_day(order))
        for line in order.lines:
            place = places.get(line.subject_id or _NOBODY)
            yield {"line.class": common.named(place.school_class if place else None)}

    def check_lines(self, order: OrderInfo, *, actor: Actor) -> Iterator[Fault]:
        ids, since = common.subject_ids(order), common.head_day(order)
        pupils, places = queries.pupils_in(ids), queries.presents(ids, on=since)
        for line in order.lines:
            row = common.pupil_of(line, pupils)
            try:
                if row is None:
                    raise services.NotInClass
                services.refuse_leave(row, places.get(row.pk), since)
            except DomainError as refusal:
                yield common.fault(line, refusal)

    def apply(self, order: OrderInfo, *, actor: Actor) -> None:
        for pupil_id in common.subject_ids(order):
            services.begin_leave(
                actor=actor,
                pupil_id=pupil_id,
                since=common.head_day(order),
                until=common.day(order.values.get("until")),
                order=order,
            )


class EndLeave(_ToClass):
    code = "contingent.leave_end"
    title = gettext_lazy("Return from academic leave")
    heading = gettext_lazy("On the return from academic leave")
    icon = "clock-hour-4"
    head = forms.LeaveEndHead
    line = forms.LeaveEndLine
    placeholders = (common.BIRTH_DATE, common.TO_CLASS, common.SINCE)

    def groups(self, *, actor: Actor) -> Sequence[tuple[str, str]]:
        return ()

    def choices(self, *, actor: Actor, order: OrderInfo, text: str = "", group: str = "") -> Sequence[Choice]:
        return [Choice(row.pk, row.person_name.full) for row in queries.on_leave(actor=actor)]

    def left_places(self, order: OrderInfo) -> Mapping[UUID, Any]:
        return {}

    def check_lines(self, order: OrderInfo, *, actor: Actor) -> Iterator[Fault]:
        leaves = queries.running_leaves(common.subject_ids(order))
        for line in order.lines:
            if common.class_key(order, line) is None:
                yield common.fault(line, _("say to which class"))
                continue
            try:
                services.refuse_leave_end(leaves.get(line.subject_id or _NOBODY), common.head_day(order))
            except DomainError as refusal:
                yield common.fault(line, refusal)

    def apply(self, order: OrderInfo, *, actor: Actor) -> None:
        for line in order.lines:
            target = common.class_key(order, line)
            assert target is not None
            assert line.subject_id is not None
            services.end_leave(
                actor=actor,
                pupil_id=line.subject_id,
                class_id=target,
                since=common.head_day(order),
                order=order,
            )
