"""An attached begroting as letters and pages show it. What it says is inbox's judgement, the words are bot/texts'."""

from typing import Any

from inbox.budget_sheet import BudgetSheet
from inbox.facts import Contradiction, Facts


def sheet_facts(facts: Facts) -> dict[str, Any] | None:
    """The begroting of a case in whole euros with what it says against the message; None when there is none.

    `refusal` is "" for a sheet that could be read; a difference below zero is a shortage.
    """
    sheet = facts.sheet
    if sheet is None:
        return None
    if not isinstance(sheet, BudgetSheet):
        return {"name": sheet.filename, "refusal": sheet.code, "years": [], "notes": [], "contradictions": []}
    return {
        "name": sheet.filename,
        "refusal": "",
        "years": [
            {
                "year": year.year,
                "income": _euros(year.income),
                "costs": _euros(year.costs),
                "short": year.difference < 0,
                "difference": _euros(abs(year.difference)),
                "requested": _euros(year.requested) if year.requested else "",
                "provincial": _euros(year.provincial) if year.provincial else "",
            }
            for year in sheet.years
        ],
        "budget": sheet.budget,
        "provincial_dependence": sheet.provincial_dependence,
        "notes": list(sheet.notes),
        "contradictions": [_contradiction(each) for each in facts.contradictions],
    }


def _contradiction(each: Contradiction) -> dict[str, str]:
    return {"told": _code(each.fact, each.told), "shown": _code(each.fact, each.shown), "evidence": each.evidence}


def _code(fact: str, value: str | bool) -> str:
    return f"{fact}.{value}" if isinstance(value, str) else f"{fact}.{'yes' if value else 'no'}"


def _euros(amount: float) -> str:
    return f"{amount:,.0f}".replace(",", ".")
