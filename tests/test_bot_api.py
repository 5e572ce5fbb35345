"""The local Bot API server answers an unmodified python-telegram-bot as Telegram does: sending, editing, files."""

import asyncio
from datetime import timedelta
from typing import cast

import pytest
from telegram import Bot, BotCommand, BotCommandScopeChat, InlineKeyboardButton, InlineKeyboardMarkup, InputFile
from telegram import Message as TelegramMessage
from telegram.constants import ChatType, ParseMode
from telegram.error import BadRequest, InvalidToken

from tests.bot_api import BotApi
from tests.bot_api.entities import formatted, utf16_length
from tests.bot_api.failure import ApiFailure
from tests.bot_api.talking import bot_of, talking

MEGABYTE = 1024 * 1024
YES_NO = InlineKeyboardMarkup.from_row(
    [InlineKeyboardButton("Ja", callback_data="ja"), InlineKeyboardButton("Nee", callback_data="nee")]
)


def button(data: str | None = None, url: str | None = None) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup.from_button(InlineKeyboardButton("Ja", callback_data=data, url=url))


@talking
async def test_a_bot_knows_who_it_is(telegram: BotApi, bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.is_bot, me.username) == (7_000_000_001, True, "mixmatch_test_bot")


@pytest.mark.parametrize("token", ["7000000001:another", "7000000002:a-token-for-tests", "nonsense"])
def test_a_wrong_token_is_refused(token: str) -> None:
    async def play() -> None:
        with BotApi() as telegram, pytest.raises(InvalidToken):
            async with bot_of(telegram, token):
                pass

    asyncio.run(play())


@talking
async def test_a_message_arrives_and_can_be_looked_at(telegram: BotApi, bot: Bot) -> None:
    sam = telegram.person("Sam")
    asked = telegram.writes(sam, "/start dag")
    text, number = "  Dag <b>Sam</b> &amp; co\n", asked["message_id"]
    message = await bot.send_message(sam.id, text, "HTML", reply_markup=YES_NO, reply_to_message_id=number)
    assert (message.text, message.text_html) == ("Dag Sam & co", "Dag <b>Sam</b> &amp; co")
    assert message.reply_to_message is not None
    assert message.reply_to_message.text == "/start dag"
    assert message.reply_markup == YES_NO
    (sent,) = telegram.sent(sam)
    assert (sent.text, sent.data, sent.message_id) == ("Dag Sam & co", ["ja", "nee"], message.message_id)
    await bot.send_chat_action(sam.id, "typing")
    assert telegram.world.actions == [(sam.id, "typing")]


@talking
async def test_text_is_counted_in_utf16_after_reading_the_marks(telegram: BotApi, bot: Bot) -> None:
    sam = telegram.person()
    telegram.writes(sam, "hoi")
    assert (await bot.send_message(sam.id, f"<b>{'😀' * 2048}</b>", ParseMode.HTML)).text == "😀" * 2048
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(sam.id, "😀" * 2048 + "x")
    for empty in (" \n ", "<b></b>"):
        with pytest.raises(BadRequest, match="Message text is empty"):
            await bot.send_message(sam.id, empty, ParseMode.HTML)
    assert len(telegram.sent()) == 1


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("1 <2", "Unclosed start tag at byte offset 2"),
        ("één <kahn@example.org> x", 'Unsupported start tag "kahn@example.org" at byte offset 6'),
        ("<b>vet", "Can't find end tag corresponding to start tag b"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
        ("<a href=x_y>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<a href='x>x</a>", "Unclosed start tag at byte offset 0"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<br>", 'Unsupported start tag "br" at byte offset 0'),
    ],
)
def test_wrong_marks_are_refused_in_telegrams_words(text: str, wrong: str) -> None:
    with pytest.raises(ApiFailure) as refused:
        formatted(text, "HTML")
    assert refused.value.description == f"Bad Request: can't parse entities: {wrong}"


@pytest.mark.parametrize(
    ("text", "plain", "entities"),
    [
        ("a &lt; b &nbsp; &copy;", "a < b &nbsp; &copy;", []),
        ("😀 <i>x</i>", "😀 x", [("italic", 3, 1)]),
        ("<B>a<U>b</U></>", "ab", [("bold", 0, 2), ("underline", 1, 1)]),
        ('<a href="https://example.org/?a=1&copy=2&amp;d=3">x</a>', "x", [("text_link", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("blockquote", 0, 1)]),
        (" <b> x </b> ", "x", [("bold", 0, 1)]),
    ],
)
def test_marks_become_entities(text: str, plain: str, entities: list[tuple[str, int, int]]) -> None:
    found, marks = formatted(text, "HTML")
    assert found == plain
    assert [(mark["type"], mark["offset"], mark["length"]) for mark in marks] == entities
    assert all(mark["url"] == "https://example.org/?a=1&copy=2&d=3" for mark in marks if "url" in mark)
    assert utf16_length("😀é") == 3


@talking
async def test_wrong_marks_are_refused_over_the_line(telegram: BotApi, bot: Bot) -> None:
    sam = telegram.person()
    telegram.writes(sam, "hoi")
    with pytest.raises(BadRequest, match="Can't parse entities: unsupported start tag"):
        await bot.send_message(sam.id, "<sam>", ParseMode.HTML)
    assert telegram.sent() == []


@talking
async def test_buttons_carry_1_to_64_bytes_and_real_links(telegram: BotApi, bot: Bot) -> None:
    sam = telegram.person()
    telegram.writes(sam, "hoi")
    await bot.send_message(sam.id, "x", reply_markup=button("é" * 32))
    await bot.send_message(sam.id, "x", reply_markup=button(url="https://example.org/a"))
    for data in ("", "é" * 32 + "x"):
        with pytest.raises(BadRequest, match="Button_data_invalid"):
            await bot.send_message(sam.id, "x", reply_markup=button(data))
    with pytest.raises(BadRequest, match="wrong http url"):
        await bot.send_message(sam.id, "x", reply_markup=button(url="http://localhost/a"))
    with pytest.raises(BadRequest, match="text buttons are unallowed"):
        await bot.send_message(sam.id, "x", reply_markup=button())
    assert len(telegram.sent()) == 2


@talking
async def test_a_message_can_be_changed_but_not_into_itself(telegram: BotApi, bot: Bot) -> None:
    sam = telegram.person()
    own = telegram.writes(sam, "hoi")
    message = await bot.send_message(sam.id, "<b>een</b>", ParseMode.HTML, reply_markup=YES_NO)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("<b>een</b>", sam.id, message.message_id, parse_mode="HTML", reply_markup=YES_NO)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(sam.id, message.message_id, reply_markup=YES_NO)
    changed = cast(TelegramMessage, await bot.edit_message_reply_markup(sam.id, message.message_id))
    assert (changed.text_html, changed.reply_markup) == ("<b>een</b>", None)
    changed = cast(TelegramMessage, await bot.edit_message_text("twee", sam.id, message.message_id))
    assert (changed.text, changed.message_id, changed.edit_date is not None) == ("twee", message.message_id, True)
    (sent,) = telegram.sent(sam)
    assert (sent.text, sent.versions, sent.data) == ("twee", ["een"], [])
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("drie", sam.id, 4711)
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("drie", sam.id, own["message_id"])


@talking
async def test_a_press_is_answered_in_time_or_not_at_all(telegram: BotApi, bot: Bot) -> None:
    sam, stranger = telegram.person(), telegram.person("Kim")
    group = telegram.group("Buurt", sam, stranger)
    message = await bot.send_message(group.id, "Goed?", reply_markup=YES_NO)
    with pytest.raises(ValueError, match="no button"):
        telegram.presses(stranger, message.message_id, "anders", chat=group)
    press = telegram.presses(stranger, message.message_id, "nee", chat=group)
    forged = telegram.presses(stranger, message.message_id, "anders", chat=group, forged=True, inaccessible=True)
    first, second = (update.callback_query for update in await bot.get_updates())
    assert first is not None
    assert second is not None
    assert (first.data, first.from_user.id, first.id) == ("nee", stranger.id, press.id)
    assert first.message is not None
    assert (first.message.message_id, first.message.chat.type) == (message.message_id, ChatType.GROUP)
    assert first.message.is_accessible
    assert second.data == "anders"
    assert second.message is not None
    assert not second.message.is_accessible
    await first.answer("Dank")
    assert press.answers == [{"callback_query_id": press.id, "text": "Dank"}]
    telegram.expire(forged)
    late = telegram.presses(sam, message.message_id, chat=group)
    telegram.pass_time(61)
    for query_id in (forged.id, late.id, "1"):
        with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is invalid"):
            await bot.answer_callback_query(query_id)


@talking
async def test_files_come_and_go_and_large_ones_cannot_be_fetched(telegram: BotApi, bot: Bot) -> None:
    sam = telegram.person()
    telegram.sends_document(sam, b"inhoud", "begroting.xlsx", "application/xlsx", caption="Hierbij")
    telegram.sends_document(sam, b"x", size=20 * MEGABYTE)
    telegram.sends_document(sam, b"x", size=20 * MEGABYTE + 1)
    telegram.sends_photo(sam, b"foto")
    telegram.sends_voice(sam, b"stem", 4)
    whole, limit, large, photo, voice = (cast(TelegramMessage, update.message) for update in await bot.get_updates())
    assert whole.document is not None
    assert (whole.document.file_name, whole.document.mime_type) == ("begroting.xlsx", "application/xlsx")
    assert whole.caption == "Hierbij"
    assert bytes(await (await whole.document.get_file()).download_as_bytearray()) == b"inhoud"
    assert limit.document is not None
    assert (await limit.document.get_file()).file_size == 20 * MEGABYTE
    assert large.document is not None
    with pytest.raises(BadRequest, match="File is too big"):
        await large.document.get_file()
    with pytest.raises(BadRequest, match="Invalid file_id"):
        await bot.get_file("anders")
    assert bytes(await (await photo.photo[-1].get_file()).download_as_bytearray()) == b"foto"
    assert voice.voice is not None
    assert voice.voice.duration == timedelta(seconds=4)
    report = InputFile(b"verslag", "verslag.pdf")
    back = await bot.send_document(sam.id, report, caption="<i>Zie</i>", parse_mode="HTML")
    assert back.document is not None
    assert (telegram.sent(sam)[0].document, back.caption_html) == (b"verslag", "<i>Zie</i>")
    await bot.send_document(sam.id, back.document.file_id)
    assert telegram.sent(sam)[1].document == b"verslag"
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_document(sam.id, back.document.file_id, caption="x" * 1025)


@talking
async def test_the_menu_of_commands_is_kept_per_audience(telegram: BotApi, bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("start", "Beginnen")])
    other = BotCommandScopeChat(5)
    await bot.set_my_commands([BotCommand("open", "Openstaand")], scope=other, language_code="nl")
    assert await bot.get_my_commands() == (BotCommand("start", "Beginnen"),)
    assert await bot.get_my_commands(scope=other, language_code="nl") == (BotCommand("open", "Openstaand"),)
    assert await bot.get_my_commands(language_code="nl") == ()
    with pytest.raises(BadRequest, match="Bot_command_invalid"):
        await bot.set_my_commands([BotCommand("Start", "Beginnen")])


@talking
async def test_an_unknown_method_is_not_found(telegram: BotApi, bot: Bot) -> None:
    with pytest.raises(InvalidToken, match="method not found"):
        await bot.get_my_name()
