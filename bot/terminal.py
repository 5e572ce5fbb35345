"""What every command shares at the terminal: how it is called, how it refuses, how it shows progress."""

import argparse
import sys
from collections.abc import Callable
from typing import Protocol

from bot.settings import Settings

WRONG_USE, FAILURE = 2, 1
Progress = Callable[[str], None]


class Refused(Exception):
    """A command can't do what was asked; the message is a Dutch sentence for the person at the keyboard."""

    def __init__(self, sentence: str, code: int = FAILURE) -> None:
        super().__init__(sentence)
        self.code = code


class Command(Protocol):
    """A file in bot/commands: takes the parsed arguments and the settings, returns the exit code."""

    def __call__(self, options: argparse.Namespace, settings: Settings) -> int: ...


def progress(step: str) -> None:
    """Tell on stderr what is being done, so that nobody waits before a silent screen."""
    print(f"  … {step}", file=sys.stderr, flush=True)
