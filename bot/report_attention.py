"""The first part of the weekly report: what waits for a person, as Dutch tables. What happened: report_tables.py."""

from collections.abc import Mapping, Sequence

from bot.report import Report, days_between
from bot.report_words import (
    Row,
    Table,
    code_name,
    duration,
    name,
    need_name,
    number,
    pair_row,
    phrase,
    row_label,
    table,
)
from bot.store.attention import OpenCase
from bot.store.rows import moment
from bot.week import day_in_words, dutch_day

MOST_WAITING = 25  # rows of a list; a longer mail is cut off by some mail programs


def attention_tables(report: Report) -> tuple[Table, ...]:
    """The count of everything that waits, then a list of each kind that has something; nothing when nothing waits."""
    now, before = report.facts.attention, report.before.attention
    if not now.total:
        return ()
    lists = _lists(report)
    counts = [
        pair_row(row_label("attention", what), len(rows), len(getattr(before, what))) for what, rows in lists.items()
    ]
    total = pair_row(phrase("total"), now.total, before.total)
    return (
        table("attention", counts, total=total, note=phrase("state_now" if report.is_running else "state_at_end")),
        *(_list(f"attention_{what}", rows) for what, rows in lists.items() if rows),
    )


def _list(code: str, rows: Sequence[Row]) -> Table:
    more = len(rows) - MOST_WAITING
    note = phrase("more", count=number(more)) if more > 0 else ""
    return table(code, rows[:MOST_WAITING], note=note, form="list")


def _lists(report: Report) -> Mapping[str, list[Row]]:
    waiting = report.facts.attention
    return {
        "proposals": [
            Row(
                each.reference,
                (name(each.adviser), f"{name(each.expert)} ({name(each.organisation)})", _since(each.since, report)),
            )
            for each in waiting.proposals
        ],
        "reviews": [_case_row(each, report) for each in waiting.reviews],
        "unserved": [_case_row(each, report) for each in waiting.unserved],
        "quarantined": [
            Row(_day(each.since), (code_name("channel", each.channel), _problem(each.problem)))
            for each in waiting.quarantined
        ],
        "letters": [
            Row(_day(each.since), (each.reference or phrase("no_case"), code_name("letter_state", each.state)))
            for each in waiting.letters
        ],
        "full_experts": [
            Row(name(each.name), (name(each.organisation), phrase("busy", load=each.load, capacity=each.capacity)))
            for each in waiting.full_experts
        ],
    }


def _case_row(case: OpenCase, report: Report) -> Row:
    needs = ", ".join(need_name(code, report.labels) for code in case.needs) or phrase("no_needs")
    place = name(case.municipality or "") or phrase("unknown")
    return Row(case.reference, (place, needs, _since(case.since, report)))


def _since(since: str, report: Report) -> str:
    return duration(days_between(since, report.as_of))


def _day(since: str) -> str:
    return day_in_words(dutch_day(moment(since)))


def _problem(code: str) -> str:
    """What went wrong, for the codes that have words; any other code says nothing to a reader."""
    shown = code_name("problem", code)
    return shown if shown != name(code) else phrase("other_problem")
