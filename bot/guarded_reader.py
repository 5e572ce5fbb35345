"""Reads what strangers send in a process of its own, with a limit on time and memory; what it says is inbox's work.

A mail or a sheet that breaks its reader takes that process down and nothing else: the next one gets a fresh process.
"""

import os
import pickle
import socket
import struct
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

SECONDS = 20.0  # of a processor; the slowest mail of 50 MB that is known needs four
MEMORY = 512 * 1024**2  # bytes of address space; a mail of 50 MB needs less than half of it
START_SECONDS = 120.0  # by the clock on the wall, for a process to be there; it needs a third of one
LAST_SECONDS = 1.0  # for a process to be gone once its line broke
FRESH_AFTER = 25_000_000  # bytes read: what reading remembers, such as names of charsets, does not pile up for ever
_ROOT = Path(__file__).parent.parent


class ReaderEnded(RuntimeError):
    """The process that reads came to an end on a mail or sheet."""


class NoReader(RuntimeError):
    """No process that reads could be begun: no fault of what there was to read."""


class Reader(Protocol):
    """How the bytes of strangers are read."""

    def mail(self, raw: bytes, own_addresses: Collection[str], envelope_sender: str | None) -> Message:
        """As `read_mail`. May raise TimeoutError, MemoryError, `ReaderEnded` or `NoReader` as well."""

    def sheet(self, attachments: Sequence[Attachment]) -> BudgetSheet | SheetRefusal | None:
        """As `find_budget_sheet`. May raise `NoReader`."""


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
    _given: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def mail(self, raw: bytes, own_addresses: Collection[str], envelope_sender: str | None) -> Message:
        """As `read_mail`. Raises TimeoutError, MemoryError or `ReaderEnded` for a mail that breaks the limits.

        Raises `NoReader` when it could not even be looked at.
        """
        found = self._ask("mail", raw, tuple(own_addresses), envelope_sender)
        if isinstance(found, Message):
            return found
        raise UnreadableMail("the mail is empty")

    def sheet(self, attachments: Sequence[Attachment]) -> BudgetSheet | SheetRefusal | None:
        """As `find_budget_sheet`; a sheet that breaks the limits is too large, and what came with it is answered.

        Raises `NoReader` when it could not even be looked at.
        """
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
                asked = pickle.dumps((task, given))
                child = self._living()
                if not self._given:
                    _wait_for(child)
                self._given += len(asked)
                return self._answer(child, asked)
            except BaseException as problem:
                # Half an answer may stand on the line, and memory in a thousand pieces: a fresh process has neither.
                self._end()
                logs.tell("reader_ended", task=task, problem=type(problem).__name__)
                raise

    def _answer(self, child: "_Child", asked: bytes) -> object:
        try:
            child.line.send_bytes(asked)
            # Who reads has no more memory than this; whoever took it over may say anything.
            found = _OnlyOurs(BytesIO(child.line.recv_bytes(self.memory))).load()
        except BlockingIOError as problem:
            raise TimeoutError("reading took too long") from problem
        except Exception as problem:  # the line broke, or what came is no answer of ours
            raise _why_it_ended(child) from problem
        if found == reader_process.OUT_OF_MEMORY:
            raise MemoryError("reading took too much memory")
        return found

    def _living(self) -> "_Child":
        if self._child is not None and (self._given > FRESH_AFTER or self._child.process.poll() is not None):
            self._end()
        if self._child is None:
            try:
                self._child, self._given = _begin(self.seconds, self.memory), 0
            except OSError as problem:
                raise NoReader("the process that reads could not be begun") from problem
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
    _never_wait_longer(ours, seconds * reader_process.PATIENCE)
    return _Child(process, ours)


def _wait_for(child: _Child) -> None:
    """Until a process that was begun is ready to read. Raises `NoReader` when it never is."""
    try:
        if child.line.poll(START_SECONDS) and child.line.recv_bytes() == reader_process.READY:
            return
    except (OSError, EOFError) as problem:
        raise NoReader("the process that reads ended before it read anything") from problem
    raise NoReader("the process that reads is not there in time")


def _never_wait_longer(line: "Connection[Any, Any]", seconds: float) -> None:
    """Let the line break off when for so long nothing goes in or comes out: a process may hang, and not by reading."""
    wait = struct.pack("ll", int(seconds), max(int(seconds % 1 * 1_000_000), 1))
    with socket.socket(fileno=os.dup(line.fileno())) as same:
        for way in (socket.SO_SNDTIMEO, socket.SO_RCVTIMEO):
            same.setsockopt(socket.SOL_SOCKET, way, wait)


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
