"""What every app is made of: files of known kinds, a README, both languages, help where a page names it, templates that compile."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps as django_apps
from django.template import engines
from django.utils.functional import Promise

from kernel import audit
from kernel.access import REGISTER

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(path.parent for path in ROOT.glob("modules/*/apps.py"))
APPS = sorted(
    [*MODULES, *(path.parent for path in ROOT.glob("platform/*/apps.py")), ROOT / "tenants"], key=str
)
# House style, anatomy of a module. A file of another kind is named in the module's README, with its reason.
KINDS = {
    "__init__", "data", "events", "ports", "models", "permissions", "queries", "services", "api", "forms", "schemas",
    "views", "rest", "tasks", "handlers", "panels", "importers", "registers", "orders", "dossier", "seeds", "rules", "metrics", "apps", "urls",
    "authority_urls", "adapter", "printing", "exports", "print", "help", "islands", "static", "locale", "templates", "templatetags",
    "migrations", "management", "decisions", "README",
}  # fmt: skip
NEVER = {"utils", "helpers", "managers", "signals", "misc", "tools"}
LONGEST = 480


def label(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("module", MODULES, ids=label)
def test_a_module_is_made_of_known_kinds(module: Path) -> None:
    readme = (module / "README.md").read_text(encoding="utf-8") if (module / "README.md").exists() else ""
    strangers = [
        entry.name
        for entry in sorted(module.iterdir())
        if entry.name != "__pycache__" and entry.stem not in KINDS and f"`{entry.name}`" not in readme
    ]
    assert strangers == []


def test_nothing_is_called_utils() -> None:
    found = [
        label(path)
        for folder in ("platform", "tenants", "modules", "integrations", "infra")
        for path in (ROOT / folder).rglob("*")
        if path.stem in NEVER and path.suffix in ("", ".py") and "node_modules" not in path.parts
    ]
    assert found == []


@pytest.mark.parametrize("app", APPS, ids=label)
def test_an_app_explains_itself(app: Path) -> None:
    readme = app / "README.md"
    assert readme.exists()
    assert len(readme.read_text(encoding="utf-8")) > 300


@pytest.mark.parametrize("app", APPS, ids=label)
def test_an_app_that_speaks_has_both_languages(app: Path) -> None:
    speaks = any(
        re.search(r"\bgettext(_lazy)? as _|pgettext", path.read_text(encoding="utf-8"))
        for path in app.rglob("*.py")
        if "migrations" not in path.parts
    )
    if speaks:
        for language in ("kk", "ru"):
            assert (app / "locale" / language / "LC_MESSAGES" / "django.po").exists(), language


def test_an_app_with_rights_or_logged_acts_has_a_name_of_its_own() -> None:
    """The pages of roles and of the security log group by it; Django's own would be the English label."""
    named = {code.partition(".")[0] for code in (*REGISTER, *audit.ACTIONS)}
    assert [
        label
        for label in sorted(named)
        if not isinstance(django_apps.get_app_config(label).verbose_name, Promise)
    ] == []


def test_files_stay_readable() -> None:
    long = [
        f"{label(path)}: {count}"
        for folder in ("platform", "tenants", "modules", "integrations", "infra")
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
        and (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    ]
    assert long == [], "a file much over 400 lines becomes a package of the same name"


HELP = re.compile(r"""help=f?["']([a-z_]+)/([a-z_-]+)["']""")


def pages_with_help() -> Iterator[tuple[str, str, str]]:
    for folder in ("platform", "tenants", "modules"):
        for path in (ROOT / folder).rglob("*.py"):
            for space, slug in HELP.findall(path.read_text(encoding="utf-8")):
                yield space, slug, label(path)


def test_every_help_that_a_page_names_is_written_in_both_languages() -> None:
    homes = {app.name: app for app in APPS}
    missing = [
        f"{space}/{slug} ({language}), named in {where}"
        for space, slug, where in pages_with_help()
        for language in ("kk", "ru")
        if space not in homes or not (homes[space] / "help" / language / f"{slug}.md").exists()
    ]
    assert missing == []


TEMPLATES = sorted(
    path
    for folder in ("platform", "tenants", "modules")
    for path in (ROOT / folder).rglob("*.html")
    if "templates" in path.parts and "node_modules" not in path.parts
)


@pytest.mark.parametrize("template", TEMPLATES, ids=label)
def test_a_template_compiles(template: Path) -> None:
    name = template.as_posix().split("/templates/", 1)[1]
    if "docs" in template.relative_to(ROOT).parts:
        pytest.skip("an example of the docs")
    engines["django"].get_template(name)


def test_no_template_has_script_or_style_of_its_own() -> None:
    """The content security policy refuses both; a page that needs them breaks silently."""
    inline = [
        label(path)
        for path in TEMPLATES
        if re.search(
            r"""<script(?![^>]*\bsrc=)(?![^>]*type=["']application/json)|<style|\son[a-z]+=["']|\sstyle=["']""",
            path.read_text(encoding="utf-8"),
        )
    ]
    assert inline == []
