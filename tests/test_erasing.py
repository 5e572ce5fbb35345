"""Erasing a person: not one byte stays in any file, reports count as before, and nobody else loses anything."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.channels.fingerprint import external_id
from bot.privacy import erasing
from bot.settings import Programme
from bot.store import (
    accounts,
    cases,
    erasures,
    figures,
    lessons,
    messages,
    proposals,
    scrubbing,
    sharing,
    topic_phrases,
)
from bot.store.database import transaction
from bot.story import Story, letter_to
from tests.canary import CANARY, files_with, places_with
from tests.channel_talk import all_letters, chat_of, mails, says, to
from tests.initiator_talk import Talk, templates
from tests.mails import ADDRESS, COMPLETE, INCOMPLETE, NOT_CLOSING, SHOP
from tests.planted_person import (
    OWN,
    PLANTED,
    erase,
    everything_by_mail,
    last_words_go,
    planted_mail,
    send,
    written_anew,
)
from tests.shared_cases import introduced_case
from tests.store_builders import one

COORDINATOR = Programme().coordinator


def test_two_people_at_the_same_moment_are_both_told(story: Story) -> None:
    for address in (OWN, SHOP):
        mails(story, address, COMPLETE)
    for address in (OWN, SHOP):
        erase(story, address)
    assert [templates(to(all_letters(story.db), each)) for each in (OWN, SHOP)] == [["erasure"], ["erasure"]]


def test_not_one_byte_of_a_person_stays(story: Story) -> None:
    everything_by_mail(story)
    folder = story.wiring.settings.folder
    planted = places_with(story.db)
    assert {
        "cases.initiator", "cases.question", "messages.raw", "messages.text", "messages.subject", "messages.sender",
        "messages.message_id", "attachments.filename", "attachments.content", "letters.text", "letters.html",
        "letters.recipient", "letters.refs", "proposals.reason",
    } <= planted  # fmt: skip
    assert any(name.startswith("postbus/") for name in files_with(folder, CANARY))
    erased = erase(story)
    assert (erased.left, erased.cases) == ((), 1)
    assert erased.messages >= 4
    assert {each.template for each in to(all_letters(story.db), OWN)} == {"erasure"}
    last_words_go(story)
    assert places_with(story.db) == set()
    assert files_with(folder, CANARY) == []


def test_not_one_byte_of_a_chat_stays(story: Story) -> None:
    who: Any = {"id": 7_700_123, "is_bot": False, "first_name": CANARY, "username": CANARY, "language_code": "nl"}
    says(story, 7_700_123, PLANTED, **{"from": who})
    says(story, 7_700_123, f"{CANARY} Wat weten jullie van mij? Laat mijn gegevens zien.", **{"from": who})
    assert {"messages.raw", "messages.text", "cases.question", "letters.text"} <= places_with(story.db)
    erasing.erase_person(story.db, story.wiring, story.shelf, chat_of(7_700_123), story.now)
    (told,) = to(all_letters(story.db), chat_of(7_700_123))
    assert (told.template, told.channel) == ("erasure", "chat")
    story.later(timedelta(days=20))
    erasing.forget_told(story.db, story.wiring, story.shelf, story.now)
    written_anew(story)
    assert places_with(story.db) == set()
    assert files_with(story.wiring.settings.folder, CANARY, "7700123") == []


def test_not_one_byte_of_a_page_stays(story: Story) -> None:
    sam = Talk(story, f"web:{CANARY}")
    sam.says(PLANTED)
    sam.says("Klopt niet: wij zitten in Helmond.")
    assert {"messages.raw", "messages.sender", "choices.holder"} <= places_with(story.db)
    erase(story, f"web:{CANARY}")
    assert places_with(story.db) == set()
    assert files_with(story.wiring.settings.folder, CANARY) == []


def test_every_linked_address_goes(story: Story) -> None:
    with transaction(story.db):
        accounts.link(story.db, "telegram:88", OWN, story.now)
    mails(story, OWN, COMPLETE)
    says(story, 88, INCOMPLETE)
    erased = erase(story, "telegram:88")
    assert erased.cases == 2
    assert [one(story.db, f"SELECT count(*) FROM {name}") for name in ("accounts", "choices")] == [0, 0]
    assert scrubbing.places_with(story.db, (OWN, "telegram:88"), {"letters"}) == ()


def test_what_was_never_read_goes_too(story: Story) -> None:
    raw = planted_mail(story)
    messages.keep_raw(
        story.db, raw, channel="mail", account=ADDRESS, external_id=external_id(raw), envelope_sender=None,
        now=story.now,
    )  # fmt: skip
    story.db.execute("UPDATE messages SET state = 'quarantined'")
    assert erase(story).messages == 1
    last_words_go(story)
    assert files_with(story.wiring.settings.folder, CANARY) == []
    assert messages.counts_by_state(story.db) == {"handled": 1}


def test_reports_count_as_before(story: Story) -> None:
    everything_by_mail(story)
    mails(story, SHOP, NOT_CLOSING)
    span = (story.now - timedelta(days=7), story.now + timedelta(days=1))
    before = figures.count_period(story.db, *span)
    initiatives = figures.count_initiatives(story.db, *span)
    erase(story)
    after = figures.count_period(story.db, *span)
    assert (after.channels, after.kinds, after.needs) == (before.channels, before.kinds, before.needs)
    assert (after.eligibility, after.municipalities, after.unserved) == (
        before.eligibility,
        before.municipalities,
        before.unserved,
    )
    assert figures.count_initiatives(story.db, *span) == initiatives
    assert after.proposals_in_all("made") == before.proposals_in_all("made")


def test_other_people_lose_nothing(story: Story) -> None:
    mails(story, SHOP, COMPLETE)
    mails(story, OWN, NOT_CLOSING)
    kept = [(each.id, each.recipient, each.text) for each in to(all_letters(story.db), SHOP)]
    written = messages.written_by(story.db, (SHOP,))
    (case,) = cases.of_initiator(story.db, SHOP)
    erase(story)
    assert [(each.id, each.recipient, each.text) for each in to(all_letters(story.db), SHOP)] == kept
    assert messages.written_by(story.db, (SHOP,)) == written
    assert cases.of_initiator(story.db, SHOP) == [case]


def test_who_read_it_is_asked_to_erase_it_too(story: Story) -> None:
    mails(story, OWN, COMPLETE)
    (case,) = cases.of_initiator(story.db, OWN)
    (proposal,) = proposals.of_case(story.db, case.id)
    before = {letter.id for letter in all_letters(story.db)}
    erase(story)
    told = [letter for letter in all_letters(story.db) if letter.id not in before]
    assert sorted(templates(told)) == ["erase_too", "erasure", "proposal_withdrawn"]
    assert one(story.db, "SELECT state FROM proposals WHERE id = ?", proposal.id) == "withdrawn"
    (letter,) = (each for each in told if each.template == "erase_too")
    assert case.reference in letter.text
    assert OWN not in letter.text


def test_a_list_that_still_waits_leaves_without_the_name(story: Story) -> None:
    mails(story, OWN, PLANTED)
    (case,) = cases.of_initiator(story.db, OWN)
    name = case.facts.initiative or "Bewoner"
    story.db.execute(
        "UPDATE letters SET case_id = NULL, template = 'open_proposals', key = 'clock', text = ?"
        " WHERE template = 'proposal'",
        [f"{case.reference}: {name}\nSV-2026-0099: Een ander"],
    )
    erase(story)
    assert one(story.db, "SELECT text FROM letters WHERE key = 'clock'").endswith("Een ander")
    assert name not in one(story.db, "SELECT text FROM letters WHERE key = 'clock'")


def test_nobody_of_the_pool_is_erased_so(story: Story) -> None:
    adviser = one(story.db, "SELECT email FROM experts WHERE role = 'adviser' LIMIT 1")
    for address in (adviser.upper(), COORDINATOR):
        with pytest.raises(erasing.IsStaff):
            erase(story, address)


def test_the_clock_erases_what_was_confirmed_and_approved(story: Story) -> None:
    mails(story, OWN, COMPLETE)
    with transaction(story.db):
        erasures.ask(story.db, OWN, story.now)
        erasures.answer(story.db, OWN, "confirmed", story.now)
    assert erasing.carry_out(story.db, story.wiring, story.shelf, story.now) == 0, "a person looks first"
    (wish,) = erasures.to_do(story.db)
    assert erasures.approve(story.db, wish.id, COORDINATOR, story.now)
    assert not erasures.approve(story.db, wish.id, COORDINATOR, story.now)
    assert erasing.carry_out(story.db, story.wiring, story.shelf, story.now) == 1
    assert erasing.carry_out(story.db, story.wiring, story.shelf, story.now) == 0
    assert list(story.db.query("SELECT address, state FROM erasures")) == [{"address": "", "state": "done"}]


def test_every_table_has_a_rule(story: Story) -> None:
    tables = {name for name in story.db.table_names() if not name.startswith(("sqlite_", "_sqlite_"))}
    ruled = {name for name, _ in scrubbing.RULES} | scrubbing.NOTHING_OF_A_PERSON
    assert tables - ruled == set(), "say in bot/store/scrubbing.py what erasing does to these"


def test_a_letter_for_an_unknown_person_is_not_found(story: Story) -> None:
    assert erase(story, "niemand@example.org") == erasing.Erased(0, 0, 0, 0)
    with pytest.raises(LookupError):
        letter_to(story.go_on(), "niemand@example.org")


def test_others_who_read_of_a_similar_initiative_no_longer_hold_its_name(story: Story) -> None:
    name = f"Stichting {CANARY} & 'Co'"
    case = introduced_case(story, OWN, name=name)
    with transaction(story.db):
        sharing.keep(story.db, case.reference, case.id, True, "coordinator", story.now)
        lessons.add(story.db, name, "Oss", ["financing"], "Begin klein.", story.now)
    introduced_case(story, "buur@example.org", name="Buurttuin")
    mails(story, SHOP, COMPLETE)
    send(story)
    named = {each.template for each in all_letters(story.db) if CANARY in each.text and each.recipient != OWN}
    assert {"introduction_initiator", "proposal"} <= named
    erase(story)
    last_words_go(story)
    assert places_with(story.db) == set()
    assert files_with(story.wiring.settings.folder, CANARY) == []
    assert one(story.db, "SELECT lesson FROM lessons") == "Begin klein."


def test_a_wish_that_cannot_be_carried_out_stops_no_other(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    for address in (OWN, SHOP):
        mails(story, address, COMPLETE)
        erasures.ask(story.db, address, story.now)
        erasures.answer(story.db, address, "confirmed", story.now)
    for wish in erasures.to_do(story.db):
        erasures.approve(story.db, wish.id, COORDINATOR, story.now)
    as_it_is = erasing.take_out_person

    def breaks(db: Any, wiring: Any, shelf: Any, address: str, now: Any) -> erasing.Erased:
        if address == OWN:
            raise OSError("the mailbox")
        return as_it_is(db, wiring, shelf, address, now)

    monkeypatch.setattr(erasing, "take_out_person", breaks)
    with pytest.raises(OSError, match="the mailbox"):
        erasing.carry_out(story.db, story.wiring, story.shelf, story.now)
    assert [wish.address for wish in erasures.to_do(story.db)] == [OWN]


def test_a_sentence_of_the_person_is_no_example_of_a_topic_any_more(story: Story) -> None:
    mails(story, OWN, PLANTED)
    (own,) = (line for line in PLANTED.splitlines() if f"verdienmodel voor {CANARY}" in line)
    with transaction(story.db):
        for phrase in (own.strip(), "Wie maakt een begroting?"):
            assert topic_phrases.add(story.db, "financing", phrase, COORDINATOR, story.now)
    erase(story)
    assert topic_phrases.by_topic(story.db) == {"financing": ("Wie maakt een begroting?",)}
