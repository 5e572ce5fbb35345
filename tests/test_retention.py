"""Words go when they were kept long enough, by what became of them; counts stay, and a dry run changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.initiator.stopping import stop
from bot.pool_vectors import PoolShelf
from bot.privacy import retention
from bot.reasons import words
from bot.settings import Privacy, Programme
from bot.store import ageing, cases, events, proposals
from bot.store.database import transaction
from bot.story import Story
from bot.wiring import Wiring
from tests.accepted_cases import turn_of
from tests.channel_talk import all_letters, mails
from tests.mails import COMPLETE, NOT_CLOSING, OUTSIDE, SHOP
from tests.store_builders import one

OTHER = "buurtkas@example.org"


def outcomes_due(story: Story, days: int) -> dict[str, int]:
    return dict(retention.find_due(story.db, story.wiring.settings, story.now + timedelta(days=days)).counts)


def keep_no_longer(story: Story, days: int) -> int:
    return retention.keep_no_longer(story.db, story.wiring, story.shelf, story.now + timedelta(days=days))


def test_every_outcome_has_its_own_time(story: Story) -> None:
    mails(story, SHOP, OUTSIDE)
    mails(story, OTHER, COMPLETE)
    mails(story, "dank@example.org", "Hartelijk dank voor alles!")
    assert outcomes_due(story, 29) == {}
    assert outcomes_due(story, 31) == {"referred": 1, "no_case": 1}
    assert outcomes_due(story, 364)["referred"] == 1
    assert outcomes_due(story, 366) == {"referred": 1, "no_case": 1, "silent": 1}


def test_a_new_message_makes_the_time_begin_anew(story: Story) -> None:
    mails(story, SHOP, OUTSIDE)
    story.later(timedelta(days=20))
    mails(story, SHOP, "Hoe staat het met mijn vraag?")
    (case,) = cases.of_initiator(story.db, SHOP)
    story.db.execute("UPDATE messages SET case_id = ? WHERE sender = ?", [case.id, SHOP])
    assert "referred" not in outcomes_due(story, 29)
    assert outcomes_due(story, 31)["referred"] == 1


def test_never_longer_than_the_letters_promise(story: Story) -> None:
    settings = replace(
        story.wiring.settings, programme=Programme(keep_months=2), privacy=Privacy(introduced_days=900, silent_days=900)
    )
    before = retention.moments(settings, story.now)
    assert set(before) == {*ageing.OUTCOMES, *ageing.NO_CASE}
    assert min(before.values()) == story.now - timedelta(days=60)


def test_what_is_due_goes_and_the_rest_stays(story: Story) -> None:
    mails(story, SHOP, OUTSIDE)
    mails(story, SHOP, NOT_CLOSING)
    mails(story, OTHER, OUTSIDE)
    before = len(all_letters(story.db))
    assert keep_no_longer(story, 40) == 2
    (left,) = cases.of_initiator(story.db, SHOP)
    assert left.state == "review", "the other question of the same person goes on"
    assert cases.question_of(story.db, left.id)
    assert cases.of_initiator(story.db, OTHER) == []
    assert one(story.db, "SELECT count(*) FROM cases") == 3
    assert one(story.db, "SELECT count(*) FROM messages") == 3
    assert one(story.db, "SELECT count(*) FROM messages WHERE length(raw) = 0") == 2
    assert len(all_letters(story.db)) == before - 2
    assert keep_no_longer(story, 40) == 0, "once a day"
    assert keep_no_longer(story, 41) == 0


def test_a_late_answer_in_an_emptied_case_goes_after_a_week(story: Story) -> None:
    mails(story, OTHER, OUTSIDE)
    keep_no_longer(story, 40)
    story.later(timedelta(days=41))
    mails(story, "collega@example.org", "Zie hieronder wat zij schreven.")
    story.db.execute("UPDATE messages SET case_id = 1 WHERE sender = 'collega@example.org'")
    assert outcomes_due(story, 6) == {}
    assert outcomes_due(story, 8) == {"late": 1}
    assert keep_no_longer(story, 8) == 1
    assert one(story.db, "SELECT count(*) FROM messages WHERE text LIKE '%hieronder%'") == 0


@pytest.mark.parametrize("another_goes_on", [False, True])
def test_a_case_that_never_ended_was_stopped_by_nobody(story: Story, another_goes_on: bool) -> None:
    """Of somebody of whom nothing else is left, and of somebody whose other question goes on."""
    mails(story, SHOP, COMPLETE)
    (case,) = cases.of_initiator(story.db, SHOP)
    (waiting,) = proposals.of_case(story.db, case.id)
    if another_goes_on:
        story.later(timedelta(days=300))
        mails(story, SHOP, NOT_CLOSING)
    keep_no_longer(story, 100 if another_goes_on else 400)
    (told,) = [letter for letter in all_letters(story.db) if letter.template == "proposal_withdrawn"]
    assert told.recipient == one(story.db, "SELECT email FROM experts WHERE id = ?", waiting.adviser_id)
    assert "initiatiefnemer" not in told.text
    ended, found = cases.find(story.db, case.id), proposals.find(story.db, waiting.id)
    assert (ended and ended.state, found and found.state) == ("closed", "expired")
    history = {row["event"]: row["actor"] for row in events.of_case(story.db, case.id)}
    assert history["kept_no_longer"] == "bot"
    assert "withdrawn" not in history
    assert words("event", "kept_no_longer") == "Gesloten, want we mogen dit niet langer bewaren"
    assert len(cases.of_initiator(story.db, SHOP)) == another_goes_on


def test_what_an_initiator_stopped_stays_stopped(story: Story) -> None:
    mails(story, SHOP, COMPLETE)
    (case,) = cases.of_initiator(story.db, SHOP)
    with transaction(story.db):
        stop(turn_of(story, "stop"), case)
    keep_no_longer(story, 400)
    ended = cases.find(story.db, case.id)
    assert ended is not None
    assert ended.state == "withdrawn"
    assert "kept_no_longer" not in [row["event"] for row in events.of_case(story.db, case.id)]


def test_every_outcome_has_words_and_a_setting(wiring: Wiring) -> None:
    for outcome in (*ageing.OUTCOMES, *ageing.NO_CASE):
        assert retention.IN_DUTCH[outcome]
        assert retention.days_for(wiring.settings, outcome) > 0


@pytest.mark.parametrize("days", [0, 40])
def test_finding_changes_nothing(story: Story, days: int) -> None:
    mails(story, SHOP, OUTSIDE)
    before = story.db.conn.total_changes
    retention.find_due(story.db, story.wiring.settings, story.now + timedelta(days=days))
    assert story.db.conn.total_changes == before
    assert isinstance(story.shelf, PoolShelf)
