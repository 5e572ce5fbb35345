"""Sends one letter, with its buttons, to a Telegram chat and tells what became of it; to retry is the outbox's."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import httpx
from telegram import Bot, BotCommand, BotCommandScopeChat, InlineKeyboardMarkup, LinkPreviewOptions, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.channels.shape import SendResult
from bot.channels.telegram_bot import PREFIX, chat_number, retry_seconds
from bot.channels.telegram_form import Button, Part, keyboard_of, messages_of

# What the library ran into before a whole question had left this machine: nobody can have taken the letter.
NOT_HANDED_OVER = (
    httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.WriteError, httpx.WriteTimeout,
    httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.ProxyError,
)  # fmt: skip
GATEWAY_TIMEOUT = "Gateway Time"  # "Gateway Timeout (504)": a server behind this one may have taken the letter

# What Telegram says with 403 and 400: part of its words → code. The first line that fits.
REFUSALS = (
    ("blocked by the user", "telegram_blocked"),
    ("deactivated", "telegram_deactivated"),
    ("kicked", "telegram_removed"),
    ("not a member", "telegram_removed"),
    ("chat not found", "telegram_no_chat"),
    ("can't initiate conversation", "telegram_no_chat"),
    ("message is too long", "telegram_too_long"),
)


@dataclass(frozen=True, slots=True)
class Ears:
    """Whom to tell while a letter leaves: that the first so many messages left, that a chat moved (to where), and
    the number of the message under which its buttons stand.
    """

    part_sent: Callable[[int], Awaitable[None]]
    moved: Callable[[str], Awaitable[None]]
    buttons_shown: Callable[[int], Awaitable[None]]


async def send(
    bot: Bot, html: str, address: str, parts_sent: int, ears: Ears, buttons: Sequence[Button] = ()
) -> SendResult:
    """Send the messages of a letter that have not left yet, buttons under the last one. Raises only what `ears` raise.

    "try_again": Telegram certainly has not taken the next message. "refused": it said no for good. "unknown": the
    message was handed over and no answer came, so it may have been delivered.
    """
    try:
        chat = chat_number(address)
    except ValueError:
        return SendResult("refused", "telegram_bad_address")
    parts = messages_of(html)
    for number, part in enumerate(parts[parts_sent:], start=parts_sent + 1):
        keyboard = keyboard_of(buttons) if number == len(parts) else None
        done, chat = await _send_part(bot, part, chat, ears, keyboard)
        if isinstance(done, SendResult):
            return done
        if len(parts) > 1:
            await ears.part_sent(number)
        if keyboard is not None:
            await ears.buttons_shown(done.message_id)
    return SendResult("sent", "telegram_sent")


async def take_buttons(bot: Bot, address: str, message: int) -> SendResult:
    """Take the buttons of a sent message away; "sent" when they are gone. Raises nothing.

    Until then, or when Telegram refuses, they stay and do nothing.
    """
    try:
        await bot.edit_message_reply_markup(chat_id=chat_number(address), message_id=message, reply_markup=None)
    except ValueError as problem:
        return SendResult("refused", "telegram_bad_address", type(problem).__name__)
    except TelegramError as problem:
        if isinstance(problem, BadRequest) and "not modified" in problem.message.lower():
            return SendResult("sent", "telegram_sent")  # an earlier try did arrive
        return judged(problem)
    return SendResult("sent", "telegram_sent")


async def show_commands(bot: Bot, address: str, commands: Sequence[tuple[str, str]]) -> SendResult:
    """Let one chat show commands of its own, or with none those of everybody again. Raises nothing."""
    try:
        scope = BotCommandScopeChat(chat_number(address))
        if commands:
            await bot.set_my_commands([BotCommand(*each) for each in commands], scope=scope)
        else:
            await bot.delete_my_commands(scope=scope)
    except ValueError as problem:
        return SendResult("refused", "telegram_bad_address", type(problem).__name__)
    except TelegramError as problem:
        return judged(problem)
    return SendResult("sent", "telegram_sent")


async def _send_part(
    bot: Bot, part: Part, chat: int, ears: Ears, keyboard: InlineKeyboardMarkup | None
) -> tuple[SendResult | Message, int]:
    """Send one message; gives it or what failed, and the chat where the next one goes."""
    try:
        return await _send_message(bot, part, chat, keyboard), chat
    except ChatMigrated as moved:
        chat = moved.new_chat_id
        await ears.moved(f"{PREFIX}{chat}")
        try:
            return await _send_message(bot, part, chat, keyboard), chat
        except TelegramError as problem:
            return judged(problem), chat
    except TelegramError as problem:
        return judged(problem), chat


async def _send_message(bot: Bot, part: Part, chat: int, keyboard: InlineKeyboardMarkup | None = None) -> Message:
    preview = LinkPreviewOptions(is_disabled=True)
    try:
        return await bot.send_message(
            chat, part.html, parse_mode=ParseMode.HTML, link_preview_options=preview, reply_markup=keyboard
        )
    except BadRequest as problem:
        if "parse" not in problem.message.lower():
            raise
        return await bot.send_message(chat, part.text, link_preview_options=preview, reply_markup=keyboard)


def judged(problem: TelegramError) -> SendResult:
    """What a failure means for the message that was being sent."""
    kind = type(problem).__name__
    if isinstance(problem, RetryAfter):
        return SendResult("try_again", "telegram_busy", kind, timedelta(seconds=retry_seconds(problem)))
    if isinstance(problem, InvalidToken):
        return SendResult("try_again", "telegram_token_refused", kind)
    if isinstance(problem, BadRequest | Forbidden):
        said = problem.message.lower()
        return SendResult(
            "refused", next((code for words, code in REFUSALS if words in said), "telegram_refused"), kind
        )
    cause = problem.__cause__
    if isinstance(cause, NOT_HANDED_OVER):
        return SendResult("try_again", "telegram_unreachable", type(cause).__name__)
    answered = isinstance(problem, NetworkError) and (cause is None or isinstance(cause, TelegramError))
    if answered and GATEWAY_TIMEOUT not in problem.message:
        return SendResult("try_again", "telegram_later", kind)  # with a status that says: not now
    return SendResult("unknown", "telegram_fate_unknown", type(cause or problem).__name__)
