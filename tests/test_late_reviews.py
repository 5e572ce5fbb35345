"""A review that waits too long: the coordinator is reminded once, with a letter that decides."""

from __future__ import annotations

from bot.story import Story, letter_to
from tests.clock_time import at, on, until, written
from tests.mails import NOT_CLOSING, SHOP, mail
from tests.proposed_cases import the_case

COORDINATOR = "coordinator@example.org"


def test_one_reminder_after_five_working_days_with_which_it_can_be_decided(story: Story) -> None:
    story.mail_arrives(mail(NOT_CLOSING, now=story.now))
    assert the_case(story).state == "review"
    assert until(story, at(20, 12)) == []
    (reminder,) = on(story, at(23, 12))
    assert reminder.recipient == COORDINATOR
    assert "Sinds 16 november 2026 wacht deze vraag op jouw besluit." in reminder.text
    assert "De begroting sluit nog niet." in reminder.text
    assert until(story, at(18, month=12)) == []
    story.answer(reminder, "JA, dit mag meedoen")
    assert the_case(story).state == "proposed"


def test_a_review_that_was_decided_is_left_alone(story: Story) -> None:
    letter = letter_to(story.mail_arrives(mail(NOT_CLOSING, now=story.now)), COORDINATOR)
    story.answer(letter, "NEE, dit past niet")
    until(story, at(30))
    assert "review_reminder" not in written(story)
    assert letter_to([letter], COORDINATOR).recipient != SHOP
