"""What in a text must not be passed on or logged: who somebody is, how to get there, and health. Decides no address.

Whom a text names is found in inbox/people_in_text.py.

Sources: the eleven-test of the citizen service number (BSN), ISO 13616 (IBAN, mod 97), the Dutch postcode of four
digits and two letters. A part that is found is replaced by MARK; nothing else of the text changes.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from expertise.places import places_named
from inbox.people_in_text import KIN, full_names, introduced_names

Kind = Literal["mail", "chat", "address", "service_number", "bank_account", "phone", "health", "name"]
MARK = "[…]"
MOST_ROUNDS = 10  # people's texts take one or two


@dataclass(frozen=True, slots=True)
class Found:
    """One part of a text, by the places where it begins and ends, that must not be passed on."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Masked:
    """A text that may be passed on, and which kinds of things were taken out of it."""

    text: str
    kinds: frozenset[Kind]


def mask(text: str) -> Masked:
    """`text` with MARK in place of everything private. Masking again changes nothing more.

    What keeps showing something private, such as a page of "06-06-06-…", was made for that: none of it is passed on.
    """
    kinds: set[Kind] = set()
    for _ in range(MOST_ROUNDS):
        found = find_private(text)
        if not found:
            return Masked(text, frozenset(kinds))
        kinds |= {each.kind for each in found}
        text = _without(text, found)  # what stood between two parts can be a part once these are gone
    return Masked(MARK, frozenset(kinds))


def find_private(text: str) -> tuple[Found, ...]:
    """Every private part of a text, from left to right and apart from each other; the earlier rule wins."""
    taken, found, plain = bytearray(len(text)), list[Found](), _plainly_typed(text)
    for kind, rule in RULES:
        for start, end in rule(plain):
            if start < end and not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found.append(Found(kind, start, end))
    return tuple(sorted(found, key=lambda each: each.start))


def _plainly_typed(text: str) -> str:
    """The same signs at the same places, but digits and spaces of any kind as the usual ones."""
    return _NOT_ASCII.sub(lambda sign: _plain_sign(sign[0]), text)


def _plain_sign(sign: str) -> str:
    digit = unicodedata.decimal(sign, None)
    return str(digit) if digit is not None else " " if unicodedata.category(sign) == "Zs" else sign


def _without(text: str, found: tuple[Found, ...]) -> str:
    parts, last = [], 0
    for each in found:
        parts += [text[last : each.start], MARK]
        last = each.end
    return "".join([*parts, text[last:]])


Spans = Iterator[tuple[int, int]]
Rule = Callable[[str], Spans]

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_POSTCODE = r"[1-9]\d{3}(?: ?[A-Z]{2}|[a-z]{2})\b"
_HOUSE = r"(?:(?:huisnummer|nummer|nr)\.? ?)?\d{1,5}(?: ?bis\b|[ -]?[a-zA-Z]{1,2}\b)?"
# A house, not a year or a number of things.
_THINGS = "jaar|euro|mensen|keer|bewoners|huizen|woningen|procent|deelnemers|vrijwilligers|kinderen"
_NO_COUNT = rf"(?![\w%€])(?!,\d)(?! (?:{_THINGS}))"
_APART = r"(?<![\w'’-])"  # begins a word, so that no long word is tried from each of its letters
_CAPITAL = r"[A-Z][\w'’.-]{0,40}"
_STREET_END = (
    r"(?:(?<=park)|(?<=plantsoen)|(?<=akker)|(?<=akkers)|(?<=markt)|(?<=heuvel)|(?<=berg)|(?<=wal)|(?<=veld)|(?<=baan)"
    r"|(?<=brink)|(?<=hoek)|(?<=poort)|(?<=oever)|(?<=donk)|(?<=beemd)|(?<=kamp)|(?<=bos)|(?<=dorp))"
)
_STREET_HOUSE = rf"(?:(?:huisnummer|nummer|nr)\.? ?)?\d{{1,3}}(?:[a-z]|bis)?{_NO_COUNT}(?! ?[A-Z]{{2}}\b)"
_STREET_WORD = "Dijk|Weg|Straat|Laan|Baan|Pad|Kade|Hof|Plein|Steeg|Dreef|Singel|Gracht|Ringbaan"
_COMPASS = "(?:Noord|Oost|Zuid|West)"
_NO_STREET = re.compile(
    r"fase|groep|week|(?:maan|dins|woens|donder|vrij|zater|zon)?dag|ronde|deel|stap|vraag|locatie|wijk|lijn|bus|route|kamer"
    r"|zaal|team|project|punt|top|versie|nummer|blok|bijlage|januari|februari|maart|april|mei|juni|juli|augustus"
    r"|(?:sept|nov|dec)ember|oktober",
    re.IGNORECASE,
)
_HYPHENS = "-\u2010\u2011\u2012\u2013\u2014"  # programs make longer ones of a plain one
_DATE = r"(?!\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)\d\d)"


def _pattern(expression: str, flags: re.RegexFlag = re.NOFLAG) -> Rule:
    """Whatever a pattern finds."""
    compiled = re.compile(expression, flags)
    return lambda text: (found.span() for found in compiled.finditer(text))


# 't Zand 4 in Oss, Hoogeind 12, Helmond: the place behind it says that it is a street; "Met 40 in Oss" is none.
_BEFORE_A_PLACE = re.compile(
    rf"{_APART}(?P<street>(?P<the>'t )?{_CAPITAL}) \d{{1,3}}(?:[a-z]|bis)?"
    rf"(?=(?:,|,? te|(?(the),? in|(?!))) (?P<place>{_CAPITAL}))"
)


def _houses_in_a_place(text: str) -> Spans:
    for found in _BEFORE_A_PLACE.finditer(text):
        if not _NO_STREET.fullmatch(found["street"]) and places_named(found["place"].rstrip(".'’-")):
            yield found.span()


_IBAN = re.compile(r"(?<![\w-])[A-Z]{2}\d{2}[ .-]?(?:[A-Z0-9]{4}[ .-]?){2,7}[A-Z0-9]{0,4}(?!\w)", re.IGNORECASE)
_NINE_DIGITS = re.compile(r"(?<![\w.,])\d(?:[ .-]?\d){8}(?![\w]|[.,]\d)")


def _bank_accounts(text: str) -> Spans:
    """Account numbers whose check digits fit; a shorter end of what looks like one is tried too."""
    for found in _IBAN.finditer(text):
        end = found.end()
        while end > found.start():
            if passes_mod_97(text[found.start() : end]):
                yield found.start(), end
                break
            end -= 1


def passes_mod_97(account: str) -> bool:
    """Whether an IBAN's check digits fit (ISO 13616): 15 to 34 letters and digits, apart from what stands between."""
    plain = re.sub(r"[ .-]", "", account).upper()
    if not 15 <= len(plain) <= 34 or not plain.isascii() or not plain.isalnum():
        return False
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1


def _service_numbers(text: str) -> Spans:
    return (found.span() for found in _NINE_DIGITS.finditer(text) if passes_eleven_test(found[0]))


def passes_eleven_test(number: str) -> bool:
    """Whether nine digits, with anything between them, can be a citizen service number."""
    digits = [int(sign) for sign in number if sign.isdigit()]
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return len(digits) == 9 and sum(weight * digit for weight, digit in zip(weights, digits, strict=True)) % 11 == 0


# One person, and what makes a word beside it a statement about that person's health.
_ONE_PERSON = re.compile(
    r"\b(?:ik(?:zelf)?|mij(?:zelf)?|me(?:zelf)?|hij|hem|zij|haar"
    rf"|(?:mijn|m'n|zijn|haar|onze|ons|my|our|his|her|(?:heb|hebben|heeft|had|hadden) een) (?:{KIN})"
    r"|i|he|she|mam|męża|żona|mam na imię|bende|benim|eşim|عندي|زوجتي|я|мене|мій|моя)\b",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:mijn|m'n|my|moja|mój|benim|моя|мій)\s+$", re.IGNORECASE)
_GROUP = re.compile(
    r"\b(?:mensen|ouderen|jongeren|kinderen|bewoners|inwoners|cliënten|patiënten|deelnemers|gezinnen|families|mantelzorgers"
    r"|naasten|iedereen|anderen|wie|doelgroep|lotgenoten|volwassenen|vrouwen|mannen|studenten|people|children|patients)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?\n;]")
_NEAR = 80  # characters between the person and the word


@cache
def _health_words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The words of illnesses, those that are other words in small letters only in capitals; and those of medicines."""
    words = tomllib.loads(files("inbox").joinpath("health_words.toml").read_text(encoding="utf-8"))
    any_of = {group: "|".join(sorted(map(re.escape, words[group]), key=len, reverse=True)) for group in words}
    illness = rf"(?i:(?:{any_of['illness']})(?:'?s|en|e)?|{any_of['illness_in_this_form']})|{any_of['in_capitals']}"
    medicine = rf"(?i:(?:{any_of['medicine']})(?:'?s|en|e)?)"
    apart = r"(?<![\w-])(?:{})(?![\w-])"
    return re.compile(apart.format(illness)), re.compile(apart.format(medicine))


def _health(text: str) -> Spans:
    illness, medicine = _health_words()
    yield from (found.span() for found in medicine.finditer(text))
    yield from (found.span() for found in illness.finditer(text) if _is_of_one_person(text, found.start()))


def _is_of_one_person(text: str, at: int) -> bool:
    """Whether the word at a place is said of one person: the nearest before it in the sentence is no group."""
    before = _before(text, at)
    if _OWN.search(before):
        return True
    ends = [each.end() for each in _ONE_PERSON.finditer(before)] + [end for _, end in _people(before)]
    return bool(ends) and not _GROUP.search(before, max(ends))


def _before(text: str, at: int) -> str:
    """What stands before a place in its sentence, as far as it is near."""
    return _SENTENCE_END.split(text[max(at - _NEAR, 0) : at])[-1]


def _people(text: str) -> Spans:
    yield from introduced_names(text)
    yield from full_names(text)


def _names(text: str) -> Spans:
    """Names of people: with a title or a relation beside them, and any full name where an illness is told of it."""
    yield from introduced_names(text)
    if not any(full_names(text)):
        return
    illness, _ = _health_words()
    for found in illness.finditer(text):
        before = _before(text, found.start())
        begin = found.start() - len(before)
        for start, end in full_names(before):
            if not _GROUP.search(before, end):
                yield begin + start, begin + end


RULES: tuple[tuple[Kind, Rule], ...] = (
    ("chat", _pattern(
        r"(?:https?://)?(?:www\.)?\b(?:wa\.me|t\.me|m\.me|telegram\.me|signal\.me|api\.whatsapp\.com)/[^\s,;]+",
        re.IGNORECASE,
    )),
    ("address", _pattern(rf"\b(?:{_CAPITAL} ){{0,3}}{_HOUSE},? {_POSTCODE}")),
    ("address", _pattern(rf"\b{_POSTCODE}[,-]? ?{_HOUSE}")),
    ("address", _pattern(
        rf"{_APART}(?:{_CAPITAL} )?{_CAPITAL}(?<=straat|..str\.|...str|..laan|...weg|.plein|..dijk|...hof|..kade|...pad"
        rf"|.steeg|singel|gracht|.dreef|...lei) {_HOUSE}{_NO_COUNT}"
    )),
    ("address", _pattern(rf"{_APART}[a-z'’-]{{2,40}}(?:straat|laan|plein|dreef|gracht|singel) {_STREET_HOUSE}")),
    ("address", _pattern(
        rf"{_APART}(?:{_CAPITAL}{_STREET_END}|(?:Laan|Weg|Plein|Hof|Park|Straat) (?:van|der|den|de|het|ten|ter)"
        rf" (?:\w{{1,40}} )?\w{{1,40}}) {_STREET_HOUSE}"
    )),
    ("address", _pattern(
        rf"{_APART}(?:{_CAPITAL} )?(?:Markt|Heuvel|Plein|Dorp|Brink|Haven|Lind|Voorhout|Kerk)"
        rf" {_STREET_HOUSE}(?=,? (?:in |te )?[A-Z])"
    )),
    ("address", _pattern(
        r"\b(?:[Aa]dres|[Ww]oon(?:t|achtig)?|[Ww]onen|[Gg]evestigd|[Kk]om(?: langs)?)"
        rf"(?: (?:is|aan|op|in|naar|de|het|wij|we|ik)){{0,4}}:? {_CAPITAL}(?: {_CAPITAL}){{0,3}} {_STREET_HOUSE}"
    )),
    ("address", _pattern(
        rf"{_APART}(?:(?:{_CAPITAL} ){{1,2}}(?:{_STREET_WORD})|{_CAPITAL}(?<=baan|.weg|laan)[ -]{_COMPASS})"
        rf" {_STREET_HOUSE}"
    )),
    ("address", _houses_in_a_place),
    ("address", _pattern(r"\b[Pp]ostbus \d{1,5}\b")),
    ("mail", _pattern(
        r"(?<![\w.+-])[\w.+-]+ ?[\[(]?(?:apenstaart(?:je)?|[\[(]at[\])])[\])]? ?[\w-]+"
        r"(?: ?(?:\.|[\[(]?\b(?:punt|dot)\b[\])]?) ?[\w-]+)+",
        re.IGNORECASE,
    )),
    ("mail", _pattern(r"(?<![\w.+-])[\w.+-]+ at [\w-]+(?: (?:punt|dot) [\w-]+)+", re.IGNORECASE)),
    ("service_number", _pattern(
        r"\b(?:bsn|burgerservicenummer|sofi-?nummer)\b\D{0,30}\d(?:[ .-]?\d){7,8}(?!\d)", re.IGNORECASE
    )),
    ("mail", _pattern(r"(?<![\w.+'-])[\w.+'-]+(?: ?[@＠﹫] ?[\w-]+(?:\.[\w-]+)+|[@＠﹫][\w-]+)")),
    ("bank_account", _bank_accounts),
    ("bank_account", _pattern(r"(?<![\w-])[A-Z]{2} ?\d{2}[ .-]?[A-Z]{4}[ .-]?(?:\d{4}[ .-]?){2}\d{1,2}\b")),
    ("phone", _pattern(rf"(?<![\w.,/])(?<!\d-){_DATE}\(?(?:\+ ?\d|0)(?:[{_HYPHENS} ()./_]{{0,3}}\d){{8,12}}(?!\w)")),
    ("phone", _pattern(
        r"\b(?:tel(?:efoon(?:nummer)?)?|bel(?:len)?|mobiel|gsm|whatsapp)\b\.?:?"
        rf"(?: (?:is|op|met|me|mij|ons|nummer|naar)){{0,3}}:? ?\d(?:[{_HYPHENS} .]?\d){{5,10}}(?!\w)",
        re.IGNORECASE,
    )),
    ("chat", _pattern(r"(?<!\w)@\w{4,}")),
    ("service_number", _service_numbers),
    ("phone", _pattern(r"\b(?:[Mm]ijn|[Oo]ns) nummer(?: is)?:? \d(?:[ .-]?\d){6,9}(?!\w)")),
    ("name", _names),
    ("health", _health),
)  # fmt: skip
"""What is looked for, in this order."""
