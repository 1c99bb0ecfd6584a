"""Django's settings: one module, no per-environment copies; what differs comes from config.env."""

from __future__ import annotations

import secrets
from importlib.util import find_spec
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config.env import ROOT, environment
from config.faults import watch
from config.logs import configure as configure_logs

DEBUG = environment.debug
MODE = environment.mode
if lacking := environment.lacking():
    raise ImproperlyConfigured(f"A live installation needs {', '.join(lacking)}.")
SECRET_KEY = environment.secret_key or secrets.token_hex(32)
CELL_KEY = environment.cell_key or SECRET_KEY


def _present(names: list[str]) -> list[str]:
    """The packages that are there; a folder without `__init__.py` is no app yet."""
    return [name for name in names if (spec := find_spec(name)) and spec.origin]


# --- who has which tables ---------------------------------------------------------------------------------------
_EVERY_TENANT = _present(
    [
        "kernel",
        "identity",
        "documents",
        "imports",
        "notify",
        "registers",
        "ui",
        "django_otp",
        "django_otp.plugins.otp_totp",
        "django_otp.plugins.otp_static",
    ]
)
_SCHOOL = _present(
    [
        "modules.school",
        "modules.support",
        "modules.breaches",
        "modules.orders",
        "modules.contingent",
        "modules.staff",
        "modules.transfers",
        "modules.schedule",
        "modules.plans",
        "modules.journal",
        "modules.records",
        "modules.analytics",
        "modules.family",
    ]
)
_VENDOR = _present(["modules.support"])
_PUBLIC = ["django.contrib.contenttypes", "django_tenants", "tenants"]
_EVERYWHERE = ["pgtrigger", "pghistory", "django.contrib.staticfiles", "django_htmx"]

HAS_MULTI_TYPE_TENANTS = True
MULTI_TYPE_DATABASE_FIELD = "kind"
TENANT_TYPES = {
    "public": {"APPS": _PUBLIC, "URLCONF": "config.urls.portal"},
    "school": {"APPS": _EVERY_TENANT + _SCHOOL, "URLCONF": "config.urls.school"},
    "authority": {"APPS": _EVERY_TENANT, "URLCONF": "config.urls.authority"},
    "family": {"APPS": _EVERY_TENANT, "URLCONF": "config.urls.family"},
    "vendor": {"APPS": _EVERY_TENANT + _VENDOR, "URLCONF": "config.urls.vendor"},
}
NOWHERE_URLCONF = "config.urls.nowhere"  # of hosts that nobody has
FILES_URLCONF = "config.urls.files"  # of the host of files
ARCHIVED_URLCONF = "config.urls.archived"  # of tenants that are in the archive
INSTALLED_APPS = [*_EVERYWHERE, *_PUBLIC, *_EVERY_TENANT, *_SCHOOL]
TENANT_MODEL = "tenants.Tenant"
TENANT_DOMAIN_MODEL = "tenants.Host"
DATABASE_ROUTERS = [TENANT_SYNC_ROUTER := "kernel.db.router.Router"]
AUTH_USER_MODEL = "identity.User"

# --- the database: one login role per tenant (decision 0003) ------------------------------------------------------
DATABASES = {
    "default": {
        "ENGINE": "kernel.db",
        "HOST": environment.db_host,
        "PORT": str(environment.db_port),
        "NAME": environment.db_name,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": False,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {
            "server_side_binding": True,
            # A connection never leaves its schema, so its plans stay right; behind PgBouncer the next transaction may
            # run on another one, which knows no plan.
            "prepare_threshold": None if environment.db_pooler else 5,
            "connect_timeout": 5,
            "application_name": "mektep",
        },
    }
}
DB_OWNER_USER = environment.db_owner_user
DB_OWNER_PASSWORD = environment.db_owner_password
CELL_OWNER_PASSWORDS = (
    environment.cell_owner_passwords
)  # by a cell's code; the others have the installation's own
DB_ROLE_PREFIX = environment.db_role_prefix or environment.db_name
DB_CONNECTIONS_PER_THREAD = environment.db_connections_per_thread
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- requests ------------------------------------------------------------------------------------------------------
BASE_HOST = environment.base_host
PORT = environment.port
HTTPS = environment.https
ALLOWED_HOSTS = [f".{BASE_HOST}", BASE_HOST, "127.0.0.1", "localhost"]
ROOT_URLCONF = "config.urls.portal"
WSGI_APPLICATION = "config.wsgi.application"
MIDDLEWARE = [
    "config.middleware.RequestLog",
    "config.middleware.Headers",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # a random length hides what BREACH would measure
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tenants.middleware.ServeTenant",
    "identity.middleware.SignedIn",
    "ui.middleware.Language",
    "config.middleware.LargestBody",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tenants.middleware.OnlyWhatIsOpen",
    "config.visitors.OnlyWhatIsLent",
    "config.middleware.Refusals",
]
MIDDLEWARE = [m for m in MIDDLEWARE if find_spec(m.rsplit(".", 2)[0]) and find_spec(m.rsplit(".", 1)[0])]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                *(["ui.context.shell"] if find_spec("ui") and find_spec("ui.context") else []),
            ]
        },
    }
]
FORM_RENDERER = (
    "ui.forms.Renderer"
    if find_spec("ui") and find_spec("ui.forms")
    else "django.forms.renderers.DjangoTemplates"
)
# The largest request at all: a spreadsheet may have 10 MB. Django would write a larger file to the disk of the server,
# whoever sends it, before any view is asked.
LARGEST_BODY = DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- safety --------------------------------------------------------------------------------------------------------
_HOST_ONLY = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_HOST_ONLY}sid"
CSRF_COOKIE_NAME = f"{_HOST_ONLY}csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}
HEADERS = {
    # Nothing from elsewhere and nothing inline, the same for all pages.
    "Content-Security-Policy": "; ".join(f"{name} {sources}" for name, sources in CONTENT_POLICY.items()),
    # What no page of ours asks the device for; passkeys are asked by our own pages alone.
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=(), "
    "publickey-credentials-get=(self), publickey-credentials-create=(self)",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": X_FRAME_OPTIONS,  # on static files too, which Django's own middleware does not see
}
POLICY_PROFILE = environment.policy  # the figures of sign-in: identity/profiles.toml
PASSWORD_HASHERS = ["identity.hashers.SchoolArgon2", "django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# --- languages -----------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "kk"
LANGUAGES = [("kk", "Қазақша"), ("ru", "Русский")]
LANGUAGE_COOKIE_NAME = "lang"
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Almaty"

# --- files ---------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = environment.home / "static"
FILES_ROOT = environment.files_root or environment.home / "files"
# Never in a backup of the database (decision 0023).
KEYS_ROOT = environment.keys_root or environment.home / "keys"
S3 = {
    "bucket": environment.s3_bucket,
    "endpoint": environment.s3_endpoint,
    "region": environment.s3_region,
    "access_key": environment.s3_access_key,
    "secret_key": environment.s3_secret_key,
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

# --- cache, jobs, outside systems ------------------------------------------------------------------------------------
CACHES = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"{environment.redis_url}/0",
            # What answers nothing is as good as away: a teacher who has typed a mark does not wait for it.
            "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1.0},
        }
        if environment.redis_url and MODE != "test"
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}
JOB_QUEUE = "config.celery.Queue" if environment.redis_url and MODE != "test" else "kernel.jobs.Collected"
OUTBOX_DAYS = environment.outbox_days  # how long delivered events are kept
ACTOR_OF_USER = "identity.api.actor_of_user"
CELERY_BROKER_URL = f"{environment.redis_url}/1"
PORTS: dict[str, str] = {
    "kernel.key_store": "kernel.keys.store.Folder",
    "kernel.file_store": "integrations.storage.adapter.Bucket"
    if S3["bucket"]
    else "kernel.file_store.Folder",
    "contingent.employees": "modules.staff.adapter.Employees",
    "staff.duties": "modules.schedule.adapter.Duties",
    "identity.slip_printer": "documents.slips.SlipPrinter",
    "identity.policy_printer": "documents.policies.Printer",
}
# What stays inside the cell. Every other port leads out, and is off in a tenant for trials (kernel.ports).
PORTS_WITHIN = frozenset(PORTS)

# --- signing with ЭЦП (decision 0019) --------------------------------------------------------------------------------
SIGNATURE_TRUST = environment.signature_trust  # a folder: certificates of НУЦ and their revocation lists
NCALAYER_URL = environment.ncalayer_url  # on the signer's own machine
NCANODE_URL = environment.ncanode_url
EGOV_MOBILE_LINK = environment.egov_mobile_link  # opens eGov Mobile on the phone that shows our page
if NCANODE_URL:  # without it signatures by GOST are refused in words
    PORTS["documents.signature_verifier"] = "integrations.ncanode.adapter.Verifier"

# --- files and links from outside (decision 0029) ------------------------------------------------------------------------
FILES_HOST = f"files.{BASE_HOST}"  # no cookie is ever set there
ANTIVIRUS = environment.antivirus if MODE != "test" else "off"
CLAMD_URL = environment.clamd_url
if ANTIVIRUS != "off":
    PORTS["kernel.antivirus"] = "integrations.clamav.adapter.Clamd"
# The only systems outside that anything here reaches: their names, and the settings with their addresses.
OUTGOING = {"ncanode": "NCANODE_URL", "soc": "SOC_URL", "clamav": "CLAMD_URL"}

# --- backups of tenants (decision 0025) ---------------------------------------------------------------------------------
BACKUP_FOLDER = environment.backup_folder or environment.home / "backups"
BACKUP_READER = environment.backup_reader

# --- the whole cell to a moment: copies of the server and its WAL (decision 0028) -------------------------------------
ARCHIVE: dict[str, Any] = {
    "folder": environment.archive_folder or environment.home / "archive",
    "account": environment.archive_account,  # whose the server's files are; only root can take another's place
    "scratch": environment.archive_scratch,  # where a server for an hour has its files: room for the whole cell
    "config": environment.pgbackrest_config,
}
if environment.archive:
    PORTS["tenants.archive"] = {
        "folder": "tenants.moments.folder.Folder",
        "pgbackrest": "integrations.pgbackrest.adapter.Repository",
    }[environment.archive]

# --- the security log outside -------------------------------------------------------------------------------------------
SECURITY_FOLDER = environment.security_folder or environment.home / "security"
SOC_URL = environment.soc_url
SOC_CERTIFICATE, SOC_KEY = environment.soc_certificate, environment.soc_key
SOC_AUTHORITIES = environment.soc_authorities
SOC_ENTERPRISE = environment.soc_enterprise
SECURITY_FEEDS: dict[str, str] = {}
if MODE != "test":
    SECURITY_FEEDS = {
        "lines": "integrations.soc.adapter.Lines",
        "anchors": "integrations.soc.adapter.Anchors",
    }
if SOC_URL:
    SECURITY_FEEDS["syslog"] = "integrations.soc.adapter.Syslog"

LOGGING_CONFIG = None
configure_logs(environment.log_level, as_json=MODE == "live")
watch(environment.sentry_dsn)
SILENCED_SYSTEM_CHECKS = ["postgres.E005"]
