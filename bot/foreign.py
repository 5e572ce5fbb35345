"""Makes words that others wrote harmless before they stand in a letter. Nothing here lays out or decides anything."""

import re
import unicodedata

LONGEST_QUOTE = 500  # characters: enough to recognise one's own words, too little to carry a message through us
LEFT_OUT = "[…]"

_SPACES = re.compile(r"\s+")
_JOINERS = "\u200c\u200d"  # Arabic script and emoji need these two; every other invisible character goes
_REMOVED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})

# Mail programs turn these into something to click on, with or without a scheme.
_ENDINGS = (
    "nl|com|org|net|eu|be|de|info|io|co|nu|ru|cn|fr|uk|pl|tr|ua|biz|xyz|top|shop|online|site|club|app|dev|me|link|"
    "click|live|store|tech|amsterdam|gle|ly|to|cc|tk"
)
_NEUTRALISED = (
    (re.compile(r"\b([a-z][a-z0-9+.-]{1,20}):(?=//)", re.IGNORECASE), r"\1[:]"),
    (re.compile(r"\b(javascript|vbscript|data|file|mailto|tel|sms):(?=\S)", re.IGNORECASE), r"\1[:]"),
    (re.compile(r"\bwww\.(?=\S)", re.IGNORECASE), "www[.]"),
    (re.compile(rf"(?<=\w)\.(?=(?:{_ENDINGS})\b)", re.IGNORECASE), "[.]"),
)

_NINE_DIGITS = re.compile(r"(?<![\w.,])\d(?:[ .-]?\d){8}(?![\w]|[.,]\d)")
_POSTCODE = r"[1-9]\d{3} ?[A-Z]{2}\b"
_HOUSE = r"\d{1,5}(?:[ -]?[a-zA-Z]{1,2}\b)?"

_CONTACT = (
    re.compile(
        r"(?:https?://)?(?:www\.)?\b(?:wa\.me|t\.me|m\.me|telegram\.me|signal\.me|api\.whatsapp\.com)/[^\s,;]+",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?:[A-Z][\w'’-]* ){{0,3}}{_HOUSE},? {_POSTCODE}"),
    re.compile(rf"\b{_POSTCODE},? ?(?:(?:huisnummer|nummer|nr)\.? ?)?{_HOUSE}"),
    re.compile(
        r"\b[\w.+-]+ ?\(?(?:apenstaart(?:je)?|\[at\])\)? ?[\w-]+(?: ?(?:\.|\bpunt\b|\bdot\b) ?[\w-]+)+", re.IGNORECASE
    ),
    re.compile(r"\b(?:bsn|burgerservicenummer)\b\D{0,20}\d(?:[ .-]?\d){7,8}(?!\d)", re.IGNORECASE),
    re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)*"),
    re.compile(r"\b[A-Z]{2}\d{2} ?(?:[A-Z0-9]{4} ?){2,7}[A-Z0-9]{0,3}\b"),
    re.compile(r"(?<![\w.,])(?:\+ ?\d|0)(?:[ ().-]{0,2}\d){8,12}(?!\w)"),
    re.compile(r"(?<!\w)@\w{4,}"),
)


def clean(text: str, longest: int = LONGEST_QUOTE) -> str:
    """`text` as one harmless line: no control or bidi characters, no line ends, no working links, not too long."""
    line = one_line(text)
    for pattern, replacement in _NEUTRALISED:
        line = pattern.sub(replacement, line)
    return shorten(line, longest)


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

    That is: mail and home addresses, account, telephone and citizen service numbers, names and links of chats.
    """
    line = one_line(text)
    for pattern in _CONTACT:
        line = pattern.sub(LEFT_OUT, line)
    return _NINE_DIGITS.sub(_without_service_number, line)


def reads_right_to_left(text: str) -> bool:
    """True when `text` holds a letter of a script that is written from right to left."""
    return any(unicodedata.bidirectional(character) in {"R", "AL"} for character in text)


def reads_left_to_right(text: str) -> bool:
    """True when `text` holds a letter of a script that is written from left to right."""
    return any(unicodedata.bidirectional(character) == "L" for character in text)


def _without_service_number(found: re.Match[str]) -> str:
    """Nine digits are a citizen service number (BSN) only when they pass the eleven-test."""
    digits = [int(sign) for sign in found[0] if sign.isdigit()]
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    fits = sum(weight * digit for weight, digit in zip(weights, digits, strict=True)) % 11 == 0
    return LEFT_OUT if fits else found[0]


def _may_stay(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character) not in _REMOVED
