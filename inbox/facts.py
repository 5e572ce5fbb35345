"""The facts a message tells of an initiative, each with its evidence; what follows from them is not decided here."""

from inbox.budget_words import find_budget
from inbox.dependence import find_dependence
from inbox.initiative_name import find_initiative_name
from inbox.known_facts import Contradiction, Facts, contradictions, with_sheet
from inbox.phase import find_phase
from inbox.phrases import Sentence, fold_sentences
from inbox.places_in_text import find_place
from inbox.sentences import split_sentences
from inbox.shown_budget import Budget

__all__ = ["Budget", "Contradiction", "Facts", "contradictions", "read_facts", "with_sheet"]


def read_facts(text: str, subject: str = "") -> Facts:
    """The facts of one message: `text` is what the writer wrote now, without quoted text and signature.

    Every evidence is an exact substring of the text, or of the subject for a place named only there.
    """
    spans = split_sentences(text)
    sentences = fold_sentences(text, spans)
    place = find_place(text, subject, spans)
    budget = find_budget(sentences)
    dependence = find_dependence(sentences)
    phase = find_phase(sentences)
    initiative = find_initiative_name(text, spans)
    evidence = (
        ("municipality", place and place.evidence),
        ("budget", budget and _words_of(text, budget.sentence)),
        ("provincial_dependence", dependence and _words_of(text, dependence.sentence)),
        ("phase", phase and _words_of(text, phase.sentence)),
        ("initiative", initiative),
    )
    return Facts(
        municipality=place.municipality if place else None,
        province=place.province if place else None,
        budget=budget.budget if budget else None,
        provincial_dependence=dependence.depends if dependence else None,
        phase=phase.phase if phase else None,
        initiative=initiative,
        evidence=tuple((name, words) for name, words in evidence if words),
    )


def _words_of(text: str, sentence: Sentence) -> str:
    return text[slice(*sentence.span)]
