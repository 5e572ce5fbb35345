"""Which right over personal data a message calls on: see, correct or erase. Doing it belongs to bot."""

import re
from typing import Literal

Right = Literal["see", "correct", "erase", "unknown"]

SEE = r"""inzage|inzien|laat\b.{0,20}\bzien|zien|overzicht|kopie|opvragen|wat\s(?:heb|weten|bewaren|staat)
    |see|copy|overview|(?:which|what)\sdata|access"""
CORRECT = r"verbeter\w*|wijzig\w*|aanpas\w*|corrige\w*|klopt\sniet|veranderen?|correct|change|update|rectif\w*"
ERASE = r"wis|wissen|gewist|verwijder\w*|vernietig\w*|vergeten|delete|erase|remove|usun\w*|silmek|silin\w*"


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE | re.VERBOSE)


# In this order: somebody who wants to see and then erase is not served by erasing first.
RIGHTS: tuple[tuple[Right, re.Pattern[str]], ...] = (
    ("see", _words(SEE)),
    ("correct", _words(CORRECT)),
    ("erase", _words(ERASE)),
)


def requested_right(text: str) -> Right:
    """The first right of RIGHTS that a message calls on; "unknown" when it names none."""
    return next((right for right, words in RIGHTS if words.search(text)), "unknown")
