"""Reads what strangers send in a process of its own, with a limit on time and memory; what it says is inbox's work.

A mail or a sheet that breaks its reader takes that process down and nothing else: the next one gets a fresh process.
"""

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

from bot import logs, reader_process
from inbox.budget_sheet import BudgetSheet, find_budget_sheet
from inbox.mail import UnreadableMail, read_mail
from inbox.message import Attachment, Message
from inbox.sheet_cells import SheetRefusal, is_sheet

SECONDS = 20.0  # of a processor; the slowest mail of 50 MB that is known needs five
MEMORY = 512 * 1024**2  # bytes of address space; a mail of 50 MB needs less than half of it
LAST_SECONDS = 1.0  # for a process to be gone once its line broke
_ROOT = Path(__file__).parent.parent


class ReaderEnded(RuntimeError):
    """The process that reads came to an end on a mail or sheet."""


class Reader(Protocol):
    """How the bytes of strangers are read."""

    def mail(self, raw: bytes, own_addresses: Collection[str], envelope_sender: str | None) -> Message:
        """As `read_mail`. May raise TimeoutError, MemoryError or `ReaderEnded` as well."""

    def sheet(self, attachments: Sequence[Attachment]) -> BudgetSheet | SheetRefusal | None:
        """As `find_budget_sheet`. Never raises."""


class PlainReader:
    """Reads in this process: for what somebody at a terminal gives to read, who sees it when that takes long."""

    def mail(self, raw: bytes, own_addresses: Collection[str], envelope_sender: str | None) -> Message:
        """As `read_mail`."""
        return read_mail(raw, own_addresses=own_addresses, envelope_sender=envelope_sender)

    def sheet(self, attachments: Sequence[Attachment]) -> BudgetSheet | SheetRefusal | None:
        """As `find_budget_sheet`."""
        return find_budget_sheet(attachments)


READS_HERE = PlainReader()


@dataclass(slots=True)
class GuardedReader:
    """Reads in another process, kept warm, with limits for one mail or sheet.

    `seconds` are those of a processor, so that a busy machine makes no mail unreadable; by the clock on the wall it may
    take six times as long. `memory` is in bytes.
    """

    seconds: float = SECONDS
    memory: int = MEMORY
    _child: "_Child | None" = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def mail(self, raw: bytes, own_addresses: Collection[str], envelope_sender: str | None) -> Message:
        """As `read_mail`. Raises TimeoutError, MemoryError or `ReaderEnded` for a mail that breaks the limits."""
        found = self._ask("mail", raw, tuple(own_addresses), envelope_sender)
        if isinstance(found, Message):
            return found
        raise UnreadableMail("the mail is empty")

    def sheet(self, attachments: Sequence[Attachment]) -> BudgetSheet | SheetRefusal | None:
        """As `find_budget_sheet`; a sheet that breaks the limits is too large, and what came with it is answered."""
        files = tuple(each for each in attachments if is_sheet(each))
        if not files:
            return None
        try:
            found = self._ask("sheet", *files)
        except (TimeoutError, MemoryError, ReaderEnded):
            return SheetRefusal(files[0].filename, "too_large")
        return found if isinstance(found, BudgetSheet | SheetRefusal) else None

    def start(self) -> None:
        """Have the process ready before it is needed."""
        with self._lock:
            self._living()

    def close(self) -> None:
        """End the process; whoever asks again gets a new one."""
        with self._lock:
            self._end()

    @property
    def process_id(self) -> int | None:
        """The number of the process that reads; None while there is none."""
        return self._child.process.pid if self._child else None

    def _ask(self, task: str, *given: object) -> object:
        with self._lock:
            try:
                return self._answer(self._living(), pickle.dumps((task, given)))
            except BaseException as problem:
                # Half an answer may stand on the line, and memory in a thousand pieces: a fresh process has neither.
                self._end()
                logs.tell("reader_ended", task=task, problem=type(problem).__name__)
                raise

    def _answer(self, child: "_Child", asked: bytes) -> object:
        try:
            child.line.send_bytes(asked)
            in_time = child.line.poll(self.seconds * reader_process.PATIENCE)
            found = _OnlyOurs(BytesIO(child.line.recv_bytes())).load() if in_time else None
        except (OSError, EOFError, pickle.UnpicklingError) as problem:
            raise _why_it_ended(child) from problem
        if not in_time:
            raise TimeoutError("reading took too long")
        if found == reader_process.OUT_OF_MEMORY:
            raise MemoryError("reading took too much memory")
        return found

    def _living(self) -> "_Child":
        if self._child is not None and self._child.process.poll() is not None:
            self._end()
        if self._child is None:
            self._child = _begin(self.seconds, self.memory)
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.line.close()
            child.process.kill()
            child.process.wait()


@dataclass(frozen=True, slots=True, eq=False)
class _Child:
    process: "subprocess.Popen[bytes]"
    line: "Connection[Any, Any]"


def _begin(seconds: float, memory: int) -> _Child:
    ours, its = Pipe()
    # It needs no passwords, says nothing by itself (an error could hold words of a mail), and a Ctrl-C is not for it.
    known = {name: value for name, value in os.environ.items() if not name.startswith("MIXMATCH_")}
    with its:
        process = subprocess.Popen(  # noqa: S603 - this interpreter with a module of our own
            [sys.executable, "-P", "-m", reader_process.__name__, str(its.fileno()), str(seconds), str(memory)],
            env={**known, "PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            pass_fds=[its.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    return _Child(process, ours)


def _why_it_ended(child: _Child) -> Exception:
    with suppress(subprocess.TimeoutExpired):  # one that sent what it should not is still there
        if child.process.wait(LAST_SECONDS) == -reader_process.OUT_OF_TIME:
            return TimeoutError("reading took too long")
    return ReaderEnded("the process that reads came to an end")


class _OnlyOurs(pickle.Unpickler):
    """Makes nothing but the records of a mail and a sheet: the other process may be in the hands of what it read."""

    def find_class(self, module: str, name: str) -> Any:
        """The class of one of those records. Raises UnpicklingError for anything else."""
        if f"{module}.{name}" not in reader_process.RECORDS:
            raise pickle.UnpicklingError("not one of our records")
        return super().find_class(module, name)
