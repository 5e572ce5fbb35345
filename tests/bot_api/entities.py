"""Text as Telegram counts and marks it: UTF-16 units, the HTML parse mode, commands. Knows no chats.

The rules and the words of the errors follow `parse_html` in Telegram's own tdlib (td/telegram/MessageEntity.cpp).
"""

import html
import re
from dataclasses import dataclass, field

from tests.bot_api.failure import Json, bad_request

KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "tg-emoji": "custom_emoji", "a": "text_link", "pre": "pre", "code": "code",
    "blockquote": "blockquote",
}  # fmt: skip

# Of the named entities Telegram knows only four; any other ampersand is plain text.
ENTITY = r"&(?:#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|(?:lt|gt|amp|quot)(?![A-Za-z]));?"
PIECE = re.compile(rf"{ENTITY}|[^<&]+|&".encode())
NAME = re.compile(rb"[^\s>]*")
SPACE = re.compile(rb"\s*")
ATTRIBUTE = re.compile(rb"[^\s=>]*")
TOKEN = re.compile(rb"[A-Za-z0-9.-]*")
COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![A-Za-z0-9_/@])")


def utf16_length(text: str) -> int:
    """How long Telegram finds a text."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def unescaped(text: str) -> str:
    """The text with the entities that Telegram knows put back into signs."""
    return re.sub(ENTITY, lambda found: html.unescape(found[0]), text)


def command_entities(text: str) -> list[Json]:
    """The commands a client marks in what a person writes."""
    return [
        {"type": "bot_command", "offset": utf16_length(text[: found.start()]), "length": utf16_length(found[0])}
        for found in COMMAND.finditer(text)
    ]


@dataclass(frozen=True, slots=True)
class _Open:
    """A start tag waiting for its end."""

    name: str
    offset: int
    attributes: dict[str, str]


@dataclass(slots=True)
class _Reader:
    """How far one text has been read."""

    raw: bytes
    at: int = 0
    text: list[str] = field(default_factory=list)
    length: int = 0
    open: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def take(self, pattern: re.Pattern[bytes]) -> str:
        """Read what fits and go on behind it."""
        found = pattern.match(self.raw, self.at)
        self.at = found.end() if found else self.at
        return found[0].decode() if found else ""

    def sees(self, sign: bytes) -> bool:
        """Whether this comes now."""
        return self.raw.startswith(sign, self.at)

    def add(self, piece: str) -> None:
        """Keep a piece of plain text."""
        self.text.append(piece)
        self.length += utf16_length(piece)


def formatted(text: str, parse_mode: str | None) -> tuple[str, list[Json]]:
    """Give the plain text and its entities, trimmed. Raises `ApiFailure` when the marking is wrong."""
    if not parse_mode:
        return text.strip(), []
    if parse_mode.lower() != "html":
        raise bad_request("unsupported parse_mode")
    reader = _Reader(text.encode())
    while reader.at < len(reader.raw):
        if not reader.sees(b"<"):
            reader.add(unescaped(reader.take(PIECE)))
        elif reader.raw.startswith(b"/", reader.at + 1):
            _end_tag(reader)
        else:
            _start_tag(reader)
    if reader.open:
        raise _wrong(f"Can't find end tag corresponding to start tag {reader.open[-1].name}")
    return _trimmed("".join(reader.text), reader.entities)


def _wrong(what: str) -> Exception:
    return bad_request(f"can't parse entities: {what}")


def _start_tag(reader: _Reader) -> None:
    begin = reader.at
    reader.at += 1
    name = reader.take(NAME).lower()
    if reader.at >= len(reader.raw):
        raise _wrong(f"Unclosed start tag at byte offset {begin}")
    if name not in KINDS:
        raise _wrong(f'Unsupported start tag "{name}" at byte offset {begin}')
    attributes: dict[str, str] = {}
    while reader.take(SPACE) is not None and not reader.sees(b">"):
        key, value = _attribute(reader, name, begin)
        attributes[key] = value
    reader.at += 1
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise _wrong(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
    reader.open.append(_Open(name, reader.length, attributes))


def _attribute(reader: _Reader, tag: str, begin: int) -> tuple[str, str]:
    if reader.at >= len(reader.raw):
        raise _wrong(f'Unclosed start tag "{tag}" at byte offset {begin}')
    key = reader.take(ATTRIBUTE)
    if not key:
        raise _wrong(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
    if (tag, key) == ("blockquote", "expandable") and not reader.sees(b"="):
        return key, ""
    reader.take(SPACE)
    if not reader.sees(b"="):
        raise _wrong(f'Expected equal sign in declaration of an attribute of the tag "{tag}" at byte offset {begin}')
    reader.at += 1
    reader.take(SPACE)
    if reader.raw[reader.at : reader.at + 1] in (b'"', b"'"):
        quote = reader.raw[reader.at : reader.at + 1]
        end = reader.raw.find(quote, reader.at + 1)
        if end < 0:
            raise _wrong(f"Unclosed start tag at byte offset {begin}")
        value = reader.raw[reader.at + 1 : end].decode()
        reader.at = end + 1
        return key, unescaped(value)
    start = reader.at
    value = reader.take(TOKEN).lower()
    if reader.raw[reader.at : reader.at + 1].strip() not in (b"", b">"):
        raise _wrong(f"Unexpected end of name token at byte offset {start}")
    return key, value


def _end_tag(reader: _Reader) -> None:
    begin = reader.at
    if not reader.open:
        raise _wrong(f"Unexpected end tag at byte offset {begin}")
    reader.at += 2
    name = reader.take(NAME).lower()
    reader.take(SPACE)
    if not reader.sees(b">"):
        raise _wrong(f"Unclosed end tag at byte offset {begin}")
    reader.at += 1
    opened = reader.open.pop()
    if name and name != opened.name:
        raise _wrong(f'Unmatched end tag at byte offset {begin}, expected "</{opened.name}>", found "</{name}>"')
    if reader.length > opened.offset:
        entity = _entity(opened, reader)
        reader.entities += [entity] if entity else []


def _entity(opened: _Open, reader: _Reader) -> Json | None:
    entity: Json = {"type": KINDS[opened.name], "offset": opened.offset, "length": reader.length - opened.offset}
    if opened.name != "a":
        return entity
    marked = "".join(reader.text).encode("utf-16-le")[2 * opened.offset :].decode("utf-16-le")
    url = opened.attributes.get("href") or marked
    # A link Telegram cannot use is dropped without a word; the text stays.
    return entity | {"url": url} if re.match(r"(?:https?|tg|ton)://\S|[\w.-]+\.\w{2,}", url) else None


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    before = utf16_length(text) - utf16_length(text.lstrip())
    length = utf16_length(text.strip())
    kept = []
    for entity in entities:
        start = max(entity["offset"] - before, 0)
        end = min(entity["offset"] + entity["length"] - before, length)
        if end > start:
            kept.append(entity | {"offset": start, "length": end - start})
    return text.strip(), sorted(kept, key=lambda entity: (entity["offset"], -entity["length"]))
