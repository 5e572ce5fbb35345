"""What makes a raw mail itself, whatever path it took: its content hash and trace fields; parses no bodies."""

import hashlib
import re
from collections.abc import Iterator

from inbox.mime import MAX_HEADER_BYTES

# Servers on the way add, drop and rewrite fields (Received, Delivered-To, spam marks, signatures, even
# Message-ID), so the hash rests on the fields a writer chooses and not on a list of fields to ignore.
WRITERS_FIELDS = frozenset({
    b"from", b"sender", b"reply-to", b"to", b"cc", b"subject", b"date", b"in-reply-to", b"references",
    b"mime-version", b"content-type", b"content-transfer-encoding", b"auto-submitted",
})  # fmt: skip

END_OF_HEADERS = re.compile(rb"\r?\n\r?\n|\A\r?\n")
FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:(.*)", re.DOTALL)
ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+")
MAX_HINT = 998  # RFC 5322 2.1.1: the longest line


def external_id(raw: bytes) -> str:
    """Hash a mail to 64 hexadecimal digits that stay the same along LMTP, IMAP and a renumbered mailbox.

    Message-ID counts only in a mail without Date: servers add or rewrite it, and a date with the same
    writer, subject and text already makes a mail unique.
    """
    head, body = _split(raw)
    kept: list[bytes] = []
    spare: list[bytes] = []
    dated = False
    for name, value in _fields(head):
        dated = dated or name == b"date"
        if name in WRITERS_FIELDS or not name:
            kept.append(name + b":" + b" ".join(value.split()))
        elif name == b"message-id":
            spare.append(b" ".join(value.split()))
    digest = hashlib.sha256(b"\n".join(kept if dated else kept + spare))
    digest.update(b"\n\n")
    digest.update(body.replace(b"\r\n", b"\n").rstrip(b"\n"))
    return digest.hexdigest()


def message_id_hint(raw: bytes) -> str:
    """Read the Message-ID as it stands, "" when absent; a hint only, never proof of anything."""
    return _first(raw, b"message-id") or ""


def return_path(raw: bytes) -> str | None:
    """Read the envelope sender a delivering server wrote on top: "" for a bounce, None when absent."""
    value = _first(raw, b"return-path")
    return None if value is None else _address(value)


def delivered_to(raw: bytes) -> str | None:
    """Read the envelope recipient, plus-tag included, from the topmost field that carries it."""
    value = _first(raw, b"delivered-to", b"x-original-to", b"envelope-to")
    return (_address(value) or None) if value is not None else None


def _split(raw: bytes) -> tuple[bytes, bytes]:
    """The fields and the text of a mail; fields that never end are text, or 50 MB of them would fill the memory."""
    end = END_OF_HEADERS.search(raw, 0, MAX_HEADER_BYTES)
    if end is None:
        return raw[:MAX_HEADER_BYTES], raw[MAX_HEADER_BYTES:]
    return raw[: end.start()], raw[end.end() :]


def _fields(head: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield (lower-case name, unfolded value); a line that is no field comes with an empty name."""
    unfolded: list[bytes] = []
    for line in head.splitlines():
        if line[:1] in (b" ", b"\t") and unfolded:
            unfolded.append(line)
            continue
        if unfolded:
            yield _field(b"".join(unfolded))
        unfolded = [line]
    if unfolded:
        yield _field(b"".join(unfolded))


def _field(line: bytes) -> tuple[bytes, bytes]:
    found = FIELD.match(line)
    return (found[1].lower(), found[2]) if found else (b"", line)


def _first(raw: bytes, *names: bytes) -> str | None:
    head, _ = _split(raw)
    for name, value in _fields(head):
        if name in names:
            text = "".join(sign for sign in value.decode("utf-8", "replace") if sign.isprintable())
            return text.strip()[:MAX_HINT]
    return None


def _address(value: str) -> str:
    found = ADDRESS.search(value)
    return found[0] if found else ""
