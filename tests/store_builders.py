"""Builds a store with people, cases, letters and messages for tests; whatever is not named is a plain default."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from sqlite_utils import Database

from bot.letters import Letter
from bot.outbox import Postmark, put_letter
from bot.settings import Programme
from bot.store import cases, messages, pool
from bot.store.database import open_database, transaction
from bot.store.letters import KeptLetter, with_state
from matcher.proposal import Case
from tests.pool_builders import an_expert

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
KEY = b"k" * 32
PROGRAMME = Programme()
INITIATOR = "buurtkas@example.org"
STATES: Final = ("waiting", "sending", "sent", "unknown", "parked")


@pytest.fixture
def store_file(tmp_path: Path) -> Path:
    """Where the store of a test lives; nothing is there yet."""
    return tmp_path / "mixmatch.db"


@pytest.fixture
def db(store_file: Path) -> Iterator[Database]:
    """A fresh store in a file."""
    fresh = open_database(store_file)
    yield fresh
    fresh.close()


@pytest.fixture
def other(db: Database, store_file: Path) -> Iterator[Database]:
    """A second connection to the same store, as another process has."""
    second = open_database(store_file)
    yield second
    second.close()


def one(db: Database, sql: str, *parameters: Any) -> Any:
    """The only cell of a query's first row."""
    row = db.execute(sql, list(parameters)).fetchone()
    assert row is not None
    return row[0]


def receive(db: Database, external_id: str, raw: bytes = b"Subject: vraag\r\n\r\nHallo\r\n", **changes: Any) -> bool:
    """Keep one incoming mail."""
    return messages.keep_raw(
        db,
        raw,
        external_id=external_id,
        **{
            "channel": "mail",
            "account": "programma@example.org",
            "envelope_sender": "bewoner@example.org",
            "now": NOW,
            **changes,
        },
    )


def a_case(db: Database, initiator: str = INITIATOR, now: datetime = NOW) -> Case:
    """An empty case, committed."""
    with transaction(db):
        return cases.open_case(db, initiator=initiator, name="", channel="mail", language="nl", now=now)


def people(db: Database, *ids: str) -> None:
    """Make the pool exactly the plain experts with these ids."""
    with transaction(db):
        pool.replace(db, [an_expert(each) for each in ids])


def a_letter(key: str = "message:1/confirmation", **changes: Any) -> Letter:
    """A short letter to the initiator."""
    cells = {
        "template": "confirmation",
        "recipient": INITIATOR,
        "language": "nl",
        "subject": "Je bericht is binnen",
        "text": "Dank je wel voor je bericht. Één collega kijkt mee.\n",
        "html": "<p>Dank je wel voor je bericht. Één collega kijkt mee.</p>",
        "reply_token": None,
    }
    return Letter(key=key, **{**cells, **changes})


def put(db: Database, letter: Letter | None = None, **changes: Any) -> bool:
    """Put a letter in the outbox; changes are those of its Postmark, `programme` and `staff`."""
    programme = changes.pop("programme", PROGRAMME)
    staff = changes.pop("staff", ())
    mark = {"case_id": None, "channel": "mail", "in_reply_to": None, "references": (), "now": NOW, **changes}
    with transaction(db):
        return put_letter(db, letter or a_letter(), Postmark(**mark), programme, KEY, staff)


def the_letter(db: Database, key: str = "message:1/confirmation") -> KeptLetter:
    """The letter with a key, whatever its state."""
    (found,) = (letter for letter in with_state(db, *STATES) if letter.key == key)
    return found
