"""The readable text and the files of a mail, from its parts; whose text it is belongs in quotes.py."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from inbox.charsets import decode_text
from inbox.headers import clean_text, decode_words, one_line
from inbox.html_text import MAX_TAGS, text_of_html
from inbox.message import Attachment
from inbox.mime import DAMAGE, Part, decoded

MAX_TEXT = 200_000
MAX_ATTACHMENTS = 50
MAX_ATTACHED_MAILS = 3
_MAX_FILENAME = 120
_MAX_PLAIN_BYTES = 3_000_000
_MAX_HTML_BYTES = 6_000_000
_MAX_BYTES_IN_ALL = 4_000_000

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
# What programs put in the plain part of a mail that was only meant as HTML.
_STUB = re.compile(
    r"\bhtml\b|\b(?:view|read) (?:this|the) (?:message|e-?mail)|\bin (?:je|uw|your|de) browser"
    r"|\be-?mail ?programma|\bopmaak\b",
    re.IGNORECASE,
)
_LONGEST_STUB = 400
_INLINE_PICTURE = re.compile(r"\[(?:cid|image|afbeelding)[^\]]{0,200}\]", re.IGNORECASE)
_NOT_A_FILE = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})


@dataclass(frozen=True, slots=True)
class Body:
    """The text of a mail, the texts of mails attached to it, its files, and what was wrong."""

    text: str
    attached: tuple[str, ...]
    attachments: tuple[Attachment, ...]
    defects: tuple[str, ...]


class _Allowance:
    """How much text may still be read: of all parts together, or three hundred of them would take minutes."""

    def __init__(self) -> None:
        self.bytes = _MAX_BYTES_IN_ALL
        self.tags = 2 * MAX_TAGS

    def take_bytes(self, wanted: int) -> int:
        """How many of so many bytes may be read; from then on they count."""
        taken = min(wanted, self.bytes)
        self.bytes -= taken
        return taken

    def take_tags(self, html: str) -> bool:
        """Whether this HTML may be read; from then on its tags count, as far as they would be read."""
        may_be_read = self.tags > 0
        self.tags -= min(html.count("<"), MAX_TAGS)
        return may_be_read


def read_body(root: Part) -> Body:
    """Read text and files from the parts of a mail. Never raises; text is capped at 200,000 characters."""
    allowance = _Allowance()
    text, defects = _text_of(root, allowance)
    if not text.strip():
        text, more = _text_of_named_parts(root, allowance)
        defects += more
    if len(text) > MAX_TEXT:
        text, defects = text[:MAX_TEXT], (*defects, "text_cut")
    files = [part for part in _leaves(root) if _is_file(part)]
    if len(files) > MAX_ATTACHMENTS:
        defects += ("too_many_attachments",)
    if any(part.media_type in ("multipart/encrypted", "application/pkcs7-mime") for part in outer_parts(root)):
        defects += ("encrypted",)
    attachments = tuple(_attachment(part) for part in files[:MAX_ATTACHMENTS])
    defects += tuple(defect for part in root.walk() for defect in part.defects)
    return Body(text, tuple(_attached_texts(root, allowance)), attachments, tuple(dict.fromkeys(defects)))


def outer_parts(part: Part) -> Iterator[Part]:
    """The parts of this mail itself, without what is inside a mail attached to it."""
    yield part
    if part.media_type != "message/rfc822":
        for child in part.children:
            yield from outer_parts(child)


def safe_filename(name: str) -> str:
    """A name without folders, control or bidi characters, or leading dots; "attachment" if nothing is left."""
    base = re.split(r"[/\\]", name)[-1]
    base = re.sub(r'[<>:"|?*\x00-\x1f]', "_", one_line(base, 1_000)).strip(". ")
    if len(base) > _MAX_FILENAME:
        stem, dot, ending = base.rpartition(".")
        base = stem[: _MAX_FILENAME - 11] + dot + ending[:10] if stem else base[:_MAX_FILENAME]
    return base or "attachment"


def _text_of(part: Part, allowance: _Allowance) -> tuple[str, tuple[str, ...]]:
    if part.media_type == "multipart/alternative" and part.children:
        return _text_of_alternative(part, allowance)
    if part.media_type == "multipart/report":
        return _text_of(part.children[0], allowance) if part.children else ("", ())
    if part.media_type.startswith("multipart/"):
        found = [_text_of(child, allowance) for child in part.children]
        texts = [text for text, _ in found if text.strip()]
        return "\n".join(texts), tuple(defect for _, defects in found for defect in defects)
    return _leaf_text(part, allowance) if _is_body_text(part) else ("", ())


def _text_of_alternative(part: Part, allowance: _Allowance) -> tuple[str, tuple[str, ...]]:
    """The plain version, unless it is empty or only says that there is another one."""
    plain = [child for child in part.children if child.media_type == "text/plain"]
    others = [child for child in part.children if child.media_type != "text/plain"]
    text, defects = "", tuple[str, ...]()
    for child in plain:
        text, defects = _text_of(child, allowance)
        if text.strip():
            break
    bare = _INLINE_PICTURE.sub("", text).strip()
    if bare and not (len(bare) <= _LONGEST_STUB and _STUB.search(bare)):
        return text, defects
    for child in others:
        richer, more = _text_of(child, allowance)
        if len(richer.strip()) > len(bare):
            return richer, more
    return text, defects


def _text_of_named_parts(root: Part, allowance: _Allowance) -> tuple[str, tuple[str, ...]]:
    """Some programs give even the body a file name: read it when the mail has no other text."""
    for part in _leaves(root):
        if part.media_type in ("text/plain", "text/html") and _disposition(part) != "attachment":
            return _leaf_text(part, allowance)
    return "", ()


def _leaf_text(part: Part, allowance: _Allowance) -> tuple[str, tuple[str, ...]]:
    is_html = part.media_type == "text/html"
    size = part.end - part.start
    limit = allowance.take_bytes(min(size, _MAX_HTML_BYTES if is_html else _MAX_PLAIN_BYTES))
    if size and not limit:
        return "", ("text_cut",)
    data, defects = decoded(part, limit)
    label = part.parameter("charset")
    if is_html and not label and (meta := _META_CHARSET.search(data[:2_000])):
        label = meta.group(1).decode("ascii", "replace")
    text, more = decode_text(data, label)
    defects += more
    if is_html:
        if not allowance.take_tags(text):
            return "", (*defects, "text_cut")
        text, more = text_of_html(text)
        return clean_text(text), defects + more
    text = clean_text(text[: 2 * MAX_TEXT])
    if part.parameter("format").lower() == "flowed":
        text = _unflowed(text, delete_space=part.parameter("delsp").lower() == "yes")
    return text, defects


def _unflowed(text: str, *, delete_space: bool) -> str:
    """Join lines that were only broken to fit (RFC 3676): those that end in a space, at one quote depth."""
    lines: list[str] = []
    open_depth: int | None = None
    pieces: list[str] = []
    for raw in text.split("\n"):
        depth = len(raw) - len(raw.lstrip(">"))
        line = raw[depth:].removeprefix(" ")
        if open_depth is not None and depth == open_depth and line != "-- ":
            pieces.append(line)
        else:
            lines.extend(["".join(pieces)] if pieces else [])
            pieces = [(">" * depth + " " if depth else "") + line]
        flows = line.endswith(" ") and line != "-- "
        if flows and delete_space:
            pieces[-1] = pieces[-1][:-1]
        open_depth = depth if flows else None
    lines.extend(["".join(pieces)] if pieces else [])
    return "\n".join(lines)


def _leaves(part: Part) -> Iterator[Part]:
    if part.media_type == "message/rfc822" or not part.children:
        yield part
    else:
        for child in part.children:
            yield from _leaves(child)


def _is_body_text(part: Part) -> bool:
    is_text = part.media_type in ("text/plain", "text/html", "text/enriched", "text/markdown", "text")
    return is_text and _disposition(part) != "attachment" and not _filename(part)


def _is_file(part: Part) -> bool:
    if part.media_type in _NOT_A_FILE or part.media_type.startswith("multipart/"):
        return False
    return not _is_body_text(part)


def _disposition(part: Part) -> str:
    try:
        return part.headers.get_content_disposition() or ""
    except DAMAGE:
        return ""


def _filename(part: Part) -> str:
    try:
        name = part.headers.get_filename() or ""
    except DAMAGE:
        return ""
    return name if isinstance(name, str) else ""


def _attachment(part: Part) -> Attachment:
    name = decode_words(_filename(part))
    if part.media_type == "message/rfc822":
        inner = part.children[0].headers if part.children else part.headers
        name = name or decode_words(str(inner.get("subject", ""))) + ".eml"
    content, _ = decoded(part)
    return Attachment(safe_filename(name), part.media_type[:100], content)


def _attached_texts(root: Part, allowance: _Allowance) -> Iterator[str]:
    mails = [part for part in outer_parts(root) if part.media_type == "message/rfc822" and part.children]
    for part in mails[:MAX_ATTACHED_MAILS]:
        text, _ = _text_of(part.children[0], allowance)
        if text.strip():
            yield text[:MAX_TEXT]
