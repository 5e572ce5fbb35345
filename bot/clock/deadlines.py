"""What time brings next to a proposal, a question, an introduction and a review, and when: told from their history.

Pure: a history and a calendar in, the next step out. Doing it belongs to the callers. What comes first is told by the
order of the lines, not by their times, so that a clock that was set back repeats nothing; and a step counts from when
the one before it was really taken, so that after an outage nobody gets a reminder and its consequence at once.
"""

from calendar import monthrange
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from bot.clock.working_days import WorkingCalendar, add_working_days
from bot.settings import Clock
from bot.store.waits import Happened
from bot.week import DUTCH_TIME

What = Literal["remind", "hand_on", "escalate", "close", "ask", "ask_again"]
BEGINS_WITH_ADVISER = ("proposed", "handed_over", "initiator_answered")
BEGINS_WITH_INITIATOR = ("asked", "accepted", "reopened")
LONGEST_ABSENCE = 400  # days; further on a calendar is not looked at


@dataclass(frozen=True, slots=True)
class NextStep:
    """What comes next, and from when on. `begun` is the moment since which somebody waits."""

    what: What
    at: datetime
    begun: datetime


@dataclass(frozen=True, slots=True)
class Waits:
    """The settings and the calendar by which the steps are told."""

    clock: Clock
    calendar: WorkingCalendar

    @classmethod
    def of(cls, clock: Clock) -> "Waits":
        """Those of an installation."""
        return cls(clock, WorkingCalendar(clock.closed))

    def days(self, moment: datetime, count: int, away: Collection[date] = ()) -> datetime:
        """So many working days later, the days on which the one who has to act is `away` left out."""
        near = {day for day in away if abs((day - moment.date()).days) <= LONGEST_ABSENCE}
        return add_working_days(moment, count, self.calendar.without(near))


def of_proposal(
    waits: Waits, history: Sequence[Happened], made_at: datetime, away: Collection[date] = ()
) -> NextStep | None:
    """What an open proposal gets next: a reminder, another adviser, at last the coordinator; None for nothing more.

    Whatever an adviser does (asking the initiator, putting it off) makes it begin anew. None too while a day waits
    that the adviser named, which brings its own reminder (bot/adviser/reminding.py).
    """
    begins, since = _split(history, lambda each: each.event in BEGINS_WITH_ADVISER or each.actor == "adviser")
    reminded = next((each.at for each in since if each.event in ("reminded", "adviser_reminded")), None)
    put_off = begins is not None and begins.event == "put_off" and reminded is None
    if put_off or any(each.event == "escalated" for each in since):
        return None
    begun = _begun(waits, begins) if begins is not None else made_at
    if reminded is None:
        return NextStep("remind", waits.days(begun, waits.clock.reminder_days, away), begun)
    left = waits.clock.hand_on_days - waits.clock.reminder_days
    what: What = "escalate" if was_handed_on(history) else "hand_on"
    return NextStep(what, waits.days(reminded, left, away), begun)


def was_handed_on(history: Sequence[Happened]) -> bool:
    """Whether another adviser or expert was tried already since an adviser last did anything."""
    _, since = _split(history, lambda each: each.actor == "adviser" or each.event == "reopened")
    return any(each.event == "not_decided" for each in since)


def of_question(
    waits: Waits, history: Sequence[Happened], opened_at: datetime, heard_at: datetime | None
) -> NextStep | None:
    """What an initiator who does not answer gets next: one kind reminder, then the case is closed.

    `heard_at` is when somebody last wrote in the case: who asks how it stands has not gone.
    """
    begins, since = _split(history, lambda each: each.event in BEGINS_WITH_INITIATOR or each.actor == "initiator")
    begun = _later(begins.at if begins is not None else opened_at, heard_at)
    reminded = next((each.at for each in since if each.event == "initiator_reminded"), None)
    if reminded is None:
        return NextStep("remind", waits.days(begun, waits.clock.initiator_reminder_days), begun)
    return NextStep("close", waits.days(_later(reminded, heard_at), waits.clock.close_days), begun)


def of_introduction(waits: Waits, history: Sequence[Happened], opened_at: datetime) -> NextStep:
    """What an introduction gets next: the question how it went, once more what was not told, and then its end."""
    begins, since = _split(history, lambda each: each.event == "introduced")
    begun = begins.at if begins is not None else opened_at
    asks = [each.at for each in since if each.event == "follow_up_asked"]
    if not asks:
        return NextStep("ask", _weeks_later(begun, waits.clock.follow_up_weeks), begun)
    told = [each.at for each in since if each.actor == "initiator"]
    quiet_since = max([asks[-1], *told])
    pause = _weeks_later(quiet_since, waits.clock.last_weeks)
    if len(asks) == 1:
        return NextStep("ask_again", max(_months_later(begun, waits.clock.follow_up_months), pause), begun)
    return NextStep("close", pause, begun)


def of_review(waits: Waits, history: Sequence[Happened], opened_at: datetime) -> NextStep | None:
    """What an open review gets next: one reminder to the coordinator; None after that."""
    begins, since = _split(history, lambda each: each.event == "review_opened")
    begun = begins.at if begins is not None else opened_at
    if any(each.event == "review_reminded" for each in since):
        return None
    return NextStep("remind", waits.days(begun, waits.clock.review_reminder_days), begun)


def _split(
    history: Sequence[Happened], begins: Callable[[Happened], bool]
) -> tuple[Happened | None, Sequence[Happened]]:
    """The last line with which waiting begins, and the lines behind it; None and all lines when there is none."""
    place = next((place for place in reversed(range(len(history))) if begins(history[place])), None)
    return (None, history) if place is None else (history[place], history[place + 1 :])


def _begun(waits: Waits, line: Happened) -> datetime:
    """Since when an adviser can decide: who asked the initiator something gets time to hear the answer."""
    if line.event != "initiator_asked":
        return line.at
    return waits.days(line.at, waits.clock.initiator_reminder_days)


def _later(moment: datetime, other: datetime | None) -> datetime:
    return moment if other is None else max(moment, other)


def _weeks_later(moment: datetime, weeks: int) -> datetime:
    """At the same time on the clock in the Netherlands, whatever the season."""
    return (moment.astimezone(DUTCH_TIME) + timedelta(weeks=weeks)).astimezone(UTC)


def _months_later(moment: datetime, months: int) -> datetime:
    """The same day of a later month, or its last day when it is shorter."""
    local = moment.astimezone(DUTCH_TIME)
    years, month = divmod(local.month - 1 + months, 12)
    year, month = local.year + years, month + 1
    return local.replace(year=year, month=month, day=min(local.day, monthrange(year, month)[1])).astimezone(UTC)
