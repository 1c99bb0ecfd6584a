"""What a person chooses for oneself."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity import rights
from identity.models import User
from kernel import audit
from kernel.access import Actor
from kernel.errors import DomainError


class UnknownLanguage(DomainError):
    message = _("The product speaks Kazakh and Russian.")
    code = "unknown_language"


@transaction.atomic
def set_language(*, actor: Actor, language: str) -> None:
    """Speak this language to the person everywhere, also in messages and jobs."""
    if language not in dict(settings.LANGUAGES):
        raise UnknownLanguage
    User.objects.filter(pk=rights.own_id(actor)).update(language=language)
    audit.record(
        actor=actor,
        action="identity.language.changed",
        object_type="user",
        object_id=actor.user_id,
        details={"language": language},
    )
