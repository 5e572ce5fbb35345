"""A process that holds every module of the service and makes a copy of itself for each start: a start takes a second.

What runs in the copy is `mixmatch run` (or another program) as ever: own environment, own folder, own log, and it can
be killed like any process. Nothing of an earlier run is in it. No tests live here.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
LOADED = (
    "bot.cli", "bot.commands.run", "bot.page_server", "bot.web.app", "bot.report.sheet", "bot.drawing",
    "bot.channels.telegram_bot", "matcher.encoder", "matcher.e5_reader", "onnxruntime", "tokenizers", "lingua",
    "xlsxwriter", "openpyxl", "tests.faults.clock_process",
)  # fmt: skip
LOAD_SECONDS = 120


@dataclass(slots=True)
class Running:
    """A started program, by its process id."""

    pid: int
    handle: int

    def has_ended(self, seconds: float = 0.0) -> bool:
        """Whether it ended, waiting so long for that."""
        poll = select.poll()
        poll.register(self.handle, select.POLLIN)
        return bool(poll.poll(seconds * 1000))

    def send(self, signal_: int) -> None:
        """Send a signal; one that ended already gets none."""
        if not self.has_ended():
            signal.pidfd_send_signal(self.handle, signal_)

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        self.send(signal.SIGKILL)
        assert self.has_ended(30)
        os.close(self.handle)


class Starter:
    """Starts programs, quickly."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def start(
        self, module: str, arguments: Sequence[str], environment: Mapping[str, str], folder: Path, log: Path
    ) -> Running:
        """Let `module`.run(arguments) run as a process of its own, in a folder, with only this environment."""
        asked = {"module": module, "arguments": list(arguments), "environment": dict(environment)}
        given = {**asked, "folder": str(folder), "log": str(log)}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(given).encode() + b"\n")
        self.process.stdin.flush()
        pid = int(self.process.stdout.readline())
        running = Running(pid, os.pidfd_open(pid))
        self.process.stdin.write(b"\n")  # only now may it be reaped: until here the number can't be another's
        self.process.stdin.flush()
        return running


@contextmanager
def starter() -> Iterator[Starter]:
    """A process from which programs start as long as the block lasts."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MIXMATCH_")}
    process = subprocess.Popen(
        [sys.executable, "-m", __name__],
        cwd=ROOT,
        env={**kept, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield Starter(process)
    finally:
        process.communicate(timeout=LOAD_SECONDS)  # an input that ends is the sign to leave


def main() -> None:
    """Load everything, then make a copy for every line on the input, until it closes."""
    before = dict(os.environ)
    for name in LOADED:
        importlib.import_module(name)
    set_by_loading = {name: value for name, value in os.environ.items() if before.get(name) != value}
    _say("ready")
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _become(asked, set_by_loading)
        _say(str(pid))
        sys.stdin.buffer.readline()
        _reap()
    deadline = time.monotonic() + LOAD_SECONDS / 2
    while _reap() and time.monotonic() < deadline:
        time.sleep(0.05)


def _say(word: str) -> None:
    print(word, flush=True)


def _reap() -> bool:
    """Let go of every copy that ended; whether there are others."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return False
    return True


def _become(asked: dict[str, Any], set_by_loading: Mapping[str, str]) -> None:
    code = 70
    try:
        nothing = os.open(os.devnull, os.O_RDONLY)
        log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(nothing, 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.chdir(asked["folder"])
        os.environ.clear()
        os.environ.update({**set_by_loading, **asked["environment"]})
        code = importlib.import_module(asked["module"]).run(asked["arguments"])
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
