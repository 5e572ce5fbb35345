"""Whom an adviser points at: a number in the list we sent, or a name; choosing and handing over belong elsewhere."""

import re
from dataclasses import dataclass

SOMEONE = ""
"""The hint when another expert is wanted and none is named."""

_NUMBERS = {
    "een": "1", "één": "1", "eerste": "1", "one": "1", "first": "1",
    "twee": "2", "tweede": "2", "two": "2", "second": "2",
    "drie": "3", "derde": "3", "three": "3", "third": "3",
    "vier": "4", "vierde": "4", "four": "4", "fourth": "4",
    "vijf": "5", "vijfde": "5", "five": "5", "fifth": "5",
}  # fmt: skip
_NUMBER = rf"(?P<number>\d{{1,2}}|{'|'.join(_NUMBERS)}|[1-5]e)"
_BEFORE = (
    r"(?:(?:doe|doen|neem|kies|pak|ga|geef|graag|liever|dan|toch|maar|voor|met|ik|we|wil|zou|heb|mijn|voorkeur"
    r"|gaat|uit|naar|is|mij|bij|take|choose|pick|i|prefer|rather|go|with|please|let's)\s)*"
)
_AFTER = r"(?:\s(?:maar|graag|dan|aub|svp|alsjeblieft|alstublieft|voorstellen|nemen|doen|please|instead))*"
_THING = r"(?:expert|persoon|optie|keuze|kandidaat|naam|match|option|one)"

_BY_NUMBER = (
    re.compile(rf"{_BEFORE}(?:de |het |the )?(?:nummer|nr\.?|no\.?|number|#|{_THING})\s?{_NUMBER}{_AFTER}"),
    re.compile(rf"{_BEFORE}(?:de |die |the )(?!een\b|twee\b)(?P<number>\w*(?:ste|de|e|first|second|third))"
               rf"(?: {_THING})?(?: (?:van|op|uit) (?:de|het) (?:lijst|lijstje))?{_AFTER}"),
    re.compile(rf"(?:doe|neem|kies|liever|graag|de|dan)(?: (?:doe|maar|dan|liever|de))* (?P<number>[1-9]){_AFTER}"),
)  # fmt: skip
_SOMEONE_ELSE = re.compile(
    rf"{_BEFORE}(?:zoek |vraag |find |ask )?(?:maar )?(?:iemand anders|een ander|een andere|andere expert"
    rf"|een andere? (?:expert|iemand|persoon|adviseur)|someone else|another expert|a different expert){_AFTER}"
)

_NAME = r"(?P<name>[^\W\d_][\w.'’&/-]*(?: [^\W\d_][\w.'’&/-]*){0,4}?)"
_IT = r"(?:dit|het|deze|dat|die|hem|it|this)"
_COLLEAGUE = (
    r"(?:(?:iemand|een collega|mijn collega|onze collega|collega|someone|a colleague) (?:(?:van|bij|at|from) )?)"
)
# In these sentences a name may also be written without a capital.
_CHOSEN = re.compile(rf"(?:ik )?kies (?:maar )?voor {_NAME}", re.IGNORECASE)
_HANDED_OVER = tuple(
    re.compile(pattern.format(who=rf"(?:{_COLLEAGUE}?{_NAME})", it=_IT), re.IGNORECASE)
    for pattern in (
        r"laat (?:maar )?{who} {it} (?:maar |dan )?(?:doen|oppakken|overnemen|begeleiden|regelen|beslissen)",
        r"(?:laat|draag) {it} (?:maar |dan )?(?:over )?aan {who}(?: over)?(?: maar)?",
        r"(?:geef|stuur|speel|zet) (?:{it} )?(?:maar )?(?:door )?(?:aan|naar) {who}(?: door)?(?: maar)?",
        r"(?:dit is |het is )?(?:meer |beter )?iets voor {who}",
        r"let {who} (?:do|handle|take) {it}",
        r"(?:give|pass|hand) {it} (?:on |over )?to {who}",
    )
)
_SOME_COLLEAGUE = re.compile(
    rf"(?:laat (?:maar )?|(?:geef|stuur|speel|draag) (?:{_IT} )?(?:maar )?(?:door |over )?(?:aan|naar) )"
    rf"(?:een|mijn|een andere) collega(?: {_IT})?(?: (?:maar|dan|doen|oppakken|overnemen|beslissen|door|over))*"
)
# In these only a capital tells a name from any other word: "liever Zorgbelang", but not "liever morgen".
_CAPITAL = re.compile(
    rf"(?:(?:graag|liever|dan|toch|neem|kies|vraag|doe|ik|zou|wil|rather|prefer|i|ask|take|via|met|maar)\s){{1,4}}"
    rf"{_NAME}"
    rf"|{_NAME.replace('name', 'subject')} (?:past|is) (?:hier )?(?:beter|geschikter|handiger)",
    re.IGNORECASE,
)
_PARTICLES = frozenset({"van", "de", "der", "den", "ten", "ter", "te", "von", "op", "'t", "bij", "&", "en"})
_NO_NAMES = re.compile(
    r"\b(?:mij|me|mijn|ons|jullie|hem|haar|hen|ze|zij|hij|het|dit|dat|maar|iemand|niemand|niet|geen|nooit|later|morgen"
    r"|vandaag|straks|week|maand|jaar|maandag|dinsdag|woensdag|donderdag|vrijdag|ander|anders|andere|ja|nee|zelf|even"
    r"|eerst|wel|nog|of|or|who|not|no|me|us|them|him|her)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Pick:
    """Somebody pointed at: a number as a digit, a name as it was written, or SOMEONE for "someone else".

    `hands_over` tells that this person or organisation should take the decision over, not be the expert.
    """

    hint: str
    hands_over: bool = False


def pick_in(clause: str) -> Pick | None:
    """Whom one clause points at, None where it points at nobody. The clause keeps its capitals."""
    small = clause.lower()
    if _SOMEONE_ELSE.fullmatch(small):
        return Pick(SOMEONE)
    if _SOME_COLLEAGUE.fullmatch(small):
        return Pick(SOMEONE, hands_over=True)
    for pattern in _BY_NUMBER:
        found = pattern.fullmatch(small)
        if found and (number := _digit(found["number"])):
            return Pick(number)
    return _named(clause)


def _named(clause: str) -> Pick | None:
    for pattern in (*_HANDED_OVER, _CHOSEN):
        found = pattern.fullmatch(clause)
        if found and not _NO_NAMES.search(found["name"]):
            return Pick(found["name"], hands_over=pattern is not _CHOSEN)
    found = _CAPITAL.fullmatch(clause)
    name = (found["name"] or found["subject"]) if found else ""
    return Pick(name) if name and not _NO_NAMES.search(name) and _has_capitals(name) else None


_LONE_NUMBER = re.compile(
    r"(?<![\w.,:/-])(?:[1-9]e?|één|twee|drie|vier|vijf|(?:twee|der|vier|vijf)de|two|three|four|five)(?![\w:/-]|[.,]\d)"
)


def holds_number(clause: str) -> bool:
    """Whether a clause holds a number on its own that may be one of the list, whatever is said about it."""
    return bool(_LONE_NUMBER.search(clause.lower()))


def points_at_number(clause: str) -> bool:
    """Whether a clause names a number of the list at all, even in words that are not understood."""
    return bool(re.search(r"\b(?:nummer|nr|number|optie|option|keuze)\b|#\s?\d", clause.lower()))


def _digit(word: str) -> str:
    bare = word.removesuffix("e") if word[:1].isdecimal() else word
    return bare.lstrip("0") if bare.isdecimal() else _NUMBERS.get(bare, "")


def _has_capitals(name: str) -> bool:
    return all(word[0].isupper() for word in name.split() if word not in _PARTICLES)
