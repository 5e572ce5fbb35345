"""The parts of a mail and their headers, from raw bytes; what the parts say belongs in body.py.

The parser of the standard library needs seconds to minutes on some hostile mails (its time grows with
lines × nesting) and can run out of stack. This one only cuts: it looks for boundaries in the bytes, level by
level, within fixed limits, and leaves the content where it is. Header parameters are still read by the
standard library.
"""

import binascii
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message as Headers

from inbox.charsets import decode_header_bytes

MAX_DEPTH = 20
MAX_PARTS = 300
MAX_HEADER_BYTES = 2_000_000
MAX_HEADER_LINES = 20_000
MAX_LINES_IN_ALL = 2 * MAX_HEADER_LINES
# A longer Content-Type is damage, and the standard library needs quadratic time for it.
MAX_PARAMETERS = 4_000

# What reading one header or part of a damaged mail can throw; IndexError and KeyError are LookupErrors,
# UnicodeError and binascii.Error are ValueErrors.
DAMAGE = (LookupError, ValueError, TypeError, AttributeError, RecursionError, ArithmeticError, AssertionError)

_HEADER_LINE = re.compile(rb"[!-9;-~]+[ \t]*:[^\n]*(?:\n|\Z)")
_NOT_BASE64 = bytes(set(range(256)) - set(string.ascii_letters.encode() + string.digits.encode() + b"+/"))
_KNOWN_HEADER = re.compile(
    rb"(?:from|to|cc|subject|date|message-id|received|return-path|reply-to|sender|delivered-to|in-reply-to"
    rb"|references|mime-version|content-[a-z]+(?:-[a-z]+)?|x-[!-9;-~]+|auto-submitted|list-[a-z]+)[ \t]*:",
    re.IGNORECASE,
)
_CONTINUATION = re.compile(rb"[ \t][^\n]*(?:\n|\Z)")
_ANY_LINE = re.compile(rb"[^\n]*(?:\n|\Z)")
_BLANK_LINE = re.compile(rb"\r?(?:\n|\Z)")
_GUESSED_BOUNDARY = re.compile(rb"^--([!-~]{1,70})[ \t]*\r?\nContent-", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One node of a mail: its headers, its media type, where its body lies, and what is inside it."""

    headers: Headers
    media_type: str
    raw: bytes
    start: int
    end: int
    children: tuple["Part", ...]
    defects: tuple[str, ...]

    @property
    def body(self) -> bytes:
        """The body as it was sent, still in its transfer encoding."""
        return self.raw[self.start : self.end]

    def walk(self) -> Iterator["Part"]:
        """This part and everything inside it, in the order of the mail."""
        yield self
        for child in self.children:
            yield from child.walk()

    def parameter(self, name: str, header: str = "content-type") -> str:
        """A parameter such as charset or boundary (RFC 2045, RFC 2231); "" when it is missing or damaged."""
        try:
            found = self.headers.get_param(name, header=header)
        except DAMAGE:
            return ""
        if isinstance(found, tuple):
            found = found[2]
        return found.strip() if isinstance(found, str) else ""


class _Allowance:
    """How many parts and header lines may still be cut: shared by all levels, as width and depth count together."""

    def __init__(self) -> None:
        self.parts = MAX_PARTS
        self.header_lines = MAX_LINES_IN_ALL

    @property
    def is_spent(self) -> bool:
        return self.parts <= 0 or self.header_lines <= 0


def read_parts(raw: bytes) -> Part:
    """Cut a whole mail into its parts (RFC 2045, 2046). Never raises; defects are noted on the parts."""
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    start = len(raw) - len(raw.lstrip(b"\r\n"))
    return _read_part(raw, start, len(raw), "text/plain", 0, _Allowance())


def read_top(raw: bytes) -> Headers:
    """The headers of a whole mail by themselves, as `read_parts` finds them, however much comes below. Never raises."""
    raw = raw[: 2 * MAX_HEADER_BYTES]
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    return _read_headers(raw, len(raw) - len(raw.lstrip(b"\r\n")), len(raw), _Allowance())[0]


def decoded(part: Part, limit: int | None = None) -> tuple[bytes, tuple[str, ...]]:
    """The content of a part without its transfer encoding, at most some `limit` bytes, and the defects."""
    end = part.end if limit is None else min(part.end, part.start + limit)
    data = part.raw[part.start : end]
    encoding = str(part.headers.get("content-transfer-encoding", "")).strip().lower()
    if encoding == "quoted-printable":
        return binascii.a2b_qp(data), ()
    if encoding == "base64":
        return _from_base64(data)
    return data, ()


def _from_base64(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    try:
        return binascii.a2b_base64(data), ()
    except binascii.Error:
        letters = data.translate(None, _NOT_BASE64)
        # One letter too many carries no whole byte.
        letters = letters[: len(letters) - (len(letters) % 4 == 1)]
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4)), ("bad_base64",)


def _read_part(raw: bytes, start: int, end: int, default: str, depth: int, left: _Allowance) -> Part:
    headers, body, defects = _read_headers(raw, start, end, left)
    media_type = _media_type(headers, default)
    left.parts -= 1
    inner = _Inner(raw, body, end, depth, left)
    if media_type.startswith("multipart/"):
        children, found = _split_multipart(headers, media_type, inner)
        defects += found
        if not children and "too_nested" not in found:
            media_type = "text/plain"
    elif media_type == "message/rfc822":
        children, found = _open_message(headers, inner)
        defects += found
    else:
        children = ()
    return Part(headers, media_type, raw, body, end, children, defects)


@dataclass(frozen=True, slots=True)
class _Inner:
    raw: bytes
    start: int
    end: int
    depth: int
    left: _Allowance

    @property
    def may_go_deeper(self) -> bool:
        return self.depth < MAX_DEPTH and not self.left.is_spent


def _open_message(headers: Headers, inner: _Inner) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    if not inner.may_go_deeper:
        return (), ("too_nested",)
    shell = Part(headers, "message/rfc822", inner.raw, inner.start, inner.end, (), ())
    encoding = str(headers.get("content-transfer-encoding", "")).strip().lower()
    if encoding in ("base64", "quoted-printable"):
        raw, defects = decoded(shell)
        return (_read_part(raw, 0, len(raw), "text/plain", inner.depth + 1, inner.left),), defects
    part = _read_part(inner.raw, inner.start, inner.end, "text/plain", inner.depth + 1, inner.left)
    return (part,), ()


def _split_multipart(headers: Headers, media_type: str, inner: _Inner) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    if not inner.may_go_deeper:
        return (), ("too_nested",)
    boundary = _boundary(headers) or _guess_boundary(inner)
    if not boundary:
        return (), ("no_boundary",)
    default = "message/rfc822" if media_type == "multipart/digest" else "text/plain"
    parts: list[Part] = []
    for start, end in _between(boundary, inner):
        if inner.left.is_spent:
            return tuple(parts), ("too_many_parts",)
        parts.append(_read_part(inner.raw, start, end, default, inner.depth + 1, inner.left))
    return tuple(parts), () if parts else ("no_parts",)


def _between(boundary: bytes, inner: _Inner) -> Iterator[tuple[int, int]]:
    """The stretches between two delimiter lines, without the line ends that belong to the delimiters."""
    line = b"--" + re.escape(boundary) + rb"(--)?[ \t]*\r?(?=\n|\Z)"
    first = re.compile(line).match(inner.raw, inner.start, inner.end)
    opening = first.end() + 1 if first is not None and not first.group(1) else None
    # Starting with the line feed gives the regular expression a fixed prefix, so that it runs at memory speed.
    delimiter = re.compile(rb"\n" + line)
    for found in delimiter.finditer(inner.raw, inner.start, inner.end):
        if opening is not None:
            yield min(opening, found.start()), _without_cr(inner.raw, opening, found.start())
        if found.group(1):
            return
        opening = found.end() + 1
    if opening is not None and opening < inner.end:
        yield opening, inner.end


def _without_cr(raw: bytes, start: int, end: int) -> int:
    return end - 1 if end > start and raw[end - 1 : end] == b"\r" else end


def _boundary(headers: Headers) -> bytes:
    try:
        return (headers.get_boundary() or "").encode("utf-8", "replace")
    except DAMAGE:
        return b""


def _guess_boundary(inner: _Inner) -> bytes:
    found = _GUESSED_BOUNDARY.search(inner.raw, inner.start, min(inner.end, inner.start + 20_000))
    return found.group(1) if found else b""


def _media_type(headers: Headers, default: str) -> str:
    if "content-type" not in headers:
        return default
    try:
        return headers.get_content_type()
    except DAMAGE:
        return "text/plain"


def _read_headers(raw: bytes, start: int, end: int, left: _Allowance) -> tuple[Headers, int, tuple[str, ...]]:
    """The headers of a part, where its body begins, and what was wrong."""
    headers, position, defects = _header_lines(raw, start, end)
    left.header_lines -= raw.count(b"\n", start, position)
    if any(_KNOWN_HEADER.match(f"{name}:".encode()) for name in headers):
        return headers, position, defects
    # Without one header that we know these lines are someone's text ("Vraag: wie helpt ons?").
    blank = _BLANK_LINE.match(raw, start, end)
    return Headers(), blank.end() if blank else start, () if blank or start >= end else ("no_headers",)


def _header_lines(raw: bytes, start: int, end: int) -> tuple[Headers, int, tuple[str, ...]]:
    headers, defects = Headers(), set()
    position, stop = start, min(end, start + MAX_HEADER_BYTES)
    pending: list[bytes] = []
    for _ in range(MAX_HEADER_LINES):
        if position >= stop:
            break
        blank = _BLANK_LINE.match(raw, position, end)
        if blank is not None:
            position = blank.end()
            break
        line = _HEADER_LINE.match(raw, position, stop)
        more = _CONTINUATION.match(raw, position, stop) if pending else None
        if line is not None:
            _keep_header(headers, pending)
            pending = [line.group()]
        elif more is not None:
            pending.append(more.group())
        elif _is_stray_line(raw, position, stop):
            defects.add("bad_header_line")
        else:
            # No blank line came, so this is where the text starts: better a header too few than text lost.
            defects.add("no_header_end" if pending else "no_headers")
            break
        position = _next_line(raw, position, stop)
    _keep_header(headers, pending)
    return headers, position, tuple(sorted(defects))


def _next_line(raw: bytes, position: int, stop: int) -> int:
    found = _ANY_LINE.match(raw, position, stop)
    return found.end() if found else stop


def _is_stray_line(raw: bytes, position: int, stop: int) -> bool:
    """A mailbox's "From " line or one damaged line, with headers going on right after it."""
    return _KNOWN_HEADER.match(raw, _next_line(raw, position, stop), stop) is not None


def _keep_header(headers: Headers, lines: list[bytes]) -> None:
    if not lines:
        return
    name, _, value = b"".join(lines).partition(b":")
    text = decode_header_bytes(value)
    key = name.decode("ascii").strip()
    if key.lower() in ("content-type", "content-disposition"):
        text = text[:MAX_PARAMETERS]
    headers[key] = re.sub(r"[\r\n]+", "", text).strip()
