"""A file's address on a host of its own, where no cookie is ever set: for two minutes, for this file of this tenant alone.

Whoever makes one has checked the right to the file; whoever has one needs no session (decision 0029).
"""

from __future__ import annotations

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpResponseRedirect

from kernel import files
from kernel.crypto import signer
from kernel.errors import NotFound
from kernel.models import StoredFile
from kernel.tenancy import current

SECONDS = 120
_PURPOSE = "file.link"


def leading_to(kept: StoredFile, *, name: str) -> HttpResponseRedirect:
    """Send the browser to the file; it is saved there under the name and opened by nothing of ours.

    Raises Quarantined here already, where the person can be told.
    """
    files.refuse_unjudged(kept)
    answer = HttpResponseRedirect(address(kept, name=name))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def address(kept: StoredFile, *, name: str) -> str:
    token = signer(_PURPOSE).sign_object([str(kept.pk), kept.purpose, kept.path, name[:150]])
    scheme, port = ("https", "") if settings.HTTPS else ("http", f":{settings.PORT}")
    return f"{scheme}://{settings.FILES_HOST}{port}/{current().id}/{token}/"


def opened(token: str) -> tuple[StoredFile, bytes, str]:
    """The file that the token of the current tenant names, with the name to save it under.

    Raises NotFound for a token that is over, altered, of another tenant or for another kind of file.
    """
    try:
        file_id, purpose, path, name = signer(_PURPOSE).unsign_object(token, max_age=SECONDS)
    except (BadSignature, ValueError, TypeError):
        raise NotFound from None
    kept, content = files.read(file_id=file_id, purpose=purpose)
    if kept.path != path:
        raise NotFound
    return kept, content, name
