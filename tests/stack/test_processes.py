"""Programs are found again and stopped whole; strangers are left in peace."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import psutil
import pytest

from stack.errors import StackError
from stack.processes import Program, Supervisor, lives, wait_for

WITH_CHILD = (
    "import subprocess, sys, signal; c = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "print(c.pid, flush=True); c.wait()"
)


def program(folder: Path, code: str) -> Program:
    return Program("thing", [sys.executable, "-c", code], dict(os.environ), folder, folder / "thing.log")


@pytest.fixture
def supervisor(tmp_path: Path) -> Supervisor:
    return Supervisor(tmp_path / "run")


def test_a_program_is_found_again_and_stopped_with_its_children(
    tmp_path: Path, supervisor: Supervisor
) -> None:
    thing = program(tmp_path, WITH_CHILD)
    started = supervisor.start(thing)
    wait_for(started, lambda: thing.log.read_text().strip().isdigit(), what="thing", log=thing.log)
    child = psutil.Process(int(thing.log.read_text()))

    assert Supervisor(supervisor.folder).find("thing") == started
    assert supervisor.start(thing) == started, "a second start finds the first"
    assert os.getsid(started.pid) == started.pid != os.getsid(0), "it lives apart from this terminal"
    assert supervisor.stop("thing") is True
    assert not lives(child)
    assert supervisor.find("thing") is None
    assert supervisor.stop("thing") is False


@pytest.mark.parametrize("difference", ["started", "command"])
def test_a_stranger_with_the_same_number_is_not_stopped(supervisor: Supervisor, difference: str) -> None:
    myself = psutil.Process()
    supervisor.record("thing", myself)
    assert supervisor.find("thing") == myself
    file = supervisor.folder / "thing.pid"
    note = json.loads(file.read_text())
    note[difference] = note["started"] - 3600 if difference == "started" else ["/bin/other"]
    file.write_text(json.dumps(note))

    assert supervisor.find("thing") is None
    assert supervisor.stop("thing") is False


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": "x"}', '{"pid": 1}'])
def test_a_spoilt_pid_file_means_not_running(supervisor: Supervisor, content: str) -> None:
    (supervisor.folder / "thing.pid").write_text(content)
    assert supervisor.find("thing") is None


def test_a_program_that_dies_is_reported_with_its_last_words(tmp_path: Path, supervisor: Supervisor) -> None:
    thing = program(tmp_path, "raise SystemExit('no such table')")
    started = supervisor.start(thing)
    with pytest.raises(StackError, match="ended at once") as refusal:
        wait_for(started, lambda: False, what="thing", log=thing.log)
    assert "no such table" in refusal.value.advice
