"""People who sign in, what they were given, and where they are signed in now. In every tenant's own schema."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.db.sealed import Digest, SealedTextField
from kernel.ids import uuid7
from kernel.names import KK_COLLATION, PersonName, fold


class User(AbstractBaseUser):
    """An account. The person behind it lives in contingent or staff and is named by `person_id`."""

    class PersonKind(models.TextChoices):
        STAFF = "staff", _("member of staff")
        PUPIL = "pupil", _("pupil")
        GUARDIAN = "guardian", _("parent or guardian")
        OFFICIAL = "official", _("official")
        VISITOR = "visitor", _("visitor by a grant")

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    username = models.CharField(_("login"), max_length=60, unique=True)
    surname = models.CharField(_("surname"), max_length=80, db_collation=KK_COLLATION)
    name = models.CharField(_("name"), max_length=80, db_collation=KK_COLLATION)
    patronymic = models.CharField(_("patronymic"), max_length=80, blank=True, db_collation=KK_COLLATION)
    phone = SealedTextField(_("phone"), max_length=16, blank=True, findable=True, by_ending=True)
    # The number of the person's card, while it opens another's account.
    phone_wanted = SealedTextField(
        max_length=16, blank=True, default="", db_default="", findable=True, by_ending=True
    )
    language = models.CharField(
        _("language"), max_length=2, choices=[("kk", "Қазақша"), ("ru", "Русский")], default="kk"
    )
    person_kind = models.CharField(max_length=10, choices=PersonKind.choices)
    person_id = models.UUIDField(null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    must_change_password = models.BooleanField(default=True)
    password_expires_at = models.DateTimeField(null=True, blank=True)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    blocked_at = models.DateTimeField(null=True, blank=True)
    signed_in_at = models.DateTimeField(null=True, blank=True)
    failed_sign_ins = models.PositiveIntegerField(default=0)
    search = models.CharField(max_length=320, editable=False, default="")

    last_login = None
    USERNAME_FIELD = "username"
    objects = BaseUserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id"],
                name="identity_one_account_a_person",
                condition=models.Q(person_id__isnull=False),
            )
        ]
        indexes = [
            models.Index(Digest("phone"), name="identity_user_phone", condition=~models.Q(phone="")),
            models.Index(
                Digest("phone_wanted"), name="identity_user_wanted", condition=~models.Q(phone_wanted="")
            ),
            models.Index(fields=["surname", "name", "id"], name="identity_user_order"),
        ]

    def __str__(self) -> str:
        return self.username

    def searchable(self) -> str:
        """What the search looks into: names and login with Kazakh letters folded."""
        return fold(" ".join((self.surname, self.name, self.patronymic, self.username)))

    @property
    def person_name(self) -> PersonName:
        return PersonName(self.surname, self.name, self.patronymic)


class FormerPassword(models.Model):
    """The hash of a password that a person had, so that it does not come again while the policy remembers."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=128)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "-id"], name="identity_former_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} until {self.until:%Y-%m-%d}"


class Role(models.Model):
    """A role as the school has it: one of the given ones, or its own, made from one of them."""

    id = models.BigAutoField(primary_key=True)
    code = models.SlugField(max_length=40, unique=True)
    base = models.CharField(max_length=30)
    name_kk = models.CharField(max_length=120, blank=True)
    name_ru = models.CharField(max_length=120, blank=True)
    is_given = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.code


class RolePermission(models.Model):
    """A permission given to a role, with its reach."""

    id = models.BigAutoField(primary_key=True)
    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="permissions")
    code = models.CharField(max_length=80)
    scope = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role", "code", "scope"], name="identity_permission_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.scope}"


class RightsState(models.Model):
    """The tenant's only row about its rights: which defaults were ever given out, and a stamp new with each change.

    The stamp is read with every session, so that remembered grants die at once when a role is edited.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    stamp = models.CharField(max_length=32)
    seeded = models.JSONField(default=list)

    class Meta:
        constraints = [models.CheckConstraint(name="identity_one_rights_state", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return self.stamp


class UserRole(models.Model):
    """A role given to a user, for a term or until taken away."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="user_roles")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="user_roles")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    given_by_id = models.BigIntegerField(null=True)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="identity_term_in_order",
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
            ),
            models.UniqueConstraint(
                fields=["user", "role"], name="identity_role_once", condition=models.Q(until=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role_id}"


class RoleRequest(models.Model):
    """A role with power over roles, asked for by one person and decided on by a second one."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")
        EXPIRED = "expired", _("nobody decided in time")

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_requests")
    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="requests")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    asked_by_id = models.BigIntegerField()
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"],
                name="identity_one_open_request",
                condition=models.Q(outcome=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role_id} {self.outcome}"


class Session(models.Model):
    """One signed-in device. The cookie holds a random key, this row only its hash."""

    id = models.BigAutoField(primary_key=True)
    key_hash = models.CharField(max_length=64, unique=True)
    tenant_id = models.UUIDField()
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    device = models.CharField(max_length=150, blank=True)
    address = models.CharField(max_length=45, blank=True)
    methods = models.CharField(max_length=60, default="password")
    strong_at = models.DateTimeField(null=True)
    idle_minutes = models.PositiveIntegerField(default=60)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["user", "-seen_at"], name="identity_session_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.device}"

    def is_idle(self, at: datetime) -> bool:
        """Whether it was left alone for so long that it opens nothing any more."""
        return at - self.seen_at > timedelta(minutes=self.idle_minutes)


class Visit(models.Model):
    """What the director lent to one person from outside: some rights to read, for hours (decision 0026).

    Its account exists for the log's sake: it has no password, no role, and opens nothing once the visit is over.
    """

    id = models.BigAutoField(primary_key=True)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="visit")
    request_id = models.UUIDField(unique=True)
    visitor_ref = models.UUIDField()
    organisation = models.CharField(max_length=250)
    purpose = models.CharField(max_length=300)
    codes = models.JSONField(default=list)
    secret = SealedTextField(max_length=64)
    ticket_ms = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=10, blank=True)

    def __str__(self) -> str:
        return f"{self.organisation} until {self.until:%F %H:%M}"

    def is_open(self, at: datetime) -> bool:
        return self.ended_at is None and at < self.until


class Passkey(models.Model):
    """A WebAuthn credential of a user."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passkeys")
    credential_id = models.BinaryField(unique=True)
    credential = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    label = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.label


class ApiToken(models.Model):
    """A token for the REST API of this tenant only; the row holds its hash."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.label
