"""The value of one header as clean text, ids or a moment; which header decides what belongs in mail.py."""

import binascii
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from inbox.charsets import decode_text

MAX_IDS = 50
_MAX_VALUE = 10_000

_ENCODED = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?(.{0,2000}?)\?=", re.DOTALL)
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?)")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")
# Characters that reverse or hide text: bidi embeddings, overrides and isolates, zero-width marks.
BIDI_CONTROLS = "\u202a-\u202e\u2066-\u2069"
INVISIBLE = "\u200b\u2060\ufeff\u00ad"
_NOT_SHOWN = re.compile(f"[{BIDI_CONTROLS}{INVISIBLE}\u200e\u200f\u061c]")


def decode_words(value: str) -> str:
    """Replace encoded words (RFC 2047) by what they say; damaged ones stay as they are.

    Neighbouring words in one charset are decoded together: many programs cut in the middle of a letter.
    """
    text = _BETWEEN_WORDS.sub(r"\1", value[:_MAX_VALUE])
    pieces: list[str] = []
    pending, charset, position = b"", "", 0
    for word in _ENCODED.finditer(text):
        label = word.group(1).partition("*")[0].lower()
        if pending and (word.start() > position or label != charset):
            pieces.append(decode_text(pending, charset)[0])
            pending = b""
        pieces.append(text[position : word.start()])
        content = _word_bytes(word.group(2), word.group(3))
        if content is None:
            pieces.append(word.group())
        else:
            pending, charset = pending + content, label
        position = word.end()
    pieces.append(decode_text(pending, charset)[0] if pending else "")
    return "".join(pieces) + text[position:]


def _word_bytes(encoding: str, content: str) -> bytes | None:
    try:
        if encoding in "qQ":
            return binascii.a2b_qp(content.encode("utf-8").replace(b"\n", b""), header=True)
        letters = re.sub(r"[^A-Za-z0-9+/]", "", content)
        return binascii.a2b_base64(letters + "=" * (-len(letters) % 4))
    except (binascii.Error, ValueError):
        return None


def one_line(text: str, limit: int = 500) -> str:
    """Text fit for one line anywhere: no line breaks, control, bidi or zero-width characters.

    An encoded subject can hold CR LF, which in a header we write ourselves would begin a new header.
    """
    shown = "".join(" " if letter.isspace() else letter for letter in _NOT_SHOWN.sub("", text))
    shown = "".join(letter for letter in shown if letter.isprintable())
    return " ".join(shown.split())[:limit].rstrip()


def clean_text(text: str) -> str:
    """Body text with line feeds only, and without control, bidi override or zero-width characters.

    Marks that a script needs (joiners, left-to-right mark) stay; a lone surrogate becomes a question mark.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = re.sub(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{BIDI_CONTROLS}{INVISIBLE}]", "", text)
    return re.sub("[\ud800-\udfff]", "?", text)


def message_ids(value: str) -> tuple[str, ...]:
    """The `<…>` ids in a Message-ID, In-Reply-To or References header, each once, the last 50."""
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(value[-_MAX_VALUE * 5 :])))[-MAX_IDS:]


def read_date(value: str) -> datetime | None:
    """The moment in a Date header, in UTC; None where it is missing or makes no sense."""
    try:
        moment = parsedate_to_datetime(value[:200])
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        moment = moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None
    return moment if 1980 <= moment.year <= 9000 else None
