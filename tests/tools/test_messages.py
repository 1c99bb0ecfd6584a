"""Messages: what is found in the sources, what keeps a catalogue from being whole."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

from tools import messages
from tools.messages import App, Text

SOURCE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
title = _("Classes")
many = ngettext("%(count)d pupil", "%(count)d pupils", 2)
mark = pgettext("of a lesson", "Mark")
long = _(
    "A long "
    "sentence"
)
other = f("not translated")
within = f'<b title="{escape(_("Within"))}">{str(pgettext("of a lesson", "Topic"))}</b>'
"""
TEMPLATE = """{% load i18n ui %}{% translate "Save" %}{% field label=_("Surname") %}
{% blocktranslate count n=pupils|length %}{{ n }} pupil{% plural %}{{ n }} pupils{% endblocktranslate %}
    <ul>
  <li>{% translate "May" context "month" %}</li>
    </ul>{# a "note #}"""


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    folder = tmp_path / "modules" / "club"
    (folder / "templates").mkdir(parents=True)
    (folder / "apps.py").touch()
    (folder / "views.py").write_text(SOURCE)
    (folder / "templates" / "page.html").write_text(TEMPLATE)
    (found,) = messages.apps()
    return found


def fill(app: App, language: str) -> None:
    catalogue = polib.pofile(str(app.catalogue(language)))
    for entry in catalogue:
        if entry.msgid_plural:
            entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, entry.msgid)
        else:
            entry.msgstr = f"{language} {entry.msgid}"
    catalogue.save()


def collected(app: App) -> None:
    for language in messages.LANGUAGES:
        messages.collect(app.catalogue(language), language, app.texts)


def test_strings_of_python_and_of_templates_are_found(app: App) -> None:
    assert app.texts == {
        Text("Classes"),
        Text("%(count)d pupil"),
        Text("Mark", "of a lesson"),
        Text("A long sentence"),
        Text("Within"),
        Text("Topic", "of a lesson"),
        Text("Save"),
        Text("Surname"),
        Text("%(n)s pupil"),
        Text("May", "month"),
    }


def test_a_filled_catalogue_is_whole_and_collecting_again_changes_nothing(app: App) -> None:
    collected(app)
    assert len(list(messages.faults(app))) == 2 * len(app.texts)
    for language in messages.LANGUAGES:
        fill(app, language)
    assert list(messages.faults(app)) == []
    collected(app)
    before = {one: app.catalogue(one).read_text() for one in messages.LANGUAGES}
    collected(app)
    assert {one: app.catalogue(one).read_text() for one in messages.LANGUAGES} == before
    assert "kk Classes" in before["kk"]
    assert len(polib.pofile(str(app.catalogue("ru"))).find("%(n)s pupil").msgstr_plural) == 4


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda e: e.flags.append("fuzzy"), "fuzzy: 'Classes'"),
        (lambda e: setattr(e, "msgstr", ""), "not translated: 'Classes'"),
        (lambda e: setattr(e, "msgid", "Old"), "no longer in the sources: 'Old'"),
        (lambda e: setattr(e, "msgstr", "%(nobody)s"), "placeholders differ: 'Classes'"),
    ],
)
def test_each_fault_is_named(app: App, spoil: object, fault: str) -> None:
    collected(app)
    for language in messages.LANGUAGES:
        fill(app, language)
    catalogue = polib.pofile(str(app.catalogue("kk")))
    assert callable(spoil)
    spoil(catalogue.find("Classes"))
    catalogue.save()

    found = list(messages.faults(app))

    assert any(fault in line for line in found), found
    assert all("/kk/" in line for line in found)


def test_two_apps_may_not_put_the_same_words_differently(app: App, tmp_path: Path) -> None:
    collected(app)
    fill(app, "kk")
    other = App(tmp_path / "modules" / "other", frozenset({Text("Classes")}))
    collected(other)
    fill(other, "kk")
    assert list(messages.contradictions([app, other])) == []
    other.catalogue("kk").write_text(other.catalogue("kk").read_text().replace("kk Classes", "Сыныптар"))

    (line,) = messages.contradictions([app, other])
    assert "'Classes' is put otherwise" in line


def test_only_what_is_older_is_compiled_again(app: App, tmp_path: Path) -> None:
    collected(app)
    fill(app, "kk")
    assert messages.compile_all() == 2
    assert messages.compile_all() == 0
    compiled = polib.mofile(str(app.catalogue("kk").with_suffix(".mo")))
    assert {entry.msgid: entry.msgstr for entry in compiled}["Classes"] == "kk Classes"
