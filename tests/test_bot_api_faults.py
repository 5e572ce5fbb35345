"""The local Bot API server refuses, floods, hangs and goes down as Telegram does; nothing is lost or invented."""

from datetime import timedelta
from typing import cast

import pytest
from telegram import Bot
from telegram import Message as TelegramMessage
from telegram.constants import ChatType
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TimedOut

from tests.bot_api import BotApi
from tests.bot_api.talking import talking


@talking
async def test_who_cannot_be_written_to(telegram: BotApi, bot: Bot) -> None:
    sam, kim, new = telegram.person(), telegram.person("Kim"), telegram.person("Noor")
    group = telegram.group("Buurt", sam, new)
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(kim.id, "dag")
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(new.id, "dag")
    telegram.writes(kim, "hoi")
    telegram.blocks(kim)
    with pytest.raises(Forbidden, match=r"^Forbidden: bot was blocked by the user$"):
        await bot.send_message(kim.id, "dag")
    telegram.writes(kim, "toch")
    await bot.send_message(kim.id, "dag")
    telegram.deletes_account(kim)
    with pytest.raises(Forbidden, match=r"^Forbidden: user is deactivated$"):
        await bot.send_chat_action(kim.id, "typing")
    changes = [update.my_chat_member for update in await bot.get_updates() if update.my_chat_member]
    assert [change.new_chat_member.status for change in changes] == ["kicked", "member"]
    telegram.kicks_bot(sam, group)
    with pytest.raises(Forbidden, match="bot was kicked from the group chat"):
        await bot.send_message(group.id, "dag")


@talking
async def test_a_group_that_becomes_a_supergroup_says_where_it_went(telegram: BotApi, bot: Bot) -> None:
    sam = telegram.person()
    group = telegram.group("Buurt", sam)
    await bot.send_message(group.id, "dag")
    grown = telegram.migrates(group)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(group.id, "dag")
    assert moved.value.new_chat_id == grown.id
    assert (await bot.send_message(grown.id, "dag")).chat.type == ChatType.SUPERGROUP
    old, new = (cast(TelegramMessage, update.message) for update in await bot.get_updates())
    assert (old.chat.id, old.migrate_to_chat_id) == (group.id, grown.id)
    assert (new.chat.id, new.migrate_from_chat_id) == (grown.id, group.id)


@talking
async def test_a_flood_asks_to_wait_and_counts_down(telegram: BotApi, bot: Bot) -> None:
    sam, kim = telegram.person(), telegram.person("Kim")
    for person in (sam, kim):
        telegram.writes(person, "hoi")
    telegram.flood(times=2, retry_after=3, chat=sam)
    for _ in range(2):
        with pytest.raises(RetryAfter) as refused:
            await bot.send_message(sam.id, "dag")
        assert refused.value.retry_after == timedelta(seconds=3)
    await bot.send_message(kim.id, "dag")
    await bot.send_message(sam.id, "dag")
    assert [sent.chat_id for sent in telegram.sent()] == [kim.id, sam.id]
    telegram.flood()
    with pytest.raises(RetryAfter):
        await bot.send_message(kim.id, "dag")
    assert [call.status for call in telegram.world.calls if call.method == "sendmessage"] == [429, 429, 200, 200, 429]


@talking
async def test_a_message_may_arrive_without_an_answer(telegram: BotApi, bot: Bot) -> None:
    sam = telegram.person()
    telegram.writes(sam, "hoi")
    telegram.hang()
    with pytest.raises(TimedOut):
        await bot.send_message(sam.id, "een", read_timeout=0.2)
    telegram.cut(chat=sam)
    with pytest.raises(NetworkError):
        await bot.send_message(sam.id, "twee")
    telegram.goes_wrong("gateway")
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(sam.id, "drie")
    await bot.send_message(sam.id, "vier")
    assert [sent.text for sent in telegram.wait_sent(sam, 3)] == ["een", "twee", "vier"]


@talking
async def test_a_server_that_was_down_knows_what_it_knew(telegram: BotApi, bot: Bot) -> None:
    sam = telegram.person()
    telegram.writes(sam, "een")
    telegram.down()
    telegram.writes(sam, "twee")
    with pytest.raises(NetworkError):
        await bot.send_message(sam.id, "dag")
    telegram.up()
    assert [cast(TelegramMessage, update.message).text for update in await bot.get_updates()] == ["een", "twee"]
    assert telegram.sent() == []
