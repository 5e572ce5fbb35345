"""Bytes in any charset, rightly or wrongly labelled, to text; which part they came from belongs elsewhere."""

import codecs
import re
from functools import lru_cache

import charset_normalizer

# Only codecs that turn bytes into text. UTF-7 is left out on purpose: no mail program sends it, and it lets
# one sequence of bytes be read in two ways.
_TEXT_CODEC = re.compile(
    r"ascii|utf-(8|16|32)([-_](be|le|sig))?|cp\d+|iso8859-\d+|koi8-[rtu]|kz1048|mac-\w+|tis-620|ptcp154|hp-roman8"
    r"|gb2312|gbk|gb18030|hz|big5(hkscs)?|shift_jis\w*|euc_\w+|johab|iso2022_\w+"
)
_ALIASES = {
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "ansi": "cp1252",
    "x-ansi": "cp1252",
    "x-sjis": "shift_jis",
    "x-gbk": "gbk",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "windows-874": "cp874",
}
# Labels that say little: mail programs use them for whatever the computer's own charset is.
_VAGUE = frozenset({"ascii", "iso8859-1", "cp1252"})
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 4_000
_ENOUGH_TO_GUESS = 40


def decode_text(data: bytes, label: str = "") -> tuple[str, tuple[str, ...]]:
    """The text of some bytes whose sender called their charset `label`. Never raises.

    The second value holds the defects: `unknown_charset` for a label that means nothing, `wrong_charset`
    where the bytes do not fit the label.
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(_with_order(name, mark), "replace"), ()
    codec = text_codec(label)
    if codec is not None and codec not in _VAGUE:
        text = _strictly(data, codec)
        return (text, ()) if text is not None else (_best_of(data, codec), ("wrong_charset",))
    return _decode_vague(data, label, codec)


def _decode_vague(data: bytes, label: str, codec: str | None) -> tuple[str, tuple[str, ...]]:
    """Without a telling label: what is valid UTF-8 is that, and what is not was written in the west."""
    defects = ("unknown_charset",) if label and codec is None else ()
    text = _strictly(data, "utf-8")
    if text is not None:
        mislabelled = codec is not None and not data.isascii()
        return text, ("wrong_charset",) if mislabelled else defects
    if codec is None:
        return _guessed(data), defects or ("wrong_charset",)
    return data.decode("cp1252", "replace"), ("wrong_charset",) if codec == "ascii" else ()


def decode_header_bytes(data: bytes) -> str:
    """Header bytes as text: UTF-8 (RFC 6532) where they are that, otherwise the western charset."""
    text = _strictly(data, "utf-8")
    return text if text is not None else data.decode("cp1252", "replace")


@lru_cache(1_000)  # not without end: a mail can call its charsets what it likes
def text_codec(label: str) -> str | None:
    """Python's name of the charset a mail calls `label`; None where it is unknown or not a text charset."""
    name = label.strip(" \t'\"").lower()
    try:
        found = codecs.lookup(_ALIASES.get(name, name)[:60]).name
    except (LookupError, ValueError):
        return None
    return found if _TEXT_CODEC.fullmatch(found) else None


def _with_order(name: str, mark: bytes) -> str:
    if name == "utf-8":
        return name
    return name + ("-le" if mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF32_LE) else "-be")


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (ValueError, LookupError):
        return None


def _best_of(data: bytes, codec: str) -> str:
    """A few broken bytes are replaced; where many do not fit, the label itself was wrong."""
    text = data.decode(codec, "replace")
    broken = text.count("\ufffd")
    if broken * 50 <= len(text):
        return text
    other = _strictly(data, "utf-8")
    return other if other is not None else _guessed(data)


def _guessed(data: bytes) -> str:
    """Nobody knows the charset: enough foreign letters let us guess, otherwise it is the western one."""
    sample = data[:_SAMPLE]
    if sum(byte > 127 for byte in sample) >= _ENOUGH_TO_GUESS:
        guess = charset_normalizer.from_bytes(sample).best()
        codec = text_codec(guess.encoding) if guess else None
        text = _strictly(data, codec) if codec else None
        if text is not None:
            return text
    return data.decode("cp1252", "replace")
