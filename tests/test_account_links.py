"""Links between conversations and mailboxes, walked at random: a mailbox has one chat, a page one mailbox."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import accounts
from bot.store import cases
from bot.store.database import open_database
from bot.turn import Turn

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
CHATS, PAGES = ("telegram:1", "telegram:2"), ("web:a", "web:B")
EMAILS = ("a@example.org", "b@example.org", "c@example.org")
STEP = st.tuples(st.booleans(), st.sampled_from((*CHATS, *PAGES)), st.sampled_from(EMAILS))


def expected(pairs: set[tuple[str, str]], address: str) -> set[str]:
    found = {address}
    while more := {each for pair in pairs if found & set(pair) for each in pair} - found:
        found |= more
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(STEP, max_size=14))
def test_any_walk_of_links_keeps_people_apart(steps: list[tuple[bool, str, str]]) -> None:
    db = open_database(":memory:")
    nobody = cast(Any, SimpleNamespace(experts=()))
    turn = Turn(db, cast(Any, None), nobody, NOW, "test")  # links of people who are no advisers need no model
    homes = {
        cases.open_case(db, initiator=each, name="", channel="mail", language="nl", now=NOW).id: each for each in EMAILS
    }
    pairs: set[tuple[str, str]] = set()
    for joins, live, email in steps:
        if joins:
            gone = {pair for pair in pairs if pair[1] == email and pair[0] in CHATS and pair[0] != live}
            gone = gone if live in CHATS else {pair for pair in pairs if pair[0] == live and pair[1] != email}
            pairs = (pairs - gone) | {(live, email)}
            accounts.link(turn, live, email)
        else:
            assert accounts.unlink(turn, live, email) == ((live, email) in pairs)
            pairs -= {(live, email)}
        for address in (*CHATS, *PAGES, *EMAILS):
            person = expected(pairs, address)
            assert set(accounts.addresses_of(db, address)) == person
            assert {homes[case.id] for case in cases.of_initiator(db, address)} == person & set(EMAILS)
        for each in EMAILS:
            assert accounts.telegram_of(db, each) == next((p[0] for p in pairs if p[1] == each and p[0] in CHATS), None)
    db.close()
