"""NCALayer as it speaks over its WebSocket (§1.1), without TLS: greeting, `basics` and the frozen `commonUtils`.

Instead of a window with a file and its password, `Desk` says what the person does.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from integrations.eds_simulator.authority import Authority, Holder, KeyPair

VERSION = "1.4"
BASICS, COMMON = "kz.gov.pki.knca.basics", "kz.gov.pki.knca.commonUtils"
CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"


@dataclass
class Desk:
    """Whose keys lie on the machine and what the person at it does.

    `does`: "signs", "cancels" (closes the window), "fails", "drops" (the program ends), "thinks" (never answers in time);
    `uses`: the number whose key is used whatever was asked, as a person who picks a file can; `purpose`: "sign", "auth".
    """

    authority: Authority
    holders: dict[str, Holder] = field(default_factory=dict)
    does: str = "signs"
    uses: str = ""
    purpose: str = "sign"
    is_expired: bool = False
    is_gost: bool = False
    has_basics: bool = True
    keys: dict[tuple[str, str, bool], KeyPair] = field(default_factory=dict)

    def key(self, iin: str) -> KeyPair | None:
        """The key of the number asked, of the only one there is, or of the one the person picks."""
        wanted = self.uses or iin or (next(iter(self.holders)) if len(self.holders) == 1 else "")
        holder = self.holders.get(wanted)
        if holder is None:
            return None
        place = (wanted, self.purpose, self.is_expired)
        if place not in self.keys:
            until = self.authority.at.replace(microsecond=0) if self.is_expired else None
            self.keys[place] = self.authority.person(holder, purpose=self.purpose, until=until)
        return self.keys[place]


def answer(desk: Desk, asked: dict[str, Any]) -> dict[str, Any] | None:
    """The reply to one request; None when the program ends instead."""
    module, method, args = asked.get("module"), asked.get("method"), asked.get("args")
    if module == BASICS and desk.has_basics and method == "sign":
        return _basics(desk, args or {})
    if module == COMMON:
        return _common(desk, str(method), args or [])
    if module == BASICS:
        return {"status": False, "code": "MODULE_NOT_FOUND", "message": "Module is not found.", "details": ""}
    return {}  # what else is tried, as KAZTOKEN's own getVersion


def _basics(desk: Desk, args: dict[str, Any]) -> dict[str, Any] | None:
    if desk.does == "drops":
        return None
    if desk.does == "fails" or args.get("format") != "cms":
        details = 'org.json.JSONException: JSONObject["data"] not found.'
        message = "An invoked method threw an exception."
        return {"status": False, "code": "INVOCATION_ERROR", "message": message, "details": details}
    key = desk.key((args.get("signerParams") or {}).get("iin") or "")
    if desk.does == "cancels" or key is None:
        return {"status": True, "body": {}}
    how = {"decode": False, "encapsulate": True, "digested": False, "tsaProfile": None} | args[
        "signingParams"
    ]
    data = args["data"]
    many = isinstance(data, list)
    made = [_pem(_cms(desk, key, one, how)) for one in (data if many else [data])]
    return {"status": True, "body": {"result": made if many else made[0]}}


def _cms(desk: Desk, key: KeyPair, data: str, how: dict[str, Any]) -> bytes:
    # Without "decode" the base64 text itself is what is signed: a trap of the real one.
    content = base64.b64decode(data) if how["decode"] else data.encode()
    return desk.authority.sign(
        key,
        content,
        attached=how["encapsulate"],
        stamp=how["tsaProfile"] is not None,
        as_gost=desk.is_gost,
    )


def _common(desk: Desk, method: str, args: list[Any]) -> dict[str, Any] | None:
    if method == "getActiveTokens":
        return {"code": "200", "responseObject": []}
    if method == "changeLocale":
        return {"code": "200"}
    if method not in ("createCAdESFromBase64", "createCMSSignatureFromBase64"):
        return {"code": "500", "message": f"java.lang.NoSuchMethodException: {method}"}
    if not isinstance(args[1], str):
        why = f"java.lang.IllegalArgumentException: argument type mismatch. Method: {method}"
        return {"code": "500", "message": why}
    if desk.does == "drops":
        return None
    key = desk.key("")
    if desk.does == "cancels" or key is None:
        return {"code": "500", "message": "action.canceled"}
    how: dict[str, Any] = {
        "decode": True,
        "encapsulate": bool(args[3]),
        "tsaProfile": {} if "CMSSignature" in method else None,
    }
    return {"code": "200", "responseObject": _pem(_cms(desk, key, args[2], how))}


def _pem(der: bytes) -> str:
    text = base64.encodebytes(der).decode()
    return f"-----BEGIN CMS-----\n{text}-----END CMS-----\n"


def server(desk: Desk, port: int = 0) -> Server:
    """A server to be run by `serve_forever`; its port is that of its socket."""

    def speak(connection: ServerConnection) -> None:
        connection.send(json.dumps({"result": {"version": VERSION}}))
        try:
            for frame in connection:
                if desk.does == "thinks":
                    continue  # no answer comes: it waits for the person
                reply = answer(desk, json.loads(frame))
                if reply is None:
                    return
                connection.send(json.dumps(reply, ensure_ascii=False))
        except ConnectionClosed:
            return

    return serve(speak, "127.0.0.1", port, max_size=64 * 1024 * 1024)
