"""What an answer to "does this belong to your earlier question, or is it new?" says; joining them is not done here."""

import re
from typing import Literal

from inbox.folding import bare

Belongs = Literal["same", "new"]

_SAME = (
    r"hoort (?:er|daar)?bij|erbij|daarbij|(?:de|het)?zelfde|niet nieuw|geen nieuwe?|(?:eerdere|vorige) vraag",
    r"same|belongs|part of|not new|earlier (?:one|question)",
    r"ta sama|tego samego|to samo|nalezy do|nie (?:jest )?now\w+",
    r"те саме|цього ж|до попередн\w+|стосується|не нов\w+",
    r"ayni|onceki\w*|yeni degil|نفس\w*|السابق\w*|ليس جديد\w*|تابع",
)
_NEW = (
    r"nieuwe?|los (?:hier|daar)van|iets anders|andere?|apart|new|separate|different|another",
    r"now[aey]\w*|inn[aey]\w*|osobn\w+|нов\w+|інш\w+|окрем\w+",
    r"yeni|baska|farkli|ayri|جديد\w*|اخر\w*|مختلف\w*|منفصل\w*",
)


def _words(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.IGNORECASE)


_PATTERNS: tuple[tuple[Belongs, re.Pattern[str]], ...] = (("same", _words(_SAME)), ("new", _words(_NEW)))
"""In this order: "geen nieuwe vraag" holds the word for new."""


def same_or_new(text: str) -> Belongs | None:
    """Which of the two a short answer says; None where it says neither, as a bare yes does."""
    plain = bare(text)
    return next((code for code, words in _PATTERNS if words.search(plain)), None)
