"""A text that is one amount of money as a number: Dutch and English style, signs, euro; nothing about its meaning."""

import re

_AROUND = re.compile(r"eur(?:o|os)?\b|€|\xa0|\s|'|’|\+(?=\d)", re.IGNORECASE)
_NO_CENTS = re.compile(r"[,.][-–—=]{1,2}$")
_PLAIN = re.compile(r"\d{1,12}")
_DUTCH = re.compile(r"(\d{1,3}(?:\.\d{3})+)(?:,(\d{1,2}))?")
_ENGLISH = re.compile(r"(\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2}))?")
_DECIMAL = re.compile(r"(\d{1,12})[.,](\d{1,8})")
_LONGEST = 40
_MINUS = "-–−—"


def amount_of(text: str) -> float | None:
    """The amount that the whole text is, None when it is anything else.

    `1.200,50`, `1,200.50`, `€ 1 200,-`, `-1.200`, `1.200-` and `(1.200)` are amounts. Three digits after a single
    mark are thousands, as in Dutch sheets. A percentage, a date or a number that begins with a needless 0, such as
    a telephone number, is no amount.
    """
    if len(text) > _LONGEST or not any(character.isdigit() for character in text):
        return None
    bare, negative = _without_sign(_NO_CENTS.sub("", _AROUND.sub("", text)))
    value = _value(bare)
    if value is None:
        return None
    return -value if negative and value else value


def _without_sign(text: str) -> tuple[str, bool]:
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1], True
    if text[:1] in _MINUS and text[:1]:
        return _NO_CENTS.sub("", text[1:]), True
    if text[-1:] in _MINUS and text[-1:]:
        return text[:-1], True
    return text, False


def _value(text: str) -> float | None:
    if not text.isascii():
        return None
    if _PLAIN.fullmatch(text):
        return None if len(text) > 1 and text.startswith("0") else float(text)
    for style in (_DUTCH, _ENGLISH):
        grouped = style.fullmatch(text)
        if grouped and not text.startswith("0"):
            return float(re.sub(r"\D", "", grouped[1]) + "." + (grouped[2] or "0"))
    decimal = _DECIMAL.fullmatch(text)
    if decimal and not (len(decimal[1]) > 1 and decimal[1].startswith("0")):
        return float(f"{decimal[1]}.{decimal[2]}")
    return None
