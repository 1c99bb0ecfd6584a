"""Letters between the vendor and a school."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from kernel import audit
from kernel.access import Actor
from modules.support import letters
from modules.support.services import answering, asking
from tenants import post
from tenants.post import Letter


def _read(body: type[letters.Letter], do: Callable[..., None]) -> None:
    """Take in the letters of the kind, read by their shape."""

    def take(letter: Letter, *, actor: Actor) -> None:
        try:
            said: Any = body.model_validate(dict(letter.body))
        except ValidationError as faults:
            places = sorted({".".join(map(str, one["loc"])) for one in faults.errors(include_input=False)})
            audit.record(
                actor=actor,
                action="support.letter_malformed",
                object_type="letter",
                object_id=letter.id,
                outcome="refused",
                details={"kind": letter.kind, "from": str(letter.sender.id), "places": places[:20]},
            )
            return
        do(letter, said, actor=actor)

    post.handles(letters.KINDS[body])(take)


_read(letters.Asked, answering.asked)
_read(letters.Withdrawn, answering.withdrawn)
_read(letters.Answered, asking.answered)
_read(letters.Ended, asking.ended)
