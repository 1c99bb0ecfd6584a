from dataclasses import dataclass

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ProfileChanged(Event):
    """The school has other details from a day on. `fields` names what differs from before."""

    name = "school.profile.changed.v1"
    profile_id: str
    since: str
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class SettingChanged(Event):
    """The school chose another value of a rule."""

    name = "school.setting.changed.v1"
    code: str
    value: bool | int | str
