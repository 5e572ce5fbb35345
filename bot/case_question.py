"""The question of a case in the initiator's own words: opened, added to, replaced, joined; with the vectors of it.

Runs inside the transaction of its `Turn`. What to ask next is decided in bot/initiator/asking.py.
"""

from dataclasses import replace

from bot.initiator import live
from bot.reading import Read
from bot.store import asked, cases, messages, vectors
from bot.store.asked import Asked
from bot.turn import Turn
from inbox.found_need import MOST_NEEDS, Need
from inbox.sentences import split_sentences
from inbox.understanding import LONGEST_READ
from matcher.proposal import Case, change_case
from matcher.rules import assess


def open_question(turn: Turn, read: Read) -> Case:
    """Open a case for a message and keep what was understood of it."""
    assert read.understood is not None
    understood, message = read.understood, read.message
    case = cases.open_case(
        turn.db,
        initiator=message.sender,
        name=message.sender_name,
        channel=message.channel,
        language=understood.language,
        now=turn.now,
    )
    turn.note(case, "opened", "initiator")
    case = replace(case, facts=understood.facts, needs=understood.needs, consent=live.consent_beforehand(message))
    case = replace(case, contact=case.contact or live.username_of(message))
    case = keep_question(turn, case, read)
    turn.note(case, "understood", "bot", " ".join(need.code for need in case.needs))
    return case


def keep_question(turn: Turn, case: Case, read: Read, *, anew: bool = False) -> Case:
    """Write a case down with the words of a message behind its question, or `anew` with those words alone."""
    words = read.message.text[:LONGEST_READ]
    before = cases.question_of(turn.db, case.id)
    if read.understood is None or (not words and before):
        return _keep(turn, case, before)
    if anew or not before:
        return _keep(turn, case, words, read)
    if read.question.startswith(before):
        return _keep(turn, case, read.question, read)
    return _keep(turn, case, f"{before}\n\n{words}"[:LONGEST_READ])


def add_words(turn: Turn, case: Case, words: str) -> Case:
    """Write a case down with these words behind its question, as a choice stands for."""
    return _keep(turn, case, f"{cases.question_of(turn.db, case.id)}\n\n{words}".strip()[:LONGEST_READ])


def keep_as_it_is(turn: Turn, case: Case) -> Case:
    """Write a case down of which no words changed."""
    return _keep(turn, case, cases.question_of(turn.db, case.id))


def join(turn: Turn, case: Case, later: Case) -> Case:
    """Let a later case go up in an earlier one: its words, needs, facts and messages go along, and it ends."""
    together = f"{cases.question_of(turn.db, case.id)}\n\n{cases.question_of(turn.db, later.id)}"[:LONGEST_READ]
    consent = later.consent if later.consent is not None else case.consent
    joined = replace(case, facts=case.facts.updated(later.facts), needs=with_needs(case, later.needs), consent=consent)
    ended = replace(later, state=change_case(later.state, "closed"))
    cases.keep(turn.db, ended, cases.question_of(turn.db, later.id), turn.now)
    asked.keep(turn.db, Asked(later.id, ("merged",), about=case.id), turn.now)
    messages.move_to_case(turn.db, later.id, case.id)
    turn.note(later, "joined", "initiator", case.reference)
    return _keep(turn, joined, together)


def with_needs(case: Case, found: tuple[Need, ...]) -> tuple[Need, ...]:
    """The needs of a case and those found since, at most as many as a case may have."""
    known = {need.code for need in case.needs}
    return (*case.needs, *(need for need in found if need.code not in known))[:MOST_NEEDS]


def _keep(turn: Turn, case: Case, question: str, read: Read | None = None) -> Case:
    verdict = assess(case.facts)
    case = replace(case, eligibility=verdict.eligibility)
    changed = question != cases.question_of(turn.db, case.id)
    cases.keep(turn.db, case, question, turn.now)
    cases.keep_findings(turn.db, case.id, verdict.findings)
    if not changed:
        return case
    found = read.question_vectors if read is not None and read.question == question else None
    if found is None:
        (found,) = turn.wiring.encoder.read([question], [split_sentences(question)])
    vectors.keep_for_case(turn.db, turn.wiring.encoder.name, case.id, found)
    return case
