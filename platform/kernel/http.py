"""A request as the product's views meet it, inside a tenant and with the person who asks; and the paths of routes."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import get_urlconf, reverse

from kernel import files
from kernel.errors import NotFound, Quarantined

if TYPE_CHECKING:
    from kernel.access import Actor
    from kernel.tenancy import TenantRef


# Of what people have sent: the browser shows it in a page of ours as a picture or a sound, and opens it by itself never.
UPLOADED = {
    "X-Content-Type-Options": "nosniff",
    "Content-Disposition": "attachment",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
}
_RANGE = re.compile(r"bytes=(\d{1,9})-(\d{0,9})")


class Request(HttpRequest):
    """For annotations only: the middleware puts these on Django's own request.

    `actor` is never None behind `@requires` and `@signed_in`; behind `@public_view` it may be.
    """

    actor: Actor
    tenant: TenantRef
    id: str
    htmx: Any


def picture(file_id: UUID | None, *, purpose: str, keep: bool = True) -> HttpResponse:
    """A kept picture as an answer, or NotFound. The caller has checked the right to it.

    The address of a picture names its version, so that a browser may keep it for an hour; with `keep` off it asks anew
    each time, since a right may end. In the place of one that is in quarantine stands a clock.
    """
    if file_id is None:
        raise NotFound
    try:
        kept, content = files.read(file_id=file_id, purpose=purpose)
    except Quarantined:
        return HttpResponseRedirect(static("ui/quarantine.svg"), headers={"Cache-Control": "no-store"})
    headers = {**UPLOADED, "Cache-Control": "private, max-age=3600" if keep else "no-store"}
    return HttpResponse(content, content_type=kept.content_type, headers=headers)


def sound(request: HttpRequest, file_id: UUID, *, purpose: str) -> HttpResponse:
    """A kept recording as an answer, or a part of it: some players ask for the first bytes alone and play nothing else.
    The caller has checked the right to it."""
    kept, content = files.read(file_id=file_id, purpose=purpose)
    headers = {**UPLOADED, "Cache-Control": "private, max-age=3600", "Accept-Ranges": "bytes"}
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None:
        return HttpResponse(content, content_type=kept.content_type, headers=headers)
    first, last = int(asked[1]), min(int(asked[2] or kept.size), kept.size - 1)
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{kept.size}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{kept.size}"
    return HttpResponse(
        content[first : last + 1], content_type=kept.content_type, headers=headers, status=206
    )


def also_connects(answer: HttpResponse, *addresses: str) -> HttpResponse:
    """Let the script of this one page reach more than us: a program on the person's own machine."""
    return _also(answer, "connect-src", " ".join([settings.CONTENT_POLICY["connect-src"], *addresses]))


def also_sounds(answer: HttpResponse, *, records: bool = False) -> HttpResponse:
    """Let this one page play recordings of ours; with `records` also ask for the microphone and play what it heard."""
    if records:
        asked = settings.HEADERS["Permissions-Policy"].replace("microphone=()", "microphone=(self)")
        answer.headers["Permissions-Policy"] = asked
    return _also(answer, "media-src", "'self' blob:" if records else "'self'")


def _also(answer: HttpResponse, name: str, sources: str) -> HttpResponse:
    policy = {**settings.CONTENT_POLICY, name: sources}
    answer.headers["Content-Security-Policy"] = "; ".join(f"{key} {value}" for key, value in policy.items())
    return answer


def path_to(name: str, *ids: UUID | str) -> str:
    """The path of a route whose arguments are UUIDs, if it has any.

    Django's reverse() makes a pattern and matches it on each call, which is felt where a page has many links.
    """
    return _path_with_places(get_urlconf(), name, len(ids)).format(*ids)


@cache
def _path_with_places(urlconf: str | None, name: str, count: int) -> str:
    """The path with `{}` for each id; the same in every school, since routes are by kind of tenant."""
    ids = [UUID(int=number + 1) for number in range(count)]
    path = reverse(name, args=ids, urlconf=urlconf).replace("{", "{{").replace("}", "}}")
    for one in ids:
        path = path.replace(str(one), "{}")
    return path
