"""Which right over personal data a message calls on: see, correct or erase. Doing it belongs to bot."""

import re
from typing import Literal

from inbox.folding import bare

Right = Literal["see", "correct", "erase", "unknown"]

# For text that went through `bare`: Turkish gör is gor there, of which only the forms that no Dutch name begins with.
SEE = r"""inzage|inzien|laat\b.{0,20}\bzien|zien|overzicht|kopie|opvragen|wat\s(?:heb|weten|bewaren|staat)
    |see|copy|overview|(?:which|what)\sdata|access
    |pokaz\w*|wglad\w*|zobaczy\w*|kopi[ae]
    |показ\w*|покаж\w*|переглян\w*|копі[юя]
    |gor(?:m|us|un|ebil|ey|el|ul|uy|ur)\w*|goster\w*
    |(?:[وفبل]|ال|لل)*(?:رويه|اري|نري|اطلاع|اطلع|اظهار|نسخه)|(?:اظهر|ارون)\w*"""
CORRECT = r"""verbeter\w*|wijzig\w*|aanpas\w*|corrige\w*|klopt\s(?:iets\s)?niet|veranderen?
    |correct|change|update|rectif\w*|not\sright
    |popraw\w*|zmieni\w*|zmian\w*|виправ\w*|змін\w*|duzelt\w*|degistir\w*|guncel\w*
    |(?:[وفبل]|ال|لل)*(?:تصحيح|تعديل|تغيير)\w*|صححوا?|عدلوا?|غيروا"""
ERASE = r"""wis|wissen|gewist|verwijder\w*|vernietig\w*|vergeten|delete|erase|remove
    |usun\w*|usuwa\w*|skasuj\w*|skasow\w*|видал\w*|вилуч\w*|стерти|зітріть
    |sil|sil(?:in|me|er|ebil|dir|sin|di)\w*
    |(?:[وفبل]|ال|لل)*(?:حذف|محو|مسح)\w*|[وف]?[اتين]?(?:حذف|مسح)\w*|امحوا?"""


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
    plain = bare(text)
    return next((right for right, words in RIGHTS if words.search(plain)), "unknown")
