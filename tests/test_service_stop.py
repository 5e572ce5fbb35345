"""Asked to stop, the service ends what is in hand and leaves, whatever a server it waits for does."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.store.database import open_database
from tests.command_line import in_a_process
from tests.shelf import wait_until
from tests.store_builders import put

START_SECONDS = 90  # a loaded machine loads the model slowly
STOP_SECONDS = 10  # what an administrator, and every init system, may count on


@pytest.fixture
def silent_server() -> Iterator[tuple[int, threading.Event]]:
    """A sending server that takes a connection and then says nothing; its port, and whether somebody came."""
    came, held = threading.Event(), []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                held.append(listening.accept()[0])
            except OSError:
                return
            came.set()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listening.getsockname()[1], came
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join()
    for each in held:
        each.close()


def environment(folder: Path, smtp_port: int) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MIXMATCH_")}
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        web_port = free.getsockname()[1]
    return clean | {
        "MIXMATCH_DATA_DIR": str(folder), "MIXMATCH_MODEL_CACHE": str(Settings().model_cache),
        "MIXMATCH_SMTP_HOST": "127.0.0.1", "MIXMATCH_SMTP_PORT": str(smtp_port), "MIXMATCH_SMTP_SECURITY": "none",
        "MIXMATCH_LMTP_PORT": "0", "MIXMATCH_WEB_PORT": str(web_port), "MIXMATCH_LOG_FORMAT": "json",
    }  # fmt: skip


def test_it_stops_in_time_though_a_server_never_answers(
    tmp_path: Path, silent_server: tuple[int, threading.Event]
) -> None:
    folder, (port, came) = tmp_path / "data", silent_server
    folder.mkdir()
    with closing(open_database(folder / "mixmatch.db")) as db:
        put(db)
    log = tmp_path / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "run"], env=environment(folder, port), stdout=output, stderr=output
        )
    try:
        wait_until(lambda: came.is_set() or process.poll() is not None, START_SECONDS)
        second = in_a_process(tmp_path, "run", MIXMATCH_DATA_DIR=str(folder))
        assert (second.code, "Er draait al een dienst" in second.err) == (1, True)
        process.send_signal(signal.SIGTERM)
        assert process.wait(STOP_SECONDS) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()
    assert '"event": "stopped"' in log.read_text()
    with closing(open_database(folder / "mixmatch.db")) as db:
        assert [row["state"] for row in db.query("SELECT state FROM letters")] == ["sending"]
