"""An expert or adviser answers a letter that asked no decision: somebody reads it, and a no lets the search go on."""

from __future__ import annotations

import pytest

from bot.channels.local_box import KeptLetter
from bot.settings import Programme
from bot.store import proposals
from bot.story import Story, letter_to, reply_to
from expertise.experts import Expert
from tests.mails import SHOP, mail
from tests.proposed_cases import open_proposal, person, proposed, templates, the_case

COORDINATOR = Programme().coordinator


def introduced(story: Story, answer: str = "Ja") -> tuple[KeptLetter, Expert, Expert]:
    """A match with consent or without; the expert's letter, the expert and the adviser."""
    letter = proposed(story)
    waiting = open_proposal(story)
    asked = letter_to(story.answer(letter, "Ja, doe maar"), SHOP)
    expert = person(story, waiting.expert_id)
    return letter_to(story.answer(asked, answer), expert.email), expert, person(story, waiting.adviser_id)


@pytest.mark.parametrize("words", ["NEE, ik heb geen tijd", "Nee, dit past niet bij mij. Zoek maar een ander."])
def test_an_experts_no_lets_the_search_go_on(story: Story, words: str) -> None:
    letter, expert, adviser = introduced(story)
    sent = story.answer(letter, words)
    case = the_case(story)
    assert (case.state, case.consent) == ("proposed", None), "consent was to this expert"
    assert open_proposal(story).expert_id != expert.id
    assert [one.state for one in proposals.of_case(story.db, case.id)] == ["replaced", "open"]
    assert "andere expert voor je" in letter_to(sent, SHOP).subject
    told = next(one for one in sent if one.recipient == adviser.email and "kan toch niet" in one.subject)
    assert words.split(".")[0] in told.text
    assert "confirmation" not in templates(story)[-4:]


def test_other_words_of_an_expert_go_to_the_adviser_and_change_nothing(story: Story) -> None:
    letter, expert, adviser = introduced(story)
    sent = story.answer(letter, "Ik mail ze morgen. Weten jullie of ze al een bestuur hebben?")
    assert the_case(story).state == "introduced"
    assert "al een bestuur hebben" in letter_to(sent, adviser.email).text
    assert letter_to(sent, expert.email).subject.startswith("We geven je bericht door")
    assert SHOP not in {one.recipient for one in sent}


@pytest.mark.parametrize("words", ["Bedankt!", "Dank je wel, leuk."])
def test_thanks_need_no_answer(story: Story, words: str) -> None:
    letter, _, _ = introduced(story)
    assert story.answer(letter, words) == []


def test_an_adviser_who_was_mistaken_is_heard_by_a_person(story: Story) -> None:
    letter = proposed(story)
    confirmed = letter_to(story.answer(letter, "Ja, doe maar"), letter.recipient)
    sent = story.answer(confirmed, "Toch niet, ik heb me vergist.")
    assert "ik heb me vergist" in letter_to(sent, COORDINATOR).text
    assert "coördinator" in letter_to(sent, letter.recipient).text
    assert the_case(story).state == "accepted"


def test_who_does_not_read_the_mailbox_ends_nothing(story: Story) -> None:
    letter, expert, _ = introduced(story)
    story.mail_arrives(mail("NEE, ik heb geen tijd", sender=expert.email, now=story.now, subject=letter.subject))
    forged = reply_to(letter, "NEE, ik heb geen tijd", story.now).replace(expert.email.encode(), b"vreemd@example.org")
    story.mail_arrives(forged)
    assert the_case(story).state == "introduced"
