"""House lints: what ruff cannot know. Each finds a habit that leaks between schools or hides a rule, and says what to do."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("platform", "tenants", "modules", "integrations")


@dataclass(frozen=True)
class Source:
    """A parsed file; `path` is relative to the repository."""

    path: str
    tree: ast.Module

    @property
    def name(self) -> str:
        return Path(self.path).stem

    def within(self, *prefixes: str) -> bool:
        return self.path.startswith(prefixes)

    @property
    def parts(self) -> set[str]:
        return {Path(part).stem for part in Path(self.path).parts}


Found = Iterator[tuple[int, str]]
Lint = Callable[[Source], Found]
LINTS: dict[str, Lint] = {}

# (file, lint): why it is right there. A test refuses an exception that is no longer needed.
EXCEPTIONS = {
    ("platform/ui/harness.py", "process_memory_has_no_school"): "the gallery, never on a school's host",
    ("platform/ui/markup.py", "nothing_made_safe_by_gluing"): "the one place where a pattern is filled",
    ("tenants/waves.py", "no_threads"): "a command's own connections, one a thread, never in a request",
    ("tenants/api.py", "process_memory_has_no_school"): "hosts are public; kept for seconds (decision 0003)",
    ("platform/ui/gallery.py", "files_come_in_by_one_gate"): "shows how the field looks and takes nothing",
    (
        "integrations/storage/adapter.py",
        "one_door_outward",
    ): "the bucket that settings name, by its own library",
}


# What the product makes itself and keeps: printed papers, archives, the demo's drawings. All other files come from people.
_OURS = (
    "platform/kernel/uploads/",
    "platform/documents/services.py",
    "platform/documents/signing/services.py",
    "modules/journal/export/services.py",
    "modules/orders/services/papers.py",
    "tenants/exports/",
)
_OUTWARD = {
    "socket", "urllib.request", "http.client", "urllib3", "requests", "aiohttp", "smtplib", "ftplib", "telnetlib",
    "websockets", "boto3",
}  # fmt: skip
_CALLING = {"get", "post", "put", "patch", "delete", "head", "request", "stream", "Client", "AsyncClient"}
# Programs that stand in for others' systems, and the starter of servers on this machine.
_NOT_THE_PRODUCT = (
    "platform/stack/",
    "integrations/eds_simulator/",
    "integrations/clamav/simulator.py",
    "integrations/soc/simulator.py",
)


def lint(function: Lint) -> Lint:
    LINTS[function.__name__] = function
    return function


def sources() -> Iterator[Source]:
    """Every Python file of the product."""
    for folder in PRODUCT:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield Source(path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8")))


def _dotted(node: ast.AST) -> str:
    """`a.b.c` for a chain of names, else the last part."""
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value)
        return f"{before}.{node.attr}" if before else node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _calls(source: Source) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            yield node, _dotted(node.func)


def _imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every imported name, whole: `from a.b import c` gives a.b.c."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


# Where rows are reached for: reads, writes, the tables themselves, and what fills them.
_ROWS = {"queries", "services", "models", "importers", "seeds", "factories"}


@lint
def rows_only_in_queries_and_services(source: Source) -> Found:
    if not source.within("modules/", "integrations/") or source.parts & (_ROWS | {"migrations"}):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr == "objects":
            yield (
                node.lineno,
                "Reads live in queries.py and writes in services.py: call one of them instead of .objects.",
            )


# Where ties between guardians and pupils are read and written; whoever else asks must not forget a ban to see the child.
_CUSTODY = (
    "modules/contingent/queries/custody.py",
    "modules/contingent/services/guardians.py",
    "modules/contingent/models/",
    "modules/contingent/migrations/",
    "modules/contingent/importers/",
)


@lint
def custody_has_one_door(source: Source) -> Found:
    if not source.within(*PRODUCT) or source.within(*_CUSTODY):
        return
    why = "Ask modules.contingent.queries.custody (or contingent.api): past it a banned parent would see the child."
    for node in ast.walk(source.tree):
        match node:
            case ast.Attribute(attr="objects" | "_default_manager", value=ast.Name(id="Guardianship")):
                yield node.lineno, why
            case ast.Attribute(attr="guardianships"):
                yield node.lineno, why
            case ast.Constant(value=str() as text) if (
                "guardianships" in text or "contingent_guardianship" in text
            ):
                yield node.lineno, why
            case ast.keyword(arg=str() as name) if "guardianships" in name.split("__"):
                yield node.value.lineno, why


@lint
def families_are_told_by_those_who_see(source: Source) -> Found:
    """A function that tells people of a pupil narrows them to those to whom he is open."""
    if not source.within("modules/"):
        return
    for function in ast.walk(source.tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        names = {_dotted(node) for node in ast.walk(function) if isinstance(node, ast.Attribute | ast.Name)}
        tells = [
            call
            for call in ast.walk(function)
            if isinstance(call, ast.Call) and _dotted(call.func) == "notify.tell"
        ]
        of_pupil = any("pupil" in name for name in names)
        if tells and of_pupil and not any(name.endswith("watching") for name in names):
            yield tells[0].lineno, "Tell of a pupil only contingent.watching(pupil_id=…, user_ids=…)."


@lint
def one_door_between_schools(source: Source) -> Found:
    if source.within("platform/kernel/"):
        return
    switches = {"set_tenant", "set_schema", "set_schema_to_public", "schema_context", "tenant_context"}
    for call, name in _calls(source):
        if name.rsplit(".", 1)[-1] in switches:
            yield call.lineno, "Switch schools with kernel.tenancy.use only: other ways leave the door open."


@lint
def one_clock(source: Source) -> Found:
    if source.path == "platform/kernel/clock.py" or source.within(
        "platform/stack/", "integrations/eds_simulator/"
    ):
        return
    clocks = {"timezone.now", "datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
    for call, name in _calls(source):
        if ".".join(name.split(".")[-2:]) in clocks:
            yield (
                call.lineno,
                "Take the time from kernel.clock, so that a test can set it and Almaty is meant.",
            )


@lint
def process_memory_has_no_school(source: Source) -> Found:
    if source.within("platform/kernel/", "platform/stack/"):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for mark in node.decorator_list:
                name = _dotted(mark.func if isinstance(mark, ast.Call) else mark)
                if name in {"lru_cache", "functools.lru_cache", "functools.cache", "cached"}:
                    yield (
                        node.lineno,
                        "A memo remembers one school's answer for all: use kernel.cache or kernel.memo, or say in EXCEPTIONS "
                        "why the answer is the same in every school.",
                    )
    for node in source.tree.body:
        target = (
            node.targets[0]
            if isinstance(node, ast.Assign)
            else node.target
            if isinstance(node, ast.AnnAssign)
            else None
        )
        value = getattr(node, "value", None)
        if not isinstance(target, ast.Name) or target.id.isupper() or target.id.startswith("__"):
            continue
        empty = (
            (isinstance(value, ast.Dict) and not value.keys)
            or (isinstance(value, ast.List) and not value.elts)
            or (
                isinstance(value, ast.Call)
                and not value.args
                and _dotted(value.func) in {"dict", "list", "set", "OrderedDict", "WeakValueDictionary"}
            )
        )
        if empty:
            yield (
                node.lineno,
                f"The name {target.id} fills up in the process, which serves every school: keep it in kernel.cache. "
                "A register filled at import is written IN_CAPITALS.",
            )


@lint
def one_cache(source: Source) -> Found:
    if source.path == "platform/kernel/cache.py" or source.within("platform/config/"):
        return
    for line, name in _imports(source.tree):
        if name.startswith("django.core.cache"):
            yield line, "Use kernel.cache: its keys carry the school."


@lint
def no_threads(source: Source) -> Found:
    # The solver and the programs that stand in for others' know no school: nothing in them could become another's.
    if source.within(
        "platform/kernel/", "platform/stack/", "modules/schedule/solver/", "integrations/eds_simulator/"
    ):
        return
    for line, name in _imports(source.tree):
        if name in {
            "threading.Thread",
            "concurrent.futures.ThreadPoolExecutor",
            "multiprocessing.pool.ThreadPool",
        }:
            yield line, "A thread starts with no school: use kernel.jobs."
    for call, name in _calls(source):
        if name in {"threading.Thread", "futures.ThreadPoolExecutor", "sync_to_async"}:
            yield call.lineno, "A thread starts with no school: use kernel.jobs."


@lint
def after_commit_only_in_kernel(source: Source) -> Found:
    if source.within("platform/kernel/"):
        return
    for call, name in _calls(source):
        if name.rsplit(".", 1)[-1] == "on_commit":
            yield (
                call.lineno,
                "Publish an event or start a job: they wait for the commit and remember the school.",
            )


@lint
def nothing_made_safe_by_gluing(source: Source) -> Found:
    for call, name in _calls(source):
        last = name.rsplit(".", 1)[-1]
        if last not in {"mark_safe", "SafeString", "format_html", "markup"} or not call.args:
            continue
        first = call.args[0]
        glued = isinstance(first, ast.JoinedStr | ast.BinOp) or (
            isinstance(first, ast.Call)
            and isinstance(first.func, ast.Attribute)
            and first.func.attr in {"format", "replace"}
        )
        if glued:
            yield (
                call.lineno,
                "Glued text is not safe HTML: use ui.markup with its own placeholders, or a template.",
            )


@lint
def migrations_stand_alone(source: Source) -> Found:
    if "migrations" not in Path(source.path).parts:
        return
    for line, name in _imports(source.tree):
        root, *rest = name.split(".")
        is_enum = rest[1:2] == ["data"]  # Django writes the choices of a field so
        if (root in {"modules", "tenants", "integrations"} and not is_enum) or rest[:1] in (
            ["models"],
            ["services"],
        ):
            yield (
                line,
                "A migration lives longer than the code it imports: write what it needs into the migration.",
            )
    for call, name in _calls(source):
        if name.rsplit(".", 1)[-1] == "RunPython":
            yield (
                call.lineno,
                "Migrations are replayed as SQL in every school: RunPython would run on the template alone.",
            )


@lint
def saves_say_what_they_change(source: Source) -> Found:
    if not (source.parts & {"services", "importers", "handlers", "tasks", "views", "rest"}):
        return
    for function in ast.walk(source.tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        made = {
            target.id
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
            for target in node.targets
            if isinstance(target, ast.Name) and _dotted(node.value.func).rsplit(".", 1)[-1][:1].isupper()
        }
        for node in ast.walk(function):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr != "save" or not isinstance(node.func.value, ast.Name):
                continue
            if node.args or node.func.value.id in made | {"form"}:
                continue
            if not {word.arg for word in node.keywords} & {"update_fields", "force_insert"}:
                yield (
                    node.lineno,
                    "Say save(update_fields=[...]): a whole row would take back what another has just changed.",
                )


@lint
def files_come_in_by_one_gate(source: Source) -> Found:
    """Forms take files by kernel.uploads.UploadField; views hand `request.FILES` over to a form and read nothing of it."""
    if source.within("platform/kernel/uploads/"):
        return
    handed = {
        id(part)
        for call, _name in _calls(source)
        for given in call.args
        for part in ([given, *given.values] if isinstance(given, ast.BoolOp) else [given])
    }
    for node in ast.walk(source.tree):
        if (
            isinstance(node, ast.Attribute)
            and _dotted(node).endswith("request.FILES")
            and id(node) not in handed
        ):
            yield (
                node.lineno,
                "Hand request.FILES to a form with an UploadField: past it nobody looks at the file.",
            )
        if isinstance(node, ast.Attribute) and _dotted(node) in {"forms.FileField", "forms.ImageField"}:
            yield node.lineno, "Take files by kernel.uploads.UploadField and name their kind."
    for call, name in _calls(source):
        if name == "files.store" and not source.within(*_OURS):
            yield call.lineno, "What people send is kept by kernel.uploads.admit and keep."


@lint
def one_door_outward(source: Source) -> Found:
    """Whoever speaks with another system names it to kernel.outgoing, which knows the address."""
    if source.within("platform/kernel/outgoing/", *_NOT_THE_PRODUCT):
        return
    why = "Reach outside systems through kernel.outgoing: it knows whom the installation speaks with."
    for line, name in _imports(source.tree):
        if any(name == one or name.startswith(f"{one}.") for one in _OUTWARD):
            yield line, why
    for call, name in _calls(source):
        if name.partition(".")[0] == "httpx" and name.rpartition(".")[2] in _CALLING:
            yield call.lineno, why


@lint
def workbooks_hold_no_formulas(source: Source) -> Found:
    """What people typed leaves as text; a formula in it would run at whoever opens the file."""
    why = (
        "Write text: open workbooks with {**PLAIN, …} of documents.excel, and write no formulas and no links."
    )
    for call, name in _calls(source):
        last = name.rpartition(".")[2]
        if last in {"write_formula", "write_array_formula", "write_dynamic_array_formula", "write_url"}:
            yield call.lineno, why
        if name.endswith("xlsxwriter.Workbook"):
            spread = [
                _dotted(value).rpartition(".")[2]
                for given in call.args[1:2]
                if isinstance(given, ast.Dict)
                for key, value in zip(given.keys, given.values, strict=True)
                if key is None
            ]
            if "PLAIN" not in spread:
                yield call.lineno, why
    for line, name in _imports(source.tree):
        if name == "csv.writer" or name == "csv.DictWriter":
            yield line, "Lists leave as workbooks: a spreadsheet reads formulas out of CSV."
    for call, name in _calls(source):
        if name in {"csv.writer", "csv.DictWriter"}:
            yield call.lineno, "Lists leave as workbooks: a spreadsheet reads formulas out of CSV."
