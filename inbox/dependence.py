"""Whether an initiative survives without the province's subsidy; whether the budget closes does not belong here."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from inbox.phrase_table import shipped_phrases
from inbox.phrases import Finding, Sentence, find_phrases

_NEAR = 2
"""What happens when the money stops is told at most this many sentences after whose money it is."""
_SHORT = 4
"""A question of at most this many words that ends on the province asks for its money."""
_PLAIN_NO = re.compile(r"(?:nee,? )?(?:nee|neen|nul|niks|niets|geen|nooit|0|no|nope|none|nothing|zero)(?!\w)")
_WEAKER_THAN_AN_END = (
    "nothing_from_the_province",
    "nothing_had",
    "without_the_province",
    "no_public_money",
    "a_single_push",
)
"""Phrases that say nothing beside an end: "without the province we stop" is no independence."""


@dataclass(frozen=True, slots=True)
class DependenceReading:
    """Whether it depends, and the sentence it rests on."""

    depends: bool
    sentence: Sentence


def find_dependence(sentences: Sequence[Sentence]) -> DependenceReading | None:
    """What the sentences tell of the dependence on the province, None when they do not tell it."""
    findings = find_phrases(sentences, shipped_phrases("dependence_words.toml"))
    # "Krijgen wij" opens a wish as well as a plain fact: what the province pays is told either way.
    told = [finding for finding in findings if finding.says == "paid" or not finding.scope.asked]
    for rule in RULES:
        reading = rule(told)
        if reading is not None:
            return reading
    return _answers_its_own_question(sentences)


def _stops_without_the_province(findings: Sequence[Finding]) -> DependenceReading | None:
    """The province pays, and without it all is over."""
    denied = {finding.sentence.number for finding in findings if finding.says == "independent"}
    paid = [finding for finding in findings if finding.says == "paid"]
    for end in (finding for finding in findings if finding.says == "collapse"):
        for payer in paid:
            told = payer.sentence.number not in denied or _goes_down_with(end, payer)
            if told and 0 <= end.sentence.number - payer.sentence.number <= _NEAR:
                return DependenceReading(True, end.sentence)
    return None


def _goes_down_with(end: Finding, payer: Finding) -> bool:
    """The end follows the payer in one sentence, so that a "no" there belongs to the end."""
    after = end.sentence.number == payer.sentence.number and end.span[0] >= payer.span[1]
    return after and end.name == "without_it_we_are_gone"


def _answers_its_own_question(sentences: Sequence[Sentence]) -> DependenceReading | None:
    """ "The province? Nothing." """
    for question, reply in pairwise(sentences):
        words = question.folded.split()
        asks = question.folded.endswith("?") and len(words) <= _SHORT and words[-1].startswith("provinci")
        if asks and _PLAIN_NO.match(reply.folded):
            return DependenceReading(False, reply)
    return None


def _depends(findings: Sequence[Finding]) -> DependenceReading | None:
    for finding in findings:
        if finding.says == "dependent" and not (finding.scope.past and finding.name == "depends_on_the_province"):
            return DependenceReading(True, finding.sentence)
    return None


def _does_not_depend(findings: Sequence[Finding]) -> DependenceReading | None:
    if any(finding.says == "wanted" for finding in findings):
        return None
    ends = {finding.sentence.number for finding in findings if finding.says in ("collapse", "dependent")}
    for says in ("independent", "no_public", "once"):
        for finding in findings:
            told = finding.says == says and not finding.scope.conditional
            if told and not (finding.sentence.number in ends and finding.name in _WEAKER_THAN_AN_END):
                return DependenceReading(False, finding.sentence)
    return None


RULES: tuple[Callable[[Sequence[Finding]], DependenceReading | None], ...] = (
    _stops_without_the_province,
    _depends,
    _does_not_depend,
)
