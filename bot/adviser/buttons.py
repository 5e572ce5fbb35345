"""The choices under letters to advisers: what stands on each button. What one does stands in actions.py."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from bot.choices import Choice
from bot.foreign import one_line, shorten
from bot.reasons import words
from inbox.decline_reason import REASONS

TABLE = "adviser_choice"
OF_PROPOSAL = ("accept", "decline", "more", "pick", "search", "hand_over", "ask", "later")
ASKS_WHICH = ("more_experts", "which_colleague")
"""Letters that name several people: a bare yes to one of these says nothing about whom."""
ASKS_TO_DECIDE = ("proposal", "reminder", "initiator_answer", "unclear_answer", *ASKS_WHICH)
"""Letters that put one proposal before an adviser: words behind any other letter, such as "prima", decide nothing."""
LONGEST_LABEL = 60
BESIDE = ("decline", "more", "hand_over", "ask", "later")
"""What an adviser can do beside choosing an expert; none of these decides by itself, so they may be pressed again."""


def _choice(action: str, label: str = "", value: str = "", *, stays: bool = False) -> Choice:
    return Choice(action, label or words(TABLE, action), value, stays)


def pick_choices(experts: Iterable[Mapping[str, Any]]) -> tuple[Choice, ...]:
    """One button for every expert that may be chosen, with the number that the letter gives it."""
    return tuple(
        _choice("pick", shorten(one_line(f"{one['number']}. {one['name']}"), LONGEST_LABEL), one["id"])
        for one in experts
        if one.get("number")
    )


def proposal_choices(experts: Iterable[Mapping[str, Any]]) -> tuple[Choice, ...]:
    """Everything that can be done with a proposal; the first expert is the proposed one."""
    _, *others = experts
    return (_choice("accept"), *pick_choices(others), *(_choice(action, stays=True) for action in BESIDE))


def more_choices(experts: Iterable[Mapping[str, Any]], any_left: bool) -> tuple[Choice, ...]:
    """Under a list of other experts: one of them, the next ones, or a name."""
    further = ("more", "search") if any_left else ("search",)
    return (*pick_choices(experts), *(_choice(action, stays=True) for action in further))


def reason_choices() -> tuple[Choice, ...]:
    """The reasons for a no, and a no in own words."""
    known = (_choice("decline", words("decline_reason", code), code) for code in REASONS)
    return (*known, _choice("decline", words(TABLE, "decline_words"), "words"))


def later_choices(days: Iterable[tuple[str, date]]) -> tuple[Choice, ...]:
    """The days to come back on, each with the code of what it is called, such as the next working day."""
    return tuple(_choice("later", called(code, day), day.isoformat()) for code, day in days)


def called(code: str, day: date) -> str:
    """A day as advisers choose it: what it is called from now, and which one that is."""
    return f"{words('come_back', code)}: {spoken(day)}"


def spoken(day: date) -> str:
    """A day in words: "maandag 23 november"."""
    return f"{words('weekday', day.weekday())} {day.day} {words('month', day.month)}"


def colleague_choices(colleagues: Iterable[Mapping[str, str]]) -> tuple[Choice, ...]:
    """The colleagues who can take a proposal over."""
    return tuple(
        _choice("hand_over", shorten(one_line(f"{one['name']}, {one['organisation']}"), LONGEST_LABEL), one["id"])
        for one in colleagues
    )
