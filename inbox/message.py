"""One record for what someone wrote, whatever the channel; how it is read belongs in mail.py and chat.py."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Channel = Literal["mail", "chat", "web"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came along; the name is safe to show and to save, the content is untouched."""

    filename: str
    media_type: str
    content: bytes


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
