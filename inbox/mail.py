"""Bytes of a mail to a Message, never losing what can be read; what the message asks belongs elsewhere.

Each header and each part is read by itself: what is damaged is left out and named as a defect, and the rest
still counts. The raw bytes stay with the caller, so nothing here has to be perfect to be safe.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from email.message import Message as Headers

from inbox.addresses import Address, listed_addresses, only_address
from inbox.automatic import Clues, why_automatic
from inbox.body import Body, outer_parts, read_body
from inbox.charsets import decode_text
from inbox.headers import clean_text, decode_words, message_ids, one_line, read_date
from inbox.message import Message
from inbox.mime import Part, read_parts, read_top
from inbox.quotes import SplitText, only_passes_on, split_text

MAX_RECIPIENTS = 200
MAX_QUOTED = 200_000
_SALVAGED = 20_000


class UnreadableMail(ValueError):
    """There is nothing to read: not one byte besides white space and NUL."""


def read_mail(raw: bytes, *, own_addresses: Collection[str], envelope_sender: str | None = None) -> Message:
    """Read one mail (RFC 5322, RFC 2045 to 2049) as it was received.

    `own_addresses` are the addresses of this service, to recognise its own mail. `envelope_sender` is the
    address of the SMTP envelope, "" or "<>" for the null sender, None where it is not known.
    Raises UnreadableMail, MemoryError, and nothing else.
    """
    if not raw.strip(b"\x00 \t\r\n"):
        raise UnreadableMail("the mail is empty")
    try:
        return _read(raw, own_addresses, envelope_sender)
    except MemoryError:
        raise  # not the fault of a part that could be left out
    except Exception:
        # A mail that still breaks a reader must not stop the ones behind it: a person gets what is left of it.
        return _salvaged(raw)


def writer_of(raw: bytes) -> str:
    """The sender of `read_mail`, from the headers alone: in no time, also of a mail that reading stumbles over."""
    writer = only_address(_values(read_top(raw), "from"))
    return writer.address if writer else ""


def subject_of(raw: bytes) -> str:
    """The subject of `read_mail`, from the headers alone."""
    return one_line(decode_words(_first(read_top(raw), "subject")))


def _read(raw: bytes, own_addresses: Collection[str], envelope_sender: str | None) -> Message:
    root = read_parts(raw)
    body = read_body(root)
    subject = one_line(decode_words(_first(root.headers, "subject")))
    said = _own_words(body, split_text(body.text, subject), is_report=root.media_type == "multipart/report")
    writer = only_address(_values(root.headers, "from"))
    ids = message_ids(_first(root.headers, "message-id"))
    sent_at = read_date(_first(root.headers, "date"))
    message = Message(
        external_id=ids[0] if ids else _hash_id(raw),
        channel="mail",
        sender=writer.address if writer else "",
        sender_name=writer.name if writer else "",
        recipients=_recipients(root),
        subject=subject,
        text=said.new,
        quoted=said.quoted[:MAX_QUOTED],
        sent_at=sent_at,
        message_id=ids[0] if ids else "",
        in_reply_to=next(iter(message_ids(_first(root.headers, "in-reply-to"))), ""),
        references=message_ids(_first(root.headers, "references")),
        automatic=None,
        attachments=body.attachments,
        defects=(*body.defects, *_header_defects(root, writer, dated=sent_at is not None)),
        own_raw_text="\n\n".join([body.text, *body.attached]),
        signature=said.signature,
    )
    return replace(message, automatic=why_automatic(_clues(message, root, own_addresses, envelope_sender)))


def _own_words(body: Body, said: SplitText, *, is_report: bool) -> SplitText:
    """Add mails sent along as a file: to the text when the writer only passes them on, otherwise to the quotes."""
    if not body.attached:
        return said
    inner = [split_text(text) for text in body.attached]
    if not is_report and only_passes_on(said.new.split("\n")):
        texts = "\n\n".join([said.new, *(part.new for part in inner)]).strip("\n")
        return replace(said, new=texts, forwarded=True)
    return replace(said, quoted="\n\n".join([said.quoted, *body.attached]).strip("\n"))


def _values(headers: Headers, name: str) -> list[str]:
    return [str(value) for value in headers.get_all(name, [])]


def _first(headers: Headers, name: str) -> str:
    return next(iter(_values(headers, name)), "")


def _recipients(root: Part) -> tuple[str, ...]:
    """Where the mail really went first: a long To may be cut, and that address can carry a token."""
    names = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")
    return listed_addresses([value for name in names for value in _values(root.headers, name)], MAX_RECIPIENTS)


def _header_defects(root: Part, writer: Address | None, *, dated: bool) -> Sequence[str]:
    defects, headers = [], root.headers
    if writer is None:
        defects.append("ambiguous_from" if _values(headers, "from") else "no_from")
    if not dated:
        defects.append("bad_date" if _values(headers, "date") else "no_date")
    if len(_values(headers, "subject")) > 1 or len(_values(headers, "message-id")) > 1:
        defects.append("double_header")
    return defects


def _clues(message: Message, root: Part, own_addresses: Collection[str], envelope_sender: str | None) -> Clues:
    headers: dict[str, list[str]] = {}
    for name, value in root.headers.items():
        headers.setdefault(name.lower(), []).append(str(value))
    return_paths = [value.strip() for value in headers.get("return-path", ())]
    parts = list(outer_parts(root))
    return Clues(
        headers=headers,
        media_types=frozenset(part.media_type for part in parts),
        report_type=root.parameter("report-type").lower() if root.media_type == "multipart/report" else "",
        is_invitation=any(_is_invitation(part) for part in parts),
        null_sender="<>" in return_paths or (envelope_sender is not None and not envelope_sender.strip("<> ")),
        own_addresses=own_addresses,
        sender=message.sender,
        subject=message.subject,
        text=message.text,
    )


def _is_invitation(part: Part) -> bool:
    """A calendar program's own mail names a method (RFC 6047); a date someone attached as a file does not."""
    if part.media_type != "text/calendar":
        return False
    return bool(part.parameter("method")) and not part.parameter("attachment", "content-disposition")


def _hash_id(raw: bytes) -> str:
    return "sha256:" + hashlib.sha256(raw).hexdigest()


def _salvaged(raw: bytes) -> Message:
    text = clean_text(decode_text(raw[:_SALVAGED])[0])
    return Message(
        external_id=_hash_id(raw),
        channel="mail",
        sender="",
        sender_name="",
        recipients=(),
        subject="",
        text="",
        quoted="",
        sent_at=None,
        message_id="",
        in_reply_to="",
        references=(),
        automatic=None,
        attachments=(),
        defects=("unparsed",),
        own_raw_text=text,
    )
