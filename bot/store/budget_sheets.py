"""An attached begroting as one cell of a case, and back; reading one from a file is inbox's work."""

from dataclasses import asdict
from typing import Any

from bot.store.rows import as_json, from_json
from inbox.known_facts import Contradiction, Facts
from inbox.shown_budget import BudgetSheet, SheetRefusal, YearSums

Shown = BudgetSheet | SheetRefusal | None


def sheet_cell(facts: Facts) -> str:
    """The begroting that came with the facts, as JSON; "{}" when there was none."""
    if facts.sheet is None:
        return "{}"
    kind = "budget" if isinstance(facts.sheet, BudgetSheet) else "refusal"
    return as_json({kind: asdict(facts.sheet), "contradictions": [asdict(each) for each in facts.contradictions]})


def sheet_of(cell: str) -> tuple[Shown, tuple[Contradiction, ...]]:
    """What `sheet_cell` wrote."""
    kept: dict[str, Any] = from_json(cell)
    against = tuple(Contradiction(**each) for each in kept.get("contradictions", ()))
    if "refusal" in kept:
        return SheetRefusal(**kept["refusal"]), against
    if "budget" not in kept:
        return None, ()
    cells = kept["budget"]
    years = tuple(YearSums(**year) for year in cells["years"])
    return BudgetSheet(**{**cells, "years": years, "notes": tuple(cells["notes"])}), against
