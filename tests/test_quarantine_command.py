"""`mixmatch quarantine`: what could not be read is shown, read again or put aside, from a terminal."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import messages, quarantine
from bot.store.database import open_database
from tests import command_line
from tests.command_line import Mixmatch
from tests.store_builders import NOW, receive

mixmatch = command_line.mixmatch


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with three messages in quarantine."""
    path = tmp_path / "data" / "mixmatch.db"
    path.parent.mkdir()
    with closing(open_database(path)) as db:
        for name in ("een", "twee", "drie"):
            receive(db, name)
        db.execute("UPDATE messages SET state = 'quarantined', problem = 'TimeoutError', attempts = 3")
        db.execute(
            "UPDATE messages SET raw = ? WHERE id = 2", [b"Subject: \x1b[2J\xe2\x80\xaex\r\n\r\n" + b"z" * 30_000]
        )
    return path


def states(path: Path) -> dict[str, int]:
    with closing(open_database(path)) as db:
        return messages.counts_by_state(db)


def test_it_lists_what_is_stuck_and_why(mixmatch: Mixmatch, database: Path) -> None:
    told = mixmatch("quarantine", "list").out.splitlines()
    assert len(told) == 3
    assert all("het lezen duurde te lang" in line for line in told)
    rows = json.loads(mixmatch("quarantine", "list", "--json").out)
    assert [(row["id"], row["problem"]) for row in rows] == [
        (1, "TimeoutError"),
        (2, "TimeoutError"),
        (3, "TimeoutError"),
    ]


def test_it_shows_the_beginning_as_harmless_text(mixmatch: Mixmatch, database: Path) -> None:
    told = mixmatch("quarantine", "show", "2").out
    assert told.startswith("Subject: [2Jx\n")
    assert "\x1b" not in told
    assert len(told) < 21_000
    assert "en nog" in told


def test_a_message_is_read_again_as_if_it_just_came_in(mixmatch: Mixmatch, database: Path) -> None:
    assert mixmatch("quarantine", "replay", "2", "2").code == 0
    assert states(database) == {"quarantined": 2, "received": 1}
    with closing(open_database(database)) as db:
        found = messages.claim_next(db, NOW)
        assert found is not None
        assert (found.id, found.attempts) == (2, 1)
        assert [row["event"] for row in db.query("SELECT event FROM events")] == ["message_replayed"]


def test_all_of_them_are_read_again(mixmatch: Mixmatch, database: Path) -> None:
    assert mixmatch("quarantine", "replay", "--all").code == 0
    assert states(database) == {"received": 3}
    assert mixmatch("quarantine", "list").out == "Er staat niets in quarantaine.\n"


def test_a_message_is_put_aside(mixmatch: Mixmatch, database: Path) -> None:
    assert mixmatch("quarantine", "done", "1", "3").code == 0
    assert states(database) == {"handled": 2, "quarantined": 1}


def test_a_number_that_is_not_there_is_told_and_the_others_are_done(mixmatch: Mixmatch, database: Path) -> None:
    answered = mixmatch("quarantine", "done", "99", "1")
    assert (answered.code, "Bericht 99 staat niet in quarantaine" in answered.out) == (1, True)
    assert states(database) == {"handled": 1, "quarantined": 2}
    assert mixmatch("quarantine", "show", "99").code == 1


@pytest.mark.parametrize("arguments", [(), ("1", "--all")])
def test_replaying_says_which(mixmatch: Mixmatch, database: Path, arguments: tuple[str, ...]) -> None:
    assert mixmatch("quarantine", "replay", *arguments).code == 2
    with closing(open_database(database)) as db:
        assert len(quarantine.everything(db)) == 3
