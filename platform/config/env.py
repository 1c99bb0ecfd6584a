"""What the environment says, typed; a wrong value stops the start with its name.

A command typed by hand finds the values of the running demo in `$MEKTEP_HOME/demo/env`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("MEKTEP_HOME", ROOT / "var")).resolve()


class Environment(BaseSettings):
    """Every setting that differs between installations; names carry the prefix MEKTEP_."""

    model_config = SettingsConfigDict(env_prefix="MEKTEP_", env_file=HOME / "demo" / "env", extra="ignore")

    home: Path = HOME
    mode: Literal["demo", "live", "test"] = "live"
    debug: bool = False
    port: int = 8000
    base_host: str = "mektep.localhost"
    https: bool = False
    secret_key: str = Field(default="", repr=False)
    cell_key: str = Field(default="", repr=False)
    db_host: str = "127.0.0.1"
    db_port: int = 5432
    db_name: str = "mektep"
    db_owner_user: str = "postgres"
    db_owner_password: str = Field(default="", repr=False)
    db_role_prefix: str = ""
    cell_owner_passwords: dict[str, str] = Field(default_factory=dict, repr=False)
    db_connections_per_thread: int = Field(default=40, ge=1)
    db_pooler: bool = False
    redis_url: str = Field(default="", repr=False)
    outbox_days: int = Field(default=30, ge=1)
    files_root: Path | None = None
    keys_root: Path | None = None
    s3_bucket: str = ""  # files lie in it instead of in files_root
    s3_endpoint: str = ""
    s3_region: str = ""
    s3_access_key: str = Field(default="", repr=False)
    s3_secret_key: str = Field(default="", repr=False)
    signature_trust: Path | None = None
    ncalayer_url: str = "wss://127.0.0.1:13579"
    ncanode_url: str = ""
    egov_mobile_link: str = "https://m.egov.kz/mobileSign?link={link}"
    backup_folder: Path | None = None
    backup_reader: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    archive: Literal["", "folder", "pgbackrest"] = ""
    archive_folder: Path | None = None
    archive_account: str = ""
    archive_scratch: Path | None = None
    pgbackrest_config: Path = Path("/etc/pgbackrest/pgbackrest.conf")
    security_folder: Path | None = None
    soc_url: str = ""
    soc_certificate: Path | None = None
    soc_key: Path | None = None
    soc_authorities: Path | None = None
    soc_enterprise: str = Field(default="32473", pattern=r"^[0-9.]{1,40}$")
    policy: Literal["kz-tdib", "asvs"] = "kz-tdib"
    antivirus: Literal["off", "sim", "live"] = "off"
    clamd_url: str = Field(default="", pattern=r"^((tcp://.+:\d+|unix:///.+))?$")
    sentry_dsn: str = Field(default="", repr=False)
    log_level: str = "INFO"

    def lacking(self) -> list[str]:
        """What a live installation does not start without, or with: each would open it quietly."""
        if self.mode != "live":
            return []
        wanted = {
            "MEKTEP_SECRET_KEY": bool(self.secret_key),
            "MEKTEP_CELL_KEY": bool(self.cell_key),
            "MEKTEP_HTTPS=1": self.https,
            "MEKTEP_REDIS_URL": bool(self.redis_url),
            "MEKTEP_DEBUG=0": not self.debug,
            "MEKTEP_SOC_CERTIFICATE, _KEY and _AUTHORITIES": not self.soc_url
            or None not in (self.soc_certificate, self.soc_key, self.soc_authorities),
            "MEKTEP_ANTIVIRUS=live and MEKTEP_CLAMD_URL": self.antivirus == "live" and bool(self.clamd_url),
        }
        return [name for name, is_there in wanted.items() if not is_there]


environment = Environment()
