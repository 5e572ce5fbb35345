"""The service as a process under load: started, looked at from outside, asked to stop. Feeds nothing."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.settings import Settings
from tests.bot_api import BotApi
from tests.faults.installation import UP
from tests.shelf import wait_until
from tests.smtp_receiver import SmtpReceiver
from tests.test_story_service import free_port

START_SECONDS = 180.0
STOP_SECONDS = 30.0
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Running:
    """A service that is up; `log` holds a JSON object a line, `times` what tests/load/timed.py wrote."""

    process: subprocess.Popen[bytes]
    folder: Path
    lmtp_port: int
    times: Path

    @property
    def log(self) -> Path:
        """What the service logs."""
        return self.folder / "log"

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "mixmatch.db"

    def megabytes(self) -> float:
        """Resident memory of the service and of the process that reads for it."""
        return sum(_status(each, "VmRSS") for each in self._pids()) / 1024

    def own_megabytes(self) -> float:
        """Resident memory of the service alone."""
        return _status(self.process.pid, "VmRSS") / 1024

    def cpu_seconds(self) -> float:
        """Seconds of a core that both have used since they began."""
        return sum(_ticks(each) for each in self._pids()) / TICKS

    def _pids(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return [self.process.pid, *map(int, children.split())]

    def count(self, sql: str) -> int:
        """One number from the database, beside the service."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30)) as db:
            return int(db.execute(sql).fetchone()[0])

    def file_bytes(self) -> int:
        """Bytes of the database in use, what still stands in the log beside it put in first."""
        with closing(sqlite3.connect(self.database, timeout=30)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return self.count(
            "SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size)"
        )

    def spent(self) -> dict[str, tuple[int, float, float]]:
        """By question to the database (and the language model): how often, seconds in all, the longest."""
        if not self.times.exists():
            return {}
        read = json.loads(self.times.read_text(encoding="utf-8") or "{}")
        return {what: (int(row[0]), row[1], row[2]) for what, row in read.items()}


def _status(pid: int, name: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)


def _ticks(pid: int) -> int:
    try:
        cells = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except FileNotFoundError:
        return 0
    return int(cells[11]) + int(cells[12])


@contextmanager
def running(folder: Path, receiver: SmtpReceiver, telegram: BotApi, *, timed: bool) -> Iterator[Running]:
    """`mixmatch run` on the database in this folder, between these servers; killed when it does not stop."""
    port, web = free_port(), free_port()
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG", "OMP_NUM_THREADS") if name in os.environ},
        "PYTHONPATH": str(Path(__file__).parent.parent.parent),
        "MIXMATCH_DATA_DIR": str(folder),
        "MIXMATCH_MODEL_CACHE": str(Settings().model_cache),
        "MIXMATCH_SMTP_HOST": "127.0.0.1",
        "MIXMATCH_SMTP_PORT": str(receiver.port),
        "MIXMATCH_SMTP_SECURITY": "none",
        "MIXMATCH_LMTP_PORT": str(port),
        "MIXMATCH_WEB_PORT": str(web),
        "MIXMATCH_WEB_BASE_URL": f"http://127.0.0.1:{web}",
        "MIXMATCH_TELEGRAM_TOKEN": telegram.token,
        "MIXMATCH_TELEGRAM_BASE_URL": telegram.base_url,
        "MIXMATCH_TELEGRAM_BASE_FILE_URL": telegram.base_file_url,
        "MIXMATCH_PROGRAMME_LETTERS_A_DAY": "60000",
        "MIXMATCH_LOG_FORMAT": "json",
    }
    times = folder / "times.json"
    program = ["-m", "tests.load.timed", str(times)] if timed else ["-m", "bot.cli"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, *program, "run"], env=environment, stdout=log, stderr=log)
    found = Running(process, folder, port, times)
    try:
        wait_until(lambda: UP in found.log.read_bytes() or process.poll() is not None, START_SECONDS)
        if process.poll() is not None:
            raise RuntimeError(found.log.read_text(encoding="utf-8"))
        yield found
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
