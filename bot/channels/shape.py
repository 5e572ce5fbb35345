"""The records and callables that the channels share; no channel's own work and no SQL live here."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Literal

Fullness = Literal["whole", "large", "cut"]
Outcome = Literal["sent", "try_again", "refused", "unknown"]
Security = Literal["tls", "starttls", "none"]

LARGE_BYTES = 25 * 1024 * 1024
KEPT_WHOLE_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class IncomingMeta:
    """What a channel knows of one incoming message besides its raw bytes.

    external_id: for mail 64 hexadecimal digits, the same along every path (see fingerprint.external_id).
    envelope_sender: "" is the null sender of a bounce (RFC 5321 4.5.5), None means the path did not tell.
    received_at: aware, UTC. size: bytes of the mail as it arrived, also when the raw bytes are cut.
    fullness: "large" is whole but too big to read entirely, "cut" holds only the first part.
    """

    account: str
    external_id: str
    message_id: str
    envelope_sender: str | None
    envelope_recipient: str | None
    received_at: datetime
    size: int
    fullness: Fullness = "whole"
    channel: Literal["mail", "chat"] = "mail"


Keep = Callable[[bytes, IncomingMeta], bool]
"""Stores and commits raw bytes; True when new, False when known, raises when nothing was stored."""

Report = Callable[[str, str], None]
"""Takes a code and a short detail; neither ever holds an address or a word of a mail."""


@dataclass(frozen=True, slots=True)
class Positions:
    """Where a mailbox was read up to: load(account, folder) and save(account, folder, uidvalidity, uid)."""

    load: Callable[[str, str], tuple[int, int] | None]
    save: Callable[[str, str, int, int], None]


@dataclass(frozen=True, slots=True)
class SendResult:
    """What became of one letter: "unknown" means the server may have taken it, so never resend it blindly.

    detail holds the step and the server's reply codes ("RCPT 550 5.1.1"), never its words or an address.
    wait: how long the server itself asks to wait before the next try.
    """

    outcome: Outcome
    code: str
    detail: str = ""
    wait: timedelta | None = None


Send = Callable[[EmailMessage | bytes, str, str], Awaitable[SendResult]]
"""(message, envelope sender, envelope recipient) → result: a way out with its settings filled in."""


class PortBusy(Exception):
    """Another program already listens on the port."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"port {port} on {host} is in use")
        self.host = host
        self.port = port


def fullness_of(size: int, large_bytes: int, kept_whole_bytes: int) -> Fullness:
    """Tell how much of a mail of `size` bytes is kept and read."""
    if size > kept_whole_bytes:
        return "cut"
    return "large" if size > large_bytes else "whole"
