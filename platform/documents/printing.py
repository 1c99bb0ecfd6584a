"""The forms of this app: the slips that open an account, and the list of a class."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from documents import form
from documents.data import ClassList, LoginSlips

form(
    "documents.login_slips",
    _("Login slips"),
    version=1,
    since="2020-08-01",
    template="login-slips.typ",
    data=LoginSlips,
    archived=False,
    texts={
        "address": _("Address"),
        "login": pgettext_lazy("account", "Login"),
        "password": _("One-time password"),
        "step_1": _("1. Open the address or point the camera at the square."),
        "step_2": _("2. Type the login and the one-time password."),
        "step_3": _("3. Make up your own password. Nobody else knows it, not even the school."),
        "until": _("The one-time password works until {day}."),
    },
)

form(
    "documents.login_cards",
    _("Login cards"),
    version=1,
    since="2020-08-01",
    template="login-cards.typ",
    data=LoginSlips,
    archived=False,
    texts={
        "login": pgettext_lazy("account", "Login"),
        "password": _("One-time password"),
        "scan": _("Point the camera at the square and type the one-time password."),
        "until": _("The one-time password works until {day}."),
    },
)

form(
    "documents.class_list",
    _("Class list"),
    version=1,
    since="2020-08-01",
    template="class-list.typ",
    data=ClassList,
    texts={
        "heading": _("List of pupils, class {class}"),
        "year": _("{year} school year"),
        "language_kk": _("Kazakh language of instruction"),
        "language_ru": _("Russian language of instruction"),
        "no": "№",
        "pupil": _("Surname, name, patronymic"),
        "sex": _("Sex"),
        "sex_f": pgettext_lazy("sex, short", "f"),
        "sex_m": pgettext_lazy("sex, short", "m"),
        "birth_date": _("Date of birth"),
        "note": _("Note"),
        "total": _("Pupils in all: {all}, girls: {girls}, boys: {boys}."),
        "class_teacher": _("Class teacher"),
    },
)
