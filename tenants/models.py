"""The public schema: the register of tenants, what is known of their schemas, and figures without persons.

Table names carry the schema, because `public` is in nobody's search path (decision 0002).
"""

from __future__ import annotations

from uuid import uuid4

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

from kernel.ids import uuid7
from kernel.tenancy import Kind, Server, TenantRef

_CODE = RegexValidator(
    r"^[a-z][a-z0-9-]{0,38}[a-z0-9]$", _("Small Latin letters, digits and hyphens, 2 to 40.")
)


class Cell(models.Model):
    """A PostgreSQL besides the installation's own where schemas of tenants stand (decision 0028)."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        FULL = "full", "full"

    code = models.CharField(max_length=20, primary_key=True, validators=[_CODE])
    host = models.CharField(max_length=250)
    port = models.PositiveIntegerField()
    database = models.CharField(max_length=63)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    capacity = models.PositiveIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        db_table = '"public"."tenants_cell"'

    def __str__(self) -> str:
        return self.code

    @property
    def server(self) -> Server:
        return Server(self.host, self.port, self.database, self.code)


class Tenant(TenantMixin):
    """A school, an authority, the family service or the vendor. The schema's name says nothing of whose it is."""

    auto_create_schema = False
    auto_drop_schema = False

    class Mode(models.TextChoices):
        LIVE = "live", _("live")
        DEMO = "demo", _("demo")
        TEST = "test", _("test")

    class State(models.TextChoices):
        """The life of a tenant (decision 0021), in its order."""

        ACTIVE = "active", pgettext_lazy("state of an organisation", "works")
        WARNED = "warned", pgettext_lazy("state of an organisation", "works, the contract is ending")
        READ_ONLY = "read_only", pgettext_lazy("state of an organisation", "reading only")
        CLOSED = "closed", pgettext_lazy("state of an organisation", "closed")
        ARCHIVED = "archived", pgettext_lazy("state of an organisation", "in the archive")
        DESTROYED = "destroyed", pgettext_lazy("state of an organisation", "destroyed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=40, unique=True, validators=[_CODE])
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in Kind if k is not Kind.PUBLIC])
    mode = models.CharField(max_length=5, choices=Mode.choices, default=Mode.LIVE)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    # Put into its state by hand: the contract does not move it until it is resumed.
    is_held = models.BooleanField(default=False, db_default=False)
    name_kk = models.CharField(max_length=250)
    name_ru = models.CharField(max_length=250)
    language = models.CharField(max_length=2, default="kk", choices=[("kk", "kk"), ("ru", "ru")])
    kato = models.CharField(max_length=9, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    db_role = models.CharField(max_length=63, unique=True)
    # Where its schema stands; none is the installation's own server.
    cell = models.ForeignKey(Cell, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        db_table = '"public"."tenants_tenant"'
        constraints = [
            models.CheckConstraint(
                name="tenants_schema_is_code",
                condition=models.Q(schema_name__regex=r"^[safv]_[a-z0-9]{10}$"),
            )
        ]

    def __str__(self) -> str:
        return self.code

    def __enter__(self) -> TenantRef:
        raise TypeError("Switch tenants with kernel.tenancy.use only.")

    def ref(self, host: str = "") -> TenantRef:
        return TenantRef(
            id=self.pk,
            code=self.code,
            schema=self.schema_name,
            kind=Kind(self.kind),
            mode=self.mode,  # type: ignore[arg-type]
            name_kk=self.name_kk,
            name_ru=self.name_ru,
            language=self.language,
            parent_id=self.parent_id,
            host=host,
            state=self.state,
            server=self.cell.server if self.cell else None,
        )

    @property
    def name(self) -> str:
        return self.name_ru if (get_language() or "").startswith("ru") else self.name_kk


class Host(DomainMixin):
    """A host name under which a tenant answers."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="domains", db_index=True)

    class Meta:
        db_table = '"public"."tenants_host"'

    def __str__(self) -> str:
        return self.domain


class Contract(models.Model):
    """For how long a tenant is served, and how long the steps after that last. The newest one counts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="contracts")
    number = models.CharField(max_length=60, blank=True)
    since = models.DateField()
    until = models.DateField()
    warning_days = models.PositiveSmallIntegerField(default=30)
    read_only_days = models.PositiveSmallIntegerField(default=90)
    made_at = models.DateTimeField()

    class Meta:
        db_table = '"public"."tenants_contract"'
        constraints = [
            models.CheckConstraint(
                name="tenants_contract_in_order", condition=models.Q(until__gte=models.F("since"))
            ),
            models.UniqueConstraint(fields=["tenant", "until"], name="tenants_contract_once"),
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.since} - {self.until}"


class Passage(models.Model):
    """That a tenant came into a state: by its contract or by hand, and by which letter. Never changed or removed."""

    id = models.BigAutoField(primary_key=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="passages")
    state = models.CharField(max_length=10, choices=Tenant.State.choices)
    at = models.DateTimeField()
    by_hand = models.BooleanField()
    letter = models.CharField(max_length=150, blank=True)

    class Meta:
        db_table = '"public"."tenants_passage"'

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.state} {self.at:%F %T}"


class Backup(models.Model):
    """That a tenant was backed up, restored, or a backup tried: counts and how it ended, for the journal of restores."""

    class Act(models.TextChoices):
        TAKEN = "taken", _("taken")
        RESTORED = "restored", _("restored")
        DRILLED = "drilled", _("tried")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant_id = models.UUIDField()
    act = models.CharField(max_length=10, choices=Act.choices)
    folder = models.CharField(max_length=40)
    at = models.DateTimeField()
    seconds = models.FloatField(default=0)
    rows = models.BigIntegerField(default=0)
    bytes = models.BigIntegerField(default=0)
    outcome = models.CharField(max_length=10)
    fault = models.CharField(max_length=60, blank=True)

    class Meta:
        db_table = '"public"."tenants_backup"'
        indexes = [models.Index(fields=["tenant_id", "act", "-at"], name="tenants_backup_last")]

    def __str__(self) -> str:
        return f"{self.act} {self.folder} {self.outcome}"


class Clone(models.Model):
    """That a tenant is a copy of another for trials: never anything else, and gone when its time is over."""

    tenant = models.OneToOneField(Tenant, primary_key=True, on_delete=models.PROTECT, related_name="+")
    source_id = models.UUIDField()
    at = models.DateTimeField()
    letter = models.CharField(max_length=150, blank=True)
    is_exact = models.BooleanField(default=False)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        db_table = '"public"."tenants_clone"'
        constraints = [
            models.CheckConstraint(
                name="tenants_exact_clone_expires",
                condition=models.Q(is_exact=False) | models.Q(expires_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id} of {self.source_id}"


class LedgerEntry(models.Model):
    """The SQL of one migration, as it ran on the template: applied to every schema of the kind, in order."""

    kind = models.CharField(max_length=10)
    position = models.PositiveIntegerField()
    app = models.CharField(max_length=60)
    name = models.CharField(max_length=150)
    sql = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = '"public"."tenants_ledgerentry"'
        constraints = [models.UniqueConstraint(fields=["kind", "position"], name="tenants_ledger_order")]

    def __str__(self) -> str:
        return f"{self.kind} {self.position} {self.app}.{self.name}"


class SchemaState(models.Model):
    """How far each schema has come along its kind's ledger, and which seeds it has; a spare one waits for a tenant."""

    schema = models.CharField(max_length=63, primary_key=True)
    kind = models.CharField(max_length=10)
    position = models.PositiveIntegerField(default=0)
    seeds = models.CharField(max_length=16, default="", blank=True)
    is_spare = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = '"public"."tenants_schemastate"'
        indexes = [models.Index(fields=["kind"], name="tenants_spare", condition=models.Q(is_spare=True))]

    def __str__(self) -> str:
        return f"{self.schema} at {self.position}"


class RollupFact(models.Model):
    """One figure of one school: sums only, so that levels above add numerators and denominators.

    `people` is how many pupils stand behind it; `is_open` says that the authorities above may see it: never below
    the smallest cell, nor where the total less the open cells would give a closed one away (decision 0004).
    Written by the school alone (row-level security), read by the school and the authorities above it.
    """

    id = models.BigAutoField(primary_key=True)
    school_id = models.UUIDField(db_index=True)
    district_id = models.UUIDField(null=True, db_index=True)
    region_id = models.UUIDField(null=True)
    metric = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    year = models.CharField(max_length=7)
    period = models.CharField(max_length=10)
    dimension = models.CharField(max_length=20, default="all")
    value = models.CharField(max_length=60, blank=True)
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()
    people = models.PositiveIntegerField()
    is_open = models.BooleanField(default=True)
    as_of = models.DateTimeField()

    class Meta:
        db_table = '"public"."tenants_rollupfact"'
        constraints = [
            models.UniqueConstraint(
                fields=["school_id", "metric", "version", "year", "period", "dimension", "value"],
                name="tenants_fact_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["district_id", "year", "period", "metric", "dimension"], name="tenants_fact_district"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.period} {self.numerator}/{self.denominator}"


class RollupNode(models.Model):
    """The open figures summed for each authority: a region's page costs the same at any size.

    `schools` is how many stand in the sum, `hidden` how many were left out as too small to show.
    """

    id = models.BigAutoField(primary_key=True)
    node_id = models.UUIDField()
    parent_id = models.UUIDField(null=True)
    metric = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    year = models.CharField(max_length=7)
    period = models.CharField(max_length=10)
    dimension = models.CharField(max_length=20, default="all")
    value = models.CharField(max_length=60, blank=True)
    numerator = models.BigIntegerField(default=0)
    denominator = models.BigIntegerField(default=0)
    people = models.BigIntegerField(default=0)
    schools = models.IntegerField(default=0)
    hidden = models.IntegerField(default=0)
    as_of = models.DateTimeField()

    class Meta:
        db_table = '"public"."tenants_rollupnode"'
        constraints = [
            models.UniqueConstraint(
                fields=["node_id", "metric", "version", "year", "period", "dimension", "value"],
                name="tenants_node_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["parent_id", "year", "period", "metric", "dimension"], name="tenants_node_parent"
            ),
            models.Index(
                fields=["id"], name="tenants_node_empty", condition=models.Q(schools=0) & models.Q(hidden=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.period} {self.numerator}/{self.denominator}"


class RollupDelta(models.Model):
    """What a school's statement changed in the sums above it, waiting to be folded. Written by a trigger alone.

    Schools of one region never wait for each other here: only the fold touches the sums, one at a time.
    """

    id = models.BigAutoField(primary_key=True)
    district_id = models.UUIDField(null=True)
    region_id = models.UUIDField(null=True)
    metric = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    year = models.CharField(max_length=7)
    period = models.CharField(max_length=10)
    dimension = models.CharField(max_length=20)
    value = models.CharField(max_length=60, blank=True)
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()
    people = models.BigIntegerField()
    schools = models.IntegerField()
    hidden = models.IntegerField()
    as_of = models.DateTimeField()

    class Meta:
        db_table = '"public"."tenants_rollupdelta"'

    def __str__(self) -> str:
        return f"{self.metric} {self.period} {self.numerator:+}/{self.denominator:+}"


class RollupFreshness(models.Model):
    """When a school last looked at its own figures, changed or not, and what its nightly recount found."""

    school_id = models.UUIDField(primary_key=True)
    district_id = models.UUIDField(null=True, db_index=True)
    region_id = models.UUIDField(null=True, db_index=True)
    refreshed_at = models.DateTimeField()
    recounted_at = models.DateTimeField(null=True)
    mismatches = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = '"public"."tenants_rollupfreshness"'

    def __str__(self) -> str:
        return f"{self.school_id} {self.refreshed_at:%F %T}"


class PublicKey(models.Model):
    """How to seal a letter for a tenant and how to tell its hand; a new generation stands beside the old ones."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant_id = models.UUIDField()
    number = models.PositiveIntegerField()
    sealing = models.BinaryField(max_length=32)
    signing = models.BinaryField(max_length=32)

    class Meta:
        db_table = '"public"."tenants_publickey"'
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "number"], name="tenants_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.number}"


class Envelope(models.Model):
    """The cover of a letter between two tenants: they alone see it, and it says nothing of what is inside.

    The number is drawn by lot and the day has no hours. It goes when it is taken in, or when it expires.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    sender_id = models.UUIDField()
    receiver_id = models.UUIDField(db_index=True)
    sender_key = models.PositiveIntegerField()
    receiver_key = models.PositiveIntegerField()
    expires_on = models.DateField()

    class Meta:
        db_table = '"public"."tenants_envelope"'

    def __str__(self) -> str:
        return str(self.pk)


class EnvelopeContent(models.Model):
    """The sealed bytes, which the receiver alone may fetch; they go with their cover."""

    envelope_id = models.UUIDField(primary_key=True)
    sealed = models.BinaryField()

    class Meta:
        db_table = '"public"."tenants_envelopecontent"'

    def __str__(self) -> str:
        return str(self.envelope_id)


class IsolationRun(models.Model):
    """One run of the report on isolation: what was tried and how often, never on whom (infra/isolation)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    at = models.DateTimeField(db_index=True)
    version = models.CharField(max_length=40)
    is_quick = models.BooleanField(default=False)
    is_clean = models.BooleanField()
    seconds = models.PositiveIntegerField()
    counts = models.JSONField()

    class Meta:
        db_table = '"public"."tenants_isolationrun"'

    def __str__(self) -> str:
        return f"{self.at:%F %T} {'clean' if self.is_clean else 'broken'}"
