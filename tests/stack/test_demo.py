"""The demo's run: one at a time, resumable, clear about what stands in its way."""

from __future__ import annotations

import json
import os
import socket
import stat
import sys
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from rich.console import Console

from stack import antivirus, demo, eds, environment, web
from stack.demo import Demo
from stack.errors import StackError
from stack.homes import Home
from stack.journal import Journal, single_run
from stack.ports import free_port

# Stands for the product's command: leaves a trace in the database, and may be told to break while filling.
PRODUCT = """
import json, os, pathlib, psycopg, sys
e = os.environ
home = pathlib.Path(e["MEKTEP_HOME"])
with (home / "calls").open("a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\\n")
with psycopg.connect(host=e["MEKTEP_DB_HOST"], port=e["MEKTEP_DB_PORT"], dbname=e["MEKTEP_DB_NAME"],
                     user=e["MEKTEP_DB_OWNER_USER"], password=e["MEKTEP_DB_OWNER_PASSWORD"]) as c:
    if sys.argv[1] == "migrate":
        c.execute("CREATE TABLE IF NOT EXISTS school (name text)")
    elif sys.argv[1:] == ["demo", "fill"]:
        c.execute("INSERT INTO school VALUES ('half')")
        c.commit()
        if (home / "break").exists():
            os.kill(os.getpid(), 9)
        c.execute("UPDATE school SET name = 'whole'")
        person = dict.fromkeys(("role", "full_name", "username", "password", "language"), "x")
        login = {"host": "a.mektep.localhost", "tenant": "a", "kind": "SCHOOL"} | person
        (home / "demo" / "logins.json").write_text(json.dumps([login]))
"""


@pytest.fixture
def output() -> StringIO:
    return StringIO()


@pytest.fixture
def run(root: Path, output: StringIO, monkeypatch: pytest.MonkeyPatch) -> Demo:
    root.mkdir()
    (root / "product.py").write_text(PRODUCT)
    monkeypatch.setattr(demo, "PRODUCT", [sys.executable, str(root / "product.py")])
    monkeypatch.setattr(demo, "WATCHED", ())
    monkeypatch.setattr(web, "start", lambda *_: None)
    monkeypatch.setattr(eds, "start", lambda *_: None)
    monkeypatch.setattr(antivirus, "start", lambda *_: None)
    monkeypatch.setenv("MEKTEP_PORT", str(free_port()))
    return Demo(root, Console(file=output, width=120))


def calls(root: Path) -> list[str]:
    return (root / "calls").read_text().splitlines()


def schools(root: Path) -> list[str]:
    values = dict(line.split("=", 1) for line in environment.path(root, "demo").read_text().splitlines())
    with psycopg.connect(
        host=values["MEKTEP_DB_HOST"],
        port=values["MEKTEP_DB_PORT"],
        dbname=values["MEKTEP_DB_NAME"],
        user=values["MEKTEP_DB_OWNER_USER"],
        password=values["MEKTEP_DB_OWNER_PASSWORD"],
    ) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM school").fetchall()]


def test_a_second_start_keeps_the_data_and_repeats_nothing(root: Path, run: Demo, output: StringIO) -> None:
    run.start()
    run.start()

    assert calls(root) == ["migrate", "demo fill", "timetable prepare"]
    assert schools(root) == ["whole"]
    assert "a.mektep.localhost" in output.getvalue()


def test_a_filling_killed_half_way_begins_again_from_an_empty_database(root: Path, run: Demo) -> None:
    (root / "break").touch()
    with pytest.raises(StackError, match="'fill' failed"):
        run.start()
    assert schools(root) == ["half"]
    (root / "break").unlink()

    Demo(root, run.console).start()

    assert schools(root) == ["whole"]
    assert calls(root) == ["migrate", "demo fill", "migrate", "demo fill", "timetable prepare"]


def test_clean_demo_removes_the_data_and_stop_keeps_it(root: Path, run: Demo) -> None:
    run.start()
    run.stop()
    assert (root / "demo" / "logins.json").exists()
    run.clean()
    assert not (root / "demo").exists()


def test_what_is_told_to_the_product_is_for_its_owner_only(root: Path, run: Demo) -> None:
    run.start()
    file = environment.path(root, "demo")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert environment.DATABASE in file.read_text()


def test_a_taken_port_is_named_before_any_work(
    root: Path, run: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        monkeypatch.setenv("MEKTEP_PORT", str(port))
        with pytest.raises(StackError, match=f"Port {port} is taken") as refusal:
            run.start()
    assert refusal.value.exit_code == 2
    assert f"MEKTEP_PORT={port + 1}" in refusal.value.advice
    assert not (root / "demo" / "postgres").exists()


@pytest.mark.parametrize("port", ["0", "65536", "x", "-1"])
def test_a_wrong_port_is_refused(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("MEKTEP_PORT", port)
    with pytest.raises(StackError, match="is not a port number"):
        environment.web_port()


def test_of_two_runs_at_once_the_second_is_told_who_is_at_work(root: Path) -> None:
    home = Home.at(root, "demo")
    second = single_run(home, "demo")
    with (
        single_run(home, "demo"),
        pytest.raises(StackError, match=f"demo, process {os.getpid()}") as refusal,
        second,
    ):
        pytest.fail("both were let in")
    assert refusal.value.exit_code == 2
    with single_run(home, "demo"):
        pass


def test_the_journal_tells_begun_from_done(tmp_path: Path) -> None:
    Journal(tmp_path / "state.json").begin("fill")
    assert Journal(tmp_path / "state.json").begun("fill")
    assert not Journal(tmp_path / "state.json").done("fill")

    Journal(tmp_path / "state.json").finish("fill", "one")
    assert Journal(tmp_path / "state.json").done("fill", "one")
    assert not Journal(tmp_path / "state.json").done("fill", "two")

    (tmp_path / "state.json").write_text(json.dumps([]))
    assert not Journal(tmp_path / "state.json").done("fill")
