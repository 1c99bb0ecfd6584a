"""The house lints hold for the product, and each is shown to bite on a planted sample."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.lints import EXCEPTIONS, LINTS, Source, sources

# lint, where the sample stands, what is refused, what beside it is allowed
SAMPLES = [
    (
        "rows_only_in_queries_and_services",
        "modules/library/views.py",
        "def index(r):\n    return Book.objects.all()",
        "def index(r):\n    return queries.books()",
    ),
    (
        "custody_has_one_door",
        "modules/contingent/queries/people.py",
        "rows = Guardianship.objects.filter(guardian_id=one)",
        "rows = custody.seen_by(one)",
    ),
    (
        "custody_has_one_door",
        "modules/journal/queries/family.py",
        "rows = rows.filter(pupil__guardianships__guardian_id=one)",
        "rows = contingent.children_of(actor=actor, guardian_id=one)",
    ),
    (
        "families_are_told_by_those_who_see",
        "modules/journal/notices.py",
        "def tell(row):\n    notify.tell([row.parent_id], TOPIC, MARK, {}, url(row.pupil_id), actor=a)",
        "def tell(row):\n    people = contingent.watching(pupil_id=row.pupil_id, user_ids=[row.parent_id])\n"
        "    notify.tell(people, TOPIC, MARK, {}, url(row.pupil_id), actor=a)",
    ),
    (
        "one_door_between_schools",
        "modules/library/tasks.py",
        "connection.set_tenant(t)",
        "tenancy.use(t)",
    ),
    (
        "one_door_between_schools",
        "tenants/cli/register.py",
        "with schema_context('a'):\n    pass",
        "with tenancy.use(a):\n    pass",
    ),
    (
        "files_come_in_by_one_gate",
        "modules/library/views.py",
        "content = request.FILES['cover'].read()",
        "form = forms.Cover(request.POST or None, request.FILES or None)",
    ),
    (
        "files_come_in_by_one_gate",
        "modules/library/forms.py",
        "class Cover(forms.Form):\n    cover = forms.FileField()",
        "class Cover(forms.Form):\n    cover = UploadField(COVER)",
    ),
    (
        "files_come_in_by_one_gate",
        "modules/library/services.py",
        "row = files.store(actor=a, name='x', content=c, content_type=t, purpose=P)",
        "row = uploads.keep(actor=a, name='x', upload=uploads.admit(COVER, c, actor=a), purpose=P)",
    ),
    (
        "one_door_outward",
        "integrations/books/client.py",
        "from urllib.request import urlopen",
        "from kernel import outgoing",
    ),
    ("one_door_outward", "modules/library/services.py", "import socket", "import socketserver"),
    (
        "one_door_outward",
        "integrations/books/client.py",
        "import httpx\nhttpx.post(url, json=body)",
        "import httpx\nexcept_ = httpx.HTTPError",
    ),
    (
        "workbooks_hold_no_formulas",
        "modules/library/exports.py",
        "book = xlsxwriter.Workbook(out, {'in_memory': True})",
        "book = xlsxwriter.Workbook(out, {**PLAIN, 'in_memory': True})",
    ),
    (
        "workbooks_hold_no_formulas",
        "modules/library/exports.py",
        "sheet.write_formula(0, 0, '=A1')",
        "sheet.write(0, 0, '=A1')",
    ),
    (
        "workbooks_hold_no_formulas",
        "modules/library/exports.py",
        "import csv\nout = csv.writer(target)",
        "import csv\nrows = csv.reader(source)",
    ),
    ("one_clock", "modules/library/services.py", "at = timezone.now()", "at = clock.now()"),
    (
        "one_clock",
        "modules/library/services.py",
        "d = datetime.date.today()",
        "d = datetime.date(2026, 9, 1)",
    ),
    (
        "process_memory_has_no_school",
        "modules/library/queries.py",
        "@lru_cache(maxsize=9)\ndef top(): ...",
        "def top(): ...",
    ),
    (
        "process_memory_has_no_school",
        "modules/library/queries.py",
        "_seen: dict[str, str] = {}",
        "REGISTER: dict[str, str] = {}",
    ),
    (
        "one_cache",
        "modules/library/queries.py",
        "from django.core.cache import cache",
        "from kernel import cache",
    ),
    (
        "no_threads",
        "modules/library/services.py",
        "import threading\nthreading.Thread(target=f).start()",
        "jobs.start('library.f', actor=actor)",
    ),
    (
        "after_commit_only_in_kernel",
        "modules/library/services.py",
        "transaction.on_commit(f)",
        "events.publish(e, actor=actor)",
    ),
    (
        "nothing_made_safe_by_gluing",
        "modules/library/templatetags/library.py",
        "mark_safe(f'<b>{name}</b>')",
        "format_html('<b>{}</b>', name)",
    ),
    (
        "nothing_made_safe_by_gluing",
        "platform/ui/component.py",
        "mark_safe('<b>%s</b>' % name)",
        "mark_safe('<b></b>')",
    ),
    (
        "migrations_stand_alone",
        "modules/library/migrations/0002_fill.py",
        "from modules.library.models import Book",
        "import kernel.ids",
    ),
    (
        "migrations_stand_alone",
        "modules/library/migrations/0002_fill.py",
        "migrations.RunPython(fill)",
        "migrations.RunSQL('SELECT 1')",
    ),
    (
        "saves_say_what_they_change",
        "modules/library/services.py",
        "def f(row):\n    row.save()",
        "def f(row):\n    row.save(update_fields=['state'])\n    book = Book(title='x')\n    book.save()",
    ),
]


@pytest.fixture(scope="module")
def found() -> dict[tuple[str, str], list[tuple[int, str]]]:
    """What each lint says of each file of the product: every file is read once for all of them."""
    return {
        (source.path, name): broken
        for source in sources()
        for name, ask in LINTS.items()
        if (broken := list(ask(source)))
    }


@pytest.mark.parametrize("name", sorted(LINTS))
def test_the_product_keeps(name: str, found: dict[tuple[str, str], list[tuple[int, str]]]) -> None:
    broken = [
        f"{path}:{line}: {advice}"
        for (path, asked), lines in found.items()
        if asked == name and (path, name) not in EXCEPTIONS
        for line, advice in lines
    ]
    assert not broken, "\n" + "\n".join(broken)


@pytest.mark.parametrize(
    ("name", "path", "refused", "allowed"), SAMPLES, ids=[f"{s[0]} {s[2][:24]}" for s in SAMPLES]
)
def test_bites(name: str, path: str, refused: str, allowed: str) -> None:
    found = list(LINTS[name](Source(path, ast.parse(refused))))
    assert found
    assert all(advice[0].isupper() and advice.endswith(".") for _, advice in found)
    assert not list(LINTS[name](Source(path, ast.parse(allowed))))


def test_every_lint_has_a_sample() -> None:
    assert set(LINTS) == {sample[0] for sample in SAMPLES}


def test_no_exception_outlives_its_need(found: dict[tuple[str, str], list[tuple[int, str]]]) -> None:
    assert set(EXCEPTIONS) - set(found) == set()
