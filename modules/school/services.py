"""Changes: the school's details from a day on, and its rules."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, cache, clock, images, uploads
from kernel.access import Actor, require
from kernel.errors import Conflict, DomainError
from kernel.events import publish
from modules.school import permissions, queries, settings_register, start
from modules.school.data import LANGUAGE_LABELS, LOGO, Profile, Value
from modules.school.events import ProfileChanged, SettingChanged
from modules.school.models import SchoolProfile, SchoolSetting, SkippedStep
from modules.school.organisation import bin_faults
from tenants import api as tenants

LARGEST_LOGO = 2 * 1024 * 1024
# It stands on papers at once, so it cannot wait in quarantine.
LOGO_FILE = uploads.Kind(
    "logo",
    uploads.PICTURE_ENDINGS,
    LARGEST_LOGO,
    lambda content: images.picture(content, largest=LARGEST_LOGO),
    read_at_once=True,
)


class WrongBin(DomainError):
    message = _("The BIN is wrong: check the twelve digits.")
    code = "wrong_bin"


class NotInTheFuture(DomainError):
    message = _("A change is entered on its day or later, not ahead.")
    code = "in_the_future"


class LaterVersionExists(DomainError):
    message = _("There is already a version in force from {since}. Choose that day or a later one.")
    code = "later_version"


class NotFilledRight(DomainError):
    """A value that the form would have refused; `faults` names the fields."""

    message = _("Some details are filled in wrongly.")
    code = "invalid"

    def __init__(self, faults: dict[str, list[str]]) -> None:
        super().__init__()
        self.faults = faults


class ChangedMeanwhile(Conflict):
    message = _("Somebody changed the school's details meanwhile. Look at them and save again.")


class StepIsNeeded(DomainError):
    message = _("No school can do without this step.")
    code = "step_is_needed"


@transaction.atomic
def change_profile(
    *, actor: Actor, since: date | None = None, seen: UUID | str | None = "", **changes: Any
) -> Profile:
    """Give the school other details from a day on (today by default), as a new version; what is not named stays.

    `seen` is the id of the version that the person looked at; another one since then raises ChangedMeanwhile.
    Nothing changed, nothing is written. Raises NotAllowed, WrongBin, NotInTheFuture, LaterVersionExists,
    NotFilledRight.
    """
    require(actor, permissions.EDIT_PROFILE)
    if unknown := set(changes) - set(queries.FIELDS):
        raise TypeError(f"no such details: {', '.join(sorted(unknown))}")
    with connection.cursor() as cursor:
        # Two secretaries may save together: the second waits here, then meets the first one's version.
        cursor.execute("LOCK TABLE school_schoolprofile IN SHARE ROW EXCLUSIVE MODE")
    day = since or clock.today()
    before = queries.profile(on=date.max)
    if seen != "" and seen != before.id:
        raise ChangedMeanwhile
    _refuse(day, before, changes)
    values = {field: changes.get(field, getattr(before, field)) for field in queries.FIELDS}
    values["languages"] = [code for code in LANGUAGE_LABELS if code in values["languages"]]
    changed = [f for f in queries.FIELDS if values[f] != _comparable(asdict(before)[f])]
    if not changed and before.id is not None:
        return before
    row = SchoolProfile(
        **values,
        since=day,
        changed_at=_after(before.id),
        changed_by_id=actor.user_id,
        changed_by_name=actor.system or actor.name,
    )
    try:
        row.full_clean()
    except ValidationError as refusal:
        raise NotFilledRight(refusal.message_dict) from None
    row.save(force_insert=True)
    if {"name_kk", "name_ru"} & set(changed):
        tenants.rename(name_kk=row.name_kk, name_ru=row.name_ru)
    publish(ProfileChanged(profile_id=str(row.pk), since=day.isoformat(), fields=changed), actor=actor)
    audit.record(
        actor=actor,
        action="school.profile.changed",
        object_type="profile",
        object_id=row.pk,
        details={"fields": changed, "since": day.isoformat()},
    )
    return queries.as_profile(row)


@transaction.atomic
def set_logo(*, actor: Actor, content: bytes) -> Profile:
    """Put another logo on papers from today on; earlier papers keep theirs. Raises NoPicture, PictureTooLarge."""
    return change_profile(actor=actor, logo_id=keep_logo(actor=actor, content=content))


def keep_logo(*, actor: Actor, content: bytes) -> UUID:
    """Keep a picture that a version of the profile is going to name. Raises as images.picture and uploads.admit do."""
    require(actor, permissions.EDIT_PROFILE)
    return uploads.keep(
        actor=actor, name="logo", upload=uploads.admit(LOGO_FILE, content, actor=actor), purpose=LOGO
    ).pk


def drop_logo(*, actor: Actor) -> Profile:
    """Papers stand without a logo from today on."""
    return change_profile(actor=actor, logo_id=None)


@transaction.atomic
def open_profile(*, actor: Actor, since: date, **details: Any) -> Profile:
    """Fill the profile of a school that has none yet; one that has is left as it is."""
    require(actor, permissions.EDIT_PROFILE)
    before = queries.profile(on=date.max)
    return before if before.id else change_profile(actor=actor, since=since, **details)


def rename(*, actor: Actor, name_kk: str, name_ru: str, since: date | None = None) -> Profile:
    """Give the school another full name from a day on, here and in the register of schools."""
    return change_profile(actor=actor, since=since, name_kk=name_kk, name_ru=name_ru)


@transaction.atomic
def change_setting(*, actor: Actor, code: str, value: object) -> Value:
    """Choose another value of a rule; the default's own value takes the choice away. Raises WrongValue."""
    require(actor, permissions.EDIT_SETTINGS)
    declared = settings_register.get(code)
    chosen = settings_register.clean(declared, value)
    before = queries.setting(code)
    if chosen == before:
        return chosen
    cache.changing(queries.CHOSEN)
    plain = _plain(chosen)
    if chosen == declared.default:
        SchoolSetting.objects.filter(code=code).delete()
    else:
        SchoolSetting.objects.update_or_create(
            code=code,
            defaults={
                "value": plain,
                "changed_at": clock.now(),
                "changed_by_id": actor.user_id,
                "changed_by_name": actor.system or actor.name,
            },
        )
    publish(SettingChanged(code=code, value=plain), actor=actor)
    audit.record(
        actor=actor,
        action="school.setting.changed",
        object_type="setting",
        object_id=code,
        details={"value": plain, "before": _plain(before)},
    )
    return chosen


def _plain(value: Value) -> bool | int | str:
    """The value as JSON keeps it."""
    return value if isinstance(value, bool | int | str) else str(value)


def _refuse(day: date, before: Profile, changes: dict[str, Any]) -> None:
    if day > clock.today():
        raise NotInTheFuture
    if before.since is not None and day < before.since:
        raise LaterVersionExists(since=f"{before.since:%d.%m.%Y}")
    if changes.get("bin") and bin_faults(changes["bin"]):
        raise WrongBin


def _after(version: UUID | None) -> datetime:
    """Now, or just after the version: two changes of one moment still stand in order."""
    row = SchoolProfile.objects.filter(pk=version).first() if version else None
    return max(clock.now(), row.changed_at + timedelta(microseconds=1)) if row else clock.now()


def _comparable(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


# --- the start


@transaction.atomic
def skip_step(*, actor: Actor, code: str, reason: str) -> None:
    """Say that the school does not need a step of its start, and why. Raises NotFound, StepIsNeeded."""
    require(actor, permissions.EDIT_PROFILE)
    if not start.get(code).may_skip:
        raise StepIsNeeded
    SkippedStep.objects.update_or_create(
        code=code,
        defaults={
            "reason": " ".join(reason.split()),
            "skipped_at": clock.now(),
            "skipped_by_id": actor.user_id,
            "skipped_by_name": actor.system or actor.name,
        },
    )
    audit.record(
        actor=actor,
        action="school.step.skipped",
        object_type="step",
        object_id=code,
        details={"reason": reason},
    )


@transaction.atomic
def resume_step(*, actor: Actor, code: str) -> None:
    """Take a step up again. Raises NotFound."""
    require(actor, permissions.EDIT_PROFILE)
    start.get(code)
    SkippedStep.objects.filter(code=code).delete()
    start.reopen()
    audit.record(actor=actor, action="school.step.resumed", object_type="step", object_id=code)
