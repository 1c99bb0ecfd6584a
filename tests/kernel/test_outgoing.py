"""A typed address leads to the open net or nowhere; whatever it is called, nothing private hears of it."""

from __future__ import annotations

import ipaddress
import random
import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from django.conf import settings

from kernel import outgoing
from kernel.outgoing import guarded

pytestmark = [pytest.mark.requirement("SEC-01"), pytest.mark.requirement("SEC-04")]

PRIVATE = (
    "127.0.0.1", "127.255.255.254", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1",
    "169.254.169.254", "100.64.0.1", "100.127.255.255", "0.0.0.0", "0.1.2.3", "192.0.0.8", "192.0.2.1", "198.18.0.1",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::1", "::", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "fc00::1",
    "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2002:7f00:1::",
    "2001::1", "2001:db8::1", "100::1", "5f00::1",
)  # fmt: skip
OPEN = ("8.8.8.8", "1.1.1.1", "95.56.234.10", "2606:4700:4700::1111", "2a00:1450:4001::200e")


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_of_ours_is_not_public(address: str) -> None:
    assert not outgoing.is_public(address)


@pytest.mark.parametrize("address", OPEN)
def test_an_address_of_the_net_is(address: str) -> None:
    assert outgoing.is_public(address)


class Sink:
    """Whatever tries to connect anywhere is written down; names lead where the test says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, names: dict[str, list[str]] | None = None) -> None:
        self.reached: list[tuple[str, int]] = []
        self.resolved: list[str] = []
        self.names = names or {}
        self.real = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self.resolve)
        monkeypatch.setattr(socket, "create_connection", self.connect)

    def resolve(self, host: str, port: int, *rest: Any, **more: Any) -> list[Any]:
        self.resolved.append(host)
        if host in self.names:
            found = self.names[host]
            # The second time the name means another machine, as an attacker's own server may say.
            self.names[host] = ["127.0.0.1"]
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]
        # Numbers in whatever writing are read by the system itself; no name is asked of anybody.
        return self.real(host, port, *rest, **{**more, "flags": socket.AI_NUMERICHOST})

    def connect(self, address: tuple[str, int], *_rest: Any, **_more: Any) -> socket.socket:
        self.reached.append(address)
        raise ConnectionRefusedError


def spellings(address: str, dice: random.Random) -> Iterator[str]:
    """The ways to write an IPv4 address that some reader takes for it."""
    number = int(ipaddress.IPv4Address(address))
    octets = address.split(".")
    yield from (address, str(number), hex(number), oct(number).replace("0o", "0"))
    yield ".".join(hex(int(one)) for one in octets)
    yield ".".join(f"0{int(one):o}" for one in octets)
    yield f"{octets[0]}.{number & 0xFFFFFF}"
    yield f"{octets[0]}.{octets[1]}.{number & 0xFFFF}"
    yield f"[::ffff:{address}]"
    yield f"[::{address}]"
    yield f"[64:ff9b::{number >> 16:x}:{number & 0xFFFF:x}]"
    yield f"[2002:{number >> 16:x}:{number & 0xFFFF:x}::]"
    yield f"{address}."
    yield "".join(chr(0xFF10 + int(one)) if one.isdigit() else dice.choice("。．") for one in address)


def hostile_urls() -> list[str]:
    dice = random.Random(18)
    inner = [one for one in PRIVATE if ":" not in one]
    urls = []
    for address in inner:
        for spelt in spellings(address, dice):
            urls.append(f"http://{spelt}/")
            urls.append(f"https://{spelt}:443/latest/meta-data/")
    for address in PRIVATE:
        if ":" in address:
            urls += [f"http://[{address}]/", f"http://[{address}%25lo]/"]
    for scheme in (
        "gopher",
        "file",
        "ftp",
        "dict",
        "ldap",
        "jar",
        "data",
        "javascript",
        "ws",
        "HTTP+UNIX",
        "",
    ):
        urls += [f"{scheme}://127.0.0.1/", f"{scheme}:127.0.0.1", f"{scheme}:///etc/passwd"]
    for odd in (
        "http://8.8.8.8@127.0.0.1/",
        "http://user:word@8.8.8.8/",
        "http://8.8.8.8\\@127.0.0.1/",
        "http://8.8.8.8#@127.0.0.1/",
        "http://8.8.8.8:22/",
        "http://8.8.8.8:6379/",
        "http://8.8.8.8:99999/",
        "http://8.8.8.8/\r\nHost: evil",
        "http://8.8.8.8/\tx",
        "http://\x00127.0.0.1/",
        "http:///",
        "//127.0.0.1/",
        "http://8.8.8.8/" + "x" * 3000,
        "http://[::1",
        "http://" + "a" * 300 + ".kz/",
        "http://8.8.8.8/құжат",
    ):
        urls.append(odd)
    return urls


def test_no_hostile_address_reaches_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    sink, urls = Sink(monkeypatch), hostile_urls()
    assert len(urls) >= 500
    for url in urls:
        # `#@` names the open host of its front: a fragment is nobody's machine.
        with pytest.raises(outgoing.NotFetched):
            outgoing.fetch(url)
    assert [one for one in sink.reached if not outgoing.is_public(one[0])] == []
    assert sink.resolved, "addresses were looked up, or nothing was tried"


class TestNames:
    def test_are_resolved_once_and_the_connection_goes_there(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A name that means another machine the second time gains nothing."""
        sink = Sink(monkeypatch, {"rebind.kz": ["8.8.8.8"]})
        with pytest.raises(outgoing.NotFetched, match="away"):
            outgoing.fetch("http://rebind.kz/")
        assert (sink.resolved, sink.reached) == (["rebind.kz"], [("8.8.8.8", 80)])

    @pytest.mark.parametrize("address", PRIVATE)
    def test_that_lead_to_us_are_not_visited(self, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
        sink = Sink(monkeypatch, {"inner.kz": [address]})
        with pytest.raises(outgoing.NotFetched, match="closed"):
            outgoing.fetch("https://inner.kz/")
        assert sink.reached == []

    def test_one_of_ours_among_several_closes_all(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sink = Sink(monkeypatch, {"both.kz": ["8.8.8.8", "10.0.0.1"]})
        with pytest.raises(outgoing.NotFetched, match="closed"):
            outgoing.fetch("http://both.kz/")
        assert sink.reached == []


def serving(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Visit a server on this machine, as if it stood in the open net."""
    near, far = socket.socketpair()
    near.sendall(answer)
    near.shutdown(socket.SHUT_WR)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("8.8.8.8", 80))])
    monkeypatch.setattr(socket, "create_connection", lambda *_a, **_k: far)
    try:
        found = outgoing.fetch("http://open.kz/a?b=c")
        return found, near.recv(1000)
    finally:
        near.close()


class TestVisits:
    def test_bring_what_lies_there(self, monkeypatch: pytest.MonkeyPatch) -> None:
        answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/calendar; charset=utf-8\r\n\r\nBEGIN"
        found, asked = serving(answer, monkeypatch)
        assert found == outgoing.Fetched(b"BEGIN", "text/calendar")
        assert asked.startswith(b"GET /a?b=c HTTP/1.1\r\nHost: open.kz\r\n")
        assert b"Cookie" not in asked

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_follow_nobody_elsewhere(self, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
        answer = f"HTTP/1.1 {status} X\r\nLocation: http://127.0.0.1/\r\n\r\n".encode()
        with pytest.raises(outgoing.NotFetched, match="redirect"):
            serving(answer, monkeypatch)

    @pytest.mark.parametrize(
        ("answer", "reason"),
        [
            (b"HTTP/1.1 500 X\r\n\r\n", "status"),
            (b"HTTP/1.1 204 X\r\n\r\n", "status"),
            (b"SSH-2.0-OpenSSH\r\n", "away"),
            (b"", "away"),
            (b"HTTP/1.1 200 OK\r\n\r\n" + bytes(guarded.LARGEST + 1), "too_large"),
        ],
    )
    def test_end_where_there_is_nothing_for_us(
        self, monkeypatch: pytest.MonkeyPatch, answer: bytes, reason: str
    ) -> None:
        near_size = min(len(answer), 100_000)
        monkeypatch.setattr(guarded, "LARGEST", min(guarded.LARGEST, 50_000))
        with pytest.raises(outgoing.NotFetched, match=reason):
            serving(answer[:near_size], monkeypatch)

    def test_end_after_three_seconds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        near, far = socket.socketpair()
        monkeypatch.setattr(guarded, "SECONDS", 0.2)
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("8.8.8.8", 80))])
        monkeypatch.setattr(socket, "create_connection", lambda *_a, **_k: far)
        with near, pytest.raises(outgoing.NotFetched, match="away"):
            outgoing.fetch("http://slow.kz/")

    def test_are_private_by_https(self, monkeypatch: pytest.MonkeyPatch) -> None:
        named: list[str] = []

        def wrap(_self: ssl.SSLContext, plain: socket.socket, *, server_hostname: str) -> socket.socket:
            named.append(server_hostname)
            raise ssl.SSLCertVerificationError

        Sink(monkeypatch, {"open.kz": ["8.8.8.8"]})
        one, other = socket.socketpair()
        monkeypatch.setattr(socket, "create_connection", lambda *_a, **_k: other)
        monkeypatch.setattr(ssl.SSLContext, "wrap_socket", wrap)
        with one, pytest.raises(outgoing.NotFetched, match="away"):
            outgoing.fetch("https://open.kz/")
        assert named == ["open.kz"]


class TestSystems:
    def test_are_those_that_settings_name(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for system in ("evil", "", "SECRET_KEY"):
            with pytest.raises(outgoing.Unlisted):
                outgoing.connect(system, timeout=1)
            with pytest.raises(outgoing.Unlisted):
                outgoing.http(system, timeout=httpx.Timeout(1))

    def test_a_client_speaks_with_its_system_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor(1) as pool:
            port = server.getsockname()[1]
            monkeypatch.setattr(settings, "NCANODE_URL", f"http://127.0.0.1:{port}")
            monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
            pool.submit(_redirects, server)
            with outgoing.http("ncanode", timeout=httpx.Timeout(5)) as client:
                assert client.get("/a").status_code == 302
                for other in (
                    f"http://127.0.0.1:{port + 1}/",
                    "http://localhost/",
                    f"https://127.0.0.1:{port}/",
                ):
                    with pytest.raises(outgoing.Unlisted):
                        client.get(other)


def _redirects(server: socket.socket) -> None:
    to, _address = server.accept()
    with to:
        to.recv(2000)
        to.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n")
