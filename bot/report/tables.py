"""What happened in the week, as tables, and the order of the whole report. What waits: attention.py."""

from collections.abc import Callable, Mapping
from datetime import date
from itertools import chain

from bot.report.attention import attention_tables
from bot.report.cells import Cell, Days, Mean, Row, Section, Share, Table
from bot.report.desk_links import report_path
from bot.report.week_report import OUTSIDE, Report, by_region, wait_of
from bot.report.words import code_name, name, need_name, phrase, row_label, section, table
from bot.store.figures import NO_KINDS, PROPOSAL_COUNTS, UNKNOWN, Counts, Figures

SHOWN_COUNTS = ("made", "accepted", "declined")
FoundIn = Callable[[Figures], int]


def sections(report: Report) -> tuple[Section, ...]:
    """The whole report, what asks for attention first."""
    attention = attention_tables(report)
    return (
        section("attention", *attention, sentence="" if attention else phrase("nothing_waits")),
        section("overview", _overview(report), _weeks(report)),
        section("goal", _goal(report)),
        section("messages", _channels(report), _kinds(report)),
        section("questions", _needs(report), _eligibility(report), _regions(report), _municipalities(report)),
        section("proposals", _outcomes(report), _reasons(report), _organisations(report)),
        section("waiting", _waiting(report)),
    )


def row_beside(label: str, report: Report, count: FoundIn, share: float | None = None) -> Row:
    """A count of this week, of the week before, and a week in the earlier weeks."""
    earlier = sum(count(facts.figures) for _, facts in report.earlier)
    cells = (count(report.facts.figures), count(report.before.figures), Mean(earlier, len(report.earlier)))
    return Row(label, cells, share)


def _ranked(report: Report, counts: Callable[[Figures], Counts], label: Callable[[str], str]) -> list[Row]:
    """A row a code, most often first, with a bar."""
    now, before = counts(report.facts.figures), counts(report.before.figures)
    most = max([*now.values(), 1])
    known = now.keys() | before.keys() | {code for _, facts in report.earlier for code in counts(facts.figures)}
    codes = sorted(known, key=lambda code: (-now.get(code, 0), -before.get(code, 0), label(code)))
    return [row_beside(label(code), report, _of(counts, code), now.get(code, 0) / most) for code in codes]


def _of(counts: Callable[[Figures], Counts], code: str) -> FoundIn:
    return lambda figures: counts(figures).get(code, 0)


def _ranked_table(code: str, report: Report, counts: Callable[[Figures], Counts], label: Callable[[str], str]) -> Table:
    rows = _ranked(report, counts, label)
    total = row_beside(phrase("total"), report, lambda figures: sum(counts(figures).values()))
    return table(code, rows, total=total)


def _overview(report: Report) -> Table:
    figures: Mapping[str, FoundIn] = {
        "messages": lambda each: each.messages,
        "requests": lambda each: each.requests,
        "cases": lambda each: each.cases,
        **{what: _proposals(what) for what in SHOWN_COUNTS},
        "introduced": lambda each: each.introduced,
        "unserved": lambda each: each.unserved,
    }
    rows = [row_beside(row_label("overview", what), report, count) for what, count in figures.items()]
    rows.insert(6, Row(row_label("overview", "acceptance"), _acceptance(report)))
    return table("overview", rows)


def _acceptance(report: Report) -> tuple[Cell, ...]:
    """Of the proposals that were said yes or no to, the part with a yes."""

    def share(*weeks: Figures) -> Share:
        said = [sum(each.proposals_in_all(what) for each in weeks) for what in ("accepted", "declined")]
        return Share(said[0], sum(said))

    earlier = share(*(facts.figures for _, facts in report.earlier))
    return share(report.facts.figures), share(report.before.figures), earlier


def _proposals(what: str) -> FoundIn:
    return lambda figures: figures.proposals_in_all(what)


def _weeks(report: Report) -> Table:
    """The weeks below each other, this one first."""
    rows = [
        Row(
            phrase("week", number=week.number),
            (
                facts.figures.messages,
                facts.figures.cases,
                facts.figures.proposals_in_all("made"),
                facts.figures.proposals_in_all("accepted"),
                facts.figures.introduced,
            ),
            path=report_path(week),
        )
        for week, facts in reversed(report.weeks)
    ]
    return table("weeks", rows)


def _channels(report: Report) -> Table:
    return _ranked_table("channels", report, lambda each: each.channels, lambda code: code_name("channel", code))


def _kinds(report: Report) -> Table:
    return _ranked_table(
        "kinds",
        report,
        lambda each: each.kinds,
        lambda code: row_label("kinds", code) if code in NO_KINDS else code_name("kind", code),
    )


def _needs(report: Report) -> Table:
    rows = _ranked(report, lambda each: each.needs, lambda code: need_name(code, report.labels))
    none = row_beside(row_label("needs", "none"), report, lambda each: each.requests_without_need)
    if none.cells[0] or none.cells[1]:
        rows.append(none)
    return table("needs", rows)


def _eligibility(report: Report) -> Table:
    return _ranked_table(
        "eligibility",
        report,
        lambda each: each.eligibility,
        lambda code: row_label("eligibility", "unknown") if code == UNKNOWN else code_name("eligibility", code),
    )


def _regions(report: Report) -> Table:
    words = {UNKNOWN: "unknown", OUTSIDE: "outside"}
    return _ranked_table(
        "regions",
        report,
        lambda each: {code: count for code, count in by_region(each.municipalities).items() if each.cases},
        lambda code: row_label("regions", words[code]) if code in words else name(code),
    )


def _municipalities(report: Report) -> Table:
    return _ranked_table(
        "municipalities",
        report,
        lambda each: each.municipalities,
        lambda place: name(place) or row_label("municipalities", "unknown"),
    )


def _outcomes(report: Report) -> Table:
    rows = [row_beside(row_label("outcomes", what), report, _proposals(what)) for what in PROPOSAL_COUNTS]
    waiting = [len(facts.attention.proposals) for _, facts in report.earlier]
    still = (len(report.facts.attention.proposals), len(report.before.attention.proposals))
    rows.append(Row(row_label("outcomes", "open"), (*still, Mean(sum(waiting), len(waiting)))))
    return table("outcomes", rows)


def _reasons(report: Report) -> Table:
    now, before = report.reasons, report.reasons_before
    most = max([*now.values(), 1])
    words = sorted(now.keys() | before.keys(), key=lambda each: (-now.get(each, 0), -before.get(each, 0), each))
    rows = [Row(each, (now.get(each, 0), before.get(each, 0)), now.get(each, 0) / most) for each in words]
    return table("reasons", rows, total=Row(phrase("total"), (sum(now.values()), sum(before.values()))))


def _organisations(report: Report) -> Table:
    """What was proposed and decided this week, and proposed before, by the organisation of the expert."""
    now = report.facts.figures.proposals
    known = now.keys() | {each for _, facts in report.earlier for each in facts.figures.proposals}

    def cells(count: Callable[[Figures, str], int]) -> tuple[Cell, ...]:
        earlier = sum(count(facts.figures, "made") for _, facts in report.earlier)
        this_week = [count(report.facts.figures, what) for what in SHOWN_COUNTS]
        return (*this_week, Mean(earlier, len(report.earlier)))

    def row(organisation: str) -> Row:
        return Row(
            name(organisation), cells(lambda figures, what: figures.proposals.get(organisation, {}).get(what, 0))
        )

    names = sorted(known, key=lambda each: (-now.get(each, {}).get("made", 0), each))
    rows = [row(each) for each in names]
    return table("organisations", rows, total=Row(phrase("total"), cells(Figures.proposals_in_all)))


def _waiting(report: Report) -> Table:
    earlier = tuple(chain.from_iterable(facts.figures.days_to_introduction for _, facts in report.earlier))
    introduced = (*report.introduction_waits, wait_of(earlier))
    still = report.open_waits
    nothing = phrase("nothing")
    rows = [
        Row(row_label("waiting", "introduced"), tuple(each.count for each in introduced)),
        Row(row_label("waiting", "introduced_median"), tuple(Days(each.median_days) for each in introduced)),
        Row(row_label("waiting", "introduced_longest"), tuple(Days(each.longest_days) for each in introduced)),
        Row(row_label("waiting", "open"), (*(each.count for each in still), nothing)),
        Row(row_label("waiting", "open_median"), (*(Days(each.median_days) for each in still), nothing)),
        Row(row_label("waiting", "open_longest"), (*(Days(each.longest_days) for each in still), nothing)),
    ]
    return table("waiting", rows)


def _goal(report: Report) -> Table:
    reached, goal, week = report.facts.initiatives, report.goal, report.week
    share = min(reached / goal, 1.0) if goal else None
    weeks = date(week.year, 12, 28).isocalendar().week
    pace = goal * week.number // weeks
    rows = [
        Row(row_label("goal", "initiatives"), (reached, report.initiatives_before), share),
        Row(row_label("goal", "goal"), (goal, goal)),
        Row(row_label("goal", "pace"), (pace, goal * (week.number - 1) // weeks)),
    ]
    return table("goal", rows)
