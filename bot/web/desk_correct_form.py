"""The form in which a coordinator corrects what was understood: filled in from a case, read, and checked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from bot.coordinator.correcting import Corrected
from bot.foreign import clean, one_line
from expertise.places import municipality_named
from expertise.topics import Topic
from inbox.budget_words import Budget
from inbox.found_need import MOST_NEEDS
from inbox.kind import KINDS
from inbox.sentences import split_sentences
from matcher.proposal import Case

BUDGETS: tuple[Budget, ...] = get_args(Budget)
DEPENDENCE = {"yes": True, "no": False}
LONGEST_NAME = 120
NO_PLACE = "Deze gemeente kennen we niet. Kijk hoe je de naam schrijft."
TOO_MANY_NEEDS = f"Kies niet meer dan {MOST_NEEDS} onderwerpen."
OTHER_WORDS = "keep"
"""The value for evidence that is no whole sentence of the question: it stays as it is."""


@dataclass(frozen=True, slots=True)
class CorrectionForm:
    """What stands in the form. `needs` gives each topic the number of its sentence, from 1; "" is not asked."""

    kind: str
    municipality: str
    budget: str
    provincial_dependence: str
    phase: str
    initiative: str
    needs: Mapping[str, str]
    kept: Mapping[str, str]


def sentences_of(question: str) -> list[str]:
    """The sentences of a question, as they stand in it."""
    return [question[start:end] for start, end in split_sentences(question)]


def form_of(case: Case, kind: str, question: str) -> CorrectionForm:
    """The form as it is shown for the first time: what is understood now."""
    places = {words: str(number) for number, words in enumerate(sentences_of(question), start=1)}
    facts = case.facts
    return CorrectionForm(
        kind=kind,
        municipality=facts.municipality or "",
        budget=facts.budget or "",
        provincial_dependence={True: "yes", False: "no", None: ""}[facts.provincial_dependence],
        phase=str(facts.phase or ""),
        initiative=facts.initiative or "",
        needs={need.code: places.get(need.evidence, OTHER_WORDS) for need in case.needs},
        kept={need.code: need.evidence for need in case.needs},
    )


def filled_in(fields: Mapping[str, str], before: CorrectionForm, topics: Iterable[Topic]) -> CorrectionForm:
    """What somebody filled in."""
    return CorrectionForm(
        kind=fields.get("kind", ""),
        municipality=one_line(fields.get("municipality", ""))[:LONGEST_NAME],
        budget=fields.get("budget", ""),
        provincial_dependence=fields.get("provincial_dependence", ""),
        phase=fields.get("phase", ""),
        initiative=clean(fields.get("initiative", ""), LONGEST_NAME),
        needs={topic.code: told for topic in topics if (told := fields.get(f"need-{topic.code}", ""))},
        kept=before.kept,
    )


def as_corrected(form: CorrectionForm, question: str) -> tuple[Corrected | None, dict[str, str]]:
    """What the form says it should be, or what is wrong with it: a sentence a field."""
    place = municipality_named(form.municipality) if form.municipality else None
    problems = {"municipality": NO_PLACE} if form.municipality and place is None else {}
    if len(form.needs) > MOST_NEEDS:
        problems["needs"] = TOO_MANY_NEEDS
    if problems:
        return None, problems
    budget: Budget | None = next((each for each in BUDGETS if each == form.budget), None)
    return Corrected(
        kind=form.kind if form.kind in KINDS else "request",
        needs=tuple(_needs(form, sentences_of(question))),
        municipality=place.municipality if place is not None else None,
        budget=budget,
        provincial_dependence=DEPENDENCE.get(form.provincial_dependence),
        phase=int(form.phase) if form.phase in {"1", "2", "3", "4", "5"} else None,
        initiative=form.initiative or None,
    ), {}


def _needs(form: CorrectionForm, sentences: list[str]) -> Iterable[tuple[str, str]]:
    """Each topic with its words; those that were there keep their place, as the surest ones."""
    order = {code: place for place, code in enumerate(form.kept)}
    for code, told in sorted(form.needs.items(), key=lambda pair: order.get(pair[0], len(order))):
        if told == OTHER_WORDS and code in form.kept:
            yield code, form.kept[code]
        elif told.isascii() and told.isdecimal() and 1 <= int(told) <= len(sentences):
            yield code, sentences[int(told) - 1]
