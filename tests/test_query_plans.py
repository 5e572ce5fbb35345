"""No question to the database on the way of a message, or in a minute of the clock, reads a whole table that grows."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Literal

import pytest
from sqlite_utils import Database

from bot import flow
from bot.store import instruments, keyboards, letters, sharing
from bot.story import Story, letter_to
from tests.mails import COMPLETE, INCOMPLETE, NOT_CLOSING, SHOP, mail

GROWING = frozenset(
    {
        "accounts", "adviser_questions", "asked", "attachments", "budget_sheets", "case_notes", "case_owners",
        "case_vectors", "cases", "choices", "contact_wishes", "conversations", "corrections", "earlier_names",
        "events", "follow_ups", "lessons", "letter_files", "letters", "messages", "offered", "proposals", "ranked",
        "recommended", "reviews", "sharing", "tokens", "tombstones",
    }
)  # fmt: skip
OF_WHAT_WAITS = frozenset(
    {
        "erasures_to_do", "letters_of_erasing", "letters_on_their_way", "letters_with_keyboard",
        "messages_given_up", "messages_waiting", "proposals_open", "reviews_open", "sharing_agreed",
        "proposals_by_state", "messages_with_words",
    }
)  # fmt: skip
"""Indexes that hold no more than what waits for somebody now, what is read in its order up to a limit, or
(once a day) what has words still."""
SCAN = re.compile(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?")


def scanned(db: Database, statement: str) -> list[str]:
    """The growing tables that a statement reads from end to end."""
    found = []
    for row in db.conn.execute(f"EXPLAIN QUERY PLAN {statement}"):
        named = SCAN.match(row[3])
        if named is None or named[2] in OF_WHAT_WAITS:
            continue
        known = re.search(rf"\b(?:FROM|JOIN) (\w+) (?:AS )?{named[1]}\b", statement)
        table = known[1] if known is not None and known[1] in GROWING else named[1]
        if table in GROWING:
            found.append(row[3])
    return found


def asked_in(story: Story) -> list[str]:
    """Every statement of some days in which people ask, decide, agree and ask how it stands; each once, by its form."""
    asked: dict[str, str] = {}
    story.db.conn.set_trace_callback(lambda sql: asked.setdefault(re.sub(r"'[^']*'|\d+", "?", sql), sql))
    came = story.mail_arrives(mail(COMPLETE, now=story.now))
    adviser = next(letter for letter in came if "Voorstel" in letter.subject)
    consent = story.answer(adviser, "Ja, doe maar.")
    story.answer(letter_to(consent, SHOP), "Ja, dat mag.")
    story.mail_arrives(mail("Hoe staat het met onze vraag?", subject="Vraag", now=story.now))
    for text in (INCOMPLETE, NOT_CLOSING):
        story.mail_arrives(mail(text, sender="iemand@example.org", subject="Nog een vraag", now=story.now))
    for line in ("Wie helpt ons bij een goed gesprek met de buurt over de tuin?", "Ja, dit klopt. In Oss.", "stop"):
        story.chat_arrives("console:1", line)
    for day in range(4):  # up to the report of the week, which counts everything
        story.later(timedelta(days=1))
        flow.on_clock(story.db, story.wiring, story.shelf, story.now)
        story.go_on()
        keyboards.claim_stale(story.db, story.now, f"telegram:{day}")
        letters.claim_for_chat(story.db, story.now, "telegram:")
    story.db.conn.set_trace_callback(None)
    return [sql for sql in asked.values() if sql.lstrip().split(None, 1)[0] in ("SELECT", "UPDATE", "DELETE", "WITH")]


def test_no_message_and_no_minute_of_the_clock_reads_a_growing_table_from_end_to_end(story: Story) -> None:
    asked = asked_in(story)
    assert len(asked) > 50
    assert {sql: plan for sql in asked if (plan := scanned(story.db, sql))} == {}


@pytest.mark.parametrize("statement", ["SELECT * FROM letters", "SELECT 1 FROM messages m WHERE m.text = 'x'"])
def test_what_reads_a_whole_table_is_seen(story: Story, statement: str) -> None:
    assert scanned(story.db, statement) != []


def test_of_many_that_agreed_those_that_did_so_last_are_known(story: Story) -> None:
    numbers = range(1, 6)
    for number in numbers:
        reference, name = f"SV-2026-{number:04d}", f"Initiatief {number}"
        story.db.execute(
            "INSERT INTO cases (id, reference, initiator, channel, language, state, initiative, opened_at, touched_at)"
            " VALUES (?, ?, 'x', 'mail', 'nl', 'introduced', ?, '2026', '2026')",
            [number, reference, name],
        )
        sharing.keep(story.db, reference, number, number != 3, "initiator", story.now + timedelta(minutes=number))
    assert [each.case_id for each in sharing.agreed(story.db, ("withdrawn",), 2)] == [4, 5]
    assert [each.case_id for each in sharing.agreed(story.db, ("withdrawn",))] == [1, 2, 4, 5]
    assert sharing.agreed(story.db, ("introduced",)) == []


def test_what_an_instrument_brought_last_counts(story: Story) -> None:
    for number in range(1, instruments.MOST_TOLD + 11):
        story.db.execute(
            "INSERT INTO cases (id, reference, initiator, channel, language, state, opened_at, touched_at)"
            " VALUES (?, ?, 'x', 'mail', 'nl', 'introduced', '2026', '2026')",
            [number, f"SV-2026-{number:04d}"],
        )
        instruments.note_recommended(story.db, number, ["impactmonitor"], story.now)
        said: Literal["no", "yes"] = "no" if number <= 10 else "yes"
        instruments.tell_help(
            story.db, number, "impactmonitor", said, "initiator", story.now + timedelta(minutes=number)
        )  # fmt: skip
    assert instruments.helped_most(story.db, ["impactmonitor"]) == {"impactmonitor": 1.0}
