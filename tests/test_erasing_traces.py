"""Of what was taken out no trace stays in the file, whoever broke off; it is written anew once for many people."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from random import Random

from sqlite_utils import Database

from bot import flow
from bot.privacy import erasing
from bot.store import erasures, scrubbing
from bot.store.database import transaction
from bot.store.rows import as_text
from bot.store.scrubbing import Scope
from bot.story import Story
from tests import store_builders
from tests.canary import CANARY, files_with
from tests.channel_talk import mails
from tests.mails import COMPLETE, SHOP
from tests.planted_person import OWN, planted_mail
from tests.store_builders import NOW, one

store_file, db, other = store_builders.store_file, store_builders.db, store_builders.other
COORDINATOR = "coordinator@example.org"
READ_WHOLE = frozenset(
    {
        "topic_phrases", "lessons", "contact_wishes", "corrections",  # as many as people typed
        "choices", "tokens", "expected_words", "account_codes", "moved_chats",  # go by themselves after some weeks
        "letter_files", "letters_of_weeks",  # one a week
    }
)  # fmt: skip
"""What erasing reads from end to end: it doesn't grow with the number of cases, or hardly."""


def many_messages(db: Database, count: int) -> tuple[int, ...]:
    """Messages of many people, long and short, of which one here and there is of the person; the ids of those."""
    chance, own = Random(7), []
    with transaction(db):
        for number in range(1, count + 1):
            planted = chance.random() < 0.05
            word = f"{CANARY} " if planted else "gewoon "
            cells = [f"{word}{number}@x", (word * chance.choice((1, 3, 20, 200, 600))), as_text(NOW)]
            db.execute(
                "INSERT INTO messages (id, channel, account, external_id, raw, received_at, state, sender, text)"
                " VALUES (?1, 'mail', 'x', ?1, CAST(?3 AS BLOB), ?4, 'handled', ?2, ?3)",
                [number, *cells],
            )
            other = chance.randrange(1, number + 1)
            db.execute("UPDATE messages SET subject = ? WHERE id = ?", ["x" * chance.randrange(2000), other])
            own += [number] if planted else []
    return tuple(own)


def traces(file: Path) -> list[str]:
    return files_with(file.parent, CANARY)


def test_zeroes_leave_traces_and_writing_anew_leaves_none(db: Database, store_file: Path) -> None:
    own = many_messages(db, 1500)
    with transaction(db):
        scrubbing.scrub(db, Scope(messages=own), "erased:1", NOW)
    assert scrubbing.wipe(db, anew=False)
    assert one(db, "SELECT count(*) FROM messages WHERE instr(text, ?) OR instr(sender, ?)", CANARY, CANARY) == 0
    assert traces(store_file) == [store_file.name], "SQLite left copies where it moved rows"
    assert scrubbing.is_to_wipe(db)
    assert scrubbing.wipe(db)
    assert traces(store_file) == []
    assert not scrubbing.is_to_wipe(db)


def test_a_mark_that_came_meanwhile_stays(db: Database, other: Database) -> None:
    scrubbing.note_taken_out(db, NOW)

    def meanwhile(sql: str) -> None:
        if sql == "VACUUM":
            scrubbing.note_taken_out(other, NOW)

    db.conn.set_trace_callback(meanwhile)
    scrubbing.wipe(db)
    db.conn.set_trace_callback(None)
    assert scrubbing.is_to_wipe(db)
    scrubbing.wipe(db)
    assert not scrubbing.is_to_wipe(db)


def test_who_breaks_off_before_the_file_is_written_anew_is_made_good_by_the_clock(story: Story) -> None:
    story.mail_arrives(planted_mail(story))
    erasing.take_out_person(story.db, story.wiring, story.shelf, OWN, story.now, "retention")
    assert scrubbing.is_to_wipe(story.db)
    flow.on_clock(story.db, story.wiring, story.shelf, story.now)
    assert not scrubbing.is_to_wipe(story.db)
    assert files_with(story.wiring.settings.folder, CANARY) == []


def test_for_all_that_a_day_takes_out_the_file_is_written_anew_once(story: Story) -> None:
    for address in (OWN, SHOP, "derde@example.org"):
        mails(story, address, COMPLETE)
    for address in (OWN, SHOP):
        erasures.ask(story.db, address, story.now)
        erasures.answer(story.db, address, "confirmed", story.now)
    for wish in erasures.to_do(story.db):
        assert erasures.approve(story.db, wish.id, COORDINATOR, story.now)
    story.later(timedelta(days=400))
    asked: list[str] = []
    story.db.conn.set_trace_callback(asked.append)
    for _ in range(3):
        flow.on_clock(story.db, story.wiring, story.shelf, story.now)
    story.db.conn.set_trace_callback(None)
    assert one(story.db, "SELECT count(*) FROM cases WHERE initiator NOT LIKE 'erased:%'") == 0
    assert asked.count("VACUUM") == 1


def test_erasing_finds_what_is_of_a_person_without_reading_every_case_or_letter(db: Database) -> None:
    names = ("addresses", "cases", "messages", "references", "stand_in", "now", "since")
    for table, rule in scrubbing.RULES:
        statement = scrubbing.filled_in(rule)
        values = {name: "[]" for name in names if f":{name}" in statement}
        db.conn.create_function("without_words", 1, str)
        for row in db.conn.execute(f"EXPLAIN QUERY PLAN {statement}", values):
            read = re.match(r"SCAN (\w+)(?! VIRTUAL)(?: USING (?:COVERING )?INDEX (\w+))?$", row[3])
            assert read is None or (read[2] or read[1]) in READ_WHOLE, (table, rule, row[3])


def test_letters_are_searched_from_the_first_case_on(db: Database) -> None:
    first = NOW - timedelta(days=40)
    for number, opened in ((1, first), (2, NOW)):
        db.execute(
            "INSERT INTO cases (id, reference, initiator, channel, language, state, opened_at, touched_at)"
            " VALUES (?, ?, 'x', 'mail', 'nl', 'introduced', ?, ?)",
            [number, f"SV-2026-000{number}", as_text(opened), as_text(opened)],
        )
    assert scrubbing.since(db, Scope(cases=(1, 2))) == as_text(first - scrubbing.CLOCK_SET_BACK)
    assert scrubbing.since(db, Scope(("iemand@example.org",))) > as_text(NOW + timedelta(days=9999))


def test_a_place_with_an_address_is_named_by_table_and_column(db: Database) -> None:
    db.execute("INSERT INTO account_codes (live, email, hash, created_at, expires_at) VALUES ('a@x', 'b', 'c', '', '')")
    assert scrubbing.places_with(db, ("a@x", "b@x")) == ("account_codes.live",)
    assert scrubbing.places_with(db, ("b@x", "a@x"), besides={"account_codes"}) == ()
    assert scrubbing.places_with(db, ()) == ()
