"""The queue's server asks for its password and gives way to whoever took its port."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
import redis as client
from redis.backoff import NoBackoff
from redis.retry import Retry

from stack import redis


def test_a_second_call_finds_the_running_server(root: Path) -> None:
    first = redis.ensure(root, "test")
    assert redis.ensure(root, "test") == first
    assert client.Redis.from_url(f"{first.url}/1").ping()


def test_without_the_password_nothing_is_answered(root: Path) -> None:
    server = redis.ensure(root, "test")
    with pytest.raises(client.AuthenticationError):
        client.Redis(host=server.host, port=server.port, retry=Retry(NoBackoff(), 0)).ping()


def test_a_port_taken_meanwhile_is_left_to_its_holder(root: Path) -> None:
    first = redis.ensure(root, "test")
    assert redis.stop(root, "test") is True
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", first.port))
        holder.listen()
        second = redis.ensure(root, "test")
        assert second.port != first.port
