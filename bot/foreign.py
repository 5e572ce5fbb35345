"""Makes words that others wrote harmless before they stand in a letter. Nothing here lays out or decides anything."""

import re
import unicodedata
from functools import cache
from importlib.resources import files

from inbox.privacy import MARK, mask

LONGEST_QUOTE = 500  # characters: enough to recognise one's own words, too little to carry a message through us
LEFT_OUT = MARK

_SPACES = re.compile(r"\s+")
_JOINERS = "\u200c\u200d"  # Arabic script and emoji need these two; every other invisible character goes
_REMOVED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})

# Mail programs and chats turn these into something to click on, with or without a scheme.
_ENDING = re.compile(r"""(?<=\w)[.。．｡](?=(xn--[\w-]+|[^\s.。．｡,;:!?()<>"'’”/\\@#_\[\]-]{2,63}))""", re.IGNORECASE)
_NEUTRALISED = (
    (re.compile(r"\b([a-z][a-z0-9+.-]{1,20}):(?=//)", re.IGNORECASE), r"\1[:]"),
    (re.compile(r"\b(javascript|vbscript|data|file|mailto|tel|sms|tg):(?=\S)", re.IGNORECASE), r"\1[:]"),
    (re.compile(r"\bwww[.。．｡](?=\S)", re.IGNORECASE), "www[.]"),
    (re.compile(r"(?<![\w/])/(?=[a-z_]\w{0,31}\b)", re.IGNORECASE), "[/]"),  # in a chat a command, sent by a touch
)


def clean(text: str, longest: int = LONGEST_QUOTE) -> str:
    """`text` as one harmless line: no control or bidi characters, no line ends, no working links, not too long."""
    line = one_line(text)
    for pattern, replacement in _NEUTRALISED:
        line = pattern.sub(replacement, line)
    return shorten(_ENDING.sub(_not_clickable, line), longest)


def _not_clickable(dot: re.Match[str]) -> str:
    return "[.]" if dot[1].lower() in _link_endings() else dot[0]


@cache
def _link_endings() -> frozenset[str]:
    """What the name of a site can end on; "nl" is one."""
    lines = files("bot").joinpath("link_endings.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def one_line(text: str) -> str:
    """`text` on one line, without characters that are invisible or that turn the direction of reading."""
    composed = unicodedata.normalize("NFC", text)
    spaced = _SPACES.sub(" ", composed)
    return "".join(character for character in spaced if _may_stay(character)).strip()


def shorten(line: str, longest: int) -> str:
    """`line` cut to at most `longest` characters, between two words where that is possible."""
    if len(line) <= longest:
        return line
    kept = line[: longest - 1]
    whole_words = kept.rpartition(" ")[0]
    return (whole_words if len(whole_words) > longest // 2 else kept).rstrip() + "…"


def without_contact(text: str) -> str:
    """`text` on one line without what tells who somebody is or how to get there.

    That is what inbox/privacy.py finds: mail and home addresses, account, telephone and citizen service numbers, names
    and links of chats, and what is said of one person's health.
    """
    return mask(one_line(text)).text


def reads_right_to_left(text: str) -> bool:
    """True when `text` holds a letter of a script that is written from right to left."""
    return any(unicodedata.bidirectional(character) in {"R", "AL"} for character in text)


def reads_left_to_right(text: str) -> bool:
    """True when `text` holds a letter of a script that is written from left to right."""
    return any(unicodedata.bidirectional(character) == "L" for character in text)


def _may_stay(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character) not in _REMOVED
