"""What happened in the week, as Dutch tables, and the order of the whole report. What waits: report_attention.py."""

from collections.abc import Callable, Mapping

from bot.report import Report
from bot.report_attention import attention_tables
from bot.report_words import (
    Row,
    Section,
    Table,
    code_name,
    duration,
    name,
    need_name,
    number,
    pair_row,
    phrase,
    row_label,
    section_title,
    table,
)
from bot.store.figures import NO_KINDS, PROPOSAL_COUNTS, UNKNOWN, Counts

SHOWN_COUNTS = ("made", "accepted", "declined")


def sections(report: Report) -> tuple[Section, ...]:
    """The whole report, what asks for attention first."""
    attention = attention_tables(report)
    sentence = "" if attention else phrase("nothing_waits")
    return (
        Section(section_title("attention"), attention, sentence),
        Section(section_title("overview"), (_overview(report),)),
        Section(section_title("messages"), (_channels(report), _kinds(report))),
        Section(section_title("questions"), (_needs(report), _eligibility(report), _municipalities(report))),
        Section(section_title("proposals"), (_outcomes(report), _reasons(report), _organisations(report))),
        Section(section_title("waiting"), (_waiting(report),)),
        Section(section_title("goal"), (_goal(report),)),
    )


def _own_rows(code: str, figures: Mapping[str, tuple[int, int]]) -> list[Row]:
    """Rows that the report's own words name, in the order given."""
    return [pair_row(row_label(code, what), *pair) for what, pair in figures.items()]


def _ranked(now: Counts, before: Counts, label: Callable[[str], str]) -> list[Row]:
    """A row a code, most often first, with a bar."""
    most = max([*now.values(), 1])
    codes = sorted(now.keys() | before.keys(), key=lambda code: (-now.get(code, 0), -before.get(code, 0), label(code)))
    return [pair_row(label(code), now.get(code, 0), before.get(code, 0), now.get(code, 0) / most) for code in codes]


def _ranked_table(code: str, now: Counts, before: Counts, label: Callable[[str], str]) -> Table:
    total = pair_row(phrase("total"), sum(now.values()), sum(before.values()))
    return table(code, _ranked(now, before, label), total=total)


def _proposals(report: Report, what: str) -> tuple[int, int]:
    return report.facts.figures.proposals_in_all(what), report.before.figures.proposals_in_all(what)


def _overview(report: Report) -> Table:
    now, before = report.facts.figures, report.before.figures
    figures = {
        "messages": (now.messages, before.messages),
        "requests": (now.requests, before.requests),
        "cases": (now.cases, before.cases),
        "made": _proposals(report, "made"),
        "accepted": _proposals(report, "accepted"),
        "declined": _proposals(report, "declined"),
        "introduced": (now.introduced, before.introduced),
        "unserved": (now.unserved, before.unserved),
    }
    return table("overview", _own_rows("overview", figures))


def _channels(report: Report) -> Table:
    now, before = report.facts.figures, report.before.figures
    return _ranked_table("channels", now.channels, before.channels, lambda code: code_name("channel", code))


def _kinds(report: Report) -> Table:
    now, before = report.facts.figures, report.before.figures
    return _ranked_table(
        "kinds",
        now.kinds,
        before.kinds,
        lambda code: row_label("kinds", code) if code in NO_KINDS else code_name("kind", code),
    )


def _needs(report: Report) -> Table:
    now, before = report.facts.figures, report.before.figures
    rows = _ranked(now.needs, before.needs, lambda code: need_name(code, report.labels))
    if now.requests_without_need or before.requests_without_need:
        rows.append(pair_row(row_label("needs", "none"), now.requests_without_need, before.requests_without_need))
    return table("needs", rows)


def _eligibility(report: Report) -> Table:
    now, before = report.facts.figures, report.before.figures
    return _ranked_table(
        "eligibility",
        now.eligibility,
        before.eligibility,
        lambda code: row_label("eligibility", "unknown") if code == UNKNOWN else code_name("eligibility", code),
    )


def _municipalities(report: Report) -> Table:
    now, before = report.facts.figures, report.before.figures
    return _ranked_table(
        "municipalities",
        now.municipalities,
        before.municipalities,
        lambda place: name(place) or row_label("municipalities", "unknown"),
    )


def _outcomes(report: Report) -> Table:
    figures = {what: _proposals(report, what) for what in PROPOSAL_COUNTS}
    figures["open"] = (len(report.facts.attention.proposals), len(report.before.attention.proposals))
    return table("outcomes", _own_rows("outcomes", figures))


def _reasons(report: Report) -> Table:
    return _ranked_table("reasons", report.reasons, report.reasons_before, str)


def _organisations(report: Report) -> Table:
    now, before = report.facts.figures.proposals, report.before.figures.proposals

    def counts(organisation: str, what: str) -> tuple[int, int]:
        return now.get(organisation, {}).get(what, 0), before.get(organisation, {}).get(what, 0)

    names = sorted(now.keys() | before.keys(), key=lambda each: (-counts(each, "made")[0], each))
    rows = [Row(name(each), tuple(_beside(*counts(each, what)) for what in SHOWN_COUNTS)) for each in names]
    total = Row(phrase("total"), tuple(_beside(*_proposals(report, what)) for what in SHOWN_COUNTS))
    return table("organisations", rows, total=total)


def _beside(now: int, before: int) -> str:
    return f"{number(now)} ({number(before)})"


def _waiting(report: Report) -> Table:
    rows: list[Row] = []
    for what, (now, before) in (("introduced", report.introduction_waits), ("open", report.open_waits)):
        usual = (duration(now.median_days), duration(before.median_days))
        longest = (duration(now.longest_days), duration(before.longest_days))
        rows.append(pair_row(row_label("waiting", what), now.count, before.count))
        rows.append(Row(row_label("waiting", f"{what}_median"), usual))
        rows.append(Row(row_label("waiting", f"{what}_longest"), longest))
    return table("waiting", rows)


def _goal(report: Report) -> Table:
    reached, share = report.facts.initiatives, None
    if report.goal:
        share = min(reached / report.goal, 1.0)
    rows = [
        pair_row(row_label("goal", "initiatives"), reached, report.initiatives_before, share),
        pair_row(row_label("goal", "goal"), report.goal, report.goal),
    ]
    return table("goal", rows)
