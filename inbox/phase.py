"""In which of the five design phases an initiative says it is; which support fits a phase does not belong here."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inbox.phrase_table import shipped_phrases
from inbox.phrases import Finding, Sentence, find_phrases
from inbox.scope import is_question

_CALLED = "!"
"""Behind what a phrase says: it calls the phase by its number."""
_FIRM = "="
"""Behind what a phrase says: "first we want to understand" tells the phase, though it wishes and says "first"."""
_DONE = "-"
"""Behind what a phrase says: that step is done, so that any other phase told goes before it."""
_WISH, _NEW_CLAUSE = "?", "|"
"""What the words say that wish, and the words that end such a wish."""
_WORD = re.compile(r"\w+")
_OF_A_PLAN = re.compile(r"(?<!\w)(?:is|was|wordt|als)(?: \w+)? $")
_OF_OTHERS = re.compile(r"(?<!\w)(?:hun|jullie|uw|their|your)(?: \w+)? $")
_STOP = re.compile(r"[,;:]")
_PART_END = re.compile(r"[,;]\s+|\s+-\s+|\((?=[^()]*\)(?!\s*\?))|\)(?!\s*\?)")


@dataclass(frozen=True, slots=True)
class PhaseReading:
    """The phase, 1 (observe and understand) to 5 (test and improve), and the sentence it rests on."""

    phase: int
    sentence: Sentence


def find_phase(sentences: Sequence[Sentence]) -> PhaseReading | None:
    """The phase the sentences tell, None when they tell none or several without calling one by its number.

    Who builds as well as tests is testing: what is tested had to be built.
    """
    parts = [part for sentence in sentences for part in _parts(sentence)]
    found = find_phrases(parts, shipped_phrases("phase_words.toml"))
    told = [finding for finding in found if _is_present(finding) and not _is_wished(finding, found)]
    called = [finding for finding in told if finding.says.endswith(_CALLED)]
    busy = [finding for finding in told if not finding.says.endswith(_DONE)]
    for candidates in (called, _tested(busy), told):
        if len({finding.says[0] for finding in candidates}) == 1:
            return PhaseReading(int(candidates[0].says[0]), candidates[0].sentence)
    return None


def _tested(findings: list[Finding]) -> list[Finding]:
    """The findings, of building and testing only the testing."""
    both = {finding.says[0] for finding in findings} == {"4", "5"}
    return [finding for finding in findings if finding.says[0] == "5"] if both else findings


def _parts(sentence: Sentence) -> Iterator[Sentence]:
    """The sentence cut at brackets and where a question is hung on: what stands before the question tells."""
    start, folded = 0, sentence.folded
    asks = is_question(folded)
    for border in _PART_END.finditer(folded):
        bracket = border.group() in ("(", ")")
        opens_question = asks and is_question(folded[border.end() :].rstrip("?؟ \"'"))
        if bracket or opens_question:
            yield _part(sentence, start, border.start())
            start = border.end()
    yield _part(sentence, start, len(folded)) if start else sentence


def _part(sentence: Sentence, start: int, end: int) -> Sentence:
    folded = sentence.folded[start:end]
    span = (sentence.span[0] + start, sentence.span[0] + end)
    words = frozenset(_WORD.findall(folded)) & sentence.words
    return Sentence(sentence.number, span, folded, words)


def _is_present(finding: Finding) -> bool:
    scope = finding.scope
    if scope.conditional or scope.future:
        return False
    if _is_not_their_own(finding):
        return False
    if finding.name.startswith("guessed"):
        return True
    if finding.says.endswith(_FIRM):
        return not is_question(finding.sentence.folded)
    return not (scope.asked or scope.past)


def _is_not_their_own(finding: Finding) -> bool:
    """ "That is step two" numbers a plan, and "their model stands in the hall" tells of other people's work."""
    before, match = finding.sentence.folded[: finding.span[0]], finding.sentence.folded[slice(*finding.span)]
    return bool(_OF_OTHERS.search(before) or (match.startswith(("stap", "step")) and _OF_A_PLAN.search(before)))


def _is_wished(finding: Finding, found: Sequence[Finding]) -> bool:
    """True for a wish itself and for what stands behind one in its clause, however many words later."""
    if finding.says in (_WISH, _NEW_CLAUSE):
        return True
    if finding.says.endswith((_FIRM, _CALLED)):
        return False
    start = finding.span[0]
    before = [other for other in found if other.sentence is finding.sentence and other.span[0] <= start]
    wishes = [other.span[1] for other in before if other.says == _WISH and other.span[1] <= start]
    if not wishes:
        return False
    wish = max(wishes)
    ended = any(other.says == _NEW_CLAUSE and other.span[0] >= wish for other in before)
    return not ended and not _STOP.search(finding.sentence.folded, wish, start)
