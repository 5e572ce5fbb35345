"""What in a text must not be passed on or logged: who somebody is, how to get there, and health. Decides no address.

Sources: the eleven-test of the citizen service number (BSN), ISO 13616 (IBAN, mod 97), the Dutch postcode of four
digits and two letters. A part that is found is replaced by MARK; nothing else of the text changes.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Kind = Literal["mail", "chat", "address", "service_number", "bank_account", "phone", "health"]
MARK = "[…]"


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
    """`text` with MARK in place of everything private. Masking again changes nothing more."""
    kinds: set[Kind] = set()
    while found := find_private(text):  # what stood between two parts can be a part once these are gone
        kinds |= {each.kind for each in found}
        text = _without(text, found)
    return Masked(text, frozenset(kinds))


def find_private(text: str) -> tuple[Found, ...]:
    """Every private part of a text, from left to right and apart from each other; the earlier rule wins."""
    taken: list[Found] = []
    for kind, rule in RULES:
        for start, end in rule(text):
            if start < end and all(end <= other.start or start >= other.end for other in taken):
                taken.append(Found(kind, start, end))
    return tuple(sorted(taken, key=lambda each: each.start))


def _without(text: str, found: tuple[Found, ...]) -> str:
    parts, last = [], 0
    for each in found:
        parts += [text[last : each.start], MARK]
        last = each.end
    return "".join([*parts, text[last:]])


Spans = Iterator[tuple[int, int]]
Rule = Callable[[str], Spans]

_POSTCODE = r"[1-9]\d{3} ?[A-Z]{2}\b"
_HOUSE = r"\d{1,5}(?:[ -]?[a-zA-Z]{1,2}\b)?"


def _pattern(expression: str, flags: re.RegexFlag = re.NOFLAG) -> Rule:
    """Whatever a pattern finds."""
    compiled = re.compile(expression, flags)
    return lambda text: (found.span() for found in compiled.finditer(text))


_IBAN = re.compile(r"(?<![\w-])[A-Z]{2}\d{2}[ .]?(?:[A-Z0-9]{4}[ .]?){2,7}[A-Z0-9]{0,4}(?!\w)", re.IGNORECASE)
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
    """Whether an IBAN's check digits fit (ISO 13616): 15 to 34 letters and digits, spaces and dots left out."""
    plain = re.sub(r"[ .]", "", account).upper()
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
_KIN = (
    r"man|vrouw|zoon|dochter|moeder|vader|broer|zus|zusje|broertje|partner|kind|opa|oma|buurman|buurvrouw|vriend|vriendin"
    r"|zoontje|dochtertje|husband|wife|son|daughter|mother|father|brother|sister"
)
_ONE_PERSON = re.compile(
    r"\b(?:ik(?:zelf)?|mij(?:zelf)?|me(?:zelf)?|hij|hem|zij|haar"
    rf"|(?:mijn|m'n|zijn|haar|onze|ons|my|our|his|her) (?:{_KIN})"
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
def _health_words() -> dict[str, re.Pattern[str]]:
    words = tomllib.loads(files("inbox").joinpath("health_words.toml").read_text(encoding="utf-8"))
    longest_first = {group: sorted(map(re.escape, words[group]), key=len, reverse=True) for group in words}
    return {
        group: re.compile(rf"(?<![\w-])(?:{'|'.join(each)})(?:'?s|en|e)?(?![\w-])", re.IGNORECASE)
        for group, each in longest_first.items()
    }


def _health(text: str) -> Spans:
    words = _health_words()
    yield from (found.span() for found in words["medicine"].finditer(text))
    for found in words["illness"].finditer(text):
        if _is_of_one_person(text, found.start()):
            yield found.span()


def _is_of_one_person(text: str, at: int) -> bool:
    """Whether the word at a place is said of one person: the nearest before it in the sentence is no group."""
    before = _SENTENCE_END.split(text[max(at - _NEAR, 0) : at])[-1]
    if _OWN.search(before):
        return True
    people = list(_ONE_PERSON.finditer(before))
    return bool(people) and not _GROUP.search(before, people[-1].end())


RULES: tuple[tuple[Kind, Rule], ...] = (
    ("chat", _pattern(
        r"(?:https?://)?(?:www\.)?\b(?:wa\.me|t\.me|m\.me|telegram\.me|signal\.me|api\.whatsapp\.com)/[^\s,;]+",
        re.IGNORECASE,
    )),
    ("address", _pattern(rf"\b(?:[A-Z][\w'’-]* ){{0,3}}{_HOUSE},? {_POSTCODE}")),
    ("address", _pattern(rf"\b{_POSTCODE},? ?(?:(?:huisnummer|nummer|nr)\.? ?)?{_HOUSE}")),
    ("address", _pattern(
        r"\b(?:[A-Z][\w'’-]*\s)?[A-Z][\w'’-]*(?:straat|laan|weg|plein|dijk|hof|kade|pad|steeg|singel|gracht|dreef|lei)"
        rf" {_HOUSE}(?![\w%€])(?! (?:jaar|euro|mensen|keer|bewoners|huizen|woningen|procent))"
    )),
    ("mail", _pattern(
        r"\b[\w.+-]+ ?\(?(?:apenstaart(?:je)?|\[at\])\)? ?[\w-]+(?: ?(?:\.|\bpunt\b|\bdot\b) ?[\w-]+)+", re.IGNORECASE
    )),
    ("service_number", _pattern(
        r"\b(?:bsn|burgerservicenummer)\b\D{0,20}\d(?:[ .-]?\d){7,8}(?!\d)", re.IGNORECASE
    )),
    ("mail", _pattern(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)*")),
    ("bank_account", _bank_accounts),
    ("bank_account", _pattern(r"(?<![\w-])[A-Z]{2}\d{2} ?[A-Z]{4} ?(?:\d{4} ?){2}\d{1,2}\b")),
    ("phone", _pattern(r"(?<![\w.,])(?:\+ ?\d|0)(?:[ ().-]{0,2}\d){8,12}(?!\w)")),
    ("chat", _pattern(r"(?<!\w)@\w{4,}")),
    ("service_number", _service_numbers),
    ("health", _health),
)  # fmt: skip
"""What is looked for, in this order."""
