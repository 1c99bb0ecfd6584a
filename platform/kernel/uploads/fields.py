"""The one field by which a form takes a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django import forms

from kernel.uploads.kinds import Kind
from kernel.uploads.refusals import WrongEnding


@dataclass(frozen=True, slots=True)
class Given:
    """A file as a person gave it: nothing of it is believed yet."""

    name: str
    content: bytes


class UploadField(forms.FileField):
    """Refuses other endings, reads one byte more than the kind may have at most, so that the service's own words say
    that it is too much. The browser offers files of these endings alone."""

    def __init__(self, kind: Kind, **options: Any) -> None:
        self.kind = kind
        options.setdefault("widget", forms.FileInput())
        super().__init__(**options)
        self.widget.attrs.setdefault("accept", kind.accept)

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = super().clean(data, initial)
        if not given:
            return None
        name = PurePath(str(given.name)).name
        if PurePath(name).suffix.lower() not in self.kind.endings:
            refusal = WrongEnding(
                endings=", ".join(one.removeprefix(".").upper() for one in self.kind.endings)
            )
            raise forms.ValidationError(str(refusal), code=refusal.code)
        return Given(name, given.read(self.kind.largest + 1))
