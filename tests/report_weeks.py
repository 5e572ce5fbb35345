"""Ten busy weeks of a programme as rows in a database, the same each time; no tests live here."""

import random
from datetime import timedelta

from bot.week import Week, parse_week
from tests.report_rows import Rows, at

LAST = parse_week("2026-W47")
AFTER = at("2026-11-23 08:00")
PLACES = ("Oss", "Helmond", "Tilburg", "Breda", "'s-Hertogenbosch", "Roosendaal", "Meierijstad", "Utrecht", None)
NEEDS = ("financing", "funders", "impact", "continuity", "dialogue", "network", "data", "legal")
ORGANISATIONS = ("Zet", "KNHM", "PON & Telos", "Brabants Kenniscentrum")


def weeks_before(last: Week, count: int) -> list[Week]:
    """A week and those before it, the first one first."""
    weeks = [last]
    while len(weeks) < count:
        weeks.append(weeks[-1].previous())
    return weeks[::-1]


def fill_weeks(rows: Rows, cases_a_week: int = 14, count: int = 10) -> None:
    """Messages, cases, proposals and what waits, up to and with the last week."""
    chance = random.Random(47)
    rows.expert("a1", "Zet", role="adviser", name="Adviseur Zet")
    experts = [rows.expert(f"e{place}", each, capacity=40) for place, each in enumerate(ORGANISATIONS)]
    rows.expert("full", "KNHM", capacity=1, name="Expert met te veel werk")
    for week in weeks_before(LAST, count):
        for _ in range(chance.randint(cases_a_week // 2, cases_a_week)):
            _one_case(rows, chance, week, experts)
    rows.message(LAST.start + timedelta(days=2), None, state="quarantined", problem="unreadable")
    rows.letter(LAST.start + timedelta(days=3), "parked")
    twice = rows.case(LAST.start, municipality="Oss", needs='["impact"]')
    for expert in experts[:2]:
        rows.proposal(
            twice, expert, LAST.start, "declined", decided_at=LAST.start + timedelta(hours=5), reason="too_busy"
        )
    for _ in range(2):
        rows.proposal(rows.case(LAST.start, municipality="Helmond"), "full", LAST.start + timedelta(hours=9))


def _one_case(rows: Rows, chance: random.Random, week: Week, experts: list[str]) -> None:
    opened = week.start + timedelta(minutes=chance.randint(0, 10000))
    needs = chance.choices(NEEDS, weights=range(len(NEEDS), 0, -1), k=chance.randint(0, 2))
    rows.message(opened, "request", sorted(set(needs)), channel=chance.choice(("mail", "mail", "chat", "web")))
    if chance.random() < 0.5:
        rows.message(opened, chance.choice(("thanks", "status", "automatic")))
    eligibility = chance.choice(("eligible", "eligible", "eligible", "incomplete", "outside_area"))
    case = rows.case(opened, municipality=chance.choice(PLACES), eligibility=eligibility)
    fate = chance.random()
    if fate < 0.15:
        rows.event(case, "asked", opened)
    elif fate < 0.25:
        rows.review(case, opened)
    elif fate < 0.3:
        rows.event(case, "unserved", opened)
    elif fate < 0.6:
        decided = opened + timedelta(days=chance.random() * 6)
        rows.proposal(case, chance.choice(experts), opened, "accepted", decided_at=decided)
        rows.event(case, "accepted", decided)
        rows.event(case, "introduced", decided + timedelta(days=chance.random() * 3))
    else:
        decided = opened + timedelta(days=chance.random() * 6)
        reason = chance.choice(("too_busy", "no_fit", "Kent de wijk niet."))
        rows.proposal(case, chance.choice(experts), opened, "declined", decided_at=decided, reason=reason)
