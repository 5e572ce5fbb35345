"""A button under a letter to an adviser: it counts in the linked chat of the adviser whose proposal it is, and once."""

from __future__ import annotations

import pytest

from bot import brokering
from bot.choices import Choice
from bot.store import accounts, cases, proposals
from bot.store.database import transaction
from bot.story import Story, letter_to
from expertise.experts import Expert
from matcher.proposal import Proposal
from tests import chat_service
from tests.accepted_cases import open_proposal, turn_of
from tests.bot_api import BotApi
from tests.bot_api.chats import Person, Sent
from tests.chat_service import ChatService, somebody

service = chat_service.service


def linked(story: Story, chat: Person) -> Expert:
    """An adviser of the pool, joined with this chat."""
    person = next(one for one in story.shelf.current(story.db).experts if one.role == "adviser")
    accounts.link(story.db, f"telegram:{chat.id}", person.email, story.now)
    return person


def proposed(service: ChatService, adviser: Person) -> tuple[Proposal, Sent]:
    """A proposal that was put before an adviser with a linked chat, and the message with its buttons."""
    story = service.story
    person = linked(story, adviser)
    proposal = open_proposal(story, "bewoner@example.org", person)
    with transaction(story.db):
        turn = turn_of(story, "voorstel")
        case = cases.find(story.db, proposal.case_id)
        assert case is not None
        yes = (Choice("accept", "Ja"), Choice("later", "Later", stays=True))
        turn.to_person(person, case, "proposal_withdrawn", choices=yes, proposal_id=proposal.id)
    return proposal, service.told(adviser)[-1]


def state_of(service: ChatService, proposal: Proposal) -> str:
    found = proposals.find(service.story.db, proposal.id)
    assert found is not None
    return found.state


def test_an_adviser_decides_by_a_button(telegram: BotApi, service: ChatService) -> None:
    adviser = somebody(telegram, service, "Adviseur")
    proposal, sent = proposed(service, adviser)
    telegram.presses(adviser, sent.message_id, sent.data[0])
    service.go()
    assert state_of(service, proposal) == "accepted"
    assert sent.buttons == []


def test_a_decision_elsewhere_takes_the_buttons_away(telegram: BotApi, service: ChatService) -> None:
    adviser = somebody(telegram, service, "Adviseur")
    proposal, sent = proposed(service, adviser)
    data = sent.data[0]
    story = service.story
    with transaction(story.db):
        proposals.decide(story.db, proposal.id, "declined", "", "mail", story.now)
    service.go()
    assert sent.buttons == []
    telegram.presses(adviser, sent.message_id, data, forged=True)
    assert "intussen al besloten" in service.told(adviser)[-1].text
    assert state_of(service, proposal) == "declined"


def test_a_chat_that_is_no_longer_linked_decides_nothing(telegram: BotApi, service: ChatService) -> None:
    adviser = somebody(telegram, service, "Adviseur")
    proposal, sent = proposed(service, adviser)
    service.story.db.execute("DELETE FROM accounts")
    telegram.presses(adviser, sent.message_id, sent.data[0])
    assert "Deze knop werkt hier niet" in service.told(adviser)[-1].text
    assert state_of(service, proposal) == "open"


def test_a_choice_that_stays_can_be_made_again(telegram: BotApi, service: ChatService) -> None:
    adviser = somebody(telegram, service, "Adviseur")
    proposal, sent = proposed(service, adviser)
    for _ in range(2):
        telegram.presses(adviser, sent.message_id, sent.data[1])
        service.go()
    assert len(sent.data) == 2
    refused = service.story.db.query("SELECT 1 FROM messages WHERE outcome LIKE 'press_%'")
    assert list(refused) == []
    telegram.presses(adviser, sent.message_id, sent.data[0])
    service.go()
    assert state_of(service, proposal) == "accepted"


@pytest.mark.parametrize(("mail_first", "state"), [(True, "declined"), (False, "accepted")])
def test_a_mail_says_the_opposite(telegram: BotApi, service: ChatService, mail_first: bool, state: str) -> None:
    story = service.story
    adviser = somebody(telegram, service, "Adviseur")
    person = linked(story, adviser)
    proposal = open_proposal(story, "bewoner@example.org", person)
    with transaction(story.db):
        case = cases.find(story.db, proposal.case_id)
        assert case is not None
        brokering.put_before(turn_of(story, "voorstel"), case, proposal, "proposal", handed_over_by="")
    to_adviser = letter_to(story.go_on(), person.email)
    sent = next(message for message in service.told(adviser) if message.buttons)
    if mail_first:
        story.answer(to_adviser, "Nee, dit past niet.")
    telegram.presses(adviser, sent.message_id, sent.data[0])
    told = service.told(adviser)
    if not mail_first:
        story.answer(to_adviser, "Nee, dit past niet.")
    assert state_of(service, proposal) == state
    assert told
    assert ("intussen al besloten" in told[-1].text) is mail_first
