"""One record for what someone wrote, whatever the channel; how it is read belongs in mail.py and chat.py."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Channel = Literal["mail", "chat", "web"]
LIVE_CHANNELS: frozenset[str] = frozenset({"chat", "web"})
"""Conversations: the place itself proves who writes, so an answer needs no secret and no thread to be understood."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came along; the name is safe to show and to save, the content is untouched."""

    filename: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ChatMarks:
    """What only a chat program tells of a message; every text is "" where it says nothing of the kind.

    `command` is the word behind the stroke, `button` the data of the button that was pressed (a page of ours tells it
    too). `album` is the same for photos and files that were sent as one. `event` is set for
    what no person wrote: "blocked", "unblocked", "moved" (the group got another address) or "other". `group` is the
    address of the group; whether it speaks to us tells `addressed`. `language` and `username` are the writer's.
    """

    command: str = ""
    button: str = ""
    album: str = ""
    event: str = ""
    moved: tuple[str, str] = ("", "")
    group: str = ""
    addressed: bool = True
    language: str = ""
    username: str = ""
    bot: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What one person, or one machine, sent us at one moment.

    `text` is only what this writer wrote now. `quoted` is the history below or between it: kept to find a
    decision token, never understood. `signature` is what stood under the closing: contact details, a
    disclaimer. `own_raw_text` is the whole decoded text from which the three were taken.
    `automatic` says why a machine wrote it, or is None. `defects` names, in codes, what was wrong with it.
    """

    external_id: str
    channel: Channel
    sender: str
    sender_name: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    quoted: str
    sent_at: datetime | None
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    automatic: str | None
    attachments: tuple[Attachment, ...]
    defects: tuple[str, ...]
    own_raw_text: str
    signature: str = ""
    chat: ChatMarks | None = None
