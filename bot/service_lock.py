"""One service an installation, and no restoring under a running one: a lock in the folder. Starts nothing itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

NAME = "service.lock"


class InUse(RuntimeError):
    """Another process holds the installation: a running service, or somebody who puts a backup back."""


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the installation in this folder as long as the block lasts; a process that dies lets go of it.

    Raises `InUse`, without waiting, when another process holds it.
    """
    try:
        with FileLock(folder / NAME, timeout=0, mode=0o600):
            yield
    except Timeout as problem:
        raise InUse(str(folder)) from problem


def is_held(folder: Path) -> bool:
    """Whether a service runs on this folder now."""
    try:
        with held(folder):
            return False
    except InUse:
        return True
