"""Whether the writer allows us to give his or her contact details to an expert; doubt is never a yes.

How the question was asked and what else was answered belongs in asked.py.
"""

import re
from collections.abc import Iterable

from inbox import foreign_answers as foreign
from inbox.folding import bare

_SENTENCE_END = re.compile(r"(?<=[.!?؟\n])\s*")
GREETING = re.compile(foreign.GREETING)
PASS_ON = re.compile(
    r"\b(?:delen|deelt?|gedeeld|doorge\w+|doorstu\w+|doorgestuurd|geven|gegeven|geef|verstrek\w*"
    r"|shar(?:e|ed|ing)|pass(?:ed)?\b.{0,30}\bon|forward(?:ed)?|given?)\b",
    re.I,
)
OWN_DETAILS = re.compile(
    r"\b(?:mijn|m'n|onze|ons|my|our)\b.{0,30}?\b(?:\w*gegevens|naam|namen|\w*adres|\w*nummer|details|name|e-?mail\w*"
    r"|address|number)\b",
    re.I,
)
PERMITTED = re.compile(
    r"\b(?:mag|mogen|toestemming|prima|akkoord|goed|ok[eé]?|may|can|permission|fine|sure|agree)\b", re.I
)
DENIED = re.compile(r"\b(?:niet|nee|neen|geen|liever|not|no|don['’]?t|nie)\b", re.I)
OPENS_WITH_YES = re.compile(
    rf"^\W*(?:(?:{foreign.JA}|jawel|jazeker|akkoord|zeker weten|yes|yep|agreed|you may|{foreign.AGREED})\b"
    r"|(?:dat |het |je |jullie |delen |doorgeven )?(?:mag|mogen|is (?:goed|prima|akkoord|ok[eé]?))\b"
    # "Goed om te weten" allows nothing; these words do so only by themselves.
    r"|(?:zeker|natuurlijk|uiteraard|graag|prima|goed|ok[eé]?|klopt|inderdaad|sure|fine|of course)"
    r"(?=\W*$|\W+(?:hoor|dat mag|ja)\b)"
    rf"|{foreign.AGREED_ALONE}(?=\W*$|\W+(?:ja|{foreign.AFTER_AGREED})\b))",
    re.I,
)
OPENS_WITH_NO = re.compile(
    r"^\W*(?:nee|neen|niet|liever niet|(?:zeker|absoluut|beslist) niet"
    r"|(?:dat |het |je |jullie |delen )?(?:mag|mogen)\b(?:(?!\bmaar\b).){0,60}?\bniet"
    rf"|{foreign.NO}|nope|not|{foreign.REFUSED})\b",
    re.I,
)
HEDGED = re.compile(
    r"\b(?:maar|mits|eerst|alleen|niet|geen|misschien|wellicht|overleg\w*|tenzij"
    rf"|but|only|not|first|maybe|perhaps|unless|{foreign.DOUBT})\b",
    re.I,
)
CONDITION = re.compile(rf"\b(?:als|of|indien|wanneer|zodra|if|whether|when|depends|{foreign.ASKS})\b|[?؟]", re.I)
# "Doe maar" and "geen bezwaar" hold a word of doubt or denial and mean yes.
HEARTY = re.compile(
    r"\b(?:doe|deel|geef|stuur|ga|toe)\b(?: (?:het|dat|die|ze|mijn gegevens))? maar\b"
    r"|\b(?:geen|no) (?:enkel )?(?:probleem|bezwaar|problem|objections?)\b|\bwaarom niet\b|\bwhy not\b"
    rf"|\b{foreign.NO_OBJECTION}\b",
    re.I,
)


def consent_in(text: str) -> bool | None:
    """What a text says of its own accord: some sentence names the writer's own details, and that they may be passed on.

    A refusal anywhere outweighs a permission; a question or a condition is neither. None when it says nothing.
    """
    return _outcome(_judged(each) for each in _sentences(text) if PASS_ON.search(each) and OWN_DETAILS.search(each))


def consent_among_answers(text: str) -> bool | None:
    """As `consent_in`, for an answer to several questions: there "Ja, delen mag." is enough."""
    opening = [each for each in _sentences(text) if PASS_ON.search(each) and _opens(each) is not None]
    return _outcome([consent_in(text), *(_judged(each, ready=True) for each in opening)])


def consent_answer(part: str) -> bool | None:
    """What an answer to this one question says: yes, no, or None where it leaves doubt."""
    first, *rest = _sentences(GREETING.sub("", bare(part))) or [""]
    opening = _opens(first)
    if opening is None:
        return consent_among_answers(part)
    if opening and (_doubts(first) or any(HEDGED.search(_plain(each)) for each in rest)):
        return None
    return opening


def _sentences(text: str) -> list[str]:
    """The sentences of a text, in the small plain letters that every pattern here is written in."""
    return [each for each in _SENTENCE_END.split(bare(text)) if each.strip()]


def _plain(sentence: str) -> str:
    return HEARTY.sub("ja", sentence)


def _opens(sentence: str) -> bool | None:
    plain = _plain(sentence)
    if OPENS_WITH_NO.match(plain):
        return False
    return True if OPENS_WITH_YES.match(plain) else None


def _doubts(sentence: str) -> bool:
    plain = _plain(sentence)
    return HEDGED.search(plain) is not None or CONDITION.search(plain) is not None


def _judged(sentence: str, ready: bool = False) -> bool | None:
    """One sentence about passing on; `ready` when its opening words are a yes or a no already."""
    plain = _plain(sentence)
    if DENIED.search(plain):
        return False
    if _doubts(sentence):
        return None
    return True if ready or PERMITTED.search(plain) else None


def _outcome(verdicts: Iterable[bool | None]) -> bool | None:
    told = set(verdicts)
    if False in told:
        return False
    return True if True in told else None
