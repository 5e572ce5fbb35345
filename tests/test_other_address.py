"""An adviser answers from another address than the letter went to: nothing is decided, and the holder hears so once."""

from bot.story import Story, reply_to
from tests.mails import SHOP
from tests.proposed_cases import open_proposal, proposed, the_case

SECOND = "thuis@example.org"


def test_the_holder_is_told_once_a_day_and_may_still_decide(story: Story) -> None:
    letter = proposed(story)
    raws = [
        reply_to(letter, words, story.now).replace(f"From: {letter.recipient}".encode(), f"From: {SECOND}".encode())
        for words in ("Ja, doe maar", "Ja!")
    ]
    (told,) = story.mail_arrives(raws[0])
    assert told.recipient == letter.recipient
    assert "vanaf een ander adres" in told.subject
    assert SECOND not in told.text
    assert story.mail_arrives(raws[1]) == []
    assert open_proposal(story).state == "open"
    story.answer(letter, "Ja, doe maar")
    assert the_case(story, SHOP).state == "accepted"
