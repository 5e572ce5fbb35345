"""Text in small letters without accents, character for character, so that offsets stay valid; no meaning here."""

import re
import unicodedata

_PLAIN = {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "s", "æ": "a", "œ": "o", "ĳ": "y", "İ": "i"}
_MARKS = dict.fromkeys("‘’‚‛`´ʼ′", "'") | dict.fromkeys("“”„‟″", '"') | dict.fromkeys("‐‑‒–—―", "-")
_ARABIC = {"أ": "ا", "إ": "ا", "آ": "ا", "ة": "ه", "ى": "ي", "ئ": "ي", "ؤ": "و"}
# Ґ, Ї and Й keep their marks: without them Ukrainian words become others.
_ALPHABETS = (range(0x41, 0x5B), range(0xC0, 0x250), range(0x1E00, 0x1F00), range(0x386, 0x52F))

# Arabic vowel signs and the stroke that only lengthens a word; marks that turn the direction of reading.
_UNSPOKEN = re.compile("[\u0640\u064b-\u0652\u0670\u200c-\u200f\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile(r"[ \t]+")


def _small_and_plain(character: str) -> str:
    small = character.lower()
    small = small if len(small) == 1 else character
    if ord(small) >= 0x386 and ord(small) < 0x1E00:
        return small
    base = unicodedata.normalize("NFD", small)[0]
    return _PLAIN.get(base, _PLAIN.get(small, base))


_TABLE = str.maketrans(
    {chr(code): _small_and_plain(chr(code)) for alphabet in _ALPHABETS for code in alphabet}
    | _PLAIN
    | _MARKS
    | _ARABIC
    | {"\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " "}
)


def fold(text: str) -> str:
    """The text in small letters without accents; position i of the result stands for position i of the text.

    Apostrophes, quotation marks and dashes get one form each. Cyrillic keeps its letters.
    """
    return text.translate(_TABLE)


def bare(text: str) -> str:
    """As `fold`, without Arabic vowel signs, invisible marks and double spaces: for short answers.

    Positions do not stay valid; accents that are written as characters of their own are understood too.
    """
    return _SPACES.sub(" ", fold(_UNSPOKEN.sub("", unicodedata.normalize("NFC", text))))
