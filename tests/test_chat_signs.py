"""What a chat shows or gets beside answers: that we are writing, one answer to an album, letters after a block."""

from __future__ import annotations

from bot.store import cases, letters, messages
from tests import chat_service
from tests.accepted_cases import accepted_case, case_now
from tests.bot_api import BotApi
from tests.bot_api.chats import Person
from tests.chat_service import ChatService

service, sam = chat_service.service, chat_service.sam


def test_typing_shows_when_somebody_writes_alone_with_us(telegram: BotApi, service: ChatService, sam: Person) -> None:
    group = telegram.group("Buurt", sam)
    telegram.world.actions.clear()
    telegram.writes(sam, "/status")
    telegram.writes(sam, "/start", chat=group)
    service.fetch()
    assert telegram.world.actions == [(sam.id, "typing")]


def test_an_album_gets_one_answer(telegram: BotApi, service: ChatService, sam: Person) -> None:
    telegram.sends_album(sam, b"een", b"twee", b"drie")
    (answer,) = service.told(sam)
    assert "Een foto kunnen we niet lezen" in answer.text
    telegram.sends_album(sam, b"vier", b"vijf")
    assert len(service.told(sam)) == 1, "another album, another answer"


def test_letters_of_a_blocked_chat_leave_when_the_block_is_over(
    telegram: BotApi, service: ChatService, sam: Person
) -> None:
    case = accepted_case(service.story, f"telegram:{sam.id}")
    telegram.blocks(sam)
    assert service.told(sam) == []
    parked = letters.with_state(service.story.db, "parked")
    assert [letter.problem for letter in parked] == ["telegram_blocked"] * len(parked) != []
    telegram.unblocks(sam)
    sent = service.told(sam)
    assert len(sent) == len(parked)
    telegram.presses(sam, sent[-1].message_id)
    service.go()
    assert case_now(service.story, case).consent is True
    assert messages.counts_by_state(service.story.db) == {"handled": 4}
    assert len(cases.newest(service.story.db, 9)) == 1
