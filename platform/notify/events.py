from dataclasses import dataclass

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PeopleTold(Event):
    """People were told something in the product; the channels outside it may carry it on."""

    name = "notify.people.told.v1"
    user_ids: list[int]
    message: str
    params: dict[str, str | int]
    url: str
    key: str
