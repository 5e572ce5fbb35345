"""Stands between a client and a server on loopback and cuts or freezes the line when told; no tests live here."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

LONGEST_MARK = 64  # bytes, of those that tests use


class LineCutter:
    """A TCP proxy to a port on this machine.

    cut_at: bytes from the client at which its line is cut. cut_answer_at: bytes of the server before which it is cut,
    the answer half passed on. frozen: nothing passes, yet lines stay open. meanwhile: bytes from the client, and what
    happens once before they are passed on.
    """

    def __init__(self, target_port: int) -> None:
        self.target_port = target_port
        self.cut_at: bytes | None = None
        self.cut_answer_at: bytes | None = None
        self.frozen = False
        self.meanwhile: tuple[bytes, Callable[[], object]] | None = None
        self.cuts = 0
        self._lines: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]

    def cut_all(self) -> None:
        """Cut every open line now."""
        for line in self._lines:
            _hang_up(line)

    def run(self) -> None:
        """Take connections until closed; blocks."""
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target_port))
            self._lines += [client, server]
            for start, end, from_client in ((client, server, True), (server, client, False)):
                self._threads.append(threading.Thread(target=self._pass_on, args=(start, end, from_client)))
                self._threads[-1].start()

    def close(self) -> None:
        """Stop taking connections and cut every line."""
        _hang_up(self._listening)
        self.cut_all()
        for thread in self._threads:
            thread.join(5)
        for line in (self._listening, *self._lines):
            line.close()

    def _pass_on(self, start: socket.socket, end: socket.socket, from_client: bool) -> None:
        passed = b""  # the end of what went by: a line may hand over a mark in two pieces
        with suppress(OSError):
            while part := start.recv(65536):
                mark = self.cut_at if from_client else self.cut_answer_at
                found = None if mark is None else _found(mark, passed, part)
                if found is not None:
                    self.cuts += 1
                    if not from_client:
                        end.sendall(part[:found])
                    break
                passed = (passed + part)[-LONGEST_MARK:]
                if from_client and self.meanwhile is not None and self.meanwhile[0] in part:
                    happens, self.meanwhile = self.meanwhile[1], None
                    happens()
                if not self.frozen:
                    end.sendall(part)
        _hang_up(start)
        _hang_up(end)


def _found(mark: bytes, passed: bytes, part: bytes) -> int | None:
    """How many bytes of a part stand before a mark that ends in it; None when none does."""
    before = passed[max(0, len(passed) - len(mark) + 1) :]
    found = (before + part).find(mark)
    return None if found < 0 else max(0, found - len(before))


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


@contextmanager
def line_cutter(target_port: int) -> Iterator[LineCutter]:
    """Run a proxy to the port for as long as the block lasts."""
    cutter = LineCutter(target_port)
    thread = threading.Thread(target=cutter.run)
    thread.start()
    try:
        yield cutter
    finally:
        cutter.close()
        thread.join(5)
