"""Typst: values in, PDF or pictures out. What people typed arrives as values only, never as source.

The fonts are ours, so a paper looks the same on every machine; they belong to no tenant and are read once.
"""

from __future__ import annotations

import dataclasses
import io
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import segno
import typst
from django.utils import translation

from documents import dates
from documents.data import Letterhead
from documents.registry import Form

HERE = Path(__file__).parent
LANGUAGES = ("kk", "ru")
LOGO = "logo"  # the picture's name beside a form; typst tells its kind by its bytes


def pdf(form: Form, data: Any, *, letterhead: Letterhead, language: str, on: date, number: str = "") -> bytes:
    return _compile(form, data, letterhead, language, on, number, format="pdf", pdf_tags=form.tagged)[0]


def pngs(form: Form, data: Any, *, letterhead: Letterhead, language: str, on: date, ppi: int) -> list[bytes]:
    """Each page as a picture."""
    return _compile(form, data, letterhead, language, on, "", format="png", ppi=ppi)


def qr(text: str) -> str:
    """A QR code as SVG, to be put into a form's data and shown there with `qr-code`."""
    target = io.BytesIO()
    segno.make(text, error="m", micro=False).save(target, kind="svg", border=0, xmldecl=False)
    return target.getvalue().decode()


def _compile(
    form: Form, data: Any, letterhead: Letterhead, language: str, on: date, number: str, **output: Any
) -> list[bytes]:
    if not isinstance(data, form.data):
        raise TypeError(f"{form.code} takes {form.data.__name__}, not {type(data).__name__}")
    head = dataclasses.asdict(letterhead)
    logo: bytes = head.pop("logo")
    values = {
        "language": language,
        "title": _in_both(form.title),
        "version": form.version,
        "texts": {key: _in_both(text) for key, text in form.texts.items()} | _common(),
        "letterhead": head | {"logo": LOGO if logo else ""},
        "number": number,
        "on": {one: dates.in_words(on, one) for one in LANGUAGES},
        "data": data,
    }
    sources = {
        "main.typ": form.path.read_bytes(),
        "base.typ": (HERE / "print" / "base.typ").read_bytes(),
        # What several forms of an app share lies beside them.
        **{one.name: one.read_bytes() for one in form.path.parent.glob("_*.typ")},
    }
    try:
        with _room(form, logo) as room:
            made = typst.compile(
                sources,
                root=room,
                font_paths=_fonts(),
                ignore_system_fonts=True,
                sys_inputs={"values": json.dumps(values, ensure_ascii=False, default=_plain)},
                timestamp=0,
                **output,
            )
    except typst.TypstError as fault:
        raise RuntimeError(f"{form.code}: {fault.diagnostic or fault.message}") from fault
    return made if isinstance(made, list) else [made or b""]


@contextmanager
def _room(form: Form, logo: bytes) -> Iterator[str]:
    """The folder out of which a form may open files: its own, or one with nothing but the logo."""
    if not logo:
        yield str(form.path.parent)
        return
    with tempfile.TemporaryDirectory(prefix="mektep-form-") as room:
        (Path(room) / LOGO).write_bytes(logo)
        yield room


def _in_both(text: Any) -> dict[str, str]:
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = str(text)
    return said


def _common() -> dict[str, dict[str, str]]:
    """Words that stand on every paper."""
    from django.utils.translation import gettext_lazy as _

    return {
        "page": _in_both(_("page {page} of {pages}")),
        "bin": _in_both(_("BIN")),
        "director": _in_both(_("Director")),
        "seal": _in_both(_("Place of the seal")),
        "signature": _in_both(_("signature")),
    }


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
    if isinstance(value, datetime):
        raise TypeError("a form takes days, not moments")
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"a form cannot print {type(value).__name__}")


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(HERE / "fonts")]
    )
