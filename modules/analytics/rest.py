"""Figures for programs: the school's own at its host, those of the schools and authorities below at an authority's."""

# No postponed annotations here: ninja reads them through the guards, which are of another module.

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Query, Router, Schema

from kernel.access import Scope, require, requires
from kernel.errors import NotAllowed
from kernel.http import Request
from modules.analytics import permissions
from tenants import rollups

school_router = Router(tags=["figures"])
authority_router = Router(tags=["figures"])
Year = Annotated[str, Field(pattern=r"^20\d\d-\d\d$", description="School year, such as 2026-27")]
Period = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,10}$", description="q1 … q4, h1, h2, now")]
Metric = Annotated[str, Field(pattern=r"^[a-z_.]{1,60}$")]


class FactOut(Schema):
    owner: UUID | None
    metric: str
    year: str
    period: str
    dimension: str
    value: str
    numerator: int
    denominator: int
    people: int
    schools: int
    as_of: datetime | None


@school_router.get("/facts", response=list[FactOut], summary="The school's own figures")
@requires(permissions.VIEW_SCHOOL)
def own(
    request: Request,
    year: Annotated[Year, Query()],
    period: Annotated[Period | None, Query()] = None,
    metric: Annotated[Metric | None, Query()] = None,
) -> Any:
    if Scope.SCHOOL not in require(request.actor, permissions.VIEW_SCHOOL):
        raise NotAllowed
    return rollups.own(year=year, period=period, metrics=[metric] if metric else ())


@authority_router.get("/facts/schools", response=list[FactOut], summary="Figures of the schools below")
@requires(permissions.VIEW_DISTRICT)
def of_schools(
    request: Request,
    year: Annotated[Year, Query()],
    period: Annotated[Period | None, Query()] = None,
    metric: Annotated[Metric | None, Query()] = None,
) -> Any:
    require(request.actor, permissions.VIEW_DISTRICT)
    found = rollups.of_schools(year=year, period=period, metrics=[metric] if metric else ())
    return [figure for figure in found if figure.is_open]


@authority_router.get(
    "/facts/nodes", response=list[FactOut], summary="Figures of authorities, this one included"
)
@requires(permissions.VIEW_DISTRICT)
def of_nodes(
    request: Request,
    year: Annotated[Year, Query()],
    period: Annotated[Period | None, Query()] = None,
    metric: Annotated[Metric | None, Query()] = None,
) -> Any:
    require(request.actor, permissions.VIEW_DISTRICT)
    found = rollups.of_nodes(year=year, period=period, metrics=[metric] if metric else ())
    return [figure for figure in found if figure.is_open]
