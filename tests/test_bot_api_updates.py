"""The local Bot API server delivers updates as Telegram does: confirmed by the next offset, or by a webhook's 2xx."""

import asyncio

import pytest
from telegram import Bot, Update
from telegram.error import BadRequest, Conflict, NetworkError

from tests.bot_api import BotApi
from tests.bot_api.talking import bot_of, talking
from tests.bot_api.webhook_receiver import receiver


def texts(updates: tuple[Update, ...]) -> list[str | None]:
    return [update.effective_message.text if update.effective_message else None for update in updates]


@talking
async def test_updates_come_again_until_a_higher_offset_confirms_them(telegram: BotApi, bot: Bot) -> None:
    sam = telegram.person()
    for text in ("een", "twee", "drie"):
        telegram.writes(sam, text)
    first = await bot.get_updates()
    assert texts(first) == texts(await bot.get_updates()) == ["een", "twee", "drie"]
    assert texts(await bot.get_updates(limit=2)) == ["een", "twee"]
    assert texts(await bot.get_updates(offset=first[1].update_id)) == ["twee", "drie"]
    assert texts(await bot.get_updates()) == ["twee", "drie"]
    assert texts(await bot.get_updates(offset=first[2].update_id + 1)) == []
    assert telegram.unconfirmed() == []
    assert telegram.update_ids() == [update.update_id for update in first]


@talking
async def test_a_negative_offset_counts_from_the_end_and_one_far_ahead_confirms_nothing(
    telegram: BotApi, bot: Bot
) -> None:
    sam = telegram.person()
    for text in ("een", "twee", "drie"):
        telegram.writes(sam, text)
    assert texts(await bot.get_updates(offset=telegram.update_ids()[-1] + 1000)) == ["een", "twee", "drie"]
    assert texts(await bot.get_updates(offset=-1)) == ["drie"]
    assert texts(await bot.get_updates()) == ["drie"]


@talking
async def test_a_long_poll_answers_as_soon_as_somebody_writes(telegram: BotApi, bot: Bot) -> None:
    sam = telegram.person()
    waiting = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    telegram.writes(sam, "/vraag@mixmatch_test_bot nu")
    (update,) = await waiting
    assert update.message is not None
    assert update.message.entities[0].length == len("/vraag@mixmatch_test_bot")
    assert await bot.get_updates(offset=update.update_id + 1, timeout=1) == ()


@talking
async def test_only_the_kinds_asked_for_come_from_then_on(telegram: BotApi, bot: Bot) -> None:
    sam = telegram.person()
    telegram.writes(sam, "een")
    await bot.get_updates(allowed_updates=["edited_message"])
    telegram.writes(sam, "twee")
    await bot.get_updates(allowed_updates=[])
    written = telegram.writes(sam, "drie")
    telegram.edits(sam, written["message_id"], "vier")
    updates = await bot.get_updates()
    assert texts(updates) == ["een", "drie", "vier"]
    assert updates[2].edited_message is not None
    assert updates[2].edited_message.message_id == written["message_id"]


@talking
async def test_replies_forwards_and_groups_look_as_they_do(telegram: BotApi, bot: Bot) -> None:
    sam, kim = telegram.person("Sam", username="sam_test"), telegram.person("Kim", language="en")
    group = telegram.group("Buurt", sam, kim)
    asked = await bot.send_message(group.id, "Wie?")
    telegram.writes(kim, "ik", chat=group, reply_to=asked.message_id)
    telegram.forwards(sam, "van een ander", kim)
    telegram.forwards(sam, "van iemand")
    reply, forward, hidden = (update.message for update in await bot.get_updates())
    assert reply is not None
    assert reply.reply_to_message is not None
    assert (reply.reply_to_message.text, reply.chat.title, reply.chat.id) == ("Wie?", "Buurt", group.id)
    assert reply.from_user is not None
    assert (reply.from_user.first_name, reply.from_user.language_code) == ("Kim", "en")
    assert forward is not None
    assert forward.forward_origin is not None
    assert forward.forward_origin.to_dict()["sender_user"]["id"] == kim.id
    assert forward.chat.username == "sam_test"
    assert hidden is not None
    assert hidden.forward_origin is not None
    assert hidden.forward_origin.to_dict()["sender_user_name"] == "Iemand"


def test_a_bot_in_privacy_mode_hears_only_what_is_meant_for_it() -> None:
    async def play(telegram: BotApi) -> None:
        sam = telegram.person()
        group = telegram.group("Buurt", sam)
        async with bot_of(telegram) as bot:
            own = await bot.send_message(group.id, "dag")
            telegram.writes(sam, "lekker weer", chat=group)
            telegram.writes(sam, "/status", chat=group)
            telegram.writes(sam, "dag ook", chat=group, reply_to=own.message_id)
            assert texts(await bot.get_updates()) == ["/status", "dag ook"]

    with BotApi(reads_groups=False) as telegram:
        asyncio.run(play(telegram))


@talking
async def test_an_update_can_come_twice_under_its_own_number(telegram: BotApi, bot: Bot) -> None:
    sam = telegram.person()
    telegram.writes(sam, "een")
    (update,) = await bot.get_updates()
    telegram.deliver_again(update.update_id)
    (again,) = await bot.get_updates(offset=update.update_id + 1)
    assert again == update
    assert await bot.get_updates(offset=update.update_id + 1) == ()


@talking
async def test_an_answer_lost_on_the_way_loses_no_update(telegram: BotApi, bot: Bot) -> None:
    sam = telegram.person()
    telegram.writes(sam, "een")
    telegram.goes_wrong("cut", methods=frozenset({"getupdates"}))
    with pytest.raises(NetworkError):
        await bot.get_updates()
    assert texts(await bot.get_updates()) == ["een"]
    telegram.pass_time(24 * 3600 + 1)
    assert await bot.get_updates() == ()


@talking
async def test_of_two_polls_the_first_is_ended(telegram: BotApi, bot: Bot) -> None:
    sam = telegram.person()
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.1)
    async with bot_of(telegram) as other:
        second = asyncio.create_task(other.get_updates(timeout=30))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await first
        telegram.writes(sam, "een")
        assert texts(await second) == ["een"]


@talking
async def test_a_webhook_gets_every_update_in_order_until_it_takes_it(telegram: BotApi, bot: Bot) -> None:
    sam, kim = telegram.person(), telegram.person("Kim")
    telegram.writes(sam, "een")
    async with receiver() as hook:
        hook.refuse = {sam.id: 2}
        await bot.set_webhook(hook.url, secret_token="geheim_1")
        telegram.writes(sam, "twee")
        telegram.writes(kim, "drie")
        await asyncio.to_thread(telegram.wait_until, lambda: telegram.unconfirmed() == [])
        assert [text for chat, text in hook.tried if chat == sam.id] == ["een", "een", "een", "twee"]
        assert [text for chat, text in hook.tried if chat == kim.id] == ["drie"]
        assert set(hook.secrets) == {"geheim_1"}
        info = await bot.get_webhook_info()
        assert (info.url, info.pending_update_count) == (hook.url, 0)
        assert info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"
        telegram.deliver_again(telegram.update_ids()[0])
        await asyncio.to_thread(telegram.wait_until, lambda: hook.tried[-1][1] == "een")


@talking
async def test_with_a_webhook_nothing_can_be_fetched(telegram: BotApi, bot: Bot) -> None:
    sam = telegram.person()
    polling = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.1)
    async with bot_of(telegram) as other:
        await other.set_webhook("http://127.0.0.1:9/nobody")
        with pytest.raises(Conflict, match="terminated by setWebhook request"):
            await polling
        with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
            await bot.get_updates()
        telegram.writes(sam, "een")
        await asyncio.to_thread(telegram.wait_until, lambda: telegram.webhook.last_error != "", 20)
        assert (await bot.get_webhook_info()).pending_update_count == 1
        await other.delete_webhook()
        assert texts(await bot.get_updates()) == ["een"]
        with pytest.raises(BadRequest, match="Secret token contains unallowed characters"):
            await bot.set_webhook("https://example.org/", secret_token="met spatie")
        await bot.delete_webhook(drop_pending_updates=True)
        assert await bot.get_updates() == ()
