"""What stands in which schema: no person in public, no table of one name in both, no rope between rooms."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from kernel import tenancy
from kernel.db.stamps import is_public
from kernel.tenancy import TenantRef

# Every column of the public schema and what it means; a new one is placed here by whoever adds it.
PUBLIC_COLUMNS = {
    "django_content_type": "id app_label model",
    "django_migrations": "id app name applied",
    "tenants_tenant": "id schema_name code kind mode state is_held name_kk name_ru language kato parent_id db_role created_at "
    "cell_id",
    "tenants_cell": "code host port database state capacity added_at",
    "tenants_host": "id domain is_primary tenant_id",
    "tenants_ledgerentry": "id kind position app name sql at",
    "tenants_schemastate": "schema kind position seeds is_spare changed_at",
    "tenants_backup": "id tenant_id act folder at seconds rows bytes outcome fault",
    "tenants_clone": "tenant_id source_id at letter is_exact expires_at",
    "tenants_contract": "id tenant_id number since until warning_days read_only_days made_at",
    "tenants_passage": "id tenant_id state at by_hand letter",
    "tenants_rollupfact": "id school_id district_id region_id metric version year period dimension value "
    "numerator denominator people is_open as_of",
    "tenants_rollupnode": "id node_id parent_id metric version year period dimension value "
    "numerator denominator people schools hidden as_of",
    "tenants_rollupdelta": "id district_id region_id metric version year period dimension value "
    "numerator denominator people schools hidden as_of",
    # The cover of a letter names two tenants; what is inside is sealed (decision 0015).
    "tenants_publickey": "id tenant_id number sealing signing",
    "tenants_envelope": "id sender_id receiver_id sender_key receiver_key expires_on",
    "tenants_envelopecontent": "envelope_id sealed",
    "tenants_rollupfreshness": "school_id district_id region_id refreshed_at recounted_at mismatches",
    "tenants_isolationrun": "id at version is_quick is_clean seconds counts",
}
OF_A_PERSON = re.compile(
    r"iin|surname|patronymic|first_?name|last_?name|birth|phone|email|address|gender|^sex$|passport|photo|"
    r"nationality|pupil|student|guardian|parent_name|teacher|person|user",
)
# Upper rooms may hold on to rows of these, and of nothing else.
FOUNDATIONS = {"contingent", "staff", "schedule", "orders", "school"}
TIERS = [
    {"school", "support", "breaches"},
    {"orders"},
    {"contingent", "staff"},
    {"transfers"},
    {"schedule"},
    {"plans"},
    {"journal"},
    {"records"},
    {"analytics", "family"},
]


def columns(schema: str) -> dict[str, list[str]]:
    with tenancy.owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c "
            "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
            "WHERE c.relnamespace = %s::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') GROUP BY c.relname",
            [schema],
        )
        return dict(cursor.fetchall())


@pytest.mark.requirement("TEN-01")
class TestPublicSchema:
    def test_holds_no_person(self, tenants_db: None) -> None:
        found = [
            f"{table}.{column}"
            for table, names in columns("public").items()
            for column in names
            if OF_A_PERSON.search(column)
        ]
        # `people` is how many stand behind a figure.
        assert [name for name in found if not name.endswith(".people")] == []

    def test_has_only_what_is_named_here(self, tenants_db: None) -> None:
        unknown = [
            f"{table}.{column}"
            for table, names in columns("public").items()
            for column in names
            if column not in PUBLIC_COLUMNS.get(table, "-").split()
        ]
        assert unknown == [], "say in PUBLIC_COLUMNS what it means, if it names nobody"

    def test_shares_no_table_with_the_schools(self, in_school: TenantRef) -> None:
        both = set(columns("public")) & set(columns(in_school.schema))
        assert both == {"django_migrations"}


def models_of(kind: str) -> Iterator[type[models.Model]]:
    named = set(settings.TENANT_TYPES[kind]["APPS"])
    for config in apps.get_app_configs():
        if config.name in named:
            yield from config.get_models(include_auto_created=True)


class TestKinds:
    def test_public_apps_are_in_no_tenant(self) -> None:
        public = set(settings.TENANT_TYPES["public"]["APPS"])
        for kind in ("school", "authority", "family", "vendor"):
            assert not public & set(settings.TENANT_TYPES[kind]["APPS"])

    def test_public_tables_say_so_in_their_names(self) -> None:
        for model in models_of("public"):
            if model._meta.app_label == "tenants":
                assert is_public(model), model
        for kind in ("school", "authority", "family", "vendor"):
            for model in models_of(kind):
                assert not is_public(model), model

    def test_every_app_with_tables_has_a_kind(self) -> None:
        placed = {name for kind in settings.TENANT_TYPES.values() for name in kind["APPS"]}
        homeless = {config.name for config in apps.get_app_configs() if list(config.get_models())} - placed
        assert homeless <= {"pghistory"}  # its tables are refused by the router: nobody uses its contexts

    def test_every_schema_has_the_tables_of_its_kind_and_no_others(
        self, school_a: TenantRef, authority: TenantRef, vendor: TenantRef
    ) -> None:
        for ref in (school_a, authority, vendor):
            wanted = {model._meta.db_table for model in models_of(ref.kind.value) if model._meta.managed}
            have = set(columns(ref.schema)) - {"django_migrations"}
            assert wanted <= have, ref.kind
            assert have <= wanted, ref.kind


def relations() -> Iterator[tuple[type[models.Model], models.ForeignKey]]:
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey) and type(field).__module__.startswith("django"):
                yield model, field


def tier(label: str) -> int | None:
    return next((n for n, labels in enumerate(TIERS) if label in labels), None)


class TestForeignKeys:
    def test_none_crosses_between_a_tenant_and_public(self) -> None:
        crossing = [
            f"{m.__name__}.{f.name}" for m, f in relations() if is_public(m) != is_public(f.related_model)
        ]
        assert crossing == []

    def test_between_rooms_they_go_down_to_foundations_and_hold_fast(self) -> None:
        wrong = []
        for model, field in relations():
            here, there = model._meta.app_label, field.related_model._meta.app_label
            if here == there or tier(here) is None:
                continue
            if there not in FOUNDATIONS:
                wrong.append(f"{here}.{model.__name__}.{field.name}: keep the other's id instead")
            elif (tier(there) or 0) >= (tier(here) or 0):
                wrong.append(f"{here}.{model.__name__}.{field.name}: points up or sideways")
            elif field.remote_field.on_delete not in (models.PROTECT, models.DO_NOTHING):
                wrong.append(
                    f"{here}.{model.__name__}.{field.name}: PROTECT, or a deletion travels upward unseen"
                )
            elif field.remote_field.related_name != "+":
                wrong.append(f'{here}.{model.__name__}.{field.name}: related_name="+"')
        assert wrong == []

    def test_the_platform_points_at_no_room(self) -> None:
        wrong = [
            f"{m.__name__}.{f.name}"
            for m, f in relations()
            if tier(m._meta.app_label) is None and tier(f.related_model._meta.app_label) is not None
        ]
        assert wrong == []
