"""A yes or no shares contact details only in answer to the letter that asks for it, whatever else was asked before."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest
from sqlite_utils import Database

from bot.channels.local_box import KeptLetter
from bot.store import tokens
from bot.store.database import transaction
from bot.store.migrations import MIGRATIONS
from bot.story import Story, letter_to
from tests.accepted_cases import turn_of
from tests.channel_talk import all_letters, chat_of, says
from tests.mails import SHOP
from tests.proposed_cases import proposed, templates, the_case

CHAT = 77


def asked_and_accepted(story: Story) -> tuple[KeptLetter, KeptLetter]:
    """By mail: the letters with the adviser's question and with the question for consent."""
    proposal = proposed(story)
    asked = letter_to(story.answer(proposal, "vraag ze of de gemeente meedoet"), SHOP)
    consent = letter_to(story.answer(proposal, "Ja, doe maar"), SHOP)
    return asked, consent


def in_a_chat(story: Story) -> None:
    """The same in a chat."""
    proposal = proposed(story, chat_of(CHAT), "chat")
    story.answer(proposal, "vraag ze of de gemeente meedoet")
    story.later(timedelta(minutes=1))
    story.answer(proposal, "Ja, doe maar")
    story.later(timedelta(minutes=1))


def types(story: Story, text: str, quotes: str = "", before: timedelta = timedelta()) -> list[str]:
    """Type in that chat, in reply to the newest letter of a template; returns the templates of what came back."""
    quoted = [each.text for each in all_letters(story.db) if each.template == quotes]
    ours = {"message_id": 3, "date": 1, "from": {"id": 4200, "is_bot": True}}
    fields: dict[str, Any] = {"reply_to_message": {**ours, "text": quoted[-1]}} if quoted else {}
    written = says(story, CHAT, text, date=int((story.now - before).timestamp()), **fields)
    return [each.template for each in written if each.recipient == chat_of(CHAT)]


# By mail


@pytest.mark.parametrize("answer", ["Ja", "Ja, hoor!", "Nee"])
def test_an_answer_to_another_letter_is_asked_again_and_shares_nothing(story: Story, answer: str) -> None:
    asked, _ = asked_and_accepted(story)
    sent = story.answer(asked, answer)
    assert (the_case(story).state, the_case(story).consent) == ("accepted", None)
    assert templates(story)[-1] == "consent_unclear"
    story.answer(letter_to(sent, SHOP), "Ja")
    assert (the_case(story).state, the_case(story).consent) == ("introduced", True)


def test_the_letter_that_asks_may_still_be_answered_after_it_was_asked_again(story: Story) -> None:
    asked, consent = asked_and_accepted(story)
    story.answer(asked, "Ja")
    story.answer(consent, "Nee")
    assert the_case(story).consent is False


def test_words_that_name_the_own_details_count_in_reply_to_any_letter(story: Story) -> None:
    asked, _ = asked_and_accepted(story)
    story.answer(asked, "Ja, de gemeente doet mee. Jullie mogen mijn gegevens delen met de expert.")
    assert the_case(story).consent is True


def test_other_words_in_reply_to_another_letter_are_no_answer(story: Story) -> None:
    asked, _ = asked_and_accepted(story)
    story.answer(asked, "De wethouder doet mee.")
    assert the_case(story).consent is None
    assert "consent_unclear" not in templates(story)


def test_a_new_question_for_consent_takes_the_power_of_the_earlier_ones(story: Story) -> None:
    _, consent = asked_and_accepted(story)
    secret = str(message_from_bytes(consent.raw)["Reply-To"]).partition("+")[2].partition("@")[0]
    found = tokens.find(story.db, secret)
    assert found is not None
    assert found.purpose == "consent"
    with transaction(story.db):
        turn_of(story, "asked anew").invite_initiator(the_case(story), "consent")
    again = tokens.find(story.db, secret)
    assert again is not None
    assert again.purpose == "reply"


def test_of_secrets_from_before_only_those_of_a_question_for_consent_keep_their_power() -> None:
    db = Database(memory=True)
    for name, statements in MIGRATIONS:
        if name == "0012_replies":
            db.execute(
                "INSERT INTO letters (key, case_id, channel, template, recipient, language, subject, text, html,"
                " message_id, state, due_at, created_at) VALUES ('k', NULL, 'mail', 'consent_request', '', 'nl', '',"
                " '', '', 'm', 'sent', 'noon', 'noon')"
            )
            db.execute("UPDATE letters SET case_id = 7")
            given = [("asks", "consent", "noon"), ("other", "consent", "morning"), ("adviser", "proposal", "morning")]
            for secret, purpose, at in given:
                row = {"hash": secret, "purpose": purpose, "subject_id": 7, "holder": "", "created_at": at}
                db.table("tokens").insert({**row, "expires_at": "later"})
        for statement in statements:
            db.execute(statement)
    kept = {row["hash"]: row["purpose"] for row in db.query("SELECT hash, purpose FROM tokens")}
    assert kept == {"asks": "consent", "other": "reply", "adviser": "proposal"}


# In a chat


def test_yes_behind_the_letter_that_asks_counts(story: Story) -> None:
    in_a_chat(story)
    assert "introduction_initiator" in types(story, "Ja")
    assert the_case(story, chat_of(CHAT)).consent is True


@pytest.mark.parametrize(("quotes", "before"), [("adviser_question", timedelta()), ("", timedelta(minutes=20))])
def test_yes_to_an_earlier_letter_or_typed_before_is_asked_again(story: Story, quotes: str, before: timedelta) -> None:
    in_a_chat(story)
    assert types(story, "Ja", quotes, before) == ["consent_unclear"]
    assert the_case(story, chat_of(CHAT)).consent is None
    assert "introduction_initiator" in types(story, "Ja")


def test_behind_a_letter_about_something_else_only_a_quote_counts(story: Story) -> None:
    in_a_chat(story)
    with transaction(story.db):
        turn_of(story, "later", "chat").to_initiator(the_case(story, chat_of(CHAT)), "answer_passed_on")
    assert types(story, "Ja") == ["consent_unclear"]
    assert "introduction_initiator" in types(story, "Ja", "consent_request")
