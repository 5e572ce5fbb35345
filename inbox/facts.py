"""The facts a text tells of an initiative, each with its evidence; what follows from them is not decided here."""

from dataclasses import dataclass, fields, replace

from inbox.budget_words import Budget, find_budget
from inbox.dependence import find_dependence
from inbox.initiative_name import find_initiative_name
from inbox.phase import find_phase
from inbox.phrases import Sentence, fold_sentences
from inbox.places_in_text import find_place
from inbox.sentences import split_sentences

__all__ = ["Budget", "Facts", "read_facts"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known, None when not told.

    `evidence` pairs the name of a fact with the exact words it rests on: for a place and a name those words,
    for the others the sentence.
    """

    municipality: str | None = None
    province: str | None = None
    budget: Budget | None = None
    provincial_dependence: bool | None = None
    phase: int | None = None
    initiative: str | None = None
    evidence: tuple[tuple[str, str], ...] = ()

    def updated(self, newer: "Facts") -> "Facts":
        """These facts with what a newer message tells; what it does not tell stays, evidence goes along.

        A newer municipality brings its own province.
        """
        told = {
            field.name: getattr(newer, field.name)
            for field in fields(newer)
            if field.name != "evidence" and getattr(newer, field.name) is not None
        }
        if "municipality" in told:
            told["province"] = newer.province
        kept = tuple((name, words) for name, words in self.evidence if name not in told)
        return replace(self, **told, evidence=kept + newer.evidence)


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
