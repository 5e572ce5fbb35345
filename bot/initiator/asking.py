"""What an initiator is asked next, one thing at a time in a live conversation, all together by mail; reads no answer.

Runs inside the transaction of its `Turn`. Whether a case may take part is matcher's judgement.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot import brokering
from bot.brokering import keep_state, need_facts
from bot.choices import Choice, choice_in
from bot.coordinator import reviewing
from bot.letters import LANGUAGES
from bot.reasons import need_words
from bot.store import asked, choices
from bot.store.asked import Asked
from bot.turn import Turn
from inbox.found_need import Need
from inbox.message import LIVE_CHANNELS
from matcher.proposal import MOST_ROUNDS, Case, next_step
from matcher.ranking import Ranking
from matcher.rules import assess

SURE = 0.6
"""From this confidence of every need on, a complete case goes on before anybody said that we understood it well."""
SHORT_LISTS = {
    "budget": ("closing", "prospect", "not_closing", "unknown"),
    "provincial_dependence": ("yes", "no", "unknown"),
}
"""What can be chosen as the answer to a fact; the others are answered in words."""


def take_next_step(turn: Turn, case: Case, first_contact: bool, words: str) -> str:
    """Ask what is missing, or let the case go on; returns what was done. `words` are the initiator's own."""
    choices.close_of_case(turn.db, case.id, ("right", "wrong", *SHORT_LISTS), turn.now)  # what follows asks anew
    known = asked.of_case(turn.db, case.id)
    verdict = assess(case.facts)
    if case.needs and verdict.missing and set(verdict.missing) <= set(known.not_known):
        case = replace(case, rounds_asked=MOST_ROUNDS)  # "I don't know" is an answer: don't ask again
    event = next_step(verdict, case.needs, Ranking(), case.rounds_asked)
    if event == "facts_missing" and not case.needs:
        return _ask_what(turn, case, known, first_contact, words)
    if event == "facts_missing":
        missing = [fact for fact in verdict.missing if fact not in known.not_known]
        return _ask_facts(turn, case, known, missing, first_contact)
    if event == "outside_area":
        return _refer(turn, case, first_contact)
    if event == "needs_review":
        asked.keep(turn.db, replace(known, questions=()), turn.now)
        return reviewing.ask_coordinator(turn, case, first_contact).state
    if not known.checked and not _sure(case.needs) and case.rounds_asked < MOST_ROUNDS:
        return _ask_right(turn, case, known, (), first_contact)
    return _go_ahead(turn, case, known, first_contact)


def what_we_understood(turn: Turn, case: Case, *, only_sure: bool = False) -> dict[str, Any]:
    """All that a case holds, as letters show it to its initiator; `only_sure` leaves out what we still ask."""
    unsure: dict[str, Any] = dict.fromkeys(case.facts.unsure if only_sure else ())
    facts = replace(case.facts, **unsure)
    return {
        "needs": need_facts(turn, case),
        "initiative": facts.initiative or "",
        "municipality": facts.municipality or "",
        "budget": facts.budget,
        "provincial_dependence": facts.provincial_dependence,
        "phase": facts.phase,
    }


def check_choices(case: Case) -> tuple[Choice, Choice]:
    """Right and wrong, for what we understood."""
    return choice_in(case.language, "right"), choice_in(case.language, "wrong")


def ask_fact(turn: Turn, case: Case, fact: str) -> None:
    """Ask for one fact in a live conversation, with choices where there is a short list; counts no round by itself."""
    choices = [choice_in(case.language, fact, value) for value in SHORT_LISTS.get(fact, ())]
    _write_question(turn, case, [fact], None, choices, first_contact=False)


def ask_what_differs(turn: Turn, case: Case) -> str:
    """Something was understood wrong: ask in one sentence what is different. A case that runs goes on meanwhile."""
    known = asked.of_case(turn.db, case.id)
    asked.keep(turn.db, replace(known, questions=("different",), checked="wrong"), turn.now)
    if case.state in ("new", "asking"):
        case = keep_state(turn, case, "facts_missing", rounds_asked=min(case.rounds_asked + 1, MOST_ROUNDS))
    turn.note(case, "asked", "bot", "different")
    turn.to_initiator(case, "what_differs", turn.invite_initiator(case), **what_we_understood(turn, case))
    return "asked_different"


def _ask_what(turn: Turn, case: Case, known: Asked, first_contact: bool, words: str) -> str:
    case = _next_round(turn, case, replace(known, questions=("need",)))
    turn.to_initiator(
        case,
        "clarify",
        turn.invite_initiator(case),
        choices=_topic_choices(turn, case) if case.rounds_asked > 1 else (),
        first_contact=first_contact,
        own_words=words,
        round=case.rounds_asked,
    )
    return "asked_what"


def _topic_choices(turn: Turn, case: Case) -> list[Choice]:
    """All topics, for who can't find the words the first time."""
    language = case.language if case.language in LANGUAGES else "nl"
    return [Choice("need", need_words(each.code, each.label, language), each.code) for each in turn.wiring.topics]


def _ask_facts(turn: Turn, case: Case, known: Asked, missing: list[str], first_contact: bool) -> str:
    live = case.channel in LIVE_CHANNELS
    rounds_left = MOST_ROUNDS - case.rounds_asked
    if live and not known.checked and rounds_left > 1:
        # A place is asked along with "is this right?": its answer can't be taken for a yes or a no.
        return _ask_right(turn, case, known, missing[:1] if missing[0] == "municipality" else (), first_contact)
    ask_consent = not live and case.consent is None
    questions = missing[:1] if live and rounds_left > 1 else missing
    case = _next_round(turn, case, replace(known, questions=(*questions, *(("consent",) if ask_consent else ()))))
    if live and len(questions) == 1:
        ask_fact(turn, case, questions[0])
    else:
        secret = turn.invite_initiator(case, "consent" if ask_consent else "reply")
        _write_question(turn, case, questions, secret, (), first_contact)
    return "asked_facts"


def _write_question(
    turn: Turn,
    case: Case,
    missing: Sequence[str],
    secret: str | None,
    choices: Sequence[Choice],
    first_contact: bool,
) -> None:
    turn.to_initiator(
        case,
        "question",
        secret,
        choices=choices,
        first_contact=first_contact,
        missing=missing,
        ask_consent=case.consent is None and case.channel not in LIVE_CHANNELS,
        round=case.rounds_asked,
        **what_we_understood(turn, case, only_sure=True),
    )


def _ask_right(turn: Turn, case: Case, known: Asked, along: Sequence[str], first_contact: bool) -> str:
    case = _next_round(turn, case, replace(known, questions=("right", *along), checked="asked"))
    turn.to_initiator(
        case,
        "understood",
        turn.invite_initiator(case),
        choices=check_choices(case),
        first_contact=first_contact,
        missing=along,
        **what_we_understood(turn, case),
    )
    return "asked_right"


def _next_round(turn: Turn, case: Case, now_asked: Asked) -> Case:
    case = keep_state(turn, case, "facts_missing", rounds_asked=case.rounds_asked + 1)
    asked.keep(turn.db, now_asked, turn.now)
    turn.note(case, "asked", "bot", " ".join(now_asked.questions))
    return case


def _refer(turn: Turn, case: Case, first_contact: bool) -> str:
    case = keep_state(turn, case, "outside_area")
    asked.keep(turn.db, Asked(case.id), turn.now)
    turn.note(case, "referred", "bot")
    turn.to_initiator(
        case,
        "referral",
        first_contact=first_contact,
        municipality=case.facts.municipality or "",
        province=case.facts.province or "",
    )
    return "referred"


def _go_ahead(turn: Turn, case: Case, known: Asked, first_contact: bool) -> str:
    asked.keep(turn.db, replace(known, questions=()), turn.now)
    checked = known.checked == "right"
    turn.to_initiator(
        case,
        "confirmation",
        choices=() if checked else check_choices(case),
        first_contact=first_contact,
        eligibility=assess(case.facts).eligibility,
        **what_we_understood(turn, case),
    )
    return brokering.propose_next(turn, case).state


def _sure(needs: Sequence[Need]) -> bool:
    return all(need.confidence >= SURE for need in needs)
