"""Reads an answer in the light of the questions that were asked: numbers, a bare yes or no, "weet ik niet"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from inbox import foreign_answers as foreign
from inbox.consent import GREETING, consent_among_answers, consent_answer, consent_in
from inbox.facts import Facts, read_facts
from inbox.folding import bare

_SIGN = r"^[ \t\u200e\u200f]*(?:(?:vraag|question|pytanie|питання|запитання|soru|(?:ال)?سؤال)\s*)?"
_NUMBER = r"[1-9١-٩۱-۹]"
_AFTER = r"\u200f?\s*[.):\-–ـ،]"
NUMBERED = re.compile(
    rf"{_SIGN}({_NUMBER}){_AFTER}\s*(.*(?:\n(?!{_SIGN}{_NUMBER}{_AFTER}).*)*)", re.IGNORECASE | re.MULTILINE
)
DONT_KNOW = re.compile(
    r"\b(?:weet (?:ik|ek|we|wij) (?:het )?(?:nog )?niet|geen (?:idee|flauw idee)|onbekend"
    rf"|(?:i |we )?do(?:n't| not) know|not sure|no idea|{foreign.DONT_KNOW})\b",
    re.IGNORECASE,
)
YES = re.compile(rf"^\W*(?:{foreign.JA}|jawel|jazeker|zeker|klopt|inderdaad|yes|yep|{foreign.YES})\b", re.IGNORECASE)
NO = re.compile(
    r"^\W*(?:nee|neen|nope|niet|(?:zeker|absoluut|beslist|helemaal) niet"
    rf"|{foreign.NO}(?! problem)|not|{foreign.NO_FACT})\b",
    re.IGNORECASE,
)
HEDGED = re.compile(
    r"\b(?:maar|mits|eerst|alleen|misschien|niet|geen|but|only|maybe|not|first"
    rf"|{foreign.DOUBT}|{foreign.ASKS})\b|[?؟]",
    re.IGNORECASE,
)
# The question itself proposes these words: "ja, nee, of: ik heb er zicht op".
VIEW = re.compile(
    r"\bzicht op\b|\bexpect (?:it|so|that|to)\b|\bverwacht(?:en)? (?:het |dat |van |we |wij |ik )*wel\b"
    rf"|\b{foreign.VIEW}\b",
    re.IGNORECASE,
)
_OTHER = {"budget": "provincial_dependence", "provincial_dependence": "budget"}
"""Asked for one, somebody may answer the other: that yes or no is then not about the first."""
NO_VIEW = re.compile(rf"\b(?:(?:geen|niet|no|not|don't)(?: \w+)? (?:zicht|expect)|{foreign.NO_VIEW})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reply:
    """What an answer told: facts, whether contact details may be shared, and what the writer says not to know."""

    facts: Facts
    consent: bool | None
    not_known: tuple[str, ...]


def read_reply(text: str, asked: Sequence[str]) -> Reply:
    """Read an answer to the questions `asked` (fact names in the order asked, "consent" among them).

    A numbered line answers the question of that number; without numbers a single question takes the whole text,
    and several questions take only what the text says in so many words.
    """
    facts = read_facts(text)
    parts = _parts(text, asked)
    not_known: list[str] = []
    for name, part in parts:
        if DONT_KNOW.search(bare(part)):
            not_known.append(name)
        elif name != "consent":
            facts = facts.updated(_fact(name, part))
    if not not_known and len(asked) > 1 and DONT_KNOW.search(bare(text)):
        not_known = [name for name in asked if name != "consent" and getattr(facts, name) is None]
    consent = _consent(text, parts) if "consent" in asked and "consent" not in not_known else None
    return Reply(facts, consent, tuple(not_known))


def _consent(text: str, parts: Sequence[tuple[str, str]]) -> bool | None:
    answers = [part for name, part in parts if name == "consent"]
    if answers:
        return consent_answer(answers[-1])
    return consent_in(text) if parts else consent_among_answers(text)


def _parts(text: str, asked: Sequence[str]) -> list[tuple[str, str]]:
    if NUMBERED.search(text):
        return numbered_parts(text, asked)
    return [(asked[0], text)] if len(asked) == 1 else []


def numbered_parts(text: str, asked: Sequence[str]) -> list[tuple[str, str]]:
    """The numbered lines of an answer, each with the question of that number; a number that was not asked is left."""
    numbered = [(int(found[1]), found[2].strip()) for found in NUMBERED.finditer(text)]
    return [(asked[number - 1], part) for number, part in numbered if number <= len(asked)]


def _fact(name: str, part: str) -> Facts:
    told = read_facts(part)
    other = _OTHER.get(name, name)
    if getattr(told, name) is not None or getattr(told, other) is not None:
        return told
    answer = _yes_or_no(GREETING.sub("", bare(part)))
    if name == "municipality":
        return read_facts(f"Wij wonen in {part.strip(' .!')}.")
    if name == "budget" and _expects(bare(part)):
        return replace(told, budget="prospect", evidence=((name, part),))
    if name == "budget" and answer is not None:
        return replace(told, budget="closing" if answer else "not_closing", evidence=((name, part),))
    if name == "provincial_dependence" and answer is not None:
        return replace(told, provincial_dependence=answer, evidence=((name, part),))
    return told


def _expects(plain: str) -> bool:
    return VIEW.search(plain) is not None and not NO_VIEW.search(plain)


def _yes_or_no(plain: str) -> bool | None:
    if NO.match(plain):
        return False
    if YES.match(plain):
        return None if HEDGED.search(plain) else True
    return None
