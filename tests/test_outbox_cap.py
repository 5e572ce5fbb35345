"""One address gets no more than the day's number of letters; what is above it waits for a person."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from bot.channels import local_box
from bot.channels.local_box import LocalBoxSettings, read_box
from bot.outbox import STAFF_FACTOR, send_one_letter
from bot.settings import Programme
from bot.store import letters
from bot.store.database import transaction
from tests import store_builders
from tests.store_builders import INITIATOR, NOW, PROGRAMME, SECOND, a_letter, put, the_letter

store_file, db = store_builders.store_file, store_builders.db


def send_to(db: Database, recipient: str, times: int, **changes: Any) -> list[str]:
    """Put letters in the outbox, one a second; returns their states."""
    keys = [f"{recipient} {number} {changes.get('now', NOW)}" for number in range(times)]
    for key in keys:
        put(db, a_letter(key, recipient=recipient), **changes)
    return [the_letter(db, key).state for key in keys]


def test_an_address_gets_no_more_than_the_days_number_of_letters(db: Database) -> None:
    few = replace(PROGRAMME, letters_a_day=3)
    assert send_to(db, INITIATOR, 5, programme=few) == ["waiting"] * 3 + ["parked"] * 2
    assert letters.with_state(db, "parked")[0].problem == "daily_cap"
    assert send_to(db, "ander@example.org", 1, programme=few) == ["waiting"]
    almost, after = NOW + timedelta(days=1) - SECOND, NOW + timedelta(days=1) + SECOND
    assert send_to(db, INITIATOR, 1, programme=few, now=almost) == ["parked"]
    assert send_to(db, INITIATOR, 1, programme=few, now=after) == ["waiting"]


def test_staff_have_a_much_higher_number(db: Database) -> None:
    few, adviser = replace(PROGRAMME, letters_a_day=1), "adviseur@example.org"
    states = send_to(db, adviser, STAFF_FACTOR + 1, programme=few, staff={adviser})
    assert states == ["waiting"] * STAFF_FACTOR + ["parked"]


def test_a_letter_above_the_number_leaves_when_a_person_says_so(db: Database, tmp_path: Path) -> None:
    box = tmp_path / "postbus"

    def send_all() -> int:
        async def send() -> None:
            while await send_one_letter(
                db, partial(local_box.send, settings=LocalBoxSettings(box)), PROGRAMME, lambda: NOW
            ):
                pass

        asyncio.run(send())
        return len(read_box(box))

    send_to(db, INITIATOR, 2, programme=Programme(letters_a_day=1))
    assert send_all() == 1
    (parked,) = letters.with_state(db, "parked")
    with transaction(db):
        assert letters.release_now(db, parked.id, NOW)
    assert send_all() == 2
    assert letters.with_state(db, "parked") == []
