"""All that an adviser can do with an open proposal, the same by mail, page and button: one decision at most.

Whether somebody may is told in answering.py and pressing.py; what is not understood is asked, never guessed.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

from bot import brokering
from bot.adviser import asking_initiator, handing_over, other_experts, reminding
from bot.adviser.buttons import later_choices, reason_choices
from bot.adviser.later_days import days_offered
from bot.choices import Choice as ButtonChoice
from bot.choices import Pressed
from bot.clock.working_days import WorkingCalendar
from bot.reading import Read
from bot.store import cases, expected_words, proposals
from bot.store.expected_words import Expected
from bot.turn import Turn
from inbox.answer import UNCLEAR, Answer, Choice, read_answer, takes_back
from inbox.answer_acts import MAX_QUESTION
from inbox.when import NEXT_WORKING_DAY, day_of, names_a_day, read_when
from matcher.proposal import Case, Proposal

Outcome = Literal["accepted", "declined", "picked", "gone", "handed_over", "shown", "which", "asked", "later"]
Act = Callable[[Turn, Case, Proposal, Answer], Outcome | None]
Heard = tuple[str, int | None]
WORDS_WAIT = timedelta(hours=12)
"""So long the next words in a chat are taken for what a button asked; after that they are words like any other."""


def act(turn: Turn, case: Case, proposal: Proposal, answer: Answer) -> Outcome | None:
    """Do what an adviser answered to an open proposal; None when it is not clear and nothing was done."""
    does = ACTS.get(answer.choice)
    return does(turn, case, proposal, answer) if does is not None else None


def _accept(turn: Turn, case: Case, proposal: Proposal, answer: Answer) -> Outcome:
    """A yes; when the expert left the pool since, or can't be asked now, others are shown and nothing is decided."""
    del answer
    if brokering.pick(turn, case, proposal, proposal.expert_id) is None:
        other_experts.show_instead(turn, case, proposal)
        return "gone"
    return "accepted"


def _decline(turn: Turn, case: Case, proposal: Proposal, answer: Answer) -> Outcome:
    brokering.decline(turn, case, proposal, answer.reason)
    return "declined"


def _other_expert(turn: Turn, case: Case, proposal: Proposal, answer: Answer) -> Outcome | None:
    """A number or a name of those shown is a choice; any other name is looked up, and nobody named shows more."""
    hint = answer.expert_hint
    if not hint:
        other_experts.show_more(turn, case, proposal)
        return "shown"
    chosen = other_experts.meant_by(turn, case, proposal, hint)
    if chosen is not None:
        return "picked" if brokering.pick(turn, case, proposal, chosen) is not None else None
    return None if hint.isdecimal() else _search(turn, case, proposal, answer)


def _search(turn: Turn, case: Case, proposal: Proposal, answer: Answer) -> Outcome:
    other_experts.search(turn, case, proposal, answer.expert_hint)
    return "shown"


def _hand_over(turn: Turn, case: Case, proposal: Proposal, answer: Answer) -> Outcome:
    colleague = handing_over.named(turn, case, proposal, answer.expert_hint)
    if colleague is None:
        handing_over.ask_which(turn, case, proposal, answer.expert_hint)
        return "which"
    handing_over.hand_over(turn, case, proposal, colleague)
    return "handed_over"


def _ask(turn: Turn, case: Case, proposal: Proposal, answer: Answer) -> Outcome | None:
    if not answer.question.strip():
        return None
    asking_initiator.ask(turn, case, proposal, answer.question.strip())
    return "asked"


def _later(turn: Turn, case: Case, proposal: Proposal, answer: Answer) -> Outcome | None:
    day = day_of(answer.when or NEXT_WORKING_DAY, turn.today, _calendar(turn).is_working_day)
    if day is None:
        return None
    reminding.come_back(turn, case, proposal, day)
    return "later"


def _calendar(turn: Turn) -> WorkingCalendar:
    return WorkingCalendar(turn.wiring.settings.clock.closed)


ACTS: Mapping[str, Act] = {
    "yes": _accept,
    "no": _decline,
    "other_expert": _other_expert,
    "search": _search,
    "hand_over": _hand_over,
    "ask": _ask,
    "later": _later,
}


def take_expected(turn: Turn, read: Read) -> tuple[Proposal, Answer] | None:
    """What a button of this chat asked for, and of which proposal; None when none did, or it was decided since.

    Words that reply to a letter of another case leave it waiting; words that mean something else are UNCLEAR.
    """
    message = read.message
    expected = expected_words.find(turn.db, message.sender, turn.now)
    proposal = proposals.find(turn.db, expected.proposal_id) if expected is not None else None
    case = cases.find(turn.db, proposal.case_id) if proposal is not None else None
    if expected is None or proposal is None or case is None:
        return None
    if message.quoted and case.reference not in message.quoted.upper():
        return None
    expected_words.take(turn.db, message.sender, turn.now)
    if proposal.state != "open":
        return None
    words = message.text.strip()[:MAX_QUESTION]
    fits, meant = WORDS_FOR[expected.action]
    heard = read_answer(message.text, message.sender_name)
    doubtful = heard.choice not in (*fits, "unclear") or takes_back(message.text, message.sender_name)
    return proposal, UNCLEAR if doubtful else meant(words)


def _meant_later(words: str) -> Answer:
    """A typed day to come back on; words without one are not clear."""
    when = read_when(words) if names_a_day(words) else None
    return Answer("later", when=when) if when is not None else UNCLEAR


WORDS_FOR: Mapping[str, tuple[tuple[Choice, ...], Callable[[str], Answer]]] = {
    "decline": (("no",), lambda words: Answer("no", reason=words)),
    "search": (("search",), lambda words: Answer("search", expert_hint=words)),
    "ask": (("ask",), lambda words: Answer("ask", question=words)),
    "later": (("later",), _meant_later),
}
"""By action: what the words that it waits for may say by themselves, and what they then mean."""

OnOpen = Callable[[Turn, Case, Proposal, Pressed], Heard | None]


def _while_open(does: OnOpen) -> Callable[[Turn, Read, Pressed], Heard | None]:
    """What a button does as long as its proposal waits for a decision; None after that."""

    def on_press(turn: Turn, read: Read, pressed: Pressed) -> Heard | None:
        del read
        case, proposal = pressed.case, pressed.proposal
        if case is None or proposal is None or proposal.state != "open":
            return None
        return does(turn, case, proposal, pressed)

    return on_press


def _says(answer: Answer) -> OnOpen:
    """What a button does that says all there is to say."""

    def on_open(turn: Turn, case: Case, proposal: Proposal, pressed: Pressed) -> Heard | None:
        del pressed
        outcome = act(turn, case, proposal, answer)
        return (outcome, case.id) if outcome is not None else None

    return on_open


def _on_pick(turn: Turn, case: Case, proposal: Proposal, pressed: Pressed) -> Heard:
    """Somebody of a list: who left the pool since, or took on too much, is not chosen, and the others are shown."""
    if brokering.pick(turn, case, proposal, pressed.value) is None:
        other_experts.search(turn, case, proposal, turn.person(pressed.value).name)
        return "shown", case.id
    return "picked", case.id


def _on_hand_over(turn: Turn, case: Case, proposal: Proposal, pressed: Pressed) -> Heard:
    """A colleague of the list, or the wish to see the list."""
    to = next((one for one in handing_over.colleagues(turn, proposal) if one.id == pressed.value), None)
    if to is None:
        handing_over.ask_which(turn, case, proposal, "")
        return "which", case.id
    handing_over.hand_over(turn, case, proposal, to)
    return "handed_over", case.id


def _on_decline(turn: Turn, case: Case, proposal: Proposal, pressed: Pressed) -> Heard | None:
    """A no: first the reasons are shown, then one of them decides, or own words do."""
    if pressed.value == "words":
        return _wait_for_words(turn, case, proposal, pressed)
    if pressed.value:
        return _says(Answer("no", reason=pressed.value))(turn, case, proposal, pressed)
    adviser = turn.person(proposal.adviser_id)
    turn.to_person(adviser, case, "say_in_words", None, reason_choices(), proposal.id, action="reason")
    return "reason_asked", case.id


def _on_later(turn: Turn, case: Case, proposal: Proposal, pressed: Pressed) -> Heard:
    """First the days are shown, then one of them is kept; a day that has passed is the next working day."""
    days = days_offered(turn.today, _calendar(turn))
    if not pressed.value:
        return _wait_for_words(turn, case, proposal, pressed, later_choices(days))
    reminding.come_back(turn, case, proposal, max(date.fromisoformat(pressed.value), days[0][1]))
    return "later", case.id


def _wait_for_words(
    turn: Turn, case: Case, proposal: Proposal, pressed: Pressed, choices: Sequence[ButtonChoice] = ()
) -> Heard:
    """The next words in this chat are what the button needs, unless one of these choices is made."""
    expected = Expected(pressed.action, proposal.id)
    expected_words.keep(turn.db, pressed.holder, expected, turn.now + WORDS_WAIT)
    adviser = turn.person(proposal.adviser_id)
    turn.to_person(adviser, case, "say_in_words", None, choices, proposal.id, action=pressed.action)
    return "words_asked", case.id


PRESSED: Mapping[str, Callable[[Turn, Read, Pressed], Heard | None]] = {
    "accept": _while_open(_says(Answer("yes"))),
    "decline": _while_open(_on_decline),
    "more": _while_open(_says(Answer("other_expert"))),
    "pick": _while_open(_on_pick),
    "search": _while_open(_wait_for_words),
    "hand_over": _while_open(_on_hand_over),
    "ask": _while_open(_wait_for_words),
    "later": _while_open(_on_later),
}
"""What each choice under a letter to an adviser does."""
