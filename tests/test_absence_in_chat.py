"""Being away, told in an adviser's own chat: kept when it is clear, asked in doubt, and never at a decision's cost."""

from __future__ import annotations

import pytest

from bot.store import absences, messages
from bot.store.absences import KeptAbsence
from bot.story import Story
from tests.channel_talk import chat_of, says
from tests.linked_chats import ADVISER, ANNA, link
from tests.test_adviser_chat import asked, last_in_chat
from tests.test_story_channels import ADVISER_ID, proposal_of

AWAY = "van 3 tot en met 14 december"


def kept(story: Story) -> list[KeptAbsence]:
    return absences.of_person(story.db, ADVISER_ID, story.now.date())


@pytest.mark.parametrize("words", [f"/afwezig {AWAY}", f"Ik ben afwezig {AWAY}"])
def test_being_away_is_told_in_the_chat(story: Story, words: str) -> None:
    link(story)
    written = says(story, ANNA, words)
    assert messages.newest(story.db).outcome == "absence_kept"
    assert {letter.recipient for letter in written} == {ADVISER, chat_of(ANNA)}
    (row,) = story.db.query("SELECT person_id, first_day, last_day FROM absences")
    assert tuple(row.values()) == (ADVISER_ID, "2026-12-03", "2026-12-14")


def test_an_unclear_absence_is_asked_and_the_next_words_answer(story: Story) -> None:
    link(story)
    says(story, ANNA, "/afwezig")
    assert messages.newest(story.db).outcome == "absence_unclear"
    says(story, ANNA, AWAY)
    assert messages.newest(story.db).outcome == "absence_kept"


@pytest.mark.parametrize(
    "words",
    [
        "Ja, leuk! Ik ben volgende week vrij voor een gesprek",
        "de expert is volgende week met verlof",
        "Akkoord, maar ik ben er vrijdag niet bij",
        "Ze zijn volgende week weg, ik bel daarna",
        "ik ben er niet uit, ik kijk er vrijdag naar",
        "Akkoord. Ik ben volgende week met verlof",
    ],
)
def test_words_about_a_proposal_keep_no_absence(story: Story, words: str) -> None:
    link(story)
    case = asked(story)
    says(story, ANNA, words)
    assert kept(story) == []
    assert proposal_of(story, case) == "open"
    assert last_in_chat(story).template == "unclear_answer", "and what was decided is asked"


def test_words_that_may_be_about_being_away_are_asked(story: Story) -> None:
    link(story)
    asked(story)
    says(story, ANNA, "Ik ben er volgende week niet")
    assert last_in_chat(story).template == "absence_unclear"
    assert kept(story) == []


def test_being_busy_again_ends_no_absence(story: Story) -> None:
    link(story)
    says(story, ANNA, f"/afwezig {AWAY}")
    says(story, ANNA, "Ik ben weer te druk")
    assert len(kept(story)) == 1


def test_a_forwarded_command_keeps_no_absence(story: Story) -> None:
    link(story)
    (letter,) = says(story, ANNA, f"/afwezig {AWAY}", forward_origin={"type": "user", "date": 1})
    assert "nieuw bericht" in letter.text
    assert kept(story) == []


@pytest.mark.parametrize(("words", "template"), [("tot en met 18 december", "absence_kept"), ("Fijn", "chat_adviser")])
def test_after_an_absence_was_kept_only_days_change_it(story: Story, words: str, template: str) -> None:
    link(story)
    says(story, ANNA, f"/afwezig {AWAY}")
    says(story, ANNA, words)
    assert last_in_chat(story).template == template
