"""What an adviser says in the linked chat: words decide only behind a letter that asks for a decision."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.adviser import reminding
from bot.adviser.buttons import ASKS_TO_DECIDE
from bot.letter_facts import FOR_ADVISERS
from bot.store import cases, expected_words, messages, proposals
from bot.store.database import transaction
from bot.store.expected_words import Expected
from bot.store.letters import KeptLetter
from bot.story import Story
from matcher.proposal import Case
from tests.accepted_cases import turn_of
from tests.channel_talk import all_letters, arrives, chat_of, mails, put_before, says, to
from tests.linked_chats import ADVISER, ANNA, link
from tests.mails import INCOMPLETE
from tests.test_story_channels import ADVISER_ID, HOME, proposal_of, reply_address, shown


def asked(story: Story, sender: str = HOME) -> Case:
    """A proposal that has arrived in the adviser's chat."""
    case = put_before(story, ADVISER_ID, sender=sender)
    arrives(story, ANNA)
    return case


def replying_to(letter: KeptLetter) -> dict[str, Any]:
    """What Telegram adds to a reply to a message of ours."""
    return {"reply_to_message": {"message_id": 3, "date": 1, "text": letter.text, "from": {"id": 4200}}}


def last_in_chat(story: Story) -> KeptLetter:
    return to(all_letters(story.db), chat_of(ANNA))[-1]


@pytest.mark.parametrize(("words", "state"), [("Ja, doe maar", "accepted"), ("Nee, te druk", "declined")])
def test_words_after_the_only_proposal_decide(story: Story, words: str, state: str) -> None:
    link(story)
    case = asked(story)
    written = says(story, ANNA, words)
    assert proposals.of_case(story.db, case.id)[0].state == state
    assert to(written, chat_of(ANNA))
    assert to(written, ADVISER), "the mail stays the record"
    assert cases.of_initiator(story.db, chat_of(ANNA)) == []


def test_a_reply_to_the_proposal_decides_about_that_one(story: Story) -> None:
    link(story)
    first = put_before(story, ADVISER_ID)
    quoted = shown(story, "proposal", chat_of(ANNA)).text
    second = put_before(story, ADVISER_ID, sender=HOME)
    says(story, ANNA, "Ja, prima", reply_to_message={"text": quoted, "from": {"id": 4200}})
    assert (proposal_of(story, first), proposal_of(story, second)) == ("accepted", "open")


def test_a_reply_that_quotes_only_the_number_of_the_case(story: Story) -> None:
    link(story)
    first = put_before(story, ADVISER_ID)
    put_before(story, ADVISER_ID, sender=HOME)
    reply: dict[str, Any] = {"reply_to_message": {"text": f"Dossier {first.reference}"}}
    says(story, ANNA, "Ja, prima", **reply)
    assert proposal_of(story, first) == "open", "a number alone does not tell which letter is meant"
    says(story, ANNA, "Ja, prima", **replying_to(shown(story, "proposal", chat_of(ANNA), first)))
    assert proposal_of(story, first) == "accepted"
    says(story, ANNA, "Nee, toch niet", **reply)
    assert proposal_of(story, first) == "accepted", "decided once"
    assert last_in_chat(story).template == "already_decided"


def test_with_two_proposals_open_a_bare_yes_is_asked_about(story: Story) -> None:
    link(story)
    first, second = put_before(story, ADVISER_ID), asked(story)
    (letter,) = to(says(story, ANNA, "Ja"), chat_of(ANNA))
    assert letter.template == "open_proposals"
    assert (proposal_of(story, first), proposal_of(story, second)) == ("open", "open")


def test_thanks_after_one_decision_do_not_decide_about_another(story: Story) -> None:
    link(story)
    first = put_before(story, ADVISER_ID)
    second = put_before(story, ADVISER_ID, sender=HOME)
    says(story, ANNA, "Ja", **replying_to(shown(story, "proposal", chat_of(ANNA), first)))
    arrives(story, ANNA)
    says(story, ANNA, "Prima")
    assert (proposal_of(story, first), proposal_of(story, second)) == ("accepted", "open")


def test_doubt_in_the_chat_is_asked(story: Story) -> None:
    link(story)
    case = asked(story)
    says(story, ANNA, "Ja maar alleen als de gemeente meedoet")
    assert proposal_of(story, case) == "open"
    assert last_in_chat(story).template == "unclear_answer"


def test_what_was_forwarded_or_changed_is_no_answer(story: Story) -> None:
    link(story)
    case = asked(story)
    (letter,) = says(story, ANNA, "Ja", forward_origin={"type": "user"})
    assert "nieuw bericht" in letter.text
    (letter,) = says(story, ANNA, "Ja", kind="edited_message", edit_date=1_795_000_200)
    assert "nieuw bericht" in letter.text
    assert proposal_of(story, case) == "open"


def test_another_advisers_chat_decides_nothing(story: Story) -> None:
    link(story, 502, "governance@example.org")
    case = put_before(story, ADVISER_ID)
    quoted = shown(story, "proposal", ADVISER).text
    story.db.execute("UPDATE experts SET active = 1 WHERE role = 'adviser'")
    for words in ("Ja", f"Ja {shown(story, 'proposal', ADVISER).reply_token}"):
        says(story, 502, words, reply_to_message={"text": quoted})
    says(story, 666, "Ja", reply_to_message={"text": quoted})
    assert proposal_of(story, case) == "open"


def test_after_unlinking_a_chat_decides_nothing(story: Story) -> None:
    link(story)
    case = put_before(story, ADVISER_ID)
    quoted = shown(story, "proposal", chat_of(ANNA)).text
    arrives(story, ANNA)
    says(story, ANNA, "/ontkoppel")
    says(story, ANNA, "Ja", reply_to_message={"text": quoted})
    assert proposal_of(story, case) == "open"


def test_first_decision_wins_whatever_the_channel(story: Story) -> None:
    link(story)
    case = put_before(story, ADVISER_ID)
    proposal = shown(story, "proposal", ADVISER)
    mails(story, ADVISER, "Nee, te druk", to=reply_address(proposal))
    says(story, ANNA, "Ja", reply_to_message={"text": f"Dossier {case.reference}"})
    assert proposals.of_case(story.db, case.id)[0].state == "declined"


def test_an_adviser_without_proposals_is_told_so(story: Story) -> None:
    link(story)
    (letter,) = says(story, ANNA, "Hoi, wie zijn jullie?")
    assert "Er wacht nu geen voorstel" in letter.text
    assert cases.of_initiator(story.db, chat_of(ANNA)) == []


def test_an_adviser_may_ask_a_question_too(story: Story) -> None:
    link(story)
    says(story, ANNA, f"/vraag {INCOMPLETE}")
    says(story, ANNA, "Oss")
    (case,) = cases.of_initiator(story.db, chat_of(ANNA))
    assert case.facts.municipality == "Oss"


def test_words_from_before_the_proposal_are_no_answer_to_it(story: Story) -> None:
    link(story)
    case = asked(story)
    says(story, ANNA, "Ja", date=1_700_000_000)
    assert proposal_of(story, case) == "open"


def test_the_list_of_what_waits_comes_in_the_chat(story: Story) -> None:
    link(story)
    case = put_before(story, ADVISER_ID)
    (letter,) = to(says(story, ANNA, "/openstaand"), chat_of(ANNA))
    assert case.reference in letter.text
    assert "/adviseur/" not in letter.text + letter.html, "the mailbox's own link stays there"
    arrives(story, ANNA)
    (letter,) = says(story, ANNA, "Ja, doe maar")
    assert "Antwoord dan op het bericht van dat voorstel" in letter.text
    assert proposal_of(story, case) == "open", "a list asks for no decision"
    says(story, ANNA, "Ja, doe maar", **replying_to(shown(story, "open_proposals", chat_of(ANNA))))
    assert proposal_of(story, case) == "open"


@pytest.mark.parametrize("command", ["/openstaand", "/afwezig van 3 tot 14 augustus"])
def test_commands_of_advisers_need_a_link(story: Story, command: str) -> None:
    (letter,) = says(story, ANNA, command)
    assert letter.template == "chat_link"
    assert "/koppel" in letter.text
    assert messages.newest(story.db).outcome == "advisers_only"


# Words behind a letter that does not ask


@pytest.mark.parametrize("command", ["/start", "/help"])
def test_a_linked_adviser_is_greeted_as_one(story: Story, command: str) -> None:
    link(story, ANNA, ADVISER)
    (letter,) = says(story, ANNA, command)
    assert letter.template == "chat_adviser"
    assert all(word in letter.text for word in ("/openstaand", "/afwezig", "/ontkoppel"))


def test_only_letters_with_a_proposal_in_them_ask_to_decide() -> None:
    assert set(ASKS_TO_DECIDE) <= set(FOR_ADVISERS)


@pytest.mark.parametrize("mail", ["kom er morgen op terug", "vraag ze of de gemeente meedoet", "nee, te druk"])
@pytest.mark.parametrize("polite", ["Prima", "Ok"])
def test_a_polite_word_behind_a_confirmation_decides_nothing(story: Story, mail: str, polite: str) -> None:
    link(story)
    case = asked(story)
    mails(story, ADVISER, mail, to=reply_address(shown(story, "proposal", ADVISER)))
    arrives(story, ANNA)
    confirmed = last_in_chat(story)
    assert confirmed.template in ("later_confirmed", "question_passed_on", "decision_confirmed_no")
    says(story, ANNA, polite)
    assert proposal_of(story, case) == "open"
    assert last_in_chat(story).template == "chat_adviser"
    says(story, ANNA, polite, **replying_to(confirmed))
    assert proposal_of(story, case) == "open", "nor in reply to it"


def test_words_in_reply_to_a_proposal_are_about_that_one_and_not_about_its_successor(story: Story) -> None:
    link(story)
    case = put_before(story, ADVISER_ID)
    first = replying_to(shown(story, "proposal", chat_of(ANNA)))
    says(story, ANNA, "Nee, te druk", **first)
    says(story, ANNA, "Ja", **first)
    assert [one.state for one in proposals.of_case(story.db, case.id)] == ["declined", "open"]
    assert last_in_chat(story).template == "already_decided"


def test_a_letter_that_asks_again_may_be_answered(story: Story) -> None:
    link(story)
    case = asked(story)
    says(story, ANNA, "Hm")
    assert last_in_chat(story).template == "unclear_answer"
    arrives(story, ANNA)
    says(story, ANNA, "Ja")
    assert proposal_of(story, case) == "accepted"


def test_a_proposal_that_has_not_arrived_is_not_decided_by_words(story: Story) -> None:
    link(story)
    case = put_before(story, ADVISER_ID)
    (letter,) = says(story, ANNA, "Prima")
    assert letter.template == "chat_adviser"
    assert proposal_of(story, case) == "open"


# Words that a button asked for


def waits_for(story: Story, action: str, case: Case) -> None:
    proposal = proposals.open_of_case(story.db, case.id)
    assert proposal is not None
    expected = Expected(action, proposal.id)
    expected_words.keep(story.db, chat_of(ANNA), expected, story.now + timedelta(days=7))


@pytest.mark.parametrize("action", ["decline", "ask"])
@pytest.mark.parametrize("words", ["Toch ja, doe maar!", "Ja", "nummer 2", "kom er morgen op terug", "Laat maar"])
def test_words_that_say_something_else_than_the_button_are_asked(story: Story, action: str, words: str) -> None:
    link(story)
    case = asked(story)
    waits_for(story, action, case)
    says(story, ANNA, words)
    (proposal,) = proposals.of_case(story.db, case.id)
    assert proposal.state == "open"
    assert last_in_chat(story).template == "unclear_answer"
    assert list(story.db.query("SELECT 1 FROM adviser_questions")) == []


@pytest.mark.parametrize("words", ["toch niet", "Nee, laat maar zitten"])
def test_a_no_to_saying_no_is_asked(story: Story, words: str) -> None:
    link(story)
    case = asked(story)
    waits_for(story, "decline", case)
    says(story, ANNA, words)
    assert proposal_of(story, case) == "open"


def test_a_reply_to_a_letter_of_another_case_leaves_the_words_waiting(story: Story) -> None:
    link(story)
    first, second = asked(story), asked(story, "derde@example.org")
    waits_for(story, "decline", first)
    with transaction(story.db):
        other = proposals.open_of_case(story.db, second.id)
        assert other is not None
        reminding.come_back(turn_of(story, "later"), second, other, story.now.date() + timedelta(days=2))
    says(story, ANNA, "prima", **replying_to(shown(story, "later_confirmed", chat_of(ANNA))))
    assert (proposal_of(story, first), proposal_of(story, second)) == ("open", "open")
    says(story, ANNA, "Ik ken de voorzitter")
    put = proposals.of_case(story.db, first.id)[0]
    assert (put.state, put.reason) == ("declined", "Ik ken de voorzitter")
