"""A whole question in a chat that is answered mostly by buttons: understood, completed, put before an adviser."""

from __future__ import annotations

from bot.store import cases
from tests import chat_service
from tests.bot_api import BotApi
from tests.bot_api.chats import Person, Sent
from tests.chat_service import ChatService
from tests.mails import INCOMPLETE

service, sam = chat_service.service, chat_service.sam


def press(telegram: BotApi, service: ChatService, sam: Person, sent: Sent, label: str) -> list[Sent]:
    """Press the button with these words; gives what comes back."""
    (data,) = [each["callback_data"] for row in sent.buttons for each in row if each["text"] == label]
    telegram.presses(sam, sent.message_id, data)
    return service.told(sam)


def test_a_question_is_completed_by_buttons(telegram: BotApi, service: ChatService, sam: Person) -> None:
    telegram.writes(sam, INCOMPLETE)
    (understood,) = service.told(sam)
    assert "Klopt dit?" in understood.text
    (where,) = press(telegram, service, sam, understood, "Ja, dit klopt")
    assert understood.buttons == []
    assert where.buttons == [], "a place is told in words"
    telegram.writes(sam, "In Oss")
    (budget,) = service.told(sam)
    (dependence,) = press(telegram, service, sam, budget, "De begroting sluit")
    told = press(telegram, service, sam, dependence, "Nee, niet nodig")
    (case,) = cases.newest(service.story.db, 9)
    assert (case.state, case.facts.municipality, case.facts.budget) == ("proposed", "Oss", "closing")
    assert case.facts.provincial_dependence is False
    assert told
    assert service.reported == []
