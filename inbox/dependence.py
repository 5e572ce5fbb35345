"""Whether an initiative survives without the province's subsidy; whether the budget closes does not belong here."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from inbox.phrase_table import shipped_phrases
from inbox.phrases import Finding, Sentence, find_phrases

_NEAR = 2
"""What happens when the money stops is told at most this many sentences after whose money it is."""
_QUESTION = re.compile(
    # "De provincie?" and "Van de provincie?"; "u vroeg of wij zonder de provincie kunnen" up to a colon or the end.
    r"^(?:\W*+\w++){0,3}?\W*+provinci\w*+(?: \w++){0,2} ?\?"
    r"|(?<!\w)of (?:\w++ ){0,4}provinci\w*+(?: \w++){0,7}(?: ?[:.?]|$)"
)
"""A question about the province, the writer's own or an echo of ours."""
_LEAD = r"\W*(?:(?:kort|eerlijk|antwoord|dat is|het antwoord is|daar is)\W+)?"
_PLAIN_NO = re.compile(
    _LEAD
    + r"(?:nee,? )?(?:nee|neen|welnee|nul|niks|niets|geen|(?:nog )?nooit|gelukkig niet|0|no|nope|none|nothing|zero"
    r"|(?:die|daar) (?:doet|betaalt|geeft|zit|(?:hebben|krijgen) (?:we|wij)) (?:ook )?(?:niks|niets|niet))(?!\w)"
)
_PLAIN_YES = re.compile(_LEAD + r"(?:ja|jazeker|volledig|helemaal|geheel|zeker|helaas wel|yes)(?!\w)")
_ONCE = re.compile(_LEAD + r"(?:eenmalig|een keer|1 keer|eenmaal|once)(?!\w)")
_WITHOUT = re.compile(r"(?<!\w)(?:zonder|without)(?!\w)")
_NEEDED = re.compile(r"(?<!\w)(?:afhankelijk|nodig|draaiend|overeind|drijvend|leun\w*|leven)(?!\w)")
_OPENS_WITHOUT = re.compile(
    r"(?:[^:]{0,200}:)?\W{0,5}"
    r"(?:(?:ook|en|maar|want|dus|nee|neen|ja|eerlijk|also|even|and|but|auch|aber|ale|але)\W{1,5}){0,2}"
    r"(?:(?P<comma>without|sans|(?P<short>bez|без))|zonder|ohne)(?!\w)"
)
"""A sentence that opens with "without"; some languages put a comma behind it, some need one word to go on."""
_NAMED = re.compile(
    r"[^,.;:!?()]{0,80}?(?:provin|prowin|pervin|провін)[^\s,.;:!?()]*"
    r"(?:\W+(?:noord-?brabant|steun|hulp|bijdrage|subsidie|geld|middelen|money|funding|support|grant|help))?"
)
_NOT_ALL = r"(?!\s+(?:of|en|te|om|or|and|und|oder|i|lub|та|і)\s)"
_CLAUSE = r"(?:\s+[^\s,.;:!?()]+)"
_TWO_WORDS = re.compile(_NOT_ALL + _CLAUSE + "{2}")
_COMMA_AND_TWO = re.compile(",?" + _NOT_ALL + _CLAUSE + "{2}")
_COMMA_AND_ONE = re.compile(",?" + _NOT_ALL + _CLAUSE)
_GOES_ON = re.compile(
    r"(?<!\w)(?:red(?:den|t)|draai\w*|(?:gaan|doen|leven|komen) (?:we|wij)|gaat het|lukt|bestaan|blijft|blijven|sluit"
    r"|prima|ook|manage\w*|go on|goes on|carry on|continue|keep going|fine|just the same|geht|weiter|auch|schaffen"
    r"|tez|rade|poradz\w*|теж|також|впора\w*|обійд\w*|continuons|aussi)(?!\w)"
)
_DENIED = re.compile(r"(?<!\w)(?:niet|nie|geen|nooit|amper|not|no|never|\w+n't|nicht|kein\w*|pas|plus|не)(?!\w)")
_BY_WITHOUT = ("without_the_province", "nothing_from_the_province")
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
    return _answers_a_question(sentences)


def _stops_without_the_province(findings: Sequence[Finding]) -> DependenceReading | None:
    """The province pays, and without it all is over."""
    for end in (finding for finding in findings if finding.says == "collapse"):
        for payer in (finding for finding in findings if finding.says == "paid"):
            told = not _is_denied(payer, end, findings) or _goes_down_with(end, payer)
            if told and 0 <= end.sentence.number - payer.sentence.number <= _NEAR:
                return DependenceReading(True, end.sentence)
    return None


def _is_denied(payer: Finding, end: Finding, findings: Sequence[Finding]) -> bool:
    """The payer's sentence says no; not where that "no" is a word of the end: "it runs out and then we can't go on"."""
    return any(
        finding.says == "independent"
        and finding.sentence.number == payer.sentence.number
        and not (finding.sentence is end.sentence and finding.span[0] < end.span[0] < finding.span[1])
        for finding in findings
    )


def _goes_down_with(end: Finding, payer: Finding) -> bool:
    """The end follows the payer in one sentence, so that a "no" there belongs to the end."""
    after = end.sentence.number == payer.sentence.number and end.span[0] >= payer.span[1]
    return after and end.name == "without_it_we_are_gone"


def _goes_on_without_the_province(findings: Sequence[Finding]) -> DependenceReading | None:
    """The province pays, and would it stop, they go on."""
    paid = [finding.sentence.number for finding in findings if finding.says == "paid"]
    for finding in findings:
        if finding.says == "survived" and any(0 <= finding.sentence.number - number <= 1 for number in paid):
            return DependenceReading(False, finding.sentence)
    return None


def _answers_a_question(sentences: Sequence[Sentence]) -> DependenceReading | None:
    """ "The province? Nothing." and "you asked whether we could do without the province: no"."""
    for number, sentence in enumerate(sentences):
        asked = _QUESTION.search(sentence.folded) if "provinci" in sentence.folded else None
        if asked is None:
            continue
        after = sentence.folded[asked.end() :].strip("\"'?! )»")
        reply = sentence if after else sentences[number + 1] if number + 1 < len(sentences) else None
        told = _answered(asked.group(), after or (reply.folded if reply else ""))
        if reply is not None and told is not None:
            return DependenceReading(told, reply)
    return None


def _answered(question: str, reply: str) -> bool | None:
    """What a yes or a no to the question says of the dependence."""
    without, needed = _WITHOUT.search(question), _NEEDED.search(question)
    if _PLAIN_NO.match(reply):
        return without is not None
    if _ONCE.match(reply):
        return None if without else False
    if _PLAIN_YES.match(reply) and (without or needed):
        return without is None
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
            told = finding.says == says and not finding.scope.conditional and not _leaves_it_open(finding)
            if told and not (finding.sentence.number in ends and finding.name in _WEAKER_THAN_AN_END):
                return DependenceReading(False, finding.sentence)
    return None


def _leaves_it_open(finding: Finding) -> bool:
    """ "Without the province we ...": what follows tells of an end in more ways than any table holds.

    "Without the province" alone, or with "we manage", is independence; any other clause behind it is asked about.
    """
    sentence = finding.sentence.folded
    opening = _OPENS_WITHOUT.match(sentence) if finding.name in _BY_WITHOUT else None
    if opening is None:
        return False
    named = _NAMED.match(sentence, opening.end())
    if named is None or finding.span[0] > named.end():
        return False
    more = _COMMA_AND_ONE if opening["short"] else _COMMA_AND_TWO if opening["comma"] else _TWO_WORDS
    go_on = _GOES_ON.search(sentence, named.end()) and not _DENIED.search(sentence, named.end())
    return more.match(sentence, named.end()) is not None and not go_on


RULES: tuple[Callable[[Sequence[Finding]], DependenceReading | None], ...] = (
    _stops_without_the_province,
    _depends,
    _goes_on_without_the_province,
    _does_not_depend,
)
