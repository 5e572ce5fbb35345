"""Runs `mixmatch` for tests: in this process where only the answer matters, in a real one where the process does."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import cli

ROOT = Path(__file__).parent.parent
ENGLISH = ("usage:", "positional", "optional", "options:", "show this", "argument", "expected", "invalid", "required")


@dataclass(frozen=True, slots=True)
class Answered:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


Mixmatch = Callable[..., Answered]


@pytest.fixture
def mixmatch(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Mixmatch:
    """Call mixmatch(argument, …) in this process, in an empty folder, with its data in <folder>/data."""
    for name in [name for name in os.environ if name.startswith("MIXMATCH_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MIXMATCH_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str | Path) -> Answered:
        capsys.readouterr()
        try:
            code = cli.run([str(each) for each in arguments])
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        out, err = capsys.readouterr()
        return Answered(code, out, err)

    return call


def in_a_process(folder: Path, *arguments: str, program: str = "", **environment: str) -> Answered:
    """Run mixmatch (or a program) as a process of its own, started in a folder."""
    start = ["-c", program] if program else ["-m", "bot.cli"]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ}
    ended = subprocess.run(
        [sys.executable, *start, *arguments],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), "MIXMATCH_DATA_DIR": str(folder / "data"), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=60,
    )
    return Answered(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


def parsers(parser: argparse.ArgumentParser | None = None) -> Iterator[argparse.ArgumentParser]:
    """The command and every command and action below it."""
    parser = parser or cli._parser()
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from parsers(below)


EVERY_COMMAND = [parser.prog.split()[1:] for parser in parsers()]
