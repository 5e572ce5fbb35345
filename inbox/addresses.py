"""Mail addresses out of an address header, strictly; what an address may do belongs elsewhere.

`email.utils.parseaddr` can be led to another address than the one a mail program shows (CVE-2023-27043).
Here a header is cut into tokens first and only then judged; whatever does not fit exactly is no address.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inbox.headers import decode_words, one_line

MAX_NAME = 200
_MAX_HEADER = 200_000

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<quoted>"(?:[^"\\]|\\.){0,1000}")
    |(?P<comment>\((?:[^()\\]|\\.){0,1000}\))
    |(?P<angle><[^<>]{0,1000}>)
    |(?P<separator>[,;:])
    |(?P<word>[^\s"(),;:<>]{1,1000})
    |(?P<damage>.)""",
    re.VERBOSE | re.DOTALL,
)
# Quoted local parts ("a b"@example.org) and domains in brackets are legal, never seen, and only good for tricks.
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\\x00-\x1f\x7f]{1,64}@(?!-)[\w-]{1,63}(?:\.(?!-)[\w-]{1,63}){0,10}")


@dataclass(frozen=True, slots=True)
class Address:
    """Someone as a header names them: the address in lower case, and the name shown, which proves nothing."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class _Entry:
    """The tokens between two commas."""

    words: tuple[tuple[str, str], ...]
    angles: tuple[str, ...]
    comments: tuple[str, ...]
    sound: bool


def only_address(values: Sequence[str]) -> Address | None:
    """The one address of a header that must hold exactly one (From, RFC 5322 3.6.2), otherwise None.

    Two headers, two addresses, a group, an unbalanced quote or an address in the visible name that
    differs from the real one: each gives None, because two programs could read two senders in it.
    """
    if len(values) != 1 or len(values[0]) > _MAX_HEADER:
        return None
    entries = list(_entries(values[0]))
    if len(entries) != 1 or not entries[0].sound:
        return None
    return _address_of(entries[0])


def listed_addresses(values: Sequence[str], limit: int) -> tuple[str, ...]:
    """The addresses of headers such as To and Cc, each once, at most `limit`; what is no address is left out."""
    found: dict[str, None] = {}
    for value in values:
        for entry in _entries(value[:_MAX_HEADER]):
            address = _address_of(entry)
            if address is not None:
                found[address.address] = None
            if len(found) >= limit:
                return tuple(found)
    return tuple(found)


def normal_address(text: str) -> str:
    """One bare address in lower case, "" where the text is not exactly one address.

    Only ASCII letters are lowered: the Kelvin sign would otherwise turn into a k, and one mailbox into another. An
    address with an invisible character looks like one that it is not.
    """
    if not _ADDRESS.fullmatch(text) or ".." in text or len(text) > 254 or not text.isprintable():
        return ""
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


def without_tag(address: str) -> str:
    """The address without what stands behind a plus: name+tag@example.org is name@example.org."""
    local, at, domain = address.partition("@")
    return local.partition("+")[0] + at + domain


def _entries(value: str) -> Iterator[_Entry]:
    words: list[tuple[str, str]] = []
    angles: list[str] = []
    comments: list[str] = []
    sound = True
    for token in _TOKEN.finditer(value):
        kind, text = str(token.lastgroup), token.group()
        if kind == "separator":
            sound = sound and text == ","
            if text != ":" and (words or angles or comments):
                yield _Entry(tuple(words), tuple(angles), tuple(comments), sound)
            words, angles, comments = [], [], []
        elif kind == "angle":
            angles.append(text[1:-1].strip())
        elif kind == "comment":
            comments.append(text[1:-1])
        elif kind in ("word", "quoted"):
            sound = sound and not angles
            words.append((kind, text))
        elif kind == "damage":
            sound = False
    if words or angles or comments:
        yield _Entry(tuple(words), tuple(angles), tuple(comments), sound)


def _address_of(entry: _Entry) -> Address | None:
    if len(entry.angles) == 1:
        address = normal_address(entry.angles[0])
        # An address written openly as the name must be the same one; in quotes it is only a name.
        shown = [text for kind, text in entry.words if kind == "word" and "@" in text]
        if not address or any(normal_address(text) != address for text in shown):
            return None
        return Address(_name(entry.words), address)
    if entry.angles or len(entry.words) != 1 or entry.words[0][0] != "word":
        return None
    address = normal_address(entry.words[0][1])
    comment = entry.comments[0] if entry.comments else ""
    return Address(one_line(decode_words(comment), MAX_NAME), address) if address else None


def _name(words: tuple[tuple[str, str], ...]) -> str:
    plain = [re.sub(r"\\(.)", r"\1", text[1:-1]) if kind == "quoted" else text for kind, text in words]
    return one_line(decode_words(" ".join(plain)), MAX_NAME)
