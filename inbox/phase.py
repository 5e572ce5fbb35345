"""In which of the five design phases an initiative says it is; which support fits a phase does not belong here."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from inbox.phrase_table import shipped_phrases
from inbox.phrases import Finding, Sentence, find_phrases


@dataclass(frozen=True, slots=True)
class PhaseReading:
    """The phase, 1 (observe and understand) to 5 (test and improve), and the sentence it rests on."""

    phase: int
    sentence: Sentence


def find_phase(sentences: Sequence[Sentence]) -> PhaseReading | None:
    """The phase the sentences tell, None when they tell none or several without calling one by its number."""
    findings = find_phrases(sentences, shipped_phrases("phase_words.toml"))
    told = [finding for finding in findings if _is_present(finding)]
    called = [finding for finding in told if finding.says.endswith("!")]
    for candidates in (called, told):
        phases = Counter(finding.says[0] for finding in candidates)
        if len(phases) == 1:
            return PhaseReading(int(candidates[0].says[0]), candidates[0].sentence)
    return None


def _is_present(finding: Finding) -> bool:
    scope = finding.scope
    return not (scope.asked or scope.conditional or scope.past or scope.future)
