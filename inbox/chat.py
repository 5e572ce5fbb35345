"""A chat line, Telegram update or web message as it was stored (JSON bytes) → Message; says not what it means."""

import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime

from inbox.message import Attachment, Channel, ChatMarks, Message
from inbox.telegram import read_update


class UnreadableChat(ValueError):
    """The stored bytes are not a chat line, a Telegram update or a message of the web page."""


def chat_line(sender: str, name: str, text: str, sent_at: datetime) -> bytes:
    """One line of chat as the bytes that are stored."""
    cells = {"sender": sender, "name": name, "text": text, "sent_at": sent_at.isoformat()}
    return json.dumps(cells, ensure_ascii=False, sort_keys=True).encode(errors="replace")


def web_line(sender: str, name: str, text: str, sent_at: datetime, attachments: Sequence[Attachment] = ()) -> bytes:
    """One message from the web page, with its files, as the bytes that are stored."""
    files = [
        {"name": each.filename, "media_type": each.media_type, "content": b64encode(each.content).decode()}
        for each in attachments
    ]
    cells = {"sender": sender, "name": name, "text": text, "sent_at": sent_at.isoformat(), "files": files}
    return json.dumps(cells, ensure_ascii=False, sort_keys=True).encode(errors="replace")


def web_press(sender: str, name: str, label: str, button: str, sent_at: datetime) -> bytes:
    """A button that was pressed on the web page, with the words on it, as the bytes that are stored."""
    cells = {"sender": sender, "name": name, "text": label, "sent_at": sent_at.isoformat(), "button": button}
    return json.dumps(cells, ensure_ascii=False, sort_keys=True).encode(errors="replace")


def read_chat(raw: bytes) -> Message:
    """The Message of a stored chat line or Telegram update. Raises `UnreadableChat`."""
    return _message(raw, "chat")


def read_web(raw: bytes) -> Message:
    """The Message of a stored message from the web page. Raises `UnreadableChat`."""
    return _message(raw, "web")


def _message(raw: bytes, channel: Channel) -> Message:
    try:
        cells = json.loads(raw)
        if "update" in cells:
            return read_update(cells)
        sent_at = datetime.fromisoformat(cells["sent_at"])
        sender, name, text = (str(cells[key]) for key in ("sender", "name", "text"))
        button = str(cells.get("button", ""))
        attachments = tuple(
            Attachment(str(each["name"]), str(each["media_type"]), b64decode(each["content"], validate=True))
            for each in cells.get("files", ())
        )
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError, OSError, RecursionError) as problem:
        raise UnreadableChat("not a chat line") from problem
    return Message(
        external_id=f"{sender} {sent_at.isoformat()}",
        channel=channel,
        sender=sender,
        sender_name=name,
        recipients=(),
        subject="",
        text=text.strip(),
        quoted="",
        sent_at=sent_at,
        message_id="",
        in_reply_to="",
        references=(),
        automatic=None,
        attachments=attachments,
        defects=(),
        own_raw_text=text,
        chat=ChatMarks(button=button) if button else None,
    )
