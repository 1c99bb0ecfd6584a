"""The README of an export: what the folder holds, in Kazakh, Russian and English, made of the register of contents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.utils import translation

from kernel.tenancy import TenantRef
from tenants.contents import register
from tenants.contents.reading import Column, Shape

_HEADS: Mapping[str, Mapping[str, str]] = {
    "kk": {
        "title": "{name}: ашық пішімдегі деректер",
        "made": "Жасалған уақыты: {at}. Мұнда мектептің барлық кестелері мен файлдары бар; оларды осы бағдарламасыз оқуға болады.",
        "format": "`tables/` – әр кестеге бір файл: UTF-8, әр жолда бір жазба (JSON). `files/` – файлдар өз қалпында; "
        "`kernel_storedfile` кестесі әрқайсысының не екенін айтады. `manifest.json` – жазбалар саны мен SHA-256 қосындылары, "
        "`signature.json` – оның қолтаңбасы (Ed25519). Уақыт UTC бойынша берілген.",
        "secret": "Әдейі берілмейтіндер: құпиясөздер, екінші фактор, токендер, сеанстар, кілттер, файлдардың кілттері. Жаңа орында "
        "әркімге жаңа құпиясөз беріледі.",
        "log": "`kernel_auditentry` – қауіпсіздік журналы. Әр жолдың `hash` мәні "
        "алдыңғысынан шығады: мына JSON тізімінің SHA-256 қосындысы (PostgreSQL "
        "jsonb қалай жазса, солай): [`previous_hash`, `id`, Unix уақыты "
        "микросекундпен, `actor_id`, `actor_name`, `action`, `outcome`, "
        "`object_type`, `object_id`, `address`, `session_id`, `request_id`, "
        "`details`].",
        "left": "Берілмейтін кестелер",
        "column": "баған", "type": "түрі", "meaning": "мағынасы", "to": "→",
    },
    "ru": {
        "title": "{name}: данные в открытых форматах",
        "made": "Сделано: {at}. Здесь все таблицы и файлы школы; их можно читать без этой программы.",
        "format": "`tables/` – по файлу на таблицу: UTF-8, в каждой строке одна запись (JSON). `files/` – файлы как есть; таблица "
        "`kernel_storedfile` говорит, что есть что. `manifest.json` – число записей и суммы SHA-256, `signature.json` – подпись под ним "
        "(Ed25519). Время дано по UTC.",
        "secret": "Намеренно не выдаются: пароли, второй фактор, токены, сеансы, ключи входа, ключи файлов. На новом месте каждый получает "
        "новый пароль.",
        "log": "`kernel_auditentry` – журнал безопасности. `hash` каждой строки "
        "следует из предыдущей: SHA-256 списка JSON (как его пишет jsonb "
        "в PostgreSQL): [`previous_hash`, `id`, время Unix с микросекундами, "
        "`actor_id`, `actor_name`, `action`, `outcome`, `object_type`, "
        "`object_id`, `address`, `session_id`, `request_id`, `details`].",
        "left": "Таблицы, которые не выдаются",
        "column": "столбец", "type": "тип", "meaning": "что значит", "to": "→",
    },
    "en": {
        "title": "{name}: data in open formats",
        "made": "Made at {at}. All tables and files of the school are here; they can be read without this product.",
        "format": "`tables/` has a file a table: UTF-8, one row of JSON a line. `files/` has the files as they are; the table "
        "`kernel_storedfile` says what each is. `manifest.json` has the numbers of rows and SHA-256 sums, `signature.json` the signature "
        "of it (Ed25519). Times are in UTC.",
        "secret": "Left out on purpose: passwords, second factors, tokens, sessions, passkeys, keys of files. In a new place everybody gets "
        "a new password.",
        "log": "`kernel_auditentry` is the security log. The `hash` of each line "
        "follows from the line before: SHA-256 of the JSON list (as jsonb "
        "of PostgreSQL writes it) [`previous_hash`, `id`, Unix time with "
        "microseconds, `actor_id`, `actor_name`, `action`, `outcome`, "
        "`object_type`, `object_id`, `address`, `session_id`, `request_id`, "
        "`details`].",
        "left": "Tables that are left out",
        "column": "column", "type": "type", "meaning": "what it means", "to": "→",
    },
}  # fmt: skip


def text(ref: TenantRef, at: datetime, shapes: Sequence[Shape], left_out: Mapping[str, str]) -> str:
    """The whole file: the three languages one after another."""
    parts = []
    for language in register.LANGUAGES:
        name = {"kk": ref.name_kk, "ru": ref.name_ru}.get(language) or ref.name_kk or ref.code
        with translation.override(language):
            parts.append("\n".join(_chapter(language, name, at, shapes, left_out)))
    return "\n\n---\n\n".join(parts) + "\n"


def _chapter(
    language: str, name: str, at: datetime, shapes: Sequence[Shape], left_out: Mapping[str, str]
) -> Iterator[str]:
    head, known = _HEADS[language], register.tables()
    yield f"# {head['title'].format(name=name)}\n"
    yield f"{head['made'].format(at=f'{at:%Y-%m-%d %H:%M} UTC')}\n"
    for part in ("format", "secret", "log"):
        yield f"{head[part]}\n"
    for shape in shapes:
        yield f"## {known[shape.table].words[language]}: `{shape.table}`\n"
        yield f"| {head['column']} | {head['type']} | {head['meaning']} |"
        yield "|---|---|---|"
        fields = _fields(shape.table)
        for column in shape.columns:
            yield f"| `{column.name}` | {column.type} | {_meaning(language, column, fields.get(column.name))} |"
        yield ""
    yield f"## {head['left']}\n"
    for table in left_out:
        yield f"- {known[table].words[language]}: `{table}`"


def _fields(table: str) -> dict[str, Any]:
    model = next((one for one in apps.get_models() if one._meta.db_table == table), None)
    return {str(field.column): field for field in model._meta.local_concrete_fields} if model else {}


def _meaning(language: str, column: Column, field: Any) -> str:
    """The column in words, what it points to, and its codes in words."""
    told = register.words().get(column.name, {})
    meaning = told.get(language, column.name.replace("_", " "))
    if field is not None and field.is_relation:
        meaning += f" → `{field.related_model._meta.db_table}`"
    elif field is not None and field.choices:
        codes = "; ".join(f"`{code}` {label}" for code, label in field.flatchoices)
        meaning += f" ({codes})"
    return meaning.replace("|", "/").replace("\n", " ")
