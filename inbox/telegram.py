"""A Telegram update as it was stored, with its files → Message; what the bot does with it does not belong here.

Field names are those of the Bot API: https://core.telegram.org/bots/api#update.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from inbox.body import safe_filename
from inbox.message import Attachment, ChatMarks, Message

if TYPE_CHECKING:  # looking into what is stored starts without what telling a kind needs to count
    from inbox.kind import Kind

Cells = Mapping[str, Any]

LARGEST_FILE = 20_000_000  # bytes; the Bot API hands out no larger file
MAX_TEXT = 20_000  # characters; Telegram itself stops at 4,096

_MESSAGES = ("message", "edited_message", "channel_post", "edited_channel_post")
_COMMAND = re.compile(r"/([a-zA-Z0-9_]{1,32})(?:@(\w{1,64}))?(?=\s|$)\s*")
# What can come without a word, and the code of it. An animation also carries a document, so it comes first.
_MEDIA = (
    ("animation", "video"), ("voice", "voice"), ("audio", "voice"), ("video", "video"), ("video_note", "video"),
    ("sticker", "sticker"), ("dice", "sticker"), ("venue", "location"), ("location", "location"),
    ("contact", "contact"), ("photo", "photo"), ("poll", "other"), ("story", "other"), ("paid_media", "other"),
    ("checklist", "other"), ("game", "other"),
)  # fmt: skip
UNREAD = (*dict.fromkeys(code for _, code in _MEDIA), "file_too_big", "file_unavailable")
"""The codes in `defects` of what came without words that we can read."""
QUESTION = "vraag"
COMMAND_KINDS: Mapping[str, Kind] = {"status": "status", "gegevens": "privacy", "stop": "withdraw"}
"""Commands that say by themselves what is meant."""
_EVENTS = {"kicked": "blocked", "member": "unblocked"}


@dataclass(frozen=True, slots=True)
class FileMention:
    """A file that a message mentions; `size` in bytes, 0 where it is not told."""

    file_id: str
    name: str
    media_type: str
    size: int


def files_of(update: Cells) -> tuple[FileMention, ...]:
    """The files of an update that are worth fetching: a document, or a photo at its largest. Never raises."""
    return tuple(_mentions(_cells(next((update[kind] for kind in _MESSAGES if kind in update), None))))


def press_id(update: Cells) -> str:
    """The number under which Telegram waits for the answer to a pressed button, "" for another update. Never raises."""
    return _text(_cells(update.get("callback_query")).get("id"))


def private_writer(update: Cells) -> int | None:
    """The chat of a new message that a person wrote to the bot alone; None for all else. Never raises."""
    message = _cells(update.get("message"))
    chat, writer = _cells(message.get("chat")), _cells(message.get("from"))
    number = chat.get("id")
    alone = chat.get("type") == "private" and writer.get("is_bot") is not True
    return number if alone and isinstance(number, int) else None


def chat_of(update: Cells) -> int | None:
    """The chat that an update belongs to, a pressed button's too; None when it tells none. Never raises."""
    inner = _cells(next((cells for cells in update.values() if isinstance(cells, Mapping)), None))
    places = (_cells(inner.get("message")).get("chat"), inner.get("chat"), inner.get("from"))
    number = next((_cells(place).get("id") for place in places if _cells(place)), None)
    return number if isinstance(number, int) else None


def _mentions(message: Cells) -> Iterator[FileMention]:
    document, photos = _cells(message.get("document")), message.get("photo")
    if "animation" not in message and (file_id := _text(document.get("file_id"))):
        name, media_type = _text(document.get("file_name")), _text(document.get("mime_type"))
        yield FileMention(file_id, name or "document", media_type or "application/octet-stream", _size(document))
    sizes = [_cells(photo) for photo in photos] if isinstance(photos, list) else []
    if sizes and (file_id := _text((largest := max(sizes, key=_size)).get("file_id"))):
        yield FileMention(file_id, "foto.jpg", "image/jpeg", _size(largest))


def read_update(stored: Cells) -> Message:
    """The Message of a stored update. Raises ValueError, KeyError, TypeError or OverflowError for a damaged one."""
    update, bot = stored["update"], _cells(stored.get("bot"))
    external_id = f"telegram:{_number(bot.get('id'))}:{_number(update['update_id'])}"
    kind = next((kind for kind in _MESSAGES if kind in update), "")
    if kind:
        read = _read_message(update[kind], bot, "edited" if kind.startswith("edited") else "")
        return replace(read, external_id=external_id, **_read_files(stored, read.defects))
    press = update.get("callback_query")
    read = _read_event(update, bot) if press is None else _read_press(press, bot)
    return replace(read, external_id=external_id)


def needs_no_reading(message: Message) -> bool:
    """Whether a message holds nothing to understand: an event, a button, words in a group, a bare command."""
    marks = message.chat
    if marks is None:
        return False
    bare = (
        bool(marks.command) and marks.command not in COMMAND_KINDS and (marks.command != QUESTION or not message.text)
    )
    return bool(marks.event or marks.button or marks.group) or bare


def _read_message(message: Cells, bot: Cells, edited: str) -> Message:
    body = _text(message.get("text")) or _text(message.get("caption"))
    marks = _marks(message, bot)
    moved_to, moved_from = message.get("migrate_to_chat_id"), message.get("migrate_from_chat_id")
    here = _address(_cells(message["chat"]))
    if moved_to is not None or moved_from is not None:
        pair = (
            (here, f"telegram:{_number(moved_to)}")
            if moved_to is not None
            else (f"telegram:{_number(moved_from)}", here)
        )
        return _message(message, "", replace(marks, event="moved", moved=pair))
    command, words = _command(body, bot)
    text = _without_mention(words, bot)
    medium = "" if body else next((code for name, code in _MEDIA if name in message), "")
    marks = replace(
        marks,
        command=command,
        addressed=not marks.group or bool(command) or _addressed(message, body, bot),
        event="" if body or medium or "document" in message else "other",
    )
    forwarded = "forwarded" if "forward_origin" in message or "forward_date" in message else ""
    defects = tuple(code for code in (edited, forwarded, medium) if code)
    return replace(_message(message, text, marks), defects=defects, own_raw_text=body)


def _marks(message: Cells, bot: Cells) -> ChatMarks:
    writer, chat = _cells(message.get("from")), _cells(message["chat"])
    return ChatMarks(
        group="" if chat.get("type") == "private" else _address(chat),
        language=_text(writer.get("language_code")).lower().partition("-")[0],
        username=_text(writer.get("username")),
        album=_text(message.get("media_group_id")),
        bot=_text(bot.get("username")),
    )


def _command(body: str, bot: Cells) -> tuple[str, str]:
    """The command that a text begins with, if it is meant for this bot, and the words behind it."""
    found = _COMMAND.match(body)
    if found is None or (found[2] and found[2].lower() != _text(bot.get("username")).lower()):
        return "", body
    return found[1].lower(), body[found.end() :]


def _addressed(message: Cells, body: str, bot: Cells) -> bool:
    """Whether words in a group are meant for us: our name is among them, or they answer what we said."""
    answered = _cells(_cells(message.get("reply_to_message")).get("from"))
    return body != _without_mention(body, bot) or (answered.get("id") is not None and answered["id"] == bot.get("id"))


def _without_mention(body: str, bot: Cells) -> str:
    name = _text(bot.get("username"))
    return re.sub(rf"(?<!\w)@{re.escape(name)}\b", "", body, flags=re.IGNORECASE) if name else body


def _message(message: Cells, text: str, marks: ChatMarks) -> Message:
    writer, answered = _cells(message.get("from")), _cells(message.get("reply_to_message"))
    private = not marks.group
    return Message(
        external_id="",
        channel="chat",
        sender=_address(_cells(message["chat"]) if private else writer),
        sender_name=" ".join(filter(None, (_text(writer.get(part)) for part in ("first_name", "last_name")))),
        recipients=(marks.group,) if marks.group else (),
        subject="",
        text=text.strip(),
        quoted=(_text(answered.get("text")) or _text(answered.get("caption"))).strip(),
        sent_at=datetime.fromtimestamp(_number(message.get("edit_date") or message.get("date") or 0), UTC),
        message_id="",
        in_reply_to="",
        references=(),
        automatic="bot" if writer.get("is_bot") is True else None,
        attachments=(),
        defects=(),
        own_raw_text=text,
        chat=marks,
    )


def _read_files(stored: Cells, defects: tuple[str, ...]) -> dict[str, Any]:
    """The files that came along, and codes for those that did not come."""
    found: list[Attachment] = []
    problems: list[str] = []
    for file in stored.get("files") or ():
        if "content" in file:
            content = base64.b64decode(file["content"], validate=True)
            media_type = _text(file.get("media_type"))[:100] or "application/octet-stream"
            found.append(Attachment(safe_filename(_text(file.get("name"))), media_type, content))
        else:
            problems.append("file_too_big" if file.get("problem") == "too_big" else "file_unavailable")
    return {"attachments": tuple(found), "defects": (*defects, *dict.fromkeys(problems))}


def _read_press(press: Cells, bot: Cells) -> Message:
    """A button that was pressed; who pressed it is the writer. "forwarded": not under a message of ours in its chat."""
    under, writer = _cells(press.get("message")), press["from"]
    chat = _cells(under.get("chat")) or _cells(writer)
    inner = {"from": writer, "chat": {"type": "private", **chat}}
    data = _text(press.get("data")) or "-"  # a button without data is none of ours
    read = _message(inner, "", replace(_marks(inner, bot), button=data))
    defects = () if _is_ours(under, bot) else ("forwarded",)
    return replace(read, sender=_address(writer), defects=defects, own_raw_text=data)


def _is_ours(under: Cells, bot: Cells) -> bool:
    """Whether a button stands under a message that the bot itself wrote there, as it wrote it.

    Of a message that is too old Telegram tells only the number, the chat and the date 0: that it is the bot's own.
    """
    if any(mark in under for mark in ("forward_origin", "forward_date", "via_bot")):
        return False
    too_old = under.get("date") == 0 and "message_id" in under
    return too_old or (bot.get("id") is not None and _cells(under.get("from")).get("id") == bot["id"])


def _read_event(update: Cells, bot: Cells) -> Message:
    """What no person wrote: somebody blocked the bot, a group took it in, or a kind that we did not ask for."""
    change = _cells(update.get("my_chat_member"))
    inner = {"chat": {}, **change}
    marks = _marks(inner, bot)
    status = _text(_cells(change.get("new_chat_member")).get("status"))
    event = "other" if marks.group else _EVENTS.get(status, "other")
    return _message(inner, "", replace(marks, event=event))


def _address(chat: Cells) -> str:
    """The address of a chat or a person; in a private chat the two are the same. "" where nobody is named."""
    return f"telegram:{_number(chat['id'])}" if "id" in chat else ""


def _cells(value: Any) -> Cells:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    """A text that can be stored: half a character (a lone surrogate) becomes a question mark."""
    if not isinstance(value, str):
        return ""
    return value[:MAX_TEXT].encode("utf-8", "replace").decode().replace("\x00", "")


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("not a number")
    return value


def _size(cells: Cells) -> int:
    size = cells.get("file_size")
    return size if isinstance(size, int) and not isinstance(size, bool) else 0
