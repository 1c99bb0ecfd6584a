"""Lines of a pupil's card. Each has its days and its paper; what is over stays, a trigger keeps who changed what."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.db.sealed import SealedTextField
from kernel.ids import uuid7
from modules.contingent.models.people import Guardian, Guardianship, Pupil, PupilStatus


def _in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(until=None) | Q(until__gte=F("since")), name=f"contingent_{name}_term"
    )


def _one_running(name: str, *fields: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        fields=["pupil", *fields], condition=Q(until=None), name=f"contingent_one_{name}"
    )


def _of_pupil(name: str) -> Any:
    return models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name=name)


class SightBan(models.Model):
    """A decision by which a guardian may not see a pupil, for a term.

    It names both of them and not the tie between: who takes the tie off and puts it back does not lift the ban.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pupil = _of_pupil("sight_bans")
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, related_name="sight_bans")
    since = models.DateField(_("from the day"))
    until = models.DateField(_("last day"), null=True, blank=True)
    ground = SealedTextField(_("ground"), max_length=300)
    paper_id = models.UUIDField(_("scan"), null=True, editable=False)
    lifted_ground = SealedTextField(_("ground of lifting"), max_length=300, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("ban to see the child"), _("bans to see the child")
        constraints = [_in_order("ban"), _one_running("ban", "guardian")]
        indexes = [models.Index(fields=["guardian", "pupil"], name="contingent_ban_of_guardian")]

    def __str__(self) -> str:
        return f"{self.guardian_id} {self.pupil_id} {self.since}"


class PupilDocument(models.Model):
    """A paper that says who the child is; `scan_id` is its picture among the school's files."""

    class Kind(models.TextChoices):
        BIRTH = "birth_certificate", _("birth certificate")
        CARD = "id_card", _("identity card")
        PASSPORT = "passport", _("passport")
        PERMIT = "residence_permit", _("residence permit")
        STATELESS = "stateless", _("certificate of a stateless person")
        OTHER = "other", pgettext_lazy("document", "another document")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pupil = _of_pupil("documents")
    kind = models.CharField(pgettext_lazy("of a document", "kind"), max_length=20, choices=Kind.choices)
    series = SealedTextField(_("series"), max_length=10, blank=True)
    number = SealedTextField(_("number"), max_length=30)
    issued_by = models.CharField(_("issued by"), max_length=200, blank=True)
    issued_date = models.DateField(_("issued on"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    scan_id = models.UUIDField(_("scan"), null=True, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("document"), _("documents")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(issued_date=None) | Q(valid_until__gte=F("issued_date")),
                name="contingent_document_term",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pupil_id}"


class PupilAddress(models.Model):
    """Where a pupil is registered or lives; `kato` is a code of the reference, when the place has one there."""

    class Kind(models.TextChoices):
        ACTUAL = "actual", _("where the child lives")
        REGISTERED = "registered", _("where the child is registered")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pupil = _of_pupil("addresses")
    kind = models.CharField(pgettext_lazy("of an address", "kind"), max_length=10, choices=Kind.choices)
    kato = models.CharField(_("district or city"), max_length=9, blank=True)
    text = SealedTextField(_("address"), max_length=250)
    distance_km = models.DecimalField(
        _("kilometres to the school"), max_digits=5, decimal_places=1, null=True, blank=True
    )
    since = models.DateField(_("from the day"))
    until = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("address"), _("addresses")
        constraints = [_in_order("address"), _one_running("address", "kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pupil_id} {self.since}"


class Transport(models.Model):
    """How a pupil is brought to school: the route and where he gets on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pupil = _of_pupil("transports")
    route = models.CharField(_("route"), max_length=80)
    stop = models.CharField(_("stop"), max_length=120, blank=True)
    since = models.DateField(_("from the day"))
    until = models.DateField(_("last day"), null=True, blank=True)
    ground = models.CharField(_("ground"), max_length=200, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("school transport"), _("school transport")
        constraints = [_in_order("transport"), _one_running("transport")]

    def __str__(self) -> str:
        return f"{self.route} {self.pupil_id} {self.since}"


class SpecialNeed(models.Model):
    """What the psychological, medical and pedagogical consultation (ПМПК) found, and by which programme he learns."""

    class Programme(models.TextChoices):
        GENERAL = "general", _("general programme with support")
        SHORTENED = "shortened", _("shortened programme")
        INDIVIDUAL = "individual", _("individual programme")
        SPECIAL = "special", _("special programme")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pupil = _of_pupil("special_needs")
    paper_number = SealedTextField(_("conclusion No."), max_length=40)
    paper_date = models.DateField(_("date of the conclusion"))
    issued_by = models.CharField(_("consultation"), max_length=200, blank=True)
    programme = models.CharField(_("programme"), max_length=12, choices=Programme.choices)
    advice = SealedTextField(_("recommendations"), max_length=500, blank=True)
    since = models.DateField(_("from the day"))
    until = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("special needs"), _("special needs")
        constraints = [_in_order("need"), _one_running("need")]

    def __str__(self) -> str:
        return f"{self.paper_number} {self.pupil_id} {self.since}"


class HomeSchooling(models.Model):
    """That a pupil is taught at home, by the conclusion of the medical commission (ВКК) and an order."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pupil = _of_pupil("home_schoolings")
    paper_number = SealedTextField(_("conclusion No."), max_length=40)
    paper_date = models.DateField(_("date of the conclusion"))
    issued_by = models.CharField(_("medical organisation"), max_length=200, blank=True)
    order_number = models.CharField(_("order No."), max_length=40, blank=True)
    order_date = models.DateField(_("date of the order"), null=True, blank=True)
    since = models.DateField(_("from the day"))
    until = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("schooling at home"), _("schooling at home")
        constraints = [_in_order("home"), _one_running("home")]

    def __str__(self) -> str:
        return f"{self.paper_number} {self.pupil_id} {self.since}"


class HealthGroup(models.Model):
    """A pupil's line of the health list (order 130): the groups, and what the physician recommends."""

    class PhysicalEducation(models.TextChoices):
        BASIC = "basic", pgettext_lazy("PE group", "basic")
        PREPARATORY = "preparatory", pgettext_lazy("PE group", "preparatory")
        SPECIAL = "special", pgettext_lazy("PE group", "special medical")
        EXEMPT = "exempt", pgettext_lazy("PE group", "exempt")

    GROUPS = ((1, "I"), (2, "II"), (3, "III"), (4, "IV"), (5, "V"))

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pupil = _of_pupil("health_groups")
    group = models.PositiveSmallIntegerField(_("health group"), choices=GROUPS)
    physical_education = models.CharField(
        _("physical education group"), max_length=12, choices=PhysicalEducation.choices
    )
    advice = SealedTextField(_("recommendations"), max_length=300, blank=True)
    since = models.DateField(_("from the day"))
    until = models.DateField(_("last day"), null=True, blank=True)
    ground = SealedTextField(_("ground"), max_length=200, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("health group"), _("health groups")
        constraints = [
            _in_order("health"),
            _one_running("health"),
            models.CheckConstraint(condition=Q(group__gte=1, group__lte=5), name="contingent_group_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.pupil_id} {self.since}"


class HealthNote(models.Model):
    """What is to be known of a pupil's health. `action` is all that the class teacher reads of it."""

    class Kind(models.TextChoices):
        ALLERGY = "allergy", _("allergy")
        CHRONIC = "chronic", _("chronic illness")
        DISABILITY = "disability", _("disability")
        OTHER = "other", pgettext_lazy("health", "other")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pupil = _of_pupil("health_notes")
    kind = models.CharField(pgettext_lazy("of health", "kind"), max_length=12, choices=Kind.choices)
    name = SealedTextField(_("what it is"), max_length=200)
    action = SealedTextField(_("what the class teacher must know and do"), max_length=300, blank=True)
    since = models.DateField(_("from the day"))
    until = models.DateField(_("last day"), null=True, blank=True)
    ground = SealedTextField(_("ground"), max_length=200, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("health note"), _("health notes")
        constraints = [_in_order("note")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pupil_id} {self.since}"


class CardChange(models.Model):
    """One change of a card, written by a trigger and by nothing else; the school's own role cannot change it.

    `changes` has {field: [before, after]}, sealed where the card's field is; `row_id` is the line, or the guardian where
    it concerns one. An empty author means that the change went past the product.
    """

    class Action(models.TextChoices):
        ADDED = "added", pgettext_lazy("a line of a card", "added")
        CHANGED = "changed", pgettext_lazy("a line of a card", "changed")
        REMOVED = "removed", pgettext_lazy("a line of a card", "removed")

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    pupil_id = models.UUIDField()
    part = models.CharField(max_length=12)
    row_id = models.UUIDField()
    action = models.CharField(max_length=8, choices=Action.choices)
    changes = models.JSONField()
    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes = [models.Index(fields=["pupil_id", "-id"], name="contingent_change_of_pupil")]

    def __str__(self) -> str:
        return f"{self.part} {self.action} {self.pupil_id}"


# The parts of a card, as the triggers of its history name them (migration 0004).
CARD_PARTS: dict[str, type[models.Model]] = {
    "pupil": Pupil,
    "document": PupilDocument,
    "address": PupilAddress,
    "transport": Transport,
    "guardian": Guardian,
    "tie": Guardianship,
    "ban": SightBan,
    "status": PupilStatus,
    "need": SpecialNeed,
    "home": HomeSchooling,
    "health": HealthGroup,
    "health_note": HealthNote,
}
