"""Messages in files or on standard input, for a dry run: .eml, .txt, .jsonl. Stores nothing, understands nothing."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from inbox.automatic import looks_automatic
from inbox.mail import UnreadableMail, read_mail
from inbox.message import Message
from inbox.quotes import strip_to_new_text

LARGEST_MAIL = 50 * 1024 * 1024  # bytes
LARGEST_LINE = 10 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Given:
    """One message of the input under the id it came with, or the Dutch sentence why it can't be read."""

    id: str
    message: Message | None
    problem: str = ""


def read_files(files: Sequence[str], own_address: str) -> Iterator[Given]:
    """Every message of every file, in the order given; what can't be read comes as a problem, not an exception."""
    for name in files:
        if name == "-":
            yield from _standard_input(own_address)
            continue
        path = Path(name)
        if not path.is_file():
            yield Given(name, None, f"Het bestand {name} bestaat niet.")
            continue
        try:
            with path.open("rb") as file:
                yield from _one_file(path, file, own_address)
        except OSError as problem:
            yield Given(name, None, f"Het bestand {name} kan niet worden gelezen ({problem.strerror}).")


def _one_file(path: Path, file: BinaryIO, own_address: str) -> Iterator[Given]:
    kind = path.suffix.lower()
    if kind == ".jsonl":
        yield from _lines(path.name, file)
    elif kind == ".eml":
        yield _mail(path.name, file.read(LARGEST_MAIL), own_address)
    elif kind == ".txt":
        yield Given(path.name, plain_message(path.name, "mail", "", _decoded(file.read(LARGEST_MAIL))))
    else:
        yield Given(path.name, None, f"Het bestand {path.name} heeft geen bekende soort; kies .eml, .txt of .jsonl.")


def _standard_input(own_address: str) -> Iterator[Given]:
    stream = sys.stdin.buffer
    start = stream.peek(64)[:64].lstrip() if hasattr(stream, "peek") else b""
    if start.startswith(b"{"):
        yield from _lines("invoer", stream)
        return
    raw = stream.read(LARGEST_MAIL)
    if _looks_like_mail(raw):
        yield _mail("-", raw, own_address)
    else:
        yield Given("-", plain_message("-", "mail", "", _decoded(raw)))


def _looks_like_mail(raw: bytes) -> bool:
    first_line = raw.lstrip().split(b"\n", 1)[0]
    name, colon, _ = first_line.partition(b":")
    return bool(colon) and name.lower() in {
        b"from", b"to", b"subject", b"date", b"received", b"return-path", b"message-id", b"mime-version",
        b"delivered-to", b"content-type", b"x-original-to",
    }  # fmt: skip


def _lines(name: str, file: BinaryIO) -> Iterator[Given]:
    number = 0
    while line := file.readline(LARGEST_LINE):
        number += 1
        if line.strip():
            yield _line(f"{name}:{number}", line)


def _line(place: str, line: bytes) -> Given:
    try:
        cells = json.loads(line)
    except ValueError:
        return Given(place, None, f"{place}: deze regel is geen geldige JSON.")
    except RecursionError:
        return Given(place, None, f"{place}: deze regel is te diep genest.")
    if not isinstance(cells, dict) or not isinstance(cells.get("text"), str):
        return Given(place, None, f'{place}: deze regel mist de tekst (veld "text").')
    given = str(cells.get("id") or place)
    channel = "chat" if cells.get("channel") == "chat" else "mail"
    return Given(given, plain_message(given, channel, _text(cells.get("subject")), cells["text"]))


def _text(cell: Any) -> str:
    return cell if isinstance(cell, str) else ""


def _mail(name: str, raw: bytes, own_address: str) -> Given:
    try:
        return Given(name, read_mail(raw, own_addresses=(own_address,)))
    except UnreadableMail:
        return Given(name, None, f"{name}: deze mail kan niet worden gelezen; hij is leeg of beschadigd.")


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def plain_message(name: str, channel: str, subject: str, text: str) -> Message:
    """A text without headers as a Message, its quoted part cut off like that of a mail."""
    text = text.encode("utf-8", "replace").decode()  # a lone surrogate can't be printed as JSON
    new, quoted = strip_to_new_text(text, subject)
    return Message(
        external_id=name,
        channel="chat" if channel == "chat" else "mail",
        sender="",
        sender_name="",
        recipients=(),
        subject=subject,
        text=new,
        quoted=quoted,
        sent_at=None,
        message_id="",
        in_reply_to="",
        references=(),
        automatic=looks_automatic(subject, new),
        attachments=(),
        defects=(),
        own_raw_text=text,
    )
