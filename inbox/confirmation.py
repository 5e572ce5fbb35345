"""Whether somebody agrees with what we understood: an answer to "is this right?"; taking it in is not done here."""

import re

from inbox.asked import HEDGED, NO, YES
from inbox.consent import GREETING
from inbox.folding import bare, fold

_HELLO = re.compile(
    r"^\W*(?:hallo|hoi|hey|beste|goede?(?:morgen|middag|navond|dag)|dag|hello|hi)\b(?: \w+)?[ ]*[,!.\n]\s*"
)
_OURS = r"(?:^\W*|\b(?:dat|dit|het|er|iets|alles|zo|toch|nee,?|maar)(?: is)? )"
"""Before a "klopt niet" that is about what we understood: "onze begroting klopt niet" tells a fact."""
_RIGHT_WORDS = (
    r"(?:(?:dat|dit|het|alles|ja)? ?(?:klopt|is (?:juist|goed|correct|zo)|staat er goed)",
    r"helemaal (?:goed|juist|mee eens)|juist|correct|prima|goed zo|akkoord|in orde|ok[eé]?",
    r"(?:that|this|it|all)?(?: is|'s)? ?(?:right|correct|fine)",
    r"wszystko (?:jest )?(?:dobrze|w porzadku)|(?:jest )?(?:dobrze|poprawnie)",
    r"все (?:правильно|вірно|гаразд)|правильно|вірно",
    r"dogru|(?:her sey )?tamam",
    r"صحيح|هذا صحيح|كل شيء صحيح)",
)
_WRONG_WORDS = (
    rf"{_OURS}(?:klopt?|kloppen)\b(?:(?!\bmaar\b|\bbegroting|[.,;]).){{0,20}}?\bniet\b",
    rf"{_OURS}(?:niet (?:helemaal |echt )?(?:juist|correct|goed)|onjuist|fout|verkeerd)\b",
    r"\bniet (?:helemaal )?wat (?:ik|wij|we) bedoel\w*",
    r"\b(?:verkeerd|niet goed|fout) (?:begrepen|verstaan|gelezen)\b",
    r"\ber (?:zit|staat) (?:\w+ )?(?:een fout|iets verkeerds?|fout)\b",
    r"\b(?:that|this|it|something)(?: is|'s| was)? (?:wrong|incorrect|not (?:right|correct|what))\b",
    r"\bisn't (?:right|correct)\b|\bmisunderst\w+",
    r"\bnie (?:zgadza sie|tak|o to (?:mi |nam )?chodzi)\b|\bto (?:blad|nieprawda)\b|\bzle (?:zrozum\w+|odczyt\w+)",
    r"(?:^|\b(?:це|все) )не так\b|неправильно|\bне про це\b",
    r"\byanlis (?:anla\w+|oldu|bu)\b|\bbu yanlis\b|^\W*(?:hayir\W+)?yanlis\b|\b(?:bu )?(?:dogru|oyle) degil\b",
    r"(?:هذا|انه) (?:خطا|غير صحيح|ليس صحيح\w*)|^\W*(?:لا\W+)?(?:خطا|غير صحيح|ليس صحيح\w*)",
)
_RIGHT = re.compile(rf"^\W*{'|'.join(_RIGHT_WORDS)}\b", re.IGNORECASE)
_WRONG = re.compile("|".join(_WRONG_WORDS), re.IGNORECASE)
_OPENING_NO = re.compile(r"^\W*(?:nee|neen|sorry|no|nie|ні|hayir|لا)\b[\s,.:;-]*")
_NOT_BUT = re.compile(
    r"\b(?:niet(?! alleen)|geen|not(?! only)|nie(?! tylko)|не(?! тільки)|degil|ليس)\b[^.!?;]{1,80}?"
    r"\b(?:maar|but|tylko|lecz|ale|а|ama|بل)\b"
)
_LEADING = 60
"""So far into a message an objection may end, for the words behind it to say how it is."""
_SENTENCE_END = re.compile(r"(?<=[.!?؟\n])\s+")


def confirms(text: str) -> bool | None:
    """What an answer to "is this right?" says: True, False, or None where it says neither in so many words.

    Whoever doubts or adds a condition to a yes has not said that all is right.
    """
    plain = _HELLO.sub("", GREETING.sub("", bare(text).strip()))
    first = next((each for each in _SENTENCE_END.split(plain) if each.strip()), "")
    if objects(text) or NO.match(first):
        return False
    if YES.match(first) or _RIGHT.match(first):
        return None if HEDGED.search(first) else True
    return None


def objects(text: str) -> bool:
    """Whether somebody says, also without having been asked, that we understood something wrong."""
    return _WRONG.search(_HELLO.sub("", bare(text).strip())) is not None


def said_instead(text: str) -> str:
    """The words that tell how it is, without those before them that say what is wrong; an exact piece of the text."""
    plain = fold(text)
    opening = _OPENING_NO.match(plain)
    start = opening.end() if opening else 0
    wrong = _WRONG.search(plain, start, start + _LEADING)
    start = wrong.end() if wrong else start
    other = _NOT_BUT.search(plain, start)
    return text[other.end() if other else start :].lstrip(" ,.:;-\n")
