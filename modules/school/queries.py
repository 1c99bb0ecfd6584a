"""Reads: the school on a day, its history, its settings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from identity import finding
from identity import queries as identity
from identity.data import Account
from identity.models import User
from kernel import cache, clock
from kernel.access import Actor, require
from kernel.tenancy import current
from modules.school import permissions, settings_register
from modules.school.data import LANGUAGE_LABELS, Profile, SettingState, Skipped, Value
from modules.school.models import SchoolProfile, SchoolSetting, SkippedStep

CHOSEN = "school.settings"  # the key in kernel.cache of what the school chose
FIELDS = (
    "name_kk", "name_ru", "short_kk", "short_ru", "bin", "kato", "address_kk", "address_ru", "phone", "email", "site",
    "kind", "ownership", "languages", "shifts", "capacity", "director", "post_kk", "post_ru", "seal",
    "iik", "bank", "bik", "kbe", "logo_id",
)  # fmt: skip


def profile(*, on: date | None = None) -> Profile:
    """The school as it was on the day; before its first row, as that row says; with no rows, by its registered name.

    The details stand on every paper the school gives out, so they are nobody's secret and need no permission.
    """
    rows = SchoolProfile.objects
    row = rows.filter(since__lte=on or clock.today()).order_by("-since", "-changed_at").first()
    row = row or rows.order_by("since", "changed_at").first()
    if row is None:
        here = current()
        return Profile(name_kk=here.name_kk, name_ru=here.name_ru)
    return as_profile(row)


def as_profile(row: SchoolProfile) -> Profile:
    values = {field: getattr(row, field) for field in FIELDS}
    values["languages"] = tuple(row.languages)
    return Profile(**values, since=row.since, id=row.pk)


def history(*, actor: Actor) -> list[SchoolProfile]:
    """Every version, the newest first."""
    require(actor, permissions.VIEW_PROFILE)
    return list(SchoolProfile.objects.order_by("-since", "-changed_at"))


def setting(code: str) -> Value:
    """The value in force in this school."""
    return setting_values(code)[code]


def setting_values(*codes: str) -> dict[str, Value]:
    """The values in force in this school, all read at once; from memory, so that they may be asked at every save."""
    chosen = cache.kept(CHOSEN, _chosen, seconds=300)
    defaults = {code: settings_register.get(code).default for code in codes}
    return {
        code: _read(default, chosen[code]) if code in chosen else default
        for code, default in defaults.items()
    }


def _chosen() -> dict[str, object]:
    return dict(SchoolSetting.objects.values_list("code", "value"))


def settings(*, actor: Actor) -> list[SettingState]:
    """Every declared setting as it stands here."""
    require(actor, permissions.VIEW_PROFILE)
    rows = {row.code: row for row in SchoolSetting.objects.order_by("code")}
    found = []
    for declared in settings_register.all_settings():
        row = rows.get(declared.code)
        if row is None:
            found.append(SettingState(declared, declared.default))
            continue
        on = row.changed_at.astimezone(clock.ALMATY).date()
        found.append(SettingState(declared, _read(declared.default, row.value), row.changed_by_name, on))
    return found


def _read(default: Value, stored: object) -> Value:
    """What JSON kept, in the type of the default."""
    return Decimal(str(stored)) if isinstance(default, Decimal) else stored  # type: ignore[return-value]


def differences(row: SchoolProfile, older: SchoolProfile | None) -> list[tuple[str, str, str]]:
    """What a version changed: the field's name, what it was, what it became. Nothing for the first version."""
    if older is None:
        return []
    changed = []
    for field in FIELDS:
        before, after = _said(older, field), _said(row, field)
        if before != after:
            changed.append(
                (str(getattr(SchoolProfile._meta.get_field(field), "verbose_name", field)), before, after)
            )
    return changed


def _said(row: SchoolProfile, field: str) -> str:
    value = getattr(row, field)
    if field == "languages":
        return ", ".join(str(LANGUAGE_LABELS.get(code, code)) for code in value)
    if field in ("kind", "ownership"):
        return str(getattr(row, f"get_{field}_display")())
    if field == "seal":
        return str(_("yes") if value else _("no"))
    if field == "logo_id":
        # Pictures have no words: that it is another one is told by the file's last letters.
        picture = _("picture")
        return f"{picture} …{str(value)[-4:]}" if value else ""
    return "" if value is None else str(value)


def staff_accounts() -> tuple[int, int]:
    """How many employees have accounts besides the first one, and how many of these have signed in."""
    rows = User.objects.filter(is_active=True, person_kind=User.PersonKind.STAFF)
    counts = rows.aggregate(given=Count("id"), used=Count("id", filter=Q(signed_in_at__isnull=False)))
    return max(0, counts["given"] - 1), max(0, counts["used"] - 1)


def skipped_steps() -> dict[str, Skipped]:
    """Steps of the start that are not needed here, by code."""
    return {
        row.code: Skipped(row.reason, row.skipped_by_name, row.skipped_at.astimezone(clock.ALMATY).date())
        for row in SkippedStep.objects.all()
    }


def accounts_never_used(*, kind: str = "", text: str = "", but: int | None = None) -> list[Account]:
    """Active accounts nobody has signed in with, in Kazakh order. The caller has checked the right."""
    users = list(finding.accounts(text=text, kind=kind, state="never").exclude(pk=but or 0)[:2000])
    roles = identity.given_roles(user.pk for user in users)
    return [identity.account(user, roles.get(user.pk, ())) for user in users]


def setting_labels(codes: Iterable[str]) -> dict[str, str]:
    """Names of the rules by their codes, for the security log."""
    declared = {one.code: str(one.label) for one in settings_register.all_settings()}
    return {code: declared[code] for code in codes if code in declared}
