"""Logins that can be typed from any keyboard, one-time passwords that can be read aloud, and random keys."""

from __future__ import annotations

import hashlib
import re
import secrets

from kernel.tenancy import current

_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі",
        [
            *[
                "a",
                "b",
                "v",
                "g",
                "d",
                "e",
                "e",
                "zh",
                "z",
                "i",
                "i",
                "k",
                "l",
                "m",
                "n",
                "o",
                "p",
                "r",
                "s",
                "t",
                "u",
                "f",
                "kh",
                "ts",
                "ch",
                "sh",
                "sh",
            ],
            *["", "y", "", "e", "yu", "ya"],
            *["a", "g", "k", "n", "o", "u", "u", "h", "i"],
        ],
        strict=True,
    )
)
# No letter that sounds or looks like another one in the three languages of a school: no c, h, l, o, q, w, x, y.
_CONSONANTS = "bdfgkmnprstz"
_VOWELS = "aeiu"
_DIGITS = "23456789"


def transliterated(text: str) -> str:
    """Small Latin letters and digits only; Kazakh and Russian letters by sound."""
    latin = "".join(_LATIN.get(letter, letter) for letter in text.lower())
    return re.sub(r"[^a-z0-9]", "", latin)


def login_base(surname: str) -> str:
    """The part of a login before its number; "user" when the surname has no letter we know."""
    return transliterated(surname)[:20] or "user"


def one_time_password() -> str:
    """Two spoken words and four digits, 34 random bits: "mada-kene-4736"."""
    word = [secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _ in range(4)]
    digits = "".join(secrets.choice(_DIGITS) for _ in range(4))
    return f"{word[0]}{word[1]}-{word[2]}{word[3]}-{digits}"


def random_key() -> str:
    """256 random bits for a cookie or a token."""
    return secrets.token_urlsafe(32)


def key_hash(key: str) -> str:
    """What the database keeps of a random key."""
    return hashlib.sha256(key.encode()).hexdigest()


def token_hash(token: str) -> str:
    """What is kept of a program's token: in a copy of the school, which is another tenant, it opens nothing."""
    return key_hash(f"{current().id}:{token}")


def plain_number(text: str) -> str:
    """A phone as +7 and ten digits, or an IIN as twelve digits, however it is written; empty for anything else."""
    digits = re.sub(r"[\s()\-]", "", text)
    if len(digits) == 12 and digits.isascii() and digits.isdigit():
        return digits
    return plain_phone(text)


def plain_phone(text: str) -> str:
    """A Kazakhstan phone as +7 and ten digits; empty when the text is no phone."""
    digits = re.sub(r"[\s()\-+]", "", text)
    if not digits.isascii() or not digits.isdigit():
        return ""
    if len(digits) == 11 and digits[0] in "78":
        return f"+7{digits[1:]}"
    if len(digits) == 10 and digits[0] == "7":
        return f"+7{digits}"
    return ""
