"""Syslog over TLS to a security operations centre (ОЦИБ): both sides show certificates (RFC 5425 §4.2)."""

from __future__ import annotations

import select
import ssl
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from kernel import outgoing

SYSTEM = "soc"
TIMEOUT = 10.0
PATIENCE = 2.0


class CentreAway(Exception):
    """No connection, no trust, or it was cut before everything had gone."""


class Client:
    """One connection for a batch. Syslog has no answers: a batch counts as sent when the centre has closed in order."""

    def __init__(self, url: str, *, certificate: Path, key: Path, authorities: Path) -> None:
        place = urlsplit(url)
        if place.scheme != "tls" or not place.hostname:
            raise ValueError("MEKTEP_SOC_URL is written tls://host:port")
        self.host = place.hostname
        self.certificate, self.key, self.authorities = certificate, key, authorities

    def send(self, frames: Iterable[bytes]) -> None:
        """Send all of them. Raises CentreAway; then some may have arrived."""
        try:
            context = ssl.create_default_context(cafile=str(self.authorities))
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            context.load_cert_chain(str(self.certificate), str(self.key))
            with (
                outgoing.connect(SYSTEM, timeout=TIMEOUT) as plain,
                context.wrap_socket(plain, server_hostname=self.host) as secure,
            ):
                self._hear_whether_welcome(secure)
                secure.sendall(b"".join(frames))
                secure.unwrap().close()  # it answers our goodbye when it has read everything
        except (OSError, ValueError, outgoing.Unlisted) as failure:
            raise CentreAway(type(failure).__name__) from failure

    @staticmethod
    def _hear_whether_welcome(secure: ssl.SSLSocket) -> None:
        """By TLS 1.3 our certificate is judged after the handshake is over for us: a ticket says yes, an alert no."""
        if secure.version() != "TLSv1.3" or not select.select([secure], [], [], PATIENCE)[0]:
            return
        secure.setblocking(False)
        try:
            if not secure.recv(1):
                raise ConnectionResetError
        except ssl.SSLWantReadError:
            pass
        secure.settimeout(TIMEOUT)
