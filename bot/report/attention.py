"""The first part of the weekly report: what waits for a person, as Dutch tables. What happened: tables.py."""

from collections.abc import Mapping

from bot.report.cells import Days, Row, Table
from bot.report.desk_links import LETTERS, POOL, QUARANTINE, case_path
from bot.report.week_report import Report, days_between
from bot.report.words import code_name, name, need_name, number, phrase, row_label, table
from bot.store.attention import DeclinedCase, FullExpert, OpenCase, OpenProposal, StuckLetter, StuckMessage
from bot.store.rows import moment
from bot.week import day_in_words, dutch_day


def attention_tables(report: Report) -> tuple[Table, ...]:
    """The count of everything that waits, then a list of each kind that has something; nothing when nothing waits."""
    now, before = report.facts.attention, report.before.attention
    if not now.total:
        return ()
    lists = _lists(report)
    counts = [
        Row(row_label("attention", what), (len(rows), len(getattr(before, what)))) for what, rows in lists.items()
    ]
    total = Row(phrase("total"), (now.total, before.total))
    return (
        table("attention", counts, total=total, note=phrase("state_now" if report.is_running else "state_at_end")),
        *(table(f"attention_{what}", rows, form="list") for what, rows in lists.items() if rows),
    )


def _lists(report: Report) -> Mapping[str, list[Row]]:
    waiting = report.facts.attention
    return {
        "proposals": [_proposal_row(each, report) for each in waiting.proposals],
        "declined": [_declined_row(each, report) for each in waiting.declined],
        "reviews": [_case_row(each, report) for each in waiting.reviews],
        "unserved": [_case_row(each, report) for each in waiting.unserved],
        "unanswered": [_case_row(each, report) for each in waiting.unanswered],
        "quarantined": [_message_row(each) for each in waiting.quarantined],
        "letters": [_letter_row(each) for each in waiting.letters],
        "full_experts": [_expert_row(each) for each in waiting.full_experts],
    }


def _proposal_row(proposal: OpenProposal, report: Report) -> Row:
    expert = f"{name(proposal.expert)} ({name(proposal.organisation)})"
    cells = (name(proposal.adviser), expert, _since(proposal.since, report))
    return Row(proposal.reference, cells, path=case_path(proposal.reference))


def _message_row(message: StuckMessage) -> Row:
    cells = (code_name("channel", message.channel), _problem(message.problem))
    return Row(_day(message.since), cells, path=QUARANTINE)


def _letter_row(letter: StuckLetter) -> Row:
    cells = (letter.reference or phrase("no_case"), code_name("letter_state", letter.state))
    return Row(_day(letter.since), cells, path=LETTERS)


def _expert_row(expert: FullExpert) -> Row:
    busy = phrase("busy", load=expert.load, capacity=expert.capacity)
    return Row(name(expert.name), (name(expert.organisation), busy), path=POOL)


def _case_row(case: OpenCase, report: Report) -> Row:
    cells = (*_place_and_needs(case, report), _since(case.since, report))
    return Row(case.reference, cells, path=case_path(case.reference))


def _declined_row(case: DeclinedCase, report: Report) -> Row:
    cells = (*_place_and_needs(case, report), phrase("times", count=number(case.times)))
    return Row(case.reference, cells, path=case_path(case.reference))


def _place_and_needs(case: OpenCase | DeclinedCase, report: Report) -> tuple[str, str]:
    needs = ", ".join(need_name(code, report.labels) for code in case.needs) or phrase("no_needs")
    return name(case.municipality or "") or phrase("unknown"), needs


def _since(since: str, report: Report) -> Days:
    return Days(days_between(since, report.as_of))


def _day(since: str) -> str:
    return day_in_words(dutch_day(moment(since)))


def _problem(code: str) -> str:
    """What went wrong, for the codes that have words; any other code says nothing to a reader."""
    shown = code_name("problem", code)
    return shown if shown != name(code) else phrase("other_problem")
