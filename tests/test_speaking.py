"""Who goes on in another language is answered in it; a few words, or a mail that proves nothing, change nothing."""

from __future__ import annotations

from bot.story import Story
from tests.channel_talk import arrives, chat_of, mails, says, to
from tests.mails import COMPLETE, INCOMPLETE, SHOP
from tests.proposed_cases import proposed, the_case

BEWONER = 77


def languages(story: Story, words: str) -> list[str]:
    written = to(says(story, BEWONER, words), chat_of(BEWONER))
    arrives(story, BEWONER)
    return [one.language for one in written]


def test_somebody_who_goes_on_in_english_is_answered_in_english(story: Story) -> None:
    assert languages(story, INCOMPLETE) == ["nl"]
    assert languages(story, "Sorry, my Dutch is not good. Can we go on in English? We live in Oss.") == ["en"]
    assert languages(story, "yes") == ["en"], "a few words are no change"
    assert languages(story, "/status") == ["en"]


def test_and_back_in_dutch(story: Story) -> None:
    languages(story, "We are starting a community garden in Oss and want help to talk with angry neighbours.")
    assert languages(story, "ja") == ["en"]
    assert languages(story, "Laten we toch maar in het Nederlands verder gaan, dat is ook goed.") == ["nl"]


def test_a_loose_mail_changes_no_language(story: Story) -> None:
    mails(story, SHOP, COMPLETE)
    mails(story, SHOP, "Could you please tell me how things stand with our question?")
    assert the_case(story).language == "nl"


def test_an_adviser_is_always_written_to_in_dutch(story: Story) -> None:
    letter = proposed(story)
    (told,) = story.answer(letter, "I do not know yet what to say about this one, sorry.")
    assert (told.recipient, the_case(story).language) == (letter.recipient, "nl")
