"""What only a chat brings: commands, groups, buttons, voice and stickers, edits, and people who block the bot.

Runs inside the transaction of its `Turn`, before bot/conversation.py, which hears everything else.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot import conversation, linking, pressing
from bot.adviser import actions as adviser_actions
from bot.adviser import own_chat as adviser_chat
from bot.initiator import confirming
from bot.initiator.asking import what_we_understood
from bot.letters import DEFAULT_LANGUAGE
from bot.pressing import Heard
from bot.reading import ASKING, Read
from bot.store import cases, chats, letters
from bot.turn import Turn
from inbox.message import ChatMarks
from inbox.sheet_cells import is_sheet
from inbox.telegram import COMMAND_KINDS, QUESTION, UNREAD

Rule = Callable[[Turn, Read, ChatMarks], Heard | None]
PRESSED = pressing.joined(pressing.PRESSED, confirming.PRESSED, adviser_actions.PRESSED)
"""What every choice under a letter does."""


def hear_chat(turn: Turn, read: Read) -> Heard | None:
    """Answer what only a chat brings; None for words that mean the same in every channel."""
    marks = read.message.chat
    if marks is None:
        return None
    return next((heard for rule in RULES if (heard := rule(turn, read, marks)) is not None), None)


def _event(turn: Turn, read: Read, marks: ChatMarks) -> Heard | None:
    """Nobody wrote this: a chat moved, or somebody blocked us. What we write is parked until the block is over."""
    if not marks.event:
        return None
    if marks.event == "moved":
        chats.keep_move(turn.db, *marks.moved)
    if marks.event == "unblocked":
        letters.release_unblocked(turn.db, read.message.sender, turn.now)
    return f"chat_{marks.event}", None


def _machine(turn: Turn, read: Read, marks: ChatMarks) -> Heard | None:
    """Another bot: never answered."""
    del turn, marks
    return ("automatic", None) if read.message.automatic else None


def _in_group(turn: Turn, read: Read, marks: ChatMarks) -> Heard | None:
    """In a group we only answer when spoken to, say nothing about anybody, and point to a chat of one's own."""
    del read
    if not marks.group:
        return None
    if not marks.addressed:
        return "group_overheard", None
    link = f"https://t.me/{marks.bot}" if marks.bot else ""
    turn.to_writer(marks.group, "", _language(marks), "chat_group", chat_link=link)
    return "group", None


def _pressed(turn: Turn, read: Read, marks: ChatMarks) -> Heard | None:
    """A button under one of our letters."""
    return pressing.press(turn, read, PRESSED) if marks.button else None


def _greeting(turn: Turn, read: Read, marks: ChatMarks) -> Heard | None:
    """/start, /help, and a command that we don't know."""
    if not marks.command or marks.command == QUESTION or marks.command in COMMAND_KINDS:
        return None
    _tell(turn, read, marks, "chat_welcome", first_contact=not cases.of_initiator(turn.db, read.message.sender))
    return "welcomed", None


def _question(turn: Turn, read: Read, marks: ChatMarks) -> Heard | None:
    """/vraag: with words behind it those are a new question, whatever they look like; without, ask for them."""
    if marks.command != QUESTION:
        return None
    if read.message.text:
        return conversation.BY_KIND["request"](turn, read, None)
    _tell(turn, read, marks, "chat_ask", first_contact=not cases.of_initiator(turn.db, read.message.sender))
    return "asked_what", None


def _unread(turn: Turn, read: Read, marks: ChatMarks) -> Heard | None:
    """What we can't read, or a file that did not come: say so. Words beside it are heard as ever."""
    message = read.message
    medium = next((code for code in message.defects if code in UNREAD), "")
    if not medium and message.attachments and not any(map(is_sheet, message.attachments)):
        pictures = all(each.media_type.startswith("image/") for each in message.attachments)
        medium = "photo" if pictures else "document"
    if not medium:
        return None
    if marks.album:  # every photo of an album is a message; they share one letter, as a letter's key is unique
        turn = replace(turn, cause=f"album:{message.sender}:{marks.album}")
    _tell(turn, read, marks, "chat_unread", medium=medium)
    return None if message.text else (f"unread_{medium}", None)


def _edited(turn: Turn, read: Read, marks: ChatMarks) -> Heard | None:
    """A message put right: it adds to the question that runs, and never opens a second one."""
    if "edited" not in read.message.defects or marks.command:
        return None
    case = conversation.find_case(turn, read.message)
    if case is None or read.understood is None or read.understood.kind not in ASKING:
        return None
    done = conversation.go_on(turn, read, case, may_consent=False)
    if done == "added" and read.understood.kind != "request":  # the answer that it was before stays what it was
        turn.to_initiator(case, "corrected", step="edited", **what_we_understood(turn, case))
    return done, case.id


def _adviser_command(turn: Turn, read: Read, marks: ChatMarks) -> Heard | None:
    """Linking a mailbox, and what an adviser says in the own chat."""
    return linking.hear(turn, read, marks) or adviser_chat.hear(turn, read, marks)


RULES: tuple[Rule, ...] = (
    _event, _machine, _in_group, _pressed, _adviser_command, _greeting, _question, _unread, _edited,
)  # fmt: skip


def _tell(turn: Turn, read: Read, marks: ChatMarks, template: str, **facts: Any) -> None:
    """Write to the one who wrote, in the language of the own question, or else of the own telephone."""
    message = read.message
    known = cases.of_initiator(turn.db, message.sender)
    language = known[0].language if known else _language(marks)
    turn.to_writer(message.sender, message.sender_name, language, template, **facts)


def _language(marks: ChatMarks) -> str:
    return marks.language or DEFAULT_LANGUAGE
