"""Work of the schedule that takes longer than a second, or comes by itself after midnight."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel.access import Actor
from kernel.jobs import JobContext, job
from modules.schedule import permissions
from modules.schedule.load import services as load
from modules.schedule.timetabling import services as timetabling
from modules.schedule.timetabling.services.solving import SEARCH
from modules.schedule.year import services

CHANGE_YEAR = "schedule.change_year"


@job(CHANGE_YEAR, title=_("Changing the calendar and its lessons"), permission=permissions.SET_PERIODS)
def change_year(ctx: JobContext, *, act: str, url: str, **params: Any) -> dict[str, Any]:
    """Change the calendar with all its lessons at once: of half a change nobody could make sense."""
    _change_year(ctx.actor, act, params, ctx.progress)
    return {"url": url}


def _change_year(actor: Actor, act: str, params: dict[str, Any], told: services.Told) -> None:
    if act == "quarter":
        given = params["given"]
        services.set_period_dates(
            actor=actor,
            period_id=UUID(params["period_id"]),
            start=date.fromisoformat(given["start"]),
            end=date.fromisoformat(given["end"]),
            order_number=given["order_number"],
            order_date=date.fromisoformat(given["order_date"]),
            told=told,
        )
    elif act == "take_dates_back":
        services.take_dates_back(actor=actor, period_id=UUID(params["period_id"]), told=told)
    elif act == "take_back":
        services.take_back(actor=actor, special_id=UUID(params["special_id"]), told=told)
    elif params["special_id"]:
        wish = wish_of(params["wish"])
        services.change(actor=actor, special_id=UUID(params["special_id"]), wish=wish, told=told)
    else:
        services.declare(actor=actor, year=params["year"], wish=wish_of(params["wish"]), told=told)


def plain_wish(wish: services.Wish) -> dict[str, Any]:
    """A wish as it fits the row of a job."""
    return {
        name: value.isoformat()
        if isinstance(value, date)
        else [str(one) for one in value]
        if name == "class_ids"
        else str(value)
        if isinstance(value, UUID)
        else value
        for name, value in asdict(wish).items()
    }


def wish_of(plain: dict[str, Any]) -> services.Wish:
    days = {name: date.fromisoformat(plain[name]) if plain[name] else None for name in _DAYS}
    return services.Wish(
        **{
            **plain,
            **days,
            "class_ids": [UUID(one) for one in plain["class_ids"]],
            "bell_set_id": UUID(plain["bell_set_id"]) if plain["bell_set_id"] else None,
        }
    )


_DAYS = ("start", "end", "instead", "order_date")


@job("schedule.turn_over", title=_("Courses pass to their new teachers"), permission=None)
def turn_over(ctx: JobContext, **_params: object) -> dict[str, int]:
    with transaction.atomic():
        return {"changed": load.turn_over(actor=ctx.actor)}


@job(SEARCH, title=_("Looking for places of lessons"), permission=permissions.ARRANGE_TIMETABLE)
def search_places(
    ctx: JobContext,
    *,
    timetable_id: str,
    seconds: int,
    keep: bool,
    url: str,
    **_older: object,
) -> dict[str, Any]:
    done = timetabling.search(
        actor=ctx.actor,
        timetable_id=UUID(timetable_id),
        seconds=seconds,
        keep=keep,
        beside=ctx.beside,
    )
    return {**done, "url": url}
