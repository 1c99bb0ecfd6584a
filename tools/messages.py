"""Messages of every app in Kazakh and Russian, without GNU gettext.

    messages.py             collect the strings into the catalogues, say what is missing, compile
    messages.py --check     change nothing; fail when a text is missing, empty, fuzzy or left over
    messages.py --compile   only write the .mo files that are older than their .po
    messages.py --only APP  the same for one app (a folder's name, such as journal)

Each app has its own `locale/<language>/LC_MESSAGES/django.po`. The folder `locale/` at the top holds what
Django itself has not put (well) into Kazakh and a person may meet. Entries are sorted and carry no line numbers, so
that a diff shows only what was changed.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import django
import polib
from babel.messages.extract import extract
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE_FOLDERS = ("platform", "tenants", "modules", "integrations")
LANGUAGES = ("kk", "ru")
TEMPLATES = {".html", ".txt", ".typ", ".xml", ".svg"}
SKIPPED_FOLDERS = {"migrations", "node_modules", "static", "static_src", "islands", "help", "locale"}

# As in Django's own catalogues: another rule would keep ours apart from them.
PLURALS = {
    "kk": "nplurals=2; plural=(n!=1);",
    "ru": "nplurals=4; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : "
    "n%10==0 || (n%10>=5 && n%10<=9) || (n%100>=11 && n%100<=14)? 2 : 3);",
}
FORMS = {"kk": 2, "ru": 4}

_PLAIN, _PLURAL, _IN_CONTEXT, _PLURAL_IN_CONTEXT = None, (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS: dict[str, object] = {
    "_": _PLAIN,
    "gettext": _PLAIN,
    "gettext_lazy": _PLAIN,
    "gettext_noop": _PLAIN,
    "ngettext": _PLURAL,
    "ngettext_lazy": _PLURAL,
    "pgettext": _IN_CONTEXT,
    "pgettext_lazy": _IN_CONTEXT,
    "npgettext": _PLURAL_IN_CONTEXT,
    "npgettext_lazy": _PLURAL_IN_CONTEXT,
}

# What Django's own Kazakh says so badly that we say it anew.
SAID_BADLY = {
    "kk": {
        "Ensure this value is greater than or equal to %(limit_value)s.",
        "Ensure this value is less than or equal to %(limit_value)s.",
        "Enter a whole number.",
        "Select a valid choice. %(value)s is not one of the available choices.",
    }
}

# Django's own texts that a person of a school can meet: forms, their errors, passwords, dates, lists.
DJANGO_TEXTS = (
    "core/validators.py",
    "core/paginator.py",
    "contrib/auth/forms.py",
    "contrib/auth/password_validation.py",
    "db/models/base.py",
    "db/models/constraints.py",
    "db/models/fields/__init__.py",
    "db/models/fields/json.py",
    "db/models/fields/related.py",
    "forms/fields.py",
    "forms/formsets.py",
    "forms/models.py",
    "forms/widgets.py",
    "template/defaultfilters.py",
    "utils/dates.py",
    "utils/text.py",
    "utils/timesince.py",
)

PLACEHOLDER = re.compile(
    r"%\([a-z_]\w*\)[#0\- +]*\d*(?:\.\d+)?[a-z]|%[sd]|\{[a-z_]\w*\}|\{\d*\}", re.IGNORECASE
)


@dataclass(frozen=True, order=True)
class Text:
    """A source string; the same words in another context are another text."""

    msgid: str
    context: str = ""
    plural: str = field(default="", compare=False)


@dataclass(frozen=True)
class App:
    """A folder with a `locale` of its own and the texts found in it."""

    folder: Path
    texts: frozenset[Text]
    languages: tuple[str, ...] = LANGUAGES

    def catalogue(self, language: str) -> Path:
        return self.folder / "locale" / language / "LC_MESSAGES" / "django.po"


# --- finding


def apps(only: str | None = None) -> list[App]:
    """Every app with strings, and the top-level folder for what Django left untranslated."""
    folders = sorted(
        file.parent for name in SOURCE_FOLDERS for file in (ROOT / name).rglob("apps.py") if file.is_file()
    )
    found = []
    for folder in folders:
        if only is None or folder.name == only:
            inner = [other for other in folders if folder in other.parents]
            found.append(App(folder, frozenset(texts_in(folder, inner))))
    return [app for app in found if app.texts or any(app.catalogue(one).exists() for one in LANGUAGES)]


def texts_in(folder: Path, inner: Iterable[Path] = ()) -> Iterator[Text]:
    """The texts of a folder's Python files and templates, without those of apps inside it."""
    for file in sorted(folder.rglob("*")):
        inside = file.relative_to(folder).parts
        if SKIPPED_FOLDERS.intersection(inside) or any(other in file.parents for other in inner):
            continue
        if file.suffix == ".py":
            source = file.read_text(encoding="utf-8")
            yield from texts_of_python(source)
            yield from texts_within_strings(source)
        elif file.suffix in TEMPLATES and "templates" in inside:
            yield from texts_of_template(file.read_text(encoding="utf-8"), str(file))


def texts_of_template(source: str, origin: str) -> Iterator[Text]:
    # Django blots out all but the calls; what is left of the indentation would make no sense to Python.
    calls = "\n".join(line.strip() for line in templatize(source, origin=origin).splitlines())
    yield from texts_of_python(calls)


def texts_of_python(source: str) -> Iterator[Text]:
    options = {"encoding": "utf-8"}
    for _line, found, _comments, context in extract(
        "python", BytesIO(source.encode()), KEYWORDS, (), options
    ):  # type: ignore[arg-type]
        parts: Sequence[str] = found if isinstance(found, tuple) else (found,)
        if parts[0]:
            yield Text(parts[0], context or "", parts[1] if len(parts) > 1 else "")


def texts_within_strings(source: str) -> Iterator[Text]:
    """Those asked for within an f-string: Babel sees none that stands inside another call there."""
    strings = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.JoinedStr)]
    for call in [one for string in strings for one in ast.walk(string) if isinstance(one, ast.Call)]:
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        words = [
            one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
        ]
        if name in KEYWORDS and words:
            context = words.pop(0) if "pgettext" in name else ""
            yield Text(words[0], context, words[1] if len(words) > 1 else "")


def left_by_django() -> Iterator[App]:
    """What Django leaves in English of the texts that a person can meet, for the top-level `locale/`."""
    folder = Path(django.__file__).parent
    wanted = {
        text
        for name in DJANGO_TEXTS
        for text in texts_of_python((folder / name).read_text("utf-8"))
        # Of the models only the refusals, which are sentences; the kinds of fields are for programmers.
        if not name.startswith("db/") or text.msgid.endswith(".")
    }
    for language in LANGUAGES:
        known: dict[tuple[str, str], polib.POEntry] = {}
        for place in ("conf", "contrib/auth"):
            file = folder / place / "locale" / language / "LC_MESSAGES" / "django.po"
            for entry in polib.pofile(str(file)) if file.exists() else ():
                if translated(entry, language):
                    known[entry.msgid, entry.msgctxt or ""] = entry
        badly = SAID_BADLY.get(language, set())
        missing = frozenset(t for t in wanted if (t.msgid, t.context) not in known or t.msgid in badly)
        yield App(ROOT, missing, (language,))


def translated(entry: polib.POEntry, language: str) -> bool:
    if entry.obsolete or "fuzzy" in entry.flags:
        return False
    if entry.msgid_plural:
        forms = [entry.msgstr_plural.get(number, "") for number in range(FORMS[language])]
        return all(forms)
    return bool(entry.msgstr)


# --- writing


def collect(catalogue: Path, language: str, texts: Iterable[Text]) -> None:
    """Bring a catalogue in line with the texts, keeping every translation that still has one."""
    old = {key(entry): entry for entry in read(catalogue) if not entry.obsolete}
    fresh = new_file(language)
    for text in sorted(texts):
        entry = old.get((text.msgid, text.context)) or polib.POEntry(msgid=text.msgid)
        fresh.append(shaped(entry, text, language))
    if not fresh and not catalogue.exists():
        return
    catalogue.parent.mkdir(parents=True, exist_ok=True)
    rendered = f"{fresh}\n".replace("\n\n\n", "\n\n").strip() + "\n"
    if not catalogue.exists() or catalogue.read_text(encoding="utf-8") != rendered:
        catalogue.write_text(rendered, encoding="utf-8")


def new_file(language: str) -> polib.POFile:
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    return catalogue


def shaped(entry: polib.POEntry, text: Text, language: str) -> polib.POEntry:
    """The entry with this text's context and number of forms, and nothing that changes by itself."""
    made = polib.POEntry(msgid=text.msgid, tcomment=entry.tcomment)
    if text.context:
        made.msgctxt = text.context
    if text.plural:
        made.msgid_plural = text.plural
        made.msgstr_plural = {
            number: entry.msgstr_plural.get(number, "") for number in range(FORMS[language])
        }
    else:
        made.msgstr = entry.msgstr
    if re.search(r"%\(|%[sd]", text.msgid):
        made.flags.append("python-format")
    if "fuzzy" in entry.flags:
        made.flags.append("fuzzy")
    return made


def read(catalogue: Path) -> polib.POFile:
    return polib.pofile(str(catalogue)) if catalogue.exists() else polib.POFile()


def key(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgid, entry.msgctxt or ""


# --- checking


def faults(app: App) -> Iterator[str]:
    """What keeps an app's catalogues from being whole."""
    wanted = {(text.msgid, text.context): text for text in app.texts}
    for language in app.languages:
        file = app.catalogue(language)
        have = {key(entry): entry for entry in read(file) if not entry.obsolete}
        where = file.relative_to(ROOT)
        for missing in sorted(wanted.keys() - have.keys()):
            yield f"{where}: missing: {shown(missing)}"
        for extra in sorted(have.keys() - wanted.keys()):
            yield f"{where}: no longer in the sources: {shown(extra)}"
        for common in sorted(wanted.keys() & have.keys()):
            yield from (f"{where}: {fault}" for fault in faults_of(have[common], language))


def faults_of(entry: polib.POEntry, language: str) -> Iterator[str]:
    if "fuzzy" in entry.flags:
        yield f"fuzzy: {shown(key(entry))}"
    elif not translated(entry, language):
        yield f"not translated: {shown(key(entry))}"
    else:
        yield from wrong_placeholders(entry)


def wrong_placeholders(entry: polib.POEntry) -> Iterator[str]:
    """A translation that names a value the program does not give would fail when it is shown."""
    allowed = set(PLACEHOLDER.findall(f"{entry.msgid} {entry.msgid_plural}"))
    needed = set(PLACEHOLDER.findall(entry.msgid)) if not entry.msgid_plural else set()
    for translation in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
        used = set(PLACEHOLDER.findall(translation))
        if not needed <= used <= allowed:
            yield f"placeholders differ: {shown(key(entry))} → {translation!r}"


def contradictions(all_apps: Iterable[App]) -> Iterator[str]:
    """The same words put differently by two apps: Django merges all catalogues, so one would win silently."""
    for language in LANGUAGES:
        said: dict[tuple[str, str], tuple[str, Path]] = {}
        for app in all_apps:
            file = app.catalogue(language).relative_to(ROOT)
            for entry in read(app.catalogue(language)):
                words = str(entry.msgstr or sorted(entry.msgstr_plural.items()))
                earlier = said.setdefault(key(entry), (words, file))
                if earlier[0] != words and not entry.obsolete:
                    yield f"{file}: {shown(key(entry))} is put otherwise in {earlier[1]} (use pgettext)"


def shown(text: tuple[str, str]) -> str:
    msgid, context = text
    return repr(msgid if len(msgid) <= 70 else f"{msgid[:69]}…") + (f" ({context})" if context else "")


# --- compiling


def compile_all() -> int:
    """Write the .mo files that are older than their .po; gives how many."""
    written = 0
    for name in (*SOURCE_FOLDERS, "locale"):
        for file in sorted((ROOT / name).rglob("LC_MESSAGES/*.po")):
            compiled = file.with_suffix(".mo")
            if not compiled.exists() or compiled.stat().st_mtime < file.stat().st_mtime:
                fresh = compiled.with_suffix(".mo.new")
                polib.pofile(str(file)).save_as_mofile(str(fresh))
                fresh.replace(compiled)
                written += 1
    return written


# --- the command


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--only", metavar="APP")
    asked = parser.parse_args()
    if not settings.configured:
        # The templates are read with Django's lexer, which asks for a few settings.
        settings.configure(USE_I18N=True)
    if asked.compile:
        print(f"{compile_all()} catalogues compiled")
        return 0
    ours = apps(asked.only)
    everything = ours if asked.only else [*ours, *left_by_django()]
    if not asked.check:
        for app in everything:
            for language in app.languages:
                collect(app.catalogue(language), language, app.texts)
    found = [fault for app in everything for fault in faults(app)]
    found += contradictions(ours)
    for fault in found:
        print(fault)
    if not asked.check:
        compile_all()
    texts = sum(len(app.texts) for app in everything)
    print(f"{texts} texts in {len(everything)} folders, {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
