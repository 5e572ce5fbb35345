"""What somebody ticked or typed on a page to decide on: the form's fields as an Answer. Decides and stores nothing."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from bot.adviser.buttons import called, spoken
from bot.adviser.later_days import days_offered
from bot.clock.working_days import WorkingCalendar
from bot.reasons import words
from inbox.answer import Answer
from inbox.answer_acts import MAX_QUESTION
from inbox.decline_reason import REASONS
from inbox.when import MOST_DAYS, When

LONGEST_REASON = 1000  # characters
LONGEST_NAME = 100
DAYS_SHOWN = 10
"""So many working days can be chosen to come back on: two weeks."""


def reasons() -> list[tuple[str, str]]:
    """The reasons for a no that can be ticked: code and words."""
    return [(code, words("decline_reason", code)) for code in REASONS]


def working_days(today: date, calendar: WorkingCalendar) -> list[date]:
    """The next working days, to choose one from."""
    day, days = today, []
    for _ in range(DAYS_SHOWN):
        day = calendar.on_or_after(day + timedelta(days=1))
        days.append(day)
    return days


def days_shown(today: date, calendar: WorkingCalendar) -> list[tuple[str, str]]:
    """The days to come back on, value and words: those that are offered at once, then the other working days."""
    offered = days_offered(today, calendar)
    named = {day for _, day in offered}
    others = (day for day in working_days(today, calendar) if day not in named)
    return [
        *((day.isoformat(), called(code, day)) for code, day in offered),
        *((day.isoformat(), spoken(day)) for day in others),
    ]


def answer_in(fields: Mapping[str, str], today: date) -> Answer | None:
    """The answer that a form holds; None when nothing was chosen, or the words or the day it needs are not there."""
    choice = fields.get("choice", "")
    if choice.isdecimal():
        return Answer("other_expert", expert_hint=choice)
    make = ANSWERS.get(choice)
    return make(fields, today) if make is not None else None


def _no(fields: Mapping[str, str], today: date) -> Answer:
    """A ticked reason, own words, or both: then the words stand behind the reason."""
    del today
    own = fields.get("reason", "").strip()[:LONGEST_REASON]
    code = fields.get("why", "")
    if code not in REASONS:
        return Answer("no", reason=own)
    return Answer("no", reason=f"{words('decline_reason', code)}: {own}" if own else code)


def _search(fields: Mapping[str, str], today: date) -> Answer | None:
    del today
    name = fields.get("name", "").strip()[:LONGEST_NAME]
    return Answer("search", expert_hint=name) if name else None


def _hand_over(fields: Mapping[str, str], today: date) -> Answer:
    del today
    return Answer("hand_over", expert_hint=fields.get("colleague", "").strip()[:LONGEST_NAME])


def _ask(fields: Mapping[str, str], today: date) -> Answer | None:
    del today
    question = fields.get("question", "").strip()[:MAX_QUESTION]
    return Answer("ask", question=question) if question else None


def _later(fields: Mapping[str, str], today: date) -> Answer | None:
    """Any day ahead that the page may have shown; which of them are working days is told when it is kept."""
    ahead = (today + timedelta(days=number) for number in range(1, MOST_DAYS + 1))
    day = next((day for day in ahead if day.isoformat() == fields.get("day")), None)
    return Answer("later", when=When("days", (day - today).days)) if day is not None else None


ANSWERS: Mapping[str, Callable[[Mapping[str, str], date], Answer | None]] = {
    "yes": lambda fields, _: Answer("yes", reason=fields.get("reason", "").strip()[:LONGEST_REASON]),
    "no": _no,
    "more": lambda *_: Answer("other_expert"),
    "search": _search,
    "hand_over": _hand_over,
    "ask": _ask,
    "later": _later,
}
