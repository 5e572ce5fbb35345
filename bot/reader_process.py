"""The process in which mail and sheets are read: limits itself, then answers one task after the other.

It holds no settings, no passwords and no database, and opens no file and no line to anywhere. Who starts it, and what
a breach of its limits means, is guarded_reader.py's.
"""

import contextlib
import encodings
import importlib
import os
import pickle
import pkgutil
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from typing import Any, Final

from inbox.budget_sheet import BudgetSheet, find_budget_sheet
from inbox.mail import UnreadableMail, read_mail
from inbox.message import Attachment, Message
from inbox.sheet_cells import SheetRefusal

READY: Final = b"ready"
"""The first thing this process says."""
OUT_OF_MEMORY: Final = "out of memory"
OUT_OF_TIME: Final = signal.SIGPROF
"""The signal on which this process ends when a task took more than its share of a processor."""
PATIENCE: Final = 6
"""So many times its share a task may take by the clock on the wall, on a machine that is busy with other things."""
SPARE_SECONDS: Final = 5  # beside that: whoever asked ends this process before, unless that one is gone
FIRST_MAIL: Final = b"Subject: =?x?q?=E9?=\nContent-Type: text/html; charset*=x''y\n\n<p>Dag"
RECORDS: Final = frozenset({
    "datetime.datetime", "datetime.timedelta", "datetime.timezone",
    "inbox.message.Message", "inbox.message.Attachment",
    "inbox.shown_budget.BudgetSheet", "inbox.shown_budget.YearSums", "inbox.shown_budget.SheetRefusal",
})  # fmt: skip
"""The classes of everything in an answer."""


def answer_tasks(line: "Connection[Any, Any]", seconds: float) -> None:
    """Read what is asked until nobody is there to ask: a task is its name with what belongs to it, pickled.

    The answer is a pickled record, None, or `OUT_OF_MEMORY`.
    """
    while True:
        try:
            name, given = pickle.loads(line.recv_bytes())  # noqa: S301 - comes from the process that started this one
        except EOFError:
            return
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.setitimer(signal.ITIMER_REAL, seconds * PATIENCE + SPARE_SECONDS)
        try:
            answer = pickle.dumps(TASKS[name](*given))
        except MemoryError:
            answer = pickle.dumps(OUT_OF_MEMORY)
        line.send_bytes(answer)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        del name, given, answer  # a large mail is not kept in memory until the next one


def _mail(raw: bytes, own_addresses: tuple[str, ...], envelope_sender: str | None) -> Message | None:
    try:
        return read_mail(raw, own_addresses=own_addresses, envelope_sender=envelope_sender)
    except UnreadableMail:
        return None


def _sheet(*files: Attachment) -> BudgetSheet | SheetRefusal | None:
    return find_budget_sheet(files)


TASKS: Final[Mapping[str, Callable[..., object]]] = {"mail": _mail, "sheet": _sheet}


def limit_this_process(memory: int) -> None:
    """No more than so many bytes of memory, no file written or left behind, and no signal but the last word."""
    _limit((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0))
    # Whoever stops the service lets it finish what is in hand; the end of the line is the end of this process.
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.SIG_IGN)


def shut_this_process() -> None:
    """From now on nothing is opened any more, no file and no line, and no other process begun.

    So what reading needs is loaded before: every charset by its name, and whatever the first mail and sheet ask for.
    """
    for each in pkgutil.iter_modules(encodings.__path__):
        with contextlib.suppress(ImportError):  # those of another system
            importlib.import_module(f"{encodings.__name__}.{each.name}")
    _mail(FIRST_MAIL, (), None)
    _sheet(Attachment("begroting.csv", "text/csv", b"Inkomsten;1\nUitgaven;1\n"))
    # A charset that does not exist is looked for in the folder of those that do, and a module in these.
    encodings.__path__.clear()
    sys.path.clear()
    os.chdir("/")
    _limit((resource.RLIMIT_NOFILE, 0), (resource.RLIMIT_NPROC, 0))


def _limit(*limits: tuple[int, int]) -> None:
    for what, most in limits:
        with contextlib.suppress(ValueError, OSError):  # a system without this limit still has that on time
            resource.setrlimit(what, (most, most))


def main(arguments: list[str]) -> None:
    """Begin: the number of the line to whoever asks, the seconds for a task, the bytes of memory."""
    number, seconds, memory = arguments
    limit_this_process(int(memory))
    shut_this_process()
    with Connection(int(number)) as line:
        line.send_bytes(READY)
        answer_tasks(line, float(seconds))


if __name__ == "__main__":
    main(sys.argv[1:])
