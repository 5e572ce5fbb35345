"""A chat line as it was stored (JSON bytes) → Message. Says nothing about what the line means."""

import json
from datetime import datetime

from inbox.message import Message


class UnreadableChat(ValueError):
    """The stored bytes are not a chat line."""


def chat_line(sender: str, name: str, text: str, sent_at: datetime) -> bytes:
    """One line of chat as the bytes that are stored."""
    cells = {"sender": sender, "name": name, "text": text, "sent_at": sent_at.isoformat()}
    return json.dumps(cells, ensure_ascii=False, sort_keys=True).encode(errors="replace")


def read_chat(raw: bytes) -> Message:
    """The Message of a stored chat line. Raises `UnreadableChat`."""
    try:
        cells = json.loads(raw)
        sent_at = datetime.fromisoformat(cells["sent_at"])
        sender, name, text = (str(cells[key]) for key in ("sender", "name", "text"))
    except (ValueError, KeyError, TypeError) as problem:
        raise UnreadableChat("not a chat line") from problem
    return Message(
        external_id=f"{sender} {sent_at.isoformat()}",
        channel="chat",
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
        attachments=(),
        defects=(),
        own_raw_text=text,
    )
