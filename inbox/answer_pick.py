"""Which other expert an adviser points at: a number in the list we sent, or a name; choosing belongs elsewhere."""

import re

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
)  # fmt: skip
_SOMEONE_ELSE = re.compile(
    rf"{_BEFORE}(?:zoek |vraag |find |ask )?(?:maar )?(?:iemand anders|een ander|een andere|andere expert"
    rf"|een andere? (?:expert|iemand|persoon|adviseur)|someone else|another expert|a different expert){_AFTER}"
)

_NAME = r"(?P<name>[^\W\d_][\w.'’&/-]*(?: [^\W\d_][\w.'’&/-]*){0,4}?)"
_IT = r"(?:dit|het|deze|dat|die|hem|it|this)"
# In these sentences a name may also be written without a capital.
_FRAMED = tuple(
    re.compile(pattern.format(name=_NAME, it=_IT), re.IGNORECASE)
    for pattern in (
        r"laat (?:maar )?{name} {it} (?:maar |dan )?(?:doen|oppakken|overnemen|begeleiden|regelen)",
        r"(?:geef|stuur|speel|zet) (?:{it} )?(?:maar )?(?:door )?(?:aan|naar) {name}(?: door)?(?: maar)?",
        r"(?:ik )?kies (?:maar )?voor {name}",
        r"(?:dit is |het is )?(?:meer |beter )?iets voor {name}",
        r"let {name} (?:do|handle|take) {it}",
        r"give {it} to {name}",
    )
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
    r"|eerst|wel|nog|who|not|no|me|us|them|him|her)\b",
    re.IGNORECASE,
)


def pick_in(clause: str) -> str | None:
    """The hint in one clause, as the adviser wrote it: a number as a digit, a name, or "" for "someone else".

    None where the clause points at nobody. The clause keeps its capitals.
    """
    small = clause.lower()
    if _SOMEONE_ELSE.fullmatch(small):
        return SOMEONE
    for pattern in _BY_NUMBER:
        found = pattern.fullmatch(small)
        if found and (number := _digit(found["number"])):
            return number
    for pattern in _FRAMED:
        found = pattern.fullmatch(clause)
        if found and not _NO_NAMES.search(found["name"]):
            return found["name"]
    found = _CAPITAL.fullmatch(clause)
    name = (found["name"] or found["subject"]) if found else ""
    return name if name and not _NO_NAMES.search(name) and _has_capitals(name) else None


def points_at_number(clause: str) -> bool:
    """Whether a clause names a number of the list at all, even in words that are not understood."""
    return bool(re.search(r"\b(?:nummer|nr|number|optie|option|keuze)\b|#\s?\d", clause.lower()))


def _digit(word: str) -> str:
    bare = word.removesuffix("e") if word[:1].isdigit() else word
    return bare.lstrip("0") if bare.isdigit() else _NUMBERS.get(bare, "")


def _has_capitals(name: str) -> bool:
    return all(word[0].isupper() for word in name.split() if word not in _PARTICLES)
