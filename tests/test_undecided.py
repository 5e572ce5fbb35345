"""An adviser does not get round to a proposal: reminded once, then another is asked, at last the coordinator hears."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.store import absences, cases, proposals, waits
from bot.store.database import transaction
from bot.story import Story, letter_to
from expertise.availability import Absence
from tests.advisers_at_work import adviser_of, person, templates_to, waiting
from tests.clock_time import at, on, written
from tests.proposed_cases import proposed, templates, the_case

COORDINATOR = "coordinator@example.org"
NOT_HERE = """UPDATE experts SET regions = '["Groningen"]' WHERE role = 'adviser' AND id != ?"""


def only_adviser(story: Story) -> None:
    """Nobody else covers the place: all other advisers work in Groningen."""
    own = adviser_of(story)
    with transaction(story.db):
        story.db.execute(NOT_HERE, [own.id])


def test_after_two_working_days_a_reminder_with_all_of_it_and_only_one(story: Story) -> None:
    letter = proposed(story)
    assert on(story, at(18, 8)) == [], "Wednesday, one hour too early"
    (reminder,) = on(story, at(18))
    assert (reminder.recipient, reminder.subject[:31]) == (letter.recipient, "Dit voorstel wacht nog op je (S")
    assert "Sinds 16 november 2026 ligt dit voorstel bij jou." in reminder.text
    assert "Dan vragen we op 23 november 2026 iemand anders." in reminder.text
    for moment in (at(18, 11), at(19), at(20), at(23, 8)):
        assert on(story, moment) == []
    story.answer(reminder, "Ja, doe maar.")
    assert the_case(story).state == "accepted"


def test_after_five_a_colleague_gets_it_and_both_hear_so(story: Story) -> None:
    letter = proposed(story)
    own = adviser_of(story)
    reminder = on(story, at(18))[0]
    sent = on(story, at(23, 11))
    colleague = adviser_of(story)
    assert colleague.id != own.id
    fresh, told = letter_to(sent, colleague.email), letter_to(sent, own.email)
    assert "Een collega kwam er nog niet aan toe." in fresh.text
    assert fresh.subject.startswith("Voorstel")
    assert f"Je collega {colleague.name}" in told.text
    for old in (letter, reminder):
        assert letter_to(story.answer(old, "Ja, doe maar."), own.email).subject.startswith("Een collega beslist")
    assert the_case(story).state == "proposed"
    story.answer(fresh, "Ja, doe maar.")
    assert the_case(story).state == "accepted"


def test_when_the_colleague_is_silent_too_the_coordinator_hears_once(story: Story) -> None:
    proposed(story)
    days = [datetime(2026, 11, 16, tzinfo=UTC) + timedelta(days=n, hours=hour) for n in range(40) for hour in (8, 13)]
    for moment in days:
        on(story, moment)
    assert written(story) == [
        "proposal", "proposal_waits", "proposal", "not_decided", "proposal_waits", "proposal_unanswered",
    ]  # fmt: skip
    assert waiting(story).adviser_id, "whoever has it may still decide"


def test_without_another_adviser_the_same_one_gets_another_expert(story: Story) -> None:
    letter = proposed(story)
    only_adviser(story)
    own, first = adviser_of(story), waiting(story).expert_id
    on(story, at(18))
    sent = on(story, at(23, 11))
    assert (adviser_of(story).id, waiting(story).expert_id != first) == (own.id, True)
    assert [each.state for each in proposals.of_case(story.db, the_case(story).id)] == ["expired", "open"]
    told = next(each for each in sent if each.subject.startswith("Je krijgt een ander"))
    assert person(story, waiting(story).expert_id).name in told.text
    refused = story.answer(letter, "Ja, doe maar.")
    assert the_case(story).state == "proposed"
    assert "de tijd voor een antwoord is voorbij" in refused[0].text
    on(story, at(25, 12))
    (told,) = on(story, at(30, 14))
    assert told.recipient == COORDINATOR


def test_the_first_expert_can_still_be_chosen_and_comes_back_when_all_others_are_declined(story: Story) -> None:
    proposed(story)
    only_adviser(story)
    first = person(story, waiting(story).expert_id)
    on(story, at(18))
    sent = on(story, at(23, 11))
    fresh = next(each for each in sent if each.subject.startswith("Voorstel"))
    assert f"2. {first.name}" in fresh.text
    story.answer(fresh, "NUMMER 2")
    assert the_case(story).state == "accepted"
    accepted = proposals.accepted_of_case(story.db, the_case(story).id)
    assert accepted is not None
    assert accepted.expert_id == first.id


@pytest.mark.parametrize(
    ("words", "until", "then"),
    [
        ("Kom er maandag op terug", at(23), "reminder"),
        ("vraag ze of de gemeente meedoet", at(25, 12), "proposal_waits"),
    ],
)
def test_who_does_something_with_it_is_left_alone(story: Story, words: str, until: datetime, then: str) -> None:
    story.answer(proposed(story), words)
    before = len(written(story))
    moment = at(16, 12)
    while moment < until - timedelta(hours=1):
        on(story, moment)
        moment += timedelta(hours=5)
    assert written(story)[before:] == []
    on(story, until)
    if then != "reminder":
        on(story, at(25, 12))
    assert written(story)[before:] == [then]


def test_days_away_do_not_count_and_who_is_away_gets_no_reminder(story: Story) -> None:
    proposed(story)
    own = adviser_of(story)
    with transaction(story.db):
        story.db.execute(NOT_HERE, [own.id])
        absences.keep(story.db, Absence(own.id, date(2026, 11, 17), date(2026, 11, 20)), story.now)
    on(story, at(17))
    assert templates_to(story, own.email) == ["proposal"]
    on(story, at(20))
    assert templates_to(story, own.email) == ["proposal"]
    on(story, at(23))
    assert templates_to(story, own.email) == ["proposal"], "Monday is the first day since that Monday"
    on(story, at(24))
    assert templates_to(story, own.email) == ["proposal", "proposal_waits"]


def test_nothing_at_night_in_the_weekend_or_on_a_holiday(story: Story) -> None:
    story.now = at(23, 9, month=12)
    proposed(story)
    for moment in (at(25, 12, month=12), at(26, 12, month=12), at(27, 12, month=12), at(28, 3, month=12)):
        assert on(story, moment) == []
    assert on(story, at(28, 9, month=12)) != [], "Christmas is no working day: Thursday and Monday are the two days"


def test_a_row_that_breaks_stops_no_other(story: Story) -> None:
    proposed(story)
    proposed(story, "tweede@example.org")
    with transaction(story.db):
        story.db.execute("UPDATE cases SET budget_sheet = '{' WHERE id = 1")
    with pytest.raises(Exception, match="clock_undecided_failed"):
        on(story, at(18, 12))
    story.go_on()
    assert templates(story)[-1] == "proposal_waits"
    assert [each.event for each in waits.history(story.db, 2)][-1] == "adviser_reminded"
    assert cases.question_of(story.db, 1)
