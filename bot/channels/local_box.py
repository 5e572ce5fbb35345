"""Keeps outgoing letters in a Maildir on this machine, for a start without a mail server; sends nothing away."""

import asyncio
import hashlib
import os
import secrets
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP as WIRE
from email.policy import default
from pathlib import Path

from bot.channels.fingerprint import delivered_to, message_id_hint, return_path
from bot.channels.shape import SendResult

FOLDERS = ("tmp", "new", "cur")


@dataclass(frozen=True, slots=True)
class LocalBoxSettings:
    """The folder that holds the Maildir; created when missing."""

    folder: Path


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """One letter in the box, as far as a page needs it; name finds it again. text and html may be empty."""

    name: str
    kept_at: datetime
    sender: str
    recipient: str
    subject: str
    text: str
    html: str
    raw: bytes


async def send(message: EmailMessage | bytes, sender: str, recipient: str, settings: LocalBoxSettings) -> SendResult:
    """Keep one letter durably; the same Message-ID to the same recipient stays one letter.

    Always "sent", save when the disk refuses: then "try_again".
    """
    try:
        raw = message if isinstance(message, bytes) else message.as_bytes(policy=WIRE)
    except Exception as error:  # the email package raises anything
        return SendResult("refused", "local_box_bad_letter", type(error).__name__)
    try:
        await asyncio.to_thread(_keep, raw, sender, recipient, settings.folder)
    except OSError as error:
        return SendResult("try_again", "local_box_failed", type(error).__name__)
    return SendResult("sent", "local_box_kept")


def read_box(folder: Path, limit: int = 500, seen: Collection[str] = ()) -> list[KeptLetter]:
    """List at most `limit` letters, newest first, without those whose names were `seen`; an absent box is empty.

    Raises OSError.
    """
    found: list[tuple[int, Path]] = []
    for part in ("new", "cur"):
        with suppress(FileNotFoundError):
            paths = [path for path in (folder / part).iterdir() if _name(path) not in seen]
            found += [(path.stat().st_mtime_ns, path) for path in paths]
    found.sort(key=lambda one: (one[0], one[1].name), reverse=True)
    return [_letter(path) for _, path in found[:limit]]


def read_letter(folder: Path, name: str) -> KeptLetter | None:
    """Find one letter by the name read_box gave it; None for an unknown or impossible name."""
    if not name.isalnum():  # never a path
        return None
    for part in ("new", "cur"):
        for path in (folder / part).glob(f"{name}*"):
            if _name(path) == name:
                return _letter(path)
    return None


def erase(folder: Path, message_ids: Collection[str], addresses: Collection[str]) -> int:
    """Remove every letter with one of these Message-IDs, or to one of these addresses; returns how many."""
    gone = 0
    for part in FOLDERS:
        with suppress(FileNotFoundError):
            for path in (folder / part).iterdir():
                with suppress(FileNotFoundError):  # somebody else removed it
                    raw = path.read_bytes()
                    if message_id_hint(raw) in message_ids or delivered_to(raw) in addresses:
                        path.unlink()
                        gone += 1
    return gone


def _keep(raw: bytes, sender: str, recipient: str, folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for part in FOLDERS:
        (folder / part).mkdir(exist_ok=True)
    identity = message_id_hint(raw).encode() or raw
    # The name rests on the letter, so that sending again after a crash replaces it and adds nothing.
    name = hashlib.sha256(recipient.encode() + b"\n" + identity).hexdigest()[:32]
    trace = f"Return-Path: <{_one_line(sender)}>\r\nDelivered-To: {_one_line(recipient)}\r\n"
    waiting = folder / "tmp" / f"{name}.{secrets.token_hex(8)}"
    with waiting.open("wb") as file:
        file.write(trace.encode("utf-8", "replace") + raw)
        file.flush()
        os.fsync(file.fileno())
    waiting.replace(folder / "new" / name)
    _sync_folder(folder / "new")


def _one_line(address: str) -> str:
    return "".join(sign for sign in address if sign.isprintable())


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut, where the system can (not on Windows)."""
    with suppress(PermissionError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _name(path: Path) -> str:
    return path.name.partition(":")[0]  # what follows are the marks of a mail program


def _letter(path: Path) -> KeptLetter:
    raw = path.read_bytes()
    subject, text, html = _shown(raw)
    return KeptLetter(
        name=_name(path),
        kept_at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        sender=return_path(raw) or "",
        recipient=delivered_to(raw) or "",
        subject=subject,
        text=text,
        html=html,
        raw=raw,
    )


def _shown(raw: bytes) -> tuple[str, str, str]:
    try:
        message = message_from_bytes(raw, policy=default)
        plain, html = message.get_body(("plain",)), message.get_body(("html",))
        return (
            str(message.get("Subject", "")),
            _content(plain),
            _content(html),
        )
    except Exception:  # the email package raises anything on damage; the raw letter is still shown
        return "", raw.decode("utf-8", "replace"), ""


def _content(part: MIMEPart | None) -> str:
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""
