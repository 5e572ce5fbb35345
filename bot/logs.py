"""The log of the service: one line a record, as text or JSON, with the case it is about; never a word of a person.

What is told here are codes and numbers. What other programs tell is stripped of addresses and secrets, and of an
exception only its kind and its place in the code are told, because its message may hold what somebody wrote.
"""

import json
import logging
import re
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO

from bot.links import without_secrets
from bot.settings import Log
from inbox.privacy import mask

NAME = "mixmatch"
TALKATIVE = ("httpx", "httpcore", "sentence_transformers", "mail.log", "asyncio", "multipart")
SILENT = ("telegram",)  # its log would hold the bot's token, which stands in every address, and words of messages
OWN_WAYS = ("uvicorn", "uvicorn.error", "uvicorn.access")  # would log in their own form, past ours
BOT_TOKEN = re.compile(r"\b\d{5,20}:[\w-]{20,}")
LONGEST = 2000  # signs of one record

_told: Counter[str] = Counter()
_lock = threading.Lock()


def tell(event: str, **facts: str | int | None) -> None:
    """Log what happened by its code, with codes and numbers only; `case` is the number of a case in the store."""
    known = {name: value for name, value in facts.items() if value is not None}
    words = " ".join([event, *(f"{name}={value}" for name, value in known.items())])
    note(event)
    logging.getLogger(NAME).info("%s", words, extra={"facts": {"event": event, **known}})


def note(event: str) -> None:
    """Count one happening of an event without logging it."""
    with _lock:
        _told[event] += 1


def told() -> Mapping[str, int]:
    """How often each event was told since the process began."""
    with _lock:
        return dict(_told)


def begin(settings: Log, stream: TextIO | None = None) -> None:
    """Let everything that this process logs go to one stream (stderr unless named), in the form of the settings."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if settings.format == "json" else TextLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel({"info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}[settings.level])
    for name in OWN_WAYS:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.ERROR)
    for name in SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


class TextLines(logging.Formatter):
    """A record as a line for a person; a record is never more than one line, so that nobody can forge another."""

    def format(self, record: logging.LogRecord) -> str:
        """Moment, part of the program, words."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        return " ".join([at, record.levelname, record.name, _words(record), *filter(None, [_problem(record)])])


class JsonLines(logging.Formatter):
    """A record as one JSON object on a line: at, level, logger, part, words, and its facts such as event and case."""

    def format(self, record: logging.LogRecord) -> str:
        """The object as text."""
        facts = getattr(record, "facts", {})
        cells = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "part": record.threadName,
            **facts,
            "words": _words(record),
        }
        if problem := _problem(record):
            cells["problem"] = problem
        return json.dumps(cells, ensure_ascii=False)


def _words(record: logging.LogRecord) -> str:
    try:
        text = record.getMessage()
    except Exception:  # a record that can't be written out must not stop what it is about
        text = str(record.msg)
    if not hasattr(record, "facts"):  # ours hold codes only
        text = harmless(text)
    return " ".join(text[:LONGEST].split())


def harmless(text: str) -> str:
    """Text of another program without addresses, numbers of people or secrets."""
    return mask(BOT_TOKEN.sub("…", without_secrets(text))[:LONGEST]).text


def _problem(record: logging.LogRecord) -> str:
    if not record.exc_info:
        return ""
    kind, _, where = record.exc_info
    return f"{kind.__name__ if kind else ''} {_places(where)}".strip()


def _places(where: TracebackType | None) -> str:
    """Where it went wrong, the innermost last: files and lines, no values."""
    return " > ".join(
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno}:{frame.name}" for frame in traceback.extract_tb(where)
    )
