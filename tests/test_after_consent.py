"""Behind the answer about contact details: who hears what, how somebody can be reached, and an answer changed later."""

from __future__ import annotations

import pytest

from bot import brokering
from bot.channels.local_box import KeptLetter as Posted
from bot.initiator.contact import contact_in
from bot.letter_samples import write_sample
from bot.letters import LANGUAGES
from bot.store import cases, proposals
from bot.store.database import transaction
from bot.story import Story, letter_to
from matcher.proposal import Case
from tests.accepted_cases import accepted_case, case_now, turn_of
from tests.channel_talk import all_letters, arrives, chat_of, says, to
from tests.mails import COMPLETE, SHOP, mail
from tests.proposed_cases import open_proposal, person, proposed, the_case

BEWONER = 77


def answered(story: Story, answer: str) -> tuple[list[Posted], str]:
    """The letters behind an initiator's answer, and the adviser's address."""
    letter = proposed(story)
    adviser = person(story, open_proposal(story).adviser_id).email
    return story.answer(letter_to(story.answer(letter, "Ja"), SHOP), answer), adviser


def test_after_a_no_nobody_promises_what_nobody_does(story: Story) -> None:
    sent, adviser = answered(story, "Nee, liever niet")
    thanks, introduction = [one for one in sent if one.recipient == SHOP]
    assert "Je krijgt wel de gegevens van de expert" in thanks.text
    assert "team" not in thanks.text.split("Mix&Match")[0]
    assert "Mail de expert dan zelf" in introduction.text
    assert "deelt geen gegevens" in letter_to(sent, adviser).subject
    assert SHOP not in "".join(one.raw.decode() for one in sent if one.recipient != SHOP)
    assert the_case(story).state == "introduced"


def test_after_a_yes_the_adviser_hears_so(story: Story) -> None:
    sent, adviser = answered(story, "Ja hoor")
    told = letter_to(sent, adviser)
    assert "zegt ja" in told.subject
    assert SHOP not in told.raw.decode(), "who it is, is told to the expert alone"


def consented(story: Story, words: str = "ja") -> Case:
    case = accepted_case(story, chat_of(BEWONER))
    arrives(story, BEWONER)
    says(story, BEWONER, words)
    arrives(story, BEWONER)
    return case


@pytest.mark.parametrize(
    ("words", "contact"),
    [("Mijn nummer is 06-12345678", "06-12345678"), ("bewoner@example.org", "bewoner@example.org")],
)
def test_how_to_reach_somebody_in_a_chat_is_passed_on(story: Story, words: str, contact: str) -> None:
    consented(story)
    written = says(story, BEWONER, words)
    assert [one.template for one in to(written, chat_of(BEWONER))] == ["corrected"]
    assert "hoe de expert je kan bereiken" in to(written, chat_of(BEWONER))[0].text
    (passed_on,) = [one for one in written if one.template == "contact_told"]
    assert contact in passed_on.text


def test_a_number_beside_the_yes_goes_along(story: Story) -> None:
    case = accepted_case(story, chat_of(BEWONER))
    arrives(story, BEWONER)
    written = says(story, BEWONER, "Ja, dat mag. Mijn nummer is 06-12345678.")
    introduction = next(one for one in written if one.template == "introduction_expert")
    assert "06-12345678" in introduction.text
    assert case_now(story, case).contact == "06-12345678"


def test_without_consent_no_number_is_passed_on(story: Story) -> None:
    consented(story, "nee")
    written = says(story, BEWONER, "Mijn nummer is 06-12345678")
    assert "contact_told" not in [one.template for one in written]


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("bel (0412) 123456", "(0412) 123456"),
        ("+31 6 12345678 graag", "+31 6 12345678"),
        ("mail: a.b@example.org.", "a.b@example.org"),
        ("06 12345678 of a@example.org", None),
        ("dossier SV-2026-0001", None),
        ("NL91 ABNA 0417 1643 00", None),
        ("op 01-02-2026", None),
    ],
)
def test_one_address_or_number_is_read(text: str, contact: str | None) -> None:
    assert contact_in(text) == contact


@pytest.mark.parametrize(("first", "later"), [("ja", "nee toch niet"), ("nee", "ja")])
def test_an_answer_that_is_changed_later_stays_and_that_is_told(story: Story, first: str, later: str) -> None:
    case = consented(story, first)
    before = case_now(story, case).consent
    (told,) = says(story, BEWONER, later, kind="edited_message")
    assert "blijft gelden" in told.text
    assert case_now(story, case).consent == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_tells_of_another_expert_and_of_a_changed_message(language: str) -> None:
    for template, facts in (
        ("expert_declined", {}),
        ("corrected", {"step": "edited"}),
        ("corrected", {"step": "contact"}),
    ):
        assert len(write_sample(template, language, **facts).text) > 100


GIVEN = COMPLETE + "\nJullie mogen mijn naam en mailadres aan de expert geven."


@pytest.mark.parametrize("channel", ["mail", "chat"])
def test_consent_given_beforehand_can_be_taken_back_until_it_is_used(story: Story, channel: str) -> None:
    words = "Bij nader inzien: geef mijn gegevens toch niet door aan de expert."
    if channel == "mail":
        sent = story.mail_arrives(mail(GIVEN, sender=SHOP, now=story.now))
        (case,) = cases.of_initiator(story.db, SHOP)
        story.answer(letter_to(sent, SHOP), words)
    else:
        says(story, BEWONER, GIVEN)
        (case,) = cases.of_initiator(story.db, chat_of(BEWONER))
        arrives(story, BEWONER)
        (told,) = says(story, BEWONER, words)
        assert "niet door" in told.text
    assert case.consent is True
    assert case_now(story, case).consent is False
    proposal = proposals.open_of_case(story.db, case.id)
    assert proposal is not None
    with transaction(story.db):
        brokering.accept(turn_of(story, "accept"), case_now(story, case), proposal)
    expert = person(story, proposal.expert_id)
    (introduction,) = [one for one in all_letters(story.db) if one.recipient == expert.email]
    assert "nog geen naam en adres" in introduction.text


def test_unclear_words_about_own_data_make_us_ask_anew(story: Story) -> None:
    says(story, BEWONER, GIVEN)
    (case,) = cases.of_initiator(story.db, chat_of(BEWONER))
    arrives(story, BEWONER)
    says(story, BEWONER, "Ik wil toch niet dat de expert mijn gegevens krijgt.")
    assert case_now(story, case).consent is None


def test_words_behind_an_introduction_reach_the_adviser(story: Story) -> None:
    case = consented(story)
    written = says(story, BEWONER, "De expert reageert niet.")
    (told,) = [one for one in written if one.template == "initiator_writes" and one.channel == "mail"]
    proposal = proposals.accepted_of_case(story.db, case.id)
    assert proposal is not None
    assert told.recipient == person(story, proposal.adviser_id).email
    assert "De expert reageert niet." in told.text
    assert "adviseur" in to(written, chat_of(BEWONER))[0].text
