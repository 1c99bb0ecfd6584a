"""NCANode as its controllers answer, with its traps, over the made-up authority: POST /cms/verify, GET /actuator/health.

Beside it, for the demo, a phone: POST /phone {"iin": …, "square": …} lets that person's eGov Mobile read a square.

GOST itself is stood in for by RSA under GOST's names, as `Authority.sign(as_gost=True)` makes it.
"""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from asn1crypto import cms as asn1
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from integrations.eds_simulator.authority import Authority
from integrations.eds_simulator.ncalayer import Desk
from integrations.eds_simulator.phone import Phone, over_loopback

_REVOKED = "REVOKED"


class Server(ThreadingHTTPServer):
    """`silent` lists what is out of order: "ocsp" (revocation unknown), "all" (HTTP 500), "nonsense" (no JSON)."""

    daemon_threads = True

    def __init__(self, authority: Authority, port: int = 0, desk: Desk | None = None) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.authority = authority
        self.desk = desk
        self.silent: set[str] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        if self.path == "/actuator/health":
            return self._answer(200, {"status": "UP"})
        return self._answer(404, {"status": 404, "message": "Not Found"})

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if "nonsense" in self.server.silent:
            return self._write(200, b"<html>proxy</html>")
        if "all" in self.server.silent:
            return self._answer(500, {"status": 500, "message": "Internal error"})
        if self.path == "/phone" and self.server.desk is not None:
            return self._phone(self.server.desk, json.loads(sent))
        if self.path != "/cms/verify":
            return self._answer(404, {"status": 404, "message": "Not Found"})
        try:
            asked = json.loads(sent)
            return self._answer(200, verify(self.server.authority, asked, silent=self.server.silent))
        except (ValueError, KeyError, TypeError):
            return self._answer(400, {"status": 400, "message": "CMS is malformed"})

    def _phone(self, desk: Desk, asked: dict[str, str]) -> None:
        key = desk.key(asked["iin"])
        if key is None:
            return self._answer(404, {"message": "There is no such person."})
        return self._answer(*Phone(desk.authority, key, over_loopback).scan(asked["square"]))

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        self._write(status, json.dumps(body, ensure_ascii=False).encode())

    def _write(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: who asks looks at the answers."""


def verify(authority: Authority, asked: dict[str, Any], *, silent: set[str]) -> dict[str, Any]:
    """As CmsService.verify: it begins with true, and takes the data given only when the CMS holds none."""
    data = asn1.ContentInfo.load(base64.b64decode(asked["cms"]), strict=True)["content"]
    inside = data["encap_content_info"]["content"].native
    content = inside if inside is not None else base64.b64decode(asked.get("data") or "")
    found = [x509.load_der_x509_certificate(one.chosen.dump()) for one in data["certificates"]]
    valid, signers = True, list[dict[str, Any]]()
    for signer in data["signer_infos"]:
        serial = signer["sid"].chosen["serial_number"].native
        leaf = next((one for one in found if one.serial_number == serial), None)
        if leaf is None:
            signers.append({"certificates": []})
            continue
        certificate = _certificate(authority, leaf, silent=silent)
        valid = valid and certificate["valid"] and _holds(signer, leaf, content)
        signers.append({"certificates": [certificate], **_stamp(signer)})
    return {"status": 200, "message": "OK", "valid": valid, "signers": signers}


def _certificate(authority: Authority, leaf: x509.Certificate, *, silent: set[str]) -> dict[str, Any]:
    now = datetime.now(UTC)
    revoked = authority.revoked.get(leaf.serial_number)
    is_known = "ocsp" not in silent
    said = {"revoked": bool(revoked and is_known), "by": "OCSP", "revocationTime": None}
    said["reason"] = _REVOKED if said["revoked"] else "OK" if is_known else "UNKNOWN"
    in_force = leaf.not_valid_before_utc <= now <= leaf.not_valid_after_utc
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    subject = {"commonName": _one(leaf.subject, NameOID.COMMON_NAME), "country": "KZ"}
    for key, oid in (("iin", NameOID.SERIAL_NUMBER), ("bin", NameOID.ORGANIZATIONAL_UNIT_NAME)):
        value = _one(leaf.subject, oid)
        if value.startswith(key.upper()):
            subject[key] = value[3:]
    return {
        "valid": in_force and not revoked and is_known and _is_ours(authority, leaf),
        "revocations": [said],
        "notBefore": _written(leaf.not_valid_before_utc),
        "notAfter": _written(leaf.not_valid_after_utc),
        "keyUsage": "SIGN" if usage.content_commitment else "AUTH",
        "serialNumber": f"{leaf.serial_number:x}",
        "signAlg": "ECGOST3410-2015-512",
        "subject": subject,
        "issuer": {"commonName": _one(leaf.issuer, NameOID.COMMON_NAME), "country": "KZ"},
    }


def _is_ours(authority: Authority, leaf: x509.Certificate) -> bool:
    try:
        leaf.verify_directly_issued_by(authority.middle.certificate)
    except (InvalidSignature, ValueError):
        return False
    return True


def _one(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    found = name.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def _holds(signer: asn1.SignerInfo, leaf: x509.Certificate, content: bytes) -> bool:
    digest = hashes.Hash(hashes.SHA256())
    digest.update(content)
    said = {one["type"].native: one["values"][0].native for one in signer["signed_attrs"]}
    key = leaf.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    try:
        key.verify(
            signer["signature"].native,
            signer["signed_attrs"].untag().dump(),
            padding.PKCS1v15(),
            hashes.SHA256(),
        )
    except InvalidSignature:
        return False
    return bool(said["message_digest"] == digest.finalize())


def _stamp(signer: asn1.SignerInfo) -> dict[str, Any]:
    for one in signer["unsigned_attrs"]:
        if one["type"].native == "signature_time_stamp_token":
            info = one["values"][0]["content"]["encap_content_info"]["content"].parsed
            return {
                "tsp": {
                    "serialNumber": f"{info['serial_number'].native:x}",
                    "genTime": _written(info["gen_time"].native),
                    "policy": info["policy"].dotted,
                    "tsa": None,
                }
            }
    return {}
